/* SPDX-License-Identifier: Apache-2.0 */
/*
 * policy.h: thresholds, windows and deadlines of a marketplace, dated and with their source.
 *
 * policies/<code>.ini, one section per line of policy and date:
 *
 *     [ship.handling_days]
 *     value = 2                    ; whole number, percentage ("4 %" is 400 basis points), duration
 *     since = 2020-01-01           ; ("24h") or text
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

enum policy_type { POLICY_COUNT = 1, POLICY_BP, POLICY_SECONDS, POLICY_TEXT };

struct policy_line {                                    /* copied into the arena given */
    const char *key;
    enum policy_type type;
    int64_t number;
    const char *text;                                   /* the value as it stands in the file */
    int32_t since, checked;
    const char *source, *about, *file;
    int line;
};

int policies_open(struct policies **out, const char *folder, struct err *err);
void policies_free(struct policies *p);
/* ERR_ABSENT: no file for this market, no such key, or nothing valid on that day.  ERR_CONF: the file is broken. */
int policy_get(struct policies *p, struct arena *a, const char *market_code, const char *key, int32_t day,
               struct policy_line *line, struct err *err);
/* Grows whenever a file was read anew: kept views are dropped by it. */
int64_t policies_version(struct policies *p);

#endif
