/* SPDX-License-Identifier: Apache-2.0 */
/*
 * one.c: one claim: what it is, until when something is to be done and by which rule, what it does to the order defect
 * rate, its letters, and what can be done.
 */
#include "claims.h"

enum { L_AT, L_SIDE, L_STATE, L_SENDER, L_SUBJECT, L_BODY, L_LENGTH };
enum { VIEW_BYTES = 2 << 20, BODY_LETTERS = 100000 };

/* ---- letters --------------------------------------------------------------------------------------- */

static void letter_put(struct souk_call *call, const struct souk_rows *rows, uint32_t row)
{
    const struct souk_value *side = souk_cell(rows, row, L_SIDE), *sender = souk_cell(rows, row, L_SENDER),
                            *state = souk_cell(rows, row, L_STATE);
    const int is_in = souk_is(side, "in"), is_note = souk_is(side, "note");
    const char *nameless = is_note ? "from_note" : is_in ? "from_other" : "from_you";
    const char *word = souk_is(state, "draft") ? "letter_draft" : souk_is(state, "queued") ? "letter_queued"
                       : souk_is(state, "bounced") ? "letter_bounced" : NULL;
    souk_letter(call, .side = is_in ? SOUK_IN : is_note ? SOUK_ASIDE : SOUK_OUT,
                .from = sender->text.len ? (struct souk_msg)SOUK_MSG("from", { "name", *sender })
                                         : (struct souk_msg){ nameless, { NULL, 0, 0 } },
                .at = *souk_cell(rows, row, L_AT), .state = { word, { NULL, 0, 0 } },
                .subject = souk_cell(rows, row, L_SUBJECT)->text, .body = souk_cell(rows, row, L_BODY)->text);
    if (souk_num(rows, row, L_LENGTH, 0) > BODY_LETTERS)
        souk_text_line(call, .text = SOUK_MSG("letter_cut", { "n", souk_count(BODY_LETTERS) }));
}

int letters_put(struct souk_call *call, const char *query, const struct souk_args *args, const char *title, int with_notes)
{
    struct souk_rows rows;
    uint32_t bytes = 0, left = 0;
    int rc = souk_query_args(call, &rows, query, *args);
    if (rc < 0 || !rows.n_rows)
        return rc;
    call->view->thread(call, &(const struct souk_msg){ title, { NULL, 0, 0 } });
    for (uint32_t i = 0; i < rows.n_rows; i++) {
        if (!with_notes && souk_is(souk_cell(&rows, i, L_SIDE), "note"))
            continue;
        bytes += souk_cell(&rows, i, L_BODY)->text.len;
        if (bytes < VIEW_BYTES)
            letter_put(call, &rows, i);
        else
            left++;
    }
    if (left)
        souk_text_line(call, .text = SOUK_MSG("letters_left", { "n", souk_count(left) }),
                       .to = SOUK_TO(.query = query, .args = *args));
    souk_end(call);
    return (int)rows.n_rows;
}

/* ---- what it is ------------------------------------------------------------------------------------ */

/* The rule that the deadline comes from, with its source. */
static void rule_put(struct souk_call *call, const struct souk_rows *claim, const struct souk_market_now *m)
{
    const struct souk_value *rule = souk_cell(claim, 0, K_RULE);
    struct souk_policy line;
    int32_t day, second;
    if (rule->type == SOUK_NONE) {
        souk_text_line(call, .text = SOUK_MSG("due_told"));
        return;
    }
    if (!m || call->query->local(call, m->id, souk_num(claim, 0, K_CHANGED, 0), &day, &second) < 0 ||
        souk_policy(call, m->id, rule->text.at, day, &line) < 0)
        return;
    const struct souk_value time = line.value.type == SOUK_COUNT
        ? souk_number(SOUK_SECONDS, line.value.num * DAY_S, 0) : line.value;
    souk_text_line(call, .text = SOUK_MSG("rule_quoted", { "rule", *rule }, { "market", souk_market(m->id) }, { "time", time },
                                          { "from", at_market(souk_cell(claim, 0, K_CHANGED), m) }));
    souk_text_line(call, .text = SOUK_MSG("rule_source", { "source", souk_text(line.source) }, { "since", souk_day(line.since) },
                                          { "checked", souk_day(line.checked) }));
}

