/* SPDX-License-Identifier: Apache-2.0 */
/* test_conf.c: ini files that are right, and the sentence that each wrong one gets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/conf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[] = "/tmp/souk-test-conf-XXXXXX";

static const struct conf_key host_keys[] = {
    { "listen",  CONF_TEXT,    0,              "127.0.0.1:8420" },
    { "threads", CONF_COUNT,   0,              "2" },
    { "wait",    CONF_SECONDS, 0,              NULL },
    { "cache",   CONF_BYTES,   0,              "16M" },
    { "open",    CONF_BOOL,    0,              "no" },
    { "secret",  CONF_TEXT,    CONF_FROM_FILE, NULL },
    { "allow",   CONF_TEXT,    CONF_REPEATED,  NULL },
};
static const struct conf_key plugin_keys[] = {
    { "file",    CONF_TEXT,    CONF_NEEDED,    NULL },
};
static const struct conf_key top_keys[] = {
    { "market",  CONF_TEXT,    0,              NULL },
};

static const struct conf_key *keys_of(void *who, const char *section, size_t *n)
{
    assert_string_equal(who, "me");
    if (text_is(section, "host")) {
        *n = COUNT_OF(host_keys);
        return host_keys;
    }
    if (text_starts(section, "plugin ")) {
        *n = COUNT_OF(plugin_keys);
        return plugin_keys;
    }
    *n = COUNT_OF(top_keys);
    return text_is(section, "") ? top_keys : NULL;
}

static const char *file_put(const char *name, const char *at, size_t n)
{
    static char path[200];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_int_equal(fwrite(at, 1, n, f), n);
    fclose(f);
    return path;
}

static struct conf *conf_of(const char *text, struct err *err)
{
    struct conf *c;
    const char *path = file_put("souk.ini", text, strlen(text));
    int rc = conf_read(&c, path, keys_of, (char[]){ "me" }, err);
    assert_int_equal(rc, -err->code);
    assert_true((rc == 0) == (c != NULL));
    return c;
}

static struct conf *good_conf(const char *text)
{
    struct err err = { 0 };
    struct conf *c = conf_of(text, &err);
    if (!c)
        fail_msg("%s", err.text);
    return c;
}

static void sections_and_values(void **state)
{
    (void)state;
    struct conf *c = good_conf("\xEF\xBB\xBF; a comment\n"
                               "market = Amazon.de\r\n"
                               "[host]   ; the program itself\n"
                               "    threads = 8 ; inline\n"
                               "\twait: 5m\n"
                               "open=on\n"
                               "# another comment\n"
                               "allow = a.example\n"
                               "\n"
                               "allow = b.example\n"
                               "[plugin org.example.a-name-longer-than-forty-nine-characters]\n"
                               "file = sales summary=1.so\n"
                               "[host]\n"
                               "[plugin org.example.a-name-longer-than-forty-nine-characters]\n"
                               "file = \xC3\xA9\xC3\xA8.so");
    const struct conf_section *section;
    assert_int_equal(conf_sections(c, &section), 5);
    assert_string_equal(section[0].name, "");
    assert_string_equal(section[1].name, "host");
    assert_int_equal(section[1].line, 3);
    assert_true(text_ends(section[2].name, "forty-nine-characters"));
    assert_int_equal(section[3].line, 13);
    assert_true(text_ends(conf_path(c), "/souk.ini"));

    assert_string_equal(conf_text(c, 0, "market"), "Amazon.de");
    assert_int_equal(conf_int(c, 1, "threads"), 8);
    assert_int_equal(conf_line(c, 1, "threads"), 4);
    assert_int_equal(conf_int(c, 1, "wait"), 300);
    assert_string_equal(conf_text(c, 1, "wait"), "5m");
    assert_int_equal(conf_int(c, 1, "open"), 1);
    assert_string_equal(conf_text(c, 1, "allow"), "a.example\nb.example");
    assert_int_equal(conf_line(c, 1, "allow"), 8);
    assert_string_equal(conf_text(c, 2, "file"), "sales summary=1.so");
    assert_string_equal(conf_text(c, 4, "file"), "\xC3\xA9\xC3\xA8.so");

    assert_false(conf_has(c, 3, "threads"));            /* fallbacks */
    assert_int_equal(conf_line(c, 3, "threads"), 0);
    assert_int_equal(conf_int(c, 3, "threads"), 2);
    assert_int_equal(conf_int(c, 3, "cache"), 16 << 20);
    assert_string_equal(conf_text(c, 3, "listen"), "127.0.0.1:8420");
    assert_string_equal(conf_text(c, 3, "secret"), "");
    assert_int_equal(conf_int(c, 3, "wait"), 0);
    conf_free(c);
    conf_free(NULL);
    c = good_conf("");
    assert_int_equal(conf_sections(c, &section), 0);
    conf_free(c);
}

