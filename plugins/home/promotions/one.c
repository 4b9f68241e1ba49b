/* SPDX-License-Identifier: Apache-2.0 */
/*
 * one.c: one promotion: when it runs, what it brought and cost, how long its budget lasts, its products, and
 * what runs at the same time.
 */
#include "promotions.h"

/* Columns of the query "days". */
enum { D_DAY, D_UNITS, D_REVENUE, D_SPENT, D_LEFT };

/* ---- the budget ------------------------------------------------------------------------------------------------- */

struct pace {
    int64_t spent, days;                                /* what was spent in so many days; days 0: not known */
    int32_t last;                                       /* the day of the last word */
    int32_t gone;                                       /* the day on which the budget is gone; 0: not at this pace */
};

/* Between the first and the last word; with a single one since its start, or not at all. */
static struct pace pace_of(const struct souk_rows *days, int64_t left, int32_t start_day)
{
    struct pace pace = { 0 };
    uint32_t n = days->n_rows;
    if (!n)
        return pace;
    int32_t first = (int32_t)souk_num(days, 0, D_DAY, 0);
    int64_t before = souk_num(days, 0, D_SPENT, 0);
    pace.last = (int32_t)souk_num(days, n - 1, D_DAY, 0);
    if (n == 1) {
        first = start_day;
        before = 0;
    }
    if (pace.last <= first)
        return pace;
    pace.days = pace.last - first;
    pace.spent = souk_num(days, n - 1, D_SPENT, 0) - before;
    if (pace.spent > 0 && left / pace.spent < 36500 / pace.days)
        pace.gone = pace.last + (int32_t)((left * pace.days + pace.spent - 1) / pace.spent);     /* rounded up */
    return pace;
}

/* What was left day by day, of what was said last before that day. */
static void burn_chart(struct souk_call *call, const struct souk_rows *days, const struct souk_value *p)
{
    enum { DAYS = 120 };
    const struct souk_args args = SOUK_ARGS({ "promotion", p[ID] });
    struct souk_value cell[DAYS * 3];
    uint32_t n = 0;
    int32_t next = 0;
    for (uint32_t r = 0; r < days->n_rows; r++) {
        int32_t day = (int32_t)souk_num(days, r, D_DAY, 0);
        for (; n && next < day && n < DAYS; n++, next++) {
            cell[n * 3] = souk_day(next);
            cell[n * 3 + 1] = cell[n * 3 - 2];
            cell[n * 3 + 2] = cell[n * 3 - 1];
        }
        if (n == DAYS)
            break;
        cell[n * 3] = *souk_cell(days, r, D_DAY);
        cell[n * 3 + 1] = *souk_cell(days, r, D_SPENT);
        cell[n * 3 + 2] = *souk_cell(days, r, D_LEFT);
        n++;
        next = day + 1;
    }
    if (n > 1)
        souk_chart(call, .kind = SOUK_LINE, .title = SOUK_MSG("burn"), .rows = { "day:day spent:money budget_left:money", cell, 3, n, 0, 0 },
                   .why = SOUK_WHY(.rows = "days", .args = args, .formula = SOUK_MSG("days_about")));
}

/* When the budget is gone, against the last day of the promotion. */
static void pace_put(struct souk_call *call, const struct souk_value *p, const struct pace *pace, int64_t left, int32_t last_day)
{
    const char *currency = p[BUDGET].currency;
    const struct souk_args args = SOUK_ARGS({ "promotion", p[ID] });
    int is_early = pace->gone && last_day && pace->gone < last_day;
    const struct souk_why *why = SOUK_WHY(.rows = "days", .args = args,
        .formula = SOUK_MSG("pace_why", { "spent", souk_money(pace->spent, currency) }, { "days", souk_count(pace->days) },
                            { "left", souk_money(left, currency) }, { "last", souk_day(pace->last) }));
    if (!pace->days || (!pace->gone && pace->spent <= 0))
        return;
    if (is_early)
        souk_alert(call, .tone = SOUK_WATCH, .why = why,
                   .text = SOUK_MSG("gone_early", { "day", souk_day(pace->gone) }, { "before", souk_count(last_day - pace->gone) }));
    else
        souk_fact(call, .label = SOUK_MSG("gone"), .value = pace->gone ? souk_day(pace->gone) : souk_none(), .why = why);
}

