/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sales.c: Sales Summary.
 *
 * Ordered product sales, units, orders and the average per order: today so far and the last 7, 15 and
 * 30 days, each beside the same stretch of time before it.  Today is not over, so the stretch before
 * ends at the same moment of its last day: up to the last data point, never a second further.
 *
 * Ordered product sales are item prices times units by the time of the order, without tax, shipping
 * and gift wrap (https://sellercentral.amazon.in/gp/help/external/help.html?itemID=202122100).
 * Cancelled lines are left out.
 */
#include <souk/widget.h>

#define FIGURES "orders:count units:count unpriced:count sales:money/currency currency:currency"

static const struct souk_query queries[] = {
    {
        .size = sizeof(struct souk_query), .id = "by_day", .title = "by_day", .about = "by_day_about",
        .sql = "SELECT day, CAST(sum(orders) AS BIGINT), CAST(sum(units) AS BIGINT),"
               " CAST(sum(unpriced) AS BIGINT), CAST(sum(sales) AS BIGINT), currency"
               " FROM v1_sales_daily"
               " WHERE market = :market AND day >= :from AND day <= :to AND state <> 'cancelled'"
               " AND (state <> 'pending' OR :with_pending = 1)"
               " GROUP BY day, currency"
               " ORDER BY day, currency",
        .params = "market:market from:day to:day with_pending:bool",
        .columns = "day:day " FIGURES,
    },
    {
        .size = sizeof(struct souk_query), .id = "hours", .title = "hours", .about = "by_day_about",
        .sql = "SELECT CAST(coalesce(sum(orders), 0) AS BIGINT), CAST(coalesce(sum(units), 0) AS BIGINT),"
               " CAST(coalesce(sum(unpriced), 0) AS BIGINT), CAST(coalesce(sum(sales), 0) AS BIGINT), currency"
               " FROM v1_sales_hourly"
               " WHERE market = :market AND day = :day AND hour < :hour AND state <> 'cancelled'"
               " AND (state <> 'pending' OR :with_pending = 1)"
               " GROUP BY currency",
        .params = "market:market day:day hour:count with_pending:bool",
        .columns = FIGURES,
    },
    {
        .size = sizeof(struct souk_query), .id = "minutes", .title = "minutes", .about = "by_day_about",
        .sql = "SELECT CAST(coalesce(sum(quantity), 0) AS BIGINT), CAST(coalesce(sum(price), 0) AS BIGINT), currency"
               " FROM v1_order_lines"
               " WHERE market = :market AND purchase_day = :day AND purchased >= :from AND purchased < :to"
               " AND state <> 'cancelled' AND (state <> 'pending' OR :with_pending = 1)"
               " GROUP BY currency",
        .params = "market:market day:day from:instant to:instant with_pending:bool",
        .columns = "units:count sales:money/currency currency:currency",
    },
    {
        .size = sizeof(struct souk_query), .id = "minutes_orders", .title = "minutes", .about = "by_day_about",
        .sql = "SELECT count(*)"
               " FROM v1_orders"
               " WHERE market = :market AND purchase_day = :day AND purchased >= :from AND purchased < :to"
               " AND state <> 'cancelled' AND (state <> 'pending' OR :with_pending = 1)",
        .params = "market:market day:day from:instant to:instant with_pending:bool",
        .columns = "orders:count",
    },
    {
        .size = sizeof(struct souk_query), .id = "lines", .title = "lines", .about = "lines_about", .max_rows = 100000,
        .sql = "SELECT purchased, order_id, state, fulfilment, sku, title, quantity, price, currency"
               " FROM v1_order_lines"
               " WHERE market = :market AND purchase_day >= :from AND purchase_day <= :to AND state <> 'cancelled'"
               " AND (state <> 'pending' OR :with_pending = 1)"
               " ORDER BY purchase_day DESC, purchased DESC, order_id, sku, ordinal",
        .params = "market:market from:day to:day with_pending:bool",
        .columns = "purchased:instant order_id:text state:text fulfilment:text sku:text title:text"
                   " quantity:count price:money/currency currency:currency+hidden",
    },
    {
        .size = sizeof(struct souk_query), .id = "best", .title = "best", .about = "best_about", .max_rows = 10,
        .sql = "SELECT sku, title, units, sales, currency"
               " FROM v1_sku_30d"
               " WHERE market = :market AND currency = :currency"
               " ORDER BY sales DESC, sku",
        .params = "market:market currency:currency",
        .columns = "sku:text title:text units:count sales:money/currency currency:currency+hidden",
    },
};

struct figures {
    int64_t orders, units, unpriced, sales;             /* sales in minor units of the market's currency */
};

/* Adds the rows in the market's currency, columns `first`.. as in FIGURES. */
static void add_rows(struct figures *sum, const struct souk_rows *rows, uint32_t first, const char *currency,
                     int32_t from, int32_t to)
{
    for (uint32_t r = 0; r < rows->n_rows; r++) {
        const struct souk_value *sales = souk_cell(rows, r, first + 3);
        if (first && (souk_num(rows, r, 0, 0) < from || souk_num(rows, r, 0, 0) > to))
            continue;
        sum->orders += souk_num(rows, r, first, 0);
        sum->units += souk_num(rows, r, first + 1, 0);
        sum->unpriced += souk_num(rows, r, first + 2, 0);
        if (sales->currency[0] == currency[0] && sales->currency[1] == currency[1] && sales->currency[2] == currency[2])
            sum->sales += sales->num;
    }
}

/* The first `elapsed_s` seconds of a day: whole hours from the totals, the rest from the orders. */
static int part_of_day(struct souk_call *call, const struct souk_market_now *m, int32_t day, int64_t elapsed_s,
                       struct souk_value pending, struct figures *sum)
{
    struct souk_value market = souk_market(m->id), hour = souk_count(elapsed_s / 3600);
    int64_t start_s;
    int rc = call->query->day_start(call, m->id, day, &start_s);
    if (rc < 0)
        return rc;
    struct souk_value from = souk_instant(start_s + elapsed_s / 3600 * 3600), to = souk_instant(start_s + elapsed_s);
    struct souk_rows rows[3];
    const struct souk_run run[] = {
        SOUK_RUN("hours", { "market", market }, { "day", souk_day(day) }, { "hour", hour }, { "with_pending", pending }),
        SOUK_RUN("minutes", { "market", market }, { "day", souk_day(day) }, { "from", from }, { "to", to },
                 { "with_pending", pending }),
        SOUK_RUN("minutes_orders", { "market", market }, { "day", souk_day(day) }, { "from", from }, { "to", to }, { "with_pending", pending }),
    };
    rc = call->query->run(call, run, 3, rows);
    if (rc < 0)
        return rc;
    add_rows(sum, &rows[0], 0, m->currency, 0, 0);
    for (uint32_t r = 0; r < rows[1].n_rows; r++) {
        sum->units += souk_num(&rows[1], r, 0, 0);
        if (souk_cell(&rows[1], r, 1)->type == SOUK_MONEY)
            sum->sales += souk_num(&rows[1], r, 1, 0);
    }
    if (rows[2].n_rows)
        sum->orders += souk_num(&rows[2], 0, 0, 0);
    return 0;
}

/* A card of several markets has room for the two figures that matter most. */
static void show(struct souk_call *call, const struct souk_market_now *m, int32_t days, struct souk_value pending,
                 int is_short, const struct figures *now, const struct figures *before)
{
    struct souk_value market = souk_market(m->id), from = souk_day(m->today - days + 1), to = souk_day(m->today);
    const struct souk_to *lines = SOUK_TO(.query = "lines", .args = SOUK_ARGS({ "market", market }, { "from", from },
                                          { "to", to }, { "with_pending", pending }));
    struct souk_msg than = SOUK_MSG("than", { "days", souk_count(days) });
#define WHY(text) SOUK_WHY(.rows = "by_day", .formula = SOUK_MSG(text, { "days", souk_count(days) }), \
        .args = SOUK_ARGS({ "market", market }, { "from", from }, { "to", to }, { "with_pending", pending }))
    souk_stat(call, .label = SOUK_MSG("sales"), .value = souk_money(now->sales, m->currency), .up_is = SOUK_GOOD,
              .before = souk_money(before->sales, m->currency), .before_label = than, .why = WHY("sales_why"), .to = lines);
    souk_stat(call, .label = SOUK_MSG("units"), .value = souk_count(now->units), .up_is = SOUK_GOOD,
              .before = souk_count(before->units), .before_label = than, .why = WHY("units_why"), .to = lines);
    if (is_short)
        return;
    souk_stat(call, .label = SOUK_MSG("orders"), .value = souk_count(now->orders), .up_is = SOUK_GOOD,
              .before = souk_count(before->orders), .before_label = than, .why = WHY("orders_why"), .to = lines);
    souk_stat(call, .label = SOUK_MSG("average"), .value = souk_average(now->sales, now->orders, m->currency),
              .before = souk_average(before->sales, before->orders, m->currency), .before_label = than,
              .up_is = SOUK_GOOD, .why = WHY("average_why"));
#undef WHY
}

