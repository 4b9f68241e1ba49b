/* SPDX-License-Identifier: Apache-2.0 */
/* test_store_health.c: feedback, account health with what got worse, notices. */
#include "data.h"

#include "data/health.h"
#include "data/notice.h"
#include "data/touched.h"

static const struct import plain = { 0 };

/* ---- feedback -------------------------------------------------------------------------------- */

static void test_feedback(void **state)
{
    (void)state;
    static const char columns[] = "line:count market:market order:text day:day stars:count comment:text response:text";
    static const char now[] = "SELECT market, order_id, order_day, fulfilment, day, stars, comment, response, removal, removed"
                              " FROM v1_feedback ORDER BY order_id";
    struct db *db = account_new("feedback.db");
    struct err err = { 0 };
    struct record_to to = { .db = db };
    const struct import german = { .market = "A1PA6795UKMFR9" }, older = { .market = "A1PA6795UKMFR9", .as_of = "2026-10-01T00:00:00Z" },
                        newer = { .market = "A1PA6795UKMFR9", .as_of = "2026-12-01T00:00:00Z" };
    assert_told(import_rows(db, &german, "feedback", columns,
        "2||303-1|2026-10-20|1|Broken, card 4111111111111111|\n3||303-2|2026-10-21|3||Sorry.\n4||303-1|2026-10-20|1|Broken, card 4111111111111111|"),
        2, 1, "");
    assert_string_equal(answer(db, now),
        "A1PA6795UKMFR9|303-1|-|-|20746|1|Broken, card [card number removed \u20261111]||-|-\n"
        "A1PA6795UKMFR9|303-2|-|-|20747|3||Sorry.|-|-\n");
    /* Known orders tell market and more; an order has one feedback, whatever the file names. */
    import_rows(db, &plain, "order_line", "line:count order:text market:market purchased:instant sku:text",
                "1|303-1|FR|2026-10-01T10:00:00Z|a");
    assert_told(import_rows(db, &newer, "feedback", columns, "2||303-1|2026-10-20|2|Still broken|"), 1, 0, "");
    assert_told(import_rows(db, &older, "feedback", columns, "2||303-1|2026-10-19|3|Fine|Thanks"), 0, 1, "");
    assert_string_equal(answer(db, "SELECT market, order_day, fulfilment, stars, comment, response FROM v1_feedback WHERE order_id = '303-1'"),
                        "A13V1IB3VIYZZH|20727|seller|2|Still broken|\n");

    /* By hand: an answer and a removal asked for; a file that knows nothing of them leaves them. */
    to.touched = 0;
    assert_int_equal(feedback_put(&to, &(struct feedback_row){ .order_id = "303-1", .response = "A new one is on its way." }, &err), 1);
    assert_int_equal(feedback_put(&to, &(struct feedback_row){ .order_id = "303-1", .removal_s = 1793500000 }, &err), 1);
    assert_int_equal(feedback_put(&to, &(struct feedback_row){ .order_id = "303-1", .removal_s = 1793500000 }, &err), 0);
    assert_int_equal(to.touched, TOUCHED_FEEDBACK);
    assert_told(import_rows(db, &newer, "feedback", columns, "2||303-1|2026-10-20|2|Still broken|\n3||303-3|2026-11-20|2||"), 1, 1, "");
    /* What a later file does not hold is not taken for removed. */
    assert_string_equal(answer(db, "SELECT order_id, response, removal, removed FROM v1_feedback ORDER BY order_id"),
                        "303-1|A new one is on its way.|1793500000|-\n303-2|Sorry.|-|-\n303-3||-|-\n");
    assert_int_equal(feedback_put(&to, &(struct feedback_row){ .order_id = "303-1", .removed_s = 1793600000 }, &err), 1);
    assert_int_equal(feedback_put(&to, &(struct feedback_row){ .order_id = "303-9", .removed_s = 1793600000 }, &err), -ERR_INPUT);

    assert_told(import_rows(db, &plain, "feedback", columns,
        "2|DE|303-4|2026-11-20|0||\n3|DE|303-4|2026-11-20|6||\n4||303-5|2026-11-20|1||\n5|DE||2026-11-20|1||\n6|DE|303-6||1||"),
        0, 0, "2 stars reject.range\n3 stars reject.range\n4 market reject.needed\n5 order reject.needed\n6 day reject.needed\n");
    /* Without a market in the row or the file, the order tells it. */
    import_rows(db, &plain, "order_line", "line:count order:text market:market purchased:instant sku:text", "1|303-5|IT|2026-10-01T10:00:00Z|a");
    assert_told(import_rows(db, &plain, "feedback", columns, "4||303-5|2026-11-20|1||"), 1, 0, "");
    db_close(db);
}

