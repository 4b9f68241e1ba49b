/* SPDX-License-Identifier: Apache-2.0 */
/*
 * policy_check.c: the policies that Souk reads, and whether the files have them.
 *
 * in:     the lines of all policy files, the day
 * out:    findings: a place and a sentence each
 * knows:  policy, market, and the names, kinds and ranges of policies.  Not what they are used for.
 */
#include "policy_check.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/value.h"
#include "market.h"

enum { HOUR_S = 3600, DAY_S = 86400, YEAR_DAYS = 366, AHEAD_DAYS = 31 };

/* "less than": strictly below the limit passes.  "at least": the limit itself passes, too. */
const struct policy_key policy_keys[] = {
    { "ship.handling_days",          KIND_COUNT,    0, 365, "business days until an order must be confirmed as shipped" },
    { "ship.cutoff",                 KIND_TIME,     0, 0, "from when on an order counts as placed on the next day" },
    { "ship.weekend",                KIND_WEEKDAYS, 0, 0, "days of the week that are no business days" },
    { "ship.holidays",               KIND_DAYS,     0, 0, "days that are no business days" },
    { "unconfirmed.cancel_days",     KIND_COUNT,    1, 90, "days after the ship-by day until an order is cancelled" },
    { "order.pending_hours",         KIND_COUNTS,   1, 1000, "ages by which pending orders are grouped" },

    { "defect.limit",                KIND_SHARE,    1, 10000, "order defect rate: less than" },
    { "defect.window_days",          KIND_COUNT,    1, 400, "days of the order defect rate" },
    { "late.limit",                  KIND_SHARE,    1, 10000, "late shipment rate: less than" },
    { "late.windows_days",           KIND_COUNTS,   1, 400, "days of the late shipment rate" },
    { "cancel.limit",                KIND_SHARE,    1, 10000, "cancel rate before shipment: less than" },
    { "cancel.windows_days",         KIND_COUNTS,   1, 400, "days of the cancel rate" },
    { "cancel.automatic_counts",     KIND_YES_NO,   0, 0, "whether automatic cancels count" },
    { "tracking.limit",              KIND_SHARE,    1, 10000, "valid tracking rate: at least" },
    { "tracking.windows_days",       KIND_COUNTS,   1, 400, "days of the valid tracking rate" },
    { "tracking.lag_days",           KIND_COUNT,    0, 400, "days by which its window ends earlier" },
    { "tracking.binding",            KIND_YES_NO,   0, 0, "whether missing it has consequences" },
    { "delivery.limit",              KIND_SHARE,    1, 10000, "on-time delivery rate: at least" },
    { "delivery.window_days",        KIND_COUNT,    1, 400, "days of the on-time delivery rate" },
    { "delivery.lag_days",           KIND_COUNT,    0, 400, "days by which its window ends earlier" },
    { "delivery.least_units",        KIND_COUNT,    1, 100000, "units below which it is not judged" },
    { "delivery.binding",            KIND_YES_NO,   0, 0, "whether missing it has consequences" },

    { "rating.healthy",              KIND_COUNT,    0, 1000, "account health rating: healthy from here" },
    { "rating.at_risk",              KIND_COUNT,    0, 1000, "at risk from here" },
    { "rating.unhealthy",            KIND_COUNT,    0, 1000, "unhealthy from here" },
    { "rating.start",                KIND_COUNT,    0, 1000, "with which an account starts" },
    { "rating.window_days",          KIND_COUNT,    1, 400, "days of the rating" },

    { "message.answer",              KIND_SPAN,     HOUR_S, 30 * DAY_S, "time to answer a message of a buyer" },
    { "message.windows_days",        KIND_COUNTS,   1, 400, "days of the answering figures" },
    { "message.weekends_count",      KIND_YES_NO,   0, 0, "whether weekends and holidays count" },
    { "message.target",              KIND_SHARE,    1, 10000, "share answered in time: at least, an advice" },

    { "feedback.windows_days",       KIND_COUNTS,   1, 400, "days of the feedback table" },
    { "feedback.positive_stars",     KIND_COUNT,    1, 5, "positive: so many stars or more" },
    { "feedback.negative_stars",     KIND_COUNT,    1, 5, "negative: so many stars or fewer" },

    { "claim.answer",                KIND_SPAN,     HOUR_S, 60 * DAY_S, "time to answer about an A-to-z claim" },
    { "claim.appeal_days",           KIND_COUNT,    1, 400, "days to appeal against a granted claim" },
    { "claim.extra_request",         KIND_SPAN,     HOUR_S, 60 * DAY_S, "time to answer a further question" },
    { "claim.reversal_days",         KIND_COUNT,    0, 400, "days until a won appeal shows" },
    { "buyer.contact_first",         KIND_SPAN,     HOUR_S, 60 * DAY_S, "time a buyer must wait before a claim" },
    { "return.answer",               KIND_SPAN,     HOUR_S, 60 * DAY_S, "time to answer a return request" },
    { "chargeback.answer",           KIND_SPAN,     HOUR_S, 60 * DAY_S, "time to answer a chargeback" },

    { "settlement.days",             KIND_COUNT,    1, 90, "days of a settlement cycle" },
    { "transfer.bank_days",          KIND_COUNT,    0, 60, "business days until a transfer arrives" },
    { "reserve.days_after_delivery", KIND_COUNT,    0, 120, "full days after delivery until money is free" },
    { "deposit.hold_days",           KIND_COUNT,    0, 60, "days transfers wait after a new deposit method" },
    { "listing.effect",              KIND_SPAN,     0, 30 * DAY_S, "time until a new listing status shows" },

    { "plan.item_fee",               KIND_DECIMAL,  0, 1000000, "Individual plan: for each unit sold" },
    { "plan.month_fee",              KIND_DECIMAL,  0, 10000000, "Professional plan: for each month" },

    { "promotion.percent_min",       KIND_SHARE,    1, 10000, "the least a percentage-off promotion takes off" },
    { "promotion.percent_max",       KIND_SHARE,    1, 10000, "the most it takes off" },
    { "promotion.tiers",             KIND_COUNT,    1, 100, "the most tiers of a promotion" },
    { "promotion.start_delay",       KIND_SPAN,     0, 30 * DAY_S, "time from saving to the earliest start" },
    { "deal.min_stars",              KIND_DECIMAL,  0, 500, "stars of the seller for deals: at least" },
    { "deal.min_ratings",            KIND_COUNT,    0, 100000, "ratings in a month for deals: at least" },
    { "deal.product_min_stars",      KIND_DECIMAL,  0, 500, "stars of the product for deals: at least" },
    { "deal.lightning_hours",        KIND_COUNTS,   1, 1000, "the least and the most hours of a lightning deal" },
    { NULL, KIND_COUNT, 0, 0, NULL },
};

