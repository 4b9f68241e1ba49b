/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_import_reports.c: feedback, account health, returns, promotions and coupons, sales and traffic,
 * notifications: whole files through the real plugins, to the figure.
 *
 * With SOUK_REPORTS set, the marketplace's own examples are imported too; notification messages are
 * looked for in ../spapi/notifications beside it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "imports.h"

#define VARIANTS "tests/import/variants/"               /* the same records, written in another way */

static int load_plugins(void **state)
{
    static const char *const names[] = {
        "amazon-feedback", "amazon-health", "amazon-returns", "amazon-promotions", "amazon-traffic",
        "amazon-notifications",
    };
    (void)state;
    return plugins_open(names, COUNT_OF(names), "formats");
}

/* ---- real files ------------------------------------------------------------------------------ */

#define FEEDBACK \
    "SELECT group_concat(m.id || ' ' || order_id || ' ' || date(day * 86400, 'unixepoch') || ' ' || stars || ' '" \
    " || comment || '/' || response, '; ') FROM feedback f JOIN market m ON m.no = f.market_no"
#define METRIC(name, fulfilment) \
    "SELECT num, den, claims, chargebacks, negative, rate_ppm, target_ppm, condition, status, " INSTANT("from_s") ", " \
    INSTANT("to_s") " FROM health_metric WHERE metric = '" name "' AND fulfilment = '" fulfilment "'"
#define PROMOTIONS \
    "SELECT promotion_id, kind, name, status, m.id, " INSTANT("start_s") ", " INSTANT("end_s") ", discount, views, units," \
    " currency, revenue_minor, spent_minor, budget_minor, left_minor, clips, redemptions" \
    " FROM promotion p LEFT JOIN market m ON m.no = p.market_no ORDER BY promotion_id"
#define PROMOTION_ASINS \
    "SELECT group_concat(asin || ' ' || name || ' ' || coalesce(views || ' ' || units || ' ' || revenue_minor || ' '" \
    " || spent_minor, '-'), '; ') FROM (SELECT * FROM promotion_asin ORDER BY promotion_no, asin)"
#define TRAFFIC \
    "SELECT group_concat(date(day * 86400, 'unixepoch') || ' ' || days || ' ' || sales_minor || currency || ' ' || units" \
    " || ' ' || items || ' ' || refunded || ' ' || claims || ' ' || claims_minor || ' ' || views || ' ' || sessions || ' '" \
    " || buy_box_ppm || ' ' || feedback || ' ' || negative, '; ') FROM (SELECT * FROM traffic ORDER BY day)"
#define TRAFFIC_ASINS \
    "SELECT group_concat(asin || ' ' || sku || ' ' || date(from_day * 86400, 'unixepoch') || ' '" \
    " || date(to_day * 86400, 'unixepoch') || ' ' || sales_minor || ' ' || units || ' ' || items || ' ' || views || ' '" \
    " || sessions || ' ' || buy_box_ppm, '; ') FROM (SELECT * FROM traffic_asin ORDER BY asin)"
#define RETURNS \
    "SELECT order_id, sku, date(order_day * 86400, 'unixepoch'), date(request_day * 86400, 'unixepoch'), status, reason," \
    " resolution, quantity, a_to_z, in_policy, safe_t, currency, refund_minor, label_minor FROM return_line ORDER BY order_id"

