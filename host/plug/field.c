/* SPDX-License-Identifier: Apache-2.0 */
/*
 * field.c: input fields, declared and read.  See field.h.
 *
 * An amount or a percentage may be written with a point or a comma, since people do; what could be
 * read as two different numbers is refused with both.
 */
#include "field_in.h"

#include <string.h>

#include "address.h"
#include "base/value.h"
#include "base/zone.h"
#include "data/market.h"
#include "declare.h"

enum { TITLE_MAX = 200, CHOICES_MAX = 1000, LINE_MAX = 4096, AREA_MAX = 1 << 18 };

static const uint32_t gives[] = {
    [SOUK_FIELD_LINE] = SOUK_TEXT, [SOUK_FIELD_COUNT] = SOUK_COUNT, [SOUK_FIELD_BOOL] = SOUK_BOOL,
    [SOUK_FIELD_ONE_OF] = SOUK_TEXT, [SOUK_FIELD_DAY] = SOUK_DAY, [SOUK_FIELD_AREA] = SOUK_TEXT,
    [SOUK_FIELD_MONEY] = SOUK_MONEY, [SOUK_FIELD_INSTANT] = SOUK_INSTANT, [SOUK_FIELD_PERCENT] = SOUK_BP,
    [SOUK_FIELD_MARKET] = SOUK_MARKET, [SOUK_FIELD_RECORD] = SOUK_COUNT, [SOUK_FIELD_RECORDS] = SOUK_COUNT,
    [SOUK_FIELD_DECIMAL] = SOUK_DECIMAL, [SOUK_FIELD_SOME_OF] = SOUK_TEXT, [SOUK_FIELD_MONTH] = SOUK_DAY,
    [SOUK_FIELD_PERIOD] = SOUK_TEXT, [SOUK_FIELD_TIME] = SOUK_SECONDS, [SOUK_FIELD_WEEKDAYS] = SOUK_TEXT,
    [SOUK_FIELD_EMAIL] = SOUK_TEXT, [SOUK_FIELD_PHONE] = SOUK_TEXT, [SOUK_FIELD_URL] = SOUK_TEXT,
    [SOUK_FIELD_COUNTRY] = SOUK_COUNTRY, [SOUK_FIELD_REGION] = SOUK_REGION, [SOUK_FIELD_POSTCODE] = SOUK_TEXT,
    [SOUK_FIELD_CURRENCY] = SOUK_CURRENCY, [SOUK_FIELD_LANGUAGE] = SOUK_LANGUAGE, [SOUK_FIELD_ZONE] = SOUK_ZONE,
    [SOUK_FIELD_SKU] = SOUK_TEXT, [SOUK_FIELD_SELECTION] = SOUK_TEXT, [SOUK_FIELD_IBAN] = SOUK_TEXT,
    [SOUK_FIELD_BIC] = SOUK_TEXT, [SOUK_FIELD_BANK_US] = SOUK_TEXT, [SOUK_FIELD_BANK_UK] = SOUK_TEXT,
    [SOUK_FIELD_BANK_JP] = SOUK_TEXT, [SOUK_FIELD_TAX_ID] = SOUK_TEXT, [SOUK_FIELD_CARD_TAIL] = SOUK_TEXT,
    [SOUK_FIELD_HIDDEN] = SOUK_TEXT,
};

