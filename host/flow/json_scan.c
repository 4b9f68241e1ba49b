/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json_scan.c: see json_scan.h.
 *
 * Only nesting is looked at here: texts with their escapes, brackets, commas, and the names of
 * members on the way to the arrays.  Whether a unit or the rest is JSON at all, the library says that
 * reads it.
 */
#include "json_scan.h"

#include <string.h>
#include <strings.h>

#include "json_number.h"

enum {
    BUFFER_BYTES = 1 << 16,
    KEY_BYTES = 64,                                     /* longer names lead to no array */
    ARRAYS_MOST = 32
};

static const char utf8_mark[3] = { '\xEF', '\xBB', '\xBF' };

enum target { TO_SHELL = 1, TO_UNIT, TO_NOWHERE };

struct level {
    char kind;                                          /* '{' or '[' */
    bool expects_key;
    size_t array;                                       /* of the wanted ones; SIZE_MAX: none */
    char key[KEY_BYTES + 1];                            /* of the member at hand, as it is written */
    size_t key_n;                                       /* SIZE_MAX: too long */
};

struct json_scan {
    struct arena *arena;
    struct source *source;
    unsigned char buffer[BUFFER_BYTES];
    size_t start, end;                                  /* what was read and not gone through yet */
    bool is_end;
    int64_t bytes;                                      /* of the mark, and gone through */

    const struct path *arrays;
    size_t n_arrays, hole[ARRAYS_MOST];
    bool is_whole;
    void (*watch)(void *ctx, const char *text, size_t n);
    void *ctx;

    struct level level[JSON_DEPTH_MOST];
    size_t depth;                                       /* may be more than there are levels */
    bool in_text, is_escaped, is_key, in_scalar;
    size_t documents;
    bool in_document;

    enum target to;
    size_t from_depth;                                  /* the unit's, or that of what goes nowhere */
    bool has_unit;                                      /* one is complete */
    struct json_unit unit;
    struct buf unit_text, shell;
    char scalar[JSON_WATCHED + 1];                      /* the beginning of the text, number or word at hand */
    size_t scalar_n;                                    /* how long it is in all */
    bool is_shell_full, has_shell_number, is_shell_deep;
};

static void scan_free(void *what)
{
    struct json_scan *s = what;
    buf_free(&s->unit_text);
    buf_free(&s->shell);
}

struct json_scan *json_scan_new(struct arena *a, struct source *source)
{
    struct json_scan *s = arena_zero(a, sizeof *s);
    s->arena = a;
    s->source = source;
    arena_at_end(a, scan_free, s);
    return s;
}

size_t json_scan_documents(const struct json_scan *s)
{
    return s->documents;
}

const struct buf *json_scan_shell(const struct json_scan *s)
{
    return &s->shell;
}

size_t json_scan_hole(const struct json_scan *s, size_t i)
{
    return s->hole[i];
}

int64_t json_scan_bytes(const struct json_scan *s)
{
    return s->bytes;
}

/* ---- reading --------------------------------------------------------------------------------- */

static int fill(struct json_scan *s, struct err *err)
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

static int begin(struct json_scan *s, bool is_hashing, struct err *err)
{
    struct buf unit_text = s->unit_text, shell = s->shell;
    *s = (struct json_scan){ .arena = s->arena, .source = s->source, .to = TO_SHELL };
    s->unit_text = unit_text;
    s->shell = shell;
    buf_clear(&s->unit_text);
    buf_clear(&s->shell);
    for (size_t i = 0; i < ARRAYS_MOST; i++)
        s->hole[i] = SIZE_MAX;
    int rc = source_rewind(s->source, is_hashing, err);
    while (rc == 0 && !s->is_end && s->end < sizeof utf8_mark)
        rc = fill(s, err);
    if (s->end >= sizeof utf8_mark && memcmp(s->buffer, utf8_mark, sizeof utf8_mark) == 0)
        s->start = sizeof utf8_mark;
    s->bytes = (int64_t)s->start;
    return rc;
}

