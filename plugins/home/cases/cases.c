/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cases.c: talks with the marketplace's support: which of them ask for something, which were answered, which
 * close by themselves.
 *
 * A case whose marketplace is not known belongs to each of them.
 */
#include "cases.h"

#define OF_MARKET "(:market = 'all' OR coalesce(market, :market) = :market)"
#define ROW "case_id, subject, state, ref, opened, changed, closes, market"
#define ROW_COLUMNS "case_id:text subject:text state:text about:ref opened:instant changed:instant closes:instant market:market"
enum { C_ID, C_SUBJECT, C_STATE, C_ABOUT, C_OPENED, C_CHANGED, C_CLOSES, C_MARKET, C_COLUMNS };
enum { PAGE_ROWS = 50, CARD_ITEMS = 5, RECENT_DAYS = 7, SOON_DAYS = 7 };

static const struct souk_query queries[] = {
    {
        .size = sizeof(struct souk_query), .id = "newest", .title = "title",
        .sql = "SELECT changed FROM v1_cases LIMIT 1", .columns = "changed:instant",
    },
    {
        .size = sizeof(struct souk_query), .id = "badge", .title = "title",
        .sql = "SELECT count(*), CAST(coalesce(sum(CASE state WHEN 'attention' THEN 1 ELSE 0 END), 0) AS BIGINT)"
               " FROM v1_cases WHERE state IN ('attention', 'answered')",
        .columns = "count:count urgent:count",
    },
    {
        .size = sizeof(struct souk_query), .id = "by_state", .title = "by_state",
        .sql = "SELECT state, count(*) FROM v1_cases WHERE " OF_MARKET " GROUP BY state",
        .params = "market:text", .columns = "state:text cases:count+total",
    },
    {
        .size = sizeof(struct souk_query), .id = "in_state", .title = "in_state", .about = "in_state_about", .max_rows = 100000,
        .sql = "SELECT " ROW " FROM v1_cases"
               " WHERE state IN (:state, :other) AND changed >= :since AND " OF_MARKET
               " ORDER BY changed DESC, case_id",
        .params = "market:text state:text other:text since:instant", .columns = ROW_COLUMNS,
    },
    {
        .size = sizeof(struct souk_query), .id = "in_state_count", .title = "in_state",
        .sql = "SELECT count(*) FROM v1_cases WHERE state IN (:state, :other) AND changed >= :since AND " OF_MARKET,
        .params = "market:text state:text other:text since:instant", .columns = "cases:count",
    },
    {
        .size = sizeof(struct souk_query), .id = "closing", .title = "closing", .about = "closing_about",
        .sql = "SELECT " ROW " FROM v1_cases WHERE closes < :before AND state <> 'closed' AND " OF_MARKET
               " ORDER BY closes, case_id",
        .params = "market:text before:instant", .columns = ROW_COLUMNS,
    },
    {
        .size = sizeof(struct souk_query), .id = "list", .title = "list", .about = "list_about", .max_rows = 100000,
        .sql = "SELECT " ROW " FROM v1_cases"
               " WHERE ((state = 'open' AND :open = 1) OR (state = 'answered' AND :answered = 1)"
               " OR (state = 'attention' AND :attention = 1) OR (state = 'reopened' AND :reopened = 1)"
               " OR (state = 'closed' AND :closed = 1)"
               " OR (state NOT IN ('open', 'answered', 'attention', 'reopened', 'closed') AND :other = 1))"
               " AND changed <= :until AND (changed < :until OR case_id > :after) AND " OF_MARKET
               " ORDER BY changed DESC, case_id LIMIT :limit",
        .params = "market:text open:bool answered:bool attention:bool reopened:bool closed:bool other:bool until:instant"
                  " after:text limit:count",
        .columns = ROW_COLUMNS,
    },
    {
        .size = sizeof(struct souk_query), .id = "one", .title = "list",
        .sql = "SELECT " ROW ", source FROM v1_cases WHERE case_id = :case_id", .params = "case_id:text",
        .columns = ROW_COLUMNS " source:text",
    },
    {
        .size = sizeof(struct souk_query), .id = "letters", .title = "letters", .max_rows = 1000,
        .sql = "SELECT letter, at, side, state, sender, subject, substr(body, 1, 100000), length(body)"
               " FROM v1_case_letters WHERE case_id = :case_id ORDER BY at DESC, letter DESC LIMIT :limit",
        .params = "case_id:text limit:count",
        .columns = "letter:count at:instant side:text state:text sender:text subject:text body:text length:count",
    },
    {
        .size = sizeof(struct souk_query), .id = "done", .title = "done", .about = "done_about",
        .sql = "SELECT at, 'command.' || replace(command, 'cases.close_answered > ', ''), actor, via FROM v1_audit WHERE ref = :about AND result = 'ok' ORDER BY entry DESC",
        .params = "about:ref", .columns = "at:instant command:key actor:text via:text",
    },
    {
        .size = sizeof(struct souk_query), .id = "answered_before", .title = "answered_before",
        .sql = "SELECT case_id FROM v1_cases WHERE state = 'answered' AND changed < :before ORDER BY changed, case_id",
        .params = "before:instant", .columns = "case_id:text",
    },
};

