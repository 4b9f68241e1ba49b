/* SPDX-License-Identifier: Apache-2.0 */
/*
 * script_case.c: cases of rules: facts, and what the rule must say about them.
 *
 * in:     cases/<name>.lua:  return { rule = "stock.low", { name = "...", facts = { ... }, says = { ... } }, ... }
 * out:    for each case whether the rule said just that, and if not, the first difference
 * knows:  the box, facts, script.  Has never heard of terminals.
 *
 * A case file runs in a box of its own and ends as plain values before the rule sees any of them.
 */
#include <stdlib.h>
#include <string.h>

#include "script_in.h"

enum { CASES_MAX = 500, FACTS_MAX = 20, ROWS_MAX = 10000, COLUMNS_MAX = 100, WORD_BYTES = 200, SAYS_MAX = 1000 };

struct given {                                          /* one fact table, or one single value */
    const char *name;
    bool is_rows;
    struct souk_rows rows;
    struct souk_value value;
};

struct one {
    const char *name, *fails;                           /* fails: what the sentence must hold; "" when it must go well */
    struct given *given;
    size_t n_given;
    struct souk_args params;
    struct said says;
};

struct reading {
    struct source from;
    const char *file, *text;
    size_t n;
    const char *rule;
    struct one *at;
    size_t n_cases;
};

/* ---- reading a case file ------------------------------------------------------------------------------ */

/* A whole number, true, false or a text, on the top. */
static struct souk_value value(lua_State *L, const char *name, struct arena *a)
{
    switch (lua_type(L, -1)) {
    case LUA_TBOOLEAN: return souk_number(SOUK_BOOL, lua_toboolean(L, -1), 0);
    case LUA_TNUMBER:  return souk_count(said_whole(L, -1, name));
    default:           return souk_text(said_text_at(L, -1, name, BOX_TEXT_MAX, a));
    }
}

/* The text key below the value on the top, copied. */
static const char *key(lua_State *L, const char *where, struct arena *a)
{
    if (lua_type(L, -2) != LUA_TSTRING)
        luaL_error(L, "%s has a %s where a name is wanted", where, luaL_typename(L, -2));
    return arena_text(a, lua_tostring(L, -2));
}

struct columns {
    struct {
        const char *name;
        uint32_t type;                                  /* SOUK_NONE: no row has a value */
    } at[COLUMNS_MAX];
    uint32_t n;
};

static int by_column(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);   /* the name comes first */
}

static uint32_t column(lua_State *L, struct columns *c, const char *name)
{
    for (uint32_t i = 0; i < c->n; i++)
        if (text_is(c->at[i].name, name))
            return i;
    if (c->n == COLUMNS_MAX)
        luaL_error(L, "facts have more than %d columns", COLUMNS_MAX);
    c->at[c->n].name = name;
    c->at[c->n].type = SOUK_NONE;
    return c->n++;
}

static const char *columns_text(const struct columns *c, struct arena *a)
{
    struct buf text = { 0 };
    for (uint32_t i = 0; i < c->n; i++)
        buf_printf(&text, "%s%s:%s", i ? " " : "", c->at[i].name, c->at[i].type == SOUK_BOOL ? "bool" :
                   c->at[i].type == SOUK_COUNT ? "count" : "text");
    const char *copy = arena_text(a, buf_str(&text));
    buf_free(&text);
    return copy;
}

/*
 * { { sku = "A-1", units = 3 }, ... } on the top: what any row has is a column; columns = { "cost" } names more of
 * them, which are not known in any row.
 */
