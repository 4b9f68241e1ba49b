/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store_letter.c: letters, cases and claims of a file.
 *
 * in:     rows of kind letter, case and claim
 * out:    each row, checked, to letter.h and claim.h, which write it
 * knows:  the store's maps, letter, claim
 */
#include "claim.h"
#include "letter.h"
#include "store_in.h"

enum { MESSAGE_ID_BYTES = 998 };

/* ---- columns --------------------------------------------------------------------------------- */

enum { LR_LINE, LR_LETTER_ID, LR_OF, LR_OF_ID, LR_MARKET, LR_ORDER, LR_REF, LR_AT, LR_SIDE, LR_SENDER,
       LR_REPLY_TO, LR_SUBJECT, LR_BODY, LR_NEEDS, LR_STATE, LR_CLOSES, LR_KIND, LR_AMOUNT, LR_DUE,
       LR_COLUMNS };

const struct store_column letter_columns[LETTER_COLUMNS] = {
    [LR_LINE]      = { "line", "count", "ordinal of the message in the file", true },
    [LR_LETTER_ID] = { "letter_id", "text", "Message-ID of a mail, or the source's own number: the same again"
                       " is no news", true },
    [LR_OF]        = { "of", "text", "thread, case or claim: what it belongs to, which is made when it is new", true },
    [LR_OF_ID]     = { "of_id", "text", "id of that thread, case or claim", true },
    [LR_MARKET]    = { "market", "market", "where the order was placed", false },
    [LR_ORDER]     = { "order", "text", "the order it is about", false },
    [LR_REF]       = { "ref", "text", "what a case is about: order:303-1, sku:A-1", false },
    [LR_AT]        = { "at", "instant", "when it was written", true },
    [LR_SIDE]      = { "side", "text", "in: to the seller, out: by the seller, note: to oneself", true },
    [LR_SENDER]    = { "sender", "text", "display name", false },
    [LR_REPLY_TO]  = { "reply_to", "text", "the marketplace's relay address, of a letter that came in", false },
    [LR_SUBJECT]   = { "subject", "text", "as written; card numbers are masked", false },
    [LR_BODY]      = { "body", "text", "plain text; card numbers are masked", true },
    [LR_NEEDS]     = { "needs", "bool", "needs an answer; not told: one that came in to a thread does", false },
    [LR_STATE]     = { "state", "text", "of the case or claim, as the letter makes it known: open, answered,"
                       " attention, reopened, closed; action, review, appeal, closed", false },
    [LR_CLOSES]    = { "closes", "instant", "the case closes by itself then", false },
    [LR_KIND]      = { "kind", "text", "of the claim: a_to_z, chargeback, safe_t; needed where the claim is new", false },
    [LR_AMOUNT]    = { "amount", "money", "claimed", false },
    [LR_DUE]       = { "due", "instant", "the seller's deadline for the claim, where the letter names it", false },
};
_Static_assert((int)LR_COLUMNS == (int)LETTER_COLUMNS, "store_in.h counts the columns");

enum { CS_LINE, CS_CASE_ID, CS_MARKET, CS_SUBJECT, CS_STATE, CS_REF, CS_OPENED, CS_CHANGED, CS_CLOSES,
       CS_COLUMNS };

const struct store_column case_columns[CASE_COLUMNS] = {
    [CS_LINE]    = { "line", "count", "line of the file", true },
    [CS_CASE_ID] = { "case_id", "text", "the marketplace's number", true },
    [CS_MARKET]  = { "market", "market", "which marketplace", false },
    [CS_SUBJECT] = { "subject", "text", "of the case", false },
    [CS_STATE]   = { "state", "text", "open, answered, attention, reopened, closed: an open set; not told: open", false },
    [CS_REF]     = { "ref", "text", "what it is about: order:303-1, sku:A-1", false },
    [CS_OPENED]  = { "opened", "instant", "when it was opened; not told: when the file was made", false },
    [CS_CHANGED] = { "changed", "instant", "as of; not told: opened", false },
    [CS_CLOSES]  = { "closes", "instant", "closes by itself then", false },
};
_Static_assert((int)CS_COLUMNS == (int)CASE_COLUMNS, "store_in.h counts the columns");

