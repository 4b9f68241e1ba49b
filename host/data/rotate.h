/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rotate.h: which columns hold sealed secrets, and how all of them get a new key.
 *
 * A room that seals what it stores has one sealed_column per column and stands in the list of rotate.c;
 * tests/unit/test_vault.c holds that each column of the schema whose name ends with _sealed is there.
 */
#ifndef SOUK_ROTATE_H
#define SOUK_ROTATE_H

#include "account.h"
#include "people.h"

struct sealed_column {
    const char *family;                                 /* of the database: "account" or "souk" */
    const char *name;                                   /* "user.password_sealed" */
    const char *list;                                   /* SELECT an integer key, the context, the record */
    const char *put;                                    /* UPDATE with :sealed and :key, in this order */
};

/* All of them; the last one has no name. */
const struct sealed_column *rotate_columns(void);

/*
 * Makes a new key and seals every secret with it, each database in one transaction; returns how many
 * there were.  What is cut short leaves both keys beside the folder, every secret can be read, and the
 * next call goes on from there.
 *
 * in:     f: open for writing, so that nobody else serves or imports; by: for the log
 * errors: those of vault.h; with ERR_DENIED or ERR_CORRUPT of one secret its database stays as it was
 */
int rotate_key(struct folder *f, const struct deed *by, struct err *err);

#endif