static const char *const words[] = {
    [SOUK_FIELD_LINE] = "line", [SOUK_FIELD_COUNT] = "count", [SOUK_FIELD_BOOL] = "bool", [SOUK_FIELD_ONE_OF] = "one_of",
    [SOUK_FIELD_DAY] = "day", [SOUK_FIELD_AREA] = "area", [SOUK_FIELD_MONEY] = "money", [SOUK_FIELD_INSTANT] = "instant",
    [SOUK_FIELD_PERCENT] = "percent", [SOUK_FIELD_MARKET] = "market", [SOUK_FIELD_RECORD] = "record",
    [SOUK_FIELD_RECORDS] = "records", [SOUK_FIELD_DECIMAL] = "decimal", [SOUK_FIELD_SOME_OF] = "some_of",
    [SOUK_FIELD_MONTH] = "month", [SOUK_FIELD_PERIOD] = "period", [SOUK_FIELD_TIME] = "time",
    [SOUK_FIELD_WEEKDAYS] = "weekdays", [SOUK_FIELD_EMAIL] = "email", [SOUK_FIELD_PHONE] = "phone", [SOUK_FIELD_URL] = "url",
    [SOUK_FIELD_COUNTRY] = "country", [SOUK_FIELD_REGION] = "region", [SOUK_FIELD_POSTCODE] = "postcode",
    [SOUK_FIELD_CURRENCY] = "currency", [SOUK_FIELD_LANGUAGE] = "language", [SOUK_FIELD_ZONE] = "zone", [SOUK_FIELD_SKU] = "sku",
    [SOUK_FIELD_SELECTION] = "selection", [SOUK_FIELD_IBAN] = "iban", [SOUK_FIELD_BIC] = "bic", [SOUK_FIELD_BANK_US] = "bank_us",
    [SOUK_FIELD_BANK_UK] = "bank_uk", [SOUK_FIELD_BANK_JP] = "bank_jp", [SOUK_FIELD_TAX_ID] = "tax_id",
    [SOUK_FIELD_CARD_TAIL] = "card_tail", [SOUK_FIELD_HIDDEN] = "hidden",
};

const char *field_word(uint32_t field_type)
{
    return field_type < COUNT_OF(words) && words[field_type] ? words[field_type] : "";
}

uint32_t field_gives(uint32_t field_type)
{
    return field_type < COUNT_OF(gives) ? gives[field_type] : 0;
}

const struct souk_field *field_at(const struct souk_list *fields, uint32_t i)
{
    return (const struct souk_field *)(const void *)((const char *)fields->at + (size_t)i * fields->size);
}

static const struct souk_choice *choice_at(const struct souk_field *f, uint32_t i)
{
    return (const struct souk_choice *)(const void *)((const char *)f->choices.at + (size_t)i * f->choices.size);
}

/* ---- declarations ---------------------------------------------------------------------------- */

#define bad(err, ...) err_set((err), ERR_PLUGIN, __VA_ARGS__)

bool field_has_choice(const struct souk_field *f, const char *value)
{
    for (uint32_t i = 0; i < f->choices.n; i++)
        if (text_is(choice_at(f, i)->value, value))
            return true;
    return false;
}

static int check_choices(const struct souk_field *f, enum field_use use, const char *what, const char *of,
                         const char *whose, struct err *err)
{
    const struct souk_list *list = &f->choices;
    if (list->n > CHOICES_MAX || (list->n && (!list->at || list->size < sizeof(struct souk_choice))))
        return bad(err, "Its list of choices cannot be true: write it as SOUK_LIST(array).");
    for (uint32_t i = 0; i < list->n; i++)
        if (!declare_is_word(choice_at(f, i)->value, "_") || !declare_is_text(choice_at(f, i)->title, TITLE_MAX))
            return bad(err, "The %s '%s' of the %s '%s' has a choice without a value of lower-case letters,"
                       " digits and _, or without a title.", what, f->name, of, whose);
    if (f->type != SOUK_FIELD_ONE_OF && f->type != SOUK_FIELD_SOME_OF)
        return 0;
    if (f->choices_from && use != FIELD_OPTION)
        return 0;
    if (use == FIELD_OPTION && f->type == SOUK_FIELD_ONE_OF && !field_has_choice(f, f->fallback.text.at))
        return bad(err, "The %s '%s' of the %s '%s' needs .choices, one of which is its .fallback.", what, f->name,
                   of, whose);
    return list->n ? 0 : bad(err, "The %s '%s' of the %s '%s' needs .choices.", what, f->name, of, whose);
}

enum {
    KEPT = SOUK_FIELD_SECRET | SOUK_FIELD_PER_MARKET | SOUK_FIELD_READ_ONLY | SOUK_FIELD_UNIQUE | SOUK_FIELD_PERSONAL,
    FLAGS = SOUK_FIELD_NEEDED | SOUK_FIELD_QUIET | KEPT
};

static int check_when(const struct souk_field *f, const char *what, const char *of, const char *whose, struct err *err)
{
    if (f->when ? declare_is_word(f->when, "_") && !text_is(f->when, f->name)
                      && (!f->when_is || declare_is_text(f->when_is, TITLE_MAX))
                : !f->when_is)
        return 0;
    return bad(err, "The %s '%s' of the %s '%s' is shown .when another field of the form holds one of .when_is: name"
               " that field.", what, f->name, of, whose);
}

