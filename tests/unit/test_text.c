/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_text.c: catalogues made by genrb, messages with plurals, and how readers of several
 * languages see numbers, money, days and instants.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/text.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct reader english = { "en", "Europe/Berlin", NULL }, american = { "en-US", "UTC", NULL },
                           german = { "de", "Europe/Berlin", NULL }, french = { "fr", "Europe/Paris", NULL },
                           japanese = { "ja", "Asia/Tokyo", NULL }, pseudo = { "en-XA", "Europe/Berlin", NULL };

static struct buf out;

static void expect(const char *wanted)
{
    out.len = 0;                                        /* the next one starts anew anyway */
    assert_string_equal(buf_str(&out), wanted);
}

/* ---- catalogues ----------------------------------------------------------------------------- */

static char folder[] = "/tmp/souk-test-text-XXXXXX";

static void catalogue_put(const char *language, const char *texts)
{
    char path[100], command[300];
    snprintf(path, sizeof path, "%s/%s.txt", folder, language);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(texts, f);
    fclose(f);
    snprintf(command, sizeof command, "genrb --quiet --encoding UTF-8 -d %s %s", folder, path);
    assert_int_equal(system(command), 0);
    unlink(path);
}

static int catalogue_make(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    catalogue_put("en", "en { sales { \"Sales\" } zebra { \"Zebra\" } empty { \"\" }\n"
                        "     orders { \"{n, plural, one {# order} other {# orders}}\" } }");
    catalogue_put("de", "de { sales { \"Ums\u00e4tze \U0001F4C8\" } }");
    catalogue_put("en_XA", "en_XA { sales { \"[\u0160\u00e1\u013c\u00e9\u0161]\" } }");
    return 0;
}

static int catalogue_remove(void **state)
{
    (void)state;
    buf_free(&out);
    static const char *const names[] = { "en.res", "de.res", "en_XA.res", "fr.res" };
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        char path[100];
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    return rmdir(folder);
}

static void keys_are_found(void **state)
{
    (void)state;
    static const struct { const char *language, *key, *pattern; } cases[] = {
        { "en",         "sales", "Sales" },
        { "en",         "zebra", "Zebra" },
        { "en",         "empty", "" },
        { "en",         "sale",  NULL },
        { "en",         "",      NULL },
        { "de",         "sales", "Ums\u00e4tze \U0001F4C8" },
        { "de-AT",      "sales", "Ums\u00e4tze \U0001F4C8" },
        { "de-Latn-AT", "sales", "Ums\u00e4tze \U0001F4C8" },
        { "de",         "zebra", "Zebra" },
        { "en-XA",      "sales", "[\u0160\u00e1\u013c\u00e9\u0161]" },
        { "en_XA",      "sales", "[\u0160\u00e1\u013c\u00e9\u0161]" },
        { "en-XA",      "zebra", "Zebra" },
        { "en-GB",      "sales", "Sales" },
        { "d",          "sales", "Sales" },
        { "deu",        "sales", "Sales" },
        { "",           "sales", "Sales" },
        { "fr",         "none",  NULL },
    };
    struct err err = { 0 };
    struct catalogue *c;
    if (catalogue_open(&c, folder, &err) < 0)
        fail_msg("%s", err.text);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *found = catalogue_find(c, cases[i].language, cases[i].key);
        if (cases[i].pattern ? !text_is(found, cases[i].pattern) : found != NULL)
            fail_msg("%s %s: %s", cases[i].language, cases[i].key, found ? found : "none");
    }
    catalogue_free(c);
    catalogue_free(NULL);
}

