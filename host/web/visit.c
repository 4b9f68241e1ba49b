/* SPDX-License-Identifier: Apache-2.0 */
/*
 * visit.c: what every page needs: the thread's databases and plugins, links, texts, frame, refusals.
 */
#include "visit.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "asset.h"
#include "base/log.h"
#include "base/zone.h"
#include "data/market.h"
#include "data/touched.h"
#include "plug/ask.h"
#include "shelf.h"

struct opened {
    struct opened *next;
    char *account;
    struct db *db;
    int64_t data_version;                               /* of db, when the areas were read */
    int64_t area[TOUCHED_AREAS];
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
    db_close(w->souk);
    kept_free(w);
    ribbon_free(w);
    shelf_free(w->shelf);
    free(w->shelf_language);
    folder_close(w->folder);
    free(w);
}

int visit_folder(struct visit *v, struct err *err)
{
    struct worker *w = v->w;
    return w->folder ? 0 : folder_open(&w->folder, w->site->folder, DB_READ, err);
}

int visit_account(struct visit *v, const char *account, struct err *err)
{
    struct opened *o = v->w->opened;
    while (o && !text_is(o->account, account))
        o = o->next;
    if (!o) {
        struct db *db;
        if (visit_folder(v, err) < 0 || account_open(v->w->folder, account, DB_READ, &db, err) < 0)
            return -err->code;
        o = base_alloc(sizeof *o);
        o->account = base_text(account);
        o->db = db;
        o->data_version = -1;
        o->next = v->w->opened;
        v->w->opened = o;
    }
    v->account = v->face.account = o->account;
    v->db = o->db;
    v->opened = o;
    return preferences_apply(v, err);
}

int visit_shelf(struct visit *v, const struct shelf **shelf, struct err *err)
{
    struct worker *w = v->w;
    const char *const *ids;
    const int64_t *area;
    struct article *own;
    size_t n, n_own;
    int64_t policies = policies_version(w->site->policies);
    int32_t day = (int32_t)(v->now_s / 86400);
    if (visit_areas(v, &area, err) < 0)
        return -err->code;
    int64_t content = touched_sum(area, TOUCHED_CONTENT);
    if (!w->shelf || w->shelf_account != v->account || !text_is(w->shelf_language, v->face.reader.language) ||
        w->shelf_policies != policies || w->shelf_day != day || w->shelf_content != content) {
        if (ask_markets(v->a, v->db, &ids, &n, err) < 0 || article_list(v->db, v->a, &own, &n_own, err) < 0)
            return -err->code;
        const struct shelf_setup setup = {
            .content = w->site->content, .site_content = w->site->site_content, .own = own, .n_own = n_own,
            .plugins = w->site->plugins, .policies = w->site->policies, .texts = w->site->texts,
            .language = v->face.reader.language, .markets = ids, .n_markets = n, .day = day,
        };
        shelf_free(w->shelf);
        free(w->shelf_language);
        w->shelf = shelf_new(&setup);
        w->shelf_account = v->account;
        w->shelf_language = base_text(v->face.reader.language);
        w->shelf_policies = policies;
        w->shelf_day = day;
        w->shelf_content = content;
    }
    *shelf = w->shelf;
    return 0;
}

/* Most of the time nobody has written, which one look at the file tells. */
int visit_areas(struct visit *v, const int64_t **version, struct err *err)
{
    struct opened *o = v->opened;
    int64_t now = db_data_version(o->db);
    if (now < 0 || now != o->data_version) {
        if (touched_read(o->db, o->area, err) < 0)
            return -err->code;
        o->data_version = now;
    }
    *version = o->area;
    return 0;
}

/* ---- what was asked, and links ------------------------------------------------------------------- */

const char *visit_part(const struct visit *v, const char *name)
{
    for (size_t i = 0; i < COUNT_OF(v->part); i++)
        if (text_is(v->part[i].name, name))
            return v->part[i].value;
    return "";
}

