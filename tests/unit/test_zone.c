/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_zone.c: the zones of the marketplaces against ICU's own calendar, around every change of
 * their clocks; zone letters; the clock that can be stopped.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/log.h"
#include "base/zone.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unicode/ucal.h>
#include <unicode/ustring.h>

/* The 21 marketplaces, from west to east. */
static const char *const markets[] = {
    "America/Los_Angeles", "America/Mexico_City", "America/Toronto", "America/Sao_Paulo",
    "Europe/London", "Europe/Madrid", "Europe/Paris", "Europe/Brussels", "Europe/Amsterdam",
    "Europe/Berlin", "Europe/Rome", "Europe/Stockholm", "Europe/Warsaw", "Africa/Cairo",
    "Europe/Istanbul", "Asia/Riyadh", "Asia/Dubai", "Asia/Kolkata", "Asia/Singapore", "Asia/Tokyo",
    "Australia/Sydney",
};

enum { HOUR = 3600, DAY = 24 * HOUR };

static const struct zone *zone_of(const char *name)
{
    struct err err = { 0 };
    const struct zone *z = zone_get(name, &err);
    if (!z)
        fail_msg("%s", err.text);
    return z;
}

/* ---- ICU's own answers ---------------------------------------------------------------------- */

static UCalendar *calendar_open(const char *name)
{
    UChar id[64];
    UErrorCode status = U_ZERO_ERROR;
    u_strFromUTF8(id, COUNT_OF(id), NULL, name, -1, &status);
    UCalendar *c = ucal_open(id, -1, "en", UCAL_GREGORIAN, &status);
    ucal_setGregorianChange(c, -1e17, &status);
    ucal_setAttribute(c, UCAL_REPEATED_WALL_TIME, UCAL_WALLTIME_FIRST);
    ucal_setAttribute(c, UCAL_SKIPPED_WALL_TIME, UCAL_WALLTIME_LAST);
    assert_true(U_SUCCESS(status));
    return c;
}

static int32_t icu_offset_s(UCalendar *c, int64_t instant_s)
{
    UErrorCode status = U_ZERO_ERROR;
    ucal_setMillis(c, (UDate)instant_s * 1000, &status);
    int32_t ms = ucal_get(c, UCAL_ZONE_OFFSET, &status) + ucal_get(c, UCAL_DST_OFFSET, &status);
    assert_true(U_SUCCESS(status));
    return ms / 1000;
}

static int32_t icu_day(UCalendar *c, int64_t instant_s)
{
    UErrorCode status = U_ZERO_ERROR;
    ucal_setMillis(c, (UDate)instant_s * 1000, &status);
    int32_t day = day_of(ucal_get(c, UCAL_YEAR, &status),
                         (unsigned)ucal_get(c, UCAL_MONTH, &status) + 1,
                         (unsigned)ucal_get(c, UCAL_DATE, &status));
    assert_true(U_SUCCESS(status));
    return day;
}

static int64_t icu_instant(UCalendar *c, int32_t day, int32_t second)
{
    int year;
    unsigned month, of_month;
    UErrorCode status = U_ZERO_ERROR;
    day_parts(day, &year, &month, &of_month);
    ucal_clear(c);
    ucal_setDateTime(c, year, (int32_t)month - 1, (int32_t)of_month, second / HOUR,
                     second / 60 % 60, second % 60, &status);
    int64_t instant_s = (int64_t)(ucal_getMillis(c, &status) / 1000);
    assert_true(U_SUCCESS(status));
    return instant_s;
}

static int64_t icu_next_change(UCalendar *c, int64_t instant_s)
{
    UErrorCode status = U_ZERO_ERROR;
    UDate at;
    ucal_setMillis(c, (UDate)instant_s * 1000, &status);
    if (!ucal_getTimeZoneTransitionDate(c, UCAL_TZ_TRANSITION_NEXT, &at, &status))
        return INT64_MAX;
    assert_true(U_SUCCESS(status));
    return (int64_t)(at / 1000);
}

/* ---- properties ----------------------------------------------------------------------------- */

