/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page.c: the pages and the API; see page.h for the addresses.
 *
 * A worker is one thread's: its readers of the accounts' databases, its instances of the plugins, and
 * the views it keeps.  A kept view is served again while nothing it was made from has changed: data,
 * policies, days, options; and at most for a minute, since figures such as "late" move with the clock.
 */
#include "page.h"

#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "asset.h"
#include "base/log.h"
#include "base/zone.h"
#include "data/market.h"
#include "face/html.h"
#include "plug/ask.h"

enum { KEPT = 256, KEPT_S = 60, PAGE_ROWS = 100, CSV_ROWS = 100000 };

struct kept {                                           /* a view, by the hash of all it depends on */
    unsigned char key[32];
    int64_t until_s;
    struct buf bytes;
};

struct opened {
    struct opened *next;
    char *account;
    struct db *db;
};

struct worker {
    const struct site *site;
    struct folder *folder;
    struct desk *desk;
    struct opened *opened;
    struct kept kept[KEPT];
};

void *page_worker_new(void *ctx)
{
    struct worker *w = base_alloc(sizeof *w);
    w->site = ctx;
    w->desk = desk_new(w->site->plugins, w->site->policies);
    return w;
}

void page_worker_free(void *worker)
{
    struct worker *w = worker;
    desk_free(w->desk);
    while (w->opened) {
        struct opened *o = w->opened;
        w->opened = o->next;
        db_close(o->db);
        free(o->account);
        free(o);
    }
    for (size_t i = 0; i < KEPT; i++)
        buf_free(&w->kept[i].bytes);
    folder_close(w->folder);
    free(w);
}

static int reader_of(struct worker *w, const char *account, struct db **db, struct err *err)
{
    for (struct opened *o = w->opened; o; o = o->next)
        if (text_is(o->account, account)) {
            *db = o->db;
            return 0;
        }
    if (!w->folder && folder_open(&w->folder, w->site->folder, DB_READ, err) < 0)
        return -err->code;
    if (account_open(w->folder, account, DB_READ, db, err) < 0)
        return -err->code;
    struct opened *o = base_alloc(sizeof *o);
    o->account = base_text(account);
    o->db = *db;
    o->next = w->opened;
    w->opened = o;
    return 0;
}

/* ---- one request -------------------------------------------------------------------------------- */

struct visit {
    struct worker *w;
    const struct http_request *ask;
    struct http_reply *reply;
    struct arena *a;
    struct db *db;
    const char *account;
    const struct souk_widget *widget;                   /* whose own page this is; NULL: none's */
    int64_t now_s;
    struct face face;
    struct html_page page;
    bool is_api;
};

static const struct souk_field *option_at(const struct souk_widget *widget, uint32_t i)
{
    return (const void *)((const char *)widget->options.at + (size_t)i * widget->options.size);
}

static const char *arg_of(void *ctx, const char *name)
{
    return http_arg(((struct visit *)ctx)->ask, name);
}

static void keep_arg(struct visit *v, struct buf *link, const char *name, const char *leave_out)
{
    const char *value = http_arg(v->ask, name);
    if (value && *value && !text_is(name, leave_out))
        link_arg(link, name, value);
}

/* The part of the address that goes along in links: market, period, language, a widget's options. */
static const char *kept_args(struct visit *v, const char *leave_out)
{
    static const char *const names[] = { "market", "period", "lang" };
    struct buf link = { 0 };
    for (size_t i = 0; i < COUNT_OF(names); i++)
        keep_arg(v, &link, names[i], leave_out);
    for (uint32_t i = 0; v->widget && i < v->widget->options.n; i++)
        keep_arg(v, &link, option_at(v->widget, i)->name, leave_out);
    const char *kept = arena_text(v->a, link.len ? link.at + 1 : "");
    buf_free(&link);
    return kept;
}

static char *address(struct visit *v, const char *path, const char *keep, const char *name, const char *value)
{
    struct buf link = { 0 };
    buf_text(&link, path);
    if (*keep) {
        buf_char(&link, '?');
        buf_text(&link, keep);
    }
    if (name)
        link_arg(&link, name, value);
    char *text = arena_text(v->a, buf_str(&link));
    buf_free(&link);
    return text;
}

