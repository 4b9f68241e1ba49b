/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_import.c: whole files through the real plugins into a real database.
 *
 * Own files with invented rows lie in tests/import/files.  With SOUK_REPORTS set, real files in these
 * formats are imported too, and what must come out of each stands in a table here.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

#include "imports.h"

/* How many records of all kinds there are, with what an import leaves besides. */
#define ALL_RECORDS \
    "SELECT (SELECT count(*) FROM import) + (SELECT count(*) FROM reject) + (SELECT count(*) FROM event)" \
    " + (SELECT count(*) FROM orders) + (SELECT count(*) FROM sku) + (SELECT count(*) FROM sales_day)" \
    " + (SELECT count(*) FROM stock) + (SELECT count(*) FROM market)"

/* ---- real files ------------------------------------------------------------------------------ */

#define CYCLE \
    "SELECT settlement_id, currency, total_minor, sum_minor, total_minor - sum_minor, lines FROM cycle"
#define ORDER_SUMS \
    "SELECT count(*), sum(quantity), sum(price_minor), count(price_minor), sum(tax_minor) FROM order_line"

static const struct real_file real_files[] = {
    { "GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2.de.txt",
      NULL, "amazon.settlement-v2", "UTF-8", 6, 0, 0, {
        { CYCLE, "7293436482|EUR|5344|5344|0|5" },
        { "SELECT " INSTANT("start_s") ", " INSTANT("end_s") ", " INSTANT("deposit_s") " FROM cycle",
          "2018-05-03T09:10:07Z|2018-05-04T20:30:23Z|2018-05-06T20:30:23Z" },
        { "SELECT group_concat(minor) FROM (SELECT minor FROM ledger ORDER BY no)",
          "17999,-3240,-10999,1980,-396" },
        { "SELECT type, kind, detail, order_id, sku, quantity, " INSTANT("posted_s") ", m.id"
          " FROM ledger l JOIN market m ON m.no = l.market_no ORDER BY l.no",
          "Order|ItemPrice|Principal|303-0000001-0000001|3700546702556-180412-chp-18c10347-1|1|"
          "2018-05-03T17:12:22Z|A1PA6795UKMFR9" } } },
    { "GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2.us-excerpt.txt",
      NULL, "amazon.settlement-v2", "UTF-8", 2, 0, 0, {
        { CYCLE, "25889786381|USD|371136|1950|369186|1" },
        { "SELECT " INSTANT("posted_s") " FROM ledger", "2026-03-14T08:49:04Z" } } },
    { "GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE.us-2015-excerpt.txt",
      NULL, "amazon.settlement-v1", "UTF-8", 3, 1, 0, {
        { CYCLE, "6016502941|USD|1663013|2699|1660314|2" },
        { "SELECT type, kind, detail, minor FROM ledger ORDER BY no",
          "Order|ItemPrice|Principal|2799" },
        { "SELECT type, kind, detail, minor FROM ledger ORDER BY no DESC",
          "Order|ItemFees|FBAPerOrderFulfillmentFee|-100" } } },
    { "GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE.us-negative-excerpt.txt",
      NULL, "amazon.settlement-v1", "UTF-8", 3, 0, 0, {
        { CYCLE, "19009771651|USD|-3999|-7998|3999|2" },
        { "SELECT type, kind, detail, minor FROM ledger ORDER BY no",
          "Payable to Amazon|other-transaction|Payable to Amazon|-3999" } } },
    { "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL.us.txt",
      NULL, "amazon.orders", "UTF-8", 6, 0, 0, {
        { ORDER_SUMS, "6|0|4800|5|9" },
        { "SELECT count(*), count(DISTINCT order_id), sum(fulfilment = 'seller'), sum(is_business)"
          " FROM v1_orders", "6|6|6|0" },
        { "SELECT group_concat(DISTINCT status) FROM v1_orders", "Cancelled" },
        { "SELECT order_id, " INSTANT("purchased") ", " INSTANT("updated") ", ship_region"
          " FROM v1_orders ORDER BY order_id",
          "110-0000015-0000015|2022-07-25T16:07:42Z|2022-07-25T16:13:14Z|NY" },
        { "SELECT count(*) FROM order_line WHERE extra IS NOT NULL", "0" } } },
    { "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL.it-2017.txt",
      NULL, "amazon.orders", "UTF-8", 1, 0, 0, {
        { ORDER_SUMS, "1|1|8995|1|NULL" },
        { "SELECT o.market, o.status, o.state, l.currency, o.fulfilment, l.state"
          " FROM v1_orders o JOIN v1_order_lines l ON l.order_id = o.order_id",
          "APJ6JRA9NG5V4|Shipped|shipped|EUR|marketplace|cancelled" } } },
    { "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE_GENERAL.jp-cp932.txt",
      NULL, "amazon.orders", "windows-31j", 1, 0, 0, {
        { "SELECT title FROM sku", "[&mellow] テスト商品 (JP, アルファベット, M, ブラック)" },
        { "SELECT price_minor, currency, quantity FROM order_line", "1000|JPY|2" },
        { "SELECT " INSTANT("purchase_s") ", ship_region FROM orders", "2026-03-05T01:00:00Z|東京" } } },
    { "GET_MERCHANT_LISTINGS_ALL_DATA.us.txt",
      NULL, "amazon.listings", "UTF-8", 8, 0, 0, {
        { "SELECT count(*), sum(price_minor), count(quantity), sum(quantity) FROM listing",
          "8|6300|6|1005422" },
        { "SELECT sum(status = 'Active'), sum(status = 'Inactive'), sum(fulfilment = 'seller'),"
          " sum(fulfilment = 'marketplace') FROM v1_listings",
          "1|7|6|2" },
        { "SELECT title, asin, " INSTANT("opened_s") ", item_condition, shipping_group FROM listing"
          " WHERE listing_id = '0711ZJUYPNS'",
          "GiftBox|B0B68NBQ1Y|2022-07-11T08:34:18Z|11|Migrated Template" },
        { "SELECT id FROM market", "ATVPDKIKX0DER" } } },
    { "GET_MERCHANT_LISTINGS_DATA.gb.txt",
      NULL, "amazon.listings", "UTF-8", 10, 0, 0, {
        { "SELECT count(*), sum(price_minor), sum(quantity), count(status) FROM listing",
          "10|26546|48|0" },
        { "SELECT DISTINCT market, currency FROM v1_listings", "A1F83G8C2ARO7P|GBP" } } },
    { "GET_MERCHANT_LISTINGS_DATA.zh-header.txt",
      "UK", "amazon.listings", "UTF-8", 2, 0, 0, {
        { "SELECT title, listing_id, asin, price, currency, quantity, fulfilment, item_condition, "
          INSTANT("opened") " FROM v1_listings WHERE sku = '04-AFWM-8QDS'",
          "Waterproof Sunshade Cover (180 * 180, Blue)|0645YNJ5NZ9|B2884WQWZY|2032|GBP|10|seller|11|"
          "2020-04-15T14:15:46Z" },
        { "SELECT extra, shipping_group FROM listing ORDER BY sku_no",
          "{\"数量折扣价格 1\":\"Migrated Template\"}|NULL" },
        { "SELECT extra, shipping_group FROM listing ORDER BY sku_no DESC",
          "NULL|Migrated Template" } } },
    { "GET_MERCHANT_LISTINGS_DATA.malformed-column-shift.txt",
      "US", "amazon.listings", "UTF-8", 0, 0, 3, {
        { REJECTS, "2 open-date  cell.date, 3 open-date  cell.date, 4 open-date  cell.date" },
        { "SELECT args FROM reject", "{\"value\":\"2020-03-05 07:39:41 PSTy\"}" } } },
    { "GET_FLAT_FILE_OPEN_LISTINGS_DATA.txt",
      "US", "amazon.listings-open", "UTF-8", 30, 0, 0, {
        { "SELECT count(*), count(quantity), sum(quantity), sum(price_minor) FROM listing",
          "30|25|3865|896304" } } },
    { "GET_FBA_MYI_UNSUPPRESSED_INVENTORY_DATA.nul-bytes.txt",
      "US", "amazon.stock", "UTF-8", 10, 0, 0, {
        { "SELECT count(*), sum(fulfillable), sum(unsellable), sum(reserved), sum(inbound_working),"
          " sum(total) FROM stock",
          "10|47|2|0|2|49" },
        { "SELECT k.sku, t.fnsku, k.asin, k.title FROM stock t JOIN sku k ON k.no = t.sku_no"
          " WHERE k.sku = 'TEST010'",
          "TEST010|X000JJJ0J0|B000000000|Sample Product 10" } } },
    { "GET_FBA_MYI_UNSUPPRESSED_INVENTORY_DATA.txt.gz",
      "US", "amazon.stock", "UTF-8", 10, 0, 0, {
        { "SELECT count(*), sum(fulfillable), sum(total) FROM stock", "10|47|49" },
        { "SELECT bytes FROM import", "1429" } } },
    { "GET_AFN_INVENTORY_DATA.txt",
      "US", "amazon.stock-by-condition", "UTF-8", 2, 0, 0, {
        { "SELECT k.sku, t.fnsku, t.fulfillable, t.unsellable"
          " FROM stock t JOIN sku k ON k.no = t.sku_no ORDER BY k.sku",
          "SKU-1|FC-SKU-1|17|NULL" },
        { "SELECT k.sku, t.fulfillable, t.unsellable FROM stock t JOIN sku k ON k.no = t.sku_no"
          " ORDER BY k.sku DESC",
          "seller-sku-1|NULL|22" } } },
    { "GET_DATE_RANGE_FINANCIAL_TRANSACTION_DATA.us-2017.csv",
      NULL, "amazon.payments", "UTF-8", 1, 0, 0, {
        { "SELECT " INSTANT("posted_s") ", settlement_id, type, is_transfer, order_id, sku, quantity"
          " FROM payment",
          "2017-12-01T08:38:23Z|6503097031|Order|0|113-0000041-0000041|MKP-FDW8652-U|1" },
        { "SELECT currency, product_minor, fees_minor, total_minor FROM payment", "USD|5796|-1888|3908" },
        { "SELECT description FROM payment",
          "Adfors FibaFuse FDW8652 Paperless Drywall Joint Tape 2 in. x 250 ft. White, Pack of 10" } } },
    { "GET_DATE_RANGE_FINANCIAL_TRANSACTION_DATA.us-2026.csv",
      NULL, "amazon.payments", "UTF-8", 4, 0, 0, {
        { "SELECT sum(total_minor), sum(fees_minor), sum(product_minor), group_concat(DISTINCT currency)"
          " FROM payment WHERE is_transfer = 0", "2207|-693|3800|USD" },
        { "SELECT total_minor, market_no, " INSTANT("posted_s") " FROM payment WHERE is_transfer = 1",
          "-2207|NULL|2026-09-16T07:00:00Z" },
        { "SELECT instr(extra, 'Testville'), instr(extra, '\"shipping credits\":\"5.00\"') > 0"
          " FROM payment ORDER BY no", "0|1" } } },
    { "GET_DATE_RANGE_FINANCIAL_TRANSACTION_DATA.fr-2026.csv",
      NULL, "amazon.payments", "UTF-8", 1, 0, 0, {
        { "SELECT " INSTANT("posted") ", settlement_id, type, is_transfer, currency, product, fees, total,"
          " market FROM v1_payments",
          "2026-07-01T08:31:35Z|27486555222|Commande|0|EUR|658|-77|713|A13V1IB3VIYZZH" },
        { "SELECT status, is_held, release_day FROM v1_payments", "released|0|20644" },     /* 2026-07-10 */
        { "SELECT instr(extra, 'transaction'), instr(extra, 'Paris') FROM payment", "0|0" } } },
};

