/* SPDX-License-Identifier: Apache-2.0 */
/*
 * flat.h: the fields of a settings module one by one, under the flat names of souk/settings.h.
 *
 * in:    declared fields, how many rows each table has, the account's marketplaces
 * out:   plain fields: "legal_name", "address.city", "rates.1.price", "lead_days.A1PA6795UKMFR9"
 * knows: field.  Has never heard of records, forms or commands.
 */
#ifndef SOUK_FLAT_H
#define SOUK_FLAT_H

#include <souk/field.h>

#include "base/base.h"

struct flat {
    struct souk_field field;                            /* plain: its name is the flat one; it is not needed and has no
                                                           fallback, see .from */
    const struct souk_field *from;                      /* as declared, the inner one of a record or table */
    const struct souk_field *outer;                     /* the record or table it stands in; or NULL */
    uint32_t row;                                       /* of a table: 1, 2 ...; else 0 */
    const char *market;                                 /* of a value per market; or NULL: it holds for all */
};

struct flat_setup {
    const struct souk_list *fields;
    uint32_t (*rows_of)(void *ctx, const struct souk_field *table);     /* how many to list; at most what it may have */
    void *ctx;
    const char *const *markets;                         /* ids */
    size_t n_markets;
};

enum { FLAT_ROWS = 100 };                               /* of a table that declares no .max */

void flat_fields(struct arena *a, const struct flat_setup *setup, struct flat **list, size_t *n);
/* The declared field of a flat name, the inner one of a record or table; NULL: there is none (any longer). */
const struct souk_field *flat_declared(const struct souk_list *fields, const char *name);
uint32_t flat_most_rows(const struct souk_field *table);
/* The highest row that a flat name of this table tells: 3 for "rates.3.price"; 0: it is not of the table. */
uint32_t flat_row(const struct souk_field *table, const char *name);

#endif
