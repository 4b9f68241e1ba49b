/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_health.c: Account Health, Seller Rating and Customer Feedback: what reports say, what Souk counts, and how far
 * both are from their limits.
 *
 * The metrics are worked by hand from features.md (b): each test names its row.
 */
#include "widget.h"

#define NOW "2026-11-23T10:00:00Z"
#define GERMANY "A1PA6795UKMFR9"

static const struct import plain = { 0 };

static void open_as(struct scene *s, const char *widget)
{
    scene_open(s, "health");
    s->id = widget;
    s->shop.setup.now_s = instant(NOW);
}

/* A metric as it is typed in, and the first stat called "reported" with it. */
static const struct souk_stat *reported(struct scene *s, const char *market, const char *metric, int num, int den, const char *at)
{
    char words[5][60];
    snprintf(words[0], sizeof words[0], "market=%s", market);
    snprintf(words[1], sizeof words[0], "metric=%s", metric);
    snprintf(words[2], sizeof words[0], "num=%d", num);
    snprintf(words[3], sizeof words[0], "den=%d", den);
    snprintf(words[4], sizeof words[0], "at=%s", at);
    does(&s->shop, "metric of", "health.metric", words[0], words[1], words[2], words[3], words[4]);
    snprintf(words[0], sizeof words[0], "market=%s metric=%s", market, metric);
    show_page(s, NOW, words[0]);
    return &must_see(s, VIEW_STAT, "reported", 0)->stat;
}

static void assert_says(const struct souk_stat *stat, const char *value, uint32_t tone, const char *note, int64_t n)
{
    assert_string_equal(worth(&stat->value), value);
    assert_int_equal(stat->tone, tone);
    assert_string_equal(stat->note.key, note);
    if (stat->note.args.n > 1 && n)
        assert_int_equal(stat->note.args.at[1].value.num, n);
}

/* ---- limits, in whole numbers ------------------------------------------------------------------ */

static void test_limits(void **state)
{
    (void)state;
    static const struct {
        const char *name, *market, *metric;
        int num, den;
        uint32_t tone;
        const char *note;
        int64_t n;                                      /* until it is reached, or too many */
    } cases[] = {
        /* "Late shipment rate", less than 4 %: 4 of 100 are not less. */
        { "LSR, far away", "DE", "late", 0, 100, SOUK_GOOD, "target_under_left", 4 },
        { "LSR, near", "DE", "late", 3, 100, SOUK_WATCH, "target_under_left", 1 },
        { "LSR, at the limit", "DE", "late", 4, 100, SOUK_BAD, "target_under_missed", 1 },
        { "LSR, just less: 3.99 %", "DE", "late", 399, 10000, SOUK_WATCH, "target_under_left", 1 },
        { "LSR, two too many", "DE", "late", 5, 100, SOUK_BAD, "target_under_missed", 2 },
        /* "Order defect rate", less than 1 %. */
        { "ODR, 1 of 100", "DE", "defect", 1, 100, SOUK_BAD, "target_under_missed", 1 },
        { "ODR, 1 of 101", "DE", "defect", 1, 101, SOUK_WATCH, "target_under_left", 1 },
        { "ODR of the sample report", "DE", "defect", 1078, 539000, SOUK_GOOD, "target_under_left", 5390 - 1078 },
        /* "Pre-fulfilment cancel rate", less than 2.5 %, in India less than 2 %. */
        { "CR, 1 of 40", "DE", "cancel", 1, 40, SOUK_BAD, "target_under_missed", 1 },
        { "CR, 1 of 41", "DE", "cancel", 1, 41, SOUK_WATCH, "target_under_left", 1 },
        { "CR, 4 of 200", "DE", "cancel", 4, 200, SOUK_WATCH, "target_under_left", 1 },
        { "CR, 4 of 200 in India", "IN", "cancel", 4, 200, SOUK_BAD, "target_under_missed", 1 },
        { "CR, 1 of 51 in India", "IN", "cancel", 1, 51, SOUK_WATCH, "target_under_left", 1 },
        /* "Valid tracking rate", at least 95 %: 190 of 200 pass. */
        { "VTR, 190 of 200", "US", "tracking", 190, 200, SOUK_WATCH, "target_least_left", 1 },
        { "VTR, 189 of 200", "US", "tracking", 189, 200, SOUK_BAD, "target_least_missed", 1 },
        { "VTR, 200 of 200", "US", "tracking", 200, 200, SOUK_GOOD, "target_least_left", 11 },
        { "VTR, 189 of 200 where missing it costs nothing", "IN", "tracking", 189, 200, SOUK_WATCH, "target_least_missed", 1 },
        /* "On-time delivery rate", at least 90 % in the US. */
        { "OTDR, 90 of 100", "US", "delivery", 90, 100, SOUK_WATCH, "target_least_left", 1 },
        { "OTDR, 89 of 100", "US", "delivery", 89, 100, SOUK_BAD, "target_least_missed", 1 },
        { "OTDR, 98 of 100", "US", "delivery", 98, 100, SOUK_GOOD, "target_least_left", 9 },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct scene s;
        char value[60];
        open_as(&s, "health");
        const struct souk_stat *stat = reported(&s, cases[i].market, cases[i].metric, cases[i].num, cases[i].den, "2026-11-22 12:00");
        snprintf(value, sizeof value, "%d/%d", cases[i].num, cases[i].den);
        if (stat->tone != cases[i].tone || !text_is(stat->note.key, cases[i].note))
            fail_msg("%s: %u %s", cases[i].name, stat->tone, stat->note.key);
        assert_says(stat, value, cases[i].tone, cases[i].note, cases[i].n);
        assert_int_equal(rows_behind(&s, stat->why), 1);
        scene_close(&s);
    }
}

