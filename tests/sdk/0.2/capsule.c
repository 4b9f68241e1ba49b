/* SPDX-License-Identifier: Apache-2.0 */
/*
 * capsule.c: a plugin as it was written for SDK 0.2, built with the headers of then, which stand beside
 * it and never change.  It must load and work for ever.
 */
#include <souk/command.h>
#include <souk/search.h>
#include <souk/widget.h>

static const struct souk_query queries[] = {
    { .size = sizeof(struct souk_query), .id = "stock", .title = "stock",
      .sql = "SELECT sku, fulfillable FROM v1_stock WHERE market = :market ORDER BY sku",
      .params = "market:market", .columns = "sku:text units:count" },
    { .size = sizeof(struct souk_query), .id = "badge", .title = "badge",
      .sql = "SELECT count(*), 0 FROM v1_stock", .columns = "count:count urgent:count" },
    { .size = sizeof(struct souk_query), .id = "found", .title = "found",
      .sql = "SELECT 'sku:' || sku, sku, '' FROM v1_stock WHERE sku = :words LIMIT :limit",
      .params = "words:text limit:count", .columns = "ref:ref title:text note:text" },
};

static const struct souk_field fields[] = {
    { .size = sizeof(struct souk_field), .type = SOUK_FIELD_MARKET, .name = "market", .title = "market",
      .flags = SOUK_FIELD_NEEDED },
    { .size = sizeof(struct souk_field), .type = SOUK_FIELD_MONEY, .name = "price", .title = "price", .max = 100000,
      .about = "price.about", .currency_of = "market" },
    { .size = sizeof(struct souk_field), .type = SOUK_FIELD_INSTANT, .name = "until", .title = "until",
      .zone_of = "market" },
};

static int render(void *self, struct souk_call *call, const struct souk_ask *ask)
{
    const struct souk_market_now *market = souk_market_at(ask, 0);
    const struct souk_args which = SOUK_ARGS({ "market", souk_market(market->id) });
    struct souk_rows rows;
    int32_t day, second;
    int rc = souk_query_args(call, &rows, "stock", which);
    (void)self;
    if (rc < 0)
        return rc;
    if (!SOUK_HAS(call->query, local) || call->query->local(call, market->id, ask->now_s, &day, &second) < 0)
        return SOUK_EHOST;
    souk_items(call, "stock");
    souk_item(call, .title = SOUK_MSG("item"), .badge = SOUK_MSG("new"), .due = souk_day(day),
              .value = souk_count(rows.n_rows), .why = SOUK_WHY(.rows = "stock", .args = which),
              .to = SOUK_TO(.ref = "sku:A-1"));
    souk_form(call, .command = "capsule.note", .title = SOUK_MSG("note"), .button = SOUK_MSG("write"),
              .args = SOUK_ARGS({ "market", souk_market(market->id) }), .fields = { &fields[1], 2, sizeof *fields },
              .is_folded = 1);
    souk_end(call);
    souk_end(call);
    souk_thread(call, "letters");
    souk_letter(call, .side = SOUK_IN, .from = SOUK_MSG("from"), .at = souk_instant(ask->now_s),
                .subject = { "Hello", 5, 0 }, .body = { "Where is it?", 12, 0 });
    souk_end(call);
    souk_progress(call, .label = SOUK_MSG("filled"), .value = souk_count(rows.n_rows), .of = souk_count(10),
                  .why = SOUK_WHY(.formula = SOUK_MSG("counted")));
    souk_article(call, .text = { "# Help", 6, 0 });
    souk_pager(call, .next = SOUK_TO(.widget = "capsule-0-2"));
    return 0;
}

static int note(void *self, struct souk_call *call, const struct souk_ask *ask, const struct souk_args *args)
{
    const struct souk_value *price = souk_given(args, "price");
    (void)self, (void)ask;
    return souk_plan(call, "notice.add", { "class", souk_text("other") },
                     { "subject", souk_text(price ? "a price" : "no price") });
}

static const struct souk_widget widget = {
    .size = sizeof widget, .area = 6, .id = "capsule-0-2", .title = "title", .width = 1, .render = render,
    .shows = "capsule", .badge = "badge", .ribbon = SOUK_RIBBON_NOTICES,
};
static const struct souk_command command = {
    .size = sizeof command, .right = SOUK_MAY_EDIT, .id = "capsule.note", .title = "note", .fields = SOUK_LIST(fields),
    .plan = note,
};
static const struct souk_search search = { .size = sizeof search, .id = "stock", .title = "stock", .query = "found" };
static const struct souk_offer offers[] = {
    { SOUK_WIDGET, &widget }, { SOUK_COMMAND, &command }, { SOUK_SEARCH, &search },
};

SOUK_PLUGIN = {
    .size = sizeof(struct souk_plugin), .built = SOUK_SDK_NOW, .needs = SOUK_SDK(0, 2),
    .id = "org.example.capsule-0-2", .version = "1.0.0", .title = "title",
    .wants = "souk.view/1 souk.query/1 souk.plan/1", .reads = "v1_stock", .offers = SOUK_LIST(offers),
    .queries = SOUK_LIST(queries), .commands = "notice.add",
};
