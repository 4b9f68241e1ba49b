/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http.h: the HTTP server.  The only room that sees the HTTP library.
 *
 * in:    an address, limits, and callbacks given by main
 * out:   one call of answer() per well-formed request, on one of the pool's threads
 * knows: headers, limits, deadlines.  Has never heard of accounts, pages or widgets.
 *
 * Before answer() is called the request has passed: message framing (reliability.md T-SMUG), the
 * allow-list of Host names, the refusal of cross-site requests, method, type and size limits; its body
 * has been read.  Every reply gets the security headers, whatever made it.
 */
#ifndef SOUK_HTTP_FILE_H
#define SOUK_HTTP_FILE_H

#include "base/base.h"

struct http;

struct http_request {
    const char *method;                                 /* "GET" or "HEAD"; "POST" where takes() allows it */
    const char *path;                                   /* decoded, starts with '/', no NUL, valid UTF-8 */
    const char *body;                                   /* a JSON document: valid UTF-8 without NUL; else NULL */
    size_t body_n;
    struct arena *arena;                                /* ends with the request */
    void *handle;                                       /* for the functions below */
};

/* A decoded parameter of the query string, or NULL.  A parameter given twice was already refused. */
const char *http_arg(const struct http_request *ask, const char *name);
/* The i-th parameter in order; false after the last. */
bool http_arg_at(const struct http_request *ask, size_t i, const char **name, const char **value);
/* The same for the fields of a posted form. */
const char *http_field(const struct http_request *ask, const char *name);
bool http_field_at(const struct http_request *ask, size_t i, const char **name, const char **value);
/*
 * The i-th uploaded file: in the form field `field` ("" when it is the body), called `name` by the
 * client: a label to show, cleaned, never part of a path.  It is removed at the end of the request
 * unless http_upload_take leaves it to the caller.
 */
struct http_upload {
    const char *field, *name, *path;
    int64_t bytes;
};
bool http_upload_at(const struct http_request *ask, size_t i, struct http_upload *upload);
void http_upload_take(const struct http_request *ask, size_t i);
const char *http_header(const struct http_request *ask, const char *name);
/* A cookie of the request; NULL when there is none of this name, or two. */
const char *http_cookie(const struct http_request *ask, const char *name);
const char *http_peer(const struct http_request *ask);  /* who asks: "192.0.2.1"; behind a proxy of ours, by its word */
bool http_is_secure(const struct http_request *ask);    /* came by TLS, to us or to such a proxy */
bool http_takes_gzip(const struct http_request *ask);   /* may a reply be is_gzip? */

struct http_reply {                                     /* all zero but status 200 when answer() gets it */
    int status;                                         /* 200, 201, 202, 303 after a POST, 404, 409, 422 ... */
    const char *type;                                   /* "text/html; charset=utf-8" */
    struct buf body;                                    /* taken over by the server */
    const char *file;                                   /* instead of body: this file, which is removed at once */
    const char *stream;                                 /* a topic: the reply to this GET is its events; see http_publish */
    const char *etag;                                   /* without quotes, or NULL; answers If-None-Match */
    const char *location;                               /* for 201, 202, 301, 303, 307 */
    const char *allow;                                  /* for 405; NULL: "GET, HEAD" */
    int retry_s;                                        /* > 0: Retry-After, for 429 and 503 */
    const char *cookie;                                 /* Set-Cookie as it stands; or NULL */
    bool wants_token;                                   /* with 401: says that a bearer token would do */
    bool forgets;                                       /* the browser drops what it keeps of this site: Clear-Site-Data */
    const char *file_name;                              /* offered as a download under this name */
    int64_t cache_s;                                    /* > 0: immutable for so long; 0: no-store unless etag: no-cache */
    bool is_gzip;                                       /* body is gzip already (only when the reader takes it) */
};

