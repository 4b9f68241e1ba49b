/* SPDX-License-Identifier: Apache-2.0 */
/* test_policy.c: dated lines of policy files, those that come with Souk, and files that change. */
#include "data.h"

#include <sys/stat.h>
#include <fcntl.h>
#include <time.h>

#include "data/policy.h"

static void write_policy(const char *name, const char *text)
{
    static time_t changed = 1700000000;
    FILE *f = fopen(scratch_path(name), "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
    changed++;                                          /* two changes in one tick differ, too */
    const struct timespec times[] = { { changed, 0 }, { changed, 0 } };
    assert_int_equal(utimensat(AT_FDCWD, scratch_path(name), times, 0), 0);
}

#define LINE(value, since, until) \
    "value = " value "\nsince = " since "\nuntil = " until "\nsource = https://example.org/a?b=1;c=2\nchecked = 2026-11-22\n" \
    "about = What it is about.\n"

static void test_values(void **state)
{
    (void)state;
    static const struct { const char *value; enum policy_type type; int64_t number; const char *text; } cases[] = {
        { "2",            POLICY_COUNT,   2,      "2" },
        { "0",            POLICY_COUNT,   0,      "0" },
        { "4 %",          POLICY_BP,      400,    "4 %" },
        { "4%",           POLICY_BP,      400,    "4%" },
        { "2.5 %",        POLICY_BP,      250,    "2.5 %" },
        { "0.25 %",       POLICY_BP,      25,     "0.25 %" },
        { "0.255 %",      POLICY_TEXT,    0,      "0.255 %" },
        { "24h",          POLICY_SECONDS, 86400,  "24h" },
        { "3d",           POLICY_SECONDS, 259200, "3d" },
        { "10 30",        POLICY_TEXT,    0,      "10 30" },
        { "6 7",          POLICY_TEXT,    0,      "6 7" },
        { "2025-12-25",   POLICY_TEXT,    0,      "2025-12-25" },
        { "2  ; a note",  POLICY_COUNT,   2,      "2" },
        { "2.5",          POLICY_DECIMAL, 25,     "2.5" },
        { "3.50",         POLICY_DECIMAL, 350,    "3.50" },
        { "99999999999d", POLICY_TEXT,    0,      "99999999999d" },
        { "14:00",        POLICY_TEXT,    0,      "14:00" },
        { "soon",         POLICY_TEXT,    0,      "soon" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct err err = { 0 };
        struct arena *a = arena_new("policy", 512);
        struct policies *p;
        struct policy_line line;
        struct buf text = { 0 };
        buf_printf(&text, "[a.b]\nvalue = %s\nsince = 2020-01-01 ; since then\nuntil =   ; still\nsource = s\n"
                          "checked = 2026-01-02\nabout = x\n", cases[i].value);
        write_policy("XX.ini", buf_str(&text));
        assert_well(policies_open(&p, scratch, &err), &err);
        assert_well(policy_get(p, a, "XX", "a.b", 20000, &line, &err), &err);
        assert_int_equal(line.type, cases[i].type);
        assert_int_equal(line.number, cases[i].number);
        assert_int_equal(line.places, line.type == POLICY_DECIMAL ? strlen(strchr(line.text, '.') + 1) : 0);
        assert_string_equal(line.text, cases[i].text);
        policies_free(p);
        buf_free(&text);
        arena_free(a);
    }
}

static void test_dates(void **state)
{
    (void)state;
    static const struct { const char *day, *value; } cases[] = {
        { "2019-12-31", NULL }, { "2020-01-01", "1" }, { "2021-12-31", "1" }, { "2022-01-01", "2" },
        { "2022-06-30", "2" },  { "2022-07-01", "1" }, { "2024-12-31", "1" }, { "2025-01-01", NULL },
        { "2026-01-01", "3" },  { "2099-01-01", "3" },
    };
    struct err err = { 0 };
    struct arena *a = arena_new("policy", 512);
    struct policies *p;
    struct policy_line line;
    write_policy("YY.ini", "; a comment\n[ship.days]\n" LINE("1", "2020-01-01", "2024-12-31")
                 "[ship.days]\n" LINE("2", "2022-01-01", "2022-06-30") "[ship.days]\n" LINE("3", "2026-01-01", ""));
    assert_well(policies_open(&p, scratch, &err), &err);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int32_t day;
        assert_true(day_parse(cases[i].day, &day));
        int rc = policy_get(p, a, "YY", "ship.days", day, &line, &err);
        assert_int_equal(rc, cases[i].value ? 0 : -ERR_ABSENT);
        if (cases[i].value)
            assert_string_equal(line.text, cases[i].value);
        err_clear(&err);
    }
    assert_int_equal(line.line, 16);
    assert_string_equal(line.key, "ship.days");
    assert_string_equal(line.source, "https://example.org/a?b=1;c=2");
    assert_string_equal(line.about, "What it is about.");
    assert_string_equal(line.file, scratch_path("YY.ini"));
    assert_int_equal(line.checked, day_of(2026, 11, 22));
    assert_int_equal(line.since, day_of(2026, 1, 1));
    assert_int_equal(policy_get(p, a, "YY", "ship.nights", 20000, &line, &err), -ERR_ABSENT);
    err_clear(&err);
    assert_int_equal(policy_get(p, a, "ZZ", "ship.days", 20000, &line, &err), -ERR_ABSENT);
    policies_free(p);
    arena_free(a);
}

/* Several lines at once: those of a day, and all of them. */
static void test_lists(void **state)
{
    (void)state;
    static const struct { const char *what; const char *day, *values; } cases[] = {
        { NULL,         "2026-06-01", "c.one=4 a.two=x a.one=2 " },
        { NULL,         "2021-06-01", "a.two=x a.one=1 " },
        { "a",          "2026-06-01", "a.two=x a.one=2 " },
        { "a.one",      "2026-06-01", "a.one=2 " },
        { "a.one",      "2019-06-01", "" },
        { "a.o",        "2026-06-01", "" },
        { "one",        "2026-06-01", "" },
        { NULL,         NULL,         "c.one=3 c.one=4 a.two=x a.one=1 a.one=2 ab.one=5 " },
        { "a",          NULL,         "a.two=x a.one=1 a.one=2 " },
        { "ab",         NULL,         "ab.one=5 " },
        { "a.one",      NULL,         "a.one=1 a.one=2 " },
    };
    struct err err = { 0 };
    struct arena *a = arena_new("policy", 512);
    struct policies *p;
    struct policy_line *line;
    size_t n;
    write_policy("LL.ini", "[c.one]\n" LINE("3", "2022-01-01", "2022-12-31") "[c.one]\n" LINE("4", "2026-01-01", "")
                 "[a.two]\n" LINE("x", "2020-01-01", "") "[a.one]\n" LINE("1", "2020-01-01", "")
                 "[a.one]\n" LINE("2", "2022-01-01", "") "[ab.one]\n" LINE("5", "2099-01-01", ""));
    assert_well(policies_open(&p, scratch, &err), &err);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct buf values = { 0 };
        int32_t day = 0;
        if (cases[i].day)
            assert_true(day_parse(cases[i].day, &day));
        assert_well(cases[i].day ? policy_list(p, a, "LL", cases[i].what, day, &line, &n, &err)
                                 : policy_history(p, a, "LL", cases[i].what, &line, &n, &err), &err);
        for (size_t l = 0; l < n; l++)
            buf_printf(&values, "%s=%s ", line[l].key, line[l].text);
        assert_string_equal(buf_str(&values), cases[i].values);
        buf_free(&values);
    }
    assert_well(policy_history(p, a, "LL", "c", &line, &n, &err), &err);
    assert_int_equal(line[0].until, day_of(2022, 12, 31));
    assert_int_equal(line[1].until, INT32_MAX);
    assert_int_equal(line[1].line, 8);
    assert_int_equal(policy_list(p, a, "NN", NULL, 0, &line, &n, &err), -ERR_ABSENT);
    assert_int_equal(n, 0);
    policies_free(p);
    arena_free(a);
}

