/* SPDX-License-Identifier: Apache-2.0 */
/*
 * script_facts.c: facts as Lua sees them: lists of rows that cannot be changed.
 *
 * in:     batches of rows with named and typed columns
 * out:    facts.<name>, the same for every rule of the run
 * knows:  Lua, the SDK's values.  Has never heard of files or rules.
 *
 * Filling the rows costs as much as twenty rules over them, so they are made once and every rule sees the same
 * ones.  What a rule holds of a row is an empty table whose metatable leads to the real one: reading goes there
 * without a call into C, writing fails, and a column that there is not is a fault, not a nil.  The real tables and
 * the metatables are out of a rule's reach: it has no getmetatable, and our functions do not hand them out.
 */
#include <string.h>

#include "script_in.h"

enum { COLUMNS_MAX = 100, NAME_BYTES = 60 };

struct column {
    const char *name;
    const char *currency;                               /* the field it goes to; NULL: none, or another column tells it */
};

struct fact {
    struct fact *next;
    const char *name, *columns;                         /* columns NULL: a single value */
    struct column *column;
    uint32_t n_columns;
    int n_fields;
    size_t n_rows;
    int value;                                          /* in the registry: what rules see, */
    int list, guard;                                    /* the real list, and the metatable of its rows */
};

struct script_facts {
    struct box *box;
    struct arena *memory;
    struct fact *first;                                 /* sorted by name */
};

struct box *facts_box(struct script_facts *f)
{
    return f->box;
}

/* ---- tables that cannot be changed ------------------------------------------------------------------ */

static int refuse(lua_State *L)
{
    return luaL_error(L, "facts cannot be changed; keep what you work out in a table of your own");
}

bool facts_behind(lua_State *L, int idx)
{
    if (!lua_getmetatable(L, idx))
        return false;
    lua_pushliteral(L, "__newindex");
    lua_rawget(L, -2);                                  /* meta refuse */
    bool is_fact = lua_tocfunction(L, -1) == refuse;
    lua_pop(L, 1);
    if (is_fact) {
        lua_pushliteral(L, "__index");
        lua_rawget(L, -2);
        lua_remove(L, -2);                              /* real */
    } else {
        lua_pop(L, 1);
    }
    return is_fact;
}

void facts_close(lua_State *L)
{
    lua_newtable(L);                                    /* real shown */
    lua_createtable(L, 0, 3);                           /* real shown meta */
    lua_pushvalue(L, -3);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, refuse);
    lua_setfield(L, -2, "__newindex");
    lua_setmetatable(L, -2);                            /* real shown */
    lua_remove(L, -2);
}

static const char *key_text(lua_State *L)
{
    return lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : luaL_typename(L, 2);
}

/* __index of a real row, asked for what it does not have: nil for a column, a fault for anything else. */
static int no_value(lua_State *L)
{
    lua_pushvalue(L, 2);
    if (!lua_isnil(L, 2) && lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL)
        return 0;
    return luaL_error(L, "facts.%s has no column '%s'; it has %s", lua_tostring(L, lua_upvalueindex(2)), key_text(L),
                      lua_tostring(L, lua_upvalueindex(3)));
}

/* __index of a real list. */
static int no_row(lua_State *L)
{
    if (lua_isinteger(L, 2))
        return 0;
    return luaL_error(L, "facts.%s is a list of rows and has no '%s'", lua_tostring(L, lua_upvalueindex(1)), key_text(L));
}

static int length_of_list(lua_State *L)
{
    lua_pushinteger(L, (lua_Integer)lua_rawlen(L, lua_upvalueindex(1)));
    return 1;
}

/* __index of the facts of one rule. */
static int no_fact(lua_State *L)
{
    lua_pushvalue(L, 2);
    if (!lua_isnil(L, 2) && lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL)
        return 0;                                       /* a single value that is not known */
    return luaL_error(L, "facts.%s is not among what this rule needs", key_text(L));
}

/* ---- columns ---------------------------------------------------------------------------------------- */

