/* SPDX-License-Identifier: Apache-2.0 */
/*
 * listings.h: what the files of this plugin share.
 *
 *   listings.c   the card, and what the plugin declares
 *   list.c       the page: listings by their status, page after page, and what is done to all of them
 *   one.c        the page of one SKU: its listing in each market, what can be changed, what waits
 */
#ifndef LISTINGS_H
#define LISTINGS_H

#include <souk/cursor.h>
#include <souk/widget.h>

#define FIELD(kind, its_name, its_title, ...) { .size = sizeof(struct souk_field), .type = SOUK_FIELD_##kind, \
        .name = its_name, .title = its_title, __VA_ARGS__ }

/* On sale or off, in words; and why off, as far as the reports tell: none where it is on sale. */
struct souk_value status_word(const struct souk_value *status);
struct souk_value off_reason(const struct souk_value *status, const struct souk_value *price, const struct souk_value *stock);

/* The listings of the page, by its options, after or before the place where the page before ended. */
int list_render(struct souk_call *call, const struct souk_ask *ask);
/* All that is known of one SKU's listings. */
int one_render(struct souk_call *call, const struct souk_ask *ask, const struct souk_value *sku);

#endif
