/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check_bank.c: numbers of bank accounts and cards.  See check_bank.h.
 */
#include "check_bank.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "place.h"

#define DIGITS "0123456789"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

#define wrong(err, ...) err_set((err), ERR_INPUT, __VA_ARGS__)

/* Letters and digits in upper case, without what stands between them; false for anything else or too much. */
static bool squeeze(const char *text, const char *between, char is[CHECK_BYTES])
{
    size_t n = 0;
    for (; *text; text++) {
        char c = *text >= 'a' && *text <= 'z' ? (char)(*text - 'a' + 'A') : *text;
        if (strchr(between, c))
            continue;
        if (!strchr(LETTERS DIGITS, c) || n + 1 == CHECK_BYTES)
            return false;
        is[n++] = c;
    }
    is[n] = '\0';
    return true;
}

static bool is_all(const char *text, size_t n, const char *of)
{
    return strspn(text, of) >= n;
}

/* ---- IBAN, BIC --------------------------------------------------------------------------------- */

/* Country and length, as the IBAN registry of SWIFT (ISO 13616-2) lists them. */
static const char iban_lengths[] =
    "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29"
    " ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20"
    " LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29"
    " PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20"
    " YE30 ";

static size_t iban_length(const char *country)
{
    for (const char *at = iban_lengths; *at; at += 5)
        if (at[0] == country[0] && at[1] == country[1])
            return (size_t)((at[2] - '0') * 10 + at[3] - '0');
    return 0;
}

/* ISO 7064 MOD 97-10 of all letters (A is 10) and digits, beginning behind the first four. */
static unsigned iban_rest(const char *iban)
{
    size_t n = strlen(iban);
    unsigned rest = 0;
    for (size_t i = 0; i < n; i++) {
        char c = iban[(i + 4) % n];
        rest = (c >= 'A' ? rest * 100 + (unsigned)(c - 'A' + 10) : rest * 10 + (unsigned)(c - '0')) % 97;
    }
    return rest;
}

int check_iban(const char *text, char is[CHECK_BYTES], struct err *err)
{
    static const char like[] = "DE68 2105 0170 0012 3456 78";
    if (!squeeze(text, " -.", is) || strlen(is) < 5 || !is_all(is, 2, LETTERS) || !is_all(is + 2, 2, DIGITS))
        return wrong(err, "An IBAN is two letters of a country, two digits and the account: write it like %s.", like);
    size_t length = iban_length(is), n = strlen(is);
    if (!length)
        return wrong(err, "No IBAN begins with %.2s: write it like %s.", is, like);
    if (n != length)
        return wrong(err, "An IBAN of %.2s has %zu letters and digits, this one has %zu.", is, length, n);
    unsigned said = (unsigned)(is[2] - '0') * 10 + (unsigned)(is[3] - '0');
    if (iban_rest(is) != 1 || said < 2 || said > 98)     /* 98 less a rest of 0 to 96 */
        return wrong(err, "The check digits of this IBAN do not fit: compare it with the bank's, digit by digit.");
    return 0;
}

void buf_iban(struct buf *out, const char *iban)
{
    for (size_t i = 0; iban[i]; i++) {
        if (i && i % 4 == 0)
            buf_char(out, ' ');
        buf_char(out, iban[i]);
    }
}

/* Countries of ISO 3166-1, with XK, which banks use. */
int check_bic(const char *text, char is[CHECK_BYTES], struct err *err)
{
    bool fits = squeeze(text, " ", is) && (strlen(is) == 8 || strlen(is) == 11);
    char country[3] = "";
    if (fits)
        memcpy(country, is + 4, 2);
    if (!fits || !is_all(country, 2, LETTERS))
        return wrong(err, "A BIC has 8 or 11 letters and digits, the fifth and sixth of them a country: write it like"
                     " ABCDDEFFXXX.");
    if (!place_is_country(country) && !text_is(country, "XK"))
        return wrong(err, "The fifth and sixth letter of a BIC are a country, and %s is none: write it like ABCDDEFFXXX.",
                     country);
    return 0;
}

/* ---- accounts of one country ------------------------------------------------------------------- */

/* Words of a text, without what stands within them; how many there are, at most `most` + 1. */
static size_t words(const char *text, const char *within, char word[][CHECK_BYTES], size_t most)
{
    size_t n = 0;
    for (;;) {
        text += strspn(text, " /\t");
        size_t length = strcspn(text, " /\t"), k = 0;
        if (!length)
            return n;
        if (n == most)
            return n + 1;
        for (size_t i = 0; i < length && k + 1 < CHECK_BYTES; i++)
            if (!strchr(within, text[i]))
                word[n][k++] = text[i];
        word[n++][k] = '\0';
        text += length;
    }
}

