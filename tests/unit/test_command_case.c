/* SPDX-License-Identifier: Apache-2.0 */
/* test_command_case.c: cases with the marketplace's support, claims and chargebacks. */
#include "command.h"

#include "data/claim.h"

static const char sql_case[] = "SELECT case_id, market, subject, state, ref, opened, changed, closes, source FROM v1_cases";
static const char sql_letters[] = "SELECT side, state, subject, body FROM v1_case_letters ORDER BY letter";

/* ---- cases ----------------------------------------------------------------------------------- */

static void a_case_is_added(void **state)
{
    (void)state;
    struct shop s;
    shop_open(&s, "case-add.db");
    does(&s, "Case 1234567890 is written down.", "case.add", "subject=Reserve is too high", "case=1234567890", "market=DE",
         "ref=settlement:7293436482", "body=Why is so much held back?", "closes=2026-12-01 12:00");
    assert_string_equal(s.result.ref, "case:1234567890");
    /* 12:00 in Berlin. */
    assert_string_equal(answer(s.db, sql_case), "1234567890|A1PA6795UKMFR9|Reserve is too high|open|settlement:7293436482"
                        "|1795428000|1795428000|1796122800|typed\n");
    assert_string_equal(answer(s.db, sql_letters), "out|sent|Reserve is too high|Why is so much held back?\n");
    assert_string_equal(answer(s.db, "SELECT count(*) FROM outbox"), "0\n");
    is_refused(&s, ERR_INPUT, "case", "a case 1234567890 already", "case.add", "subject=x", "case=1234567890");
    is_refused(&s, ERR_INPUT, "ref", "write it like", "case.add", "subject=x", "ref=303-1234567-1234567");
    is_refused(&s, ERR_INPUT, "subject", "needed", "case.add");
    s.setup.via = "api";
    does(&s, "Case own-2 is written down.", "case.add", "subject=Another");
    assert_string_equal(answer(s.db, "SELECT case_id, source FROM v1_cases WHERE case_id <> '1234567890'"), "own-2|api\n");
    shop_close(&s);
}

static void letters_of_a_case(void **state)
{
    (void)state;
    struct shop s;
    shop_open(&s, "case-letters.db");
    does(&s, "own-1", "case.add", "subject=Label is wrong");
    does(&s, "draft is kept", "case.draft", "case=own-1", "body=It says");
    does(&s, "draft is kept", "case.draft", "case=own-1", "body=It says 12", "letter=1");
    does(&s, "note is kept", "case.note", "case=own-1", "body=Ask Max.");
    assert_string_equal(answer(s.db, sql_letters), "out|draft|Re: Label is wrong|It says 12\nnote|sent||Ask Max.\n");
    does(&s, "written down. Souk cannot hand it in", "case.reply", "case=own-1", "body=It says 12.", "letter=1");
    does(&s, "new state", "case.state", "case=own-1", "state=closed");
    does(&s, "in that state already", "case.state", "case=own-1", "state=closed");
    s.setup.now_s += 60;
    does(&s, "the case is reopened", "case.reply", "case=own-1", "body=Not yet.");
    assert_string_equal(answer(s.db, "SELECT state, changed FROM v1_cases"), "reopened|1795428060\n");
    is_refused(&s, ERR_ABSENT, "case", "no case", "case.reply", "case=own-9", "body=x");
    is_refused(&s, ERR_INPUT, "body", "needed", "case.note", "case=own-1");
    is_refused(&s, ERR_INPUT, "state", "cannot be chosen", "case.state", "case=own-1", "state=asleep");
    is_refused(&s, ERR_INPUT, "closes", "does not close by itself", "case.state", "case=own-1", "state=closed",
               "closes=2026-12-01 12:00");
    shop_close(&s);
}

/* What somebody links is no news of the case: a mail of before still counts. */
static void what_a_case_is_about(void **state)
{
    (void)state;
    struct shop s;
    shop_open(&s, "case-ref.db");
    does(&s, "own-1", "case.add", "subject=Label is wrong");
    s.setup.now_s += 3600;
    does(&s, "linked", "case.ref", "case=own-1", "ref=sku:A-1");
    assert_string_equal(answer(s.db, "SELECT ref, changed FROM v1_cases"), "sku:A-1|1795428000\n");
    is_refused(&s, ERR_INPUT, "ref", "write it like", "case.ref", "case=own-1", "ref=sku:");
    is_refused(&s, ERR_ABSENT, "case", "no case", "case.ref", "case=own-2", "ref=sku:A-1");
    shop_close(&s);
}