/* 0 of 0 is not 0 %. */
static void test_nothing_of_nothing(void **state)
{
    (void)state;
    struct scene s;
    open_as(&s, "health");
    const struct souk_stat *stat = reported(&s, "DE", "late", 0, 0, "2026-11-22 12:00");
    assert_string_equal(worth(&stat->value), "0/0");
    assert_int_equal(stat->tone, SOUK_PLAIN);
    assert_string_equal(stat->note.key, "target_under");
    scene_close(&s);
}

/* The limit is that of the day of the figure; and changing the file changes the verdict. */
static void test_the_file_decides(void **state)
{
    (void)state;
    struct scene s;
    open_as(&s, "health");
    /* The day before 2024-09-25: 97 % were recommended, and missing them cost nothing. */
    const struct souk_stat *stat = reported(&s, "US", "delivery", 96, 100, "2024-09-24 12:00");
    assert_says(stat, "96/100", SOUK_WATCH, "target_least_missed", 1);
    assert_string_equal(stat->why->policy, "delivery.limit");
    assert_int_equal(stat->note.args.at[0].value.num, 9700);
    stat = reported(&s, "US", "delivery", 96, 100, "2024-09-25 12:00");
    assert_says(stat, "96/100", SOUK_GOOD, "target_least_left", 7);
    assert_int_equal(stat->note.args.at[0].value.num, 9000);
    stat = reported(&s, "DE", "late", 4, 100, "2026-11-22 12:00");
    assert_int_equal(stat->tone, SOUK_BAD);
    policy_change(&s, "DE", "/^\\[late.limit\\]/,/^$/s/^value = 4 %/value = 5 %/");
    show_page(&s, NOW, "market=DE metric=late");
    assert_says(&must_see(&s, VIEW_STAT, "reported", 0)->stat, "4/100", SOUK_WATCH, "target_under_left", 1);
    policy_change(&s, "DE", "/^\\[late.limit\\]/,/^$/s/^value = 5 %/value = 6 %/");
    show_page(&s, NOW, "market=DE metric=late");
    assert_says(&must_see(&s, VIEW_STAT, "reported", 0)->stat, "4/100", SOUK_GOOD, "target_under_left", 2);
    scene_close(&s);
}

/*
 * "On-time delivery rate": 14 days that end 7 days ago.  130 units were promised in 21 days, 30 of them in the last 7: the
 * window holds 100, from the 21st day before today to the 8th.
 */
static void test_delivery_window(void **state)
{
    (void)state;
    struct scene s;
    int32_t today;
    open_as(&s, "health");
    assert_true(day_parse("2026-11-23", &today));
    reported(&s, "US", "delivery", 90, 130 - 30, "2026-11-22 12:00");
    const struct souk_args *args = &must_see(&s, VIEW_TEXT, "window_lag", 0)->text.text.args;
    assert_int_equal(args->at[0].value.num, 14);
    assert_int_equal(args->at[1].value.num, 7);
    assert_int_equal(args->at[2].value.num, today - 21);
    assert_int_equal(args->at[3].value.num, today - 8);
    assert_int_equal(args->at[3].value.num - args->at[2].value.num + 1, 14);
    scene_close(&s);
}

/* ---- reports ----------------------------------------------------------------------------------- */

static const char health[] = "line:count market:market at:instant status:text rating:count rating_status:text";
static const char metric[] =
    "line:count market:market at:instant metric:text fulfilment:text num:count den:count claims:count chargebacks:count"
    " negative:count rate_ppm:count target_ppm:count condition:text status:text from:instant to:instant";

