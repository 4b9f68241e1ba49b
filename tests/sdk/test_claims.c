/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_claims.c: Claims: what asks for something and until when, by which rule; one claim with what can be done; what it
 * does to the order defect rate; the evidence.
 *
 * The effect is worked by hand from features.md (b), "Order defect rate", and (a1) 9.3.
 */
#include "widget.h"

#define NOW "2026-11-23T10:00:00Z"

static const struct import plain = { 0 };
static const char claims[] = "line:count claim_id:text kind:text market:market order:text state:text outcome:text reason:text"
                             " amount:money opened:instant due:instant";
static const char letters[] = "line:count letter_id:text of:text of_id:text market:market order:text at:instant side:text"
                              " sender:text subject:text body:text";
static const char orders[] = "line:count order:text market:market purchased:instant updated:instant status:text"
                             " fulfilment:text sku:text quantity:count price:money";

static void open_scene(struct scene *s)
{
    scene_open(s, "claims");
    s->shop.setup.now_s = instant(NOW);
}

static void put_claims(struct scene *s, const char *lines, int n)
{
    const struct import how = { .policies = s->shop.policies };
    assert_told(import_rows(s->shop.db, &how, "claim", claims, lines), n, 0, "");
}

static void assert_badge(struct scene *s, const char *at, int64_t count, int64_t urgent)
{
    struct badge badge;
    const struct plugin *p;
    const struct souk_widget *w = plugins_widget(s->plugins, "claims", &p);
    assert_well(desk_badge(s->shop.setup.desk, s->shop.arena, s->shop.db, p, w, instant(at), &badge, &s->shop.err), &s->shop.err);
    assert_int_equal(badge.count, count);
    assert_int_equal(badge.urgent, urgent);
}

static const struct souk_form *form_of(const struct scene *s, const char *command)
{
    for (size_t k = 0; k < s->n; k++)
        if (s->e[k].kind == VIEW_FORM && text_is(s->e[k].form.command, command))
            return &s->e[k].form;
    return NULL;
}

/* ---- what asks for something ------------------------------------------------------------------- */

static void test_card(void **state)
{
    (void)state;
    struct scene s;
    open_scene(&s);
    show_card(&s, NOW, "");
    assert_non_null(seen(&s, VIEW_EMPTY, "no_data", 0));
    assert_badge(&s, NOW, 0, 0);
    show_page(&s, NOW, "");
    assert_non_null(form_of(&s, "claim.add"));
    put_claims(&s,
        "1|a|a_to_z|DE|303-1|action||Not received|24.90 EUR|2026-11-22T10:00:00Z|\n"             /* 48 h in Germany */
        "2|b|a_to_z|US|112-1|action||Broken|50.00 USD|2026-11-22T10:00:00Z|2026-11-24T09:59:59Z\n"
        "3|c|chargeback|US|112-2|action||Fraud|10.00 USD|2026-11-20T10:00:00Z|\n"                /* 7 days */
        "4|d|chargeback||112-3|review|||5.00 USD|2026-11-20T10:00:00Z|\n"
        "5|e|a_to_z|DE|303-2|appeal|granted||7.00 EUR|2026-11-01T10:00:00Z|\n"                   /* 30 days */
        "6|f|a_to_z|DE|303-3|closed|denied||9.00 EUR|2026-11-01T10:00:00Z|\n"
        "7|g|safe_t|DE|303-4|review|||11.00 EUR|2026-11-01T10:00:00Z|", 7);
    show_card(&s, NOW, "");
    assert_stat(&s, "action_a_to_z", 0, "2");
    assert_stat(&s, "action_chargeback", 0, "1");
    assert_null(seen(&s, VIEW_STAT, "action_safe_t", 0));
    assert_stat(&s, "under_review", 0, "2");
    assert_stat(&s, "may_appeal", 0, "1");
    assert_int_equal(rows_behind(&s, must_see(&s, VIEW_STAT, "action_a_to_z", 0)->stat.why), 2);
    assert_int_equal(rows_behind(&s, must_see(&s, VIEW_STAT, "under_review", 0)->stat.why), 2);
    /* Each currency by itself; what is closed, and what the seller asks for, is not at stake. */
    assert_fact(&s, "at_stake", 0, "3190 EUR");
    assert_fact(&s, "at_stake", 1, "6500 USD");
    assert_int_equal(rows_behind(&s, must_see(&s, VIEW_FACT, "at_stake", 1)->fact.why), 3);
    /* What is due next stands first; one is due within a day. */
    static const char *const order[] = { "claim:b", "claim:a", "claim:c" };
    assert_int_equal(how_many(&s, VIEW_ITEM), 3);
    for (size_t i = 0; i < COUNT_OF(order); i++)
        assert_string_equal(must_see(&s, VIEW_ITEM, "claim_of", i)->item.to->ref, order[i]);
    assert_int_equal(must_see(&s, VIEW_ITEM, "claim_of", 0)->item.tone, SOUK_BAD);
    assert_int_equal(must_see(&s, VIEW_ITEM, "claim_of", 1)->item.tone, SOUK_WATCH);
    assert_int_equal(must_see(&s, VIEW_ITEM, "claim_of", 1)->item.due.num, instant("2026-11-24T10:00:00Z"));
    assert_int_equal(must_see(&s, VIEW_ITEM, "claim_of", 2)->item.due.num, instant("2026-11-27T10:00:00Z"));
    assert_badge(&s, NOW, 3, 1);
    assert_badge(&s, "2026-11-23T10:00:01Z", 3, 2);
    assert_true(s.until_s == instant(NOW) + 60);
    /* One marketplace; what names none belongs to each. */
    show_card(&s, NOW, "market=US");
    assert_stat(&s, "action_a_to_z", 0, "1");
    assert_stat(&s, "under_review", 0, "1");
    scene_close(&s);
}

