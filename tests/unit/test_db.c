/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_db.c: files, hardening, transactions, statements, migrations, backups, and what goes wrong.
 *
 * The schema here is made up: this program's table of embedded files takes the place of the real one.
 */
#include "data.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "base/embed.h"
#include "base/zone.h"

#define FILE_OF(name, text) { name, (const unsigned char *)text, sizeof text - 1 }

static const char made[] = "CREATE TABLE made (file TEXT PRIMARY KEY, hash BLOB NOT NULL) STRICT, WITHOUT ROWID;";
static const char one[] = "CREATE TABLE thing (no INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;"
                          "CREATE TABLE made (file TEXT PRIMARY KEY, hash BLOB NOT NULL) STRICT, WITHOUT ROWID;";
static const char two[] = "ALTER TABLE thing ADD COLUMN size INTEGER; INSERT INTO thing VALUES (2, 'two', 20);";
static const char bad[] = "CREATE TABLE half (no INTEGER) STRICT; CREATE TABEL other (no INTEGER);";
static const char views_one[] = "CREATE VIEW v1_things (name /* text */) AS SELECT name FROM thing;";
static const char views_two[] = "CREATE VIEW v1_things (thing) AS SELECT name FROM thing;"
                                "CREATE VIEW v1_made (file) AS SELECT file FROM made;";

const struct embed schema_files[] = {
    FILE_OF("account-001.sql", made),
    FILE_OF("bad-001.sql", one), FILE_OF("bad-002.sql", bad),
    FILE_OF("new-001.sql", one), FILE_OF("new-002.sql", two),
    FILE_OF("old-001.sql", one),
    FILE_OF("views-one", views_one), FILE_OF("views-two", views_two), FILE_OF("views.sql", ""),
    { NULL, NULL, 0 },
};

static struct db *open_well(const char *name, enum db_use use)
{
    struct err err = { 0 };
    struct db *db;
    assert_well(db_open(&db, scratch_path(name), use, &err), &err);
    return db;
}

static void write_file(const char *name, const char *at, size_t n)
{
    FILE *f = fopen(scratch_path(name), "w");
    assert_non_null(f);
    assert_int_equal(fwrite(at, 1, n, f), n);
    fclose(f);
}

static void test_settings(void **state)
{
    (void)state;
    static const struct { const char *sql, *writer, *reader; } cases[] = {
        { "PRAGMA journal_mode", "wal\n", "wal\n" },
        { "PRAGMA synchronous", "2\n", NULL },
        { "PRAGMA cell_size_check", "1\n", "1\n" },
        { "PRAGMA mmap_size", "0\n", "0\n" },
        { "PRAGMA trusted_schema", "0\n", "0\n" },
        { "PRAGMA hard_heap_limit", "268435456\n", "268435456\n" },
    };
    struct db *writer = open_well("settings.db", DB_WRITE), *reader = open_well("settings.db", DB_READ);
    struct stat st;
    assert_int_equal(stat(scratch_path("settings.db"), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_string_equal(answer(writer, cases[i].sql), cases[i].writer);
        if (cases[i].reader)
            assert_string_equal(answer(reader, cases[i].sql), cases[i].reader);
    }
    static const char *const refused[] = {
        "ATTACH ':memory:' AS other",                   /* no second file */
        "SELECT \"nosuch\"",                            /* no string in double quotes */
        "PRAGMA writable_schema = ON; CREATE TABLE t (x); DELETE FROM sqlite_schema",
        "CREATE VIRTUAL TABLE f USING fts5 (x); INSERT INTO f_data VALUES (1, x'00')",
        "SELECT load_extension('x')",
    };
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        struct err err = { 0 };
        if (db_exec(writer, refused[i], &err) >= 0)
            fail_msg("%s", refused[i]);
    }
    struct err err = { 0 };
    assert_true(db_exec(reader, "CREATE TABLE t2 (x)", &err) < 0);
    db_close(reader);
    db_close(writer);
}

