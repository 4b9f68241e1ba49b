/* SPDX-License-Identifier: Apache-2.0 */
/*
 * preference.c: how somebody wants to read.
 *
 * in:     a reader's name
 * out:    rows of preference
 * knows:  db, touched.  Has never heard of what a value means.
 */
#include "preference.h"

#include "touched.h"

static const char *const words[PREFERENCES] = { "", "language", "zone", "numbers", "start" };

const char *preference_word(enum preference p)
{
    return (size_t)p < COUNT_OF(words) ? words[p] : "";
}

/* The account's first, so that the reader's own take their place. */
static const char sql_read[] =
    "SELECT name, value FROM preference"
    " WHERE reader = :reader OR (reader = '' AND :own_only = 0)"
    " ORDER BY reader";

int preferences_read(struct db *db, struct arena *a, const char *reader, bool own_only, struct preferences *p, struct err *err)
{
    struct stmt *s = stmt_of(db, sql_read, err);
    int rc;
    for (size_t i = 0; i < PREFERENCES; i++)
        p->of[i] = "";
    if (!s)
        return -err->code;
    bind_text(s, 1, reader);
    bind_int(s, 2, own_only);
    while ((rc = stmt_step(db, s, err)) > 0)
        for (size_t i = 1; i < PREFERENCES; i++)
            if (text_is(stmt_text(s, 0), words[i]))
                p->of[i] = arena_text(a, stmt_text(s, 1));
    return rc;
}

static const char sql_put[] =
    "INSERT INTO preference (reader, name, value)"
    " VALUES (:reader, :name, :value)"
    " ON CONFLICT (reader, name) DO UPDATE"
    " SET value = excluded.value";

static const char sql_drop[] =
    "DELETE FROM preference"
    " WHERE reader = :reader AND name = :name";

int preference_put(struct record_to *to, const char *reader, enum preference p, const char *value, struct err *err)
{
    struct stmt *s = stmt_of(to->db, *value ? sql_put : sql_drop, err);
    if (!s)
        return -err->code;
    bind_text(s, 1, reader);
    bind_text(s, 2, preference_word(p));
    if (*value)
        bind_text(s, 3, value);
    int rc = stmt_run(to->db, s, err);
    to->touched |= TOUCHED_LAYOUT;
    return rc < 0 ? rc : 0;
}
