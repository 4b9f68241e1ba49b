/* SPDX-License-Identifier: Apache-2.0 */
/*
 * letter.c: letters, and the talks they belong to.
 *
 * in:     one letter or case, from an import or a command
 * out:    letter, thread, cases (claims through claim.c); who waits for an answer; the full-text index
 * knows:  record, claim, mask, text_index
 *
 * A letter costs the same in a long thread as in a short one: an answer looks at the letters between the answer
 * before and itself, and the letter that waits longest is the first one behind the last answer that needs one.
 */
#include "letter.h"

#include <assert.h>
#include <string.h>

#include "claim.h"
#include "mask.h"
#include "text_index.h"
#include "touched.h"

/* ---- words ----------------------------------------------------------------------------------- */

static const char *const of_names[] = { "", "thread", "case", "claim" };
static const char *const side_names[] = { "", "in", "out", "note" };
static const char *const state_names[] = { "", "received", "draft", "queued", "sent", "bounced" };

static int named(const char *const *names, size_t n, const char *word)
{
    for (size_t i = 1; i < n; i++)
        if (text_is(word, names[i]))
            return (int)i;
    return 0;
}

enum letter_of letter_of_named(const char *word)
{
    return (enum letter_of)named(of_names, COUNT_OF(of_names), word);
}

enum letter_side letter_side_named(const char *word)
{
    return (enum letter_side)named(side_names, COUNT_OF(side_names), word);
}

enum letter_state letter_state_named(const char *word)
{
    return (enum letter_state)named(state_names, COUNT_OF(state_names), word);
}

const char *letter_of_name(enum letter_of of)
{
    return of_names[of];
}

const char *letter_side_name(enum letter_side side)
{
    return side_names[side];
}

const char *letter_state_name(enum letter_state state)
{
    return state_names[state];
}

static bool is_answer(enum letter_side side, enum letter_state state)
{
    return side == LETTER_OUT && (state == LETTER_QUEUED || state == LETTER_SENT);
}

/* Drafts and notes are nobody else's yet. */
static bool is_said(enum letter_side side, enum letter_state state)
{
    return side != LETTER_NOTE && state != LETTER_DRAFT;
}

static void touch_of(struct record_to *to, enum letter_of of)
{
    to->touched |= of == LETTER_OF_THREAD ? TOUCHED_LETTERS : of == LETTER_OF_CASE ? TOUCHED_CASES : TOUCHED_CLAIMS;
}

static enum text_of text_kind(enum letter_of of)
{
    return of == LETTER_OF_THREAD ? TEXT_LETTER : of == LETTER_OF_CASE ? TEXT_CASE_LETTER : TEXT_CLAIM_LETTER;
}

/* ---- threads --------------------------------------------------------------------------------- */

struct thread_now {                                     /* texts in an arena */
    int64_t no, first_s;
    const char *subject, *buyer, *reply_to;
    int64_t market_no, last_in_s, last_out_s;           /* 0: none */
    const char *order_id;                               /* NULL: none */
    int64_t letters;
};

static const char sql_thread_load[] =
    "SELECT no, first_s, subject, buyer, reply_to, market_no, last_in_s, last_out_s, order_id, letters"
    " FROM thread"
    " WHERE thread_id = :thread_id";

/* 1: it is there. */
static int thread_load(struct record_to *to, struct arena *a, const char *id, struct thread_now *t, struct err *err)
{
    struct stmt *get = stmt_of(to->db, sql_thread_load, err);
    if (!get)
        return -err->code;
    bind_text(get, 1, id);
    int rc = stmt_step(to->db, get, err);
    if (rc <= 0)
        return rc;
    *t = (struct thread_now){
        .no = stmt_int(get, 0), .first_s = stmt_int(get, 1), .subject = arena_text(a, stmt_text(get, 2)),
        .buyer = arena_text(a, stmt_text(get, 3)), .reply_to = arena_text(a, stmt_text(get, 4)),
        .market_no = stmt_int(get, 5), .last_in_s = stmt_int(get, 6), .last_out_s = stmt_int(get, 7),
        .order_id = stmt_is_null(get, 8) ? NULL : arena_text(a, stmt_text(get, 8)), .letters = stmt_int(get, 9),
    };
    stmt_reset(get);
    return 1;
}

static const char sql_thread_add[] =
    "INSERT INTO thread (thread_id, subject, buyer, reply_to, first_s)"
    " VALUES (:thread_id, '', '', '', :first_s)";

