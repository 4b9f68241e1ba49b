/* SPDX-License-Identifier: Apache-2.0 */
/*
 * orders.c: what waits to be shipped, what was shipped, what is pending, what the marketplace fulfils.
 *
 * When an order counts as late the host says, by the lines `ship` of the market's policy file, so
 * changing the file changes the verdict.  The moment of confirming counts
 * (https://sellercentral.amazon.com.br/gp/help/external/help-page.html?itemID=200197960).
 */
#include "orders.h"

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
    {
        .size = sizeof(struct souk_query), .id = "pending_recent", .title = "pending",
        .sql = "SELECT fulfilment, CAST(coalesce(sum(CASE WHEN purchased > :young THEN 1 ELSE 0 END), 0) AS BIGINT), count(*)"
               " FROM v1_orders"
               " WHERE market = :market AND is_open = 1 AND state = 'pending' AND purchased > :old"
               " GROUP BY fulfilment",
        .params = "market:market young:instant old:instant", .columns = "fulfilment:text young:count recent:count",
    },
    {
        .size = sizeof(struct souk_query), .id = "pending_aged", .title = "pending_aged", .about = "pending_about",
        .max_rows = 100000,
        .sql = "SELECT " ROW
               " FROM v1_orders"
               " WHERE market = :market AND is_open = 1 AND state = 'pending' AND purchased > :after AND purchased <= :upto"
               " ORDER BY purchased, order_id",
        .params = "market:market after:instant upto:instant", .columns = ROW_COLUMNS,
    },
#define LIST_COLUMNS "purchased:instant order_id:ref state:text status:text fulfilment:text is_business:bool" \
        " service_level:text ship_country:country updated:instant"
#define LIST_PARAMS "market:market from:day to:day state:text fulfilment:text buyers:text first:text last:text" \
        " at:instant after:text limit:count"
#define LIST_FROM \
        "SELECT purchased, 'order:' || order_id, state, status, fulfilment, is_business, service_level, ship_country, updated" \
        " FROM v1_orders" \
        " WHERE market = :market AND purchase_day >= :from AND purchase_day <= :to" \
        " AND (:state = 'all' OR state = :state) AND (:fulfilment = 'all' OR fulfilment = :fulfilment)" \
        " AND (:buyers = 'all' OR is_business = CASE :buyers WHEN 'business' THEN 1 ELSE 0 END)" \
        " AND order_id >= :first AND order_id < :last"
    {
        .size = sizeof(struct souk_query), .id = "list_down", .title = "list", .about = "list_about", .max_rows = 100000,
        .sql = LIST_FROM " AND (purchased < :at OR (purchased = :at AND order_id > :after))"
               " ORDER BY purchase_day DESC, purchased DESC, order_id LIMIT :limit",
        .params = LIST_PARAMS, .columns = LIST_COLUMNS,
    },
    {
        .size = sizeof(struct souk_query), .id = "list_up", .title = "list", .about = "list_about", .max_rows = 100000,
        .sql = LIST_FROM " AND (purchased > :at OR (purchased = :at AND order_id < :after))"
               " ORDER BY purchase_day, purchased, order_id DESC LIMIT :limit",
        .params = LIST_PARAMS, .columns = LIST_COLUMNS,
    },
    {
        .size = sizeof(struct souk_query), .id = "one", .title = "one_title",
        .sql = "SELECT market, purchased, updated, status, state, fulfilment, is_business, shipped, service_level,"
               " ship_country, ship_region, purchase_day"
               " FROM v1_orders WHERE order_id = :order_id",
        .params = "order_id:text",
        .columns = "market:market purchased:instant updated:instant status:text state:text fulfilment:text is_business:bool"
                   " shipped:instant service_level:text ship_country:country ship_region:text purchase_day:day",
    },
    {
        .size = sizeof(struct souk_query), .id = "one_lines", .title = "one_lines",
        .sql = "SELECT sku, title, quantity, state, currency, price, tax, shipping, gift_wrap, discount, ship_discount, promotions"
               " FROM v1_order_lines WHERE order_id = :order_id ORDER BY sku, ordinal",
        .params = "order_id:text",
        .columns = "sku:text title:text quantity:count+total state:text currency:currency+hidden price:money/currency+total"
                   " tax:money/currency+total shipping:money/currency+total gift_wrap:money/currency+total"
                   " discount:money/currency+total ship_discount:money/currency+total promotions:text",
    },
    {
        .size = sizeof(struct souk_query), .id = "one_letters", .title = "one_letters",
        .sql = "SELECT at, side, sender, subject, 'thread:' || thread FROM v1_letters WHERE order_id = :order_id ORDER BY at",
        .params = "order_id:text", .columns = "at:instant side:text sender:text subject:text thread:ref",
    },
    {
        .size = sizeof(struct souk_query), .id = "one_claims", .title = "one_claims",
        .sql = "SELECT 'claim:' || claim_id, kind, state, outcome, reason, opened, due, currency, amount"
               " FROM v1_claims WHERE order_id = :order_id ORDER BY opened",
        .params = "order_id:text",
        .columns = "claim:ref kind:text state:text outcome:text reason:text opened:instant due:instant"
                   " currency:currency+hidden amount:money/currency",
    },
    {
        .size = sizeof(struct souk_query), .id = "one_feedback", .title = "one_feedback",
        .sql = "SELECT day, stars, comment, response, removed FROM v1_feedback WHERE order_id = :order_id ORDER BY day",
        .params = "order_id:text", .columns = "day:day stars:count comment:text response:text removed:instant",
    },
    {
        .size = sizeof(struct souk_query), .id = "one_returns", .title = "one_returns",
        .sql = "SELECT request_day, sku, quantity, status, reason, resolution, currency, refund"
               " FROM v1_returns WHERE order_id = :order_id ORDER BY request_day, sku",
        .params = "order_id:text",
        .columns = "request_day:day sku:text quantity:count status:text reason:text resolution:text"
                   " currency:currency+hidden refund:money/currency",
    },
    {
        .size = sizeof(struct souk_query), .id = "one_ledger", .title = "one_ledger",
        .sql = "SELECT posted, type, kind, detail, sku, currency, amount, 'settlement:' || settlement_id"
               " FROM v1_ledger WHERE order_id = :order_id ORDER BY entry",
        .params = "order_id:text",
        .columns = "posted:instant type:text kind:text detail:text sku:text currency:currency+hidden"
                   " amount:money/currency+total settlement:ref",
    },
};

