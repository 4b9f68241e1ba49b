/* SPDX-License-Identifier: Apache-2.0 */
/*
 * listing.c: listing status: on sale or on vacation, by marketplace, from a day to a day.
 *
 * in:     what somebody types; the days that come
 * out:    the records `listing` of v1_settings; when a day has come, listings.pause and listings.resume
 *
 * A record says what is wanted.  Its hidden field `begun` says what was done of it, and changes in the same transaction
 * as the listings; so the command vacation.run may come late, twice or never, and does what is missing.
 */
#include <souk/settings.h>

#include <string.h>

#define FIELD(kind, its_name, ...) { .size = sizeof(struct souk_field), .type = SOUK_FIELD_##kind, .name = (its_name), \
        .title = "field_" its_name, __VA_ARGS__ }
#define WAITS " FROM v1_outgoing WHERE market = :market AND reason IN ('vacation', 'return') AND state IN ('queued', 'downloaded')"
#define HELD " FROM v1_outgoing WHERE market = :market AND reason = 'vacation' AND is_open = 1"
#define OF_MARKET "market = :market"

enum { RETURN_DAYS = 60 };

static const struct souk_query queries[] = {
    {
        .size = sizeof(struct souk_query), .id = "records", .title = "records", .about = "records_about",
        .sql = "SELECT record, max(CASE WHEN field = 'market' THEN text END), max(CASE WHEN field = 'status' THEN text END),"
               " max(CASE WHEN field = 'from' THEN number END), max(CASE WHEN field = 'until' THEN number END),"
               " max(CASE WHEN field = 'begun' THEN 1 ELSE 0 END)"
               " FROM v1_settings WHERE module = 'listing' GROUP BY record ORDER BY record",
        .columns = "record:count market:market status:text from:day until:day begun:bool",
    },
    {
        .size = sizeof(struct souk_query), .id = "on_vacation", .title = "on_vacation",
        .sql = "SELECT max(CASE WHEN field = 'market' THEN text END), max(CASE WHEN field = 'until' THEN number END),"
               " CASE WHEN max(CASE WHEN field = 'until' THEN 1 ELSE 0 END) = 1 THEN 'yes' ELSE 'no' END"
               " FROM v1_settings WHERE module = 'listing' GROUP BY record"
               " HAVING max(CASE WHEN field = 'status' THEN text END) = 'vacation'"
               "  AND max(CASE WHEN field = 'begun' THEN 1 ELSE 0 END) = 1 ORDER BY record",
        .columns = "market:market until:day is_until:text",
    },
    {
        .size = sizeof(struct souk_query), .id = "away", .title = "away", .max_rows = 100000,
        .sql = "SELECT sku, title, quantity FROM v1_listings WHERE " OF_MARKET " AND coalesce(fulfilment, 'seller') = 'seller'"
               " AND quantity > 0 ORDER BY sku",
        .params = "market:market", .columns = "sku:text title:text quantity:count",
    },
    {
        .size = sizeof(struct souk_query), .id = "stays", .title = "stays", .max_rows = 100000,
        .sql = "SELECT sku, title FROM v1_listings WHERE " OF_MARKET " AND fulfilment = 'marketplace' AND status = 'Active'"
               " ORDER BY sku",
        .params = "market:market", .columns = "sku:text title:text",
    },
    {
        .size = sizeof(struct souk_query), .id = "waits", .title = "waits", .max_rows = 100000,
        .sql = "SELECT sku, title, state, quantity, at" WAITS " ORDER BY outgoing",
        .params = "market:market", .columns = "sku:text title:text state:text quantity:count at:instant",
    },
    {
        .size = sizeof(struct souk_query), .id = "returns", .title = "duty_returns", .about = "duty_returns_about",
        .sql = "SELECT request_day, 'order:' || order_id, sku, quantity, status, reason FROM v1_returns WHERE " OF_MARKET
               " AND request_day >= :since AND coalesce(refund, 0) = 0 ORDER BY request_day, order_id, sku",
        .params = "market:market since:day",
        .columns = "request_day:day order:ref sku:text quantity:count status:text reason:text",
    },
    {
        .size = sizeof(struct souk_query), .id = "sums", .title = "sums", .about = "sums_about",
        .sql = "SELECT (SELECT count(*) FROM v1_listings WHERE " OF_MARKET " AND coalesce(fulfilment, 'seller') = 'seller'"
               "         AND quantity > 0),"
               " (SELECT count(*) FROM v1_listings WHERE " OF_MARKET " AND fulfilment = 'marketplace' AND status = 'Active'),"
               " (SELECT count(*)" WAITS "), (SELECT count(*)" HELD "),"
               " (SELECT coalesce(sum(orders), 0) FROM v1_open_daily WHERE " OF_MARKET " AND fulfilment = 'seller'"
               "         AND state = 'unshipped'),"
               " (SELECT count(*) FROM v1_threads WHERE " OF_MARKET " AND waits IS NOT NULL),"
               " (SELECT count(*) FROM v1_claims WHERE " OF_MARKET " AND state = 'action'),"
               " (SELECT count(*) FROM v1_returns WHERE " OF_MARKET " AND request_day >= :since AND coalesce(refund, 0) = 0)",
        .params = "market:market since:day",
        .columns = "away:count stays:count waits:count held:count duty_orders:count duty_messages:count duty_claims:count"
                   " duty_returns:count",
    },
    {
        .size = sizeof(struct souk_query), .id = "nowhere", .title = "nowhere",
        .sql = "SELECT (SELECT count(*) FROM v1_threads WHERE market IS NULL AND waits IS NOT NULL),"
               " (SELECT count(*) FROM v1_claims WHERE market IS NULL AND state = 'action')",
        .columns = "duty_messages:count duty_claims:count",
    },
};
enum { AWAY, STAYS, WAITING, HOLDS, ORDERS, MESSAGES, CLAIMS, RETURNS };        /* columns of sums */