static void test_counts(void **state)
{
    (void)state;
    static const char columns[] = "line:count market:market day:day window_days:count positive:count neutral:count negative:count";
    struct db *db = account_new("counts.db");
    struct err err = { 0 };
    struct record_to to = { .db = db };
    /* features.md: 1001, 15 and 4 of 1020. */
    assert_told(import_rows(db, &plain, "feedback_count", columns,
        "2|DE|2026-11-01|365|1001|15|4\n3|DE|2026-11-01|0|9000|100|90\n4|DE|2026-11-01|365|1001|15|4\n5|DE|2026-11-01|30|-1|0|0\n"
        "6||2026-11-01|30|1|0|0"), 2, 1, "5 positive reject.range\n6 market reject.needed\n");
    const struct feedback_count_row row = {
        .market = market_find("DE"), .day = 20758, .window_days = 365, .positive = 1002, .neutral = 15, .negative = 4,
        .source = "typed",
    };
    assert_int_equal(feedback_count_put(&to, &row, &err), 1);
    assert_int_equal(feedback_count_put(&to, &row, &err), 0);
    assert_string_equal(answer(db, "SELECT window_days, positive, neutral, negative, source FROM v1_feedback_counts ORDER BY window_days"),
                        "0|9000|100|90|report\n365|1002|15|4|typed\n");
    assert_told(import_rows(db, &plain, "feedback_count", "line:count market:market day:day window_days:count positive:count"
                            " neutral:count negative:count stars_100:count",
                            "2|DE|2026-11-01|365|1002|15|4|480\n3|DE|2026-11-01|0|9000|100|90|501"), 1, 0, "3 stars_100 reject.range\n");
    assert_string_equal(answer(db, "SELECT stars_hundredths FROM v1_feedback_counts WHERE window_days = 365"), "480\n");
    db_close(db);
}

/* ---- account health -------------------------------------------------------------------------- */

static const char health[] = "line:count market:market at:instant status:text rating:count rating_status:text";
static const char metric[] = "line:count market:market at:instant metric:text fulfilment:text num:count den:count rate_ppm:count"
                             " target_ppm:count condition:text status:text";
static const char noticed[] = "SELECT class, kind, severity, subject, before, after, ref FROM v1_notices ORDER BY notice";

/* One report: its account row and its metrics in one import. */
static void import_report(struct db *db, struct policies *p, const char *account, const char *metrics)
{
    struct err err = { 0 };
    struct told told = { 0 };
    struct arena *a = arena_new("report", 4096);
    const struct store_setup setup = { "test", "", 1793491200, on_reject, &told, p };
    struct souk_rows first = rows_of(a, health, account), rest = rows_of(a, metric, metrics);
    struct store *s;
    assert_well(db_begin(db, &err), &err);
    assert_well(store_begin(&s, db, &setup, &err), &err);
    assert_well(store_put(s, "health", &first, on_outcome, &told, &err), &err);
    assert_well(store_put(s, "health_metric", &rest, on_outcome, &told, &err), &err);
    assert_well(store_finish(s, &err), &err);
    store_end(s);
    assert_well(db_end(db, 0, &err), &err);
    assert_int_equal(told.n[STORE_REJECTED], 0);
    buf_free(&told.rejects);
    arena_free(a);
}

