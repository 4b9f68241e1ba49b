/* SPDX-License-Identifier: Apache-2.0 */
/*
 * orders.c: what waits to be shipped, what was shipped, what is pending, what the marketplace fulfils.
 *
 * An order must be confirmed as shipped within `ship.handling_days` business days from the day after
 * its purchase; days named in `ship.weekend` and `ship.holidays` do not count.  These are lines of the
 * market's policy file, so changing the file changes the verdict.  The moment of confirming counts
 * (https://sellercentral.amazon.com.br/gp/help/external/help-page.html?itemID=200197960).
 */
#include <souk/widget.h>

#define ROW "purchased, order_id, status, service_level, ship_country, updated"
#define ROW_COLUMNS "purchased:instant order_id:text status:text service_level:text ship_country:country updated:instant"

static const struct souk_query queries[] = {
    {
        .size = sizeof(struct souk_query), .id = "open_by_day", .title = "open_by_day",
        .sql = "SELECT day, fulfilment, state, orders"
               " FROM v1_open_daily"
               " WHERE market = :market"
               " ORDER BY day, fulfilment, state",
        .params = "market:market", .columns = "day:day fulfilment:text state:text orders:count+total",
    },
    {
        .size = sizeof(struct souk_query), .id = "shipped_count", .title = "shipped",
        .sql = "SELECT CAST(coalesce(sum(orders), 0) AS BIGINT)"
               " FROM v1_shipped_hourly"
               " WHERE market = :market AND fulfilment = 'seller' AND hour > :after AND hour <= :upto",
        .params = "market:market after:count upto:count", .columns = "orders:count",
    },
    {
        .size = sizeof(struct souk_query), .id = "placed_count", .title = "marketplace",
        .sql = "SELECT CAST(coalesce(sum(orders), 0) AS BIGINT)"
               " FROM v1_sales_daily"
               " WHERE market = :market AND day >= :from AND fulfilment = 'marketplace' AND state <> 'cancelled'",
        .params = "market:market from:day", .columns = "orders:count",
    },
    {
        .size = sizeof(struct souk_query), .id = "unshipped", .title = "unshipped", .about = "unshipped_about",
        .max_rows = 100000,
        .sql = "SELECT " ROW
               " FROM v1_orders"
               " WHERE market = :market AND is_open = 1 AND fulfilment = 'seller' AND state = 'unshipped'"
               " AND purchase_day >= :from AND purchase_day <= :to"
               " ORDER BY purchase_day, purchased, order_id",
        .params = "market:market from:day to:day", .columns = ROW_COLUMNS,
    },
    {
        .size = sizeof(struct souk_query), .id = "pending", .title = "pending", .about = "pending_about",
        .max_rows = 100000,
        .sql = "SELECT " ROW
               " FROM v1_orders"
               " WHERE market = :market AND is_open = 1 AND fulfilment = :fulfilment AND state = 'pending'"
               " ORDER BY purchase_day, purchased, order_id",
        .params = "market:market fulfilment:text", .columns = ROW_COLUMNS,
    },
    {
        .size = sizeof(struct souk_query), .id = "shipped", .title = "shipped", .about = "shipped_about",
        .max_rows = 100000,
        .sql = "SELECT shipped, " ROW
               " FROM v1_orders"
               " WHERE market = :market AND fulfilment = 'seller' AND shipped >= :since AND shipped < :until"
               " ORDER BY shipped DESC, order_id",
        .params = "market:market since:instant until:instant", .columns = "shipped:instant " ROW_COLUMNS,
    },
    {
        .size = sizeof(struct souk_query), .id = "marketplace", .title = "marketplace", .about = "marketplace_about",
        .max_rows = 100000,
        .sql = "SELECT " ROW
               " FROM v1_orders"
               " WHERE market = :market AND purchase_day >= :from AND fulfilment = 'marketplace' AND state <> 'cancelled'"
               " ORDER BY purchase_day DESC, purchased DESC, order_id",
        .params = "market:market from:day", .columns = ROW_COLUMNS,
    },
};

/* ---- ship-by days from policy ---------------------------------------------------------------------- */

struct calendar {
    int64_t handling_days;
    const char *weekend;                                /* "6 7" */
    const char *holidays;                               /* "2026-12-25 2026-12-26 ..." */
};

static int32_t number(const char *at, int digits)
{
    int32_t n = 0;
    while (digits-- && *at >= '0' && *at <= '9')
        n = n * 10 + (*at++ - '0');
    return n;
}

/* Day number of "2026-12-25", by the count of days in a 400-year era. */
static int32_t day_number(const char *at)
{
    int32_t y = number(at, 4), m = number(at + 5, 2), d = number(at + 8, 2);
    y -= m <= 2;
    int32_t era = y / 400, year = y - era * 400, day = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
    return era * 146097 + year * 365 + year / 4 - year / 100 + day - 719468;
}

