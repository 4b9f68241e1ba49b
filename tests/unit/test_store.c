/* SPDX-License-Identifier: Apache-2.0 */
/* test_store.c: what each kind of record does with new, known, older and broken rows. */
#include "data.h"

#include "data/search.h"

static const char lines[] =
    "line:count order:text market:market purchased:instant updated:instant status:text item_status:text sku:text"
    " title:text quantity:count price:money";

static const struct import plain = { 0 };

/* ---- order lines ----------------------------------------------------------------------------- */

static void test_states(void **state)
{
    (void)state;
    static const struct { const char *status, *is; } cases[] = {
        { "Pending", "pending" },               { "Pending - Waiting for Pick Up", "pending" },
        { "PendingAvailability", "pending" },   { "PENDING_AVAILABILITY", "pending" },
        { "Unshipped", "unshipped" },           { "PartiallyShipped", "unshipped" },
        { "Partially Shipped", "unshipped" },   { "Shipping", "unshipped" },
        { "Invoice Unconfirmed", "unshipped" }, { "InvoiceUnconfirmed", "unshipped" },
        { "Shipped", "shipped" },               { "Shipped - Delivered to Buyer", "shipped" },
        { "SHIPPED", "shipped" },               { "Cancelled", "cancelled" },
        { "Canceled", "cancelled" },            { "CANCELLED", "cancelled" },
        { "Unfulfillable", "other" },           { "Versandt", "other" },
        { "", "other" },
    };
    struct db *db = account_new("states.db");
    struct buf file = { 0 };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        buf_printf(&file, "%zu|o-%02zu|DE|2026-10-01T10:00:00Z|2026-10-02T10:00:00Z|%s||a||1|\n", i, i, cases[i].status);
    assert_told(import_rows(db, &plain, "order_line", lines, buf_str(&file)), COUNT_OF(cases), 0, "");
    buf_clear(&file);
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        buf_printf(&file, "%s|%s|%d\n", cases[i].status, cases[i].is,
                   text_is(cases[i].is, "pending") || text_is(cases[i].is, "unshipped"));
    assert_string_equal(answer(db, "SELECT status, state, is_open FROM v1_orders ORDER BY order_id"), buf_str(&file));
    buf_free(&file);
    db_close(db);
}

static void test_order(void **state)
{
    (void)state;
    struct db *db = account_new("order.db");
    assert_told(import_rows(db, &plain, "order_line",
        "line:count order:text market:market purchased:instant updated:instant status:text fulfilment:text"
        " is_business:bool service_level:text ship_country:text ship_region:text sku:text asin:text title:text"
        " quantity:count price:money tax:money shipping:money discount:money promotions:text extra:text",
        "2|303-1|DE|2026-03-29T00:30:00Z|2026-03-30T08:00:00Z|Shipped|marketplace|1|Expedited|DE|Bayern|A-1|B01"
        "|Blue mug|2|24.90 EUR|4.73 EUR|3.99 EUR|1.00 EUR|PAWS-1|{\"x\":1}"), 1, 0, "");
    assert_string_equal(answer(db, "SELECT order_id, market, purchased, purchase_day, updated, status, state, is_open,"
                                   " fulfilment, is_business, shipped, service_level, ship_country, ship_region FROM v1_orders"),
        "303-1|A1PA6795UKMFR9|1774744200|20541|1774857600|Shipped|shipped|0|marketplace|1|1774857600|Expedited|DE|Bayern\n");
    assert_string_equal(answer(db, "SELECT order_id, sku, asin, title, ordinal, quantity, currency, price, tax, shipping,"
                                   " gift_wrap, discount, ship_discount, promotions, state FROM v1_order_lines"),
        "303-1|A-1|B01|Blue mug|1|2|EUR|2490|473|399|-|100|-|PAWS-1|shipped\n");
    /* 01:30 in Berlin, before the clocks go forward at 02:00. */
    assert_string_equal(answer(db, "SELECT day, hour, orders, lines, units, sales FROM v1_sales_hourly"), "20541|1|1|1|2|2490\n");
    assert_string_equal(answer(db, "SELECT market, data_until FROM v1_markets"), "A1PA6795UKMFR9|1774857600\n");
    assert_string_equal(answer(db, "SELECT last_day, sku, units, sales FROM v1_sku_30d"), "20541|A-1|2|2490\n");
    assert_string_equal(answer(db, "SELECT hour, fulfilment, orders FROM v1_shipped_hourly"), "493016|marketplace|1\n");
    db_close(db);
}

/* One order told again and again: what each file brings. */
static void test_updates(void **state)
{
    (void)state;
    static const struct { const char *name, *row; bool is_news; const char *then; } cases[] = {
        { "first", "2|o|DE|2026-10-01T10:00:00Z|2026-10-01T10:05:00Z|Pending||a|Mug|1|", true, "pending|1|-|Mug" },
        { "again", "9|o|DE|2026-10-01T10:00:00Z|2026-10-01T10:05:00Z|Pending||a|Mug|1|", false, "pending|1|-|Mug" },
        { "priced", "2|o|DE|2026-10-01T10:00:00Z|2026-10-01T10:06:00Z|Unshipped||a|Mug|1|9.99 EUR", true, "unshipped|1|999|Mug" },
        { "older", "2|o|DE|2026-10-01T10:00:00Z|2026-10-01T10:05:30Z|Cancelled||a|Cup|7|1.00 EUR", false, "unshipped|1|999|Mug" },
        { "same time, other quantity", "2|o|DE|2026-10-01T10:00:00Z|2026-10-01T10:06:00Z|Unshipped||a|Mug|2|9.99 EUR", true,
          "unshipped|2|999|Mug" },
        { "same time, as before that", "2|o|DE|2026-10-01T10:00:00Z|2026-10-01T10:06:00Z|Unshipped||a|Mug|1|9.99 EUR", true,
          "unshipped|1|999|Mug" },
        { "newer, nothing else", "2|o|DE|2026-10-01T10:00:00Z|2026-10-02T10:06:00Z|Unshipped||a|Mug|1|9.99 EUR", true,
          "unshipped|1|999|Mug" },
        { "not told stays", "2|o|DE|2026-10-01T10:00:00Z|2026-10-02T10:06:00Z|||a|||", false, "unshipped|1|999|Mug" },
        { "shipped", "2|o|DE|2026-10-01T10:00:00Z|2026-10-03T10:06:00Z|Shipped||a|Mug XL|1|9.99 EUR", true, "shipped|1|999|Mug XL" },
        { "item cancelled", "2|o|DE|2026-10-01T10:00:00Z|2026-10-04T10:06:00Z|Shipped|Cancelled|a||0|", true, "cancelled|0|999|Mug XL" },
    };
    struct db *db = account_new("updates.db");
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct told told = import_rows(db, &plain, "order_line", lines, cases[i].row);
        struct buf then = { 0 };
        buf_printf(&then, "%s\n", cases[i].then);
        if (told.n[STORE_ACCEPTED] != cases[i].is_news)
            print_error("%s\n", cases[i].name);
        assert_told(told, cases[i].is_news, !cases[i].is_news, "");
        assert_string_equal(answer(db, "SELECT state, quantity, price, title FROM v1_order_lines"), buf_str(&then));
        buf_free(&then);
    }
    /* Shipped when it was first said, whatever was said later. */
    assert_string_equal(answer(db, "SELECT shipped, updated FROM v1_orders"), "1791021960|1791108360\n");
    assert_string_equal(answer(db, "SELECT state, orders, lines, units, sales FROM v1_sales_daily ORDER BY state"),
                        "cancelled|0|1|0|999\nshipped|1|0|0|0\n");
    db_close(db);
}

