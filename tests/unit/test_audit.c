/* SPDX-License-Identifier: Apache-2.0 */
/* test_audit.c: entries are kept in a chain, and whatever is done to the chain is found. */
#include "data.h"

#include "data/audit.h"

enum { ENTRIES = 6 };

static struct db *log_new(const char *name)
{
    struct db *db = account_new(name);
    struct err err = { 0 };
    assert_well(db_begin(db, &err), &err);
    for (int i = 1; i <= ENTRIES; i++) {
        char args[40];
        snprintf(args, sizeof args, "{\"n\":%d}", i);
        const struct audit_entry e = {
            1790000000 + i, "local", i % 2 ? "cli" : "page", "case.state", "case:7", args, "ok",
        };
        assert_well(audit_add(db, &e, &err), &err);
    }
    assert_well(db_end(db, 0, &err), &err);
    return db;
}

static void entries_are_kept(void **state)
{
    (void)state;
    struct db *db = log_new("kept.db");
    struct err err = { 0 };
    assert_string_equal(answer(db, "SELECT entry, at, actor, via, command, ref, args, result FROM v1_audit WHERE entry < 3"),
        "1|1790000001|local|cli|case.state|case:7|{\"n\":1}|ok\n"
        "2|1790000002|local|page|case.state|case:7|{\"n\":2}|ok\n");
    assert_well(audit_verify(db, 0, &err), &err);
    assert_well(audit_verify(db, 2, &err), &err);
    assert_well(audit_verify(db, ENTRIES + 1, &err), &err);
    db_close(db);
}

static void an_empty_log_is_whole(void **state)
{
    (void)state;
    struct db *db = account_new("empty.db");
    struct err err = { 0 };
    assert_well(audit_verify(db, 0, &err), &err);
    assert_well(audit_verify(db, 5, &err), &err);
    db_close(db);
}

static void what_was_rolled_back_leaves_no_gap(void **state)
{
    (void)state;
    struct db *db = log_new("gap.db");
    struct err err = { 0 };
    const struct audit_entry e = { 1, "a", "b", "c", "d", "{}", "ok" };
    assert_well(db_begin(db, &err), &err);
    assert_well(audit_add(db, &e, &err), &err);
    assert_int_equal(db_end(db, -ERR_INPUT, &err), -ERR_INPUT);
    err_clear(&err);
    assert_well(audit_verify(db, 0, &err), &err);
    assert_well(db_begin(db, &err), &err);
    assert_well(audit_add(db, &e, &err), &err);
    assert_well(db_end(db, 0, &err), &err);
    assert_well(audit_verify(db, 0, &err), &err);
    assert_string_equal(answer(db, "SELECT max(no), count(*) FROM audit"), "7|7\n");
    db_close(db);
}

static void whatever_is_changed_is_found(void **state)
{
    (void)state;
    static const struct { const char *sql, *says; } cases[] = {
        { "UPDATE audit SET at_s = at_s + 1 WHERE no = 3", "Entry 3 " },
        { "UPDATE audit SET actor = 'other' WHERE no = 3", "Entry 3 " },
        { "UPDATE audit SET via = 'api' WHERE no = 3", "Entry 3 " },
        { "UPDATE audit SET command = 'case.note' WHERE no = 3", "Entry 3 " },
        { "UPDATE audit SET ref = 'case:8' WHERE no = 3", "Entry 3 " },
        { "UPDATE audit SET args = '{}' WHERE no = 3", "Entry 3 " },
        { "UPDATE audit SET result = 'denied' WHERE no = 3", "Entry 3 " },
        { "UPDATE audit SET seal = x'00' WHERE no = 3", "Entry 3 " },
        { "UPDATE audit SET command = 'case.statecase:', ref = '7' WHERE no = 3", "Entry 3 " },
        { "UPDATE audit SET actor = 'x' WHERE no = 6", "Entry 6 " },
        { "DELETE FROM audit WHERE no = 1", "Entry 1 " },
        { "DELETE FROM audit WHERE no = 3", "Entry 3 " },
        { "DELETE FROM audit WHERE no = 6", "ends with entry 5, but 6 were written" },
        { "DELETE FROM audit", "ends with entry 0, but 6 were written" },
        { "UPDATE audit SET no = 9 WHERE no = 3; UPDATE audit SET no = 3 WHERE no = 4; UPDATE audit SET no = 4 WHERE no = 9",
          "Entry 3 " },
        { "INSERT INTO audit (at_s, actor, via, command, ref, args, result, seal)"
          " SELECT at_s, actor, via, command, ref, args, result, seal FROM audit WHERE no = 6", "Entry 7 " },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char name[20];
        snprintf(name, sizeof name, "%zu.db", i);
        struct db *db = log_new(name);
        struct err err = { 0 };
        run_sql(db, cases[i].sql);
        assert_int_equal(audit_verify(db, 0, &err), -ERR_CORRUPT);
        if (!strstr(err.text, cases[i].says))
            fail_msg("%s: %s", cases[i].sql, err.text);
        db_close(db);
    }
}

/* Of the newest ones only what is asked for is read, but a gap at their beginning shows. */
static void the_newest_ones(void **state)
{
    (void)state;
    struct db *db = log_new("newest.db");
    struct err err = { 0 };
    run_sql(db, "UPDATE audit SET actor = 'other' WHERE no = 2");
    assert_well(audit_verify(db, 2, &err), &err);
    assert_int_equal(audit_verify(db, 5, &err), -ERR_CORRUPT);
    assert_non_null(strstr(err.text, "Entry 2 "));
    db_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_are_kept),
        cmocka_unit_test(an_empty_log_is_whole),
        cmocka_unit_test(what_was_rolled_back_leaves_no_gap),
        cmocka_unit_test(whatever_is_changed_is_found),
        cmocka_unit_test(the_newest_ones),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
