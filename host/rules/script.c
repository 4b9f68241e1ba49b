/* SPDX-License-Identifier: Apache-2.0 */
/*
 * script.c: the folder of rules, read again when a file has changed, and the run of one rule.
 *
 * in:     coach/<name>.lua, lib/<name>.lua; facts
 * out:    which rules there are, and what one of them says
 * knows:  files, the box.  Has never heard of the database or of suggestions that are kept.
 */
#include "script.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "data/hash.h"
#include "script_in.h"

enum { ID_BYTES = 80, TITLE_BYTES = 120, ABOUT_BYTES = 1000, NEEDS_MAX = 20, PARAMS_MAX = 30 };

/* Describing a rule is quick, and happens while a page waits. */
static const struct script_limits to_describe = { .steps = 500000, .time_ms = 200, .memory_bytes = (size_t)8 << 20 };

struct stamp {                                          /* of a file: another one means that it has changed */
    struct timespec changed;
    off_t bytes;                                        /* -1: it is not there */
};

struct used {                                           /* a file of lib/ that the description of a rule asked for */
    struct used *next;
    const char *name;
    struct stamp stamp;
};

struct rule_file {
    struct rule_file *next;
    char *name;                                         /* "coach/stock.lua" */
    struct stamp stamp;
    char *text;                                         /* NULL while it cannot be read: see err */
    size_t n;
    struct err err;
    struct arena *memory;                               /* of the description; NULL: not described as it is now */
    struct script_rule rule;
    struct used *used;
    bool is_there;                                      /* in the last look at the folder */
};

struct scripts {
    pthread_mutex_t lock;
    char *folder;
    struct rule_file *files;
    int64_t version;
};

/* ---- files ------------------------------------------------------------------------------------------- */

static bool is_same(const struct stamp *a, const struct stamp *b)
{
    return a->bytes == b->bytes && (a->bytes < 0 || (a->changed.tv_sec == b->changed.tv_sec &&
                                                     a->changed.tv_nsec == b->changed.tv_nsec));
}

static char *path_of(const struct scripts *s, const char *name)
{
    struct buf path = { 0 };
    buf_printf(&path, "%s/%s", s->folder, name);
    return path.at;
}

static struct stamp stamp_of(const struct scripts *s, const char *name)
{
    struct stat is;
    char *path = path_of(s, name);
    int rc = lstat(path, &is);
    base_free(path);
    return rc < 0 ? (struct stamp){ .bytes = -1 } : (struct stamp){ is.st_mtim, is.st_size };
}

static void description_clear(struct rule_file *f)
{
    arena_free(f->memory);
    f->memory = NULL;
    f->used = NULL;
    f->rule = (struct script_rule){ 0 };
}

static void file_clear(struct rule_file *f)
{
    description_clear(f);
    base_free(f->text);
    f->text = NULL;
    f->n = 0;
    err_clear(&f->err);
}

/* Only plain files of the folder itself: a link could lead out of it, and a pipe would never end. */
static int read_file(const char *path, struct rule_file *f)
{
    struct stat is;
    struct buf text = { 0 };
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return err_set(&f->err, errno == ENOENT ? ERR_ABSENT : ERR_IO, errno == ENOENT ? "There is no %s." : errno == ELOOP
                       ? "%s is a link; put the file itself there." : "%s cannot be read.", f->name);
    if (fstat(fd, &is) < 0 || !S_ISREG(is.st_mode)) {
        close(fd);
        return err_set(&f->err, ERR_IO, "%s is no plain file.", f->name);
    }
    f->stamp = (struct stamp){ is.st_mtim, is.st_size };
    for (;;) {
        char part[8192];
        ssize_t n = read(fd, part, sizeof part);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            err_set(&f->err, ERR_IO, "%s cannot be read: %s.", f->name, strerror(errno));
        if (n > 0 && text.len + (size_t)n > BOX_FILE_MAX)
            err_set(&f->err, ERR_CONF, "%s is larger than %d KiB.", f->name, BOX_FILE_MAX / 1024);
        if (n <= 0 || f->err.code)
            break;
        buf_put(&text, part, (size_t)n);
    }
    close(fd);
    if (f->err.code) {
        buf_free(&text);
        return -f->err.code;
    }
    buf_char(&text, '\0');
    f->text = text.at;
    f->n = text.len - 1;
    return 0;
}

