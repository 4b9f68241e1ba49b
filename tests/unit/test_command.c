/* SPDX-License-Identifier: Apache-2.0 */
/* test_command.c: what all commands have in common: rights, fields, keys, the log, one transaction. */
#include "command.h"

#include "data/link.h"
#include "plug/field.h"

static void suggestions(struct shop *s)
{
    run_sql(s->db, "INSERT INTO suggestion (rule, key, weight, text, facts, is_said, state, why, first_s, last_s)"
                   " VALUES ('stock', 'A-1', 5, 'Order A-1.', 1, 1, 'open', '', 1, 1),"
                   "        ('stock', 'A-2', 4, 'Order A-2.', 2, 1, 'open', '', 1, 1)");
}

static void open_shop(struct shop *s, const char *name)
{
    shop_open(s, name);
    suggestions(s);
}

/* ---- the table ------------------------------------------------------------------------------- */

static bool is_worded(const struct shop *s, const char *key)
{
    return catalogue_find(s->texts, "en", key) != NULL;
}

static void every_command_is_well_described(void **state)
{
    (void)state;
    struct shop s;
    const struct command_info *list;
    size_t n;
    shop_open(&s, "table.db");
    command_list(s.arena, NULL, &list, &n);
    assert_true(n > 50);
    for (size_t i = 0; i < n; i++) {
        const struct command_info *c = &list[i];
        struct err err = { 0 };
        if (!is_worded(&s, c->title) || !is_worded(&s, c->about) || !c->run || !c->right || !strchr(c->name, '.'))
            fail_msg("%s lacks a title, a sentence, a right or a function", c->name);
        for (size_t k = 0; k < i; k++)
            assert_false(text_is(list[k].name, c->name));
        for (uint32_t f = 0; f < c->fields.n; f++) {
            const struct souk_field *field = field_at(&c->fields, f);
            assert_well(field_check(field, FIELD_ARGUMENT, "field", "command", c->name, &err), &err);
            if (!is_worded(&s, field->title) || (field->about && !is_worded(&s, field->about)))
                fail_msg("%s: the field %s has no words", c->name, field->name);
            for (uint32_t k = 0; k < field->choices.n; k++)
                if (!is_worded(&s, ((const struct souk_choice *)field->choices.at)[k].title))
                    fail_msg("%s: a choice of %s has no words", c->name, field->name);
            if ((field->currency_of && !command_field(c, field->currency_of)) ||
                (field->zone_of && !command_field(c, field->zone_of)))
                fail_msg("%s: %s hangs on a field that is not there", c->name, field->name);
        }
    }
    shop_close(&s);
}

static void names_that_are_nearly_right(void **state)
{
    (void)state;
    struct shop s;
    open_shop(&s, "names.db");
    is_refused(&s, ERR_ABSENT, "", "Did you mean 'suggestion.done'?", "sugestion.done");
    is_refused(&s, ERR_ABSENT, "", "`souk do` lists them", "nothing.like.it");
    is_refused(&s, ERR_ABSENT, "", "There is no command ''", "");
    is_refused(&s, ERR_INPUT, "", "Did you mean 'suggestion'?", "suggestion.done", "sugestion=1");
    is_refused(&s, ERR_INPUT, "", "it has suggestion, why", "suggestion.dismiss", "nothing=1");
    is_refused(&s, ERR_INPUT, "", "has no fields", "layout.reset", "widget=x");
    shop_close(&s);
}

/* ---- fields ---------------------------------------------------------------------------------- */

static void fields_are_read_and_checked(void **state)
{
    (void)state;
    struct shop s;
    open_shop(&s, "fields.db");
    is_refused(&s, ERR_INPUT, "suggestion", "needed", "suggestion.done");
    is_refused(&s, ERR_INPUT, "suggestion", "needed", "suggestion.done", "suggestion=");
    is_refused(&s, ERR_INPUT, "suggestion", "suggestion", "suggestion.done", "suggestion=one");
    is_refused(&s, ERR_INPUT, "why", "needed", "suggestion.dismiss", "suggestion=1", "why= ");
    is_refused(&s, ERR_INPUT, "", "given twice", "suggestion.done", "suggestion=1", "suggestion=2");
    is_refused(&s, ERR_ABSENT, "suggestion", "There is no suggestion 9.", "suggestion.done", "suggestion=9");
    does(&s, "Done", "suggestion.done", "suggestion=1");
    assert_string_equal(s.result.command, "suggestion.done");
    assert_string_equal(s.result.ref, "suggestion:1");
    assert_string_equal(s.result.field, "");
    assert_false(s.result.already);
    assert_string_equal(answer(s.db, "SELECT state, why, until_s, acted_s FROM suggestion WHERE no = 1"),
                        "done||-|1795428000\n");
    shop_close(&s);
}

