/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rule.c: souk rule list, souk rule test, souk rule facts, souk rule run.
 */
#include <jansson.h>
#include <stdio.h>

#include "base/zone.h"
#include "cli.h"
#include "face/face.h"
#include "flow/coach.h"
#include "flow/facts.h"

static void put_json(json_t *json)
{
    struct buf out = { 0 };
    json_write(&out, json);
    puts(buf_str(&out));
    buf_free(&out);
}

/* ---- list -------------------------------------------------------------------------------------------- */

static json_t *words_json(const char *const *word, size_t n)
{
    json_t *all = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(all, json_string(word[i]));
    return all;
}

static json_t *params_json(struct souk_args params)
{
    json_t *all = json_object();
    for (uint32_t i = 0; i < params.n; i++) {
        const struct souk_value *v = &params.at[i].value;
        json_object_set_new(all, params.at[i].name, v->type == SOUK_BOOL ? json_boolean(v->num != 0)
                            : v->type == SOUK_COUNT ? json_integer(v->num) : json_string(v->text.at));
    }
    return all;
}

static void put_param(const struct souk_arg *param)
{
    const struct souk_value *v = &param->value;
    if (v->type == SOUK_COUNT)
        printf(" %s=%lld", param->name, (long long)v->num);
    else
        printf(" %s=%s", param->name, v->type == SOUK_BOOL ? v->num ? "true" : "false" : v->text.at);
}

static void put_rule(const struct script_rule *r)
{
    if (*r->fault) {
        printf("%-24s %-28s %s\n", "(broken)", r->file, r->fault);
        return;
    }
    printf("%-24s %-28s %s\n    needs", r->id, r->file, r->title);
    for (size_t i = 0; i < r->n_needs; i++)
        printf(" %s", r->needs[i]);
    if (r->params.n)
        printf("; parameters");
    for (uint32_t i = 0; i < r->params.n; i++)
        put_param(&r->params.at[i]);
    putchar('\n');
}

static int list(struct cli *c, const struct script_rule *rule, size_t n)
{
    json_t *all = json_array();
    size_t broken = 0;
    for (size_t i = 0; i < n; i++) {
        const struct script_rule *r = &rule[i];
        broken += *r->fault != '\0';
        if (c->as_json)
            json_array_append_new(all, json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:s}", "id", r->id, "title", r->title,
                "about", r->about, "file", r->file, "needs", words_json(r->needs, r->n_needs), "on", words_json(r->on, r->n_on),
                "params", params_json(r->params), "fault", r->fault));
        else
            put_rule(r);
    }
    if (c->as_json)
        put_json(json_pack("{s:O}", "rules", all));
    else if (!n)
        fputs("There are no rules yet.\n", stderr);
    json_decref(all);
    return broken ? EXIT_CONFIG : EXIT_OK;
}

/* ---- test: TAP ----------------------------------------------------------------------------------------- */

struct results {
    struct cli *c;
    json_t *all;
    size_t n, failed;
    bool *has_case;                                     /* of each rule */
    const struct script_rule *rule;
    size_t n_rules;
};

static void put_result(struct results *r, const char *rule, const char *name, const char *file, const char *text)
{
    r->n++;
    r->failed += *text != '\0';
    if (r->c->as_json) {
        json_array_append_new(r->all, json_pack("{s:s, s:s, s:s, s:b, s:s}", "rule", rule, "name", name, "file", file,
            "is_well", !*text, "text", text));
        return;
    }
    printf("%s %zu - %s%s%s\n", *text ? "not ok" : "ok", r->n, *rule ? rule : file, *name ? ": " : "", name);
    if (*text)
        printf("# %s\n", text);
}

static void on_case(void *ctx, const struct script_case *one)
{
    struct results *r = ctx;
    for (size_t i = 0; i < r->n_rules; i++)
        r->has_case[i] |= text_is(r->rule[i].id, one->rule);
    put_result(r, one->rule, one->name, one->file, one->text);
}

