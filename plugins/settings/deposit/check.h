/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check.h: can this be the number of a bank account?  By shape and check digits; no bank is asked.
 */
#ifndef DEPOSIT_CHECK_H
#define DEPOSIT_CHECK_H

struct bank_fault {
    const char *key;                    /* message key of what is wrong, without the number; NULL: nothing */
    char country[3];                    /* iban_other, iban_unknown, iban_length: that the number begins with */
    unsigned want, has;                 /* iban_length: letters and digits */
};

/*
 * in:     kind: "iban", "us", "uk" or "jp"; text: as it was typed, with blanks and the like between;
 *         country: two capital letters that an IBAN must begin with
 * source: IBAN: ISO 13616 with the lengths of SWIFT's registry, check digits ISO 7064 MOD 97-10; us: routing numbers
 *         of the American Bankers Association; uk: sort code and account, whose check differs by bank and is not
 *         made; jp: bank, branch, type and number as in transfer files of the Zengin system
 * thread: any
 */
struct bank_fault bank_check(const char *kind, const char *country, const char *text);

#endif
