/* SPDX-License-Identifier: Apache-2.0 */
/*
 * load.c: from plugins.ini to plugins that run, or to the sentence why one does not.
 *
 * in:     plugins.ini, shared objects
 * out:    for each section what became of it; instances, opened and closed
 * knows:  declare (which checks what a plugin says of itself), conf, texts, dlfcn.h
 *
 * plugins.ini is read twice: which keys a section may have stands in the shared object that the
 * section names.
 */
#include "load.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "declare.h"

struct place {                                          /* what is behind a struct plugin */
    struct plugin plugin;
    size_t section;                                     /* in plugins.ini */
    struct catalogue *texts;
    struct conf_key *keys;                              /* of its section: Souk's, then the plugin's; */
    size_t n_keys;                                      /* NULL while the plugin's are not known */
};

struct plugins {
    struct arena *memory;
    struct conf *conf;
    const struct catalogue *texts;
    const char *own_folder;                             /* its real path */
    struct place *at;
    size_t n;
};

const struct conf_key host_keys[] = {
    { "address", CONF_TEXT, 0, "127.0.0.1" },
    { "port", CONF_COUNT, 0, "8420" },
    { "threads", CONF_COUNT, 0, "2" },
    { "hosts", CONF_TEXT, 0, "" },
    { "tls_cert", CONF_TEXT, 0, "" },
    { "tls_key", CONF_TEXT, 0, "" },
    { "trusted_proxy", CONF_TEXT, 0, "" },
    { "key_file", CONF_TEXT, 0, "" },
    { "policies", CONF_TEXT, 0, "" },
    { "scripts", CONF_TEXT, 0, "" },
    { "site_content", CONF_TEXT, 0, "" },
    { "language", CONF_TEXT, 0, "en" },
    { "log", CONF_TEXT, 0, "plain" },
    { "log_level", CONF_TEXT, 0, "note" },
    { "upload_mb", CONF_COUNT, 0, "2048" },
};
const size_t n_host_keys = COUNT_OF(host_keys);

enum { SOUKS_KEYS = 4 };
static const struct conf_key section_keys[] = {
    { "file", CONF_TEXT, CONF_NEEDED, NULL },
    { "enabled", CONF_BOOL, 0, "yes" },
    { "isolate", CONF_BOOL, 0, NULL },
    { "sha256", CONF_TEXT, 0, NULL },
    { "*", CONF_TEXT, 0, NULL },                        /* the plugin's own, while it is not known */
};

#define refuse(err, ...) err_set((err), ERR_PLUGIN, __VA_ARGS__)

/* ---- files ----------------------------------------------------------------------------------- */

static int find_file(struct plugins *p, struct plugin *of, const char *file, struct err *err)
{
    char real[PATH_MAX];
    const char *path =
        file[0] == '/' ? file : arena_printf(p->memory, "%s/%s", p->own_folder, file);
    of->file = path;
    if (!realpath(path, real))
        return refuse(err, "The file %s cannot be found (%s): build or install it, or mend `file`"
                      " in [%s] of %s.", path, strerror(errno), of->name, conf_path(p->conf));
    size_t n = strlen(p->own_folder);
    of->file = arena_text(p->memory, real);
    of->is_own = strncmp(real, p->own_folder, n) == 0 && real[n] == '/';
    return 0;
}

static int check_isolation(const struct plugins *p, const struct plugin *of, size_t section,
                           struct err *err)
{
    bool is_said = conf_has(p->conf, section, "isolate");
    bool is_wanted = is_said ? conf_int(p->conf, section, "isolate") != 0 : !of->is_own;
    if (!is_wanted)
        return 0;
    if (is_said)
        return refuse(err, "It shall run isolated, but isolation does not exist yet: write isolate"
                      " = no in [%s] of %s if you trust it as you trust Souk itself.", of->name,
                      conf_path(p->conf));
    return refuse(err, "It does not come with Souk, and isolation does not exist yet: write isolate"
                  " = no in [%s] of %s if you trust it as you trust Souk itself.", of->name,
                  conf_path(p->conf));
}

static int hash_file(int fd, char hex[crypto_hash_sha256_BYTES * 2 + 1])
{
    unsigned char some[16384], hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_state state;
    ssize_t got;
    crypto_hash_sha256_init(&state);
    while ((got = read(fd, some, sizeof some)) > 0)
        crypto_hash_sha256_update(&state, some, (size_t)got);
    crypto_hash_sha256_final(&state, hash);
    sodium_bin2hex(hex, crypto_hash_sha256_BYTES * 2 + 1, hash, sizeof hash);
    return got < 0 ? -1 : 0;
}

