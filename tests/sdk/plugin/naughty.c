/* SPDX-License-Identifier: Apache-2.0 */
/*
 * naughty.c: a widget that does what its option says: everything that is allowed, and much that is not.
 */
#include <souk/widget.h>

#define LIST(X) \
    X(fine) X(lines) X(everything) X(nothing) X(not_yet) X(denied) X(odd_code) X(fault) X(fault_twice) \
    X(undeclared) X(no_argument) X(wrong_type) X(argument_twice) X(one_more) X(endless) \
    X(endless_unseen) X(slow) X(chatter) X(policy) X(policy_without_size) X(no_policy) X(decimal_policy) X(search) X(cut) \
    X(money) X(no_why) X(left_open) X(null_stat) X(why_undeclared) X(link_without_argument) \
    X(rows_overflow) X(text_too_long) X(text_not_ended) X(fewer_columns) X(store_is_null) X(until) \
    X(count_instances) X(moment) X(days) X(no_day) X(ship_by) X(no_ship_by) X(unshippable) X(local) X(no_local) \
    X(form_undeclared)

enum doing {
#define NAME(name) DO_##name,
    LIST(NAME)
    DOINGS
};
static const struct souk_choice choices[] = {
#define CHOICE(name) { #name, #name },
    LIST(CHOICE)
};
static const struct souk_field options[] = { {
    .size = sizeof(struct souk_field), .type = SOUK_FIELD_ONE_OF, .name = "what", .title = "what",
    .fallback = SOUK_WORD(SOUK_TEXT, "fine"), .choices = SOUK_LIST(choices),
} };

#define QUERY(query, ...) \
    { .size = sizeof(struct souk_query), .id = (query), .title = (query), __VA_ARGS__ }
static const struct souk_query queries[] = {
    QUERY("stock", .sql = "SELECT sku, fulfillable, market FROM v1_stock"
                          " WHERE market = :market AND fulfillable < :below ORDER BY sku",
          .params = "market:market below:count", .columns = "sku:text units:count market:market"),
    QUERY("badge", .sql = "SELECT count(*), :now - 5 FROM v1_stock", .params = "now:instant",
          .columns = "count:count urgent:count"),
    QUERY("few", .sql = "SELECT sku FROM v1_stock ORDER BY sku", .columns = "sku:text", .max_rows = 2),
    QUERY("prices", .sql = "SELECT market, currency, price, CASE WHEN price > 0 THEN price END AS again,"
                           " opened FROM v1_listings ORDER BY sku",
          .columns = "market:market currency:currency price:money/market again:money/currency"
                     " opened:instant"),
    QUERY("lines", .sql = "SELECT count(*) AS n FROM v1_stock", .columns = "n:count"),
    QUERY("endless", .sql = "WITH RECURSIVE more (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM more)"
                            " SELECT count(*) AS n FROM more", .columns = "n:count"),
};

static enum doing what_to_do(const struct souk_ask *ask)
{
    const struct souk_value *what = souk_option(ask, "what");
    const char *word = what ? what->text.at : "fine";   /* the other widget has no options */
    for (int i = 0; i < DOINGS; i++) {
        const char *a = choices[i].value, *b = word;
        while (*a && *a == *b)
            a++, b++;
        if (*a == *b)
            return (enum doing)i;
    }
    return DOINGS;
}

static int instances;                                   /* opened and not closed yet */

static void stat_of(struct souk_call *call, int64_t n)
{
    souk_stat(call, .label = SOUK_MSG("n"), .value = souk_count(n), .why = SOUK_WHY(.rows = "few"));
}

