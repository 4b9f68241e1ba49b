/* SPDX-License-Identifier: Apache-2.0 */
/*
 * preference.h: how somebody wants to read: their own wish, else the account's, else none.
 */
#ifndef SOUK_PREFERENCE_H
#define SOUK_PREFERENCE_H

#include "record.h"

enum preference { PREFER_LANGUAGE = 1, PREFER_ZONE, PREFER_NUMBERS, PREFER_START, PREFERENCES };

const char *preference_word(enum preference p);         /* "language", "zone", "numbers", "start" */

struct preferences {                                    /* by number; "" where nothing is wished; in the arena */
    const char *of[PREFERENCES];
};

/* What holds for a reader; with "" what the account wishes.  own_only: without what the account wishes. */
int preferences_read(struct db *db, struct arena *a, const char *reader, bool own_only, struct preferences *p, struct err *err);
/* value "": no longer wished. */
int preference_put(struct record_to *to, const char *reader, enum preference p, const char *value, struct err *err);

#endif
