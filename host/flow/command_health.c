/* SPDX-License-Identifier: Apache-2.0 */
/*
 * command_health.c: feedback of buyers, and what the marketplace's account health page says, typed in.
 *
 * in:     orders, counts, a rating, the figures of a metric
 * out:    feedback, feedback_count, health, health_metric; notices of what became worse or better
 * knows:  health.  Computes no rating: the marketplace does not say how it does.
 */
#include "command_in.h"

#include <string.h>

#include "base/zone.h"
#include "data/health.h"

static const struct souk_choice windows[] = {
    { "d30", "window.d30" }, { "d90", "window.d90" }, { "d365", "window.d365" }, { "lifetime", "window.lifetime" },
};

static const struct souk_choice metrics[] = {
    { "defect", "metric.defect" }, { "late", "metric.late" }, { "cancel", "metric.cancel" },
    { "tracking", "metric.tracking" }, { "delivery", "metric.delivery" }, { "invoice", "metric.invoice" },
};

static const struct souk_choice fulfilments[] = {
    { "seller", "fulfilment.seller" }, { "marketplace", "fulfilment.marketplace" },
};

static const struct souk_choice statuses[] = {
    { "good", "health.good" }, { "fair", "health.fair" }, { "bad", "health.bad" }, { "none", "health.none" },
};

static const struct souk_field respond_fields[] = {
    FIELD(LINE, "order", NEEDED, MOST(KEY_LETTERS)),
    FIELD(AREA, "response", NEEDED, MOST(BODY_LETTERS)),
};

static const struct souk_field order_fields[] = {
    FIELD(LINE, "order", NEEDED, MOST(KEY_LETTERS)),
};

static const struct souk_field count_fields[] = {
    FIELD(MARKET, "market", NEEDED),
    FIELD(DAY, "day", OPTIONAL),
    FIELD(ONE_OF, "window", NEEDED, CHOICES(windows)),
    FIELD(COUNT, "positive", NEEDED, MOST(COUNT_MOST)),
    FIELD(COUNT, "neutral", NEEDED, MOST(COUNT_MOST)),
    FIELD(COUNT, "negative", NEEDED, MOST(COUNT_MOST)),
    FIELD(LINE, "stars", OPTIONAL, MOST(4), .about = "field.stars.about"),
};

static const struct souk_field rating_fields[] = {
    FIELD(MARKET, "market", NEEDED),
    FIELD(COUNT, "rating", NEEDED, MOST(1000)),
    FIELD(LINE, "status", OPTIONAL, MOST(KEY_LETTERS), .about = "field.status.about"),
    FIELD(INSTANT, "at", OPTIONAL, .zone_of = "market"),
};

static const struct souk_field metric_fields[] = {
    FIELD(MARKET, "market", NEEDED),
    FIELD(ONE_OF, "metric", NEEDED, CHOICES(metrics)),
    FIELD(ONE_OF, "fulfilment", OPTIONAL, CHOICES(fulfilments)),
    FIELD(INSTANT, "at", OPTIONAL, .zone_of = "market"),
    FIELD(COUNT, "num", OPTIONAL, MOST(COUNT_MOST)),
    FIELD(COUNT, "den", OPTIONAL, MOST(COUNT_MOST)),
    FIELD(COUNT, "claims", OPTIONAL, MOST(COUNT_MOST)),
    FIELD(COUNT, "chargebacks", OPTIONAL, MOST(COUNT_MOST)),
    FIELD(COUNT, "negative", OPTIONAL, MOST(COUNT_MOST)),
    FIELD(PERCENT, "rate", OPTIONAL, MOST(10000)),
    FIELD(PERCENT, "target", OPTIONAL, MOST(10000)),
    FIELD(ONE_OF, "status", OPTIONAL, CHOICES(statuses)),
    FIELD(INSTANT, "from", OPTIONAL, .zone_of = "market"),
    FIELD(INSTANT, "to", OPTIONAL, .zone_of = "market"),
};

/* ---- feedback --------------------------------------------------------------------------------- */

static int feedback_change(struct doing *d, const struct feedback_row *row, struct err *err)
{
    if (!feedback_is_known(d->db, row->order_id))
        return doing_refuse(d, "order", err, ERR_ABSENT, "There is no feedback for the order %s.", row->order_id);
    d->ref = arena_printf(d->a, "order:%s", row->order_id);
    int rc = feedback_put(&d->to, row, err);
    return rc < 0 ? rc : 0;
}

