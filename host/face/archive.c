/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive.c: everything of an account as one file.
 *
 * in:     the account's database
 * out:    a zip of CSV, JSON and mboxes
 * knows:  the documented views, csv, json.  The one room that sees the archive library.
 */
#include "archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "data/views.h"
#include "face.h"

enum { PIECE = 1 << 16 };

struct packing {
    struct archive *zip;
    struct db *db;
    const char *account, *path;
    int64_t now_s;
    struct arena *a;
    struct buf piece;                                   /* of the file being written */
    struct err *err;
};

/* ---- files of the archive ------------------------------------------------------------------------------- */

static int zip_failed(struct packing *p)
{
    int code = archive_errno(p->zip);
    return err_set(p->err, code == ENOSPC ? ERR_FULL : ERR_IO, "%s cannot be written: %s.", p->path,
                   code ? strerror(code) : archive_error_string(p->zip));
}

static int file_begin(struct packing *p, const char *name)
{
    struct archive_entry *e = archive_entry_new();
    archive_entry_set_pathname(e, arena_printf(p->a, "%s/%s", p->account, name));
    archive_entry_set_filetype(e, AE_IFREG);
    archive_entry_set_perm(e, 0600);
    archive_entry_set_mtime(e, (time_t)p->now_s, 0);
    archive_entry_unset_size(e);                        /* it stands behind the data */
    int rc = archive_write_header(p->zip, e);
    archive_entry_free(e);
    return rc < ARCHIVE_WARN ? zip_failed(p) : 0;
}

static int flush(struct packing *p)
{
    size_t done = 0;
    while (done < p->piece.len) {
        la_ssize_t n = archive_write_data(p->zip, p->piece.at + done, p->piece.len - done);
        if (n <= 0)
            return zip_failed(p);
        done += (size_t)n;
    }
    buf_clear(&p->piece);
    return 0;
}

static int file_end(struct packing *p)
{
    if (flush(p) < 0)
        return -p->err->code;
    return archive_write_finish_entry(p->zip) < ARCHIVE_WARN ? zip_failed(p) : 0;
}

/* ---- views -------------------------------------------------------------------------------------------------- */

struct source {                                         /* a view and its columns as values */
    const struct view_doc *view;
    struct column *column;
    size_t n;
    struct souk_value *cell;
};

static int source_of(struct packing *p, const struct view_doc *view, struct source *s)
{
    struct buf spec = { 0 };
    for (size_t i = 0; i < view->n_columns; i++)
        buf_printf(&spec, "%s%s:%s", i ? " " : "", view->column[i].name, view->column[i].type);
    s->view = view;
    int rc = columns_parse(p->a, buf_str(&spec), &s->column, &s->n, p->err);
    s->cell = arena_zero(p->a, (s->n + 1) * sizeof *s->cell);
    buf_free(&spec);
    return rc;
}

/* Texts live until the statement steps on. */
static struct souk_value cell_of(const struct source *s, const struct stmt *row, size_t i)
{
    const struct column *c = &s->column[i];
    struct souk_value v = souk_number(c->type, 0, 0);
    size_t n;
    if (stmt_is_null(row, (int)i))
        return (struct souk_value){ .type = SOUK_NONE };
    switch (c->type) {
    case SOUK_MONEY:
        for (size_t k = 0; k < s->n; k++)
            if (text_is(s->column[k].name, c->currency) && strlen(stmt_text(row, (int)k)) == 3)
                memcpy(v.currency, stmt_text(row, (int)k), 3);
        v.num = stmt_int(row, (int)i);
        return v.currency[0] ? v : (struct souk_value){ .type = SOUK_NONE };
    case SOUK_BOOL: case SOUK_COUNT: case SOUK_BP: case SOUK_DAY: case SOUK_INSTANT: case SOUK_SECONDS:
        v.num = stmt_int(row, (int)i);
        return v;
    default:
        v.text.at = stmt_blob(row, (int)i, &n);
        v.text.len = (uint32_t)n;
        v.type = SOUK_TEXT;
        return utf8_is_valid(v.text.at, n) ? v : (struct souk_value){ .type = SOUK_NONE };
    }
}

static void put_csv(struct packing *p, const struct source *s, const struct stmt *row)
{
    for (size_t i = 0; i < s->n; i++) {
        if (i)
            buf_char(&p->piece, ',');
        if (!row) {
            buf_text(&p->piece, s->column[i].name);
            continue;
        }
        struct souk_value v = cell_of(s, row, i);
        if (v.type == SOUK_TEXT)
            csv_cell(&p->piece, v.text.at, v.text.len);
        else if (v.type != SOUK_NONE)
            plain_value(&p->piece, &v);
    }
    buf_text(&p->piece, "\r\n");
}

