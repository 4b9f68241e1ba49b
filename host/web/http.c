/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http.c: libmicrohttpd behind the contract of http.h.
 *
 * in:    what clients send, taken apart by the library
 * out:   calls of answer() for requests that deserve one; replies with every header they need
 * knows: what the library (0.9.75) lets through or leaves out, and makes up for it
 *
 * A connection is a `peer`, a request on it a `turn`.  The library calls, always on the thread that
 * owns the connection:
 *   peer_changed   the connection is there (and again when it is gone)
 *   turn_began     its request line has been read
 *   turn_goes_on   the head is complete; then once for each piece of body; then for the reply.
 *                  A reply given when the body has not been asked for closes the connection and
 *                  costs four times as much, so only refusals are given there
 *   turn_ended     the reply is sent, or the connection is lost
 * What a body brings is body.c's to keep, what a stream has yet to say is stream.c's.
 *
 * The library's time limit starts again with every byte.  Real deadlines are kept by one more
 * thread, the reaper, which shuts the socket; its owner then notices and cleans up.
 */
#include "web/http.h"

#include "web/body.h"
#include "web/net.h"
#include "web/stream.h"
#include "web/tls.h"

#include "base/log.h"
#include "base/zone.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <limits.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

enum {
    URL_BYTES = 8 << 10,
    IDLE_BODY_BYTES = 64 << 10,                         /* of a body that nobody wants */
    AMPERSANDS = 100,                                   /* in an address */
    GZIP_FROM_BYTES = 1 << 10,
    STREAM_BLOCK = 4 << 10,
    BYTES_PER_MS = 64,                                  /* a body may take 1 s for each 64 kB */
    RETRY_S = 10,                                       /* for who finds no room for a stream */
    FAREWELL_MS = 1000,                                 /* for threads to notice that we stop */
    /*
     * Given 128 events at once, the library's epoll loop waits for more before it handles any: until
     * something else happens on that thread or a connection has been idle for too long.  So no
     * thread gets that many connections.
     */
    PEERS_PER_THREAD = 120
};

#define NEVER INT64_MAX

static const struct { const char *name, *value; } security_headers[] = {
    { "Content-Security-Policy",
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
      "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
      "frame-ancestors 'none'; manifest-src 'self'" },
    { "X-Content-Type-Options", "nosniff" },
    { "Referrer-Policy", "same-origin" },               /* with no-referrer a form's Origin is "null" */
    { "Cross-Origin-Opener-Policy", "same-origin" },
    { "Cross-Origin-Resource-Policy", "same-origin" },
};

/* Headers that decide something here and may come once at most. */
enum { HOST, LENGTH, CODING, TYPE, ORIGIN, FETCH_SITE, FETCH_MODE, FETCH_DEST, FORWARDED_PROTO, SINGLES };
static const char *const single_names[SINGLES] = {
    [HOST] = "Host",
    [LENGTH] = "Content-Length",
    [CODING] = "Transfer-Encoding",
    [TYPE] = "Content-Type",
    [ORIGIN] = "Origin",
    [FETCH_SITE] = "Sec-Fetch-Site",
    [FETCH_MODE] = "Sec-Fetch-Mode",
    [FETCH_DEST] = "Sec-Fetch-Dest",
    [FORWARDED_PROTO] = "X-Forwarded-Proto",
};

struct peer {
    struct peer *before, *after;
    int socket;
    struct in6_addr address;                            /* who asks: see turn_forwarded */
    bool is_proxy, is_secure;                           /* one of ours; came by TLS */
    int64_t until_ms;                                   /* on clock_ms; NEVER while we are the slow ones */
    bool is_waiting;                                    /* for the client: a whole request has not come */
};

struct http {
    struct http_setup setup;                            /* with the defaults filled in */
    struct arena *arena;                                /* of the two lists */
    const char **hosts, **origins;                      /* ours; NULL-terminated */
    struct in6_addr *proxies;
    size_t n_proxies;
    const char *upload_too_large;                       /* said of more than upload_bytes */
    uint16_t port;
    struct MHD_Daemon *daemon;
    int listener;
    pthread_key_t worker_key;
    pthread_t reaper;
    pthread_cond_t sooner, empty;                       /* a deadline before wake_ms; no peers */
    pthread_mutex_t lock;                               /* of what follows */
    struct peer *peers;
    unsigned n_peers;
    struct stream *streams;
    int64_t wake_ms;                                    /* when the reaper looks again */
    bool is_stopping, is_over;
};

struct worker {                                         /* one of the pool's threads */
    struct http *h;
    struct arena *arena;
    void *self;                                         /* what worker_new gave */
};

struct turn {
    struct http *h;
    struct MHD_Connection *link;
    struct peer *peer;
    struct turn *next_begun;
    const char *single[SINGLES];                        /* by single_names; NULL: not sent */
    const char *forwarded;                              /* the last X-Forwarded-For: the one nearest to us */
    const char *head_at;                                /* where the next header has to begin */
    bool has_head, is_malformed, is_sound, has_body, is_cut;
    bool is_safe;                                       /* GET or HEAD: changes nothing */
    struct stream *stream;                              /* NULL: the reply has an end */
    struct body *body;                                  /* NULL: what comes is thrown away */
    int64_t body_length;                                /* as announced; 0: none or in chunks */
    int64_t body_bytes, body_most;                      /* read so far; to be read at all */
    const char *too_large;                              /* said of more than that */
    int64_t body_since_ms;
    int refused;                                        /* status, 0: not */
    char *why;
    const char *allow;                                  /* methods, when it is not GET and HEAD alone */
    struct pairs args;
    size_t url_bytes;
    char url[];                                         /* as sent */
};

/* ---- deadlines ------------------------------------------------------------------------------- */

/* All under the lock.  The reaper is woken only for what is earlier than it expects. */
static void reap_at(struct http *h, int64_t at_ms)
{
    if (at_ms < h->wake_ms) {
        h->wake_ms = at_ms;
        pthread_cond_signal(&h->sooner);
    }
}

static void peer_until(struct http *h, struct peer *p, int64_t until_ms)
{
    p->until_ms = until_ms;
    reap_at(h, until_ms);
}

static void peer_drop(struct peer *p)
{
    shutdown(p->socket, SHUT_RDWR);
    p->until_ms = NEVER;
}

/* For the client, who has no more time when we stop. */
static void peer_waits(struct http *h, struct peer *p, int64_t for_ms)
{
    p->is_waiting = true;
    if (h->is_stopping)
        peer_drop(p);
    else
        peer_until(h, p, clock_ms() + for_ms);
}

static bool is_crowded(const struct http *h)
{
    return h->n_peers * 5 > h->setup.connections * 4;
}

/* In a crowd each newcomer costs the place of who has kept a thread waiting for the longest time. */
static void drop_slowest(struct http *h)
{
    struct peer *slowest = NULL;
    for (struct peer *p = h->peers; p; p = p->after)
        if (p->is_waiting && p->until_ms != NEVER && (!slowest || p->until_ms < slowest->until_ms))
            slowest = p;
    if (slowest)
        peer_drop(slowest);
}

