/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_http.c: the server as a client on a bare socket sees it.
 *
 * Each test starts a server of its own on a free loopback port; toy_answer() stands for the pages,
 * with one path for each thing a page may ask of a reply.
 */
#include "web/http.h"

#include "web/net.h"
#include "web/stream.h"

#include "base/zone.h"

#include <arpa/inet.h>
#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#include <cmocka.h>

/* ---- the server ------------------------------------------------------------------------------ */

enum { PAGE_BYTES = 12 << 10, BIG_BYTES = 24 << 20, SLOW_MS = 400 };

static struct site {
    struct http *h;
    uint16_t port;
    atomic_int answered, arenas_ended, workers, workers_free, spooled;
    const char *spool;                                  /* a folder; NULL: none */
} site;

static void pause_ms(int ms)
{
    nanosleep(&(struct timespec){ ms / 1000, (long)(ms % 1000) * 1000000 }, NULL);
}

static void count_up(void *counter)
{
    atomic_fetch_add((atomic_int *)counter, 1);
}

static void *toy_worker_new(void *ctx)
{
    struct site *s = ctx;
    count_up(&s->workers);
    return s;
}

static void toy_worker_free(void *worker)
{
    struct site *s = worker;
    count_up(&s->workers_free);
}

static void put_page(struct buf *body)
{
    while (body->len < PAGE_BYTES)
        buf_printf(body, "<p>row %zu of a page</p>\n", body->len);
}

static void put_packed(struct buf *body)
{
    unsigned char plain[] = "packed before", packed[256];
    z_stream z = { .next_in = plain, .avail_in = sizeof plain - 1, .next_out = packed, .avail_out = sizeof packed };
    int rc = deflateInit2(&z, 9, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY);
    if (rc == Z_OK)
        rc = deflate(&z, Z_FINISH);
    assert(rc == Z_STREAM_END);
    buf_put(body, packed, z.total_out);
    deflateEnd(&z);
}

static void put_big(struct buf *body)
{
    char block[4096];
    memset(block, 'x', sizeof block);
    while (body->len < BIG_BYTES)
        buf_put(body, block, sizeof block);
}

static void put_echo(const struct http_request *ask, struct buf *body)
{
    const char *name, *value, *agent = http_header(ask, "user-agent"), *q = http_arg(ask, "q");
    buf_printf(body, "%s %s", ask->method, ask->path);
    for (size_t i = 0; http_arg_at(ask, i, &name, &value); i++)
        buf_printf(body, " %s=%s", name, value);
    buf_printf(body, " (q %s, agent %s)", q ? q : "none", agent ? agent : "none");
}

/* Everything a form brought, or the document. */
static void put_brought(const struct http_request *ask, struct buf *body)
{
    const char *name, *value, *title = http_field(ask, "title");
    for (size_t i = 0; http_field_at(ask, i, &name, &value); i++)
        buf_printf(body, "[%s=%s]", name, value);
    if (title)
        buf_printf(body, " title %s", title);
    if (ask->body)
        buf_printf(body, "%zu bytes: %.60s", ask->body_n, ask->body);
    assert(!ask->body || ask->body[ask->body_n] == '\0');
}

/* "field/label:bytes:crc32" for each file. */
static void put_uploads(const struct http_request *ask, struct buf *body)
{
    struct http_upload up;
    for (size_t i = 0; http_upload_at(ask, i, &up); i++) {
        unsigned char block[65536];
        uLong crc = crc32(0, NULL, 0);
        int64_t bytes = 0;
        FILE *file = fopen(up.path, "rb");
        assert(file);
        for (size_t n; (n = fread(block, 1, sizeof block, file)); bytes += (int64_t)n)
            crc = crc32(crc, block, (uInt)n);
        fclose(file);
        assert(bytes == up.bytes);
        buf_printf(body, "{%s/%s:%lld:%08lx}", up.field, up.name, (long long)bytes, crc);
    }
}

static const char *toy_spool(void *ctx, void *worker, struct arena *a)
{
    struct site *s = ctx;
    assert(worker == s && s->spool);
    return arena_printf(a, "%s/%d", s->spool, atomic_fetch_add(&s->spooled, 1));
}

static unsigned toy_takes(void *ctx, const struct http_request *ask)
{
    assert(ctx == &site && ask->path && !ask->body && !http_field(ask, "title"));
    if (text_starts(ask->path, "/form"))
        return HTTP_FORM;
    if (text_starts(ask->path, "/json"))
        return HTTP_JSON;
    if (text_starts(ask->path, "/up"))
        return HTTP_FILES;
    return text_starts(ask->path, "/both") ? HTTP_FORM | HTTP_JSON : 0;
}

static void toy_refused(void *ctx, void *worker, const struct http_request *ask, int status, const char *why,
                        struct http_reply *reply)
{
    assert(ctx == &site && worker == &site && ask->path);
    reply->type = "text/plain; charset=utf-8";
    buf_printf(&reply->body, "%d for %s: %s", status, ask->path, why);
}

static void toy_answer(void *ctx, void *worker, const struct http_request *ask, struct http_reply *reply)
{
    struct site *s = ctx;
    assert(worker == s && reply->status == 200);
    count_up(&s->answered);
    arena_at_end(ask->arena, count_up, &s->arenas_ended);
    reply->type = "text/plain; charset=utf-8";
    if (text_is(ask->path, "/page")) {
        reply->type = "text/html; charset=utf-8";
        reply->etag = arena_text(ask->arena, "v1");
        put_page(&reply->body);
    } else if (text_is(ask->path, "/asset")) {
        reply->type = "image/png";
        reply->cache_s = 31536000;
        reply->etag = "a1";
        put_page(&reply->body);
    } else if (text_is(ask->path, "/packed")) {
        reply->is_gzip = http_takes_gzip(ask);
        if (reply->is_gzip)
            put_packed(&reply->body);
        else
            buf_text(&reply->body, "not packed");
    } else if (text_is(ask->path, "/rows.csv")) {
        reply->file_name = "Zeilen \"für\" März.csv";
        buf_text(&reply->body, "a,b\n");
    } else if (text_is(ask->path, "/go")) {
        reply->status = 303;
        reply->location = "/page";
    } else if (text_is(ask->path, "/injected")) {
        reply->status = 303;
        reply->location = "/page\r\nSet-Cookie: a=b";
        buf_text(&reply->body, "never seen");
    } else if (text_starts(ask->path, "/events/")) {
        reply->stream = ask->path + 8;
        reply->location = http_arg(ask, "location");
        buf_text(&reply->body, "never seen");
    } else if (text_is(ask->path, "/absent")) {
        reply->cache_s = 60;
        reply->etag = "gone";
        buf_text(&reply->body, "half a page");
        http_problem(reply, 404, "Not Found", "There is no \"page\" here.");
    } else if (text_is(ask->path, "/form/status")) {
        int64_t status = 0;
        text_int(http_field(ask, "status"), &status);
        reply->status = (int)status;
        reply->location = http_field(ask, "location");
        reply->allow = http_field(ask, "allow");
        reply->retry_s = status == 503 ? 7 : 0;
    } else if (text_is(ask->path, "/form/etag")) {
        reply->etag = "v1";
        buf_text(&reply->body, "done");
    } else if (text_is(ask->method, "POST")) {
        int64_t taken;
        put_brought(ask, &reply->body);
        put_uploads(ask, &reply->body);
        if (text_int(http_arg(ask, "take") ? http_arg(ask, "take") : "", &taken))
            http_upload_take(ask, (size_t)taken);
    } else if (text_is(ask->path, "/slow")) {
        pause_ms(SLOW_MS);
        buf_text(&reply->body, "slow");
    } else if (text_is(ask->path, "/big")) {
        reply->type = NULL;
        put_big(&reply->body);
    } else {
        put_echo(ask, &reply->body);
    }
}

static const struct http_setup usual = {
    .address = "127.0.0.1", .threads = 2, .connections = 400, .connections_per_address = 400, .ctx = &site,
    .worker_new = toy_worker_new, .worker_free = toy_worker_free, .answer = toy_answer, .takes = toy_takes,
    .spool = toy_spool, .beat_ms = 600000,
};

static void serve(struct http_setup setup)
{
    struct err err = { 0 };
    memset(&site, 0, sizeof site);
    if (http_start(&site.h, &setup, &err) < 0)
        fail_msg("%s", err.text);
    site.port = http_port(site.h);
    assert_true(site.port > 0);
}

static int serve_usual(void **state)
{
    (void)state;
    serve(usual);
    return 0;
}

/* What was begun has ended, whatever the test did. */
static int stop(void **state)
{
    (void)state;
    http_stop(&site.h);
    assert_null(site.h);
    http_stop(&site.h);
    assert_int_equal(site.workers, site.workers_free);
    assert_int_equal(site.answered, site.arenas_ended);
    return 0;
}

/* ---- the client ------------------------------------------------------------------------------ */

enum { SILENCE_MS = 100, PATIENCE_MS = 8000 };

struct response {
    int status;
    const char *head, *body;                            /* head is zero-terminated, from the status line on */
    size_t body_n;
};

struct talk {
    int socket;
    struct buf in;
    size_t used;                                        /* bytes of it that were taken as responses */
    bool is_closed;
};

/* -1: refused.  Where nobody listens a socket may reach itself, when the kernel gives it that port. */
static int try_connect(const char *from, uint16_t port)
{
    struct sockaddr_in at = { .sin_family = AF_INET }, self;
    socklen_t n = sizeof self;
    int s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    inet_pton(AF_INET, from, &at.sin_addr);
    assert_int_equal(bind(s, (struct sockaddr *)&at, sizeof at), 0);
    at.sin_port = htons(port);
    inet_pton(AF_INET, "127.0.0.1", &at.sin_addr);
    if (connect(s, (struct sockaddr *)&at, sizeof at) == 0 && getsockname(s, (struct sockaddr *)&self, &n) == 0 &&
        self.sin_port != at.sin_port)
        return s;
    close(s);
    return -1;
}

static struct talk call_from(const char *from)
{
    struct talk t = { .socket = try_connect(from, site.port) };
    assert_true(t.socket >= 0);
    return t;
}

static struct talk call(void)
{
    return call_from("127.0.0.1");
}

static void hang_up(struct talk *t)
{
    close(t->socket);
    buf_free(&t->in);
}

/* May stop early when the server has closed. */
static void say_n(struct talk *t, const char *at, size_t n)
{
    while (n) {
        ssize_t sent = send(t->socket, at, n, MSG_NOSIGNAL);
        if (sent < 0)
            return;
        at += sent;
        n -= (size_t)sent;
    }
}

static void say(struct talk *t, const char *text)
{
    say_n(t, text, strlen(text));
}

/* Reads what comes within the time; false: nothing did, or the server has closed. */
static bool hear(struct talk *t, int wait_ms)
{
    char block[65536];
    struct pollfd p = { .fd = t->socket, .events = POLLIN };
    if (t->is_closed || poll(&p, 1, wait_ms) <= 0)
        return false;
    ssize_t n = recv(t->socket, block, sizeof block, 0);
    if (n > 0)
        buf_put(&t->in, block, (size_t)n);
    t->is_closed = n <= 0;
    return n > 0;
}

/* The value of a header, zero-terminated and good until the next call; NULL when it is not there. */
static const char *value_of(const struct response *r, const char *name)
{
    static char value[1024];
    size_t n = strlen(name);
    for (const char *line = r->head; (line = strstr(line, "\r\n")); ) {
        line += 2;
        if (strncasecmp(line, name, n) == 0 && line[n] == ':') {
            snprintf(value, sizeof value, "%.*s", (int)strcspn(line + n + 2, "\r"), line + n + 2);
            return value;
        }
    }
    return NULL;
}

/* The next response, waited for; status 0: there is none. */
static struct response listen_to(struct talk *t, bool is_head)
{
    struct response r = { 0 };
    const char *end;
    int64_t until_ms = clock_ms() + PATIENCE_MS;
    while (!(end = t->in.len > t->used ? strstr(t->in.at + t->used, "\r\n\r\n") : NULL))
        if (!hear(t, (int)(until_ms - clock_ms())))
            return r;
    size_t head_n = (size_t)(end - t->in.at) + 4 - t->used;
    char *head = strndup(t->in.at + t->used, head_n);
    r.head = head;
    assert_int_equal(sscanf(head, "HTTP/1.1 %d ", &r.status), 1);
    const char *length = value_of(&r, "Content-Length");
    bool has_body = length && !is_head && r.status != 304;
    r.body_n = has_body ? strtoul(length, NULL, 10) : 0;
    free(head);
    while (t->in.len < t->used + head_n + r.body_n && hear(t, (int)(until_ms - clock_ms())))
        ;
    assert_true(t->in.len >= t->used + head_n + r.body_n);
    t->in.at[t->used + head_n - 2] = '\0';
    r.head = t->in.at + t->used;
    r.body = r.head + head_n;
    t->used += head_n + r.body_n;
    return r;
}

static struct response ask_for(struct talk *t, const char *request)
{
    say(t, request);
    return listen_to(t, text_starts(request, "HEAD "));
}

/* The server closes, and has said nothing more. */
static void assert_end(struct talk *t)
{
    while (hear(t, PATIENCE_MS))
        ;
    assert_true(t->is_closed);
    assert_int_equal(t->in.len - t->used, 0);
}

static void assert_open(struct talk *t)
{
    assert_false(hear(t, SILENCE_MS));
    assert_false(t->is_closed);
    assert_int_equal(t->in.len - t->used, 0);
}

static void assert_value(const struct response *r, const char *name, const char *value)
{
    const char *is = value_of(r, name);
    if (!value ? is != NULL : !text_is(is, value))
        fail_msg("%s: is %s, not %s", name, is ? is : "absent", value ? value : "absent");
}

static void assert_body(const struct response *r, const char *text)
{
    if (r->body_n != strlen(text) || memcmp(r->body, text, r->body_n) != 0)
        fail_msg("the body is \"%.*s\", not \"%s\"", (int)r->body_n, r->body, text);
}

static void assert_secure(const struct response *r)
{
    assert_value(r, "Content-Security-Policy",
                 "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                 "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
                 "frame-ancestors 'none'; manifest-src 'self'");
    assert_value(r, "X-Content-Type-Options", "nosniff");
    assert_value(r, "Referrer-Policy", "same-origin");
    assert_value(r, "Cross-Origin-Opener-Policy", "same-origin");
    assert_value(r, "Cross-Origin-Resource-Policy", "same-origin");
    assert_value(r, "Server", NULL);
    assert_value(r, "Access-Control-Allow-Origin", NULL);
}

#define LINE(path) "GET " path " HTTP/1.1\r\n"
#define OURS "Host: 127.0.0.1\r\n"
#define GET(path) LINE(path) OURS "\r\n"

/* ---- what every reply has -------------------------------------------------------------------- */

