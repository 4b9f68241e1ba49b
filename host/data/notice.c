/* SPDX-License-Identifier: Apache-2.0 */
/*
 * notice.c: what somebody should know of.
 *
 * in:     one notice, from an import, from Souk itself or from a command
 * out:    notice; the full-text index
 * knows:  record, mask, text_index
 */
#include "notice.h"

#include <string.h>

#include "mask.h"
#include "text_index.h"
#include "touched.h"

const char notice_severities[] = "info watch bad";

static const char sql_add[] =
    "INSERT INTO notice (notice_id, at_s, class, kind, severity, market_no, subject, before, after, ref, deadline_s,"
    "                    minor, currency, source)"
    " VALUES (:notice_id, :at_s, :class, :kind, :severity, nullif(:market_no, 0), :subject, :before, :after, :ref,"
    "         nullif(:deadline_s, 0), :minor, :currency, :source)"
    " ON CONFLICT (notice_id) DO NOTHING";

/* Unread and open again. */
static const char sql_again[] =
    "UPDATE notice"
    " SET at_s = :at_s, class = :class, kind = :kind, severity = :severity, market_no = nullif(:market_no, 0),"
    "     subject = :subject, before = :before, after = :after, ref = :ref, deadline_s = nullif(:deadline_s, 0),"
    "     minor = :minor, currency = :currency, source = :source, read_s = NULL, done_s = NULL"
    " WHERE notice_id = :notice_id";

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

/* From at_s on, at position `at`. */
static void bind_row(struct stmt *s, int at, const struct notice_row *row, int64_t market_no)
{
    bind_int(s, at++, row->at_s);
    bind_text(s, at++, row->class);
    bind_text(s, at++, row->kind);
    bind_text(s, at++, row->severity);
    bind_int(s, at++, market_no);
    bind_text(s, at++, or_empty(row->subject));
    bind_text(s, at++, or_empty(row->before));
    bind_text(s, at++, or_empty(row->after));
    bind_text(s, at++, row->ref);
    bind_int(s, at++, row->deadline_s);
    bind_null(s, at);
    bind_null(s, at + 1);
    if (row->amount.currency[0]) {
        bind_int(s, at, row->amount.minor);
        bind_text(s, at + 1, row->amount.currency);
    }
    bind_text(s, at + 2, row->source ? row->source : "typed");
}

static int notice_text(struct record_to *to, int64_t no, const struct notice_row *row, struct err *err)
{
    struct buf body = { 0 };
    buf_printf(&body, "%s %s %s %s", or_empty(row->before), or_empty(row->after), or_empty(row->ref), row->kind);
    int rc = text_put(to->db, TEXT_NOTICE, no, or_empty(row->subject), buf_str(&body), err);
    buf_free(&body);
    return rc;
}

static struct notice_row clean(struct arena *a, const struct notice_row *row)
{
    struct notice_row c = *row;
    c.subject = mask_text(a, row->subject, NULL);
    c.before = mask_text(a, row->before, NULL);
    c.after = mask_text(a, row->after, NULL);
    return c;
}

static const char sql_find[] =
    "SELECT no, severity, before, after, deadline_s, minor, currency FROM notice"
    " WHERE notice_id = :notice_id";

static const char sql_next[] =
    "SELECT coalesce(max(no), 0) + 1 FROM notice";

static int put_in(struct record_to *to, struct arena *tmp, const struct notice_row *given, int64_t *no,
                  struct err *err)
{
    struct notice_row row = clean(tmp, given);
    struct stmt *add = stmt_of(to->db, sql_add, err), *find = stmt_of(to->db, sql_find, err);
    int64_t market_no;
    if (!add || !find || record_market(to, row.market, &market_no, err) < 0)
        return -err->code;
    if (!row.notice_id && !(row.notice_id = record_own_id(to, tmp, sql_next, err)))
        return -err->code;
    bind_text(add, 1, row.notice_id);
    bind_row(add, 2, &row, market_no);
    int added = stmt_run(to->db, add, err);
    if (added < 0)
        return added;
    bind_text(find, 1, row.notice_id);
    int rc = stmt_step(to->db, find, err);
    if (rc > 0)
        *no = stmt_int(find, 0);
    stmt_reset(find);
    if (rc < 0 || !added)
        return rc < 0 ? rc : 0;
    to->touched |= TOUCHED_NOTICES;
    rc = notice_text(to, *no, &row, err);
    return rc < 0 ? rc : 1;
}

int notice_put(struct record_to *to, const struct notice_row *row, int64_t *no, struct err *err)
{
    struct arena *tmp = arena_new("notice", 1024);
    int64_t ignored;
    int rc = put_in(to, tmp, row, no ? no : &ignored, err);
    arena_free(tmp);
    return rc;
}

/* Does the one that is known say the same? */
static int says_same(struct record_to *to, const struct notice_row *row, int64_t *no, struct err *err)
{
    struct stmt *find = stmt_of(to->db, sql_find, err);
    if (!find)
        return -err->code;
    bind_text(find, 1, row->notice_id);
    int rc = stmt_step(to->db, find, err);
    if (rc <= 0)
        return rc;
    *no = stmt_int(find, 0);
    bool is_same = strcmp(stmt_text(find, 1), row->severity) == 0 &&
                   strcmp(stmt_text(find, 2), or_empty(row->before)) == 0 &&
                   strcmp(stmt_text(find, 3), or_empty(row->after)) == 0 &&
                   stmt_int(find, 4) == row->deadline_s && stmt_int(find, 5) == row->amount.minor &&
                   strcmp(stmt_text(find, 6), row->amount.currency) == 0;
    stmt_reset(find);
    return is_same;
}

