/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base.c: arenas, growing text, errors.
 *
 * Arena: a chain of blocks, newest first; what is larger than a block gets one of its own.
 */
#include "base.h"

#include <assert.h>
#include <errno.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *or_die(void *at, size_t bytes)
{
    if (!at) {
        fprintf(stderr, "souk: out of memory (%zu bytes wanted); what was saved is safe.\n", bytes);
        abort();
    }
    return at;
}

void *base_alloc(size_t bytes)
{
    return or_die(calloc(1, bytes ? bytes : 1), bytes);
}

void *base_grow(void *at, size_t bytes)
{
    return or_die(realloc(at, bytes ? bytes : 1), bytes);
}

char *base_text(const char *text)
{
    size_t n = strlen(text) + 1;
    return memcpy(base_alloc(n), text, n);
}

void base_free(void *at)
{
    free(at);
}

/* ---- arena ---------------------------------------------------------------------------------- */

struct block {
    struct block *before;
    size_t cap, used;
    alignas(max_align_t) char at[];
};

struct cleanup {
    struct cleanup *before;
    void (*done)(void *what);
    void *what;
};

struct arena {
    const char *name;
    struct block *block;
    struct cleanup *cleanup;
    size_t next_bytes;
};

static struct block *block_new(struct block *before, size_t cap)
{
    struct block *b = or_die(malloc(sizeof *b + cap), cap);
    b->before = before;
    b->cap = cap;
    b->used = 0;
    return b;
}

struct arena *arena_new(const char *name, size_t first_bytes)
{
    struct arena *a = base_alloc(sizeof *a);
    a->name = name;
    a->next_bytes = first_bytes < 256 ? 256 : first_bytes;
    a->block = block_new(NULL, a->next_bytes);
    return a;
}

void arena_reset(struct arena *a)
{
    while (a->cleanup) {                                /* may hang on further ones */
        struct cleanup *c = a->cleanup;
        a->cleanup = c->before;
        c->done(c->what);
    }
    while (a->block->before) {
        struct block *b = a->block;
        a->block = b->before;
        free(b);
    }
    a->block->used = 0;
}

void arena_free(struct arena *a)
{
    if (!a)
        return;
    arena_reset(a);
    free(a->block);
    free(a);
}

void *arena_alloc(struct arena *a, size_t bytes)
{
    const size_t grain = alignof(max_align_t);
    size_t need = (bytes + grain - 1) / grain * grain;
    assert(need >= bytes);
    if (a->block->cap - a->block->used < need) {
        if (a->next_bytes < 1 << 20)
            a->next_bytes *= 2;
        a->block = block_new(a->block, need > a->next_bytes ? need : a->next_bytes);
    }
    void *at = a->block->at + a->block->used;
    a->block->used += need;
    return at;
}

void *arena_zero(struct arena *a, size_t bytes)
{
    return memset(arena_alloc(a, bytes), 0, bytes);
}

char *arena_textn(struct arena *a, const char *at, size_t n)
{
    char *copy = arena_alloc(a, n + 1);
    if (n)
        memcpy(copy, at, n);
    copy[n] = '\0';
    return copy;
}

char *arena_text(struct arena *a, const char *text)
{
    return arena_textn(a, text, strlen(text));
}

char *arena_printf(struct arena *a, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    assert(n >= 0);
    char *at = arena_alloc(a, (size_t)n + 1);
    vsnprintf(at, (size_t)n + 1, format, again);
    va_end(again);
    return at;
}

void arena_at_end(struct arena *a, void (*done)(void *what), void *what)
{
    struct cleanup *c = arena_alloc(a, sizeof *c);
    c->done = done;
    c->what = what;
    c->before = a->cleanup;
    a->cleanup = c;
}

size_t arena_bytes(const struct arena *a)
{
    size_t n = 0;
    for (const struct block *b = a->block; b; b = b->before)
        n += b->cap;
    return n;
}

/* ---- buf ------------------------------------------------------------------------------------ */

static void buf_room(struct buf *b, size_t more)
{
    if (b->cap - b->len > more)
        return;
    size_t cap = b->cap ? b->cap : 64;
    while (cap - b->len <= more)
        cap *= 2;
    b->at = base_grow(b->at, cap);
    b->cap = cap;
}

void buf_put(struct buf *b, const void *at, size_t n)
{
    buf_room(b, n);
    if (n)
        memcpy(b->at + b->len, at, n);
    b->len += n;
    b->at[b->len] = '\0';
}

void buf_char(struct buf *b, char c)
{
    buf_put(b, &c, 1);
}

void buf_text(struct buf *b, const char *text)
{
    buf_put(b, text, strlen(text));
}

void buf_int(struct buf *b, int64_t n)
{
    char digits[24], *at = digits + sizeof digits;
    uint64_t rest = n < 0 ? -(uint64_t)n : (uint64_t)n;
    do
        *--at = (char)('0' + rest % 10);
    while (rest /= 10);
    if (n < 0)
        *--at = '-';
    buf_put(b, at, (size_t)(digits + sizeof digits - at));
}

void buf_printf(struct buf *b, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    assert(n >= 0);
    buf_room(b, (size_t)n);
    vsnprintf(b->at + b->len, (size_t)n + 1, format, again);
    va_end(again);
    b->len += (size_t)n;
}

