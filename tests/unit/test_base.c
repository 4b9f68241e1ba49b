/* SPDX-License-Identifier: Apache-2.0 */
/* test_base.c: memory, growing text, errors, small text, and the log. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/base.h"
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- arena ---------------------------------------------------------------------------------- */

static void arena_gives_aligned_separate_memory(void **state)
{
    (void)state;
    struct arena *a = arena_new("test", 100);
    char *before = NULL;
    for (size_t bytes = 0; bytes < 5000; bytes += 37) {
        char *at = arena_zero(a, bytes);
        assert_int_equal((uintptr_t)at % _Alignof(max_align_t), 0);
        for (size_t i = 0; i < bytes; i++)
            assert_int_equal(at[i], 0);
        memset(at, 'x', bytes);
        if (before)
            assert_int_equal(*before, 'x');
        before = bytes ? at : NULL;
    }
    assert_true(arena_bytes(a) > 5000);
    arena_reset(a);
    assert_true(arena_bytes(a) < 5000);
    assert_string_equal(arena_textn(a, "abcdef", 3), "abc");
    assert_string_equal(arena_printf(a, "%d of %s", 7, "nine"), "7 of nine");
    arena_free(a);
    arena_free(NULL);
}

static char cleaned[8];

static void clean(void *what)
{
    strncat(cleaned, what, sizeof cleaned - strlen(cleaned) - 1);
}

static void clean_ups_run_last_first_and_once(void **state)
{
    (void)state;
    struct arena *a = arena_new("test", 0);
    char one[] = "1", two[] = "2";
    arena_at_end(a, clean, one);
    arena_at_end(a, clean, two);
    arena_reset(a);
    assert_string_equal(cleaned, "21");
    arena_free(a);
    assert_string_equal(cleaned, "21");
}

/* ---- buf, err, small text ------------------------------------------------------------------- */

static void buf_grows(void **state)
{
    (void)state;
    struct buf b = { 0 };
    assert_string_equal(buf_str(&b), "");
    for (int i = 0; i < 1000; i++)
        buf_printf(&b, "%03d,", i);
    assert_int_equal(b.len, 4000);
    assert_memory_equal(b.at + 3992, "998,999,", 9);
    buf_clear(&b);
    buf_int(&b, INT64_MIN);
    buf_char(&b, ' ');
    buf_int(&b, 0);
    buf_text(&b, " ");
    buf_int(&b, INT64_MAX);
    assert_string_equal(buf_str(&b), "-9223372036854775808 0 9223372036854775807");
    buf_free(&b);
    assert_string_equal(buf_str(&b), "");
}

static void the_first_error_is_kept(void **state)
{
    (void)state;
    struct err err = { 0 };
    assert_int_equal(err_set(&err, ERR_BUSY, "in use by %d", 42), -ERR_BUSY);
    assert_int_equal(err_set(&err, ERR_BUG, "later"), -ERR_BUSY);
    assert_string_equal(err.text, "in use by 42");
    assert_string_equal(err_word(-ERR_BUSY), "busy");
    assert_string_equal(err_word(ERR_BUG), "bug");
    assert_string_equal(err_word(99), "unknown");
    err_clear(&err);
    assert_int_equal(err.code, 0);
}

static void small_text(void **state)
{
    (void)state;
    assert_true(text_is("a", "a"));
    assert_false(text_is(NULL, NULL));
    assert_true(text_starts("souk.db", "souk"));
    assert_false(text_starts("so", "souk"));
    assert_true(text_ends("souk.db", ".db"));
    assert_false(text_ends("b", ".db"));
}

