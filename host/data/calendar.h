/* SPDX-License-Identifier: Apache-2.0 */
/*
 * calendar.h: business days of a marketplace, and when an order counts as late.
 *
 * From four lines of the market's policy file, each as it stood on the day in question:
 *
 *     ship.handling_days   business days after the day of purchase until an order must be confirmed as
 *                          shipped; 0: on the day of purchase, or on the first business day after it
 *     ship.cutoff          time of day in the market's zone: what is placed then or later counts as placed
 *                          on the next day.  24:00 is no cutoff; beyond it, as 29:00, what is placed before
 *                          05:00 still counts as placed on the day before
 *     ship.weekend         days of the week that are no business days
 *     ship.holidays        dates that are none
 *
 * Where the file says nothing, there is no weekend, no holiday and no cutoff.  Without a line for
 * ship.handling_days no order is late: ERR_ABSENT.
 */
#ifndef SOUK_CALENDAR_H
#define SOUK_CALENDAR_H

#include "market.h"
#include "policy.h"

struct calendar;

/* As the file stands now.  Lives in the arena; then any thread, without locks. */
int calendar_open(struct calendar **out, struct policies *p, struct arena *a, const struct market *market,
                  struct err *err);

/*
 * The instant from which on an order counts as late: the end of its ship-by day in the market's zone.
 * What was confirmed before it was in time.
 */
int calendar_late_at(const struct calendar *c, int64_t purchased_s, int64_t *late_at_s, struct err *err);
/* The same for one order. */
int calendar_ship_by(struct policies *p, struct arena *a, const struct market *market, int64_t purchased_s,
                     int64_t *late_at_s, struct err *err);

bool calendar_is_business(const struct calendar *c, int32_t day);
/* The n-th business day after `day`; 0: `day` itself, or the first business day after it. */
int32_t calendar_business_day(const struct calendar *c, int32_t day, int64_t n);
/* How many business days lie after `from`, up to and with `to`; 0 when `to` is not later. */
int64_t calendar_business_days(const struct calendar *c, int32_t from, int32_t to);

#endif
