/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_undo.c: an import taken back leaves the records exactly as they were before it.
 *
 * Whole files through the real plugins: every file of tests/import/files after every other, and a demo
 * shop.  What is compared is every row of every table, full text and totals with them, but for what
 * tells of imports.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "data.h"
#include "data/change.h"
#include "data/store.h"
#include "flow/demo.h"
#include "flow/import.h"

#define FILES "tests/import/files/"

static struct plugins *plugins;
static struct arena *arena;
static struct folder *folder;
static struct desk *desk;

static int set_up(void **state)
{
    char own[256];
    struct err err = { 0 };
    const char *build = getenv("BUILD");
    setenv("SOUK_NOW", "2026-11-01T12:00:00Z", 1);      /* stands in what is compared */
    snprintf(own, sizeof own, "%s/plugins", build ? build : "build");
    const struct plugins_setup setup = { .config = "plugins.ini", .own_folder = own };
    if (scratch_make(state) < 0 || plugins_load(&plugins, &setup, &err) < 0 ||
        folder_open(&folder, scratch_path("data"), DB_WRITE, &err) < 0) {
        print_error("%s\n", err.text);
        return -1;
    }
    arena = arena_new("test", 4096);
    desk = desk_new(plugins, NULL);
    return 0;
}

static int tear_down(void **state)
{
    desk_free(desk);
    folder_close(folder);
    arena_free(arena);
    plugins_free(plugins);
    return scratch_remove(state);
}

static struct db *shop_new(const char *name)
{
    struct err err = { 0 };
    struct db *db;
    assert_well(account_create(folder, name, &err), &err);
    assert_well(account_open(folder, name, DB_WRITE, &db, &err), &err);
    return db;
}

static struct import_result import_to(struct db *db, const char *path)
{
    struct import_setup setup = { .folder = folder, .db = db, .desk = desk, .plugins = plugins, .path = path, .market = "DE" };
    struct import_result result;
    struct err err = { 0 };
    assert_well(import_file(arena, &setup, &result, &err), &err);
    return result;
}

/* In a transaction of its own, as a command does it. */
static int undo(struct db *db, int64_t no, struct err *err)
{
    *err = (struct err){ 0 };
    assert_well(db_begin(db, err), err);
    return db_end(db, import_undo(db, no, err), err);
}

/* ---- all that is stored ---------------------------------------------------------------------- */

static const char sql_dumped[] =
    "SELECT name FROM pragma_table_list"
    " WHERE schema = 'main' AND type IN ('table', 'virtual') AND name NOT LIKE 'sqlite%'"
    " AND name NOT IN ('import', 'reject', 'event', 'undo', 'touched')"
    " ORDER BY name";

/* Statements are cached by the address of their text. */
static const char *sql_of(const char *table)
{
    static char text[100][160];
    for (size_t i = 0; i < COUNT_OF(text); i++) {
        char sql[160];
        bool is_text = text_ends(table, "_text");       /* full text: by rowid */
        /* That rows were rejected is told with the number of the import. */
        const char *which = text_is(table, "notice") ? " WHERE kind <> 'import.rejected'" :
                            text_is(table, "record_text") ? " WHERE body NOT LIKE '% import.rejected'" : "";
        snprintf(sql, sizeof sql, "SELECT %s* FROM %s%s%s", is_text ? "rowid, " : "", table, which,
                 is_text ? " ORDER BY rowid" : "");
        if (!text[i][0])
            memcpy(text[i], sql, sizeof sql);
        if (text_is(text[i], sql))
            return text[i];
    }
    fail_msg("more tables than the test has room for");
    return NULL;
}

