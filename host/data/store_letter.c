/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store_letter.c: letters, cases and claims of a file.
 *
 * in:     rows of kind letter, case and claim
 * out:    each row, checked, to letter.h and claim.h, which write it
 * knows:  the store's maps, letter, claim
 */
#include <string.h>

#include "store_in.h"

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
    [CM_CLAIM_ID] = { "claim_id", "text", "the marketplace's number; empty: the one of this kind and order", true },
    [CM_KIND]     = { "kind", "text", "a_to_z, chargeback, safe_t", true },
    [CM_MARKET]   = { "market", "market", "where the order was placed; not told: of the order", false },
    [CM_ORDER]    = { "order", "text", "the order", false },
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
