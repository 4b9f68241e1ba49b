/* SPDX-License-Identifier: Apache-2.0 */
/*
 * policy.c: policy files, read again when they have changed.
 *
 * in:     policies/<code>.ini
 * out:    the line of a market and key that is valid on a day, copied
 * knows:  conf, value.  Has never heard of metrics.
 */
#include "policy.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/conf.h"
#include "base/log.h"
#include "base/value.h"

struct line {
    const char *key, *text, *source, *about;            /* in the conf */
    enum policy_type type;
    int64_t number;
    int32_t since, until, checked;                      /* until: INT32_MAX when still valid */
    int at;                                             /* line in the file */
};

struct file {
    struct file *next;
    char *code, *path;
    struct conf *conf;                                  /* NULL while it is absent or broken */
    struct line *line;
    size_t n_lines;
    struct err err;                                     /* why it is not there */
    struct timespec changed;
    off_t bytes;
};

struct policies {
    pthread_mutex_t lock;
    char *folder;
    struct file *files;
    int64_t version;
};

static const struct conf_key keys[] = {
    { "value", CONF_TEXT, CONF_NEEDED, NULL },
    { "since", CONF_TEXT, CONF_NEEDED, NULL },
    { "until", CONF_TEXT, 0, NULL },
    { "source", CONF_TEXT, CONF_NEEDED, NULL },
    { "checked", CONF_TEXT, CONF_NEEDED, NULL },
    { "about", CONF_TEXT, CONF_NEEDED, NULL },
};

static const struct conf_key *keys_of(void *who, const char *section, size_t *n)
{
    (void)who;
    *n = COUNT_OF(keys);
    return strchr(section, '.') ? keys : NULL;          /* a policy key is "group.name" */
}

/* "2", "4 %", "2.5 %", "24h", "3d"; everything else is text. */
static void value_parse(struct line *l)
{
    size_t n = strlen(l->text), digits = strspn(l->text, "0123456789.");
    const char *unit = l->text + digits;
    int64_t num, bp;
    int places;
    unit += strspn(unit, " ");
    l->type = POLICY_TEXT;
    if (!n || !digits || !decimal_parse(l->text, digits, '.', &num, &places))
        return;
    if (!*unit && !places) {
        l->type = POLICY_COUNT;
        l->number = num;
    } else if (text_is(unit, "%") && decimal_to_minor(num, places, 2, &bp)) {
        l->type = POLICY_BP;
        l->number = bp;
    } else if (!places && (text_is(unit, "h") || text_is(unit, "d"))) {
        l->type = POLICY_SECONDS;
        l->number = num * (*unit == 'h' ? 3600 : 86400);
    }
}

static int day_of_key(const struct file *f, size_t section, const char *key, int32_t *day,
                      struct err *err)
{
    const char *text = conf_text(f->conf, section, key);
    if (day_parse(text, day))
        return 0;
    return err_set(err, ERR_CONF, "%s:%d: %s is '%.40s', which is no date; write it as 2026-11-23.",
                   f->path, conf_line(f->conf, section, key), key, text);
}

static int check_line(const struct file *f, size_t section, const struct line *l, struct err *err)
{
    for (size_t i = 0; i < COUNT_OF(keys); i++)
        if (keys[i].flags & CONF_NEEDED && !*conf_text(f->conf, section, keys[i].name))
            return err_set(err, ERR_CONF, "%s:%d: %s is empty.", f->path,
                           conf_line(f->conf, section, keys[i].name), keys[i].name);
    if (l->until < l->since)
        return err_set(err, ERR_CONF, "%s:%d: until lies before since.", f->path,
                       conf_line(f->conf, section, "until"));
    return 0;
}

static int file_lines(struct file *f, struct err *err)
{
    const struct conf_section *section;
    f->n_lines = conf_sections(f->conf, &section);
    f->line = base_alloc(f->n_lines * sizeof *f->line);
    for (size_t i = 0; i < f->n_lines; i++) {
        struct line *l = &f->line[i];
        l->key = section[i].name;
        l->at = section[i].line;
        l->text = conf_text(f->conf, i, "value");
        l->source = conf_text(f->conf, i, "source");
        l->about = conf_text(f->conf, i, "about");
        l->until = INT32_MAX;
        value_parse(l);
        if (day_of_key(f, i, "since", &l->since, err) < 0 ||
            day_of_key(f, i, "checked", &l->checked, err) < 0 ||
            (*conf_text(f->conf, i, "until") && day_of_key(f, i, "until", &l->until, err) < 0) ||
            check_line(f, i, l, err) < 0)
            return -err->code;
    }
    return 0;
}

