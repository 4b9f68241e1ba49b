/* SPDX-License-Identifier: Apache-2.0 */
/* test_erase.c: what is known of people goes, from the records and from the file. */
#include "command.h"

#include "data/claim.h"
#include "data/erase.h"
#include "data/health.h"
#include "data/letter.h"
#include "data/notice.h"

#define ORDER "303-1234567-1234567"
#define OTHER "303-7654321-7654321"
#define RELAY "abc123@marketplace.example"

static void letter(struct shop *s, const char *id, const char *thread, const char *order, const char *sender, const char *relay,
                   const char *body, const char *at)
{
    struct record_to to = { s->db, s->policies, 0 };
    const struct letter_row row = {
        .letter_id = id, .of = LETTER_OF_THREAD, .of_id = thread, .market = market_find("DE"), .order_id = order,
        .at_s = instant(at), .side = LETTER_IN, .sender = sender, .reply_to = relay, .subject = "About zebrawood", .body = body,
    };
    assert_well(db_begin(s->db, &s->err), &s->err);
    assert_well(letter_put(&to, &row, NULL, &s->err), &s->err);
    assert_well(db_end(s->db, 0, &s->err), &s->err);
}

static void buyers_shop(struct shop *s, const char *name)
{
    shop_open(s, name);
    letter(s, "<1@x>", RELAY " " ORDER, ORDER, "Zacharias Quill", RELAY, "I am Zacharias from Quillstreet.", "2026-10-01T10:00:00Z");
    letter(s, "<2@x>", RELAY " " OTHER, OTHER, "Zacharias Quill", RELAY, "Another order, Quillstreet.", "2026-11-22T10:00:00Z");
    letter(s, "<3@x>", "other@marketplace.example", "303-1111111-1111111", "Yvonne Reed", "other@marketplace.example", "I am Yvonne.",
           "2026-10-01T11:00:00Z");
    struct record_to to = { s->db, s->policies, 0 };
    const struct feedback_row feedback = {
        .order_id = ORDER, .market = market_find("DE"), .day = TOLD(20700), .stars = TOLD(2), .comment = "Quillstreet waits",
        .told_s = instant("2026-11-20T00:00:00Z"),
    };
    const struct notice_row notice = {
        .at_s = instant("2026-10-01T12:00:00Z"), .class = "account", .kind = "typed", .severity = "info", .subject = "Zacharias Quill asks",
        .before = "", .after = "", .ref = "order:" ORDER, .source = "typed",
    };
    assert_well(db_begin(s->db, &s->err), &s->err);
    assert_well(feedback_put(&to, &feedback, &s->err), &s->err);
    assert_well(notice_put(&to, &notice, NULL, &s->err), &s->err);
    assert_well(db_exec(s->db,
        "INSERT INTO reject (import_no, line, field, plugin, reason, args, raw)"
        " VALUES (1, 2, '', '', 'cell.number', '{}', CAST('303-1234567-1234567 Zacharias Quill' AS BLOB)),"
        "        (1, 3, '', '', 'cell.number', '{}', CAST('303-1111111-1111111 Yvonne Reed' AS BLOB));", &s->err), &s->err);
    assert_well(db_end(s->db, 0, &s->err), &s->err);
    does(s, "outbox", "message.reply", "thread=" RELAY " " ORDER, "body=Dear Zacharias");
}

/* Does the file, or its log, hold these bytes? */
static bool file_holds(const struct shop *s, const char *words)
{
    static const char *const ends[] = { "", "-wal" };
    bool found = false;
    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        FILE *in = fopen(arena_printf(s->arena, "%s%s", db_path(s->db), ends[i]), "rb");
        if (!in)
            continue;
        fseek(in, 0, SEEK_END);
        size_t n = (size_t)ftell(in);
        char *bytes = arena_alloc(s->arena, n + 1);
        rewind(in);
        n = fread(bytes, 1, n, in);
        fclose(in);
        found |= memmem(bytes, n, words, strlen(words)) != NULL;
    }
    return found;
}