static void json_is_read_as_fields(void **state)
{
    (void)state;
    static const struct { const char *json, *says; } cases[] = {
        { "{\"suggestion\":1,\"why\":\"no room\"}", NULL },
        { "{\"suggestion\":\"1\",\"why\":\"no room\"}", NULL },
        { "{\"suggestion\":1.5,\"why\":\"x\"}", "'suggestion' is neither" },
        { "{\"suggestion\":[1],\"why\":\"x\"}", "'suggestion' is neither" },
        { "{\"suggestion\":1,\"why\":null}", "needed" },
        { "{\"suggestion\":1,\"why\":\"x\",\"why\":\"y\"}", "no JSON" },
        { "{\"suggestion\":1", "no JSON (line 1" },
        { "[1]", "no JSON object" },
        { "\"x\"", "no JSON" },
        { "", "no JSON" },
        { "{\"suggestion\":1,\"why\":\"a\\u0000b\"}", "no JSON" },
        { "{\"suggestion\":1,\"whi\":\"x\"}", "Did you mean 'why'?" },
    };
    struct shop s;
    open_shop(&s, "json.db");
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        err_clear(&s.err);
        int rc = command_run_json(s.arena, &s.setup, "suggestion.dismiss", cases[i].json, strlen(cases[i].json), &s.result,
                                  &s.err);
        if (cases[i].says ? rc != -ERR_INPUT || !strstr(s.err.text, cases[i].says) : rc != 0)
            fail_msg("%s: %d, %s", cases[i].json, rc, s.err.text);
    }
    struct buf out = { 0 };
    does(&s, "Dismissed", "suggestion.dismiss", "suggestion=2", "why=\"so\"");
    command_result_json(&out, &s.result);
    assert_string_equal(buf_str(&out), "{\"command\":\"suggestion.dismiss\",\"ref\":\"suggestion:2\",\"text\":"
                        "\"Dismissed; it comes back only when its numbers change.\",\"already\":false}");
    buf_clear(&out);
    command_list_json(&out, NULL, s.texts, "en");
    assert_non_null(strstr(buf_str(&out), "{\"command\":\"suggestion.snooze\",\"right\":\"edit\",\"title\":\"Later\","
        "\"about\":\"The suggestion comes back at a moment you choose.\",\"fields\":[{\"name\":\"suggestion\",\"type\":"
        "\"count\",\"needed\":true,\"title\":\"Suggestion\"},{\"name\":\"until\",\"type\":\"instant\",\"needed\":true,"
        "\"title\":\"Until\"}]}"));
    buf_free(&out);
    shop_close(&s);
}

/* ---- rights ---------------------------------------------------------------------------------- */

static void who_may_only_view_is_refused_and_it_is_written_down(void **state)
{
    (void)state;
    struct shop s;
    open_shop(&s, "rights.db");
    s.setup.who = who_may("anna", RIGHT_VIEW);
    assert_int_equal(doing(&s, "suggestion.done", "suggestion=1", NULL), -ERR_DENIED);
    assert_string_equal(s.err.text, "anna may not run 'suggestion.done' as viewer: it needs the right 'edit'."
                                    " Ask the owner of the account.");
    assert_string_equal(answer(s.db, "SELECT actor, via, command, ref, args, result FROM v1_audit"),
                        "anna|cli|suggestion.done||{}|denied\n");
    assert_string_equal(answer(s.db, "SELECT state FROM suggestion WHERE no = 1"), "open\n");
    assert_string_equal(answer(s.db, "SELECT count(*) FROM event"), "0\n");
    /* The right comes before everything that could be learned from fields or keys. */
    s.setup.key = "k1";
    assert_int_equal(doing(&s, "suggestion.done", "suggestion=9", "nothing=1", NULL), -ERR_DENIED);
    s.setup.key = NULL;
    /* Everybody may arrange their own page. */
    does(&s, "All cards", "layout.reset");
    s.setup.who = who_may("anna", RIGHT_EDIT);
    does(&s, "Done", "suggestion.done", "suggestion=1");
    assert_int_equal(doing(&s, "calendar.link", NULL), -ERR_DENIED);
    s.setup.who = who_may("anna", RIGHT_ADMIN);
    does(&s, "secret address", "calendar.link");
    shop_close(&s);
}

/* Every command of the table, by everybody who may do less. */
static void the_least_right_of_each_command_holds(void **state)
{
    (void)state;
    struct shop s;
    const struct command_info *list;
    size_t n;
    open_shop(&s, "least.db");
    command_list(s.arena, NULL, &list, &n);
    for (size_t i = 0; i < n; i++)
        for (enum right r = RIGHT_VIEW; r <= RIGHT_OWNER; r++) {
            s.setup.who = who_may("anna", r);
            int rc = doing(&s, list[i].name, "no such field=1", NULL);
            assert_int_equal(rc, r < list[i].right ? -ERR_DENIED : -ERR_INPUT);
        }
    shop_close(&s);
}