static const char sql_thread_put[] =
    "UPDATE thread"
    " SET first_s = :first_s, subject = :subject, buyer = :buyer, reply_to = :reply_to,"
    "     market_no = nullif(:market_no, 0), last_in_s = nullif(:last_in_s, 0),"
    "     last_out_s = nullif(:last_out_s, 0), order_id = :order_id, letters = :letters,"
    "     waits_s = (SELECT l.at_s FROM letter l"
    "                WHERE l.of = 'thread' AND l.of_no = thread.no AND l.at_s > :last_out_s"
    "                  AND l.side = 'in' AND l.needs = 1 AND l.answered_s IS NULL"
    "                ORDER BY l.at_s LIMIT 1)"
    " WHERE no = :no";

static int thread_write(struct record_to *to, const struct thread_now *t, struct err *err)
{
    struct stmt *put = stmt_of(to->db, sql_thread_put, err);
    if (!put)
        return -err->code;
    bind_int(put, 1, t->first_s);
    bind_text(put, 2, t->subject);
    bind_text(put, 3, t->buyer);
    bind_text(put, 4, t->reply_to);
    bind_int(put, 5, t->market_no);
    bind_int(put, 6, t->last_in_s);
    bind_int(put, 7, t->last_out_s);
    bind_text(put, 8, t->order_id);
    bind_int(put, 9, t->letters);
    bind_int(put, 10, t->no);
    return stmt_run(to->db, put, err);
}

static int thread_add(struct record_to *to, const struct letter_row *row, struct thread_now *t, struct err *err)
{
    struct stmt *add = stmt_of(to->db, sql_thread_add, err);
    if (!add)
        return -err->code;
    bind_text(add, 1, row->of_id);
    bind_int(add, 2, row->at_s);
    int rc = stmt_run(to->db, add, err);
    *t = (struct thread_now){ .no = db_last_row(to->db), .first_s = row->at_s, .subject = "", .buyer = "",
                              .reply_to = "" };
    return rc;
}

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

static void tell(const char **known, const char *told, bool is_newer)
{
    if (told && *told && (is_newer || !**known))
        *known = told;
}

/* What a letter says of its thread: the first one names it, the newest of the buyer says who he is. */
static int thread_tell(struct record_to *to, struct thread_now *t, const struct letter_row *row,
                       enum letter_state state, struct err *err)
{
    const struct market *market = row->market;
    int64_t market_no;
    int rc = market || t->market_no ? 0 : record_market_of_order(to, row->order_id, &market, err);
    if (rc == 0)
        rc = record_market(to, market, &market_no, err);
    if (rc < 0)
        return rc;
    if (!t->market_no)
        t->market_no = market_no;
    if (!t->order_id)
        t->order_id = row->order_id;
    if (row->side != LETTER_NOTE)
        tell(&t->subject, row->subject, row->at_s < t->first_s);
    if (row->at_s < t->first_s)
        t->first_s = row->at_s;
    if (row->side == LETTER_IN) {
        tell(&t->buyer, row->sender, row->at_s >= t->last_in_s);
        tell(&t->reply_to, row->reply_to, row->at_s >= t->last_in_s);
        if (row->at_s > t->last_in_s)
            t->last_in_s = row->at_s;
    } else if (is_answer(row->side, state) && row->at_s > t->last_out_s) {
        t->last_out_s = row->at_s;
    }
    t->letters += is_said(row->side, state);
    return 0;
}

static const char sql_answer_before[] =
    "SELECT at_s FROM letter"
    " WHERE of = 'thread' AND of_no = :of_no AND at_s <= :at_s AND side = 'out' AND state IN ('queued', 'sent')"
    " ORDER BY at_s DESC LIMIT 1";

static const char sql_answer_after[] =
    "SELECT at_s FROM letter"
    " WHERE of = 'thread' AND of_no = :of_no AND at_s >= :at_s AND side = 'out' AND state IN ('queued', 'sent')"
    " ORDER BY at_s LIMIT 1";

/* Instant of the answer next to a moment; -1: there is none. */
static int answer_near(struct record_to *to, const char *sql, int64_t thread_no, int64_t at_s, int64_t *found_s,
                       struct err *err)
{
    struct stmt *get = stmt_of(to->db, sql, err);
    if (!get)
        return -err->code;
    bind_int(get, 1, thread_no);
    bind_int(get, 2, at_s);
    int rc = stmt_step(to->db, get, err);
    *found_s = rc > 0 ? stmt_int(get, 0) : -1;
    stmt_reset(get);
    return rc;
}

static const char sql_answered[] =
    "UPDATE letter"
    " SET answered_s = :at_s"
    " WHERE of = 'thread' AND of_no = :of_no AND at_s <= :at_s AND at_s > :before_s AND side = 'in'";

/* The letters behind the answer before are those that this one is the first answer to. */
static int answer_put(struct record_to *to, int64_t thread_no, int64_t at_s, int64_t before_s, struct err *err)
{
    struct stmt *put = stmt_of(to->db, sql_answered, err);
    if (!put)
        return -err->code;
    bind_int(put, 1, at_s);
    bind_int(put, 2, thread_no);
    bind_int(put, 3, before_s);
    return stmt_run(to->db, put, err);
}