static void offsets_agree_with_icu(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(markets); i++) {
        const struct zone *z = zone_of(markets[i]);
        UCalendar *c = calendar_open(markets[i]);
        assert_string_equal(zone_name(z), markets[i]);
        const int64_t end = (int64_t)day_of(2100, 1, 1) * DAY;
        for (int64_t at = 0; at < end; at += 1009 * HOUR + 17) {
            assert_int_equal(zone_offset_s(z, at), icu_offset_s(c, at));
            assert_int_equal(zone_day(z, at), icu_day(c, at));
        }
        for (int64_t at = icu_next_change(c, 0); at < end; at = icu_next_change(c, at))
            for (int64_t near = at - 1; near <= at + 1; near++)
                assert_int_equal(zone_offset_s(z, near), icu_offset_s(c, near));
        ucal_close(c);
    }
}

/* From 1982 on: on its first day Singapore's clocks went ahead by half an hour. */
static void every_day_starts_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(markets); i++) {
        const struct zone *z = zone_of(markets[i]);
        for (int32_t day = day_of(1982, 1, 2); day < day_of(2060, 1, 1); day++) {
            int64_t start = zone_day_start(z, day);
            int64_t length = zone_day_start(z, day + 1) - start;
            assert_int_equal(zone_day(z, start), day);
            assert_int_equal(zone_day(z, start - 1), day - 1);
            assert_int_equal(zone_day(z, start + length - 1), day);
            assert_true(length == 23 * HOUR || length == DAY || length == 25 * HOUR);
        }
    }
}

/*
 * Around each change of each year, every quarter of an hour from two days before to two days after:
 * local times to instants and back, and the lengths of the days.
 */
static void clocks_change_as_icu_says(void **state)
{
    (void)state;
    size_t changes = 0, doubled = 0, skipped = 0;
    for (size_t i = 0; i < COUNT_OF(markets); i++) {
        const struct zone *z = zone_of(markets[i]);
        UCalendar *c = calendar_open(markets[i]);
        const int64_t end = (int64_t)day_of(2036, 1, 1) * DAY;
        int64_t at = icu_next_change(c, (int64_t)day_of(2015, 1, 1) * DAY);
        for (; at < end; at = icu_next_change(c, at)) {
            int32_t delta = icu_offset_s(c, at) - icu_offset_s(c, at - 1);
            int32_t day = icu_day(c, at - 1);           /* where the old clocks end */
            changes++;
            for (int32_t d = day - 2; d <= day + 2; d++) {
                int64_t start = zone_day_start(z, d), next = zone_day_start(z, d + 1);
                int64_t change = at >= start && at < next && at != start ? delta : 0;
                if (at == start)                        /* midnight was skipped, or came back */
                    change = delta > 0 ? delta : 0;
                assert_int_equal(next - start, DAY - change);
                for (int32_t s = 0; s < DAY; s += 900) {
                    int64_t instant = zone_instant(z, d, s), wall = (int64_t)d * DAY + s;
                    assert_int_equal(instant, icu_instant(c, d, s));
                    int64_t shown = instant + zone_offset_s(z, instant);
                    skipped += shown != wall;
                    assert_true(shown == wall || (shown == wall + delta && instant >= at));
                    int64_t second = instant - delta;   /* the same time once more? */
                    if (delta < 0 && second + zone_offset_s(z, second) == wall) {
                        doubled++;
                        assert_true(instant < at && second >= at);
                    }
                }
            }
        }
        ucal_close(c);
    }
    /* Eight zones of the European Union and London, Los Angeles, Toronto, Sydney: 2 a year. */
    assert_true(changes >= 12 * 2 * 21);
    assert_true(skipped >= 12 * 21 * 4 && doubled >= 12 * 21 * 4);
}

/* ---- named cases ---------------------------------------------------------------------------- */

static int64_t instant(const char *text)
{
    int64_t at = 0;
    assert_true(instant_parse(text, &at));
    return at;
}

static int32_t day(const char *text)
{
    int32_t d = 0;
    assert_true(day_parse(text, &d));
    return d;
}