/* ---- keys ------------------------------------------------------------------------------------ */

static void a_key_is_answered_once(void **state)
{
    (void)state;
    struct shop s;
    open_shop(&s, "keys.db");
    s.setup.key = "form-1";
    does(&s, "Done", "suggestion.done", "suggestion=1");
    assert_false(s.result.already);
    run_sql(s.db, "UPDATE suggestion SET state = 'open' WHERE no = 1");
    does(&s, "Done", "suggestion.done", "suggestion=1");
    assert_true(s.result.already);
    assert_string_equal(s.result.ref, "suggestion:1");
    assert_string_equal(answer(s.db, "SELECT state FROM suggestion WHERE no = 1"), "open\n");
    assert_string_equal(answer(s.db, "SELECT count(*) FROM audit"), "1\n");
    is_refused(&s, ERR_INPUT, "", "used for something else", "suggestion.done", "suggestion=2");
    is_refused(&s, ERR_INPUT, "", "used for something else", "suggestion.reopen", "suggestion=1");
    s.setup.who.name = "berta";
    is_refused(&s, ERR_INPUT, "", "used for something else", "suggestion.done", "suggestion=1");
    s.setup.who.name = "local";
    /* What was refused did not use its key. */
    s.setup.key = "form-2";
    is_refused(&s, ERR_ABSENT, "suggestion", "no suggestion 9", "suggestion.done", "suggestion=9");
    does(&s, "Done", "suggestion.done", "suggestion=2");
    assert_false(s.result.already);
    s.setup.key = "has space";
    is_refused(&s, ERR_INPUT, "", "no spaces", "suggestion.done", "suggestion=2");
    shop_close(&s);
}

static void keys_end_after_thirty_days(void **state)
{
    (void)state;
    struct shop s;
    open_shop(&s, "old.db");
    s.setup.key = "form-1";
    does(&s, "Done", "suggestion.done", "suggestion=1");
    s.setup.now_s += 30 * 86400 - 1;
    does(&s, "Done", "suggestion.done", "suggestion=1");
    assert_true(s.result.already);
    s.setup.now_s++;
    does(&s, "open again", "suggestion.reopen", "suggestion=1");
    assert_false(s.result.already);
    assert_string_equal(answer(s.db, "SELECT count(*) FROM command_key"), "1\n");
    shop_close(&s);
}

static void a_secret_is_told_once(void **state)
{
    (void)state;
    struct shop s;
    struct buf out = { 0 };
    shop_open(&s, "secret.db");
    s.setup.key = "link-1";
    does(&s, "shown only now", "calendar.link");
    assert_int_equal(strlen(s.result.secret), strlen("/calendar/.ics") + 32);
    char word[LINK_WORD + 1];
    snprintf(word, sizeof word, "%.32s", s.result.secret + strlen("/calendar/"));
    command_result_json(&out, &s.result);
    assert_non_null(strstr(buf_str(&out), word));
    does(&s, "shown only now", "calendar.link");
    assert_true(s.result.already);
    assert_string_equal(s.result.secret, "");
    static const char *const tables[] = {
        "SELECT * FROM audit", "SELECT * FROM command_key", "SELECT * FROM event", "SELECT hex(hash) FROM secret_link",
    };
    for (size_t i = 0; i < COUNT_OF(tables); i++)
        assert_null(strstr(answer(s.db, tables[i]), word));
    buf_free(&out);
    shop_close(&s);
}

/* ---- the log, events, areas ------------------------------------------------------------------- */

static void what_was_done_stands_in_the_log(void **state)
{
    (void)state;
    struct shop s;
    int64_t before[TOUCHED_AREAS], after[TOUCHED_AREAS];
    open_shop(&s, "log.db");
    s.setup.via = "page";
    assert_well(touched_read(s.db, before, &s.err), &s.err);
    does(&s, "Dismissed", "suggestion.dismiss", "suggestion=1", "why=card 4111 1111 1111 1111 of a friend");
    assert_well(touched_read(s.db, after, &s.err), &s.err);
    for (int i = 0; i < TOUCHED_AREAS; i++) {
        bool is_meant = 1u << i == TOUCHED_SUGGESTIONS || 1u << i == TOUCHED_AUDIT;
        assert_int_equal(after[i] - before[i], is_meant);
    }
    assert_string_equal(answer(s.db, "SELECT entry, at, actor, via, command, ref, args, result FROM v1_audit"),
        "1|1795428000|local|page|suggestion.dismiss|suggestion:1|{\"suggestion\":1,\"why\":\"card [card number removed"
        " …1111] of a friend\"}|ok\n");
    assert_string_equal(answer(s.db, "SELECT why FROM suggestion WHERE no = 1"),
                        "card [card number removed …1111] of a friend\n");
    assert_string_equal(answer(s.db, "SELECT at, kind, ref, data FROM v1_events"),
        "1795428000|suggestion.dismiss|suggestion:1|{\"actor\":\"local\",\"via\":\"page\",\"steps\":1}\n");
    shop_close(&s);
}

