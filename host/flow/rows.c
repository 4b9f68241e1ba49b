/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rows.c: see rows.h.
 */
#include "rows.h"

#include <string.h>

#include "cells.h"
#include "header.h"
#include "json.h"

struct rows {
    struct shape shape;
    struct arena *arena;
    struct split *split;
    struct header *header;
    struct cells *cells;
    size_t *kept;                                       /* fields whose text somebody wants */
    size_t n_kept;
    size_t *unknown;                                    /* fields without a column */
    size_t n_unknown;
    struct field field[FIELDS_MOST];                    /* of the row at hand */

    struct decoder *decoder;
    struct buf json;
};

static struct rows *rows_of(struct shape *s)
{
    return (struct rows *)s;                            /* its first member */
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

static inline void trim_kept(struct rows *r, size_t n)
{
    for (size_t i = 0; i < r->n_kept && r->kept[i] < n; i++)
        field_trim(r, &r->field[r->kept[i]]);
}

/* ---- evidence -------------------------------------------------------------------------------- */

static int look_through(struct shape *s, struct evidence *evidence, struct charset_tally *tally,
                        struct err *err)
{
    struct rows *r = rows_of(s);
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
        trim_kept(r, n);
        cells_look(r->cells, r->field, n < FIELDS_MOST ? n : FIELDS_MOST, evidence);
    }
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
static bool untyped(struct filling *to, const struct row *row, const char *field, const char *key,
                    const struct souk_arg *args, uint32_t n_args)
{
    filling_refuse(to, &(struct untyped_row){
        { row->line, arena_textn(filling_arena(to), row->at, row->n), row->n }, field,
        { key, { args, n_args, 0 } },
    });
    return false;
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
static bool fits_header(const struct rows *r, struct filling *to, const struct row *row, size_t n)
{
    for (size_t i = r->header->n_fields; i < n; i++) {
        if (i < FIELDS_MOST && !r->field[i].n)
            continue;
        struct souk_arg *args = arena_alloc(filling_arena(to), 2 * sizeof *args);
        args[0] = (struct souk_arg){ "cells", souk_count((int64_t)n) };
        args[1] = (struct souk_arg){ "columns", souk_count((int64_t)r->header->n_fields) };
        return untyped(to, row, "", "row.more_cells", args, 2);
    }
    return true;
}

/* A row of the file into the batch: typed, or with its reason. */
static bool type_row(struct rows *r, struct filling *to, const struct row *row, struct souk_value *cell)
{
    char *text;
    size_t length;
    bool is_broken;
    if (row->fault)
        return untyped(to, row, "", row->fault == ROW_TOO_LONG ? "row.too_long" : "row.quotes",
                       NULL, 0);
    unsigned kinds = bytes_kinds(row->at, row->n);
    if (!(kinds & BYTES_HIGH)) {
        text = arena_textn(filling_arena(to), row->at, row->n);
        length = row->n;
    } else if (!decoder_row(r->decoder, filling_arena(to), row->at, row->n, &text, &length)) {
        return untyped(to, row, "", "row.utf8", NULL, 0);
    }
    size_t n = split_fields(text, length, r->header->delimiter, r->field, &is_broken);
    if (is_broken)
        return untyped(to, row, "", "row.quotes", NULL, 0);
    size_t kept = n < FIELDS_MOST ? n : FIELDS_MOST;
    if (kinds & BYTES_NUL)
        for (size_t i = 0; i < kept; i++)
            field_without_nul(filling_arena(to), &r->field[i]);
    if (!fits_header(r, to, row, n))
        return false;
    struct wrong_cell wrong;
    trim_kept(r, kept);
    if (!cells_type(r->cells, filling_arena(to), r->field, kept, cell, &wrong))
        return untyped(to, row, wrong.field, wrong.key,
                       arg_text(filling_arena(to), "value", wrong.at, wrong.n), 1);
    cell[0] = souk_count(row->line);
    cell[cells_n_columns(r->cells) - 1] = type_extra(r, filling_arena(to), kept);
    return true;
}

/* ---- batches --------------------------------------------------------------------------------- */

/* Empty lines are no rows. */
static bool is_blank(const struct row *row)
{
    return !row->fault && row->n == 0;
}

static int fill(void *ctx, struct filling *to, int64_t *bytes, struct err *err)
{
    struct rows *r = ctx;
    struct row row;
    int rc = 1;
    for (size_t done = 0; filling_room(to) && done < BATCH_BYTES; done += row.n) {
        rc = split_row(r->split, r->header->delimiter, &row, err);
        if (rc <= 0)
            break;
        if (!is_blank(&row) && type_row(r, to, &row, filling_cells(to)))
            filling_add(to, row.line, arena_textn(filling_arena(to), row.at, row.n), row.n);
    }
    *bytes = split_bytes(r->split);
    return rc;
}

/* ---- the shape ------------------------------------------------------------------------------- */

static int start(struct shape *s, const struct style *style, struct decoder *decoder,
                 struct batches **batches, struct err *err)
{
    struct rows *r = rows_of(s);
    r->decoder = decoder;
    cells_decide(r->cells, style);
    if (to_first_row(r, true, err) < 0)
        return -err->code;
    return batches_start(batches, r->arena, cells_columns(r->cells), cells_n_columns(r->cells), fill, r,
                         err);
}

static int64_t bytes(const struct shape *s)
{
    return split_bytes(((const struct rows *)s)->split);
}

static const char *field_name(const struct shape *s, const char *column)
{
    return cells_field_name(((const struct rows *)s)->cells, column);
}

static void head(const struct shape *s, struct buf *out)
{
    const struct header *h = ((const struct rows *)s)->header;
    buf_put(out, h->raw, h->raw_n);
}

static void rows_free(void *what)
{
    struct rows *r = what;
    buf_free(&r->json);
}

/* The columns of the header's format, ready to be read. */
static void read_columns(struct rows *r)
{
    const struct header *header = r->header;
    r->cells = cells_new(r->arena, header->format);
    r->kept = arena_alloc(r->arena, header->n_fields * sizeof *r->kept);
    r->unknown = arena_alloc(r->arena, header->n_fields * sizeof *r->unknown);
    for (size_t f = 0; f < header->n_fields; f++) {
        int column = header->field[f].column;
        if (column == COLUMN_UNKNOWN) {
            r->unknown[r->n_unknown++] = f;
        } else if (column >= 0) {
            r->kept[r->n_kept++] = f;
            cells_place(r->cells, (size_t)column, f, header->field[f].name);
        }
    }
}

int rows_open(struct shape **out, struct arena *a, const struct plugins *plugins, struct source *source,
              struct err *err)
{
    struct rows *r = arena_zero(a, sizeof *r);
    r->arena = a;
    r->split = split_new(a, source);
    r->header = arena_zero(a, sizeof *r->header);
    if (header_find(r->header, a, plugins, r->split, source_name(source), err) < 0)
        return -err->code;
    read_columns(r);
    arena_at_end(a, rows_free, r);
    r->shape = (struct shape){
        .plugin = r->header->plugin, .format = r->header->format, .charset = r->header->charset,
        .has_mark = split_has_mark(r->split), .look_through = look_through, .start = start,
        .bytes = bytes, .field_name = field_name, .head = head,
    };
    *out = &r->shape;
    return 0;
}
