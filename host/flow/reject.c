/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reject.c: see reject.h.
 */
#include "reject.h"

#include <inttypes.h>

#include "import.h"
#include "json.h"

static const char sql_reject_put[] =
    "INSERT INTO reject (import_no, line, field, plugin, reason, args, raw)"
    " VALUES (:import_no, :line, :field, :plugin, :reason, :args, :raw)";

int reject_put(struct rejects *r, const struct rejected *row, struct err *err)
{
    if (r->rows == REJECTS_MOST || r->bytes + (int64_t)row->raw_n > REJECTS_BYTES_MOST)
        return err_set(err, ERR_INPUT, "More than %" PRId64 " rows do not fit, the last one in line %"
                       PRId64 ".  That is no accident: another report, another charset or another "
                       "marketplace.  Nothing was imported.", r->rows, row->line);
    struct stmt *put = stmt_of(r->db, sql_reject_put, err);
    if (!put)
        return -err->code;
    r->rows++;
    r->bytes += (int64_t)row->raw_n;
    buf_clear(&r->args);
    json_args(&r->args, &row->why->args);
    bind_int(put, 1, r->import_no);
    bind_int(put, 2, row->line);
    bind_text(put, 3, row->field);
    bind_text(put, 4, row->plugin);
    bind_text(put, 5, row->why->key);
    bind_textn(put, 6, r->args.at, r->args.len);
    bind_blob(put, 7, row->raw, row->raw_n);
    int rc = stmt_run(r->db, put, err);
    return rc < 0 ? rc : 0;
}

void rejects_end(struct rejects *r)
{
    buf_free(&r->args);
}

static const char sql_import_header[] =
    "SELECT header FROM import"
    " WHERE no = :no";

static const char sql_reject_list[] =
    "SELECT raw FROM reject"
    " WHERE import_no = :import_no"
    " ORDER BY line";

static void put_line(struct buf *out, const struct stmt *s)
{
    size_t n;
    const void *at = stmt_blob(s, 0, &n);
    buf_put(out, at, n);
    buf_char(out, '\n');
}

int import_rejects(struct db *db, int64_t no, struct buf *out, struct err *err)
{
    struct stmt *header = stmt_of(db, sql_import_header, err);
    struct stmt *list = stmt_of(db, sql_reject_list, err);
    if (!header || !list)
        return -err->code;
    bind_int(header, 1, no);
    int rc = stmt_step(db, header, err);
    if (rc == 0)
        return err_set(err, ERR_ABSENT, "There is no import %" PRId64 "; `souk imports` lists them.",
                       no);
    if (rc < 0)
        return rc;
    put_line(out, header);
    stmt_reset(header);
    bind_int(list, 1, no);
    while ((rc = stmt_step(db, list, err)) == 1)
        put_line(out, list);
    return rc;
}
