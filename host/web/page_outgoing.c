/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page_outgoing.c: changes of listings that are to go out: what waits, the files it is handed in with, what became
 * of it; page, file, API.
 */
#include "visit.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>

#include "data/market.h"
#include "element.h"
#include "flow/flatfile.h"

enum { AT_ONCE = 50, FILES_SHOWN = 20 };

/* ---- what there is ------------------------------------------------------------------------------------- */

struct change {
    int64_t no, at_s, since_s, file;
    const char *sku, *title, *kind, *state, *reason, *why, *conflict, *status, *was_status, *now_status;
    const struct market *market;
    struct souk_value price, was_price, now_price, quantity, was_quantity, now_quantity;
    bool is_open;
};

/* Which of them: "open", "conflict", "all", or one state. */
static const char sql_changes[] =
    "SELECT outgoing, at, since, coalesce(file, 0), sku, coalesce(title, ''), kind, state, reason, why, conflict,"
    "       coalesce(status, ''), coalesce(was_status, ''), coalesce(now_status, ''), market, price, was_price, now_price,"
    "       quantity, was_quantity, now_quantity, is_open, currency"
    " FROM v1_outgoing"
    " WHERE outgoing <= :from AND (:market = '' OR market = :market)"
    "   AND (:state = 'all' OR :state = 'open' AND is_open = 1 OR :state = 'conflict' AND conflict <> '' OR state = :state)"
    " ORDER BY outgoing DESC"
    " LIMIT :most";

static struct souk_value count_at(struct stmt *s, int column)
{
    return stmt_is_null(s, column) ? souk_none() : souk_count(stmt_int(s, column));
}

static struct souk_value money_at(struct arena *a, struct stmt *s, int column, int currency)
{
    return stmt_is_null(s, column) ? souk_none() : souk_money(stmt_int(s, column), arena_text(a, stmt_text(s, currency)));
}

static const char *market_asked(struct visit *v)
{
    const char *word = visit_arg(v, "market");
    const struct market *market = word && *word ? market_find(word) : NULL;
    return market ? market->id : "";
}

static int changes_read(struct visit *v, const char *state, int64_t from, size_t most, struct change **list, size_t *n,
                        struct err *err)
{
    struct stmt *s = stmt_of(v->db, sql_changes, err);
    *list = arena_zero(v->a, (most + 1) * sizeof **list);
    *n = 0;
    if (!s)
        return -err->code;
    bind_int(s, 1, from);
    bind_text(s, 2, market_asked(v));
    bind_text(s, 3, state);
    bind_int(s, 4, (int64_t)most);
    int rc;
    while ((rc = stmt_step(v->db, s, err)) > 0) {
#define TEXT(column) arena_text(v->a, stmt_text(s, column))
        (*list)[(*n)++] = (struct change){
            .no = stmt_int(s, 0), .at_s = stmt_int(s, 1), .since_s = stmt_int(s, 2), .file = stmt_int(s, 3),
            .sku = TEXT(4), .title = TEXT(5), .kind = TEXT(6), .state = TEXT(7), .reason = TEXT(8), .why = TEXT(9),
            .conflict = TEXT(10), .status = TEXT(11), .was_status = TEXT(12), .now_status = TEXT(13),
            .market = market_by_id(stmt_text(s, 14)), .price = money_at(v->a, s, 15, 22), .was_price = money_at(v->a, s, 16, 22),
            .now_price = money_at(v->a, s, 17, 22), .quantity = count_at(s, 18), .was_quantity = count_at(s, 19),
            .now_quantity = count_at(s, 20), .is_open = stmt_int(s, 21),
        };
#undef TEXT
    }
    return rc;
}

static const char *state_asked(struct visit *v, struct err *err)
{
    static const char *const states[] = {
        "open", "conflict", "queued", "downloaded", "handed_in", "confirmed", "failed", "cancelled", "replaced", "all",
    };
    const char *word = visit_arg(v, "state");
    for (size_t i = 0; word && *word && i < COUNT_OF(states); i++)
        if (text_is(word, states[i]))
            return states[i];
    if (!word || !*word)
        return states[0];
    err_set(err, ERR_INPUT, "'%.40s' is no state of outgoing changes: there are open, conflict, queued, downloaded,"
            " handed_in, confirmed, failed, cancelled, replaced and all.", word);
    return NULL;
}

/* ---- one change ---------------------------------------------------------------------------------------- */

static const struct souk_to *to_ref(struct arena *a, const char *kind, const char *id)
{
    struct souk_to *to = arena_zero(a, sizeof *to);
    to->size = sizeof *to;
    to->ref = arena_printf(a, "%s:%s", kind, id);
    return to;
}

