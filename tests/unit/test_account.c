/* SPDX-License-Identifier: Apache-2.0 */
/* test_account.c: the data folder, its lock, and the accounts in it. */
#include "data.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/embed.h"
#include "data/account.h"

static int mode_of(const char *name)
{
    struct stat st;
    assert_int_equal(stat(scratch_path(name), &st), 0);
    return (int)(st.st_mode & 0777);
}

static void test_folder(void **state)
{
    (void)state;
    struct err err = { 0 };
    struct folder *f;
    struct arena *a = arena_new("test", 512);
    assert_int_equal(folder_open(&f, scratch_path("new/data"), DB_READ, &err), -ERR_ABSENT);
    assert_null(f);
    assert_non_null(strstr(err.text, "souk account create"));
    err_clear(&err);
    assert_well(folder_open(&f, scratch_path("new/data/"), DB_WRITE, &err), &err);
    assert_string_equal(folder_path(f), scratch_path("new/data"));
    assert_int_equal(mode_of("new/data"), 0700);
    assert_int_equal(mode_of("new/data/accounts"), 0700);
    assert_int_equal(mode_of("new/data/spool"), 0700);
    assert_int_equal(mode_of("new/data/lock"), 0600);
    assert_int_equal(mode_of("new/data/souk.db"), 0600);
    const char *first = folder_spool(f, a), *second = folder_spool(f, a);
    assert_string_not_equal(first, second);
    assert_true(text_starts(first, scratch_path("new/data/spool/")));
    int fd = open(first, O_CREAT | O_WRONLY, 0600);
    assert_true(fd >= 0);
    close(fd);
    folder_close(f);

    /* What an import left in the spool when it was cut off is gone. */
    assert_well(folder_open(&f, scratch_path("new/data"), DB_WRITE, &err), &err);
    assert_int_equal(access(first, F_OK), -1);
    folder_close(f);

    fd = open(scratch_path("file"), O_CREAT | O_WRONLY, 0600);
    close(fd);
    assert_int_equal(folder_open(&f, scratch_path("file"), DB_WRITE, &err), -ERR_IO);
    assert_non_null(strstr(err.text, "is not a folder"));
    err_clear(&err);
    assert_int_equal(folder_open(&f, "", DB_WRITE, &err), -ERR_INPUT);
    arena_free(a);
}

static void test_accounts(void **state)
{
    (void)state;
    static const char *const bad[] = { "", "Demo", "1st", "-a", "a b", "a/b", "../x", "a.db", "caf\u00e9",
                                       "a2345678901234567890123456789012345678901" };
    struct err err = { 0 };
    struct folder *f;
    struct db *db;
    assert_well(folder_open(&f, scratch_path("accounts-data"), DB_WRITE, &err), &err);
    assert_int_equal(account_open(f, "demo", DB_READ, &db, &err), -ERR_ABSENT);
    assert_non_null(strstr(err.text, "souk account create"));
    err_clear(&err);
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        assert_int_equal(account_create(f, bad[i], &err), -ERR_INPUT);
        assert_false(account_exists(f, bad[i]));
        err_clear(&err);
    }
    assert_well(account_create(f, "demo", &err), &err);
    assert_well(account_create(f, "a234567890123456789012345678901234567-90", &err), &err);
    assert_int_equal(account_create(f, "demo", &err), -ERR_BUSY);
    err_clear(&err);
    assert_true(account_exists(f, "demo"));
    assert_int_equal(mode_of("accounts-data/accounts/demo.db"), 0600);

    struct arena *a = arena_new("names", 512);
    const char *const *names;
    size_t n;
    assert_well(account_names(f, a, &names, &n, &err), &err);
    assert_int_equal(n, 2);
    assert_string_equal(names[1], "demo");
    for (int i = 0; i < 20; i++) {
        char name[16];
        snprintf(name, sizeof name, "b%d", i);
        assert_well(account_create(f, name, &err), &err);
    }
    assert_well(account_names(f, a, &names, &n, &err), &err);
    assert_int_equal(n, 22);
    assert_string_equal(names[21], "demo");
    arena_free(a);

    assert_int_equal(account_open(f, "dmeo", DB_READ, &db, &err), -ERR_ABSENT);
    assert_non_null(strstr(err.text, "b0, b1,"));
    err_clear(&err);
    assert_well(account_open(f, "demo", DB_WRITE, &db, &err), &err);
    assert_string_equal(answer(db, "SELECT count(*) FROM v1_orders"), "0\n");
    db_close(db);

    /* A try that was cut off between file and entry is completed by the next one. */
    assert_well(db_open(&db, scratch_path("accounts-data/accounts/half.db"), DB_WRITE, &err), &err);
    db_close(db);
    assert_false(account_exists(f, "half"));
    assert_well(account_create(f, "half", &err), &err);
    folder_close(f);
}

/* Another process: takes the folder as told, says what came of it, and keeps it until it is told to end. */
struct other {
    pid_t pid;
    int say, hear;
};

