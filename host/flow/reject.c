/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reject.c: see reject.h.
 */
#include "reject.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "data/mask.h"
#include "import.h"
#include "json.h"

static const char sql_reject_put[] =
    "INSERT INTO reject (import_no, line, field, plugin, reason, args, raw)"
    " VALUES (:import_no, :line, :field, :plugin, :reason, :args, :raw)";

/* The end of a line, behind its "\n". */
static const char *line_end(const char *at, const char *end)
{
    const char *stop = memchr(at, '\n', (size_t)(end - at));
    return stop ? stop + 1 : end;
}

/* What was written, in subject and body, without card numbers; the ids among the fields stay as they are. */
static void clean_mail(struct buf *out, const char *at, size_t n)
{
    static const char subject[] = "subject:";
    const char *end = at + n;
    bool is_subject = false;
    buf_clear(out);
    while (at < end && *at != '\n' && !(*at == '\r' && end - at > 1 && at[1] == '\n')) {
        const char *next = line_end(at, end);
        if (*at != ' ' && *at != '\t')                  /* else the field goes on */
            is_subject = (size_t)(next - at) >= sizeof subject - 1 && strncasecmp(at, subject, sizeof subject - 1) == 0;
        if (is_subject)
            mask_cards(out, at, (size_t)(next - at));
        else
            buf_put(out, at, (size_t)(next - at));
        at = next;
    }
    mask_cards(out, at, (size_t)(end - at));
}

int reject_put(struct rejects *r, const struct rejected *row, struct err *err)
{
    if (r->rows == REJECTS_MOST || r->bytes + (int64_t)row->raw_n > REJECTS_BYTES_MOST)
        return err_set(err, ERR_INPUT, "More than %" PRId64 " rows do not fit, the last one in line %"
                       PRId64 ". That is no accident: another report, another charset or another "
                       "marketplace. Nothing was imported.", r->rows, row->line);
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
    if (r->are_mails) {
        clean_mail(&r->clean, row->raw, row->raw_n);
        bind_blob(put, 7, r->clean.at, r->clean.len);
    }
    int rc = stmt_run(r->db, put, err);
    return rc < 0 ? rc : 0;
}

void rejects_end(struct rejects *r)
{
    buf_free(&r->args);
    buf_free(&r->clean);
}

/* ---- heads ----------------------------------------------------------------------------------- */

static const char *const head_word[] = {
    [REJECTS_DOCUMENT] = "json", [REJECTS_LINES] = "json lines", [REJECTS_MAILS] = "mails",
};

void reject_head(struct buf *out, enum rejects_kind kind)
{
    buf_put(out, "", 1);
    buf_text(out, head_word[kind]);
    buf_char(out, '\n');
}

void reject_hole(struct buf *out, int64_t first, int64_t last)
{
    buf_put(out, "", 1);
    buf_printf(out, "%" PRId64 "-%" PRId64, first, last);
    buf_put(out, "", 1);
}

/* 0: a table. */
static enum rejects_kind head_kind(const char *at, size_t n)
{
    for (size_t kind = REJECTS_DOCUMENT; n && !*at && kind < COUNT_OF(head_word); kind++) {
        size_t length = strlen(head_word[kind]);
        if (n >= length + 2 && memcmp(at + 1, head_word[kind], length) == 0 && at[length + 1] == '\n')
            return (enum rejects_kind)kind;
    }
    return 0;
}

/* ---- the file -------------------------------------------------------------------------------- */

struct file {
    struct db *db;
    struct stmt *list;
    struct buf *out, last;                              /* last: records of one element have the same bytes */
    int rc;
};

static bool next_row(struct file *f, struct err *err)
{
    f->rc = stmt_step(f->db, f->list, err);
    return f->rc == 1;
}

static bool is_repeated(struct file *f, const void *at, size_t n)
{
    if (f->last.len == n && n && memcmp(f->last.at, at, n) == 0)
        return true;
    buf_clear(&f->last);
    buf_put(&f->last, at, n);
    return false;
}

static void put_line(struct buf *out, const void *at, size_t n)
{
    buf_put(out, at, n);
    buf_char(out, '\n');
}

static void put_lines(struct file *f, struct err *err)
{
    while (next_row(f, err)) {
        size_t n;
        const void *at = stmt_blob(f->list, 0, &n);
        put_line(f->out, at, n);
    }
}

static void put_documents(struct file *f, struct err *err)
{
    while (next_row(f, err)) {
        size_t n;
        const void *at = stmt_blob(f->list, 0, &n);
        if (!is_repeated(f, at, n))
            put_line(f->out, at, n);
    }
}

/* The document, with the rejected records where they stood. */
static void put_document(struct file *f, const char *at, size_t n, struct err *err)
{
    bool has_row = next_row(f, err);
    for (;;) {
        const char *hole = memchr(at, '\0', n);
        size_t length = hole ? (size_t)(hole - at) : n;
        buf_put(f->out, at, length);
        if (!hole)
            break;
        char *end;
        strtoll(hole + 1, &end, 10);                    /* the first, for people who look at it */
        int64_t last = -strtoll(end, &end, 10);
        if ((size_t)(end - at) >= n)
            break;
        n -= (size_t)(end + 1 - at);
        at = end + 1;
        for (bool is_next = false; has_row && stmt_int(f->list, 1) <= last; has_row = next_row(f, err)) {
            size_t raw_n;
            const void *raw = stmt_blob(f->list, 0, &raw_n);
            if (is_repeated(f, raw, raw_n))
                continue;
            buf_text(f->out, is_next ? ",\n" : "\n");
            buf_put(f->out, raw, raw_n);
            is_next = true;
        }
    }
    buf_char(f->out, '\n');
    while (has_row)                                     /* what is no element is in the document already */
        has_row = next_row(f, err);
}

