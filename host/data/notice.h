/* SPDX-License-Identifier: Apache-2.0 */
/*
 * notice.h: what somebody should know of.
 *
 * Used by store_health.c (kind notice, changes between health reports), store_money.c (a settlement that does not
 * sum), flow/import (rejected rows, an import that failed) and flow/command for notice.*.
 */
#ifndef SOUK_NOTICE_H
#define SOUK_NOTICE_H

#include "record.h"

struct notice_row {
    const char *notice_id;                              /* source and its own id; NULL: own-N is made up */
    int64_t at_s;
    const char *class, *kind;                           /* open sets: "metric", "health.worse" */
    const char *severity;                               /* info, watch, bad */
    const struct market *market;
    const char *subject, *before, *after, *ref;         /* subject, before, after: card numbers are masked */
    int64_t deadline_s;
    struct money amount;                                /* at stake */
    const char *source;                                 /* notification, report, mail, typed, souk; NULL: typed */
};

extern const char notice_severities[];                  /* words with a space between */

/* The same id again is no news and changes nothing.  *no (may be NULL) is its number. */
int notice_put(struct record_to *to, const struct notice_row *row, int64_t *no, struct err *err);
/*
 * The same, for what stands as it is until it is mended: a row that differs replaces the one before and is unread
 * again.  notice_mended: it is done now, by itself; 0 when there is none that is open.
 */
int notice_stands(struct record_to *to, const struct notice_row *row, struct err *err);
int notice_mended(struct record_to *to, const char *notice_id, int64_t at_s, struct err *err);
/* Takes those of a kind away that lead to what is there no more: how many. */
int notice_drop(struct record_to *to, const char *kind, const char *ref, struct err *err);

/* at_s 0: not read, not done.  Done is also read.  ERR_ABSENT. */
int notice_read(struct record_to *to, int64_t no, int64_t at_s, struct err *err);
int notice_done(struct record_to *to, int64_t no, int64_t at_s, struct err *err);

#endif