/* Three queries of one moment, and most kinds of elements. */
static int everything(struct souk_call *call, const struct souk_ask *ask)
{
    const struct souk_market_now *market = souk_market_at(ask, 0);
    const struct souk_args which =
        SOUK_ARGS({ "market", souk_market(market->id) }, { "below", souk_count(100) });
    const struct souk_run runs[] = {
        SOUK_RUN("stock", { "below", souk_count(100) }, { "market", souk_market(market->id) }),
        { sizeof runs[0], 0, "few", { NULL, 0, 0 } },
        { sizeof runs[0], 0, "prices", { NULL, 0, 0 } },
    };
    struct souk_rows rows[3];
    int rc = call->query->run(call, runs, 3, rows);
    if (rc < 0)
        return rc;
    souk_section(call, "of_market", { "market", souk_market(market->id) });
    souk_stat(call, .label = SOUK_MSG("skus"), .value = souk_count(rows[0].n_rows),
              .before = souk_count(1), .why = SOUK_WHY(.rows = "stock", .args = which),
              .to = SOUK_TO(.query = "stock", .args = which));
    souk_fact(call, .label = SOUK_MSG("today"), .value = souk_day(market->today));
    souk_end(call);
    souk_columns(call);
    souk_section(call, "left");
    souk_table(call, .title = SOUK_MSG("stock"), .rows = rows[0],
               .why = SOUK_WHY(.rows = "stock", .args = which));
    souk_end(call);
    souk_end(call);
    souk_fold(call, "more");
    souk_table(call, .title = SOUK_MSG("prices"), .rows = rows[2], .why = SOUK_WHY(.rows = "prices"));
    souk_alert(call, .tone = SOUK_WATCH, .text = SOUK_MSG("few", { "n", souk_count(rows[1].n_rows) }));
    souk_text_line(call, .text = SOUK_MSG("hello"), .to = SOUK_TO(.url = "https://example.org/"));
    souk_empty(call, .text = SOUK_MSG("nothing"), .fills = "amazon.stock");
    souk_end(call);
    return 0;
}

static int bad_table(struct souk_call *call, struct souk_rows rows)
{
    souk_table(call, .title = SOUK_MSG("lies"), .rows = rows, .why = SOUK_WHY(.rows = "few"));
    return 0;
}

static int bad_text(struct souk_call *call, struct souk_str text)
{
    struct souk_value value = souk_text("");
    value.text = text;
    souk_fact(call, .label = SOUK_MSG("lies"), .value = value);
    return 0;
}

static int query_stock(struct souk_call *call, const struct souk_arg *at, uint32_t n)
{
    struct souk_rows rows;
    const struct souk_args which = { at, n, 0 };
    return souk_query_args(call, &rows, "stock", which);
}

static int ask_policy(struct souk_call *call, const struct souk_market_now *market, const char *key)
{
    struct souk_policy line;
    int rc = souk_policy(call, market->id, key, market->today, &line);
    if (rc < 0)
        return rc;
    souk_stat(call, .label = SOUK_MSG("limit"), .value = line.value,
              .why = SOUK_WHY(.policy = key, .market = market->id, .policy_day = market->today));
    souk_fact(call, .label = SOUK_MSG("since"), .value = souk_day(line.since));
    souk_fact(call, .label = SOUK_MSG("source"), .value = souk_text(line.source));
    return 0;
}

/* How often two of many readings within one call differ. */
static int moment(struct souk_call *call)
{
    int64_t first = -1, differ = 0;
    for (int i = 0; i < 100; i++) {
        struct souk_rows rows;
        int rc = souk_query_all(call, &rows, "lines");
        if (rc < 0)
            return rc;
        if (first < 0)
            first = souk_num(&rows, 0, 0, 0);
        differ += souk_num(&rows, 0, 0, 0) != first;
    }
    stat_of(call, differ);
    return 0;
}

/* The hours of the day on which the clocks went forward in 2026. */
static int days_of_spring(struct souk_call *call, const struct souk_market_now *market)
{
    enum { MARCH_29 = 20541 };
    int64_t from, to;
    int rc = call->query->day_start(call, market->id, MARCH_29, &from);
    if (rc == 0)
        rc = call->query->day_start(call, market->id, MARCH_29 + 1, &to);
    if (rc == 0)
        stat_of(call, (to - from) / 3600);
    return rc;
}

/* Wall clocks of the night to that day, an hour apart: 1:59:59 and 3:00:00; and the last second of the year before. */
static int clocks_of_spring(struct souk_call *call, const char *market)
{
    enum { BEFORE = 1774745999, NEW_YEAR = 1767222000 };
    static const struct { int64_t at_s; int32_t day, second; } shown[] = {
        { BEFORE, 20541, 7199 }, { BEFORE + 1, 20541, 10800 }, { NEW_YEAR - 1, 20453, 86399 }, { -3601, -1, 86399 },
    };
    int fine = 0;
    for (unsigned i = 0; i < sizeof shown / sizeof *shown; i++) {
        int32_t day, second;
        int rc = call->query->local(call, market, shown[i].at_s, &day, &second);
        if (rc < 0)
            return rc;
        fine += day == shown[i].day && second == shown[i].second;
    }
    stat_of(call, fine);
    return 0;
}

