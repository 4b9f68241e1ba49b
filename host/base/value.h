/* SPDX-License-Identifier: Apache-2.0 */
/*
 * value.h: money, rates, days.  Pure: no clock, no locale, no floating point.
 *
 * money:   int64 minor units with an ISO 4217 currency; how many digits a currency has comes from ICU
 * rate:    numerator and denominator; a denominator of 0 is "not available", never 0 %
 * day:     int32 number of days since 1970-01-01 (proleptic Gregorian), in some market's zone
 * instant: int64 UTC seconds since 1970-01-01T00:00:00Z
 */
#ifndef SOUK_VALUE_H
#define SOUK_VALUE_H

#include "base.h"

struct money {
    int64_t minor;
    char currency[4];                                   /* zero-terminated; "" is no money */
};

/* Decimal digits of a currency: JPY 0, EUR 2, KWD 3; -1 for what is not a currency code. */
int currency_digits(const char *currency);

/* Adds; false when the currencies differ or the sum does not fit (then *sum is unchanged). */
bool money_add(struct money *sum, struct money more);

/*
 * A decimal number as text to num * 10^-places.  `decimal` is '.' or ','; the other one, a space, a
 * no-break space or an apostrophe may stand between groups of three (one kind in one number).
 * Leading +/-, or a trailing minus.  At most 18 digits.  False for anything else: nothing is guessed.
 */
bool decimal_parse(const char *at, size_t n, char decimal, int64_t *num, int *places);

/* num * 10^-places to minor units; false when non-zero digits would be lost or it does not fit. */
bool decimal_to_minor(int64_t num, int places, int digits, int64_t *minor);

/* "-1234.50" for -123450 with 2 digits: plain, for CSV and JSON.  -1 (no currency) is like 0. */
void buf_minor(struct buf *b, int64_t minor, int digits);

/*
 * Basis points, rounded half away from zero; false when there is nothing to divide by or the answer
 * does not fit.  A change is measured against the size of before: up is positive, even from a loss.
 */
bool rate_bp(int64_t num, int64_t den, int64_t *bp);
bool change_bp(int64_t before, int64_t now, int64_t *bp);

/* num / den rounded half away from zero; den must not be 0. */
int64_t divide_round(int64_t num, int64_t den);

int32_t day_of(int year, unsigned month, unsigned day);         /* month 1..12 */
void day_parts(int32_t day, int *year, unsigned *month, unsigned *day_of_month);
bool day_is_valid(int year, unsigned month, unsigned day);       /* years 1 to 9999 */
unsigned day_weekday(int32_t day);                              /* 1 Monday .. 7 Sunday */
bool day_parse(const char *text, int32_t *day);                 /* "2026-11-23" */
void buf_day(struct buf *b, int32_t day);                       /* "2026-11-23" */
void buf_instant(struct buf *b, int64_t instant_s);             /* "2026-11-23T06:15:00Z" */
bool instant_parse(const char *text, int64_t *instant_s);       /* what buf_instant writes, or with +hh:mm */

#endif