static char *worded(struct visit *v, const char *key)
{
    struct buf word = { 0 };
    say(&word, &v->face, key);
    char *text = arena_text(v->a, buf_str(&word));
    buf_free(&word);
    return text;
}

static char *plugin_worded(struct visit *v, const struct plugin *p, const char *key)
{
    struct face f = v->face;
    struct buf word = { 0 };
    f.plugin = p;
    say_msg(&word, &f, &(struct souk_msg){ key, { NULL, 0, 0 } });
    char *text = arena_text(v->a, buf_str(&word));
    buf_free(&word);
    return text;
}

static void switches(struct visit *v)
{
    const char *const *ids;
    size_t n;
    struct err err = { 0 };
    struct html_page *page = &v->page;
    const char *path = v->ask->path, *market = http_arg(v->ask, "market"), *period = http_arg(v->ask, "period");
    const struct market *chosen = market && *market ? market_find(market) : NULL;
    if (ask_markets(v->a, v->db, &ids, &n, &err) < 0)
        return;
    if (n > 1) {
        struct html_choice *choice = arena_zero(v->a, (n + 1) * sizeof *choice);
        const char *keep = kept_args(v, "market");
        choice[0] = (struct html_choice){ worded(v, "ribbon.all_markets"), address(v, path, keep, NULL, NULL), !chosen };
        for (size_t i = 0; i < n; i++) {
            const struct market *m = market_by_id(ids[i]);
            choice[i + 1] = (struct html_choice){ m->name, address(v, path, keep, "market", m->code), m == chosen };
        }
        page->markets = choice;
        page->n_markets = n + 1;
    }
    struct html_choice *choice = arena_zero(v->a, 8 * sizeof *choice);
    const char *keep = kept_args(v, "period");
    for (n = 0; ask_periods[n]; n++) {
        struct buf word = { 0 };
        say(&word, &v->face, "ribbon.days", { "n", NULL, atoi(ask_periods[n]) });
        choice[n] = (struct html_choice){ arena_text(v->a, buf_str(&word)), address(v, path, keep, "period", ask_periods[n]),
                                          text_is(ask_periods[n], period && *period ? period : ASK_PERIOD) };
        buf_free(&word);
    }
    page->periods = choice;
    page->n_periods = n;
}

static void page_prepare(struct visit *v, const char *title)
{
    v->page = (struct html_page){
        .face = &v->face, .title = title,
        .css = asset_address("souk.css"), .js = asset_address("souk.js"), .chart_js = asset_address("chart.min.js"),
        .home = "/",
    };
    if (*v->account) {
        struct buf link = { 0 };
        buf_text(&link, "/a/");
        buf_text(&link, v->account);
        buf_char(&link, '/');
        v->page.home = address(v, buf_str(&link), v->face.keep, NULL, NULL);
        buf_free(&link);
    }
}

static void finish(struct visit *v, const char *type)
{
    unsigned char hash[16];
    char *etag = arena_alloc(v->a, sizeof hash * 2 + 1);
    crypto_generichash(hash, sizeof hash, (const unsigned char *)buf_str(&v->reply->body), v->reply->body.len, NULL, 0);
    sodium_bin2hex(etag, sizeof hash * 2 + 1, hash, sizeof hash);
    v->reply->etag = etag;
    v->reply->type = type;
}

static void finish_page(struct visit *v)
{
    html_end(&v->reply->body, &v->page, v->now_s);
    finish(v, "text/html; charset=utf-8");
}

static int status_of(int code)
{
    switch (code) {
    case ERR_INPUT:  return 400;
    case ERR_ABSENT: return 404;
    case ERR_DENIED: return 403;
    case ERR_BUSY: case ERR_TIME: return 503;
    case ERR_FULL:   return 507;
    default:         return 500;
    }
}

static void failed(struct visit *v, const struct err *err)
{
    int status = status_of(err->code);
    char key[24];
    snprintf(key, sizeof key, "status.%d", status);
    if (status >= 500)
        log_warn("page", "%s: %s", v->ask->path, err->text);
    buf_clear(&v->reply->body);
    if (v->is_api) {
        http_problem(v->reply, status, worded(v, key), err->text);
        return;
    }
    v->reply->status = status;
    page_prepare(v, worded(v, key));
    html_error(&v->reply->body, &v->page, status, worded(v, key), err->text);
    html_end(&v->reply->body, &v->page, v->now_s);
    v->reply->type = "text/html; charset=utf-8";
}

