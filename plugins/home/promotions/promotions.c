/* SPDX-License-Identifier: Apache-2.0 */
/*
 * promotions.c: what runs now, is coming, and has ended; the marketplace's promotions and coupons as their
 * reports tell of them, and the seller's own.
 *
 * Whether one runs is asked of its schedule and the clock, not of its status: reports are as old as their file.
 * Discounts of promotions that run at the same time are taken off the original price and add up, so two of 50 %
 * make a gift: whatever can take off everything together is warned of.
 */
#include "promotions.h"

enum { CARD_ROWS = 5, ENDED_DAYS = 30, WARNINGS = 5 };

#define PROMOTION "promotion_id, source, kind, name, status, market, starts, ends, discount, views, units, clips," \
        " redemptions, currency, revenue, spent, budget, budget_left, told, params"
#define PROMOTION_COLUMNS "promotion:text source:text kind:text name:text status:text market:market starts:instant" \
        " ends:instant discount:text views:count units:count clips:count redemptions:count currency:currency+hidden" \
        " revenue:money/currency spent:money/currency budget:money/currency budget_left:money/currency told:instant" \
        " params:text+hidden"
/* Neither the marketplace nor the seller has called it off. */
#define LIVE_OF(p) "upper(" p ".status) NOT IN ('ENDED', 'CANCELLED', 'CANCELED', 'REJECTED', 'FAILED', 'DISABLED')"
#define LIVE LIVE_OF("p")
/* Of both it is known which products they are for. */
#define BOTH_TELL "EXISTS (SELECT 1 FROM v1_promotion_products c WHERE c.promotion_id = p.promotion_id)" \
        " AND EXISTS (SELECT 1 FROM v1_promotion_products d WHERE d.promotion_id = o.promotion_id)"
#define SHARED "FROM v1_promotion_products a JOIN v1_promotion_products b ON b.asin = a.asin" \
        " WHERE a.promotion_id = p.promotion_id AND b.promotion_id = o.promotion_id"

