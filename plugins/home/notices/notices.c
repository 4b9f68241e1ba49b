/* SPDX-License-Identifier: Apache-2.0 */
/*
 * notices.c: Performance Notifications: what somebody should know of, until it is acknowledged.
 *
 * Notices come from the marketplace's notification messages, from what changed between two account health
 * reports, from mail, from people, and from Souk itself.  A kind that has no words here is shown as its
 * source names it, so that a new one is never lost.
 */
#include <souk/widget.h>

#define NOTICE "notice, at, class, kind, severity, market, subject, before, after, ref, deadline, currency, amount, read, done, source"
#define NOTICE_COLUMNS "notice:count at:instant class:text kind:text severity:text market:market subject:text before:text" \
        " after:text ref:ref deadline:instant currency:currency+hidden amount:money/currency read:instant done:instant" \
        " source:text"
enum { NUMBER, AT, CLASS, KIND, SEVERITY, MARKET, SUBJECT, BEFORE, AFTER, REF, DEADLINE, CURRENCY, AMOUNT, READ, DONE, SOURCE };

enum { CARD_ROWS = 5, PAGE_ROWS = 100 };

static const struct souk_query queries[] = {
    {
        .size = sizeof(struct souk_query), .id = "counts", .title = "counts",
        .sql = "SELECT severity, market, count(*), CAST(sum(CASE WHEN read IS NULL THEN 1 ELSE 0 END) AS BIGINT)"
               " FROM v1_notices WHERE done IS NULL GROUP BY severity, market ORDER BY severity, market NULLS FIRST",
        .columns = "severity:text market:market notices:count unread:count",
    },
    {
        .size = sizeof(struct souk_query), .id = "badge", .title = "counts",
        .sql = "SELECT count(*), CAST(coalesce(sum(CASE WHEN severity = 'bad' THEN 1 ELSE 0 END), 0) AS BIGINT)"
               " FROM v1_notices WHERE done IS NULL",
        .columns = "count:count urgent:count",
    },
    {
        .size = sizeof(struct souk_query), .id = "open", .title = "open", .about = "open_about", .max_rows = 10000,
        .sql = "SELECT " NOTICE " FROM v1_notices"
               " WHERE done IS NULL AND (:severity = 'all' OR severity = :severity)"
               " AND (:market = '' OR market = :market OR market IS NULL)"
               " ORDER BY CASE severity WHEN 'bad' THEN 1 WHEN 'watch' THEN 2 ELSE 3 END, at DESC, notice DESC"
               " LIMIT :limit",
        .params = "severity:text market:market limit:count", .columns = NOTICE_COLUMNS,
    },
    {
        .size = sizeof(struct souk_query), .id = "list", .title = "list", .about = "list_about", .max_rows = 10000,
        .sql = "SELECT " NOTICE " FROM v1_notices"
               " WHERE (:class = 'all' OR class = :class) AND (:severity = 'all' OR severity = :severity)"
               " AND (:market = '' OR market = :market OR market IS NULL)"
               " AND (:state = 'all' OR (:state = 'open' AND done IS NULL) OR (:state = 'unread' AND read IS NULL)"
               "      OR (:state = 'done' AND done IS NOT NULL))"
               " ORDER BY at DESC, notice DESC"
               " LIMIT :limit",
        .params = "class:text severity:text market:market state:text limit:count", .columns = NOTICE_COLUMNS,
    },
    {
        .size = sizeof(struct souk_query), .id = "one", .title = "one",
        .sql = "SELECT " NOTICE " FROM v1_notices WHERE notice = :notice",
        .params = "notice:count", .columns = NOTICE_COLUMNS,
    },
};

/* ---- words ------------------------------------------------------------------------------------------- */

