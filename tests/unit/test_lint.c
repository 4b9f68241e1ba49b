/* SPDX-License-Identifier: Apache-2.0 */
/* test_lint.c: other people's SQL: what they may ask, what is refused, and that no refusal says too much. */
#include "data.h"

#include <strings.h>

/* Reads v1_orders and v1_stock. */
static const char reads[] = "v1_orders v1_stock";

static struct db *db;

static int account_open_one(void **state)
{
    scratch_make(state);
    db = account_new("a.db");
    run_sql(db, "INSERT INTO market (no, id) VALUES (1, 'A1PA6795UKMFR9'); INSERT INTO status VALUES (1, 'Shipped', 'shipped');"
                "INSERT INTO orders (order_id, updated_s, said, market_no, purchase_s, purchase_day, status_no, is_open, fulfilment,"
                " is_business) VALUES ('303-1', 1, 1, 1, 1, 1, 1, 0, 'seller', 0);"
                "INSERT INTO kept VALUES ('p', 'secret', x'736563726574')");
    return 0;
}

static int account_close(void **state)
{
    db_close(db);
    return scratch_remove(state);
}

static void test_allowed(void **state)
{
    (void)state;
    static const struct { const char *sql, *is; } cases[] = {
        { "SELECT count(*) FROM v1_orders WHERE market='A1PA6795UKMFR9'", "1" },
        { "select order_id from V1_Orders o where o.state = 'shipped';  -- done", "303-1" },
        { "SELECT v1_orders.order_id FROM v1_orders", "303-1" },
        { "SELECT \"order_id\" FROM \"v1_orders\"", "303-1" },
        { "SELECT 1 FROM v1_orders", "1" },
        { "SELECT count(*) FROM (SELECT market FROM v1_orders) AS s", "1" },
        { "WITH x AS (SELECT order_id FROM v1_orders) SELECT count(*) FROM x", "1" },
        { "WITH x (a) AS (SELECT order_id FROM v1_orders), y AS (SELECT a FROM x UNION ALL SELECT a FROM x)"
          " SELECT count(*) FROM y", "2" },
        { "WITH x AS MATERIALIZED (SELECT market FROM v1_stock) SELECT count(*) FROM x", "0" },
        { "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT count(*) FROM n", "5" },
        { "SELECT count(*) FROM v1_orders a, v1_orders b, (v1_stock c JOIN v1_orders d ON d.market = c.market)", "0" },
        { "SELECT count(*) FROM v1_orders o LEFT JOIN v1_stock s ON s.market = o.market, v1_orders p", "1" },
        { "SELECT order_id FROM v1_orders WHERE market IN (SELECT market FROM v1_orders)"
          " AND EXISTS (SELECT 1 FROM v1_orders) ORDER BY 1 LIMIT 10", "303-1" },
        { "SELECT max(order_id) FROM v1_orders GROUP BY market, fulfilment HAVING count(*) > 0", "303-1" },
        { "SELECT row_number() OVER (PARTITION BY market ORDER BY purchased) FROM v1_orders", "1" },
        { "SELECT lag(order_id) OVER w, first_value(order_id) OVER w FROM v1_orders WINDOW w AS (ORDER BY purchased)", "" },
        { "SELECT CAST(coalesce(nullif(sum(is_open), 0), 7) AS BIGINT) FROM v1_orders WHERE lower(order_id) LIKE '303%'", "7" },
        { "SELECT CASE WHEN order_id = 'V1_7' OR order_id IN ('v1_a', 'v1_b') THEN 1 ELSE 0 END FROM v1_orders", "0" },
        { "SELECT ':x::y ; it''s' || order_id FROM v1_orders /* ; ? :: */", ":x::y ; it's303-1" },
        { "SELECT count(*) FROM v1_orders WHERE order_id IS NOT DISTINCT FROM '303-1'", "1" },
        { "SELECT 'a' AS x UNION SELECT order_id FROM v1_orders ORDER BY 1 DESC", "a" },
        { "SELECT 7", "7" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct err err = { 0 };
        struct stmt *s;
        if (db_guarded(db, cases[i].sql, reads, &s, &err) < 0 || stmt_step(db, s, &err) < 0)
            fail_msg("%s\n%s", cases[i].sql, err.text);
        assert_string_equal(stmt_text(s, 0), cases[i].is);
        stmt_free(s);
    }
    struct err err = { 0 };
    struct stmt *s;
    assert_well(db_guarded(db, "SELECT order_id FROM v1_orders WHERE market = :market AND purchased > :from", reads, &s, &err), &err);
    assert_int_equal(stmt_params(s), 2);
    assert_string_equal(stmt_param_name(s, 1), ":market");
    stmt_free(s);
    assert_well(db_guarded(db, "SELECT * FROM v1_ledger, v1_payments", "*", &s, &err), &err);
    stmt_free(s);
}

/* `says` stands in the sentence.  "" where only the database knows why. */
static const struct { const char *sql, *says; } refused[] = {
    /* tables beneath the views */
    { "SELECT * FROM orders", "v1_orders v1_stock" },
    { "SELECT count(*) FROM orders", "declares" },
    { "SELECT count(*) FROM main.orders", "schema" },
    { "SELECT * FROM v1_orders, orders", "declares" },
    { "SELECT * FROM v1_orders JOIN order_line ON 1 = 1", "declares" },
    { "SELECT * FROM (orders)", "declares" },
    { "SELECT * FROM (v1_orders, kept)", "declares" },
    { "SELECT (SELECT count(*) FROM status) FROM v1_orders", "declares" },      /* read by v1_orders, too */
    { "SELECT 1 FROM v1_orders WHERE order_id IN orders", "IN" },
    { "SELECT * FROM sqlite_schema", "declares" },
    { "SELECT * FROM \"sqlite_master\"", "declares" },
    { "SELECT * FROM 'kept'", "declares" },
    { "SELECT * FROM listing_text", "declares" },
    { "SELECT * FROM listing_text_content", "declares" },
    { "SELECT * FROM nosuch", "declares" },
    { "SELECT * FROM v1_ledger", "declares" },          /* a view it does not declare */
    { "SELECT * FROM v1_nosuch", "declares" },
    { "TABLE orders", "begins" },
    /* names that pass for views */
    { "WITH v1_orders AS (SELECT value FROM kept) SELECT * FROM v1_orders", "v1_" },
    { "WITH v1_orders AS (SELECT 1 AS a) SELECT * FROM v1_orders", "v1_" },
    { "WITH V1_ORDERS (a) AS (SELECT 1) SELECT * FROM v1_orders", "v1_" },
    { "WITH \"v1_orders\" AS (SELECT 1) SELECT * FROM v1_orders", "v1_" },
    { "WITH 'v1_orders' AS (SELECT 1) SELECT * FROM v1_orders", "v1_" },
    { "WITH x AS (SELECT 1), v1_stock AS NOT MATERIALIZED (SELECT 1) SELECT * FROM v1_stock", "v1_" },
    { "WITH RECURSIVE v1_orders (a) AS (SELECT 1) SELECT * FROM v1_orders", "v1_" },
    { "SELECT * FROM (WITH v1_orders AS (SELECT 1) SELECT * FROM v1_orders) AS x", "v1_" },
    { "SELECT * FROM (SELECT 1) AS v1_orders", "v1_" },
    { "SELECT * FROM (SELECT 1) v1_orders", "v1_" },
    { "SELECT * FROM v1_stock v1_orders", "v1_" },
    { "SELECT * FROM v1_stock AS 'v1_orders'", "v1_" },
    { "SELECT 1 AS v1_x FROM v1_orders", "v1_" },
    { "SELECT 1 'v1_x' FROM v1_orders", "v1_" },
    { "SELECT count(*) OVER v1_w FROM v1_orders WINDOW v1_w AS (ORDER BY market)", "v1_" },
    { "SELECT * FROM main.v1_orders", "schema" },
    { "SELECT main.v1_orders.market FROM v1_orders", "v1_" },
    /* an expression with a table's name would let the table's rows be counted elsewhere */
    { "SELECT (WITH kept AS (SELECT 1 AS a) SELECT a FROM kept), (SELECT count(*) FROM kept)", "another name" },
    { "WITH \"order line\" AS (SELECT 1) SELECT 1", "letters" },
    /* functions */
    { "SELECT randomblob(900000000)", "randomblob" },
    { "SELECT printf('%.*c', 500000000, 'x') FROM v1_orders", "printf" },
    { "SELECT order_id ->> 'a' FROM v1_orders", "->>" },
    { "SELECT date('now')", "date" },
    { "SELECT current_timestamp", "current_timestamp" },
    { "SELECT strftime('%Y', purchased) FROM v1_orders", "strftime" },
    { "SELECT json_extract(order_id, '$.a') FROM v1_orders", "json_extract" },
    { "SELECT avg(purchased) FROM v1_orders", "avg" },
    { "SELECT round(purchased) FROM v1_orders", "round" },
    { "SELECT order_id FROM v1_orders WHERE order_id GLOB '3*'", "glob" },
    { "SELECT sqlite_version()", "sqlite_version" },
    { "SELECT load_extension('x')", "" },
    { "SELECT fts5(1)", "fts5" },
    { "SELECT max(purchased, 7) FROM v1_orders", "CASE" },
    { "SELECT min((purchased), CASE WHEN 1 = 1 THEN 2 END) FROM v1_orders", "CASE" },
    /* functions as tables */
    { "SELECT * FROM pragma_table_info('orders')", "place of a table" },
    { "SELECT * FROM json_each('[1]')", "place of a table" },
    { "SELECT * FROM v1_orders('x')", "place of a table" },
    { "SELECT * FROM v1_orders, json_each('[1]') AS j", "place of a table" },
    { "SELECT * FROM dbstat", "declares" },
    { "SELECT * FROM sqlite_stmt", "declares" },
    /* not one SELECT */
    { "SELECT 1; SELECT 2", "one statement" },
    { "SELECT 1; DROP TABLE orders", "one statement" },
    { "DELETE FROM orders", "begins" },
    { "UPDATE v1_orders SET market = 1", "begins" },
    { "WITH x AS (SELECT 1) DELETE FROM orders", "declares" },
    { "WITH x AS (SELECT 1) INSERT INTO kept SELECT 1, 2, 3", "" },
    { "EXPLAIN SELECT 1", "begins" },
    { "PRAGMA table_info(orders)", "begins" },
    { "VALUES (1)", "begins" },
    { "ATTACH 'x' AS y", "begins" },
    { "", "begins" },
    { "-- nothing", "begins" },
    { "/* nothing", "begins" },
    /* not in the subset */
    { "SELECT purchased::text FROM v1_orders", "CAST" },
    { "SELECT :y::int", "CAST" },
    { "SELECT $x", "parameter" },
    { "SELECT ?", "parameter" },
    { "SELECT ?1 FROM v1_orders", "parameter" },
    { "SELECT @x", "parameter" },
    { "SELECT `order_id` FROM v1_orders", "double quotes" },
    { "SELECT [order_id] FROM [v1_orders]", "double quotes" },
    /* not well-formed */
    { "SELECT 'open FROM v1_orders", "never closed" },
    { "SELECT \"open FROM v1_orders", "never closed" },
    { "SELECT 1)", "never opened" },
    { "SELECT nosuch FROM v1_orders", "nosuch" },
    { "SELECT \"nosuch\" FROM v1_orders", "nosuch" },
    { "SELECT FROM v1_orders WHERE", "FROM" },
    { "SELECT (1 FROM v1_orders", "" },
    { "SELECT order_id FROM v1_orders WHERE", "" },
    { "WITH AS (SELECT 1) SELECT 1", "" },
    { "SELECT x FROM", "" },
};

/* A name beneath the views that is not in the query itself. */
static const char *told_name(const char *sql, const char *sentence)
{
    static char name[80];
    const char *found = NULL;
    struct err err = { 0 };
    struct stmt *s = stmt_of(db, "SELECT name FROM sqlite_schema WHERE type <> 'view'"
                                 " UNION SELECT c.name FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table'"
                                 "  AND c.name LIKE '%\\_%' ESCAPE '\\'", &err);
    while (stmt_step(db, s, &err) > 0) {
        snprintf(name, sizeof name, "%s", stmt_text(s, 0));
        size_t n = strlen(name);
        for (const char *at = sentence; (at = strcasestr(at, name)); at += n) {
            bool is_word = (at == sentence || !strchr("abcdefghijklmnopqrstuvwxyz_", at[-1])) &&
                           (!at[n] || !strchr("abcdefghijklmnopqrstuvwxyz_", at[n]));
            if (is_word && !strcasestr(sql, name))
                found = name;
        }
        if (found)
            break;
    }
    stmt_reset(s);
    return found;
}

static void test_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        struct err err = { 0 };
        struct stmt *s;
        int rc = db_guarded(db, refused[i].sql, reads, &s, &err);
        if (rc >= 0 || s)
            fail_msg("went through: %s", refused[i].sql);
        if (rc != -ERR_DENIED && rc != -ERR_INPUT)
            fail_msg("%s\n%s", refused[i].sql, err.text);
        if (!strstr(err.text, refused[i].says))
            fail_msg("%s\n%s", refused[i].sql, err.text);
        const char *name = told_name(refused[i].sql, err.text);
        if (name && !text_is(name, "market") && !text_is(name, "made"))     /* words of every day */
            fail_msg("%s\n%s\ntells the name %s", refused[i].sql, err.text, name);
    }
    /* With every view declared the tables are as far away. */
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        struct err err = { 0 };
        struct stmt *s;
        if (db_guarded(db, refused[i].sql, "*", &s, &err) >= 0) {
            stmt_free(s);
            assert_string_equal(refused[i].sql, "SELECT * FROM v1_ledger");
        }
    }
    struct err err = { 0 };
    struct stmt *s;
    assert_int_equal(db_guarded(db, "SELECT count(*) FROM v1_orders", "", &s, &err), -ERR_DENIED);
}

