/* SPDX-License-Identifier: Apache-2.0 */
/* test_command_article.c: questions and links of an account; lines of policies in articles. */
#include "command.h"

#include "data/article.h"
#include "web/quote.h"

static void a_question_is_written_changed_and_removed(void **state)
{
    (void)state;
    struct shop s;
    shop_open(&s, "faq.db");
    does(&s, "is saved", "faq.put", "question=Who packs on Fridays?", "answer=Anna.", "about=widget:orders settings:shipping");
    assert_string_equal(s.result.ref, "faq:who-packs-on-fridays");
    does(&s, "is saved", "faq.put", "question=Who packs on Fridays?", "answer=Ben.", "language=de");
    assert_string_equal(s.result.ref, "faq:who-packs-on-fridays-2");
    does(&s, "is saved", "faq.put", "name=who-packs-on-fridays", "question=Who packs?", "answer=Carla.");
    assert_string_equal(answer(s.db, "SELECT kind, name, language, title, body, about FROM v1_articles ORDER BY name"),
                        "faq|who-packs-on-fridays||Who packs?|Carla.|\n"
                        "faq|who-packs-on-fridays-2|de|Who packs on Fridays?|Ben.|\n");
    assert_string_equal(answer(s.db, "SELECT count(*) FROM v1_audit WHERE command = 'faq.put' AND result = 'ok'"), "3\n");
    does(&s, "removed", "faq.remove", "name=who-packs-on-fridays");
    assert_string_equal(answer(s.db, "SELECT name FROM v1_articles"), "who-packs-on-fridays-2\n");
    is_refused(&s, ERR_ABSENT, "name", "written no question 'who-packs-on-fridays'", "faq.remove", "name=who-packs-on-fridays");
    is_refused(&s, ERR_ABSENT, "name", "written no link", "link.remove", "name=who-packs-on-fridays-2");
    does(&s, "is saved", "faq.put", "question=何時に？", "answer=x");
    assert_string_equal(s.result.ref, "faq:question");
    is_refused(&s, ERR_INPUT, "language", "no language", "faq.put", "question=q", "answer=a", "language=Deutsch");
    is_refused(&s, ERR_INPUT, "name", "no name", "faq.put", "question=q", "answer=a", "name=../../etc");
    is_refused(&s, ERR_INPUT, "about", "what it explains", "faq.put", "question=q", "answer=a", "about=orders");
    is_refused(&s, ERR_INPUT, "about", "what it explains", "faq.put", "question=q", "answer=a", "about=widget:orders,x:y");
    is_refused(&s, ERR_INPUT, "answer", "needed", "faq.put", "question=q");
    shop_close(&s);
}

static void only_addresses_that_can_be_linked(void **state)
{
    (void)state;
    static const char *const good[] = {
        "https://example.org", "https://example.org/", "https://example.org:8443/a?b=c&d=%20#e", "https://a.b-c.example/x",
    };
    static const char *const bad[] = {
        "http://example.org/", "javascript:alert(1)", "https://", "https:///x", "https://example", "https://user@example.org/",
        "https://example.org:/", "https://example.org:80x/", "https://example.org/a b", "https://example.org/\"onclick=",
        "https://.example.org/", "https://example.org./", "HTTPS://example.org/", "data:text/html,x", "//example.org/", "/settings",
        "https://ex\xc3\xa4mple.org/", "https://example.org/<b>",
    };
    struct shop s;
    shop_open(&s, "link.db");
    for (size_t i = 0; i < COUNT_OF(good); i++)
        does(&s, "is saved", "link.put", "title=Carrier", "name=carrier", arena_printf(s.arena, "address=%s", good[i]));
    assert_string_equal(answer(s.db, "SELECT kind, name, address FROM v1_articles"), "link|carrier|https://a.b-c.example/x\n");
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        is_refused(&s, ERR_INPUT, "address", "no address that can be linked", "link.put", "title=x",
                   arena_printf(s.arena, "address=%s", bad[i]));
    shop_close(&s);
}

static void an_account_has_so_many(void **state)
{
    (void)state;
    struct shop s;
    shop_open(&s, "many.db");
    struct record_to to = { s.db, NULL, 0 };
    assert_well(db_begin(s.db, &s.err), &s.err);
    for (int i = 0; i < ARTICLES_MOST; i++) {
        const struct article w = {
            ARTICLE_FAQ, arena_printf(s.arena, "q-%d", i), "", "q", "a", "", "", 1,
        };
        assert_int_equal(article_put(&to, &w, &s.err), 1);
    }
    assert_well(db_end(s.db, 0, &s.err), &s.err);
    is_refused(&s, ERR_FULL, "", "remove one", "faq.put", "question=one more", "answer=a");
    does(&s, "is saved", "faq.put", "question=changed", "answer=a", "name=q-7");
    shop_close(&s);
}

/* ---- lines of policies --------------------------------------------------------------------------------------- */

static const struct { const char *name, *text, *becomes, *keys; } quotes[] = {
    { "a share",           "below {{late.limit}}.",           "below 4 %.",                                     "late.limit" },
    { "hours",             "{{message.answer}}",              "24 hours",                                       "message.answer" },
    { "days",              "{{chargeback.answer}} to answer", "7 days to answer",                               "chargeback.answer" },
    { "markets differ",    "{{claim.answer}}",                "3 days (Amazon.com) or 48 hours (Amazon.de)",     "claim.answer" },
    { "a list",            "({{late.windows_days}})",         "(10, 30)",                                       "late.windows_days" },
    { "a key twice",       "{{late.limit}} {{late.limit}}",   "4 % 4 %",                                        "late.limit" },
    { "two keys",          "{{late.limit}}{{cancel.limit}}",  "4 %2.5 %",                                       "late.limit cancel.limit" },
    { "no such line",      "{{late.nonsense}}",               "(the policy file says nothing about it)",        "late.nonsense" },
    { "no key at all",     "{{ x }} {{A}} {{late.limit} {{",  "{{ x }} {{A}} {{late.limit} {{",                 "" },
    { "a key in a key",    "{{late.limit}} {{ate.limit}}",    "4 % (the policy file says nothing about it)",    "late.limit ate.limit" },
};

static void lines_of_policies_are_quoted(void **state)
{
    (void)state;
    struct shop s;
    shop_open(&s, "quote.db");
    const char *const ids[] = { market_find("US")->id, market_find("DE")->id };
    const struct quoting by = { s.policies, s.setup.texts, "en", ids, COUNT_OF(ids), 20780 };
    const struct quoting by_nobody = { s.policies, s.setup.texts, "en", NULL, 0, 20780 };
    struct buf out = { 0 }, keys = { 0 };
    for (size_t i = 0; i < COUNT_OF(quotes); i++) {
        buf_clear(&out);
        buf_clear(&keys);
        quote_lines(&out, &keys, &by, quotes[i].text);
        assert_string_equal(buf_str(&out), quotes[i].becomes);
        assert_string_equal(buf_str(&keys), quotes[i].keys);
    }
    buf_clear(&out);
    quote_lines(&out, &keys, &by_nobody, "{{claim.answer}}");
    assert_string_equal(buf_str(&out), "3 days");
    buf_free(&out);
    buf_free(&keys);
    shop_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_question_is_written_changed_and_removed),
        cmocka_unit_test(only_addresses_that_can_be_linked),
        cmocka_unit_test(an_account_has_so_many),
        cmocka_unit_test(lines_of_policies_are_quoted),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
