/* SPDX-License-Identifier: Apache-2.0 */
/*
 * command_letter.c: answers to buyers; and for letters of all kinds, how they are queued, drafted and noted.
 *
 * in:     a talk, a text, perhaps the draft it was written in
 * out:    letters, entries of the outbox; which letters of a buyer still wait follows from the letters
 * knows:  letter, outbox
 */
#include "command_in.h"

#include <string.h>
#include <strings.h>

#include "data/outbox.h"

/* ---- letters of any talk ---------------------------------------------------------------------- */

const char *letter_ref(struct doing *d, enum letter_of of, const char *of_id)
{
    return arena_printf(d->a, "%s:%s", letter_of_name(of), of_id);
}

/* The draft that a text replaces: of this talk, and still a draft. */
static int draft_get(struct doing *d, const struct answer *w, struct letter *draft, struct err *err)
{
    int rc = letter_get(d->db, d->a, w->draft_no, draft, err);
    if (rc == -ERR_ABSENT)
        d->field = "letter";
    if (rc < 0)
        return rc;
    if (draft->of != w->of || !text_is(draft->of_id, w->of_id) || draft->side != LETTER_OUT)
        return doing_refuse(d, "letter", err, ERR_INPUT, "Letter %lld is no draft of %s %s.", (long long)w->draft_no,
                            letter_of_name(w->of), w->of_id);
    if (draft->state != LETTER_DRAFT)
        return doing_refuse(d, "letter", err, ERR_DENIED, "Letter %lld is no draft any more: it is %s.",
                            (long long)w->draft_no, letter_state_name(draft->state));
    return 0;
}

/* An answer takes the place of its draft: what letters tell of their talk, they tell when they are put. */
int answer_put(struct doing *d, const struct answer *w, struct err *err)
{
    bool goes_out = *w->recipient;
    struct letter letter;
    const struct letter_row row = {
        .of = w->of, .of_id = w->of_id, .at_s = d->now_s, .side = LETTER_OUT,
        .state = goes_out ? LETTER_QUEUED : LETTER_SENT, .sender = "", .subject = w->subject, .body = w->body,
        .closes_s = w->closes_s,
    };
    int64_t no;
    d->ref = letter_ref(d, w->of, w->of_id);
    int rc = w->draft_no ? draft_get(d, w, &letter, err) : 0;
    if (rc == 0 && w->draft_no)
        rc = letter_drop(&d->to, w->draft_no, err);
    if (rc >= 0)
        rc = letter_put(&d->to, &row, &no, err);
    if (rc < 0 || !goes_out)
        return rc < 0 ? rc : 0;
    rc = letter_get(d->db, d->a, no, &letter, err);     /* as it is kept: without card numbers */
    if (rc < 0)
        return rc;
    const struct outbox_row out = { d->now_s, w->recipient, d->ref, &letter };
    rc = outbox_put(&d->to, &out, err);
    return rc < 0 ? rc : 0;
}

int answer_draft(struct doing *d, const struct answer *w, struct err *err)
{
    const struct letter_row row = {
        .of = w->of, .of_id = w->of_id, .at_s = d->now_s, .side = LETTER_OUT, .state = LETTER_DRAFT,
        .sender = "", .subject = w->subject, .body = w->body,
    };
    struct letter draft;
    int64_t no = w->draft_no;
    int rc = no ? draft_get(d, w, &draft, err) : letter_put(&d->to, &row, &no, err);
    if (rc == 0 && w->draft_no)
        rc = letter_text_put(&d->to, no, w->subject, w->body, d->now_s, err);
    d->ref = arena_printf(d->a, "letter:%lld", (long long)no);
    return rc < 0 ? rc : 0;
}

int answer_note(struct doing *d, enum letter_of of, const char *of_id, const char *body, struct err *err)
{
    const struct letter_row row = {
        .of = of, .of_id = of_id, .at_s = d->now_s, .side = LETTER_NOTE, .sender = "", .subject = "", .body = body,
    };
    d->ref = letter_ref(d, of, of_id);
    int rc = letter_put(&d->to, &row, NULL, err);
    return rc < 0 ? rc : 0;
}

