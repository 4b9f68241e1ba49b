/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store.h: typed writes of records, all inside one import.
 *
 * in:     rows of a kind (order_line, listing, letter, claim ...: see store_kinds) with columns by name
 * out:    records, totals (through roll), and per line of the file: accepted, unchanged or rejected
 * knows:  db, roll, market.  Has never heard of files, charsets or plugins.
 *
 * An older fact never overwrites a newer one: order lines are compared by `updated`, listings and
 * stock by the `told` of the import, ledger rows are never changed once they are there, of payment rows
 * only whether they are free, since when, and the settlement that they then belong to.
 */
#ifndef SOUK_STORE_FILE_H
#define SOUK_STORE_FILE_H

#include <souk/types.h>

#include "db.h"

struct policies;
struct store;

/* A column of a kind.  Type as in souk/types.h by name; the table doubles as documentation. */
struct store_column {
    const char *name, *type, *meaning;
    bool is_needed;
};

struct store_kind {
    const char *name, *meaning;
    const struct store_column *columns;
    size_t n_columns;
};

extern const struct store_kind store_kinds[];           /* ends with a NULL name */

struct store_setup {
    const char *format;                                 /* of the file: a settlement comes from one format only */
    const char *market;                                 /* id for rows that name none; "" or NULL: none */
    int64_t told_s;                                     /* as of: for what the file says about a moment */
    /* Called for each row the store refuses; key and args as for a message of the host. */
    void (*reject)(void *ctx, int64_t line, const char *column, const struct souk_msg *why);
    void *ctx;
    struct policies *policies;                          /* NULL: claims get no deadline by policy */
};

/* db: a writer inside a transaction.  Everything ends with store_end, good or bad. */
int store_begin(struct store **out, struct db *db, const struct store_setup *setup, struct err *err);

enum store_outcome { STORE_ACCEPTED = 1, STORE_UNCHANGED, STORE_REJECTED };
/*
 * Puts rows; outcome(ctx, line, what) is called once per row.  A negative result is a broken contract
 * or a failed disk: the import fails as a whole.
 */
int store_put(struct store *s, const char *kind, const struct souk_rows *rows,
              void (*outcome)(void *ctx, int64_t line, enum store_outcome what), void *ctx, struct err *err);
/* Writes the totals, an event and a notice for each settlement whose sum does not meet its total, and touches. */
int store_finish(struct store *s, struct err *err);
void store_end(struct store *s);
/* Areas that were touched, see touched.h; after store_finish. */
unsigned store_touched(const struct store *s);

/* A settlement this import touched, with its check; for the import's result.  i from 0; false after the last. */
struct store_check {
    const char *settlement_id, *currency;
    int64_t total_minor, sum_minor;
};
bool store_check_at(const struct store *s, size_t i, struct store_check *check);

/* Verifies the seals of the last n ledger rows (0: all): ERR_CORRUPT names the first bad entry. */
int store_verify_ledger(struct db *db, int64_t n, struct err *err);

/* A plugin's own small records; 10 MB each plugin. */
int store_keep(struct db *db, const char *plugin, const char *key, const void *at, size_t n, struct err *err);
int store_kept(struct db *db, struct arena *a, const char *plugin, const char *key,
               const char **at, size_t *n, struct err *err);

#endif