/* For the whole body, there or back. */
static int64_t body_ms(const struct http *h, int64_t bytes)
{
    return 3 * (int64_t)h->setup.header_ms + bytes / BYTES_PER_MS;
}

static void wait_until(pthread_cond_t *cond, pthread_mutex_t *lock, int64_t until_ms)
{
    struct timespec until = { .tv_sec = until_ms / 1000, .tv_nsec = until_ms % 1000 * 1000000 };
    if (until_ms == NEVER)
        pthread_cond_wait(cond, lock);
    else
        pthread_cond_timedwait(cond, lock, &until);
}

static void streams_beat(struct http *h, int64_t now_ms);

static void *reap(void *http)
{
    struct http *h = http;
    pthread_mutex_lock(&h->lock);
    while (!h->is_over) {
        int64_t now_ms = clock_ms();
        h->wake_ms = NEVER;
        streams_beat(h, now_ms);
        for (struct peer *p = h->peers; p; p = p->after) {
            if (p->until_ms <= now_ms)
                peer_drop(p);
            if (p->until_ms < h->wake_ms)
                h->wake_ms = p->until_ms;
        }
        wait_until(&h->sooner, &h->lock, h->wake_ms);
    }
    pthread_mutex_unlock(&h->lock);
    return NULL;
}

