/* SPDX-License-Identifier: Apache-2.0 */
/*
 * say.c: values, messages and links as text, for all faces.
 */
#include "face.h"

#include <stdio.h>
#include <string.h>

#include "base/check_bank.h"
#include "base/check_contact.h"
#include "base/place.h"
#include "data/market.h"
#include "plug/field.h"

/* ---- words -------------------------------------------------------------------------------------- */

void say_text(struct buf *out, const struct face *f, const char *key, const struct text_arg *args, size_t n)
{
    const char *pattern = catalogue_find(f->texts, f->reader.language, key);
    if (pattern)
        text_message(out, &f->reader, pattern, args, n);
    else
        buf_text(out, key);
}

void say_msg(struct buf *out, const struct face *f, const struct souk_msg *msg)
{
    if (!msg->key || !*msg->key)
        return;
    const char *pattern = plugin_pattern(f->plugins, f->plugin, f->reader.language, msg->key);
    if (!pattern) {
        buf_text(out, msg->key);                        /* a missing text shows itself */
        return;
    }
    struct text_arg args[16];
    struct buf words[16] = { 0 };
    size_t n = msg->args.n < COUNT_OF(args) ? msg->args.n : COUNT_OF(args);
    for (size_t i = 0; i < n; i++) {
        const struct souk_arg *a = &msg->args.at[i];
        args[i] = (struct text_arg){ .name = a->name, .number = a->value.num };
        if (a->value.type != SOUK_COUNT) {              /* a count stays a number: it may choose a plural */
            say_value(&words[i], f, &a->value);
            args[i].text = buf_str(&words[i]);
        }
    }
    text_message(out, &f->reader, pattern, args, n);
    for (size_t i = 0; i < n; i++)
        buf_free(&words[i]);
}

void say_fills(struct buf *out, const struct face *f, const char *format)
{
    for (size_t i = 0; i < plugins_count(f->plugins); i++) {
        struct face of = *f;
        of.plugin = plugins_at(f->plugins, i);
        for (size_t k = 0; k < of.plugin->n_imports; k++)
            if (text_is(of.plugin->imports[k]->id, format)) {
                struct buf title = { 0 };
                say_msg(&title, &of, &(struct souk_msg){ of.plugin->imports[k]->title, { NULL, 0, 0 } });
                say(out, f, "empty.fills", { "report", buf_str(&title), 0 });
                buf_free(&title);
                return;
            }
    }
}

void say_column(struct buf *out, const struct face *f, const char *name)
{
    char key[80];
    snprintf(key, sizeof key, "column.%s", name);
    const char *pattern = plugin_pattern(f->plugins, f->plugin, f->reader.language, key);
    if (pattern)
        text_message(out, &f->reader, pattern, NULL, 0);
    else
        buf_text(out, name);
}

void say_value(struct buf *out, const struct face *f, const struct souk_value *v)
{
    const struct reader *who = &f->reader;
    switch (v->type) {
    case SOUK_NONE:
        say(out, f, "value.none");
        break;
    case SOUK_KEY:
        say_msg(out, f, &(struct souk_msg){ v->text.at, { NULL, 0, 0 } });
        break;
    case SOUK_BOOL:
        say_text(out, f, v->num ? "value.yes" : "value.no", NULL, 0);
        break;
    case SOUK_COUNT:
        text_count(out, who, v->num);
        break;
    case SOUK_DECIMAL:
        text_decimal(out, who, v->num, (int)v->den);
        break;
    case SOUK_MONEY:
        text_money(out, who, v->num, v->currency);
        break;
    case SOUK_AVERAGE:
        if (v->den)
            text_money(out, who, divide_round(v->num, v->den), v->currency);
        else
            say(out, f, "value.not_available");
        break;
    case SOUK_RATE:
        text_rate(out, who, v->num, v->den);
        break;
    case SOUK_BP:
        text_bp(out, who, v->num, false);
        break;
    case SOUK_DAY:
        text_day(out, who, (int32_t)v->num);
        break;
    case SOUK_INSTANT:
        text_instant(out, who, v->num, v->text.len ? v->text.at : NULL);
        break;
    case SOUK_SECONDS:
        text_seconds(out, who, v->num);
        break;
    case SOUK_MARKET: {
        const struct market *m = market_by_id(v->text.at);
        if (m)
            buf_text(out, m->name);
        else if (v->text.len)
            say_data(out, v->text.at, v->text.len);
        else
            say(out, f, "value.none");
        break;
    }
    case SOUK_COUNTRY:
        text_country_name(out, who, v->text.at);
        break;
    case SOUK_REGION: {
        const struct region *r = place_region(v->text.at);
        if (r)
            say_data(out, r->name, strlen(r->name));
        else
            say_data(out, v->text.at, v->text.len);
        break;
    }
    case SOUK_LANGUAGE:
        text_language_name(out, who, v->text.at);
        break;
    case SOUK_TAIL:
        buf_text(out, "…");
        say_data(out, v->text.at, v->text.len);
        break;
    case SOUK_REF: {
        const char *id = memchr(v->text.at, ':', v->text.len);
        size_t kind = id ? (size_t)(id + 1 - v->text.at) : 0;
        say_data(out, v->text.at + kind, v->text.len - kind);
        break;
    }
    default:                                            /* text, and what a later SDK may bring */
        say_data(out, v->text.at, v->text.len);
    }
}