static const char sql_thread_of[] =
    "SELECT thread_id FROM thread"
    " WHERE no = :no";

static const char sql_answers_anew[] =
    "UPDATE letter"
    " SET answered_s = (SELECT a.at_s FROM letter a"
    "                   WHERE a.of = 'thread' AND a.of_no = letter.of_no AND a.at_s >= letter.at_s"
    "                     AND a.side = 'out' AND a.state IN ('queued', 'sent')"
    "                   ORDER BY a.at_s LIMIT 1)"
    " WHERE of = 'thread' AND of_no = :of_no AND side = 'in'";

static const char sql_thread_count[] =
    "SELECT coalesce(sum(CASE WHEN side <> 'note' AND state <> 'draft' THEN 1 ELSE 0 END), 0),"
    "       coalesce(max(CASE WHEN side = 'out' AND state IN ('queued', 'sent') THEN at_s END), 0)"
    " FROM letter"
    " WHERE of = 'thread' AND of_no = :of_no";

/* After a letter has changed: everything that depends on all of them. */
static int thread_count(struct record_to *to, int64_t thread_no, struct err *err)
{
    struct stmt *name = stmt_of(to->db, sql_thread_of, err), *anew = stmt_of(to->db, sql_answers_anew, err),
                *count = stmt_of(to->db, sql_thread_count, err);
    if (!name || !anew || !count)
        return -err->code;
    struct arena *tmp = arena_new("thread", 512);
    struct thread_now t;
    bind_int(name, 1, thread_no);
    int rc = stmt_step(to->db, name, err);
    const char *id = rc > 0 ? arena_text(tmp, stmt_text(name, 0)) : "";
    stmt_reset(name);
    bind_int(anew, 1, thread_no);
    if (rc > 0)
        rc = stmt_run(to->db, anew, err);
    if (rc >= 0)
        rc = thread_load(to, tmp, id, &t, err);
    bind_int(count, 1, thread_no);
    if (rc > 0)
        rc = stmt_step(to->db, count, err);
    if (rc > 0) {
        t.letters = stmt_int(count, 0);
        t.last_out_s = stmt_int(count, 1);
        stmt_reset(count);
        rc = thread_write(to, &t, err);
    }
    arena_free(tmp);
    return rc < 0 ? rc : 0;
}

/* ---- cases ----------------------------------------------------------------------------------- */

struct case_now {                                       /* texts in an arena */
    int64_t no, market_no, opened_s, changed_s, closes_s;           /* 0: none */
    const char *subject, *state, *ref, *source;         /* ref NULL: none */
};

static const char sql_case_load[] =
    "SELECT no, market_no, opened_s, changed_s, closes_s, subject, state, ref, source FROM cases"
    " WHERE case_id = :case_id";

static int case_load(struct db *db, struct arena *a, const char *id, struct case_now *c, struct err *err)
{
    struct stmt *get = stmt_of(db, sql_case_load, err);
    if (!get)
        return -err->code;
    bind_text(get, 1, id);
    int rc = stmt_step(db, get, err);
    if (rc <= 0)
        return rc;
    *c = (struct case_now){
        stmt_int(get, 0), stmt_int(get, 1), stmt_int(get, 2), stmt_int(get, 3), stmt_int(get, 4),
        arena_text(a, stmt_text(get, 5)), arena_text(a, stmt_text(get, 6)),
        stmt_is_null(get, 7) ? NULL : arena_text(a, stmt_text(get, 7)), arena_text(a, stmt_text(get, 8)),
    };
    stmt_reset(get);
    return 1;
}

static const char sql_case_put[] =
    "INSERT INTO cases (case_id, market_no, opened_s, changed_s, closes_s, subject, state, ref, source)"
    " VALUES (:case_id, nullif(:market_no, 0), :opened_s, :changed_s, nullif(:closes_s, 0), :subject, :state, :ref,"
    "         :source)"
    " ON CONFLICT (case_id) DO UPDATE"
    " SET market_no = excluded.market_no, opened_s = excluded.opened_s, changed_s = excluded.changed_s,"
    "     closes_s = excluded.closes_s, subject = excluded.subject, state = excluded.state, ref = excluded.ref";

static bool same(const char *a, const char *b)
{
    return a == b || text_is(a, b);
}

static bool case_is(const struct case_now *a, const struct case_now *b)
{
    return a->market_no == b->market_no && a->opened_s == b->opened_s && a->changed_s == b->changed_s &&
           a->closes_s == b->closes_s && same(a->subject, b->subject) && same(a->state, b->state) &&
           same(a->ref, b->ref);
}

