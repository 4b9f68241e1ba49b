/* SPDX-License-Identifier: Apache-2.0 */
/*
 * list.c: talks, the most urgent or the newest first, fifty at a time; and what waits in the outbox.
 *
 * Where the next page begins stands in the address: behind an instant and a talk.  For talks that wait the
 * instant is when they are due, so that markets with different limits mix as they should.
 */
#include "messages.h"

static int compare(const char *a, const char *b)
{
    while (*a && *a == *b)
        a++, b++;
    return (unsigned char)*a - (unsigned char)*b;
}

/* ---- one talk -------------------------------------------------------------------------------------------- */

void talk_put(struct souk_call *call, const struct souk_ask *ask, const struct places *p, const struct souk_rows *rows,
              uint32_t row)
{
    char ref[SOUK_REF_MAX];
    const struct souk_value *subject = souk_cell(rows, row, TALK_SUBJECT), *buyer = souk_cell(rows, row, TALK_BUYER),
                            *market = souk_cell(rows, row, TALK_MARKET), *waits = souk_cell(rows, row, TALK_WAITS);
    const struct place *place = place_of(p, market);
    const int64_t limit_s = place ? place->limit_s : 0, due_s = waits->num + limit_s, left_s = due_s - ask->now_s;
    const struct souk_arg left = { "left", souk_number(SOUK_SECONDS, left_s < 0 ? -left_s : left_s, 0) };
    const struct souk_value due_at = souk_instant(due_s);
    struct souk_msg badge = SOUK_MSG("state_answered");
    struct souk_value due = souk_none();
    uint32_t tone = SOUK_PLAIN;
    if (waits->type != SOUK_NONE && limit_s) {
        due = at_place(&due_at, place);
        tone = left_s < 0 ? SOUK_BAD : left_s < limit_s / 4 ? SOUK_WATCH : SOUK_PLAIN;
        badge.key = left_s < 0 ? "state_over" : "state_left";
        badge.args = (struct souk_args){ &left, 1, 0 };
        souk_until(call, ask->now_s + MINUTE_S);
    } else if (waits->type != SOUK_NONE) {
        badge.key = "state_waits";
    } else if (souk_cell(rows, row, TALK_OUT)->type == SOUK_NONE) {
        badge.key = "state_no_answer";
    }
    const struct souk_msg title = subject->text.len ? (struct souk_msg)SOUK_MSG("talk_subject", { "subject", *subject })
                                                    : (struct souk_msg)SOUK_MSG("no_subject");
    souk_item(call, .tone = tone, .title = title, .badge = badge, .due = due,
              .note = SOUK_MSG("talk_note", { "buyer", text_or(buyer, "none") },
                               { "order", text_or(souk_cell(rows, row, TALK_ORDER), "none") },
                               { "market", market->type == SOUK_NONE ? souk_text("none") : *market },
                               { "letters", *souk_cell(rows, row, TALK_LETTERS) },
                               { "last", at_place(souk_cell(rows, row, TALK_LAST), place) }),
              .to = SOUK_TO(.ref = souk_ref_of(ref, "thread", souk_cell(rows, row, TALK_THREAD)->text.at)));
    souk_end(call);
}

static void pages_put(struct souk_call *call, const struct souk_ask *ask, const char *next)
{
    if (next)
        souk_pager(call, .next = SOUK_TO(.widget = "messages", .args = SOUK_ARGS({ "state", *souk_option(ask, "state") },
                                                                                { "place", souk_text(next) })));
}

/* ---- talks that wait ------------------------------------------------------------------------------------- */

/* The next of all markets: each row is in the order of its own market, the least due of them comes first. */
static int put_next(struct souk_call *call, const struct souk_ask *ask, const struct places *p, const struct souk_rows *rows,
                    uint32_t *taken, char room[SOUK_CURSOR_MAX])
{
    const struct place *first = NULL;
    uint32_t at = 0;
    for (uint32_t i = 0; i < p->n; i++) {
        if (taken[i] == rows[i].n_rows)
            continue;
        int64_t due_s = souk_num(&rows[i], taken[i], TALK_WAITS, 0) + p->at[i].limit_s;
        int64_t best_s = first ? souk_num(&rows[at], taken[at], TALK_WAITS, 0) + first->limit_s : 0;
        if (!first || due_s < best_s
            || (due_s == best_s && compare(souk_cell(&rows[i], taken[i], TALK_THREAD)->text.at,
                                           souk_cell(&rows[at], taken[at], TALK_THREAD)->text.at) < 0)) {
            first = &p->at[i];
            at = i;
        }
    }
    if (!first)
        return 0;
    if (!room)
        return 1;
    souk_cursor_write(room, 0, souk_num(&rows[at], taken[at], TALK_WAITS, 0) + first->limit_s,
                 souk_cell(&rows[at], taken[at], TALK_THREAD)->text.at);
    talk_put(call, ask, p, &rows[at], taken[at]++);
    return 1;
}