static void test_plain(void **state)
{
    (void)state;
    struct talk t = call();
    for (int i = 0; i < 3; i++) {
        struct response r = ask_for(&t, LINE("/a%20b?q=1&r=%C3%A4+x") OURS "User-Agent: toy\r\n\r\n");
        assert_int_equal(r.status, 200);
        assert_secure(&r);
        assert_value(&r, "Content-Type", "text/plain; charset=utf-8");
        assert_value(&r, "Cache-Control", "no-store");
        assert_value(&r, "Connection", NULL);
        assert_body(&r, "GET /a b q=1 r=ä x (q 1, agent toy)");
    }
    assert_open(&t);
    assert_int_equal(site.answered, 3);
    say(&t, GET("/1") GET("/2"));                       /* two at once, in order */
    struct response r = listen_to(&t, false);
    assert_body(&r, "GET /1 (q none, agent none)");
    r = listen_to(&t, false);
    assert_body(&r, "GET /2 (q none, agent none)");
    hang_up(&t);

    t = call();
    r = ask_for(&t, "GET / HTTP/1.0\r\n" OURS "\r\n");
    assert_int_equal(r.status, 200);
    assert_end(&t);
    hang_up(&t);
}

static void test_reply(void **state)
{
    static const struct { const char *path; int status; const char *type, *cache, *etag; } cases[] = {
        { "/page",     200, "text/html; charset=utf-8",  "private, no-cache",           "W/\"v1\"" },
        { "/asset",    200, "image/png",                 "max-age=31536000, immutable", "W/\"a1\"" },
        { "/rows.csv", 200, "text/plain; charset=utf-8", "no-store",                    NULL },
        { "/go",       303, NULL,                        "no-store",                    NULL },
        { "/absent",   404, "application/problem+json",  "no-store",                    NULL },
        { "/injected", 500, "application/problem+json",  "no-store",                    NULL },
        { "/big",      200, "application/octet-stream",  "no-store",                    NULL },
        { "/%00",      400, "application/problem+json",  "no-store",                    NULL },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char request[200];
        struct talk t = call();
        snprintf(request, sizeof request, "GET %s HTTP/1.1\r\n" OURS "\r\n", cases[i].path);
        struct response r = ask_for(&t, request);
        print_message("# %s\n", cases[i].path);
        assert_int_equal(r.status, cases[i].status);
        assert_secure(&r);
        assert_value(&r, "Content-Type", cases[i].type);
        assert_value(&r, "Cache-Control", cases[i].cache);
        assert_value(&r, "ETag", cases[i].etag);
        assert_value(&r, "Location", r.status == 303 ? "/page" : NULL);
        assert_value(&r, "Content-Disposition",
                     text_is(cases[i].path, "/rows.csv")
                         ? "attachment; filename=\"Zeilen _f__r_ M__rz.csv\"; "
                           "filename*=UTF-8''Zeilen%20%22f%C3%BCr%22%20M%C3%A4rz.csv"
                         : NULL);
        if (r.status == 404)
            assert_body(&r, "{\"title\":\"Not Found\",\"status\":404,\"detail\":\"There is no \\\"page\\\" here.\"}");
        if (text_is(cases[i].path, "/big"))
            assert_int_equal(r.body_n, BIG_BYTES);
        hang_up(&t);
    }
}

static void test_head(void **state)
{
    (void)state;
    struct talk t = call();
    struct response r = ask_for(&t, "HEAD /page HTTP/1.1\r\n" OURS "\r\n");
    assert_int_equal(r.status, 200);
    assert_secure(&r);
    assert_true(strtoul(value_of(&r, "Content-Length"), NULL, 10) >= PAGE_BYTES);
    r = ask_for(&t, GET("/"));                          /* the next byte is the next reply's */
    assert_body(&r, "GET / (q none, agent none)");
    hang_up(&t);
}

static void test_etag(void **state)
{
    static const struct { const char *have; bool is_known; } cases[] = {
        { "\"v1\"", true },          { "W/\"v1\"", true },   { "*", true },
        { "\"v0\", \"v1\"", true },  { "\"v0\",W/\"v1\" ,\"v2\"", true }, { ", \"v1\"", true },
        { "\"v2\"", false },         { "v1", false },        { "\"v1", false },
        { "W/v1", false },           { "\"V1\"", false },    { "\"\"", false },
        { "\"v1\"x", false },        { "W/", false },        { "\"", false },
    };
    (void)state;
    struct talk t = call();
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char request[200];
        snprintf(request, sizeof request, LINE("/page") OURS "If-None-Match: %s\r\n\r\n", cases[i].have);
        struct response r = ask_for(&t, request);
        print_message("# %s\n", cases[i].have);
        assert_int_equal(r.status, cases[i].is_known ? 304 : 200);
        assert_value(&r, "ETag", "W/\"v1\"");
        assert_value(&r, "Cache-Control", "private, no-cache");
        assert_value(&r, "Vary", "Accept-Encoding");
        assert_secure(&r);
        assert_int_equal(r.body_n > 0, !cases[i].is_known);
    }
    struct response r = ask_for(&t, LINE("/absent") OURS "If-None-Match: \"gone\", *\r\n\r\n");
    assert_int_equal(r.status, 404);
    hang_up(&t);
}

static void test_gzip(void **state)
{
    static const struct { const char *takes; bool is_packed; } cases[] = {
        { "gzip", true },              { "gzip, deflate, br, zstd", true }, { "br;q=1.0, GZIP;q=0.2", true },
        { "*", true },                 { "identity, *;q=0.5", true },       { "gzip ; q=0.001", true },
        { "gzip;q=0", false },         { "gzip; q=0.000", false },          { "*;q=0", false },
        { "*, gzip;q=0", false },      { "gzip;q=0, *", false },            { "br", false },
        { "gzipped", false },          { "x-gzip", false },                 { "identity", false },
    };
    (void)state;
    struct talk t = call();
    struct buf page = { 0 };
    put_page(&page);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char request[200];
        snprintf(request, sizeof request, LINE("/page") OURS "Accept-Encoding: %s\r\n\r\n", cases[i].takes);
        struct response r = ask_for(&t, request);
        print_message("# %s\n", cases[i].takes);
        assert_int_equal(r.status, 200);
        assert_value(&r, "Content-Encoding", cases[i].is_packed ? "gzip" : NULL);
        assert_value(&r, "Vary", "Accept-Encoding");
        if (cases[i].is_packed) {
            struct buf plain = { .cap = page.len + 1 };
            z_stream z = { .avail_in = (uInt)r.body_n, .avail_out = (uInt)plain.cap };
            assert_true(r.body_n < page.len / 2);
            plain.at = base_grow(NULL, plain.cap);
            char *packed = base_grow(NULL, r.body_n);
            z.next_in = memcpy(packed, r.body, r.body_n);
            z.next_out = (unsigned char *)plain.at;
            assert_int_equal(inflateInit2(&z, 31), Z_OK);
            assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
            assert_int_equal(z.total_out, page.len);
            assert_memory_equal(plain.at, page.at, page.len);
            inflateEnd(&z);
            free(packed);
            buf_free(&plain);
        } else {
            assert_body(&r, page.at);
        }
    }
    struct response r = ask_for(&t, LINE("/asset") OURS "Accept-Encoding: gzip\r\n\r\n");
    assert_value(&r, "Content-Encoding", NULL);         /* not text */
    assert_value(&r, "Vary", NULL);
    r = ask_for(&t, LINE("/") OURS "Accept-Encoding: gzip\r\n\r\n");
    assert_value(&r, "Content-Encoding", NULL);         /* too short */
    r = ask_for(&t, LINE("/packed") OURS "Accept-Encoding: gzip\r\n\r\n");
    assert_value(&r, "Content-Encoding", "gzip");
    assert_value(&r, "Vary", "Accept-Encoding");
    r = ask_for(&t, GET("/packed"));
    assert_value(&r, "Content-Encoding", NULL);
    assert_body(&r, "not packed");
    buf_free(&page);
    hang_up(&t);
}

/* ---- what is refused ------------------------------------------------------------------------- */

#define SMUGGLED LINE("/smuggled") OURS "\r\n"
#define BYTES(literal) literal, sizeof(literal) - 1

static void test_malformed(void **state)
{
    static const struct { const char *name, *at; size_t n; int status; } cases[] = {
        /* where does the body end? */
        { "length and coding", BYTES(LINE("/") OURS "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" SMUGGLED), 400 },
        { "coding and length", BYTES(LINE("/") OURS "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n" SMUGGLED), 400 },
        { "two lengths", BYTES(LINE("/") OURS "Content-Length: 0\r\nContent-Length: 99\r\n\r\n" SMUGGLED), 400 },
        { "the same length twice", BYTES(LINE("/") OURS "Content-Length: 0\r\nContent-Length: 0\r\n\r\n" SMUGGLED), 400 },
        { "two lengths in one", BYTES(LINE("/") OURS "Content-Length: 0, 0\r\n\r\n" SMUGGLED), 400 },
        { "negative length", BYTES(LINE("/") OURS "Content-Length: -1\r\n\r\n" SMUGGLED), 400 },
        { "signed length", BYTES(LINE("/") OURS "Content-Length: +0\r\n\r\n" SMUGGLED), 400 },
        { "hexadecimal length", BYTES(LINE("/") OURS "Content-Length: 0x0\r\n\r\n" SMUGGLED), 400 },
        { "empty length", BYTES(LINE("/") OURS "Content-Length:\r\n\r\n" SMUGGLED), 400 },
        { "endless length", BYTES(LINE("/") OURS "Content-Length: 99999999999999999999999\r\n\r\n" SMUGGLED), 400 },
        { "coding twice", BYTES(LINE("/") OURS "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" SMUGGLED), 400 },
        { "coding identity", BYTES(LINE("/") OURS "Transfer-Encoding: identity\r\n\r\n" SMUGGLED), 400 },
        { "coding xchunked", BYTES(LINE("/") OURS "Transfer-Encoding: xchunked\r\n\r\n" SMUGGLED), 400 },
        { "coding list", BYTES(LINE("/") OURS "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" SMUGGLED), 400 },
        { "coding in capitals", BYTES(LINE("/") OURS "Transfer-Encoding: CHUNKED\r\n\r\n0\r\n\r\n" SMUGGLED), 400 },
        { "coding after a control character", BYTES(LINE("/") OURS "Transfer-Encoding: \vchunked\r\n\r\n0\r\n\r\n" SMUGGLED), 400 },
        { "coding in HTTP/1.0", BYTES("GET / HTTP/1.0\r\n" OURS "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" SMUGGLED), 400 },
        { "chunk size is no number", BYTES(LINE("/") OURS "Transfer-Encoding: chunked\r\n\r\nz\r\n\r\n" SMUGGLED), 400 },
        { "chunk size is negative", BYTES(LINE("/") OURS "Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n" SMUGGLED), 400 },
        { "chunk size overflows", BYTES(LINE("/") OURS "Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\n\r\n" SMUGGLED), 413 },
        { "chunk longer than its size", BYTES(LINE("/") OURS "Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n" SMUGGLED), 400 },
        /* where does a header end? */
        { "space before the colon", BYTES(LINE("/") OURS "Content-Length : 99\r\n\r\n" SMUGGLED), 400 },
        { "tab before the colon", BYTES(LINE("/") OURS "Content-Length\t: 99\r\n\r\n" SMUGGLED), 400 },
        { "space before the name", BYTES(LINE("/") " X: y\r\n" OURS "\r\n" SMUGGLED), 400 },
        { "folded header", BYTES(LINE("/") OURS "X: y\r\n z\r\n\r\n" SMUGGLED), 400 },
        { "folded length", BYTES(LINE("/") OURS "Content-Length: 9\r\n 9\r\n\r\n" SMUGGLED), 400 },
        { "no colon", BYTES(LINE("/") OURS "X\r\n\r\n" SMUGGLED), 400 },
        { "no name", BYTES(LINE("/") OURS ": x\r\n\r\n" SMUGGLED), 400 },
        { "name with a slash", BYTES(LINE("/") OURS "X/Y: z\r\n\r\n" SMUGGLED), 400 },
        { "name with a letter beyond ASCII", BYTES(LINE("/") OURS "X\xC3\xA4: z\r\n\r\n" SMUGGLED), 400 },
        { "NUL in a value", BYTES(LINE("/") OURS "X: y\0z\r\n\r\n" SMUGGLED), 400 },
        { "NUL in a name", BYTES(LINE("/") OURS "X\0Y: z\r\n\r\n" SMUGGLED), 400 },
        { "control character in a value", BYTES(LINE("/") OURS "X: y\x01z\r\n\r\n" SMUGGLED), 400 },
        { "DEL in a value", BYTES(LINE("/") OURS "X: y\x7Fz\r\n\r\n" SMUGGLED), 400 },
        { "bare CR", BYTES(LINE("/") OURS "X: y\rZ: w\r\n\r\n" SMUGGLED), 400 },
        { "bare LF after a header", BYTES(LINE("/") OURS "X: y\nZ: w\r\n\r\n" SMUGGLED), 400 },
        { "bare LF after the request line", BYTES("GET / HTTP/1.1\n" OURS "\r\n" SMUGGLED), 400 },
        { "bare LF at the end", BYTES(LINE("/") OURS "\n" SMUGGLED), 400 },
        { "40 kB of one header", NULL, 40000, 431 },
        /* whom and what is asked? */
        { "two hosts", BYTES(LINE("/") OURS "Host: example.org\r\n\r\n" SMUGGLED), 400 },
        { "the same host twice", BYTES(LINE("/") OURS OURS "\r\n" SMUGGLED), 400 },
        { "no host", BYTES(LINE("/") "\r\n" SMUGGLED), 400 },
        { "two origins", BYTES(LINE("/") OURS "Origin: http://127.0.0.1\r\nOrigin: null\r\n\r\n" SMUGGLED), 400 },
        { "two spaces", BYTES("GET  / HTTP/1.1\r\n" OURS "\r\n" SMUGGLED), 400 },
        { "space in the address", BYTES("GET /a b HTTP/1.1\r\n" OURS "\r\n" SMUGGLED), 400 },
        { "NUL in the address", BYTES("GET /a\0b HTTP/1.1\r\n" OURS "\r\n" SMUGGLED), 400 },
        { "control character in the address", BYTES("GET /a\x01 HTTP/1.1\r\n" OURS "\r\n" SMUGGLED), 400 },
        { "method that is no token", BYTES("G(T / HTTP/1.1\r\n" OURS "\r\n" SMUGGLED), 400 },
        { "no version", BYTES("GET /\r\n" OURS "\r\n" SMUGGLED), 400 },
        { "version in small letters", BYTES("GET / http/1.1\r\n" OURS "\r\n" SMUGGLED), 400 },
        { "version 0.9", BYTES("GET / HTTP/0.9\r\n" OURS "\r\n" SMUGGLED), 505 },
        { "version 1.2", BYTES("GET / HTTP/1.2\r\n" OURS "\r\n" SMUGGLED), 505 },
        { "version 2.0", BYTES("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" SMUGGLED), 505 },
    };
    (void)state;
    struct buf long_header = { 0 };
    buf_text(&long_header, LINE("/") OURS "X: ");
    for (size_t i = 0; i < 40000; i++)
        buf_char(&long_header, 'x');
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct talk t = call();
        say_n(&t, cases[i].at ? cases[i].at : long_header.at, cases[i].at ? cases[i].n : long_header.len);
        struct response r = listen_to(&t, false);
        print_message("# %s\n", cases[i].name);
        assert_int_equal(r.status, cases[i].status);
        assert_value(&r, "Connection", "close");
        assert_end(&t);
        hang_up(&t);
    }
    buf_free(&long_header);
    assert_int_equal(site.answered, 0);
}