static const struct real_file real_files[] = {
    { "GET_SELLER_FEEDBACK_DATA.us.txt", "US", "amazon.feedback", "UTF-8", 2, 0, 0, {
        { FEEDBACK, "ATVPDKIKX0DER 111-0000031-0000031 2023-10-20 1 Sample comment: arrived late./; "
          "ATVPDKIKX0DER 111-0000032-0000032 2023-10-20 3 Sample comment with a \"stray quote/Sorry about that." } } },
    { "GET_SELLER_FEEDBACK_DATA.de-cp1252.txt", "DE", "amazon.feedback", "windows-1252", 1, 0, 0, {
        { FEEDBACK, "A1PA6795UKMFR9 303-0000033-0000033 2023-10-20 2 Beispiel: Lieferung verzögert, Preis 5 €/" } } },
    { "GET_SELLER_FEEDBACK_DATA.es-cp1252.txt", "ES", "amazon.feedback", "windows-1252", 1, 0, 0, {
        { FEEDBACK, "A1RKKUPIHCS9HS 403-0000034-0000034 2023-10-20 3 Ejemplo: llegó en otra caja/" } } },
    { "GET_SELLER_FEEDBACK_DATA.mx-utf8.txt", "MX", "amazon.feedback", "UTF-8", 1, 0, 0, {
        { FEEDBACK, "A1AM78C64UM0Y8 702-0000035-0000035 2023-10-20 1 Ejemplo: no llegó/" } } },
    { "GET_V2_SELLER_PERFORMANCE_REPORT.json", NULL, "amazon.health", "UTF-8", 21, 1, 0, {
        { "SELECT group_concat(m.id || ' ' || h.status || ' ' || coalesce(h.rating_status, '-'), '; '), min(" INSTANT("at_s")
          "), max(" INSTANT("at_s") ") FROM health h JOIN market m ON m.no = h.market_no",
          "ATVPDKIKX0DER AT_RISK WARNED; A2EUQ1WTGCTBG2 NORMAL -; A1AM78C64UM0Y8 SUSPENDED -|"
          "2020-11-19T23:59:00Z|2020-11-19T23:59:00Z" },
        { "SELECT count(*), count(DISTINCT metric), group_concat(DISTINCT status) FROM health_metric", "17|16|GOOD,BAD" },
        { METRIC("defect", "seller"), "1078|539000|442|15|628|9000|10000|LESS_THAN|GOOD|2020-09-06T00:00:00Z|2020-11-04T23:59:00Z" },
        { METRIC("late", ""), "27896|870669|NULL|NULL|NULL|32040|40000|LESS_THAN|GOOD|2020-10-21T00:00:00Z|2020-11-19T23:59:00Z" },
        { METRIC("cancel", ""), "551|17197|NULL|NULL|NULL|5000|10000|LESS_THAN|GOOD|2020-11-12T00:00:00Z|2020-11-18T23:59:00Z" },
        { METRIC("invoice", ""), "315|9001|NULL|NULL|NULL|34996|50000|LESS_THAN|GOOD|2020-10-21T00:00:00Z|2020-10-27T23:59:00Z" },
        { METRIC("product_condition_customer_complaints", ""),
          "337|NULL|NULL|NULL|NULL|NULL|0|EQUALS|BAD|2020-05-22T00:00:00Z|2020-11-17T23:59:00Z" } } },
    { "GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE.us.txt", NULL, "amazon.returns", "UTF-8", 1, 0, 0, {
        { RETURNS, "113-0000021-0000021|PANEC-925SS-IT|2025-07-10|2025-07-14|Approved|AMZ-PG-WJ-TOO-SMALL|StandardRefund|2|0|1|NULL|"
          "USD|NULL|414" } } },
    { "GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE.short-row.txt", NULL, "amazon.returns", "UTF-8", 1, 0, 0, {
        { RETURNS, "113-0000021-0000021|PANEC-925SS-IT|2025-07-10|2025-07-14|Approved|AMZ-PG-WJ-TOO-SMALL|StandardRefund|2|0|1|NULL|"
          "USD|NULL|414" } } },
    { "GET_PROMOTION_PERFORMANCE_REPORT.json", NULL, "amazon.promotions", "UTF-8", 2, 0, 0, {
        { PROMOTIONS, "16913551269|BEST_DEAL|Save on BrandX Product Name|APPROVED|ATVPDKIKX0DER|2020-11-23T12:34:56Z|2020-11-23T12:34:56Z||"
          "41084|121|USD|3291701|933820|NULL|NULL|NULL|NULL" },
        { PROMOTION_ASINS, "B08755Z2ND BrandX Product, Travel Size, 3 Pack 380 20 1637185 442522" } } },
    { "GET_COUPON_PERFORMANCE_REPORT.json", NULL, "amazon.coupons", "UTF-8", 3, 0, 0, {
        { PROMOTIONS, "A2NW32V27GZS2T|coupon|Product $40 Off||ATVPDKIKX0DER|2021-11-26T05:59:59Z|2021-11-29T23:59:59Z|10 %|NULL|NULL|USD|"
          "6210|4229|1000000|995771|13|1" },
        { PROMOTION_ASINS, "B07Z7XTQKZ  -; B08XJWMYR5  -" } } },
    { "GET_SALES_AND_TRAFFIC_REPORT.json", NULL, "amazon.traffic", "UTF-8", 7, 0, 0, {
        { "SELECT count(*), sum(units), sum(sales_minor), sum(views), sum(sessions), min(days), max(days) FROM traffic",
          "4|97|108314|6358|4453|1|1" },
        { "SELECT group_concat(sku || ' ' || asin || ' ' || views || ' ' || buy_box_ppm, '; ') FROM (SELECT * FROM traffic_asin ORDER BY asin)",
          "AB-1C2D-EFGH B123456789 43 952400; CD-2E3F-GHIJ B234567890 33 0; EF-3G4H-IJKL B345678901 63 1000000" } } },
    { "GET_SALES_AND_TRAFFIC_REPORT.2.json", NULL, "amazon.traffic", "UTF-8", 5, 0, 0, {
        { TRAFFIC, "2021-06-06 7 45614USD 41 38 1 0 0 3700 2229 107300 10 1; 2021-06-13 7 62700USD 56 53 0 0 0 3994 2349 125800 0 0" },
        { TRAFFIC_ASINS, "B123456789  2021-06-11 2021-06-14 1679 1 1 43 18 952400; B234567890  2021-06-11 2021-06-14 2625 3 2 63 28 0; "
          "B345678901  2021-06-11 2021-06-14 4500 3 3 63 48 1000000" } } },
    { "GET_SALES_AND_TRAFFIC_REPORT.3.json", NULL, "amazon.traffic", "UTF-8", 4, 0, 0, {
        { TRAFFIC, "2021-06-01 0 687479USD 590 561 1 0 0 6061 4100 117200 10 1" },
        { "SELECT count(*), sum(units), group_concat(DISTINCT sku) FROM traffic_asin", "3|7|" } } },
};

