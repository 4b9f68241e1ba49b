/* SPDX-License-Identifier: Apache-2.0 */
/*
 * claim.h: A-to-z claims, chargebacks, SAFE-T claims.
 *
 * Used by store_letter.c (kind claim, letters of claims), store_money.c (ledger), store_promo.c (returns) and by
 * flow/command for claim.*.
 *
 * Which one       A claim is known by the marketplace's number.  Where a source names none, its id is made of kind
 *                 and order, "a_to_z:303-1"; a later number of the same kind and order takes that one's place, and
 *                 a source without number means the claim of that kind and order that is there.
 * As of           changed_s.  What is newer replaces what is known; what is older only fills what is not known.
 * Deadline        As told; else by the policy line <kind>.answer (state action) or <kind>.appeal (state appeal) of
 *                 the market, counted from the claim's last change and valid on that day: "24h" are hours, "7d" and
 *                 plain numbers calendar days at the same time of day.  No line, no market: no deadline.  The other
 *                 states have none.
 */
#ifndef SOUK_CLAIM_H
#define SOUK_CLAIM_H

#include "record.h"

struct claim_row {
    const char *claim_id;                               /* NULL: of kind and order */
    const char *kind;                                   /* a_to_z, chargeback, safe_t */
    const struct market *market;                        /* NULL: of the order */
    const char *order_id;
    const char *state;                                  /* action, review, appeal, closed; not told of a new one: action */
    const char *outcome;                                /* granted, denied, withdrawn, reimbursed */
    const char *reason;
    struct money amount;
    int64_t opened_s, changed_s, due_s;                 /* changed: as of; 0: opened */
    struct number counts;                                 /* in the order defect rate */
    const char *source;                                 /* of a new one: mail, ledger, returns, typed, api; NULL: typed */
};

extern const char claim_kinds[], claim_states[], claim_outcomes[];      /* words with a space between */
bool claim_word_is(const char *words, const char *word);

/* *no (may be NULL) is its number.  ERR_INPUT: a new one without kind, or neither id nor order. */
int claim_put(struct record_to *to, const struct claim_row *row, int64_t *no, struct err *err);
bool claim_is_known(struct db *db, const char *claim_id);

/*
 * A ledger line of a type that pays a claim out ("A-to-z Guarantee Refund", "Chargeback Refund"): makes a claim
 * (closed, granted) when there is none; a known one that is undecided becomes granted, to be appealed against.  The
 * amount of a claim that the ledger made is what its lines took, without fees.  Other types: nothing.
 */
struct claim_line {
    const char *type, *kind, *order_id;
    const struct market *market;
    int64_t posted_s, minor;                            /* minor: negative when taken from the seller */
    const char *currency;
};
int claim_of_ledger(struct record_to *to, const struct claim_line *line, struct err *err);
/* A return's column says that the buyer made a claim, and no more: one under review, unless some is known. */
int claim_of_return(struct record_to *to, const char *order_id, const struct market *market, int64_t asked_s,
                    struct err *err);
/* Does the type of a ledger line mean a claim?  For the import's inner loop. */
bool claim_is_type(const char *type);

struct claim {                                          /* texts in the arena; "" when not told */
    int64_t no, changed_s, due_s;
    const char *claim_id, *kind, *order_id, *state, *outcome, *reason, *due_rule, *source;
    const struct market *market;
    struct money amount;
    bool counts;
};
int claim_get(struct db *db, struct arena *a, const char *claim_id, struct claim *out, struct err *err);

#endif
