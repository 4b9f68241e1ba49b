/* SPDX-License-Identifier: Apache-2.0 */
/*
 * listings.c: what is on sale and what is not, and what waits to be changed.
 *
 * A listings report tells a status and no reason.  Why something is off sale is told from its price and stock where
 * those explain it; else only the marketplace can say.
 */
#include "listings.h"

/* The choice of the page; host/data/outgoing.c makes the same one for changes of all that is listed. */
#define CHOSEN " FROM v1_listings l LEFT JOIN v1_stock t ON t.market = l.market AND t.sku = l.sku" \
    " WHERE l.market = :market" \
    " AND (:status = 'all' OR :status = 'active' AND l.status = 'Active'" \
    "      OR :status IN ('inactive', 'stock') AND coalesce(l.status, '') <> 'Active')" \
    " AND (:status <> 'stock' OR coalesce(l.quantity, t.fulfillable, 0) > 0)" \
    " AND (:fulfilment = 'all' OR :fulfilment = 'seller' AND coalesce(l.fulfilment, 'seller') = 'seller'" \
    "      OR :fulfilment = 'marketplace' AND l.fulfilment = 'marketplace')" \
    " AND (l.sku >= :find AND l.sku < :last OR l.asin = :find)"
#define RANKED "SELECT x.rank, x.sku, x.title, x.status, x.fulfilment, x.currency, x.price, x.stock," \
    " (SELECT count(*) FROM v1_outgoing o WHERE o.market = :market AND o.sku = x.sku AND o.is_open = 1)," \
    " 'listing:' || x.sku" \
    " FROM (SELECT CASE :by WHEN 'price' THEN coalesce(l.price, 0)" \
    "              WHEN 'stock' THEN coalesce(l.quantity, t.fulfillable, 0) ELSE 0 END AS rank," \
    "       l.sku, l.title, l.status, l.fulfilment, l.currency, l.price, coalesce(l.quantity, t.fulfillable) AS stock" \
    CHOSEN ") x"
#define ROW_COLUMNS "rank:count+hidden sku:text title:text status:text fulfilment:text currency:currency+hidden" \
    " price:money/currency stock:count waiting:count listing:ref+hidden"
#define ROW_PARAMS "market:market status:text fulfilment:text find:text last:text by:text rank:count after:text limit:count"

