/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_mails.c: mailboxes, single mails and Maildir folders as rows: where the host parts them, what it
 * takes away, and how much of a long one it gives.  What is in a mail is the plugin's: test_import_mail.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "flow/mail_rows.h"
#include "imports.h"

static int load_plugins(void **state)
{
    (void)state;
    return plugins_open(NULL, 0, "json_formats");
}

#define MAILS \
    "SELECT group_concat(sku || ' ' || quantity, ', ') FROM (SELECT * FROM v1_listings ORDER BY sku)"
#define FROM "From a@example.org Thu Jan  1 00:00:00 2026\n"
#define MAIL(subject, body) "Subject: " subject "\nFrom: a@example.org\n\n" body

/* ---- where a mail ends ----------------------------------------------------------------------- */

static const struct {
    const char *name, *text, *mails, *rejects;
} boxes[] = {
    { "one mail", MAIL("A", "hello\n"), "Subject: A 38", "NULL" },
    { "one mail without a line end", MAIL("A", "hello"), "Subject: A 37", "NULL" },
    { "one mail of fields alone", "Subject: A\nTo: b@example.org\n", "Subject: A 29", "NULL" },
    { "CRLF", "Subject: A\r\nFrom: a@example.org\r\n\r\nx\r\n", "Subject: A 38", "NULL" },
    { "a mailbox of one", FROM MAIL("A", "hello\n"), "Subject: A 38", "NULL" },
    { "two", FROM MAIL("A", "hello\n\n") FROM MAIL("B", "x\n\n"), "Subject: A 38, Subject: B 34", "NULL" },
    { "two with CRLF", "From - Thu Jan 01 00:00:00 2026\r\nSubject: A\r\nTo: b\r\n\r\nx\r\n\r\n"
      "From - Thu Jan 01 00:00:00 2026\r\nSubject: B\r\nTo: b\r\n\r\ny\r\n", "Subject: A 24, Subject: B 24", "NULL" },
    { "From in the middle of a paragraph", FROM MAIL("A", "x\nFrom now on Mon Jan 5\n\n") FROM MAIL("B", "y\n"),
      "Subject: A 56, Subject: B 34", "NULL" },
    { "From that begins a paragraph but no mail", FROM MAIL("A", "x\n\nFrom now on it rains.\n\n") FROM MAIL("B", "y\n"),
      "Subject: A 57, Subject: B 34", "NULL" },
    { "a mail that quotes a mailbox", FROM MAIL("A", "x\n\n>" FROM ">>From b\n>Frog\n"), "Subject: A 93", "NULL" },
    { "a line like a mailbox in one mail", MAIL("A", "x\n\n" FROM "y\n"), "Subject: A 81", "NULL" },
    { "an empty one between", FROM MAIL("A", "x\n\n") FROM "\n" FROM MAIL("B", "y\n"), "Subject: A 34, Subject: B 34",
      "2 message json_formats unlucky" },
    { "only the line that begins it", FROM MAIL("A", "x\n\n") FROM, "Subject: A 34", "2 message json_formats unlucky" },
    { "NUL bytes", MAIL("A", "x\1y\n"), "Subject: A 36", "NULL" },
};

static void test_boxes(void **state)
{
    struct shop *s = *state;
    for (size_t i = 0; i < COUNT_OF(boxes); i++) {
        char *text = arena_text(s->arena, boxes[i].text);
        size_t n = strlen(text);
        for (char *at = text; (at = strchr(at, '\1')) != NULL;)
            *at = '\0', at++;
        assert_int_equal(db_exec(s->db, "DELETE FROM listing", &s->err), 0);
        if (import_to(s, write_text(s, "box", text, n), NULL) < 0)
            fail_msg("%s: %s", boxes[i].name, s->err.text);
        const char *mails = answer(s, MAILS), *rejects = answer(s, REJECTS);
        if (strcmp(mails, boxes[i].mails) != 0 || strcmp(rejects, boxes[i].rejects) != 0)
            fail_msg("%s: %s\n%s", boxes[i].name, mails, rejects);
        assert_string_equal(s->result.format, "example.mails");
    }
}