static void test_real_files(void **state)
{
    import_real_files(state, "", real_files, COUNT_OF(real_files));
}

/* Real files of other kinds: a sentence, never a guess. */
static void test_real_files_of_other_kinds(void **state)
{
    static const struct { const char *name, *says; } files[] = {
        { "GET_V2_SELLER_PERFORMANCE_REPORT.json", "is JSON, but no report that Souk knows: it has \"accountStatuses\"" },
        { "GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE.us.txt",
          "not a report that Souk knows: it begins with \"Order ID\"" },
        { "GET_SELLER_FEEDBACK_DATA.de-cp1252.txt", "begins with \"Datum\", \"Bewertung\"" },
        { "GET_RESERVED_INVENTORY_DATA.trailing-empty-column.txt", "begins with \"sku\", \"fnsku\"" },
    };
    const char *reports = getenv("SOUK_REPORTS");
    struct shop *s = *state;
    if (!reports) {
        print_message("# SKIP no real files: SOUK_REPORTS is not set\n");
        return;
    }
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        char path[512];
        snprintf(path, sizeof path, "%s/%s", reports, files[i].name);
        assert_int_equal(import_to(s, path, "US"), -ERR_INPUT);
        if (!strstr(s->err.text, files[i].says) || !strstr(s->err.text, files[i].name))
            fail_msg("%s: %s", files[i].name, s->err.text);
    }
    expect(s, ALL_RECORDS, "0");
}

