/* SPDX-License-Identifier: Apache-2.0 */
/*
 * show.c: souk show: a widget in the terminal, from the same view that the web page shows.
 */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/zone.h"
#include "cli.h"
#include "data/market.h"
#include "face/face.h"
#include "plug/ask.h"

static const char *chosen(void *ctx, const char *name)
{
    const struct cli *c = ctx;
    size_t n = strlen(name);
    if (text_is(name, "market"))
        return c->market;
    if (text_is(name, "period"))
        return c->period;
    for (const char *const *set = c->set; *set; set++)
        if (!strncmp(*set, name, n) && (*set)[n] == '=')
            return *set + n + 1;
    return NULL;
}

static int list(struct cli *c, struct face *f)
{
    struct buf title = { 0 }, out = { 0 };
    json_t *all = json_array();
    for (size_t i = 0; i < plugins_count(c->plugins); i++) {
        f->plugin = plugins_at(c->plugins, i);
        for (size_t k = 0; k < f->plugin->n_widgets; k++) {
            const struct souk_widget *w = f->plugin->widgets[k];
            buf_clear(&title);
            say_msg(&title, f, &(struct souk_msg){ w->title, { NULL, 0, 0 } });
            if (c->as_json)
                json_array_append_new(all, json_pack("{s:s, s:s}", "id", w->id, "title", buf_str(&title)));
            else
                printf("%-16s %s\n", w->id, buf_str(&title));
        }
    }
    if (c->as_json) {
        json_write(&out, json_pack("{s:O}", "widgets", all));
        puts(buf_str(&out));
    }
    json_decref(all);
    buf_free(&title);
    buf_free(&out);
    return EXIT_OK;
}

static int show(struct cli *c, struct face *f, struct db *db, const struct souk_widget *widget, struct err *err)
{
    struct souk_ask ask;
    struct view view = { 0 };
    const struct view_element *e;
    size_t n;
    struct buf out = { 0 };
    struct ask_setup setup = { db, widget, clock_now(), SOUK_PAGE, chosen, c };
    if (ask_make(c->arena, &setup, &ask, err) < 0)
        return -err->code;
    struct desk *desk = desk_new(c->plugins, c->policies);
    struct render_setup render = { db, f->plugin, widget, &ask, &f->reader };
    int rc = desk_render(desk, c->arena, &render, &view, err);
    if (rc == 0)
        rc = view_read(c->arena, buf_str(&view.bytes), view.bytes.len, &e, &n, err);
    if (rc == 0) {
        struct buf title = { 0 }, as_of = { 0 };
        say_msg(&title, f, &(struct souk_msg){ widget->title, { NULL, 0, 0 } });
        buf_instant(&as_of, setup.now_s);
        if (c->as_json) {
            json_write(&out, json_pack("{s:s, s:s, s:s, s:s, s:o}", "account", f->account, "widget", widget->id,
                "title", buf_str(&title), "as_of", buf_str(&as_of), "elements", json_view(f, e, n)));
            buf_char(&out, '\n');
        } else {
            struct term term = { cli_width(), cli_is_colour(c) };
            buf_text(&out, buf_str(&title));
            buf_text(&out, "\n\n");
            term_view(&out, f, &term, e, n);
        }
        fwrite(buf_str(&out), 1, out.len, stdout);
        buf_free(&title);
        buf_free(&as_of);
    } else if (err->code == ERR_ABSENT) {
        struct buf said = { 0 };
        say(&said, f, "card.no_data");
        err_clear(err);
        rc = err_set(err, ERR_ABSENT, "%s", buf_str(&said));
        buf_free(&said);
    }
    buf_free(&out);
    view_clear(&view);
    desk_free(desk);
    return rc;
}

int run_show(struct cli *c)
{
    struct err err = { 0 };
    const char *account = "";
    struct db *db = NULL;
    const struct plugin *p = NULL;
    if (c->argc > 1)
        return cli_usage("show", "One widget at a time, please.");
    if (cli_plugins(c, &err) < 0)
        return cli_failed(c, &err);
    const struct market *market = c->market ? market_find(c->market) : NULL;
    struct face f = {
        .plugins = c->plugins, .texts = c->texts, .account = "", .keep = "",
        .reader = { .language = cli_language(c), .zone = market ? market->zone : "UTC" },
    };
    if (!c->argc)
        return list(c, &f);
    const struct souk_widget *widget = plugins_widget(c->plugins, c->argv[0], &p);
    if (!widget) {
        err_set(&err, ERR_ABSENT, "There is no widget '%s'; `souk show` lists them, `souk plugin doctor` says why one is missing.",
                c->argv[0]);
        return cli_failed(c, &err);
    }
    if (cli_account(c, DB_READ, &account, &db, &err) == 0) {
        f.account = account;
        f.plugin = p;
        f.widget = widget->id;
        show(c, &f, db, widget, &err);
    }
    db_close(db);
    return err.code ? cli_failed(c, &err) : EXIT_OK;
}
