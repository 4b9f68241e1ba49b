/* SPDX-License-Identifier: Apache-2.0 */
/*
 * figures.c: sales of stretches of days, and of the first part of a day.
 */
#include "sales.h"

/* Columns of "by_day". */
enum { DAY, ORDERS, UNITS, UNPRICED, SALES };

struct which which_of(const struct souk_ask *ask)
{
    struct which w = {
        souk_bool(souk_is(souk_option(ask, "pending"), "with")), *souk_option(ask, "fulfilment"), *souk_option(ask, "buyers"), 0,
    };
    w.is_all = souk_is(&w.fulfilment, "all") && souk_is(&w.buyers, "all");
    return w;
}

static void add(struct figures *sum, const struct souk_rows *rows, uint32_t r, uint32_t first, const char *currency)
{
    const struct souk_value *sales = souk_cell(rows, r, first + SALES - ORDERS);
    sum->orders += souk_num(rows, r, first, 0);
    sum->units += souk_num(rows, r, first + UNITS - ORDERS, 0);
    sum->unpriced += souk_num(rows, r, first + UNPRICED - ORDERS, 0);
    if (is_currency(sales, currency))
        sum->sales += sales->num;
}

void figures_add(struct figures *sum, const struct souk_rows *rows, const char *currency, int32_t from, int32_t to)
{
    for (uint32_t r = 0; r < rows->n_rows; r++)
        if (souk_num(rows, r, DAY, 0) >= from && souk_num(rows, r, DAY, 0) <= to)
            add(sum, rows, r, ORDERS, currency);
}

int figures_part(struct souk_call *call, const struct souk_market_now *m, const struct which *w, int32_t day,
                 int64_t elapsed_s, struct figures *sum)
{
    struct souk_value market = souk_market(m->id);
    int64_t start_s;
    int rc = call->query->day_start(call, m->id, day, &start_s);
    if (rc < 0)
        return rc;
    struct souk_value from = souk_instant(start_s + elapsed_s / 3600 * 3600), to = souk_instant(start_s + elapsed_s);
    const struct souk_args minutes = WHICH_ARGS(w, { "market", market }, { "day", souk_day(day) }, { "from", from }, { "to", to });
    const struct souk_run run[] = {
        { sizeof(struct souk_run), 0, WHICH_QUERY(w, "hours"),
          WHICH_ARGS(w, { "market", market }, { "day", souk_day(day) }, { "hour", souk_count(elapsed_s / 3600) }) },
        { sizeof(struct souk_run), 0, WHICH_QUERY(w, "minutes"), minutes },
        { sizeof(struct souk_run), 0, WHICH_QUERY(w, "minutes_orders"), minutes },
    };
    struct souk_rows rows[3];
    rc = call->query->run(call, run, 3, rows);
    if (rc < 0)
        return rc;
    for (uint32_t r = 0; r < rows[0].n_rows; r++)
        add(sum, &rows[0], r, 0, m->currency);
    for (uint32_t r = 0; r < rows[1].n_rows; r++) {
        sum->units += souk_num(&rows[1], r, 0, 0);
        if (souk_cell(&rows[1], r, 1)->type == SOUK_MONEY)
            sum->sales += souk_num(&rows[1], r, 1, 0);
    }
    if (rows[2].n_rows)
        sum->orders += souk_num(&rows[2], 0, 0, 0);
    return 0;
}