/* ---- orders ---------------------------------------------------------------------------------- */

static void test_orders(void **state)
{
    struct shop *s = *state;
    import_well(s, FILES "orders.txt", NULL, 5, 0, 6);
    assert_string_equal(s->result.title, "All orders");
    assert_string_equal(s->result.market, "");
    expect(s, "SELECT count(*) FROM orders", "4");
    expect(s, ORDER_SUMS, "5|5|111449|4|100");
    expect(s, "SELECT group_concat(state) FROM (SELECT state FROM v1_orders ORDER BY order_id)",
           "shipped,pending,cancelled,unshipped");
    expect(s, "SELECT currency, price_minor FROM order_line WHERE price_minor IS NULL", "NULL|NULL");
    expect(s, "SELECT discount, promotions FROM v1_order_lines WHERE sku = 'MUG-R'", "130|SPRING-10");
    expect(s, "SELECT sum(fulfilment = 'seller'), sum(fulfilment = 'marketplace'), sum(is_business)"
              " FROM v1_orders", "3|1|1");
    expect(s, "SELECT group_concat(extra) FROM order_line",
           "{\"is-gift-of-the-day\":\"yes \\\"really\\\"\"}");
    expect(s, "SELECT count(*) FROM sku WHERE title = 'Plate, 1,062 pieces'", "1");
}

static void test_rejects_say_why(void **state)
{
    struct shop *s = *state;
    import_well(s, FILES "orders.txt", NULL, 5, 0, 6);
    expect(s, REJECTS,
           "7 sales-channel  cell.market, 8 fulfillment-channel amazon-orders unknown_channel, "
           "9 item-price  cell.number, 10 item-price  cell.digits, 11 purchase-date  cell.date, "
           "12 sku  cell.needed");
    expect(s, "SELECT args FROM reject WHERE line = 7", "{\"value\":\"Non-Amazon US\"}");
    expect(s, "SELECT args FROM reject WHERE line = 8", "{\"channel\":\"Drone\"}");
    expect(s, "SELECT args FROM reject WHERE line = 9", "{\"value\":\"53,44\"}");
    expect(s, "SELECT rows, accepted, unchanged, rejected FROM import", "11|5|0|6");
    expect(s, "SELECT kind, ref, data FROM event WHERE kind = 'import.done'",
           "import.done|import:1|{\"no\":1,\"format\":\"amazon.orders\",\"rows\":11,\"accepted\":5,"
           "\"unchanged\":0,\"rejected\":6}");
    expect(s, "SELECT class, kind, severity, subject, after, ref, source FROM v1_notices",
           "import|import.rejected|watch|orders.txt|6|import:1|souk");
    /* The same again is no news; one that was accepted as a whole makes none, and mends the one of its name. */
    import_well(s, FILES "orders.txt", NULL, 0, 5, 6);
    import_well(s, FILES "orders-later.txt", NULL, 2, 0, 0);
    expect(s, "SELECT count(*), sum(CASE WHEN done IS NULL THEN 1 ELSE 0 END) FROM v1_notices", "1|1");
    struct buf good = { 0 };
    FILE *f = fopen(FILES "orders-later.txt", "rb");
    assert_non_null(f);
    for (int c; (c = fgetc(f)) != EOF;)
        buf_char(&good, (char)c);
    fclose(f);
    import_well(s, write_text(s, "orders.txt", good.at, good.len), NULL, 0, 2, 0);
    buf_free(&good);
    expect(s, "SELECT count(*), sum(CASE WHEN done IS NULL THEN 1 ELSE 0 END) FROM v1_notices", "1|0");
}

