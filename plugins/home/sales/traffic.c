/* SPDX-License-Identifier: Apache-2.0 */
/*
 * traffic.c: the sales and traffic report: sessions, page views, featured offer, conversion; and where its
 * ordered product sales differ from the order lines of the same days, with what explains it.
 *
 * Only spans of one day are added up by day; a report by week or month has rows of its own.  The report gives
 * the share of the featured offer as a percentage of page views; over several days Souk weighs it by them.
 */
#include "sales.h"

enum { SHOWN = 100 };                                   /* rows of a table on the page */

/* Columns of "traffic" and of "ordered". */
enum { T_DAY, T_SALES, T_UNITS, T_ITEMS, T_REFUNDED, T_VIEWS, T_SESSIONS, T_BUY_BOX };
enum { O_DAY, O_SALES, O_UNITS, O_CANCELLED, O_UNPRICED };

struct traffic {
    int64_t days, sales, units, items, refunded, views, sessions;
    int64_t buy_box, buy_box_views;                     /* millionths times views; the views that have a share */
    int has_sessions, has_views;
};

static struct traffic traffic_of(const struct souk_rows *rows, const char *currency)
{
    struct traffic t = { 0 };
    for (uint32_t r = 0; r < rows->n_rows; r++) {
        int64_t views = souk_num(rows, r, T_VIEWS, 0);
        t.days++;
        t.units += souk_num(rows, r, T_UNITS, 0);
        t.items += souk_num(rows, r, T_ITEMS, 0);
        t.refunded += souk_num(rows, r, T_REFUNDED, 0);
        t.views += views;
        t.sessions += souk_num(rows, r, T_SESSIONS, 0);
        t.has_sessions |= souk_cell(rows, r, T_SESSIONS)->type != SOUK_NONE;
        t.has_views |= souk_cell(rows, r, T_VIEWS)->type != SOUK_NONE;
        if (is_currency(souk_cell(rows, r, T_SALES), currency))
            t.sales += souk_num(rows, r, T_SALES, 0);
        if (souk_cell(rows, r, T_BUY_BOX)->type != SOUK_NONE) {
            t.buy_box += souk_num(rows, r, T_BUY_BOX, 0) * views;
            t.buy_box_views += views;
        }
    }
    return t;
}

static void stats(struct souk_call *call, const struct traffic *t, const struct souk_args *args)
{
    struct souk_value none = souk_none();
    /* Millionths that were rounded by the report stay what they are: a share of a million, not of the views. */
    int64_t share = t->buy_box_views ? (t->buy_box + t->buy_box_views / 2) / t->buy_box_views : 0;
#define WHY(...) SOUK_WHY(.rows = "traffic", .args = *args, .formula = SOUK_MSG(__VA_ARGS__), .origin = SOUK_MSG("traffic_origin"))
    souk_stat(call, .label = SOUK_MSG("sessions"), .value = t->has_sessions ? souk_count(t->sessions) : none,
              .why = WHY("sessions_why", { "days", souk_count(t->days) }));
    souk_stat(call, .label = SOUK_MSG("views"), .value = t->has_views ? souk_count(t->views) : none,
              .why = WHY("views_why", { "days", souk_count(t->days) }));
    souk_stat(call, .label = SOUK_MSG("buy_box"), .value = souk_rate(share, t->buy_box_views ? PPM : 0),
              .why = WHY("buy_box_why", { "days", souk_count(t->days) }, { "views", souk_count(t->buy_box_views) }));
    souk_stat(call, .label = SOUK_MSG("unit_conversion"), .value = souk_rate(t->units, t->has_sessions ? t->sessions : 0),
              .why = WHY("unit_conversion_why", { "units", souk_count(t->units) }, { "sessions", souk_count(t->sessions) }));
    souk_stat(call, .label = SOUK_MSG("item_conversion"), .value = souk_rate(t->items, t->has_sessions ? t->sessions : 0),
              .why = WHY("item_conversion_why", { "items", souk_count(t->items) }, { "sessions", souk_count(t->sessions) }));
#undef WHY
}

static void draw_days(struct souk_call *call, const struct souk_rows *rows, const struct souk_why *why)
{
    struct souk_value line[DAYS_MOST * 3];
    uint32_t n = rows->n_rows < DAYS_MOST ? rows->n_rows : DAYS_MOST;
    for (uint32_t r = 0; r < n; r++) {
        line[r * 3] = *souk_cell(rows, r, T_DAY);
        line[r * 3 + 1] = *souk_cell(rows, r, T_SESSIONS);
        line[r * 3 + 2] = *souk_cell(rows, r, T_VIEWS);
    }
    if (n > 1)
        souk_chart(call, .kind = SOUK_LINE, .title = SOUK_MSG("traffic_chart"), .why = why,
                   .rows = { "day:day sessions:count views:count", line, 3, n, 0, 0 });
}

