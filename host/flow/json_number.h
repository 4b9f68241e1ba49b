/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json_number.h: numbers of a JSON document as decimal text.
 *
 * The library reads numbers with a fraction as doubles.  The shortest text that gives the same double
 * again is what was written, as long as that was no longer than a double can tell apart.
 */
#ifndef SOUK_JSON_NUMBER_H
#define SOUK_JSON_NUMBER_H

#include "base/base.h"

/* "0.00001", "32917.01", "-5"; with an exponent only where it is out of all reason. */
void json_number(struct buf *out, double number);
/* Does the double of this number, as a document writes it, stand for exactly the same? */
bool json_number_is_exact(const char *text);

#endif