static uint32_t type_of(const char *at, size_t n)
{
    static const struct { const char *word; uint32_t type; } types[] = {
        { "text", SOUK_TEXT },       { "key", SOUK_KEY },         { "bool", SOUK_BOOL },       { "count", SOUK_COUNT },
        { "money", SOUK_MONEY },     { "bp", SOUK_BP },           { "day", SOUK_DAY },         { "instant", SOUK_INSTANT },
        { "seconds", SOUK_SECONDS }, { "market", SOUK_MARKET },   { "currency", SOUK_CURRENCY }, { "country", SOUK_COUNTRY },
        { "zone", SOUK_ZONE },       { "ref", SOUK_REF },         { "tail", SOUK_TAIL },
        { "region", SOUK_REGION },   { "language", SOUK_LANGUAGE },
    };
    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (strlen(types[i].word) == n && memcmp(types[i].word, at, n) == 0)
            return types[i].type;
    return SOUK_NONE;
}

static bool is_name(const char *at, size_t n)
{
    if (!n || n > NAME_BYTES || *at < 'a' || *at > 'z')
        return false;
    for (size_t i = 0; i < n; i++)
        if (!((at[i] >= 'a' && at[i] <= 'z') || (at[i] >= '0' && at[i] <= '9') || at[i] == '_' || at[i] == '.'))
            return false;
    return true;
}

/* Is there a column of that name and of type currency? */
static bool tells_currency(const char *columns, const char *name, size_t n)
{
    for (const char *at = columns; *at; at += strcspn(at, " "), at += strspn(at, " "))
        if (strncmp(at, name, n) == 0 && text_starts(at + n, ":currency"))
            return true;
    return false;
}

/* "sku:text units:count price:money/currency" */
static int read_columns(struct script_facts *f, struct fact *fact, const char *columns, struct err *err)
{
    fact->n_columns = 0;
    fact->n_fields = 0;
    fact->column = arena_zero(f->memory, COLUMNS_MAX * sizeof *fact->column);
    for (const char *at = columns + strspn(columns, " "); *at; at += strspn(at, " ")) {
        size_t n = strcspn(at, " "), name = strcspn(at, ": "), type = strcspn(at + name, " +/") - (name < n);
        const char *word = at + name + (name < n), *other = memchr(at, '/', n);
        uint32_t is = type_of(word, type);
        if (!is_name(at, name) || !is || fact->n_columns == COLUMNS_MAX)
            return err_set(err, ERR_INPUT, "Facts \"%s\": \"%.*s\" is no column a rule can be given, or one too many; they are"
                           " whole numbers, money and texts.", fact->name, (int)(n < 60 ? n : 60), at);
        struct column *c = &fact->column[fact->n_columns++];
        c->name = arena_textn(f->memory, at, name);
        fact->n_fields++;
        if (is == SOUK_MONEY) {
            size_t n_other = other ? strcspn(other + 1, " +") : 0;
            if (!other || !tells_currency(columns, other + 1, n_other)) {
                c->currency = arena_printf(f->memory, "%s_currency", c->name);
                fact->n_fields++;
            }
        }
        at += n;
    }
    fact->columns = arena_text(f->memory, columns);
    return 0;
}

/* ---- filling ---------------------------------------------------------------------------------------- */

struct putting {
    struct script_facts *f;
    struct fact *fact;
    const struct souk_rows *rows;
    const struct souk_value *value;
};

/* Pushes the value; its currency is left to the caller. */
static void push_value(lua_State *L, const struct fact *fact, const char *column, const struct souk_value *v)
{
    switch (v->type) {
    case SOUK_NONE:
        lua_pushnil(L);
        return;
    case SOUK_BOOL:
        lua_pushboolean(L, v->num != 0);
        return;
    case SOUK_COUNT: case SOUK_MONEY: case SOUK_BP: case SOUK_DAY: case SOUK_INSTANT: case SOUK_SECONDS:
        lua_pushinteger(L, v->num);
        return;
    case SOUK_DECIMAL: case SOUK_AVERAGE: case SOUK_RATE:
        luaL_error(L, "facts.%s: %s is no whole number, money or text", fact->name, column);
        return;
    default:
        lua_pushlstring(L, v->text.at, v->text.len);
    }
}

