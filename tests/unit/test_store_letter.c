/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_store_letter.c: letters, threads, cases and claims: who waits for an answer, in what state a case is, until
 * when a claim is to be answered.
 */
#include "data.h"

#include "data/claim.h"
#include "data/letter.h"
#include "data/policy.h"
#include "data/search.h"
#include "data/touched.h"

static const struct import plain = { 0 };

static const char letters[] =
    "line:count letter_id:text of:text of_id:text market:market order:text at:instant side:text sender:text"
    " reply_to:text subject:text body:text needs:bool";

static uint32_t random_next = 11;

static uint32_t pick(uint32_t n)
{
    random_next = random_next * 1664525u + 1013904223u;
    return (random_next >> 8) % n;
}

static int64_t instant_of(const char *text)
{
    int64_t at;
    assert_true(instant_parse(text, &at));
    return at;
}

/* ---- threads --------------------------------------------------------------------------------- */

static const char now[] = "SELECT thread, market, order_id, subject, buyer, reply_to, first, last_in, last_out, waits,"
                          " letters FROM v1_threads ORDER BY thread";

static void test_thread(void **state)
{
    (void)state;
    struct db *db = account_new("thread.db");
    assert_told(import_rows(db, &plain, "letter", letters,
        "1|<a@x>|thread|t-1|DE|303-1|2026-10-01T10:00:00Z|in|Anna|a1@relay|Where is it?|Not here yet.|"), 1, 0, "");
    assert_string_equal(answer(db, now),
        "t-1|A1PA6795UKMFR9|303-1|Where is it?|Anna|a1@relay|1790848800|1790848800|-|1790848800|1\n");
    /* A second one waits behind it; the newest says who the buyer is, the first names the thread. */
    assert_told(import_rows(db, &plain, "letter", letters,
        "1|<b@x>|thread|t-1|||2026-10-02T10:00:00Z|in|Anna M.|a2@relay|Re: Where is it?|Hello?|\n"
        "2|<b@x>|thread|t-1|||2026-10-02T10:00:00Z|in|Anna M.|a2@relay|Re: Where is it?|Hello?|"), 1, 1, "");
    assert_string_equal(answer(db, now),
        "t-1|A1PA6795UKMFR9|303-1|Where is it?|Anna M.|a2@relay|1790848800|1790935200|-|1790848800|2\n");
    /* An answer answers all earlier ones; one that comes later waits again. */
    assert_told(import_rows(db, &plain, "letter", letters,
        "1|<d@x>|thread|t-1|||2026-10-03T12:00:00Z|in|Anna M.||Thanks|Fine.|\n"
        "2|<c@x>|thread|t-1|||2026-10-03T10:00:00Z|out|Shop||Re: Where is it?|Tomorrow.|"), 2, 0, "");
    assert_string_equal(answer(db, "SELECT waits, last_in, last_out, letters FROM v1_threads"),
                        "1791028800|1791028800|1791021600|4\n");
    assert_string_equal(answer(db, "SELECT side, state, needs, answered FROM v1_letters ORDER BY at"),
        "in|received|1|1791021600\nin|received|1|1791021600\nout|sent|0|-\nin|received|1|-\n");
    /* "Thanks" needs no answer. */
    struct err err = { 0 };
    struct record_to to = { .db = db };
    assert_int_equal(letter_needs_put(&to, 3, false, &err), 1);
    assert_int_equal(letter_needs_put(&to, 3, false, &err), 0);
    assert_int_equal(to.touched, TOUCHED_LETTERS);
    assert_string_equal(answer(db, "SELECT waits FROM v1_threads"), "-\n");
    /* Imported again it still needs none. */
    assert_told(import_rows(db, &plain, "letter", letters,
        "1|<d@x>|thread|t-1|||2026-10-03T12:00:00Z|in|Anna M.||Thanks|Fine.|1"), 0, 1, "");
    assert_string_equal(answer(db, "SELECT waits FROM v1_threads"), "-\n");
    assert_int_equal(letter_needs_put(&to, 3, true, &err), 1);
    assert_string_equal(answer(db, "SELECT waits FROM v1_threads"), "1791028800\n");
    assert_int_equal(thread_needs_nothing(&to, "t-1", &err), 1);
    assert_int_equal(thread_needs_nothing(&to, "t-1", &err), 0);
    assert_string_equal(answer(db, "SELECT waits FROM v1_threads"), "-\n");
    /* What was answered is left as it is: it counts in the response time. */
    assert_string_equal(answer(db, "SELECT sum(needs) FROM v1_letters"), "2\n");
    assert_int_equal(thread_needs_nothing(&to, "t-9", &err), -ERR_ABSENT);
    err_clear(&err);
    assert_int_equal(letter_needs_put(&to, 4, false, &err), -ERR_DENIED);       /* an answer */
    db_close(db);
}

/* Known at import or later, the order tells the market. */
static void test_market_of_order(void **state)
{
    (void)state;
    static const char lines[] = "line:count order:text market:market purchased:instant sku:text";
    struct db *db = account_new("market.db");
    assert_told(import_rows(db, &plain, "letter", letters,
        "1|<a@x>|thread|t-1||303-1|2026-10-01T10:00:00Z|in||||?|"), 1, 0, "");
    assert_string_equal(answer(db, "SELECT market FROM v1_threads"), "-\n");
    import_rows(db, &plain, "order_line", lines, "1|303-1|FR|2026-09-01T10:00:00Z|a\n2|303-2|IT|2026-09-01T10:00:00Z|a");
    assert_told(import_rows(db, &plain, "letter", letters,
        "1|<b@x>|thread|t-2||303-2|2026-10-01T10:00:00Z|in||||?|"), 1, 0, "");
    assert_string_equal(answer(db, "SELECT thread, market FROM v1_threads ORDER BY thread"),
                        "t-1|A13V1IB3VIYZZH\nt-2|APJ6JRA9NG5V4\n");
    assert_string_equal(answer(db, "SELECT thread, market FROM v1_letters ORDER BY thread"),
                        "t-1|A13V1IB3VIYZZH\nt-2|APJ6JRA9NG5V4\n");
    db_close(db);
}

