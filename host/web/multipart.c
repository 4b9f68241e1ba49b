/* SPDX-License-Identifier: Apache-2.0 */
/*
 * multipart.c: see multipart.h.
 *
 * A mark is CR LF -- and the boundary, in which CR cannot be: so what turns out not to be a mark can
 * hold the beginning of another one only at the byte it failed at.
 */
#include "web/multipart.h"

#include "web/form.h"

#include <string.h>
#include <strings.h>

enum { IN_DATA = 1, BEHIND_MARK, IN_HEAD, BEHIND_ALL };

#define BOUNDARY_CHARACTERS "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'()+_,-./:=? "

int multipart_begin(struct multipart *m, const char *content_type, const struct multipart_sink *sink, struct err *err)
{
    struct arena *tmp = arena_new("boundary", 256);
    const char *boundary = form_param(tmp, content_type, "boundary");
    size_t n = boundary ? strlen(boundary) : 0;
    int rc = 0;
    *m = (struct multipart){ .sink = *sink, .state = IN_DATA, .mark = "\r\n--", .mark_n = 4 + n };
    m->matched = 2;                                     /* the first one has no line before it */
    if (!n || n > MULTIPART_BOUNDARY || boundary[strspn(boundary, BOUNDARY_CHARACTERS)] || boundary[n - 1] == ' ')
        rc = err_set(err, ERR_INPUT, "The boundary in the Content-Type of the form is not valid.");
    else
        memcpy(m->mark + 4, boundary, n);
    arena_free(tmp);
    return rc;
}

static int broken(struct err *err)
{
    return err_set(err, ERR_INPUT, "The form is not well-formed multipart/form-data.");
}

static int give(struct multipart *m, const char *at, size_t n, struct err *err)
{
    if (!n)
        return 0;
    return m->has_part ? m->sink.bytes(m->sink.ctx, at, n, err) : broken(err);
}

/* Gives on what is no mark; what may be the beginning of one waits.  Sets *at behind what was read. */
static int add_data(struct multipart *m, const char **at, const char *end, struct err *err)
{
    const char *from = *at, *to = *at;
    size_t held = m->matched;                           /* of it from earlier pieces */
    while (to < end && m->matched < m->mark_n) {
        if (m->matched == 0) {
            const char *cr = memchr(to, '\r', (size_t)(end - to));
            to = cr ? cr + 1 : end;
            m->matched = cr != NULL;
        } else if (*to == m->mark[m->matched]) {
            m->matched++;
            to++;
        } else {
            if (give(m, m->mark, held, err) < 0)
                return -err->code;
            m->matched = held = 0;
        }
    }
    *at = to;
    if (give(m, from, (size_t)(to - from) - (m->matched - held), err) < 0)
        return -err->code;
    if (m->matched < m->mark_n)
        return 0;
    m->state = BEHIND_MARK;
    m->matched = m->head_n = 0;
    bool had_part = m->has_part;
    m->has_part = false;
    return had_part ? m->sink.end(m->sink.ctx, err) : 0;
}

/* Browsers escape in a name what would end it, and only that. */
static void unescape(char *name)
{
    char *to = name;
    for (const char *at = name; *at; at++) {
        char c = strncmp(at, "%22", 3) == 0 ? '"' : strncasecmp(at, "%0D", 3) == 0 ? '\r' :
                 strncasecmp(at, "%0A", 3) == 0 ? '\n' : '\0';
        *to++ = c ? c : *at;
        at += c ? 2 : 0;
    }
    *to = '\0';
}

static char *unescaped(struct arena *a, const char *name)
{
    char *copy = name ? arena_text(a, name) : NULL;
    if (copy)
        unescape(copy);
    return copy;
}

/* One line of a head, zero-terminated; *disposition is set to the value of the one that counts. */
static bool read_line(char *line, const char **disposition)
{
    char *value = strchr(line, ':');
    for (const char *at = line; *at; at++)
        if (((unsigned char)*at < 0x20 && *at != '\t') || *at == 0x7F)
            return false;
    if (!value || value == line || strcspn(line, " \t") < (size_t)(value - line))
        return false;
    *value++ = '\0';
    value += strspn(value, " \t");
    if (strcasecmp(line, "Content-Transfer-Encoding") == 0)
        return strcasecmp(value, "7bit") == 0 || strcasecmp(value, "8bit") == 0 || strcasecmp(value, "binary") == 0;
    if (strcasecmp(line, "Content-Disposition") == 0) {
        if (*disposition || !form_is_type(value, "form-data"))
            return false;
        *disposition = value;
    }
    return true;
}

/* The head is whole, without its last line end. */
static int begin_part(struct multipart *m, struct err *err)
{
    const char *disposition = NULL;
    m->head[m->head_n] = '\0';
    if (strlen(m->head) != m->head_n)
        return broken(err);
    for (char *line = m->head, *next; line; line = next) {
        if ((next = strstr(line, "\r\n"))) {
            *next = '\0';
            next += 2;
        }
        if (!read_line(line, &disposition))
            return broken(err);
    }
    struct arena *tmp = arena_new("part", 512);
    const char *name = disposition ? unescaped(tmp, form_param(tmp, disposition, "name")) : NULL;
    const char *file = disposition ? unescaped(tmp, form_param(tmp, disposition, "filename")) : NULL;
    int rc;
    if (!name || !utf8_is_valid(name, strlen(name)) || form_param(tmp, disposition, "filename*"))
        rc = broken(err);
    else
        rc = m->sink.begin(m->sink.ctx, name, file, err);
    m->has_part = rc == 0;
    m->state = IN_DATA;
    arena_free(tmp);
    return rc;
}

static bool head_ends(const struct multipart *m, const char *with)
{
    size_t n = strlen(with);
    return m->head_n >= n && memcmp(m->head + m->head_n - n, with, n) == 0;
}

static int add_head_byte(struct multipart *m, char c, struct err *err)
{
    if (m->head_n == MULTIPART_HEAD)
        return broken(err);
    m->head[m->head_n++] = c;
    if (m->state == BEHIND_MARK && m->head_n == 2) {    /* a line end, or -- behind the last */
        m->head_n = 0;
        m->state = memcmp(m->head, "\r\n", 2) == 0 ? IN_HEAD : BEHIND_ALL;
        return m->state == IN_HEAD || memcmp(m->head, "--", 2) == 0 ? 0 : broken(err);
    }
    if (m->state == BEHIND_ALL)                         /* a line end, or nothing */
        return m->head_n <= 2 && memcmp(m->head, "\r\n", m->head_n) == 0 ? 0 : broken(err);
    if (m->head_n == 2 && head_ends(m, "\r\n"))         /* no line at all */
        return broken(err);
    if (!head_ends(m, "\r\n\r\n"))
        return 0;
    m->head_n -= 4;
    return begin_part(m, err);
}

int multipart_add(struct multipart *m, const char *at, size_t n, struct err *err)
{
    int rc = 0;
    for (const char *end = at + n; at < end && rc == 0;)
        rc = m->state == IN_DATA ? add_data(m, &at, end, err) : add_head_byte(m, *at++, err);
    return rc;
}

int multipart_end(struct multipart *m, struct err *err)
{
    if (m->state != BEHIND_ALL)
        return err_set(err, ERR_INPUT, "The form ends in the middle; send it again.");
    return 0;
}