static int case_write(struct record_to *to, const char *id, struct case_now *c, bool is_new, struct err *err)
{
    struct stmt *put = stmt_of(to->db, sql_case_put, err);
    if (!put)
        return -err->code;
    bind_text(put, 1, id);
    bind_int(put, 2, c->market_no);
    bind_int(put, 3, c->opened_s);
    bind_int(put, 4, c->changed_s);
    bind_int(put, 5, c->closes_s);
    bind_text(put, 6, c->subject);
    bind_text(put, 7, c->state);
    bind_text(put, 8, c->ref);
    bind_text(put, 9, c->source);
    int rc = stmt_run(to->db, put, err);
    if (is_new)
        c->no = db_last_row(to->db);
    to->touched |= TOUCHED_CASES;
    return rc;
}

static int case_text(struct record_to *to, const char *id, const struct case_now *c, struct err *err)
{
    struct buf body = { 0 };
    buf_printf(&body, "%s %s", id, or_empty(c->ref));
    int rc = text_put(to->db, TEXT_CASE, c->no, c->subject, buf_str(&body), err);
    buf_free(&body);
    return rc;
}

/* What the row says, brought together with what is known. */
static struct case_now case_tell(const struct case_now *old, const struct case_row *row, const char *subject,
                                 int64_t market_no, int64_t changed_s, bool is_new)
{
    struct case_now c = *old;
    bool counts = is_new || changed_s >= old->changed_s;
    if (market_no && (counts || !c.market_no))
        c.market_no = market_no;
    tell(&c.subject, subject, counts);
    if (row->ref && (counts || !c.ref))
        c.ref = row->ref;
    if (row->opened_s && (is_new || row->opened_s < c.opened_s))
        c.opened_s = row->opened_s;
    if (!counts)
        return c;
    c.changed_s = changed_s;
    tell(&c.state, row->state, true);
    if (row->closes.is_told)
        c.closes_s = row->closes.n;
    if (text_is(c.state, "closed"))
        c.closes_s = 0;
    return c;
}

static const char sql_case_next[] =
    "SELECT coalesce(max(no), 0) + 1 FROM cases";

static int case_put_in(struct record_to *to, struct arena *tmp, const struct case_row *row, int64_t *no,
                       struct err *err)
{
    struct case_now old = { .subject = "", .state = "open", .source = row->source ? row->source : "typed" };
    int64_t market_no, changed_s = row->changed_s ? row->changed_s : row->opened_s;
    const char *id = row->case_id ? row->case_id : record_own_id(to, tmp, sql_case_next, err);
    int rc = id ? case_load(to->db, tmp, id, &old, err) : -err->code;
    bool is_new = rc == 0;
    if (rc >= 0)
        rc = record_market(to, row->market, &market_no, err);
    if (rc < 0)
        return rc;
    if (is_new)
        old.opened_s = changed_s;
    struct case_now c = case_tell(&old, row, mask_text(tmp, row->subject, NULL), market_no, changed_s, is_new);
    if (!is_new && case_is(&c, &old)) {
        *no = c.no;
        return 0;
    }
    rc = case_write(to, id, &c, is_new, err);
    if (rc >= 0 && (is_new || !same(c.subject, old.subject) || !same(c.ref, old.ref)))
        rc = case_text(to, id, &c, err);
    *no = c.no;
    return rc < 0 ? rc : 1;
}

int case_put(struct record_to *to, const struct case_row *row, int64_t *no, struct err *err)
{
    struct arena *tmp = arena_new("case", 1024);
    int64_t ignored;
    int rc = case_put_in(to, tmp, row, no ? no : &ignored, err);
    arena_free(tmp);
    return rc;
}

static const char sql_case_letters_text[] =
    "SELECT no FROM letter"
    " WHERE of = 'case' AND of_no = :of_no";

static const char sql_case_letters_drop[] =
    "DELETE FROM letter"
    " WHERE of = 'case' AND of_no = :of_no";

static const char sql_case_drop[] =
    "DELETE FROM cases"
    " WHERE no = :no";

int case_drop(struct record_to *to, const char *case_id, struct err *err)
{
    struct stmt *letters = stmt_of(to->db, sql_case_letters_text, err),
                *forget = stmt_of(to->db, sql_case_letters_drop, err), *drop = stmt_of(to->db, sql_case_drop, err);
    if (!letters || !forget || !drop)
        return -err->code;
    struct arena *tmp = arena_new("case", 512);
    struct case_of c;
    int rc = case_get(to->db, tmp, case_id, &c, err);
    if (rc == 0 && (!text_is(c.source, "typed") || !text_starts(case_id, "own-")))
        rc = err_set(err, ERR_DENIED, "Case %.60s is the marketplace's; only what was typed in here, and has no"
                     " number of the marketplace, can be taken away.", case_id);
    if (rc == 0) {
        bind_int(letters, 1, c.no);
        while ((rc = stmt_step(to->db, letters, err)) > 0)
            if ((rc = text_drop(to->db, TEXT_CASE_LETTER, stmt_int(letters, 0), err)) < 0)
                break;
        stmt_reset(letters);
    }
    if (rc == 0) {
        bind_int(forget, 1, c.no);
        bind_int(drop, 1, c.no);
        rc = stmt_run(to->db, forget, err);
        if (rc >= 0)
            rc = stmt_run(to->db, drop, err);
        if (rc >= 0)
            rc = text_drop(to->db, TEXT_CASE, c.no, err);
        to->touched |= TOUCHED_CASES;
    }
    arena_free(tmp);
    return rc < 0 ? rc : 1;
}

