/* SPDX-License-Identifier: Apache-2.0 */
/*
 * undo.h: takes the last import back.
 *
 * in:     the writer, inside the transaction of an import, and later inside one of its own
 * out:    rows of the table undo; the records as they were before the import
 * knows:  change, which tables are records.  Has never heard of files or formats.
 *
 * Everything an import did to the records is taken back or nothing: when a row was changed since, or
 * something was added that stands on a row of the import, it is refused with the rows named.
 */
#ifndef SOUK_UNDO_H
#define SOUK_UNDO_H

#include "db.h"

/*
 * Recording takes about as long as importing, and memory with each row (10 k lines of orders: 0.1 s and
 * 3 MiB more, 130 k: 1.3 s and 35 MiB), so large files are imported without.  A file of up to so many bytes
 * is recorded as long as what it changes fits into so much memory.
 */
enum { UNDO_FILE_BYTES = 32 << 20, UNDO_MEMORY_BYTES = 24 << 20 };

enum undo_can { UNDO_KEPT = 1, UNDO_TOO_LARGE, UNDO_UNKNOWN };      /* unknown: to this machine's SQLite */

struct undo;

/* Of the import before, nothing can be taken back from here on.  Ends with undo_end, before the transaction does. */
int undo_begin(struct undo **out, struct db *db, int64_t file_bytes, struct err *err);
void undo_look(struct undo *u);                         /* now and then: gives up recording when there is too much */
/* At the end of the import, when all its records are written. */
int undo_keep(struct undo *u, int64_t import_no, enum undo_can *can, struct err *err);
void undo_end(struct undo *u);                          /* NULL is fine */

/* The import that can be taken back, 0: none. */
int64_t undo_last(struct db *db, struct err *err);
/*
 * Takes the import back, inside a transaction of the caller, who writes what happened.
 * errors: ERR_ABSENT no such import; ERR_DENIED with the sentence why not: roll back.
 */
int undo_import(struct db *db, int64_t import_no, struct err *err);

/* For tests: areas (see touched.h) of a table's rows; is the table none that an import's undo takes back? */
unsigned undo_areas(const char *table);
bool undo_leaves_out(const char *table);

#endif
