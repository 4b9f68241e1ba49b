/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rows.c: see rows.h.
 *
 * Two batches go round between the thread that fills them and the caller that empties them.  What
 * both look at is under one lock; a batch belongs to one side at a time.
 */
#include "rows.h"

#include <pthread.h>
#include <string.h>

#include "json.h"
#include "plug/wire.h"

enum {
    BATCHES = 2,
    BATCH_BYTES = 1 << 18,                              /* of lines; what they become fits the arena */
    ARENA_BYTES = 2 << 20,
    NUMBERS_ENOUGH = 10000,                             /* cells that show the decimal sign */
    SHOWN_BYTES = 80                                    /* of a cell, in the reason of its row */
};

/* A column of the format and the field it is read from. */
struct reading {
    const struct souk_import_column *column;
    const char *name;                                   /* in the header; "": the file does not have it */
    size_t field;                                       /* of the row; SIZE_MAX: it does not have it */
    size_t cell;
    size_t currency;                                    /* reading that tells it; SIZE_MAX: the file */
    struct buf carried;                                 /* SOUK_CARRY: the last that was not empty */
    struct buf last_market;                             /* markets repeat: looked up once */
    struct souk_value market;
};

struct filled {
    struct batch batch;
    struct arena *arena;
    struct souk_value *cell;
    struct typed_row row[BATCH_ROWS];
    struct untyped_row untyped[BATCH_ROWS];
    bool is_full;                                       /* under the lock: the caller's turn */
    bool is_last;
    struct err err;
};

struct rows {
    struct arena *arena;
    struct split *split;
    const struct header *header;
    struct reading *reading;                            /* in the format's order, those that are kept */
    size_t n_readings;
    size_t *order;                                      /* what others need comes first */
    size_t *unknown;                                    /* fields without a column */
    size_t n_unknown;
    const char *columns;
    size_t n_columns;
    struct field field[FIELDS_MOST];                    /* of the row at hand */

    struct style style;
    struct decoder *decoder;
    struct buf json;

    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool is_ending;                                     /* under the lock: the caller wants no more */
    struct filled filled[BATCHES], *given;
};

/* ---- columns --------------------------------------------------------------------------------- */

static size_t reading_named(const struct rows *r, const char *name)
{
    for (size_t i = 0; i < r->n_readings; i++)
        if (text_is(r->reading[i].column->name, name))
            return i;
    return SIZE_MAX;
}

const char *rows_field_name(const struct rows *r, const char *column)
{
    size_t i = reading_named(r, column);
    return i == SIZE_MAX ? "" : r->reading[i].name;
}

static bool tells_currency(const struct reading *reading)
{
    return reading->column->type == SOUK_CURRENCY || reading->column->type == SOUK_MARKET;
}

static void rows_free(void *what)
{
    struct rows *r = what;
    for (size_t i = 0; i < r->n_readings; i++) {
        buf_free(&r->reading[i].carried);
        buf_free(&r->reading[i].last_market);
    }
    buf_free(&r->json);
}

struct rows *rows_new(struct arena *a, struct split *split, const struct header *header)
{
    const struct souk_import *format = header->format;
    struct rows *r = arena_zero(a, sizeof *r);
    struct buf columns = { 0 };
    r->arena = a;
    r->split = split;
    r->header = header;
    r->reading = arena_zero(a, format->columns.n * sizeof *r->reading);
    r->order = arena_alloc(a, format->columns.n * sizeof *r->order);
    r->unknown = arena_alloc(a, header->n_fields * sizeof *r->unknown);
    buf_text(&columns, "line:count");
    for (size_t i = 0; i < format->columns.n; i++) {
        const struct souk_import_column *c = format_column(format, i);
        if (c->type == SOUK_NONE)
            continue;
        struct reading *reading = &r->reading[r->n_readings++];
        *reading = (struct reading){
            .column = c, .name = "", .field = SIZE_MAX, .cell = r->n_readings
        };
        for (size_t f = 0; f < header->n_fields; f++) {
            if (header->field[f].column == (int)i) {
                reading->field = f;
                reading->name = header->field[f].name;
            }
        }
        buf_printf(&columns, " %s:%s", c->name, word_of_type(c->type));
    }
    buf_text(&columns, " extra:text");
    r->columns = arena_text(a, columns.at);
    r->n_columns = r->n_readings + 2;
    buf_free(&columns);