static void test_full_text(void **state)
{
    (void)state;
    struct db *db = open_well("fts.db", DB_WRITE);
    run_sql(db, "CREATE VIRTUAL TABLE words USING fts5 (x, tokenize = 'trigram');"
                "INSERT INTO words (rowid, x) VALUES (1, 'Blue mug'), (2, 'Red mug');"
                "INSERT OR REPLACE INTO words (rowid, x) VALUES (2, 'Green cup')");
    assert_string_equal(answer(db, "SELECT rowid FROM words WHERE words MATCH '\"MUG\"'"), "1\n");
    assert_string_equal(answer(db, "SELECT rowid FROM words WHERE words MATCH '\"een c\"'"), "2\n");
    db_close(db);
}

static void test_refused_files(void **state)
{
    (void)state;
    struct err err = { 0 };
    struct db *db;
    static const char text[] = "This is a text and no database, though it is longer than a header of 100 bytes would be."
                               " Somebody put it here by mistake, which happens.";
    write_file("text.db", text, sizeof text);
    assert_int_equal(db_open(&db, scratch_path("text.db"), DB_WRITE, &err), -ERR_CORRUPT);
    assert_null(db);
    assert_non_null(strstr(err.text, "text.db is not a database"));
    err_clear(&err);
    assert_int_equal(db_open(&db, scratch_path("text.db"), DB_READ, &err), -ERR_CORRUPT);
    err_clear(&err);
    assert_int_equal(db_open(&db, scratch_path("absent.db"), DB_READ, &err), -ERR_ABSENT);
    err_clear(&err);
    assert_int_equal(db_open(&db, scratch_path("no/such/folder.db"), DB_WRITE, &err), -ERR_IO);
    assert_non_null(strstr(err.text, "it belongs to"));
    err_clear(&err);

    db = open_well("other.db", DB_WRITE);               /* of another program */
    run_sql(db, "CREATE TABLE bookmarks (x)");
    assert_int_equal(db_migrate(db, "old", NULL, &err), -ERR_CORRUPT);
    assert_non_null(strstr(err.text, "another program"));
    db_close(db);
}

/* As somebody who may not write there: root may everywhere, so it becomes nobody for a moment. */
static void test_read_only(void **state)
{
    (void)state;
    struct err err = { 0 };
    struct db *db = open_well("mine.db", DB_WRITE);
    assert_well(db_migrate(db, "old", NULL, &err), &err);
    db_close(db);
    bool is_root = geteuid() == 0;
    assert_int_equal(chmod(scratch_path("mine.db"), 0444), 0);
    assert_int_equal(chmod(scratch, is_root ? 0755 : 0555), 0);
    assert_int_equal(is_root ? seteuid(65534) : 0, 0);

    int as_writer = db_open(&db, scratch_path("mine.db"), DB_WRITE, &err);
    struct err writer = err, reader = { 0 };
    int as_reader = db_open(&db, scratch_path("mine.db"), DB_READ, &reader);

    assert_int_equal(is_root ? seteuid(0) : 0, 0);
    assert_int_equal(chmod(scratch, 0700), 0);
    assert_int_equal(as_writer, -ERR_IO);
    if (!strstr(writer.text, "mine.db cannot be written") || !strstr(writer.text, "belongs to"))
        fail_msg("%s", writer.text);
    /* Reading a write-ahead log needs a folder to write in; it is the folder that is named. */
    assert_int_equal(as_reader, -ERR_IO);
    if (!text_starts(reader.text, scratch) || reader.text[strlen(scratch)] != ' ')
        fail_msg("%s", reader.text);
}