enum http_takes {                                       /* bits: what a POST may bring */
    HTTP_FORM = 1,                                      /* application/x-www-form-urlencoded, 1 MiB */
    HTTP_JSON = 2,                                      /* application/json, 1 MiB */
    HTTP_FILES = 4                                      /* multipart/form-data: files and fields of 1 MiB; or */
};                                                      /* application/octet-stream: one, named by ?file= or X-File-Name */

struct http_setup {
    const char *address;                                /* "127.0.0.1" */
    uint16_t port;                                      /* 0: any free one, see http_port */
    const char *tls_cert, *tls_key;                     /* PEM, see tls.h; NULL: plain HTTP */
    const char *const *proxies;                         /* addresses whose X-Forwarded-For and -Proto count, NULL-terminated;
                                                           may be NULL.  Without TLS nobody else is answered but
                                                           loopback addresses */
    unsigned threads;                                   /* at least 2, and 1 for each 120 connections */
    const char *const *hosts;                           /* further Host names allowed, NULL-terminated; may be NULL */
    unsigned connections, connections_per_address;      /* limits; 0: 1,000, and 32, or with a proxy all */
    unsigned streams, streams_per_address;              /* limits; 0: 64 and 4 */
    unsigned beat_ms;                                   /* what an idle stream says once in; 0: 20,000 */
    unsigned stream_ms;                                 /* a stream ends after; its reader asks again, as whoever it is by
                                                           then; 0: 300,000 */
    unsigned header_ms;                                 /* complete headers within; 0: 10,000 */
    unsigned idle_s;                                    /* keep-alive; 0: 15 */
    int64_t upload_bytes;                               /* a request with files; 0: 2 GiB */
    unsigned stop_ms;                                   /* running requests may finish; 0: 10,000 */
    void *ctx;
    void *(*worker_new)(void *ctx);                     /* once per pool thread, on that thread, at its first request */
    void (*worker_free)(void *worker);                  /* when the thread ends */
    void (*answer)(void *ctx, void *worker, const struct http_request *ask, struct http_reply *reply);
    /*
     * What a POST to this address may bring, as bits of enum http_takes; 0: it takes none and is
     * answered with 405.  Asked when nothing but head and address are known: no fields, no body, and
     * nothing of ask is there later.  May be NULL: nobody takes anything.
     */
    unsigned (*takes)(void *ctx, const struct http_request *ask);
    /* The path for an uploaded file: one that is not there yet.  Needed where takes() says HTTP_FILES. */
    const char *(*spool)(void *ctx, void *worker, struct arena *a);
    /*
     * Words a refusal that was decided here (403, 405, 413 ...) as a page, or by http_problem.  May
     * be NULL: all are problem+json, as those are which cannot be read well enough to ask.
     */
    void (*refused)(void *ctx, void *worker, const struct http_request *ask, int status, const char *why,
                    struct http_reply *reply);
};

/*
 * Starts listening.  errors: ERR_PORT (in use, no right: address and reason named), ERR_DENIED for an address that is
 * not loopback while there is neither TLS nor a proxy, ERR_CONF for a proxy that is no address and for all addresses of
 * the machine without a name in hosts.
 */
int http_start(struct http **out, const struct http_setup *setup, struct err *err);
uint16_t http_port(const struct http *h);
/*
 * Stops listening at once, lets running requests finish up to stop_ms, closes the rest.  Every worker
 * has been freed when it returns; an answer() that still runs then is waited for.  Sets *h to NULL;
 * NULL there is fine.
 */
void http_stop(struct http **h);

/*
 * Sends an event to every open stream of this topic (status 200, a reply with `stream` set).  It is
 * a hint that something may have changed: who has fallen far behind is cut off, and who connects anew
 * has missed some, so a reader looks for itself whenever it has connected.  An idle stream costs a
 * connection, no thread and no polling.  Over the limits the reply is 503 with Retry-After.
 * Any thread, until http_stop; h may be NULL.
 */
void http_publish(struct http *h, const char *topic, const char *event, const char *data);

/* A problem+json body and type for an error, or HTML left to the caller: see page. */
void http_problem(struct http_reply *reply, int status, const char *title, const char *detail);

#endif
