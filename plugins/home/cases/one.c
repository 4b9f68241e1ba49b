/* SPDX-License-Identifier: Apache-2.0 */
/*
 * one.c: one case: its whole history, and what can be done.
 */
#include "cases.h"

enum { LETTERS = 200, VIEW_BYTES = 2 << 20, BODY_LETTERS = 100000 };
enum { O_ID, O_SUBJECT, O_STATE, O_ABOUT, O_OPENED, O_CHANGED, O_CLOSES, O_MARKET, O_SOURCE };
enum { L_LETTER, L_AT, L_SIDE, L_STATE, L_SENDER, L_SUBJECT, L_BODY, L_LENGTH };

/* ---- its history ------------------------------------------------------------------------------------------ */

static void letter_put(struct souk_call *call, const struct souk_rows *rows, uint32_t row)
{
    const struct souk_value *side = souk_cell(rows, row, L_SIDE), *sender = souk_cell(rows, row, L_SENDER);
    const int is_in = souk_is(side, "in"), is_note = souk_is(side, "note"), is_draft = souk_is(souk_cell(rows, row, L_STATE), "draft");
    const char *nameless = is_note ? "from_note" : is_in ? "from_support" : "from_seller";
    souk_letter(call, .side = is_in ? SOUK_IN : is_note ? SOUK_ASIDE : SOUK_OUT,
                .from = sender->text.len ? (struct souk_msg)SOUK_MSG("from", { "name", *sender })
                                         : (struct souk_msg){ nameless, { 0, 0, 0 } },
                .at = *souk_cell(rows, row, L_AT), .state = { is_draft ? "letter_draft" : NULL, { 0, 0, 0 } },
                .subject = souk_cell(rows, row, L_SUBJECT)->text, .body = souk_cell(rows, row, L_BODY)->text);
    if (souk_num(rows, row, L_LENGTH, 0) > BODY_LETTERS)
        souk_text_line(call, .text = SOUK_MSG("letter_cut", { "n", souk_count(BODY_LETTERS) },
                                              { "all", *souk_cell(rows, row, L_LENGTH) }));
    if (is_draft || is_note)
        souk_form(call, .command = "case.discard", .button = SOUK_MSG(is_note ? "discard_note" : "discard"),
                  .args = SOUK_ARGS({ "letter", *souk_cell(rows, row, L_LETTER) }));
}

/* So many of the newest letters as one view holds, oldest first. */
static void letters_put(struct souk_call *call, const struct souk_value *case_id, const struct souk_rows *rows)
{
    const struct souk_args all = SOUK_ARGS({ "case_id", *case_id }, { "limit", souk_count(1000) });
    uint32_t n = 0, bytes = 0;
    while (n < rows->n_rows && n < LETTERS && (!n || bytes + souk_cell(rows, n, L_BODY)->text.len < VIEW_BYTES))
        bytes += souk_cell(rows, n++, L_BODY)->text.len;
    if (!n) {
        souk_text_line(call, .text = SOUK_MSG("letters_none"));
        return;
    }
    souk_thread(call, "letters");
    if (n < rows->n_rows)
        souk_text_line(call, .text = SOUK_MSG("letters_cut", { "n", souk_count(n) }),
                       .to = SOUK_TO(.query = "letters", .args = all));
    while (n)
        letter_put(call, rows, --n);
    souk_end(call);
}

static int done_put(struct souk_call *call, const struct souk_value *case_id)
{
    char ref[SOUK_REF_MAX];
    struct souk_rows rows;
    const struct souk_args args = SOUK_ARGS({ "about", souk_ref(souk_ref_of(ref, "case", case_id->text.at)) });
    int rc = souk_query_args(call, &rows, "done", args);
    if (rc < 0 || !rows.n_rows)
        return rc;
    souk_fold(call, "done_here");
    souk_table(call, .title = SOUK_MSG("done"), .rows = rows, .why = SOUK_WHY(.rows = "done", .args = args));
    souk_end(call);
    return 0;
}

/* ---- forms ------------------------------------------------------------------------------------------------ */

static void answer_form(struct souk_call *call, const struct souk_value *case_id, const struct souk_rows *letters)
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
        ? (struct souk_args)SOUK_ARGS({ "case", *case_id }, { "letter", *souk_cell(letters, draft, L_LETTER) })
        : (struct souk_args)SOUK_ARGS({ "case", *case_id });
    souk_form(call, .command = "case.reply", .title = SOUK_MSG("reply_title"), .button = SOUK_MSG("reply_button"),
              .note = SOUK_MSG("reply_note"), .args = of, .fields = SOUK_LIST(body),
              .also = "case.draft", .also_button = SOUK_MSG("draft_button"));
}

static void note_form(struct souk_call *call, const struct souk_value *case_id)
{
    static const struct souk_field body[] = {
        { .size = sizeof(struct souk_field), .type = SOUK_FIELD_AREA, .name = "body", .title = "field_note",
          .flags = SOUK_FIELD_NEEDED },
    };
    souk_form(call, .command = "case.note", .title = SOUK_MSG("note_title"), .button = SOUK_MSG("note_button"),
              .args = SOUK_ARGS({ "case", *case_id }), .fields = SOUK_LIST(body), .is_folded = 1);
}