static const struct souk_choice statuses[] = { { "active", "status_active" }, { "vacation", "status_vacation" } };

static const struct souk_field fields[] = {
    FIELD(MARKET, "market", .flags = SOUK_FIELD_NEEDED | SOUK_FIELD_UNIQUE),
    FIELD(ONE_OF, "status", .choices = SOUK_LIST(statuses), .flags = SOUK_FIELD_NEEDED, .fallback = SOUK_WORD(SOUK_TEXT, "vacation")),
    FIELD(DAY, "from", .when = "status", .when_is = "vacation", .about = "field_from_about"),
    FIELD(DAY, "until", .when = "status", .when_is = "vacation", .about = "field_until_about"),
    FIELD(HIDDEN, "begun", .max = 3),
};

/* ---- what a record says ------------------------------------------------------------------------------ */

struct wish {
    const struct souk_market_now *market;               /* NULL: none of the account */
    struct souk_value from, until;                      /* SOUK_NONE: at once, until somebody comes back */
    int is_vacation, is_begun;
};

static struct souk_value or_none(const struct souk_value *v)
{
    return v ? *v : souk_none();
}

static struct wish wish_of(const struct souk_ask *ask, const struct souk_args *now)
{
    return (struct wish){
        souk_market_named(ask, souk_given_text(now, "market")), or_none(souk_given(now, "from")), or_none(souk_given(now, "until")),
        souk_is(souk_given(now, "status"), "vacation"), souk_given(now, "begun") != NULL,
    };
}

static int is_over(const struct wish *w)
{
    return w->is_vacation && w->until.type != SOUK_NONE && w->until.num < w->market->today;
}

/* Shall the listings be off sale today?  The last day is one of the vacation. */
static int is_away(const struct wish *w)
{
    return w->is_vacation && !is_over(w) && (w->from.type == SOUK_NONE || w->from.num <= w->market->today);
}

/* ---- checks ------------------------------------------------------------------------------------------ */

static int check(void *self, struct souk_call *call, const struct souk_ask *ask, const struct souk_record *record)
{
    const struct wish w = wish_of(ask, &record->now);
    const struct souk_value *was = souk_given(&record->was, "market");
    (void)self;
    if (was && souk_given(&record->was, "begun") && souk_has_changed(record, "market"))
        souk_wrong(call, "market", "wrong_market", { "market", *was });
    else if (!w.market)
        souk_wrong(call, "market", "wrong_unknown");
    else if (w.is_vacation && w.until.type != SOUK_NONE && w.from.type != SOUK_NONE && w.until.num < w.from.num)
        souk_wrong(call, "until", "wrong_until", { "from", w.from });
    else if (is_over(&w) && (souk_has_changed(record, "until") || souk_has_changed(record, "status")))
        souk_wrong(call, "until", "wrong_past", { "today", souk_day(w.market->today) });
    return 0;
}

/* ---- what is due ------------------------------------------------------------------------------------- */

/* A word is long enough for the number of a record. */
static struct souk_value number_text(char room[24], int64_t number)
{
    char *at = room + 23;
    *at = 0;
    do
        *--at = (char)('0' + number % 10);
    while (number /= 10);
    return souk_text(at);
}

