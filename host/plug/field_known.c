/* SPDX-License-Identifier: Apache-2.0 */
/*
 * field_known.c: input fields of which the world has a form: dates, places, contacts, accounts, tax numbers.
 */
#include "field_in.h"

#include <string.h>

#include "base/check_bank.h"
#include "base/check_contact.h"
#include "base/check_tax.h"
#include "base/place.h"
#include "base/value.h"
#include "base/zone.h"

enum { SKU_LETTERS = 40, SELECTION_LINES = 10000, SELECTION_BYTES = 1 << 18 };

static char *upper(struct arena *a, const char *text)
{
    char *to = arena_text(a, text);
    for (char *c = to; *c; c++)
        *c = *c >= 'a' && *c <= 'z' ? (char)(*c - 'a' + 'A') : *c;
    return to;
}

/* ---- days and times ------------------------------------------------------------------------------ */

static int read_month(struct arena *a, const struct souk_field *f, const char *text, struct souk_value *v, struct err *err)
{
    int32_t day;
    if (!text_fits(text, "9999-99") || !day_parse(arena_printf(a, "%s-01", text), &day))
        return wrong(err, f, "\"%.40s\" is no month: write it like 2026-11.", text);
    *v = souk_day(day);
    return 0;
}

static int read_period(struct arena *a, const struct souk_field *f, const char *text, struct souk_value *v, struct err *err)
{
    int32_t from, to;
    size_t n = strcspn(text, " /"), gap = strspn(text + n, " /");
    if (!gap || !day_parse(arena_textn(a, text, n), &from) || !day_parse(text + n + gap, &to))
        return wrong(err, f, "\"%.60s\" is no period: write its first and last day like 2026-11-01/2026-11-30.", text);
    if (to < from)
        return wrong(err, f, "the period ends before it begins: write its first day first, like 2026-11-01/2026-11-30.");
    *v = souk_text(arena_printf(a, "%.10s/%s", text, text + n + gap));
    return 0;
}

static int read_time(struct arena *a, const struct souk_field *f, const char *text, struct souk_value *v, struct err *err)
{
    const char *full = text_fits(text, "9:99|9:99:99") ? arena_printf(a, "0%s", text) : text;
    int hour = (full[0] - '0') * 10 + full[1] - '0';
    bool fits = text_fits(full, "99:99|99:99:99") && hour < 24 && full[3] < '6' && (!full[5] || full[6] < '6');
    if (!fits)
        return wrong(err, f, "\"%.40s\" is no time of day: write it like 07:15.", text);
    *v = souk_number(SOUK_SECONDS, hour * 3600 + (full[3] - '0') * 600 + (full[4] - '0') * 60
                     + (full[5] ? (full[6] - '0') * 10 + full[7] - '0' : 0), 0);
    return 0;
}

const char *const field_weekdays[] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun" };

/* "mon", "Monday": 0 to 6; -1 for anything else. */
static int weekday(const char *at, size_t n)
{
    static const char *const rest[] = { "day", "sday", "nesday", "rsday", "day", "urday", "day" };
    for (int i = 0; n >= 3 && i < 7; i++)
        if (strncasecmp(at, field_weekdays[i], 3) == 0
            && (n == 3 || (n - 3 == strlen(rest[i]) && strncasecmp(at + 3, rest[i], n - 3) == 0)))
            return i;
    return -1;
}

static int read_weekdays(struct arena *a, const struct souk_field *f, const char *text, struct souk_value *v, struct err *err)
{
    bool is[7] = { false };
    struct buf all = { 0 };
    for (const char *at = text; *at; at += strspn(at, " ,")) {
        size_t n = strcspn(at, " ,"), first = strcspn(at, " ,-");
        int from = weekday(at, first), to = first < n ? weekday(at + first + 1, n - first - 1) : from;
        if (from < 0 || to < from)
            return wrong(err, f, "\"%.*s\" is no weekday: write them like mon tue fri, or mon-fri.", (int)(n < 40 ? n : 40), at);
        for (int i = from; i <= to; i++)
            is[i] = true;
        at += n;
    }
    for (int i = 0; i < 7; i++)
        if (is[i])
            buf_printf(&all, "%s%s", all.len ? " " : "", field_weekdays[i]);
    *v = souk_text(arena_text(a, buf_str(&all)));
    buf_free(&all);
    return 0;
}

