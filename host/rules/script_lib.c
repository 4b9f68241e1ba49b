/* SPDX-License-Identifier: Apache-2.0 */
/*
 * script_lib.c: the functions a rule may call.
 *
 * in:     values of a rule
 * out:    values; every function charges for what it does before it does it
 * knows:  Lua, pattern.  Has never heard of files or clocks.
 *
 * Three sorts: Lua's own functions, where what they do is bounded by the length of a text (charged() stands before
 * them); functions of ours, where Lua's can run for ever or show addresses; and what is left out: load, require,
 * dofile, collectgarbage, print, next, rawget, rawset, rawequal, rawlen, getmetatable, xpcall, warn, coroutine, debug,
 * io, os, package, string.dump, string.pack and unpack, math.random.  Nothing shows an address and pairs has an order,
 * so the same facts give the same answer.
 */
#include <lualib.h>
#include <stdio.h>
#include <string.h>

#include "pattern.h"
#include "script_in.h"

enum { RESULT_MAX = BOX_TEXT_MAX / 2, UNPACK_MAX = 1000, FORMAT_STEPS = 20, FLOAT_STEPS = 200, COMPARE_STEPS = 5, PCALL_STEPS = 20 };

/* ---- lengths and lists ------------------------------------------------------------------------------ */

/* A list that is only read: of a fact the real table takes its place on the stack. */
static void read_list(lua_State *L, int arg)
{
    luaL_checktype(L, arg, LUA_TTABLE);
    if (facts_behind(L, arg))
        lua_replace(L, arg);
}

static void write_list(lua_State *L, int arg)
{
    luaL_checktype(L, arg, LUA_TTABLE);
    if (facts_behind(L, arg))
        luaL_error(L, "facts cannot be changed; copy what you want to change into a table of your own");
}

/* How many there are from i to j; charges for all of them. */
static lua_Integer counted(lua_State *L, lua_Integer i, lua_Integer j)
{
    if (i > j)
        return 0;
    uint64_t n = (uint64_t)j - (uint64_t)i;
    box_charge(L, n < INT64_MAX ? (int64_t)n + 1 : INT64_MAX);
    return (lua_Integer)n + 1;
}

/* A text that grows: the same as Lua's buffer, with its length charged and bounded. */
struct result {
    luaL_Buffer b;
    size_t n;
};

static void result_room(lua_State *L, struct result *r, size_t n)
{
    r->n += n;
    box_charge(L, 1 + box_bytes(n));
    if (r->n > RESULT_MAX)
        luaL_error(L, "the text would be longer than %d KiB", RESULT_MAX / 1024);
}

static void result_put(lua_State *L, struct result *r, const char *at, size_t n)
{
    result_room(L, r, n);
    luaL_addlstring(&r->b, at, n);
}

/* Adds the text or number on the top, and pops it. */
static void result_value(lua_State *L, struct result *r)
{
    size_t n;
    lua_tolstring(L, -1, &n);
    result_room(L, r, n);
    luaL_addvalue(&r->b);
}

/* ---- what is Lua's, charged ------------------------------------------------------------------------- */

/* Before one of Lua's own: bounded by the length of its first text. */
static int charged(lua_State *L)
{
    size_t n = 0;
    if (lua_type(L, 1) == LUA_TSTRING)
        lua_tolstring(L, 1, &n);
    box_charge(L, 1 + box_bytes(n));
    return lua_tocfunction(L, lua_upvalueindex(1))(L);
}

/* ---- base ------------------------------------------------------------------------------------------- */

/* Pushes the value at idx as a text.  Tables and functions have no address to show. */
static void push_text(lua_State *L, int idx)
{
    idx = lua_absindex(L, idx);
    switch (lua_type(L, idx)) {
    case LUA_TNIL: case LUA_TBOOLEAN: case LUA_TNUMBER: case LUA_TSTRING:
        luaL_tolstring(L, idx, NULL);
        return;
    case LUA_TTABLE:
        if (luaL_getmetafield(L, idx, "__tostring") != LUA_TNIL) {
            lua_pushvalue(L, idx);
            lua_call(L, 1, 1);
            if (lua_type(L, -1) != LUA_TSTRING)
                luaL_error(L, "__tostring must return a text");
            return;
        }
        break;
    }
    lua_pushstring(L, luaL_typename(L, idx));
}

static int lib_tostring(lua_State *L)
{
    luaL_checkany(L, 1);
    push_text(L, 1);
    return 1;
}