static const struct souk_query queries[] = {
    {
        .size = sizeof(struct souk_query), .id = "counts", .title = "counts",
        .sql = "SELECT coalesce(l.fulfilment, 'seller'), CASE WHEN l.status = 'Active' THEN 'active' ELSE 'inactive' END,"
               " count(*), CAST(sum(CASE WHEN coalesce(l.quantity, t.fulfillable, 0) > 0 THEN 1 ELSE 0 END) AS BIGINT)"
               " FROM v1_listings l LEFT JOIN v1_stock t ON t.market = l.market AND t.sku = l.sku"
               " WHERE l.market = :market"
               " GROUP BY coalesce(l.fulfilment, 'seller'), CASE WHEN l.status = 'Active' THEN 'active' ELSE 'inactive' END"
               " ORDER BY 1, 2",
        .params = "market:market", .columns = "fulfilment:text status:text listings:count+total in_stock:count+total",
    },
    {
        .size = sizeof(struct souk_query), .id = "waiting", .title = "waiting",
        .sql = "SELECT count(*), CAST(coalesce(sum(CASE WHEN conflict <> '' THEN 1 ELSE 0 END), 0) AS BIGINT)"
               " FROM v1_outgoing WHERE market = :market AND is_open = 1",
        .params = "market:market", .columns = "changes:count conflicts:count",
    },
    {
        .size = sizeof(struct souk_query), .id = "open", .title = "waiting", .max_rows = 100000,
        .sql = "SELECT 'listing:' || sku, title, kind, state, at, currency, was_price, price, was_quantity, quantity,"
               " was_status, status, conflict"
               " FROM v1_outgoing WHERE market = :market AND is_open = 1 ORDER BY outgoing DESC",
        .params = "market:market",
        .columns = "listing:ref title:text kind:text state:text at:instant currency:currency+hidden"
                   " was_price:money/currency price:money/currency was_quantity:count quantity:count was_status:text"
                   " status:text conflict:text",
    },
    {
        .size = sizeof(struct souk_query), .id = "chosen", .title = "list",
        .sql = "SELECT count(*)" CHOSEN,
        .params = "market:market status:text fulfilment:text find:text last:text", .columns = "listings:count",
    },
    {
        .size = sizeof(struct souk_query), .id = "own_on_sale", .title = "vacation_away",
        .sql = "SELECT count(*) FROM v1_listings WHERE market = :market AND coalesce(fulfilment, 'seller') = 'seller'"
               " AND quantity > 0",
        .params = "market:market", .columns = "listings:count",
    },
    {
        .size = sizeof(struct souk_query), .id = "stays_on_sale", .title = "vacation_stays",
        .sql = "SELECT count(*) FROM v1_listings WHERE market = :market AND fulfilment = 'marketplace' AND status = 'Active'",
        .params = "market:market", .columns = "listings:count",
    },
    {
        .size = sizeof(struct souk_query), .id = "list_up", .title = "list", .max_rows = 100000,
        .sql = RANKED " WHERE x.rank > :rank OR x.rank = :rank AND x.sku > :after ORDER BY x.rank, x.sku LIMIT :limit",
        .params = ROW_PARAMS, .columns = ROW_COLUMNS,
    },
    {
        .size = sizeof(struct souk_query), .id = "list_down", .title = "list", .max_rows = 100000,
        .sql = RANKED " WHERE x.rank < :rank OR x.rank = :rank AND x.sku < :after ORDER BY x.rank DESC, x.sku DESC LIMIT :limit",
        .params = ROW_PARAMS, .columns = ROW_COLUMNS,
    },
    {
        .size = sizeof(struct souk_query), .id = "one", .title = "one",
        .sql = "SELECT l.market, l.title, l.asin, l.status, coalesce(l.fulfilment, 'seller'), l.currency, l.price,"
               " coalesce(l.quantity, t.fulfillable), l.shipping_group, l.opened, l.told, p.currency, p.floor, 'sku:' || l.sku"
               " FROM v1_listings l LEFT JOIN v1_stock t ON t.market = l.market AND t.sku = l.sku"
               " LEFT JOIN v1_products p ON p.sku = l.sku"
               " WHERE l.sku = :sku AND l.market = :market",
        .params = "sku:text market:market",
        .columns = "market:market title:text asin:text status:text fulfilment:text currency:currency price:money/currency"
                   " stock:count shipping_group:text opened:instant told:instant floor_currency:currency"
                   " floor:money/floor_currency product:ref",
    },
    {
        .size = sizeof(struct souk_query), .id = "one_changes", .title = "one_changes",
        .sql = "SELECT outgoing, kind, state, at, since, currency, was_price, price, was_quantity, quantity, was_status, status,"
               " why FROM v1_outgoing WHERE sku = :sku AND market = :market ORDER BY outgoing DESC LIMIT 100",
        .params = "sku:text market:market",
        .columns = "outgoing:count+hidden kind:text state:text at:instant since:instant currency:currency+hidden"
                   " was_price:money/currency price:money/currency was_quantity:count quantity:count was_status:text"
                   " status:text why:text",
    },
    {
        .size = sizeof(struct souk_query), .id = "one_days", .title = "one_days",
        .sql = "SELECT day, status, currency, price, quantity FROM v1_listings_daily"
               " WHERE market = :market AND sku = :sku ORDER BY day DESC LIMIT 100",
        .params = "sku:text market:market", .columns = "day:day status:text currency:currency+hidden price:money/currency quantity:count",
    },
};

/* ---- words -------------------------------------------------------------------------------------------- */

struct souk_value status_word(const struct souk_value *status)
{
    return souk_key(status->type != SOUK_NONE && souk_is(status, "Active") ? "active" : "inactive");
}

struct souk_value off_reason(const struct souk_value *status, const struct souk_value *price, const struct souk_value *stock)
{
    if (status->type != SOUK_NONE && souk_is(status, "Active"))
        return souk_none();
    if (stock->type == SOUK_NONE || !stock->num)
        return souk_key("off_stock");
    return souk_key(price->type == SOUK_NONE ? "off_price" : "off_unknown");
}

/* ---- the card ----------------------------------------------------------------------------------------- */

struct sums {
    int64_t on, off, off_in_stock;
};

static void put_stat(struct souk_call *call, const char *label, int64_t n, uint32_t tone, const struct souk_value *market,
                     const char *status)
{
    const struct souk_args args = SOUK_ARGS({ "market", *market });
    souk_stat(call, .label = SOUK_MSG(label), .value = souk_count(n), .tone = tone,
              .to = SOUK_TO(.widget = "listings", .args = SOUK_ARGS({ "status", souk_text(status) })),
              .why = SOUK_WHY(.rows = "counts", .args = args, .formula = SOUK_MSG("counts_why")));
}

