/* SPDX-License-Identifier: Apache-2.0 */
/*
 * held.c: what holds money back, and until when.
 *
 * A settlement names the amount that is kept in reserve and no reason for it.  What Souk knows besides: rows
 * that the payments report of 2026 calls deferred, with the day of their release where it tells one; open
 * A-to-z claims, chargebacks of the last 30 days, and an order defect rate that is not below its target
 * (https://sellercentral.amazon.sa/gp/help/external/help.html?itemID=200136810).
 */
#include "payments.h"

enum { CHARGEBACK_DAYS = 30, PPM = 1000000 };

/* Columns of the query "held". */
enum { HELD_DAY, HELD_STATUS, HELD_LINES, HELD_AMOUNT, HELD_OPEN };

int held_read(struct souk_call *call, struct purse *p)
{
    const struct souk_args args = PURSE_ARGS(p);
    struct souk_rows rows;
    int rc = souk_query_args(call, &rows, "held", args);
    p->deferred = p->deferred_open = 0;
    for (uint32_t r = 0; rc == 0 && r < rows.n_rows; r++) {
        p->deferred += souk_num(&rows, r, HELD_AMOUNT, 0);
        p->deferred_open += souk_num(&rows, r, HELD_OPEN, 0);
    }
    return rc;
}

/* ---- deferred rows ------------------------------------------------------------------------------------ */

struct releases {
    int64_t lines, late_lines, late, no_day_lines, no_day;      /* late: their day is over */
    int32_t next;                                       /* the first day that is not over; 0: none */
    int64_t next_amount;
};

static struct releases releases_of(const struct souk_rows *rows, int32_t today)
{
    struct releases x = { 0 };
    for (uint32_t r = 0; r < rows->n_rows; r++) {
        int64_t lines = souk_num(rows, r, HELD_LINES, 0), minor = souk_num(rows, r, HELD_AMOUNT, 0);
        int32_t day = (int32_t)souk_num(rows, r, HELD_DAY, -1);
        x.lines += lines;
        if (day < 0) {
            x.no_day_lines += lines;
            x.no_day += minor;
        } else if (day < today) {
            x.late_lines += lines;
            x.late += minor;
        } else if (!x.next || day == x.next) {          /* they come in order */
            x.next = day;
            x.next_amount += minor;
        }
    }
    return x;
}

/* Days with their sums, and as bars; days come before rows that name none. */
static void calendar(struct souk_call *call, const struct purse *p, const struct souk_rows *rows)
{
    enum { DAYS = 120 };
    const struct souk_args args = PURSE_ARGS(p);
    struct souk_value cell[DAYS * 2];
    uint32_t n = 0;
    for (uint32_t r = 0; r < rows->n_rows; r++) {
        const struct souk_value *day = souk_cell(rows, r, HELD_DAY);
        if (day->type == SOUK_NONE)
            continue;
        if (n && cell[n * 2 - 2].num == day->num) {
            cell[n * 2 - 1].num += souk_num(rows, r, HELD_AMOUNT, 0);
        } else if (n < DAYS) {
            cell[n * 2] = *day;
            cell[n * 2 + 1] = purse_money(p, souk_num(rows, r, HELD_AMOUNT, 0));
            n++;
        }
    }
    if (n > 1)
        souk_chart(call, .kind = SOUK_BARS, .title = SOUK_MSG("calendar"), .rows = { "release_day:day amount:money", cell, 2, n, 0, 0 },
                   .why = SOUK_WHY(.rows = "held_rows", .args = args, .formula = SOUK_MSG("held_about")));
    souk_table(call, .title = SOUK_MSG("calendar"), .rows = *rows, .more = SOUK_TO(.query = "held_rows", .args = args),
               .why = SOUK_WHY(.rows = "held_rows", .args = args, .formula = SOUK_MSG("held_about")));
}

static int deferred(struct souk_call *call, const struct purse *p)
{
    const struct souk_args args = PURSE_ARGS(p);
    struct souk_rows rows;
    struct souk_policy line;
    int is_page = p->ask->face == SOUK_PAGE;
    int rc = souk_query_args(call, &rows, "held", args);
    if (rc < 0)
        return rc;
    int32_t today = p->m ? p->m->today : (int32_t)(p->ask->now_s / 86400);
    struct releases x = releases_of(&rows, today);
    if (!x.lines) {
        if (is_page)
            souk_text_line(call, .text = SOUK_MSG("none_deferred"));
        return 0;
    }
    souk_fact(call, .label = SOUK_MSG("deferred"), .value = purse_money(p, p->deferred), .to = SOUK_TO(.query = "held_rows", .args = args),
              .why = SOUK_WHY(.rows = "held_rows", .args = args,
                              .formula = SOUK_MSG("deferred_why", { "lines", souk_count(x.lines) },
                                                  { "open", purse_money(p, p->deferred_open) })));
    if (x.next)
        souk_fact(call, .label = SOUK_MSG("next_release", { "day", souk_day(x.next) }), .value = purse_money(p, x.next_amount),
                  .why = SOUK_WHY(.rows = "held_rows", .args = args, .formula = SOUK_MSG("held_about")));
    if (x.no_day_lines && p->m && souk_policy(call, p->m->id, "reserve.days_after_delivery", today, &line) >= 0)
        souk_fact(call, .label = SOUK_MSG("no_day"), .value = purse_money(p, x.no_day),
                  .why = SOUK_WHY(.rows = "held_rows", .args = args,
                                  .formula = SOUK_MSG("no_day_why", { "lines", souk_count(x.no_day_lines) }, { "days", line.value }),
                                  .policy = "reserve.days_after_delivery", .market = p->m->id, .policy_day = today));
    if (x.late_lines)
        souk_alert(call, .tone = SOUK_WATCH, .to = SOUK_TO(.query = "held_rows", .args = args),
                   .text = SOUK_MSG("release_over", { "lines", souk_count(x.late_lines) }, { "amount", purse_money(p, x.late) }));
    if (is_page)
        calendar(call, p, &rows);
    return 0;
}

