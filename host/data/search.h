/* SPDX-License-Identifier: Apache-2.0 */
/*
 * search.h: full text over an account's records.
 *
 * Listings by SKU, ASIN and title (FTS5, trigrams; words under three characters by prefix of SKU and
 * ASIN), orders by the beginning of their number.
 */
#ifndef SOUK_SEARCH_FILE_H
#define SOUK_SEARCH_FILE_H

#include "db.h"

struct search_hit {
    const char *kind, *ref, *title;                     /* "listing", "sku:A-1", "Blue mug" */
};

int search_find(struct db *db, struct arena *a, const char *kind, const char *words, uint32_t limit,
                struct search_hit **hits, size_t *n, struct err *err);

#endif
