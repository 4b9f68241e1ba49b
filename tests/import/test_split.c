/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_split.c: bytes to rows and fields, charsets, sources.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include <zlib.h>

#include "flow/charset.h"
#include "flow/split.h"

/* ---- files to read --------------------------------------------------------------------------- */

static struct arena *arena;
static struct folder *folder;
static char data_path[] = "/tmp/souk-split-XXXXXX";
static char path[128];

static int setup(void **state)
{
    struct err err = { 0 };
    (void)state;
    arena = arena_new("test", 4096);
    assert_non_null(mkdtemp(data_path));
    snprintf(path, sizeof path, "%s/file", data_path);
    return folder_open(&folder, data_path, DB_WRITE, &err);
}

static int teardown(void **state)
{
    char command[128];
    (void)state;
    folder_close(folder);
    arena_free(arena);
    snprintf(command, sizeof command, "rm -rf %s", data_path);
    return system(command);
}

static void write_file(const char *at, size_t n)
{
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(at, 1, n, f), n);
    fclose(f);
}

static struct split *open_split(struct source **source, struct err *err)
{
    assert_int_equal(source_open(source, arena, folder, path, NULL, NULL, err), 0);
    struct split *s = split_new(arena, *source);
    assert_int_equal(split_rewind(s, false, err), 0);
    return s;
}

/* ---- rows ------------------------------------------------------------------------------------ */

/* Rows as "line:text" joined by '/'; a fault is shown by its letter before the text. */
static const struct {
    const char *name, *file;
    char delimiter;
    const char *rows;
} row_cases[] = {
    { "lines",               "a\nb\nc\n",           '\t', "1:a/2:b/3:c" },
    { "no line end at end",  "a\nb",                '\t', "1:a/2:b" },
    { "CRLF",                "a\r\nb\r\n",          '\t', "1:a/2:b" },
    { "CR inside stays",     "a\rb\n",              '\t', "1:a\rb" },
    { "empty lines",         "a\n\n\nb\n",          '\t', "1:a/2:/3:/4:b" },
    { "empty file",          "",                    '\t', "" },
    { "quotes are data",     "\"a\nb\"\n",          '\t', "1:\"a/2:b\"" },
    { "mark is passed over", "\xEF\xBB\xBFx\n",     '\t', "1:x" },
    { "half a mark",         "\xEF\xBB",            '\t', "1:\xEF\xBB" },
    { "csv",                 "a,b\nc,d\n",          ',',  "1:a,b/2:c,d" },
    { "csv line end in quotes", "a,\"b\nc\",d\ne\n", ',', "1:a,\"b\nc\",d/3:e" },
    { "csv doubled quotes",  "\"a\"\"\n\"\"b\"\nc\n", ',', "1:\"a\"\"\n\"\"b\"/3:c" },
    { "csv quote inside",    "a,5\" disk\nb\n",     ',',  "1:a,5\" disk/2:b" },
    { "csv semicolon",       "a;\"x\ny\"\nb\n",     ';',  "1:a;\"x\ny\"/3:b" },
    { "csv comma is data",   "a,\"x\nb\n",          ';',  "1:a,\"x/2:b" },
    { "csv open quote",      "a,\"b\nc,d\ne,f\n",   ',',  "1:!a,\"b/2:c,d/3:e,f" },
    { "csv open quote last", "a,b\nc,\"d",          ',',  "1:a,b/2:!c,\"d" },
    { "csv CRLF",            "\"a\"\r\n\"b\"\r\n",  ',',  "1:\"a\"/2:\"b\"" },
};

static void test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(row_cases); i++) {
        struct err err = { 0 };
        struct source *source;
        struct buf got = { 0 };
        struct row row;
        int rc;
        write_file(row_cases[i].file, strlen(row_cases[i].file));
        struct split *s = open_split(&source, &err);
        while ((rc = split_row(s, row_cases[i].delimiter, &row, &err)) == 1) {
            buf_printf(&got, "%s%d:%s", got.len ? "/" : "", (int)row.line, row.fault ? "!" : "");
            buf_put(&got, row.at, row.n);
        }
        assert_int_equal(rc, 0);
        if (strcmp(buf_str(&got), row_cases[i].rows) != 0)
            fail_msg("%s: \"%s\"", row_cases[i].name, buf_str(&got));
        assert_int_equal(split_bytes(s), strlen(row_cases[i].file));
        buf_free(&got);
    }
}

