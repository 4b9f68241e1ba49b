/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check_contact.h: how people are reached: e-mail, telephone, address on the web, postcode.
 *
 * in:     a text as people write it
 * out:    its one form in the arena; or ERR_INPUT with a sentence that says how to write it
 * errors: a sentence never repeats what was written, since it may tell of a person
 * knows:  base.  Pure: any thread.  Whether somebody is reached there, nobody here can tell.
 */
#ifndef SOUK_CHECK_CONTACT_H
#define SOUK_CHECK_CONTACT_H

#include "base.h"

/* RFC 5321 without quoted names and addresses in brackets, RFC 6531 for other scripts; the domain in lower case. */
int check_email(struct arena *a, const char *text, const char **is, struct err *err);
/* ITU-T E.164: "+49 (0)30 901820" is "+4930901820"; it begins with + or 00 and a country code that is given out. */
int check_phone(struct arena *a, const char *text, const char **is, struct err *err);
/* https, http and mailto; without a name and password in it. */
int check_url(struct arena *a, const char *text, const char **is, struct err *err);
/* Of a country (ISO 3166-1), in its usual form: "sw1a2aa" is "SW1A 2AA".  A country that is not listed, or "": up to
   12 letters, digits, spaces and hyphens. */
int check_postcode(struct arena *a, const char *country, const char *text, const char **is, struct err *err);

/* In groups, as it is read: "+49 309 018 20" where nothing is known of the country's own. */
void buf_phone(struct buf *out, const char *phone);

#endif