static struct other other_start(const char *path, enum db_use use, int *rc, struct err *err)
{
    int to[2], from[2];
    assert_int_equal(pipe(to) + pipe(from), 0);
    struct other o = { fork(), to[1], from[0] };
    assert_true(o.pid >= 0);
    if (o.pid == 0) {
        struct folder *f;
        char c;
        close(to[1]);
        close(from[0]);
        *rc = folder_open(&f, path, use, err);
        if (write(from[1], rc, sizeof *rc) < 0 || write(from[1], err, sizeof *err) < 0 || read(to[0], &c, 1) < 0)
            _exit(1);
        _exit(0);                                       /* the lock ends with the process */
    }
    close(to[0]);
    close(from[1]);
    assert_int_equal(read(o.hear, rc, sizeof *rc), sizeof *rc);
    assert_int_equal(read(o.hear, err, sizeof *err), sizeof *err);
    return o;
}

static void other_end(struct other *o, int how)
{
    if (how)
        kill(o->pid, how);
    close(o->say);
    close(o->hear);
    waitpid(o->pid, NULL, 0);
}

static void test_lock(void **state)
{
    (void)state;
    struct err err = { 0 };
    struct folder *f, *reader;
    char path[160], pid[40];
    int rc;
    snprintf(path, sizeof path, "%s", scratch_path("locked"));
    struct other o = other_start(path, DB_WRITE, &rc, &err);
    assert_well(rc, &err);
    assert_int_equal(folder_open(&f, path, DB_WRITE, &err), -ERR_BUSY);
    snprintf(pid, sizeof pid, "in use by souk (pid %ld)", (long)o.pid);
    if (!strstr(err.text, pid) || !strstr(err.text, path))
        fail_msg("%s", err.text);
    err_clear(&err);
    assert_well(folder_open(&reader, path, DB_READ, &err), &err);      /* readers need no lock */
    assert_false(account_exists(reader, "demo"));
    other_end(&o, SIGKILL);

    assert_well(folder_open(&f, path, DB_WRITE, &err), &err);
    assert_well(account_create(f, "demo", &err), &err);
    assert_true(account_exists(reader, "demo"));
    int fd = open(scratch_path("locked/lock"), O_RDONLY);
    close(fd);                                          /* which would drop a POSIX lock */
    o = other_start(path, DB_WRITE, &rc, &err);
    assert_int_equal(rc, -ERR_BUSY);
    other_end(&o, 0);
    o = other_start(path, DB_READ, &rc, &err);
    assert_well(rc, &err);
    other_end(&o, 0);
    folder_close(reader);
    folder_close(f);
}

/* A reader beside a writer that is at work, and alone. */
static void test_readers(void **state)
{
    (void)state;
    struct err err = { 0 };
    struct folder *f, *reader;
    struct db *writer, *db;
    assert_well(folder_open(&f, scratch_path("readers"), DB_WRITE, &err), &err);
    assert_well(account_create(f, "demo", &err), &err);
    assert_well(account_open(f, "demo", DB_WRITE, &writer, &err), &err);
    assert_well(folder_open(&reader, scratch_path("readers"), DB_READ, &err), &err);
    assert_well(account_open(reader, "demo", DB_READ, &db, &err), &err);
    assert_well(db_begin(writer, &err), &err);
    run_sql(writer, "INSERT INTO market (id) VALUES ('A1PA6795UKMFR9')");
    assert_string_equal(answer(db, "SELECT count(*) FROM v1_markets"), "0\n");
    assert_well(db_end(writer, 0, &err), &err);
    assert_string_equal(answer(db, "SELECT count(*) FROM v1_markets"), "1\n");
    db_close(db);
    db_close(writer);
    folder_close(f);
    assert_well(account_open(reader, "demo", DB_READ, &db, &err), &err);
    assert_string_equal(answer(db, "SELECT count(*) FROM v1_markets"), "1\n");
    assert_int_equal(account_create(reader, "more", &err) < 0, 1);
    db_close(db);
    folder_close(reader);
}

