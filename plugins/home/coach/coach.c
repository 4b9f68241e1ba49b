/* SPDX-License-Identifier: Apache-2.0 */
/*
 * coach.c: Selling Coach: what the rules suggest, heaviest first, with the numbers behind it and what was made of it.
 *
 * The words are those of the rules; the numbers come with their units.  A suggestion is open while its rule says
 * it and nobody has put it aside; one that was put off is open again from its moment on.
 */
#include <souk/widget.h>

#define SUGGESTION "s.suggestion, s.rule, coalesce(r.title, s.rule), s.market, s.ref, s.weight, s.text, s.is_said, s.state, s.why," \
        " s.until, s.first, s.last, s.acted"
#define SUGGESTION_COLUMNS "suggestion:count rule:text title:text market:market ref:ref weight:count text:text is_said:bool" \
        " state:text why:text until:instant first:instant last:instant acted:instant"
#define FROM " FROM v1_suggestions s LEFT JOIN v1_rules r ON r.rule = s.rule"
#define IS_OPEN "((s.state = 'open' AND s.is_said = 1) OR (s.state = 'snoozed' AND s.until <= :now AND s.is_said = 1))"
enum { NUMBER, RULE, TITLE, MARKET, REF, WEIGHT, TEXT, IS_SAID, STATE, WHY, UNTIL, FIRST, LAST, ACTED };

enum { CARD_ROWS = 5, GROUP_ROWS = 10, PAGE_ROWS = 100, LIST_ROWS = 10000, LATE_WEIGHT = 900, SOON_WEIGHT = 600 };
#define DAY_S INT64_C(86400)
#define KEPT_S 900                                      /* "in 7 days" is counted from the moment the page was made */

