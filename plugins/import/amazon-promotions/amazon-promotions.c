/* SPDX-License-Identifier: Apache-2.0 */
/*
 * amazon-promotions.c: how promotions and coupons do: the promotion and the coupon performance reports.
 *
 * in:     JSON documents: promotions with their products, coupons with their ASINs
 * out:    records of kind promotion and promotion_asin
 * knows:  souk/import.h
 */
#include <souk/import.h>

#include <string.h>

/* Which of .records found it. */
enum { OF_PROMOTION = 1, OF_PRODUCT };

/* ---- promotions ------------------------------------------------------------------------------ */

enum promotion_column {
    LINE, WHICH, ID, NAME, KIND, STATUS, MARKET, STARTS, ENDS, VIEWS, UNITS, REVENUE, REVENUE_CURRENCY, SPENT,
    SPENT_CURRENCY, ASIN, EXTRA
};

static const struct souk_import_column promotion_columns[] = {
    { "which",    "$path",                       SOUK_COUNT,    0, NULL },
    { "id",       "promotionId|^.promotionId",   SOUK_TEXT,     SOUK_NEEDED, NULL },
    { "name",     "promotionName|productName",   SOUK_TEXT,     0, NULL },
    { "kind",     "type",                        SOUK_TEXT,     0, NULL },
    { "status",   "status",                      SOUK_TEXT,     0, NULL },
    { "market",   "marketplaceId",               SOUK_MARKET,   0, NULL },
    { "starts",   "startDateTime",               SOUK_INSTANT,  0, NULL },
    { "ends",     "endDateTime",                 SOUK_INSTANT,  0, NULL },
    { "views",    "glanceViews|productGlanceViews", SOUK_COUNT, 0, NULL },
    { "units",    "unitsSold|productUnitsSold",  SOUK_COUNT,    0, NULL },
    { "revenue",  "revenue|productRevenue",      SOUK_MONEY,    0, "revenue_currency" },
    { "revenue_currency", "revenueCurrencyCode|productRevenueCurrencyCode", SOUK_CURRENCY, 0, NULL },
    { "spent",    "amountSpent|productAmountSpent", SOUK_MONEY, 0, "spent_currency" },
    { "spent_currency", "amountSpentCurrencyCode|productAmountSpentCurrencyCode", SOUK_CURRENCY, 0, NULL },
    { "asin",     "asin",                        SOUK_TEXT,     0, NULL },
    { "of_no_use",
      "includedProducts|vendorCode|merchantId|creationChannel|fundingAgreementId|createdDateTime|"
      "lastUpdatedDateTime",
      SOUK_NONE, 0, NULL },
};

static int promotion_rows(void *self, struct souk_call *call, const struct souk_import_file *file,
                          const struct souk_rows *rows)
{
    int rc = 0;
    (void)self, (void)file;
    for (uint32_t r = 0; rc >= 0 && r < rows->n_rows; r++) {
        const struct souk_value *in = souk_cell(rows, r, 0);
        if (in[WHICH].num == OF_PRODUCT)
            rc = souk_put(call, "promotion_asin", "line:count promotion_id:text asin:text name:text views:count"
                          " units:count revenue:money spent:money", in[LINE], in[ID], in[ASIN], in[NAME],
                          in[VIEWS], in[UNITS], in[REVENUE], in[SPENT]);
        else
            rc = souk_put(call, "promotion", "line:count promotion_id:text kind:text name:text status:text"
                          " market:market starts:instant ends:instant views:count units:count revenue:money"
                          " spent:money", in[LINE], in[ID], in[KIND], in[NAME],
                          in[STATUS].type == SOUK_NONE ? souk_text("") : in[STATUS], in[MARKET], in[STARTS],
                          in[ENDS], in[VIEWS], in[UNITS], in[REVENUE], in[SPENT]);
    }
    return rc;
}

static const struct souk_import promotions = {
    .size = sizeof promotions, .shape = SOUK_JSON, .id = "amazon.promotions", .title = "promotions",
    .columns = SOUK_LIST(promotion_columns), .rows = promotion_rows,
    .records = "promotions[]|promotions[].includedProducts[]",
    .signs = "reportSpecification.reportType=GET_PROMOTION_PERFORMANCE_REPORT|promotions[].promotionId",
};

/* ---- coupons --------------------------------------------------------------------------------- */

enum coupon_column {
    CO_LINE, CO_WHICH, CO_ID, CO_NAME, CO_MARKET, CO_CURRENCY, CO_STARTS, CO_ENDS, CO_DISCOUNT_TYPE, CO_DISCOUNT,
    CO_CLIPS, CO_REDEMPTIONS, CO_BUDGET, CO_SPENT, CO_LEFT, CO_SALES, CO_ASIN, CO_EXTRA
};