static void test_parts(void **state)
{
    (void)state;
    static const struct { const char *text; int n; } counts[] = {
        { "10 30", 2 }, { "7", 1 }, { " 7  30 90 ", 3 }, { "", 0 }, { "7,30", 0 }, { "7 x", 0 }, { "-7", 0 }, { "7.5", 0 },
        { "none", 0 }, { "99999999999999999999", 0 },
    }, days[] = {
        { "2026-12-25", 1 }, { "2026-12-25  2026-12-26", 2 }, { "none", 0 }, { "", -1 }, { "2026-12-25 2026-12-25", -1 },
        { "2026-12-26 2026-12-25", -1 }, { "2026-02-30", -1 }, { "2026-12-25,2026-12-26", -1 }, { "2026-1-1", -1 },
    };
    static const struct { const char *text; int set; } weekdays[] = {
        { "6 7", 0xC0 }, { "5 6", 0x60 }, { "7", 0x80 }, { "none", 0 }, { "1 2 3 4 5 6", 0x7E }, { "1 2 3 4 5 6 7", -1 },
        { "67", -1 }, { "6 6", -1 }, { "0", -1 }, { "8", -1 }, { "", -1 }, { "Sunday", -1 },
    };
    static const struct { const char *text; int second; } times[] = {
        { "14:00", 50400 }, { "00:00", 0 }, { "24:00", 86400 }, { "29:30", 106200 }, { "48:00", 172800 }, { "48:01", -1 },
        { "14:60", -1 }, { "2:00", -1 }, { "14.00", -1 }, { "14:000", -1 }, { "14:0", -1 }, { "", -1 }, { "1400", -1 },
        { "ab:cd", -1 },
    };
    struct arena *a = arena_new("policy", 512);
    size_t n;
    for (size_t i = 0; i < COUNT_OF(counts); i++) {
        int64_t *number;
        assert_int_equal(policy_counts(a, counts[i].text, &number, &n), counts[i].n > 0);
        if (counts[i].n > 0)
            assert_int_equal(n, counts[i].n);
    }
    for (size_t i = 0; i < COUNT_OF(days); i++) {
        int32_t *day;
        assert_int_equal(policy_days(a, days[i].text, &day, &n), days[i].n >= 0);
        if (days[i].n >= 0)
            assert_int_equal(n, days[i].n);
        if (days[i].n > 0)
            assert_int_equal(day[0], day_of(2026, 12, 25));
    }
    for (size_t i = 0; i < COUNT_OF(weekdays); i++) {
        unsigned set;
        assert_int_equal(policy_weekdays(weekdays[i].text, &set), weekdays[i].set >= 0);
        if (weekdays[i].set >= 0)
            assert_int_equal(set, weekdays[i].set);
    }
    for (size_t i = 0; i < COUNT_OF(times); i++) {
        int32_t second;
        assert_int_equal(policy_time(times[i].text, &second), times[i].second >= 0);
        if (times[i].second >= 0)
            assert_int_equal(second, times[i].second);
    }
    arena_free(a);
}

