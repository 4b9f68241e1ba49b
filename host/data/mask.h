/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mask.h: card numbers out of texts that people write, before they are stored.
 *
 * Thirteen to nineteen digits, with blanks and dashes between them, that begin like a card of that length and pass
 * the Luhn test become "[card number removed …1234]".  Order numbers and numbers of parcels and products stay: see
 * mask.c for how they are told apart.  Never for columns that hold ids: one random number in ten passes the test.
 */
#ifndef SOUK_MASK_H
#define SOUK_MASK_H

#include "base/base.h"

/* Appends the text to out; returns how many numbers were removed. */
int mask_cards(struct buf *out, const char *at, size_t n);
/* The text itself when it holds none, else a copy in the arena; adds to *masked (may be NULL).  NULL stays NULL. */
const char *mask_text(struct arena *a, const char *text, int *masked);

#endif
