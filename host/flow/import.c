/* SPDX-License-Identifier: Apache-2.0 */
/*
 * import.c: a report file becomes records.
 *
 * in:     a file, an account's writer, the plugins
 * out:    records through the store, rejected rows, one row of the table import, one event
 * knows:  the rooms of this floor, store, plugins.  Has never heard of any report by name.
 *
 * The file is read more than once.  First all of it is looked through for what must be known before the
 * first row can be typed: charset, decimal sign, marketplaces.  Then its rows are typed and given to the
 * plugin in batches.  Memory does not grow with the file.
 */
#include "import.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/zone.h"
#include "data/notice.h"
#include "data/touched.h"
#include "json.h"
#include "reject.h"
#include "shape.h"

struct import {
    const struct import_setup *setup;
    struct import_result *result;
    struct err *err;
    struct arena *arena;                                /* as long as the import */
    struct source *source;
    struct shape *shape;
    const char *name;
    int64_t bytes;                                      /* decompressed */

    const struct market *market;                        /* of the whole file; NULL: it has none */
    struct style style;
    const char *charset;
    struct decoder *decoder;                            /* NULL: the file's parts say their own charset */

    struct store *store;
    struct undo *undo;
    struct rejects rejects;
    const struct batch *batch;                          /* at hand */
    enum store_outcome outcome[BATCH_ROWS];             /* of its rows; 0: not told yet */
};

static bool is_stopped(struct import *in)
{
    if (!in->setup->stop || !*in->setup->stop)
        return false;
    err_set(in->err, ERR_TIME, "The import of %s was stopped; nothing of it was kept.", in->name);
    return true;
}

/* ---- decisions ------------------------------------------------------------------------------- */

static const char sql_markets[] =
    "SELECT id FROM market"
    " LIMIT 2";

static int only_market(struct import *in, const struct market **market)
{
    struct stmt *list = stmt_of(in->setup->db, sql_markets, in->err);
    int rows = 0, rc = list ? 0 : -in->err->code;
    while (list && (rc = stmt_step(in->setup->db, list, in->err)) == 1)
        *market = rows++ ? NULL : market_by_id(stmt_text(list, 0));
    return rc;
}

/*
 * The part of a name before its endings may be a market's code: "report.de.txt", "listings-JP.csv.gz".
 * Only the last part: "rapport-de-stock.txt" is not German, nor "stock-in-july.txt" Indian.
 */
static const struct market *market_in_name(struct arena *a, const char *name)
{
    static const char *const endings[] = { ".gz", ".txt", ".csv", ".tsv", ".json" };
    char *stem = arena_text(a, name);
    for (size_t i = 0; i < COUNT_OF(endings); i++)
        if (text_ends(stem, endings[i]))
            stem[strlen(stem) - strlen(endings[i])] = '\0';
    size_t n = strlen(stem), start = n;
    while (start && !strchr(".-_ ", stem[start - 1]))
        start--;
    return start && n - start == 2 ? market_find(stem + start) : NULL;
}

/*
 * The market of the file counts for formats whose rows name none.  For the others what rows say goes
 * first, and a market that was chosen, or is the only one, only helps out in how the file is
 * written: if it were stored, importing the file again under another one would make other records
 * of its rows.
 */
static int decide(struct import *in, const struct evidence *evidence,
                  const struct charset_tally *tally)
{
    const struct import_setup *setup = in->setup;
    const struct market *likely = NULL;
    if (setup->market && !(likely = market_find(setup->market)))
        return err_set(in->err, ERR_INPUT, "There is no marketplace \"%s\".", setup->market);
    if (!likely && only_market(in, &likely) < 0)
        return -in->err->code;
    if (!likely)
        likely = market_in_name(in->arena, in->name);
    if (in->shape->format->needs_market) {
        if (!likely)
            return err_set(in->err, ERR_INPUT, "%s does not say which marketplace it is from; add "
                           "--market, for example --market DE.", in->name);
        in->market = likely;
    }
    if (style_decide(&in->style, evidence, in->market, likely, in->err) < 0)
        return -in->err->code;
    const char *of_header = in->shape->charset;
    bool is_utf8 = in->shape->has_mark || charset_is_utf8(tally);
    if (in->shape->has_own_charset) {
        in->charset = of_header;
        return 0;
    }
    if (setup->charset)
        in->charset = setup->charset;
    else if (of_header && (is_utf8 || strcmp(of_header, CHARSET_UTF8) != 0))
        in->charset = of_header;
    else
        in->charset = is_utf8 ? CHARSET_UTF8 : in->style.charset;
    return decoder_new(&in->decoder, in->arena, in->charset, in->err);
}