/* ---- words ----------------------------------------------------------------------------------------------- */

const struct souk_choice case_states[5] = {
    { "open", "case.state.open" }, { "answered", "case.state.answered" }, { "attention", "case.state.attention" },
    { "reopened", "case.state.reopened" }, { "closed", "case.state.closed" },
};

struct souk_value state_word(const struct souk_value *state)
{
    for (unsigned i = 0; i < sizeof case_states / sizeof *case_states; i++)
        if (souk_is(state, case_states[i].value))
            return souk_key(case_states[i].title);
    return *state;
}

uint32_t state_tone(const struct souk_value *state)
{
    return souk_is(state, "attention") ? SOUK_BAD : souk_is(state, "answered") ? SOUK_WATCH : SOUK_PLAIN;
}

struct souk_msg closes_msg(const struct souk_ask *ask, const struct souk_value *state, const struct souk_value *closes,
                           struct souk_arg room[1])
{
    const int64_t left_s = closes->num - ask->now_s;
    struct souk_msg msg = { NULL, { room, 1, 0 } };
    if (closes->type == SOUK_NONE || souk_is(state, "closed"))
        return (struct souk_msg){ NULL, { 0, 0, 0 } };
    if (left_s < 0) {
        msg.key = "closes_past";
        room[0] = (struct souk_arg){ "at", *closes };
    } else if (left_s < DAY_S) {
        msg.key = "closes_soon";
        room[0] = (struct souk_arg){ "left", souk_number(SOUK_SECONDS, left_s, 0) };
    } else {
        msg.key = "closes_in";
        room[0] = (struct souk_arg){ "days", souk_count(left_s / DAY_S) };
    }
    return msg;
}

static const char *market_of(const struct souk_ask *ask)
{
    return ask->n_markets == 1 ? souk_market_at(ask, 0)->id : "all";
}

/* ---- figures --------------------------------------------------------------------------------------------- */

struct figure {
    const char *label, *why, *state, *other;
    uint32_t days, tone;                                /* days: changed within so many; 0: ever */
};

static int figure_put(struct souk_call *call, const struct souk_ask *ask, const struct figure *f)
{
    struct souk_rows rows;
    const struct souk_args args = SOUK_ARGS({ "market", souk_text(market_of(ask)) }, { "state", souk_text(f->state) },
        { "other", souk_text(f->other) },
        { "since", souk_instant(f->days ? ask->now_s - (int64_t)f->days * DAY_S : NEVER) });
    int rc = souk_query_args(call, &rows, "in_state_count", args);
    if (rc < 0)
        return rc;
    int64_t cases = souk_num(&rows, 0, 0, 0);
    souk_stat(call, .label = SOUK_MSG(f->label, { "days", souk_count(f->days) }), .value = souk_count(cases),
              .tone = cases ? f->tone : SOUK_PLAIN, .to = SOUK_TO(.query = "in_state", .args = args),
              .why = SOUK_WHY(.rows = "in_state", .args = args, .formula = SOUK_MSG(f->why, { "days", souk_count(f->days) })));
    return 0;
}

