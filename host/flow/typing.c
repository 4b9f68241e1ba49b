/* SPDX-License-Identifier: Apache-2.0 */
/*
 * typing.c: see typing.h.
 *
 * Amounts, counts and ISO instants are most of a report: each touches its bytes once.
 */
#include "typing.h"

#include <string.h>
#include <strings.h>

/* ---- evidence -------------------------------------------------------------------------------- */

void evidence_number(struct evidence *e, const char *at, size_t n)
{
    int64_t num;
    int places;
    bool by_point = decimal_parse(at, n, '.', &num, &places);
    bool by_comma = decimal_parse(at, n, ',', &num, &places);
    e->points += by_point && !by_comma;
    e->commas += by_comma && !by_point;
}

static uint64_t bit_of(const struct market *m)
{
    return (uint64_t)1 << (m - markets);
}

void evidence_market(struct evidence *e, const char *at, size_t n)
{
    char word[64];
    if (n >= sizeof word)
        return;
    memcpy(word, at, n);
    word[n] = '\0';
    const struct market *m = market_find(word);
    if (m)
        e->markets |= bit_of(m);
}

void evidence_currency(struct evidence *e, const char *at, size_t n)
{
    for (const struct market *m = markets; m->id; m++)
        if (n == 3 && memcmp(m->currency, at, 3) == 0)
            e->currencies |= bit_of(m);
}

int style_decide(struct style *out, const struct evidence *e, const struct market *market,
                 const struct market *guess, struct err *err)
{
    uint64_t set = market ? bit_of(market) : e->markets ? e->markets : e->currencies ? e->currencies
                 : guess ? bit_of(guess) : 0;
    const struct market *first = NULL;
    bool same_decimal = true, same_order = true, same_zone = true, same_currency = true;
    bool same_charset = true;
    for (const struct market *m = markets; m->id; m++) {
        if (!(set & bit_of(m)))
            continue;
        if (!first)
            first = m;
        same_decimal &= m->decimal == first->decimal;
        same_order &= m->date_order == first->date_order;
        same_zone &= strcmp(m->zone, first->zone) == 0;
        same_currency &= strcmp(m->currency, first->currency) == 0;
        same_charset &= strcmp(m->charset, first->charset) == 0;
    }
    *out = (struct style){ .decimal = '.', .charset = "windows-1252" };
    if (first && same_charset)
        out->charset = first->charset;
    if (e->points != e->commas)
        out->decimal = e->points > e->commas ? '.' : ',';
    else if (first && same_decimal)
        out->decimal = first->decimal;
    if (first && same_order)
        out->date_order = first->date_order;
    if (first && same_currency)
        memcpy(out->currency, first->currency, sizeof out->currency);
    if (first && same_zone && !(out->zone = zone_get(first->zone, err)))
        return -err->code;
    return 0;
}

/* ---- dates and times ------------------------------------------------------------------------- */

/* What is left of a cell. */
struct text {
    const char *at, *end;
};

static bool take(struct text *t, char c)
{
    if (t->at == t->end || *t->at != c)
        return false;
    t->at++;
    return true;
}

static void take_spaces(struct text *t)
{
    while (take(t, ' ') || take(t, ','))
        ;
}

/* One to `most` digits; their number, 0 when none stands there. */
static int take_number(struct text *t, int most, unsigned *value)
{
    int digits = 0;
    for (*value = 0; digits < most && t->at < t->end && *t->at >= '0' && *t->at <= '9'; digits++)
        *value = *value * 10 + (unsigned)(*t->at++ - '0');
    return digits;
}

static bool take_two(struct text *t, char before, unsigned most, unsigned *value)
{
    return take(t, before) && take_number(t, 2, value) == 2 && *value <= most;
}

/*
 * How the names of months begin in English, French, German, Spanish, Italian, Dutch, Polish,
 * Portuguese and Swedish; an earlier line goes before a later one.
 */
