/* SPDX-License-Identifier: Apache-2.0 */
/*
 * header.c: see header.h.
 *
 * Names are compared without case (ICU's case folding) and with straight apostrophes.  A header that
 * is neither ASCII nor UTF-8 is tried in the old charset of every market: the one that makes its
 * names known is right.
 */
#include "header.h"

#include <stdlib.h>
#include <string.h>
#include <unicode/ucasemap.h>

#include "charset.h"
#include "data/market.h"
#include "shape.h"

enum { REQUIRED = SOUK_NEEDED | SOUK_HEADER, NAME_BYTES = 256, SHOWN_NAMES = 4 };

const struct souk_import_column *format_column(const struct souk_import *format, size_t i)
{
    return (const void *)((const char *)format->columns.at + i * format->columns.size);
}

/* ---- names ----------------------------------------------------------------------------------- */

/* At most NAME_BYTES, zero-terminated. */
static void fold(const UCaseMap *map, const char *at, size_t n, char to[NAME_BYTES])
{
    char plain[NAME_BYTES];
    size_t length = 0;
    for (size_t i = 0; i < n && length < sizeof plain - 1; i++) {
        if (n - i >= 3 && memcmp(at + i, "\u2019", 3) == 0) {
            plain[length++] = '\'';
            i += 2;
        } else {
            plain[length++] = at[i];
        }
    }
    UErrorCode status = U_ZERO_ERROR;
    ucasemap_utf8FoldCase(map, to, NAME_BYTES - 1, plain, (int32_t)length, &status);
    to[NAME_BYTES - 1] = '\0';
}

static void trim(const char **at, size_t *n)
{
    while (*n && **at == ' ')
        (*at)++, (*n)--;
    while (*n && (*at)[*n - 1] == ' ')
        (*n)--;
}

/* ---- one line against one format ------------------------------------------------------------- */

struct attempt {                                        /* a line, split and folded */
    struct field field[FIELDS_MOST];
    char (*folded)[NAME_BYTES];
    unsigned *ordinal;                                  /* the how-manieth of its name */
    size_t n;
    char delimiter;
    bool is_quoted;
};

struct fit {
    int *column;                                        /* of each field */
    size_t matched;
    const char *missing;                                /* a required column that is not there */
};

static size_t field_named(const struct attempt *t, const char *name, unsigned ordinal)
{
    for (size_t i = 0; i < t->n; i++)
        if (t->ordinal[i] == ordinal && strcmp(t->folded[i], name) == 0)
            return i;
    return SIZE_MAX;
}

/* Gives every field that `names` mentions to the column; only the first one, unless it is not kept. */
static bool match_names(const UCaseMap *map, const struct attempt *t, const char *names, int column,
                        struct fit *fit)
{
    bool found = false;
    while (*names) {
        size_t n = strcspn(names, "|"), length = n;
        const char *sign = memchr(names, '#', n);
        unsigned ordinal = sign ? (unsigned)strtoul(sign + 1, NULL, 10) : 1;
        if (sign)
            length = (size_t)(sign - names);
        char name[NAME_BYTES];
        fold(map, names, length, name);
        size_t i;
        while ((i = field_named(t, name, ordinal)) != SIZE_MAX) {
            if (fit->column[i] == COLUMN_UNKNOWN) {
                fit->column[i] = column;
                fit->matched++;
                found = true;
            }
            if (column != COLUMN_NOT_KEPT)
                break;
            ordinal++;                                  /* of a name that is not kept, all */
        }
        if (found && column != COLUMN_NOT_KEPT)
            return true;
        names += n + (names[n] == '|');
    }
    return found;
}

/* Is the name one of those with | between?  Which one of a repeated name does not matter. */
static bool is_one_of(const UCaseMap *map, const char *folded, const char *names)
{
    while (*names) {
        size_t n = strcspn(names, "|"), length = strcspn(names, "|#");
        char name[NAME_BYTES];
        fold(map, names, length, name);
        if (strcmp(folded, name) == 0)
            return true;
        names += n + (names[n] == '|');
    }
    return false;
}