static void test_nul_bytes_are_bytes(void **state)
{
    struct err err = { 0 };
    struct source *source;
    struct row row;
    (void)state;
    write_file("a\0b\n\0\n", 6);
    struct split *s = open_split(&source, &err);
    assert_int_equal(split_row(s, '\t', &row, &err), 1);
    assert_int_equal(row.n, 3);
    assert_memory_equal(row.at, "a\0b", 3);
    assert_int_equal(split_row(s, '\t', &row, &err), 1);
    assert_int_equal(row.n, 1);
    assert_int_equal(split_row(s, '\t', &row, &err), 0);
}

/* A file of `n` bytes 'x' between two short lines; sparse would be zeros, so it is written. */
static void write_long(size_t n, const char *before)
{
    char block[4096];
    FILE *f = fopen(path, "wb");
    memset(block, 'x', sizeof block);
    fputs(before, f);
    for (size_t done = 0; done < n; done += sizeof block)
        assert_int_equal(fwrite(block, 1, sizeof block, f), sizeof block);
    fputs("\nlast\n", f);
    fclose(f);
}

static void check_long(size_t n, const char *before, char delimiter, enum row_fault fault)
{
    struct err err = { 0 };
    struct source *source;
    struct row row;
    write_long(n, before);
    struct split *s = open_split(&source, &err);
    assert_int_equal(split_row(s, delimiter, &row, &err), 1);
    assert_int_equal(row.fault, 0);
    assert_int_equal(split_row(s, delimiter, &row, &err), 1);
    assert_int_equal(row.line, 2);
    assert_int_equal(row.fault, fault);
    if (fault == ROW_TOO_LONG)
        assert_int_equal(row.n, LINE_KEPT);
    assert_int_equal(split_row(s, delimiter, &row, &err), 1);
    assert_int_equal(row.line, 3);
    assert_int_equal(row.n, 4);
    assert_memory_equal(row.at, "last", 4);
    assert_int_equal(split_row(s, delimiter, &row, &err), 0);
}

static void test_long_lines(void **state)
{
    (void)state;
    check_long(LINE_MOST - 4096, "first\n", '\t', 0);
    check_long(LINE_MOST + 4096, "first\n", '\t', ROW_TOO_LONG);
    check_long(5 * LINE_MOST, "first\n", '\t', ROW_TOO_LONG);
    check_long(5 * LINE_MOST, "first\n", ',', ROW_TOO_LONG);
    check_long(5 * LINE_MOST, "first\n\"", ',', ROW_TOO_LONG);
}

/* One lost quote costs its own line, not the rest of the file. */
static void test_lost_quote(void **state)
{
    struct err err = { 0 };
    struct source *source;
    struct row row;
    int rows = 0, faults = 0, rc;
    FILE *f = fopen(path, "wb");
    (void)state;
    for (int i = 0; i < 100000; i++)
        fputs(i == 7 ? "a,\"b,c\n" : "alpha,beta,gamma,delta,epsilon\n", f);
    fclose(f);
    struct split *s = open_split(&source, &err);
    while ((rc = split_row(s, ',', &row, &err)) == 1) {
        rows++;
        faults += row.fault != 0;
        if (row.fault)
            assert_int_equal(row.line, 8);
    }
    assert_int_equal(rc, 0);
    assert_int_equal(rows, 100000);
    assert_int_equal(faults, 1);
}

/* A gigabyte without a line end, through gzip: time, but no memory. */
static void test_one_gigabyte(void **state)
{
    struct err err = { 0 };
    struct source *source;
    struct row row;
    struct rusage before, after;
    (void)state;
    static char block[1 << 20];
    memset(block, 'x', sizeof block);
    gzFile f = gzopen(path, "wb1");
    gzputs(f, "first\n");
    for (int i = 0; i < 1024; i++)
        gzwrite(f, block, sizeof block);
    gzputs(f, "\nlast\n");
    gzclose(f);
    getrusage(RUSAGE_SELF, &before);
    struct split *s = open_split(&source, &err);
    for (int line = 1; line <= 3; line++) {
        assert_int_equal(split_row(s, '\t', &row, &err), 1);
        assert_int_equal(row.fault, line == 2 ? ROW_TOO_LONG : 0);
    }
    assert_int_equal(split_row(s, '\t', &row, &err), 0);
    getrusage(RUSAGE_SELF, &after);
    assert_in_range(after.ru_maxrss - before.ru_maxrss, 0, 16 * 1024);
}