/* What was rejected comes out as it stood, is mended, and goes in. */
static void test_rejects_are_mended(void **state)
{
    struct shop *s = *state;
    struct buf out = { 0 };
    import_well(s, FILES "orders.txt", NULL, 5, 0, 6);
    assert_int_equal(import_rejects(s->db, s->result.no, &out, &s->err), 0);
    int lines = 0;
    for (const char *at = out.at; (at = strchr(at, '\n')) != NULL; at++)
        lines++;
    assert_int_equal(lines, 7);
    assert_int_equal(strncmp(out.at, "amazon-order-id\tmerchant-order-id\t", 34), 0);
    char *drone = strstr(out.at, "\tDrone\t");
    assert_non_null(drone);
    const char *mended = arena_printf(s->arena, "%.*s\tMerchant%s", (int)(drone - out.at), out.at,
                                      drone + 6);
    import_well(s, write_text(s, "mended.txt", mended, strlen(mended)), NULL, 1, 0, 5);
    expect(s, "SELECT fulfilment FROM v1_orders WHERE order_id = '900-0000000-0000006'", "seller");
    buf_free(&out);
    assert_int_equal(import_rejects(s->db, 99, &out, &s->err), -ERR_ABSENT);
}

/* What the orders of orders-later.txt are in the end, whichever file came first. */
static void expect_later_orders(struct shop *s)
{
    expect(s, "SELECT o.status, l.price FROM v1_orders o JOIN v1_order_lines l ON l.order_id = o.order_id"
              " WHERE o.order_id = '900-0000000-0000002'", "Shipped|1299");
    expect(s, "SELECT status FROM v1_orders WHERE order_id = '900-0000000-0000004'", "Shipped");
}

static void test_later_report_goes_first(void **state)
{
    struct shop *s = *state;
    import_well(s, FILES "orders-later.txt", NULL, 2, 0, 0);
    import_well(s, FILES "orders.txt", NULL, 3, 2, 6);
    expect_later_orders(s);
    import_well(s, FILES "orders-later.txt", NULL, 0, 2, 0);
}

static void test_later_report_comes_later(void **state)
{
    struct shop *s = *state;
    import_well(s, FILES "orders.txt", NULL, 5, 0, 6);
    import_well(s, FILES "orders-later.txt", NULL, 2, 0, 0);
    expect_later_orders(s);
}

/* ---- charsets -------------------------------------------------------------------------------- */

static void test_charsets(void **state)
{
    struct shop *s = *state;
    import_well(s, FILES "orders-cp1252.txt", NULL, 2, 0, 0);
    assert_string_equal(s->result.charset, "windows-1252");
    expect(s, "SELECT title FROM sku WHERE sku = 'SKU-21'", "Küchenmesser – „scharf“, 5 €");
    import_well(s, FILES "orders-cp932.txt", NULL, 2, 0, 0);
    assert_string_equal(s->result.charset, "windows-31j");
    expect(s, "SELECT title FROM sku WHERE sku = 'SKU-31'", "湯のみ ソーサー付き ①");
    expect(s, "SELECT sum(price_minor) FROM order_line WHERE currency = 'JPY'", "5180");
}

static void test_chosen_charset(void **state)
{
    struct shop *s = *state;
    struct import_setup setup = setup_of(s, FILES "orders-cp932.txt");
    setup.charset = "windows-1252";
    assert_int_equal(import_file(s->arena, &setup, &s->result, &s->err), 0);
    assert_string_equal(s->result.charset, "windows-1252");
    setup.charset = "klingon";
    assert_int_equal(import_file(s->arena, &setup, &s->result, &s->err), -ERR_INPUT);
    assert_non_null(strstr(s->err.text, "klingon"));
}

/* One row in the wrong charset does not change how the others are read. */
static void test_mixed_charsets(void **state)
{
    struct shop *s = *state;
    import_well(s, FILES "orders-mixed.txt", NULL, 4, 0, 1);
    assert_string_equal(s->result.charset, "UTF-8");
    expect(s, REJECTS, "4   row.utf8");
    expect(s, "SELECT title FROM sku WHERE sku = 'SKU-40'", "Tasse Größe 0");
    struct buf out = { 0 };
    assert_int_equal(import_rejects(s->db, s->result.no, &out, &s->err), 0);
    assert_int_equal(strncmp(out.at, "\xEF\xBB\xBF" "amazon-order-id", 18), 0);
    assert_non_null(strstr(out.at, "Tasse Gr\xF6\xDF" "e 9"));
    buf_free(&out);
}