/* Day by day, the newest first: as the report says it, with the two conversions as shares. */
static void by_day(struct souk_call *call, const struct souk_rows *rows, const struct souk_args *args)
{
    enum { COLUMNS = 9 };
    const struct souk_why *why = SOUK_WHY(.rows = "traffic", .args = *args, .formula = SOUK_MSG("traffic_about"),
                                          .origin = SOUK_MSG("traffic_origin"));
    struct souk_value cell[SHOWN * COLUMNS];
    uint32_t n = rows->n_rows < SHOWN ? rows->n_rows : SHOWN;
    struct souk_value *c = cell;
    draw_days(call, rows, why);
    for (uint32_t i = 0; i < n; i++, c += COLUMNS) {
        const struct souk_value *in = souk_cell(rows, rows->n_rows - 1 - i, 0);
        int64_t sessions = in[T_SESSIONS].type == SOUK_NONE ? 0 : in[T_SESSIONS].num;
        c[0] = in[T_DAY];
        c[1] = in[T_SESSIONS];
        c[2] = in[T_VIEWS];
        c[3] = in[T_BUY_BOX].type == SOUK_NONE ? in[T_BUY_BOX] : souk_rate(in[T_BUY_BOX].num, PPM);
        c[4] = in[T_UNITS];
        c[5] = in[T_ITEMS];
        c[6] = in[T_UNITS].type == SOUK_NONE ? in[T_UNITS] : souk_rate(in[T_UNITS].num, sessions);
        c[7] = in[T_ITEMS].type == SOUK_NONE ? in[T_ITEMS] : souk_rate(in[T_ITEMS].num, sessions);
        c[8] = in[T_SALES];
    }
    souk_fold(call, "traffic_days");
    souk_table(call, .title = SOUK_MSG("traffic_days"), .why = why, .more = SOUK_TO(.query = "traffic", .args = *args),
               .rows = { "day:day sessions:count views:count buy_box:rate units:count items:count unit_conversion:rate"
                         " item_conversion:rate sales:money", cell, COLUMNS, n, rows->n_rows > n, 0 });
    souk_end(call);
}

static int by_product(struct souk_call *call, const struct souk_market_now *m)
{
    enum { COLUMNS = 10, PRODUCTS = 50 };
    struct souk_value cell[PRODUCTS * COLUMNS];
    struct souk_rows spans, rows;
    int rc = souk_query(call, &spans, "spans", { "market", souk_market(m->id) }, { "from", souk_day(m->from) }, { "to", souk_day(m->to) });
    if (rc < 0 || !spans.n_rows)
        return rc;
    const struct souk_args args = SOUK_ARGS({ "market", souk_market(m->id) }, { "from", *souk_cell(&spans, 0, 0) },
                                            { "to", *souk_cell(&spans, 0, 1) });
    rc = souk_query_args(call, &rows, "traffic_products", args);
    if (rc < 0)
        return rc;
    uint32_t n = rows.n_rows < PRODUCTS ? rows.n_rows : PRODUCTS;
    struct souk_value *c = cell;
    for (uint32_t r = 0; r < n; r++, c += COLUMNS) {
        const struct souk_value *in = souk_cell(&rows, r, 0);       /* asin sku sessions views buy_box_ppm units items sales */
        int64_t sessions = in[2].type == SOUK_NONE ? 0 : in[2].num;
        for (int i = 0; i < 4; i++)
            c[i] = in[i];
        c[4] = in[4].type == SOUK_NONE ? in[4] : souk_rate(in[4].num, PPM);
        c[5] = in[5];
        c[6] = in[6];
        c[7] = in[5].type == SOUK_NONE ? in[5] : souk_rate(in[5].num, sessions);
        c[8] = in[6].type == SOUK_NONE ? in[6] : souk_rate(in[6].num, sessions);
        c[9] = in[7];
    }
    souk_table(call, .title = SOUK_MSG("traffic_by_product", { "from", *souk_cell(&spans, 0, 0) }, { "to", *souk_cell(&spans, 0, 1) }),
               .rows = { "asin:text sku:ref sessions:count views:count buy_box:rate units:count items:count unit_conversion:rate"
                         " item_conversion:rate sales:money", cell, COLUMNS, n, rows.n_rows > n, 0 },
               .more = SOUK_TO(.query = "traffic_products", .args = args),
               .why = SOUK_WHY(.rows = "traffic_products", .args = args, .formula = SOUK_MSG("traffic_products_about"),
                               .origin = SOUK_MSG("traffic_origin")));
    return 0;
}