/* ---- fields ---------------------------------------------------------------------------------- */

static const struct {
    const char *name, *row;
    char delimiter;
    const char *fields;                                 /* joined by '/' */
    bool is_broken;
} field_cases[] = {
    { "tabs",                 "a\tb\tc",                 '\t', "a/b/c",        false },
    { "empty row",            "",                        '\t', "",             false },
    { "empty fields",         "\t\t",                    '\t', "//",           false },
    { "long fields",          "0123456789abcdef\t0123456\t01234567\t012345678", '\t',
                              "0123456789abcdef/0123456/01234567/012345678", false },
    { "tab at every place",   "\ta\tbc\tdef\tghij\tklmno\tpqrstu\tvwxyz01\t", '\t',
                              "/a/bc/def/ghij/klmno/pqrstu/vwxyz01/", false },
    { "neighbours of a tab",  "\b\n\b\t\b\b\t\n\n\b\b\b\b", '\t', "\b\n\b/\b\b/\n\n\b\b\b\b", false },
    { "high bytes",           "\x89\x09\x8A\xFF\x09\x80", '\t', "\x89/\x8A\xFF/\x80", false },
    { "quotes in tabs",       "\"a\"\t\"b",              '\t', "\"a\"/\"b",    false },
    { "csv",                  "a,b,c",                   ',',  "a/b/c",        false },
    { "csv quoted",           "\"a,b\",\"c\"\"d\",\"\"", ',',  "a,b/c\"d/",    false },
    { "csv empty last",       "a,",                      ',',  "a/",           false },
    { "csv only quotes",      "\"\"\"\"",                ',',  "\"",           false },
    { "csv quote inside",     "a,5\" disk",              ',',  "a/5\" disk",   false },
    { "csv behind the quote", "\"a\"b,c",                ',',  "a/c",          true },
    { "csv space behind",     "\"a\" ,c",                ',',  "a/c",          true },
    { "csv line end inside",  "\"a\nb\",c",              ',',  "a\nb/c",       false },
};

static void test_fields(void **state)
{
    static struct field field[FIELDS_MOST];
    (void)state;
    for (size_t i = 0; i < COUNT_OF(field_cases); i++) {
        struct buf got = { 0 };
        bool is_broken;
        size_t n = strlen(field_cases[i].row);
        char *row = strdup(field_cases[i].row);         /* so that a sanitizer sees its end */
        size_t fields = split_fields(row, n, field_cases[i].delimiter, field, &is_broken);
        for (size_t f = 0; f < fields; f++) {
            if (f)
                buf_char(&got, '/');
            buf_put(&got, field[f].at, field[f].n);
            assert_int_equal(field[f].at[field[f].n], 0);
        }
        if (strcmp(buf_str(&got), field_cases[i].fields) != 0 || is_broken != field_cases[i].is_broken)
            fail_msg("%s: \"%s\"", field_cases[i].name, buf_str(&got));
        buf_free(&got);
        free(row);
    }
}

static void test_many_fields(void **state)
{
    static struct field field[FIELDS_MOST];
    static const char delimiters[] = { '\t', ',' };
    bool is_broken;
    (void)state;
    for (size_t i = 0; i < COUNT_OF(delimiters); i++) {
        char row[2000];
        memset(row, delimiters[i], sizeof row);
        row[sizeof row - 1] = '\0';
        size_t fields = split_fields(row, sizeof row - 1, delimiters[i], field, &is_broken);
        assert_int_equal(fields, sizeof row);
    }
}

/* Against the plainest way to do it, over every mix of bytes that the fast way could confuse. */
static void test_tabs_by_chance(void **state)
{
    static const char bytes[] = { '\t', '\b', '\n', 'a', '\0', '\x01', '\x89', '\xFF' };
    static struct field field[FIELDS_MOST];
    uint32_t seed = 1;
    (void)state;
    for (int round = 0; round < 20000; round++) {
        char row[41], copy[41];
        bool is_broken;
        size_t n = (size_t)round % 40, f = 0, start = 0;
        for (size_t i = 0; i < n; i++) {
            seed = seed * 1664525 + 1013904223;
            row[i] = bytes[seed >> 29];
        }
        memcpy(copy, row, n);
        size_t fields = split_fields(row, n, '\t', field, &is_broken);
        for (size_t i = 0; i <= n; i++) {
            if (i < n && copy[i] != '\t')
                continue;
            assert_true(f < fields);
            assert_int_equal(field[f].n, i - start);
            assert_memory_equal(field[f].at, copy + start, i - start);
            start = i + 1;
            f++;
        }
        assert_int_equal(f, fields);
    }
}

