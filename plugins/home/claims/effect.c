/* SPDX-License-Identifier: Apache-2.0 */
/*
 * effect.c: what a claim does to the order defect rate: as it is, if it is decided against the seller, and if not.
 *
 * The rate goes by the day of the order and counts an order once, so a claim changes nothing when its order has
 * another defect, or was placed before the window.  All in whole numbers: num * 10000 against basis points.
 */
#include "claims.h"

struct rate {
    int64_t with, without;                              /* orders with a defect: if it counts, if it does not */
    int64_t now, orders;
    int64_t limit_bp;                                   /* 0: the policy has none */
    int32_t from, to, window;
    struct souk_args rows;
};

/* So many more until the limit is reached; below 0: none, as it is passed. */
static int64_t left_of(const struct rate *r, int64_t num)
{
    const int64_t whole = r->limit_bp * r->orders;
    return whole / 10000 + (whole % 10000 > 0) - num;
}

static int window_of(struct souk_call *call, const struct souk_market_now *m, struct rate *r, int64_t *stars)
{
    struct souk_policy line;
    int rc = souk_policy(call, m->id, "defect.window_days", m->today, &line);
    if (rc < 0)
        return rc == SOUK_EABSENT ? 0 : rc;
    r->window = (int32_t)line.value.num;
    r->from = m->today - r->window + 1;
    r->to = m->today;
    rc = souk_policy(call, m->id, "feedback.negative_stars", m->today, &line);
    *stars = rc >= 0 ? line.value.num : 2;
    if (rc >= 0 || rc == SOUK_EABSENT)
        rc = souk_policy(call, m->id, "defect.limit", m->today, &line);
    r->limit_bp = rc >= 0 ? line.value.num : 0;
    return rc >= 0 || rc == SOUK_EABSENT ? 1 : rc;
}

static int rate_read(struct souk_call *call, const struct souk_rows *claim, const struct souk_market_now *m, int64_t stars,
                     struct rate *r)
{
    const struct souk_value market = souk_market(m->id), *order = souk_cell(claim, 0, K_ORDER);
    struct souk_rows orders, now, without;
    int64_t since_s = 0;
    int rc = call->query->day_start(call, m->id, r->from, &since_s);
    if (rc >= 0)
        rc = souk_query(call, &orders, "orders_placed", { "market", market }, { "from", souk_day(r->from) },
                        { "to", souk_day(r->to) });
#define DEFECTS(left_out) { "market", market }, { "from", souk_day(r->from) }, { "to", souk_day(r->to) }, \
        { "since", souk_instant(since_s) }, { "stars", souk_count(stars) }, { "without", left_out }
    if (rc >= 0)
        rc = souk_query(call, &now, "defect_count", DEFECTS(souk_text("")), { "order", *order });
    if (rc >= 0)
        rc = souk_query(call, &without, "defect_count", DEFECTS(*souk_cell(claim, 0, K_ID)), { "order", *order });
#undef DEFECTS
    if (rc < 0)
        return rc;
    r->orders = souk_num(&orders, 0, 0, 0);
    r->now = souk_num(&now, 0, 0, 0);
    r->without = souk_num(&without, 0, 0, 0);
    r->with = r->without + !souk_num(&without, 0, 1, 0);
    return 0;
}

static void case_put(struct souk_call *call, const struct souk_market_now *m, const struct rate *r, const char *label,
                     int64_t num, const struct souk_args *rows)
{
    const int64_t left = left_of(r, num);
    const int is_said = r->limit_bp && r->orders;
    const struct souk_args of = SOUK_ARGS({ "num", souk_count(num) }, { "den", souk_count(r->orders) },
                                          { "limit", souk_bp(r->limit_bp) }, { "n", souk_count(left > 0 ? left : 1 - left) });
    souk_stat(call, .label = { label, { NULL, 0, 0 } }, .value = souk_rate(num, r->orders), .is_estimate = 1,
              .tone = !is_said ? SOUK_PLAIN : left > 0 ? SOUK_GOOD : SOUK_BAD,
              .note = { !is_said ? "effect_counts" : left > 0 ? "effect_left" : "effect_over", of },
              .why = SOUK_WHY(.rows = "defects", .args = *rows, .formula = { label, of },
                              .policy = "defect.limit", .market = m->id, .policy_day = m->today));
}

int effect_put(struct souk_call *call, const struct souk_rows *claim, const struct souk_market_now *m)
{
    const struct souk_value *kind = souk_cell(claim, 0, K_KIND), *order_day = souk_cell(claim, 0, K_ORDER_DAY);
    const int counts = souk_num(claim, 0, K_COUNTS, 1) != 0, is_chargeback = souk_is(kind, "chargeback");
    struct rate r = { .limit_bp = 0 };
    int64_t stars = 2, since_s = 0;
    int rc;
    souk_section(call, "effect");
    if (!souk_is(kind, "a_to_z") && !is_chargeback) {
        souk_text_line(call, .text = SOUK_MSG("effect_other_kind"));
    } else if (!m || order_day->type == SOUK_NONE) {
        souk_text_line(call, .text = SOUK_MSG("effect_unknown_order"));
    } else if ((rc = window_of(call, m, &r, &stars)) <= 0) {
        souk_text_line(call, .text = SOUK_MSG("effect_no_policy"));
        if (rc < 0)
            return rc;
    } else if (order_day->num < r.from) {
        souk_text_line(call, .text = SOUK_MSG("effect_over_already", { "day", *order_day }, { "days", souk_count(r.window) },
                                              { "until", souk_day((int32_t)order_day->num + r.window - 1) }));
    } else {
        rc = rate_read(call, claim, m, stars, &r);
        if (rc >= 0)
            rc = call->query->day_start(call, m->id, r.from, &since_s);
        if (rc < 0)
            return rc;
        const struct souk_args all = SOUK_ARGS({ "market", souk_market(m->id) }, { "from", souk_day(r.from) },
            { "to", souk_day(r.to) }, { "since", souk_instant(since_s) }, { "stars", souk_count(stars) },
            { "without", souk_text("") });
        case_put(call, m, &r, "effect_now", r.now, &all);
        if (counts && !is_chargeback)
            case_put(call, m, &r, "effect_granted", r.with, &all);
        if (counts && !is_chargeback)
            case_put(call, m, &r, "effect_denied", r.without, &all);
        if (counts && is_chargeback)
            souk_text_line(call, .text = SOUK_MSG("effect_chargeback"));
        if (!counts)
            souk_text_line(call, .text = SOUK_MSG("effect_counts_not"));
        else if (r.with == r.without)
            souk_text_line(call, .text = SOUK_MSG("effect_other_defect"));
        souk_fact(call, .label = SOUK_MSG("effect_until"), .value = souk_day((int32_t)order_day->num + r.window - 1),
                  .why = SOUK_WHY(.formula = SOUK_MSG("effect_until_why", { "day", *order_day }, { "days", souk_count(r.window) }),
                                  .policy = "defect.window_days", .market = m->id, .policy_day = m->today));
    }
    souk_end(call);
    return 0;
}