/* ---- all or nothing ---------------------------------------------------------------------------- */

static void a_write_that_fails_leaves_nothing(void **state)
{
    (void)state;
    static const char *const tables[] = { "suggestion", "audit", "event", "command_key", "touched" };
    struct shop s;
    for (size_t i = 0; i < COUNT_OF(tables); i++) {
        char name[40], sql[200];
        snprintf(name, sizeof name, "%s.db", tables[i]);
        open_shop(&s, name);
        s.setup.key = "k";
        for (int k = 0; k < 2; k++) {                   /* an update where there are rows, an insert where not */
            snprintf(sql, sizeof sql, "CREATE TRIGGER fails_%d BEFORE %s ON %s BEGIN SELECT RAISE(ABORT, 'no'); END", k,
                     k ? "UPDATE" : "INSERT", tables[i]);
            run_sql(s.db, sql);
        }
        is_refused(&s, ERR_BUG, "", "no", "suggestion.done", "suggestion=1");
        run_sql(s.db, "DROP TRIGGER fails_0; DROP TRIGGER fails_1");
        does(&s, "Done", "suggestion.done", "suggestion=1");
        assert_false(s.result.already);
        shop_close(&s);
    }
}

static void the_disk_is_full(void **state)
{
    (void)state;
    struct shop s;
    open_shop(&s, "full.db");
    assert_string_equal(answer(s.db, "SELECT 1"), "1\n");
    run_sql(s.db, "CREATE TRIGGER fails BEFORE INSERT ON event BEGIN"
                  " INSERT INTO kept (plugin, key, value) VALUES ('x', 'y', zeroblob(15000000)); END");
    const char *pages = answer(s.db, "PRAGMA page_count");
    char sql[60];
    snprintf(sql, sizeof sql, "PRAGMA max_page_count = %ld", strtol(pages, NULL, 10) + 20);
    run_sql(s.db, sql);
    is_refused(&s, ERR_FULL, "", "Disk full", "suggestion.done", "suggestion=1");
    run_sql(s.db, "DROP TRIGGER fails");
    does(&s, "Done", "suggestion.done", "suggestion=1");
    shop_close(&s);
}

/* ---- suggestions ------------------------------------------------------------------------------- */

static void suggestions_change_their_state(void **state)
{
    (void)state;
    struct shop s;
    open_shop(&s, "suggestions.db");
    does(&s, "23 Nov 2026, 12:00", "suggestion.snooze", "suggestion=1", "until=2026-11-23 12:00");
    assert_string_equal(answer(s.db, "SELECT state, until FROM v1_suggestions WHERE suggestion = 1"), "snoozed|1795435200\n");
    is_refused(&s, ERR_INPUT, "until", "later", "suggestion.snooze", "suggestion=1", "until=2026-11-23T10:00:00Z");
    does(&s, "open again", "suggestion.reopen", "suggestion=1");
    assert_string_equal(answer(s.db, "SELECT state, until, why FROM v1_suggestions WHERE suggestion = 1"), "open|-|\n");
    does(&s, "Dismissed", "suggestion.dismiss", "suggestion=1", "why=supplier is closed");
    assert_string_equal(answer(s.db, "SELECT state, why FROM v1_suggestions WHERE suggestion = 1"),
                        "dismissed|supplier is closed\n");
    shop_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_command_is_well_described),
        cmocka_unit_test(names_that_are_nearly_right),
        cmocka_unit_test(fields_are_read_and_checked),
        cmocka_unit_test(json_is_read_as_fields),
        cmocka_unit_test(who_may_only_view_is_refused_and_it_is_written_down),
        cmocka_unit_test(the_least_right_of_each_command_holds),
        cmocka_unit_test(a_key_is_answered_once),
        cmocka_unit_test(keys_end_after_thirty_days),
        cmocka_unit_test(a_secret_is_told_once),
        cmocka_unit_test(what_was_done_stands_in_the_log),
        cmocka_unit_test(a_write_that_fails_leaves_nothing),
        cmocka_unit_test(the_disk_is_full),
        cmocka_unit_test(suggestions_change_their_state),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
