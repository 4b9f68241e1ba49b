/* SPDX-License-Identifier: Apache-2.0 */
/* test_command_promotion.c: the seller's own promotions, and what together takes off too much; products, rivals. */
#include "command.h"

#include "data/promo.h"

static void open_shop(struct shop *s, const char *name)
{
    shop_open(s, name);
    run_sql(s->db, "INSERT INTO sku (sku, asin) VALUES ('A-1', 'B01'), ('A-2', 'B02'), ('A,3', 'B03')");
}

/* A promotion of some percent in Germany from tomorrow on for two days, and what was said of it. */
#define ADD(s, says, name_, percent_, ...) \
    does((s), says, "promotion.add", "kind=percent_off", "name=" name_, "market=DE", "starts=2026-11-24 12:00", \
         "ends=2026-11-26 12:00", "percent=" percent_, __VA_ARGS__)
#define ALL "skus="

static const char sql_one[] =
    "SELECT promotion_id, source, kind, name, status, market, starts, ends, discount, params, currency, budget"
    " FROM v1_promotions ORDER BY promotion_id DESC LIMIT 1";

static void each_kind_has_its_parameters(void **state)
{
    (void)state;
    static const struct { const char *give[9], *is; } good[] = {
        { { "kind=percent_off", "percent=10" }, "percent_off|10 %|{\"percent\":1000}" },
        { { "kind=percent_off", "percent=12,5", "units=5", "spend=20" },
          "percent_off|12.50 %|{\"percent\":1250,\"spend\":2000,\"units\":5}" },
        { { "kind=fixed_price_per_x", "units=3", "price=9.99" },
          "fixed_price_per_x|3 = 9.99 EUR|{\"price\":999,\"units\":3}" },
        { { "kind=buy_x_get_y", "buy=2", "get=1" }, "buy_x_get_y|2 + 1|{\"buy\":2,\"get\":1}" },
        { { "kind=buy_x_get_y", "buy=2", "get=1", "percent=50" },
          "buy_x_get_y|2 + 1, 50 %|{\"buy\":2,\"get\":1,\"percent\":5000}" },
        { { "kind=free_shipping", "spend=50" }, "free_shipping||{\"spend\":5000}" },
        { { "kind=code", "code=winter24", "percent=15" }, "code|15 %|{\"code\":\"WINTER24\",\"percent\":1500}" },
        { { "kind=coupon", "percent=5", "budget=200", "skus=A-1\nA-2\nA,3\n" },
          "coupon|5 %|{\"budget\":20000,\"percent\":500,\"skus\":[\"A-1\",\"A-2\",\"A,3\"]}" },
        { { "kind=percent_off", "percent=10", "skus=A-1, A-2" },
          "percent_off|10 %|{\"percent\":1000,\"skus\":[\"A-1\",\"A-2\"]}" },
    };
    static const struct { const char *give[9], *field, *says; enum err_code code; } bad[] = {
        { { "kind=percent_off" }, "percent", "needs 'percent'", ERR_INPUT },
        { { "kind=percent_off", "percent=10", "code=X" }, "code", "has no 'code'", ERR_INPUT },
        { { "kind=fixed_price_per_x", "units=1", "price=9.99" }, "units", "two units or more", ERR_INPUT },
        { { "kind=fixed_price_per_x", "units=3" }, "price", "needs 'price'", ERR_INPUT },
        { { "kind=fixed_price_per_x", "units=3", "price=9.99 USD" }, "price", "must be in EUR", ERR_INPUT },
        { { "kind=buy_x_get_y", "buy=2" }, "get", "needs 'get'", ERR_INPUT },
        { { "kind=code", "percent=10" }, "code", "needs 'code'", ERR_INPUT },
        { { "kind=code", "percent=10", "code=A B" }, "code", "letters A to Z", ERR_INPUT },
        { { "kind=coupon", "percent=10" }, "budget", "needs 'budget'", ERR_INPUT },
        { { "kind=lottery", "percent=10" }, "kind", "cannot be chosen", ERR_INPUT },
        { { "kind=percent_off", "percent=10", "skus=A-1, A-9" }, "skus", "no SKU 'A-9'", ERR_ABSENT },
        { { "kind=percent_off", "percent=0.5" }, "percent", "at least 1 % (promotion.percent_min,", ERR_DENIED },
        { { "kind=percent_off", "percent=100" }, "percent", "at most", ERR_DENIED },
        { { "kind=percent_off", "percent=101" }, "percent", "between", ERR_INPUT },
    };
    struct shop s;
    open_shop(&s, "kinds.db");
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        const char *const *g = good[i].give;
        assert_well(doing(&s, "promotion.add", "name=x", "market=DE", "starts=2026-11-24 12:00", "ends=2026-11-26 12:00", g[0],
                          g[1], g[2], g[3], g[4], NULL), &s.err);
        assert_string_equal(arena_printf(s.arena, "%s\n", good[i].is),
                            answer(s.db, "SELECT kind, discount, params FROM promotion ORDER BY no DESC LIMIT 1"));
    }
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        const char *const *g = bad[i].give;
        is_refused(&s, bad[i].code, bad[i].field, bad[i].says, "promotion.add", "name=x", "market=DE",
                   "starts=2026-11-24 12:00", "ends=2026-11-26 12:00", g[0], g[1], g[2], g[3], g[4]);
    }
    shop_close(&s);
}

