/* SPDX-License-Identifier: Apache-2.0 */
/*
 * souk/field.h: one kind of input field, for the options of a widget, its forms, and the arguments of
 * commands; with later revisions of the SDK for settings modules and rule parameters.
 *
 * The host draws the field, reads it from the address or form, checks it, and hands over a value of
 * the type named beside it; what a reader typed wrongly never reaches a plugin.
 */
#ifndef SOUK_FIELD_H
#define SOUK_FIELD_H

#include <souk/types.h>

#ifdef __cplusplus
extern "C" {
#endif

enum souk_field_type {                                  /* -> type of the value */
    SOUK_FIELD_LINE = 1,                                /* text on one line -> SOUK_TEXT */
    SOUK_FIELD_COUNT,                                   /* whole number -> SOUK_COUNT */
    SOUK_FIELD_BOOL,                                    /* tick box -> SOUK_BOOL */
    SOUK_FIELD_ONE_OF,                                  /* one of .choices -> SOUK_TEXT */
    SOUK_FIELD_DAY,                                     /* -> SOUK_DAY */
    /* since 0.2 */
    SOUK_FIELD_AREA,                                    /* text of many lines -> SOUK_TEXT */
    SOUK_FIELD_MONEY,                                   /* "12.34 EUR", or "12.34" beside .currency_of -> SOUK_MONEY */
    SOUK_FIELD_INSTANT,                                 /* a day and a time in the zone of .zone_of, or of the reader
                                                           -> SOUK_INSTANT */
    SOUK_FIELD_PERCENT,                                 /* at most two decimals -> SOUK_BP */
    SOUK_FIELD_MARKET                                   /* -> SOUK_MARKET */
};

enum souk_field_flags {                                 /* since 0.2 */
    SOUK_FIELD_NEEDED = 1,                              /* it cannot be left empty */
    SOUK_FIELD_QUIET = 2                                /* an option that links set: it is not drawn */
};

struct souk_choice {                                    /* frozen */
    const char *value;                                  /* lower case and _ ; stands in addresses */
    const char *title;                                  /* message key */
};

struct souk_field {
    uint32_t size, type;                                /* enum souk_field_type */
    const char *name;                                   /* lower case and _ ; stands in addresses */
    const char *title;                                  /* message key */
    struct souk_value fallback;                         /* an option: what it is when nothing was chosen; a form: what
                                                           it holds now, or SOUK_NONE */
    int64_t min, max;                                   /* of a number, or of a text's letters; both 0: free */
    struct souk_list choices;                           /* of struct souk_choice */
    /* since 0.2 */
    uint32_t flags, reserved;                           /* enum souk_field_flags */
    const char *about;                                  /* message key: a line of help beside it; or NULL */
    const char *currency_of;                            /* money: the field or argument of the same form that tells the
                                                           currency, by a market or its three letters; or NULL */
    const char *zone_of;                                /* instant: the one that tells the market; or NULL */
};

#ifdef __cplusplus
}
#endif
#endif
