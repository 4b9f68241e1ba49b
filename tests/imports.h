/* SPDX-License-Identifier: Apache-2.0 */
/*
 * imports.h: what the tests of imports share: plugins, an account in a folder of its own, files that
 * must come out well, and answers as text.
 */
#ifndef TESTS_IMPORTS_H
#define TESTS_IMPORTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "flow/import.h"

#define FILES "tests/import/files/"

/* ---- an account, and plugins ----------------------------------------------------------------- */

static struct plugins *plugins;
static char work_path[] = "/tmp/souk-import-XXXXXX";

struct shop {
    char path[128];
    struct arena *arena;
    struct folder *folder;
    struct db *db;
    struct desk *desk;
    struct import_result result;
    struct err err;
};

static inline const char *build(void)
{
    const char *path = getenv("BUILD");
    return path ? path : "build";
}

/* Plugins of Souk's own by name, and one of the tests'. */
static inline int plugins_open(const char *const *name, size_t n, const char *of_tests)
{
    char ini[256], file[256], whole[4096];
    struct err err = { 0 };
    if (!mkdtemp(work_path))
        return -1;
    snprintf(ini, sizeof ini, "%s/plugins.ini", work_path);
    snprintf(file, sizeof file, "%s/tests/plugin/%s.so", build(), of_tests);
    FILE *f = fopen(ini, "w");
    fputs("[host]\n", f);
    for (size_t i = 0; i < n; i++)
        fprintf(f, "[%s]\nfile = import/%s/%s.so\n", name[i], name[i], name[i]);
    fprintf(f, "[%s]\nfile = %s\nisolate = no\n", of_tests, realpath(file, whole) ? whole : file);
    fclose(f);
    char own[256];
    snprintf(own, sizeof own, "%s/plugins", build());
    const struct plugins_setup setup = { .config = ini, .own_folder = own };
    if (plugins_load(&plugins, &setup, &err) < 0) {
        print_error("%s\n", err.text);
        return -1;
    }
    for (size_t i = 0; i < plugins_count(plugins); i++) {
        if (plugins_at(plugins, i)->state != PLUGIN_LOADED) {
            print_error("%s: %s\n", plugins_at(plugins, i)->name, plugins_at(plugins, i)->why);
            return -1;
        }
    }
    return 0;
}

static inline void remove_folder(const char *path)
{
    char command[512];
    snprintf(command, sizeof command, "rm -rf %s", path);
    assert_int_equal(system(command), 0);
}

static inline int unload_plugins(void **state)
{
    (void)state;
    plugins_free(plugins);
    remove_folder(work_path);
    return 0;
}

static inline void shop_open(struct shop *s)
{
    s->err = (struct err){ 0 };
    assert_int_equal(folder_open(&s->folder, s->path, DB_WRITE, &s->err), 0);
    assert_int_equal(account_open(s->folder, "shop", DB_WRITE, &s->db, &s->err), 0);
    s->desk = desk_new(plugins, NULL);
}

static inline void shop_close(struct shop *s)
{
    desk_free(s->desk);
    db_close(s->db);
    folder_close(s->folder);
}

/* A new account in a folder of its own. */
static inline int shop_new(void **state)
{
    static int number;
    struct shop *s = base_alloc(sizeof *s);
    snprintf(s->path, sizeof s->path, "%s/%d", work_path, ++number);
    s->arena = arena_new("test", 4096);
    assert_int_equal(folder_open(&s->folder, s->path, DB_WRITE, &s->err), 0);
    assert_int_equal(account_create(s->folder, "shop", &s->err), 0);
    folder_close(s->folder);
    shop_open(s);
    *state = s;
    return 0;
}

static inline int shop_end(void **state)
{
    struct shop *s = *state;
    shop_close(s);
    remove_folder(s->path);
    arena_free(s->arena);
    free(s);
    return 0;
}

static inline struct import_setup setup_of(struct shop *s, const char *path)
{
    return (struct import_setup){ .folder = s->folder, .db = s->db, .desk = s->desk, .plugins = plugins,
                                  .path = path };
}