int json_scan_start(struct json_scan *s, const struct path *arrays, size_t n_arrays, bool is_whole,
                    bool is_hashing, struct err *err)
{
    int rc = begin(s, is_hashing, err);
    s->arrays = arrays;
    s->n_arrays = is_whole ? 0 : n_arrays;
    s->is_whole = is_whole;
    return rc;
}

/* ---- where bytes go -------------------------------------------------------------------------- */

static void put(struct json_scan *s, const void *at, size_t n)
{
    switch (s->to) {
    case TO_SHELL:
        if (s->shell.len + n <= LINE_MOST)
            buf_put(&s->shell, at, n);
        else
            s->is_shell_full = true;
        break;
    case TO_UNIT:
        if (s->unit.fault == JSON_TOO_LONG)
            break;
        buf_put(&s->unit_text, at, n);
        if (s->unit_text.len > LINE_MOST)
            s->unit.fault = JSON_TOO_LONG;
        break;
    case TO_NOWHERE:
        break;
    }
}

static void unit_begin(struct json_scan *s, size_t array)
{
    s->to = TO_UNIT;
    s->from_depth = s->depth;
    s->unit = (struct json_unit){ .array = array };
    buf_clear(&s->unit_text);
}

static void unit_end(struct json_scan *s)
{
    struct json_unit *u = &s->unit;
    u->at = buf_str(&s->unit_text);
    u->n = u->fault == JSON_TOO_LONG ? LINE_KEPT : s->unit_text.len;
    while (u->n && strchr(" \t\r\n", u->at[u->n - 1]))
        u->n--;
    s->has_unit = true;
    s->to = TO_SHELL;
}

/* ---- values ---------------------------------------------------------------------------------- */

static struct level *top(struct json_scan *s)
{
    return s->depth && s->depth <= JSON_DEPTH_MOST ? &s->level[s->depth - 1] : NULL;
}

/* Which of the wanted arrays begins here; SIZE_MAX: none. */
static size_t array_here(const struct json_scan *s)
{
    for (size_t i = 0; i < s->n_arrays; i++) {
        const struct path *p = &s->arrays[i];
        bool is_it = p->n == s->depth + 1;
        for (size_t d = 0; is_it && d < s->depth; d++) {
            const struct level *l = &s->level[d];
            is_it = l->kind == '{' && l->key_n == strlen(p->step[d].name)
                 && strncasecmp(l->key, p->step[d].name, l->key_n) == 0;
        }
        if (is_it)
            return i;
    }
    return SIZE_MAX;
}

/* A value begins: perhaps a unit. */
static void value_begin(struct json_scan *s)
{
    struct level *l = top(s);
    if (!s->depth && !s->in_document) {
        s->in_document = true;
        s->documents++;
        if (s->is_whole)
            unit_begin(s, 0);
        else if (s->documents > 1)
            s->to = TO_NOWHERE;
    }
    if (!l || l->kind != '[' || s->to != TO_SHELL)
        return;
    if (l->array != SIZE_MAX)
        unit_begin(s, l->array);
}

/* A document ends, and so does the unit that it may be. */
static void document_end(struct json_scan *s)
{
    s->in_document = false;
    if (s->to == TO_UNIT)
        unit_end(s);
}

static void tell(struct json_scan *s, const char *text, size_t n)
{
    if (s->watch && s->documents == 1)
        s->watch(s->ctx, text, n);
}

static void scalar_byte(struct json_scan *s, unsigned char c)
{
    if (s->scalar_n < sizeof s->scalar - 1)
        s->scalar[s->scalar_n] = (char)c;
    s->scalar_n++;
}

/* The text, number or word at hand. */
static const char *scalar_text(struct json_scan *s, size_t *n)
{
    *n = s->scalar_n < sizeof s->scalar ? s->scalar_n : sizeof s->scalar - 1;
    s->scalar[*n] = '\0';
    return s->scalar;
}

static void scalar_end(struct json_scan *s)
{
    size_t n;
    const char *text = scalar_text(s, &n);
    s->in_scalar = false;
    tell(s, text, n);
    if (*text == '-' || (*text >= '0' && *text <= '9')) {
        bool is_exact = s->scalar_n <= JSON_NUMBER_MOST
                     && (!strpbrk(text, ".eE") || json_number_is_exact(text));
        if (!is_exact && s->to == TO_UNIT && !s->unit.fault)
            s->unit.fault = JSON_NUMBER;
        s->has_shell_number |= !is_exact && s->to == TO_SHELL;
    }
    if (!s->depth)
        document_end(s);
}

