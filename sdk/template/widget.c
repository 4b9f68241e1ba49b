/* SPDX-License-Identifier: Apache-2.0 */
/* One figure from one query: how many SKUs run low.  Build it with
 *     cc -std=c11 -fPIC -shared -fvisibility=hidden -Isdk -o widget.so widget.c     */
#include <souk/widget.h>

static const struct souk_query queries[] = { {
    .size = sizeof(struct souk_query), .id = "low", .title = "low",
    .sql = "SELECT sku, fulfillable FROM v1_stock"
           " WHERE market = :market AND fulfillable < :least ORDER BY fulfillable, sku",
    .params = "market:market least:count", .columns = "sku:text units:count",
} };

static int render(void *self, struct souk_call *call, const struct souk_ask *ask)
{
    (void)self;                                         /* there is no .open, so there is no self */
    for (uint32_t i = 0; i < ask->n_markets; i++) {
        struct souk_value market = souk_market(souk_market_at(ask, i)->id);
        const struct souk_args which = SOUK_ARGS({ "market", market }, { "least", souk_count(5) });
        struct souk_rows low;
        int rc = souk_query_args(call, &low, "low", which);
        if (rc < 0)
            return rc;
        souk_stat(call, .label = SOUK_MSG("low_in", { "market", market }), .value = souk_count(low.n_rows),
                  .up_is = SOUK_BAD, .why = SOUK_WHY(.rows = "low", .args = which));
    }
    return ask->n_markets ? 0 : SOUK_ENOTYET;
}

static const struct souk_widget widget = {
    .size = sizeof widget, .area = 11, .id = "low-stock", .title = "title", .width = 1, .render = render,
};
static const struct souk_offer offers[] = { { SOUK_WIDGET, &widget } };

SOUK_PLUGIN = {
    .size = sizeof(struct souk_plugin), .built = SOUK_SDK_NOW, .needs = SOUK_SDK(0, 1),
    .id = "org.example.low-stock", .version = "1.0.0", .title = "title", .reads = "v1_stock",
    .offers = SOUK_LIST(offers), .queries = SOUK_LIST(queries),
};
