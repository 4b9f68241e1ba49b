/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_roll.c: kept totals are what counting the records gives, after any history of imports.
 *
 * A made-up shop is imported again and again: new orders, changed states, markets, prices, cancelled
 * items, older files.  After each import the totals are compared with sums over the records, and then
 * with what roll_rebuild makes of them.
 */
#include "data.h"

#include "data/roll.h"

static const char columns[] =
    "line:count order:text market:market purchased:instant updated:instant status:text fulfilment:text"
    " is_business:bool sku:text item_status:text quantity:count price:money";

static uint32_t random_next;

static uint32_t pick(uint32_t n)
{
    random_next = random_next * 1664525u + 1013904223u;
    return (random_next >> 8) % n;
}

/* ---- the same totals, in one statement each -------------------------------------------------- */

static const struct { const char *name, *kept, *counted; } totals[] = {
    { "sales_hour in Japan, where SQL can count hours, too: there is no summer time",
      "SELECT day, hour, state, currency, fulfilment, is_business, orders, lines, unpriced, units, sales_minor"
      " FROM sales_hour WHERE market_no = (SELECT no FROM market WHERE id = 'A1VC38T7YXB528')"
      " ORDER BY 1, 2, 3, 4, 5, 6",
      "WITH place AS (SELECT o.no, (o.purchase_s + 32400) / 86400 AS day, (o.purchase_s + 32400) % 86400 / 3600 AS hour,"
      "   CASE o.fulfilment WHEN 'seller' THEN 1 ELSE 2 END AS by_whom, o.is_business AS is_business, s.state AS state"
      "   FROM orders o JOIN status s ON s.no = o.status_no"
      "   WHERE o.market_no = (SELECT no FROM market WHERE id = 'A1VC38T7YXB528')),"
      " item AS (SELECT day, hour, state, 'JPY' AS currency, by_whom, is_business, 1 AS orders, 0 AS lines, 0 AS unpriced,"
      "   0 AS units, 0 AS sales FROM place"
      "  UNION ALL SELECT day, hour, CASE l.is_cancelled WHEN 1 THEN 'cancelled' ELSE state END,"
      "   coalesce(l.currency, 'JPY'), by_whom, is_business, 0, 1, l.price_minor IS NULL, l.quantity,"
      "   coalesce(l.price_minor, 0) FROM place JOIN order_line l ON l.order_no = no)"
      " SELECT day, hour, state, currency, by_whom, is_business, sum(orders), sum(lines), sum(unpriced), sum(units),"
      "  sum(sales) FROM item GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6" },
    { "sales_day is the sum of sales_hour",
      "SELECT market_no, day, fulfilment, is_business, state, currency, orders, lines, unpriced, units, sales_minor"
      " FROM sales_day ORDER BY 1, 2, 3, 4, 5, 6",
      "SELECT market_no, day, fulfilment, is_business, state, currency, sum(orders), sum(lines), sum(unpriced),"
      " sum(units), sum(sales_minor) FROM sales_hour GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6" },
    { "sku_day",
      "SELECT market_no, day, sku_no, currency, lines, units, sales_minor FROM sku_day ORDER BY 1, 2, 3, 4",
      "SELECT o.market_no, o.purchase_day, l.sku_no, coalesce(l.currency, CASE m.id WHEN 'A1PA6795UKMFR9' THEN 'EUR'"
      "  WHEN 'ATVPDKIKX0DER' THEN 'USD' ELSE 'JPY' END), count(*), sum(l.quantity), sum(coalesce(l.price_minor, 0))"
      " FROM orders o JOIN order_line l ON l.order_no = o.no JOIN status s ON s.no = o.status_no"
      "  JOIN market m ON m.no = o.market_no"
      " WHERE l.is_cancelled = 0 AND s.state <> 'cancelled' GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4" },
    { "sku_30 is the sum of 30 days of sku_day",
      "SELECT market_no, sku_no, currency, lines, units, sales_minor FROM sku_30 ORDER BY 1, 2, 3",
      "SELECT d.market_no, d.sku_no, d.currency, sum(d.lines), sum(d.units), sum(d.sales_minor)"
      " FROM sku_day d JOIN market m ON m.no = d.market_no"
      " WHERE d.day > m.window_day - 30 AND d.day <= m.window_day GROUP BY 1, 2, 3 ORDER BY 1, 2, 3" },
    { "the window ends with the last day that has orders",
      "SELECT no, window_day FROM market ORDER BY 1",
      "SELECT m.no, coalesce(max(o.purchase_day), 0) FROM market m LEFT JOIN orders o ON o.market_no = m.no"
      " GROUP BY 1 ORDER BY 1" },
    { "shipped_hour",
      "SELECT market_no, hour, fulfilment, orders FROM shipped_hour ORDER BY 1, 2, 3",
      "SELECT market_no, shipped_s / 3600, CASE fulfilment WHEN 'seller' THEN 1 ELSE 2 END, count(*) FROM orders"
      " WHERE shipped_s IS NOT NULL GROUP BY 1, 2, 3 ORDER BY 1, 2, 3" },
    { "ship_pair in Japan, where SQL can count days, too",
      "SELECT purchase_day, ship_day, state, orders FROM ship_pair"
      " WHERE market_no = (SELECT no FROM market WHERE id = 'A1VC38T7YXB528') ORDER BY 1, 2, 3",
      "SELECT o.purchase_day, coalesce((o.shipped_s + 32400) / 86400, -1), s.state, count(*) FROM orders o"
      " JOIN status s ON s.no = o.status_no WHERE o.fulfilment = 'seller'"
      "  AND o.market_no = (SELECT no FROM market WHERE id = 'A1VC38T7YXB528') GROUP BY 1, 2, 3 ORDER BY 1, 2, 3" },
    { "ship_pair everywhere, but for the day of shipping",
      "SELECT market_no, purchase_day, state, CASE ship_day WHEN -1 THEN 0 ELSE 1 END, sum(orders) FROM ship_pair"
      " GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4",
      "SELECT o.market_no, o.purchase_day, s.state, CASE WHEN o.shipped_s IS NULL THEN 0 ELSE 1 END, count(*)"
      " FROM orders o JOIN status s ON s.no = o.status_no WHERE o.fulfilment = 'seller'"
      " GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4" },
    { "ledger_day in Japan and without a market, where SQL can count days, too",
      "SELECT market_no, day, currency, part, lines, minor FROM ledger_day"
      " WHERE market_no IN (0, (SELECT no FROM market WHERE id = 'A1VC38T7YXB528')) ORDER BY 1, 2, 3, 4",
      "SELECT coalesce(l.market_no, 0), coalesce((l.posted_s + CASE WHEN l.market_no IS NULL THEN 0 ELSE 32400 END) / 86400, -1),"
      "  c.currency, CASE WHEN l.kind = 'ItemFees' THEN 'fees' WHEN l.kind = 'Promotion' THEN 'promotions'"
      "   WHEN l.detail = 'Tax' THEN 'tax' WHEN l.detail = 'Current Reserve Amount' THEN 'reserve' WHEN l.type = 'Refund' THEN 'refunds'"
      "   WHEN l.kind = 'ItemPrice' THEN 'sales' ELSE 'other' END, count(*), sum(l.minor)"
      " FROM ledger l JOIN cycle c ON c.no = l.cycle_no"
      " WHERE l.market_no IS NULL OR l.market_no = (SELECT no FROM market WHERE id = 'A1VC38T7YXB528')"
      " GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4" },
    { "ledger_day adds up to the ledger, to the cent",
      "SELECT d.market_no, d.currency, sum(d.lines), sum(d.minor) FROM ledger_day d GROUP BY 1, 2 ORDER BY 1, 2",
      "SELECT coalesce(l.market_no, 0), c.currency, count(*), sum(l.minor) FROM ledger l JOIN cycle c ON c.no = l.cycle_no"
      " GROUP BY 1, 2 ORDER BY 1, 2" },
    { "open_day",
      "SELECT market_no, fulfilment, state, day, orders FROM open_day ORDER BY 1, 2, 3, 4",
      "SELECT o.market_no, CASE o.fulfilment WHEN 'seller' THEN 1 ELSE 2 END, s.state, o.purchase_day, count(*)"
      " FROM orders o JOIN status s ON s.no = o.status_no WHERE s.state IN ('pending', 'unshipped') AND o.is_open = 1"
      " GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4" },
    { "cycle_total",
      "SELECT cycle_no, type, kind, detail, lines, minor FROM cycle_total ORDER BY 1, 2, 3, 4",
      "SELECT cycle_no, type, kind, detail, count(*), sum(minor) FROM ledger GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4" },
    { "sums of cycles",
      "SELECT no, lines, sum_minor FROM cycle ORDER BY 1",
      "SELECT c.no, count(l.no), coalesce(sum(l.minor), 0) FROM cycle c LEFT JOIN ledger l ON l.cycle_no = c.no"
      " GROUP BY 1 ORDER BY 1" },
    { "payment_total",
      "SELECT settlement_id, currency, type, market_no, lines, minor, first_s, last_s FROM payment_total"
      " ORDER BY 1, 2, 3, 4",
      "SELECT coalesce(settlement_id, ''), currency, type, coalesce(market_no, 0), count(*), sum(total_minor),"
      " min(posted_s), max(posted_s) FROM payment WHERE is_transfer = 0 GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4" },
    { "payment_held",
      "SELECT currency, market_no, settlement_id, status, release_day, lines, minor FROM payment_held ORDER BY 1, 2, 3, 4, 5",
      "SELECT currency, coalesce(market_no, 0), coalesce(settlement_id, ''), status, coalesce(release_day, -1), count(*),"
      " sum(total_minor) FROM payment WHERE is_held = 1 GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5" },
};