static void test_report(void **state)
{
    (void)state;
    struct scene s;
    open_as(&s, "health");
    show_card(&s, NOW, "");
    assert_string_equal(must_see(&s, VIEW_EMPTY, "no_health", 0)->empty.fills, "amazon.health");
    assert_told(import_rows(s.shop.db, &plain, "health", health, "1|DE|2026-11-15T23:00:00Z|NORMAL||GOOD\n"
                            "2|DE|2026-11-22T23:00:00Z|AT_RISK|150|AT_RISK"), 2, 0, "");
    assert_told(import_rows(s.shop.db, &plain, "health_metric", metric,
        "1|DE|2026-11-15T23:00:00Z|defect|seller|1|500|1|0|0|2000|10000|LESS_THAN|GOOD|2026-09-08T23:00:00Z|2026-11-07T23:00:00Z\n"
        "2|DE|2026-11-22T23:00:00Z|defect|seller|5|500|3|1|2|10000|10000|LESS_THAN|BAD|2026-09-15T22:00:00Z|2026-11-14T23:00:00Z\n"
        "3|DE|2026-11-22T23:00:00Z|defect|marketplace|0|400|0|0|0|0|10000|LESS_THAN|GOOD|2026-09-15T22:00:00Z|2026-11-14T23:00:00Z\n"
        /* More valid ones than packages: the counts cannot be, the rate is what it is judged by. */
        "4|DE|2026-11-22T23:00:00Z|tracking||896|878||||952900|950000|GREATER_THAN|GOOD|2026-10-11T22:00:00Z|2026-11-09T23:00:00Z\n"
        /* 146 of 165 are 88.48 %, which is not what the report makes of it, nor at least 90 %. */
        "5|DE|2026-11-22T23:00:00Z|unit_delivery||146|165||||950000|900000|GREATER_THAN|GOOD|2026-10-11T22:00:00Z|2026-11-09T23:00:00Z\n"
        "6|DE|2026-11-22T23:00:00Z|invoice||6|100||||60000|50000|LESS_THAN|BAD|2026-10-21T22:00:00Z|2026-10-27T23:00:00Z\n"
        "7|DE|2026-11-22T23:00:00Z|listing_policy_violations||8||||||0|EQUALS|BAD||\n"
        "8|DE|2026-11-22T23:00:00Z|document_requests||0||||||0|EQUALS|GOOD||\n"
        "9|DE|2026-11-22T23:00:00Z|quite_new_violations||2||||||3|LESS_THAN|GOOD||"), 9, 0, "");
    show_page(&s, NOW, "market=DE");
    /* "Account health rating": 100 to 199 is at risk; imported, never computed. */
    assert_stat(&s, "rating", 0, "150");
    assert_string_equal(must_see(&s, VIEW_STAT, "rating", 0)->stat.note.key, "rating_at_risk");
    assert_string_equal(must_see(&s, VIEW_STAT, "rating", 0)->stat.why->origin.key, "origin_report");
    assert_fact(&s, "account_status", 0, "AT_RISK");
    assert_int_equal(must_see(&s, VIEW_FACT, "account_status", 0)->fact.tone, SOUK_WATCH);
    /* The newest report of each, with the parts of the order defect rate. */
    assert_stat(&s, "reported", 0, "5/500");
    assert_int_equal(must_see(&s, VIEW_STAT, "reported", 0)->stat.tone, SOUK_BAD);
    assert_fact(&s, "part_negative", 0, "2");
    assert_fact(&s, "part_claims", 0, "3");
    assert_fact(&s, "part_chargebacks", 0, "1");
    assert_stat(&s, "reported", 1, "0/400");
    assert_int_equal(rows_behind(&s, must_see(&s, VIEW_STAT, "reported", 0)->stat.why), 2);
    assert_non_null(seen(&s, VIEW_CHART, "history_of", 0));
    assert_int_equal(must_see(&s, VIEW_CHART, "history_of", 0)->chart.rows.n_rows, 2);
    assert_string_equal(worth(souk_cell(&must_see(&s, VIEW_CHART, "history_of", 0)->chart.rows, 0, 1)), "1/500");
    assert_string_equal(worth(souk_cell(&must_see(&s, VIEW_CHART, "history_of", 0)->chart.rows, 1, 1)), "5/500");
    assert_string_equal(worth(souk_cell(&must_see(&s, VIEW_CHART, "history_of", 0)->chart.rows, 1, 2)), "100/10000");
    assert_stat(&s, "reported", 2, "952900/1000000");
    assert_string_equal(must_see(&s, VIEW_STAT, "reported", 2)->stat.note.key, "target_least");
    assert_non_null(seen(&s, VIEW_TEXT, "counts_cannot_be", 0));
    assert_stat(&s, "reported", 3, "146/165");
    assert_says(&must_see(&s, VIEW_STAT, "reported", 3)->stat, "146/165", SOUK_BAD, "target_least_missed", 3);
    assert_non_null(seen(&s, VIEW_TEXT, "rate_differs", 0));
    /* No policy names a limit of invoices: the report does. */
    assert_says(&must_see(&s, VIEW_STAT, "reported", 4)->stat, "6/100", SOUK_BAD, "target_under_missed", 2);
    assert_null(must_see(&s, VIEW_STAT, "reported", 4)->stat.why->policy);
    assert_fact(&s, "listing_policy_violations", 0, "8");
    assert_int_equal(must_see(&s, VIEW_FACT, "listing_policy_violations", 0)->fact.tone, SOUK_BAD);
    assert_int_equal(must_see(&s, VIEW_FACT, "document_requests", 0)->fact.tone, SOUK_GOOD);
    assert_fact(&s, "violation_other", 0, "2");
    assert_int_equal(must_see(&s, VIEW_FACT, "violation_other", 0)->fact.tone, SOUK_GOOD);
    /* One metric by itself, as a notice leads to it. */
    show_page(&s, NOW, "market=DE metric=tracking");
    assert_null(seen(&s, VIEW_STAT, "reported", 1));
    assert_null(seen(&s, VIEW_STAT, "rating", 0));
    show_page(&s, NOW, "market=DE metric=rating");
    assert_null(seen(&s, VIEW_STAT, "reported", 0));
    assert_stat(&s, "rating", 0, "150");
    scene_close(&s);
}

