/* SPDX-License-Identifier: Apache-2.0 */
/*
 * roll.h: totals kept in step with the records: work grows with the change, not with the history.
 *
 * The store tells what a record added and what it took away; the differences are gathered in memory
 * (bounded) and written as upserts.  Integers only, so the kept totals are exactly what counting the
 * records would give; roll_rebuild counts them, and a test compares the two.
 */
#ifndef SOUK_ROLL_H
#define SOUK_ROLL_H

#include "base/zone.h"
#include "db.h"
#include "proceeds.h"

/* What became of an order or a line; stands in the totals by its name. */
enum roll_state { ROLL_PENDING = 1, ROLL_UNSHIPPED, ROLL_SHIPPED, ROLL_CANCELLED, ROLL_OTHER };

const char *roll_state_name(enum roll_state state);
enum roll_state roll_state_of(const char *name);        /* ROLL_OTHER for what is none of the names */

struct roll;

struct roll *roll_new(struct db *db);
void roll_free(struct roll *r);

/* Where a sale counts. */
struct roll_sale {
    int64_t market_no;
    int32_t day, hour;                                  /* hour: see roll_hour */
    int fulfilment, is_business;
    enum roll_state state;
    char currency[4];                                   /* of an order: its market's */
};

/* Whole hours since the day began: 0 to 24 where clocks are set back. */
static inline int32_t roll_hour(const struct zone *z, int32_t day, int64_t instant_s)
{
    return (int32_t)((instant_s - zone_day_start(z, day)) / 3600);
}

/* sign +1 or -1.  An order counts once; a line with its units and sales. */
void roll_order(struct roll *r, const struct roll_sale *at, int sign);
void roll_line(struct roll *r, const struct roll_sale *at, int64_t sku_no, bool has_price,
               int64_t units, int64_t sales_minor, int sign);
void roll_shipped(struct roll *r, int64_t market_no, int fulfilment, int64_t shipped_s, int sign);
/* An order that the seller fulfils (others: nothing); ship_day: in the market's zone, ROLL_NOT_SHIPPED while it is not. */
enum { ROLL_NOT_SHIPPED = -1, ROLL_NO_DAY = -1 };
void roll_ship_pair(struct roll *r, const struct roll_sale *at, int32_t ship_day, int sign);
void roll_ledger(struct roll *r, int64_t cycle_no, const char *type, const char *kind, const char *detail,
                 int64_t minor);
/* day: when it was booked, in the market's zone, in UTC when market_no is 0; ROLL_NO_DAY: not told. */
void roll_ledger_day(struct roll *r, int64_t market_no, int32_t day, const char *currency, enum proceeds part,
                     int64_t minor);
void roll_payment(struct roll *r, const char *settlement_id, const char *currency, const char *type,
                  int64_t market_no, int64_t posted_s, int64_t minor);
/* A payment that is not free yet; release_day -1: not told.  sign +1 or -1. */
void roll_held(struct roll *r, const char *settlement_id, const char *currency, int64_t market_no,
               const char *status, int32_t release_day, int64_t minor, int sign);
/* A payment has come to this settlement or left it: at the end its payments are counted anew. */
void roll_payments_anew(struct roll *r, const char *settlement_id);

/* Writes what was gathered.  Call it now and then (it returns at once while little was gathered)... */
int roll_flush(struct roll *r, bool all, struct err *err);
/* ...and once at the end: also the 30-day window of the SKUs of the markets that were touched. */
int roll_finish(struct roll *r, struct err *err);

/* Counts everything anew from the records; inside a transaction of the caller. */
int roll_rebuild(struct db *db, struct err *err);
/* Counts what an older souk did not count, in a transaction of its own; 1: it did.  A reader: 1 when that is missing. */
int roll_catch_up(struct db *db, enum db_use use, struct err *err);

#endif
