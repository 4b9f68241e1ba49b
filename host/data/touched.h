/* SPDX-License-Identifier: Apache-2.0 */
/*
 * touched.h: which areas of the records have changed, so that what was made from the others is still good.
 *
 * An area has a number that grows with each transaction that changes something in it.  What was made by reading
 * some views is as good as new while the numbers of the areas behind them are the same.
 */
#ifndef SOUK_TOUCHED_H
#define SOUK_TOUCHED_H

#include "db.h"

enum touched_area {
    TOUCHED_ORDERS      = 1 << 0,
    TOUCHED_MONEY       = 1 << 1,
    TOUCHED_LISTINGS    = 1 << 2,
    TOUCHED_STOCK       = 1 << 3,
    TOUCHED_LETTERS     = 1 << 4,
    TOUCHED_CASES       = 1 << 5,
    TOUCHED_CLAIMS      = 1 << 6,
    TOUCHED_FEEDBACK    = 1 << 7,
    TOUCHED_HEALTH      = 1 << 8,
    TOUCHED_NOTICES     = 1 << 9,
    TOUCHED_RETURNS     = 1 << 10,
    TOUCHED_PROMOTIONS  = 1 << 11,
    TOUCHED_TRAFFIC     = 1 << 12,
    TOUCHED_RIVALS      = 1 << 13,
    TOUCHED_PRODUCTS    = 1 << 14,                      /* names of SKUs, and what the seller says of them */
    TOUCHED_SUGGESTIONS = 1 << 15,
    TOUCHED_AUDIT       = 1 << 16,
    TOUCHED_OUTBOX      = 1 << 17,                      /* letters, and changes of listings */
    TOUCHED_LAYOUT      = 1 << 18,
    TOUCHED_IMPORTS     = 1 << 19,
    TOUCHED_CONTENT     = 1 << 20,                      /* questions and links that the account has written */
    TOUCHED_SETTINGS    = 1 << 21
};
enum { TOUCHED_AREAS = 22 };

/* "orders", "money" ...; i from 0 to TOUCHED_AREAS - 1. */
const char *touched_name(int i);
unsigned touched_named(const char *name);               /* 0: there is no such area */

/* Their numbers grow by one, inside the caller's transaction.  0: nothing. */
int touch(struct db *db, unsigned areas, struct err *err);
/* Areas behind views: names with a space between, as in a plugin's .reads; "*" is all.  A name that is no view: 0. */
unsigned touched_of_views(const char *reads);
/* All numbers, by area; 0 for one that never changed. */
int touched_read(struct db *db, int64_t version[TOUCHED_AREAS], struct err *err);
/* Grows whenever one of the areas changes: the sum of their numbers. */
int64_t touched_sum(const int64_t version[TOUCHED_AREAS], unsigned areas);

#endif
