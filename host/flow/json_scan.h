/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json_scan.h: a JSON document of any size, element by element.
 *
 * in:     a source; the arrays whose elements are wanted one by one
 * out:    those elements as bytes, and the rest of the document with these arrays empty
 * knows:  how texts, brackets and commas nest.  What is between them it leaves to who reads it.
 *
 * Memory does not grow with the document: an element may have LINE_MOST bytes, and so may what is left
 * of the document without its elements.  One after another, several documents may stand in one file
 * (JSON lines).
 */
#ifndef SOUK_JSON_SCAN_H
#define SOUK_JSON_SCAN_H

#include "plug/path.h"
#include "split.h"

enum { JSON_DEPTH_MOST = 64, JSON_NUMBER_MOST = 40 };

enum json_fault {
    JSON_TOO_LONG = 1,                                  /* over LINE_MOST: its first LINE_KEPT bytes */
    JSON_TOO_DEEP,                                      /* over JSON_DEPTH_MOST */
    JSON_NUMBER                                         /* a number too long to be kept exactly */
};

struct json_unit {                                      /* an element, until the next one */
    const char *at;
    size_t n;
    size_t array;                                       /* which of the arrays it is of */
    enum json_fault fault;                              /* 0: none */
};

struct json_scan;

struct json_scan *json_scan_new(struct arena *a, struct source *source);

/*
 * From the first byte again.  `arrays`: paths to arrays, each ending in its only []; with is_whole each
 * document is one unit instead, and `arrays` counts for nothing.  is_hashing: see source_rewind.
 */
int json_scan_start(struct json_scan *s, const struct path *arrays, size_t n_arrays, bool is_whole,
                    bool is_hashing, struct err *err);
/* 1: a unit, 0: the end.  ERR_INPUT: the file is cut short, or no JSON at all. */
int json_scan_next(struct json_scan *s, struct json_unit *unit, struct err *err);

/*
 * Goes through the whole file and calls `value` for each value of its first document: a text, a number
 * or a word as it is written, as far as JSON_WATCHED bytes go; NULL for an object or an array.
 */
enum { JSON_WATCHED = 100 };
int json_scan_watch(struct json_scan *s, void (*value)(void *ctx, const char *text, size_t n), void *ctx,
                    struct err *err);
/* While `value` runs: does a path of members, [] and * lead to it? */
bool json_scan_is_at(const struct json_scan *s, const struct path *path);
/* While `value` runs: how deep it is, and the name of the member it is, as it is written; "" for none. */
size_t json_scan_depth(const struct json_scan *s);
bool json_scan_in_array(const struct json_scan *s, size_t depth);   /* is what is around it so deep an array? */
const char *json_scan_key(const struct json_scan *s);

/* After the end: how many documents there are, and the first without the units. */
size_t json_scan_documents(const struct json_scan *s);
const struct buf *json_scan_shell(const struct json_scan *s);
/* Where in the shell the units of array i were, SIZE_MAX: nowhere. */
size_t json_scan_hole(const struct json_scan *s, size_t i);
int64_t json_scan_bytes(const struct json_scan *s);     /* given out so far */

#endif