enum { CM_LINE, CM_CLAIM_ID, CM_KIND, CM_MARKET, CM_ORDER, CM_STATE, CM_OUTCOME, CM_REASON, CM_AMOUNT,
       CM_OPENED, CM_CHANGED, CM_DUE, CM_COUNTS, CM_COLUMNS };

const struct store_column claim_columns[CLAIM_COLUMNS] = {
    [CM_LINE]     = { "line", "count", "line of the file", true },
    [CM_CLAIM_ID] = { "claim_id", "text", "the marketplace's number; not told: the one of this kind and order", false },
    [CM_KIND]     = { "kind", "text", "a_to_z, chargeback, safe_t", true },
    [CM_MARKET]   = { "market", "market", "where the order was placed; not told: of the order", false },
    [CM_ORDER]    = { "order", "text", "the order; needed where the claim has no number", false },
    [CM_STATE]    = { "state", "text", "action, review, appeal, closed; not told: action", false },
    [CM_OUTCOME]  = { "outcome", "text", "granted, denied, withdrawn, reimbursed; not told: undecided", false },
    [CM_REASON]   = { "reason", "text", "as the source says", false },
    [CM_AMOUNT]   = { "amount", "money", "claimed", false },
    [CM_OPENED]   = { "opened", "instant", "when it was made", true },
    [CM_CHANGED]  = { "changed", "instant", "as of; not told: opened", false },
    [CM_DUE]      = { "due", "instant", "the seller's deadline; not told: by the market's policy", false },
    [CM_COUNTS]   = { "counts", "bool", "counts in the order defect rate; not told: it does", false },
};
_Static_assert((int)CM_COLUMNS == (int)CLAIM_COLUMNS, "store_in.h counts the columns");

/* ---- letters --------------------------------------------------------------------------------- */

static int letter_check(struct store *s, const struct row *r, const struct market **market, char currency[4])
{
    static const int needed[] = { LR_LETTER_ID, LR_OF, LR_OF_ID, LR_SIDE };
    bool is_claim = text_is(row_text(s, r, LR_OF).at, "claim");
    int rc = row_check_types(s, r, LR_COLUMNS, currency);
    if (rc == 0)
        rc = row_check_length(s, r, LR_LETTER_ID, MESSAGE_ID_BYTES);
    if (rc == 0)
        rc = row_check_key(s, r, LR_OF_ID);
    if (rc == 0)
        rc = row_check_key(s, r, LR_ORDER);
    if (rc == 0)
        rc = row_check_key(s, r, LR_REF);
    for (size_t i = 0; i < COUNT_OF(needed) && rc == 0; i++)
        if (!row_word(s, r, needed[i]))
            rc = row_refuse(s, r, needed[i], "reject.needed");
    if (rc == 0)
        rc = row_check_word(s, r, LR_OF, "thread case claim");
    if (rc == 0)
        rc = row_check_word(s, r, LR_SIDE, "in out note");
    if (rc == 0)
        rc = row_check_word(s, r, LR_KIND, claim_kinds);
    if (rc == 0 && is_claim)
        rc = row_check_word(s, r, LR_STATE, claim_states);
    if (rc == 0)
        rc = row_market(s, r, LR_MARKET, false, market);
    if (rc == 0 && is_claim && !row_word(s, r, LR_KIND) && !claim_is_known(s->db, row_text(s, r, LR_OF_ID).at))
        rc = row_refuse(s, r, LR_KIND, "reject.needed");
    return rc;
}

