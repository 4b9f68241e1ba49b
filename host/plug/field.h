/* SPDX-License-Identifier: Apache-2.0 */
/*
 * field.h: input fields: what a declaration must be, and how what somebody typed becomes a value.
 *
 * in:    struct souk_field, texts from an address, a form, a JSON body or a command line
 * out:   values of the field's type; or one sentence that names the field and how to write it
 * knows: address, market, zone.  Has never heard of widgets, forms or commands.
 */
#ifndef SOUK_FIELD_FILE_H
#define SOUK_FIELD_FILE_H

#include <souk/field.h>

#include "base/base.h"

/* Type of the value that a field gives; 0 for a field type that does not exist. */
uint32_t field_gives(uint32_t field_type);
/* Its name for programs: "one_of"; "" for one that does not exist. */
const char *field_word(uint32_t field_type);

/* An example of what is typed, for programs and as a hint; "" where nobody needs one. */
const char *field_like(const struct souk_field *f);

extern const char *const field_weekdays[];              /* "mon" to "sun", seven */

/* Where a field stands: an option has a value at all times; settings alone have what is kept of a record. */
enum field_use { FIELD_OPTION = 1, FIELD_ARGUMENT, FIELD_SETTING };

/*
 * Is the declaration well made?
 * ERR_PLUGIN: "The option 'pending' of the widget 'sales' ...": what is "option", of "widget", whose "sales".
 */
int field_check(const struct souk_field *f, enum field_use use, const char *what, const char *of, const char *whose,
                struct err *err);

/* The i-th field of a list, whatever size it had when its plugin was built. */
const struct souk_field *field_at(const struct souk_list *fields, uint32_t i);

/* What is around a field when it is read. */
struct field_place {
    const char *zone;                                   /* of an instant without one of its own; NULL: UTC */
    const char *currency;                               /* of an amount that names none; NULL or "": it must name one */
    const char *country;                                /* two letters, of a region, postcode, tax id; NULL or "": not known */
};

/*
 * One field.  An empty text is SOUK_NONE, or ERR_INPUT where the field is needed.  A value must fit
 * min, max and the choices.
 */
int field_read(struct arena *a, const struct souk_field *field, const char *text, const struct field_place *where,
               struct souk_value *value, struct err *err);

/*
 * All of a list, in its order.  text_of gives NULL for what was not sent: then it is the field's
 * fallback, and without one it is left out of `args`, or ERR_INPUT where the field is needed.  `fixed`
 * (or NULL): arguments beside them, which may tell a field's currency or zone; they are not in `args`.
 * *at (or NULL): the field at fault.
 */
struct field_source {
    const char *(*text_of)(void *ctx, const char *name);
    void *ctx;
    const struct souk_args *fixed;
    const char *zone;                                   /* the reader's */
};
int fields_read(struct arena *a, const struct souk_list *fields, const struct field_source *from,
                struct souk_args *args, const struct souk_field **at, struct err *err);

/* The text that a field of this type holds for a value, as it would be typed: "2026-11-23T07:15" in the zone. */
void field_as_text(struct buf *out, const struct souk_field *field, const struct souk_value *v, const char *zone);

#endif
