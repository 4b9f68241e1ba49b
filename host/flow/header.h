/* SPDX-License-Identifier: Apache-2.0 */
/*
 * header.h: which report a file is, told by the names of its columns.
 *
 * in:     the first lines of a file, the formats of all plugins
 * out:    the format, where its header stands, which field is which column
 * knows:  split, charset, plugins.  Has never heard of the rows below.
 */
#ifndef SOUK_HEADER_H
#define SOUK_HEADER_H

#include "plug/load.h"
#include "split.h"

enum { COLUMN_UNKNOWN = -1, COLUMN_NOT_KEPT = -2 };

struct header_field {
    const char *name;                                   /* the second one of a name is "name#2" */
    int column;                                         /* of the format, or COLUMN_... */
};

struct header {
    const struct plugin *plugin;
    const struct souk_import *format;
    int64_t line;
    const char *raw;                                    /* the line as bytes, with the file's mark */
    size_t raw_n;
    const char *charset;                                /* it was read in; NULL: all is ASCII */
    char delimiter;
    bool is_quoted;                                     /* TABs, and quotes around every field */
    struct header_field *field;
    size_t n_fields;
};

const struct souk_import_column *format_column(const struct souk_import *format, size_t i);

/*
 * Reads lines of `s` from its start until one is the header of a format.  ERR_INPUT: an empty file,
 * or a sentence about what it looks like.
 */
int header_find(struct header *out, struct arena *a, const struct plugins *plugins, struct split *s,
                const char *file, struct err *err);

#endif