static inline int import_to(struct shop *s, const char *path, const char *market)
{
    struct import_setup setup = setup_of(s, path);
    setup.market = market;
    s->err = (struct err){ 0 };
    return import_file(s->arena, &setup, &s->result, &s->err);
}

/* Imports a file that must be well, with its counts. */
static inline void import_well(struct shop *s, const char *path, const char *market, int64_t accepted,
                        int64_t unchanged, int64_t rejected)
{
    const struct import_result *r = &s->result;
    if (import_to(s, path, market) < 0)
        fail_msg("%s: %s", path, s->err.text);
    if (r->accepted != accepted || r->unchanged != unchanged || r->rejected != rejected)
        fail_msg("%s: %d accepted, %d unchanged, %d rejected", path, (int)r->accepted,
                 (int)r->unchanged, (int)r->rejected);
    assert_int_equal(r->rows, accepted + unchanged + rejected);
}

static inline const char *write_text(struct shop *s, const char *name, const char *text, size_t n)
{
    char *path = arena_printf(s->arena, "%s/%s", work_path, name);
    FILE *f = fopen(path, "wb");
    assert_int_equal(fwrite(text, 1, n, f), n);
    fclose(f);
    return path;
}

/* The first row of a query as text, its columns joined by '|'. */
static inline const char *answer(struct shop *s, const char *sql)
{
    struct buf out = { 0 };
    struct stmt *st = stmt_of(s->db, sql, &s->err);
    if (!st)
        fail_msg("%s: %s", sql, s->err.text);
    if (stmt_step(s->db, st, &s->err) == 1) {
        for (int i = 0; i < stmt_columns(st); i++)
            buf_printf(&out, "%s%s", i ? "|" : "", stmt_is_null(st, i) ? "NULL" : stmt_text(st, i));
        stmt_reset(st);
    }
    const char *text = arena_text(s->arena, buf_str(&out));
    buf_free(&out);
    return text;
}

static inline void expect(struct shop *s, const char *sql, const char *want)
{
    const char *got = answer(s, sql);
    if (strcmp(got, want) != 0)
        fail_msg("%s\n  %s, not %s", sql, got, want);
}

#define INSTANT(column) "strftime('%Y-%m-%dT%H:%M:%SZ', " column ", 'unixepoch')"
#define REJECTS \
    "SELECT group_concat(line || ' ' || field || ' ' || plugin || ' ' || reason, ', ')" \
    " FROM (SELECT * FROM reject WHERE import_no = (SELECT max(no) FROM import) ORDER BY line)"

/* ---- real files: in the folder that SOUK_REPORTS names, or beside it ------------------------------- */

struct check {
    const char *sql, *want;
};

struct real_file {
    const char *name, *market, *format, *charset;
    int64_t accepted, unchanged, rejected;
    struct check check[7];
};

static inline void import_real_files(void **state, const char *folder, const struct real_file *f, size_t n)
{
    const char *reports = getenv("SOUK_REPORTS");
    if (!reports) {
        print_message("# SKIP no real files: SOUK_REPORTS is not set\n");
        return;
    }
    for (; n--; f++) {
        char path[512];
        shop_new(state);
        struct shop *s = *state;
        snprintf(path, sizeof path, "%s/%s%s", reports, folder, f->name);
        if (*folder && access(path, R_OK) != 0) {
            print_message("# SKIP no %s%s beside SOUK_REPORTS\n", folder, f->name);
            shop_end(state);
            continue;
        }
        import_well(s, path, f->market, f->accepted, f->unchanged, f->rejected);
        assert_string_equal(s->result.format, f->format);
        assert_string_equal(s->result.charset, f->charset);
        for (size_t c = 0; c < COUNT_OF(f->check) && f->check[c].sql; c++) {
            const char *got = answer(s, f->check[c].sql);
            if (strcmp(got, f->check[c].want) != 0)
                fail_msg("%s: %s\n  %s, not %s", f->name, f->check[c].sql, got, f->check[c].want);
        }
        import_well(s, path, f->market, 0, f->accepted + f->unchanged, f->rejected);
        shop_end(state);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, shop_new, shop_end)

#endif
