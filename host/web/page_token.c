/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page_token.c: one's own tokens of the API: make one, which is shown once; which there are; end one.
 */
#include "visit.h"

#include <string.h>

#include "data/token.h"

enum { DAYS = 90 };

static const char *field(struct visit *v, const char *name)
{
    const char *text = http_field(v->ask, name);
    return text ? text : "";
}

static const char *when_words(struct visit *v, int64_t at_s)
{
    struct buf when = { 0 };
    if (!at_s)
        return visit_say(v, "people.never");
    say_value(&when, &v->face, &(const struct souk_value){ .type = SOUK_INSTANT, .num = at_s, .text = { "", 0, 0 } });
    const char *text = arena_text(v->a, buf_str(&when));
    buf_free(&when);
    return text;
}

static int put_tokens(struct visit *v, struct err *err)
{
    const struct token *list;
    struct buf *out = &v->reply->body;
    size_t n;
    if (token_list(v->w->souk, v->a, v->who.user, &list, &n, err) < 0)
        return -err->code;
    if (!n)
        html_paragraph(out, visit_say(v, "token.none"));
    for (size_t i = 0; i < n; i++) {
        const struct token *t = &list[i];
        struct buf words = { 0 };
        bool is_over = t->ends_s <= v->now_s;
        const struct text_arg args[] = {
            { "title", t->title, 0 }, { "account", t->account, 0 },
            { "right", visit_say(v, arena_printf(v->a, "right.%s", right_word(t->at_most))), 0 },
            { "objects", *t->objects ? t->objects : visit_say(v, "token.all"), 0 },
            { "ends", when_words(v, t->ends_s), 0 }, { "used", when_words(v, t->used_s), 0 },
        };
        say_text(&words, &v->face, is_over ? "token.over" : "token.one", args, COUNT_OF(args));
        html_paragraph(out, buf_str(&words));
        buf_free(&words);
        if (is_over)
            continue;
        html_post_begin(out, "/you/tokens", arena_printf(v->a, "%s: %s", visit_say(v, "token.end"), t->title));
        html_form_hidden(out, "seal", visit_form_seal(v));
        html_form_hidden(out, "end", arena_printf(v->a, "%lld", (long long)t->no));
        html_post_end(out, visit_say(v, "token.end"));
    }
    return 0;
}

static void put_choice(struct visit *v, const char *name, const char *title, const struct souk_choice *choice, uint32_t n, const char *now)
{
    const struct souk_field f = { .size = sizeof f, .type = SOUK_FIELD_ONE_OF, .name = name, .title = title, .choices = { choice, n, sizeof *choice } };
    const struct souk_value value = souk_text(now);
    html_form_field(&v->reply->body, &v->face, &f, &value);
}

static int put_form(struct visit *v, struct err *err)
{
    static const struct souk_choice rights[] = {
        { "view", "right.view" }, { "edit", "right.edit" }, { "admin", "right.admin" }, { "owner", "right.owner" },
    };
    const struct person_role *role;
    struct buf *out = &v->reply->body;
    size_t n;
    if (people_roles(v->w->souk, v->a, v->who.user, &role, &n, err) < 0)
        return -err->code;
    struct souk_choice *account = arena_zero(v->a, (n + 1) * sizeof *account);
    for (size_t i = 0; i < n; i++)
        account[i] = (struct souk_choice){ role[i].account, role[i].account };
    html_list_title(out, visit_say(v, "token.new"));
    html_post_begin(out, "/you/tokens", visit_say(v, "token.new"));
    html_form_hidden(out, "seal", visit_form_seal(v));
    html_post_field(out, &(const struct html_post_field){ .name = "title", .title = visit_say(v, "token.title"), .type = "text", .complete = "off",
                                                          .value = field(v, "title"), .about = visit_say(v, "token.title_about") });
    put_choice(v, "account", "token.account", account, (uint32_t)n, *field(v, "account") ? field(v, "account") : n ? role[0].account : "");
    put_choice(v, "right", "token.right", rights, COUNT_OF(rights), *field(v, "right") ? field(v, "right") : "view");
    const struct souk_field objects = { .size = sizeof objects, .type = SOUK_FIELD_LINE, .name = "objects", .title = "token.objects", .max = 1000 };
    const struct souk_value typed = souk_text(field(v, "objects"));
    html_form_field(out, &v->face, &objects, &typed);
    html_paragraph(out, visit_say(v, "token.objects_about"));
    html_post_field(out, &(const struct html_post_field){ .name = "days", .title = visit_say(v, "token.days"), .type = "number", .complete = "off",
                                                          .value = *field(v, "days") ? field(v, "days") : arena_printf(v->a, "%d", DAYS) });
    html_post_end(out, visit_say(v, "token.make"));
    return 0;
}

static int tokens(struct visit *v, const char *wrong, const char *said, int status, struct err *err)
{
    struct buf *out = &v->reply->body;
    visit_page(v, visit_say(v, "token.page"));
    html_begin(out, &v->page);
    if (wrong)
        html_notice(out, SOUK_BAD, wrong);
    if (said)
        html_notice(out, SOUK_GOOD, said);
    html_paragraph(out, visit_say(v, "token.about"));
    if (put_tokens(v, err) < 0 || put_form(v, err) < 0)
        return -err->code;
    visit_page_done(v);
    v->reply->etag = NULL;                              /* it may show what is shown once */
    v->reply->status = status;
    return 0;
}

int page_tokens(struct visit *v, struct err *err)
{
    return tokens(v, NULL, NULL, 200, err);
}

static int make(struct visit *v, const char **secret, struct err *err)
{
    const struct deed by = visit_deed(v);
    int64_t days;
    if (!field(v, "title")[strspn(field(v, "title"), " ")])
        return err_set(err, ERR_INPUT, "Write what the token is for: the list and the log call it by that.");
    if (!text_int(field(v, "days"), &days) || days < 1 || days > TOKEN_DAYS_MOST)
        return err_set(err, ERR_INPUT, "'%.20s' is no number of days: a token is good for 1 to %d.", field(v, "days"), TOKEN_DAYS_MOST);
    const struct token t = {
        .user = v->who.user, .title = field(v, "title"), .account = field(v, "account"), .at_most = right_named(field(v, "right")),
        .objects = field(v, "objects"), .ends_s = v->now_s + days * 86400,
    };
    if (!t.at_most)
        return err_set(err, ERR_INPUT, "'%.20s' is no right.", field(v, "right"));
    return token_make(v->w->souk, v->a, &t, &by, secret, err);
}

int page_tokens_do(struct visit *v, struct err *err)
{
    const struct deed by = visit_deed(v);
    const char *secret = NULL, *end = field(v, "end");
    struct err why = { 0 };
    int64_t no;
    if (visit_sealed(v, err) < 0)
        return -err->code;
    int rc = visit_fresh(v, err);
    if (rc != 0)
        return rc < 0 ? rc : 0;
    if (*end)
        rc = text_int(end, &no) ? token_end(v->w->souk, v->who.user, no, &by, &why) : err_set(&why, ERR_INPUT, "'%.20s' is no number of a token.", end);
    else
        rc = make(v, &secret, &why);
    if (rc < 0 && visit_status(why.code) >= 500)
        return err_set(err, (enum err_code)why.code, "%s", why.text);
    if (rc < 0)
        return tokens(v, why.text, NULL, visit_status(why.code), err);
    return tokens(v, NULL, secret ? arena_printf(v->a, "%s %s", visit_say(v, "token.made"), secret) : visit_say(v, "token.ended"), 200, err);
}