/* What the letters of all threads say, counted without the store. */
static const char counted[] =
    "WITH told AS (SELECT l.no AS no, l.of_no AS of_no, l.at_s AS at_s, l.side AS side, l.state AS state, l.needs AS needs,"
    "   (SELECT min(a.at_s) FROM letter a WHERE a.of = 'thread' AND a.of_no = l.of_no AND a.side = 'out'"
    "      AND a.state IN ('queued', 'sent') AND a.at_s >= l.at_s) AS next_s"
    "   FROM letter l WHERE l.of = 'thread')"
    " SELECT t.thread_id, min(CASE WHEN side = 'in' AND needs = 1 AND next_s IS NULL THEN at_s END),"
    "  max(CASE WHEN side = 'in' THEN at_s END), max(CASE WHEN side = 'out' AND state IN ('queued', 'sent') THEN at_s END),"
    "  sum(side <> 'note' AND state <> 'draft'), group_concat(CASE WHEN side = 'in' THEN coalesce(next_s, 'no') END)"
    " FROM (SELECT * FROM told ORDER BY no) JOIN thread t ON t.no = of_no GROUP BY 1 ORDER BY 1";
static const char kept[] =
    "SELECT t.thread_id, t.waits_s, t.last_in_s, t.last_out_s, t.letters,"
    "  group_concat(CASE WHEN side = 'in' THEN coalesce(answered_s, 'no') END)"
    " FROM (SELECT * FROM letter WHERE of = 'thread' ORDER BY no) l JOIN thread t ON t.no = l.of_no GROUP BY 1 ORDER BY 1";

static void check_threads(struct db *db)
{
    char *was = base_text(answer(db, kept));
    assert_string_equal(was, answer(db, counted));
    free(was);
}

/* Any letters in any order, and any changes after: who waits depends on the letters alone. */
static void test_any_order(void **state)
{
    (void)state;
    struct db *db = account_new("any.db");
    struct err err = { 0 };
    struct buf file = { 0 };
    int id = 0;
    for (int round = 0; round < 25; round++) {
        buf_clear(&file);
        for (int i = 0; i < 40; i++) {
            static const char *const sides[] = { "in", "in", "in", "out", "out", "note" };
            buf_printf(&file, "%d|<%d>|thread|t-%u|||", i + 1, ++id, pick(6));
            buf_instant(&file, 1790000000 + 60 * (int64_t)pick(200));
            buf_printf(&file, "|%s||||text|%s\n", sides[pick(6)], pick(5) ? "" : "0");
        }
        const struct import how = { .batch = 1 + pick(40) };
        assert_told(import_rows(db, &how, "letter", letters, buf_str(&file)), 40, 0, "");
        assert_told(import_rows(db, &how, "letter", letters, buf_str(&file)), 0, 40, "");
        check_threads(db);
        struct record_to to = { .db = db };
        assert_well(db_begin(db, &err), &err);
        for (int i = 0; i < 30; i++) {
            struct err no = { 0 };
            int64_t letter = 1 + pick((uint32_t)id);
            switch (pick(5)) {
            case 0: letter_drop(&to, letter, &no); break;
            case 1: letter_state_put(&to, letter, (enum letter_state)(1 + pick(5)), 0, &no); break;
            case 2: letter_needs_put(&to, letter, pick(2), &no); break;
            case 3: letter_put(&to, &(struct letter_row){ .of = LETTER_OF_THREAD, .of_id = "t-1", .body = "",
                               .at_s = 1790000000 + pick(12000), .side = LETTER_OUT, .state = LETTER_DRAFT }, NULL, &no); break;
            case 4: letter_put(&to, &(struct letter_row){ .of = LETTER_OF_THREAD, .of_id = "t-2", .body = "",
                               .at_s = 1790000000 + pick(12000), .side = LETTER_OUT, .state = LETTER_QUEUED }, NULL, &no); break;
            }
            if (no.code && no.code != ERR_DENIED && no.code != ERR_ABSENT)
                fail_msg("%s", no.text);
        }
        assert_well(db_end(db, 0, &err), &err);
        check_threads(db);
    }
    assert_true(strstr(answer(db, "SELECT group_concat(DISTINCT state) FROM letter"), "bounced") != NULL);
    buf_free(&file);
    db_close(db);
}

