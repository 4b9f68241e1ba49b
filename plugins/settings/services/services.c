/* SPDX-License-Identifier: Apache-2.0 */
/*
 * services.c: your services: which plan you sell under in a marketplace, who ships, and what else is switched on.
 *
 * in:     what somebody types; the fees of the plans, typed or by policy; what was sold
 * out:    the records `services` of v1_settings; above the form, what each plan would have cost in the months before
 *
 * Only the two fees that differ are compared: so much for each unit, or so much for each month, both without tax.
 */
#include <souk/settings.h>

#include <string.h>

#define FIELD(kind, its_name, ...) { .size = sizeof(struct souk_field), .type = SOUK_FIELD_##kind, .name = (its_name), \
        .title = "field_" its_name, __VA_ARGS__ }
#define SOLD " FROM v1_sales_daily WHERE market = :market AND day >= :from AND day <= :to AND state <> 'cancelled'"

enum { MONTHS = 6, RECENT_DAYS = 30, FEE_MOST = 100000000, COLUMNS = 6 };

static const struct souk_query queries[] = {
    {
        .size = sizeof(struct souk_query), .id = "sold", .title = "sold", .about = "sold_about",
        .sql = "SELECT CAST(coalesce(sum(units), 0) AS BIGINT),"
               " CAST(coalesce(sum(CASE WHEN fulfilment = 'seller' THEN units ELSE 0 END), 0) AS BIGINT),"
               " CAST(coalesce(sum(CASE WHEN fulfilment = 'marketplace' THEN units ELSE 0 END), 0) AS BIGINT)" SOLD,
        .params = "market:market from:day to:day", .columns = "units:count by_seller:count by_marketplace:count",
    },
    {
        .size = sizeof(struct souk_query), .id = "sold_days", .title = "sold", .about = "sold_about",
        .sql = "SELECT day, fulfilment, CAST(sum(units) AS BIGINT)" SOLD " GROUP BY day, fulfilment ORDER BY day, fulfilment",
        .params = "market:market from:day to:day", .columns = "day:day fulfilment:text units:count+total",
    },
    {
        .size = sizeof(struct souk_query), .id = "first", .title = "first",
        .sql = "SELECT min(day) FROM v1_sales_daily WHERE market = :market", .params = "market:market", .columns = "first_day:day",
    },
};

static const struct souk_choice plans[] = { { "professional", "plan_professional" }, { "individual", "plan_individual" } };
static const struct souk_choice ways[] = { { "seller", "by_you" }, { "marketplace", "by_marketplace" } };
static const struct souk_choice others[] = {
    { "business", "other_business" }, { "brand", "other_brand" }, { "subscribe", "other_subscribe" }, { "abroad", "other_abroad" },
};

static const struct souk_field fields[] = {
    FIELD(MARKET, "market", .flags = SOUK_FIELD_NEEDED | SOUK_FIELD_UNIQUE),
    FIELD(ONE_OF, "plan", .choices = SOUK_LIST(plans), .flags = SOUK_FIELD_NEEDED, .fallback = SOUK_WORD(SOUK_TEXT, "professional")),
    FIELD(MONEY, "item_fee", .currency_of = "market", .max = FEE_MOST, .about = "field_item_fee_about"),
    FIELD(MONEY, "month_fee", .currency_of = "market", .max = FEE_MOST, .about = "field_month_fee_about"),
    FIELD(SOME_OF, "fulfilment", .choices = SOUK_LIST(ways), .flags = SOUK_FIELD_NEEDED, .about = "field_fulfilment_about"),
    FIELD(BOOL, "advertising", .about = "field_advertising_about"),
    FIELD(SOME_OF, "others", .choices = SOUK_LIST(others)),
};

/* ---- checks ------------------------------------------------------------------------------------------- */

static int check(void *self, struct souk_call *call, const struct souk_ask *ask, const struct souk_record *record)
{
    const struct souk_value *ads = souk_given(&record->now, "advertising");
    (void)self;
    if (!souk_market_named(ask, souk_given_text(&record->now, "market")))
        souk_wrong(call, "market", "wrong_unknown");
    else if (souk_is(souk_given(&record->now, "plan"), "individual") && ads && ads->num
             && (souk_has_changed(record, "plan") || souk_has_changed(record, "advertising")))
        souk_doubt(call, "advertising", "doubt_advertising");
    return 0;
}

/* ---- days and fees ------------------------------------------------------------------------------------- */

/* In minor units of the market's currency; all of them but the yen have two digits. */
static int64_t minor_of(const struct souk_value *fee, const char *currency)
{
    int digits = strcmp(currency, "JPY") == 0 ? 0 : 2;
    int64_t minor = fee->num, den = fee->type == SOUK_DECIMAL ? fee->den : 0;
    for (; den < digits; den++)
        minor *= 10;
    for (; den > digits; den--)
        minor /= 10;
    return minor;
}

struct fee {
    int64_t minor;
    int is_known, is_typed;
};

