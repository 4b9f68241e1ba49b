/* SPDX-License-Identifier: Apache-2.0 */
/*
 * messages.h: what the files of this plugin share.  messages.c has the queries and the card, list.c the list
 * of talks and the outbox, one.c the page of one talk, times.c how fast letters were answered.
 */
#ifndef MESSAGES_H
#define MESSAGES_H

#include <souk/command.h>
#include <souk/cursor.h>
#include <souk/widget.h>

#define NEVER INT64_C(0)                                /* instants before and behind all letters */
#define FOREVER INT64_C(253402300799)
enum { PLACES_MAX = 65, PAGE_ITEMS = 50, HOUR_S = 3600, MINUTE_S = 60 };

/* A market that is asked for; the last of them, id "": letters that name none. */
struct place {
    const char *id;
    struct souk_value market;                           /* id as text: how the queries name it */
    const struct souk_market_now *now;                  /* whose days and policy count: of id "", the strictest market */
    int64_t limit_s;                                    /* time in which a letter is to be answered; 0: no policy says */
    int64_t threads;                                    /* that wait */
};

struct places {
    struct place at[PLACES_MAX];
    uint32_t n;
    const char *only;                                   /* the one market that was chosen, or "all" */
};

/* Markets with their limits and how many talks wait there. */
int places_read(struct souk_call *call, const struct souk_ask *ask, struct places *p);
/* NULL for a market that is not asked for. */
const struct place *place_of(const struct places *p, const struct souk_value *market);

/* Talks that wait in one place, and how many of them for longer than the limit; in a section that is open. */
int waiting_put(struct souk_call *call, const struct souk_ask *ask, const struct place *place);

/* Rows of a list of talks: see LIST_COLUMNS. */
enum { TALK_THREAD, TALK_LAST, TALK_WAITS, TALK_SUBJECT, TALK_BUYER, TALK_ORDER, TALK_LETTERS, TALK_MARKET, TALK_OUT,
       TALK_COLUMNS };
void talk_put(struct souk_call *call, const struct souk_ask *ask, const struct places *p, const struct souk_rows *rows,
              uint32_t row);

/* The few that are due first. */
int urgent_render(struct souk_call *call, const struct souk_ask *ask, const struct places *p);
int list_render(struct souk_call *call, const struct souk_ask *ask, const struct places *p);
int outbox_render(struct souk_call *call);
int one_render(struct souk_call *call, const struct souk_ask *ask, const struct souk_value *thread);
/* What can be done with an answer that waits in the outbox. */
void queued_forms(struct souk_call *call, const struct souk_value *letter);
int times_render(struct souk_call *call, const struct souk_ask *ask, const struct places *p);

/* ---- small things ------------------------------------------------------------------------------------ */

/* An instant as the clocks of its market show it. */
static inline struct souk_value at_place(const struct souk_value *instant, const struct place *place)
{
    struct souk_value v = *instant;
    if (v.type == SOUK_INSTANT && place && place->now)
        v.text = souk_text(place->now->zone).text;
    return v;
}

/* Text, or `otherwise` where there is none. */
static inline struct souk_value text_or(const struct souk_value *v, const char *otherwise)
{
    return v->type == SOUK_NONE || !v->text.len ? souk_text(otherwise) : *v;
}

#endif
