/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gallery.c: one widget that shows every element there is, with invented values: for looking at them, for
 * golden files, and for the rules of accessibility.
 */
#include <souk/command.h>
#include <souk/search.h>
#include <souk/widget.h>

#define NOW 1793534400                                  /* 2026-11-01T12:00:00Z */
#define HOURS 3600
#define DE "A1PA6795UKMFR9"

static const struct souk_query queries[] = {
    { .size = sizeof(struct souk_query), .id = "stock", .title = "stock", .about = "stock_about",
      .sql = "SELECT 'sku:' || sku AS ref, sku, market, fulfillable FROM v1_stock ORDER BY sku",
      .columns = "ref:ref sku:text market:market units:count+total" },
    { .size = sizeof(struct souk_query), .id = "badge", .title = "stock",
      .sql = "SELECT 7 + 0 * count(*) AS count, CASE WHEN :now > 0 THEN 2 ELSE 0 END AS urgent FROM v1_stock",
      .params = "now:instant", .columns = "count:count urgent:count" },
    { .size = sizeof(struct souk_query), .id = "find", .title = "stock",
      .sql = "SELECT 'thing:' || sku AS ref, sku, market FROM v1_stock WHERE sku = :words LIMIT :limit",
      .params = "words:text limit:count", .columns = "ref:ref title:text note:text" },
};

static const struct souk_choice states[] = { { "open", "open" }, { "answered", "answered" }, { "closed", "closed" } };
static const struct souk_field options[] = {
    { .size = sizeof(struct souk_field), .type = SOUK_FIELD_ONE_OF, .name = "state", .title = "state",
      .fallback = SOUK_WORD(SOUK_TEXT, "open"), .choices = SOUK_LIST(states) },
    { .size = sizeof(struct souk_field), .type = SOUK_FIELD_BOOL, .name = "all", .title = "all",
      .fallback = SOUK_NUMBER(SOUK_BOOL, 1) },
    { .size = sizeof(struct souk_field), .type = SOUK_FIELD_DAY, .name = "since", .title = "since",
      .fallback = SOUK_NUMBER(SOUK_DAY, 20758) },
    { .size = sizeof(struct souk_field), .type = SOUK_FIELD_PERCENT, .name = "least", .title = "least",
      .fallback = SOUK_NUMBER(SOUK_BP, 250) },
};

#define COUNTED SOUK_WHY(.rows = "stock", .formula = SOUK_MSG("counted"))
#define TOLD SOUK_WHY(.origin = SOUK_MSG("told", { "day", souk_day(20758) }))

static struct souk_str str(const char *text)
{
    struct souk_str s = { text, souk_length(text), 0 };
    return s;
}

/* ---- figures --------------------------------------------------------------------------------------- */

static void figures(struct souk_call *call)
{
    souk_section(call, "figures");
    souk_stat(call, .label = SOUK_MSG("sales"), .value = souk_money(1234567, "EUR"), .before = souk_money(1100000, "EUR"),
              .before_label = SOUK_MSG("than_before"), .up_is = SOUK_GOOD, .why = COUNTED,
              .note = SOUK_MSG("note"), .to = SOUK_TO(.query = "stock"));
    souk_stat(call, .label = SOUK_MSG("defects"), .tone = SOUK_BAD, .value = souk_rate(13, 1000), .why = COUNTED);
    souk_stat(call, .label = SOUK_MSG("late"), .tone = SOUK_WATCH, .value = souk_count(3), .before = souk_count(1),
              .before_label = SOUK_MSG("than_before"), .up_is = SOUK_BAD, .why = COUNTED);
    souk_stat(call, .label = SOUK_MSG("tracked"), .tone = SOUK_GOOD, .value = souk_rate(997, 1000), .why = COUNTED);
    souk_stat(call, .label = SOUK_MSG("next"), .value = souk_average(4999, 3, "EUR"), .is_estimate = 1, .why = TOLD);
    souk_stat(call, .label = SOUK_MSG("unknown"), .value = souk_none(), .why = TOLD);
    souk_progress(call, .label = SOUK_MSG("budget"), .value = souk_money(8240, "EUR"), .of = souk_money(10000, "EUR"),
                  .tone = SOUK_WATCH, .note = SOUK_MSG("budget_note"), .why = TOLD);
    souk_progress(call, .label = SOUK_MSG("red"), .value = souk_count(12), .of = souk_count(10), .tone = SOUK_BAD,
                  .why = COUNTED, .to = SOUK_TO(.query = "stock"));
    souk_progress(call, .label = SOUK_MSG("steps"), .value = souk_count(0), .of = souk_count(4), .why = COUNTED);
    souk_fact(call, .label = SOUK_MSG("order"), .value = souk_ref("thing:303-1234567-1234567"));
    souk_fact(call, .label = SOUK_MSG("nobody"), .value = souk_ref("weather:rain"));
    souk_fact(call, .label = SOUK_MSG("file"), .value = souk_ref("import:12"));
    souk_fact(call, .label = SOUK_MSG("until"), .value = souk_instant(NOW + 30 * HOURS), .tone = SOUK_WATCH);
    souk_fact(call, .label = SOUK_MSG("account"), .value = souk_word(SOUK_TAIL, "345"));
    souk_end(call);
}