static void test_real_files(void **state)
{
    import_real_files(state, "", real_files, COUNT_OF(real_files));
}

#define NOTICES \
    "SELECT group_concat(class || ' ' || kind || ' ' || severity || ' | ' || subject || ' | ' || before || ' > ' || after" \
    " || coalesce(' ' || ref, '') || coalesce(' ' || minor || currency, ''), char(10)) FROM (SELECT * FROM notice WHERE source <> 'souk' ORDER BY no)"

/* The marketplace's own example of each message: one row, a notice or understood. */
static const struct real_file messages[] = {
    { "AccountStatusChangedNotification.json", NULL, "amazon.notifications", "UTF-8", 1, 0, 0, {
        { NOTICES, "account ACCOUNT_STATUS_CHANGED bad | ACCOUNT_STATUS_CHANGED | NORMAL > AT_RISK" },
        { "SELECT notice_id, " INSTANT("at_s") " FROM notice",
          "ACCOUNT_STATUS_CHANGED:d0e9e693-c3ad-4373-979f-ed4ec98dd746|2020-12-11T19:42:04Z" } } },
    { "AnyOfferChangedNotification.json", NULL, "amazon.notifications", "UTF-8", 1, 1, 0, {
        { "SELECT m.id, asin, landed_minor, currency, is_buy_box FROM rival r JOIN market m ON m.no = r.market_no",
          "ATVPDKIKX0DER|123|13300|USD|0" }, { "SELECT count(*) FROM notice", "0" } } },
    { "BrandedItemContentChangeNotification.json", NULL, "amazon.notifications", "UTF-8", 1, 0, 0, {
        { "SELECT class, severity, subject, after LIKE 'bullet_point, item_name, %' FROM notice", "listing|info|B1234567|1" } } },
    { "DataKioskQueryProcessingFinishedNotification.json", NULL, "amazon.notifications", "UTF-8", 0, 1, 0, { { NOTICES, "NULL" } } },
    { "DetailPageTrafficEventNotification.json", NULL, "amazon.notifications", "UTF-8", 0, 1, 0, { { NOTICES, "NULL" } } },
    { "FBAOutboundShipmentStatusNotification.json", NULL, "amazon.notifications", "UTF-8", 0, 1, 0, { { NOTICES, "NULL" } } },
    { "FeePromotionNotification.json", NULL, "amazon.notifications", "UTF-8", 1, 0, 0, {
        { NOTICES, "fee FEE_PROMOTION info | Fee promotion type description |  > TYPE" },
        { "SELECT " INSTANT("deadline_s") " FROM notice", "2020-07-13T19:42:04Z" } } },
    { "FeedProcessingFinishedNotification.json", NULL, "amazon.notifications", "UTF-8", 0, 2, 0, { { NOTICES, "NULL" } } },
    { "FulfillmentOrderStatusNotification.json", NULL, "amazon.notifications", "UTF-8", 0, 1, 0, { { NOTICES, "NULL" } } },
    { "ItemInventoryEventChangeNotification.json", NULL, "amazon.notifications", "UTF-8", 0, 1, 0, { { NOTICES, "NULL" } } },
    { "ItemProductTypeChangeNotification.json", NULL, "amazon.notifications", "UTF-8", 1, 0, 0, {
        { NOTICES, "listing ITEM_PRODUCT_TYPE_CHANGE info | B1234567 | PET_HEALTH_CARE > PET_APPAREL" } } },
    { "ItemSalesEventChangeNotification.json", NULL, "amazon.notifications", "UTF-8", 0, 1, 0, { { NOTICES, "NULL" } } },
    { "ListingsItemIssuesChangeNotification.json", NULL, "amazon.notifications", "UTF-8", 1, 0, 0, {
        { NOTICES, "listing LISTINGS_ITEM_ISSUES_CHANGE bad | NLS-SHOES-03 |  > ERROR, WARNING; SEARCH_SUPPRESSED sku:NLS-SHOES-03" } } },
    { "ListingsItemIssuesChangeNotification_2023-12-13.json", NULL, "amazon.notifications", "UTF-8", 1, 0, 0, {
        { NOTICES, "listing LISTINGS_ITEM_ISSUES_CHANGE bad | NLS-SHOES-03 |  > ERROR, WARNING; SEARCH_SUPPRESSED, LISTING_SUPPRESSED,"
          " ATTRIBUTE_SUPPRESSED, CATALOG_ITEM_REMOVED sku:NLS-SHOES-03" } } },
    { "ListingsItemMfnQuantityChange.json", NULL, "amazon.notifications", "UTF-8", 0, 1, 0, { { NOTICES, "NULL" } } },
    { "ListingsItemStatusChangeNotification.json", NULL, "amazon.notifications", "UTF-8", 1, 0, 0, {
        { NOTICES, "listing LISTINGS_ITEM_STATUS_CHANGE info | NLS-SHOES-03 |  > BUYABLE, DISCOVERABLE sku:NLS-SHOES-03" } } },
    { "OrderChangeNotification.json", NULL, "amazon.notifications", "UTF-8", 1, 0, 0, {
        { NOTICES, "order ORDER_CHANGE watch | 903-8868176-2219830 |  > Buyer Requested Cancel order:903-8868176-2219830" } } },
    { "PricingHealthNotification.json", NULL, "amazon.notifications", "UTF-8", 1, 0, 0, {
        { NOTICES, "pricing PRICING_HEALTH watch | B007IBIWZY |  > BuyBoxDisqualification" } } },
    { "ProductTypeDefinitionsChangeNotification.json", NULL, "amazon.notifications", "UTF-8", 0, 1, 0, { { NOTICES, "NULL" } } },
    { "ReportProcessingFinishedNotification.json", NULL, "amazon.notifications", "UTF-8", 1, 1, 0, {
        { NOTICES, "import REPORT_PROCESSING_FINISHED info | GET_FLAT_FILE_ACTIONABLE_ORDER_DATA |  > CANCELLED" } } },
    { "ShipmentTrackingMilestoneChangedNotification.json", NULL, "amazon.notifications", "UTF-8", 0, 1, 0, { { NOTICES, "NULL" } } },
    { "TransactionUpdateNotification.json", NULL, "amazon.notifications", "UTF-8", 0, 1, 0, { { NOTICES, "NULL" } } },
};

