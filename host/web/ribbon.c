/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ribbon.c: what stands at the top of a page: what the widgets' badges count, help, search, the menu.
 *
 * A page of the host appears here as soon as its route is in the table of page.c.
 */
#include "visit.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "face/due.h"

enum { COUNTED = 64, MINUTE_S = 60 };

static const struct souk_widget due_widget;             /* stands for the deadlines among the widgets that count */

struct counted {                                        /* a badge, as it was when it was asked last */
    const char *account;                                /* the worker's own: see visit_account */
    const struct souk_widget *widget;
    int64_t data_version, minute;
    struct badge badge;
};

void ribbon_free(struct worker *w)
{
    free(w->counted);
}

/* Badges of one account follow each other in the table; a full one begins anew. */
static struct counted *place_of(struct worker *w, const char *account, const struct souk_widget *widget)
{
    if (!w->counted)
        w->counted = base_alloc(COUNTED * sizeof *w->counted);
    for (size_t i = 0; i < COUNTED; i++) {
        struct counted *c = &w->counted[i];
        if (!c->widget)
            *c = (struct counted){ .account = account, .widget = widget, .minute = -1 };
        if (c->account == account && c->widget == widget)
            return c;
    }
    memset(w->counted, 0, COUNTED * sizeof *w->counted);
    *w->counted = (struct counted){ .account = account, .widget = widget, .minute = -1 };
    return w->counted;
}

struct badge ribbon_badge(struct visit *v, const struct plugin *p, const struct souk_widget *widget)
{
    static const struct badge nothing = { 0, 0 };
    if (!widget_has_badge(widget) || !v->db)
        return nothing;
    struct counted *c = place_of(v->w, v->account, widget);
    int64_t version = db_data_version(v->db), minute = v->now_s / MINUTE_S;
    struct err why = { 0 };
    if (c->minute == minute && c->data_version == version)
        return c->badge;
    c->minute = minute;
    c->data_version = version;
    if (desk_badge(v->w->desk, v->a, v->db, p, widget, v->now_s, &c->badge, &why) < 0)
        log_warn("page", "badge of %s: %s", widget->id, why.text);
    return c->badge;
}

const char *ribbon_urgent(struct visit *v, const struct souk_widget *widget, const struct badge *badge)
{
    struct buf word = { 0 };
    if (!badge->urgent)
        return NULL;
    if (widget->ribbon == SOUK_RIBBON_MESSAGES)
        say(&word, &v->face, "badge.over_24_h", { "n", NULL, badge->urgent });
    else
        say(&word, &v->face, "badge.urgent", { "n", NULL, badge->urgent });
    const char *text = arena_text(v->a, buf_str(&word));
    buf_free(&word);
    return text;
}

/* Is there a page of this name, and may they look at it? */
bool route_is_open(const struct visit *v, const char *name)
{
    for (size_t i = 0; page_route(i); i++)
        if (text_is(page_route(i)->name, name))
            return authz(&v->who, page_route(i)->right, page_route(i)->object);
    return false;
}

static const char *address(struct visit *v, const char *end)
{
    return visit_link(v, arena_printf(v->a, "/a/%s/%s", v->account, end), v->face.keep, NULL, NULL);
}

/* What is over or due today, looked at once a minute while the data stays the same; kept beside the badges. */
static void count_due(struct visit *v, struct html_entry *entry)
{
    struct counted *c = place_of(v->w, v->account, &due_widget);
    int64_t version = db_data_version(v->db), minute = v->now_s / MINUTE_S;
    if (c->minute != minute || c->data_version != version) {
        struct deadline *list;
        struct err why = { 0 };
        size_t n = 0, over = 0;
        c->minute = minute;
        c->data_version = version;
        if (deadline_list(v->db, v->w->site->policies, v->a, v->now_s, &list, &n, &why) < 0)
            log_warn("page", "deadlines: %s", why.text);
        else
            c->badge.count = (int64_t)due_today(&v->face, list, n, v->now_s, &over);
        c->badge.urgent = (int64_t)over;
    }
    entry->count = c->badge.count;
    if (c->badge.urgent) {
        struct buf word = { 0 };
        say(&word, &v->face, "badge.over", { "n", NULL, c->badge.urgent });
        entry->urgent = arena_text(v->a, buf_str(&word));
        buf_free(&word);
    }
}