static struct souk_value word_of_status(struct visit *v, const char *status)
{
    return souk_text(!*status ? visit_say(v, "value.none") : text_is(status, "active") || text_is(status, "Active")
                     ? visit_say(v, "listing.active") : visit_say(v, "listing.inactive"));
}

static struct souk_msg title_of(struct visit *v, const struct change *c)
{
    bool is_price = text_is(c->kind, "price"), is_quantity = text_is(c->kind, "quantity");
    struct souk_value was = is_price ? c->was_price : is_quantity ? c->was_quantity : word_of_status(v, c->was_status);
    struct souk_value is = is_price ? c->price : is_quantity ? c->quantity : word_of_status(v, c->status);
    const char *key = is_price ? "outgoing.price" : is_quantity ? "outgoing.quantity" : "outgoing.status";
    if (was.type == SOUK_NONE)
        was = souk_text(visit_say(v, "value.none"));
    return element_msg(v->a, key, { "sku", souk_text(c->sku) }, { "was", was }, { "is", is });
}

static struct souk_msg note_of(struct visit *v, const struct change *c)
{
    const char *market = c->market ? c->market->name : "";
    struct souk_value at = souk_instant(c->at_s), since = souk_instant(c->since_s), file = souk_count(c->file);
    if (c->file && c->is_open)
        return element_msg(v->a, "outgoing.note_file", { "market", souk_text(market) }, { "at", at }, { "file", file },
                           { "title", souk_text(c->title) });
    return element_msg(v->a, c->is_open ? "outgoing.note" : "outgoing.note_ended", { "market", souk_text(market) },
                       { "at", at }, { "since", since }, { "title", souk_text(c->title) });
}

static void put_change(struct visit *v, struct elements *l, const struct change *c)
{
    static const struct souk_field reason[] = {
        { .size = sizeof(struct souk_field), .type = SOUK_FIELD_LINE, .name = "reason", .title = "field.reason",
          .flags = SOUK_FIELD_NEEDED, .max = 500 },
    };
    uint32_t tone = *c->conflict ? SOUK_BAD : text_is(c->state, "failed") ? SOUK_BAD
                  : text_is(c->state, "confirmed") ? SOUK_GOOD : text_is(c->state, "queued") ? SOUK_WATCH : SOUK_PLAIN;
    element_add(l, VIEW_ITEM)->item = (struct souk_item){
        .size = sizeof(struct souk_item), .tone = tone, .title = title_of(v, c), .note = note_of(v, c),
        .badge = { .key = arena_printf(v->a, "outgoing.state_%s", c->state) }, .to = to_ref(v->a, "listing", c->sku),
    };
    if (*c->conflict) {
        struct souk_value now = text_is(c->kind, "price") ? c->now_price : text_is(c->kind, "quantity") ? c->now_quantity
                              : word_of_status(v, c->now_status);
        if (now.type == SOUK_NONE)
            now = souk_text(visit_say(v, "value.none"));
        element_add(l, VIEW_ALERT)->alert = (struct souk_alert){
            .size = sizeof(struct souk_alert), .tone = SOUK_WATCH,
            .text = element_msg(v->a, text_is(c->conflict, "refused") ? "outgoing.refused" : "outgoing.changed", { "now", now }),
        };
    }
    if (*c->why)
        element_add(l, VIEW_TEXT)->text = (struct souk_text_element){
            .size = sizeof(struct souk_text_element), .text = element_msg(v->a, "plain", { "text", souk_text(c->why) }),
        };
    if (text_is(c->state, "queued") || text_is(c->state, "downloaded"))
        element_button(l, &(const struct element_button){
            .command = "outgoing.cancel", .text = "outgoing.take_back", .args = SOUK_ARGS({ "outgoing", souk_count(c->no) }),
        });
    else if (text_is(c->state, "handed_in"))
        element_button(l, &(const struct element_button){
            .command = "outgoing.failed", .title = "command.outgoing.failed", .text = "outgoing.failed_button",
            .args = SOUK_ARGS({ "outgoing", souk_count(c->no) }), .fields = SOUK_LIST(reason),
        });
    element_add(l, VIEW_END);
}

/* ---- what waits, and files -------------------------------------------------------------------------------- */

static const char sql_waiting[] =
    "SELECT market, count(*) FROM v1_outgoing"
    " WHERE state = 'queued' AND (:market = '' OR market = :market)"
    " GROUP BY market"
    " ORDER BY market";

