/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reject.h: rows that did not fit, kept as they stood.
 *
 * in:     a row's bytes, the column that is wrong, a message
 * out:    rows of the table reject; the file to be mended and imported again (import_rejects)
 * knows:  db, the shape of messages.  Has never heard of how rows are read.
 *
 * Too many rows that do not fit are no accident but a wrong file: the import ends then and keeps
 * nothing.
 */
#ifndef SOUK_REJECT_H
#define SOUK_REJECT_H

#include <souk/types.h>

#include "data/db.h"

enum { REJECTS_MOST = 100000, REJECTS_BYTES_MOST = 64 << 20 };

struct rejects {                                        /* all zero but these two to begin with */
    struct db *db;
    int64_t import_no;
    int64_t rows, bytes;
    struct buf args;
};

struct rejected {
    int64_t line;
    const char *raw;                                    /* as it stands in the file */
    size_t raw_n;
    const char *field;                                  /* name of the column that is wrong, or "" */
    const char *plugin;                                 /* whose texts word it; "" for the host */
    const struct souk_msg *why;
};

int reject_put(struct rejects *r, const struct rejected *row, struct err *err);
void rejects_end(struct rejects *r);

#endif