/* "Account health rating": 200 to 1000, 100 to 199, 0 to 99. */
static void test_bands(void **state)
{
    (void)state;
    static const struct { const char *rating, *note; uint32_t tone; } cases[] = {
        { "rating=1000", "rating_healthy", SOUK_GOOD }, { "rating=200", "rating_healthy", SOUK_GOOD },
        { "rating=199", "rating_at_risk", SOUK_WATCH }, { "rating=100", "rating_at_risk", SOUK_WATCH },
        { "rating=99", "rating_unhealthy", SOUK_BAD },  { "rating=0", "rating_unhealthy", SOUK_BAD },
    };
    struct scene s;
    open_as(&s, "health");
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char at[40];
        snprintf(at, sizeof at, "at=2026-11-%02zu 09:00", i + 1);
        does(&s.shop, "Amazon.de", "health.rating", "market=DE", cases[i].rating, at);
        show_card(&s, NOW, "market=DE");
        assert_string_equal(must_see(&s, VIEW_STAT, "rating", 0)->stat.note.key, cases[i].note);
        assert_int_equal(must_see(&s, VIEW_STAT, "rating", 0)->stat.tone, cases[i].tone);
        assert_string_equal(must_see(&s, VIEW_STAT, "rating", 0)->stat.why->origin.key, "origin_typed");
    }
    show_page(&s, NOW, "market=DE");
    assert_int_equal(must_see(&s, VIEW_CHART, "rating_history", 0)->chart.rows.n_rows, COUNT_OF(cases));
    scene_close(&s);
}

static void test_badge(void **state)
{
    (void)state;
    struct scene s;
    struct badge badge;
    const struct plugin *p;
    open_as(&s, "health");
    const struct souk_widget *w = plugins_widget(s.plugins, "health", &p);
    reported(&s, "DE", "late", 4, 100, "2026-11-22 12:00");
    reported(&s, "US", "cancel", 1, 50, "2026-11-22 12:00");
    reported(&s, "US", "late", 0, 50, "2026-11-22 12:00");
    assert_well(desk_badge(s.shop.setup.desk, s.shop.arena, s.shop.db, p, w, instant(NOW), &badge, &s.shop.err), &s.shop.err);
    assert_int_equal(badge.count, 2);
    assert_int_equal(badge.urgent, 1);
    /* The card names what is nearest to its limit. */
    show_card(&s, NOW, "market=US");
    const struct souk_msg *next = &must_see(&s, VIEW_TEXT, "nearest_under", 0)->text.text;
    assert_string_equal(next->args.at[0].value.text.at, "metric_cancel");
    assert_int_equal(next->args.at[1].value.num, 1);
    scene_close(&s);
}

/* ---- what Souk counts -------------------------------------------------------------------------- */

static const char orders[] = "line:count order:text market:market purchased:instant updated:instant status:text"
                             " fulfilment:text sku:text quantity:count";

/* n orders of the seller, shipped in time, placed at one moment; "A-0" and so on. */
static void shipped(struct scene *s, const char *name, int n, const char *purchased, const char *updated, const char *status,
                    const char *fulfilment)
{
    struct buf lines = { 0 };
    for (int i = 0; i < n; i++)
        buf_printf(&lines, "%s%d|%s-%d|DE|%s|%s|%s|%s|mug|1", i ? "\n" : "", i + 1, name, i, purchased, updated, status, fulfilment);
    assert_told(import_rows(s->shop.db, &plain, "order_line", orders, buf_str(&lines)), n, 0, "");
    buf_free(&lines);
}

