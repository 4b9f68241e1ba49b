/* SPDX-License-Identifier: Apache-2.0 */
/*
 * deadlines.c: souk deadlines: what must be done until when, over all areas.
 */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/zone.h"
#include "cli.h"
#include "data/market.h"
#include "face/due.h"

static void put_json(const struct deadline *list, size_t n)
{
    json_t *all = json_array();
    struct buf out = { 0 };
    for (size_t i = 0; i < n; i++) {
        const struct deadline *d = &list[i];
        struct buf due = { 0 };
        buf_instant(&due, d->due_s);
        json_array_append_new(all, json_pack("{s:s, s:s, s:s, s:s, s:s, s:I, s:s, s:s}", "kind", deadline_word(d->kind),
            "due", buf_str(&due), "market", d->market, "ref", d->ref, "subject", d->subject, "count", (json_int_t)d->count,
            "rule", d->rule, "rule_value", d->rule_value));
        buf_free(&due);
    }
    json_write(&out, json_pack("{s:o}", "deadlines", all));
    puts(buf_str(&out));
    buf_free(&out);
}

static int put_text(struct cli *c, struct face *f, const struct deadline *list, size_t n, int64_t now_s, struct err *err)
{
    struct view view = { 0 };
    const struct view_element *e;
    struct buf out = { 0 };
    struct term term = { cli_width(), cli_is_colour(c) };
    size_t n_elements;
    due_view(&view, f, list, n, 0, now_s);
    int rc = view_finish(&view, err);
    if (rc == 0)
        rc = view_read(c->arena, buf_str(&view.bytes), view.bytes.len, &e, &n_elements, err);
    if (rc == 0) {
        term_view(&out, f, &term, e, n_elements);
        fwrite(buf_str(&out), 1, out.len, stdout);
    }
    buf_free(&out);
    view_clear(&view);
    return rc;
}

int run_deadlines(struct cli *c)
{
    struct err err = { 0 };
    const char *account = "";
    struct db *db = NULL;
    struct deadline *list;
    size_t n;
    int64_t now_s = clock_now();
    if (c->argc)
        return cli_usage("deadlines", "souk deadlines takes no '%s'.", c->argv[0]);
    if (cli_plugins(c, &err) < 0)
        return cli_failed(c, &err);
    if (cli_account(c, DB_READ, &account, &db, &err) == 0 &&
        deadline_list(db, c->policies, c->arena, now_s, &list, &n, &err) == 0) {
        struct face f = {
            .plugins = c->plugins, .texts = c->texts, .account = account, .keep = "",
            .reader = { .language = cli_language(c), .zone = "UTC" },
        };
        if (c->as_json)
            put_json(list, n);
        else
            put_text(c, &f, list, n, now_s, &err);
    }
    db_close(db);
    return err.code ? cli_failed(c, &err) : EXIT_OK;
}
