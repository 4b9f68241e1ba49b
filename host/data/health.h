/* SPDX-License-Identifier: Apache-2.0 */
/*
 * health.h: feedback, the marketplace's feedback table, account health.
 *
 * Used by store_health.c for imports and by flow/command for feedback.* and health.*.
 *
 * A feedback that a later file no longer holds is not taken for removed: the file may be of another period.  Only
 * somebody who saw it removed says so (removed_s).
 */
#ifndef SOUK_HEALTH_H
#define SOUK_HEALTH_H

#include "record.h"

struct feedback_row {                                   /* one for each order */
    const char *order_id;
    const struct market *market;                        /* of the order where that is known; needed by a new one */
    struct number day, stars;                             /* needed by a new one */
    const char *comment, *response;                     /* card numbers are masked */
    int64_t removal_s, removed_s;
    int64_t told_s;                                     /* of the file; 0: typed now, which goes before any file until now */
};
/* ERR_INPUT when a new one lacks market, day or stars. */
int feedback_put(struct record_to *to, const struct feedback_row *row, struct err *err);
bool feedback_is_known(struct db *db, const char *order_id);

struct feedback_count_row {
    const struct market *market;
    int32_t day;
    int64_t window_days, positive, neutral, negative;   /* 30, 90, 365 days; 0: lifetime */
    struct number stars_100;                            /* stars as the marketplace shows them: 480 is 4.8 */
    const char *source;                                 /* typed, api, report */
};
int feedback_count_put(struct record_to *to, const struct feedback_count_row *row, struct err *err);

struct health_row {                                     /* a report, or what was typed of one */
    const struct market *market;
    int64_t at_s;
    const char *status, *rating_status;                 /* as the report words them */
    struct number rating;                                 /* 0 to 1000 */
    const char *source;                                 /* report, typed, api */
};
int health_put(struct record_to *to, const struct health_row *row, struct err *err);

struct health_metric_row {
    const struct market *market;
    int64_t at_s;
    const char *metric, *fulfilment;                    /* fulfilment: seller, marketplace or NULL */
    struct number num, den, claims, chargebacks, negative, rate_ppm, target_ppm;
    const char *condition, *status;
    int64_t from_s, to_s;
};
int health_metric_put(struct record_to *to, const struct health_metric_row *row, struct err *err);

/*
 * Makes a notice of each state of the report at at_s that is worse or better than what was last said before:
 * account status (class account), rating and metrics (class metric); kind health.worse, health.better, or
 * health.changed where Souk cannot tell which word is the better one.  Their ref is metric:account, metric:rating or
 * metric:<name>.  A rating without a word of the report has the one of its band by the policy lines rating.healthy
 * and rating.at_risk.  Nothing for a state that is not the newest of its kind, that becomes "none", or that is good
 * after "none".  Call it after all rows of a report; again is no news.
 */
int health_compare(struct record_to *to, const struct market *market, int64_t at_s, struct err *err);

#endif
