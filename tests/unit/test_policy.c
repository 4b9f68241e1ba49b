/* SPDX-License-Identifier: Apache-2.0 */
/* test_policy.c: dated lines of policy files, those that come with Souk, and files that change. */
#include "data.h"

#include <sys/stat.h>
#include <fcntl.h>
#include <time.h>

#include "data/policy_check.h"

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

/* ---- what is wrong in files ---------------------------------------------------------------------- */

static const char *findings_of(struct arena *a, const char *folder, int32_t today)
{
    static struct buf all;
    struct err err = { 0 };
    struct policies *p;
    struct policy_finding *f;
    size_t n;
    assert_well(policies_open(&p, folder, &err), &err);
    assert_well(policy_check(p, a, today, &f, &n, &err), &err);
    buf_clear(&all);
    for (size_t i = 0; i < n; i++)
        buf_printf(&all, "%s:%d: %s%s\n", strrchr(f[i].file, '/') + 1, f[i].line, f[i].is_warning ? "warning: " : "", f[i].text);
    policies_free(p);
    return buf_str(&all);
}

/* A well-made file of one market, with one of its sections put in another form. */
static void write_well(const char *name, const char *key, const char *instead)
{
    static const char *const fits[] = {
        [KIND_COUNT] = "5", [KIND_COUNTS] = "5 10", [KIND_SHARE] = "5 %", [KIND_DECIMAL] = "3.5", [KIND_SPAN] = "24h",
        [KIND_TIME] = "14:00", [KIND_YES_NO] = "yes", [KIND_WEEKDAYS] = "6 7", [KIND_DAYS] = "2027-12-25",
    };
    struct buf text = { 0 };
    for (const struct policy_key *k = policy_keys; k->key; k++)
        if (key && text_is(k->key, key))
            buf_text(&text, instead);
        else
            buf_printf(&text, "[%s]\nvalue = %s\nsince = 2020-01-01\nsource = https://example.org/\nchecked = 2026-11-22\n"
                       "about = x\n", k->key, fits[k->kind]);
    write_policy(name, buf_str(&text));
    buf_free(&text);
}