static struct souk_rows rows(lua_State *L, const char *name, struct arena *a)
{
    struct columns *c = arena_zero(a, sizeof *c);
    int top = lua_gettop(L);
    size_t n = lua_rawlen(L, top), n_named = said_list(L, top, "columns", COLUMNS_MAX);
    if (n > ROWS_MAX)
        luaL_error(L, "facts.%s has more than %d rows", name, ROWS_MAX);
    for (size_t i = 1; i <= n_named; i++) {
        lua_rawgeti(L, -1, (lua_Integer)i);
        column(L, c, said_text_at(L, -1, "columns", WORD_BYTES, a));
        lua_pop(L, 1);
    }
    lua_settop(L, top);
    for (size_t i = 1; i <= n; i++) {
        if (lua_rawgeti(L, top, (lua_Integer)i) != LUA_TTABLE)
            luaL_error(L, "row %d of facts.%s is a %s, not a table", (int)i, name, luaL_typename(L, -1));
        lua_pushnil(L);
        while (lua_next(L, top + 1)) {
            uint32_t at = column(L, c, key(L, name, a));
            struct souk_value v = value(L, c->at[at].name, a);
            if (c->at[at].type && c->at[at].type != v.type)
                luaL_error(L, "the column %s of facts.%s is a number in one row and none in another", c->at[at].name, name);
            c->at[at].type = v.type;
            lua_pop(L, 1);
        }
        lua_settop(L, top);
    }
    qsort(c->at, c->n, sizeof c->at[0], by_column);     /* the order of keys in Lua is nobody's */
    struct souk_value *cell = arena_zero(a, (n * c->n + 1) * sizeof *cell);
    for (size_t i = 0; i < n; i++) {
        lua_rawgeti(L, top, (lua_Integer)i + 1);
        for (uint32_t k = 0; k < c->n; k++) {
            cell[i * c->n + k] = said_field(L, -1, c->at[k].name) == LUA_TNIL ? souk_none() : value(L, c->at[k].name, a);
            lua_pop(L, 1);
        }
        lua_settop(L, top);
    }
    return (struct souk_rows){ columns_text(c, a), cell, c->n, (uint32_t)n, 0, 0 };
}

/* The facts of a case, which lies at idx. */
static void read_facts(lua_State *L, int idx, struct one *one, struct arena *a)
{
    int type = said_field(L, idx, "facts"), top = lua_gettop(L);
    if (type != LUA_TTABLE)
        luaL_error(L, "facts is a %s, not a table such as { stock = { { sku = \"A-1\", units = 3 } } }", lua_typename(L, type));
    one->given = arena_zero(a, FACTS_MAX * sizeof *one->given);
    lua_pushnil(L);
    while (lua_next(L, top)) {
        if (one->n_given == FACTS_MAX)
            luaL_error(L, "a case has more than %d facts", FACTS_MAX);
        struct given *g = &one->given[one->n_given++];
        g->name = key(L, "facts", a);
        g->is_rows = lua_istable(L, -1);
        if (g->is_rows)
            g->rows = rows(L, g->name, a);
        else
            g->value = value(L, g->name, a);
        lua_pop(L, 1);
    }
    lua_settop(L, top - 1);
}

static void read_given_params(lua_State *L, int idx, struct one *one, struct arena *a)
{
    int type = said_field(L, idx, "params"), top = lua_gettop(L);
    struct souk_arg *at = arena_zero(a, FACTS_MAX * sizeof *at);
    if (type != LUA_TNIL)
        luaL_checktype(L, top, LUA_TTABLE);
    if (type != LUA_TNIL)
        lua_pushnil(L);
    while (type != LUA_TNIL && lua_next(L, top)) {
        if (one->params.n == FACTS_MAX)
            luaL_error(L, "a case has more than %d params", FACTS_MAX);
        at[one->params.n].name = key(L, "params", a);
        at[one->params.n].value = value(L, at[one->params.n].name, a);
        one->params.n++;
        lua_pop(L, 1);
    }
    one->params.at = at;
    lua_settop(L, top - 1);
}

static void read_case(lua_State *L, struct one *one, struct arena *a)
{
    static const char *const known[] = { "name", "facts", "params", "says", "fails" };
    int idx = lua_gettop(L);
    luaL_checktype(L, idx, LUA_TTABLE);
    one->name = said_text(L, idx, "name", WORD_BYTES, a);
    if (!*one->name)
        luaL_error(L, "a case needs a name");
    said_only(L, idx, "a case", known, COUNT_OF(known));
    one->fails = said_text(L, idx, "fails", WORD_BYTES, a);
    one->says.memory = a;
    read_facts(L, idx, one, a);
    read_given_params(L, idx, one, a);
    bool has_says = said_field(L, idx, "says") != LUA_TNIL;
    lua_pop(L, 1);
    if (has_says == (*one->fails != '\0'))
        luaL_error(L, "a case has either says = { ... } or fails = \"...\"");
    size_t n = said_list(L, idx, "says", SAYS_MAX);
    for (size_t i = 1; i <= n; i++) {
        lua_rawgeti(L, -1, (lua_Integer)i);
        said_read(L, -1, &one->says);
        one->says.n++;
        lua_pop(L, 1);
    }
    lua_settop(L, idx);
}