static int run_due(struct souk_call *call, const struct souk_value *row, const struct souk_ask *ask)
{
    const struct wish w = { souk_market_named(ask, row[1].text.at), row[3], row[4], souk_is(&row[2], "vacation"), row[5].num != 0 };
    char room[24];
    const struct souk_value record = number_text(room, row[0].num);
    int rc = 0;
    if (!w.market)
        return 0;
    if (is_away(&w) && !w.is_begun) {
        rc = souk_plan(call, "listings.pause", { "market", row[1] });
        return rc < 0 ? rc : souk_plan(call, "settings.listing.save", { "record", record }, { "begun", souk_text("yes") });
    }
    if (!is_away(&w) && w.is_begun)
        rc = souk_plan(call, "listings.resume", { "market", row[1] });
    if (rc < 0 || !(is_over(&w) || (!is_away(&w) && w.is_begun)))
        return rc;
    if (w.is_vacation && !is_over(&w))                  /* it was put off to a later day */
        return souk_plan(call, "settings.listing.save", { "record", record }, { "begun", souk_none() });
    return souk_plan(call, "settings.listing.save", { "record", record }, { "status", souk_text("active") },
                     { "begun", souk_none() });
}

static int plan(void *self, struct souk_call *call, const struct souk_ask *ask, const struct souk_args *args)
{
    struct souk_rows rows;
    int rc = souk_query_all(call, &rows, "records");
    (void)self;
    (void)args;
    for (uint32_t i = 0; rc >= 0 && i < rows.n_rows; i++)
        rc = run_due(call, souk_cell(&rows, i, 0), ask);
    return rc < 0 ? rc : 0;
}

/* ---- what stands above the form ---------------------------------------------------------------------- */

static void put_state(struct souk_call *call, const struct wish *w)
{
    const int has_until = w->until.type != SOUK_NONE;
    if (w->is_begun && is_away(w))
        souk_alert(call, .tone = SOUK_INFO, .text = has_until ? (struct souk_msg)SOUK_MSG("away_until", { "until", w->until })
                                                             : (struct souk_msg)SOUK_MSG("away_open"));
    else if (w->is_begun)
        souk_alert(call, .tone = SOUK_WATCH, .text = SOUK_MSG("comes_back"));
    else if (is_away(w))
        souk_alert(call, .tone = SOUK_WATCH, .text = SOUK_MSG("begins_now"));
    else if (w->is_vacation && !is_over(w) && has_until)
        souk_alert(call, .tone = SOUK_INFO, .text = SOUK_MSG("begins", { "from", w->from }, { "until", w->until }));
    else if (w->is_vacation && !is_over(w))
        souk_alert(call, .tone = SOUK_INFO, .text = SOUK_MSG("begins_open", { "from", w->from }));
    else
        souk_text_line(call, .text = SOUK_MSG("on_sale"));
    if (w->is_begun != is_away(w))
        souk_form(call, .command = "vacation.run", .button = SOUK_MSG(w->is_begun ? "do_return" : "do_begin"));
}

static void put_duty(struct souk_call *call, const char *title, const struct souk_value *n, const char *note,
                     const struct souk_to *to, const struct souk_why *why)
{
    souk_item(call, .tone = n->num ? SOUK_WATCH : SOUK_GOOD, .title = SOUK_MSG(title), .value = *n, .why = why, .to = to,
              .badge = SOUK_MSG(n->num ? "open" : "nothing_open"), .note = { n->num ? note : NULL, { NULL, 0, 0 } });
    souk_end(call);
}

