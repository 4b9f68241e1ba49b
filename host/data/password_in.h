/* SPDX-License-Identifier: Apache-2.0 */
/* password_in.h: for files that set a password together with something else.  No contract for others. */
#ifndef SOUK_PASSWORD_IN_H
#define SOUK_PASSWORD_IN_H

#include "password.h"

/* Outside a transaction, since it takes its time. */
int password_hash(struct arena *a, const char *password, const char **hash, struct err *err);
/* Inside one. */
int password_put_in(struct db *souk, struct vault *v, struct arena *a, int64_t user, const char *hash, int64_t now_s,
                    struct err *err);

#endif
