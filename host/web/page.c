/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page.c: which function answers at which address.  What it does stands in the file of its name: see visit.h.
 */
#include "visit.h"

#include <string.h>

#include "asset.h"
#include "base/zone.h"
#include "data/market.h"

static int asset(struct visit *v, struct err *err)
{
    return asset_answer(v->ask, v->reply) ? 0 : err_set(err, ERR_ABSENT, "There is nothing at %.200s.", v->ask->path);
}

/* The first row that fits answers.  A name may have an ending behind it, and stands for one whole part of the path. */
static const struct route routes[] = {
    { "GET", "/",                                           "start",            page_start },
    { "GET", "/healthz",                                    "alive",            api_alive },
    { "GET", "/readyz",                                     "ready",            api_ready },
    { "GET", "/favicon.svg",                                "icon",             asset },
    { "GET", "/assets/{file}",                              "asset",            asset },

    { "GET", "/a/{account}/",                               "home",             page_home },
    { "GET", "/a/{account}",                                "home.slash",       page_home_slash },
    { "GET", "/a/{account}/w/{widget}",                     "widget",           page_widget },
    { "GET", "/a/{account}/q/{plugin}/{query}.csv",         "query.csv",        page_query_csv },
    { "GET", "/a/{account}/q/{plugin}/{query}",             "query",            page_query },

    { "GET", "/api/v1/a/{account}/widgets",                 "api.widgets",      api_widgets },
    { "GET", "/api/v1/a/{account}/widgets/{widget}.csv",    "api.widget.csv",   api_widget_csv },
    { "GET", "/api/v1/a/{account}/widgets/{widget}",        "api.widget",       api_widget },
    { "GET", "/api/v1/a/{account}/q/{plugin}/{query}",      "api.query",        api_query },
};

const struct route *page_route(size_t i)
{
    return i < COUNT_OF(routes) ? &routes[i] : NULL;
}

/* Does the path fit?  Its parts under their names into the visit.  A slash behind the path is let pass. */
static bool fits(struct visit *v, const char *pattern)
{
    const char *at = v->ask->path;
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

static int route(struct visit *v, struct err *err)
{
    const char *path = v->ask->path;
    v->is_api = text_starts(path, "/api/") || text_is(path, "/api") || text_is(path, "/readyz");
    for (size_t i = 0; i < COUNT_OF(routes); i++) {
        if (!fits(v, routes[i].pattern))
            continue;
        const char *account = visit_part(v, "account");
        if (*account && visit_account(v, account, err) < 0)
            return -err->code;
        return routes[i].answer(v, err);
    }
    if (v->is_api && !text_starts(path, "/api/v1/"))
        return err_set(err, ERR_ABSENT, "There is nothing at %.200s; the API is at /api/v1/.", path);
    return err_set(err, ERR_ABSENT, "There is nothing at %.200s.", path);
}

int page_setup(struct err *err)
{
    return asset_setup(err);
}

void page_answer(void *ctx, void *worker, const struct http_request *ask, struct http_reply *reply)
{
    const struct site *site = ctx;
    const char *language = http_arg(ask, "lang");
    struct visit v = {
        .w = worker, .ask = ask, .reply = reply, .a = ask->arena, .account = "", .now_s = clock_now(),
        .face = {
            .plugins = site->plugins, .texts = site->texts, .account = "",
            .reader = { .language = text_is(language, "en") || text_is(language, "en-XA") ? language : site->language,
                        .zone = "UTC" },
        },
    };
    struct err err = { 0 };
    const char *chosen = http_arg(ask, "market");
    const struct market *market = chosen ? market_find(chosen) : NULL;
    if (market)
        v.face.reader.zone = market->zone;              /* one market: its own time */
    v.face.keep = visit_keep(&v, "");
    if (route(&v, &err) < 0)
        visit_failed(&v, &err);
}