static void open_bracket(struct json_scan *s, unsigned char c)
{
    value_begin(s);
    tell(s, NULL, 0);
    if (s->depth < JSON_DEPTH_MOST) {
        struct level *l = &s->level[s->depth];
        *l = (struct level){ .kind = (char)c, .expects_key = c == '{', .array = SIZE_MAX };
        if (c == '[' && s->to == TO_SHELL)
            l->array = array_here(s);
        put(s, &c, 1);
        if (l->array != SIZE_MAX)
            s->hole[l->array] = s->shell.len;
    } else if (s->to == TO_UNIT) {
        if (!s->unit.fault)
            s->unit.fault = JSON_TOO_DEEP;
        put(s, &c, 1);
    } else if (s->to == TO_SHELL) {
        s->is_shell_deep = true;
    }
    s->depth++;
}

static int close_bracket(struct json_scan *s, unsigned char c, struct err *err)
{
    struct level *l = top(s);
    const char *name = source_name(s->source);
    if (!s->depth)
        return err_set(err, ERR_INPUT, "%s is no JSON document: it closes a bracket that was never opened.",
                       name);
    if (l && (l->kind == '{') != (c == '}'))
        return err_set(err, ERR_INPUT, "%s is no JSON document: after %lld bytes it closes %s with %c.", name,
                       (long long)s->bytes, l->kind == '{' ? "an object" : "an array", c);
    if (s->to == TO_UNIT && s->depth == s->from_depth)
        unit_end(s);
    s->depth--;
    put(s, &c, 1);
    if (!s->depth)
        document_end(s);
    return 0;
}

/* ---- bytes ----------------------------------------------------------------------------------- */

/* Goes on in a text; returns how many bytes of it are there. */
static size_t text_bytes(struct json_scan *s, const unsigned char *at, size_t n)
{
    size_t i = 0;
    struct level *l = top(s);
    for (; i < n && s->in_text; i++) {
        if (s->is_escaped) {
            s->is_escaped = false;
        } else if (at[i] == '\\') {
            s->is_escaped = true;
        } else if (at[i] == '"') {
            s->in_text = false;
        }
        if (!s->in_text)
            continue;
        if (!s->is_key)
            scalar_byte(s, at[i]);
        else if (l && l->key_n < KEY_BYTES)
            l->key[l->key_n++] = (char)at[i];
        else if (l)
            l->key_n = SIZE_MAX;
        if (s->is_key && l && l->key_n != SIZE_MAX)
            l->key[l->key_n] = '\0';
    }
    put(s, at, i);
    if (!s->in_text && !s->is_key) {
        size_t length;
        const char *text = scalar_text(s, &length);
        tell(s, text, length);
    }
    if (!s->in_text && !s->depth)
        document_end(s);
    return i;
}

/* What it parts stays apart; but between units there may be more of it than anybody wants to keep. */
static void put_space(struct json_scan *s, unsigned char c)
{
    const struct level *l = top(s);
    bool is_after_space = s->shell.len && s->shell.at[s->shell.len - 1] == ' ';
    if (s->to == TO_UNIT)
        put(s, &c, 1);
    else if (!is_after_space && !(l && l->array != SIZE_MAX))
        put(s, " ", 1);
}

