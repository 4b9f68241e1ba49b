/* SPDX-License-Identifier: Apache-2.0 */
/*
 * deadline.c: what must be done until when.
 *
 * in:     claims, threads, open orders, cases, notices, promotions; the policies of their markets
 * out:    one list, ordered by time
 * knows:  db, policy, calendar, market.  Has never heard of pages or calendars of other programs.
 *
 * Orders are not looked at one by one: those of a day are one deadline, or two where a cutoff divides
 * the day; how many they are stands in the kept totals.
 */
#include "deadline.h"

#include <stdlib.h>
#include <string.h>

#include "base/zone.h"
#include "calendar.h"
#include "market.h"

enum { SOON_S = 7 * 86400 };

static const char *const words[] = {
    [DEADLINE_CLAIM] = "claim", [DEADLINE_MESSAGE] = "message", [DEADLINE_SHIP] = "ship",
    [DEADLINE_CASE] = "case", [DEADLINE_NOTICE] = "notice", [DEADLINE_PROMOTION] = "promotion",
};

const char *deadline_word(enum deadline_kind kind)
{
    return words[kind];
}

enum deadline_kind deadline_of_word(const char *word)
{
    for (size_t i = DEADLINE_CLAIM; i < COUNT_OF(words); i++)
        if (text_is(word, words[i]))
            return (enum deadline_kind)i;
    return 0;
}

struct gather {
    struct db *db;
    struct policies *policies;
    struct arena *a;
    int64_t now_s;
    struct err *err;
    struct deadline *at;
    size_t n, room;
};

static struct deadline *add(struct gather *g, enum deadline_kind kind, int64_t due_s, const char *market)
{
    if (g->n == g->room) {
        struct deadline *old = g->at;
        g->room = g->room ? g->room * 2 : 32;
        g->at = arena_alloc(g->a, g->room * sizeof *g->at);
        if (g->n)
            memcpy(g->at, old, g->n * sizeof *old);
    }
    struct deadline *d = &g->at[g->n++];
    *d = (struct deadline){ kind, due_s, arena_text(g->a, market), "", "", "", 1, "", "", "" };
    return d;
}

/* ---- what names its time itself ----------------------------------------------------------------------- */

/* kind's rows: due_s, market, ref, subject, state, rule */
static int add_rows(struct gather *g, enum deadline_kind kind, const char *sql)
{
    struct stmt *s = stmt_of(g->db, sql, g->err);
    int rc = s ? 0 : -g->err->code;
    if (s && bind_index(s, ":now_s"))
        bind_int(s, bind_index(s, ":now_s"), g->now_s);
    if (s && bind_index(s, ":soon_s"))
        bind_int(s, bind_index(s, ":soon_s"), g->now_s + SOON_S);
    while (s && (rc = stmt_step(g->db, s, g->err)) > 0) {
        struct deadline *d = add(g, kind, stmt_int(s, 0), stmt_text(s, 1));
        d->ref = arena_text(g->a, stmt_text(s, 2));
        d->subject = arena_text(g->a, stmt_text(s, 3));
        d->state = arena_text(g->a, stmt_text(s, 4));
        d->rule = arena_text(g->a, stmt_text(s, 5));
    }
    return rc;
}

static const char sql_claims[] =
    "SELECT c.due_s, coalesce(m.id, ''), 'claim:' || c.claim_id, coalesce(c.order_id, ''), c.state, coalesce(c.due_rule, '')"
    " FROM claim c LEFT JOIN market m ON m.no = c.market_no"
    " WHERE c.state IN ('action', 'appeal') AND c.due_s IS NOT NULL";

static const char sql_cases[] =
    "SELECT c.closes_s, coalesce(m.id, ''), 'case:' || c.case_id, c.subject, '', ''"
    " FROM cases c LEFT JOIN market m ON m.no = c.market_no"
    " WHERE c.state <> 'closed' AND c.closes_s IS NOT NULL";

static const char sql_notices[] =
    "SELECT n.deadline_s, coalesce(m.id, ''), 'notice:' || n.no, n.subject, '', ''"
    " FROM notice n LEFT JOIN market m ON m.no = n.market_no"
    " WHERE n.done_s IS NULL AND n.deadline_s IS NOT NULL";

static const char sql_promotions[] =
    "SELECT p.end_s, coalesce(m.id, ''), 'promotion:' || p.promotion_id, p.name, '', ''"
    " FROM promotion p LEFT JOIN market m ON m.no = p.market_no"
    " WHERE p.end_s > :now_s AND p.end_s <= :soon_s AND p.start_s <= :now_s AND p.status NOT IN ('draft', 'ended')";

/* ---- letters of buyers -------------------------------------------------------------------------------- */

