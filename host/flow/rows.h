/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rows.h: the rows of a file, typed, batch after batch.
 *
 * in:     a split file and its header; then how it is written
 * out:    first the evidence of how it is written; then batches of rows as plugins get them, and the
 *         rows that could not be typed, with the reason
 * knows:  split, header, charset, typing.  Has never heard of databases or plugins' calls.
 *
 * A thread of its own reads and types the next batch while the caller stores the one at hand.
 */
#ifndef SOUK_ROWS_H
#define SOUK_ROWS_H

#include "charset.h"
#include "header.h"
#include "split.h"
#include "typing.h"

enum { BATCH_ROWS = 500 };

struct typed_row {
    int64_t line;
    const char *raw;                                    /* as it stands in the file */
    size_t raw_n;
};

struct untyped_row {
    struct typed_row row;
    const char *field;                                  /* name of the column that is wrong, or "" */
    struct souk_msg why;                                /* a message of the host */
};

struct batch {                                          /* until the next one */
    struct souk_rows rows;
    const struct typed_row *row;                        /* of each of the rows */
    const struct untyped_row *untyped;
    size_t n_untyped;
    int64_t bytes;                                      /* of the file up to its end */
};

struct rows;

/* The columns of the header's format, ready to be read.  Everything ends with the arena. */
struct rows *rows_new(struct arena *a, struct split *split, const struct header *header);

/* Reads the whole file for what it shows. */
int rows_look_through(struct rows *r, struct evidence *evidence, struct charset_tally *tally,
                      struct err *err);

/* Starts the thread, from the first row.  The split is the thread's until rows_next has given 0. */
int rows_start(struct rows *r, const struct style *style, struct decoder *decoder, struct err *err);
/* 1: a batch, 0: the end, negative: reading failed. */
int rows_next(struct rows *r, const struct batch **batch, struct err *err);

/* What the header calls a column of the format; "" for one that it does not have. */
const char *rows_field_name(const struct rows *r, const char *column);

#endif