/* From the draft to the letter that bounced, as commands do it. */
static void test_answer(void **state)
{
    (void)state;
    static const char waits[] = "SELECT waits, letters FROM v1_threads";
    struct db *db = account_new("answer.db");
    struct err err = { 0 };
    struct record_to to = { .db = db };
    struct arena *a = arena_new("test", 1024);
    int64_t no, note;
    struct letter l;
    struct thread t;
    import_rows(db, &plain, "letter", letters,
                "1|<a@x>|thread|t-1|DE|303-1|2026-10-01T10:00:00Z|in|Anna|a1@relay|Size?|How large?|");
    assert_int_equal(thread_get(db, a, "t-1", &t, &err), 0);
    assert_string_equal(t.reply_to, "a1@relay");
    assert_string_equal(t.market->code, "DE");
    assert_int_equal(t.waits_s, instant_of("2026-10-01T10:00:00Z"));

    struct letter_row row = { .of = LETTER_OF_THREAD, .of_id = "t-1", .at_s = instant_of("2026-10-01T11:00:00Z"),
                              .side = LETTER_OUT, .state = LETTER_DRAFT, .subject = "Re: Size?", .body = "Ten" };
    assert_int_equal(letter_put(&to, &row, &no, &err), 1);
    assert_string_equal(answer(db, waits), "1790848800|1\n");
    assert_int_equal(letter_text_put(&to, no, NULL, "Ten centimetres", 0, &err), 1);
    assert_int_equal(letter_state_put(&to, no, LETTER_QUEUED, instant_of("2026-10-01T12:00:00Z"), &err), 1);
    assert_int_equal(letter_state_put(&to, no, LETTER_QUEUED, 0, &err), 0);
    assert_string_equal(answer(db, waits), "-|2\n");
    assert_string_equal(answer(db, "SELECT answered - at FROM v1_letters WHERE side = 'in'"), "7200\n");
    assert_int_equal(letter_text_put(&to, no, NULL, "Eleven", 0, &err), -ERR_DENIED);
    err_clear(&err);
    assert_int_equal(letter_get(db, a, no, &l, &err), 0);
    assert_string_equal(l.body, "Ten centimetres");
    assert_string_equal(l.of_id, "t-1");
    assert_string_equal(l.letter_id, "own-2");

    /* Taken back out of the outbox the buyer waits again. */
    assert_int_equal(letter_state_put(&to, no, LETTER_DRAFT, 0, &err), 1);
    assert_string_equal(answer(db, waits), "1790848800|1\n");
    assert_int_equal(letter_state_put(&to, no, LETTER_SENT, instant_of("2026-10-01T13:00:00Z"), &err), 1);
    assert_int_equal(letter_drop(&to, no, &err), -ERR_DENIED);
    err_clear(&err);
    assert_int_equal(letter_state_put(&to, no, LETTER_BOUNCED, 0, &err), 1);
    assert_string_equal(answer(db, waits), "1790848800|2\n");
    assert_int_equal(letter_state_put(&to, no, LETTER_QUEUED, 0, &err), -ERR_DENIED);
    err_clear(&err);

    row = (struct letter_row){ .of = LETTER_OF_THREAD, .of_id = "t-1", .at_s = 1790900000, .side = LETTER_NOTE, .body = "Call" };
    assert_int_equal(letter_put(&to, &row, &note, &err), 1);
    assert_string_equal(answer(db, waits), "1790848800|2\n");
    assert_int_equal(letter_drop(&to, note, &err), 1);
    assert_int_equal(letter_get(db, a, note, &l, &err), -ERR_ABSENT);
    err_clear(&err);
    row.side = LETTER_OUT;
    row.state = LETTER_QUEUED;
    assert_int_equal(letter_put(&to, &row, &no, &err), 1);
    assert_string_equal(answer(db, waits), "-|3\n");
    assert_int_equal(letter_drop(&to, no, &err), 1);
    assert_string_equal(answer(db, waits), "1790848800|2\n");
    assert_string_equal(answer(db, "SELECT count(*) FROM record_text"), "2\n");
    arena_free(a);
    db_close(db);
}

/* Card numbers are gone before the first write: from the records, the index, and what SQLite wrote to disk. */
static void test_masked(void **state)
{
    (void)state;
    struct db *db = account_new("masked.db");
    struct err err = { 0 };
    struct record_to to = { .db = db };
    int64_t no;
    assert_told(import_rows(db, &plain, "letter", letters,
        "1|<a@x>|thread|t-1||303-1234567-1234567|2026-10-01T10:00:00Z|in|4111 1111 1111 1111|x|4111111111111111"
        "|Order 303-1234567-1234567, card 5555 5555 5555 4444 please|"), 1, 0, "");
    assert_string_equal(answer(db, "SELECT sender, subject, body, masked FROM v1_letters"),
        "[card number removed \u20261111]|[card number removed \u20261111]|Order 303-1234567-1234567, card"
        " [card number removed \u20264444] please|3\n");
    struct letter_row draft = { .of = LETTER_OF_THREAD, .of_id = "t-1", .at_s = 1790900000, .side = LETTER_OUT,
                                .state = LETTER_DRAFT, .body = "4111111111111111" };
    assert_int_equal(letter_put(&to, &draft, &no, &err), 1);
    assert_int_equal(letter_text_put(&to, no, "5555555555554444", "4111-1111-1111-1111", 0, &err), 1);
    assert_int_equal(case_put(&to, &(struct case_row){ .subject = "4111111111111111", .opened_s = 1 }, NULL, &err), 1);
    assert_int_equal(claim_put(&to, &(struct claim_row){ .kind = "a_to_z", .order_id = "303-1", .opened_s = 1,
                                                         .reason = "4111111111111111" }, NULL, &err), 1);
    db_close(db);
    static const char *const files[] = { "masked.db", "masked.db-wal" };
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        FILE *f = fopen(scratch_path(files[i]), "rb");
        if (!f)
            continue;
        static char bytes[8 << 20];
        size_t n = fread(bytes, 1, sizeof bytes, f);
        assert_true(n < sizeof bytes);
        assert_null(memmem(bytes, n, "4111111111111111", 16));
        assert_null(memmem(bytes, n, "5555 5555", 9));
        assert_null(memmem(bytes, n, "5555555555554444", 16));
        assert_null(memmem(bytes, n, "1111-1111", 9));
        fclose(f);
    }
}