/* ---- what a letter makes of its talk ----------------------------------------------------------- */

static const char *case_state_after(const struct letter_row *row, const char *was)
{
    if (row->of_state)
        return row->of_state;
    if (row->side == LETTER_IN)
        return text_is(was, "closed") ? NULL : "answered";
    return text_is(was, "closed") ? "reopened" : text_is(was, "reopened") ? NULL : "open";
}

static int meet_case(struct record_to *to, struct arena *tmp, const struct letter_row *row, enum letter_state state,
                     int64_t *of_no, struct err *err)
{
    struct case_now old = { .state = "open" };
    int rc = case_load(to->db, tmp, row->of_id, &old, err);
    bool is_known = rc > 0;
    if (rc < 0)
        return rc;
    *of_no = old.no;
    if (is_known && !is_said(row->side, state))
        return 0;
    struct case_row talk = {
        .case_id = row->of_id, .market = row->market, .subject = is_known && *old.subject ? NULL : row->subject,
        .ref = row->ref, .opened_s = row->at_s, .changed_s = row->at_s, .source = row->source,
    };
    if (is_said(row->side, state)) {
        talk.state = case_state_after(row, old.state);
        if (row->closes_s || row->side == LETTER_OUT)   /* an answer stops the clock */
            talk.closes = TOLD(row->closes_s);
    }
    return case_put_in(to, tmp, &talk, of_no, err);
}

static int meet_claim(struct record_to *to, struct arena *tmp, const struct letter_row *row, enum letter_state state,
                      int64_t *of_no, struct err *err)
{
    struct claim old;
    struct err absent = { 0 };
    int rc = claim_get(to->db, tmp, row->of_id, &old, &absent);
    if (rc < 0 && rc != -ERR_ABSENT)
        return err_set(err, (enum err_code)-rc, "%s", absent.text);
    bool is_known = rc == 0;
    *of_no = is_known ? old.no : 0;
    if (is_known && !is_said(row->side, state))
        return 0;
    struct claim_row claim = {
        .claim_id = row->of_id, .kind = row->claim_kind, .market = row->market, .order_id = row->order_id,
        .state = row->of_state, .amount = row->amount, .opened_s = row->at_s, .changed_s = row->at_s,
        .due_s = row->due_s, .source = row->source,
    };
    if (!claim.state && row->side == LETTER_OUT && (!is_known || text_is(old.state, "action") ||
                                                    text_is(old.state, "appeal")))
        claim.state = "review";                         /* it is the marketplace's turn */
    return claim_put(to, &claim, of_no, err);
}

/* ---- letters --------------------------------------------------------------------------------- */

static const char sql_letter_find[] =
    "SELECT no FROM letter"
    " WHERE letter_id = :letter_id";

static const char sql_letter_next[] =
    "SELECT coalesce(max(no), 0) + 1 FROM letter";

static const char sql_letter_add[] =
    "INSERT INTO letter (letter_id, of, of_no, at_s, side, state, sender, subject, body, masked, needs, answered_s)"
    " VALUES (:letter_id, :of, :of_no, :at_s, :side, :state, :sender, :subject, :body, :masked, :needs,"
    "         nullif(:answered_s, -1))";

/* Its row; `row` is masked. */
static int letter_add(struct record_to *to, const struct letter_row *row, enum letter_state state, int64_t of_no,
                      int masked, int64_t answered_s, int64_t *no, struct err *err)
{
    struct stmt *add = stmt_of(to->db, sql_letter_add, err);
    if (!add)
        return -err->code;
    bool is_in = row->of == LETTER_OF_THREAD && row->side == LETTER_IN;
    bind_text(add, 1, row->letter_id);
    bind_text(add, 2, of_names[row->of]);
    bind_int(add, 3, of_no);
    bind_int(add, 4, row->at_s);
    bind_text(add, 5, side_names[row->side]);
    bind_text(add, 6, state_names[state]);
    bind_text(add, 7, or_empty(row->sender));
    bind_text(add, 8, or_empty(row->subject));
    bind_text(add, 9, or_empty(row->body));
    bind_int(add, 10, masked);
    bind_int(add, 11, is_in && (row->needs.is_told ? row->needs.n != 0 : true));
    bind_int(add, 12, answered_s);
    int rc = stmt_run(to->db, add, err);
    *no = db_last_row(to->db);
    touch_of(to, row->of);
    return rc;
}

