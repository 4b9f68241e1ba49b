/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page_token.c: one's own tokens of the API: make one, which is shown once; which there are; end one.
 */
#include "visit.h"

#include <string.h>

#include "data/token.h"

enum { DAYS = 90 };

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
            { "ends", way_when(v, t->ends_s), 0 }, { "used", way_when(v, t->used_s), 0 },
        };
        say_text(&words, &v->face, is_over ? "token.over" : "token.one", args, COUNT_OF(args));
        html_paragraph(out, buf_str(&words));
        buf_free(&words);
        if (is_over)
            continue;
        way_form(v, "/you/tokens", arena_printf(v->a, "%s: %s", visit_say(v, "token.end"), t->title));
        html_form_hidden(out, "end", arena_printf(v->a, "%lld", (long long)t->no));
        html_post_end(out, visit_say(v, "token.end"));
    }
    return 0;
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
    way_form(v, "/you/tokens", visit_say(v, "token.new"));
    html_post_field(out, &(const struct html_post_field){ .name = "title", .title = visit_say(v, "token.title"), .type = "text", .complete = "off",
                                                          .value = way_field(v, "title"), .about = visit_say(v, "token.title_about") });
    way_choice(v, "account", "token.account", account, (uint32_t)n, *way_field(v, "account") ? way_field(v, "account") : n ? role[0].account : "");
    way_choice(v, "right", "token.right", rights, COUNT_OF(rights), *way_field(v, "right") ? way_field(v, "right") : "view");
    const struct souk_field objects = { .size = sizeof objects, .type = SOUK_FIELD_LINE, .name = "objects", .title = "token.objects", .max = 1000 };
    const struct souk_value typed = souk_text(way_field(v, "objects"));
    html_form_field(out, &v->face, &objects, &typed);
    html_paragraph(out, visit_say(v, "token.objects_about"));
    html_post_field(out, &(const struct html_post_field){ .name = "days", .title = visit_say(v, "token.days"), .type = "number", .complete = "off",
                                                          .value = *way_field(v, "days") ? way_field(v, "days") : arena_printf(v->a, "%d", DAYS) });
    html_post_end(out, visit_say(v, "token.make"));
    return 0;
}

static int tokens(struct visit *v, const char *wrong, const char *said, int status, struct err *err)
{
    struct buf *out = &v->reply->body;
    way_begin(v, visit_say(v, "token.page"), wrong, said);
    html_paragraph(out, visit_say(v, "token.about"));
    if (put_tokens(v, err) < 0 || put_form(v, err) < 0)
        return -err->code;
    return way_done(v, status);
}

int page_tokens(struct visit *v, struct err *err)
{
    return tokens(v, NULL, NULL, 200, err);
}

static int make(struct visit *v, const char **secret, struct err *err)
{
    const struct deed by = visit_deed(v);
    int64_t days;
    if (!way_field(v, "title")[strspn(way_field(v, "title"), " ")])
        return err_set(err, ERR_INPUT, "Write what the token is for: the list and the log call it by that.");
    if (!text_int(way_field(v, "days"), &days) || days < 1 || days > TOKEN_DAYS_MOST)
        return err_set(err, ERR_INPUT, "'%.20s' is no number of days: a token is good for 1 to %d.", way_field(v, "days"), TOKEN_DAYS_MOST);
    const struct token t = {
        .user = v->who.user, .title = way_field(v, "title"), .account = way_field(v, "account"), .at_most = right_named(way_field(v, "right")),
        .objects = way_field(v, "objects"), .ends_s = v->now_s + days * 86400,
    };
    if (!t.at_most)
        return err_set(err, ERR_INPUT, "'%.20s' is no right.", way_field(v, "right"));
    return token_make(v->w->souk, v->a, &t, &by, secret, err);
}

int page_tokens_do(struct visit *v, struct err *err)
{
    const struct deed by = visit_deed(v);
    const char *secret = NULL, *end = way_field(v, "end");
    struct err why = { 0 };
    int64_t no;
    if (way_sealed(v, err) < 0)
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
