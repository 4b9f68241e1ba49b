/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conf.c: ini files with declared, typed keys.
 *
 * in:     a file, and what may stand in it
 * out:    its sections with values checked, or one sentence that begins with "file:line:"
 * knows:  inih, the environment
 *
 * inih takes a line apart into name and value.  It gets its lines from here, without the blanks
 * before them (it would take an indented key for more of the value above), and sections are noted
 * here too: it does not report empty ones and silently cuts long names.
 */
#include "conf.h"

#include <errno.h>
#include <fcntl.h>
#include <ini.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILE_BYTES = 1 << 20, LINE_BYTES = 4096 };

struct value {
    struct conf_key key;
    char *text;
    int64_t number;
    int line;                                           /* 0: not in the file */
};

struct conf {
    struct arena *memory;
    const char *path;
    struct conf_section *section;
    struct {
        struct value *value;
        size_t n;
    } *values;                                          /* of each section */
    size_t n;
};

struct reading {
    struct conf *conf;
    const struct conf_key *(*keys_of)(void *who, const char *section, size_t *n);
    void *who;
    const char *rest;                                   /* what has not been read yet */
    int line;
    struct err *err;
};

#define fault(r, ...) fault_at((r)->conf, (r)->line, (r)->err, __VA_ARGS__)

PRINTF_LIKE(4, 5)
static int fault_at(const struct conf *c, int line, struct err *err, const char *format, ...)
{
    char what[sizeof err->text];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    return err_set(err, ERR_CONF, "%s:%d: %s", c->path, line, what);
}

/* ---- files ---------------------------------------------------------------------------------- */