/* ---- settlements ----------------------------------------------------------------------------- */

static void test_settlement_v2(void **state)
{
    struct shop *s = *state;
    import_well(s, FILES "settlement-v2.txt", NULL, 7, 0, 0);
    expect(s, CYCLE, "77700011101|EUR|100449|100449|0|6");
    assert_int_equal(s->result.n_checks, 1);
    assert_string_equal(s->result.checks[0].settlement_id, "77700011101");
    assert_string_equal(s->result.checks[0].currency, "EUR");
    assert_int_equal(s->result.checks[0].total_minor, 100449);
    assert_int_equal(s->result.checks[0].sum_minor, 100449);
    expect(s, "SELECT count(*) FROM ledger WHERE market_no IS NULL", "2");
    expect(s, "SELECT line, raw FROM reject", "");
    assert_int_equal(store_verify_ledger(s->db, 0, &s->err), 0);
    import_well(s, FILES "settlement-v2.txt", NULL, 0, 7, 0);
}

static void test_settlement_v1(void **state)
{
    struct shop *s = *state;
    import_well(s, FILES "settlement-v1.txt", NULL, 3, 1, 0);
    expect(s, CYCLE, "77700011102|USD|5010|5010|0|8");
    expect(s, "SELECT group_concat(kind || '/' || detail || ' ' || minor, ', ')"
              " FROM (SELECT * FROM ledger ORDER BY no)",
           "ItemPrice/Principal 6000, ItemFees/Commission -900,"
           " ShipmentFees/FBA transportation fee -100, OrderFees/Gift wrap chargeback -50,"
           " MiscFees/Order -10, OtherFees/Repackaging -20, Promotion/Principal -30,"
           " DirectPayment/Cash on delivery 120");
    import_well(s, FILES "settlement-v1.txt", NULL, 0, 4, 0);
}

/* ---- listings and stock ---------------------------------------------------------------------- */

static void test_listings(void **state)
{
    struct shop *s = *state;
    import_well(s, FILES "listings-de.txt", NULL, 2, 0, 1);
    assert_string_equal(s->result.market, "A1PA6795UKMFR9");
    assert_string_equal(s->result.charset, "windows-1252");
    expect(s, "SELECT title, asin, price, currency, quantity, status, fulfilment, "
              INSTANT("opened") ", shipping_group FROM v1_listings WHERE sku = 'MUG-B'",
           "Blaue Tasse|B000000001|1299|EUR|7|Active|seller|2026-04-15T13:15:46Z|Standard");
    expect(s, "SELECT title, price, quantity, status, fulfilment FROM v1_listings WHERE sku = 'BOWL'",
           "Große Schüssel|124900|NULL|Inactive|marketplace");
    expect(s, "SELECT group_concat(extra) FROM listing", "{\"Neue Spalte\":\"x\"}");
    expect(s, REJECTS, "4 Händler-SKU  cell.needed");
    expect(s, "SELECT CAST(raw AS TEXT) FROM reject", "Halbe Zei");
}

static void test_market_is_needed(void **state)
{
    struct shop *s = *state;
    assert_int_equal(import_to(s, FILES "listings-open.csv", NULL), -ERR_INPUT);
    assert_non_null(strstr(s->err.text, "listings-open.csv"));
    assert_non_null(strstr(s->err.text, "--market"));
    assert_int_equal(import_to(s, FILES "listings-open.csv", "Narnia"), -ERR_INPUT);
    assert_non_null(strstr(s->err.text, "Narnia"));
    import_well(s, FILES "listings-open.csv", "US", 2, 0, 0);
    expect(s, "SELECT sku, price, currency, quantity FROM v1_listings ORDER BY sku",
           "BOWL, big|9900|USD|NULL");
    import_well(s, FILES "listings-open.csv", NULL, 0, 2, 0);   /* the account's only market by now */
    assert_string_equal(s->result.market, "ATVPDKIKX0DER");
}

/* What a file says counts as of its own time, whenever it is imported. */
static void test_older_file_tells_nothing_new(void **state)
{
    static const char newer[] = "sku\tasin\tprice\tquantity\nMUG-B\tB000000001\t15.00\t3\n";
    static const char older[] = "sku\tasin\tprice\tquantity\nMUG-B\tB000000001\t11.00\t9\n";
    struct shop *s = *state;
    const char *path = write_text(s, "newer.txt", newer, strlen(newer));
    const struct timespec then[2] = { { 1700000000, 0 }, { 1700000000, 0 } };
    import_well(s, path, "US", 1, 0, 0);
    path = write_text(s, "older.txt", older, strlen(older));
    assert_int_equal(utimensat(AT_FDCWD, path, then, 0), 0);
    import_well(s, path, "US", 0, 1, 0);
    expect(s, "SELECT price_minor, quantity FROM listing", "1500|3");
}