static void test_real_messages(void **state)
{
    import_real_files(state, "../spapi/notifications/", messages, COUNT_OF(messages));
}

/* ---- feedback -------------------------------------------------------------------------------- */

static void test_feedback(void **state)
{
    struct shop *s = *state;
    import_well(s, FILES "feedback-de.txt", "DE", 2, 0, 3);
    assert_string_equal(s->result.charset, "windows-1252");
    expect(s, FEEDBACK, "A1PA6795UKMFR9 900-0000001-0000001 2026-03-05 2 Kam später als gedacht, 5 € Zoll/; "
                        "A1PA6795UKMFR9 900-0000001-0000002 2025-11-12 3 /Danke für den Hinweis");
    expect(s, REJECTS, "4 Datum  cell.date, 5 Bewertung  reject.range, 6 Transaktionsnummer  cell.needed");
    import_well(s, VARIANTS "feedback-se.txt", "SE", 1, 0, 0);
    expect(s, "SELECT date(day * 86400, 'unixepoch') FROM feedback WHERE stars = 1", "2026-03-05");
    /* Whoever gave it is stored nowhere. */
    expect(s, "SELECT count(*) FROM feedback WHERE comment || response LIKE '%example.com%'", "0");
}

/* ---- account health -------------------------------------------------------------------------- */

