/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base.h: memory with an end, growing text, and the one error type.
 *
 * Low level: knows nothing of money, files or pages, and must not learn it.
 *
 * An arena belongs to one request, import batch or run and is used by one thread.  Memory that
 * cannot be had ends the process with a line on stderr: the database is a write-ahead log, so a
 * process may end at any moment without losing what it acknowledged.
 */
#ifndef SOUK_BASE_H
#define SOUK_BASE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))
#define PRINTF_LIKE(text_at, first) __attribute__((format(printf, text_at, first)))

/* ---- arena ---------------------------------------------------------------------------------- */

struct arena;

struct arena *arena_new(const char *name, size_t first_bytes);
void arena_reset(struct arena *a);                      /* runs the clean-ups, keeps the first block */
void arena_free(struct arena *a);                       /* NULL is fine */

/* Never NULL; aligned for any type.  arena_zero clears it. */
void *arena_alloc(struct arena *a, size_t bytes);
void *arena_zero(struct arena *a, size_t bytes);
char *arena_text(struct arena *a, const char *text);    /* a copy */
char *arena_textn(struct arena *a, const char *at, size_t n);   /* a copy, zero-terminated */
char *arena_printf(struct arena *a, const char *format, ...) PRINTF_LIKE(2, 3);

/* Calls done(what) when the arena is reset or freed; the last one hung on goes first. */
void arena_at_end(struct arena *a, void (*done)(void *what), void *what);

size_t arena_bytes(const struct arena *a);              /* held at the moment, for the log */

/* malloc and realloc for what outlives a request; never NULL. */
void *base_alloc(size_t bytes);                         /* cleared */
void *base_grow(void *at, size_t bytes);
char *base_text(const char *text);
void base_free(void *at);

/* ---- buf: growing text ---------------------------------------------------------------------- */

struct buf {                                            /* all zero is an empty one */
    char *at;                                           /* zero-terminated, NULL while empty: see buf_str */
    size_t len, cap;
};

void buf_put(struct buf *b, const void *at, size_t n);
void buf_char(struct buf *b, char c);
void buf_text(struct buf *b, const char *text);
void buf_int(struct buf *b, int64_t n);
void buf_printf(struct buf *b, const char *format, ...) PRINTF_LIKE(2, 3);
const char *buf_str(const struct buf *b);               /* never NULL */
void buf_clear(struct buf *b);                          /* empties for reuse */
void buf_free(struct buf *b);

/* ---- err: a code and one sentence ----------------------------------------------------------- */

enum err_code {                                         /* functions return these, negative */
    ERR_INPUT = 1,                                      /* what was given is wrong */
    ERR_ABSENT,                                         /* no such thing */
    ERR_DENIED,                                         /* refused by a rule of the house */
    ERR_BUSY,                                           /* in use by somebody else */
    ERR_IO,                                             /* file, disk or socket */
    ERR_FULL,                                           /* no space left: nothing was saved */
    ERR_TIME,                                           /* over its time budget */
    ERR_CORRUPT,                                        /* what is stored is damaged */
    ERR_CONF,                                           /* a configuration file is wrong */
    ERR_PLUGIN,                                         /* a plugin broke its contract */
    ERR_PORT,                                           /* the address cannot be listened on */
    ERR_BUG                                             /* ours */
};

struct err {                                            /* all zero: nothing is wrong */
    int code;                                           /* enum err_code */
    char text[600];                                     /* one sentence: what, where, what to do */
};

/* Keeps the first error; returns -code of the kept one, so that `return err_set(...)` reads well. */
int err_set(struct err *err, enum err_code code, const char *format, ...) PRINTF_LIKE(3, 4);
void err_clear(struct err *err);
const char *err_word(int code);                         /* "input", "busy": for JSON and the log */

/* ---- small text ----------------------------------------------------------------------------- */

bool text_is(const char *a, const char *b);             /* equal; NULL is equal to nothing */
bool text_starts(const char *text, const char *start);
/* Has it one of the shapes "A9 9AA|A99 9AA"?  9 is a digit, A a letter in upper case, X either, all else is itself. */
bool text_fits(const char *text, const char *shapes);
bool text_ends(const char *text, const char *end);
/* Is at[0..n) well-formed UTF-8 (no surrogates, no overlong forms)? */
bool utf8_is_valid(const char *at, size_t n);
/* Would a spreadsheet run it?  So does one behind apostrophes count: an export puts one more before it, an import takes
   that away again. */
bool text_is_formula(const char *at, size_t n);
/* Whole int64 in decimal with optional sign and nothing else. */
bool text_int(const char *text, int64_t *n);
/* For "did you mean": whichever of the two is nearer to the word and at most two letters away; NULL: neither. */
const char *text_nearer(const char *word, const char *known, const char *other);

#endif