/* An end by a limit is not an error of the function that was called: it goes on outwards. */
static int lib_pcall(lua_State *L)
{
    luaL_checkany(L, 1);
    box_charge(L, PCALL_STEPS);
    lua_pushboolean(L, 1);
    lua_insert(L, 1);                                   /* true f args */
    int status = lua_pcall(L, lua_gettop(L) - 2, LUA_MULTRET, 0);
    if (box_of(L)->limit)
        return box_stop(L);
    if (status == LUA_OK)
        return lua_gettop(L);
    lua_pushboolean(L, 0);
    lua_replace(L, 1);                                  /* false message */
    return 2;
}

/*
 * The table gets a copy of the metamethods as they are now, those that are listed here alone.  So a rule can neither
 * make a finalizer (it would run where no hook counts) nor a weak table (what it holds would depend on the collector).
 */
static int lib_setmetatable(lua_State *L)
{
    static const char *const kept[] = {
        "__index", "__newindex", "__call", "__len", "__eq", "__lt", "__le", "__concat", "__unm", "__add", "__sub", "__mul",
        "__div", "__idiv", "__mod", "__pow", "__band", "__bor", "__bxor", "__bnot", "__shl", "__shr", "__close", "__tostring",
    };
    static const char *const refused[] = { "__gc", "__mode", "__metatable", "__pairs", "__name" };
    write_list(L, 1);
    luaL_argcheck(L, lua_isnil(L, 2) || lua_istable(L, 2), 2, "nil or a table");
    lua_settop(L, 2);
    box_charge(L, (int64_t)COUNT_OF(kept));
    if (lua_istable(L, 2)) {
        if (facts_behind(L, 2))
            return luaL_argerror(L, 2, "a fact is no metatable");
        for (size_t i = 0; i < COUNT_OF(refused); i++) {
            lua_pushstring(L, refused[i]);
            if (lua_rawget(L, 2) != LUA_TNIL)
                return luaL_error(L, "a metatable of a rule cannot have %s", refused[i]);
            lua_pop(L, 1);
        }
        lua_createtable(L, 0, 4);                       /* table given copy */
        for (size_t i = 0; i < COUNT_OF(kept); i++) {
            lua_pushstring(L, kept[i]);
            if (lua_rawget(L, 2) != LUA_TNIL)
                lua_setfield(L, 3, kept[i]);
            else
                lua_pop(L, 1);
        }
    }
    lua_setmetatable(L, 1);
    lua_settop(L, 1);
    return 1;
}

/* ---- walking over tables ---------------------------------------------------------------------------- */

static int next_of_list(lua_State *L)
{
    lua_Integer i = luaL_checkinteger(L, 2);
    i = (lua_Integer)((lua_Unsigned)i + 1);
    lua_pushinteger(L, i);
    return lua_geti(L, 1, i) == LUA_TNIL ? 1 : 2;
}

static int next_of_facts(lua_State *L)                  /* the real list is its own, where nobody can reach it */
{
    lua_Integer i = lua_tointeger(L, 2) + 1;
    lua_pushinteger(L, i);
    return lua_rawgeti(L, lua_upvalueindex(1), i) == LUA_TNIL ? 1 : 2;
}

static int lib_ipairs(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    if (facts_behind(L, 1))
        lua_pushcclosure(L, next_of_facts, 1);
    else
        lua_pushcfunction(L, next_of_list);
    lua_pushvalue(L, 1);
    lua_pushinteger(L, 0);
    return 3;
}

/* The keys are kept in their order; what was taken out of the table meanwhile is passed over. */
static int next_of_keys(lua_State *L)
{
    lua_Integer i = lua_tointeger(L, lua_upvalueindex(3));
    for (;;) {
        if (lua_rawgeti(L, lua_upvalueindex(2), ++i) == LUA_TNIL)
            return 1;
        lua_pushvalue(L, -1);                           /* key key */
        if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL)
            break;                                      /* key value */
        lua_pop(L, 2);
        box_charge(L, 1);
    }
    lua_pushinteger(L, i);
    lua_replace(L, lua_upvalueindex(3));
    return 2;
}

static int rank(int type)
{
    return type == LUA_TNUMBER ? 0 : type == LUA_TSTRING ? 1 : type == LUA_TBOOLEAN ? 2 : 3;
}

/* Numbers, then texts by their bytes, then false and true. */
static bool is_key_less(lua_State *L, int function)
{
    int a = lua_type(L, -2), b = lua_type(L, -1);
    (void)function;
    if (a != b)
        return rank(a) < rank(b);
    if (a == LUA_TNUMBER)
        return lua_compare(L, -2, -1, LUA_OPLT);
    if (a == LUA_TBOOLEAN)
        return lua_toboolean(L, -2) < lua_toboolean(L, -1);
    if (a != LUA_TSTRING)
        return false;
    size_t n, m;
    const char *one = lua_tolstring(L, -2, &n), *other = lua_tolstring(L, -1, &m);
    int order = memcmp(one, other, n < m ? n : m);
    box_charge(L, box_bytes(n < m ? n : m));
    return order ? order < 0 : n < m;
}