/* ---- tables and charts ----------------------------------------------------------------------------- */

static void tables(struct souk_call *call)
{
    const struct souk_value cell[] = {
        souk_ref("thing:303-1"), souk_text("Mug, \xE2\x80\xAE" "blue\xE2\x80\xAC, 300 ml"), souk_market(DE), souk_count(4),
        souk_money(7996, "EUR"),
        souk_ref("thing:303-2"), souk_text("<b>Bowl</b>"), souk_market(DE), souk_count(1), souk_money(2499, "EUR"),
        souk_ref("weather:303-3"), souk_key("odd"), souk_market(DE), souk_none(), souk_none(),
    };
    struct souk_value second[sizeof cell / sizeof *cell];
    for (uint32_t i = 0; i < sizeof cell / sizeof *cell; i++)
        second[i] = cell[i];
    second[11] = souk_text("Plate");
    const struct souk_rows rows = {
        "order_id:ref title:text market:market units:count+total sales:money+total", second, 5, 3, 0, 0
    };
    const struct souk_value day[] = {
        souk_day(20756), souk_money(12000, "EUR"), souk_count(6), souk_day(20757), souk_money(9000, "EUR"), souk_count(4),
        souk_day(20758), souk_money(3000, "EUR"), souk_count(1),
    };
    const struct souk_rows days = { "day:day sales:money units:count+hidden", day, 3, 3, 0, 0 };
    const struct souk_value hour[] = {
        souk_key("monday"), souk_count(2), souk_count(9), souk_count(5), souk_key("tuesday"), souk_count(0), souk_count(4),
        souk_count(12), souk_key("sunday"), souk_none(), souk_count(7), souk_count(1),
    };
    const struct souk_rows heat = { "weekday:key morning:count noon:count evening:count", hour, 4, 3, 0, 0 };
    const struct souk_value share[] = {
        souk_day(20757), souk_rate(1, 3), souk_bp(250), souk_day(20758), souk_rate(0, 0), souk_none(),
    };
    const struct souk_rows shares = { "day:day late:rate limit:bp", share, 3, 2, 0, 0 };
    souk_section(call, "tables");
    souk_table(call, .title = SOUK_MSG("best"), .rows = rows, .why = COUNTED, .more = SOUK_TO(.query = "stock"));
    souk_chart(call, .kind = SOUK_BARS, .title = SOUK_MSG("by_day"), .rows = days, .why = COUNTED, .partial_rows = 1);
    souk_chart(call, .kind = SOUK_LINE, .title = SOUK_MSG("by_share"), .rows = shares, .why = COUNTED);
    souk_chart(call, .kind = SOUK_HEAT, .title = SOUK_MSG("by_hour"), .rows = heat, .why = COUNTED);
    souk_end(call);
}

/* ---- items and letters ----------------------------------------------------------------------------- */

static void done_button(struct souk_call *call, const char *id)
{
    souk_form(call, .command = "notice.done", .button = SOUK_MSG("done"), .args = SOUK_ARGS({ "notice", souk_text(id) }));
}