static void utf8(void **state)
{
    (void)state;
    static const struct { const char *name, *in; size_t n; bool is_valid; } cases[] = {
        { "empty",             "",                     0, true },
        { "two bytes",         "\xC2\x80\xDF\xBF",     4, true },
        { "three bytes",       "\xE0\xA0\x80",         3, true },
        { "the last one",      "\xF4\x8F\xBF\xBF",     4, true },
        { "behind ASCII",      "12345678\xE2\x82\xAC", 11, true },
        { "past the last one", "\xF4\x90\x80\x80",     4, false },
        { "overlong two",      "\xC0\xAF",             2, false },
        { "overlong three",    "\xE0\x80\xAF",         3, false },
        { "surrogate",         "\xED\xA0\x80",         3, false },
        { "cut",               "12345678\xE2\x82",     10, false },
        { "Windows-1252",      "caf\xE9 au lait",      12, false },
        { "lone follower",     "\x80",                 1, false },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        if (utf8_is_valid(cases[i].in, cases[i].n) != cases[i].is_valid)
            fail_msg("%s", cases[i].name);
}

static void whole_numbers(void **state)
{
    (void)state;
    static const struct { const char *in; int64_t out; bool ok; } cases[] = {
        { "0", 0, true },       { "-17", -17, true },  { "+5", 5, true },
        { "9223372036854775807", INT64_MAX, true },    { "-9223372036854775808", INT64_MIN, true },
        { "9223372036854775808", 0, false },           { "", 0, false },
        { "-", 0, false },      { " 1", 0, false },    { "1 ", 0, false },
        { "1.0", 0, false },    { "0x10", 0, false },  { "--1", 0, false },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int64_t n = -1;
        if (text_int(cases[i].in, &n) != cases[i].ok || (cases[i].ok && n != cases[i].out))
            fail_msg("\"%s\"", cases[i].in);
    }
}

/* ---- log ------------------------------------------------------------------------------------ */

static char logged[20000];

/* What log_line writes to stderr, behind the time. */
static const char *log_caught(bool as_json, enum log_level level, const char *text)
{
    char path[] = "/tmp/souk-test-log-XXXXXX";
    int file = mkstemp(path), keep = dup(STDERR_FILENO);
    assert_true(file >= 0 && keep >= 0);
    unlink(path);
    dup2(file, STDERR_FILENO);
    log_setup(LOG_LEVEL_NOTE, as_json);
    errno = EBADMSG;
    log_line(level, "test", "%s", text);
    int kept_errno = errno;
    dup2(keep, STDERR_FILENO);
    close(keep);
    ssize_t n = pread(file, logged, sizeof logged - 1, 0);
    close(file);
    assert_true(n >= 0);
    assert_int_equal(kept_errno, EBADMSG);
    logged[n] = '\0';
    return logged;
}

static void log_lines_cannot_be_forged(void **state)
{
    (void)state;
    static const struct { const char *in, *out; } cases[] = {
        { "plain \xE2\x82\xAC",          " note test: plain \xE2\x82\xAC\n" },
        { "two\nlines\r",                " note test: two\\nlines\\u000d\n" },
        { "red \x1B[31m",                " note test: red \\u001b[31m\n" },
        { "C1 \xC2\x9B" "31m",           " note test: C1 \\u009b31m\n" },
        { "not UTF-8 \xE9!",             " note test: not UTF-8 \xEF\xBF\xBD!\n" },
        { "cut \xE2\x82",                " note test: cut \xEF\xBF\xBD\xEF\xBF\xBD\n" },
        { "a \\ and a \"",               " note test: a \\ and a \"\n" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *line = log_caught(false, LOG_LEVEL_NOTE, cases[i].in);
        assert_string_equal(line + strlen("2026-11-23T06:15:00Z"), cases[i].out);
    }
    assert_string_equal(log_caught(false, LOG_LEVEL_DEBUG, "hidden"), "");
}

static void log_json_is_json(void **state)
{
    (void)state;
    const char *line = log_caught(true, LOG_LEVEL_FAULT, "a \"quote\", a \\ and\na line \x1B \xE9");
    json_error_t wrong;
    json_t *object = json_loads(line, 0, &wrong);
    assert_non_null(object);
    assert_string_equal(json_string_value(json_object_get(object, "level")), "fault");
    assert_string_equal(json_string_value(json_object_get(object, "room")), "test");
    assert_string_equal(json_string_value(json_object_get(object, "text")),
                        "a \"quote\", a \\ and\na line \x1B \xEF\xBF\xBD");
    json_decref(object);
}

static void log_lines_end_at_4_kB(void **state)
{
    (void)state;
    char text[9000];
    for (size_t from = 4040; from < 4100; from++) {
        memset(text, '\n', sizeof text);                /* each becomes two bytes */
        memset(text, 'x', from - 2000);
        text[sizeof text - 1] = '\0';
        for (int as_json = 0; as_json < 2; as_json++) {
            const char *line = log_caught(as_json, LOG_LEVEL_WARN, text);
            size_t n = strlen(line);
            assert_true(n <= 4096 && n > 4080);
            assert_true(text_ends(line, as_json ? "...\"}\n" : "...\n"));
            assert_ptr_equal(strchr(line, '\n'), line + n - 1);
        }
    }
}

static void nearer_words(void **state)
{
    (void)state;
    static const char *const names[] = { "serve", "import", "imports", "do", "case.reply", "case.ref" };
    static const struct { const char *word, *near; } cases[] = {
        { "imort", "import" },      { "improts", "imports" },   { "case.repl", "case.reply" },
        { "case.rf", "case.ref" },  { "nothing", NULL },        { "xy", NULL },
        { "", NULL },               { "d", NULL },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *near = NULL;
        for (size_t k = 0; k < COUNT_OF(names); k++)
            near = text_nearer(cases[i].word, near, names[k]);
        if (near != cases[i].near && !text_is(near, cases[i].near))
            fail_msg("\"%s\": %s", cases[i].word, near ? near : "none");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arena_gives_aligned_separate_memory),
        cmocka_unit_test(clean_ups_run_last_first_and_once),
        cmocka_unit_test(buf_grows),
        cmocka_unit_test(the_first_error_is_kept),
        cmocka_unit_test(small_text),
        cmocka_unit_test(utf8),
        cmocka_unit_test(whole_numbers),
        cmocka_unit_test(nearer_words),
        cmocka_unit_test(log_lines_cannot_be_forged),
        cmocka_unit_test(log_json_is_json),
        cmocka_unit_test(log_lines_end_at_4_kB),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
