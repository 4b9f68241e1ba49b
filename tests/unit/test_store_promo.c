/* SPDX-License-Identifier: Apache-2.0 */
/* test_store_promo.c: returns, promotions, traffic, competition and products. */
#include "data.h"

#include "data/promo.h"
#include "data/touched.h"

static const struct import plain = { 0 }, older = { .as_of = "2026-10-01T00:00:00Z" }, newer = { .as_of = "2026-11-02T00:00:00Z" },
                           next_day = { .as_of = "2026-11-03T00:00:00Z" };

/* ---- returns --------------------------------------------------------------------------------- */

static void test_returns(void **state)
{
    (void)state;
    static const char columns[] = "line:count order:text sku:text market:market order_day:day request_day:day rma:text status:text"
                                  " reason:text resolution:text quantity:count a_to_z:bool in_policy:bool safe_t:text refund:money label:money";
    static const char now[] = "SELECT order_id, sku, market, order_day, request_day, status, reason, quantity, a_to_z, in_policy, safe_t,"
                              " currency, refund, label FROM v1_returns ORDER BY order_id, sku, status";
    struct db *db = account_new("returns.db");
    static const char file[] =
        "2|113-1|A-1||2026-07-10|2026-07-14|R1|Pending|TOO-SMALL|StandardRefund|2|0|1|||4.14 USD\n"
        "3|113-2|A-1|US|2026-07-10|2026-07-15||Pending|||1|1|0|||\n"
        "4|113-1|A-1||2026-07-10|2026-07-14|R1|Approved|TOO-SMALL|StandardRefund|1|0|1|||\n";       /* its like again: another one */
    import_rows(db, &plain, "order_line", "line:count order:text market:market purchased:instant sku:text", "1|113-1|CA|2026-07-10T10:00:00Z|A-1");
    assert_told(import_rows(db, &plain, "return_line", columns, file), 3, 0, "");
    assert_told(import_rows(db, &plain, "return_line", columns, file), 0, 3, "");
    assert_string_equal(answer(db, now),
        "113-1|A-1|A2EUQ1WTGCTBG2|20644|20648|Approved|TOO-SMALL|1|0|1|-|-|-|-\n"
        "113-1|A-1|A2EUQ1WTGCTBG2|20644|20648|Pending|TOO-SMALL|2|0|1|-|USD|-|414\n"
        "113-2|A-1|ATVPDKIKX0DER|20644|20649|Pending||1|1|0|-|-|-|-\n");
    /* Approved and refunded later; an older file does not take that back, but fills what is not known. */
    assert_told(import_rows(db, &newer, "return_line", columns,
        "2|113-1|A-1||2026-07-10|2026-07-14|R1|Approved|TOO-SMALL|StandardRefund|2|0|1||21.38 USD|4.14 USD"), 1, 0, "");
    assert_told(import_rows(db, &older, "return_line", columns,
        "2|113-1|A-1||2026-07-10|2026-07-14|R1|Pending|OTHER||2|0|1|Granted|1.00 USD|"), 1, 0, "");
    assert_string_equal(answer(db, "SELECT status, reason, safe_t, refund, label FROM v1_returns WHERE safe_t IS NOT NULL"),
                        "Approved|TOO-SMALL|Granted|2138|414\n");
    /* The column of claims makes one, of which no more is known; not where one is known already. */
    assert_string_equal(answer(db, "SELECT claim_id, kind, market, order_id, state, outcome, opened, due, source FROM v1_claims"),
                        "a_to_z:113-2|a_to_z|ATVPDKIKX0DER|113-2|review|-|1784098800|-|returns\n");
    import_rows(db, &plain, "claim", "line:count claim_id:text kind:text order:text state:text opened:instant",
                "1|A-9|a_to_z|113-3|action|2026-07-20T10:00:00Z");
    assert_told(import_rows(db, &plain, "return_line", columns, "2|113-3|A-1|US|||R3|||||1||||"), 1, 0, "");
    /* What the ledger paid out ends it. */
    import_rows(db, &plain, "cycle", "line:count settlement:text currency:currency", "2|7|USD");
    import_rows(db, &plain, "ledger", "line:count settlement:text posted:instant type:text kind:text order:text amount:money",
                "3|7|2026-08-01T10:00:00Z|A-to-z Guarantee Refund|ItemPrice|113-2|-10.00 USD\n"
                "4|7|2026-08-01T10:00:00Z|A-to-z Guarantee Refund|ItemPrice|113-2|-1.00 USD\n");
    assert_string_equal(answer(db, "SELECT claim_id, state, outcome, amount FROM v1_claims ORDER BY claim_id"),
                        "A-9|action|-|-\na_to_z:113-2|closed|granted|1100\n");
    assert_told(import_rows(db, &plain, "return_line", columns, "2||A-1|US|||R3|||||||||\n3|113-9||US|||R3|||||||||\n"
        "4|113-9|A-1|US|||R3|||||||||1.00 EUR\n5|113-9|A-1|US|||R3||||||||1.00 EUR|1.00 USD\n6|113-9|A-1|US|1960-01-01||R3|||||||||"), 1, 0,
        "2 order reject.needed\n3 sku reject.needed\n5 label reject.currencies\n6 order_day reject.date\n");
    db_close(db);
}

