/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_import_mail.c: what the mail plugin makes of mails: letters of buyers and answers, claims, cases,
 * notices, bounces; and what it leaves alone.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "imports.h"

static int load_plugins(void **state)
{
    static const char *const names[] = { "amazon-mail" };
    (void)state;
    return plugins_open(names, COUNT_OF(names), "formats");
}

/* What came of one mail, in a line: letters, claims, cases, notices. */
#define SAYS \
    "SELECT coalesce((SELECT group_concat(l.of || ' ' || coalesce(t.thread_id, c.case_id, k.claim_id) || ' ' || l.side" \
    " || ' ' || l.sender || ' | ' || l.subject || ' | ' || l.body || CASE l.needs WHEN 1 THEN ' | needs' ELSE '' END)" \
    " FROM letter l LEFT JOIN thread t ON l.of = 'thread' AND t.no = l.of_no" \
    " LEFT JOIN cases c ON l.of = 'case' AND c.no = l.of_no LEFT JOIN claim k ON l.of = 'claim' AND k.no = l.of_no), '')" \
    " || coalesce((SELECT ' / ' || k.kind || ' ' || k.state || ' ' || coalesce(k.outcome, '-') FROM claim k), '')" \
    " || coalesce((SELECT ' / ' || c.state || ' ' || coalesce(c.ref, '-') || ' ' || coalesce(date(c.closes_s, 'unixepoch'), '-')" \
    " || ' ' || c.subject FROM cases c), '')" \
    " || coalesce((SELECT n.class || ' ' || n.kind || ' ' || n.severity || ' | ' || n.subject || ' | ' || n.after || ' | '" \
    " || coalesce(n.ref, '-') FROM notice n), '')" \
    " || coalesce((SELECT ' @' || m.id FROM market m LIMIT 1), '')"

#define DATE "Date: Mon, 23 Nov 2026 10:00:00 +0100\n"
#define ID(id) "Message-ID: <" id "@mail.example.org>\n"
#define PLAIN "Content-Type: text/plain; charset=utf-8\n\n"
#define BUYER "From: Anna Muster - Amazon Marketplace <abc1@marketplace.amazon.de>\nTo: shop@example.org\n"
#define SUPPORT "From: Amazon Seller Support <merch.service@amazon.com>\nTo: shop@example.org\n"
#define SHOP "From: Shop <shop@example.org>\nTo: "
#define DE " @A1PA6795UKMFR9"

struct one {
    const char *name, *mail, *says;
};

static void check(void **state, const struct one *one, size_t n)
{
    for (; n--; one++) {
        shop_new(state);
        struct shop *s = *state;
        const char *path = write_text(s, "one.eml", one->mail, strlen(one->mail));
        if (import_to(s, path, NULL) < 0)
            fail_msg("%s: %s", one->name, s->err.text);
        const char *says = s->result.rejected ? answer(s, REJECTS) : answer(s, SAYS);
        if (strcmp(says, one->says) != 0)
            fail_msg("%s:\n  %s\n  and not\n  %s", one->name, says, one->says);
        assert_int_equal(s->result.rows, 1);
        if (!s->result.rejected) {                      /* the same again is no news */
            import_well(s, path, NULL, 0, 1, 0);
            assert_string_equal(answer(s, SAYS), one->says);
        }
        shop_end(state);
    }
}

/* ---- letters of buyers ------------------------------------------------------------------------ */

