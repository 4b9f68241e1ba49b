/* SPDX-License-Identifier: Apache-2.0 */
/*
 * times.c: how fast letters were answered, and when they arrive.
 *
 * late rate               (letters answered after the limit + letters older than it without an answer)
 *                         / letters received; those that need no answer are left out of both
 * average response time   time from each letter to its answer, summed, / letters that were answered
 *
 * A window is so many days of the market, today included; a letter belongs to the window in which it was
 * received (https://sellercentral.amazon.com/gp/help/external/200549770?language=en-US).
 */
#include "messages.h"

enum { WINDOWS = 4, DAYS_MAX = 400, CHUNK_S = 7 * 86400, QUARTER_S = 900, WEEK = 7, HOURS = 24, DAY_S = 86400 };

struct window {
    int32_t days;
    int64_t from_s;
    int64_t received, late, over, answered, took_s;
};

struct times {                                          /* of one place; without windows nothing is asked of it */
    const struct souk_ask *ask;
    const struct place *place;
    int64_t until_s;                                    /* behind the last moment that counts: now */
    struct window at[WINDOWS];                          /* by days, the longest last */
    uint32_t n;
    uint32_t arrived[HOURS][WEEK], missed[HOURS][WEEK]; /* over the longest window; Monday is 0 */
    int64_t day_from_s, day_to_s;                       /* a day of 24 hours, the last one that was asked for */
    int32_t day;
};

/* "7 30 90", or one number. */
static void windows_read(const struct souk_value *v, struct times *t)
{
    int64_t days = v->type == SOUK_COUNT ? v->num : 0;
    for (const char *c = v->type == SOUK_TEXT ? v->text.at : "";; c++) {
        if (*c >= '0' && *c <= '9' && days < DAYS_MAX) {
            days = days * 10 + (*c - '0');
            continue;
        }
        if (days > 0 && days <= DAYS_MAX && t->n < WINDOWS && (!t->n || days > t->at[t->n - 1].days))
            t->at[t->n++].days = (int32_t)days;
        days = 0;
        if (!*c)
            return;
    }
}

/* ---- counting -------------------------------------------------------------------------------------------- */

/* Row and column of the tables of hours.  Days without a change of clocks are asked for once. */
static int hour_of(struct souk_call *call, struct times *t, int64_t at_s, int *hour, int *weekday)
{
    int32_t second = (int32_t)(at_s - t->day_from_s);
    if (at_s < t->day_from_s || at_s >= t->day_to_s) {
        const char *market = t->place->now->id;
        int64_t next_s;
        int rc = call->query->local(call, market, at_s, &t->day, &second);
        if (rc >= 0)
            rc = call->query->day_start(call, market, t->day, &t->day_from_s);
        if (rc >= 0)
            rc = call->query->day_start(call, market, t->day + 1, &next_s);
        if (rc < 0)
            return rc;
        t->day_to_s = next_s - t->day_from_s == DAY_S ? next_s : t->day_from_s;
    }
    *hour = second / HOUR_S;
    *weekday = (int)(((t->day + 3) % WEEK + WEEK) % WEEK);      /* 1970-01-01 was a Thursday */
    return 0;
}

static int count_row(struct souk_call *call, struct times *t, const struct souk_rows *rows, uint32_t r, int64_t step_s)
{
    int64_t at_s = souk_num(rows, r, 0, 0) * step_s, received = souk_num(rows, r, 2, 0);
    int64_t late = souk_num(rows, r, 3, 0), over = souk_num(rows, r, 4, 0);
    int hour = 0, weekday = 0;
    if (at_s < t->at[t->n - 1].from_s)
        return 0;
    for (uint32_t i = 0; i < t->n; i++) {
        struct window *w = &t->at[i];
        if (at_s < w->from_s)
            continue;
        w->received += received;
        w->late += late;
        w->over += over;
        w->answered += souk_num(rows, r, 5, 0);
        w->took_s += souk_num(rows, r, 6, 0);
    }
    int rc = hour_of(call, t, at_s, &hour, &weekday);
    t->arrived[hour][weekday] += (uint32_t)received;
    t->missed[hour][weekday] += (uint32_t)(late + over);
    return rc;
}