static int letter_text(struct record_to *to, enum letter_of of, int64_t no, const char *subject, const char *body,
                       const char *sender, const char *order_id, struct err *err)
{
    struct buf text = { 0 };
    buf_printf(&text, "%s\n%s %s", or_empty(body), or_empty(sender), or_empty(order_id));
    int rc = text_put(to->db, text_kind(of), no, or_empty(subject), buf_str(&text), err);
    buf_free(&text);
    return rc;
}

/* A letter of a thread, and what it changes there. */
static int put_in_thread(struct record_to *to, struct arena *tmp, const struct letter_row *row,
                         enum letter_state state, int masked, int64_t *no, struct err *err)
{
    struct thread_now t;
    int64_t answered_s = -1, before_s = -1;
    int rc = thread_load(to, tmp, row->of_id, &t, err);
    if (rc == 0)
        rc = thread_add(to, row, &t, err);
    if (rc >= 0 && row->side == LETTER_IN)
        rc = answer_near(to, sql_answer_after, t.no, row->at_s, &answered_s, err);
    if (rc >= 0 && is_answer(row->side, state))
        rc = answer_near(to, sql_answer_before, t.no, row->at_s, &before_s, err);
    if (rc >= 0)
        rc = letter_add(to, row, state, t.no, masked, answered_s, no, err);
    if (rc >= 0 && is_answer(row->side, state))
        rc = answer_put(to, t.no, row->at_s, before_s, err);
    if (rc >= 0)
        rc = thread_tell(to, &t, row, state, err);
    return rc < 0 ? rc : thread_write(to, &t, err);
}

static int put_in(struct record_to *to, struct arena *tmp, const struct letter_row *given, int64_t *no,
                  struct err *err)
{
    struct letter_row row = *given;
    int masked = 0, rc;
    int64_t of_no = 0;
    assert(row.of && row.side);
    if (row.letter_id) {
        struct stmt *find = stmt_of(to->db, sql_letter_find, err);
        if (!find)
            return -err->code;
        bind_text(find, 1, row.letter_id);
        rc = stmt_step(to->db, find, err);
        if (rc > 0)
            *no = stmt_int(find, 0);
        stmt_reset(find);
        if (rc != 0)
            return rc < 0 ? rc : 0;
    } else if (!(row.letter_id = record_own_id(to, tmp, sql_letter_next, err))) {
        return -err->code;
    }
    enum letter_state state = row.state ? row.state : row.side == LETTER_IN ? LETTER_RECEIVED : LETTER_SENT;
    row.subject = mask_text(tmp, row.subject, &masked);
    row.body = mask_text(tmp, row.body, &masked);
    row.sender = mask_text(tmp, row.sender, &masked);
    if (row.of == LETTER_OF_THREAD) {
        rc = put_in_thread(to, tmp, &row, state, masked, no, err);
    } else {
        rc = row.of == LETTER_OF_CASE ? meet_case(to, tmp, &row, state, &of_no, err)
                                      : meet_claim(to, tmp, &row, state, &of_no, err);
        if (rc >= 0)
            rc = letter_add(to, &row, state, of_no, masked, -1, no, err);
    }
    if (rc >= 0)
        rc = letter_text(to, row.of, *no, row.subject, row.body, row.sender, row.order_id, err);
    return rc < 0 ? rc : 1;
}

int letter_put(struct record_to *to, const struct letter_row *row, int64_t *no, struct err *err)
{
    struct arena *tmp = arena_new("letter", 2048);
    int64_t ignored;
    int rc = put_in(to, tmp, row, no ? no : &ignored, err);
    arena_free(tmp);
    return rc;
}

/* ---- changes --------------------------------------------------------------------------------- */

static bool may_become(enum letter_state from, enum letter_state to)
{
    switch (to) {
    case LETTER_DRAFT:    return from == LETTER_QUEUED;
    case LETTER_QUEUED:   return from == LETTER_DRAFT;
    case LETTER_SENT:     return from == LETTER_QUEUED || from == LETTER_DRAFT;
    case LETTER_BOUNCED:  return from == LETTER_QUEUED || from == LETTER_SENT;
    case LETTER_RECEIVED: break;
    }
    return false;
}

static const char sql_letter_state[] =
    "UPDATE letter"
    " SET state = :state, at_s = :at_s"
    " WHERE no = :no";

static int after_change(struct record_to *to, const struct letter *l, struct err *err)
{
    touch_of(to, l->of);
    return l->of == LETTER_OF_THREAD ? thread_count(to, l->of_no, err) : 0;
}

