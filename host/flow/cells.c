/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cells.c: see cells.h.
 */
#include "cells.h"

#include <string.h>

#include "plug/wire.h"

enum {
    NUMBERS_ENOUGH = 10000,                             /* cells that show the decimal sign */
    SHOWN_BYTES = 80                                    /* of a cell, in the reason of its row */
};

/* A column of the format and the text it is read from. */
struct reading {
    const struct souk_import_column *column;
    const char *name;                                   /* in the file; "": the file does not have it */
    size_t place;                                       /* among the texts; SIZE_MAX: it does not have it */
    size_t cell;
    size_t currency;                                    /* reading that tells it; SIZE_MAX: the file */
    struct buf carried;                                 /* SOUK_CARRY: the last that was not empty */
    struct buf last_market;                             /* markets repeat: looked up once */
    struct souk_value market;
};

struct cells {
    struct reading *reading;                            /* in the format's order, those that are kept */
    size_t n_readings;
    size_t *of_column;                                  /* its reading; SIZE_MAX: not kept */
    size_t *order;                                      /* what others need comes first */
    const char *columns;
    struct style style;
};

/* ---- columns --------------------------------------------------------------------------------- */

static size_t reading_named(const struct cells *c, const char *name)
{
    for (size_t i = 0; i < c->n_readings; i++)
        if (text_is(c->reading[i].column->name, name))
            return i;
    return SIZE_MAX;
}

const char *cells_field_name(const struct cells *c, const char *column)
{
    size_t i = reading_named(c, column);
    return i == SIZE_MAX ? "" : c->reading[i].name;
}

static bool tells_currency(const struct reading *reading)
{
    return reading->column->type == SOUK_CURRENCY || reading->column->type == SOUK_MARKET;
}

static void cells_free(void *what)
{
    struct cells *c = what;
    for (size_t i = 0; i < c->n_readings; i++) {
        buf_free(&c->reading[i].carried);
        buf_free(&c->reading[i].last_market);
    }
}

struct cells *cells_new(struct arena *a, const struct souk_import *format)
{
    struct cells *c = arena_zero(a, sizeof *c);
    struct buf columns = { 0 };
    const struct souk_import_column *column = format->columns.at;
    size_t n_columns = format->columns.n;
    c->reading = arena_zero(a, n_columns * sizeof *c->reading);
    c->of_column = arena_alloc(a, n_columns * sizeof *c->of_column);
    c->order = arena_alloc(a, n_columns * sizeof *c->order);
    buf_text(&columns, "line:count");
    for (size_t i = 0; i < n_columns; i++) {
        c->of_column[i] = SIZE_MAX;
        if (column[i].type == SOUK_NONE)
            continue;
        c->of_column[i] = c->n_readings++;
        c->reading[c->of_column[i]] = (struct reading){
            .column = &column[i], .name = "", .place = SIZE_MAX, .cell = c->n_readings
        };
        buf_printf(&columns, " %s:%s", column[i].name, word_of_type(column[i].type));
    }
    buf_text(&columns, " extra:text");
    c->columns = arena_text(a, columns.at);
    buf_free(&columns);

    size_t n = 0;
    for (size_t i = 0; i < c->n_readings; i++)
        if (tells_currency(&c->reading[i]))
            c->order[n++] = i;
    for (size_t i = 0; i < c->n_readings; i++) {
        const char *currency = c->reading[i].column->currency;
        c->reading[i].currency = currency && *currency ? reading_named(c, currency) : SIZE_MAX;
        if (!tells_currency(&c->reading[i]))
            c->order[n++] = i;
    }
    arena_at_end(a, cells_free, c);
    return c;
}

void cells_place(struct cells *c, size_t column, size_t place, const char *name)
{
    if (c->of_column[column] == SIZE_MAX)
        return;
    struct reading *reading = &c->reading[c->of_column[column]];
    reading->place = place;
    reading->name = name;
}

const char *cells_columns(const struct cells *c)
{
    return c->columns;
}

size_t cells_n_columns(const struct cells *c)
{
    return c->n_readings + 2;
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

void cells_look(struct cells *c, const struct field *field, size_t n, struct evidence *e)
{
    for (size_t i = 0; i < c->n_readings; i++) {
        struct reading *reading = &c->reading[i];
        if (reading->place < n && field[reading->place].n)
            look_at(reading, &field[reading->place], e);
    }
}

void cells_decide(struct cells *c, const struct style *style)
{
    c->style = *style;
    for (size_t i = 0; i < c->n_readings; i++)
        buf_clear(&c->reading[i].last_market);
}

/* ---- typing a row ---------------------------------------------------------------------------- */

static const char *currency_of(const struct cells *c, const struct reading *reading,
                               const struct souk_value *cell)
{
    if (reading->currency == SIZE_MAX)
        return c->style.currency;
    const struct souk_value *v = &cell[c->reading[reading->currency].cell];
    if (v->type == SOUK_CURRENCY)
        return v->text.at;
    return v->type == SOUK_MARKET ? market_by_id(v->text.at)->currency : c->style.currency;
}

/* A market that Souk does not know is wrong only where one is needed. */
static const char *type_market(const struct cells *c, struct reading *reading, struct field *f,
                               struct souk_value *v)
{
    if (!is_last_market(reading, f)) {
        keep_market(reading, f);
        if (cell_type(&c->style, SOUK_MARKET, "", f->at, f->n, &reading->market))
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

static bool is_wrong(struct wrong_cell *wrong, const struct reading *reading, const char *key,
                     const struct field *f)
{
    size_t n = f->n;
    if (n > SHOWN_BYTES)
        for (n = SHOWN_BYTES; n && ((unsigned char)f->at[n] & 0xC0) == 0x80;)
            n--;
    *wrong = (struct wrong_cell){ reading->name, key, f->n ? f->at : "", n };
    return false;
}

bool cells_type(struct cells *c, struct arena *a, const struct field *field, size_t n,
                struct souk_value *cell, struct wrong_cell *wrong)
{
    for (size_t o = 0; o < c->n_readings; o++) {
        struct reading *reading = &c->reading[c->order[o]];
        struct souk_value *v = &cell[reading->cell];
        struct field f = { NULL, 0 };
        const char *key = NULL;
        if (reading->place < n)
            f = field[reading->place];
        if (reading->column->flags & SOUK_CARRY)
            carry(reading, a, &f);
        if (!f.n) {
            *v = souk_none();
            if (reading->column->flags & SOUK_NEEDED)
                key = "cell.needed";
        } else if (f.n > FIELD_MOST) {
            key = "cell.too_long";
        } else if (reading->column->type == SOUK_MARKET) {
            key = type_market(c, reading, &f, v);
        } else {
            const char *currency = currency_of(c, reading, cell);
            key = cell_type(&c->style, reading->column->type, currency, f.at, f.n, v);
        }
        if (key)
            return is_wrong(wrong, reading, key, &f);
    }
    return true;
}
