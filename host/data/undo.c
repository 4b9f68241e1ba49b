/* SPDX-License-Identifier: Apache-2.0 */
/*
 * undo.c: takes the last import back.
 *
 * in:     what the import changes, recorded by change.c
 * out:    the table undo; the records as they were
 * knows:  change, the names of tables.  Has never heard of files or formats.
 *
 * Totals are ordinary rows and come back with the others.  What tells of imports stays: the list of
 * imports with its rejected rows, events, the audit log.
 */
#include "undo.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

#include "base/zone.h"
#include "change.h"
#include "lint.h"
#include "touched.h"

enum { PART_BYTES = 1 << 20, NAMED = 3 };

/* What tells of what happened, or is not of the records. */
static const char left_out[] =
    "import reject event audit command_key undo touched layout secret_link made kept rule_run suggestion suggestion_fact"
    " article preference retention settings_record settings_value settings_change settings_history";

struct undo {
    struct db *db;
    struct change *change;                              /* NULL: not recorded */
    bool is_too_large;
};

/* ---- recording ------------------------------------------------------------------------------- */

int undo_begin(struct undo **out, struct db *db, int64_t file_bytes, struct err *err)
{
    struct undo *u = *out = base_alloc(sizeof *u);
    u->db = db;
    u->is_too_large = file_bytes > UNDO_FILE_BYTES;
    if (u->is_too_large || !change_is_known())
        return 0;
    return change_begin(&u->change, db, left_out, err);
}

static void give_up(struct undo *u)
{
    change_end(u->change);
    u->change = NULL;
}

void undo_look(struct undo *u)
{
    if (!u->change || change_bytes(u->change) <= UNDO_MEMORY_BYTES)
        return;
    u->is_too_large = true;
    give_up(u);
}

void undo_end(struct undo *u)
{
    if (!u)
        return;
    give_up(u);
    base_free(u);
}

/* ---- the table ------------------------------------------------------------------------------- */

struct writer {
    struct db *db;
    struct stmt *add;
    struct err *err;
    z_stream z;
    unsigned char *part;                                /* PART_BYTES */
    int64_t import_no, n;
};

static const char sql_drop[] =
    "DELETE FROM undo";

static const char sql_add[] =
    "INSERT INTO undo (import_no, part, changes)"
    " VALUES (:import_no, :part, :changes)";

static int put_part(struct writer *w)
{
    size_t n = PART_BYTES - w->z.avail_out;
    bind_int(w->add, 1, w->import_no);
    bind_int(w->add, 2, ++w->n);
    bind_blob(w->add, 3, w->part, n);
    w->z.next_out = w->part;
    w->z.avail_out = PART_BYTES;
    return stmt_run(w->db, w->add, w->err);
}

static int deflate_all(struct writer *w, int flush)
{
    int rc = 0, z = Z_OK;
    while (rc >= 0 && (w->z.avail_in || (flush == Z_FINISH && z != Z_STREAM_END))) {
        z = deflate(&w->z, flush);
        if (!w->z.avail_out || z == Z_STREAM_END)
            rc = put_part(w);
    }
    return rc < 0 ? rc : 0;
}

static int on_piece(void *ctx, const void *at, size_t n)
{
    struct writer *w = ctx;
    memcpy(&w->z.next_in, &at, sizeof at);              /* zlib only reads from it */
    w->z.avail_in = (uInt)n;
    return deflate_all(w, Z_NO_FLUSH);
}

int undo_keep(struct undo *u, int64_t import_no, enum undo_can *can, struct err *err)
{
    struct stmt *drop = stmt_of(u->db, sql_drop, err);
    struct writer w = { .db = u->db, .add = stmt_of(u->db, sql_add, err), .err = err, .import_no = import_no };
    if (!drop || !w.add || stmt_run(u->db, drop, err) < 0)
        return -err->code;
    undo_look(u);
    *can = u->change ? UNDO_KEPT : u->is_too_large ? UNDO_TOO_LARGE : UNDO_UNKNOWN;
    if (!u->change)
        return 0;
    if (deflateInit(&w.z, 1) != Z_OK)
        return err_set(err, ERR_BUG, "undo.c: no compression.");
    w.part = base_alloc(PART_BYTES);
    w.z.next_out = w.part;
    w.z.avail_out = PART_BYTES;
    int rc = change_write(u->change, on_piece, &w, err);
    if (rc == 0)
        rc = deflate_all(&w, Z_FINISH);
    deflateEnd(&w.z);
    base_free(w.part);
    give_up(u);
    return rc;
}

struct reader {
    struct db *db;
    struct err *err;
    struct arena *a;
    int64_t import_no, part;
    z_stream z;
    bool is_open, is_over;
};