/*
 * A pinned file is opened through the descriptor that was read, so that nobody can put another in
 * its place in between.  The descriptor stays open: dlopen knows what it has loaded by its name, so
 * the same number must not come again.
 */
static int open_pinned(const struct plugin *of, const char *pin, char *path, size_t room,
                       struct err *err)
{
    char hex[crypto_hash_sha256_BYTES * 2 + 1];
    int fd = open(of->file, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || hash_file(fd, hex) < 0) {
        refuse(err, "The file %s cannot be read: %s.", of->file, strerror(errno));
    } else if (strcasecmp(hex, pin) != 0) {
        refuse(err, "The file %s is not the one that was pinned: its SHA-256 is %s. If you know"
               " why it changed, write that as sha256 in [%s].", of->file, hex, of->name);
    } else {
        snprintf(path, room, "/proc/self/fd/%d", fd);
        return 0;
    }
    if (fd >= 0)
        close(fd);
    return -ERR_PLUGIN;
}

static int open_file(const struct plugin *of, const char *pin, const struct souk_plugin **entry,
                     struct err *err)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s", of->file);
    if (*pin && open_pinned(of, pin, path, sizeof path, err) < 0)
        return -err->code;
    void *handle = dlopen(path, RTLD_LOCAL | RTLD_NOW);
    if (!handle)
        return refuse(err, "The file is no shared object that can be loaded here (%s): build it on"
                      " this machine with cc -shared -fPIC.", dlerror());
    *entry = dlsym(handle, "souk_plugin_v0");
    if (!*entry)
        return refuse(err, "It has no entry named souk_plugin_v0: declare SOUK_PLUGIN = { ... } in"
                      " it, or build it with the SDK of this Souk.");
    return 0;
}

/* ---- one plugin ------------------------------------------------------------------------------ */

/* What stands in its way among those that are loaded already. */
static int check_others(const struct plugins *p, const struct plugin *of, struct err *err)
{
    for (size_t i = 0; i < of->no; i++) {
        const struct plugin *other = &p->at[i].plugin;
        if (other->state != PLUGIN_LOADED)
            continue;
        if (text_is(other->id, of->id))
            return refuse(err, "The plugin [%s] has the same id, %s: keep one of the two sections.",
                          other->name, of->id);
        for (size_t a = 0; a < other->n_widgets; a++)
            for (size_t b = 0; b < of->n_widgets; b++)
                if (text_is(other->widgets[a]->id, of->widgets[b]->id))
                    return refuse(err, "It offers the widget '%s', and so does [%s]: write enabled"
                                  " = no in one of them.", of->widgets[b]->id, other->name);
        for (size_t a = 0; a < other->n_imports; a++)
            for (size_t b = 0; b < of->n_imports; b++)
                if (text_is(other->imports[a]->id, of->imports[b]->id))
                    return refuse(err, "It offers the format '%s', and so does [%s]: write enabled"
                                  " = no in one of them.", of->imports[b]->id, other->name);
        for (size_t a = 0; a < other->n_settings; a++)
            for (size_t b = 0; b < of->n_settings; b++)
                if (text_is(other->settings[a].settings->id, of->settings[b].settings->id))
                    return refuse(err, "It offers the settings '%s', and so does [%s]: write enabled"
                                  " = no in one of them.", of->settings[b].settings->id, other->name);
        for (size_t a = 0; a < other->n_commands; a++)
            for (size_t b = 0; b < of->n_commands; b++)
                if (text_is(other->commands[a]->id, of->commands[b]->id))
                    return refuse(err, "It offers the command '%s', and so does [%s]: write enabled"
                                  " = no in one of them.", of->commands[b]->id, other->name);
    }
    for (size_t a = 0; a < of->n_widgets; a++)
        for (size_t b = 0; b < a; b++)
            if (text_is(of->widgets[a]->id, of->widgets[b]->id))
                return refuse(err, "It offers the widget '%s' twice: give each its own id.",
                              of->widgets[a]->id);
    return 0;
}