/* All letters of a span, once for each limit that the markets have: mostly there is one. */
static int count_chunk(struct souk_call *call, struct times *t, uint32_t n, int64_t step_s, int64_t since_s, int64_t until_s)
{
    for (uint32_t k = 0; k < n; k++) {
        const int64_t limit_s = t[k].place->limit_s;
        struct souk_rows rows;
        uint32_t before = 0;
        while (before < k && !(t[before].n && t[before].place->limit_s == limit_s))
            before++;
        if (before < k || !t[k].n)
            continue;
        int rc = souk_query(call, &rows, "tally", { "since", souk_instant(since_s) }, { "until", souk_instant(until_s) },
                            { "limit", souk_number(SOUK_SECONDS, limit_s, 0) },
                            { "before", souk_instant(t[k].ask->now_s - limit_s) }, { "step", souk_count(step_s) });
        for (uint32_t r = 0; r < rows.n_rows && rc >= 0; r++)
            for (uint32_t i = k; i < n; i++)
                if (t[i].n && t[i].place->limit_s == limit_s && souk_is(souk_cell(&rows, r, 1), t[i].place->id)) {
                    rc = count_row(call, &t[i], &rows, r, step_s);
                    break;
                }
        if (rc < 0)
            return rc;
    }
    return 0;
}

/* Windows of a place, from the beginning of a day on: some days have 23 hours, some 25. */
static int windows_of(struct souk_call *call, struct times *t)
{
    const struct souk_market_now *now = t->place->now;
    struct souk_policy windows;
    int rc = souk_policy(call, now->id, "message.windows_days", now->today, &windows);
    if (rc < 0)
        return rc == SOUK_EABSENT ? 0 : rc;
    windows_read(&windows.value, t);
    for (uint32_t i = 0; i < t->n && rc >= 0; i++)
        rc = call->query->day_start(call, now->id, now->today - t->at[i].days + 1, &t->at[i].from_s);
    return rc;
}

static int count_all(struct souk_call *call, struct times *t, uint32_t n)
{
    int64_t since_s = INT64_MAX, until_s = 0, step_s = HOUR_S;
    int rc = 0;
    for (uint32_t i = 0; i < n; i++) {
        for (uint32_t k = 0; k < t[i].n; k++) {
            if (t[i].at[k].from_s < since_s)
                since_s = t[i].at[k].from_s;
            if (t[i].at[k].from_s % HOUR_S)
                step_s = QUARTER_S;                     /* a zone of half an hour; none is shifted by less */
        }
        until_s = t[i].until_s;
    }
    for (; since_s < until_s && rc >= 0; since_s += CHUNK_S)
        rc = count_chunk(call, t, n, step_s, since_s, since_s + CHUNK_S < until_s ? since_s + CHUNK_S : until_s);
    return rc;
}

/* ---- showing --------------------------------------------------------------------------------------------- */

static struct souk_args rows_args(const struct times *t, const struct window *w, const char *which, struct souk_arg room[6])
{
    const int64_t limit_s = t->place->limit_s;
    room[0] = (struct souk_arg){ "market", t->place->market };
    room[1] = (struct souk_arg){ "since", souk_instant(w->from_s) };
    room[2] = (struct souk_arg){ "until", souk_instant(t->until_s) };
    room[3] = (struct souk_arg){ "which", souk_text(which) };
    room[4] = (struct souk_arg){ "limit", souk_number(SOUK_SECONDS, limit_s, 0) };
    room[5] = (struct souk_arg){ "before", souk_instant(t->ask->now_s - limit_s) };
    return (struct souk_args){ room, 6, 0 };
}

static void window_put(struct souk_call *call, const struct times *t, const struct window *w, const struct souk_policy *target)
{
    const struct souk_market_now *now = t->place->now;
    const struct souk_value hours = souk_count(t->place->limit_s / HOUR_S);
    struct souk_arg room[3][6];
    const struct souk_args all = rows_args(t, w, "all", room[0]), missed = rows_args(t, w, "missed", room[1]),
                           answered = rows_args(t, w, "answered", room[2]);
    const int64_t in_time = w->received - w->late - w->over;
    const int has_target = target->value.type == SOUK_BP && w->received > 0;
    souk_section(call, "last_days", { "days", souk_count(w->days) });
    souk_stat(call, .label = SOUK_MSG("late_rate"), .value = souk_rate(w->late + w->over, w->received),
              .tone = !has_target ? SOUK_PLAIN : in_time * 10000 >= target->value.num * w->received ? SOUK_GOOD : SOUK_WATCH,
              .note = has_target ? (struct souk_msg)SOUK_MSG("target_note", { "target", target->value })
                                 : (struct souk_msg){ NULL, { 0, 0, 0 } },
              .to = SOUK_TO(.query = "received", .args = missed),
              .why = SOUK_WHY(.rows = "received", .args = missed,
                              .formula = SOUK_MSG("late_rate_why", { "late", souk_count(w->late) },
                                                  { "over", souk_count(w->over) }, { "received", souk_count(w->received) },
                                                  { "from", souk_instant(w->from_s) }, { "hours", hours }),
                              .policy = "message.answer", .market = now->id, .policy_day = now->today));
    souk_stat(call, .label = SOUK_MSG("average"),
              .value = w->answered ? souk_number(SOUK_SECONDS, (w->took_s + w->answered / 2) / w->answered, 0)
                                   : souk_key("not_available"),
              .to = SOUK_TO(.query = "received", .args = answered),
              .why = SOUK_WHY(.rows = "received", .args = answered,
                              .formula = SOUK_MSG("average_why", { "took", souk_number(SOUK_SECONDS, w->took_s, 0) },
                                                  { "answered", souk_count(w->answered) },
                                                  { "from", souk_instant(w->from_s) })));
    souk_fact(call, .label = SOUK_MSG("received"), .value = souk_count(w->received),
              .to = SOUK_TO(.query = "received", .args = all),
              .why = SOUK_WHY(.rows = "received", .args = all, .formula = SOUK_MSG("received_about")));
    souk_fact(call, .label = SOUK_MSG("missed", { "hours", hours }), .value = souk_count(w->late + w->over),
              .to = SOUK_TO(.query = "received", .args = missed),
              .why = SOUK_WHY(.rows = "received", .args = missed,
                              .formula = SOUK_MSG("missed_why", { "late", souk_count(w->late) },
                                                  { "over", souk_count(w->over) }, { "hours", hours }),
                              .policy = "message.answer", .market = now->id, .policy_day = now->today));
    souk_end(call);
}