static const char sql_threads[] =
    "SELECT t.waits_s, coalesce(m.id, ''), t.thread_id, t.subject"
    " FROM thread t LEFT JOIN market m ON m.no = t.market_no"
    " WHERE t.waits_s IS NOT NULL";

static const char sql_markets[] =
    "SELECT id FROM market"
    " ORDER BY no";

/* The shortest answer time of the account's markets: for a letter that does not say of which it is. */
static int strictest(struct gather *g, int64_t *answer_s)
{
    struct stmt *s = stmt_of(g->db, sql_markets, g->err);
    int rc = s ? 0 : -g->err->code;
    *answer_s = 0;
    while (s && (rc = stmt_step(g->db, s, g->err)) > 0) {
        const struct market *m = market_by_id(stmt_text(s, 0));
        struct policy_line line;
        struct err none = { 0 };
        if (m && policy_get(g->policies, g->a, m->code, "message.answer", (int32_t)(g->now_s / 86400), &line, &none) == 0 &&
            line.type == POLICY_SECONDS && (!*answer_s || line.number < *answer_s))
            *answer_s = line.number;
    }
    return rc;
}

/* 0: the market has no such rule. */
static int answer_time(struct gather *g, const struct market *m, int64_t waits_s, int64_t *answer_s)
{
    struct policy_line line;
    struct err why = { 0 };
    const struct zone *zone = zone_get(m->zone, g->err);
    *answer_s = 0;
    if (!zone)
        return -g->err->code;
    int rc = policy_get(g->policies, g->a, m->code, "message.answer", zone_day(zone, waits_s), &line, &why);
    if (rc == 0 && line.type == POLICY_SECONDS)
        *answer_s = line.number;
    return rc == 0 || rc == -ERR_ABSENT ? 0 : err_set(g->err, (enum err_code)why.code, "%s", why.text);
}

static int add_letters(struct gather *g)
{
    struct stmt *s = stmt_of(g->db, sql_threads, g->err);
    int64_t anywhere_s;
    int rc = s ? strictest(g, &anywhere_s) : -g->err->code;
    while (rc >= 0 && (rc = stmt_step(g->db, s, g->err)) > 0) {
        const struct market *m = market_by_id(stmt_text(s, 1));
        int64_t waits_s = stmt_int(s, 0), answer_s = anywhere_s;
        if (m && (rc = answer_time(g, m, waits_s, &answer_s)) < 0)
            break;
        if (!answer_s)
            continue;
        struct deadline *d = add(g, DEADLINE_MESSAGE, waits_s + answer_s, stmt_text(s, 1));
        d->ref = arena_printf(g->a, "thread:%s", stmt_text(s, 2));
        d->subject = arena_text(g->a, stmt_text(s, 3));
        d->rule = "message.answer";
    }
    if (s)
        stmt_reset(s);
    return rc;
}

/* ---- orders to be shipped ----------------------------------------------------------------------------- */

static const char sql_open[] =
    "SELECT d.market_no, m.id, d.day, d.orders"
    " FROM open_day d JOIN market m ON m.no = d.market_no"
    " WHERE d.fulfilment = 1 AND d.state = 'unshipped'"
    " ORDER BY d.market_no, d.day";

static const char sql_placed[] =
    "SELECT count(*)"
    " FROM orders o JOIN status s ON s.no = o.status_no"
    " WHERE o.market_no = :market_no AND o.is_open = 1 AND o.fulfilment = 'seller' AND s.state = 'unshipped'"
    "   AND o.purchase_s >= :from_s AND o.purchase_s < :to_s";

struct open_orders {                                    /* of one market and day */
    int64_t market_no;
    const struct market *market;
    int32_t day;
    int64_t orders;
};

/* One deadline for all orders that are due at once, and one for all that are late already. */
static void add_ship(struct gather *g, const struct open_orders *o, int64_t due_s, int64_t orders)
{
    if (!orders)
        return;
    for (size_t i = g->n; i-- && g->at[i].kind == DEADLINE_SHIP;) {
        struct deadline *d = &g->at[i];
        bool is_late = due_s <= g->now_s && d->due_s <= g->now_s;
        if (!text_is(d->market, o->market->id) || (!is_late && d->due_s != due_s))
            continue;
        d->count += orders;
        d->due_s = due_s < d->due_s ? due_s : d->due_s;
        return;
    }
    struct deadline *d = add(g, DEADLINE_SHIP, due_s, o->market->id);
    d->count = orders;
    d->rule = "ship.handling_days";
}

