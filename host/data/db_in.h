/* SPDX-License-Identifier: Apache-2.0 */
/*
 * db_in.h: a connection from within, for db.c and change.c, which see sqlite3.h; it must stand before this.
 */
#ifndef SOUK_DB_IN_H
#define SOUK_DB_IN_H

#include "base/zone.h"
#include "db.h"

struct stmt {
    sqlite3_stmt *handle;
    const char *sql;                                    /* the key in the cache; NULL: not cached */
    int bind_rc;                                        /* the first binding that failed */
};

struct guard {                                          /* whose text is being prepared */
    bool is_on, was_refused;
    const char *reads;
    struct buf with, reached, function;                 /* words with a space behind each */
};

struct db {
    sqlite3 *handle;
    char *path;
    enum db_use use;
    struct stmt **cache;                                /* open addressing, a power of two */
    size_t cache_cap, cache_n;
    struct guard guard;
    unsigned budget_ms;
    struct watch budget_watch;
};

/* SQLite's result code as a code and a sentence. */
int db_failed(struct db *db, int rc, struct err *err);

#endif