/* ---- promotions ------------------------------------------------------------------------------ */

static const char promotions[] =
    "line:count promotion_id:text kind:text name:text status:text market:market starts:instant ends:instant discount:text views:count"
    " units:count revenue:money spent:money budget:money left:money clips:count redemptions:count";

static void test_promotions(void **state)
{
    (void)state;
    struct db *db = account_new("promotions.db");
    static const char coupon[] = "2|C1|coupon|$40 off|ACTIVE|US|2026-10-26T05:59:59Z|2026-11-29T23:59:59Z|10 %||1|62.10 USD|42.29 USD"
                                 "|10000.00 USD|9957.71 USD|13|1";
    static const char now[] = "SELECT promotion_id, source, kind, name, status, market, units, clips, currency, revenue, spent, budget,"
                              " budget_left, told FROM v1_promotions";
    assert_told(import_rows(db, &plain, "promotion", promotions, coupon), 1, 0, "");
    assert_told(import_rows(db, &plain, "promotion", promotions, coupon), 0, 1, "");
    assert_string_equal(answer(db, now), "C1|report|coupon|$40 off|ACTIVE|ATVPDKIKX0DER|1|13|USD|6210|4229|1000000|995771|1793491200\n");
    assert_string_equal(answer(db, "SELECT day, units, revenue, spent, budget_left FROM v1_promotions_daily"), "20757|1|6210|4229|995771\n");
    /* The same a day later is no news, but it is known to hold then, too. */
    int64_t was[TOUCHED_AREAS], is[TOUCHED_AREAS];
    struct err err = { 0 };
    assert_well(touched_read(db, was, &err), &err);
    assert_told(import_rows(db, &newer, "promotion", promotions, coupon), 0, 1, "");
    assert_well(touched_read(db, is, &err), &err);
    assert_true(touched_sum(is, TOUCHED_PROMOTIONS) > touched_sum(was, TOUCHED_PROMOTIONS));
    assert_string_equal(answer(db, "SELECT told FROM v1_promotions"), "1793577600\n");
    assert_string_equal(answer(db, "SELECT count(*) FROM v1_promotions_daily"), "1\n");
    /* An older file changes nothing, nor any day. */
    assert_told(import_rows(db, &older, "promotion", promotions, "2|C1|coupon|old|DRAFT|US||||7|9|1.00 USD||||1|0"), 1, 0, "");
    assert_string_equal(answer(db, "SELECT name, status, views, units, revenue FROM v1_promotions"), "$40 off|ACTIVE|7|1|6210\n");
    assert_string_equal(answer(db, "SELECT count(*) FROM v1_promotions_daily"), "1\n");
    assert_told(import_rows(db, &next_day, "promotion", promotions, "2|C1|coupon|$40 off|ENDED|US||||8|5|99.00 USD|50.00 USD||9950.00 USD|20|4"), 1, 0, "");
    assert_told(import_rows(db, &next_day, "promotion", promotions, "2|C1|coupon|$40 off|ENDED|US||||8|6|99.00 USD|||||"), 1, 0, "");
    assert_string_equal(answer(db, "SELECT day, units, revenue, spent, budget_left FROM v1_promotions_daily ORDER BY day"),
                        "20757|1|6210|4229|995771\n20759|6|9900|5000|995000\n");
    assert_told(import_rows(db, &plain, "promotion", promotions, "2||coupon|x|x|US|||||||||||\n3|C2||x|x|US|||||||||||\n4|C2|coupon||x|US|||||||||||\n"
        "5|C2|coupon|x||US|||||||||||\n6|C2|coupon|x|x|US||||||1.00 USD|1.00 EUR||||\n7|C1|coupon|x|x|US||||||1.00 EUR|||||"), 0, 0,
        "2 promotion_id reject.needed\n3 kind reject.needed\n4 name reject.needed\n5 status reject.needed\n6 spent reject.currencies\n"
        "7 revenue reject.currencies\n");

    static const char products[] = "line:count promotion_id:text asin:text name:text views:count units:count revenue:money spent:money";
    assert_told(import_rows(db, &next_day, "promotion_asin", products,
        "2|C1|B01|Mug|380|20|5.00 USD|1.00 USD\n3|C1|B01|Mug|380|20|5.00 USD|1.00 USD\n4|C9|B01|Mug||||\n5|C1||Mug||||\n6|C1|B02|Cup|||5.00 EUR|\n"
        "7|C1|B02||||4.00 USD|"), 2, 1, "4 promotion_id reject.promotion_unknown\n5 asin reject.needed\n6 revenue reject.currencies\n");
    assert_told(import_rows(db, &older, "promotion_asin", products, "2|C1|B01|Old|1|1|5.00 USD|1.00 USD"), 0, 1, "");
    assert_string_equal(answer(db, "SELECT asin, name, views, units, currency, revenue, spent FROM v1_promotion_products ORDER BY asin"),
                        "B01|Mug|380|20|USD|500|100\nB02||-|-|USD|400|-\n");
    db_close(db);
}

