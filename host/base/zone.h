/* SPDX-License-Identifier: Apache-2.0 */
/*
 * zone.h: time zones and the clock.
 *
 * A zone is loaded once from ICU as a list of its changes (1970 to 2100) and then answers without
 * locks, so importing a million rows costs no library calls.  Any thread.
 */
#ifndef SOUK_ZONE_H
#define SOUK_ZONE_H

#include "value.h"

struct zone;

/* "Europe/Berlin".  Kept for the life of the process; NULL and err for a name ICU does not know. */
const struct zone *zone_get(const char *name, struct err *err);
const char *zone_name(const struct zone *z);

int32_t zone_offset_s(const struct zone *z, int64_t instant_s);        /* east of UTC */
int32_t zone_day(const struct zone *z, int64_t instant_s);             /* the day it is there */
int64_t zone_day_start(const struct zone *z, int32_t day);             /* first instant of that day */
/* Local wall time to an instant.  A time that the clocks skip moves forward; one that comes twice is the first. */
int64_t zone_instant(const struct zone *z, int32_t day, int32_t second_of_day);

/* Zone letters as Amazon writes them (PST, PDT, BST, UTC, GMT, CET, CEST, JST ...): seconds east of UTC. */
bool zone_letters(const char *at, size_t n, int32_t *offset_s);

/* Now, UTC seconds.  SOUK_NOW (an instant as text) stops the clock, for tests and screenshots. */
int64_t clock_now(void);
/* Milliseconds that only grow, for deadlines. */
int64_t clock_ms(void);

/*
 * How long something on this thread has taken: the processor time of the thread, or a quarter of what
 * passed meanwhile where that is more (it waited: for a disk, or asleep).  So a busy machine makes
 * nobody late, and nobody waits for ever.
 */
struct watch {
    int64_t wall_ms, work_ms;
};
struct watch watch_start(void);
int64_t watch_ms(const struct watch *w);

#endif