/* features.md 11.10: starts at least four hours after saving, in the marketplace's zone. */
static void a_promotion_has_its_schedule(void **state)
{
    (void)state;
    struct shop s;
    open_shop(&s, "schedule.db");                       /* it is 11:00 in Berlin */
    is_refused(&s, ERR_DENIED, "starts", "Amazon.de wants 4h between saving a promotion and its start", "promotion.add",
               "kind=percent_off", "percent=10", "name=x", "market=DE", "starts=2026-11-23 14:59", "ends=2026-11-26 12:00");
    is_refused(&s, ERR_INPUT, "starts", "before now", "promotion.add", "kind=percent_off", "percent=10", "name=x", "market=DE",
               "starts=2026-11-23 10:59", "ends=2026-11-26 12:00");
    is_refused(&s, ERR_INPUT, "ends", "ends before it starts", "promotion.add", "kind=percent_off", "percent=10", "name=x",
               "market=DE", "starts=2026-11-24 12:00", "ends=2026-11-24 12:00");
    does(&s, "Promotion own-1 is kept as a draft", "promotion.add", "kind=coupon", "percent=10", "budget=100", "name=Advent",
         "market=DE", "starts=2026-11-23 15:00", "ends=2026-11-26 23:59");
    assert_string_equal(s.result.ref, "promotion:own-1");
    assert_string_equal(answer(s.db, sql_one), "own-1|own|coupon|Advent|draft|A1PA6795UKMFR9|1795442400|1795733940|10 %"
                        "|{\"budget\":10000,\"percent\":1000}|EUR|10000\n");
    shop_close(&s);
}

static void a_promotion_is_changed(void **state)
{
    (void)state;
    struct shop s;
    open_shop(&s, "change.db");
    ADD(&s, "draft", "Advent", "10", "skus=A-1");
    does(&s, "is changed", "promotion.change", "promotion=own-1", "name=Advent 2", "percent=15", "skus=");
    assert_string_equal(answer(s.db, sql_one), "own-1|own|percent_off|Advent 2|draft|A1PA6795UKMFR9|1795518000|1795690800"
                        "|15 %|{\"percent\":1500}|-|-\n");
    is_refused(&s, ERR_INPUT, "spend", "names no currency", "promotion.change", "promotion=own-1", "spend=10");
    is_refused(&s, ERR_INPUT, "spend", "counts in EUR, not in USD", "promotion.change", "promotion=own-1", "spend=10 USD");
    is_refused(&s, ERR_DENIED, "market", "is of Amazon.de", "promotion.change", "promotion=own-1", "market=US");
    does(&s, "is changed", "promotion.change", "promotion=own-1", "market=DE", "spend=10", "ends=2026-11-27 12:00");
    assert_string_equal(answer(s.db, "SELECT ends, params FROM v1_promotions"),
                        "1795777200|{\"percent\":1500,\"spend\":1000}\n");
    is_refused(&s, ERR_DENIED, "starts", "wants 4h", "promotion.change", "promotion=own-1", "starts=2026-11-23 12:00");
    is_refused(&s, ERR_INPUT, "percent", "needs 'percent'", "promotion.change", "promotion=own-1", "percent=");
    is_refused(&s, ERR_ABSENT, "promotion", "no promotion own-9", "promotion.change", "promotion=own-9", "name=x");
    shop_close(&s);
}