static int counts(const struct calendar *c, int32_t day)
{
    char weekday = (char)('1' + (day + 3) % 7);         /* 1 Monday; 1970-01-01 was a Thursday */
    for (const char *at = c->weekend; *at; at++)
        if (*at == weekday)
            return 0;
    for (const char *at = c->holidays; *at; ) {
        if (day_number(at) == day)
            return 0;
        while (*at && *at != ' ')
            at++;
        while (*at == ' ')
            at++;
    }
    return 1;
}

static int32_t ship_by(const struct calendar *c, int32_t purchase_day)
{
    int32_t day = purchase_day;
    for (int64_t left = c->handling_days; left > 0; left -= counts(c, day))
        day++;
    return day;
}

static int calendar_of(struct souk_call *call, const struct souk_market_now *m, struct calendar *c)
{
    struct souk_policy line;
    int rc = souk_policy(call, m->id, "ship.handling_days", m->today, &line);
    if (rc < 0)
        return rc;
    c->handling_days = line.value.num < 60 ? line.value.num : 60;
    c->weekend = c->holidays = "";
    if (souk_policy(call, m->id, "ship.weekend", m->today, &line) >= 0)
        c->weekend = line.value.text.at;
    if (souk_policy(call, m->id, "ship.holidays", m->today, &line) >= 0)
        c->holidays = line.value.text.at;
    return 0;
}

/* ---- the view ---------------------------------------------------------------------------------------- */

static int is(const struct souk_value *v, const char *word)
{
    const char *at = v->text.at;
    while (*at && *at == *word)
        at++, word++;
    return *at == *word;
}

static int seller_fulfilled(struct souk_call *call, const struct souk_ask *ask, const struct souk_market_now *m,
                            const struct souk_rows *open)
{
    struct calendar calendar = { 0, "", "" };
    struct souk_value market = souk_market(m->id);
    int has_policy = calendar_of(call, m, &calendar) >= 0;
    int32_t first = m->today, late_to = -1, due_to = -1;
    int64_t unshipped = 0, late = 0, due = 0, shipped[2] = { 0, 0 }, hour = ask->now_s / 3600;
    for (uint32_t r = 0; r < open->n_rows; r++) {
        int32_t day = (int32_t)souk_num(open, r, 0, 0);
        int64_t orders = souk_num(open, r, 3, 0);
        if (!is(souk_cell(open, r, 1), "seller") || !is(souk_cell(open, r, 2), "unshipped"))
            continue;
        if (day < first)
            first = day;
        unshipped += orders;
        if (!has_policy)
            continue;
        int32_t by = ship_by(&calendar, day);
        if (by < m->today) {
            late += orders;
            late_to = day;
        } else if (by <= m->today + 1) {
            due += orders;
            due_to = day;
        }
    }
    for (int i = 0; i < 2; i++) {
        struct souk_rows rows;
        int rc = souk_query(call, &rows, "shipped_count", { "market", market },
                            { "after", souk_count(hour - (i ? 7 * 24 : 24)) }, { "upto", souk_count(hour) });
        if (rc < 0)
            return rc;
        shipped[i] = souk_num(&rows, 0, 0, 0);
    }
    souk_section(call, "seller_fulfilled");
#define ROWS(from_day, to_day) .rows = "unshipped", .args = SOUK_ARGS({ "market", market }, \
        { "from", souk_day(from_day) }, { "to", souk_day(to_day) })
#define TO(from_day, to_day) SOUK_TO(.query = "unshipped", .args = SOUK_ARGS({ "market", market }, \
        { "from", souk_day(from_day) }, { "to", souk_day(to_day) }))
    souk_stat(call, .label = SOUK_MSG("unshipped"), .value = souk_count(unshipped), .to = TO(first, m->today),
              .why = SOUK_WHY(ROWS(first, m->today), .formula = SOUK_MSG("unshipped_why")));
    if (has_policy) {
        struct souk_value days = souk_count(calendar.handling_days);
        int32_t due_from = late_to >= 0 ? late_to + 1 : first;
        souk_stat(call, .label = SOUK_MSG("late"), .value = souk_count(late), .tone = late ? SOUK_BAD : SOUK_GOOD,
                  .to = TO(late ? first : m->today + 1, late ? late_to : m->today + 1),
                  .why = SOUK_WHY(ROWS(late ? first : m->today + 1, late ? late_to : m->today + 1),
                                  .formula = SOUK_MSG("late_why", { "days", days }),
                                  .policy = "ship.handling_days", .market = m->id, .policy_day = m->today));
        souk_stat(call, .label = SOUK_MSG("due"), .value = souk_count(due), .tone = due ? SOUK_WATCH : SOUK_PLAIN,
                  .to = TO(due ? due_from : m->today + 1, due ? due_to : m->today + 1),
                  .why = SOUK_WHY(ROWS(due ? due_from : m->today + 1, due ? due_to : m->today + 1),
                                  .formula = SOUK_MSG("due_why", { "days", days }),
                                  .policy = "ship.handling_days", .market = m->id, .policy_day = m->today));
    } else {
        souk_alert(call, .tone = SOUK_INFO, .text = SOUK_MSG("no_policy", { "market", market }));
    }