static const char *const kinds[][2] = {
    { "ACCOUNT_STATUS_CHANGED", "kind_account_status" },
    { "LISTINGS_ITEM_ISSUES_CHANGE", "kind_listing_issues" },
    { "LISTINGS_ITEM_STATUS_CHANGE", "kind_listing_status" },
    { "LISTINGS_ITEM_MFN_QUANTITY_CHANGE", "kind_listing_sold_out" },
    { "ITEM_PRODUCT_TYPE_CHANGE", "kind_product_type" },
    { "BRANDED_ITEM_CONTENT_CHANGE", "kind_content" },
    { "PRODUCT_TYPE_DEFINITIONS_CHANGE", "kind_definitions" },
    { "PRICING_HEALTH", "kind_pricing_health" },
    { "ANY_OFFER_CHANGED", "kind_offer" },
    { "FEE_PROMOTION", "kind_fee_promotion" },
    { "ORDER_CHANGE", "kind_order_change" },
    { "REPORT_PROCESSING_FINISHED", "kind_report" },
    { "FEED_PROCESSING_FINISHED", "kind_feed" },
    { "health.worse", "kind_health_worse" },
    { "health.better", "kind_health_better" },
    { "health.changed", "kind_health_changed" },
    { "settlement.unbalanced", "kind_settlement" },
    { "import.rejected", "kind_import_rejected" },
    { "import.failed", "kind_import_failed" },
    { "mail.bounced", "kind_bounced" },
};
static const char *const classes[] = {
    "account", "policy", "infringement", "metric", "listing", "pricing", "fee", "payment", "import", "mail", "holiday",
};

/* States, ratings and metrics as their sources write them; what is not among them is shown as it stands. */
static const char *const words[][2] = {
    { "GOOD", "word_good" }, { "GREAT", "word_great" }, { "NORMAL", "word_normal" }, { "HEALTHY", "word_healthy" },
    { "FAIR", "word_fair" }, { "WARNED", "word_warned" }, { "WARNING", "word_warning" }, { "AT_RISK", "word_at_risk" },
    { "BAD", "word_bad" }, { "POOR", "word_poor" }, { "UNHEALTHY", "word_unhealthy" }, { "CRITICAL", "word_critical" },
    { "SUSPENDED", "word_suspended" }, { "DEACTIVATED", "word_deactivated" }, { "NONE", "word_none" },
    { "account", "word_account" }, { "rating", "word_rating" }, { "defect", "metric.defect" }, { "late", "metric.late" },
    { "cancel", "metric.cancel" }, { "tracking", "metric.tracking" }, { "delivery", "metric.delivery" },
    { "invoice", "metric.invoice" },
};

static int contains(const struct souk_value *v, const char *word)
{
    for (const char *from = v->text.at; *from; from++) {
        const char *at = from, *w = word;
        while (*w && *at == *w)
            at++, w++;
        if (!*w)
            return 1;
    }
    return 0;
}