/* ---- views -------------------------------------------------------------------------------------- */

static void hash_text(crypto_generichash_state *h, const char *text)
{
    crypto_generichash_update(h, (const unsigned char *)text, strlen(text) + 1);
}

static void hash_int(crypto_generichash_state *h, int64_t n)
{
    crypto_generichash_update(h, (const unsigned char *)&n, sizeof n);
}

static void key_of(struct visit *v, const struct plugin *p, const struct souk_widget *widget,
                   const struct souk_ask *ask, unsigned char key[32])
{
    crypto_generichash_state h;
    struct buf word = { 0 };
    crypto_generichash_init(&h, NULL, 0, 32);
    hash_text(&h, v->account);
    hash_text(&h, widget->id);
    hash_text(&h, p->version);
    hash_int(&h, ask->face);
    hash_int(&h, db_data_version(v->db));
    hash_int(&h, policies_version(v->w->site->policies));
    for (uint32_t i = 0; i < ask->n_markets; i++) {
        const struct souk_market_now *m = souk_market_at(ask, i);
        hash_text(&h, m->id);
        hash_int(&h, m->from);
        hash_int(&h, m->to);
    }
    for (uint32_t i = 0; i < ask->options.n; i++) {
        value_as_text(&word, &ask->options.at[i].value);
        hash_text(&h, buf_str(&word));
        buf_clear(&word);
    }
    buf_free(&word);
    crypto_generichash_final(&h, key, 32);
}

/* Elements of a widget's view, kept or rendered. */
static int view_of(struct visit *v, const struct plugin *p, const struct souk_widget *widget,
                   const struct souk_ask *ask, const struct view_element **e, size_t *n, struct err *err)
{
    unsigned char key[32];
    key_of(v, p, widget, ask, key);
    struct kept *kept = &v->w->kept[key[0] % KEPT];
    if (memcmp(kept->key, key, sizeof key) != 0 || v->now_s >= kept->until_s) {
        struct view view = { 0 };
        struct render_setup setup = { v->db, p, widget, ask, &v->face.reader };
        int rc = desk_render(v->w->desk, v->a, &setup, &view, err);
        if (rc < 0) {
            view_clear(&view);
            return rc;
        }
        int64_t until_s = v->now_s + KEPT_S, midnight = ask_midnight(ask);
        if (midnight < until_s)
            until_s = midnight;
        if (view.until_s && view.until_s < until_s)
            until_s = view.until_s;
        buf_free(&kept->bytes);
        kept->bytes = view.bytes;
        view.bytes = (struct buf){ 0 };
        view_clear(&view);
        memcpy(kept->key, key, sizeof key);
        kept->until_s = until_s;
    }
    return view_read(v->a, buf_str(&kept->bytes), kept->bytes.len, e, n, err);
}

static int ask_for(struct visit *v, const struct souk_widget *widget, uint32_t face, struct souk_ask *ask, struct err *err)
{
    struct ask_setup setup = { v->db, widget, v->now_s, face, arg_of, v };
    return ask_make(v->a, &setup, ask, err);
}

/* What stands in a card's place when there is no view. */
static void put_failure(struct visit *v, const struct err *why)
{
    struct buf text = { 0 };
    if (why->code == ERR_ABSENT)
        say(&text, &v->face, "card.no_data");
    else
        say(&text, &v->face, "card.failed", { "why", why->text, 0 });
    html_notice(&v->reply->body, why->code == ERR_ABSENT ? SOUK_PLAIN : SOUK_BAD, buf_str(&text));
    buf_free(&text);
}

static struct face face_of(struct visit *v, const struct plugin *p, const char *widget)
{
    struct face f = v->face;
    f.plugin = p;
    f.widget = widget;
    return f;
}

struct card {
    const struct plugin *plugin;
    const struct souk_widget *widget;
};

static int by_area(const void *a, const void *b)
{
    const struct card *x = a, *y = b;
    if (x->widget->area != y->widget->area)
        return x->widget->area < y->widget->area ? -1 : 1;
    return strcmp(x->widget->id, y->widget->id);
}