    for (size_t f = 0; f < header->n_fields; f++)
        if (header->field[f].column == COLUMN_UNKNOWN)
            r->unknown[r->n_unknown++] = f;
    size_t n = 0;
    for (size_t i = 0; i < r->n_readings; i++)
        if (tells_currency(&r->reading[i]))
            r->order[n++] = i;
    for (size_t i = 0; i < r->n_readings; i++) {
        const char *currency = r->reading[i].column->currency;
        r->reading[i].currency = currency && *currency ? reading_named(r, currency) : SIZE_MAX;
        if (!tells_currency(&r->reading[i]))
            r->order[n++] = i;
    }
    arena_at_end(a, rows_free, r);
    return r;
}

/* ---- fields ---------------------------------------------------------------------------------- */

/* To the first row.  Above it lines are lines, whatever quotes they have. */
static int to_first_row(struct rows *r, bool is_hashing, struct err *err)
{
    struct row row;
    int rc = split_rewind(r->split, is_hashing, err);
    for (int64_t line = 0; rc >= 0 && line < r->header->line; line++)
        rc = split_row(r->split, '\t', &row, err);
    return rc < 0 ? rc : 0;
}

/* Without outer spaces and, where all are quoted, without the quotes. */
static inline void field_trim(const struct rows *r, struct field *f)
{
    if (r->header->is_quoted && f->n >= 2 && f->at[0] == '"' && f->at[f->n - 1] == '"') {
        f->at++;
        f->n -= 2;
        f->at[f->n] = '\0';
    }
    while (f->n && f->at[f->n - 1] == ' ')
        f->at[--f->n] = '\0';
    while (f->n && *f->at == ' ') {
        f->at++;
        f->n--;
    }
}

static bool is_last_market(const struct reading *reading, const struct field *f)
{
    const struct buf *last = &reading->last_market;
    return last->len == f->n && memcmp(buf_str(last), f->at, f->n) == 0;
}

static void keep_market(struct reading *reading, const struct field *f)
{
    buf_clear(&reading->last_market);
    buf_put(&reading->last_market, f->at, f->n);
}

/* ---- evidence -------------------------------------------------------------------------------- */

static void look_at(struct reading *reading, const struct field *f, struct evidence *e)
{
    switch (reading->column->type) {
    case SOUK_MONEY:
    case SOUK_DECIMAL:
        if (e->points + e->commas < NUMBERS_ENOUGH)
            evidence_number(e, f->at, f->n);
        break;
    case SOUK_MARKET:
    case SOUK_CURRENCY:
        if (is_last_market(reading, f))
            break;
        keep_market(reading, f);
        if (reading->column->type == SOUK_MARKET)
            evidence_market(e, f->at, f->n);
        else
            evidence_currency(e, f->at, f->n);
        break;
    }
}

int rows_look_through(struct rows *r, struct evidence *evidence, struct charset_tally *tally,
                      struct err *err)
{
    struct row row;
    bool is_broken;
    int rc = to_first_row(r, false, err);
    while (rc == 0 && (rc = split_row(r->split, r->header->delimiter, &row, err)) == 1) {
        rc = 0;
        if (row.fault)
            continue;
        if (bytes_kinds(row.at, row.n) & BYTES_HIGH)
            charset_see(tally, row.at, row.n);
        size_t n = split_fields(row.at, row.n, r->header->delimiter, r->field, &is_broken);
        for (size_t i = 0; i < r->n_readings; i++) {
            struct reading *reading = &r->reading[i];
            if (reading->field >= n || !r->field[reading->field].n)
                continue;
            field_trim(r, &r->field[reading->field]);
            look_at(reading, &r->field[reading->field], evidence);
        }
    }
    for (size_t i = 0; i < r->n_readings; i++)
        buf_clear(&r->reading[i].last_market);
    return rc;
}

