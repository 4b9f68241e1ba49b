/* SPDX-License-Identifier: Apache-2.0 */
/*
 * deposit.c: deposit methods: the bank accounts to which marketplaces transfer what was earned.
 *
 * in:     what somebody types; the ends of settlement cycles, and the policies deposit.hold_days and settlement.days
 * out:    the records `deposit` of v1_settings, numbers as tails; held_until: how long transfers wait after a change
 *
 * The marketplace is not told: what is kept here is what the seller has entered there.
 */
#include <souk/settings.h>

#include <stdlib.h>
#include <string.h>

#include "check.h"

#define FIELD(kind, its_name, ...) { .size = sizeof(struct souk_field), .type = SOUK_FIELD_##kind, .name = (its_name), \
        .title = "field_" its_name, __VA_ARGS__ }

enum { DAY_S = 86400, HOLD_DAYS = 3 };                  /* the latter where no policy tells */

static const char us_market[] = "ATVPDKIKX0DER";
enum { US_MOST = 2 };

static const struct souk_query queries[] = {
    {
        .size = sizeof(struct souk_query), .id = "of_market", .title = "of_market", .about = "of_market_about",
        .sql = "SELECT record FROM v1_settings WHERE module = 'deposit' AND field = 'market' AND text = :market ORDER BY record",
        .params = "market:market", .columns = "record:count",
    },
    {
        .size = sizeof(struct souk_query), .id = "last_ends", .title = "last_ends", .about = "last_ends_about",
        .sql = "SELECT market, currency, max(ended) FROM v1_cycles WHERE ended IS NOT NULL"
               " GROUP BY market, currency ORDER BY market NULLS LAST, currency",
        .columns = "market:market currency:currency ended:instant",
    },
};

static const struct souk_choice kinds[] = {
    { "iban", "kind_iban" }, { "us", "kind_us" }, { "uk", "kind_uk" }, { "jp", "kind_jp" },
};

static const struct souk_field fields[] = {
    FIELD(MARKET, "market", .flags = SOUK_FIELD_NEEDED),
    FIELD(LINE, "holder", .max = 140, .flags = SOUK_FIELD_NEEDED | SOUK_FIELD_PERSONAL, .about = "field_holder_about"),
    FIELD(ONE_OF, "kind", .choices = SOUK_LIST(kinds), .flags = SOUK_FIELD_NEEDED, .fallback = SOUK_WORD(SOUK_TEXT, "iban")),
    FIELD(LINE, "country", .min = 2, .max = 2, .when = "kind", .when_is = "iban", .flags = SOUK_FIELD_NEEDED,
          .about = "field_country_about"),
    FIELD(LINE, "number", .max = 60, .flags = SOUK_FIELD_NEEDED | SOUK_FIELD_SECRET | SOUK_FIELD_PERSONAL,
          .about = "field_number_about"),
    FIELD(BOOL, "main", .flags = 0, .about = "field_main_about"),
    FIELD(INSTANT, "held_until", .flags = SOUK_FIELD_READ_ONLY),
};

/* Days of a policy; `otherwise` where there is none. */
static int days_of(struct souk_call *call, const char *market, const char *key, int32_t today, int64_t otherwise, int64_t *days)
{
    struct souk_policy line;
    int rc = souk_policy(call, market, key, today, &line);
    *days = rc < 0 ? otherwise : line.value.num;
    return rc == SOUK_EABSENT ? 0 : rc;
}

/* ---- checks ------------------------------------------------------------------------------------------- */

static void check_number(struct souk_call *call, const struct souk_record *record)
{
    const struct souk_value *number = souk_given(&record->now, "number");
    const char *country = souk_given_text(&record->now, "country");
    if (country[0] && (country[0] < 'A' || country[0] > 'Z' || country[1] < 'A' || country[1] > 'Z'))
        souk_wrong(call, "country", "wrong_country", { "country", souk_text(country) });
    else if (number->type == SOUK_TEXT) {
        struct bank_fault fault = bank_check(souk_given_text(&record->now, "kind"), country, number->text.at);
        if (fault.key)
            souk_wrong(call, "number", fault.key, { "country", souk_text(country) }, { "begins", souk_text(fault.country) },
                       { "want", souk_count(fault.want) }, { "has", souk_count(fault.has) });
    } else if (!souk_has_changed(record, "number")
               && (souk_has_changed(record, "kind") || souk_has_changed(record, "country")))
        souk_wrong(call, "number", "number_again");     /* it is sealed: it cannot be checked as another kind */
}

static int check_market(struct souk_call *call, const struct souk_record *record, const char *market)
{
    struct souk_rows kept;
    uint32_t others = 0;
    if (strcmp(market, us_market) != 0 || !souk_has_changed(record, "market"))
        return 0;
    int rc = souk_query(call, &kept, "of_market", { "market", souk_market(market) });
    if (rc < 0)
        return rc;
    for (uint32_t i = 0; i < kept.n_rows; i++)
        others += souk_num(&kept, i, 0, 0) != strtoll(record->id, NULL, 10);
    if (others >= US_MOST)
        souk_wrong(call, "market", "us_full", { "market", souk_market(market) }, { "most", souk_count(US_MOST) });
    return 0;
}