/* ---- what becomes of rows -------------------------------------------------------------------- */

/* Index of a row of the batch by its line: they go up, mostly by one. */
static size_t row_of_line(const struct batch *b, int64_t line)
{
    size_t n = b->rows.n_rows, low = 0, high = n;
    size_t near = n && line >= b->row[0].line ? (size_t)(line - b->row[0].line) : n;
    if (near < n && b->row[near].line == line)
        return near;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (b->row[middle].line < line)
            low = middle + 1;
        else
            high = middle;
    }
    return low < n && b->row[low].line == line ? low : SIZE_MAX;
}

static size_t row_or_fault(struct import *in, int64_t line)
{
    size_t i = row_of_line(in->batch, line);
    if (i == SIZE_MAX)
        err_set(in->err, ERR_PLUGIN, "The plugin %s spoke of line %" PRId64 " of %s, which it was not "
                "given.", in->shape->plugin->name, line, in->name);
    return i;
}

/* Of a row that made several records: rejected goes before accepted, accepted before unchanged. */
static void on_outcome(void *ctx, int64_t line, enum store_outcome what)
{
    struct import *in = ctx;
    size_t i = row_or_fault(in, line);
    if (i == SIZE_MAX)
        return;
    enum store_outcome before = in->outcome[i];
    if (!before || what == STORE_REJECTED || (what == STORE_ACCEPTED && before == STORE_UNCHANGED))
        in->outcome[i] = what;
}

static void on_skip(void *ctx, int64_t line)
{
    on_outcome(ctx, line, STORE_UNCHANGED);
}

/* The first reason of a row stays. */
static void row_reject(struct import *in, int64_t line, const char *column, const char *plugin,
                       const struct souk_msg *why)
{
    size_t i = row_or_fault(in, line);
    if (i == SIZE_MAX || in->outcome[i] == STORE_REJECTED)
        return;
    in->outcome[i] = STORE_REJECTED;
    const struct typed_row *row = &in->batch->row[i];
    const struct rejected rejected = {
        line, row->raw, row->raw_n, in->shape->field_name(in->shape, column ? column : ""), plugin, why
    };
    reject_put(&in->rejects, &rejected, in->err);
}

static void on_plugin_reject(void *ctx, int64_t line, const char *column, const struct souk_msg *why)
{
    struct import *in = ctx;
    row_reject(in, line, column, in->shape->plugin->name, why);
}

static void on_store_reject(void *ctx, int64_t line, const char *column, const struct souk_msg *why)
{
    row_reject(ctx, line, column, "", why);
}

/* ---- batches --------------------------------------------------------------------------------- */

static int put_untyped(struct import *in)
{
    for (size_t i = 0; i < in->batch->n_untyped; i++) {
        const struct untyped_row *u = &in->batch->untyped[i];
        const struct rejected rejected = {
            u->row.line, u->row.raw, u->row.raw_n, u->field, "", &u->why
        };
        if (reject_put(&in->rejects, &rejected, in->err) < 0)
            return -in->err->code;
    }
    return 0;
}