static bool is_number(const char *text, size_t least, size_t most)
{
    size_t n = strlen(text);
    return n >= least && n <= most && is_all(text, n, DIGITS);
}

/* The policy of the American Bankers Association: weights 3, 7, 1 give a sum that 10 divides; the first two
   digits are a Federal Reserve district, a thrift (20 more), an electronic number (60 more), or 80. */
static bool is_routing(const char *at)
{
    unsigned sum = 0, first = (unsigned)(at[0] - '0') * 10 + (unsigned)(at[1] - '0');
    for (size_t i = 0; i < 9; i++)
        sum += (unsigned)(at[i] - '0') * (i % 3 == 0 ? 3 : i % 3 == 1 ? 7 : 1);
    return sum % 10 == 0
           && ((first >= 1 && first <= 12) || (first >= 21 && first <= 32) || (first >= 61 && first <= 72) || first == 80);
}

int check_bank_us(const char *text, char is[CHECK_BYTES], struct err *err)
{
    char word[2][CHECK_BYTES];
    if (words(text, "-", word, 2) != 2 || !is_number(word[0], 9, 9) || !is_number(word[1], 4, 17))
        return wrong(err, "A bank account of the United States is a routing number of 9 digits, a space and an account of"
                     " 4 to 17 digits: write it like 123456780 1234567890.");
    if (!is_routing(word[0]))
        return wrong(err, "The check digit of this routing number does not fit: compare it with the bank's, digit by"
                     " digit.");
    snprintf(is, CHECK_BYTES, "%s %s", word[0], word[1]);
    return 0;
}

int check_bank_uk(const char *text, char is[CHECK_BYTES], struct err *err)
{
    char word[4][CHECK_BYTES], sort[CHECK_BYTES] = "";
    size_t n = words(text, "-", word, 4);
    for (size_t i = 0; n <= 4 && i + 1 < n && strlen(word[i]) <= 6; i++)    /* 12-34-56, 12 34 56 and 123456 */
        if (strlen(sort) + strlen(word[i]) <= 6)
            strcat(sort, word[i]);
    if (n < 2 || n > 4 || !is_number(sort, 6, 6) || !is_number(word[n - 1], 8, 8)
        || (n == 3) || (n == 4 && (strlen(word[0]) != 2 || strlen(word[1]) != 2)))
        return wrong(err, "A bank account of the United Kingdom is a sort code of 6 digits, a space and an account of 8"
                     " digits, with zeros in front of a shorter one: write it like 12-34-56 12345678.");
    snprintf(is, CHECK_BYTES, "%s %s", sort, word[n - 1]);
    return 0;
}

/* What a transfer file of the Zengin system calls the types 1, 2 and 4. */
static const char *const jp_types[][3] = {
    { "ordinary", "1", "普通" }, { "current", "2", "当座" }, { "savings", "4", "貯蓄" },
};

int check_bank_jp(const char *text, char is[CHECK_BYTES], struct err *err)
{
    char word[4][CHECK_BYTES];
    const char *type = NULL;
    size_t n = words(text, "", word, 4);
    if (n == 3 && strlen(word[0]) == 8 && word[0][4] == '-') {              /* 1234-123 ordinary 1234567 */
        memmove(word[3], word[2], CHECK_BYTES);
        memmove(word[2], word[1], CHECK_BYTES);
        strcpy(word[1], word[0] + 5);
        word[0][4] = '\0';
        n = 4;
    }
    for (size_t i = 0; n == 4 && i < COUNT_OF(jp_types); i++)
        for (size_t k = 0; k < COUNT_OF(jp_types[i]); k++)
            if (strcasecmp(word[2], jp_types[i][k]) == 0)
                type = jp_types[i][0];
    if (!type || !is_number(word[0], 4, 4) || !is_number(word[1], 3, 3) || !is_number(word[3], 1, 7))
        return wrong(err, "A bank account of Japan is a bank of 4 digits, a branch of 3, ordinary, current or savings, and a"
                     " number of at most 7 digits: write it like 1234-123 ordinary 1234567.");
    snprintf(is, CHECK_BYTES, "%.4s-%.3s %s %07d", word[0], word[1], type, atoi(word[3]));
    return 0;
}

int check_card_tail(const char *text, char is[CHECK_BYTES], struct err *err)
{
    if (!squeeze(text, " -*.", is) || !is_number(is, 1, CHECK_BYTES) || strlen(is) < 4) {
        memset(is, 0, CHECK_BYTES);
        return wrong(err, "These are not the last four digits of a card: write them like 1234.");
    }
    if (strlen(is) > 4) {
        memset(is, 0, CHECK_BYTES);                     /* it goes no further */
        return wrong(err, "Write only the last four digits of the card: its whole number is never kept.");
    }
    return 0;
}
