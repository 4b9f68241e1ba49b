/* SPDX-License-Identifier: Apache-2.0 */
/*
 * health.h: what the files of this plugin share.
 *
 *   health.c    what the plugin declares: three widgets, their queries
 *   limit.c     how far a figure is from its limit; only arithmetic
 *   own.c       what Souk counts itself, from orders, feedback and claims
 *   metric.c    one metric: as reported, as counted, and why they differ
 *   account.c   Account Health: the rating, all metrics, violations
 *   feedback.c  Seller Rating and Customer Feedback
 */
#ifndef HEALTH_H
#define HEALTH_H

#include <souk/cursor.h>
#include <souk/widget.h>

#define FOREVER INT64_C(253402300799)                   /* 9999-12-31T23:59:59Z */
enum { DAY_S = 86400, WINDOWS = 3, DAY_MAX = 2932896 }; /* DAY_MAX: 9999-12-31 */

/* ---- limit.c ---------------------------------------------------------------------------------- */

struct limit {                                          /* of a rate, in basis points */
    int64_t bp;
    int is_told;                                        /* the policy of the market, or else the report, names it */
    int is_least;                                       /* 1: so much at least passes.  0: only less than it passes */
    int is_advice;                                      /* missing it costs nothing by itself */
    const char *policy;                                 /* its key; NULL: the report names it */
    int32_t day;                                        /* on which the line of the policy was read */
};

struct verdict {
    uint32_t tone;                                      /* enum souk_tone; SOUK_PLAIN: it cannot be said */
    int is_said;
    int64_t left;                                       /* so many defects more until it is not met; 0: it is not met */
    int64_t over;                                       /* when it is not met: so many too many, or missing */
};

/*
 * What num of den means under a limit.  num counts defects where the limit must not be reached, and what went
 * well where it is the least; den stays as it is.  Nothing is said of 0 orders or of numbers that no shop has.
 */
struct verdict verdict_of(int64_t num, int64_t den, const struct limit *limit);
/* A share in whole percent, rounded by itself: three of them may add up to 99. */
struct souk_value share_of(int64_t n, int64_t all);

/* ---- own.c ------------------------------------------------------------------------------------ */

struct own {                                            /* a metric as Souk counts it */
    int64_t num, den;
    int32_t from, to;                                   /* days of purchase, both included */
    int32_t oldest;                                     /* day of the oldest defect; -1: there is none */
    int64_t feedback, a_to_z, chargebacks;              /* defects: orders that have one of these */
    int64_t unsure, waiting;                            /* late: by the cut-off; not confirmed and over their day */
};

enum { LATE_DAYS = 62 };

struct late_days {
    uint32_t n;
    struct { int32_t day, late; int64_t orders; } at[LATE_DAYS];        /* placed on; late from this day on; so many were */
};

/* Days of a policy line such as "10 30", the longest last; how many, at most WINDOWS. */
int windows_of(struct souk_call *call, const char *market, const char *key, int32_t day, int32_t window[WINDOWS]);
/* Orders with a defect; fulfilment: "seller", "marketplace" or "all". */
int own_defects(struct souk_call *call, const struct souk_market_now *m, const char *fulfilment, int32_t window,
                struct own *own);
/* days: of purchase, the last ones that have late orders, or NULL. */
int own_late(struct souk_call *call, const struct souk_market_now *m, int32_t window, struct own *own, struct late_days *days);
int own_cancelled(struct souk_call *call, const struct souk_market_now *m, int32_t window, struct own *own);
/* Stars up to which feedback is negative, and from which on it is positive. */
int negative_stars(struct souk_call *call, const struct souk_market_now *m, int64_t *stars);
int positive_stars(struct souk_call *call, const struct souk_market_now *m, int64_t *stars);

/* ---- metric.c --------------------------------------------------------------------------------- */

enum {                                                  /* columns of the query "metrics" */
    M_METRIC, M_FULFILMENT, M_AT, M_NUM, M_DEN, M_CLAIMS, M_CHARGEBACKS, M_NEGATIVE, M_RATE_PPM, M_TARGET_PPM, M_CONDITION,
    M_STATUS, M_FROM, M_TO, M_SOURCE
};

struct metric {
    const char *id;                                     /* as records name it */
    const char *title, *of;                             /* message keys; of: what its denominator counts */
    const char *limit, *windows, *lag, *binding;        /* policy keys, or NULL */
    int is_least;
    int is_counted;                                     /* Souk can count it from orders */
};

enum { METRICS = 7 };
extern const struct metric metrics[METRICS];
const struct metric *metric_find(const struct souk_value *id);

/* A reported figure, or one that Souk counts, with all that is said of it. */
struct figure {
    const struct metric *metric;
    const struct souk_rows *rows;                       /* reported: the query "metrics", and which row; or NULL */
    uint32_t row;
    struct own own;                                     /* counted */
    const char *fulfilment;                             /* "seller", "marketplace", "" or "all" */
    int32_t window;                                     /* counted: days */
    int64_t num, den;                                   /* what it is judged by */
    struct limit limit;
    struct verdict verdict;
};

/* The newest report's metrics and what was typed since, the newest first. */
int metrics_read(struct souk_call *call, const struct souk_market_now *m, struct souk_rows *rows);
/* Does a row before it tell the same metric?  The newest one counts. */
int is_repeated(const struct souk_rows *rows, uint32_t row);
/* Reported; the limit is that of the day of the report. */
int figure_of_row(struct souk_call *call, const struct souk_market_now *m, const struct souk_rows *rows, uint32_t row,
                  const struct metric *metric, struct figure *figure);
/* Counted; index: which of the windows of the policy.  0: there is none, 1: it is there. */
int figure_counted(struct souk_call *call, const struct souk_market_now *m, const struct metric *metric, int index,
                   const char *fulfilment, struct figure *figure);
/* Is it judged by its reported rate, as its counts are not told or cannot be? */
int is_by_rate(const struct figure *figure);
/* One line of a card. */
void figure_fact(struct souk_call *call, const struct souk_market_now *m, const struct figure *figure);
/* All that is known of a metric. */
int metric_put(struct souk_call *call, const struct souk_market_now *m, const struct metric *metric,
               const struct souk_rows *rows);

/* ---- account.c, feedback.c: the widgets ------------------------------------------------------- */

int health_render(void *self, struct souk_call *call, const struct souk_ask *ask);
int health_counts(void *self, struct souk_call *call, const struct souk_ask *ask, struct souk_badge *badge);
int rating_render(void *self, struct souk_call *call, const struct souk_ask *ask);
int feedback_render(void *self, struct souk_call *call, const struct souk_ask *ask);

/* An instant as the clock of a market shows it. */
static inline struct souk_value at_market(int64_t instant_s, const struct souk_market_now *m)
{
    struct souk_value v = souk_instant(instant_s);
    v.text = souk_text(m->zone).text;
    return v;
}

/* Where what was reported comes from, by the word of its source. */
static inline const char *origin_key(const struct souk_value *source)
{
    return souk_is(source, "typed") ? "origin_typed" : souk_is(source, "api") ? "origin_api" : "origin_report";
}

#endif