static const struct souk_query queries[] = {
    {
        .size = sizeof(struct souk_query), .id = "badge", .title = "counts",
        .sql = "SELECT count(*), CAST(coalesce(sum(CASE WHEN x.weight >= 900 THEN 1 ELSE 0 END), 0) AS BIGINT)"
               " FROM (SELECT weight FROM v1_suggestions WHERE state = 'open' AND is_said = 1"
               "       UNION ALL"
               "       SELECT weight FROM v1_suggestions WHERE state = 'snoozed' AND until <= :now AND is_said = 1) x",
        .params = "now:instant", .columns = "count:count urgent:count",
    },
    {
        .size = sizeof(struct souk_query), .id = "open", .title = "open", .about = "open_about", .max_rows = LIST_ROWS,
        .sql = "SELECT " SUGGESTION FROM
               " WHERE " IS_OPEN " AND (:rule = '' OR s.rule = :rule)"
               " AND (:market = '' OR s.market = :market OR s.market IS NULL)"
               " ORDER BY s.weight DESC, s.suggestion"
               " LIMIT :limit",
        .params = "now:instant rule:text market:market limit:count", .columns = SUGGESTION_COLUMNS,
    },
    {
        .size = sizeof(struct souk_query), .id = "by_rule", .title = "by_rule",
        .sql = "SELECT s.rule, max(coalesce(r.title, s.rule)), s.market, count(*), max(s.weight)" FROM
               " WHERE " IS_OPEN " AND (:market = '' OR s.market = :market OR s.market IS NULL)"
               " GROUP BY s.rule, s.market"
               " ORDER BY 5 DESC, 1, 3 NULLS FIRST",
        .params = "now:instant market:market",
        .columns = "rule:text title:text market:market suggestions:count weight:count",
    },
    {
        .size = sizeof(struct souk_query), .id = "group", .title = "open", .about = "open_about", .max_rows = LIST_ROWS,
        .sql = "SELECT " SUGGESTION FROM
               " WHERE " IS_OPEN " AND s.rule = :rule AND coalesce(s.market, '') = :market"
               " ORDER BY s.weight DESC, s.suggestion"
               " LIMIT :limit",
        .params = "now:instant rule:text market:market limit:count", .columns = SUGGESTION_COLUMNS,
    },
    {
        .size = sizeof(struct souk_query), .id = "history", .title = "history", .about = "history_about", .max_rows = LIST_ROWS,
        .sql = "SELECT " SUGGESTION FROM
               " WHERE (:state = 'all' OR (:state = 'gone' AND s.is_said = 0)"
               "        OR (:state = 'snoozed' AND s.state = 'snoozed' AND s.until > :now)"
               "        OR (:state IN ('done', 'dismissed') AND s.state = :state))"
               " AND (:rule = '' OR s.rule = :rule) AND (:market = '' OR s.market = :market OR s.market IS NULL)"
               " ORDER BY coalesce(s.acted, s.last) DESC, s.suggestion DESC"
               " LIMIT :limit",
        .params = "state:text now:instant rule:text market:market limit:count", .columns = SUGGESTION_COLUMNS,
    },
    {
        .size = sizeof(struct souk_query), .id = "one", .title = "one",
        .sql = "SELECT " SUGGESTION FROM " WHERE s.suggestion = :suggestion",
        .params = "suggestion:count", .columns = SUGGESTION_COLUMNS,
    },
    {
        .size = sizeof(struct souk_query), .id = "facts", .title = "numbers",
        .sql = "SELECT name, unit, number, currency, text, ref"
               " FROM v1_suggestion_facts WHERE suggestion = :suggestion ORDER BY ordinal",
        .params = "suggestion:count",
        .columns = "name:text unit:text number:count currency:text text:text ref:ref",
    },
    {
        .size = sizeof(struct souk_query), .id = "behind", .title = "numbers", .about = "behind_about",
        .sql = "SELECT name, unit, CASE WHEN unit IN ('count', 'seconds', 'bp') THEN number END, currency,"
               " CASE unit WHEN 'money' THEN number END, CASE unit WHEN 'day' THEN number END,"
               " CASE unit WHEN 'instant' THEN number END, text, ref"
               " FROM v1_suggestion_facts WHERE suggestion = :suggestion ORDER BY ordinal",
        .params = "suggestion:count",
        .columns = "name:text unit:text number:count currency:currency+hidden amount:money/currency day:day at:instant text:text"
                   " row:ref",
    },
    {
        .size = sizeof(struct souk_query), .id = "product", .title = "product",
        .sql = "SELECT x.sku, l.asin, p.lead_days, p.currency, p.floor, r.currency, r.landed"
               " FROM (SELECT :sku AS sku) x LEFT JOIN v1_products p ON p.sku = x.sku"
               " LEFT JOIN v1_listings l ON l.sku = x.sku AND l.market = :market"
               " LEFT JOIN v1_rivals r ON r.market = :market AND r.asin = l.asin",
        .params = "sku:text market:market",
        .columns = "sku:text asin:text lead_days:count floor_currency:currency floor:money/floor_currency"
                   " landed_currency:currency landed:money/landed_currency",
    },
    {
        .size = sizeof(struct souk_query), .id = "rules", .title = "rules", .about = "rules_about",
        .sql = "SELECT title, rule, file, at, said, (took_us + 999) / 1000, err FROM v1_rules ORDER BY err = '', title, rule",
        .columns = "title:text rule:text file:text at:instant said:count took_ms:count err:text",
    },
};

/* ---- values -------------------------------------------------------------------------------------------- */

static int starts(const char *text, const char *with)
{
    while (*with && *text == *with)
        text++, with++;
    return !*with;
}

static int is_told(const struct souk_value *v)
{
    return v->type != SOUK_NONE && v->text.len;
}

struct digits {
    char at[24];
};

static struct souk_value number_text(struct digits *d, int64_t number)
{
    char *c = d->at + sizeof d->at;
    uint64_t left = (uint64_t)number;
    *--c = 0;
    do
        *--c = (char)('0' + left % 10);
    while (left /= 10);
    return souk_text(c);
}

/* "" asks for all markets. */
static struct souk_value market_asked(const struct souk_ask *ask)
{
    return souk_market(ask->n_markets == 1 ? souk_market_at(ask, 0)->id : "");
}

static uint32_t tone_of(const struct souk_value *s)
{
    return s[WEIGHT].num >= LATE_WEIGHT ? SOUK_BAD : s[WEIGHT].num >= SOON_WEIGHT ? SOUK_WATCH : SOUK_INFO;
}