static void test_health(void **state)
{
    (void)state;
    struct db *db = account_new("health.db");
    static const char october[] =
        "1|DE|2026-10-01T00:00:00Z|late||10|1000|10000|40000|LESS_THAN|GOOD\n"
        "1|DE|2026-10-01T00:00:00Z|defect|seller|1|1000|1000|10000|LESS_THAN|GOOD\n"
        "1|DE|2026-10-01T00:00:00Z|defect|marketplace|1|1000|1000|10000|LESS_THAN|BAD\n"
        "1|DE|2026-10-01T00:00:00Z|invoice||||||LESS_THAN|NONE\n"
        "1|DE|2026-10-01T00:00:00Z|cancel||||||LESS_THAN|GOOD\n"
        "1|DE|2026-10-01T00:00:00Z|tracking||||||GREATER_THAN|FAIR\n";
    /* The first report has nothing before it. */
    import_report(db, NULL, "1|DE|2026-10-01T00:00:00Z|NORMAL|300|GOOD", october);
    assert_string_equal(answer(db, noticed), "");
    import_report(db, NULL, "1|DE|2026-11-01T00:00:00Z|AT_RISK|150|WARNED",
        "1|DE|2026-11-01T00:00:00Z|late||50|1000|50000|40000|LESS_THAN|BAD\n"
        "1|DE|2026-11-01T00:00:00Z|defect|seller|1|1000|1000|10000|LESS_THAN|GOOD\n"
        "1|DE|2026-11-01T00:00:00Z|defect|marketplace|1|1000|1000|10000|LESS_THAN|GOOD\n"
        "1|DE|2026-11-01T00:00:00Z|invoice||||||LESS_THAN|GOOD\n"      /* data came: no news */
        "1|DE|2026-11-01T00:00:00Z|cancel||||||LESS_THAN|NONE\n"       /* data went */
        "1|DE|2026-11-01T00:00:00Z|tracking||||||GREATER_THAN|ODD\n"
        "1|DE|2026-11-01T00:00:00Z|listingPolicyViolations||4|||0|EQUALS|BAD\n");
    static const char november[] =
        "account|health.worse|watch|account|NORMAL|AT_RISK|metric:account\n"
        "metric|health.worse|watch|rating|GOOD|WARNED|metric:rating\n"
        "metric|health.better|info|defect:marketplace|BAD|GOOD|metric:defect\n"
        "metric|health.worse|bad|late|GOOD|BAD|metric:late\n"
        "metric|health.changed|watch|tracking|FAIR|ODD|metric:tracking\n";
    assert_string_equal(answer(db, noticed), november);
    assert_string_equal(answer(db, "SELECT DISTINCT at, market, source FROM v1_notices"), "1793491200|A1PA6795UKMFR9|report\n");
    /* Again is no news, nor is an older report that comes late, nor another market's. */
    import_report(db, NULL, "1|DE|2026-11-01T00:00:00Z|AT_RISK|150|WARNED", "1|DE|2026-11-01T00:00:00Z|late||50|1000|50000|40000|LESS_THAN|BAD\n");
    import_report(db, NULL, "1|DE|2026-10-15T00:00:00Z|DEACTIVATED|0|BAD", "1|DE|2026-10-15T00:00:00Z|late||90|1000|||LESS_THAN|FAIR\n");
    import_report(db, NULL, "1|US|2026-12-15T00:00:00Z|DEACTIVATED|0|BAD", "1|US|2026-12-15T00:00:00Z|late||90|1000|||LESS_THAN|BAD\n");
    assert_string_equal(answer(db, noticed), november);
    /* Each state is compared with the last one of its kind, however long ago. */
    import_report(db, NULL, "1|DE|2026-12-01T00:00:00Z|SUSPENDED||", "1|DE|2026-12-01T00:00:00Z|cancel||||||LESS_THAN|BAD\n");
    assert_string_equal(answer(db, "SELECT kind, severity, subject, before, after FROM v1_notices WHERE notice > 5 ORDER BY notice"),
        "health.worse|bad|account|AT_RISK|SUSPENDED\nhealth.worse|bad|cancel|NONE|BAD\n");
    assert_string_equal(answer(db, "SELECT at, status, rating, rating_status, source FROM v1_health WHERE market = 'A1PA6795UKMFR9' ORDER BY at DESC LIMIT 1"),
                        "1796083200|SUSPENDED|-|-|report\n");
    assert_string_equal(answer(db, "SELECT num, den, rate_ppm, target_ppm, condition, status FROM v1_health_metrics"
                                   " WHERE metric = 'late' AND at = 1793491200"), "50|1000|50000|40000|LESS_THAN|BAD\n");
    db_close(db);
}