/* Where both have a plain number: the first is not above the second. */
static const struct { const char *low, *high; } pairs[] = {
    { "rating.unhealthy", "rating.at_risk" },
    { "rating.at_risk", "rating.healthy" },
    { "feedback.negative_stars", "feedback.positive_stars" },
    { "promotion.percent_min", "promotion.percent_max" },
};

/* Prices, which no other marketplace's page could stand for: where none is known there is no line. */
static const char *const optional[] = { "plan.item_fee", "plan.month_fee" };

static bool is_optional(const char *key)
{
    for (size_t i = 0; i < COUNT_OF(optional); i++)
        if (text_is(optional[i], key))
            return true;
    return false;
}

const struct policy_key *policy_key_find(const char *key)
{
    for (const struct policy_key *k = policy_keys; k->key; k++)
        if (text_is(k->key, key))
            return k;
    return NULL;
}

const char *policy_key_like(const char *word)
{
    const char *best = NULL;
    for (const struct policy_key *k = policy_keys; k->key; k++)
        best = text_nearer(word, best, k->key);
    return best;
}

/* ---- values ------------------------------------------------------------------------------------ */

const char *policy_kind_words(enum policy_kind kind)
{
    static const char *const words[] = {
        [KIND_COUNT] = "a whole number", [KIND_COUNTS] = "ascending whole numbers such as 7 30 90",
        [KIND_SHARE] = "a share such as 2.5 %", [KIND_DECIMAL] = "a number such as 3.5",
        [KIND_SPAN] = "a time such as 24h or 3d", [KIND_TIME] = "a time of day such as 14:00",
        [KIND_YES_NO] = "yes or no", [KIND_WEEKDAYS] = "days of the week such as 6 7 (1 is Monday), or none",
        [KIND_DAYS] = "ascending dates such as 2026-12-25 2026-12-26, or none",
    };
    return words[kind];
}

static bool is_within(const struct policy_key *key, int64_t number)
{
    return number >= key->least && number <= key->most;
}

static bool counts_fit(struct arena *a, const struct policy_key *key, const char *text)
{
    int64_t *count;
    size_t n;
    if (!policy_counts(a, text, &count, &n))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!is_within(key, count[i]) || (i && count[i] <= count[i - 1]))
            return false;
    return true;
}

