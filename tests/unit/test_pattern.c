/* SPDX-License-Identifier: Apache-2.0 */
/* test_pattern.c: where patterns fit, what they capture, what is wrong with them, and that their work is bounded. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "rules/pattern.h"

static bool go_on(void *ctx, int64_t steps)
{
    int64_t *left = ctx;
    *left -= steps;
    return *left >= 0;
}

/* "3-5 a|(2)": from byte 3 to byte 5 (counted from 1), captures; "no", "stopped" or what is wrong. */
static const char *found_text(const char *pattern, size_t n_pattern, const char *text, size_t n, int64_t steps)
{
    static struct buf out;
    struct pattern p;
    struct pattern_found found;
    const struct pattern_work work = { go_on, &steps };
    buf_clear(&out);
    const char *wrong = pattern_read(&p, pattern, n_pattern);
    if (wrong)
        return wrong;
    int rc = pattern_find(&p, text, n, 0, &work, &found);
    if (rc <= 0)
        return rc ? "stopped" : "no";
    buf_printf(&out, "%d-%d", (int)(found.at - text) + 1, (int)(found.end - text));
    for (size_t i = 0; i < found.n; i++) {
        buf_char(&out, i ? '|' : ' ');
        if (found.capture[i].n == PATTERN_PLACE)
            buf_printf(&out, "(%d)", (int)(found.capture[i].at - text) + 1);
        else
            buf_put(&out, found.capture[i].at, (size_t)found.capture[i].n);
    }
    return buf_str(&out);
}