static int stands_in(struct record_to *to, struct arena *tmp, const struct notice_row *given, struct err *err)
{
    struct notice_row row = clean(tmp, given);
    int64_t no, market_no;
    int rc = put_in(to, tmp, &row, &no, err);
    if (rc != 0)
        return rc;
    rc = says_same(to, &row, &no, err);
    if (rc != 0)
        return rc < 0 ? rc : 0;
    struct stmt *again = stmt_of(to->db, sql_again, err);
    if (!again || record_market(to, row.market, &market_no, err) < 0)
        return -err->code;
    bind_row(again, 1, &row, market_no);
    bind_text(again, 14, row.notice_id);
    rc = stmt_run(to->db, again, err);
    to->touched |= TOUCHED_NOTICES;
    if (rc >= 0)
        rc = notice_text(to, no, &row, err);
    return rc < 0 ? rc : 1;
}

int notice_stands(struct record_to *to, const struct notice_row *row, struct err *err)
{
    struct arena *tmp = arena_new("notice", 1024);
    int rc = stands_in(to, tmp, row, err);
    arena_free(tmp);
    return rc;
}

/* Nothing is at stake any more: if it comes again, that is news. */
static const char sql_mended[] =
    "UPDATE notice"
    " SET done_s = :at_s, read_s = coalesce(read_s, :at_s),"
    "     minor = CASE WHEN minor IS NULL THEN NULL ELSE 0 END, after = 'mended'"
    " WHERE notice_id = :notice_id AND after <> 'mended'";

int notice_mended(struct record_to *to, const char *notice_id, int64_t at_s, struct err *err)
{
    struct stmt *put = stmt_of(to->db, sql_mended, err);
    if (!put)
        return -err->code;
    bind_int(put, 1, at_s);
    bind_text(put, 2, notice_id);
    int rc = stmt_run(to->db, put, err);
    if (rc > 0)
        to->touched |= TOUCHED_NOTICES;
    return rc;
}

static const char sql_leading[] =
    "SELECT no FROM notice"
    " WHERE kind = :kind AND ref = :ref";

static const char sql_drop[] =
    "DELETE FROM notice"
    " WHERE no = :no";

int notice_drop(struct record_to *to, const char *kind, const char *ref, struct err *err)
{
    struct stmt *leading = stmt_of(to->db, sql_leading, err), *drop = stmt_of(to->db, sql_drop, err);
    int dropped = 0, rc;
    if (!leading || !drop)
        return -err->code;
    bind_text(leading, 1, kind);
    bind_text(leading, 2, ref);
    while ((rc = stmt_step(to->db, leading, err)) > 0) {
        int64_t no = stmt_int(leading, 0);
        bind_int(drop, 1, no);
        rc = stmt_run(to->db, drop, err);
        if (rc < 0 || (rc = text_drop(to->db, TEXT_NOTICE, no, err)) < 0)
            break;
        to->touched |= TOUCHED_NOTICES;
        dropped++;
    }
    stmt_reset(leading);
    return rc < 0 ? rc : dropped;
}

/* ---- read and done --------------------------------------------------------------------------- */

static const char sql_read[] =
    "UPDATE notice"
    " SET read_s = nullif(:at_s, 0)"
    " WHERE no = :no AND coalesce(read_s, 0) <> :at_s AND (:at_s = 0 OR read_s IS NULL)";

static const char sql_done[] =
    "UPDATE notice"
    " SET done_s = nullif(:at_s, 0), read_s = coalesce(read_s, nullif(:at_s, 0))"
    " WHERE no = :no AND coalesce(done_s, 0) <> :at_s AND (:at_s = 0 OR done_s IS NULL)";

static const char sql_is_there[] =
    "SELECT 1 FROM notice"
    " WHERE no = :no";

/* The first time counts. */
static int mark(struct record_to *to, const char *sql, int64_t no, int64_t at_s, struct err *err)
{
    struct stmt *put = stmt_of(to->db, sql, err), *is_there = stmt_of(to->db, sql_is_there, err);
    if (!put || !is_there)
        return -err->code;
    bind_int(is_there, 1, no);
    int rc = stmt_step(to->db, is_there, err);
    stmt_reset(is_there);
    if (rc <= 0)
        return rc < 0 ? rc : err_set(err, ERR_ABSENT, "There is no notice %lld.", (long long)no);
    bind_int(put, 1, at_s);
    bind_int(put, 2, no);
    rc = stmt_run(to->db, put, err);
    if (rc > 0)
        to->touched |= TOUCHED_NOTICES;
    return rc;
}

int notice_read(struct record_to *to, int64_t no, int64_t at_s, struct err *err)
{
    return mark(to, sql_read, no, at_s, err);
}

int notice_done(struct record_to *to, int64_t no, int64_t at_s, struct err *err)
{
    return mark(to, sql_done, no, at_s, err);
}