int letter_row_put(struct store *s, const struct row *r, struct err *err)
{
    const struct market *market;
    char currency[4] = "";
    int rc = letter_check(s, r, &market, currency);
    if (rc != 0)
        return rc;
    const struct letter_row row = {
        .letter_id = row_text(s, r, LR_LETTER_ID).at,
        .of = letter_of_named(row_text(s, r, LR_OF).at), .of_id = row_text(s, r, LR_OF_ID).at,
        .market = market, .order_id = row_word(s, r, LR_ORDER), .ref = row_word(s, r, LR_REF),
        .at_s = row_int(r, LR_AT, 0), .side = letter_side_named(row_text(s, r, LR_SIDE).at),
        .sender = row_word(s, r, LR_SENDER), .reply_to = row_word(s, r, LR_REPLY_TO),
        .subject = row_text(s, r, LR_SUBJECT).at, .body = row_text(s, r, LR_BODY).at,
        .needs = row_number(r, LR_NEEDS), .source = "mail",
        .of_state = row_word(s, r, LR_STATE), .closes_s = row_int(r, LR_CLOSES, 0),
        .claim_kind = row_word(s, r, LR_KIND), .amount = row_money(r, LR_AMOUNT), .due_s = row_int(r, LR_DUE, 0),
    };
    return put_outcome(letter_put(&s->to, &row, NULL, err));
}

int case_row_put(struct store *s, const struct row *r, struct err *err)
{
    const struct market *market;
    char currency[4] = "";
    int rc = row_check_types(s, r, CS_COLUMNS, currency);
    if (rc == 0 && !row_word(s, r, CS_CASE_ID))
        rc = row_refuse(s, r, CS_CASE_ID, "reject.needed");
    if (rc == 0)
        rc = row_check_key(s, r, CS_CASE_ID);
    if (rc == 0)
        rc = row_check_key(s, r, CS_REF);
    if (rc == 0)
        rc = row_market(s, r, CS_MARKET, false, &market);
    if (rc != 0)
        return rc;
    int64_t changed_s = row_int(r, CS_CHANGED, row_int(r, CS_OPENED, s->told_s));
    const struct case_row row = {
        .case_id = row_text(s, r, CS_CASE_ID).at, .market = market, .subject = row_word(s, r, CS_SUBJECT),
        .state = row_word(s, r, CS_STATE), .ref = row_word(s, r, CS_REF),
        .opened_s = row_int(r, CS_OPENED, 0), .changed_s = changed_s, .closes = row_number(r, CS_CLOSES),
        .source = "mail",
    };
    return put_outcome(case_put(&s->to, &row, NULL, err));
}

int claim_row_put(struct store *s, const struct row *r, struct err *err)
{
    const struct market *market;
    char currency[4] = "";
    int rc = row_check_types(s, r, CM_COLUMNS, currency);
    if (rc == 0 && !row_word(s, r, CM_KIND))
        rc = row_refuse(s, r, CM_KIND, "reject.needed");
    if (rc == 0)
        rc = row_check_key(s, r, CM_CLAIM_ID);
    if (rc == 0)
        rc = row_check_key(s, r, CM_ORDER);
    if (rc == 0)
        rc = row_check_word(s, r, CM_KIND, claim_kinds);
    if (rc == 0)
        rc = row_check_word(s, r, CM_STATE, claim_states);
    if (rc == 0)
        rc = row_check_word(s, r, CM_OUTCOME, claim_outcomes);
    if (rc == 0)
        rc = row_market(s, r, CM_MARKET, false, &market);
    if (rc == 0 && !row_word(s, r, CM_CLAIM_ID) && !row_word(s, r, CM_ORDER))
        rc = row_refuse(s, r, CM_ORDER, "reject.needed");
    if (rc != 0)
        return rc;
    const struct claim_row row = {
        .claim_id = row_word(s, r, CM_CLAIM_ID), .kind = row_word(s, r, CM_KIND), .market = market,
        .order_id = row_word(s, r, CM_ORDER), .state = row_word(s, r, CM_STATE),
        .outcome = row_word(s, r, CM_OUTCOME), .reason = row_word(s, r, CM_REASON),
        .amount = row_money(r, CM_AMOUNT), .opened_s = row_int(r, CM_OPENED, 0),
        .changed_s = row_int(r, CM_CHANGED, 0), .due_s = row_int(r, CM_DUE, 0), .counts = row_number(r, CM_COUNTS),
        .source = "mail",
    };
    return put_outcome(claim_put(&s->to, &row, NULL, err));
}
