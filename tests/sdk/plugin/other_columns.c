/* SPDX-License-Identifier: Apache-2.0 */
/* other_columns.c: a query whose SELECT has other columns than it declares. */
#include <souk/query.h>

static const struct souk_query queries[] = { {
    .size = sizeof(struct souk_query), .id = "all", .title = "all",
    .sql = "SELECT sku, fulfillable FROM v1_stock",
    .columns = "sku:text",
} };

SOUK_PLUGIN = {
    .size = sizeof(struct souk_plugin), .built = SOUK_SDK_NOW, .needs = SOUK_SDK(0, 1),
    .id = "org.example.other-columns", .version = "1.0.0", .title = "title", .reads = "v1_stock",
    .queries = SOUK_LIST(queries),
};