static struct card *cards(struct visit *v, size_t *n)
{
    const struct plugins *all = v->w->site->plugins;
    size_t most = 0;
    for (size_t i = 0; i < plugins_count(all); i++)
        most += plugins_at(all, i)->n_widgets;
    struct card *list = arena_alloc(v->a, (most + 1) * sizeof *list);
    *n = 0;
    for (size_t i = 0; i < plugins_count(all); i++) {
        const struct plugin *p = plugins_at(all, i);
        for (size_t k = 0; k < p->n_widgets; k++)
            list[(*n)++] = (struct card){ p, p->widgets[k] };
    }
    qsort(list, *n, sizeof *list, by_area);
    return list;
}

static int home(struct visit *v, struct err *err)
{
    struct souk_ask first;
    size_t n_cards;
    struct card *card = cards(v, &n_cards);
    struct buf *out = &v->reply->body;
    static const struct souk_widget nothing = { .size = sizeof nothing, .id = "" };
    if (ask_for(v, n_cards ? card[0].widget : &nothing, SOUK_CARD, &first, err) < 0)
        return -err->code;                              /* a market or period that makes no sense */
    page_prepare(v, "");
    v->page.is_home = true;
    switches(v);
    html_begin(out, &v->page);
    if (!first.n_markets)
        html_notice(out, SOUK_INFO, worded(v, "home.nothing_imported"));
    html_grid_begin(out);
    for (size_t i = 0; i < n_cards; i++) {
        const struct view_element *e;
        size_t n;
        struct souk_ask ask;
        struct err why = { 0 };
        struct face f = face_of(v, card[i].plugin, card[i].widget->id);
        struct buf link = { 0 };
        link_widget(&link, &f, card[i].widget->id);
        html_card_begin(out, card[i].widget->id, plugin_worded(v, card[i].plugin, card[i].widget->title),
                        buf_str(&link), card[i].widget->width);
        buf_free(&link);
        if (ask_for(v, card[i].widget, SOUK_CARD, &ask, &why) < 0 ||
            view_of(v, card[i].plugin, card[i].widget, &ask, &e, &n, &why) < 0)
            put_failure(v, &why);
        else
            html_view(out, &f, e, n);
        html_card_end(out);
    }
    html_grid_end(out);
    if (!n_cards)
        html_notice(out, SOUK_WATCH, worded(v, "home.no_widgets"));
    finish_page(v);
    return 0;
}

/* Has the address the arguments of this why?  NULL query: it leads to no rows, but perhaps to a market's policy. */
static bool is_asked(struct visit *v, const struct souk_why *why, const struct query_info *q)
{
    const char *of = http_arg(v->ask, "policy_of");
    if (!text_is(why_key(why), http_arg(v->ask, "why")))
        return false;
    if (!q)
        return !why->rows && text_is(why->market ? why->market : "", of ? of : "");
    bool is_it = text_is(why->rows, q->query->id) && why->args.n == q->n_params;
    struct buf word = { 0 };
    for (uint32_t i = 0; is_it && i < why->args.n; i++) {
        value_as_text(&word, &why->args.at[i].value);
        is_it = text_is(buf_str(&word), http_arg(v->ask, why->args.at[i].name));
        buf_clear(&word);
    }
    buf_free(&word);
    return is_it;
}

static const struct souk_why *asked_why(struct visit *v, const struct view_element *e, size_t n, const struct query_info *q)
{
    for (size_t i = 0; i < n; i++)
        if (view_why(&e[i]) && is_asked(v, view_why(&e[i]), q))
            return view_why(&e[i]);
    return NULL;
}