/* Open, or put off until a moment that is over. */
static int is_open(const struct souk_value *s, int64_t now_s)
{
    return s[IS_SAID].num && (souk_is(&s[STATE], "open") || (souk_is(&s[STATE], "snoozed") && s[UNTIL].num <= now_s));
}

static const char *state_of(const struct souk_value *s, int64_t now_s)
{
    return is_open(s, now_s) ? "state_open" : souk_is(&s[STATE], "done") ? "state_done" : souk_is(&s[STATE], "dismissed") ? "state_dismissed"
           : souk_is(&s[STATE], "snoozed") && s[UNTIL].num > now_s ? "state_snoozed" : "state_gone";
}

/* ---- the numbers behind one ------------------------------------------------------------------------------ */

/* Names of the rules that come with Souk, in words; a number of another rule goes by the name it gave. */
static const char *const names[][2] = {
    { "units", "number_units" }, { "inbound", "number_inbound" }, { "sold_30d", "number_sold_30d" },
    { "lasts_days", "number_lasts_days" }, { "lead_days", "number_lead_days" }, { "lead_days_usual", "number_lead_days_usual" },
    { "order_units", "number_order_units" }, { "runs_out", "number_runs_out" }, { "price", "number_price" },
    { "floor", "number_floor" }, { "rival", "number_rival" }, { "ask", "number_ask" }, { "asin", "number_asin" },
    { "status", "number_status" }, { "waits", "number_waits" }, { "due", "number_due" },
    { "answer_within", "number_answer_within" }, { "subject", "number_subject" }, { "row", "number_row" },
};

static const char *key_of_name(const struct souk_value *name)
{
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        if (souk_is(name, names[i][0]))
            return names[i][1];
    return "number_other";
}

static struct souk_value value_of(const struct souk_value *fact)
{
    static const struct { const char *unit; uint32_t type; } units[] = {
        { "count", SOUK_COUNT }, { "day", SOUK_DAY }, { "instant", SOUK_INSTANT }, { "seconds", SOUK_SECONDS }, { "bp", SOUK_BP },
    };
    if (souk_is(&fact[1], "money"))
        return souk_money(fact[2].num, fact[3].text.at);
    if (souk_is(&fact[1], "ref"))
        return fact[5];
    for (unsigned i = 0; i < sizeof units / sizeof *units; i++)
        if (souk_is(&fact[1], units[i].unit) && fact[2].type != SOUK_NONE)
            return souk_number(units[i].type, fact[2].num, 0);
    return fact[4];
}

static int facts(struct souk_call *call, const struct souk_value *s, int *has_price)
{
    struct souk_rows rows;
    const struct souk_args args = SOUK_ARGS({ "suggestion", s[NUMBER] });
    int rc = souk_query_args(call, &rows, "facts", args);
    *has_price = 0;
    for (uint32_t r = 0; rc >= 0 && r < rows.n_rows; r++) {
        const struct souk_value *fact = souk_cell(&rows, r, 0);
        *has_price |= souk_is(&fact[1], "money");
        souk_fact(call, .label = SOUK_MSG(key_of_name(&fact[0]), { "name", fact[0] }), .value = value_of(fact),
                  .why = SOUK_WHY(.rows = "behind", .args = args, .formula = SOUK_MSG("number_why", { "title", s[TITLE] },
                                  { "at", s[LAST] })));
    }
    return rc < 0 ? rc : 0;
}

/* ---- what can be done -------------------------------------------------------------------------------------- */

#define FIELD(kind, its_name, its_title, ...) { .size = sizeof(struct souk_field), .type = SOUK_FIELD_##kind, .name = its_name, \
        .title = its_title, __VA_ARGS__ }