/* What only some types have: .country_of, .kind, .digits. */
static int check_known(const struct souk_field *f, const char *what, const char *of, const char *whose, struct err *err)
{
    bool has_country = f->type == SOUK_FIELD_REGION || f->type == SOUK_FIELD_POSTCODE || f->type == SOUK_FIELD_TAX_ID;
    if (f->country_of ? !has_country || !declare_is_word(f->country_of, "_") : f->type == SOUK_FIELD_REGION)
        return bad(err, "The %s '%s' of the %s '%s': a region needs .country_of, a postcode and a tax id may have it, and it"
                   " names another field.", what, f->name, of, whose);
    if (f->kind && (f->type != SOUK_FIELD_TAX_ID || (!text_is(f->kind, "vat") && !text_is(f->kind, "company"))))
        return bad(err, "The %s '%s' of the %s '%s': a tax id may have a .kind, which is \"vat\" or \"company\".", what,
                   f->name, of, whose);
    if (f->digits > 9 || (f->digits && f->type != SOUK_FIELD_DECIMAL))
        return bad(err, "The %s '%s' of the %s '%s': a decimal may have .digits, from 0 to 9.", what, f->name, of, whose);
    return 0;
}

/* What has a meaning only where a record is kept. */
static int check_kept(const struct souk_field *f, enum field_use use, const char *what, const char *of,
                      const char *whose, struct err *err)
{
    bool is_group = f->type == SOUK_FIELD_RECORD || f->type == SOUK_FIELD_RECORDS;
    unsigned kept = use == FIELD_ARGUMENT ? KEPT & ~(unsigned)SOUK_FIELD_PERSONAL : KEPT;
    if (use != FIELD_SETTING && (is_group || f->flags & kept || f->fields.n))
        return bad(err, "The %s '%s' of the %s '%s' is of a kind that only settings have: records, secrets, values per"
                   " market, read-only, unique or personal ones.", what, f->name, of, whose);
    if (f->choices_from && (use == FIELD_OPTION || f->type != SOUK_FIELD_ONE_OF || !declare_is_word(f->choices_from, "_")))
        return bad(err, "The %s '%s' of the %s '%s': only one of some choices, in settings or a command, has .choices_from,"
                   " which names a declared query.", what, f->name, of, whose);
    if (is_group != (f->fields.n > 0))
        return bad(err, "The %s '%s' of the %s '%s': a record or table, and nothing else, has .fields.", what, f->name, of,
                   whose);
    if (is_group && (f->flags & (uint32_t)~(SOUK_FIELD_PERSONAL | SOUK_FIELD_NEEDED) || f->fallback.type != SOUK_NONE))
        return bad(err, "The %s '%s' of the %s '%s' is a record or table: of flags it has SOUK_FIELD_NEEDED and"
                   " SOUK_FIELD_PERSONAL, and no .fallback.", what, f->name, of, whose);
    if (f->flags & SOUK_FIELD_SECRET
        && (field_gives(f->type) != SOUK_TEXT || f->flags & (SOUK_FIELD_PER_MARKET | SOUK_FIELD_READ_ONLY)
            || f->fallback.type != SOUK_NONE))
        return bad(err, "The %s '%s' of the %s '%s' is a secret, so it is a text, of no market, typed, and without a"
                   " .fallback.", what, f->name, of, whose);
    if (f->flags & SOUK_FIELD_READ_ONLY && f->flags & (SOUK_FIELD_NEEDED | SOUK_FIELD_PER_MARKET))
        return bad(err, "The %s '%s' of the %s '%s' is read-only: nobody types it, so it is neither needed nor has a value"
                   " per market.", what, f->name, of, whose);
    if (f->flags & SOUK_FIELD_UNIQUE && f->flags & SOUK_FIELD_PER_MARKET)
        return bad(err, "The %s '%s' of the %s '%s' has a value per market, so it cannot be unique.", what, f->name, of,
                   whose);
    return 0;
}

