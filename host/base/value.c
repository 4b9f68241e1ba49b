/* SPDX-License-Identifier: Apache-2.0 */
/*
 * value.c: money, rates, days.
 *
 * in:     numbers, and texts as reports write them
 * out:    numbers, and texts as CSV and JSON want them
 * knows:  of ICU only how many digits a currency has.  Readers' formats are text.c's.
 *
 * decimal_parse, decimal_to_minor and instant_parse see every cell of an import: they touch each
 * byte once and call nothing.
 */
#include "value.h"

#include <assert.h>
#include <float.h>
#include <stdatomic.h>
#include <string.h>
#include <unicode/ucurr.h>

__extension__ typedef __int128 wide;

static const int64_t ten_to[] = {
    1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000, 10000000000,
    100000000000, 1000000000000, 10000000000000, 100000000000000, 1000000000000000,
    10000000000000000, 100000000000000000, 1000000000000000000,
};

enum { MOST_DIGITS = COUNT_OF(ten_to) - 1 };

static inline bool is_digit(char c, unsigned *digit)
{
    *digit = (unsigned char)c - (unsigned)'0';
    return *digit <= 9;
}

/* ---- money ---------------------------------------------------------------------------------- */

static int digits_by_icu(const char *code)
{
    const UChar name[] = { (UChar)code[0], (UChar)code[1], (UChar)code[2], 0 };
    UErrorCode status = U_ZERO_ERROR;
    if (!ucurr_isAvailable(name, -DBL_MAX, DBL_MAX, &status) || U_FAILURE(status))
        return -1;
    int digits = ucurr_getDefaultFractionDigits(name, &status);
    return U_FAILURE(status) ? -1 : digits;
}

int currency_digits(const char *currency)
{
    static _Atomic signed char known[26 * 26 * 26];     /* digits + 2; 0: not asked yet */
    unsigned at = 0;
    for (int i = 0; i < 3; i++) {
        if (currency[i] < 'A' || currency[i] > 'Z')
            return -1;
        at = at * 26 + (unsigned)(currency[i] - 'A');
    }
    if (currency[3])
        return -1;
    int seen = atomic_load_explicit(&known[at], memory_order_relaxed);
    if (!seen) {
        seen = digits_by_icu(currency) + 2;
        atomic_store_explicit(&known[at], (signed char)seen, memory_order_relaxed);
    }
    return seen - 2;
}

bool money_add(struct money *sum, struct money more)
{
    int64_t minor;
    if (strcmp(sum->currency, more.currency) != 0 ||
        __builtin_add_overflow(sum->minor, more.minor, &minor))
        return false;
    sum->minor = minor;
    return true;
}

/* ---- decimals ------------------------------------------------------------------------------- */

/* Bytes of the group separator at `at`; 0 when none stands there. */
static size_t separator(const char *at, const char *end, char decimal)
{
    size_t left = (size_t)(end - at);
    if (*at == (decimal == '.' ? ',' : '.') || *at == ' ' || *at == '\'')
        return 1;
    if (left >= 2 && memcmp(at, "\u00a0", 2) == 0)
        return 2;
    if (left >= 3 && (memcmp(at, "\u202f", 3) == 0 || memcmp(at, "\u2019", 3) == 0))
        return 3;
    return 0;
}

/* The groups of three behind the first one; `at` is left behind the last of them. */
static bool groups_parse(const char **at, const char *end, char decimal, uint64_t *value)
{
    const char *first = *at;
    size_t width = separator(first, end, decimal);
    if (!width)
        return false;
    const char *p = first;
    do {
        unsigned a, b, c;
        if ((size_t)(end - p) < width + 3 || memcmp(p, first, width) != 0)
            return false;
        p += width;
        if (!is_digit(p[0], &a) || !is_digit(p[1], &b) || !is_digit(p[2], &c))
            return false;
        *value = *value * 1000 + a * 100 + b * 10 + c;
        p += 3;
    } while (p < end && *p != decimal);
    *at = p;
    return true;
}