static const struct souk_query queries[] = {
    {
        .size = sizeof(struct souk_query), .id = "live", .title = "live", .about = "live_about",
        .sql = "SELECT " PROMOTION
               " FROM v1_promotions p"
               " WHERE (ends > :now OR ends IS NULL) AND " LIVE
               " ORDER BY starts NULLS FIRST, promotion_id",
        .params = "now:instant", .columns = PROMOTION_COLUMNS,
    },
    {
        .size = sizeof(struct souk_query), .id = "ended", .title = "ended", .about = "ended_about",
        .sql = "SELECT " PROMOTION
               " FROM v1_promotions p"
               " WHERE ends <= :now AND ends > :since"
               " ORDER BY ends DESC, promotion_id",
        .params = "now:instant since:instant", .columns = PROMOTION_COLUMNS,
    },
    {
        .size = sizeof(struct souk_query), .id = "all", .title = "all", .about = "all_about", .max_rows = 10000,
        .sql = "SELECT name, 'promotion:' || promotion_id, kind, status, market, starts, ends, discount, units, revenue, spent,"
               " budget, clips, redemptions, currency"
               " FROM v1_promotions"
               " ORDER BY ends DESC NULLS FIRST, promotion_id",
        .columns = "name:text promotion:ref kind:text status:text market:market starts:instant ends:instant discount:text"
                   " units:count revenue:money/currency spent:money/currency budget:money/currency clips:count"
                   " redemptions:count currency:currency+hidden",
    },
    {                                                   /* pairs that run at the same time and may be for the same product */
        .size = sizeof(struct souk_query), .id = "pairs", .title = "pairs", .about = "pairs_about", .max_rows = 200,
        .sql = "SELECT p.name, p.discount, o.name, o.discount, CASE WHEN p.starts > o.starts THEN p.starts ELSE o.starts END,"
               " CASE WHEN p.ends < o.ends THEN p.ends ELSE o.ends END, p.market,"
               " 'promotion:' || p.promotion_id, 'promotion:' || o.promotion_id"
               " FROM v1_promotions p JOIN v1_promotions o ON o.market = p.market AND o.starts < p.ends AND p.starts < o.ends"
               " WHERE p.promotion_id < o.promotion_id AND p.ends > :now AND o.ends > :now"
               " AND (p.source <> 'own' OR p.status = 'active') AND (o.source <> 'own' OR o.status = 'active')"
               " AND " LIVE " AND " LIVE_OF("o")
               " AND (NOT (" BOTH_TELL ") OR EXISTS (SELECT 1 " SHARED "))"
               " ORDER BY p.starts, p.promotion_id, o.promotion_id",
        .params = "now:instant",
        .columns = "name:text discount:text other:text other_discount:text starts:instant ends:instant market:market"
                   " promotion:ref other_promotion:ref",
    },
    {
        .size = sizeof(struct souk_query), .id = "one", .title = "one_title",
        .sql = "SELECT " PROMOTION " FROM v1_promotions WHERE promotion_id = :promotion",
        .params = "promotion:text", .columns = PROMOTION_COLUMNS,
    },
    {
        .size = sizeof(struct souk_query), .id = "days", .title = "days", .about = "days_about",
        .sql = "SELECT day, units, revenue, spent, budget_left, currency"
               " FROM v1_promotions_daily WHERE promotion_id = :promotion ORDER BY day",
        .params = "promotion:text",
        .columns = "day:day units:count revenue:money/currency spent:money/currency budget_left:money/currency"
                   " currency:currency+hidden",
    },
    {
        .size = sizeof(struct souk_query), .id = "products", .title = "products", .about = "products_about",
        .sql = "SELECT asin, name, views, units, revenue, spent, currency"
               " FROM v1_promotion_products WHERE promotion_id = :promotion ORDER BY revenue DESC NULLS LAST, asin",
        .params = "promotion:text",
        .columns = "asin:text title:text views:count units:count revenue:money/currency spent:money/currency"
                   " currency:currency+hidden",
    },
    {
        .size = sizeof(struct souk_query), .id = "beside", .title = "beside", .about = "beside_about",
        .sql = "SELECT o.name, 'promotion:' || o.promotion_id, o.starts, o.ends, o.discount,"
               " CASE WHEN " BOTH_TELL " THEN (SELECT count(*) " SHARED ") END"
               " FROM v1_promotions p JOIN v1_promotions o ON o.market = p.market AND o.starts < p.ends AND p.starts < o.ends"
               " WHERE p.promotion_id = :promotion AND o.promotion_id <> p.promotion_id AND o.status <> 'draft'"
               " AND " LIVE_OF("o")
               " ORDER BY o.starts, o.promotion_id",
        .params = "promotion:text",
        .columns = "name:text promotion:ref starts:instant ends:instant discount:text shared:count",
    },
};

/* ---- words --------------------------------------------------------------------------------------------------- */

enum state state_of(const struct souk_value *p, int64_t now_s)
{
    static const char *const off[] = {
        "ENDED", "CANCELLED", "CANCELED", "REJECTED", "FAILED", "DISABLED", "Cancelled", "Canceled", "cancelled",
    };
    int is_own = souk_is(&p[SOURCE], "own"), is_over = p[ENDS].type != SOUK_NONE && p[ENDS].num <= now_s;
    if (is_own && souk_is(&p[STATUS], "ended"))
        return ENDED;
    for (unsigned i = 0; i < sizeof off / sizeof *off; i++)
        if (!is_own && souk_is(&p[STATUS], off[i]))
            return is_over ? ENDED : CALLED_OFF;
    if (is_over)
        return ENDED;
    if (is_own && souk_is(&p[STATUS], "draft"))
        return DRAFT;
    if (is_own && souk_is(&p[STATUS], "paused"))
        return PAUSED;
    return p[STARTS].type != SOUK_NONE && p[STARTS].num > now_s ? COMING : RUNNING;
}

