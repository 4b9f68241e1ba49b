/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pattern.h: the text patterns of Lua, with a bound on the work.
 *
 * The language is that of Lua 5.4's string library: . %a %d %w ... [sets] * + - ? ^ $ (captures) () %1 %bxy
 * %f[set].  Letters, digits and spaces are those of ASCII.  A pattern is read once and may then be tried
 * at many places; some patterns take a number of steps that grows beyond all measure with the text, so
 * whoever asks says how far it may go.  Knows nothing of Lua's values.  Any thread.
 */
#ifndef SOUK_PATTERN_H
#define SOUK_PATTERN_H

#include "base/base.h"

enum { PATTERN_ITEMS = 120, PATTERN_SETS = 16, PATTERN_CAPTURES = 32 };
enum { PATTERN_PLACE = -1 };                            /* as length of a capture: "()", where it stands */

struct pattern_item {
    uint8_t kind, repeat;                               /* see pattern.c */
    uint8_t a, b;                                       /* a character, two of %b, a set, a capture */
};

struct pattern {
    struct pattern_item item[PATTERN_ITEMS];
    uint32_t set[PATTERN_SETS][8];                      /* a bit for each byte */
    uint8_t n_items, n_sets, n_captures;
    bool at_start, at_end;                              /* ^ and $ */
};

struct pattern_found {
    const char *at, *end;                               /* the whole of it */
    struct {
        const char *at;
        ptrdiff_t n;                                    /* PATTERN_PLACE, or its length */
    } capture[PATTERN_CAPTURES];
    size_t n;                                           /* captures */
};

/* Who bounds the work: told every few thousand steps of the further ones; false stops. */
struct pattern_work {
    bool (*go_on)(void *ctx, int64_t steps);
    void *ctx;
};

/* NULL, or what is wrong with it: "a set that begins with [ is not closed". */
const char *pattern_read(struct pattern *p, const char *at, size_t n);
/* Is it a plain text, without anything that means more than itself? */
bool pattern_is_plain(const char *at, size_t n);
/*
 * Does it fit at text[from] (and only there)?  1, 0, or -1 when the work was stopped.
 * The text of the captures is part of `text`.
 */
int pattern_fits(const struct pattern *p, const char *text, size_t n, size_t from,
                 const struct pattern_work *work, struct pattern_found *found);
/* The first place from `from` on where it fits, with ^ only `from` itself; answers as pattern_fits. */
int pattern_find(const struct pattern *p, const char *text, size_t n, size_t from,
                 const struct pattern_work *work, struct pattern_found *found);

#endif