static void what_is_thrown_away(void **state)
{
    (void)state;
    struct shop s;
    shop_open(&s, "case-discard.db");
    does(&s, "own-1", "case.add", "subject=Label is wrong");
    does(&s, "1234567890", "case.add", "subject=Another", "case=1234567890");
    does(&s, "kept", "case.draft", "case=own-1", "body=It says");
    is_refused(&s, ERR_INPUT, "letter", "one of the two", "case.discard");
    is_refused(&s, ERR_INPUT, "letter", "one of the two", "case.discard", "letter=1", "case=own-1");
    does(&s, "thrown away", "case.discard", "letter=1");
    assert_string_equal(answer(s.db, "SELECT count(*) FROM letter"), "0\n");
    does(&s, "kept", "case.note", "case=own-1", "body=No case after all");
    does(&s, "thrown away", "case.discard", "case=own-1");
    assert_string_equal(answer(s.db, "SELECT (SELECT count(*) FROM cases), (SELECT count(*) FROM letter)"), "1|0\n");
    is_refused(&s, ERR_DENIED, "", "1234567890", "case.discard", "case=1234567890");
    shop_close(&s);
}

/* ---- claims ---------------------------------------------------------------------------------- */

static const char sql_claim[] =
    "SELECT claim_id, kind, market, order_id, state, outcome, currency, amount, opened, due, due_rule, counts, source"
    " FROM v1_claims";

/* features.md (b): a chargeback is to be answered within 7 calendar days from the mail's date. */
static void deadlines_come_from_the_policies(void **state)
{
    (void)state;
    struct shop s;
    shop_open(&s, "claim-due.db");
    does(&s, "answered by 30 Nov 2026, 10:00 CET (policy chargeback.answer)", "claim.add", "kind=chargeback",
         "order=303-1234567-1234567", "market=DE", "amount=12,34", "opened=2026-11-23 10:00", "reason=not received");
    assert_string_equal(s.result.ref, "claim:chargeback:303-1234567-1234567");
    assert_string_equal(answer(s.db, sql_claim), "chargeback:303-1234567-1234567|chargeback|A1PA6795UKMFR9"
                        "|303-1234567-1234567|action|-|EUR|1234|1795424400|1796029200|chargeback.answer|1|typed\n");
    is_refused(&s, ERR_INPUT, "order", "already", "claim.add", "kind=chargeback", "order=303-1234567-1234567");
    is_refused(&s, ERR_INPUT, "order", "which claim", "claim.add", "kind=chargeback");
    is_refused(&s, ERR_INPUT, "amount", "currency", "claim.add", "kind=safe_t", "order=1", "amount=12");
    is_refused(&s, ERR_INPUT, "opened", "later than now", "claim.add", "kind=safe_t", "order=1", "opened=2026-11-23 10:01");
    /* What the mail names goes before the policy; without a market there is none. */
    does(&s, "answered by 25 Nov 2026", "claim.add", "kind=a_to_z", "claim=77", "market=DE", "due=2026-11-25 12:00");
    does(&s, "No policy names a deadline", "claim.add", "kind=a_to_z", "claim=78", "counts=no");
    assert_string_equal(answer(s.db, "SELECT claim_id, due, due_rule, counts FROM v1_claims WHERE kind = 'a_to_z'"),
                        "77|1795604400|-|1\n78|-|-|0\n");
    shop_close(&s);
}

static void a_claim_is_answered(void **state)
{
    (void)state;
    struct shop s;
    shop_open(&s, "claim-respond.db");
    does(&s, "77", "claim.add", "kind=a_to_z", "claim=77", "market=DE", "order=303-1234567-1234567");
    does(&s, "kept", "claim.note", "claim=77", "body=Tracking says delivered.");
    assert_string_equal(answer(s.db, "SELECT state FROM v1_claims"), "action\n");
    s.setup.now_s += 60;
    does(&s, "under review. Souk cannot hand it in", "claim.respond", "claim=77", "body=It was delivered.");
    assert_string_equal(answer(s.db, "SELECT state, due, due_rule, changed FROM v1_claims"), "review|-|-|1795428060\n");
    assert_string_equal(answer(s.db, "SELECT side, state, body FROM v1_claim_letters ORDER BY letter"),
                        "note|sent|Tracking says delivered.\nout|sent|It was delivered.\n");
    does(&s, "under review", "claim.respond", "claim=77", "body=And signed for.");
    is_refused(&s, ERR_DENIED, "claim", "nothing to appeal against", "claim.appeal", "claim=77", "body=x");
    is_refused(&s, ERR_ABSENT, "claim", "no claim", "claim.respond", "claim=99", "body=x");
    does(&s, "closed", "claim.close", "claim=77", "outcome=denied");
    assert_string_equal(answer(s.db, "SELECT state, outcome FROM v1_claims"), "closed|denied\n");
    is_refused(&s, ERR_DENIED, "claim", "waits for no answer", "claim.respond", "claim=77", "body=x");
    is_refused(&s, ERR_DENIED, "claim", "closed already", "claim.accept", "claim=77");
    is_refused(&s, ERR_DENIED, "claim", "closed, denied", "claim.appeal", "claim=77", "body=x");
    shop_close(&s);
}