static void a_promotion_lives(void **state)
{
    (void)state;
    struct shop s;
    open_shop(&s, "lives.db");
    ADD(&s, "draft", "Advent", "10", ALL);
    is_refused(&s, ERR_DENIED, "promotion", "it is draft", "promotion.pause", "promotion=own-1");
    does(&s, "waits for its start", "promotion.activate", "promotion=own-1");
    is_refused(&s, ERR_DENIED, "promotion", "active already", "promotion.activate", "promotion=own-1");
    s.setup.now_s = instant("2026-11-25T10:00:00Z");
    is_refused(&s, ERR_DENIED, "starts", "has started already", "promotion.change", "promotion=own-1",
               "starts=2026-11-26 10:00");
    does(&s, "is changed", "promotion.change", "promotion=own-1", "name=Advent 2");        /* what runs may be renamed */
    does(&s, "is paused", "promotion.pause", "promotion=own-1");
    does(&s, "runs now", "promotion.activate", "promotion=own-1");
    does(&s, "has ended", "promotion.end", "promotion=own-1");
    assert_string_equal(answer(s.db, "SELECT status, starts, ends FROM v1_promotions"), "ended|1795518000|1795600800\n");
    is_refused(&s, ERR_DENIED, "promotion", "stays so", "promotion.activate", "promotion=own-1");
    is_refused(&s, ERR_DENIED, "promotion", "stays so", "promotion.change", "promotion=own-1", "name=x");
    is_refused(&s, ERR_DENIED, "promotion", "stays so", "promotion.end", "promotion=own-1");
    /* A draft whose start has come needs a new one. */
    s.setup.now_s = instant(AT);
    ADD(&s, "draft", "Late", "10", ALL);
    s.setup.now_s = instant("2026-11-24T10:30:00Z");
    is_refused(&s, ERR_DENIED, "starts", "wants 4h", "promotion.activate", "promotion=own-2");
    s.setup.now_s = instant("2026-11-27T10:30:00Z");
    is_refused(&s, ERR_INPUT, "ends", "ended already", "promotion.activate", "promotion=own-2");
    shop_close(&s);
}

static void the_marketplaces_own_are_left_alone(void **state)
{
    (void)state;
    struct shop s;
    open_shop(&s, "theirs.db");
    struct record_to to = { s.db, s.policies, 0 };
    const struct promotion_row row = {
        .promotion_id = "P-1", .source = "report", .kind = "BEST_DEAL", .name = "Deal", .status = "APPROVED",
        .discount = "20 %", .market = market_find("DE"), .starts_s = instant("2026-11-20T00:00:00Z"),
        .ends_s = instant("2026-11-30T00:00:00Z"), .told_s = instant("2026-11-22T00:00:00Z"),
    };
    assert_well(db_begin(s.db, &s.err), &s.err);
    assert_well(promotion_put(&to, &row, NULL, &s.err), &s.err);
    assert_well(db_end(s.db, 0, &s.err), &s.err);
    is_refused(&s, ERR_DENIED, "promotion", "the marketplace's; change it there", "promotion.end", "promotion=P-1");
    /* Their percentages count, too. */
    ADD(&s, "together with “Deal” it can take off 100%", "Half", "80", ALL);
    shop_close(&s);
}

/* ---- what runs together ------------------------------------------------------------------------ */

static bool warns(const struct shop *s)
{
    return strstr(s->result.text, "add up") != NULL;
}

/* features.md (b), stacking arithmetic: two 50 % codes = 100 %. */
static void discounts_that_add_up_to_all(void **state)
{
    (void)state;
    struct shop s;
    open_shop(&s, "sum.db");
    ADD(&s, "draft", "One", "50", ALL);
    does(&s, "waits", "promotion.activate", "promotion=own-1");
    ADD(&s, "Mind that discounts add up: together with “One” it can take off 100% from 24 Nov 2026, 12:00 CET on", "Two",
        "50", ALL);
    ADD(&s, "draft", "Three", "49.99", ALL);
    assert_false(warns(&s));
    /* Drafts do not run; what was paused neither. */
    does(&s, "waits", "promotion.activate", "promotion=own-3");
    assert_false(warns(&s));
    does(&s, "together with “One”, “Three” it can take off 149.99%", "promotion.activate", "promotion=own-2");
    does(&s, "paused", "promotion.pause", "promotion=own-1");
    does(&s, "paused", "promotion.pause", "promotion=own-2");
    does(&s, "waits", "promotion.activate", "promotion=own-2");
    assert_false(warns(&s));
    shop_close(&s);
}