static void test_size(void **state)
{
    (void)state;
    struct buf sql = { 0 };
    struct err err = { 0 };
    struct stmt *s;
    buf_text(&sql, "SELECT ");
    for (int i = 0; i < 70; i++)
        buf_char(&sql, '(');
    assert_int_equal(db_guarded(db, buf_str(&sql), reads, &s, &err), -ERR_INPUT);
    err_clear(&err);
    buf_clear(&sql);
    buf_text(&sql, "SELECT '");
    for (int i = 0; i < 100000; i++)
        buf_char(&sql, 'x');
    buf_text(&sql, "'");
    assert_int_equal(db_guarded(db, buf_str(&sql), reads, &s, &err), -ERR_INPUT);
    buf_free(&sql);
}

/* The host's own SQL is not touched by a guarded prepare before or after it. */
static void test_own_sql(void **state)
{
    (void)state;
    struct err err = { 0 };
    struct stmt *s;
    assert_true(db_guarded(db, "SELECT * FROM kept", reads, &s, &err) < 0);
    assert_string_equal(answer(db, "SELECT key FROM kept"), "secret\n");
    err_clear(&err);
    /* A view that is made anew between prepare and step: the query goes on. */
    assert_well(db_guarded(db, "SELECT count(*) FROM v1_stock", reads, &s, &err), &err);
    run_sql(db, "CREATE TABLE another (x)");
    assert_int_equal(stmt_step(db, s, &err), 1);
    assert_string_equal(stmt_text(s, 0), "0");
    stmt_free(s);
}

static void test_budget(void **state)
{
    (void)state;
    struct err err = { 0 };
    struct stmt *s;
    assert_well(db_guarded(db, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
                               " WHERE i < 0", reads, &s, &err), &err);
    db_budget(db, 30);
    assert_int_equal(stmt_step(db, s, &err), -ERR_TIME);
    db_budget(db, 0);
    stmt_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_allowed),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_size),
        cmocka_unit_test(test_own_sql),
        cmocka_unit_test(test_budget),
    };
    return cmocka_run_group_tests_name("lint", tests, account_open_one, account_close);
}