/* The files name no items: the same SKU twice in one order are two lines, told twice they stay two. */
static void test_ordinals(void **state)
{
    (void)state;
    static const char file[] =
        "2|o-1|DE|2026-10-01T10:00:00Z|2026-10-02T10:00:00Z|Shipped||a||1|1.00 EUR\n"
        "3|o-1|DE|2026-10-01T10:00:00Z|2026-10-02T10:00:00Z|Shipped||a||1|1.00 EUR\n"
        "4|o-1|DE|2026-10-01T10:00:00Z|2026-10-02T10:00:00Z|Shipped||b||1|3.00 EUR\n"
        "5|o-2|DE|2026-10-01T10:00:00Z|2026-10-02T10:00:00Z|Shipped||a||1|4.00 EUR\n"
        "6|o-1|DE|2026-10-01T10:00:00Z|2026-10-02T10:00:00Z|Shipped||a||1|5.00 EUR\n"
        "7|o-2|DE|2026-10-01T10:00:00Z|2026-10-05T10:00:00Z|Shipped||a||1|6.00 EUR\n";     /* the order told again */
    for (uint32_t batch = 1; batch <= 7; batch++) {
        char name[20];
        snprintf(name, sizeof name, "ordinals-%u.db", batch);
        struct db *db = account_new(name);
        const struct import how = { .batch = batch };
        for (int again = 0; again < 3; again++) {
            struct told told = import_rows(db, &how, "order_line", lines, file);
            assert_int_equal(told.n[STORE_REJECTED], 0);
            assert_int_equal(told.n[STORE_ACCEPTED], again ? 0 : 6);
            assert_string_equal(answer(db, "SELECT order_id, sku, ordinal, price FROM v1_order_lines ORDER BY 1, 2, 3"),
                                "o-1|a|1|100\no-1|a|2|100\no-1|a|3|500\no-1|b|1|300\no-2|a|1|600\n");
        }
        db_close(db);
    }
}

/* The rest of an order in the next batch is looked at, though its beginning was known. */
static void test_split_order(void **state)
{
    (void)state;
    static const char columns[] = "line:count order:text market:market purchased:instant updated:instant sku:text price:money";
    struct db *db = account_new("split.db");
    const struct import how = { .batch = 1 };
    assert_told(import_rows(db, &how, "order_line", columns, "2|o|DE|2026-10-01T10:00:00Z|2026-10-02T10:00:00Z|a|1.00 EUR\n"
                            "3|o|DE|2026-10-01T10:00:00Z|2026-10-02T10:00:00Z|b|2.00 EUR\n"), 2, 0, "");
    assert_told(import_rows(db, &how, "order_line", columns, "2|o|DE|2026-10-01T10:00:00Z|2026-10-02T10:00:00Z|a|1.00 EUR\n"
                            "3|o|DE|2026-10-01T10:00:00Z|2026-10-02T10:00:00Z|b|7.00 EUR\n"), 1, 1, "");
    assert_string_equal(answer(db, "SELECT sku, price FROM v1_order_lines ORDER BY sku"), "a|100\nb|700\n");
    db_close(db);
}

/* Like lines that stand far apart, but not further than is promised. */
static void test_apart(void **state)
{
    (void)state;
    struct db *db = account_new("apart.db");
    struct buf file = { 0 };
    for (int i = 0; i < 12000; i++)
        buf_printf(&file, "%d|o-%d|DE|2026-10-01T10:00:00Z|2026-10-02T10:00:00Z|Shipped||a||1|1.00 EUR\n", i,
                   i == 6000 || i == 11000 ? 0 : i + 1);
    const struct import how = { .batch = 1000 };
    assert_told(import_rows(db, &how, "order_line", lines, buf_str(&file)), 12000, 0, "");
    assert_string_equal(answer(db, "SELECT count(*), max(ordinal) FROM v1_order_lines WHERE order_id = 'o-0'"), "2|2\n");
    assert_told(import_rows(db, &how, "order_line", lines, buf_str(&file)), 0, 12000, "");
    buf_free(&file);
    db_close(db);
}