/* ---- typing a row ---------------------------------------------------------------------------- */

static const struct souk_arg *arg_text(struct arena *a, const char *name, const char *at, size_t n)
{
    struct souk_arg *arg = arena_alloc(a, sizeof *arg);
    *arg = (struct souk_arg){ name, souk_text(arena_textn(a, at, n)) };
    return arg;
}

/* Always false, for the caller to return: the row is not typed. */
static bool untyped(struct filled *to, const struct row *row, const char *field, const char *key,
                    const struct souk_arg *args, uint32_t n_args)
{
    to->untyped[to->batch.n_untyped++] = (struct untyped_row){
        { row->line, arena_textn(to->arena, row->at, row->n), row->n }, field,
        { key, { args, n_args, 0 } },
    };
    return false;
}

/* The reason shows as much of the cell as a sentence can hold. */
static bool untyped_cell(struct filled *to, const struct row *row, const char *field, const char *key,
                         const char *at, size_t n)
{
    if (n > SHOWN_BYTES)
        for (n = SHOWN_BYTES; n && ((unsigned char)at[n] & 0xC0) == 0x80;)
            n--;
    return untyped(to, row, field, key, arg_text(to->arena, "value", at, n), 1);
}

/* NUL bytes: what is nothing else is empty, others become U+FFFD. */
static void field_without_nul(struct arena *a, struct field *f)
{
    size_t nuls = 0;
    for (size_t i = 0; i < f->n; i++)
        nuls += f->at[i] == '\0';
    if (nuls == f->n)
        f->n = 0;
    if (!nuls || !f->n)
        return;
    char *to = arena_alloc(a, f->n + 2 * nuls + 1), *out = to;
    for (size_t i = 0; i < f->n; i++) {
        if (f->at[i]) {
            *out++ = f->at[i];
        } else {
            memcpy(out, "\uFFFD", 3);
            out += 3;
        }
    }
    *out = '\0';
    *f = (struct field){ to, (size_t)(out - to) };
}

static const char *currency_of(const struct rows *r, const struct reading *reading,
                               const struct souk_value *cell)
{
    if (reading->currency == SIZE_MAX)
        return r->style.currency;
    const struct souk_value *v = &cell[r->reading[reading->currency].cell];
    if (v->type == SOUK_CURRENCY)
        return v->text.at;
    return v->type == SOUK_MARKET ? market_by_id(v->text.at)->currency : r->style.currency;
}

/* A market that Souk does not know is wrong only where one is needed. */
static const char *type_market(const struct rows *r, struct reading *reading, struct field *f,
                               struct souk_value *v)
{
    if (!is_last_market(reading, f)) {
        keep_market(reading, f);
        if (cell_type(&r->style, SOUK_MARKET, "", f->at, f->n, &reading->market))
            reading->market = souk_none();
    }
    *v = reading->market;
    return v->type == SOUK_NONE && reading->column->flags & SOUK_NEEDED ? "cell.market" : NULL;
}

static void carry(struct reading *reading, struct arena *a, struct field *f)
{
    if (f->n) {
        buf_clear(&reading->carried);
        buf_put(&reading->carried, f->at, f->n);
    } else if (reading->carried.len) {
        const struct buf *text = &reading->carried;
        *f = (struct field){ arena_textn(a, text->at, text->len), text->len };
    }
}

