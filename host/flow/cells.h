/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cells.h: the texts of a record become the row that a plugin is given.
 *
 * in:     a format's columns, and for each record the texts that belong to them
 * out:    first the evidence of how the file is written; then values, or which column is wrong and why
 * knows:  typing, market, what a field is.  Has never heard of where in a file a text stood.
 */
#ifndef SOUK_CELLS_H
#define SOUK_CELLS_H

#include <souk/import.h>

#include "split.h"
#include "typing.h"

struct cells;

/* Of the columns that are kept.  Everything ends with the arena. */
struct cells *cells_new(struct arena *a, const struct souk_import *format);

/*
 * Where column i of the format (in its own order) is found: at place `place` among the texts of a
 * record, which the file calls `name`.  A column that is not kept, or that the file does not have, is
 * left out.
 */
void cells_place(struct cells *c, size_t column, size_t place, const char *name);

/* As in struct souk_rows: line:count, the columns, extra:text. */
const char *cells_columns(const struct cells *c);
size_t cells_n_columns(const struct cells *c);
/* What the file calls a column of the format; "" for one that it does not have. */
const char *cells_field_name(const struct cells *c, const char *column);

/* Looks at the n texts of a record. */
void cells_look(struct cells *c, const struct field *field, size_t n, struct evidence *e);
/* Between looking and typing. */
void cells_decide(struct cells *c, const struct style *style);

struct wrong_cell {
    const char *field;                                  /* what the file calls it */
    const char *key;                                    /* message of the host, with the argument value */
    const char *at;                                     /* as much of the cell as a sentence can hold */
    size_t n;
};

/*
 * Types a record's texts, in which a zero stands at at[n] and outer spaces are gone, into the cells
 * of its row; the first and the last cell are the caller's.  False: *wrong says why not.  Texts stay
 * where they are; what is made anew is in the arena.
 */
bool cells_type(struct cells *c, struct arena *a, const struct field *field, size_t n,
                struct souk_value *cell, struct wrong_cell *wrong);

#endif
