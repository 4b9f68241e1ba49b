/* SPDX-License-Identifier: Apache-2.0 */
/*
 * promise.c: when an order leaves and arrives, and what its shipping costs.
 */
#include "promise.h"

enum { TOO_LONG = 731 };

int promise_day(const char *text, int32_t *day)
{
    int32_t part[3] = { 0, 0, 0 };
    for (int i = 0; i < 10; i++) {
        if (i == 4 || i == 7 ? text[i] != '-' : text[i] < '0' || text[i] > '9')
            return 0;
        if (i != 4 && i != 7)
            part[i < 4 ? 0 : i < 7 ? 1 : 2] = part[i < 4 ? 0 : i < 7 ? 1 : 2] * 10 + (text[i] - '0');
    }
    const int32_t m = part[1], y = part[0] - (m <= 2);  /* years begin in March, so that the leap day is the last */
    if (m < 1 || m > 12 || part[2] < 1 || part[2] > 31)
        return 0;
    *day = y * 365 + y / 4 - y / 100 + y / 400 + (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + part[2] - 1 - 719468;
    return 1;
}

/* 1 January 1970 was a Thursday. */
static unsigned weekday_of(int32_t day)
{
    return (unsigned)(((day % 7) + 7 + 3) % 7);
}

static int is_open(const struct calendar *c, int32_t day)
{
    for (uint32_t i = 0; i < c->n_closed; i++)
        if (c->closed[i] == day)
            return 0;
    return c->weekdays >> weekday_of(day) & 1;
}

/* The n-th open day behind; 0: that day itself, or the next that is open. */
static int open_after(const struct calendar *c, int32_t day, int64_t n, int32_t *out)
{
    int waited = 0;
    while (!is_open(c, day)) {
        day++;
        if (++waited > TOO_LONG)
            return 0;
    }
    for (waited = 0; n > 0; n--)
        do {
            day++;
            if (++waited > TOO_LONG)
                return 0;
        } while (!is_open(c, day));
    *out = day;
    return 1;
}

int promise_of(const struct way *w, int32_t day, int64_t of_day_s, struct promise *p)
{
    const int32_t next = of_day_s < w->cut_off_s ? day : day + 1;
    return open_after(&w->work, next, 0, &p->begun) && open_after(&w->work, p->begun, w->handling_days, &p->leaves)
        && open_after(&w->carrier, p->leaves, w->transit_min, &p->from) && open_after(&w->carrier, p->leaves, w->transit_max, &p->to);
}

int64_t promise_price(int64_t per_order, int64_t per_item, int64_t per_kg, int64_t items, int64_t grams)
{
    return per_order + per_item * items + (per_kg * grams + 500) / 1000;
}
