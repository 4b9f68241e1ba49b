/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rule.c: souk rule list, souk rule test.
 */
#include <jansson.h>
#include <stdio.h>

#include "cli.h"
#include "face/face.h"

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
    bool is_test = c->argc >= 1 && text_is(c->argv[0], "test"), is_known = false;
    if (!is_test && !(c->argc == 1 && text_is(c->argv[0], "list")))
        return cli_usage("rule", "What is to be done: `rule list` or `rule test`?");
    if (c->argc > 2)
        return cli_usage("rule", "One rule at a time, please; without ID all of them are tested.");
    if (cli_plugins(c, &err) < 0 || script_rules(c->scripts, c->arena, &rule, &n, &err) < 0)
        return cli_failed(c, &err);
    if (!is_test)
        return list(c, rule, n);
    for (size_t i = 0; i < n && c->argc == 2; i++)
        is_known |= text_is(rule[i].id, c->argv[1]);
    return c->argc == 2 && !is_known ? no_such_rule(c, rule, n, &err) : test(c, rule, n, &err);
}
