/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_value.c: money, rates, days: named cases, and properties over numbers of a fixed seed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/value.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

__extension__ typedef __int128 wide;

enum { ROUNDS = 200000 };

static uint64_t seed;

static uint64_t splitmix64(void)
{
    uint64_t z = seed += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

/* Any size of number is as likely as any other. */
static int64_t some_number(void)
{
    return (int64_t)splitmix64() >> (splitmix64() % 64);
}

static int start(void **state)
{
    (void)state;
    seed = 20261123;
    return 0;
}

/* ---- money ---------------------------------------------------------------------------------- */

static void digits_of_currencies(void **state)
{
    (void)state;
    static const struct { const char *code; int digits; } cases[] = {
        { "USD", 2 }, { "EUR", 2 }, { "JPY", 0 },  { "KWD", 3 },  { "GBP", 2 },  { "INR", 2 },
        { "MXN", 2 }, { "BRL", 2 }, { "TRY", 2 },  { "PLN", 2 },  { "SEK", 2 },  { "EGP", 2 },
        { "AED", 2 }, { "SAR", 2 }, { "AUD", 2 },  { "SGD", 2 },  { "CAD", 2 },  { "DEM", 2 },
        { "",   -1 }, { "EU", -1 }, { "eur", -1 }, { "EURO", -1 }, { "ZZZ", -1 },
        { "E\xC3\xA9", -1 },
    };
    for (int again = 0; again < 2; again++)
        for (size_t i = 0; i < COUNT_OF(cases); i++)
            if (currency_digits(cases[i].code) != cases[i].digits)
                fail_msg("%s: %d", cases[i].code, currency_digits(cases[i].code));
}

static void money_adds_or_refuses(void **state)
{
    (void)state;
    struct money sum = { 100, "EUR" };
    assert_true(money_add(&sum, (struct money){ -250, "EUR" }));
    assert_int_equal(sum.minor, -150);
    assert_false(money_add(&sum, (struct money){ 1, "USD" }));
    assert_false(money_add(&sum, (struct money){ 1, "" }));
    assert_int_equal(sum.minor, -150);
    sum.minor = INT64_MAX;
    assert_false(money_add(&sum, (struct money){ 1, "EUR" }));
    assert_int_equal(sum.minor, INT64_MAX);
    sum.minor = INT64_MIN;
    assert_false(money_add(&sum, (struct money){ -1, "EUR" }));
}

static void decimals(void **state)
{
    (void)state;
    static const struct {
        const char *name, *in;
        char decimal;
        bool ok;
        int64_t num;
        int places;
    } cases[] = {
        { "plain",                   "12.99",          '.', true,  1299, 2 },
        { "comma",                   "12,99",          ',', true,  1299, 2 },
        { "whole",                   "5",              '.', true,  5, 0 },
        { "three decimals",          "12.999",         '.', true,  12999, 3 },
        { "zero",                    "0.00",           '.', true,  0, 2 },
        { "leading zeros",           "007.50",         '.', true,  750, 2 },
        { "minus",                   "-0,75",          ',', true,  -75, 2 },
        { "plus",                    "+3.5",           '.', true,  35, 1 },
        { "trailing minus",          "3.50-",          '.', true,  -350, 2 },
        { "no whole part",           ".5",             '.', true,  5, 1 },
        { "US thousands",            "1,052.64",       '.', true,  105264, 2 },
        { "US thousands, negative",  "-1,052.64",      '.', true,  -105264, 2 },
        { "German thousands",        "1.052,64",       ',', true,  105264, 2 },
        { "German whole thousands",  "1.052",          ',', true,  1052, 0 },
        { "US millions",             "12,345,678",     '.', true,  12345678, 0 },
        { "space",                   "1 234,5",        ',', true,  12345, 1 },
        { "no-break space",          "1\u00a0234,5",   ',', true,  12345, 1 },
        { "narrow no-break space",   "1\u202f234\u202f567,5", ',', true, 12345675, 1 },
        { "Swiss apostrophe",        "1'234.50",       '.', true,  123450, 2 },
        { "typographic apostrophe",  "1\u2019234.50",  '.', true,  123450, 2 },
        { "18 digits",               "999999999999999.999", '.', true, 999999999999999999, 3 },
        { "18 digits, minus",        "-999999999999999999", '.', true, -999999999999999999, 0 },
        { "18 digits, grouped",      "999,999,999,999,999,999", '.', true, 999999999999999999, 0 },
        { "19 digits",               "1000000000000000000", '.', false, 0, 0 },
        { "19 digits, grouped",      "1,000,000,000,000,000,000", '.', false, 0, 0 },
        { "40 digits",               "1000000000000000000000000000000000000000", '.', false, 0, 0 },
        { "empty",                   "",               '.', false, 0, 0 },
        { "only a sign",             "-",              '.', false, 0, 0 },
        { "only a point",            ".",              '.', false, 0, 0 },
        { "nothing after the point", "5.",             '.', false, 0, 0 },
        { "two signs",               "--5",            '.', false, 0, 0 },
        { "a sign at each end",      "-5-",            '.', false, 0, 0 },
        { "trailing plus",           "5+",             '.', false, 0, 0 },
        { "two points",              "1.2.3",          '.', false, 0, 0 },
        { "group of two",            "1,05.64",        '.', false, 0, 0 },
        { "group of four",           "1,0524.64",      '.', false, 0, 0 },
        { "first group of four",     "1052,640.00",    '.', false, 0, 0 },
        { "group without a first",   ",123",           '.', false, 0, 0 },
        { "group at the end",        "1,052,",         '.', false, 0, 0 },
        { "groups behind the point", "1.234,567",      '.', false, 0, 0 },
        { "two kinds of groups",     "1,234 567",      '.', false, 0, 0 },
        { "Indian groups",           "12,34,567",      '.', false, 0, 0 },
        { "the other decimal sign",  "12,99",          '.', false, 0, 0 },
        { "leading space",           " 12",            '.', false, 0, 0 },
        { "trailing space",          "12 ",            '.', false, 0, 0 },
        { "exponent",                "1e5",            '.', false, 0, 0 },
        { "currency",                "$5",             '.', false, 0, 0 },
        { "word",                    "n/a",            '.', false, 0, 0 },
        { "cut no-break space",      "1\xC2",          ',', false, 0, 0 },
        { "full-width digits",       "\uff11\uff12",   '.', false, 0, 0 },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        size_t n = strlen(cases[i].in);
        char *exact = malloc(n ? n : 1);                /* a byte read too far is seen by ASan */
        assert_non_null(exact);
        memcpy(exact, cases[i].in, n);
        int64_t num = -1;
        int places = -1;
        bool ok = decimal_parse(exact, n, cases[i].decimal, &num, &places);
        free(exact);
        if (ok != cases[i].ok || (ok && (num != cases[i].num || places != cases[i].places)))
            fail_msg("%s: %d, %lld, %d", cases[i].name, ok, (long long)num, places);
    }
}

static void minor_units(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int64_t num;
        int places, digits;
        bool ok;
        int64_t minor;
    } cases[] = {
        { "as it is",             1299, 2, 2, true, 1299 },
        { "no cents written",     5, 0, 2, true, 500 },
        { "one decimal",          -35, 1, 2, true, -350 },
        { "yen with zeros",       120000, 2, 0, true, 1200 },
        { "yen with cents",       120050, 2, 0, false, 0 },
        { "dinar",                1, 0, 3, true, 1000 },
        { "zeros may go",         12990, 3, 2, true, 1299 },
        { "digits would be lost", 12999, 3, 2, false, 0 },
        { "zero",                 0, 18, 2, true, 0 },
        { "does not fit",         999999999999999999, 0, 2, false, 0 },
        { "no currency",          5, 0, -1, false, 0 },
        { "no currency, no places", 5, -1, -1, false, 0 },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int64_t minor = -1;
        bool ok = decimal_to_minor(cases[i].num, cases[i].places, cases[i].digits, &minor);
        if (ok != cases[i].ok || (ok && minor != cases[i].minor))
            fail_msg("%s: %d, %lld", cases[i].name, ok, (long long)minor);
    }
}

