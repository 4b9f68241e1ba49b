/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shipping.c: shipping templates: where to, how fast, for how much; and what they promise for a sample order.
 *
 * in:     what somebody types; now, and the day it is in each marketplace
 * out:    the records `shipping` of v1_settings; above a template, when an order of this moment would leave and arrive and
 *         what its shipping costs
 */
#include "promise.h"
#include "shipping.h"

enum { RATES = 40, CLOSED = 40, HOLIDAYS = 400, COLUMNS = 7, MINOR_MOST = 100000000 };

static const struct souk_choice services[] = {
    { "standard", "service_standard" }, { "expedited", "service_expedited" }, { "next_day", "service_next_day" },
};

static const struct souk_field rate_fields[] = {
    FIELD(LINE, "to", .max = 120, .flags = SOUK_FIELD_NEEDED, .about = "field_to_about"),
    FIELD(ONE_OF, "service", .choices = SOUK_LIST(services), .flags = SOUK_FIELD_NEEDED),
    FIELD(COUNT, "transit_min", .max = 60, .flags = SOUK_FIELD_NEEDED),
    FIELD(COUNT, "transit_max", .max = 60, .flags = SOUK_FIELD_NEEDED),
    FIELD(MONEY, "per_order", .max = MINOR_MOST),
    FIELD(MONEY, "per_item", .max = MINOR_MOST),
    FIELD(MONEY, "per_kg", .max = MINOR_MOST),
};

static const struct souk_field closed_fields[] = { FIELD(DAY, "day", .flags = SOUK_FIELD_NEEDED) };

static const struct souk_field fields[] = {
    FIELD(LINE, "name", .max = 80, .flags = SOUK_FIELD_NEEDED | SOUK_FIELD_UNIQUE),
    FIELD(MARKET, "market", .flags = SOUK_FIELD_NEEDED),
    FIELD(BOOL, "main", .flags = 0, .about = "field_main_about"),
    FIELD(COUNT, "handling_days", .max = 30, .flags = SOUK_FIELD_NEEDED, .fallback = SOUK_NUMBER(SOUK_COUNT, 1), .about = "field_handling_days_about"),
    FIELD(TIME, "cut_off", .flags = SOUK_FIELD_NEEDED, .fallback = SOUK_NUMBER(SOUK_SECONDS, 14 * 3600), .about = "field_cut_off_about"),
    FIELD(WEEKDAYS, "work_days", .flags = SOUK_FIELD_NEEDED, .fallback = SOUK_WORD(SOUK_TEXT, "mon tue wed thu fri")),
    FIELD(WEEKDAYS, "carrier_days", .flags = SOUK_FIELD_NEEDED, .fallback = SOUK_WORD(SOUK_TEXT, "mon tue wed thu fri sat")),
    FIELD(RECORDS, "closed", .fields = SOUK_LIST(closed_fields), .max = CLOSED, .about = "field_closed_about"),
    FIELD(RECORDS, "rates", .fields = SOUK_LIST(rate_fields), .max = RATES, .flags = SOUK_FIELD_NEEDED, .about = "field_rates_about"),
    FIELD(COUNT, "sample_items", .min = 1, .max = 1000, .fallback = SOUK_NUMBER(SOUK_COUNT, 1)),
    FIELD(DECIMAL, "sample_weight", .digits = 3, .min = 0, .max = 1000000, .about = "field_sample_weight_about"),
};

static const struct souk_section sections[] = {
    { .size = sizeof(struct souk_section), .first = "handling_days", .title = "section_handling" },
    { .size = sizeof(struct souk_section), .first = "rates", .title = "section_rates" },
    { .size = sizeof(struct souk_section), .first = "sample_items", .title = "section_sample", .about = "section_sample_about" },
};

/* ---- checks ------------------------------------------------------------------------------------------------- */

static uint32_t rows_of(const struct souk_args *args, const char *table)
{
    const struct souk_value *n = souk_given(args, table);
    return n ? (uint32_t)n->num : 0;
}

static int is_letter(char c)
{
    return c >= 'A' && c <= 'Z';
}

