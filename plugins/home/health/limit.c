/* SPDX-License-Identifier: Apache-2.0 */
/*
 * limit.c: how far a figure is from its limit.
 *
 * Rates are compared as num * 10000 against basis points of den, so nothing is rounded: 4 of 100 are not less
 * than 4 %, and 190 of 200 are 95 %.
 */
#include "health.h"

#define NUMBER_MAX (INT64_MAX / 40000)                  /* what is multiplied below stays a number */

/* From three quarters of what is allowed on, a figure needs watching.  Souk's own line; no marketplace has one. */
enum { WATCH_NUM = 3, WATCH_DEN = 4 };

static int64_t divide_up(int64_t n, int64_t by)
{
    return n / by + (n % by > 0);
}

static struct verdict under(int64_t num, int64_t den, const struct limit *limit)
{
    const int64_t reached = divide_up(limit->bp * den, 10000);          /* the first number that is not less */
    struct verdict v = { SOUK_GOOD, 1, reached - num, 0 };
    if (num >= reached)
        v = (struct verdict){ SOUK_BAD, 1, 0, num - reached + 1 };
    else if (num * 10000 * WATCH_DEN >= limit->bp * den * WATCH_NUM)
        v.tone = SOUK_WATCH;
    return v;
}

static struct verdict at_least(int64_t num, int64_t den, const struct limit *limit)
{
    const int64_t needed = divide_up(limit->bp * den, 10000), missed = den - num;
    struct verdict v = { SOUK_GOOD, 1, num - needed + 1, 0 };
    if (num < needed)
        v = (struct verdict){ SOUK_BAD, 1, 0, needed - num };
    else if (missed > 0 && missed * 10000 * WATCH_DEN >= (10000 - limit->bp) * den * WATCH_NUM)
        v.tone = SOUK_WATCH;
    return v;
}

struct verdict verdict_of(int64_t num, int64_t den, const struct limit *limit)
{
    struct verdict v = { SOUK_PLAIN, 0, 0, 0 };
    if (!limit->is_told || limit->bp < 0 || limit->bp > 10000 || den <= 0 || den > NUMBER_MAX || num < 0 || num > den)
        return v;
    v = limit->is_least ? at_least(num, den, limit) : under(num, den, limit);
    if (v.tone == SOUK_BAD && limit->is_advice)
        v.tone = SOUK_WATCH;
    return v;
}

struct souk_value share_of(int64_t n, int64_t all)
{
    if (all <= 0 || all > NUMBER_MAX || n < 0 || n > all)
        return souk_none();
    return souk_bp((n * 200 + all) / (2 * all) * 100);
}