static void minor_units_as_text(void **state)
{
    (void)state;
    static const struct { int64_t minor; int digits; const char *out; } cases[] = {
        { -123450, 2, "-1234.50" }, { 5, 2, "0.05" },   { 0, 2, "0.00" }, { -1, 3, "-0.001" },
        { 1200, 0, "1200" },        { -7, 0, "-7" },    { 12, -1, "12" },
        { 1, 18, "0.000000000000000001" },
        { INT64_MIN, 2, "-92233720368547758.08" },      { INT64_MAX, 0, "9223372036854775807" },
    };
    struct buf b = { 0 };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        buf_clear(&b);
        buf_minor(&b, cases[i].minor, cases[i].digits);
        assert_string_equal(buf_str(&b), cases[i].out);
    }
    buf_free(&b);
}

/* What is printed is read back as the same amount, in every currency and with every separator. */
static void money_round_trips(void **state)
{
    (void)state;
    struct buf b = { 0 };
    for (int i = 0; i < ROUNDS; i++) {
        int64_t minor = some_number() % 1000000000000000000, back, num;
        int digits = (int)(splitmix64() % 4), places;
        buf_clear(&b);
        buf_minor(&b, minor, digits);
        assert_true(decimal_parse(buf_str(&b), b.len, '.', &num, &places));
        assert_int_equal(places, digits);
        assert_true(decimal_to_minor(num, places, digits, &back));
        assert_int_equal(back, minor);
        char *point = strchr(b.at, '.');
        if (point)
            *point = ',';
        assert_true(decimal_parse(buf_str(&b), b.len, ',', &num, &places));
        assert_int_equal(num, minor);
        if (digits == 1 || digits == 2)                 /* a comma before cents groups nothing */
            assert_false(decimal_parse(buf_str(&b), b.len, '.', &num, &places));
    }
    buf_free(&b);
}

