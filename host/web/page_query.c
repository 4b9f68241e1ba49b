/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page_query.c: a declared query: what "Why?" opens; as page, CSV and JSON.
 */
#include "visit.h"

#include <jansson.h>
#include <stdlib.h>

enum { PAGE_ROWS = 100, CSV_ROWS = 100000 };

/* The address of this query with its arguments only, plus one more. */
static char *query_address(struct visit *v, const char *path, const struct query_info *q, const char *name, const char *value)
{
    static const char *const further[] = { "of", "of_settings", "why", "market", "period", "lang" };
    struct buf link = { 0 };
    buf_text(&link, path);
    for (size_t i = 0; i < q->n_params; i++)
        link_arg(&link, q->param[i].name, visit_arg(v, q->param[i].name));
    for (size_t i = 0; name && i < COUNT_OF(further); i++) {
        bool is_param = false;
        for (size_t k = 0; k < q->n_params; k++)
            is_param |= text_is(q->param[k].name, further[i]);
        if (!is_param && visit_arg(v, further[i]))
            link_arg(&link, further[i], visit_arg(v, further[i]));
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
    const char *id = visit_arg(v, "of");
    const struct souk_widget *widget = id ? plugins_widget(v->w->site->plugins, id, &of) : NULL;
    struct souk_ask ask;
    struct err err = { 0 };
    const struct view_element *e;
    size_t n;
    const char *settings = visit_arg(v, "of_settings");
    if (settings) {
        struct face f;
        const struct souk_why *why = settings_notes(v, settings, p, &f, &e, &n, &err) < 0 ? NULL : why_asked(v, e, n, q);
        if (why)
            why_put(v, &f, why);
        return;
    }
    if (!widget || of != p)
        return;
    for (uint32_t shape = SOUK_CARD; shape <= SOUK_PAGE; shape++) {     /* a page has more figures than a card */
        if (kept_ask(v, widget, shape, &ask, &err) < 0 || kept_view(v, p, widget, &ask, &e, &n, &err) < 0)
            return;
        const struct souk_why *why = why_asked(v, e, n, q);
        if (why) {
            struct face f = visit_face(v, p, widget->id);
            why_put(v, &f, why);
            return;
        }
    }
}

static int answer(struct visit *v, bool as_csv, struct err *err)
{
    const char *plugin = visit_part(v, "plugin"), *id = visit_part(v, "query");
    const struct plugin *p = plugins_named(v->w->site->plugins, plugin);
    const struct query_info *q = p && p->state == PLUGIN_LOADED ? plugin_query(p, id) : NULL;
    struct souk_args args;
    struct souk_rows rows;
    int64_t page = 1;
    const char *at = visit_arg(v, "page");
    if (!q)
        return err_set(err, ERR_ABSENT, "There is no query '%.60s' in a plugin '%.60s'.", id, plugin);
    if (at && (!text_int(at, &page) || page < 1 || page > 1000000))
        return err_set(err, ERR_INPUT, "'%.20s' is no page number.", at);
    if (query_args(v->a, q, visit_arg, v, &args, err) < 0)
        return -err->code;
    uint32_t limit = as_csv ? CSV_ROWS : PAGE_ROWS, from = as_csv ? 0 : (uint32_t)(page - 1) * PAGE_ROWS;
    if (desk_query(v->w->desk, v->a, v->db, p, q, &args, from, limit, &rows, err) < 0)
        return -err->code;
    struct face f = visit_face(v, p, NULL);
    struct buf *out = &v->reply->body;
    if (as_csv) {
        csv_rows(out, &f, &rows, q->column, q->n_columns);
        v->reply->file_name = arena_printf(v->a, "%s-%s.csv", p->name, q->query->id);
        visit_done(v, "text/csv; charset=utf-8; header=present");
        return 0;
    }
    if (v->is_api) {
        json_t *j = json_rows(&f, &rows, q->column, q->n_columns);
        json_object_set_new(j, "query", json_string(q->query->id));
        json_object_set_new(j, "page", json_integer(page));
        json_write(out, j);
        visit_done(v, "application/json");
        return 0;
    }
    const char *title = visit_plugin_say(v, p, q->query->title);
    visit_page(v, title);
    html_begin(out, &v->page);
    if (q->query->about && *q->query->about)
        html_paragraph(out, visit_plugin_say(v, p, q->query->about));
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
    html_links_begin(out, visit_say(v, "links.label"));
    if (page > 1)
        html_link(out, visit_say(v, "rows.before"), query_address(v, v->path, q, "page", arena_printf(v->a, "%d", (int)page - 1)), false);
    if (rows.is_cut)
        html_link(out, visit_say(v, "rows.next"), query_address(v, v->path, q, "page", arena_printf(v->a, "%d", (int)page + 1)), false);
    html_link(out, visit_say(v, "links.csv"), query_address(v, arena_printf(v->a, "%s.csv", v->path), q, NULL, NULL), false);
    for (size_t i = 0; i < p->n_widgets; i++) {         /* back to where its figures stand */
        struct buf link = { 0 };
        link_widget(&link, &v->face, p->widgets[i]->id);
        html_link(out, visit_plugin_say(v, p, p->widgets[i]->title), arena_text(v->a, buf_str(&link)), false);
        buf_free(&link);
    }
    html_links_end(out);
    visit_page_done(v);
    return 0;
}

int page_query(struct visit *v, struct err *err)
{
    return answer(v, false, err);
}

int page_query_csv(struct visit *v, struct err *err)
{
    return answer(v, true, err);
}

int api_query(struct visit *v, struct err *err)
{
    return answer(v, false, err);
}