static int figures_put(struct souk_call *call, const struct souk_ask *ask)
{
    static const struct figure figures[] = {
        { "attention", "attention_why", "attention", "attention", 0, SOUK_BAD },
        { "open", "open_why", "open", "reopened", 0, SOUK_PLAIN },
        { "answered", "answered_why", "answered", "answered", RECENT_DAYS, SOUK_WATCH },
    };
    struct souk_rows closing;
    int rc = 0;
    for (unsigned i = 0; i < sizeof figures / sizeof *figures && rc >= 0; i++)
        rc = figure_put(call, ask, &figures[i]);
    const struct souk_args soon = SOUK_ARGS({ "market", souk_text(market_of(ask)) },
                                            { "before", souk_instant(ask->now_s + (int64_t)SOON_DAYS * DAY_S) });
    if (rc >= 0)
        rc = souk_query_args(call, &closing, "closing", soon);
    if (rc < 0)
        return rc;
    souk_stat(call, .label = SOUK_MSG("closing_soon", { "days", souk_count(SOON_DAYS) }), .value = souk_count(closing.n_rows),
              .tone = closing.n_rows ? SOUK_WATCH : SOUK_PLAIN, .to = SOUK_TO(.query = "closing", .args = soon),
              .why = SOUK_WHY(.rows = "closing", .args = soon,
                              .formula = SOUK_MSG("closing_why", { "days", souk_count(SOON_DAYS) })));
    return 0;
}

/* ---- the card -------------------------------------------------------------------------------------------- */

static void item_put(struct souk_call *call, const struct souk_ask *ask, const struct souk_rows *rows, uint32_t row)
{
    char ref[SOUK_REF_MAX];
    struct souk_arg room[1];
    const struct souk_value *id = souk_cell(rows, row, C_ID), *subject = souk_cell(rows, row, C_SUBJECT);
    const struct souk_value *state = souk_cell(rows, row, C_STATE), *closes = souk_cell(rows, row, C_CLOSES);
    const struct souk_msg until = closes_msg(ask, state, closes, room);
    souk_item(call, .tone = state_tone(state), .badge = SOUK_MSG("state_is", { "state", state_word(state) }),
              .title = subject->text.len ? (struct souk_msg)SOUK_MSG("case_subject", { "subject", *subject })
                                         : (struct souk_msg)SOUK_MSG("case_number", { "case", *id }),
              .note = SOUK_MSG("case_note", { "case", *id }, { "changed", *souk_cell(rows, row, C_CHANGED) }),
              .due = souk_is(state, "closed") ? souk_none() : *closes, .to = SOUK_TO(.ref = souk_ref_of(ref, "case", id->text.at)));
    if (until.key)
        souk_text_line(call, .text = until);
    souk_end(call);
}

/* What asks for something first, then what closes soon, then what was answered; each once. */
static int items_put(struct souk_call *call, const struct souk_ask *ask)
{
    struct souk_rows rows[3];
    const struct souk_value market = souk_text(market_of(ask));
    const char *shown[CARD_ITEMS];
    uint32_t n = 0;
    int rc = souk_query(call, &rows[0], "in_state", { "market", market }, { "state", souk_text("attention") },
                        { "other", souk_text("attention") }, { "since", souk_instant(NEVER) });
    if (rc >= 0)
        rc = souk_query(call, &rows[1], "closing", { "market", market },
                        { "before", souk_instant(ask->now_s + (int64_t)SOON_DAYS * DAY_S) });
    if (rc >= 0)
        rc = souk_query(call, &rows[2], "in_state", { "market", market }, { "state", souk_text("answered") },
                        { "other", souk_text("answered") },
                        { "since", souk_instant(ask->now_s - (int64_t)RECENT_DAYS * DAY_S) });
    if (rc < 0)
        return rc;
    for (unsigned k = 0; k < 3; k++)
        for (uint32_t i = 0; i < rows[k].n_rows && n < CARD_ITEMS; i++) {
            uint32_t same = 0;
            while (same < n && !souk_is(souk_cell(&rows[k], i, C_ID), shown[same]))
                same++;
            if (same < n)
                continue;
            if (!n)
                souk_items(call, "look_at");
            shown[n++] = souk_cell(&rows[k], i, C_ID)->text.at;
            item_put(call, ask, &rows[k], i);
        }
    if (n)
        souk_end(call);
    return 0;
}

static int card(struct souk_call *call, const struct souk_ask *ask)
{
    int rc = figures_put(call, ask);
    if (rc >= 0)
        rc = items_put(call, ask);
    souk_text_line(call, .text = SOUK_MSG("to_page"), .to = SOUK_TO(.widget = "cases"));
    souk_until(call, ask->now_s + MINUTE_S);
    return rc;
}