static void local_times(void **state)
{
    (void)state;
    static const struct {
        const char *name, *zone, *day;
        int hour, minute;
        const char *at;
    } cases[] = {
        { "an ordinary day", "Europe/Berlin", "2026-11-23", 7, 15, "2026-11-23T06:15:00Z" },
        { "skipped: moves forward", "Europe/Berlin", "2026-03-29", 2, 30, "2026-03-29T01:30:00Z" },
        { "the first behind a gap", "Europe/Berlin", "2026-03-29", 3, 0, "2026-03-29T01:00:00Z" },
        { "twice: the first", "Europe/Berlin", "2026-10-25", 2, 30, "2026-10-25T00:30:00Z" },
        { "behind the second", "Europe/Berlin", "2026-10-25", 3, 0, "2026-10-25T02:00:00Z" },
        { "in America", "America/Los_Angeles", "2026-03-08", 2, 15, "2026-03-08T10:15:00Z" },
        { "twice in America", "America/Los_Angeles", "2026-11-01", 1, 15, "2026-11-01T08:15:00Z" },
        { "autumn in April", "Australia/Sydney", "2026-04-05", 2, 59, "2026-04-04T15:59:00Z" },
        { "midnight skipped", "America/Sao_Paulo", "2018-11-04", 0, 0, "2018-11-04T03:00:00Z" },
        { "no changes any more", "America/Sao_Paulo", "2026-11-04", 0, 0, "2026-11-04T03:00:00Z" },
        { "half an hour", "Asia/Kolkata", "2026-11-23", 0, 0, "2026-11-22T18:30:00Z" },
        { "before 1970", "Asia/Tokyo", "1960-01-01", 9, 0, "1960-01-01T00:00:00Z" },
        { "after 2100", "Asia/Tokyo", "2150-01-01", 9, 0, "2150-01-01T00:00:00Z" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int64_t at = zone_instant(zone_of(cases[i].zone), day(cases[i].day),
                                  cases[i].hour * HOUR + cases[i].minute * 60);
        if (at != instant(cases[i].at))
            fail_msg("%s: off by %lld s", cases[i].name, (long long)(at - instant(cases[i].at)));
    }
}

static void day_starts(void **state)
{
    (void)state;
    static const struct { const char *name, *zone, *day, *at; } cases[] = {
        { "a short day",            "Europe/Berlin",      "2026-03-29", "2026-03-28T23:00:00Z" },
        { "the day behind it",      "Europe/Berlin",      "2026-03-30", "2026-03-29T22:00:00Z" },
        { "a long day",             "Europe/Berlin",      "2026-10-25", "2026-10-24T22:00:00Z" },
        { "midnight skipped",       "America/Sao_Paulo",  "2018-11-04", "2018-11-04T03:00:00Z" },
        { "23 o'clock came twice",  "America/Sao_Paulo",  "2018-02-18", "2018-02-18T03:00:00Z" },
        { "midnight came twice",    "America/Havana",     "2020-11-01", "2020-11-01T04:00:00Z" },
        { "a day left out",         "Pacific/Apia",       "2011-12-30", "2011-12-30T10:00:00Z" },
        { "the day behind it",      "Pacific/Apia",       "2011-12-31", "2011-12-30T10:00:00Z" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int64_t at = zone_day_start(zone_of(cases[i].zone), day(cases[i].day));
        if (at != instant(cases[i].at))
            fail_msg("%s: off by %lld s", cases[i].name, (long long)(at - instant(cases[i].at)));
    }
}

static void names(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "", "Europe/Nowhere", "europe/berlin", "GMT+25", "GMT+5", "Etc/Unknown",
        "a name that is much longer than the name of any time zone that there has ever been",
    };
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        struct err err = { 0 };
        assert_null(zone_get(wrong[i], &err));
        assert_int_equal(err.code, ERR_INPUT);
        assert_non_null(strstr(err.text, wrong[i]));
    }
    assert_ptr_equal(zone_of("Asia/Tokyo"), zone_of("Asia/Tokyo"));
    assert_int_equal(zone_offset_s(zone_of("UTC"), 0), 0);
    assert_int_equal(zone_offset_s(zone_of("Asia/Calcutta"), 0), 19800);        /* an old name */
}

