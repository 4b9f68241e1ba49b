/* SPDX-License-Identifier: Apache-2.0 */
/*
 * split.h: bytes to lines, lines to rows, rows to fields.
 *
 * in:     a source
 * out:    rows with the number of their first line, fields with their lengths
 * knows:  line ends, TABs, RFC 4180.  Has never heard of charsets or columns.
 *
 * Everything goes by lengths: NUL bytes are bytes like others.  TAB-separated rows are one line and
 * quotes in them are data.  CSV rows may hold line ends between quotes; a quote opens only where a
 * field begins.  A line over LINE_MOST is given by its beginning, with its fault, and the rest is
 * passed over: the longest line needs no more memory than the shortest.
 */
#ifndef SOUK_SPLIT_H
#define SOUK_SPLIT_H

#include "source.h"

enum { LINE_MOST = 1 << 20, LINE_KEPT = 1 << 16, FIELD_MOST = 1 << 16, FIELDS_MOST = 512 };

enum row_fault {
    ROW_TOO_LONG = 1,                                   /* over LINE_MOST: its first LINE_KEPT bytes */
    ROW_OPEN_QUOTE                                      /* a quote never closes: its first line */
};

struct row {                                            /* until the next one; may be changed */
    char *at;                                           /* without its line end; at[n] is there, too */
    size_t n;
    int64_t line;                                       /* counted from 1 */
    enum row_fault fault;                               /* 0: none */
};

struct split;

struct split *split_new(struct arena *a, struct source *source);
/* To the first byte of the source, behind a byte order mark.  is_hashing: see source_rewind. */
int split_rewind(struct split *s, bool is_hashing, struct err *err);
bool split_has_mark(const struct split *s);             /* did it start with UTF-8's byte order mark? */
int64_t split_bytes(const struct split *s);             /* given out so far */

/* 1: a row, 0: the end.  delimiter TAB: rows are lines; else CSV. */
int split_row(struct split *s, char delimiter, struct row *row, struct err *err);

struct field {
    char *at;                                           /* zero-terminated */
    size_t n;
};

/*
 * Splits a row in place: delimiters become zeros, at[n] must be there to become one, and what was
 * quoted loses its quotes.  Gives the number of fields; those after FIELDS_MOST are counted only.
 * *is_broken: a closing quote is followed by something else.
 */
size_t split_fields(char *at, size_t n, char delimiter, struct field field[FIELDS_MOST],
                    bool *is_broken);

/* Is any byte not ASCII, is any a NUL? */
enum { BYTES_HIGH = 1, BYTES_NUL = 2 };
unsigned bytes_kinds(const char *at, size_t n);

#endif