static int market_card(struct souk_call *call, const struct souk_market_now *m, int *n_shown)
{
    const struct souk_value market = souk_market(m->id);
    const struct souk_args args = SOUK_ARGS({ "market", market });
    struct souk_rows rows, waiting;
    struct sums s = { 0, 0, 0 };
    int rc = souk_query_args(call, &rows, "counts", args);
    if (rc == 0)
        rc = souk_query_args(call, &waiting, "waiting", args);
    if (rc < 0 || !rows.n_rows)
        return rc;
    for (uint32_t i = 0; i < rows.n_rows; i++) {
        if (souk_is(souk_cell(&rows, i, 1), "active")) {
            s.on += souk_num(&rows, i, 2, 0);
        } else {
            s.off += souk_num(&rows, i, 2, 0);
            s.off_in_stock += souk_num(&rows, i, 3, 0);
        }
    }
    ++*n_shown;
    souk_section(call, "market", { "market", market });
    put_stat(call, "on_sale", s.on, SOUK_PLAIN, &market, "active");
    put_stat(call, "off_sale", s.off, SOUK_PLAIN, &market, "inactive");
    put_stat(call, "off_in_stock", s.off_in_stock, s.off_in_stock ? SOUK_WATCH : SOUK_GOOD, &market, "stock");
    souk_stat(call, .label = SOUK_MSG("changes_open"), .value = souk_count(souk_num(&waiting, 0, 0, 0)),
              .to = SOUK_TO(.ref = "outgoing:all"), .why = SOUK_WHY(.rows = "open", .args = args));
    if (souk_num(&waiting, 0, 1, 0))
        souk_alert(call, .tone = SOUK_WATCH, .text = SOUK_MSG("conflicts", { "n", souk_count(souk_num(&waiting, 0, 1, 0)) }),
                   .to = SOUK_TO(.ref = "outgoing:all"), .why = SOUK_WHY(.rows = "open", .args = args));
    souk_end(call);
    return 0;
}

static int render(void *self, struct souk_call *call, const struct souk_ask *ask)
{
    const struct souk_value *sku = souk_option(ask, "listing");
    int rc = 0, n_shown = 0;
    (void)self;
    if (sku->text.len)
        return one_render(call, ask, sku);
    for (uint32_t i = 0; i < ask->n_markets && rc == 0; i++)
        rc = market_card(call, souk_market_at(ask, i), &n_shown);
    if (rc == 0 && !n_shown)
        souk_empty(call, .text = SOUK_MSG("no_data"), .fills = "amazon.listings");
    if (rc == 0 && n_shown && ask->face == SOUK_PAGE)
        rc = list_render(call, ask);
    return rc;
}

/* ---- what is offered ---------------------------------------------------------------------------------- */

#define CHOICES(array) { (array), sizeof(array) / sizeof *(array), sizeof *(array) }
static const struct souk_choice statuses[] = {
    { "all", "choose_all" }, { "active", "active" }, { "inactive", "inactive" }, { "stock", "off_in_stock" },
};
static const struct souk_choice fulfilments[] = {
    { "all", "choose_all" }, { "seller", "by_seller" }, { "marketplace", "by_marketplace" },
};
static const struct souk_choice sorts[] = {
    { "sku", "sort_sku" }, { "price_low", "sort_price_low" }, { "price_high", "sort_price_high" },
    { "stock_low", "sort_stock_low" }, { "stock_high", "sort_stock_high" },
};
static const struct souk_field options[] = {
    FIELD(ONE_OF, "status", "column.status", .fallback = SOUK_WORD(SOUK_TEXT, "all"), .choices = CHOICES(statuses)),
    FIELD(ONE_OF, "fulfilment", "column.fulfilment", .fallback = SOUK_WORD(SOUK_TEXT, "all"), .choices = CHOICES(fulfilments)),
    FIELD(LINE, "find", "option_find", .fallback = SOUK_WORD(SOUK_TEXT, ""), .max = 60),
    FIELD(ONE_OF, "sort", "option_sort", .fallback = SOUK_WORD(SOUK_TEXT, "sku"), .choices = CHOICES(sorts)),
    FIELD(LINE, "place", "option_place", .fallback = SOUK_WORD(SOUK_TEXT, ""), .flags = SOUK_FIELD_QUIET),
};
static const struct souk_widget widget = {
    .size = sizeof widget, .area = 0, .id = "listings", .title = "title", .width = 1, .render = render,
    .options = SOUK_LIST(options), .shows = "listing",
};
static const struct souk_offer offers[] = { { SOUK_WIDGET, &widget } };

SOUK_PLUGIN = {
    .size = sizeof(struct souk_plugin), .built = SOUK_SDK_NOW, .needs = SOUK_SDK(0, 3),
    .id = "org.souk.listings", .version = "0.1.0", .title = "title",
    .wants = "souk.view/1 souk.query/1",
    .reads = "v1_listings v1_listings_daily v1_stock v1_products v1_outgoing",
    .commands = "listing.price listing.quantity listing.status listings.price listings.quantity listings.status"
                " listings.pause listings.resume outgoing.cancel",
    .offers = SOUK_LIST(offers), .queries = SOUK_LIST(queries),
};