/* The seller's own, by hand. */
static void test_own_promotions(void **state)
{
    (void)state;
    struct db *db = account_new("own.db");
    struct err err = { 0 };
    struct record_to to = { .db = db };
    int64_t no;
    struct promotion_row row = { .kind = "percent_off", .name = "Spring", .status = "draft", .market = market_find("DE"),
                                 .starts_s = 1793500000, .discount = "{\"percent\":10}" };
    assert_int_equal(promotion_put(&to, &row, &no, &err), 1);
    assert_int_equal(no, 1);
    row = (struct promotion_row){ .promotion_id = "own-1", .status = "active" };
    assert_int_equal(promotion_put(&to, &row, &no, &err), 1);
    assert_int_equal(no, 1);
    assert_int_equal(promotion_put(&to, &row, &no, &err), 0);
    assert_string_equal(answer(db, "SELECT promotion_id, source, kind, name, status, starts, ends FROM v1_promotions"),
                        "own-1|own|percent_off|Spring|active|1793500000|-\n");
    row.promotion_id = "own-2";
    assert_int_equal(promotion_put(&to, &row, &no, &err), -ERR_INPUT);
    assert_int_equal(to.touched, TOUCHED_PROMOTIONS);
    assert_string_equal(answer(db, "SELECT count(*) FROM v1_promotions_daily"), "0\n");
    db_close(db);
}

/* ---- traffic --------------------------------------------------------------------------------- */

static void test_traffic(void **state)
{
    (void)state;
    static const char columns[] = "line:count market:market day:day days:count sales:money units:count items:count refunded:count claims:count"
                                  " claims_paid:money views:count sessions:count buy_box_ppm:count feedback:count negative:count";
    struct db *db = account_new("traffic.db");
    static const char file[] = "1|US|2026-06-11|1|238.44 USD|23|20|1|0|0.00 USD|1658|1000|105400|10|1\n2|US|2026-06-01|0|9000.00 USD|900||||||||\n";
    assert_told(import_rows(db, &plain, "traffic", columns, file), 2, 0, "");
    assert_told(import_rows(db, &plain, "traffic", columns, file), 0, 2, "");
    assert_told(import_rows(db, &older, "traffic", columns, "1|US|2026-06-11|1|1.00 USD|1|||||||||"), 0, 1, "");
    assert_told(import_rows(db, &newer, "traffic", columns, "1|US|2026-06-11|1|240.00 USD||||||||||"), 1, 0, "");
    assert_string_equal(answer(db, "SELECT market, day, days, currency, sales, units, items, refunded, claims, claims_paid, views, sessions,"
                                   " buy_box_ppm, feedback, negative FROM v1_traffic ORDER BY days DESC"),
        "ATVPDKIKX0DER|20615|1|USD|24000|23|20|1|0|0|1658|1000|105400|10|1\nATVPDKIKX0DER|20605|0|USD|900000|900|-|-|-|-|-|-|-|-|-\n");
    assert_told(import_rows(db, &plain, "traffic", columns, "1||2026-06-11|1|||||||||||\n2|US||1|||||||||||\n3|US|2026-06-11|-1|||||||||||\n"
        "4|US|2026-06-11|1|1.00 USD|||||1.00 EUR|||||"), 0, 0,
        "1 market reject.needed\n2 day reject.needed\n3 days reject.range\n4 claims_paid reject.currencies\n");

    static const char products[] = "line:count market:market asin:text sku:text from_day:day to_day:day sales:money units:count items:count"
                                   " views:count sessions:count buy_box_ppm:count";
    static const char two[] = "1|US|B01|A-1|2026-06-11|2026-06-14|5.00 USD|1|1|10|9|500000\n2|US|B01||2026-06-11|2026-06-14|6.00 USD|2||||\n";
    assert_told(import_rows(db, &plain, "traffic_asin", products, two), 2, 0, "");
    assert_told(import_rows(db, &plain, "traffic_asin", products, two), 0, 2, "");
    assert_told(import_rows(db, &plain, "traffic_asin", products, "1|US|B01||2026-06-14|2026-06-11||||||\n2|US|||2026-06-11|2026-06-14||||||"), 0, 0,
                "1 to_day reject.date\n2 asin reject.needed\n");
    assert_string_equal(answer(db, "SELECT asin, sku, from_day, to_day, currency, sales, units, sessions FROM v1_traffic_products ORDER BY sku"),
                        "B01||20615|20618|USD|600|2|-\nB01|A-1|20615|20618|USD|500|1|9\n");
    db_close(db);
}

