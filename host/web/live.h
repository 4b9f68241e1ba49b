/* SPDX-License-Identifier: Apache-2.0 */
/*
 * live.h: tells open pages what has happened, so that they look again.
 *
 * in:     changes and jobs, from whatever thread they happen on
 * out:    events "changed" {"areas": ["orders", ...]} and "job" {"job": 7, "state": "runs", ...}, on the topic that
 *         is called like the account; they hold nothing that a page does not ask for again
 * knows:  http, jobs.  Has never heard of widgets.
 */
#ifndef SOUK_LIVE_H
#define SOUK_LIVE_H

#include "flow/jobs.h"
#include "web/http.h"

struct live;

struct live *live_new(void);
void live_free(struct live *l);
/* From the server's start until before its end; NULL: nobody listens. */
void live_to(struct live *l, struct http *http);

/* Fit struct jobs_setup; ctx is the live. */
void live_changed(void *ctx, const char *account, unsigned areas);
void live_moved(void *ctx, const struct job *job);

#endif
