/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rates.c: how tax is charged: where goods come from, and for each marketplace who collects the tax of a sale, at which rate,
 * and whether prices include it.
 */
#include "tax.h"

static const struct souk_choice collectors[] = {
    { "marketplace", "by_marketplace" }, { "seller", "by_seller" }, { "nobody", "by_nobody" },
};

static const struct souk_field stocks[] = {
    FIELD(COUNTRY, "country", .flags = SOUK_FIELD_NEEDED),
    FIELD(REGION, "region", .country_of = "country"),
    FIELD(DAY, "since", .flags = 0),
};

static const struct souk_field fields[] = {
    FIELD(COUNTRY, "origin", .about = "field_origin_about"),
    FIELD(RECORDS, "stocks", .fields = SOUK_LIST(stocks), .max = 40, .about = "field_stocks_about"),
    FIELD(ONE_OF, "collected_by", .choices = SOUK_LIST(collectors), .flags = SOUK_FIELD_PER_MARKET, .about = "field_collected_by_about"),
    FIELD(PERCENT, "rate", .min = 0, .max = 10000, .flags = SOUK_FIELD_PER_MARKET, .about = "field_rate_about"),
    FIELD(BOOL, "included", .flags = SOUK_FIELD_PER_MARKET, .about = "field_included_about"),
    FIELD(LINE, "product_code", .max = 40, .about = "field_product_code_about"),
};

/* Who collects the tax needs to know how much: for all marketplaces, or for the one. */
static int check(void *self, struct souk_call *call, const struct souk_ask *ask, const struct souk_record *record)
{
    (void)self;
    for (uint32_t i = 0; i < ask->n_markets; i++) {
        const char *market = souk_market_at(ask, i)->id;
        const struct souk_value *by = souk_in_market(&record->now, "collected_by", market);
        if (souk_is(by, "seller") && !souk_in_market(&record->now, "rate", market)) {
            souk_wrong(call, "rate", "wrong_rate", { "market", souk_market(market) });
            return 0;
        }
    }
    return 0;
}

const struct souk_settings rates = {
    .size = sizeof rates, .order = 81, .id = "tax_rates", .title = "rates_title", .about = "rates_about", .help = "rates", .view = SOUK_MAY_VIEW,
    .edit = SOUK_MAY_ADMINISTER, .fields = SOUK_LIST(fields), .schema = 1, .summary = "rates_summary", .check = check,
};
