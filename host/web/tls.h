/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tls.h: the certificate and key that the server shows.  The only room that sees the TLS library; the protocol itself is
 * spoken by the HTTP library, which is built on the same one.
 */
#ifndef SOUK_TLS_FILE_H
#define SOUK_TLS_FILE_H

#include "base/base.h"

struct tls {
    const char *cert, *key;                             /* PEM; in the arena */
    const char *names;                                  /* "shop.example, www.shop.example": whom it is for, to be shown */
    int64_t ends_s;                                     /* when the certificate is over */
};

/*
 * Reads a certificate (with the chain behind it) and its key.
 *
 * errors: ERR_CONF, one sentence each: a file is missing or cannot be read, is no PEM, the key is not the certificate's,
 *         the certificate is over or not valid yet.  A key that others may read is warned of.
 */
int tls_read(struct arena *a, const char *cert_file, const char *key_file, int64_t now_s, struct tls *out, struct err *err);

/* TLS 1.2 and 1.3, without what is known to be weak: as the TLS library writes it. */
extern const char tls_priorities[];

#endif