/* Of each market the first so many behind a place. */
static int waiting_read(struct souk_call *call, const struct places *p, const struct souk_cursor *behind, int64_t limit,
                        struct souk_rows *rows, uint32_t *taken)
{
    static const struct souk_rows none;
    for (uint32_t i = 0; i < p->n; i++) {
        rows[i] = none;
        taken[i] = 0;
        int rc = !p->at[i].threads ? 0
            : souk_query(call, &rows[i], "waiting_page", { "market", p->at[i].market },
                         { "since", souk_instant(behind->at - p->at[i].limit_s) }, { "after", souk_text(behind->id) },
                         { "limit", souk_count(limit) });
        if (rc < 0)
            return rc;
    }
    return 0;
}

int urgent_render(struct souk_call *call, const struct souk_ask *ask, const struct places *p)
{
    enum { SHOWN = 4 };
    struct souk_rows rows[PLACES_MAX];
    uint32_t taken[PLACES_MAX], n = 0;
    char room[SOUK_CURSOR_MAX];
    int rc = waiting_read(call, p, &(struct souk_cursor){ NEVER, 0, "" }, SHOWN, rows, taken);
    if (rc < 0)
        return rc;
    souk_items(call, "oldest");
    while (n < SHOWN && put_next(call, ask, p, rows, taken, room))
        n++;
    souk_end(call);
    return 0;
}

static int waiting_list(struct souk_call *call, const struct souk_ask *ask, const struct places *p)
{
    struct souk_rows rows[PLACES_MAX];
    uint32_t taken[PLACES_MAX], n = 0;
    char room[SOUK_CURSOR_MAX];
    struct souk_cursor behind = { NEVER, 0, "" };
    souk_cursor_read(souk_option(ask, "place")->text.at, &behind);
    int rc = waiting_read(call, p, &behind, PAGE_ITEMS + 1, rows, taken);
    if (rc < 0)
        return rc;
    if (!put_next(call, ask, p, rows, taken, NULL)) {
        souk_text_line(call, .text = SOUK_MSG("nobody_waits"));
        return 0;
    }
    souk_items(call, "most_urgent_first");
    while (n < PAGE_ITEMS && put_next(call, ask, p, rows, taken, room))
        n++;
    souk_end(call);
    pages_put(call, ask, put_next(call, ask, p, rows, taken, NULL) ? room : NULL);
    return 0;
}

/* ---- all talks ------------------------------------------------------------------------------------------- */

static int talk_list(struct souk_call *call, const struct souk_ask *ask, const struct places *p, const struct souk_value *state)
{
    char room[SOUK_CURSOR_MAX];
    struct souk_rows rows;
    struct souk_cursor behind = { FOREVER, 0, "" };
    souk_cursor_read(souk_option(ask, "place")->text.at, &behind);
    int rc = souk_query(call, &rows, "talks", { "market", souk_text(p->only) }, { "state", *state },
                        { "until", souk_instant(behind.at) }, { "after", souk_text(behind.id) },
                        { "limit", souk_count(PAGE_ITEMS + 1) });
    if (rc < 0)
        return rc;
    uint32_t n = rows.n_rows > PAGE_ITEMS ? PAGE_ITEMS : rows.n_rows;
    if (!n) {
        souk_text_line(call, .text = SOUK_MSG("list_none"));
        return 0;
    }
    souk_items(call, souk_is(state, "all") ? "newest_first" : "answered_first");
    for (uint32_t i = 0; i < n; i++)
        talk_put(call, ask, p, &rows, i);
    souk_end(call);
    souk_cursor_write(room, 0, souk_num(&rows, n - 1, TALK_LAST, 0), souk_cell(&rows, n - 1, TALK_THREAD)->text.at);
    pages_put(call, ask, rows.n_rows > n ? room : NULL);
    return 0;
}