static int put_market(struct souk_call *call, const struct wish *w)
{
    const struct souk_market_now *m = w->market;
    const struct souk_value market = souk_market(m->id), since = souk_day(m->today - RETURN_DAYS);
    const struct souk_args of = SOUK_ARGS({ "market", market }), args = SOUK_ARGS({ "market", market }, { "since", since });
    const struct souk_to *here = NULL;
    struct souk_rows rows;
    int rc = souk_query_args(call, &rows, "sums", args);
    if (rc < 0)
        return rc;
    const struct souk_value *sum = souk_cell(&rows, 0, 0);
    souk_section(call, "market", { "market", market });
    put_state(call, w);
    if (sum[WAITING].num)
        souk_alert(call, .tone = SOUK_WATCH, .text = SOUK_MSG("hand_in", { "n", sum[WAITING] }), .to = SOUK_TO(.ref = "outgoing:all"),
                   .why = SOUK_WHY(.rows = "waits", .args = of));
    souk_fact(call, .label = SOUK_MSG("away"), .value = sum[AWAY], .why = SOUK_WHY(.rows = "away", .args = of));
    souk_fact(call, .label = SOUK_MSG("stays"), .value = sum[STAYS], .why = SOUK_WHY(.rows = "stays", .args = of));
    if (w->is_vacation || w->is_begun) {
        souk_items(call, "duties");
#define WHY SOUK_WHY(.rows = "sums", .args = args, .formula = SOUK_MSG("sums_about"))
#define WIDGET(name) SOUK_TO(.widget = name)
        put_duty(call, "duty_orders", &sum[ORDERS], "duty_orders_note", WIDGET("orders"), WHY);
        put_duty(call, "duty_messages", &sum[MESSAGES], "duty_messages_note", WIDGET("messages"), WHY);
        put_duty(call, "duty_claims", &sum[CLAIMS], "duty_claims_note", WIDGET("claims"), WHY);
        here = sum[RETURNS].num ? SOUK_TO(.query = "returns", .args = args) : NULL;
        put_duty(call, "duty_returns", &sum[RETURNS], "duty_returns_note", here, WHY);
        souk_end(call);
    } else if (sum[HOLDS].num) {
        souk_alert(call, .tone = SOUK_WATCH, .text = SOUK_MSG("held", { "n", sum[HOLDS] }), .to = SOUK_TO(.ref = "outgoing:all"),
                   .why = SOUK_WHY(.rows = "waits", .args = of, .formula = SOUK_MSG("held_why")));
        souk_form(call, .command = "listings.resume", .button = SOUK_MSG("come_back"), .args = of);
    }
    souk_end(call);
    return 0;
}

/* What no marketplace is known of must be answered, too. */
static int put_nowhere(struct souk_call *call)
{
    struct souk_rows rows;
    int rc = souk_query_all(call, &rows, "nowhere");
    if (rc < 0)
        return rc;
    const struct souk_value messages = *souk_cell(&rows, 0, 0), claims = *souk_cell(&rows, 0, 1);
    if (messages.num)
        souk_text_line(call, .text = SOUK_MSG("nowhere_messages", { "n", messages }), .to = SOUK_TO(.widget = "messages"));
    if (claims.num)
        souk_text_line(call, .text = SOUK_MSG("nowhere_claims", { "n", claims }), .to = SOUK_TO(.widget = "claims"));
    return 0;
}

static int notes(void *self, struct souk_call *call, const struct souk_ask *ask, const struct souk_records *records)
{
    int rc = 0, any_vacation = 0;
    (void)self;
    for (uint32_t i = 0; rc >= 0 && i < ask->n_markets; i++) {
        struct wish w = { souk_market_at(ask, i), souk_none(), souk_none(), 0, 0 };
        int is_shown = !*records->shown;
        for (uint32_t k = 0; k < records->list.n; k++) {
            const struct souk_record *record = souk_record_at(records, k);
            if (souk_market_named(ask, souk_given_text(&record->now, "market")) == w.market) {
                w = wish_of(ask, &record->now);
                is_shown |= strcmp(record->id, records->shown) == 0;
            }
        }
        if (is_shown)
            rc = put_market(call, &w);
        any_vacation |= is_shown && w.is_vacation;
    }
    if (rc >= 0 && any_vacation)
        rc = put_nowhere(call);
    return rc < 0 ? rc : 0;
}

static const struct souk_settings settings = {
    .size = sizeof settings, .order = 10, .id = "listing", .title = "title", .about = "about",
    .view = SOUK_MAY_VIEW, .edit = SOUK_MAY_EDIT, .fields = SOUK_LIST(fields), .max_records = 50, .schema = 1,
    .summary = "summary", .check = check, .notes = notes, .banner = "on_vacation", .banner_text = "banner",
};
static const struct souk_command command = {
    .size = sizeof command, .right = SOUK_MAY_EDIT, .id = "vacation.run", .title = "run", .about = "run_about", .plan = plan,
    .is_timed = 1,
};
static const struct souk_offer offers[] = { { SOUK_SETTINGS, &settings }, { SOUK_COMMAND, &command } };

SOUK_PLUGIN = {
    .size = sizeof(struct souk_plugin), .built = SOUK_SDK_NOW, .needs = SOUK_SDK(0, 3),
    .id = "org.souk.settings.listing", .version = "1.0.0", .title = "title",
    .reads = "v1_settings v1_listings v1_outgoing v1_open_daily v1_threads v1_claims v1_returns",
    .commands = "listings.pause listings.resume settings.listing.save",
    .offers = SOUK_LIST(offers), .queries = SOUK_LIST(queries),
};