/* ---- competition and products ---------------------------------------------------------------- */

static void test_rivals(void **state)
{
    (void)state;
    static const char columns[] = "line:count market:market asin:text landed:money is_buy_box:bool at:instant";
    static const char now[] = "SELECT market, asin, currency, landed, is_buy_box, told, source FROM v1_rivals";
    struct db *db = account_new("rivals.db");
    struct err err = { 0 };
    struct record_to to = { .db = db };
    assert_told(import_rows(db, &plain, "rival", columns, "1|DE|B01|81.99 EUR|1|2026-10-01T10:00:00Z\n2|DE|B01|79.99 EUR||2026-10-01T11:00:00Z\n"
        "3|DE|B01|70.00 EUR|1|2026-10-01T09:00:00Z\n4||B01|70.00 EUR||\n5|DE||70.00 EUR||\n6|DE|B01|-1.00 EUR||\n7|DE|B01|||"), 2, 1,
        "4 market reject.needed\n5 asin reject.needed\n6 landed reject.range\n7 landed reject.needed\n");
    assert_string_equal(answer(db, now), "A1PA6795UKMFR9|B01|EUR|7999|0|1790852400|notification\n");
    struct rival_row row = { .market = market_find("DE"), .asin = "B01", .landed = { 7500, "EUR" }, .told_s = 1790860000, .source = "typed" };
    assert_int_equal(rival_put(&to, &row, &err), 1);
    assert_int_equal(rival_put(&to, &row, &err), 0);
    assert_string_equal(answer(db, now), "A1PA6795UKMFR9|B01|EUR|7500|0|1790860000|typed\n");

    static const char products_now[] = "SELECT sku, lead_days, currency, floor FROM v1_products";
    const struct money least = { 900, "EUR" };
    assert_int_equal(product_put(&to, "A-1", TOLD(14), least, &err), -ERR_ABSENT);
    err_clear(&err);
    import_rows(db, &plain, "stock", "line:count market:market sku:text", "1|DE|A-1");
    assert_int_equal(product_put(&to, "A-1", TOLD(14), least, &err), 1);
    assert_int_equal(product_put(&to, "A-1", TOLD(14), least, &err), 0);
    assert_string_equal(answer(db, products_now), "A-1|14|EUR|900\n");
    assert_int_equal(product_put(&to, "A-1", (struct number){ 0 }, least, &err), 1);
    assert_string_equal(answer(db, products_now), "A-1|-|EUR|900\n");
    assert_int_equal(product_put(&to, "A-1", TOLD(0), (struct money){ 0 }, &err), 1);
    assert_string_equal(answer(db, products_now), "A-1|0|-|-\n");
    assert_int_equal(to.touched, TOUCHED_RIVALS | TOUCHED_PRODUCTS);
    db_close(db);
}

/* ---- areas ----------------------------------------------------------------------------------- */

