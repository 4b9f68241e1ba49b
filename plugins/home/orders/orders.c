/* SPDX-License-Identifier: Apache-2.0 */
/*
 * orders.c: what waits to be shipped, what was shipped, what is pending, what the marketplace fulfils.
 *
 * When an order counts as late the host says, by the lines `ship` of the market's policy file, so
 * changing the file changes the verdict.  The moment of confirming counts
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
               " AND purchased >= :since AND purchased < :until"
               " ORDER BY purchased, order_id",
        .params = "market:market since:instant until:instant", .columns = ROW_COLUMNS,
    },
    {
        .size = sizeof(struct souk_query), .id = "unshipped_count", .title = "unshipped",
        .sql = "SELECT count(*)"
               " FROM v1_orders"
               " WHERE market = :market AND is_open = 1 AND fulfilment = 'seller' AND state = 'unshipped'"
               " AND purchased >= :since AND purchased < :until",
        .params = "market:market since:instant until:instant", .columns = "orders:count",
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

/* ---- the view ---------------------------------------------------------------------------------------- */

static int is(const struct souk_value *v, const char *word)
{
    const char *at = v->text.at;
    while (*at && *at == *word)
        at++, word++;
    return *at == *word;
}

/* Orders of one day that count as late by `by_s`: *n of them, placed before *split_s. */
static int late_by(struct souk_call *call, const char *market, int32_t day, int64_t orders, int64_t by_s, int64_t *n,
                   int64_t *split_s)
{
    struct souk_rows rows;
    int64_t low, high, first, last, at;
    int rc = call->query->day_start(call, market, day, &low);
    if (rc == 0)
        rc = call->query->day_start(call, market, day + 1, &high);
    if (rc == 0)
        rc = call->query->ship_by(call, market, low, &first);
    if (rc == 0)
        rc = call->query->ship_by(call, market, high - 1, &last);
    if (rc < 0)
        return rc;
    *n = last <= by_s ? orders : 0;                     /* most days lie on one side as a whole */
    *split_s = last <= by_s ? high : low;
    if (first > by_s || last <= by_s)
        return 0;
    int64_t from = low;
    while (low + 1 < high) {                            /* the cutoff lies between: low is late, high is not */
        int64_t middle = low + (high - low) / 2;
        rc = call->query->ship_by(call, market, middle, &at);
        if (rc < 0)
            return rc;
        *(at <= by_s ? &low : &high) = middle;
    }
    rc = souk_query(call, &rows, "unshipped_count", { "market", souk_market(market) },
                    { "since", souk_instant(from) }, { "until", souk_instant(high) });
    if (rc < 0)
        return rc;
    *n = souk_num(&rows, 0, 0, 0);
    *split_s = high;
    return 0;
}

struct waiting {                                        /* unshipped orders: all, late, and due today or tomorrow */
    int64_t orders, late, due;
    int64_t from_s, late_until_s, due_until_s, until_s; /* between which they were placed */
};

static int waiting_of(struct souk_call *call, const struct souk_ask *ask, const struct souk_market_now *m,
                      const struct souk_rows *open, int has_policy, struct waiting *w)
{
    int32_t from = m->today;
    int64_t soon_s;
    int rc = call->query->day_start(call, m->id, m->today + 2, &soon_s);
    *w = (struct waiting){ 0, 0, 0, 0, 0, 0, 0 };
    for (uint32_t r = 0; r < open->n_rows && rc == 0; r++) {
        int32_t day = (int32_t)souk_num(open, r, 0, 0);
        int64_t orders = souk_num(open, r, 3, 0), late = 0, due = 0, late_until_s, due_until_s;
        if (!is(souk_cell(open, r, 1), "seller") || !is(souk_cell(open, r, 2), "unshipped"))
            continue;
        if (day < from)
            from = day;
        w->orders += orders;
        if (!has_policy)
            continue;
        rc = late_by(call, m->id, day, orders, ask->now_s, &late, &late_until_s);
        if (rc == 0)
            rc = late_by(call, m->id, day, orders, soon_s, &due, &due_until_s);
        if (rc == 0 && late && late_until_s > w->late_until_s)
            w->late_until_s = late_until_s;
        if (rc == 0 && due > late && due_until_s > w->due_until_s)
            w->due_until_s = due_until_s;
        w->late += late;
        w->due += due - late;
    }
    if (rc == 0)
        rc = call->query->day_start(call, m->id, from, &w->from_s);
    if (rc == 0)
        rc = call->query->day_start(call, m->id, m->today + 1, &w->until_s);
    if (!w->late)
        w->late_until_s = w->from_s;
    if (!w->due)
        w->due_until_s = w->late_until_s;
    return rc;
}

