/* SPDX-License-Identifier: Apache-2.0 */
/*
 * form.c: strict readers of what browsers and programs send; see form.h.
 */
#include "web/form.h"

#include <string.h>
#include <strings.h>

const char *pairs_value(const struct pairs *p, const char *name)
{
    for (size_t i = 0; i < p->n; i++)
        if (text_is(p->at[i].name, name))
            return p->at[i].value;
    return NULL;
}

bool pairs_at(const struct pairs *p, size_t i, const char **name, const char **value)
{
    if (i >= p->n)
        return false;
    *name = p->at[i].name;
    *value = p->at[i].value;
    return true;
}

static int hex_digit(char c)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char *at = c ? strchr(digits, c) : NULL;
    return at ? (int)((at - digits) % 16) : -1;
}

const char *form_decode(struct arena *a, const char *at, size_t n, bool plus_is_space)
{
    char *text = arena_alloc(a, n + 1), *to = text;
    for (const char *end = at + n; at < end; at++) {
        char c = *at == '+' && plus_is_space ? ' ' : *at;
        if (c == '%') {
            int high = end - at > 2 ? hex_digit(at[1]) : -1;
            int low = end - at > 2 ? hex_digit(at[2]) : -1;
            if (high < 0 || low < 0)
                return NULL;
            c = (char)(high << 4 | low);
            at += 2;
        }
        if (!c)
            return NULL;
        *to++ = c;
    }
    *to = '\0';
    return utf8_is_valid(text, (size_t)(to - text)) ? text : NULL;
}

int form_add(struct pairs *p, struct arena *a, struct pair pair, const char *what, size_t most, struct err *err)
{
    if (!pair.name)
        return err_set(err, ERR_INPUT, "The name of a %s is not valid UTF-8.", what);
    if (!pair.value)
        return err_set(err, ERR_INPUT, "The %s '%s' is not valid UTF-8.", what, pair.name);
    if (pairs_value(p, pair.name))
        return err_set(err, ERR_INPUT, "The %s '%s' is given twice; give it once.", what, pair.name);
    if (p->n == most)
        return err_set(err, ERR_INPUT, "There are more than %zu %ss.", most, what);
    if (p->n == p->room) {
        struct pair *more = arena_alloc(a, (p->room = p->room ? 2 * p->room : 16) * sizeof *more);
        if (p->n)
            memcpy(more, p->at, p->n * sizeof *more);
        p->at = more;
    }
    p->at[p->n++] = pair;
    return 0;
}

int form_read(struct pairs *p, struct arena *a, const char *at, size_t n, const char *what, size_t most,
              struct err *err)
{
    for (const char *end = at + n; at < end; at++) {
        const char *stop = memchr(at, '&', (size_t)(end - at)), *equals;
        if (!stop)
            stop = end;
        equals = memchr(at, '=', (size_t)(stop - at));
        const char *name_end = equals ? equals : stop, *value = equals ? equals + 1 : stop;
        struct pair pair = { form_decode(a, at, (size_t)(name_end - at), true),
                             form_decode(a, value, (size_t)(stop - value), true) };
        if (stop > at && form_add(p, a, pair, what, most, err) < 0)
            return -err->code;
        at = stop;
    }
    return 0;
}

bool form_is_type(const char *header, const char *type)
{
    size_t n = strlen(type);
    if (!header || strncasecmp(header, type, n) != 0)
        return false;
    n += strspn(header + n, " \t");
    return !header[n] || header[n] == ';';
}

/* The end of a quoted text that begins at `at`; NULL: it has none. */
static const char *quoted_end(const char *at)
{
    while (*++at && *at != '"')
        if (*at == '\\' && at[1])
            at++;
    return *at ? at : NULL;
}

const char *form_param(struct arena *a, const char *header, const char *name)
{
    size_t name_n = strlen(name);
    const char *at = header + strcspn(header, ";");
    while (*at == ';') {
        at += 1 + strspn(at + 1, " \t");
        size_t n = strcspn(at, "=;");
        bool is_it = n == name_n && strncasecmp(at, name, n) == 0;
        at += n;
        if (*at != '=')
            continue;
        const char *value = ++at, *end = at;
        if (*at == '"') {
            if (!(end = quoted_end(at)))
                return NULL;
            at = end + 1;
            at += strcspn(at, ";");
            value++;
        } else {
            at += strcspn(at, ";");
            for (end = at; end > value && strchr(" \t", end[-1]); end--)
                ;
        }
        if (!is_it)
            continue;
        char *text = arena_alloc(a, (size_t)(end - value) + 1), *to = text;
        for (; value < end; value++) {                  /* \" and \\ alone: old readers send C:\file as it is */
            if (*value == '\\' && (value[1] == '"' || value[1] == '\\'))
                value++;
            *to++ = *value;
        }
        *to = '\0';
        return text;
    }
    return NULL;
}
