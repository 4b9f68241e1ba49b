/* SPDX-License-Identifier: Apache-2.0 */
/*
 * amazon-settlement.c: settlement reports, V2 (one amount a row) and V1 (amounts in nine columns).
 *
 * in:     a first row with the totals of the settlement, then rows that carry only their own fields
 * out:    a record of kind cycle for the totals, records of kind ledger for the amounts
 * knows:  souk/import.h
 *
 * The totals are no line of the ledger: the store holds its sum against them, to the cent.
 */
#include <souk/import.h>

#define PUT_CYCLE "line:count settlement:text currency:currency started:instant ended:instant" \
                  " deposited:instant total:money"
#define PUT_LEDGER "line:count settlement:text market:market posted:instant type:text kind:text" \
                   " detail:text order:text sku:text quantity:count amount:money"

/* The columns that both have; they stand first in both. */
enum column {
    LINE, SETTLEMENT, STARTED, ENDED, DEPOSITED, TOTAL, CURRENCY, TYPE, ORDER, MARKET, POSTED, SKU,
    QUANTITY, FIRST_OWN
};

#define SHARED_COLUMNS \
    { "settlement", "settlement-id",           SOUK_TEXT,     SOUK_NEEDED | SOUK_CARRY, NULL }, \
    { "started",    "settlement-start-date",   SOUK_INSTANT,  SOUK_HEADER, NULL }, \
    { "ended",      "settlement-end-date",     SOUK_INSTANT,  SOUK_HEADER, NULL }, \
    { "deposited",  "deposit-date",            SOUK_INSTANT,  SOUK_HEADER, NULL }, \
    { "total",      "total-amount",            SOUK_MONEY,    SOUK_HEADER, "currency" }, \
    { "currency",   "currency",                SOUK_CURRENCY, SOUK_HEADER | SOUK_CARRY, NULL }, \
    { "type",       "transaction-type",        SOUK_TEXT,     SOUK_HEADER, NULL }, \
    { "order",      "order-id",                SOUK_TEXT,     SOUK_HEADER, NULL }, \
    { "market",     "marketplace-name",        SOUK_MARKET,   0, NULL }, \
    { "posted",     "posted-date-time|posted-date", SOUK_INSTANT, SOUK_HEADER, NULL }, \
    { "sku",        "sku",                     SOUK_TEXT,     0, NULL }, \
    { "quantity",   "quantity-purchased",      SOUK_COUNT,    0, NULL }

/* Numbers of Amazon's own that say nothing to a seller, and the day that posted-date-time repeats. */
#define OF_NO_USE \
    { "of_no_use", \
      "merchant-order-id|adjustment-id|shipment-id|fulfillment-id|posted-date|order-item-code|" \
      "merchant-order-item-id|merchant-adjustment-item-id|promotion-id", SOUK_NONE, 0, NULL }

/* The row of totals: it has an amount and no transaction. */
static int put_cycle(struct souk_call *call, const struct souk_value *in)
{
    if (in[CURRENCY].type == SOUK_NONE) {
        souk_reject(call, in[LINE].num, "currency", "no_currency");
        return 0;
    }
    return souk_put(call, "cycle", PUT_CYCLE, in[LINE], in[SETTLEMENT], in[CURRENCY], in[STARTED],
                    in[ENDED], in[DEPOSITED], in[TOTAL]);
}

static struct souk_value or_empty(const struct souk_value *v)
{
    return v->type == SOUK_NONE ? souk_text("") : *v;
}

/* One line of the ledger, from a row's shared columns and what the amount is. */
static int put_line(struct souk_call *call, const struct souk_value *in, struct souk_value kind,
                    struct souk_value detail, const struct souk_value *amount)
{
    return souk_put(call, "ledger", PUT_LEDGER, in[LINE], in[SETTLEMENT], in[MARKET], in[POSTED],
                    or_empty(&in[TYPE]), kind, detail, in[ORDER], in[SKU], in[QUANTITY], *amount);
}

/* ---- V2 -------------------------------------------------------------------------------------- */

enum { V2_KIND = FIRST_OWN, V2_DETAIL, V2_AMOUNT };

static const struct souk_import_column v2_columns[] = {
    SHARED_COLUMNS,
    { "kind",   "amount-type",        SOUK_TEXT,  SOUK_HEADER, NULL },
    { "detail", "amount-description", SOUK_TEXT,  SOUK_HEADER, NULL },
    { "amount", "amount",             SOUK_MONEY, SOUK_HEADER, "currency" },
    OF_NO_USE,
};

static int v2_rows(void *self, struct souk_call *call, const struct souk_import_file *file,
                   const struct souk_rows *rows)
{
    int rc = 0;
    (void)self, (void)file;
    for (uint32_t r = 0; rc >= 0 && r < rows->n_rows; r++) {
        const struct souk_value *in = souk_cell(rows, r, 0);
        if (in[V2_AMOUNT].type != SOUK_NONE)
            rc = put_line(call, in, or_empty(&in[V2_KIND]), or_empty(&in[V2_DETAIL]), &in[V2_AMOUNT]);
        else if (in[TOTAL].type != SOUK_NONE)
            rc = put_cycle(call, in);
        else
            souk_reject(call, in[LINE].num, "amount", "no_amount");
    }
    return rc;
}

static const struct souk_import v2 = {
    .size = sizeof v2, .shape = SOUK_TSV, .id = "amazon.settlement-v2", .title = "v2",
    .columns = SOUK_LIST(v2_columns), .preamble_lines = 10, .rows = v2_rows,
};

