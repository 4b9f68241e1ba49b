/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session.h: who is signed in, on which client, and since when.
 *
 * in:     persons whose password was right, ids out of cookies, two clocks
 * out:    sessions; their ids are 256 random bits, of which only a hash is kept
 * knows:  souk.db, people
 *
 * A session ends after 30 minutes without a request and after 12 hours, by the clock on the wall or by the one
 * that only grows, whichever comes first; so setting the clock back prolongs none.  One that waits for the second
 * factor ends after 10 minutes.  `souk` is in no transaction.
 */
#ifndef SOUK_SESSION_H
#define SOUK_SESSION_H

#include "people.h"

struct clocks {
    int64_t wall_s;                                     /* clock_now */
    int64_t steady_ms;                                  /* clock_ms */
};

enum stage {                                            /* of the way in */
    STAGE_SECOND = 1,                                   /* the password was right, a code is asked for */
    STAGE_SET_UP,                                       /* a second factor must be set up first */
    STAGE_WHOLE
};

struct session {
    int64_t no, user;
    enum stage stage;
    const char *label;                                  /* the client, as it calls itself */
    int64_t created_s, seen_s;
    int64_t proven_age_s;                               /* since the password was last given */
};

/* label is cut to 200 bytes.  *id goes into the cookie and nowhere else. */
int session_start(struct db *souk, struct arena *a, int64_t user, enum stage stage, const char *label,
                  struct clocks now, const struct deed *by, const char **id, struct err *err);
/* Notes that it was seen, once a minute.  ERR_ABSENT: there is none, or it is over. */
int session_find(struct db *souk, struct arena *a, const char *id, struct clocks now, struct session *s, struct err *err);
/* A new id and stage after something was proven; the old id is good for nothing. */
int session_renew(struct db *souk, struct arena *a, int64_t no, enum stage stage, struct clocks now,
                  const struct deed *by, const char **id, struct err *err);
/* Those that are not over, the last seen first. */
int session_list(struct db *souk, struct arena *a, int64_t user, struct clocks now, const struct session **list,
                 size_t *n, struct err *err);
int session_end(struct db *souk, int64_t user, int64_t no, const struct deed *by, struct err *err);      /* ERR_ABSENT */
/* keep 0: all of them.  Returns how many. */
int session_end_others(struct db *souk, int64_t user, int64_t keep, const struct deed *by, struct err *err);

#endif