static int lib_pairs(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    if (!facts_behind(L, 1))
        lua_pushvalue(L, 1);                            /* shown real */
    else if (lua_rawlen(L, 2) > 0) {
        lua_settop(L, 1);
        return lib_ipairs(L);                           /* a list of facts has no other keys */
    }
    lua_newtable(L);                                    /* shown real keys */
    lua_Integer n = 0;
    size_t odd = 0;
    bool is_in_order = true;
    lua_pushnil(L);
    while (lua_next(L, 2)) {                            /* shown real keys key value */
        lua_pop(L, 1);
        box_charge(L, 1);
        n++;
        is_in_order = is_in_order && lua_isinteger(L, -1) && lua_tointeger(L, -1) == n;
        odd += rank(lua_type(L, -1)) == 3;
        lua_pushvalue(L, -1);
        lua_rawseti(L, 3, n);
    }
    if (odd > 1)
        return luaL_error(L, "keys that are tables or functions have no order; use texts or numbers as keys");
    if (!is_in_order)
        lib_sort(L, 3, (size_t)n, is_key_less, 0);
    lua_pushinteger(L, 0);                              /* shown real keys 0 */
    lua_pushcclosure(L, next_of_keys, 3);               /* shown next */
    lua_pushvalue(L, 1);
    lua_pushnil(L);
    return 3;
}

/* ---- sorting ---------------------------------------------------------------------------------------- */

struct sorting {
    lua_State *L;
    bool (*less)(lua_State *L, int function);
    int list, function;
};

static bool comes_before(const struct sorting *s, uint32_t a, uint32_t b)
{
    box_charge(s->L, COMPARE_STEPS);
    lua_rawgeti(s->L, s->list, a);
    lua_rawgeti(s->L, s->list, b);
    bool is_less = s->less(s->L, s->function);
    lua_pop(s->L, 2);
    return is_less;
}

/* Two sorted runs from[0..middle) and from[middle..n) to one.  Equal ones stay in their order. */
static void merge(const struct sorting *s, uint32_t *to, const uint32_t *from, size_t middle, size_t n)
{
    size_t left = 0, right = middle;
    if (middle >= n || !comes_before(s, from[middle], from[middle - 1])) {
        memcpy(to, from, n * sizeof *to);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        bool takes_right = left == middle || (right < n && comes_before(s, from[right], from[left]));
        to[i] = takes_right ? from[right++] : from[left++];
    }
}

/*
 * By merging places, not values: whatever the comparison answers, everything is there once, and it ends after
 * n log n of them.  Until they are all done the list is as it was.
 */
