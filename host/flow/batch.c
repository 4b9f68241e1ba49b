/* SPDX-License-Identifier: Apache-2.0 */
/*
 * batch.c: see batch.h.
 *
 * Two batches go round between the thread that fills them and the caller that empties them.  What
 * both look at is under one lock; a batch belongs to one side at a time.
 */
#include "batch.h"

#include <assert.h>
#include <pthread.h>

enum { BATCHES = 2, ARENA_BYTES = 2 << 20 };

struct filling {
    struct batch batch;
    struct arena *arena;
    struct souk_value *cell;
    struct typed_row row[BATCH_ROWS];
    struct untyped_row untyped[BATCH_ROWS];
    bool is_full;                                       /* under the lock: the caller's turn */
    bool is_last;
    struct err err;
};

struct batches {
    int (*fill)(void *ctx, struct filling *to, int64_t *bytes, struct err *err);
    void *ctx;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool is_ending;                                     /* under the lock: the caller wants no more */
    struct filling filling[BATCHES], *given;
};

/* ---- filling --------------------------------------------------------------------------------- */

struct arena *filling_arena(struct filling *to)
{
    return to->arena;
}

size_t filling_room(const struct filling *to)
{
    return BATCH_ROWS - to->batch.rows.n_rows - to->batch.n_untyped;
}

struct souk_value *filling_cells(struct filling *to)
{
    return to->cell + (size_t)to->batch.rows.n_rows * to->batch.rows.n_columns;
}

void filling_add(struct filling *to, int64_t line, const char *raw, size_t raw_n)
{
    assert(filling_room(to));
    to->row[to->batch.rows.n_rows++] = (struct typed_row){ line, raw, raw_n };
}

void filling_refuse(struct filling *to, const struct untyped_row *row)
{
    assert(filling_room(to));
    to->untyped[to->batch.n_untyped++] = *row;
}

/* ---- the thread ------------------------------------------------------------------------------ */

static void *read_ahead(void *what)
{
    struct batches *b = what;
    for (size_t i = 0; ; i = (i + 1) % BATCHES) {
        struct filling *to = &b->filling[i];
        pthread_mutex_lock(&b->lock);
        while (to->is_full && !b->is_ending)
            pthread_cond_wait(&b->changed, &b->lock);
        bool is_ending = b->is_ending;
        pthread_mutex_unlock(&b->lock);
        if (is_ending)
            return NULL;
        arena_reset(to->arena);
        to->batch.rows.n_rows = 0;
        to->batch.n_untyped = 0;
        to->is_last = b->fill(b->ctx, to, &to->batch.bytes, &to->err) <= 0;
        pthread_mutex_lock(&b->lock);
        to->is_full = true;
        pthread_cond_signal(&b->changed);
        pthread_mutex_unlock(&b->lock);
        if (to->is_last)
            return NULL;
    }
}

static void batches_end(void *what)
{
    struct batches *b = what;
    pthread_mutex_lock(&b->lock);
    b->is_ending = true;
    pthread_cond_signal(&b->changed);
    pthread_mutex_unlock(&b->lock);
    pthread_join(b->thread, NULL);
    pthread_cond_destroy(&b->changed);
    pthread_mutex_destroy(&b->lock);
    for (size_t i = 0; i < BATCHES; i++)
        arena_free(b->filling[i].arena);
}

int batches_start(struct batches **out, struct arena *a, const char *columns, size_t n_columns,
                  int (*fill)(void *ctx, struct filling *to, int64_t *bytes, struct err *err), void *ctx,
                  struct err *err)
{
    struct batches *b = arena_zero(a, sizeof *b);
    b->fill = fill;
    b->ctx = ctx;
    for (size_t i = 0; i < BATCHES; i++) {
        struct filling *f = &b->filling[i];
        f->arena = arena_new("import batch", ARENA_BYTES);
        f->cell = arena_alloc(a, BATCH_ROWS * n_columns * sizeof *f->cell);
        f->batch.rows = (struct souk_rows){ columns, f->cell, (uint32_t)n_columns, 0, 0, 0 };
        f->batch.row = f->row;
        f->batch.untyped = f->untyped;
    }
    pthread_mutex_init(&b->lock, NULL);
    pthread_cond_init(&b->changed, NULL);
    if (pthread_create(&b->thread, NULL, read_ahead, b) != 0) {
        for (size_t i = 0; i < BATCHES; i++)
            arena_free(b->filling[i].arena);
        return err_set(err, ERR_IO, "No thread can be started to read the file.");
    }
    arena_at_end(a, batches_end, b);
    *out = b;
    return 0;
}

int batches_next(struct batches *b, const struct batch **batch, struct err *err)
{
    if (b->given && b->given->is_last)
        return 0;
    size_t i = b->given ? (size_t)(b->given - b->filling + 1) % BATCHES : 0;
    struct filling *next = &b->filling[i];
    pthread_mutex_lock(&b->lock);
    if (b->given) {
        b->given->is_full = false;
        pthread_cond_signal(&b->changed);
    }
    while (!next->is_full)
        pthread_cond_wait(&b->changed, &b->lock);
    pthread_mutex_unlock(&b->lock);
    b->given = next;
    if (next->err.code)
        return err_set(err, (enum err_code)next->err.code, "%s", next->err.text);
    *batch = &next->batch;
    return 1;
}
