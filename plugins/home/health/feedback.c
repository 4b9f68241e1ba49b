/* SPDX-License-Identifier: Apache-2.0 */
/*
 * feedback.c: Seller Rating and Customer Feedback.
 *
 * The marketplace's file holds feedback of one to three stars only, so positive feedback is known as typed in or
 * imported from the marketplace's own table, and what comes from the file is never shown as all of it.
 */
#include "health.h"

enum { C_DAY, C_WINDOW, C_POSITIVE, C_NEUTRAL, C_NEGATIVE, C_SOURCE, C_STARS };         /* columns of "tables" */
enum { F_ORDER, F_DAY, F_STARS, F_COMMENT, F_RESPONSE, F_REMOVAL, F_REMOVED, F_ORDER_DAY };     /* of "comments" */
enum { CARD_COMMENTS = 2, PAGE_COMMENTS = 50, ROWS = WINDOWS + 1, YEAR_DAYS = 365, HISTORY_ROWS = 120 };

/* ---- the marketplace's table --------------------------------------------------------------------- */

static int64_t all_of(const struct souk_rows *tables, uint32_t i)
{
    return souk_num(tables, i, C_POSITIVE, 0) + souk_num(tables, i, C_NEUTRAL, 0) + souk_num(tables, i, C_NEGATIVE, 0);
}

/* The newest line of a window (0: lifetime); n_rows when there is none. */
static uint32_t line_of(const struct souk_rows *tables, int64_t window)
{
    uint32_t i = 0;
    while (i < tables->n_rows && souk_num(tables, i, C_WINDOW, -1) != window)
        i++;
    return i;
}

static struct souk_value window_word(int64_t window)
{
    return souk_key(window == 30 ? "window_30" : window == 90 ? "window_90" : window == 365 ? "window_365"
                    : window ? "window_other" : "window_lifetime");
}

/* Windows of the table by the policy, the lifetime last. */
static int table_windows(struct souk_call *call, const struct souk_market_now *m, int32_t window[ROWS])
{
    int n = windows_of(call, m->id, "feedback.windows_days", m->today, window);
    if (n >= 0)
        window[n++] = 0;
    return n;
}

static struct souk_why why_table(const struct souk_args *of)
{
    const struct souk_why why = { .size = sizeof why, .rows = "tables", .args = *of, .formula = SOUK_MSG("table_why"),
                                  .origin = SOUK_MSG("table_origin") };
    return why;
}

static int table_put(struct souk_call *call, const struct souk_market_now *m, const struct souk_rows *tables, int is_page)
{
    const struct souk_args of = SOUK_ARGS({ "market", souk_market(m->id) });
    const struct souk_why why = why_table(&of);
    struct souk_value share[ROWS * 5], count[ROWS * 5];
    int32_t window[ROWS];
    uint32_t n = 0;
    int windows = table_windows(call, m, window);
    for (int w = 0; w < windows; w++) {
        const uint32_t i = line_of(tables, window[w]);
        if (i == tables->n_rows)
            continue;
        const int64_t all = all_of(tables, i);
        share[n * 5] = count[n * 5] = window_word(window[w]);
        for (uint32_t c = 0; c < 3; c++) {
            count[n * 5 + c + 1] = *souk_cell(tables, i, C_POSITIVE + c);
            share[n * 5 + c + 1] = share_of(souk_num(tables, i, C_POSITIVE + c, 0), all);
        }
        share[n * 5 + 4] = souk_count(all);
        count[n * 5 + 4] = *souk_cell(tables, i, C_DAY);
        n++;
    }
    if (n)
        souk_table(call, .title = SOUK_MSG("table"), .why = &why,
                   .rows = { "window:key positive:bp neutral:bp negative:bp ratings:count", share, 5, n, 0, 0 });
    if (n && is_page)
        souk_table(call, .title = SOUK_MSG("table_counts"), .why = &why,
                   .rows = { "window:key positive:count neutral:count negative:count as_of:day", count, 5, n, 0, 0 });
    return windows < 0 ? windows : (int)n;
}

/* ---- what the files hold ------------------------------------------------------------------------- */