static struct in6_addr address_of(struct MHD_Connection *link)
{
    const struct sockaddr *at = MHD_get_connection_info(link, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr;
    struct in6_addr address = IN6ADDR_ANY_INIT;
    if (at->sa_family == AF_INET6)
        address = ((const struct sockaddr_in6 *)(const void *)at)->sin6_addr;
    else if (at->sa_family == AF_INET)
        memcpy(&address.s6_addr[12], &((const struct sockaddr_in *)(const void *)at)->sin_addr, 4);
    return address;
}

static void peer_changed(void *http, struct MHD_Connection *link, void **context,
                         enum MHD_ConnectionNotificationCode what)
{
    struct http *h = http;
    struct peer *p = *context;
    pthread_mutex_lock(&h->lock);
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        *context = p = base_alloc(sizeof *p);
        p->socket = MHD_get_connection_info(link, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
        p->address = address_of(link);
        p->is_proxy = net_is_among(h->proxies, h->n_proxies, &p->address);
        p->is_secure = h->setup.tls_cert != NULL;
        peer_waits(h, p, h->setup.header_ms);
        h->n_peers++;
        if (is_crowded(h))
            drop_slowest(h);
        p->after = h->peers;
        if (p->after)
            p->after->before = p;
        h->peers = p;
    } else {
        *(p->before ? &p->before->after : &h->peers) = p->after;
        if (p->after)
            p->after->before = p->before;
        if (--h->n_peers == 0)
            pthread_cond_signal(&h->empty);
        free(p);
        *context = NULL;
    }
    pthread_mutex_unlock(&h->lock);
}

/* ---- workers --------------------------------------------------------------------------------- */

static struct worker *worker_here(struct http *h)
{
    struct worker *w = pthread_getspecific(h->worker_key);
    if (!w) {
        w = base_alloc(sizeof *w);
        w->h = h;
        w->arena = arena_new("request", 16 << 10);
        w->self = h->setup.worker_new(h->setup.ctx);
        pthread_setspecific(h->worker_key, w);
    }
    return w;
}

static void worker_end(void *worker)
{
    struct worker *w = worker;
    w->h->setup.worker_free(w->self);
    arena_free(w->arena);
    free(w);
}

/* ---- the head -------------------------------------------------------------------------------- */

static const char *header_of(const struct turn *t, const char *name)
{
    return MHD_lookup_connection_value(t->link, MHD_HEADER_KIND, name);
}

static void refuse(struct turn *t, int status, const char *why)
{
    if (!t->refused) {
        t->refused = status;
        t->why = base_text(why);
    }
}

#define ALNUM "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

static bool is_token(const char *at)
{
    return *at && !at[strspn(at, ALNUM "!#$%&'*+-.^_`|~")];
}

static bool has_control(const char *at)
{
    while ((unsigned char)*at >= 0x20 ? *at != 0x7F : *at == '\t')
        at++;
    return *at;
}

static bool is_listed(const char *const *list, const char *text)
{
    while (*list && strcasecmp(*list, text) != 0)
        list++;
    return *list != NULL;
}

/*
 * The library takes the head apart where it lies, so in an honest one each name begins two bytes
 * (CR LF) behind the value before it.  Anywhere else: a NUL cut something off, a line ended in a bare
 * LF or went on in the next, or white space was skipped where there must be none.  (Should another
 * version of the library copy its headers, every test of this room says so.)
 */
static enum MHD_Result header_seen(void *turn, enum MHD_ValueKind kind, const char *name, size_t name_n,
                                   const char *value, size_t value_n)
{
    struct turn *t = turn;
    (void)kind;
    (void)name_n;
    if (name != t->head_at || !is_token(name) || has_control(value))
        t->is_malformed = true;
    t->head_at = value + value_n + 2;
    if (strcasecmp(name, "X-Forwarded-For") == 0)
        t->forwarded = value;
    for (size_t i = 0; i < SINGLES; i++) {
        if (strcasecmp(name, single_names[i]) == 0) {
            if (t->single[i])
                t->is_malformed = true;
            t->single[i] = value;
        }
    }
    return MHD_YES;
}

static bool is_well_formed(struct turn *t, const char *method, const char *url, const char *version)
{
    const char *const *s = t->single;
    const union MHD_ConnectionInfo *head =
        MHD_get_connection_info(t->link, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    if (url != method + strlen(method) + 1 || version != url + t->url_bytes + 1)
        return false;
    t->head_at = version + strlen(version) + 2;
    MHD_get_connection_values_n(t->link, MHD_HEADER_KIND, header_seen, t);
    if (t->is_malformed || t->head_at + 2 != method + head->header_size)
        return false;
    if (!is_token(method) || has_control(t->url) || strpbrk(t->url, " \t"))
        return false;
    bool is_1_1 = text_is(version, "HTTP/1.1");
    if (is_1_1 && !s[HOST])
        return false;
    return !s[CODING] || (is_1_1 && !s[LENGTH] && text_is(s[CODING], "chunked"));
}

/*
 * A page of another site may link to ours, but neither embed nor call it; what changes something must
 * come from the very address it goes to.  A token per session has to come with it once there are
 * sessions: whoever knows them stands between here and the page, in `takes` and `answer`.
 */
static bool is_cross_site(const struct turn *t, const char *method)
{
    const char *const *s = t->single;
    if (s[ORIGIN] && !is_listed(t->h->origins, s[ORIGIN]))
        return true;
    if (s[ORIGIN] && !t->is_safe && strcasecmp(strstr(s[ORIGIN], "://") + 3, s[HOST]) != 0)
        return true;
    if (!s[FETCH_SITE] || text_is(s[FETCH_SITE], "same-origin") || text_is(s[FETCH_SITE], "none"))
        return false;
    return !text_is(method, "GET") || !text_is(s[FETCH_MODE], "navigate") ||
           !text_is(s[FETCH_DEST], "document");
}

static const char *url_read(struct turn *t, struct arena *a, struct err *err);

static const char *taken_words(struct arena *a, unsigned takes)
{
    static const struct { unsigned bit; const char *words; } kinds[] = {
        { HTTP_FORM, "a form (application/x-www-form-urlencoded)" },
        { HTTP_JSON, "JSON (application/json)" },
        { HTTP_FILES, "files (multipart/form-data or application/octet-stream)" },
    };
    const char *words = "";
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (takes & kinds[i].bit)
            words = arena_printf(a, "%s%s%s", words, *words ? " or " : "", kinds[i].words);
    return arena_printf(a, "This address takes %s.", words);
}

/* As what a body is read; 0: not at all.  A page elsewhere can make a browser send neither JSON nor files. */
static enum body_kind body_kind(const char *type, unsigned takes)
{
    if (takes & HTTP_FORM && form_is_type(type, "application/x-www-form-urlencoded"))
        return BODY_FORM;
    if (takes & HTTP_JSON && form_is_type(type, "application/json"))
        return BODY_JSON;
    if (takes & HTTP_FILES && form_is_type(type, "multipart/form-data"))
        return BODY_PARTS;
    if (takes & HTTP_FILES && form_is_type(type, "application/octet-stream"))
        return BODY_FILE;
    return 0;
}

static int fault_status(const struct err *err)
{
    return err->code == ERR_INPUT ? 400 : err->code == ERR_DENIED ? 413 : err->code == ERR_FULL ? 507 : 500;
}

static const char *spool(void *turn, struct arena *a)
{
    struct turn *t = turn;
    return t->h->setup.spool(t->h->setup.ctx, worker_here(t->h)->self, a);
}

/* What a program calls the file that is the whole body; NULL: nothing, or nothing that can be read. */
static const char *file_name(struct turn *t, struct arena *a)
{
    const char *header = header_of(t, "X-File-Name"), *name = pairs_value(&t->args, "file");
    if (!name && header)
        name = form_decode(a, header, strlen(header), false);
    return name && *name ? name : NULL;
}

/* Before a body is read: may one come, as what, and how much of it? */
static void post_begin(struct turn *t, const char *method, struct worker *w)
{
    struct http *h = t->h;
    struct http_request ask = { .method = method, .arena = w->arena, .handle = t };
    const char *type = t->single[TYPE], *charset = type ? form_param(w->arena, type, "charset") : NULL;
    unsigned takes = 0;
    struct err err = { 0 };
    ask.path = url_read(t, w->arena, &err);
    if (err.code) {
        refuse(t, 400, err.text);
        return;
    }
    if (h->setup.takes)
        takes = h->setup.takes(h->setup.ctx, &ask);
    struct body_setup body = { body_kind(type, takes), type, file_name(t, w->arena), t, spool };
    bool has_files = body.kind == BODY_PARTS || body.kind == BODY_FILE;
    int64_t most = has_files ? h->setup.upload_bytes : BODY_HELD;
    if (takes)
        t->allow = "GET, HEAD, POST";
    t->too_large = has_files ? h->upload_too_large : "The body is larger than 1 MiB.";
    if (!takes)
        refuse(t, 405, "Only GET and HEAD are answered here.");
    else if (!text_is(method, "POST"))
        refuse(t, 405, "Only GET, HEAD and POST are answered here.");
    else if (!t->single[LENGTH] && !t->single[CODING])
        refuse(t, 411, "A POST must tell the length of its body in Content-Length, 0 for none.");
    else if (header_of(t, "Content-Encoding"))
        refuse(t, 415, "The body is compressed; send it as it is, without Content-Encoding.");
    else if (!body.kind)
        refuse(t, 415, taken_words(w->arena, takes));
    else if (charset && !has_files && strcasecmp(charset, "utf-8") != 0)
        refuse(t, 415, "The body has to be in UTF-8.");
    else if (t->body_length > most)
        refuse(t, 413, t->too_large);
    else if (body.kind == BODY_FILE && !body.file_name)
        refuse(t, 400, "The upload has no file name; give one by ?file= in the address or in a header "
                       "X-File-Name, percent-encoded.");
    else if (body_new(&t->body, &body, &err) < 0)
        refuse(t, fault_status(&err), err.text);
    else
        t->body_most = most;
}

/*
 * Behind a proxy of ours a connection has one request, whose client is whom the proxy names; where it names nobody, it
 * asks for itself.
 */
static void turn_forwarded(struct turn *t)
{
    struct http *h = t->h;
    struct in6_addr client;
    if (!t->peer->is_proxy)
        return;
    bool is_told = t->forwarded && net_forwarded(t->forwarded, h->proxies, h->n_proxies, &client);
    pthread_mutex_lock(&h->lock);
    if (is_told)
        t->peer->address = client;
    t->peer->is_secure |= t->single[FORWARDED_PROTO] && strcasecmp(t->single[FORWARDED_PROTO], "https") == 0;
    pthread_mutex_unlock(&h->lock);
}

/* What a proxy is to encrypt comes by it, or from this machine. */
static bool is_welcome(const struct turn *t)
{
    return t->peer->is_proxy || !t->h->n_proxies || t->h->setup.tls_cert || net_is_loopback(&t->peer->address);
}

/* True when there is nothing to wait for: the refusal must go out before the body is read. */
static bool head_is_hopeless(struct turn *t, const char *method, const char *url, const char *version)
{
    const char *const *s = t->single;
    if (!is_well_formed(t, method, url, version))
        refuse(t, 400, "The request is not well-formed HTTP.");
    else if (!text_is(version, "HTTP/1.1") && !text_is(version, "HTTP/1.0"))
        refuse(t, 505, "Only HTTP/1.1 and HTTP/1.0 are spoken here.");
    else if (t->url_bytes > URL_BYTES)
        refuse(t, 414, "The address is longer than 8 KiB.");
    else if (s[LENGTH] && !text_int(s[LENGTH], &t->body_length))
        refuse(t, 413, "The body is larger than any that is taken here.");
    if (t->refused)
        return true;

    turn_forwarded(t);
    t->is_sound = true;
    t->is_safe = text_is(method, "GET") || text_is(method, "HEAD");
    t->has_body = t->body_length > 0 || s[CODING];
    t->body_most = IDLE_BODY_BYTES;
    t->too_large = "The body is larger than 64 KiB.";
    if (!s[HOST] || !is_listed(t->h->hosts, s[HOST]))
        refuse(t, 421, "This server does not answer under the host name that was asked for; use the "
                       "address it printed when it started, or add the name to its configuration.");
    else if (!is_welcome(t))
        refuse(t, 403, "This server is reached by its proxy only, which encrypts.");
    else if (is_cross_site(t, method))
        refuse(t, 403, "The request comes from a page of another site.");
    else if (!t->is_safe) {
        struct worker *w = worker_here(t->h);
        post_begin(t, method, w);
        arena_reset(w->arena);
        t->args = (struct pairs){ 0 };
    } else if (t->body_length > IDLE_BODY_BYTES)
        refuse(t, 413, t->too_large);
    return t->refused && t->has_body && (t->body_length > IDLE_BODY_BYTES || header_of(t, "Expect"));
}

/* ---- the address ----------------------------------------------------------------------------- */

/* The decoded path, NULL when it is not valid; sets the turn's arguments, as far as they are valid. */
static const char *url_read(struct turn *t, struct arena *a, struct err *err)
{
    size_t path_n = strcspn(t->url, "?");
    const char *path = form_decode(a, t->url, path_n, false), *query = t->url + path_n;
    t->args = (struct pairs){ 0 };
    query += *query == '?';
    if (!path || path[0] != '/') {
        err_set(err, ERR_INPUT, "The path of the address is not valid.");
        return NULL;
    }
    form_read(&t->args, a, query, strlen(query), "parameter", AMPERSANDS + 1, err);
    return path;
}

const char *http_arg(const struct http_request *ask, const char *name)
{
    return pairs_value(&((const struct turn *)ask->handle)->args, name);
}

bool http_arg_at(const struct http_request *ask, size_t i, const char **name, const char **value)
{
    return pairs_at(&((const struct turn *)ask->handle)->args, i, name, value);
}

const char *http_field(const struct http_request *ask, const char *name)
{
    const struct turn *t = ask->handle;
    return t->body ? pairs_value(body_fields(t->body), name) : NULL;
}

bool http_field_at(const struct http_request *ask, size_t i, const char **name, const char **value)
{
    const struct turn *t = ask->handle;
    return t->body && pairs_at(body_fields(t->body), i, name, value);
}

bool http_upload_at(const struct http_request *ask, size_t i, struct http_upload *upload)
{
    const struct turn *t = ask->handle;
    const struct body_file *f = t->body ? body_file(t->body, i) : NULL;
    if (f)
        *upload = (struct http_upload){ f->field, f->label, f->path, f->bytes };
    return f;
}

void http_upload_take(const struct http_request *ask, size_t i)
{
    const struct turn *t = ask->handle;
    struct body_file *f = t->body ? body_file(t->body, i) : NULL;
    if (f)
        f->is_taken = true;
}

const char *http_header(const struct http_request *ask, const char *name)
{
    return header_of(ask->handle, name);
}

const char *http_cookie(const struct http_request *ask, const char *name)
{
    const char *at = http_header(ask, "Cookie"), *found = NULL;
    size_t n = strlen(name);
    for (; at && *at; at += strspn(at, "; ")) {
        size_t length = strcspn(at, ";");
        if (length > n && memcmp(at, name, n) == 0 && at[n] == '=') {
            if (found)
                return NULL;                            /* which of them is it? */
            found = arena_textn(ask->arena, at + n + 1, length - n - 1);
        }
        at += length;
    }
    return found;
}

const char *http_peer(const struct http_request *ask)
{
    return net_text(ask->arena, &((const struct turn *)ask->handle)->peer->address);
}

bool http_is_secure(const struct http_request *ask)
{
    return ((const struct turn *)ask->handle)->peer->is_secure;
}

/* ---- streams --------------------------------------------------------------------------------- */

/*
 * A stream that has nothing to say sleeps: the library has let go of its connection, and does not
 * even see when the client hangs up.  Whoever has something for it wakes it.  All under the lock, which
 * the library's own may be taken under, never the other way round.
 */
static void stream_wake(struct http *h, struct stream *s, int64_t for_ms)
{
    struct turn *t = s->owner;
    if (s->is_asleep) {
        s->is_asleep = false;
        peer_until(h, t->peer, clock_ms() + for_ms);
        MHD_resume_connection(t->link);
    }
}

static bool has_hung_up(const struct stream *s)
{
    const struct turn *t = s->owner;
    struct pollfd p = { .fd = t->peer->socket, .events = POLLRDHUP };
    return poll(&p, 1, 0) > 0;
}

static void stream_finish(struct http *h, struct stream *s, int64_t within_ms)
{
    s->is_over = true;
    stream_wake(h, s, within_ms);
}

static void streams_beat(struct http *h, int64_t now_ms)
{
    static const char beat[] = ":\n\n";
    for (struct stream *s = h->streams; s; s = s->after) {
        if (s->beat_ms <= now_ms) {
            s->beat_ms = now_ms + h->setup.beat_ms;
            if (has_hung_up(s) || s->ends_ms <= now_ms) {
                stream_finish(h, s, h->setup.header_ms);
            } else if (s->is_asleep) {
                stream_put(s, beat, sizeof beat - 1);
                stream_wake(h, s, body_ms(h, 0));
            }
        }
        reap_at(h, s->beat_ms);
    }
}

static bool is_room(const struct http *h, const struct peer *for_whom)
{
    unsigned all = 0, here = 0;
    for (const struct stream *s = h->streams; s; s = s->after) {
        const struct turn *t = s->owner;
        all += !s->is_over;
        here += !s->is_over && IN6_ARE_ADDR_EQUAL(&t->peer->address, &for_whom->address);
    }
    return all < h->setup.streams && here < h->setup.streams_per_address;
}

/* False: there are too many.  Who has hung up without being noticed makes room. */
static bool stream_begin(struct turn *t, const char *topic)
{
    static const char first[] = "retry: 3000\n\n";
    struct http *h = t->h;
    pthread_mutex_lock(&h->lock);
    if (!is_room(h, t->peer))
        for (struct stream *s = h->streams; s; s = s->after)
            if (!s->is_over && has_hung_up(s))
                stream_finish(h, s, h->setup.header_ms);
    if (!h->is_stopping && is_room(h, t->peer)) {
        t->stream = stream_open(&h->streams, topic, t);
        stream_put(t->stream, first, sizeof first - 1);
        t->stream->beat_ms = clock_ms() + h->setup.beat_ms;
        t->stream->ends_ms = clock_ms() + h->setup.stream_ms;
        reap_at(h, t->stream->beat_ms);
    }
    pthread_mutex_unlock(&h->lock);
    return t->stream;
}

static void stream_end(struct turn *t)
{
    if (t->stream)
        stream_close(&t->h->streams, t->stream);
    t->stream = NULL;
}

/* The library asks for more whenever what it had is sent. */
static ssize_t stream_read(void *turn, uint64_t from, char *to, size_t most)
{
    struct turn *t = turn;
    struct http *h = t->h;
    (void)from;
    pthread_mutex_lock(&h->lock);
    ssize_t n = (ssize_t)stream_take(t->stream, to, most);
    if (n == 0 && t->stream->is_over)
        n = MHD_CONTENT_READER_END_OF_STREAM;
    if (n == 0) {
        t->stream->is_asleep = true;
        peer_until(h, t->peer, NEVER);
        MHD_suspend_connection(t->link);
    } else if (!h->is_stopping) {
        peer_until(h, t->peer, clock_ms() + body_ms(h, n));
    }
    pthread_mutex_unlock(&h->lock);
    return n;
}

void http_publish(struct http *h, const char *topic, const char *event, const char *data)
{
    struct buf text = { 0 };
    if (!h)
        return;
    stream_event(&text, event, data);
    pthread_mutex_lock(&h->lock);
    for (struct stream *s = h->streams; s; s = s->after) {
        if (text_is(s->topic, topic)) {
            stream_put(s, text.at, text.len);
            stream_wake(h, s, body_ms(h, 0));
        }
    }
    pthread_mutex_unlock(&h->lock);
    buf_free(&text);
}

/* ---- the reply ------------------------------------------------------------------------------- */

/* Steps through a comma-separated header value; white space around an item is left out. */
static bool next_item(const char **at, const char **item, size_t *n)
{
    *item = *at + strspn(*at, ", \t");
    *n = strcspn(*item, ",");
    *at = *item + *n;
    while (*n && strchr(" \t", (*item)[*n - 1]))
        --*n;
    return *n > 0;
}

/* "gzip;q=0" and "*;q=0.0" mean no. */
static bool is_wanted(const char *item, size_t n)
{
    const char *q = memchr(item, ';', n);
    if (!q)
        return true;
    for (q++; q < item + n && strchr(" \t", *q); q++)
        ;
    if (item + n - q < 3 || (*q | 32) != 'q' || q[1] != '=')
        return true;
    for (q += 2; q < item + n; q++)
        if (*q >= '1' && *q <= '9')
            return true;
    return false;
}

static bool takes_gzip(const struct turn *t)
{
    const char *at = header_of(t, "Accept-Encoding"), *item;
    bool any = false;
    for (size_t n; at && next_item(&at, &item, &n);) {
        size_t name_n = strcspn(item, ",; \t");
        if (name_n == 4 && strncasecmp(item, "gzip", 4) == 0)
            return is_wanted(item, n);
        if (name_n == 1 && *item == '*')
            any = is_wanted(item, n);
    }
    return any;
}

bool http_takes_gzip(const struct http_request *ask)
{
    return takes_gzip(ask->handle);
}

/* Weak comparison (RFC 9110): "x" and W/"x" are the same. */
static bool is_known(const char *if_none_match, const char *etag)
{
    const char *item;
    for (size_t n; if_none_match && next_item(&if_none_match, &item, &n);) {
        if (n == 1 && *item == '*')
            return true;
        if (n > 2 && memcmp(item, "W/", 2) == 0) {
            item += 2;
            n -= 2;
        }
        if (n == strlen(etag) + 2 && item[0] == '"' && item[n - 1] == '"' &&
            memcmp(item + 1, etag, n - 2) == 0)
            return true;
    }
    return false;
}

static bool is_text(const char *type)
{
    return text_starts(type, "text/") || strstr(type, "json") || strstr(type, "javascript") ||
           strstr(type, "xml");
}

static bool gzip(struct buf *body)
{
    z_stream z = { 0 };
    if (body->len > INT_MAX ||
        deflateInit2(&z, Z_BEST_SPEED, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return false;
    struct buf packed = { .cap = deflateBound(&z, body->len) };
    packed.at = base_grow(NULL, packed.cap);
    z.next_in = (Bytef *)body->at;
    z.avail_in = (uInt)body->len;
    z.next_out = (Bytef *)packed.at;
    z.avail_out = (uInt)packed.cap;
    bool is_done = deflate(&z, Z_FINISH) == Z_STREAM_END;
    packed.len = z.total_out;
    deflateEnd(&z);
    buf_free(is_done ? body : &packed);
    if (is_done)
        *body = packed;
    return is_done;
}

static const char *cache_control(struct arena *a, const struct http_reply *reply)
{
    if (reply->cache_s > 0)
        return arena_printf(a, "max-age=%lld, immutable", (long long)reply->cache_s);
    return reply->etag ? "private, no-cache" : "no-store";
}

/* The name twice: plain for old readers, and in full (RFC 6266). */
static const char *disposition(struct arena *a, const char *file_name)
{
    char *plain = arena_text(a, file_name), *full = arena_alloc(a, 3 * strlen(file_name) + 1), *to = full;
    for (char *at = plain; *at; at++) {
        if (strchr(ALNUM "-._", *at)) {
            *to++ = *at;
        } else {
            to += sprintf(to, "%%%02X", (unsigned)(unsigned char)*at);
            *at = *at == ' ' ? ' ' : '_';
        }
    }
    *to = '\0';
    return arena_printf(a, "attachment; filename=\"%s\"; filename*=UTF-8''%s", plain, full);
}

static void add(struct MHD_Response *out, const char *name, const char *value, bool *is_well)
{
    if (value && MHD_add_response_header(out, name, value) != MHD_YES)
        *is_well = false;
}

/* The file's name goes at once: what is sent is what the descriptor holds, and nobody else finds it. */
static struct MHD_Response *file_response(const struct http_reply *reply)
{
    struct stat st;
    int fd = open(reply->file, O_RDONLY | O_CLOEXEC);
    unlink(reply->file);
    if (fd < 0 || fstat(fd, &st) != 0) {
        if (fd >= 0)
            close(fd);
        return MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    }
    return MHD_create_response_from_fd64((uint64_t)st.st_size, fd);
}

/* Browsers are told to come by TLS only from now on; under "localhost" that would hold for other programs, too. */
static bool is_secure_name(const struct turn *t)
{
    const char *host = t->single[HOST];
    return t->peer->is_secure && host && strncmp(host, "localhost", 9) != 0;
}

/* Takes the body over.  NULL when the library will not have a header, such as one with a line end. */
static struct MHD_Response *response_of(struct turn *t, struct arena *a, struct http_reply *reply,
                                        bool is_last)
{
    bool is_well = true;
    if (t->stream) {
        buf_free(&reply->body);
        reply->type = "text/event-stream";
    }
    bool varies = reply->is_gzip || (is_text(reply->type) && reply->body.len > GZIP_FROM_BYTES);
    if (reply->status == 200 && t->is_safe && reply->etag && is_known(header_of(t, "If-None-Match"), reply->etag)) {
        reply->status = 304;
        buf_free(&reply->body);
    } else if (varies && !reply->is_gzip && takes_gzip(t)) {
        reply->is_gzip = gzip(&reply->body);
    }
    struct MHD_Response *out = reply->file ? file_response(reply) : t->stream
        ? MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK, stream_read, t, NULL)
        : MHD_create_response_from_buffer(reply->body.len, reply->body.at, MHD_RESPMEM_MUST_FREE);
    bool has_body = reply->body.len > 0 || t->stream || reply->file;
    reply->body = (struct buf){ 0 };
    for (size_t i = 0; i < COUNT_OF(security_headers); i++)
        add(out, security_headers[i].name, security_headers[i].value, &is_well);
    add(out, "Strict-Transport-Security", is_secure_name(t) ? "max-age=31536000" : NULL, &is_well);
    add(out, "Cache-Control", cache_control(a, reply), &is_well);
    add(out, "Content-Type", has_body ? reply->type : NULL, &is_well);
    add(out, "Content-Encoding", has_body && reply->is_gzip ? "gzip" : NULL, &is_well);
    add(out, "X-Accel-Buffering", t->stream ? "no" : NULL, &is_well);  /* nginx would gather it */
    add(out, "Vary", varies ? "Accept-Encoding" : NULL, &is_well);
    add(out, "ETag", reply->etag ? arena_printf(a, "W/\"%s\"", reply->etag) : NULL, &is_well);
    add(out, "Location", reply->location, &is_well);
    add(out, "Set-Cookie", reply->cookie, &is_well);
    add(out, "WWW-Authenticate", reply->wants_token ? "Bearer realm=\"Souk\"" : NULL, &is_well);
    add(out, "Clear-Site-Data", reply->forgets ? "\"cache\", \"cookies\", \"storage\"" : NULL, &is_well);
    add(out, "Content-Disposition", reply->file_name ? disposition(a, reply->file_name) : NULL,
        &is_well);
    add(out, "Allow", reply->status != 405 ? NULL : reply->allow ? reply->allow : "GET, HEAD", &is_well);
    add(out, "Retry-After", reply->retry_s > 0 ? arena_printf(a, "%d", reply->retry_s) : NULL, &is_well);
    add(out, "Connection", is_last ? "close" : NULL, &is_well);
    if (!is_well) {
        MHD_destroy_response(out);
        return NULL;
    }
    return out;
}

static enum MHD_Result turn_reply(struct turn *t, struct arena *a, struct http_reply *reply)
{
    struct http *h = t->h;
    if (!reply->type)
        reply->type = "application/octet-stream";
    pthread_mutex_lock(&h->lock);
    bool is_last = t->has_body || t->peer->is_proxy || t->stream || h->is_stopping || is_crowded(h);
    peer_until(h, t->peer, clock_ms() + body_ms(h, (int64_t)reply->body.len));
    pthread_mutex_unlock(&h->lock);
    struct MHD_Response *out = response_of(t, a, reply, is_last);
    if (!out) {
        log_fault("http", "A reply with a broken header was withheld.");
        pthread_mutex_lock(&h->lock);
        stream_end(t);
        pthread_mutex_unlock(&h->lock);
        struct http_reply sorry = { 0 };
        http_problem(&sorry, 500, "Internal Server Error", "The reply could not be written.");
        out = response_of(t, a, &sorry, true);
        reply->status = 500;
    }
    enum MHD_Result rc = MHD_queue_response(t->link, (unsigned)reply->status, out);
    MHD_destroy_response(out);
    return rc;
}

/* The detail may hold what a client sent, cut anywhere: then what is beyond ASCII is left out. */
void http_problem(struct http_reply *reply, int status, const char *title, const char *detail)
{
    char *plain = base_text(detail);
    for (char *at = plain; !utf8_is_valid(plain, strlen(plain)) && *at; at++)
        if ((unsigned char)*at >= 0x80)
            *at = '?';
    json_t *problem = json_pack("{s:s, s:i, s:s}", "title", title, "status", status, "detail", plain);
    char *text = json_dumps(problem, JSON_COMPACT);
    json_decref(problem);
    base_free(plain);
    buf_clear(&reply->body);
    buf_text(&reply->body, text ? text : "{}");
    free(text);
    reply->status = status;
    reply->type = "application/problem+json";
    reply->etag = reply->location = reply->file_name = NULL;
    reply->cache_s = 0;
    reply->is_gzip = false;
}

/* ---- a turn ---------------------------------------------------------------------------------- */

/*
 * What the library takes no reply for gets one past it, and the connection ends there: a body that
 * runs over its limit, and heads which the library itself answers twice or not at all.
 */
static void turn_cut(struct turn *t, int status, const char *why)
{
    struct http_reply reply = { 0 };
    struct buf out = { 0 };
    refuse(t, status, why);                             /* unless it was already, for another reason */
    const char *title = MHD_get_reason_phrase_for((unsigned)t->refused);
    http_problem(&reply, t->refused, title, t->why);
    buf_printf(&out, "HTTP/1.1 %d %s\r\nConnection: close\r\nCache-Control: no-store\r\n", t->refused, title);
    for (size_t i = 0; i < COUNT_OF(security_headers); i++)
        buf_printf(&out, "%s: %s\r\n", security_headers[i].name, security_headers[i].value);
    buf_printf(&out, "Content-Type: %s\r\nContent-Length: %zu\r\n\r\n%s", reply.type, reply.body.len,
               buf_str(&reply.body));
    t->is_cut = true;
    if (!t->h->setup.tls_cert)                          /* within TLS nothing can be said past the library */
        (void)send(t->peer->socket, out.at, out.len, MSG_NOSIGNAL | MSG_DONTWAIT);
    shutdown(t->peer->socket, SHUT_RDWR);
    buf_free(&out);
    buf_free(&reply.body);
}

/* Turns of this thread whose head is not complete. */
static _Thread_local struct turn *begun;

static void begun_forget(struct turn *t)
{
    struct turn **at = &begun;
    while (*at && *at != t)
        at = &(*at)->next_begun;
    if (*at)
        *at = t->next_begun;
}

static void *turn_began(void *http, const char *url, struct MHD_Connection *link)
{
    size_t n = strlen(url), ampersands = 0;
    struct turn *t = base_alloc(sizeof *t + n + 1);
    t->h = http;
    t->link = link;
    t->peer = MHD_get_connection_info(link, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
    t->url_bytes = n;
    memcpy(t->url, url, n);
    t->next_begun = begun;
    begun = t;
    for (const char *at = t->url; (at = strchr(at, '&')); at++)
        ampersands++;
    if (ampersands > AMPERSANDS)                        /* beyond a few hundred the library hangs */
        turn_cut(t, 400, "The address has more than 100 parameters.");
    return t;
}

/*
 * Between a complete head and the first call of turn_goes_on the library speaks only of a
 * Content-Length that is no number or of cookies beyond its memory, and then sends the status line
 * twice.  The turn it speaks of is the only one here that has its head and no call yet.
 */
static void library_says(void *http, const char *format, va_list args) PRINTF_LIKE(2, 0);
static void library_says(void *http, const char *format, va_list args)
{
    char text[400];
    (void)http;
    vsnprintf(text, sizeof text, format, args);
    text[strcspn(text, "\n")] = '\0';
    log_debug("http", "%s", text);
    for (struct turn *t = begun; t; t = t->next_begun)
        if (!t->is_cut && MHD_get_connection_info(t->link, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE))
            turn_cut(t, 400, "The request is not well-formed HTTP.");
}

/* A refusal is worded by the pages when they can tell what was asked for. */
static void turn_refuse(struct turn *t, struct worker *w, struct http_request *ask, struct http_reply *reply)
{
    struct http *h = t->h;
    buf_free(&reply->body);
    *reply = (struct http_reply){ .status = t->refused };
    if (t->is_sound && !ask->path)
        ask->path = url_read(t, w->arena, &(struct err){ 0 });
    if (ask->path && h->setup.refused)
        h->setup.refused(h->setup.ctx, w->self, ask, t->refused, t->why, reply);
    else
        http_problem(reply, t->refused, MHD_get_reason_phrase_for((unsigned)t->refused), t->why);
    reply->status = t->refused;
    reply->allow = t->allow;
    reply->retry_s = t->refused == 503 ? RETRY_S : 0;
}

static enum MHD_Result turn_answer(struct turn *t, const char *method)
{
    struct http *h = t->h;
    struct worker *w = worker_here(h);
    struct http_request ask = { .method = method, .arena = w->arena, .handle = t };
    struct http_reply reply = { .status = 200 };
    struct err err = { 0 };
    pthread_mutex_lock(&h->lock);
    t->peer->is_waiting = false;
    peer_until(h, t->peer, NEVER);
    pthread_mutex_unlock(&h->lock);
    if (!t->refused && t->body && body_end(t->body, &err) < 0)
        refuse(t, fault_status(&err), err.text);
    if (!t->refused) {
        ask.path = url_read(t, w->arena, &err);
        if (err.code)
            refuse(t, 400, err.text);
    }
    if (!t->refused) {
        if (t->body)
            ask.body = body_text(t->body, &ask.body_n);
        h->setup.answer(h->setup.ctx, w->self, &ask, &reply);
        if (reply.stream && reply.status == 200 && text_is(method, "GET") && !stream_begin(t, reply.stream))
            refuse(t, 503, "Too many open pages follow what changes here; close some of them.");
    }
    if (t->refused)
        turn_refuse(t, w, &ask, &reply);
    enum MHD_Result rc = turn_reply(t, w->arena, &reply);
    arena_reset(w->arena);
    body_free(t->body);
    t->body = NULL;
    return rc;
}

/* A body has to keep up its rate from the first byte on. */
static void body_waits(struct turn *t)
{
    struct http *h = t->h;
    pthread_mutex_lock(&h->lock);
    peer_waits(h, t->peer, t->body_since_ms + body_ms(h, t->body_bytes) - clock_ms());
    pthread_mutex_unlock(&h->lock);
}

/* What is refused while it comes is read on for a little, so that its reply finds somebody who listens. */
static enum MHD_Result turn_piece(struct turn *t, const char *piece, size_t n)
{
    struct err err = { 0 };
    t->body_bytes += (int64_t)n;
    if (t->body_bytes <= t->body_most && t->body && body_add(t->body, piece, n, &err) < 0) {
        refuse(t, fault_status(&err), err.text);
        body_free(t->body);
        t->body = NULL;
        if (t->body_most > t->body_bytes + IDLE_BODY_BYTES)
            t->body_most = t->body_bytes + IDLE_BODY_BYTES;
    }
    if (t->body_bytes > t->body_most || t->body_length > t->body_most) {
        turn_cut(t, 413, t->too_large);
        return MHD_NO;
    }
    body_waits(t);
    return MHD_YES;
}

static enum MHD_Result turn_goes_on(void *http, struct MHD_Connection *link, const char *url,
                                    const char *method, const char *version, const char *piece,
                                    size_t *piece_n, void **turn)
{
    struct turn *t = *turn;
    (void)http;
    (void)link;
    if (t->is_cut)
        return MHD_NO;
    if (!t->has_head) {
        begun_forget(t);
        t->has_head = true;
        if (head_is_hopeless(t, method, url, version))
            return turn_answer(t, method);
        if (t->has_body) {
            t->body_since_ms = clock_ms();
            body_waits(t);
        }
        return MHD_YES;
    }
    if (*piece_n) {
        size_t n = *piece_n;
        *piece_n = 0;
        return turn_piece(t, piece, n);
    }
    return turn_answer(t, method);
}

static void turn_ended(void *http, struct MHD_Connection *link, void **turn,
                       enum MHD_RequestTerminationCode how)
{
    struct http *h = http;
    struct turn *t = *turn;
    (void)link;
    (void)how;
    if (!t)
        return;
    begun_forget(t);
    pthread_mutex_lock(&h->lock);
    stream_end(t);
    peer_waits(h, t->peer, (int64_t)h->setup.idle_s * 1000 + h->setup.header_ms);
    pthread_mutex_unlock(&h->lock);
    body_free(t->body);
    base_free(t->why);
    free(t);
    *turn = NULL;
}

/* Addresses are decoded here, strictly; the library must leave them alone. */
static size_t leave_alone(void *http, struct MHD_Connection *link, char *text)
{
    (void)http;
    (void)link;
    return strlen(text);
}

/* ---- start and stop -------------------------------------------------------------------------- */

/* Who may listen where: beyond this machine only what is encrypted, or stands behind a proxy that encrypts. */
static int listen_on(struct http *h, struct err *err)
{
    const struct http_setup *s = &h->setup;
    const char *address = s->address;
    struct in6_addr at;
    size_t n = 0;
    bool is_known = net_address(address, strlen(address), &at);
    while (s->proxies && s->proxies[n])
        n++;
    h->proxies = arena_alloc(h->arena, (n + 1) * sizeof *h->proxies);
    for (; h->n_proxies < n; h->n_proxies++)
        if (!net_address(s->proxies[h->n_proxies], strlen(s->proxies[h->n_proxies]), &h->proxies[h->n_proxies]))
            return err_set(err, ERR_CONF, "plugins.ini: trusted_proxy names '%.80s', which is no address: write one such as 10.0.0.2.",
                           s->proxies[h->n_proxies]);
    if (is_known && !net_is_loopback(&at) && !s->tls_cert && !n)
        return err_set(err, ERR_DENIED, "Refused to listen on %s: others could read along. Give tls_cert and tls_key under [host] in"
                       " plugins.ini, or the address of the proxy that encrypts as trusted_proxy, or listen on 127.0.0.1.", address);
    if (is_known && net_is_any(&at) && !(s->hosts && s->hosts[0]))
        return err_set(err, ERR_CONF, "Refused to listen on %s without a name: write under [host] in plugins.ini by which names people"
                       " come here, such as hosts = shop.example.", address);
    return net_listen(address, s->port, &h->listener, &h->port, err);
}

/* A name as Host may give it, and as Origin may: further names can have a proxy with TLS before them. */
static void name_allow(struct http *h, const char *name, bool is_loopback, size_t *n_hosts,
                       size_t *n_origins)
{
    const char *scheme = h->setup.tls_cert ? "https" : "http";
    const char *with_port = arena_printf(h->arena, "%s:%u", name, (unsigned)h->port);
    h->hosts[(*n_hosts)++] = name;
    h->hosts[(*n_hosts)++] = with_port;
    h->origins[(*n_origins)++] = arena_printf(h->arena, "%s://%s", scheme, with_port);
    if ((!is_loopback && !h->setup.tls_cert) || h->port == 80)
        h->origins[(*n_origins)++] = arena_printf(h->arena, "%s://%s", scheme, name);
    if (!is_loopback || (h->setup.tls_cert && h->port == 443))
        h->origins[(*n_origins)++] = arena_printf(h->arena, "https://%s", name);
}

static void names_allow(struct http *h, const char *address, const char *const *more)
{
    size_t n = 0, n_hosts = 0, n_origins = 0;
    while (more && more[n])
        n++;
    h->hosts = arena_zero(h->arena, (2 * (4 + n) + 1) * sizeof *h->hosts);
    h->origins = arena_zero(h->arena, (3 * (4 + n) + 1) * sizeof *h->origins);
    name_allow(h, arena_printf(h->arena, strchr(address, ':') ? "[%s]" : "%s", address), true, &n_hosts,
               &n_origins);
    name_allow(h, "127.0.0.1", true, &n_hosts, &n_origins);
    name_allow(h, "localhost", true, &n_hosts, &n_origins);
    name_allow(h, "[::1]", true, &n_hosts, &n_origins);
    for (size_t i = 0; i < n; i++)
        name_allow(h, arena_text(h->arena, more[i]), false, &n_hosts, &n_origins);
}

/*
 * The threads take no signals: those are for the thread that started them.  The listener is the
 * library's from here on, even when it fails.
 */
static int threads_start(struct http *h, struct err *err)
{
    const struct http_setup *s = &h->setup;
    unsigned pool = s->threads < 2 ? 2 : s->threads;
    unsigned needed = (s->connections + PEERS_PER_THREAD - 1) / PEERS_PER_THREAD;
    sigset_t all, before;
    pthread_key_create(&h->worker_key, worker_end);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    const struct MHD_OptionItem tls[] = {
        { MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)s->tls_cert },
        { MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)s->tls_key },
        { MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t)tls_priorities },
        { MHD_OPTION_END, 0, NULL },
    };
    h->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG | (s->tls_cert ? MHD_USE_TLS : 0),
        0, NULL, NULL, turn_goes_on, h,
        MHD_OPTION_EXTERNAL_LOGGER, library_says, h,
        MHD_OPTION_LISTEN_SOCKET, h->listener,
        MHD_OPTION_THREAD_POOL_SIZE, needed > pool ? needed : pool,
        MHD_OPTION_CONNECTION_LIMIT, s->connections,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, s->connections_per_address,
        MHD_OPTION_CONNECTION_TIMEOUT, s->idle_s,
        MHD_OPTION_NOTIFY_CONNECTION, peer_changed, h,
        MHD_OPTION_URI_LOG_CALLBACK, turn_began, h,
        MHD_OPTION_NOTIFY_COMPLETED, turn_ended, h,
        MHD_OPTION_UNESCAPE_CALLBACK, leave_alone, h,
        MHD_OPTION_ARRAY, s->tls_cert ? tls : tls + COUNT_OF(tls) - 1,
        MHD_OPTION_END);
    int error = h->daemon ? pthread_create(&h->reaper, NULL, reap, h) : errno ? errno : EAGAIN;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (!error)
        return 0;
    if (h->daemon)
        MHD_stop_daemon(h->daemon);
    pthread_key_delete(h->worker_key);
    return err_set(err, ERR_IO, "The HTTP server cannot start its threads: %s.", strerror(error));
}