static int check(void *self, struct souk_call *call, const struct souk_ask *ask, const struct souk_record *record)
{
    const char *market = souk_given_text(&record->now, "market");
    const struct souk_market_now *m = souk_market_named(ask, market);
    int64_t days;
    (void)self;
    check_number(call, record);
    int rc = check_market(call, record, market);
    if (rc < 0 || !*record->changed)
        return rc;
    rc = days_of(call, market, "deposit.hold_days", m ? m->today : (int32_t)(ask->now_s / DAY_S), HOLD_DAYS, &days);
    if (rc < 0)
        return rc;
    const struct souk_value until = souk_instant(ask->now_s + days * DAY_S);
    return call->check->set(call, "held_until", &until);
}

/* ---- what stands above the form --------------------------------------------------------------------------- */

/* When the next transfer of a market is made, if the cycles go on as they did; 0: not known. */
static int next_transfer(struct souk_call *call, const struct souk_rows *ends, const struct souk_market_now *m, int64_t now_s,
                         int64_t *next_s)
{
    int64_t ended_s = 0, days;
    int is_named = 0;
    *next_s = 0;
    for (uint32_t i = 0; i < ends->n_rows; i++) {       /* cycles without a market come last, and count where no other does */
        const struct souk_value *cycle = souk_cell(ends, i, 0);
        int is_mine = cycle[0].type != SOUK_NONE && strcmp(cycle[0].text.at, m->id) == 0;
        int is_like = cycle[0].type == SOUK_NONE && !is_named && strcmp(cycle[1].text.at, m->currency) == 0;
        if ((is_mine || is_like) && cycle[2].num > ended_s)
            ended_s = cycle[2].num;
        is_named |= is_mine;
    }
    if (!ended_s)
        return 0;
    int rc = days_of(call, m->id, "settlement.days", m->today, 0, &days);
    if (rc == 0 && days && ended_s + days * DAY_S > now_s)
        *next_s = ended_s + days * DAY_S;
    return rc;
}

static int note_hold(struct souk_call *call, const struct souk_ask *ask, const struct souk_rows *ends,
                     const struct souk_record *record)
{
    const struct souk_value *until = souk_given(&record->now, "held_until"), *main = souk_given(&record->now, "main");
    const char *market = souk_given_text(&record->now, "market");
    const struct souk_market_now *m = souk_market_named(ask, market);
    const struct souk_value where = souk_market(market);
    int64_t next_s = 0;
    if (!until || until->num <= ask->now_s || !main || !main->num)
        return 0;
    int rc = m ? next_transfer(call, ends, m, ask->now_s, &next_s) : 0;
    if (rc < 0)
        return rc;
    const struct souk_value next = souk_instant(next_s);
    if (next_s && next_s <= until->num)
        souk_alert(call, .tone = SOUK_WATCH, .text = SOUK_MSG("hold_meets", { "market", where }, { "until", *until }, { "next", next }),
                   .why = SOUK_WHY(.rows = "last_ends", .policy = "deposit.hold_days", .market = market, .policy_day = m->today,
                                   .formula = SOUK_MSG("hold_why", { "until", *until }, { "next", next })));
    else if (next_s)
        souk_alert(call, .tone = SOUK_INFO, .text = SOUK_MSG("hold_over", { "market", where }, { "until", *until }, { "next", next }));
    else
        souk_alert(call, .tone = SOUK_INFO, .text = SOUK_MSG("hold", { "market", where }, { "until", *until }));
    return 0;
}

static int has_account(const struct souk_records *records, const char *market)
{
    for (uint32_t i = 0; i < records->list.n; i++)
        if (strcmp(souk_given_text(&souk_record_at(records, i)->now, "market"), market) == 0)
            return 1;
    return 0;
}

static int notes(void *self, struct souk_call *call, const struct souk_ask *ask, const struct souk_records *records)
{
    struct souk_rows ends;
    int rc = souk_query_all(call, &ends, "last_ends");
    (void)self;
    for (uint32_t i = 0; rc >= 0 && i < records->list.n; i++) {
        const struct souk_record *record = souk_record_at(records, i);
        if (!*records->shown || strcmp(records->shown, record->id) == 0)
            rc = note_hold(call, ask, &ends, record);
    }
    for (uint32_t i = 0; rc >= 0 && records->list.n && !*records->shown && i < ask->n_markets; i++)
        if (!has_account(records, souk_market_at(ask, i)->id))
            souk_text_line(call, .text = SOUK_MSG("no_account", { "market", souk_market(souk_market_at(ask, i)->id) }));
    return rc < 0 ? rc : 0;
}

static const struct souk_settings settings = {
    .size = sizeof settings, .order = 50, .id = "deposit", .title = "title", .about = "about",
    .view = SOUK_MAY_ADMINISTER, .edit = SOUK_MAY_OWN, .fields = SOUK_LIST(fields), .max_records = 50, .schema = 1,
    .summary = "summary", .one_default = "main", .default_per = "market", .check = check, .notes = notes,
};
static const struct souk_offer offers[] = { { SOUK_SETTINGS, &settings } };

SOUK_PLUGIN = {
    .size = sizeof(struct souk_plugin), .built = SOUK_SDK_NOW, .needs = SOUK_SDK(0, 3),
    .id = "org.souk.settings.deposit", .version = "1.0.0", .title = "title", .reads = "v1_cycles v1_settings",
    .offers = SOUK_LIST(offers), .queries = SOUK_LIST(queries),
};
