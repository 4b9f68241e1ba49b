/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sales.h: what the files of this plugin share.
 *
 *   sales.c      the card and the page, and what the plugin declares
 *   figures.c    sales of stretches of days, and of the first part of a day
 *   traffic.c    the sales and traffic report, and where it differs from the order lines
 *   proceeds.c   what was left after fees, by day of booking
 *   sku.c        the page of one SKU
 */
#ifndef SALES_H
#define SALES_H

#include <souk/widget.h>

enum { DAYS_MOST = 800, PPM = 1000000 };                /* of a chosen period; a whole in millionths */

static inline int is_currency(const struct souk_value *v, const char *currency)
{
    return v->currency[0] == currency[0] && v->currency[1] == currency[1] && v->currency[2] == currency[2];
}

/* ---- figures.c ------------------------------------------------------------------------------------------ */

/* Which sales count, by the options. */
struct which {
    struct souk_value pending, fulfilment, buyers;
    int is_all;                                         /* neither fulfilment nor buyers is chosen */
};

struct figures {
    int64_t orders, units, unpriced, sales;             /* sales in minor units of the market's currency */
};

struct which which_of(const struct souk_ask *ask);

/*
 * The arguments of a query about days; without the last two where all sales count, for then it is the plain
 * query that is asked: which_query("by_day") and "by_day_of".
 */
#define WHICH_ARGS(w, ...) ((struct souk_args){ \
        (const struct souk_arg[]){ __VA_ARGS__, { "with_pending", (w)->pending }, { "fulfilment", (w)->fulfilment }, \
                                   { "buyers", (w)->buyers } }, \
        (uint32_t)(sizeof((const struct souk_arg[]){ __VA_ARGS__ }) / sizeof(struct souk_arg)) + ((w)->is_all ? 1 : 3), 0 })
#define WHICH_DAYS(w, market_id, from_day, to_day) \
        WHICH_ARGS(w, { "market", souk_market(market_id) }, { "from", souk_day(from_day) }, { "to", souk_day(to_day) })
#define WHICH_QUERY(w, name) ((w)->is_all ? name : name "_of")

/* Adds the rows of "by_day" of these days, in the market's currency. */
void figures_add(struct figures *sum, const struct souk_rows *rows, const char *currency, int32_t from, int32_t to);
/* Adds the first seconds of a day: whole hours from the totals, the rest from the orders. */
int figures_part(struct souk_call *call, const struct souk_market_now *m, const struct which *w, int32_t day,
                 int64_t elapsed_s, struct figures *sum);

/* ---- parts of the page ----------------------------------------------------------------------------------- */

int traffic_render(struct souk_call *call, const struct souk_market_now *m);
int proceeds_render(struct souk_call *call, const struct souk_market_now *m);
int sku_render(struct souk_call *call, const struct souk_ask *ask, const struct souk_value *sku);

#endif
