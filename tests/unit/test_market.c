/* SPDX-License-Identifier: Apache-2.0 */
/* test_market.c: the table of marketplaces, and how they are found by what people type. */
#include "data.h"

#include "base/zone.h"

static void test_table(void **state)
{
    (void)state;
    size_t n = 0;
    for (const struct market *m = markets; m->id; m++, n++) {
        struct err err = { 0 };
        assert_non_null(zone_get(m->zone, &err));
        assert_true(currency_digits(m->currency) >= 0);
        assert_int_equal(strlen(m->code), 2);
        assert_int_equal(strlen(m->country), 2);
        assert_true(text_starts(m->name, "Amazon."));
        assert_true(m->decimal == '.' || m->decimal == ',');
        assert_non_null(strchr("mdy", m->date_order));
        assert_ptr_equal(market_by_id(m->id), m);
        for (const struct market *other = markets; other < m; other++) {
            assert_string_not_equal(other->id, m->id);
            assert_string_not_equal(other->code, m->code);
            assert_string_not_equal(other->name, m->name);
        }
    }
    assert_int_equal(n, 21);
}

/* Ids as published; currencies and countries of the 21 marketplaces. */
static void test_ids(void **state)
{
    (void)state;
    static const struct { const char *code, *id, *currency, *country; } all[] = {
        { "US", "ATVPDKIKX0DER", "USD", "US" },  { "CA", "A2EUQ1WTGCTBG2", "CAD", "CA" }, { "MX", "A1AM78C64UM0Y8", "MXN", "MX" },
        { "BR", "A2Q3Y263D00KWC", "BRL", "BR" }, { "UK", "A1F83G8C2ARO7P", "GBP", "GB" }, { "DE", "A1PA6795UKMFR9", "EUR", "DE" },
        { "FR", "A13V1IB3VIYZZH", "EUR", "FR" }, { "IT", "APJ6JRA9NG5V4", "EUR", "IT" },  { "ES", "A1RKKUPIHCS9HS", "EUR", "ES" },
        { "NL", "A1805IZSGTT6HS", "EUR", "NL" }, { "SE", "A2NODRKZP88ZB9", "SEK", "SE" }, { "PL", "A1C3SOZRARQ6R3", "PLN", "PL" },
        { "BE", "AMEN7PMS3EDWL", "EUR", "BE" },  { "TR", "A33AVAJ2PDY3EV", "TRY", "TR" }, { "AE", "A2VIGQ35RCS4UG", "AED", "AE" },
        { "SA", "A17E79C6D8DWNP", "SAR", "SA" }, { "EG", "ARBP9OOSHTCHU", "EGP", "EG" },  { "IN", "A21TJRUUN4KGV", "INR", "IN" },
        { "JP", "A1VC38T7YXB528", "JPY", "JP" }, { "AU", "A39IBJ37TRP1C6", "AUD", "AU" }, { "SG", "A19VAU5U5O7RUS", "SGD", "SG" },
    };
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        const struct market *m = market_find(all[i].code);
        assert_non_null(m);
        assert_string_equal(m->code, all[i].code);
        assert_string_equal(m->id, all[i].id);
        assert_string_equal(m->currency, all[i].currency);
        assert_string_equal(m->country, all[i].country);
        assert_string_equal(m->charset, text_is(m->code, "JP") ? "windows-31j" : "windows-1252");
    }
}

static void test_find(void **state)
{
    (void)state;
    static const struct { const char *word, *code; } cases[] = {
        { "DE", "DE" }, { "de", "DE" }, { "Amazon.de", "DE" }, { "amazon.DE", "DE" }, { "A1PA6795UKMFR9", "DE" },
        { "a1pa6795ukmfr9", "DE" }, { "UK", "UK" }, { "gb", "UK" }, { "amazon.co.uk", "UK" }, { "amazon.com", "US" },
        { "jp", "JP" }, { "", NULL }, { "amazon", NULL }, { "D", NULL }, { "DEU", NULL }, { "amazon.dee", NULL },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct market *m = market_find(cases[i].word);
        assert_int_equal(m != NULL, cases[i].code != NULL);
        if (m)
            assert_string_equal(m->code, cases[i].code);
    }
    assert_null(market_by_id("DE"));
    assert_null(market_by_id("a1pa6795ukmfr9"));
}

static void test_like(void **state)
{
    (void)state;
    static const struct { const char *word, *like; } cases[] = {
        { "amazon.dee", "Amazon.de" }, { "amzon.de", "Amazon.de" }, { "amazon.co.up", "Amazon.co.uk" }, { "DEE", "DE" },
        { "co.jpp", "Amazon.co.jp" }, { "germany", "" }, { "", "" }, { "ebay.de", "" }, { "xx", "" },
        { "something very long that is no market at all", "" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_string_equal(market_like(cases[i].word), cases[i].like);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_ids),
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_like),
    };
    return cmocka_run_group_tests_name("market", tests, NULL, NULL);
}