/* ---- the view ---------------------------------------------------------------------------------------- */

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
        if (!souk_is(souk_cell(open, r, 1), "seller") || !souk_is(souk_cell(open, r, 2), "unshipped"))
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

/* Two hours of the policy line "12 24"; what it leaves out is 12 and 24. */
static void pending_hours(struct souk_call *call, const struct souk_market_now *m, int64_t hours[2])
{
    struct souk_policy line;
    const char *at = souk_policy(call, m->id, "order.pending_hours", m->today, &line) >= 0 ? line.value.text.at : "";
    hours[0] = 12;
    hours[1] = 24;
    for (int i = 0; i < 2 && *at; i++) {
        int64_t n = 0;
        while (*at >= '0' && *at <= '9' && n < 10000)
            n = n * 10 + (*at++ - '0');
        if (n)
            hours[i] = n;
        while (*at == ' ')
            at++;
    }
}

/* How long pending orders have waited for their payment: only those of the last day are counted one by one. */
static int pending_ages(struct souk_call *call, const struct souk_ask *ask, const struct souk_market_now *m, int64_t all)
{
    static const char *const labels[] = { "pending_young", "pending_middle", "pending_old" };
    int64_t hours[2], orders[3] = { 0, 0, 0 }, since_s[4];
    struct souk_rows rows;
    pending_hours(call, m, hours);
    since_s[0] = ask->now_s - hours[0] * 3600;
    since_s[1] = ask->now_s - hours[1] * 3600;
    int rc = souk_query(call, &rows, "pending_recent", { "market", souk_market(m->id) },
                        { "young", souk_instant(since_s[0]) }, { "old", souk_instant(since_s[1]) });
    if (rc < 0)
        return rc;
    for (uint32_t r = 0; r < rows.n_rows; r++) {
        orders[0] += souk_num(&rows, r, 1, 0);
        orders[1] += souk_num(&rows, r, 2, 0) - souk_num(&rows, r, 1, 0);
    }
    orders[2] = all - orders[0] - orders[1];
    for (int i = 0; i < 3; i++) {
        int64_t after_s = i < 2 ? since_s[i] : 0, upto_s = i ? since_s[i - 1] : ask->now_s + 86400;
        struct souk_args args = SOUK_ARGS({ "market", souk_market(m->id) }, { "after", souk_instant(after_s) },
                                          { "upto", souk_instant(upto_s) });
        souk_fact(call, .label = SOUK_MSG(labels[i], { "young", souk_count(hours[0]) }, { "old", souk_count(hours[1]) }),
                  .value = souk_count(orders[i]), .tone = i == 2 && orders[i] ? SOUK_WATCH : SOUK_PLAIN,
                  .to = SOUK_TO(.query = "pending_aged", .args = args),
                  .why = SOUK_WHY(.rows = "pending_aged", .args = args, .formula = SOUK_MSG("pending_ages_why"),
                                  .policy = "order.pending_hours", .market = m->id, .policy_day = m->today));
    }
    return 0;
}