static json_t *cell_json(const struct source *s, const struct stmt *row, size_t i)
{
    struct souk_value v = cell_of(s, row, i);
    struct buf plain = { 0 };
    json_t *j;
    switch (v.type) {
    case SOUK_NONE: return json_null();
    case SOUK_TEXT: return json_stringn(v.text.at, v.text.len);
    case SOUK_BOOL: return json_boolean(v.num);
    case SOUK_COUNT: case SOUK_BP: case SOUK_SECONDS: return json_integer(v.num);
    default:                                            /* money as in the CSV, days, instants */
        plain_value(&plain, &v);
        j = json_string(buf_str(&plain));
        buf_free(&plain);
        return j;
    }
}

static void put_json(struct packing *p, const struct source *s, const struct stmt *row, bool is_first)
{
    json_t *j = json_object();
    for (size_t i = 0; i < s->n; i++)
        json_object_set_new(j, s->column[i].name, cell_json(s, row, i));
    buf_text(&p->piece, is_first ? "\n" : ",\n");
    json_write(&p->piece, j);
}

static int put_view(struct packing *p, const struct source *s, bool as_json)
{
    struct buf sql = { 0 };
    struct stmt *row = NULL;
    buf_printf(&sql, "SELECT * FROM %s", s->view->name);
    int rc = db_guarded(p->db, buf_str(&sql), s->view->name, &row, p->err);
    if (rc == 0)
        rc = file_begin(p, arena_printf(p->a, "views/%s.%s", s->view->name, as_json ? "json" : "csv"));
    if (as_json)
        buf_char(&p->piece, '[');
    else
        put_csv(p, s, NULL);
    for (bool is_first = true; rc == 0 && (rc = stmt_step(p->db, row, p->err)) > 0; is_first = false) {
        if (as_json)
            put_json(p, s, row, is_first);
        else
            put_csv(p, s, row);
        rc = p->piece.len > PIECE ? flush(p) : 0;
    }
    if (as_json)
        buf_text(&p->piece, "\n]\n");
    if (rc == 0)
        rc = file_end(p);
    stmt_free(row);
    buf_free(&sql);
    return rc;
}

/* ---- letters ---------------------------------------------------------------------------------------------------- */

static const char sql_letters[] =
    "SELECT l.letter_id, l.at_s, l.side, l.state, l.sender, l.subject, l.body,"
    "       CASE l.of WHEN 'thread' THEN t.thread_id WHEN 'case' THEN c.case_id ELSE k.claim_id END,"
    "       coalesce(t.order_id, k.order_id, ''), coalesce(t.reply_to, '')"
    " FROM letter l"
    "      LEFT JOIN thread t ON l.of = 'thread' AND t.no = l.of_no"
    "      LEFT JOIN cases c ON l.of = 'case' AND c.no = l.of_no"
    "      LEFT JOIN claim k ON l.of = 'claim' AND k.no = l.of_no"
    " WHERE l.of = :of"
    " ORDER BY l.at_s, l.no";

/* A header's text on one line, as RFC 2047 wants it where it is not plain. */
static void put_header(struct buf *out, const char *name, const char *text)
{
    bool is_plain = true;
    if (!*text)
        return;
    for (const unsigned char *at = (const unsigned char *)text; *at; at++)
        is_plain &= *at >= ' ' && *at < 0x7f;
    buf_printf(out, "%s: ", name);
    if (is_plain && !strstr(text, "=?")) {
        buf_text(out, text);
    } else {
        static const char hex[] = "0123456789ABCDEF";
        size_t room = 0;
        buf_text(out, "=?UTF-8?Q?");
        for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
            if (room > 40 && (*at & 0xc0) != 0x80) {    /* an encoded word has 75 letters at most, and whole letters */
                buf_text(out, "?=\r\n =?UTF-8?Q?");
                room = 0;
            }
            bool stays = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') || (*at >= '0' && *at <= '9');
            if (stays)
                buf_char(out, (char)*at);
            else
                buf_printf(out, "=%c%c", hex[*at >> 4], hex[*at & 15]);
            room += stays ? 1 : 3;
        }
        buf_text(out, "?=");
    }
    buf_text(out, "\r\n");
}

static void put_date(struct buf *out, const char *format, int64_t at_s)
{
    static const char *const days[] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
    static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    time_t at = (time_t)at_s;
    struct tm t;
    gmtime_r(&at, &t);
    if (*format == 'm')                                 /* of mbox */
        buf_printf(out, "%s %s %2d %02d:%02d:%02d %d", days[t.tm_wday], months[t.tm_mon], t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec,
                   t.tm_year + 1900);
    else
        buf_printf(out, "%s, %02d %s %d %02d:%02d:%02d +0000", days[t.tm_wday], t.tm_mday, months[t.tm_mon], t.tm_year + 1900,
                   t.tm_hour, t.tm_min, t.tm_sec);
}