/* The key of the sentence that words a notice. */
static const char *key_of(const struct souk_value *notice)
{
    if (souk_is(&notice[KIND], "LISTINGS_ITEM_ISSUES_CHANGE") && notice[AFTER].type != SOUK_NONE)
        return contains(&notice[AFTER], "LISTING_SUPPRESSED") ? "kind_listing_suppressed"
               : contains(&notice[AFTER], "SEARCH_SUPPRESSED") ? "kind_listing_hidden" : "kind_listing_issues";
    for (unsigned i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (souk_is(&notice[KIND], kinds[i][0]))
            return kinds[i][1];
    return "kind_other";
}

static struct souk_value class_of(const struct souk_value *class)
{
    static const char *const keys[] = {
        "class_account", "class_policy", "class_infringement", "class_metric", "class_listing", "class_pricing",
        "class_fee", "class_payment", "class_import", "class_mail", "class_holiday",
    };
    for (unsigned i = 0; i < sizeof classes / sizeof *classes; i++)
        if (souk_is(class, classes[i]))
            return souk_key(keys[i]);
    return *class;
}

static uint32_t tone_of(const struct souk_value *notice)
{
    return souk_is(&notice[SEVERITY], "bad") ? SOUK_BAD : souk_is(&notice[SEVERITY], "watch") ? SOUK_WATCH : SOUK_INFO;
}

static struct souk_value known(const struct souk_value *v)
{
    if (v->type == SOUK_NONE)
        return souk_text("");
    for (unsigned i = 0; v->type == SOUK_TEXT && i < sizeof words / sizeof *words; i++)
        if (souk_is(v, words[i][0]))
            return souk_key(words[i][1]);
    return *v;
}

static void put_source(struct souk_call *call, const struct souk_value *notice)
{
    static const char *const sources[][2] = {
        { "notification", "source_notification" }, { "report", "source_report" }, { "mail", "source_mail" },
        { "typed", "source_typed" }, { "souk", "source_souk" },
    };
    struct souk_value source = notice[SOURCE];
    for (unsigned i = 0; i < sizeof sources / sizeof *sources; i++)
        if (souk_is(&notice[SOURCE], sources[i][0]))
            source = souk_key(sources[i][1]);
    souk_fact(call, .label = SOUK_MSG("column.source"), .value = source);
}

static void forms(struct souk_call *call, const struct souk_value *notice)
{
    if (notice[READ].type == SOUK_NONE)
        souk_form(call, .command = "notice.read", .button = SOUK_MSG("read_button"),
                  .args = SOUK_ARGS({ "notice", notice[NUMBER] }));
    if (notice[DONE].type == SOUK_NONE)
        souk_form(call, .command = "notice.done", .button = SOUK_MSG("done_button"),
                  .args = SOUK_ARGS({ "notice", notice[NUMBER] }));
    else
        souk_form(call, .command = "notice.undo", .button = SOUK_MSG("undo_button"),
                  .args = SOUK_ARGS({ "notice", notice[NUMBER] }));
}

/* One of a list; whole: with all that is known of it. */
static void item(struct souk_call *call, const struct souk_value *notice, int is_whole)
{
    char number[24];
    size_t n = sizeof number;
    uint64_t left = (uint64_t)notice[NUMBER].num;
    number[--n] = 0;
    do
        number[--n] = (char)('0' + left % 10);
    while (left /= 10);
    const struct souk_arg option = { "notice", souk_text(number + n) };
    const struct souk_to to = { .size = sizeof to, .ref = is_whole ? notice[REF].text.at : NULL,
                                .widget = is_whole ? NULL : "notices", .args = { &option, is_whole ? 0 : 1, 0 } };
    int has_ref = notice[REF].type != SOUK_NONE && notice[REF].text.len;
    struct souk_item it = {
        .size = sizeof it, .tone = tone_of(notice), .due = notice[DEADLINE],
        .title = SOUK_MSG(key_of(notice), { "subject", known(&notice[SUBJECT]) }, { "before", known(&notice[BEFORE]) },
                          { "after", known(&notice[AFTER]) }, { "kind", notice[KIND] }, { "amount", notice[AMOUNT] }),
        .badge = SOUK_MSG("class", { "class", class_of(&notice[CLASS]) }),
        .note = SOUK_MSG(notice[MARKET].type == SOUK_NONE ? "when" : "when_where", { "at", notice[AT] },
                         { "market", notice[MARKET] }),
        .value = notice[AMOUNT],
        .why = notice[AMOUNT].type == SOUK_NONE ? NULL
               : SOUK_WHY(.rows = "one", .args = SOUK_ARGS({ "notice", notice[NUMBER] }), .formula = SOUK_MSG("amount_why")),
        .to = is_whole && !has_ref ? NULL : &to,
    };
    call->view->item(call, &it);
    if (is_whole) {
        souk_fact(call, .label = SOUK_MSG("column.kind"), .value = notice[KIND]);
        put_source(call, notice);
        if (notice[BEFORE].type != SOUK_NONE && notice[BEFORE].text.len)
            souk_fact(call, .label = SOUK_MSG("column.before"), .value = known(&notice[BEFORE]));
        if (notice[AFTER].type != SOUK_NONE && notice[AFTER].text.len)
            souk_fact(call, .label = SOUK_MSG("column.after"), .value = known(&notice[AFTER]));
        if (has_ref)
            souk_fact(call, .label = SOUK_MSG("column.ref"), .value = notice[REF]);
        if (notice[READ].type != SOUK_NONE)
            souk_fact(call, .label = SOUK_MSG("column.read"), .value = notice[READ]);
        if (notice[DONE].type != SOUK_NONE)
            souk_fact(call, .label = SOUK_MSG("column.done"), .value = notice[DONE]);
    }
    forms(call, notice);
    souk_end(call);
}

/* ---- card and page ------------------------------------------------------------------------------------ */

/* "" asks for all markets. */
static struct souk_value market_asked(const struct souk_ask *ask)
{
    return souk_market(ask->n_markets == 1 ? souk_market_at(ask, 0)->id : "");
}

static int counts(struct souk_call *call, const struct souk_ask *ask, int64_t *all)
{
    static const struct { const char *severity, *label; uint32_t tone; } rows_of[] = {
        { "bad", "open_bad", SOUK_BAD }, { "watch", "open_watch", SOUK_WATCH }, { "info", "open_info", SOUK_INFO },
    };
    struct souk_value market = market_asked(ask);
    struct souk_rows rows;
    int rc = souk_query_all(call, &rows, "counts");
    *all = 0;
    for (unsigned i = 0; rc >= 0 && i < sizeof rows_of / sizeof *rows_of; i++) {
        int64_t notices = 0;
        for (uint32_t r = 0; r < rows.n_rows; r++)
            if (souk_is(souk_cell(&rows, r, 0), rows_of[i].severity) &&
                (!market.text.len || souk_cell(&rows, r, 1)->type == SOUK_NONE ||
                 souk_is(souk_cell(&rows, r, 1), market.text.at)))
                notices += souk_num(&rows, r, 2, 0);
        struct souk_args args = SOUK_ARGS({ "severity", souk_text(rows_of[i].severity) }, { "market", market },
                                          { "limit", souk_count(10000) });
        souk_stat(call, .label = SOUK_MSG(rows_of[i].label), .value = souk_count(notices), .up_is = SOUK_PLAIN,
                  .tone = notices ? rows_of[i].tone : SOUK_PLAIN, .to = SOUK_TO(.query = "open", .args = args),
                  .why = SOUK_WHY(.rows = "open", .args = args, .formula = SOUK_MSG("open_about")));
        *all += notices;
    }
    return rc < 0 ? rc : 0;
}

static int card(struct souk_call *call, const struct souk_ask *ask)
{
    struct souk_rows rows;
    int64_t all;
    int rc = counts(call, ask, &all);
    if (rc < 0)
        return rc;
    if (!all) {
        souk_empty(call, .text = SOUK_MSG("none_open"), .fills = "amazon.notifications");
        return 0;
    }
    rc = souk_query(call, &rows, "open", { "severity", souk_text("all") }, { "market", market_asked(ask) },
                    { "limit", souk_count(CARD_ROWS) });
    if (rc < 0)
        return rc;
    souk_items(call, "newest");
    for (uint32_t r = 0; r < rows.n_rows; r++)
        item(call, souk_cell(&rows, r, 0), 0);
    souk_end(call);
    if (all > rows.n_rows)
        souk_text_line(call, .text = SOUK_MSG("more", { "n", souk_count(all - rows.n_rows) }), .to = SOUK_TO(.widget = "notices"));
    return 0;
}

static const struct souk_choice add_classes[] = {
    { "policy", "class_policy" }, { "infringement", "class_infringement" }, { "holiday", "class_holiday" },
    { "account", "class_account" }, { "metric", "class_metric" }, { "listing", "class_listing" },
    { "pricing", "class_pricing" }, { "fee", "class_fee" }, { "payment", "class_payment" }, { "mail", "class_mail" },
};
static const struct souk_choice severities[] = {
    { "info", "severity_info" }, { "watch", "severity_watch" }, { "bad", "severity_bad" },
};
#define CHOICES(array) { (array), sizeof(array) / sizeof *(array), sizeof *(array) }
static const struct souk_field add_fields[] = {
    { .size = sizeof(struct souk_field), .type = SOUK_FIELD_ONE_OF, .name = "class", .title = "column.class",
      .choices = CHOICES(add_classes), .fallback = SOUK_WORD(SOUK_TEXT, "policy"), .flags = SOUK_FIELD_NEEDED },
    { .size = sizeof(struct souk_field), .type = SOUK_FIELD_LINE, .name = "subject", .title = "column.subject",
      .flags = SOUK_FIELD_NEEDED },
    { .size = sizeof(struct souk_field), .type = SOUK_FIELD_ONE_OF, .name = "severity", .title = "column.severity",
      .choices = CHOICES(severities), .fallback = SOUK_WORD(SOUK_TEXT, "info") },
    { .size = sizeof(struct souk_field), .type = SOUK_FIELD_MARKET, .name = "market", .title = "column.market" },
    { .size = sizeof(struct souk_field), .type = SOUK_FIELD_AREA, .name = "text", .title = "field_text" },
    { .size = sizeof(struct souk_field), .type = SOUK_FIELD_INSTANT, .name = "deadline", .title = "column.deadline",
      .zone_of = "market" },
    { .size = sizeof(struct souk_field), .type = SOUK_FIELD_MONEY, .name = "amount", .title = "column.amount",
      .currency_of = "market" },
};

static int page(struct souk_call *call, const struct souk_ask *ask)
{
    struct souk_rows rows;
    int64_t all;
    int rc = counts(call, ask, &all);
    if (rc < 0)
        return rc;
#define ARGS(most) SOUK_ARGS({ "class", *souk_option(ask, "class") }, { "severity", *souk_option(ask, "severity") }, \
        { "market", market_asked(ask) }, { "state", *souk_option(ask, "state") }, { "limit", souk_count(most) })
    struct souk_args some = ARGS(PAGE_ROWS + 1), whole = ARGS(10000);
#undef ARGS
    rc = souk_query_args(call, &rows, "list", some);
    if (rc < 0)
        return rc;
    if (all)
        souk_form(call, .command = "notice.done_all", .button = SOUK_MSG("done_all_button"), .title = SOUK_MSG("done_all"),
                  .note = SOUK_MSG("done_all_note", { "n", souk_count(all) }), .is_folded = 1);
    souk_form(call, .command = "notice.add", .title = SOUK_MSG("add"), .button = SOUK_MSG("add_button"),
              .fields = SOUK_LIST(add_fields), .is_folded = 1);
    if (!rows.n_rows) {
        souk_empty(call, .text = SOUK_MSG("none_fits"), .fills = "amazon.notifications");
        return 0;
    }
    souk_items(call, "list");
    for (uint32_t r = 0; r < rows.n_rows && r < PAGE_ROWS; r++)
        item(call, souk_cell(&rows, r, 0), 0);
    souk_end(call);
    souk_text_line(call, .text = SOUK_MSG(rows.n_rows > PAGE_ROWS ? "list_more" : "list_all"),
                   .to = SOUK_TO(.query = "list", .args = whole));
    return 0;
}