struct souk_value state_word(enum state state)
{
    static const char *const words[] = {
        [RUNNING] = "state_running", [COMING] = "state_coming", [DRAFT] = "state_draft", [PAUSED] = "state_paused",
        [ENDED] = "state_ended", [CALLED_OFF] = "state_off",
    };
    return souk_key(words[state]);
}

uint32_t state_tone(enum state state)
{
    return state == RUNNING ? SOUK_GOOD : state == COMING ? SOUK_INFO : state == DRAFT || state == PAUSED ? SOUK_WATCH : SOUK_PLAIN;
}

struct souk_value kind_word(const struct souk_value *kind)
{
    static const char *const words[][2] = {
        { "BEST_DEAL", "kind_best_deal" }, { "LIGHTNING_DEAL", "kind_lightning_deal" }, { "coupon", "kind_coupon" },
        { "percent_off", "kind_percent_off" }, { "fixed_price_per_x", "kind_fixed_price" },
        { "buy_x_get_y", "kind_buy_get" }, { "free_shipping", "kind_free_shipping" }, { "code", "kind_code" },
    };
    for (unsigned i = 0; i < sizeof words / sizeof *words; i++)
        if (souk_is(kind, words[i][0]))
            return souk_key(words[i][1]);
    return *kind;
}

const struct souk_market_now *market_of(const struct souk_ask *ask, const struct souk_value *p)
{
    return souk_market_named(ask, p[MARKET].text.at);
}

static struct souk_value in_zone(struct souk_value at, const struct souk_market_now *m)
{
    if (m && at.type == SOUK_INSTANT)
        at.text = (struct souk_str){ m->zone, souk_length(m->zone), 0 };
    return at;
}

struct souk_msg schedule_of(struct souk_call *call, const struct souk_ask *ask, const struct souk_value *p, struct souk_arg *room)
{
    const struct souk_market_now *m = market_of(ask, p);
    const char *key = p[ENDS].type == SOUK_NONE ? "schedule_open" : "schedule";
    int32_t day = 0, second = 0;
    if (m && p[ENDS].type != SOUK_NONE && call->query->local(call, m->id, p[ENDS].num, &day, &second) == 0 &&
        (second == 0 || second >= DAY_S - 60)) {        /* with the last minute of a day, or the first instant of the next */
        key = "schedule_inclusive";
        day -= second == 0;
    }
    room[0] = (struct souk_arg){ "from", in_zone(p[STARTS], m) };
    room[1] = (struct souk_arg){ "to", in_zone(p[ENDS], m) };
    room[2] = (struct souk_arg){ "day", souk_day(day) };
    room[3] = (struct souk_arg){ "zone", m ? souk_word(SOUK_ZONE, m->zone) : souk_text("") };
    room[4] = (struct souk_arg){ "kind", kind_word(&p[KIND]) };
    return (struct souk_msg){ key, { room, 5, 0 } };
}

int64_t discount_bp(const struct souk_value *discount)
{
    const char *at = discount->text.at;
    int64_t bp = 0;
    int digits = 0, places = -1;
    for (; (*at >= '0' && *at <= '9') || (*at == '.' && places < 0); at++) {
        if (*at == '.') {
            places = 0;
        } else if (places < 2 && bp < ALL_BP) {
            bp = bp * 10 + (*at - '0');
            places += places >= 0;
            digits++;
        }
    }
    while (*at == ' ')
        at++;
    for (places = places < 0 ? 0 : places; places < 2; places++)
        bp *= 10;
    return digits && at[0] == '%' && !at[1] && bp <= ALL_BP ? bp : 0;
}

/* ---- lists ---------------------------------------------------------------------------------------------------- */