/* What was typed, else what the policy says of that day. */
static int fee_of(struct souk_call *call, const struct souk_market_now *m, const struct souk_args *now, const char *field,
                  const char *key, int32_t day, struct fee *fee)
{
    const struct souk_value *typed = souk_given(now, field);
    struct souk_policy line;
    *fee = (struct fee){ 0, 0, 0 };
    if (typed && typed->type == SOUK_MONEY) {
        *fee = (struct fee){ typed->num, strcmp(typed->currency, m->currency) == 0, 1 };
        return 0;
    }
    int rc = souk_policy(call, m->id, key, day, &line);
    if (rc == SOUK_EABSENT)
        return 0;
    if (rc == 0 && (line.value.type == SOUK_COUNT || line.value.type == SOUK_DECIMAL))
        *fee = (struct fee){ minor_of(&line.value, m->currency), 1, 0 };
    return rc;
}

struct fees {
    struct fee item, month;
};

static int fees_of(struct souk_call *call, const struct souk_market_now *m, const struct souk_args *now, int32_t day, struct fees *fees)
{
    int rc = fee_of(call, m, now, "item_fee", "plan.item_fee", day, &fees->item);
    return rc < 0 ? rc : fee_of(call, m, now, "month_fee", "plan.month_fee", day, &fees->month);
}

static int are_known(const struct fees *f)
{
    return f->item.is_known && f->month.is_known && f->item.minor > 0;
}

/* ---- which plan costs less ----------------------------------------------------------------------------- */

struct months {
    struct souk_value cell[MONTHS * COLUMNS];           /* newest first */
    uint32_t n;
    int32_t first, last;                                /* days, both in it */
    int64_t individual, professional;
};

/* A month counts when it lies as a whole between the first order and the last instant with data. */
static int read_months(struct souk_call *call, const struct souk_market_now *m, const struct souk_args *now, struct months *all)
{
    int32_t next = souk_month_start(m->today);
    struct souk_rows begin;
    int rc = souk_query(call, &begin, "first", { "market", souk_market(m->id) });
    *all = (struct months){ .n = 0 };
    for (int i = 0; i < MONTHS && rc == 0; i++) {
        int32_t first = souk_month_start(next - 1), last = next - 1;
        int64_t end_s;
        struct souk_rows sold;
        struct fees fees;
        next = first;
        if (first < souk_num(&begin, 0, 0, INT32_MAX))
            return 0;
        rc = call->query->day_start(call, m->id, last + 1, &end_s);
        if (rc == 0)
            rc = fees_of(call, m, now, first, &fees);
        if (rc < 0)
            return rc;
        if (m->data_until_s < end_s || !are_known(&fees))
            continue;
        rc = souk_query(call, &sold, "sold", { "market", souk_market(m->id) }, { "from", souk_day(first) }, { "to", souk_day(last) });
        if (rc < 0)
            return rc;
        int64_t units = souk_num(&sold, 0, 0, 0), individual = units * fees.item.minor;
        struct souk_value *row = &all->cell[all->n++ * COLUMNS];
        row[0] = souk_day(first);
        row[1] = souk_count(units);
        row[2] = souk_word(SOUK_CURRENCY, m->currency);
        row[3] = souk_money(individual, m->currency);
        row[4] = souk_money(fees.month.minor, m->currency);
        row[5] = souk_key(individual < fees.month.minor ? "plan_individual" : individual > fees.month.minor ? "plan_professional" : "same");
        all->first = first;
        all->last = all->last ? all->last : last;
        all->individual += individual;
        all->professional += fees.month.minor;
    }
    return rc;
}

static void put_verdict(struct souk_call *call, const struct souk_market_now *m, const struct souk_args *now, const struct months *all)
{
    const struct souk_value *plan = souk_given(now, "plan"), n = souk_count(all->n);
    const struct souk_value a = souk_money(all->individual, m->currency), b = souk_money(all->professional, m->currency);
    const struct souk_args args = SOUK_ARGS({ "market", souk_market(m->id) }, { "from", souk_day(all->first) }, { "to", souk_day(all->last) });
    int is_individual = souk_is(plan, "individual");
    int64_t more = is_individual ? all->individual - all->professional : all->professional - all->individual;
    if (plan && more > 0)
        souk_alert(call, .tone = SOUK_WATCH, .why = SOUK_WHY(.rows = "sold_days", .args = args, .formula = SOUK_MSG("costs_why")),
                   .text = SOUK_MSG("other_plan", { "plan", souk_text(is_individual ? "professional" : "individual") },
                                    { "more", souk_money(more, m->currency) }, { "n", n }));
    souk_table(call, .title = SOUK_MSG("costs", { "n", n }, { "individual", a }, { "professional", b }),
               .why = SOUK_WHY(.rows = "sold_days", .args = args, .formula = SOUK_MSG("costs_why")),
               .rows = { "month:day units:count currency:currency+hidden individual:money professional:money cheaper:key", all->cell,
                         COLUMNS, all->n, 0, 0 });
}