static void check_totals(struct db *db)
{
    struct err err = { 0 };
    for (size_t i = 0; i < COUNT_OF(totals); i++) {
        char *kept = base_text(answer(db, totals[i].kept));
        if (strcmp(kept, answer(db, totals[i].counted)) != 0)
            print_error("%s\n", totals[i].name);
        assert_string_equal(kept, answer(db, totals[i].counted));
        free(kept);
    }
    /* Counting anew changes nothing, not even in what order rows lie. */
    struct buf before = { 0 };
    for (size_t i = 0; i < COUNT_OF(totals); i++)
        buf_text(&before, answer(db, totals[i].kept));
    buf_text(&before, answer(db, "SELECT market_no, day, hour, state, currency, orders, lines, units FROM sales_hour"));
    assert_well(db_begin(db, &err), &err);
    assert_well(db_end(db, roll_rebuild(db, &err), &err), &err);
    struct buf after = { 0 };
    for (size_t i = 0; i < COUNT_OF(totals); i++)
        buf_text(&after, answer(db, totals[i].kept));
    buf_text(&after, answer(db, "SELECT market_no, day, hour, state, currency, orders, lines, units FROM sales_hour"));
    assert_string_equal(buf_str(&before), buf_str(&after));
    buf_free(&before);
    buf_free(&after);
}