/* Many orders, some known, in one batch: those that are new are written thirty at a time. */
static void test_groups(void **state)
{
    (void)state;
    struct db *db = account_new("groups.db");
    struct buf file = { 0 }, half = { 0 };
    for (int i = 0; i < 200; i++) {
        struct buf *to[] = { &file, i % 7 == 0 ? &half : &file };
        for (int t = 0; t < (to[1] == &half ? 2 : 1); t++)
            buf_printf(to[t], "%d|o-%d|DE|2026-10-01T10:00:00Z|2026-10-02T10:00:00Z|Shipped||sku-%d||1|1.00 EUR\n", i, i, i % 9);
    }
    assert_told(import_rows(db, &plain, "order_line", lines, buf_str(&half)), 29, 0, "");
    assert_told(import_rows(db, &plain, "order_line", lines, buf_str(&file)), 171, 29, "");
    assert_told(import_rows(db, &plain, "order_line", lines, buf_str(&file)), 0, 200, "");
    assert_string_equal(answer(db, "SELECT count(*), sum(price) FROM v1_order_lines"), "200|20000\n");
    assert_string_equal(answer(db, "SELECT orders, lines, units, sales FROM v1_sales_daily"), "200|200|200|20000\n");
    buf_free(&file);
    buf_free(&half);
    db_close(db);
}

static void test_line_rejects(void **state)
{
    (void)state;
    static const char file[] =
        "2|o-1|XX|2026-10-01T10:00:00Z||Shipped||a||1|\n"
        "3|o-1||2026-10-01T10:00:00Z||Shipped||a||1|\n"
        "4||DE|2026-10-01T10:00:00Z||Shipped||a||1|\n"
        "5|o-1|DE|||Shipped||a||1|\n"
        "6|o-1|DE|1969-10-01T10:00:00Z||Shipped||a||1|\n"
        "7|o-1|DE|2026-10-01T10:00:00Z|2101-10-01T10:00:00Z|Shipped||a||1|\n"
        "8|o-1|DE|2026-10-01T10:00:00Z||Shipped||a||-1|\n"
        "9|o-1|DE|2026-10-01T10:00:00Z||Shipped||a||2000000000|\n"
        "10|o-1|DE|2026-10-01T10:00:00Z||Shipped||a||1|1 QQQ\n"
        "11|o-1|DE|2026-10-01T10:00:00Z||Shipped||a||1|1 eur\n"
        "12|o-1|DE|2026-10-01T10:00:00Z||Shipped||a||1|20000000000000.00 EUR\n"
        "13|o-9|DE|2026-10-01T10:00:00Z||Shipped||a||1|1.00 EUR\n"
        "14|o-9|DE|2026-10-01T10:00:00Z||Shipped||||1|1.00 EUR\n";
    static const char rejects[] =
        "2 market reject.market\n3 market reject.needed\n4 order reject.needed\n5 purchased reject.needed\n"
        "6 purchased reject.date\n7 updated reject.date\n8 quantity reject.range\n9 quantity reject.range\n"
        "10 price reject.currency\n11 price reject.currency\n12 price reject.range\n14 sku reject.needed\n";
    struct db *db = account_new("rejects.db");
    assert_told(import_rows(db, &plain, "order_line", lines, file), 1, 0, rejects);
    assert_string_equal(answer(db, "SELECT order_id, sku FROM v1_order_lines"), "o-9|a\n");
    assert_string_equal(answer(db, "SELECT count(*) FROM v1_orders"), "1\n");
    /* A refused row stays refused; it is not known only because its neighbour is. */
    assert_told(import_rows(db, &plain, "order_line", lines, file), 0, 1, rejects);

    char line[400];
    snprintf(line, sizeof line, "2|%0250d|DE|2026-10-01T10:00:00Z||Shipped||a||1|", 0);
    assert_told(import_rows(db, &plain, "order_line", lines, line), 0, 0, "2 order reject.too_long\n");
    assert_told(import_rows(db, &plain, "order_line", "line:count order:text market:market purchased:instant sku:text"
                            " fulfilment:text price:money tax:money",
                            "2|o|DE|2026-10-01T10:00:00Z|a||1.00 EUR|1.00 USD\n3|o|DE|2026-10-01T10:00:00Z|a|Merchant||"),
                0, 0, "2 tax reject.currencies\n3 fulfilment reject.fulfilment\n");
    db_close(db);
}

static void test_file_market(void **state)
{
    (void)state;
    struct db *db = account_new("file-market.db");
    const struct import german = { .market = "A1PA6795UKMFR9" };
    assert_told(import_rows(db, &german, "order_line", "line:count order:text purchased:instant sku:text",
                            "2|o|2026-10-01T10:00:00Z|a"), 1, 0, "");
    /* Without `updated`, the moment the file speaks of counts. */
    assert_string_equal(answer(db, "SELECT market, updated FROM v1_orders"), "A1PA6795UKMFR9|1793491200\n");
    struct err err = { 0 };
    struct store *s;
    const struct store_setup wrong = { "test", "XX", 0, on_reject, NULL, NULL };
    assert_int_equal(store_begin(&s, db, &wrong, &err), -ERR_INPUT);
    db_close(db);
}

static int put_raw(struct db *db, const char *kind, const char *columns, const struct souk_value *cell,
                   uint32_t n_columns, uint32_t n_rows, struct err *err)
{
    struct told told = { 0 };
    struct store *s;
    const struct store_setup setup = { "test", "", 1, on_reject, &told, NULL };
    const struct souk_rows rows = { columns, cell, n_columns, n_rows, 0, 0 };
    assert_well(db_begin(db, err), err);
    assert_well(store_begin(&s, db, &setup, err), err);
    int rc = store_put(s, kind, &rows, on_outcome, &told, err);
    if (rc == 0)
        rc = store_finish(s, err);
    store_end(s);
    buf_free(&told.rejects);
    return db_end(db, rc, err);
}

