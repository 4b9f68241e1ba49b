/* SPDX-License-Identifier: Apache-2.0 */
/* test_command_health.c: feedback, account health typed in, notices. */
#include "command.h"

#include "data/health.h"
#include "data/notice.h"

/* ---- feedback -------------------------------------------------------------------------------- */

static void feedback_shop(struct shop *s, const char *name)
{
    shop_open(s, name);
    struct record_to to = { s->db, s->policies, 0 };
    const struct feedback_row row = {
        .order_id = "303-1234567-1234567", .market = market_find("DE"), .day = TOLD(20770), .stars = TOLD(2),
        .comment = "Too late", .told_s = instant("2026-11-20T00:00:00Z"),
    };
    assert_well(db_begin(s->db, &s->err), &s->err);
    assert_well(feedback_put(&to, &row, &s->err), &s->err);
    assert_well(db_end(s->db, 0, &s->err), &s->err);
}

static void feedback_is_answered(void **state)
{
    (void)state;
    struct shop s;
    feedback_shop(&s, "feedback.db");
    does(&s, "response is written down", "feedback.respond", "order=303-1234567-1234567",
         "response=We are sorry; your card 4111 1111 1111 1111 is refunded.");
    assert_string_equal(s.result.ref, "order:303-1234567-1234567");
    does(&s, "removal was asked for", "feedback.removal", "order=303-1234567-1234567");
    assert_string_equal(answer(s.db, "SELECT stars, comment, response, removal, removed FROM v1_feedback"),
        "2|Too late|We are sorry; your card [card number removed …1111] is refunded.|1795428000|-\n");
    s.setup.now_s += 86400;
    does(&s, "feedback was removed", "feedback.removed", "order=303-1234567-1234567");
    assert_string_equal(answer(s.db, "SELECT removal, removed FROM v1_feedback"), "1795428000|1795514400\n");
    is_refused(&s, ERR_ABSENT, "order", "no feedback for the order 1", "feedback.respond", "order=1", "response=x");
    is_refused(&s, ERR_ABSENT, "order", "no feedback for the order 1", "feedback.removal", "order=1");
    is_refused(&s, ERR_ABSENT, "order", "no feedback for the order 1", "feedback.removed", "order=1");
    is_refused(&s, ERR_INPUT, "response", "needed", "feedback.respond", "order=303-1234567-1234567");
    shop_close(&s);
}

static void the_feedback_table_is_typed_in(void **state)
{
    (void)state;
    struct shop s;
    shop_open(&s, "counts.db");
    does(&s, "Amazon.de", "feedback.counts", "market=DE", "window=d30", "positive=98", "neutral=1", "negative=1");
    does(&s, "Amazon.de", "feedback.counts", "market=DE", "window=lifetime", "day=2026-11-01", "positive=1001",
         "neutral=15", "negative=4");
    does(&s, "Amazon.de", "feedback.counts", "market=DE", "window=d30", "positive=97", "neutral=2", "negative=1");
    assert_string_equal(answer(s.db, "SELECT day, window_days, positive, neutral, negative, source FROM v1_feedback_counts"
                                     " ORDER BY day"),
                        "20758|0|1001|15|4|typed\n20780|30|97|2|1|typed\n");
    static const struct { const char *typed; const char *kept; } stars[] = {
        { "stars=4.8", "480\n" }, { "stars=4,75", "475\n" }, { "stars=5", "500\n" }, { "stars=1.0", "100\n" },
    };
    for (size_t i = 0; i < COUNT_OF(stars); i++) {
        does(&s, "Amazon.de", "feedback.counts", "market=DE", "window=d365", "positive=90", "neutral=5", "negative=5",
             stars[i].typed);
        assert_string_equal(answer(s.db, "SELECT stars_hundredths FROM v1_feedback_counts WHERE window_days = 365"), stars[i].kept);
    }
    static const char *const no_stars[] = { "stars=0.9", "stars=5.1", "stars=four", "stars=4.8x", "stars=.875", "stars=-3" };
    for (size_t i = 0; i < COUNT_OF(no_stars); i++)
        is_refused(&s, ERR_INPUT, "stars", "a number from 1 to 5", "feedback.counts", "market=DE", "window=d365", "positive=1",
                   "neutral=0", "negative=0", no_stars[i]);
    is_refused(&s, ERR_INPUT, "day", "has not come yet", "feedback.counts", "market=DE", "window=d30", "day=2026-11-24",
               "positive=1", "neutral=0", "negative=0");
    is_refused(&s, ERR_INPUT, "window", "cannot be chosen", "feedback.counts", "market=DE", "window=d60", "positive=1",
               "neutral=0", "negative=0");
    is_refused(&s, ERR_INPUT, "negative", "negative", "feedback.counts", "market=DE", "window=d30", "positive=1",
               "neutral=0", "negative=-1");
    is_refused(&s, ERR_INPUT, "market", "market", "feedback.counts", "market=XX", "window=d30", "positive=1", "neutral=0",
               "negative=0");
    shop_close(&s);
}