static const struct one letters[] = {
    { "a question",
      BUYER DATE ID("1") "Subject: Anfrage von Amazon-Kunde Anna (Bestellung: 303-1234567-1234567)\n" PLAIN "Ist sie blau?\n",
      "thread abc1@marketplace.amazon.de 303-1234567-1234567 in Anna Muster | "
      "Anfrage von Amazon-Kunde Anna (Bestellung: 303-1234567-1234567) | Ist sie blau? | needs" DE },
    { "without an order",
      BUYER DATE ID("1") "Subject: Anfrage\n" PLAIN "Ist sie blau?\n",
      "thread abc1@marketplace.amazon.de in Anna Muster | Anfrage | Ist sie blau? | needs" DE },
    { "an order in its text",
      BUYER DATE ID("1") "Subject: Anfrage\n" PLAIN "Zu 303-1234567-1234567: blau? 12303-1234567-1234567\n",
      "thread abc1@marketplace.amazon.de 303-1234567-1234567 in Anna Muster | Anfrage | "
      "Zu 303-1234567-1234567: blau? 12303-1234567-1234567 | needs" DE },
    { "a relay address for each letter",
      "From: Anna <abc1@marketplace.amazon.com>\nReply-To: abc1+0f3a-77@marketplace.amazon.com\nTo: shop@example.org\n"
      DATE ID("1") "Subject: Hi\n" PLAIN "blue?",
      "thread abc1@marketplace.amazon.com in Anna | Hi | blue? | needs @ATVPDKIKX0DER" },
    { "relayed by the marketplace itself",
      "From: Amazon Marketplace <no-reply@amazon.co.uk>\nReply-To: abc1@marketplace.amazon.co.uk\nTo: shop@example.org\n"
      DATE ID("1") "Subject: Hi\n" PLAIN "blue?",
      "thread abc1@marketplace.amazon.co.uk in  | Hi | blue? | needs @A1F83G8C2ARO7P" },
    { "written by a program",
      BUYER DATE ID("1") "Auto-Submitted: auto-replied\nSubject: Abwesend\n" PLAIN "Bin im Urlaub.",
      "thread abc1@marketplace.amazon.de in Anna Muster | Abwesend | Bin im Urlaub." DE },
    { "the marketplace's words around it",
      BUYER DATE ID("1") "Subject: Frage\n" PLAIN "Bestellung 303-1\n------------- Anfang der Nachricht -------------\n\n"
      "Ist sie blau?\n\n------------- Ende der Nachricht -------------\n\nWichtig: ...\n",
      "thread abc1@marketplace.amazon.de in Anna Muster | Frage | Ist sie blau?\n\n――――――――――――――――――――\nBestellung 303-1\n\nWichtig: ... | needs" DE },
    { "a card number",
      BUYER DATE ID("1") "Subject: Karte\n" PLAIN "4111 1111 1111 1111",
      "thread abc1@marketplace.amazon.de in Anna Muster | Karte | [card number removed …1111] | needs" DE },
};

/* ---- how mails are written ---------------------------------------------------------------------- */

