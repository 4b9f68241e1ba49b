/* SPDX-License-Identifier: Apache-2.0 */
/*
 * search.h: full text over an account's records.
 *
 * listing    by SKU, ASIN and title (FTS5, trigrams; words under three characters by prefix of SKU and ASIN)
 * order      by the beginning of its number
 * letter     of a talk with a buyer: subject, text, sender, order; the last stored first
 * case       subject, number, what it is about, and its letters; last changed first
 * In letters and cases, words under three characters are left out.
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
