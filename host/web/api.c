/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api.c: /api/v1, as far as it has no file of its own; /healthz and /readyz.
 */
#include "visit.h"

#include <jansson.h>

int api_widgets(struct visit *v, struct err *err)
{
    struct card *card;
    size_t n;
    if (cards_read(v->db, v->a, v->w->site->plugins, v->who.name, &card, &n, err) < 0)
        return -err->code;
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++)
        if (visit_sees(v, "widget", card[i].widget->id))
            json_array_append_new(list, json_pack("{s:s, s:s, s:i, s:s, s:i, s:b}", "id", card[i].widget->id,
            "title", visit_plugin_say(v, card[i].plugin, card[i].widget->title), "area", (int)card[i].widget->area,
            "plugin", card[i].plugin->id, "width", (int)card[i].width, "hidden", card[i].is_hidden));
    json_write(&v->reply->body, json_pack("{s:o}", "widgets", list));
    visit_done(v, "application/json");
    return 0;
}

static int widget(struct visit *v, bool as_csv, struct err *err)
{
    const char *id = visit_part(v, "widget");
    const struct plugin *p;
    const struct souk_widget *w = plugins_widget(v->w->site->plugins, id, &p);
    struct souk_ask ask;
    const struct view_element *e;
    size_t n;
    if (!w)
        return err_set(err, ERR_ABSENT, "There is no widget '%.60s' here; the list is at /api/v1/a/%s/widgets.", id, v->account);
    if (kept_ask(v, w, SOUK_PAGE, &ask, err) < 0)
        return -err->code;
    struct face f = visit_face(v, p, w->id);
    int rc = kept_view(v, p, w, &ask, &e, &n, err);
    if (rc < 0 && err->code != ERR_ABSENT)
        return rc;
    if (rc < 0)
        n = 0;                                          /* no data yet: a document without elements */
    err_clear(err);
    if (as_csv) {
        csv_view(&v->reply->body, &f, e, n);
        v->reply->file_name = arena_printf(v->a, "%s-%s.csv", v->account, w->id);
        visit_done(v, "text/csv; charset=utf-8; header=present");
    } else {
        struct buf as_of = { 0 };
        buf_instant(&as_of, v->now_s);
        json_write(&v->reply->body, json_pack("{s:s, s:s, s:s, s:s, s:o}", "account", v->account, "widget", w->id,
            "title", visit_plugin_say(v, p, w->title), "as_of", buf_str(&as_of), "elements", json_view(&f, e, n)));
        buf_free(&as_of);
        visit_done(v, "application/json");
    }
    return 0;
}

int api_widget(struct visit *v, struct err *err)
{
    return widget(v, false, err);
}

int api_widget_csv(struct visit *v, struct err *err)
{
    return widget(v, true, err);
}

int api_alive(struct visit *v, struct err *err)
{
    (void)err;
    buf_text(&v->reply->body, "{\"status\":\"alive\"}");
    v->reply->type = "application/json";
    return 0;
}

int api_ready(struct visit *v, struct err *err)
{
    size_t refused = 0, n_names;
    const char *const *names;
    const struct plugins *all = v->w->site->plugins;
    for (size_t i = 0; i < plugins_count(all); i++)
        refused += plugins_at(all, i)->state == PLUGIN_REFUSED;
    if (visit_folder(v, err) < 0 || account_names(v->w->folder, v->a, &names, &n_names, err) < 0)
        return -err->code;
    json_write(&v->reply->body, json_pack("{s:s, s:i, s:i, s:i}", "status", "ready", "accounts", (int)n_names,
                                          "plugins", (int)plugins_count(all), "plugins_refused", (int)refused));
    v->reply->type = "application/json";
    return 0;
}