static void typed_values(void **state)
{
    (void)state;
    static const struct { const char *key, *in; bool ok; int64_t out; } cases[] = {
        { "threads", "0", true, 0 },           { "threads", "9223372036854775808", false, 0 },
        { "threads", "-1", false, 0 },         { "threads", "999999999999", true, 999999999999 },
        { "threads", "", false, 0 },           { "threads", "two", false, 0 },
        { "threads", "2k", false, 0 },         { "threads", "9999999999999999999999999", false, 0 },
        { "wait", "30", true, 30 },            { "wait", "30s", true, 30 },
        { "wait", "2h", true, 7200 },          { "wait", "1d", true, 86400 },
        { "wait", "2 h", false, 0 },           { "wait", "2hours", false, 0 },
        { "wait", "h", false, 0 },             { "wait", "9223372036854775807d", false, 0 },
        { "cache", "64k", true, 65536 },       { "cache", "16M", true, 16 << 20 },
        { "cache", "3G", true, 3221225472 },   { "cache", "512", true, 512 },
        { "cache", "16m", false, 0 },          { "cache", "1.5M", false, 0 },
        { "open", "yes", true, 1 },            { "open", "no", true, 0 },
        { "open", "true", true, 1 },           { "open", "false", true, 0 },
        { "open", "on", true, 1 },             { "open", "off", true, 0 },
        { "open", "1", true, 1 },              { "open", "0", true, 0 },
        { "open", "2", false, 0 },             { "open", "Yes", false, 0 },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char text[200], where[20];
        struct err err = { 0 };
        snprintf(text, sizeof text, "[host]\n%s = %s\n", cases[i].key, cases[i].in);
        struct conf *c = conf_of(text, &err);
        snprintf(where, sizeof where, ":2: %s", cases[i].key);
        if (!!c != cases[i].ok || (c && conf_int(c, 0, cases[i].key) != cases[i].out) ||
            (!c && !strstr(err.text, where)))
            fail_msg("%s = %s: %s", cases[i].key, cases[i].in, err.text);
        conf_free(c);
    }
}

static void values_from_elsewhere(void **state)
{
    (void)state;
    setenv("SOUK_TEST_WORD", "@word", 1);
    setenv("SOUK_TEST_EMPTY", "", 1);
    file_put("token", "  two words\nand a line \r\n\n", 25);
    struct conf *c = good_conf("[host]\n"
                               "listen = ${SOUK_TEST_WORD}:${SOUK_TEST_WORD}${SOUK_TEST_EMPTY}.\n"
                               "secret = @token\n"
                               "allow = @token $ {x} $SOUK_TEST_WORD\n"
                               "[host]\n"
                               "secret = ${SOUK_TEST_WORD}\n");
    assert_string_equal(conf_text(c, 0, "listen"), "@word:@word.");
    assert_string_equal(conf_text(c, 0, "secret"), "two words\nand a line");
    assert_string_equal(conf_text(c, 0, "allow"), "@token $ {x} $SOUK_TEST_WORD");
    assert_string_equal(conf_text(c, 1, "secret"), "@word");    /* no word names a file */
    conf_free(c);

    char text[300];
    snprintf(text, sizeof text, "[host]\nsecret = @%s/token\n", folder);
    c = good_conf(text);
    assert_string_equal(conf_text(c, 0, "secret"), "two words\nand a line");
    conf_free(c);
    unsetenv("SOUK_TEST_WORD");
    unsetenv("SOUK_TEST_EMPTY");
}