/* Pages of the host, if their routes are there. */
struct host_page {
    const char *route, *end, *text;
};

static void add_pages(struct visit *v, const struct host_page *page, size_t n, struct html_entry *entry, size_t *used)
{
    for (size_t i = 0; i < n; i++) {
        if (!route_is_open(v, page[i].route))
            continue;
        const char *path = arena_printf(v->a, "/a/%s/%s", v->account, page[i].end);
        entry[(*used)++] = (struct html_entry){
            .text = visit_say(v, page[i].text), .href = address(v, page[i].end), .is_here = text_is(path, v->path),
        };
        if (text_is(page[i].route, "deadlines"))
            count_due(v, &entry[*used - 1]);
    }
}

/* The widgets that stand in the ribbon, in its order. */
static void add_widgets(struct visit *v, struct html_entry *entry, size_t *used, size_t most)
{
    static const char *const texts[] = { NULL, "ribbon.messages", "ribbon.notices", "ribbon.deadlines" };
    const struct plugins *all = v->w->site->plugins;
    for (uint32_t place = SOUK_RIBBON_MESSAGES; place <= SOUK_RIBBON_DEADLINES; place++)
        for (size_t i = 0; i < plugins_count(all); i++) {
            const struct plugin *p = plugins_at(all, i);
            for (size_t k = 0; k < p->n_widgets && *used < most; k++) {
                const struct souk_widget *w = p->widgets[k];
                if (w->ribbon != place || !visit_sees(v, "widget", w->id))
                    continue;
                struct badge badge = ribbon_badge(v, p, w);
                const char *path = arena_printf(v->a, "/a/%s/w/%s", v->account, w->id);
                entry[(*used)++] = (struct html_entry){
                    .text = visit_say(v, texts[place]), .href = visit_link(v, path, v->face.keep, NULL, NULL),
                    .count = badge.count, .urgent = ribbon_urgent(v, w, &badge), .is_here = text_is(path, v->path),
                };
            }
        }
}

/* Widgets of no area: pages that need no card. */
static void add_menu(struct visit *v, struct html_entry *entry, size_t *used, size_t most)
{
    const struct plugins *all = v->w->site->plugins;
    for (size_t i = 0; i < plugins_count(all); i++) {
        const struct plugin *p = plugins_at(all, i);
        for (size_t k = 0; k < p->n_widgets && *used < most; k++) {
            const char *path = arena_printf(v->a, "/a/%s/w/%s", v->account, p->widgets[k]->id);
            if (p->widgets[k]->area == 0 && visit_sees(v, "widget", p->widgets[k]->id))
                entry[(*used)++] = (struct html_entry){
                    .text = visit_plugin_say(v, p, p->widgets[k]->title),
                    .href = visit_link(v, path, v->face.keep, NULL, NULL), .is_here = text_is(path, v->path),
                };
        }
    }
}

/* The settings modules that are loaded, first in the menu. */
static void add_settings(struct visit *v, struct html_entry *entry, size_t *used, size_t most)
{
    const struct settings_info **list;
    const struct plugin **of;
    size_t n = settings_modules(v, &list, &of);
    for (size_t i = 0; i < n && *used < most; i++) {
        const struct souk_settings *s = list[i]->settings;
        if (!settings_seen(v, s))
            continue;
        const char *path = arena_printf(v->a, "/a/%s/settings/%s", v->account, s->id);
        entry[(*used)++] = (struct html_entry){
            .text = visit_plugin_say(v, of[i], s->title), .href = visit_link(v, path, v->face.keep, NULL, NULL),
            .is_here = text_is(path, v->path),
        };
    }
}

