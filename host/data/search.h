/* SPDX-License-Identifier: Apache-2.0 */
/*
 * search.h: full text over an account's records.
 *
 * order      by the beginning of its number
 * listing    by SKU, ASIN and title (FTS5, trigrams; words under three characters by prefix of SKU and ASIN, in titles
 *            when they are of another script than the Latin one)
 * letter     of a talk with a buyer: subject, text, sender, order
 * case       subject, number, what it is about; its letters
 * claim      number, order, kind, reason; its letters
 * notice     subject, kind, states, what it leads to
 * promotion  name, number, kind, discount
 * all        the best of each of these kinds, in this order, up to `limit` of each (14 at most)
 *
 * Of the last five kinds the newest come first, and among them those that bear the words in their title.  Words under three
 * characters: beside longer ones those of Latin letters are left out; alone, they are looked for in the newest
 * 1,000 records of a kind.
 */
#ifndef SOUK_SEARCH_FILE_H
#define SOUK_SEARCH_FILE_H

#include "db.h"

struct search_hit {
    const char *kind, *ref, *title;                     /* "listing", "sku:A-1", "Blue mug" */
    const char *note;                                   /* around the word that was found, an ASIN, or "" */
};

/* At most 100 hits; texts in the arena. */
int search_find(struct db *db, struct arena *a, const char *kind, const char *words, uint32_t limit,
                struct search_hit **hits, size_t *n, struct err *err);

#endif
