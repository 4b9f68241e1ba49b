/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mask.c: card numbers out of texts that people write.
 *
 * in:     UTF-8 text
 * out:    the same without card numbers
 * knows:  how card numbers are made, and what else is made of as many digits
 *
 * A run is all digits that only blanks and dashes part; its groups are the digits between them.  A card is
 *   - the whole run, or
 *   - within a longer run, one group alone or groups shaped as cards are printed (4-4-4-4, 4-4-4-4-3, 4-6-5, 4-6-4),
 * if its first digits, their number and the check digit are those of a card.  What is left alone:
 *   - an order number, 3-7-7: no card begins or ends inside of it;
 *   - a parcel number: 20 to 22 digits that begin with 91 to 95 or 7 (USPS), the digits behind "1Z" (UPS), and
 *     any group of more than 19 digits;
 *   - a phone number: up to 15 digits behind a plus;
 *   - thirteen digits in one group that are right as a product number (EAN): cards of thirteen digits are
 *     not issued any more, and one product number in ten would pass for one.
 */
#include "mask.h"

#include <string.h>
#include <strings.h>

enum {
    CARD_MIN = 13, CARD_MAX = 19, CARD_GROUPS = 5,
    GROUPS_MAX = 64, GAP_MAX = 3,
    PARCEL_MIN = 20, PARCEL_MAX = 22, UPS_DIGITS = 16, PHONE_MAX = 15
};

struct group {
    const char *at, *end;                               /* in the text */
    size_t n;                                           /* digits */
};

struct run {
    struct group group[GROUPS_MAX];
    size_t n;
    const char *end;
};

/* ---- reading --------------------------------------------------------------------------------- */

/* Bytes of the digit at `at`, ASCII or full width; 0: none is there. */
static size_t digit_at(const char *at, const char *end, int *digit)
{
    if (at < end && *at >= '0' && *at <= '9') {
        *digit = *at - '0';
        return 1;
    }
    if (end - at >= 3 && at[0] == '\xEF' && at[1] == '\xBC' && at[2] >= '\x90' && at[2] <= '\x99') {
        *digit = at[2] - '\x90';
        return 3;
    }
    return 0;
}

/* A blank or a dash: bytes of it, or 0. */
static size_t gap_at(const char *at, const char *end)
{
    static const char *const gaps[] = {
        " ", "-", "\u00A0", "\u2007", "\u2009", "\u202F", "\u3000",
        "\u00AD", "\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2212", "\uFF0D",
    };
    for (size_t i = 0; i < COUNT_OF(gaps); i++) {
        size_t n = strlen(gaps[i]);
        if ((size_t)(end - at) >= n && memcmp(at, gaps[i], n) == 0)
            return n;
    }
    return 0;
}

/* From the first digit on, as many groups as there is room for. */
static void run_read(struct run *r, const char *at, const char *end)
{
    r->n = 0;
    while (r->n < GROUPS_MAX) {
        struct group *g = &r->group[r->n];
        size_t bytes;
        int digit, gaps = 0;
        *g = (struct group){ .at = at };
        for (; (bytes = digit_at(at, end, &digit)); at += bytes)
            g->n++;
        g->end = r->end = at;
        if (!g->n)
            return;
        r->n++;
        for (; gaps < GAP_MAX && (bytes = gap_at(at, end)); at += bytes)
            gaps++;
        if (!gaps || !digit_at(at, end, &digit))
            return;
    }
}

/* ---- what is a card -------------------------------------------------------------------------- */

