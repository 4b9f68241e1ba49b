/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page_sign.c: the way in and out: sign-in with a second factor, the first owner's set-up, invitations, new passwords.
 *
 * Who is not there costs as much as who is, and is answered the same: see data/password.h.  A new session gets a
 * new id at each step.  Passwords are read from the form, wiped with the request, and stand in no log.
 */
#include "visit.h"

#include <string.h>

#include "base/zone.h"
#include "data/factor.h"
#include "data/invite.h"
#include "data/password.h"
#include "data/session.h"
#include "data/vault.h"
#include "element.h"

static struct vault *vault(struct visit *v)
{
    return folder_vault(v->w->site->spool);
}

/* ---- pages --------------------------------------------------------------------------------------- */

static int sign_in(struct visit *v, const char *back, const char *email, const char *wrong, int status)
{
    struct buf *out = &v->reply->body;
    way_begin(v, visit_say(v, "sign.title"), wrong, NULL);
    html_post_begin(out, "/sign-in", visit_say(v, "sign.title"));
    html_form_hidden(out, "back", back);
    html_post_field(out, &(const struct html_post_field){ .name = "email", .title = visit_say(v, "sign.email"), .type = "email", .complete = "username", .value = email });
    html_post_field(out, &(const struct html_post_field){ .name = "password", .title = visit_say(v, "sign.password"), .type = "password", .complete = "current-password" });
    html_post_end(out, visit_say(v, "sign.button"));
    if (!http_is_secure(v->ask))
        html_paragraph(out, visit_say(v, v->w->site->is_local ? "sign.plain" : "sign.open"));
    return way_done(v, status);
}

static int ask_code(struct visit *v, const char *back, const char *wrong, int status)
{
    struct buf *out = &v->reply->body;
    way_begin(v, visit_say(v, "sign.code_title"), wrong, NULL);
    html_paragraph(out, visit_say(v, "sign.code_about"));
    html_post_begin(out, "/sign-in/code", visit_say(v, "sign.code_title"));
    html_form_hidden(out, "back", back);
    html_post_field(out, &(const struct html_post_field){ .name = "code", .title = visit_say(v, "sign.code"), .type = "text", .complete = "one-time-code" });
    html_post_end(out, visit_say(v, "sign.button"));
    return way_done(v, status);
}

int page_sign_in(struct visit *v, struct err *err)
{
    int64_t n;
    if (people_count(v->w->souk, &n, err) < 0)
        return -err->code;
    if (!n) {
        way_begin(v, visit_say(v, "sign.title"), NULL, NULL);
        html_paragraph(&v->reply->body, visit_say(v, "sign.nobody_yet"));
        return way_done(v, 200);
    }
    return sign_in(v, way_back(visit_arg(v, "back")), "", NULL, 200);
}

/* ---- sign-in ------------------------------------------------------------------------------------- */

static int let_in(struct visit *v, int64_t user, const char *back, struct err *err)
{
    const struct clocks now = { v->now_s, clock_ms() };
    const struct deed by = visit_deed(v);
    const char *label = http_header(v->ask, "User-Agent"), *id;
    struct person p;
    if (people_get(v->w->souk, v->a, user, &p, err) < 0)
        return -err->code;
    struct deed theirs = by;
    theirs.actor = p.email;
    int is_needed = p.has_factor || v->w->site->is_local ? 0 : factor_is_needed(v->w->souk, user, err);
    if (is_needed < 0)
        return is_needed;
    enum stage stage = p.has_factor ? STAGE_SECOND : is_needed ? STAGE_SET_UP : STAGE_WHOLE;
    if (session_start(v->w->souk, v->a, user, stage, label ? label : "", now, &theirs, &id, err) < 0)
        return -err->code;
    v->reply->cookie = visit_cookie(v, id);
    if (p.has_factor)
        return ask_code(v, back, NULL, 200);
    visit_lead(v, 303, is_needed ? "/you/factor" : back);
    return 0;
}

int page_sign_in_try(struct visit *v, struct err *err)
{
    const char *email = way_field(v, "email"), *back = way_back(way_field(v, "back"));
    const struct password_try t = {
        .email = email, .password = vault_keep(v->a, way_field(v, "password"), strlen(way_field(v, "password"))),
        .address = http_peer(v->ask), .via = "page", .now_s = v->now_s,
    };
    int64_t user, retry_s = 0;
    struct err why = { 0 };
    int rc = password_try(v->w->souk, vault(v), &t, &user, &retry_s, &why);
    if (rc == -ERR_DENIED)
        return sign_in(v, back, email, why.text, 403);
    if (rc == -ERR_BUSY)
        return sign_in(v, back, email, why.text, way_later(v, retry_s));
    if (rc < 0)
        return err_set(err, (enum err_code)why.code, "%s", why.text);
    return let_in(v, user, back, err);
}