int field_check(const struct souk_field *f, enum field_use use, const char *what, const char *of, const char *whose,
                struct err *err)
{
    if (!declare_is_word(f->name, "_") || !declare_is_text(f->title, TITLE_MAX))
        return bad(err, "The %s '%s' has %s %s without a name of lower-case letters, digits and _, or without a"
                   " title.", of, whose, strchr("aeiou", *what) ? "an" : "a", what);
    if (!field_gives(f->type))
        return bad(err, "The %s '%s' of the %s '%s' has a type that this SDK does not have.", what, f->name, of,
                   whose);
    if ((use == FIELD_OPTION || f->fallback.type != SOUK_NONE)
        && (f->fallback.type != gives[f->type] || (f->fallback.type == SOUK_TEXT && !f->fallback.text.at)))
        return bad(err, "The %s '%s' of the %s '%s' needs a .fallback of type %s.", what, f->name, of, whose,
                   word_of_type(gives[f->type]));
    if (f->min > f->max)
        return bad(err, "The %s '%s' of the %s '%s' has a .min above its .max.", what, f->name, of, whose);
    if (f->flags & ~(uint32_t)FLAGS)
        return bad(err, "The %s '%s' of the %s '%s' has a flag that this SDK does not have.", what, f->name, of,
                   whose);
    if (f->about && !declare_is_text(f->about, TITLE_MAX))
        return bad(err, "The %s '%s' of the %s '%s' has an .about that is no message key.", what, f->name, of,
                   whose);
    if ((f->currency_of && (f->type != SOUK_FIELD_MONEY || !declare_is_word(f->currency_of, "_")))
        || (f->zone_of && (f->type != SOUK_FIELD_INSTANT || !declare_is_word(f->zone_of, "_"))))
        return bad(err, "The %s '%s' of the %s '%s': money may have a .currency_of and an instant a .zone_of,"
                   " which name another field.", what, f->name, of, whose);
    int rc = check_when(f, what, of, whose, err);
    if (rc == 0)
        rc = check_known(f, what, of, whose, err);
    if (rc == 0)
        rc = check_kept(f, use, what, of, whose, err);
    return rc ? rc : check_choices(f, use, what, of, whose, err);
}

/* ---- reading --------------------------------------------------------------------------------- */

int field_wrong(struct err *err, const struct souk_field *f, const char *says)
{
    return err_set(err, ERR_INPUT, "The field \"%s\": %s", f->name, says);
}

/* Letters of a text: what a reader counts, not bytes. */
static int64_t letters(const char *text)
{
    int64_t n = 0;
    for (; *text; text++)
        n += ((unsigned char)*text & 0xC0) != 0x80;
    return n;
}

static int read_text(struct arena *a, const struct souk_field *f, const char *text, struct souk_value *v,
                     struct err *err)
{
    bool is_area = f->type == SOUK_FIELD_AREA;
    size_t most = is_area ? AREA_MAX : LINE_MAX, n = 0;
    char *to = arena_alloc(a, strlen(text) + 1);
    for (const char *c = text; *c; c++)                 /* browsers end lines with CR LF */
        if (!(*c == '\r' && c[1] == '\n'))
            to[n++] = *c;
    to[n] = '\0';
    if (!is_area && strpbrk(to, "\r\n"))
        return wrong(err, f, "it must stand on one line.");
    if (n > most)
        return wrong(err, f, "it has %zu bytes; at most %zu are kept.", n, most);
    if ((f->min || f->max) && (letters(to) < f->min || letters(to) > f->max))
        return wrong(err, f, "it has %lld letters; %lld to %lld are asked for.", (long long)letters(to),
                     (long long)f->min, (long long)f->max);
    *v = souk_text(to);
    return 0;
}

static int read_one_of(struct arena *a, const struct souk_field *f, const char *text, struct souk_value *v,
                       struct err *err)
{
    struct buf list = { 0 };
    if (field_has_choice(f, text)) {
        *v = souk_text(arena_text(a, text));
        return 0;
    }
    for (uint32_t i = 0; i < f->choices.n && i < 12; i++)
        buf_printf(&list, "%s%s", i ? ", " : "", choice_at(f, i)->value);
    wrong(err, f, "'%.40s' cannot be chosen; there %s %s%s.", text, f->choices.n > 1 ? "are" : "is",
          buf_str(&list), f->choices.n > 12 ? " and more" : "");
    buf_free(&list);
    return -ERR_INPUT;
}