static void test_kinds(void **state)
{
    (void)state;
    for (size_t n = 1; n < 40; n++) {
        for (size_t i = 0; i < n; i++) {
            char text[40];
            memset(text, 'a', sizeof text);
            assert_int_equal(bytes_kinds(text, n), 0);
            text[i] = '\xE9';
            assert_int_equal(bytes_kinds(text, n), BYTES_HIGH);
            text[i] = '\0';
            assert_int_equal(bytes_kinds(text, n), BYTES_NUL);
        }
    }
}

/* ---- charsets -------------------------------------------------------------------------------- */

static const struct {
    const char *name, *charset, *bytes, *text;          /* text NULL: refused */
} charset_cases[] = {
    { "utf-8",                  "UTF-8",        "M\xC3\xBCller",     "Müller" },
    { "utf-8 in small letters", "utf-8",        "\xE6\x97\xA5",      "日" },
    { "not utf-8",              "UTF-8",        "M\xFCller",         NULL },
    { "utf-8 cut short",        "UTF-8",        "M\xC3",             NULL },
    { "windows-1252",           "windows-1252", "M\xFCller \x80 5",  "Müller € 5" },
    { "windows-1252 undefined", "windows-1252", "a\x81\x8D\x8F\x90\x9D" "b",
      "a\uFFFD\uFFFD\uFFFD\uFFFD\uFFFDb" },
    { "windows-31j",            "windows-31j",  "\x83\x65\x83\x58\x83\x67", "テスト" },
    { "windows-31j TAB",        "windows-31j",  "\x83\x5C\t\x8E\xA6", "ソ\t示" },
    { "NEC's own",              "windows-31j",  "\x87\x40\x81\x60",  "①～" },
    { "windows-31j cut short",  "windows-31j",  "a\x83",             "a\uFFFD" },
};

static void test_charsets(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(charset_cases); i++) {
        struct err err = { 0 };
        struct decoder *d;
        char *text;
        size_t n;
        assert_int_equal(decoder_new(&d, arena, charset_cases[i].charset, &err), 0);
        const char *bytes = charset_cases[i].bytes;
        bool is_fine = decoder_row(d, arena, bytes, strlen(bytes), &text, &n);
        if (is_fine != (charset_cases[i].text != NULL))
            fail_msg("%s: %d", charset_cases[i].name, is_fine);
        if (is_fine && (strcmp(text, charset_cases[i].text) != 0 || n != strlen(text)))
            fail_msg("%s: \"%s\"", charset_cases[i].name, text);
    }
}

static void test_unknown_charset(void **state)
{
    struct err err = { 0 };
    struct decoder *d;
    (void)state;
    assert_int_equal(decoder_new(&d, arena, "klingon", &err), -ERR_INPUT);
    assert_non_null(strstr(err.text, "klingon"));
}

static void test_tally(void **state)
{
    static const struct { int64_t valid, invalid; bool is_utf8; } cases[] = {
        { 0, 0, true }, { 3, 0, true }, { 3, 1, true }, { 1, 1, false }, { 0, 1, false },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct charset_tally t = { 0 };
        for (int64_t n = 0; n < cases[i].valid; n++)
            charset_see(&t, "\xC3\xBC", 2);
        for (int64_t n = 0; n < cases[i].invalid; n++)
            charset_see(&t, "\xFC", 1);
        assert_int_equal(charset_is_utf8(&t), cases[i].is_utf8);
    }
}

/* ---- sources --------------------------------------------------------------------------------- */

static void write_gz(const char *at, size_t n)
{
    gzFile f = gzopen(path, "wb");
    assert_int_equal(gzwrite(f, at, (unsigned)n), n);
    gzclose(f);
}