static void due_put(struct souk_call *call, const struct souk_ask *ask, const struct souk_rows *claim,
                    const struct souk_market_now *m)
{
    const struct souk_value *due = souk_cell(claim, 0, K_DUE), *state = souk_cell(claim, 0, K_STATE),
                            *rule = souk_cell(claim, 0, K_RULE);
    int32_t day = 0, second;
    if (!souk_is(state, "action") && !souk_is(state, "appeal"))
        return;
    if (due->type == SOUK_NONE) {
        souk_text_line(call, .text = SOUK_MSG("due_none"));
        return;
    }
    const int64_t left_s = due->num - ask->now_s;
    const int has_rule = rule->type != SOUK_NONE && m &&
                         call->query->local(call, m->id, souk_num(claim, 0, K_CHANGED, 0), &day, &second) >= 0;
    const struct souk_args left = SOUK_ARGS({ "left", souk_number(SOUK_SECONDS, left_s < 0 ? -left_s : left_s, 0) });
    const struct souk_args from = SOUK_ARGS({ "from", at_market(souk_cell(claim, 0, K_CHANGED), m) });
    souk_stat(call, .label = SOUK_MSG(souk_is(state, "action") ? "due_answer" : "due_appeal"), .value = at_market(due, m),
              .tone = claim_tone(ask, claim, 0), .note = { left_s < 0 ? "due_over" : "due_left", left },
              .why = has_rule
                  ? SOUK_WHY(.formula = { "due_why", from }, .policy = rule->text.at, .market = m->id, .policy_day = day)
                  : SOUK_WHY(.origin = SOUK_MSG("due_told")));
    rule_put(call, claim, m);
    souk_until(call, ask->now_s + MINUTE_S);
}

static void head_put(struct souk_call *call, const struct souk_ask *ask, const struct souk_rows *claim,
                     const struct souk_market_now *m)
{
    static const struct { const char *label; uint32_t column; } facts[] = {
        { "column.claim_id", K_ID }, { "column.market", K_MARKET }, { "column.order_day", K_ORDER_DAY },
        { "column.reason", K_REASON }, { "column.opened", K_OPENED }, { "column.changed", K_CHANGED },
    };
    char ref[SOUK_REF_MAX];
    const struct souk_value *state = souk_cell(claim, 0, K_STATE), *outcome = souk_cell(claim, 0, K_OUTCOME),
                            *order = souk_cell(claim, 0, K_ORDER), *amount = souk_cell(claim, 0, K_AMOUNT);
    const struct souk_args of = SOUK_ARGS({ "claim_id", *souk_cell(claim, 0, K_ID) });
    due_put(call, ask, claim, m);
    souk_fact(call, .label = SOUK_MSG("column.state"), .value = state_word(state), .tone = claim_tone(ask, claim, 0));
    if (outcome->type != SOUK_NONE)
        souk_fact(call, .label = SOUK_MSG("column.outcome"), .value = outcome_word(outcome));
    if (order->type != SOUK_NONE)
        souk_fact(call, .label = SOUK_MSG("column.order_id"), .value = souk_ref(souk_ref_of(ref, "order", order->text.at)));
    if (amount->type != SOUK_NONE)
        souk_fact(call, .label = SOUK_MSG("column.amount"), .value = *amount,
                  .why = SOUK_WHY(.rows = "one", .args = of, .formula = SOUK_MSG("amount_why"),
                                  .origin = SOUK_MSG("source_is", { "source", *souk_cell(claim, 0, K_SOURCE) })));
    for (uint32_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        const struct souk_value *v = souk_cell(claim, 0, facts[i].column);
        if (v->type != SOUK_NONE && (v->type != SOUK_TEXT || v->text.len))
            souk_fact(call, .label = { facts[i].label, { NULL, 0, 0 } }, .value = at_market(v, m));
    }
    souk_fact(call, .label = SOUK_MSG("column.counts"), .value = *souk_cell(claim, 0, K_COUNTS));
    souk_fact(call, .label = SOUK_MSG("column.source"), .value = *souk_cell(claim, 0, K_SOURCE));
}

/* ---- what can be done ------------------------------------------------------------------------------ */