/* Counts of comments by window; the lifetime only on the page, where it is worth its time. */
static int known_put(struct souk_call *call, const struct souk_market_now *m, int is_page)
{
    struct souk_value cell[ROWS * 5];
    int32_t window[ROWS];
    int64_t negative = 0, positive = 0;
    uint32_t n = 0;
    int windows = table_windows(call, m, window), rc = windows;
    if (rc >= 0)
        rc = negative_stars(call, m, &negative);
    if (rc >= 0)
        rc = positive_stars(call, m, &positive);
    const struct souk_args of = SOUK_ARGS({ "market", souk_market(m->id) }, { "from", souk_day(0) },
                                          { "negative", souk_count(negative) }, { "positive", souk_count(positive) });
    for (int w = 0; w < windows - !is_page && rc >= 0; w++) {
        struct souk_rows rows;
        struct souk_value *to = &cell[n * 5];
        rc = souk_query(call, &rows, "comment_counts", { "market", souk_market(m->id) },
                        { "from", souk_day(window[w] ? m->today - window[w] + 1 : 0) }, { "negative", souk_count(negative) },
                        { "positive", souk_count(positive) });
        if (rc < 0)
            break;
        to[0] = window_word(window[w]);
        for (uint32_t c = 0; c < 3; c++)
            to[c + 1] = *souk_cell(&rows, 0, c);
        if (!to[1].num)
            to[1] = souk_none();                        /* the file holds none: it is not known */
        to[4] = *souk_cell(&rows, 0, 3);
        n++;
    }
    if (rc >= 0 && n) {
        souk_table(call, .title = SOUK_MSG("known"),
                   .rows = { is_page ? "window:key positive:count neutral:count negative:count removed_count:count"
                                     : "window:key positive:count+hidden neutral:count negative:count removed_count:count+hidden",
                             cell, 5, n, 0, 0 },
                   .why = SOUK_WHY(.rows = "comment_list", .args = of, .formula = SOUK_MSG("known_why"),
                                   .policy = "feedback.negative_stars", .market = m->id, .policy_day = m->today));
        if (is_page)
            souk_text_line(call, .text = SOUK_MSG("known_about"));
    }
    return rc;
}

/* ---- comments ------------------------------------------------------------------------------------ */

static struct souk_msg state_of(const struct souk_rows *rows, uint32_t i)
{
    const char *key = souk_cell(rows, i, F_REMOVED)->type != SOUK_NONE ? "state_removed"
                      : souk_cell(rows, i, F_REMOVAL)->type != SOUK_NONE ? "state_asked"
                      : souk_cell(rows, i, F_RESPONSE)->text.len ? "state_answered" : "state_open";
    return (struct souk_msg){ key, { NULL, 0, 0 } };
}

static void comment_forms(struct souk_call *call, const struct souk_rows *rows, uint32_t i)
{
    const struct souk_value *response = souk_cell(rows, i, F_RESPONSE);
    const struct souk_args of = SOUK_ARGS({ "order", *souk_cell(rows, i, F_ORDER) });
    const struct souk_field field[] = {
        { .size = sizeof(struct souk_field), .type = SOUK_FIELD_AREA, .name = "response", .title = "field_response",
          .flags = SOUK_FIELD_NEEDED, .fallback = response->text.len ? *response : souk_none() },
    };
    if (souk_cell(rows, i, F_REMOVED)->type != SOUK_NONE)
        return;
    souk_form(call, .command = "feedback.respond", .title = SOUK_MSG("respond_title"), .button = SOUK_MSG("write_down"),
              .note = SOUK_MSG("respond_note"), .args = of, .fields = SOUK_LIST(field), .is_folded = 1);
    if (souk_cell(rows, i, F_REMOVAL)->type == SOUK_NONE)
        souk_form(call, .command = "feedback.removal", .button = SOUK_MSG("removal_button"), .args = of);
    souk_form(call, .command = "feedback.removed", .button = SOUK_MSG("removed_button"), .args = of);
}