static void state_form(struct souk_call *call, const struct souk_value *case_id, const struct souk_rows *head)
{
    const struct souk_field fields[] = {
        { .size = sizeof(struct souk_field), .type = SOUK_FIELD_ONE_OF, .name = "state", .title = "field_state",
          .flags = SOUK_FIELD_NEEDED, .choices = SOUK_LIST(case_states), .fallback = *souk_cell(head, 0, O_STATE) },
        { .size = sizeof(struct souk_field), .type = SOUK_FIELD_INSTANT, .name = "closes", .title = "field_closes",
          .about = "field_closes_about", .fallback = *souk_cell(head, 0, O_CLOSES) },
    };
    souk_form(call, .command = "case.state", .title = SOUK_MSG("state_title"), .button = SOUK_MSG("state_button"),
              .args = SOUK_ARGS({ "case", *case_id }), .fields = SOUK_LIST(fields), .is_folded = 1);
}

static void ref_form(struct souk_call *call, const struct souk_value *case_id, const struct souk_rows *head)
{
    const struct souk_value *about = souk_cell(head, 0, O_ABOUT);
    const struct souk_field fields[] = {
        { .size = sizeof(struct souk_field), .type = SOUK_FIELD_LINE, .name = "ref", .title = "field_about",
          .about = "field_about_about", .flags = SOUK_FIELD_NEEDED,
          .fallback = about->type == SOUK_NONE ? souk_none() : souk_text(about->text.at) },
    };
    souk_form(call, .command = "case.ref", .title = SOUK_MSG("ref_title"), .button = SOUK_MSG("ref_button"),
              .args = SOUK_ARGS({ "case", *case_id }), .fields = SOUK_LIST(fields), .is_folded = 1);
}

static void forms_put(struct souk_call *call, const struct souk_value *case_id, const struct souk_rows *head,
                      const struct souk_rows *letters)
{
    const char *id = case_id->text.at;
    const int is_own = souk_is(souk_cell(head, 0, O_SOURCE), "typed")
                       && id[0] == 'o' && id[1] == 'w' && id[2] == 'n' && id[3] == '-';
    answer_form(call, case_id, letters);
    state_form(call, case_id, head);
    ref_form(call, case_id, head);
    note_form(call, case_id);
    if (is_own)
        souk_form(call, .command = "case.discard", .tone = SOUK_BAD, .button = SOUK_MSG("discard_case"),
                  .args = SOUK_ARGS({ "case", *case_id }));
}

/* ---- the page --------------------------------------------------------------------------------------------- */

static void head_put(struct souk_call *call, const struct souk_ask *ask, const struct souk_rows *head)
{
    static const struct { const char *label; uint32_t column; } facts[] = {
        { "column.case", O_ID }, { "column.market", O_MARKET }, { "column.about", O_ABOUT }, { "column.opened", O_OPENED },
        { "column.changed", O_CHANGED }, { "column.closes", O_CLOSES },
    };
    const struct souk_value *state = souk_cell(head, 0, O_STATE);
    struct souk_arg room[1];
    const struct souk_msg closes = closes_msg(ask, state, souk_cell(head, 0, O_CLOSES), room);
    souk_fact(call, .label = SOUK_MSG("column.state"), .value = state_word(state), .tone = state_tone(state));
    for (uint32_t i = 0; i < sizeof facts / sizeof *facts; i++)
        if (souk_cell(head, 0, facts[i].column)->type != SOUK_NONE)
            souk_fact(call, .label = { facts[i].label, { 0, 0, 0 } }, .value = *souk_cell(head, 0, facts[i].column));
    if (closes.key) {
        souk_alert(call, .tone = SOUK_WATCH, .text = closes);
        souk_until(call, ask->now_s + MINUTE_S);
    }
}

int one_render(struct souk_call *call, const struct souk_ask *ask, const struct souk_value *case_id)
{
    struct souk_rows head, letters;
    int rc = souk_query(call, &head, "one", { "case_id", *case_id });
    if (rc >= 0)
        rc = souk_query(call, &letters, "letters", { "case_id", *case_id }, { "limit", souk_count(LETTERS + 1) });
    if (rc < 0)
        return rc;
    souk_text_line(call, .text = SOUK_MSG("to_list"), .to = SOUK_TO(.widget = "cases"));
    if (!head.n_rows) {
        souk_text_line(call, .text = SOUK_MSG("no_case"));
        return 0;
    }
    const struct souk_value *subject = souk_cell(&head, 0, O_SUBJECT);
    if (subject->text.len)
        souk_section(call, "case_subject", { "subject", *subject });
    else
        souk_section(call, "case_number", { "case", *case_id });
    head_put(call, ask, &head);
    souk_end(call);
    letters_put(call, case_id, &letters);
    forms_put(call, case_id, &head, &letters);
    return done_put(call, case_id);
}