/* A sum in any order is the sum, to the cent, and a sum that does not fit changes nothing. */
static void money_never_loses_a_cent(void **state)
{
    (void)state;
    for (int i = 0; i < ROUNDS / 10; i++) {
        struct money sum = { 0, "USD" }, back = { 0, "USD" };
        int64_t part[20];
        wide exact = 0;
        for (size_t k = 0; k < COUNT_OF(part); k++) {
            part[k] = some_number();
            int64_t before = sum.minor;
            bool fits = exact + part[k] >= INT64_MIN && exact + part[k] <= INT64_MAX;
            assert_int_equal(money_add(&sum, (struct money){ part[k], "USD" }), fits);
            if (fits)
                exact += part[k];
            else
                assert_int_equal(sum.minor, before);
            if (!fits)
                part[k] = 0;
        }
        assert_true(sum.minor == exact);
        wide half = 0;
        for (size_t k = COUNT_OF(part); k-- > 0;) {
            half += part[k];
            if (half < INT64_MIN || half > INT64_MAX)
                break;
            assert_true(money_add(&back, (struct money){ part[k], "USD" }));
            if (k == 0)
                assert_int_equal(back.minor, sum.minor);
        }
    }
}

/* ---- rates ---------------------------------------------------------------------------------- */

/* The nearest whole number to num / den; of two equally near ones the one further from zero. */
static wide nearest(wide num, wide den)
{
    wide n = num < 0 ? -num : num, d = den < 0 ? -den : den;
    wide whole = n / d;
    if (2 * (n - whole * d) >= d)
        whole++;
    return (num < 0) == (den < 0) ? whole : -whole;
}