/* Cut anywhere, sent with a pause: nothing changes.  The library sees the head in two parts. */
static void test_malformed_in_parts(void **state)
{
    static const char length[] = LINE("/") OURS "Content-Length: x\r\n\r\n", fine[] = GET("/?q=1");
    (void)state;
    for (size_t cut = 1; cut < sizeof length - 1; cut += 7) {
        struct talk other = call(), t = call();
        say_n(&other, fine, 20);                        /* begun on every thread meanwhile */
        say_n(&t, length, cut);
        pause_ms(5);
        say(&t, length + cut);
        struct response r = listen_to(&t, false);
        assert_int_equal(r.status, 400);
        assert_end(&t);
        hang_up(&t);
        r = ask_for(&other, fine + 20);
        assert_body(&r, "GET / q=1 (q 1, agent none)");
        hang_up(&other);
    }
}

static void test_methods(void **state)
{
    static const char *const methods[] = { "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PATCH", "get", "X" };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(methods); i++) {
        char request[200];
        struct talk t = call();
        snprintf(request, sizeof request, "%s / HTTP/1.1\r\n" OURS "\r\n", methods[i]);
        struct response r = ask_for(&t, request);
        print_message("# %s\n", methods[i]);
        assert_int_equal(r.status, 405);
        assert_value(&r, "Allow", "GET, HEAD");
        assert_secure(&r);
        assert_value(&r, "Connection", NULL);
        snprintf(request, sizeof request, "%s / HTTP/1.1\r\n" OURS "Content-Length: 5\r\n\r\nhello", methods[i]);
        r = ask_for(&t, request);
        assert_int_equal(r.status, 405);
        assert_value(&r, "Connection", "close");
        assert_end(&t);
        hang_up(&t);
    }
    struct talk t = call();                             /* nobody is asked to send what will be refused */
    struct response r = ask_for(&t, "POST / HTTP/1.1\r\n" OURS "Content-Length: 5\r\nExpect: 100-continue\r\n\r\n");
    assert_int_equal(r.status, 405);
    assert_end(&t);
    hang_up(&t);
    assert_int_equal(site.answered, 0);
}

static void test_bodies(void **state)
{
    (void)state;
    struct buf request = { 0 };
    struct talk t = call();
    struct response r = ask_for(&t, LINE("/") OURS "Content-Length: 5\r\n\r\nhello" SMUGGLED);
    assert_body(&r, "GET / (q none, agent none)");      /* ignored, and the last request of its connection */
    assert_value(&r, "Connection", "close");
    assert_end(&t);
    hang_up(&t);

    t = call();
    r = ask_for(&t, LINE("/") OURS "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n" SMUGGLED);
    assert_int_equal(r.status, 200);
    assert_value(&r, "Connection", "close");
    assert_end(&t);
    hang_up(&t);

    t = call();
    buf_text(&request, LINE("/") OURS "Content-Length: 65536\r\n\r\n");
    for (size_t i = 0; i < 65536; i++)
        buf_char(&request, 'x');
    r = ask_for(&t, request.at);
    assert_int_equal(r.status, 200);
    assert_end(&t);
    hang_up(&t);
    assert_int_equal(site.answered, 3);

    static const char *const lengths[] = { "65537", "1073741824", "9223372036854775807", "18446744073709551615" };
    for (size_t i = 0; i < COUNT_OF(lengths); i++) {
        t = call();                                     /* by its header: no byte of it is sent */
        buf_clear(&request);
        buf_printf(&request, LINE("/") OURS "Content-Length: %s\r\n\r\n", lengths[i]);
        r = ask_for(&t, request.at);
        assert_int_equal(r.status, 413);
        assert_secure(&r);
        assert_end(&t);
        hang_up(&t);
    }

    t = call();                                         /* chunks that never end */
    say(&t, LINE("/") OURS "Transfer-Encoding: chunked\r\n\r\n");
    size_t sent = 0;
    for (; sent < 64 << 20 && !hear(&t, 0) && !t.is_closed; sent += 1024) {
        buf_clear(&request);
        buf_printf(&request, "400\r\n%01024d\r\n", 0);
        say(&t, request.at);
    }
    assert_true(sent > 65536 && sent < 64 << 20);
    if (t.in.len) {                                     /* unless the reset was faster */
        r = listen_to(&t, false);
        assert_int_equal(r.status, 413);
    }
    assert_end(&t);
    hang_up(&t);
    buf_free(&request);
    assert_int_equal(site.answered, 3);
}

/* ---- posted ---------------------------------------------------------------------------------- */

#define POST(path) "POST " path " HTTP/1.1\r\n" OURS
#define FORM "Content-Type: application/x-www-form-urlencoded\r\n"
#define JSON "Content-Type: application/json\r\n"

/* Head as given, without its end; the body's length is added. */
static struct response post_n(struct talk *t, const char *head, const char *body, size_t n)
{
    struct buf request = { 0 };
    buf_printf(&request, "%sContent-Length: %zu\r\n\r\n", head, n);
    buf_put(&request, body, n);
    say_n(t, request.at, request.len);
    buf_free(&request);
    return listen_to(t, false);
}

static struct response post(struct talk *t, const char *head, const char *body)
{
    return post_n(t, head, body, strlen(body));
}

static void test_form(void **state)
{
    static const struct { const char *name, *at; size_t n; int status; const char *says; } cases[] = {
        { "one field", BYTES("title=x"), 200, "[title=x] title x" },
        { "several", BYTES("a=1&title=a+b%26%3D%C3%A4&c="), 200, "[a=1][title=a b&=ä][c=] title a b&=ä" },
        { "no value", BYTES("a"), 200, "[a=]" },
        { "nothing", BYTES(""), 200, "" },
        { "empty ones", BYTES("&&a=1&"), 200, "[a=1]" },
        { "line ends", BYTES("a=1%0D%0A2"), 200, "[a=1\r\n2]" },
        { "bytes as they are", BYTES("a=\xC3\xA4\n"), 200, "[a=ä\n]" },
        { "twice", BYTES("a=1&b=2&a=1"), 400, "The field 'a' is given twice; give it once." },
        { "twice, once in disguise", BYTES("a=1&%61=2"), 400, "The field 'a' is given twice; give it once." },
        { "wrong escape", BYTES("a=%zz"), 400, "The field 'a' is not valid UTF-8." },
        { "cut escape", BYTES("a=%4"), 400, "The field 'a' is not valid UTF-8." },
        { "escaped NUL", BYTES("a=%00"), 400, "The field 'a' is not valid UTF-8." },
        { "NUL", BYTES("a=1\0b=2"), 400, "The field 'a' is not valid UTF-8." },
        { "not UTF-8", BYTES("a=%E4"), 400, "The field 'a' is not valid UTF-8." },
        { "surrogate", BYTES("a=%ED%A0%80"), 400, "The field 'a' is not valid UTF-8." },
        { "name not UTF-8", BYTES("%FF=1"), 400, "The name of a field is not valid UTF-8." },
    };
    static const char *const lines[] = { POST("/form") FORM, POST("/form?title=not+this") FORM,
        POST("/both") "Content-Type: application/x-www-form-urlencoded; charset=UTF-8\r\n",
        POST("/form") "Content-Type: Application/X-WWW-Form-Urlencoded ;charset=\"utf-8\"\r\n" };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct talk t = call();
        struct response r = post_n(&t, lines[i % COUNT_OF(lines)], cases[i].at, cases[i].n);
        print_message("# %s\n", cases[i].name);
        assert_int_equal(r.status, cases[i].status);
        assert_secure(&r);
        assert_value(&r, "Cache-Control", "no-store");
        assert_value(&r, "Connection", cases[i].n ? "close" : NULL);
        if (r.status == 200)
            assert_body(&r, cases[i].says);
        else
            assert_non_null(strstr(r.body, cases[i].says));
        if (cases[i].n)
            assert_end(&t);
        hang_up(&t);
    }
}

static void test_form_of_many_fields(void **state)
{
    (void)state;
    for (int n = 1000; n <= 1001; n++) {
        struct talk t = call();
        struct buf body = { 0 };
        for (int i = 0; i < n; i++)
            buf_printf(&body, "%sf%d=%d", i ? "&" : "", i, i);
        struct response r = post(&t, POST("/form") FORM, body.at);
        assert_int_equal(r.status, n == 1000 ? 200 : 400);
        assert_non_null(strstr(r.body, n == 1000 ? "[f999=999]" : "There are more than 1000 fields."));
        buf_free(&body);
        hang_up(&t);
    }
}

static void test_json(void **state)
{
    static const struct { const char *name, *at; size_t n; int status; const char *says; } cases[] = {
        { "a document", BYTES("{\"title\": \"ä\"}"), 200, "15 bytes: {\"title\": \"ä\"}" },
        { "whatever else", BYTES("a=1&a=1"), 200, "7 bytes: a=1&a=1" },     /* whoever reads it says no */
        { "nothing", BYTES(""), 200, "0 bytes: " },
        { "NUL", BYTES("{}\0"), 400, "The JSON document is not valid UTF-8." },
        { "not UTF-8", BYTES("\"\xE4\""), 400, "The JSON document is not valid UTF-8." },
        { "UTF-16", BYTES("\xFF\xFE{\0}\0"), 400, "The JSON document is not valid UTF-8." },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct talk t = call();
        struct response r = post_n(&t, i % 2 ? POST("/both") JSON : POST("/json") "Content-Type: application/json; charset=utf-8\r\n",
                                   cases[i].at, cases[i].n);
        print_message("# %s\n", cases[i].name);
        assert_int_equal(r.status, cases[i].status);
        assert_non_null(strstr(r.body, cases[i].says));
        hang_up(&t);
    }
}

/* Cut anywhere, in chunks, or asked for first: it is the same body. */
static void test_body_in_parts(void **state)
{
    static const char body[] = "title=a%20b&c=%C3%A4", says[] = "[title=a b][c=ä] title a b";
    (void)state;
    for (size_t cut = 0; cut < sizeof body - 1; cut += 3) {
        struct talk t = call();
        say(&t, POST("/form") FORM "Content-Length: 20\r\n\r\n");
        say_n(&t, body, cut);
        pause_ms(5);
        say(&t, body + cut);
        struct response r = listen_to(&t, false);
        assert_int_equal(r.status, 200);
        assert_body(&r, says);
        hang_up(&t);
    }
    struct talk t = call();
    say(&t, POST("/form") FORM "Transfer-Encoding: chunked\r\n\r\n");
    for (const char *at = body; *at; at++) {
        char chunk[] = "1\r\n?\r\n";
        chunk[3] = *at;
        say(&t, chunk);
    }
    struct response r = ask_for(&t, "0\r\n\r\n" SMUGGLED);
    assert_body(&r, says);
    assert_value(&r, "Connection", "close");
    assert_end(&t);
    hang_up(&t);

    t = call();
    r = ask_for(&t, POST("/form") FORM "Content-Length: 20\r\nExpect: 100-continue\r\n\r\n");
    assert_int_equal(r.status, 100);
    r = ask_for(&t, body);
    assert_body(&r, says);
    assert_end(&t);
    hang_up(&t);
}

static void test_post_refused(void **state)
{
    static const struct { const char *head, *body; int status; const char *allow, *says; } cases[] = {
        { POST("/") FORM, "a=1", 405, "GET, HEAD", "Only GET and HEAD are answered here." },
        { "PUT /form HTTP/1.1\r\n" OURS FORM, "a=1", 405, "GET, HEAD, POST", "Only GET, HEAD and POST are answered here." },
        { POST("/form") JSON, "{}", 415, NULL, "This address takes a form (application/x-www-form-urlencoded)." },
        { POST("/json") FORM, "a=1", 415, NULL, "This address takes JSON (application/json)." },
        { POST("/both") "Content-Type: text/plain\r\n", "{}", 415, NULL, "a form (application/x-www-form-urlencoded) or JSON (application/json)" },
        { POST("/both"), "{}", 415, NULL, "This address takes" },
        { POST("/both") "Content-Type:\r\n", "{}", 415, NULL, "This address takes" },
        { POST("/both") "Content-Type: application/jsonx\r\n", "{}", 415, NULL, "This address takes" },
        { POST("/both") "Content-Type: text/plain; application/json\r\n", "{}", 415, NULL, "This address takes" },
        { POST("/both") "Content-Type: application/json; charset=iso-8859-1\r\n", "{}", 415, NULL, "The body has to be in UTF-8." },
        { POST("/both") "Content-Type: multipart/form-data; boundary=x\r\n", "--x--\r\n", 415, NULL, "This address takes" },
        { POST("/both") JSON "Content-Encoding: gzip\r\n", "{}", 415, NULL, "The body is compressed; send it as it is" },
        { POST("/both") JSON JSON, "{}", 400, NULL, "not well-formed" },
        { POST("/form?a=%00") FORM, "a=1", 400, NULL, "The parameter 'a' is not valid UTF-8." },
        { POST("/form?a=1&a=1") FORM, "a=1", 400, NULL, "The parameter 'a' is given twice; give it once." },
        { POST("/%FF") FORM, "a=1", 400, NULL, "The path of the address is not valid." },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct talk t = call();
        print_message("# %zu %s\n", i, cases[i].says);
        struct response r = post(&t, cases[i].head, cases[i].body);
        assert_int_equal(r.status, cases[i].status);
        assert_secure(&r);
        assert_value(&r, "Content-Type", "application/problem+json");
        assert_value(&r, "Allow", cases[i].allow);
        assert_value(&r, "Connection", "close");
        if (!strstr(r.body, cases[i].says))
            fail_msg("%s", r.body);
        assert_end(&t);
        hang_up(&t);
    }
    struct talk t = call();
    struct response r = ask_for(&t, POST("/form") FORM "\r\n");
    assert_int_equal(r.status, 411);
    assert_non_null(strstr(r.body, "A POST must tell the length of its body in Content-Length, 0 for none."));
    hang_up(&t);
    t = call();                                         /* nobody is asked to send what will be refused */
    r = ask_for(&t, POST("/form") JSON "Content-Length: 5\r\nExpect: 100-continue\r\n\r\n");
    assert_int_equal(r.status, 415);
    assert_end(&t);
    hang_up(&t);
    assert_int_equal(site.answered, 0);
}

