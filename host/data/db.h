/* SPDX-License-Identifier: Apache-2.0 */
/*
 * db.h: one connection to a database file.  The only room that sees sqlite3.h.
 *
 * A connection belongs to one thread.  There is one writer per file (the process that holds the data
 * folder's lock; of souk.db whoever has begun); readers work on WAL snapshots.  SQL text comes from C constants, from migrations,
 * and, through db_guard, from plugins and `souk query`.
 */
#ifndef SOUK_DB_H
#define SOUK_DB_H

#include "base/base.h"

struct db;
struct stmt;

enum db_use { DB_READ = 1, DB_WRITE };

/* Hardened as in reliability.md T-DB.  DB_WRITE creates the file; DB_READ wants it to be there.  ":memory:" is no file. */
int db_open(struct db **out, const char *path, enum db_use use, struct err *err);
void db_close(struct db *db);
const char *db_path(const struct db *db);

/*
 * Brings the file to the newest schema: migrations are the embedded files "<family>-NNN.sql", in
 * order; before the first one that is missing from an existing database a backup
 * "<path>.before-NNN" is made.  A database newer than this program is refused.  Then the views of
 * `views` (an embedded file, NULL: none) are made anew when its text has changed.
 * A reader changes nothing: it only refuses what is not of this schema and these views.
 */
int db_migrate(struct db *db, const char *family, const char *views, struct err *err);

/* Online backup into a new file; fails when it is there already. */
int db_backup(struct db *db, const char *to, struct err *err);

/* BEGIN IMMEDIATE, or BEGIN on a reader; db_end commits when rc >= 0, else rolls back; returns rc or the failure. */
int db_begin(struct db *db, struct err *err);
int db_end(struct db *db, int rc, struct err *err);
/* Several statements of our own. */
int db_exec(struct db *db, const char *sql, struct err *err);

/* From the cache of this connection, keyed by the pointer `sql` (a constant that lives for ever). */
struct stmt *stmt_of(struct db *db, const char *sql, struct err *err);
/* Positions count from 1, in the order in which the parameters first stand in the text. */
void bind_int(struct stmt *s, int at, int64_t value);
void bind_text(struct stmt *s, int at, const char *text);                /* NULL binds NULL; not copied: keep until stepped */
void bind_textn(struct stmt *s, int at, const char *text, size_t n);
void bind_blob(struct stmt *s, int at, const void *bytes, size_t n);
void bind_null(struct stmt *s, int at);
int bind_index(const struct stmt *s, const char *name);                 /* ":day" -> position, 0: none */
int stmt_params(const struct stmt *s);
const char *stmt_param_name(const struct stmt *s, int at);              /* ":day" */
/* 1: a row, 0: done (and reset), negative: failed (and reset). */
int stmt_step(struct db *db, struct stmt *s, struct err *err);
/* Runs to the end without looking at rows; returns the number of rows changed. */
int stmt_run(struct db *db, struct stmt *s, struct err *err);
void stmt_reset(struct stmt *s);
int stmt_columns(const struct stmt *s);
const char *stmt_column_name(const struct stmt *s, int column);
bool stmt_is_null(const struct stmt *s, int column);
int64_t stmt_int(const struct stmt *s, int column);
const char *stmt_text(const struct stmt *s, int column);                /* "" for NULL; until the next step */
const void *stmt_blob(const struct stmt *s, int column, size_t *n);
int64_t db_last_row(const struct db *db);

/* ---- other people's SQL ------------------------------------------------------------------------- */

/*
 * Prepares one SELECT that may read only the views named in `reads` (space-separated; "*" is every
 * v1_ view), call only the functions on the list, and stays within the subset of SQL.  A refusal is
 * one sentence that never names a table beneath the views.  Not cached: the caller keeps it.
 */
int db_guarded(struct db *db, const char *sql, const char *reads, struct stmt **out, struct err *err);
void stmt_free(struct stmt *s);
/* The next steps on this connection end with ERR_TIME after so many milliseconds; 0: no limit. */
void db_budget(struct db *db, unsigned ms);

/* Changes whenever another connection has committed: views kept by it are still good while it is the same. */
int64_t db_data_version(struct db *db);

/* The sentence for a file or folder that cannot be written: with its path, its owner and what to do. */
int path_refused(const char *path, struct err *err);

/* integrity_check: 0, or ERR_CORRUPT with what it found first. */
int db_check(struct db *db, struct err *err);

#endif
