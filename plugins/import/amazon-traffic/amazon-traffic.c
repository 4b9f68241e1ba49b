/* SPDX-License-Identifier: Apache-2.0 */
/*
 * amazon-traffic.c: the sales and traffic report: what was looked at and what was bought, by date and by
 * product.
 *
 * in:     a JSON document, by day, week or month, and by parent, child or SKU
 * out:    records of kind traffic and traffic_asin
 * knows:  souk/import.h
 *
 * Its shares are of 100.  Page views are told in all and in two parts, one of which older files misspell.
 */
#include <souk/import.h>

#include <string.h>

/* Which of .records found it. */
enum { OF_DATE = 1, OF_ASIN };

enum traffic_column {
    LINE, WHICH, MARKET, GRANULARITY, DAY, FROM_DAY, TO_DAY, PARENT, CHILD, SKU, SALES, CURRENCY, UNITS, ITEMS,
    REFUNDED, CLAIMS, CLAIMS_PAID, CLAIMS_CURRENCY, VIEWS, BROWSER_VIEWS, APP_VIEWS, SESSIONS, BUY_BOX, FEEDBACK,
    NEGATIVE, EXTRA
};

#define SALES_OF(name) "salesByDate." name "|salesByAsin." name
#define TRAFFIC_OF(name) "trafficByDate." name "|trafficByAsin." name

static const struct souk_import_column columns[] = {
    { "which",       "$path", SOUK_COUNT, 0, NULL },
    { "market",      "^.reportSpecification.marketplaceIds[]|marketplaceId", SOUK_MARKET, SOUK_NEEDED, NULL },
    { "granularity", "^.reportSpecification.reportOptions.dateGranularity", SOUK_TEXT, 0, NULL },
    { "day",         "date", SOUK_DAY, 0, NULL },
    { "from_day",    "^.reportSpecification.dataStartTime", SOUK_DAY, 0, NULL },
    { "to_day",      "^.reportSpecification.dataEndTime", SOUK_DAY, 0, NULL },
    { "parent",      "parentAsin", SOUK_TEXT, 0, NULL },
    { "child",       "childAsin", SOUK_TEXT, 0, NULL },
    { "sku",         "sku", SOUK_TEXT, 0, NULL },
    { "sales",       SALES_OF("orderedProductSales.amount"), SOUK_MONEY, 0, "currency" },
    { "currency",    SALES_OF("orderedProductSales.currencyCode"), SOUK_CURRENCY, 0, NULL },
    { "units",       SALES_OF("unitsOrdered"), SOUK_COUNT, 0, NULL },
    { "items",       SALES_OF("totalOrderItems"), SOUK_COUNT, 0, NULL },
    { "refunded",    SALES_OF("unitsRefunded"), SOUK_COUNT, 0, NULL },
    { "claims",      SALES_OF("claimsGranted"), SOUK_COUNT, 0, NULL },
    { "claims_paid", SALES_OF("claimsAmount.amount"), SOUK_MONEY, 0, "claims_currency" },
    { "claims_currency", SALES_OF("claimsAmount.currencyCode"), SOUK_CURRENCY, 0, NULL },
    { "views",       TRAFFIC_OF("pageViews"), SOUK_COUNT, 0, NULL },
    { "browser_views", TRAFFIC_OF("browserPageViews") "|" TRAFFIC_OF("browerPageViews"), SOUK_COUNT, 0, NULL },
    { "app_views",   TRAFFIC_OF("mobileAppPageViews"), SOUK_COUNT, 0, NULL },
    { "sessions",    TRAFFIC_OF("sessions"), SOUK_COUNT, 0, NULL },
    { "buy_box",     TRAFFIC_OF("buyBoxPercentage"), SOUK_DECIMAL, 0, NULL },
    { "feedback",    TRAFFIC_OF("feedbackReceived"), SOUK_COUNT, 0, NULL },
    { "negative",    TRAFFIC_OF("negativeFeedbackReceived"), SOUK_COUNT, 0, NULL },
};

