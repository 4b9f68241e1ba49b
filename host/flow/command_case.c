/* SPDX-License-Identifier: Apache-2.0 */
/*
 * command_case.c: talks with the marketplace's support.
 *
 * in:     a case by its number, texts, a state
 * out:    cases and their letters
 * knows:  letter
 *
 * The marketplace takes answers on its own page only: what is written here is a record of what was, or is
 * to be, handed in there.
 */
#include "command_in.h"

#include <string.h>

static const struct souk_choice states[] = {
    { "open", "case.state.open" }, { "answered", "case.state.answered" }, { "attention", "case.state.attention" },
    { "reopened", "case.state.reopened" }, { "closed", "case.state.closed" },
};

static const struct souk_field add_fields[] = {
    FIELD(LINE, "subject", NEEDED, MOST(LINE_LETTERS)),
    FIELD(LINE, "case", OPTIONAL, MOST(KEY_LETTERS), .about = "field.case.number"),
    FIELD(MARKET, "market", OPTIONAL),
    FIELD(LINE, "ref", OPTIONAL, MOST(KEY_LETTERS), .about = "field.ref.about"),
    FIELD(AREA, "body", OPTIONAL, MOST(BODY_LETTERS)),
    FIELD(INSTANT, "closes", OPTIONAL, .zone_of = "market"),
};

static const struct souk_field answer_fields[] = {
    FIELD(LINE, "case", NEEDED, MOST(KEY_LETTERS)),
    FIELD(AREA, "body", NEEDED, MOST(BODY_LETTERS)),
    FIELD(COUNT, "letter", OPTIONAL, .about = "field.letter.draft"),
};

static const struct souk_field note_fields[] = {
    FIELD(LINE, "case", NEEDED, MOST(KEY_LETTERS)),
    FIELD(AREA, "body", NEEDED, MOST(BODY_LETTERS)),
};

static const struct souk_field state_fields[] = {
    FIELD(LINE, "case", NEEDED, MOST(KEY_LETTERS)),
    FIELD(ONE_OF, "state", NEEDED, CHOICES(states)),
    FIELD(INSTANT, "closes", OPTIONAL),
};

static const struct souk_field ref_fields[] = {
    FIELD(LINE, "case", NEEDED, MOST(KEY_LETTERS)),
    FIELD(LINE, "ref", NEEDED, MOST(KEY_LETTERS), .about = "field.ref.about"),
};

static const struct souk_field discard_fields[] = {
    FIELD(COUNT, "letter", OPTIONAL),
    FIELD(LINE, "case", OPTIONAL, MOST(KEY_LETTERS)),
};

static int case_find(struct doing *d, const struct souk_args *args, struct case_of *c, struct err *err)
{
    int rc = case_get(d->db, d->a, arg_text(args, "case"), c, err);
    if (rc == -ERR_ABSENT)
        d->field = "case";
    if (rc == 0)
        d->ref = letter_ref(d, LETTER_OF_CASE, c->case_id);
    return rc;
}

static struct answer case_answer(struct doing *d, const struct souk_args *args, const struct case_of *c)
{
    return (struct answer){
        .of = LETTER_OF_CASE, .of_id = c->case_id, .recipient = "", .subject = subject_of_answer(d, c->subject),
        .body = arg_text(args, "body"), .draft_no = arg_int(args, "letter", 0),
    };
}

static const char sql_case_id[] =
    "SELECT case_id FROM cases"
    " WHERE no = :no";

static int case_id_of(struct doing *d, int64_t no, const char **id, struct err *err)
{
    struct stmt *get = stmt_of(d->db, sql_case_id, err);
    if (!get)
        return -err->code;
    bind_int(get, 1, no);
    int rc = stmt_step(d->db, get, err);
    if (rc > 0) {
        *id = arena_text(d->a, stmt_text(get, 0));
        stmt_reset(get);
        return 0;
    }
    return rc < 0 ? rc : err_set(err, ERR_BUG, "Case %lld is not there although it was just written.", (long long)no);
}