/* Words with a space or comma between; kept in the order of the choices, each once. */
static int read_some_of(struct arena *a, const struct souk_field *f, const char *text, struct souk_value *v, struct err *err)
{
    struct buf all = { 0 };
    for (const char *at = text; *at; at += strspn(at, " ,")) {
        size_t n = strcspn(at, " ,");
        if (n && read_one_of(a, f, arena_textn(a, at, n), v, err) < 0)
            return -err->code;
        at += n;
    }
    for (uint32_t i = 0; i < f->choices.n; i++) {
        const char *value = choice_at(f, i)->value;
        for (const char *at = text; *at; at += strspn(at, " ,")) {
            size_t n = strcspn(at, " ,");
            if (n == strlen(value) && memcmp(at, value, n) == 0) {
                buf_printf(&all, "%s%s", all.len ? " " : "", value);
                break;
            }
            at += n;
        }
    }
    *v = souk_text(arena_text(a, buf_str(&all)));
    buf_free(&all);
    return 0;
}

/* Both readings of a number of at most `digits` decimals: 0 none, 1 one, 2 two that differ. */
static int read_decimal(const char *at, size_t n, int digits, int64_t *minor, int64_t *other)
{
    int found = 0;
    for (const char *point = ".,"; *point; point++) {
        int64_t num, is;
        int places;
        if (!decimal_parse(at, n, *point, &num, &places) || !decimal_to_minor(num, places, digits, &is))
            continue;
        if (found && is == *minor)
            continue;
        *(found ? other : minor) = is;
        found++;
    }
    return found;
}

/* One point or comma, and three digits behind it: 12.345 is twelve thousand to some and twelve to others. */
static bool is_unclear(const char *at, size_t n)
{
    size_t digits = 0, marks = 0, after = 0;
    for (size_t i = 0; i < n; i++) {
        if (at[i] == '.' || at[i] == ',') {
            marks++;
            after = 0;
        } else if (at[i] >= '0' && at[i] <= '9') {
            digits++;
            after++;
        } else if (at[i] != '-' && at[i] != '+') {
            return false;
        }
    }
    return marks == 1 && after == 3 && digits > 3;
}

static bool is_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Takes "EUR" off either end of an amount. */
static bool take_currency(const char **at, size_t *n, char currency[4])
{
    bool in_front = *n >= 3 && is_letter((*at)[0]) && is_letter((*at)[1]) && is_letter((*at)[2]);
    const char *from = in_front ? *at : *at + *n - 3;
    if (*n < 3 || (!in_front && !(is_letter(from[0]) && is_letter(from[1]) && is_letter(from[2]))))
        return false;
    for (int i = 0; i < 3; i++)
        currency[i] = (char)(from[i] & ~0x20);
    currency[3] = '\0';
    *n -= 3;
    if (in_front)
        *at += 3;
    while (*n && **at == ' ')
        ++*at, --*n;
    while (*n && (*at)[*n - 1] == ' ')
        --*n;
    return true;
}

static int two_readings(struct arena *a, const struct souk_field *f, const char *text, int64_t one, int64_t two,
                        int digits, struct err *err)
{
    struct buf first = { 0 }, second = { 0 };
    buf_minor(&first, one, digits);
    buf_minor(&second, two, digits);
    int rc = wrong(err, f, "\"%.40s\" could be %s or %s: write one of these.", text, buf_str(&first),
                   buf_str(&second));
    buf_free(&first);
    buf_free(&second);
    return rc;
}

static int read_money(struct arena *a, const struct souk_field *f, const char *text, const struct field_place *where,
                      struct souk_value *v, struct err *err)
{
    size_t n = strlen(text);
    const char *at = text, *given = where->currency ? where->currency : "";
    char currency[4] = "";
    int64_t minor = 0, other = 0;
    bool is_said = take_currency(&at, &n, currency);
    if (!is_said && !*given && f->fallback.type == SOUK_MONEY)
        given = f->fallback.currency;
    if (!is_said)
        memcpy(currency, given, strnlen(given, 3) + 1);
    int digits = currency_digits(currency);
    if (!is_said && !*given)
        return wrong(err, f, "\"%.40s\" names no currency: write it like 12.34 EUR.", text);
    if (digits < 0)
        return wrong(err, f, "\"%s\" is no currency: write three letters such as EUR.", currency);
    if (is_said && *given && !text_is(given, currency))
        return wrong(err, f, "\"%.40s\" is in %s, but it must be in %s.", text, currency, given);
    switch (read_decimal(at, n, digits, &minor, &other)) {
    case 0:
        return wrong(err, f, "\"%.40s\" is no amount in %s: write it like %s.", text, currency,
                     digits == 0 ? "1234" : digits == 3 ? "12.345" : "12.34");
    case 2:
        return two_readings(a, f, text, minor, other, digits, err);
    }
    if (digits < 3 && is_unclear(at, n))
        return wrong(err, f, "\"%.40s\" could have thousands or decimals: write no mark between thousands.", text);
    *v = souk_money(minor, currency);
    return 0;
}