static struct souk_value views_of(const struct souk_value *in)
{
    if (in[VIEWS].type != SOUK_NONE || (in[BROWSER_VIEWS].type == SOUK_NONE && in[APP_VIEWS].type == SOUK_NONE))
        return in[VIEWS];
    return souk_count(in[BROWSER_VIEWS].num + in[APP_VIEWS].num);
}

/* A percentage in millionths, rounded half up. */
static struct souk_value ppm_of(const struct souk_value *v)
{
    int64_t num = v->num, places = v->den;
    if (v->type != SOUK_DECIMAL)
        return souk_none();
    for (; places > 4; places--)
        num = places == 5 ? (num + 5) / 10 : num / 10;
    for (; places < 4 && num < INT64_MAX / 10; places++)
        num *= 10;
    return souk_count(num);
}

static int put_date(struct souk_call *call, const struct souk_value *in)
{
    const char *word = in[GRANULARITY].type == SOUK_TEXT ? in[GRANULARITY].text.at : "DAY";
    int days = strcmp(word, "DAY") == 0 ? 1 : strcmp(word, "WEEK") == 0 ? 7 : strcmp(word, "MONTH") == 0 ? 0 : -1;
    if (days < 0) {
        souk_reject(call, in[LINE].num, "granularity", "unknown_granularity", { "word", in[GRANULARITY] });
        return 0;
    }
    return souk_put(call, "traffic", "line:count market:market day:day days:count sales:money units:count"
                    " items:count refunded:count claims:count claims_paid:money views:count sessions:count"
                    " buy_box_ppm:count feedback:count negative:count",
                    in[LINE], in[MARKET], in[DAY], souk_count(days), in[SALES], in[UNITS], in[ITEMS], in[REFUNDED],
                    in[CLAIMS], in[CLAIMS_PAID], views_of(in), in[SESSIONS], ppm_of(&in[BUY_BOX]), in[FEEDBACK],
                    in[NEGATIVE]);
}

static int put_asin(struct souk_call *call, const struct souk_value *in)
{
    return souk_put(call, "traffic_asin", "line:count market:market asin:text sku:text from_day:day to_day:day"
                    " sales:money units:count items:count views:count sessions:count buy_box_ppm:count",
                    in[LINE], in[MARKET], in[CHILD].type == SOUK_NONE ? in[PARENT] : in[CHILD], in[SKU],
                    in[FROM_DAY], in[TO_DAY], in[SALES], in[UNITS], in[ITEMS], views_of(in), in[SESSIONS],
                    ppm_of(&in[BUY_BOX]));
}

static int traffic_rows(void *self, struct souk_call *call, const struct souk_import_file *file,
                        const struct souk_rows *rows)
{
    int rc = 0;
    (void)self, (void)file;
    for (uint32_t r = 0; rc >= 0 && r < rows->n_rows; r++) {
        const struct souk_value *in = souk_cell(rows, r, 0);
        rc = in[WHICH].num == OF_DATE ? put_date(call, in) : put_asin(call, in);
    }
    return rc;
}

static const struct souk_import traffic = {
    .size = sizeof traffic, .shape = SOUK_JSON, .id = "amazon.traffic", .title = "traffic",
    .columns = SOUK_LIST(columns), .rows = traffic_rows,
    .records = "salesAndTrafficByDate[]|salesAndTrafficByAsin[]",
    .signs = "reportSpecification.reportType=GET_SALES_AND_TRAFFIC_REPORT|salesAndTrafficByDate[].salesByDate",
};

static const struct souk_offer offers[] = { { SOUK_IMPORT, &traffic } };

SOUK_PLUGIN = {
    .size = sizeof(struct souk_plugin), .built = SOUK_SDK_NOW, .needs = SOUK_SDK(0, 2),
    .id = "org.souk.amazon-traffic", .version = "0.1.0", .title = "title",
    .offers = SOUK_LIST(offers),
};