static void test_letter_rejects(void **state)
{
    (void)state;
    static const char columns[] = "line:count letter_id:text of:text of_id:text at:instant side:text body:text kind:text"
                                  " state:text amount:money";
    struct db *db = account_new("rejects.db");
    assert_told(import_rows(db, &plain, "letter", columns,
        "1||thread|t|2026-10-01T10:00:00Z|in|x|||\n"
        "2|<a>|talk|t|2026-10-01T10:00:00Z|in|x|||\n"
        "3|<a>|thread|t|2026-10-01T10:00:00Z|aside|x|||\n"
        "4|<a>|thread|t||in|x|||\n"
        "5|<a>|claim|c|2026-10-01T10:00:00Z|in|x|||\n"
        "6|<a>|claim|c|2026-10-01T10:00:00Z|in|x|refund||\n"
        "7|<a>|claim|c|2026-10-01T10:00:00Z|in|x|a_to_z|open|\n"
        "8|<a>|claim|c|2026-10-01T10:00:00Z|in|x|a_to_z||1.00 QQQ\n"
        "9|<a>|claim|c|1950-10-01T10:00:00Z|in|x|a_to_z||\n"), 0, 0,
        "1 letter_id reject.needed\n2 of reject.word\n3 side reject.word\n4 at reject.needed\n5 kind reject.needed\n"
        "6 kind reject.word\n7 state reject.word\n8 amount reject.currency\n9 at reject.date\n");
    assert_string_equal(answer(db, "SELECT (SELECT count(*) FROM letter) + (SELECT count(*) FROM thread)"
                                   " + (SELECT count(*) FROM claim) + (SELECT count(*) FROM record_text)"), "0\n");
    struct buf file = { 0 };
    buf_printf(&file, "1|<%0999d>|thread|t|2026-10-01T10:00:00Z|in|x|||\n", 0);
    assert_told(import_rows(db, &plain, "letter", columns, buf_str(&file)), 0, 0, "1 letter_id reject.too_long\n");
    buf_free(&file);
    db_close(db);
}

/* ---- cases ----------------------------------------------------------------------------------- */

static const char cases_now[] = "SELECT case_id, subject, state, opened, changed, closes, source FROM v1_cases";

static void test_cases(void **state)
{
    (void)state;
    static const char columns[] = "line:count letter_id:text of:text of_id:text at:instant side:text subject:text body:text"
                                  " state:text closes:instant";
    /* What each letter makes of the case; times are minutes of one day. */
    static const struct { const char *name, *letter, *is; } steps[] = {
        { "opened by the seller", "<1>|case|77|2026-10-01T10:00:00Z|out|Lost stock|x||", "open|-" },
        { "answered", "<2>|case|77|2026-10-02T10:00:00Z|in|Re: Lost stock|x||2026-10-09T10:00:00Z", "answered|1791540000" },
        { "asks for something", "<3>|case|77|2026-10-03T10:00:00Z|in||x|attention|", "attention|1791540000" },
        { "an older letter changes nothing", "<4>|case|77|2026-10-02T12:00:00Z|out||x||", "attention|1791540000" },
        { "an answer stops the clock", "<5>|case|77|2026-10-04T10:00:00Z|out||x||", "open|-" },
        { "a note is one's own", "<6>|case|77|2026-10-05T10:00:00Z|note||x||", "open|-" },
        { "closed", "<7>|case|77|2026-10-06T10:00:00Z|in||x|closed|2026-10-20T10:00:00Z", "closed|-" },
        { "how did we do", "<8>|case|77|2026-10-07T10:00:00Z|in||x||", "closed|-" },
        { "reopened", "<9>|case|77|2026-10-08T10:00:00Z|out||x||", "reopened|-" },
        { "still", "<10>|case|77|2026-10-09T10:00:00Z|out||x||", "reopened|-" },
        { "answered again", "<11>|case|77|2026-10-10T10:00:00Z|in||x||", "answered|-" },
        { "a word of the marketplace", "<12>|case|77|2026-10-11T10:00:00Z|in||x|transferred|", "transferred|-" },
    };
    struct db *db = account_new("cases.db");
    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        char line[200], is[60];
        snprintf(line, sizeof line, "1|%s", steps[i].letter);
        snprintf(is, sizeof is, "%s\n", steps[i].is);
        assert_told(import_rows(db, &plain, "letter", columns, line), 1, 0, "");
        if (strcmp(answer(db, "SELECT state, closes FROM v1_cases"), is) != 0)
            print_error("%s\n", steps[i].name);
        assert_string_equal(answer(db, "SELECT state, closes FROM v1_cases"), is);
    }
    assert_string_equal(answer(db, cases_now), "77|Lost stock|transferred|1790848800|1791712800|-|mail\n");
    assert_string_equal(answer(db, "SELECT count(*), count(DISTINCT case_id) FROM v1_case_letters"), "12|1\n");
    assert_string_equal(answer(db, "SELECT count(*) FROM v1_letters"), "0\n");
    db_close(db);
}