static int put_rows(struct import *in, struct arena *tmp)
{
    const struct souk_rows *rows = &in->batch->rows;
    const struct souk_import_file file = {
        .size = sizeof file, .name = in->name, .charset = in->charset,
        .market = in->market ? in->market->id : "", .currency = in->style.currency,
    };
    const struct import_call call = {
        .plugin = in->shape->plugin, .format = in->shape->format, .file = &file, .store = in->store,
        .db = in->setup->db, .ctx = in,
        .outcome = on_outcome, .reject = on_plugin_reject, .skip = on_skip,
    };
    memset(in->outcome, 0, sizeof in->outcome);
    int rc = rows->n_rows ? desk_import(in->setup->desk, tmp, &call, rows, in->err) : 0;
    if (rc < 0 || in->err->code)                        /* what went wrong in on_... stands in err */
        return -in->err->code;
    for (uint32_t i = 0; i < rows->n_rows; i++) {
        if (!in->outcome[i])
            return err_set(in->err, ERR_PLUGIN, "The plugin %s said nothing about line %" PRId64
                           " of %s; nothing was imported.", in->shape->plugin->name,
                           in->batch->row[i].line, in->name);
        in->result->accepted += in->outcome[i] == STORE_ACCEPTED;
        in->result->unchanged += in->outcome[i] == STORE_UNCHANGED;
    }
    in->result->rows += rows->n_rows + (int64_t)in->batch->n_untyped;
    return 0;
}

static int put_batches(struct import *in)
{
    struct arena *tmp = arena_new("import calls", 1 << 16);
    source_unstoppable(in->source);                     /* from here on is_stopped() looks, batch by batch */
    struct batches *batches = NULL;
    int rc = in->shape->start(in->shape, &in->style, in->decoder, &batches, in->err);
    while (rc == 0 && (rc = batches_next(batches, &in->batch, in->err)) == 1) {
        rc = is_stopped(in) ? -in->err->code : put_untyped(in);
        if (rc == 0)
            rc = put_rows(in, tmp);
        undo_look(in->undo);
        arena_reset(tmp);
        if (rc == 0 && in->setup->progress)
            in->setup->progress(in->setup->ctx, in->batch->bytes, in->bytes);
    }
    arena_free(tmp);
    if (rc == 0 && in->shape->bytes(in->shape) != in->bytes)
        rc = err_set(in->err, ERR_INPUT, "%s changed while it was read; nothing was imported.",
                     in->name);
    return rc;
}

/* ---- the transaction ------------------------------------------------------------------------- */

static const char sql_import_add[] =
    "INSERT INTO import (at_s, name, format, charset, bytes, hash, took_ms, rows, accepted, unchanged,"
    "                    rejected, header, source)"
    " VALUES (:at_s, :name, :format, :charset, :bytes, x'', 0, 0, 0, 0, 0, x'', :source)";

static const char sql_import_end[] =
    "UPDATE import"
    " SET market_no = (SELECT no FROM market WHERE id = :market), hash = :hash, took_ms = :took_ms,"
    "     rows = :rows, accepted = :accepted, unchanged = :unchanged, rejected = :rejected,"
    "     header = :header"
    " WHERE no = :no";

static const char sql_event_add[] =
    "INSERT INTO event (at_s, kind, ref, data)"
    " VALUES (:at_s, :kind, :ref, :data)";

static int import_row_add(struct import *in)
{
    struct stmt *add = stmt_of(in->setup->db, sql_import_add, in->err);
    if (!add)
        return -in->err->code;
    bind_int(add, 1, clock_now());
    bind_text(add, 2, in->name);
    bind_text(add, 3, in->shape->format->id);
    bind_text(add, 4, in->charset);
    bind_int(add, 5, in->bytes);
    bind_text(add, 6, in->setup->source ? in->setup->source : "cli");
    if (stmt_run(in->setup->db, add, in->err) < 0)
        return -in->err->code;
    in->result->no = in->rejects.import_no = db_last_row(in->setup->db);
    in->rejects.are_mails = in->shape->format->shape == SOUK_MAIL;
    return 0;
}

static int import_row_end(struct import *in, int64_t began_ms)
{
    struct import_result *r = in->result;
    unsigned char hash[SOURCE_HASH_BYTES];
    struct stmt *end = stmt_of(in->setup->db, sql_import_end, in->err);
    struct buf head = { 0 };
    if (!end)
        return -in->err->code;
    in->shape->head(in->shape, &head);
    source_hash(in->source, hash);
    r->rejected = in->rejects.rows;
    assert(r->accepted + r->unchanged + r->rejected == r->rows);
    r->took_ms = clock_ms() - began_ms;
    bind_text(end, 1, r->market);
    bind_blob(end, 2, hash, sizeof hash);
    bind_int(end, 3, r->took_ms);
    bind_int(end, 4, r->rows);
    bind_int(end, 5, r->accepted);
    bind_int(end, 6, r->unchanged);
    bind_int(end, 7, r->rejected);
    bind_blob(end, 8, buf_str(&head), head.len);
    bind_int(end, 9, r->no);
    int rc = stmt_run(in->setup->db, end, in->err);
    buf_free(&head);
    return rc < 0 ? rc : 0;
}