/* ---- places ---------------------------------------------------------------------------------------- */

static int read_country(struct arena *a, const struct souk_field *f, const char *text, struct souk_value *v, struct err *err)
{
    const char *code = upper(a, text);
    if (text_is(code, "UK"))                            /* what everybody writes */
        code = "GB";
    if (!place_is_country(code))
        return wrong(err, f, "\"%.40s\" is no country: write its two letters, like DE.", text);
    *v = souk_word(SOUK_COUNTRY, code);
    return 0;
}

static int read_region(struct arena *a, const struct souk_field *f, const char *text, const struct field_place *where,
                       struct souk_value *v, struct err *err)
{
    const char *country = where->country ? where->country : "";
    const char *code = upper(a, text);
    const struct region *r = *country ? place_region_find(country, text) : place_region(code);
    size_t n;
    if (r) {
        *v = souk_word(SOUK_REGION, arena_text(a, r->code));
        return 0;
    }
    const struct region *all = place_regions(*country ? country : "DE", &n);
    if (!n && *country)
        return wrong(err, f, "%s has no states or provinces that Souk knows: leave it empty.", country);
    if (!*country)
        return wrong(err, f, "\"%.60s\" is no state or province without its country: write it like DE-BY.", text);
    return wrong(err, f, "\"%.60s\" is no state or province of %s: write its name or code, like %s or %s.", text, country,
                 all[0].name, all[0].code);
}

static int read_postcode(struct arena *a, const struct souk_field *f, const char *text, const struct field_place *where,
                         struct souk_value *v, struct err *err)
{
    const char *is;
    struct err why = { 0 };
    if (check_postcode(a, where->country ? where->country : "", text, &is, &why) < 0)
        return wrong(err, f, "%s", why.text);
    *v = souk_text(is);
    return 0;
}

static int read_currency(struct arena *a, const struct souk_field *f, const char *text, struct souk_value *v, struct err *err)
{
    const char *code = upper(a, text);
    if (!place_is_currency(code))
        return wrong(err, f, "\"%.40s\" is no currency: write its three letters, like EUR.", text);
    *v = souk_word(SOUK_CURRENCY, code);
    return 0;
}

static int read_language(struct arena *a, const struct souk_field *f, const char *text, struct souk_value *v, struct err *err)
{
    const char *tag = place_language(a, text);
    if (!tag)
        return wrong(err, f, "\"%.40s\" is no language: write its code, like en or pt-BR.", text);
    *v = souk_word(SOUK_LANGUAGE, tag);
    return 0;
}

static int read_zone(struct arena *a, const struct souk_field *f, const char *text, struct souk_value *v, struct err *err)
{
    struct err ignored = { 0 };
    bool has_form = strchr(text, '/') || text_is(text, "UTC");             /* ICU takes GMT+1, too, whose clocks never change */
    if (!has_form || strlen(text) > 60 || !zone_get(text, &ignored))
        return wrong(err, f, "\"%.60s\" is no time zone: write its name, like Europe/Berlin.", text);
    *v = souk_word(SOUK_ZONE, arena_text(a, text));
    return 0;
}

/* ---- listings ---------------------------------------------------------------------------------------- */

/* Why it is no SKU; NULL: it is one. */
static const char *sku_fault(const char *at, size_t n)
{
    size_t letters = 0;
    for (size_t i = 0; i < n; i++) {
        if ((unsigned char)at[i] < ' ' || at[i] == 0x7F)
            return "a SKU has no tabs or other control characters.";
        letters += ((unsigned char)at[i] & 0xC0) != 0x80;
    }
    return letters > SKU_LETTERS ? "a SKU has at most 40 letters, digits and marks." : NULL;
}

