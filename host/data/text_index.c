/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text_index.c: the full-text index over letters, cases, claims, notices and promotions.
 *
 * in:     title and body of a record
 * out:    its row of record_text
 * knows:  db
 */
#include "text_index.h"

static const char sql_put[] =
    "INSERT OR REPLACE INTO record_text (rowid, title, body)"
    " VALUES (:no, :title, :body)";

static const char sql_drop[] =
    "DELETE FROM record_text"
    " WHERE rowid = :no";

int text_put(struct db *db, enum text_of of, int64_t no, const char *title, const char *body, struct err *err)
{
    struct stmt *put = stmt_of(db, sql_put, err);
    if (!put)
        return -err->code;
    bind_int(put, 1, text_row(of, no));
    bind_text(put, 2, title);
    bind_text(put, 3, body);
    int rc = stmt_run(db, put, err);
    return rc < 0 ? rc : 0;
}

int text_drop(struct db *db, enum text_of of, int64_t no, struct err *err)
{
    struct stmt *drop = stmt_of(db, sql_drop, err);
    if (!drop)
        return -err->code;
    bind_int(drop, 1, text_row(of, no));
    int rc = stmt_run(db, drop, err);
    return rc < 0 ? rc : 0;
}
