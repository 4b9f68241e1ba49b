/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reject.h: rows that did not fit, kept as they stood.
 *
 * in:     a row's bytes, the column that is wrong, a message
 * out:    rows of the table reject; the file to be mended and imported again (import_rejects)
 * knows:  db, the shape of messages.  Has never heard of how rows are read.
 *
 * The file begins with what the import keeps as its head.  That of a table is its header line; the heads
 * of the other shapes begin with a NUL byte and a word, and so does each place of a document where
 * rejected records have to go.
 *
 * Too many rows that do not fit are no accident but a wrong file: the import ends then and keeps
 * nothing.
 */
#ifndef SOUK_REJECT_H
#define SOUK_REJECT_H

#include <souk/types.h>

#include "data/db.h"

enum { REJECTS_MOST = 100000, REJECTS_BYTES_MOST = 64 << 20 };

struct rejects {                                        /* all zero but the first three to begin with */
    struct db *db;
    int64_t import_no;
    bool are_mails;                                     /* card numbers in subjects and bodies are masked */
    int64_t rows, bytes;
    struct buf args, clean;
};

struct rejected {
    int64_t line;
    const char *raw;                                    /* as it stands in the file */
    size_t raw_n;
    const char *field;                                  /* name of the column that is wrong, or "" */
    const char *plugin;                                 /* whose texts word it; "" for the host */
    const struct souk_msg *why;
};

enum rejects_kind {
    REJECTS_DOCUMENT = 1,                               /* JSON: the document follows, with its holes */
    REJECTS_LINES,                                      /* JSON: documents one after another */
    REJECTS_MAILS                                       /* a mailbox */
};

/* Begins a head; a table's is its header line alone. */
void reject_head(struct buf *out, enum rejects_kind kind);
/* Here in the document the records from first to last stood. */
void reject_hole(struct buf *out, int64_t first, int64_t last);

struct reject_row {                                     /* as it was kept, in the arena */
    int64_t line;
    bool is_record;                                     /* line counts the records of a document or mailbox, not lines */
    const char *field, *plugin;
    struct souk_msg why;                                /* its arguments are counts and texts */
    const char *raw;
    size_t raw_n;
};

int reject_put(struct rejects *r, const struct rejected *row, struct err *err);
void rejects_end(struct rejects *r);

/* Those of an import behind a line (0: from the first on), at most `most`. */
int rejects_read(struct db *db, struct arena *a, int64_t import_no, int64_t after_line, size_t most,
                 struct reject_row **rows, size_t *n, struct err *err);

#endif