/* "DE AT CH", "US-HI US-AK", or "*": countries by their two letters, states behind a hyphen. */
static int is_list_of_places(const char *text)
{
    int n = 0;
    if (souk_is_same(text, "*"))
        return 1;
    while (*text) {
        if (!is_letter(text[0]) || !is_letter(text[1]))
            return 0;
        text += 2;
        if (*text == '-')
            for (text++; is_letter(*text) || (*text >= '0' && *text <= '9'); text++)
                ;
        if (*text && *text != ' ')
            return 0;
        while (*text == ' ')
            text++;
        n++;
    }
    return n > 0;
}

static int is_other_currency(const struct souk_value *money, const struct souk_market_now *m)
{
    return money && m && !souk_is_same(money->currency, m->currency);
}

static int check(void *self, struct souk_call *call, const struct souk_ask *ask, const struct souk_record *record)
{
    const struct souk_args *now = &record->now;
    const struct souk_market_now *m = souk_market_named(ask, souk_given_text(now, "market"));
    (void)self;
    for (uint32_t i = 1; i <= rows_of(now, "rates"); i++) {
        const struct souk_value *to = souk_inner(now, "rates", i, "to"), *least = souk_inner(now, "rates", i, "transit_min"),
                                *most = souk_inner(now, "rates", i, "transit_max");
        const struct souk_value row = souk_count(i);
        if (to && !is_list_of_places(to->text.at))
            souk_wrong(call, "rates", "wrong_to", { "row", row }, { "to", *to });
        else if (least && most && most->num < least->num)
            souk_wrong(call, "rates", "wrong_transit", { "row", row });
        else if (is_other_currency(souk_inner(now, "rates", i, "per_order"), m) || is_other_currency(souk_inner(now, "rates", i, "per_item"), m)
                 || is_other_currency(souk_inner(now, "rates", i, "per_kg"), m))
            souk_wrong(call, "rates", "wrong_currency", { "row", row }, { "market", souk_market(m->id) }, { "currency", souk_text(m->currency) });
    }
    return 0;
}

/* ---- the sample -------------------------------------------------------------------------------------------------- */

static unsigned weekdays_of(const char *text)
{
    static const char names[] = "montuewedthufrisatsun";
    unsigned days = 0;
    for (; text[0] && text[1] && text[2]; text += text[3] ? 4 : 3)
        for (unsigned i = 0; i < 7; i++)
            if (text[0] == names[3 * i] && text[1] == names[3 * i + 1] && text[2] == names[3 * i + 2])
                days |= 1u << i;
    return days;
}

static int64_t number_of(const struct souk_args *now, const char *name, int64_t otherwise)
{
    const struct souk_value *v = souk_given(now, name);
    return v ? v->num : otherwise;
}

static int64_t minor_of(const struct souk_args *now, uint32_t row, const char *name)
{
    const struct souk_value *v = souk_inner(now, "rates", row, name);
    return v ? v->num : 0;
}

static int64_t grams_of(const struct souk_args *now)
{
    const struct souk_value *v = souk_given(now, "sample_weight");
    int64_t grams = v ? v->num : 0;
    for (int64_t digits = v ? v->den : 3; digits < 3; digits++)
        grams *= 10;
    return grams;
}

/* The national holidays of a market's policy, "2026-12-25 2026-12-26": nobody packs and nobody delivers. */
static int holidays_of(struct souk_call *call, const struct souk_market_now *m, int32_t *day, uint32_t *n)
{
    struct souk_policy line;
    int rc = souk_policy(call, m->id, "ship.holidays", m->today, &line);
    *n = 0;
    if (rc == SOUK_EABSENT)
        return 0;
    for (const char *at = rc < 0 ? "" : line.value.text.at; *at && *n < HOLIDAYS; ) {
        int32_t read;
        if (promise_day(at, &read))
            day[(*n)++] = read;
        while (*at && *at != ' ')
            at++;
        while (*at == ' ')
            at++;
    }
    return rc;
}