/* A line for each table: rows and their hash, in no particular order.  The caller frees it. */
static char *dump(struct db *db)
{
    struct buf out = { 0 };
    struct err err = { 0 };
    struct stmt *tables = stmt_of(db, sql_dumped, &err);
    assert_non_null(tables);
    while (stmt_step(db, tables, &err) > 0) {
        const char *name = stmt_text(tables, 0);
        struct stmt *s = stmt_of(db, sql_of(name), &err);
        uint64_t sum = 0;
        int rows = 0;
        if (!s)
            fail_msg("%s", err.text);
        while (stmt_step(db, s, &err) > 0) {
            crypto_generichash_state h;
            uint64_t one;
            crypto_generichash_init(&h, NULL, 0, 16);
            for (int i = 0; i < stmt_columns(s); i++) {
                size_t n;
                bool is_null = stmt_is_null(s, i);
                const void *at = stmt_blob(s, i, &n);
                crypto_generichash_update(&h, (const unsigned char *)&is_null, sizeof is_null);
                crypto_generichash_update(&h, (const unsigned char *)&n, sizeof n);
                crypto_generichash_update(&h, at, n);
            }
            unsigned char hash[16];
            crypto_generichash_final(&h, hash, sizeof hash);
            memcpy(&one, hash, sizeof one);
            sum += one;
            rows++;
        }
        assert_int_equal(err.code, 0);
        buf_printf(&out, "%s %d %016llx\n", name, rows, (unsigned long long)sum);
    }
    return out.at;
}

static void assert_sound(struct db *db)
{
    struct err err = { 0 };
    run_sql(db, "INSERT INTO listing_text (listing_text) VALUES ('integrity-check')");
    run_sql(db, "INSERT INTO record_text (record_text) VALUES ('integrity-check')");
    assert_well(store_verify_ledger(db, 0, &err), &err);
}

/* ---- files after files ----------------------------------------------------------------------- */

static char *files[64];
static size_t n_files;

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void list_files(void)
{
    DIR *dir = opendir(FILES);
    assert_non_null(dir);
    for (struct dirent *e; n_files < COUNT_OF(files) && (e = readdir(dir)); )
        if (e->d_name[0] != '.' && !text_is(e->d_name, "README"))
            files[n_files++] = arena_printf(arena, FILES "%s", e->d_name);
    closedir(dir);
    qsort(files, n_files, sizeof *files, by_name);
}

/* After each file, each other one is imported, taken back, imported again and taken back again. */
static void test_files(void **state)
{
    (void)state;
    list_files();
    assert_true(n_files > 10);
    int changed = 0;
    for (size_t a = 0; a <= n_files; a++) {             /* the first time into an empty account */
        char name[20];
        snprintf(name, sizeof name, "after-%zu", a);
        struct db *db = shop_new(name);
        struct err err;
        if (a)
            import_to(db, files[a - 1]);
        char *before = dump(db);
        for (size_t b = 0; b < n_files; b++) {
            struct import_result first = import_to(db, files[b]);
            assert_int_equal(first.undo, UNDO_KEPT);
            char *with = dump(db);
            changed += !text_is(with, before);
            assert_well(undo(db, first.no, &err), &err);
            char *without = dump(db);
            if (!text_is(without, before))
                print_error("%s after %s\n", files[b], a ? files[a - 1] : "nothing");
            assert_string_equal(without, before);
            assert_string_equal(answer(db, "SELECT count(*) FROM notice WHERE kind = 'import.rejected'"
                                           " AND ref = (SELECT 'import:' || max(no) FROM import)"), "0\n");
            assert_sound(db);
            /* As if it had never been there: the same again is news again, and ends the same. */
            struct import_result again = import_to(db, files[b]);
            assert_int_equal(again.accepted, first.accepted);
            assert_int_equal(again.rejected, first.rejected);
            char *second = dump(db);
            assert_string_equal(second, with);
            assert_well(undo(db, again.no, &err), &err);
            base_free(with);
            base_free(without);
            base_free(second);
        }
        base_free(before);
        db_close(db);
    }
    assert_true(changed > (int)(n_files * n_files / 2));
}

