/* SPDX-License-Identifier: Apache-2.0 */
/*
 * load.h: finds plugins by plugins.ini, opens them, and says for each what became of it.  The only
 * room that sees dlfcn.h.
 *
 * plugins.ini: [host] and one section per plugin:
 *     [sales]
 *     file    = home/sales/sales.so      ; relative to the folder of Souk's own plugins
 *     enabled = yes
 *     isolate = no                       ; default: no for Souk's own plugins, yes for all others
 *     ...                                ; and the keys that the plugin itself declares
 * Until isolation exists, a plugin that does not come with Souk runs only with isolate = no.
 */
#ifndef SOUK_LOAD_H
#define SOUK_LOAD_H

#include <souk/command.h>
#include <souk/import.h>
#include <souk/search.h>
#include <souk/settings.h>
#include <souk/widget.h>

#include "base/conf.h"
#include "base/text.h"
#include "data/db.h"
#include "wire.h"

struct plugins;

enum plugin_state { PLUGIN_LOADED = 1, PLUGIN_DISABLED, PLUGIN_REFUSED };

struct query_info {                                     /* a declared query, checked */
    const struct souk_query *query;
    const struct column *param, *column;
    size_t n_params, n_columns;
};

enum settings_do { SETTINGS_SAVE = 1, SETTINGS_REMOVE, SETTINGS_UNDO };

struct settings_info {                                  /* a settings module, checked */
    const struct souk_settings *settings;               /* lists in it are as long as this host's structs */
    const char *command[SETTINGS_UNDO + 1];             /* "settings.business.save" ... by enum settings_do */
    struct souk_list fields[SETTINGS_UNDO + 1];         /* what these take: the host's own, and of a save the module's */
};

struct plugin {
    size_t no;                                          /* plugins_at(p, no) */
    const char *name;                                   /* its section: stands in addresses, /q/<name>/<query> */
    const char *file;
    const char *id, *version, *title;                   /* "" while unknown */
    enum plugin_state state;
    const char *why;                                    /* refused or disabled: one sentence, what and what to do */
    bool is_own;                                        /* comes with Souk */
    uint32_t built, needs;
    const struct souk_plugin *entry;                    /* a copy as long as this host's struct; NULL unless loaded */
    const struct catalogue *texts;
    const struct query_info *queries;
    size_t n_queries;
    const struct souk_widget **widgets;                 /* copies as long as this host's */
    size_t n_widgets;
    const struct souk_import **imports;
    size_t n_imports;
    const struct souk_command **commands;
    size_t n_commands;
    const struct souk_search **searches;
    size_t n_searches;
    struct settings_info *settings;
    size_t n_settings;
};

struct plugins_setup {
    const char *config;                                 /* plugins.ini */
    const char *own_folder;                             /* where Souk's own plugins are */
    const struct catalogue *texts;                      /* the host's, the fallback for titles */
};

/* The keys of [host], typed; for main.  conf_text(plugins_conf(p), plugins_host(p), "address") */
extern const struct conf_key host_keys[];
extern const size_t n_host_keys;

/*
 * Reads plugins.ini (a broken one is an error with file and line) and loads what it names.  A plugin
 * that cannot be loaded is no error here: it is listed as refused with its sentence.  Queries are
 * checked against an empty database of the newest schema, in memory.
 */
int plugins_load(struct plugins **out, const struct plugins_setup *setup, struct err *err);
void plugins_free(struct plugins *p);                   /* closes nothing that was opened by dlopen */

size_t plugins_count(const struct plugins *p);
const struct plugin *plugins_at(const struct plugins *p, size_t i);
const struct plugin *plugins_named(const struct plugins *p, const char *name);
/* The widget of this id and its plugin; NULL when none. */
const struct souk_widget *plugins_widget(const struct plugins *p, const char *id, const struct plugin **of);
const struct query_info *plugin_query(const struct plugin *p, const char *id);
/* The command of this id that a plugin offers, and that plugin; NULL when none does. */
const struct souk_command *plugins_command(const struct plugins *p, const char *id, const struct plugin **of);
/* The settings module of this id and its plugin; NULL when none. */
const struct settings_info *plugins_settings(const struct plugins *p, const char *id, const struct plugin **of);
/* The widget whose page shows references of this kind (n bytes), the first by plugins.ini; NULL when none does. */
const struct souk_widget *plugins_showing(const struct plugins *p, const char *kind, size_t n);
/* May forms and plans of this plugin name the command: is it its own, or in its .commands? */
bool plugin_may_run(const struct plugin *p, const char *command);
/* Does the widget's page show references of this kind?  So is an option called that nobody chooses by hand. */
bool widget_shows(const struct souk_widget *w, const char *kind, size_t n);
/* Does it count something that stands beside its title? */
bool widget_has_badge(const struct souk_widget *w);
/* Value of a key in [host]. */
const char *plugins_host_text(const struct plugins *p, const char *key);
int64_t plugins_host_int(const struct plugins *p, const char *key);

/*
 * Opens an instance; self is what its functions are called with.  Never two at once in the whole
 * program, which is what the SDK's thread tag `load` promises.
 */
int plugin_open(const struct plugins *p, const struct plugin *of, void **self, struct err *err);
void plugin_close(const struct plugin *of, void *self);

/* The pattern of a message of a plugin: its own texts, then the host's, then NULL. */
const char *plugin_pattern(const struct plugins *p, const struct plugin *of, const char *language, const char *key);

#endif
