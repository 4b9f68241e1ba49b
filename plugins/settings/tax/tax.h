/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tax.h: the two settings modules of this plugin, and what they share.
 *
 *   tax.c      Tax registrations: a list
 *   rates.c    How tax is charged: one record
 *   months.c   what the ledger says of each month, for the accountant
 */
#ifndef TAX_H
#define TAX_H

#include <souk/settings.h>

#define FIELD(kind, its_name, ...) { .size = sizeof(struct souk_field), .type = SOUK_FIELD_##kind, .name = (its_name), \
        .title = "field_" its_name, __VA_ARGS__ }

extern const struct souk_settings rates;

/* The day it is in the first marketplace; without one, in Greenwich. */
static inline int32_t tax_today(const struct souk_ask *ask)
{
    return ask->n_markets ? souk_market_at(ask, 0)->today : (int32_t)(ask->now_s / 86400);
}

/* The last whole months: one line for each currency and marketplace, with what each part of the ledger comes to. */
int months_put(struct souk_call *call, const struct souk_ask *ask);

#endif