int draft_discard(struct doing *d, int64_t no, struct err *err)
{
    struct letter letter;
    int rc = letter_get(d->db, d->a, no, &letter, err);
    if (rc == -ERR_ABSENT)
        d->field = "letter";
    if (rc < 0)
        return rc;
    if (letter.state != LETTER_DRAFT && letter.side != LETTER_NOTE)
        return doing_refuse(d, "letter", err, ERR_DENIED, "Letter %lld is %s and stays: only drafts and notes can be"
                            " thrown away.", (long long)no, letter_state_name(letter.state));
    d->ref = letter_ref(d, letter.of, letter.of_id);
    rc = letter_drop(&d->to, no, err);
    return rc < 0 ? rc : 0;
}

const char *subject_of_answer(struct doing *d, const char *subject)
{
    static const char *const marks[] = { "re:", "aw:", "antw:", "r:", "rif:", "sv:" };
    for (size_t i = 0; i < COUNT_OF(marks); i++)
        if (strncasecmp(subject, marks[i], strlen(marks[i])) == 0)
            return subject;
    return arena_printf(d->a, "Re: %s", subject);
}

/* ---- message.* -------------------------------------------------------------------------------- */

static const struct souk_field answer_fields[] = {
    FIELD(LINE, "thread", NEEDED, MOST(KEY_LETTERS)),
    FIELD(AREA, "body", NEEDED, MOST(BODY_LETTERS)),
    FIELD(COUNT, "letter", OPTIONAL, .about = "field.letter.draft"),
};

static const struct souk_field note_fields[] = {
    FIELD(LINE, "thread", NEEDED, MOST(KEY_LETTERS)),
    FIELD(AREA, "body", NEEDED, MOST(BODY_LETTERS)),
};

static const struct souk_field no_answer_fields[] = {
    FIELD(COUNT, "letter", OPTIONAL),
    FIELD(LINE, "thread", OPTIONAL, MOST(KEY_LETTERS)),
};

static const struct souk_field letter_fields[] = {
    FIELD(COUNT, "letter", NEEDED),
};

static const struct souk_field sent_fields[] = {
    FIELD(COUNT, "letter", NEEDED),
    FIELD(INSTANT, "at", OPTIONAL),
};

static int thread_find(struct doing *d, const struct souk_args *args, struct thread *t, struct err *err)
{
    int rc = thread_get(d->db, d->a, arg_text(args, "thread"), t, err);
    if (rc == -ERR_ABSENT)
        d->field = "thread";
    return rc;
}

static struct answer thread_answer(struct doing *d, const struct souk_args *args, const struct thread *t)
{
    return (struct answer){
        .of = LETTER_OF_THREAD, .of_id = t->thread_id, .recipient = t->reply_to,
        .subject = subject_of_answer(d, t->subject), .body = arg_text(args, "body"),
        .draft_no = arg_int(args, "letter", 0),
    };
}

static int run_reply(struct doing *d, const struct souk_args *args, struct err *err)
{
    struct thread t;
    int rc = thread_find(d, args, &t, err);
    if (rc < 0)
        return rc;
    if (!*t.reply_to)
        return doing_refuse(d, "thread", err, ERR_DENIED, "No letter of this talk names an address to answer to."
                            " Answer on the marketplace's page, and keep what you wrote as a note.");
    const struct answer w = thread_answer(d, args, &t);
    say(d, "done.message.reply");
    return answer_put(d, &w, err);
}

static int run_draft(struct doing *d, const struct souk_args *args, struct err *err)
{
    struct thread t;
    int rc = thread_find(d, args, &t, err);
    if (rc < 0)
        return rc;
    const struct answer w = thread_answer(d, args, &t);
    say(d, "done.draft");
    return answer_draft(d, &w, err);
}

static int run_note(struct doing *d, const struct souk_args *args, struct err *err)
{
    struct thread t;
    int rc = thread_find(d, args, &t, err);
    if (rc < 0)
        return rc;
    say(d, "done.note");
    return answer_note(d, LETTER_OF_THREAD, t.thread_id, arg_text(args, "body"), err);
}

/* Letters of buyers only: what is asked of support or told of claims is in no metric. */
static int buyers_letter(struct doing *d, const struct souk_args *args, struct letter *letter, struct err *err)
{
    int rc = letter_get(d->db, d->a, arg_int(args, "letter", 0), letter, err);
    if (rc == -ERR_ABSENT)
        d->field = "letter";
    if (rc == 0 && (letter->of != LETTER_OF_THREAD || letter->side != LETTER_IN))
        rc = doing_refuse(d, "letter", err, ERR_INPUT, "Letter %lld was not written by a buyer.",
                          (long long)letter->no);
    if (rc == 0)
        d->ref = letter_ref(d, letter->of, letter->of_id);
    return rc;
}