static void test_case_rows(void **state)
{
    (void)state;
    static const char columns[] = "line:count case_id:text market:market subject:text state:text ref:text opened:instant"
                                  " changed:instant closes:instant";
    struct db *db = account_new("case-rows.db");
    struct err err = { 0 };
    struct record_to to = { .db = db };
    struct arena *a = arena_new("test", 512);
    struct case_of c;
    int64_t no;
    assert_told(import_rows(db, &plain, "case", columns,
        "1|88||Fee|answered||2026-10-01T10:00:00Z|2026-10-05T10:00:00Z|\n"
        "2|88|DE|Fees|open|order:303-1|2026-09-30T10:00:00Z|2026-10-04T10:00:00Z|2026-10-20T10:00:00Z\n"       /* older: fills */
        "3|88||Fee|answered|||2026-10-05T10:00:00Z|\n"
        "4|||Fee|open||||\n"), 2, 1, "4 case_id reject.needed\n");
    assert_string_equal(answer(db, "SELECT market, subject, state, ref, opened, changed, closes FROM v1_cases"),
                        "A1PA6795UKMFR9|Fee|answered|order:303-1|1790762400|1791194400|-\n");
    /* By hand. */
    assert_int_equal(case_put(&to, &(struct case_row){ .case_id = "88", .state = "closed", .changed_s = 1791200000 }, &no, &err), 1);
    assert_int_equal(case_put(&to, &(struct case_row){ .case_id = "88", .state = "closed", .changed_s = 1791200000 }, &no, &err), 0);
    assert_int_equal(case_drop(&to, "88", &err), -ERR_DENIED);
    err_clear(&err);
    assert_int_equal(case_put(&to, &(struct case_row){ .subject = "Draft", .opened_s = 1791200000 }, &no, &err), 1);
    assert_int_equal(no, 2);
    assert_int_equal(letter_put(&to, &(struct letter_row){ .of = LETTER_OF_CASE, .of_id = "own-2", .at_s = 1791200000,
                     .side = LETTER_OUT, .state = LETTER_DRAFT, .body = "Dear" }, NULL, &err), 1);
    assert_int_equal(case_get(db, a, "own-2", &c, &err), 0);
    assert_string_equal(c.state, "open");
    assert_int_equal(case_drop(&to, "own-2", &err), 1);
    assert_int_equal(case_get(db, a, "own-2", &c, &err), -ERR_ABSENT);
    assert_string_equal(answer(db, "SELECT (SELECT count(*) FROM letter), (SELECT count(*) FROM record_text)"), "0|1\n");
    assert_int_equal(to.touched, TOUCHED_CASES);
    arena_free(a);
    db_close(db);
}

/* ---- claims ---------------------------------------------------------------------------------- */

static struct policies *policies_new(void)
{
    static const char *const lines[] = {
        "[claim.answer]\nvalue = 48h\nsince = 2020-01-01\nuntil = 2026-09-30\n",
        "[claim.answer]\nvalue = 3d\nsince = 2026-10-01\n",
        "[claim.appeal_days]\nvalue = 30\nsince = 2020-01-01\n",
        "[chargeback.answer]\nvalue = 7d\nsince = 2020-01-01\n",
    };
    struct err err = { 0 };
    struct policies *p;
    FILE *f = fopen(scratch_path("DE.ini"), "w");
    assert_non_null(f);
    for (size_t i = 0; i < COUNT_OF(lines); i++)
        fprintf(f, "%ssource = here\nchecked = 2026-11-01\nabout = For this test.\n\n", lines[i]);
    fclose(f);
    assert_well(policies_open(&p, scratch, &err), &err);
    return p;
}

static const char claims[] =
    "line:count claim_id:text kind:text market:market order:text state:text outcome:text amount:money opened:instant"
    " changed:instant due:instant counts:bool";
static const char due_of[] = "SELECT claim_id, state, due, due_rule FROM v1_claims ORDER BY claim_id";

/* The market's rule as it stood when the state began: hours are hours, days end at the same time of day. */
static void test_deadlines(void **state)
{
    (void)state;
    struct db *db = account_new("deadlines.db");
    const struct import how = { .policies = policies_new() };
    assert_told(import_rows(db, &how, "claim", claims,
        "1|c-1|a_to_z|DE|||||2026-09-01T10:00:00Z|||\n"             /* 48 hours then */
        "2|c-2|a_to_z|DE|||||2026-10-23T10:00:00Z|||\n"             /* three days, over the end of summer time */
        "3|c-3|a_to_z|DE||appeal|granted||2026-09-01T10:00:00Z|2026-10-10T10:00:00Z||\n"
        "4|c-4|chargeback|DE||action|||2026-10-10T10:00:00Z|||\n"
        "5|c-5|chargeback|DE||appeal|||2026-10-10T10:00:00Z|||\n"   /* no rule */
        "6|c-6|a_to_z|DE||review|||2026-10-10T10:00:00Z|||\n"
        "7|c-7|a_to_z|US||action|||2026-10-10T10:00:00Z|||\n"       /* no file */
        "8|c-8|a_to_z|||action|||2026-10-10T10:00:00Z|||\n"         /* no market */
        "9|c-9|a_to_z|DE||action|||2026-10-10T10:00:00Z||2026-10-11T09:00:00Z|\n"), 9, 0, "");
    assert_string_equal(answer(db, due_of),
        "c-1|action|1788429600|claim.answer\n"      /* 2026-09-03T10:00Z */
        "c-2|action|1793012400|claim.answer\n"      /* 2026-10-26T11:00Z: noon in Berlin, as on the 23rd */
        "c-3|appeal|1794222000|claim.appeal_days\n" /* 2026-11-09T11:00Z */
        "c-4|action|1792231200|chargeback.answer\n" /* 2026-10-17T10:00Z */
        "c-5|appeal|-|-\nc-6|review|-|-\nc-7|action|-|-\nc-8|action|-|-\n"
        "c-9|action|1791709200|-\n");

    /* Answered, nothing is due; asked again, the clock starts anew; a told deadline holds until the state changes. */
    assert_told(import_rows(db, &how, "claim", claims, "1|c-1|a_to_z|||review|||2026-09-01T10:00:00Z|2026-09-02T10:00:00Z||"), 1, 0, "");
    assert_told(import_rows(db, &how, "claim", claims, "1|c-9|a_to_z|||action|||2026-10-10T10:00:00Z|2026-10-10T12:00:00Z||"), 1, 0, "");
    assert_told(import_rows(db, &how, "claim", claims, "1|c-4|chargeback|||action|||2026-10-10T10:00:00Z|2026-10-11T10:00:00Z||"), 1, 0, "");
    assert_told(import_rows(db, &how, "claim", claims, "1|c-2|a_to_z|||closed|denied||2026-10-23T10:00:00Z|2026-10-24T10:00:00Z||"), 1, 0, "");
    assert_string_equal(answer(db, "SELECT claim_id, state, due, due_rule FROM v1_claims WHERE claim_id IN ('c-1', 'c-2', 'c-4', 'c-9')"
                                   " ORDER BY claim_id"),
        "c-1|review|-|-\nc-2|closed|-|-\nc-4|action|1792317600|chargeback.answer\nc-9|action|1791709200|-\n");
    policies_free(how.policies);
    db_close(db);
}

