/* SPDX-License-Identifier: Apache-2.0 */
/*
 * amazon-stock.c: what lies in Amazon's warehouses: the inventory report with all its stages, and the
 * short one that has a row per SKU and condition.
 *
 * in:     rows per SKU
 * out:    records of kind stock
 * knows:  souk/import.h
 */
#include <souk/import.h>

#include <string.h>

/* ---- FBA inventory --------------------------------------------------------------------------- */

#define PUT_STOCK "line:count sku:text fnsku:text asin:text title:text fulfillable:count" \
                  " unsellable:count reserved:count researching:count inbound_working:count" \
                  " inbound_shipped:count inbound_receiving:count total:count"

enum stock_column {
    LINE, SKU, FNSKU, ASIN, TITLE, FULFILLABLE, UNSELLABLE, RESERVED, RESEARCHING, INBOUND_WORKING,
    INBOUND_SHIPPED, INBOUND_RECEIVING, TOTAL
};

static const struct souk_import_column stock_columns[] = {
    { "sku",               "sku",                            SOUK_TEXT,  SOUK_NEEDED, NULL },
    { "fnsku",             "fnsku",                          SOUK_TEXT,  SOUK_HEADER, NULL },
    { "asin",              "asin",                           SOUK_TEXT,  0, NULL },
    { "title",             "product-name",                   SOUK_TEXT,  0, NULL },
    { "fulfillable",       "afn-fulfillable-quantity",       SOUK_COUNT, SOUK_HEADER, NULL },
    { "unsellable",        "afn-unsellable-quantity",        SOUK_COUNT, 0, NULL },
    { "reserved",          "afn-reserved-quantity",          SOUK_COUNT, SOUK_HEADER, NULL },
    { "researching",       "afn-researching-quantity",       SOUK_COUNT, 0, NULL },
    { "inbound_working",   "afn-inbound-working-quantity",   SOUK_COUNT, 0, NULL },
    { "inbound_shipped",   "afn-inbound-shipped-quantity",   SOUK_COUNT, 0, NULL },
    { "inbound_receiving", "afn-inbound-receiving-quantity", SOUK_COUNT, 0, NULL },
    { "total",             "afn-total-quantity",             SOUK_COUNT, SOUK_HEADER, NULL },
    { "of_no_use",
      "condition|your-price|mfn-listing-exists|mfn-fulfillable-quantity|afn-listing-exists|"
      "afn-warehouse-quantity|per-unit-volume|afn-reserved-future-supply|afn-future-supply-buyable|"
      "afn-fulfillable-quantity-local|afn-fulfillable-quantity-remote|store",
      SOUK_NONE, 0, NULL },
};

static int stock_rows(void *self, struct souk_call *call, const struct souk_import_file *file,
                      const struct souk_rows *rows)
{
    int rc = 0;
    (void)self, (void)file;
    for (uint32_t r = 0; rc >= 0 && r < rows->n_rows; r++) {
        const struct souk_value *in = souk_cell(rows, r, 0);
        rc = souk_put(call, "stock", PUT_STOCK, in[LINE], in[SKU], in[FNSKU], in[ASIN], in[TITLE],
                      in[FULFILLABLE], in[UNSELLABLE], in[RESERVED], in[RESEARCHING],
                      in[INBOUND_WORKING], in[INBOUND_SHIPPED], in[INBOUND_RECEIVING], in[TOTAL]);
    }
    return rc;
}

static const struct souk_import stock = {
    .size = sizeof stock, .shape = SOUK_TSV, .id = "amazon.stock", .title = "stock",
    .columns = SOUK_LIST(stock_columns), .needs_market = 1, .rows = stock_rows,
};

/* ---- FBA inventory by condition -------------------------------------------------------------- */

#define PUT_SELLABLE "line:count sku:text fnsku:text asin:text fulfillable:count"
#define PUT_UNSELLABLE "line:count sku:text fnsku:text asin:text unsellable:count"

enum part_column { PART_LINE, PART_SKU, PART_FNSKU, PART_ASIN, PART_CONDITION, PART_QUANTITY };

static const struct souk_import_column part_columns[] = {
    { "sku",       "seller-sku",               SOUK_TEXT,  SOUK_NEEDED, NULL },
    { "fnsku",     "fulfillment-channel-sku",  SOUK_TEXT,  SOUK_HEADER, NULL },
    { "asin",      "asin",                     SOUK_TEXT,  0, NULL },
    { "condition", "Warehouse-Condition-code", SOUK_TEXT,  SOUK_NEEDED, NULL },
    { "quantity",  "Quantity Available",       SOUK_COUNT, SOUK_NEEDED, NULL },
    { "of_no_use", "condition-type",           SOUK_NONE,  0, NULL },
};

/* What can be sold and what cannot come as rows of their own. */
static int part_rows(void *self, struct souk_call *call, const struct souk_import_file *file,
                     const struct souk_rows *rows)
{
    int rc = 0;
    (void)self, (void)file;
    for (uint32_t r = 0; rc >= 0 && r < rows->n_rows; r++) {
        const struct souk_value *in = souk_cell(rows, r, 0);
        const char *condition = in[PART_CONDITION].text.at;
        if (strcmp(condition, "SELLABLE") == 0)
            rc = souk_put(call, "stock", PUT_SELLABLE, in[PART_LINE], in[PART_SKU], in[PART_FNSKU],
                          in[PART_ASIN], in[PART_QUANTITY]);
        else if (strcmp(condition, "UNSELLABLE") == 0)
            rc = souk_put(call, "stock", PUT_UNSELLABLE, in[PART_LINE], in[PART_SKU], in[PART_FNSKU],
                          in[PART_ASIN], in[PART_QUANTITY]);
        else
            souk_reject(call, in[PART_LINE].num, "condition", "unknown_condition",
                        { "condition", in[PART_CONDITION] });
    }
    return rc;
}

static const struct souk_import part = {
    .size = sizeof part, .shape = SOUK_TSV, .id = "amazon.stock-by-condition",
    .title = "stock_by_condition",
    .columns = SOUK_LIST(part_columns), .needs_market = 1, .rows = part_rows,
};

static const struct souk_offer offers[] = { { SOUK_IMPORT, &stock }, { SOUK_IMPORT, &part } };

SOUK_PLUGIN = {
    .size = sizeof(struct souk_plugin), .built = SOUK_SDK_NOW, .needs = SOUK_SDK(0, 1),
    .id = "org.souk.amazon-stock", .version = "0.1.0", .title = "title",
    .offers = SOUK_LIST(offers),
};
