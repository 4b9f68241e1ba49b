/* SPDX-License-Identifier: Apache-2.0 */
/*
 * one.c: one talk: its letters, and what can be done.
 */
#include "messages.h"

enum { LETTERS = 200, VIEW_BYTES = 2 << 20, BODY_LETTERS = 100000 };
enum { HEAD_SUBJECT, HEAD_BUYER, HEAD_ORDER, HEAD_MARKET, HEAD_FIRST, HEAD_WAITS, HEAD_LETTERS, HEAD_REPLY_TO };
enum { L_LETTER, L_AT, L_SIDE, L_STATE, L_SENDER, L_SUBJECT, L_BODY, L_LENGTH, L_MASKED, L_NEEDS, L_ANSWERED };

/* ---- forms ------------------------------------------------------------------------------------------------ */

void queued_forms(struct souk_call *call, const struct souk_value *letter)
{
    static const struct souk_field sent[] = {
        { .size = sizeof(struct souk_field), .type = SOUK_FIELD_INSTANT, .name = "at", .title = "sent_at", .about = "sent_about" },
    };
    souk_form(call, .command = "message.cancel", .button = SOUK_MSG("cancel"), .args = SOUK_ARGS({ "letter", *letter }));
    souk_form(call, .command = "message.sent", .title = SOUK_MSG("sent_title"), .button = SOUK_MSG("sent"),
              .args = SOUK_ARGS({ "letter", *letter }), .fields = SOUK_LIST(sent), .is_folded = 1);
}

static void answer_form(struct souk_call *call, const struct souk_value *thread, const struct souk_rows *letters)
{
    uint32_t draft = 0;
    while (draft < letters->n_rows && !souk_is(souk_cell(letters, draft, L_STATE), "draft"))
        draft++;
    const int has_draft = draft < letters->n_rows;
    const struct souk_field body[] = {
        { .size = sizeof(struct souk_field), .type = SOUK_FIELD_AREA, .name = "body", .title = "field_answer",
          .flags = SOUK_FIELD_NEEDED, .fallback = has_draft ? *souk_cell(letters, draft, L_BODY) : souk_none() },
    };
    const struct souk_args of = has_draft
        ? (struct souk_args)SOUK_ARGS({ "thread", *thread }, { "letter", *souk_cell(letters, draft, L_LETTER) })
        : (struct souk_args)SOUK_ARGS({ "thread", *thread });
    souk_form(call, .command = "message.reply", .title = SOUK_MSG("reply_title"), .button = SOUK_MSG("reply"),
              .note = SOUK_MSG("reply_note"), .args = of, .fields = SOUK_LIST(body),
              .also = "message.draft", .also_button = SOUK_MSG("draft"));
}

static void note_form(struct souk_call *call, const struct souk_value *thread)
{
    static const struct souk_field body[] = {
        { .size = sizeof(struct souk_field), .type = SOUK_FIELD_AREA, .name = "body", .title = "field_note",
          .flags = SOUK_FIELD_NEEDED },
    };
    souk_form(call, .command = "message.note", .title = SOUK_MSG("note_title"), .button = SOUK_MSG("note_button"),
              .args = SOUK_ARGS({ "thread", *thread }), .fields = SOUK_LIST(body), .is_folded = 1);
}

/* ---- letters ---------------------------------------------------------------------------------------------- */

static struct souk_msg state_of(const struct souk_rows *rows, uint32_t row)
{
    static const struct { const char *state, *key; } words[] = {
        { "draft", "letter_draft" }, { "queued", "letter_queued" }, { "bounced", "letter_bounced" },
    };
    const struct souk_value *state = souk_cell(rows, row, L_STATE);
    for (unsigned i = 0; i < sizeof words / sizeof *words; i++)
        if (souk_is(state, words[i].state))
            return (struct souk_msg){ words[i].key, { 0, 0, 0 } };
    if (!souk_is(souk_cell(rows, row, L_SIDE), "in"))
        return (struct souk_msg){ NULL, { 0, 0, 0 } };
    if (!souk_num(rows, row, L_NEEDS, 0))
        return (struct souk_msg)SOUK_MSG("letter_no_answer");
    return souk_cell(rows, row, L_ANSWERED)->type == SOUK_NONE ? (struct souk_msg)SOUK_MSG("letter_waits")
                                                               : (struct souk_msg){ NULL, { 0, 0, 0 } };
}

static void letter_put(struct souk_call *call, const struct place *place, const struct souk_rows *rows, uint32_t row)
{
    const struct souk_value *side = souk_cell(rows, row, L_SIDE), *sender = souk_cell(rows, row, L_SENDER);
    const struct souk_value *letter = souk_cell(rows, row, L_LETTER), *state = souk_cell(rows, row, L_STATE);
    const int is_in = souk_is(side, "in"), is_note = souk_is(side, "note");
    const char *nameless = is_note ? "from_note" : is_in ? "from_buyer" : "from_seller";
    souk_letter(call, .side = is_in ? SOUK_IN : is_note ? SOUK_ASIDE : SOUK_OUT,
                .from = sender->text.len ? (struct souk_msg)SOUK_MSG("from", { "name", *sender })
                                         : (struct souk_msg){ nameless, { 0, 0, 0 } },
                .at = at_place(souk_cell(rows, row, L_AT), place), .state = state_of(rows, row),
                .subject = souk_cell(rows, row, L_SUBJECT)->text, .body = souk_cell(rows, row, L_BODY)->text);
    if (souk_num(rows, row, L_MASKED, 0))
        souk_text_line(call, .text = SOUK_MSG("masked", { "n", *souk_cell(rows, row, L_MASKED) }));
    if (souk_num(rows, row, L_LENGTH, 0) > BODY_LETTERS)
        souk_text_line(call, .text = SOUK_MSG("letter_cut", { "n", souk_count(BODY_LETTERS) },
                                              { "all", *souk_cell(rows, row, L_LENGTH) }));
    if (souk_is(state, "queued"))
        queued_forms(call, letter);
    else if (souk_is(state, "draft") || is_note)
        souk_form(call, .command = "message.discard", .button = SOUK_MSG(is_note ? "discard_note" : "discard"),
                  .args = SOUK_ARGS({ "letter", *letter }));
    else if (is_in && !souk_num(rows, row, L_NEEDS, 0))
        souk_form(call, .command = "message.needs_answer", .button = SOUK_MSG("needs_answer"),
                  .args = SOUK_ARGS({ "letter", *letter }));
}

