/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_mail_text.c: the mail plugin's texts: HTML to plain text, tidying, and what is quoted.
 *
 * text.c is pure, so it is read in here as it stands.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "../../plugins/import/amazon-mail/text.c"

struct pair {
    const char *in, *out;
};

static void check(const struct pair *p, size_t n, void (*make)(struct text *out, const char *in))
{
    for (size_t i = 0; i < n; i++) {
        struct text out = { 0 };
        make(&out, p[i].in);
        if (strcmp(out.at, p[i].out) != 0)
            fail_msg("%s\n  became  %s\n  and not %s", p[i].in, out.at, p[i].out);
        text_free(&out);
    }
}

/* ---- HTML --------------------------------------------------------------------------------------- */

static void html(struct text *out, const char *in)
{
    text_of_html(out, in, (uint32_t)strlen(in));
    text_tidy(out);
}

static const struct pair pages[] = {
    { "", "" },
    { "plain", "plain" },
    { "<p>One</p><p>Two</p>", "One\n\nTwo" },
    { "<div>One</div><div>Two</div>", "One\nTwo" },
    { "a<br>b<BR/>c<br />d", "a\nb\nc\nd" },
    { "  many \n\t spaces  here ", "many spaces here" },
    { "<b>bo</b>ld <i>and</i> <a href=\"https://example.org/?a=1&b=2\">link</a>", "bold and link" },
    { "<ul><li>one</li><li>two</li></ul>after", "- one\n- two\nafter" },
    { "<table><tr><td>Order</td><td>303-1</td></tr><tr><td>Item</td><td>Mug</td></tr></table>",
      "Order 303-1\nItem Mug" },
    { "<html><head><title>No</title><style>p { color: red }</style></head><body>Yes</body></html>", "Yes" },
    { "a<script>if (1 < 2) document.write(\"</p>\"); /* <b> */</script>b", "ab" },
    { "a<script src=x>b", "a" },
    { "a<STYLE>x</STYLE >b", "ab" },
    { "a<!-- <p>no</p> -- > -->b<!-- never ends", "ab" },
    { "a<!DOCTYPE html>b<?xml version=\"1.0\"?>c", "abc" },
    { "<div style=\"display:none\">hidden <div>deep</div> still</div>seen", "seen" },
    { "<span style='font: x; display: none'>hidden</span>seen", "seen" },
    { "<img src=\"https://example.org/spy.png\" alt=\"x > y\">after", "after" },
    { "<p title=\"a>b\">text</p>", "text" },
    { "&lt;b&gt; &amp;amp; &quot;x&quot; &apos;", "<b> &amp; \"x\" '" },
    { "&euro;5 &pound;6 &yen;7 K&uuml;che &szlig; &ntilde; &Eacute;t&eacute;", "€5 £6 ¥7 Küche ß ñ Été" },
    { "&#8364; &#x20AC; &#128512; &#65;&#66", "€ € 😀 AB" },
    { "&#0; &#xD800; &#x110000; &#99999999999;", "\uFFFD \uFFFD \uFFFD \uFFFD999;" },
    { "&unknown; & &; AT&T a&b", "&unknown; & &; AT&T a&b" },
    { "a&nbsp;&nbsp;b&zwnj;c&#8203;d", "a  bcd" },
    { "1 < 2 and 3 > 2", "1 < 2 and 3 > 2" },
    { "<", "<" }, { "a<b", "a" }, { "<p", "" }, { "<p title=\"", "" }, { "</", "</" },
    { "日本語<br>テスト", "日本語\nテスト" },
    { "<h1>Title</h1>text<hr>more", "Title\n\ntext\nmore" },
};

static void test_html(void **state)
{
    (void)state;
    check(pages, sizeof pages / sizeof *pages, html);
}

/* Whatever the bytes are, it ends, and in a time that grows with them. */
static void test_hostile_html(void **state)
{
    static const char *const pieces[] = {
        "<", "<a \"", "<script>", "<div>", "<div style=display:none>", "<!--", "&#", "&", "<p><x '", "</", "<td>", "> ",
    };
    (void)state;
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        struct text in = { 0 }, out = { 0 };
        while (in.n < 1 << 20)
            text_add(&in, pieces[i]);
        text_of_html(&out, in.at, in.n);
        text_tidy(&out);
        text_free(&out);
        text_mark_quoted(&out, in.at);
        text_free(&out);
        text_free(&in);
    }
    uint32_t seed = 20261125;
    for (int round = 0; round < 2000; round++) {
        struct text in = { 0 }, out = { 0 };
        for (int k = 0; k < 40; k++) {
            seed = seed * 1664525 + 1013904223;
            text_add(&in, pages[(seed >> 8) % (sizeof pages / sizeof *pages)].in);
            if (seed & 64 && in.n)
                in.n -= (seed >> 20) % in.n;
        }
        text_put(&in, "", 0);
        text_of_html(&out, in.at, in.n);
        text_tidy(&out);
        assert_int_equal(strlen(out.at), out.n);
        text_free(&out);
        text_free(&in);
    }
}

