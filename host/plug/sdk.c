/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sdk.c: what happens between a call into a plugin and its return.
 *
 * in:     who is called with what; the functions that the plugin then calls
 * out:    a view, rows, records put; or one sentence that names the plugin and what went wrong
 * knows:  everything of plug, and through it the queries, policies, store and search of data
 *
 * Structs that a plugin gives are taken through the wire at all times: so they are checked, as long
 * as ours, and ours for the call.  What it is lent goes through the wire with SOUK_WIRE=1 only.
 */
#include "sdk.h"

#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "base/log.h"
#include "base/place.h"
#include "base/zone.h"
#include "data/calendar.h"
#include "data/market.h"
#include "data/search.h"

enum {
    RENDER_MS = 300, BADGE_MS = 100, BATCH_MS = 5000, PLAN_MS = 2000,
    QUERY_MS = 100, QUERY_PAGE_MS = 2000,
    ROWS = 1000,                                        /* where a query does not say */
    RUNS_MAX = 100, SEARCH_MAX = 1000,
    LINES_A_SECOND = 100
};

/* ---- the desk -------------------------------------------------------------------------------- */

struct seat {                                           /* one plugin at this desk */
    bool is_open;
    void *self;
    size_t first_query;                                 /* its queries among all */
    int64_t second;                                     /* log lines are counted within it */
    unsigned lines;
};

struct held {                                           /* statements prepared on one database */
    struct held *next;
    struct db *db;
    struct stmt *query[];                               /* of all plugins; NULL until first run */
};

struct desk {
    const struct plugins *plugins;
    struct policies *policies;
    bool is_wired;
    struct seat *seat;
    size_t n_queries;
    struct held *held;
};

struct desk *desk_new(const struct plugins *plugins, struct policies *policies)
{
    struct desk *d = base_alloc(sizeof *d);
    d->plugins = plugins;
    d->policies = policies;
    d->is_wired = text_is(getenv("SOUK_WIRE"), "1");
    d->seat = base_alloc(plugins_count(plugins) * sizeof *d->seat);
    for (size_t i = 0; i < plugins_count(plugins); i++) {
        d->seat[i].first_query = d->n_queries;
        d->n_queries += plugins_at(plugins, i)->n_queries;
    }
    return d;
}

static void held_free(struct held *h, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (h->query[i])
            stmt_free(h->query[i]);
    free(h);
}

void desk_forget(struct desk *d, const struct db *db)
{
    for (struct held **at = &d->held; *at; at = &(*at)->next)
        if ((*at)->db == db) {
            struct held *gone = *at;
            *at = gone->next;
            held_free(gone, d->n_queries);
            return;
        }
}

void desk_free(struct desk *d)
{
    if (!d)
        return;
    while (d->held)
        desk_forget(d, d->held->db);
    for (size_t i = 0; i < plugins_count(d->plugins); i++)
        if (d->seat[i].is_open)
            plugin_close(plugins_at(d->plugins, i), d->seat[i].self);
    free(d->seat);
    free(d);
}

static int desk_self(struct desk *d, const struct plugin *of, void **self, struct err *err)
{
    struct seat *seat = &d->seat[of->no];
    if (!seat->is_open) {
        int rc = plugin_open(d->plugins, of, &seat->self, err);
        if (rc < 0)
            return rc;
        seat->is_open = true;
    }
    *self = seat->self;
    return 0;
}

static int desk_stmt(struct desk *d, struct db *db, const struct plugin *of,
                     const struct query_info *q, struct stmt **out, struct err *err)
{
    struct held *h = d->held;
    while (h && h->db != db)
        h = h->next;
    if (!h) {
        h = base_alloc(sizeof *h + d->n_queries * sizeof *h->query);
        h->db = db;
        h->next = d->held;
        d->held = h;
    }
    struct stmt **at = &h->query[d->seat[of->no].first_query + (size_t)(q - of->queries)];
    const char *reads = of->entry->reads ? of->entry->reads : "";
    int rc = *at ? 0 : db_guarded(db, q->query->sql, reads, at, err);
    *out = *at;
    return rc;
}

/* ---- declared queries ------------------------------------------------------------------------ */

static const struct souk_value *arg_named(const struct souk_args *args, const char *name)
{
    for (uint32_t i = 0; i < args->n; i++)
        if (text_is(args->at[i].name, name))
            return &args->at[i].value;
    return NULL;
}

/* All parameters, each of its type, and nothing else. */
static int args_check(const struct query_info *q, const struct souk_args *args, struct err *err)
{
    for (size_t i = 0; i < q->n_params; i++) {
        const struct souk_value *v = arg_named(args, q->param[i].name);
        if (!v || v->type != q->param[i].type)
            return err_set(err, ERR_INPUT, "The query '%s' needs the argument '%s' of type %s%s%s.",
                           q->query->id, q->param[i].name, q->param[i].type_word, v ? ", not " : "",
                           v ? word_of_type(v->type) : "");
    }
    for (uint32_t i = 0; i < args->n; i++) {
        bool is_known = false;
        for (size_t k = 0; k < q->n_params; k++)
            is_known |= text_is(args->at[i].name, q->param[k].name);
        if (!is_known)
            return err_set(err, ERR_INPUT, "The query '%s' has no parameter '%s'.", q->query->id,
                           args->at[i].name);
    }
    if (args->n != q->n_params)
        return err_set(err, ERR_INPUT, "The query '%s' was given an argument twice.", q->query->id);
    return 0;
}

static void args_bind(struct stmt *s, const struct souk_args *args, struct arena *a)
{
    for (uint32_t i = 0; i < args->n; i++) {
        const struct souk_value *v = &args->at[i].value;
        int at = bind_index(s, arena_printf(a, ":%s", args->at[i].name));
        switch (v->type) {
        case SOUK_BOOL: case SOUK_COUNT: case SOUK_BP: case SOUK_DAY: case SOUK_INSTANT:
        case SOUK_SECONDS:
            bind_int(s, at, v->num);
            break;
        default:
            bind_textn(s, at, v->text.at, v->text.len);
        }
    }
}

/* The currency that a cell tells, itself or by its market; "" when it tells none. */
static void currency_of(const struct stmt *s, int column, uint32_t type, char currency[4])
{
    const char *text = stmt_text(s, column);
    const struct market *market = type == SOUK_MARKET ? market_by_id(text) : NULL;
    if (market)
        text = market->currency;
    memset(currency, 0, 4);
    if (strlen(text) == 3)
        memcpy(currency, text, 3);
}

