/* SPDX-License-Identifier: Apache-2.0 */
/*
 * promotions.h: what the files of this plugin share.
 *
 *   promotions.c  the card and the page, and what the plugin declares
 *   one.c         the page of one promotion: what it brought and cost, its budget, its products
 *   forms.c       the seller's own: add, change, activate, pause, end
 */
#ifndef PROMOTIONS_H
#define PROMOTIONS_H

#include <souk/widget.h>

/* Columns of the queries that tell a promotion. */
enum {
    ID, SOURCE, KIND, NAME, STATUS, MARKET, STARTS, ENDS, DISCOUNT, VIEWS, UNITS, CLIPS, REDEMPTIONS, CURRENCY, REVENUE,
    SPENT, BUDGET, LEFT, TOLD, PARAMS
};

enum { DAY_S = 86400, ALL_BP = 10000 };

static inline int is_told(const struct souk_value *v)
{
    return v->type != SOUK_NONE && (v->type != SOUK_TEXT || v->text.len);
}

/* Where a promotion stands at an instant. */
enum state { RUNNING = 1, COMING, DRAFT, PAUSED, ENDED, CALLED_OFF };

enum state state_of(const struct souk_value *p, int64_t now_s);
struct souk_value state_word(enum state state);
uint32_t state_tone(enum state state);
struct souk_value kind_word(const struct souk_value *kind);

/* When it runs, in the zone of its marketplace; says "inclusive" where it ends with a day.  room: of 5. */
struct souk_msg schedule_of(struct souk_call *call, const struct souk_ask *ask, const struct souk_value *p, struct souk_arg *room);
const struct souk_market_now *market_of(const struct souk_ask *ask, const struct souk_value *p);    /* NULL: none */

/* How much of the budget is spent, and when it is gone at this pace; nothing where it has none. */
int budget_put(struct souk_call *call, const struct souk_ask *ask, const struct souk_value *p, int is_whole);

/* What a discount takes off at most, by its words "12.5 %"; 0 where that hangs on prices. */
int64_t discount_bp(const struct souk_value *discount);

int one_render(struct souk_call *call, const struct souk_ask *ask, const struct souk_value *id);

void forms_of(struct souk_call *call, const struct souk_ask *ask, const struct souk_value *p, enum state state);
void form_add(struct souk_call *call, const struct souk_ask *ask);

#endif
