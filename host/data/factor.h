/* SPDX-License-Identifier: Apache-2.0 */
/*
 * factor.h: the second factor: codes of six digits that change every 30 seconds, and recovery codes.
 *
 * TOTP of RFC 6238 with SHA-1, by liboath, one step early or late; a code works once.  The seed is sealed.  Ten
 * recovery codes of 80 bits stand in for the device, each once.  After 5 wrong codes there is a growing delay.
 * `souk` is in no transaction.
 */
#ifndef SOUK_FACTOR_H
#define SOUK_FACTOR_H

#include "people.h"
#include "vault.h"

enum { FACTOR_CODES = 10 };

/* Must this one have a second factor: an owner or admin of any account?  1: yes. */
int factor_is_needed(struct db *souk, int64_t user, struct err *err);

/*
 * A new seed, shown and not in force before factor_confirm; one that is in force stays until then.
 * out:  *uri: otpauth://, for a QR code; *seed: the same in base32, to be typed.  Wiped with the arena.
 */
int factor_begin(struct db *souk, struct vault *v, struct arena *a, int64_t user, const struct deed *by,
                 const char **uri, const char **seed, struct err *err);
/* The seed that factor_begin has shown, once more. */
int factor_shown(struct db *souk, struct vault *v, struct arena *a, int64_t user, const char **uri, const char **seed,
                 struct err *err);
/*
 * The first code proves the device; fills in new recovery codes, which are shown once.
 * errors: ERR_INPUT the code is wrong, ERR_ABSENT nothing was begun, ERR_BUSY too many wrong ones (*retry_s)
 */
int factor_confirm(struct db *souk, struct vault *v, struct arena *a, int64_t user, const char *code,
                   const struct deed *by, const char *codes[FACTOR_CODES], int64_t *retry_s, struct err *err);
/* A code of the device, or a recovery code (was_recovery): ERR_DENIED it is wrong, ERR_BUSY (*retry_s). */
int factor_try(struct db *souk, struct vault *v, int64_t user, const char *code, const struct deed *by,
               bool *was_recovery, int64_t *retry_s, struct err *err);
int factor_codes_left(struct db *souk, int64_t user, int64_t *n, struct err *err);
/* Ten new ones; the old ones are good for nothing. */
int factor_new_codes(struct db *souk, struct arena *a, int64_t user, const struct deed *by,
                     const char *codes[FACTOR_CODES], struct err *err);
int factor_drop(struct db *souk, int64_t user, const struct deed *by, struct err *err);

/* A QR code of the text: side * side bytes, 1 is black, in the arena. */
int factor_qr(struct arena *a, const char *text, const unsigned char **modules, unsigned *side, struct err *err);

#endif
