/* SPDX-License-Identifier: Apache-2.0 */
/*
 * who.c: who asks, and whether they may.
 *
 * in:     the cookie of a session, or a bearer token; the row of the table of routes
 * out:    a who, read anew for each request; or the way to the sign-in, 401, 403, 404
 * knows:  people, session, token, authz.  Has never heard of what a page shows.
 *
 * While nobody has been set up nobody gets in; only where it was asked for (`souk serve --no-sign-in`) whoever comes is who
 * sits at this machine.
 */
#include "visit.h"

#include <stdio.h>
#include <string.h>

#include "base/zone.h"
#include "data/session.h"
#include "data/token.h"

int visit_souk(struct visit *v, struct err *err)
{
    struct worker *w = v->w;
    return w->souk ? 0 : folder_souk(w->site->spool, &w->souk, err);
}

struct deed visit_deed(const struct visit *v)
{
    return (struct deed){ v->who.user ? v->who.name : "-", v->is_api ? "api" : "page", v->now_s };
}

/* A name that browsers take from an encrypted connection only, and from no other host of the same domain. */
static const char *cookie_name(const struct visit *v)
{
    return http_is_secure(v->ask) ? "__Host-souk" : "souk";
}

const char *visit_cookie(struct visit *v, const char *id)
{
    bool is_secure = http_is_secure(v->ask);
    return arena_printf(v->a, "%s=%s; Path=/; HttpOnly; SameSite=Strict%s%s", cookie_name(v), id, is_secure ? "; Secure" : "",
                        *id ? "" : "; Max-Age=0");
}

const char *visit_cookie_of(struct visit *v)
{
    return http_cookie(v->ask, cookie_name(v));
}

const char *visit_form_seal(struct visit *v)
{
    struct buf seal = { 0 };
    form_seal(&seal, &v->face, "session", NULL, 0);
    const char *text = arena_text(v->a, buf_str(&seal));
    buf_free(&seal);
    return text;
}

static void nobody(struct visit *v)
{
    v->who = (struct who){ .name = "-", .account = "" };
}

static int by_token(struct visit *v, const char *header, const char *account, struct err *err)
{
    struct err why = { 0 };
    int rc = token_who(v->w->souk, v->a, header + strlen("Bearer "), v->now_s, &v->who, &why);
    if (rc == 0 && *account && !text_is(v->who.account, account))
        v->who.role = 0;                                /* a token of another account has no role here */
    if (rc == -ERR_ABSENT || rc == -ERR_DENIED) {
        nobody(v);
        return 0;
    }
    return rc < 0 ? err_set(err, (enum err_code)why.code, "%s", why.text) : 0;
}

static int by_session(struct visit *v, const char *id, const char *account, struct err *err)
{
    const struct clocks now = { v->now_s, clock_ms() };
    struct session s;
    struct err why = { 0 };
    int rc = session_find(v->w->souk, v->a, id, now, &s, &why);
    if (rc == -ERR_ABSENT)
        return 0;
    if (rc == 0 && s.stage == STAGE_SECOND)
        return 0;
    if (rc == 0)
        rc = people_who(v->w->souk, v->a, s.user, *account ? account : NULL, &v->who, &why);
    if (rc == -ERR_DENIED || rc == -ERR_ABSENT) {
        nobody(v);
        return 0;
    }
    if (rc < 0)
        return err_set(err, (enum err_code)why.code, "%s", why.text);
    if (s.stage == STAGE_SET_UP) {
        v->must_set_up = true;
        v->who.role = 0;
    }
    v->session = id;
    v->session_no = s.no;
    v->proven_age_s = s.proven_age_s;
    v->face.seal_key = visit_seal_key(v, id);
    return 0;
}

int visit_who(struct visit *v, const char *account, struct err *err)
{
    const char *header = http_header(v->ask, "Authorization"), *id = v->renewed ? v->renewed : visit_cookie_of(v);
    int64_t n;
    nobody(v);
    v->session = "";
    if (visit_souk(v, err) < 0 || people_count(v->w->souk, &n, err) < 0)
        return -err->code;
    if (!n) {
        if (v->w->site->is_open)
            v->who = who_local();
        return 0;
    }
    if (header && text_starts(header, "Bearer "))
        return by_token(v, header, account, err);
    return id && *id ? by_session(v, id, account, err) : 0;
}

