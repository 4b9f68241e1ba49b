/* SPDX-License-Identifier: Apache-2.0 */
/*
 * capsule.c: a plugin as it was written for SDK 0.1, built with the headers of then, which stand beside
 * it and never change.  It must load and work for ever.
 */
#include <souk/widget.h>

static const struct souk_query queries[] = { {
    .size = sizeof(struct souk_query), .id = "stock", .title = "stock",
    .sql = "SELECT sku, fulfillable FROM v1_stock WHERE market = :market ORDER BY sku",
    .params = "market:market", .columns = "sku:text units:count",
} };

static const struct souk_choice choices[] = { { "with", "with" }, { "without", "without" } };
static const struct souk_field options[] = {
    { .size = sizeof(struct souk_field), .type = SOUK_FIELD_ONE_OF, .name = "pending", .title = "pending",
      .fallback = SOUK_WORD(SOUK_TEXT, "with"), .choices = SOUK_LIST(choices) },
    { .size = sizeof(struct souk_field), .type = SOUK_FIELD_COUNT, .name = "least", .title = "least",
      .fallback = SOUK_NUMBER(SOUK_COUNT, 5), .min = 1, .max = 9 },
};

static int render(void *self, struct souk_call *call, const struct souk_ask *ask)
{
    const struct souk_market_now *market = souk_market_at(ask, 0);
    const struct souk_args which = SOUK_ARGS({ "market", souk_market(market->id) });
    struct souk_rows rows;
    int rc = souk_query_args(call, &rows, "stock", which);
    (void)self;
    if (rc < 0)
        return rc;
    souk_columns(call);
    souk_section(call, "of_market", { "market", souk_market(market->id) });
    souk_stat(call, .label = SOUK_MSG("skus"), .value = souk_count(rows.n_rows), .before = souk_count(1),
              .before_label = SOUK_MSG("before"), .up_is = SOUK_GOOD, .why = SOUK_WHY(.rows = "stock", .args = which),
              .to = SOUK_TO(.query = "stock", .args = which));
    souk_fact(call, .label = SOUK_MSG("least"), .value = *souk_option(ask, "least"),
              .why = SOUK_WHY(.origin = SOUK_MSG("chosen")));
    souk_end(call);
    souk_end(call);
    souk_fold(call, "more");
    souk_table(call, .title = SOUK_MSG("stock"), .rows = rows, .why = SOUK_WHY(.rows = "stock", .args = which),
               .more = SOUK_TO(.widget = "capsule"));
    souk_chart(call, .kind = SOUK_BARS, .title = SOUK_MSG("stock"), .rows = rows,
               .why = SOUK_WHY(.rows = "stock", .args = which));
    souk_alert(call, .tone = SOUK_WATCH, .text = SOUK_MSG("few", { "n", souk_count(rows.n_rows) }));
    souk_text_line(call, .text = SOUK_MSG("hello"), .to = SOUK_TO(.url = "https://example.org/"));
    souk_empty(call, .text = SOUK_MSG("nothing"), .fills = "amazon.stock");
    souk_end(call);
    souk_until(call, ask->now_s + 60);
    return 0;
}

static const struct souk_widget widget = {
    .size = sizeof widget, .area = 6, .id = "capsule", .title = "title", .width = 1, .options = SOUK_LIST(options),
    .render = render,
};
static const struct souk_offer offers[] = { { SOUK_WIDGET, &widget } };

SOUK_PLUGIN = {
    .size = sizeof(struct souk_plugin), .built = SOUK_SDK_NOW, .needs = SOUK_SDK(0, 1),
    .id = "org.example.capsule-0-1", .version = "1.0.0", .title = "title", .wants = "souk.view/1 souk.query/1",
    .reads = "v1_stock", .offers = SOUK_LIST(offers), .queries = SOUK_LIST(queries),
};
