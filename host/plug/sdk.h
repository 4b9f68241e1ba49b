/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sdk.h: calls into plugins, and the host's side of each interface while they run.
 *
 * A desk is what one thread works at: its instances of the plugins, opened on first use.  Nothing of it
 * is shared, so two calls never run in one instance.  With SOUK_WIRE=1 every struct that passes the
 * border, either way, is encoded and decoded first.
 */
#ifndef SOUK_SDK_H
#define SOUK_SDK_H

#include "address.h"
#include "data/policy.h"
#include "data/store.h"
#include "load.h"
#include "view.h"

struct desk;

/* Both outlive the desk.  policies may be NULL: then no market has any. */
struct desk *desk_new(const struct plugins *plugins, struct policies *policies);
void desk_free(struct desk *d);                         /* closes its instances */
/*
 * A desk keeps the queries it has prepared on each database.  Before a database is closed that the
 * desk has read, either desk_forget or desk_free is called.
 */
void desk_forget(struct desk *d, const struct db *db);

/*
 * Renders a widget into `view` (which the caller clears).  ERR_ABSENT with "not yet" meaning is not an
 * error of the program: the page shows it in the card's place.  A fault sentence of the plugin, worded
 * in the reader's language, comes back in err.  Budget: 300 ms, 100 ms each query, by watch_ms() of base/zone.h.
 */
struct render_setup {
    struct db *db;                                      /* this thread's reader of the account */
    const struct plugin *plugin;
    const struct souk_widget *widget;
    const struct souk_ask *ask;
    const struct reader *reader;
};
int desk_render(struct desk *d, struct arena *a, const struct render_setup *what, struct view *view,
                struct err *err);

/*
 * Runs a declared query with arguments, for its own page: 2 s.  `from` rows are skipped and at most
 * `limit` given (0: the query's own max_rows); is_cut says that more would follow.
 */
int desk_query(struct desk *d, struct arena *a, struct db *db, const struct plugin *plugin,
               const struct query_info *query, const struct souk_args *args, uint32_t from, uint32_t limit,
               struct souk_rows *rows, struct err *err);

/* Arguments of a query from their texts (an address): text_of gives NULL where there is none.  ERR_INPUT names what is
   missing or not of its type. */
int query_args(struct arena *a, const struct query_info *query,
               const char *(*text_of)(void *ctx, const char *name), void *ctx, struct souk_args *args,
               struct err *err);

/* What a widget's badge counts now; both 0 for a widget without one.  100 ms. */
struct badge {
    int64_t count, urgent;
};
int desk_badge(struct desk *d, struct arena *a, struct db *db, const struct plugin *plugin,
               const struct souk_widget *widget, int64_t now_s, struct badge *badge, struct err *err);

/*
 * Lets a plugin plan its command: what it adds comes to `add`, in order, and nothing is written.  A
 * refusal by `add` (ERR_ABSENT, ERR_INPUT) refuses the whole plan, whatever the plugin returns.  2 s.
 */
struct plan_setup {
    struct db *db;                                      /* a reader of the account */
    const struct plugin *plugin;
    const struct souk_command *command;
    const struct souk_ask *ask;
    const struct reader *reader;
    const struct souk_args *args;                       /* as fields_read gave them */
    void *ctx;
    int (*add)(void *ctx, const char *command, const struct souk_args *args, struct err *err);
};
int desk_plan(struct desk *d, struct arena *a, const struct plan_setup *what, struct err *err);

/*
 * Settings: lets a module check a record before it is saved, or bring one up from an older schema.  What it
 * says comes to the callbacks, worded in the reader's language.  2 s.
 */
struct check_setup {
    struct db *db;
    const struct plugin *plugin;
    const struct souk_settings *settings;
    const struct souk_ask *ask;
    const struct reader *reader;
    const struct souk_record *record;
    bool migrates;                                      /* not check() but migrate(), from this schema */
    uint32_t from;
    void *ctx;
    void (*wrong)(void *ctx, const char *field, const char *text);
    void (*doubt)(void *ctx, const char *field, const char *text);
    int (*set)(void *ctx, const char *field, const struct souk_value *value, struct err *err);
};
/* A module without the function agrees. */
int desk_check(struct desk *d, struct arena *a, const struct check_setup *what, struct err *err);

/* The choices of a field with .choices_from, as its query gives them now; other fields stay as they are. */
int desk_choices(struct desk *d, struct arena *a, struct db *db, const struct plugin *plugin, struct souk_field *f,
                 struct err *err);

/* What a module says above its form, into `view` (which the caller clears).  300 ms. */
struct notes_setup {
    struct db *db;
    const struct plugin *plugin;
    const struct souk_settings *settings;
    const struct souk_ask *ask;
    const struct reader *reader;
    const struct souk_records *records;
};
int desk_notes(struct desk *d, struct arena *a, const struct notes_setup *what, struct view *view, struct err *err);

/* One batch of an import.  reject and skip are told for lines; put goes to the store. */
struct import_call {
    const struct plugin *plugin;
    const struct souk_import *format;
    const struct souk_import_file *file;
    struct store *store;
    struct db *db;
    void *ctx;
    void (*outcome)(void *ctx, int64_t line, enum store_outcome what);
    void (*reject)(void *ctx, int64_t line, const char *column, const struct souk_msg *why);
    void (*skip)(void *ctx, int64_t line);
};
int desk_import(struct desk *d, struct arena *a, const struct import_call *what, const struct souk_rows *rows,
                struct err *err);

/* A value as its reader writes it: "12,34 €", "23. Nov. 2026, 07:15 MEZ". */
void value_as_words(struct buf *out, const struct reader *who, const struct souk_value *v);

#endif
