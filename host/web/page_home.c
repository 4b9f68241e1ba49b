/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page_home.c: the home page of an account, with the widgets as cards; the list of accounts.
 */
#include "visit.h"

#include <stdlib.h>
#include <string.h>

static int by_area(const void *a, const void *b)
{
    const struct card *x = a, *y = b;
    if (x->widget->area != y->widget->area)
        return x->widget->area < y->widget->area ? -1 : 1;
    return strcmp(x->widget->id, y->widget->id);
}

struct card *home_cards(struct visit *v, size_t *n)
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

int page_home(struct visit *v, struct err *err)
{
    struct souk_ask first;
    size_t n_cards;
    struct card *card = home_cards(v, &n_cards);
    struct buf *out = &v->reply->body;
    static const struct souk_widget nothing = { .size = sizeof nothing, .id = "" };
    if (kept_ask(v, n_cards ? card[0].widget : &nothing, SOUK_CARD, &first, err) < 0)
        return -err->code;                              /* a market or period that makes no sense */
    visit_page(v, "");
    v->page.is_home = true;
    visit_switches(v);
    html_begin(out, &v->page);
    if (!first.n_markets)
        html_notice(out, SOUK_INFO, visit_say(v, "home.nothing_imported"));
    html_grid_begin(out);
    for (size_t i = 0; i < n_cards; i++) {
        const struct view_element *e;
        size_t n;
        struct souk_ask ask;
        struct err why = { 0 };
        struct face f = visit_face(v, card[i].plugin, card[i].widget->id);
        struct buf link = { 0 };
        link_widget(&link, &f, card[i].widget->id);
        struct badge badge = ribbon_badge(v, card[i].plugin, card[i].widget);
        html_card_counted(out, &f, card[i].widget->id, visit_plugin_say(v, card[i].plugin, card[i].widget->title),
                          buf_str(&link), card[i].widget->width, badge.count, ribbon_urgent(v, card[i].widget, &badge));
        buf_free(&link);
        if (kept_ask(v, card[i].widget, SOUK_CARD, &ask, &why) < 0 ||
            kept_view(v, card[i].plugin, card[i].widget, &ask, &e, &n, &why) < 0)
            kept_failed(v, &why);
        else
            html_view(out, &f, e, n);
        html_card_end(out);
    }
    html_grid_end(out);
    if (!n_cards)
        html_notice(out, SOUK_WATCH, visit_say(v, "home.no_widgets"));
    visit_page_done(v);
    return 0;
}

int page_home_slash(struct visit *v, struct err *err)
{
    (void)err;
    visit_lead(v, 301, arena_printf(v->a, "/a/%s/", v->account));
    return 0;
}

int page_start(struct visit *v, struct err *err)
{
    const char *const *names;
    size_t n;
    if (visit_folder(v, err) < 0 || account_names(v->w->folder, v->a, &names, &n, err) < 0)
        return -err->code;
    if (n == 1) {
        visit_lead(v, 303, arena_printf(v->a, "/a/%s/", names[0]));
        return 0;
    }
    visit_page(v, visit_say(v, "accounts.title"));
    html_begin(&v->reply->body, &v->page);
    if (!n)
        html_notice(&v->reply->body, SOUK_INFO, visit_say(v, "accounts.none"));
    html_links_begin(&v->reply->body, visit_say(v, "accounts.title"));
    for (size_t i = 0; i < n; i++)
        html_link(&v->reply->body, names[i], arena_printf(v->a, "/a/%s/", names[i]), false);
    html_links_end(&v->reply->body);
    visit_page_done(v);
    return 0;
}