/* ---- talks that hold some words -------------------------------------------------------------------------- */

static int is_listed(const struct souk_rows *row, const struct places *p, const struct souk_value *state)
{
    int waits = souk_cell(row, 0, TALK_WAITS)->type != SOUK_NONE;
    int answered = souk_cell(row, 0, TALK_OUT)->type != SOUK_NONE;
    return place_of(p, souk_cell(row, 0, TALK_MARKET))
           && (souk_is(state, "all") || (souk_is(state, "waiting") ? waits : !waits && answered));
}

/* Letters lead to their talks; several of one talk follow each other nowhere in particular. */
static int found_list(struct souk_call *call, const struct souk_ask *ask, const struct places *p,
                      const struct souk_value *state, const struct souk_value *words)
{
    enum { HITS = 100 };
    struct souk_rows hits, of, row[HITS];
    uint32_t n = 0;
    int rc = call->query->search(call, "letter", words->text.at, HITS, &hits);
    for (uint32_t i = 0; i < hits.n_rows && n < PAGE_ITEMS && rc >= 0; i++) {
        int64_t letter = 0;
        for (const char *c = souk_cell(&hits, i, 1)->text.at + sizeof "letter:" - 1; *c; c++)
            letter = letter * 10 + (*c - '0');
        rc = souk_query(call, &of, "talk_of", { "letter", souk_count(letter) });
        if (rc < 0 || !of.n_rows)
            continue;
        uint32_t same = 0;
        while (same < n && !souk_is(souk_cell(&row[same], 0, TALK_THREAD), souk_cell(&of, 0, 0)->text.at))
            same++;
        if (same < n)
            continue;
        rc = souk_query(call, &row[n], "talk", { "thread", *souk_cell(&of, 0, 0) });
        n += rc >= 0 && row[n].n_rows && is_listed(&row[n], p, state);
    }
    if (rc < 0)
        return rc;
    if (!n) {
        souk_text_line(call, .text = SOUK_MSG("found_none", { "words", *words }));
        return 0;
    }
    souk_items(call, "found", { "words", *words });
    for (uint32_t i = 0; i < n; i++)
        talk_put(call, ask, p, &row[i], 0);
    souk_end(call);
    if (hits.is_cut || n == PAGE_ITEMS)
        souk_text_line(call, .text = SOUK_MSG("found_more"));
    return 0;
}

int list_render(struct souk_call *call, const struct souk_ask *ask, const struct places *p)
{
    const struct souk_value *state = souk_option(ask, "state"), *words = souk_option(ask, "find");
    return words->text.len ? found_list(call, ask, p, state, words)
           : souk_is(state, "waiting") ? waiting_list(call, ask, p) : talk_list(call, ask, p, state);
}

/* ---- the outbox ------------------------------------------------------------------------------------------ */

int outbox_render(struct souk_call *call)
{
    enum { SHOWN = 50 };
    struct souk_rows rows;
    int rc = souk_query_all(call, &rows, "outbox");
    if (rc < 0)
        return rc;
    souk_section(call, "outbox");
    souk_text_line(call, .text = SOUK_MSG(rows.n_rows ? "outbox_hint" : "outbox_empty"));
    if (rows.n_rows > SHOWN)
        souk_text_line(call, .text = SOUK_MSG("outbox_more", { "n", souk_count(rows.n_rows) }), .to = SOUK_TO(.query = "outbox"));
    if (rows.n_rows)
        souk_items(call, "outbox_list");
    for (uint32_t i = 0; i < rows.n_rows && i < SHOWN; i++) {
        const struct souk_value *subject = souk_cell(&rows, i, 2);
        souk_item(call, .title = SOUK_MSG("talk_subject", { "subject", *subject }), .badge = SOUK_MSG("state_queued"),
                  .note = SOUK_MSG("outbox_note", { "to", *souk_cell(&rows, i, 3) }, { "at", *souk_cell(&rows, i, 1) }),
                  .to = SOUK_TO(.ref = souk_cell(&rows, i, 4)->text.at));
        queued_forms(call, souk_cell(&rows, i, 0));
        souk_end(call);
    }
    if (rows.n_rows)
        souk_end(call);
    souk_end(call);
    return 0;
}