static void test_disk_full(void **state)
{
    (void)state;
    struct db *db = open_well("full.db", DB_WRITE);
    struct err err = { 0 };
    run_sql(db, "CREATE TABLE t (x); INSERT INTO t VALUES (1)");
    answer(db, "PRAGMA max_page_count = 40");
    assert_well(db_begin(db, &err), &err);
    int rc = db_exec(db, "INSERT INTO t WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000)"
                         " SELECT randomblob(500) FROM n", &err);
    assert_int_equal(db_end(db, rc, &err), -ERR_FULL);
    assert_true(text_starts(err.text, "Disk full: nothing was saved"));
    assert_string_equal(answer(db, "SELECT count(*) FROM t"), "1\n");
    answer(db, "PRAGMA max_page_count = 100000");       /* room again: no restart is needed */
    run_sql(db, "INSERT INTO t VALUES (2)");
    assert_string_equal(answer(db, "SELECT count(*) FROM t"), "2\n");
    db_close(db);
}

static void test_transactions(void **state)
{
    (void)state;
    struct db *db = open_well("tx.db", DB_WRITE), *reader = open_well("tx.db", DB_READ);
    struct err err = { 0 };
    run_sql(db, "CREATE TABLE t (x INTEGER)");
    assert_well(db_begin(db, &err), &err);
    run_sql(db, "INSERT INTO t VALUES (1)");
    assert_string_equal(answer(reader, "SELECT count(*) FROM t"), "0\n");
    int64_t version = db_data_version(reader);
    assert_int_equal(db_end(db, 7, &err), 7);           /* what went well is handed through */
    assert_string_equal(answer(reader, "SELECT count(*) FROM t"), "1\n");
    assert_true(db_data_version(reader) != version);
    version = db_data_version(reader);
    assert_int_equal(db_data_version(reader), version);

    assert_well(db_begin(db, &err), &err);
    run_sql(db, "INSERT INTO t VALUES (2)");
    assert_int_equal(db_end(db, err_set(&err, ERR_INPUT, "No."), &err), -ERR_INPUT);
    assert_string_equal(err.text, "No.");
    assert_string_equal(answer(db, "SELECT count(*) FROM t"), "1\n");

    /* A reader's transaction is one snapshot. */
    err_clear(&err);
    assert_well(db_begin(reader, &err), &err);
    assert_string_equal(answer(reader, "SELECT count(*) FROM t"), "1\n");
    run_sql(db, "INSERT INTO t VALUES (3)");
    assert_string_equal(answer(reader, "SELECT count(*) FROM t"), "1\n");
    assert_well(db_end(reader, 0, &err), &err);
    assert_string_equal(answer(reader, "SELECT count(*) FROM t"), "2\n");
    db_close(reader);
    db_close(db);
}

