/* SPDX-License-Identifier: Apache-2.0 */
/*
 * address.h: values as they stand in addresses and forms, and back: ?market=DE&from=2026-11-01&least=5
 *
 * in:    a value, or a text
 * out:   the other of the two; one sentence what the text must look like
 * knows: market, value.  Has never heard of percent signs or requests.
 */
#ifndef SOUK_ADDRESS_H
#define SOUK_ADDRESS_H

#include <souk/types.h>

#include "base/base.h"

/* Nothing for SOUK_NONE; an amount is "12.34 EUR". */
void value_as_text(struct buf *out, const struct souk_value *v);
/* What value_as_text writes; a market also by its name or id. */
int value_from_text(struct arena *a, uint32_t type, const char *text, struct souk_value *v, struct err *err);
/* Is there a text that says all of it?  Not so for a quotient, a message key or what is sealed. */
bool value_has_text(const struct souk_value *v);

#endif