static void put_why(struct visit *v, const struct face *f, const struct souk_why *why)
{
    struct buf *out = &v->reply->body, word = { 0 };
    html_card_begin(out, "why", worded(v, "why.title"), NULL, 1);
    if (why->formula.key && *why->formula.key) {
        say_msg(&word, f, &why->formula);
        html_paragraph(out, buf_str(&word));
        buf_clear(&word);
    }
    if (why->origin.key && *why->origin.key) {
        say_msg(&word, f, &why->origin);
        html_paragraph(out, buf_str(&word));
        buf_clear(&word);
    }
    if (why->policy && why->market) {
        const struct market *m = market_by_id(why->market);
        struct policy_line line;
        struct err err = { 0 };
        if (m && policy_get(v->w->site->policies, v->a, m->code, why->policy, why->policy_day, &line, &err) == 0) {
            char where[160];
            html_facts_begin(out);
            snprintf(where, sizeof where, "%s = %s", why->policy, line.text);
            html_fact(out, worded(v, "why.policy"), where, NULL);
            html_fact(out, worded(v, "why.policy_about"), line.about, NULL);
            text_day(&word, &f->reader, line.since);
            html_fact(out, worded(v, "why.policy_since"), buf_str(&word), NULL);
            buf_clear(&word);
            html_fact(out, worded(v, "why.policy_source"), line.source,
                      text_starts(line.source, "https://") ? line.source : NULL);
            text_day(&word, &f->reader, line.checked);
            html_fact(out, worded(v, "why.policy_checked"), buf_str(&word), NULL);
            html_facts_end(out);
        } else {
            html_notice(out, SOUK_WATCH, err.text);
        }
    }
    html_card_end(out);
    buf_free(&word);
}

static int widget_page(struct visit *v, const char *id, struct err *err)
{
    const struct plugin *p;
    const struct souk_widget *widget = plugins_widget(v->w->site->plugins, id, &p);
    struct souk_ask ask;
    const struct view_element *e;
    size_t n;
    if (!widget)
        return err_set(err, ERR_ABSENT, "There is no widget '%.60s' here.", id);
    v->widget = widget;
    v->face.keep = kept_args(v, "");
    if (ask_for(v, widget, SOUK_PAGE, &ask, err) < 0)
        return -err->code;
    struct face f = face_of(v, p, widget->id);
    struct buf *out = &v->reply->body;
    page_prepare(v, plugin_worded(v, p, widget->title));
    switches(v);
    html_begin(out, &v->page);
    if (widget->options.n) {
        static const char *const kept[] = { "market", "period", "lang" };
        html_form_begin(out, v->ask->path, worded(v, "options.label"));
        for (size_t i = 0; i < COUNT_OF(kept); i++)
            if (http_arg(v->ask, kept[i]))
                html_form_hidden(out, kept[i], http_arg(v->ask, kept[i]));
        for (uint32_t i = 0; i < widget->options.n; i++)
            html_form_field(out, &f, option_at(widget, i), &ask.options.at[i].value);
        html_form_end(out, worded(v, "options.show"));
    }
    struct err why = { 0 };
    int rc = view_of(v, p, widget, &ask, &e, &n, &why);
    const struct souk_why *shown = rc == 0 ? asked_why(v, e, n, NULL) : NULL;
    if (shown)
        put_why(v, &f, shown);
    html_card_begin(out, widget->id, worded(v, "widget.figures"), NULL, 1);
    if (rc < 0)
        put_failure(v, &why);
    else
        html_view(out, &f, e, n);
    html_card_end(out);
    struct buf api = { 0 };
    buf_printf(&api, "/api/v1/a/%s/widgets/%s", v->account, widget->id);
    html_links_begin(out, worded(v, "links.label"));
    html_link(out, worded(v, "links.json"), address(v, buf_str(&api), v->face.keep, NULL, NULL), false);
    buf_text(&api, ".csv");
    html_link(out, worded(v, "links.csv"), address(v, buf_str(&api), v->face.keep, NULL, NULL), false);
    html_links_end(out);
    buf_free(&api);
    finish_page(v);
    return 0;
}

/* The address of this query with its arguments only, plus one more. */
static char *query_address(struct visit *v, const char *path, const struct query_info *q, const char *name, const char *value)
{
    static const char *const further[] = { "of", "why", "market", "period", "lang" };
    struct buf link = { 0 };
    buf_text(&link, path);
    for (size_t i = 0; i < q->n_params; i++)
        link_arg(&link, q->param[i].name, http_arg(v->ask, q->param[i].name));
    for (size_t i = 0; name && i < COUNT_OF(further); i++) {
        bool is_param = false;
        for (size_t k = 0; k < q->n_params; k++)
            is_param |= text_is(q->param[k].name, further[i]);
        if (!is_param && http_arg(v->ask, further[i]))
            link_arg(&link, further[i], http_arg(v->ask, further[i]));
    }
    if (name)
        link_arg(&link, name, value);
    char *text = arena_text(v->a, buf_str(&link));
    buf_free(&link);
    return text;
}