/* Under the lock.  A file that became broken is a fault until it is mended: nothing old is used on. */
static struct rule_file *file_of(struct scripts *s, const char *name)
{
    struct rule_file *f = s->files;
    while (f && !text_is(f->name, name))
        f = f->next;
    bool is_new = !f;
    if (is_new) {
        f = base_alloc(sizeof *f);
        f->name = base_text(name);
        f->next = s->files;
        s->files = f;
    }
    struct stamp now = stamp_of(s, name);
    if (is_new || !is_same(&now, &f->stamp)) {
        file_clear(f);
        f->stamp = now;
        char *path = path_of(s, name);
        read_file(path, f);
        base_free(path);
        if (!is_new && f->err.code && f->err.code != ERR_ABSENT)
            log_warn("rules", "%s", f->err.text);
    }
    return f;
}

static void file_free(struct rule_file *f)
{
    file_clear(f);
    base_free(f->name);
    base_free(f);
}

/* ---- a chunk, and `use` ------------------------------------------------------------------------------- */

/* In C alone: no error of Lua passes the lock. */
const char *script_text(struct source *from, const char *file, size_t *n, struct err *err)
{
    struct scripts *s = from->scripts;
    bool is_locked = from->used_by != NULL;             /* a description is made under the lock */
    const char *text = NULL;
    if (!is_locked)
        pthread_mutex_lock(&s->lock);
    struct rule_file *f = file_of(s, file);
    if (f->err.code) {
        err_set(err, (enum err_code)f->err.code, "%s", f->err.text);
    } else {
        text = arena_textn(from->memory, f->text, f->n);
        *n = f->n;
    }
    if (is_locked) {
        struct used *used = arena_alloc(from->memory, sizeof *used);
        *used = (struct used){ from->used_by->used, arena_text(from->memory, file), f->stamp };
        from->used_by->used = used;
    } else {
        pthread_mutex_unlock(&s->lock);
    }
    return text;
}

/* "lib.money": one file of lib/, by a name that can be nothing else. */
static bool is_library(const char *name, size_t n)
{
    if (n < 5 || n > 60 || memcmp(name, "lib.", 4) != 0)
        return false;
    return strspn(name + 4, "abcdefghijklmnopqrstuvwxyz0123456789_") == n - 4;
}

/* use("lib.money"): what the file returned, run once.  Upvalues: the source, the environment, what was used so far. */
static int use(lua_State *L)
{
    struct source *from = lua_touserdata(L, lua_upvalueindex(1));
    size_t n;
    const char *name = luaL_checklstring(L, 1, &n);
    struct err err = { 0 };
    if (!is_library(name, n))
        return luaL_error(L, "use wants \"lib.NAME\", with small letters, digits and _ in the name");
    lua_settop(L, 1);
    lua_pushvalue(L, 1);
    if (lua_rawget(L, lua_upvalueindex(3)) == LUA_TLIGHTUSERDATA)
        return luaL_error(L, "%s uses itself", name);
    if (!lua_isnil(L, -1))
        return 1;
    lua_pushvalue(L, 1);
    lua_pushlightuserdata(L, from);                     /* being read */
    lua_rawset(L, lua_upvalueindex(3));
    const char *file = arena_printf(from->memory, "lib/%s.lua", name + 4), *text = script_text(from, file, &n, &err);
    if (!text)
        return luaL_error(L, "%s", err.text);
    box_load(L, text, n, file, lua_upvalueindex(2));
    lua_call(L, 0, 1);
    if (lua_isnil(L, -1)) {
        lua_pushboolean(L, 1);
        lua_replace(L, -2);
    }
    lua_pushvalue(L, 1);
    lua_pushvalue(L, -2);
    lua_rawset(L, lua_upvalueindex(3));
    return 1;
}

