/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cases.h: what the files of this plugin share.  cases.c has the queries, the card and the list, one.c the page
 * of one case.
 */
#ifndef CASES_H
#define CASES_H

#include <souk/command.h>
#include <souk/cursor.h>
#include <souk/widget.h>

#define NEVER INT64_C(0)                                /* instants before and behind all letters */
#define FOREVER INT64_C(253402300799)
enum { DAY_S = 86400, MINUTE_S = 60 };

/* The states that are known, as texts of the host word them; the marketplace may have others. */
extern const struct souk_choice case_states[5];

/* A state in words; one that is not known is shown as it stands. */
struct souk_value state_word(const struct souk_value *state);
uint32_t state_tone(const struct souk_value *state);
/* "closes by itself in 3 days"; none when it does not. */
struct souk_msg closes_msg(const struct souk_ask *ask, const struct souk_value *state, const struct souk_value *closes,
                           struct souk_arg room[1]);

int one_render(struct souk_call *call, const struct souk_ask *ask, const struct souk_value *case_id);

#endif