static int read_percent(struct arena *a, const struct souk_field *f, const char *text, struct souk_value *v,
                        struct err *err)
{
    size_t n = strlen(text);
    int64_t bp = 0, other = 0;
    if (n && text[n - 1] == '%')
        n--;
    while (n && text[n - 1] == ' ')
        n--;
    switch (read_decimal(text, n, 2, &bp, &other)) {
    case 0:
        return wrong(err, f, "\"%.40s\" is no percentage of at most two decimals: write it like 2.5.", text);
    case 2:
        return two_readings(a, f, text, bp, other, 2, err);
    }
    if (is_unclear(text, n))
        return wrong(err, f, "\"%.40s\" could have thousands or decimals: write no mark between thousands.", text);
    *v = souk_bp(bp);
    return 0;
}

static int read_decimal_field(struct arena *a, const struct souk_field *f, const char *text, struct souk_value *v,
                              struct err *err)
{
    int digits = (int)f->digits;
    int64_t num = 0, other = 0;
    switch (read_decimal(text, strlen(text), digits, &num, &other)) {
    case 0:
        return digits ? wrong(err, f, "\"%.40s\" is no number of at most %d decimals: write it like 12.5.", text, digits)
                      : wrong(err, f, "\"%.40s\" is no whole number: write it like 12.", text);
    case 2:
        return two_readings(a, f, text, num, other, digits, err);
    }
    if (digits < 3 && is_unclear(text, strlen(text)))
        return wrong(err, f, "\"%.40s\" could have thousands or decimals: write no mark between thousands.", text);
    *v = souk_number(SOUK_DECIMAL, num, digits);
    return 0;
}

/* "2026-11-23T07:15", with or without seconds, a space instead of the T; or a whole instant. */
static bool wall_parse(const char *text, int32_t *day, int32_t *second)
{
    char date[11];
    int part[3] = { 0 }, n = 0;
    if (strlen(text) < 16 || (text[10] != 'T' && text[10] != ' '))
        return false;
    memcpy(date, text, 10);
    date[10] = '\0';
    for (const char *at = text + 11; n < 3; n++) {
        if (!(at[0] >= '0' && at[0] <= '9') || !(at[1] >= '0' && at[1] <= '9') || (at[2] && at[2] != ':'))
            return false;
        part[n] = (at[0] - '0') * 10 + at[1] - '0';
        if (!at[2]) {
            n++;
            at += 2;
            break;
        }
        at += 3;
        if (n == 2)
            return false;
    }
    *second = part[0] * 3600 + part[1] * 60 + part[2];
    return n >= 2 && part[0] < 24 && part[1] < 60 && part[2] < 60 && day_parse(date, day);
}

static int read_instant(struct arena *a, const struct souk_field *f, const char *text,
                        const struct field_place *where, struct souk_value *v, struct err *err)
{
    int32_t day, second;
    int64_t instant_s;
    const char *name = where->zone && *where->zone ? where->zone : "UTC";
    if (instant_parse(text, &instant_s)) {
        *v = souk_instant(instant_s);
        return 0;
    }
    if (!wall_parse(text, &day, &second))
        return wrong(err, f, "\"%.40s\" is no time: write it like 2026-11-23 07:15.", text);
    const struct zone *zone = zone_get(name, err);
    if (!zone)
        return -err->code;
    *v = souk_instant(zone_instant(zone, day, second));
    return 0;
}

static int read_plain(struct arena *a, const struct souk_field *f, const char *text, struct souk_value *v,
                      struct err *err)
{
    struct err why = { 0 };
    return value_from_text(a, gives[f->type], text, v, &why) < 0 ? wrong(err, f, "%s", why.text) : 0;
}

