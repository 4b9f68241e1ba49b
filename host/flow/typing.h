/* SPDX-License-Identifier: Apache-2.0 */
/*
 * typing.h: the text of a cell becomes a value.
 *
 * in:     what all rows of a file show of how it was written; then cell after cell
 * out:    values as in souk/types.h, or why a cell is none
 * knows:  value, zone, market.  Has never heard of rows or files.
 *
 * How a file writes numbers and dates is decided once for the whole file, never for one value: 1,234
 * and 03/05/2018 do not say by themselves what they mean.
 */
#ifndef SOUK_TYPING_H
#define SOUK_TYPING_H

#include <souk/types.h>

#include "base/zone.h"
#include "data/market.h"

/* What the rows show; all zero to begin with. */
struct evidence {
    int64_t points, commas;                             /* numbers that only this decimal sign explains */
    uint64_t markets;                                   /* named by rows: bits in order of markets[] */
    uint64_t currencies;                                /* markets of the currencies that rows name */
};

void evidence_number(struct evidence *e, const char *at, size_t n);
void evidence_market(struct evidence *e, const char *at, size_t n);
void evidence_currency(struct evidence *e, const char *at, size_t n);

/* How a file is written. */
struct style {
    char decimal;                                       /* '.' or ',' */
    char date_order;                                    /* 03/05/18 begins with 'd', 'm', 'y'; 0: unknown */
    const struct zone *zone;                            /* of times that name none; NULL: not known */
    char currency[4];                                   /* of amounts whose row names none; "": unknown */
    const char *charset;                                /* what it is in when it is not UTF-8 */
};

/*
 * market: of the file, when it is known; it goes before what rows name.  guess: asked last.  Both may
 * be NULL.  What several markets do not agree on is not known, except for the charset.
 */
int style_decide(struct style *out, const struct evidence *e, const struct market *market,
                 const struct market *guess, struct err *err);

/*
 * Types a cell that is not empty, without outer spaces, with a zero at at[n].  `currency`: for money.
 * NULL, or the message key of what is wrong with it (cell.number ...).  Texts stay where they are.
 */
const char *cell_type(const struct style *style, uint32_t type, const char *currency, char *at,
                      size_t n, struct souk_value *v);

#endif
