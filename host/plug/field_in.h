/* SPDX-License-Identifier: Apache-2.0 */
/*
 * field_in.h: what the files of field share.
 *
 *   field.c        declarations, numbers and texts, several fields
 *   field_known.c  what the world has a form for: dates, places, contacts, accounts, tax numbers
 */
#ifndef SOUK_FIELD_IN_H
#define SOUK_FIELD_IN_H

#include "field.h"

#define wrong(err, f, ...) field_wrong((err), (f), arena_printf(a, __VA_ARGS__))

/* ERR_INPUT: The field "name": what it says. */
int field_wrong(struct err *err, const struct souk_field *f, const char *says);
bool field_has_choice(const struct souk_field *f, const char *value);

/* One of the types of field_known.c; the text has no spaces around it and is not empty. */
int field_read_known(struct arena *a, const struct souk_field *f, const char *text, const struct field_place *where,
                     struct souk_value *v, struct err *err);
/* Puts what a known type is typed like; false: its value's own text is that. */
bool field_known_text(struct buf *out, const struct souk_field *f, const struct souk_value *v);

#endif
