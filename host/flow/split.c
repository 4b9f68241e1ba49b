/* SPDX-License-Identifier: Apache-2.0 */
/*
 * split.c: see split.h.
 *
 * Every byte of every import passes here, so the inner loops take eight at a time.
 */
#include "split.h"

#include <endian.h>
#include <string.h>

enum { BUFFER_BYTES = 2 * LINE_MOST };

static const char utf8_mark[3] = { '\xEF', '\xBB', '\xBF' };

struct split {
    struct source *source;
    char *buffer;
    size_t start, end;                                  /* what was read and not given out yet */
    int64_t lines;                                      /* given out */
    bool has_mark, is_end, is_passing;                  /* passing: over the rest of a long line */
};

/* ---- lines ----------------------------------------------------------------------------------- */

static int fill(struct split *s, struct err *err)
{
    memmove(s->buffer, s->buffer + s->start, s->end - s->start);
    s->end -= s->start;
    s->start = 0;
    int64_t n = source_read(s->source, s->buffer + s->end, BUFFER_BYTES - s->end, err);
    if (n < 0)
        return (int)n;
    s->end += (size_t)n;
    s->is_end = n == 0;
    return 0;
}

struct split *split_new(struct arena *a, struct source *source)
{
    struct split *s = arena_zero(a, sizeof *s);
    s->source = source;
    s->buffer = arena_alloc(a, BUFFER_BYTES + 1);
    return s;
}

int split_rewind(struct split *s, bool is_hashing, struct err *err)
{
    s->start = s->end = 0;
    s->lines = 0;
    s->is_end = s->is_passing = false;
    int rc = source_rewind(s->source, is_hashing, err);
    while (rc == 0 && !s->is_end && s->end < sizeof utf8_mark)
        rc = fill(s, err);
    s->has_mark = s->end >= sizeof utf8_mark && memcmp(s->buffer, utf8_mark, sizeof utf8_mark) == 0;
    s->start = s->has_mark ? sizeof utf8_mark : 0;
    return rc;
}

bool split_has_mark(const struct split *s)
{
    return s->has_mark;
}

int64_t split_bytes(const struct split *s)
{
    return source_bytes(s->source) - (int64_t)(s->end - s->start);
}

static int pass_over(struct split *s, struct err *err)
{
    while (s->is_passing) {
        const char *at = s->buffer + s->start, *stop = memchr(at, '\n', s->end - s->start);
        s->start = stop ? (size_t)(stop + 1 - s->buffer) : s->end;
        s->is_passing = !stop && !s->is_end;
        if (s->is_passing && fill(s, err) < 0)
            return -err->code;
    }
    return 0;
}

/* ---- rows ------------------------------------------------------------------------------------ */

struct ending {
    const char *at;                                     /* the row's line end; NULL: not read yet */
    bool in_quotes;                                     /* what was read ends between quotes */
};

static struct ending csv_ending(const char *at, const char *end, char delimiter)
{
    while (at < end) {
        if (*at == '"') {
            do {
                at = memchr(at + 1, '"', (size_t)(end - at) - 1);
                if (!at)
                    return (struct ending){ NULL, true };
            } while (++at < end && *at == '"');
        }
        while (at < end && *at != delimiter && *at != '\n')
            at++;
        if (at < end && *at++ == '\n')
            return (struct ending){ at - 1, false };
    }
    return (struct ending){ NULL, false };
}

static struct ending line_ending(const char *at, const char *end)
{
    return (struct ending){ memchr(at, '\n', (size_t)(end - at)), false };
}

/* Gives n bytes out, and passes over the line end behind them. */
static void give(struct split *s, struct row *row, size_t n)
{
    char *at = s->buffer + s->start;
    row->at = at;
    row->n = n && at[n - 1] == '\r' ? n - 1 : n;
    row->line = s->lines + 1;
    row->fault = 0;
    s->start += n;
    if (s->start < s->end) {
        s->start++;
        s->lines++;
    }
    const char *inner = at, *end = at + n;
    for (; (inner = memchr(inner, '\n', (size_t)(end - inner))) != NULL; inner++)
        s->lines++;
}

static void give_long(struct split *s, struct row *row)
{
    *row = (struct row){ s->buffer + s->start, LINE_KEPT, ++s->lines, ROW_TOO_LONG };
    s->start += LINE_KEPT;
    s->is_passing = true;
}

/*
 * A row of CSV that is too long, or not closed at the end of the file, most likely has a lost quote:
 * its first line is given up and reading goes on behind it.
 */
static void give_first_line(struct split *s, struct row *row)
{
    struct ending line = line_ending(s->buffer + s->start, s->buffer + s->end);
    size_t n = line.at ? (size_t)(line.at - s->buffer) - s->start : s->end - s->start;
    if (n > LINE_MOST) {
        give_long(s, row);
    } else {
        give(s, row, n);
        row->fault = ROW_OPEN_QUOTE;
    }
}

