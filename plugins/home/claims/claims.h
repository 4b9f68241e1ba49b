/* SPDX-License-Identifier: Apache-2.0 */
/*
 * claims.h: what the files of this plugin share.
 *
 *   claims.c    what the plugin declares, the card, the list with its tabs
 *   one.c       one claim: its deadline and rule, letters, history, forms
 *   effect.c    what a claim does to the order defect rate
 *   evidence.c  all that is known of the order of a claim, on one page for printing
 */
#ifndef CLAIMS_H
#define CLAIMS_H

#include <souk/cursor.h>
#include <souk/widget.h>

enum { DAY_S = 86400, MINUTE_S = 60 };

enum {                                                  /* columns of all queries that list claims */
    K_ID, K_KIND, K_STATE, K_OUTCOME, K_ORDER, K_MARKET, K_REASON, K_CURRENCY, K_AMOUNT, K_OPENED, K_CHANGED, K_DUE, K_RULE,
    K_COUNTS, K_SOURCE, K_ORDER_DAY, K_FULFILMENT
};

/* An instant as the clock of a market shows it. */
static inline struct souk_value at_market(const struct souk_value *instant, const struct souk_market_now *m)
{
    struct souk_value v = *instant;
    if (v.type == SOUK_INSTANT && m)
        v.text = souk_text(m->zone).text;
    return v;
}

/* Words of kinds, states and outcomes; what is not known is shown as it stands. */
struct souk_value kind_word(const struct souk_value *kind);
struct souk_value state_word(const struct souk_value *state);
struct souk_value outcome_word(const struct souk_value *outcome);
uint32_t claim_tone(const struct souk_ask *ask, const struct souk_rows *rows, uint32_t row);

int one_render(struct souk_call *call, const struct souk_ask *ask, const struct souk_value *claim_id);
int effect_put(struct souk_call *call, const struct souk_rows *claim, const struct souk_market_now *m);
int evidence_render(struct souk_call *call, const struct souk_ask *ask, const struct souk_rows *claim);
/* Letters of a claim or with the buyer of its order: columns at, side, state, sender, subject, body. */
int letters_put(struct souk_call *call, const char *query, const struct souk_args *args, const char *title, int with_notes);

#endif