/* A rating that is typed as a number has the word of its band, by the policy of the day. */
static void test_rating(void **state)
{
    (void)state;
    struct db *db = account_new("rating.db");
    struct err err = { 0 };
    struct policies *p;
    FILE *f = fopen(scratch_path("DE.ini"), "w");
    assert_non_null(f);
    fprintf(f, "[rating.healthy]\nvalue = 200\nsince = 2020-01-01\nsource = here\nchecked = 2026-11-01\nabout = For this test.\n\n"
               "[rating.at_risk]\nvalue = 100\nsince = 2020-01-01\nsource = here\nchecked = 2026-11-01\nabout = For this test.\n");
    fclose(f);
    assert_well(policies_open(&p, scratch, &err), &err);
    static const struct { int64_t rating; const char *notices; } steps[] = {
        { 200, "" },
        { 199, "health.worse|watch|HEALTHY|AT_RISK\n" },
        { 150, "health.worse|watch|HEALTHY|AT_RISK\n" },
        { 99,  "health.worse|watch|HEALTHY|AT_RISK\nhealth.worse|bad|AT_RISK|UNHEALTHY\n" },
        { 1000, "health.worse|watch|HEALTHY|AT_RISK\nhealth.worse|bad|AT_RISK|UNHEALTHY\nhealth.better|info|UNHEALTHY|HEALTHY\n" },
    };
    struct record_to to = { .db = db, .policies = p };
    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        const struct health_row row = { .market = market_find("DE"), .at_s = 1793491200 + 86400 * (int64_t)i,
                                        .rating = TOLD(steps[i].rating), .source = "typed" };
        assert_int_equal(health_put(&to, &row, &err), 1);
        assert_int_equal(health_put(&to, &row, &err), 0);
        assert_well(health_compare(&to, row.market, row.at_s, &err), &err);
        assert_string_equal(answer(db, "SELECT kind, severity, before, after FROM v1_notices ORDER BY notice"), steps[i].notices);
    }
    assert_told(import_rows(db, &plain, "health", health, "1|DE|2026-12-01T00:00:00Z||1001|\n2||2026-12-01T00:00:00Z||5|"), 0, 0,
                "1 rating reject.range\n2 market reject.needed\n");
    assert_told(import_rows(db, &plain, "health_metric", metric, "1|DE|2026-12-01T00:00:00Z|||1||||||\n"
                            "2|DE|2026-12-01T00:00:00Z|late|Amazon|1|||||GOOD"), 0, 0,
                "1 metric reject.needed\n2 fulfilment reject.word\n");
    policies_free(p);
    db_close(db);
}

/* ---- notices --------------------------------------------------------------------------------- */

static const char notices[] = "line:count notice_id:text at:instant class:text kind:text severity:text market:market subject:text"
                              " before:text after:text ref:text deadline:instant amount:money";