static void test_fits(void **state)
{
    (void)state;
    static const struct { const char *pattern, *text, *found; } cases[] = {
        { "",                "abc",           "1-0" },
        { "b",               "abc",           "2-2" },
        { "x",               "abc",           "no" },
        { "a.c",             "xabc",          "2-4" },
        { "^b",              "abc",           "no" },
        { "^a",              "abc",           "1-1" },
        { "c$",              "abc",           "3-3" },
        { "b$",              "abc",           "no" },
        { "^$",              "",              "1-0" },
        { "$",               "abc",           "4-3" },
        { "a$b",             "a$b",           "1-3" },
        { "x^y",             "x^y",           "1-3" },
        { "a*",              "aaab",          "1-3" },
        { "a*b",             "aaab",          "1-4" },
        { "a+",              "baa",           "2-3" },
        { "a+b",             "b",             "no" },
        { "a-b",             "aab",           "1-3" },
        { "a-",              "aab",           "1-0" },
        { "^.-$",            "aab",           "1-3" },
        { "ab?c",            "ac",            "1-2" },
        { "ab?c",            "abc",           "1-3" },
        { "ab?b",            "ab",            "1-2" },
        { "ab?c",            "abbc",          "no" },
        { ".-b",             "aabab",         "1-3" },
        { ".*b",             "aabab",         "1-5" },
        { "*a",              "*a",            "1-2" },
        { "%*a",             "*a",            "1-2" },
        { "]",               "a]",            "2-2" },
        { "%d+",             "SKU-0042-x",    "5-8" },
        { "%D+",             "42ab",          "3-4" },
        { "%a%w*",           "  x9_",         "3-4" },
        { "%s",              "a\tb",          "2-2" },
        { "%u%l",            "aBc",           "2-3" },
        { "%p",              "a-b",           "2-2" },
        { "%x+$",            "zz0fA",         "3-5" },
        { "%g+",             " \x7F" "ab",    "3-4" },
        { "%c",              "a\x1F",         "2-2" },
        { "%A",              "a\xC3\xA4",     "2-2" },
        { "[abc]+",          "xxcab",         "3-5" },
        { "[^abc]+",         "abxyc",         "3-4" },
        { "[a-c]+",          "xbad",          "2-3" },
        { "[%d-]+",          "a1-2",          "2-4" },
        { "[-a]+",           "x-a",           "2-3" },
        { "[a-]+",           "x-a",           "2-3" },
        { "[]]",             "a]",            "2-2" },
        { "[^]]",            "]a",            "2-2" },
        { "[%]]",            "a]",            "2-2" },
        { "[%a_][%w_]*",     "9_b1",          "2-4" },
        { "[c-a]",           "abc",           "no" },
        { "(%a+)-(%d+)",     "x SKU-42",      "3-8 SKU|42" },
        { "()b()",           "abc",           "2-2 (2)|(3)" },
        { "((a)(b))",        "ab",            "1-2 ab|a|b" },
        { "(a*(.)%w(%s*))",  "aab1 ",         "1-5 aab1 |b| " },
        { "(a-)b",           "aab",           "1-3 aa" },
        { "(x*)",            "aab",           "1-0 " },
        { "(%a)%1",          "abba",          "2-3 b" },
        { "(['\"]).-%1",     "a 'b\"c' d",    "3-7 '" },
        { "%b()",            "f(a(b)c)d",     "2-8" },
        { "%b()",            "f(a(b)c",       "4-6" },
        { "%b||",            "a|b|c",         "2-4" },
        { "%f[%w]%w+",       "..ab cd",       "3-4" },
        { "%f[%w]%w+%f[%W]$", "ab cd",        "4-5" },
        { "THE (%a+)",       "in THE (b) THE end", "12-18 end" },
        { "(a+)(a+)$",       "aaa",           "1-3 aa|a" },
        { "(a?)(ab)",        "ab",            "1-2 |ab" },
        /* what is wrong */
        { "%",               "",              "it ends with %" },
        { "[a",              "",              "a set that begins with [ is not closed" },
        { "[",               "",              "a set that begins with [ is not closed" },
        { "[]",              "",              "a set that begins with [ is not closed" },
        { "[a%",             "",              "a set that begins with [ is not closed" },
        { "[a%]",            "",              "a set that begins with [ is not closed" },
        { "(a",              "",              "it has a ( without its )" },
        { "a)",              "",              "it has a ) without its (" },
        { "%1",              "",              "%1 to %9 mean captures that are closed before them" },
        { "(%1)",            "",              "%1 to %9 mean captures that are closed before them" },
        { "()%1",            "",              "%1 to %9 mean captures that are closed before them" },
        { "(a)%0",           "",              "%1 to %9 mean captures that are closed before them" },
        { "(a)%2",           "",              "%1 to %9 mean captures that are closed before them" },
        { "%b(",             "",              "%b wants two characters behind it" },
        { "%fa",             "",              "%f wants a set behind it: %f[%w]" },
        { "%f[a",            "",              "a set that begins with [ is not closed" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *said = found_text(cases[i].pattern, strlen(cases[i].pattern), cases[i].text, strlen(cases[i].text), 1 << 20);
        if (strcmp(said, cases[i].found) != 0)
            fail_msg("\"%s\" in \"%s\": %s instead of %s", cases[i].pattern, cases[i].text, said, cases[i].found);
    }
}

static void test_bytes(void **state)
{
    (void)state;
    assert_string_equal(found_text("a\0b", 3, "xa\0b", 4, 1000), "2-4");
    assert_string_equal(found_text("[\0-\x1F]+", 6, "x\0\1y", 4, 1000), "2-3");
    assert_string_equal(found_text("[\x80-\xBF]", 5, "\xC3\xA4", 2, 1000), "2-2");
    assert_string_equal(found_text("%z", 2, "z", 1, 1000), "1-1");
    assert_true(pattern_is_plain("a b,c\0d", 7));
    assert_false(pattern_is_plain("a.b", 3));
    assert_false(pattern_is_plain("a\0-", 3));
    assert_true(pattern_is_plain("", 0));
}

static void test_sizes(void **state)
{
    (void)state;
    static const struct { const char *part; size_t most; const char *wrong; } cases[] = {
        { "a",    PATTERN_ITEMS,        "it is too long" },
        { "[ab]", PATTERN_SETS,         "it has too many sets and classes" },
        { "%d",   PATTERN_SETS,         "it has too many sets and classes" },
        { "()",   PATTERN_CAPTURES,     "it has more than 32 captures" },
        { "(a)",  PATTERN_CAPTURES,     "it has more than 32 captures" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct buf text = { 0 };
        struct pattern p;
        for (size_t n = 1; n <= cases[i].most; n++) {
            buf_text(&text, cases[i].part);
            assert_null(pattern_read(&p, text.at, text.len));
        }
        buf_text(&text, cases[i].part);
        assert_string_equal(pattern_read(&p, text.at, text.len), cases[i].wrong);
        buf_free(&text);
    }
}

/* Each of these takes far more steps than anybody has; and however they are cut, no step is lost. */
static void test_bounds(void **state)
{
    (void)state;
    static const char *const patterns[] = {
        "a-a-a-a-a-a-a-a-a-a-b", ".-.-.-.-b", "(.-)(.-)(.-)(.-)%1%2%3%4b", "a*a*a*a*a*a*b", "a?a?a?a?a*a*a*b", "(a*)*b*%1%1%1b",
        ".-b", "a*$", "a-$", ".-%f[b]", "(a*)%1b", "[a]+[a]+[a]+b",
    };
    char *text = base_alloc(50001);
    memset(text, 'a', 50000);
    text[50000] = 'c';
    for (size_t i = 0; i < COUNT_OF(patterns); i++) {
        for (int64_t steps = 2000000; steps >= 0; steps -= 2000000) {
            const char *said = found_text(patterns[i], strlen(patterns[i]), text, 50001, steps);
            if (strcmp(said, "stopped") != 0)
                fail_msg("\"%s\" with %d steps: %s", patterns[i], (int)steps, said);
        }
    }
    memset(text, '(', 50000);
    assert_string_equal(found_text("%b()", 4, text, 50001, 2000000), "stopped");
    int64_t steps = 10000;                              /* short tries add up */
    const struct pattern_work work = { go_on, &steps };
    struct pattern p;
    struct pattern_found found;
    assert_null(pattern_read(&p, "ab", 2));
    int rc = 0;
    for (size_t i = 0; i < 10000 && rc >= 0; i++)
        rc = pattern_fits(&p, "aaa", 3, 1, &work, &found);
    assert_int_equal(rc, -1);
    base_free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fits),
        cmocka_unit_test(test_bytes),
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_bounds),
    };
    return cmocka_run_group_tests_name("pattern", tests, NULL, NULL);
}