static int read_texts(struct plugins *p, struct place *at, struct err *err)
{
    const char *slash = strrchr(at->plugin.file, '/');
    struct err why = { 0 };
    const char *folder = arena_printf(p->memory, "%.*s/text", (int)(slash - at->plugin.file),
                                      at->plugin.file);
    if (catalogue_open(&at->texts, folder, &why) < 0)
        return refuse(err, "%s", why.text);
    at->plugin.texts = at->texts;
    return 0;
}

static void forget(struct plugin *of, struct plugins *p, const struct err *err)
{
    of->state = PLUGIN_REFUSED;
    of->why = arena_text(p->memory, err->text);
    of->entry = NULL;
    of->n_queries = of->n_widgets = of->n_imports = of->n_commands = of->n_searches = of->n_settings = 0;
}

static void read_keys(struct plugins *p, struct place *at)
{
    struct conf_key *own;
    size_t n;
    declare_keys(&at->plugin, p->memory, &own, &n);
    at->n_keys = SOUKS_KEYS + n;
    at->keys = arena_alloc(p->memory, at->n_keys * sizeof *at->keys);
    memcpy(at->keys, section_keys, SOUKS_KEYS * sizeof *at->keys);
    if (n)
        memcpy(at->keys + SOUKS_KEYS, own, n * sizeof *own);
}

static void read_plugin(struct plugins *p, struct place *at, struct db *db)
{
    struct plugin *of = &at->plugin;
    struct err err = { 0 };
    const struct souk_plugin *entry = NULL;
    of->file = conf_text(p->conf, at->section, "file");
    of->id = of->version = of->title = "";
    if (!conf_int(p->conf, at->section, "enabled")) {
        of->file = arena_text(p->memory, of->file);
        of->state = PLUGIN_DISABLED;
        of->why = arena_printf(p->memory, "Line %d of %s says enabled = no.",
                               conf_line(p->conf, at->section, "enabled"), conf_path(p->conf));
        return;
    }
    int rc = find_file(p, of, of->file, &err);
    if (rc == 0)
        rc = check_isolation(p, of, at->section, &err);
    if (rc == 0)
        rc = open_file(of, conf_text(p->conf, at->section, "sha256"), &entry, &err);
    if (rc == 0)
        rc = declare_read(of, p->memory, entry, db, &err);
    if (of->entry)
        read_keys(p, at);
    if (rc == 0)
        rc = check_others(p, of, &err);
    if (rc == 0)
        rc = read_texts(p, at, &err);
    of->state = PLUGIN_LOADED;
    if (rc < 0)
        forget(of, p, &err);
}

/* ---- instances ------------------------------------------------------------------------------- */

struct opening {
    const struct plugins *plugins;
    const struct place *at;
};

static const char *plugin_config(const struct souk_host *host, const char *key)
{
    const struct opening *o = host->host;
    for (size_t i = SOUKS_KEYS; key && i < o->at->n_keys; i++)
        if (text_is(o->at->keys[i].name, key))
            return conf_text(o->plugins->conf, o->at->section, key);
    return "";
}

static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;

int plugin_open(const struct plugins *p, const struct plugin *of, void **self, struct err *err)
{
    struct opening opening = { p, &p->at[of->no] };
    const struct souk_host host = { sizeof host, SOUK_SDK_NOW, &opening, plugin_config };
    *self = NULL;
    if (!of->entry->open)
        return 0;
    pthread_mutex_lock(&one_at_a_time);
    int code = of->entry->open(&host, self);
    pthread_mutex_unlock(&one_at_a_time);
    if (code < 0)
        return refuse(err, "The plugin [%s] could not begin: its open() returned %d. Look at its"
                      " keys in %s and at the log.", of->name, code, conf_path(p->conf));
    return 0;
}

void plugin_close(const struct plugin *of, void *self)
{
    if (!of->entry->close)
        return;
    pthread_mutex_lock(&one_at_a_time);
    of->entry->close(self);
    pthread_mutex_unlock(&one_at_a_time);
}

/* Does opening work?  Asked once and early, so that `souk plugin doctor` can tell. */
static void try_plugin(struct plugins *p, struct plugin *of)
{
    struct err err = { 0 };
    void *self;
    if (of->state != PLUGIN_LOADED)
        return;
    if (plugin_open(p, of, &self, &err) < 0)
        forget(of, p, &err);
    else
        plugin_close(of, self);
}