/* What the modules that this reader sees tell everybody: a row of their query is a sentence. */
static void add_banners(struct visit *v)
{
    enum { MOST = 5 };
    static const struct souk_args none = { NULL, 0, 0 };
    const struct settings_info **list;
    const struct plugin **of;
    size_t n = settings_modules(v, &list, &of), n_banners = 0;
    struct html_entry *banner = arena_zero(v->a, MOST * sizeof *banner);
    for (size_t i = 0; i < n; i++) {
        const struct souk_settings *s = list[i]->settings;
        const struct query_info *q = s->banner && settings_seen(v, s) ? plugin_query(of[i], s->banner) : NULL;
        struct souk_rows rows;
        struct err ignored = { 0 };
        if (!q || desk_query(v->w->desk, v->a, v->db, of[i], q, &none, 0, MOST, &rows, &ignored) < 0)
            continue;
        const struct face f = visit_face(v, of[i], NULL);
        for (uint32_t r = 0; r < rows.n_rows && n_banners < MOST; r++) {
            struct souk_arg *arg = arena_alloc(v->a, (q->n_columns + 1) * sizeof *arg);
            struct buf words = { 0 };
            for (size_t c = 0; c < q->n_columns; c++) {
                const struct souk_value *is = souk_cell(&rows, r, (uint32_t)c);
                arg[c] = (struct souk_arg){ q->column[c].name, is->type == SOUK_NONE ? souk_text("") : *is };
            }
            say_msg(&words, &f, &(const struct souk_msg){ s->banner_text, { arg, (uint32_t)q->n_columns, 0 } });
            banner[n_banners++] = (struct html_entry){
                .text = arena_text(v->a, buf_str(&words)),
                .href = visit_link(v, arena_printf(v->a, "/a/%s/settings/%s", v->account, s->id), v->face.keep, NULL, NULL),
            };
            buf_free(&words);
        }
    }
    v->page.banner = banner;
    v->page.n_banners = n_banners;
}

void ribbon_put(struct visit *v)
{
    static const struct host_page right[] = {
        { "deadlines", "deadlines", "ribbon.deadlines" }, { "help", "help/", "ribbon.help" },
    };
    static const struct host_page menu[] = {
        { "settings", "settings", "settings.all" }, { "layout", "layout", "ribbon.layout" }, { "imports", "imports", "ribbon.imports" },
        { "outgoing", "outgoing", "ribbon.outgoing" },
        { "faq", "settings/faq", "faq.title" }, { "links", "settings/links", "link.title" },
        { "preferences", "settings/preferences", "preferences.title" }, { "people", "settings/people", "people.title" }, { "log", "settings/log", "log.title" },
        { "data", "settings/data", "data.title" },
        { "policies", "policies", "ribbon.policies" }, { "plugins", "plugins", "ribbon.plugins" },
    };
    enum { MOST = 40 };
    struct html_page *page = &v->page;
    struct html_entry *entry = arena_zero(v->a, MOST * sizeof *entry), *under = arena_zero(v->a, MOST * sizeof *under);
    add_widgets(v, entry, &page->n_entries, MOST - COUNT_OF(right));
    add_pages(v, right, COUNT_OF(right), entry, &page->n_entries);
    add_menu(v, under, &page->n_menu, MOST - COUNT_OF(menu));
    add_settings(v, under, &page->n_menu, MOST - COUNT_OF(menu));
    add_pages(v, menu, COUNT_OF(menu), under, &page->n_menu);
    page->entries = entry;
    page->menu = under;
    if (v->db)
        add_banners(v);
    if (route_is_open(v, "search"))
        page->search = arena_printf(v->a, "/a/%s/search", v->account);
}
