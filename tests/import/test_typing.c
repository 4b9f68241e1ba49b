/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_typing.c: cells become values; how a file is written is decided once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "flow/typing.h"

static const char *type_text(const struct style *style, uint32_t type, const char *currency,
                             const char *text, struct souk_value *v)
{
    static char cell[256];
    strcpy(cell, text);
    return cell_type(style, type, currency, cell, strlen(cell), v);
}

static struct style style_of(const char *market)
{
    struct evidence none = { 0 };
    struct err err = { 0 };
    struct style style;
    assert_int_equal(style_decide(&style, &none, *market ? market_find(market) : NULL, NULL, &err), 0);
    return style;
}

/* ---- instants -------------------------------------------------------------------------------- */

static const struct {
    const char *name, *market, *text, *instant;         /* or the key of what is wrong */
} instant_cases[] = {
    { "iso",                  "",   "2022-07-18T18:52:47+00:00",     "2022-07-18T18:52:47Z" },
    { "iso z",                "",   "2022-07-18T18:52:47Z",          "2022-07-18T18:52:47Z" },
    { "iso offset",           "",   "2026-03-05T10:00:00+09:00",     "2026-03-05T01:00:00Z" },
    { "iso offset, no colon", "",   "2026-03-05T10:00:00-0730",      "2026-03-05T17:30:00Z" },
    { "iso fraction",         "",   "2026-03-05T10:00:00.250+01:00", "2026-03-05T09:00:00Z" },
    { "space and UTC",        "",   "2026-03-13 20:21:38 UTC",       "2026-03-13T20:21:38Z" },
    { "PDT",                  "",   "2022-07-11 01:34:18 PDT",       "2022-07-11T08:34:18Z" },
    { "points",               "",   "03.05.2018 09:10:07 UTC",       "2018-05-03T09:10:07Z" },
    { "points in the US",     "US", "03.05.2018 09:10:07 UTC",       "2018-05-03T09:10:07Z" },
    { "slashes BST",          "UK", "15/04/2020 15:15:46 BST",       "2020-04-15T14:15:46Z" },
    { "slashes day first",    "UK", "03/05/2018 10:00:00 UTC",       "2018-05-03T10:00:00Z" },
    { "slashes month first",  "US", "03/05/2018 10:00:00 UTC",       "2018-03-05T10:00:00Z" },
    { "slashes year first",   "JP", "2020/07/29 0:01:02JST",         "2020-07-28T15:01:02Z" },
    { "short year, Japan",    "JP", "20/07/29 0:01:02 JST",          "2020-07-28T15:01:02Z" },
    { "short year, US",       "US", "7/29/20 10:00 UTC",             "2020-07-29T10:00:00Z" },
    { "English month",        "",   "Dec 1, 2017 12:38:23 AM PST",   "2017-12-01T08:38:23Z" },
    { "noon",                 "",   "Sep 16, 2026 12:00:00 PM PDT",  "2026-09-16T19:00:00Z" },
    { "pm",                   "",   "Sep 9, 2026 3:00:00 PM PDT",    "2026-09-09T22:00:00Z" },
    { "pm with points",       "",   "1 Aug 2020 5:39:09 p.m. GMT-7", "2020-08-02T00:39:09Z" },
    { "am in small letters",  "",   "1 Aug 2020 5:39:09 am GMT+10:00", "2020-07-31T19:39:09Z" },
    { "French month",         "",   "1 juil. 2026 08:31:35 UTC",     "2026-07-01T08:31:35Z" },
    { "French June",          "",   "10 juin 2026 08:31:35 UTC",     "2026-06-10T08:31:35Z" },
    { "French February",      "",   "10 févr. 2026 08:31:35 UTC",    "2026-02-10T08:31:35Z" },
    { "French August",        "",   "10 août 2026 08:31:35 UTC",     "2026-08-10T08:31:35Z" },
    { "German month",         "",   "3. März 2026 08:31:35 UTC",     "2026-03-03T08:31:35Z" },
    { "Italian time",         "",   "29 lug 2020 05.39.09 GMT+00:00", "2020-07-29T05:39:09Z" },
    { "Spanish January",      "",   "2 ene 2024 01:02:03 UTC",       "2024-01-02T01:02:03Z" },
    { "zone of the market",   "DE", "03.05.2018 09:10:07",           "2018-05-03T07:10:07Z" },
    { "day of the market",    "DE", "2018-05-03",                    "2018-05-02T22:00:00Z" },
    { "no zone known",        "",   "2018-05-03 09:10:07",           "cell.no_zone" },
    { "order not known",      "",   "03/05/2018 10:00:00 UTC",       "cell.date_order" },
    { "day 31 first",         "US", "31/05/2018 10:00:00 UTC",       "cell.date" },
    { "glued",                "US", "2020-03-05 07:39:41 PSTy",      "cell.date" },
    { "unknown zone",         "US", "2020-03-05 07:39:41 XYZ",       "cell.date" },
    { "no such day",          "US", "2021-02-29 07:39:41 UTC",       "cell.date" },
    { "no such hour",         "US", "2021-02-28 24:00:00 UTC",       "cell.date" },
    { "hour 13 pm",           "US", "Dec 1, 2017 13:38:23 PM PST",   "cell.date" },
    { "words",                "US", "yesterday",                     "cell.date" },
    { "a number",             "US", "44321",                         "cell.date" },
    { "more behind",          "US", "2020-03-05T07:39:41Z x",        "cell.date" },
};