/* An account of souk 0.1: what it did not count is counted when it is opened to write, and only then. */
static void test_older(void **state)
{
    (void)state;
    static const char records[] =
        "PRAGMA user_version = 1; PRAGMA application_id = 1399813483;"          /* "Souk" */
        "INSERT INTO market (no, id) VALUES (1, 'A1VC38T7YXB528'), (2, 'A1PA6795UKMFR9');"
        "INSERT INTO status (no, name, state) VALUES (1, 'Shipped', 'shipped'), (2, 'Unshipped', 'unshipped');"
        "INSERT INTO orders (no, order_id, updated_s, said, market_no, purchase_s, purchase_day, status_no, is_open, fulfilment,"
        "                    is_business, shipped_s)"
        " VALUES (1, 'o-1', 0, 0, 1, 1790848800, 20727, 1, 0, 'seller', 0, 1791000000),"
        "        (2, 'o-2', 0, 0, 1, 1790848800, 20727, 1, 0, 'seller', 0, 1791000001),"
        "        (3, 'o-3', 0, 0, 1, 1790848800, 20727, 2, 1, 'seller', 0, NULL),"
        "        (4, 'o-4', 0, 0, 2, 1790848800, 20727, 1, 0, 'seller', 0, 1790892000),"       /* midnight in Berlin */
        "        (5, 'o-5', 0, 0, 2, 1790848800, 20727, 1, 0, 'marketplace', 0, 1790892000);"
        "INSERT INTO cycle (no, settlement_id, format, currency) VALUES (1, '7', 'test', 'EUR');"
        "INSERT INTO ledger (cycle_no, fingerprint, market_no, posted_s, type, kind, detail, minor, seal)"
        " VALUES (1, 1, 2, 1790891999, 'Order', 'ItemPrice', 'Principal', 2000, x''),"
        "        (1, 2, 2, 1790892000, 'Order', 'ItemFees', 'Commission', -300, x''),"
        "        (1, 3, NULL, 1790891999, 'ServiceFee', '', 'Subscription', -100, x''),"
        "        (1, 4, NULL, NULL, 'x', '', '', 5, x'');";
    struct err err = { 0 };
    struct folder *f, *reader;
    struct db *db;
    assert_well(folder_open(&f, scratch_path("older"), DB_WRITE, &err), &err);
    assert_well(account_create(f, "demo", &err), &err);
    assert_int_equal(remove(scratch_path("older/accounts/demo.db")), 0);
    remove(scratch_path("older/accounts/demo.db-wal"));
    remove(scratch_path("older/accounts/demo.db-shm"));
    assert_well(db_open(&db, scratch_path("older/accounts/demo.db"), DB_WRITE, &err), &err);
    for (const struct embed *e = schema_files; e->name; e++)
        if (text_is(e->name, "account-001.sql"))
            run_sql(db, (const char *)e->at);
    run_sql(db, records);
    assert_well(folder_open(&reader, scratch_path("older"), DB_READ, &err), &err);
    struct db *again;
    assert_int_equal(account_open(reader, "demo", DB_READ, &again, &err), -ERR_CORRUPT);
    err_clear(&err);
    /* Cut off behind the migration: still behind. */
    assert_well(db_migrate(db, "account", "views.sql", &err), &err);
    assert_string_equal(answer(db, "SELECT count(*) FROM v1_ship_days"), "0\n");
    assert_int_equal(account_open(reader, "demo", DB_READ, &again, &err), -ERR_CORRUPT);
    assert_non_null(strstr(err.text, "older souk"));
    err_clear(&err);
    db_close(db);
    for (int time = 0; time < 2; time++) {
        assert_well(account_open(f, "demo", DB_WRITE, &db, &err), &err);
        assert_string_equal(answer(db, "SELECT market, purchase_day, ship_day, state, orders FROM v1_ship_days ORDER BY 1, 2, 3 NULLS LAST"),
            "A1PA6795UKMFR9|20727|20728|shipped|1\nA1VC38T7YXB528|20727|20729|shipped|2\nA1VC38T7YXB528|20727|-|unshipped|1\n");
        assert_string_equal(answer(db, "SELECT market, day, currency, part, lines, amount FROM v1_ledger_daily ORDER BY 1 NULLS LAST, 2, 4"),
            "A1PA6795UKMFR9|20727|EUR|sales|1|2000\nA1PA6795UKMFR9|20728|EUR|fees|1|-300\n-|-|EUR|other|1|5\n-|20727|EUR|fees|1|-100\n");
        db_close(db);
    }
    assert_well(account_open(reader, "demo", DB_READ, &db, &err), &err);
    db_close(db);
    folder_close(reader);
    folder_close(f);
}

/* Root may write everywhere, so it becomes nobody for a moment. */
static void test_unwritable(void **state)
{
    (void)state;
    struct err err = { 0 }, inside = { 0 };
    struct folder *f;
    bool is_root = geteuid() == 0;
    char expected[300];
    assert_int_equal(mkdir(scratch_path("theirs"), 0700), 0);
    assert_int_equal(chmod(scratch_path("theirs"), is_root ? 0755 : 0555), 0);
    assert_int_equal(chmod(scratch, 0755), 0);
    assert_int_equal(is_root ? seteuid(65534) : 0, 0);
    int rc = folder_open(&f, scratch_path("theirs"), DB_WRITE, &err);
    int rc_inside = folder_open(&f, scratch_path("theirs/data"), DB_WRITE, &inside);
    assert_int_equal(is_root ? seteuid(0) : 0, 0);
    assert_int_equal(chmod(scratch_path("theirs"), 0700), 0);
    assert_int_equal(rc, -ERR_IO);
    assert_int_equal(rc_inside, -ERR_IO);
    if (is_root) {
        snprintf(expected, sizeof expected, "%s cannot be written: Permission denied; it belongs to root. Let the user that"
                 " runs souk write there, or choose another folder with --data.", scratch_path("theirs"));
        assert_string_equal(err.text, expected);
    }
    assert_non_null(strstr(inside.text, "theirs/data cannot be written"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_folder),
        cmocka_unit_test(test_accounts),
        cmocka_unit_test(test_lock),
        cmocka_unit_test(test_readers),
        cmocka_unit_test(test_older),
        cmocka_unit_test(test_unwritable),
    };
    return cmocka_run_group_tests_name("account", tests, scratch_make, scratch_remove);
}