static int one(struct souk_call *call, const struct souk_value *number)
{
    struct souk_rows rows;
    int64_t n = 0;
    for (const char *c = number->text.at; *c >= '0' && *c <= '9' && n < 1000000000000; c++)
        n = n * 10 + (*c - '0');
    int rc = souk_query(call, &rows, "one", { "notice", souk_count(n) });
    if (rc < 0)
        return rc;
    if (!rows.n_rows) {
        souk_empty(call, .text = SOUK_MSG("one_unknown"));
        return 0;
    }
    souk_items(call, "one");
    item(call, souk_cell(&rows, 0, 0), 1);
    souk_end(call);
    return 0;
}

static int render(void *self, struct souk_call *call, const struct souk_ask *ask)
{
    const struct souk_value *number = souk_option(ask, "notice");
    (void)self;
    if (number->text.len)
        return one(call, number);
    return ask->face == SOUK_PAGE ? page(call, ask) : card(call, ask);
}

static const struct souk_choice class_choices[] = {
    { "all", "choose_all" }, { "account", "class_account" }, { "policy", "class_policy" },
    { "infringement", "class_infringement" }, { "metric", "class_metric" }, { "listing", "class_listing" },
    { "pricing", "class_pricing" }, { "fee", "class_fee" }, { "payment", "class_payment" }, { "import", "class_import" },
    { "mail", "class_mail" }, { "holiday", "class_holiday" },
};
static const struct souk_choice severity_choices[] = {
    { "all", "choose_all" }, { "bad", "severity_bad" }, { "watch", "severity_watch" }, { "info", "severity_info" },
};
static const struct souk_choice state_choices[] = {
    { "open", "state_open" }, { "unread", "state_unread" }, { "done", "state_done" }, { "all", "choose_all" },
};
#define OPTION(name_, title_, choices_, fallback_) { .size = sizeof(struct souk_field), .type = SOUK_FIELD_ONE_OF, \
        .name = name_, .title = title_, .fallback = SOUK_WORD(SOUK_TEXT, fallback_), .choices = CHOICES(choices_) }
static const struct souk_field options[] = {
    OPTION("state", "column.state", state_choices, "open"),
    OPTION("class", "column.class", class_choices, "all"),
    OPTION("severity", "column.severity", severity_choices, "all"),
};
static const struct souk_widget widget = {
    .size = sizeof widget, .area = 2, .id = "notices", .title = "title", .width = 1, .render = render,
    .options = SOUK_LIST(options), .shows = "notice", .badge = "badge", .ribbon = SOUK_RIBBON_NOTICES,
};
static const struct souk_offer offers[] = { { SOUK_WIDGET, &widget } };

SOUK_PLUGIN = {
    .size = sizeof(struct souk_plugin), .built = SOUK_SDK_NOW, .needs = SOUK_SDK(0, 2),
    .id = "org.souk.notices", .version = "0.1.0", .title = "title",
    .wants = "souk.view/1 souk.query/1", .reads = "v1_notices",
    .commands = "notice.add notice.read notice.done notice.done_all notice.undo",
    .offers = SOUK_LIST(offers), .queries = SOUK_LIST(queries),
};
