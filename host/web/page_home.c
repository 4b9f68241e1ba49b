/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page_home.c: the home page of an account, with the widgets as cards; the list of accounts.
 */
#include "visit.h"

#include <string.h>

#include "element.h"

/* ---- cards ---------------------------------------------------------------------------------------- */

/* A list of names with commas between: does it have this one?  NULL has all. */
static bool is_among(const char *list, const char *name)
{
    size_t n = strlen(name);
    for (const char *at = list; at && *at; at += strcspn(at, ","), at += *at == ',')
        if (strncmp(at, name, n) == 0 && (at[n] == ',' || !at[n]))
            return true;
    return !list;
}

static void put_card(struct visit *v, const struct card *c)
{
    struct souk_ask ask;
    struct err why = { 0 };
    struct buf link = { 0 }, *out = &v->reply->body;
    struct face f = visit_face(v, c->plugin, c->widget->id);
    struct badge badge = ribbon_badge(v, c->plugin, c->widget);
    link_widget(&link, &f, c->widget->id);
    html_card(out, &f, &(const struct html_card){
        .id = c->widget->id, .title = visit_plugin_say(v, c->plugin, c->widget->title), .href = buf_str(&link),
        .areas = kept_areas(v, c->plugin), .count = badge.count, .urgent = ribbon_urgent(v, c->widget, &badge), .width = c->width,
    });
    if (kept_ask(v, c->widget, SOUK_CARD, &ask, &why) < 0 || kept_put(v, c->plugin, c->widget, &ask, &f, &why) < 0)
        kept_failed(v, c->plugin, &why);
    html_card_end(out);
    buf_free(&link);
}

static void put_link(struct visit *v, const char *key, const char *end, bool is_chosen)
{
    const char *path = arena_printf(v->a, "/a/%s/%s", v->account, end);
    html_link(&v->reply->body, visit_say(v, key), visit_link(v, path, v->face.keep, NULL, NULL), is_chosen);
}

int page_home(struct visit *v, struct err *err)
{
    struct souk_ask first;
    struct card *card;
    size_t n_cards, shown = 0;
    struct buf *out = &v->reply->body;
    const char *only = visit_arg(v, "_only");            /* live.js: the cards that changed */
    static const struct souk_widget nothing = { .size = sizeof nothing, .id = "" };
    if (cards_read(v->db, v->a, v->w->site->plugins, v->who.name, &card, &n_cards, err) < 0 ||
        kept_ask(v, n_cards ? card[0].widget : &nothing, SOUK_CARD, &first, err) < 0)
        return -err->code;                              /* a market or period that makes no sense */
    visit_page(v, "");
    v->page.is_home = true;
    visit_switches(v);
    html_begin(out, &v->page);
    if (!first.n_markets) {
        html_notice(out, SOUK_INFO, visit_say(v, "home.nothing_imported"));
        html_drop(out, &v->face);
    }
    html_grid_begin(out);
    for (size_t i = 0; i < n_cards; i++)
        if (!card[i].is_hidden && is_among(only, card[i].widget->id) && visit_sees(v, "widget", card[i].widget->id)) {
            put_card(v, &card[i]);
            shown++;
        }
    html_grid_end(out);
    if (!n_cards)
        html_notice(out, SOUK_WATCH, visit_say(v, "home.no_widgets"));
    else if (!shown && !only)
        html_notice(out, SOUK_INFO, visit_say(v, "home.all_hidden"));
    if (first.n_markets)
        html_drop(out, &v->face);
    html_links_begin(out, visit_say(v, "home.more"));
    put_link(v, "ribbon.layout", "layout", false);
    put_link(v, "ribbon.imports", "imports", false);
    html_links_end(out);
    visit_page_done(v);
    return 0;
}

/* ---- how it is arranged ---------------------------------------------------------------------------- */

static void put_tool(struct elements *l, const char *command, const char *text, const char *widget, const char *name,
                     struct souk_value value)
{
    struct element_button b = { .command = command, .text = text, .args = SOUK_ARGS({ "widget", souk_text(widget) }, { name, value }) };
    b.args.n -= name == NULL;
    element_button(l, &b);
}