static void test_instants(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(instant_cases); i++) {
        struct style style = style_of(instant_cases[i].market);
        struct souk_value v;
        struct buf got = { 0 };
        const char *wrong = type_text(&style, SOUK_INSTANT, "", instant_cases[i].text, &v);
        if (wrong)
            buf_text(&got, wrong);
        else
            buf_instant(&got, v.num);
        if (strcmp(got.at, instant_cases[i].instant) != 0)
            fail_msg("%s: %s", instant_cases[i].name, got.at);
        buf_free(&got);
    }
}

static void test_days(void **state)
{
    static const struct { const char *market, *text, *day; } cases[] = {
        { "",   "2026-03-14",                "2026-03-14" },
        { "",   "10-Jul-2025",               "2025-07-10" },
        { "DE", "03.05.2018",                "2018-05-03" },
        { "UK", "3/5/2018",                  "2018-05-03" },
        { "US", "3/5/2018",                  "2018-03-05" },
        { "",   "2026-03-14 23:59:59 PST",   "2026-03-14" },
        { "",   "3/5/2018",                  "cell.date_order" },
        { "",   "10-Xyz-2025",               "cell.date" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct style style = style_of(cases[i].market);
        struct souk_value v;
        struct buf got = { 0 };
        const char *wrong = type_text(&style, SOUK_DAY, "", cases[i].text, &v);
        if (wrong)
            buf_text(&got, wrong);
        else
            buf_day(&got, (int32_t)v.num);
        if (strcmp(got.at, cases[i].day) != 0)
            fail_msg("%s: %s", cases[i].text, got.at);
        buf_free(&got);
    }
}

/* ---- numbers --------------------------------------------------------------------------------- */

static const struct {
    const char *text;
    char decimal;
    const char *currency;
    int64_t minor;
    const char *wrong;
} money_cases[] = {
    { "14.0",       '.', "USD", 1400,    NULL },
    { "5",          '.', "USD", 500,     NULL },
    { "1,062.53",   '.', "USD", 106253,  NULL },
    { "-1,052.64",  '.', "USD", -105264, NULL },
    { "1,062",      '.', "USD", 106200,  NULL },
    { "53,44",      ',', "EUR", 5344,    NULL },
    { "1.062,53",   ',', "EUR", 106253,  NULL },
    { "1 062,53",   ',', "EUR", 106253,  NULL },
    { "-0,75",      ',', "EUR", -75,     NULL },
    { "1000",       '.', "JPY", 1000,    NULL },
    { "1000.00",    '.', "JPY", 1000,    NULL },
    { "1.234",      '.', "KWD", 1234,    NULL },
    { "53,44",      '.', "EUR", 0,       "cell.number" },
    { "12.34",      ',', "EUR", 0,       "cell.number" },
    { "12.345",     '.', "EUR", 0,       "cell.digits" },
    { "10.5",       '.', "JPY", 0,       "cell.digits" },
    { "12.34",      '.', "",    0,       "cell.no_currency" },
    { "12.34",      '.', "XQZ", 0,       "cell.no_currency" },
    { "abc",        '.', "EUR", 0,       "cell.number" },
    { "1e5",        '.', "EUR", 0,       "cell.number" },
    { "--5",        '.', "EUR", 0,       "cell.number" },
    { "99999999999999999999", '.', "EUR", 0, "cell.number" },
};

static void test_money(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(money_cases); i++) {
        struct style style = style_of("");
        struct souk_value v = souk_none();
        style.decimal = money_cases[i].decimal;
        const char *currency = money_cases[i].currency;
        const char *wrong = type_text(&style, SOUK_MONEY, currency, money_cases[i].text, &v);
        if (!money_cases[i].wrong != !wrong || (wrong && strcmp(wrong, money_cases[i].wrong) != 0))
            fail_msg("%s: %s", money_cases[i].text, wrong ? wrong : "typed");
        if (!wrong) {
            assert_int_equal(v.num, money_cases[i].minor);
            assert_string_equal(v.currency, money_cases[i].currency);
        }
    }
}