static const char feedbacks[] = "line:count market:market order:text day:day stars:count comment:text response:text";
static const char claims[] =
    "line:count claim_id:text kind:text market:market order:text state:text outcome:text opened:instant counts:bool";

/*
 * "Order defect rate": 60 days by the day of the order; an order with two defects counts once; a claim that was denied
 * does not count, nor does feedback of three stars.
 */
static void test_own_defects(void **state)
{
    (void)state;
    struct scene s;
    open_as(&s, "health");
    /* Today is the 23rd of November; the 60 days begin with the 25th of September. */
    shipped(&s, "A", 150, "2026-10-20T10:00:00Z", "2026-10-21T10:00:00Z", "Shipped", "seller");
    shipped(&s, "B", 48, "2026-11-01T10:00:00Z", "2026-11-02T10:00:00Z", "Shipped", "marketplace");
    shipped(&s, "C", 1, "2026-09-24T22:00:00Z", "2026-09-26T10:00:00Z", "Shipped", "seller");       /* the 25th, 0:00 in Berlin */
    shipped(&s, "D", 1, "2026-11-02T10:00:00Z", "2026-11-03T10:00:00Z", "Cancelled", "seller");
    shipped(&s, "E", 9, "2026-09-24T21:59:59Z", "2026-09-26T10:00:00Z", "Shipped", "seller");       /* the second before */
    show_page(&s, NOW, "market=DE metric=defect");
    assert_stat(&s, "counted", 0, "0/200");
    assert_null(seen(&s, VIEW_FACT, "leaves", 0));
    assert_told(import_rows(s.shop.db, &plain, "feedback", feedbacks,
        "1|DE|A-0|2026-11-01|1|Broken|\n2|DE|A-1|2026-11-01|3|Fine|\n3|DE|B-0|2026-11-05|2|Late|\n"
        "4|DE|E-0|2026-11-05|1|Bad|\n5|DE|A-2|2026-11-05|1|Bad|\n6|DE|X-9|2026-11-05|1|Of an unknown order|"), 6, 0, "");
    assert_told(import_rows(s.shop.db, &plain, "claim", claims,
        "1|a|a_to_z|DE|A-0|review||2026-11-03T10:00:00Z|\n"            /* the second defect of its order */
        "2|b|a_to_z|DE|A-3|closed|denied|2026-11-03T10:00:00Z|\n"
        "3|c|a_to_z|DE|A-4|closed|withdrawn|2026-11-03T10:00:00Z|\n"
        "4|d|a_to_z|DE|C-0|closed|granted|2026-11-03T10:00:00Z|\n"
        "5|e|chargeback|DE|A-5|action||2026-11-03T10:00:00Z|\n"
        "6|f|chargeback|DE|A-6|action||2026-11-03T10:00:00Z|0\n"       /* said not to count: fraud */
        "7|g|safe_t|DE|A-7|action||2026-11-03T10:00:00Z|\n"
        "8|h|a_to_z|DE|E-1|action||2026-11-03T10:00:00Z|"), 8, 0, "");
    does(&s.shop, "removed", "feedback.removed", "order=A-2");
    show_page(&s, NOW, "market=DE metric=defect");
    /* A-0 (feedback and claim), B-0 (feedback), C-0 (claim), A-5 (chargeback): 4 of 200 are 2 %. */
    assert_says(&must_see(&s, VIEW_STAT, "counted", 0)->stat, "4/200", SOUK_BAD, "target_under_missed", 3);
    assert_int_equal(rows_behind(&s, must_see(&s, VIEW_STAT, "counted", 0)->stat.why), 4);
    assert_fact(&s, "part_negative", 0, "2");
    assert_fact(&s, "part_claims", 0, "2");
    assert_fact(&s, "part_chargebacks", 0, "1");
    assert_stat(&s, "counted", 1, "3/152");
    assert_stat(&s, "counted", 2, "1/48");
    /* The oldest was placed on the first day of the window, and leaves it tomorrow. */
    int32_t tomorrow;
    assert_true(day_parse("2026-11-24", &tomorrow));
    assert_int_equal(must_see(&s, VIEW_FACT, "leaves", 0)->fact.value.num, tomorrow);
    show_page(&s, "2026-11-24T10:00:00Z", "market=DE metric=defect");
    assert_stat(&s, "counted", 0, "3/199");
    /* A card shows what is counted when nothing was reported. */
    show_card(&s, NOW, "market=DE");
    assert_string_equal(worth(&must_see(&s, VIEW_FACT, "figure_counted", 0)->fact.value), "4/200");
    scene_close(&s);
}

/*
 * "Late shipment rate": the moment of confirming counts, against a ship-by day two business days after the purchase
 * (policy ship.handling_days); 10 and 30 days; 4 of 100 are not less than 4 %.
 */
