/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json_number.c: see json_number.h.
 */
#include "json_number.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/value.h"

enum { DIGITS_MOST = 48 };

/* A number as 0.DIGITS * 10^exponent, without zeros at either end; 0 has no digits. */
struct digits {
    char at[DIGITS_MOST];
    size_t n;
    long exponent;
    bool is_negative;
};

/* From "-12.50e3"; false when it has more digits than fit. */
static bool digits_of(const char *text, struct digits *d)
{
    long before = 0;
    bool is_behind = false;
    *d = (struct digits){ .is_negative = *text == '-' };
    for (text += *text == '-' || *text == '+'; (*text >= '0' && *text <= '9') || *text == '.'; text++) {
        if (*text == '.') {
            is_behind = true;
            continue;
        }
        if (d->n || *text != '0') {
            if (d->n == sizeof d->at)
                return false;
            d->at[d->n++] = *text;
            before += !is_behind;
        } else {
            before -= is_behind;                        /* 0.00x */
        }
    }
    d->exponent = before + (*text == 'e' || *text == 'E' ? strtol(text + 1, NULL, 10) : 0);
    while (d->n && d->at[d->n - 1] == '0')
        d->n--;
    if (!d->n)
        d->exponent = 0;
    return true;
}

static void shortest(double number, char text[32])
{
    for (int places = 14; places <= 16; places++) {
        snprintf(text, 32, "%.*e", places, number);
        if (strtod(text, NULL) == number)
            return;
    }
}

/* Few decimals and digits, as most numbers of reports have: the quotient is the double, or it is not. */
static bool put_short(struct buf *out, double number)
{
    static const double power[] = { 1, 10, 100, 1e3, 1e4, 1e5, 1e6 };
    for (int places = 0; places < (int)COUNT_OF(power) && number * power[places] < 1e15
         && number * power[places] > -1e15; places++) {
        double whole = number * power[places];
        int64_t nearest = (int64_t)(whole < 0 ? whole - 0.5 : whole + 0.5);
        if ((double)nearest / power[places] == number) {
            buf_minor(out, nearest, places);
            return true;
        }
    }
    return false;
}

void json_number(struct buf *out, double number)
{
    char text[32];
    struct digits d;
    if (put_short(out, number))
        return;
    shortest(number, text);
    digits_of(text, &d);
    if (d.exponent > DIGITS_MOST || d.exponent < -DIGITS_MOST) {
        buf_text(out, text);
        return;
    }
    if (d.is_negative && d.n)
        buf_char(out, '-');
    if (d.exponent <= 0)
        buf_char(out, '0');
    for (long i = 0; i < d.exponent; i++)
        buf_char(out, (size_t)i < d.n ? d.at[i] : '0');
    if ((long)d.n <= d.exponent)
        return;
    buf_char(out, '.');
    for (long i = d.exponent; i < 0; i++)
        buf_char(out, '0');
    for (long i = d.exponent > 0 ? d.exponent : 0; (size_t)i < d.n; i++)
        buf_char(out, d.at[i]);
}

bool json_number_is_exact(const char *text)
{
    char again[32];
    struct digits written, read;
    if (strlen(text) <= 15 && !strpbrk(text, "eE"))
        return true;                                    /* every decimal of 15 digits has a double of its own */
    if (!digits_of(text, &written))
        return false;
    shortest(strtod(text, NULL), again);
    return digits_of(again, &read) && written.n == read.n && written.exponent == read.exponent
        && memcmp(written.at, read.at, read.n) == 0;
}