static bool type_fields(struct rows *r, struct filled *to, const struct row *row, size_t n,
                        struct souk_value *cell)
{
    cell[0] = souk_count(row->line);
    for (size_t o = 0; o < r->n_readings; o++) {
        struct reading *reading = &r->reading[r->order[o]];
        struct souk_value *v = &cell[reading->cell];
        struct field f = { NULL, 0 };
        const char *wrong = NULL;
        if (reading->field < n) {
            f = r->field[reading->field];
            field_trim(r, &f);
        }
        if (reading->column->flags & SOUK_CARRY)
            carry(reading, to->arena, &f);
        if (!f.n) {
            *v = souk_none();
            if (reading->column->flags & SOUK_NEEDED)
                wrong = "cell.needed";
        } else if (f.n > FIELD_MOST) {
            wrong = "cell.too_long";
        } else if (reading->column->type == SOUK_MARKET) {
            wrong = type_market(r, reading, &f, v);
        } else {
            const char *currency = currency_of(r, reading, cell);
            wrong = cell_type(&r->style, reading->column->type, currency, f.at, f.n, v);
        }
        if (wrong)
            return untyped_cell(to, row, reading->name, wrong, f.n ? f.at : "", f.n);
    }
    return true;
}

/* What has no column, as a JSON object. */
static struct souk_value type_extra(struct rows *r, struct arena *a, size_t n)
{
    buf_clear(&r->json);
    for (size_t i = 0; i < r->n_unknown; i++) {
        size_t f = r->unknown[i];
        if (f >= n)
            continue;
        field_trim(r, &r->field[f]);
        if (!r->field[f].n)
            continue;
        buf_char(&r->json, r->json.len ? ',' : '{');
        json_text(&r->json, r->header->field[f].name, strlen(r->header->field[f].name));
        buf_char(&r->json, ':');
        json_text(&r->json, r->field[f].at, r->field[f].n);
    }
    if (!r->json.len)
        return souk_none();
    buf_char(&r->json, '}');
    return souk_text(arena_textn(a, r->json.at, r->json.len));
}

/* Cells beyond the header are fine while they are empty; else the row is shifted. */
static bool fits_header(const struct rows *r, struct filled *to, const struct row *row, size_t n)
{
    for (size_t i = r->header->n_fields; i < n; i++) {
        if (i < FIELDS_MOST && !r->field[i].n)
            continue;
        struct souk_arg *args = arena_alloc(to->arena, 2 * sizeof *args);
        args[0] = (struct souk_arg){ "cells", souk_count((int64_t)n) };
        args[1] = (struct souk_arg){ "columns", souk_count((int64_t)r->header->n_fields) };
        return untyped(to, row, "", "row.more_cells", args, 2);
    }
    return true;
}

/* A row of the file into the batch: typed, or with its reason. */
static bool type_row(struct rows *r, struct filled *to, const struct row *row, struct souk_value *cell)
{
    char *text;
    size_t length;
    bool is_broken;
    if (row->fault)
        return untyped(to, row, "", row->fault == ROW_TOO_LONG ? "row.too_long" : "row.quotes",
                       NULL, 0);
    unsigned kinds = bytes_kinds(row->at, row->n);
    if (!(kinds & BYTES_HIGH)) {
        text = arena_textn(to->arena, row->at, row->n);
        length = row->n;
    } else if (!decoder_row(r->decoder, to->arena, row->at, row->n, &text, &length)) {
        return untyped(to, row, "", "row.utf8", NULL, 0);
    }
    size_t n = split_fields(text, length, r->header->delimiter, r->field, &is_broken);
    if (is_broken)
        return untyped(to, row, "", "row.quotes", NULL, 0);
    size_t kept = n < FIELDS_MOST ? n : FIELDS_MOST;
    if (kinds & BYTES_NUL)
        for (size_t i = 0; i < kept; i++)
            field_without_nul(to->arena, &r->field[i]);
    if (!fits_header(r, to, row, n) || !type_fields(r, to, row, kept, cell))
        return false;
    cell[r->n_columns - 1] = type_extra(r, to->arena, kept);
    return true;
}

/* ---- the thread ------------------------------------------------------------------------------ */

/* Empty lines are no rows. */
static bool is_blank(const struct row *row)
{
    return !row->fault && row->n == 0;
}