static void test_notices(void **state)
{
    (void)state;
    struct db *db = account_new("notices.db");
    struct err err = { 0 };
    struct record_to to = { .db = db };
    int64_t no;
    assert_told(import_rows(db, &plain, "notice", notices,
        "1|n-1|2026-10-01T10:00:00Z|account|ACCOUNT_STATUS_CHANGED|bad|DE|account|NORMAL|AT_RISK|||\n"
        "2|n-2|2026-10-02T10:00:00Z|infringement|mail|watch||Your card 4111 1111 1111 1111|||sku:A-1|2026-10-09T10:00:00Z|12.00 EUR\n"
        "3|n-1|2026-10-03T10:00:00Z|account|OTHER|info|DE|account|x|y|||\n"
        "4||2026-10-03T10:00:00Z|account|OTHER|info|DE|account|x|y|||\n"
        "5|n-3|2026-10-03T10:00:00Z|account|OTHER|severe|DE|account|x|y|||\n"), 2, 1,
        "4 notice_id reject.needed\n5 severity reject.word\n");
    assert_string_equal(answer(db, "SELECT notice, class, kind, severity, subject, before, after, ref, deadline, currency, amount,"
                                   " read, done, source FROM v1_notices ORDER BY notice"),
        "1|account|ACCOUNT_STATUS_CHANGED|bad|account|NORMAL|AT_RISK|-|-|-|-|-|-|notification\n"
        "2|infringement|mail|watch|Your card [card number removed \u20261111]|||sku:A-1|1791540000|EUR|1200|-|-|notification\n");

    static const char marks[] = "SELECT read, done FROM v1_notices WHERE notice = 1";
    assert_int_equal(notice_read(&to, 1, 500, &err), 1);
    assert_int_equal(notice_read(&to, 1, 600, &err), 0);            /* the first time counts */
    assert_int_equal(notice_done(&to, 1, 700, &err), 1);
    assert_int_equal(notice_done(&to, 1, 800, &err), 0);
    assert_string_equal(answer(db, marks), "500|700\n");
    assert_int_equal(notice_done(&to, 1, 0, &err), 1);
    assert_int_equal(notice_done(&to, 1, 0, &err), 0);
    assert_string_equal(answer(db, marks), "500|-\n");
    assert_int_equal(notice_read(&to, 1, 0, &err), 1);
    assert_int_equal(notice_done(&to, 1, 900, &err), 1);
    assert_string_equal(answer(db, marks), "900|900\n");
    assert_int_equal(notice_done(&to, 9, 900, &err), -ERR_ABSENT);
    err_clear(&err);
    assert_int_equal(notice_put(&to, &(struct notice_row){ .at_s = 1, .class = "holiday", .kind = "typed", .severity = "info",
                                                           .subject = "Closed" }, &no, &err), 1);
    assert_int_equal(no, 3);
    assert_string_equal(answer(db, "SELECT notice_id, source FROM notice WHERE no = 3"), "own-3|typed\n");
    assert_int_equal(to.touched, TOUCHED_NOTICES);
    db_close(db);
}

/* A settlement that does not sum stays one notice; it is mended by the file that makes it sum. */
static void test_settlement(void **state)
{
    (void)state;
    static const char cycle[] = "line:count settlement:text currency:currency total:money";
    static const char ledger[] = "line:count settlement:text type:text amount:money";
    static const char now[] = "SELECT class, kind, severity, subject, ref, currency, amount, read, CASE WHEN done IS NULL THEN 'open'"
                              " ELSE 'done' END, source FROM v1_notices";
    struct db *db = account_new("settlement.db");
    struct err err = { 0 };
    struct record_to to = { .db = db };
    import_rows(db, &plain, "cycle", cycle, "2|7293|EUR|10.00 EUR");
    assert_string_equal(answer(db, now), "payment|settlement.unbalanced|bad|7293|settlement:7293|EUR|1000|-|open|souk\n");
    assert_int_equal(notice_done(&to, 1, 5, &err), 1);
    import_rows(db, &plain, "ledger", ledger, "3|7293|Order|12.00 EUR");       /* another amount: open again */
    assert_string_equal(answer(db, now), "payment|settlement.unbalanced|bad|7293|settlement:7293|EUR|200|-|open|souk\n");
    import_rows(db, &plain, "ledger", ledger, "3|7293|Order|12.00 EUR\n4|7293|Fee|-2.00 EUR");
    assert_string_equal(answer(db, "SELECT amount, CASE WHEN done IS NULL THEN 'open' ELSE 'done' END, after FROM v1_notices"), "0|done|mended\n");
    import_rows(db, &plain, "ledger", ledger, "5|7293|Fee|-3.00 EUR");
    assert_string_equal(answer(db, now), "payment|settlement.unbalanced|bad|7293|settlement:7293|EUR|300|-|open|souk\n");
    /* One that sums from the start makes none. */
    import_rows(db, &plain, "cycle", cycle, "2|7294|EUR|0.00 EUR");
    assert_string_equal(answer(db, "SELECT count(*) FROM v1_notices"), "1\n");
    assert_string_equal(answer(db, "SELECT version FROM touched WHERE area = 'notices'"), "4\n");
    db_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_feedback),
        cmocka_unit_test(test_counts),
        cmocka_unit_test(test_health),
        cmocka_unit_test(test_rating),
        cmocka_unit_test(test_notices),
        cmocka_unit_test(test_settlement),
    };
    return cmocka_run_group_tests_name("store_health", tests, scratch_make, scratch_remove);
}
