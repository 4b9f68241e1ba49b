/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ask.c: what a widget is asked.  See ask.h.
 */
#include "ask.h"

#include <stdlib.h>
#include <string.h>

#include "base/zone.h"
#include "data/market.h"
#include "field.h"

const char *const ask_periods[] = { "7d", "15d", "30d", "90d", NULL };

static const char sql_markets[] = "SELECT id, data_until_s FROM market ORDER BY no";

struct known {
    const struct market *market;
    int64_t data_until_s;
};

static int by_table(const void *a, const void *b)
{
    const struct known *x = a, *y = b;
    return x->market < y->market ? -1 : x->market > y->market;
}

static int known_markets(struct arena *a, struct db *db, struct known **out, size_t *n, struct err *err)
{
    struct known *all = arena_alloc(a, 64 * sizeof *all);
    struct stmt *s = stmt_of(db, sql_markets, err);
    int rc;
    *n = 0;
    if (!s)
        return -err->code;
    while ((rc = stmt_step(db, s, err)) > 0) {
        const struct market *m = market_by_id(stmt_text(s, 0));
        if (m && *n < 64)
            all[(*n)++] = (struct known){ m, stmt_int(s, 1) };
    }
    qsort(all, *n, sizeof *all, by_table);
    *out = all;
    return rc;
}

int ask_markets(struct arena *a, struct db *db, const char *const **ids, size_t *n, struct err *err)
{
    struct known *known;
    int rc = known_markets(a, db, &known, n, err);
    if (rc < 0)
        return rc;
    const char **list = arena_alloc(a, (*n + 1) * sizeof *list);
    for (size_t i = 0; i < *n; i++)
        list[i] = known[i].market->id;
    *ids = list;
    return 0;
}

/* "30d" counts back from today; "2026-10-01..2026-10-31" stands as it is. */
static int period(const char *text, int32_t today, int32_t *from, int32_t *to, struct err *err)
{
    char first[11];
    int64_t days;
    size_t n = strlen(text);
    if (n >= 2 && n <= 5 && text[n - 1] == 'd') {
        char digits[8];
        memcpy(digits, text, n - 1);
        digits[n - 1] = '\0';
        if (text_int(digits, &days) && days >= 1 && days <= 800) {
            *from = today - (int32_t)days + 1;
            *to = today;
            return 0;
        }
    }
    if (n == 22 && !memcmp(text + 10, "..", 2)) {
        memcpy(first, text, 10);
        first[10] = '\0';
        if (day_parse(first, from) && day_parse(text + 12, to) && *from <= *to && *to - *from < 800)
            return 0;
    }
    return err_set(err, ERR_INPUT, "'%.40s' is no period: write 7d, 30d or 2026-10-01..2026-10-31, at most 800 days.",
                   text);
}

/* As declared, all given: what was left empty is as if it had not been chosen. */
static int options(struct arena *a, const struct ask_setup *setup, const char *zone, struct souk_args *args,
                   struct err *err)
{
    const struct souk_list *list = &setup->widget->options;
    const struct field_source from = { setup->text_of, setup->ctx, NULL, zone };
    int rc = fields_read(a, list, &from, args, NULL, err);
    struct souk_arg *arg = arena_alloc(a, (args->n + 1) * sizeof *arg);
    for (uint32_t i = 0; rc == 0 && i < args->n; i++) {
        arg[i] = args->at[i];
        if (arg[i].value.type == SOUK_NONE)
            arg[i].value = field_at(list, i)->fallback; /* each has one, so each is in args */
    }
    args->at = arg;
    return rc;
}

int ask_make(struct arena *a, const struct ask_setup *setup, struct souk_ask *ask, struct err *err)
{
    struct known *known;
    size_t n;
    const char *chosen = setup->text_of(setup->ctx, "market"), *span = setup->text_of(setup->ctx, "period");
    int rc = known_markets(a, setup->db, &known, &n, err);
    if (rc < 0)
        return rc;
    const struct market *only = NULL;
    /* "all" is what a query's parameter says where no market was chosen; on its page it stands in the same address. */
    if (chosen && *chosen && !text_is(chosen, "all")) {
        only = market_find(chosen);
        size_t at = 0;
        while (only && at < n && known[at].market != only)
            at++;
        if (!only || at == n) {
            struct buf has = { 0 };
            for (size_t i = 0; i < n; i++)
                buf_printf(&has, "%s%s", i ? ", " : "", known[i].market->code);
            rc = n ? err_set(err, ERR_INPUT, "This account has no market '%.40s'; it has %s.", chosen, buf_str(&has))
                   : err_set(err, ERR_INPUT, "This account has no market '%.40s': nothing was imported yet.", chosen);
            buf_free(&has);
            return rc;
        }
    }
    struct souk_market_now *now = arena_zero(a, (n + 1) * sizeof *now);
    uint32_t used = 0;
    for (size_t i = 0; i < n; i++) {
        const struct market *m = known[i].market;
        if (only && m != only)
            continue;
        const struct zone *zone = zone_get(m->zone, err);
        if (!zone)
            return -err->code;
        struct souk_market_now *o = &now[used++];
        o->size = sizeof *o;
        o->id = m->id;
        o->currency = m->currency;
        o->zone = m->zone;
        o->today = zone_day(zone, setup->now_s);
        o->today_start_s = zone_day_start(zone, o->today);
        o->data_until_s = known[i].data_until_s;
        int64_t covered = o->data_until_s < setup->now_s ? o->data_until_s : setup->now_s;
        o->data_elapsed_s = covered > o->today_start_s ? covered - o->today_start_s : 0;
        rc = period(span && *span ? span : ASK_PERIOD, o->today, &o->from, &o->to, err);
        if (rc < 0)
            return rc;
    }
    *ask = (struct souk_ask){
        .size = sizeof *ask, .face = setup->face, .now_s = setup->now_s,
        .markets = now, .n_markets = used, .market_size = sizeof *now,
    };
    return options(a, setup, only ? only->zone : "UTC", &ask->options, err);
}

int64_t ask_midnight(const struct souk_ask *ask)
{
    int64_t next = INT64_MAX;
    for (uint32_t i = 0; i < ask->n_markets; i++) {
        const struct souk_market_now *m = souk_market_at(ask, i);
        struct err err = { 0 };
        const struct zone *zone = zone_get(m->zone, &err);
        int64_t start = zone ? zone_day_start(zone, m->today + 1) : ask->now_s;
        if (start < next)
            next = start;
    }
    return next;
}

static const char *nothing(void *ctx, const char *name)
{
    (void)ctx;
    (void)name;
    return NULL;
}

int ask_all(struct arena *a, struct db *db, int64_t now_s, struct souk_ask *ask, struct err *err)
{
    static const struct souk_widget none = { .size = sizeof none };
    const struct ask_setup setup = { db, &none, now_s, SOUK_PAGE, nothing, NULL };
    return ask_make(a, &setup, ask, err);
}
