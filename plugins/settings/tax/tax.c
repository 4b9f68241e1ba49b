/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tax.c: tax registrations: in which country, under which scheme, by which number, from when to when.
 *
 * in:     what somebody types; v1_settings (the other registrations), v1_ledger_daily
 * out:    the records `tax` and the record `tax_rates` of v1_settings; above the list, what ends soon, and the months of the
 *         ledger for the accountant
 *
 * The form of a number and its check digits are the host's (SOUK_FIELD_TAX_ID).  Whether it was given to anybody, only
 * its tax office can tell; nothing is asked over the network.
 */
#include "tax.h"

enum { SOON_DAYS = 60, RECORDS = 60 };

static const struct souk_query queries[] = {
    {
        .size = sizeof(struct souk_query), .id = "registrations", .title = "registrations",
        .sql = "SELECT c.record, c.text, s.text, coalesce(r.text, ''), CAST(c.record AS TEXT) FROM v1_settings c"
               " JOIN v1_settings s ON s.module = 'tax' AND s.record = c.record AND s.field = 'scheme'"
               " LEFT JOIN v1_settings r ON r.module = 'tax' AND r.record = c.record AND r.field = 'region'"
               " WHERE c.module = 'tax' AND c.field = 'country' ORDER BY c.record",
        .columns = "record:count country:country scheme:text region:text id:text+hidden",
    },
    {
        .size = sizeof(struct souk_query), .id = "month_parts", .title = "month_parts", .about = "month_parts_about",
        .sql = "SELECT market, currency, part, CAST(sum(lines) AS BIGINT), CAST(sum(amount) AS BIGINT) FROM v1_ledger_daily"
               " WHERE day >= :from AND day <= :to AND part <> 'reserve' GROUP BY market, currency, part"
               " ORDER BY currency, market NULLS LAST, part",
        .params = "from:day to:day", .columns = "market:market currency:currency part:text lines:count amount:money/currency",
    },
    {
        .size = sizeof(struct souk_query), .id = "ledger_days", .title = "ledger_days", .about = "ledger_days_about", .max_rows = 100000,
        .sql = "SELECT day, market, currency, part, lines, amount FROM v1_ledger_daily"
               " WHERE day >= :from AND day <= :to AND part <> 'reserve' ORDER BY day, currency, market NULLS LAST, part",
        .params = "from:day to:day", .columns = "day:day market:market currency:currency part:text lines:count amount:money/currency",
    },
};

static const struct souk_choice schemes[] = {
    { "standard", "scheme_standard" }, { "small", "scheme_small" }, { "oss", "scheme_oss" }, { "ioss", "scheme_ioss" },
    { "sales", "scheme_sales" }, { "income", "scheme_income" },
};

static const struct souk_field fields[] = {
    FIELD(COUNTRY, "country", .flags = SOUK_FIELD_NEEDED),
    FIELD(ONE_OF, "scheme", .choices = SOUK_LIST(schemes), .flags = SOUK_FIELD_NEEDED, .fallback = SOUK_WORD(SOUK_TEXT, "standard"),
          .about = "field_scheme_about"),
    FIELD(REGION, "region", .country_of = "country", .when = "scheme", .when_is = "sales", .about = "field_region_about"),
    FIELD(TAX_ID, "number", .country_of = "country", .kind = "vat", .when = "scheme", .when_is = "standard small oss",
          .flags = SOUK_FIELD_NEEDED | SOUK_FIELD_UNIQUE, .about = "field_number_about"),
    FIELD(TAX_ID, "company", .country_of = "country", .kind = "company", .when = "scheme", .when_is = "income",
          .flags = SOUK_FIELD_NEEDED | SOUK_FIELD_PERSONAL, .about = "field_company_about"),
    FIELD(LINE, "permit", .min = 4, .max = 30, .when = "scheme", .when_is = "sales ioss", .flags = SOUK_FIELD_NEEDED, .about = "field_permit_about"),
    FIELD(DAY, "since", .about = "field_since_about"),
    FIELD(DAY, "until", .about = "field_until_about"),
};