static void test_health(void **state)
{
    struct shop *s = *state;
    import_well(s, FILES "health.json", NULL, 11, 1, 3);
    expect(s, "SELECT group_concat(m.id || ' ' || h.status || ' ' || coalesce(h.rating_status, '-') || ' ' || " INSTANT("at_s")
              ", '; ') FROM health h JOIN market m ON m.no = h.market_no",
           "A1PA6795UKMFR9 NORMAL GREAT 2026-10-31T23:59:00Z; A1VC38T7YXB528 AT_RISK - 2026-10-31T23:59:00Z");
    expect(s, METRIC("cancel", ""), "4|120|NULL|NULL|NULL|33333|25000|LESS_THAN|BAD|2026-10-24T00:00:00Z|2026-10-31T23:59:00Z");
    expect(s, METRIC("defect", "seller"), "5|900|2|1|3|5556|10000|LESS_THAN|GOOD|2026-08-30T00:00:00Z|2026-10-28T23:59:00Z");
    expect(s, METRIC("defect", "marketplace"), "0|0|0|0|0|0|10000|LESS_THAN|GOOD|2026-08-30T00:00:00Z|2026-10-28T23:59:00Z");
    expect(s, METRIC("document_requests", ""), "0|NULL|NULL|NULL|NULL|NULL|0|EQUALS|GOOD|2026-05-01T00:00:00Z|2026-10-29T23:59:00Z");
    expect(s, METRIC("something_new_rate", ""), "3|10|NULL|NULL|NULL|300000|500000|LESS_THAN|FAIR|2026-10-01T00:00:00Z|2026-10-30T23:59:00Z");
    expect(s, METRIC("spamming_seller_messaging", ""), "NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL|BAD|NULL|NULL");
    expect(s, REJECTS, "3 marketplaceId amazon-health no_market, 11 lateShipmentCount  cell.count, 15 warningType amazon-health no_warning");
}

/* ---- returns --------------------------------------------------------------------------------- */