static int test(struct cli *c, const struct script_rule *rule, size_t n, struct err *err)
{
    const char *id = c->argc > 1 ? c->argv[1] : NULL;
    struct results r = { .c = c, .all = json_array(), .rule = rule, .n_rules = n };
    r.has_case = arena_zero(c->arena, n + 1);
    for (size_t i = 0; i < n; i++)
        if (*rule[i].fault && !id)
            put_result(&r, "", "", rule[i].file, rule[i].fault);
    int rc = script_cases(c->scripts, id, on_case, &r, err);
    for (size_t i = 0; i < n && !c->as_json; i++)
        if (!*rule[i].fault && !r.has_case[i] && (!id || text_is(id, rule[i].id)))
            printf("# %s has no case\n", rule[i].id);
    if (c->as_json && rc >= 0)
        put_json(json_pack("{s:O, s:I}", "cases", r.all, "failed", (json_int_t)r.failed));
    else if (rc >= 0)
        printf("1..%zu\n", r.n);
    json_decref(r.all);
    return rc < 0 ? cli_failed(c, err) : r.failed ? EXIT_FAILED : EXIT_OK;
}

/* ---- facts --------------------------------------------------------------------------------------------- */

static json_t *table_json(const struct fact_table *t)
{
    json_t *columns = json_array();
    for (const struct fact_column *k = t->column; k->name; k++)
        json_array_append_new(columns, json_pack("{s:s, s:s, s:s}", "name", k->name, "type", k->type, "about", k->about));
    return json_pack("{s:s, s:s, s:o}", "name", t->name, "about", t->about, "columns", columns);
}

static int facts(struct cli *c, struct err *err)
{
    const char *name = c->argc > 1 ? c->argv[1] : NULL, *near = NULL;
    json_t *all = json_array();
    size_t n = 0;
    for (const struct fact_table *t = fact_tables; t->name; t++) {
        if (name && !text_is(t->name, name)) {
            near = text_nearer(name, near, t->name);
            continue;
        }
        if (c->as_json)
            json_array_append_new(all, table_json(t));
        else
            printf("%s%s: %s\n", n ? "\n" : "", t->name, t->about);
        for (const struct fact_column *k = t->column; k->name && !c->as_json; k++)
            printf("    %-12s %-15s %s\n", k->name, k->type, k->about);
        n++;
    }
    if (n && c->as_json)
        put_json(json_pack("{s:O}", "facts", all));
    json_decref(all);
    if (n)
        return EXIT_OK;
    err_set(err, ERR_ABSENT, "There are no facts %s%s%s `souk rule facts` names them.", name, near ? "; did you mean " : ".",
            near ? arena_printf(c->arena, "%s?", near) : "");
    return cli_failed(c, err);
}

/* ---- run ----------------------------------------------------------------------------------------------- */

static json_t *run_json(const struct coach_rule *r)
{
    return json_pack("{s:s, s:s, s:s, s:b, s:I, s:I, s:s}", "rule", r->id, "title", r->title, "file", r->file, "did_run",
                     r->did_run, "said", (json_int_t)r->said, "took_us", (json_int_t)r->took_us, "error", r->err);
}

static void put_run(const struct coach_rule *r)
{
    if (*r->err)
        printf("%-24s %s\n", r->id, r->err);
    else
        printf("%-24s %zu said, %lld.%03lld ms\n", r->id, r->said, (long long)(r->took_us / 1000), (long long)(r->took_us % 1000));
}

static int coach(struct cli *c, struct db *db, bool is_all, struct coach_result *result, struct err *err)
{
    const struct coach_setup setup = {
        .scripts = c->scripts, .policies = c->policies, .now_s = clock_now(), .is_all = is_all, .stop = &cli_stop,
    };
    return coach_run(c->arena, db, &setup, result, err);
}