static void test_tabs(void **state)
{
    (void)state;
    struct scene s;
    struct buf lines = { 0 };
    open_scene(&s);
    put_claims(&s,
        "1|a|a_to_z|DE|303-1|action|||24.90 EUR|2026-11-22T10:00:00Z|\n2|b|a_to_z|DE|303-2|review|||1.00 EUR|2026-11-21T10:00:00Z|\n"
        "3|c|a_to_z|DE|303-3|appeal|granted||1.00 EUR|2026-11-20T10:00:00Z|", 3);
    for (int i = 0; i < 70; i++)
        buf_printf(&lines, "%s%d|z%02d|chargeback|US|112-%d|closed|granted||1.00 USD|2026-11-%02dT10:00:00Z|", i ? "\n" : "",
                   i + 1, i, i, 1 + i % 2);
    put_claims(&s, buf_str(&lines), 70);
    show_page(&s, NOW, "");
    assert_int_equal(how_many(&s, VIEW_ITEM), 1);
    assert_string_equal(must_see(&s, VIEW_ITEM, "claim_of", 0)->item.to->ref, "claim:a");
    show_page(&s, NOW, "tab=review");
    assert_string_equal(must_see(&s, VIEW_ITEM, "claim_of", 0)->item.to->ref, "claim:b");
    show_page(&s, NOW, "tab=appeal");
    assert_string_equal(must_see(&s, VIEW_ITEM, "claim_of", 0)->item.to->ref, "claim:c");
    show_page(&s, NOW, "tab=closed");
    assert_int_equal(how_many(&s, VIEW_ITEM), 50);
    assert_int_equal(how_many(&s, VIEW_PAGER), 1);
    assert_string_equal(must_see(&s, VIEW_ITEM, "claim_of", 0)->item.to->ref, "claim:z01");
    assert_string_equal(must_see(&s, VIEW_ITEM, "claim_of", 49)->item.to->ref, "claim:z28");
    show_page(&s, NOW, "tab=all");
    assert_int_equal(how_many(&s, VIEW_ITEM), 50);
    assert_string_equal(must_see(&s, VIEW_ITEM, "claim_of", 0)->item.to->ref, "claim:a");
    assert_int_equal(must_see(&s, VIEW_TABLE, "by_state", 0)->table.rows.n_rows, 4);
    buf_free(&lines);
    scene_close(&s);
}