static bool in_range(const struct souk_field *f, const struct souk_value *v)
{
    switch (f->type) {
    case SOUK_FIELD_COUNT: case SOUK_FIELD_MONEY: case SOUK_FIELD_PERCENT: case SOUK_FIELD_DAY:
    case SOUK_FIELD_DECIMAL: case SOUK_FIELD_MONTH: case SOUK_FIELD_TIME:
        return (!f->min && !f->max) || (v->num >= f->min && v->num <= f->max);
    default:
        return true;
    }
}

static int out_of_range(struct arena *a, const struct souk_field *f, const struct souk_value *v, struct err *err)
{
    struct souk_value least = *v, most = *v;
    struct buf is = { 0 }, from = { 0 }, to = { 0 };
    least.num = f->min;
    most.num = f->max;
    field_as_text(&is, f, v, NULL);
    field_as_text(&from, f, &least, NULL);
    field_as_text(&to, f, &most, NULL);
    int rc = wrong(err, f, "%s is not between %s and %s.", buf_str(&is), buf_str(&from), buf_str(&to));
    buf_free(&is);
    buf_free(&from);
    buf_free(&to);
    return rc;
}

int field_read(struct arena *a, const struct souk_field *f, const char *text, const struct field_place *where,
               struct souk_value *v, struct err *err)
{
    bool is_text = f->type == SOUK_FIELD_LINE || f->type == SOUK_FIELD_AREA || f->type == SOUK_FIELD_HIDDEN;
    size_t n = strlen(text);
    *v = souk_none();
    if (!utf8_is_valid(text, n))
        return wrong(err, f, "it is not UTF-8.");
    if (!is_text) {                                     /* spaces around what has a form mean nothing */
        text += strspn(text, " \t");
        for (n = strlen(text); n && strchr(" \t", text[n - 1]); n--)
            ;
        text = arena_textn(a, text, n);
    }
    if (!text[strspn(text, " \t\r\n")])
        return f->flags & SOUK_FIELD_NEEDED ? wrong(err, f, "it is needed and cannot be left empty.") : 0;
    int rc;
    switch (f->type) {
    case SOUK_FIELD_LINE: case SOUK_FIELD_AREA: case SOUK_FIELD_HIDDEN: rc = read_text(a, f, text, v, err); break;
    case SOUK_FIELD_SOME_OF: rc = read_some_of(a, f, text, v, err); break;
    case SOUK_FIELD_DECIMAL: rc = read_decimal_field(a, f, text, v, err); break;
    case SOUK_FIELD_ONE_OF:  rc = read_one_of(a, f, text, v, err); break;
    case SOUK_FIELD_MONEY:   rc = read_money(a, f, text, where, v, err); break;
    case SOUK_FIELD_PERCENT: rc = read_percent(a, f, text, v, err); break;
    case SOUK_FIELD_INSTANT: rc = read_instant(a, f, text, where, v, err); break;
    case SOUK_FIELD_COUNT: case SOUK_FIELD_BOOL: case SOUK_FIELD_DAY: case SOUK_FIELD_MARKET:
    case SOUK_FIELD_RECORD: case SOUK_FIELD_RECORDS: rc = read_plain(a, f, text, v, err); break;
    default:                 rc = field_read_known(a, f, text, where, v, err);
    }
    return rc == 0 && !in_range(f, v) ? out_of_range(a, f, v, err) : rc;
}

/* ---- several --------------------------------------------------------------------------------- */

static const struct souk_value *arg_named(const struct souk_args *args, const char *name)
{
    for (uint32_t i = 0; args && i < args->n; i++)
        if (text_is(args->at[i].name, name))
            return &args->at[i].value;
    return NULL;
}

/* A value of the other field: it may stand before or behind this one, or be fixed. */
static bool sibling(struct arena *a, const struct souk_list *fields, const struct field_source *from,
                    const char *name, struct souk_value *v)
{
    const struct souk_value *fixed = arg_named(from->fixed, name);
    if (fixed) {
        *v = *fixed;
        return true;
    }
    for (uint32_t i = 0; i < fields->n; i++) {
        const struct souk_field *f = field_at(fields, i);
        const struct field_place nowhere = { NULL, NULL, NULL };
        struct err ignored = { 0 };
        if (!text_is(f->name, name) || f->type == SOUK_FIELD_MONEY || f->type == SOUK_FIELD_INSTANT)
            continue;
        const char *text = from->text_of(from->ctx, name);
        *v = f->fallback;
        return !text || field_read(a, f, text, &nowhere, v, &ignored) == 0;
    }
    return false;
}