static int read_inside(lua_State *L)
{
    struct reading *r = lua_touserdata(L, 1);
    struct arena *a = r->from.memory;
    script_load(L, &r->from, r->text, r->n, r->file);
    lua_replace(L, 1);
    if (!lua_istable(L, 1))
        return luaL_error(L, "the file returns a %s, not a table of cases", luaL_typename(L, 1));
    r->rule = said_text(L, 1, "rule", WORD_BYTES, a);
    if (!*r->rule)
        return luaL_error(L, "the file does not say which rule its cases are of: rule = \"...\"");
    size_t n = lua_rawlen(L, 1);
    if (n > CASES_MAX)
        return luaL_error(L, "more than %d cases in one file", CASES_MAX);
    r->at = arena_zero(a, (n + 1) * sizeof *r->at);
    for (size_t i = 0; i < n; i++) {
        lua_rawgeti(L, 1, (lua_Integer)i + 1);
        read_case(L, &r->at[i], a);
        lua_pop(L, 1);
        r->n_cases = i + 1;
    }
    return 0;
}

/* ---- comparing ---------------------------------------------------------------------------------------- */

struct comparing {
    const struct one *one;
    struct arena *memory;
    struct buf differs;                                 /* the first difference */
    size_t n;                                           /* said so far */
};

static bool is_value(const struct souk_value *a, const struct souk_value *b)
{
    return a->type == b->type && a->num == b->num && text_is(a->currency, b->currency) && a->text.len == b->text.len &&
           memcmp(a->text.at, b->text.at, a->text.len) == 0;
}

static void compare_text(struct comparing *c, const char *what, const char *said, const char *expected)
{
    if (*expected && !text_is(said, expected) && !c->differs.len)
        buf_printf(&c->differs, "suggestion %zu: %s is \"%s\" instead of \"%s\"", c->n, what, said, expected);
}

static void compare_numbers(struct comparing *c, struct souk_args said, struct souk_args expected)
{
    bool is_same = said.n == expected.n;
    for (uint32_t i = 0; is_same && i < said.n; i++) {
        is_same = text_is(said.at[i].name, expected.at[i].name) && is_value(&said.at[i].value, &expected.at[i].value);
        if (!is_same && !c->differs.len)
            buf_printf(&c->differs, "suggestion %zu: number %u is %s %lld %s%s instead of %s %lld %s%s", c->n, i + 1,
                       said.at[i].name, (long long)said.at[i].value.num, said.at[i].value.currency, said.at[i].value.text.at,
                       expected.at[i].name, (long long)expected.at[i].value.num, expected.at[i].value.currency,
                       expected.at[i].value.text.at);
    }
    if (!is_same && !c->differs.len)
        buf_printf(&c->differs, "suggestion %zu has %u numbers instead of %u", c->n, said.n, expected.n);
}

/* What the case leaves out is not compared. */
static int on_say(void *ctx, const struct script_say *said, struct err *err)
{
    struct comparing *c = ctx;
    size_t i = c->n++;
    (void)err;
    if (i >= c->one->says.n) {
        if (i == c->one->says.n && !c->differs.len)
            buf_printf(&c->differs, "it said more than the %zu expected; the first of these is %s: %s", c->one->says.n,
                       said->key, said->text);
        return 0;
    }
    const struct script_say *expected = &c->one->says.at[i];
    compare_text(c, "key", said->key, expected->key);
    compare_text(c, "sku", said->sku, expected->sku);
    compare_text(c, "ref", said->ref, expected->ref);
    compare_text(c, "market", said->market, expected->market);
    compare_text(c, "text", said->text, expected->text);
    if (c->one->says.has_weight[i] && said->weight != expected->weight && !c->differs.len)
        buf_printf(&c->differs, "suggestion %zu: weight is %lld instead of %lld", c->n, (long long)said->weight,
                   (long long)expected->weight);
    if (expected->numbers.n)
        compare_numbers(c, said->numbers, expected->numbers);
    bool has_rows = !expected->n_rows || said->n_rows == expected->n_rows;
    for (size_t k = 0; has_rows && k < expected->n_rows; k++)
        has_rows = text_is(said->rows[k], expected->rows[k]);
    if (!has_rows && !c->differs.len)
        buf_printf(&c->differs, "suggestion %zu: the rows behind it are others", c->n);
    return 0;
}

