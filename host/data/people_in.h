/* SPDX-License-Identifier: Apache-2.0 */
/* people_in.h: what the files about people share.  No contract for others. */
#ifndef SOUK_PEOPLE_IN_H
#define SOUK_PEOPLE_IN_H

#include "people.h"

/* Inside a transaction: an entry of the log.  args as pairs of texts up to NULL: "role", "staff", NULL. */
int people_note(struct db *souk, const struct deed *by, const char *what, const char *ref, struct err *err, ...);
/* The same without arguments and with another result than "ok". */
int people_log_in(struct db *souk, const struct deed *by, const char *what, const char *ref, const char *result,
                  struct err *err);
/* "user:7", in the arena. */
char *people_ref(struct arena *a, int64_t no);
/* Runs a constant statement with a number and a text (NULL: none), bound in this order; returns the rows changed. */
int people_run(struct db *souk, const char *sql, int64_t first, const char *text, struct err *err);
/* people_add and people_set_role inside a transaction. */
int people_add_in(struct db *souk, const char *email, const char *name, const char *language, const struct deed *by,
                  int64_t *no, struct err *err);
int people_set_role_in(struct db *souk, int64_t no, const char *account, enum role role, const struct deed *by,
                       struct err *err);
/* Inside a transaction: sessions, tokens and open links of a person end. */
int people_end_all(struct db *souk, int64_t no, struct err *err);

#endif
