/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shape.h: a file of a known format, ready to be read: the one face of tables, JSON documents and mails.
 *
 * in:     a source, the formats of all plugins
 * out:    the format; then the evidence of how the file is written; then batches of its rows
 * knows:  the rooms that read each shape.  Has never heard of databases or plugins' calls.
 */
#ifndef SOUK_SHAPE_H
#define SOUK_SHAPE_H

#include "batch.h"
#include "charset.h"
#include "plug/load.h"
#include "source.h"
#include "typing.h"

struct shape {
    const struct plugin *plugin;
    const struct souk_import *format;
    const char *charset;                                /* it was found out in; NULL: all of that was ASCII */
    bool has_own_charset;                               /* each part says its own: nothing to be chosen */
    bool has_mark;                                      /* of UTF-8, at the start */

    /* Reads the whole file for what it shows. */
    int (*look_through)(struct shape *s, struct evidence *e, struct charset_tally *tally, struct err *err);
    /* Starts to read its rows.  The source is the batches' until they have ended. */
    int (*start)(struct shape *s, const struct style *style, struct decoder *decoder,
                 struct batches **batches, struct err *err);
    int64_t (*bytes)(const struct shape *s);            /* of the file, read since look_through or start */
    /* What the file calls a column of the format; "" for one that it does not have. */
    const char *(*field_name)(const struct shape *s, const char *column);
    /* When all batches have ended: what the file of its rejected rows begins with (see reject.h). */
    void (*head)(const struct shape *s, struct buf *out);
};

/*
 * ERR_INPUT: an empty file, or a sentence about what it looks like.  Everything ends with the arena.
 */
int shape_open(struct shape **out, struct arena *a, const struct plugins *plugins, struct source *source,
               struct err *err);

/* ---- for the rooms that read the shapes ---------------------------------------------------------- */

/* The names of all formats that can be read, "a.b, c.d"; how many there are. */
size_t shape_formats(const struct plugins *plugins, struct buf *names);
/* ERR_INPUT: the file is of a kind ("a PDF") that Souk cannot read. */
int shape_other(const char *file, const char *kind, struct err *err);

#endif