static int run_respond(struct doing *d, const struct souk_args *args, struct err *err)
{
    const struct feedback_row row = { .order_id = arg_text(args, "order"), .response = arg_text(args, "response") };
    say(d, "done.feedback.respond");
    return feedback_change(d, &row, err);
}

static int run_removal(struct doing *d, const struct souk_args *args, struct err *err)
{
    const struct feedback_row row = { .order_id = arg_text(args, "order"), .removal_s = d->now_s };
    say(d, "done.feedback.removal");
    return feedback_change(d, &row, err);
}

static int run_removed(struct doing *d, const struct souk_args *args, struct err *err)
{
    const struct feedback_row row = { .order_id = arg_text(args, "order"), .removed_s = d->now_s };
    say(d, "done.feedback.removed");
    return feedback_change(d, &row, err);
}

static int today_in(struct doing *d, const struct market *m, int32_t *day, struct err *err)
{
    const struct zone *zone = zone_get(m->zone, err);
    if (!zone)
        return -err->code;
    *day = zone_day(zone, d->now_s);
    return 0;
}

/* "4.8" or "4,75" in hundredths; refused when it is not between 1 and 5. */
static int stars_arg(struct doing *d, const struct souk_args *args, struct number *stars_100, struct err *err)
{
    const char *text = arg_text(args, "stars");
    int64_t n;
    int places;
    *stars_100 = (struct number){ false, 0 };
    if (!arg_is_told(args, "stars"))
        return 0;
    bool is_one = decimal_parse(text, strlen(text), strchr(text, ',') ? ',' : '.', &n, &places) && places <= 2;
    for (; is_one && places < 2; places++)
        n *= 10;
    if (!is_one || n < 100 || n > 500)
        return doing_refuse(d, "stars", err, ERR_INPUT, "'%.20s' are no stars: write a number from 1 to 5 such as 4.8.", text);
    *stars_100 = TOLD(n);
    return 0;
}

static int run_counts(struct doing *d, const struct souk_args *args, struct err *err)
{
    static const struct { const char *name; int64_t days; } window[] = {
        { "d30", 30 }, { "d90", 90 }, { "d365", 365 }, { "lifetime", 0 },
    };
    const struct market *m = market_by_id(arg_text(args, "market"));
    struct feedback_count_row row = {
        .market = m, .positive = arg_int(args, "positive", 0), .neutral = arg_int(args, "neutral", 0),
        .negative = arg_int(args, "negative", 0), .source = d->source,
    };
    int32_t today;
    int rc = today_in(d, m, &today, err);
    if (rc < 0)
        return rc;
    rc = stars_arg(d, args, &row.stars_100, err);
    if (rc < 0)
        return rc;
    row.day = (int32_t)arg_int(args, "day", today);
    if (row.day > today)
        return doing_refuse(d, "day", err, ERR_INPUT, "The table cannot be of a day that has not come yet.");
    for (size_t i = 0; i < COUNT_OF(window); i++)
        if (text_is(window[i].name, arg_text(args, "window")))
            row.window_days = window[i].days;
    d->ref = arena_printf(d->a, "market:%s", m->code);
    say(d, "done.feedback.counts", { "market", souk_text(m->name) });
    rc = feedback_count_put(&d->to, &row, err);
    return rc < 0 ? rc : 0;
}

/* ---- account health --------------------------------------------------------------------------- */

/* As of when the figures are: not of later. */
static int as_of(struct doing *d, const struct souk_args *args, int64_t *at_s, struct err *err)
{
    *at_s = arg_int(args, "at", d->now_s);
    return *at_s <= d->now_s ? 0
           : doing_refuse(d, "at", err, ERR_INPUT, "The figures cannot be of a moment that has not come yet.");
}

static int run_rating(struct doing *d, const struct souk_args *args, struct err *err)
{
    const struct market *m = market_by_id(arg_text(args, "market"));
    int64_t at_s, rating = arg_int(args, "rating", 0);
    int rc = as_of(d, args, &at_s, err);
    if (rc < 0)
        return rc;
    const struct health_row row = {
        .market = m, .at_s = at_s, .rating_status = arg_is_told(args, "status") ? arg_text(args, "status") : NULL,
        .rating = TOLD(rating), .source = d->source,
    };
    d->ref = arena_printf(d->a, "market:%s", m->code);
    say(d, "done.health.rating", { "market", souk_text(m->name) }, { "rating", souk_count(rating) });
    rc = health_put(&d->to, &row, err);
    if (rc >= 0)
        rc = health_compare(&d->to, m, at_s, err);
    return rc < 0 ? rc : 0;
}