static void only_what_runs_at_the_same_time_adds_up(void **state)
{
    (void)state;
    struct shop s;
    open_shop(&s, "times.db");
    ADD(&s, "draft", "One", "60", ALL);
    does(&s, "waits", "promotion.activate", "promotion=own-1");
    does(&s, "draft", "promotion.add", "kind=percent_off", "name=After", "market=DE", "starts=2026-11-26 12:00",
         "ends=2026-11-28 12:00", "percent=60");
    assert_false(warns(&s));
    does(&s, "waits", "promotion.activate", "promotion=own-2");
    /* 30 % for all of the time: with each of them 90 %, never with both. */
    does(&s, "draft", "promotion.add", "kind=percent_off", "name=Long", "market=DE", "starts=2026-11-24 00:00",
         "ends=2026-11-30 00:00", "percent=30");
    assert_false(warns(&s));
    does(&s, "together with “After” it can take off 100% from 26 Nov 2026, 12:00 CET on", "promotion.add", "kind=percent_off",
         "name=Long", "market=DE", "starts=2026-11-26 12:00", "ends=2026-11-30 00:00", "percent=40");
    does(&s, "draft", "promotion.add", "kind=percent_off", "name=Elsewhere", "market=FR", "starts=2026-11-24 12:00",
         "ends=2026-11-30 00:00", "percent=90");
    assert_false(warns(&s));
    shop_close(&s);
}

static void only_what_is_for_the_same_products_adds_up(void **state)
{
    (void)state;
    struct shop s;
    open_shop(&s, "products.db");
    ADD(&s, "draft", "Mugs", "60", "skus=A-1");
    does(&s, "waits", "promotion.activate", "promotion=own-1");
    ADD(&s, "draft", "Plates", "60", "skus=A-2");
    assert_false(warns(&s));
    ADD(&s, "together with “Mugs”", "Both", "60", "skus=A-1, A-2");
    ADD(&s, "together with “Mugs”", "All", "60", ALL);
    /* The marketplace names products, the seller SKUs. */
    run_sql(s.db, "INSERT INTO promotion (promotion_id, source, kind, name, status, market_no, start_s, end_s, discount, told_s)"
                  " SELECT 'P-1', 'report', 'BEST_DEAL', 'Deal', 'APPROVED', no, 0, NULL, '50 %', 0 FROM market"
                  " WHERE id = 'A1PA6795UKMFR9';"
                  "INSERT INTO promotion_asin (promotion_no, asin, name) SELECT no, 'B02', 'Plate' FROM promotion"
                  " WHERE promotion_id = 'P-1'");
    ADD(&s, "together with “Deal”", "Plates", "50", "skus=A-2");
    ADD(&s, "draft", "Third", "50", "skus=A,3\n");
    assert_false(warns(&s));
    run_sql(s.db, "UPDATE promotion SET status = 'CANCELED' WHERE promotion_id = 'P-1'");
    ADD(&s, "draft", "Plates", "50", "skus=A-2");
    assert_false(warns(&s));
    shop_close(&s);
}

/* Two for the price of one is half of what is taken. */
static void what_is_got_on_top_is_a_share(void **state)
{
    (void)state;
    struct shop s;
    open_shop(&s, "share.db");
    does(&s, "draft", "promotion.add", "kind=buy_x_get_y", "name=One and one", "market=DE", "starts=2026-11-24 12:00",
         "ends=2026-11-26 12:00", "buy=1", "get=1");
    does(&s, "waits", "promotion.activate", "promotion=own-1");
    ADD(&s, "draft", "Less", "49", ALL);
    assert_false(warns(&s));
    ADD(&s, "together with “One and one” it can take off 100%", "Half", "50", ALL);
    shop_close(&s);
}

/* features.md 11.7: codes are upper-cased, 0 is O and 1 is I. */
static void codes_that_are_the_same(void **state)
{
    (void)state;
    struct shop s;
    open_shop(&s, "codes.db");
    does(&s, "draft", "promotion.add", "kind=code", "code=IO20", "name=First", "market=DE", "starts=2026-11-24 12:00",
         "ends=2026-11-26 12:00", "percent=10");
    does(&s, "waits", "promotion.activate", "promotion=own-1");
    does(&s, "Mind that “First” has a code that is the same as 102O", "promotion.add", "kind=code", "code=102o", "name=Second",
         "market=DE", "starts=2026-11-24 12:00", "ends=2026-11-26 12:00", "percent=10");
    does(&s, "draft", "promotion.add", "kind=code", "code=IO2", "name=Third", "market=DE", "starts=2026-11-24 12:00",
         "ends=2026-11-26 12:00", "percent=10");
    assert_null(strstr(s.result.text, "Mind"));
    shop_close(&s);
}