static int event_write(struct db *db, const char *kind, int64_t no, const struct souk_args *facts, struct err *err)
{
    struct stmt *add = stmt_of(db, sql_event_add, err);
    struct buf data = { 0 };
    char ref[40];
    if (!add)
        return -err->code;
    snprintf(ref, sizeof ref, "import:%" PRId64, no);
    json_args(&data, facts);
    bind_int(add, 1, clock_now());
    bind_text(add, 2, kind);
    bind_text(add, 3, ref);
    bind_textn(add, 4, data.at, data.len);
    int rc = stmt_run(db, add, err);
    buf_free(&data);
    return rc < 0 ? rc : 0;
}

static int event_add(struct import *in)
{
    const struct import_result *r = in->result;
    const struct souk_args facts = SOUK_ARGS(
        { "no", souk_count(r->no) }, { "format", souk_text(r->format) },
        { "rows", souk_count(r->rows) }, { "accepted", souk_count(r->accepted) },
        { "unchanged", souk_count(r->unchanged) }, { "rejected", souk_count(r->rejected) });
    return event_write(in->setup->db, "import.done", r->no, &facts, in->err);
}

/* One for each file of a format, until it is imported without: the same file again is no news. */
static const char *rejects_notice_id(struct import *in)
{
    return arena_printf(in->arena, "souk:rejects:%s:%s", in->result->format, in->result->name);
}

static int rejects_notice(struct import *in)
{
    const struct import_result *r = in->result;
    struct record_to to = { .db = in->setup->db };
    const struct notice_row row = {
        .notice_id = rejects_notice_id(in), .at_s = clock_now(), .class = "import", .kind = "import.rejected",
        .severity = "watch", .subject = r->name, .after = arena_printf(in->arena, "%" PRId64, r->rejected),
        .ref = arena_printf(in->arena, "import:%" PRId64, r->no), .source = "souk",
    };
    int rc = r->rejected ? notice_stands(&to, &row, in->err)
                         : notice_mended(&to, row.notice_id, row.at_s, in->err);
    return rc < 0 ? rc : touch(to.db, to.touched, in->err);
}

int import_undo(struct db *db, int64_t no, struct err *err)
{
    const struct souk_args facts = SOUK_ARGS({ "no", souk_count(no) });
    char ref[40];
    struct record_to to = { .db = db };
    snprintf(ref, sizeof ref, "import:%" PRId64, no);
    int rc = undo_import(db, no, err);
    if (rc >= 0)
        rc = notice_drop(&to, "import.rejected", ref, err);
    if (rc >= 0)
        rc = touch(db, to.touched, err);
    return rc < 0 ? rc : event_write(db, "import.undone", no, &facts, err);
}

static void keep_checks(struct import *in, struct arena *a)
{
    struct import_result *r = in->result;
    struct store_check check;
    while (store_check_at(in->store, r->n_checks, &check))
        r->n_checks++;
    r->checks = arena_alloc(a, r->n_checks * sizeof *r->checks);
    for (size_t i = 0; i < r->n_checks; i++) {
        store_check_at(in->store, i, &check);
        check.settlement_id = arena_text(a, check.settlement_id);
        check.currency = arena_text(a, check.currency);
        r->checks[i] = check;
    }
}

