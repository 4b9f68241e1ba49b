/* SPDX-License-Identifier: Apache-2.0 */
/*
 * returns.c: where goods are sent back to, how long, who pays for it, and which requests are authorised by themselves.
 *
 * Rules are looked at from the first on; the first whose reason, amount and age fit decides.  Where none does, the seller is
 * asked.
 */
#include "shipping.h"

enum { RULES = 20, LEAST_DAYS = 14, RESTOCKING_MOST = 2000 };

static const struct souk_field address[] = {
    FIELD(LINE, "name", .max = 120, .flags = SOUK_FIELD_NEEDED),
    FIELD(LINE, "street", .max = 180, .flags = SOUK_FIELD_NEEDED),
    FIELD(POSTCODE, "postcode", .country_of = "country"),
    FIELD(LINE, "city", .max = 100, .flags = SOUK_FIELD_NEEDED),
    FIELD(REGION, "region", .country_of = "country"),
    FIELD(COUNTRY, "country", .flags = SOUK_FIELD_NEEDED),
    FIELD(PHONE, "phone", .flags = 0),
};

static const struct souk_choice payers[] = { { "seller", "by_seller" }, { "buyer", "by_buyer" }, { "fault", "by_fault" } };
static const struct souk_choice reasons[] = {
    { "any", "reason_any" }, { "defective", "reason_defective" }, { "wrong", "reason_wrong" }, { "late", "reason_late" },
    { "unwanted", "reason_unwanted" }, { "other", "reason_other" },
};
static const struct souk_choice verdicts[] = {
    { "authorise", "verdict_authorise" }, { "keep", "verdict_keep" }, { "ask", "verdict_ask" },
};

static const struct souk_field rules[] = {
    FIELD(ONE_OF, "reason", .choices = SOUK_LIST(reasons), .flags = SOUK_FIELD_NEEDED),
    FIELD(MONEY, "up_to", .max = 100000000),
    FIELD(COUNT, "within_days", .max = 3650),
    FIELD(ONE_OF, "verdict", .choices = SOUK_LIST(verdicts), .flags = SOUK_FIELD_NEEDED),
};

static const struct souk_field fields[] = {
    FIELD(MARKET, "market", .flags = SOUK_FIELD_NEEDED | SOUK_FIELD_UNIQUE),
    FIELD(RECORD, "address", .fields = SOUK_LIST(address), .flags = SOUK_FIELD_PERSONAL),
    FIELD(COUNT, "window_days", .max = 3650, .flags = SOUK_FIELD_NEEDED, .fallback = SOUK_NUMBER(SOUK_COUNT, 30), .about = "field_window_days_about"),
    FIELD(ONE_OF, "paid_by", .choices = SOUK_LIST(payers), .flags = SOUK_FIELD_NEEDED, .fallback = SOUK_WORD(SOUK_TEXT, "fault")),
    FIELD(PERCENT, "restocking", .min = 0, .max = RESTOCKING_MOST, .about = "field_restocking_about"),
    FIELD(RECORDS, "rules", .fields = SOUK_LIST(rules), .max = RULES, .about = "field_rules_about"),
};

/* A rule behind one for any reason, any amount and any age is never looked at. */
static int check(void *self, struct souk_call *call, const struct souk_ask *ask, const struct souk_record *record)
{
    const struct souk_args *now = &record->now;
    const struct souk_market_now *m = souk_market_named(ask, souk_given_text(now, "market"));
    const struct souk_value *days = souk_given(now, "window_days"), *n = souk_given(now, "rules");
    (void)self;
    for (uint32_t i = 1; n && i <= (uint32_t)n->num; i++) {
        const struct souk_value *up_to = souk_inner(now, "rules", i, "up_to");
        int fits_all = souk_is(souk_inner(now, "rules", i, "reason"), "any") && !up_to && !souk_inner(now, "rules", i, "within_days");
        if (up_to && m && !souk_is_same(up_to->currency, m->currency))
            souk_wrong(call, "rules", "wrong_rule_currency", { "row", souk_count(i) }, { "market", souk_market(m->id) }, { "currency", souk_text(m->currency) });
        else if (fits_all && i < (uint32_t)n->num)
            souk_wrong(call, "rules", "wrong_rule_order", { "row", souk_count(i) });
    }
    if (days && days->num < LEAST_DAYS)
        souk_doubt(call, "window_days", "doubt_window", { "days", souk_count(LEAST_DAYS) });
    return 0;
}

const struct souk_settings returns = {
    .size = sizeof returns, .order = 61, .id = "returns", .title = "returns_title", .about = "returns_about", .help = "returns", .view = SOUK_MAY_VIEW,
    .edit = SOUK_MAY_EDIT, .fields = SOUK_LIST(fields), .max_records = 40, .schema = 1, .summary = "returns_summary", .check = check,
};