static void test_own_late(void **state)
{
    (void)state;
    struct scene s;
    open_as(&s, "health");
    /* Placed on Monday the 16th, so the ship-by day is Wednesday the 18th, in Berlin. */
    shipped(&s, "A", 96, "2026-11-16T10:00:00Z", "2026-11-18T22:59:59Z", "Shipped", "seller");      /* the last second of it */
    shipped(&s, "B", 3, "2026-11-16T10:00:00Z", "2026-11-18T23:00:00Z", "Shipped", "seller");       /* the first after it */
    show_page(&s, NOW, "market=DE metric=late");
    assert_says(&must_see(&s, VIEW_STAT, "counted", 0)->stat, "3/99", SOUK_WATCH, "target_under_left", 1);
    /* Placed on Friday, Monday and Tuesday are two business days: Saturday and Sunday are none. */
    shipped(&s, "C", 1, "2026-10-30T10:00:00Z", "2026-11-03T22:59:59Z", "Shipped", "seller");
    shipped(&s, "D", 1, "2026-10-30T10:00:00Z", "2026-11-03T23:00:00Z", "Shipped", "seller");
    shipped(&s, "E", 1, "2026-11-17T10:00:00Z", "2026-11-20T12:00:00Z", "Shipped", "seller");
    shipped(&s, "F", 5, "2026-11-17T10:00:00Z", "2026-11-25T12:00:00Z", "Shipped", "marketplace");  /* not the seller's */
    shipped(&s, "G", 2, "2026-11-18T10:00:00Z", "2026-11-18T12:00:00Z", "Unshipped", "seller");     /* over its day: the 20th */
    shipped(&s, "H", 7, "2026-11-18T10:00:00Z", "2026-11-18T12:00:00Z", "Pending", "seller");
    show_page(&s, NOW, "market=DE metric=late");
    assert_says(&must_see(&s, VIEW_STAT, "counted", 0)->stat, "4/102", SOUK_WATCH, "target_under_left", 1);
    assert_fact(&s, "late_waiting", 0, "2");
    assert_says(&must_see(&s, VIEW_STAT, "counted", 1)->stat, "5/104", SOUK_BAD, "target_under_missed", 1);
    /* Ten days from the 14th on: the Monday leaves them on the 26th; of thirty days the Friday, on the 29th. */
    int32_t day;
    assert_true(day_parse("2026-11-26", &day));
    assert_int_equal(must_see(&s, VIEW_FACT, "leaves", 0)->fact.value.num, day);
    assert_true(day_parse("2026-11-29", &day));
    assert_int_equal(must_see(&s, VIEW_FACT, "leaves", 1)->fact.value.num, day);
    /* Each day of late orders leads to them. */
    const struct souk_item *item = &must_see(&s, VIEW_ITEM, "late_day", 0)->item;
    assert_int_equal(item->value.num, 1);
    assert_int_equal(rows_behind(&s, item->why), 1);
    item = &must_see(&s, VIEW_ITEM, "late_day", 1)->item;
    assert_int_equal(item->value.num, 3);
    assert_int_equal(rows_behind(&s, item->why), 3);
    assert_null(seen(&s, VIEW_ITEM, "late_day", 3));
    /* Three business days would do. */
    policy_change(&s, "DE", "/^\\[ship.handling_days\\]/,/^$/s/^value = 2/value = 3/");
    show_page(&s, NOW, "market=DE metric=late");
    assert_stat(&s, "counted", 0, "0/102");
    scene_close(&s);
}

/* With a cut-off hour, orders of one day have two ship-by days: what lies between them is perhaps late. */
static void test_cutoff(void **state)
{
    (void)state;
    struct scene s;
    open_as(&s, "health");
    policy_change(&s, "DE", "/^\\[ship.cutoff\\]/,/^$/s/^value = 24:00/value = 14:00/");
    shipped(&s, "A", 2, "2026-11-16T09:00:00Z", "2026-11-19T12:00:00Z", "Shipped", "seller");       /* late: by the 18th */
    shipped(&s, "B", 3, "2026-11-16T19:00:00Z", "2026-11-19T12:00:00Z", "Shipped", "seller");       /* in time: by the 19th */
    shipped(&s, "C", 4, "2026-11-16T19:00:00Z", "2026-11-20T12:00:00Z", "Shipped", "seller");       /* late for certain */
    show_page(&s, NOW, "market=DE metric=late");
    assert_stat(&s, "counted", 0, "4/9");
    assert_fact(&s, "late_unsure", 0, "5");
    scene_close(&s);
}

/*
 * "Pre-fulfilment cancel rate": 7 days, in India 7 and 30.  Who cancelled is not in the reports, so it is the most it
 * can be, and never worse than to be watched.
 */