static int item(struct souk_call *call, const struct souk_ask *ask, const struct souk_value *p)
{
    struct souk_arg room[5];
    enum state state = state_of(p, ask->now_s);
    const struct souk_args one = SOUK_ARGS({ "promotion", p[ID] });
    int is_page = ask->face == SOUK_PAGE;
    souk_item(call, .tone = state_tone(state), .title = SOUK_MSG("plain", { "text", p[NAME] }),
              .note = schedule_of(call, ask, p, room), .badge = SOUK_MSG("state", { "state", state_word(state) }),
              .due = state == RUNNING ? in_zone(p[ENDS], market_of(ask, p)) : souk_none(),
              .to = SOUK_TO(.widget = "promotions", .args = one));
    if (is_told(&p[DISCOUNT]))
        souk_fact(call, .label = SOUK_MSG("column.discount"), .value = p[DISCOUNT]);
    for (int i = REVENUE; i <= SPENT && state != COMING; i++)
        if (is_told(&p[i]) && (i == REVENUE || !is_told(&p[BUDGET])))
            souk_fact(call, .label = SOUK_MSG(i == REVENUE ? "column.revenue" : "column.spent"), .value = p[i],
                      .why = SOUK_WHY(.rows = "one", .args = one, .origin = SOUK_MSG("origin", { "told", p[TOLD] })));
    int rc = state == RUNNING || is_page ? budget_put(call, ask, p, 0) : 0;
    if (is_page && souk_is(&p[SOURCE], "own"))
        forms_of(call, ask, p, state);
    souk_end(call);
    return rc;
}

/* Of one market (NULL: of none that is named): those in this state; says how many there are beyond `most`. */
static int list(struct souk_call *call, const struct souk_ask *ask, const struct souk_rows *rows, const struct souk_market_now *m,
                enum state state, const char *title, uint32_t most)
{
    uint32_t n = 0;
    int rc = 0;
    for (uint32_t r = 0; r < rows->n_rows && rc == 0; r++) {
        const struct souk_value *p = souk_cell(rows, r, 0);
        if (market_of(ask, p) != m || (!m && p[MARKET].type != SOUK_NONE) || state_of(p, ask->now_s) != state)
            continue;
        if (n++ == 0)
            souk_items(call, title);
        if (n <= most)
            rc = item(call, ask, p);
    }
    if (n)
        souk_end(call);
    if (n > most)
        souk_text_line(call, .text = SOUK_MSG("more", { "n", souk_count(n - most) }), .to = SOUK_TO(.widget = "promotions"));
    return rc;
}

static int64_t count(const struct souk_ask *ask, const struct souk_rows *rows, const struct souk_market_now *m, enum state state)
{
    int64_t n = 0;
    for (uint32_t r = 0; r < rows->n_rows; r++) {
        const struct souk_value *p = souk_cell(rows, r, 0);
        n += market_of(ask, p) == m && (m || p[MARKET].type == SOUK_NONE) && state_of(p, ask->now_s) == state;
    }
    return n;
}

static void ended_table(struct souk_call *call, const struct souk_ask *ask, const struct souk_rows *ended, const struct souk_market_now *m,
                        struct souk_args args)
{
    enum { COLUMNS = 9, ROWS = 50 };
    struct souk_value cell[ROWS * COLUMNS];
    uint32_t n = 0;
    for (uint32_t r = 0; r < ended->n_rows && n < ROWS; r++) {
        const struct souk_value *p = souk_cell(ended, r, 0);
        struct souk_value *c = &cell[n * COLUMNS];
        if (market_of(ask, p) != m || (!m && p[MARKET].type != SOUK_NONE))
            continue;
        c[0] = p[NAME];
        c[1] = kind_word(&p[KIND]);
        if (c[1].type != SOUK_KEY)
            c[1] = souk_key("kind_other");
        c[2] = in_zone(p[ENDS], m);
        c[3] = is_told(&p[DISCOUNT]) ? p[DISCOUNT] : souk_none();
        c[4] = p[UNITS];
        c[5] = p[REVENUE];
        c[6] = p[SPENT];
        c[7] = is_told(&p[SPENT]) && p[SPENT].num > 0 && is_told(&p[REVENUE])
               ? souk_number(SOUK_DECIMAL, (p[REVENUE].num * 100 + p[SPENT].num / 2) / p[SPENT].num, 2) : souk_none();
        c[8] = p[REDEMPTIONS];
        n++;
    }
    if (n)
        souk_table(call, .title = SOUK_MSG("ended"), .more = SOUK_TO(.query = "all"),
                   .rows = { "name:text kind:key ends:instant discount:text units:count revenue:money spent:money return:decimal"
                             " redemptions:count", cell, COLUMNS, n, 0, 0 },
                   .why = SOUK_WHY(.rows = "ended", .args = args, .formula = SOUK_MSG("ended_about")));
}