/* ---- the page -------------------------------------------------------------------------------------------- */

struct chosen {                                         /* states to show */
    int is[5], other;
    int any;                                            /* somebody ticked one */
};

/* Nothing ticked: all that is not closed; of found ones, all. */
static struct chosen states_chosen(const struct souk_ask *ask)
{
    struct chosen c = { { 0 }, 0, 0 };
    for (int i = 0; i < 5; i++)
        c.any |= c.is[i] = souk_option(ask, case_states[i].value)->num != 0;
    for (int i = 0; i < 5 && !c.any; i++)
        c.is[i] = !souk_is_same(case_states[i].value, "closed");
    c.other = !c.any;
    return c;
}

static int is_chosen(const struct chosen *c, const struct souk_value *state)
{
    for (int i = 0; i < 5; i++)
        if (souk_is(state, case_states[i].value))
            return c->is[i];
    return c->other;
}

static void row_put(struct souk_value *to, char ref[SOUK_REF_MAX], const struct souk_rows *rows, uint32_t row)
{
    to[0] = souk_ref(souk_ref_of(ref, "case", souk_cell(rows, row, C_ID)->text.at));
    to[1] = *souk_cell(rows, row, C_SUBJECT);
    to[2] = state_word(souk_cell(rows, row, C_STATE));
    if (to[2].type == SOUK_TEXT)
        to[2].type = SOUK_KEY;                          /* a missing text shows itself */
    to[3] = *souk_cell(rows, row, C_ABOUT);
    to[4] = *souk_cell(rows, row, C_OPENED);
    to[5] = *souk_cell(rows, row, C_CHANGED);
    to[6] = *souk_cell(rows, row, C_CLOSES);
    to[7] = *souk_cell(rows, row, C_MARKET);
}
#define SHOWN_COLUMNS "case:ref subject:text state:key about:ref opened:instant changed:instant closes:instant market:market"

static int found_put(struct souk_call *call, const struct souk_ask *ask, const struct souk_value *words)
{
    enum { HITS = 100 };
    char ref[PAGE_ROWS][SOUK_REF_MAX];
    struct souk_value cell[PAGE_ROWS * C_COLUMNS];
    struct chosen states = states_chosen(ask);
    struct souk_rows hits, one;
    uint32_t n = 0;
    int rc = call->query->search(call, "case", words->text.at, HITS, &hits);
    for (uint32_t i = 0; i < hits.n_rows && n < PAGE_ROWS && rc >= 0; i++) {
        rc = souk_query(call, &one, "one", { "case_id", souk_text(souk_cell(&hits, i, 1)->text.at + sizeof "case:" - 1) });
        if (rc < 0 || !one.n_rows || (states.any && !is_chosen(&states, souk_cell(&one, 0, C_STATE))))
            continue;
        row_put(&cell[n * C_COLUMNS], ref[n], &one, 0);
        n++;
    }
    if (rc < 0)
        return rc;
    if (!n)
        souk_text_line(call, .text = SOUK_MSG("found_none", { "words", *words }));
    else
        souk_table(call, .title = SOUK_MSG("found", { "words", *words }), .rows = { SHOWN_COLUMNS, cell, C_COLUMNS, n, 0, 0 },
                   .why = SOUK_WHY(.formula = SOUK_MSG("found_why", { "words", *words })));
    if (hits.is_cut || n == PAGE_ROWS)
        souk_text_line(call, .text = SOUK_MSG("found_more"));
    return 0;
}

static int list_put(struct souk_call *call, const struct souk_ask *ask)
{
    char ref[PAGE_ROWS][SOUK_REF_MAX], room[SOUK_CURSOR_MAX];
    struct souk_value cell[PAGE_ROWS * C_COLUMNS];
    struct chosen c = states_chosen(ask);
    struct souk_rows rows;
    struct souk_cursor place = { FOREVER, 0, "" };
    souk_cursor_read(souk_option(ask, "place")->text.at, &place);
#define ARGS(until_s, behind, most) SOUK_ARGS({ "market", souk_text(market_of(ask)) }, { "open", souk_bool(c.is[0]) }, \
        { "answered", souk_bool(c.is[1]) }, { "attention", souk_bool(c.is[2]) }, { "reopened", souk_bool(c.is[3]) }, \
        { "closed", souk_bool(c.is[4]) }, { "other", souk_bool(c.other) }, { "until", souk_instant(until_s) }, \
        { "after", souk_text(behind) }, { "limit", souk_count(most) })
    const struct souk_args args = ARGS(place.at, place.id, PAGE_ROWS + 1), all = ARGS(FOREVER, "", 100000);
