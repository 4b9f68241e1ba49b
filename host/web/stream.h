/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stream.h: open event streams (server-sent events): who listens to what, and what each has yet to get.
 *
 * in:    topics, events
 * out:   for each stream the bytes to send, in order
 * knows: the format.  Has never heard of connections, and has no lock: all calls are made under one
 *        of the caller's, who also sends, sleeps and wakes.
 *
 * Events are hints: a reader that falls behind by STREAM_WAITING bytes is ended, comes back and looks
 * for itself.
 */
#ifndef SOUK_STREAM_H
#define SOUK_STREAM_H

#include "base/base.h"

enum { STREAM_WAITING = 64 << 10 };

struct stream {
    struct stream *before, *after;
    char *topic;
    struct buf waiting;
    size_t taken;                                       /* bytes of waiting */
    int64_t beat_ms;                                    /* a comment is due, if it has nothing else to say */
    int64_t ends_ms;                                    /* no stream outlives a session for long */
    bool is_asleep;                                     /* the caller's: stream_take gave nothing and it was told to wait */
    bool is_over;                                       /* takes nothing more */
    void *owner;
};

struct stream *stream_open(struct stream **all, const char *topic, void *owner);
void stream_close(struct stream **all, struct stream *s);

/* The bytes of an event; `data` may have several lines. */
void stream_event(struct buf *out, const char *event, const char *data);
/* What is waiting already in the same words is not said twice. */
void stream_put(struct stream *s, const char *at, size_t n);
size_t stream_take(struct stream *s, char *to, size_t most);           /* 0: nothing waits */

#endif
