/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sales.c: Sales Summary.
 *
 * Ordered product sales, units, orders and the average per order: today so far and the last 7, 15 and
 * 30 days, each beside another stretch of as many days: the one before it, the same days a week earlier, or
 * the same days last year.  Today is not over, so what it is compared with ends at the same moment of its
 * last day: up to the last data point, never a second further.
 *
 * Ordered product sales are item prices times units by the time of the order, without tax, shipping
 * and gift wrap (https://sellercentral.amazon.in/gp/help/external/help.html?itemID=202122100).
 * Cancelled lines are left out.
 */
#include "sales.h"

#define FIGURES "orders:count units:count unpriced:count sales:money/currency currency:currency"
#define COUNTED "state <> 'cancelled' AND (state <> 'pending' OR :with_pending = 1)"
#define FILTERED " AND (:fulfilment = 'all' OR fulfilment = :fulfilment)" \
        " AND (:buyers = 'all' OR is_business = CASE :buyers WHEN 'business' THEN 1 ELSE 0 END)"
#define FILTERS " fulfilment:text buyers:text"
#define BY_DAY(filter) \
        "SELECT day, CAST(sum(orders) AS BIGINT), CAST(sum(units) AS BIGINT)," \
        " CAST(sum(unpriced) AS BIGINT), CAST(sum(sales) AS BIGINT), currency" \
        " FROM v1_sales_daily" \
        " WHERE market = :market AND day >= :from AND day <= :to AND " COUNTED filter \
        " GROUP BY day, currency" \
        " ORDER BY day, currency"
#define HOURS(filter) \
        "SELECT CAST(coalesce(sum(orders), 0) AS BIGINT), CAST(coalesce(sum(units), 0) AS BIGINT)," \
        " CAST(coalesce(sum(unpriced), 0) AS BIGINT), CAST(coalesce(sum(sales), 0) AS BIGINT), currency" \
        " FROM v1_sales_hourly" \
        " WHERE market = :market AND day = :day AND hour < :hour AND " COUNTED filter \
        " GROUP BY currency"
#define MINUTES(filter) \
        "SELECT CAST(coalesce(sum(quantity), 0) AS BIGINT), CAST(coalesce(sum(price), 0) AS BIGINT), currency" \
        " FROM v1_order_lines" \
        " WHERE market = :market AND purchase_day = :day AND purchased >= :from AND purchased < :to AND " COUNTED filter \
        " GROUP BY currency"
#define MINUTES_ORDERS(filter) \
        "SELECT count(*)" \
        " FROM v1_orders" \
        " WHERE market = :market AND purchase_day = :day AND purchased >= :from AND purchased < :to AND " COUNTED filter
#define LINE "SELECT purchased, order_id, state, fulfilment, sku, title, quantity, price, currency FROM v1_order_lines" \
        " WHERE market = :market AND purchase_day >= :from AND purchase_day <= :to"
#define LINE_ORDER " ORDER BY purchase_day DESC, purchased DESC, order_id, sku, ordinal"
#define LINE_COLUMNS "purchased:instant order_id:text state:text fulfilment:text sku:text title:text" \
        " quantity:count price:money/currency currency:currency+hidden"
#define DAYS "market:market from:day to:day"

/* Each twice: plain, and with the filters by fulfilment and buyers. */
#define TWICE(id_, title_, about_, rows_, sql_, params_, columns_) \
    { .size = sizeof(struct souk_query), .id = id_, .title = title_, .about = about_, .max_rows = rows_, \
      .sql = sql_(""), .params = params_ " with_pending:bool", .columns = columns_ }, \
    { .size = sizeof(struct souk_query), .id = id_ "_of", .title = title_, .about = about_, .max_rows = rows_, \
      .sql = sql_(FILTERED), .params = params_ " with_pending:bool" FILTERS, .columns = columns_ }
#define LINES(filter) LINE " AND " COUNTED filter LINE_ORDER

static const struct souk_query queries[] = {
    TWICE("by_day", "by_day", "by_day_about", 0, BY_DAY, DAYS, "day:day " FIGURES),
    TWICE("hours", "hours", "by_day_about", 0, HOURS, "market:market day:day hour:count", FIGURES),
    TWICE("minutes", "minutes", "by_day_about", 0, MINUTES, "market:market day:day from:instant to:instant",
          "units:count sales:money/currency currency:currency"),
    TWICE("minutes_orders", "minutes", "by_day_about", 0, MINUTES_ORDERS, "market:market day:day from:instant to:instant",
          "orders:count"),
    TWICE("lines", "lines", "lines_about", 100000, LINES, DAYS, LINE_COLUMNS),
    {
        .size = sizeof(struct souk_query), .id = "best", .title = "best", .about = "best_about", .max_rows = 10,
        .sql = "SELECT 'sku:' || sku, title, units, sales, currency"
               " FROM v1_sku_30d"
               " WHERE market = :market AND currency = :currency"
               " ORDER BY sales DESC, sku",
        .params = "market:market currency:currency",
        .columns = "sku:ref title:text units:count sales:money/currency currency:currency+hidden",
    },
    /* ---- the sales and traffic report, and the order lines of its days ---- */
    {
        .size = sizeof(struct souk_query), .id = "traffic", .title = "traffic", .about = "traffic_about",
        .sql = "SELECT day, sales, units, items, refunded, views, sessions, buy_box_ppm, currency"
               " FROM v1_traffic"
               " WHERE market = :market AND day >= :from AND day <= :to AND days = 1"
               " ORDER BY day",
        .params = DAYS,
        .columns = "day:day sales:money/currency units:count items:count refunded:count views:count sessions:count"
                   " buy_box_ppm:count currency:currency+hidden",
    },
    {
        .size = sizeof(struct souk_query), .id = "spans", .title = "traffic", .about = "traffic_products_about", .max_rows = 1,
        .sql = "SELECT from_day, to_day"
               " FROM v1_traffic_products"
               " WHERE market = :market AND to_day >= :from AND from_day <= :to"
               " ORDER BY to_day DESC, from_day",
        .params = DAYS, .columns = "from:day to:day",
    },
    {
        .size = sizeof(struct souk_query), .id = "traffic_products", .title = "traffic_products",
        .about = "traffic_products_about", .max_rows = 10000,
        .sql = "SELECT asin, CASE WHEN sku <> '' THEN 'sku:' || sku END, sessions, views, buy_box_ppm, units, items, sales, currency"
               " FROM v1_traffic_products"
               " WHERE market = :market AND from_day = :from AND to_day = :to"
               " ORDER BY sales DESC NULLS LAST, asin, sku",
        .params = DAYS,
        .columns = "asin:text sku:ref sessions:count views:count buy_box_ppm:count units:count items:count"
                   " sales:money/currency currency:currency+hidden",
    },
    {
        .size = sizeof(struct souk_query), .id = "ordered", .title = "by_day", .about = "ordered_about",
        .sql = "SELECT day, CAST(sum(CASE WHEN state = 'cancelled' THEN 0 ELSE sales END) AS BIGINT),"
               " CAST(sum(CASE WHEN state = 'cancelled' THEN 0 ELSE units END) AS BIGINT),"
               " CAST(sum(CASE WHEN state = 'cancelled' THEN sales ELSE 0 END) AS BIGINT),"
               " CAST(sum(CASE WHEN state = 'cancelled' THEN 0 ELSE unpriced END) AS BIGINT), currency"
               " FROM v1_sales_daily"
               " WHERE market = :market AND day >= :from AND day <= :to"
               " GROUP BY day, currency"
               " ORDER BY day, currency",
        .params = DAYS,
        .columns = "day:day sales:money/currency units:count cancelled:money/currency unpriced:count currency:currency+hidden",
    },
    {
        .size = sizeof(struct souk_query), .id = "lines_all", .title = "lines_all", .about = "lines_all_about", .max_rows = 100000,
        .sql = LINE LINE_ORDER, .params = DAYS, .columns = LINE_COLUMNS,
    },
    {
        .size = sizeof(struct souk_query), .id = "cancelled", .title = "cancelled", .about = "cancelled_about", .max_rows = 100000,
        .sql = LINE " AND state = 'cancelled'" LINE_ORDER, .params = DAYS, .columns = LINE_COLUMNS,
    },
    {
        .size = sizeof(struct souk_query), .id = "no_price", .title = "no_price", .about = "no_price_about", .max_rows = 100000,
        .sql = LINE " AND state <> 'cancelled' AND price IS NULL" LINE_ORDER, .params = DAYS, .columns = LINE_COLUMNS,
    },
    /* ---- the ledger ---- */
    {
        .size = sizeof(struct souk_query), .id = "proceeds", .title = "proceeds", .about = "proceeds_rows_about", .max_rows = 10000,
        .sql = "SELECT day, part, CASE WHEN market IS NULL THEN 0 ELSE 1 END, CAST(sum(lines) AS BIGINT),"
               " CAST(sum(amount) AS BIGINT), currency"
               " FROM v1_ledger_daily"
               " WHERE (market = :market OR market IS NULL) AND currency = :currency AND day >= :from AND day <= :to"
               " AND part <> 'reserve'"
               " GROUP BY day, part, CASE WHEN market IS NULL THEN 0 ELSE 1 END, currency"
               " ORDER BY day, part",
        .params = "market:market currency:currency from:day to:day",
        .columns = "day:day part:text of_market:bool lines:count+total amount:money/currency+total currency:currency+hidden",
    },
    /* ---- one SKU ---- */
    {
        .size = sizeof(struct souk_query), .id = "sku_name", .title = "sku_title", .max_rows = 2,
        .sql = "SELECT title FROM v1_listings WHERE sku = :sku"
               " UNION SELECT title FROM v1_sku_30d WHERE sku = :sku"
               " ORDER BY title NULLS LAST",
        .params = "sku:text", .columns = "title:text",
    },
    {
        .size = sizeof(struct souk_query), .id = "sku_listings", .title = "sku_listings",
        .sql = "SELECT market, status, price, quantity, fulfilment, asin, told, currency"
               " FROM v1_listings WHERE sku = :sku ORDER BY market",
        .params = "sku:text",
        .columns = "market:market status:text price:money/currency quantity:count fulfilment:text asin:text told:instant"
                   " currency:currency+hidden",
    },
    {
        .size = sizeof(struct souk_query), .id = "sku_stock", .title = "sku_stock",
        .sql = "SELECT market, fulfillable, reserved, unsellable, inbound_working, inbound_shipped, inbound_receiving, total, told"
               " FROM v1_stock WHERE sku = :sku ORDER BY market",
        .params = "sku:text",
        .columns = "market:market fulfillable:count reserved:count unsellable:count inbound_working:count"
                   " inbound_shipped:count inbound_receiving:count total:count told:instant",
    },
    {
        .size = sizeof(struct souk_query), .id = "sku_product", .title = "product_title",
        .sql = "SELECT lead_days, floor, currency FROM v1_products WHERE sku = :sku",
        .params = "sku:text", .columns = "lead_days:count floor:money/currency currency:currency+hidden",
    },
    {                                                   /* day after day, for the totals have no list by SKU */
        .size = sizeof(struct souk_query), .id = "sku_days", .title = "sku_days", .about = "sku_days_about",
        .sql = "WITH RECURSIVE d (day) AS (SELECT CAST(:from AS INTEGER) UNION ALL SELECT day + 1 FROM d WHERE day < :to)"
               " SELECT d.day, s.units, s.sales, s.currency"
               " FROM d CROSS JOIN v1_sku_daily s"           /* so that SQLite looks up each day by its key */
               " WHERE s.day = d.day AND s.market = :market AND s.sku = :sku"
               " ORDER BY d.day, s.currency",
        .params = "market:market sku:text from:day to:day",
        .columns = "day:day units:count+total sales:money/currency+total currency:currency+hidden",
    },
    {
        .size = sizeof(struct souk_query), .id = "sku_orders", .title = "sku_orders", .about = "sku_orders_about", .max_rows = 50,
        .sql = "SELECT purchased, 'order:' || order_id, state, quantity, price, currency"
               " FROM v1_order_lines"
               " WHERE market = :market AND purchase_day = :day AND sku = :sku"
               " ORDER BY purchased DESC, order_id, ordinal",
        .params = "market:market sku:text day:day",
        .columns = "purchased:instant order_id:ref state:text quantity:count price:money/currency currency:currency+hidden",
    },
    {
        .size = sizeof(struct souk_query), .id = "sku_prices", .title = "sku_prices", .about = "sku_prices_about", .max_rows = 50,
        .sql = "SELECT day, price, quantity, status, currency"
               " FROM v1_listings_daily WHERE market = :market AND sku = :sku ORDER BY day DESC",
        .params = "market:market sku:text",
        .columns = "day:day price:money/currency quantity:count status:text currency:currency+hidden",
    },
    {
        .size = sizeof(struct souk_query), .id = "sku_traffic", .title = "sku_traffic", .max_rows = 24,
        .sql = "SELECT t.from_day, t.to_day, t.sessions, t.views, t.buy_box_ppm, t.units, t.items, t.sales, t.currency"
               " FROM v1_listings l JOIN v1_traffic_products t ON t.market = l.market AND t.asin = l.asin"
               " WHERE l.market = :market AND l.sku = :sku AND t.sku IN ('', :sku)"
               " ORDER BY t.to_day DESC, t.from_day",
        .params = "market:market sku:text",
        .columns = "from:day to:day sessions:count views:count buy_box_ppm:count units:count items:count"
                   " sales:money/currency currency:currency+hidden",
    },
    {
        .size = sizeof(struct souk_query), .id = "sku_rivals", .title = "sku_rivals",
        .sql = "SELECT r.landed, r.is_buy_box, r.told, r.source, r.currency"
               " FROM v1_listings l JOIN v1_rivals r ON r.market = l.market AND r.asin = l.asin"
               " WHERE l.market = :market AND l.sku = :sku",
        .params = "market:market sku:text",
        .columns = "landed:money/currency is_buy_box:bool told:instant source:text currency:currency+hidden",
    },
};

/* ---- what is compared with what ------------------------------------------------------------------------ */

enum compare { COMPARE_BEFORE, COMPARE_WEEK, COMPARE_YEAR };

static enum compare compare_of(const struct souk_ask *ask)
{
    const struct souk_value *v = souk_option(ask, "compare");
    return souk_is(v, "week") ? COMPARE_WEEK : souk_is(v, "year") ? COMPARE_YEAR : COMPARE_BEFORE;
}

/* The same date of the year before; of 29 February the 28th.  Days since 1970, years begin in March. */
static int32_t year_before(int32_t day)
{
    int32_t z = day + 719468, era = (z >= 0 ? z : z - 146096) / 146097, of_era = z - era * 146097;
    int32_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int32_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int is_leap_day = of_year == 365;
    year += era * 400 - 1;
    era = (year >= 0 ? year : year - 399) / 400;
    of_era = (year - era * 400) * 365 + (year - era * 400) / 4 - (year - era * 400) / 100 + of_year - is_leap_day;
    return era * 146097 + of_era - 719468;
}

/* So many days lie between a stretch of days that ends on `last` and what it is compared with. */
static int32_t shift_of(enum compare compare, int32_t last, int32_t days)
{
    return compare == COMPARE_WEEK ? 7 : compare == COMPARE_YEAR ? last - year_before(last) : days;
}

/* ---- the card --------------------------------------------------------------------------------------------- */

/* A card of several markets has room for the two figures that matter most. */
static void show(struct souk_call *call, const struct souk_ask *ask, const struct souk_market_now *m, int32_t days,
                 const struct which *w, const struct figures *now, const struct figures *before)
{
    static const char *const words[] = { [COMPARE_BEFORE] = "than", [COMPARE_WEEK] = "than_week", [COMPARE_YEAR] = "than_year" };
    enum compare compare = compare_of(ask);
    const struct souk_args args = WHICH_DAYS(w, m->id, m->today - days + 1, m->today);
    const struct souk_to *lines = SOUK_TO(.query = WHICH_QUERY(w, "lines"), .args = args);
    struct souk_msg than = { words[compare], SOUK_ARGS({ "days", souk_count(days) }, { "day", souk_day(m->today - shift_of(compare, m->today, days)) }) };
#define WHY(text) SOUK_WHY(.rows = WHICH_QUERY(w, "by_day"), .args = args, .formula = SOUK_MSG(text, { "days", souk_count(days) }))
    souk_stat(call, .label = SOUK_MSG("sales"), .value = souk_money(now->sales, m->currency), .up_is = SOUK_GOOD,
              .before = souk_money(before->sales, m->currency), .before_label = than, .why = WHY("sales_why"), .to = lines);
    souk_stat(call, .label = SOUK_MSG("units"), .value = souk_count(now->units), .up_is = SOUK_GOOD,
              .before = souk_count(before->units), .before_label = than, .why = WHY("units_why"), .to = lines);
    if (ask->face == SOUK_CARD && ask->n_markets > 1)
        return;
    souk_stat(call, .label = SOUK_MSG("orders"), .value = souk_count(now->orders), .up_is = SOUK_GOOD,
              .before = souk_count(before->orders), .before_label = than, .why = WHY("orders_why"), .to = lines);
    souk_stat(call, .label = SOUK_MSG("average"), .value = souk_average(now->sales, now->orders, m->currency),
              .before = souk_average(before->sales, before->orders, m->currency), .before_label = than,
              .up_is = SOUK_GOOD, .why = WHY("average_why"));
#undef WHY
    if (ask->face == SOUK_CARD)
        return;
    souk_fact(call, .label = SOUK_MSG("average_price"), .value = souk_average(now->sales, now->units, m->currency),
              .why = SOUK_WHY(.rows = WHICH_QUERY(w, "by_day"), .args = args,
                              .formula = SOUK_MSG("average_price_why", { "sales", souk_money(now->sales, m->currency) }, { "units", souk_count(now->units) })));
    souk_fact(call, .label = SOUK_MSG("per_order"),
              .value = now->orders ? souk_number(SOUK_DECIMAL, (now->units * 100 + now->orders / 2) / now->orders, 2) : souk_none(),
              .why = SOUK_WHY(.rows = WHICH_QUERY(w, "by_day"), .args = args,
                              .formula = SOUK_MSG("per_order_why", { "units", souk_count(now->units) }, { "orders", souk_count(now->orders) })));
}

/* Sales of each day of the period; on the page beside those of the days it is compared with. */
static int chart(struct souk_call *call, const struct souk_ask *ask, const struct souk_market_now *m, const struct which *w)
{
    struct souk_value cell[DAYS_MOST * 3];
    int32_t n = m->to - m->from + 1, shift = shift_of(compare_of(ask), m->to, n);
    uint32_t is_page = ask->face == SOUK_PAGE, columns = is_page ? 3 : 2;
    struct souk_rows rows[2];
    const struct souk_run run[] = {
        { sizeof(struct souk_run), 0, WHICH_QUERY(w, "by_day"), WHICH_DAYS(w, m->id, m->from, m->to) },
        { sizeof(struct souk_run), 0, WHICH_QUERY(w, "by_day"), WHICH_DAYS(w, m->id, m->from - shift, m->to - shift) },
    };
    int rc = call->query->run(call, run, is_page ? 2 : 1, rows);
    if (rc < 0)
        return rc;
    for (int32_t i = 0; i < n && i < DAYS_MOST; i++) {          /* days without a sale are days too */
        struct souk_value *c = &cell[i * (int32_t)columns];
        c[0] = souk_day(m->from + i);
        for (uint32_t k = 0; k + 1 < columns; k++) {
            struct figures of_day = { 0 };
            int32_t day = m->from + i - (k ? shift : 0);
            figures_add(&of_day, &rows[k], m->currency, day, day);
            c[1 + k] = souk_money(of_day.sales, m->currency);
        }
    }
    souk_chart(call, .kind = SOUK_BARS, .title = SOUK_MSG(is_page ? "chart_beside" : "chart", { "from", souk_day(m->from) }, { "to", souk_day(m->to) },
                                                          { "before_from", souk_day(m->from - shift) }, { "before_to", souk_day(m->to - shift) }),
               .rows = { is_page ? "day:day sales:money sales_before:money" : "day:day sales:money", cell, columns,
                         (uint32_t)(n < DAYS_MOST ? n : DAYS_MOST), 0, 0 }, .partial_rows = m->to == m->today,
               .why = SOUK_WHY(.rows = WHICH_QUERY(w, "by_day"), .args = WHICH_DAYS(w, m->id, m->from, m->to),
                               .formula = SOUK_MSG("sales_why", { "days", souk_count(n) })));
    return 0;
}

/* What the switch "pending" decides, as both numbers. */
static int pending_line(struct souk_call *call, const struct souk_market_now *m, const struct which *chosen)
{
    struct which with = *chosen, without = *chosen;
    struct figures a = { 0 }, b = { 0 };
    struct souk_rows rows[2];
    int32_t from = m->today - 29;
    with.pending = souk_bool(1);
    without.pending = souk_bool(0);
    const struct souk_run run[] = {
        { sizeof(struct souk_run), 0, WHICH_QUERY(&with, "by_day"), WHICH_DAYS(&with, m->id, from, m->today) },
        { sizeof(struct souk_run), 0, WHICH_QUERY(&without, "by_day"), WHICH_DAYS(&without, m->id, from, m->today) },
    };
    int rc = call->query->run(call, run, 2, rows);
    if (rc < 0)
        return rc;
    figures_add(&a, &rows[0], m->currency, from, m->today);
    figures_add(&b, &rows[1], m->currency, from, m->today);
    souk_text_line(call, .text = SOUK_MSG("pending_line", { "orders", souk_count(a.orders - b.orders) },
                                          { "unpriced", souk_count(a.unpriced) },
                                          { "with", souk_money(a.sales, m->currency) },
                                          { "without", souk_money(b.sales, m->currency) }));
    return 0;
}

/* Today, 7, 15 and 30 days, each beside what it is compared with. */
static int periods(struct souk_call *call, const struct souk_ask *ask, const struct souk_market_now *m, const struct which *w)
{
    static const struct { int32_t days; const char *title; } stretch[] = {
        { 1, "today" }, { 7, "days_7" }, { 15, "days_15" }, { 30, "days_30" },
    };
    enum compare compare = compare_of(ask);
    int32_t back = compare == COMPARE_YEAR ? shift_of(compare, m->today, 0) : 0;
    struct souk_rows rows[2];
    const struct souk_run run[] = {
        { sizeof(struct souk_run), 0, WHICH_QUERY(w, "by_day"), WHICH_DAYS(w, m->id, m->today - 59, m->today) },
        { sizeof(struct souk_run), 0, WHICH_QUERY(w, "by_day"), WHICH_DAYS(w, m->id, m->today - back - 29, m->today - back) },
    };
    int rc = call->query->run(call, run, back ? 2 : 1, rows);
    if (rc < 0)
        return rc;
    souk_columns(call);
    for (unsigned i = 0; i < sizeof stretch / sizeof *stretch; i++) {
        int32_t days = stretch[i].days, shift = shift_of(compare, m->today, days), last = m->today - shift;
        struct figures now = { 0 }, before = { 0 };
        figures_add(&now, &rows[0], m->currency, m->today - days + 1, m->today);
        figures_add(&before, &rows[back ? 1 : 0], m->currency, last - days + 1, last - 1);
        rc = figures_part(call, m, w, last, m->data_elapsed_s, &before);
        if (rc < 0)
            return rc;
        souk_section(call, stretch[i].title);
        show(call, ask, m, days, w, &now, &before);
        souk_end(call);
    }
    souk_end(call);
    return 0;
}

static int best(struct souk_call *call, const struct souk_market_now *m, const struct which *w)
{
    const struct souk_args args = SOUK_ARGS({ "market", souk_market(m->id) }, { "currency", souk_word(SOUK_CURRENCY, m->currency) });
    struct souk_rows rows;
    int rc = souk_query_args(call, &rows, "best", args);
    if (rc < 0 || !rows.n_rows)
        return rc;
    souk_table(call, .title = SOUK_MSG("best"), .rows = rows,
               .why = SOUK_WHY(.rows = "best", .formula = SOUK_MSG("best_why"), .args = args));
    if (!w->is_all)
        souk_text_line(call, .text = SOUK_MSG("best_unfiltered"));
    return 0;
}

static int market(struct souk_call *call, const struct souk_ask *ask, const struct souk_market_now *m)
{
    const struct which w = which_of(ask);
    struct souk_value until = souk_instant(m->data_until_s);
    until.text.at = m->zone;
    until.text.len = souk_length(m->zone);
    souk_section(call, "market", { "market", souk_market(m->id) }, { "currency", souk_word(SOUK_CURRENCY, m->currency) });
    souk_text_line(call, .text = SOUK_MSG(m->data_elapsed_s ? "zone" : "zone_stale",
                                          { "zone", souk_word(SOUK_ZONE, m->zone) }, { "until", until }));
    int rc = periods(call, ask, m, &w);
    if (rc == 0 && ask->face == SOUK_PAGE)
        rc = pending_line(call, m, &w);
    if (rc == 0 && (ask->face == SOUK_PAGE || ask->n_markets == 1))
        rc = chart(call, ask, m, &w);
    if (rc == 0 && ask->face == SOUK_PAGE) {
        rc = best(call, m, &w);
        if (rc == 0)
            rc = traffic_render(call, m);
        if (rc == 0)
            rc = proceeds_render(call, m);
    }
    souk_end(call);
    return rc;
}

static int render(void *self, struct souk_call *call, const struct souk_ask *ask)
{
    int shown = 0;
    (void)self;
    if (ask->face == SOUK_PAGE && souk_option(ask, "sku")->text.len)
        return sku_render(call, ask, souk_option(ask, "sku"));
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
static const struct souk_choice compare_choices[] = {
    { "before", "compare_before" }, { "week", "compare_week" }, { "year", "compare_year" },
};
static const struct souk_choice fulfilments[] = {
    { "all", "choose_all" }, { "seller", "by_seller" }, { "marketplace", "by_marketplace" },
};
static const struct souk_choice buyers[] = {
    { "all", "choose_all" }, { "business", "buyers_business" }, { "consumer", "buyers_consumer" },
};
#define OPTION(name_, title_, choices_, fallback_) { .size = sizeof(struct souk_field), .type = SOUK_FIELD_ONE_OF, \
        .name = name_, .title = title_, .fallback = SOUK_WORD(SOUK_TEXT, fallback_), .choices = SOUK_LIST(choices_) }
static const struct souk_field options[] = {
    OPTION("compare", "compare", compare_choices, "before"),
    OPTION("fulfilment", "column.fulfilment", fulfilments, "all"),
    OPTION("buyers", "column.buyers", buyers, "all"),
    OPTION("pending", "pending", pending_choices, "with"),
};
static const struct souk_widget widget = {
    .size = sizeof widget, .area = 5, .id = "sales", .title = "title", .width = 2, .options = SOUK_LIST(options),
    .render = render, .shows = "sku",
};
static const struct souk_offer offers[] = { { SOUK_WIDGET, &widget } };

SOUK_PLUGIN = {
    .size = sizeof(struct souk_plugin), .built = SOUK_SDK_NOW, .needs = SOUK_SDK(0, 2),
    .id = "org.souk.sales", .version = "0.2.0", .title = "title",
    .wants = "souk.view/1 souk.query/1",
    .reads = "v1_sales_daily v1_sales_hourly v1_orders v1_order_lines v1_sku_30d v1_sku_daily v1_listings"
             " v1_listings_daily v1_stock v1_products v1_rivals v1_traffic v1_traffic_products v1_ledger_daily",
    .offers = SOUK_LIST(offers), .queries = SOUK_LIST(queries),
    .commands = "product.set",
};