static const char claim_now[] =
    "SELECT claim_id, kind, market, order_id, state, outcome, currency, amount, opened, changed, counts, source FROM v1_claims"
    " ORDER BY claim_id";

static void test_claims(void **state)
{
    (void)state;
    struct db *db = account_new("claims.db");
    struct err err = { 0 };
    struct record_to to = { .db = db };
    /* Without a number it is the one of its kind and order; the number comes later and takes its place. */
    assert_told(import_rows(db, &plain, "claim", claims,
        "1||a_to_z|DE|303-1|||20.00 EUR|2026-10-01T10:00:00Z|||\n2||a_to_z||303-1|||20.00 EUR|2026-10-01T10:00:00Z|||\n"
        "3||chargeback||303-1||||2026-10-01T10:00:00Z|||"), 2, 1, "");
    assert_told(import_rows(db, &plain, "claim", claims, "1|A-9|a_to_z||303-1|review|||2026-10-01T10:00:00Z|2026-10-02T10:00:00Z||0"),
                1, 0, "");
    assert_told(import_rows(db, &plain, "claim", claims, "1||a_to_z||303-1|closed|denied||2026-10-01T10:00:00Z|2026-10-03T10:00:00Z||"),
                1, 0, "");
    assert_string_equal(answer(db, claim_now),
        "A-9|a_to_z|A1PA6795UKMFR9|303-1|closed|denied|EUR|2000|1790848800|1791021600|0|mail\n"
        "chargeback:303-1|chargeback|-|303-1|action|-|-|-|1790848800|1790848800|1|mail\n");
    /* Older: only what is not known. */
    assert_told(import_rows(db, &plain, "claim", claims,
        "1|A-9|a_to_z|US|303-1|action|granted|9.00 EUR|2026-09-30T10:00:00Z|2026-10-01T10:00:00Z||1"), 1, 0, "");
    assert_told(import_rows(db, &plain, "claim", claims,
        "1|A-9|a_to_z|US|303-1|action|granted|9.00 EUR|2026-09-30T10:00:00Z|2026-10-01T10:00:00Z||1"), 0, 1, "");
    assert_string_equal(answer(db, "SELECT market, state, outcome, amount, opened, changed, counts FROM v1_claims WHERE claim_id = 'A-9'"),
                        "A1PA6795UKMFR9|closed|denied|2000|1790762400|1791021600|0\n");
    assert_told(import_rows(db, &plain, "claim", claims, "1||a_to_z||||||2026-09-30T10:00:00Z|||\n2|x||||||||||\n"
        "3|x|a_to_z|||open|||2026-09-30T10:00:00Z|||\n4|x|a_to_z||||won||2026-09-30T10:00:00Z|||\n"), 0, 0,
        "1 order reject.needed\n2 kind reject.needed\n3 state reject.word\n4 outcome reject.word\n");
    assert_int_equal(claim_put(&to, &(struct claim_row){ .claim_id = "new", .opened_s = 1 }, NULL, &err), -ERR_INPUT);
    err_clear(&err);
    assert_int_equal(claim_put(&to, &(struct claim_row){ .kind = "a_to_z", .opened_s = 1 }, NULL, &err), -ERR_INPUT);
    assert_int_equal(to.touched, 0);
    db_close(db);
}