/* features.md (b): an appeal within 30 calendar days from the debit. */
static void what_was_granted_is_appealed_against(void **state)
{
    (void)state;
    struct shop s;
    shop_open(&s, "claim-appeal.db");
    does(&s, "77", "claim.add", "kind=a_to_z", "claim=77", "market=DE", "order=303-1234567-1234567");
    is_refused(&s, ERR_INPUT, "may_appeal", "Only a claim that was granted", "claim.close", "claim=77", "outcome=denied",
               "may_appeal=yes");
    does(&s, "(policy claim.appeal_days)", "claim.close", "claim=77", "outcome=granted", "may_appeal=yes");
    assert_string_equal(answer(s.db, "SELECT state, outcome, due, due_rule FROM v1_claims"),
                        "appeal|granted|1798020000|claim.appeal_days\n");
    s.setup.now_s = instant("2026-12-24T10:00:00Z");
    does(&s, "Mind that the time for an appeal ended on 23 Dec 2026", "claim.appeal", "claim=77", "body=Look again.");
    assert_string_equal(answer(s.db, "SELECT state, outcome, due FROM v1_claims"), "review|granted|-\n");
    does(&s, "closed", "claim.close", "claim=77", "outcome=granted");
    does(&s, "written down; the claim is under review", "claim.appeal", "claim=77", "body=And again.");
    if (strstr(s.result.text, "Mind"))
        fail_msg("it says: %s", s.result.text);
    shop_close(&s);
}

static void a_claim_is_accepted(void **state)
{
    (void)state;
    struct shop s;
    shop_open(&s, "claim-accept.db");
    does(&s, "77", "claim.add", "kind=a_to_z", "claim=77", "market=DE");
    does(&s, "accepted and closed", "claim.accept", "claim=77", "body=Our fault.");
    assert_string_equal(s.result.ref, "claim:77");
    assert_string_equal(answer(s.db, "SELECT state, outcome, due FROM v1_claims"), "closed|granted|-\n");
    assert_string_equal(answer(s.db, "SELECT side, body FROM v1_claim_letters"), "note|Our fault.\n");
    shop_close(&s);
}

/* That it counts is no news of the claim: its deadline and its last change stay. */
static void whether_a_claim_counts(void **state)
{
    (void)state;
    struct shop s;
    shop_open(&s, "claim-counts.db");
    does(&s, "77", "claim.add", "kind=chargeback", "claim=77", "market=DE");
    const char *before = arena_text(s.arena, answer(s.db, "SELECT changed, due, due_rule FROM v1_claims"));
    s.setup.now_s += 86400;
    does(&s, "does not count", "claim.counts", "claim=77", "counts=no");
    assert_string_equal(answer(s.db, "SELECT counts FROM v1_claims"), "0\n");
    does(&s, "The claim counts", "claim.counts", "claim=77", "counts=yes");
    assert_string_equal(answer(s.db, "SELECT counts FROM v1_claims"), "1\n");
    assert_string_equal(answer(s.db, "SELECT changed, due, due_rule FROM v1_claims"), before);
    is_refused(&s, ERR_INPUT, "counts", "needed", "claim.counts", "claim=77");
    is_refused(&s, ERR_ABSENT, "claim", "no claim", "claim.counts", "claim=99", "counts=yes");
    shop_close(&s);
}

static void a_case_or_claim_is_whole_or_not_there(void **state)
{
    (void)state;
    static const char *const fails[] = { "INSERT ON cases", "INSERT ON letter", "INSERT ON audit", "INSERT ON event" };
    for (size_t i = 0; i < COUNT_OF(fails); i++) {
        struct shop s;
        char name[40], sql[240];
        snprintf(name, sizeof name, "case-whole-%zu.db", i);
        shop_open(&s, name);
        does(&s, "77", "claim.add", "kind=a_to_z", "claim=77", "market=DE");
        snprintf(sql, sizeof sql, "CREATE TRIGGER fails BEFORE %s BEGIN SELECT RAISE(ABORT, 'no'); END;"
                                  "CREATE TRIGGER fails_2 BEFORE UPDATE ON claim BEGIN SELECT RAISE(ABORT, 'no'); END;",
                 fails[i]);
        run_sql(s.db, sql);
        is_refused(&s, ERR_BUG, "", "no", "case.add", "subject=x", "body=y");
        is_refused(&s, ERR_BUG, "", "no", "claim.respond", "claim=77", "body=y");
        shop_close(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_case_is_added),
        cmocka_unit_test(letters_of_a_case),
        cmocka_unit_test(what_a_case_is_about),
        cmocka_unit_test(what_is_thrown_away),
        cmocka_unit_test(deadlines_come_from_the_policies),
        cmocka_unit_test(a_claim_is_answered),
        cmocka_unit_test(what_was_granted_is_appealed_against),
        cmocka_unit_test(a_claim_is_accepted),
        cmocka_unit_test(whether_a_claim_counts),
        cmocka_unit_test(a_case_or_claim_is_whole_or_not_there),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