static size_t column_at(const struct query_info *q, const char *name)
{
    size_t i = 0;
    while (!text_is(q->column[i].name, name))
        i++;
    return i;
}

static int cell_read(const struct query_info *q, const struct stmt *s, size_t i, struct arena *a,
                     struct souk_value *v, struct err *err)
{
    const struct column *c = &q->column[i];
    *v = souk_number(c->type, 0, 0);
    if (stmt_is_null(s, (int)i)) {
        v->type = SOUK_NONE;
        return 0;
    }
    size_t from, n;
    const char *text;
    switch (c->type) {
    case SOUK_MONEY:
        from = column_at(q, c->currency);
        currency_of(s, (int)from, q->column[from].type, v->currency);
        if (v->currency[0])
            v->num = stmt_int(s, (int)i);
        else
            v->type = SOUK_NONE;                        /* without a currency it is no amount */
        break;
    case SOUK_BOOL:
        v->num = stmt_int(s, (int)i) != 0;
        break;
    case SOUK_COUNT: case SOUK_BP: case SOUK_DAY: case SOUK_INSTANT: case SOUK_SECONDS:
        v->num = stmt_int(s, (int)i);
        break;
    default:
        text = stmt_blob(s, (int)i, &n);
        if (!utf8_is_valid(text, n))
            return err_set(err, ERR_PLUGIN, "The query '%s' gives a text in \"%s\" that is not"
                           " UTF-8.", q->query->id, c->name);
        v->text = (struct souk_str){ arena_textn(a, text, n), (uint32_t)n, 0 };
    }
    return 0;
}

/* Rows that come in one by one, into one block. */
static struct souk_value *row_add(struct arena *a, struct souk_rows *rows, struct souk_value **cell,
                                  uint32_t *room)
{
    if (rows->n_rows == *room) {
        struct souk_value *old = *cell;
        *room = *room ? *room * 2 : 16;
        *cell = arena_alloc(a, (size_t)*room * rows->n_columns * sizeof **cell);
        if (old)
            memcpy(*cell, old, (size_t)rows->n_rows * rows->n_columns * sizeof **cell);
        rows->cell = *cell;
    }
    return *cell + (size_t)rows->n_rows++ * rows->n_columns;
}

static uint32_t rows_of(const struct query_info *q)
{
    return q->query->max_rows ? q->query->max_rows : ROWS;
}

struct fetch {
    const struct plugin *plugin;
    const struct query_info *query;
    const struct souk_args *args;
    uint32_t from, limit;
    unsigned ms;
};

static int fetch_rows(struct arena *a, struct db *db, struct stmt *s, const struct fetch *f,
                      struct souk_rows *rows, struct err *err)
{
    struct souk_value *cell = NULL;
    uint32_t room = 0;
    int rc;
    for (uint32_t skipped = 0; (rc = stmt_step(db, s, err)) > 0;) {
        if (skipped < f->from) {
            skipped++;
            continue;
        }
        if (rows->n_rows == f->limit) {
            rows->is_cut = 1;
            break;
        }
        struct souk_value *row = row_add(a, rows, &cell, &room);
        for (size_t i = 0; rc > 0 && i < f->query->n_columns; i++)
            if (cell_read(f->query, s, i, a, &row[i], err) < 0)
                rc = -err->code;
        if (rc < 0)
            break;
    }
    stmt_reset(s);
    return rc < 0 ? rc : 0;
}

static int fetch(struct desk *d, struct arena *a, struct db *db, const struct fetch *f,
                 struct souk_rows *rows, struct err *err)
{
    const struct souk_query *query = f->query->query;
    struct err why = { 0 };
    struct stmt *s;
    *rows = (struct souk_rows){ .columns = query->columns };
    rows->n_columns = (uint32_t)f->query->n_columns;
    int rc = args_check(f->query, f->args, err);
    if (rc < 0)
        return rc;
    db_budget(db, f->ms);
    rc = desk_stmt(d, db, f->plugin, f->query, &s, &why);
    if (rc == 0) {
        args_bind(s, f->args, a);
        rc = fetch_rows(a, db, s, f, rows, &why);
    }
    db_budget(db, 0);
    if (rc == -ERR_TIME)
        return err_set(err, ERR_TIME, "The query '%s' of [%s] took more than %u ms and was"
                       " stopped.", query->id, f->plugin->name, f->ms);
    if (rc < 0)
        return err_set(err, (enum err_code)why.code, "The query '%s' of [%s] failed: %s", query->id,
                       f->plugin->name, why.text);
    return 0;
}

int desk_query(struct desk *d, struct arena *a, struct db *db, const struct plugin *plugin,
               const struct query_info *query, const struct souk_args *args, uint32_t from,
               uint32_t limit, struct souk_rows *rows, struct err *err)
{
    const struct fetch f = {
        plugin, query, args, from, limit ? limit : rows_of(query), QUERY_PAGE_MS
    };
    return fetch(d, a, db, &f, rows, err);
}

/* ---- a call ---------------------------------------------------------------------------------- */

struct opened {                                         /* a calendar that this call has asked for */
    struct opened *next;
    const struct market *market;
    struct calendar *calendar;
};

struct call {
    struct souk_call lent;                              /* what the plugin sees of it */
    struct desk *desk;
    const struct plugin *plugin;
    struct arena *a;
    struct db *db;
    const struct reader *reader;                        /* a widget's */
    struct view *view;
    struct opened *calendars;
    const struct import_call *import;                   /* an import's */
    const struct plan_setup *plan;                      /* a command's */
    const struct check_setup *check;                    /* a settings module's */
    struct watch watch;
    unsigned most_ms, query_ms;                         /* of the call; of one query in it */
    bool in_snapshot;
    struct err noted;                                   /* the first thing that we refused or failed at */
    struct err whole;                                   /* what fails the whole import or plan */
    struct err said;                                    /* the plugin's own sentence */
};

static struct call *call_of(struct souk_call *lent)
{
    return lent->host;
}