/* A claim through its letters: asked, answered, debited, appealed. */
static void test_claim_letters(void **state)
{
    (void)state;
    static const char columns[] = "line:count letter_id:text of:text of_id:text market:market order:text at:instant side:text"
                                  " body:text kind:text state:text amount:money due:instant";
    struct db *db = account_new("claim-letters.db");
    const struct import how = { .policies = policies_new() };
    static const struct { const char *letter, *is; } steps[] = {
        { "<1>|claim|A-1|DE|303-1|2026-10-05T10:00:00Z|in|x|a_to_z||20.00 EUR|", "action|2000|1791453600|claim.answer" },
        { "<2>|claim|A-1|||2026-10-06T10:00:00Z|note|x||||", "action|2000|1791453600|claim.answer" },
        { "<3>|claim|A-1|||2026-10-07T10:00:00Z|out|x||||", "review|2000|-|-" },
        { "<4>|claim|A-1|||2026-10-08T10:00:00Z|in|x||||", "review|2000|-|-" },
        { "<5>|claim|A-1|||2026-10-09T10:00:00Z|in|x||action||2026-10-10T10:00:00Z", "action|2000|1791626400|-" },
        { "<6>|claim|A-1|||2026-10-09T12:00:00Z|out|x||||", "review|2000|-|-" },
        { "<7>|claim|A-1|||2026-10-12T10:00:00Z|in|x||appeal||", "appeal|2000|1794394800|claim.appeal_days" },
        { "<8>|claim|A-1|||2026-10-13T10:00:00Z|out|x||||", "review|2000|-|-" },
        { "<9>|claim|A-1|||2026-10-20T10:00:00Z|in|x||closed||", "closed|2000|-|-" },
        { "<10>|claim|A-1|||2026-10-21T10:00:00Z|out|x||||", "closed|2000|-|-" },
    };
    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        char line[200], is[80];
        snprintf(line, sizeof line, "1|%s", steps[i].letter);
        snprintf(is, sizeof is, "%s\n", steps[i].is);
        assert_told(import_rows(db, &how, "letter", columns, line), 1, 0, "");
        assert_told(import_rows(db, &how, "letter", columns, line), 0, 1, "");
        if (strcmp(answer(db, "SELECT state, amount, due, due_rule FROM v1_claims"), is) != 0)
            print_error("%s\n", steps[i].letter);
        assert_string_equal(answer(db, "SELECT state, amount, due, due_rule FROM v1_claims"), is);
    }
    assert_string_equal(answer(db, "SELECT claim_id, count(*) FROM v1_claim_letters GROUP BY 1"), "A-1|10\n");
    policies_free(how.policies);
    db_close(db);
}

/* ---- search ---------------------------------------------------------------------------------- */

static const char *found(struct db *db, const char *kind, const char *words, uint32_t limit)
{
    static struct buf out;
    struct arena *a = arena_new("found", 4096);
    struct search_hit *hit;
    struct err err = { 0 };
    size_t n;
    buf_clear(&out);
    assert_well(search_find(db, a, kind, words, limit, &hit, &n, &err), &err);
    for (size_t i = 0; i < n; i++)
        buf_printf(&out, "%s%s %s", i ? ", " : "", hit[i].ref, hit[i].title);
    arena_free(a);
    return buf_str(&out);
}

/* All words in one letter; a case is found by what any of its letters says, but only once. */
static void test_search(void **state)
{
    (void)state;
    struct db *db = account_new("search.db");
    static const char cases[] = "line:count case_id:text subject:text ref:text changed:instant opened:instant";
    assert_told(import_rows(db, &plain, "letter", letters,
        "1|<a@x>|thread|t-1|DE|303-1|2026-10-01T10:00:00Z|in|Anna||Broken mug|The handle is off.|\n"
        "2|<b@x>|thread|t-1|DE|303-1|2026-10-02T10:00:00Z|out|Shop||Re: Broken mug|A new one is on its way.|\n"
        "3|<c@x>|thread|t-2|DE|303-2|2026-10-03T10:00:00Z|in|Bj\u00f6rn||\u9752\u3044\u30DE\u30B0|Where is the mug?|\n"
        "4|<d@x>|case|77|DE||2026-10-04T10:00:00Z|out||||Units went missing, mug.|\n"
        "5|<e@x>|case|77|DE||2026-10-05T10:00:00Z|in||||The missing units were found.|\n"
        "6|<f@x>|case|77|DE||2026-10-05T10:00:00Z|note||||Ask again.|"), 6, 0, "");
    import_rows(db, &plain, "case", cases, "1|88|Missing money|order:303-9||2026-10-20T10:00:00Z");
    static const struct { const char *kind, *words, *refs; } tried[] = {
        { "letter", "mug", "letter:2 Re: Broken mug, letter:1 Broken mug, letter:3 \u9752\u3044\u30DE\u30B0" },
        { "letter", "mug anna", "letter:1 Broken mug" },
        { "letter", "mug on of it", "letter:2 Re: Broken mug, letter:1 Broken mug, letter:3 \u9752\u3044\u30DE\u30B0" },
        { "letter", "303-2", "letter:3 \u9752\u3044\u30DE\u30B0" },
        { "letter", "\u9752\u3044\u30DE", "letter:3 \u9752\u3044\u30DE\u30B0" },
        { "letter", "missing", "" },
        { "letter", "mu", "letter:3 \u9752\u3044\u30DE\u30B0, letter:2 Re: Broken mug, letter:1 Broken mug" },
        { "letter", "mug \u30DE\u30B0", "letter:3 \u9752\u3044\u30DE\u30B0" },
        { "letter", "mug \u8336", "" },
        { "letter", "\u30DE\u30B0", "letter:3 \u9752\u3044\u30DE\u30B0" },
        { "letter", "x", "" },
        { "letter", "\"OR\" mug*", "" },
        { "letter", "", "" },
        { "case", "missing", "case:88 Missing money, case:77 " },
        { "case", "units missing", "case:77 " },
        { "case", "303-9", "case:88 Missing money" },
        { "case", "mug", "case:77 " },
        { "case", "handle", "" },
        { "case", "88", "case:88 Missing money" },
    };
    for (size_t i = 0; i < COUNT_OF(tried); i++)
        assert_string_equal(found(db, tried[i].kind, tried[i].words, 50), tried[i].refs);
    assert_string_equal(found(db, "letter", "mug", 1), "letter:2 Re: Broken mug");
    db_close(db);
}