static void test_what_begins_a_mail(void **state)
{
    static const struct { const char *text; bool is_mail; } cases[] = {
        { MAIL("A", ""), true }, { FROM MAIL("A", ""), true },
        { "Received: from x\n\tby y\nDate: now\n\n", true },
        { "X-Odd: 1\nX-Other: 2\n", false }, { "Subject: only this\n\n", false },
        { "From here to there\nand back\n", false },
        { "sku\tasin\n", false }, { "To: a\tb\nFrom: c\td\n", true }, { "", false }, { "\n", false },
        { "Definitions:\nSales tax: yes\n\"date/time\",\"x\"\n", false },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        if (begins_mail(cases[i].text, strlen(cases[i].text)) != cases[i].is_mail)
            fail_msg("%s", cases[i].text);
}

/* ---- rejects --------------------------------------------------------------------------------- */

static void test_rejects_are_a_mailbox(void **state)
{
    static const char text[] = FROM MAIL("A", "x\n\n") FROM "\x80odd: B\nFrom: b\n\n>From c\n>>From d\nno end";
    struct shop *s = *state;
    struct buf out = { 0 };
    import_well(s, write_text(s, "box", text, strlen(text)), NULL, 1, 0, 1);
    expect(s, "SELECT CAST(raw AS BLOB) = CAST(x'80' || 'odd: B' || char(10) || 'From: b' || char(10, 10)"
              " || 'From c' || char(10) || '>From d' || char(10) || 'no end' AS BLOB) FROM reject", "1");
    assert_int_equal(import_rejects(s->db, s->result.no, &out, &s->err), 0);
    assert_string_equal(out.at, "From souk Thu Jan  1 00:00:00 1970\n"
                        "\x80odd: B\nFrom: b\n\n>From c\n>>From d\nno end\n\n");
    *strchr(out.at, '\x80') = 'X';
    import_well(s, write_text(s, "mended", out.at, out.len), NULL, 1, 0, 0);
    expect(s, MAILS, "Subject: A 34, Xodd: B 39");
    buf_free(&out);
}

/* Card numbers are gone from what is kept of a mail that was rejected; ids among its fields stay. */
static void test_rejects_are_masked(void **state)
{
    static const char text[] =
        FROM MAIL("A", "x\n\n")
        FROM "\x80odd: B\nMessage-ID: <4111111111111111@x>\nSUBJECT: 4111 1111 1111 1111 and\n 5555555555554444\nX-Id: 5555555555554444\n\n"
        "Order 303-1234567-1234567, card 4111-1111-1111-1111.\n";
    struct shop *s = *state;
    struct buf out = { 0 };
    import_well(s, write_text(s, "box", text, strlen(text)), NULL, 1, 0, 1);
    assert_int_equal(import_rejects(s->db, s->result.no, &out, &s->err), 0);
    assert_string_equal(out.at, "From souk Thu Jan  1 00:00:00 1970\n"
        "\x80odd: B\nMessage-ID: <4111111111111111@x>\nSUBJECT: [card number removed \u20261111] and\n [card number removed \u20264444]\n"
        "X-Id: 5555555555554444\n\nOrder 303-1234567-1234567, card [card number removed \u20261111].\n\n");
    buf_free(&out);
}

/* ---- long ones ------------------------------------------------------------------------------- */

static void test_long_mails(void **state)
{
    struct shop *s = *state;
    struct buf text = { 0 };
    for (int i = 0; i < 6; i++) {
        buf_printf(&text, FROM "Subject: M%d\nTo: b\n\n", i);
        if (i % 2)
            for (int k = 0; k < 6 << 20; k++)
                buf_char(&text, k % 1000000 ? 'x' : '\n');
        else
            for (int k = 0; k < 3 << 20; k++)           /* one line of 3 MiB */
                buf_char(&text, '>');
        buf_text(&text, "\n\n");
    }
    import_well(s, write_text(s, "long", text.at, text.len), NULL, 6, 0, 0);
    expect(s, MAILS, "Subject: M0 3145749, Subject: M1 6291477, Subject: M2 3145749, Subject: M3 6291477,"
                     " Subject: M4 3145749, Subject: M5 6291477");
    expect(s, "SELECT bytes FROM import", arena_printf(s->arena, "%zu", text.len));
    buf_free(&text);
}

/* ---- Maildir --------------------------------------------------------------------------------- */

static void put_mail(struct shop *s, const char *in, const char *text)
{
    write_text(s, in, text, strlen(text));
}

static void test_maildir(void **state)
{
    struct shop *s = *state;
    static const char *const folders[] = { "Post", "Post/cur", "Post/new", "Post/tmp" };
    char path[200];
    for (size_t i = 0; i < COUNT_OF(folders); i++) {
        snprintf(path, sizeof path, "%s/%s", work_path, folders[i]);
        assert_int_equal(mkdir(path, 0700), 0);
    }
    snprintf(path, sizeof path, "%s/Post/", work_path);
    assert_int_equal(import_to(s, path, NULL), -ERR_INPUT);
    assert_non_null(strstr(s->err.text, "Post is empty"));
    put_mail(s, "Post/new/2", MAIL("B", "y"));
    put_mail(s, "Post/cur/1:2,S", MAIL("A", "x\n\n" FROM "Fro\nFrom c\n>From d\nFFrom e\n"));
    put_mail(s, "Post/cur/.hidden", MAIL("H", "y"));
    put_mail(s, "Post/tmp/3", MAIL("T", "y"));
    import_well(s, path, NULL, 2, 0, 0);
    expect(s, MAILS, "Subject: A 106, Subject: B 34");
    expect(s, "SELECT name FROM import", "Post");
    /* A mail that has been read moves from new to cur: the mailbox stays the same. */
    snprintf(path, sizeof path, "mv %s/Post/new/2 %s/Post/cur/2:2,S", work_path, work_path);
    assert_int_equal(system(path), 0);
    snprintf(path, sizeof path, "%s/Post", work_path);
    import_well(s, path, NULL, 0, 2, 0);
    expect(s, "SELECT count(DISTINCT hash) FROM import", "1");
    snprintf(path, sizeof path, "%s", work_path);
    assert_int_equal(import_to(s, path, NULL), -ERR_INPUT);
    assert_non_null(strstr(s->err.text, "is a folder"));
}

/* ---- columns by their place ------------------------------------------------------------------ */

static const struct {
    const char *name, *text, *market, *said;
} placed[] = {
    { "as it is known", "Date\tItem\tCount\tRater mail\n10/20/23\tA\t1\tx@example.org\n", "US", "A 1 2023-10-20" },
    { "half of it is known", "Fecha\tItem\tCuenta\tE-mail\n20.10.23\tA\t1\tx@example.org\n", "DE", "A 1 2023-10-19" },
    { "a third in another place", "Item\tDate\tCount\tx\n20.10.23\tA\t1\tx@example.org\n", "DE", "begins with" },
    { "too few of them", "Date\tItem\tCount\n20.10.23\tA\t1\n", "DE", "no column \"Rater mail\"" },
    { "one more, with a name", "Date\tItem\tCount\tE-Mail\tNew\n20.10.23\tA\t1\tx\ty\n", "DE", "has no column" },
    { "one more, without a name", "Date\tItem\tCount\tE-Mail\t\n23/10/20\tA\t1\tx\t\n", "JP", "A 1 2023-10-19" },
    { "none is known", "a\tb\tc\td\n20.10.23\tA\t1\tx\n", "DE", "begins with" },
    { "in Sweden", "Datum\tArtikel\tAntal\tE-post\n2023-10-20\tA\t1\tx\n", "SE", "A 1 2023-10-19" },
    { "no market", "Date\tItem\tCount\tRater mail\n10/20/23\tA\t1\tx\n", NULL, "--market" },
};

static void test_columns_by_their_place(void **state)
{
    for (size_t i = 0; i < COUNT_OF(placed); i++) {
        shop_new(state);
        struct shop *s = *state;
        const char *path = write_text(s, "placed.txt", placed[i].text, strlen(placed[i].text));
        int rc = import_to(s, path, placed[i].market);
        const char *said = rc < 0 ? s->err.text
                         : answer(s, "SELECT k.sku || ' ' || quantity || ' ' || date(opened_s, 'unixepoch') FROM listing"
                                     " JOIN sku k ON k.no = sku_no");
        if (!strstr(said, placed[i].said))
            fail_msg("%s: %s", placed[i].name, said);
        if (rc == 0)
            expect(s, "SELECT extra FROM listing", "NULL");
        shop_end(state);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_boxes),
        cmocka_unit_test(test_what_begins_a_mail),
        TEST(test_rejects_are_a_mailbox),
        TEST(test_rejects_are_masked),
        TEST(test_long_mails),
        TEST(test_maildir),
        cmocka_unit_test(test_columns_by_their_place),
    };
    return cmocka_run_group_tests(tests, load_plugins, unload_plugins);
}