static void test_other_types(void **state)
{
    static const struct { uint32_t type; const char *text; int64_t num; const char *wrong; } cases[] = {
        { SOUK_COUNT,    "17",        17,   NULL },
        { SOUK_COUNT,    "-3",        -3,   NULL },
        { SOUK_COUNT,    "1,000",     1000, NULL },
        { SOUK_COUNT,    "2.0",       2,    NULL },
        { SOUK_COUNT,    "2.5",       0,    "cell.count" },
        { SOUK_COUNT,    "two",       0,    "cell.count" },
        { SOUK_DECIMAL,  "0.01",      1,    NULL },
        { SOUK_DECIMAL,  "x",         0,    "cell.number" },
        { SOUK_BOOL,     "true",      1,    NULL },
        { SOUK_BOOL,     "False",     0,    NULL },
        { SOUK_BOOL,     "Y",         1,    NULL },
        { SOUK_BOOL,     "n",         0,    NULL },
        { SOUK_BOOL,     "Yes",       1,    NULL },
        { SOUK_BOOL,     "maybe",     0,    "cell.bool" },
        { SOUK_CURRENCY, "EUR",       0,    NULL },
        { SOUK_CURRENCY, "Euro",      0,    "cell.currency" },
        { SOUK_CURRENCY, "eur",       0,    "cell.currency" },
        { SOUK_MARKET,   "amazon.de", 0,    NULL },
        { SOUK_MARKET,   "Non-Amazon", 0,   "cell.market" },
        { SOUK_TEXT,     "anything",  0,    NULL },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct style style = style_of("");
        struct souk_value v = souk_none();
        const char *wrong = type_text(&style, cases[i].type, "", cases[i].text, &v);
        if (!cases[i].wrong != !wrong || (wrong && strcmp(wrong, cases[i].wrong) != 0))
            fail_msg("%s: %s", cases[i].text, wrong ? wrong : "typed");
        if (!wrong) {
            assert_int_equal(v.type, cases[i].type);
            assert_int_equal(v.num, cases[i].num);
        }
    }
    struct style style = style_of("");
    struct souk_value v;
    assert_null(type_text(&style, SOUK_MARKET, "", "amazon.DE", &v));
    assert_string_equal(v.text.at, "A1PA6795UKMFR9");
    assert_null(type_text(&style, SOUK_DECIMAL, "", "-1.250", &v));
    assert_int_equal(v.num, -1250);
    assert_int_equal(v.den, 3);
}