static void items(struct souk_call *call)
{
    souk_items(call, "notices");
    souk_item(call, .tone = SOUK_BAD, .title = SOUK_MSG("deactivated"), .badge = SOUK_MSG("action"),
              .note = SOUK_MSG("deactivated_note"), .due = souk_instant(NOW + 6 * HOURS),
              .value = souk_money(45000, "EUR"), .why = TOLD, .to = SOUK_TO(.ref = "thing:N-1"));
    souk_fact(call, .label = SOUK_MSG("order"), .value = souk_ref("thing:303-1"));
    done_button(call, "N-1");
    souk_form(call, .command = "notice.done", .title = SOUK_MSG("snooze"), .button = SOUK_MSG("snooze"), .is_folded = 1,
              .args = SOUK_ARGS({ "notice", souk_text("N-1") }), .fields = SOUK_LIST(options));
    souk_end(call);
    souk_item(call, .tone = SOUK_WATCH, .title = SOUK_MSG("low"), .due = souk_day(20760), .to = SOUK_TO(.query = "stock"));
    done_button(call, "N-2");
    souk_end(call);
    souk_item(call, .tone = SOUK_GOOD, .title = SOUK_MSG("closed"), .badge = SOUK_MSG("closed"));
    souk_end(call);
    souk_item(call, .tone = SOUK_INFO, .title = SOUK_MSG("holiday"), .to = SOUK_TO(.ref = "weather:rain"));
    souk_end(call);
    souk_item(call, .title = SOUK_MSG("plain"));
    souk_end(call);
    souk_end(call);
}

static const char evil[] =
    "Hello,\r\n\r\nmy order \xE2\x80\xAE" "3-303\xE2\x80\xAC never came.\x07 <script>alert(1)</script>\r\n"
    "Please answer & soon.\r\n\r\nGr\xC3\xBC\xC3\x9F" "e\r\nB. Uyer";
#define LINE "This line belongs to a letter that is longer than anybody wants to read at once.\n"
static const char lengthy[] = LINE LINE LINE LINE LINE "\n" LINE LINE LINE LINE LINE "\n" LINE LINE LINE LINE LINE LINE
    LINE LINE LINE LINE LINE LINE LINE "The end.";

static const struct souk_field reply[] = {
    { .size = sizeof(struct souk_field), .type = SOUK_FIELD_AREA, .name = "body", .title = "body", .about = "body_about",
      .flags = SOUK_FIELD_NEEDED, .min = 1, .max = 4000 },
};

static void talk(struct souk_call *call)
{
    souk_thread(call, "talk");
    souk_letter(call, .side = SOUK_IN, .from = SOUK_MSG("from", { "name", souk_text("B. Uyer") }), .at = souk_instant(NOW - 30 * HOURS),
                .subject = str("Where is my order?"), .body = str(evil));
    souk_letter(call, .side = SOUK_ASIDE, .from = SOUK_MSG("me"), .at = souk_instant(NOW - 20 * HOURS),
                .body = str("Carrier says: tomorrow."));
    souk_letter(call, .side = SOUK_OUT, .from = SOUK_MSG("me"), .at = souk_instant(NOW - 2 * HOURS), .state = SOUK_MSG("queued"),
                .subject = str("Re: Where is my order?"), .body = str(lengthy));
    souk_form(call, .command = "message.reply", .title = SOUK_MSG("reply"), .button = SOUK_MSG("send"),
              .note = SOUK_MSG("send_note"), .args = SOUK_ARGS({ "thread", souk_text("T-1") }), .fields = SOUK_LIST(reply));
    souk_form(call, .command = "case.discard", .tone = SOUK_BAD, .button = SOUK_MSG("discard"), .note = SOUK_MSG("discard_note"),
              .args = SOUK_ARGS({ "letter", souk_text("L-1") }));
    souk_end(call);
}

/* ---- forms ----------------------------------------------------------------------------------------- */

