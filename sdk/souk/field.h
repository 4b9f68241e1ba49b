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
    SOUK_FIELD_RECORDS,                                 /* a table with a column for each of .fields, at most .max rows
                                                           (0: 100) -> SOUK_COUNT, how many rows there are */
    /* since 0.3, everywhere */
    SOUK_FIELD_DECIMAL,                                 /* a number of at most .digits decimals; .min and .max count in
                                                           units of the last of them -> SOUK_DECIMAL */
    SOUK_FIELD_SOME_OF,                                 /* any of .choices -> SOUK_TEXT "red blue", in their order */
    SOUK_FIELD_MONTH,                                   /* "2026-11" -> SOUK_DAY, the first of it */
    SOUK_FIELD_PERIOD,                                  /* two days, both in it -> SOUK_TEXT "2026-11-01/2026-11-30":
                                                           see souk_period() */
    SOUK_FIELD_TIME,                                    /* of day, "07:15" -> SOUK_SECONDS since midnight */
    SOUK_FIELD_WEEKDAYS,                                /* -> SOUK_TEXT "mon tue wed thu fri sat sun": those chosen */
    SOUK_FIELD_EMAIL,                                   /* one address -> SOUK_TEXT */
    SOUK_FIELD_PHONE,                                   /* -> SOUK_TEXT as E.164, "+4930901820" */
    SOUK_FIELD_URL,                                     /* https, http or mailto -> SOUK_TEXT */
    SOUK_FIELD_COUNTRY,                                 /* -> SOUK_COUNTRY */
    SOUK_FIELD_REGION,                                  /* of the country of .country_of -> SOUK_REGION */
    SOUK_FIELD_POSTCODE,                                /* of the country of .country_of; the shape is checked where Souk
                                                           knows it -> SOUK_TEXT as it is written there */
    SOUK_FIELD_CURRENCY,                                /* -> SOUK_CURRENCY */
    SOUK_FIELD_LANGUAGE,                                /* -> SOUK_LANGUAGE */
    SOUK_FIELD_ZONE,                                    /* -> SOUK_ZONE */
    SOUK_FIELD_SKU,                                     /* at most 40 letters -> SOUK_TEXT */
    SOUK_FIELD_SELECTION,                               /* of listings: SKUs, one a line, in which * stands for any
                                                           letters -> SOUK_TEXT; all of them are "*" */
    SOUK_FIELD_IBAN,                                    /* -> SOUK_TEXT without spaces; these have the check digits that
                                                           their standard asks for: */
    SOUK_FIELD_BIC,                                     /* -> SOUK_TEXT */
    SOUK_FIELD_BANK_US,                                 /* -> SOUK_TEXT "123456780 1234567890": routing, account */
    SOUK_FIELD_BANK_UK,                                 /* -> SOUK_TEXT "123456 12345678": sort code, account */
    SOUK_FIELD_BANK_JP,                                 /* -> SOUK_TEXT "1234-123 ordinary 1234567": bank-branch, type
                                                           (ordinary, current, savings), number */
    SOUK_FIELD_TAX_ID,                                  /* of the country of .country_of and of .kind -> SOUK_TEXT */
    SOUK_FIELD_CARD_TAIL,                               /* the last four digits of a card; more are refused -> SOUK_TEXT */
    SOUK_FIELD_HIDDEN                                   /* a form sends it along, nobody sees it -> SOUK_TEXT */
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
    const char *country_of;                             /* region, postcode, tax id: the field or argument of the same form
                                                           that tells the country, by its two letters or a market; a
                                                           region needs it, the others may do without: NULL */
    const char *kind;                                   /* tax id: "vat" (value added tax, goods and services tax) or
                                                           "company"; NULL: whichever the country has */
    uint32_t digits, reserved2;                         /* decimal: how many decimals at most, 0 to 9 */
};

/* The two days of a value of SOUK_FIELD_PERIOD; 0 when it is none. */
static inline int souk_period(const struct souk_value *v, int32_t *from, int32_t *to)
{
    int32_t *const day[2] = { from, to };
    if (v->type != SOUK_TEXT || v->text.len != 21)
        return 0;
    for (int i = 0; i < 2; i++) {
        const char *c = v->text.at + 11 * i;
        int y = (c[0] - '0') * 1000 + (c[1] - '0') * 100 + (c[2] - '0') * 10 + c[3] - '0';
        int m = (c[5] - '0') * 10 + c[6] - '0', d = (c[8] - '0') * 10 + c[9] - '0';
        y -= m <= 2;                                    /* years begin in March, so that the leap day is the last */
        *day[i] = y * 365 + y / 4 - y / 100 + y / 400 + (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1 - 719468;
    }
    return 1;
}

#ifdef __cplusplus
}
#endif
#endif