static void rates_are_rounded_once(void **state)
{
    (void)state;
    int64_t bp;
    assert_int_equal(divide_round(5, 2), 3);
    assert_int_equal(divide_round(-5, 2), -3);
    assert_int_equal(divide_round(5, -2), -3);
    assert_int_equal(divide_round(4, 3), 1);
    assert_int_equal(divide_round(INT64_MIN, INT64_MIN), 1);
    assert_int_equal(divide_round(INT64_MIN, 1), INT64_MIN);
    assert_int_equal(divide_round(INT64_MIN, -1), INT64_MAX);
    assert_true(rate_bp(1, 3, &bp));
    assert_int_equal(bp, 3333);
    assert_false(rate_bp(1, 0, &bp));
    assert_true(change_bp(200, 250, &bp));
    assert_int_equal(bp, 2500);
    assert_true(change_bp(-100, -50, &bp));             /* half the loss is an improvement */
    assert_int_equal(bp, 5000);
    assert_false(change_bp(0, 5, &bp));
    assert_false(change_bp(1, INT64_MAX, &bp));

    for (int i = 0; i < ROUNDS; i++) {
        int64_t a = some_number(), b = some_number();
        bool ok = b != 0;
        if (ok && !(a == INT64_MIN && b == -1))
            assert_true(divide_round(a, b) == nearest(a, b));
        wide rate = ok ? nearest((wide)a * 10000, b) : 0;
        ok = ok && rate >= INT64_MIN && rate <= INT64_MAX;
        assert_int_equal(rate_bp(a, b, &bp), ok);
        if (ok)
            assert_true(bp == rate);
        ok = a != 0;
        wide size = a < 0 ? -(wide)a : a;
        wide change = ok ? nearest(((wide)b - a) * 10000, size) : 0;
        ok = ok && change >= INT64_MIN && change <= INT64_MAX;
        assert_int_equal(change_bp(a, b, &bp), ok);
        if (ok)
            assert_true(bp == change);
    }
}

/* ---- days ----------------------------------------------------------------------------------- */

/* A calendar that counts, against the one that computes: every day from 1770 to 2170. */
static void days_and_dates_agree(void **state)
{
    (void)state;
    static const unsigned month_days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    int32_t day = day_of(1770, 1, 1);
    unsigned weekday = day_weekday(day);
    struct buf b = { 0 };
    assert_int_equal(day_of(1970, 1, 1), 0);
    assert_int_equal(day_weekday(0), 4);
    for (int year = 1770; year < 2170; year++) {
        bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        for (unsigned month = 1; month <= 12; month++) {
            unsigned days = month_days[month - 1] + (month == 2 && is_leap);
            for (unsigned of_month = 1; of_month <= days; of_month++) {
                int y;
                unsigned m, d;
                int32_t parsed;
                char text[16];
                assert_true(day_is_valid(year, month, of_month));
                assert_int_equal(day_of(year, month, of_month), day);
                day_parts(day, &y, &m, &d);
                assert_true(y == year && m == month && d == of_month);
                assert_int_equal(day_weekday(day), weekday);
                snprintf(text, sizeof text, "%04d-%02u-%02u", year, month, of_month);
                buf_clear(&b);
                buf_day(&b, day);
                assert_string_equal(buf_str(&b), text);
                assert_true(day_parse(text, &parsed));
                assert_int_equal(parsed, day);
                weekday = weekday % 7 + 1;
                day++;
            }
            assert_false(day_is_valid(year, month, days + 1));
            assert_false(day_is_valid(year, month, 0));
        }
    }
    buf_free(&b);
}

static void far_days_round_trip(void **state)
{
    (void)state;
    for (int i = 0; i < ROUNDS; i++) {
        int32_t day = (int32_t)some_number();
        int year;
        unsigned month, of_month;
        day_parts(day, &year, &month, &of_month);
        assert_int_equal(day_of(year, month, of_month), day);
        unsigned today = day_weekday(day);
        if (day < INT32_MAX)
            assert_int_equal(day_weekday(day + 1), today % 7 + 1);
    }
}