static const struct one forms[] = {
    { "an encoded subject, quoted-printable in Latin 1",
      BUYER DATE ID("1") "Subject: =?iso-8859-1?Q?Gr=F6=DFe_der_K=FCchenuhr?=\nMIME-Version: 1.0\n"
      "Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\n"
      "Wie gro=DF ist sie=3F Passt sie in die K=FC=\nche?\n",
      "thread abc1@marketplace.amazon.de in Anna Muster | Größe der Küchenuhr | Wie groß ist sie? Passt sie in die Küche? | needs" DE },
    { "Japanese",
      "From: =?utf-8?B?6Iqx5a2Q?= <abc1@marketplace.amazon.co.jp>\nTo: shop@example.org\n" DATE ID("1")
      "Subject: =?ISO-2022-JP?B?GyRCPEFMZBsoQg==?=\nContent-Type: text/plain; charset=ISO-2022-JP\n\n\x1B$BHkL)\x1B(B\n",
      "thread abc1@marketplace.amazon.co.jp in 花子 | 質問 | 秘密 | needs @A1VC38T7YXB528" },
    { "HTML alone, in base64",
      BUYER DATE ID("1") "Subject: x\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\n"
      "PHA+SXN0IHNpZSA8Yj5ibGF1PC9iPj88L3A+PHNjcmlwdD54PC9zY3JpcHQ+PHA+RGFua2U8L3A+\n",
      "thread abc1@marketplace.amazon.de in Anna Muster | x | Ist sie blau?\n\nDanke | needs" DE },
    { "plain before HTML",
      BUYER DATE ID("1") "Subject: x\nContent-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>rich</p>\n"
      "--b\nContent-Type: text/plain\n\nplain\n--b--\n",
      "thread abc1@marketplace.amazon.de in Anna Muster | x | plain | needs" DE },
    { "attachments by their names",
      BUYER DATE ID("1") "Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nlook\n"
      "--b\nContent-Type: image/jpeg; name=\"mug.jpg\"\nContent-Disposition: attachment; filename=\"mug.jpg\"\n"
      "Content-Transfer-Encoding: base64\n\n/9j/4AAQ\n--b\nContent-Type: text/plain\n"
      "Content-Disposition: attachment; filename*=utf-8''gr%C3%BCn.txt\n\nsecret\n--b\nContent-Type: application/pdf\n\n%PDF\n--b--\n",
      "thread abc1@marketplace.amazon.de in Anna Muster | x | look\n\n[mug.jpg]\n[grün.txt]\n[application/pdf] | needs" DE },
    { "a charset that is none",
      BUYER DATE ID("1") "Subject: x\nContent-Type: text/plain; charset=klingon\n\nK\xC3\xBC" "che\n",
      "thread abc1@marketplace.amazon.de in Anna Muster | x | Küche | needs" DE },
    { "UTF-8 that is none",
      BUYER DATE ID("1") "Subject: x\nContent-Type: text/plain; charset=utf-8\n\nK\xFC" "che \x80\n",
      "thread abc1@marketplace.amazon.de in Anna Muster | x | Küche € | needs" DE },
    { "ASCII that is none",
      BUYER DATE ID("1") "Subject: K\xFC" "che\nContent-Type: text/plain; charset=us-ascii\n\nK\xC3\xBC" "che\n",
      "thread abc1@marketplace.amazon.de in Anna Muster | Küche | Küche | needs" DE },
    { "base64 that is none",
      BUYER DATE ID("1") "Subject: x\nContent-Type: text/plain\nContent-Transfer-Encoding: base64\n\n!!aGVs??\n(bG8=)\n",
      "thread abc1@marketplace.amazon.de in Anna Muster | x | hello | needs" DE },
    { "parts that never end",
      BUYER DATE ID("1") "Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nlook",
      "thread abc1@marketplace.amazon.de in Anna Muster | x | look | needs" DE },
    { "parts without a boundary",
      BUYER DATE ID("1") "Subject: x\nContent-Type: multipart/mixed\n\nlook",
      "thread abc1@marketplace.amazon.de in Anna Muster | x |  | needs" DE },
    { "NUL by its escape, and controls",
      BUYER DATE ID("1") "Subject: x\nContent-Type: text/plain\nContent-Transfer-Encoding: quoted-printable\n\na=00b=07c=1B[0m\n",
      "thread abc1@marketplace.amazon.de in Anna Muster | x | a bc[0m | needs" DE },
    { "no text at all",
      BUYER DATE ID("1") "Subject: x\n\n",
      "thread abc1@marketplace.amazon.de in Anna Muster | x |  | needs" DE },
    { "a long field, folded",
      BUYER DATE ID("1") "Subject: one\n two\n\tthree\n\nx", "thread abc1@marketplace.amazon.de in Anna Muster | one two three | x | needs" DE },
};

/* ---- answers --------------------------------------------------------------------------------------- */

