/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check_bank.h: numbers of bank accounts and cards: is what somebody wrote one, and how is it written.
 *
 * in:     a text as people write it, with spaces, hyphens, in any case
 * out:    its one form; or ERR_INPUT with a sentence that says how to write it
 * errors: a sentence never repeats the number
 * knows:  place.  thread: any.  Whether an account exists, nobody here can tell.
 */
#ifndef SOUK_CHECK_BANK_H
#define SOUK_CHECK_BANK_H

#include "base.h"

enum { CHECK_BYTES = 64 };                              /* room for any form, with its zero */

/* ISO 13616: the length of its country, check digits mod 97.  "DE68210501700012345678". */
int check_iban(const char *text, char is[CHECK_BYTES], struct err *err);
/* ISO 9362: 8 or 11 letters and digits with a country in them.  "MARKDEFFXXX" */
int check_bic(const char *text, char is[CHECK_BYTES], struct err *err);
/* Routing number with its check digit, a space, account: "123456780 1234567890" */
int check_bank_us(const char *text, char is[CHECK_BYTES], struct err *err);
/* Sort code, a space, account: "123456 12345678".  The shape alone: which sum an account must give is in a table
   of the banks' whose licence does not let it stand here. */
int check_bank_uk(const char *text, char is[CHECK_BYTES], struct err *err);
/* Bank, branch, type, number: "1234-123 ordinary 1234567"; types ordinary, current, savings.  There are no check digits. */
int check_bank_jp(const char *text, char is[CHECK_BYTES], struct err *err);
/* The last four digits of a card.  More digits than four are refused. */
int check_card_tail(const char *text, char is[CHECK_BYTES], struct err *err);

/* In groups, as it stands on paper: "DE68 2105 0170 0012 3456 78" */
void buf_iban(struct buf *out, const char *iban);

#endif