static void test_faults(void **state)
{
    (void)state;
    static const struct { const char *text, *says; } cases[] = {
        { "[a.b]\n" LINE("1", "2020-13-01", ""), "EE.ini:3: " },
        { "[a.b]\n" LINE("1", "", ""), "EE.ini:3: " },
        { "[a.b]\n" LINE("", "2020-01-01", ""), "EE.ini:2: value" },
        { "[a.b]\n" LINE("1", "2020-01-01", "2019-01-01"), "EE.ini:4: " },
        { "[a.b]\n" LINE("1", "2020-01-01", "never"), "EE.ini:4: " },
        { "[a.b]\nvalue = 1\n", "EE.ini:1: " },
        { "[a.b]\n" LINE("1", "2020-01-01", "") "limit = 7\n", "EE.ini:8: " },
        { "[ab]\n" LINE("1", "2020-01-01", ""), "EE.ini:1: " },
        { "value = 1\n", "EE.ini:1: " },
        { "[a.b]\nnonsense\n", "EE.ini:2: " },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct err err = { 0 };
        struct arena *a = arena_new("policy", 512);
        struct policies *p;
        struct policy_line line;
        write_policy("EE.ini", cases[i].text);
        assert_well(policies_open(&p, scratch, &err), &err);
        for (int again = 0; again < 2; again++) {
            assert_int_equal(policy_get(p, a, "EE", "a.b", 20000, &line, &err), -ERR_CONF);
            if (!strstr(err.text, cases[i].says))
                fail_msg("%s\n%s", cases[i].text, err.text);
            err_clear(&err);
        }
        policies_free(p);
        arena_free(a);
    }
    struct err err = { 0 };
    struct policies *p;
    assert_int_equal(policies_open(&p, scratch_path("nosuch"), &err), -ERR_CONF);
}

