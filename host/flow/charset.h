/* SPDX-License-Identifier: Apache-2.0 */
/*
 * charset.h: what the bytes of a file mean.
 *
 * in:     rows as bytes
 * out:    rows as UTF-8, and whether a file is UTF-8 at all
 * knows:  ICU's converters.  Has never heard of rows' fields or of marketplaces.
 */
#ifndef SOUK_CHARSET_H
#define SOUK_CHARSET_H

#include "base/base.h"

#define CHARSET_UTF8 "UTF-8"

/* Rows with bytes that are not ASCII, counted; all zero to begin with. */
struct charset_tally {
    int64_t valid, invalid;                             /* as UTF-8 */
};

void charset_see(struct charset_tally *t, const char *at, size_t n);
/* Rather UTF-8 than anything else: no row is wrong, or fewer than are right. */
bool charset_is_utf8(const struct charset_tally *t);

struct decoder;

/* ERR_INPUT: no such charset.  The decoder ends with the arena. */
int decoder_new(struct decoder **out, struct arena *a, const char *charset, struct err *err);

/*
 * A row with bytes that are not ASCII, as UTF-8 in the arena.  Bytes that mean nothing in their
 * charset become U+FFFD; false: it should be UTF-8 and is not.
 */
bool decoder_row(struct decoder *d, struct arena *a, const char *at, size_t n, char **text,
                 size_t *text_n);

#endif