/* Reads a whole text file; NULL when that went well, else what is wrong with it. */
static const char *file_read(struct buf *out, const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return strerror(errno);
    char some[4096];
    ssize_t got;
    while ((got = read(fd, some, sizeof some)) > 0 && out->len <= FILE_BYTES)
        buf_put(out, some, (size_t)got);
    const char *wrong = got < 0 ? strerror(errno) : NULL;
    close(fd);
    if (!wrong && out->len > FILE_BYTES)
        wrong = "it is larger than 1 MiB";
    if (!wrong && (strlen(buf_str(out)) != out->len || !utf8_is_valid(buf_str(out), out->len)))
        wrong = "it is not a text in UTF-8";
    return wrong;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static char *trim(char *text)
{
    while (is_blank(*text))
        text++;
    size_t n = strlen(text);
    while (n && is_blank(text[n - 1]))
        n--;
    text[n] = '\0';
    return text;
}

/* ---- values --------------------------------------------------------------------------------- */

/* Puts the environment's words in place of each ${NAME}. */
static char *value_expand(struct reading *r, const char *text)
{
    struct arena *a = r->conf->memory;
    struct buf out = { 0 };
    char *expanded = NULL;
    for (const char *at = text; *at;) {
        const char *start = strstr(at, "${");
        if (!start) {
            buf_text(&out, at);
            break;
        }
        buf_put(&out, at, (size_t)(start - at));
        const char *end = strchr(start, '}');
        if (!end) {
            fault(r, "the \"${\" has no \"}\" behind it.");
            goto out;
        }
        const char *name = arena_textn(a, start + 2, (size_t)(end - start - 2));
        const char *word = getenv(name);
        if (!word) {
            fault(r, "the environment has no %s; set it, or write the value itself.", name);
            goto out;
        }
        buf_text(&out, word);
        at = end + 1;
    }
    expanded = arena_text(a, buf_str(&out));
out:
    buf_free(&out);
    return expanded;
}

static char *value_from_file(struct reading *r, const char *name)
{
    struct arena *a = r->conf->memory;
    const char *slash = strrchr(r->conf->path, '/');
    if (name[0] != '/' && slash)
        name = arena_printf(a, "%.*s%s", (int)(slash - r->conf->path) + 1, r->conf->path, name);
    struct buf content = { 0 };
    char *text = NULL;
    const char *wrong = file_read(&content, name);
    if (wrong)
        fault(r, "the file %s for this value cannot be read: %s.", name, wrong);
    else
        text = trim(arena_text(a, buf_str(&content)));
    buf_free(&content);
    return text;
}

/* "15m" with units "smhd" and their sizes; a number without a unit counts the smallest. */
static bool parse_units(const char *text, const char *units, const int64_t *size, int64_t *number)
{
    char digits[24];
    size_t n = strspn(text, "0123456789");
    if (n == 0 || n >= sizeof digits)
        return false;
    memcpy(digits, text, n);
    digits[n] = '\0';
    const char *unit = text[n] ? strchr(units, text[n]) : units;
    if (!unit || (text[n] && text[n + 1]) || !text_int(digits, number))
        return false;
    return !__builtin_mul_overflow(*number, size[unit - units], number);
}

static bool parse_bool(const char *text, int64_t *number)
{
    static const char *const words[] = { "no", "yes", "off", "on", "false", "true", "0", "1" };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (text_is(text, words[i])) {
            *number = i % 2;
            return true;
        }
    return false;
}

static bool parse_number(enum conf_type type, const char *text, int64_t *number)
{
    static const int64_t one[] = { 1 }, seconds[] = { 1, 60, 3600, 86400 },
                         bytes[] = { 1, 1 << 10, 1 << 20, 1 << 30 };
    switch (type) {
    case CONF_TEXT:    return true;
    case CONF_BOOL:    return parse_bool(text, number);
    case CONF_COUNT:   return parse_units(text, "", one, number);
    case CONF_SECONDS: return parse_units(text, "smhd", seconds, number);
    case CONF_BYTES:   return parse_units(text, "BkMG", bytes, number);
    }
    return false;
}

static const char *const type_wants[] = {
    [CONF_TEXT] = "a text", [CONF_COUNT] = "a whole number", [CONF_BOOL] = "yes or no",
    [CONF_SECONDS] = "a time like 30s, 5m or 2h", [CONF_BYTES] = "a size like 64k or 16M",
};

static int value_set(struct reading *r, struct value *v, char *text)
{
    int64_t number = 0;
    if (!parse_number(v->key.type, text, &number))
        return fault(r, "%s is \"%s\", but must be %s.", v->key.name, text,
                     type_wants[v->key.type]);
    bool is_more = v->line && v->text;
    v->text = is_more ? arena_printf(r->conf->memory, "%s\n%s", v->text, text) : text;
    v->number = number;
    return 0;
}

static struct value *value_find(const struct conf *c, size_t section, const char *key)
{
    for (size_t i = 0; i < c->values[section].n; i++)
        if (text_is(c->values[section].value[i].key.name, key))
            return &c->values[section].value[i];
    return NULL;
}

/* ---- sections ------------------------------------------------------------------------------- */

/* When a section is over: what it lacks gets its fallback, or is an error. */
static int section_end(struct reading *r)
{
    struct conf *c = r->conf;
    if (c->n == 0)
        return 0;
    size_t last = c->n - 1;
    for (size_t i = 0; i < c->values[last].n; i++) {
        struct value *v = &c->values[last].value[i];
        if (v->line)
            continue;
        if (v->key.flags & CONF_NEEDED)
            return fault_at(c, c->section[last].line, r->err, "[%s] needs %s = (%s).",
                            c->section[last].name, v->key.name, type_wants[v->key.type]);
        if (v->key.fallback) {
            int rc = value_set(r, v, arena_text(c->memory, v->key.fallback));
            if (rc < 0)
                return rc;
        }
    }
    return 0;
}

static int section_begin(struct reading *r, const char *name, int line)
{
    struct conf *c = r->conf;
    size_t n = 0;
    const struct conf_key *key = r->keys_of(r->who, name, &n);
    if (!key)
        return *name ? fault(r, "there is no section [%s].", name)
                     : fault(r, "a key stands here before the first [section].");
    int rc = section_end(r);
    if (rc < 0)
        return rc;
    c->section = base_grow(c->section, (c->n + 1) * sizeof *c->section);
    c->values = base_grow(c->values, (c->n + 1) * sizeof *c->values);
    c->section[c->n].name = arena_text(c->memory, name);
    c->section[c->n].line = line;
    c->values[c->n].value = arena_zero(c->memory, n * sizeof(struct value));
    c->values[c->n].n = n;
    for (size_t i = 0; i < n; i++) {
        struct conf_key *copy = &c->values[c->n].value[i].key;
        *copy = key[i];
        copy->name = arena_text(c->memory, key[i].name);
        copy->fallback = key[i].fallback ? arena_text(c->memory, key[i].fallback) : NULL;
    }
    c->n++;
    return 0;
}

/* ---- lines ---------------------------------------------------------------------------------- */

/* inih's handler: 0 stops it from calling this a success; what is wrong stands in r->err. */
static int on_key(void *who, const char *section, const char *name, const char *text)
{
    struct reading *r = who;
    struct conf *c = r->conf;
    (void)section;
    if (c->n == 0 && section_begin(r, "", r->line) < 0)
        return 0;
    struct value *v = value_find(c, c->n - 1, name);
    if (!v && value_find(c, c->n - 1, "*"))
        return 1;                                       /* whose key it is will be known later */
    if (!v) {
        struct buf known = { 0 };
        for (size_t i = 0; i < c->values[c->n - 1].n; i++)
            buf_printf(&known, "%s%s", i ? ", " : "", c->values[c->n - 1].value[i].key.name);
        const char *in = c->section[c->n - 1].name;
        in = *in ? arena_printf(c->memory, "in [%s]", in) : "before the first [section]";
        fault(r, "there is no key \"%s\" %s; its keys are: %s.", name, in, buf_str(&known));
        buf_free(&known);
        return 0;
    }
    if (v->line && !(v->key.flags & CONF_REPEATED)) {
        fault(r, "%s has been set in line %d already.", name, v->line);
        return 0;
    }
    char *value = value_expand(r, text);
    if (value && text[0] == '@' && v->key.flags & CONF_FROM_FILE)
        value = value_from_file(r, value + 1);
    if (!value || value_set(r, v, value) < 0)
        return 0;
    v->line = v->line ? v->line : r->line;
    return 1;
}

static int on_section(struct reading *r, const char *at, size_t n)
{
    const char *end = memchr(at, ']', n);
    if (!end)
        return fault(r, "the \"[\" of a section has no \"]\" behind it.");
    struct arena *a = r->conf->memory;
    return section_begin(r, trim(arena_textn(a, at + 1, (size_t)(end - at - 1))), r->line);
}

/* inih's reader: the next line into at[0..room), as fgets would; NULL at the end or on a fault. */
static char *next_line(char *at, int room, void *who)
{
    struct reading *r = who;
    if (r->err->code || !*r->rest)
        return NULL;
    r->line++;
    const char *line = r->rest;
    size_t n = strcspn(line, "\n");
    r->rest += n + (line[n] == '\n');
    while (n && is_blank(*line)) {
        line++;
        n--;
    }
    if (n >= (size_t)room) {
        fault(r, "this line has %zu bytes; at most %d are read.", n, room - 1);
        return NULL;
    }
    if (*line == '[' && on_section(r, line, n) < 0)
        return NULL;
    memcpy(at, line, n);
    at[n] = '\0';
    return at;
}

/*
 * Debian's inih asks this variable for the longest line; others are built with their limit (200 by
 * default) and do not have it.  Either way next_line is told how much room there is.
 */
extern int ini_max_line __attribute__((weak));

static void allow_long_lines(void)
{
    if (&ini_max_line)
        ini_max_line = LINE_BYTES + 1;
}

int conf_read(struct conf **out, const char *path,
              const struct conf_key *(*keys_of)(void *who, const char *section, size_t *n),
              void *who, struct err *err)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, allow_long_lines);

    struct conf *c = base_alloc(sizeof *c);
    c->memory = arena_new("conf", 4096);
    c->path = arena_text(c->memory, path);
    struct reading r = { .conf = c, .keys_of = keys_of, .who = who, .err = err };
    struct buf content = { 0 };
    const char *wrong = file_read(&content, path);
    if (wrong) {
        err_set(err, ERR_CONF, "%s cannot be read: %s.", path, wrong);
    } else {
        bool has_mark = text_starts(buf_str(&content), "\uFEFF");
        r.rest = buf_str(&content) + (has_mark ? strlen("\uFEFF") : 0);
        int bad_line = ini_parse_stream(next_line, &r, on_key, &r);
        if (bad_line && !err->code)
            fault_at(c, bad_line, err, "this is neither key = value nor [section] nor a comment.");
        if (!err->code)
            section_end(&r);
    }
    buf_free(&content);
    if (err->code) {
        conf_free(c);
        c = NULL;
    }
    *out = c;
    return -err->code;
}

void conf_free(struct conf *c)
{
    if (!c)
        return;
    free(c->section);
    free(c->values);
    arena_free(c->memory);
    free(c);
}

/* ---- asking --------------------------------------------------------------------------------- */

const char *conf_path(const struct conf *c)
{
    return c->path;
}

size_t conf_sections(const struct conf *c, const struct conf_section **out)
{
    *out = c->section;
    return c->n;
}

const char *conf_text(const struct conf *c, size_t section, const char *key)
{
    const struct value *v = value_find(c, section, key);
    return v && v->text ? v->text : "";
}

int64_t conf_int(const struct conf *c, size_t section, const char *key)
{
    const struct value *v = value_find(c, section, key);
    return v ? v->number : 0;
}

bool conf_has(const struct conf *c, size_t section, const char *key)
{
    return conf_line(c, section, key) != 0;
}

int conf_line(const struct conf *c, size_t section, const char *key)
{
    const struct value *v = value_find(c, section, key);
    return v ? v->line : 0;
}