int budget_put(struct souk_call *call, const struct souk_ask *ask, const struct souk_value *p, int is_whole)
{
    const struct souk_args args = SOUK_ARGS({ "promotion", p[ID] });
    const struct souk_market_now *m = market_of(ask, p);
    struct souk_rows days;
    int32_t start_day = 0, last_day = 0, second = 0;
    if (!is_told(&p[BUDGET]))
        return 0;
    int64_t left = is_told(&p[LEFT]) ? p[LEFT].num : p[BUDGET].num - (is_told(&p[SPENT]) ? p[SPENT].num : 0);
    int is_tight = p[BUDGET].num > 0 && left * 10 <= p[BUDGET].num;
    souk_progress(call, .label = SOUK_MSG("budget"), .value = is_told(&p[SPENT]) ? p[SPENT] : souk_none(), .of = p[BUDGET],
                  .tone = is_tight ? SOUK_WATCH : SOUK_PLAIN, .note = SOUK_MSG("left", { "left", souk_money(left, p[BUDGET].currency) }),
                  .why = SOUK_WHY(.rows = "one", .args = args, .origin = SOUK_MSG("origin", { "told", p[TOLD] })));
    int rc = souk_query_args(call, &days, "days", args);
    if (rc == 0 && m && p[STARTS].type != SOUK_NONE)
        rc = call->query->local(call, m->id, p[STARTS].num, &start_day, &second);
    if (rc == 0 && m && p[ENDS].type != SOUK_NONE)
        rc = call->query->local(call, m->id, p[ENDS].num - 1, &last_day, &second);
    if (rc < 0 || !m)
        return rc;
    struct pace pace = pace_of(&days, left, start_day ? start_day : (int32_t)souk_num(&days, 0, D_DAY, 0));
    if (state_of(p, ask->now_s) == RUNNING)
        pace_put(call, p, &pace, left, last_day);
    if (is_whole)
        burn_chart(call, &days, p);
    return 0;
}

/* ---- what it brought and cost ----------------------------------------------------------------------------------- */

static void figures(struct souk_call *call, const struct souk_value *p)
{
    static const struct { const char *label; int column; } counts[] = {
        { "column.revenue", REVENUE }, { "column.spent", SPENT }, { "column.units", UNITS }, { "column.views", VIEWS },
        { "column.clips", CLIPS }, { "column.redemptions", REDEMPTIONS },
    };
    const struct souk_args args = SOUK_ARGS({ "promotion", p[ID] });
    const struct souk_why *told = SOUK_WHY(.rows = "one", .args = args, .origin = SOUK_MSG("origin", { "told", p[TOLD] }));
    for (unsigned i = 0; i < sizeof counts / sizeof *counts; i++)
        if (is_told(&p[counts[i].column]))
            souk_stat(call, .label = { counts[i].label, { 0, 0, 0 } }, .value = p[counts[i].column], .why = told);
    if (is_told(&p[SPENT]) && is_told(&p[REVENUE]))
        souk_stat(call, .label = SOUK_MSG("column.return"),
                  .value = p[SPENT].num > 0 ? souk_number(SOUK_DECIMAL, (p[REVENUE].num * 100 + p[SPENT].num / 2) / p[SPENT].num, 2)
                                            : souk_rate(0, 0),
                  .why = SOUK_WHY(.rows = "one", .args = args,
                                  .formula = SOUK_MSG("return_why", { "revenue", p[REVENUE] }, { "spent", p[SPENT] })));
    if (is_told(&p[CLIPS]) && is_told(&p[REDEMPTIONS]))
        souk_stat(call, .label = SOUK_MSG("redeemed"), .value = souk_rate(p[REDEMPTIONS].num, p[CLIPS].num),
                  .why = SOUK_WHY(.rows = "one", .args = args,
                                  .formula = SOUK_MSG("redeemed_why", { "redemptions", p[REDEMPTIONS] }, { "clips", p[CLIPS] })));
    if (!is_told(&p[REVENUE]) && !is_told(&p[UNITS]))
        souk_text_line(call, .text = SOUK_MSG(souk_is(&p[SOURCE], "own") ? "own_untold" : "untold"));
}

