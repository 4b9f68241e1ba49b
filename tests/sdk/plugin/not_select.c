/* SPDX-License-Identifier: Apache-2.0 */
/* not_select.c: a query that is no SELECT. */
#include <souk/query.h>

static const struct souk_query queries[] = { {
    .size = sizeof(struct souk_query), .id = "all", .title = "all",
    .sql = "DELETE FROM v1_stock",
    .columns = "n:count",
} };

SOUK_PLUGIN = {
    .size = sizeof(struct souk_plugin), .built = SOUK_SDK_NOW, .needs = SOUK_SDK(0, 1),
    .id = "org.example.not-select", .version = "1.0.0", .title = "title", .reads = "v1_stock",
    .queries = SOUK_LIST(queries),
};
