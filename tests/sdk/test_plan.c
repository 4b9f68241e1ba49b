/* SPDX-License-Identifier: Apache-2.0 */
/* test_plan.c: commands of a plugin: what it plans is run whole or not at all; once more as bytes (SOUK_WIRE=1). */
#include "command.h"

#include "base/log.h"

struct planned {
    struct shop shop;
    struct plugins *plugins;
};

static void open_shop(struct planned *p, const char *name)
{
    char ini[200], own[4000];
    const char *build = getenv("BUILD");
    struct shop *s = &p->shop;
    shop_open(s, name);
    snprintf(ini, sizeof ini, "%s", scratch_path("plugins.ini"));
    snprintf(own, sizeof own, "%s/tests/plugin", build ? build : "build");
    FILE *f = fopen(ini, "w");
    assert_non_null(f);
    fputs("[plan]\nfile = plan.so\n", f);
    assert_int_equal(fclose(f), 0);
    const struct plugins_setup setup = { .config = ini, .own_folder = own, .texts = s->texts };
    assert_well(plugins_load(&p->plugins, &setup, &s->err), &s->err);
    if (plugins_at(p->plugins, 0)->why)
        fail_msg("%s", plugins_at(p->plugins, 0)->why);
    s->setup.plugins = p->plugins;
    s->setup.desk = desk_new(p->plugins, s->policies);
    s->setup.now_s = instant("2026-11-01T10:00:00Z");
    does(s, "1", "case.add", "subject=One", "case=1");
    s->setup.now_s = instant("2026-11-10T10:00:00Z");
    does(s, "2", "case.add", "subject=Two", "case=2");
    s->setup.now_s = instant(AT);
}

static void shop_shut(struct planned *p)
{
    desk_free(p->shop.setup.desk);
    shop_close(&p->shop);
    plugins_free(p->plugins);
}

static const char sql_states[] = "SELECT case_id, state FROM v1_cases ORDER BY case_id";
static const char sql_log[] = "SELECT command, ref, args, result FROM v1_audit WHERE entry > 2 ORDER BY entry";

static void a_plan_is_run(void **state)
{
    (void)state;
    struct planned p;
    struct shop *s = &p.shop;
    open_shop(&p, "runs.db");
    does(s, "The case has its new state.", "cases.close_old", "before=2026-11-05 00:00");
    assert_string_equal(s->result.ref, "case:1");
    assert_string_equal(answer(s->db, sql_states), "1|closed\n2|open\n");
    assert_string_equal(answer(s->db, sql_log), "cases.close_old|case:1|{\"before\":1793836800}|ok\n"
        "cases.close_old > case.state|case:1|{\"case\":\"1\",\"state\":\"closed\"}|ok\n");
    assert_string_equal(answer(s->db, "SELECT kind, ref, data FROM v1_events WHERE event > 2"),
                        "cases.close_old|case:1|{\"actor\":\"local\",\"via\":\"cli\",\"steps\":1}\n");
    shop_shut(&p);
}

static void a_plan_of_many_steps(void **state)
{
    (void)state;
    struct planned p;
    struct shop *s = &p.shop;
    open_shop(&p, "many.db");
    s->setup.key = "k";
    does(s, "2 steps were taken.", "cases.close_old");
    assert_string_equal(s->result.ref, "");
    assert_string_equal(answer(s->db, sql_states), "1|closed\n2|closed\n");
    assert_string_equal(answer(s->db, "SELECT count(*) FROM audit WHERE command LIKE 'cases.close_old%'"), "3\n");
    /* Nothing is planned again for a key that was answered. */
    run_sql(s->db, "UPDATE cases SET state = 'open'");
    does(s, "2 steps were taken.", "cases.close_old");
    assert_true(s->result.already);
    assert_string_equal(answer(s->db, sql_states), "1|open\n2|open\n");
    s->setup.key = NULL;
    run_sql(s->db, "UPDATE cases SET state = 'closed'");
    does(s, "There was nothing to do.", "cases.close_old");
    shop_shut(&p);
}

