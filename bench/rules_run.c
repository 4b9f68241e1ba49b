/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rules_run.c FOLDER ROWS ROUNDS: twenty rules over rows of sixteen columns, fenced, beside the same rules in plain
 * Lua over tables that are ready.
 *
 * Writes its rules into FOLDER/coach, runs both in turns and prints the medians and their ratio.  Both must say the
 * same number of things.
 */
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "rules/script.h"

enum { RULES = 20, COLUMNS = 16, BATCH = 1000, ROUNDS_MAX = 99 };

static const char columns[] = "sku:text asin:text title:text market:market currency:currency price:money/currency"
    " floor:money/currency units:count sold_30d:count sold_90d:count inbound:count delivery_days:count age_days:count"
    " returns_30d:count views_30d:count is_active:bool";
static const char *const names[COLUMNS] = {
    "sku", "asin", "title", "market", "currency", "price", "floor", "units", "sold_30d", "sold_90d", "inbound",
    "delivery_days", "age_days", "returns_30d", "views_30d", "is_active",
};

/* One to three conditions, as rules have them; each is true for a few hundred rows in a hundred thousand. */
static const char *const conditions[RULES] = {
    "item.units < 2 and item.sold_30d > 900",
    "item.units * 30 < item.sold_30d * item.delivery_days and item.inbound < 20 and item.sold_30d > 990",
    "item.price < item.floor - 95000",
    "item.age_days > 997 and item.units > 500",
    "not item.is_active and item.units > 980 and item.sold_90d > 800",
    "item.returns_30d * 2 > item.sold_30d and item.sold_30d > 995",
    "item.views_30d > 995 and item.sold_30d < 300",
    "item.sold_30d * 3 > item.sold_90d * 100 and item.sold_90d > 20",
    "item.inbound > 996",
    "item.delivery_days > 990 and item.units < 300",
    "item.price > 99500 and item.units > 500",
    "item.floor > 99000 and item.price < 50000",
    "item.sold_90d < 1 and item.units > 100",
    "item.age_days < 2 and item.views_30d > 100",
    "item.is_active and item.units == 0 and item.inbound == 0 or item.units == 777 and item.inbound > 900",
    "item.returns_30d > 995",
    "item.views_30d < 3 and item.age_days > 200",
    "item.units > 994 and item.sold_30d < 800",
    "item.sold_30d > 994 and item.sold_90d < 700",
    "item.price < 300 and item.floor > 300",
};

static const char rule_text[] =
    "return {\n"
    "  id = \"bench.r%d\", title = \"Rule %d\", needs = { \"stock\" },\n"
    "  check = function(facts, say)\n"
    "    for _, item in ipairs(facts.stock) do\n"
    "      if %s then\n"
    "        say { sku = item.sku, weight = item.units, text = (\"%%s has %%d units.\"):format(item.title, item.units) }\n"
    "      end\n"
    "    end\n"
    "  end,\n"
    "}\n";

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);         /* what else the machine does is not counted */
    return (double)t.tv_sec * 1000 + (double)t.tv_nsec / 1e6;
}

static void die(const char *why)
{
    fprintf(stderr, "rules_run: %s\n", why);
    exit(1);
}

/* ---- rows, the same in every run ------------------------------------------------------------------------ */

static uint32_t dice = 1;

static int64_t roll(int64_t below)
{
    dice = dice * 1664525u + 1013904223u;
    return (int64_t)(((uint64_t)dice * (uint64_t)below) >> 32);
}

static struct souk_rows make_rows(struct arena *a, uint32_t n)
{
    struct souk_value *cell = arena_zero(a, (size_t)n * COLUMNS * sizeof *cell), *at = cell;
    for (uint32_t i = 0; i < n; i++) {
        *at++ = souk_text(arena_printf(a, "SKU-%07u", i));
        *at++ = souk_text(arena_printf(a, "B0%08u", i * 7));
        *at++ = souk_text(arena_printf(a, "Desk lamp, model %u, warm white", i % 5000));
        *at++ = souk_market("A1PA6795UKMFR9");
        *at++ = souk_word(SOUK_CURRENCY, "EUR");
        *at++ = souk_money(roll(100000), "EUR");
        *at++ = souk_money(roll(100000), "EUR");
        for (int k = 0; k < 8; k++)
            *at++ = souk_count(roll(1000));
        *at++ = souk_number(SOUK_BOOL, roll(10) > 0, 0);
    }
    return (struct souk_rows){ columns, cell, COLUMNS, n, 0, 0 };
}

/* ---- plain Lua -------------------------------------------------------------------------------------------- */

static long said;

static int plain_say(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    said++;
    return 0;
}

