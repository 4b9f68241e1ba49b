/* SPDX-License-Identifier: Apache-2.0 */
/*
 * vault.h: seals secrets, so that a stolen database or backup does not tell them.
 *
 * in:     a secret and its context, the words for what it is and whose: "user:7:totp"
 * out:    a sealed record, which opens with the same key and the same context only
 * knows:  the key file.  Has never heard of databases; rotate.h walks through them.
 *
 * The key is 32 random bytes in a file of mode 0400 beside the data folder ("shop" has "shop.key"), never
 * inside it: no backup of the folder holds its key.  It is made when first something is sealed.  Which key
 * a folder wants stands in its file "key-id", so a missing or foreign key is told apart from a new folder.
 */
#ifndef SOUK_VAULT_H
#define SOUK_VAULT_H

#include "base/base.h"

struct vault;

enum { VAULT_ADDS = 49 };                               /* bytes that a record is longer than its secret */

/*
 * key_path: of the key file; id_path: of the file in the data folder that names the key.  Neither is looked
 * at before something is sealed or unsealed.  Any thread may use the vault.
 */
struct vault *vault_new(const char *key_path, const char *id_path);
void vault_free(struct vault *v);                       /* NULL is fine; wipes the key */
const char *vault_key_path(const struct vault *v);

/*
 * Seals n bytes; the record lives in the arena.
 * errors: of the key file: ERR_ABSENT it is missing, ERR_CONF wrong size, or others may read it,
 *         ERR_DENIED it is not the one that sealed this folder, ERR_BUSY the key is being changed, ERR_IO
 */
int vault_seal(struct vault *v, struct arena *a, const char *context, const void *secret, size_t n,
               const void **sealed, size_t *n_sealed, struct err *err);
/*
 * Opens a record.  The secret has a zero byte behind it and is wiped when the arena ends.
 * errors: those of vault_seal; ERR_DENIED it was sealed with another key, ERR_CORRUPT it was changed, or
 *         belongs elsewhere
 */
int vault_unseal(struct vault *v, struct arena *a, const char *context, const void *sealed, size_t n,
                 const char **secret, size_t *n_secret, struct err *err);
/* A copy that is wiped when the arena ends, for secrets from elsewhere. */
char *vault_keep(struct arena *a, const char *secret, size_t n);

/*
 * Changing the key: begin makes a second one beside the first ("shop.key.new") and seals with it from then
 * on; both open.  What is cut short between begin and end is continued by the next begin.  end puts the
 * second key into the place of the first.
 * errors: as above; ERR_BUSY another souk uses the key
 */
int vault_rotate_begin(struct vault *v, struct err *err);
int vault_rotate_end(struct vault *v, struct err *err);
/* Was it sealed with the key that is used now? */
bool vault_is_current(struct vault *v, const void *sealed, size_t n);

#endif