static void test_statements(void **state)
{
    (void)state;
    static char sql[300][40];
    struct db *db = open_well("stmt.db", DB_WRITE);
    struct err err = { 0 };
    struct stmt *first[300];
    for (int i = 0; i < 300; i++) {
        snprintf(sql[i], sizeof sql[i], "SELECT %d + :more", i);
        first[i] = stmt_of(db, sql[i], &err);
        assert_non_null(first[i]);
    }
    for (int i = 0; i < 300; i++) {
        struct stmt *s = stmt_of(db, sql[i], &err);
        assert_ptr_equal(s, first[i]);
        bind_int(s, 1, 1000);
        assert_int_equal(stmt_step(db, s, &err), 1);
        assert_int_equal(stmt_int(s, 0), 1000 + i);
        assert_int_equal(stmt_step(db, s, &err), 0);
    }
    assert_null(stmt_of(db, "SELECT FROM", &err));
    err_clear(&err);

    run_sql(db, "CREATE TABLE t (i INTEGER, t TEXT, b BLOB) STRICT");
    struct stmt *add = stmt_of(db, "INSERT INTO t (i, t, b) VALUES (:i, :t, :b)", &err);
    assert_int_equal(stmt_params(add), 3);
    assert_string_equal(stmt_param_name(add, 2), ":t");
    assert_int_equal(bind_index(add, ":b"), 3);
    assert_int_equal(bind_index(add, ":c"), 0);
    bind_int(add, 1, INT64_MIN);
    bind_textn(add, 2, "texts", 4);
    bind_blob(add, 3, "a\0b", 3);
    assert_int_equal(stmt_run(db, add, &err), 1);
    assert_int_equal(db_last_row(db), 1);
    bind_null(add, 1);
    bind_text(add, 2, NULL);
    bind_blob(add, 3, NULL, 0);
    assert_int_equal(stmt_run(db, add, &err), 1);
    struct stmt *get = stmt_of(db, "SELECT i, t, b AS bytes FROM t", &err);
    assert_int_equal(stmt_columns(get), 3);
    assert_string_equal(stmt_column_name(get, 2), "bytes");
    assert_int_equal(stmt_step(db, get, &err), 1);
    size_t n;
    assert_true(stmt_int(get, 0) == INT64_MIN);
    assert_string_equal(stmt_text(get, 1), "text");
    assert_memory_equal(stmt_blob(get, 2, &n), "a\0b", 3);
    assert_int_equal(n, 3);
    assert_int_equal(stmt_step(db, get, &err), 1);
    assert_true(stmt_is_null(get, 0) && stmt_is_null(get, 1) && !stmt_is_null(get, 2));
    assert_string_equal(stmt_text(get, 1), "");
    assert_non_null(stmt_blob(get, 2, &n));
    assert_int_equal(n, 0);
    assert_int_equal(stmt_step(db, get, &err), 0);

    /* Too long a text fails when it is run, and only then. */
    char *much = base_alloc((20 << 20) + 1);
    memset(much, 'x', 20 << 20);
    bind_int(add, 1, 1);
    bind_text(add, 2, much);
    bind_null(add, 3);
    assert_int_equal(stmt_run(db, add, &err), -ERR_INPUT);
    err_clear(&err);
    bind_text(add, 2, "short");
    assert_int_equal(stmt_run(db, add, &err), 1);
    free(much);
    db_close(db);
}

static const char *view_columns(struct db *db)
{
    return answer(db, "SELECT group_concat(name) FROM pragma_table_info('v1_things')");
}

static void test_migrations(void **state)
{
    (void)state;
    struct err err = { 0 };
    struct db *db = open_well("migrate.db", DB_WRITE), *reader = open_well("migrate.db", DB_READ);
    assert_int_equal(db_migrate(reader, "old", "views-one", &err), -ERR_CORRUPT);          /* not made yet */
    err_clear(&err);
    assert_well(db_migrate(db, "old", "views-one", &err), &err);
    assert_well(db_migrate(db, "old", "views-one", &err), &err);
    assert_well(db_migrate(reader, "old", "views-one", &err), &err);
    assert_string_equal(answer(db, "PRAGMA user_version"), "1\n");
    assert_string_equal(view_columns(db), "name\n");
    assert_int_equal(access(scratch_path("migrate.db.before-001"), F_OK), -1);             /* nothing was there */

    /* Other views: made anew by a writer, refused by a reader. */
    assert_int_equal(db_migrate(reader, "old", "views-two", &err), -ERR_CORRUPT);
    assert_non_null(strstr(err.text, "older souk"));
    err_clear(&err);
    assert_well(db_migrate(db, "old", "views-two", &err), &err);
    assert_string_equal(view_columns(db), "thing\n");
    assert_well(db_migrate(reader, "old", "views-two", &err), &err);

    /* A new migration: a backup of what was there, then the change. */
    run_sql(db, "INSERT INTO thing VALUES (1, 'one')");
    assert_int_equal(db_migrate(reader, "new", "views-two", &err), -ERR_CORRUPT);
    err_clear(&err);
    write_file("migrate.db.before-002.new", "left over", 9);
    assert_well(db_migrate(db, "new", "views-two", &err), &err);
    assert_string_equal(answer(db, "SELECT no, name, size FROM thing"), "1|one|-\n2|two|20\n");
    assert_int_equal(access(scratch_path("migrate.db.before-002.new"), F_OK), -1);
    struct db *before = open_well("migrate.db.before-002", DB_READ);
    assert_string_equal(answer(before, "SELECT * FROM thing"), "1|one\n");
    assert_string_equal(answer(before, "PRAGMA user_version"), "1\n");
    db_close(before);

    /* Newer than the program. */
    assert_int_equal(db_migrate(db, "old", "views-two", &err), -ERR_CORRUPT);
    assert_non_null(strstr(err.text, "newer souk"));
    db_close(reader);
    db_close(db);
}