/* So many of the newest letters as one view holds, oldest first. */
static void letters_put(struct souk_call *call, const struct place *place, const struct souk_value *thread,
                        const struct souk_rows *rows)
{
    const struct souk_args all = SOUK_ARGS({ "thread", *thread }, { "limit", souk_count(1000) });
    uint32_t n = 0, bytes = 0;
    while (n < rows->n_rows && n < LETTERS && (!n || bytes + souk_cell(rows, n, L_BODY)->text.len < VIEW_BYTES))
        bytes += souk_cell(rows, n++, L_BODY)->text.len;
    souk_thread(call, "letters");
    if (n < rows->n_rows)
        souk_text_line(call, .text = SOUK_MSG("letters_cut", { "n", souk_count(n) }),
                       .to = SOUK_TO(.query = "letters", .args = all));
    while (n)
        letter_put(call, place, rows, --n);
    souk_end(call);
}

/* ---- the page --------------------------------------------------------------------------------------------- */

/* Until when it is to be answered, by the market's policy of the day. */
static void due_put(struct souk_call *call, const struct souk_ask *ask, const struct place *place, const struct souk_rows *head)
{
    const struct souk_value *waits = souk_cell(head, 0, HEAD_WAITS);
    if (waits->type == SOUK_NONE || !place || !place->limit_s)
        return;
    const struct souk_value due = souk_instant(waits->num + place->limit_s);
    const int64_t left_s = due.num - ask->now_s;
    const struct souk_value left = souk_number(SOUK_SECONDS, left_s < 0 ? -left_s : left_s, 0);
    souk_fact(call, .label = SOUK_MSG("due"), .value = at_place(&due, place));
    souk_fact(call, .label = SOUK_MSG(left_s < 0 ? "due_over" : "due_left"), .value = left,
              .tone = left_s < 0 ? SOUK_BAD : left_s < place->limit_s / 4 ? SOUK_WATCH : SOUK_PLAIN,
              .why = SOUK_WHY(.formula = SOUK_MSG("due_why", { "waits", at_place(waits, place) },
                                                  { "hours", souk_count(place->limit_s / HOUR_S) }),
                              .policy = "message.answer", .market = place->now->id, .policy_day = place->now->today));
    souk_until(call, ask->now_s + MINUTE_S);
}

static void head_put(struct souk_call *call, const struct souk_ask *ask, const struct place *place, const struct souk_rows *head)
{
    static const struct { const char *label; uint32_t column; } facts[] = {
        { "column.buyer", HEAD_BUYER }, { "column.order", HEAD_ORDER }, { "column.market", HEAD_MARKET },
        { "column.first", HEAD_FIRST }, { "column.waits", HEAD_WAITS },
    };
    for (uint32_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        const struct souk_value *v = souk_cell(head, 0, facts[i].column);
        if (v->type != SOUK_NONE && !(v->type == SOUK_TEXT && !v->text.len))
            souk_fact(call, .label = { facts[i].label, { 0, 0, 0 } }, .value = at_place(v, place));
    }
    due_put(call, ask, place, head);
}

static void forms_put(struct souk_call *call, const struct souk_value *thread, const struct souk_rows *head,
                      const struct souk_rows *letters)
{
    if (souk_cell(head, 0, HEAD_REPLY_TO)->text.len)
        answer_form(call, thread, letters);
    else
        souk_text_line(call, .text = SOUK_MSG("no_address"));
    if (souk_cell(head, 0, HEAD_WAITS)->type != SOUK_NONE)
        souk_form(call, .command = "message.no_answer", .button = SOUK_MSG("no_answer"), .note = SOUK_MSG("no_answer_note"),
                  .args = SOUK_ARGS({ "thread", *thread }));
    note_form(call, thread);
}

int one_render(struct souk_call *call, const struct souk_ask *ask, const struct souk_value *thread)
{
    struct souk_rows head, letters;
    struct places p;
    int rc = souk_query(call, &head, "head", { "thread", *thread });
    if (rc >= 0)
        rc = places_read(call, ask, &p);
    if (rc >= 0)
        rc = souk_query(call, &letters, "letters", { "thread", *thread }, { "limit", souk_count(LETTERS + 1) });
    if (rc < 0)
        return rc;
    souk_text_line(call, .text = SOUK_MSG("to_list"), .to = SOUK_TO(.widget = "messages"));
    if (!head.n_rows) {
        souk_text_line(call, .text = SOUK_MSG("no_talk"));
        return 0;
    }
    const struct souk_value *subject = souk_cell(&head, 0, HEAD_SUBJECT);
    if (subject->text.len)
        souk_section(call, "talk_subject", { "subject", *subject });
    else
        souk_section(call, "no_subject");
    const struct place *place = place_of(&p, souk_cell(&head, 0, HEAD_MARKET));
    head_put(call, ask, place, &head);
    souk_end(call);
    letters_put(call, place, thread, &letters);
    forms_put(call, thread, &head, &letters);
    return 0;
}
