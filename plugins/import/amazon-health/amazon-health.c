/* SPDX-License-Identifier: Apache-2.0 */
/*
 * amazon-health.c: the account health report (GET_V2_SELLER_PERFORMANCE_REPORT).
 *
 * in:     a JSON document: the state of the account in each marketplace, and its metrics
 * out:    records of kind health and health_metric
 * knows:  souk/import.h
 *
 * The report names no time of its own: all of it is as of the latest day that one of its metrics ends
 * with.  Its example and its schema spell some names differently; both are known here, and a metric that
 * is not is kept under its own name.  Rates are of 1, not of 100.
 */
#include <souk/import.h>

#include <string.h>

#define LATEST ".performanceMetrics[].*.reportingDateRange.reportingDateTo"

enum health_column {
    LINE, WHICH, KEY, MARKET, AT, STATUS, RATING_STATUS, NUM, DEN, CLAIMS, CHARGEBACKS, NEGATIVE, RATE, TARGET,
    CONDITION, FROM, TO, WARNING, EXTRA
};

static const struct souk_import_column columns[] = {
    { "which",       "$path",                                      SOUK_COUNT,   0, NULL },
    { "key",         "$key",                                       SOUK_TEXT,    0, NULL },
    { "market",      "marketplaceId|^.marketplaceId|^^.marketplaceId", SOUK_MARKET, 0, NULL },
    { "at",          "^" LATEST "|^^" LATEST "|^^^" LATEST,        SOUK_INSTANT, 0, NULL },
    { "status",      "status",                                     SOUK_TEXT,    0, NULL },
    { "rating_status", "ahrStatus",                                SOUK_TEXT,    0, NULL },
    { "num",
      "orderWithDefects.count|lateShipmentCount|cancellationCount|validTrackingCount|onTimeDeliveryCount|"
      "unitOnTimeDeliveryCount|invoiceDefect.count|defectsCount",
      SOUK_COUNT, 0, NULL },
    { "den",         "orderCount|shipmentCountWithValidTracking|shipmentCount|totalUnitCount", SOUK_COUNT, 0, NULL },
    { "claims",      "claims.count",                               SOUK_COUNT,   0, NULL },
    { "chargebacks", "chargebacks.count",                          SOUK_COUNT,   0, NULL },
    { "negative",    "negativeFeedback.count",                     SOUK_COUNT,   0, NULL },
    { "rate",        "rate",                                       SOUK_DECIMAL, 0, NULL },
    { "target",      "targetValue",                                SOUK_DECIMAL, 0, NULL },
    { "condition",   "targetCondition",                            SOUK_TEXT,    0, NULL },
    { "from",        "reportingDateRange.reportingDateFrom",       SOUK_INSTANT, 0, NULL },
    { "to",          "reportingDateRange.reportingDateTo",         SOUK_INSTANT, 0, NULL },
    { "warning",     "warningType",                                SOUK_TEXT,    0, NULL },
};

/* Which of .records below found it. */
enum { OF_ACCOUNT = 1, OF_METRIC, OF_DEFECTS, OF_WARNINGS, OF_WARNING };

/* ---- names ----------------------------------------------------------------------------------- */

static const struct {
    const char *key, *metric;
} metrics[] = {
    { "lateShipmentRate",               "late" },
    { "preFulfillmentCancellationRate", "cancel" },
    { "prefulfillmentCancelRate",       "cancel" },
    { "validTrackingRate",              "tracking" },
    { "onTimeDeliveryRate",             "delivery" },
    { "unitOnTimeDeliveryRate",         "unit_delivery" },
    { "invoiceDefectRate",              "invoice" },
    { "documentRequest",                "document_requests" },
};

/* "listingPolicyViolations" as "listing_policy_violations". */
static void snake(const char *from, char *to, size_t room)
{
    size_t n = 0;
    for (; *from && n + 2 < room; from++) {
        int is_upper = *from >= 'A' && *from <= 'Z';
        if (is_upper && n)
            to[n++] = '_';
        to[n++] = is_upper ? (char)(*from | 0x20) : *from;
    }
    to[n] = '\0';
}

static void metric_of(const char *key, char *to, size_t room)
{
    for (size_t i = 0; i < sizeof metrics / sizeof *metrics; i++) {
        if (strcmp(key, metrics[i].key) == 0) {
            strcpy(to, metrics[i].metric);
            return;
        }
    }
    snake(key, to, room);
}

/* ---- numbers --------------------------------------------------------------------------------- */