/* Forms of a card have ids of their own. */
static void put_forms(struct visit *v, const char *of, const struct elements *l)
{
    struct face f = visit_face(v, NULL, arena_printf(v->a, "arrange-%s", of));
    html_view(&v->reply->body, &f, l->at, l->n);
}

static void put_tile(struct visit *v, const struct card *c)
{
    struct elements l = { .a = v->a };
    struct buf label = { 0 }, *out = &v->reply->body;
    const char *title = visit_plugin_say(v, c->plugin, c->widget->title), *id = c->widget->id;
    html_card(out, NULL, &(const struct html_card){ .id = id, .title = title, .width = c->width });
    say(&label, &v->face, "layout.tools", { "card", title, 0 });
    html_tools_begin(out, buf_str(&label));
    put_tool(&l, "layout.move", "layout.to_left", id, "by", souk_text("left"));
    put_tool(&l, "layout.move", "layout.to_right", id, "by", souk_text("right"));
    if (c->width > 1)
        put_tool(&l, "layout.width", "layout.narrower", id, "width", souk_count(c->width - 1));
    if (c->width < 3)
        put_tool(&l, "layout.width", "layout.wider", id, "width", souk_count(c->width + 1));
    put_tool(&l, "layout.hide", "layout.hide", id, NULL, souk_none());
    put_forms(v, id, &l);
    html_tools_end(out);
    html_card_end(out);
    buf_free(&label);
}

/* Hidden cards, and places of widgets whose plugin is gone. */
static int put_others(struct visit *v, const struct card *card, size_t n_cards, struct err *err)
{
    struct elements hidden = { .a = v->a }, gone = { .a = v->a };
    struct layout_place *own, *place;
    size_t n_own, n;
    cards_own(v->a, v->w->site->plugins, &own, &n_own);
    if (layout_read(v->db, v->a, v->who.name, own, n_own, &place, &n, err) < 0)
        return -err->code;
    for (size_t i = 0; i < n_cards; i++) {
        if (!card[i].is_hidden)
            continue;
        if (!hidden.n)
            element_add(&hidden, VIEW_ITEMS)->title = (struct souk_msg)SOUK_MSG("layout.hidden");
        const char *title = visit_plugin_say(v, card[i].plugin, card[i].widget->title);
        element_add(&hidden, VIEW_ITEM)->item = (struct souk_item){
            .size = sizeof(struct souk_item), .title = element_msg(v->a, "plain", { "text", souk_text(title) }),
        };
        put_tool(&hidden, "layout.show", "layout.show", card[i].widget->id, NULL, souk_none());
        element_add(&hidden, VIEW_END);
    }
    for (size_t i = 0; i < n; i++) {
        if (!place[i].is_gone)
            continue;
        if (!gone.n)
            element_add(&gone, VIEW_ITEMS)->title = (struct souk_msg)SOUK_MSG("layout.gone");
        element_add(&gone, VIEW_ITEM)->item = (struct souk_item){
            .size = sizeof(struct souk_item), .title = element_msg(v->a, "plain", { "text", souk_text(place[i].widget) }),
            .note = (struct souk_msg)SOUK_MSG("layout.gone_note"),
        };
        element_add(&gone, VIEW_END);
    }
    if (hidden.n)
        element_add(&hidden, VIEW_END);
    if (gone.n)
        element_add(&gone, VIEW_END);
    put_forms(v, "hidden", &hidden);
    put_forms(v, "gone", &gone);
    return 0;
}

