/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text.h: message catalogues and the reader's formats, through ICU.
 *
 * A catalogue is a folder of resource bundles <language>.res made by genrb from text/<language>.txt.
 * Keys are flat; patterns are ICU MessageFormat with named arguments.  A missing key shows itself.
 * Catalogues are read once and then only read: any thread.  Formatters are kept per thread.
 */
#ifndef SOUK_TEXT_H
#define SOUK_TEXT_H

#include "value.h"

struct catalogue;

/* Reads every language in the folder.  A plugin's folder may be absent: then it has no texts. */
int catalogue_open(struct catalogue **out, const char *folder, struct err *err);
void catalogue_free(struct catalogue *c);
/* The pattern for a language, else English, else NULL. */
const char *catalogue_find(const struct catalogue *c, const char *language, const char *key);

/* Who reads: how numbers and dates look. */
struct reader {
    const char *language;                               /* BCP 47: "en", "de", "en-XA" (pseudo) */
    const char *zone;                                   /* for instants that name no zone of their own */
    const char *numbers;                                /* BCP 47: numbers and amounts as they are written there; NULL: as
                                                           in the language */
};

/* An argument of a message: a text as it stands, or a number that may choose a plural. */
struct text_arg {
    const char *name;
    const char *text;                                   /* NULL: use number */
    int64_t number;
};

/* Formats a pattern; a broken one is shown as it stands. */
void text_message(struct buf *out, const struct reader *who, const char *pattern,
                  const struct text_arg *args, size_t n_args);

void text_count(struct buf *out, const struct reader *who, int64_t n);
void text_decimal(struct buf *out, const struct reader *who, int64_t num, int places);
void text_money(struct buf *out, const struct reader *who, int64_t minor, const char *currency);
/* num / den as a percentage with two decimals; den 0 is "N/A". */
void text_rate(struct buf *out, const struct reader *who, int64_t num, int64_t den);
/* At most two decimals: "2.5%"; with_sign "+12.3%". */
void text_bp(struct buf *out, const struct reader *who, int64_t bp, bool with_sign);
void text_day(struct buf *out, const struct reader *who, int32_t day);
/* Short day for axes and tables: "23 Nov". */
void text_day_short(struct buf *out, const struct reader *who, int32_t day);
void text_month(struct buf *out, const struct reader *who, int32_t day);            /* "November 2026" */
void text_weekday(struct buf *out, const struct reader *who, unsigned weekday);     /* 1 Monday .. 7 Sunday */
void text_time(struct buf *out, const struct reader *who, int32_t second_of_day);   /* "07:15", "7:15 AM" */
/* In the given zone, or the reader's when NULL; the zone is named: "23 Nov 2026, 07:15 CET". */
void text_instant(struct buf *out, const struct reader *who, int64_t instant_s, const char *zone);
void text_seconds(struct buf *out, const struct reader *who, int64_t seconds);      /* "3 hr 20 min" */
/* The name of a country in the reader's language. */
void text_country_name(struct buf *out, const struct reader *who, const char *code);

#endif
