/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net.h: addresses of the network: where to listen, who asks, who may stand between.
 *
 * An address is a struct in6_addr; one of IPv4 stands in its last four bytes, the others zero.
 */
#ifndef SOUK_NET_FILE_H
#define SOUK_NET_FILE_H

#include <netinet/in.h>

#include "base/base.h"

/* "127.0.0.1", "::1", "[::1]", "::ffff:127.0.0.1"; false: it is none. */
bool net_address(const char *text, size_t n, struct in6_addr *out);
const char *net_text(struct arena *a, const struct in6_addr *address);
bool net_is_same(const struct in6_addr *a, const struct in6_addr *b);
bool net_is_loopback(const struct in6_addr *address);
bool net_is_any(const struct in6_addr *address);        /* "0.0.0.0", "::": all of this machine's */
bool net_is_among(const struct in6_addr *list, size_t n, const struct in6_addr *address);

/*
 * Who asked, by an X-Forwarded-For that the peers of `trusted` have written to: "client, proxy1, proxy2".  The hops are
 * read from the right as long as they are trusted ones; the first that is not is the client, whatever it claims.
 * false: there is no such hop, or it is no address.
 */
bool net_forwarded(const char *hops, const struct in6_addr *trusted, size_t n, struct in6_addr *out);

/* Listens there; port 0: any free one.  errors: ERR_PORT, with address and reason. */
int net_listen(const char *address, uint16_t port, int *listener, uint16_t *got, struct err *err);

#endif