/* What is refused with a page: by whoever knows what the address is. */
static void test_refusal_worded(void **state)
{
    static const struct { const char *request; int status; const char *says; } cases[] = {
        { POST("/a%20b") "Content-Length: 0\r\n\r\n", 405, "405 for /a b: Only GET and HEAD are answered here." },
        { LINE("/x?a=%") OURS "\r\n", 400, "400 for /x: The parameter 'a' is not valid UTF-8." },
        { LINE("/x") "Host: evil.example\r\n\r\n", 421, NULL },
        { LINE("/%FF") OURS "\r\n", 400, "{\"title\":\"Bad Request\",\"status\":400,\"detail\":\"The path of the address is not valid.\"}" },
        { LINE("/x") OURS " folded: 1\r\n\r\n", 400, "{\"title\":\"Bad Request\",\"status\":400,\"detail\":\"The request is not well-formed HTTP.\"}" },
    };
    struct http_setup setup = usual;
    (void)state;
    setup.refused = toy_refused;
    serve(setup);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct talk t = call();
        struct response r = ask_for(&t, cases[i].request);
        print_message("# %zu %d\n", i, cases[i].status);
        assert_int_equal(r.status, cases[i].status);
        assert_secure(&r);
        assert_value(&r, "Allow", r.status == 405 ? "GET, HEAD" : NULL);
        if (cases[i].says)
            assert_body(&r, cases[i].says);
        else
            assert_true(strncmp(r.body, "421 for /x: This server", 23) == 0);
        hang_up(&t);
    }
}

static void test_large_bodies(void **state)
{
    enum { MOST = 1 << 20 };
    (void)state;
    struct buf body = { 0 };
    struct talk t = call();
    buf_text(&body, "{\"a\":\"");
    while (body.len < MOST)
        buf_char(&body, 'x');
    struct response r = post_n(&t, POST("/json") JSON, body.at, MOST);
    assert_int_equal(r.status, 200);
    assert_true(strncmp(r.body, "1048576 bytes: {\"a\":\"x", 22) == 0);
    hang_up(&t);

    static const char *const lengths[] = { "1048577", "99999999999" };
    for (size_t i = 0; i < COUNT_OF(lengths); i++) {
        char request[200];
        snprintf(request, sizeof request, POST("/json") JSON "Content-Length: %s\r\n\r\n", lengths[i]);
        t = call();                                     /* no byte of it is sent */
        r = ask_for(&t, request);
        assert_int_equal(r.status, 413);
        assert_non_null(strstr(r.body, "The body is larger than 1 MiB."));
        assert_secure(&r);
        assert_end(&t);
        hang_up(&t);
    }
    t = call();                                         /* as large as it likes, until it is too much */
    say(&t, POST("/form") FORM "Transfer-Encoding: chunked\r\n\r\n100001\r\n");
    say_n(&t, body.at, MOST);
    assert_false(hear(&t, SILENCE_MS));
    say(&t, "x");
    r = listen_to(&t, false);
    assert_int_equal(r.status, 413);
    assert_value(&r, "Content-Type", "application/problem+json");
    assert_value(&r, "Connection", "close");
    assert_secure(&r);
    assert_body(&r, "{\"title\":\"Content Too Large\",\"status\":413,\"detail\":\"The body is larger than 1 MiB.\"}");
    assert_end(&t);
    hang_up(&t);
    buf_free(&body);
    assert_int_equal(site.answered, 1);
}

/* ---- files ----------------------------------------------------------------------------------- */

static char spool_folder[] = "/tmp/souk-http-XXXXXX";

static void serve_with_spool(struct http_setup setup)
{
    strcpy(spool_folder + sizeof spool_folder - 7, "XXXXXX");
    assert_non_null(mkdtemp(spool_folder));
    serve(setup);
    site.spool = spool_folder;
}

static int serve_uploads(void **state)
{
    (void)state;
    serve_with_spool(usual);
    return 0;
}

static int serve_uploads_impatiently(void **state)
{
    struct http_setup setup = usual;
    (void)state;
    setup.header_ms = 200;
    serve_with_spool(setup);
    return 0;
}

/* How many files lie in the spool; removes them when told to. */
static int spool_count(bool and_remove)
{
    DIR *folder = opendir(spool_folder);
    int n = 0;
    assert_non_null(folder);
    for (struct dirent *file; (file = readdir(folder));) {
        char path[400];
        snprintf(path, sizeof path, "%s/%s", spool_folder, file->d_name);
        n += file->d_name[0] != '.';
        if (and_remove && file->d_name[0] != '.')
            unlink(path);
    }
    closedir(folder);
    return n;
}

static int stop_uploads(void **state)
{
    int rc = stop(state);
    spool_count(true);
    assert_int_equal(rmdir(spool_folder), 0);
    return rc;
}

static void assert_spooled(int n)
{
    int64_t until_ms = clock_ms() + PATIENCE_MS;
    while (spool_count(false) != n && clock_ms() < until_ms)
        pause_ms(2);                                    /* a lost connection is noticed soon, not at once */
    assert_int_equal(spool_count(false), n);
}

#define PARTS "Content-Type: multipart/form-data; boundary=Bo-und'ary\r\n"
#define PART(disposition, content) "--Bo-und'ary\r\nContent-Disposition: form-data; " disposition "\r\n\r\n" content "\r\n"
#define LAST "--Bo-und'ary--\r\n"

/* As put_uploads has it. */
static const char *as_spooled(const char *name, const char *at, size_t n)
{
    static char text[400];
    snprintf(text, sizeof text, "{%s:%zu:%08lx}", name, n, crc32(crc32(0, NULL, 0), (const unsigned char *)at, (uInt)n));
    return text;
}

static void test_parts(void **state)
{
    static const struct { const char *name, *at; size_t n; const char *fields, *file; const char *content; size_t content_n; } cases[] = {
        { "a file", BYTES(PART("name=\"f\"; filename=\"orders.txt\"", "a\tb\r\n1\t2\r\n") LAST), "", "f/orders.txt", BYTES("a\tb\r\n1\t2\r\n") },
        { "with its type, names without quotes", BYTES("--Bo-und'ary\r\ncontent-type: text/plain\r\nCONTENT-DISPOSITION:form-data;name=f;filename=x.csv\r\n\r\nx\r\n" LAST), "", "f/x.csv", BYTES("x") },
        { "a file and fields", BYTES(PART("name=\"title\"", "T \xC3\xA4\r\n") PART("name=\"f\"; filename=\"x\"", "1") PART("name=\"b\"", "") LAST), "[title=T ä\r\n][b=] title T ä\r\n", "f/x", BYTES("1") },
        { "no file chosen", BYTES(PART("name=\"f\"; filename=\"\"", "") PART("name=\"a\"", "1") LAST), "[a=1]", NULL, NULL, 0 },
        { "an empty file", BYTES(PART("name=\"f\"; filename=\"x\"", "") LAST), "", "f/x", BYTES("") },
        { "a file that has no name", BYTES(PART("name=\"f\"; filename=\"\"", "1") LAST), "", "f/unnamed", BYTES("1") },
        { "no end of the last line", BYTES(PART("name=\"f\"; filename=\"x\"", "1") "--Bo-und'ary--"), "", "f/x", BYTES("1") },
        { "nothing but the end", BYTES(LAST), "", NULL, NULL, 0 },
        { "NUL and every line end", BYTES(PART("name=\"f\"; filename=\"x\"", "\0\r\n\n\r\r\n") LAST), "", "f/x", BYTES("\0\r\n\n\r\r\n") },
        { "what looks like the end", BYTES(PART("name=\"f\"; filename=\"x\"", "\r\n-\r\n--\r\n--Bo-und'ar\r\n--Bo-und'ar\r--Bo-und'ary\n--Bo-und'ary--\r\n--bo-und'ary\r") LAST), "", "f/x",
          BYTES("\r\n-\r\n--\r\n--Bo-und'ar\r\n--Bo-und'ar\r--Bo-und'ary\n--Bo-und'ary--\r\n--bo-und'ary\r") },
        { "a path", BYTES(PART("name=\"f\"; filename=\"../../etc/passwd\"", "1") LAST), "", "f/passwd", BYTES("1") },
        { "a path of Windows", BYTES(PART("name=\"f\"; filename=\"C:\\Users\\me\\orders.txt\"", "1") LAST), "", "f/orders.txt", BYTES("1") },
        { "a path that is a folder", BYTES(PART("name=\"f\"; filename=\"/tmp/\"", "1") LAST), "", "f/unnamed", BYTES("1") },
        { "dots", BYTES(PART("name=\"f\"; filename=\"..\"", "1") LAST), "", "f/..", BYTES("1") },
        { "quotes as browsers escape them", BYTES(PART("name=\"a%22b\"; filename=\"%22x%22%0d%0A%41.txt\"", "1") LAST), "", "a\"b/\"x\"__%41.txt", BYTES("1") },
        { "quotes as curl escapes them", BYTES(PART("name=\"f\"; filename=\"a\\\"b\\\\c\"", "1") LAST), "", "f/c", BYTES("1") },
        { "a name beyond ASCII", BYTES(PART("name=\"f\"; filename=\"M\xC3\xA4rz \xE6\x97\xA5.csv\"", "1") LAST), "", "f/März 日.csv", BYTES("1") },
        { "a name that is not UTF-8", BYTES(PART("name=\"f\"; filename=\"M\xE4rz.csv\"", "1") LAST), "", "f/M_rz.csv", BYTES("1") },
        { "a name that turns its direction", BYTES(PART("name=\"f\"; filename=\"a\xE2\x80\xAEvsc.exe\xE2\x81\xA6\xC2\x85x\"", "1") LAST), "", "f/a_vsc.exe__x", BYTES("1") },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct buf says = { 0 };
        struct talk t = call();
        print_message("# %s\n", cases[i].name);
        buf_text(&says, cases[i].fields);
        if (cases[i].file)
            buf_text(&says, as_spooled(cases[i].file, cases[i].content, cases[i].content_n));
        struct response r = post_n(&t, POST("/up") PARTS, cases[i].at, cases[i].n);
        assert_int_equal(r.status, 200);
        assert_value(&r, "Connection", "close");
        assert_body(&r, buf_str(&says));
        assert_int_equal(spool_count(false), 0);        /* nobody took it */
        hang_up(&t);

        t = call();                                     /* the same, a byte at a time */
        say(&t, POST("/up") "Transfer-Encoding: chunked\r\n" PARTS "\r\n");
        for (size_t k = 0; k < cases[i].n; k++) {
            char chunk[] = "1\r\n?\r\n";
            chunk[3] = cases[i].at[k];
            say_n(&t, chunk, sizeof chunk - 1);
        }
        r = ask_for(&t, "0\r\n\r\n");
        assert_body(&r, buf_str(&says));
        hang_up(&t);
        buf_free(&says);
    }
}

static void test_parts_malformed(void **state)
{
#define ONE "--Bo-und'ary\r\n"
#define NAMED "Content-Disposition: form-data; name=\"f\"; filename=\"x\"\r\n"
    static const char broken[] = "The form is not well-formed multipart/form-data.", cut[] = "The form ends in the middle; send it again.";
    static const struct { const char *name, *at; size_t n; const char *says; } cases[] = {
        { "nothing", BYTES(""), cut },
        { "no end", BYTES(PART("name=\"f\"; filename=\"x\"", "1")), cut },
        { "cut in a file", BYTES(ONE NAMED "\r\n12"), cut },
        { "cut in the end", BYTES(PART("name=\"f\"; filename=\"x\"", "1") "--Bo-und'ary-"), cut },
        { "cut in a head", BYTES(ONE NAMED), cut },
        { "cut in the first line", BYTES("--Bo"), cut },
        { "something before it", BYTES("x\r\n" PART("name=\"f\"; filename=\"x\"", "1") LAST), broken },
        { "an empty line before it", BYTES("\r\n" PART("name=\"f\"; filename=\"x\"", "1") LAST), broken },
        { "something behind it", BYTES(PART("name=\"f\"; filename=\"x\"", "1") LAST "x"), broken },
        { "more parts behind it", BYTES(LAST PART("name=\"f\"; filename=\"x\"", "1") LAST), broken },
        { "another boundary", BYTES("--Other\r\n" NAMED "\r\n1\r\n--Other--\r\n"), broken },
        { "a longer boundary", BYTES("--Bo-und'aryx\r\n" NAMED "\r\n1\r\n" LAST), broken },
        { "bare LF behind the boundary", BYTES("--Bo-und'ary\n" NAMED "\r\n1\r\n" LAST), broken },
        { "space behind the boundary", BYTES("--Bo-und'ary \r\n" NAMED "\r\n1\r\n" LAST), broken },
        { "no head", BYTES(ONE "\r\n1\r\n" LAST), broken },
        { "no disposition", BYTES(ONE "Content-Type: text/plain\r\n\r\n1\r\n" LAST), broken },
        { "two dispositions", BYTES(ONE NAMED NAMED "\r\n1\r\n" LAST), broken },
        { "an attachment", BYTES(ONE "Content-Disposition: attachment; name=f\r\n\r\n1\r\n" LAST), broken },
        { "no name", BYTES(PART("filename=\"x\"", "1") LAST), broken },
        { "a name without end", BYTES(PART("name=\"f", "1") LAST), broken },
        { "a name that is not UTF-8", BYTES(PART("name=\"\xE4\"", "1") LAST), broken },
        { "a name in another way", BYTES(PART("name=f; filename*=UTF-8''x", "1") LAST), broken },
        { "base64", BYTES(ONE NAMED "Content-Transfer-Encoding: base64\r\n\r\nMQ==\r\n" LAST), broken },
        { "bare LF in a head", BYTES(ONE "Content-Disposition: form-data; name=\"f\"\nX: y\r\n\r\n1\r\n" LAST), broken },
        { "folded head", BYTES(ONE "Content-Disposition: form-data;\r\n name=\"f\"\r\n\r\n1\r\n" LAST), broken },
        { "NUL in a head", BYTES(ONE "Content-Disposition: form-data; name=\"f\0\"\r\n\r\n1\r\n" LAST), broken },
        { "space before a colon", BYTES(ONE "Content-Disposition : form-data; name=\"f\"\r\n\r\n1\r\n" LAST), broken },
        { "line without a colon", BYTES(ONE "X\r\n" NAMED "\r\n1\r\n" LAST), broken },
        { "a field twice", BYTES(PART("name=\"a\"", "1") PART("name=\"a\"", "1") LAST), "The field 'a' is given twice; give it once." },
        { "a field that is not UTF-8", BYTES(PART("name=\"a\"", "\xE4") LAST), "The field 'a' is not valid UTF-8." },
        { "NUL in a field", BYTES(PART("name=\"a\"", "1\0") LAST), "The field 'a' is not valid UTF-8." },
        { "after a good file", BYTES(PART("name=\"f\"; filename=\"x\"", "1") "--Bo-und'ary\r\nx\r\n\r\n"), broken },
    };
    static const char *const boundaries[] = { "", "; boundary=", "; boundary=\"\"", "; boundary=\"x", "; boundary=a\"b", "; boundary=\xC3\xA4",
        "; boundary=\"x \"", "; boundary=12345678901234567890123456789012345678901234567890123456789012345678901", "; xboundary=x", "; boundary" };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct talk t = call();
        struct response r = post_n(&t, POST("/up") PARTS, cases[i].at, cases[i].n);
        print_message("# %s\n", cases[i].name);
        assert_int_equal(r.status, 400);
        assert_secure(&r);
        if (!strstr(r.body, cases[i].says))
            fail_msg("%s", r.body);
        assert_int_equal(spool_count(false), 0);
        hang_up(&t);
    }
    for (size_t i = 0; i < COUNT_OF(boundaries); i++) {
        char head[300];
        struct talk t = call();
        snprintf(head, sizeof head, POST("/up") "Content-Type: multipart/form-data%s\r\n", boundaries[i]);
        struct response r = post(&t, head, "--x\r\n" NAMED "\r\n1\r\n--x--\r\n");
        print_message("# %s\n", boundaries[i]);
        assert_int_equal(r.status, 400);
        assert_non_null(strstr(r.body, "The boundary in the Content-Type of the form is not valid."));
        hang_up(&t);
    }
    assert_int_equal(site.answered, 0);
    assert_true(site.spooled > 0);
}