int letter_state_put(struct record_to *to, int64_t no, enum letter_state state, int64_t at_s, struct err *err)
{
    struct stmt *put = stmt_of(to->db, sql_letter_state, err);
    if (!put)
        return -err->code;
    struct arena *tmp = arena_new("letter", 1024);
    struct letter l;
    int rc = letter_get(to->db, tmp, no, &l, err);
    bool is_same = rc == 0 && l.state == state && (!at_s || at_s == l.at_s);
    if (rc == 0 && !is_same && (l.side != LETTER_OUT || (l.state != state && !may_become(l.state, state))))
        rc = err_set(err, ERR_DENIED, "Letter %lld is %s and cannot become %s.", (long long)no,
                     state_names[l.state], state_names[state]);
    if (rc == 0 && !is_same) {
        bind_text(put, 1, state_names[state]);
        bind_int(put, 2, at_s ? at_s : l.at_s);
        bind_int(put, 3, no);
        rc = stmt_run(to->db, put, err);
        if (rc >= 0)
            rc = after_change(to, &l, err);
    }
    arena_free(tmp);
    return rc < 0 ? rc : !is_same;
}

static const char sql_letter_words[] =
    "UPDATE letter"
    " SET subject = :subject, body = :body, masked = :masked, at_s = :at_s"
    " WHERE no = :no";

int letter_text_put(struct record_to *to, int64_t no, const char *subject, const char *body, int64_t at_s,
                    struct err *err)
{
    struct stmt *put = stmt_of(to->db, sql_letter_words, err);
    if (!put)
        return -err->code;
    struct arena *tmp = arena_new("letter", 1024);
    struct letter l;
    int masked = 0, rc = letter_get(to->db, tmp, no, &l, err);
    if (rc == 0 && l.state != LETTER_DRAFT && l.side != LETTER_NOTE)
        rc = err_set(err, ERR_DENIED, "Letter %lld is no draft any more; its text stays.", (long long)no);
    if (rc == 0) {
        subject = mask_text(tmp, subject ? subject : l.subject, &masked);
        body = mask_text(tmp, body ? body : l.body, &masked);
        bind_text(put, 1, subject);
        bind_text(put, 2, body);
        bind_int(put, 3, masked);
        bind_int(put, 4, at_s ? at_s : l.at_s);
        bind_int(put, 5, no);
        rc = stmt_run(to->db, put, err);
        touch_of(to, l.of);
        if (rc >= 0)
            rc = letter_text(to, l.of, no, subject, body, l.sender, NULL, err);
    }
    arena_free(tmp);
    return rc < 0 ? rc : 1;
}

static const char sql_letter_drop[] =
    "DELETE FROM letter"
    " WHERE no = :no";

int letter_drop(struct record_to *to, int64_t no, struct err *err)
{
    struct stmt *drop = stmt_of(to->db, sql_letter_drop, err);
    if (!drop)
        return -err->code;
    struct arena *tmp = arena_new("letter", 1024);
    struct letter l;
    int rc = letter_get(to->db, tmp, no, &l, err);
    if (rc == 0 && l.side != LETTER_NOTE && l.state != LETTER_DRAFT && l.state != LETTER_QUEUED)
        rc = err_set(err, ERR_DENIED, "Letter %lld is %s; only drafts, notes and what waits in the outbox can be"
                     " taken away.", (long long)no, state_names[l.state]);
    if (rc == 0) {
        bind_int(drop, 1, no);
        rc = stmt_run(to->db, drop, err);
        if (rc >= 0)
            rc = text_drop(to->db, text_kind(l.of), no, err);
        if (rc >= 0)
            rc = after_change(to, &l, err);
    }
    arena_free(tmp);
    return rc < 0 ? rc : 1;
}

static const char sql_letter_needs[] =
    "UPDATE letter"
    " SET needs = :needs"
    " WHERE no = :no AND needs <> :needs";

int letter_needs_put(struct record_to *to, int64_t no, bool needs, struct err *err)
{
    struct stmt *put = stmt_of(to->db, sql_letter_needs, err);
    if (!put)
        return -err->code;
    struct arena *tmp = arena_new("letter", 1024);
    struct letter l;
    int rc = letter_get(to->db, tmp, no, &l, err);
    if (rc == 0 && (l.of != LETTER_OF_THREAD || l.side != LETTER_IN))
        rc = err_set(err, ERR_DENIED, "Letter %lld is not one that a buyer wrote; nothing is to be answered.",
                     (long long)no);
    bind_int(put, 1, needs);
    bind_int(put, 2, no);
    if (rc == 0)
        rc = stmt_run(to->db, put, err);
    int changed = rc;
    if (rc > 0)
        rc = after_change(to, &l, err);
    arena_free(tmp);
    return rc < 0 ? rc : changed;
}