bool decimal_parse(const char *at, size_t n, char decimal, int64_t *num, int *places)
{
    const char *end = at + n;
    bool is_minus = false;
    if (n && (*at == '-' || *at == '+')) {
        is_minus = *at++ == '-';
    } else if (n && end[-1] == '-') {
        is_minus = true;
        end--;
    }

    const char *first = at;
    uint64_t value = 0;                                 /* too many digits wrap harmlessly */
    unsigned digit;
    for (; at < end && is_digit(*at, &digit); at++)
        value = value * 10 + digit;
    size_t digits = (size_t)(at - first), after = 0;

    if (at < end && *at != decimal) {
        const char *second = at;
        if (digits < 1 || digits > 3)
            return false;
        size_t width = separator(second, end, decimal);
        if (!groups_parse(&at, end, decimal, &value))
            return false;
        digits += (size_t)(at - second) / (width + 3) * 3;
    }
    if (at < end) {
        const char *point = at++;
        for (; at < end && is_digit(*at, &digit); at++)
            value = value * 10 + digit;
        after = (size_t)(at - point) - 1;
        if (at < end || after == 0)
            return false;
        digits += after;
    }
    if (digits < 1 || digits > MOST_DIGITS)
        return false;
    *num = is_minus ? -(int64_t)value : (int64_t)value;
    *places = (int)after;
    return true;
}

bool decimal_to_minor(int64_t num, int places, int digits, int64_t *minor)
{
    if (places == digits) {
        *minor = num;
        return digits >= 0;
    }
    if (places < 0 || digits < 0 || places > MOST_DIGITS || digits > MOST_DIGITS)
        return false;
    if (places < digits)
        return !__builtin_mul_overflow(num, ten_to[digits - places], minor);
    int64_t unit = ten_to[places - digits];
    *minor = num / unit;
    return num % unit == 0;
}

void buf_minor(struct buf *b, int64_t minor, int digits)
{
    assert(digits <= MOST_DIGITS);
    char text[32], *at = text + sizeof text;
    uint64_t rest = minor < 0 ? -(uint64_t)minor : (uint64_t)minor;
    for (int i = 0; i < digits; i++, rest /= 10)
        *--at = (char)('0' + rest % 10);
    if (digits > 0)
        *--at = '.';
    do
        *--at = (char)('0' + rest % 10);
    while (rest /= 10);
    if (minor < 0)
        *--at = '-';
    buf_put(b, at, (size_t)(text + sizeof text - at));
}

/* ---- rates ---------------------------------------------------------------------------------- */

/* num * 10000 / den */
static bool wide_bp(wide num, wide den, int64_t *bp)
{
    if (den == 0)
        return false;
    if (den < 0) {
        num = -num;
        den = -den;
    }
    wide twice = num * 20000 + (num < 0 ? -den : den);  /* below 2^81: halves go away from zero */
    wide answer = twice / (2 * den);
    if (answer < INT64_MIN || answer > INT64_MAX)
        return false;
    *bp = (int64_t)answer;
    return true;
}

bool rate_bp(int64_t num, int64_t den, int64_t *bp)
{
    return wide_bp(num, den, bp);
}

bool change_bp(int64_t before, int64_t now, int64_t *bp)
{
    return wide_bp((wide)now - before, before < 0 ? -(wide)before : before, bp);
}

int64_t divide_round(int64_t num, int64_t den)
{
    assert(den != 0);
    bool is_minus = (num < 0) != (den < 0);
    uint64_t n = num < 0 ? -(uint64_t)num : (uint64_t)num;
    uint64_t d = den < 0 ? -(uint64_t)den : (uint64_t)den;
    uint64_t whole = n / d, rest = n % d;
    whole += rest >= d - rest;
    if (is_minus)
        return (int64_t)-whole;
    return whole > INT64_MAX ? INT64_MAX : (int64_t)whole;      /* INT64_MIN / -1 */
}

/* ---- days ----------------------------------------------------------------------------------- */

/*
 * Years are counted from March here, so that the leap day is the last of its year and months 0..11
 * begin on day (153 * month + 2) / 5.  400 years always have the same number of days.
 */
enum { DAYS_OF_400_YEARS = 146097, FROM_MARCH_OF_YEAR_0 = 719468 };

int32_t day_of(int year, unsigned month, unsigned day)
{
    assert(month >= 1 && month <= 12);
    int64_t y = (int64_t)year - (month < 3);
    int64_t cycle = (y >= 0 ? y : y - 399) / 400;
    unsigned of_cycle = (unsigned)(y - cycle * 400);
    unsigned of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    unsigned days = of_cycle * 365 + of_cycle / 4 - of_cycle / 100 + of_year;
    return (int32_t)(cycle * DAYS_OF_400_YEARS + days - FROM_MARCH_OF_YEAR_0);
}