/* A change of the file changes the verdict, without a restart. */
static void test_changes(void **state)
{
    (void)state;
    struct err err = { 0 };
    struct arena *a = arena_new("policy", 512);
    struct policies *p;
    struct policy_line line;
    write_policy("CC.ini", "[late.limit]\n" LINE("4 %", "2020-01-01", ""));
    assert_well(policies_open(&p, scratch, &err), &err);
    assert_well(policy_get(p, a, "CC", "late.limit", 20000, &line, &err), &err);
    assert_int_equal(line.number, 400);
    int64_t version = policies_version(p);
    assert_int_equal(policies_version(p), version);
    write_policy("CC.ini", "[late.limit]\n" LINE("3 %", "2020-01-01", ""));
    assert_true(policies_version(p) > version);
    version = policies_version(p);
    assert_well(policy_get(p, a, "CC", "late.limit", 20000, &line, &err), &err);
    assert_int_equal(line.number, 300);
    write_policy("CC.ini", "[late.limit\n");
    assert_int_equal(policy_get(p, a, "CC", "late.limit", 20000, &line, &err), -ERR_CONF);
    assert_true(policies_version(p) > version);
    err_clear(&err);
    write_policy("CC.ini", "[late.limit]\n" LINE("2 %", "2020-01-01", ""));
    assert_well(policy_get(p, a, "CC", "late.limit", 20000, &line, &err), &err);
    assert_int_equal(line.number, 200);
    version = policies_version(p);
    assert_int_equal(unlink(scratch_path("CC.ini")), 0);
    assert_int_equal(policy_get(p, a, "CC", "late.limit", 20000, &line, &err), -ERR_ABSENT);
    assert_true(policies_version(p) > version);
    policies_free(p);
    arena_free(a);
}

/* The files that come with Souk. */
static void test_shipped(void **state)
{
    (void)state;
    static const char *const codes[] = { "US", "DE", "JP" };
    static const struct { const char *key; enum policy_type type; int64_t number; const char *text; } keys[] = {
        { "ship.handling_days", POLICY_COUNT, 2,   "2" },
        { "ship.weekend",       POLICY_TEXT,  0,   "6 7" },
        { "ship.holidays",      POLICY_TEXT,  0,   NULL },
        { "late.limit",         POLICY_BP,    400, "4 %" },
        { "late.windows_days",  POLICY_TEXT,  0,   "10 30" },
        { "cancel.limit",       POLICY_BP,    250, "2.5 %" },
        { "settlement.days",    POLICY_COUNT, 14,  "14" },
        { "transfer.bank_days", POLICY_COUNT, 5,   "5" },
    };
    struct err err = { 0 };
    struct arena *a = arena_new("policy", 512);
    struct policies *p;
    struct policy_line line;
    if (policies_open(&p, "policies", &err) < 0)        /* tests run in the folder of the sources */
        fail_msg("%s", err.text);
    for (size_t c = 0; c < COUNT_OF(codes); c++)
        for (size_t i = 0; i < COUNT_OF(keys); i++) {
            assert_well(policy_get(p, a, codes[c], keys[i].key, day_of(2026, 11, 23), &line, &err), &err);
            assert_int_equal(line.type, keys[i].type);
            assert_int_equal(line.number, keys[i].number);
            if (keys[i].text)
                assert_string_equal(line.text, keys[i].text);
            assert_true(text_starts(line.source, "https://") || text_starts(line.source, "default of Souk"));
            assert_true(line.checked >= line.since && *line.about);
            if (!text_is(keys[i].key, "ship.holidays"))
                continue;
            int32_t day, before = 0, n[3] = { 0 };
            for (const char *at = line.text; *at; at += 10 + (at[10] == ' ')) {
                assert_true(day_parse(arena_textn(a, at, 10), &day) && day > before);
                int year;
                unsigned month, of_month;
                day_parts(day, &year, &month, &of_month);
                assert_true(year >= 2025 && year <= 2027);
                n[year - 2025]++;
                before = day;
            }
            assert_true(n[0] >= 9 && n[1] >= 8 && n[2] >= 8);
        }
    policies_free(p);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_dates),
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_parts),
        cmocka_unit_test(test_faults),
        cmocka_unit_test(test_changes),
        cmocka_unit_test(test_shipped),
    };
    return cmocka_run_group_tests_name("policy", tests, scratch_make, scratch_remove);
}
