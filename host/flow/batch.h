/* SPDX-License-Identifier: Apache-2.0 */
/*
 * batch.h: rows of a file, batch after batch, read ahead.
 *
 * in:     a function that fills a batch
 * out:    batches of rows as plugins get them, and the rows that could not be typed, with the reason
 * knows:  threads.  Has never heard of how rows are written in a file, or of databases.
 *
 * A thread of its own reads and types the next batch while the caller stores the one at hand.
 */
#ifndef SOUK_BATCH_H
#define SOUK_BATCH_H

#include <souk/types.h>

#include "base/base.h"

enum {
    BATCH_ROWS = 500,
    BATCH_BYTES = 1 << 18                               /* of the file; what they become fits the arena */
};

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

/* ---- filling: on the thread ------------------------------------------------------------------ */

struct filling;

struct arena *filling_arena(struct filling *to);        /* for what the batch points to */
size_t filling_room(const struct filling *to);          /* so many rows still fit, typed or not */
struct souk_value *filling_cells(struct filling *to);   /* of the next row */
/* The next row is what the cells say. */
void filling_add(struct filling *to, int64_t line, const char *raw, size_t raw_n);
/* A row that is none, with its reason. */
void filling_refuse(struct filling *to, const struct untyped_row *row);

struct batches;

/*
 * fill(ctx) puts rows until there is no room or BATCH_BYTES of the file have gone, and gives 1; 0 when
 * those were the last.  What it reads of the file is the thread's until batches_next has given 0.
 * *bytes: of the file up to the batch's end.  Everything ends with the arena.
 */
int batches_start(struct batches **out, struct arena *a, const char *columns, size_t n_columns,
                  int (*fill)(void *ctx, struct filling *to, int64_t *bytes, struct err *err), void *ctx,
                  struct err *err);
/* 1: a batch, 0: the end, negative: reading failed. */
int batches_next(struct batches *b, const struct batch **batch, struct err *err);

#endif
