/* SPDX-License-Identifier: Apache-2.0 */
/* What shipping templates promise: worked examples of days, and prices. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../../plugins/settings/shipping/promise.c"

enum { FIVE = 31, SIX = 63, ALL = 127, NOON = 12 * 3600, TWO = 14 * 3600 };
/* 2026-11-23 is a Monday. */
enum { MON = 20780, TUE, WED, THU, FRI, SAT, SUN, NEXT_MON, NEXT_TUE, NEXT_WED };

static struct way usual(void)
{
    return (struct way){ { FIVE, NULL, 0 }, { SIX, NULL, 0 }, TWO, 1, 2, 3 };
}

static void is(const struct way *w, int32_t day, int64_t at_s, int32_t begun, int32_t leaves, int32_t from, int32_t to)
{
    struct promise p = { 0, 0, 0, 0 };
    assert_int_equal(promise_of(w, day, at_s, &p), 1);
    assert_int_equal(p.begun, begun);
    assert_int_equal(p.leaves, leaves);
    assert_int_equal(p.from, from);
    assert_int_equal(p.to, to);
}

static void test_weekdays(void **state)
{
    (void)state;
    assert_int_equal(weekday_of(MON), 0);
    assert_int_equal(weekday_of(SUN), 6);
    assert_int_equal(weekday_of(0), 3);                 /* 1970-01-01, a Thursday */
    assert_int_equal(weekday_of(-1), 2);
}

static void test_days(void **state)
{
    static const struct { const char *text; int32_t day; } days[] = {
        { "1970-01-01", 0 }, { "2026-11-23", MON }, { "2026-12-25 2026-12-26", 20812 }, { "2028-02-29", 21243 }, { "2000-03-01", 11017 },
    };
    static const char *const none[] = { "", "2026-12", "2026-12-2", "2026/12/25", "2026-13-01", "2026-00-01", "2026-12-00", "x026-12-25" };
    int32_t day = 7;
    (void)state;
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        assert_int_equal(promise_day(days[i].text, &day), 1);
        assert_int_equal(day, days[i].day);
    }
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_int_equal(promise_day(none[i], &day), 0);
}

static void test_cut_off(void **state)
{
    struct way w = usual();
    (void)state;
    is(&w, MON, TWO - 1, MON, TUE, THU, FRI);           /* the last second before it */
    is(&w, MON, TWO, TUE, WED, FRI, SAT);               /* the first that is too late */
    w.handling_days = 0;
    is(&w, MON, NOON, MON, MON, WED, THU);              /* leaves on the same day */
    w.cut_off_s = 0;
    is(&w, MON, 0, TUE, TUE, THU, FRI);                 /* nothing comes before midnight */
}

static void test_weekend(void **state)
{
    struct way w = usual();
    (void)state;
    is(&w, FRI, NOON, FRI, NEXT_MON, NEXT_WED, NEXT_WED + 1);
    is(&w, FRI, TWO, NEXT_MON, NEXT_TUE, NEXT_WED + 1, NEXT_WED + 2);
    is(&w, SAT, NOON, NEXT_MON, NEXT_TUE, NEXT_WED + 1, NEXT_WED + 2);
    is(&w, SUN, 0, NEXT_MON, NEXT_TUE, NEXT_WED + 1, NEXT_WED + 2);
    w.transit_min = w.transit_max = 1;                  /* leaves on Friday, comes on Saturday; on Sunday nobody delivers */
    is(&w, THU, NOON, THU, FRI, SAT, SAT);
    w.transit_max = 2;
    is(&w, THU, NOON, THU, FRI, SAT, NEXT_MON);
}

static void test_closed(void **state)
{
    static const int32_t christmas[] = { 20812, 20813, 20819 };        /* 2026-12-25, -26, 2027-01-01 */
    struct way w = usual();
    (void)state;
    w.work.closed = christmas;
    w.work.n_closed = 3;
    /* Thursday the 24th: begun on it, then Friday is closed, so it leaves on Monday the 28th. */
    is(&w, 20811, NOON, 20811, 20815, 20817, 20818);
    /* Thursday the 31st after the cut-off: the next working day is Monday, 4 January. */
    is(&w, 20818, TWO, 20822, 20823, 20825, 20826);
    w.work.weekdays = ALL;
    is(&w, 20811, NOON, 20811, 20814, 20817, 20818);    /* who works on Sundays; the carrier does not come before Monday */
}

static void test_never(void **state)
{
    struct way w = usual();
    struct promise p;
    (void)state;
    w.work.weekdays = 0;
    assert_int_equal(promise_of(&w, MON, NOON, &p), 0);
    w = usual();
    w.carrier.weekdays = 0;
    assert_int_equal(promise_of(&w, MON, NOON, &p), 0);
}

/* A day later never arrives earlier, whatever the days and times are. */
static void test_order(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= 2000; seed++) {
        unsigned r = seed * 2654435761u;
        struct way w = { { (r >> 3 & ALL) | 1, NULL, 0 }, { (r >> 10 & ALL) | 2, NULL, 0 }, (int64_t)(r >> 17 & 15) * 5400, r >> 21 & 3, r >> 23 & 3, 0 };
        struct promise before, after;
        w.transit_max = w.transit_min + (r >> 25 & 3);
        assert_int_equal(promise_of(&w, MON, NOON, &before), 1);
        assert_int_equal(promise_of(&w, MON + 1, NOON, &after), 1);
        assert_true(before.begun <= before.leaves && before.leaves <= before.from && before.from <= before.to);
        assert_true(before.leaves <= after.leaves && before.from <= after.from && before.to <= after.to);
    }
}

static void test_price(void **state)
{
    (void)state;
    assert_int_equal(promise_price(390, 0, 0, 3, 2500), 390);
    assert_int_equal(promise_price(390, 50, 0, 3, 2500), 540);
    assert_int_equal(promise_price(390, 50, 120, 3, 2500), 840);
    assert_int_equal(promise_price(0, 0, 99, 1, 505), 50);              /* 49.995: half a cent is rounded up */
    assert_int_equal(promise_price(0, 0, 1, 1, 499), 0);
    assert_int_equal(promise_price(500, 100, 10, 1, 0), 600);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_days), cmocka_unit_test(test_weekdays), cmocka_unit_test(test_cut_off), cmocka_unit_test(test_weekend), cmocka_unit_test(test_closed),
        cmocka_unit_test(test_never), cmocka_unit_test(test_order), cmocka_unit_test(test_price),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