#undef ARGS
    int rc = souk_query_args(call, &rows, "list", args);
    if (rc < 0)
        return rc;
    uint32_t n = rows.n_rows > PAGE_ROWS ? PAGE_ROWS : rows.n_rows;
    for (uint32_t i = 0; i < n; i++)
        row_put(&cell[i * C_COLUMNS], ref[i], &rows, i);
    if (!n)
        souk_text_line(call, .text = SOUK_MSG("list_none"));
    else
        souk_table(call, .title = SOUK_MSG(c.any ? "list" : "list_open"), .rows = { SHOWN_COLUMNS, cell, C_COLUMNS, n, 0, 0 },
                   .why = SOUK_WHY(.rows = "list", .args = all, .formula = SOUK_MSG("list_about")));
    if (rows.n_rows > n)
        souk_pager(call, .next = SOUK_TO(.widget = "cases", .args = SOUK_ARGS(
            { "open", souk_bool(c.any && c.is[0]) }, { "answered", souk_bool(c.any && c.is[1]) },
            { "attention", souk_bool(c.any && c.is[2]) }, { "reopened", souk_bool(c.any && c.is[3]) },
            { "closed", souk_bool(c.any && c.is[4]) },
            { "place", souk_text(souk_cursor_write(room, 0, souk_num(&rows, n - 1, C_CHANGED, 0), souk_cell(&rows, n - 1, C_ID)->text.at)) })));
    return 0;
}

static int states_put(struct souk_call *call, const struct souk_ask *ask)
{
    struct souk_rows rows;
    const struct souk_value market = souk_text(market_of(ask));
    int rc = souk_query(call, &rows, "by_state", { "market", market });
    if (rc < 0)
        return rc;
    for (uint32_t i = 0; i < rows.n_rows; i++) {
        const struct souk_value *state = souk_cell(&rows, i, 0);
        const struct souk_args args = SOUK_ARGS({ "market", market }, { "state", *state }, { "other", *state },
                                                { "since", souk_instant(NEVER) });
        souk_fact(call, .label = SOUK_MSG("state_is", { "state", state_word(state) }), .value = *souk_cell(&rows, i, 1),
                  .to = SOUK_TO(.query = "in_state", .args = args),
                  .why = SOUK_WHY(.rows = "in_state", .args = args, .formula = SOUK_MSG("in_state_about")));
    }
    return 0;
}

static void add_form(struct souk_call *call)
{
    static const struct souk_field fields[] = {
        { .size = sizeof(struct souk_field), .type = SOUK_FIELD_LINE, .name = "subject", .title = "field_subject",
          .flags = SOUK_FIELD_NEEDED },
        { .size = sizeof(struct souk_field), .type = SOUK_FIELD_LINE, .name = "case", .title = "field_case",
          .about = "field_case_about" },
        { .size = sizeof(struct souk_field), .type = SOUK_FIELD_MARKET, .name = "market", .title = "field_market" },
        { .size = sizeof(struct souk_field), .type = SOUK_FIELD_LINE, .name = "ref", .title = "field_about",
          .about = "field_about_about" },
        { .size = sizeof(struct souk_field), .type = SOUK_FIELD_AREA, .name = "body", .title = "field_body" },
        { .size = sizeof(struct souk_field), .type = SOUK_FIELD_INSTANT, .name = "closes", .title = "field_closes",
          .zone_of = "market" },
    };
    souk_form(call, .command = "case.add", .title = SOUK_MSG("add_title"), .button = SOUK_MSG("add_button"),
              .note = SOUK_MSG("add_note"), .fields = SOUK_LIST(fields), .is_folded = 1);
}

static const struct souk_field close_fields[] = {
    { .size = sizeof(struct souk_field), .type = SOUK_FIELD_COUNT, .name = "days", .title = "field_days",
      .flags = SOUK_FIELD_NEEDED, .fallback = SOUK_NUMBER(SOUK_COUNT, 30), .min = 1, .max = 3650 },
};