#undef ROWS
#undef TO
    for (int i = 0; i < 2; i++) {
        struct souk_args args = SOUK_ARGS({ "market", market },
            { "since", souk_instant((hour + 1 - (i ? 7 * 24 : 24)) * 3600) }, { "until", souk_instant((hour + 1) * 3600) });
        souk_stat(call, .label = SOUK_MSG(i ? "shipped_7" : "shipped_1"), .value = souk_count(shipped[i]),
                  .to = SOUK_TO(.query = "shipped", .args = args),
                  .why = SOUK_WHY(.rows = "shipped", .args = args, .formula = SOUK_MSG("shipped_why")));
    }
    souk_end(call);
    return 0;
}

static void pending(struct souk_call *call, const struct souk_market_now *m, const struct souk_rows *open)
{
    static const char *const by[] = { "seller", "marketplace" };
    souk_section(call, "pending");
    for (int i = 0; i < 2; i++) {
        int64_t orders = 0;
        struct souk_args args = SOUK_ARGS({ "market", souk_market(m->id) }, { "fulfilment", souk_text(by[i]) });
        for (uint32_t r = 0; r < open->n_rows; r++)
            if (is(souk_cell(open, r, 1), by[i]) && is(souk_cell(open, r, 2), "pending"))
                orders += souk_num(open, r, 3, 0);
        souk_stat(call, .label = SOUK_MSG(i ? "pending_marketplace" : "pending_seller"), .value = souk_count(orders),
                  .to = SOUK_TO(.query = "pending", .args = args),
                  .why = SOUK_WHY(.rows = "pending", .args = args, .formula = SOUK_MSG("pending_about")));
    }
    souk_end(call);
}

static int marketplace(struct souk_call *call, const struct souk_market_now *m)
{
    souk_section(call, "fulfilled_by_amazon");
    for (int i = 0; i < 2; i++) {
        struct souk_rows rows;
        struct souk_args args = SOUK_ARGS({ "market", souk_market(m->id) }, { "from", souk_day(m->today - (i ? 6 : 0)) });
        int rc = souk_query_args(call, &rows, "placed_count", args);
        if (rc < 0)
            return rc;
        souk_stat(call, .label = SOUK_MSG(i ? "placed_7" : "placed_1"), .value = souk_count(souk_num(&rows, 0, 0, 0)),
                  .to = SOUK_TO(.query = "marketplace", .args = args),
                  .why = SOUK_WHY(.rows = "marketplace", .args = args, .formula = SOUK_MSG("marketplace_about")));
    }
    souk_end(call);
    return 0;
}

static int render(void *self, struct souk_call *call, const struct souk_ask *ask)
{
    int shown = 0, rc = 0;
    (void)self;
    for (uint32_t i = 0; i < ask->n_markets && rc == 0; i++) {
        const struct souk_market_now *m = souk_market_at(ask, i);
        struct souk_rows open;
        if (!m->data_until_s)
            continue;
        rc = souk_query(call, &open, "open_by_day", { "market", souk_market(m->id) });
        if (rc < 0)
            return rc;
        souk_section(call, "market", { "market", souk_market(m->id) });
        rc = seller_fulfilled(call, ask, m, &open);
        if (rc == 0) {
            pending(call, m, &open);
            rc = marketplace(call, m);
        }
        souk_end(call);
        shown++;
    }
    if (rc == 0 && !shown)
        souk_empty(call, .text = SOUK_MSG("no_data"), .fills = "amazon.orders");
    return rc;
}

static const struct souk_widget widget = {
    .size = sizeof widget, .area = 6, .id = "orders", .title = "title", .width = 1, .render = render,
};
static const struct souk_offer offers[] = { { SOUK_WIDGET, &widget } };

SOUK_PLUGIN = {
    .size = sizeof(struct souk_plugin), .built = SOUK_SDK_NOW, .needs = SOUK_SDK(0, 1),
    .id = "org.souk.orders", .version = "0.1.0", .title = "title",
    .wants = "souk.view/1 souk.query/1",
    .reads = "v1_orders v1_open_daily v1_shipped_hourly v1_sales_daily",
    .offers = SOUK_LIST(offers), .queries = SOUK_LIST(queries),
};