static const struct {
    char start[5];
    unsigned char month;
} month_start[] = {
    { "juin", 6 }, { "juil", 7 },
    { "jan", 1 }, { "ene", 1 }, { "gen", 1 }, { "sty", 1 },
    { "feb", 2 }, { "fév", 2 }, { "fev", 2 }, { "lut", 2 },
    { "mar", 3 }, { "mär", 3 }, { "maa", 3 }, { "mrt", 3 }, { "mrz", 3 },
    { "apr", 4 }, { "avr", 4 }, { "abr", 4 }, { "kwi", 4 },
    { "may", 5 }, { "mai", 5 }, { "mag", 5 }, { "mei", 5 }, { "maj", 5 },
    { "jun", 6 }, { "giu", 6 }, { "cze", 6 },
    { "jul", 7 }, { "lug", 7 }, { "lip", 7 },
    { "aug", 8 }, { "aoû", 8 }, { "ago", 8 }, { "sie", 8 },
    { "sep", 9 }, { "set", 9 }, { "wrz", 9 },
    { "oct", 10 }, { "okt", 10 }, { "ott", 10 }, { "out", 10 }, { "paź", 10 },
    { "nov", 11 }, { "lis", 11 },
    { "dec", 12 }, { "déc", 12 }, { "dez", 12 }, { "dic", 12 }, { "gru", 12 },
};

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

/* A month's name, with the point of an abbreviation. */
static bool take_month(struct text *t, unsigned *month)
{
    const char *word = t->at;
    while (t->at < t->end && is_letter(*t->at))
        t->at++;
    size_t n = (size_t)(t->at - word);
    take(t, '.');
    for (size_t i = 0; i < COUNT_OF(month_start); i++) {
        size_t length = strlen(month_start[i].start);
        if (n >= length && strncasecmp(word, month_start[i].start, length) == 0) {
            *month = month_start[i].month;
            return true;
        }
    }
    return false;
}

struct date {
    unsigned year, month, day;
};

/* 1 juil. 2026, 10-Jul-2025, Dec 1, 2017: the year has four digits. */
static bool take_named_date(struct text *t, struct date *d)
{
    bool is_day_first = take_number(t, 2, &d->day) > 0;
    if (is_day_first) {
        take(t, '.');
        while (take(t, ' ') || take(t, '-'))
            ;
    }
    if (!take_month(t, &d->month))
        return false;
    while (take(t, ' ') || take(t, '-'))
        ;
    if (!is_day_first) {
        if (!take_number(t, 2, &d->day))
            return false;
        take_spaces(t);
    }
    return take_number(t, 4, &d->year) == 4;
}

/* 2026-03-05, 2026/3/5, 03.05.2018, 15/04/2020, 4/15/20.  A key, or NULL. */
static const char *take_plain_date(struct text *t, char order, struct date *d)
{
    unsigned part[3];
    int digits[3] = { 0 };
    char sign = 0;
    for (int i = 0; i < 3; i++) {
        if (i == 1 && t->at < t->end && (*t->at == '-' || *t->at == '/' || *t->at == '.'))
            sign = *t->at;
        if ((i && !take(t, sign)) || !(digits[i] = take_number(t, 4, &part[i])))
            return "cell.date";
    }
    if (digits[0] == 4)
        order = 'y';
    else if (sign == '.')
        order = 'd';                                    /* whoever writes points writes the day first */
    if (!order)
        return "cell.date_order";
    int year = order == 'y' ? 0 : 2, month = order == 'm' ? 0 : 1, day = 3 - year - month;
    if ((digits[year] != 4 && digits[year] != 2) || digits[month] > 2 || digits[day] > 2)
        return "cell.date";
    *d = (struct date){ digits[year] == 2 ? 2000 + part[year] : part[year], part[month], part[day] };
    return NULL;
}