static int promise_put(struct souk_call *call, const struct souk_ask *ask, const struct souk_args *now)
{
    const struct souk_market_now *m = souk_market_named(ask, souk_given_text(now, "market"));
    struct souk_value cell[RATES * COLUMNS];
    int32_t holiday[HOLIDAYS + CLOSED], today, second;
    struct way way = { .cut_off_s = number_of(now, "cut_off", 0), .handling_days = number_of(now, "handling_days", 0) };
    const int64_t items = number_of(now, "sample_items", 1), grams = grams_of(now);
    uint32_t n = 0, n_holidays, n_closed;
    if (!m)
        return 0;
    int rc = holidays_of(call, m, holiday, &n_holidays);
    if (rc == 0)
        rc = call->query->local(call, m->id, ask->now_s, &today, &second);
    if (rc < 0)
        return rc;
    n_closed = n_holidays;
    for (uint32_t i = 1; i <= rows_of(now, "closed") && n_closed < HOLIDAYS + CLOSED; i++) {
        const struct souk_value *day = souk_inner(now, "closed", i, "day");
        if (day)
            holiday[n_closed++] = (int32_t)day->num;
    }
    way.work = (struct calendar){ weekdays_of(souk_given_text(now, "work_days")), holiday, n_closed };
    way.carrier = (struct calendar){ weekdays_of(souk_given_text(now, "carrier_days")), holiday, n_holidays };
    for (uint32_t i = 1; i <= rows_of(now, "rates") && n < RATES; i++) {
        struct souk_value *to = &cell[n * COLUMNS];
        const struct souk_value *where = souk_inner(now, "rates", i, "to"), *service = souk_inner(now, "rates", i, "service");
        struct promise p;
        way.transit_min = minor_of(now, i, "transit_min");
        way.transit_max = minor_of(now, i, "transit_max");
        if (!where || !service || !promise_of(&way, today, second, &p))
            continue;
        to[0] = souk_is(where, "*") ? souk_text("*") : *where;
        to[1] = souk_key(souk_is(service, "next_day") ? "service_next_day" : souk_is(service, "expedited") ? "service_expedited" : "service_standard");
        to[2] = souk_day(p.begun);
        to[3] = souk_day(p.leaves);
        to[4] = souk_day(p.from);
        to[5] = souk_day(p.to);
        to[6] = souk_money(promise_price(minor_of(now, i, "per_order"), minor_of(now, i, "per_item"), minor_of(now, i, "per_kg"), items, grams),
                           m->currency);
        n++;
    }
    souk_section(call, "sample", { "items", souk_count(items) }, { "weight", souk_number(SOUK_DECIMAL, grams, 3) });
    if (n)
        souk_table(call, .title = SOUK_MSG("sample_table", { "now", souk_instant(ask->now_s) }, { "market", souk_market(m->id) }),
                   .rows = { "to:text service:key begun:day leaves:day arrives_from:day arrives_to:day price:money", cell, COLUMNS, n, 0, 0 },
                   .why = SOUK_WHY(.formula = SOUK_MSG("sample_why", { "handling", souk_count(way.handling_days) }),
                                   .origin = SOUK_MSG("sample_origin"), .policy = "ship.holidays", .market = m->id, .policy_day = today));
    else
        souk_text_line(call, .text = SOUK_MSG("sample_none"));
    souk_end(call);
    return 0;
}

static int notes(void *self, struct souk_call *call, const struct souk_ask *ask, const struct souk_records *records)
{
    (void)self;
    int rc = 0;
    for (uint32_t i = 0; rc == 0 && i < records->list.n; i++)
        if (souk_is_same(records->shown, souk_record_at(records, i)->id))
            rc = promise_put(call, ask, &souk_record_at(records, i)->now);
    return rc;
}

static const struct souk_settings settings = {
    .size = sizeof settings, .order = 60, .id = "shipping", .title = "title", .about = "about", .view = SOUK_MAY_VIEW,
    .edit = SOUK_MAY_EDIT, .fields = SOUK_LIST(fields), .sections = SOUK_LIST(sections), .max_records = 40, .schema = 1,
    .summary = "summary", .one_default = "main", .default_per = "market", .check = check, .notes = notes,
};
static const struct souk_offer offers[] = { { SOUK_SETTINGS, &settings }, { SOUK_SETTINGS, &returns } };

SOUK_PLUGIN = {
    .size = sizeof(struct souk_plugin), .built = SOUK_SDK_NOW, .needs = SOUK_SDK(0, 3),
    .id = "org.souk.settings.shipping", .version = "1.0.0", .title = "title", .offers = SOUK_LIST(offers),
};