static const char sql_part[] =
    "SELECT changes FROM undo"
    " WHERE import_no = :import_no AND part = :part";

/* The next piece of the table as input; 0 when there is none. */
static int next_part(struct reader *r)
{
    struct stmt *get = stmt_of(r->db, sql_part, r->err);
    if (!get)
        return -r->err->code;
    bind_int(get, 1, r->import_no);
    bind_int(get, 2, ++r->part);
    int rc = stmt_step(r->db, get, r->err);
    if (rc <= 0)
        return rc;
    size_t n;
    const char *at = stmt_blob(get, 0, &n);
    arena_reset(r->a);
    r->z.next_in = (unsigned char *)arena_textn(r->a, at, n);
    r->z.avail_in = (uInt)n;
    stmt_reset(get);
    return 1;
}

static int on_get(void *ctx, void *at, size_t n)
{
    struct reader *r = ctx;
    if (!at) {
        if (r->is_open)
            inflateEnd(&r->z);
        r->z = (z_stream){ 0 };
        r->part = 0;
        r->is_over = false;
        r->is_open = inflateInit(&r->z) == Z_OK;
        return r->is_open ? 0 : err_set(r->err, ERR_BUG, "undo.c: no compression.");
    }
    r->z.next_out = at;
    r->z.avail_out = (uInt)n;
    while (r->z.avail_out && !r->is_over) {
        int rc = r->z.avail_in ? 1 : next_part(r);
        if (rc < 0)
            return rc;
        int z = rc ? inflate(&r->z, Z_NO_FLUSH) : Z_DATA_ERROR;
        if (z != Z_OK && z != Z_STREAM_END)
            return err_set(r->err, ERR_CORRUPT, "What was kept of import %" PRId64 " is damaged: it cannot be taken"
                           " back.", r->import_no);
        r->is_over = z == Z_STREAM_END;
    }
    return (int)(n - r->z.avail_out);
}

/* ---- who stands in the way ------------------------------------------------------------------- */

/*
 * How rows are called in sentences (NULL: by their table), the column that names one (0: its key is no name),
 * and the area that they are of.
 */
static const struct table { const char *name, *word; int column; unsigned areas; } tables[] = {
    { "market",         "marketplace",           1, TOUCHED_ORDERS },
    { "sku",            "SKU",                   1, TOUCHED_PRODUCTS | TOUCHED_ORDERS | TOUCHED_LISTINGS | TOUCHED_STOCK },
    { "status",         NULL,                    0, TOUCHED_ORDERS },
    { "orders",         "order",                 1, TOUCHED_ORDERS },
    { "order_line",     "line of an order",      0, TOUCHED_ORDERS },
    { "sales_hour",     NULL,                    0, TOUCHED_ORDERS },
    { "sales_day",      NULL,                    0, TOUCHED_ORDERS },
    { "sku_day",        NULL,                    0, TOUCHED_ORDERS },
    { "sku_30",         NULL,                    0, TOUCHED_ORDERS },
    { "shipped_hour",   NULL,                    0, TOUCHED_ORDERS },
    { "open_day",       NULL,                    0, TOUCHED_ORDERS },
    { "ship_pair",      NULL,                    0, TOUCHED_ORDERS },
    { "listing",        "listing",               0, TOUCHED_LISTINGS },
    { "listing_on",     "listing of a day",      0, TOUCHED_LISTINGS },
    { "stock",          "stock",                 0, TOUCHED_STOCK },
    { "stock_on",       "stock of a day",        0, TOUCHED_STOCK },
    { "cycle",          "settlement",            1, TOUCHED_MONEY },
    { "ledger",         "line of the ledger",    0, TOUCHED_MONEY },
    { "cycle_total",    NULL,                    0, TOUCHED_MONEY },
    { "ledger_day",     NULL,                    0, TOUCHED_MONEY },
    { "payment",        "payment",               0, TOUCHED_MONEY },
    { "payment_total",  NULL,                    0, TOUCHED_MONEY },
    { "payment_held",   NULL,                    0, TOUCHED_MONEY },
    { "thread",         "talk",                  1, TOUCHED_LETTERS },
    { "cases",          "case",                  1, TOUCHED_CASES },
    { "claim",          "claim",                 1, TOUCHED_CLAIMS },
    { "letter",         "letter",                1, TOUCHED_LETTERS | TOUCHED_CASES | TOUCHED_CLAIMS },
    { "feedback",       "feedback of order",     2, TOUCHED_FEEDBACK },
    { "feedback_count", "feedback count",        0, TOUCHED_FEEDBACK },
    { "health",         "account health",        0, TOUCHED_HEALTH },
    { "health_metric",  "account health metric", 2, TOUCHED_HEALTH },
    { "notice",         "notice",                1, TOUCHED_NOTICES },
    { "return_line",    "return of order",       3, TOUCHED_RETURNS },
    { "promotion",      "promotion",             1, TOUCHED_PROMOTIONS },
    { "promotion_on",   NULL,                    0, TOUCHED_PROMOTIONS },
    { "promotion_asin", NULL,                    0, TOUCHED_PROMOTIONS },
    { "traffic",        "traffic of a day",      0, TOUCHED_TRAFFIC },
    { "traffic_asin",   "traffic of a product",  0, TOUCHED_TRAFFIC },
    { "rival",          "competing offer of",    1, TOUCHED_RIVALS },
    { "product",        "product",               0, TOUCHED_PRODUCTS },
    { "outbox",         "outgoing mail",         0, TOUCHED_OUTBOX },
    { "outgoing",       "outgoing change",       0, TOUCHED_OUTBOX },
    { "outgoing_file",  "outgoing file",         0, TOUCHED_OUTBOX },
    { "record_row",     NULL,                    0, TOUCHED_LETTERS | TOUCHED_CASES | TOUCHED_CLAIMS | TOUCHED_NOTICES },
};