static void a_buyer_is_erased(void **state)
{
    (void)state;
    struct shop s;
    buyers_shop(&s, "erase.db");
    assert_well(db_exec(s.db, "PRAGMA wal_checkpoint(TRUNCATE);", &s.err), &s.err);
    assert_true(file_holds(&s, "Quillstreet"));
    const char *figures = answer(s.db, "SELECT side, state, at, needs, answered FROM v1_letters ORDER BY at");
    is_refused(&s, ERR_INPUT, "order", "whose data goes", "buyer.erase", "records=3");
    is_refused(&s, ERR_INPUT, "order", "whose data goes", "buyer.erase", "order=" ORDER, "mail=" RELAY);
    is_refused(&s, ERR_ABSENT, "order", "Nothing is known of an order 1", "buyer.erase", "order=1");
    is_refused(&s, ERR_ABSENT, "mail", "No talk with this address", "buyer.erase", "mail=nobody@x.example");
    /* two talks with three letters, one in the outbox, feedback, notice, rejected row, and what was said of them */
    is_refused(&s, ERR_INPUT, "records", "2 talks, 3 letters, 1 mail in the outbox, 1 feedback comment, 1 notification, 1 rejected row",
               "buyer.erase", "order=" ORDER);
    is_refused(&s, ERR_INPUT, "records", "the number of records, 9", "buyer.erase", "mail=" RELAY, "records=8");
    does(&s, "9 records were erased", "buyer.erase", "mail=" RELAY, "records=9");
    assert_string_equal(answer(s.db, "SELECT buyer, subject, reply_to FROM v1_threads ORDER BY buyer"),
                        "||\n||\nYvonne Reed|About zebrawood|other@marketplace.example\n");
    assert_string_equal(answer(s.db, "SELECT count(*) FROM v1_letters WHERE body <> ''"), "1\n");
    assert_string_equal(answer(s.db, "SELECT side, state, at, needs, answered FROM v1_letters ORDER BY at"), figures);
    assert_string_equal(answer(s.db, "SELECT stars, comment FROM v1_feedback"), "2|\n");
    assert_string_equal(answer(s.db, "SELECT state, recipient, subject FROM v1_outbox"), "cancelled||\n");
    assert_string_equal(answer(s.db, "SELECT count(*) FROM record_text WHERE record_text MATCH '\"Quill\"'"), "0\n");
    assert_string_equal(answer(s.db, "SELECT count(*) FROM record_text WHERE record_text MATCH '\"Yvonne\"'"), "1\n");
    assert_string_equal(answer(s.db, "SELECT count(*) FROM reject"), "1\n");
    assert_string_equal(answer(s.db, "SELECT actor, args, result FROM v1_audit WHERE command = 'buyer.erase'"),
                        "local|{\"records\":9}|ok\n");
    assert_well(db_exec(s.db, "PRAGMA wal_checkpoint(TRUNCATE);", &s.err), &s.err);
    static const char *const gone[] = { "Zacharias", "Quill", "Quillstreet", "Dear" };
    for (size_t i = 0; i < COUNT_OF(gone); i++)
        if (file_holds(&s, gone[i]))
            fail_msg("the file still holds %s", gone[i]);
    assert_true(file_holds(&s, "Yvonne"));
    is_refused(&s, ERR_ABSENT, "order", "Nothing is left", "buyer.erase", "order=" ORDER);
    /* the same mail again does not bring it back */
    letter(&s, "<1@x>", RELAY " " ORDER, ORDER, "Zacharias Quill", RELAY, "I am Zacharias.", "2026-10-01T10:00:00Z");
    assert_string_equal(answer(s.db, "SELECT count(*) FROM v1_letters WHERE body <> ''"), "1\n");
    shop_close(&s);
}

static void not_everybody_may(void **state)
{
    (void)state;
    struct shop s;
    buyers_shop(&s, "may.db");
    s.setup.who = who_of("ann@example.org", ROLE_STAFF);
    assert_int_equal(doing(&s, "buyer.erase", "order=" ORDER, (char *)NULL), -ERR_DENIED);
    assert_int_equal(doing(&s, "retention.set", "kind=letters", "days=90", (char *)NULL), -ERR_DENIED);
    assert_int_equal(doing(&s, "retention.run", (char *)NULL), -ERR_DENIED);
    shop_close(&s);
}

static void what_is_old_goes(void **state)
{
    (void)state;
    struct shop s;
    struct retention kind[ERASE_KINDS];
    buyers_shop(&s, "old.db");
    does(&s, "Nothing was old enough", "retention.run");
    is_refused(&s, ERR_INPUT, "days", "30", "retention.set", "kind=letters", "days=3");
    does(&s, "after 40 days", "retention.set", "kind=letters", "days=40");
    does(&s, "after 30 days", "retention.set", "kind=feedback", "days=30");
    does(&s, "after 30 days", "retention.set", "kind=notices", "days=30");
    assert_well(retention_read(s.db, s.setup.now_s, kind, &s.err), &s.err);
    assert_int_equal(kind[ERASE_LETTERS].rows, 1);      /* the one that waits stays, and so does one that is queued */
    assert_int_equal(kind[ERASE_FEEDBACK].rows, 1);
    assert_int_equal(kind[ERASE_NOTICES].rows, 0);      /* it is open */
    assert_int_equal(kind[ERASE_REJECTS].rows, 0);
    does(&s, "2 records were erased", "retention.run");
    assert_string_equal(answer(s.db, "SELECT body FROM v1_letters ORDER BY at, side"),
                        "\nI am Yvonne.\nAnother order, Quillstreet.\nDear Zacharias\n");
    does(&s, "acknowledged", "notice.done", "notice=1");
    s.setup.now_s += 31 * 86400;
    does(&s, "1 record was erased", "retention.run");
    assert_string_equal(answer(s.db, "SELECT count(*) FROM v1_notices"), "0\n");
    does(&s, "It is kept", "retention.set", "kind=letters");
    assert_well(retention_read(s.db, s.setup.now_s, kind, &s.err), &s.err);
    assert_int_equal(kind[ERASE_LETTERS].days, 0);
    shop_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_buyer_is_erased),
        cmocka_unit_test(not_everybody_may),
        cmocka_unit_test(what_is_old_goes),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