static void bad_days(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "", "2026", "2026-11-2", "2026-11-233", "2026/11/23", "2026-13-01", "2026-00-10",
        "2026-02-29", "2026-11-31", "0000-01-01", "26-11-2023", " 2026-11-23", "2026-11-23 ",
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int32_t day;
        if (day_parse(cases[i], &day))
            fail_msg("\"%s\"", cases[i]);
    }
    assert_false(day_is_valid(2026, 0, 1));
    assert_false(day_is_valid(2026, 13, 1));
    assert_false(day_is_valid(10000, 1, 1));
}

static void instants(void **state)
{
    (void)state;
    static const struct { const char *in; bool ok; int64_t out; } cases[] = {
        { "1970-01-01T00:00:00Z",      true,  0 },
        { "2022-07-18T18:52:47+00:00", true,  1658170367 },
        { "2022-07-18T18:52:47Z",      true,  1658170367 },
        { "2022-07-18T18:52:47-07:00", true,  1658195567 },
        { "2022-07-19T00:22:47+05:30", true,  1658170367 },
        { "1969-12-31T23:59:59Z",      true,  -1 },
        { "2022-07-18T18:52:47",       false, 0 },
        { "2022-07-18 18:52:47Z",      false, 0 },
        { "2022-07-18T18:52:47z",      false, 0 },
        { "2022-07-18T18:52Z",         false, 0 },
        { "2022-07-18T24:00:00Z",      false, 0 },
        { "2022-07-18T18:60:00Z",      false, 0 },
        { "2022-07-18T18:52:60Z",      false, 0 },
        { "2022-02-30T18:52:47Z",      false, 0 },
        { "2022-07-18T18:52:47+0000",  false, 0 },
        { "2022-07-18T18:52:47+00:0",  false, 0 },
        { "2022-07-18T18:52:47+00:60", false, 0 },
        { "2022-07-18T18:52:47+00:00Z", false, 0 },
        { "2022-07-18T18:52:47.000Z",  false, 0 },
        { "2022-07-18",                false, 0 },
        { "",                          false, 0 },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        size_t n = strlen(cases[i].in) + 1;
        char *exact = malloc(n);
        assert_non_null(exact);
        memcpy(exact, cases[i].in, n);
        int64_t instant = -1;
        bool ok = instant_parse(exact, &instant);
        free(exact);
        if (ok != cases[i].ok || (ok && instant != cases[i].out))
            fail_msg("%s: %d, %lld", cases[i].in, ok, (long long)instant);
    }

    struct buf b = { 0 };
    const int64_t first = (int64_t)day_of(1, 1, 1) * 86400;
    const int64_t last = (int64_t)day_of(9999, 12, 31) * 86400;
    for (int i = 0; i < ROUNDS; i++) {
        int64_t instant = some_number(), back;
        buf_clear(&b);
        buf_instant(&b, instant);                       /* any at all: it must not fall over */
        if (instant < first || instant > last)
            continue;
        assert_true(instant_parse(buf_str(&b), &back));
        assert_int_equal(back, instant);
    }
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digits_of_currencies),
        cmocka_unit_test(money_adds_or_refuses),
        cmocka_unit_test(decimals),
        cmocka_unit_test(minor_units),
        cmocka_unit_test(minor_units_as_text),
        cmocka_unit_test_setup(money_round_trips, start),
        cmocka_unit_test_setup(money_never_loses_a_cent, start),
        cmocka_unit_test_setup(rates_are_rounded_once, start),
        cmocka_unit_test(days_and_dates_agree),
        cmocka_unit_test_setup(far_days_round_trip, start),
        cmocka_unit_test(bad_days),
        cmocka_unit_test_setup(instants, start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
