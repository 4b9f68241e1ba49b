/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shape.c: what a file is, told by how it begins.
 */
#include "shape.h"

#include <string.h>
#include <strings.h>

#include "json_rows.h"
#include "mail_rows.h"
#include "rows.h"

enum { BEGINNING_BYTES = 1 << 14 };

size_t shape_formats(const struct plugins *plugins, struct buf *names)
{
    size_t n = 0;
    for (size_t p = 0; p < plugins_count(plugins); p++) {
        const struct plugin *plugin = plugins_at(plugins, p);
        for (size_t f = 0; f < plugin->n_imports; f++, n++)
            buf_printf(names, "%s%s", n ? ", " : "", plugin->imports[f]->id);
    }
    return n;
}

int shape_other(const char *file, const char *kind, struct err *err)
{
    return err_set(err, ERR_INPUT, "%s is %s, which Souk cannot read. Give it the report as text: "
                   ".txt, .csv, .json, or one of those as .gz.", file, kind);
}

/* What kind of file this is that Souk cannot read; NULL: it may well be one that it can. */
static const char *other_kind(const char *at, size_t n)
{
    static const struct {
        const char *begin, *kind;
    } kinds[] = {
        { "<?xml", "an XML report" }, { "<html", "a web page" }, { "<!doctype", "a web page" },
        { "PK\3\4", "a ZIP archive or an Excel file" }, { "\xD0\xCF\x11\xE0", "an old Excel file" },
        { "%PDF", "a PDF" }, { "SQLite format 3", "a database" },
        { "\xFF\xFE", "UTF-16 text" }, { "\xFE\xFF", "UTF-16 text" },
    };
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (n >= strlen(kinds[i].begin) && strncasecmp(at, kinds[i].begin, strlen(kinds[i].begin)) == 0)
            return kinds[i].kind;
    return NULL;
}

static bool begins_json(const char *at, size_t n)
{
    if (n >= 3 && memcmp(at, "\xEF\xBB\xBF", 3) == 0) {
        at += 3;
        n -= 3;
    }
    while (n && strchr(" \t\r\n", *at) && *at) {
        at++;
        n--;
    }
    return n && (*at == '{' || *at == '[');
}

/* As much of the beginning as there is. */
static int64_t read_beginning(struct source *source, char *at, size_t n, struct err *err)
{
    size_t got = 0;
    int64_t more = 1;
    if (source_rewind(source, false, err) < 0)
        return -err->code;
    while (got < n && (more = source_read(source, at + got, n - got, err)) > 0)
        got += (size_t)more;
    return more < 0 ? more : (int64_t)got;
}

int shape_open(struct shape **out, struct arena *a, const struct plugins *plugins, struct source *source,
               struct err *err)
{
    char *at = arena_alloc(a, BEGINNING_BYTES);
    int64_t n = read_beginning(source, at, BEGINNING_BYTES, err);
    if (n < 0)
        return (int)n;
    const char *kind = other_kind(at, (size_t)n);
    if (kind)
        return shape_other(source_name(source), kind, err);
    if (begins_json(at, (size_t)n))
        return json_rows_open(out, a, plugins, source, err);
    if (begins_mail(at, (size_t)n))
        return mail_rows_open(out, a, plugins, source, err);
    return rows_open(out, a, plugins, source, err);
}