static int put_waiting(struct visit *v, struct elements *l, struct err *err)
{
    struct stmt *s = stmt_of(v->db, sql_waiting, err);
    bool has_any = false;
    int rc;
    if (!s)
        return -err->code;
    bind_text(s, 1, market_asked(v));
    while ((rc = stmt_step(v->db, s, err)) > 0) {
        const struct market *market = market_by_id(stmt_text(s, 0));
        if (!has_any)
            element_add(l, VIEW_ITEMS)->title = (struct souk_msg)SOUK_MSG("outgoing.waiting");
        has_any = true;
        element_add(l, VIEW_ITEM)->item = (struct souk_item){
            .size = sizeof(struct souk_item), .tone = SOUK_WATCH,
            .title = element_msg(v->a, "outgoing.waits", { "market", souk_text(market ? market->name : "") },
                                 { "n", souk_count(stmt_int(s, 1)) }),
        };
        element_button(l, &(const struct element_button){
            .command = "outgoing.download", .text = "command.outgoing.download",
            .args = SOUK_ARGS({ "market", souk_market(arena_text(v->a, stmt_text(s, 0))) }),
        });
        element_add(l, VIEW_END);
    }
    if (has_any)
        element_add(l, VIEW_END);
    return rc;
}

static const char sql_files[] =
    "SELECT file, market, kind, at, handed_in, changes, confirmed, failed FROM v1_outgoing_files"
    " WHERE :market = '' OR market = :market"
    " ORDER BY file DESC"
    " LIMIT :most";

static int put_files(struct visit *v, struct elements *l, struct err *err)
{
    struct stmt *s = stmt_of(v->db, sql_files, err);
    bool has_any = false;
    int rc;
    if (!s)
        return -err->code;
    bind_text(s, 1, market_asked(v));
    bind_int(s, 2, FILES_SHOWN);
    while ((rc = stmt_step(v->db, s, err)) > 0) {
        const struct market *market = market_by_id(stmt_text(s, 1));
        bool is_in = !stmt_is_null(s, 4);
        int64_t changes = stmt_int(s, 5), ended = stmt_int(s, 6) + stmt_int(s, 7);
        if (!has_any)
            element_add(l, VIEW_ITEMS)->title = (struct souk_msg)SOUK_MSG("outgoing.files");
        has_any = true;
        element_add(l, VIEW_ITEM)->item = (struct souk_item){
            .size = sizeof(struct souk_item), .tone = is_in || !changes ? SOUK_PLAIN : SOUK_WATCH,
            .title = element_msg(v->a, text_is(stmt_text(s, 2), "price_quantity") ? "outgoing.file_prices" : "outgoing.file_loader",
                                 { "file", souk_count(stmt_int(s, 0)) }, { "market", souk_text(market ? market->name : "") }),
            .note = element_msg(v->a, "outgoing.file_note", { "at", souk_instant(stmt_int(s, 3)) }, { "n", souk_count(changes) },
                                { "confirmed", souk_count(stmt_int(s, 6)) }, { "failed", souk_count(stmt_int(s, 7)) }),
            .badge = { .key = !changes ? "outgoing.file_empty" : !is_in ? "outgoing.file_made"
                                       : ended < changes ? "outgoing.file_in" : "outgoing.file_ended" },
            .to = to_ref(v->a, "outgoing_file", arena_printf(v->a, "%" PRId64, stmt_int(s, 0))),
        };
        if (!is_in && changes)
            element_button(l, &(const struct element_button){
                .command = "outgoing.handed_in", .text = "command.outgoing.handed_in", .note = "outgoing.upload",
                .args = SOUK_ARGS({ "file", souk_count(stmt_int(s, 0)) }),
            });
        element_add(l, VIEW_END);
    }
    if (has_any)
        element_add(l, VIEW_END);
    return rc;
}

/* ---- the page ------------------------------------------------------------------------------------------------ */

static void put_states(struct visit *v, const char *chosen)
{
    static const char *const shown[] = { "open", "conflict", "queued", "handed_in", "confirmed", "failed", "all" };
    html_links_begin(&v->reply->body, visit_say(v, "outgoing.states"));
    for (size_t i = 0; i < COUNT_OF(shown); i++)
        html_link(&v->reply->body, visit_say(v, arena_printf(v->a, "outgoing.state_%s", shown[i])),
                  visit_link(v, v->path, v->face.keep, "state", shown[i]), text_is(shown[i], chosen));
    html_links_end(&v->reply->body);
}

static int from_asked(struct visit *v, int64_t *from, struct err *err)
{
    const char *before = visit_arg(v, "before");
    *from = INT64_MAX;
    if (before && (!text_int(before, from) || *from < 1))
        return err_set(err, ERR_INPUT, "'%.20s' is no number of an outgoing change.", before);
    *from -= before != NULL;
    return 0;
}

