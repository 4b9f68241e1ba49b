/* SPDX-License-Identifier: Apache-2.0 */
/*
 * newer.c: built with an SDK to come, whose structs are longer and which knows of more, but content
 * with this one.  It must load and work.
 */
#include <souk/widget.h>

struct newer_query {
    struct souk_query now;
    int64_t younger[2];
};
struct newer_widget {
    struct souk_widget now;
    int (*younger)(void);
};
struct newer_plugin {
    struct souk_plugin now;
    const char *younger;
};
struct newer_run {
    struct souk_run now;
    const char *younger;
};
struct newer_stat {
    struct souk_stat now;
    struct souk_msg younger;
};

static const struct newer_query queries[] = {
    { .now = { .size = sizeof(struct newer_query), .id = "one", .title = "one",
               .sql = "SELECT 1 AS n", .columns = "n:count" },
      .younger = { -1, -1 } },
    { .now = { .size = sizeof(struct newer_query), .id = "two", .title = "two",
               .sql = "SELECT 2 AS n", .columns = "n:count" },
      .younger = { -1, -1 } },
};

static int render(void *self, struct souk_call *call, const struct souk_ask *ask)
{
    (void)self, (void)ask;
    const struct newer_run runs[] = {
        { { .size = sizeof runs[0], .id = "one" }, "x" },
        { { .size = sizeof runs[0], .id = "two" }, "y" },
    };
    struct souk_rows rows[2];
    int rc = call->query->run(call, &runs[0].now, 2, rows);
    if (rc < 0)
        return rc;
    const struct newer_stat stat = {
        .now = { .size = sizeof stat, .label = SOUK_MSG("sum"),
                 .value = souk_count(souk_num(&rows[0], 0, 0, 0) + souk_num(&rows[1], 0, 0, 0)),
                 .why = SOUK_WHY(.rows = "one") },
        .younger = { "y", { NULL, 0, 0 } },
    };
    call->view->stat(call, &stat.now);
    return 0;
}

static const struct newer_widget widget = {
    .now = { .size = sizeof widget, .area = 1, .id = "newer", .title = "title", .width = 1,
             .render = render },
};
static const struct souk_offer offers[] = { { "souk.younger/1", &widget }, { SOUK_WIDGET, &widget } };

extern __attribute__((visibility("default"))) const struct newer_plugin souk_plugin_v0;
const struct newer_plugin souk_plugin_v0 = {
    .now = { .size = sizeof souk_plugin_v0, .built = SOUK_SDK(0, 99), .needs = SOUK_SDK(0, 1),
             .id = "org.example.newer", .version = "9.0.0-beta.1", .title = "title",
             .offers = SOUK_LIST(offers), .queries = SOUK_LIST(queries) },
    .younger = "younger",
};