/* ---- products and rivals ------------------------------------------------------------------------ */

static void what_the_seller_says_of_a_product(void **state)
{
    (void)state;
    struct shop s;
    open_shop(&s, "product.db");
    does(&s, "A-1 is written down", "product.set", "sku=A-1", "lead_days=21", "floor=12.34 EUR");
    assert_string_equal(s.result.ref, "sku:A-1");
    assert_string_equal(answer(s.db, "SELECT sku, lead_days, currency, floor FROM v1_products"), "A-1|21|EUR|1234\n");
    does(&s, "written down", "product.set", "sku=A-1", "lead_days=14");
    assert_string_equal(answer(s.db, "SELECT lead_days, currency, floor FROM v1_products"), "14|EUR|1234\n");
    does(&s, "written down", "product.set", "sku=A-1", "floor=");
    assert_string_equal(answer(s.db, "SELECT lead_days, currency, floor FROM v1_products"), "14|-|-\n");
    is_refused(&s, ERR_ABSENT, "sku", "SKU", "product.set", "sku=A-9", "lead_days=1");
    is_refused(&s, ERR_INPUT, "lead_days", "lead time, or the lowest price", "product.set", "sku=A-1");
    is_refused(&s, ERR_INPUT, "lead_days", "between 0 and 1000", "product.set", "sku=A-1", "lead_days=-1");
    is_refused(&s, ERR_INPUT, "floor", "currency", "product.set", "sku=A-1", "floor=12");
    shop_close(&s);
}

static void what_others_ask(void **state)
{
    (void)state;
    struct shop s;
    open_shop(&s, "rival.db");
    does(&s, "B01 on Amazon.de", "rival.set", "market=DE", "asin=B01", "landed=9.99", "is_buy_box=yes");
    assert_string_equal(s.result.ref, "asin:B01");
    assert_string_equal(answer(s.db, "SELECT market, asin, currency, landed, is_buy_box, told, source FROM v1_rivals"),
                        "A1PA6795UKMFR9|B01|EUR|999|1|1795428000|typed\n");
    is_refused(&s, ERR_INPUT, "landed", "must be in EUR", "rival.set", "market=DE", "asin=B01", "landed=9.99 USD");
    is_refused(&s, ERR_INPUT, "asin", "needed", "rival.set", "market=DE", "landed=9.99");
    shop_close(&s);
}

static void what_fails_leaves_nothing(void **state)
{
    (void)state;
    static const char *const fails[] = { "INSERT ON promotion", "UPDATE ON promotion", "INSERT ON audit" };
    for (size_t i = 0; i < COUNT_OF(fails); i++) {
        struct shop s;
        char name[40], sql[160];
        snprintf(name, sizeof name, "promotion-whole-%zu.db", i);
        open_shop(&s, name);
        snprintf(sql, sizeof sql, "CREATE TRIGGER fails BEFORE %s BEGIN SELECT RAISE(ABORT, 'no'); END", fails[i]);
        run_sql(s.db, sql);
        is_refused(&s, ERR_BUG, "", "no", "promotion.add", "kind=percent_off", "percent=10", "name=x", "market=DE",
                   "starts=2026-11-24 12:00", "ends=2026-11-26 12:00");
        shop_close(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_has_its_parameters),
        cmocka_unit_test(a_promotion_has_its_schedule),
        cmocka_unit_test(a_promotion_is_changed),
        cmocka_unit_test(a_promotion_lives),
        cmocka_unit_test(the_marketplaces_own_are_left_alone),
        cmocka_unit_test(discounts_that_add_up_to_all),
        cmocka_unit_test(only_what_runs_at_the_same_time_adds_up),
        cmocka_unit_test(only_what_is_for_the_same_products_adds_up),
        cmocka_unit_test(what_is_got_on_top_is_a_share),
        cmocka_unit_test(codes_that_are_the_same),
        cmocka_unit_test(what_the_seller_says_of_a_product),
        cmocka_unit_test(what_others_ask),
        cmocka_unit_test(what_fails_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