static void test_bad_migration(void **state)
{
    (void)state;
    struct err err = { 0 };
    struct db *db = open_well("bad.db", DB_WRITE);
    assert_well(db_migrate(db, "old", NULL, &err), &err);
    for (int again = 0; again < 2; again++) {
        assert_true(db_migrate(db, "bad", NULL, &err) < 0);
        assert_string_equal(answer(db, "PRAGMA user_version"), "1\n");
        assert_string_equal(answer(db, "SELECT count(*) FROM sqlite_schema WHERE name = 'half'"), "0\n");
        err_clear(&err);
    }
    db_close(db);
}

static void test_backup(void **state)
{
    (void)state;
    struct err err = { 0 };
    struct db *db = open_well("backup.db", DB_WRITE);
    assert_well(db_migrate(db, "new", NULL, &err), &err);
    assert_well(db_backup(db, scratch_path("backup.copy"), &err), &err);
    struct stat st;
    assert_int_equal(stat(scratch_path("backup.copy"), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(db_backup(db, scratch_path("backup.copy"), &err), -ERR_BUSY);
    err_clear(&err);
    struct db *copy = open_well("backup.copy", DB_READ);
    assert_string_equal(answer(copy, "SELECT name FROM thing"), "two\n");
    assert_well(db_check(copy, &err), &err);
    db_close(copy);
    db_close(db);
}

static void test_damage(void **state)
{
    (void)state;
    struct err err = { 0 };
    struct db *db = open_well("damage.db", DB_WRITE);
    run_sql(db, "CREATE TABLE t (x TEXT); CREATE INDEX t_by_x ON t (x); INSERT INTO t"
                " WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) SELECT 'row ' || i FROM n");
    assert_well(db_check(db, &err), &err);
    db_close(db);
    int fd = open(scratch_path("damage.db"), O_RDWR);
    for (off_t at = 2 * 8192 + 200; at < 6 * 8192; at += 300)
        assert_int_equal(pwrite(fd, "damage damage", 13, at), 13);
    close(fd);
    db = open_well("damage.db", DB_READ);
    assert_int_equal(db_check(db, &err), -ERR_CORRUPT);
    assert_non_null(strstr(err.text, "damage.db is damaged"));
    db_close(db);
}

static void test_budget(void **state)
{
    (void)state;
    static const char endless[] = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
    struct db *db = open_well("budget.db", DB_WRITE);
    struct err err = { 0 };
    struct stmt *s = stmt_of(db, endless, &err);
    int64_t began_ms = clock_ms();
    db_budget(db, 50);
    assert_int_equal(stmt_step(db, s, &err), -ERR_TIME);
    int64_t took_ms = clock_ms() - began_ms;
    assert_true(took_ms >= 50 && took_ms < 5000);
    assert_non_null(strstr(err.text, "50 ms"));
    err_clear(&err);
    db_budget(db, 0);
    assert_string_equal(answer(db, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000)"
                                   " SELECT count(*) FROM n"), "200000\n");
    db_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_settings),
        cmocka_unit_test(test_full_text),
        cmocka_unit_test(test_refused_files),
        cmocka_unit_test(test_read_only),
        cmocka_unit_test(test_disk_full),
        cmocka_unit_test(test_transactions),
        cmocka_unit_test(test_statements),
        cmocka_unit_test(test_migrations),
        cmocka_unit_test(test_bad_migration),
        cmocka_unit_test(test_backup),
        cmocka_unit_test(test_damage),
        cmocka_unit_test(test_budget),
    };
    return cmocka_run_group_tests_name("db", tests, scratch_make, scratch_remove);
}