static const struct table *table_of(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(tables); i++)
        if (text_is(tables[i].name, name))
            return &tables[i];
    return NULL;
}

unsigned undo_areas(const char *name)
{
    const struct table *t = table_of(name);
    return t ? t->areas : 0;
}

bool undo_leaves_out(const char *name)
{
    return lint_names(left_out, name);
}

struct clashes {
    struct err *err;
    struct db *db;
    struct buf names;                                   /* of the first few */
    int n;
    unsigned areas;                                     /* that changed */
};

static void on_clash(void *ctx, const struct change_row *row)
{
    struct clashes *c = ctx;
    const struct table *t = table_of(row->table);
    const char *name = t && t->column ? change_text(row, t->column) : NULL;
    struct buf one = { 0 };
    if (t && t->word)
        buf_printf(&one, "%s%s%.60s", t->word, name ? " " : "", name ? name : "");
    else
        buf_printf(&one, "a row of %s", row->table);
    /* One order may clash in many rows: it is named once. */
    if (!strstr(buf_str(&c->names), buf_str(&one)) && c->n++ < NAMED)
        buf_printf(&c->names, "%s%s", c->names.len ? ", " : "", buf_str(&one));
    buf_free(&one);
}

/* What may have been added since, and stands on a row by its number. */
static const struct { const char *table, *by, *sql; } leaning[] = {
    { "sku",    "product",   "SELECT 1 FROM product WHERE sku_no = :no" },
    { "sku",    "outgoing change", "SELECT 1 FROM outgoing WHERE sku_no = :no" },
    { "thread", "letter",    "SELECT 1 FROM letter WHERE of = 'thread' AND of_no = :no" },
    { "cases",  "letter",    "SELECT 1 FROM letter WHERE of = 'case' AND of_no = :no" },
    { "claim",  "letter",    "SELECT 1 FROM letter WHERE of = 'claim' AND of_no = :no" },
    { "letter", "outbox",    "SELECT 1 FROM outbox WHERE letter_no = :no" },
    { "market", "thread",    "SELECT 1 FROM thread WHERE market_no = :no" },
    { "market", "cases",     "SELECT 1 FROM cases WHERE market_no = :no" },
    { "market", "claim",     "SELECT 1 FROM claim WHERE market_no = :no" },
    { "market", "notice",    "SELECT 1 FROM notice WHERE market_no = :no" },
    { "market", "promotion", "SELECT 1 FROM promotion WHERE market_no = :no" },
    { "market", "rival",     "SELECT 1 FROM rival WHERE market_no = :no" },
    { "market", "outgoing change", "SELECT 1 FROM outgoing WHERE market_no = :no" },
    { "market", "health",    "SELECT 1 FROM health WHERE market_no = :no" },
    { "market", "health_metric",  "SELECT 1 FROM health_metric WHERE market_no = :no" },
    { "market", "feedback_count", "SELECT 1 FROM feedback_count WHERE market_no = :no" },
};

/* Suggestions are no records: the coach says them again when they still hold. */
static const char sql_suggestions_drop[] =
    "DELETE FROM suggestion"
    " WHERE market_no = :no";

