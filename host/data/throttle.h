/* SPDX-License-Identifier: Apache-2.0 */
/*
 * throttle.h: how often something may be guessed.
 *
 * in:     a key for whom or from where, an attempt
 * out:    it may be made now, or after so many seconds
 * knows:  souk.db, so that a restart gives no new tries
 *
 * An attempt counts as failed before it is made, so that many at once do not get past; throttle_good takes that
 * back.  `souk` is in no transaction.
 */
#ifndef SOUK_THROTTLE_H
#define SOUK_THROTTLE_H

#include "db.h"

enum throttle_rule {
    THROTTLE_PERSON = 1,                                /* 5 are free, then 1, 2, 4 ... 900 s; forgotten after a day */
    THROTTLE_NET                                        /* 30 in 10 minutes */
};

/* "net:192.0.2.0/24", "net:2001:db8:0:1::/64"; what is no address is a net of its own. */
char *throttle_net(struct arena *a, const char *address);
/* 0: go on.  ERR_BUSY: *retry_s is how long to wait, 0 with other errors. */
int throttle_take(struct db *souk, enum throttle_rule rule, const char *key, int64_t now_s, int64_t *retry_s,
                  struct err *err);
int throttle_good(struct db *souk, enum throttle_rule rule, const char *key, struct err *err);

#endif