static void test_returns(void **state)
{
    struct shop *s = *state;
    import_well(s, FILES "returns.txt", NULL, 3, 0, 2);
    expect(s, RETURNS, "900-0000003-0000001|MUG-B|2026-07-10|2026-07-14|Approved|AMZ-PG-WJ-TOO-SMALL|StandardRefund|2|0|1|NULL|USD|2138|414");
    expect(s, "SELECT a_to_z, in_policy, resolution, label_minor FROM return_line WHERE sku = 'BOWL'", "1|0||NULL");
    expect(s, "SELECT date(order_day * 86400, 'unixepoch'), label_minor, safe_t, refund_minor FROM return_line WHERE order_id = '900-0000003-0000003'",
           "2026-05-10|120450|Granted|1200");
    expect(s, REJECTS, "5 A-to-Z Claim  cell.bool, 6 Return request date  cell.date");
    expect(s, "SELECT kind, order_id, source FROM claim", "a_to_z|900-0000003-0000002|returns");
}

/* ---- promotions ------------------------------------------------------------------------------ */

static void test_promotions(void **state)
{
    struct shop *s = *state;
    import_well(s, FILES "promotions.json", NULL, 3, 0, 3);
    expect(s, PROMOTIONS, "9001|BEST_DEAL|Herbst|APPROVED|A1PA6795UKMFR9|2026-10-01T00:00:00Z|2026-10-08T00:00:00Z||400|12|EUR|120001|3050|"
                          "NULL|NULL|NULL|NULL");
    expect(s, PROMOTION_ASINS, "B000000001 Tasse 300 10 100000 2050; B000000002 Schale -");
    expect(s, REJECTS, "4 asin  reject.needed, 5 revenue  cell.digits, 6 promotionId  cell.needed");
    import_well(s, FILES "coupons.json", NULL, 2, 0, 1);
    expect(s, "SELECT name, discount, clips, redemptions, budget_minor, spent_minor, left_minor, revenue_minor, currency, " INSTANT("start_s")
              " FROM promotion WHERE promotion_id = 'CPN1'",
           "秋の割引|500 JPY|40|7|100000|3500|96500|21000|JPY|2026-09-30T15:00:00Z");
    expect(s, REJECTS, "3 budget  cell.digits");
}

/* ---- sales and traffic ----------------------------------------------------------------------- */

static void test_traffic(void **state)
{
    struct shop *s = *state;
    import_well(s, FILES "traffic.json", NULL, 3, 0, 2);
    expect(s, "SELECT date(day * 86400, 'unixepoch'), days, sales_minor, currency, units, items, refunded, claims, claims_minor, views,"
              " sessions, buy_box_ppm, feedback, negative FROM traffic",
           "2026-10-05|7|45614|EUR|41|38|1|2|1990|3333|2229|107300|10|1");
    expect(s, TRAFFIC_ASINS, "B000000002  2026-10-05 2026-10-18 0 0 0 1 1 0; B000000011 MUG-B 2026-10-05 2026-10-18 3003 3 2 15 10 999950");
    expect(s, REJECTS, "4 salesByDate.unitsOrdered  cell.count, 5 date  reject.needed");
}

/* ---- notifications --------------------------------------------------------------------------- */

static void test_notifications(void **state)
{
    static const char said[] =
        "account ACCOUNT_STATUS_CHANGED bad | ACCOUNT_STATUS_CHANGED | NORMAL > AT_RISK\n"
        "listing LISTINGS_ITEM_ISSUES_CHANGE watch | MUG-B |  > WARNING sku:MUG-B\n"
        "listing LISTINGS_ITEM_ISSUES_CHANGE bad | MUG-B |  > ERROR, WARNING; SEARCH_SUPPRESSED, LISTING_SUPPRESSED sku:MUG-B\n"
        "listing LISTINGS_ITEM_STATUS_CHANGE watch | MUG-B |  > DISCOVERABLE sku:MUG-B\n"
        "listing LISTINGS_ITEM_STATUS_CHANGE info | MUG-B |  > BUYABLE, DISCOVERABLE sku:MUG-B\n"
        "pricing PRICING_HEALTH watch | B000000001 |  > BuyBoxDisqualification\n"
        "other SOMETHING_NEW info | SOMETHING_NEW |  > \n"
        "import REPORT_PROCESSING_FINISHED watch | GET_X |  > FATAL\n"
        "order ORDER_CHANGE watch | 900-0000004-0000001 |  > Buyer Requested Cancel order:900-0000004-0000001\n"
        "listing LISTINGS_ITEM_MFN_QUANTITY_CHANGE watch | BOWL |  >  sku:BOWL\n"
        "pricing ANY_OFFER_CHANGED watch | B000000001 |  >  1100EUR\n"
        "fee FEE_PROMOTION info | Lower referral fee |  > REFERRAL";
    struct shop *s = *state;
    /* 20 messages and 6 offers: 13 bring something, 11 are understood, 2 are broken */
    import_well(s, FILES "notifications.json", NULL, 13, 11, 2);
    expect(s, NOTICES, said);
    expect(s, REJECTS, "25 notificationType  cell.needed, 26 eventTime  cell.date");
    expect(s, "SELECT group_concat(asin || ' ' || landed_minor || currency || ' ' || is_buy_box, ', ') FROM (SELECT * FROM rival ORDER BY asin)",
           "B000000001 1100EUR 1, B000000002 1300EUR 0");
    import_well(s, FILES "notifications.json", NULL, 0, 24, 2);
}