static int seller_fulfilled(struct souk_call *call, const struct souk_ask *ask, const struct souk_market_now *m,
                            const struct souk_rows *open)
{
    struct souk_value market = souk_market(m->id);
    struct souk_policy handling;
    struct waiting w;
    int64_t shipped[2] = { 0, 0 }, hour = ask->now_s / 3600;
    int rc = souk_policy(call, m->id, "ship.handling_days", m->today, &handling), has_policy = rc >= 0;
    if (rc == 0 || rc == SOUK_EABSENT)
        rc = waiting_of(call, ask, m, open, has_policy, &w);
    if (rc < 0)
        return rc;                                      /* a broken file is named in the card's place */
    for (int i = 0; i < 2; i++) {
        struct souk_rows rows;
        rc = souk_query(call, &rows, "shipped_count", { "market", market },
                            { "after", souk_count(hour - (i ? 7 * 24 : 24)) }, { "upto", souk_count(hour) });
        if (rc < 0)
            return rc;
        shipped[i] = souk_num(&rows, 0, 0, 0);
    }
    souk_section(call, "seller_fulfilled");
#define PLACED(since_s, until_s) SOUK_ARGS({ "market", market }, { "since", souk_instant(since_s) }, \
        { "until", souk_instant(until_s) })
    struct souk_args all = PLACED(w.from_s, w.until_s), late = PLACED(w.from_s, w.late_until_s),
                     due = PLACED(w.late_until_s, w.due_until_s);
#undef PLACED
    souk_stat(call, .label = SOUK_MSG("unshipped"), .value = souk_count(w.orders),
              .to = SOUK_TO(.query = "unshipped", .args = all),
              .why = SOUK_WHY(.rows = "unshipped", .args = all, .formula = SOUK_MSG("unshipped_why")));
    if (has_policy) {
        souk_stat(call, .label = SOUK_MSG("late"), .value = souk_count(w.late), .tone = w.late ? SOUK_BAD : SOUK_GOOD,
                  .to = SOUK_TO(.query = "unshipped", .args = late),
                  .why = SOUK_WHY(.rows = "unshipped", .args = late,
                                  .formula = SOUK_MSG("late_why", { "days", handling.value }),
                                  .policy = "ship.handling_days", .market = m->id, .policy_day = m->today));
        souk_stat(call, .label = SOUK_MSG("due"), .value = souk_count(w.due), .tone = w.due ? SOUK_WATCH : SOUK_PLAIN,
                  .to = SOUK_TO(.query = "unshipped", .args = due),
                  .why = SOUK_WHY(.rows = "unshipped", .args = due,
                                  .formula = SOUK_MSG("due_why", { "days", handling.value }),
                                  .policy = "ship.handling_days", .market = m->id, .policy_day = m->today));
    } else {
        souk_alert(call, .tone = SOUK_INFO, .text = SOUK_MSG("no_policy", { "market", market }));
    }
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
    .size = sizeof(struct souk_plugin), .built = SOUK_SDK_NOW, .needs = SOUK_SDK(0, 2),
    .id = "org.souk.orders", .version = "0.2.0", .title = "title",
    .wants = "souk.view/1 souk.query/1",
    .reads = "v1_orders v1_open_daily v1_shipped_hourly v1_sales_daily",
    .offers = SOUK_LIST(offers), .queries = SOUK_LIST(queries),
};
