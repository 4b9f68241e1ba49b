/* SPDX-License-Identifier: Apache-2.0 */
/*
 * policy.h: thresholds, windows and deadlines of a marketplace, dated and with their source.
 *
 * policies/<code>.ini, one section per line of policy and date:
 *
 *     [ship.handling_days]
 *     value = 2                    ; whole number, decimal ("3.5"), percentage ("4 %" is 400 basis points),
 *     since = 2020-01-01           ; duration ("24h", "3d") or text
 *     until =                      ; empty: still valid
 *     source = https://...
 *     checked = 2026-11-22
 *     about = Business days from the day of purchase until an order must be confirmed as shipped.
 *
 * A file is read again when it has changed, so the verdict changes without a restart.  Any thread.
 */
#ifndef SOUK_POLICY_H
#define SOUK_POLICY_H

#include "base/base.h"

struct policies;

enum policy_type { POLICY_COUNT = 1, POLICY_BP, POLICY_SECONDS, POLICY_TEXT, POLICY_DECIMAL };

struct policy_line {                                    /* copied into the arena given */
    const char *key;
    enum policy_type type;
    int64_t number;                                     /* of a decimal: 35 with 1 place is 3.5 */
    int places;
    const char *text;                                   /* the value as it stands in the file */
    int32_t since, until, checked;                      /* until: INT32_MAX while it is still valid */
    const char *source, *about, *file;
    int line;
};

int policies_open(struct policies **out, const char *folder, struct err *err);
void policies_free(struct policies *p);
const char *policies_folder(const struct policies *p);
/* ERR_ABSENT: no file for this market, no such key, or nothing valid on that day.  ERR_CONF: the file is broken. */
int policy_get(struct policies *p, struct arena *a, const char *market_code, const char *key, int32_t day,
               struct policy_line *line, struct err *err);
/*
 * Several lines at once, in the order of the file: those valid on a day, one for each key; or every
 * dated section.  `what` is a key, a group ("ship": all its keys) or NULL for all.  None is no error.
 */
int policy_list(struct policies *p, struct arena *a, const char *market_code, const char *what, int32_t day,
                struct policy_line **lines, size_t *n, struct err *err);
int policy_history(struct policies *p, struct arena *a, const char *market_code, const char *what,
                   struct policy_line **lines, size_t *n, struct err *err);
/* How many things are wrong in a market's file, and a sentence for each, as "policies/DE.ini:12: ...". */
int policy_faults(struct policies *p, struct arena *a, const char *market_code, const char *const **fault);
/* Grows whenever a file was read anew: kept views are dropped by it. */
int64_t policies_version(struct policies *p);

/* ---- values of more than one part: false for a text that is none ------------------------------ */

bool policy_counts(struct arena *a, const char *text, int64_t **count, size_t *n);  /* "10 30" */
bool policy_days(struct arena *a, const char *text, int32_t **day, size_t *n);      /* dates that ascend, or "none" */
/* "6 7" or "none": bit 1 << weekday, 1 is Monday; at least one day is left to work on. */
bool policy_weekdays(const char *text, unsigned *set);
bool policy_time(const char *text, int32_t *second_of_day);                         /* "14:00"; up to "48:00" */

#endif
