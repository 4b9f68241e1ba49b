/* SPDX-License-Identifier: Apache-2.0 */
/*
 * payments.h: what the files of this plugin share.
 *
 *   payments.c    the card and the page, and what the plugin declares
 *   held.c        what holds money back, and until when
 *   forecast.c    when the next transfer comes, and about how much it will be
 *   settlement.c  the page of one settlement
 */
#ifndef PAYMENTS_H
#define PAYMENTS_H

#include <souk/widget.h>

/* Columns of the query "cycles". */
enum { SETTLEMENT, MARKET, CURRENCY, STARTED, ENDED, DEPOSITED, TOTAL, LINE_SUM, MISSING, LINES, TAIL };

/* A marketplace and currency whose last closed cycle is known. */
struct purse {
    const struct souk_ask *ask;
    const struct souk_value *cycle;                     /* the last closed one: a row of "cycles" */
    const struct souk_market_now *m;                    /* NULL: the cycle names none */
    struct souk_value market, currency;                 /* for queries; the market may be "" */
    int64_t held;                                       /* kept in reserve at the cycle's end */
    /* as balance() finds it */
    int64_t open, lines, last_s;                        /* rows of the open cycle: sum, how many, the last one's time */
    int64_t deferred, deferred_open;                    /* not free yet: in all; of that in the open cycle */
};

/* The two arguments that most queries have. */
#define PURSE_ARGS(p) SOUK_ARGS({ "market", (p)->market }, { "currency", (p)->currency })

static inline int same(const struct souk_value *a, const struct souk_value *b)
{
    return a->type == b->type && souk_is(a, b->text.at);
}

static inline struct souk_value purse_money(const struct purse *p, int64_t minor)
{
    return souk_money(minor, p->currency.text.at);
}

/* num / den, to the nearest; halves go away from 0.  den is above 0. */
static inline int64_t rounded(int64_t num, int64_t den)
{
    return (num + (num < 0 ? -den : den) / 2) / den;
}

/* Does a settlement sum to the cent?  An alert that says so, or what is missing. */
void sum_check(struct souk_call *call, const struct souk_value *cycle);

/* What is not free yet: into the purse, and as facts. */
int held_read(struct souk_call *call, struct purse *p);
/* What holds money back; on the page with its rows. */
int held_render(struct souk_call *call, const struct purse *p);

/* The end of the open cycle, and an estimate of what will be transferred then. */
int forecast_render(struct souk_call *call, const struct purse *p);

int settlement_render(struct souk_call *call, const struct souk_value *id);

#endif