static void test_stock(void **state)
{
    struct shop *s = *state;
    import_well(s, FILES "stock.txt", "US", 2, 0, 0);
    expect(s, "SELECT fulfillable, unsellable, reserved, researching, inbound_shipped, total FROM stock"
              " ORDER BY sku_no", "9|1|2|NULL|3|12");
    expect(s, "SELECT fulfillable, unsellable, inbound_receiving, total FROM stock"
              " ORDER BY sku_no DESC", "4|NULL|NULL|4");
    expect(s, "SELECT title FROM sku WHERE sku = 'MUG-R'", "Red\uFFFDmug");
    import_well(s, FILES "stock-by-condition.txt", "US", 2, 0, 1);
    expect(s, "SELECT fulfillable, unsellable, reserved, total FROM stock ORDER BY sku_no", "8|2|2|12");
    expect(s, REJECTS, "4 Warehouse-Condition-code amazon-stock unknown_condition");
    import_well(s, FILES "stock-quoted.txt", "US", 1, 0, 0);
    expect(s, "SELECT k.sku, t.fulfillable FROM stock t JOIN sku k ON k.no = t.sku_no"
              " WHERE t.fnsku = 'X0009'", "CABLE 1/2\" long|3");
}

/* ---- payments -------------------------------------------------------------------------------- */

static void test_payments(void **state)
{
    struct shop *s = *state;
    import_well(s, FILES "payments-us.csv", NULL, 3, 0, 0);
    expect(s, "SELECT count(*), sum(total_minor), sum(fees_minor) FROM payment WHERE is_transfer = 0",
           "2|125801|-23300");
    expect(s, "SELECT total_minor, currency FROM payment WHERE is_transfer = 1", "-125801|USD");
    expect(s, "SELECT description, " INSTANT("posted_s") " FROM payment WHERE type = 'Order'",
           "Blue mug, \"large\"\nhandmade|2026-05-02T08:05:07Z");
    import_well(s, FILES "payments-us.csv", NULL, 0, 3, 0);
    import_well(s, FILES "payments-de.csv", NULL, 2, 0, 0);
    expect(s, "SELECT sum(total_minor), sum(is_transfer), sum(fees_minor), min(currency) FROM payment"
              " WHERE settlement_id = '77700011104'", "0|1|-18750|EUR");
    import_well(s, FILES "payments-us.csv", "DE", 0, 3, 0);     /* by hand makes no other records */
}

/* ---- rows that do not fit -------------------------------------------------------------------- */

#define STOCK_HEADER \
    "seller-sku\tfulfillment-channel-sku\tasin\tcondition-type\tWarehouse-Condition-code\tQuantity Available"

static const struct {
    const char *name, *rows;
    int accepted;
    const char *rejects;
} row_cases[] = {
    { "short row", "A\tX\tB0\tNew\tSELLABLE\t1\nB\tX\tB0\n", 1,
      "3 Warehouse-Condition-code  cell.needed" },
    { "long row with nothing in it", "A\tX\tB0\tNew\tSELLABLE\t1\t\t\t\n", 1, "NULL" },
    { "long row", "A\tX\tB0\tNew\tSELLABLE\t1\t\tshift\n", 0, "2   row.more_cells" },
    { "empty lines", "\n\nA\tX\tB0\tNew\tSELLABLE\t1\n\r\n\n", 1, "NULL" },
    { "spaces", " A \t X\tB0\tNew\tSELLABLE\t 1 \n", 1, "NULL" },
    { "no number", "A\tX\tB0\tNew\tSELLABLE\tmany\n", 0, "2 Quantity Available  cell.count" },
    { "NUL for nothing", "A\tX\tB0\tNew\tSELLABLE\t\1\n", 0, "2 Quantity Available  cell.needed" },
    { "quotes are data", "\"A\tX\tB0\tNew\tSELLABLE\t1\nB\"\tX\tB0\tNew\tSELLABLE\t2\n", 2, "NULL" },
};

static void test_rows_that_do_not_fit(void **state)
{
    struct shop *s = *state;
    for (size_t i = 0; i < COUNT_OF(row_cases); i++) {
        char *text = arena_printf(s->arena, STOCK_HEADER "\n%s", row_cases[i].rows);
        size_t n = strlen(text);
        for (char *at = text; (at = strchr(at, '\1')) != NULL;)
            *at = '\0', at++;                           /* what C strings cannot hold */
        if (import_to(s, write_text(s, "rows.txt", text, n), "US") < 0)
            fail_msg("%s: %s", row_cases[i].name, s->err.text);
        const char *rejects = answer(s, REJECTS);
        if (s->result.accepted + s->result.unchanged != row_cases[i].accepted ||
            strcmp(rejects, row_cases[i].rejects) != 0)
            fail_msg("%s: %d, %s", row_cases[i].name, (int)s->result.accepted, rejects);
    }
}

static void test_long_line_and_long_cell(void **state)
{
    struct shop *s = *state;
    struct buf text = { 0 };
    buf_text(&text, STOCK_HEADER "\nA\tX\tB0\tNew\tSELLABLE\t1\nB\tX\tB0\t");
    for (int i = 0; i < 3 << 20; i++)
        buf_char(&text, 'x');
    buf_text(&text, "\tSELLABLE\t1\nC\t");
    for (int i = 0; i < 100000; i++)
        buf_char(&text, 'y');
    buf_text(&text, "\tB0\tNew\tSELLABLE\t1\nD\tX\tB0\tNew\tSELLABLE\t1\n");
    import_well(s, write_text(s, "long.txt", text.at, text.len), "US", 2, 0, 2);
    expect(s, REJECTS, "3   row.too_long, 4 fulfillment-channel-sku  cell.too_long");
    expect(s, "SELECT length(raw) FROM reject WHERE line = 3", "65536");
    buf_free(&text);
}

