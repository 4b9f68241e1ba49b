/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shipping.h: the two settings modules of this plugin.
 *
 *   shipping.c   Shipping: templates with their rates, and what they promise
 *   promise.c    its arithmetic
 *   returns.c    Returns: where to, how long, who pays, what is authorised by itself
 */
#ifndef SHIPPING_H
#define SHIPPING_H

#include <souk/settings.h>

#define FIELD(kind, its_name, ...) { .size = sizeof(struct souk_field), .type = SOUK_FIELD_##kind, .name = (its_name), \
        .title = "field_" its_name, __VA_ARGS__ }

extern const struct souk_settings returns;

#endif
