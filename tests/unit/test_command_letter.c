/* SPDX-License-Identifier: Apache-2.0 */
/* test_command_letter.c: answers to buyers, drafts, notes, and what waits after each of them. */
#include "command.h"

#include "data/letter.h"

/* Two letters of a buyer, a day and two hours before AT. */
static void open_shop(struct shop *s, const char *name)
{
    shop_open(s, name);
    struct record_to to = { s->db, s->policies, 0 };
    const struct { const char *id, *at, *body; } letters[] = {
        { "m1@mail", "2026-11-22T09:00:00Z", "Where is my parcel?" },
        { "m2@mail", "2026-11-23T08:00:00Z", "Hello?" },
    };
    assert_well(db_begin(s->db, &s->err), &s->err);
    for (size_t i = 0; i < COUNT_OF(letters); i++) {
        const struct letter_row row = {
            .letter_id = letters[i].id, .of = LETTER_OF_THREAD, .of_id = "m1@mail", .market = market_find("DE"),
            .order_id = "303-1234567-1234567", .at_s = instant(letters[i].at), .side = LETTER_IN, .sender = "Erika",
            .reply_to = "x1@marketplace.example", .subject = "Order 303-1234567-1234567", .body = letters[i].body,
        };
        assert_well(letter_put(&to, &row, NULL, &s->err), &s->err);
    }
    const struct letter_row closed = {
        .letter_id = "n1@mail", .of = LETTER_OF_THREAD, .of_id = "n1@mail", .at_s = instant("2026-11-23T09:00:00Z"),
        .side = LETTER_IN, .sender = "Max", .subject = "A question", .body = "Is it blue?",
    };
    assert_well(letter_put(&to, &closed, NULL, &s->err), &s->err);
    assert_well(db_end(s->db, 0, &s->err), &s->err);
}

static const char sql_waits[] = "SELECT waits, last_out, letters FROM v1_threads WHERE thread = 'm1@mail'";
static const char sql_answered[] = "SELECT letter, answered FROM v1_letters WHERE thread = 'm1@mail' AND side = 'in' ORDER BY letter";
static const char sql_outbox[] = "SELECT kind, recipient, subject, body, state, ref, letter_no FROM outbox";

static void an_answer_goes_into_the_outbox(void **state)
{
    (void)state;
    struct shop s;
    open_shop(&s, "reply.db");
    assert_string_equal(answer(s.db, sql_waits), "1795338000|-|2\n");
    does(&s, "in the outbox", "message.reply", "thread=m1@mail", "body=It comes tomorrow.\r\nGreetings");
    assert_string_equal(s.result.ref, "thread:m1@mail");
    assert_string_equal(answer(s.db, sql_waits), "-|1795428000|3\n");
    assert_string_equal(answer(s.db, sql_answered), "1|1795428000\n2|1795428000\n");
    assert_string_equal(answer(s.db, sql_outbox), "mail|x1@marketplace.example|Re: Order 303-1234567-1234567"
                        "|It comes tomorrow.\nGreetings|queued|thread:m1@mail|4\n");
    assert_string_equal(answer(s.db, "SELECT side, state, sender, subject FROM v1_letters WHERE letter = 4"),
                        "out|queued||Re: Order 303-1234567-1234567\n");
    /* Found by its text; told of in the log by its hash only. */
    assert_string_equal(answer(s.db, "SELECT count(*) FROM record_text WHERE record_text MATCH '\"comes tomorrow\"'"), "1\n");
    assert_string_equal(answer(s.db, "SELECT args FROM audit"),
                        "{\"thread\":\"m1@mail\",\"body\":\"28 bytes, blake2b 2df92e71e498b5189249e0923e2fca0c\"}\n");
    shop_close(&s);
}

static void card_numbers_are_written_nowhere(void **state)
{
    (void)state;
    static const char *const tables[] = {
        "SELECT subject, body FROM letter", "SELECT subject, body FROM outbox", "SELECT args FROM audit",
        "SELECT result FROM command_key", "SELECT data FROM event", "SELECT title, body FROM record_text",
    };
    struct shop s;
    open_shop(&s, "cards.db");
    s.setup.key = "k";
    does(&s, "outbox", "message.reply", "thread=m1@mail", "body=Is your card 4111 1111 1111 1111 still good?");
    s.setup.key = "k2";
    does(&s, "kept", "message.note", "thread=m1@mail", "body=5500-0000-0000-0004 he said");
    for (size_t i = 0; i < COUNT_OF(tables); i++) {
        assert_null(strstr(answer(s.db, tables[i]), "4111 1111"));
        assert_null(strstr(answer(s.db, tables[i]), "5500-0000"));
    }
    assert_string_equal(answer(s.db, "SELECT masked FROM letter WHERE side <> 'in' ORDER BY no"), "1\n1\n");
    assert_string_equal(answer(s.db, "SELECT body FROM outbox"), "Is your card [card number removed …1111] still good?\n");
    shop_close(&s);
}