/* A state with the rows as tables and the rules loaded: facts, then the checks, on the stack. */
static lua_State *plain_open(const struct souk_rows *rows, char *const *text)
{
    lua_State *L = luaL_newstate();
    luaL_openlibs(L);
    lua_newtable(L);
    lua_createtable(L, (int)rows->n_rows, 0);
    for (uint32_t i = 0; i < rows->n_rows; i++) {
        lua_createtable(L, 0, COLUMNS);
        for (uint32_t k = 0; k < COLUMNS; k++) {
            const struct souk_value *v = souk_cell(rows, i, k);
            if (v->type == SOUK_BOOL)
                lua_pushboolean(L, v->num != 0);
            else if (v->text.len)
                lua_pushstring(L, v->text.at);
            else
                lua_pushinteger(L, v->num);
            lua_setfield(L, -2, names[k]);
        }
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    lua_setfield(L, 1, "stock");
    for (int i = 0; i < RULES; i++) {
        if (luaL_dostring(L, text[i]))
            die(lua_tostring(L, -1));
        lua_getfield(L, -1, "check");
        lua_remove(L, -2);
    }
    lua_gc(L, LUA_GCCOLLECT);
    return L;
}

static double plain_run(lua_State *L)
{
    double began = now_ms();
    for (int i = 0; i < RULES; i++) {
        lua_pushvalue(L, 2 + i);
        lua_pushvalue(L, 1);
        lua_pushcfunction(L, plain_say);
        if (lua_pcall(L, 2, 0, 0))
            die(lua_tostring(L, -1));
    }
    return now_ms() - began;
}

/* ---- the same, fenced -------------------------------------------------------------------------------------- */

static int on_say(void *ctx, const struct script_say *say, struct err *err)
{
    (void)err;
    *(long *)ctx += say->text[0] != '\0';
    return 0;
}

struct fenced {
    double fill_ms, run_ms;
    size_t bytes;                                       /* the most that one rule used */
    long said;
};

static struct fenced fenced_run(struct scripts *s, const struct souk_rows *rows)
{
    struct err err = { 0 };
    struct script_facts *facts;
    struct fenced f = { 0 };
    double began = now_ms();
    if (script_facts_new(&facts, &err) < 0)
        die(err.text);
    for (uint32_t i = 0; i < rows->n_rows; i += BATCH) {
        struct souk_rows part = *rows;
        part.cell = souk_cell(rows, i, 0);
        part.n_rows = rows->n_rows - i < BATCH ? rows->n_rows - i : BATCH;
        if (script_facts_put(facts, "stock", &part, &err) < 0)
            die(err.text);
    }
    f.fill_ms = now_ms() - began;
    began = now_ms();
    for (int i = 0; i < RULES; i++) {
        char id[32];
        snprintf(id, sizeof id, "bench.r%d", i);
        struct script_ask ask = { .rule = id };
        if (script_run(s, &ask, facts, on_say, &f.said, &err) < 0)
            die(err.text);
        if (ask.memory_bytes > f.bytes)
            f.bytes = ask.memory_bytes;
    }
    f.run_ms = now_ms() - began;
    script_facts_free(facts);
    return f;
}

/* ---- both -------------------------------------------------------------------------------------------------- */

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *at, int n)
{
    qsort(at, (size_t)n, sizeof *at, by_size);
    return at[n / 2];
}

int main(int argc, char **argv)
{
    if (argc != 4)
        die("FOLDER ROWS ROUNDS, please");
    uint32_t n = (uint32_t)atoi(argv[2]);
    int rounds = atoi(argv[3]);
    char path[1000], *text[RULES];
    double plain[ROUNDS_MAX], fill[ROUNDS_MAX], run[ROUNDS_MAX], both[ROUNDS_MAX];
    struct arena *a = arena_new("bench", 1 << 20);
    struct err err = { 0 };
    struct scripts *s;
    struct fenced f = { 0 };
    if (rounds < 1 || rounds > ROUNDS_MAX || n < 1)
        die("at least one row and one round, at most 99 rounds");
    snprintf(path, sizeof path, "%s/coach", argv[1]);
    if (mkdir(path, 0755) < 0 && errno != EEXIST)
        die(strerror(errno));
    for (int i = 0; i < RULES; i++) {
        text[i] = arena_printf(a, rule_text, i, i, conditions[i]);
        snprintf(path, sizeof path, "%s/coach/r%02d.lua", argv[1], i);
        FILE *file = fopen(path, "w");
        if (!file || fputs(text[i], file) < 0 || fclose(file) != 0)
            die(strerror(errno));
    }
    struct souk_rows rows = make_rows(a, n);
    lua_State *L = plain_open(&rows, text);
    if (script_open(&s, argv[1], &err) < 0)
        die(err.text);
    fenced_run(s, &rows);                               /* warm: files read, memory had */
    for (int i = 0; i < rounds; i++) {
        said = 0;
        plain[i] = plain_run(L);
        f = fenced_run(s, &rows);
        fill[i] = f.fill_ms;
        run[i] = f.run_ms;
        both[i] = f.fill_ms + f.run_ms;
        if (f.said != said)
            die("the two did not say the same");
    }
    double plain_ms = median(plain, rounds), run_ms = median(run, rounds), both_ms = median(both, rounds);
    printf("%-44s %10s %14s %10s\n", "", "ms", "listings/s", "x plain");
    printf("%-44s %10.1f %14.0f %10s\n", "plain Lua, tables ready", plain_ms, n / plain_ms * 1000, "1.00");
    printf("%-44s %10.1f %14.0f %10.2f\n", "souk, limits on, facts ready", run_ms, n / run_ms * 1000, plain_ms / run_ms);
    printf("%-44s %10.1f %14.0f %10.2f\n", "souk, limits on, facts made first", both_ms, n / both_ms * 1000, plain_ms / both_ms);
    printf("   %u rows of %d columns, %d rules, %ld suggestions; making the facts %.1f ms; a rule used %.1f MiB at most\n", n, COLUMNS,
           RULES, said, median(fill, rounds), (double)f.bytes / 1048576);
    lua_close(L);
    script_free(s);
    arena_free(a);
    return 0;
}