static void put_query_why(struct visit *v, const struct plugin *p, const struct query_info *q)
{
    const struct plugin *of;
    const char *id = http_arg(v->ask, "of");
    const struct souk_widget *widget = id ? plugins_widget(v->w->site->plugins, id, &of) : NULL;
    struct souk_ask ask;
    struct err err = { 0 };
    const struct view_element *e;
    size_t n;
    if (!widget || of != p)
        return;
    for (uint32_t shape = SOUK_CARD; shape <= SOUK_PAGE; shape++) {     /* a page has more figures than a card */
        if (ask_for(v, widget, shape, &ask, &err) < 0 || view_of(v, p, widget, &ask, &e, &n, &err) < 0)
            return;
        const struct souk_why *why = asked_why(v, e, n, q);
        if (why) {
            struct face f = face_of(v, p, widget->id);
            put_why(v, &f, why);
            return;
        }
    }
}

static int query_page(struct visit *v, const char *plugin, const char *id, bool as_csv, struct err *err)
{
    const struct plugin *p = plugins_named(v->w->site->plugins, plugin);
    const struct query_info *q = p && p->state == PLUGIN_LOADED ? plugin_query(p, id) : NULL;
    struct souk_args args;
    struct souk_rows rows;
    int64_t page = 1;
    const char *at = http_arg(v->ask, "page");
    if (!q)
        return err_set(err, ERR_ABSENT, "There is no query '%.60s' in a plugin '%.60s'.", id, plugin);
    if (at && (!text_int(at, &page) || page < 1 || page > 1000000))
        return err_set(err, ERR_INPUT, "'%.20s' is no page number.", at);
    if (query_args(v->a, q, arg_of, v, &args, err) < 0)
        return -err->code;
    uint32_t limit = as_csv ? CSV_ROWS : PAGE_ROWS, from = as_csv ? 0 : (uint32_t)(page - 1) * PAGE_ROWS;
    if (desk_query(v->w->desk, v->a, v->db, p, q, &args, from, limit, &rows, err) < 0)
        return -err->code;
    struct face f = face_of(v, p, NULL);
    struct buf *out = &v->reply->body;
    if (as_csv) {
        csv_rows(out, &f, &rows, q->column, q->n_columns);
        v->reply->file_name = arena_printf(v->a, "%s-%s.csv", p->name, q->query->id);
        finish(v, "text/csv; charset=utf-8; header=present");
        return 0;
    }
    if (v->is_api) {
        json_t *j = json_rows(&f, &rows, q->column, q->n_columns);
        json_object_set_new(j, "query", json_string(q->query->id));
        json_object_set_new(j, "page", json_integer(page));
        json_write(out, j);
        finish(v, "application/json");
        return 0;
    }
    const char *title = plugin_worded(v, p, q->query->title);
    page_prepare(v, title);
    html_begin(out, &v->page);
    if (q->query->about && *q->query->about)
        html_paragraph(out, plugin_worded(v, p, q->query->about));
    put_query_why(v, p, q);
    html_facts_begin(out);
    for (uint32_t i = 0; i < args.n; i++) {
        struct buf name = { 0 }, value = { 0 };
        say_column(&name, &f, args.at[i].name);
        say_value(&value, &f, &args.at[i].value);
        html_fact(out, buf_str(&name), buf_str(&value), NULL);
        buf_free(&name);
        buf_free(&value);
    }
    html_facts_end(out);
    struct buf count = { 0 };
    if (rows.n_rows)
        say(&count, &v->face, "rows.shown", { "from", NULL, (int64_t)from + 1 }, { "to", NULL, (int64_t)from + rows.n_rows });
    else
        say(&count, &v->face, "rows.none");
    html_paragraph(out, buf_str(&count));
    buf_free(&count);
    if (rows.n_rows)
        html_rows(out, &f, title, &rows, q->column, q->n_columns);
    html_links_begin(out, worded(v, "links.label"));
    if (page > 1)
        html_link(out, worded(v, "rows.before"), query_address(v, v->ask->path, q, "page", arena_printf(v->a, "%d", (int)page - 1)), false);
    if (rows.is_cut)
        html_link(out, worded(v, "rows.next"), query_address(v, v->ask->path, q, "page", arena_printf(v->a, "%d", (int)page + 1)), false);
    html_link(out, worded(v, "links.csv"), query_address(v, arena_printf(v->a, "%s.csv", v->ask->path), q, NULL, NULL), false);
    for (size_t i = 0; i < p->n_widgets; i++) {         /* back to where its figures stand */
        struct buf link = { 0 };
        link_widget(&link, &v->face, p->widgets[i]->id);
        html_link(out, plugin_worded(v, p, p->widgets[i]->title), arena_text(v->a, buf_str(&link)), false);
        buf_free(&link);
    }
    html_links_end(out);
    finish_page(v);
    return 0;
}