static void file_clear(struct file *f)
{
    conf_free(f->conf);
    free(f->line);
    f->conf = NULL;
    f->line = NULL;
    f->n_lines = 0;
    err_clear(&f->err);
}

static bool is_newer(const struct file *f, const struct stat *is)
{
    return is->st_mtim.tv_sec != f->changed.tv_sec || is->st_mtim.tv_nsec != f->changed.tv_nsec ||
           is->st_size != f->bytes;
}

/* Under the lock.  A file that became broken is an error until it is mended: nothing old is used on. */
static void file_refresh(struct policies *p, struct file *f)
{
    struct stat is;
    if (stat(f->path, &is) < 0) {
        bool was_there = f->conf != NULL;
        file_clear(f);
        f->bytes = -1;
        p->version += was_there;
        err_set(&f->err, errno == ENOENT ? ERR_ABSENT : ERR_IO, errno == ENOENT
                ? "There is no policy file for this market: %s." : "%s cannot be read.", f->path);
        return;
    }
    if (!is_newer(f, &is))
        return;
    file_clear(f);
    f->changed = is.st_mtim;
    f->bytes = is.st_size;
    p->version++;
    if (conf_read(&f->conf, f->path, keys_of, NULL, &f->err) < 0 || file_lines(f, &f->err) < 0)
        log_warn("policy", "%s", f->err.text);
}

static struct file *file_of(struct policies *p, const char *code)
{
    for (struct file *f = p->files; f; f = f->next)
        if (text_is(f->code, code))
            return f;
    struct file *f = base_alloc(sizeof *f);
    struct buf path = { 0 };
    buf_printf(&path, "%s/%s.ini", p->folder, code);
    f->path = path.at;
    f->code = base_text(code);
    f->bytes = -1;
    f->next = p->files;
    p->files = f;
    return f;
}

int policies_open(struct policies **out, const char *folder, struct err *err)
{
    if (access(folder, R_OK | X_OK) < 0)
        return err_set(err, ERR_CONF, "The folder of policy files %s cannot be read: %s.", folder,
                       strerror(errno));
    struct policies *p = base_alloc(sizeof *p);
    pthread_mutex_init(&p->lock, NULL);
    p->folder = base_text(folder);
    *out = p;
    return 0;
}

void policies_free(struct policies *p)
{
    if (!p)
        return;
    while (p->files) {
        struct file *f = p->files;
        p->files = f->next;
        file_clear(f);
        free(f->code);
        free(f->path);
        free(f);
    }
    pthread_mutex_destroy(&p->lock);
    free(p->folder);
    free(p);
}

int policy_get(struct policies *p, struct arena *a, const char *market_code, const char *key, int32_t day,
               struct policy_line *line, struct err *err)
{
    const struct line *best = NULL;
    pthread_mutex_lock(&p->lock);
    struct file *f = file_of(p, market_code);
    file_refresh(p, f);
    if (f->err.code) {
        err_set(err, (enum err_code)f->err.code, "%s", f->err.text);
    } else {
        for (size_t i = 0; i < f->n_lines; i++) {
            const struct line *l = &f->line[i];
            if (text_is(l->key, key) && l->since <= day && day <= l->until &&
                (!best || l->since >= best->since))
                best = l;
        }
        if (!best)
            err_set(err, ERR_ABSENT, "%s says nothing about %s on that day.", f->path, key);
        else
            *line = (struct policy_line){
                .key = arena_text(a, best->key), .type = best->type, .number = best->number,
                .text = arena_text(a, best->text), .since = best->since, .checked = best->checked,
                .source = arena_text(a, best->source), .about = arena_text(a, best->about),
                .file = arena_text(a, f->path), .line = best->at,
            };
    }
    pthread_mutex_unlock(&p->lock);
    return best ? 0 : -err->code;
}

int64_t policies_version(struct policies *p)
{
    pthread_mutex_lock(&p->lock);
    for (struct file *f = p->files; f; f = f->next)
        file_refresh(p, f);
    int64_t version = p->version;
    pthread_mutex_unlock(&p->lock);
    return version;
}