static int run_rules(struct cli *c, struct err *err)
{
    struct coach_result r = { 0 };
    const char *account;
    struct db *db = NULL;
    cli_catch_stop();
    if (cli_account(c, DB_WRITE, &account, &db, err) < 0 || coach(c, db, true, &r, err) < 0) {
        db_close(db);
        return cli_failed(c, err);
    }
    db_close(db);
    json_t *all = json_array();
    for (size_t i = 0; i < r.n; i++) {
        if (c->as_json)
            json_array_append_new(all, run_json(&r.rule[i]));
        else
            put_run(&r.rule[i]);
    }
    if (c->as_json)
        put_json(json_pack("{s:O, s:I, s:I, s:I, s:I}", "rules", all, "open", (json_int_t)r.open, "new", (json_int_t)r.fresh,
                           "back", (json_int_t)r.back, "gone", (json_int_t)r.gone));
    else
        fprintf(stderr, "%lld open: %lld new, %lld open again; %lld no longer said.\n", (long long)r.open, (long long)r.fresh,
                (long long)r.back, (long long)r.gone);
    json_decref(all);
    return r.failed ? EXIT_FAILED : EXIT_OK;
}

void cli_coach(struct cli *c, struct db *db)
{
    struct coach_result r = { 0 };
    struct err err = { 0 };
    if (coach(c, db, false, &r, &err) < 0) {
        fprintf(stderr, "souk: The selling coach could not run: %s\n", err.text);
        return;
    }
    for (size_t i = 0; i < r.n; i++)
        if (*r.rule[i].err)
            fprintf(stderr, "souk: rule %s: %s\n", r.rule[i].id, r.rule[i].err);
    if (!c->as_json && r.fresh + r.back)
        fprintf(stderr, "The selling coach has %lld new %s: souk show coach\n", (long long)(r.fresh + r.back),
                r.fresh + r.back == 1 ? "suggestion" : "suggestions");
}

/* Of rules that cannot be read nobody knows the id, so they are named. */
static int no_such_rule(struct cli *c, const struct script_rule *rule, size_t n, struct err *err)
{
    const char *id = c->argv[1], *near = NULL;
    for (size_t i = 0; i < n; i++) {
        if (*rule[i].fault) {
            err_set(err, ERR_CONF, "There is no rule %s among those that can be read; %s", id, rule[i].fault);
            return cli_failed(c, err);
        }
        near = text_nearer(id, near, rule[i].id);
    }
    err_set(err, ERR_ABSENT, "There is no rule %s%s%s `souk rule list` names them.", id, near ? "; did you mean " : ".",
            near ? arena_printf(c->arena, "%s?", near) : "");
    return cli_failed(c, err);
}

int run_rule(struct cli *c)
{
    struct err err = { 0 };
    const struct script_rule *rule;
    size_t n;
    const char *what = c->argc ? c->argv[0] : "";
    bool is_test = text_is(what, "test"), is_facts = text_is(what, "facts"), is_run = text_is(what, "run"), is_known = false;
    if (!is_test && !is_facts && !(c->argc == 1 && (is_run || text_is(what, "list"))))
        return cli_usage("rule", "What is to be done: `rule list`, `rule test`, `rule run` or `rule facts`?");
    if (c->argc > 2)
        return cli_usage("rule", "One at a time, please; without a name all of them.");
    if (is_facts)
        return facts(c, &err);
    if (cli_plugins(c, &err) < 0)
        return cli_failed(c, &err);
    if (is_run)
        return run_rules(c, &err);
    if (script_rules(c->scripts, c->arena, &rule, &n, &err) < 0)
        return cli_failed(c, &err);
    if (!is_test)
        return list(c, rule, n);
    for (size_t i = 0; i < n && c->argc == 2; i++)
        is_known |= text_is(rule[i].id, c->argv[1]);
    return c->argc == 2 && !is_known ? no_such_rule(c, rule, n, &err) : test(c, rule, n, &err);
}