static void fill(struct rows *r, struct filled *to)
{
    struct row row;
    struct souk_rows *rows = &to->batch.rows;
    arena_reset(to->arena);
    rows->n_rows = 0;
    to->batch.n_untyped = 0;
    for (size_t bytes = 0; rows->n_rows + to->batch.n_untyped < BATCH_ROWS && bytes < BATCH_BYTES;) {
        int rc = split_row(r->split, r->header->delimiter, &row, &to->err);
        if (rc <= 0) {
            to->is_last = true;
            break;
        }
        if (is_blank(&row))
            continue;
        if (type_row(r, to, &row, to->cell + rows->n_rows * r->n_columns))
            to->row[rows->n_rows++] = (struct typed_row){
                row.line, arena_textn(to->arena, row.at, row.n), row.n
            };
        bytes += row.n;
    }
    to->batch.bytes = split_bytes(r->split);
}

static void *read_ahead(void *what)
{
    struct rows *r = what;
    for (size_t i = 0; ; i = (i + 1) % BATCHES) {
        struct filled *to = &r->filled[i];
        pthread_mutex_lock(&r->lock);
        while (to->is_full && !r->is_ending)
            pthread_cond_wait(&r->changed, &r->lock);
        bool is_ending = r->is_ending;
        pthread_mutex_unlock(&r->lock);
        if (is_ending)
            return NULL;
        fill(r, to);
        pthread_mutex_lock(&r->lock);
        to->is_full = true;
        pthread_cond_signal(&r->changed);
        pthread_mutex_unlock(&r->lock);
        if (to->is_last)
            return NULL;
    }
}

static void rows_end(void *what)
{
    struct rows *r = what;
    pthread_mutex_lock(&r->lock);
    r->is_ending = true;
    pthread_cond_signal(&r->changed);
    pthread_mutex_unlock(&r->lock);
    pthread_join(r->thread, NULL);
    pthread_cond_destroy(&r->changed);
    pthread_mutex_destroy(&r->lock);
    for (size_t i = 0; i < BATCHES; i++)
        arena_free(r->filled[i].arena);
}

int rows_start(struct rows *r, const struct style *style, struct decoder *decoder, struct err *err)
{
    r->style = *style;
    r->decoder = decoder;
    if (to_first_row(r, true, err) < 0)
        return -err->code;
    for (size_t i = 0; i < BATCHES; i++) {
        struct filled *f = &r->filled[i];
        f->arena = arena_new("import batch", ARENA_BYTES);
        f->cell = arena_alloc(r->arena, BATCH_ROWS * r->n_columns * sizeof *f->cell);
        f->batch.rows = (struct souk_rows){ r->columns, f->cell, (uint32_t)r->n_columns, 0, 0, 0 };
        f->batch.row = f->row;
        f->batch.untyped = f->untyped;
    }
    pthread_mutex_init(&r->lock, NULL);
    pthread_cond_init(&r->changed, NULL);
    if (pthread_create(&r->thread, NULL, read_ahead, r) != 0) {
        for (size_t i = 0; i < BATCHES; i++)
            arena_free(r->filled[i].arena);
        return err_set(err, ERR_IO, "No thread can be started to read the file.");
    }
    arena_at_end(r->arena, rows_end, r);
    return 0;
}

int rows_next(struct rows *r, const struct batch **batch, struct err *err)
{
    if (r->given && r->given->is_last)
        return 0;
    size_t i = r->given ? (size_t)(r->given - r->filled + 1) % BATCHES : 0;
    struct filled *next = &r->filled[i];
    pthread_mutex_lock(&r->lock);
    if (r->given) {
        r->given->is_full = false;
        pthread_cond_signal(&r->changed);
    }
    while (!next->is_full)
        pthread_cond_wait(&r->changed, &r->lock);
    pthread_mutex_unlock(&r->lock);
    r->given = next;
    if (next->err.code)
        return err_set(err, (enum err_code)next->err.code, "%s", next->err.text);
    *batch = &next->batch;
    return 1;
}