static void test_several_files(void **state)
{
    enum { FILES = 40 };
    (void)state;
    struct buf body = { 0 }, says = { 0 };
    for (int i = 0; i < FILES; i++) {
        char name[40];
        struct buf content = { 0 };
        for (int k = 0; k < i * 100; k++)
            buf_printf(&content, "%d,%d\r\n", i, k);
        snprintf(name, sizeof name, "files/%d.csv", i);
        buf_printf(&body, "--Bo-und'ary\r\nContent-Disposition: form-data; name=\"files\"; filename=\"%d.csv\"\r\n\r\n%s\r\n",
                   i, buf_str(&content));
        buf_text(&says, as_spooled(name, buf_str(&content), content.len));
        buf_free(&content);
    }
    buf_text(&body, LAST);
    struct talk t = call();
    struct response r = post(&t, POST("/up?take=7") PARTS, body.at);
    assert_int_equal(r.status, 200);
    assert_body(&r, says.at);
    assert_int_equal(spool_count(false), 1);            /* who takes one over has it */
    assert_int_equal(site.spooled, FILES);
    hang_up(&t);
    buf_free(&body);
    buf_free(&says);
}

static void test_file_as_body(void **state)
{
    static const struct { const char *name, *head, *label; int status; } cases[] = {
        { "named in the address", POST("/up?file=orders%202.txt") , "orders 2.txt", 200 },
        { "named in a header", POST("/up") "X-File-Name: M%C3%A4rz+1.csv\r\n", "März+1.csv", 200 },
        { "named twice", POST("/up?file=a") "X-File-Name: b\r\n", "a", 200 },
        { "a path", POST("/up?file=..%2F..%2Fetc%2Fpasswd"), "passwd", 200 },
        { "not named", POST("/up"), NULL, 400 },
        { "named with nothing", POST("/up?file="), NULL, 400 },
        { "a header that is not UTF-8", POST("/up") "X-File-Name: M%E4rz\r\n", NULL, 400 },
        { "where nobody takes files", POST("/both?file=a"), NULL, 415 },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        static const char content[] = "a\0b\r\n--Bo-und'ary--";
        char head[300], name[100];
        struct talk t = call();
        snprintf(head, sizeof head, "%sContent-Type: application/octet-stream\r\n", cases[i].head);
        struct response r = post_n(&t, head, content, sizeof content);
        print_message("# %s\n", cases[i].name);
        assert_int_equal(r.status, cases[i].status);
        snprintf(name, sizeof name, "/%s", cases[i].label ? cases[i].label : "");
        if (cases[i].status == 200)
            assert_body(&r, as_spooled(name, content, sizeof content));
        else if (cases[i].status == 400)
            assert_non_null(strstr(r.body, "The upload has no file name; give one by ?file="));
        else
            assert_non_null(strstr(r.body, "This address takes a form (application/x-www-form-urlencoded) or JSON (application/json)."));
        hang_up(&t);
    }
    struct talk t = call();
    struct response r = post(&t, POST("/up?file=empty&take=0") "Content-Type: application/octet-stream\r\n", "");
    assert_body(&r, as_spooled("/empty", "", 0));
    assert_int_equal(spool_count(false), 1);
    hang_up(&t);
}

#define RAW "Content-Type: application/octet-stream\r\n"

static void test_upload_limits(void **state)
{
    enum { MOST = 3 << 20 };
    struct http_setup setup = usual;
    struct buf body = { 0 };
    (void)state;
    setup.upload_bytes = MOST;
    serve_with_spool(setup);
    while (body.len < MOST + 1)
        buf_char(&body, 'x');
    struct talk t = call();
    struct response r = post_n(&t, POST("/up?file=x") RAW, body.at, MOST);
    assert_body(&r, as_spooled("/x", body.at, MOST));
    hang_up(&t);

    t = call();                                         /* no byte of it is sent */
    r = ask_for(&t, POST("/up?file=x") RAW "Content-Length: 3145729\r\n\r\n");
    assert_int_equal(r.status, 413);
    assert_non_null(strstr(r.body, "The upload is larger than 3 MB, the most that is taken here;"));
    assert_end(&t);
    hang_up(&t);

    t = call();
    say(&t, POST("/up?file=x") RAW "Transfer-Encoding: chunked\r\n\r\n300001\r\n");
    say_n(&t, body.at, MOST);
    assert_spooled(1);
    say(&t, "x");
    r = listen_to(&t, false);
    assert_int_equal(r.status, 413);
    assert_secure(&r);
    assert_end(&t);
    assert_spooled(0);
    hang_up(&t);

    t = call();                                         /* what is held in memory has its own limit */
    buf_clear(&body);
    buf_text(&body, PART("name=\"f\"; filename=\"x\"", "1") "--Bo-und'ary\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n");
    for (int i = 0; i <= 1 << 20; i++)
        buf_char(&body, 'x');
    buf_text(&body, "\r\n" LAST);
    r = post_n(&t, POST("/up") PARTS, body.at, body.len);
    assert_int_equal(r.status, 413);
    assert_non_null(strstr(r.body, "The fields of the form are larger than 1 MiB together."));
    assert_spooled(0);
    hang_up(&t);

    t = call();
    buf_clear(&body);
    for (int i = 0; i <= 1000; i++)
        buf_text(&body, PART("name=\"f\"; filename=\"x\"", "1"));
    buf_text(&body, LAST);
    r = post_n(&t, POST("/up") PARTS, body.at, body.len);
    assert_int_equal(r.status, 413);
    assert_non_null(strstr(r.body, "There are more than 1000 files; send them in several requests."));
    assert_spooled(0);
    hang_up(&t);
    buf_free(&body);
    assert_int_equal(site.answered, 1);
}

/* A large one goes to the disk and not into memory. */
static void test_large_upload(void **state)
{
    enum { MB = 96 };
    struct rusage before, after;
    char block[65536], head[200];
    (void)state;
    memset(block, '\r', sizeof block);                  /* the worst case: each may begin a boundary */
    struct talk t = call();
    getrusage(RUSAGE_SELF, &before);
    snprintf(head, sizeof head, POST("/up") PARTS "Content-Length: %d\r\n\r\n--Bo-und'ary\r\n" NAMED "\r\n",
             (int)(MB << 20) + (int)strlen("--Bo-und'ary\r\n" NAMED "\r\n" "\r\n" LAST));
    say(&t, head);
    for (int i = 0; i < MB << 4; i++)
        say_n(&t, block, sizeof block);
    struct response r = ask_for(&t, "\r\n" LAST);
    assert_int_equal(r.status, 200);
    assert_true(strncmp(r.body, "{f/x:100663296:", 15) == 0);
    getrusage(RUSAGE_SELF, &after);
    assert_in_range(after.ru_maxrss - before.ru_maxrss, 0, 16 << 10);
    assert_spooled(0);
    hang_up(&t);
}

/* Whatever becomes of a request: nothing of it stays behind. */
static void test_upload_lost(void **state)
{
    (void)state;
    struct talk gone = call(), slow = call(), stopped = call();
    static const char begun[] = POST("/up") PARTS "Content-Length: 100000\r\n\r\n" PART("name=\"f\"; filename=\"x\"", "1")
                                ONE NAMED "\r\n";
    say(&gone, begun);
    assert_spooled(1);                                  /* the second file has no byte yet */
    say(&gone, "2");
    assert_spooled(2);
    hang_up(&gone);
    assert_spooled(0);

    say(&slow, begun);                                  /* the reaper's */
    int64_t from_ms = clock_ms();
    while (!hear(&slow, 20) && !slow.is_closed && clock_ms() - from_ms < PATIENCE_MS)
        say(&slow, "x");
    assert_true(slow.is_closed);
    assert_in_range(clock_ms() - from_ms, 590, 1500);
    assert_spooled(0);
    hang_up(&slow);

    hang_up(&stopped);
    stopped = call();
    say(&stopped, begun);
    assert_spooled(1);
    http_stop(&site.h);
    assert_int_equal(spool_count(false), 0);
    hang_up(&stopped);
}

static void test_disk_full(void **state)
{
    enum { ROOM = 4 << 20 };
    struct rlimit before, less;
    struct buf body = { 0 };
    (void)state;
    signal(SIGXFSZ, SIG_IGN);                           /* a file may not grow as large as it should */
    getrlimit(RLIMIT_FSIZE, &before);
    less = before;
    less.rlim_cur = ROOM;
    setrlimit(RLIMIT_FSIZE, &less);
    while (body.len <= ROOM)
        buf_text(&body, "0123456789abcdef");
    for (int i = 0; i < 2; i++) {                       /* at the end, and with a lot to come */
        char head[200];
        struct talk t = call();
        snprintf(head, sizeof head, POST("/up?file=x") RAW "Content-Length: %zu\r\n\r\n", i ? 1000000000 : body.len);
        say(&t, head);
        say_n(&t, body.at, body.len);
        struct response r = listen_to(&t, false);
        assert_int_equal(r.status, 507);
        assert_secure(&r);
        assert_non_null(strstr(r.body, "Disk full: nothing was saved; free some space, then send it again."));
        assert_spooled(0);
        hang_up(&t);
    }
    setrlimit(RLIMIT_FSIZE, &before);
    struct talk t = call();                             /* and works again at once */
    struct response r = post_n(&t, POST("/up?file=x") RAW, body.at, body.len);
    assert_body(&r, as_spooled("/x", body.at, body.len));
    hang_up(&t);
    assert_int_equal(spool_count(false), 0);

    site.spool = "/nowhere/at/all";
    t = call();
    r = post(&t, POST("/up?file=x") RAW, "1");
    assert_int_equal(r.status, 500);
    assert_non_null(strstr(r.body, "The upload cannot be written; the log says why."));
    hang_up(&t);
    buf_free(&body);
}

static void test_post_replies(void **state)
{
    static const struct { const char *body, *header, *value; int status; } cases[] = {
        { "status=201&location=/a/1", "Location", "/a/1", 201 },
        { "status=202&location=/jobs/1", "Location", "/jobs/1", 202 },
        { "status=303&location=/page", "Location", "/page", 303 },
        { "status=405&allow=POST", "Allow", "POST", 405 },
        { "status=405", "Allow", "GET, HEAD", 405 },
        { "status=409", "Location", NULL, 409 },
        { "status=422&allow=POST", "Allow", NULL, 422 },
        { "status=503", "Retry-After", "7", 503 },
        { "status=200", "Retry-After", NULL, 200 },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct talk t = call();
        struct response r = post(&t, POST("/form/status") FORM, cases[i].body);
        print_message("# %s\n", cases[i].body);
        assert_int_equal(r.status, cases[i].status);
        assert_value(&r, cases[i].header, cases[i].value);
        assert_secure(&r);
        assert_end(&t);
        hang_up(&t);
    }
    struct talk t = call();                             /* what was done is not "not modified" */
    struct response r = post(&t, POST("/form/etag") FORM "If-None-Match: \"v1\"\r\n", "a=1");
    assert_int_equal(r.status, 200);
    assert_body(&r, "done");
    hang_up(&t);
}

static void test_addresses(void **state)
{
    static const struct { const char *address; int status; const char *echo; } cases[] = {
        { "/",                       200, "/" },
        { "/a/%C3%BC/%E2%82%AC+b",   200, "/a/ü/€+b" },
        { "/?a=1&b=&c&&d=%26%3D+x",  200, "/ a=1 b= c= d=&= x" },
        { "/?a=b=c",                 200, "/ a=b=c" },
        { "/?q=%2B%25",              200, "/ q=+%" },
        { "/?",                      200, "/" },
        { "/a?b?c=/d",               200, "/a b?c=/d" },
        { "/%2e%2e/x",               200, "/../x" },        /* a path is only ever looked up */
        { "/\xC3\xBC",               200, "/ü" },
        { "/%",                      400, NULL },
        { "/%4",                     400, NULL },
        { "/%zz",                    400, NULL },
        { "/%00",                    400, NULL },
        { "/?a=%00",                 400, NULL },
        { "/?%00=a",                 400, NULL },
        { "/?a=%f",                  400, NULL },
        { "/?a=%&b=c",               400, NULL },
        { "/%FF",                    400, NULL },
        { "/%C0%AF",                 400, NULL },
        { "/%ED%A0%80",              400, NULL },
        { "/?a=%C3",                 400, NULL },
        { "/\xC3",                   400, NULL },
        { "/?a=1&a=2",               400, NULL },
        { "/?a&b&%61",               400, NULL },
        { "http://127.0.0.1/",       400, NULL },
        { "*",                       400, NULL },
        { "x",                       400, NULL },
    };
    (void)state;
    struct talk t = call();
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char request[200], echo[100];
        snprintf(request, sizeof request, "GET %s HTTP/1.1\r\n" OURS "\r\n", cases[i].address);
        struct response r = ask_for(&t, request);
        print_message("# %s\n", cases[i].address);
        assert_int_equal(r.status, cases[i].status);
        if (cases[i].echo) {
            int n = snprintf(echo, sizeof echo, "GET %s (q", cases[i].echo);
            assert_true(strncmp(r.body, echo, (size_t)n) == 0);
        }
    }
    hang_up(&t);
}