static int read_sku(struct arena *a, const struct souk_field *f, const char *text, struct souk_value *v, struct err *err)
{
    const char *fault = sku_fault(text, strlen(text));
    if (fault)
        return wrong(err, f, "%s", fault);
    *v = souk_text(arena_text(a, text));
    return 0;
}

static bool has_line(const struct buf *list, const char *at, size_t n)
{
    for (const char *line = buf_str(list); *line; line += *line == '\n') {
        size_t length = strcspn(line, "\n");
        if (length == n && memcmp(line, at, n) == 0)
            return true;
        line += length;
    }
    return false;
}

static int read_selection(struct arena *a, const struct souk_field *f, const char *text, struct souk_value *v, struct err *err)
{
    struct buf list = { 0 };
    size_t lines = 0;
    bool is_all = false;
    int rc = 0;
    if (strlen(text) > SELECTION_BYTES)
        return wrong(err, f, "the list has %zu bytes; at most %d are kept.", strlen(text), SELECTION_BYTES);
    for (const char *at = text; rc == 0 && *at; at += strspn(at, "\r\n")) {
        size_t n = strcspn(at, "\r\n"), from = strspn(at, " "), to = n;
        while (to > from && at[to - 1] == ' ')
            to--;
        const char *fault = to > from ? sku_fault(at + from, to - from) : NULL;
        lines += to > from;
        if (fault)
            rc = wrong(err, f, "line %zu: %s", lines, fault);
        else if (lines > SELECTION_LINES)
            rc = wrong(err, f, "there are more than %d lines; write * for all listings, or a part of a SKU with *.", SELECTION_LINES);
        else if (to - from == 1 && at[from] == '*')
            is_all = true;
        else if (to - from == 3 && strncasecmp(at + from, "all", 3) == 0)
            is_all = true;
        else if (to > from && (lines > 1000 || !has_line(&list, at + from, to - from))) {  /* twice does no harm */
            if (list.len)
                buf_char(&list, '\n');
            buf_put(&list, at + from, to - from);
        }
        at += n;
    }
    *v = souk_text(is_all ? "*" : arena_text(a, buf_str(&list)));
    buf_free(&list);
    return rc;
}

/* ---- contacts, accounts, tax numbers -------------------------------------------------------------------- */

static int read_contact(struct arena *a, const struct souk_field *f, const char *text, struct souk_value *v, struct err *err)
{
    const char *is;
    struct err why = { 0 };
    int rc = f->type == SOUK_FIELD_EMAIL ? check_email(a, text, &is, &why)
             : f->type == SOUK_FIELD_PHONE ? check_phone(a, text, &is, &why) : check_url(a, text, &is, &why);
    if (rc < 0)
        return wrong(err, f, "%s", why.text);
    *v = souk_text(is);
    return 0;
}

static int read_number(struct arena *a, const struct souk_field *f, const char *text, const struct field_place *where,
                       struct souk_value *v, struct err *err)
{
    char is[CHECK_BYTES];
    struct err why = { 0 };
    int rc = -ERR_BUG;
    switch (f->type) {
    case SOUK_FIELD_IBAN:      rc = check_iban(text, is, &why); break;
    case SOUK_FIELD_BIC:       rc = check_bic(text, is, &why); break;
    case SOUK_FIELD_BANK_US:   rc = check_bank_us(text, is, &why); break;
    case SOUK_FIELD_BANK_UK:   rc = check_bank_uk(text, is, &why); break;
    case SOUK_FIELD_BANK_JP:   rc = check_bank_jp(text, is, &why); break;
    case SOUK_FIELD_CARD_TAIL: rc = check_card_tail(text, is, &why); break;
    case SOUK_FIELD_TAX_ID:    rc = check_tax(where->country ? where->country : "", f->kind, text, is, &why); break;
    }
    if (rc < 0)
        return wrong(err, f, "%s", why.text);
    *v = souk_text(arena_text(a, is));
    return 0;
}