/* ---- one claim --------------------------------------------------------------------------------- */

static void test_one(void **state)
{
    (void)state;
    struct scene s;
    open_scene(&s);
    put_claims(&s, "1|a|a_to_z|DE|303-1|action||Not received|24.90 EUR|2026-11-22T10:00:00Z|\n"
                   "2|b|a_to_z|DE|303-2|action||||2026-11-22T10:00:00Z|2026-11-30T10:00:00Z", 2);
    show_page(&s, NOW, "claim=nothing");
    assert_non_null(seen(&s, VIEW_TEXT, "no_claim", 0));
    show_page(&s, NOW, "claim=a");
    /* Two days of 24 hours by the policy, quoted with its source. */
    const struct souk_stat *due = &must_see(&s, VIEW_STAT, "due_answer", 0)->stat;
    assert_int_equal(due->value.num, instant("2026-11-24T10:00:00Z"));
    assert_string_equal(due->note.key, "due_left");
    assert_int_equal(due->note.args.at[0].value.num, 24 * 3600);
    assert_string_equal(due->why->policy, "claim.answer");
    const struct souk_args *rule = &must_see(&s, VIEW_TEXT, "rule_quoted", 0)->text.text.args;
    assert_string_equal(rule->at[0].value.text.at, "claim.answer");
    assert_int_equal(rule->at[2].value.num, 2 * 86400);
    assert_true(text_starts(must_see(&s, VIEW_TEXT, "rule_source", 0)->text.text.args.at[0].value.text.at, "https://"));
    assert_non_null(form_of(&s, "claim.respond"));
    assert_non_null(form_of(&s, "claim.accept"));
    assert_null(form_of(&s, "claim.appeal"));
    /* Over its time. */
    show_page(&s, "2026-11-24T12:00:00Z", "claim=a");
    assert_string_equal(must_see(&s, VIEW_STAT, "due_answer", 0)->stat.note.key, "due_over");
    assert_int_equal(must_see(&s, VIEW_STAT, "due_answer", 0)->stat.tone, SOUK_BAD);
    /* A deadline that the mail names needs no rule. */
    show_page(&s, NOW, "claim=b");
    assert_null(seen(&s, VIEW_TEXT, "rule_quoted", 0));
    assert_non_null(seen(&s, VIEW_TEXT, "due_told", 0));
    assert_null(must_see(&s, VIEW_STAT, "due_answer", 0)->stat.why->policy);
    /* Answered, lost with the right to appeal, appealed, lost for good. */
    does(&s.shop, "written down", "claim.respond", "claim=a", "body=It was delivered on the 20th.");
    does(&s.shop, "note", "claim.note", "claim=a", "body=Ask the carrier");
    show_page(&s, NOW, "claim=a");
    assert_null(seen(&s, VIEW_STAT, "due_answer", 0));
    assert_int_equal(how_many(&s, VIEW_LETTER), 2);
    assert_non_null(seen(&s, VIEW_TABLE, "done", 0));
    does(&s.shop, "can be appealed", "claim.close", "claim=a", "outcome=granted", "may_appeal=yes");
    show_page(&s, NOW, "claim=a");
    assert_int_equal(must_see(&s, VIEW_STAT, "due_appeal", 0)->stat.value.num, instant("2026-12-23T10:00:00Z"));
    assert_string_equal(must_see(&s, VIEW_TEXT, "rule_quoted", 0)->text.text.args.at[0].value.text.at, "claim.appeal_days");
    assert_non_null(form_of(&s, "claim.appeal"));
    assert_null(form_of(&s, "claim.respond"));
    does(&s.shop, "appeal is written down", "claim.appeal", "claim=a", "body=See the scan.");
    does(&s.shop, "closed", "claim.close", "claim=a", "outcome=denied");
    show_page(&s, NOW, "claim=a");
    assert_fact(&s, "column.outcome", 0, "claim.outcome.denied");
    assert_null(form_of(&s, "claim.appeal"));
    assert_null(form_of(&s, "claim.accept"));
    /* Whether it counts is a button, for the one who reads the marketplace's page. */
    const struct souk_form *counts = form_of(&s, "claim.counts");
    assert_string_equal(counts->button.key, "counts_not_button");
    assert_int_equal(counts->args.at[1].value.num, 0);
    does(&s.shop, "does not count", "claim.counts", "claim=a", "counts=no");
    show_page(&s, NOW, "claim=a");
    assert_string_equal(form_of(&s, "claim.counts")->button.key, "counts_button");
    scene_close(&s);
}