bool policy_value_fits(struct arena *a, const struct policy_key *key, const struct policy_line *line)
{
    int64_t hundredths;
    int32_t second, *day;
    unsigned set;
    size_t n;
    switch (key->kind) {
    case KIND_COUNT:    return line->type == POLICY_COUNT && is_within(key, line->number);
    case KIND_SHARE:    return line->type == POLICY_BP && is_within(key, line->number);
    case KIND_SPAN:     return line->type == POLICY_SECONDS && is_within(key, line->number);
    case KIND_DECIMAL:  return (line->type == POLICY_DECIMAL || line->type == POLICY_COUNT) &&
                               decimal_to_minor(line->number, line->places, 2, &hundredths) &&
                               is_within(key, hundredths);
    case KIND_COUNTS:   return counts_fit(a, key, line->text);
    case KIND_TIME:     return policy_time(line->text, &second);
    case KIND_YES_NO:   return text_is(line->text, "yes") || text_is(line->text, "no");
    case KIND_WEEKDAYS: return policy_weekdays(line->text, &set);
    case KIND_DAYS:     return policy_days(a, line->text, &day, &n);
    }
    return false;
}

/* ---- findings ---------------------------------------------------------------------------------- */

struct check {
    struct arena *a;
    struct policies *p;
    int32_t today;
    struct policy_finding *at;
    size_t n, room;
};

PRINTF_LIKE(5, 6)
static void found(struct check *c, bool is_warning, const char *file, int line, const char *format, ...)
{
    char text[600];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (c->n == c->room) {
        c->room = c->room ? c->room * 2 : 32;
        struct policy_finding *more = arena_alloc(c->a, c->room * sizeof *more);
        if (c->n)
            memcpy(more, c->at, c->n * sizeof *more);
        c->at = more;
    }
    c->at[c->n++] = (struct policy_finding){ is_warning, arena_text(c->a, file), line, arena_text(c->a, text) };
}

static const char *day_text(struct check *c, int32_t day)
{
    struct buf text = { 0 };
    buf_day(&text, day);
    const char *kept = arena_text(c->a, buf_str(&text));
    buf_free(&text);
    return kept;
}

static void check_line(struct check *c, const struct policy_line *l)
{
    const struct policy_key *key = policy_key_find(l->key);
    if (!key) {
        const char *near = policy_key_like(l->key);
        found(c, true, l->file, l->line, "Souk does not read [%s]%s%s%s.", l->key, near ? "; did you mean [" : "",
              near ? near : "", near ? "]?" : "; a plugin of your own may");
    } else if (!policy_value_fits(c->a, key, l)) {
        found(c, false, l->file, l->line, "the value of %s is to be %s%s, not '%.60s'.", l->key, policy_kind_words(key->kind),
              key->least < key->most ? ", of a likely size" : "", l->text);
    }
    if (!text_starts(l->source, "https://") && !text_starts(l->source, "http://") && !text_starts(l->source, "default of Souk"))
        found(c, false, l->file, l->line, "the source of %s is neither an address nor a 'default of Souk'.", l->key);
    if (l->checked > c->today + 1)                      /* it is tomorrow somewhere */
        found(c, false, l->file, l->line, "%s was checked on %s, which is still to come.", l->key, day_text(c, l->checked));
    else if (l->checked < c->today - YEAR_DAYS)
        found(c, true, l->file, l->line, "%s was compared with its source more than a year ago, on %s: look whether it still"
              " holds.", l->key, day_text(c, l->checked));
}

static int by_since(const void *a, const void *b)
{
    const struct policy_line *x = a, *y = b;
    return x->since != y->since ? (x->since < y->since ? -1 : 1) : x->line - y->line;
}

/* The sections of one key: neither over each other nor with days between, and one that holds today. */
static void check_dates(struct check *c, const char *file, const char *key, struct policy_line *l, size_t n)
{
    bool holds = false;
    qsort(l, n, sizeof *l, by_since);
    for (size_t i = 0; i < n; i++) {
        holds |= l[i].since <= c->today && c->today <= l[i].until;
        if (i + 1 == n)
            break;
        if (l[i].until == INT32_MAX)
            found(c, false, file, l[i].line, "%s of line %d also holds from %s on: give this one an until before it.",
                  key, l[i + 1].line, day_text(c, l[i + 1].since));
        else if (l[i].until >= l[i + 1].since)
            found(c, false, file, l[i].line, "%s holds until %s, but that of line %d already from %s on.", key,
                  day_text(c, l[i].until), l[i + 1].line, day_text(c, l[i + 1].since));
        else if (l[i].until + 1 < l[i + 1].since)
            found(c, false, file, l[i].line, "%s holds until %s, and that of line %d only from %s on: what holds between?",
                  key, day_text(c, l[i].until), l[i + 1].line, day_text(c, l[i + 1].since));
    }
    const struct policy_line *last = &l[n - 1];
    if (!holds)
        found(c, false, file, last->line, "%s has no section that holds on %s.", key, day_text(c, c->today));
    else if (last->until != INT32_MAX && last->until < c->today + AHEAD_DAYS)
        found(c, true, file, last->line, "%s ends on %s, and nothing follows.", key, day_text(c, last->until));
}