static int on_taken_back(void *ctx, const struct change_row *row)
{
    struct clashes *c = ctx;
    c->areas |= undo_areas(row->table);
    const char *no_text = row->op == CHANGE_DROP ? change_text(row, 0) : NULL;
    int64_t no;
    if (!no_text || !text_int(no_text, &no))
        return 0;
    if (text_is(row->table, "market")) {
        struct stmt *drop = stmt_of(c->db, sql_suggestions_drop, c->err);
        if (!drop)
            return -c->err->code;
        bind_int(drop, 1, no);
        int rc = stmt_run(c->db, drop, c->err);
        if (rc < 0)
            return rc;
    }
    for (size_t i = 0; i < COUNT_OF(leaning); i++) {
        if (!text_is(leaning[i].table, row->table))
            continue;
        struct stmt *s = stmt_of(c->db, leaning[i].sql, c->err);
        if (!s)
            return -c->err->code;
        bind_int(s, 1, no);
        int rc = stmt_step(c->db, s, c->err);
        stmt_reset(s);
        if (rc < 0)
            return rc;
        if (rc > 0)
            on_clash(c, row);
    }
    return 0;
}

/* ---- taking back ----------------------------------------------------------------------------- */

static const char sql_last[] =
    "SELECT max(import_no) FROM undo";

int64_t undo_last(struct db *db, struct err *err)
{
    struct stmt *s = stmt_of(db, sql_last, err);
    int64_t no = 0;
    if (s && stmt_step(db, s, err) > 0) {
        no = stmt_int(s, 0);
        stmt_reset(s);
    }
    return no;
}

static const char sql_import[] =
    "SELECT undone_s, (SELECT max(no) FROM import) FROM import"
    " WHERE no = :no";

static int check_import(struct db *db, int64_t no, struct err *err)
{
    struct stmt *s = stmt_of(db, sql_import, err);
    if (!s)
        return -err->code;
    bind_int(s, 1, no);
    int rc = stmt_step(db, s, err);
    if (rc < 0)
        return rc;
    if (rc == 0)
        return err_set(err, ERR_ABSENT, "There is no import %" PRId64 "; the list is on the page of imports and in"
                       " `souk imports`.", no);
    bool is_undone = !stmt_is_null(s, 0);
    int64_t last = stmt_int(s, 1);
    stmt_reset(s);
    if (is_undone)
        return err_set(err, ERR_DENIED, "Import %" PRId64 " was taken back already.", no);
    if (undo_last(db, err) == no)
        return 0;
    if (err->code)
        return -err->code;
    if (last != no)
        return err_set(err, ERR_DENIED, "Only the last import can be taken back, and import %" PRId64 " came after"
                       " import %" PRId64 ".", last, no);
    return change_is_known()
        ? err_set(err, ERR_DENIED, "Import %" PRId64 " is too large to be taken back: what files of up to %d MB change is"
                  " recorded, up to %d MB of it.", no, UNDO_FILE_BYTES >> 20, UNDO_MEMORY_BYTES >> 20)
        : err_set(err, ERR_DENIED, "Import %" PRId64 " cannot be taken back: this machine's SQLite was built without"
                  " sessions.", no);
}

static const char sql_undone[] =
    "UPDATE import"
    " SET undone_s = :at_s"
    " WHERE no = :no";

static int mark_undone(struct db *db, int64_t no, struct err *err)
{
    struct stmt *mark = stmt_of(db, sql_undone, err), *drop = stmt_of(db, sql_drop, err);
    if (!mark || !drop)
        return -err->code;
    bind_int(mark, 1, clock_now());
    bind_int(mark, 2, no);
    int rc = stmt_run(db, mark, err);
    if (rc >= 0)
        rc = stmt_run(db, drop, err);
    return rc < 0 ? rc : 0;
}

int undo_import(struct db *db, int64_t import_no, struct err *err)
{
    int rc = check_import(db, import_no, err);
    if (rc < 0)
        return rc;
    struct clashes clashes = { .err = err, .db = db };
    struct reader reader = { .db = db, .err = err, .a = arena_new("undo", PART_BYTES + 64), .import_no = import_no };
    const struct change_source source = { on_get, &reader };
    rc = change_take_back(db, &source, on_clash, &clashes, err);
    if (rc == 0)
        rc = change_each(db, &source, on_taken_back, &clashes, err);
    if (reader.is_open)
        inflateEnd(&reader.z);
    arena_free(reader.a);
    if (rc >= 0 && clashes.n)
        rc = err_set(err, ERR_DENIED, "Import %" PRId64 " cannot be taken back: %s%s changed since, or something was"
                     " added to %s.", import_no, buf_str(&clashes.names),
                     clashes.n > NAMED ? " and others were" : clashes.n > 1 ? " were" : " was",
                     clashes.n > 1 ? "them" : "it");
    buf_free(&clashes.names);
    if (rc >= 0)
        rc = mark_undone(db, import_no, err);
    return rc < 0 ? rc : touch(db, clashes.areas | TOUCHED_IMPORTS, err);
}