/* ---- what it does to the order defect rate ----------------------------------------------------- */

static void put_orders(struct scene *s, const char *name, int n, const char *purchased)
{
    struct buf lines = { 0 };
    for (int i = 0; i < n; i++)
        buf_printf(&lines, "%s%d|%s-%d|DE|%s|%s|Shipped|seller|mug|1|24.90 EUR", i ? "\n" : "", i + 1, name, i, purchased, purchased);
    assert_told(import_rows(s->shop.db, &plain, "order_line", orders, buf_str(&lines)), n, 0, "");
    buf_free(&lines);
}

static void assert_effect(struct scene *s, const char *claim, const char *now, const char *granted, const char *denied)
{
    char option[60];
    snprintf(option, sizeof option, "claim=%s", claim);
    show_page(s, NOW, option);
    assert_stat(s, "effect_now", 0, now);
    if (granted)
        assert_stat(s, "effect_granted", 0, granted);
    else
        assert_null(seen(s, VIEW_STAT, "effect_granted", 0));
    if (denied)
        assert_stat(s, "effect_denied", 0, denied);
    else
        assert_null(seen(s, VIEW_STAT, "effect_denied", 0));
}

static void test_effect(void **state)
{
    (void)state;
    static const char feedback[] = "line:count market:market order:text day:day stars:count";
    struct scene s;
    open_scene(&s);
    put_orders(&s, "A", 200, "2026-11-01T10:00:00Z");
    put_orders(&s, "E", 1, "2026-09-24T10:00:00Z");     /* the day before the 60 days */
    put_claims(&s, "1|a|a_to_z|DE|A-0|review||||2026-11-10T10:00:00Z|\n2|b|a_to_z|DE|A-1|review||||2026-11-10T10:00:00Z|\n"
                   "3|c|chargeback|DE|A-2|review||||2026-11-10T10:00:00Z|\n4|d|a_to_z|DE|E-0|review||||2026-11-10T10:00:00Z|\n"
                   "5|e|a_to_z|DE|X-9|review||||2026-11-10T10:00:00Z|\n6|f|safe_t|DE|A-3|review||||2026-11-10T10:00:00Z|\n"
                   "7|g|a_to_z|DE|A-4|closed|denied|||2026-11-10T10:00:00Z|", 7);
    assert_told(import_rows(s.shop.db, &plain, "feedback", feedback, "1|DE|A-1|2026-11-12|1"), 1, 0, "");
    /* A-0, A-1 (two defects) and A-2: 3 of 200.  Without a, 2 of 200 are still not less than 1 %. */
    assert_effect(&s, "a", "3/200", "3/200", "2/200");
    assert_int_equal(must_see(&s, VIEW_STAT, "effect_denied", 0)->stat.tone, SOUK_BAD);
    assert_int_equal(must_see(&s, VIEW_STAT, "effect_denied", 0)->stat.note.args.at[3].value.num, 1);
    assert_int_equal(rows_behind(&s, must_see(&s, VIEW_STAT, "effect_now", 0)->stat.why), 3);
    int32_t day;
    assert_true(day_parse("2026-12-30", &day));
    assert_int_equal(must_see(&s, VIEW_FACT, "effect_until", 0)->fact.value.num, day);
    /* An order counts once: the feedback stays. */
    assert_effect(&s, "b", "3/200", "3/200", "3/200");
    assert_non_null(seen(&s, VIEW_TEXT, "effect_other_defect", 0));
    assert_effect(&s, "c", "3/200", NULL, NULL);
    assert_non_null(seen(&s, VIEW_TEXT, "effect_chargeback", 0));
    /* What was denied would count again, were it granted after all. */
    assert_effect(&s, "g", "3/200", "4/200", "3/200");
    show_page(&s, NOW, "claim=d");
    assert_non_null(seen(&s, VIEW_TEXT, "effect_over_already", 0));
    show_page(&s, NOW, "claim=e");
    assert_non_null(seen(&s, VIEW_TEXT, "effect_unknown_order", 0));
    show_page(&s, NOW, "claim=f");
    assert_non_null(seen(&s, VIEW_TEXT, "effect_other_kind", 0));
    /* With one more denied and fraud left out, one defect is left: 1 of 200 is less than 1 %. */
    does(&s.shop, "closed", "claim.close", "claim=a", "outcome=withdrawn");
    does(&s.shop, "does not count", "claim.counts", "claim=c", "counts=no");
    assert_effect(&s, "b", "1/200", "1/200", "1/200");
    assert_int_equal(must_see(&s, VIEW_STAT, "effect_now", 0)->stat.tone, SOUK_GOOD);
    assert_int_equal(must_see(&s, VIEW_STAT, "effect_now", 0)->stat.note.args.at[3].value.num, 1);
    assert_effect(&s, "c", "1/200", NULL, NULL);
    assert_non_null(seen(&s, VIEW_TEXT, "effect_counts_not", 0));
    scene_close(&s);
}