/* Columns by their place: the header has all of them, and half of them are called as one knows them. */
static struct fit try_positions(const UCaseMap *map, struct arena *a, const struct souk_import *format,
                                const struct attempt *t)
{
    struct fit fit = { arena_alloc(a, t->n * sizeof *fit.column), 0, NULL };
    size_t n = format->columns.n;
    bool is_wide = t->n >= n;
    for (size_t i = 0; i < t->n; i++) {
        const struct souk_import_column *c = i < n ? format_column(format, i) : NULL;
        fit.column[i] = !c ? COLUMN_UNKNOWN : c->type == SOUK_NONE ? COLUMN_NOT_KEPT : (int)i;
        is_wide &= c || !*t->folded[i];
        if (c && is_one_of(map, t->folded[i], c->names))
            fit.matched++;
        else if (c && !fit.missing)
            fit.missing = c->names;
    }
    if (is_wide && 2 * fit.matched >= n)
        fit.missing = NULL;
    else if (!fit.missing)
        fit.missing = format_column(format, t->n < n ? t->n : n - 1)->names;
    return fit;
}

static struct fit try_format(const UCaseMap *map, struct arena *a, const struct souk_import *format,
                             const struct attempt *t)
{
    if (format->by_position)
        return try_positions(map, a, format, t);
    struct fit fit = { arena_alloc(a, t->n * sizeof *fit.column), 0, NULL };
    for (size_t i = 0; i < t->n; i++)
        fit.column[i] = COLUMN_UNKNOWN;
    for (size_t i = 0; i < format->columns.n; i++) {
        const struct souk_import_column *c = format_column(format, i);
        int column = c->type == SOUK_NONE ? COLUMN_NOT_KEPT : (int)i;
        if (!match_names(map, t, c->names, column, &fit) && (c->flags & REQUIRED) && !fit.missing)
            fit.missing = c->names;
    }
    return fit;
}

/* ---- lines ----------------------------------------------------------------------------------- */

struct search {
    struct arena *a;
    UCaseMap *map;
    const struct plugins *plugins;
    struct header *out;
    size_t best;                                        /* fields known in the best header so far */
    const char *near_format, *near_missing;             /* the best that knows most fields and misses one */
    size_t near_best;
};

/* Quotes around all fields of a TAB-separated line are no part of the names. */
static bool unquote_all(struct attempt *t)
{
    for (size_t i = 0; i < t->n; i++)
        if (t->field[i].n < 2 || t->field[i].at[0] != '"' || t->field[i].at[t->field[i].n - 1] != '"')
            return false;
    for (size_t i = 0; i < t->n; i++) {
        t->field[i].at++;
        t->field[i].n -= 2;
    }
    return true;
}

/* false: too few or too many fields for a report, or quotes that do not fit. */
static bool split_names(struct search *s, struct attempt *t, const char *text, size_t n,
                        char delimiter)
{
    bool is_broken;
    char *copy = arena_textn(s->a, text, n);
    *t = (struct attempt){ .delimiter = delimiter };
    t->n = split_fields(copy, n, delimiter, t->field, &is_broken);
    if (is_broken || t->n < 2 || t->n > FIELDS_MOST)
        return false;
    t->is_quoted = delimiter == '\t' && unquote_all(t);
    t->folded = arena_alloc(s->a, t->n * sizeof *t->folded);
    t->ordinal = arena_alloc(s->a, t->n * sizeof *t->ordinal);
    for (size_t i = 0; i < t->n; i++) {
        const char *at = t->field[i].at;
        trim(&at, &t->field[i].n);
        t->field[i].at = arena_textn(s->a, at, t->field[i].n);
        fold(s->map, at, t->field[i].n, t->folded[i]);
        t->ordinal[i] = 1;
        for (size_t j = 0; j < i; j++)
            t->ordinal[i] += strcmp(t->folded[i], t->folded[j]) == 0;
    }
    return true;
}