static int chart(struct souk_call *call, const struct souk_market_now *m, struct souk_value pending)
{
    struct souk_value cell[800 * 2];
    struct souk_rows rows;
    int rc = souk_query(call, &rows, "by_day", { "market", souk_market(m->id) }, { "from", souk_day(m->from) },
                        { "to", souk_day(m->to) }, { "with_pending", pending });
    uint32_t n = (uint32_t)(m->to - m->from + 1), r = 0;
    if (rc < 0)
        return rc;
    for (uint32_t i = 0; i < n; i++) {                  /* days without a sale are days too */
        struct figures of_day = { 0 };
        struct souk_rows one = rows;
        int32_t day = m->from + (int32_t)i;
        uint32_t first = r;
        while (r < rows.n_rows && souk_num(&rows, r, 0, 0) == day)
            r++;
        one.cell = rows.cell + (size_t)first * rows.n_columns;
        one.n_rows = r - first;
        add_rows(&of_day, &one, 1, m->currency, day, day);
        cell[i * 2] = souk_day(day);
        cell[i * 2 + 1] = souk_money(of_day.sales, m->currency);
    }
    souk_chart(call, .kind = SOUK_BARS, .title = SOUK_MSG("chart", { "from", souk_day(m->from) }, { "to", souk_day(m->to) }),
               .rows = { "day:day sales:money", cell, 2, n, 0, 0 }, .partial_rows = m->to == m->today,
               .why = SOUK_WHY(.rows = "by_day", .formula = SOUK_MSG("sales_why", { "days", souk_count(n) }),
                               .args = SOUK_ARGS({ "market", souk_market(m->id) }, { "from", souk_day(m->from) },
                                                 { "to", souk_day(m->to) }, { "with_pending", pending })));
    return 0;
}