/* ---- the evidence ------------------------------------------------------------------------------ */

static void test_evidence(void **state)
{
    (void)state;
    struct scene s;
    open_scene(&s);
    put_orders(&s, "A", 2, "2026-11-01T10:00:00Z");
    put_claims(&s, "1|a|a_to_z|DE|A-0|action||Not received|24.90 EUR|2026-11-22T10:00:00Z|\n"
                   "2|b|chargeback|US||action||||2026-11-22T10:00:00Z|", 2);
    assert_told(import_rows(s.shop.db, &plain, "letter", letters,
        "1|l1|claim|a|DE|A-0|2026-11-22T10:00:00Z|in|Amazon|Claim|Please answer\n"
        "2|l2|claim|a|DE|A-0|2026-11-22T11:00:00Z|out|||Delivered on the 3rd\n"
        "3|l3|claim|a|DE|A-0|2026-11-22T12:00:00Z|note|||Do not print this\n"
        "4|l4|thread|t|DE|A-0|2026-11-10T10:00:00Z|in|Ada|Where is it?|Hello\n"
        "5|l5|thread|u|DE|A-1|2026-11-10T10:00:00Z|in|Bob|Another order|Hello"), 5, 0, "");
    assert_told(import_rows(s.shop.db, &plain, "return_line", "line:count order:text sku:text market:market request_day:day"
                            " status:text reason:text quantity:count", "1|A-0|mug|DE|2026-11-15|Approved|Broken|1"), 1, 0, "");
    show_page(&s, NOW, "claim=a view=evidence");
    assert_fact(&s, "column.claim_id", 0, "a");
    assert_fact(&s, "column.order_id", 0, "order:A-0");
    assert_int_equal(must_see(&s, VIEW_TABLE, "the_lines", 0)->table.rows.n_rows, 1);
    assert_int_equal(must_see(&s, VIEW_TABLE, "the_returns", 0)->table.rows.n_rows, 1);
    assert_non_null(seen(&s, VIEW_TEXT, "tracking_unknown", 0));
    assert_int_equal(how_many(&s, VIEW_THREAD), 2);
    assert_int_equal(how_many(&s, VIEW_LETTER), 3);
    for (size_t k = 0; k < s.n; k++)
        if (s.e[k].kind == VIEW_LETTER)
            assert_null(strstr(s.e[k].letter.body.at, "Do not print this"));
    assert_int_equal(how_many(&s, VIEW_FORM), 0);
    show_page(&s, NOW, "claim=b view=evidence");
    assert_fact(&s, "column.claim_id", 0, "b");
    assert_int_equal(how_many(&s, VIEW_TABLE), 0);
    scene_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_card), cmocka_unit_test(test_tabs), cmocka_unit_test(test_one), cmocka_unit_test(test_effect),
        cmocka_unit_test(test_evidence),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
