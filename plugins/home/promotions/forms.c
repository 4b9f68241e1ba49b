/* SPDX-License-Identifier: Apache-2.0 */
/*
 * forms.c: the seller's own promotions: add, change, activate, pause, end.  What the marketplace allows is
 * shown beside the form and checked by the command, which also warns of what takes off everything together.
 */
#include "promotions.h"

enum { SKUS_BYTES = 20000 };

#define FIELD(kind_, name_, ...) { .size = sizeof(struct souk_field), .type = SOUK_FIELD_##kind_, .name = name_, \
        .title = "field_" name_, __VA_ARGS__ }

/* ---- parameters, as the command keeps them: one flat JSON object without blanks ----------------------------------- */

/* Behind "name": in the object; NULL: it has none.  A quote in a text is escaped, so no text can look like a name. */
static const char *param(const char *json, const char *name)
{
    for (const char *at = json; *at; at++) {
        const char *a = at, *b = name;
        if (*a++ != '"')
            continue;
        while (*b && *a == *b)
            a++, b++;
        if (!*b && a[0] == '"' && a[1] == ':')
            return a + 2;
        for (at++; *at && *at != '"'; at++)             /* over this text */
            if (*at == '\\' && at[1])
                at++;
        if (!*at)
            break;
    }
    return NULL;
}

static struct souk_value param_number(const char *json, const char *name, uint32_t type, const char *currency)
{
    const char *at = param(json, name);
    int64_t n = 0;
    if (!at || *at < '0' || *at > '9')
        return souk_none();
    for (; *at >= '0' && *at <= '9' && n < INT64_MAX / 100; at++)
        n = n * 10 + (*at - '0');
    return type == SOUK_MONEY ? souk_money(n, currency) : souk_number(type, n, 0);
}

/* A text at a quote, without its escapes, to `to`; returns what follows it. */
static const char *take_text(const char *at, char *to, size_t *n, size_t room)
{
    for (at++; *at && *at != '"'; at++) {
        if (*at == '\\' && at[1])
            at++;
        if (*n + 2 < room)
            to[(*n)++] = *at;
    }
    return *at ? at + 1 : at;
}

/* A text, or the texts of a list, one on a line. */
static struct souk_value param_text(const char *json, const char *name, char *room, size_t size)
{
    const char *at = param(json, name);
    size_t n = 0;
    if (!at)
        return souk_none();
    int is_list = *at == '[';
    for (at += is_list; *at == '"'; at += *at == ',') {
        at = take_text(at, room, &n, size);
        if (is_list && *at == ',' && n + 2 < size)
            room[n++] = '\n';
    }
    room[n] = 0;
    return souk_text(room);
}

/* ---- fields -------------------------------------------------------------------------------------------------------- */

static const struct souk_choice kinds[] = {
    { "percent_off", "kind_percent_off" }, { "fixed_price_per_x", "kind_fixed_price" }, { "buy_x_get_y", "kind_buy_get" },
    { "free_shipping", "kind_free_shipping" }, { "code", "kind_code" }, { "coupon", "kind_coupon" },
};

#define PARAM_FIELDS \
    FIELD(PERCENT, "percent", .about = "field_percent_about", .min = 1, .max = ALL_BP), \
    FIELD(COUNT, "units", .about = "field_units_about", .min = 1, .max = 1000), \
    FIELD(MONEY, "price", .about = "field_price_about", .currency_of = "market"), \
    FIELD(COUNT, "buy", .about = "field_buy_about", .min = 1, .max = 1000), \
    FIELD(COUNT, "get", .about = "field_get_about", .min = 1, .max = 1000), \
    FIELD(MONEY, "spend", .about = "field_spend_about", .currency_of = "market"), \
    FIELD(LINE, "code", .about = "field_code_about"), \
    FIELD(MONEY, "budget", .about = "field_budget_about", .currency_of = "market"), \
    FIELD(AREA, "skus", .about = "field_skus_about")

static const struct souk_field add_fields[] = {
    FIELD(ONE_OF, "kind", .flags = SOUK_FIELD_NEEDED, .choices = SOUK_LIST(kinds), .fallback = SOUK_WORD(SOUK_TEXT, "percent_off")),
    FIELD(LINE, "name", .flags = SOUK_FIELD_NEEDED),
    FIELD(MARKET, "market", .flags = SOUK_FIELD_NEEDED),
    FIELD(INSTANT, "starts", .flags = SOUK_FIELD_NEEDED, .zone_of = "market", .about = "field_starts_about"),
    FIELD(INSTANT, "ends", .flags = SOUK_FIELD_NEEDED, .zone_of = "market", .about = "field_ends_about"),
    PARAM_FIELDS,
};

enum { C_NAME, C_STARTS, C_ENDS, C_PERCENT, C_UNITS, C_PRICE, C_BUY, C_GET, C_SPEND, C_CODE, C_BUDGET, C_SKUS, C_FIELDS };
static const struct souk_field change_fields[C_FIELDS] = {
    FIELD(LINE, "name", .flags = SOUK_FIELD_NEEDED),
    FIELD(INSTANT, "starts", .flags = SOUK_FIELD_NEEDED, .zone_of = "market"),
    FIELD(INSTANT, "ends", .flags = SOUK_FIELD_NEEDED, .zone_of = "market"),
    PARAM_FIELDS,
};