static int put_plans(struct souk_call *call, const struct souk_market_now *m, const struct souk_args *now)
{
    struct fees fees;
    struct months all;
    int rc = fees_of(call, m, now, m->today, &fees);
    if (rc < 0)
        return rc;
    if (!are_known(&fees)) {
        souk_text_line(call, .text = SOUK_MSG("no_fees"));
        return 0;
    }
    const struct souk_value item = souk_money(fees.item.minor, m->currency), month = souk_money(fees.month.minor, m->currency);
    const char *policy = fees.item.is_typed ? NULL : "plan.item_fee";
    const struct souk_args args = SOUK_ARGS({ "market", souk_market(m->id) }, { "from", souk_day(souk_month_start(m->today)) },
                                            { "to", souk_day(m->today) });
    souk_fact(call, .label = SOUK_MSG("break_even", { "item", item }, { "month", month }),
              .value = souk_count(fees.month.minor / fees.item.minor + 1),
              .why = SOUK_WHY(.rows = "sold_days", .args = args, .formula = SOUK_MSG("break_even_why", { "item", item }, { "month", month }), .policy = policy,
                              .market = policy ? m->id : NULL, .policy_day = policy ? m->today : 0));
    rc = read_months(call, m, now, &all);
    if (rc == 0 && all.n)
        put_verdict(call, m, now, &all);
    else if (rc == 0)
        souk_text_line(call, .text = SOUK_MSG("no_months"));
    return rc;
}

/* ---- who ships ------------------------------------------------------------------------------------------ */

/* " seller " in " seller marketplace "; where nothing is said, nothing is denied. */
static int is_denied(const struct souk_args *now, const char *way)
{
    const struct souk_value *is = souk_given(now, "fulfilment");
    return is && !strstr(is->text.at, way);
}

static void put_way(struct souk_call *call, const char *label, const char *denied, int is_off, const struct souk_value *units,
                    const struct souk_args *args)
{
    const struct souk_why *why = SOUK_WHY(.rows = "sold_days", .args = *args);
    souk_fact(call, .label = SOUK_MSG(label), .value = *units, .why = why);
    if (is_off && units->num)
        souk_alert(call, .tone = SOUK_WATCH, .text = SOUK_MSG(denied, { "n", *units }), .why = why);
}

static int put_fulfilment(struct souk_call *call, const struct souk_market_now *m, const struct souk_args *now)
{
    const struct souk_args args = SOUK_ARGS({ "market", souk_market(m->id) }, { "from", souk_day(m->today - RECENT_DAYS + 1) },
                                            { "to", souk_day(m->today) });
    struct souk_rows sold;
    int rc = souk_query_args(call, &sold, "sold", args);
    if (rc < 0)
        return rc;
    put_way(call, "recent_you", "denied_you", is_denied(now, "seller"), souk_cell(&sold, 0, 1), &args);
    put_way(call, "recent_marketplace", "denied_marketplace", is_denied(now, "marketplace"), souk_cell(&sold, 0, 2), &args);
    return 0;
}

static int put_market(struct souk_call *call, const struct souk_market_now *m, const struct souk_args *now)
{
    souk_section(call, "market", { "market", souk_market(m->id) });
    if (!now->n)
        souk_text_line(call, .text = SOUK_MSG("not_said"));
    int rc = put_plans(call, m, now);
    if (rc == 0)
        rc = put_fulfilment(call, m, now);
    souk_end(call);
    return rc;
}

static int notes(void *self, struct souk_call *call, const struct souk_ask *ask, const struct souk_records *records)
{
    static const struct souk_args none = { NULL, 0, 0 };
    int rc = 0;
    (void)self;
    for (uint32_t i = 0; rc >= 0 && i < ask->n_markets; i++) {
        const struct souk_args *now = &none;
        int is_shown = !*records->shown;
        for (uint32_t k = 0; k < records->list.n; k++) {
            const struct souk_record *record = souk_record_at(records, k);
            if (souk_market_named(ask, souk_given_text(&record->now, "market")) == souk_market_at(ask, i)) {
                now = &record->now;
                is_shown |= strcmp(record->id, records->shown) == 0;
            }
        }
        if (is_shown)
            rc = put_market(call, souk_market_at(ask, i), now);
    }
    return rc < 0 ? rc : 0;
}

static const struct souk_settings settings = {
    .size = sizeof settings, .order = 20, .id = "services", .title = "title", .about = "about",
    .view = SOUK_MAY_VIEW, .edit = SOUK_MAY_ADMINISTER, .fields = SOUK_LIST(fields), .max_records = 50, .schema = 1,
    .summary = "summary", .check = check, .notes = notes,
};
static const struct souk_offer offers[] = { { SOUK_SETTINGS, &settings } };

SOUK_PLUGIN = {
    .size = sizeof(struct souk_plugin), .built = SOUK_SDK_NOW, .needs = SOUK_SDK(0, 3),
    .id = "org.souk.settings.services", .version = "1.0.0", .title = "title", .reads = "v1_sales_daily",
    .offers = SOUK_LIST(offers), .queries = SOUK_LIST(queries),
};
