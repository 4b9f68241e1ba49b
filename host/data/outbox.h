/* SPDX-License-Identifier: Apache-2.0 */
/*
 * outbox.h: what is to go out: letters that somebody finished writing.
 *
 * A connector will send them.  Until there is one they wait, and somebody who handed one in by other means
 * says so.  An entry belongs to a letter, and the state of both changes together: see command_letter.c.
 */
#ifndef SOUK_OUTBOX_H
#define SOUK_OUTBOX_H

#include "letter.h"

struct outbox_row {
    int64_t at_s;
    const char *recipient;                              /* address; "": the marketplace, by hand */
    const char *ref;                                    /* where it belongs: thread:..., case:..., claim:... */
    const struct letter *letter;                        /* as it is stored: its card numbers are masked */
};

int outbox_put(struct record_to *to, const struct outbox_row *row, struct err *err);

enum outbox_state { OUTBOX_QUEUED = 1, OUTBOX_SENT, OUTBOX_CANCELLED };
/* Of the queued entry of a letter; ERR_ABSENT when none is queued. */
int outbox_state_put(struct record_to *to, int64_t letter_no, enum outbox_state state, struct err *err);

#endif