/* First digits from..to (as many as written) with n_min..n_max digits in all. */
static const struct { int from, to; size_t n_min, n_max; } cards[] = {
    { 4, 4, 13, 13 },       { 4, 4, 16, 16 },       { 4, 4, 19, 19 },       /* Visa */
    { 51, 55, 16, 16 },     { 2221, 2720, 16, 16 },                         /* Mastercard */
    { 34, 34, 15, 15 },     { 37, 37, 15, 15 },                             /* American Express */
    { 300, 305, 14, 14 },   { 3095, 3095, 14, 14 }, { 36, 36, 14, 14 },     /* Diners Club */
    { 38, 39, 14, 14 },     { 36, 36, 16, 16 },
    { 6011, 6011, 16, 19 }, { 644, 649, 16, 19 },   { 65, 65, 16, 19 },     /* Discover, RuPay */
    { 60, 60, 16, 16 },     { 81, 82, 16, 19 },     { 508, 508, 16, 16 },
    { 3528, 3589, 16, 19 },                                                 /* JCB */
    { 62, 62, 16, 19 },                                                     /* UnionPay */
    { 2200, 2205, 16, 19 },                                                 /* Mir */
    { 5018, 5018, 13, 19 }, { 5020, 5020, 13, 19 }, { 5038, 5038, 13, 19 }, /* Maestro */
    { 5893, 5893, 13, 19 }, { 6304, 6304, 13, 19 }, { 6759, 6763, 13, 19 },
    { 506099, 506198, 16, 19 }, { 650002, 650027, 16, 19 },                 /* Verve */
    { 9792, 9792, 16, 16 },                                                 /* Troy */
};

static bool is_prefix(const int *digit, size_t n)
{
    for (size_t i = 0; i < COUNT_OF(cards); i++) {
        int first = 0, at = 0;
        if (n < cards[i].n_min || n > cards[i].n_max)
            continue;
        for (int scale = 1; scale <= cards[i].from; scale *= 10)
            first = first * 10 + digit[at++];
        if (first >= cards[i].from && first <= cards[i].to)
            return true;
    }
    return false;
}

static bool is_luhn(const int *digit, size_t n)
{
    int sum = 0;
    for (size_t i = 0; i < n; i++) {
        int d = digit[n - 1 - i];
        if (i % 2)
            d = d > 4 ? 2 * d - 9 : 2 * d;
        sum += d;
    }
    return sum % 10 == 0;
}

static bool is_product(const int *digit, size_t n)
{
    int sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += digit[i] * (i % 2 ? 3 : 1);
    return n == 13 && sum % 10 == 0;
}

static bool is_card(const struct group *g, size_t n, char tail[5])
{
    int digit[CARD_MAX];
    size_t count = 0, bytes;
    for (size_t i = 0; i < n; i++) {
        if (count + g[i].n > CARD_MAX)
            return false;
        for (const char *at = g[i].at; at < g[i].end; at += bytes)
            bytes = digit_at(at, g[i].end, &digit[count++]);
    }
    if (count < CARD_MIN || !is_prefix(digit, count) || !is_luhn(digit, count))
        return false;
    if (n == 1 && is_product(digit, count))
        return false;
    for (size_t i = 0; i < 4; i++)
        tail[i] = (char)('0' + digit[count - 4 + i]);
    tail[4] = '\0';
    return true;
}

/* ---- where it may be ------------------------------------------------------------------------- */

static bool is_order(const struct run *r, size_t i)
{
    const struct group *g = &r->group[i];
    return i + 3 <= r->n && g[0].n == 3 && g[1].n == 7 && g[2].n == 7;
}

static bool is_shape(const struct group *g, size_t n)
{
    static const struct { size_t n, digits[5]; } shapes[] = {
        { 4, { 4, 4, 4, 4, 0 } }, { 5, { 4, 4, 4, 4, 3 } }, { 3, { 4, 6, 5, 0, 0 } }, { 3, { 4, 6, 4, 0, 0 } },
    };
    for (size_t i = 0; i < COUNT_OF(shapes); i++) {
        size_t same = 0;
        while (same < n && n == shapes[i].n && g[same].n == shapes[i].digits[same])
            same++;
        if (same == n)
            return true;
    }
    return n == 1;
}

static bool is_behind(const char *text, const char *at, const char *word)
{
    size_t n = strlen(word);
    return (size_t)(at - text) >= n && strncasecmp(at - n, word, n) == 0;
}