static void test_check(void **state)
{
    (void)state;
#define OF(value) "[late.limit]\n" LINE(value, "2020-01-01", "")
#define DATED(first_until, second_since) \
    "[late.limit]\n" LINE("4 %", "2020-01-01", first_until) "[late.limit]\n" LINE("3 %", second_since, "")
#define TOLD(source, checked) "[late.limit]\nvalue = 4 %\nsince = 2020-01-01\nsource = " source "\nchecked = " checked "\nabout = x\n"
    static const struct { const char *key, *instead, *says; } cases[] = {
        { NULL, NULL, "" },
        { "late.limit", OF("4"), "DE.ini:49: the value of late.limit is to be a share such as 2.5 %, of a likely size, not '4'." },
        { "late.limit", OF("400 %"), "DE.ini:49: the value of late.limit is to be a share" },
        { "late.limit", OF("0 %"), "DE.ini:49: the value of late.limit is to be a share" },
        { "late.limit", "", "DE.ini:0: there is no [late.limit] (late shipment rate: less than)." },
        { "late.limit", TOLD("somebody", "2026-11-22"), "DE.ini:49: the source of late.limit is neither an address nor a 'default of Souk'." },
        { "late.limit", TOLD("default of Souk", "2026-11-22"), "" },
        { "late.limit", TOLD("https://example.org/", "2026-12-03"), "DE.ini:49: late.limit was checked on 2026-12-03, which is still to come." },
        { "late.limit", TOLD("https://example.org/", "2026-12-02"), "" },
        { "late.limit", TOLD("https://example.org/", "2025-11-30"), "" },
        { "late.limit", TOLD("https://example.org/", "2025-11-29"), "DE.ini:49: warning: late.limit was compared with its source more than a year ago, on 2025-11-29: look whether it still holds." },
        { "late.limit", DATED("2022-12-31", "2023-01-01"), "" },
        { "late.limit", DATED("", "2023-01-01"), "DE.ini:49: late.limit of line 56 also holds from 2023-01-01 on: give this one an until before it." },
        { "late.limit", DATED("2023-01-01", "2023-01-01"), "DE.ini:49: late.limit holds until 2023-01-01, but that of line 56 already from 2023-01-01 on." },
        { "late.limit", DATED("2022-12-30", "2023-01-01"), "DE.ini:49: late.limit holds until 2022-12-30, and that of line 56 only from 2023-01-01 on: what holds between?" },
        { "late.limit", "[late.limit]\n" LINE("4 %", "2020-01-01", "2026-11-30"), "DE.ini:49: late.limit has no section that holds on 2026-12-01." },
        { "late.limit", "[late.limit]\n" LINE("4 %", "2026-12-02", ""), "DE.ini:49: late.limit has no section that holds on 2026-12-01." },
        { "late.limit", "[late.limit]\n" LINE("4 %", "2020-01-01", "2026-12-31"), "DE.ini:49: warning: late.limit ends on 2026-12-31, and nothing follows." },
        { "late.limit", "[late.limit]\n" LINE("4 %", "2020-01-01", "2027-12-31"), "" },
        { "late.limit", OF("4 %") "[late.limits]\n" LINE("x", "2020-01-01", ""), "DE.ini:56: warning: Souk does not read [late.limits]; did you mean [late.limit]?" },
        { "late.limit", OF("4 %") "[own.rule]\n" LINE("x", "2020-01-01", ""), "DE.ini:56: warning: Souk does not read [own.rule]; a plugin of your own may." },
        { "late.limit", "[late.limit]\n" LINE("4 %", "2020-13-01", ""), "DE.ini:51: since is '2020-13-01', which is no date" },
        { "ship.cutoff", "[ship.cutoff]\n" LINE("2 pm", "2020-01-01", ""), "DE.ini:7: the value of ship.cutoff is to be a time of day such as 14:00, not '2 pm'." },
        { "ship.weekend", "[ship.weekend]\n" LINE("0", "2020-01-01", ""), "DE.ini:13: the value of ship.weekend is to be days of the week" },
        { "ship.holidays", "[ship.holidays]\n" LINE("2026-12-24", "2020-01-01", ""), "DE.ini:19: warning: the last day of ship.holidays is 2026-12-24: add those that follow." },
        { "ship.holidays", "[ship.holidays]\n" LINE("25 December", "2020-01-01", ""), "DE.ini:19: the value of ship.holidays is to be ascending dates" },
        { "message.answer", "[message.answer]\n" LINE("24", "2020-01-01", ""), "the value of message.answer is to be a time such as 24h or 3d" },
        { "message.weekends_count", "[message.weekends_count]\n" LINE("maybe", "2020-01-01", ""), "is to be yes or no, not 'maybe'." },
        { "message.windows_days", "[message.windows_days]\n" LINE("30 7", "2020-01-01", ""), "is to be ascending whole numbers such as 7 30 90" },
        { "deal.min_stars", "[deal.min_stars]\n" LINE("4", "2020-01-01", ""), "" },
        { "deal.min_stars", "[deal.min_stars]\n" LINE("5.01", "2020-01-01", ""), "the value of deal.min_stars is to be a number such as 3.5" },
        { "rating.at_risk", "[rating.at_risk]\n" LINE("6", "2020-01-01", ""), "rating.at_risk (6) lies above rating.healthy (5)." },
    };
    int32_t today = day_of(2026, 12, 1);
    struct arena *a = arena_new("policy", 4096);
    const char *folder = arena_text(a, scratch_path("check"));
    assert_int_equal(mkdir(folder, 0700), 0);
    for (const struct market *m = markets; m->id; m++)
        write_well(arena_printf(a, "check/%s.ini", m->code), NULL, NULL);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        write_well("check/DE.ini", cases[i].key, cases[i].instead);
        const char *is = findings_of(a, folder, today), *at = strstr(is, cases[i].says);
        size_t lines = 0;
        for (const char *line = is; *line; line++)
            lines += *line == '\n';
        if (!at || lines != (*cases[i].says != '\0'))
            fail_msg("%s\ngives\n%sinstead of\n%s", cases[i].instead, is, cases[i].says);
    }

    write_well("check/DE.ini", NULL, NULL);
    write_policy("check/QQ.ini", "nonsense");
    assert_string_equal(findings_of(a, folder, today), "QQ.ini:0: warning: no marketplace has this code, so it is not read.\n");
    assert_int_equal(unlink(scratch_path("check/QQ.ini")), 0);
    assert_int_equal(unlink(scratch_path("check/FR.ini")), 0);
    assert_string_equal(findings_of(a, folder, today), "FR.ini:0: there is no policy file for Amazon.fr.\n");
    write_well("check/FR.ini", "late.limit", "[late.limit]\n" LINE("", "2020-13-01", "") "[late.limit]\n" LINE("", "2020-01-01", ""));
    assert_string_equal(findings_of(a, folder, today), "FR.ini:51: since is '2020-13-01', which is no date; write it as 2026-11-23.\n"
                        "FR.ini:57: value is empty.\n");
    arena_free(a);
}