/* The same messages, however they came. */
static void test_envelopes(void **state)
{
    static const struct { const char *file, *format; int accepted, unchanged, rejected; } files[] = {
        { VARIANTS "notifications-lines.json", "amazon.notifications", 3, 3, 0 },
        { VARIANTS "notifications-queue.json", "amazon.notifications-queue", 0, 6, 1 },
    };
    struct shop *s = *state;
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        import_well(s, files[i].file, NULL, files[i].accepted, files[i].unchanged, files[i].rejected);
        assert_string_equal(s->result.format, files[i].format);
        expect(s, "SELECT group_concat(kind) FROM (SELECT * FROM notice WHERE source <> 'souk' ORDER BY no)", "ACCOUNT_STATUS_CHANGED,ANY_OFFER_CHANGED,SOMETHING_NEW");
        expect(s, "SELECT asin, landed_minor FROM rival", "B000000001|1100");
    }
    expect(s, REJECTS, "7   record.no_object");
}

static void test_event(void **state)
{
    struct shop *s = *state;
    import_well(s, VARIANTS "notifications-event.json", NULL, 1, 3, 0);
    assert_string_equal(s->result.format, "amazon.notifications-events");
    expect(s, NOTICES, "pricing ANY_OFFER_CHANGED watch | B000000001 |  >  1100EUR");
}

/* ---- mutations ------------------------------------------------------------------------------- */

static void test_mutated_files(void **state)
{
    static const char *const files[] = {
        "feedback-de.txt", "health.json", "returns.txt", "promotions.json", "coupons.json", "traffic.json", "notifications.json",
        "../variants/notifications-queue.json",
    };
    static const char bytes[] = "\t\n\",;:{}[]\\\0\xFF\x80\xC3 0-9.Ae";
    struct shop *s = *state;
    uint32_t seed = 20261127;
    for (int round = 0; round < 400; round++) {
        static char text[1 << 15];
        FILE *f = fopen(arena_printf(s->arena, FILES "%s", files[round % (int)COUNT_OF(files)]), "rb");
        size_t n = fread(text, 1, sizeof text, f);
        fclose(f);
        for (int i = 0; i <= round % 8; i++) {
            seed = seed * 1664525 + 1013904223;
            text[(seed >> 8) % n] = bytes[(seed >> 4) % (sizeof bytes - 1)];
        }
        int rc = import_to(s, write_text(s, "mutated.txt", text, n), "DE");
        if (rc < 0 && rc != -ERR_INPUT)
            fail_msg("round %d: %s", round, s->err.text);
        if (rc >= 0)
            assert_int_equal(s->result.accepted + s->result.unchanged + s->result.rejected, s->result.rows);
    }
    assert_int_equal(db_check(s->db, &s->err), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_real_files),
        cmocka_unit_test(test_real_messages),
        TEST(test_feedback),
        TEST(test_health),
        TEST(test_returns),
        TEST(test_promotions),
        TEST(test_traffic),
        TEST(test_notifications),
        TEST(test_envelopes),
        TEST(test_event),
        TEST(test_mutated_files),
    };
    return cmocka_run_group_tests(tests, load_plugins, unload_plugins);
}