static void run_case(struct scripts *s, const char *rule, struct comparing *c)
{
    const struct one *one = c->one;
    struct script_facts *facts;
    struct script_ask ask = { .rule = rule, .params = one->params };
    struct err err = { 0 };
    int rc = script_facts_new(&facts, &err);
    if (rc < 0) {
        buf_text(&c->differs, err.text);
        return;
    }
    for (size_t i = 0; rc == 0 && i < one->n_given; i++) {
        const struct given *g = &one->given[i];
        rc = g->is_rows ? script_facts_put(facts, g->name, &g->rows, &err) : script_facts_set(facts, g->name, &g->value, &err);
    }
    if (rc == 0)
        rc = script_run(s, &ask, facts, on_say, c, &err);
    script_facts_free(facts);
    if (rc < 0 && !*one->fails)
        buf_text(&c->differs, err.text);
    else if (rc < 0 && !strstr(err.text, one->fails))
        buf_printf(&c->differs, "it failed in another way: %s", err.text);
    else if (rc == 0 && *one->fails)
        buf_text(&c->differs, "it did not fail");
    else if (rc == 0 && c->n < one->says.n && !c->differs.len)
        buf_printf(&c->differs, "it said %zu instead of %zu", c->n, one->says.n);
}

/* ---- all of them --------------------------------------------------------------------------------------- */

static int run_file(struct scripts *s, const char *file, const char *rule,
                    void (*on_case)(void *ctx, const struct script_case *c), void *ctx)
{
    struct arena *a = arena_new("cases", 16384);
    struct reading r = { .from = { s, a, NULL }, .file = file, .rule = "" };
    struct err err = { 0 };
    struct box *box;
    int n = 0;
    r.text = script_text(&r.from, file, &r.n, &err);
    if (r.text && box_new(&box, &err) == 0) {
        const struct script_limits limits = { 0 };
        box_begin(box, &limits, 0);
        box_call(box, read_inside, &r, &err);
        box_end(box, NULL);
        box_free(box);
    }
    if (err.code && (!rule || !*r.rule || text_is(rule, r.rule))) {
        const char *one = r.at ? r.at[r.n_cases].name : NULL;       /* the one that could not be read */
        const char *text = strstr(err.text, file) ? err.text
                           : one ? arena_printf(a, "%s, \"%s\": %s", file, one, err.text) : arena_printf(a, "%s: %s", file, err.text);
        on_case(ctx, &(const struct script_case){ r.rule, "", file, false, text });
        n++;
    }
    for (size_t i = 0; !err.code && (!rule || text_is(rule, r.rule)) && i < r.n_cases; i++) {
        struct comparing c = { .one = &r.at[i], .memory = a };
        run_case(s, r.rule, &c);
        on_case(ctx, &(const struct script_case){ r.rule, c.one->name, file, c.differs.len == 0, buf_str(&c.differs) });
        buf_free(&c.differs);
        n++;
    }
    arena_free(a);
    return n;
}

int script_cases(struct scripts *s, const char *rule, void (*on_case)(void *ctx, const struct script_case *c), void *ctx,
                 struct err *err)
{
    struct arena *a = arena_new("case files", 2048);
    const char *const *file;
    size_t n_files;
    int n = script_names(s, "cases", a, &file, &n_files, err);
    for (size_t i = 0; n >= 0 && i < n_files; i++)
        n += run_file(s, file[i], rule, on_case, ctx);
    arena_free(a);
    return n;
}
