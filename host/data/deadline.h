/* SPDX-License-Identifier: Apache-2.0 */
/*
 * deadline.h: what must be done until when, over all areas of an account.
 *
 *   claim      an answer or an appeal is due                 claim.due_s; the rule is claim.due_rule
 *   message    a buyer's letter waits for an answer          oldest one that waits + message.answer of its market
 *   ship       orders of the seller count as late from then  end of the ship-by day: see calendar.h
 *   case       a case closes by itself
 *   notice     a notice names a day
 *   promotion  one ends within a week
 *
 * Where the policy file of a market names no rule, there is no deadline: Souk invents none.
 */
#ifndef SOUK_DEADLINE_H
#define SOUK_DEADLINE_H

#include "policy.h"
#include "db.h"

enum deadline_kind {
    DEADLINE_CLAIM = 1, DEADLINE_MESSAGE, DEADLINE_SHIP, DEADLINE_CASE, DEADLINE_NOTICE, DEADLINE_PROMOTION
};
const char *deadline_word(enum deadline_kind kind);     /* "claim", "message" ... */
enum deadline_kind deadline_of_word(const char *word);  /* 0: none such */

struct deadline {                                       /* texts in the arena, never NULL */
    enum deadline_kind kind;
    int64_t due_s;
    const char *market;                                 /* id; "" when it is not known */
    const char *ref;                                    /* "claim:A-1"; "" of ship, which is about many orders */
    const char *subject;                                /* of a thread, case, notice, promotion; order of a claim */
    const char *state;                                  /* of a claim: action or appeal; else "" */
    int64_t count;                                      /* orders of ship; else 1 */
    const char *rule;                                   /* policy key it comes from; "" when the source names it */
    const char *rule_value, *rule_source;               /* what that line says, and where it is from; "" with no rule */
};

/*
 * All of them, the nearest first; those that are over come before all others.
 * errors: ERR_CONF a policy file is broken
 */
int deadline_list(struct db *db, struct policies *policies, struct arena *a, int64_t now_s,
                  struct deadline **list, size_t *n, struct err *err);

#endif