/* Each view has areas, and nothing else has; old kinds touch theirs only when something changed. */
static void test_areas(void **state)
{
    (void)state;
    struct db *db = account_new("areas.db");
    struct err err = { 0 };
    struct buf views = { 0 }, unknown = { 0 };
    buf_text(&views, answer(db, "SELECT name FROM sqlite_schema WHERE type = 'view' AND name LIKE 'v1~_%' ESCAPE '~' ORDER BY name"));
    for (char *at = views.at, *end; (end = strchr(at, '\n')); at = end + 1) {
        *end = '\0';
        if (!touched_of_views(at))
            buf_printf(&unknown, "%s ", at);
    }
    assert_string_equal(buf_str(&unknown), "");
    assert_int_equal(touched_of_views("v1_nothing"), 0);
    assert_int_equal(touched_of_views(""), 0);
    assert_int_equal(touched_of_views(" v1_cases  v1_stock v1_no"), TOUCHED_CASES | TOUCHED_STOCK);
    assert_int_equal(touched_of_views("v1_order"), 0);
    assert_int_equal(touched_of_views("*"), (1 << TOUCHED_AREAS) - 1);
    for (int i = 0; i < TOUCHED_AREAS; i++)
        assert_int_equal(touched_named(touched_name(i)), 1u << i);
    assert_int_equal(touched_named("pages"), 0);
    buf_free(&views);
    buf_free(&unknown);

    static const struct { const char *kind, *columns, *row; bool is_old; const char *areas; } steps[] = {
        { "order_line", "line:count order:text market:market purchased:instant updated:instant sku:text title:text",
          "1|o|DE|2026-10-01T10:00:00Z|2026-10-01T10:00:00Z|a|Mug", false, "imports orders products " },
        { "order_line", "line:count order:text market:market purchased:instant updated:instant sku:text title:text",
          "1|o|DE|2026-10-01T10:00:00Z|2026-10-01T10:00:00Z|a|Mug", false, "imports " },
        { "order_line", "line:count order:text market:market purchased:instant updated:instant sku:text title:text",
          "1|o|DE|2026-10-01T10:00:00Z|2026-10-02T10:00:00Z|a|Mug", false, "imports orders " },
        { "listing", "line:count market:market sku:text title:text", "1|DE|a|Mug XL", false, "imports listings products " },
        { "listing", "line:count market:market sku:text title:text", "1|DE|a|Mug XL", false, "imports " },
        { "listing", "line:count market:market sku:text title:text", "1|DE|a|Cup", true, "imports " },
        { "stock", "line:count market:market sku:text total:count", "1|DE|a|5", false, "imports stock " },
        { "stock", "line:count market:market sku:text total:count", "1|DE|a|5", false, "imports " },
        { "cycle", "line:count settlement:text currency:currency", "1|7|EUR", false, "imports money " },
        { "cycle", "line:count settlement:text currency:currency", "1|7|EUR", false, "imports " },
        { "ledger", "line:count settlement:text amount:money", "1|7|1.00 EUR", false, "imports money " },
        { "ledger", "line:count settlement:text amount:money", "1|7|1.00 EUR", false, "imports " },
        { "payment", "line:count posted:instant type:text total:money", "1|2026-10-01T10:00:00Z|Order|1.00 EUR", false, "imports money " },
        { "payment", "line:count posted:instant type:text total:money", "1|2026-10-01T10:00:00Z|Order|1.00 EUR", false, "imports " },
        { "payment", "line:count posted:instant type:text total:money", "1||Order|1.00 EUR", false, "imports " },
    };
    int64_t was[TOUCHED_AREAS], is[TOUCHED_AREAS];
    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        struct buf areas = { 0 };
        assert_well(touched_read(db, was, &err), &err);
        struct told told = import_rows(db, steps[i].is_old ? &older : &plain, steps[i].kind, steps[i].columns, steps[i].row);
        buf_free(&told.rejects);
        assert_well(touched_read(db, is, &err), &err);
        static const int in_order[] = { 19, 2, 1, 0, 14, 3 };   /* by name: imports listings money orders products stock */
        for (size_t k = 0; k < COUNT_OF(in_order); k++)
            if (is[in_order[k]] != was[in_order[k]])
                buf_printf(&areas, "%s ", touched_name(in_order[k]));
        assert_string_equal(buf_str(&areas), steps[i].areas);
        assert_int_equal(touched_sum(is, ~(unsigned)0) - touched_sum(was, ~(unsigned)0), strlen(steps[i].areas) ?
                         (size_t)(1 + (strchr(steps[i].areas, ' ')[1] != '\0') + (strstr(steps[i].areas, "products") != NULL)) : 0);
        buf_free(&areas);
    }
    db_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_returns),
        cmocka_unit_test(test_promotions),
        cmocka_unit_test(test_own_promotions),
        cmocka_unit_test(test_traffic),
        cmocka_unit_test(test_rivals),
        cmocka_unit_test(test_areas),
    };
    return cmocka_run_group_tests_name("store_promo", tests, scratch_make, scratch_remove);
}