static void wrong_files(void **state)
{
    (void)state;
    static const struct { const char *name, *in, *says; } cases[] = {
        { "unknown key",        "[host]\nthreds = 2\n",
          ":2: there is no key \"threds\" in [host]; its keys are: listen, threads, wait" },
        { "unknown section",    "[host]\n\n[hots]\n",        ":3: there is no section [hots]." },
        { "unknown key on top", "color = red\n",
          ":1: there is no key \"color\" before the first [section]; its keys are: market." },
        { "twice",              "[host]\nopen=1\nwait=2\nopen=1\n",
          ":4: open has been set in line 2 already." },
        { "needed key",         "\n[plugin a]\n[host]\n",
          ":2: [plugin a] needs file = (a text)." },
        { "needed, at the end", "[host]\n[plugin a]\n",      ":2: [plugin a] needs file" },
        { "open bracket",       "[host\nwait = 2\n",         ":1: the \"[\" of a section" },
        { "no value",           "[host]\nwait = 2\nopen\n",  ":3: this is neither key = value" },
        { "no variable",        "[host]\nlisten = ${SOUK_NO_SUCH_WORD}\n",
          ":2: the environment has no SOUK_NO_SUCH_WORD" },
        { "open brace",         "[host]\nlisten = ${HOME\n", ":2: the \"${\" has no \"}\"" },
        { "no file",            "[host]\nsecret = @nowhere\n",
          "/nowhere for this value cannot be read: No such file or directory." },
        { "a folder",           "[host]\nsecret = @.\n",     "cannot be read: Is a directory" },
        { "not UTF-8",          "[host]\nlisten = caf\xE9\n", "it is not a text in UTF-8" },
        { "the first one",      "[host]\na = 1\nb = 2\n",    ":2: there is no key \"a\"" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct err err = { 0 };
        struct conf *c = conf_of(cases[i].in, &err);
        if (c || err.code != ERR_CONF || !strstr(err.text, cases[i].says) ||
            !text_starts(err.text, folder))
            fail_msg("%s: %s", cases[i].name, err.text);
    }
}

static void files_that_are_no_texts(void **state)
{
    (void)state;
    struct err err = { 0 };
    struct conf *c;
    assert_int_equal(conf_read(&c, "/nowhere/souk.ini", keys_of, NULL, &err), -ERR_CONF);
    assert_string_equal(err.text, "/nowhere/souk.ini cannot be read: No such file or directory.");
    assert_null(c);

    err_clear(&err);
    const char *path = file_put("nul.ini", "[host]\nopen = 1\0\n", 17);
    assert_int_equal(conf_read(&c, path, keys_of, NULL, &err), -ERR_CONF);
    assert_true(text_ends(err.text, "it is not a text in UTF-8."));

    static char large[(1 << 20) + 1];
    memset(large, '\n', sizeof large);
    err_clear(&err);
    assert_int_equal(conf_read(&c, file_put("large.ini", large, sizeof large), keys_of, NULL, &err),
                     -ERR_CONF);
    assert_true(text_ends(err.text, "it is larger than 1 MiB."));

    err_clear(&err);
    path = file_put("full.ini", large, sizeof large - 1);
    assert_int_equal(conf_read(&c, path, keys_of, NULL, &err), 0);
    conf_free(c);
}

/* A line is read whole or refused, whatever the limit of the inih at hand. */
static void long_lines(void **state)
{
    (void)state;
    static char text[6000];
    int longest = 0;
    for (int n = 100; n <= 5000; n += n < 200 || n > 4060 ? 1 : 10) {
        struct err err = { 0 };
        int head = snprintf(text, sizeof text, "[host]\nlisten = ");
        memset(text + head, 'x', (size_t)n);
        strcpy(text + head + n, "\nopen = 1\n");
        struct conf *c = conf_of(text, &err);
        if (c) {
            assert_int_equal(strlen(conf_text(c, 0, "listen")), n);
            assert_int_equal(conf_int(c, 0, "open"), 1);
            longest = n;
        } else {
            char says[100];
            snprintf(says, sizeof says, ":2: this line has %d bytes; at most %d are read.",
                     n + (int)strlen("listen = "), longest + (int)strlen("listen = "));
            assert_non_null(strstr(err.text, says));
        }
        conf_free(c);
    }
    assert_true(longest >= 180);
}

static int folder_make(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int folder_remove(void **state)
{
    (void)state;
    static const char *const names[] = { "souk.ini", "nul.ini", "large.ini", "full.ini", "token" };
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        char path[200];
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sections_and_values),
        cmocka_unit_test(typed_values),
        cmocka_unit_test(values_from_elsewhere),
        cmocka_unit_test(wrong_files),
        cmocka_unit_test(files_that_are_no_texts),
        cmocka_unit_test(long_lines),
    };
    return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
