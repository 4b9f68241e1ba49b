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
    int places;
    int32_t since, until, checked;                      /* until: INT32_MAX when still valid */
    int at;                                             /* line in the file */
};

struct file {
    struct file *next;
    char *code, *path;
    struct conf *conf;                                  /* NULL while it is absent or broken */
    struct line *line;
    size_t n_lines;
    struct err err;                                     /* why it is not there: the first fault */
    struct buf faults;                                  /* all of them, a line each */
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

/* "2", "3.5", "4 %", "2.5 %", "24h", "3d"; everything else is text. */
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
    if (!*unit) {
        l->type = places ? POLICY_DECIMAL : POLICY_COUNT;
        l->number = num;
        l->places = places;
    } else if (text_is(unit, "%") && decimal_to_minor(num, places, 2, &bp)) {
        l->type = POLICY_BP;
        l->number = bp;
    } else if (!places && num <= INT32_MAX && (text_is(unit, "h") || text_is(unit, "d"))) {
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

static int line_read(const struct file *f, size_t section, struct line *l, struct err *err)
{
    l->text = conf_text(f->conf, section, "value");
    l->source = conf_text(f->conf, section, "source");
    l->about = conf_text(f->conf, section, "about");
    l->until = INT32_MAX;
    value_parse(l);
    if (day_of_key(f, section, "since", &l->since, err) < 0 ||
        day_of_key(f, section, "checked", &l->checked, err) < 0 ||
        (*conf_text(f->conf, section, "until") && day_of_key(f, section, "until", &l->until, err) < 0))
        return -err->code;
    return check_line(f, section, l, err);
}

static void fault_add(struct file *f, const struct err *why)
{
    err_set(&f->err, (enum err_code)why->code, "%s", why->text);
    buf_printf(&f->faults, "%s\n", why->text);
}

static void file_lines(struct file *f)
{
    const struct conf_section *section;
    f->n_lines = conf_sections(f->conf, &section);
    f->line = base_alloc(f->n_lines * sizeof *f->line);
    for (size_t i = 0; i < f->n_lines; i++) {
        struct err why = { 0 };
        f->line[i].key = section[i].name;
        f->line[i].at = section[i].line;
        if (line_read(f, i, &f->line[i], &why) < 0)
            fault_add(f, &why);
    }
}

static void file_clear(struct file *f)
{
    conf_free(f->conf);
    free(f->line);
    f->conf = NULL;
    f->line = NULL;
    f->n_lines = 0;
    err_clear(&f->err);
    buf_clear(&f->faults);
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
    struct err why = { 0 };
    if (stat(f->path, &is) < 0) {
        bool was_there = f->conf != NULL;
        file_clear(f);
        f->bytes = -1;
        p->version += was_there;
        err_set(&why, errno == ENOENT ? ERR_ABSENT : ERR_IO, errno == ENOENT
                ? "There is no policy file for this market: %s." : "%s cannot be read.", f->path);
        fault_add(f, &why);
        return;
    }
    if (!is_newer(f, &is))
        return;
    file_clear(f);
    f->changed = is.st_mtim;
    f->bytes = is.st_size;
    p->version++;
    if (conf_read(&f->conf, f->path, keys_of, NULL, &why) < 0)
        fault_add(f, &why);
    else
        file_lines(f);
    if (f->err.code)
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
        buf_free(&f->faults);
        free(f->code);
        free(f->path);
        free(f);
    }
    pthread_mutex_destroy(&p->lock);
    free(p->folder);
    free(p);
}

const char *policies_folder(const struct policies *p)
{
    return p->folder;
}

/* ---- asking ------------------------------------------------------------------------------------ */

static bool is_valid_on(const struct line *l, int32_t day)
{
    return l->since <= day && day <= l->until;
}

/* The section that counts for a key on a day: the one that began last. */
static const struct line *line_on(const struct file *f, const char *key, int32_t day)
{
    const struct line *best = NULL;
    for (size_t i = 0; i < f->n_lines; i++) {
        const struct line *l = &f->line[i];
        if (text_is(l->key, key) && is_valid_on(l, day) && (!best || l->since >= best->since))
            best = l;
    }
    return best;
}

static struct policy_line line_copy(struct arena *a, const struct file *f, const struct line *l)
{
    return (struct policy_line){
        .key = arena_text(a, l->key), .type = l->type, .number = l->number, .places = l->places,
        .text = arena_text(a, l->text), .since = l->since, .until = l->until, .checked = l->checked,
        .source = arena_text(a, l->source), .about = arena_text(a, l->about),
        .file = arena_text(a, f->path), .line = l->at,
    };
}

/* Takes the lock; the caller lets go of it whatever comes back.  NULL: err says why. */
static struct file *file_lock(struct policies *p, const char *market_code, struct err *err)
{
    pthread_mutex_lock(&p->lock);
    struct file *f = file_of(p, market_code);
    file_refresh(p, f);
    if (!f->err.code)
        return f;
    err_set(err, (enum err_code)f->err.code, "%s", f->err.text);
    return NULL;
}

int policy_get(struct policies *p, struct arena *a, const char *market_code, const char *key, int32_t day,
               struct policy_line *line, struct err *err)
{
    struct file *f = file_lock(p, market_code, err);
    const struct line *l = f ? line_on(f, key, day) : NULL;
    if (l)
        *line = line_copy(a, f, l);
    else if (f)
        err_set(err, ERR_ABSENT, "%s says nothing about %s on that day.", f->path, key);
    pthread_mutex_unlock(&p->lock);
    return l ? 0 : -err->code;
}

static bool is_of(const char *key, const char *what)
{
    size_t n = what ? strlen(what) : 0;
    return !what || (!strncmp(key, what, n) && (!key[n] || key[n] == '.'));
}

/* `day` NULL: whatever day. */
static int lines_of(struct policies *p, struct arena *a, const char *market_code, const char *what,
                    const int32_t *day, struct policy_line **lines, size_t *n, struct err *err)
{
    struct file *f = file_lock(p, market_code, err);
    *lines = NULL;
    *n = 0;
    if (f)
        *lines = arena_alloc(a, f->n_lines * sizeof **lines);
    for (size_t i = 0; f && i < f->n_lines; i++) {
        const struct line *l = &f->line[i];
        if (is_of(l->key, what) && (!day || line_on(f, l->key, *day) == l))
            (*lines)[(*n)++] = line_copy(a, f, l);
    }
    pthread_mutex_unlock(&p->lock);
    return f ? 0 : -err->code;
}

int policy_list(struct policies *p, struct arena *a, const char *market_code, const char *what, int32_t day,
                struct policy_line **lines, size_t *n, struct err *err)
{
    return lines_of(p, a, market_code, what, &day, lines, n, err);
}

int policy_history(struct policies *p, struct arena *a, const char *market_code, const char *what,
                   struct policy_line **lines, size_t *n, struct err *err)
{
    return lines_of(p, a, market_code, what, NULL, lines, n, err);
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

int policy_faults(struct policies *p, struct arena *a, const char *market_code, const char *const **fault)
{
    size_t n = 0;
    pthread_mutex_lock(&p->lock);
    struct file *f = file_of(p, market_code);
    file_refresh(p, f);
    for (const char *at = buf_str(&f->faults); *at; at += strcspn(at, "\n") + 1)
        n++;
    const char **list = arena_alloc(a, (n + 1) * sizeof *list);
    n = 0;
    for (const char *at = buf_str(&f->faults); *at; at += strcspn(at, "\n") + 1)
        list[n++] = arena_textn(a, at, strcspn(at, "\n"));
    pthread_mutex_unlock(&p->lock);
    *fault = list;
    return (int)n;
}

/* ---- values of more than one part -------------------------------------------------------------- */

/* The next word, its length in *n; 0 at the end. */
static const char *word_next(const char *at, size_t *n)
{
    at += strspn(at, " ");
    *n = strcspn(at, " ");
    return at;
}

static size_t words_in(const char *text)
{
    size_t n, words = 0;
    for (const char *at = word_next(text, &n); n; at = word_next(at + n, &n))
        words++;
    return words;
}

bool policy_counts(struct arena *a, const char *text, int64_t **count, size_t *n)
{
    size_t len;
    int places;
    *count = arena_alloc(a, (words_in(text) + 1) * sizeof **count);
    *n = 0;
    for (const char *at = word_next(text, &len); len; at = word_next(at + len, &len))
        if (strspn(at, "0123456789") < len || !decimal_parse(at, len, '.', &(*count)[(*n)++], &places))
            return false;
    return *n > 0;
}

bool policy_days(struct arena *a, const char *text, int32_t **day, size_t *n)
{
    size_t len;
    *day = arena_alloc(a, (words_in(text) + 1) * sizeof **day);
    *n = 0;
    if (text_is(text, "none"))
        return true;
    for (const char *at = word_next(text, &len); len; at = word_next(at + len, &len)) {
        int32_t *one = &(*day)[(*n)++];
        char word[11] = "";
        if (len != 10)
            return false;
        memcpy(word, at, len);
        if (!day_parse(word, one) || (*n > 1 && one[-1] >= *one))
            return false;
    }
    return *n > 0;
}

bool policy_weekdays(const char *text, unsigned *set)
{
    enum { ALL = 0xFE };
    size_t len;
    *set = 0;
    if (text_is(text, "none"))
        return true;
    for (const char *at = word_next(text, &len); len; at = word_next(at + len, &len)) {
        if (len != 1 || *at < '1' || *at > '7' || *set & 1u << (*at - '0'))
            return false;
        *set |= 1u << (*at - '0');
    }
    return *set && *set != ALL;
}

bool policy_time(const char *text, int32_t *second_of_day)
{
    enum { MOST = 48 * 3600 };
    for (size_t i = 0; i < 5; i++)
        if (i == 2 ? text[i] != ':' : text[i] < '0' || text[i] > '9')
            return false;                               /* also at the end of a shorter one */
    if (text[5])
        return false;
    int minutes = (text[3] - '0') * 10 + text[4] - '0';
    *second_of_day = ((text[0] - '0') * 10 + text[1] - '0') * 3600 + minutes * 60;
    return minutes < 60 && *second_of_day <= MOST;
}