static void put_file(struct visit *v)
{
    static const struct souk_field fields[] = {
        { .size = sizeof(struct souk_field), .type = SOUK_FIELD_AREA, .name = "layout", .title = "field.layout",
          .about = "field.layout.about", .flags = SOUK_FIELD_NEEDED },
    };
    struct elements l = { .a = v->a };
    struct buf *out = &v->reply->body;
    html_card_begin(out, "layout-file", visit_say(v, "layout.file"), NULL, 1);
    html_links_begin(out, visit_say(v, "layout.file"));
    put_link(v, "layout.export", "layout.json", false);
    html_links_end(out);
    element_button(&l, &(const struct element_button){
        .command = "layout.import", .title = "layout.import", .text = "layout.import_button", .fields = SOUK_LIST(fields),
    });
    element_button(&l, &(const struct element_button){
        .command = "layout.reset", .text = "layout.reset", .note = "layout.reset_note", .tone = SOUK_BAD,
    });
    put_forms(v, "file", &l);
    html_card_end(out);
}

int page_layout(struct visit *v, struct err *err)
{
    static const char *const scripts[] = { "Sortable.min.js", "arrange.js", NULL };
    struct card *card;
    size_t n;
    struct buf *out = &v->reply->body;
    if (cards_read(v->db, v->a, v->w->site->plugins, v->who.name, &card, &n, err) < 0)
        return -err->code;
    v->scripts = scripts;
    visit_page(v, visit_say(v, "layout.title"));
    html_begin(out, &v->page);
    html_paragraph(out, visit_say(v, "layout.about"));
    html_links_begin(out, visit_say(v, "home.more"));
    put_link(v, "layout.done", "", false);
    html_links_end(out);
    html_live_begin(out, "layout");
    html_grid_arranged(out, arena_printf(v->a, "/api/v1/a/%s/commands/layout.move", v->account));
    for (size_t i = 0; i < n; i++)
        if (!card[i].is_hidden)
            put_tile(v, &card[i]);
    html_grid_end(out);
    if (put_others(v, card, n, err) < 0)
        return -err->code;
    html_live_end(out);
    put_file(v);
    visit_page_done(v);
    return 0;
}

int api_layout(struct visit *v, struct err *err)
{
    struct layout_place *own, *place;
    size_t n_own, n;
    cards_own(v->a, v->w->site->plugins, &own, &n_own);
    if (layout_read(v->db, v->a, v->who.name, own, n_own, &place, &n, err) < 0)
        return -err->code;
    layout_json(&v->reply->body, place, n);
    if (!v->is_api)
        v->reply->file_name = arena_printf(v->a, "layout-%s.json", v->account);
    visit_done(v, "application/json");
    return 0;
}

/* ---- the way there ---------------------------------------------------------------------------------- */

int page_home_slash(struct visit *v, struct err *err)
{
    (void)err;
    visit_lead(v, 301, arena_printf(v->a, "/a/%s/", v->account));
    return 0;
}

/* Of those who are signed in; while there is no user, everybody has one. */
static bool has_role(struct visit *v, const char *account)
{
    struct who who;
    struct err ignored = { 0 };
    return !v->who.user || (people_who(v->w->souk, v->a, v->who.user, account, &who, &ignored) == 0 && who.role);
}

int page_start(struct visit *v, struct err *err)
{
    const char *const *names;
    size_t n;
    if (visit_folder(v, err) < 0 || account_names(v->w->folder, v->a, &names, &n, err) < 0)
        return -err->code;
    if (n == 1 && has_role(v, names[0])) {
        if (visit_who(v, names[0], err) < 0 || visit_account(v, names[0], err) < 0)
            return -err->code;
        const struct plugin *p;
        bool is_widget = *v->start && plugins_widget(v->w->site->plugins, v->start, &p);
        visit_lead(v, 303, arena_printf(v->a, "/a/%s/%s%s", names[0], is_widget ? "w/" : "", v->start));
        return 0;
    }
    visit_page(v, visit_say(v, "accounts.title"));
    html_begin(&v->reply->body, &v->page);
    if (!n)
        html_notice(&v->reply->body, SOUK_INFO, visit_say(v, "accounts.none"));
    html_links_begin(&v->reply->body, visit_say(v, "accounts.title"));
    for (size_t i = 0; i < n; i++)
        if (has_role(v, names[i]))
            html_link(&v->reply->body, names[i], arena_printf(v->a, "/a/%s/", names[i]), false);
    html_links_end(&v->reply->body);
    visit_page_done(v);
    return 0;
}
