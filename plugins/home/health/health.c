/* SPDX-License-Identifier: Apache-2.0 */
/*
 * health.c: Seller Rating, Account Health, Customer Feedback: three widgets of one plugin, which share their
 * queries and their definitions.
 */
#include "health.h"

/*
 * Orders with a defect: negative feedback that was not removed, an A-to-z claim that was neither denied nor withdrawn
 * (https://sellercentral.amazon.com/gp/help/external/G202041210), a chargeback; but for claims that are said not to
 * count.  An order with two of them is one row.  Both come after their order: that bounds what is looked at.
 */
#define DEFECTS \
        "SELECT order_id, order_day, fulfilment, max(feedback) AS feedback, max(a_to_z) AS a_to_z, max(chargeback) AS chargeback" \
        " FROM (SELECT order_id, order_day, fulfilment, 1 AS feedback, 0 AS a_to_z, 0 AS chargeback FROM v1_feedback" \
        "       WHERE market = :market AND day >= :from AND stars <= :stars AND removed IS NULL" \
        "       UNION ALL" \
        "       SELECT order_id, order_day, fulfilment, 0, CASE kind WHEN 'a_to_z' THEN 1 ELSE 0 END," \
        "              CASE kind WHEN 'chargeback' THEN 1 ELSE 0 END FROM v1_claims" \
        "       WHERE market = :market AND opened >= :since AND counts = 1" \
        "         AND (kind = 'chargeback' OR (kind = 'a_to_z' AND coalesce(outcome, '') NOT IN ('denied', 'withdrawn'))))" \
        "      AS defect" \
        " WHERE order_day >= :from AND order_day <= :to AND (:fulfilment = 'all' OR fulfilment = :fulfilment)" \
        " GROUP BY order_id, order_day, fulfilment"
#define DEFECT_PARAMS "market:market from:day to:day fulfilment:text since:instant stars:count"
#define METRIC_COLUMNS "metric:text fulfilment:text at:instant num:count den:count claims:count chargebacks:count" \
        " negative:count rate_ppm:count target_ppm:count condition:text status:text from_s:instant to_s:instant source:text"
#define METRIC_SELECT \
        "SELECT h.metric, h.fulfilment, h.at, h.num, h.den, h.claims, h.chargebacks, h.negative, h.rate_ppm, h.target_ppm," \
        " h.condition, h.status, h.from_s, h.to_s, r.source" \
        " FROM v1_health_metrics h JOIN v1_health r ON r.market = h.market AND r.at = h.at"
#define COMMENT_COLUMNS "order_id:text day:day stars:count comment:text response:text removal:instant removed:instant order_day:day"
#define COMMENT_SELECT "SELECT order_id, day, stars, comment, response, removal, removed, order_day"