static int run_no_answer(struct doing *d, const struct souk_args *args, struct err *err)
{
    struct letter letter;
    struct thread t;
    int rc;
    if (arg_is_told(args, "letter") == arg_is_told(args, "thread"))
        return doing_refuse(d, "letter", err, ERR_INPUT, "Say which letter needs no answer, or of which thread none"
                            " does: one of the two.");
    say(d, "done.message.no_answer");
    if (arg_is_told(args, "letter")) {
        rc = buyers_letter(d, args, &letter, err);
        return rc < 0 ? rc : letter_needs_put(&d->to, letter.no, false, err);
    }
    rc = thread_find(d, args, &t, err);
    if (rc < 0)
        return rc;
    d->ref = letter_ref(d, LETTER_OF_THREAD, t.thread_id);
    return thread_needs_nothing(&d->to, t.thread_id, err);
}

static int run_needs_answer(struct doing *d, const struct souk_args *args, struct err *err)
{
    struct letter letter;
    int rc = buyers_letter(d, args, &letter, err);
    if (rc < 0)
        return rc;
    say(d, "done.message.needs_answer");
    return letter_needs_put(&d->to, letter.no, true, err);
}

/* A letter that waits in the outbox. */
static int queued_letter(struct doing *d, const struct souk_args *args, struct letter *letter, struct err *err)
{
    int rc = letter_get(d->db, d->a, arg_int(args, "letter", 0), letter, err);
    if (rc == -ERR_ABSENT)
        d->field = "letter";
    if (rc == 0 && letter->state != LETTER_QUEUED)
        rc = doing_refuse(d, "letter", err, ERR_DENIED, "Letter %lld does not wait in the outbox: it is %s.",
                          (long long)letter->no, letter_state_name(letter->state));
    if (rc == 0)
        d->ref = letter_ref(d, letter->of, letter->of_id);
    return rc;
}

static int run_cancel(struct doing *d, const struct souk_args *args, struct err *err)
{
    struct letter letter;
    int rc = queued_letter(d, args, &letter, err);
    if (rc == 0)
        rc = letter_state_put(&d->to, letter.no, LETTER_DRAFT, 0, err);
    if (rc >= 0)
        rc = outbox_state_put(&d->to, letter.no, OUTBOX_CANCELLED, err);
    say(d, "done.message.cancel");
    return rc;
}

static int run_sent(struct doing *d, const struct souk_args *args, struct err *err)
{
    struct letter letter;
    int64_t at_s = arg_int(args, "at", d->now_s);
    int rc = queued_letter(d, args, &letter, err);
    if (rc == 0 && at_s > d->now_s)
        rc = doing_refuse(d, "at", err, ERR_INPUT, "A letter cannot have been sent later than now.");
    if (rc == 0)
        rc = letter_state_put(&d->to, letter.no, LETTER_SENT, at_s, err);
    if (rc >= 0)
        rc = outbox_state_put(&d->to, letter.no, OUTBOX_SENT, err);
    say(d, "done.message.sent");
    return rc;
}

static int run_discard(struct doing *d, const struct souk_args *args, struct err *err)
{
    say(d, "done.discard");
    return draft_discard(d, arg_int(args, "letter", 0), err);
}

const struct command_info letter_commands[] = {
    COMMAND("message.reply", RIGHT_EDIT, answer_fields, run_reply),
    COMMAND("message.draft", RIGHT_EDIT, answer_fields, run_draft),
    COMMAND("message.note", RIGHT_EDIT, note_fields, run_note),
    COMMAND("message.no_answer", RIGHT_EDIT, no_answer_fields, run_no_answer),
    COMMAND("message.needs_answer", RIGHT_EDIT, letter_fields, run_needs_answer),
    COMMAND("message.cancel", RIGHT_EDIT, letter_fields, run_cancel),
    COMMAND("message.sent", RIGHT_EDIT, sent_fields, run_sent),
    COMMAND("message.discard", RIGHT_EDIT, letter_fields, run_discard),
    { .name = NULL },
};