/* The real list, what rules see of it, and the metatable of its rows, all kept in the registry. */
static void open_fact(lua_State *L, struct fact *fact)
{
    luaL_Buffer all;
    lua_newtable(L);                                    /* columns */
    luaL_buffinit(L, &all);
    for (uint32_t i = 0; i < fact->n_columns; i++) {
        const struct column *c = &fact->column[i];
        luaL_addstring(&all, i ? ", " : "");
        luaL_addstring(&all, c->name);
        if (c->currency) {
            luaL_addstring(&all, ", ");
            luaL_addstring(&all, c->currency);
        }
    }
    luaL_pushresult(&all);                              /* columns all */
    for (uint32_t i = 0; i < fact->n_columns; i++) {
        lua_pushboolean(L, 1);
        lua_setfield(L, -3, fact->column[i].name);
        if (fact->column[i].currency) {
            lua_pushboolean(L, 1);
            lua_setfield(L, -3, fact->column[i].currency);
        }
    }
    lua_pushstring(L, fact->name);
    lua_insert(L, -2);                                  /* columns name all */
    lua_pushcclosure(L, no_value, 3);                   /* no_value */
    lua_createtable(L, 0, 1);
    lua_insert(L, -2);
    lua_setfield(L, -2, "__index");                     /* guard */
    fact->guard = luaL_ref(L, LUA_REGISTRYINDEX);

    lua_newtable(L);                                    /* list */
    lua_createtable(L, 0, 1);
    lua_pushstring(L, fact->name);
    lua_pushcclosure(L, no_row, 1);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, -2);
    lua_pushvalue(L, -1);
    lua_pushvalue(L, -1);                               /* list list list */
    fact->list = luaL_ref(L, LUA_REGISTRYINDEX);
    facts_close(L);                                     /* list shown */
    lua_getmetatable(L, -1);
    lua_pushvalue(L, -3);
    lua_pushcclosure(L, length_of_list, 1);
    lua_setfield(L, -2, "__len");
    lua_pop(L, 1);                                      /* list shown */
    fact->value = luaL_ref(L, LUA_REGISTRYINDEX);
    lua_pop(L, 1);
}

/* The texts that every row needs lie on the stack from `names` on: name and currency of each column. */
static void push_row(lua_State *L, const struct fact *fact, const struct souk_value *cell, int names)
{
    lua_createtable(L, 0, fact->n_fields);              /* row */
    for (uint32_t i = 0; i < fact->n_columns; i++) {
        if (cell[i].type == SOUK_NONE)
            continue;
        lua_pushvalue(L, names + 2 * (int)i);
        push_value(L, fact, fact->column[i].name, &cell[i]);
        lua_rawset(L, -3);
        if (fact->column[i].currency) {
            lua_pushvalue(L, names + 2 * (int)i + 1);
            lua_pushstring(L, cell[i].currency);
            lua_rawset(L, -3);
        }
    }
}

static int put_inside(lua_State *L)
{
    struct putting *p = lua_touserdata(L, 1);
    struct fact *fact = p->fact;
    enum { LIST = 2, GUARD, INDEX, NEWINDEX, REFUSE, NAMES };
    if (!fact->value)
        open_fact(L, fact);
    luaL_checkstack(L, 2 * (int)fact->n_columns + 20, NULL);
    lua_rawgeti(L, LUA_REGISTRYINDEX, fact->list);
    lua_rawgeti(L, LUA_REGISTRYINDEX, fact->guard);
    lua_pushliteral(L, "__index");
    lua_pushliteral(L, "__newindex");
    lua_pushcfunction(L, refuse);
    for (uint32_t i = 0; i < fact->n_columns; i++) {
        lua_pushstring(L, fact->column[i].name);
        lua_pushstring(L, fact->column[i].currency ? fact->column[i].currency : "");
    }
    for (uint32_t row = 0; row < p->rows->n_rows; row++) {
        lua_newtable(L);                                /* shown */
        lua_createtable(L, 0, 2);                       /* shown meta */
        lua_pushvalue(L, INDEX);
        push_row(L, fact, p->rows->cell + (size_t)row * fact->n_columns, NAMES);
        lua_pushvalue(L, GUARD);
        lua_setmetatable(L, -2);                        /* shown meta __index row */
        lua_rawset(L, -3);
        lua_pushvalue(L, NEWINDEX);
        lua_pushvalue(L, REFUSE);
        lua_rawset(L, -3);
        lua_setmetatable(L, -2);                        /* shown */
        lua_rawseti(L, LIST, (lua_Integer)++fact->n_rows);
    }
    return 0;
}