void lib_sort(lua_State *L, int list, size_t n, bool (*less)(lua_State *L, int function), int function)
{
    const struct sorting s = { L, less, list, function };
    if (n < 2)
        return;
    luaL_checkstack(L, 8, NULL);
    uint32_t *from = lua_newuserdatauv(L, 2 * n * sizeof *from, 0), *to = from + n;     /* places */
    for (size_t i = 0; i < n; i++)
        from[i] = (uint32_t)i + 1;
    for (size_t run = 1; run < n; run *= 2) {
        for (size_t at = 0; at < n; at += 2 * run)
            merge(&s, to + at, from + at, run, n - at < 2 * run ? n - at : 2 * run);
        uint32_t *was = from;
        from = to;
        to = was;
    }
    lua_createtable(L, (int)n, 0);                      /* places sorted */
    for (size_t i = 0; i < n; i++) {
        lua_rawgeti(L, list, from[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    for (size_t i = 1; i <= n; i++) {
        lua_rawgeti(L, -1, (lua_Integer)i);
        lua_rawseti(L, list, (lua_Integer)i);
    }
    lua_pop(L, 2);
}

static bool is_less(lua_State *L, int function)
{
    (void)function;
    if (lua_type(L, -1) == LUA_TSTRING && lua_type(L, -2) == LUA_TSTRING)
        box_charge(L, box_bytes(lua_rawlen(L, -1) < lua_rawlen(L, -2) ? lua_rawlen(L, -1) : lua_rawlen(L, -2)));
    return lua_compare(L, -2, -1, LUA_OPLT);
}

static bool is_less_by(lua_State *L, int function)
{
    lua_pushvalue(L, function);
    lua_pushvalue(L, -3);
    lua_pushvalue(L, -3);                               /* a b function a b */
    lua_call(L, 2, 1);
    bool is = lua_toboolean(L, -1);
    lua_pop(L, 1);
    return is;
}

/* ---- table ------------------------------------------------------------------------------------------ */

static int table_sort(lua_State *L)
{
    write_list(L, 1);
    if (!lua_isnoneornil(L, 2))
        luaL_checktype(L, 2, LUA_TFUNCTION);
    lua_settop(L, 2);
    lua_Integer n = counted(L, 1, (lua_Integer)lua_rawlen(L, 1));
    lua_createtable(L, (int)n, 0);                      /* list function copy: what is compared cannot be changed */
    for (lua_Integer i = 1; i <= n; i++) {
        lua_rawgeti(L, 1, i);
        lua_rawseti(L, 3, i);
    }
    lib_sort(L, 3, (size_t)n, lua_isnil(L, 2) ? is_less : is_less_by, 2);
    for (lua_Integer i = 1; i <= n; i++) {
        lua_rawgeti(L, 3, i);
        lua_rawseti(L, 1, i);
    }
    return 0;
}

static int table_concat(lua_State *L)
{
    size_t n_between;
    read_list(L, 1);
    const char *between = luaL_optlstring(L, 2, "", &n_between);
    lua_Integer i = luaL_optinteger(L, 3, 1), j = luaL_optinteger(L, 4, (lua_Integer)lua_rawlen(L, 1));
    struct result r = { .n = 0 };
    lua_Integer n = counted(L, i, j);
    luaL_buffinit(L, &r.b);
    for (lua_Integer k = 0; k < n; k++) {
        lua_Integer at = (lua_Integer)((lua_Unsigned)i + (lua_Unsigned)k);
        if (k)
            result_put(L, &r, between, n_between);
        int type = lua_rawgeti(L, 1, at);
        if (type != LUA_TSTRING && type != LUA_TNUMBER)
            return luaL_error(L, "entry %I of the list is a %s, not a text or number", (LUAI_UACINT)at, lua_typename(L, type));
        result_value(L, &r);
    }
    luaL_pushresult(&r.b);
    return 1;
}

static int table_insert(lua_State *L)
{
    write_list(L, 1);
    lua_Integer end = (lua_Integer)lua_rawlen(L, 1) + 1, at = end;
    if (lua_gettop(L) == 3) {
        at = luaL_checkinteger(L, 2);
        luaL_argcheck(L, at >= 1 && at <= end, 2, "position out of bounds");
    } else if (lua_gettop(L) != 2) {
        return luaL_error(L, "insert wants a list, maybe a position, and a value");
    }
    box_charge(L, 1 + end - at);
    for (lua_Integer i = end; i > at; i--) {
        lua_rawgeti(L, 1, i - 1);
        lua_rawseti(L, 1, i);
    }
    lua_rawseti(L, 1, at);                              /* the value is on the top */
    return 0;
}

static int table_remove(lua_State *L)
{
    write_list(L, 1);
    lua_Integer n = (lua_Integer)lua_rawlen(L, 1), at = luaL_optinteger(L, 2, n);
    luaL_argcheck(L, at == n || (at >= 1 && at <= n + 1), 2, "position out of bounds");
    box_charge(L, 1 + (n > at ? n - at : 0));
    lua_rawgeti(L, 1, at);                              /* what is returned */
    for (; at < n; at++) {
        lua_rawgeti(L, 1, at + 1);
        lua_rawseti(L, 1, at);
    }
    if (at >= 1) {
        lua_pushnil(L);
        lua_rawseti(L, 1, at);
    }
    return 1;
}

static int table_move(lua_State *L)
{
    int other = lua_isnoneornil(L, 5) ? 1 : 5;
    write_list(L, other);
    read_list(L, 1);
    lua_Integer from = luaL_checkinteger(L, 2), last = luaL_checkinteger(L, 3), to = luaL_checkinteger(L, 4);
    lua_Integer n = counted(L, from, last);
    bool is_upwards = to > from && other == 1;          /* they may overlap: from the end then */
    for (lua_Integer k = 0; k < n; k++) {
        lua_Unsigned i = (lua_Unsigned)(is_upwards ? n - 1 - k : k);
        lua_rawgeti(L, 1, (lua_Integer)((lua_Unsigned)from + i));
        lua_rawseti(L, other, (lua_Integer)((lua_Unsigned)to + i));
    }
    lua_pushvalue(L, other);
    return 1;
}

static int table_unpack(lua_State *L)
{
    read_list(L, 1);
    lua_Integer i = luaL_optinteger(L, 2, 1), j = luaL_optinteger(L, 3, (lua_Integer)lua_rawlen(L, 1));
    lua_Integer n = counted(L, i, j);
    if (n > UNPACK_MAX)
        return luaL_error(L, "unpack gives at most %d values", UNPACK_MAX);
    luaL_checkstack(L, (int)n, NULL);
    for (lua_Integer k = 0; k < n; k++)
        lua_rawgeti(L, 1, (lua_Integer)((lua_Unsigned)i + (lua_Unsigned)k));
    return (int)n;
}

static int table_pack(lua_State *L)
{
    int n = lua_gettop(L);
    box_charge(L, n);
    lua_createtable(L, n, 1);
    lua_insert(L, 1);                                   /* table values */
    for (int i = n; i >= 1; i--)
        lua_rawseti(L, 1, i);
    lua_pushinteger(L, n);
    lua_setfield(L, 1, "n");
    return 1;
}

/* ---- string: patterns ------------------------------------------------------------------------------- */

static bool go_on(void *box, int64_t steps)
{
    return box_spend(box, steps);
}

struct search {
    const char *text;
    size_t n;
    struct pattern_work work;
    struct pattern pattern;
    struct pattern_found found;
};

static void search_begin(lua_State *L, struct search *s, int text, int pattern)
{
    size_t n;
    s->text = luaL_checklstring(L, text, &s->n);
    const char *at = luaL_checklstring(L, pattern, &n);
    s->work = (struct pattern_work){ go_on, box_of(L) };
    box_charge(L, 10 + (int64_t)n);
    const char *wrong = pattern_read(&s->pattern, at, n);
    if (wrong)
        luaL_argerror(L, pattern, lua_pushfstring(L, "the pattern is wrong: %s", wrong));
}

static bool search_next(lua_State *L, struct search *s, size_t from)
{
    int rc = pattern_find(&s->pattern, s->text, s->n, from, &s->work, &s->found);
    if (rc < 0)
        box_stop(L);
    return rc;
}

/* The first place to look at, from 0, for a position as Lua counts: from 1, or from the end below 0. */
static size_t first_place(lua_Integer position, size_t n)
{
    if (position > 0)
        return (size_t)position - 1;
    if (position == 0 || (lua_Unsigned)-(lua_Unsigned)position > n)
        return 0;
    return n - (size_t)-(lua_Unsigned)position;
}

static void push_capture(lua_State *L, const struct search *s, size_t i)
{
    const struct pattern_found *f = &s->found;
    if (i >= f->n)                                      /* the whole of it */
        lua_pushlstring(L, f->at, (size_t)(f->end - f->at));
    else if (f->capture[i].n == PATTERN_PLACE)
        lua_pushinteger(L, f->capture[i].at - s->text + 1);
    else
        lua_pushlstring(L, f->capture[i].at, (size_t)f->capture[i].n);
}

/* All of them; with_whole: the whole where there are none. */
static int push_captures(lua_State *L, const struct search *s, bool with_whole)
{
    size_t n = s->found.n ? s->found.n : with_whole;
    luaL_checkstack(L, (int)n, NULL);
    box_charge(L, (int64_t)n + box_bytes((size_t)(s->found.end - s->found.at)));
    for (size_t i = 0; i < n; i++)
        push_capture(L, s, i);
    return (int)n;
}

static int find_plain(lua_State *L, const char *text, size_t n, const char *part, size_t n_part, size_t from)
{
    box_charge(L, 1 + box_bytes(n - from) + box_bytes(n_part));
    const char *at = n_part ? memmem(text + from, n - from, part, n_part) : text + from;
    if (!at) {
        lua_pushnil(L);
        return 1;
    }
    lua_pushinteger(L, at - text + 1);
    lua_pushinteger(L, at - text + (lua_Integer)n_part);
    return 2;
}

static int find(lua_State *L, bool wants_place)
{
    size_t n, n_part;
    const char *text = luaL_checklstring(L, 1, &n), *part = luaL_checklstring(L, 2, &n_part);
    size_t from = first_place(luaL_optinteger(L, 3, 1), n);
    if (from > n) {
        lua_pushnil(L);
        return 1;
    }
    if (wants_place && (lua_toboolean(L, 4) || pattern_is_plain(part, n_part)))
        return find_plain(L, text, n, part, n_part, from);
    struct search s;
    search_begin(L, &s, 1, 2);
    if (!search_next(L, &s, from)) {
        lua_pushnil(L);
        return 1;
    }
    if (!wants_place)
        return push_captures(L, &s, true);
    lua_pushinteger(L, s.found.at - text + 1);
    lua_pushinteger(L, s.found.end - text);
    return 2 + push_captures(L, &s, false);
}

static int string_find(lua_State *L)
{
    return find(L, true);
}

static int string_match(lua_State *L)
{
    return find(L, false);
}

/* Upvalues: the text, the search, where to look next, and where the last one ended (an empty one is not found twice). */
static int next_match(lua_State *L)
{
    struct search *s = lua_touserdata(L, lua_upvalueindex(2));
    lua_Integer from = lua_tointeger(L, lua_upvalueindex(3)), last = lua_tointeger(L, lua_upvalueindex(4));
    while (from <= (lua_Integer)s->n && search_next(L, s, (size_t)from)) {
        if (s->found.end - s->text != last) {
            lua_pushinteger(L, s->found.end - s->text);
            lua_copy(L, -1, lua_upvalueindex(3));
            lua_replace(L, lua_upvalueindex(4));
            return push_captures(L, s, true);
        }
        from = s->found.at - s->text + 1;
    }
    lua_pushinteger(L, (lua_Integer)s->n + 1);
    lua_replace(L, lua_upvalueindex(3));
    return 0;
}

static int string_gmatch(lua_State *L)
{
    size_t n;
    luaL_checklstring(L, 1, &n);
    size_t from = first_place(luaL_optinteger(L, 3, 1), n);
    lua_settop(L, 2);
    struct search *s = lua_newuserdatauv(L, sizeof *s, 0);          /* text pattern search */
    search_begin(L, s, 1, 2);
    luaL_argcheck(L, !s->pattern.at_start, 2, "a pattern that begins with ^ fits once; use match");
    lua_pushvalue(L, 1);
    lua_pushvalue(L, 3);
    lua_pushinteger(L, (lua_Integer)(from <= n ? from : n + 1));
    lua_pushinteger(L, -1);                                         /* ... text search from last */
    lua_pushcclosure(L, next_match, 4);
    return 1;
}

/* "%1 of %0": what stands for one place found. */
static void put_replacement(lua_State *L, struct result *r, const struct search *s, const char *at, size_t n)
{
    for (const char *end = at + n; at < end; at++) {
        if (*at != '%') {
            const char *next = memchr(at, '%', (size_t)(end - at));
            next = next ? next : end;
            result_put(L, r, at, (size_t)(next - at));
            at = next - 1;
            continue;
        }
        at++;
        if (at < end && *at == '%') {
            result_put(L, r, "%", 1);
        } else if (at < end && *at >= '0' && *at <= '9') {
            size_t i = *at == '0' ? SIZE_MAX : (size_t)(*at - '1');
            if (i != SIZE_MAX && i >= s->found.n && i > 0)
                luaL_error(L, "the pattern has no capture %%%c", *at);
            push_capture(L, s, i);
            result_value(L, r);
        } else {
            luaL_error(L, "in what is put in, %% stands before a digit or a %%");
        }
    }
}

static void replace(lua_State *L, struct result *r, const struct search *s)
{
    const char *at = s->found.at;
    size_t n;
    switch (lua_type(L, 3)) {
    case LUA_TFUNCTION:
        lua_pushvalue(L, 3);
        lua_call(L, push_captures(L, s, true), 1);
        break;
    case LUA_TTABLE:
        push_capture(L, s, 0);
        lua_gettable(L, 3);
        break;
    default: {
        const char *text = lua_tolstring(L, 3, &n);
        put_replacement(L, r, s, text, n);
        return;
    }
    }
    if (lua_toboolean(L, -1)) {
        if (!lua_isstring(L, -1))
            luaL_error(L, "what is put in is a %s, not a text or number", luaL_typename(L, -1));
        result_value(L, r);
    } else {
        lua_pop(L, 1);                                  /* stays as it is */
        result_put(L, r, at, (size_t)(s->found.end - at));
    }
}

static int string_gsub(lua_State *L)
{
    struct search s;
    struct result r = { .n = 0 };
    int type = lua_type(L, 3);
    luaL_argcheck(L, type == LUA_TSTRING || type == LUA_TNUMBER || type == LUA_TTABLE || type == LUA_TFUNCTION, 3,
                  "a text, a table or a function");
    search_begin(L, &s, 1, 2);
    lua_Integer most = luaL_optinteger(L, 4, (lua_Integer)s.n + 1), n = 0;
    if (type == LUA_TNUMBER)
        lua_tostring(L, 3);                             /* before the buffer, which must stay on the top */
    size_t from = 0, copied = 0, last = SIZE_MAX;
    luaL_buffinit(L, &r.b);
    while (n < most && from <= s.n && search_next(L, &s, from)) {
        size_t at = (size_t)(s.found.at - s.text), end = (size_t)(s.found.end - s.text);
        if (end == last) {                              /* nothing, right behind the last one */
            from = at + 1;
            continue;
        }
        result_put(L, &r, s.text + copied, at - copied);
        n++;
        replace(L, &r, &s);
        from = copied = last = end;
        if (s.pattern.at_start)
            break;
    }
    result_put(L, &r, s.text + copied, s.n - copied);
    luaL_pushresult(&r.b);
    lua_pushinteger(L, n);
    return 2;
}

/* ---- string: others --------------------------------------------------------------------------------- */

static int string_rep(lua_State *L)
{
    size_t n, n_between;
    luaL_checklstring(L, 1, &n);
    lua_Integer times = luaL_checkinteger(L, 2);
    luaL_optlstring(L, 3, "", &n_between);
    if (times <= 0 || n + n_between == 0) {
        lua_pushliteral(L, "");
        return 1;
    }
    if ((lua_Unsigned)times > BOX_TEXT_MAX / (n + n_between))
        return luaL_error(L, "the text would be longer than %d KiB", BOX_TEXT_MAX / 1024);
    box_charge(L, 1 + times + box_bytes((n + n_between) * (size_t)times));
    return lua_tocfunction(L, lua_upvalueindex(1))(L);
}

/* Lua's own format, after a look at what it is told to do: each item is charged, tables become words, no addresses. */
static int string_format(lua_State *L)
{
    size_t n;
    const char *at = luaL_checklstring(L, 1, &n), *end = at + n;
    int arg = 1, most = lua_gettop(L);
    box_charge(L, 1 + box_bytes(n));
    for (; at < end; at++) {
        if (*at != '%' || (at + 1 < end && at[1] == '%')) {
            at += *at == '%';
            continue;
        }
        at++;
        while (at < end && *at && strchr("-+ #0123456789.", *at))
            at++;
        if (at == end || ++arg > most)
            break;                                      /* Lua says what is missing */
        if (*at == 'p')
            return luaL_error(L, "%%p would show an address");
        if (*at == 's') {
            push_text(L, arg);
            lua_replace(L, arg);
        }
        box_charge(L, (strchr("aAeEfFgG", *at) ? FLOAT_STEPS : FORMAT_STEPS) + (lua_type(L, arg) == LUA_TSTRING ? box_bytes(lua_rawlen(L, arg)) : 0));
    }
    return lua_tocfunction(L, lua_upvalueindex(1))(L);
}

/* ---- environments ------------------------------------------------------------------------------------- */

static int unknown_global(lua_State *L)
{
    return luaL_error(L, "there is no '%s' here", lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : luaL_typename(L, 2));
}

static int new_global(lua_State *L)
{
    return luaL_error(L, "'%s' would be a global: write local before it",
                      lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : luaL_typename(L, 2));
}

/* What a library of ours is made of: from Lua's as it is, from Lua's with its length charged, or ours (some call Lua's). */
struct function {
    const char *name;
    enum { AS_IT_IS = 1, CHARGED, OURS } how;
    lua_CFunction ours;
};

static const struct function base_functions[] = {
    { "assert", AS_IT_IS, NULL },  { "error", AS_IT_IS, NULL },   { "select", AS_IT_IS, NULL },  { "type", AS_IT_IS, NULL },
    { "tonumber", CHARGED, NULL }, { "tostring", OURS, lib_tostring }, { "pcall", OURS, lib_pcall },
    { "ipairs", OURS, lib_ipairs }, { "pairs", OURS, lib_pairs }, { "setmetatable", OURS, lib_setmetatable },
    { NULL, 0, NULL },
};

static const struct function string_functions[] = {
    { "byte", CHARGED, NULL },  { "char", CHARGED, NULL },  { "len", CHARGED, NULL },   { "lower", CHARGED, NULL },
    { "upper", CHARGED, NULL }, { "reverse", CHARGED, NULL }, { "sub", CHARGED, NULL },
    { "rep", OURS, string_rep }, { "format", OURS, string_format }, { "find", OURS, string_find },
    { "match", OURS, string_match }, { "gmatch", OURS, string_gmatch }, { "gsub", OURS, string_gsub },
    { NULL, 0, NULL },
};

static const struct function table_functions[] = {
    { "concat", OURS, table_concat }, { "insert", OURS, table_insert }, { "move", OURS, table_move },
    { "pack", OURS, table_pack },     { "remove", OURS, table_remove }, { "sort", OURS, table_sort },
    { "unpack", OURS, table_unpack }, { NULL, 0, NULL },
};

/* Not random and randomseed; sin, exp and their like, which differ between machines in the last digit, are not needed. */
static const struct function math_functions[] = {
    { "abs", AS_IT_IS, NULL },  { "ceil", AS_IT_IS, NULL },  { "floor", AS_IT_IS, NULL },      { "fmod", AS_IT_IS, NULL },
    { "huge", AS_IT_IS, NULL }, { "max", AS_IT_IS, NULL },   { "maxinteger", AS_IT_IS, NULL }, { "min", AS_IT_IS, NULL },
    { "mininteger", AS_IT_IS, NULL }, { "modf", AS_IT_IS, NULL }, { "sqrt", AS_IT_IS, NULL },
    { "tointeger", AS_IT_IS, NULL }, { "type", AS_IT_IS, NULL }, { "ult", AS_IT_IS, NULL }, { NULL, 0, NULL },
};

static const struct function utf8_functions[] = {
    { "char", CHARGED, NULL }, { "charpattern", AS_IT_IS, NULL }, { "codepoint", CHARGED, NULL }, { "codes", CHARGED, NULL },
    { "len", CHARGED, NULL },  { "offset", CHARGED, NULL },       { NULL, 0, NULL },
};

static const struct library {
    const char *name;                                   /* "": globals */
    lua_CFunction open;
    const struct function *function;
} libraries[] = {
    { "", luaopen_base, base_functions },             { "string", luaopen_string, string_functions },
    { "table", luaopen_table, table_functions },      { "math", luaopen_math, math_functions },
    { "utf8", luaopen_utf8, utf8_functions },
};

static const char kept;                                 /* its address: of the libraries in the registry */

/* Fills the table on the top from Lua's library below it. */
static void fill(lua_State *L, const struct function *f)
{
    for (; f->name; f++) {
        lua_getfield(L, -2, f->name);                   /* lua's ours value */
        if (f->how != AS_IT_IS)
            lua_pushcclosure(L, f->how == CHARGED ? charged : f->ours, 1);      /* with Lua's as its upvalue */
        lua_setfield(L, -2, f->name);
    }
}

void lib_open(lua_State *L)
{
    lua_createtable(L, 0, (int)COUNT_OF(libraries) + 1);            /* kept */
    for (size_t i = 0; i < COUNT_OF(libraries); i++) {
        lua_pushcfunction(L, libraries[i].open);
        lua_call(L, 0, 1);                                          /* kept lua's */
        lua_newtable(L);                                            /* kept lua's ours */
        fill(L, libraries[i].function);
        lua_setfield(L, -3, libraries[i].name);                     /* kept lua's */
        lua_pop(L, 1);                                              /* kept */
    }
    lua_createtable(L, 0, 2);                                       /* kept guard */
    lua_pushcfunction(L, unknown_global);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, new_global);
    lua_setfield(L, -2, "__newindex");
    lua_setfield(L, -2, "guard");                                   /* kept */
    lua_pushliteral(L, "");
    lua_createtable(L, 0, 1);                                       /* kept "" methods: ("x"):rep(3), and no sums of texts */
    lua_getfield(L, -3, "string");
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, -2);
    lua_pop(L, 1);                                                  /* kept */
    lua_rawsetp(L, LUA_REGISTRYINDEX, &kept);
    lua_newtable(L);                                                /* Lua's own globals are out of reach */
    lua_rawseti(L, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
}

/* Copies all fields of the table at `from` into the one on the top. */
static void copy(lua_State *L, int from)
{
    lua_pushnil(L);
    while (lua_next(L, from)) {                                     /* to key value */
        lua_pushvalue(L, -2);
        lua_insert(L, -2);                                          /* to key key value */
        lua_rawset(L, -4);
    }
}

void lib_environment(lua_State *L)
{
    int top = lua_gettop(L);
    luaL_checkstack(L, 8, NULL);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &kept);                       /* kept */
    lua_createtable(L, 0, 32);                                      /* kept env */
    for (size_t i = 0; i < COUNT_OF(libraries); i++) {
        bool is_base = !*libraries[i].name;
        lua_getfield(L, top + 1, libraries[i].name);                /* kept env library */
        if (is_base)
            lua_pushvalue(L, top + 2);
        else
            lua_newtable(L);                                        /* kept env library to */
        copy(L, top + 3);
        if (is_base)
            lua_pop(L, 1);
        else
            lua_setfield(L, top + 2, libraries[i].name);            /* kept env library */
        lua_settop(L, top + 2);
    }
    lua_getfield(L, top + 1, "guard");
    lua_setmetatable(L, -2);                                        /* kept env */
    lua_remove(L, top + 1);                                         /* env */
}