static unsigned or_else(unsigned chosen, unsigned usual)
{
    return chosen ? chosen : usual;
}

static void http_free(struct http *h)
{
    pthread_mutex_destroy(&h->lock);
    pthread_cond_destroy(&h->empty);
    pthread_cond_destroy(&h->sooner);
    arena_free(h->arena);
    free(h);
}

int http_start(struct http **out, const struct http_setup *setup, struct err *err)
{
    struct http *h = base_alloc(sizeof *h);
    pthread_condattr_t monotonic;                       /* as clock_ms is */
    h->setup = *setup;
    h->setup.connections = or_else(setup->connections, 1000);
    bool has_proxy = setup->proxies && setup->proxies[0];
    h->setup.connections_per_address = or_else(setup->connections_per_address, has_proxy ? h->setup.connections : 32);
    h->setup.streams = or_else(setup->streams, 64);
    h->setup.streams_per_address = or_else(setup->streams_per_address, 4);
    h->setup.beat_ms = or_else(setup->beat_ms, 20000);
    h->setup.stream_ms = or_else(setup->stream_ms, 300000);
    h->setup.header_ms = or_else(setup->header_ms, 10000);
    h->setup.idle_s = or_else(setup->idle_s, 15);
    h->setup.stop_ms = or_else(setup->stop_ms, 10000);
    if (!setup->upload_bytes)
        h->setup.upload_bytes = (int64_t)2 << 30;
    h->arena = arena_new("http", 1 << 10);
    h->upload_too_large = arena_printf(h->arena, "The upload is larger than %lld MB, the most that is taken here;"
        " upload_mb in plugins.ini allows more.", (long long)(h->setup.upload_bytes >> 20));
    h->wake_ms = NEVER;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&h->sooner, &monotonic);
    pthread_cond_init(&h->empty, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_mutex_init(&h->lock, NULL);
    int rc = listen_on(h, err);
    if (rc == 0) {
        names_allow(h, setup->address, setup->hosts);
        rc = threads_start(h, err);
    }
    if (rc == 0)
        log_note("http", "listening on %s", h->hosts[1]);
    else
        http_free(h);
    *out = rc == 0 ? h : NULL;
    return rc;
}