/* ---- API ---------------------------------------------------------------------------------------- */

static int widgets_json(struct visit *v)
{
    size_t n;
    struct card *card = cards(v, &n);
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(list, json_pack("{s:s, s:s, s:i, s:s}", "id", card[i].widget->id,
            "title", plugin_worded(v, card[i].plugin, card[i].widget->title), "area", (int)card[i].widget->area,
            "plugin", card[i].plugin->id));
    json_write(&v->reply->body, json_pack("{s:o}", "widgets", list));
    finish(v, "application/json");
    return 0;
}

static int widget_api(struct visit *v, const char *id, bool as_csv, struct err *err)
{
    const struct plugin *p;
    const struct souk_widget *widget = plugins_widget(v->w->site->plugins, id, &p);
    struct souk_ask ask;
    const struct view_element *e;
    size_t n;
    if (!widget)
        return err_set(err, ERR_ABSENT, "There is no widget '%.60s' here; the list is at /api/v1/a/%s/widgets.", id, v->account);
    if (ask_for(v, widget, SOUK_PAGE, &ask, err) < 0)
        return -err->code;
    struct face f = face_of(v, p, widget->id);
    int rc = view_of(v, p, widget, &ask, &e, &n, err);
    if (rc < 0 && err->code != ERR_ABSENT)
        return rc;
    if (rc < 0)
        n = 0;                                          /* no data yet: a document without elements */
    err_clear(err);
    if (as_csv) {
        csv_view(&v->reply->body, &f, e, n);
        v->reply->file_name = arena_printf(v->a, "%s-%s.csv", v->account, widget->id);
        finish(v, "text/csv; charset=utf-8; header=present");
    } else {
        struct buf as_of = { 0 };
        buf_instant(&as_of, v->now_s);
        json_write(&v->reply->body, json_pack("{s:s, s:s, s:s, s:s, s:o}", "account", v->account, "widget", widget->id,
            "title", plugin_worded(v, p, widget->title), "as_of", buf_str(&as_of), "elements", json_view(&f, e, n)));
        buf_free(&as_of);
        finish(v, "application/json");
    }
    return 0;
}

/* ---- where to ----------------------------------------------------------------------------------- */

static int start_page(struct visit *v, struct err *err)
{
    const char *const *names;
    size_t n;
    if (!v->w->folder && folder_open(&v->w->folder, v->w->site->folder, DB_READ, err) < 0)
        return -err->code;
    if (account_names(v->w->folder, v->a, &names, &n, err) < 0)
        return -err->code;
    if (n == 1) {
        v->reply->status = 303;
        v->reply->location = arena_printf(v->a, "/a/%s/", names[0]);
        v->reply->type = "text/plain; charset=utf-8";
        return 0;
    }
    page_prepare(v, worded(v, "accounts.title"));
    html_begin(&v->reply->body, &v->page);
    if (!n)
        html_notice(&v->reply->body, SOUK_INFO, worded(v, "accounts.none"));
    html_links_begin(&v->reply->body, worded(v, "accounts.title"));
    for (size_t i = 0; i < n; i++)
        html_link(&v->reply->body, names[i], arena_printf(v->a, "/a/%s/", names[i]), false);
    html_links_end(&v->reply->body);
    finish_page(v);
    return 0;
}