static void log_of(struct call *c, enum log_level level, const char *text)
{
    struct seat *seat = &c->desk->seat[c->plugin->no];
    int64_t second = clock_ms() / 1000;
    if (seat->second != second) {
        if (seat->lines > LINES_A_SECOND)
            log_warn("plugin", "[%s] said %u lines more within a second", c->plugin->name,
                     seat->lines - LINES_A_SECOND);
        seat->second = second;
        seat->lines = 0;
    }
    if (++seat->lines <= LINES_A_SECOND)
        log_line(level, "plugin", "[%s] %s", c->plugin->name, text);
}

/* What we could not do, for the log and for the end of the call; returns what the plugin is told. */
static int note(struct call *c, const struct err *why)
{
    log_of(c, LOG_LEVEL_WARN, why->text);
    err_set(&c->noted, (enum err_code)why->code, "%s", why->text);
    switch (why->code) {
    case ERR_INPUT:  return SOUK_EINPUT;
    case ERR_ABSENT: return SOUK_EABSENT;
    case ERR_TIME:   return SOUK_ETIME;
    case ERR_PLUGIN: return SOUK_ESDK;
    default:         return SOUK_EHOST;
    }
}

/* Through bytes and back, into the arena of the call. */
static int pass(struct call *c, const struct wire_type *type, const void *from, void *to,
                struct err *err)
{
    struct buf bytes = { 0 };
    int rc = from ? wire_put(&bytes, type, from, err)
             : err_set(err, ERR_PLUGIN, "%s: it is NULL.", type->name);
    struct wire_in in = { (const unsigned char *)buf_str(&bytes), bytes.len };
    if (rc == 0)
        rc = wire_get(&in, type, c->a, to, err);
    buf_free(&bytes);
    return rc;
}

/* What the plugin is lent: through the wire where that is asked for. */
static int lend(struct call *c, const struct wire_type *type, void *struct_, struct err *err)
{
    return c->desk->is_wired ? pass(c, type, struct_, struct_, err) : 0;
}

/* ---- souk.log/1 ------------------------------------------------------------------------------ */

static void host_line(struct souk_call *call, uint32_t level, const char *text)
{
    static const enum log_level levels[] = {
        [SOUK_DEBUG] = LOG_LEVEL_DEBUG, [SOUK_NOTE] = LOG_LEVEL_NOTE, [SOUK_WARN] = LOG_LEVEL_WARN,
        [SOUK_FAULT] = LOG_LEVEL_FAULT,
    };
    bool is_level = level >= SOUK_DEBUG && level <= SOUK_FAULT;
    if (text && utf8_is_valid(text, strlen(text)))
        log_of(call_of(call), is_level ? levels[level] : LOG_LEVEL_NOTE, text);
}

void value_as_words(struct buf *out, const struct reader *who, const struct souk_value *v)
{
    switch (v->type) {
    case SOUK_DECIMAL: text_decimal(out, who, v->num, (int)v->den); break;
    case SOUK_MONEY:   text_money(out, who, v->num, v->currency); break;
    case SOUK_RATE:    text_rate(out, who, v->num, v->den); break;
    case SOUK_BP:      text_bp(out, who, v->num, false); break;
    case SOUK_DAY:     text_day(out, who, (int32_t)v->num); break;
    case SOUK_INSTANT: text_instant(out, who, v->num, v->text.len ? v->text.at : NULL); break;
    case SOUK_SECONDS: text_seconds(out, who, v->num); break;
    case SOUK_MARKET: {
        const struct market *m = market_by_id(v->text.at);
        buf_text(out, m ? m->name : v->text.at);
        break;
    }
    case SOUK_COUNTRY:  text_country_name(out, who, v->text.at); break;
    case SOUK_LANGUAGE: text_language_name(out, who, v->text.at); break;
    case SOUK_REGION: {
        const struct region *r = place_region(v->text.at);
        buf_text(out, r ? r->name : v->text.at);
        break;
    }
    default:           value_as_text(out, v);
    }
}

static void word_msg(struct buf *out, const struct call *c, const struct souk_msg *msg)
{
    const char *pattern = plugin_pattern(c->desk->plugins, c->plugin, c->reader->language,
                                         msg->key);
    struct text_arg *arg = arena_zero(c->a, msg->args.n * sizeof *arg);
    for (uint32_t i = 0; i < msg->args.n; i++) {
        const struct souk_value *v = &msg->args.at[i].value;
        arg[i] = (struct text_arg){ msg->args.at[i].name, NULL, v->num };
        if (v->type != SOUK_COUNT) {                    /* a count stays a number: it may choose a plural */
            struct buf word = { 0 };
            value_as_words(&word, c->reader, v);
            arg[i].text = arena_text(c->a, buf_str(&word));
            buf_free(&word);
        }
    }
    if (pattern)
        text_message(out, c->reader, pattern, arg, msg->args.n);
    else
        buf_text(out, msg->key);                        /* a missing text shows itself */
}

static void host_fault(struct souk_call *call, const struct souk_msg *text)
{
    struct call *c = call_of(call);
    struct souk_msg msg;
    struct err why = { 0 };
    struct buf words = { 0 };
    if (c->said.code)
        return;
    if (pass(c, &wire_msg, text, &msg, &why) < 0) {
        note(c, &why);
    } else if (msg.key && *msg.key) {
        word_msg(&words, c, &msg);
        err_set(&c->said, ERR_PLUGIN, "%s", buf_str(&words));
        while (!utf8_is_valid(c->said.text, strlen(c->said.text)))
            c->said.text[strlen(c->said.text) - 1] = '\0';      /* cut within a letter */
    }
    buf_free(&words);
}

static const struct souk_log_host log_host = { sizeof log_host, 0, host_line, host_fault };

/* ---- souk.query/1 ---------------------------------------------------------------------------- */

/* All that one call reads is of one moment. */
static int snapshot(struct call *c, struct err *err)
{
    int rc = c->in_snapshot ? 0 : db_begin(c->db, err);
    c->in_snapshot = rc == 0;
    return rc;
}

/* No query gets more than what is left of the call's time. */
static unsigned left_ms(const struct call *c)
{
    int64_t left = c->most_ms - watch_ms(&c->watch);
    return left < 1 ? 1 : left < c->query_ms ? (unsigned)left : c->query_ms;
}