static void heat_put(struct souk_call *call, const char *title, const char *formula, uint32_t figure[HOURS][WEEK],
                     const struct souk_args args)
{
    char hour[HOURS][6];
    struct souk_value cell[HOURS * (WEEK + 1)];
    for (int h = 0; h < HOURS; h++) {
        const char text[6] = { (char)('0' + h / 10), (char)('0' + h % 10), ':', '0', '0', 0 };
        for (int i = 0; i < 6; i++)
            hour[h][i] = text[i];
        cell[h * (WEEK + 1)] = souk_text(hour[h]);
        for (int d = 0; d < WEEK; d++)
            cell[h * (WEEK + 1) + 1 + d] = souk_count(figure[h][d]);
    }
    souk_chart(call, .kind = SOUK_HEAT, .title = { title, { 0, 0, 0 } },
               .why = SOUK_WHY(.rows = "received", .args = args, .formula = { formula, { 0, 0, 0 } }),
               .rows = { "hour:text mon:count tue:count wed:count thu:count fri:count sat:count sun:count", cell, WEEK + 1,
                         HOURS, 0, 0 });
}

static void heats_put(struct souk_call *call, struct times *t)
{
    struct souk_arg room[2][6];
    const struct window *w = &t->at[t->n - 1];
    souk_fold(call, "heat", { "days", souk_count(w->days) });
    heat_put(call, "heat_arrived", "heat_arrived_why", t->arrived, rows_args(t, w, "all", room[0]));
    if (w->late + w->over)
        heat_put(call, "heat_missed", "heat_missed_why", t->missed, rows_args(t, w, "missed", room[1]));
    souk_end(call);
}

static void times_put(struct souk_call *call, struct times *t)
{
    const struct place *place = t->place;
    const struct souk_market_now *now = place->now;
    const struct window *longest = &t->at[t->n - 1];
    struct souk_policy target, weekends;
    if (souk_policy(call, now->id, "message.target", now->today, &target) < 0)
        target.value = souk_none();
    if (*place->id)
        souk_section(call, "times_of", { "market", souk_market(place->id) });
    else
        souk_section(call, "times_no_market");
    if (longest->received) {
        if (souk_policy(call, now->id, "message.weekends_count", now->today, &weekends) == 0 && !souk_is(&weekends.value, "yes"))
            souk_alert(call, .tone = SOUK_INFO, .text = SOUK_MSG("weekends"));
        souk_columns(call);
        for (uint32_t i = 0; i < t->n; i++)
            window_put(call, t, &t->at[i], &target);
        souk_end(call);
        heats_put(call, t);
    } else {
        souk_text_line(call, .text = SOUK_MSG("times_none", { "days", souk_count(longest->days) }));
    }
    souk_end(call);
}

int times_render(struct souk_call *call, const struct souk_ask *ask, const struct places *p)
{
    struct times t[PLACES_MAX];
    int rc = 0;
    for (uint32_t i = 0; i < p->n && rc >= 0; i++) {
        t[i] = (struct times){ .ask = ask, .place = &p->at[i], .until_s = ask->now_s + 1 };
        if (p->at[i].limit_s)
            rc = windows_of(call, &t[i]);
    }
    if (rc >= 0)
        rc = count_all(call, t, p->n);
    if (rc < 0)
        return rc;
    for (uint32_t i = 0; i < p->n; i++)
        if (t[i].n && (*p->at[i].id || t[i].at[t[i].n - 1].received))
            times_put(call, &t[i]);
    souk_until(call, ask->now_s + MINUTE_S);            /* letters grow old while nobody writes */
    return 0;
}
