/* SPDX-License-Identifier: Apache-2.0 */
/*
 * link.h: addresses that need no sign-in, since nobody can guess them: the calendar's.
 *
 * The word in the address has 128 random bits.  It is told once, when it is made, and kept as its hash only.
 */
#ifndef SOUK_LINK_H
#define SOUK_LINK_H

#include "db.h"

enum { LINK_WORD = 32 };                                /* letters: hexadecimal */

/* A new word; the one before does not open anything any more.  db: a writer inside a transaction. */
int link_make(struct db *db, const char *purpose, int64_t at_s, char word[LINK_WORD + 1], struct err *err);
/* 1: there was one. */
int link_drop(struct db *db, const char *purpose, struct err *err);
/* 1: it is the word, 0: it is not.  Takes as long for a wrong word as for a right one. */
int link_is(struct db *db, const char *purpose, const char *word, struct err *err);
/* When the word was made; 0: there is none. */
int link_since(struct db *db, const char *purpose, int64_t *at_s, struct err *err);

#endif
