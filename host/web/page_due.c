/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page_due.c: the deadlines: page, API, and the calendar behind a secret address.
 */
#include "visit.h"

#include <jansson.h>
#include <string.h>

#include "data/link.h"
#include "data/market.h"
#include "face/due.h"

static const char areas[] = "orders letters claims cases notices promotions";

static int kind_asked(struct visit *v, enum deadline_kind *kind, struct err *err)
{
    const char *word = visit_arg(v, "kind");
    *kind = word && *word ? deadline_of_word(word) : 0;
    if (!word || !*word || *kind)
        return 0;
    return err_set(err, ERR_INPUT, "'%.40s' is no kind of deadline: there are claim, message, ship, case, notice and"
                   " promotion.", word);
}

static int list_of(struct visit *v, struct deadline **list, size_t *n, struct err *err)
{
    if (deadline_list(v->db, v->w->site->policies, v->a, v->now_s, list, n, err) < 0)
        return -err->code;
    const char *chosen = visit_arg(v, "market");
    const struct market *market = chosen && *chosen ? market_find(chosen) : NULL;
    size_t kept = 0;
    for (size_t i = 0; market && i < *n; i++)           /* what names no market stands under each */
        if (!*(*list)[i].market || text_is((*list)[i].market, market->id))
            (*list)[kept++] = (*list)[i];
    if (market)
        *n = kept;
    return 0;
}

static void put_kinds(struct visit *v, enum deadline_kind chosen)
{
    struct buf *out = &v->reply->body;
    html_links_begin(out, visit_say(v, "due.kinds"));
    html_link(out, visit_say(v, "due.kind_all"), visit_link(v, v->path, v->face.keep, NULL, NULL), !chosen);
    for (enum deadline_kind kind = DEADLINE_CLAIM; kind <= DEADLINE_PROMOTION; kind++)
        html_link(out, visit_say(v, arena_printf(v->a, "due.kind_%s", deadline_word(kind))),
                  visit_link(v, v->path, v->face.keep, "kind", deadline_word(kind)), kind == chosen);
    html_links_end(out);
}

static int put_view(struct visit *v, struct view *view, struct err *err)
{
    const struct view_element *e;
    size_t n;
    int rc = view_finish(view, err);
    if (rc == 0)
        rc = view_read(v->a, buf_str(&view->bytes), view->bytes.len, &e, &n, err);
    if (rc == 0)
        html_view(&v->reply->body, &v->face, e, n);
    view_clear(view);
    return rc;
}

static void add_button(struct view *view, const char *command, const char *button, uint32_t tone)
{
    const struct souk_form form = {
        .size = sizeof form, .tone = tone, .command = command, .button = { button, { NULL, 0, 0 } },
    };
    view_add(view, VIEW_FORM, &wire_form, &form);
}

static int put_calendar(struct visit *v, struct err *err)
{
    struct view view = { 0 };
    struct buf when = { 0 };
    int64_t since_s;
    if (link_since(v->db, "calendar", &since_s, err) < 0)
        return -err->code;
    html_card_begin(&v->reply->body, "calendar", visit_say(v, "due.calendar"), NULL, 1);
    html_paragraph(&v->reply->body, visit_say(v, "due.calendar_about"));
    if (since_s) {
        struct buf said = { 0 };
        text_instant(&when, &v->face.reader, since_s, NULL);
        say(&said, &v->face, "due.calendar_since", { "when", buf_str(&when), 0 });
        html_paragraph(&v->reply->body, buf_str(&said));
        buf_free(&said);
        buf_free(&when);
        add_button(&view, "calendar.unlink", "due.calendar_drop", SOUK_BAD);
    }
    add_button(&view, "calendar.link", "due.calendar_make", SOUK_PLAIN);
    int rc = put_view(v, &view, err);
    html_card_end(&v->reply->body);
    return rc;
}

int page_due(struct visit *v, struct err *err)
{
    enum deadline_kind kind;
    struct deadline *list;
    size_t n;
    struct view view = { 0 };
    if (kind_asked(v, &kind, err) < 0 || list_of(v, &list, &n, err) < 0)
        return -err->code;
    visit_page(v, visit_say(v, "due.title"));
    visit_switches(v);
    v->page.periods = NULL;                             /* deadlines have no period */
    v->page.n_periods = 0;
    html_begin(&v->reply->body, &v->page);
    put_kinds(v, kind);
    html_live_begin(&v->reply->body, areas);
    due_view(&view, &v->face, list, n, kind, v->now_s);
    int rc = put_view(v, &view, err);
    html_live_end(&v->reply->body);
    if (rc == 0)
        rc = put_calendar(v, err);
    if (rc < 0)
        return rc;
    html_links_begin(&v->reply->body, visit_say(v, "links.label"));
    html_link(&v->reply->body, visit_say(v, "links.json"),
              visit_link(v, arena_printf(v->a, "/api/v1/a/%s/deadlines", v->account), v->face.keep, NULL, NULL), false);
    html_links_end(&v->reply->body);
    visit_page_done(v);
    return 0;
}

int api_due(struct visit *v, struct err *err)
{
    enum deadline_kind kind;
    struct deadline *list;
    size_t n;
    json_t *all = json_array();
    if (kind_asked(v, &kind, err) < 0 || list_of(v, &list, &n, err) < 0) {
        json_decref(all);
        return -err->code;
    }
    for (size_t i = 0; i < n; i++) {
        const struct deadline *d = &list[i];
        struct buf due = { 0 };
        if (kind && d->kind != kind)
            continue;
        buf_instant(&due, d->due_s);
        json_array_append_new(all, json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:s, s:s, s:s}",
            "kind", deadline_word(d->kind), "due", buf_str(&due), "market", d->market, "ref", d->ref,
            "subject", d->subject, "state", d->state, "count", (json_int_t)d->count,
            "rule", d->rule, "rule_value", d->rule_value, "rule_source", d->rule_source));
        buf_free(&due);
    }
    struct buf as_of = { 0 };
    buf_instant(&as_of, v->now_s);
    json_write(&v->reply->body, json_pack("{s:s, s:s, s:o}", "account", v->account, "as_of", buf_str(&as_of), "deadlines", all));
    buf_free(&as_of);
    visit_done(v, "application/json");
    return 0;
}

/* The account is the one whose word it is; all others were looked at just as long. */
int page_calendar(struct visit *v, struct err *err)
{
    const char *word = visit_part(v, "secret"), *const *names, *found = NULL;
    struct deadline *list;
    size_t n_names, n;
    if (visit_folder(v, err) < 0 || account_names(v->w->folder, v->a, &names, &n_names, err) < 0)
        return -err->code;
    for (size_t i = 0; i < n_names; i++) {
        if (visit_account(v, names[i], err) < 0)
            return -err->code;
        int rc = link_is(v->db, "calendar", word, err);
        if (rc < 0)
            return rc;
        if (rc > 0)
            found = names[i];
    }
    if (!found)
        return err_set(err, ERR_ABSENT, "There is no calendar at this address: it may have been replaced by a new one.");
    if (visit_account(v, found, err) < 0 ||
        deadline_list(v->db, v->w->site->policies, v->a, v->now_s, &list, &n, err) < 0)
        return -err->code;
    due_calendar(&v->reply->body, &v->face, list, n, v->now_s);
    v->reply->type = "text/calendar; charset=utf-8";
    return 0;
}