int split_row(struct split *s, char delimiter, struct row *row, struct err *err)
{
    if (pass_over(s, err) < 0)
        return -err->code;
    for (;;) {
        const char *at = s->buffer + s->start, *end = s->buffer + s->end;
        struct ending e = delimiter == '\t' ? line_ending(at, end) : csv_ending(at, end, delimiter);
        size_t n = e.at ? (size_t)(e.at - at) : (size_t)(end - at);
        bool is_whole = e.at || (s->is_end && !e.in_quotes);
        if (n > LINE_MOST && line_ending(at, at + LINE_MOST).at == NULL)
            give_long(s, row);
        else if (n > LINE_MOST || (s->is_end && e.in_quotes))
            give_first_line(s, row);
        else if (is_whole && !e.at && n == 0)
            return 0;
        else if (is_whole)
            give(s, row, n);
        else if (fill(s, err) < 0)
            return -err->code;
        else
            continue;
        return 1;
    }
}

/* ---- fields ---------------------------------------------------------------------------------- */

#define ALL_BYTES(byte) (UINT64_MAX / 255 * (byte))

static inline uint64_t eight(const char *at)
{
    uint64_t word;
    memcpy(&word, at, 8);
    return le64toh(word);                               /* the first byte is the lowest */
}

/* The high bit of each byte that is 0. */
static inline uint64_t zero_bytes(uint64_t word)
{
    const uint64_t low = ALL_BYTES(0x7Fu);
    return ~(((word & low) + low) | word | low);
}

unsigned bytes_kinds(const char *at, size_t n)
{
    uint64_t high = 0, nul = 0;
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        uint64_t word = eight(at + i);
        high |= word;
        nul |= zero_bytes(word);
    }
    for (; i < n; i++) {
        high |= (unsigned char)at[i];
        nul |= at[i] == 0;
    }
    return (high & ALL_BYTES(0x80u) ? BYTES_HIGH : 0) | (nul ? BYTES_NUL : 0);
}

static size_t fields_by_tab(char *at, size_t n, struct field field[FIELDS_MOST])
{
    size_t fields = 0, start = 0, i = 0;
    while (i < n) {
        uint64_t tabs;
        size_t step = n - i < 8 ? n - i : 8;
        if (step == 8) {
            tabs = zero_bytes(eight(at + i) ^ ALL_BYTES('\t'));
        } else {
            tabs = 0;
            for (size_t j = 0; j < step; j++)
                if (at[i + j] == '\t')
                    tabs |= (uint64_t)0x80 << 8 * j;
        }
        for (; tabs; tabs &= tabs - 1) {
            size_t stop = i + (size_t)__builtin_ctzll(tabs) / 8;
            at[stop] = '\0';
            if (fields < FIELDS_MOST)
                field[fields] = (struct field){ at + start, stop - start };
            fields++;
            start = stop + 1;
        }
        i += step;
    }
    at[n] = '\0';
    if (fields < FIELDS_MOST)
        field[fields] = (struct field){ at + start, n - start };
    return fields + 1;
}

/* A quoted field: its text moves over its quotes.  Returns what follows the closing one. */
static char *unquote(char *at, char *end, struct field *field)
{
    char *to = at;
    field->at = to;
    for (at++; at < end; *to++ = *at++)
        if (*at == '"' && (++at == end || *at != '"'))
            break;
    field->n = (size_t)(to - field->at);
    return at;
}

size_t split_fields(char *at, size_t n, char delimiter, struct field field[FIELDS_MOST],
                    bool *is_broken)
{
    *is_broken = false;
    if (delimiter == '\t')
        return fields_by_tab(at, n, field);
    char *end = at + n;
    size_t fields = 0;
    for (;;) {
        struct field one = { at, 0 };
        bool is_quoted = at < end && *at == '"';
        if (is_quoted)
            at = unquote(at, end, &one);
        char *stop = at < end ? memchr(at, delimiter, (size_t)(end - at)) : NULL;
        bool is_last = !stop;
        if (is_last)
            stop = end;
        if (!is_quoted)
            one.n = (size_t)(stop - at);
        else if (stop != at)
            *is_broken = true;
        if (one.n > 1 && *one.at == '\'' && text_is_formula(one.at + 1, one.n - 1)) {
            one.at++;                                   /* put there by an export, ours or a spreadsheet's */
            one.n--;
        }
        one.at[one.n] = '\0';
        if (fields < FIELDS_MOST)
            field[fields] = one;
        fields++;
        if (is_last)
            return fields;
        at = stop + 1;
    }
}
