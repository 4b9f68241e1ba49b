/* SPDX-License-Identifier: Apache-2.0 */
/*
 * amazon-orders.c: the all-orders reports, by last update and by order date.
 *
 * in:     one row per order item, 29 to 38 columns by year and country
 * out:    records of kind order_line
 * knows:  souk/import.h.  What says who bought and where exactly is not taken out of the file.
 */
#include <souk/import.h>

#include <string.h>

/* In the order of the kind order_line, so that a row of the file is nearly a row of the store. */
enum column {
    LINE, ORDER, MARKET, PURCHASED, UPDATED, STATUS, FULFILMENT, IS_BUSINESS, SERVICE_LEVEL,
    SHIP_COUNTRY, SHIP_REGION, SKU, ASIN, TITLE, ITEM_STATUS, QUANTITY, PRICE, TAX, SHIPPING,
    SHIPPING_TAX, GIFT_WRAP, GIFT_WRAP_TAX, DISCOUNT, SHIP_DISCOUNT, PROMOTIONS,
    PUT_EXTRA, PUT_COLUMNS, CURRENCY = PUT_EXTRA, EXTRA
};

static const char put_columns[] =
    "line:count order:text market:market purchased:instant updated:instant status:text"
    " fulfilment:text is_business:bool service_level:text ship_country:text ship_region:text sku:text"
    " asin:text title:text item_status:text quantity:count price:money tax:money shipping:money"
    " shipping_tax:money gift_wrap:money gift_wrap_tax:money discount:money ship_discount:money"
    " promotions:text extra:text";

static const struct souk_import_column columns[] = {
    { "order",         "amazon-order-id|order-id", SOUK_TEXT,     SOUK_NEEDED, NULL },
    { "market",        "sales-channel",            SOUK_MARKET,   SOUK_NEEDED, NULL },
    { "purchased",     "purchase-date",            SOUK_INSTANT,  SOUK_NEEDED, NULL },
    { "updated",       "last-updated-date",        SOUK_INSTANT,  SOUK_NEEDED, NULL },
    { "status",        "order-status",             SOUK_TEXT,     SOUK_NEEDED, NULL },
    { "fulfilment",    "fulfillment-channel",      SOUK_TEXT,     SOUK_NEEDED, NULL },
    { "is_business",   "is-business-order",        SOUK_BOOL,     0, NULL },
    { "service_level", "ship-service-level",       SOUK_TEXT,     0, NULL },
    { "ship_country",  "ship-country",             SOUK_TEXT,     0, NULL },
    { "ship_region",   "ship-state",               SOUK_TEXT,     0, NULL },
    { "sku",           "sku",                      SOUK_TEXT,     SOUK_NEEDED, NULL },
    { "asin",          "asin",                     SOUK_TEXT,     0, NULL },
    { "title",         "product-name",             SOUK_TEXT,     0, NULL },
    { "item_status",   "item-status",              SOUK_TEXT,     0, NULL },
    { "quantity",      "quantity",                 SOUK_COUNT,    SOUK_NEEDED, NULL },
    { "price",         "item-price",               SOUK_MONEY,    SOUK_HEADER, "currency" },
    { "tax",           "item-tax",                 SOUK_MONEY,    0, "currency" },
    { "shipping",      "shipping-price",           SOUK_MONEY,    0, "currency" },
    { "shipping_tax",  "shipping-tax",             SOUK_MONEY,    0, "currency" },
    { "gift_wrap",     "gift-wrap-price",          SOUK_MONEY,    0, "currency" },
    { "gift_wrap_tax", "gift-wrap-tax",            SOUK_MONEY,    0, "currency" },
    { "discount",      "item-promotion-discount",  SOUK_MONEY,    0, "currency" },
    { "ship_discount", "ship-promotion-discount",  SOUK_MONEY,    0, "currency" },
    { "promotions",    "promotion-ids",            SOUK_TEXT,     0, NULL },
    { "currency",      "currency",                 SOUK_CURRENCY, SOUK_HEADER, NULL },
    /* Who the buyer is, where exactly he lives and what he had written on the goods. */
    { "personal",
      "ship-city|ship-postal-code|buyer-name|buyer-email|buyer-phone-number|recipient-name|"
      "ship-address-1|ship-address-2|ship-address-3|ship-county|ship-phone-number|buyer-company-name|"
      "buyer-citizen-name|buyer-citizen-id|buyer-tax-registration-country|"
      "buyer-tax-registration-type|buyer-vat-number|buyer-identification-number|"
      "buyer-identification-type|cpf|purchase-order-number|delivery-instructions|gift-message-text|"
      "customized-url|customized-page|invoice-business-legal-name",
      SOUK_NONE, 0, NULL },
    /* Which the store has no use for. */
    { "of_no_use",
      "merchant-order-id|order-channel|url|price-designation|signature-confirmation-recommended|"
      "address-type|number-of-items|tax-collection-model|tax-collection-responsible-party|"
      "is-heavy-or-bulky|is-buyer-requested-cancellation|buyer-requested-cancel-reason|"
      "order-invoice-type",
      SOUK_NONE, 0, NULL },
};

/* NULL: a word that Souk does not know. */
static const char *fulfilment_of(const char *channel)
{
    if (strcmp(channel, "Merchant") == 0 || strcmp(channel, "MFN") == 0)
        return "seller";
    if (strcmp(channel, "Amazon") == 0 || strcmp(channel, "AFN") == 0)
        return "marketplace";
    return NULL;
}

enum { PUT_ROWS = 250 };

static int orders_rows(void *self, struct souk_call *call, const struct souk_import_file *file,
                       const struct souk_rows *rows)
{
    struct souk_value cell[PUT_ROWS][PUT_COLUMNS];
    struct souk_rows put = { put_columns, cell[0], PUT_COLUMNS, 0, 0, 0 };
    int rc = 0;
    (void)self, (void)file;
    for (uint32_t r = 0; rc >= 0 && r < rows->n_rows; r++) {
        const struct souk_value *in = souk_cell(rows, r, 0);
        const char *fulfilment = fulfilment_of(in[FULFILMENT].text.at);
        if (!fulfilment) {
            souk_reject(call, in[LINE].num, "fulfilment", "unknown_channel",
                        { "channel", in[FULFILMENT] });
            continue;
        }
        struct souk_value *out = cell[put.n_rows++];
        memcpy(out, in, PUT_EXTRA * sizeof *out);
        out[FULFILMENT] = souk_text(fulfilment);
        out[PUT_EXTRA] = in[EXTRA];
        if (put.n_rows == PUT_ROWS) {
            rc = call->store->put(call, "order_line", &put);
            put.n_rows = 0;
        }
    }
    if (rc >= 0 && put.n_rows)
        rc = call->store->put(call, "order_line", &put);
    return rc;
}

static const struct souk_import orders = {
    .size = sizeof orders, .shape = SOUK_TSV, .id = "amazon.orders", .title = "orders",
    .columns = SOUK_LIST(columns), .rows = orders_rows,
};

static const struct souk_offer offers[] = { { SOUK_IMPORT, &orders } };

SOUK_PLUGIN = {
    .size = sizeof(struct souk_plugin), .built = SOUK_SDK_NOW, .needs = SOUK_SDK(0, 1),
    .id = "org.souk.amazon-orders", .version = "0.1.0", .title = "title",
    .offers = SOUK_LIST(offers),
};