/* The files that come with Souk: all is well in the month they were compared; years later only looks are due. */
static void test_shipped(void **state)
{
    (void)state;
    static const struct { const char *code, *key, *day; enum policy_type type; int64_t number; const char *text; } lines[] = {
        { "DE", "ship.handling_days", "2026-11-23", POLICY_COUNT, 2, "2" },
        { "JP", "late.limit", "2026-11-23", POLICY_BP, 400, "4 %" },
        { "US", "late.windows_days", "2026-11-23", POLICY_TEXT, 0, "10 30" },
        { "FR", "defect.limit", "2026-11-23", POLICY_BP, 100, "1 %" },
        { "CA", "defect.window_days", "2026-11-23", POLICY_COUNT, 60, "60" },
        { "UK", "cancel.limit", "2026-11-23", POLICY_BP, 250, "2.5 %" },
        { "UK", "cancel.windows_days", "2026-11-23", POLICY_COUNT, 7, "7" },
        { "IN", "cancel.limit", "2026-11-23", POLICY_BP, 200, "2 %" },
        { "IN", "cancel.windows_days", "2026-11-23", POLICY_TEXT, 0, "7 30" },
        { "IN", "cancel.automatic_counts", "2026-11-23", POLICY_TEXT, 0, "yes" },
        { "IT", "tracking.limit", "2026-11-23", POLICY_BP, 9500, "95 %" },
        { "US", "delivery.limit", "2024-09-24", POLICY_BP, 9700, "97 %" },
        { "US", "delivery.limit", "2024-09-25", POLICY_BP, 9000, "90 %" },
        { "UK", "delivery.limit", "2025-09-15", POLICY_BP, 9700, "97 %" },
        { "UK", "delivery.limit", "2025-09-16", POLICY_BP, 9000, "90 %" },
        { "US", "message.answer", "2026-11-23", POLICY_SECONDS, 86400, "24h" },
        { "US", "message.answer", "2015-12-24", POLICY_SECONDS, 43200, "12h" },
        { "US", "claim.answer", "2026-11-23", POLICY_SECONDS, 259200, "3d" },
        { "AU", "claim.answer", "2026-11-23", POLICY_SECONDS, 172800, "48h" },
        { "SE", "claim.appeal_days", "2026-11-23", POLICY_COUNT, 30, "30" },
        { "PL", "chargeback.answer", "2026-11-23", POLICY_SECONDS, 604800, "7d" },
        { "AU", "promotion.percent_max", "2026-11-23", POLICY_BP, 5000, "50 %" },
        { "BR", "promotion.percent_max", "2026-11-23", POLICY_BP, 9900, "99 %" },
        { "US", "deal.min_stars", "2026-11-23", POLICY_DECIMAL, 35, "3.5" },
        { "AE", "ship.weekend", "2021-12-31", POLICY_TEXT, 0, "5 6" },
        { "AE", "ship.weekend", "2022-01-01", POLICY_TEXT, 0, "6 7" },
        { "SA", "ship.weekend", "2026-11-23", POLICY_TEXT, 0, "5 6" },
        { "EG", "ship.weekend", "2026-11-23", POLICY_TEXT, 0, "5 6" },
        { "NL", "transfer.bank_days", "2026-11-23", POLICY_COUNT, 5, "5" },
    };
    struct err err = { 0 };
    struct arena *a = arena_new("policy", 4096);
    struct policies *p;
    struct policy_line line;
    assert_string_equal(findings_of(a, "policies", day_of(2026, 11, 30)), "");  /* tests run in the folder of the sources */
    const char *later = findings_of(a, "policies", day_of(2028, 6, 1));
    assert_non_null(strstr(later, ": warning: the last day of ship.holidays is "));
    for (const char *at = later; *at; at = strchr(at, '\n') + 1)
        assert_ptr_equal(strstr(at, ": warning: "), strchr(strchr(at, ':') + 1, ':'));
    assert_well(policies_open(&p, "policies", &err), &err);
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        int32_t day;
        assert_true(day_parse(lines[i].day, &day));
        assert_well(policy_get(p, a, lines[i].code, lines[i].key, day, &line, &err), &err);
        assert_int_equal(line.type, lines[i].type);
        assert_int_equal(line.number, lines[i].number);
        assert_string_equal(line.text, lines[i].text);
    }
    policies_free(p);
    arena_free(a);
}

/* Holidays of three years in each market, each in the year it claims. */
static void test_holidays(void **state)
{
    (void)state;
    struct err err = { 0 };
    struct arena *a = arena_new("policy", 4096);
    struct policies *p;
    struct policy_line line;
    assert_well(policies_open(&p, "policies", &err), &err);
    for (const struct market *m = markets; m->id; m++) {
        int32_t *day;
        size_t n, in[3] = { 0 };
        assert_well(policy_get(p, a, m->code, "ship.holidays", day_of(2026, 11, 23), &line, &err), &err);
        assert_true(text_starts(line.source, "default of Souk: "));
        assert_true(policy_days(a, line.text, &day, &n));
        for (size_t i = 0; i < n; i++) {
            int year;
            unsigned month, of_month;
            day_parts(day[i], &year, &month, &of_month);
            assert_in_range(year, 2025, 2027);
            in[year - 2025]++;
        }
        for (int i = 0; i < 3; i++)
            assert_in_range(in[i], text_is(m->code, "IN") ? 3 : 7, 20);
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
        cmocka_unit_test(test_check),
        cmocka_unit_test(test_shipped),
        cmocka_unit_test(test_holidays),
    };
    return cmocka_run_group_tests_name("policy", tests, scratch_make, scratch_remove);
}