static void test_long_addresses(void **state)
{
    static const struct { const char *piece; size_t n; int status; } cases[] = {
        { "a", 8191, 200 },     { "a", 8192, 414 },    { "a", 20000, 414 },     { "a", 60000, 414 },
        { "%61", 2730, 200 },   { "&", 99, 200 },      { "&", 101, 400 },       { "&", 4000, 400 },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct talk t = call();
        struct buf request = { 0 };
        buf_text(&request, *cases[i].piece == '&' ? "GET /?" : "GET /");
        for (size_t k = 0; k < cases[i].n; k++)
            buf_text(&request, cases[i].piece);
        buf_text(&request, " HTTP/1.1\r\n" OURS "\r\n");
        struct response r = ask_for(&t, request.at);
        assert_int_equal(r.status, cases[i].status);
        if (r.status != 200)
            assert_end(&t);
        hang_up(&t);
        buf_free(&request);
    }
}

/* ---- who may ask ----------------------------------------------------------------------------- */

/* %u becomes the port that the server listens on. */
static int status_with(const char *line, const char *headers)
{
    struct buf request = { 0 };
    struct talk t = call();
    buf_text(&request, line);
    for (const char *at = headers; *at; at++) {
        if (text_starts(at, "%u")) {
            buf_int(&request, site.port);
            at++;
        } else {
            buf_char(&request, *at);
        }
    }
    buf_text(&request, "\r\n");
    struct response r = ask_for(&t, request.at);
    int status = r.status;
    assert_secure(&r);
    buf_free(&request);
    hang_up(&t);
    return status;
}

static const char *const further_hosts[] = { "shop.example", "back.example:8443", NULL };

static int serve_under_names(void **state)
{
    struct http_setup setup = usual;
    (void)state;
    setup.hosts = further_hosts;
    serve(setup);
    return 0;
}

static void test_hosts(void **state)
{
    static const struct { const char *host; int status; } cases[] = {
        { "127.0.0.1", 200 },         { "127.0.0.1:%u", 200 },      { "localhost", 200 },
        { "LocalHost:%u", 200 },      { "[::1]", 200 },             { "[::1]:%u", 200 },
        { "shop.example", 200 },      { "SHOP.example:%u", 200 },   { "back.example:8443", 200 },
        { "back.example", 421 },      { "shop.example:1", 421 },    { "127.0.0.1:1", 421 },
        { "127.0.0.1:", 421 },        { "127.0.0.2", 421 },         { "127.1", 421 },
        { "0.0.0.0:%u", 421 },        { "evil.example", 421 },      { "evil.example:%u", 421 },
        { "127.0.0.1.evil.example", 421 }, { "evil.example@127.0.0.1", 421 }, { "localhost.", 421 },
        { "a, 127.0.0.1", 421 },      { "", 421 },                  { "::1", 421 },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char header[100];
        snprintf(header, sizeof header, "Host: %s\r\n", cases[i].host);
        print_message("# %s\n", cases[i].host);
        assert_int_equal(status_with(LINE("/"), header), cases[i].status);
    }
    assert_int_equal(status_with("GET / HTTP/1.0\r\n", ""), 421);
}

static void test_cross_site(void **state)
{
    static const struct { const char *name, *line, *headers; int status; } cases[] = {
        { "no browser", LINE("/"), "", 200 },
        { "our own page", LINE("/"), "Sec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: cors\r\nSec-Fetch-Dest: empty\r\n", 200 },
        { "typed in", LINE("/"), "Sec-Fetch-Site: none\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n", 200 },
        { "link from elsewhere", LINE("/"), "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n", 200 },
        { "link from another port", LINE("/"), "Sec-Fetch-Site: same-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n", 200 },
        { "frame elsewhere", LINE("/"), "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: iframe\r\n", 403 },
        { "image elsewhere", LINE("/"), "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: image\r\n", 403 },
        { "script elsewhere", LINE("/"), "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: script\r\n", 403 },
        { "fetch from another port", LINE("/"), "Sec-Fetch-Site: same-site\r\nSec-Fetch-Mode: cors\r\nSec-Fetch-Dest: empty\r\n", 403 },
        { "site alone", LINE("/"), "Sec-Fetch-Site: cross-site\r\n", 403 },
        { "unknown site", LINE("/"), "Sec-Fetch-Site: Same-Origin\r\n", 403 },
        { "not a GET", "HEAD / HTTP/1.1\r\n", "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n", 403 },
        { "form elsewhere", "POST / HTTP/1.1\r\n", "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n", 403 },
        { "our origin", LINE("/"), "Origin: http://127.0.0.1:%u\r\n", 200 },
        { "our origin by name", LINE("/"), "Origin: http://localhost:%u\r\n", 200 },
        { "our origin behind a proxy", LINE("/"), "Origin: https://shop.example\r\n", 200 },
        { "null origin", LINE("/"), "Origin: null\r\n", 403 },
        { "another port", LINE("/"), "Origin: http://127.0.0.1:1\r\n", 403 },
        { "port 80 of this machine", LINE("/"), "Origin: http://localhost\r\n", 403 },
        { "https of this machine", LINE("/"), "Origin: https://localhost:%u\r\n", 403 },
        { "another site", LINE("/"), "Origin: https://evil.example\r\n", 403 },
        { "another site that begins like ours", LINE("/"), "Origin: https://shop.example.evil.example\r\n", 403 },
        { "another origin in a navigation", LINE("/"), "Origin: https://evil.example\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n", 403 },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char headers[300];
        snprintf(headers, sizeof headers, OURS "%s", cases[i].headers);
        print_message("# %s\n", cases[i].name);
        assert_int_equal(status_with(cases[i].line, headers), cases[i].status);
    }
}

/* What changes something comes from the very address it goes to, or from no page at all. */
static void test_cross_site_posts(void **state)
{
#define HERE "Host: 127.0.0.1:%u\r\n"
#define NAVIGATE "Sec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n"
    static const struct { const char *name, *headers; int status; } cases[] = {
        { "no browser", HERE, 200 },
        { "our own form", HERE "Origin: http://127.0.0.1:%u\r\nSec-Fetch-Site: same-origin\r\n" NAVIGATE, 200 },
        { "an older browser", HERE "Origin: http://127.0.0.1:%u\r\n", 200 },
        { "sent again by hand", HERE "Origin: http://127.0.0.1:%u\r\nSec-Fetch-Site: none\r\n" NAVIGATE, 200 },
        { "behind a proxy", "Host: shop.example\r\nOrigin: https://shop.example\r\nSec-Fetch-Site: same-origin\r\n", 200 },
        { "behind a proxy, in capitals", "Host: SHOP.example\r\nOrigin: https://shop.example\r\n", 200 },
        { "behind a proxy on a port", "Host: back.example:8443\r\nOrigin: https://back.example:8443\r\n", 200 },
        { "form elsewhere", HERE "Origin: https://evil.example\r\nSec-Fetch-Site: cross-site\r\n" NAVIGATE, 403 },
        { "form elsewhere that hides its origin", HERE "Origin: null\r\nSec-Fetch-Site: cross-site\r\n" NAVIGATE, 403 },
        { "form elsewhere without an origin", HERE "Sec-Fetch-Site: cross-site\r\n" NAVIGATE, 403 },
        { "form on another port", HERE "Sec-Fetch-Site: same-site\r\n" NAVIGATE, 403 },
        { "another of our names", HERE "Origin: http://localhost:%u\r\n", 403 },
        { "another of our names, the other way", "Host: localhost:%u\r\nOrigin: http://127.0.0.1:%u\r\n", 403 },
        { "another of our names behind a proxy", HERE "Origin: https://shop.example\r\n", 403 },
        { "our name without its port", "Host: 127.0.0.1\r\nOrigin: http://127.0.0.1:%u\r\n", 403 },
        { "an unknown site", HERE "Sec-Fetch-Site: same-origin, none\r\n", 403 },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct buf headers = { 0 };
        buf_text(&headers, FORM "Content-Length: 0\r\n");
        buf_text(&headers, cases[i].headers);
        print_message("# %s\n", cases[i].name);
        assert_int_equal(status_with("POST /form HTTP/1.1\r\n", headers.at), cases[i].status);
        buf_free(&headers);
    }
}

/* ---- slow and many --------------------------------------------------------------------------- */

static int serve_impatiently(void **state)
{
    struct http_setup setup = usual;
    (void)state;
    setup.header_ms = 200;
    setup.idle_s = 1;
    serve(setup);
    return 0;
}

/* One byte each 20 ms until the server hangs up; how long it took. */
static int64_t drip(const char *start, const char *bytes)
{
    struct talk t = call();
    int64_t from_ms = clock_ms();
    say(&t, start);
    for (const char *at = bytes; !hear(&t, 20) && !t.is_closed && clock_ms() - from_ms < PATIENCE_MS; at++) {
        if (!*at)
            at = bytes;
        say_n(&t, at, 1);
    }
    assert_true(t.is_closed);
    assert_int_equal(t.in.len, 0);
    hang_up(&t);
    return clock_ms() - from_ms;
}

static void test_slow(void **state)
{
    (void)state;
    struct talk healthy = call();
    int64_t ms = drip("", "x");                         /* a request line that never ends */
    assert_in_range(ms, 190, 900);
    ms = drip(LINE("/") "X: ", "x");
    assert_in_range(ms, 190, 900);
    ms = drip(LINE("/") OURS "Content-Length: 60000\r\n\r\n", "x");     /* 3 x 200 ms + 1 s for 64 kB that came */
    assert_in_range(ms, 590, 1500);
    ms = drip(LINE("/") OURS "Transfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n");
    assert_in_range(ms, 590, 1500);
    ms = drip(POST("/form") FORM "Content-Length: 1000000\r\n\r\n", "x");
    assert_in_range(ms, 590, 1500);
    ms = drip(POST("/json") JSON "Transfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n");
    assert_in_range(ms, 590, 1500);
    assert_end(&healthy);                               /* has said nothing and is gone as well */
    hang_up(&healthy);
    assert_int_equal(site.answered, 0);

    struct talk t = call();                             /* keep-alive ends with its first silent second */
    ask_for(&t, GET("/"));
    int64_t from_ms = clock_ms();
    assert_end(&t);
    assert_in_range(clock_ms() - from_ms, 900, 3000);
    hang_up(&t);

    t = call();                                         /* our own slowness is not the client's */
    struct response r = ask_for(&t, GET("/slow"));
    assert_body(&r, "slow");
    hang_up(&t);
}

/* Not fast, but faster than has to be: past the first deadline, and read to its end. */
static void test_slow_enough(void **state)
{
    enum { PIECES = 12, PIECE = 20000 };
    char head[200];
    (void)state;
    struct talk t = call();
    struct buf piece = { 0 };
    while (piece.len < PIECE)
        buf_char(&piece, ' ');
    snprintf(head, sizeof head, POST("/json") JSON "Content-Length: %d\r\n\r\n", PIECES * PIECE);
    int64_t from_ms = clock_ms();
    say(&t, head);
    for (int i = 0; i < PIECES; i++) {
        pause_ms(100);
        say_n(&t, piece.at, piece.len);
    }
    struct response r = listen_to(&t, false);
    assert_int_equal(r.status, 200);
    assert_true(clock_ms() - from_ms > 1000);           /* 600 ms are for nothing */
    buf_free(&piece);
    hang_up(&t);
}

/* The idle timer starts again with each byte; these have a deadline all the same. */
static void test_slow_between_replies(void **state)
{
    (void)state;
    struct talk t = call();
    assert_int_equal(ask_for(&t, GET("/")).status, 200);
    int64_t from_ms = clock_ms();
    say(&t, LINE("/") "X: ");                           /* the next head, a byte at a time */
    while (!hear(&t, 50) && !t.is_closed && clock_ms() - from_ms < PATIENCE_MS)
        say(&t, "x");
    assert_true(t.is_closed);
    assert_in_range(clock_ms() - from_ms, 1100, 2800);  /* idle_s + header_ms */
    hang_up(&t);
}

static void test_many(void **state)
{
    enum { PEERS = 256, ROUNDS = 4 };
    (void)state;
    struct talk t[PEERS];
    for (size_t i = 0; i < PEERS; i++)
        t[i] = call();
    for (int round = 0; round < ROUNDS; round++) {
        int64_t from_ms = clock_ms();
        for (size_t i = 0; i < PEERS; i++)
            say(&t[i], GET("/page"));
        for (size_t i = 0; i < PEERS; i++) {
            struct response r = listen_to(&t[i], false);
            assert_int_equal(r.status, 200);
            assert_value(&r, "Connection", NULL);
        }
        assert_true(clock_ms() - from_ms < 5000);
    }
    assert_int_equal(site.answered, PEERS * ROUNDS);
    for (size_t i = 0; i < PEERS; i++)
        hang_up(&t[i]);
}

static void test_limit_per_address(void **state)
{
    enum { PEERS = 4 };
    struct http_setup setup = usual;
    (void)state;
    setup.connections_per_address = PEERS;
    serve(setup);
    struct talk t[PEERS];
    for (size_t i = 0; i < PEERS; i++) {
        t[i] = call();
        assert_int_equal(ask_for(&t[i], GET("/")).status, 200);
    }
    struct talk refused = call(), neighbour = call_from("127.0.0.2");
    assert_end(&refused);
    assert_int_equal(ask_for(&neighbour, GET("/")).status, 200);
    assert_int_equal(ask_for(&t[0], GET("/")).status, 200);
    hang_up(&refused);
    hang_up(&neighbour);
    for (size_t i = 0; i < PEERS; i++)
        hang_up(&t[i]);
}

enum { CROWD = 8 };

static int serve_few(void **state)
{
    struct http_setup setup = usual;
    (void)state;
    setup.connections = CROWD + 2;
    serve(setup);
    return 0;
}

/* Over 80 % of the connections: who is slowest with a head makes room. */
static void test_crowd(void **state)
{
    struct talk t[CROWD];
    (void)state;
    for (size_t i = 0; i < CROWD; i++) {
        t[i] = call();
        ask_for(&t[i], GET("/"));                       /* so that it is known to be there before the next */
        say(&t[i], "GET /");
        pause_ms(20);
    }
    assert_open(&t[0]);
    struct talk ninth = call();
    struct response r = ask_for(&ninth, GET("/"));
    assert_int_equal(r.status, 200);
    assert_end(&t[0]);
    assert_open(&t[1]);
    hang_up(&ninth);
    for (size_t i = 0; i < CROWD; i++)
        hang_up(&t[i]);
}

/* Who waits for us is not the slow one. */
static void test_crowd_is_served(void **state)
{
    struct talk t[CROWD];
    (void)state;
    for (size_t i = 0; i < CROWD; i++) {
        t[i] = call();
        say(&t[i], "GET /");
    }
    pause_ms(20);
    struct talk busy[2] = { call(), call() };           /* ten at once */
    say(&busy[0], GET("/slow"));
    say(&busy[1], GET("/slow"));
    for (size_t i = 0; i < 2; i++) {
        struct response r = listen_to(&busy[i], false);
        assert_body(&r, "slow");
        hang_up(&busy[i]);
    }
    for (size_t i = 0; i < CROWD; i++)
        hang_up(&t[i]);
}

/* ---- streams --------------------------------------------------------------------------------- */