/* ---- account health -------------------------------------------------------------------------- */

static void the_rating_is_typed_in(void **state)
{
    (void)state;
    struct shop s;
    shop_open(&s, "rating.db");
    does(&s, "Amazon.de is written down: 320", "health.rating", "market=DE", "rating=320", "status=GOOD",
         "at=2026-11-20 09:00");
    assert_string_equal(s.result.ref, "market:DE");
    does(&s, "190", "health.rating", "market=DE", "rating=190", "status=AT_RISK");
    assert_string_equal(answer(s.db, "SELECT at, rating, rating_status, source FROM v1_health ORDER BY at"),
                        "1795161600|320|GOOD|typed\n1795428000|190|AT_RISK|typed\n");
    /* What became worse is told of at once. */
    assert_string_equal(answer(s.db, "SELECT class, kind, before, after FROM v1_notices"), "metric|health.worse|GOOD|AT_RISK\n");
    is_refused(&s, ERR_INPUT, "rating", "between 0 and 1000", "health.rating", "market=DE", "rating=1001");
    is_refused(&s, ERR_INPUT, "rating", "needed", "health.rating", "market=DE");
    is_refused(&s, ERR_INPUT, "at", "has not come yet", "health.rating", "market=DE", "rating=1", "at=2026-11-24 00:00");
    shop_close(&s);
}

static void a_metric_is_typed_in(void **state)
{
    (void)state;
    struct shop s;
    shop_open(&s, "metric.db");
    does(&s, "metric of Amazon.de", "health.metric", "market=DE", "metric=defect", "fulfilment=seller", "num=3", "den=400",
         "claims=1", "chargebacks=0", "negative=2", "rate=0.75", "target=1", "status=good", "from=2026-09-24 00:00",
         "to=2026-11-22 23:59");
    assert_string_equal(answer(s.db, "SELECT at, metric, fulfilment, num, den, claims, chargebacks, negative, rate_ppm,"
                                     " target_ppm, condition, status, from_s, to_s FROM v1_health_metrics"),
        "1795428000|defect|seller|3|400|1|0|2|7500|10000|LESS_THAN|GOOD|1790200800|1795388340\n");
    does(&s, "metric of Amazon.de", "health.metric", "market=DE", "metric=tracking", "rate=96,5");
    assert_string_equal(answer(s.db, "SELECT num, den, rate_ppm, condition, status FROM v1_health_metrics"
                                     " WHERE metric = 'tracking'"), "-|-|965000|GREATER_THAN|\n");
    is_refused(&s, ERR_INPUT, "num", "how many there were, or the rate", "health.metric", "market=DE", "metric=late");
    is_refused(&s, ERR_INPUT, "num", "how many of the 10", "health.metric", "market=DE", "metric=late", "den=10", "rate=1");
    is_refused(&s, ERR_INPUT, "num", "11 of 10 cannot be", "health.metric", "market=DE", "metric=late", "num=11", "den=10");
    is_refused(&s, ERR_INPUT, "claims", "Only the order defect rate", "health.metric", "market=DE", "metric=late", "num=1",
               "claims=1");
    is_refused(&s, ERR_INPUT, "negative", "cannot be more than the 3", "health.metric", "market=DE", "metric=defect",
               "num=3", "negative=4");
    is_refused(&s, ERR_INPUT, "to", "ends before it begins", "health.metric", "market=DE", "metric=late", "num=3",
               "from=2026-11-02 00:00", "to=2026-11-01 00:00");
    is_refused(&s, ERR_INPUT, "rate", "between 0.00 and 100.00", "health.metric", "market=DE", "metric=late", "rate=101");
    is_refused(&s, ERR_INPUT, "metric", "cannot be chosen", "health.metric", "market=DE", "metric=weather", "num=1");
    shop_close(&s);
}

/* ---- notices --------------------------------------------------------------------------------- */

