/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page.c: which function answers at which address.  What it does stands in the file of its name: see visit.h.
 */
#include "visit.h"

#include <sodium.h>
#include <string.h>

#include "asset.h"
#include "base/zone.h"
#include "data/market.h"

static int asset(struct visit *v, struct err *err)
{
    return asset_answer(v->ask, v->reply) ? 0 : err_set(err, ERR_ABSENT, "There is nothing at %.200s.", v->ask->path);
}

static int events(struct visit *v, struct err *err)
{
    (void)err;
    v->reply->stream = v->account;
    return 0;
}

/* The first row that fits answers.  A name may have an ending behind it, and stands for one whole part of the path. */
static const struct route routes[] = {
    { "GET", "/",                                           "start",            page_start, 0, RIGHT_VIEW, "" },
    { "GET", "/sign-in",                                    "sign_in",          page_sign_in, 0, 0, NULL },
    { "POST", "/sign-in",                                   "sign_in.try",      page_sign_in_try, HTTP_FORM, 0, NULL },
    { "POST", "/sign-in/code",                              "sign_in.code",     page_sign_in_code, HTTP_FORM, 0, NULL },
    { "POST", "/sign-out",                                  "sign_out",         page_sign_out, HTTP_FORM, 0, NULL },
    { "GET", "/setup/{secret}",                             "setup",            page_link, 0, 0, NULL },
    { "POST", "/setup/{secret}",                            "setup.take",       page_link_take, HTTP_FORM, 0, NULL },
    { "GET", "/invite/{secret}",                            "invite",           page_link, 0, 0, NULL },
    { "POST", "/invite/{secret}",                           "invite.take",      page_link_take, HTTP_FORM, 0, NULL },
    { "GET", "/reset/{secret}",                             "reset",            page_link, 0, 0, NULL },
    { "POST", "/reset/{secret}",                            "reset.take",       page_link_take, HTTP_FORM, 0, NULL },
    { "GET", "/you",                                        "you",              page_you, 0, RIGHT_VIEW, "" },
    { "GET", "/you/factor",                                 "you.factor",       page_factor, 0, RIGHT_VIEW, "" },
    { "POST", "/you/factor",                                "you.factor.confirm", page_factor_confirm, HTTP_FORM, RIGHT_VIEW, "" },
    { "POST", "/you/factor/begin",                          "you.factor.begin", page_factor_begin, HTTP_FORM, RIGHT_VIEW, "" },
    { "POST", "/you/factor/codes",                          "you.factor.codes", page_factor_codes, HTTP_FORM, RIGHT_VIEW, "" },
    { "POST", "/you/factor/drop",                           "you.factor.drop",  page_factor_drop, HTTP_FORM, RIGHT_VIEW, "" },
    { "GET", "/you/tokens",                                 "you.tokens",       page_tokens, 0, RIGHT_VIEW, "" },
    { "POST", "/you/tokens",                                "you.tokens.do",    page_tokens_do, HTTP_FORM, RIGHT_VIEW, "" },
    { "POST", "/you/again",                                 "you.again",        page_fresh, HTTP_FORM, RIGHT_VIEW, "" },
    { "POST", "/you/password",                              "you.password",     page_you_password, HTTP_FORM, RIGHT_VIEW, "" },
    { "POST", "/you/session",                               "you.session",      page_you_session, HTTP_FORM, RIGHT_VIEW, "" },
    { "GET", "/healthz",                                    "alive",            api_alive, 0, 0, NULL },
    { "GET", "/readyz",                                     "ready",            api_ready, 0, 0, NULL },
    { "GET", "/favicon.svg",                                "icon",             asset, 0, 0, NULL },
    { "GET", "/assets/{file}",                              "asset",            asset, 0, 0, NULL },

    { "GET", "/a/{account}/",                               "home",             page_home, 0, RIGHT_VIEW, "page:home" },
    { "GET", "/a/{account}/layout",                         "layout",           page_layout, 0, RIGHT_VIEW, "page:home" },
    { "GET", "/a/{account}/layout.json",                    "layout.json",      api_layout, 0, RIGHT_VIEW, "page:home" },
    { "GET", "/a/{account}",                                "home.slash",       page_home_slash, 0, RIGHT_VIEW, "page:home" },
    { "GET", "/a/{account}/w/{widget}",                     "widget",           page_widget, 0, RIGHT_VIEW, "widget:{widget}" },
    { "GET", "/a/{account}/q/{plugin}/{query}.csv",         "query.csv",        page_query_csv, 0, RIGHT_VIEW, "plugin:{plugin}" },
    { "GET", "/a/{account}/q/{plugin}/{query}",             "query",            page_query, 0, RIGHT_VIEW, "plugin:{plugin}" },

    { "GET", "/a/{account}/imports",                        "imports",          page_imports, 0, RIGHT_VIEW, "page:imports" },
    { "GET", "/a/{account}/imports/{import}",               "import",           page_import, 0, RIGHT_VIEW, "page:imports" },
    { "GET", "/a/{account}/imports/{import}/rejects",       "import.rejects",   page_rejects, 0, RIGHT_VIEW, "page:imports" },
    { "GET", "/a/{account}/outgoing",                       "outgoing",         page_outgoing, 0, RIGHT_VIEW, "widget:listings" },
    { "GET", "/a/{account}/outgoing/{file}.txt",            "outgoing.file",    page_outgoing_file, 0, RIGHT_VIEW, "widget:listings" },
    { "POST", "/a/{account}/import",                        "import.bring",     page_bring, HTTP_FILES, RIGHT_EDIT, "page:imports" },
    { "POST", "/a/{account}/do/{command}",                  "do",               page_do, HTTP_FORM, RIGHT_VIEW, "page:home" },
    { "GET", "/a/{account}/events",                         "events",           events, 0, RIGHT_VIEW, "page:events" },
    { "GET", "/a/{account}/deadlines",                      "deadlines",        page_due, 0, RIGHT_VIEW, "widget:*" },
    { "GET", "/a/{account}/search",                         "search",           page_search, 0, RIGHT_VIEW, "widget:*" },
    { "GET", "/a/{account}/search.json",                    "search.json",      page_search_json, 0, RIGHT_VIEW, "widget:*" },
    { "GET", "/a/{account}/help",                           "help",             page_help, 0, RIGHT_VIEW, "page:help" },
    { "GET", "/a/{account}/help/w/{widget}",                "help.widget",      page_help_widget, 0, RIGHT_VIEW, "page:help" },
    { "GET", "/a/{account}/help/faq/{article}",             "help.faq",         page_help_faq, 0, RIGHT_VIEW, "page:help" },
    { "GET", "/a/{account}/help/{article}",                 "help.article",     page_help_article, 0, RIGHT_VIEW, "page:help" },
    { "GET", "/a/{account}/settings",                       "settings",         page_settings_all, 0, RIGHT_VIEW, "page:home" },
    { "GET", "/a/{account}/settings/faq",                   "faq",              page_faq, 0, RIGHT_VIEW, "page:help" },
    { "GET", "/a/{account}/settings/links",                 "links",            page_links, 0, RIGHT_VIEW, "page:help" },
    { "GET", "/a/{account}/settings/data",                  "data",             page_data, 0, RIGHT_ADMIN, "page:data" },
    { "GET", "/a/{account}/settings/data/export",           "data.export",      page_export, 0, RIGHT_ADMIN, "page:data" },
    { "GET", "/a/{account}/settings/preferences",           "preferences",      page_preferences, 0, RIGHT_VIEW, "page:home" },
    { "GET", "/a/{account}/settings/log",                   "log",              page_log, 0, RIGHT_ADMIN, "page:audit" },
    { "GET", "/a/{account}/settings/people",                "people",           page_people, 0, RIGHT_ADMIN, "page:people" },
    { "GET", "/a/{account}/settings/people/{person}",       "people.one",       page_people, 0, RIGHT_ADMIN, "page:people" },
    { "POST", "/a/{account}/settings/people",               "people.do",        page_people_do, HTTP_FORM, RIGHT_ADMIN, "page:people" },
    { "GET", "/a/{account}/settings/{module}",              "settings.module",  page_settings, 0, RIGHT_VIEW, "settings:{module}" },
    { "GET", "/a/{account}/settings/{module}/{record}",     "settings.record",  page_settings, 0, RIGHT_VIEW, "settings:{module}" },
    { "GET", "/a/{account}/policies",                       "policies",         page_policies, 0, RIGHT_VIEW, "page:help" },
    { "GET", "/a/{account}/policies/{market}/{key}",        "policy",           page_policy, 0, RIGHT_VIEW, "page:help" },
    { "GET", "/a/{account}/plugins",                        "plugins",          page_plugins, 0, RIGHT_ADMIN, "page:plugins" },
    { "GET", "/calendar/{secret}.ics",                      "calendar",         page_calendar, 0, 0, NULL },

    { "GET", "/api/v1/a/{account}/widgets",                 "api.widgets",      api_widgets, 0, RIGHT_VIEW, "page:home" },
    { "GET", "/api/v1/a/{account}/widgets/{widget}.csv",    "api.widget.csv",   api_widget_csv, 0, RIGHT_VIEW, "widget:{widget}" },
    { "GET", "/api/v1/a/{account}/widgets/{widget}",        "api.widget",       api_widget, 0, RIGHT_VIEW, "widget:{widget}" },
    { "GET", "/api/v1/a/{account}/q/{plugin}/{query}",      "api.query",        api_query, 0, RIGHT_VIEW, "plugin:{plugin}" },
    { "GET", "/api/v1/a/{account}/imports",                 "api.imports",      api_imports, 0, RIGHT_VIEW, "page:imports" },
    { "POST", "/api/v1/a/{account}/imports",                "api.import.bring", api_bring, HTTP_FILES, RIGHT_EDIT, "page:imports" },
    { "GET", "/api/v1/a/{account}/imports/{import}",        "api.import",       api_import, 0, RIGHT_VIEW, "page:imports" },
    { "GET", "/api/v1/a/{account}/imports/{import}/rejects", "api.import.rejects", page_rejects, 0, RIGHT_VIEW, "page:imports" },
    { "GET", "/api/v1/a/{account}/outgoing",                "api.outgoing",     api_outgoing, 0, RIGHT_VIEW, "widget:listings" },
    { "GET", "/api/v1/a/{account}/log.csv",                 "api.log.csv",      api_log_csv, 0, RIGHT_ADMIN, "page:audit" },
    { "GET", "/api/v1/a/{account}/log",                     "api.log",          api_log, 0, RIGHT_ADMIN, "page:audit" },
    { "GET", "/api/v1/a/{account}/settings",                "api.settings",     api_settings_all, 0, RIGHT_VIEW, "page:home" },
    { "GET", "/api/v1/a/{account}/settings/{module}.csv",   "api.settings.csv", api_settings_csv, 0, RIGHT_VIEW, "settings:{module}" },
    { "GET", "/api/v1/a/{account}/settings/{module}",       "api.settings.module", api_settings, 0, RIGHT_VIEW, "settings:{module}" },
    { "GET", "/api/v1/a/{account}/settings/{module}/{record}", "api.settings.record", api_settings, 0, RIGHT_VIEW, "settings:{module}" },
    { "GET", "/api/v1/a/{account}/search",                  "api.search",       api_search, 0, RIGHT_VIEW, "widget:*" },
    { "GET", "/api/v1/a/{account}/faq",                     "api.faq",          api_faq, 0, RIGHT_VIEW, "page:help" },
    { "GET", "/api/v1/a/{account}/links",                   "api.links",        api_links, 0, RIGHT_VIEW, "page:help" },
    { "GET", "/api/v1/a/{account}/deadlines",               "api.deadlines",    api_due, 0, RIGHT_VIEW, "widget:*" },
    { "GET", "/api/v1/a/{account}/layout",                  "api.layout",       api_layout, 0, RIGHT_VIEW, "page:home" },
    { "GET", "/api/v1/a/{account}/commands",                "api.commands",     api_commands, 0, RIGHT_VIEW, "page:home" },
    { "POST", "/api/v1/a/{account}/commands/{command}",     "api.command",      api_command, HTTP_FORM | HTTP_JSON, RIGHT_VIEW, "page:home" },
    { "GET", "/api/v1/a/{account}/jobs",                    "api.jobs",         api_jobs, 0, RIGHT_VIEW, "page:imports" },
    { "GET", "/api/v1/a/{account}/jobs/{job}",              "api.job",          api_job, 0, RIGHT_VIEW, "page:imports" },
};