/* Hours until an order is late that was placed in the afternoon of a Friday; asked twice. */
static int hours_to_ship(struct souk_call *call, const char *market)
{
    enum { NOVEMBER_20_17H = 1795190400 };
    int64_t first, late_at;
    int rc = call->query->ship_by(call, market, NOVEMBER_20_17H, &first);
    if (rc == 0)
        rc = call->query->ship_by(call, market, NOVEMBER_20_17H, &late_at);
    if (rc == 0)
        stat_of(call, first == late_at ? (late_at - NOVEMBER_20_17H) / 3600 : -1);
    return rc;
}

static int render(void *self, struct souk_call *call, const struct souk_ask *ask)
{
    const struct souk_market_now *market = souk_market_at(ask, 0);
    const struct souk_arg of = { "market", souk_market(market->id) },
    below = { "below", souk_count(3) },
        text = { "below", souk_text("3") }, other = { "sku", souk_text("A") };
    struct souk_value cell = souk_count(1);
    struct souk_rows rows;
    struct souk_policy line = { .size = 4 };
    int64_t instant_s;
    int rc;
    if (self != &instances)
        return SOUK_EHOST;
    switch (what_to_do(ask)) {
    case DO_fine:           stat_of(call, 1); return 0;
    case DO_lines:
        rc = souk_query_all(call, &rows, "lines");
        stat_of(call, rc < 0 ? rc : souk_num(&rows, 0, 0, 0));
        return rc;
    case DO_everything:     return everything(call, ask);
    case DO_nothing:        return 7;
    case DO_not_yet:        return SOUK_ENOTYET;
    case DO_denied:         return SOUK_EDENIED;
    case DO_odd_code:       return -99;
    case DO_fault_twice:
    case DO_fault:
        souk_fault(call, "cannot", { "price", souk_money(1999, "EUR") }, { "n", souk_count(2) },
                   { "day", souk_day(20780) }, { "market", souk_market(market->id) });
        souk_fault(call, "later");
        return SOUK_EDENIED;
    case DO_undeclared:     return souk_query_all(call, &rows, "nosuch");
    case DO_no_argument:    return query_stock(call, &of, 1);
    case DO_wrong_type:     return query_stock(call, (const struct souk_arg[]){ of, text }, 2);
    case DO_argument_twice: return query_stock(call, (const struct souk_arg[]){ of, below, below }, 3);
    case DO_one_more:       return query_stock(call, (const struct souk_arg[]){ of, below, other }, 3);
    case DO_endless:        return souk_query_all(call, &rows, "endless");
    case DO_endless_unseen:
        souk_query_all(call, &rows, "endless");
        stat_of(call, rows.n_rows);
        return 0;
    case DO_slow:
        for (int64_t i = 0; i < 40; i++)
            souk_query_all(call, &rows, "endless");
        stat_of(call, 1);
        return 0;
    case DO_chatter:
        for (int i = 0; i < 250; i++)
            souk_log(call, SOUK_WARN, "chatter");
        stat_of(call, 1);
        return 0;
    case DO_policy:         return ask_policy(call, market, "ship.handling_days");
    case DO_decimal_policy: return ask_policy(call, market, "deal.min_stars");
    case DO_no_policy:      return ask_policy(call, market, "ship.nosuch");
    case DO_policy_without_size:
        return call->query->policy(call, market->id, "ship.handling_days", market->today, &line);
    case DO_search:
        rc = call->query->search(call, "listing", "A", 1, &rows);
        stat_of(call, rows.n_rows);
        return rc;
    case DO_cut:
        rc = souk_query_all(call, &rows, "few");
        stat_of(call, rows.is_cut * 10 + rows.n_rows);
        return rc;
    case DO_money:
        rc = souk_query_all(call, &rows, "prices");
        return rc < 0 ? rc : bad_table(call, rows);
    case DO_no_why:         souk_stat(call, .label = SOUK_MSG("n"), .value = souk_count(1)); return 0;
    case DO_left_open:      souk_section(call, "open"); return 0;
    case DO_null_stat:      call->view->stat(call, NULL); return 0;
    case DO_why_undeclared:
        souk_stat(call, .label = SOUK_MSG("n"), .value = cell, .why = SOUK_WHY(.rows = "nosuch"));
        return 0;
    case DO_link_without_argument:
        souk_text_line(call, .text = SOUK_MSG("n"),
                       .to = SOUK_TO(.query = "stock", .args = { &of, 1, 0 }));
        return 0;
    case DO_rows_overflow:
        return bad_table(call, (struct souk_rows){ "a:count b:count c:count d:count", &cell, 4,
                                                   1u << 30, 0, 0 });
    case DO_text_too_long:  return bad_text(call, (struct souk_str){ "short", 1u << 30, 0 });
    case DO_text_not_ended: return bad_text(call, (struct souk_str){ "short", 2, 0 });
    case DO_fewer_columns:  return bad_table(call, (struct souk_rows){ "a:count", &cell, 2, 1, 0, 0 });
    case DO_store_is_null:
        stat_of(call, !call->store && !call->import && !call->get(call, "souk.store/1")
                      && !call->get(call, "souk.later/1") && call->get(call, SOUK_VIEW) == call->view);
        return 0;
    case DO_until:
        souk_until(call, 2000);
        souk_until(call, 1000);
        souk_until(call, 3000);
        return 0;
    case DO_count_instances: stat_of(call, instances); return 0;
    case DO_moment:         return moment(call);
    case DO_days:           return days_of_spring(call, market);
    case DO_no_day:         return call->query->day_start(call, "MARS", 1, &instant_s);
    case DO_ship_by:        return hours_to_ship(call, market->id);
    case DO_no_ship_by:     return hours_to_ship(call, "MARS");
    case DO_unshippable:    return call->query->ship_by(call, market->id, INT64_MAX, &instant_s);
    case DO_local:          return clocks_of_spring(call, market->id);
    case DO_no_local:       return clocks_of_spring(call, "MARS");
    case DO_form_undeclared:
        souk_form(call, .command = "order.cancel", .button = SOUK_MSG("n"));
        return 0;
    case DOINGS:            break;
    }
    return SOUK_EINPUT;
}