static const struct one answers[] = {
    { "an answer",
      SHOP "Anna <abc1+9@marketplace.amazon.de>\n" DATE ID("2") "Subject: Re: Frage (Bestellung: 303-1234567-1234567)\n" PLAIN
      "Ja, blau.\n\nAm 23.11.2026 um 10:00 schrieb Anna:\n> Ist sie blau?\n",
      "thread abc1@marketplace.amazon.de 303-1234567-1234567 out  | Re: Frage (Bestellung: 303-1234567-1234567) | "
      "Ja, blau.\n\n――――――――――――――――――――\nAm 23.11.2026 um 10:00 schrieb Anna:\n> Ist sie blau?" DE },
    { "the order in what it quotes",
      SHOP "Somebody <x@example.org>, abc1@marketplace.amazon.de\n" DATE ID("2") "Subject: Re: Frage\n" PLAIN
      "Ja.\n\n> Bestellung 303-1234567-1234567\n",
      "thread abc1@marketplace.amazon.de 303-1234567-1234567 out  | Re: Frage | Ja.\n\n――――――――――――――――――――\n> Bestellung 303-1234567-1234567" DE },
};

/* ---- claims and chargebacks ------------------------------------------------------------------------ */

#define ATOZ(domain) "From: Amazon <atoz-guarantee-no-reply@" domain ">\nTo: shop@example.org\n" DATE ID("3")

static const struct one claims[] = {
    { "filed",
      ATOZ("amazon.com") "Subject: A-to-z Guarantee claim filed on order 112-1234567-1234567\n" PLAIN "Please respond within 3 days.",
      "claim a_to_z:112-1234567-1234567 in Amazon | A-to-z Guarantee claim filed on order 112-1234567-1234567 | "
      "Please respond within 3 days. / a_to_z action -" },
    { "in German",
      ATOZ("amazon.de") "Subject: A-bis-z-Garantieantrag =?utf-8?Q?f=C3=BCr?= Bestellung 303-1234567-1234567\n" PLAIN "Bitte antworten Sie.",
      "claim a_to_z:303-1234567-1234567 in Amazon | A-bis-z-Garantieantrag für Bestellung 303-1234567-1234567 | "
      "Bitte antworten Sie. / a_to_z action -" DE },
    { "in French",
      ATOZ("amazon.fr") "Subject: Garantie A =?utf-8?Q?=C3=A0?= Z : commande 403-1234567-1234567\n" PLAIN "Votre dossier est en cours d\u2019examen.",
      "claim a_to_z:403-1234567-1234567 in Amazon | Garantie A à Z : commande 403-1234567-1234567 | "
      "Votre dossier est en cours d\u2019examen. / a_to_z review - @A13V1IB3VIYZZH" },
    { "in Japanese",
      ATOZ("amazon.co.jp") "Subject: =?utf-8?B?44Oe44O844Kx44OD44OI44OX44Os44Kk44K55L+d6Ki8?= 503-1234567-1234567\n" PLAIN "x",
      "claim a_to_z:503-1234567-1234567 in Amazon | マーケットプレイス保証 503-1234567-1234567 | x / a_to_z action - @A1VC38T7YXB528" },
    { "denied",
      ATOZ("amazon.com") "Subject: A-to-z Guarantee claim decision on order 112-1234567-1234567\n" PLAIN "The claim has been decided in your favor.",
      "claim a_to_z:112-1234567-1234567 in Amazon | A-to-z Guarantee claim decision on order 112-1234567-1234567 | "
      "The claim has been decided in your favor. / a_to_z closed denied" },
    { "granted, with an appeal",
      ATOZ("amazon.com") "Subject: A-to-z Guarantee claim: order 112-1234567-1234567\n" PLAIN "The claim was granted. You may appeal within 30 days.",
      "claim a_to_z:112-1234567-1234567 in Amazon | A-to-z Guarantee claim: order 112-1234567-1234567 | "
      "The claim was granted. You may appeal within 30 days. / a_to_z appeal granted" },
    { "withdrawn",
      ATOZ("amazon.de") "Subject: A-bis-z-Antrag 303-1234567-1234567 wurde =?utf-8?Q?zur=C3=BCckgezogen?=\n" PLAIN "x",
      "claim a_to_z:303-1234567-1234567 in Amazon | A-bis-z-Antrag 303-1234567-1234567 wurde zurückgezogen | x / a_to_z closed withdrawn" DE },
    { "a chargeback",
      "From: Amazon <cb-seller@amazon.it>\nTo: shop@example.org\n" DATE ID("3") "Subject: Riaddebito: ordine 404-1234567-1234567\n" PLAIN "x",
      "claim chargeback:404-1234567-1234567 in Amazon | Riaddebito: ordine 404-1234567-1234567 | x / chargeback action - @APJ6JRA9NG5V4" },
    { "the order in its text",
      ATOZ("amazon.com") "Subject: You have a new A-to-z Guarantee claim\n" PLAIN "Order ID: 112-1234567-1234567\nRespond.",
      "claim a_to_z:112-1234567-1234567 in Amazon | You have a new A-to-z Guarantee claim | "
      "Order ID: 112-1234567-1234567\nRespond. / a_to_z action -" },
    { "of no order",
      ATOZ("amazon.com") "Subject: Changes to the A-to-z Guarantee\n" PLAIN "From January on.",
      "claim mail.claim watch | Changes to the A-to-z Guarantee | From January on. | -" },
    { "from nobody of the marketplace",
      "From: Amazon <atoz@amazon.com.example.org>\nTo: shop@example.org\n" DATE ID("3") "Subject: A-to-z Guarantee claim 112-1234567-1234567\n" PLAIN "x", "" },
};

