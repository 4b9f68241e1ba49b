/* SPDX-License-Identifier: Apache-2.0 */
/*
 * account.h: the data folder: its lock, the accounts in it, their databases.
 *
 *   souk.db                    the program's own database: accounts, people and their rights
 *   lock                       held by the one process that may write; its pid stands in it
 *   accounts/<name>.db         one database per account
 *   spool/                     files being read; emptied at start
 *   key-id                     which key sealed the secrets in it; the key itself lies beside the folder
 */
#ifndef SOUK_ACCOUNT_H
#define SOUK_ACCOUNT_H

#include "db.h"

struct folder;
struct vault;

/*
 * Opens the data folder, creating it (mode 0700) when `use` is DB_WRITE, which also takes the lock:
 * ERR_BUSY names the pid that holds it, ERR_IO the path that cannot be written and its owner.
 */
int folder_open(struct folder **out, const char *path, enum db_use use, struct err *err);
void folder_close(struct folder *f);
const char *folder_path(const struct folder *f);
char *folder_spool(const struct folder *f, struct arena *a);     /* path for a new file in spool/, unique */

/*
 * The vault of this folder: its key file is "<folder>.key" until folder_key_file names another one, which is
 * before anything is sealed ("" and NULL change nothing).
 */
void folder_key_file(struct folder *f, const char *path);
struct vault *folder_vault(const struct folder *f);
/*
 * A connection of one's own to souk.db, which belongs to one thread and may write even while another souk
 * holds the folder's lock: whoever changes people or rights begins IMMEDIATE and waits for its turn.
 */
int folder_souk(const struct folder *f, struct db **out, struct err *err);

/* Lower-case letters, digits and '-', 1 to 40 long, starts with a letter. */
int account_create(struct folder *f, const char *name, struct err *err);      /* ERR_BUSY: it is there already */
int account_names(struct folder *f, struct arena *a, const char *const **names, size_t *n, struct err *err);
bool account_exists(struct folder *f, const char *name);
/* ERR_ABSENT names the accounts there are.  DB_WRITE migrates; DB_READ refuses what is not of this schema. */
int account_open(struct folder *f, const char *name, enum db_use use, struct db **out, struct err *err);

#endif