static int begin(const struct souk_host *host, void **self)
{
    (void)host;
    instances++;
    *self = &instances;
    return 0;
}

static void end(void *self)
{
    if (self == &instances)
        instances--;
}

/* Markets, and SKUs of the first that run low; from midnight on it forgets how. */
static int count(void *self, struct souk_call *call, const struct souk_ask *ask, struct souk_badge *badge)
{
    enum { DAY_S = 86400 };
    struct souk_rows rows;
    if (self != &instances || ask->now_s % DAY_S == 0)
        return SOUK_EINPUT;
    badge->count = ask->n_markets;
    int rc = souk_query(call, &rows, "stock", { "market", souk_market(souk_market_at(ask, 0)->id) },
                        { "below", souk_count(3) });
    badge->urgent = rows.n_rows;
    return rc;
}

static const struct souk_widget widget = {
    .size = sizeof widget, .area = 2, .id = "naughty", .title = "title", .width = 2,
    .options = SOUK_LIST(options),
    .render = render, .ribbon = SOUK_RIBBON_NOTICES, .counts = count,
}, other = {
    .size = sizeof other, .area = 2, .id = "naughty-too", .title = "title", .width = 2, .render = render,
    .badge = "badge",
};
static const struct souk_offer offers[] = { { SOUK_WIDGET, &widget }, { SOUK_WIDGET, &other } };

SOUK_PLUGIN = {
    .size = sizeof(struct souk_plugin), .built = SOUK_SDK_NOW, .needs = SOUK_SDK(0, 1),
    .id = "org.example.naughty", .version = "1.0.0", .title = "title",
    .reads = "v1_stock v1_listings",
    .offers = SOUK_LIST(offers), .queries = SOUK_LIST(queries), .open = begin, .close = end,
};