/* ---- checks --------------------------------------------------------------------------------------------- */

/* An import scheme's number is IM and ten digits: Council Implementing Regulation (EU) 2020/194. */
static int is_import_number(const char *text)
{
    unsigned n = 0;
    if (text[0] != 'I' || text[1] != 'M')
        return 0;
    for (const char *c = text + 2; *c; c++, n++)
        if (*c < '0' || *c > '9')
            return 0;
    return n == 10;
}

/* One number for each country, scheme and state. */
static int is_again(const struct souk_rows *others, const struct souk_record *record)
{
    for (uint32_t i = 0; i < others->n_rows; i++) {
        const struct souk_value *other = souk_cell(others, i, 0);
        if ((record->is_new || !souk_is(&other[4], record->id)) && souk_is(&other[1], souk_given_text(&record->now, "country"))
            && souk_is(&other[2], souk_given_text(&record->now, "scheme")) && souk_is(&other[3], souk_given_text(&record->now, "region")))
            return 1;
    }
    return 0;
}

static int check(void *self, struct souk_call *call, const struct souk_ask *ask, const struct souk_record *record)
{
    const struct souk_value *since = souk_given(&record->now, "since"), *until = souk_given(&record->now, "until"),
                            *scheme = souk_given(&record->now, "scheme"), *country = souk_given(&record->now, "country");
    struct souk_rows others;
    (void)self;
    (void)ask;
    int rc = souk_query_all(call, &others, "registrations");
    if (rc < 0)
        return rc;
    if (since && until && until->num < since->num)
        souk_wrong(call, "until", "wrong_until", { "since", *since });
    else if (souk_is(scheme, "ioss") && !is_import_number(souk_given_text(&record->now, "permit")))
        souk_wrong(call, "permit", "wrong_ioss");
    else if (country && is_again(&others, record))
        souk_wrong(call, "country", "wrong_again", { "country", *country });
    return 0;
}

/* ---- what stands above --------------------------------------------------------------------------------------- */

static void end_put(struct souk_call *call, const struct souk_record *record, int32_t today)
{
    const struct souk_value *until = souk_given(&record->now, "until"), *country = souk_given(&record->now, "country");
    if (!until || !country || until->num > today + SOON_DAYS)
        return;
    souk_alert(call, .tone = until->num < today ? SOUK_BAD : SOUK_WATCH,
               .text = SOUK_MSG(until->num < today ? "is_over" : "ends_soon", { "country", *country }, { "until", *until }),
               .why = SOUK_WHY(.rows = "registrations", .formula = SOUK_MSG("ends_why", { "days", souk_count(SOON_DAYS) })));
}

static int notes(void *self, struct souk_call *call, const struct souk_ask *ask, const struct souk_records *records)
{
    (void)self;
    for (uint32_t i = 0; i < records->list.n; i++) {
        const struct souk_record *record = souk_record_at(records, i);
        if (!*records->shown || souk_is_same(records->shown, record->id))
            end_put(call, record, tax_today(ask));
    }
    return *records->shown ? 0 : months_put(call, ask);
}

static const struct souk_settings settings = {
    .size = sizeof settings, .order = 80, .id = "tax", .title = "title", .about = "about", .view = SOUK_MAY_VIEW,
    .edit = SOUK_MAY_ADMINISTER, .fields = SOUK_LIST(fields), .max_records = RECORDS, .schema = 1, .summary = "summary",
    .check = check, .notes = notes,
};
static const struct souk_offer offers[] = { { SOUK_SETTINGS, &settings }, { SOUK_SETTINGS, &rates } };

SOUK_PLUGIN = {
    .size = sizeof(struct souk_plugin), .built = SOUK_SDK_NOW, .needs = SOUK_SDK(0, 3),
    .id = "org.souk.settings.tax", .version = "1.0.0", .title = "title", .reads = "v1_ledger_daily v1_settings",
    .offers = SOUK_LIST(offers), .queries = SOUK_LIST(queries),
};