static int structure_byte(struct json_scan *s, unsigned char c, struct err *err)
{
    struct level *l = top(s);
    switch (c) {
    case '"':
        s->is_key = l && l->kind == '{' && l->expects_key;
        if (s->is_key)
            *l->key = '\0', l->key_n = 0;
        else
            value_begin(s);
        s->in_text = true;
        s->scalar_n = 0;
        put(s, &c, 1);
        return 0;
    case '{':
    case '[':
        open_bracket(s, c);
        return 0;
    case '}':
    case ']':
        return close_bracket(s, c, err);
    case ',':
        if (s->to == TO_UNIT && s->depth == s->from_depth && l)
            unit_end(s);
        if (l)
            l->expects_key = l->kind == '{';
        if (l && l->kind == '[' && s->to == TO_SHELL && l->array != SIZE_MAX)
            return 0;                                   /* between units */
        put(s, &c, 1);
        return 0;
    case ':':
        if (l)
            l->expects_key = false;
        put(s, &c, 1);
        return 0;
    case ' ':
    case '\t':
    case '\r':
    case '\n':
        put_space(s, c);
        return 0;
    default:
        if (!s->in_scalar) {
            value_begin(s);
            s->in_scalar = true;
            s->scalar_n = 0;
        }
        scalar_byte(s, c);
        put(s, &c, 1);
        return 0;
    }
}

static int end_of_file(struct json_scan *s, struct err *err)
{
    const char *name = source_name(s->source);
    if (s->in_scalar)
        scalar_end(s);
    if (s->depth || s->in_text)
        return err_set(err, ERR_INPUT, "%s is cut short: its JSON document ends in the middle. Download it"
                       " again.", name);
    if (s->is_shell_deep)
        return err_set(err, ERR_INPUT, "%s is nested more than %d deep, which is no report.", name,
                       JSON_DEPTH_MOST);
    if (s->is_shell_full)
        return err_set(err, ERR_INPUT, "%s has more than 1 MiB beside its records, which is no report.", name);
    if (s->has_shell_number)
        return err_set(err, ERR_INPUT, "%s has a number with more digits than can be kept exactly.", name);
    return 0;
}

int json_scan_next(struct json_scan *s, struct json_unit *unit, struct err *err)
{
    for (;;) {
        if (s->has_unit) {
            s->has_unit = false;
            *unit = s->unit;
            return 1;
        }
        if (s->start == s->end) {
            if (s->is_end) {
                int rc = end_of_file(s, err);
                if (rc < 0 || !s->has_unit)
                    return rc;
                continue;
            }
            if (fill(s, err) < 0)
                return -err->code;
            continue;
        }
        size_t n = 1;
        const unsigned char *at = s->buffer + s->start;
        if (s->in_text) {
            n = text_bytes(s, at, s->end - s->start);
        } else if (s->in_scalar && *at && strchr(" \t\r\n,:]}\"[{", *at)) {
            scalar_end(s);
            n = 0;
        } else if (structure_byte(s, *at, err) < 0) {
            return -err->code;
        }
        s->start += n;
        s->bytes += (int64_t)n;
    }
}

/* ---- watching -------------------------------------------------------------------------------- */

int json_scan_watch(struct json_scan *s, void (*value)(void *ctx, const char *text, size_t n), void *ctx,
                    struct err *err)
{
    struct json_unit unit;
    int rc = begin(s, false, err);
    s->watch = value;
    s->ctx = ctx;
    s->to = TO_NOWHERE;
    while (rc == 0 && (rc = json_scan_next(s, &unit, err)) == 1)
        rc = 0;
    return rc;
}

bool json_scan_is_at(const struct json_scan *s, const struct path *path)
{
    bool is_there = path->n == s->depth && s->depth <= JSON_DEPTH_MOST;
    for (size_t i = 0; is_there && i < path->n; i++) {
        const struct path_step *step = &path->step[i];
        const struct level *l = &s->level[i];
        is_there = (l->kind == '[') == (step->kind == PATH_EACH)
                && (step->kind != PATH_MEMBER
                    || (l->key_n == strlen(step->name) && strncasecmp(l->key, step->name, l->key_n) == 0));
    }
    return is_there;
}

size_t json_scan_depth(const struct json_scan *s)
{
    return s->depth;
}

bool json_scan_in_array(const struct json_scan *s, size_t depth)
{
    return depth < s->depth && depth < JSON_DEPTH_MOST && s->level[depth].kind == '[';
}

const char *json_scan_key(const struct json_scan *s)
{
    const struct level *l = s->depth && s->depth <= JSON_DEPTH_MOST ? &s->level[s->depth - 1] : NULL;
    return l && l->kind == '{' && l->key_n != SIZE_MAX ? l->key : "";
}