static void put_aside(struct souk_call *call, const struct souk_value *s, const struct souk_ask *ask)
{
    static const struct souk_field why[] = { FIELD(LINE, "why", "column.why", .flags = SOUK_FIELD_NEEDED) };
    static const struct souk_field until[] = { FIELD(INSTANT, "until", "column.until", .flags = SOUK_FIELD_NEEDED) };
    static const struct { int64_t days; const char *button; } laters[] = { { 1, "later_1" }, { 7, "later_7" }, { 30, "later_30" } };
    if (!is_open(s, ask->now_s)) {
        souk_form(call, .command = "suggestion.reopen", .button = SOUK_MSG("reopen"),
                  .args = SOUK_ARGS({ "suggestion", s[NUMBER] }));
        return;
    }
    souk_form(call, .command = "suggestion.done", .button = SOUK_MSG("done"), .args = SOUK_ARGS({ "suggestion", s[NUMBER] }));
    for (unsigned i = 0; i < sizeof laters / sizeof *laters; i++)
        souk_form(call, .command = "suggestion.snooze", .button = SOUK_MSG(laters[i].button),
                  .args = SOUK_ARGS({ "suggestion", s[NUMBER] }, { "until", souk_instant(ask->now_s + laters[i].days * DAY_S) }));
    souk_form(call, .command = "suggestion.snooze", .title = SOUK_MSG("later_title"), .button = SOUK_MSG("later"), .is_folded = 1,
              .args = SOUK_ARGS({ "suggestion", s[NUMBER] }), .fields = SOUK_LIST(until));
    souk_form(call, .command = "suggestion.dismiss", .title = SOUK_MSG("dismiss_title"), .button = SOUK_MSG("dismiss"),
              .is_folded = 1, .args = SOUK_ARGS({ "suggestion", s[NUMBER] }), .fields = SOUK_LIST(why));
}

/* What no report says: lead time, lowest price, what others ask. */
static int say_more(struct souk_call *call, const struct souk_value *s, int has_price)
{
    struct souk_rows rows;
    if (!is_told(&s[REF]) || !starts(s[REF].text.at, "sku:"))
        return 0;
    const struct souk_value sku = souk_text(s[REF].text.at + 4);
    int rc = souk_query(call, &rows, "product", { "sku", sku }, { "market", is_told(&s[MARKET]) ? s[MARKET] : souk_market("") });
    if (rc < 0 || !rows.n_rows)
        return rc < 0 ? rc : 0;
    const struct souk_value *p = souk_cell(&rows, 0, 0);
    const struct souk_field product[] = {
        FIELD(COUNT, "lead_days", "column.lead_days", .max = 1000, .fallback = p[2], .about = "lead_days_about"),
        FIELD(MONEY, "floor", "column.floor", .fallback = p[4], .about = "floor_about"),
    };
    souk_form(call, .command = "product.set", .title = SOUK_MSG("product_title"), .button = SOUK_MSG("save"), .is_folded = 1,
              .note = SOUK_MSG("product_note"), .args = SOUK_ARGS({ "sku", sku }), .fields = SOUK_LIST(product));
    if (!has_price || !is_told(&p[1]) || !is_told(&s[MARKET]))
        return 0;
    const struct souk_field rival[] = {
        FIELD(MONEY, "landed", "column.landed", .fallback = p[6], .flags = SOUK_FIELD_NEEDED, .currency_of = "market",
              .about = "landed_about"),
    };
    souk_form(call, .command = "rival.set", .title = SOUK_MSG("rival_title"), .button = SOUK_MSG("save"), .is_folded = 1,
              .args = SOUK_ARGS({ "market", s[MARKET] }, { "asin", p[1] }), .fields = SOUK_LIST(rival));
    return 0;
}

enum size { SMALL, LARGE, WHOLE };                      /* on the card; in the list of the page; alone */

static int item(struct souk_call *call, const struct souk_ask *ask, const struct souk_value *s, enum size size)
{
    struct digits d;
    const struct souk_arg option = { "suggestion", number_text(&d, s[NUMBER].num) };
    const struct souk_to own = { .size = sizeof own, .widget = "coach", .args = { &option, 1, 0 } },
                         other = { .size = sizeof other, .ref = s[REF].text.at };
    int has_price, has_ref = is_told(&s[REF]);
    souk_item(call, .tone = is_open(s, ask->now_s) ? tone_of(s) : SOUK_PLAIN, .title = SOUK_MSG("said", { "text", s[TEXT] }),
              .note = SOUK_MSG(s[MARKET].type == SOUK_NONE ? "of_rule" : "of_rule_where", { "title", s[TITLE] },
                               { "market", s[MARKET] }, { "at", s[LAST] }),
              .badge = SOUK_MSG(state_of(s, ask->now_s)), .due = is_open(s, ask->now_s) ? souk_none() : s[UNTIL],
              .to = size == WHOLE ? has_ref ? &other : NULL : &own);
    int rc = 0;
    if (size != SMALL)
        rc = facts(call, s, &has_price);
    if (rc == 0 && size != SMALL && souk_is(&s[STATE], "dismissed"))
        souk_fact(call, .label = SOUK_MSG("column.why"), .value = s[WHY]);
    if (rc == 0 && size != SMALL && s[ACTED].type != SOUK_NONE)
        souk_fact(call, .label = SOUK_MSG("column.acted"), .value = s[ACTED]);
    if (rc == 0 && size == WHOLE) {
        souk_fact(call, .label = SOUK_MSG("column.first"), .value = s[FIRST]);
        souk_fact(call, .label = SOUK_MSG("column.rule"), .value = s[RULE]);
    }
    if (rc == 0 && size != SMALL) {
        put_aside(call, s, ask);
        rc = say_more(call, s, has_price);
    }
    souk_end(call);
    return rc;
}