void script_load(lua_State *L, struct source *from, const char *text, size_t n, const char *file)
{
    lib_environment(L);                                 /* env */
    lua_pushliteral(L, "use");
    lua_pushlightuserdata(L, from);
    lua_pushvalue(L, -3);
    lua_newtable(L);
    lua_pushcclosure(L, use, 3);                        /* env "use" use */
    lua_rawset(L, -3);                                  /* env */
    box_load(L, text, n, file, -1);                     /* env chunk */
    lua_remove(L, -2);
    lua_call(L, 0, 1);
}

/* ---- how a rule describes itself ---------------------------------------------------------------------- */

struct describing {
    struct source from;
    struct rule_file *file;
    const char *key;                                    /* what is being looked at, for the line of a fault */
};

static bool is_id(const char *id)
{
    return *id >= 'a' && *id <= 'z' && !strstr(id, "..") && !text_ends(id, ".") &&
           strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789_.") == strlen(id);
}

static const char *const *names(lua_State *L, const char *key, size_t *n, struct arena *a)
{
    *n = said_list(L, 1, key, NEEDS_MAX);
    const char **at = arena_alloc(a, (*n + 1) * sizeof *at);
    for (size_t i = 0; i < *n; i++) {
        lua_rawgeti(L, -1, (lua_Integer)i + 1);
        at[i] = said_text_at(L, -1, key, ID_BYTES, a);
        if (!is_id(at[i]))
            luaL_error(L, "'%s' in %s is no name: small letters, digits, _ and dots", at[i], key);
        lua_pop(L, 1);
    }
    at[*n] = NULL;
    lua_settop(L, 1);
    return at;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct souk_arg *)a)->name, ((const struct souk_arg *)b)->name);
}

/* The default tells the type; sorted by name. */
static struct souk_args read_params(lua_State *L, struct arena *a)
{
    struct souk_arg *at = arena_zero(a, PARAMS_MAX * sizeof *at);
    uint32_t n = 0;
    int type = said_field(L, 1, "params");
    if (type != LUA_TNIL && type != LUA_TTABLE)
        luaL_error(L, "params is a %s, not a table such as { days = 14 }", lua_typename(L, type));
    if (type == LUA_TTABLE)
        lua_pushnil(L);
    while (type == LUA_TTABLE && lua_next(L, 2)) {
        const char *name = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : "";
        if (!is_id(name) || strchr(name, '.'))
            luaL_error(L, "a name in params is wrong: small letters, digits and _");
        if (n == PARAMS_MAX)
            luaL_error(L, "there are more than %d params", PARAMS_MAX);
        at[n].name = arena_text(a, name);
        at[n++].value = lua_isboolean(L, -1) ? souk_number(SOUK_BOOL, lua_toboolean(L, -1), 0)
                        : lua_type(L, -1) == LUA_TNUMBER ? souk_count(said_whole(L, -1, name))
                                                         : souk_text(said_text_at(L, -1, name, ABOUT_BYTES, a));
        lua_pop(L, 1);
    }
    lua_settop(L, 1);
    qsort(at, n, sizeof *at, by_name);
    return (struct souk_args){ at, n, 0 };
}

static void check_rule(lua_State *L, struct describing *d)
{
    static const char *const known[] = { "id", "title", "about", "on", "needs", "params", "check" };
    said_only(L, -1, "a rule", known, COUNT_OF(known));
    d->key = "check";
    if (said_field(L, -1, "check") != LUA_TFUNCTION)
        luaL_error(L, "a rule needs check = function(facts, say)");
    lua_pop(L, 1);
}

