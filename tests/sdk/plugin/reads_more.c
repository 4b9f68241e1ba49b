/* SPDX-License-Identifier: Apache-2.0 */
/* reads_more.c: a query that reads a view which is not declared. */
#include <souk/query.h>

static const struct souk_query queries[] = { {
    .size = sizeof(struct souk_query), .id = "all", .title = "all",
    .sql = "SELECT order_id FROM v1_orders",
    .columns = "order_id:text",
} };

SOUK_PLUGIN = {
    .size = sizeof(struct souk_plugin), .built = SOUK_SDK_NOW, .needs = SOUK_SDK(0, 1),
    .id = "org.example.reads-more", .version = "1.0.0", .title = "title", .reads = "v1_stock",
    .queries = SOUK_LIST(queries),
};
