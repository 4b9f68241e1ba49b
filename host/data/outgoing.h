/* SPDX-License-Identifier: Apache-2.0 */
/*
 * outgoing.h: changes of listings that are to go out: a price, a quantity, on sale or not.
 *
 * A change is a row that lives through states: queued; downloaded with a file; handed in, as somebody said;
 * confirmed by a later report that shows what was wanted.  Or it failed, was taken back, or a newer one of the same
 * SKU, marketplace and kind took its place.  No row is ever dropped: they are the history.
 *
 * Only what stands in a listings report can be changed, and only what the seller fulfils can be given a quantity or
 * be taken off sale: the marketplace counts its own stock, and taking it off sale would leave that stock there.
 */
#ifndef SOUK_OUTGOING_H
#define SOUK_OUTGOING_H

#include "record.h"

enum outgoing_kind { OUTGOING_PRICE = 1, OUTGOING_QUANTITY, OUTGOING_STATUS };
const char *outgoing_kind_word(enum outgoing_kind kind);        /* "price", "quantity", "status" */

struct outgoing_change {
    const struct market *market;
    const char *sku;
    enum outgoing_kind kind;
    struct money price, least, most;                    /* of a price: in the market's currency; "" is not told */
    struct number quantity;                             /* of a quantity; of a status: how many there are to sell */
    struct number handling_days;
    bool is_active;                                     /* of a status */
    const char *reason;                                 /* "" by hand, "vacation", "return" */
};

enum outgoing_put {
    OUTGOING_KNOWN = 0,                                 /* it is as wanted, or is to become so already */
    OUTGOING_QUEUED,
    OUTGOING_BACK                                       /* it is as wanted: what waited to change it is taken back */
};

/*
 * Queues a change; those of the same kind that were not handed in yet are replaced.  *batch is 0 for the first of a
 * command and holds the number of that one afterwards.
 * out:    enum outgoing_put
 * errors: ERR_ABSENT no such listing, ERR_DENIED a rule of the house forbids it: a price beneath the floor, what the
 *         marketplace fulfils, a SKU that cannot stand in a file; with a sentence for whoever asked
 */
int outgoing_put(struct record_to *to, const struct outgoing_change *change, int64_t at_s, int64_t *batch,
                 struct err *err);

/* Which listings of a market: as the page of listings lists them. */
struct outgoing_choice {
    const struct market *market;
    const char *status;                                 /* all, active, inactive, stock: inactive with stock */
    const char *fulfilment;                             /* all, seller, marketplace */
    const char *find;                                   /* SKUs that begin with it, or the ASIN; "" all */
};
enum { OUTGOING_MOST = 10000 };                         /* listings that one command may change */
/* Their SKUs in order with the prices they have; one more than OUTGOING_MOST at most.  They live in the arena. */
struct outgoing_listing {
    const char *sku;
    struct money price;                                 /* "" not told */
};
int outgoing_choose(struct db *db, struct arena *a, const struct outgoing_choice *choice,
                    struct outgoing_listing **list, size_t *n, struct err *err);

/*
 * Changes of state; each gives how many changed.
 * cancel: queued or downloaded ones, by their own number or by that of their batch; ERR_ABSENT no such, ERR_DENIED
 * it was handed in, or has ended.  fail: those that were handed in.
 */
int outgoing_cancel(struct record_to *to, int64_t no, bool is_batch, int64_t at_s, struct err *err);
int outgoing_fail(struct record_to *to, int64_t no, const char *why, int64_t at_s, struct err *err);

/* ---- vacation --------------------------------------------------------------------------------- */

/*
 * What the seller fulfils in a market and has units of gets the quantity 0; what the marketplace fulfils stays on sale.
 * resume: back to what it was; a listing that was changed meanwhile, here or in the marketplace, is left alone.
 * Each gives how many changes were queued or taken back; *left_out those that could not be, for whatever reason.
 */
int outgoing_pause(struct record_to *to, const struct market *market, int64_t at_s, int64_t *batch, int64_t *left_out,
                   struct err *err);
int outgoing_resume(struct record_to *to, const struct market *market, int64_t at_s, int64_t *batch, int64_t *left_out,
                    struct err *err);

/* ---- files ------------------------------------------------------------------------------------ */

enum outgoing_file { OUTGOING_PRICE_QUANTITY = 1, OUTGOING_LOADER };
const char *outgoing_file_word(enum outgoing_file kind);        /* "price_quantity", "inventory_loader" */

/*
 * What is queued for a market is put into new files, one for each kind that has something; gives how many changes.
 * first, n: numbers of the files, which follow each other.
 */
int outgoing_pack(struct record_to *to, const struct market *market, int64_t at_s, int64_t *first, int *n,
                  struct err *err);
/* Somebody says that a file was handed in.  ERR_ABSENT no such file, ERR_DENIED it was before, or is empty by now. */
int outgoing_hand_in(struct record_to *to, int64_t file, int64_t at_s, struct err *err);

struct outgoing_file_info {
    enum outgoing_file kind;
    const struct market *market;
    int64_t at_s;
};
int outgoing_file_get(struct db *db, int64_t file, struct outgoing_file_info *info, struct err *err);   /* ERR_ABSENT */

/* A row of a file: all that is wanted of one listing, in the order of SKUs. */
struct outgoing_row {
    const char *sku, *asin, *condition;                 /* "" not told */
    struct money price, least, most;                    /* "" not told */
    struct number quantity, handling_days;
    bool is_active;                                     /* of a loader's: on sale or off */
};
/* Calls see for each; a negative result of it ends the list and is returned. */
int outgoing_file_rows(struct db *db, int64_t file, int (*see)(void *ctx, const struct outgoing_row *row), void *ctx,
                       struct err *err);

/* ---- reports ---------------------------------------------------------------------------------- */

/*
 * After an import: open changes that a report later than their asking shows as wanted are confirmed.
 * told_s: as of; tells_*: whether the report has such a column at all.
 */
struct outgoing_told {
    int64_t told_s;
    bool tells_price, tells_quantity, tells_status;
};
int outgoing_confirm(struct record_to *to, const struct outgoing_told *told, struct err *err);

#endif