/* What a plugin must not do fails the import and names what was wrong. */
static void test_contract(void **state)
{
    (void)state;
    static const struct { const char *kind, *columns, *says; } cases[] = {
        { "orders", "line:count", "\"orders\"" },
        { "stock", "sku:text line:count", "line:count" },
        { "stock", "line:count sku:text colour:text", "\"colour:text\"" },
        { "stock", "line:count sku:text sku:text", "\"sku:text\"" },
        { "stock", "line:count sku:count", "\"sku:count\"" },
        { "stock", "line:count total:count", "sku:text" },
        { "stock", "", "line:count" },
    };
    struct db *db = account_new("contract.db");
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct err err = { 0 };
        assert_int_equal(put_raw(db, cases[i].kind, cases[i].columns, NULL, 2, 0, &err), -ERR_PLUGIN);
        if (!strstr(err.text, cases[i].says))
            fail_msg("%s", err.text);
    }
    struct souk_value cell[] = { souk_count(1), souk_text("a"), souk_text("many") };
    struct err err = { 0 };
    assert_int_equal(put_raw(db, "stock", "line:count sku:text total:count", cell, 3, 1, &err), -ERR_PLUGIN);
    assert_non_null(strstr(err.text, "total"));
    err_clear(&err);
    assert_int_equal(put_raw(db, "stock", "line:count sku:text total:count", cell, 2, 1, &err), -ERR_PLUGIN);
    err_clear(&err);
    cell[0] = souk_none();
    assert_int_equal(put_raw(db, "stock", "line:count sku:text total:count", cell, 3, 1, &err), -ERR_PLUGIN);
    err_clear(&err);
    assert_int_equal(put_raw(db, "stock", "line:count sku:text total:count", cell, 3, 0, &err), 0);
    db_close(db);
}

static void test_nul(void **state)
{
    (void)state;
    struct db *db = account_new("nul.db");
    struct err err = { 0 };
    struct souk_value cell[] = { souk_count(2), souk_market("A1PA6795UKMFR9"), souk_text("sku"), souk_text("title") };
    cell[3].text = (struct souk_str){ "a\0b", 3, 0 };
    assert_well(put_raw(db, "listing", "line:count market:market sku:text title:text", cell, 4, 1, &err), &err);
    assert_string_equal(answer(db, "SELECT title FROM v1_listings"), "a\uFFFDb\n");
    db_close(db);
}

/* ---- products -------------------------------------------------------------------------------- */

static const char *found(struct db *db, const char *kind, const char *words)
{
    static struct buf out;
    struct arena *a = arena_new("found", 4096);
    struct search_hit *hit;
    struct err err = { 0 };
    size_t n;
    buf_clear(&out);
    assert_well(search_find(db, a, kind, words, 50, &hit, &n, &err), &err);
    for (size_t i = 0; i < n; i++)
        buf_printf(&out, "%s%s", i ? " " : "", hit[i].ref);
    arena_free(a);
    return buf_str(&out);
}