static void *threads_ask(void *sum)
{
    for (size_t i = 0; i < COUNT_OF(markets); i++) {
        struct err err = { 0 };
        const struct zone *z = zone_get(markets[i], &err);
        for (int64_t at = 0; z && at < 1000; at++)
            *(int64_t *)sum += zone_offset_s(z, at * 1000003);
    }
    return NULL;
}

static void threads_share_zones(void **state)
{
    (void)state;
    pthread_t thread[4];
    int64_t sum[4] = { 0 };
    for (size_t i = 0; i < COUNT_OF(thread); i++)
        assert_int_equal(pthread_create(&thread[i], NULL, threads_ask, &sum[i]), 0);
    for (size_t i = 0; i < COUNT_OF(thread); i++)
        pthread_join(thread[i], NULL);
    for (size_t i = 1; i < COUNT_OF(thread); i++)
        assert_int_equal(sum[i], sum[0]);
}

static void letters(void **state)
{
    (void)state;
    static const struct { const char *in; bool ok; int east_minutes; } cases[] = {
        { "PST", true, -480 }, { "PDT", true, -420 },  { "BST", true, 60 },    { "UTC", true, 0 },
        { "GMT", true, 0 },    { "CET", true, 60 },    { "CEST", true, 120 },  { "JST", true, 540 },
        { "IST", true, 330 },  { "AEDT", true, 660 },  { "CST", true, -360 },
        { "EDT", true, -240 },
        { "EEST", true, 180 }, { "GST", true, 240 },   { "BRT", true, -180 },  { "TRT", true, 180 },
        { "", false, 0 },      { "P", false, 0 },      { "PS", false, 0 },     { "PSTX", false, 0 },
        { "pst", false, 0 },   { "XYZ", false, 0 },    { "CESTX", false, 0 },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int32_t offset_s = -1;
        bool ok = zone_letters(cases[i].in, strlen(cases[i].in), &offset_s);
        if (ok != cases[i].ok || (ok && offset_s != cases[i].east_minutes * 60))
            fail_msg("\"%s\": %d, %d", cases[i].in, ok, offset_s);
    }
    int32_t offset_s;
    assert_true(zone_letters("CESTX", 4, &offset_s));   /* a piece of a longer text */
    assert_int_equal(offset_s, 7200);
}

static void clock_can_be_stopped(void **state)
{
    (void)state;
    setenv("SOUK_NOW", "2026-11-23T06:15:00Z", 1);
    assert_int_equal(clock_now(), instant("2026-11-23T06:15:00Z"));
    setenv("SOUK_NOW", "2026-11-23T07:15:00+01:00", 1);
    assert_int_equal(clock_now(), instant("2026-11-23T06:15:00Z"));
    log_setup(LOG_LEVEL_FAULT, false);                  /* it is warned of, once */
    setenv("SOUK_NOW", "yesterday", 1);
    assert_in_range(clock_now(), time(NULL) - 5, time(NULL) + 5);
    unsetenv("SOUK_NOW");
    assert_in_range(clock_now(), time(NULL) - 5, time(NULL) + 5);
    int64_t before_ms = clock_ms();
    assert_true(clock_ms() >= before_ms);
}

/* Set back by hand instead of waiting: nothing here depends on how fast this machine is. */
static void watch_tells_work_from_waiting(void **state)
{
    (void)state;
    struct watch w = watch_start();
    w.wall_ms -= 4000000;                               /* it slept: a quarter counts */
    assert_in_range(watch_ms(&w), 1000000, 1100000);
    w = watch_start();
    w.work_ms -= 4000000;                               /* it worked: all of it */
    assert_in_range(watch_ms(&w), 4000000, 4100000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_share_zones),
        cmocka_unit_test(offsets_agree_with_icu),
        cmocka_unit_test(every_day_starts_once),
        cmocka_unit_test(clocks_change_as_icu_says),
        cmocka_unit_test(local_times),
        cmocka_unit_test(day_starts),
        cmocka_unit_test(names),
        cmocka_unit_test(letters),
        cmocka_unit_test(clock_can_be_stopped),
        cmocka_unit_test(watch_tells_work_from_waiting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