static int run_one(struct call *c, const struct souk_run *from, struct souk_rows *rows,
                   struct err *err)
{
    struct souk_run run;
    int rc = pass(c, &wire_run, from, &run, err);
    if (rc < 0)
        return rc;
    const struct query_info *q = run.id ? plugin_query(c->plugin, run.id) : NULL;
    if (!q)
        return err_set(err, ERR_ABSENT, "It asks for the query '%s', which it does not declare.",
                       run.id ? run.id : "");
    const struct fetch f = { c->plugin, q, &run.args, 0, rows_of(q), left_ms(c) };
    rc = snapshot(c, err);
    if (rc == 0)
        rc = fetch(c->desk, c->a, c->db, &f, rows, err);
    return rc == 0 ? lend(c, &wire_rows, rows, err) : rc;
}

static int host_run(struct souk_call *call, const struct souk_run *run, uint32_t n,
                    struct souk_rows *rows)
{
    struct call *c = call_of(call);
    struct err why = { 0 };
    if (!run || !rows || n > RUNS_MAX) {
        err_set(&why, ERR_PLUGIN, "souk_run: 1 to %d queries can be run at once.", RUNS_MAX);
        return note(c, &why);
    }
    memset(rows, 0, n * sizeof *rows);
    for (uint32_t i = 0; i < n; i++) {                  /* each as long as the first: they are of one build */
        const struct souk_run *one =
            (const struct souk_run *)(const void *)((const char *)run + (size_t)i * run->size);
        if (run_one(c, one, &rows[i], &why) < 0) {
            memset(rows, 0, n * sizeof *rows);
            return note(c, &why);
        }
    }
    return 0;
}

static int policy_read(struct call *c, const char *market, const char *key, int32_t day,
                       struct souk_policy *out, struct err *err)
{
    static const uint32_t type[] = {
        [POLICY_COUNT] = SOUK_COUNT, [POLICY_BP] = SOUK_BP, [POLICY_SECONDS] = SOUK_SECONDS,
        [POLICY_DECIMAL] = SOUK_DECIMAL,
    };
    struct policy_line line;
    const struct market *of = market ? market_by_id(market) : NULL;
    if (!of || !key || !c->desk->policies)
        return err_set(err, ERR_ABSENT, "It asks for a policy of the market '%s', which Souk does"
                       " not know.", market ? market : "");
    int rc = policy_get(c->desk->policies, c->a, of->code, key, day, &line, err);
    if (rc < 0)
        return rc;
    *out = (struct souk_policy){ .size = sizeof *out, .since = line.since, .source = line.source,
                                 .checked = line.checked };
    out->value = line.type == POLICY_TEXT ? souk_text(line.text)
                 : souk_number(type[line.type], line.number, line.places);
    return lend(c, &wire_policy, out, err);
}

static int host_policy(struct souk_call *call, const char *market, const char *key, int32_t day,
                       struct souk_policy *line)
{
    struct call *c = call_of(call);
    struct err why = { 0 };
    struct souk_policy out;
    uint32_t size = line ? line->size : 0;
    if (size < sizeof size * 2)
        err_set(&why, ERR_PLUGIN, "souk_policy: its size cannot be true: call souk_policy(), which"
                " sets it.");
    else
        policy_read(c, market, key, day, &out, &why);
    if (why.code)
        return note(c, &why);
    memcpy(line, &out, size < sizeof out ? size : sizeof out);
    line->size = size;
    return 0;
}

static int search_read(struct call *c, const char *kind, const char *words, uint32_t limit,
                       struct souk_rows *rows, struct err *err)
{
    struct search_hit *hit;
    size_t n;
    if (!kind || !words || !utf8_is_valid(words, strlen(words)))
        return err_set(err, ERR_INPUT, "It searches for something that is no text in UTF-8.");
    int rc = snapshot(c, err);
    if (rc < 0)
        return rc;
    db_budget(c->db, left_ms(c));
    rc = search_find(c->db, c->a, kind, words, limit < SEARCH_MAX ? limit : SEARCH_MAX, &hit, &n,
                     err);
    db_budget(c->db, 0);
    if (rc < 0)
        return rc;
    struct souk_value *cell = arena_alloc(c->a, n * 3 * sizeof *cell);
    for (size_t i = 0; i < n; i++) {
        cell[i * 3] = souk_text(hit[i].kind);
        cell[i * 3 + 1] = souk_word(SOUK_REF, hit[i].ref);
        cell[i * 3 + 2] = souk_text(hit[i].title);
    }
    *rows = (struct souk_rows){ "kind:text ref:ref title:text", cell, 3, (uint32_t)n, n == limit, 0 };
    return lend(c, &wire_rows, rows, err);
}

static int host_search(struct souk_call *call, const char *kind, const char *words, uint32_t limit,
                       struct souk_rows *rows)
{
    struct call *c = call_of(call);
    struct err why = { 0 };
    if (!rows)
        return SOUK_ESDK;
    memset(rows, 0, sizeof *rows);
    return search_read(c, kind, words, limit, rows, &why) < 0 ? note(c, &why) : 0;
}

static int host_day_start(struct souk_call *call, const char *market, int32_t day, int64_t *instant_s)
{
    struct err why = { 0 };
    const struct market *of = market ? market_by_id(market) : NULL;
    const struct zone *zone = of ? zone_get(of->zone, &why) : NULL;
    *instant_s = 0;
    if (!of)
        err_set(&why, ERR_ABSENT, "It asks for a day of the market '%s', which Souk does not know.",
                market ? market : "");
    if (!zone)
        return note(call_of(call), &why);
    *instant_s = zone_day_start(zone, day);
    return 0;
}

/* Read once for each call: a widget asks for many orders, and all that it reads is of one moment. */
static int calendar_of(struct call *c, const char *market, const struct calendar **out, struct err *err)
{
    const struct market *of = market ? market_by_id(market) : NULL;
    struct opened *o = c->calendars;
    while (o && o->market != of)
        o = o->next;
    if (o) {
        *out = o->calendar;
        return 0;
    }
    if (!of || !c->desk->policies)
        return err_set(err, ERR_ABSENT, "It asks when an order of the market '%s' is late, of which Souk has no"
                       " policies.", market ? market : "");
    o = arena_zero(c->a, sizeof *o);
    int rc = calendar_open(&o->calendar, c->desk->policies, c->a, of, err);
    if (rc < 0)
        return rc;
    o->market = of;
    o->next = c->calendars;
    c->calendars = o;
    *out = o->calendar;
    return 0;
}