void day_parts(int32_t day, int *year, unsigned *month, unsigned *day_of_month)
{
    int64_t days = (int64_t)day + FROM_MARCH_OF_YEAR_0;
    int64_t cycle = (days >= 0 ? days : days - (DAYS_OF_400_YEARS - 1)) / DAYS_OF_400_YEARS;
    unsigned rest = (unsigned)(days - cycle * DAYS_OF_400_YEARS);
    unsigned of_cycle = (rest - rest / 1460 + rest / 36524 - rest / 146096) / 365;
    unsigned of_year = rest - (of_cycle * 365 + of_cycle / 4 - of_cycle / 100);
    unsigned from_march = (5 * of_year + 2) / 153;
    *day_of_month = of_year - (153 * from_march + 2) / 5 + 1;
    *month = (from_march + 2) % 12 + 1;
    *year = (int)(cycle * 400 + of_cycle + (from_march >= 10));
}

bool day_is_valid(int year, unsigned month, unsigned day)
{
    static const unsigned char days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1)
        return false;
    bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return day <= days[month - 1] + (unsigned)(month == 2 && is_leap);
}

unsigned day_weekday(int32_t day)
{
    int rest = (day % 7 + 7 + 3) % 7;                   /* 1970-01-01 was a Thursday */
    return (unsigned)rest + 1;
}

/* ---- days and instants as text -------------------------------------------------------------- */

/* Never reads behind a zero byte, which is no digit. */
static inline bool two_digits(const char *at, unsigned *n)
{
    unsigned tens, ones;
    if (!is_digit(at[0], &tens) || !is_digit(at[1], &ones))
        return false;
    *n = tens * 10 + ones;
    return true;
}

static inline bool date_parse(const char *at, int32_t *day)
{
    unsigned century, years, month, of_month;
    if (!two_digits(at, &century) || !two_digits(at + 2, &years) || at[4] != '-' ||
        !two_digits(at + 5, &month) || at[7] != '-' || !two_digits(at + 8, &of_month))
        return false;
    int year = (int)(century * 100 + years);
    if (!day_is_valid(year, month, of_month))
        return false;
    *day = day_of(year, month, of_month);
    return true;
}

bool day_parse(const char *text, int32_t *day)
{
    int32_t found;
    if (!date_parse(text, &found) || text[10])
        return false;
    *day = found;
    return true;
}

bool instant_parse(const char *text, int64_t *instant_s)
{
    int32_t day;
    unsigned hour, minute, second;
    if (!date_parse(text, &day) || text[10] != 'T' || !two_digits(text + 11, &hour) ||
        text[13] != ':' || !two_digits(text + 14, &minute) || text[16] != ':' ||
        !two_digits(text + 17, &second) || hour > 23 || minute > 59 || second > 59)
        return false;
    int64_t wall = (int64_t)day * 86400 + hour * 3600 + minute * 60 + second;
    const char *at = text + 19;
    if (*at == 'Z' && !at[1]) {
        *instant_s = wall;
        return true;
    }
    if ((*at != '+' && *at != '-') || !two_digits(at + 1, &hour) || at[3] != ':' ||
        !two_digits(at + 4, &minute) || at[6] || hour > 23 || minute > 59)
        return false;
    int64_t east = hour * 3600 + minute * 60;
    *instant_s = *at == '+' ? wall - east : wall + east;
    return true;
}

static char *put_digits(char *at, unsigned n, int width)
{
    for (int i = width; i-- > 0; n /= 10)
        at[i] = (char)('0' + n % 10);
    return at + width;
}

void buf_day(struct buf *b, int32_t day)
{
    int year;
    unsigned month, of_month;
    day_parts(day, &year, &month, &of_month);
    char text[16], *at = text;
    if (year >= 0 && year <= 9999)
        at = put_digits(at, (unsigned)year, 4);
    else
        buf_int(b, year);
    *at++ = '-';
    at = put_digits(at, month, 2);
    *at++ = '-';
    at = put_digits(at, of_month, 2);
    buf_put(b, text, (size_t)(at - text));
}

void buf_instant(struct buf *b, int64_t instant_s)
{
    int64_t day = instant_s / 86400 - (instant_s % 86400 < 0);
    unsigned second = (unsigned)(instant_s - day * 86400);
    buf_day(b, day < INT32_MIN ? INT32_MIN : day > INT32_MAX ? INT32_MAX : (int32_t)day);
    char text[16], *at = text;
    *at++ = 'T';
    at = put_digits(at, second / 3600, 2);
    *at++ = ':';
    at = put_digits(at, second / 60 % 60, 2);
    *at++ = ':';
    at = put_digits(at, second % 60, 2);
    *at++ = 'Z';
    buf_put(b, text, (size_t)(at - text));
}