/* Pairs that can take off the whole price. */
static int pairs(struct souk_call *call, const struct souk_ask *ask)
{
    const struct souk_args args = SOUK_ARGS({ "now", souk_instant(ask->now_s) });
    struct souk_rows rows;
    int rc = souk_query_args(call, &rows, "pairs", args);
    for (uint32_t r = 0, n = 0; rc == 0 && r < rows.n_rows && n < WARNINGS; r++) {
        const struct souk_value *in = souk_cell(&rows, r, 0);
        int64_t bp = discount_bp(&in[1]) + discount_bp(&in[3]);
        struct souk_value p[MARKET + 1];
        p[MARKET] = in[6];
        const struct souk_market_now *m = market_of(ask, p);
        if (bp < ALL_BP || !m)
            continue;
        n++;
        souk_alert(call, .tone = SOUK_BAD, .to = SOUK_TO(.query = "pairs", .args = args),
                   .text = SOUK_MSG("sum", { "one", in[0] }, { "other", in[2] }, { "percent", souk_bp(bp) },
                                    { "from", in_zone(in[4], m) }));
    }
    return rc;
}

/* ---- one market ------------------------------------------------------------------------------------------------ */

/* The view changes by itself when one of them starts or ends. */
static void keep_until(struct souk_call *call, const struct souk_ask *ask, const struct souk_rows *live)
{
    int64_t next_s = 0;
    for (uint32_t r = 0; r < live->n_rows; r++)
        for (int i = STARTS; i <= ENDS; i++) {
            const struct souk_value *at = souk_cell(live, r, (uint32_t)i);
            if (at->type != SOUK_NONE && at->num > ask->now_s && (!next_s || at->num < next_s))
                next_s = at->num;
        }
    if (next_s)
        souk_until(call, next_s);
}

