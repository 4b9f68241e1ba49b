/* SPDX-License-Identifier: Apache-2.0 */
/*
 * due.h: deadlines as a view, which every face draws, and as a calendar of another program (iCalendar).
 */
#ifndef SOUK_DUE_H
#define SOUK_DUE_H

#include "data/deadline.h"
#include "face.h"

/*
 * In groups: over, today, tomorrow, within a week, later; a day is one of the deadline's own market, or of the
 * reader.  kind: of this kind only; 0: all.
 */
void due_view(struct view *view, const struct face *f, const struct deadline *list, size_t n, enum deadline_kind kind,
              int64_t now_s);
/* What is over or due before the day ends: for the ribbon. */
size_t due_today(const struct face *f, const struct deadline *list, size_t n, int64_t now_s, size_t *over);

/*
 * RFC 5545: an event for each deadline with an alarm an hour before; those that are over are left out.
 * Names of buyers and subjects of letters stay inside Souk: whoever has the address can read it.
 */
void due_calendar(struct buf *out, const struct face *f, const struct deadline *list, size_t n, int64_t now_s);

#endif