const struct souk_field *visit_option(const struct souk_widget *widget, uint32_t i)
{
    return (const void *)((const char *)widget->options.at + (size_t)i * widget->options.size);
}

const char *visit_arg(void *ctx, const char *name)
{
    const struct visit *v = ctx;
    return v->args ? pairs_value(v->args, name) : http_arg(v->ask, name);
}

static bool arg_at(const struct visit *v, size_t i, const char **name, const char **value)
{
    return v->args ? pairs_at(v->args, i, name, value) : http_arg_at(v->ask, i, name, value);
}

static void keep_arg(struct visit *v, struct buf *link, const char *name, const char *leave_out)
{
    const char *value = visit_arg(v, name);
    if (value && *value && !text_is(name, leave_out))
        link_arg(link, name, value);
}

const char *visit_keep(struct visit *v, const char *leave_out)
{
    static const char *const names[] = { "market", "period", "lang" };
    struct buf link = { 0 };
    for (size_t i = 0; i < COUNT_OF(names); i++)
        keep_arg(v, &link, names[i], leave_out);
    for (uint32_t i = 0; v->widget && i < v->widget->options.n; i++)
        keep_arg(v, &link, visit_option(v->widget, i)->name, leave_out);
    const char *kept = arena_text(v->a, link.len ? link.at + 1 : "");
    buf_free(&link);
    return kept;
}

const char *visit_own(struct visit *v)
{
    struct buf link = { 0 };
    for (uint32_t i = 0; v->widget && i < v->widget->options.n; i++)
        keep_arg(v, &link, visit_option(v->widget, i)->name, "");
    const char *own = arena_text(v->a, link.len ? link.at + 1 : "");
    buf_free(&link);
    return own;
}

char *visit_link(struct visit *v, const char *path, const char *keep, const char *name, const char *value)
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

char *visit_say(struct visit *v, const char *key)
{
    struct buf word = { 0 };
    say(&word, &v->face, key);
    char *text = arena_text(v->a, buf_str(&word));
    buf_free(&word);
    return text;
}

char *visit_plugin_say(struct visit *v, const struct plugin *p, const char *key)
{
    struct face f = v->face;
    struct buf word = { 0 };
    f.plugin = p;
    say_msg(&word, &f, &(struct souk_msg){ key, { NULL, 0, 0 } });
    char *text = arena_text(v->a, buf_str(&word));
    buf_free(&word);
    return text;
}

const char *visit_here(struct visit *v)
{
    struct buf link = { 0 };
    const char *name, *value;
    if (text_is(v->method, "POST"))                /* a form names the page that it stood on */
        return NULL;
    buf_text(&link, v->path);
    for (size_t i = 0; arg_at(v, i, &name, &value); i++)
        if (*name != '_')                               /* what is said once: see page_do.c */
            link_arg(&link, name, value);
    const char *here = arena_text(v->a, buf_str(&link));
    buf_free(&link);
    return here;
}

struct face visit_face(struct visit *v, const struct plugin *p, const char *widget)
{
    struct face f = v->face;
    f.plugin = p;
    f.widget = widget;
    return f;
}

/* ---- the frame ----------------------------------------------------------------------------------- */