static void take_header(struct search *s, const struct attempt *t, const struct fit *fit,
                        const struct plugin *plugin, const struct souk_import *format,
                        const char *charset)
{
    struct header *h = s->out;
    *h = (struct header){
        .plugin = plugin, .format = format, .charset = charset, .delimiter = t->delimiter,
        .is_quoted = t->is_quoted, .n_fields = t->n,
    };
    h->field = arena_alloc(s->a, t->n * sizeof *h->field);
    for (size_t i = 0; i < t->n; i++) {
        const char *name = t->field[i].at;
        if (t->ordinal[i] > 1)
            name = arena_printf(s->a, "%s#%u", name, t->ordinal[i]);
        h->field[i] = (struct header_field){ name, fit->column[i] };
    }
    s->best = fit->matched;
}

/* A format that is TAB-separated may also come as CSV, then without a TAB in its header. */
static bool may_be(const struct souk_import *format, char delimiter, bool has_tab)
{
    if (format->shape != SOUK_TSV && format->shape != SOUK_CSV)
        return false;
    return format->shape == SOUK_CSV ? delimiter != '\t' : has_tab == (delimiter == '\t');
}

static void try_text(struct search *s, const struct row *line, const char *text, size_t n,
                     const char *charset)
{
    static const char delimiters[] = { '\t', ',', ';' };
    bool has_tab = memchr(text, '\t', n) != NULL;
    struct attempt *t = arena_alloc(s->a, sizeof *t);
    for (size_t d = 0; d < COUNT_OF(delimiters); d++) {
        if (!memchr(text, delimiters[d], n) || !split_names(s, t, text, n, delimiters[d]))
            continue;
        for (size_t p = 0; p < plugins_count(s->plugins); p++) {
            const struct plugin *plugin = plugins_at(s->plugins, p);
            for (size_t f = 0; f < plugin->n_imports; f++) {
                const struct souk_import *format = plugin->imports[f];
                if (line->line > (int64_t)format->preamble_lines + 1 ||
                    !may_be(format, t->delimiter, has_tab))
                    continue;
                struct fit fit = try_format(s->map, s->a, format, t);
                if (!fit.missing && fit.matched > s->best) {
                    take_header(s, t, &fit, plugin, format, charset);
                } else if (fit.missing && fit.matched > s->near_best && 2 * fit.matched > t->n) {
                    s->near_best = fit.matched;
                    s->near_format = format->id;
                    s->near_missing = fit.missing;
                }
            }
        }
    }
}

static int try_line(struct search *s, const struct row *line, struct err *err)
{
    if (utf8_is_valid(line->at, line->n)) {
        bool is_ascii = !(bytes_kinds(line->at, line->n) & BYTES_HIGH);
        try_text(s, line, line->at, line->n, is_ascii ? NULL : CHARSET_UTF8);
        return 0;
    }
    for (const struct market *m = markets; m->id; m++) {
        bool is_new = true;
        for (const struct market *before = markets; before < m; before++)
            is_new &= strcmp(before->charset, m->charset) != 0;
        struct decoder *d;
        char *text;
        size_t n;
        if (!is_new)
            continue;
        if (decoder_new(&d, s->a, m->charset, err) < 0)
            return -err->code;
        if (decoder_row(d, s->a, line->at, line->n, &text, &n))
            try_text(s, line, text, n, m->charset);
    }
    return 0;
}

/* ---- nothing found --------------------------------------------------------------------------- */