static void head(struct souk_call *call, const struct souk_ask *ask, const struct souk_value *p)
{
    struct souk_arg room[5];
    enum state state = state_of(p, ask->now_s);
    souk_fact(call, .label = SOUK_MSG("column.state"), .value = state_word(state), .tone = state_tone(state));
    if (is_told(&p[STATUS]) && !souk_is(&p[SOURCE], "own"))
        souk_fact(call, .label = SOUK_MSG("column.status"), .value = p[STATUS]);
    souk_fact(call, .label = SOUK_MSG("column.kind"), .value = kind_word(&p[KIND]));
    if (p[MARKET].type != SOUK_NONE)
        souk_fact(call, .label = SOUK_MSG("column.market"), .value = p[MARKET]);
    if (is_told(&p[DISCOUNT]))
        souk_fact(call, .label = SOUK_MSG("column.discount"), .value = p[DISCOUNT]);
    souk_fact(call, .label = SOUK_MSG("column.told"), .value = p[TOLD]);
    souk_text_line(call, .text = schedule_of(call, ask, p, room));
    if (market_of(ask, p))
        souk_text_line(call, .text = SOUK_MSG("zone", { "zone", room[3].value }));
}

/* What runs at the same time; discounts add up. */
static int beside(struct souk_call *call, const struct souk_value *p)
{
    const struct souk_args args = SOUK_ARGS({ "promotion", p[ID] });
    struct souk_rows rows;
    int rc = souk_query_args(call, &rows, "beside", args);
    int64_t own_bp = discount_bp(&p[DISCOUNT]);
    for (uint32_t r = 0; rc == 0 && r < rows.n_rows; r++) {
        int64_t bp = discount_bp(souk_cell(&rows, r, 4));
        if (souk_num(&rows, r, 5, -1) == 0)
            continue;                                   /* for other products */
        if (own_bp && bp && own_bp + bp >= ALL_BP)
            souk_alert(call, .tone = SOUK_BAD, .text = SOUK_MSG("sum", { "one", p[NAME] }, { "other", *souk_cell(&rows, r, 0) },
                                                              { "percent", souk_bp(own_bp + bp) }, { "from", *souk_cell(&rows, r, 2) }));
    }
    if (rc == 0 && rows.n_rows)
        souk_table(call, .title = SOUK_MSG("beside"), .rows = rows,
                   .why = SOUK_WHY(.rows = "beside", .args = args, .formula = SOUK_MSG("beside_about")));
    return rc;
}

int one_render(struct souk_call *call, const struct souk_ask *ask, const struct souk_value *id)
{
    const struct souk_args args = SOUK_ARGS({ "promotion", *id });
    struct souk_rows rows, products;
    int rc = souk_query_args(call, &rows, "one", args);
    if (rc == 0)
        rc = souk_query_args(call, &products, "products", args);
    if (rc < 0)
        return rc;
    if (!rows.n_rows) {
        souk_text_line(call, .text = SOUK_MSG("unknown", { "promotion", *id }));
        return 0;
    }
    const struct souk_value *p = souk_cell(&rows, 0, 0);
    souk_section(call, "one", { "name", p[NAME] });
    head(call, ask, p);
    figures(call, p);
    rc = budget_put(call, ask, p, 1);
    if (rc == 0)
        rc = beside(call, p);
    if (rc == 0 && products.n_rows)
        souk_table(call, .title = SOUK_MSG("products"), .rows = products,
                   .why = SOUK_WHY(.rows = "products", .args = args, .formula = SOUK_MSG("products_about")));
    if (rc == 0 && souk_is(&p[SOURCE], "own"))
        forms_of(call, ask, p, state_of(p, ask->now_s));
    souk_end(call);
    return rc;
}