/* ---- evidence -------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    const char *numbers[4], *markets[3], *currencies[3];
    const char *market, *guess;
    char decimal, date_order;
    const char *currency, *charset, *zone;              /* zone "": not known */
} style_cases[] = {
    { "nothing known",       { NULL }, { NULL }, { NULL }, "", "",
      '.', 0, "", "windows-1252", "" },
    { "numbers by point",    { "12.50", "1,000" }, { NULL }, { NULL }, "DE", "",
      '.', 'd', "EUR", "windows-1252", "Europe/Berlin" },
    { "numbers by comma",    { "12,50", "1.000" }, { NULL }, { NULL }, "US", "",
      ',', 'm', "USD", "windows-1252", "America/Los_Angeles" },
    { "both signs in one",   { "1.062,53" }, { NULL }, { NULL }, "", "",
      ',', 0, "", "windows-1252", "" },
    { "three digits say nothing", { "1.234", "5", "1,234" }, { NULL }, { NULL }, "DE", "",
      ',', 'd', "EUR", "windows-1252", "Europe/Berlin" },
    { "most numbers win",    { "12,50", "12.50", "13.50" }, { NULL }, { NULL }, "", "",
      '.', 0, "", "windows-1252", "" },
    { "rows name a market",  { NULL }, { "Amazon.co.jp" }, { NULL }, "", "DE",
      '.', 'y', "JPY", "windows-31j", "Asia/Tokyo" },
    { "rows of two markets", { NULL }, { "Amazon.de", "Amazon.fr" }, { NULL }, "", "",
      ',', 'd', "EUR", "windows-1252", "" },
    { "rows that disagree",  { NULL }, { "Amazon.de", "Amazon.com" }, { NULL }, "", "",
      '.', 0, "", "windows-1252", "" },
    { "rows name currencies", { NULL }, { NULL }, { "EUR" }, "", "US",
      ',', 'd', "EUR", "windows-1252", "" },
    { "yen",                 { NULL }, { NULL }, { "JPY" }, "", "",
      '.', 'y', "JPY", "windows-31j", "Asia/Tokyo" },
    { "unknown market",      { NULL }, { "Non-Amazon" }, { NULL }, "", "US",
      '.', 'm', "USD", "windows-1252", "America/Los_Angeles" },
    { "chosen goes first",   { NULL }, { "Amazon.com" }, { NULL }, "UK", "DE",
      '.', 'd', "GBP", "windows-1252", "Europe/London" },
};

static void test_styles(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(style_cases); i++) {
        struct evidence e = { 0 };
        struct err err = { 0 };
        struct style style;
        for (size_t j = 0; j < 4 && style_cases[i].numbers[j]; j++)
            evidence_number(&e, style_cases[i].numbers[j], strlen(style_cases[i].numbers[j]));
        for (size_t j = 0; j < 3 && style_cases[i].markets[j]; j++)
            evidence_market(&e, style_cases[i].markets[j], strlen(style_cases[i].markets[j]));
        for (size_t j = 0; j < 3 && style_cases[i].currencies[j]; j++)
            evidence_currency(&e, style_cases[i].currencies[j], strlen(style_cases[i].currencies[j]));
        const struct market *market = market_find(style_cases[i].market);
        const struct market *guess = market_find(style_cases[i].guess);
        assert_int_equal(style_decide(&style, &e, market, guess, &err), 0);
        const char *zone = style.zone ? zone_name(style.zone) : "";
        if (style.decimal != style_cases[i].decimal || style.date_order != style_cases[i].date_order ||
            strcmp(style.currency, style_cases[i].currency) != 0 ||
            strcmp(style.charset, style_cases[i].charset) != 0 || strcmp(zone, style_cases[i].zone) != 0)
            fail_msg("%s: %c %c %s %s %s", style_cases[i].name, style.decimal, style.date_order,
                     style.currency, style.charset, zone);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_instants),
        cmocka_unit_test(test_days),
        cmocka_unit_test(test_money),
        cmocka_unit_test(test_other_types),
        cmocka_unit_test(test_styles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