/* The same bytes, plain and gzipped, have the same hash; the name says nothing. */
static void test_gzip_and_hash(void **state)
{
    static const char text[] = "a\tb\n1\t2\n";
    unsigned char hash[2][SOURCE_HASH_BYTES];
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct err err = { 0 };
        struct source *source;
        struct row row;
        if (i)
            write_gz(text, strlen(text));
        else
            write_file(text, strlen(text));
        struct split *s = open_split(&source, &err);
        assert_int_equal(split_rewind(s, true, &err), 0);
        while (split_row(s, '\t', &row, &err) == 1)
            ;
        assert_int_equal(source_bytes(source), strlen(text));
        source_hash(source, hash[i]);
    }
    assert_memory_equal(hash[0], hash[1], SOURCE_HASH_BYTES);
}

static void test_gzip_cut_short(void **state)
{
    static char text[100000];
    struct err err = { 0 };
    struct source *source;
    struct row row;
    int rc;
    (void)state;
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (char)(i * 7919 % 251);
    write_gz(text, sizeof text);
    FILE *f = fopen(path, "rb+");
    fseek(f, 0, SEEK_END);
    assert_int_equal(ftruncate(fileno(f), ftell(f) / 2), 0);
    fclose(f);
    assert_int_equal(source_open(&source, arena, folder, path, NULL, NULL, &err), 0);
    struct split *s = split_new(arena, source);
    rc = split_rewind(s, false, &err);
    while (rc >= 0 && (rc = split_row(s, '\t', &row, &err)) == 1)
        ;
    assert_int_equal(rc, -ERR_INPUT);
    assert_non_null(strstr(err.text, "cut short"));
}

static void test_what_cannot_be_opened(void **state)
{
    static const struct { const char *path; int code; const char *says; } cases[] = {
        { "/nowhere/at/all.txt", ERR_INPUT, "There is no file /nowhere/at/all.txt" },
        { "/tmp",                ERR_INPUT, "folder" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct err err = { 0 };
        struct source *source;
        assert_int_equal(source_open(&source, arena, folder, cases[i].path, NULL, NULL, &err), -cases[i].code);
        assert_non_null(strstr(err.text, cases[i].says));
    }
}

static void test_stop(void **state)
{
    struct err err = { 0 };
    struct source *source;
    volatile bool stop = false;
    char block[16];
    (void)state;
    write_file("a\nb\n", 4);
    assert_int_equal(source_open(&source, arena, folder, path, NULL, &stop, &err), 0);
    assert_int_equal(source_read(source, block, 2, &err), 2);
    stop = true;
    assert_int_equal(source_read(source, block, 2, &err), -ERR_TIME);
    source_unstoppable(source);
    assert_int_equal(source_read(source, block, 2, &err), 2);
}

/* What comes through a pipe is read twice too, and leaves nothing in the spool. */
static void test_pipe(void **state)
{
    struct err err = { 0 };
    struct source *source;
    struct row row;
    int pipes[2];
    char command[256];
    (void)state;
    assert_int_equal(pipe(pipes), 0);
    assert_int_equal(write(pipes[1], "a\nb\n", 4), 4);
    close(pipes[1]);
    int before = dup(STDIN_FILENO);
    dup2(pipes[0], STDIN_FILENO);
    close(pipes[0]);
    assert_int_equal(source_open(&source, arena, folder, "-", NULL, NULL, &err), 0);
    dup2(before, STDIN_FILENO);
    close(before);
    assert_string_equal(source_name(source), "standard input");
    struct split *s = split_new(arena, source);
    for (int i = 0; i < 2; i++) {
        int rows = 0;
        assert_int_equal(split_rewind(s, false, &err), 0);
        while (split_row(s, '\t', &row, &err) == 1)
            rows++;
        assert_int_equal(rows, 2);
    }
    snprintf(command, sizeof command, "test -z \"$(ls %s/spool)\"", data_path);
    assert_int_equal(system(command), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_nul_bytes_are_bytes),
        cmocka_unit_test(test_long_lines),
        cmocka_unit_test(test_lost_quote),
        cmocka_unit_test(test_one_gigabyte),
        cmocka_unit_test(test_fields),
        cmocka_unit_test(test_many_fields),
        cmocka_unit_test(test_tabs_by_chance),
        cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_charsets),
        cmocka_unit_test(test_unknown_charset),
        cmocka_unit_test(test_tally),
        cmocka_unit_test(test_gzip_and_hash),
        cmocka_unit_test(test_gzip_cut_short),
        cmocka_unit_test(test_what_cannot_be_opened),
        cmocka_unit_test(test_stop),
        cmocka_unit_test(test_pipe),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