/* ---- plugins.ini ----------------------------------------------------------------------------- */

static const struct conf_key *keys_at_first(void *who, const char *section, size_t *n)
{
    (void)who;
    bool is_host = text_is(section, "host");
    *n = is_host ? n_host_keys : COUNT_OF(section_keys);
    return !*section ? NULL : is_host ? host_keys : section_keys;
}

static const struct conf_key *keys_in_full(void *who, const char *section, size_t *n)
{
    const struct plugins *p = who;
    for (size_t i = 0; i < p->n; i++)
        if (text_is(p->at[i].plugin.name, section) && p->at[i].keys) {
            *n = p->at[i].n_keys;
            return p->at[i].keys;
        }
    return keys_at_first(who, section, n);
}

/* The names of sections stand in addresses, so each is a word and comes once. */
static int read_sections(struct plugins *p, struct err *err)
{
    const struct conf_section *section;
    size_t n = conf_sections(p->conf, &section);
    p->at = arena_zero(p->memory, n * sizeof *p->at);
    for (size_t i = 0; i < n; i++) {
        if (!declare_is_word(section[i].name, "_-"))
            return err_set(err, ERR_CONF, "%s:%d: the section [%s] must be named with lower-case"
                           " letters, digits, _ and -, a letter first.", conf_path(p->conf),
                           section[i].line, section[i].name);
        for (size_t k = 0; k < i; k++)
            if (text_is(section[k].name, section[i].name))
                return err_set(err, ERR_CONF, "%s:%d: the section [%s] stands in line %d already.",
                               conf_path(p->conf), section[i].line, section[i].name,
                               section[k].line);
        if (text_is(section[i].name, "host"))
            continue;
        p->at[p->n].section = i;
        p->at[p->n].plugin.no = p->n;
        p->at[p->n].plugin.name = arena_text(p->memory, section[i].name);
        p->n++;
    }
    return 0;
}

/* Now that the plugins have been read it is known which keys their sections may have. */
static int read_again(struct plugins *p, struct err *err)
{
    struct conf *full;
    const struct conf_section *section;
    int rc = conf_read(&full, conf_path(p->conf), keys_in_full, p, err);
    if (rc < 0)
        return rc;
    size_t n = conf_sections(full, &section);
    for (size_t i = 0; i < p->n; i++)
        if (p->at[i].section >= n
            || !text_is(section[p->at[i].section].name, p->at[i].plugin.name)) {
            rc = err_set(err, ERR_CONF, "%s changed while it was being read: start again.",
                         conf_path(full));
            conf_free(full);
            return rc;
        }
    conf_free(p->conf);
    p->conf = full;
    return 0;
}

int plugins_load(struct plugins **out, const struct plugins_setup *setup, struct err *err)
{
    char own[PATH_MAX];
    struct db *db = NULL;
    struct plugins *p = base_alloc(sizeof *p);
    p->memory = arena_new("plugins", 16384);
    p->texts = setup->texts;
    const char *real = realpath(setup->own_folder, own);
    p->own_folder = arena_text(p->memory, real ? real : setup->own_folder);
    int rc = conf_read(&p->conf, setup->config, keys_at_first, NULL, err);
    if (rc == 0)
        rc = read_sections(p, err);
    if (rc == 0)
        rc = db_open(&db, ":memory:", DB_WRITE, err);
    if (rc == 0)
        rc = db_migrate(db, "account", "views.sql", err);
    for (size_t i = 0; rc == 0 && i < p->n; i++)
        read_plugin(p, &p->at[i], db);
    if (db)
        db_close(db);
    if (rc == 0)
        rc = read_again(p, err);
    for (size_t i = 0; rc == 0 && i < p->n; i++)
        try_plugin(p, &p->at[i].plugin);
    if (rc < 0) {
        plugins_free(p);
        p = NULL;
    }
    *out = p;
    return rc;
}

void plugins_free(struct plugins *p)
{
    if (!p)
        return;
    for (size_t i = 0; i < p->n; i++)
        catalogue_free(p->at[i].texts);
    conf_free(p->conf);
    arena_free(p->memory);
    free(p);
}

/* ---- asking ---------------------------------------------------------------------------------- */

size_t plugins_count(const struct plugins *p)
{
    return p->n;
}

const struct plugin *plugins_at(const struct plugins *p, size_t i)
{
    return &p->at[i].plugin;
}