static int run_add(struct doing *d, const struct souk_args *args, struct err *err)
{
    struct case_of known;
    struct err absent = { 0 };
    const char *id = arg_is_told(args, "case") ? arg_text(args, "case") : NULL, *ref;
    if (ref_arg(d, args, "ref", &ref, err) < 0)
        return -err->code;
    if (id && case_get(d->db, d->a, id, &known, &absent) == 0)
        return doing_refuse(d, "case", err, ERR_INPUT, "There is a case %s already: \"%s\".", id, known.subject);
    const struct case_row row = {
        .case_id = id, .market = market_by_id(arg_text(args, "market")), .subject = arg_text(args, "subject"),
        .state = "open", .ref = ref, .opened_s = d->now_s, .changed_s = d->now_s, .source = d->source,
        .closes = { arg_is_told(args, "closes"), arg_int(args, "closes", 0) },
    };
    int64_t no;
    int rc = case_put(&d->to, &row, &no, err);
    if (rc >= 0)
        rc = case_id_of(d, no, &id, err);
    if (rc < 0)
        return rc;
    d->ref = letter_ref(d, LETTER_OF_CASE, id);
    say(d, "done.case.add", { "case", souk_text(id) });
    if (!arg_is_told(args, "body"))
        return 0;
    const struct answer w = {
        .of = LETTER_OF_CASE, .of_id = id, .recipient = "", .subject = row.subject, .body = arg_text(args, "body"),
        .closes_s = row.closes.n,
    };
    say(d, "done.by_hand");
    return answer_put(d, &w, err);
}

static int run_reply(struct doing *d, const struct souk_args *args, struct err *err)
{
    struct case_of c;
    int rc = case_find(d, args, &c, err);
    if (rc < 0)
        return rc;
    const struct answer w = case_answer(d, args, &c);
    say(d, text_is(c.state, "closed") ? "done.case.reopened" : "done.case.reply");
    say(d, "done.by_hand");
    return answer_put(d, &w, err);
}

static int run_draft(struct doing *d, const struct souk_args *args, struct err *err)
{
    struct case_of c;
    int rc = case_find(d, args, &c, err);
    if (rc < 0)
        return rc;
    const struct answer w = case_answer(d, args, &c);
    say(d, "done.draft");
    return answer_draft(d, &w, err);
}

static int run_note(struct doing *d, const struct souk_args *args, struct err *err)
{
    struct case_of c;
    int rc = case_find(d, args, &c, err);
    if (rc < 0)
        return rc;
    say(d, "done.note");
    return answer_note(d, LETTER_OF_CASE, c.case_id, arg_text(args, "body"), err);
}

static int run_state(struct doing *d, const struct souk_args *args, struct err *err)
{
    struct case_of c;
    const char *state = arg_text(args, "state");
    bool is_closed = text_is(state, "closed");
    int rc = case_find(d, args, &c, err);
    if (rc < 0)
        return rc;
    if (is_closed && arg_is_told(args, "closes"))
        return doing_refuse(d, "closes", err, ERR_INPUT, "A closed case does not close by itself any more.");
    const struct case_row row = {
        .case_id = c.case_id, .state = state, .changed_s = d->now_s,
        .closes = { is_closed || souk_given(args, "closes"), arg_int(args, "closes", 0) },      /* cleared: it stays open */
    };
    say(d, text_is(c.state, state) ? "done.case.state.same" : "done.case.state");
    rc = case_put(&d->to, &row, NULL, err);
    return rc < 0 ? rc : 0;
}

static int run_ref(struct doing *d, const struct souk_args *args, struct err *err)
{
    struct case_of c;
    const char *ref;
    int rc = case_find(d, args, &c, err);
    if (rc == 0)
        rc = ref_arg(d, args, "ref", &ref, err);
    if (rc < 0)
        return rc;
    /* As of its last change: this is no news of the case itself. */
    const struct case_row row = { .case_id = c.case_id, .ref = ref, .changed_s = c.changed_s };
    say(d, "done.case.ref");
    rc = case_put(&d->to, &row, NULL, err);
    return rc < 0 ? rc : 0;
}

static int run_discard(struct doing *d, const struct souk_args *args, struct err *err)
{
    struct case_of c;
    if (arg_is_told(args, "letter") == arg_is_told(args, "case"))
        return doing_refuse(d, "letter", err, ERR_INPUT, "Say which draft is to be thrown away, or which case of your"
                            " own: one of the two.");
    say(d, "done.discard");
    if (arg_is_told(args, "letter"))
        return draft_discard(d, arg_int(args, "letter", 0), err);
    int rc = case_find(d, args, &c, err);
    if (rc == 0)
        rc = case_drop(&d->to, c.case_id, err);
    return rc < 0 ? rc : 0;
}

const struct command_info case_commands[] = {
    COMMAND("case.add", RIGHT_EDIT, add_fields, run_add),
    COMMAND("case.reply", RIGHT_EDIT, answer_fields, run_reply),
    COMMAND("case.draft", RIGHT_EDIT, answer_fields, run_draft),
    COMMAND("case.note", RIGHT_EDIT, note_fields, run_note),
    COMMAND("case.state", RIGHT_EDIT, state_fields, run_state),
    COMMAND("case.ref", RIGHT_EDIT, ref_fields, run_ref),
    COMMAND("case.discard", RIGHT_EDIT, discard_fields, run_discard),
    { .name = NULL },
};