/* ---- where the report and the order lines differ ----------------------------------------------------------- */

static int64_t size_of(int64_t n)
{
    return n < 0 ? -n : n;
}

struct both {                                           /* of one day, or of all; money in minor units */
    int64_t reported, report_units;
    int64_t line[O_UNPRICED + 1];                       /* as the columns of "ordered" */
};

static int64_t apart_of(const struct both *b)
{
    return b->reported - b->line[O_SALES] - b->line[O_CANCELLED];
}

/* What the order lines of a day say; `o` is the first row that may be of that day. */
static void both_read(struct both *b, const struct souk_rows *ordered, uint32_t *o, int64_t day, const char *currency)
{
    while (*o < ordered->n_rows && souk_num(ordered, *o, O_DAY, 0) < day)
        ++*o;
    for (; *o < ordered->n_rows && souk_num(ordered, *o, O_DAY, 0) == day; ++*o)
        for (uint32_t i = O_SALES; i <= O_UNPRICED; i++) {
            const struct souk_value *v = souk_cell(ordered, *o, i);
            b->line[i] += v->type == SOUK_MONEY && !is_currency(v, currency) ? 0 : souk_num(ordered, *o, i, 0);
        }
}

struct gap {                                            /* between the report and the order lines */
    struct both sum;
    int64_t apart, days, unequal;                       /* apart: what is left of each day, sizes added up */
    int32_t from, to;
};

/* The days of the report on which both differ, into cells of seven; returns how many there are. */
static uint32_t gap_read(struct gap *g, const struct souk_rows *report, const struct souk_rows *ordered, const char *currency,
                         struct souk_value *cell)
{
    uint32_t n = 0, o = 0;
    for (uint32_t r = 0; r < report->n_rows; r++) {
        const struct souk_value *in = souk_cell(report, r, 0);
        struct both b = { 0 };
        if (in[T_SALES].type == SOUK_NONE || !is_currency(&in[T_SALES], currency))
            continue;
        b.reported = in[T_SALES].num;
        b.report_units = in[T_UNITS].type == SOUK_NONE ? 0 : in[T_UNITS].num;
        both_read(&b, ordered, &o, in[T_DAY].num, currency);
        g->from = g->days++ ? g->from : (int32_t)in[T_DAY].num;
        g->to = (int32_t)in[T_DAY].num;
        g->sum.reported += b.reported;
        g->sum.report_units += b.report_units;
        for (int i = O_SALES; i <= O_UNPRICED; i++)
            g->sum.line[i] += b.line[i];
        g->apart += size_of(apart_of(&b));
        if (b.reported == b.line[O_SALES])
            continue;
        g->unequal++;
        if (n == SHOWN)
            continue;
        struct souk_value *c = &cell[n++ * 7];
        c[0] = in[T_DAY];
        c[1] = in[T_SALES];
        c[2] = souk_money(b.line[O_SALES], currency);
        c[3] = souk_money(b.reported - b.line[O_SALES], currency);
        c[4] = souk_money(b.line[O_CANCELLED], currency);
        c[5] = souk_count(b.line[O_UNPRICED]);
        c[6] = souk_count(b.report_units - b.line[O_UNITS]);
    }
    return n;
}