static int describe_inside(lua_State *L)
{
    struct describing *d = lua_touserdata(L, 1);
    struct script_rule *r = &d->file->rule;
    struct arena *a = d->from.memory;
    script_load(L, &d->from, d->file->text, d->file->n, d->file->name);
    lua_replace(L, 1);                                  /* rule */
    if (!lua_istable(L, 1))
        return luaL_error(L, "the file returns a %s, not the table of a rule", luaL_typename(L, 1));
    check_rule(L, d);
    d->key = "id";
    const char *id = said_text(L, 1, "id", ID_BYTES, a);
    if (!is_id(id))
        return luaL_error(L, *id ? "id is '%s': it may hold small letters, digits, _ and dots" : "a rule needs an id%s", id);
    d->key = "title";
    r->title = said_text(L, 1, "title", TITLE_BYTES, a);
    if (!*r->title)
        return luaL_error(L, "a rule needs a title");
    d->key = "about";
    r->about = said_text(L, 1, "about", ABOUT_BYTES, a);
    d->key = "on";
    r->on = names(L, "on", &r->n_on, a);
    d->key = "needs";
    r->needs = names(L, "needs", &r->n_needs, a);
    if (!r->n_needs)
        return luaL_error(L, "a rule needs needs = { ... }: the facts it looks at");
    d->key = "params";
    r->params = read_params(L, a);
    r->id = id;
    return 0;
}

/* The line where `key =` stands, else that of the last return, else the first. */
static int line_of_key(const char *text, const char *key)
{
    int line = 1, of_return = 1;
    size_t n = strlen(key);
    for (const char *at = text; *at; at += *at == '\n', line++) {
        at += strspn(at, " \t");
        if (strncmp(at, key, n) == 0 && at[n + strspn(at + n, " \t")] == '=')
            return line;
        if (text_starts(at, "return"))
            of_return = line;
        at += strcspn(at, "\n");
    }
    return of_return;
}

/* "coach/stock.lua:3: a rule needs a title.": a fault of a table has no line of its own. */
static const char *placed(const struct rule_file *f, const char *key, const char *text)
{
    char unknown[40];
    if (!f->text || strstr(text, ".lua:"))
        return arena_text(f->memory, text);
    if (sscanf(text, "a rule knows no '%39[^']'", unknown) == 1)
        key = unknown;
    return arena_printf(f->memory, "%s:%d: %s", f->name, line_of_key(f->text, key), text);
}

static void describe(struct scripts *s, struct rule_file *f)
{
    struct box *box = NULL;
    struct err err = { 0 };
    f->memory = arena_new("rule", 2048);
    struct describing d = { { s, f->memory, f }, f, "" };
    f->rule = (struct script_rule){ 0 };
    if (f->err.code)
        err = f->err;
    else if (box_new(&box, &err) == 0) {
        box_begin(box, &to_describe, 0);
        box_call(box, describe_inside, &d, &err);
        box_end(box, NULL);
        box_free(box);
    }
    if (err.code) {
        static const char *const none[] = { NULL };
        f->rule = (struct script_rule){ .id = "", .title = "", .about = "", .needs = none, .on = none };
        f->rule.fault = placed(f, d.key, err.text);
        log_warn("rules", "%s", f->rule.fault);
    } else {
        f->rule.fault = "";
    }
    f->rule.file = f->name;
    s->version++;
}

/* Also out of date when a file of lib/ that it asked for is another one now. */
static bool is_described(struct scripts *s, const struct rule_file *f)
{
    if (!f->memory)
        return false;
    for (const struct used *used = f->used; used; used = used->next) {
        struct stamp now = stamp_of(s, used->name);
        if (!is_same(&now, &used->stamp))
            return false;
    }
    return true;
}

/* ---- the folder ------------------------------------------------------------------------------------------ */