/* The first names of its first line, as far as they can be shown. */
static void show_names(struct buf *out, const struct row *first)
{
    char delimiter = memchr(first->at, '\t', first->n) ? '\t'
                   : memchr(first->at, ';', first->n) ? ';' : ',';
    const char *at = first->at, *end = first->at + first->n;
    for (int i = 0; i < SHOWN_NAMES && at < end; i++) {
        const char *stop = memchr(at, delimiter, (size_t)(end - at));
        if (!stop)
            stop = end;
        buf_text(out, i ? ", \"" : "\"");
        for (int shown = 0; at < stop && shown < 30; at++, shown++)
            buf_char(out, *at >= ' ' && *at <= '~' && *at != '"' ? *at : '.');
        buf_char(out, '"');
        at = stop + 1;
    }
}

static int unknown_error(const struct search *s, const struct row *first, const char *file,
                         struct err *err)
{
    struct buf ids = { 0 }, names = { 0 };
    if (shape_formats(s->plugins, &ids) == 0) {
        err_set(err, ERR_INPUT, "%s cannot be read: no plugin for report files is loaded. "
                "`souk plugin doctor` says why.", file);
    } else if (s->near_best >= 3) {
        size_t n = strcspn(s->near_missing, "|");
        err_set(err, ERR_INPUT, "%s looks like %s, but its header has no column \"%.*s\". "
                "Download the report again, with all its columns.", file, s->near_format, (int)n,
                s->near_missing);
    } else {
        show_names(&names, first);
        err_set(err, ERR_INPUT, "%s is not a report that Souk knows: it begins with %s. Souk reads "
                "%s.", file, buf_str(&names), buf_str(&ids));
    }
    buf_free(&ids);
    buf_free(&names);
    return -err->code;
}

static uint32_t most_preamble(const struct plugins *plugins)
{
    uint32_t most = 0;
    for (size_t p = 0; p < plugins_count(plugins); p++)
        for (size_t f = 0; f < plugins_at(plugins, p)->n_imports; f++)
            if (plugins_at(plugins, p)->imports[f]->preamble_lines > most)
                most = plugins_at(plugins, p)->imports[f]->preamble_lines;
    return most;
}

static int find(struct search *s, struct split *lines, const char *file, struct err *err)
{
    struct row line, first = { 0 };
    int64_t last = (int64_t)most_preamble(s->plugins) + 1;
    bool is_empty = true;
    int rc;
    while ((rc = split_row(lines, '\t', &line, err)) == 1) {
        if (is_empty && line.n)
            first = (struct row){ arena_textn(s->a, line.at, line.n), line.n, line.line, 0 };
        is_empty = is_empty && line.n == 0;
        if (!line.fault && try_line(s, &line, err) < 0)
            return -err->code;
        if (s->best) {
            const char *mark = split_has_mark(lines) && line.line == 1 ? "\xEF\xBB\xBF" : "";
            char *raw = arena_alloc(s->a, strlen(mark) + line.n + 1);
            s->out->raw_n = strlen(mark) + line.n;
            memcpy(raw, mark, strlen(mark));
            memcpy(raw + strlen(mark), line.at, line.n);
            s->out->raw = raw;
            s->out->line = line.line;
            return 0;
        }
        if (line.line >= last)
            break;
    }
    if (rc < 0)
        return rc;
    if (is_empty)
        return err_set(err, ERR_INPUT, "%s is empty.", file);
    return unknown_error(s, &first, file, err);
}

int header_find(struct header *out, struct arena *a, const struct plugins *plugins, struct split *s,
                const char *file, struct err *err)
{
    UErrorCode status = U_ZERO_ERROR;
    struct search search = { .a = a, .plugins = plugins, .out = out };
    search.map = ucasemap_open("", U_FOLD_CASE_DEFAULT, &status);
    if (U_FAILURE(status))
        return err_set(err, ERR_BUG, "ICU has no case folding: %s.", u_errorName(status));
    int rc = split_rewind(s, false, err);
    if (rc == 0)
        rc = find(&search, s, file, err);
    ucasemap_close(search.map);
    return rc;
}

