/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fresh.c: "is it still you?": what is grave is not done with a session alone.
 *
 * in:     how long ago the password was given; the password, and a code of the second factor where there is one
 * out:    the session goes on under a new id; or a page that asks, with everything that was sent in hidden fields
 * knows:  session, password, factor
 *
 * Only sessions are asked: a token was made for what it may, and the command line belongs to who owns the data.
 */
#include "visit.h"

#include <string.h>

#include "base/zone.h"
#include "data/factor.h"
#include "data/password.h"
#include "data/session.h"

enum { FRESH_S = 600 };

static const char password_name[] = "_password", code_name[] = "_code";

bool fresh_is_own(const char *name)
{
    return text_is(name, password_name) || text_is(name, code_name);
}

static int ask(struct visit *v, const char *to, bool has_factor, const char *wrong, int status)
{
    struct buf *out = &v->reply->body;
    const char *name, *value;
    if (v->is_api) {
        visit_refused(v, 403, visit_say(v, "fresh.api"));
        return VISIT_LED;
    }
    way_begin(v, visit_say(v, "fresh.title"), wrong, NULL);
    html_paragraph(out, visit_say(v, "fresh.about"));
    html_post_begin(out, to, visit_say(v, "fresh.title"));
    for (size_t i = 0; http_field_at(v->ask, i, &name, &value); i++)
        if (!fresh_is_own(name))
            html_form_hidden(out, name, value);
    html_post_field(out, &(const struct html_post_field){ .name = password_name, .title = visit_say(v, "sign.password"),
                                                          .type = "password", .complete = "current-password" });
    if (has_factor)
        html_post_field(out, &(const struct html_post_field){ .name = code_name, .title = visit_say(v, "sign.code"), .type = "text",
                                                              .complete = "one-time-code" });
    html_post_end(out, visit_say(v, "fresh.button"));
    way_done(v, status);
    return VISIT_LED;
}

/* The password first, then the code: a wrong one of either counts against further tries. */
static int prove(struct visit *v, const struct person *p, const char *password, int64_t *retry_s, struct err *why)
{
    struct vault *vault = folder_vault(v->w->site->spool);
    const struct password_try t = { p->email, vault_keep(v->a, password, strlen(password)), http_peer(v->ask), "page", v->now_s };
    const struct deed by = visit_deed(v);
    bool was_recovery;
    int64_t user;
    int rc = password_try(v->w->souk, vault, &t, &user, retry_s, why);
    if (rc == 0 && user != p->no)
        rc = err_set(why, ERR_DENIED, "%s", visit_say(v, "fresh.wrong"));
    if (rc == 0 && p->has_factor)
        rc = factor_try(v->w->souk, vault, p->no, way_field(v, code_name), &by, &was_recovery, retry_s, why);
    return rc;
}

/* Where the answer goes: to what was to be done, or to the page that leads back to what was to be looked at. */
static const char *again_address(struct visit *v, const char *back)
{
    struct buf link = { 0 };
    if (!back)
        return v->ask->path;
    buf_text(&link, "/you/again");
    link_arg(&link, "to", back);
    const char *text = arena_text(v->a, buf_str(&link));
    buf_free(&link);
    return text;
}

int visit_fresh(struct visit *v, struct err *err)
{
    const struct clocks now = { v->now_s, clock_ms() };
    const struct deed by = visit_deed(v);
    const char *password = http_field(v->ask, password_name), *id, *to = again_address(v, http_arg(v->ask, "to"));
    struct person p;
    struct err why = { 0 };
    int64_t retry_s = 0;
    if (!v->session_no || v->proven_age_s < FRESH_S)
        return 0;
    if (people_get(v->w->souk, v->a, v->who.user, &p, err) < 0)
        return -err->code;
    if (!password)
        return ask(v, to, p.has_factor, NULL, 200);
    int rc = prove(v, &p, password, &retry_s, &why);
    if (rc == -ERR_DENIED)
        return ask(v, to, p.has_factor, why.text, 403);
    if (rc == -ERR_BUSY)
        return ask(v, to, p.has_factor, why.text, way_later(v, retry_s));
    if (rc < 0)
        return err_set(err, (enum err_code)why.code, "%s", why.text);
    if (session_renew(v->w->souk, v->a, v->session_no, STAGE_WHOLE, now, &by, &id, err) < 0)
        return -err->code;
    v->reply->cookie = visit_cookie(v, id);
    v->session = v->renewed = id;
    v->proven_age_s = 0;
    v->face.seal_key = visit_seal_key(v, id);           /* what is drawn from here on belongs to the new id */
    return 0;
}

/* A page that is only looked at cannot be posted to: who proved themselves here is led back to it. */
int page_fresh(struct visit *v, struct err *err)
{
    int rc = visit_fresh(v, err);
    if (rc == 0)
        visit_lead(v, 303, way_back(http_arg(v->ask, "to")));
    return rc < 0 ? rc : 0;
}

int visit_fresh_look(struct visit *v, struct err *err)
{
    struct person p;
    if (!v->session_no || v->proven_age_s < FRESH_S)
        return 0;
    if (people_get(v->w->souk, v->a, v->who.user, &p, err) < 0)
        return -err->code;
    return ask(v, again_address(v, visit_here(v)), p.has_factor, NULL, 200);
}