static void test_titles_and_search(void **state)
{
    (void)state;
    struct db *db = account_new("search.db");
    static const char columns[] = "line:count order:text market:market purchased:instant updated:instant sku:text"
                                  " asin:text title:text";
    import_rows(db, &plain, "order_line", columns,
        "2|303-1|DE|2026-10-01T10:00:00Z|2026-10-02T10:00:00Z|AB-1|B0X1|Blaue Tasse\n"
        "3|303-2|US|2026-10-01T10:00:00Z|2026-10-03T10:00:00Z|AB-1|B0X1|Blue \"mug\"\n"
        "4|304-3|JP|2026-10-01T10:00:00Z|2026-10-01T12:00:00Z|AB-1|B0X1|\u9752\u3044\u30DE\u30B0\u30AB\u30C3\u30D7\n"
        "5|304-4|DE|2026-10-01T10:00:00Z|2026-10-01T12:00:00Z|ab-2|B0X2|\u9752\u3044\u30DE\u30B0\u30AB\u30C3\u30D7\n"
        "6|304-5|DE|2026-10-01T10:00:00Z|2026-10-01T12:00:00Z|B0-cup|C0X3|");
    assert_string_equal(answer(db, "SELECT sku, title FROM v1_sku_daily WHERE market = 'A1PA6795UKMFR9' AND sku = 'AB-1'"),
                        "AB-1|Blue \"mug\"\n");
    static const struct { const char *kind, *words, *refs; } cases[] = {
        { "listing", "mug", "sku:AB-1" },
        { "listing", "\"MUG\"", "sku:AB-1" },
        { "listing", "blaue", "" },                     /* the latest title counts */
        { "listing", "\u30DE\u30B0\u30AB", "sku:ab-2" },
        { "listing", "b0x", "sku:AB-1 sku:ab-2" },
        { "listing", "-cup", "sku:B0-cup" },
        { "listing", "b0", "sku:B0-cup sku:AB-1 sku:ab-2" },
        { "listing", "a", "sku:AB-1 sku:ab-2" },
        { "listing", "c0", "sku:B0-cup" },
        { "listing", "mug ab", "sku:AB-1" },
        { "listing", "mug c0", "" },
        { "listing", "a b0", "sku:AB-1 sku:ab-2" },
        { "listing", "OR AND NOT", "" },
        { "listing", "x' OR *", "" },
        { "listing", "mu\"g (mug*", "" },
        { "listing", "", "" },
        { "listing", "   ", "" },
        { "order", "303", "order:303-1 order:303-2" },
        { "order", " 304-4 ", "order:304-4" },
        { "order", "9", "" },
        { "order", "", "" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_string_equal(found(db, cases[i].kind, cases[i].words), cases[i].refs);

    /* A listing that is newer words the product anew; an older file does not. */
    const struct import old = { .as_of = "2026-01-01T00:00:00Z" };
    import_rows(db, &plain, "listing", "line:count market:market sku:text title:text", "2|DE|AB-1|Azure beaker\n3|DE|new-1|Spoon");
    import_rows(db, &old, "listing", "line:count market:market sku:text title:text", "2|US|AB-1|Grey bowl");
    assert_string_equal(found(db, "listing", "beaker"), "sku:AB-1");
    assert_string_equal(found(db, "listing", "mug"), "");
    assert_string_equal(found(db, "listing", "bowl"), "");
    assert_string_equal(found(db, "listing", "spoon"), "sku:new-1");

    struct err err = { 0 };
    struct search_hit *hit;
    size_t n;
    struct arena *a = arena_new("found", 4096);
    assert_int_equal(search_find(db, a, "colour", "x", 5, &hit, &n, &err), -ERR_INPUT);
    err_clear(&err);
    assert_well(search_find(db, a, "listing", "b0x", 1, &hit, &n, &err), &err);
    assert_int_equal(n, 1);
    arena_free(a);
    db_close(db);
}

/* ---- listings and stock ---------------------------------------------------------------------- */

static void test_listings(void **state)
{
    (void)state;
    static const char columns[] = "line:count market:market sku:text title:text price:money quantity:count status:text"
                                  " fulfilment:text opened:instant";
    static const struct { const char *as_of, *columns, *row; int accepted; const char *now, *days; } cases[] = {
        { "2026-10-01T12:00:00Z", columns, "2|DE|a|Mug|9.99 EUR|5|Active|seller|2013-01-07T15:35:42Z", 1,
          "Mug|EUR|999|5|Active|seller\n", "20727|999|5|Active\n" },
        { "2026-10-01T12:00:00Z", columns, "2|DE|a|Mug|9.99 EUR|5|Active|seller|2013-01-07T15:35:42Z", 0,
          "Mug|EUR|999|5|Active|seller\n", "20727|999|5|Active\n" },
        { "2026-09-01T12:00:00Z", columns, "2|DE|a|Cup|1.99 EUR|9|Inactive|seller|", 0,
          "Mug|EUR|999|5|Active|seller\n", "20727|999|5|Active\n" },
        { "2026-10-02T12:00:00Z", columns, "2|DE|a|Mug|9.99 EUR|5|Active|seller|2013-01-07T15:35:42Z", 0,
          "Mug|EUR|999|5|Active|seller\n", "20727|999|5|Active\n" },
        { "2026-10-03T12:00:00Z", columns, "2|DE|a||8.99 EUR||Active|marketplace|", 1,        /* empty is not 0 */
          "Mug|EUR|899|-|Active|marketplace\n", "20727|999|5|Active\n20729|899|-|Active\n" },
        { "2026-10-03T13:00:00Z", "line:count market:market sku:text quantity:count", "2|DE|a|3", 1,
          "Mug|EUR|899|3|Active|marketplace\n", "20727|999|5|Active\n20729|899|3|Active\n" },
        { "2026-10-04T13:00:00Z", "line:count market:market sku:text price:money", "2|DE|a|7.00 EUR", 1,
          "Mug|EUR|700|3|Active|marketplace\n", "20727|999|5|Active\n20729|899|3|Active\n20730|700|3|Active\n" },
        { "2026-10-05T13:00:00Z", "line:count market:market sku:text title:text", "2|DE|a|Mug XL", 1,
          "Mug XL|EUR|700|3|Active|marketplace\n", "20727|999|5|Active\n20729|899|3|Active\n20730|700|3|Active\n" },
    };
    struct db *db = account_new("listings.db");
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct import how = { .as_of = cases[i].as_of };
        assert_told(import_rows(db, &how, "listing", cases[i].columns, cases[i].row), cases[i].accepted, !cases[i].accepted, "");
        assert_string_equal(answer(db, "SELECT title, currency, price, quantity, status, fulfilment FROM v1_listings"),
                            cases[i].now);
        assert_string_equal(answer(db, "SELECT day, price, quantity, status FROM v1_listings_daily ORDER BY day"), cases[i].days);
    }
    assert_string_equal(answer(db, "SELECT opened, told FROM v1_listings"), "1357572942|1791205200\n");
    assert_told(import_rows(db, &plain, "listing", columns, "2||a||||||\n3|DE|a||1 QQQ||||\n4|DE|a|||3000000000|||\n"
                            "5|DE|a|||||Merchant|\n6|DE|a||||||1950-01-01T00:00:00Z"), 0, 0,
                "2 market reject.needed\n3 price reject.currency\n4 quantity reject.range\n5 fulfilment reject.fulfilment\n"
                "6 opened reject.date\n");
    db_close(db);
}

static void test_stock(void **state)
{
    (void)state;
    struct db *db = account_new("stock.db");
    static const char columns[] = "line:count market:market sku:text fnsku:text fulfillable:count unsellable:count"
                                  " reserved:count total:count";
    static const char now[] = "SELECT fnsku, fulfillable, unsellable, reserved, total FROM v1_stock";
    const struct import later = { .as_of = "2026-11-02T00:00:00Z" }, before = { .as_of = "2026-10-02T00:00:00Z" };
    assert_told(import_rows(db, &plain, "stock", columns, "2|DE|a|X1|5|1|2|8"), 1, 0, "");
    assert_told(import_rows(db, &plain, "stock", columns, "2|DE|a|X1|5|1|2|8"), 0, 1, "");
    /* Sellable and unsellable stand in rows of their own: what a row leaves out stays. */
    assert_told(import_rows(db, &later, "stock", columns, "2|DE|a||4||||\n3|DE|a|||0||\n4|DE|a|||0||"), 2, 1, "");
    assert_string_equal(answer(db, now), "X1|4|0|2|8\n");
    assert_told(import_rows(db, &before, "stock", columns, "2|DE|a||9||||"), 0, 1, "");
    assert_string_equal(answer(db, now), "X1|4|0|2|8\n");
    assert_string_equal(answer(db, "SELECT day, fulfillable, reserved, total FROM v1_stock_daily ORDER BY day"),
                        "20758|5|2|8\n20759|4|2|8\n");
    db_close(db);
}

/* ---- settlements ----------------------------------------------------------------------------- */

static const char cycle[] = "line:count settlement:text currency:currency started:instant ended:instant deposited:instant"
                            " total:money";
static const char ledger[] = "line:count settlement:text market:market posted:instant type:text kind:text detail:text"
                             " order:text sku:text quantity:count amount:money";

/* A settlement file: its totals row and its lines in one import, and the check that follows. */
static struct told import_settlement(struct db *db, const char *format, const char *total, const char *rows,
                                     struct store_check *check)
{
    struct err err = { 0 };
    struct told told = { 0 };
    struct arena *a = arena_new("settlement", 4096);
    const struct store_setup setup = { format, "", 1793491200, on_reject, &told, NULL };
    struct souk_rows cycle_rows = rows_of(a, cycle, total), ledger_rows = rows_of(a, ledger, rows);
    struct store *s;
    memset(check, 0, sizeof *check);
    assert_well(db_begin(db, &err), &err);
    assert_well(store_begin(&s, db, &setup, &err), &err);
    assert_well(store_put(s, "cycle", &cycle_rows, on_outcome, &told, &err), &err);
    assert_well(store_put(s, "ledger", &ledger_rows, on_outcome, &told, &err), &err);
    assert_well(store_finish(s, &err), &err);
    if (store_check_at(s, 0, check)) {
        struct store_check second;
        assert_false(store_check_at(s, 1, &second));
        check->settlement_id = NULL;                    /* ends with the store */
    }
    store_end(s);
    assert_well(db_end(db, 0, &err), &err);
    arena_free(a);
    return told;
}

static const char settlement_total[] =
    "2|7293|EUR|2026-09-01T00:00:00Z|2026-09-15T00:00:00Z|2026-09-17T00:00:00Z|16.98 EUR";
static const char settlement_rows[] =
    "3|7293||2026-09-02T10:00:00Z|other-transaction|other-transaction|Storage Fee||||-1.01 EUR\n"
    "4|7293||2026-09-02T10:00:00Z|other-transaction|other-transaction|Storage Fee||||-1.01 EUR\n"
    "5|7293|DE|2026-09-03T10:00:00Z|Order|ItemPrice|Principal|303-1|a|1|20.00 EUR\n"
    "6|7293|FR|2026-09-03T10:00:00Z|Order|ItemFees|Commission|303-1|a|1|-1.00 EUR\n";

static void test_settlement(void **state)
{
    (void)state;
    struct db *db = account_new("settlement.db");
    struct store_check check;
    struct err err = { 0 };
    for (int again = 0; again < 3; again++) {
        struct told told = import_settlement(db, "v2", settlement_total, settlement_rows, &check);
        assert_told(told, again ? 0 : 5, again ? 5 : 0, "");
        assert_int_equal(check.total_minor, 1698);
        assert_int_equal(check.sum_minor, 1698);
    }
    assert_string_equal(answer(db, "SELECT settlement_id, market, currency, started, ended, deposited, total, lines,"
                                   " line_sum, missing FROM v1_cycles"),
        "7293|A1PA6795UKMFR9|EUR|1788220800|1789430400|1789603200|1698|4|1698|0\n");
    assert_string_equal(answer(db, "SELECT type, kind, detail, lines, amount FROM v1_cycle_totals ORDER BY detail"),
        "Order|ItemFees|Commission|1|-100\nOrder|ItemPrice|Principal|1|2000\n"
        "other-transaction|other-transaction|Storage Fee|2|-202\n");
    assert_string_equal(answer(db, "SELECT count(*) FROM v1_events"), "0\n");
    assert_well(store_verify_ledger(db, 0, &err), &err);

    /* The same settlement in the other format would count twice. */
    assert_told(import_settlement(db, "v1", settlement_total, settlement_rows, &check), 0, 0,
        "2 settlement reject.cycle_format\n3 settlement reject.cycle_format\n4 settlement reject.cycle_format\n"
        "5 settlement reject.cycle_format\n6 settlement reject.cycle_format\n");

    /* What was told before must not be told otherwise. */
    assert_told(import_settlement(db, "v2", "2|7293|EUR||||16.99 EUR\n3|7293|USD||||\n4|7293|EUR||||1.00 USD\n5|7293|XXQ||||",
        "6|7293|||||||x||1.00 USD\n7|9999||||||||1|1.00 EUR\n8|7293|||||||1|", &check), 0, 0,
        "2 total reject.cycle_differs\n3 currency reject.currencies\n4 total reject.currencies\n5 currency reject.currency\n"
        "6 amount reject.currencies\n7 settlement reject.cycle_unknown\n8 amount reject.needed\n");
    db_close(db);
}

static void test_unbalanced(void **state)
{
    (void)state;
    struct db *db = account_new("unbalanced.db");
    struct store_check check;
    /* A cycle told bit by bit, and an event each time it changes and does not add up. */
    assert_told(import_settlement(db, "v2", "2|8|EUR||||", "3|8|||Order||||||5.00 EUR\n", &check), 2, 0, "");
    assert_string_equal(answer(db, "SELECT count(*) FROM v1_events"), "0\n");
    assert_told(import_settlement(db, "v2", "2|8|EUR|||2026-09-17T00:00:00Z|7.00 EUR", "", &check), 1, 0, "");
    assert_int_equal(check.total_minor - check.sum_minor, 200);
    assert_told(import_settlement(db, "v2", "2|8|EUR||||7.00 EUR", "3|8|||Order||||||5.00 EUR\n", &check), 0, 2, "");
    assert_int_equal(check.total_minor - check.sum_minor, 200);
    assert_string_equal(answer(db, "SELECT kind, ref, data FROM v1_events"),
        "settlement.unbalanced|cycle:8|{\"settlement\":\"8\",\"currency\":\"EUR\",\"total\":700,\"sum\":500}\n");
    assert_told(import_settlement(db, "v2", "2|8|EUR||||7.00 EUR", "3|8|||Order||||||5.00 EUR\n4|8|||Fee||||||2.00 EUR\n", &check),
                1, 2, "");
    assert_int_equal(check.total_minor, check.sum_minor);
    assert_string_equal(answer(db, "SELECT count(*) FROM v1_events"), "1\n");
    db_close(db);
}

/* Each change of the ledger is found, and where. */
static void test_seals(void **state)
{
    (void)state;
    static const struct { const char *name, *sql, *says; } cases[] = {
        { "amount", "UPDATE ledger SET minor = minor + 1 WHERE no = 3", "Entry 3 " },
        { "order", "UPDATE ledger SET order_id = '303-2' WHERE no = 4", "Entry 4 " },
        { "type emptied", "UPDATE ledger SET type = '' WHERE no = 1", "Entry 1 " },
        { "told made not told", "UPDATE ledger SET quantity = NULL WHERE no = 4", "Entry 4 " },
        { "fingerprint", "UPDATE ledger SET fingerprint = 5 WHERE no = 2", "Entry 2 " },
        { "seal", "UPDATE ledger SET seal = x'00' WHERE no = 2", "Entry 2 " },
        { "settlement", "UPDATE cycle SET settlement_id = '7294'", "Entry 1 " },
        { "currency", "UPDATE cycle SET currency = 'USD'", "Entry 1 " },
        { "market", "UPDATE market SET id = 'x' WHERE id = 'A13V1IB3VIYZZH'", "Entry 4 " },
        { "taken out", "DELETE FROM ledger WHERE no = 2", "Entry 2 " },
        { "cut off", "DELETE FROM ledger WHERE no = 4", "ends with entry 3, but 4 " },
        { "two exchanged", "UPDATE ledger SET no = 9 WHERE no = 1; UPDATE ledger SET no = 1 WHERE no = 2;"
                           "UPDATE ledger SET no = 2 WHERE no = 9", NULL },
    };
    struct db *db = account_new("seals.db");
    struct store_check check;
    struct err err = { 0 };
    assert_well(store_verify_ledger(db, 0, &err), &err);
    import_settlement(db, "v2", settlement_total, settlement_rows, &check);
    for (int64_t n = 0; n <= 5; n++)
        assert_well(store_verify_ledger(db, n, &err), &err);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_well(db_begin(db, &err), &err);
        run_sql(db, cases[i].sql);
        int rc = store_verify_ledger(db, 0, &err);
        if (rc != -ERR_CORRUPT || (cases[i].says && !strstr(err.text, cases[i].says)))
            fail_msg("%s: %s", cases[i].name, err.text);
        assert_int_equal(db_end(db, rc, &err), -ERR_CORRUPT);
        err_clear(&err);
    }
    /* The last rows alone: what lies before them is not looked at. */
    run_sql(db, "UPDATE ledger SET minor = minor + 1 WHERE no = 1");
    assert_well(store_verify_ledger(db, 2, &err), &err);
    assert_int_equal(store_verify_ledger(db, 4, &err), -ERR_CORRUPT);
    db_close(db);
}