static void what_cannot_be_answered(void **state)
{
    (void)state;
    struct shop s;
    open_shop(&s, "cannot.db");
    is_refused(&s, ERR_ABSENT, "thread", "no thread", "message.reply", "thread=other", "body=x");
    is_refused(&s, ERR_INPUT, "body", "needed", "message.reply", "thread=m1@mail", "body=\n ");
    is_refused(&s, ERR_DENIED, "thread", "names an address", "message.reply", "thread=n1@mail", "body=Yes.");
    is_refused(&s, ERR_ABSENT, "letter", "no letter 99", "message.reply", "thread=m1@mail", "body=x", "letter=99");
    is_refused(&s, ERR_INPUT, "letter", "no draft", "message.reply", "thread=m1@mail", "body=x", "letter=1");
    shop_close(&s);
}

static void a_draft_is_kept_and_becomes_the_answer(void **state)
{
    (void)state;
    struct shop s;
    open_shop(&s, "draft.db");
    does(&s, "draft is kept", "message.draft", "thread=m1@mail", "body=It comes");
    assert_string_equal(s.result.ref, "letter:4");
    assert_string_equal(answer(s.db, sql_waits), "1795338000|-|2\n");
    assert_string_equal(answer(s.db, "SELECT count(*) FROM outbox"), "0\n");
    s.setup.now_s += 60;
    does(&s, "draft is kept", "message.draft", "thread=m1@mail", "body=It comes today", "letter=4");
    assert_string_equal(s.result.ref, "letter:4");
    assert_string_equal(answer(s.db, "SELECT letter, state, body FROM v1_letters WHERE side = 'out'"),
                        "4|draft|It comes today\n");
    is_refused(&s, ERR_INPUT, "letter", "no draft of thread n1@mail", "message.draft", "thread=n1@mail", "body=x",
               "letter=4");
    does(&s, "outbox", "message.reply", "thread=m1@mail", "body=It comes today.", "letter=4");
    assert_string_equal(answer(s.db, "SELECT state, body FROM v1_letters WHERE side = 'out'"), "queued|It comes today.\n");
    assert_string_equal(answer(s.db, sql_waits), "-|1795428060|3\n");
    is_refused(&s, ERR_DENIED, "letter", "no draft any more", "message.draft", "thread=m1@mail", "body=x", "letter=4");
    does(&s, "kept", "message.draft", "thread=n1@mail", "body=Blue.");
    does(&s, "thrown away", "message.discard", "letter=5");
    is_refused(&s, ERR_ABSENT, "letter", "no letter 5", "message.discard", "letter=5");
    is_refused(&s, ERR_DENIED, "letter", "stays", "message.discard", "letter=4");
    is_refused(&s, ERR_DENIED, "letter", "stays", "message.discard", "letter=1");
    shop_close(&s);
}

static void what_is_taken_back_waits_again(void **state)
{
    (void)state;
    struct shop s;
    open_shop(&s, "cancel.db");
    does(&s, "outbox", "message.reply", "thread=m1@mail", "body=It comes tomorrow.");
    does(&s, "draft again", "message.cancel", "letter=4");
    assert_string_equal(s.result.ref, "thread:m1@mail");
    assert_string_equal(answer(s.db, sql_waits), "1795338000|-|2\n");
    assert_string_equal(answer(s.db, sql_answered), "1|-\n2|-\n");
    assert_string_equal(answer(s.db, "SELECT state FROM outbox"), "cancelled\n");
    is_refused(&s, ERR_DENIED, "letter", "it is draft", "message.cancel", "letter=4");
    is_refused(&s, ERR_DENIED, "letter", "it is received", "message.sent", "letter=1");
    shop_close(&s);
}

static void what_was_sent_by_other_means(void **state)
{
    (void)state;
    struct shop s;
    open_shop(&s, "sent.db");
    does(&s, "outbox", "message.reply", "thread=m1@mail", "body=It comes tomorrow.");
    is_refused(&s, ERR_INPUT, "at", "later than now", "message.sent", "letter=4", "at=2026-11-23 10:01");
    does(&s, "counts as sent", "message.sent", "letter=4", "at=2026-11-23T09:30:00Z");
    assert_string_equal(answer(s.db, "SELECT state FROM outbox"), "sent\n");
    assert_string_equal(answer(s.db, "SELECT state, at FROM v1_letters WHERE letter = 4"), "sent|1795426200\n");
    assert_string_equal(answer(s.db, sql_answered), "1|1795426200\n2|1795426200\n");
    is_refused(&s, ERR_DENIED, "letter", "it is sent", "message.sent", "letter=4");
    is_refused(&s, ERR_DENIED, "letter", "it is sent", "message.cancel", "letter=4");
    shop_close(&s);
}