static int host_ship_by(struct souk_call *call, const char *market, int64_t purchased_s, int64_t *late_at_s)
{
    struct call *c = call_of(call);
    const struct calendar *calendar;
    struct err why = { 0 };
    *late_at_s = 0;
    if (calendar_of(c, market, &calendar, &why) < 0 ||
        calendar_late_at(calendar, purchased_s, late_at_s, &why) < 0)
        return note(c, &why);
    return 0;
}

static int host_local(struct souk_call *call, const char *market, int64_t instant_s, int32_t *day, int32_t *second)
{
    enum { DAY_S = 86400 };
    struct err why = { 0 };
    const struct market *of = market ? market_by_id(market) : NULL;
    const struct zone *zone = of ? zone_get(of->zone, &why) : NULL;
    *day = *second = 0;
    if (!of)
        err_set(&why, ERR_ABSENT, "It asks for the time in the market '%s', which Souk does not know.",
                market ? market : "");
    if (!zone)
        return note(call_of(call), &why);
    *day = zone_day(zone, instant_s);
    *second = (int32_t)(((instant_s + zone_offset_s(zone, instant_s)) % DAY_S + DAY_S) % DAY_S);
    return 0;
}

static const struct souk_query_host query_host = {
    sizeof query_host, 0, host_run, host_policy, host_search, host_day_start, host_ship_by, host_local
};

/* ---- souk.view/1 ----------------------------------------------------------------------------- */

static void host_section(struct souk_call *call, const struct souk_msg *title)
{
    view_add(call_of(call)->view, VIEW_SECTION, &wire_msg, title);
}

static void host_columns(struct souk_call *call)
{
    view_add(call_of(call)->view, VIEW_COLUMNS, NULL, NULL);
}

static void host_fold(struct souk_call *call, const struct souk_msg *title)
{
    view_add(call_of(call)->view, VIEW_FOLD, &wire_msg, title);
}

static void host_end(struct souk_call *call)
{
    view_add(call_of(call)->view, VIEW_END, NULL, NULL);
}

static void host_stat(struct souk_call *call, const struct souk_stat *stat)
{
    view_add(call_of(call)->view, VIEW_STAT, &wire_stat, stat);
}

static void host_fact(struct souk_call *call, const struct souk_fact *fact)
{
    view_add(call_of(call)->view, VIEW_FACT, &wire_fact, fact);
}

static void host_table(struct souk_call *call, const struct souk_table *table)
{
    view_add(call_of(call)->view, VIEW_TABLE, &wire_table, table);
}

static void host_chart(struct souk_call *call, const struct souk_chart *chart)
{
    view_add(call_of(call)->view, VIEW_CHART, &wire_chart, chart);
}

static void host_alert(struct souk_call *call, const struct souk_alert *alert)
{
    view_add(call_of(call)->view, VIEW_ALERT, &wire_alert, alert);
}

static void host_text(struct souk_call *call, const struct souk_text_element *text)
{
    view_add(call_of(call)->view, VIEW_TEXT, &wire_text_element, text);
}

static void host_empty(struct souk_call *call, const struct souk_empty *empty)
{
    view_add(call_of(call)->view, VIEW_EMPTY, &wire_empty, empty);
}

static void host_items(struct souk_call *call, const struct souk_msg *title)
{
    view_add(call_of(call)->view, VIEW_ITEMS, &wire_msg, title);
}

static void host_item(struct souk_call *call, const struct souk_item *item)
{
    view_add(call_of(call)->view, VIEW_ITEM, &wire_item, item);
}

static void host_thread(struct souk_call *call, const struct souk_msg *title)
{
    view_add(call_of(call)->view, VIEW_THREAD, &wire_msg, title);
}

static void host_letter(struct souk_call *call, const struct souk_letter *letter)
{
    view_add(call_of(call)->view, VIEW_LETTER, &wire_letter, letter);
}

static void host_form(struct souk_call *call, const struct souk_form *form)
{
    view_add(call_of(call)->view, VIEW_FORM, &wire_form, form);
}

static void host_progress(struct souk_call *call, const struct souk_progress *progress)
{
    view_add(call_of(call)->view, VIEW_PROGRESS, &wire_progress, progress);
}

static void host_article(struct souk_call *call, const struct souk_article *article)
{
    view_add(call_of(call)->view, VIEW_ARTICLE, &wire_article, article);
}

static void host_pager(struct souk_call *call, const struct souk_pager *pager)
{
    view_add(call_of(call)->view, VIEW_PAGER, &wire_pager, pager);
}

static void host_until(struct souk_call *call, int64_t instant_s)
{
    struct view *view = call_of(call)->view;
    if (!view->until_s || instant_s < view->until_s)
        view->until_s = instant_s;                      /* the earliest of all that were said */
}

static const struct souk_view_host view_host = {
    sizeof view_host, 0, host_section, host_columns, host_fold, host_end, host_stat, host_fact,
    host_table, host_chart, host_alert, host_text, host_empty, host_until, host_items, host_item,
    host_thread, host_letter, host_form, host_progress, host_article, host_pager,
};

/* ---- souk.import/1 and souk.store/1 ---------------------------------------------------------- */

static void host_reject(struct souk_call *call, int64_t line, const char *column,
                        const struct souk_msg *why)
{
    struct call *c = call_of(call);
    struct souk_msg msg;
    struct err wrong = { 0 };
    if (pass(c, &wire_msg, why, &msg, &wrong) < 0)
        note(c, &wrong);
    else
        c->import->reject(c->import->ctx, line, column ? column : "", &msg);
}

static void host_skip(struct souk_call *call, int64_t line)
{
    const struct import_call *import = call_of(call)->import;
    import->skip(import->ctx, line);
}

static int host_put(struct souk_call *call, const char *kind, const struct souk_rows *rows)
{
    struct call *c = call_of(call);
    struct souk_rows given;
    struct err why = { 0 };
    if (!kind || !rows) {
        err_set(&why, ERR_PLUGIN, "put: it needs a kind of record, and rows.");
    } else {
        given = *rows;
        if (lend(c, &wire_rows, &given, &why) == 0)
            store_put(c->import->store, kind, &given, c->import->outcome, c->import->ctx, &why);
    }
    if (!why.code)
        return 0;
    err_set(&c->whole, (enum err_code)why.code, "%s", why.text);
    return note(c, &why);
}

