/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stream.c: see stream.h.
 */
#include "web/stream.h"

#include <string.h>

struct stream *stream_open(struct stream **all, const char *topic, void *owner)
{
    struct stream *s = base_alloc(sizeof *s);
    s->topic = base_text(topic);
    s->owner = owner;
    s->after = *all;
    if (s->after)
        s->after->before = s;
    *all = s;
    return s;
}

void stream_close(struct stream **all, struct stream *s)
{
    *(s->before ? &s->before->after : all) = s->after;
    if (s->after)
        s->after->before = s->before;
    buf_free(&s->waiting);
    base_free(s->topic);
    base_free(s);
}

void stream_event(struct buf *out, const char *event, const char *data)
{
    buf_printf(out, "event: %.*s\n", (int)strcspn(event, "\r\n"), event);
    for (const char *at = data; ; at++) {
        size_t n = strcspn(at, "\r\n");
        buf_printf(out, "data: %.*s\n", (int)n, at);
        at += n;
        at += at[0] == '\r' && at[1] == '\n';
        if (!*at)
            break;
    }
    buf_char(out, '\n');
}

static bool is_waiting(const struct stream *s, const char *at, size_t n)
{
    const char *from = s->waiting.at + s->taken, *end = s->waiting.at + s->waiting.len;
    for (const char *found = from; found < end && (found = memmem(found, (size_t)(end - found), at, n)); found++)
        if (found == from || found[-1] == '\n')         /* not within the data of another */
            return true;
    return false;
}

void stream_put(struct stream *s, const char *at, size_t n)
{
    size_t waiting = s->waiting.len - s->taken;
    if (s->is_over || (waiting && is_waiting(s, at, n)))
        return;
    if (waiting + n <= STREAM_WAITING) {
        buf_put(&s->waiting, at, n);
        return;
    }
    buf_clear(&s->waiting);
    s->taken = 0;
    s->is_over = true;
}

size_t stream_take(struct stream *s, char *to, size_t most)
{
    size_t n = s->waiting.len - s->taken;
    if (n > most)
        n = most;
    if (n)
        memcpy(to, s->waiting.at + s->taken, n);
    s->taken += n;
    if (s->taken == s->waiting.len) {
        buf_clear(&s->waiting);
        s->taken = 0;
    }
    return n;
}
