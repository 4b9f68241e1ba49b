/* SPDX-License-Identifier: Apache-2.0 */
/*
 * promo.h: promotions, known competition, what the seller says of a product.
 *
 * Used by store_promo.c for imports and by flow/command for promotion.*, rival.set and product.set.
 */
#ifndef SOUK_PROMO_H
#define SOUK_PROMO_H

#include "record.h"

struct promotion_row {
    const char *promotion_id;                           /* the marketplace's; NULL: own-N is made up */
    const char *source;                                 /* of a new one: report, own; NULL: own */
    const char *kind, *name, *status, *discount;        /* kind, name and status: needed by a new one */
    const struct market *market;
    int64_t starts_s, ends_s;
    struct number views, units, clips, redemptions;
    char currency[4];                                   /* of the amounts */
    struct number revenue, spent, budget, left;           /* minor units */
    int64_t told_s;                                     /* as of; a change of its numbers is kept by day, too */
};
/* *no (may be NULL) is its number.  ERR_INPUT: a new one lacks kind, name or status.  told_s 0: typed now. */
int promotion_put(struct record_to *to, const struct promotion_row *row, int64_t *no, struct err *err);

struct promotion_now {
    int64_t no, told_s;
    char currency[4];                                   /* "" when not told */
};
/* 1: it is there. */
int promotion_get(struct db *db, const char *promotion_id, struct promotion_now *now, struct err *err);

struct rival_row {
    const struct market *market;
    const char *asin;
    struct money landed;
    bool is_buy_box;
    int64_t told_s;
    const char *source;                                 /* notification, typed */
};
int rival_put(struct record_to *to, const struct rival_row *row, struct err *err);

/* least: never ask less.  What is not told is forgotten.  ERR_ABSENT: there is no such SKU. */
int product_put(struct record_to *to, const char *sku, struct number lead_days, struct money least, struct err *err);

#endif