static void forms(struct souk_call *call)
{
    const struct souk_field field[] = {
        { .size = sizeof *field, .type = SOUK_FIELD_LINE, .name = "subject", .title = "subject", .flags = SOUK_FIELD_NEEDED,
          .fallback = souk_text("\"Quoted\" & <b>") },
        { .size = sizeof *field, .type = SOUK_FIELD_MARKET, .name = "market", .title = "market", .fallback = souk_market(DE) },
        { .size = sizeof *field, .type = SOUK_FIELD_MONEY, .name = "amount", .title = "amount", .currency_of = "market",
          .fallback = souk_money(1250, "EUR"), .about = "amount_about" },
        { .size = sizeof *field, .type = SOUK_FIELD_MONEY, .name = "fee", .title = "fee" },
        { .size = sizeof *field, .type = SOUK_FIELD_PERCENT, .name = "share", .title = "share", .fallback = souk_bp(1550) },
        { .size = sizeof *field, .type = SOUK_FIELD_COUNT, .name = "units", .title = "units", .min = 1, .max = 99,
          .fallback = souk_count(3) },
        { .size = sizeof *field, .type = SOUK_FIELD_DAY, .name = "day", .title = "day", .fallback = souk_day(20758) },
        { .size = sizeof *field, .type = SOUK_FIELD_INSTANT, .name = "starts", .title = "starts",
          .fallback = souk_instant(NOW) },
        { .size = sizeof *field, .type = SOUK_FIELD_ONE_OF, .name = "state", .title = "state",
          .choices = SOUK_LIST(states) },
        { .size = sizeof *field, .type = SOUK_FIELD_BOOL, .name = "counts", .title = "counts", .fallback = souk_bool(1) },
        { .size = sizeof *field, .type = SOUK_FIELD_AREA, .name = "reason", .title = "reason" },
    };
    souk_section(call, "forms");
    souk_form(call, .command = "gallery.keep", .title = SOUK_MSG("every_field"), .button = SOUK_MSG("keep"),
              .fields = SOUK_LIST(field));
    souk_end(call);
}