static struct field_place place_of(struct arena *a, const struct souk_list *fields, const struct field_source *from,
                                   const struct souk_field *f)
{
    struct field_place where = { from->zone, NULL, NULL };
    struct souk_value v;
    if (f->currency_of && sibling(a, fields, from, f->currency_of, &v) && v.text.len) {
        const struct market *m = market_find(v.text.at);
        where.currency = m ? m->currency : v.text.len == 3 ? v.text.at : NULL;
    }
    if (f->zone_of && sibling(a, fields, from, f->zone_of, &v) && v.text.len) {
        const struct market *m = market_find(v.text.at);
        where.zone = m ? m->zone : from->zone;
    }
    if (f->country_of && sibling(a, fields, from, f->country_of, &v) && v.text.len) {
        const struct market *m = market_by_id(v.text.at);
        where.country = m ? m->country : v.text.len == 2 ? v.text.at : NULL;
    }
    return where;
}

int fields_read(struct arena *a, const struct souk_list *fields, const struct field_source *from,
                struct souk_args *args, const struct souk_field **at, struct err *err)
{
    struct souk_arg *arg = arena_zero(a, (fields->n + 1) * sizeof *arg);
    uint32_t n = 0;
    int rc = 0;
    for (uint32_t i = 0; rc == 0 && i < fields->n; i++) {
        const struct souk_field *f = field_at(fields, i);
        const char *text = from->text_of(from->ctx, f->name);
        if (at)
            *at = f;
        if (!text && f->fallback.type == SOUK_NONE && !(f->flags & SOUK_FIELD_NEEDED))
            continue;
        arg[n] = (struct souk_arg){ f->name, f->fallback };
        if (text || f->fallback.type == SOUK_NONE) {
            const struct field_place where = place_of(a, fields, from, f);
            rc = field_read(a, f, text ? text : "", &where, &arg[n].value, err);
        }
        n++;
    }
    if (at && rc == 0)
        *at = NULL;
    *args = (struct souk_args){ arg, n, 0 };
    return rc;
}

/* ---- and back -------------------------------------------------------------------------------- */

static void wall_text(struct buf *out, int64_t instant_s, const char *name)
{
    struct err ignored = { 0 };
    const struct zone *zone = zone_get(name && *name ? name : "UTC", &ignored);
    int64_t local = instant_s + (zone ? zone_offset_s(zone, instant_s) : 0);
    int32_t day = zone ? zone_day(zone, instant_s) : (int32_t)(local / 86400);
    int32_t second = (int32_t)(local - (int64_t)day * 86400);
    buf_day(out, day);
    buf_printf(out, "T%02d:%02d", (int)(second / 3600), (int)(second / 60 % 60));
}

/* With three decimals, "12.345" could be read with thousands: so zeros at the end are left out, or one is added. */
static void decimal_text(struct buf *out, int64_t num, int digits)
{
    struct buf text = { 0 };
    buf_minor(&text, num, digits);
    size_t n = text.len;
    if (digits >= 3) {
        while (buf_str(&text)[n - 1] == '0')
            n--;
        n -= buf_str(&text)[n - 1] == '.';
    }
    buf_put(out, buf_str(&text), n);
    if (digits >= 3 && n > 4 && buf_str(&text)[n - 4] == '.')
        buf_char(out, '0');
    buf_free(&text);
}

void field_as_text(struct buf *out, const struct souk_field *field, const struct souk_value *v, const char *zone)
{
    int digits;
    if (v->type == SOUK_NONE)
        return;
    switch (field->type) {
    case SOUK_FIELD_MONEY:
        digits = currency_digits(v->currency);
        decimal_text(out, v->num, digits < 0 ? 0 : digits);
        if (!field->currency_of)
            buf_printf(out, " %s", v->currency);
        break;
    case SOUK_FIELD_DECIMAL:
        decimal_text(out, v->num, (int)v->den);
        break;
    case SOUK_FIELD_PERCENT:
        buf_minor(out, v->num, 2);
        break;
    case SOUK_FIELD_INSTANT:
        wall_text(out, v->num, zone);
        break;
    default:
        if (!field_known_text(out, field, v))
            value_as_text(out, v);
    }
}