/* Until when it counts in the order defect rate, which goes by the day of the order. */
static void counts_until(struct souk_call *call, const struct souk_market_now *m, const struct souk_rows *rows, uint32_t i,
                         int64_t negative, int32_t window)
{
    const struct souk_value *order_day = souk_cell(rows, i, F_ORDER_DAY);
    if (!window || order_day->type == SOUK_NONE || souk_num(rows, i, F_STARS, 5) > negative ||
        souk_cell(rows, i, F_REMOVED)->type != SOUK_NONE || order_day->num + window <= m->today)
        return;
    souk_fact(call, .label = SOUK_MSG("counts_until"), .value = souk_day((int32_t)order_day->num + window - 1),
              .why = SOUK_WHY(.formula = SOUK_MSG("counts_until_why", { "day", *order_day }, { "days", souk_count(window) }),
                              .policy = "defect.window_days", .market = m->id, .policy_day = m->today));
}

struct comments {                                       /* how they are shown */
    int64_t negative, positive;
    int32_t window;                                     /* of the order defect rate; 0: not told */
    int is_page;
};

static int comments_open(struct souk_call *call, const struct souk_market_now *m, int is_page, struct comments *c)
{
    int32_t window[WINDOWS];
    *c = (struct comments){ 2, 4, 0, is_page };
    int rc = negative_stars(call, m, &c->negative);
    if (rc >= 0)
        rc = positive_stars(call, m, &c->positive);
    if (rc >= 0)
        rc = windows_of(call, m->id, "defect.window_days", m->today, window);
    if (rc > 0)
        c->window = window[0];
    return rc;
}

static void comment_put(struct souk_call *call, const struct souk_market_now *m, const struct comments *c,
                        const struct souk_rows *rows, uint32_t i)
{
    char room[SOUK_REF_MAX];
    const int64_t stars = souk_num(rows, i, F_STARS, 0);
    const struct souk_value *comment = souk_cell(rows, i, F_COMMENT), *response = souk_cell(rows, i, F_RESPONSE);
    const int is_open = souk_is_same(state_of(rows, i).key, "state_open");
    souk_item(call, .tone = !is_open ? SOUK_PLAIN : stars <= c->negative ? SOUK_BAD : stars < c->positive ? SOUK_WATCH : SOUK_GOOD,
              .title = SOUK_MSG("stars_of", { "stars", souk_count(stars) }, { "order", *souk_cell(rows, i, F_ORDER) }),
              .note = SOUK_MSG("given_on", { "day", *souk_cell(rows, i, F_DAY) }), .badge = state_of(rows, i),
              .to = SOUK_TO(.ref = souk_ref_of(room, "order", souk_cell(rows, i, F_ORDER)->text.at)));
    if (comment->text.len)
        souk_text_line(call, .text = SOUK_MSG("comment", { "comment", *comment }));
    if (c->is_page && response->text.len)
        souk_text_line(call, .text = SOUK_MSG("response", { "response", *response }));
    if (c->is_page) {
        counts_until(call, m, rows, i, c->negative, c->window);
        comment_forms(call, rows, i);
    }
    souk_end(call);
}

static int list_put(struct souk_call *call, const struct souk_ask *ask, const struct souk_market_now *m)
{
    const struct souk_value *stars = souk_option(ask, "stars"), *state = souk_option(ask, "state");
    struct souk_cursor place = { DAY_MAX, 0, "" };
    char room[SOUK_CURSOR_MAX];
    struct comments c;
    struct souk_rows rows;
    int rc = comments_open(call, m, 1, &c);
    if (ask->n_markets == 1 && (!souk_cursor_read(souk_option(ask, "place")->text.at, &place) || place.at > DAY_MAX))
        place = (struct souk_cursor){ DAY_MAX, 0, "" };
    const int64_t least = souk_is(stars, "neutral") ? c.negative + 1 : souk_is(stars, "positive") ? c.positive : 1;
    const int64_t most = souk_is(stars, "negative") ? c.negative : souk_is(stars, "neutral") ? c.positive - 1 : 5;
    if (rc >= 0)
        rc = souk_query(call, &rows, "comments", { "market", souk_market(m->id) }, { "until", souk_day((int32_t)place.at) },
                        { "after", souk_text(place.id) }, { "least", souk_count(least) }, { "most", souk_count(most) },
                        { "state", *state }, { "limit", souk_count(PAGE_COMMENTS + 1) });
    if (rc < 0)
        return rc;
    const uint32_t n = rows.n_rows > PAGE_COMMENTS ? PAGE_COMMENTS : rows.n_rows;
    if (!n) {
        souk_text_line(call, .text = SOUK_MSG("comments_none"));
        return 0;
    }
    souk_items(call, "comments");
    for (uint32_t i = 0; i < n; i++)
        comment_put(call, m, &c, &rows, i);
    souk_end(call);
    if (rows.n_rows > n && ask->n_markets == 1)
        souk_pager(call, .next = SOUK_TO(.widget = "feedback", .args = SOUK_ARGS({ "stars", *stars }, { "state", *state },
            { "place", souk_text(souk_cursor_write(room, 0, souk_num(&rows, n - 1, F_DAY, 0), souk_cell(&rows, n - 1, F_ORDER)->text.at)) })));
    else if (rows.n_rows > n)
        souk_text_line(call, .text = SOUK_MSG("comments_more", { "n", souk_count(n) }));
    return 0;
}

