/* SPDX-License-Identifier: Apache-2.0 */
/*
 * live.c: tells open pages what has happened.
 */
#include "live.h"

#include <jansson.h>
#include <pthread.h>
#include <stdlib.h>

#include "data/touched.h"

struct live {
    pthread_mutex_t lock;
    struct http *http;
};

struct live *live_new(void)
{
    struct live *l = base_alloc(sizeof *l);
    pthread_mutex_init(&l->lock, NULL);
    return l;
}

void live_free(struct live *l)
{
    if (!l)
        return;
    pthread_mutex_destroy(&l->lock);
    base_free(l);
}

void live_to(struct live *l, struct http *http)
{
    pthread_mutex_lock(&l->lock);
    l->http = http;
    pthread_mutex_unlock(&l->lock);
}

static void publish(struct live *l, const char *account, const char *event, json_t *data)
{
    char *text = json_dumps(data, JSON_COMPACT);
    pthread_mutex_lock(&l->lock);
    if (l->http && text)
        http_publish(l->http, account, event, text);
    pthread_mutex_unlock(&l->lock);
    free(text);
    json_decref(data);
}

void live_changed(void *ctx, const char *account, unsigned areas)
{
    json_t *names = json_array();
    for (int i = 0; i < TOUCHED_AREAS; i++)
        if (areas >> i & 1)
            json_array_append_new(names, json_string(touched_name(i)));
    publish(ctx, account, "changed", json_pack("{s:o}", "areas", names));
}

void live_moved(void *ctx, const struct job *job)
{
    publish(ctx, job->account, "job", job_json(job));
}