/* ---- payments -------------------------------------------------------------------------------- */

static void test_payments(void **state)
{
    (void)state;
    struct db *db = account_new("payments.db");
    static const char columns[] = "line:count posted:instant market:market settlement:text type:text is_transfer:bool"
                                  " order:text sku:text description:text quantity:count product:money fees:money total:money";
    static const char january[] =
        "8|2026-01-03T10:00:00Z|US|55|Order|0|111-1|a|Mug|1|20.00 USD|-3.00 USD|17.00 USD\n"
        "9|2026-01-04T10:00:00Z||55|Service Fee|0|||Storage|||-1.00 USD|-1.00 USD\n"
        "10|2026-01-04T10:00:00Z||55|Service Fee|0|||Storage|||-1.00 USD|-1.00 USD\n"
        "11|2026-01-15T10:00:00Z||55|Transfer|1|||To your account||||-15.00 USD\n";
    static const char half[] =
        "8|2026-01-04T10:00:00Z||55|Service Fee|0|||Storage|||-1.00 USD|-1.00 USD\n"
        "9|2026-01-04T10:00:00Z||55|Service Fee|0|||Storage|||-1.00 USD|-1.00 USD\n"
        "10|2026-02-01T10:00:00Z|US||Refund|0|111-1|a|Mug|1|-20.00 USD|3.00 USD|-17.00 USD\n";
    assert_told(import_rows(db, &plain, "payment", columns, january), 4, 0, "");
    assert_told(import_rows(db, &plain, "payment", columns, january), 0, 4, "");
    assert_told(import_rows(db, &plain, "payment", columns, half), 1, 2, "");     /* files may overlap */
    assert_string_equal(answer(db, "SELECT settlement_id, is_closed, market, type, lines, amount FROM v1_payment_totals"
                                   " ORDER BY settlement_id, type"),
        "|0|ATVPDKIKX0DER|Refund|1|-1700\n55|0|ATVPDKIKX0DER|Order|1|1700\n55|0|-|Service Fee|2|-200\n");
    assert_string_equal(answer(db, "SELECT type, is_transfer, quantity, product, fees, total FROM v1_payments ORDER BY posted, type"),
        "Order|0|1|2000|-300|1700\nService Fee|0|-|-|-100|-100\nService Fee|0|-|-|-100|-100\nTransfer|1|-|-|-|-1500\n"
        "Refund|0|1|-2000|300|-1700\n");
    assert_told(import_rows(db, &plain, "payment", columns,
        "8||US||Order|0||||||||1.00 USD\n9|2026-01-01T00:00:00Z|US|||0||||||||1.00 USD\n"
        "10|2026-01-01T00:00:00Z|US||Order|0|||||1.00 EUR||1.00 USD"), 0, 0,
        "8 posted reject.needed\n9 type reject.needed\n10 product reject.currencies\n");
    db_close(db);
}