const struct plugin *plugins_named(const struct plugins *p, const char *name)
{
    for (size_t i = 0; i < p->n; i++)
        if (text_is(p->at[i].plugin.name, name))
            return &p->at[i].plugin;
    return NULL;
}

const struct souk_widget *plugins_widget(const struct plugins *p, const char *id,
                                         const struct plugin **of)
{
    for (size_t i = 0; i < p->n; i++)
        for (size_t k = 0; k < p->at[i].plugin.n_widgets; k++)
            if (text_is(p->at[i].plugin.widgets[k]->id, id)) {
                *of = &p->at[i].plugin;
                return p->at[i].plugin.widgets[k];
            }
    return NULL;
}

static bool has_word(const char *list, const char *word, size_t n)
{
    for (const char *at = list; at && *at;) {
        at += strspn(at, " ");
        size_t length = strcspn(at, " ");
        if (n && length == n && memcmp(at, word, n) == 0)
            return true;
        at += length;
    }
    return false;
}

bool widget_has_badge(const struct souk_widget *w)
{
    return w->badge || w->counts;
}

bool widget_shows(const struct souk_widget *w, const char *kind, size_t n)
{
    return has_word(w->shows, kind, n);
}

const struct souk_widget *plugins_showing(const struct plugins *p, const char *kind, size_t n)
{
    for (size_t i = 0; i < p->n; i++)
        for (size_t k = 0; k < p->at[i].plugin.n_widgets; k++)
            if (widget_shows(p->at[i].plugin.widgets[k], kind, n))
                return p->at[i].plugin.widgets[k];
    return NULL;
}

const struct souk_command *plugins_command(const struct plugins *p, const char *id, const struct plugin **of)
{
    for (size_t i = 0; i < p->n; i++)
        for (size_t k = 0; k < p->at[i].plugin.n_commands; k++)
            if (text_is(p->at[i].plugin.commands[k]->id, id)) {
                *of = &p->at[i].plugin;
                return p->at[i].plugin.commands[k];
            }
    return NULL;
}

const struct settings_info *plugins_settings(const struct plugins *p, const char *id, const struct plugin **of)
{
    for (size_t i = 0; i < p->n; i++)
        for (size_t k = 0; k < p->at[i].plugin.n_settings; k++)
            if (text_is(p->at[i].plugin.settings[k].settings->id, id)) {
                *of = &p->at[i].plugin;
                return &p->at[i].plugin.settings[k];
            }
    return NULL;
}

bool plugin_may_run(const struct plugin *p, const char *command)
{
    for (size_t i = 0; i < p->n_commands; i++)
        if (text_is(p->commands[i]->id, command))
            return true;
    return p->entry && has_word(p->entry->commands, command, strlen(command));
}

const struct query_info *plugin_query(const struct plugin *p, const char *id)
{
    for (size_t i = 0; i < p->n_queries; i++)
        if (text_is(p->queries[i].query->id, id))
            return &p->queries[i];
    return NULL;
}

/* SIZE_MAX: plugins.ini has none, and all keys have their fallbacks. */
static size_t host_section(const struct plugins *p)
{
    const struct conf_section *section;
    size_t n = conf_sections(p->conf, &section);
    for (size_t i = 0; i < n; i++)
        if (text_is(section[i].name, "host"))
            return i;
    return SIZE_MAX;
}

static const struct conf_key *host_key(const char *key)
{
    for (size_t i = 0; i < n_host_keys; i++)
        if (text_is(host_keys[i].name, key))
            return &host_keys[i];
    return NULL;
}

const char *plugins_host_text(const struct plugins *p, const char *key)
{
    size_t i = host_section(p);
    return i < SIZE_MAX ? conf_text(p->conf, i, key) : host_key(key)->fallback;
}

int64_t plugins_host_int(const struct plugins *p, const char *key)
{
    size_t i = host_section(p);
    int64_t fallback = 0;
    if (i < SIZE_MAX)
        return conf_int(p->conf, i, key);
    text_int(host_key(key)->fallback, &fallback);
    return fallback;
}

const char *plugin_pattern(const struct plugins *p, const struct plugin *of, const char *language,
                           const char *key)
{
    const char *own = of && of->texts ? catalogue_find(of->texts, language, key) : NULL;
    return own || !p->texts ? own : catalogue_find(p->texts, language, key);
}