/* ---- card and page ------------------------------------------------------------------------------------ */

#define OPEN_ARGS(ask, its_rule, most) SOUK_ARGS({ "now", souk_instant((ask)->now_s) }, { "rule", (its_rule) }, \
        { "market", market_asked(ask) }, { "limit", souk_count(most) })

static void count(struct souk_call *call, const struct souk_ask *ask, const struct souk_rows *by_rule, int64_t *open)
{
    struct souk_args args = OPEN_ARGS(ask, souk_text(""), LIST_ROWS);
    int64_t late = 0;
    *open = 0;
    for (uint32_t r = 0; r < by_rule->n_rows; r++) {
        *open += souk_num(by_rule, r, 3, 0);
        late += souk_num(by_rule, r, 4, 0) >= LATE_WEIGHT;
    }
    souk_stat(call, .label = SOUK_MSG("open"), .value = souk_count(*open), .tone = late ? SOUK_BAD : SOUK_PLAIN,
              .to = SOUK_TO(.query = "open", .args = args),
              .why = SOUK_WHY(.rows = "open", .args = args, .formula = SOUK_MSG("open_about")));
}

/* Rules that failed, each with its sentence: file, line, what is wrong. */
static int failures(struct souk_call *call, struct souk_rows *rules, int is_short)
{
    int rc = souk_query_all(call, rules, "rules");
    int64_t failed = 0;
    for (uint32_t r = 0; rc >= 0 && r < rules->n_rows; r++) {
        const struct souk_value *rule = souk_cell(rules, r, 0);
        if (!is_told(&rule[6]))
            continue;
        failed++;
        if (!is_short)
            souk_alert(call, .tone = SOUK_BAD, .text = SOUK_MSG("failed", { "title", rule[0] }, { "error", rule[6] },
                                                                { "at", rule[3] }));
    }
    if (failed && is_short)
        souk_alert(call, .tone = SOUK_BAD, .text = SOUK_MSG("failed_some", { "n", souk_count(failed) }),
                   .to = SOUK_TO(.widget = "coach"));
    return rc < 0 ? rc : 0;
}

static void nothing(struct souk_call *call, const struct souk_rows *rules)
{
    souk_empty(call, .text = SOUK_MSG(rules->n_rows ? "none_open" : "not_run"), .fills = "amazon.stock");
}

static int card(struct souk_call *call, const struct souk_ask *ask)
{
    struct souk_rows by_rule, rules, rows;
    int64_t open;
    int rc = souk_query(call, &by_rule, "by_rule", { "now", souk_instant(ask->now_s) }, { "market", market_asked(ask) });
    if (rc < 0)
        return rc;
    count(call, ask, &by_rule, &open);
    rc = failures(call, &rules, 1);
    if (rc == 0 && !open)
        nothing(call, &rules);
    if (rc < 0 || !open)
        return rc;
    rc = souk_query_args(call, &rows, "open", (struct souk_args)OPEN_ARGS(ask, souk_text(""), CARD_ROWS));
    if (rc < 0)
        return rc;
    souk_items(call, "heaviest");
    for (uint32_t r = 0; rc >= 0 && r < rows.n_rows; r++)
        rc = item(call, ask, souk_cell(&rows, r, 0), SMALL);
    souk_end(call);
    if (open > rows.n_rows)
        souk_text_line(call, .text = SOUK_MSG("more", { "n", souk_count(open - rows.n_rows) }), .to = SOUK_TO(.widget = "coach"));
    return rc < 0 ? rc : 0;
}