const char *buf_str(const struct buf *b)
{
    return b->at ? b->at : "";
}

void buf_clear(struct buf *b)
{
    b->len = 0;
    if (b->at)
        b->at[0] = '\0';
}

void buf_free(struct buf *b)
{
    free(b->at);
    *b = (struct buf){ 0 };
}

/* ---- err ------------------------------------------------------------------------------------ */

int err_set(struct err *err, enum err_code code, const char *format, ...)
{
    if (!err->code) {
        va_list args;
        va_start(args, format);
        err->code = (int)code;
        vsnprintf(err->text, sizeof err->text, format, args);
        va_end(args);
    }
    return -err->code;
}

void err_clear(struct err *err)
{
    err->code = 0;
    err->text[0] = '\0';
}

const char *err_word(int code)
{
    static const char *const words[] = {
        [0] = "ok", [ERR_INPUT] = "input", [ERR_ABSENT] = "absent", [ERR_DENIED] = "denied",
        [ERR_BUSY] = "busy", [ERR_IO] = "io", [ERR_FULL] = "full", [ERR_TIME] = "time",
        [ERR_CORRUPT] = "corrupt", [ERR_CONF] = "conf", [ERR_PLUGIN] = "plugin",
        [ERR_PORT] = "port", [ERR_BUG] = "bug",
    };
    unsigned i = (unsigned)(code < 0 ? -code : code);
    return i < COUNT_OF(words) ? words[i] : "unknown";
}

/* ---- small text ----------------------------------------------------------------------------- */

bool text_is(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

bool text_starts(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

bool text_ends(const char *text, const char *end)
{
    size_t n = strlen(text), m = strlen(end);
    return n >= m && strcmp(text + n - m, end) == 0;
}

bool text_fits(const char *text, const char *shapes)
{
    for (const char *shape = shapes; *shape; shape += *shape == '|') {
        const char *at = text;
        for (; *shape && *shape != '|'; shape++) {
            bool is_digit = at && *at >= '0' && *at <= '9', is_letter = at && *at >= 'A' && *at <= 'Z';
            bool fits = *shape == '9' ? is_digit : *shape == 'A' ? is_letter : *shape == 'X' ? is_digit || is_letter
                        : at && *at == *shape;
            at = fits ? at + 1 : NULL;
        }
        if (at && !*at)
            return true;
    }
    return false;
}

bool text_is_formula(const char *at, size_t n)
{
    while (n && *at == '\'') {
        at++;
        n--;
    }
    return n && (strchr("=+-@\t\r", *at) || (n >= 3 && (!memcmp(at, "＝", 3) || !memcmp(at, "＋", 3) ||
                                                         !memcmp(at, "－", 3) || !memcmp(at, "＠", 3))));
}

bool utf8_is_valid(const char *text, size_t n)
{
    const unsigned char *at = (const unsigned char *)text, *end = at + n;
    while (at < end) {
        if (end - at >= 8) {                            /* most of a report is ASCII */
            uint64_t eight;
            memcpy(&eight, at, 8);
            if (!(eight & 0x8080808080808080u)) {
                at += 8;
                continue;
            }
        }
        unsigned c = *at++;
        if (c < 0x80)
            continue;
        unsigned more = c >= 0xF0 ? 3 : c >= 0xE0 ? 2 : 1;
        if (c < 0xC2 || c > 0xF4 || (size_t)(end - at) < more)
            return false;
        unsigned low = c == 0xE0 ? 0xA0 : c == 0xF0 ? 0x90 : 0x80;
        unsigned high = c == 0xED ? 0x9F : c == 0xF4 ? 0x8F : 0xBF;
        if (at[0] < low || at[0] > high)
            return false;
        for (unsigned i = 1; i < more; i++)
            if ((at[i] & 0xC0) != 0x80)
                return false;
        at += more;
    }
    return true;
}

bool text_int(const char *text, int64_t *n)
{
    const char *digits = text + (*text == '-' || *text == '+');
    char *end;
    if (*digits < '0' || *digits > '9')
        return false;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (*end || errno)
        return false;
    *n = value;
    return true;
}

/* Letters to be changed, put in or left out; 99 when that is no use. */
static size_t text_distance(const char *a, const char *b)
{
    size_t row[64], n = strlen(b);
    if (n >= COUNT_OF(row))
        return 99;
    for (size_t j = 0; j <= n; j++)
        row[j] = j;
    for (size_t i = 0; a[i]; i++) {
        size_t corner = row[0];
        row[0] = i + 1;
        for (size_t j = 1; j <= n; j++) {
            size_t change = corner + (a[i] != b[j - 1]);
            corner = row[j];
            size_t least = row[j] < row[j - 1] ? row[j] + 1 : row[j - 1] + 1;
            row[j] = change < least ? change : least;
        }
    }
    return row[n];
}

const char *text_nearer(const char *word, const char *known, const char *other)
{
    size_t of_known = known ? text_distance(word, known) : 99, of_other = text_distance(word, other);
    return of_other < of_known && of_other <= 2 && of_other < strlen(word) ? other : known;
}