/* ---- tidying ------------------------------------------------------------------------------------ */

static void tidy(struct text *out, const char *in)
{
    text_add(out, in);
    text_tidy(out);
}

static const struct pair untidy[] = {
    { "", "" }, { "\n\n\n", "" }, { "a", "a" }, { "  a  ", "  a" },
    { "a\r\nb\rc\n", "a\nb\nc" },
    { "a\n\n\n\n\nb", "a\n\nb" },
    { "a   \n  b\t\n", "a\n  b" },
    { "bell\a and \x1B[31mred\x1B[0m", "bell and [31mred[0m" },
};

static void test_tidying(void **state)
{
    (void)state;
    check(untidy, sizeof untidy / sizeof *untidy, tidy);
}

/* ---- what is quoted ------------------------------------------------------------------------------ */

static const struct pair letters[] = {
    { "Hello", "Hello" },
    { "", "" },
    { "Thanks!\n\n-----Original Message-----\nFrom: Shop\nText",
      "Thanks!" QUOTED_BELOW "-----Original Message-----\nFrom: Shop\nText" },
    { "Danke\n\n-----Ursprüngliche Nachricht-----\nVon: Laden", "Danke" QUOTED_BELOW "-----Ursprüngliche Nachricht-----\nVon: Laden" },
    { "Yes.\n\nOn Mon, Nov 23, 2026 at 5:00 PM Shop <x@example.org> wrote:\n> Is it blue?\n",
      "Yes." QUOTED_BELOW "On Mon, Nov 23, 2026 at 5:00 PM Shop <x@example.org> wrote:\n> Is it blue?" },
    { "Ja.\n\nAm Montag, 23. November 2026 um 17:00 Uhr\nhat Laden <x@example.org> geschrieben, schrieb Laden:\n> Blau?",
      "Ja." QUOTED_BELOW "Am Montag, 23. November 2026 um 17:00 Uhr\nhat Laden <x@example.org> geschrieben, schrieb Laden:\n> Blau?" },
    { "Oui\n\nLe lun. 23 nov. 2026 à 17:00, Boutique a écrit :\n> Bleu ?", "Oui" QUOTED_BELOW "Le lun. 23 nov. 2026 à 17:00, Boutique a écrit :\n> Bleu ?" },
    { "はい。\n\n2026年11月23日(月) 17:00 店 <x@example.org>:\n> 青ですか", "はい。" QUOTED_BELOW "2026年11月23日(月) 17:00 店 <x@example.org>:\n> 青ですか" },
    { "Ciao\n\nDa: Negozio\nInviato: lunedì\nA: me\n\nBlu?", "Ciao" QUOTED_BELOW "Da: Negozio\nInviato: lunedì\nA: me\n\nBlu?" },
    { "Top\n\n> one\n>> two\n\n> three\n", "Top" QUOTED_BELOW "> one\n>> two\n\n> three" },
    { "Top\n\n> one\nand then more\n> two", "Top\n\n> one\nand then more" QUOTED_BELOW "> two" },
    { "> all of it\n> is quoted", "> all of it\n> is quoted" },
    { "On Monday I wrote: nothing", "On Monday I wrote: nothing" },
    { "From: here it looks fine\nand good", "From: here it looks fine\nand good" },
    { "I ask: On what day? wrote: no", "I ask: On what day? wrote: no" },
    { "Order ID: 303-1\n------------- Begin message -------------\n\nIs it blue?\n\n------------- End message -------------\n\nFor your information",
      "Is it blue?" QUOTED_BELOW "Order ID: 303-1\n\nFor your information" },
    { "------------- Anfang der Nachricht -------------\nBlau?\n------------- Ende der Nachricht -------------", "Blau?" },
    { "------------- Begin message -------------\nnever ends", "------------- Begin message -------------\nnever ends" },
};

static void test_quoted(void **state)
{
    (void)state;
    check(letters, sizeof letters / sizeof *letters, text_mark_quoted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_html),
        cmocka_unit_test(test_hostile_html),
        cmocka_unit_test(test_tidying),
        cmocka_unit_test(test_quoted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