static void a_notice_is_typed_in(void **state)
{
    (void)state;
    struct shop s;
    shop_open(&s, "notice.db");
    does(&s, "notice is written down", "notice.add", "class=policy", "subject=New return rules", "market=DE",
         "text=From January on ...", "deadline=2027-01-01 00:00", "amount=100,00", "ref=sku:A-1");
    assert_string_equal(s.result.ref, "notice:1");
    assert_string_equal(answer(s.db, "SELECT at, class, kind, severity, market, subject, before, after, ref, deadline,"
                                     " currency, amount, read, done, source FROM v1_notices"),
        "1795428000|policy|typed|info|A1PA6795UKMFR9|New return rules||From January on ...|sku:A-1|1798758000|EUR|10000"
        "|-|-|typed\n");
    does(&s, "written down", "notice.add", "class=holiday", "subject=Strike", "severity=watch");
    assert_string_equal(s.result.ref, "notice:2");
    is_refused(&s, ERR_INPUT, "class", "cannot be chosen", "notice.add", "class=weather", "subject=x");
    is_refused(&s, ERR_INPUT, "subject", "needed", "notice.add", "class=policy");
    is_refused(&s, ERR_INPUT, "ref", "write it like", "notice.add", "class=policy", "subject=x", "ref=A-1");
    is_refused(&s, ERR_INPUT, "amount", "currency", "notice.add", "class=policy", "subject=x", "amount=12");
    shop_close(&s);
}

static void notices_are_read_and_done(void **state)
{
    (void)state;
    static const char sql[] = "SELECT notice, read, done FROM v1_notices ORDER BY notice";
    struct shop s;
    shop_open(&s, "done.db");
    does(&s, "written down", "notice.add", "class=policy", "subject=one");
    does(&s, "written down", "notice.add", "class=policy", "subject=two", "severity=bad");
    does(&s, "written down", "notice.add", "class=fee", "subject=three");
    does(&s, "is read", "notice.read", "notice=1");
    assert_string_equal(s.result.ref, "notice:1");
    assert_string_equal(answer(s.db, sql), "1|1795428000|-\n2|-|-\n3|-|-\n");
    does(&s, "is acknowledged", "notice.done", "notice=1");
    assert_string_equal(answer(s.db, sql), "1|1795428000|1795428000\n2|-|-\n3|-|-\n");
    does(&s, "open again", "notice.undo", "notice=1");
    assert_string_equal(answer(s.db, sql), "1|1795428000|-\n2|-|-\n3|-|-\n");
    does(&s, "One notice is acknowledged", "notice.done_all", "class=policy", "severity=bad");
    does(&s, "2 notices are acknowledged", "notice.done_all");
    does(&s, "No notice was open", "notice.done_all");
    assert_string_equal(answer(s.db, "SELECT count(*) FROM v1_notices WHERE done = 1795428000"), "3\n");
    is_refused(&s, ERR_ABSENT, "notice", "no notice", "notice.read", "notice=9");
    is_refused(&s, ERR_ABSENT, "notice", "no notice", "notice.done", "notice=9");
    is_refused(&s, ERR_ABSENT, "notice", "no notice", "notice.undo", "notice=9");
    is_refused(&s, ERR_INPUT, "class", "cannot be chosen", "notice.done_all", "class=weather");
    shop_close(&s);
}

static void what_fails_leaves_nothing(void **state)
{
    (void)state;
    static const char *const fails[] = { "INSERT ON audit", "INSERT ON event" };
    for (size_t i = 0; i < COUNT_OF(fails); i++) {
        struct shop s;
        char name[40], sql[160];
        snprintf(name, sizeof name, "health-whole-%zu.db", i);
        feedback_shop(&s, name);
        does(&s, "written down", "notice.add", "class=policy", "subject=one");
        snprintf(sql, sizeof sql, "CREATE TRIGGER fails BEFORE %s BEGIN SELECT RAISE(ABORT, 'no'); END", fails[i]);
        run_sql(s.db, sql);
        is_refused(&s, ERR_BUG, "", "no", "notice.add", "class=policy", "subject=two");
        is_refused(&s, ERR_BUG, "", "no", "notice.done_all");
        is_refused(&s, ERR_BUG, "", "no", "health.rating", "market=JP", "rating=200");
        is_refused(&s, ERR_BUG, "", "no", "health.metric", "market=DE", "metric=late", "num=3");
        is_refused(&s, ERR_BUG, "", "no", "feedback.removal", "order=303-1234567-1234567");
        shop_close(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(feedback_is_answered),
        cmocka_unit_test(the_feedback_table_is_typed_in),
        cmocka_unit_test(the_rating_is_typed_in),
        cmocka_unit_test(a_metric_is_typed_in),
        cmocka_unit_test(a_notice_is_typed_in),
        cmocka_unit_test(notices_are_read_and_done),
        cmocka_unit_test(what_fails_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