/* ---- claims, chargebacks, order defects ---------------------------------------------------------------- */

static int claims(struct souk_call *call, const struct purse *p, const char *query, const char *label, struct souk_args args)
{
    struct souk_rows rows;
    int64_t sum = 0, unpriced = 0;
    int rc = souk_query_args(call, &rows, query, args);
    if (rc < 0)
        return rc;
    for (uint32_t r = 0; r < rows.n_rows; r++) {
        const struct souk_value *minor = souk_cell(&rows, r, 5);
        if (minor->type == SOUK_MONEY && souk_is(souk_cell(&rows, r, 4), p->currency.text.at))
            sum += minor->num;
        else
            unpriced++;
    }
    if (!rows.n_rows && p->ask->face == SOUK_CARD)
        return 0;
    int is_unknown = rows.n_rows && unpriced == rows.n_rows;        /* not nothing: nobody says how much */
    souk_fact(call, .label = SOUK_MSG(label, { "n", souk_count(rows.n_rows) }),
              .value = is_unknown ? souk_none() : purse_money(p, sum),
              .tone = rows.n_rows ? SOUK_WATCH : SOUK_PLAIN, .to = SOUK_TO(.query = query, .args = args),
              .why = SOUK_WHY(.rows = query, .args = args,
                              .formula = SOUK_MSG("claims_why", { "n", souk_count(rows.n_rows) }, { "sum", purse_money(p, sum) },
                                                  { "unpriced", souk_count(unpriced) })));
    if (rows.n_rows && p->ask->face == SOUK_PAGE)
        souk_table(call, .title = { query, { 0, 0, 0 } }, .rows = rows,
                   .why = SOUK_WHY(.rows = query, .args = args, .formula = { query, { 0, 0, 0 } }));
    return 0;
}

/* Is the rate of a health report not below what the report itself demands?  Whole numbers on both sides. */
static int is_over(const struct souk_rows *rows, uint32_t r)
{
    int64_t num = souk_num(rows, r, 2, -1), den = souk_num(rows, r, 3, 0), rate = souk_num(rows, r, 4, -1),
            target = souk_num(rows, r, 5, -1);
    if (target < 0)
        return 0;
    return num >= 0 && den > 0 ? num * PPM >= target * den : rate >= target;
}

static int defects(struct souk_call *call, const struct purse *p)
{
    const struct souk_args args = SOUK_ARGS({ "market", p->market });
    struct souk_rows rows;
    int rc = souk_query_args(call, &rows, "defects", args), shown = 0;
    for (uint32_t r = 0; rc == 0 && r < rows.n_rows && souk_num(&rows, r, 0, 0) == souk_num(&rows, 0, 0, 0); r++) {
        struct souk_value rate = souk_num(&rows, r, 3, 0) > 0 && souk_cell(&rows, r, 2)->type != SOUK_NONE
                                 ? souk_rate(souk_num(&rows, r, 2, 0), souk_num(&rows, r, 3, 0))
                                 : souk_rate(souk_num(&rows, r, 4, 0), souk_cell(&rows, r, 4)->type == SOUK_NONE ? 0 : PPM);
        struct souk_value target = souk_rate(souk_num(&rows, r, 5, 0), souk_cell(&rows, r, 5)->type == SOUK_NONE ? 0 : PPM);
        int over = is_over(&rows, r);
        const char *by = souk_is(souk_cell(&rows, r, 1), "marketplace") ? "defects_marketplace" : "defects_seller";
        if (!over && p->ask->face == SOUK_CARD)
            continue;
        souk_fact(call, .label = SOUK_MSG(by), .value = rate, .tone = over ? SOUK_BAD : SOUK_PLAIN,
                  .to = SOUK_TO(.query = "defects", .args = args),
                  .why = SOUK_WHY(.rows = "defects", .args = args,
                                  .formula = SOUK_MSG(over ? "defects_over" : "defects_under", { "rate", rate }, { "target", target }),
                                  .origin = SOUK_MSG("defects_origin", { "at", *souk_cell(&rows, r, 0) })));
        shown++;
    }
    if (rc == 0 && !shown && p->ask->face == SOUK_PAGE)
        souk_text_line(call, .text = SOUK_MSG("no_defects"));
    return rc;
}

int held_render(struct souk_call *call, const struct purse *p)
{
    int is_page = p->ask->face == SOUK_PAGE;
    int64_t since_s = p->ask->now_s - CHARGEBACK_DAYS * INT64_C(86400);
    const struct souk_args open = SOUK_ARGS({ "market", p->market }),
                           recent = SOUK_ARGS({ "market", p->market }, { "since", souk_instant(since_s) });
    if (is_page)
        souk_section(call, "held");
    int rc = deferred(call, p);
    if (rc == 0 && p->m)
        rc = claims(call, p, "claims", "open_claims", open);
    if (rc == 0 && p->m)
        rc = claims(call, p, "chargebacks", "late_chargebacks", recent);
    if (rc == 0 && p->m)
        rc = defects(call, p);
    if (is_page) {
        souk_text_line(call, .text = SOUK_MSG("no_reason"));
        souk_end(call);
    }
    return rc;
}