static int host_keep(struct souk_call *call, const char *key, struct souk_str text)
{
    struct call *c = call_of(call);
    struct souk_str given;
    struct err why = { 0 };
    if (!key || !*key)
        err_set(&why, ERR_PLUGIN, "keep: it needs a key.");
    else if (pass(c, &wire_str, &text, &given, &why) == 0)
        store_keep(c->db, c->plugin->id, key, given.at, given.len, &why);
    return why.code ? note(c, &why) : 0;
}

static int host_kept(struct souk_call *call, const char *key, struct souk_str *text)
{
    struct call *c = call_of(call);
    struct err why = { 0 };
    size_t n = 0;
    *text = (struct souk_str){ "", 0, 0 };
    if (!key || !*key)
        err_set(&why, ERR_PLUGIN, "kept: it needs a key.");
    else if (store_kept(c->db, c->a, c->plugin->id, key, &text->at, &n, &why) == -ERR_ABSENT)
        return SOUK_EABSENT;                            /* the usual way to find out: nothing to note */
    text->len = (uint32_t)n;
    if (!why.code)
        lend(c, &wire_str, text, &why);
    return why.code ? note(c, &why) : 0;
}

static const struct souk_import_host import_host = {
    sizeof import_host, 0, host_reject, host_skip
};
static const struct souk_store_host store_host = {
    sizeof store_host, 0, host_put, host_keep, host_kept
};

/* ---- souk.plan/1 ----------------------------------------------------------------------------- */

static int plan_add(struct call *c, const char *command, const struct souk_args *args, struct err *err)
{
    struct souk_args given;
    if (!command || !utf8_is_valid(command, strlen(command)))
        return err_set(err, ERR_PLUGIN, "souk_plan: it needs the name of a command.");
    if (!plugin_may_run(c->plugin, command))
        return err_set(err, ERR_ABSENT, "It plans the command '%.60s', which is not in its .commands.", command);
    int rc = pass(c, &wire_args, args, &given, err);
    return rc ? rc : c->plan->add(c->plan->ctx, arena_text(c->a, command), &given, err);
}

static int host_add(struct souk_call *call, const char *command, const struct souk_args *args)
{
    struct call *c = call_of(call);
    struct err why = { 0 };
    if (plan_add(c, command, args, &why) >= 0)
        return 0;
    err_set(&c->whole, (enum err_code)why.code, "%s", why.text);
    return note(c, &why);
}

static const struct souk_plan_host plan_host = { sizeof plan_host, 0, host_add };

/* ---- souk.check/1 ---------------------------------------------------------------------------- */

/* A sentence of the plugin about a field, in the reader's words. */
static void check_say(struct call *c, const char *field, const struct souk_msg *text,
                      void (*to)(void *ctx, const char *field, const char *text))
{
    struct souk_msg msg;
    struct err why = { 0 };
    struct buf words = { 0 };
    if (field && !utf8_is_valid(field, strlen(field)))
        err_set(&why, ERR_PLUGIN, "check: the name of a field is not UTF-8.");
    else if (pass(c, &wire_msg, text, &msg, &why) == 0 && (!msg.key || !*msg.key))
        err_set(&why, ERR_PLUGIN, "check: it says nothing about '%.60s'.", field ? field : "");
    if (why.code) {
        note(c, &why);
        return;
    }
    word_msg(&words, c, &msg);
    to(c->check->ctx, arena_text(c->a, field ? field : ""), arena_text(c->a, buf_str(&words)));
    buf_free(&words);
}

static void host_wrong(struct souk_call *call, const char *field, const struct souk_msg *text)
{
    check_say(call_of(call), field, text, call_of(call)->check->wrong);
}

static void host_doubt(struct souk_call *call, const char *field, const struct souk_msg *text)
{
    check_say(call_of(call), field, text, call_of(call)->check->doubt);
}

static int host_set(struct souk_call *call, const char *field, const struct souk_value *value)
{
    struct call *c = call_of(call);
    struct err why = { 0 };
    struct souk_args given;
    if (!field || !utf8_is_valid(field, strlen(field)) || !value)
        err_set(&why, ERR_PLUGIN, "set: it needs a field and a value.");
    else if (pass(c, &wire_args, &(const struct souk_args){ &(const struct souk_arg){ field, *value }, 1, 0 }, &given, &why) == 0)
        c->check->set(c->check->ctx, given.at[0].name, &given.at[0].value, &why);
    if (!why.code)
        return 0;
    err_set(&c->whole, (enum err_code)why.code, "%s", why.text);
    return note(c, &why);
}

static const struct souk_check_host check_host = { sizeof check_host, 0, host_wrong, host_doubt, host_set };

/* ---- beginning and end of a call ------------------------------------------------------------- */

static const void *host_get(struct souk_call *call, const char *id)
{
    const struct { const char *id; const void *table; } given[] = {
        { SOUK_VIEW, call->view }, { SOUK_QUERY, call->query }, { SOUK_IMPORT, call->import },
        { SOUK_STORE, call->store }, { SOUK_LOG, call->log }, { SOUK_PLAN, call->plan }, { SOUK_CHECK, call->check },
    };
    for (size_t i = 0; i < COUNT_OF(given); i++)
        if (text_is(given[i].id, id))
            return given[i].table;
    return NULL;
}

static void call_begin(struct call *c, unsigned most_ms, unsigned query_ms)
{
    c->most_ms = most_ms;
    c->query_ms = query_ms;
    c->lent.size = sizeof c->lent;
    c->lent.host = c;
    c->lent.log = &log_host;
    c->lent.get = host_get;
    c->watch = watch_start();
}

/* What a negative code means, in the plugin's own words if it gave some. */
static int call_failed(const struct call *c, int code, const char *what, const char *id,
                       struct err *err)
{
    static const struct { enum err_code code; const char *says; } meaning[] = {
        [-SOUK_ENOTYET] = { ERR_ABSENT, "has no data yet" },
        [-SOUK_EDENIED] = { ERR_DENIED, "may not be seen by this reader" },
        [-SOUK_EINPUT] = { ERR_INPUT, "was given something wrong" },
        [-SOUK_ETIME] = { ERR_TIME, "took too long" },
        [-SOUK_ESDK] = { ERR_PLUGIN, "broke a contract of the SDK" },
        [-SOUK_EHOST] = { ERR_IO, "could not do its work because Souk failed" },
        [-SOUK_EABSENT] = { ERR_PLUGIN, "asked for something that does not exist" },
    };
    if (code < -(int)COUNT_OF(meaning) + 1)
        return err_set(err, ERR_PLUGIN, "The %s '%s' of [%s] ended with the code %d, which the SDK"
                       " does not have.", what, id, c->plugin->name, code);
    enum err_code kind = meaning[-code].code;
    if (code == SOUK_EHOST && c->noted.code)
        kind = (enum err_code)c->noted.code;
    if (c->said.code)
        return err_set(err, kind, "%s", c->said.text);
    return err_set(err, kind, "The %s '%s' of [%s] %s%s%s", what, id, c->plugin->name,
                   meaning[-code].says, c->noted.code ? ": " : ".", c->noted.text);
}