static void test_own_cancelled(void **state)
{
    (void)state;
    struct scene s;
    open_as(&s, "health");
    shipped(&s, "A", 39, "2026-11-17T10:00:00Z", "2026-11-18T10:00:00Z", "Shipped", "seller");
    shipped(&s, "B", 1, "2026-11-16T23:00:00Z", "2026-11-18T10:00:00Z", "Cancelled", "seller");     /* the 17th: first day */
    shipped(&s, "C", 1, "2026-11-16T22:59:59Z", "2026-11-18T10:00:00Z", "Cancelled", "seller");
    shipped(&s, "D", 3, "2026-11-17T10:00:00Z", "2026-11-18T10:00:00Z", "Cancelled", "marketplace");
    shipped(&s, "E", 3, "2026-11-17T10:00:00Z", "2026-11-18T10:00:00Z", "Pending", "seller");
    show_page(&s, NOW, "market=DE metric=cancel");
    assert_says(&must_see(&s, VIEW_STAT, "counted", 0)->stat, "1/40", SOUK_WATCH, "target_under_missed", 1);
    assert_int_equal(rows_behind(&s, must_see(&s, VIEW_STAT, "counted", 0)->stat.why), 1);
    assert_null(seen(&s, VIEW_STAT, "counted", 1));
    /* As in India: two windows. */
    policy_change(&s, "DE", "/^\\[cancel.windows_days\\]/,/^$/s/^value = 7$/value = 7 30/");
    show_page(&s, NOW, "market=DE metric=cancel");
    assert_stat(&s, "counted", 1, "2/41");
    scene_close(&s);
}

/* ---- feedback ---------------------------------------------------------------------------------- */

/* "Feedback score": 1001, 15 and 4 of 1020 are 98, 1 and 0 %; 55, 35, 5, 3 and 2 are 90.0 %. */
static void test_shares(void **state)
{
    (void)state;
    struct scene s;
    open_as(&s, "feedback");
    show_card(&s, NOW, "");
    assert_string_equal(must_see(&s, VIEW_EMPTY, "no_feedback", 0)->empty.fills, "amazon.feedback");
    does(&s.shop, "Amazon.de", "feedback.counts", "market=DE", "window=lifetime", "positive=1001", "neutral=15", "negative=4");
    does(&s.shop, "Amazon.de", "feedback.counts", "market=DE", "window=d365", "positive=90", "neutral=5", "negative=5",
         "stars=4.8");
    does(&s.shop, "Amazon.de", "feedback.counts", "market=DE", "window=d30", "positive=0", "neutral=0", "negative=0");
    show_card(&s, NOW, "market=DE");
    const struct souk_rows *t = &must_see(&s, VIEW_TABLE, "table", 0)->table.rows;
    assert_int_equal(t->n_rows, 3);
    static const int64_t shares[3][4] = { { 0, 0, 0, 0 }, { 9000, 500, 500, 100 }, { 9800, 100, 0, 1020 } };
    for (uint32_t r = 0; r < 3; r++)
        for (uint32_t c = 0; c < 4; c++)
            assert_int_equal(souk_num(t, r, c + 1, 0), shares[r][c]);
    assert_int_equal(souk_cell(t, 0, 1)->type, SOUK_NONE);          /* 0 of 0 is not 0 % */
    show_page(&s, NOW, "market=DE");
    t = &must_see(&s, VIEW_TABLE, "table_counts", 0)->table.rows;
    assert_int_equal(souk_num(t, 2, 1, 0), 1001);
    assert_int_equal(souk_num(t, 2, 3, 0), 4);
    s.id = "rating";
    show_card(&s, NOW, "market=DE");
    assert_stat(&s, "positive_year", 0, "90/100");
    assert_int_equal(must_see(&s, VIEW_STAT, "stars", 0)->stat.value.num, 48);
    assert_int_equal(must_see(&s, VIEW_STAT, "stars", 0)->stat.value.den, 1);
    assert_fact(&s, "ratings_ever", 0, "1020");
    assert_int_equal(rows_behind(&s, must_see(&s, VIEW_STAT, "positive_year", 0)->stat.why), 3);
    /* 90 with four or five stars, 5 with three, 5 with one or two: 3.80 to 4.75. */
    show_page(&s, NOW, "market=DE");
    const struct souk_args *between = &must_see(&s, VIEW_TEXT, "stars_between", 0)->text.text.args;
    assert_int_equal(between->at[0].value.num, 380);
    assert_int_equal(between->at[1].value.num, 475);
    scene_close(&s);
}