static const struct souk_query queries[] = {
    {
        .size = sizeof(struct souk_query), .id = "reports", .title = "reports", .about = "reports_about", .max_rows = 120,
        .sql = "SELECT at, status, rating, rating_status, source FROM v1_health WHERE market = :market ORDER BY at DESC",
        .params = "market:market", .columns = "at:instant status:text rating:count rating_status:text source:text",
    },
    {
        .size = sizeof(struct souk_query), .id = "newest_report", .title = "reports",
        .sql = "SELECT at FROM v1_health WHERE market = :market AND source = 'report' ORDER BY at DESC LIMIT 1",
        .params = "market:market", .columns = "at:instant",
    },
    {
        .size = sizeof(struct souk_query), .id = "metrics", .title = "metrics", .about = "metrics_about",
        .sql = METRIC_SELECT " WHERE h.market = :market AND h.at >= :since ORDER BY h.at DESC, h.metric, h.fulfilment DESC",
        .params = "market:market since:instant", .columns = METRIC_COLUMNS,
    },
    {
        .size = sizeof(struct souk_query), .id = "history", .title = "history", .about = "history_about",
        .sql = METRIC_SELECT " WHERE h.market = :market AND h.metric = :metric AND h.fulfilment = :fulfilment ORDER BY h.at DESC",
        .params = "market:market metric:text fulfilment:text", .columns = METRIC_COLUMNS,
    },
    {
        .size = sizeof(struct souk_query), .id = "points", .title = "history",
        .sql = "SELECT at, num, den, rate_ppm FROM v1_health_metrics"
               " WHERE market = :market AND metric = :metric AND fulfilment = :fulfilment ORDER BY at DESC LIMIT :limit",
        .params = "market:market metric:text fulfilment:text limit:count",
        .columns = "at:instant num:count den:count rate_ppm:count",
    },
    {
        .size = sizeof(struct souk_query), .id = "orders_placed", .title = "orders_placed",
        .sql = "SELECT CAST(coalesce(sum(orders), 0) AS BIGINT) FROM v1_sales_daily"
               " WHERE market = :market AND day >= :from AND day <= :to AND (:fulfilment = 'all' OR fulfilment = :fulfilment)",
        .params = "market:market from:day to:day fulfilment:text", .columns = "orders:count",
    },
    {
        .size = sizeof(struct souk_query), .id = "defects", .title = "defects", .about = "defects_about", .max_rows = 100000,
        .sql = "SELECT 'order:' || order_id, order_day, fulfilment, feedback, a_to_z, chargeback FROM (" DEFECTS ") AS defects"
               " ORDER BY order_day, order_id",
        .params = DEFECT_PARAMS,
        .columns = "order_id:ref order_day:day fulfilment:text feedback:bool a_to_z:bool chargeback:bool",
    },
    {
        .size = sizeof(struct souk_query), .id = "defect_counts", .title = "defects",
        .sql = "SELECT count(*), CAST(coalesce(sum(feedback), 0) AS BIGINT), CAST(coalesce(sum(a_to_z), 0) AS BIGINT),"
               " CAST(coalesce(sum(chargeback), 0) AS BIGINT), min(order_day) FROM (" DEFECTS ") AS defects",
        .params = DEFECT_PARAMS, .columns = "orders:count feedback:count a_to_z:count chargebacks:count oldest:day",
    },
    {
        .size = sizeof(struct souk_query), .id = "ship_days", .title = "ship_days", .about = "ship_days_about", .max_rows = 100000,
        .sql = "SELECT purchase_day, ship_day, state, orders FROM v1_ship_days"
               " WHERE market = :market AND purchase_day >= :from AND purchase_day <= :to"
               " ORDER BY purchase_day, ship_day NULLS LAST, state",
        .params = "market:market from:day to:day", .columns = "purchase_day:day ship_day:day state:text orders:count+total",
    },
    {
        .size = sizeof(struct souk_query), .id = "late_orders", .title = "late_orders", .about = "late_orders_about",
        .max_rows = 100000,
        .sql = "SELECT 'order:' || order_id, purchased, shipped, status, service_level, ship_country FROM v1_orders"
               " WHERE market = :market AND purchase_day = :day AND fulfilment = 'seller' AND shipped >= :late_at"
               " ORDER BY shipped, order_id",
        .params = "market:market day:day late_at:instant",
        .columns = "order_id:ref purchased:instant shipped:instant status:text service_level:text ship_country:country",
    },
    {
        .size = sizeof(struct souk_query), .id = "cancelled", .title = "cancelled", .about = "cancelled_about", .max_rows = 100000,
        .sql = "SELECT 'order:' || order_id, purchased, updated, status FROM v1_orders"
               " WHERE market = :market AND purchase_day >= :from AND purchase_day <= :to AND fulfilment = 'seller'"
               " AND state = 'cancelled' ORDER BY purchased, order_id",
        .params = "market:market from:day to:day", .columns = "order_id:ref purchased:instant updated:instant status:text",
    },
    {
        .size = sizeof(struct souk_query), .id = "tables", .title = "table", .about = "tables_about",
        .sql = "SELECT day, window_days, positive, neutral, negative, source, stars_hundredths FROM v1_feedback_counts"
               " WHERE market = :market ORDER BY day DESC, window_days",
        .params = "market:market",
        .columns = "day:day window_days:count positive:count neutral:count negative:count source:text stars_hundredths:count",
    },
    {
        .size = sizeof(struct souk_query), .id = "any_comment", .title = "comments",
        .sql = "SELECT day FROM v1_feedback WHERE market = :market ORDER BY day DESC LIMIT 1",
        .params = "market:market", .columns = "day:day",
    },
    {
        .size = sizeof(struct souk_query), .id = "comment_counts", .title = "known",
        .sql = "SELECT CAST(coalesce(sum(CASE WHEN removed IS NULL AND stars >= :positive THEN 1 ELSE 0 END), 0) AS BIGINT),"
               " CAST(coalesce(sum(CASE WHEN removed IS NULL AND stars > :negative AND stars < :positive THEN 1 ELSE 0 END), 0)"
               " AS BIGINT),"
               " CAST(coalesce(sum(CASE WHEN removed IS NULL AND stars <= :negative THEN 1 ELSE 0 END), 0) AS BIGINT),"
               " count(removed)"
               " FROM v1_feedback WHERE market = :market AND day >= :from",
        .params = "market:market from:day negative:count positive:count",
        .columns = "positive:count neutral:count negative:count removed_count:count",
    },
    {
        .size = sizeof(struct souk_query), .id = "comment_list", .title = "comments", .about = "known_about", .max_rows = 100000,
        .sql = "SELECT 'order:' || order_id, day, stars, CASE WHEN stars <= :negative THEN 'negative'"
               " WHEN stars >= :positive THEN 'positive' ELSE 'neutral' END, comment, response, removal, removed, order_day"
               " FROM v1_feedback WHERE market = :market AND day >= :from ORDER BY day DESC, order_id",
        .params = "market:market from:day negative:count positive:count",
        .columns = "order_id:ref day:day stars:count class:text comment:text response:text removal:instant removed:instant order_day:day",
    },
    {
        .size = sizeof(struct souk_query), .id = "comments", .title = "comments",
        .sql = COMMENT_SELECT " FROM v1_feedback"
               " WHERE market = :market AND day <= :until AND (day < :until OR order_id > :after)"
               " AND stars >= :least AND stars <= :most"
               " AND (:state = 'all'"
               "  OR (:state = 'open' AND response = '' AND removal IS NULL AND removed IS NULL)"
               "  OR (:state = 'answered' AND response <> '' AND removed IS NULL)"
               "  OR (:state = 'asked' AND removal IS NOT NULL AND removed IS NULL)"
               "  OR (:state = 'removed' AND removed IS NOT NULL))"
               " ORDER BY day DESC, order_id LIMIT :limit",
        .params = "market:market until:day after:text least:count most:count state:text limit:count", .columns = COMMENT_COLUMNS,
    },
    {
        .size = sizeof(struct souk_query), .id = "comment_of", .title = "comments",
        .sql = COMMENT_SELECT ", market FROM v1_feedback WHERE order_id = :order",
        .params = "order:text", .columns = COMMENT_COLUMNS " market:market",
    },
};