static int newest_put(struct souk_call *call, const struct souk_market_now *m)
{
    struct comments c;
    struct souk_rows rows;
    int rc = comments_open(call, m, 0, &c);
    if (rc >= 0)
        rc = souk_query(call, &rows, "comments", { "market", souk_market(m->id) }, { "until", souk_day(DAY_MAX) },
                        { "after", souk_text("") }, { "least", souk_count(1) }, { "most", souk_count(5) },
                        { "state", souk_text("all") }, { "limit", souk_count(CARD_COMMENTS) });
    if (rc < 0 || !rows.n_rows)
        return rc;
    souk_items(call, "newest_comments");
    for (uint32_t i = 0; i < rows.n_rows; i++)
        comment_put(call, m, &c, &rows, i);
    souk_end(call);
    return (int)rows.n_rows;
}

/* ---- forms --------------------------------------------------------------------------------------- */

static const struct souk_choice window_choices[] = {
    { "d30", "window_30" }, { "d90", "window_90" }, { "d365", "window_365" }, { "lifetime", "window_lifetime" },
};

static void table_form(struct souk_call *call, const struct souk_market_now *m)
{
#define FIELD(its_type, its_name, its_title, ...) \
    { .size = sizeof(struct souk_field), .type = SOUK_FIELD_##its_type, .name = its_name, .title = its_title, __VA_ARGS__ }
    static const struct souk_field fields[] = {
        FIELD(ONE_OF, "window", "column.window", .flags = SOUK_FIELD_NEEDED, .choices = SOUK_LIST(window_choices)),
        FIELD(COUNT, "positive", "column.positive", .flags = SOUK_FIELD_NEEDED, .max = 1000000000),
        FIELD(COUNT, "neutral", "column.neutral", .flags = SOUK_FIELD_NEEDED, .max = 1000000000),
        FIELD(COUNT, "negative", "column.negative", .flags = SOUK_FIELD_NEEDED, .max = 1000000000),
        FIELD(LINE, "stars", "stars", .about = "field_stars_about", .max = 4),
        FIELD(DAY, "day", "column.as_of", .about = "field_day_about"),
    };
#undef FIELD
    souk_form(call, .command = "feedback.counts", .title = SOUK_MSG("table_title", { "market", souk_market(m->id) }),
              .button = SOUK_MSG("write_down"), .note = SOUK_MSG("table_note"),
              .args = SOUK_ARGS({ "market", souk_market(m->id) }), .fields = SOUK_LIST(fields), .is_folded = 1);
}

/* ---- Customer Feedback --------------------------------------------------------------------------- */

static int one_put(struct souk_call *call, const struct souk_ask *ask, const struct souk_value *order)
{
    struct souk_rows rows;
    int rc = souk_query(call, &rows, "comment_of", { "order", *order });
    souk_text_line(call, .text = SOUK_MSG("to_all_comments"), .to = SOUK_TO(.widget = "feedback"));
    for (uint32_t i = 0; i < ask->n_markets && rc >= 0 && rows.n_rows; i++) {
        const struct souk_market_now *m = souk_market_at(ask, i);
        struct comments c;
        if (!souk_is(souk_cell(&rows, 0, F_ORDER_DAY + 1), m->id))
            continue;
        rc = comments_open(call, m, 1, &c);
        if (rc < 0)
            return rc;
        souk_items(call, "comments");
        comment_put(call, m, &c, &rows, 0);
        souk_end(call);
        return 0;
    }
    if (rc >= 0)
        souk_text_line(call, .text = SOUK_MSG("no_comment"));
    return rc;
}

static int feedback_of(struct souk_call *call, const struct souk_ask *ask, const struct souk_market_now *m)
{
    const int is_page = ask->face == SOUK_PAGE;
    struct souk_rows tables, any;
    int rc = souk_query(call, &tables, "tables", { "market", souk_market(m->id) });
    if (rc >= 0)
        rc = souk_query(call, &any, "any_comment", { "market", souk_market(m->id) });
    if (rc < 0 || (!tables.n_rows && !any.n_rows && !is_page))
        return rc;
    souk_section(call, "market", { "market", souk_market(m->id) });
    rc = table_put(call, m, &tables, is_page);
    if (rc == 0)
        souk_text_line(call, .text = SOUK_MSG("table_unknown"), .to = is_page ? NULL : SOUK_TO(.widget = "feedback"));
    if (rc >= 0 && any.n_rows && (is_page || rc == 0))
        rc = known_put(call, m, is_page);
    if (rc >= 0 && any.n_rows)
        rc = is_page ? list_put(call, ask, m) : newest_put(call, m);
    if (rc >= 0 && is_page)
        table_form(call, m);
    souk_end(call);
    return rc < 0 ? rc : tables.n_rows || any.n_rows;
}

int feedback_render(void *self, struct souk_call *call, const struct souk_ask *ask)
{
    const struct souk_value *order = souk_option(ask, "feedback");
    int shown = 0, rc = 0;
    (void)self;
    if (ask->face == SOUK_PAGE && order->text.len)
        return one_put(call, ask, order);
    for (uint32_t i = 0; i < ask->n_markets && rc >= 0; i++) {
        rc = feedback_of(call, ask, souk_market_at(ask, i));
        shown += rc > 0;
    }
    if (rc >= 0 && !shown)
        souk_empty(call, .text = SOUK_MSG("no_feedback"), .fills = "amazon.feedback");
    return rc < 0 ? rc : 0;
}

/* ---- Seller Rating ------------------------------------------------------------------------------- */

static struct souk_value stars_value(int64_t hundredths)
{
    return hundredths % 10 ? souk_number(SOUK_DECIMAL, hundredths, 2) : souk_number(SOUK_DECIMAL, hundredths / 10, 1);
}

/* Between which stars the average lies, as the table does not tell four stars from five. */
static void stars_between(struct souk_call *call, const struct souk_rows *tables, uint32_t i, const struct comments *c)
{
    const int64_t p = souk_num(tables, i, C_POSITIVE, 0), n = souk_num(tables, i, C_NEUTRAL, 0),
                  g = souk_num(tables, i, C_NEGATIVE, 0), all = p + n + g;
    if (all <= 0 || all > INT64_MAX / 1000)
        return;
    const int64_t low = (c->positive * p + (c->negative + 1) * n + g) * 100 / all,
                  high = ((5 * p + (c->positive - 1) * n + c->negative * g) * 100 + all - 1) / all;
    souk_text_line(call, .text = SOUK_MSG("stars_between", { "low", souk_number(SOUK_DECIMAL, low, 2) },
                                          { "high", souk_number(SOUK_DECIMAL, high, 2) }));
}

static void rating_facts(struct souk_call *call, const struct souk_market_now *m, const struct souk_rows *tables)
{
    const struct souk_args of = SOUK_ARGS({ "market", souk_market(m->id) });
    const uint32_t year = line_of(tables, YEAR_DAYS), life = line_of(tables, 0);
    uint32_t told = 0;
    while (told < tables->n_rows && souk_cell(tables, told, C_STARS)->type == SOUK_NONE)
        told++;
    if (told < tables->n_rows)
        souk_stat(call, .label = SOUK_MSG("stars"), .value = stars_value(souk_num(tables, told, C_STARS, 0)),
                  .note = SOUK_MSG("stars_note", { "day", *souk_cell(tables, told, C_DAY) }),
                  .why = SOUK_WHY(.rows = "tables", .args = of, .formula = SOUK_MSG("stars_why"), .origin = SOUK_MSG("table_origin")));
    if (year < tables->n_rows) {
        const int64_t all = all_of(tables, year), positive = souk_num(tables, year, C_POSITIVE, 0);
        souk_stat(call, .label = SOUK_MSG("positive_year"), .value = souk_rate(positive, all),
                  .note = SOUK_MSG("positive_note", { "positive", souk_count(positive) }, { "all", souk_count(all) },
                                   { "day", *souk_cell(tables, year, C_DAY) }),
                  .to = SOUK_TO(.query = "tables", .args = of),
                  .why = SOUK_WHY(.rows = "tables", .args = of,
                                  .formula = SOUK_MSG("positive_why", { "positive", souk_count(positive) }, { "all", souk_count(all) }),
                                  .origin = SOUK_MSG("table_origin"), .policy = "feedback.positive_stars", .market = m->id,
                                  .policy_day = (int32_t)souk_num(tables, year, C_DAY, m->today)));
    }
    if (life < tables->n_rows)
        souk_fact(call, .label = SOUK_MSG("ratings_ever"), .value = souk_count(all_of(tables, life)),
                  .why = SOUK_WHY(.rows = "tables", .args = of, .formula = SOUK_MSG("table_why"), .origin = SOUK_MSG("table_origin")));
}

/* The share of positive feedback in twelve months, over time. */
static void rating_history(struct souk_call *call, const struct souk_market_now *m, const struct souk_rows *tables)
{
    const struct souk_args of = SOUK_ARGS({ "market", souk_market(m->id) });
    struct souk_value cell[HISTORY_ROWS * 2];
    uint32_t n = 0;
    for (uint32_t i = tables->n_rows; i-- > 0 && n < HISTORY_ROWS;) {
        if (souk_num(tables, i, C_WINDOW, -1) != YEAR_DAYS || all_of(tables, i) <= 0)
            continue;
        cell[n * 2] = *souk_cell(tables, i, C_DAY);
        cell[n * 2 + 1] = souk_rate(souk_num(tables, i, C_POSITIVE, 0), all_of(tables, i));
        n++;
    }
    if (n > 1)
        souk_chart(call, .kind = SOUK_LINE, .title = SOUK_MSG("rating_history_of"),
                   .rows = { "day:day positive_rate:rate", cell, 2, n, 0, 0 },
                   .why = SOUK_WHY(.rows = "tables", .args = of, .formula = SOUK_MSG("history_why")));
}

static int rating_of(struct souk_call *call, const struct souk_ask *ask, const struct souk_market_now *m)
{
    const int is_page = ask->face == SOUK_PAGE;
    struct souk_rows tables;
    struct comments c;
    int rc = souk_query(call, &tables, "tables", { "market", souk_market(m->id) });
    if (rc >= 0)
        rc = comments_open(call, m, is_page, &c);
    if (rc < 0 || (!tables.n_rows && !is_page))
        return rc < 0 ? rc : 0;
    souk_section(call, "market", { "market", souk_market(m->id) });
    rating_facts(call, m, &tables);
    if (!tables.n_rows)
        souk_text_line(call, .text = SOUK_MSG("no_rating"));
    if (is_page) {
        const uint32_t year = line_of(&tables, YEAR_DAYS);
        if (year < tables.n_rows)
            stars_between(call, &tables, year, &c);
        rc = table_put(call, m, &tables, 1);
        rating_history(call, m, &tables);
        table_form(call, m);
    }
    souk_end(call);
    return rc < 0 ? rc : tables.n_rows > 0;
}

int rating_render(void *self, struct souk_call *call, const struct souk_ask *ask)
{
    int shown = 0, rc = 0;
    (void)self;
    for (uint32_t i = 0; i < ask->n_markets && rc >= 0; i++) {
        rc = rating_of(call, ask, souk_market_at(ask, i));
        shown += rc > 0;
    }
    if (rc >= 0 && !shown) {
        souk_empty(call, .text = SOUK_MSG("no_rating"));
        if (ask->face == SOUK_CARD)
            souk_text_line(call, .text = SOUK_MSG("to_rating"), .to = SOUK_TO(.widget = "rating"));
    }
    return rc < 0 ? rc : 0;
}