static void test_comments(void **state)
{
    (void)state;
    struct scene s;
    struct buf lines = { 0 };
    open_as(&s, "feedback");
    shipped(&s, "A", 1, "2026-11-01T10:00:00Z", "2026-11-02T10:00:00Z", "Shipped", "seller");
    assert_told(import_rows(s.shop.db, &plain, "feedback", feedbacks,
        "1|DE|A-0|2026-11-20|1|Broken|\n2|DE|A-1|2026-11-19|3|Fine|\n3|DE|A-2|2026-10-24|2|Late|Sorry\n"
        "4|DE|A-3|2026-10-25|2|Late|\n5|DE|A-4|2025-11-23|1|Old|"), 5, 0, "");
    show_card(&s, NOW, "market=DE");
    /* Without the marketplace's table, what the files hold; nothing of the positive. */
    const struct souk_rows *t = &must_see(&s, VIEW_TABLE, "known", 0)->table.rows;
    assert_int_equal(t->n_rows, 3);
    assert_int_equal(souk_cell(t, 0, 1)->type, SOUK_NONE);
    static const int64_t counts[4][2] = { { 1, 2 }, { 1, 3 }, { 1, 3 }, { 1, 4 } };      /* 30, 90, 365 days, lifetime */
    for (uint32_t r = 0; r < 3; r++) {
        assert_int_equal(souk_num(t, r, 2, 0), counts[r][0]);
        assert_int_equal(souk_num(t, r, 3, 0), counts[r][1]);
    }
    assert_int_equal(how_many(&s, VIEW_ITEM), 2);
    assert_string_equal(must_see(&s, VIEW_ITEM, "stars_of", 0)->item.to->ref, "order:A-0");
    show_page(&s, NOW, "market=DE");
    t = &must_see(&s, VIEW_TABLE, "known", 0)->table.rows;
    assert_int_equal(souk_num(t, 3, 3, 0), counts[3][1]);
    assert_int_equal(rows_behind(&s, must_see(&s, VIEW_TABLE, "known", 0)->table.why), 5);
    assert_int_equal(how_many(&s, VIEW_ITEM), 5);
    /* The order of the 1st of November counts for 60 days: the last is the 30th of December. */
    int32_t last;
    assert_true(day_parse("2026-12-30", &last));
    assert_int_equal(must_see(&s, VIEW_FACT, "counts_until", 0)->fact.value.num, last);
    assert_null(seen(&s, VIEW_FACT, "counts_until", 1));
    show_page(&s, NOW, "market=DE stars=negative state=open");
    assert_int_equal(how_many(&s, VIEW_ITEM), 3);
    show_page(&s, NOW, "market=DE state=answered");
    assert_int_equal(how_many(&s, VIEW_ITEM), 1);
    does(&s.shop, "removal", "feedback.removal", "order=A-0");
    show_page(&s, NOW, "market=DE state=asked");
    assert_int_equal(how_many(&s, VIEW_ITEM), 1);
    assert_string_equal(must_see(&s, VIEW_ITEM, "stars_of", 0)->item.badge.key, "state_asked");
    does(&s.shop, "removed", "feedback.removed", "order=A-0");
    show_page(&s, NOW, "market=DE state=removed");
    assert_int_equal(how_many(&s, VIEW_ITEM), 1);
    assert_null(seen(&s, VIEW_FORM, "removed_button", 0));
    show_page(&s, NOW, "feedback=A-1");
    assert_int_equal(how_many(&s, VIEW_ITEM), 1);
    assert_string_equal(must_see(&s, VIEW_FORM, "write_down", 0)->form.command, "feedback.respond");
    show_page(&s, NOW, "feedback=nothing");
    assert_non_null(seen(&s, VIEW_TEXT, "no_comment", 0));
    /* Fifty on a page; the next one begins behind the last. */
    for (int i = 0; i < 60; i++)
        buf_printf(&lines, "%s%d|US|U-%02d|2026-11-%02d|2||", i ? "\n" : "", i + 1, i, 1 + i % 3);
    assert_told(import_rows(s.shop.db, &plain, "feedback", feedbacks, buf_str(&lines)), 60, 0, "");
    show_page(&s, NOW, "market=US");
    assert_int_equal(how_many(&s, VIEW_ITEM), 50);
    for (size_t k = 0; k < s.n; k++)
        if (s.e[k].kind == VIEW_PAGER)
            assert_string_equal(s.e[k].pager.next->args.at[2].value.text.at, "n20758 U-27");
    assert_int_equal(how_many(&s, VIEW_PAGER), 1);
    buf_free(&lines);
    scene_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_limits), cmocka_unit_test(test_nothing_of_nothing), cmocka_unit_test(test_the_file_decides),
        cmocka_unit_test(test_delivery_window), cmocka_unit_test(test_report), cmocka_unit_test(test_bands),
        cmocka_unit_test(test_badge), cmocka_unit_test(test_own_defects), cmocka_unit_test(test_own_late),
        cmocka_unit_test(test_cutoff), cmocka_unit_test(test_own_cancelled), cmocka_unit_test(test_shares),
        cmocka_unit_test(test_comments),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