/* Groups first.. that together have up to n_max digits, if those are n_min at least; else none. */
static size_t groups_of(const struct run *r, size_t first, size_t end, size_t n_min, size_t n_max)
{
    size_t n = 0, i = first;
    while (i < end && n + r->group[i].n <= n_max)
        n += r->group[i++].n;
    return n >= n_min ? i - first : 0;
}

/* So many groups from the first one on are the number of a parcel or a phone. */
static size_t other_number(const char *text, const struct run *r, size_t first, size_t end)
{
    const struct group *g = &r->group[first];
    int digit[2] = { 0 };
    digit_at(g->at + digit_at(g->at, g->end, &digit[0]), g->end, &digit[1]);
    if (is_behind(text, g->at, "1Z") || is_behind(text, g->at, "1Z "))
        return groups_of(r, first, end, 1, UPS_DIGITS);
    if (is_behind(text, g->at, "+"))
        return groups_of(r, first, end, 1, PHONE_MAX);
    if (g->n >= 4 && (digit[0] == 7 || (digit[0] == 9 && digit[1] >= 1 && digit[1] <= 5)))
        return groups_of(r, first, end, PARCEL_MIN, PARCEL_MAX);
    return 0;
}

/* Groups i.. of first..end that are a card, as many as possible; 0: none. */
static size_t card_at(const struct run *r, size_t first, size_t i, size_t end, char tail[5])
{
    if (i == first && is_card(&r->group[i], end - i, tail))
        return end - i;
    for (size_t n = end - i < CARD_GROUPS ? end - i : CARD_GROUPS; n; n--)
        if (is_shape(&r->group[i], n) && is_card(&r->group[i], n, tail))
            return n;
    return 0;
}

/* Groups first..end, in which no order number stands; `done` is how far the text has been written. */
static int mask_part(struct buf *out, const char *text, const struct run *r, size_t first, size_t end,
                     const char **done)
{
    int masked = 0;
    char tail[5];
    if (first == end)
        return 0;
    first += other_number(text, r, first, end);
    for (size_t i = first, n; i < end; i += n ? n : 1) {
        n = card_at(r, first, i, end, tail);
        if (!n)
            continue;
        buf_put(out, *done, (size_t)(r->group[i].at - *done));
        buf_printf(out, "[card number removed \u2026%s]", tail);
        *done = r->group[i + n - 1].end;
        masked++;
    }
    return masked;
}

static int mask_run(struct buf *out, const char *text, const struct run *r, const char **done)
{
    int masked = 0;
    size_t first = 0;
    for (size_t i = 0; i < r->n; i++) {
        if (!is_order(r, i))
            continue;
        masked += mask_part(out, text, r, first, i, done);
        first = i + 3;
        i += 2;
    }
    return masked + mask_part(out, text, r, first, r->n, done);
}

/* A card may stand where a very long run was cut: its last groups are read again. */
static const char *run_next(const struct run *r, const char *done)
{
    const char *again = r->n < GROUPS_MAX ? r->end : r->group[GROUPS_MAX - CARD_GROUPS].at;
    return again > done ? again : done;
}

int mask_cards(struct buf *out, const char *at, size_t n)
{
    const char *text = at, *end = at + n, *done = at;
    struct run run;
    int masked = 0, digit;
    while (at < end) {
        if (!digit_at(at, end, &digit)) {
            at++;
            continue;
        }
        run_read(&run, at, end);
        masked += mask_run(out, text, &run, &done);
        at = run_next(&run, done);
    }
    buf_put(out, done, (size_t)(end - done));
    return masked;
}

const char *mask_text(struct arena *a, const char *text, int *masked)
{
    struct buf out = { 0 };
    if (!text)
        return NULL;
    int n = mask_cards(&out, text, strlen(text));
    const char *clean = n ? arena_textn(a, out.at, out.len) : text;
    buf_free(&out);
    if (masked)
        *masked += n;
    return clean;
}
