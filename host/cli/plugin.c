/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plugin.c: souk plugin list, souk plugin doctor.
 */
#include <jansson.h>
#include <stdio.h>

#include "cli.h"
#include "face/face.h"

static const char *const states[] = { "", "loaded", "disabled", "refused" };

int run_plugin(struct cli *c)
{
    struct err err = { 0 };
    bool is_doctor = c->argc == 1 && text_is(c->argv[0], "doctor");
    size_t refused = 0;
    if (!is_doctor && !(c->argc == 1 && text_is(c->argv[0], "list")))
        return cli_usage("plugin", "What is to be done: `plugin list` or `plugin doctor`?");
    if (cli_plugins(c, &err) < 0)
        return cli_failed(c, &err);
    json_t *all = json_array();
    for (size_t i = 0; i < plugins_count(c->plugins); i++) {
        const struct plugin *p = plugins_at(c->plugins, i);
        refused += p->state == PLUGIN_REFUSED;
        if (c->as_json) {
            json_array_append_new(all, json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:i, s:i, s:i}", "name", p->name, "id", p->id,
                "version", p->version, "file", p->file, "state", states[p->state], "why", p->why,
                "widgets", (int)p->n_widgets, "imports", (int)p->n_imports, "queries", (int)p->n_queries));
            continue;
        }
        printf("%-18s %-9s %-8s %s\n", p->name, states[p->state], p->version, p->id);
        if (is_doctor && p->state == PLUGIN_LOADED)
            printf("    offers %zu widgets, %zu import formats, %zu queries; %s\n", p->n_widgets, p->n_imports, p->n_queries,
                   p->is_own ? "comes with Souk" : "does not come with Souk: it runs with all rights of this program");
        if (is_doctor && p->state != PLUGIN_LOADED)
            printf("    %s\n", p->why);
    }
    if (c->as_json) {
        struct buf out = { 0 };
        json_write(&out, json_pack("{s:O}", "plugins", all));
        puts(buf_str(&out));
        buf_free(&out);
    }
    json_decref(all);
    return is_doctor && refused ? EXIT_REFUSED : EXIT_OK;
}