/* Everything that is written, in one transaction. */
static int write_all(struct import *in, struct arena *a, int64_t began_ms)
{
    const struct store_setup setup = {
        .format = in->shape->format->id, .market = in->market ? in->market->id : "",
        .told_s = source_told_s(in->source), .reject = on_store_reject, .ctx = in,
        .policies = in->setup->policies,
    };
    int rc = db_begin(in->setup->db, in->err);
    if (rc < 0)
        return rc;
    rc = undo_begin(&in->undo, in->setup->db, in->bytes, in->err);
    if (rc == 0)
        rc = store_begin(&in->store, in->setup->db, &setup, in->err);
    if (rc == 0) {
        rc = import_row_add(in);
        if (rc == 0)
            rc = put_batches(in);
        if (rc == 0)
            rc = store_finish(in->store, in->err);
        if (rc >= 0)
            rc = undo_keep(in->undo, in->result->no, &in->result->undo, in->err);
        if (rc >= 0)
            rc = import_row_end(in, began_ms);
        if (rc == 0)
            rc = event_add(in);
        if (rc == 0)
            rc = rejects_notice(in);
        if (rc == 0)
            keep_checks(in, a);
        store_end(in->store);
    }
    undo_end(in->undo);
    return db_end(in->setup->db, rc, in->err);
}

/* ---- the whole way --------------------------------------------------------------------------- */

static void describe(struct import *in, struct arena *a)
{
    struct import_result *r = in->result;
    const struct souk_import *format = in->shape->format;
    const char *title = plugin_pattern(in->setup->plugins, in->shape->plugin, "en", format->title);
    r->name = arena_text(a, in->name);
    r->format = arena_text(a, format->id);
    r->title = arena_text(a, title ? title : format->title);
    r->charset = arena_text(a, in->charset);
    r->market = in->market ? in->market->id : "";
    r->bytes = in->bytes;
}

static int run(struct import *in, struct arena *a)
{
    const struct import_setup *setup = in->setup;
    struct evidence evidence = { 0 };
    struct charset_tally tally = { 0 };
    int64_t began_ms = clock_ms();
    int rc = source_open(&in->source, in->arena, setup->folder, setup->path, setup->name, setup->stop, in->err);
    if (rc < 0)
        return rc;
    in->name = source_name(in->source);
    rc = shape_open(&in->shape, in->arena, setup->plugins, in->source, in->err);
    if (rc < 0)
        return rc;
    rc = in->shape->look_through(in->shape, &evidence, &tally, in->err);
    if (rc < 0)
        return rc;
    in->bytes = in->shape->bytes(in->shape);
    rc = decide(in, &evidence, &tally);
    if (rc < 0)
        return rc;
    describe(in, a);
    return write_all(in, a, began_ms);
}

/*
 * A file that is not what it should be stands among the notices until one of its name is imported.  A full disk, a
 * busy database or a stop says nothing about the file; a name that is not even known yet cannot be mended.
 */
static void failure_notice(struct import *in, const struct err *why)
{
    struct record_to to = { .db = in->setup->db };
    struct err other = { 0 };
    const struct notice_row row = {
        .notice_id = arena_printf(in->arena, "souk:failed:%s", in->name), .at_s = clock_now(), .class = "import",
        .kind = "import.failed", .severity = "bad", .subject = in->name, .after = why ? why->text : "", .source = "souk",
    };
    int rc = db_begin(to.db, &other);
    if (rc < 0)
        return;
    rc = why ? notice_stands(&to, &row, &other) : notice_mended(&to, row.notice_id, row.at_s, &other);
    if (rc >= 0)
        rc = touch(to.db, to.touched, &other);
    if (db_end(to.db, rc, &other) < 0)
        log_warn("import", "%s", other.text);
}

int import_file(struct arena *a, const struct import_setup *setup, struct import_result *result,
                struct err *err)
{
    struct arena *arena = arena_new("import", 1 << 16);
    struct import *in = arena_zero(arena, sizeof *in);
    *result = (struct import_result){ 0 };
    in->setup = setup;
    in->result = result;
    in->err = err;
    in->arena = arena;
    in->rejects.db = setup->db;
    int rc = run(in, a);
    rejects_end(&in->rejects);
    if (in->name && (rc == 0 || rc == -ERR_INPUT || rc == -ERR_PLUGIN))
        failure_notice(in, rc < 0 ? err : NULL);
    arena_free(arena);
    return rc;
}