const struct route *page_route(size_t i)
{
    return i < COUNT_OF(routes) ? &routes[i] : NULL;
}

/* Does the path fit?  Its parts under their names into the visit.  A slash behind the path is let pass. */
static bool fits(struct visit *v, const char *pattern)
{
    const char *at = v->path;
    size_t n_parts = 0;
    memset(v->part, 0, sizeof v->part);
    while (*pattern) {
        if (*pattern != '{') {
            if (*at++ != *pattern++)
                return false;
            continue;
        }
        const char *end = strchr(pattern, '}') + 1;
        size_t n = strcspn(at, "/"), n_ending = strcspn(end, "/");
        if (n <= n_ending || memcmp(at + n - n_ending, end, n_ending) != 0)
            return false;
        v->part[n_parts].name = arena_textn(v->a, pattern + 1, (size_t)(end - pattern) - 2);
        v->part[n_parts++].value = arena_textn(v->a, at, n - n_ending);
        at += n;
        pattern = end + n_ending;
    }
    return !*at || text_is(at, "/");
}

/* What a POST may bring is asked before its body is read; a path that takes none is answered with 405. */
unsigned page_takes(void *site, const struct http_request *ask)
{
    struct visit v = { .ask = ask, .a = ask->arena, .path = ask->path };
    (void)site;
    for (size_t i = 0; i < COUNT_OF(routes); i++)
        if (text_is(routes[i].method, "POST") && fits(&v, routes[i].pattern))
            return routes[i].takes;
    return 0;
}