/* ---- cases ------------------------------------------------------------------------------------------ */

static const struct one cases[] = {
    { "answered",
      SUPPORT DATE ID("4") "Subject: [CASE 12345678901] Where is my payment?\n" PLAIN "Here it is.",
      "case 12345678901 in Amazon Seller Support | Where is my payment? | Here it is. / answered - - Where is my payment?" },
    { "received",
      SUPPORT DATE ID("4") "Subject: RE:[CASE 12345678901] Help\n" PLAIN "Thank you for contacting Seller Support.",
      "case 12345678901 in Amazon Seller Support | Help | Thank you for contacting Seller Support. / open - - Help" },
    { "they want to know more, by a day",
      SUPPORT DATE ID("4") "Subject: [CASE 12345678901] Order 303-1234567-1234567\n" PLAIN
      "We need more information. The case will be automatically closed in 5 days.",
      "case 12345678901 in Amazon Seller Support | Order 303-1234567-1234567 | We need more information. The case will be"
      " automatically closed in 5 days. / attention order:303-1234567-1234567 2026-11-28 Order 303-1234567-1234567" },
    { "closed",
      "From: Amazon <x@amazon.de>\nTo: shop@example.org\n" DATE ID("4") "Subject: Fall-ID: 12345678901 Hilfe\n" PLAIN "Ihr Fall wurde geschlossen.",
      "case 12345678901 in Amazon | Fall-ID: 12345678901 Hilfe | Ihr Fall wurde geschlossen. / closed - - Fall-ID: 12345678901 Hilfe" DE },
    { "written by the seller",
      SHOP "merch.service@amazon.com\n" DATE ID("4") "Subject: Re: [CASE 12345678901] Help\n" PLAIN "Please hurry.",
      "case 12345678901 out  | Help | Please hurry. / open - - Help" },
};

/* ---- notices, bounces ------------------------------------------------------------------------------- */

