/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http_page.c: a server of one page, to measure what a request costs.
 *
 * in:     port and size of the page on the command line; SIGTERM ends it
 * out:    that many bytes of text, copied for each request as a page would be
 * knows:  http.  bench/http runs it beside a server of static files
 */
#include "web/http.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct page {
    char *at;
    size_t n;
};

static void *no_worker(void *ctx)
{
    return ctx;
}

static void keep_worker(void *worker)
{
    (void)worker;
}

static void page_answer(void *ctx, void *worker, const struct http_request *ask, struct http_reply *reply)
{
    const struct page *page = ctx;
    (void)worker;
    (void)ask;
    reply->type = "text/html; charset=utf-8";
    buf_put(&reply->body, page->at, page->n);
}

int main(int argc, char **argv)
{
    struct page page = { .n = argc > 2 ? strtoul(argv[2], NULL, 10) : 12 << 10 };
    struct http_setup setup = {
        .address = "127.0.0.1", .port = (uint16_t)(argc > 1 ? atoi(argv[1]) : 0), .threads = 2,
        .connections = 240, .connections_per_address = 240, .ctx = &page,
        .worker_new = no_worker, .worker_free = keep_worker, .answer = page_answer,
    };
    struct http *h;
    struct err err = { 0 };
    sigset_t ends;
    int which;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    sigprocmask(SIG_BLOCK, &ends, NULL);
    page.at = base_alloc(page.n);
    memset(page.at, 'x', page.n);
    if (http_start(&h, &setup, &err) < 0) {
        fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    sigwait(&ends, &which);
    http_stop(&h);
    free(page.at);
    return 0;
}
