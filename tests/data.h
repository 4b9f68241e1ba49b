/* SPDX-License-Identifier: Apache-2.0 */
/*
 * data.h: what the tests of the data floor share: a scratch folder, an account in it, rows written as
 * text, and answers as text.
 */
#ifndef TESTS_DATA_H
#define TESTS_DATA_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/value.h"
#include "data/db.h"
#include "data/market.h"
#include "data/store.h"

static char scratch[64];

static int scratch_remove_one(const char *path, const struct stat *st, int what, struct FTW *at)
{
    (void)st;
    (void)what;
    (void)at;
    return remove(path);
}

static inline int scratch_make(void **state)
{
    (void)state;
    snprintf(scratch, sizeof scratch, "/tmp/souk-test-XXXXXX");
    return mkdtemp(scratch) ? 0 : -1;
}

static inline int scratch_remove(void **state)
{
    (void)state;
    return nftw(scratch, scratch_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* A path in the scratch folder; until the fourth call after it. */
static inline const char *scratch_path(const char *name)
{
    static char path[4][160];
    static unsigned next;
    char *at = path[next++ % 4];
    snprintf(at, sizeof path[0], "%s/%s", scratch, name);
    return at;
}

/* Went it well?  If not, shows the sentence. */
#define assert_well(call, err) \
    do { \
        int rc_ = (call); \
        if (rc_ < 0) \
            print_error("%s\n", (err)->text); \
        assert_true(rc_ >= 0); \
    } while (0)

static inline struct db *account_new(const char *name)
{
    struct err err = { 0 };
    struct db *db;
    assert_well(db_open(&db, scratch_path(name), DB_WRITE, &err), &err);
    assert_well(db_migrate(db, "account", "views.sql", &err), &err);
    return db;
}

/* All rows of a constant query as text: "a|b\nc|d\n", NULL as "-". */
static inline const char *answer(struct db *db, const char *sql)
{
    static struct buf out;
    struct err err = { 0 };
    struct stmt *s = stmt_of(db, sql, &err);
    if (!s)
        fail_msg("%s", err.text);
    buf_clear(&out);
    int rc;
    while ((rc = stmt_step(db, s, &err)) > 0)
        for (int i = 0; i < stmt_columns(s); i++) {
            buf_text(&out, stmt_is_null(s, i) ? "-" : stmt_text(s, i));
            buf_char(&out, i + 1 < stmt_columns(s) ? '|' : '\n');
        }
    if (rc < 0)
        fail_msg("%s", err.text);
    return buf_str(&out);
}

static inline void run_sql(struct db *db, const char *sql)
{
    struct err err = { 0 };
    assert_well(db_exec(db, sql, &err), &err);
}

/* ---- rows written as text -------------------------------------------------------------------- */

/* "12.99 EUR", "DE", "2026-01-01T10:00:00Z", "7": by the column's type; "" is "not told". */
static inline struct souk_value value_of(struct arena *a, const char *type, const char *text)
{
    int64_t n = 0;
    if (!*text)
        return souk_none();
    if (text_is(type, "text"))
        return souk_text(arena_text(a, text));
    if (text_is(type, "currency"))
        return souk_word(SOUK_CURRENCY, arena_text(a, text));
    if (text_is(type, "market"))
        return souk_market(market_find(text) ? market_find(text)->id : arena_text(a, text));
    if (text_is(type, "day")) {
        int32_t day;
        assert_true(day_parse(text, &day));
        return souk_day(day);
    }
    if (text_is(type, "instant")) {
        assert_true(instant_parse(text, &n));
        return souk_instant(n);
    }
    if (text_is(type, "money")) {
        const char *currency = strchr(text, ' ') + 1;
        int places, digits = currency_digits(currency);
        assert_true(decimal_parse(text, (size_t)(currency - text) - 1, '.', &n, &places));
        assert_true(digits < 0 || decimal_to_minor(n, places, digits, &n));
        return souk_money(n, currency);
    }
    assert_true(text_int(text, &n));
    return souk_number(text_is(type, "bool") ? SOUK_BOOL : SOUK_COUNT, n, 0);
}

/* Lines of cells with | between, under columns as in struct souk_rows. */
static inline struct souk_rows rows_of(struct arena *a, const char *columns, const char *lines)
{
    char types[64][12];
    uint32_t n_columns = 0, n = 0;
    for (const char *at = columns; *at; n_columns++) {
        size_t len = strcspn(at, " "), name = strcspn(at, ":");
        snprintf(types[n_columns], sizeof types[0], "%.*s", (int)(len - name - 1), at + name + 1);
        at += len + (at[len] == ' ');
    }
    size_t room = 1;
    for (const char *at = lines; *at; at++)
        room += *at == '\n';
    struct souk_value *cell = arena_zero(a, room * n_columns * sizeof *cell);
    for (const char *at = lines; *at; n++) {
        size_t len = strcspn(at, "\n");
        const char *end = at + len;
        for (uint32_t i = 0; i < n_columns; i++) {
            size_t word = strcspn(at, "|\n");
            cell[n * n_columns + i] = value_of(a, types[i], arena_textn(a, at, word));
            at += word + (at + word < end);
        }
        at = end + (*end == '\n');
    }
    return (struct souk_rows){ columns, cell, n_columns, n, 0, 0 };
}

/* What an import said: "2 accepted, 1 unchanged, 1 rejected" and "3 price reject.range". */
struct told {
    int n[4];                                           /* by enum store_outcome */
    struct buf rejects;
};

static inline void on_outcome(void *ctx, int64_t line, enum store_outcome what)
{
    struct told *told = ctx;
    (void)line;
    told->n[what]++;
}

static inline void on_reject(void *ctx, int64_t line, const char *column, const struct souk_msg *why)
{
    struct told *told = ctx;
    buf_printf(&told->rejects, "%lld %s %s\n", (long long)line, column, why->key);
}

/* One import in one transaction; lines are put in batches of `batch` rows (0: all at once). */
struct import {
    const char *format, *market;
    const char *as_of;                                  /* an instant; NULL: 2026-11-01 */
    uint32_t batch;
    struct policies *policies;
};

static inline struct told import_rows(struct db *db, const struct import *how, const char *kind,
                                      const char *columns, const char *lines)
{
    struct err err = { 0 };
    struct told told = { 0 };
    struct arena *a = arena_new("test", 4096);
    struct souk_rows rows = rows_of(a, columns, lines), part = rows;
    struct store_setup setup = { how->format ? how->format : "test", how->market ? how->market : "", 0,
                                 on_reject, &told, how->policies };
    struct store *s;
    assert_true(instant_parse(how->as_of ? how->as_of : "2026-11-01T00:00:00Z", &setup.told_s));
    assert_well(db_begin(db, &err), &err);
    assert_well(store_begin(&s, db, &setup, &err), &err);
    uint32_t batch = how->batch ? how->batch : rows.n_rows;
    for (uint32_t i = 0; i < rows.n_rows; i += batch) {
        part.cell = souk_cell(&rows, i, 0);
        part.n_rows = rows.n_rows - i < batch ? rows.n_rows - i : batch;
        assert_well(store_put(s, kind, &part, on_outcome, &told, &err), &err);
    }
    assert_well(store_finish(s, &err), &err);
    store_end(s);
    assert_well(db_end(db, 0, &err), &err);
    arena_free(a);
    return told;
}

static inline void assert_told(struct told told, int accepted, int unchanged, const char *rejects)
{
    int rejected = 0;
    for (const char *at = rejects; *at; at++)
        rejected += *at == '\n';
    assert_string_equal(buf_str(&told.rejects), rejects);
    assert_int_equal(told.n[STORE_ACCEPTED], accepted);
    assert_int_equal(told.n[STORE_UNCHANGED], unchanged);
    assert_int_equal(told.n[STORE_REJECTED], rejected);
    buf_free(&told.rejects);
}

#endif