/* A decimal in millionths, rounded half away from zero; SOUK_NONE where there is none. */
static struct souk_value ppm_of(const struct souk_value *v)
{
    int64_t num = v->num, places = v->den;
    if (v->type != SOUK_DECIMAL)
        return souk_none();
    for (; places > 6; places--)
        num = places == 7 ? (num + (num < 0 ? -5 : 5)) / 10 : num / 10;
    for (; places < 6; places++) {
        if (num > INT64_MAX / 10 || num < INT64_MIN / 10)
            return souk_none();
        num *= 10;
    }
    return souk_count(num);
}

/* The target of a plain count is a count. */
static struct souk_value target_of(const struct souk_value *in)
{
    struct souk_value ppm = ppm_of(&in[TARGET]);
    if (in[RATE].type == SOUK_NONE && in[DEN].type == SOUK_NONE && ppm.type == SOUK_COUNT)
        ppm.num /= 1000000;
    return ppm;
}

/* ---- rows ------------------------------------------------------------------------------------ */

static int put_metric(struct souk_call *call, const struct souk_value *in, const char *metric,
                      const char *fulfilment)
{
    return souk_put(call, "health_metric", "line:count market:market at:instant metric:text fulfilment:text"
                    " num:count den:count claims:count chargebacks:count negative:count rate_ppm:count"
                    " target_ppm:count condition:text status:text from:instant to:instant",
                    in[LINE], in[MARKET], in[AT], souk_text(metric), souk_text(fulfilment), in[NUM], in[DEN],
                    in[CLAIMS], in[CHARGEBACKS], in[NEGATIVE], ppm_of(&in[RATE]), target_of(in), in[CONDITION],
                    in[STATUS].type == SOUK_NONE ? souk_text("NONE") : in[STATUS], in[FROM], in[TO]);
}

static int put_row(struct souk_call *call, const struct souk_value *in)
{
    char metric[200];
    int64_t line = in[LINE].num;
    if (in[MARKET].type == SOUK_NONE) {
        souk_reject(call, line, "market", "no_market");
        return 0;
    }
    if (in[AT].type == SOUK_NONE) {
        souk_reject(call, line, "at", "no_time");
        return 0;
    }
    switch (in[WHICH].num) {
    case OF_ACCOUNT:
        return souk_put(call, "health", "line:count market:market at:instant status:text", in[LINE], in[MARKET],
                        in[AT], in[STATUS]);
    case OF_DEFECTS:
        if (strcmp(in[KEY].text.at, "afn") == 0)
            return put_metric(call, in, "defect", "marketplace");
        if (strcmp(in[KEY].text.at, "mfn") == 0)
            return put_metric(call, in, "defect", "seller");
        souk_skip(call, line);
        return 0;
    case OF_WARNINGS:
    case OF_WARNING:
        if (in[WARNING].type == SOUK_NONE) {
            souk_reject(call, line, "warning", "no_warning");
            return 0;
        }
        snake(in[WARNING].text.at, metric, sizeof metric);
        return put_metric(call, in, metric, "");
    }
    if (strcmp(in[KEY].text.at, "orderDefectRate") == 0) {      /* its parts are records of their own */
        souk_skip(call, line);
        return 0;
    }
    if (strcmp(in[KEY].text.at, "accountHealthRating") == 0)
        return souk_put(call, "health", "line:count market:market at:instant rating_status:text", in[LINE],
                        in[MARKET], in[AT], in[RATING_STATUS]);
    metric_of(in[KEY].text.at, metric, sizeof metric);
    return put_metric(call, in, metric, "");
}

static int health_rows(void *self, struct souk_call *call, const struct souk_import_file *file,
                       const struct souk_rows *rows)
{
    int rc = 0;
    (void)self, (void)file;
    for (uint32_t r = 0; rc >= 0 && r < rows->n_rows; r++)
        rc = put_row(call, souk_cell(rows, r, 0));
    return rc;
}

static const struct souk_import health = {
    .size = sizeof health, .shape = SOUK_JSON, .id = "amazon.health", .title = "health",
    .columns = SOUK_LIST(columns), .rows = health_rows,
    .records = ".accountStatuses[]|.performanceMetrics[].*|.performanceMetrics[].orderDefectRate.*|"
               ".performanceMetrics[].warningStates[]|.performanceMetrics[].warningState[]",
    .signs = "accountStatuses performanceMetrics",
};

static const struct souk_offer offers[] = { { SOUK_IMPORT, &health } };

SOUK_PLUGIN = {
    .size = sizeof(struct souk_plugin), .built = SOUK_SDK_NOW, .needs = SOUK_SDK(0, 2),
    .id = "org.souk.amazon-health", .version = "0.1.0", .title = "title",
    .offers = SOUK_LIST(offers),
};