static int ready(struct visit *v, struct err *err)
{
    size_t refused = 0, n_names;
    const char *const *names;
    const struct plugins *all = v->w->site->plugins;
    for (size_t i = 0; i < plugins_count(all); i++)
        refused += plugins_at(all, i)->state == PLUGIN_REFUSED;
    if (!v->w->folder && folder_open(&v->w->folder, v->w->site->folder, DB_READ, err) < 0)
        return -err->code;
    if (account_names(v->w->folder, v->a, &names, &n_names, err) < 0)
        return -err->code;
    json_write(&v->reply->body, json_pack("{s:s, s:i, s:i, s:i}", "status", "ready", "accounts", (int)n_names,
                                          "plugins", (int)plugins_count(all), "plugins_refused", (int)refused));
    v->reply->type = "application/json";
    return 0;
}

/* Cuts `end` off a word, in place. */
static bool cut_end(char *word, const char *end)
{
    if (!text_ends(word, end))
        return false;
    word[strlen(word) - strlen(end)] = '\0';
    return true;
}

static int route(struct visit *v, struct err *err)
{
    char *part[8] = { 0 }, *save = NULL;
    size_t n = 0;
    const char *path = v->ask->path;
    bool ends_in_slash = text_ends(path, "/");
    if (asset_answer(v->ask, v->reply))
        return 0;
    for (char *word = strtok_r(arena_text(v->a, path), "/", &save); word && n < COUNT_OF(part); word = strtok_r(NULL, "/", &save))
        part[n++] = word;
    v->is_api = n >= 1 && text_is(part[0], "api");
    if (n == 0)
        return start_page(v, err);
    if (n == 1 && text_is(part[0], "healthz")) {
        buf_text(&v->reply->body, "{\"status\":\"alive\"}");
        v->reply->type = "application/json";
        return 0;
    }
    if (n == 1 && text_is(part[0], "readyz")) {
        v->is_api = true;
        return ready(v, err);
    }
    size_t at = v->is_api ? 2 : 0;                      /* where "a" stands */
    if (v->is_api && (n < 2 || !text_is(part[1], "v1")))
        return err_set(err, ERR_ABSENT, "There is nothing at %.200s; the API is at /api/v1/.", path);
    if (n < at + 2 || !text_is(part[at], "a"))
        return err_set(err, ERR_ABSENT, "There is nothing at %.200s.", path);
    if (reader_of(v->w, part[at + 1], &v->db, err) < 0)
        return -err->code;
    v->account = v->face.account = part[at + 1];
    if (!v->is_api && n == 2) {
        if (!ends_in_slash) {
            v->reply->status = 301;
            v->reply->location = arena_printf(v->a, "/a/%s/", v->account);
            v->reply->type = "text/plain; charset=utf-8";
            return 0;
        }
        return home(v, err);
    }
    if (!v->is_api && n == 4 && text_is(part[2], "w"))
        return widget_page(v, part[3], err);
    if (!v->is_api && n == 5 && text_is(part[2], "q")) {
        bool as_csv = cut_end(part[4], ".csv");
        return query_page(v, part[3], part[4], as_csv, err);
    }
    if (v->is_api && n == 5 && text_is(part[4], "widgets"))
        return widgets_json(v);
    if (v->is_api && n == 6 && text_is(part[4], "widgets")) {
        bool as_csv = cut_end(part[5], ".csv");
        return widget_api(v, part[5], as_csv, err);
    }
    if (v->is_api && n == 7 && text_is(part[4], "q"))
        return query_page(v, part[5], part[6], false, err);
    return err_set(err, ERR_ABSENT, "There is nothing at %.200s.", path);
}

int page_setup(struct err *err)
{
    return asset_setup(err);
}

void page_answer(void *ctx, void *worker, const struct http_request *ask, struct http_reply *reply)
{
    const struct site *site = ctx;
    const char *language = http_arg(ask, "lang");
    struct visit v = {
        .w = worker, .ask = ask, .reply = reply, .a = ask->arena, .account = "", .now_s = clock_now(),
        .face = {
            .plugins = site->plugins, .texts = site->texts, .account = "",
            .reader = { .language = text_is(language, "en") || text_is(language, "en-XA") ? language : site->language,
                        .zone = "UTC" },
        },
    };
    struct err err = { 0 };
    const char *chosen = http_arg(ask, "market");
    const struct market *market = chosen ? market_find(chosen) : NULL;
    if (market)
        v.face.reader.zone = market->zone;              /* one market: its own time */
    v.face.keep = kept_args(&v, "");
    if (route(&v, &err) < 0)
        failed(&v, &err);
}
