/* SPDX-License-Identifier: Apache-2.0 */
/*
 * calendar.c: business days of a marketplace, and when an order counts as late.
 *
 * in:     the lines "ship" of a market's policy file; days, instants
 * out:    days, counts of days, instants
 * knows:  policy, zone.  Has never heard of orders.
 */
#include "calendar.h"

#include <stdlib.h>

#include "base/zone.h"

enum { DAY_S = 86400, HANDLING_MAX = 365 };

enum what { HANDLING, CUTOFF, WEEKEND, HOLIDAYS, WHATS };

static const char *const keys[] = {
    [HANDLING] = "ship.handling_days", [CUTOFF] = "ship.cutoff", [WEEKEND] = "ship.weekend",
    [HOLIDAYS] = "ship.holidays",
};

struct rule {                                           /* one dated section */
    enum what what;
    int32_t since, until;
    int32_t number;                                     /* days; seconds; a set of weekdays */
    int32_t *day;
    size_t n_days;
};

struct calendar {
    const struct market *market;
    const struct zone *zone;
    struct rule *rule;
    size_t n_rules;
};

/* ---- reading the policy ------------------------------------------------------------------------ */

static const char *rule_read(struct arena *a, const struct policy_line *line, struct rule *r)
{
    unsigned set;
    switch (r->what) {
    case HANDLING:
        r->number = (int32_t)line->number;
        return line->type == POLICY_COUNT && line->number <= HANDLING_MAX ? NULL : "a number of days up to 365";
    case CUTOFF:
        return policy_time(line->text, &r->number) ? NULL : "a time of day such as 14:00";
    case WEEKEND:
        if (!policy_weekdays(line->text, &set))
            return "some days of the week, 1 for Monday to 7, or none";
        r->number = (int32_t)set;
        return NULL;
    default:
        return policy_days(a, line->text, &r->day, &r->n_days) ? NULL : "ascending dates such as 2026-12-25, or none";
    }
}

int calendar_open(struct calendar **out, struct policies *p, struct arena *a, const struct market *market,
                  struct err *err)
{
    struct policy_line *line;
    size_t n;
    struct calendar *c = arena_zero(a, sizeof *c);
    c->market = market;
    c->zone = zone_get(market->zone, err);
    if (!c->zone || policy_history(p, a, market->code, "ship", &line, &n, err) < 0)
        return -err->code;
    c->rule = arena_zero(a, n * sizeof *c->rule);
    for (size_t i = 0; i < n; i++) {
        enum what what = HANDLING;
        while (what < WHATS && !text_is(keys[what], line[i].key))
            what++;
        if (what == WHATS)
            continue;                                   /* about shipping, but counts no days */
        struct rule *r = &c->rule[c->n_rules++];
        *r = (struct rule){ .what = what, .since = line[i].since, .until = line[i].until };
        const char *wanted = rule_read(a, &line[i], r);
        if (wanted)
            return err_set(err, ERR_CONF, "%s:%d: the value of %s is to be %s.", line[i].file, line[i].line,
                           line[i].key, wanted);
    }
    *out = c;
    return 0;
}

/* The section that counts on a day: the one that began last; NULL when there is none. */
static const struct rule *rule_on(const struct calendar *c, enum what what, int32_t day)
{
    const struct rule *best = NULL;
    for (const struct rule *r = c->rule; r < c->rule + c->n_rules; r++)
        if (r->what == what && r->since <= day && day <= r->until && (!best || r->since >= best->since))
            best = r;
    return best;
}

/* ---- days -------------------------------------------------------------------------------------- */

static int by_day(const void *a, const void *b)
{
    const int32_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

bool calendar_is_business(const struct calendar *c, int32_t day)
{
    const struct rule *weekend = rule_on(c, WEEKEND, day), *holidays = rule_on(c, HOLIDAYS, day);
    if (weekend && weekend->number & 1 << day_weekday(day))
        return false;
    return !holidays || !bsearch(&day, holidays->day, holidays->n_days, sizeof day, by_day);
}

int32_t calendar_business_day(const struct calendar *c, int32_t day, int64_t n)
{
    for (int64_t left = n; left > 0; left -= calendar_is_business(c, day))
        day++;
    while (!calendar_is_business(c, day))               /* only where n is 0 */
        day++;
    return day;
}

int64_t calendar_business_days(const struct calendar *c, int32_t from, int32_t to)
{
    int64_t n = 0;
    for (int32_t day = from; day < to; n += calendar_is_business(c, day))
        day++;
    return n;
}

/* ---- orders ------------------------------------------------------------------------------------ */

/* The day on which an order counts as placed: its own, or a neighbour by the cutoff. */
static int32_t day_placed(const struct calendar *c, int32_t day, int64_t purchased_s)
{
    const struct rule *cutoff = rule_on(c, CUTOFF, day);
    int64_t second = purchased_s + zone_offset_s(c->zone, purchased_s) - (int64_t)day * DAY_S;
    if (!cutoff)
        return day;
    if (cutoff->number <= DAY_S)
        return second >= cutoff->number ? day + 1 : day;
    return second < cutoff->number - DAY_S ? day - 1 : day;
}

int calendar_late_at(const struct calendar *c, int64_t purchased_s, int64_t *late_at_s, struct err *err)
{
    static const int64_t most_s = (int64_t)DAY_S * 2932896;     /* the year 9999 */
    if (purchased_s < -most_s || purchased_s > most_s)
        return err_set(err, ERR_INPUT, "No order can be placed at the instant %lld.", (long long)purchased_s);
    int32_t day = zone_day(c->zone, purchased_s);
    const struct rule *handling = rule_on(c, HANDLING, day);
    if (!handling)
        return err_set(err, ERR_ABSENT, "The policy file of %s says nothing about %s on the day of the order.",
                       c->market->name, keys[HANDLING]);
    day = calendar_business_day(c, day_placed(c, day, purchased_s), handling->number);
    *late_at_s = zone_day_start(c->zone, day + 1);
    return 0;
}

int calendar_ship_by(struct policies *p, struct arena *a, const struct market *market, int64_t purchased_s,
                     int64_t *late_at_s, struct err *err)
{
    struct calendar *c;
    int rc = calendar_open(&c, p, a, market, err);
    return rc < 0 ? rc : calendar_late_at(c, purchased_s, late_at_s, err);
}
