/* SPDX-License-Identifier: Apache-2.0 */
/* test_calendar.c: business days of marketplaces, and when orders count as late. */
#include "data.h"

#include "data/calendar.h"

#define SECTION(key, value, since, until) \
    "[" key "]\nvalue = " value "\nsince = " since "\nuntil = " until "\nsource = https://example.org/\n" \
    "checked = 2026-11-22\nabout = x\n"
#define SHIP(key, value) SECTION("ship." key, value, "2000-01-01", "")

static struct policies *policies_of(const char *code, const char *text)
{
    struct err err = { 0 };
    struct policies *p;
    char name[8];
    snprintf(name, sizeof name, "%s.ini", code);
    FILE *f = fopen(scratch_path(name), "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
    assert_well(policies_open(&p, scratch, &err), &err);
    return p;
}

static void late_at(const char *name, const char *code, const char *text, const char *purchased, const char *late)
{
    struct err err = { 0 };
    struct arena *a = arena_new("calendar", 512);
    struct policies *p = policies_of(code, text);
    struct buf is = { 0 };
    int64_t purchased_s, late_s;
    assert_true(instant_parse(purchased, &purchased_s));
    assert_well(calendar_ship_by(p, a, market_find(code), purchased_s, &late_s, &err), &err);
    buf_instant(&is, late_s);
    if (!text_is(buf_str(&is), late))
        print_error("%s: %s, placed %s\n", name, code, purchased);
    assert_string_equal(buf_str(&is), late);
    buf_free(&is);
    policies_free(p);
    arena_free(a);
}

#define WORKING_2 SHIP("handling_days", "2") SHIP("weekend", "6 7")

/* In November 2026 the 20th is a Friday; the 26th is Thanksgiving. */
static void test_ship_by(void **state)
{
    (void)state;
    static const struct { const char *name, *code, *policy, *purchased, *late; } cases[] = {
        { "on Monday: by Wednesday", "DE", WORKING_2, "2026-11-16T09:00:00Z", "2026-11-18T23:00:00Z" },
        { "the first second of a day there", "DE", WORKING_2, "2026-11-15T23:00:00Z", "2026-11-18T23:00:00Z" },
        { "the last second of a day there", "DE", WORKING_2, "2026-11-16T22:59:59Z", "2026-11-18T23:00:00Z" },
        { "the same instant is another day in Tokyo", "JP", WORKING_2, "2026-11-16T22:59:59Z", "2026-11-19T15:00:00Z" },
        { "a weekend between", "DE", WORKING_2, "2026-11-20T09:00:00Z", "2026-11-24T23:00:00Z" },
        { "on Saturday: counted from Monday on", "DE", WORKING_2, "2026-11-21T09:00:00Z", "2026-11-24T23:00:00Z" },
        { "on Sunday: the same", "DE", WORKING_2, "2026-11-22T09:00:00Z", "2026-11-24T23:00:00Z" },
        { "a holiday between", "US", WORKING_2 SHIP("holidays", "2026-11-11 2026-11-26 2026-12-25"),
          "2026-11-25T20:00:00Z", "2026-12-01T08:00:00Z" },
        { "placed on a holiday", "US", WORKING_2 SHIP("holidays", "2026-11-26"), "2026-11-26T20:00:00Z",
          "2026-12-01T08:00:00Z" },
        { "no weekend, no holiday", "DE", SHIP("handling_days", "2"), "2026-11-20T09:00:00Z", "2026-11-22T23:00:00Z" },
        { "they may be none", "DE", SHIP("handling_days", "2") SHIP("weekend", "none") SHIP("holidays", "none"),
          "2026-11-20T09:00:00Z", "2026-11-22T23:00:00Z" },
        { "Friday and Saturday are the weekend", "SA", SHIP("handling_days", "1") SHIP("weekend", "5 6"),
          "2026-11-19T09:00:00Z", "2026-11-22T21:00:00Z" },
        { "and Sunday is a business day", "SA", SHIP("handling_days", "1") SHIP("weekend", "5 6"),
          "2026-11-22T09:00:00Z", "2026-11-23T21:00:00Z" },

        { "handling 0: the same day", "DE", SHIP("handling_days", "0") SHIP("weekend", "6 7"), "2026-11-20T09:00:00Z",
          "2026-11-20T23:00:00Z" },
        { "handling 0 on Saturday: Monday", "DE", SHIP("handling_days", "0") SHIP("weekend", "6 7"),
          "2026-11-21T09:00:00Z", "2026-11-23T23:00:00Z" },
        { "handling 0, a second before the cutoff", "DE", SHIP("handling_days", "0") SHIP("weekend", "6 7")
          SHIP("cutoff", "14:00"), "2026-11-19T12:59:59Z", "2026-11-19T23:00:00Z" },
        { "handling 0, at the cutoff: the next working day", "DE", SHIP("handling_days", "0") SHIP("weekend", "6 7")
          SHIP("cutoff", "14:00"), "2026-11-19T13:00:00Z", "2026-11-20T23:00:00Z" },
        { "and that is Monday on Friday", "DE", SHIP("handling_days", "0") SHIP("weekend", "6 7")
          SHIP("cutoff", "14:00"), "2026-11-20T13:00:00Z", "2026-11-23T23:00:00Z" },
        { "24:00 is no cutoff", "DE", SHIP("handling_days", "0") SHIP("cutoff", "24:00"), "2026-11-19T22:59:59Z",
          "2026-11-19T23:00:00Z" },
        { "29:00: placed before five counts as the day before", "JP", SHIP("handling_days", "1") SHIP("weekend", "6 7")
          SHIP("cutoff", "29:00"), "2026-11-18T19:59:59Z", "2026-11-19T15:00:00Z" },
        { "at five it is a new day", "JP", SHIP("handling_days", "1") SHIP("weekend", "6 7") SHIP("cutoff", "29:00"),
          "2026-11-18T20:00:00Z", "2026-11-20T15:00:00Z" },

        /* 2026-03-29 has 23 hours in Berlin, 2026-10-25 has 25. */
        { "clocks go forward before the day ends", "DE", SHIP("handling_days", "2"), "2026-03-27T09:00:00Z",
          "2026-03-29T22:00:00Z" },
        { "clocks go back", "DE", SHIP("handling_days", "2"), "2026-10-23T09:00:00Z", "2026-10-25T23:00:00Z" },
        { "the day after it is a winter's", "DE", SHIP("handling_days", "1"), "2026-10-25T09:00:00Z", "2026-10-26T23:00:00Z" },
        { "the cutoff is wall time on the long day", "DE", SHIP("handling_days", "0") SHIP("cutoff", "14:00"),
          "2026-10-25T12:59:59Z", "2026-10-25T23:00:00Z" },
        { "and on the short one", "DE", SHIP("handling_days", "0") SHIP("cutoff", "14:00"),
          "2026-03-29T12:00:00Z", "2026-03-30T22:00:00Z" },
        { "a day that begins at one o'clock ends like any other", "BR", SHIP("handling_days", "1"), "2018-11-03T12:00:00Z",
          "2018-11-05T02:00:00Z" },

        { "handling as on the day of the order", "DE", SECTION("ship.handling_days", "5", "2000-01-01", "2026-11-15")
          SECTION("ship.handling_days", "1", "2026-11-16", ""), "2026-11-15T22:59:59Z", "2026-11-20T23:00:00Z" },
        { "and from its first day on", "DE", SECTION("ship.handling_days", "5", "2000-01-01", "2026-11-15")
          SECTION("ship.handling_days", "1", "2026-11-16", ""), "2026-11-15T23:00:00Z", "2026-11-17T23:00:00Z" },
        { "the weekend as on each day: Friday until 2021 in Dubai", "AE", SHIP("handling_days", "2")
          SECTION("ship.weekend", "5 6", "2000-01-01", "2021-12-31") SECTION("ship.weekend", "6 7", "2022-01-01", ""),
          "2021-12-29T09:00:00Z", "2022-01-03T20:00:00Z" },
        { "holidays of the next year stand in its own section", "DE", SHIP("handling_days", "1")
          SECTION("ship.holidays", "2026-12-25 2026-12-26", "2026-01-01", "2026-12-31")
          SECTION("ship.holidays", "2027-01-01", "2027-01-01", ""), "2026-12-31T09:00:00Z", "2027-01-02T23:00:00Z" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        late_at(cases[i].name, cases[i].code, cases[i].policy, cases[i].purchased, cases[i].late);
}

static void test_business_days(void **state)
{
    (void)state;
    struct err err = { 0 };
    struct arena *a = arena_new("calendar", 512);
    struct policies *p = policies_of("DE", SHIP("weekend", "6 7") SHIP("holidays", "2026-12-25 2027-01-01"));
    struct calendar *c;
    int32_t friday = day_of(2026, 11, 20), wednesday = day_of(2026, 12, 23);
    int64_t late_s;
    assert_well(calendar_open(&c, p, a, market_find("DE"), &err), &err);
    assert_true(calendar_is_business(c, friday));
    assert_false(calendar_is_business(c, friday + 1));
    assert_false(calendar_is_business(c, friday + 2));
    assert_true(calendar_is_business(c, friday + 3));
    assert_false(calendar_is_business(c, day_of(2026, 12, 25)));
    assert_int_equal(calendar_business_day(c, friday, 0), friday);
    assert_int_equal(calendar_business_day(c, friday + 1, 0), friday + 3);
    assert_int_equal(calendar_business_day(c, friday, 1), friday + 3);
    assert_int_equal(calendar_business_day(c, friday, 5), friday + 7);
    assert_int_equal(calendar_business_day(c, wednesday, 1), wednesday + 1);
    assert_int_equal(calendar_business_day(c, wednesday, 2), day_of(2026, 12, 28));
    assert_int_equal(calendar_business_days(c, friday, friday), 0);
    assert_int_equal(calendar_business_days(c, friday, friday + 2), 0);
    assert_int_equal(calendar_business_days(c, friday, friday + 3), 1);
    assert_int_equal(calendar_business_days(c, friday + 3, friday), 0);
    assert_int_equal(calendar_business_days(c, wednesday, day_of(2027, 1, 4)), 6);
    assert_int_equal(calendar_late_at(c, 0, &late_s, &err), -ERR_ABSENT);   /* says nothing of handling */
    policies_free(p);
    arena_free(a);
}

static void test_faults(void **state)
{
    (void)state;
    static const struct { const char *policy; int64_t purchased_s; int rc; const char *says; } cases[] = {
        { SHIP("handling_days", "soon"), 0, -ERR_CONF, "DE.ini:1: the value of ship.handling_days is to be a number of" },
        { SHIP("handling_days", "2d"), 0, -ERR_CONF, "DE.ini:1: " },
        { SHIP("handling_days", "366"), 0, -ERR_CONF, "DE.ini:1: " },
        { SHIP("handling_days", "2") SHIP("weekend", "0 6"), 0, -ERR_CONF, "DE.ini:8: the value of ship.weekend is" },
        { SHIP("handling_days", "2") SHIP("weekend", "1 2 3 4 5 6 7"), 0, -ERR_CONF, "DE.ini:8: " },
        { SHIP("handling_days", "2") SHIP("holidays", "2026-12-26 2026-12-25"), 0, -ERR_CONF, "DE.ini:8: the value of" },
        { SHIP("handling_days", "2") SHIP("cutoff", "2 pm"), 0, -ERR_CONF, "DE.ini:8: the value of ship.cutoff is" },
        { SECTION("ship.handling_days", "2", "2026-01-01", ""), 0, -ERR_ABSENT, "The policy file of Amazon.de says nothing" },
        { SHIP("handling_days", "2"), INT64_MAX, -ERR_INPUT, "No order can be placed" },
        { SHIP("handling_days", "2"), INT64_MIN, -ERR_INPUT, "No order can be placed" },
        { "[ship", 0, -ERR_CONF, "DE.ini:1: " },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct err err = { 0 };
        struct arena *a = arena_new("calendar", 512);
        struct policies *p = policies_of("DE", cases[i].policy);
        int64_t late_s;
        int rc = calendar_ship_by(p, a, market_find("DE"), cases[i].purchased_s, &late_s, &err);
        if (rc != cases[i].rc || !strstr(err.text, cases[i].says))
            fail_msg("%s\n%d %s", cases[i].policy, rc, err.text);
        policies_free(p);
        arena_free(a);
    }
    struct err err = { 0 };
    struct arena *a = arena_new("calendar", 512);
    struct policies *p = policies_of("DE", "");
    int64_t late_s;
    assert_int_equal(calendar_ship_by(p, a, market_find("FR"), 0, &late_s, &err), -ERR_ABSENT);    /* no file */
    policies_free(p);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ship_by),
        cmocka_unit_test(test_business_days),
        cmocka_unit_test(test_faults),
    };
    return cmocka_run_group_tests_name("calendar", tests, scratch_make, scratch_remove);
}