static int pending(struct souk_call *call, const struct souk_ask *ask, const struct souk_market_now *m,
                   const struct souk_rows *open)
{
    static const char *const by[] = { "seller", "marketplace" };
    int64_t all = 0;
    int rc = 0;
    souk_section(call, "pending");
    for (int i = 0; i < 2; i++) {
        int64_t orders = 0;
        struct souk_args args = SOUK_ARGS({ "market", souk_market(m->id) }, { "fulfilment", souk_text(by[i]) });
        for (uint32_t r = 0; r < open->n_rows; r++)
            if (souk_is(souk_cell(open, r, 1), by[i]) && souk_is(souk_cell(open, r, 2), "pending"))
                orders += souk_num(open, r, 3, 0);
        all += orders;
        souk_stat(call, .label = SOUK_MSG(i ? "pending_marketplace" : "pending_seller"), .value = souk_count(orders),
                  .to = SOUK_TO(.query = "pending", .args = args),
                  .why = SOUK_WHY(.rows = "pending", .args = args, .formula = SOUK_MSG("pending_about")));
    }
    if (all)
        rc = pending_ages(call, ask, m, all);
    souk_end(call);
    return rc;
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
    const struct souk_value *order_id = souk_option(ask, "order");
    (void)self;
    if (order_id->text.len)
        return one_render(call, ask, order_id);
    for (uint32_t i = 0; i < ask->n_markets && rc == 0; i++) {
        const struct souk_market_now *m = souk_market_at(ask, i);
        struct souk_rows open;
        if (!m->data_until_s)
            continue;
        rc = souk_query(call, &open, "open_by_day", { "market", souk_market(m->id) });
        if (rc < 0)
            return rc;
        souk_section(call, "market", { "market", souk_market(m->id) });
        souk_columns(call);
        rc = seller_fulfilled(call, ask, m, &open);
        if (rc == 0)
            rc = pending(call, ask, m, &open);
        if (rc == 0)
            rc = marketplace(call, m);
        souk_end(call);
        souk_end(call);
        shown++;
    }
    if (rc == 0 && !shown)
        souk_empty(call, .text = SOUK_MSG("no_data"), .fills = "amazon.orders");
    if (rc == 0 && shown && ask->face == SOUK_PAGE)
        rc = list_render(call, ask);
    return rc;
}

#define CHOICES(array) { (array), sizeof(array) / sizeof *(array), sizeof *(array) }
static const struct souk_choice states[] = {
    { "all", "choose_all" }, { "pending", "state_pending" }, { "unshipped", "state_unshipped" },
    { "shipped", "state_shipped" }, { "cancelled", "state_cancelled" }, { "other", "state_other" },
};
static const struct souk_choice fulfilments[] = {
    { "all", "choose_all" }, { "seller", "by_seller" }, { "marketplace", "by_marketplace" },
};
static const struct souk_choice buyers[] = {
    { "all", "choose_all" }, { "business", "buyers_business" }, { "consumer", "buyers_consumer" },
};
static const struct souk_choice sorts[] = { { "newest", "sort_newest" }, { "oldest", "sort_oldest" } };
#define OPTION(name_, title_, choices_, fallback_) { .size = sizeof(struct souk_field), .type = SOUK_FIELD_ONE_OF, \
        .name = name_, .title = title_, .fallback = SOUK_WORD(SOUK_TEXT, fallback_), .choices = CHOICES(choices_) }
static const struct souk_field options[] = {
    OPTION("state", "column.state", states, "all"),
    OPTION("fulfilment", "column.fulfilment", fulfilments, "all"),
    OPTION("buyers", "option_buyers", buyers, "all"),
    { .size = sizeof(struct souk_field), .type = SOUK_FIELD_LINE, .name = "find", .title = "option_find",
      .fallback = SOUK_WORD(SOUK_TEXT, ""), .max = 60 },
    OPTION("sort", "option_sort", sorts, "newest"),
    { .size = sizeof(struct souk_field), .type = SOUK_FIELD_LINE, .name = "place", .title = "option_place",
      .fallback = SOUK_WORD(SOUK_TEXT, ""), .flags = SOUK_FIELD_QUIET },
};
static const struct souk_widget widget = {
    .size = sizeof widget, .area = 6, .id = "orders", .title = "title", .width = 2, .render = render,
    .options = SOUK_LIST(options), .shows = "order",
};
static const struct souk_offer offers[] = { { SOUK_WIDGET, &widget } };

SOUK_PLUGIN = {
    .size = sizeof(struct souk_plugin), .built = SOUK_SDK_NOW, .needs = SOUK_SDK(0, 2),
    .id = "org.souk.orders", .version = "0.2.0", .title = "title",
    .wants = "souk.view/1 souk.query/1",
    .reads = "v1_orders v1_order_lines v1_open_daily v1_shipped_hourly v1_sales_daily v1_letters v1_claims"
             " v1_feedback v1_returns v1_ledger",
    .offers = SOUK_LIST(offers), .queries = SOUK_LIST(queries),
};