/* ---- a made-up history ----------------------------------------------------------------------- */

/* Order k as a file says it that was made `at` seconds into the history; the later, the more has happened. */
static void say_order(struct buf *out, int *line, uint32_t k, int64_t at)
{
    static const char *const markets_of[] = { "DE", "US", "JP" }, *const currency[] = { "EUR", "USD", "JPY" };
    static const char *const status[] = { "Pending", "Unshipped", "Shipped", "Shipped - Delivered to Buyer",
                                          "Cancelled", "Abandoned" };
    int64_t purchase_s = 1774000000 + k * 4001;         /* over the change to summer time, 92 days in all */
    uint32_t m = (k + (pick(40) == 0)) % 3, state = pick(6), lines = 1 + k % 3;
    for (uint32_t i = 0; i < lines; i++) {
        buf_printf(out, "%d|order-%u|%s|", ++*line, k, markets_of[m]);
        buf_instant(out, purchase_s + (pick(50) == 0 ? 90000 : 0) * (i == 0));
        buf_char(out, '|');
        buf_instant(out, purchase_s + at);
        buf_printf(out, "|%s|%s|%u|sku-%u|%s|%u|", status[state], k % 2 ? "seller" : "marketplace", k % 7 == 0,
                   (k + i / 2) % 23, pick(8) ? "" : "Cancelled", pick(4));
        if (state)
            buf_printf(out, "%u %s", pick(900), currency[pick(30) ? m : 0]);
        buf_char(out, '\n');
    }
}