static void say_key(struct buf *out, const struct face *f, const char *key)
{
    say_msg(out, f, &(const struct souk_msg){ key, { NULL, 0, 0 } });
}

/* The titles of the chosen, "mon fri" as "Monday, Friday". */
static void say_words(struct buf *out, const struct face *f, const struct souk_field *field, const char *list)
{
    for (const char *at = list; *at; at += strspn(at, " ")) {
        size_t n = strcspn(at, " ");
        const char *key = NULL;
        unsigned weekday = 0;
        for (uint32_t i = 0; i < field->choices.n; i++) {
            const struct souk_choice *c = &((const struct souk_choice *)field->choices.at)[i];
            if (strlen(c->value) == n && memcmp(c->value, at, n) == 0)
                key = c->title;
        }
        for (unsigned i = 0; field->type == SOUK_FIELD_WEEKDAYS && i < 7; i++)
            if (strlen(field_weekdays[i]) == n && memcmp(field_weekdays[i], at, n) == 0)
                weekday = i + 1;
        if (at != list)
            buf_text(out, ", ");
        if (key)
            say_key(out, f, key);
        else if (weekday)
            text_weekday(out, &f->reader, weekday);
        else
            say_data(out, at, n);                       /* what is no longer among the choices */
        at += n;
    }
}

void say_field(struct buf *out, const struct face *f, const struct souk_field *field, const struct souk_value *v)
{
    int32_t from, to;
    if (v->type != field_gives(field->type)) {          /* a secret's tail, nothing, what an older declaration kept */
        say_value(out, f, v);
        return;
    }
    switch (field->type) {
    case SOUK_FIELD_ONE_OF: case SOUK_FIELD_SOME_OF: case SOUK_FIELD_WEEKDAYS:
        say_words(out, f, field, v->text.at);
        break;
    case SOUK_FIELD_MONTH:
        text_month(out, &f->reader, (int32_t)v->num);
        break;
    case SOUK_FIELD_TIME:
        text_time(out, &f->reader, (int32_t)v->num);
        break;
    case SOUK_FIELD_PERIOD:
        if (souk_period(v, &from, &to)) {
            text_day(out, &f->reader, from);
            buf_text(out, " – ");
            text_day(out, &f->reader, to);
        }
        break;
    case SOUK_FIELD_PHONE:
        buf_phone(out, v->text.at);
        break;
    case SOUK_FIELD_IBAN:
        buf_iban(out, v->text.at);
        break;
    case SOUK_FIELD_CURRENCY:
        text_currency_name(out, &f->reader, v->text.at);
        buf_printf(out, " (%s)", v->text.at);
        break;
    case SOUK_FIELD_SELECTION:
        if (text_is(v->text.at, "*"))
            say(out, f, "value.all_listings");
        else
            say_data(out, v->text.at, v->text.len);
        break;
    default:
        say_value(out, f, v);
    }
}

/* Bytes of a character that turns the direction of writing (U+202A to U+202E, U+2066 to U+2069); 0: it does not. */
static size_t turns(const unsigned char *c, size_t n, unsigned *code)
{
    if (n < 3 || c[0] != 0xE2 || (c[1] != 0x80 && c[1] != 0x81))
        return 0;
    *code = 0x2000u + (c[1] & 0x3Fu) * 64 + (c[2] & 0x3Fu);
    return (*code >= 0x202A && *code <= 0x202E) || (*code >= 0x2066 && *code <= 0x2069) ? 3 : 0;
}