/* What explains the gap, and what is left of it. */
static void explain(struct souk_call *call, const struct souk_market_now *m, const struct gap *g, const struct souk_args *days)
{
    int64_t left = apart_of(&g->sum), difference = g->sum.reported - g->sum.line[O_SALES];
    int64_t moved = (g->apart - size_of(left)) / 2;
#define MONEY(minor) souk_money((minor), m->currency)
#define WHY(...) SOUK_WHY(.rows = "lines_all", .args = *days, .formula = SOUK_MSG(__VA_ARGS__))
    souk_stat(call, .label = SOUK_MSG("in_report"), .value = MONEY(g->sum.reported), .to = SOUK_TO(.query = "traffic", .args = *days),
              .note = SOUK_MSG("units_note", { "units", souk_count(g->sum.report_units) }),
              .why = SOUK_WHY(.rows = "traffic", .args = *days, .origin = SOUK_MSG("traffic_origin"),
                              .formula = SOUK_MSG("in_report_why", { "days", souk_count(g->days) })));
    souk_stat(call, .label = SOUK_MSG("in_lines"), .value = MONEY(g->sum.line[O_SALES]),
              .to = SOUK_TO(.query = "lines_all", .args = *days),
              .note = SOUK_MSG("units_note", { "units", souk_count(g->sum.line[O_UNITS]) }),
              .why = WHY("in_lines_why", { "days", souk_count(g->days) }));
    souk_stat(call, .label = SOUK_MSG("difference"), .value = MONEY(difference), .tone = SOUK_WATCH,
              .why = WHY("difference_why", { "report", MONEY(g->sum.reported) }, { "lines", MONEY(g->sum.line[O_SALES]) }));
    souk_fact(call, .label = SOUK_MSG("of_cancelled"), .value = MONEY(g->sum.line[O_CANCELLED]),
              .to = SOUK_TO(.query = "cancelled", .args = *days),
              .why = SOUK_WHY(.rows = "cancelled", .args = *days, .formula = SOUK_MSG("of_cancelled_why")));
    souk_fact(call, .label = SOUK_MSG("of_unpriced"), .value = souk_count(g->sum.line[O_UNPRICED]),
              .to = SOUK_TO(.query = "no_price", .args = *days),
              .why = SOUK_WHY(.rows = "no_price", .args = *days, .formula = SOUK_MSG("of_unpriced_why")));
    souk_fact(call, .label = SOUK_MSG("of_days"), .value = MONEY(moved),
              .why = WHY("of_days_why", { "zone", souk_word(SOUK_ZONE, m->zone) }, { "apart", MONEY(g->apart) },
                         { "left", MONEY(left) }, { "moved", MONEY(moved) }));
    souk_fact(call, .label = SOUK_MSG("of_rest"), .value = MONEY(left), .tone = left ? SOUK_WATCH : SOUK_GOOD,
              .why = WHY("of_rest_why", { "difference", MONEY(difference) },
                         { "cancelled", MONEY(g->sum.line[O_CANCELLED]) }, { "left", MONEY(left) }));
#undef WHY
#undef MONEY
}

static int differences(struct souk_call *call, const struct souk_market_now *m, const struct souk_rows *report)
{
    struct souk_value cell[SHOWN * 7];
    struct souk_rows ordered;
    struct gap g = { 0 };
    int rc = souk_query(call, &ordered, "ordered", { "market", souk_market(m->id) }, { "from", souk_day(m->from) }, { "to", souk_day(m->to) });
    if (rc < 0)
        return rc;
    uint32_t n = gap_read(&g, report, &ordered, m->currency, cell);
    const struct souk_args days = SOUK_ARGS({ "market", souk_market(m->id) }, { "from", souk_day(g.from) }, { "to", souk_day(g.to) });
    if (g.days && !g.unequal)
        souk_alert(call, .tone = SOUK_GOOD, .to = SOUK_TO(.query = "ordered", .args = days),
                   .text = SOUK_MSG("report_agrees", { "days", souk_count(g.days) },
                                    { "sales", souk_money(g.sum.reported, m->currency) }));
    if (!g.unequal)
        return 0;
    souk_section(call, "differs");
    souk_text_line(call, .text = SOUK_MSG("differs_about", { "n", souk_count(g.unequal) }, { "days", souk_count(g.days) }));
    explain(call, m, &g, &days);
    souk_table(call, .title = SOUK_MSG("differs_days"), .more = SOUK_TO(.query = "lines_all", .args = days),
               .rows = { "day:day in_report:money in_lines:money difference:money+total cancelled:money unpriced:count"
                         " more_units:count", cell, 7, n, g.unequal > n, 0 },
               .why = SOUK_WHY(.rows = "lines_all", .args = days, .formula = SOUK_MSG("differs_days_why")));
    souk_end(call);
    return 0;
}

int traffic_render(struct souk_call *call, const struct souk_market_now *m)
{
    const struct souk_args args = SOUK_ARGS({ "market", souk_market(m->id) }, { "from", souk_day(m->from) }, { "to", souk_day(m->to) });
    struct souk_rows rows;
    int rc = souk_query_args(call, &rows, "traffic", args);
    if (rc < 0)
        return rc;
    souk_section(call, "traffic");
    if (rows.n_rows) {
        struct traffic t = traffic_of(&rows, m->currency);
        souk_text_line(call, .text = SOUK_MSG("traffic_days_known", { "n", souk_count(t.days) }, { "days", souk_count(m->to - m->from + 1) },
                                              { "from", souk_day(m->from) }, { "to", souk_day(m->to) }));
        stats(call, &t, &args);
        by_day(call, &rows, &args);
    } else {
        souk_empty(call, .text = SOUK_MSG("no_traffic"), .fills = "amazon.traffic");
    }
    rc = by_product(call, m);
    if (rc == 0 && rows.n_rows)
        rc = differences(call, m, &rows);
    souk_end(call);
    return rc;
}