static void what_is_refused_is_refused_whole(void **state)
{
    (void)state;
    struct planned p;
    struct shop *s = &p.shop;
    open_shop(&p, "refused.db");
    is_refused(s, ERR_ABSENT, "", "'case.note' was refused in 'cases.half': There is no case", "cases.half");
    is_refused(s, ERR_ABSENT, "", "case.discard", "cases.undeclared");
    is_refused(s, ERR_INPUT, "", "Did you mean 'state'?", "cases.unknown_field");
    is_refused(s, ERR_INPUT, "", "type text, not count", "cases.wrong_type");
    is_refused(s, ERR_INPUT, "", "'asleep' cannot be chosen", "cases.wrong_choice");
    is_refused(s, ERR_ABSENT, "", "is a plugin's", "cases.own");
    is_refused(s, ERR_PLUGIN, "", "1000 commands at most", "cases.endless");
    is_refused(s, ERR_INPUT, "", "not_today", "cases.says_no");
    is_refused(s, ERR_INPUT, "before", "is no time", "cases.close_old", "before=yesterday");
    is_refused(s, ERR_INPUT, "", "Did you mean 'before'?", "cases.close_old", "befor=2026-11-05 00:00");
    is_refused(s, ERR_ABSENT, "", "Did you mean 'cases.half'?", "cases.hal");
    shop_shut(&p);
}

/* The step asks for more than the plan does. */
static void rights_are_those_of_every_step(void **state)
{
    (void)state;
    struct planned p;
    struct shop *s = &p.shop;
    open_shop(&p, "rights.db");
    s->setup.who = who_may("anna", RIGHT_EDIT);
    assert_int_equal(doing(s, "cases.more_rights", NULL), -ERR_DENIED);
    assert_non_null(strstr(s->err.text, "'calendar.unlink' as staff: it needs the right 'admin'"));
    assert_string_equal(answer(s->db, sql_states), "1|open\n2|open\n");
    assert_string_equal(answer(s->db, sql_log), "cases.more_rights > calendar.unlink||{}|denied\n");
    s->setup.who = who_may("anna", RIGHT_VIEW);
    assert_int_equal(doing(s, "cases.close_old", NULL), -ERR_DENIED);
    assert_int_equal(doing(s, "cases.more_rights", NULL), -ERR_DENIED);
    assert_non_null(strstr(s->err.text, "'case.state' as viewer: it needs the right 'edit'"));
    s->setup.who = who_may("anna", RIGHT_ADMIN);
    does(s, "2 steps", "cases.more_rights");
    shop_shut(&p);
}

/* The second case cannot be written: the first one is as it was, and the log knows of nothing. */
static void a_write_that_fails_takes_the_others_along(void **state)
{
    (void)state;
    struct planned p;
    struct shop *s = &p.shop;
    open_shop(&p, "fails.db");
    run_sql(s->db, "CREATE TRIGGER fails BEFORE UPDATE ON cases WHEN old.case_id = '2'"
                   " BEGIN SELECT RAISE(ABORT, 'no'); END");
    is_refused(s, ERR_BUG, "", "'case.state' was refused in 'cases.close_old'", "cases.close_old");
    assert_string_equal(answer(s->db, sql_states), "1|open\n2|open\n");
    shop_shut(&p);
}

static void plans_are_listed(void **state)
{
    (void)state;
    struct planned p;
    struct shop *s = &p.shop;
    struct buf out = { 0 };
    struct command_info info;
    open_shop(&p, "listed.db");
    assert_well(command_find(p.plugins, "cases.close_old", &info, &s->err), &s->err);
    assert_int_equal(info.right, RIGHT_EDIT);
    assert_null(info.run);
    assert_non_null(command_field(&info, "before"));
    command_list_json(&out, p.plugins, s->texts, "en");
    assert_non_null(strstr(buf_str(&out), "{\"command\":\"cases.close_old\",\"right\":\"edit\",\"title\":\"close_old\","
        "\"about\":\"close_old.about\",\"fields\":[{\"name\":\"before\",\"type\":\"instant\",\"needed\":false,"
        "\"title\":\"before\"}]}"));
    buf_free(&out);
    shop_shut(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plan_is_run),
        cmocka_unit_test(a_plan_of_many_steps),
        cmocka_unit_test(what_is_refused_is_refused_whole),
        cmocka_unit_test(rights_are_those_of_every_step),
        cmocka_unit_test(a_write_that_fails_takes_the_others_along),
        cmocka_unit_test(plans_are_listed),
    };
    int failed = 0;
    log_setup(LOG_LEVEL_FAULT, false);
    unsetenv("SOUK_WIRE");
    failed += cmocka_run_group_tests_name("as calls", tests, scratch_make, scratch_remove);
    setenv("SOUK_WIRE", "1", 1);
    failed += cmocka_run_group_tests_name("as bytes", tests, scratch_make, scratch_remove);
    return failed;
}