/* A shop of a year: every file of it is taken back once, and then imported to stay. */
static void test_demo(void **state)
{
    (void)state;
    struct db *db = shop_new("demo");
    struct demo_file *file;
    struct err err = { 0 };
    size_t n;
    assert_int_equal(mkdir(scratch_path("demo"), 0700), 0);
    const struct demo_setup setup = { .folder = scratch_path("demo"), .orders = 600, .until_s = 1793534400, .seed = 7 };
    assert_well(demo_write(arena, &setup, &file, &n, &err), &err);
    for (size_t i = 0; i < n; i++) {
        char *before = dump(db);
        struct import_result result = import_to(db, file[i].path);
        assert_well(undo(db, result.no, &err), &err);
        char *after = dump(db);
        if (!text_is(after, before))
            print_error("%s\n", file[i].path);
        assert_string_equal(after, before);
        assert_sound(db);
        import_to(db, file[i].path);
        base_free(before);
        base_free(after);
    }
    db_close(db);
}

/* ---- what the table of imports and the events tell ------------------------------------------------ */

static void test_told(void **state)
{
    (void)state;
    struct db *db = shop_new("told");
    struct err err;
    struct import_result a = import_to(db, FILES "orders.txt"), b = import_to(db, FILES "orders-later.txt");
    assert_int_equal(undo_last(db, &err), b.no);
    assert_int_equal(undo(db, a.no, &err), -ERR_DENIED);
    assert_string_equal(err.text, "Only the last import can be taken back, and import 2 came after import 1.");
    assert_int_equal(undo(db, 9, &err), -ERR_ABSENT);
    assert_well(undo(db, b.no, &err), &err);
    assert_int_equal(undo_last(db, &err), 0);
    assert_string_equal(answer(db, "SELECT no, undone_s > 0 FROM import ORDER BY no"), "1|-\n2|1\n");
    assert_string_equal(answer(db, "SELECT kind, ref, data FROM event WHERE kind = 'import.undone'"),
                        "import.undone|import:2|{\"no\":2}\n");
    assert_int_equal(undo(db, b.no, &err), -ERR_DENIED);
    assert_string_equal(err.text, "Import 2 was taken back already.");
    assert_int_equal(undo(db, a.no, &err), -ERR_DENIED);    /* what would take it back went with the import of 2 */
    db_close(db);
}

/* Every table that an import may write has its area, and what it changed is touched. */
static void test_areas(void **state)
{
    (void)state;
    struct db *db = shop_new("areas");
    struct err err = { 0 };
    struct stmt *tables = stmt_of(db, "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
                                      " AND name NOT LIKE 'sqlite%'", &err);
    while (stmt_step(db, tables, &err) > 0)
        if (undo_leaves_out(stmt_text(tables, 0)) == (undo_areas(stmt_text(tables, 0)) != 0))
            fail_msg("undo.c knows no area of the table %s, or two things of it", stmt_text(tables, 0));
    struct import_result a = import_to(db, FILES "orders.txt");
    run_sql(db, "DELETE FROM touched");
    assert_well(undo(db, a.no, &err), &err);
    assert_string_equal(answer(db, "SELECT area FROM touched ORDER BY area"), "imports\nlistings\nnotices\norders\nproducts\nstock\n");
    a = import_to(db, FILES "settlement-v2.txt");
    run_sql(db, "DELETE FROM touched");
    assert_well(undo(db, a.no, &err), &err);
    assert_string_equal(answer(db, "SELECT area FROM touched WHERE area IN ('money', 'imports', 'cases') ORDER BY area"),
                        "imports\nmoney\n");
    db_close(db);
}

/* ---- what stands in the way ------------------------------------------------------------------------ */