/* ---- what it is ------------------------------------------------------------------------------------ */

static const struct souk_choice star_choices[] = {
    { "all", "choose_all" }, { "negative", "column.negative" }, { "neutral", "column.neutral" }, { "positive", "column.positive" },
};
static const struct souk_choice state_choices[] = {
    { "all", "choose_all" }, { "open", "state_open" }, { "answered", "state_answered" }, { "asked", "state_asked" },
    { "removed", "state_removed" },
};
static const struct souk_field options[] = {
    { .size = sizeof(struct souk_field), .type = SOUK_FIELD_ONE_OF, .name = "stars", .title = "stars",
      .fallback = SOUK_WORD(SOUK_TEXT, "all"), .choices = SOUK_LIST(star_choices) },
    { .size = sizeof(struct souk_field), .type = SOUK_FIELD_ONE_OF, .name = "state", .title = "column.state",
      .fallback = SOUK_WORD(SOUK_TEXT, "all"), .choices = SOUK_LIST(state_choices) },
    { .size = sizeof(struct souk_field), .type = SOUK_FIELD_LINE, .name = "place", .title = "option_place",
      .fallback = SOUK_WORD(SOUK_TEXT, ""), .flags = SOUK_FIELD_QUIET },
};
static const struct souk_widget rating = {
    .size = sizeof rating, .area = 8, .id = "rating", .title = "title_rating", .width = 1, .render = rating_render,
};
static const struct souk_widget health = {
    .size = sizeof health, .area = 8, .id = "health", .title = "title_health", .width = 1, .render = health_render,
    .shows = "metric", .counts = health_counts,
};
static const struct souk_widget feedback = {
    .size = sizeof feedback, .area = 8, .id = "feedback", .title = "title_feedback", .width = 1, .render = feedback_render,
    .options = SOUK_LIST(options), .shows = "feedback",
};
static const struct souk_offer offers[] = { { SOUK_WIDGET, &rating }, { SOUK_WIDGET, &health }, { SOUK_WIDGET, &feedback } };

SOUK_PLUGIN = {
    .size = sizeof(struct souk_plugin), .built = SOUK_SDK_NOW, .needs = SOUK_SDK(0, 2),
    .id = "org.souk.health", .version = "0.2.0", .title = "title",
    .wants = "souk.view/1 souk.query/1",
    .reads = "v1_health v1_health_metrics v1_feedback v1_feedback_counts v1_claims v1_orders v1_sales_daily v1_ship_days",
    .commands = "feedback.respond feedback.removal feedback.removed feedback.counts health.rating health.metric",
    .offers = SOUK_LIST(offers), .queries = SOUK_LIST(queries),
};