void say_data(struct buf *out, const char *at, size_t n)
{
    const unsigned char *c = (const unsigned char *)at, *end = c + n, *from = c;
    while (c < end) {
        unsigned code;
        size_t turn = turns(c, (size_t)(end - c), &code);
        bool is_c1 = c[0] == 0xC2 && end - c > 1 && c[1] < 0xA0;
        bool is_control = (c[0] < 0x20 && c[0] != '\n' && c[0] != '\t') || c[0] == 0x7F || is_c1;
        if (!turn && !is_control) {
            c++;
            continue;
        }
        buf_put(out, from, (size_t)(c - from));
        if (turn)
            buf_printf(out, "[U+%04X]", code);
        else if (c[0] != '\r' || end - c < 2 || c[1] != '\n')
            buf_char(out, ' ');
        c += turn ? turn : is_c1 ? 2 : 1;
        from = c;
    }
    buf_put(out, from, (size_t)(end - from));
}

/* ---- values for machines ------------------------------------------------------------------------ */

bool value_is_number(const struct souk_value *v)
{
    switch (v->type) {
    case SOUK_COUNT: case SOUK_DECIMAL: case SOUK_MONEY: case SOUK_AVERAGE: case SOUK_RATE: case SOUK_BP:
    case SOUK_SECONDS:
        return true;
    default:
        return false;
    }
}

void plain_value(struct buf *out, const struct souk_value *v)
{
    int digits;
    switch (v->type) {
    case SOUK_NONE:
        break;
    case SOUK_BOOL: case SOUK_COUNT: case SOUK_BP: case SOUK_SECONDS:
        buf_int(out, v->num);
        break;
    case SOUK_DECIMAL:
        buf_minor(out, v->num, (int)v->den);
        break;
    case SOUK_MONEY:
    case SOUK_AVERAGE:
        digits = currency_digits(v->currency);
        if (v->type == SOUK_MONEY)
            buf_minor(out, v->num, digits < 0 ? 0 : digits);
        else if (v->den)
            buf_minor(out, divide_round(v->num, v->den), digits < 0 ? 0 : digits);
        break;
    case SOUK_RATE:
        buf_int(out, v->num);
        buf_char(out, '/');
        buf_int(out, v->den);
        break;
    case SOUK_DAY:
        buf_day(out, (int32_t)v->num);
        break;
    case SOUK_INSTANT:
        buf_instant(out, v->num);
        break;
    default:
        buf_put(out, v->text.at, v->text.len);
    }
}

const char *plain_unit(const struct souk_value *v)
{
    switch (v->type) {
    case SOUK_MONEY: case SOUK_AVERAGE:
        return v->currency;
    case SOUK_BP:
        return "bp";
    case SOUK_SECONDS:
        return "s";
    default:
        return "";
    }
}

static bool change_of(const struct souk_value *value, const struct souk_value *before, int64_t *bp)
{
    if (value->type != before->type || !value_is_number(value) || !text_is(value->currency, before->currency))
        return false;
    if (value->type == SOUK_AVERAGE || value->type == SOUK_RATE) {
        if (!value->den || !before->den)
            return false;
        return change_bp(divide_round(before->num, before->den), divide_round(value->num, value->den), bp);
    }
    return change_bp(before->num, value->num, bp);
}

bool say_change(const struct souk_value *value, const struct souk_value *before, int64_t *bp)
{
    if (!change_of(value, before, bp))
        return false;
    *bp = divide_round(*bp, 10) * 10;                   /* a tenth of a percent is enough to be told */
    return true;
}

/* ---- links -------------------------------------------------------------------------------------- */