int page_outgoing(struct visit *v, struct err *err)
{
    struct elements l = { .a = v->a };
    struct change *change;
    struct buf *out = &v->reply->body;
    size_t n;
    int64_t from;
    const char *state = state_asked(v, err);
    if (!state || from_asked(v, &from, err) < 0 || changes_read(v, state, from, AT_ONCE + 1, &change, &n, err) < 0)
        return -err->code;
    if (from == INT64_MAX && (put_waiting(v, &l, err) < 0 || put_files(v, &l, err) < 0))
        return -err->code;
    if (n)
        element_add(&l, VIEW_ITEMS)->title = (struct souk_msg)SOUK_MSG("outgoing.changes");
    for (size_t i = 0; i < n && i < AT_ONCE; i++)
        put_change(v, &l, &change[i]);
    if (n)
        element_add(&l, VIEW_END);
    visit_page(v, visit_say(v, "outgoing.title"));
    visit_switches(v);
    v->page.periods = NULL;                             /* what waits has no period */
    v->page.n_periods = 0;
    html_begin(out, &v->page);
    html_paragraph(out, visit_say(v, "outgoing.about"));
    put_states(v, state);
    html_live_begin(out, "outbox listings");
    if (l.n)
        html_view(out, &v->face, l.at, l.n);
    if (!n)
        html_notice(out, SOUK_INFO, visit_say(v, "outgoing.none"));
    html_live_end(out);
    html_links_begin(out, visit_say(v, "links.label"));
    if (n > AT_ONCE)
        html_link(out, visit_say(v, "outgoing.older"),
                  visit_link(v, visit_link(v, v->path, v->face.keep, "state", state), "", "before",
                             arena_printf(v->a, "%" PRId64, change[AT_ONCE - 1].no)), false);
    html_link(out, visit_say(v, "links.json"),
              visit_link(v, arena_printf(v->a, "/api/v1/a/%s/outgoing", v->account), v->face.keep, "state", state), false);
    html_links_end(out);
    visit_page_done(v);
    return 0;
}

int page_outgoing_file(struct visit *v, struct err *err)
{
    const char *text = visit_part(v, "file"), *name;
    int64_t file;
    if (!text_int(text, &file) || file < 1)
        return err_set(err, ERR_ABSENT, "'%.20s' is no number of an outgoing file.", text);
    if (flatfile_write(&v->reply->body, v->a, v->db, file, &name, err) < 0)
        return -err->code;
    v->reply->file_name = name;
    visit_done(v, "text/tab-separated-values; charset=utf-8");
    return 0;
}

/* A value as the API writes it: whole numbers, amounts as texts, none as null. */
static json_t *json_of(const struct souk_value *v)
{
    struct buf text = { 0 };
    if (v->type == SOUK_NONE)
        return json_null();
    if (v->type == SOUK_COUNT)
        return json_integer(v->num);
    buf_minor(&text, v->num, currency_digits(v->currency));
    buf_printf(&text, " %s", v->currency);
    json_t *j = json_string(buf_str(&text));
    buf_free(&text);
    return j;
}

int api_outgoing(struct visit *v, struct err *err)
{
    struct change *change;
    size_t n;
    int64_t from;
    const char *state = state_asked(v, err);
    if (!state || from_asked(v, &from, err) < 0 || changes_read(v, state, from, AT_ONCE + 1, &change, &n, err) < 0)
        return -err->code;
    json_t *all = json_array();
    for (size_t i = 0; i < n && i < AT_ONCE; i++) {
        const struct change *c = &change[i];
        struct buf at = { 0 }, since = { 0 };
        buf_instant(&at, c->at_s);
        buf_instant(&since, c->since_s);
        json_array_append_new(all, json_pack("{s:I, s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:s, s:s, s:s, s:s, s:I}",
            "outgoing", (json_int_t)c->no, "market", c->market ? c->market->id : "", "sku", c->sku, "kind", c->kind,
            "state", c->state, "at", buf_str(&at), "since", buf_str(&since), "price", json_of(&c->price),
            "was_price", json_of(&c->was_price), "quantity", json_of(&c->quantity), "was_quantity", json_of(&c->was_quantity),
            "status", c->status, "conflict", c->conflict, "reason", c->reason, "why", c->why, "file", (json_int_t)c->file));
        buf_free(&at);
        buf_free(&since);
    }
    json_t *j = json_pack("{s:s, s:o}", "account", v->account, "outgoing", all);
    if (n > AT_ONCE)
        json_object_set_new(j, "before", json_integer(change[AT_ONCE - 1].no));
    json_write(&v->reply->body, j);
    visit_done(v, "application/json");
    return 0;
}