static int set_inside(lua_State *L)
{
    struct putting *p = lua_touserdata(L, 1);
    push_value(L, p->fact, "it", p->value);
    if (p->fact->value <= 0)
        p->fact->value = luaL_ref(L, LUA_REGISTRYINDEX);            /* LUA_REFNIL, below 0, for nil */
    else
        lua_rawseti(L, LUA_REGISTRYINDEX, p->fact->value);
    return 0;
}

static struct fact *find(const struct script_facts *f, const char *name)
{
    for (struct fact *fact = f->first; fact; fact = fact->next)
        if (text_is(fact->name, name))
            return fact;
    return NULL;
}

static struct fact *fact_of(struct script_facts *f, const char *name, struct err *err)
{
    struct fact *fact = find(f, name), **at = &f->first;
    if (fact)
        return fact;
    if (!is_name(name, strlen(name))) {
        err_set(err, ERR_INPUT, "\"%.60s\" is no name for facts: small letters, digits, _ and dots.", name);
        return NULL;
    }
    fact = arena_zero(f->memory, sizeof *fact);
    fact->name = arena_text(f->memory, name);
    while (*at && strcmp((*at)->name, name) < 0)
        at = &(*at)->next;
    fact->next = *at;
    *at = fact;
    return fact;
}

int script_facts_new(struct script_facts **out, struct err *err)
{
    struct box *box;
    if (box_new(&box, err) < 0)
        return -err->code;
    struct arena *memory = arena_new("facts", 4096);
    struct script_facts *f = arena_zero(memory, sizeof *f);
    f->memory = memory;
    f->box = box;
    *out = f;
    return 0;
}

void script_facts_free(struct script_facts *f)
{
    if (!f)
        return;
    box_free(f->box);
    arena_free(f->memory);
}

int script_facts_put(struct script_facts *f, const char *name, const struct souk_rows *rows, struct err *err)
{
    struct fact *fact = fact_of(f, name, err);
    if (!fact)
        return -err->code;
    if (!fact->columns && fact->value)
        return err_set(err, ERR_INPUT, "Facts \"%s\" are a single value, not rows.", name);
    if (!fact->columns && read_columns(f, fact, rows->columns, err) < 0)
        return -err->code;
    if (!text_is(fact->columns, rows->columns) || (rows->n_rows && rows->n_columns != fact->n_columns))
        return err_set(err, ERR_INPUT, "Facts \"%s\" began with the columns \"%.200s\" and go on with \"%.200s\".", name,
                       fact->columns, rows->columns);
    struct putting p = { .f = f, .fact = fact, .rows = rows };
    int rc = box_call(f->box, put_inside, &p, err);
    f->box->held = f->box->used;
    return rc;
}

int script_facts_set(struct script_facts *f, const char *name, const struct souk_value *value, struct err *err)
{
    struct fact *fact = fact_of(f, name, err);
    if (!fact)
        return -err->code;
    if (fact->columns)
        return err_set(err, ERR_INPUT, "Facts \"%s\" are rows, not a single value.", name);
    struct putting p = { .f = f, .fact = fact, .value = value };
    int rc = box_call(f->box, set_inside, &p, err);
    f->box->held = f->box->used;
    return rc;
}

/* ---- for one rule ------------------------------------------------------------------------------------ */

bool facts_have(const struct script_facts *f, const char *name, size_t *rows)
{
    const struct fact *fact = find(f, name);
    *rows = fact ? fact->n_rows : 0;
    return fact != NULL;
}

void facts_push(lua_State *L, struct script_facts *f, const char *const *needs, size_t n_needs)
{
    lua_newtable(L);                                    /* known */
    lua_newtable(L);                                    /* known real */
    for (const struct fact *fact = f->first; fact; fact = fact->next) {
        bool is_needed = !fact->columns;
        for (size_t i = 0; i < n_needs; i++)
            is_needed |= text_is(needs[i], fact->name);
        if (!is_needed)
            continue;
        lua_rawgeti(L, LUA_REGISTRYINDEX, fact->value);
        lua_setfield(L, -2, fact->name);
        lua_pushboolean(L, 1);
        lua_setfield(L, -3, fact->name);
    }
    lua_insert(L, -2);                                  /* real known */
    lua_pushcclosure(L, no_fact, 1);
    lua_createtable(L, 0, 1);
    lua_insert(L, -2);
    lua_setfield(L, -2, "__index");                     /* real guard */
    lua_setmetatable(L, -2);
    facts_close(L);                                     /* shown */
}