static void test_stream_parts(void **state)
{
    struct stream *all = NULL, *a = stream_open(&all, "a", NULL), *b = stream_open(&all, "b", NULL);
    struct buf text = { 0 };
    char to[100];
    (void)state;
    stream_event(&text, "changed\ndata: x", "1\n\n2\r\n3");
    assert_string_equal(text.at, "event: changed\ndata: 1\ndata: \ndata: 2\ndata: 3\n\n");
    buf_clear(&text);
    stream_event(&text, "e", "");
    assert_string_equal(text.at, "event: e\ndata: \n\n");

    assert_int_equal(stream_take(a, to, sizeof to), 0);
    stream_put(a, text.at, text.len);
    stream_put(a, "other", 5);
    stream_put(a, text.at, text.len);                   /* waits already */
    assert_int_equal(stream_take(a, to, 10), 10);
    stream_put(a, text.at, text.len);                   /* half of the first is gone */
    assert_int_equal(stream_take(a, to, sizeof to), 2 * text.len + 5 - 10);
    assert_memory_equal(to + text.len - 10, "otherevent: e\n", 14);
    assert_int_equal(stream_take(a, to, sizeof to), 0);
    assert_int_equal(stream_take(b, to, sizeof to), 0);

    stream_put(b, "data: event: e\ndata: \n\n", 24);    /* the same words within another's data */
    stream_put(b, text.at, text.len);
    assert_int_equal(stream_take(b, to, sizeof to), 24 + text.len);

    buf_clear(&text);
    while (text.len < STREAM_WAITING)
        buf_char(&text, 'x');
    stream_put(b, text.at, text.len);
    assert_false(b->is_over);
    stream_put(b, "y", 1);                              /* one too many, and all is void */
    assert_true(b->is_over);
    assert_int_equal(stream_take(b, to, sizeof to), 0);
    stream_put(b, "y", 1);
    assert_int_equal(stream_take(b, to, sizeof to), 0);
    stream_close(&all, a);
    assert_ptr_equal(all, b);
    stream_close(&all, b);
    assert_null(all);
    buf_free(&text);
}

struct listener {
    struct talk talk;
    struct buf said;                                    /* behind the head, without the chunks' sizes */
    bool is_over;                                       /* the last chunk came */
};

static struct listener listen_from(const char *from, const char *topic)
{
    struct listener l = { .talk = call_from(from) };
    char request[200];
    snprintf(request, sizeof request, "GET /events/%s HTTP/1.1\r\n" OURS "\r\n", topic);
    struct response r = ask_for(&l.talk, request);
    assert_int_equal(r.status, 200);
    assert_secure(&r);
    assert_value(&r, "Content-Type", "text/event-stream");
    assert_value(&r, "Cache-Control", "no-store");
    assert_value(&r, "X-Accel-Buffering", "no");
    assert_value(&r, "Transfer-Encoding", "chunked");
    assert_value(&r, "Connection", "close");
    return l;
}

/* Takes what came in whole chunks. */
static void unchunk(struct listener *l)
{
    struct talk *t = &l->talk;
    const char *line;
    while (t->in.len > t->used && (line = strstr(t->in.at + t->used, "\r\n"))) {
        size_t n = strtoul(t->in.at + t->used, NULL, 16), head_n = (size_t)(line - t->in.at) + 2 - t->used;
        if (t->in.len < t->used + head_n + n + 2)
            return;
        buf_put(&l->said, t->in.at + t->used + head_n, n);
        t->used += head_n + n + 2;
        l->is_over |= n == 0;
    }
}

/* Waits until it has said so many bytes. */
static void hear_said(struct listener *l, size_t n)
{
    int64_t until_ms = clock_ms() + PATIENCE_MS;
    for (unchunk(l); l->said.len < n && hear(&l->talk, (int)(until_ms - clock_ms())); unchunk(l))
        ;
}

static void assert_said(struct listener *l, const char *text)
{
    hear_said(l, strlen(text));
    assert_string_equal(buf_str(&l->said), text);
    buf_clear(&l->said);
}

/* It comes to its end in order. */
static void assert_over(struct listener *l)
{
    while (hear(&l->talk, PATIENCE_MS))
        ;
    unchunk(l);
    assert_true(l->is_over);
    assert_end(&l->talk);
}

static void leave(struct listener *l)
{
    hang_up(&l->talk);
    buf_free(&l->said);
}

#define RETRY "retry: 3000\n\n"

static void test_streams(void **state)
{
    (void)state;
    struct listener a = listen_from("127.0.0.1", "demo"), b = listen_from("127.0.0.1", "demo"), other = listen_from("127.0.0.1", "demo2");
    assert_said(&a, RETRY);
    assert_said(&b, RETRY);
    assert_said(&other, RETRY);
    http_publish(site.h, "demo", "changed", "{\"areas\":[\"orders\"]}");
    assert_said(&a, "event: changed\ndata: {\"areas\":[\"orders\"]}\n\n");
    assert_said(&b, "event: changed\ndata: {\"areas\":[\"orders\"]}\n\n");
    http_publish(site.h, "nobody", "changed", "1");
    http_publish(site.h, "demo2", "job", "line 1\nline 2");
    assert_said(&other, "event: job\ndata: line 1\ndata: line 2\n\n");
    assert_false(hear(&a.talk, SILENCE_MS));
    leave(&b);
    http_publish(site.h, "demo", "changed", "2");       /* one of them is not there any more */
    http_publish(site.h, "demo", "changed", "3");
    assert_said(&a, "event: changed\ndata: 2\n\nevent: changed\ndata: 3\n\n");
    struct talk t = call();                             /* and requests are answered meanwhile */
    assert_int_equal(ask_for(&t, GET("/")).status, 200);
    hang_up(&t);
    leave(&a);
    leave(&other);
    http_publish(NULL, "demo", "changed", "4");
}

static void test_stream_heads(void **state)
{
    (void)state;
    struct talk t = call();
    struct response r = ask_for(&t, "HEAD /events/demo HTTP/1.1\r\n" OURS "\r\n");
    assert_int_equal(r.status, 200);
    r = ask_for(&t, GET("/"));                          /* which has no end to wait for */
    assert_int_equal(r.status, 200);
    r = ask_for(&t, LINE("/events/demo?location=%0D%0A") OURS "\r\n");
    assert_int_equal(r.status, 500);                    /* a broken header, and no stream */
    assert_end(&t);
    hang_up(&t);

    t = call();                                         /* HTTP/1.0 knows no chunks */
    r = ask_for(&t, "GET /events/demo HTTP/1.0\r\n" OURS "\r\n");
    assert_int_equal(r.status, 200);
    assert_value(&r, "Transfer-Encoding", NULL);
    http_publish(site.h, "demo", "changed", "1");
    static const char wanted[] = RETRY "event: changed\ndata: 1\n\n";
    while (t.in.len - t.used < sizeof wanted - 1 && hear(&t, PATIENCE_MS))
        ;
    assert_string_equal(t.in.at + t.used, wanted);
    t.used = t.in.len;
    http_stop(&site.h);
    assert_end(&t);
    hang_up(&t);
}

/* An idle one outlives every deadline; its beat is what it says meanwhile. */
static void test_stream_beat(void **state)
{
    struct http_setup setup = usual;
    (void)state;
    setup.header_ms = 100;
    setup.idle_s = 1;
    setup.beat_ms = 400;
    serve(setup);
    struct listener l = listen_from("127.0.0.1", "demo");
    int64_t from_ms = clock_ms();
    assert_said(&l, RETRY ":\n\n:\n\n:\n\n:\n\n");
    assert_in_range(clock_ms() - from_ms, 1590, 4000);
    http_publish(site.h, "demo", "changed", "1");
    assert_said(&l, "event: changed\ndata: 1\n\n");
    leave(&l);
}

/* Then its reader asks again, and is answered as whoever it is by then. */
static void test_stream_ends(void **state)
{
    struct http_setup setup = usual;
    (void)state;
    setup.beat_ms = 100;
    setup.stream_ms = 250;
    serve(setup);
    struct listener l = listen_from("127.0.0.1", "demo"), later;
    assert_said(&l, RETRY ":\n\n:\n\n");
    assert_over(&l);
    leave(&l);
    later = listen_from("127.0.0.1", "demo");
    assert_said(&later, RETRY);
    leave(&later);
}

static void assert_no_room(const char *from)
{
    struct talk t = call_from(from);
    struct response r = ask_for(&t, GET("/events/demo"));
    assert_int_equal(r.status, 503);
    assert_value(&r, "Retry-After", "10");
    assert_value(&r, "Connection", NULL);
    assert_secure(&r);
    assert_body(&r, "{\"title\":\"Service Unavailable\",\"status\":503,"
                    "\"detail\":\"Too many open pages follow what changes here; close some of them.\"}");
    hang_up(&t);
}

static void test_stream_limits(void **state)
{
    enum { EACH = 4, ALL = 64 };
    struct listener l[ALL];
    (void)state;
    for (size_t i = 0; i < EACH; i++)
        l[i] = listen_from("127.0.0.1", "demo");
    assert_no_room("127.0.0.1");
    leave(&l[1]);                                       /* whoever leaves makes room at once */
    l[1] = listen_from("127.0.0.1", "demo");
    assert_no_room("127.0.0.1");
    for (size_t i = EACH; i < ALL; i++) {
        char from[20];
        snprintf(from, sizeof from, "127.0.0.%zu", i / EACH + 1);
        l[i] = listen_from(from, "demo");
    }
    assert_no_room("127.0.0.99");
    leave(&l[20]);
    l[20] = listen_from("127.0.0.99", "demo");
    http_publish(site.h, "demo", "changed", "1");
    for (size_t i = 0; i < ALL; i++) {
        assert_said(&l[i], RETRY "event: changed\ndata: 1\n\n");
        leave(&l[i]);
    }
}

static void *publish_many(void *n)
{
    for (int i = 0; i < *(int *)n; i++) {
        char data[40];
        snprintf(data, sizeof data, "%d", i);
        http_publish(site.h, "demo", "changed", data);
        if (i % 8 == 0)
            pause_ms(1);
    }
    return NULL;
}

/* From any thread, in order, none twice, none lost while the reader keeps up. */
static void test_stream_order(void **state)
{
    int n = 1000, none = 0;
    pthread_t publisher;
    struct listener l[2] = { listen_from("127.0.0.1", "demo"), listen_from("127.0.0.1", "demo") };
    struct buf wanted = { 0 };
    (void)state;
    buf_text(&wanted, RETRY);
    for (int i = 0; i < n; i++)
        buf_printf(&wanted, "event: changed\ndata: %d\n\n", i);
    pthread_create(&publisher, NULL, publish_many, &n);
    publish_many(&none);
    for (size_t i = 0; i < COUNT_OF(l); i++) {
        assert_said(&l[i], wanted.at);
        leave(&l[i]);
    }
    pthread_join(publisher, NULL);
    buf_free(&wanted);
}

/* Who does not read is let go; the others do not notice. */
static void test_stream_unread(void **state)
{
    struct listener deaf = listen_from("127.0.0.1", "demo"), l = listen_from("127.0.0.1", "demo");
    char data[2000];
    (void)state;
    assert_said(&l, RETRY);
    for (int i = 0; i < 8000; i++) {                    /* 16 MB: more than the kernel holds for anybody */
        snprintf(data, sizeof data, "%d %01900d", i, 0);
        http_publish(site.h, "demo", "changed", data);
        hear_said(&l, strlen(data) + 23);
        assert_int_equal(l.said.len, strlen(data) + 23);
        buf_clear(&l.said);
        buf_clear(&l.talk.in);
        l.talk.used = 0;
    }
    while (hear(&deaf.talk, PATIENCE_MS))
        buf_clear(&deaf.talk.in);
    assert_true(deaf.talk.is_closed);
    http_publish(site.h, "demo", "changed", "1");
    assert_said(&l, "event: changed\ndata: 1\n\n");
    leave(&deaf);
    leave(&l);
}

static void test_stop_streams(void **state)
{
    struct listener l[3] = { listen_from("127.0.0.1", "demo"), listen_from("127.0.0.1", "demo"), listen_from("127.0.0.1", "x") };
    struct talk begun = call();
    (void)state;
    say(&begun, "GET /events/demo");
    assert_said(&l[0], RETRY);
    http_publish(site.h, "demo", "changed", "last");
    int64_t from_ms = clock_ms();
    http_stop(&site.h);
    assert_in_range(clock_ms() - from_ms, 0, 900);
    assert_said(&l[0], "event: changed\ndata: last\n\n");
    assert_said(&l[1], RETRY "event: changed\ndata: last\n\n");
    for (size_t i = 0; i < COUNT_OF(l); i++) {
        assert_over(&l[i]);
        leave(&l[i]);
    }
    assert_end(&begun);
    hang_up(&begun);
}

/* ---- start and stop -------------------------------------------------------------------------- */

static void test_workers(void **state)
{
    (void)state;
    assert_int_equal(site.workers, 0);                  /* none before a request */
    for (int i = 0; i < 50; i++) {
        struct talk t = call();
        assert_int_equal(ask_for(&t, GET("/")).status, 200);
        hang_up(&t);
    }
    assert_in_range(site.workers, 1, 4);                /* as many threads as 400 connections need */
    assert_int_equal(site.workers_free, 0);
}

static void *stop_it(void *site_at)
{
    struct site *s = site_at;
    http_stop(&s->h);
    return NULL;
}

static void test_stop(void **state)
{
    pthread_t stopper;
    (void)state;
    struct talk slow = call(), idle = call(), dripping = call(), sending = call();
    assert_int_equal(ask_for(&idle, GET("/")).status, 200);
    say(&dripping, "GET /");
    say(&sending, LINE("/") OURS "Content-Length: 10\r\n\r\nx");
    say(&slow, GET("/slow"));
    while (site.answered < 2)
        pause_ms(1);
    int64_t from_ms = clock_ms();
    pthread_create(&stopper, NULL, stop_it, &site);
    int refused;
    while ((refused = try_connect("127.0.0.1", site.port)) >= 0 && clock_ms() - from_ms < SLOW_MS / 2)
        close(refused);
    assert_int_equal(refused, -1);                      /* while the slow one still runs */
    struct response r = listen_to(&slow, false);
    assert_body(&r, "slow");
    pthread_join(stopper, NULL);
    assert_in_range(clock_ms() - from_ms, SLOW_MS / 2, SLOW_MS + 2000);
    assert_end(&slow);
    assert_end(&idle);
    assert_end(&dripping);
    assert_end(&sending);
    hang_up(&slow);
    hang_up(&idle);
    hang_up(&dripping);
    hang_up(&sending);
}

/* A reply that nobody reads holds the stop for stop_ms. */
static void test_stop_in_time(void **state)
{
    struct http_setup setup = usual;
    (void)state;
    setup.stop_ms = 300;
    serve(setup);
    struct talk t = call();
    say(&t, GET("/big"));
    while (site.arenas_ended == 0)
        pause_ms(1);
    int64_t from_ms = clock_ms();
    http_stop(&site.h);
    assert_in_range(clock_ms() - from_ms, 290, 1500);
    hang_up(&t);
}