static const struct one notices[] = {
    { "infringement",
      "From: Amazon <notice@amazon.de>\nTo: shop@example.org\n" DATE ID("5") "Subject: Hinweis: Verletzung geistigen Eigentums\n" PLAIN "ASIN B000000001",
      "infringement mail.infringement bad | Hinweis: Verletzung geistigen Eigentums | ASIN B000000001 | -" DE },
    { "account",
      "From: Amazon <seller-performance@amazon.com>\nTo: shop@example.org\n" DATE ID("5") "Subject: Your Amazon seller account has been deactivated\n" PLAIN "x",
      "account mail.account bad | Your Amazon seller account has been deactivated | x | -" },
    { "a metric",
      "From: Amazon <seller-performance@amazon.es>\nTo: shop@example.org\n" DATE ID("5") "Subject: Tu tasa de =?utf-8?Q?env=C3=ADos_tard=C3=ADos?=\n" PLAIN "x",
      "metric mail.metric watch | Tu tasa de envíos tardíos | x | - @A1RKKUPIHCS9HS" },
    { "a bounce",
      "From: MAILER-DAEMON@mx.example.org\nTo: shop@example.org\n" DATE ID("6") "Subject: Undelivered Mail Returned to Sender\n"
      "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: text/plain\n\nSorry.\n"
      "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n\nFinal-Recipient: rfc822; ABC1@marketplace.amazon.de\n"
      "Action: failed\nStatus: 5.1.1\n\n--b\nContent-Type: message/rfc822\n\nSubject: Re: Frage (Bestellung: 303-1234567-1234567)\nFrom: shop@example.org\n\nhi\n--b--\n",
      "mail mail.bounced bad | Re: Frage (Bestellung: 303-1234567-1234567) | 5.1.1 | order:303-1234567-1234567" DE },
    { "a bounce that only names the address",
      "From: Mail Delivery System <mailer-daemon@example.org>\nTo: shop@example.org\n" DATE ID("6") "Subject: failure notice\n" PLAIN
      "<abc1@marketplace.amazon.de>: no such user",
      "mail mail.bounced bad | failure notice |  | -" },
    { "somebody else's bounce",
      "From: MAILER-DAEMON@mx.example.org\nTo: me@example.org\n" DATE ID("6") "Subject: Undelivered\n"
      "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n"
      "Final-Recipient: rfc822; aunt@example.com\nAction: failed\nStatus: 5.1.1\n\n--b--\n", "" },
};

/* ---- what is left alone, or no mail ------------------------------------------------------------------ */

static const struct one others[] = {
    { "private", "From: Aunt <aunt@example.org>\nTo: me@example.org\n" DATE ID("7") "Subject: Order 303-1234567-1234567\n" PLAIN "x", "" },
    { "to buyers", "From: Amazon.de <auto-confirm@amazon.de>\nTo: me@example.org\n" DATE ID("7") "Subject: Richtlinie\n" PLAIN "x", "" },
    { "news", "From: Amazon <news@amazon.de>\nTo: me@example.org\n" DATE ID("7") "Subject: Black Friday\n" PLAIN "x", "" },
    { "from a domain that ends like it", "From: x <x@notamazon.de>\nTo: me@example.org\n" DATE ID("7") "Subject: Verstoß\n" PLAIN "x", "" },
    { "from a domain that begins like it", "From: x <x@marketplace.amazon.de.example.org>\nTo: me@example.org\n" DATE ID("7") "Subject: x\n" PLAIN "x", "" },
    { "no date, and nobody's business", "From: Aunt <aunt@example.org>\nTo: me@example.org\nSubject: x\n\nx", "" },
    { "no date", BUYER ID("7") "Subject: x\n\nx", "1 message amazon-mail no_date" },
    { "a date that is none", BUYER "Date: tomorrow\n" ID("7") "Subject: x\n\nx", "1 message amazon-mail no_date" },
    { "neither sender nor date", "Subject: x\nMIME-Version: 1.0\n\nx", "1 message amazon-mail no_mail" },
};

#define CHECK(name, table) static void name(void **state) { check(state, table, COUNT_OF(table)); }
CHECK(test_letters, letters)
CHECK(test_forms, forms)
CHECK(test_answers, answers)
CHECK(test_claims, claims)
CHECK(test_cases, cases)
CHECK(test_notices, notices)
CHECK(test_others, others)

/* ---- a mailbox ---------------------------------------------------------------------------------------- */

