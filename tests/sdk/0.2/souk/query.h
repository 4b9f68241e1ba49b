/* SPDX-License-Identifier: Apache-2.0 */
/*
 * souk/query.h: reading.
 *
 * A query is declared, not written at the moment of need: the host checks and prepares all of them
 * when it loads the plugin, gives each one a page (/a/<account>/q/<plugin>/<query>) and a CSV file,
 * and that page is what "Why?" opens.  `souk schema` prints the views and their columns with units.
 *
 *     static const struct souk_query queries[] = { {
 *         .size = sizeof(struct souk_query), .id = "low", .title = "low",
 *         .sql = "SELECT sku, quantity FROM v1_stock WHERE market = :market AND quantity < :least"
 *                " ORDER BY quantity, sku",
 *         .params = "market:market least:count",
 *         .columns = "sku:text quantity:count",
 *     } };
 *
 * SQL         One SELECT over the views named in .reads, in the subset that SQLite and PostgreSQL
 *             share: booleans are compared (= 1), no date or JSON functions, no `::`, NULLS LAST is
 *             written out, every column of GROUP BY is named, no alias begins with v1_.
 * Parameters  One plain value each: text, bool, count, bp, day, instant, seconds, market, currency,
 *             country, zone or ref.  All of them must be given, and nothing else; a missing one is an
 *             error, not NULL.
 * Budget      100 ms on a page, 2 s on the query's own page; then SOUK_ETIME.
 */
#ifndef SOUK_QUERY_H
#define SOUK_QUERY_H

#include <souk/entry.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SOUK_QUERY "souk.query/1"

struct souk_query {
    uint32_t size, max_rows;                            /* 0: 1,000 rows */
    const char *id;                                     /* lower case and _ */
    const char *title;                                  /* message key */
    const char *sql;
    const char *params;                                 /* "market:market from:day", or NULL */
    const char *columns;                                /* as in struct souk_rows, in the order of the SELECT */
    const char *about;                                  /* message key: what the rows are and what is left out; or NULL */
};

struct souk_run {
    uint32_t size, reserved;
    const char *id;
    struct souk_args args;
};

struct souk_policy {                                    /* a line of a market's policy file */
    uint32_t size;
    int32_t since;                                      /* day from which it holds */
    struct souk_value value;                            /* SOUK_COUNT, SOUK_DECIMAL, SOUK_BP, SOUK_SECONDS or SOUK_TEXT */
    const char *source;                                 /* where it is written: an address */
    int32_t checked, reserved;                          /* the day somebody last compared it with the source */
};

struct souk_query_host {
    uint32_t size, reserved;
    /*
     * Runs n declared queries: rows[i] is the result of run[i].  All that one call reads, here and in
     * later runs, is of one moment.
     * in:     run: n structs, each as long as run->size says
     * owner:  rows live until the plugin's call returns
     * errors: SOUK_EABSENT no such query, SOUK_EINPUT arguments missing, unknown or of another type,
     *         SOUK_ETIME, SOUK_ESDK, SOUK_EHOST; then all rows are empty
     * thread: page
     */
    int (*run)(struct souk_call *call, const struct souk_run *run, uint32_t n, struct souk_rows *rows);
    /*
     * The policy of a market as it stood on a day: "ship.handling_days"; `souk policy list` names them.
     * Lists ("10 30"), times of day, and yes or no are SOUK_TEXT; a list of one number is SOUK_COUNT.
     * in:     line->size: how much of it may be written; souk_policy() sets it
     * errors: SOUK_EABSENT no such market, key, or nothing valid on that day
     */
    int (*policy)(struct souk_call *call, const char *market, const char *key, int32_t day,
                  struct souk_policy *line);
    /*
     * Full text over records, at most 100: kind is "listing", "order", or since 0.2 "letter" (of buyers and to
     * them), "case" and "claim" (with their letters), "notice", "promotion", or "all": the best of each.  Beside
     * longer words, words of one or two Latin letters are left out.
     * out:    rows with columns kind:text ref:ref title:text
     */
    int (*search)(struct souk_call *call, const char *kind, const char *words, uint32_t limit,
                  struct souk_rows *rows);
    /*
     * The instant at which a day begins in a market: days there may have 23 or 25 hours.
     * errors: SOUK_EABSENT no such market
     */
    int (*day_start)(struct souk_call *call, const char *market, int32_t day, int64_t *instant_s);

    /* since 0.2 */
    /*
     * The instant from which on an order counts as late: the end of its ship-by day in the market's
     * zone, by `ship.handling_days`, `ship.cutoff`, `ship.weekend` and `ship.holidays` of the policy.
     * out:    late_at_s: an order confirmed before it is in time; 0 on errors
     * errors: SOUK_EABSENT no such market, no policy of it, or none for the day of the order;
     *         SOUK_EINPUT an instant beyond the year 9999; SOUK_EHOST the policy file is broken
     */
    int (*ship_by)(struct souk_call *call, const char *market, int64_t purchased_s, int64_t *late_at_s);
    /*
     * What the calendar and the clock on the wall of a market show at an instant.
     * out:    day; second: of that day as the clock shows it, 0 to 86399; both 0 on errors
     * errors: SOUK_EABSENT no such market
     */
    int (*local)(struct souk_call *call, const char *market, int64_t instant_s, int32_t *day, int32_t *second);
};

/* One query: souk_query(call, &rows, "low", { "market", souk_market(id) }, { "least", souk_count(5) }) */
#define souk_query(call, rows, query_id, ...) \
    ((call)->query->run((call), &(const struct souk_run){ sizeof(struct souk_run), 0, (query_id), \
        SOUK_ARGS(__VA_ARGS__) }, 1, (rows)))
/*
 * One query with a struct souk_args made before, which then also stands in the .why of its figures:
 *     const struct souk_args which = SOUK_ARGS({ "market", souk_market(id) });
 */
#define souk_query_args(call, rows, query_id, query_args) \
    ((call)->query->run((call), &(const struct souk_run){ sizeof(struct souk_run), 0, (query_id), \
        (query_args) }, 1, (rows)))
/* One query without parameters. */
#define souk_query_all(call, rows, query_id) \
    ((call)->query->run((call), &(const struct souk_run){ sizeof(struct souk_run), 0, (query_id), \
        { NULL, 0, 0 } }, 1, (rows)))
/* One policy: souk_policy(call, market->id, "ship.handling_days", market->today, &line) */
#define souk_policy(call, market_id, key, day, line) \
    ((line)->size = sizeof *(line), (call)->query->policy((call), (market_id), (key), (day), (line)))
/* An element of an array for run(): SOUK_RUN("low", { "market", souk_market(id) }) */
#define SOUK_RUN(query_id, ...) { sizeof(struct souk_run), 0, (query_id), SOUK_ARGS(__VA_ARGS__) }

#ifdef __cplusplus
}
#endif
#endif