static const struct policy_line *line_today(const struct check *c, const struct policy_line *l, size_t n, const char *key)
{
    for (size_t i = 0; i < n; i++)
        if (text_is(l[i].key, key) && l[i].since <= c->today && c->today <= l[i].until)
            return &l[i];
    return NULL;
}

static void check_pairs(struct check *c, const struct policy_line *l, size_t n)
{
    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        const struct policy_line *low = line_today(c, l, n, pairs[i].low), *high = line_today(c, l, n, pairs[i].high);
        if (low && high && low->type == high->type && low->number > high->number)
            found(c, false, low->file, low->line, "%s (%s) lies above %s (%s).", low->key, low->text, high->key, high->text);
    }
}

/* A calendar that has run out says that every day is a business day. */
static void check_calendar(struct check *c, const struct policy_line *l, size_t n)
{
    const struct policy_line *holidays = line_today(c, l, n, "ship.holidays");
    int32_t *day;
    size_t days;
    if (holidays && policy_days(c->a, holidays->text, &day, &days) && days && day[days - 1] < c->today + AHEAD_DAYS)
        found(c, true, holidays->file, holidays->line, "the last day of ship.holidays is %s: add those that follow.",
              day_text(c, day[days - 1]));
}

static int by_line(const void *a, const void *b)
{
    const struct policy_finding *x = a, *y = b;
    return x->line - y->line;
}

static void check_lines(struct check *c, const char *file, struct policy_line *l, size_t n)
{
    struct policy_line *of = arena_alloc(c->a, (n + 1) * sizeof *of);
    size_t first = c->n;
    for (size_t i = 0; i < n; i++) {
        size_t dated = 0;
        check_line(c, &l[i]);
        for (size_t k = 0; k < n; k++)
            if (text_is(l[k].key, l[i].key))
                of[dated++] = l[k];
        if (of[0].line == l[i].line)                    /* once for each key */
            check_dates(c, file, l[i].key, of, dated);
    }
    for (const struct policy_key *k = policy_keys; k->key; k++) {
        size_t i = 0;
        while (i < n && !text_is(l[i].key, k->key))
            i++;
        if (i == n && !is_optional(k->key))
            found(c, false, file, 0, "there is no [%s] (%s).", k->key, k->meaning);
    }
    check_pairs(c, l, n);
    check_calendar(c, l, n);
    if (c->n > first)
        qsort(c->at + first, c->n - first, sizeof *c->at, by_line);
}

/* "policies/DE.ini:12: since is ...": the place and the rest. */
static void found_fault(struct check *c, const char *file, const char *fault)
{
    int line = 0;
    size_t n = strlen(file);
    if (!strncmp(fault, file, n) && fault[n] == ':') {
        char *end;
        line = (int)strtol(fault + n + 1, &end, 10);
        fault = end + strspn(end, ": ");
    }
    found(c, false, file, line, "%s", fault);
}

static void check_market(struct check *c, const struct market *m)
{
    const char *file = arena_printf(c->a, "%s/%s.ini", policies_folder(c->p), m->code), *const *fault;
    struct policy_line *l;
    struct err err = { 0 };
    size_t n;
    int faults = policy_faults(c->p, c->a, m->code, &fault);
    if (access(file, F_OK) < 0) {
        found(c, false, file, 0, "there is no policy file for %s.", m->name);
        return;
    }
    for (int i = 0; i < faults; i++)
        found_fault(c, file, fault[i]);
    if (!faults && policy_history(c->p, c->a, m->code, NULL, &l, &n, &err) == 0)
        check_lines(c, file, l, n);
}

static int check_strays(struct check *c, struct err *err)
{
    const char *folder = policies_folder(c->p);
    DIR *dir = opendir(folder);
    if (!dir)
        return err_set(err, ERR_IO, "The folder of policy files %s cannot be read: %s.", folder, strerror(errno));
    for (struct dirent *e; (e = readdir(dir));) {
        const struct market *m;
        size_t n = strlen(e->d_name);
        if (e->d_name[0] == '.' || !text_ends(e->d_name, ".ini"))
            continue;
        m = market_find(arena_textn(c->a, e->d_name, n - 4));
        if (!m || strlen(m->code) != n - 4 || strncmp(m->code, e->d_name, n - 4) != 0)
            found(c, true, arena_printf(c->a, "%s/%s", folder, e->d_name), 0, "no marketplace has this code, so it is not read.");
    }
    closedir(dir);
    return 0;
}

int policy_check(struct policies *p, struct arena *a, int32_t today, struct policy_finding **out, size_t *n,
                 struct err *err)
{
    struct check c = { .a = a, .p = p, .today = today };
    for (const struct market *m = markets; m->id; m++)
        check_market(&c, m);
    int rc = check_strays(&c, err);
    *out = c.at;
    *n = c.n;
    return rc;
}
