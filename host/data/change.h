/* SPDX-License-Identifier: Apache-2.0 */
/*
 * change.h: what a transaction changes, recorded so that it can be taken back.
 *
 * in:     a writer inside a transaction
 * out:    a changeset: bytes that whoever asked for the recording keeps; later its inverse, applied
 * knows:  SQLite's sessions.  Has never heard of imports.
 *
 * Recorded are ordinary tables, and the texts of full-text tables.  Taking back is strict: a row that
 * is not as the recording left it is a clash, and whoever sees one rolls the transaction back.
 */
#ifndef SOUK_CHANGE_H
#define SOUK_CHANGE_H

#include "db.h"

/* SQLite can be built without sessions: then nothing is recorded. */
bool change_is_known(void);

struct change;

/* leave_out: tables, with a space between.  Ends with change_end, before the transaction does. */
int change_begin(struct change **out, struct db *db, const char *leave_out, struct err *err);
int64_t change_bytes(const struct change *c);           /* of memory, so far */
/* Gives the changeset to put(), piece by piece; a negative result of put ends it. */
int change_write(struct change *c, int (*put)(void *ctx, const void *at, size_t n), void *ctx, struct err *err);
void change_end(struct change *c);                      /* NULL is fine */

struct change_source {                                  /* of a changeset */
    /* Up to n bytes; how many, 0 at the end, negative when it failed.  at NULL: from the beginning again. */
    int (*get)(void *ctx, void *at, size_t n);
    void *ctx;
};

enum change_op { CHANGE_ADD = 1, CHANGE_ALTER, CHANGE_DROP };   /* what taking it back does to the row */

struct change_row {                                     /* ends with the call that shows it */
    const char *table;
    enum change_op op;
    int n_columns;
    void *handle;
    bool is_clash;
};
/* What the recording left in a column, NULL where it is not told: an altered row tells its key and what changed. */
const char *change_text(const struct change_row *row, int column);

/*
 * Takes it back, inside a transaction of the caller.  clash() is called for each row that is not as
 * the recording left it.  Returns the number of clashes: when there are any, roll back.
 */
int change_take_back(struct db *db, const struct change_source *from,
                     void (*clash)(void *ctx, const struct change_row *row), void *ctx, struct err *err);
/* Shows each row; a negative result of see() ends it and is returned. */
int change_each(struct db *db, const struct change_source *from,
                int (*see)(void *ctx, const struct change_row *row), void *ctx, struct err *err);

#endif