static int is_script(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && text_ends(entry->d_name, ".lua");
}

static int by_file(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

int script_names(struct scripts *s, const char *folder, struct arena *a, const char *const **out, size_t *n, struct err *err)
{
    struct dirent **entry;
    char *path = path_of(s, folder);
    int found = scandir(path, &entry, is_script, by_file), code = errno;
    base_free(path);
    *n = 0;
    if (found < 0 && code != ENOENT)
        return err_set(err, ERR_CONF, "The folder %s/%s cannot be read: %s.", s->folder, folder, strerror(code));
    const char **name = arena_alloc(a, (size_t)(found > 0 ? found : 1) * sizeof *name);
    for (int i = 0; i < found; i++) {
        name[(*n)++] = arena_printf(a, "%s/%s", folder, entry[i]->d_name);
        free(entry[i]);
    }
    if (found >= 0)
        free(entry);
    *out = name;
    return 0;
}

static bool is_coach(const struct rule_file *f)
{
    return text_starts(f->name, "coach/");
}

/* Under the lock.  Looks at the whole folder; what is gone is forgotten. */
static int look(struct scripts *s, struct arena *a, struct rule_file ***out, size_t *n, struct err *err)
{
    const char *const *name;
    if (script_names(s, "coach", a, &name, n, err) < 0)
        return -err->code;
    struct rule_file **file = arena_alloc(a, (*n + 1) * sizeof *file);
    for (struct rule_file *f = s->files; f; f = f->next)
        f->is_there = !is_coach(f);
    for (size_t i = 0; i < *n; i++) {
        struct rule_file *f = file_of(s, name[i]);
        if (!is_described(s, f)) {
            description_clear(f);
            describe(s, f);
        }
        f->is_there = true;
        file[i] = f;
    }
    for (struct rule_file **at = &s->files; *at;) {
        struct rule_file *f = *at;
        if (f->is_there) {
            at = &f->next;
            continue;
        }
        *at = f->next;
        file_free(f);
        s->version++;
    }
    *out = file;
    return 0;
}

int script_open(struct scripts **out, const char *folder, struct err *err)
{
    if (access(folder, R_OK | X_OK) < 0)
        return err_set(err, ERR_CONF, "The folder of scripts %s cannot be read: %s.", folder, strerror(errno));
    struct scripts *s = base_alloc(sizeof *s);
    pthread_mutex_init(&s->lock, NULL);
    s->folder = base_text(folder);
    *out = s;
    return 0;
}

void script_free(struct scripts *s)
{
    if (!s)
        return;
    while (s->files) {
        struct rule_file *f = s->files;
        s->files = f->next;
        file_free(f);
    }
    pthread_mutex_destroy(&s->lock);
    base_free(s->folder);
    base_free(s);
}

static struct souk_value value_copy(struct arena *a, struct souk_value v)
{
    v.text.at = arena_textn(a, v.text.at, v.text.len);
    return v;
}

static const char *const *names_copy(struct arena *a, const char *const *from, size_t n)
{
    const char **to = arena_alloc(a, (n + 1) * sizeof *to);
    for (size_t i = 0; i < n; i++)
        to[i] = arena_text(a, from[i]);
    to[n] = NULL;
    return to;
}

static void rule_copy(struct arena *a, struct script_rule *to, const struct script_rule *from)
{
    struct souk_arg *param = arena_alloc(a, (from->params.n + 1) * sizeof *param);
    for (uint32_t i = 0; i < from->params.n; i++)
        param[i] = (struct souk_arg){ arena_text(a, from->params.at[i].name), value_copy(a, from->params.at[i].value) };
    *to = (struct script_rule){
        .id = arena_text(a, from->id), .title = arena_text(a, from->title), .about = arena_text(a, from->about),
        .file = arena_text(a, from->file), .fault = arena_text(a, from->fault),
        .needs = names_copy(a, from->needs, from->n_needs), .n_needs = from->n_needs,
        .on = names_copy(a, from->on, from->n_on), .n_on = from->n_on, .params = { param, from->params.n, 0 },
    };
}

static const struct rule_file *file_with_id(struct rule_file *const *file, size_t n, const char *id)
{
    for (size_t i = 0; i < n; i++)
        if (*id && text_is(file[i]->rule.id, id))
            return file[i];
    return NULL;
}

/* A rule may ask for files of lib/ while it runs, so all of them count. */
static uint64_t print_of_libraries(struct scripts *s, struct arena *a)
{
    const char *const *name;
    struct err ignored = { 0 };
    uint64_t h = 0;
    size_t n;
    if (script_names(s, "lib", a, &name, &n, &ignored) < 0)
        return 0;
    for (size_t i = 0; i < n; i++) {
        const struct rule_file *f = file_of(s, name[i]);
        h = hash_add(hash_add(h, name[i], strlen(name[i])), f->text ? f->text : "", f->n);
    }
    return h;
}

int script_rules(struct scripts *s, struct arena *a, const struct script_rule **rule, size_t *n, struct err *err)
{
    struct rule_file **file;
    pthread_mutex_lock(&s->lock);
    int rc = look(s, a, &file, n, err);
    struct script_rule *at = arena_zero(a, (rc < 0 ? 1 : *n + 1) * sizeof *at);
    uint64_t libraries = rc < 0 ? 0 : print_of_libraries(s, a);
    for (size_t i = 0; rc == 0 && i < *n; i++) {
        rule_copy(a, &at[i], &file[i]->rule);
        at[i].print = hash_mix(hash_add(libraries, file[i]->text ? file[i]->text : "", file[i]->n));
        const struct rule_file *first = file_with_id(file, i, at[i].id);
        if (!first)
            continue;
        at[i].fault = arena_printf(a, "%s:%d: the id %s is taken by %s.", at[i].file, line_of_key(file[i]->text, "id"),
                                   at[i].id, first->name);
        at[i].id = at[i].title = at[i].about = "";
    }
    pthread_mutex_unlock(&s->lock);
    *rule = at;
    return rc;
}

int64_t script_version(struct scripts *s)
{
    struct rule_file **file;
    struct err err = { 0 };
    struct arena *a = arena_new("rules", 2048);
    size_t n;
    pthread_mutex_lock(&s->lock);
    look(s, a, &file, &n, &err);
    int64_t version = s->version;
    pthread_mutex_unlock(&s->lock);
    arena_free(a);
    return version;
}

/* ---- a run ----------------------------------------------------------------------------------------------- */

struct run {
    struct source from;
    struct script_rule rule;
    const char *text;
    size_t n;
    struct script_ask *ask;
    struct script_facts *facts;
    struct said said;
};

/* Copies rule and text, so that nobody waits for the run. */
static int find_rule(struct scripts *s, const char *id, struct run *run, struct err *err)
{
    struct arena *a = run->from.memory;
    struct rule_file **file;
    size_t n;
    pthread_mutex_lock(&s->lock);
    int rc = look(s, a, &file, &n, err);
    const struct rule_file *f = rc < 0 ? NULL : file_with_id(file, n, id);
    if (f) {
        rule_copy(a, &run->rule, &f->rule);
        run->text = arena_textn(a, f->text, f->n);
        run->n = f->n;
    } else if (rc == 0) {
        size_t broken = 0;
        while (broken < n && !*file[broken]->rule.fault)
            broken++;
        rc = broken < n ? err_set(err, ERR_CONF, "There is no rule %s among those that can be read; %s", id,
                                  file[broken]->rule.fault)
                        : err_set(err, ERR_ABSENT, "There is no rule %s; `souk rule list` names them.", id);
    }
    pthread_mutex_unlock(&s->lock);
    return rc;
}

static int check_needs(const struct run *run, size_t *rows, struct err *err)
{
    *rows = 0;
    for (size_t i = 0; i < run->rule.n_needs; i++) {
        size_t n;
        if (!facts_have(run->facts, run->rule.needs[i], &n))
            return err_set(err, ERR_INPUT, "%s: rule %s needs the facts \"%s\", which there are not.", run->rule.file,
                           run->rule.id, run->rule.needs[i]);
        *rows += n;
    }
    return 0;
}

static const struct souk_arg *arg_named(struct souk_args args, const char *name)
{
    for (uint32_t i = 0; i < args.n; i++)
        if (text_is(args.at[i].name, name))
            return &args.at[i];
    return NULL;
}

static int check_params(const struct run *run, struct err *err)
{
    for (uint32_t i = 0; i < run->ask->params.n; i++) {
        const struct souk_arg *given = &run->ask->params.at[i], *param = arg_named(run->rule.params, given->name);
        if (!param)
            return err_set(err, ERR_INPUT, "%s: rule %s has no parameter \"%s\".", run->rule.file, run->rule.id, given->name);
        if (param->value.type != given->value.type)
            return err_set(err, ERR_INPUT, "%s: the parameter %s of rule %s is a %s.", run->rule.file, given->name,
                           run->rule.id, param->value.type == SOUK_COUNT ? "whole number" : param->value.type == SOUK_BOOL
                           ? "yes or no" : "text");
    }
    return 0;
}

static void push_params(lua_State *L, const struct run *run)
{
    lua_newtable(L);
    for (uint32_t i = 0; i < run->rule.params.n; i++) {
        const struct souk_arg *param = &run->rule.params.at[i], *given = arg_named(run->ask->params, param->name);
        const struct souk_value *v = given ? &given->value : &param->value;
        if (v->type == SOUK_TEXT)
            lua_pushlstring(L, v->text.at, v->text.len);
        else if (v->type == SOUK_BOOL)
            lua_pushboolean(L, v->num != 0);
        else
            lua_pushinteger(L, v->num);
        lua_setfield(L, -2, param->name);
    }
}

static int run_inside(lua_State *L)
{
    struct run *run = lua_touserdata(L, 1);
    script_load(L, &run->from, run->text, run->n, run->rule.file);
    if (!lua_istable(L, -1) || said_field(L, -1, "check") != LUA_TFUNCTION)
        return luaL_error(L, "the file returned no rule this time");
    facts_push(L, run->facts, run->rule.needs, run->rule.n_needs);          /* ... check facts */
    lua_pushlightuserdata(L, &run->said);
    lua_pushinteger(L, box_of(L)->limits.says);
    lua_newtable(L);
    lua_pushcclosure(L, said_closure, 3);                                    /* ... check facts say */
    push_params(L, run);
    lua_call(L, 3, 0);
    return 0;
}

int script_run(struct scripts *s, struct script_ask *ask, struct script_facts *facts,
               int (*on_say)(void *ctx, const struct script_say *say, struct err *err), void *ctx, struct err *err)
{
    struct arena *a = arena_new("run of a rule", 16384);
    struct run run = { .from = { s, a, NULL }, .ask = ask, .facts = facts, .said = { .memory = a } };
    struct box *box = facts_box(facts);
    size_t rows;
    ask->steps = ask->took_us = 0;
    ask->memory_bytes = 0;
    int rc = find_rule(s, ask->rule, &run, err);
    if (rc < 0 || (rc = check_needs(&run, &rows, err)) < 0 || (rc = check_params(&run, err)) < 0)
        goto out;
    box_begin(box, &ask->limits, rows);
    rc = box_call(box, run_inside, &run, err);
    box_end(box, ask);
    for (size_t i = 0; rc == 0 && i < run.said.n; i++)
        rc = on_say(ctx, &run.said.at[i], err);
out:
    arena_free(a);
    return rc < 0 ? rc : 0;
}