int field_read_known(struct arena *a, const struct souk_field *f, const char *text, const struct field_place *where,
                     struct souk_value *v, struct err *err)
{
    switch (f->type) {
    case SOUK_FIELD_MONTH:     return read_month(a, f, text, v, err);
    case SOUK_FIELD_PERIOD:    return read_period(a, f, text, v, err);
    case SOUK_FIELD_TIME:      return read_time(a, f, text, v, err);
    case SOUK_FIELD_WEEKDAYS:  return read_weekdays(a, f, text, v, err);
    case SOUK_FIELD_COUNTRY:   return read_country(a, f, text, v, err);
    case SOUK_FIELD_REGION:    return read_region(a, f, text, where, v, err);
    case SOUK_FIELD_POSTCODE:  return read_postcode(a, f, text, where, v, err);
    case SOUK_FIELD_CURRENCY:  return read_currency(a, f, text, v, err);
    case SOUK_FIELD_LANGUAGE:  return read_language(a, f, text, v, err);
    case SOUK_FIELD_ZONE:      return read_zone(a, f, text, v, err);
    case SOUK_FIELD_SKU:       return read_sku(a, f, text, v, err);
    case SOUK_FIELD_SELECTION: return read_selection(a, f, text, v, err);
    case SOUK_FIELD_EMAIL: case SOUK_FIELD_PHONE: case SOUK_FIELD_URL:
        return read_contact(a, f, text, v, err);
    default:
        return read_number(a, f, text, where, v, err);
    }
}

bool field_known_text(struct buf *out, const struct souk_field *f, const struct souk_value *v)
{
    struct buf day = { 0 };
    switch (f->type) {
    case SOUK_FIELD_MONTH:
        buf_day(&day, (int32_t)v->num);
        buf_put(out, buf_str(&day), strlen(buf_str(&day)) - 3);
        buf_free(&day);
        return true;
    case SOUK_FIELD_TIME:
        buf_printf(out, "%02d:%02d", (int)(v->num / 3600), (int)(v->num / 60 % 60));
        if (v->num % 60)
            buf_printf(out, ":%02d", (int)(v->num % 60));
        return true;
    default:
        return false;
    }
}

const char *field_like(const struct souk_field *f)
{
    static const char *const like[] = {
        [SOUK_FIELD_MONTH] = "2026-11", [SOUK_FIELD_PERIOD] = "2026-11-01/2026-11-30", [SOUK_FIELD_TIME] = "07:15",
        [SOUK_FIELD_WEEKDAYS] = "mon tue fri", [SOUK_FIELD_EMAIL] = "name@example.com", [SOUK_FIELD_PHONE] = "+44 20 7946 0018",
        [SOUK_FIELD_URL] = "https://www.example.com/shop", [SOUK_FIELD_COUNTRY] = "DE", [SOUK_FIELD_REGION] = "DE-BY",
        [SOUK_FIELD_CURRENCY] = "EUR", [SOUK_FIELD_LANGUAGE] = "pt-BR", [SOUK_FIELD_ZONE] = "Europe/Berlin",
        [SOUK_FIELD_SELECTION] = "MUG-*", [SOUK_FIELD_IBAN] = "DE68 2105 0170 0012 3456 78", [SOUK_FIELD_BIC] = "ABCDDEFFXXX",
        [SOUK_FIELD_BANK_US] = "123456780 1234567890", [SOUK_FIELD_BANK_UK] = "12-34-56 12345678",
        [SOUK_FIELD_BANK_JP] = "1234-123 ordinary 1234567", [SOUK_FIELD_TAX_ID] = "DE123456788", [SOUK_FIELD_CARD_TAIL] = "1234",
    };
    return f->type < COUNT_OF(like) && like[f->type] ? like[f->type] : "";
}
