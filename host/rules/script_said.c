/* SPDX-License-Identifier: Apache-2.0 */
/*
 * script_said.c: what a rule says, read out of Lua's tables.
 *
 * in:     the table given to say { ... }
 * out:    struct script_say with everything copied, or a Lua error that names the field
 * knows:  Lua, the SDK's values.  Has never heard of files or facts.
 */
#include <string.h>

#include "script_in.h"

enum { WORD_BYTES = 200, REF_BYTES = 1100, TEXT_BYTES = 1000, NUMBERS_MAX = 20, ROWS_MAX = 200, SAY_STEPS = 50 };
/* A ref may hold the id of a mail, which may have 998 bytes. */
static const int64_t weight_max = 1000000000;

/* ---- fields ----------------------------------------------------------------------------------------- */

int said_field(lua_State *L, int idx, const char *name)
{
    idx = lua_absindex(L, idx);
    lua_pushstring(L, name);
    return lua_rawget(L, idx);
}

const char *said_text_at(lua_State *L, int idx, const char *name, size_t bytes, struct arena *a)
{
    size_t n;
    if (lua_type(L, idx) != LUA_TSTRING)
        luaL_error(L, "%s is a %s, not a text", name, luaL_typename(L, idx));
    const char *text = lua_tolstring(L, idx, &n);
    if (n > bytes)
        luaL_error(L, "%s is %d bytes long; %d are allowed", name, (int)n, (int)bytes);
    if (memchr(text, '\0', n) || !utf8_is_valid(text, n))
        luaL_error(L, "%s is not UTF-8", name);
    box_charge(L, box_bytes(n));
    return arena_textn(a, text, n);
}

static size_t character(const char *at, size_t n)       /* its bytes; 0 for what is none */
{
    for (size_t k = 1; k <= 4 && k <= n; k++)
        if (utf8_is_valid(at, k))
            return *at ? k : 0;
    return 0;
}

/*
 * A sentence for people, which is mended rather than refused: what is put into it comes from the shop's data, and one
 * title that was cut within a character must not silence a rule.  U+FFFD stands for what is no character, an ellipsis
 * for what is too much.
 */
static const char *sentence(lua_State *L, int idx, const char *name, struct arena *a)
{
    size_t n, to = 0;
    if (lua_type(L, idx) != LUA_TSTRING)
        luaL_error(L, "%s is a %s, not a text", name, luaL_typename(L, idx));
    const char *at = lua_tolstring(L, idx, &n), *end = at + n;
    box_charge(L, box_bytes(n));
    char *text = arena_alloc(a, n + 1 < TEXT_BYTES / 3 ? 3 * n + 1 : TEXT_BYTES + 1);
    while (at < end && to < TEXT_BYTES - 6) {           /* room for a character of four bytes, and the ellipsis */
        size_t k = character(at, (size_t)(end - at));
        memcpy(text + to, k ? at : "\xEF\xBF\xBD", k ? k : 3);
        to += k ? k : 3;
        at += k ? k : 1;
    }
    if (at < end) {
        memcpy(text + to, "\xE2\x80\xA6", 3);
        to += 3;
    }
    text[to] = '\0';
    return text;
}

const char *said_text(lua_State *L, int idx, const char *name, size_t bytes, struct arena *a)
{
    const char *text = "";
    if (said_field(L, idx, name) != LUA_TNIL)
        text = said_text_at(L, -1, name, bytes, a);
    lua_pop(L, 1);
    return text;
}

int64_t said_whole(lua_State *L, int idx, const char *name)
{
    int is_whole = 0;
    lua_Integer n = 0;
    if (lua_type(L, idx) == LUA_TNUMBER)
        n = lua_tointegerx(L, idx, &is_whole);
    if (!is_whole)
        luaL_error(L, "%s is %s, not a whole number; // and math.floor make one", name,
                   lua_type(L, idx) == LUA_TNUMBER ? lua_tostring(L, idx) : luaL_typename(L, idx));
    return n;
}

