/* SPDX-License-Identifier: Apache-2.0 */
/*
 * form.h: names and values as addresses and forms carry them.
 *
 * in:    bytes that somebody sent
 * out:   valid UTF-8 without NUL, each name once; or one sentence why not
 * knows: encodings.  Has never heard of connections, limits of the server, or what the names mean.
 */
#ifndef SOUK_FORM_H
#define SOUK_FORM_H

#include "base/base.h"

struct pair {
    const char *name, *value;
};

struct pairs {                                          /* all zero is none; in the arena they were read into */
    struct pair *at;
    size_t n, room;
};

const char *pairs_value(const struct pairs *p, const char *name);      /* NULL: no such name */
bool pairs_at(const struct pairs *p, size_t i, const char **name, const char **value);

/* Takes %41 apart, and '+' when it means a space.  NULL for a wrong escape, a NUL or what is not UTF-8. */
const char *form_decode(struct arena *a, const char *at, size_t n, bool plus_is_space);

/*
 * Adds one.  `what` is the word for it in a sentence: "parameter", "field".
 * errors: ERR_INPUT for a value that is NULL, for a name that is there, for more than `most`.
 */
int form_add(struct pairs *p, struct arena *a, struct pair pair, const char *what, size_t most, struct err *err);
/* a=1&b=2, as after the '?' of an address and in application/x-www-form-urlencoded. */
int form_read(struct pairs *p, struct arena *a, const char *at, size_t n, const char *what, size_t most,
              struct err *err);

/* Is a Content-Type this one (whatever its case and parameters)?  NULL is no type. */
bool form_is_type(const char *header, const char *type);
/* A parameter of a header value (; name=value or ; name="value"), without its quotes; NULL: not there. */
const char *form_param(struct arena *a, const char *header, const char *name);

#endif