static const struct souk_import_column coupon_columns[] = {
    { "which",       "$path",               SOUK_COUNT,    0, NULL },
    { "id",          "couponId|^.couponId", SOUK_TEXT,     SOUK_NEEDED, NULL },
    { "name",        "name",                SOUK_TEXT,     0, NULL },
    { "market",      "marketplaceId",       SOUK_MARKET,   0, NULL },
    { "currency",    "currencyCode",        SOUK_CURRENCY, 0, NULL },
    { "starts",      "startDateTime",       SOUK_INSTANT,  0, NULL },
    { "ends",        "endDateTime",         SOUK_INSTANT,  0, NULL },
    { "discount_type", "discountType",      SOUK_TEXT,     0, NULL },
    { "discount",    "discountAmount",      SOUK_TEXT,     0, NULL },
    { "clips",       "clips",               SOUK_COUNT,    0, NULL },
    { "redemptions", "redemptions",         SOUK_COUNT,    0, NULL },
    { "budget",      "budget",              SOUK_MONEY,    0, "currency" },
    { "spent",       "budgetSpent",         SOUK_MONEY,    0, "currency" },
    { "left",        "budgetRemaining",     SOUK_MONEY,    0, "currency" },
    { "sales",       "sales",               SOUK_MONEY,    0, "currency" },
    { "asin",        "asin",                SOUK_TEXT,     0, NULL },
    { "of_no_use",
      "asins|merchantId|websiteMessage|customerSegment|totalDiscount|budgetPercentageUsed",
      SOUK_NONE, 0, NULL },
};

/* "10 %" for 10 of PERCENT_OFF_LIST_PRICE, else the amount with its currency. */
static const char *discount_of(const struct souk_value *in, char *to, size_t room)
{
    const char *unit = "";
    if (in[CO_DISCOUNT].type != SOUK_TEXT || in[CO_DISCOUNT].text.len + 8 > room)
        return "";
    if (in[CO_DISCOUNT_TYPE].type == SOUK_TEXT && strncmp(in[CO_DISCOUNT_TYPE].text.at, "PERCENT", 7) == 0)
        unit = "%";
    else if (in[CO_CURRENCY].type == SOUK_CURRENCY)
        unit = in[CO_CURRENCY].text.at;
    strcpy(to, in[CO_DISCOUNT].text.at);
    if (*unit) {
        strcat(to, " ");
        strcat(to, unit);
    }
    return to;
}

static int coupon_rows(void *self, struct souk_call *call, const struct souk_import_file *file,
                       const struct souk_rows *rows)
{
    int rc = 0;
    char discount[80];
    (void)self, (void)file;
    for (uint32_t r = 0; rc >= 0 && r < rows->n_rows; r++) {
        const struct souk_value *in = souk_cell(rows, r, 0);
        if (in[CO_WHICH].num == OF_PRODUCT)
            rc = souk_put(call, "promotion_asin", "line:count promotion_id:text asin:text", in[CO_LINE], in[CO_ID],
                          in[CO_ASIN]);
        else
            rc = souk_put(call, "promotion", "line:count promotion_id:text kind:text name:text status:text"
                          " market:market starts:instant ends:instant discount:text clips:count"
                          " redemptions:count budget:money spent:money left:money revenue:money",
                          in[CO_LINE], in[CO_ID], souk_text("coupon"), in[CO_NAME], souk_text(""), in[CO_MARKET],
                          in[CO_STARTS], in[CO_ENDS], souk_text(discount_of(in, discount, sizeof discount)),
                          in[CO_CLIPS], in[CO_REDEMPTIONS], in[CO_BUDGET], in[CO_SPENT], in[CO_LEFT],
                          in[CO_SALES]);
    }
    return rc;
}

static const struct souk_import coupons = {
    .size = sizeof coupons, .shape = SOUK_JSON, .id = "amazon.coupons", .title = "coupons",
    .columns = SOUK_LIST(coupon_columns), .rows = coupon_rows,
    .records = "coupons[]|coupons[].asins[]",
    .signs = "reportSpecification.reportType=GET_COUPON_PERFORMANCE_REPORT|coupons[].couponId",
};

static const struct souk_offer offers[] = { { SOUK_IMPORT, &promotions }, { SOUK_IMPORT, &coupons } };

SOUK_PLUGIN = {
    .size = sizeof(struct souk_plugin), .built = SOUK_SDK_NOW, .needs = SOUK_SDK(0, 2),
    .id = "org.souk.amazon-promotions", .version = "0.1.0", .title = "title",
    .offers = SOUK_LIST(offers),
};
