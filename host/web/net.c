/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net.c: addresses of the network.
 *
 * in:     texts, sockets
 * out:    addresses, a socket that listens
 * knows:  the system's sockets.  Has never heard of HTTP.
 */
#include "net.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { BACKLOG = 512 };

bool net_address(const char *text, size_t n, struct in6_addr *out)
{
    char word[INET6_ADDRSTRLEN];
    if (n > 2 && text[0] == '[' && text[n - 1] == ']') {
        text++;
        n -= 2;
    }
    if (!n || n >= sizeof word)
        return false;
    memcpy(word, text, n);
    word[n] = '\0';
    *out = (struct in6_addr)IN6ADDR_ANY_INIT;
    if (inet_pton(AF_INET, word, &out->s6_addr[12]) == 1)
        return true;
    if (inet_pton(AF_INET6, word, out) != 1)
        return false;
    if (IN6_IS_ADDR_V4MAPPED(out))
        memset(out->s6_addr, 0, 12);
    return true;
}

/* "::" and "::1" are of IPv6; all others that begin with so many zeros are of IPv4. */
static bool is_four(const struct in6_addr *address)
{
    static const unsigned char none[12];
    return memcmp(address->s6_addr, none, sizeof none) == 0 && address->s6_addr[12];
}

const char *net_text(struct arena *a, const struct in6_addr *address)
{
    char *text = arena_alloc(a, INET6_ADDRSTRLEN);
    bool four = is_four(address);
    const void *from = four ? (const void *)&address->s6_addr[12] : address;
    return inet_ntop(four ? AF_INET : AF_INET6, from, text, INET6_ADDRSTRLEN) ? text : "";
}

bool net_is_same(const struct in6_addr *a, const struct in6_addr *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

bool net_is_loopback(const struct in6_addr *address)
{
    return IN6_IS_ADDR_LOOPBACK(address) || (is_four(address) && address->s6_addr[12] == 127);
}

bool net_is_any(const struct in6_addr *address)
{
    return IN6_IS_ADDR_UNSPECIFIED(address);
}

bool net_is_among(const struct in6_addr *list, size_t n, const struct in6_addr *address)
{
    for (size_t i = 0; i < n; i++)
        if (net_is_same(&list[i], address))
            return true;
    return false;
}

bool net_forwarded(const char *hops, const struct in6_addr *trusted, size_t n, struct in6_addr *out)
{
    for (size_t end = strlen(hops); end; ) {
        size_t from = end, to;
        while (from && hops[from - 1] != ',')
            from--;
        to = end;
        end = from ? from - 1 : 0;
        while (from < to && (hops[from] == ' ' || hops[from] == '\t'))
            from++;
        while (to > from && (hops[to - 1] == ' ' || hops[to - 1] == '\t'))
            to--;
        if (!net_address(hops + from, to - from, out))
            return false;
        if (!net_is_among(trusted, n, out))
            return true;
    }
    return false;
}

/* ---- listening --------------------------------------------------------------------------------- */

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

/* Its length; 0 for what is no address. */
static socklen_t socket_address(union address *at, const char *address, uint16_t port)
{
    memset(at, 0, sizeof *at);
    if (inet_pton(AF_INET, address, &at->v4.sin_addr) == 1) {
        at->v4.sin_family = AF_INET;
        at->v4.sin_port = htons(port);
        return sizeof at->v4;
    }
    if (inet_pton(AF_INET6, address, &at->v6.sin6_addr) == 1) {
        at->v6.sin6_family = AF_INET6;
        at->v6.sin6_port = htons(port);
        return sizeof at->v6;
    }
    return 0;
}

static const char *bind_reason(int error)
{
    switch (error) {
    case EADDRINUSE:
        return "another program uses this port; stop it or choose another port";
    case EACCES:
        return "ports below 1024 need special rights; choose a higher one";
    case EADDRNOTAVAIL:
        return "this machine does not have the address";
    default:
        return strerror(error);
    }
}

int net_listen(const char *address, uint16_t port, int *listener, uint16_t *got, struct err *err)
{
    union address at;
    socklen_t n = socket_address(&at, address, port);
    if (!n)
        return err_set(err, ERR_PORT, "Cannot listen on '%.80s': it is no address. Write one such as 127.0.0.1 or ::1.", address);
    int s = socket(at.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (s < 0 || setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &(int){ 1 }, sizeof(int)) || bind(s, &at.any, n) || listen(s, BACKLOG)
        || getsockname(s, &at.any, &n)) {
        err_set(err, ERR_PORT, "Cannot listen on %s port %u: %s.", address, (unsigned)port, bind_reason(errno));
        if (s >= 0)
            close(s);
        return -err->code;
    }
    *listener = s;
    *got = ntohs(at.any.sa_family == AF_INET ? at.v4.sin_port : at.v6.sin6_port);
    return 0;
}
