/* SPDX-License-Identifier: Apache-2.0 */
/*
 * promise.h: when an order leaves and arrives, and what its shipping costs.  Arithmetic alone: no clock, no zone.
 */
#ifndef PROMISE_H
#define PROMISE_H

#include <souk/types.h>

enum { DAY_SECONDS = 86400 };

struct calendar {
    unsigned weekdays;                                  /* bit 0: Monday ... bit 6: Sunday */
    const int32_t *closed;                              /* days on which nothing is done, in any order */
    uint32_t n_closed;
};

struct way {
    struct calendar work, carrier;                      /* of who packs, of who brings */
    int64_t cut_off_s;                                  /* of the day: what comes before is begun on it */
    int64_t handling_days, transit_min, transit_max;
};

struct promise {
    int32_t begun, leaves, from, to;                    /* days */
};

/* "2026-12-25" at the beginning of a text as a day; 0: there is none. */
int promise_day(const char *text, int32_t *day);

/*
 * An order of a day at a time of that day.  It is begun on that day when it is a working one and the time lies before the
 * cut-off, else on the next working day; it leaves so many working days later (0: on the same), and arrives so many days of
 * the carrier's after that.
 * returns 0 where no day would ever do: no weekday is left, or all of the next two years are closed
 */
int promise_of(const struct way *w, int32_t day, int64_t of_day_s, struct promise *p);

/* So much for the order, for each item and for each kilogram; halves of a minor unit are rounded up. */
int64_t promise_price(int64_t per_order, int64_t per_item, int64_t per_kg, int64_t items, int64_t grams);

#endif