static struct number told_arg(const struct souk_args *args, const char *name, int64_t times)
{
    return arg_is_told(args, name) ? TOLD(arg_int(args, name, 0) * times) : (struct number){ false, 0 };
}

static int check_metric(struct doing *d, const struct souk_args *args, struct err *err)
{
    static const char *const parts[] = { "claims", "chargebacks", "negative" };
    int64_t num = arg_int(args, "num", 0);
    if (!arg_is_told(args, "num") && !arg_is_told(args, "rate"))
        return doing_refuse(d, "num", err, ERR_INPUT, "Say how many there were, or the rate, or both.");
    if (arg_is_told(args, "den") && !arg_is_told(args, "num"))
        return doing_refuse(d, "num", err, ERR_INPUT, "Say how many of the %lld there were.",
                            (long long)arg_int(args, "den", 0));
    if (arg_is_told(args, "den") && num > arg_int(args, "den", 0))
        return doing_refuse(d, "num", err, ERR_INPUT, "%lld of %lld cannot be.", (long long)num,
                            (long long)arg_int(args, "den", 0));
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        if (arg_is_told(args, parts[i]) && !text_is(arg_text(args, "metric"), "defect"))
            return doing_refuse(d, parts[i], err, ERR_INPUT, "Only the order defect rate has parts.");
        if (arg_is_told(args, parts[i]) && arg_is_told(args, "num") && arg_int(args, parts[i], 0) > num)
            return doing_refuse(d, parts[i], err, ERR_INPUT, "A part cannot be more than the %lld orders with a defect.",
                                (long long)num);
    }
    if (arg_is_told(args, "from") && arg_is_told(args, "to") && arg_int(args, "from", 0) > arg_int(args, "to", 0))
        return doing_refuse(d, "to", err, ERR_INPUT, "The window ends before it begins.");
    return 0;
}

/* The words of the marketplace's reports. */
static const char *status_word(const char *choice)
{
    static const struct { const char *choice, *word; } words[] = {
        { "good", "GOOD" }, { "fair", "FAIR" }, { "bad", "BAD" }, { "none", "NONE" },
    };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (text_is(words[i].choice, choice))
            return words[i].word;
    return NULL;
}

static int run_metric(struct doing *d, const struct souk_args *args, struct err *err)
{
    const struct market *m = market_by_id(arg_text(args, "market"));
    const char *metric = arg_text(args, "metric");
    bool is_least = text_is(metric, "tracking") || text_is(metric, "delivery");
    int64_t at_s;
    int rc = as_of(d, args, &at_s, err);
    if (rc == 0)
        rc = check_metric(d, args, err);
    if (rc < 0)
        return rc;
    const struct health_row report = { .market = m, .at_s = at_s, .source = d->source };
    const struct health_metric_row row = {
        .market = m, .at_s = at_s, .metric = metric,
        .fulfilment = arg_is_told(args, "fulfilment") ? arg_text(args, "fulfilment") : NULL,
        .num = told_arg(args, "num", 1), .den = told_arg(args, "den", 1), .claims = told_arg(args, "claims", 1),
        .chargebacks = told_arg(args, "chargebacks", 1), .negative = told_arg(args, "negative", 1),
        .rate_ppm = told_arg(args, "rate", 100), .target_ppm = told_arg(args, "target", 100),
        .condition = is_least ? "GREATER_THAN" : "LESS_THAN", .status = status_word(arg_text(args, "status")),
        .from_s = arg_int(args, "from", 0), .to_s = arg_int(args, "to", 0),
    };
    d->ref = arena_printf(d->a, "market:%s", m->code);
    say(d, "done.health.metric", { "market", souk_text(m->name) });
    rc = health_put(&d->to, &report, err);
    if (rc >= 0)
        rc = health_metric_put(&d->to, &row, err);
    if (rc >= 0)
        rc = health_compare(&d->to, m, at_s, err);
    return rc < 0 ? rc : 0;
}

const struct command_info health_commands[] = {
    COMMAND("feedback.respond", RIGHT_EDIT, respond_fields, run_respond),
    COMMAND("feedback.removal", RIGHT_EDIT, order_fields, run_removal),
    COMMAND("feedback.removed", RIGHT_EDIT, order_fields, run_removed),
    COMMAND("feedback.counts", RIGHT_EDIT, count_fields, run_counts),
    COMMAND("health.rating", RIGHT_EDIT, rating_fields, run_rating),
    COMMAND("health.metric", RIGHT_EDIT, metric_fields, run_metric),
    { .name = NULL },
};