static int list(struct souk_call *call, const struct souk_ask *ask, const char *query, struct souk_args some, struct souk_args whole,
                uint32_t most, struct souk_msg title)
{
    struct souk_rows rows;
    int rc = souk_query_args(call, &rows, query, some);
    if (rc < 0)
        return rc;
    if (!rows.n_rows) {
        souk_empty(call, .text = SOUK_MSG("none_fits"));
        return 0;
    }
    call->view->items(call, &title);
    for (uint32_t r = 0; rc >= 0 && r < rows.n_rows && r < most; r++)
        rc = item(call, ask, souk_cell(&rows, r, 0), LARGE);
    souk_end(call);
    if (rows.n_rows > most)
        souk_text_line(call, .text = SOUK_MSG("list_more"), .to = SOUK_TO(.query = query, .args = whole));
    return rc < 0 ? rc : 0;
}

#define GROUP_ARGS(ask, group, most) SOUK_ARGS({ "now", souk_instant((ask)->now_s) }, { "rule", (group)[0] }, \
        { "market", (group)[2].type == SOUK_NONE ? souk_market("") : (group)[2] }, { "limit", souk_count(most) })

static struct souk_msg name_of_group(const struct souk_value *group, struct souk_arg arg[2])
{
    arg[0] = (struct souk_arg){ "title", group[1] };
    arg[1] = (struct souk_arg){ "market", group[2] };
    return (struct souk_msg){ group[2].type == SOUK_NONE ? "rule" : "rule_where", { arg, group[2].type == SOUK_NONE ? 1 : 2, 0 } };
}

/* Each rule in each marketplace, the one with the heaviest suggestion first. */
static int open_page(struct souk_call *call, const struct souk_ask *ask, const struct souk_rows *by_rule)
{
    const struct souk_value *chosen = souk_option(ask, "rule");
    const uint32_t most = chosen->text.len ? PAGE_ROWS : GROUP_ROWS;
    int rc = 0;
    for (uint32_t r = 0; rc == 0 && r < by_rule->n_rows; r++) {
        const struct souk_value *group = souk_cell(by_rule, r, 0);
        struct souk_args some = GROUP_ARGS(ask, group, most + 1), whole = GROUP_ARGS(ask, group, LIST_ROWS);
        struct souk_arg words[2];
        if (!chosen->text.len || souk_is(chosen, group[0].text.at))
            rc = list(call, ask, "group", some, whole, most, name_of_group(group, words));
    }
    return rc;
}

static int history(struct souk_call *call, const struct souk_ask *ask)
{
#define ARGS(most) SOUK_ARGS({ "state", *souk_option(ask, "state") }, { "now", souk_instant(ask->now_s) }, \
        { "rule", *souk_option(ask, "rule") }, { "market", market_asked(ask) }, { "limit", souk_count(most) })
    struct souk_args some = ARGS(PAGE_ROWS + 1), whole = ARGS(LIST_ROWS);
#undef ARGS
    return list(call, ask, "history", some, whole, PAGE_ROWS, (struct souk_msg)SOUK_MSG("history"));
}

/* Which rules have how much open, where; the rule's title chooses it. */
static void groups(struct souk_call *call, const struct souk_rows *by_rule, const struct souk_ask *ask)
{
    if (!by_rule->n_rows)
        return;
    souk_fold(call, "by_rule");
    for (uint32_t r = 0; r < by_rule->n_rows; r++) {
        const struct souk_value *group = souk_cell(by_rule, r, 0);
        struct souk_args args = GROUP_ARGS(ask, group, LIST_ROWS);
        struct souk_arg words[2];
        souk_fact(call, .label = name_of_group(group, words), .value = group[3],
                  .to = SOUK_TO(.widget = "coach", .args = SOUK_ARGS({ "rule", group[0] })),
                  .why = SOUK_WHY(.rows = "group", .args = args, .formula = SOUK_MSG("open_about")));
    }
    souk_end(call);
}

