/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check_tax.h: tax numbers of sellers: is what somebody wrote one of its country, and how is it written.
 *
 * in:     a country, a kind, a text as people write it, with spaces, points, hyphens, in any case
 * out:    its one form: VAT numbers of the EU, XI and GB with their two letters, others as their tax office writes them
 *         without marks; or ERR_INPUT with a sentence that says how to write it
 * errors: a sentence never repeats the number
 * knows:  base.  Pure: any thread.  Whether a number is given to anybody, only its tax office can tell.
 */
#ifndef SOUK_CHECK_TAX_H
#define SOUK_CHECK_TAX_H

#include "check_bank.h"

/*
 * country: ISO 3166-1, "EL" and "XI" too; or "" where the number itself begins with it, as VAT numbers of the EU do.
 * kind:    "vat": of value added tax or goods and services tax; "company": of the company or its income tax;
 *          "" or NULL: whichever the country has
 * A country that is not listed: 4 to 20 letters and digits, whatever they are.
 */
int check_tax(const char *country, const char *kind, const char *text, char is[CHECK_BYTES], struct err *err);

/* An example of how such a number is written; "" for a country that is not listed. */
const char *check_tax_like(const char *country, const char *kind);

#endif
