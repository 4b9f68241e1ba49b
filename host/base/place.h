/* SPDX-License-Identifier: Apache-2.0 */
/*
 * place.h: countries, their regions, currencies, languages, time zones: which there are and what they are called.
 *
 * Countries (ISO 3166-1), currencies (ISO 4217), languages (BCP 47) and zones (IANA) come from ICU, with names in
 * the reader's language; regions (ISO 3166-2) from iso-codes, with the names that they have there.  Where that file is
 * not installed there are no regions: then a region is checked by its shape alone.
 * thread: any.  What regions point to lasts as long as the program.
 */
#ifndef SOUK_PLACE_H
#define SOUK_PLACE_H

#include "text.h"

bool place_is_country(const char *code);                /* "DE" */
bool place_is_currency(const char *code);               /* one that is in use: "EUR" */
/* A language tag of a language that ICU knows, in its usual case: "pt-br" is "pt-BR".  NULL: it is none. */
const char *place_language(struct arena *a, const char *tag);

struct region {
    const char *code;                                   /* "DE-BY" */
    const char *name;                                   /* "Bayern" */
};
/* Of a country, by code; *n is 0 where it has none. */
const struct region *place_regions(const char *country, size_t *n);
const struct region *place_region(const char *code);    /* NULL: no such */
/* By code ("DE-BY"), the part behind the country ("BY") or name ("bayern"); NULL: none or several of that name. */
const struct region *place_region_find(const char *country, const char *word);

/* Names in the reader's language; what is not known is put as it stands. */
void text_currency_name(struct buf *out, const struct reader *who, const char *code);
void text_language_name(struct buf *out, const struct reader *who, const char *tag);

/* All of a kind for a list to choose from, sorted as the reader's language sorts. */
enum place_kind { PLACE_COUNTRY = 1, PLACE_CURRENCY, PLACE_LANGUAGE, PLACE_ZONE };
struct place {
    const char *code, *name;
};
const struct place *place_list(struct arena *a, enum place_kind kind, const struct reader *who, size_t *n);

#endif