static void test_orders(void **state)
{
    (void)state;
    struct db *db = account_new("orders.db");
    struct buf file = { 0 };
    random_next = 7;
    for (int round = 0; round < 24; round++) {
        int line = 0;
        buf_clear(&file);
        for (uint32_t i = 0; i < 90; i++)
            say_order(&file, &line, pick(40 + 80 * (uint32_t)round), 3600 * (round + (int)pick(4) - 2));
        struct import how = { .batch = 1 + pick(60) };
        struct told told = import_rows(db, &how, "order_line", columns, buf_str(&file));
        assert_int_equal(told.n[STORE_ACCEPTED] + told.n[STORE_UNCHANGED], line);
        assert_true(told.n[STORE_ACCEPTED] > 0);
        check_totals(db);
        assert_string_equal(answer(db, "SELECT count(*) FROM order_line l LEFT JOIN orders o ON o.no = l.order_no"
                                       " WHERE o.no IS NULL"), "0\n");

        /* The same file again changes nothing, however it is cut into batches. */
        how.batch = 1 + pick(200);
        char *was = base_text(answer(db, "SELECT * FROM v1_order_lines ORDER BY order_id, sku, ordinal"));
        told = import_rows(db, &how, "order_line", columns, buf_str(&file));
        assert_int_equal(told.n[STORE_REJECTED], 0);
        assert_string_equal(was, answer(db, "SELECT * FROM v1_order_lines ORDER BY order_id, sku, ordinal"));
        check_totals(db);
        free(was);
    }
    buf_free(&file);
    db_close(db);
}

static void test_money(void **state)
{
    (void)state;
    struct db *db = account_new("money.db");
    struct buf cycles = { 0 }, ledger = { 0 }, payments = { 0 };
    random_next = 11;
    for (int round = 0; round < 6; round++) {
        int line = 0;
        buf_clear(&cycles);
        buf_clear(&ledger);
        buf_clear(&payments);
        for (int c = round; c < round + 3; c++) {
            static const char *const lines[] = {
                "Order|ItemPrice|Principal", "Order|ItemPrice|Tax", "Order|ItemFees|Commission", "Order|Promotion|Shipping",
                "Refund|ItemPrice|Principal", "Refund|ItemFees|RefundCommission", "other-transaction|other-transaction|WAREHOUSE_DAMAGE",
                "other-transaction|other-transaction|Current Reserve Amount",
            };
            const char *currency = c % 2 ? "EUR" : "USD";
            buf_printf(&cycles, "%d|s-%d|%s|9.99 %s\n", ++line, c, currency, currency);
            for (uint32_t i = 0; i < 60; i++) {
                static const char *const where[] = { "DE", "JP", "" };
                buf_printf(&ledger, "%d|s-%d|%s|", ++line, c, where[pick(3)]);
                if (pick(12))
                    buf_instant(&ledger, 1777500000 + 3600 * (int64_t)pick(200));
                buf_printf(&ledger, "|%s|o-%u|%s%u.%02u %s\n", lines[pick(COUNT_OF(lines))], pick(9), pick(2) ? "-" : "",
                           pick(9), pick(100), currency);
            }
        }
        for (uint32_t i = 0; i < 80; i++) {
            uint32_t type = pick(4);                    /* one in four is a payout, which its type says */
            buf_printf(&payments, "%d|2026-0%u-01T00:00:00Z|%s|%s|%s|%u|-%u.00 EUR|%s|%s\n", ++line, 1 + pick(9),
                       pick(2) ? "DE" : "", pick(3) ? "s-3" : pick(2) ? "s-4" : "", (const char *[]){ "Transfer", "Order", "Refund", "Order" }[type],
                       type == 0, pick(30), (const char *[]){ "", "Deferred", "released" }[pick(3)],
                       (const char *[]){ "", "2026-10-01T00:00:00Z", "2026-10-09T23:30:00Z" }[pick(3)]);
        }
        const struct import how = { .batch = 50 };
        import_rows(db, &how, "cycle", "line:count settlement:text currency:currency total:money", buf_str(&cycles));
        struct told told = import_rows(db, &how, "ledger", "line:count settlement:text market:market posted:instant"
                                       " type:text kind:text detail:text order:text amount:money", buf_str(&ledger));
        assert_int_equal(told.n[STORE_REJECTED], 0);
        assert_true(told.n[STORE_ACCEPTED] > 0);
        import_rows(db, &how, "payment", "line:count posted:instant market:market settlement:text type:text"
                    " is_transfer:bool total:money status:text release:instant", buf_str(&payments));
        check_totals(db);
    }
    buf_free(&cycles);
    buf_free(&ledger);
    buf_free(&payments);
    db_close(db);
}

