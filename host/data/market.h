/* SPDX-License-Identifier: Apache-2.0 */
/*
 * market.h: the marketplaces Souk knows: their ids, names, currencies, zones.
 *
 * Ids from the public list of marketplace ids; zones are where the marketplace's own reports count
 * their days.
 */
#ifndef SOUK_MARKET_FILE_H
#define SOUK_MARKET_FILE_H

#include "base/base.h"

struct market {
    const char *id;                                     /* "A1PA6795UKMFR9" */
    const char *code;                                   /* "DE": short, in addresses and policy file names */
    const char *name;                                   /* "Amazon.de" */
    const char *currency;                               /* "EUR" */
    const char *zone;                                   /* "Europe/Berlin" */
    const char *country;                                /* ISO 3166-1, "GB" for UK */
    const char *charset;                                /* legacy charset of its files, as ICU calls it */
    char decimal;                                       /* '.' or ',' in its report files */
    char date_order;                                    /* 'm' month first, 'd' day first, 'y' year first */
};

extern const struct market markets[];                   /* ends with a NULL id */

const struct market *market_by_id(const char *id);      /* NULL: unknown */
/* By id, code or name, any case: "DE", "amazon.de", "A1PA6795UKMFR9". */
const struct market *market_find(const char *word);
/* Near misses of a word, for "did you mean": "" when there is none. */
const char *market_like(const char *word);

#endif