/* A mailbox, in which a line that looks like the beginning of a mail gets a > before it. */
static void put_mails(struct file *f, struct err *err)
{
    while (next_row(f, err)) {
        size_t n;
        const char *at = stmt_blob(f->list, 0, &n), *end = at + n;
        buf_text(f->out, "From souk Thu Jan  1 00:00:00 1970\n");
        while (at < end) {
            const char *stop = memchr(at, '\n', (size_t)(end - at));
            size_t length = (size_t)((stop ? stop : end) - at);
            size_t quotes = 0;
            while (quotes < length && at[quotes] == '>')
                quotes++;
            if (length - quotes >= 5 && memcmp(at + quotes, "From ", 5) == 0)
                buf_char(f->out, '>');
            put_line(f->out, at, length);
            at += length + 1;
        }
        buf_char(f->out, '\n');
    }
}

static const char sql_import_header[] =
    "SELECT header FROM import"
    " WHERE no = :no";

static const char sql_reject_list[] =
    "SELECT raw, line FROM reject"
    " WHERE import_no = :import_no"
    " ORDER BY line";

int import_rejects(struct db *db, int64_t no, struct buf *out, struct err *err)
{
    struct stmt *header = stmt_of(db, sql_import_header, err);
    struct file f = { .db = db, .list = stmt_of(db, sql_reject_list, err), .out = out };
    struct buf head = { 0 };
    size_t n;
    if (!header || !f.list)
        return -err->code;
    bind_int(header, 1, no);
    int rc = stmt_step(db, header, err);
    if (rc == 0)
        return err_set(err, ERR_ABSENT, "There is no import %" PRId64 "; `souk imports` lists them.",
                       no);
    if (rc < 0)
        return rc;
    const char *at = stmt_blob(header, 0, &n);
    buf_put(&head, at, n);
    stmt_reset(header);
    bind_int(f.list, 1, no);
    size_t skip = strcspn(buf_str(&head) + (n ? 1 : 0), "\n") + 2;
    switch (head_kind(head.at, n)) {
    case REJECTS_DOCUMENT: put_document(&f, head.at + skip, n - skip, err); break;
    case REJECTS_LINES:    put_documents(&f, err); break;
    case REJECTS_MAILS:    put_mails(&f, err); break;
    default:
        put_line(out, buf_str(&head), n);
        put_lines(&f, err);
    }
    buf_free(&head);
    buf_free(&f.last);
    return f.rc < 0 ? f.rc : 0;
}

static const char sql_reject_rows[] =
    "SELECT r.line, r.field, r.plugin, r.reason, r.args, r.raw, substr(i.header, 1, 1) = x'00'"
    " FROM reject r JOIN import i ON i.no = r.import_no"
    " WHERE r.import_no = :import_no AND r.line > :after"
    " ORDER BY r.line"
    " LIMIT :most";

/* Back from what json_args wrote. */
static void read_args(struct arena *a, const char *text, struct souk_args *args)
{
    json_t *all = json_loads(text, 0, NULL), *value;
    struct souk_arg *arg = arena_alloc(a, (json_object_size(all) + 1) * sizeof *arg);
    const char *key;
    *args = (struct souk_args){ .at = arg };
    json_object_foreach(all, key, value)
        arg[args->n++] = (struct souk_arg){
            arena_text(a, key),
            json_is_integer(value) ? souk_count(json_integer_value(value))
                                   : souk_text(arena_text(a, json_is_string(value) ? json_string_value(value) : "")),
        };
    json_decref(all);
}

int rejects_read(struct db *db, struct arena *a, int64_t import_no, int64_t after_line, size_t most,
                 struct reject_row **rows, size_t *n, struct err *err)
{
    struct stmt *s = stmt_of(db, sql_reject_rows, err);
    struct reject_row *list = NULL;
    size_t count = 0, room = 0;
    int rc = s ? 0 : -err->code;
    if (s) {
        bind_int(s, 1, import_no);
        bind_int(s, 2, after_line);
        bind_int(s, 3, (int64_t)most);
    }
    while (s && (rc = stmt_step(db, s, err)) > 0) {
        if (count == room) {
            struct reject_row *more = arena_alloc(a, (room = room ? room * 2 : 64) * sizeof *more);
            if (count)
                memcpy(more, list, count * sizeof *more);
            list = more;
        }
        struct reject_row *r = &list[count++];
        const char *raw = stmt_blob(s, 5, &r->raw_n);
        r->line = stmt_int(s, 0);
        r->is_record = stmt_int(s, 6);
        r->field = arena_text(a, stmt_text(s, 1));
        r->plugin = arena_text(a, stmt_text(s, 2));
        r->why.key = arena_text(a, stmt_text(s, 3));
        r->raw = arena_textn(a, raw, r->raw_n);
        read_args(a, stmt_text(s, 4), &r->why.args);
    }
    *rows = list;
    *n = count;
    return rc < 0 ? rc : 0;
}