/* Rows of one report after another, told at these instants. */
static void test_payments_held(void **state)
{
    (void)state;
    struct db *db = account_new("held.db");
    static const char columns[] = "line:count posted:instant market:market settlement:text type:text is_transfer:bool"
                                  " order:text total:money status:text release:instant";
    static const char open[] =
        "1|2026-07-01T10:00:00Z|US|55|Order|0|111-1|17.00 USD|Deferred|\n"
        "2|2026-07-02T10:00:00Z|US|55|Order|0|111-2|10.00 USD|Deferred|2026-07-21T03:00:00Z\n"
        "3|2026-07-03T10:00:00Z|US|55|Order|0|111-3|5.00 USD|released|2026-07-05T10:00:00Z\n"
        "4|2026-07-04T10:00:00Z|US|55|Order|0|111-4|2.00 USD|Sorted|2026-07-05T10:00:00Z\n"    /* lies behind: free */
        "5|2026-07-05T10:00:00Z||55|Transfer|1||-1.00 USD|Deferred|\n"
        "6|2026-07-06T10:00:00Z|US|55|Order|0|111-6|1.00 USD|Deferred|\n"
        "7|2026-07-06T10:00:00Z|US|55|Order|0|111-6|1.00 USD|Deferred|\n";
    /* The first is free and belongs to the next settlement, the second only has another day. */
    static const char later[] =
        "1|2026-07-01T10:00:00Z|US|56|Order|0|111-1|17.00 USD|released|2026-07-16T10:00:00Z\n"
        "2|2026-07-02T10:00:00Z|US|55|Order|0|111-2|10.00 USD|Deferred|2026-07-22T12:00:00Z\n"
        "3|2026-07-03T10:00:00Z|US|55|Order|0|111-3|5.00 USD|released|2026-07-05T10:00:00Z\n";
    const struct import july = { .as_of = "2026-07-13T00:00:00Z" }, then = { .as_of = "2026-07-21T00:00:00Z" };
    static const char held[] = "SELECT settlement_id, market, status, release_day, lines, amount FROM v1_payments_held"
                               " ORDER BY settlement_id, release_day";
    static const char totals[] = "SELECT settlement_id, lines, amount FROM v1_payment_totals ORDER BY settlement_id";

    assert_told(import_rows(db, &july, "payment", columns, open), 7, 0, "");
    /* 20 July in Los Angeles, where it is 8 in the evening. */
    assert_string_equal(answer(db, held), "55|ATVPDKIKX0DER|Deferred|-|3|1900\n55|ATVPDKIKX0DER|Deferred|20654|1|1000\n");
    assert_string_equal(answer(db, totals), "55|6|3600\n");
    assert_told(import_rows(db, &july, "payment", columns, open), 0, 7, "");

    assert_told(import_rows(db, &then, "payment", columns, later), 2, 1, "");
    assert_string_equal(answer(db, held), "55|ATVPDKIKX0DER|Deferred|-|2|200\n55|ATVPDKIKX0DER|Deferred|20656|1|1000\n");
    assert_string_equal(answer(db, totals), "55|5|1900\n56|1|1700\n");
    assert_string_equal(answer(db, "SELECT settlement_id, status, is_held, release_day FROM v1_payments WHERE order_id = '111-1'"),
                        "56|released|0|20650\n");

    /* The older report again changes nothing, and makes no payment twice. */
    assert_told(import_rows(db, &july, "payment", columns, open), 0, 7, "");
    assert_string_equal(answer(db, totals), "55|5|1900\n56|1|1700\n");

    /* A report without statuses told of it before: it is the same payment. */
    assert_told(import_rows(db, &plain, "payment", "line:count posted:instant market:market settlement:text type:text"
        " order:text total:money", "1|2026-08-01T10:00:00Z|US|57|Order|111-9|9.00 USD\n"), 1, 0, "");
    assert_told(import_rows(db, &then, "payment", columns,
        "1|2026-08-01T10:00:00Z|US|57|Order|0|111-9|9.00 USD|Deferred|\n"), 1, 0, "");
    assert_string_equal(answer(db, "SELECT count(*), sum(is_held) FROM v1_payments WHERE order_id = '111-9'"), "1|1\n");
    db_close(db);
}

