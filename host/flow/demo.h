/* SPDX-License-Identifier: Apache-2.0 */
/*
 * demo.h: a synthetic shop, written as report files in the marketplaces' own formats.
 *
 * Three markets (US, DE, JP), 400 days up to `until`, some 300 SKUs with seasons, returns, refunds,
 * fees, reserves, late and pending orders, out-of-stock spells, and a few seeded faults.  Everything
 * is computed from the seed, day by day, so the memory does not grow with the number of orders, and
 * the same seed, date and number give the same bytes.
 */
#ifndef SOUK_DEMO_H
#define SOUK_DEMO_H

#include "base/base.h"

struct demo_setup {
    int64_t orders;                                     /* about so many, over all markets and days */
    uint64_t seed;
    int64_t until_s;                                    /* the last instant of the shop */
    const char *folder;                                 /* where the files go; it is there and empty */
    bool orders_only;                                   /* only the all-orders files: for benchmarks */
    void (*progress)(void *ctx, int64_t done, int64_t all);    /* orders; may be NULL */
    void *ctx;
};

struct demo_file {
    const char *path;                                   /* in the arena */
    const char *market;                                 /* id */
    int64_t told_s;                                     /* as of */
};

/* files: in the order in which they should be imported.  After an error none of them is left. */
int demo_write(struct arena *a, const struct demo_setup *setup, struct demo_file **files, size_t *n, struct err *err);

#endif