/* A talk over two folders, in any order: the answer answers. */
static void test_mailbox(void **state)
{
    static const char in[] =
        "From a Mon Nov 23 10:00:00 2026\n" BUYER DATE ID("1") "Subject: Frage (Bestellung: 303-1234567-1234567)\n" PLAIN "Blau?\n\n"
        "From a Mon Nov 23 10:00:00 2026\nFrom: Aunt <aunt@example.org>\nTo: me@example.org\n" DATE ID("9") "Subject: Hi\n\nx\n\n"
        "From a Mon Nov 23 10:00:00 2026\n" BUYER ID("10") "Subject: Frage\n\nx\n\n"
        "From a Mon Nov 23 10:00:00 2026\n" BUYER "Date: Tue, 24 Nov 2026 10:00:00 +0100\n" ID("11") "Subject: Frage (Bestellung: 303-1234567-1234567)\n" PLAIN "Und rund?\n";
    static const char sent[] =
        "From s Mon Nov 23 12:00:00 2026\n" SHOP "abc1+77@marketplace.amazon.de\nDate: Mon, 23 Nov 2026 12:00:00 +0100\n" ID("12")
        "Subject: Re: Frage (Bestellung: 303-1234567-1234567)\n" PLAIN "Ja.\n";
    struct shop *s = *state;
    const char *sent_path = write_text(s, "Sent", sent, strlen(sent)), *in_path = write_text(s, "Inbox", in, strlen(in));
    import_well(s, sent_path, NULL, 1, 0, 0);
    import_well(s, in_path, NULL, 2, 1, 1);
    assert_string_equal(s->result.format, "amazon.mail");
    assert_string_equal(s->result.charset, "MIME");
    expect(s, REJECTS, "3 message amazon-mail no_date");
    expect(s, "SELECT count(*), max(letters), max(buyer), max(reply_to), datetime(max(waits_s), 'unixepoch') FROM thread",
           "1|3|Anna Muster|abc1@marketplace.amazon.de|2026-11-24 09:00:00");
    expect(s, "SELECT datetime(answered_s, 'unixepoch') FROM letter WHERE letter_id = '1@mail.example.org'", "2026-11-23 11:00:00");
    import_well(s, in_path, NULL, 0, 3, 1);
    import_well(s, sent_path, NULL, 0, 1, 0);
}

/* ---- bombs ---------------------------------------------------------------------------------------------- */

static void put_times(struct buf *out, const char *text, int times)
{
    while (times--)
        buf_text(out, text);
}