void visit_switches(struct visit *v)
{
    const char *const *ids;
    size_t n;
    struct err err = { 0 };
    struct html_page *page = &v->page;
    const char *path = v->path, *market = visit_arg(v, "market"), *period = visit_arg(v, "period");
    const struct market *chosen = market && *market ? market_find(market) : NULL;
    if (ask_markets(v->a, v->db, &ids, &n, &err) < 0)
        return;
    if (n > 1) {
        struct html_choice *choice = arena_zero(v->a, (n + 1) * sizeof *choice);
        const char *keep = visit_keep(v, "market");
        choice[0] = (struct html_choice){ visit_say(v, "ribbon.all_markets"), visit_link(v, path, keep, NULL, NULL), !chosen };
        for (size_t i = 0; i < n; i++) {
            const struct market *m = market_by_id(ids[i]);
            choice[i + 1] = (struct html_choice){ m->name, visit_link(v, path, keep, "market", m->code), m == chosen };
        }
        page->markets = choice;
        page->n_markets = n + 1;
    }
    struct html_choice *choice = arena_zero(v->a, 8 * sizeof *choice);
    const char *keep = visit_keep(v, "period");
    for (n = 0; ask_periods[n]; n++) {
        struct buf word = { 0 };
        say(&word, &v->face, "ribbon.days", { "n", NULL, atoi(ask_periods[n]) });
        choice[n] = (struct html_choice){ arena_text(v->a, buf_str(&word)), visit_link(v, path, keep, "period", ask_periods[n]),
                                          text_is(ask_periods[n], period && *period ? period : ASK_PERIOD) };
        buf_free(&word);
    }
    page->periods = choice;
    page->n_periods = n;
}

/* Those of every page, and the page's own. */
static const char *const *all_scripts(struct visit *v)
{
    static const char *const always[] = { "chart.min.js", "souk.js", "live.js" };
    size_t n = 0, own = 0;
    while (v->scripts && v->scripts[own])
        own++;
    const char **list = arena_alloc(v->a, (COUNT_OF(always) + own + 1) * sizeof *list);
    for (size_t i = 0; i < COUNT_OF(always); i++)
        list[n++] = asset_address(always[i]);
    for (size_t i = 0; i < own; i++)
        list[n++] = asset_address(v->scripts[i]);
    list[n] = NULL;
    return list;
}

void visit_page(struct visit *v, const char *title)
{
    v->page = (struct html_page){
        .face = &v->face, .title = title,
        .css = asset_address("souk.css"), .scripts = all_scripts(v),
        .home = "/",
    };
    if (*v->account) {
        struct buf link = { 0 };
        buf_text(&link, "/a/");
        buf_text(&link, v->account);
        buf_char(&link, '/');
        v->page.home = visit_link(v, buf_str(&link), v->face.keep, NULL, NULL);
        v->page.events = arena_printf(v->a, "%sevents", buf_str(&link));
        buf_free(&link);
        ribbon_put(v);
        v->page.person = v->who.user ? v->who.name : NULL;
        v->page.said = do_said(v);
        v->page.refused = v->face.again ? v->face.again->fault : NULL;
    }
}

void visit_done(struct visit *v, const char *type)
{
    unsigned char hash[16];
    char *etag = arena_alloc(v->a, sizeof hash * 2 + 1);
    crypto_generichash(hash, sizeof hash, (const unsigned char *)buf_str(&v->reply->body), v->reply->body.len, NULL, 0);
    sodium_bin2hex(etag, sizeof hash * 2 + 1, hash, sizeof hash);
    v->reply->etag = etag;
    v->reply->type = type;
}

void visit_page_done(struct visit *v)
{
    html_end(&v->reply->body, &v->page, v->now_s);
    visit_done(v, "text/html; charset=utf-8");
}

void visit_lead(struct visit *v, int status, const char *location)
{
    v->reply->status = status;
    v->reply->location = location;
    v->reply->type = "text/plain; charset=utf-8";
}

int visit_status(int code)
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

void visit_refused(struct visit *v, int status, const char *why)
{
    char key[24];
    snprintf(key, sizeof key, "status.%d", status);
    buf_clear(&v->reply->body);
    if (v->is_api) {
        http_problem(v->reply, status, visit_say(v, key), why);
        return;
    }
    v->reply->status = status;
    visit_page(v, visit_say(v, key));
    html_error(&v->reply->body, &v->page, status, visit_say(v, key), why);
    html_end(&v->reply->body, &v->page, v->now_s);
    v->reply->type = "text/html; charset=utf-8";
}

void visit_failed(struct visit *v, const struct err *err)
{
    int status = visit_status(err->code);
    if (status >= 500)
        log_warn("page", "%s: %s", v->path, err->text);
    visit_refused(v, status, err->text);
}