/* ---- V1 -------------------------------------------------------------------------------------- */

/* Its amounts, with what they are called in V2 where V2 has them, and the column that says more. */
enum {
    V1_SHIPMENT_FEE_TYPE = FIRST_OWN, V1_ORDER_FEE_TYPE, V1_PRICE_TYPE, V1_ITEM_FEE_TYPE,
    V1_OTHER_REASON, V1_PROMOTION_TYPE, V1_PAYMENT_TYPE, V1_SHIPMENT_FEE, V1_ORDER_FEE, V1_PRICE,
    V1_ITEM_FEE, V1_MISC_FEE, V1_OTHER_FEE, V1_PROMOTION, V1_PAYMENT, V1_OTHER
};

static const struct {
    int amount, detail;
    const char *kind;
} v1_amount[] = {
    { V1_SHIPMENT_FEE, V1_SHIPMENT_FEE_TYPE, "ShipmentFees" },
    { V1_ORDER_FEE,    V1_ORDER_FEE_TYPE,    "OrderFees" },
    { V1_PRICE,        V1_PRICE_TYPE,        "ItemPrice" },
    { V1_ITEM_FEE,     V1_ITEM_FEE_TYPE,     "ItemFees" },
    { V1_MISC_FEE,     TYPE,                 "MiscFees" },
    { V1_OTHER_FEE,    V1_OTHER_REASON,      "OtherFees" },
    { V1_PROMOTION,    V1_PROMOTION_TYPE,    "Promotion" },
    { V1_PAYMENT,      V1_PAYMENT_TYPE,      "DirectPayment" },
    { V1_OTHER,        TYPE,                 "other-transaction" },
};

static const struct souk_import_column v1_columns[] = {
    SHARED_COLUMNS,
    { "shipment_fee_type", "shipment-fee-type",            SOUK_TEXT,  0, NULL },
    { "order_fee_type",    "order-fee-type",               SOUK_TEXT,  0, NULL },
    { "price_type",        "price-type",                   SOUK_TEXT,  SOUK_HEADER, NULL },
    { "item_fee_type",     "item-related-fee-type",        SOUK_TEXT,  SOUK_HEADER, NULL },
    { "other_reason",      "other-fee-reason-description", SOUK_TEXT,  0, NULL },
    { "promotion_type",    "promotion-type",               SOUK_TEXT,  0, NULL },
    { "payment_type",      "direct-payment-type",          SOUK_TEXT,  0, NULL },
    { "shipment_fee",      "shipment-fee-amount",          SOUK_MONEY, SOUK_HEADER, "currency" },
    { "order_fee",         "order-fee-amount",             SOUK_MONEY, SOUK_HEADER, "currency" },
    { "price",             "price-amount",                 SOUK_MONEY, SOUK_HEADER, "currency" },
    { "item_fee",          "item-related-fee-amount",      SOUK_MONEY, SOUK_HEADER, "currency" },
    { "misc_fee",          "misc-fee-amount",              SOUK_MONEY, SOUK_HEADER, "currency" },
    { "other_fee",         "other-fee-amount",             SOUK_MONEY, SOUK_HEADER, "currency" },
    { "promotion",         "promotion-amount",             SOUK_MONEY, SOUK_HEADER, "currency" },
    { "payment",           "direct-payment-amount",        SOUK_MONEY, SOUK_HEADER, "currency" },
    { "other",             "other-amount",                 SOUK_MONEY, SOUK_HEADER, "currency" },
    OF_NO_USE,
};

/* Some rows of V1 only count units: they are understood and bring no amount. */
static int v1_row(struct souk_call *call, const struct souk_value *in)
{
    int lines = 0, rc = 0;
    for (size_t i = 0; rc >= 0 && i < sizeof v1_amount / sizeof *v1_amount; i++) {
        const struct souk_value *amount = &in[v1_amount[i].amount];
        if (amount->type == SOUK_NONE || amount->num == 0)
            continue;
        struct souk_value detail = or_empty(&in[v1_amount[i].detail]);
        rc = put_line(call, in, souk_text(v1_amount[i].kind), detail, amount);
        lines++;
    }
    if (lines == 0)
        souk_skip(call, in[LINE].num);
    return rc;
}

static int v1_rows(void *self, struct souk_call *call, const struct souk_import_file *file,
                   const struct souk_rows *rows)
{
    int rc = 0;
    (void)self, (void)file;
    for (uint32_t r = 0; rc >= 0 && r < rows->n_rows; r++) {
        const struct souk_value *in = souk_cell(rows, r, 0);
        rc = in[TOTAL].type != SOUK_NONE ? put_cycle(call, in) : v1_row(call, in);
    }
    return rc;
}

static const struct souk_import v1 = {
    .size = sizeof v1, .shape = SOUK_TSV, .id = "amazon.settlement-v1", .title = "v1",
    .columns = SOUK_LIST(v1_columns), .preamble_lines = 10, .rows = v1_rows,
};

static const struct souk_offer offers[] = { { SOUK_IMPORT, &v2 }, { SOUK_IMPORT, &v1 } };

SOUK_PLUGIN = {
    .size = sizeof(struct souk_plugin), .built = SOUK_SDK_NOW, .needs = SOUK_SDK(0, 1),
    .id = "org.souk.amazon-settlement", .version = "0.1.0", .title = "title",
    .offers = SOUK_LIST(offers),
};