const char *page_spool(void *site, void *worker, struct arena *a)
{
    (void)worker;
    return folder_spool(((const struct site *)site)->spool, a);
}

static bool is_method(const struct route *r, const char *method)
{
    return text_is(method, "HEAD") ? text_is(r->method, "GET") : text_is(r->method, method);
}

int visit_route(struct visit *v, struct err *err)
{
    const char *path = v->path;
    v->is_api = text_starts(path, "/api/") || text_is(path, "/api") || text_is(path, "/readyz");
    for (size_t i = 0; i < COUNT_OF(routes); i++) {
        if (!is_method(&routes[i], v->method) || !fits(v, routes[i].pattern))
            continue;
        const char *account = visit_part(v, "account");
        int rc = visit_who(v, account, err);
        if (rc == 0)
            rc = visit_may(v, &routes[i], err);
        if (rc != 0)
            return rc < 0 ? rc : 0;                     /* 1: somebody must sign in first, and is led there */
        if (*account && visit_account(v, account, err) < 0)
            return -err->code;
        return routes[i].answer(v, err);
    }
    for (size_t i = 0; i < COUNT_OF(routes); i++) {
        if (!fits(v, routes[i].pattern))
            continue;
        v->reply->allow = "POST";                       /* what takes no POST is asked before, in page_takes */
        visit_refused(v, 405, "This address only takes a POST.");
        return 0;
    }
    if (v->is_api && !text_starts(path, "/api/v1/"))
        return err_set(err, ERR_ABSENT, "There is nothing at %.200s; the API is at /api/v1/.", path);
    return err_set(err, ERR_ABSENT, "There is nothing at %.200s.", path);
}