#define FIELD(its_type, its_name, its_title, ...) \
    { .size = sizeof(struct souk_field), .type = SOUK_FIELD_##its_type, .name = its_name, .title = its_title, __VA_ARGS__ }
static const struct souk_choice outcome_choices[] = {
    { "granted", "claim.outcome.granted" }, { "denied", "claim.outcome.denied" },
    { "withdrawn", "claim.outcome.withdrawn" }, { "reimbursed", "claim.outcome.reimbursed" },
};
static const struct souk_field answer[] = { FIELD(AREA, "body", "field_answer", .flags = SOUK_FIELD_NEEDED) };
static const struct souk_field optional[] = { FIELD(AREA, "body", "field_note", .flags = 0) };
static const struct souk_field note[] = { FIELD(AREA, "body", "field_note", .flags = SOUK_FIELD_NEEDED) };
static const struct souk_field outcome_fields[] = {
    FIELD(ONE_OF, "outcome", "column.outcome", .flags = SOUK_FIELD_NEEDED, .choices = SOUK_LIST(outcome_choices)),
    FIELD(BOOL, "may_appeal", "field_may_appeal", .about = "field_may_appeal_about"),
};

static void forms_put(struct souk_call *call, const struct souk_rows *claim)
{
    const struct souk_value *state = souk_cell(claim, 0, K_STATE), *outcome = souk_cell(claim, 0, K_OUTCOME),
                            *kind = souk_cell(claim, 0, K_KIND);
    const struct souk_args of = SOUK_ARGS({ "claim", *souk_cell(claim, 0, K_ID) });
    const int is_action = souk_is(state, "action"), is_review = souk_is(state, "review"), is_closed = souk_is(state, "closed"),
              counts = souk_num(claim, 0, K_COUNTS, 1) != 0;
    if (is_action || is_review)
        souk_form(call, .command = "claim.respond", .title = SOUK_MSG("respond_title"), .button = SOUK_MSG("respond_button"),
                  .note = SOUK_MSG("respond_note"), .args = of, .fields = SOUK_LIST(answer), .is_folded = is_review);
    if (souk_is(state, "appeal") || (is_closed && souk_is(outcome, "granted")))
        souk_form(call, .command = "claim.appeal", .title = SOUK_MSG("appeal_title"), .button = SOUK_MSG("appeal_button"),
                  .note = SOUK_MSG("respond_note"), .args = of, .fields = SOUK_LIST(answer), .is_folded = is_closed);
    if (!is_closed)
        souk_form(call, .command = "claim.accept", .title = SOUK_MSG("accept_title"), .button = SOUK_MSG("accept_button"),
                  .note = SOUK_MSG("accept_note"), .args = of, .fields = SOUK_LIST(optional), .tone = SOUK_BAD, .is_folded = 1);
    souk_form(call, .command = "claim.close", .title = SOUK_MSG("close_title"), .button = SOUK_MSG("close_button"),
              .note = SOUK_MSG("close_note"), .args = of, .fields = SOUK_LIST(outcome_fields), .is_folded = 1);
    souk_form(call, .command = "claim.note", .title = SOUK_MSG("note_title"), .button = SOUK_MSG("note_button"), .args = of,
              .fields = SOUK_LIST(note), .is_folded = 1);
    if (souk_is(kind, "a_to_z") || souk_is(kind, "chargeback"))
        souk_form(call, .command = "claim.counts", .button = SOUK_MSG(counts ? "counts_not_button" : "counts_button"),
                  .args = SOUK_ARGS({ "claim", *souk_cell(claim, 0, K_ID) }, { "counts", souk_bool(!counts) }));
}

static int done_put(struct souk_call *call, const struct souk_value *claim_id)
{
    char ref[SOUK_REF_MAX];
    struct souk_rows rows;
    const struct souk_args of = SOUK_ARGS({ "about", souk_ref(souk_ref_of(ref, "claim", claim_id->text.at)) });
    int rc = souk_query_args(call, &rows, "done", of);
    if (rc < 0 || !rows.n_rows)
        return rc;
    souk_fold(call, "done_here");
    souk_table(call, .title = SOUK_MSG("done"), .rows = rows, .why = SOUK_WHY(.rows = "done", .args = of));
    souk_end(call);
    return 0;
}

/* ---- the page -------------------------------------------------------------------------------------- */

int one_render(struct souk_call *call, const struct souk_ask *ask, const struct souk_value *claim_id)
{
    struct souk_rows claim;
    int rc = souk_query(call, &claim, "one", { "claim_id", *claim_id });
    if (rc < 0)
        return rc;
    if (!claim.n_rows) {
        souk_text_line(call, .text = SOUK_MSG("to_list"), .to = SOUK_TO(.widget = "claims"));
        souk_text_line(call, .text = SOUK_MSG("no_claim"));
        return 0;
    }
    if (souk_is(souk_option(ask, "view"), "evidence"))
        return evidence_render(call, ask, &claim);
    const struct souk_market_now *m = souk_market_named(ask, souk_cell(&claim, 0, K_MARKET)->text.at);
    const struct souk_args letters = SOUK_ARGS({ "claim_id", *claim_id });
    souk_text_line(call, .text = SOUK_MSG("to_list"), .to = SOUK_TO(.widget = "claims"));
    souk_text_line(call, .text = SOUK_MSG("to_evidence"),
                   .to = SOUK_TO(.widget = "claims", .args = SOUK_ARGS({ "claim", *claim_id }, { "view", souk_text("evidence") })));
    souk_section(call, "claim_title", { "kind", kind_word(souk_cell(&claim, 0, K_KIND)) }, { "claim", *claim_id });
    head_put(call, ask, &claim, m);
    souk_end(call);
    rc = letters_put(call, "letters", &letters, "letters", 1);
    if (rc == 0)
        souk_text_line(call, .text = SOUK_MSG("letters_none"));
    if (rc < 0)
        return rc;
    forms_put(call, &claim);
    rc = effect_put(call, &claim, m);
    return rc < 0 ? rc : done_put(call, claim_id);
}