/* So many bad rows are no accident: the file ends as a whole. */
static void test_too_many_rejects(void **state)
{
    struct shop *s = *state;
    struct buf text = { 0 };
    buf_text(&text, STOCK_HEADER "\nA\tX\tB0\tNew\tSELLABLE\t1\n");
    for (int i = 0; i < 100001; i++)
        buf_text(&text, "A\tX\tB0\tNew\tSELLABLE\tx\n");
    assert_int_equal(import_to(s, write_text(s, "bad.txt", text.at, text.len), "US"), -ERR_INPUT);
    assert_non_null(strstr(s->err.text, "100000"));
    expect(s, ALL_RECORDS, "0");
    buf_free(&text);
}

/* ---- files that are refused ------------------------------------------------------------------ */

static const struct {
    const char *name, *text, *says;
} refused_cases[] = {
    { "empty.txt", "", "is empty" },
    { "blank.txt", "\n\n\n", "is empty" },
    { "json.txt", "{\"a\": 1}", "JSON, but no report that Souk knows: it has \"a\"" },
    { "json-cut.txt", "{\"a\": [1, 2", "is cut short" },
    { "book.xlsx", "PK\3\4rest", "Excel" },
    { "page.txt", "<!DOCTYPE html>\n<html>", "web page" },
    { "report.xml", "<?xml version=\"1.0\"?>\n", "XML" },
    { "letter.eml", "Return-Path: <a@example.org>\nFrom: b@example.org\n", "is a mail" },
    { "wide.txt", "\xFF\xFEs\1k\1u\1", "UTF-16" },
    { "paper.pdf", "%PDF-1.4\n", "PDF" },
    { "other.txt", "colour\tsize\nred\t1\n", "begins with \"colour\", \"size\"" },
    { "words.txt", "Dear Sir,\nplease find attached\n", "not a report that Souk knows" },
    { "near.txt", "sku\tfnsku\tafn-fulfillable-quantity\tafn-reserved-quantity\n",
      "no column \"afn-total-quantity\"" },
    { "half.txt", "amazon-order-id\tpurchase-date\tlast-updated-date\torder-status\tfulfill",
      "no column \"sales-channel\"" },
};

static void test_refused_files(void **state)
{
    struct shop *s = *state;
    for (size_t i = 0; i < COUNT_OF(refused_cases); i++) {
        const char *name = refused_cases[i].name, *text = refused_cases[i].text;
        assert_int_equal(import_to(s, write_text(s, name, text, strlen(text)), "US"), -ERR_INPUT);
        if (!strstr(s->err.text, refused_cases[i].says) || !strstr(s->err.text, name))
            fail_msg("%s: %s", name, s->err.text);
    }
    assert_int_equal(import_to(s, "/nowhere/orders.txt", NULL), -ERR_INPUT);
    expect(s, ALL_RECORDS, "0");
}

static void test_header_without_rows(void **state)
{
    struct shop *s = *state;
    const char *path = write_text(s, "none.txt", STOCK_HEADER "\n", strlen(STOCK_HEADER) + 1);
    import_well(s, path, "US", 0, 0, 0);
    expect(s, "SELECT rows, format FROM import", "0|amazon.stock-by-condition");
}

/* ---- plugins that break their contract ------------------------------------------------------- */

static const struct {
    const char *name, *rows;
    int code;
    const char *says;
} plugin_cases[] = {
    { "says nothing", "put\tAmazon.de\t1\nkeep\tAmazon.de\t1\n", ERR_PLUGIN,
      "said nothing about line 3" },
    { "puts an unknown kind", "put_badly\tAmazon.de\t1\n", ERR_PLUGIN, "" },
    { "fails", "put\tAmazon.de\t1\nfail\tAmazon.de\t1\n", 0, "" },
};

static void test_plugins_that_break_their_contract(void **state)
{
    struct shop *s = *state;
    for (size_t i = 0; i < COUNT_OF(plugin_cases); i++) {
        const char *text = arena_printf(s->arena, "do\tmarket\tprice\n%s", plugin_cases[i].rows);
        int rc = import_to(s, write_text(s, "small.txt", text, strlen(text)), NULL);
        if (rc >= 0 || (plugin_cases[i].code && rc != -plugin_cases[i].code) ||
            !strstr(s->err.text, plugin_cases[i].says))
            fail_msg("%s: %d %s", plugin_cases[i].name, rc, s->err.text);
        expect(s, ALL_RECORDS, "0");
    }
}

static void test_all_outcomes_of_a_plugin(void **state)
{
    static const char text[] =
        "do\tmarket\tprice\nput\tAmazon.de\t1\nskip\tAmazon.de\t1\nodd\tAmazon.de\t12.50\n";
    struct shop *s = *state;
    import_well(s, write_text(s, "small.txt", text, strlen(text)), NULL, 1, 1, 1);
    expect(s, REJECTS, "4 price formats odd");
    expect(s, "SELECT args FROM reject", "{\"price\":\"12.50 EUR\"}");
}

/* ---- interruptions --------------------------------------------------------------------------- */

static const char *write_many_orders(struct shop *s, int orders)
{
    struct buf text = { 0 };
    buf_text(&text, "amazon-order-id\tpurchase-date\tlast-updated-date\torder-status\t"
                    "fulfillment-channel\tsales-channel\tsku\tquantity\tcurrency\titem-price\n");
    for (int i = 0; i < orders; i++)
        buf_printf(&text, "900-0000001-%07d\t2026-03-01T10:00:00+00:00\t2026-03-02T10:00:00+00:00\t"
                   "Shipped\tMerchant\tAmazon.com\tSKU-%d\t1\tUSD\t%d.99\n", i, i % 50, i % 90);
    const char *path = write_text(s, "many.txt", text.at, text.len);
    buf_free(&text);
    return path;
}