/* More keys than are gathered in memory at once. */
static void test_many_keys(void **state)
{
    (void)state;
    struct db *db = account_new("many.db");
    struct err err = { 0 };
    struct roll *r = roll_new(db);
    run_sql(db, "INSERT INTO market (no, id) VALUES (1, 'A1PA6795UKMFR9')");
    assert_well(db_begin(db, &err), &err);
    for (int64_t i = 0; i < 150000; i++) {
        struct roll_sale at = { .market_no = 1, .day = (int32_t)(20000 + i / 400), .hour = (int32_t)(i % 24),
                                .fulfilment = 1, .state = ROLL_SHIPPED, .currency = "EUR" };
        roll_order(r, &at, 1);
        roll_line(r, &at, i % 400 + 1, true, 2, 150, 1);
        assert_well(roll_flush(r, false, &err), &err);
    }
    assert_well(roll_finish(r, &err), &err);
    roll_free(r);
    assert_well(db_end(db, 0, &err), &err);
    assert_string_equal(answer(db, "SELECT count(*), sum(orders), sum(lines), sum(units), sum(sales_minor)"
                                   " FROM sales_day"), "375|150000|150000|300000|22500000\n");
    assert_string_equal(answer(db, "SELECT count(*), sum(lines), sum(sales_minor) FROM sku_day"),
                        "150000|150000|22500000\n");
    assert_string_equal(answer(db, "SELECT count(*), sum(lines) FROM sku_30"), "400|12000\n");
    assert_string_equal(answer(db, "SELECT window_day FROM market"), "20374\n");
    db_close(db);
}

/* Words of settlement reports; "Fee" in a detail counts where the line is no price. */
static void test_parts(void **state)
{
    (void)state;
    static const struct { const char *type, *kind, *detail, *part; } cases[] = {
        { "Order", "ItemPrice", "Principal", "sales" },
        { "Order", "ItemPrice", "Shipping", "sales" },
        { "Order", "ItemPrice", "GiftWrap", "sales" },
        { "Order", "ItemPrice", "CODFee", "sales" },
        { "Order", "ItemPrice", "Tax", "tax" },
        { "Order", "ItemPrice", "ShippingTax", "tax" },
        { "Order", "ItemWithheldTax", "MarketplaceFacilitatorTax-Principal", "tax" },
        { "Refund", "ItemWithheldTax", "MarketplaceFacilitatorTax-Principal", "tax" },
        { "Order", "ItemFees", "Commission", "fees" },
        { "Order", "ItemFees", "FBAPerUnitFulfillmentFee", "fees" },
        { "Order", "Promotion", "Shipping", "promotions" },
        { "Refund", "Promotion", "Principal", "promotions" },
        { "Refund", "ItemPrice", "Principal", "refunds" },
        { "Refund", "ItemPrice", "Goodwill", "refunds" },
        { "Refund", "ItemFees", "Commission", "fees" },
        { "Refund", "ItemFees", "RefundCommission", "fees" },
        { "A-to-z Guarantee Refund", "ItemPrice", "Principal", "refunds" },
        { "Chargeback Refund", "ItemPrice", "Principal", "refunds" },
        { "ServiceFee", "Cost of Advertising", "TransactionTotalAmount", "fees" },
        { "Subscription Fee", "other-transaction", "Subscription Fee", "fees" },                 /* V1 */
        { "other-transaction", "other-transaction", "Storage Fee", "fees" },
        { "other-transaction", "other-transaction", "RemovalComplete", "fees" },
        { "other-transaction", "FBA Inventory Reimbursement", "WAREHOUSE_DAMAGE", "other" },
        { "other-transaction", "other-transaction", "Current Reserve Amount", "reserve" },
        { "other-transaction", "other-transaction", "Previous Reserve Amount Balance", "reserve" },
        { "Payable to Amazon", "other-transaction", "Payable to Amazon", "reserve" },            /* V1 */
        { "Successful charge", "other-transaction", "", "reserve" },
        { "Liquidations", "ItemPrice", "Principal", "other" },
        { "", "", "", "other" },
        { "Neues", "Unbekanntes", "Wort", "other" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *part = proceeds_name(proceeds_of(cases[i].type, cases[i].kind, cases[i].detail));
        if (!text_is(part, cases[i].part))
            print_error("%s, %s, %s\n", cases[i].type, cases[i].kind, cases[i].detail);
        assert_string_equal(part, cases[i].part);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_orders),
        cmocka_unit_test(test_money),
        cmocka_unit_test(test_many_keys),
        cmocka_unit_test(test_parts),
    };
    return cmocka_run_group_tests_name("roll", tests, scratch_make, scratch_remove);
}
