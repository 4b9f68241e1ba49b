/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page_widget.c: one widget, large, with its options and the explanation that was asked for.
 */
#include "visit.h"

#include <string.h>

/* Options that links set and nobody types: a place in a list, the record to be shown. */
static bool is_quiet(const struct souk_widget *widget, const struct souk_field *option)
{
    return option->flags & SOUK_FIELD_QUIET || widget_shows(widget, option->name, strlen(option->name));
}

static bool has_choice(const struct souk_widget *widget)
{
    for (uint32_t i = 0; i < widget->options.n; i++)
        if (!is_quiet(widget, visit_option(widget, i)))
            return true;
    return false;
}

int page_widget(struct visit *v, struct err *err)
{
    const char *id = visit_part(v, "widget");
    const struct plugin *p;
    const struct souk_widget *widget = plugins_widget(v->w->site->plugins, id, &p);
    struct souk_ask ask;
    const struct view_element *e;
    size_t n;
    if (!widget)
        return err_set(err, ERR_ABSENT, "There is no widget '%.60s' here.", id);
    v->widget = widget;
    v->face.own = visit_own(v);
    if (kept_ask(v, widget, SOUK_PAGE, &ask, err) < 0)
        return -err->code;
    struct face f = visit_face(v, p, widget->id);
    struct buf *out = &v->reply->body;
    visit_page(v, visit_plugin_say(v, p, widget->title));
    visit_switches(v);
    html_begin(out, &v->page);
    if (has_choice(widget)) {
        static const char *const kept[] = { "market", "period", "lang" };
        html_form_begin(out, v->path, visit_say(v, "options.label"));
        for (size_t i = 0; i < COUNT_OF(kept); i++)
            if (visit_arg(v, kept[i]))
                html_form_hidden(out, kept[i], visit_arg(v, kept[i]));
        for (uint32_t i = 0; i < widget->options.n; i++)
            if (!is_quiet(widget, visit_option(widget, i)))
                html_form_field(out, &f, visit_option(widget, i), &ask.options.at[i].value);
        html_form_end(out, visit_say(v, "options.show"));
    }
    struct err why = { 0 };
    int rc = kept_view(v, p, widget, &ask, &e, &n, &why);
    const struct souk_why *shown = rc == 0 ? why_asked(v, e, n, NULL) : NULL;
    if (shown)
        why_put(v, &f, shown);
    html_card(out, &f, &(const struct html_card){ .id = widget->id, .title = visit_say(v, "widget.figures"),
                                                  .areas = kept_areas(v, p), .width = 1 });
    if (rc < 0)
        kept_failed(v, p, &why);
    else
        html_view(out, &f, e, n);
    html_card_end(out);
    struct buf api = { 0 };
    buf_printf(&api, "/api/v1/a/%s/widgets/%s", v->account, widget->id);
    html_links_begin(out, visit_say(v, "links.label"));
    html_link(out, visit_say(v, "links.json"), visit_link(v, buf_str(&api), visit_keep(v, ""), NULL, NULL), false);
    buf_text(&api, ".csv");
    html_link(out, visit_say(v, "links.csv"), visit_link(v, buf_str(&api), visit_keep(v, ""), NULL, NULL), false);
    html_links_end(out);
    buf_free(&api);
    questions_put(v, arena_printf(v->a, "widget:%s", widget->id));
    visit_page_done(v);
    return 0;
}