static void die_half_way(void *ctx, int64_t done, int64_t all)
{
    (void)ctx;
    if (done > all / 2)
        _exit(9);
}

static void test_killed_import_leaves_nothing(void **state)
{
    struct shop *s = *state;
    const char *path = write_many_orders(s, 20000);
    int status;
    shop_close(s);
    pid_t child = fork();
    if (child == 0) {
        shop_open(s);
        struct import_setup setup = setup_of(s, path);
        setup.progress = die_half_way;
        import_file(s->arena, &setup, &s->result, &s->err);
        _exit(1);
    }
    waitpid(child, &status, 0);
    assert_int_equal(WEXITSTATUS(status), 9);
    shop_open(s);
    expect(s, ALL_RECORDS, "0");
    import_well(s, path, NULL, 20000, 0, 0);
    expect(s, "SELECT sum(orders) FROM sales_day", "20000");
}

struct stopper {
    volatile bool stop;
    int64_t last_done, last_all;
    int calls;
};

static void stop_half_way(void *ctx, int64_t done, int64_t all)
{
    struct stopper *st = ctx;
    assert_true(done >= st->last_done && done <= all);
    st->last_done = done;
    st->last_all = all;
    st->calls++;
    st->stop = done > all / 2;
}

static void test_stopped_import_leaves_nothing(void **state)
{
    struct shop *s = *state;
    struct stopper st = { 0 };
    const char *path = write_many_orders(s, 20000);
    struct import_setup setup = setup_of(s, path);
    setup.progress = stop_half_way;
    setup.ctx = &st;
    setup.stop = &st.stop;
    assert_int_equal(import_file(s->arena, &setup, &s->result, &s->err), -ERR_TIME);
    assert_true(st.calls > 1 && st.last_done < st.last_all);
    expect(s, ALL_RECORDS, "0");
}

static void test_damaged_gzip_leaves_nothing(void **state)
{
    struct shop *s = *state;
    char *gz = arena_printf(s->arena, "%s/cut.txt.gz", work_path);
    const char *path = write_many_orders(s, 20000);
    char *command = arena_printf(s->arena, "gzip -c %s | head -c 100000 > %s", path, gz);
    assert_int_equal(system(command), 0);
    assert_int_equal(import_to(s, gz, NULL), -ERR_INPUT);
    assert_non_null(strstr(s->err.text, "cut short"));
    expect(s, ALL_RECORDS, "0");
}

static void test_standard_input(void **state)
{
    struct shop *s = *state;
    int before = dup(STDIN_FILENO), in = open(FILES "orders.txt", O_RDONLY);
    dup2(in, STDIN_FILENO);
    close(in);
    import_well(s, "-", NULL, 5, 0, 6);
    dup2(before, STDIN_FILENO);
    close(before);
    expect(s, "SELECT name FROM import", "standard input");
}

/* ---- mutations: every row ends somewhere ----------------------------------------------------- */

static void test_mutated_files(void **state)
{
    static const char *const files[] = {
        "orders.txt", "settlement-v2.txt", "settlement-v1.txt", "listings-de.txt", "stock.txt",
        "payments-us.csv",
    };
    static const char bytes[] = "\t\n\r\",;\0\xFF\x80\xC3 0-9.A";
    struct shop *s = *state;
    uint32_t seed = 20261123;
    for (int round = 0; round < 300; round++) {
        char text[4096];
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
    assert_int_equal(store_verify_ledger(s->db, 0, &s->err), 0);
}

static int load_plugins(void **state)
{
    static const char *const names[] = {
        "amazon-orders", "amazon-settlement", "amazon-listings", "amazon-stock", "amazon-payments",
    };
    (void)state;
    return plugins_open(names, COUNT_OF(names), "formats");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_real_files),
        TEST(test_real_files_of_other_kinds),
        TEST(test_orders),
        TEST(test_rejects_say_why),
        TEST(test_rejects_are_mended),
        TEST(test_later_report_goes_first),
        TEST(test_later_report_comes_later),
        TEST(test_charsets),
        TEST(test_chosen_charset),
        TEST(test_mixed_charsets),
        TEST(test_settlement_v2),
        TEST(test_settlement_v1),
        TEST(test_listings),
        TEST(test_market_is_needed),
        TEST(test_older_file_tells_nothing_new),
        TEST(test_stock),
        TEST(test_payments),
        TEST(test_rows_that_do_not_fit),
        TEST(test_long_line_and_long_cell),
        TEST(test_too_many_rejects),
        TEST(test_refused_files),
        TEST(test_header_without_rows),
        TEST(test_plugins_that_break_their_contract),
        TEST(test_all_outcomes_of_a_plugin),
        TEST(test_killed_import_leaves_nothing),
        TEST(test_stopped_import_leaves_nothing),
        TEST(test_damaged_gzip_leaves_nothing),
        TEST(test_standard_input),
        TEST(test_mutated_files),
    };
    return cmocka_run_group_tests(tests, load_plugins, unload_plugins);
}
