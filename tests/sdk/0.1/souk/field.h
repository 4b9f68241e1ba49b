/* SPDX-License-Identifier: Apache-2.0 */
/*
 * souk/field.h: one kind of input field, for the options of a widget now, and with later revisions of
 * the SDK for the forms of actions, settings modules and rule parameters.
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
    SOUK_FIELD_DAY                                      /* -> SOUK_DAY */
};

struct souk_choice {                                    /* frozen */
    const char *value;                                  /* lower case and _ ; stands in addresses */
    const char *title;                                  /* message key */
};

struct souk_field {
    uint32_t size, type;                                /* enum souk_field_type */
    const char *name;                                   /* lower case and _ ; stands in addresses */
    const char *title;                                  /* message key */
    struct souk_value fallback;                         /* what it is when nothing was chosen */
    int64_t min, max;                                   /* of a count, or of a text's length; both 0: free */
    struct souk_list choices;                           /* of struct souk_choice */
};

#ifdef __cplusplus
}
#endif
#endif