int page_sign_in_code(struct visit *v, struct err *err)
{
    const char *id = visit_cookie_of(v), *back = way_back(way_field(v, "back")), *fresh;
    const struct clocks now = { v->now_s, clock_ms() };
    struct session s;
    struct person p;
    struct err why = { 0 };
    bool was_recovery;
    int64_t retry_s = 0;
    if (!id || session_find(v->w->souk, v->a, id, now, &s, &why) < 0 || s.stage != STAGE_SECOND)
        return sign_in(v, back, "", visit_say(v, "sign.too_late"), 403);
    if (people_get(v->w->souk, v->a, s.user, &p, err) < 0)
        return -err->code;
    const struct deed by = { p.email, "page", v->now_s };
    int rc = factor_try(v->w->souk, vault(v), s.user, way_field(v, "code"), &by, &was_recovery, &retry_s, &why);
    if (rc == -ERR_DENIED)
        return ask_code(v, back, why.text, 403);
    if (rc == -ERR_BUSY)
        return ask_code(v, back, why.text, way_later(v, retry_s));
    if (rc < 0)
        return err_set(err, (enum err_code)why.code, "%s", why.text);
    if (session_renew(v->w->souk, v->a, s.no, STAGE_WHOLE, now, &by, &fresh, err) < 0)
        return -err->code;
    v->reply->cookie = visit_cookie(v, fresh);
    visit_lead(v, 303, was_recovery ? "/you" : back);
    return 0;
}

int page_sign_out(struct visit *v, struct err *err)
{
    const struct deed by = visit_deed(v);
    if (v->session_no && session_end(v->w->souk, v->who.user, v->session_no, &by, err) < 0)
        return -err->code;
    v->reply->cookie = visit_cookie(v, "");
    v->reply->forgets = true;
    visit_lead(v, 303, "/sign-in");
    return 0;
}

/* ---- addresses that work once ---------------------------------------------------------------------- */

static int link_form(struct visit *v, const struct invite *i, const char *email, const char *name, const char *wrong, int status)
{
    static const char *const titles[] = { [INVITE_SETUP] = "sign.setup", [INVITE_JOIN] = "sign.invited", [INVITE_RESET] = "sign.reset" };
    static const char *const abouts[] = { [INVITE_SETUP] = "sign.setup_about", [INVITE_JOIN] = "sign.invited_about", [INVITE_RESET] = "sign.reset_about" };
    struct buf *out = &v->reply->body;
    way_begin(v, visit_say(v, titles[i->purpose]), wrong, NULL);
    html_paragraph(out, visit_say(v, abouts[i->purpose]));
    html_post_begin(out, v->path, visit_say(v, titles[i->purpose]));
    if (i->purpose == INVITE_SETUP)
        html_post_field(out, &(const struct html_post_field){ .name = "email", .title = visit_say(v, "sign.email"), .type = "email", .complete = "username", .value = email });
    if (i->purpose != INVITE_RESET && !i->is_known)
        html_post_field(out, &(const struct html_post_field){ .name = "name", .title = visit_say(v, "sign.name"), .type = "text", .complete = "name", .value = name });
    if (!i->is_known)
        html_post_field(out, &(const struct html_post_field){ .name = "password", .title = visit_say(v, "sign.new_password"), .type = "password",
                                                              .complete = "new-password", .about = visit_say(v, "sign.password_about") });
    html_post_end(out, visit_say(v, "sign.go"));
    return way_done(v, status);
}

static int look(struct visit *v, struct invite *i, struct err *err)
{
    return invite_look(v->w->souk, v->a, visit_part(v, "secret"), v->now_s, i, err);
}

int page_link(struct visit *v, struct err *err)
{
    struct invite i;
    return look(v, &i, err) < 0 ? -err->code : link_form(v, &i, i.email, "", NULL, 200);
}

int page_link_take(struct visit *v, struct err *err)
{
    const char *typed = way_field(v, "email"), *name = way_field(v, "name");
    const char *password = vault_keep(v->a, way_field(v, "password"), strlen(way_field(v, "password")));
    struct invite i;
    struct err why = { 0 };
    int64_t user;
    if (look(v, &i, err) < 0)
        return -err->code;
    const char *email = i.email;
    int rc = i.purpose == INVITE_SETUP ? people_email(v->a, typed, &email, &why) : 0;
    const char *const words[] = { email, name, "souk", i.account, NULL };
    if (rc == 0 && i.purpose != INVITE_RESET && !i.is_known && !name[strspn(name, " ")])
        rc = err_set(&why, ERR_INPUT, "%s", visit_say(v, "sign.name_missing"));
    if (rc == 0 && !i.is_known)
        rc = password_check(password, words, NULL, &why);
    const struct invite_answer answer = { .email = email, .name = name, .language = "", .password = password };
    const struct deed by = visit_deed(v);
    if (rc == 0)
        rc = invite_take(v->w->souk, vault(v), visit_part(v, "secret"), &answer, &by, &user, &why);
    if (rc == -ERR_INPUT || rc == -ERR_BUSY)
        return link_form(v, &i, typed, name, why.text, rc == -ERR_BUSY ? 503 : 422);
    if (rc < 0)
        return err_set(err, (enum err_code)why.code, "%s", why.text);
    if (i.is_known) {                                   /* they have a password: they sign in with it */
        visit_lead(v, 303, "/sign-in");
        return 0;
    }
    return let_in(v, user, "/", err);
}