/* ---- plugins' own records -------------------------------------------------------------------- */

static void test_kept(void **state)
{
    (void)state;
    struct db *db = account_new("kept.db");
    struct err err = { 0 };
    struct arena *a = arena_new("kept", 4096);
    const char *at;
    size_t n;
    assert_int_equal(store_kept(db, a, "p", "k", &at, &n, &err), -ERR_ABSENT);
    err_clear(&err);
    assert_well(store_keep(db, "p", "k", "one\0two", 7, &err), &err);
    assert_well(store_keep(db, "q", "k", "other", 5, &err), &err);
    assert_well(store_kept(db, a, "p", "k", &at, &n, &err), &err);
    assert_int_equal(n, 7);
    assert_memory_equal(at, "one\0two", 8);
    assert_well(store_keep(db, "p", "k", "", 0, &err), &err);
    assert_well(store_kept(db, a, "p", "k", &at, &n, &err), &err);
    assert_int_equal(n, 0);
    assert_well(store_keep(db, "p", "k", NULL, 0, &err), &err);
    assert_int_equal(store_kept(db, a, "p", "k", &at, &n, &err), -ERR_ABSENT);
    err_clear(&err);
    char *much = base_alloc(6 << 20);
    assert_well(store_keep(db, "p", "first", much, 6 << 20, &err), &err);
    assert_well(store_keep(db, "p", "first", much, 6 << 20, &err), &err);
    assert_int_equal(store_keep(db, "p", "second", much, 6 << 20, &err), -ERR_DENIED);
    err_clear(&err);
    assert_well(store_keep(db, "q", "second", much, 6 << 20, &err), &err);
    free(much);
    arena_free(a);
    db_close(db);
}

/* Every column is documented, and every type is one that a batch may have. */
static void test_kinds(void **state)
{
    (void)state;
    size_t n = 0;
    for (const struct store_kind *k = store_kinds; k->name; k++, n++) {
        assert_true(*k->meaning);
        assert_string_equal(k->columns[0].name, "line");
        for (size_t i = 0; i < k->n_columns; i++) {
            assert_non_null(k->columns[i].name);
            assert_true(*k->columns[i].meaning);
            assert_true(strstr(" text bool count money instant day market currency ", k->columns[i].type) != NULL);
        }
    }
    assert_int_equal(n, 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_states),
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_updates),
        cmocka_unit_test(test_ordinals),
        cmocka_unit_test(test_split_order),
        cmocka_unit_test(test_apart),
        cmocka_unit_test(test_groups),
        cmocka_unit_test(test_line_rejects),
        cmocka_unit_test(test_file_market),
        cmocka_unit_test(test_contract),
        cmocka_unit_test(test_nul),
        cmocka_unit_test(test_titles_and_search),
        cmocka_unit_test(test_listings),
        cmocka_unit_test(test_stock),
        cmocka_unit_test(test_settlement),
        cmocka_unit_test(test_unbalanced),
        cmocka_unit_test(test_seals),
        cmocka_unit_test(test_payments),
        cmocka_unit_test(test_payments_held),
        cmocka_unit_test(test_kept),
        cmocka_unit_test(test_kinds),
    };
    return cmocka_run_group_tests_name("store", tests, scratch_make, scratch_remove);
}