static int call_took(const struct call *c, const char *what, const char *id, struct err *err)
{
    int64_t ms = watch_ms(&c->watch);
    if (ms <= c->most_ms)
        return 0;
    return err_set(err, ERR_TIME, "The %s '%s' of [%s] took %lld ms; it may take %u ms.", what, id,
                   c->plugin->name, (long long)ms, c->most_ms);
}

/* ---- widgets --------------------------------------------------------------------------------- */

static int check_link(const struct plugin *of, const char *query, const struct souk_args *args,
                      struct err *err)
{
    struct err why = { 0 };
    const struct query_info *q = plugin_query(of, query);
    if (!q)
        return err_set(err, ERR_PLUGIN, "The view leads to the query '%s', which [%s] does not"
                       " declare.", query, of->name);
    if (args_check(q, args, &why) < 0)
        return err_set(err, ERR_PLUGIN, "The view leads to a query with wrong arguments: %s",
                       why.text);
    return 0;
}

/* Does every "Why?" and every link lead to a query that answers, every form to a command it may name? */
static int check_links(const struct plugin *of, struct arena *a, const struct view *view,
                       struct err *err)
{
    const struct view_element *e;
    size_t n;
    int rc = view_read(a, buf_str(&view->bytes), view->bytes.len, &e, &n, err);
    for (size_t i = 0; rc == 0 && i < n; i++) {
        const struct souk_why *why = view_why(&e[i]);
        const struct souk_to *to;
        if (why && why->rows)
            rc = check_link(of, why->rows, &why->args, err);
        for (unsigned k = 0; rc == 0 && (to = view_to(&e[i], k)); k++)
            if (to->query)
                rc = check_link(of, to->query, &to->args, err);
        const char *const run[] = { e[i].form.command, e[i].form.also };
        for (size_t k = 0; rc == 0 && e[i].kind == VIEW_FORM && k < COUNT_OF(run); k++)
            if (run[k] && !plugin_may_run(of, run[k]))
                rc = err_set(err, ERR_PLUGIN, "The view has a form for the command '%.60s', which [%s] neither offers"
                             " nor has in its .commands.", run[k], of->name);
    }
    return rc;
}

int desk_render(struct desk *d, struct arena *a, const struct render_setup *what, struct view *view,
                struct err *err)
{
    struct call c = { .desk = d, .plugin = what->plugin, .a = a, .db = what->db,
                      .reader = what->reader, .view = view };
    struct souk_ask ask = *what->ask;
    const char *id = what->widget->id;
    void *self;
    int rc = desk_self(d, what->plugin, &self, err);
    if (rc < 0)
        return rc;
    c.lent.view = &view_host;
    c.lent.query = &query_host;
    call_begin(&c, RENDER_MS, QUERY_MS);
    rc = lend(&c, &wire_ask, &ask, err);
    if (rc < 0)
        return rc;
    int code = what->widget->render(self, &c.lent, &ask);
    if (c.in_snapshot)
        rc = db_end(c.db, 0, err);
    if (rc == 0 && code < 0)
        rc = call_failed(&c, code, "widget", id, err);
    if (rc == 0)
        rc = call_took(&c, "widget", id, err);
    if (rc == 0)
        rc = view_finish(view, err);
    return rc ? rc : check_links(what->plugin, a, view, err);
}

static const char *nothing_chosen(void *ctx, const char *name)
{
    (void)ctx;
    (void)name;
    return NULL;
}

/* The badge that the plugin counts itself. */
static int counted_badge(struct desk *d, struct arena *a, struct db *db, const struct plugin *plugin,
                         const struct souk_widget *widget, int64_t now_s, struct badge *badge, struct err *err)
{
    static const struct reader english = { .language = "en", .zone = "UTC" };
    const struct ask_setup all = { .db = db, .widget = widget, .now_s = now_s, .face = SOUK_CARD,
                                   .text_of = nothing_chosen };
    struct call c = { .desk = d, .plugin = plugin, .a = a, .db = db, .reader = &english };
    struct souk_badge counted = { .size = sizeof counted };
    struct souk_ask ask;
    void *self;
    int rc = desk_self(d, plugin, &self, err);
    if (rc == 0)
        rc = ask_make(a, &all, &ask, err);
    c.lent.query = &query_host;
    call_begin(&c, BADGE_MS, BADGE_MS);
    if (rc == 0)
        rc = lend(&c, &wire_ask, &ask, err);
    if (rc < 0)
        return rc;
    int code = widget->counts(self, &c.lent, &ask, &counted);
    if (c.in_snapshot)
        rc = db_end(c.db, 0, err);
    if (rc == 0 && code < 0)
        rc = call_failed(&c, code, "badge", widget->id, err);
    if (rc == 0)
        rc = call_took(&c, "badge", widget->id, err);
    if (rc == 0)
        *badge = (struct badge){ counted.count, counted.urgent };
    return rc;
}

int desk_badge(struct desk *d, struct arena *a, struct db *db, const struct plugin *plugin,
               const struct souk_widget *widget, int64_t now_s, struct badge *badge, struct err *err)
{
    const struct query_info *q = widget->badge ? plugin_query(plugin, widget->badge) : NULL;
    const struct souk_arg now = { "now", souk_instant(now_s) };
    struct souk_rows rows;
    *badge = (struct badge){ 0 };
    if (!q)
        return widget->counts ? counted_badge(d, a, db, plugin, widget, now_s, badge, err) : 0;
    const struct souk_args args = { &now, (uint32_t)q->n_params, 0 };
    const struct fetch f = { plugin, q, &args, 0, 1, QUERY_MS };
    int rc = fetch(d, a, db, &f, &rows, err);
    if (rc == 0 && rows.n_rows) {
        badge->count = souk_num(&rows, 0, 0, 0);
        badge->urgent = souk_num(&rows, 0, 1, 0);
    }
    return rc;
}