/* ---- may they? ------------------------------------------------------------------------------------ */

bool visit_sees(const struct visit *v, const char *kind, const char *id)
{
    char object[120];
    snprintf(object, sizeof object, "%s:%s", kind, id);
    return authz(&v->who, RIGHT_VIEW, object);
}

/* "widget:{widget}" with what stands in the address. */
static const char *object_of(struct visit *v, const char *pattern)
{
    const char *brace = strchr(pattern, '{');
    if (!brace)
        return pattern;
    const char *name = arena_textn(v->a, brace + 1, strcspn(brace + 1, "}"));
    return arena_printf(v->a, "%.*s%s", (int)(brace - pattern), pattern, visit_part(v, name));
}

/* A plugin's queries are for those who see one of its widgets or settings. */
static bool sees_plugin(struct visit *v, const char *name)
{
    const struct plugin *p = plugins_named(v->w->site->plugins, name);
    if (!p)                                             /* the page says so; nothing is told */
        return v->who.role != 0;
    for (size_t i = 0; i < p->n_widgets; i++)
        if (visit_sees(v, "widget", p->widgets[i]->id))
            return true;
    for (size_t i = 0; i < p->n_settings; i++)
        if (visit_sees(v, "settings", p->settings[i].settings->id))
            return true;
    return authz(&v->who, RIGHT_ADMIN, "page:plugins");
}

/* A person is led to the sign-in and back; a program is told what it lacks. */
static int lead_to_sign_in(struct visit *v)
{
    const char *accept = http_header(v->ask, "Accept");
    bool is_person = !v->is_api && accept && strstr(accept, "text/html") && !text_is(v->method, "POST");
    struct buf to = { 0 };
    if (!is_person) {
        v->is_api = true;
        visit_refused(v, 401, "Sign in first, or send a token of the API: Authorization: Bearer souk_...");
        v->reply->wants_token = true;
        return VISIT_LED;
    }
    buf_text(&to, "/sign-in");
    if (v->face.here && !text_is(v->face.here, "/"))
        link_arg(&to, "back", v->face.here);
    visit_lead(v, 303, arena_text(v->a, buf_str(&to)));
    buf_free(&to);
    return VISIT_LED;
}

/* A token would make others, or users, that may more than itself: oneself and others are for who is signed in. */
static bool is_of_people(const struct route *route)
{
    return text_is(route->name, "you") || text_starts(route->name, "you.") || text_is(route->name, "people")
        || text_starts(route->name, "people.");
}

int visit_may(struct visit *v, const struct route *route, struct err *err)
{
    const char *account = visit_part(v, "account");
    if (!route->object)
        return 0;
    bool is_known = v->who.user || v->who.role;
    if (!is_known)
        return lead_to_sign_in(v);
    if (v->who.token && is_of_people(route))
        return err_set(err, ERR_DENIED, "A token is not for this: sign in on the page.");
    if (v->must_set_up && !text_starts(route->name, "you.factor")) {
        if (v->is_api)
            return err_set(err, ERR_DENIED, "Set up a second factor first: the page You leads there.");
        visit_lead(v, 303, "/you/factor");
        return VISIT_LED;
    }
    if (!*route->object)
        return 0;
    if (!v->who.role)                                   /* as if it were not there */
        return err_set(err, ERR_ABSENT, "There is no account '%.60s'.", account);
    const char *object = object_of(v, route->object);
    bool may = text_starts(object, "plugin:") ? sees_plugin(v, object + strlen("plugin:")) : authz(&v->who, route->right, object);
    if (may)
        return 0;
    const struct deed by = visit_deed(v);
    struct err ignored = { 0 };
    people_log(v->w->souk, &by, route->name, object, "{}", "denied", &ignored);
    return err_set(err, ERR_DENIED, "%s may not look at this%s%s. Ask the owner of the account for the right to it.",
                   v->who.name, v->who.token ? " with this token" : " as ", v->who.token ? "" : role_word(v->who.role));
}