/* What the settlement report says was paid out: claims that nobody knew of, and the end of those that were open. */
static void test_ledger(void **state)
{
    (void)state;
    static const char cycle[] = "line:count settlement:text currency:currency";
    static const char ledger[] = "line:count settlement:text market:market posted:instant type:text kind:text detail:text order:text"
                                 " amount:money";
    static const char file[] =
        "3|7|DE|2026-10-10T10:00:00Z|A-to-z Guarantee Refund|ItemPrice|Principal|303-1|-20.00 EUR\n"
        "4|7|DE|2026-10-10T10:00:00Z|A-to-z Guarantee Refund|ItemPrice|Tax|303-1|-3.80 EUR\n"
        "5|7|DE|2026-10-10T10:00:00Z|A-to-z Guarantee Refund|ItemFees|Commission|303-1|3.00 EUR\n"
        "6|7|DE|2026-10-11T10:00:00Z|Chargeback Refund|ItemPrice|Principal|303-1|-5.00 EUR\n"
        "7|7||2026-10-12T10:00:00Z|A-to-z Guarantee Claim|other-transaction||303-2|-7.00 EUR\n"
        "8|7|DE|2026-10-12T10:00:00Z|Refund|ItemPrice|Principal|303-3|-9.00 EUR\n"
        "9|7|DE|2026-10-12T10:00:00Z|A-to-z Guarantee Refund|ItemPrice|Principal||-9.00 EUR\n"
        "10|7|DE|2026-10-12T10:00:00Z|A-to-z Guarantee Refund|ItemPrice|Principal|303-5|-9.00 EUR\n"
        "11|7|DE|2026-10-12T10:00:00Z|A-to-z Guarantee Refund|ItemPrice|Tax|303-5|-1.00 EUR\n"
        "12|7|DE|2026-10-12T10:00:00Z|A-to-z Guarantee Refund|ItemPrice|Principal|303-6|-9.00 EUR\n";
    struct db *db = account_new("ledger.db");
    const struct import how = { .policies = policies_new(), .batch = 3 };
    import_rows(db, &how, "cycle", cycle, "2|7|EUR");
    assert_told(import_rows(db, &how, "claim", claims,
        "1|A-5|a_to_z|DE|303-5|review|||2026-10-01T10:00:00Z|||\n2|A-6|a_to_z|DE|303-6|closed|denied||2026-10-01T10:00:00Z|||"), 2, 0, "");
    for (int again = 0; again < 2; again++) {
        assert_told(import_rows(db, &how, "ledger", ledger, file), again ? 0 : 10, again ? 10 : 0, "");
        assert_string_equal(answer(db, "SELECT claim_id, market, state, outcome, amount, opened, due_rule, source FROM v1_claims ORDER BY claim_id"),
            "A-5|A1PA6795UKMFR9|appeal|granted|-|1790848800|claim.appeal_days|mail\n"
            "A-6|A1PA6795UKMFR9|closed|denied|-|1790848800|-|mail\n"
            "a_to_z:303-1|A1PA6795UKMFR9|closed|granted|2380|1791626400|-|ledger\n"
            "a_to_z:303-2|-|closed|granted|700|1791799200|-|ledger\n"
            "chargeback:303-1|A1PA6795UKMFR9|closed|granted|500|1791712800|-|ledger\n");
    }
    policies_free(how.policies);
    db_close(db);
}

/* ---- what was touched ------------------------------------------------------------------------ */

static const char *touched_now(struct db *db)
{
    return answer(db, "SELECT area, version FROM touched ORDER BY area");
}

static void test_touched(void **state)
{
    (void)state;
    struct db *db = account_new("touched.db");
    static const char line[] = "1|<a>|thread|t|||2026-10-01T10:00:00Z|in||||x|";
    import_rows(db, &plain, "letter", letters, line);
    assert_string_equal(touched_now(db), "imports|1\nletters|1\n");
    import_rows(db, &plain, "letter", letters, line);
    assert_string_equal(touched_now(db), "imports|2\nletters|1\n");
    import_rows(db, &plain, "case", "line:count case_id:text", "1|7");
    import_rows(db, &plain, "claim", "line:count claim_id:text kind:text opened:instant", "1|c|a_to_z|2026-10-01T10:00:00Z");
    assert_string_equal(touched_now(db), "cases|1\nclaims|1\nimports|4\nletters|1\n");
    import_rows(db, &plain, "letter", letters, "1|<b>|case|7|||2026-11-01T10:00:00Z|in||||x|\n2|<c>|claim|c|||2026-11-01T10:00:00Z|in||||x|");
    assert_string_equal(touched_now(db), "cases|2\nclaims|2\nimports|5\nletters|1\n");
    db_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_thread),
        cmocka_unit_test(test_market_of_order),
        cmocka_unit_test(test_any_order),
        cmocka_unit_test(test_answer),
        cmocka_unit_test(test_masked),
        cmocka_unit_test(test_letter_rejects),
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_case_rows),
        cmocka_unit_test(test_deadlines),
        cmocka_unit_test(test_claims),
        cmocka_unit_test(test_claim_letters),
        cmocka_unit_test(test_search),
        cmocka_unit_test(test_ledger),
        cmocka_unit_test(test_touched),
    };
    return cmocka_run_group_tests_name("store_letter", tests, scratch_make, scratch_remove);
}