/* 9:10, 08:31:35.250, 05.39.09, 12:38:23 AM, 5:39:09 p.m.; seconds of the day. */
static bool take_time(struct text *t, int32_t *second_of_day)
{
    unsigned hour, minute, second = 0, fraction;
    if (!take_number(t, 2, &hour) || t->at == t->end)
        return false;
    char sign = *t->at;
    if ((sign != ':' && sign != '.') || !take_two(t, sign, 59, &minute))
        return false;
    if (t->at < t->end && *t->at == sign && !take_two(t, sign, 59, &second))
        return false;
    if (take(t, '.') && !take_number(t, 9, &fraction))
        return false;
    struct text ahead = *t;
    take_spaces(&ahead);
    char half = ahead.at < ahead.end ? (char)(*ahead.at++ | 0x20) : 0;
    take(&ahead, '.');
    take(&ahead, ' ');
    if ((half == 'a' || half == 'p') && (take(&ahead, 'M') || take(&ahead, 'm')) &&
        (ahead.at == ahead.end || !is_letter(*ahead.at))) {
        take(&ahead, '.');
        *t = ahead;
        if (hour < 1 || hour > 12)
            return false;
        hour = hour % 12 + (half == 'p' ? 12 : 0);
    }
    *second_of_day = (int32_t)(hour * 3600 + minute * 60 + second);
    return hour <= 23;
}

/* Z, +09:00, -0700, PST, GMT+10:00, GMT-7; seconds east of UTC. */
static bool take_offset(struct text *t, int32_t *offset_s)
{
    *offset_s = 0;
    const char *letters = t->at;
    while (t->at < t->end && is_letter(*t->at))
        t->at++;
    size_t n = (size_t)(t->at - letters);
    if (n && !(n == 1 && *letters == 'Z') && !zone_letters(letters, n, offset_s))
        return false;
    if (t->at == t->end || (*t->at != '+' && *t->at != '-'))
        return n > 0;
    bool is_west = *t->at++ == '-';
    unsigned hours, minutes = 0;
    if (!take_number(t, 2, &hours) || hours > 18)
        return false;
    if (take(t, ':') || t->at < t->end) {
        if (take_number(t, 2, &minutes) != 2 || minutes > 59)
            return false;
    }
    int32_t east = (int32_t)(hours * 3600 + minutes * 60);
    *offset_s += is_west ? -east : east;
    return true;
}

enum { HAS_TIME = 1, HAS_OFFSET = 2 };

static const char *date_time(const struct style *style, const char *at, size_t n, int32_t *day,
                             int32_t *second_of_day, int32_t *offset_s, unsigned *has)
{
    struct text t = { at, at + n };
    struct date d;
    if (!take_named_date(&t, &d)) {
        t.at = at;
        const char *wrong = take_plain_date(&t, style->date_order, &d);
        if (wrong)
            return wrong;
    }
    if (!day_is_valid((int)d.year, d.month, d.day))
        return "cell.date";
    *day = day_of((int)d.year, d.month, d.day);
    *has = 0;
    if (!take(&t, 'T'))
        take_spaces(&t);
    if (t.at == t.end)
        return NULL;
    if (!take_time(&t, second_of_day))
        return "cell.date";
    *has |= HAS_TIME;
    take_spaces(&t);
    if (t.at == t.end)
        return NULL;
    if (!take_offset(&t, offset_s) || t.at != t.end)
        return "cell.date";
    *has |= HAS_OFFSET;
    return NULL;
}

static const char *cell_day(const struct style *style, const char *at, size_t n, struct souk_value *v)
{
    int32_t day, second, offset;
    unsigned has;
    const char *wrong = NULL;
    if (!day_parse(at, &day))
        wrong = date_time(style, at, n, &day, &second, &offset, &has);
    if (!wrong)
        *v = souk_day(day);
    return wrong;
}