/* Mails that are made to cost: all end in time, and most of them as the letters they are. */
static void test_bombs(void **state)
{
    static const char head[] = BUYER DATE "Subject: x\nMIME-Version: 1.0\n";
    struct shop *s = *state;
    struct buf text = { 0 };
    struct timespec begin, end;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    for (int kind = 0; kind < 9; kind++) {
        buf_clear(&text);
        buf_text(&text, head);
        buf_printf(&text, ID("bomb-%d"), kind);
        switch (kind) {
        case 0:                                         /* mails in parts in parts */
            for (int i = 0; i < 1000; i++)
                buf_printf(&text, "Content-Type: multipart/mixed; boundary=\"b%d\"\n\n--b%d\n", i, i);
            buf_text(&text, "Content-Type: text/plain\n\ndeep\n");
            break;
        case 1:                                         /* mails in mails */
            for (int i = 0; i < 1000; i++)
                buf_text(&text, "Content-Type: message/rfc822\n\n");
            break;
        case 2:                                         /* alternatives in alternatives */
            for (int i = 0; i < 200; i++)
                buf_printf(&text, "Content-Type: multipart/alternative; boundary=\"b%d\"\n\n--b%d\n", i, i);
            break;
        case 3:                                         /* many parts */
            buf_text(&text, "Content-Type: multipart/mixed; boundary=b\n\n");
            put_times(&text, "--b\nContent-Type: text/plain\n\nx\n", 30000);
            break;
        case 4:                                         /* one boundary for all */
            put_times(&text, "Content-Type: multipart/mixed; boundary=b\n\n--b\n", 10000);
            break;
        case 5:                                         /* a million addresses */
            buf_text(&text, "Cc: ");
            put_times(&text, "a@b.example, ", 70000);
            buf_text(&text, "\n\nx");
            break;
        case 6:                                         /* a subject of encoded words */
            buf_text(&text, "X-Subject: ");
            put_times(&text, "=?utf-8?Q?x?= ", 60000);
            buf_text(&text, "\n\nx");
            break;
        case 7:                                         /* HTML that never closes */
            buf_text(&text, "Content-Type: text/html\n\n");
            put_times(&text, "<div style=\"display:none\"><a \"", 30000);
            break;
        case 8:                                         /* lines that quote each other */
            buf_text(&text, "Content-Type: text/plain\n\nx\n");
            put_times(&text, ">\n", 400000);
            buf_text(&text, "y\n");
            break;
        }
        if (import_to(s, write_text(s, "bomb.eml", text.at, text.len), NULL) < 0)
            fail_msg("bomb %d: %s", kind, s->err.text);
        assert_int_equal(s->result.rows, 1);
        assert_int_equal(s->result.accepted, 1);
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    print_message("# all bombs in %ld s\n", (long)(end.tv_sec - begin.tv_sec));
    expect(s, "SELECT max(length(body)) <= 65600 FROM letter", "1");
    buf_free(&text);
}

/* A mail longer than what is read of it is a letter all the same. */
static void test_long_mail(void **state)
{
    struct shop *s = *state;
    struct buf text = { 0 };
    buf_text(&text, BUYER DATE ID("1") "Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nlook at this\n"
             "--b\nContent-Type: image/jpeg\nContent-Disposition: attachment; filename=big.jpg\nContent-Transfer-Encoding: base64\n\n");
    put_times(&text, "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5\n", 100000);
    buf_text(&text, "--b--\n");
    import_well(s, write_text(s, "long.eml", text.at, text.len), NULL, 1, 0, 0);
    expect(s, "SELECT body FROM letter", "look at this\n\n[big.jpg]");
    buf_free(&text);
}

/* ---- mutations: every mail ends somewhere ------------------------------------------------------------------ */

static void test_mutated_mails(void **state)
{
    static const char bytes[] = "\n\r\t :;=?\"<>()@-,\0\xFF\x80\xC3" "bB0";
    static const struct { const struct one *one; size_t n; } tables[] = {
        { forms, COUNT_OF(forms) }, { notices, COUNT_OF(notices) }, { letters, COUNT_OF(letters) }, { cases, COUNT_OF(cases) },
    };
    struct shop *s = *state;
    uint32_t seed = 20261126;
    for (int round = 0; round < 800; round++) {
        char text[4096];
        seed = seed * 1664525 + 1013904223;
        size_t t = (size_t)round % COUNT_OF(tables);
        const char *from = tables[t].one[(seed >> 8) % tables[t].n].mail;
        size_t n = strlen(from);
        memcpy(text, from, n);
        for (int i = 0; i <= round % 9; i++) {
            seed = seed * 1664525 + 1013904223;
            text[(seed >> 8) % n] = bytes[(seed >> 4) % (sizeof bytes - 1)];
        }
        int rc = import_to(s, write_text(s, "mutated.eml", text, n), "DE");
        if (rc < 0 && rc != -ERR_INPUT)
            fail_msg("round %d: %s", round, s->err.text);
        if (rc >= 0)
            assert_int_equal(s->result.accepted + s->result.unchanged + s->result.rejected, s->result.rows);
    }
    assert_int_equal(db_check(s->db, &s->err), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_letters),
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_answers),
        cmocka_unit_test(test_claims),
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_notices),
        cmocka_unit_test(test_others),
        TEST(test_mailbox),
        TEST(test_bombs),
        TEST(test_long_mail),
        TEST(test_mutated_mails),
    };
    return cmocka_run_group_tests(tests, load_plugins, unload_plugins);
}