void said_only(lua_State *L, int idx, const char *where, const char *const *names, size_t n)
{
    idx = lua_absindex(L, idx);
    lua_pushnil(L);
    while (lua_next(L, idx)) {
        bool is_text = lua_type(L, -2) == LUA_TSTRING, is_known = false;
        const char *key = is_text ? lua_tostring(L, -2) : luaL_typename(L, -2), *near = NULL;
        for (size_t i = 0; i < n && is_text && !is_known; i++) {
            is_known = text_is(names[i], key);
            near = text_nearer(key, near, names[i]);
        }
        if (!is_known)
            luaL_error(L, "%s knows no '%s'%s%s%s", where, key, near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
        box_charge(L, 1);
        lua_pop(L, 1);
    }
}

size_t said_list(lua_State *L, int idx, const char *name, size_t most)
{
    int type = said_field(L, idx, name);
    if (type == LUA_TNIL) {
        lua_pop(L, 1);
        return 0;
    }
    if (type != LUA_TTABLE)
        luaL_error(L, "%s is a %s, not a list", name, lua_typename(L, type));
    size_t n = lua_rawlen(L, -1);
    if (n > most)
        luaL_error(L, "%s has %d entries; %d are allowed", name, (int)n, (int)most);
    if (!n)
        lua_pop(L, 1);
    return n;
}

/* ---- numbers ---------------------------------------------------------------------------------------- */

static const struct { const char *name; uint32_t type; } units[] = {
    { "count", SOUK_COUNT }, { "money", SOUK_MONEY },     { "day", SOUK_DAY }, { "instant", SOUK_INSTANT },
    { "seconds", SOUK_SECONDS }, { "bp", SOUK_BP },       { "text", SOUK_TEXT },
};

static bool is_currency(const char *text)
{
    return strlen(text) == 3 && strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 3;
}

/*
 * { name = "price", money = 1299, currency = "EUR" }, on the top: a name and one value with its unit.  Where the value
 * is nil it is not known.
 */
static struct souk_arg number(lua_State *L, struct arena *a)
{
    static const char *const known[] = { "name", "currency", "count", "money", "day", "instant", "seconds", "bp", "text" };
    struct souk_arg arg = { "", souk_none() };
    if (!lua_istable(L, -1))
        luaL_error(L, "an entry of numbers is a %s, not a table such as { name = \"units\", count = 3 }", luaL_typename(L, -1));
    said_only(L, -1, "an entry of numbers", known, COUNT_OF(known));
    arg.name = said_text(L, -1, "name", WORD_BYTES, a);
    if (!*arg.name)
        luaL_error(L, "an entry of numbers has no name");
    for (size_t i = 0; i < COUNT_OF(units); i++) {
        if (said_field(L, -1, units[i].name) != LUA_TNIL) {
            if (arg.value.type)
                luaL_error(L, "the number %s has two units", arg.name);
            arg.value = units[i].type == SOUK_TEXT ? souk_text(sentence(L, -1, "text", a))
                                                   : souk_number(units[i].type, said_whole(L, -1, arg.name), 0);
        }
        lua_pop(L, 1);
    }
    if (!arg.value.type)
        return arg;
    const char *currency = said_text(L, -1, "currency", 3, a);
    if (arg.value.type == SOUK_MONEY ? !is_currency(currency) : *currency != '\0')
        luaL_error(L, arg.value.type == SOUK_MONEY ? "the number %s is money and needs its currency, such as \"EUR\""
                                                   : "the number %s has a currency and is no money", arg.name);
    if (arg.value.type == SOUK_MONEY)
        arg.value = souk_money(arg.value.num, currency);
    return arg;
}

static void read_numbers(lua_State *L, int idx, struct script_say *say, struct arena *a)
{
    size_t n = said_list(L, idx, "numbers", NUMBERS_MAX);
    if (!n)
        return;
    struct souk_arg *at = arena_zero(a, n * sizeof *at);
    for (size_t i = 0; i < n; i++) {
        lua_rawgeti(L, -1, (lua_Integer)i + 1);
        at[i] = number(L, a);
        lua_pop(L, 1);
    }
    say->numbers = (struct souk_args){ at, (uint32_t)n, 0 };
    lua_pop(L, 1);
}

/* ---- refs ------------------------------------------------------------------------------------------- */

/* "order:303-1": a kind in small letters and what it is known by. */
static const char *ref(lua_State *L, const char *text)
{
    size_t kind = strspn(text, "abcdefghijklmnopqrstuvwxyz_");
    if (*text && (!kind || text[kind] != ':' || !text[kind + 1]))
        luaL_error(L, "'%s' is no ref; one looks like order:303-1 or sku:A-1", text);
    return text;
}

static void read_rows(lua_State *L, int idx, struct script_say *say, struct arena *a)
{
    size_t n = said_list(L, idx, "rows", ROWS_MAX);
    if (!n)
        return;
    const char **at = arena_alloc(a, n * sizeof *at);
    for (size_t i = 0; i < n; i++) {
        lua_rawgeti(L, -1, (lua_Integer)i + 1);
        at[i] = ref(L, said_text_at(L, -1, "an entry of rows", REF_BYTES, a));
        lua_pop(L, 1);
    }
    say->rows = at;
    say->n_rows = n;
    lua_pop(L, 1);
}

/* ---- a suggestion ----------------------------------------------------------------------------------- */

static struct script_say *next(struct said *said)
{
    if (said->n == said->cap) {
        size_t cap = said->cap ? 2 * said->cap : 8;
        struct script_say *at = arena_zero(said->memory, cap * sizeof *at);
        bool *has_weight = arena_zero(said->memory, cap * sizeof *has_weight);
        if (said->n) {
            memcpy(at, said->at, said->n * sizeof *at);
            memcpy(has_weight, said->has_weight, said->n * sizeof *has_weight);
        }
        said->at = at;
        said->has_weight = has_weight;
        said->cap = cap;
    }
    return &said->at[said->n];
}

void said_read(lua_State *L, int idx, struct said *said)
{
    static const char *const known[] = { "key", "sku", "ref", "market", "text", "weight", "numbers", "rows" };
    struct script_say *say = next(said);
    struct arena *a = said->memory;
    idx = lua_absindex(L, idx);
    luaL_checktype(L, idx, LUA_TTABLE);
    said_only(L, idx, "say", known, COUNT_OF(known));
    *say = (struct script_say){
        .key = said_text(L, idx, "key", REF_BYTES, a), .sku = said_text(L, idx, "sku", REF_BYTES, a),
        .ref = ref(L, said_text(L, idx, "ref", REF_BYTES, a)), .market = said_text(L, idx, "market", WORD_BYTES, a),
        .text = "",
    };
    if (said_field(L, idx, "text") != LUA_TNIL)
        say->text = sentence(L, -1, "text", a);
    lua_pop(L, 1);
    said->has_weight[said->n] = said_field(L, idx, "weight") != LUA_TNIL;
    if (said->has_weight[said->n])
        say->weight = said_whole(L, -1, "weight");
    lua_pop(L, 1);
    if (say->weight > weight_max || say->weight < -weight_max)
        luaL_error(L, "weight is beyond 1,000,000,000");
    read_numbers(L, idx, say, a);
    read_rows(L, idx, say, a);
}

int said_closure(lua_State *L)
{
    struct said *said = lua_touserdata(L, lua_upvalueindex(1));
    lua_Integer most = lua_tointeger(L, lua_upvalueindex(2));
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    if (facts_behind(L, 1))
        return luaL_error(L, "say wants a table of its own, not a fact");
    if ((lua_Integer)said->n >= most)
        return luaL_error(L, "more than %I suggestions in one run: say what matters most", (LUAI_UACINT)most);
    box_charge(L, SAY_STEPS);
    said_read(L, 1, said);
    struct script_say *say = &said->at[said->n];
    if (!*say->text)
        return luaL_error(L, "say needs a text");
    if (!*say->key && !*say->sku && !*say->ref)
        return luaL_error(L, "say needs to know what it is about: sku, ref or key");
    if (!*say->key) {
        const char *about = *say->sku ? say->sku : say->ref;
        say->key = *say->market ? arena_printf(said->memory, "%s %s", say->market, about) : about;
    }
    lua_pushstring(L, say->key);
    if (lua_rawget(L, lua_upvalueindex(3)) != LUA_TNIL)
        return luaL_error(L, "'%s' was said twice; give each suggestion a key of its own", say->key);
    lua_pushstring(L, say->key);
    lua_pushboolean(L, 1);
    lua_rawset(L, lua_upvalueindex(3));
    said->n++;
    return 0;
}