static void no_response_is_needed(void **state)
{
    (void)state;
    struct shop s;
    open_shop(&s, "needs.db");
    does(&s, "no answer any more", "message.no_answer", "letter=1");
    assert_string_equal(s.result.ref, "thread:m1@mail");
    assert_string_equal(answer(s.db, sql_waits), "1795420800|-|2\n");
    does(&s, "to be answered again", "message.needs_answer", "letter=1");
    assert_string_equal(answer(s.db, sql_waits), "1795338000|-|2\n");
    does(&s, "no answer any more", "message.no_answer", "thread=m1@mail");
    assert_string_equal(answer(s.db, sql_waits), "-|-|2\n");
    assert_string_equal(answer(s.db, "SELECT letter, needs FROM v1_letters ORDER BY letter"), "1|0\n2|0\n3|1\n");
    is_refused(&s, ERR_INPUT, "letter", "one of the two", "message.no_answer");
    is_refused(&s, ERR_INPUT, "letter", "one of the two", "message.no_answer", "letter=1", "thread=m1@mail");
    is_refused(&s, ERR_ABSENT, "thread", "no thread", "message.no_answer", "thread=other");
    is_refused(&s, ERR_ABSENT, "letter", "no letter", "message.no_answer", "letter=99");
    does(&s, "kept", "message.note", "thread=m1@mail", "body=He called.");
    is_refused(&s, ERR_INPUT, "letter", "not written by a buyer", "message.no_answer", "letter=4");
    is_refused(&s, ERR_INPUT, "letter", "not written by a buyer", "message.needs_answer", "letter=4");
    shop_close(&s);
}

static void a_note_answers_nothing(void **state)
{
    (void)state;
    struct shop s;
    open_shop(&s, "note.db");
    does(&s, "note is kept", "message.note", "thread=n1@mail", "body=Asked the supplier.");
    assert_string_equal(s.result.ref, "thread:n1@mail");
    assert_string_equal(answer(s.db, "SELECT waits FROM v1_threads WHERE thread = 'n1@mail'"), "1795424400\n");
    does(&s, "thrown away", "message.discard", "letter=4");
    assert_string_equal(answer(s.db, "SELECT count(*) FROM letter"), "3\n");
    shop_close(&s);
}

/* The letter, what it changes in its thread, and the outbox: whichever fails, none of it is there. */
static void an_answer_is_whole_or_not_there(void **state)
{
    (void)state;
    static const char *const fails[] = {
        "INSERT ON letter", "UPDATE ON letter", "UPDATE ON thread", "INSERT ON outbox", "INSERT ON audit", "INSERT ON event",
    };
    for (size_t i = 0; i < COUNT_OF(fails); i++) {
        struct shop s;
        char name[40], sql[160];
        snprintf(name, sizeof name, "whole-%zu.db", i);
        open_shop(&s, name);
        snprintf(sql, sizeof sql, "CREATE TRIGGER fails BEFORE %s BEGIN SELECT RAISE(ABORT, 'no'); END", fails[i]);
        run_sql(s.db, sql);
        is_refused(&s, ERR_BUG, "", "no", "message.reply", "thread=m1@mail", "body=It comes tomorrow.");
        assert_string_equal(answer(s.db, "SELECT count(*) FROM record_text WHERE record_text MATCH '\"comes tomorrow\"'"),
                            "0\n");
        run_sql(s.db, "DROP TRIGGER fails");
        does(&s, "outbox", "message.reply", "thread=m1@mail", "body=It comes tomorrow.");
        shop_close(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_goes_into_the_outbox),
        cmocka_unit_test(card_numbers_are_written_nowhere),
        cmocka_unit_test(what_cannot_be_answered),
        cmocka_unit_test(a_draft_is_kept_and_becomes_the_answer),
        cmocka_unit_test(what_is_taken_back_waits_again),
        cmocka_unit_test(what_was_sent_by_other_means),
        cmocka_unit_test(no_response_is_needed),
        cmocka_unit_test(a_note_answers_nothing),
        cmocka_unit_test(an_answer_is_whole_or_not_there),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