static int page(struct souk_call *call, const struct souk_ask *ask)
{
    struct souk_rows by_rule, rules;
    int64_t open;
    int rc = souk_query(call, &by_rule, "by_rule", { "now", souk_instant(ask->now_s) }, { "market", market_asked(ask) });
    if (rc < 0)
        return rc;
    count(call, ask, &by_rule, &open);
    rc = failures(call, &rules, 0);
    if (rc < 0)
        return rc;
    groups(call, &by_rule, ask);
    if (!souk_is(souk_option(ask, "state"), "open"))
        rc = history(call, ask);
    else if (!open)
        nothing(call, &rules);
    else
        rc = open_page(call, ask, &by_rule);
    if (rc < 0)
        return rc;
    souk_section(call, "rules");
    souk_form(call, .command = "coach.run", .button = SOUK_MSG("run"), .note = SOUK_MSG("run_note"));
    if (rules.n_rows)
        souk_table(call, .title = SOUK_MSG("rules"), .rows = rules, .why = SOUK_WHY(.rows = "rules",
                   .formula = SOUK_MSG("rules_about")));
    souk_end(call);
    return 0;
}

static int one(struct souk_call *call, const struct souk_ask *ask, const struct souk_value *number)
{
    struct souk_rows rows, behind;
    int64_t n = 0;
    for (const char *c = number->text.at; *c >= '0' && *c <= '9' && n < INT64_C(1000000000000); c++)
        n = n * 10 + (*c - '0');
    const struct souk_args args = SOUK_ARGS({ "suggestion", souk_count(n) });
    int rc = souk_query_args(call, &rows, "one", args);
    if (rc < 0)
        return rc;
    if (!rows.n_rows) {
        souk_empty(call, .text = SOUK_MSG("one_unknown"));
        return 0;
    }
    souk_items(call, "one");
    rc = item(call, ask, souk_cell(&rows, 0, 0), WHOLE);
    souk_end(call);
    if (rc == 0)
        rc = souk_query_args(call, &behind, "behind", args);
    if (rc >= 0 && behind.n_rows)
        souk_table(call, .title = SOUK_MSG("numbers"), .rows = behind, .why = SOUK_WHY(.rows = "behind", .args = args,
                   .formula = SOUK_MSG("behind_about")));
    return rc < 0 ? rc : 0;
}

static int render(void *self, struct souk_call *call, const struct souk_ask *ask)
{
    const struct souk_value *number = souk_option(ask, "suggestion");
    (void)self;
    souk_until(call, ask->now_s + KEPT_S);
    if (number->text.len)
        return one(call, ask, number);
    return ask->face == SOUK_PAGE ? page(call, ask) : card(call, ask);
}

static const struct souk_choice states[] = {
    { "open", "state_open" }, { "done", "state_done" }, { "dismissed", "state_dismissed" }, { "snoozed", "state_snoozed" },
    { "gone", "state_gone" }, { "all", "choose_all" },
};
static const struct souk_field options[] = {
    FIELD(ONE_OF, "state", "column.state", .choices = SOUK_LIST(states), .fallback = SOUK_WORD(SOUK_TEXT, "open")),
    FIELD(LINE, "rule", "column.rule", .fallback = SOUK_WORD(SOUK_TEXT, ""), .about = "rule_about"),
};
static const struct souk_widget widget = {
    .size = sizeof widget, .area = 7, .id = "coach", .title = "title", .width = 2, .render = render,
    .options = SOUK_LIST(options), .shows = "suggestion", .badge = "badge",
};
static const struct souk_offer offers[] = { { SOUK_WIDGET, &widget } };

SOUK_PLUGIN = {
    .size = sizeof(struct souk_plugin), .built = SOUK_SDK_NOW, .needs = SOUK_SDK(0, 2),
    .id = "org.souk.coach", .version = "0.1.0", .title = "title",
    .wants = "souk.view/1 souk.query/1",
    .reads = "v1_suggestions v1_suggestion_facts v1_rules v1_products v1_listings v1_rivals",
    .commands = "suggestion.done suggestion.dismiss suggestion.snooze suggestion.reopen product.set rival.set coach.run",
    .offers = SOUK_LIST(offers), .queries = SOUK_LIST(queries),
};
