/* SPDX-License-Identifier: Apache-2.0 */
/*
 * token.h: API tokens: a person's right in one account, narrowed and with an end.
 *
 * A token begins with "souk_", has 256 random bits, is shown once and kept as its hash.  It never may more than its
 * person may at that moment.  `souk` is in no transaction.
 */
#ifndef SOUK_TOKEN_H
#define SOUK_TOKEN_H

#include "people.h"

enum { TOKEN_DAYS_MOST = 366 };

struct token {
    int64_t no, user;
    const char *title, *account;
    enum right at_most;
    const char *objects;                                /* "widget:sales settings:*"; "": all that the person may */
    int64_t created_s, ends_s, used_s;                  /* used_s 0: never */
};

/*
 * in:     t: title, account, at_most, objects, ends_s; user
 * errors: ERR_INPUT a wrong object, an end that has passed or is too far off; ERR_DENIED no role in that account
 */
int token_make(struct db *souk, struct arena *a, const struct token *t, const struct deed *by, const char **secret,
               struct err *err);
/* user 0: of all persons.  The newest first, those that have ended, too. */
int token_list(struct db *souk, struct arena *a, int64_t user, const struct token **list, size_t *n, struct err *err);
/* user 0: whoever's it is. */
int token_end(struct db *souk, int64_t user, int64_t no, const struct deed *by, struct err *err);
/*
 * The who of a token at this moment; its account is who->account.  Notes that it was used, to the minute.
 * errors: ERR_ABSENT there is none, or it has ended; ERR_DENIED its person is disabled
 */
int token_who(struct db *souk, struct arena *a, const char *secret, int64_t now_s, struct who *who, struct err *err);

#endif
