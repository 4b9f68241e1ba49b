/* SPDX-License-Identifier: Apache-2.0 */
/*
 * demo_talk.h: what is said about the synthetic shop: letters, feedback, returns, claims, account health, promotions,
 * traffic and notification messages, as the marketplace's files and mails word it.
 *
 * Everything refers to orders that the shop has, and follows from it: the same shop gives the same bytes.
 */
#ifndef SOUK_DEMO_TALK_H
#define SOUK_DEMO_TALK_H

#include "shop.h"

/* Each appends a whole file to `out`. */
void talk_mail(struct buf *out, const struct shop *s);                  /* mbox */
void talk_feedback(struct buf *out, const struct shop *s);              /* TSV, UTF-8, header in the market's language */
void talk_returns(struct buf *out, const struct shop *s);               /* TSV */
void talk_promotions(struct buf *out, const struct shop *s);            /* JSON, like all that follow */
void talk_coupons(struct buf *out, const struct shop *s, int days_ago); /* the budget burns down from file to file */
void talk_traffic(struct buf *out, const struct shop *s);
void talk_notifications(struct buf *out, const struct shop *s);
/* Of all markets in one file; what is weeks_ago old is better than what is not. */
void talk_health(struct buf *out, const struct shop *shops, int n, int weeks_ago);

#endif