static void test_clashes(void **state)
{
    (void)state;
    static const struct { const char *name, *change, *named; } cases[] = {
        { "an order that changed", "UPDATE orders SET service_level = 'x' WHERE order_id = (SELECT min(order_id) FROM orders)",
          "SELECT 'order ' || min(order_id) || ' was changed since' FROM orders" },
        { "a line of an order that went", "DELETE FROM order_line WHERE order_no = (SELECT min(no) FROM orders)",
          "SELECT 'line of an order was changed since'" },
        { "a product of an SKU it brought", "INSERT INTO product (sku_no, lead_days) SELECT min(no), 7 FROM sku",
          "SELECT 'SKU ' || sku || ' was changed since' FROM sku ORDER BY no LIMIT 1" },
        { "a price of a competitor in a market it brought",
          "INSERT INTO rival SELECT min(no), 'B01', 'EUR', 100, 0, 0, 'typed' FROM market",
          "SELECT 'marketplace ' || id || ' was changed since' FROM market ORDER BY no LIMIT 1" },
        { "three orders and more", "UPDATE orders SET said = said + 1",
          "SELECT group_concat('order ' || order_id, ', ') || ' and others were changed since' FROM"
          " (SELECT order_id FROM orders ORDER BY no LIMIT 3)" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char name[20];
        struct err err;
        snprintf(name, sizeof name, "clash-%zu", i);
        struct db *db = shop_new(name);
        struct import_result result = import_to(db, FILES "orders.txt");
        run_sql(db, cases[i].change);
        char *before = dump(db);
        int rc = undo(db, result.no, &err);
        char *after = dump(db), words[300];
        snprintf(words, sizeof words, "%s", answer(db, cases[i].named));
        words[strcspn(words, "\n")] = '\0';
        if (rc != -ERR_DENIED || !strstr(err.text, words))
            print_error("%s: %s\n", cases[i].name, err.text);
        assert_int_equal(rc, -ERR_DENIED);
        assert_non_null(strstr(err.text, words));
        assert_string_equal(after, before);
        assert_int_equal(undo_last(db, &err), result.no);   /* still offered */
        base_free(before);
        base_free(after);
        db_close(db);
    }
}

/* What changed since in columns that the import left alone stays. */
static void test_later_change_stays(void **state)
{
    (void)state;
    struct db *db = shop_new("stays");
    struct err err;
    import_to(db, FILES "orders.txt");
    run_sql(db, "INSERT INTO product (sku_no, lead_days) SELECT min(no), 7 FROM sku");
    struct import_result b = import_to(db, FILES "orders-later.txt");
    run_sql(db, "UPDATE product SET lead_days = 9");
    assert_well(undo(db, b.no, &err), &err);
    assert_string_equal(answer(db, "SELECT lead_days FROM product"), "9\n");
    db_close(db);
}

/* ---- too large, killed, damaged ---------------------------------------------------------------------- */

static void test_too_large(void **state)
{
    (void)state;
    struct db *db = shop_new("large");
    struct err err;
    struct import_result a = import_to(db, FILES "orders.txt");
    assert_int_equal(a.undo, UNDO_KEPT);
    FILE *in = fopen(FILES "orders.txt", "r"), *out = fopen(scratch_path("large.txt"), "w");
    char line[4096];
    static char pad[50000];                             /* in a column that nobody reads */
    memset(pad, 'x', sizeof pad - 1);
    assert_non_null(fgets(line, sizeof line, in));
    fputs(line, out);
    assert_non_null(fgets(line, sizeof line, in));
    for (int written = 0; written <= UNDO_FILE_BYTES; )
        written += fprintf(out, "x%d\t%s%s", written, pad, strchr(line, '\t') + 1);
    fclose(in);
    fclose(out);
    struct import_result b = import_to(db, scratch_path("large.txt"));
    assert_int_equal(b.undo, UNDO_TOO_LARGE);
    assert_string_equal(answer(db, "SELECT count(*) FROM undo"), "0\n");
    assert_int_equal(undo(db, b.no, &err), -ERR_DENIED);
    assert_non_null(strstr(err.text, "Import 2 is too large to be taken back"));
    db_close(db);
}

/* Small enough as a file, but it changes more than may be kept. */
static void test_too_much(void **state)
{
    (void)state;
    struct db *db = shop_new("much");
    struct err err = { 0 };
    struct undo *u;
    enum undo_can can = 0;
    assert_well(db_begin(db, &err), &err);
    assert_well(undo_begin(&u, db, 1000, &err), &err);
    run_sql(db, "INSERT INTO product (sku_no, lead_days)"
                " WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) SELECT i, 1 FROM n");
    undo_look(u);
    assert_well(undo_keep(u, 1, &can, &err), &err);
    assert_int_equal(can, UNDO_KEPT);
    undo_end(u);
    assert_well(undo_begin(&u, db, 1000, &err), &err);
    run_sql(db, "INSERT INTO product (sku_no, lead_days)"
                " WITH RECURSIVE n (i) AS (SELECT 100001 UNION ALL SELECT i + 1 FROM n WHERE i < 900000) SELECT i, 1 FROM n");
    assert_well(undo_keep(u, 2, &can, &err), &err);
    assert_int_equal(can, UNDO_TOO_LARGE);
    undo_end(u);
    assert_string_equal(answer(db, "SELECT count(*) FROM undo"), "0\n");   /* of the one before, neither */
    db_end(db, -ERR_INPUT, &err);
    db_close(db);
}

static void test_killed(void **state)
{
    (void)state;
    struct db *db = shop_new("killed");
    struct err err = { 0 };
    import_to(db, FILES "orders.txt");
    struct import_result b = import_to(db, FILES "listings-de.txt");
    char *before = dump(db), path[160];
    snprintf(path, sizeof path, "%s", db_path(db));
    db_close(db);
    pid_t pid = fork();
    if (pid == 0) {
        struct db *own;
        if (db_open(&own, path, DB_WRITE, &err) == 0 && db_begin(own, &err) == 0 && import_undo(own, b.no, &err) == 0)
            raise(SIGKILL);
        _exit(1);
    }
    int status;
    waitpid(pid, &status, 0);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    assert_well(db_open(&db, path, DB_WRITE, &err), &err);
    char *after = dump(db);
    assert_string_equal(after, before);
    assert_string_equal(answer(db, "SELECT count(*) FROM import WHERE undone_s IS NOT NULL"), "0\n");
    assert_well(undo(db, b.no, &err), &err);
    base_free(before);
    base_free(after);
    db_close(db);
}

static void test_damaged(void **state)
{
    (void)state;
    static const char *const damages[] = {
        "UPDATE undo SET changes = x'00'", "UPDATE undo SET changes = substr(changes, 1, length(changes) - 9)",
        "UPDATE undo SET changes = x'' WHERE part = 1",
    };
    struct db *db = shop_new("damaged");
    struct err err;
    struct import_result a = import_to(db, FILES "orders.txt");
    for (size_t i = 0; i < COUNT_OF(damages); i++) {
        assert_well(db_begin(db, &err), &err);
        run_sql(db, damages[i]);
        err = (struct err){ 0 };
        assert_int_equal(import_undo(db, a.no, &err), -ERR_CORRUPT);
        assert_string_equal(err.text, "What was kept of import 1 is damaged: it cannot be taken back.");
        db_end(db, -ERR_CORRUPT, &err);
    }
    assert_well(undo(db, a.no, &err), &err);
    db_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_demo),
        cmocka_unit_test(test_told),
        cmocka_unit_test(test_areas),
        cmocka_unit_test(test_clashes),
        cmocka_unit_test(test_later_change_stays),
        cmocka_unit_test(test_too_large),
        cmocka_unit_test(test_too_much),
        cmocka_unit_test(test_killed),
        cmocka_unit_test(test_damaged),
    };
    if (!change_is_known()) {
        print_message("This SQLite was built without sessions: nothing to test.\n");
        return 0;
    }
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
