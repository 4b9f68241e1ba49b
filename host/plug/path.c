/* SPDX-License-Identifier: Apache-2.0 */
/*
 * path.c: see path.h.
 */
#include "path.h"

#include <string.h>

enum { STEPS_MOST = 16, PATHS_MOST = 32 };

static int bad(const char *at, size_t n, const char *why, struct err *err)
{
    return err_set(err, ERR_PLUGIN, "The path \"%.*s\" %s.", n > 80 ? 80 : (int)n, at, why);
}

/* "a[].b", "[].Body()", "x[].*": from at to at + n, after what was there of the path. */
static int parse_steps(struct arena *a, const char *at, size_t n, struct path_step *step, size_t *steps,
                       struct err *err)
{
    const char *from = at, *end = at + n;
    while (at < end) {
        const char *name = at;
        while (at < end && !strchr(".[(|=*^$ ", *at))
            at++;
        size_t length = (size_t)(at - name);
        bool has_members = length == 0 && at < end && *at == '*';
        at += has_members;
        if (*steps == STEPS_MOST)
            return bad(from, n, "has too many steps", err);
        if (length)
            step[(*steps)++] = (struct path_step){ PATH_MEMBER, arena_textn(a, name, length) };
        else if (has_members)
            step[(*steps)++] = (struct path_step){ PATH_MEMBERS, "" };
        else if (name != from || at == end || *at != '[')
            return bad(from, n, "has a step without a name: write a member's name, * or []", err);
        while (end - at >= 2 && (memcmp(at, "[]", 2) == 0 || memcmp(at, "()", 2) == 0)) {
            if (*steps == STEPS_MOST)
                return bad(from, n, "has too many steps", err);
            step[(*steps)++] = (struct path_step){ *at == '[' ? PATH_EACH : PATH_TEXT, "" };
            at += 2;
        }
        if (at < end && (*at != '.' || at + 1 == end))
            return bad(from, n, "has something between its steps that is no dot", err);
        at += at < end;
    }
    return 0;
}

static int parse_record(struct arena *a, const char *at, size_t n, struct path *out, struct err *err)
{
    struct path_step *step = arena_alloc(a, STEPS_MOST * sizeof *step);
    *out = (struct path){ step, 0, n > 1 && *at == '.' };
    if (n == 1 && *at == '.')
        return 0;
    if (n == 0)
        return bad(at, n, "is empty; the whole document is \".\"", err);
    return parse_steps(a, at + out->is_of_whole, n - out->is_of_whole, step, &out->n, err);
}

static int parse_name(struct arena *a, const char *at, size_t n, struct path *out, struct err *err)
{
    struct path_step *step = arena_alloc(a, STEPS_MOST * sizeof *step);
    const char *from = at, *end = at + n;
    size_t steps = 0;
    *out = (struct path){ step, 1, false };
    if (n && *at == '$') {
        bool is_key = n == 4 && memcmp(at, "$key", 4) == 0;
        if (!is_key && (n != 5 || memcmp(at, "$path", 5) != 0))
            return bad(at, n, "is neither $key nor $path", err);
        step[0] = (struct path_step){ is_key ? PATH_KEY : PATH_WHICH, "" };
        return 0;
    }
    while (at < end && *at == '^' && steps < STEPS_MOST) {
        step[steps++] = (struct path_step){ PATH_UP, "" };
        at++;
    }
    if (steps && (at == end || *at++ != '.'))
        return bad(from, n, "goes up, but to no member: write ^.name", err);
    if (at == end)
        return bad(from, n, "is empty", err);
    int rc = parse_steps(a, at, (size_t)(end - at), step, &steps, err);
    for (size_t i = 0; rc == 0 && i < steps; i++)
        if (step[i].kind == PATH_TEXT)
            rc = bad(from, n, "has (), which only .records may have", err);
    out->n = steps;
    return rc;
}

static int parse_list(struct arena *a, const char *text, struct path **out, size_t *n,
                      int (*parse)(struct arena *, const char *, size_t, struct path *, struct err *),
                      struct err *err)
{
    *out = arena_alloc(a, PATHS_MOST * sizeof **out);
    for (*n = 0; ; text++) {
        size_t length = strcspn(text, "|");
        if (*n == PATHS_MOST)
            return err_set(err, ERR_PLUGIN, "There are more than %d paths.", PATHS_MOST);
        if (parse(a, text, length, &(*out)[*n], err) < 0)
            return -err->code;
        ++*n;
        text += length;
        if (!*text)
            return 0;
    }
}

int path_records_parse(struct arena *a, const char *text, struct path **out, size_t *n, struct err *err)
{
    return parse_list(a, text, out, n, parse_record, err);
}

int path_names_parse(struct arena *a, const char *text, struct path **out, size_t *n, struct err *err)
{
    return parse_list(a, text, out, n, parse_name, err);
}

int path_signs_parse(struct arena *a, const char *text, struct path_sign **out, size_t *n, struct err *err)
{
    char before = ' ';
    *out = arena_alloc(a, PATHS_MOST * sizeof **out);
    for (*n = 0; *text; text += *text != '\0') {
        size_t length = strcspn(text, " |"), path = strcspn(text, " |=");
        if (length == 0)
            return bad(text, strlen(text), "begins with a space or a | too many", err);
        if (*n == PATHS_MOST)
            return err_set(err, ERR_PLUGIN, "There are more than %d signs.", PATHS_MOST);
        struct path_sign *sign = &(*out)[*n];
        sign->value = path < length ? arena_textn(a, text + path + 1, length - path - 1) : NULL;
        sign->is_alternative = before == '|';
        if (parse_record(a, text, path, &sign->path, err) < 0)
            return -err->code;
        for (size_t i = 0; i < sign->path.n; i++)
            if (sign->path.step[i].kind == PATH_TEXT)
                return bad(text, path, "has (), which only .records may have", err);
        ++*n;
        text += length;
        before = *text;
    }
    if (!*n)
        return err_set(err, ERR_PLUGIN, "There are no signs.");
    return 0;
}
