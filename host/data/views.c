/* SPDX-License-Identifier: Apache-2.0 */
/*
 * views.c: the documented views, read from their own text.
 *
 * in:     the embedded views.sql
 * out:    names, columns, types, meanings
 * knows:  how views.sql is written: "    column,  -- type: meaning" between "CREATE VIEW name (" and ")", a comment above
 */
#include "views.h"

#include <stdio.h>
#include <string.h>

#include "base/embed.h"
#include "db.h"

enum { VIEWS_MOST = 200, COLUMNS_MOST = 100 };

static const char *views_text(void)
{
    for (const struct embed *file = schema_files; file->name; file++)
        if (text_is(file->name, "views.sql"))
            return (const char *)file->at;
    return "";
}

size_t views_read(struct arena *a, const struct view_doc **list)
{
    struct view_doc *all = arena_zero(a, VIEWS_MOST * sizeof *all), *one = NULL;
    struct view_column *at_column = NULL;
    char about[300] = "", name[80], type[60], meaning[300];
    size_t n = 0;
    for (const char *at = views_text(), *end; *at; at = *end ? end + 1 : end) {
        char line[500];
        end = strchrnul(at, '\n');
        snprintf(line, sizeof line, "%.*s", (int)(end - at), at);
        if (sscanf(line, "CREATE VIEW %79[a-z0-9_] (", name) == 1 && n < VIEWS_MOST) {
            at_column = arena_zero(a, COLUMNS_MOST * sizeof *at_column);
            one = &all[n++];
            *one = (struct view_doc){ arena_text(a, name), arena_text(a, about), at_column, 0 };
        } else if (!strncmp(line, "-- ", 3)) {
            snprintf(about, sizeof about, "%.290s", line + 3);
        } else if (line[0] == ')') {
            one = NULL;
        } else if (one && one->n_columns < COLUMNS_MOST &&
                   sscanf(line, " %79[a-z0-9_]%*[, ]-- %59[^:]: %299[^\n]", name, type, meaning) == 3) {
            at_column[one->n_columns++] = (struct view_column){ arena_text(a, name), arena_text(a, type), arena_text(a, meaning) };
        }
    }
    *list = all;
    return n;
}
