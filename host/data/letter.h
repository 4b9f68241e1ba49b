/* SPDX-License-Identifier: Apache-2.0 */
/*
 * letter.h: letters, and the talks they belong to: threads with buyers, cases with the marketplace.
 *
 * Used by store_letter.c for imports and by flow/command for message.* and case.*; letters of claims too.
 *
 * What waits      A letter waits that is `in`, needs an answer and has none.  An `out` letter that is queued or
 *                 sent answers all `in` letters of its thread that are not newer than it; drafts, notes and
 *                 bounced ones answer nothing.  thread.waits_s is the instant of the oldest letter that waits.
 *                 It all depends on the letters alone, not on the order in which they came.
 * State of a case A letter that tells a state sets it, when it is not older than the case's last change.  Else an
 *                 `in` letter makes it answered, unless it is closed; an `out` letter makes it open, or
 *                 reopened when it was closed.  Drafts and notes change nothing.
 * Card numbers    in subjects and bodies are masked, see mask.h.
 */
#ifndef SOUK_LETTER_H
#define SOUK_LETTER_H

#include "record.h"

enum letter_of { LETTER_OF_THREAD = 1, LETTER_OF_CASE, LETTER_OF_CLAIM };
enum letter_side { LETTER_IN = 1, LETTER_OUT, LETTER_NOTE };
enum letter_state { LETTER_RECEIVED = 1, LETTER_DRAFT, LETTER_QUEUED, LETTER_SENT, LETTER_BOUNCED };

/* By the words of the database ("thread", "in", "queued") and back; 0 for what is none of them. */
enum letter_of letter_of_named(const char *word);
enum letter_side letter_side_named(const char *word);
enum letter_state letter_state_named(const char *word);
const char *letter_of_name(enum letter_of of);
const char *letter_side_name(enum letter_side side);
const char *letter_state_name(enum letter_state state);

struct letter_row {
    const char *letter_id;                              /* Message-ID; NULL: own-N is made up */
    enum letter_of of;
    const char *of_id;                                  /* of thread, case or claim; it is made when it is new */
    const struct market *market;
    const char *order_id, *ref;                         /* ref: what a case is about */
    int64_t at_s;
    enum letter_side side;
    enum letter_state state;                            /* 0: received when in, else sent */
    const char *sender, *reply_to, *subject, *body;     /* reply_to: of the thread, for `in` letters */
    struct number needs;                                  /* not told: an `in` letter of a thread does */
    const char *source;                                 /* of a case or claim it makes: "mail"; NULL: "typed" */
    const char *of_state;                               /* of the case or claim, as the letter says */
    int64_t closes_s;                                   /* a case closes by itself then */
    const char *claim_kind;                             /* needed by a letter of an unknown claim */
    struct money amount;                                /* of the claim */
    int64_t due_s;                                      /* the seller's deadline, where the letter names it */
};

/* A letter that is known by its id is left alone.  *no (may be NULL) is its number, new or known. */
int letter_put(struct record_to *to, const struct letter_row *row, int64_t *no, struct err *err);

/* draft -> queued, queued -> sent or bounced, queued -> draft; at_s: when it left, 0 keeps its own time. */
int letter_state_put(struct record_to *to, int64_t no, enum letter_state state, int64_t at_s, struct err *err);
/* Text of a draft; ERR_DENIED when it is none any more. */
int letter_text_put(struct record_to *to, int64_t no, const char *subject, const char *body, int64_t at_s,
                    struct err *err);
/* Takes a draft or note, or an answer that still waits in the outbox, away again; ERR_DENIED for all others. */
int letter_drop(struct record_to *to, int64_t no, struct err *err);
int letter_needs_put(struct record_to *to, int64_t no, bool needs, struct err *err);
/* None of the letters of a thread that wait needs an answer. */
int thread_needs_nothing(struct record_to *to, const char *thread_id, struct err *err);

/* ---- cases ----------------------------------------------------------------------------------- */

struct case_row {
    const char *case_id;                                /* the marketplace's number; NULL: own-N is made up */
    const struct market *market;
    const char *subject, *state, *ref;
    int64_t opened_s, changed_s;                        /* changed: as of; 0: opened */
    struct number closes;                                 /* 0: it does not close by itself */
    const char *source;                                 /* of a new one: typed, mail, api; NULL: typed */
};

/* An older row only fills what is not known.  *no (may be NULL) is its number. */
int case_put(struct record_to *to, const struct case_row *row, int64_t *no, struct err *err);
/* Takes away a case that was typed in and never got the marketplace's number, with its letters. */
int case_drop(struct record_to *to, const char *case_id, struct err *err);

/* ---- reading, for commands ------------------------------------------------------------------- */

struct letter {                                         /* texts in the arena */
    int64_t no, of_no, at_s;
    enum letter_of of;
    enum letter_side side;
    enum letter_state state;
    const char *letter_id, *of_id, *sender, *subject, *body;
    bool needs;
};

struct thread {
    int64_t no, last_in_s, waits_s;                     /* 0: none */
    const char *thread_id, *order_id, *subject, *buyer, *reply_to;      /* order_id: "" when unknown */
    const struct market *market;                        /* NULL: unknown */
};

struct case_of {
    int64_t no, changed_s;
    const char *case_id, *subject, *state, *ref, *source;               /* ref: "" when none */
};

/* ERR_ABSENT with a sentence when there is none. */
int letter_get(struct db *db, struct arena *a, int64_t no, struct letter *out, struct err *err);
int thread_get(struct db *db, struct arena *a, const char *thread_id, struct thread *out, struct err *err);
int case_get(struct db *db, struct arena *a, const char *case_id, struct case_of *out, struct err *err);

#endif
