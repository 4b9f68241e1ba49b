/* SPDX-License-Identifier: Apache-2.0 */
/*
 * own.c: metrics as Souk counts them, from what was imported.
 *
 * Orders are counted by the day on which they were placed, in kept totals: a window costs the same at ten orders
 * and at ten million.  What these counts cannot know is said where they are shown, see metric.c.
 */
#include "health.h"

int windows_of(struct souk_call *call, const char *market, const char *key, int32_t day, int32_t window[WINDOWS])
{
    struct souk_policy line;
    int rc = souk_policy(call, market, key, day, &line), n = 0;
    if (rc < 0)
        return rc == SOUK_EABSENT ? 0 : rc;
    if (line.value.type == SOUK_COUNT) {
        window[0] = (int32_t)line.value.num;
        return 1;
    }
    for (const char *at = line.value.text.at; n < WINDOWS && *at;) {
        int32_t days = 0;
        for (; *at >= '0' && *at <= '9' && days < 10000; at++)
            days = days * 10 + (*at - '0');
        if (days)
            window[n++] = days;
        for (; *at && (*at < '0' || *at > '9'); at++)
            ;
    }
    return n;
}

static struct own window_to(const struct souk_market_now *m, int32_t window)
{
    const struct own own = { 0, 0, m->today - window + 1, m->today, -1, 0, 0, 0, 0, 0 };
    return own;
}

static void older(struct own *own, int64_t day)
{
    if (own->oldest < 0 || day < own->oldest)
        own->oldest = (int32_t)day;
}

/* ---- orders with a defect ------------------------------------------------------------------------ */

static int stars_of(struct souk_call *call, const struct souk_market_now *m, const char *key, int64_t otherwise,
                    int64_t *stars)
{
    struct souk_policy line;
    int rc = souk_policy(call, m->id, key, m->today, &line);
    *stars = rc >= 0 && line.value.type == SOUK_COUNT ? line.value.num : otherwise;
    return rc == SOUK_EABSENT ? 0 : rc;
}

int negative_stars(struct souk_call *call, const struct souk_market_now *m, int64_t *stars)
{
    return stars_of(call, m, "feedback.negative_stars", 2, stars);
}

int positive_stars(struct souk_call *call, const struct souk_market_now *m, int64_t *stars)
{
    return stars_of(call, m, "feedback.positive_stars", 4, stars);
}

int own_defects(struct souk_call *call, const struct souk_market_now *m, const char *fulfilment, int32_t window,
                struct own *own)
{
    struct souk_rows orders, defects;
    const struct souk_value market = souk_market(m->id), of = souk_text(fulfilment);
    int64_t stars, since_s;
    *own = window_to(m, window);
    int rc = negative_stars(call, m, &stars);
    if (rc >= 0)
        rc = call->query->day_start(call, m->id, own->from, &since_s);
    if (rc >= 0)
        rc = souk_query(call, &orders, "orders_placed", { "market", market }, { "fulfilment", of },
                        { "from", souk_day(own->from) }, { "to", souk_day(own->to) });
    if (rc >= 0)
        rc = souk_query(call, &defects, "defect_counts", { "market", market }, { "fulfilment", of },
                        { "from", souk_day(own->from) }, { "to", souk_day(own->to) }, { "since", souk_instant(since_s) },
                        { "stars", souk_count(stars) });
    if (rc < 0)
        return rc;
    own->den = souk_num(&orders, 0, 0, 0);
    own->num = souk_num(&defects, 0, 0, 0);
    own->feedback = souk_num(&defects, 0, 1, 0);
    own->a_to_z = souk_num(&defects, 0, 2, 0);
    own->chargebacks = souk_num(&defects, 0, 3, 0);
    own->oldest = (int32_t)souk_num(&defects, 0, 4, -1);
    return 0;
}

/* ---- orders the seller ships --------------------------------------------------------------------- */

/* Days on which what was placed on a day is late: with a cut-off hour, its first orders sooner than its last. */
static int late_days(struct souk_call *call, const char *market, int32_t day, int32_t late[2])
{
    int64_t placed[2], late_at_s;
    int32_t second;
    int rc = call->query->day_start(call, market, day, &placed[0]);
    if (rc >= 0)
        rc = call->query->day_start(call, market, day + 1, &placed[1]);
    placed[1]--;
    for (int i = 0; i < 2 && rc >= 0; i++) {
        rc = call->query->ship_by(call, market, placed[i], &late_at_s);
        if (rc >= 0)
            rc = call->query->local(call, market, late_at_s, &late[i], &second);
    }
    return rc;
}

enum { S_PLACED, S_SHIPPED, S_STATE, S_ORDERS };        /* columns of "ship_days" */

static void note_late(struct late_days *days, int32_t day, int32_t late, int64_t orders)
{
    uint32_t i = days->n ? days->n - 1 : 0;
    if (!days->n || days->at[i].day != day) {
        if (days->n < LATE_DAYS)
            days->n++;
        else
            for (uint32_t k = 1; k < LATE_DAYS; k++)
                days->at[k - 1] = days->at[k];
        i = days->n - 1;
        days->at[i].day = day;
        days->at[i].orders = 0;
    }
    days->at[i].late = late;
    days->at[i].orders += orders;
}

int own_late(struct souk_call *call, const struct souk_market_now *m, int32_t window, struct own *own, struct late_days *days)
{
    struct souk_rows rows;
    int32_t of = -1, late[2] = { 0, 0 };
    *own = window_to(m, window);
    if (days)
        days->n = 0;
    int rc = souk_query(call, &rows, "ship_days", { "market", souk_market(m->id) }, { "from", souk_day(own->from) },
                        { "to", souk_day(own->to) });
    for (uint32_t i = 0; i < rows.n_rows && rc >= 0; i++) {
        const struct souk_value *state = souk_cell(&rows, i, S_STATE);
        const int32_t placed = (int32_t)souk_num(&rows, i, S_PLACED, 0);
        const int64_t shipped = souk_num(&rows, i, S_SHIPPED, -1), orders = souk_num(&rows, i, S_ORDERS, 0);
        if (souk_is(state, "pending"))
            continue;
        if (placed != of)
            rc = late_days(call, m->id, placed, late);
        of = placed;
        own->den += orders;
        if (souk_is(state, "unshipped") && m->today >= late[1])
            own->waiting += orders;
        if (shipped < late[0])
            continue;
        if (shipped >= late[1]) {
            own->num += orders;
            older(own, placed);
            if (days)
                note_late(days, placed, late[1], orders);
        } else {
            own->unsure += orders;
        }
    }
    return rc;
}

int own_cancelled(struct souk_call *call, const struct souk_market_now *m, int32_t window, struct own *own)
{
    struct souk_rows rows;
    *own = window_to(m, window);
    int rc = souk_query(call, &rows, "ship_days", { "market", souk_market(m->id) }, { "from", souk_day(own->from) },
                        { "to", souk_day(own->to) });
    for (uint32_t i = 0; i < rows.n_rows && rc >= 0; i++) {
        const struct souk_value *state = souk_cell(&rows, i, S_STATE);
        if (souk_is(state, "pending"))
            continue;
        own->den += souk_num(&rows, i, S_ORDERS, 0);
        if (!souk_is(state, "cancelled"))
            continue;
        own->num += souk_num(&rows, i, S_ORDERS, 0);
        older(own, souk_num(&rows, i, S_PLACED, 0));
    }
    return rc;
}