static const char sql_thread_needs_nothing[] =
    "UPDATE letter"
    " SET needs = 0"
    " WHERE of = 'thread' AND of_no = :of_no AND side = 'in' AND needs = 1 AND answered_s IS NULL";

int thread_needs_nothing(struct record_to *to, const char *thread_id, struct err *err)
{
    struct stmt *put = stmt_of(to->db, sql_thread_needs_nothing, err);
    if (!put)
        return -err->code;
    struct arena *tmp = arena_new("thread", 512);
    struct thread t;
    int rc = thread_get(to->db, tmp, thread_id, &t, err), changed = 0;
    if (rc == 0) {
        bind_int(put, 1, t.no);
        changed = rc = stmt_run(to->db, put, err);
    }
    if (rc > 0) {
        to->touched |= TOUCHED_LETTERS;
        rc = thread_count(to, t.no, err);
    }
    arena_free(tmp);
    return rc < 0 ? rc : changed > 0;
}

/* ---- reading --------------------------------------------------------------------------------- */

static const char sql_letter_get[] =
    "SELECT l.of_no, l.at_s, l.of, l.side, l.state, l.letter_id, l.sender, l.subject, l.body, l.needs,"
    "       coalesce(t.thread_id, c.case_id, m.claim_id)"
    " FROM letter l LEFT JOIN thread t ON l.of = 'thread' AND t.no = l.of_no"
    "      LEFT JOIN cases c ON l.of = 'case' AND c.no = l.of_no"
    "      LEFT JOIN claim m ON l.of = 'claim' AND m.no = l.of_no"
    " WHERE l.no = :no";

int letter_get(struct db *db, struct arena *a, int64_t no, struct letter *out, struct err *err)
{
    struct stmt *get = stmt_of(db, sql_letter_get, err);
    if (!get)
        return -err->code;
    bind_int(get, 1, no);
    int rc = stmt_step(db, get, err);
    if (rc < 0)
        return rc;
    if (rc == 0)
        return err_set(err, ERR_ABSENT, "There is no letter %lld.", (long long)no);
    *out = (struct letter){
        .no = no, .of_no = stmt_int(get, 0), .at_s = stmt_int(get, 1), .of = letter_of_named(stmt_text(get, 2)),
        .side = letter_side_named(stmt_text(get, 3)), .state = letter_state_named(stmt_text(get, 4)),
        .letter_id = arena_text(a, stmt_text(get, 5)), .of_id = arena_text(a, stmt_text(get, 10)),
        .sender = arena_text(a, stmt_text(get, 6)), .subject = arena_text(a, stmt_text(get, 7)),
        .body = arena_text(a, stmt_text(get, 8)), .needs = stmt_int(get, 9) != 0,
    };
    stmt_reset(get);
    return 0;
}

static const char sql_thread_get[] =
    "SELECT t.no, t.last_in_s, t.waits_s, t.order_id, t.subject, t.buyer, t.reply_to, m.id"
    " FROM thread t LEFT JOIN market m ON m.no = t.market_no"
    " WHERE t.thread_id = :thread_id";

int thread_get(struct db *db, struct arena *a, const char *thread_id, struct thread *out, struct err *err)
{
    struct stmt *get = stmt_of(db, sql_thread_get, err);
    if (!get)
        return -err->code;
    bind_text(get, 1, thread_id);
    int rc = stmt_step(db, get, err);
    if (rc < 0)
        return rc;
    if (rc == 0)
        return err_set(err, ERR_ABSENT, "There is no thread of letters \"%.80s\".", thread_id);
    *out = (struct thread){
        .no = stmt_int(get, 0), .last_in_s = stmt_int(get, 1), .waits_s = stmt_int(get, 2),
        .thread_id = arena_text(a, thread_id), .order_id = arena_text(a, stmt_text(get, 3)),
        .subject = arena_text(a, stmt_text(get, 4)), .buyer = arena_text(a, stmt_text(get, 5)),
        .reply_to = arena_text(a, stmt_text(get, 6)), .market = market_by_id(stmt_text(get, 7)),
    };
    stmt_reset(get);
    return 0;
}

int case_get(struct db *db, struct arena *a, const char *case_id, struct case_of *out, struct err *err)
{
    struct case_now c;
    int rc = case_load(db, a, case_id, &c, err);
    if (rc < 0)
        return rc;
    if (rc == 0)
        return err_set(err, ERR_ABSENT, "There is no case \"%.80s\".", case_id);
    *out = (struct case_of){
        .no = c.no, .changed_s = c.changed_s, .case_id = arena_text(a, case_id), .subject = c.subject,
        .state = c.state, .ref = or_empty(c.ref), .source = c.source,
    };
    return 0;
}
