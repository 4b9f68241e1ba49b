/* SPDX-License-Identifier: Apache-2.0 */
/*
 * views.h: the documented views, read from their own text: the comments behind the columns in views.sql.
 */
#ifndef SOUK_VIEWS_H
#define SOUK_VIEWS_H

#include "base/base.h"

struct view_column {
    const char *name, *type, *meaning;                  /* type: "count", "money/currency" ... */
};

struct view_doc {
    const char *name, *about;                           /* "v1_orders" */
    const struct view_column *column;
    size_t n_columns;
};

/* All, in their order; in the arena. */
size_t views_read(struct arena *a, const struct view_doc **list);

#endif