struct crowd {
    size_t page_bytes;
    atomic_bool is_over;
    atomic_int whole, torn;
};

/* 1: a whole page came, 0: nothing, -1: a part of one. */
static int fetch_page(int s, size_t page_bytes)
{
    char in[65536];
    size_t got = 0;
    ssize_t n = send(s, GET("/page"), sizeof(GET("/page")) - 1, MSG_NOSIGNAL);
    while (n > 0 && (n = recv(s, in + got, sizeof in - 1 - got, 0)) > 0) {
        got += (size_t)n;
        in[got] = '\0';
        const char *end = strstr(in, "\r\n\r\n");
        if (end && got == (size_t)(end - in) + 4 + page_bytes)
            return 1;
    }
    return got ? -1 : 0;
}

static void *hammer(void *crowd)
{
    struct crowd *c = crowd;
    while (!c->is_over) {
        int s = try_connect("127.0.0.1", site.port), came = 1;
        if (s < 0)
            continue;
        setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &(struct timeval){ .tv_sec = 5 }, sizeof(struct timeval));
        for (int i = 0; i < 5 && came == 1; i++) {
            came = fetch_page(s, c->page_bytes);
            if (came)
                count_up(came > 0 ? &c->whole : &c->torn);
        }
        if (came == 1)                                  /* the library's own error replies are a path apart */
            (void)!send(s, "GET /\r\n\r\n", 9, MSG_NOSIGNAL);
        close(s);
    }
    return NULL;
}

/* No reply is torn, nothing hangs or crashes and nothing is left behind, at whatever moment it ends. */
static void test_stop_under_load(void **state)
{
    struct buf page = { 0 };
    (void)state;
    put_page(&page);
    for (int round = 0; round < 15; round++) {
        struct crowd c = { .page_bytes = page.len };
        pthread_t client[3];
        serve(usual);
        for (size_t i = 0; i < COUNT_OF(client); i++)
            pthread_create(&client[i], NULL, hammer, &c);
        while (c.whole < 20 + round)
            pause_ms(1);
        int64_t from_ms = clock_ms();
        http_stop(&site.h);
        assert_true(clock_ms() - from_ms < 3000);
        c.is_over = true;
        for (size_t i = 0; i < COUNT_OF(client); i++)
            pthread_join(client[i], NULL);
        assert_int_equal(c.torn, 0);
        assert_int_equal(site.workers, site.workers_free);
    }
    buf_free(&page);
}

struct hubbub {
    atomic_bool is_over;
    atomic_int heard;
    pthread_mutex_t lock;                               /* of the server, while somebody publishes */
};

static void *come_and_go(void *hubbub)
{
    struct hubbub *c = hubbub;
    while (!c->is_over) {
        char in[1000];
        int s = try_connect("127.0.0.1", site.port);
        if (s < 0)
            continue;
        setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &(struct timeval){ .tv_sec = 5 }, sizeof(struct timeval));
        (void)!send(s, GET("/events/demo"), sizeof(GET("/events/demo")) - 1, MSG_NOSIGNAL);
        for (int i = 0; i < 4 && recv(s, in, sizeof in, 0) > 0; i++)
            count_up(&c->heard);
        close(s);
    }
    return NULL;
}

static void *tell(void *hubbub)
{
    struct hubbub *c = hubbub;
    while (!c->is_over) {
        pthread_mutex_lock(&c->lock);
        http_publish(site.h, "demo", "changed", "1");
        pthread_mutex_unlock(&c->lock);
    }
    return NULL;
}

/* Whoever comes, goes and speaks while it ends. */
static void test_stop_streams_under_load(void **state)
{
    (void)state;
    for (int round = 0; round < 15; round++) {
        struct hubbub c = { .lock = PTHREAD_MUTEX_INITIALIZER };
        struct http_setup setup = usual;
        pthread_t client[5];
        setup.beat_ms = 2;
        setup.streams_per_address = 3;
        serve(setup);
        for (size_t i = 0; i < COUNT_OF(client); i++)
            pthread_create(&client[i], NULL, i ? come_and_go : tell, &c);
        while (c.heard < 100 + round)
            pause_ms(1);
        struct http *h = site.h;                        /* nobody publishes any more when it returns */
        pthread_mutex_lock(&c.lock);
        site.h = NULL;
        pthread_mutex_unlock(&c.lock);
        int64_t from_ms = clock_ms();
        http_stop(&h);
        assert_true(clock_ms() - from_ms < 3000);
        c.is_over = true;
        for (size_t i = 0; i < COUNT_OF(client); i++)
            pthread_join(client[i], NULL);
        assert_int_equal(site.workers, site.workers_free);
    }
}

static void test_port_in_use(void **state)
{
    struct http_setup setup = usual;
    struct http *second;
    struct err err = { 0 };
    char wanted[200];
    (void)state;
    setup.port = site.port;
    int64_t from_ms = clock_ms();
    assert_int_equal(http_start(&second, &setup, &err), -ERR_PORT);
    assert_true(clock_ms() - from_ms < 1000);
    assert_null(second);
    snprintf(wanted, sizeof wanted, "Cannot listen on 127.0.0.1 port %u: another program uses this port; stop it or"
                                    " choose another port.", (unsigned)site.port);
    assert_string_equal(err.text, wanted);

    struct talk t = call();                             /* and is free again at once after a stop */
    assert_int_equal(ask_for(&t, GET("/")).status, 200);
    hang_up(&t);
    http_stop(&site.h);
    err_clear(&err);
    assert_int_equal(http_start(&site.h, &setup, &err), 0);
    assert_int_equal(http_port(site.h), setup.port);
}

static void test_no_right(void **state)
{
    int status;
    (void)state;
    pid_t child = fork();
    if (child == 0) {                                   /* as somebody who is not root */
        struct http_setup setup = usual;
        struct http *h;
        struct err err = { 0 };
        setup.port = 1;
        if (geteuid() == 0 && setresuid(65534, 65534, 65534))
            _exit(1);
        int rc = http_start(&h, &setup, &err);
        _exit(rc == 0 ? 2 : rc == -ERR_PORT && text_is(err.text, "Cannot listen on 127.0.0.1 port 1: ports below 1024"
                                                                " need special rights; choose a higher one.") ? 0 : 3);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 2)
        skip();                                         /* this system lets everybody have port 1 */
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void refused(const struct http_setup *setup, int code, const char *says)
{
    struct http *h;
    struct err err = { 0 };
    assert_int_equal(http_start(&h, setup, &err), -code);
    assert_null(h);
    if (!strstr(err.text, says))
        fail_msg("not \"%s\" but: %s", says, err.text);
}

/* Beyond this machine only what is encrypted, or stands behind what encrypts; and then under names that are known. */
static void test_loopback_only(void **state)
{
    static const char *const addresses[] = { "0.0.0.0", "192.0.2.1", "128.0.0.1", "::", "2001:db8::1" };
    static const char *const wrong[] = { "localhost", "", "127.0.0.1:80", "1.2.3" };
    static const char *const proxies[] = { "10.0.0.2", NULL }, *const no_proxies[] = { "10.0.0.2", "proxy.example", NULL };
    struct http_setup setup = usual;
    (void)state;
    for (size_t i = 0; i < COUNT_OF(addresses); i++) {
        setup.address = addresses[i];
        refused(&setup, ERR_DENIED, "others could read along. Give tls_cert and tls_key under [host]");
    }
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        setup.address = wrong[i];
        refused(&setup, ERR_PORT, "it is no address. Write one such as 127.0.0.1 or ::1.");
    }
    setup.address = "0.0.0.0";
    setup.proxies = proxies;
    setup.hosts = NULL;
    refused(&setup, ERR_CONF, "by which names people come here");
    setup.address = "127.0.0.1";
    setup.proxies = no_proxies;
    refused(&setup, ERR_CONF, "trusted_proxy names 'proxy.example', which is no address");
}

/* The client is the first hop from the right that is none of our proxies; what it wrote itself stands to the left. */
static void test_hops(void **state)
{
    static const struct { const char *hops, *client; } told[] = {
        { "192.0.2.7", "192.0.2.7" }, { "1.1.1.1, 192.0.2.7", "192.0.2.7" }, { "1.1.1.1,192.0.2.7 ,10.0.0.2", "192.0.2.7" },
        { "2001:db8::7, 10.0.0.3, 10.0.0.2", "2001:db8::7" }, { "[2001:db8::7]", "2001:db8::7" },
        { "::ffff:192.0.2.7", "192.0.2.7" }, { "nonsense, 192.0.2.7", "192.0.2.7" },
        { "", NULL }, { "10.0.0.2", NULL }, { "10.0.0.3, 10.0.0.2", NULL }, { "192.0.2.7, nonsense", NULL },
        { "192.0.2.7, unknown, 10.0.0.2", NULL }, { "192.0.2.7,", NULL }, { "192.0.2.7:80", NULL }, { "127.0.0.1 192.0.2.7", NULL },
    };
    struct in6_addr proxies[2], client;
    struct arena *a = arena_new("hops", 1024);
    (void)state;
    assert_true(net_address("10.0.0.2", 8, &proxies[0]) && net_address("10.0.0.3", 8, &proxies[1]));
    for (size_t i = 0; i < COUNT_OF(told); i++) {
        bool is_told = net_forwarded(told[i].hops, proxies, COUNT_OF(proxies), &client);
        assert_string_equal(is_told ? net_text(a, &client) : "nobody", told[i].client ? told[i].client : "nobody");
    }
    arena_free(a);
}

static void test_other_loopback(void **state)
{
    struct http_setup setup = usual;
    struct err err = { 0 };
    struct sockaddr_in6 at = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
    (void)state;
    setup.address = "::1";
    memset(&site, 0, sizeof site);
    int s = socket(AF_INET6, SOCK_STREAM, 0);
    if (s < 0 || bind(s, (struct sockaddr *)&at, sizeof at)) {
        if (s >= 0)
            close(s);
        skip();                                         /* a machine without IPv6 */
    }
    close(s);
    assert_int_equal(http_start(&site.h, &setup, &err), 0);
    struct talk t = { .socket = socket(AF_INET6, SOCK_STREAM, 0) };
    at.sin6_port = htons(http_port(site.h));
    assert_int_equal(connect(t.socket, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(ask_for(&t, LINE("/") "Host: [::1]\r\n\r\n").status, 200);
    hang_up(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_plain, serve_usual, stop),
        cmocka_unit_test_setup_teardown(test_reply, serve_usual, stop),
        cmocka_unit_test_setup_teardown(test_head, serve_usual, stop),
        cmocka_unit_test_setup_teardown(test_etag, serve_usual, stop),
        cmocka_unit_test_setup_teardown(test_gzip, serve_usual, stop),
        cmocka_unit_test_setup_teardown(test_malformed, serve_usual, stop),
        cmocka_unit_test_setup_teardown(test_malformed_in_parts, serve_usual, stop),
        cmocka_unit_test_setup_teardown(test_methods, serve_usual, stop),
        cmocka_unit_test_setup_teardown(test_bodies, serve_usual, stop),
        cmocka_unit_test_setup_teardown(test_form, serve_usual, stop),
        cmocka_unit_test_setup_teardown(test_form_of_many_fields, serve_usual, stop),
        cmocka_unit_test_setup_teardown(test_json, serve_usual, stop),
        cmocka_unit_test_setup_teardown(test_body_in_parts, serve_usual, stop),
        cmocka_unit_test_setup_teardown(test_post_refused, serve_usual, stop),
        cmocka_unit_test_teardown(test_refusal_worded, stop),
        cmocka_unit_test_setup_teardown(test_large_bodies, serve_usual, stop),
        cmocka_unit_test_setup_teardown(test_post_replies, serve_usual, stop),
        cmocka_unit_test_setup_teardown(test_parts, serve_uploads, stop_uploads),
        cmocka_unit_test_setup_teardown(test_parts_malformed, serve_uploads, stop_uploads),
        cmocka_unit_test_setup_teardown(test_several_files, serve_uploads, stop_uploads),
        cmocka_unit_test_setup_teardown(test_file_as_body, serve_uploads, stop_uploads),
        cmocka_unit_test_teardown(test_upload_limits, stop_uploads),
        cmocka_unit_test_setup_teardown(test_large_upload, serve_uploads, stop_uploads),
        cmocka_unit_test_setup_teardown(test_upload_lost, serve_uploads_impatiently, stop_uploads),
        cmocka_unit_test_setup_teardown(test_disk_full, serve_uploads, stop_uploads),
        cmocka_unit_test_setup_teardown(test_addresses, serve_usual, stop),
        cmocka_unit_test_setup_teardown(test_long_addresses, serve_usual, stop),
        cmocka_unit_test_setup_teardown(test_hosts, serve_under_names, stop),
        cmocka_unit_test_setup_teardown(test_cross_site, serve_under_names, stop),
        cmocka_unit_test_setup_teardown(test_cross_site_posts, serve_under_names, stop),
        cmocka_unit_test_setup_teardown(test_slow, serve_impatiently, stop),
        cmocka_unit_test_setup_teardown(test_slow_enough, serve_impatiently, stop),
        cmocka_unit_test_setup_teardown(test_slow_between_replies, serve_impatiently, stop),
        cmocka_unit_test_setup_teardown(test_many, serve_usual, stop),
        cmocka_unit_test_teardown(test_limit_per_address, stop),
        cmocka_unit_test_setup_teardown(test_crowd, serve_few, stop),
        cmocka_unit_test_setup_teardown(test_crowd_is_served, serve_few, stop),
        cmocka_unit_test(test_stream_parts),
        cmocka_unit_test_setup_teardown(test_streams, serve_usual, stop),
        cmocka_unit_test_setup_teardown(test_stream_heads, serve_usual, stop),
        cmocka_unit_test_teardown(test_stream_beat, stop),
        cmocka_unit_test_teardown(test_stream_ends, stop),
        cmocka_unit_test_setup_teardown(test_stream_limits, serve_usual, stop),
        cmocka_unit_test_setup_teardown(test_stream_order, serve_usual, stop),
        cmocka_unit_test_setup_teardown(test_stream_unread, serve_impatiently, stop),
        cmocka_unit_test_setup_teardown(test_stop_streams, serve_usual, stop),
        cmocka_unit_test_teardown(test_stop_streams_under_load, stop),
        cmocka_unit_test_setup_teardown(test_workers, serve_usual, stop),
        cmocka_unit_test_setup_teardown(test_stop, serve_usual, stop),
        cmocka_unit_test_teardown(test_stop_in_time, stop),
        cmocka_unit_test_teardown(test_stop_under_load, stop),
        cmocka_unit_test_setup_teardown(test_port_in_use, serve_usual, stop),
        cmocka_unit_test(test_no_right),
        cmocka_unit_test(test_loopback_only),
        cmocka_unit_test(test_hops),
        cmocka_unit_test_teardown(test_other_loopback, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