/* Lines that look like the beginning of a letter get a '>', as mboxrd has it. */
static void put_body(struct buf *out, const char *body)
{
    for (const char *at = body; *at;) {
        size_t n = strcspn(at, "\n");
        if (text_starts(at + strspn(at, ">"), "From "))
            buf_char(out, '>');
        buf_put(out, at, n);
        buf_text(out, "\r\n");
        at += n + (at[n] == '\n');
    }
    buf_text(out, "\r\n");
}

static int put_letters(struct packing *p, const char *of, const char *name)
{
    struct stmt *s = stmt_of(p->db, sql_letters, p->err);
    if (!s)
        return -p->err->code;
    int rc = file_begin(p, name);
    bind_text(s, 1, of);
    while (rc == 0 && (rc = stmt_step(p->db, s, p->err)) > 0) {
        struct buf *out = &p->piece;
        buf_text(out, "From souk ");
        put_date(out, "mbox", stmt_int(s, 1));
        buf_text(out, "\r\n");
        put_header(out, "Message-ID", stmt_text(s, 0));
        buf_text(out, "Date: ");
        put_date(out, "mail", stmt_int(s, 1));
        buf_text(out, "\r\n");
        put_header(out, "From", stmt_text(s, 4));
        put_header(out, "Subject", stmt_text(s, 5));
        put_header(out, "Reply-To", text_is(stmt_text(s, 2), "in") ? stmt_text(s, 9) : "");
        put_header(out, "X-Souk-Of", stmt_text(s, 7));
        put_header(out, "X-Souk-Order", stmt_text(s, 8));
        put_header(out, "X-Souk-Side", stmt_text(s, 2));
        put_header(out, "X-Souk-State", stmt_text(s, 3));
        buf_text(out, "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n");
        put_body(out, stmt_text(s, 6));
        rc = out->len > PIECE ? flush(p) : 0;
    }
    stmt_reset(s);
    return rc < 0 ? rc : file_end(p);
}

/* ---- the whole ---------------------------------------------------------------------------------------------------- */

static int put_readme(struct packing *p, const struct view_doc *view, size_t n)
{
    struct buf *out = &p->piece;
    if (file_begin(p, "README.txt") < 0)
        return -p->err->code;
    buf_printf(out, "All that Souk knows of the account %s, as of ", p->account);
    buf_instant(out, p->now_s);
    buf_text(out, ".\r\n\r\nviews/ holds each view twice, as CSV and as JSON. Amounts are in units of their currency, instants in UTC,\r\n"
                  "days as dates. In CSV, a text that a spreadsheet would take for a formula begins with an apostrophe.\r\n"
                  "letters/ holds mailboxes in the mbox format. Secrets are not here; of sealed numbers the last digits are.\r\n\r\n");
    for (size_t i = 0; i < n; i++) {
        buf_printf(out, "%s: %s\r\n", view[i].name, view[i].about);
        for (size_t k = 0; k < view[i].n_columns; k++)
            buf_printf(out, "    %-20s %-16s %s\r\n", view[i].column[k].name, view[i].column[k].type, view[i].column[k].meaning);
    }
    return file_end(p);
}

static int put_all(struct packing *p)
{
    const struct view_doc *view;
    size_t n = views_read(p->a, &view);
    int rc = put_readme(p, view, n);
    for (size_t i = 0; i < n && rc == 0; i++) {
        struct source s;
        rc = source_of(p, &view[i], &s);
        if (rc == 0)
            rc = put_view(p, &s, false);
        if (rc == 0)
            rc = put_view(p, &s, true);
    }
    if (rc == 0)
        rc = put_letters(p, "thread", "letters/buyers.mbox");
    if (rc == 0)
        rc = put_letters(p, "case", "letters/cases.mbox");
    return rc < 0 ? rc : put_letters(p, "claim", "letters/claims.mbox");
}

int archive_account(struct db *db, const char *account, const char *path, int64_t now_s, struct err *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return errno == EEXIST ? err_set(err, ERR_BUSY, "%s is there already: name a new file.", path) : path_refused(path, err);
    struct packing p = {
        .zip = archive_write_new(), .db = db, .account = account, .path = path, .now_s = now_s,
        .a = arena_new("archive", 1 << 16), .err = err,
    };
    archive_write_set_format_zip(p.zip);
    int rc = archive_write_open_fd(p.zip, fd) == ARCHIVE_OK ? db_begin(db, err) : zip_failed(&p);
    if (rc == 0)
        rc = db_end(db, put_all(&p), err);
    if (archive_write_close(p.zip) < ARCHIVE_WARN && rc == 0)
        rc = zip_failed(&p);
    archive_write_free(p.zip);
    if (close(fd) != 0 && rc == 0)
        rc = err_set(err, ERR_IO, "%s cannot be written: %s.", path, strerror(errno));
    if (rc < 0)
        unlink(path);
    buf_free(&p.piece);
    arena_free(p.a);
    return rc;
}
