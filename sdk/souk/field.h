/* SPDX-License-Identifier: Apache-2.0 */
/*
 * souk/field.h: one kind of input field, for the options of a widget, its forms, the arguments of
 * commands, and the settings modules of souk/settings.h.
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
    SOUK_FIELD_MARKET,                                  /* -> SOUK_MARKET */
    /* since 0.3; these two are of settings modules alone, see souk/settings.h */
    SOUK_FIELD_RECORD,                                  /* a group of .fields; gives nothing itself */
    SOUK_FIELD_RECORDS                                  /* a table with a column for each of .fields, at most .max rows
                                                           (0: 100) -> SOUK_COUNT, how many rows there are */
};

enum souk_field_flags {                                 /* since 0.2 */
    SOUK_FIELD_NEEDED = 1,                              /* it cannot be left empty */
    SOUK_FIELD_QUIET = 2,                               /* an option that links set: it is not drawn */
    /* since 0.3; these are of settings modules alone, SOUK_FIELD_PERSONAL of commands, too */
    SOUK_FIELD_SECRET = 4,                              /* a text that is kept sealed; read back as SOUK_TAIL */
    SOUK_FIELD_PER_MARKET = 8,                          /* one value for all markets, and others for some of them */
    SOUK_FIELD_READ_ONLY = 16,                          /* nobody types it: the module's check sets it */
    SOUK_FIELD_UNIQUE = 32,                             /* no two records of the module hold the same */
    SOUK_FIELD_PERSONAL = 64                            /* tells of a person: no value of it in the audit log, and it
                                                           goes when a person is erased */
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
    /* since 0.3 */
    const char *when;                                   /* another field of the same form: this one is shown, and kept,
                                                           only while that one holds one of .when_is; or NULL */
    const char *when_is;                                /* with a space between, "iban uk"; NULL: anything but nothing or no */
    const char *choices_from;                           /* one of, in settings and commands: a declared query without
                                                           parameters and with the columns "value:text title:text"
                                                           gives its choices; or NULL */
    struct souk_list fields;                            /* of struct souk_field: of a record or table; these have
                                                           no .fields of their own */
};

#ifdef __cplusplus
}
#endif
#endif