static const char *cell_instant(const struct style *style, const char *at, size_t n,
                                struct souk_value *v)
{
    int64_t instant_s;
    if (instant_parse(at, &instant_s)) {
        *v = souk_instant(instant_s);
        return NULL;
    }
    int32_t day = 0, second = 0, offset = 0;
    unsigned has = 0;
    const char *wrong = date_time(style, at, n, &day, &second, &offset, &has);
    if (wrong)
        return wrong;
    if (has & HAS_OFFSET)
        *v = souk_instant((int64_t)day * 86400 + second - offset);
    else if (!style->zone)
        return "cell.no_zone";
    else if (has & HAS_TIME)
        *v = souk_instant(zone_instant(style->zone, day, second));
    else
        *v = souk_instant(zone_day_start(style->zone, day));
    return NULL;
}

/* ---- the other types ------------------------------------------------------------------------- */

static const char *cell_count(char decimal, const char *at, size_t n, struct souk_value *v)
{
    int64_t num, whole;
    int places;
    if (!decimal_parse(at, n, decimal, &num, &places) || !decimal_to_minor(num, places, 0, &whole))
        return "cell.count";
    *v = souk_count(whole);
    return NULL;
}

static const char *cell_decimal(char decimal, const char *at, size_t n, struct souk_value *v)
{
    int64_t num;
    int places;
    if (!decimal_parse(at, n, decimal, &num, &places))
        return "cell.number";
    *v = souk_number(SOUK_DECIMAL, num, places);
    return NULL;
}

static const char *cell_money(char decimal, const char *currency, const char *at, size_t n,
                              struct souk_value *v)
{
    int64_t num, minor;
    int places, digits = currency[0] ? currency_digits(currency) : -1;
    if (digits < 0)
        return "cell.no_currency";
    if (!decimal_parse(at, n, decimal, &num, &places))
        return "cell.number";
    if (!decimal_to_minor(num, places, digits, &minor))
        return "cell.digits";
    *v = souk_money(minor, currency);
    return NULL;
}

static const char *cell_bool(const char *at, size_t n, struct souk_value *v)
{
    static const char *const no[] = { "false", "no", "n", "0" };
    static const char *const yes[] = { "true", "yes", "y", "1" };
    for (size_t i = 0; i < COUNT_OF(no); i++) {
        bool is_no = strlen(no[i]) == n && strncasecmp(at, no[i], n) == 0;
        bool is_yes = strlen(yes[i]) == n && strncasecmp(at, yes[i], n) == 0;
        if (is_no || is_yes) {
            *v = souk_number(SOUK_BOOL, is_yes, 0);
            return NULL;
        }
    }
    return "cell.bool";
}

static const char *cell_market(const char *at, struct souk_value *v)
{
    const struct market *m = market_find(at);
    if (!m)
        return "cell.market";
    *v = souk_market(m->id);
    return NULL;
}

static const char *cell_currency(const char *at, struct souk_value *v)
{
    if (currency_digits(at) < 0)
        return "cell.currency";
    *v = souk_word(SOUK_CURRENCY, at);
    return NULL;
}

const char *cell_type(const struct style *style, uint32_t type, const char *currency, char *at,
                      size_t n, struct souk_value *v)
{
    switch (type) {
    case SOUK_COUNT:    return cell_count(style->decimal, at, n, v);
    case SOUK_DECIMAL:  return cell_decimal(style->decimal, at, n, v);
    case SOUK_MONEY:    return cell_money(style->decimal, currency, at, n, v);
    case SOUK_DAY:      return cell_day(style, at, n, v);
    case SOUK_INSTANT:  return cell_instant(style, at, n, v);
    case SOUK_BOOL:     return cell_bool(at, n, v);
    case SOUK_MARKET:   return cell_market(at, v);
    case SOUK_CURRENCY: return cell_currency(at, v);
    default:
        *v = souk_number(SOUK_TEXT, 0, 0);
        v->text = (struct souk_str){ at, (uint32_t)n, 0 };
        return NULL;
    }
}