static int placed_before(struct gather *g, const struct open_orders *o, int64_t from_s, int64_t to_s, int64_t *orders)
{
    struct stmt *s = stmt_of(g->db, sql_placed, g->err);
    if (!s)
        return -g->err->code;
    bind_int(s, 1, o->market_no);
    bind_int(s, 2, from_s);
    bind_int(s, 3, to_s);
    int rc = stmt_step(g->db, s, g->err);
    *orders = rc > 0 ? stmt_int(s, 0) : 0;
    stmt_reset(s);
    return rc < 0 ? rc : 0;
}

static int add_day(struct gather *g, const struct calendar *c, const struct open_orders *o)
{
    const struct zone *zone = zone_get(o->market->zone, g->err);
    int64_t from_s = zone ? zone_day_start(zone, o->day) : 0, to_s = zone ? zone_day_start(zone, o->day + 1) : 0;
    int64_t first_s, last_s, at_s, early;
    int rc = zone ? calendar_late_at(c, from_s, &first_s, g->err) : -g->err->code;
    if (rc == 0)
        rc = calendar_late_at(c, to_s - 1, &last_s, g->err);
    if (rc < 0)
        return rc;
    if (first_s == last_s) {
        add_ship(g, o, first_s, o->orders);
        return 0;
    }
    int64_t low = from_s, high = to_s - 1;              /* the cutoff lies between them */
    while (rc == 0 && low + 1 < high) {
        int64_t middle = low + (high - low) / 2;
        rc = calendar_late_at(c, middle, &at_s, g->err);
        *(at_s == first_s ? &low : &high) = middle;
    }
    if (rc == 0)
        rc = placed_before(g, o, from_s, high, &early);
    if (rc < 0)
        return rc;
    add_ship(g, o, first_s, early);
    add_ship(g, o, last_s, o->orders - early);
    return 0;
}

static int add_orders(struct gather *g)
{
    struct stmt *s = stmt_of(g->db, sql_open, g->err);
    struct calendar *calendar = NULL;
    const struct market *of = NULL;
    int rc = s ? 0 : -g->err->code;
    while (s && rc >= 0 && (rc = stmt_step(g->db, s, g->err)) > 0) {
        const struct open_orders o = {
            stmt_int(s, 0), market_by_id(stmt_text(s, 1)), (int32_t)stmt_int(s, 2), stmt_int(s, 3)
        };
        struct err why = { 0 };
        if (!o.market)
            continue;
        if (o.market != of) {
            of = o.market;
            calendar = NULL;
            if (calendar_open(&calendar, g->policies, g->a, of, &why) == -ERR_CONF)
                rc = err_set(g->err, ERR_CONF, "%s", why.text);
        }
        if (rc > 0 && calendar && add_day(g, calendar, &o) < 0) {
            rc = -g->err->code;
            if (rc == -ERR_ABSENT) {                    /* no rule of that day: no deadline */
                err_clear(g->err);
                rc = 1;
            }
        }
    }
    if (s)
        stmt_reset(s);
    return rc;
}

/* ---- the rules, quoted ------------------------------------------------------------------------------------ */

static void quote(struct gather *g, struct deadline *d)
{
    const struct market *m = market_by_id(d->market);
    const struct zone *zone;
    struct policy_line line;
    struct err none = { 0 };
    if (!m || !*d->rule || !(zone = zone_get(m->zone, &none)))
        return;
    if (policy_get(g->policies, g->a, m->code, d->rule, zone_day(zone, g->now_s), &line, &none) < 0)
        return;
    d->rule_value = line.text;
    d->rule_source = line.source;
}

/* ---- all of it ------------------------------------------------------------------------------------------ */

static int by_time(const void *one, const void *other)
{
    const struct deadline *x = one, *y = other;
    if (x->due_s != y->due_s)
        return x->due_s < y->due_s ? -1 : 1;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    int order = strcmp(x->market, y->market);
    return order ? order : strcmp(x->ref, y->ref);
}

int deadline_list(struct db *db, struct policies *policies, struct arena *a, int64_t now_s,
                  struct deadline **list, size_t *n, struct err *err)
{
    struct gather g = { .db = db, .policies = policies, .a = a, .now_s = now_s, .err = err };
    int rc = add_rows(&g, DEADLINE_CLAIM, sql_claims);
    if (rc >= 0)
        rc = add_rows(&g, DEADLINE_CASE, sql_cases);
    if (rc >= 0)
        rc = add_rows(&g, DEADLINE_NOTICE, sql_notices);
    if (rc >= 0)
        rc = add_rows(&g, DEADLINE_PROMOTION, sql_promotions);
    if (rc >= 0)
        rc = add_letters(&g);
    if (rc >= 0)
        rc = add_orders(&g);
    for (size_t i = 0; i < g.n; i++)
        quote(&g, &g.at[i]);
    if (g.n)
        qsort(g.at, g.n, sizeof *g.at, by_time);
    *list = g.at;
    *n = g.n;
    return rc < 0 ? rc : 0;
}