/* Those of which the world has a form, in a widget of its own: lists of countries and zones are long. */
#define KNOWN(kind, word, ...) \
    { .size = sizeof(struct souk_field), .type = SOUK_FIELD_##kind, .name = word, .title = "known_" word, __VA_ARGS__ }
#define LITERAL(of, text) .fallback = SOUK_WORD(of, text)
static const struct souk_field known[] = {
    KNOWN(EMAIL, "email", LITERAL(SOUK_TEXT, "ann@example.com"), .flags = SOUK_FIELD_NEEDED),
    KNOWN(PHONE, "phone", LITERAL(SOUK_TEXT, "+442079460018")), KNOWN(URL, "url", .flags = 0),
    KNOWN(COUNTRY, "country", LITERAL(SOUK_COUNTRY, "DE")),
    KNOWN(REGION, "region", .country_of = "country", LITERAL(SOUK_REGION, "DE-BY")),
    KNOWN(POSTCODE, "postcode", .country_of = "country", LITERAL(SOUK_TEXT, "80331")),
    KNOWN(LANGUAGE, "language", LITERAL(SOUK_LANGUAGE, "de")), KNOWN(CURRENCY, "currency", LITERAL(SOUK_CURRENCY, "EUR")),
    KNOWN(ZONE, "zone", LITERAL(SOUK_ZONE, "Europe/Berlin")),
    KNOWN(MONTH, "month", .fallback = SOUK_NUMBER(SOUK_DAY, 20758)), KNOWN(TIME, "time", .fallback = SOUK_NUMBER(SOUK_SECONDS, 26100)),
    KNOWN(DECIMAL, "weight", .digits = 3, .fallback = { SOUK_DECIMAL, { 0 }, 12345, 3, { "", 0, 0 } }),
    KNOWN(PERIOD, "period", LITERAL(SOUK_TEXT, "2026-11-01/2026-11-30")),
    KNOWN(WEEKDAYS, "weekdays", LITERAL(SOUK_TEXT, "mon tue wed thu fri")),
    KNOWN(SOME_OF, "states", .choices = SOUK_LIST(states), LITERAL(SOUK_TEXT, "open")),
    KNOWN(SKU, "sku", .flags = 0), KNOWN(SELECTION, "selection", LITERAL(SOUK_TEXT, "MUG-*\nCUP-1")),
    KNOWN(IBAN, "iban", LITERAL(SOUK_TEXT, "DE68210501700012345678")), KNOWN(BIC, "bic", .flags = 0),
    KNOWN(BANK_US, "bank_us", .flags = 0), KNOWN(BANK_UK, "bank_uk", .flags = 0), KNOWN(BANK_JP, "bank_jp", .flags = 0),
    KNOWN(TAX_ID, "vat", .country_of = "country", .kind = "vat"), KNOWN(CARD_TAIL, "card_tail", .flags = 0),
    KNOWN(HIDDEN, "hidden", LITERAL(SOUK_TEXT, "unseen")),
};

static int render_known(void *self, struct souk_call *call, const struct souk_ask *ask)
{
    (void)self;
    (void)ask;
    souk_form(call, .command = "gallery.known", .title = SOUK_MSG("known"), .button = SOUK_MSG("keep"), .fields = SOUK_LIST(known));
    souk_fact(call, .label = SOUK_MSG("known_country"), .value = souk_word(SOUK_COUNTRY, "DE"));
    souk_fact(call, .label = SOUK_MSG("known_region"), .value = souk_word(SOUK_REGION, "DE-BY"));
    souk_fact(call, .label = SOUK_MSG("known_language"), .value = souk_word(SOUK_LANGUAGE, "pt-BR"));
    return 0;
}

static int keep_known(void *self, struct souk_call *call, const struct souk_ask *ask, const struct souk_args *args)
{
    const struct souk_value *period = souk_given(args, "period"), *hidden = souk_given(args, "hidden");
    int32_t from, to;
    (void)self;
    (void)ask;
    if (!period || !souk_period(period, &from, &to) || !hidden || hidden->text.at[0] != 'u')
        return SOUK_EINPUT;
    souk_plan(call, "notice.add", { "class", souk_text("policy") }, { "subject", *souk_given(args, "email") }, { "text", *souk_given(args, "weekdays") });
    return 0;
}

/* ---- words ----------------------------------------------------------------------------------------- */

static const char article[] =
    "# How it *works*\n\nA paragraph with a [link](https://example.org/a?b=1&c=2), `code`, <b>markup</b> and"
    " [one that does harm](javascript:alert(1)).\n\n## Steps\n\n1. First\n2. Second\n   - within\n\n"
    "> What somebody said.\n\n<script>alert(2)</script>\n\n![A picture](https://example.org/p.png)\n\n"
    "```\ncode < here\n```\n\n| no | table |\n";

static void words(struct souk_call *call)
{
    souk_columns(call);
    souk_section(call, "alerts");
    souk_alert(call, .tone = SOUK_GOOD, .text = SOUK_MSG("fine"));
    souk_alert(call, .tone = SOUK_WATCH, .text = SOUK_MSG("look"), .to = SOUK_TO(.widget = "gallery", .args =
               SOUK_ARGS({ "state", souk_text("closed") })));
    souk_alert(call, .tone = SOUK_BAD, .text = SOUK_MSG("broken"), .why = TOLD);
    souk_alert(call, .tone = SOUK_INFO, .text = SOUK_MSG("news"), .to = SOUK_TO(.url = "https://example.org/"));
    souk_alert(call, .text = SOUK_MSG("plain"), .to = SOUK_TO(.widget = "nosuch"));
    souk_end(call);
    souk_section(call, "texts");
    souk_text_line(call, .text = SOUK_MSG("hello"), .to = SOUK_TO(.ref = "thing:A-1"));
    souk_empty(call, .text = SOUK_MSG("nothing"), .fills = "amazon.all-orders");
    souk_end(call);
    souk_end(call);
    souk_fold(call, "help");
    souk_article(call, .text = str(article));
    souk_end(call);
    souk_pager(call, .before = SOUK_TO(.widget = "gallery", .args = SOUK_ARGS({ "state", souk_text("open") })),
               .next = SOUK_TO(.widget = "gallery", .args = SOUK_ARGS({ "state", souk_text("answered") })));
}

/* As a host of SDK 0.1 gives it. */
static const struct souk_view_host older = { .size = offsetof(struct souk_view_host, items) };

static int render(void *self, struct souk_call *call, const struct souk_ask *ask)
{
    (void)self;
    const struct souk_value *thing = souk_option(ask, "thing");
    if (!SOUK_HAS(call->view, pager) || SOUK_HAS(&older, items))
        return SOUK_ESDK;
    if (thing->text.len)
        souk_fact(call, .label = SOUK_MSG("shown"), .value = *thing);
    figures(call);
    tables(call);
    items(call);
    talk(call);
    forms(call);
    words(call);
    return 0;
}

/* ---- a command, a search --------------------------------------------------------------------------- */

static int keep(void *self, struct souk_call *call, const struct souk_ask *ask, const struct souk_args *args)
{
    const struct souk_value *subject = souk_given(args, "subject");
    struct souk_rows rows;
    (void)self;
    int rc = souk_query_all(call, &rows, "stock");
    if (rc < 0)
        return rc;
    if (!ask->now_s || !subject)
        return SOUK_EINPUT;
    if (subject->text.at[0] == '!') {
        souk_fault(call, "cannot_keep", { "subject", *subject });
        return SOUK_EINPUT;
    }
    if (subject->text.at[0] == '?')
        souk_plan(call, "order.cancel", { "order", *subject });         /* not among .commands: the plan fails all the same */
    souk_plan(call, "notice.add", { "subject", *subject });
    souk_plan(call, "notice.done", { "notice", souk_text("N-1") }, { "rows", souk_count(rows.n_rows) });
    return 0;
}

#define ARGUMENT(kind, word, ...) \
    { .size = sizeof(struct souk_field), .type = SOUK_FIELD_##kind, .name = word, .title = word, __VA_ARGS__ }
static const struct souk_field keep_fields[] = {
    ARGUMENT(LINE, "subject", .flags = SOUK_FIELD_NEEDED), ARGUMENT(MARKET, "market", .flags = 0),
    ARGUMENT(MONEY, "amount", .currency_of = "market"), ARGUMENT(MONEY, "fee", .flags = 0),
    ARGUMENT(PERCENT, "share", .max = 10000), ARGUMENT(COUNT, "units", .min = 1, .max = 99), ARGUMENT(DAY, "day", .flags = 0),
    ARGUMENT(INSTANT, "starts", .flags = 0), ARGUMENT(ONE_OF, "state", .choices = SOUK_LIST(states)),
    ARGUMENT(BOOL, "counts", .flags = 0), ARGUMENT(AREA, "reason", .flags = 0),
};
static const struct souk_command command = {
    .size = sizeof command, .right = SOUK_MAY_EDIT, .id = "gallery.keep", .title = "keep", .about = "keep_about",
    .fields = SOUK_LIST(keep_fields), .plan = keep,
};
static const struct souk_search search = { .size = sizeof search, .id = "things", .title = "things", .query = "find" };
static const struct souk_widget widget = {
    .size = sizeof widget, .area = 2, .id = "gallery", .title = "title", .width = 3, .options = SOUK_LIST(options),
    .render = render, .shows = "thing sku", .badge = "badge", .ribbon = SOUK_RIBBON_MESSAGES,
};
static const struct souk_command known_command = {
    .size = sizeof known_command, .right = SOUK_MAY_EDIT, .id = "gallery.known", .title = "keep", .about = "keep_about",
    .fields = SOUK_LIST(known), .plan = keep_known,
};
static const struct souk_widget known_widget = {
    .size = sizeof known_widget, .area = 2, .id = "gallery-fields", .title = "known", .width = 3, .render = render_known,
};
static const struct souk_offer offers[] = {
    { SOUK_WIDGET, &widget }, { SOUK_WIDGET, &known_widget }, { SOUK_COMMAND, &known_command }, { SOUK_COMMAND, &command }, { SOUK_SEARCH, &search },
};

SOUK_PLUGIN = {
    .size = sizeof(struct souk_plugin), .built = SOUK_SDK_NOW, .needs = SOUK_SDK(0, 3),
    .id = "org.example.gallery", .version = "1.0.0", .title = "title", .reads = "v1_stock",
    .offers = SOUK_LIST(offers), .queries = SOUK_LIST(queries),
    .commands = "notice.add notice.done message.reply case.discard",
};
