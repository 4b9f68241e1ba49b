/* SPDX-License-Identifier: Apache-2.0 */
/* What souk/cursor.h and the small functions of the other headers promise to plugins. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <souk/command.h>
#include <souk/cursor.h>
#include <souk/widget.h>

static void test_round(void **state)
{
    static const int64_t numbers[] = { 0, 1, 9, 10, 1790000000, 253402300799, SOUK_CURSOR_LAST };
    static const char *const ids[] = { "", "303-1", "a b", "n5 x", "\xC3\xBC\xF0\x9F\x8D\xB5", "%&=?#\"'" };
    char room[SOUK_CURSOR_MAX];
    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        for (size_t k = 0; k < sizeof ids / sizeof *ids; k++)
            for (int is_back = 0; is_back < 2; is_back++) {
                struct souk_cursor p = { -1, -1, "?" };
                assert_int_equal(souk_cursor_read(souk_cursor_write(room, is_back, numbers[i], ids[k]), &p), 1);
                assert_int_equal(p.at, numbers[i]);
                assert_int_equal(p.is_back, is_back);
                assert_string_equal(p.id, ids[k]);
            }
    assert_string_equal(souk_cursor_write(room, 0, 1790000000, "303-1"), "n1790000000 303-1");
    assert_string_equal(souk_cursor_write(room, 1, -5, "x"), "p0 x");
}

/* What somebody types into the address. */
static void test_rubbish(void **state)
{
    static const char *const wrong[] = {
        "", "n", "p", "n ", "n1", "nx 1", "1 a", "x1 a", "n-1 a", "n 1 a", "n1\ta", "n4000000000000000001 a",
        "n99999999999999999999999999999999 a", "N1 a",
    };
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct souk_cursor p = { 7, 1, "as it was" };
        assert_int_equal(souk_cursor_read(wrong[i], &p), 0);
        assert_int_equal(p.at, 7);
        assert_int_equal(p.is_back, 1);
        assert_string_equal(p.id, "as it was");
    }
}

static void test_long(void **state)
{
    char id[1000], room[SOUK_CURSOR_MAX], ref[SOUK_REF_MAX], end[SOUK_CURSOR_MAX];
    struct souk_cursor p;
    (void)state;
    memset(id, 'x', sizeof id - 1);
    id[sizeof id - 1] = 0;
    assert_int_equal(strlen(souk_cursor_write(room, 0, SOUK_CURSOR_LAST, id)), SOUK_CURSOR_MAX - 1);
    assert_int_equal(souk_cursor_read(room, &p), 1);
    assert_in_range(strlen(p.id), 200, sizeof p.id - 1);
    assert_int_equal(strlen(souk_ref_of(ref, "order", id)), SOUK_REF_MAX - 1);
    assert_int_equal(strlen(souk_ref_of(ref, id, "order")), SOUK_REF_MAX - 1);
    const struct souk_value begin = souk_text(id);
    assert_in_range(souk_behind_prefix(end, &begin).text.len, 200, SOUK_CURSOR_MAX - 1);
}

static void test_behind(void **state)
{
    char room[SOUK_CURSOR_MAX];
    const struct souk_value begin = souk_text("AB"), nothing = souk_text("");
    (void)state;
    const struct souk_value end = souk_behind_prefix(room, &begin);
    assert_string_equal(end.text.at, "AB\xF4\x8F\xBF\xBF");
    assert_int_equal(end.text.len, 6);
    assert_true(strcmp("ABzzz", end.text.at) < 0 && strcmp("AC", end.text.at) > 0);
    assert_string_equal(souk_behind_prefix(room, &nothing).text.at, "\xF4\x8F\xBF\xBF");
}

static void test_words(void **state)
{
    char ref[SOUK_REF_MAX];
    const struct souk_value v = souk_text("open"), none = souk_none();
    const struct souk_args args = SOUK_ARGS({ "state", souk_text("open") });
    const struct souk_market_now market[] = {
        { .size = sizeof *market, .id = "A1PA6795UKMFR9", .currency = "EUR", .zone = "Europe/Berlin" },
        { .size = sizeof *market, .id = "ATVPDKIKX0DER", .currency = "USD", .zone = "America/Los_Angeles" },
    };
    const struct souk_ask ask = { .size = sizeof ask, .markets = market, .n_markets = 2, .market_size = sizeof *market };
    (void)state;
    assert_true(souk_is(&v, "open") && !souk_is(&v, "opened") && !souk_is(&v, "ope") && !souk_is(&v, ""));
    assert_true(!souk_is(NULL, "open") && !souk_is(&none, "open"));
    assert_string_equal(souk_ref_of(ref, "order", "303-1"), "order:303-1");
    assert_string_equal(souk_given_text(&args, "state"), "open");
    assert_string_equal(souk_given_text(&args, "stat"), "");
    assert_ptr_equal(souk_market_named(&ask, "ATVPDKIKX0DER"), &market[1]);
    assert_null(souk_market_named(&ask, ""));
}

/* Against a calendar that counts day by day, from 1900 to 2100. */
static void test_months(void **state)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    int32_t day = -25567;                               /* 1900-01-01 */
    (void)state;
    for (int year = 1900; year <= 2100; year++)
        for (int month = 0; month < 12; month++) {
            int is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
            int32_t first = day;
            for (int i = 0; i < days[month] + (month == 1 && is_leap); i++)
                assert_int_equal(souk_month_start(day++), first);
        }
    assert_int_equal(souk_month_start(20765), 20758);   /* 2026-11-08: the first of November */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round), cmocka_unit_test(test_rubbish), cmocka_unit_test(test_long),
        cmocka_unit_test(test_behind), cmocka_unit_test(test_words), cmocka_unit_test(test_months),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