static int page(struct souk_call *call, const struct souk_ask *ask)
{
    const struct souk_value *words = souk_option(ask, "find");
    int rc = figures_put(call, ask);
    if (rc >= 0)
        rc = words->text.len ? found_put(call, ask, words) : list_put(call, ask);
    if (rc < 0)
        return rc;
    souk_section(call, "by_state");
    rc = states_put(call, ask);
    souk_end(call);
    add_form(call);
    souk_form(call, .command = "cases.close_answered", .title = SOUK_MSG("close_title"), .button = SOUK_MSG("close_button"),
              .note = SOUK_MSG("close_about"), .fields = SOUK_LIST(close_fields), .is_folded = 1);
    souk_until(call, ask->now_s + MINUTE_S);
    return rc;
}

static int render(void *self, struct souk_call *call, const struct souk_ask *ask)
{
    const struct souk_value *asked = souk_option(ask, "case");
    struct souk_rows newest;
    (void)self;
    if (ask->face == SOUK_PAGE && asked->text.len)
        return one_render(call, ask, asked);
    int rc = souk_query_all(call, &newest, "newest");
    if (rc < 0)
        return rc;
    if (newest.n_rows)
        return ask->face == SOUK_PAGE ? page(call, ask) : card(call, ask);
    souk_empty(call, .text = SOUK_MSG("no_data"), .fills = "amazon.mail");
    if (ask->face == SOUK_PAGE)
        add_form(call);
    else
        souk_text_line(call, .text = SOUK_MSG("to_add"), .to = SOUK_TO(.widget = "cases"));
    return 0;
}

/* ---- a command ------------------------------------------------------------------------------------------- */

/* Cases that were answered long ago and that nobody touched since are closed. */
static int plan_close(void *self, struct souk_call *call, const struct souk_ask *ask, const struct souk_args *args)
{
    struct souk_rows rows;
    (void)self;
    int rc = souk_query(call, &rows, "answered_before",
                        { "before", souk_instant(ask->now_s - souk_given(args, "days")->num * DAY_S) });
    for (uint32_t i = 0; i < rows.n_rows && rc >= 0; i++)
        rc = souk_plan(call, "case.state", { "case", *souk_cell(&rows, i, 0) }, { "state", souk_text("closed") });
    return rc;
}

static const struct souk_command close_answered = {
    .size = sizeof close_answered, .right = SOUK_MAY_EDIT, .id = "cases.close_answered", .title = "close_title",
    .about = "close_about", .fields = SOUK_LIST(close_fields), .plan = plan_close,
};

/* ---- what it is ------------------------------------------------------------------------------------------ */

#define TICK(its_name) { .size = sizeof(struct souk_field), .type = SOUK_FIELD_BOOL, .name = (its_name), \
        .title = "case.state." its_name, .fallback = SOUK_NUMBER(SOUK_BOOL, 0) }
static const struct souk_field options[] = {
    TICK("open"), TICK("answered"), TICK("attention"), TICK("reopened"), TICK("closed"),
    { .size = sizeof(struct souk_field), .type = SOUK_FIELD_LINE, .name = "find", .title = "option_find",
      .fallback = SOUK_WORD(SOUK_TEXT, ""), .max = 200 },
    { .size = sizeof(struct souk_field), .type = SOUK_FIELD_LINE, .name = "place", .title = "option_place",
      .fallback = SOUK_WORD(SOUK_TEXT, ""), .max = SOUK_CURSOR_MAX, .flags = SOUK_FIELD_QUIET },
};
static const struct souk_widget widget = {
    .size = sizeof widget, .area = 4, .id = "cases", .title = "title", .width = 1, .options = SOUK_LIST(options),
    .render = render, .shows = "case", .badge = "badge",
};
static const struct souk_offer offers[] = { { SOUK_WIDGET, &widget }, { SOUK_COMMAND, &close_answered } };

SOUK_PLUGIN = {
    .size = sizeof(struct souk_plugin), .built = SOUK_SDK_NOW, .needs = SOUK_SDK(0, 2),
    .id = "org.souk.cases", .version = "0.2.0", .title = "title",
    .wants = "souk.view/1 souk.query/1 souk.plan/1",
    .reads = "v1_cases v1_case_letters v1_audit",
    .commands = "case.add case.reply case.draft case.note case.state case.ref case.discard",
    .offers = SOUK_LIST(offers), .queries = SOUK_LIST(queries),
};