/* ---- commands -------------------------------------------------------------------------------- */

int desk_plan(struct desk *d, struct arena *a, const struct plan_setup *what, struct err *err)
{
    struct call c = { .desk = d, .plugin = what->plugin, .a = a, .db = what->db, .reader = what->reader,
                      .plan = what };
    struct souk_ask ask = *what->ask;
    struct souk_args args = *what->args;
    const char *id = what->command->id;
    void *self;
    int rc = desk_self(d, what->plugin, &self, err);
    if (rc < 0)
        return rc;
    c.lent.query = &query_host;
    c.lent.plan = &plan_host;
    call_begin(&c, PLAN_MS, PLAN_MS);
    rc = lend(&c, &wire_ask, &ask, err);
    if (rc == 0)
        rc = lend(&c, &wire_args, &args, err);
    if (rc < 0)
        return rc;
    int code = what->command->plan(self, &c.lent, &ask, &args);
    if (c.in_snapshot)
        rc = db_end(c.db, 0, err);
    if (rc == 0 && c.whole.code)
        rc = err_set(err, (enum err_code)c.whole.code, "%s", c.whole.text);
    if (rc == 0 && code < 0)
        rc = call_failed(&c, code, "command", id, err);
    return rc ? rc : call_took(&c, "command", id, err);
}

/* ---- settings -------------------------------------------------------------------------------- */

int desk_check(struct desk *d, struct arena *a, const struct check_setup *what, struct err *err)
{
    struct call c = { .desk = d, .plugin = what->plugin, .a = a, .db = what->db, .reader = what->reader, .check = what };
    struct souk_ask ask = *what->ask;
    struct souk_record record = *what->record;
    const char *id = what->settings->id;
    void *self;
    if (what->migrates ? !what->settings->migrate : !what->settings->check)
        return 0;
    int rc = desk_self(d, what->plugin, &self, err);
    if (rc < 0)
        return rc;
    c.lent.query = &query_host;
    c.lent.check = &check_host;
    call_begin(&c, PLAN_MS, PLAN_MS);
    rc = lend(&c, &wire_ask, &ask, err);
    if (rc == 0)
        rc = lend(&c, &wire_record, &record, err);
    if (rc < 0)
        return rc;
    int code = what->migrates ? what->settings->migrate(self, &c.lent, what->from, &record)
               : what->settings->check(self, &c.lent, &ask, &record);
    if (c.in_snapshot)
        rc = db_end(c.db, 0, err);
    if (rc == 0 && c.whole.code)
        rc = err_set(err, (enum err_code)c.whole.code, "%s", c.whole.text);
    if (rc == 0 && code < 0)
        rc = call_failed(&c, code, "settings", id, err);
    return rc ? rc : call_took(&c, "settings", id, err);
}

int desk_choices(struct desk *d, struct arena *a, struct db *db, const struct plugin *plugin, struct souk_field *f,
                 struct err *err)
{
    const struct query_info *q = f->choices_from ? plugin_query(plugin, f->choices_from) : NULL;
    const struct souk_args none = { NULL, 0, 0 };
    struct souk_rows rows;
    if (!q)
        return 0;
    int rc = desk_query(d, a, db, plugin, q, &none, 0, 0, &rows, err);
    if (rc < 0)
        return rc;
    struct souk_choice *choice = arena_zero(a, (rows.n_rows + 1) * sizeof *choice);
    for (uint32_t i = 0; i < rows.n_rows; i++)
        choice[i] = (struct souk_choice){ souk_cell(&rows, i, 0)->text.at, souk_cell(&rows, i, 1)->text.at };
    f->choices = (struct souk_list){ choice, rows.n_rows, sizeof *choice };
    return 0;
}

int desk_notes(struct desk *d, struct arena *a, const struct notes_setup *what, struct view *view, struct err *err)
{
    struct call c = { .desk = d, .plugin = what->plugin, .a = a, .db = what->db, .reader = what->reader, .view = view };
    struct souk_ask ask = *what->ask;
    struct souk_records records = *what->records;
    const char *id = what->settings->id;
    void *self;
    if (!what->settings->notes)
        return 0;
    int rc = desk_self(d, what->plugin, &self, err);
    if (rc < 0)
        return rc;
    c.lent.view = &view_host;
    c.lent.query = &query_host;
    call_begin(&c, RENDER_MS, QUERY_MS);
    rc = lend(&c, &wire_ask, &ask, err);
    if (rc == 0)
        rc = lend(&c, &wire_records, &records, err);
    if (rc < 0)
        return rc;
    int code = what->settings->notes(self, &c.lent, &ask, &records);
    if (c.in_snapshot)
        rc = db_end(c.db, 0, err);
    if (rc == 0 && code < 0)
        rc = call_failed(&c, code, "settings", id, err);
    if (rc == 0)
        rc = call_took(&c, "settings", id, err);
    if (rc == 0)
        rc = view_finish(view, err);
    return rc ? rc : check_links(what->plugin, a, view, err);
}

/* ---- imports --------------------------------------------------------------------------------- */

int desk_import(struct desk *d, struct arena *a, const struct import_call *what,
                const struct souk_rows *rows, struct err *err)
{
    static const struct reader english = { .language = "en", .zone = "UTC" };
    struct call c = { .desk = d, .plugin = what->plugin, .a = a, .db = what->db, .reader = &english,
                      .import = what };
    struct souk_import_file file = *what->file;
    struct souk_rows batch = *rows;
    void *self;
    int rc = desk_self(d, what->plugin, &self, err);
    if (rc < 0)
        return rc;
    c.lent.import = &import_host;
    c.lent.store = &store_host;
    call_begin(&c, BATCH_MS, QUERY_MS);
    rc = lend(&c, &wire_import_file, &file, err);
    if (rc == 0)
        rc = lend(&c, &wire_rows, &batch, err);
    if (rc < 0)
        return rc;
    int code = what->format->rows(self, &c.lent, &file, &batch);
    if (c.whole.code)
        return err_set(err, (enum err_code)c.whole.code, "%s", c.whole.text);
    if (code < 0)
        return call_failed(&c, code, "format", what->format->id, err);
    return call_took(&c, "format", what->format->id, err);
}