uint16_t http_port(const struct http *h)
{
    return h->port;
}

/* Under the lock. */
static void wait_empty(struct http *h, int64_t until_ms)
{
    while (h->n_peers && clock_ms() < until_ms)
        wait_until(&h->empty, &h->lock, until_ms);
}

/*
 * The library's own ways end the process now and then: MHD_quiesce_daemon, when a thread takes the
 * socket out of its epoll set at the same moment; MHD_stop_daemon, when a thread is about to answer a
 * malformed request.  So the listener is shut, which refuses everybody at once (idle threads spin on
 * it meanwhile), streams come to their end, and the library is stopped when it has nobody left: with
 * a connection asleep it must not be.
 */
void http_stop(struct http **server)
{
    struct http *h = *server;
    if (!h)
        return;
    *server = NULL;
    shutdown(h->listener, SHUT_RDWR);
    pthread_mutex_lock(&h->lock);
    h->is_stopping = true;
    for (struct peer *p = h->peers; p; p = p->after)
        if (p->is_waiting)
            peer_drop(p);
    for (struct stream *s = h->streams; s; s = s->after) {
        struct turn *t = s->owner;
        stream_finish(h, s, FAREWELL_MS);
        peer_until(h, t->peer, clock_ms() + FAREWELL_MS);
    }
    wait_empty(h, clock_ms() + h->setup.stop_ms);
    if (h->n_peers)
        log_warn("http", "%u connections did not end in time", h->n_peers);
    for (struct peer *p = h->peers; p; p = p->after)
        peer_drop(p);
    wait_empty(h, clock_ms() + FAREWELL_MS);
    pthread_mutex_unlock(&h->lock);
    MHD_stop_daemon(h->daemon);                         /* its threads free their workers */

    pthread_mutex_lock(&h->lock);
    h->is_over = true;
    pthread_cond_signal(&h->sooner);
    pthread_mutex_unlock(&h->lock);
    pthread_join(h->reaper, NULL);
    pthread_key_delete(h->worker_key);
    http_free(h);
}
