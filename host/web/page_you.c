/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page_you.c: oneself: roles, password, sessions; the second factor and tokens have pages of their own.
 */
#include "visit.h"

#include <string.h>

#include "base/zone.h"
#include "data/password.h"
#include "data/session.h"
#include "data/vault.h"

static int put_sessions(struct visit *v, struct err *err)
{
    const struct clocks now = { v->now_s, clock_ms() };
    const struct session *list;
    struct buf *out = &v->reply->body;
    size_t n;
    if (session_list(v->w->souk, v->a, v->who.user, now, &list, &n, err) < 0)
        return -err->code;
    html_list_title(out, visit_say(v, "you.sessions"));
    html_facts_begin(out);
    for (size_t i = 0; i < n; i++) {
        html_fact(out, *list[i].label ? list[i].label : visit_say(v, "you.client"),
                  arena_printf(v->a, "%s%s%s", way_when(v, list[i].seen_s), list[i].no == v->session_no ? " – " : "",
                               list[i].no == v->session_no ? visit_say(v, "you.this") : ""), NULL);
    }
    html_facts_end(out);
    if (n > 1) {
        way_form(v, "/you/session", visit_say(v, "you.sessions"));
        html_post_end(out, visit_say(v, "you.end_others"));
    }
    return 0;
}

static int you(struct visit *v, const char *wrong, const char *said, int status, struct err *err)
{
    struct buf *out = &v->reply->body;
    struct person p;
    const struct person_role *role;
    size_t n;
    if (!v->who.user) {                                 /* whoever sits at this machine */
        way_begin(v, visit_say(v, "you.title"), NULL, NULL);
        html_paragraph(out, visit_say(v, "sign.nobody_yet"));
        return way_done(v, 200);
    }
    if (people_get(v->w->souk, v->a, v->who.user, &p, err) < 0 || people_roles(v->w->souk, v->a, v->who.user, &role, &n, err) < 0)
        return -err->code;
    way_begin(v, visit_say(v, "you.title"), wrong, said);
    html_facts_begin(out);
    html_fact(out, visit_say(v, "sign.name"), p.name, NULL);
    html_fact(out, visit_say(v, "sign.email"), p.email, NULL);
    for (size_t i = 0; i < n; i++)
        html_fact(out, role[i].account, visit_say(v, arena_printf(v->a, "role.%s", role_word(role[i].role))), NULL);
    html_fact(out, visit_say(v, "factor.title"), visit_say(v, p.has_factor ? "you.factor_on" : "you.factor_off"), NULL);
    html_facts_end(out);
    html_links_begin(out, visit_say(v, "links.label"));
    html_link(out, visit_say(v, p.has_factor ? "you.factor_change" : "factor.begin_it"), "/you/factor", false);
    html_link(out, visit_say(v, "token.page"), "/you/tokens", false);
    html_links_end(out);
    html_list_title(out, visit_say(v, "you.password"));
    way_form(v, "/you/password", visit_say(v, "you.password"));
    html_post_field(out, &(const struct html_post_field){ .name = "old", .title = visit_say(v, "you.old_password"), .type = "password", .complete = "current-password" });
    html_post_field(out, &(const struct html_post_field){ .name = "password", .title = visit_say(v, "sign.new_password"), .type = "password",
                                                          .complete = "new-password", .about = visit_say(v, "sign.password_about") });
    html_post_end(out, visit_say(v, "you.change"));
    if (put_sessions(v, err) < 0)
        return -err->code;
    html_post_begin(out, "/sign-out", visit_say(v, "sign.out"));
    html_post_end(out, visit_say(v, "sign.out"));
    return way_done(v, status);
}

int page_you(struct visit *v, struct err *err)
{
    return you(v, NULL, NULL, 200, err);
}

int page_you_password(struct visit *v, struct err *err)
{
    const char *old = vault_keep(v->a, way_field(v, "old"), strlen(way_field(v, "old")));
    const char *fresh = vault_keep(v->a, way_field(v, "password"), strlen(way_field(v, "password")));
    const struct deed by = visit_deed(v);
    struct err why = { 0 };
    struct person p;
    int64_t user, retry_s = 0;
    if (way_sealed(v, err) < 0 || people_get(v->w->souk, v->a, v->who.user, &p, err) < 0)
        return -err->code;
    const struct password_try t = { p.email, old, http_peer(v->ask), "page", v->now_s };
    const char *const words[] = { p.email, p.name, "souk", NULL };
    int rc = password_check(fresh, words, NULL, &why);
    if (rc == 0)
        rc = password_try(v->w->souk, folder_vault(v->w->site->spool), &t, &user, &retry_s, &why);
    if (rc == 0)
        rc = password_set(v->w->souk, folder_vault(v->w->site->spool), v->who.user, fresh, v->session_no, &by, &why);
    if (rc < 0)
        return you(v, why.text, NULL, rc == -ERR_BUSY ? way_later(v, retry_s) : 422, err);
    return you(v, NULL, visit_say(v, "you.changed"), 200, err);
}

int page_you_session(struct visit *v, struct err *err)
{
    const struct deed by = visit_deed(v);
    if (way_sealed(v, err) < 0 || session_end_others(v->w->souk, v->who.user, v->session_no, &by, err) < 0)
        return -err->code;
    return you(v, NULL, visit_say(v, "you.ended"), 200, err);
}