/* Which fields a kind has, in the order of change_fields from C_PERCENT on. */
static const char *fields_of(const struct souk_value *kind)
{
    static const char *const has[][2] = {
        { "percent_off", "110001001" }, { "fixed_price_per_x", "011000001" }, { "buy_x_get_y", "100110001" },
        { "free_shipping", "000001001" }, { "code", "100001101" }, { "coupon", "100001011" },
    };
    for (unsigned i = 1; i < sizeof has / sizeof *has; i++)
        if (souk_is(kind, has[i][0]))
            return has[i][1];
    return "110001001";                                 /* percent_off */
}

/* ---- forms ---------------------------------------------------------------------------------------------------------- */

static void change(struct souk_call *call, const struct souk_ask *ask, const struct souk_value *p)
{
    char code[256], skus[SKUS_BYTES];
    const struct souk_market_now *m = market_of(ask, p);
    const char *json = is_told(&p[PARAMS]) ? p[PARAMS].text.at : "", *has = fields_of(&p[KIND]);
    struct souk_field fields[C_FIELDS];
    uint32_t n = 0;
    if (!m)
        return;
    for (uint32_t i = 0; i < C_FIELDS; i++) {
        if (i >= C_PERCENT && has[i - C_PERCENT] != '1')
            continue;
        struct souk_field f = change_fields[i];
        switch (i) {
        case C_NAME:   f.fallback = p[NAME]; break;
        case C_STARTS: f.fallback = p[STARTS]; break;
        case C_ENDS:   f.fallback = p[ENDS]; break;
        case C_CODE:   f.fallback = param_text(json, f.name, code, sizeof code); break;
        case C_SKUS:   f.fallback = param_text(json, f.name, skus, sizeof skus); break;
        case C_PERCENT: f.fallback = param_number(json, f.name, SOUK_BP, ""); break;
        case C_PRICE: case C_SPEND: case C_BUDGET:
            f.fallback = param_number(json, f.name, SOUK_MONEY, m->currency);
            break;
        default:       f.fallback = param_number(json, f.name, SOUK_COUNT, "");
        }
        fields[n++] = f;
    }
    souk_form(call, .command = "promotion.change", .title = SOUK_MSG("change_title"), .button = SOUK_MSG("change_button"),
              .note = SOUK_MSG("change_note"), .args = SOUK_ARGS({ "promotion", p[ID] }, { "market", p[MARKET] }),
              .fields = { fields, n, sizeof *fields }, .is_folded = 1);
}

void forms_of(struct souk_call *call, const struct souk_ask *ask, const struct souk_value *p, enum state state)
{
    const struct souk_args args = SOUK_ARGS({ "promotion", p[ID] });
    if (state == ENDED)
        return;
    if (state == DRAFT || state == PAUSED)
        souk_form(call, .command = "promotion.activate", .button = SOUK_MSG("activate"), .args = args);
    else
        souk_form(call, .command = "promotion.pause", .button = SOUK_MSG("pause"), .args = args);
    souk_form(call, .command = "promotion.end", .button = SOUK_MSG("end"), .tone = SOUK_BAD, .args = args);
    change(call, ask, p);
}

/* What the policies of a market allow, each with where it is written. */
static void limits(struct souk_call *call, const struct souk_market_now *m)
{
    static const struct { const char *key, *label; } lines[] = {
        { "promotion.percent_min", "percent_min" }, { "promotion.percent_max", "percent_max" },
        { "promotion.start_delay", "start_delay" },
    };
    struct souk_policy line;
    for (unsigned i = 0; i < sizeof lines / sizeof *lines; i++)
        if (souk_policy(call, m->id, lines[i].key, m->today, &line) >= 0)
            souk_fact(call, .label = SOUK_MSG(lines[i].label, { "market", souk_market(m->id) }), .value = line.value,
                      .why = SOUK_WHY(.policy = lines[i].key, .market = m->id, .policy_day = m->today));
}

void form_add(struct souk_call *call, const struct souk_ask *ask)
{
    struct souk_field fields[sizeof add_fields / sizeof *add_fields];
    for (unsigned i = 0; i < sizeof fields / sizeof *fields; i++) {
        fields[i] = add_fields[i];
        if (fields[i].type == SOUK_FIELD_MARKET && ask->n_markets == 1)
            fields[i].fallback = souk_market(souk_market_at(ask, 0)->id);
    }
    souk_section(call, "own");
    souk_text_line(call, .text = SOUK_MSG("own_about"));
    souk_form(call, .command = "promotion.add", .title = SOUK_MSG("add_title"), .button = SOUK_MSG("add_button"),
              .note = SOUK_MSG("add_note"), .fields = SOUK_LIST(fields), .is_folded = 1);
    souk_fold(call, "limits");
    for (uint32_t i = 0; i < ask->n_markets; i++)
        limits(call, souk_market_at(ask, i));
    souk_end(call);
    souk_end(call);
}