/* What the switch "pending" decides, as both numbers. */
static void pending_line(struct souk_call *call, const struct souk_market_now *m, const struct souk_rows *with,
                         const struct souk_rows *without)
{
    struct figures a = { 0 }, b = { 0 };
    add_rows(&a, with, 1, m->currency, m->today - 29, m->today);
    add_rows(&b, without, 1, m->currency, m->today - 29, m->today);
    souk_text_line(call, .text = SOUK_MSG("pending_line", { "orders", souk_count(a.orders - b.orders) },
                                          { "unpriced", souk_count(a.unpriced) },
                                          { "with", souk_money(a.sales, m->currency) },
                                          { "without", souk_money(b.sales, m->currency) }));
}

static int market(struct souk_call *call, const struct souk_ask *ask, const struct souk_market_now *m)
{
    static const struct { int32_t days; const char *title; } periods[] = {
        { 1, "today" }, { 7, "days_7" }, { 15, "days_15" }, { 30, "days_30" },
    };
    struct souk_value pending = souk_number(SOUK_BOOL, souk_option(ask, "pending")->text.len == 4, 0);
    struct souk_value id = souk_market(m->id), from = souk_day(m->today - 59), to = souk_day(m->today);
    struct souk_rows rows[3];
    const struct souk_run run[] = {
        SOUK_RUN("by_day", { "market", id }, { "from", from }, { "to", to }, { "with_pending", pending }),
        SOUK_RUN("by_day", { "market", id }, { "from", from }, { "to", to }, { "with_pending", souk_number(SOUK_BOOL, 1, 0) }),
        SOUK_RUN("by_day", { "market", id }, { "from", from }, { "to", to }, { "with_pending", souk_number(SOUK_BOOL, 0, 0) }),
    };
    uint32_t is_page = ask->face == SOUK_PAGE;
    int rc = call->query->run(call, run, is_page ? 3 : 1, rows);
    if (rc < 0)
        return rc;
    struct souk_value until = souk_instant(m->data_until_s);
    until.text.at = m->zone;
    until.text.len = souk_length(m->zone);
    souk_section(call, "market", { "market", id }, { "currency", souk_word(SOUK_CURRENCY, m->currency) });
    souk_text_line(call, .text = SOUK_MSG(m->data_elapsed_s ? "zone" : "zone_stale",
                                          { "zone", souk_word(SOUK_ZONE, m->zone) }, { "until", until }));
    souk_columns(call);
    for (unsigned i = 0; i < sizeof periods / sizeof *periods; i++) {
        int32_t days = periods[i].days;
        struct figures now = { 0 }, before = { 0 };
        add_rows(&now, &rows[0], 1, m->currency, m->today - days + 1, m->today);
        add_rows(&before, &rows[0], 1, m->currency, m->today - 2 * days + 1, m->today - days - 1);
        rc = part_of_day(call, m, m->today - days, m->data_elapsed_s, pending, &before);
        if (rc < 0)
            return rc;
        souk_section(call, periods[i].title);
        show(call, m, days, pending, !is_page && ask->n_markets > 1, &now, &before);
        souk_end(call);
    }
    souk_end(call);
    if (is_page) {
        pending_line(call, m, &rows[1], &rows[2]);
        rc = chart(call, m, pending);
        if (rc == 0 && (rc = souk_query(call, &rows[0], "best", { "market", id },
                                        { "currency", souk_word(SOUK_CURRENCY, m->currency) })) == 0 && rows[0].n_rows)
            souk_table(call, .title = SOUK_MSG("best"), .rows = rows[0],
                       .why = SOUK_WHY(.rows = "best", .formula = SOUK_MSG("best_why"),
                                       .args = SOUK_ARGS({ "market", id }, { "currency", souk_word(SOUK_CURRENCY, m->currency) })));
    } else if (ask->n_markets == 1) {
        rc = chart(call, m, pending);
    }
    souk_end(call);
    return rc;
}

