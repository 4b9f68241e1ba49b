/* SPDX-License-Identifier: Apache-2.0 */
/*
 * amazon-returns.c: the report of returns that sellers handle themselves
 * (GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE).
 *
 * in:     one row per return and product; 32 columns, 33 with Category; dates like 10-Jul-2025
 * out:    records of kind return_line
 * knows:  souk/import.h
 *
 * The rows name no marketplace: that is known through their orders.
 */
#include <souk/import.h>

enum return_column {
    LINE, ORDER, ORDER_DAY, REQUEST_DAY, STATUS, RMA, MERCHANT_RMA, LABEL, CURRENCY, A_TO_Z, SKU, QUANTITY, REASON,
    IN_POLICY, RESOLUTION, SAFE_T, REFUND, EXTRA
};

static const struct souk_import_column columns[] = {
    { "order",        "Order ID",              SOUK_TEXT,     SOUK_NEEDED, NULL },
    { "order_day",    "Order date",            SOUK_DAY,      SOUK_HEADER, NULL },
    { "request_day",  "Return request date",   SOUK_DAY,      SOUK_NEEDED, NULL },
    { "status",       "Return request status", SOUK_TEXT,     SOUK_HEADER, NULL },
    { "rma",          "Amazon RMA ID",         SOUK_TEXT,     0, NULL },
    { "merchant_rma", "Merchant RMA ID",       SOUK_TEXT,     0, NULL },
    { "label",        "Label cost",            SOUK_MONEY,    0, "currency" },
    { "currency",     "Currency code",         SOUK_CURRENCY, 0, NULL },
    { "a_to_z",       "A-to-Z Claim",          SOUK_BOOL,     SOUK_HEADER, NULL },
    { "sku",          "Merchant SKU",          SOUK_TEXT,     SOUK_NEEDED, NULL },
    { "quantity",     "Return quantity",       SOUK_COUNT,    SOUK_HEADER, NULL },
    { "reason",       "Return Reason",         SOUK_TEXT,     SOUK_HEADER, NULL },
    { "in_policy",    "In policy",             SOUK_BOOL,     0, NULL },
    { "resolution",   "Resolution",            SOUK_TEXT,     0, NULL },
    { "safe_t",       "SafeT claim state",     SOUK_TEXT,     0, NULL },
    { "refund",       "Refunded Amount",       SOUK_MONEY,    0, "currency" },
    { "of_no_use",
      "Label type|Return carrier|Tracking ID|Label to be paid by|Is prime|ASIN|Item Name|Return type|"
      "Invoice number|Return delivery date|Order Amount|Order quantity|SafeT Action reason|SafeT claim id|"
      "SafeT claim creation time|SafeT claim reimbursement amount|Category",
      SOUK_NONE, 0, NULL },
};

static int return_rows(void *self, struct souk_call *call, const struct souk_import_file *file,
                       const struct souk_rows *rows)
{
    int rc = 0;
    (void)self, (void)file;
    for (uint32_t r = 0; rc >= 0 && r < rows->n_rows; r++) {
        const struct souk_value *in = souk_cell(rows, r, 0);
        rc = souk_put(call, "return_line", "line:count order:text sku:text order_day:day request_day:day rma:text"
                      " status:text reason:text resolution:text quantity:count a_to_z:bool in_policy:bool"
                      " safe_t:text refund:money label:money",
                      in[LINE], in[ORDER], in[SKU], in[ORDER_DAY], in[REQUEST_DAY],
                      in[RMA].type == SOUK_NONE ? in[MERCHANT_RMA] : in[RMA], in[STATUS], in[REASON],
                      in[RESOLUTION], in[QUANTITY], in[A_TO_Z], in[IN_POLICY], in[SAFE_T], in[REFUND], in[LABEL]);
    }
    return rc;
}

static const struct souk_import returns = {
    .size = sizeof returns, .shape = SOUK_TSV, .id = "amazon.returns", .title = "returns",
    .columns = SOUK_LIST(columns), .rows = return_rows,
};

static const struct souk_offer offers[] = { { SOUK_IMPORT, &returns } };

SOUK_PLUGIN = {
    .size = sizeof(struct souk_plugin), .built = SOUK_SDK_NOW, .needs = SOUK_SDK(0, 2),
    .id = "org.souk.amazon-returns", .version = "0.1.0", .title = "title",
    .offers = SOUK_LIST(offers),
};
