/* SPDX-License-Identifier: Apache-2.0 */
/*
 * orders.h: what the files of this plugin share.
 *
 *   orders.c   the card, and what the plugin declares
 *   list.c     the page: all orders, filtered, page after page
 *   one.c      the page of one order: what was bought, written, claimed and paid
 */
#ifndef ORDERS_H
#define ORDERS_H

#include <souk/cursor.h>
#include <souk/widget.h>

/* The orders of the page, by its options, after or before the place where the page before ended. */
int list_render(struct souk_call *call, const struct souk_ask *ask);

/* All that is known of one order. */
int one_render(struct souk_call *call, const struct souk_ask *ask, const struct souk_value *order_id);

#endif