/* Forms are sealed with a key of this run: those drawn before a start are refused, and say so. */
static unsigned char seal_key[FORM_KEY_BYTES];

/* A form drawn in one session is good in that session only. */
const unsigned char *visit_seal_key(struct visit *v, const char *session)
{
    unsigned char *key = arena_alloc(v->a, FORM_KEY_BYTES);
    crypto_generichash(key, FORM_KEY_BYTES, (const unsigned char *)session, strlen(session), seal_key, sizeof seal_key);
    return key;
}

int page_setup(struct err *err)
{
    randombytes_buf(seal_key, sizeof seal_key);
    return asset_setup(err);
}

/* What the address says of language, marketplace and so on. */
static void read_address(struct visit *v)
{
    const struct site *site = v->w->site;
    const char *language = visit_arg(v, "lang"), *chosen = visit_arg(v, "market");
    const struct market *market = chosen ? market_find(chosen) : NULL;
    v->face = (struct face){
        .plugins = site->plugins, .texts = site->texts, .account = v->account,
        .reader = { .language = text_is(language, "en") || text_is(language, "en-XA") ? language : site->language,
                    .zone = market ? market->zone : "UTC" },    /* one market: its own time */
        .seal_key = v->session && *v->session ? visit_seal_key(v, v->session) : seal_key,
    };
    v->face.keep = visit_keep(v, "");
    v->face.here = visit_here(v);
}

static struct visit visit_of(void *worker, const struct http_request *ask, struct http_reply *reply)
{
    struct visit v = {
        .w = worker, .ask = ask, .reply = reply, .a = ask->arena, .account = "", .now_s = clock_now(),
        .method = ask->method, .path = ask->path,
    };
    read_address(&v);
    return v;
}

int visit_turn(struct visit *v, const char *address, struct err *err)
{
    struct pairs *args = arena_zero(v->a, sizeof *args);
    size_t n = strcspn(address, "?#");
    const char *path = form_decode(v->a, address, n, false);
    if (!path || *path != '/')
        return err_set(err, ERR_INPUT, "The form names no page that it stands on.");
    if (address[n] == '?' && form_read(args, v->a, address + n + 1, strcspn(address + n + 1, "#"), "parameter", 1000, err) < 0)
        return -err->code;
    v->path = path;
    v->method = "GET";
    v->args = args;
    v->widget = NULL;
    read_address(v);
    return 0;
}

void page_answer(void *ctx, void *worker, const struct http_request *ask, struct http_reply *reply)
{
    struct visit v = visit_of(worker, ask, reply);
    struct err err = { 0 };
    (void)ctx;
    if (visit_route(&v, &err) < 0)
        visit_failed(&v, &err);
}

/* A person gets a page; programs and scripts, which do not ask for one, a document. */
void page_refused(void *ctx, void *worker, const struct http_request *ask, int status, const char *why,
                  struct http_reply *reply)
{
    struct visit v = visit_of(worker, ask, reply);
    (void)ctx;
    const char *accept = http_header(ask, "Accept");
    v.is_api = text_starts(ask->path, "/api/") || !accept || !strstr(accept, "text/html");
    visit_refused(&v, status, why);
}