static int market(struct souk_call *call, const struct souk_ask *ask, const struct souk_market_now *m, const struct souk_rows *live,
                  const struct souk_rows *ended)
{
    static const struct { enum state state; const char *title; uint32_t on_card; } lists[] = {
        { RUNNING, "running", CARD_ROWS }, { COMING, "coming", 3 }, { PAUSED, "paused", 0 }, { DRAFT, "drafts", 0 },
    };
    const struct souk_value now = souk_instant(ask->now_s);
    const struct souk_args of_live = SOUK_ARGS({ "now", now }),
                           of_ended = SOUK_ARGS({ "now", now }, { "since", souk_instant(ask->now_s - ENDED_DAYS * INT64_C(86400)) });
    int64_t n[CALLED_OFF + 1], n_ended = 0, sum = 0;
    int rc = 0;
    for (enum state s = RUNNING; s <= CALLED_OFF; s++)
        sum += n[s] = count(ask, live, m, s);
    for (uint32_t r = 0; r < ended->n_rows; r++) {
        const struct souk_value *p = souk_cell(ended, r, 0);
        n_ended += market_of(ask, p) == m && (m || p[MARKET].type == SOUK_NONE);
    }
    if (!sum && !n_ended)
        return 0;
    if (m)
        souk_section(call, "market", { "market", souk_market(m->id) });
    else
        souk_section(call, "no_market");
    souk_stat(call, .label = SOUK_MSG("running"), .value = souk_count(n[RUNNING]), .to = SOUK_TO(.query = "live", .args = of_live),
              .why = SOUK_WHY(.rows = "live", .args = of_live, .formula = SOUK_MSG("running_why")));
    souk_stat(call, .label = SOUK_MSG("coming"), .value = souk_count(n[COMING]), .to = SOUK_TO(.query = "live", .args = of_live),
              .why = SOUK_WHY(.rows = "live", .args = of_live, .formula = SOUK_MSG("coming_why")));
    souk_stat(call, .label = SOUK_MSG("ended_30"), .value = souk_count(n_ended), .to = SOUK_TO(.query = "ended", .args = of_ended),
              .why = SOUK_WHY(.rows = "ended", .args = of_ended, .formula = SOUK_MSG("ended_why", { "days", souk_count(ENDED_DAYS) })));
    for (unsigned i = 0; i < sizeof lists / sizeof *lists && rc == 0; i++) {
        uint32_t most = ask->face == SOUK_PAGE ? 200 : lists[i].on_card;
        if (most)
            rc = list(call, ask, live, m, lists[i].state, lists[i].title, most);
        else if (n[lists[i].state])
            souk_fact(call, .label = SOUK_MSG(lists[i].title), .value = souk_count(n[lists[i].state]), .to = SOUK_TO(.widget = "promotions"),
                      .why = SOUK_WHY(.rows = "live", .args = of_live, .formula = SOUK_MSG("own_why")));
    }
    if (rc == 0 && ask->face == SOUK_PAGE)
        ended_table(call, ask, ended, m, of_ended);
    souk_end(call);
    return rc;
}

static int render(void *self, struct souk_call *call, const struct souk_ask *ask)
{
    const struct souk_value now = souk_instant(ask->now_s);
    struct souk_rows live, ended;
    (void)self;
    if (ask->face == SOUK_PAGE && souk_option(ask, "promotion")->text.len)
        return one_render(call, ask, souk_option(ask, "promotion"));
    int rc = souk_query(call, &live, "live", { "now", now });
    if (rc == 0)
        rc = souk_query(call, &ended, "ended", { "now", now }, { "since", souk_instant(ask->now_s - ENDED_DAYS * INT64_C(86400)) });
    if (rc < 0)
        return rc;
    keep_until(call, ask, &live);
    if (!live.n_rows && !ended.n_rows)
        souk_empty(call, .text = SOUK_MSG("none", { "days", souk_count(ENDED_DAYS) }), .fills = "amazon.promotions");
    else
        rc = pairs(call, ask);
    for (uint32_t i = 0; i <= ask->n_markets && rc == 0; i++)       /* the last round: of no market that is named */
        rc = market(call, ask, i < ask->n_markets ? souk_market_at(ask, i) : NULL, &live, &ended);
    if (rc == 0 && ask->face == SOUK_PAGE) {
        souk_text_line(call, .text = SOUK_MSG("all"), .to = SOUK_TO(.query = "all"));
        form_add(call, ask);
    }
    return rc;
}

static const struct souk_widget widget = {
    .size = sizeof widget, .area = 11, .id = "promotions", .title = "title", .width = 1, .render = render,
    .shows = "promotion",
};
static const struct souk_offer offers[] = { { SOUK_WIDGET, &widget } };

SOUK_PLUGIN = {
    .size = sizeof(struct souk_plugin), .built = SOUK_SDK_NOW, .needs = SOUK_SDK(0, 2),
    .id = "org.souk.promotions", .version = "0.1.0", .title = "title",
    .wants = "souk.view/1 souk.query/1",
    .reads = "v1_promotions v1_promotions_daily v1_promotion_products",
    .offers = SOUK_LIST(offers), .queries = SOUK_LIST(queries),
    .commands = "promotion.add promotion.change promotion.activate promotion.pause promotion.end",
};
