/* SPDX-License-Identifier: Apache-2.0 */
/*
 * souk/entry.h: how a plugin is found, what it declares, and what a call may use.
 *
 * A plugin is a shared object with one exported constant.  Everything it offers and wants stands in
 * that constant and is known before any of its code runs:
 *
 *     SOUK_PLUGIN = {
 *         .size = sizeof(struct souk_plugin), .built = SOUK_SDK_NOW, .needs = SOUK_SDK(0, 1),
 *         .id = "org.example.low-stock", .version = "1.0.0", .title = "title",
 *         .reads = "v1_stock v1_listings",
 *         .offers = SOUK_LIST(offers), .queries = SOUK_LIST(queries),
 *     };
 *
 * Threads     Tags in the contracts: `load` (an instance is opened or closed: one at a time in the whole
 *             program), `page` (many pages are made at once, but two calls never run in one instance:
 *             the host opens an instance per thread), `job` (one at a time in the whole program; an
 *             import is one), `any`.
 * Calls       are never recursive: while you run inside a function of the host, it does not call you.
 * Versions    `built` is the SDK you compiled with, `needs` the oldest one you can live with.  Only an
 *             unmet `needs` or an unmet interface in `wants` keeps a plugin from loading, and
 *             `souk plugin doctor` says so in words.
 * Life        A plugin is loaded once and never unloaded; open and close may come several times.
 */
#ifndef SOUK_ENTRY_H
#define SOUK_ENTRY_H

#include <souk/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SOUK_SDK(major, minor) ((major) * 1000 + (minor))
#define SOUK_SDK_NOW SOUK_SDK(0, 2)

struct souk_view_host;                  /* souk/view.h */
struct souk_query_host;                 /* souk/query.h */
struct souk_import_host;                /* souk/import.h */
struct souk_store_host;                 /* souk/store.h */
struct souk_log_host;                   /* souk/log.h */
struct souk_plan_host;                  /* souk/command.h */

/*
 * What one call may use.  A table that has no place in the call is NULL: a widget has no store.
 * owner: the host; it ends with the call.
 */
struct souk_call {
    uint32_t size, reserved;
    void *host;                                         /* the host's own; do not touch */
    const struct souk_view_host *view;                  /* "souk.view/1": widgets */
    const struct souk_query_host *query;                /* "souk.query/1": widgets, commands */
    const struct souk_import_host *import;              /* "souk.import/1": imports */
    const struct souk_store_host *store;                /* "souk.store/1": imports */
    const struct souk_log_host *log;                    /* "souk.log/1": always there */
    /* Interfaces younger than this header, by id; NULL when this host or this call has none. */
    const void *(*get)(struct souk_call *call, const char *id);
    /* since 0.2 */
    const struct souk_plan_host *plan;                  /* "souk.plan/1": commands */
};

/* Does a table of the host have this function?  An older host's table is shorter. */
#define SOUK_HAS(table, function) \
    ((size_t)((const char *)&(table)->function - (const char *)(table)) + sizeof (table)->function <= (table)->size)

/* What open() is given. */
struct souk_host {
    uint32_t size, sdk;                                 /* the host's SDK, for the log only: ask for interfaces instead */
    void *host;
    /* thread: load.  A key of the plugin's own section of plugins.ini, "" when absent.  It must stand in .config. */
    const char *(*config)(const struct souk_host *host, const char *key);
};

struct souk_offer {                                     /* frozen */
    const char *id;                                     /* SOUK_WIDGET, SOUK_IMPORT, ... */
    const void *table;                                  /* const struct souk_widget *, ... */
};

struct souk_plugin {
    uint32_t size, built, needs, reserved;
    const char *id;                                     /* reverse domain, lower case, for ever the same */
    const char *version;                                /* semantic; kept views of older versions are dropped */
    const char *title;                                  /* message key */
    const char *wants;                                  /* interfaces of the host it cannot live without, or NULL */
    const char *reads;                                  /* views its queries may read: "v1_orders v1_stock", or NULL */
    const char *config;                                 /* keys it has in plugins.ini: "lead_days zone", or NULL */
    struct souk_list offers;                            /* of struct souk_offer */
    struct souk_list queries;                           /* of struct souk_query */
    /*
     * Both may be NULL: then self is NULL in every call.
     * errors: negative refuses the plugin; thread: load
     */
    int (*open)(const struct souk_host *host, void **self);
    void (*close)(void *self);
    /* since 0.2 */
    const char *commands;                               /* commands of the host that its forms and plans may name:
                                                           "case.reply case.state", or NULL */
};

#ifdef SOUK_STATIC                                      /* set by a build that links plugins in: -DSOUK_STATIC=low_stock */
#define SOUK_JOIN2(a, b) a##b
#define SOUK_JOIN(a, b) SOUK_JOIN2(a, b)
#define SOUK_ENTRY SOUK_JOIN(souk_plugin_v0_, SOUK_STATIC)
#else
#define SOUK_ENTRY souk_plugin_v0                       /* the major version stands in the symbol's name */
#endif
#define SOUK_PLUGIN \
    extern __attribute__((visibility("default"))) const struct souk_plugin SOUK_ENTRY; \
    const struct souk_plugin SOUK_ENTRY

#ifdef __cplusplus
}
#endif
#endif