static void catalogues_that_are_absent_or_damaged(void **state)
{
    (void)state;
    struct err err = { 0 };
    struct catalogue *c;
    assert_int_equal(catalogue_open(&c, "/nowhere/text", &err), 0);
    assert_null(catalogue_find(c, "en", "sales"));
    catalogue_free(c);

    assert_int_equal(catalogue_open(&c, "/dev/null", &err), -ERR_IO);
    assert_null(c);

    char path[100];
    snprintf(path, sizeof path, "%s/fr.res", folder);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs("this is no resource bundle", f);
    fclose(f);
    err_clear(&err);
    assert_int_equal(catalogue_open(&c, folder, &err), -ERR_CORRUPT);
    assert_non_null(strstr(err.text, "/fr.res cannot be read"));
    assert_null(c);
    unlink(path);

    char here[500];                                     /* a name without a slash */
    assert_non_null(getcwd(here, sizeof here));
    assert_int_equal(chdir("/tmp"), 0);
    err_clear(&err);
    assert_int_equal(catalogue_open(&c, strrchr(folder, '/') + 1, &err), 0);
    assert_string_equal(catalogue_find(c, "en", "sales"), "Sales");
    catalogue_free(c);
    assert_int_equal(chdir(here), 0);
}

/* ---- messages ------------------------------------------------------------------------------- */

static void messages(void **state)
{
    (void)state;
    static const char orders[] = "{n, plural, =0 {no orders} one {# order} other {# orders}}";
    static const struct text_arg none[] = { { "n", NULL, 0 } }, one[] = { { "n", NULL, 1 } },
                                 many[] = { { "n", NULL, 1234567 } },
                                 both[] = { { "who", "J\u00f6rg {n}", 0 }, { "n", NULL, 2 } };
    static const struct {
        const struct reader *who;
        const char *pattern;
        const struct text_arg *args;
        size_t n;
        const char *wanted;
    } cases[] = {
        { &english,  "Nothing to show",          NULL, 0, "Nothing to show" },
        { &english,  "100 % # | <b>",            NULL, 0, "100 % # | <b>" },
        { &english,  orders,                     none, 1, "no orders" },
        { &english,  orders,                     one,  1, "1 order" },
        { &english,  orders,                     many, 1, "1,234,567 orders" },
        { &german,   orders,                     many, 1, "1.234.567 orders" },
        { &pseudo,   orders,                     many, 1, "1,234,567 orders" },
        { &english,  "{who}: {n}",               both, 2, "J\u00f6rg {n}: 2" },
        { &english,  "{n} for {who}",            both, 2, "2 for J\u00f6rg {n}" },
        { &english,  "{missing} stays",          both, 2, "{missing} stays" },
        { &english,  "it''s '{n}'",              both, 2, "it's {n}" },
        { &english,  "it's {n}",                 both, 2, "it's 2" },
        { &english,  "broken {n",                both, 2, "broken {n" },
        { &english,  "{n, plural, one {#}}",     both, 2, "{n, plural, one {#}}" },
        { &japanese, orders,                     one,  1, "1 orders" },
    };
    for (int again = 0; again < 2; again++)             /* parsed, then from those kept */
        for (size_t i = 0; i < COUNT_OF(cases); i++) {
            text_message(&out, cases[i].who, cases[i].pattern, cases[i].args, cases[i].n);
            expect(cases[i].wanted);
        }
}

static void more_patterns_than_are_kept(void **state)
{
    (void)state;
    char pattern[100], wanted[100];
    for (int again = 0; again < 2; again++)
        for (int i = 0; i < 1000; i++) {
            const struct text_arg arg = { "n", NULL, i };
            snprintf(pattern, sizeof pattern, "pattern %d of {n}", i);
            snprintf(wanted, sizeof wanted, "pattern %d of %d", i, i);
            text_message(&out, &english, pattern, &arg, 1);
            expect(wanted);
        }
}

/* ---- numbers -------------------------------------------------------------------------------- */