static void percent(struct buf *out, const char *text)
{
    static const char hex[] = "0123456789ABCDEF";
    for (const unsigned char *c = (const unsigned char *)text; *c; c++)
        if ((*c >= '0' && *c <= '9') || (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || strchr("-._~", *c)) {
            buf_char(out, (char)*c);
        } else {
            buf_char(out, '%');
            buf_char(out, hex[*c >> 4]);
            buf_char(out, hex[*c & 15]);
        }
}

void link_arg(struct buf *out, const char *name, const char *value)
{
    buf_char(out, memchr(buf_str(out), '?', out->len) ? '&' : '?');
    percent(out, name);
    buf_char(out, '=');
    percent(out, value);
}

static bool has_arg(const struct buf *link, const char *name, size_t n)
{
    const char *at = strchr(buf_str(link), '?');
    for (; at; at = strchr(at + 1, '&'))
        if (!strncmp(at + 1, name, n) && at[n + 1] == '=')
            return true;
    return false;
}

static void keep(struct buf *out, const char *at)
{
    for (const char *end; at && *at; at = *end ? end + 1 : end) {
        end = strchrnul(at, '&');
        if (has_arg(out, at, strcspn(at, "=")))
            continue;                                   /* a query that has a parameter "market" names its own */
        buf_char(out, strchr(buf_str(out), '?') ? '&' : '?');
        buf_put(out, at, (size_t)(end - at));
    }
}

void link_keep(struct buf *out, const struct face *f)
{
    keep(out, f->keep);
}

static void put_args(struct buf *out, const struct souk_args *args)
{
    struct buf word = { 0 };
    for (uint32_t i = 0; i < args->n; i++) {
        buf_clear(&word);
        value_as_text(&word, &args->at[i].value);
        link_arg(out, args->at[i].name, buf_str(&word));
    }
    buf_free(&word);
}

void link_query(struct buf *out, const struct face *f, const char *query, const struct souk_args *args)
{
    buf_text(out, "/a/");
    percent(out, f->account);
    buf_text(out, "/q/");
    percent(out, f->plugin->name);
    buf_char(out, '/');
    percent(out, query);
    put_args(out, args);
}

static void put_widget(struct buf *out, const struct face *f, const char *widget)
{
    buf_text(out, "/a/");
    percent(out, f->account);
    buf_text(out, "/w/");
    percent(out, widget);
}

void link_widget(struct buf *out, const struct face *f, const char *widget)
{
    put_widget(out, f, widget);
    link_keep(out, f);
}

/* References that lead to pages of the host itself. */
static const struct host_kind { const char *kind, *path, *ending; bool has_id; } host_kinds[] = {
    { "import", "/imports/", "", true },
    { "outgoing", "/outgoing", "", false },             /* a change stands in the list */
    { "batch", "/outgoing", "", false },
    { "outgoing_file", "/outgoing/", ".txt", true },
};

static const struct host_kind *host_kind_of(const char *kind)
{
    for (size_t i = 0; i < COUNT_OF(host_kinds); i++)
        if (text_is(host_kinds[i].kind, kind))
            return &host_kinds[i];
    return NULL;
}

bool link_ref(struct buf *out, const struct face *f, const char *ref, size_t n)
{
    const char *id = memchr(ref, ':', n);
    size_t kind_n = id ? (size_t)(id - ref) : 0;
    struct buf kind = { 0 }, text = { 0 };
    if (!id)
        return false;
    buf_put(&kind, ref, kind_n);
    buf_put(&text, id + 1, n - kind_n - 1);
    const struct souk_widget *widget = plugins_showing(f->plugins, ref, kind_n);
    const struct host_kind *own = host_kind_of(buf_str(&kind));
    if (own) {
        buf_text(out, "/a/");
        percent(out, f->account);
        buf_text(out, own->path);
        if (own->has_id)
            percent(out, buf_str(&text));
        buf_text(out, own->ending);
    } else if (widget) {
        put_widget(out, f, widget->id);
        link_arg(out, buf_str(&kind), buf_str(&text));
        link_keep(out, f);
    }
    bool is_there = widget || own;
    buf_free(&kind);
    buf_free(&text);
    return is_there;
}

bool link_to(struct buf *out, const struct face *f, const struct souk_to *to)
{
    const struct plugin *of;
    if (to->query) {
        link_query(out, f, to->query, &to->args);
    } else if (to->ref) {
        return link_ref(out, f, to->ref, strlen(to->ref));
    } else if (to->widget) {
        if (!plugins_widget(f->plugins, to->widget, &of))
            return false;
        put_widget(out, f, to->widget);
        put_args(out, &to->args);
        link_keep(out, f);
    } else {
        buf_text(out, to->url);
    }
    return true;
}

const char *why_key(const struct souk_why *why)
{
    if (why->formula.key && *why->formula.key)
        return why->formula.key;
    return why->origin.key && *why->origin.key ? why->origin.key : "rows";
}

void link_why(struct buf *out, const struct face *f, const struct souk_why *why)
{
    if (why->rows) {
        link_query(out, f, why->rows, &why->args);
        link_arg(out, f->settings ? "of_settings" : "of", f->settings ? f->settings : f->widget ? f->widget : "");
    } else if (f->settings) {
        buf_text(out, "/a/");
        percent(out, f->account);
        buf_printf(out, "/settings/%s", f->settings);
        link_keep(out, f);
    } else {
        link_widget(out, f, f->widget ? f->widget : "");
    }
    link_arg(out, "why", why_key(why));
    if (why->rows)
        link_keep(out, f);
    else if (why->market)
        link_arg(out, "policy_of", why->market);
    keep(out, f->own);                                  /* so that the page has the figure again */
}