static int render(void *self, struct souk_call *call, const struct souk_ask *ask)
{
    int shown = 0;
    (void)self;
    for (uint32_t i = 0; i < ask->n_markets; i++) {
        const struct souk_market_now *m = souk_market_at(ask, i);
        if (!m->data_until_s)
            continue;                                   /* known from a settlement or listing only */
        int rc = market(call, ask, m);
        if (rc < 0)
            return rc;
        shown++;
    }
    if (!shown)
        souk_empty(call, .text = SOUK_MSG("no_data"), .fills = "amazon.orders");
    return 0;
}

static const struct souk_choice pending_choices[] = { { "with", "pending_with" }, { "without", "pending_without" } };
static const struct souk_field options[] = {
    { .size = sizeof(struct souk_field), .type = SOUK_FIELD_ONE_OF, .name = "pending", .title = "pending",
      .fallback = { .type = SOUK_TEXT, .text = { "with", 4, 0 } }, .choices = SOUK_LIST(pending_choices) },
};
static const struct souk_widget widget = {
    .size = sizeof widget, .area = 5, .id = "sales", .title = "title", .width = 2, .options = SOUK_LIST(options),
    .render = render,
};
static const struct souk_offer offers[] = { { SOUK_WIDGET, &widget } };

SOUK_PLUGIN = {
    .size = sizeof(struct souk_plugin), .built = SOUK_SDK_NOW, .needs = SOUK_SDK(0, 1),
    .id = "org.souk.sales", .version = "0.1.0", .title = "title",
    .wants = "souk.view/1 souk.query/1",
    .reads = "v1_sales_daily v1_sales_hourly v1_orders v1_order_lines v1_sku_30d",
    .offers = SOUK_LIST(offers), .queries = SOUK_LIST(queries),
};