static void numbers(void **state)
{
    (void)state;
    static const struct { const struct reader *who; int64_t n; const char *wanted; } counts[] = {
        { &english, 0, "0" },                { &english, -1234567, "-1,234,567" },
        { &german, 1234567, "1.234.567" },   { &french, 1234567, "1\u202f234\u202f567" },
        { &pseudo, 1234567, "1,234,567" },   { &english, INT64_MIN, "-9,223,372,036,854,775,808" },
    };
    for (size_t i = 0; i < COUNT_OF(counts); i++) {
        text_count(&out, counts[i].who, counts[i].n);
        expect(counts[i].wanted);
    }
    text_decimal(&out, &english, 1234500, 3);
    expect("1,234.500");
    text_decimal(&out, &german, -5, 2);
    expect("-0,05");
    text_decimal(&out, &english, INT64_MAX, 18);
    expect("9.223372036854775807");
}

static void money(void **state)
{
    (void)state;
    static const struct {
        const struct reader *who;
        int64_t minor;
        const char *currency, *wanted;
    } cases[] = {
        { &english,  123450,     "USD", "$1,234.50" },
        { &english,  -123450,    "EUR", "-\u20ac1,234.50" },
        { &english,  1200,       "JPY", "\u00a51,200" },
        { &english,  1200,       "KWD", "KWD\u00a01.200" },
        { &english,  0,          "CAD", "CA$0.00" },
        { &german,   5344,       "EUR", "53,44\u00a0\u20ac" },
        { &french,   -123450,    "EUR", "-1\u202f234,50\u00a0\u20ac" },
        { &japanese, 1200,       "JPY", "\uffe51,200" },
        { &pseudo,   123450,     "USD", "$1,234.50" },
        { &english,  123450,     "ZZZ", "123450 ZZZ" },
        { &english,  123450,     "",    "123450 " },
        { &english,  9007199254740993, "USD", "$90,071,992,547,409.93" },      /* 2^53 + 1 */
        { &english,  INT64_MAX,  "USD", "$92,233,720,368,547,758.07" },
        { &english,  INT64_MIN,  "USD", "-$92,233,720,368,547,758.08" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        buf_text(&out, "=");                            /* what stood there before stays */
        text_money(&out, cases[i].who, cases[i].minor, cases[i].currency);
        assert_string_equal(buf_str(&out) + 1, cases[i].wanted);
        buf_clear(&out);
    }
}

static void rates(void **state)
{
    (void)state;
    static const struct {
        const struct reader *who;
        int64_t num, den;
        const char *wanted;
    } cases[] = {
        { &english, 1, 3, "33.33%" },      { &english, 2, 3, "66.67%" },
        { &english, 0, 7, "0.00%" },       { &english, 7, 7, "100.00%" },
        { &english, 5, 0, "N/A" },         { &english, 0, 0, "N/A" },
        { &german, 1, 3, "33,33\u00a0%" }, { &english, -1, 8, "-12.50%" },
        { &english, INT64_MAX, 1, "N/A" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        text_rate(&out, cases[i].who, cases[i].num, cases[i].den);
        expect(cases[i].wanted);
    }
    static const struct {
        const struct reader *who;
        int64_t bp;
        bool with_sign;
        const char *wanted;
    } bps[] = {
        { &english, 250, false, "2.5%" },  { &english, 123, false, "1.23%" },
        { &english, 100, false, "1%" },    { &english, 1230, true, "+12.3%" },
        { &english, -5, true, "-0.05%" },  { &english, 0, true, "0%" },
        { &german, 1230, true, "+12,3\u00a0%" }, { &english, 1000000, true, "+10,000%" },
    };
    for (size_t i = 0; i < COUNT_OF(bps); i++) {
        text_bp(&out, bps[i].who, bps[i].bp, bps[i].with_sign);
        expect(bps[i].wanted);
    }
}

static void spans(void **state)
{
    (void)state;
    static const struct {
        const struct reader *who;
        int64_t seconds;
        const char *wanted;
    } cases[] = {
        { &english, 0, "0 sec" },             { &english, 59, "59 sec" },
        { &english, 60, "1 min" },            { &english, 119, "1 min" },
        { &english, 12000, "3 hr 20 min" },   { &english, 7200, "2 hr" },
        { &english, 7259, "2 hr" },           { &english, 86400, "1 day" },
        { &english, 180000, "2 days 2 hr" },  { &english, -12000, "-3 hr 20 min" },
        { &german, 12000, "3 Std. 20 Min." }, { &french, 12000, "3\u202fh 20\u00a0min" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        text_seconds(&out, cases[i].who, cases[i].seconds);
        expect(cases[i].wanted);
    }
}

/* ---- days and instants ---------------------------------------------------------------------- */

static void days(void **state)
{
    (void)state;
    static const struct { const struct reader *who; const char *whole, *brief; } cases[] = {
        { &english,  "23 Nov 2026",   "23 Nov" },
        { &pseudo,   "23 Nov 2026",   "23 Nov" },
        { &american, "Nov 23, 2026",  "Nov 23" },
        { &german,   "23. Nov. 2026", "23. Nov." },
        { &french,   "23 nov. 2026",  "23 nov." },
        { &japanese, "2026\u5e7411\u670823\u65e5", "11\u670823\u65e5" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        text_day(&out, cases[i].who, day_of(2026, 11, 23));
        expect(cases[i].whole);
        text_day_short(&out, cases[i].who, day_of(2026, 11, 23));
        expect(cases[i].brief);
    }
}

static void instants(void **state)
{
    (void)state;
    static const struct { const struct reader *who; const char *zone, *at, *wanted; } cases[] = {
        { &english, NULL,                  "2026-11-23T06:15:00Z", "23 Nov 2026, 07:15 CET" },
        { &english, NULL,                  "2026-07-23T06:15:00Z", "23 Jul 2026, 08:15 CEST" },
        { &pseudo,  NULL,                  "2026-11-23T06:15:00Z", "23 Nov 2026, 07:15 CET" },
        { &english, "America/Los_Angeles", "2026-11-23T06:15:00Z", "22 Nov 2026, 22:15 PST" },
        { &english, "America/Los_Angeles", "2026-07-23T06:15:00Z", "22 Jul 2026, 23:15 PDT" },
        { &english, "Europe/London",       "2026-11-23T06:15:00Z", "23 Nov 2026, 06:15 GMT" },
        { &english, "Europe/London",       "2026-07-23T06:15:00Z", "23 Jul 2026, 07:15 BST" },
        { &english, "Asia/Kolkata",        "2026-11-23T06:15:00Z", "23 Nov 2026, 11:45 IST" },
        { &english, "Australia/Sydney",    "2026-11-23T06:15:00Z", "23 Nov 2026, 17:15 AEDT" },
        { &english, "Asia/Tokyo",          "2026-11-23T06:15:00Z", "23 Nov 2026, 15:15 JST" },
        { &english, "Asia/Dubai",          "2026-11-23T06:15:00Z", "23 Nov 2026, 10:15 GST" },
        { &english, "Asia/Singapore",      "2026-11-23T06:15:00Z", "23 Nov 2026, 14:15 GMT+8" },
        { &english, "UTC",                 "2026-11-23T06:15:00Z", "23 Nov 2026, 06:15 UTC" },
        { &german,  NULL,                  "2026-11-23T06:15:00Z", "23. Nov. 2026, 07:15 MEZ" },
        { &german,  "America/Los_Angeles", "2026-11-23T06:15:00Z", "22. Nov. 2026, 22:15 PST" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int64_t at;
        assert_true(instant_parse(cases[i].at, &at));
        text_instant(&out, cases[i].who, at, cases[i].zone);
        expect(cases[i].wanted);
    }
}

static void names(void **state)
{
    (void)state;
    text_country_name(&out, &english, "DE");
    expect("Germany");
    text_country_name(&out, &french, "DE");
    expect("Allemagne");
    text_country_name(&out, &english, "Germany");
    expect("Germany");
    text_country_name(&out, &english, "");
    expect("");
}

/* A reader whose language makes no sense reads English. */
static void strange_readers(void **state)
{
    (void)state;
    static const char *const languages[] = {
        NULL, "", "en_XA", "-", "e", "not a language",
        "a-tag-that-is-far-longer-than-any-language-tag-that-anybody-would-ever-send",
    };
    for (size_t i = 0; i < COUNT_OF(languages); i++) {
        const struct reader who = { .language = languages[i] };
        const struct text_arg arg = { "n", NULL, 1234 };
        text_money(&out, &who, 123450, "USD");
        assert_non_null(strstr(buf_str(&out), "1,234.50"));
        buf_clear(&out);
        text_message(&out, &who, "{n} left", &arg, 1);
        expect("1,234 left");
        text_instant(&out, &who, 0, "Nowhere/At_All");
        assert_non_null(strstr(buf_str(&out), "1970"));
        buf_clear(&out);
    }
}

/* ---- threads -------------------------------------------------------------------------------- */

/* More formatters than a thread keeps; LeakSanitizer sees to their end. */
static void *thread_formats(void *bad)
{
    static const char *const languages[] = { "en", "de", "fr", "ja", "es", "it", "sv", "pl" };
    static const char *const currencies[] = {
        "USD", "EUR", "JPY", "GBP", "CAD", "MXN", "BRL", "PLN", "SEK", "TRY", "INR", "AUD",
    };
    struct buf b = { 0 };
    for (int again = 0; again < 2; again++)
        for (size_t l = 0; l < COUNT_OF(languages); l++)
            for (size_t c = 0; c < COUNT_OF(currencies); c++) {
                const struct reader who = { .language = languages[l], .zone = "UTC" };
                const struct text_arg arg = { "n", NULL, 7 };
                buf_clear(&b);
                text_money(&b, &who, 700, currencies[c]);
                *(int *)bad += !strchr(buf_str(&b), '7');
                buf_clear(&b);
                text_message(&b, &who, "{n}", &arg, 1);
                *(int *)bad += !text_is(buf_str(&b), "7");
                text_instant(&b, &who, 0, NULL);
            }
    buf_free(&b);
    return NULL;
}

static void threads_have_their_own(void **state)
{
    (void)state;
    pthread_t thread[3];
    int bad[3] = { 0 };
    for (size_t i = 0; i < COUNT_OF(thread); i++)
        assert_int_equal(pthread_create(&thread[i], NULL, thread_formats, &bad[i]), 0);
    for (size_t i = 0; i < COUNT_OF(thread); i++) {
        pthread_join(thread[i], NULL);
        assert_int_equal(bad[i], 0);
    }
}

/* Numbers as one is used to, words in the language that one reads. */
static void numbers_of_elsewhere(void **state)
{
    (void)state;
    const struct reader mixed = { "en", "UTC", "de" };
    text_count(&out, &mixed, 1234567);
    expect("1.234.567");
    text_money(&out, &mixed, 123456, "EUR");
    expect("1.234,56\u00a0€");
    text_bp(&out, &mixed, 1250, false);
    expect("12,5\u00a0%");
    text_seconds(&out, &mixed, 12000);
    expect("3 hr 20 min");
    text_day(&out, &mixed, 20780);
    expect("23 Nov 2026");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_of_elsewhere),
        cmocka_unit_test(keys_are_found),
        cmocka_unit_test(catalogues_that_are_absent_or_damaged),
        cmocka_unit_test(messages),
        cmocka_unit_test(more_patterns_than_are_kept),
        cmocka_unit_test(numbers),
        cmocka_unit_test(money),
        cmocka_unit_test(rates),
        cmocka_unit_test(spans),
        cmocka_unit_test(days),
        cmocka_unit_test(instants),
        cmocka_unit_test(names),
        cmocka_unit_test(strange_readers),
        cmocka_unit_test(threads_have_their_own),
    };
    return cmocka_run_group_tests(tests, catalogue_make, catalogue_remove);
}
