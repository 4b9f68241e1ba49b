/* SPDX-License-Identifier: Apache-2.0 */
/*
 * flat.c: the fields of a settings module one by one.  See flat.h.
 */
#include "flat.h"

#include <stdlib.h>
#include <string.h>

#include "field.h"

uint32_t flat_most_rows(const struct souk_field *table)
{
    return table->max > 0 && table->max < FLAT_ROWS ? (uint32_t)table->max : FLAT_ROWS;
}

uint32_t flat_row(const struct souk_field *table, const char *name)
{
    size_t n = strlen(table->name);
    if (strncmp(name, table->name, n) != 0 || name[n] != '.')
        return 0;
    char *end;
    unsigned long row = strtoul(name + n + 1, &end, 10);
    return *end == '.' && row <= FLAT_ROWS ? (uint32_t)row : 0;
}

static const struct souk_field *named(const struct souk_list *fields, const char *name, size_t n)
{
    for (uint32_t i = 0; i < fields->n; i++)
        if (strlen(field_at(fields, i)->name) == n && memcmp(field_at(fields, i)->name, name, n) == 0)
            return field_at(fields, i);
    return NULL;
}

const struct souk_field *flat_declared(const struct souk_list *fields, const char *name)
{
    size_t n = strcspn(name, ".");
    const struct souk_field *f = named(fields, name, n);
    if (!f)
        return NULL;
    bool is_table = f->type == SOUK_FIELD_RECORDS;
    if (!name[n])                                       /* of a table alone: how many rows it has */
        return f->type == SOUK_FIELD_RECORD ? NULL : f;
    const char *part = name + n + 1;
    if (is_table)
        part = flat_row(f, name) ? strchr(part, '.') + 1 : "";
    if (f->fields.n)
        return named(&f->fields, part, strlen(part));
    return f->flags & SOUK_FIELD_PER_MARKET && *part && !strchr(part, '.') ? f : NULL;
}

static void put(struct arena *a, struct flat *to, const struct souk_field *f, const char *name)
{
    to->field = *f;
    to->field.name = arena_text(a, name);
    to->field.flags &= ~(uint32_t)SOUK_FIELD_NEEDED;
    to->field.fallback = souk_none();
    to->from = f;
}

static size_t most_of(const struct souk_field *f, const struct flat_setup *setup)
{
    if (f->type == SOUK_FIELD_RECORDS)
        return (size_t)f->fields.n * flat_most_rows(f);
    if (f->type == SOUK_FIELD_RECORD)
        return f->fields.n;
    return 1 + (f->flags & SOUK_FIELD_PER_MARKET ? setup->n_markets : 0);
}

void flat_fields(struct arena *a, const struct flat_setup *setup, struct flat **list, size_t *n)
{
    size_t most = 0;
    for (uint32_t i = 0; i < setup->fields->n; i++)
        most += most_of(field_at(setup->fields, i), setup);
    struct flat *to = *list = arena_zero(a, (most + 1) * sizeof *to);
    for (uint32_t i = 0; i < setup->fields->n; i++) {
        const struct souk_field *f = field_at(setup->fields, i);
        bool is_table = f->type == SOUK_FIELD_RECORDS;
        uint32_t rows = is_table ? setup->rows_of(setup->ctx, f) : 1;
        if (rows > flat_most_rows(f) && is_table)
            rows = flat_most_rows(f);
        for (uint32_t row = 1; f->fields.n && row <= rows; row++)
            for (uint32_t k = 0; k < f->fields.n; k++) {
                const struct souk_field *in = field_at(&f->fields, k);
                put(a, to, in, is_table ? arena_printf(a, "%s.%u.%s", f->name, row, in->name)
                                        : arena_printf(a, "%s.%s", f->name, in->name));
                to->field.flags |= f->flags & SOUK_FIELD_PERSONAL;
                /* what it looks at stands in the same row */
                const char **const others[] = { &to->field.when, &to->field.currency_of, &to->field.zone_of,
                                                &to->field.country_of };
                for (size_t o = 0; o < COUNT_OF(others); o++)
                    if (*others[o])
                        *others[o] = is_table ? arena_printf(a, "%s.%u.%s", f->name, row, *others[o])
                                              : arena_printf(a, "%s.%s", f->name, *others[o]);
                if (!in->when && f->when) {
                    to->field.when = f->when;           /* that of the whole record or table */
                    to->field.when_is = f->when_is;
                }
                to->outer = f;
                to++->row = is_table ? row : 0;
            }
        if (f->fields.n)
            continue;
        put(a, to++, f, f->name);
        for (size_t k = 0; f->flags & SOUK_FIELD_PER_MARKET && k < setup->n_markets; k++) {
            put(a, to, f, arena_printf(a, "%s.%s", f->name, setup->markets[k]));
            to++->market = setup->markets[k];
        }
    }
    *n = (size_t)(to - *list);
}
