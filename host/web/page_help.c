/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page_help.c: help: articles, questions and answers, the widgets' own; the rules of the marketplaces; the plugins.
 */
#include "visit.h"

#include <string.h>

#include "base/value.h"
#include "data/market.h"
#include "plug/ask.h"
#include "shelf.h"

static const char *in_account(struct visit *v, const char *path)
{
    return visit_link(v, arena_printf(v->a, "/a/%s/%s", v->account, path), v->face.keep, NULL, NULL);
}

static void put_list(struct visit *v, const struct shelf *shelf, enum shelf_kind kind, const char *title)
{
    html_list_title(&v->reply->body, visit_say(v, title));
    html_links_begin(&v->reply->body, visit_say(v, title));
    for (size_t i = 0; shelf_at(shelf, i); i++)
        if (shelf_at(shelf, i)->kind == kind && text_starts(shelf_at(shelf, i)->path, "help/"))
            html_link(&v->reply->body, shelf_at(shelf, i)->title, in_account(v, shelf_at(shelf, i)->path), false);
    html_links_end(&v->reply->body);
}

int page_help(struct visit *v, struct err *err)
{
    const struct shelf *shelf;
    if (visit_shelf(v, &shelf, err) < 0)
        return -err->code;
    visit_page(v, visit_say(v, "help.title"));
    html_begin(&v->reply->body, &v->page);
    put_list(v, shelf, SHELF_HELP, "help.articles");
    put_list(v, shelf, SHELF_WIDGET, "help.widgets");
    put_list(v, shelf, SHELF_FAQ, "help.faq");
    visit_page_done(v);
    return 0;
}

static int article(struct visit *v, enum shelf_kind kind, const char *name, struct err *err)
{
    const struct shelf *shelf;
    if (visit_shelf(v, &shelf, err) < 0)
        return -err->code;
    const struct shelf_text *t = shelf_named(shelf, kind, name);
    if (!t || !text_starts(t->path, "help/"))
        return err_set(err, ERR_ABSENT, "There is no help on '%.60s'; all of it is at /a/%s/help/.", name, v->account);
    visit_page(v, t->title);
    html_begin(&v->reply->body, &v->page);
    html_markdown(&v->reply->body, t->body, strlen(t->body));
    if (kind == SHELF_WIDGET)
        questions_put(v, arena_printf(v->a, "widget:%s", name));
    html_links_begin(&v->reply->body, visit_say(v, "links.more"));
    quotes_put(v, shelf, t);
    if (kind == SHELF_FAQ)
        html_link(&v->reply->body, visit_say(v, "faq.title"), in_account(v, "settings/faq"), false);
    if (kind == SHELF_HELP && text_starts(name, "settings-"))
        html_link(&v->reply->body, t->title, in_account(v, arena_printf(v->a, "settings/%s", name + strlen("settings-"))), false);
    if (kind == SHELF_WIDGET)
        html_link(&v->reply->body, t->title, in_account(v, arena_printf(v->a, "w/%s", name)), false);
    html_link(&v->reply->body, visit_say(v, "help.title"), in_account(v, "help/"), false);
    html_links_end(&v->reply->body);
    visit_page_done(v);
    return 0;
}

int page_help_article(struct visit *v, struct err *err)
{
    return article(v, SHELF_HELP, visit_part(v, "article"), err);
}

int page_help_faq(struct visit *v, struct err *err)
{
    return article(v, SHELF_FAQ, visit_part(v, "article"), err);
}

int page_help_widget(struct visit *v, struct err *err)
{
    return article(v, SHELF_WIDGET, visit_part(v, "widget"), err);
}

/* ---- rules ------------------------------------------------------------------------------------------------ */

static const char *day_text(struct visit *v, int32_t day)
{
    struct buf text = { 0 };
    text_day(&text, &v->face.reader, day);
    const char *kept = arena_text(v->a, buf_str(&text));
    buf_free(&text);
    return kept;
}

static void put_line(struct visit *v, const struct policy_line *line)
{
    struct buf *out = &v->reply->body;
    bool is_address = text_starts(line->source, "https://");
    html_facts_begin(out);
    html_fact(out, visit_say(v, "policy.value"), line->text, NULL);
    html_fact(out, visit_say(v, "policy.about"), line->about, NULL);
    html_fact(out, visit_say(v, "policy.since"), day_text(v, line->since), NULL);
    if (line->until != INT32_MAX)
        html_fact(out, visit_say(v, "policy.until"), day_text(v, line->until), NULL);
    html_fact(out, visit_say(v, "policy.source"), line->source, is_address ? line->source : NULL);
    html_fact(out, visit_say(v, "policy.checked"), day_text(v, line->checked), NULL);
    html_facts_end(out);
}

/* All dated lines of one rule, the newest first, and what is asked about it. */
int page_policy(struct visit *v, struct err *err)
{
    const struct market *m = market_find(visit_part(v, "market"));
    const char *key = visit_part(v, "key");
    const struct shelf *shelf;
    struct shelf_text found[5];
    struct policy_line *line;
    size_t n;
    if (!m)
        return err_set(err, ERR_ABSENT, "There is no marketplace '%.40s'.", visit_part(v, "market"));
    if (policy_history(v->w->site->policies, v->a, m->code, key, &line, &n, err) < 0 || visit_shelf(v, &shelf, err) < 0)
        return -err->code;
    if (!n)
        return err_set(err, ERR_ABSENT, "The policy file of %s says nothing about '%.60s'.", m->name, key);
    visit_page(v, arena_printf(v->a, "%s: %s", m->name, key));
    html_begin(&v->reply->body, &v->page);
    while (n)
        put_line(v, &line[--n]);
    html_links_begin(&v->reply->body, visit_say(v, "links.more"));
    size_t asked = shelf_find(shelf, v->a, SHELF_FAQ, key, found, COUNT_OF(found));
    for (size_t i = 0; i < asked; i++)
        html_link(&v->reply->body, found[i].title, in_account(v, found[i].path), false);
    html_link(&v->reply->body, visit_say(v, "policy.title"), in_account(v, "policies"), false);
    html_links_end(&v->reply->body);
    visit_page_done(v);
    return 0;
}

int page_policies(struct visit *v, struct err *err)
{
    const struct shelf *shelf;
    const char *chosen = visit_arg(v, "market");
    const struct market *market = chosen && *chosen ? market_find(chosen) : NULL;
    struct buf *out = &v->reply->body;
    if (visit_shelf(v, &shelf, err) < 0)
        return -err->code;
    visit_page(v, visit_say(v, "policy.title"));
    visit_switches(v);
    v->page.periods = NULL;                             /* rules have no period */
    v->page.n_periods = 0;
    html_begin(out, &v->page);
    html_paragraph(out, visit_say(v, "policy.intro"));
    html_found_begin(out, visit_say(v, "policy.today"));
    for (size_t i = 0; shelf_at(shelf, i); i++) {
        const struct shelf_text *t = shelf_at(shelf, i);
        if (t->kind == SHELF_POLICY && (!market || (text_starts(t->name, market->code) && t->name[strlen(market->code)] == '/')))
            html_found(out, t->title, in_account(v, t->path), t->body, "");
    }
    html_found_end(out, NULL, NULL);
    visit_page_done(v);
    return 0;
}

/* ---- plugins ---------------------------------------------------------------------------------------------- */

int page_plugins(struct visit *v, struct err *err)
{
    static const char *const states[] = {
        [PLUGIN_LOADED] = "plugin.loaded", [PLUGIN_DISABLED] = "plugin.disabled", [PLUGIN_REFUSED] = "plugin.refused",
    };
    const struct plugins *all = v->w->site->plugins;
    struct buf *out = &v->reply->body;
    (void)err;
    visit_page(v, visit_say(v, "plugin.title"));
    html_begin(out, &v->page);
    html_found_begin(out, visit_say(v, "plugin.title"));
    for (size_t i = 0; i < plugins_count(all); i++) {
        const struct plugin *p = plugins_at(all, i);
        const char *state = visit_say(v, states[p->state]);
        html_found(out, arena_printf(v->a, "%s %s: %s", p->name, p->version, state), "",
                   p->state == PLUGIN_LOADED ? p->id : p->why, "");
    }
    html_found_end(out, NULL, NULL);
    visit_page_done(v);
    return 0;
}
