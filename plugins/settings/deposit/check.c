/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check.c: numbers of bank accounts.  See check.h.
 */
#include "check.h"

#include <string.h>

#define DIGITS "0123456789"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define FAULT(its_key) (struct bank_fault){ .key = (its_key) }

enum { IBAN_MOST = 34, WORD_BYTES = 36 };

static const struct bank_fault fine;

static int is_all(const char *text, size_t n, const char *of)
{
    return strspn(text, of) >= n;
}

/* ---- IBAN -------------------------------------------------------------------------------------------- */

static const char lengths[] =
    "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 "
    "ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 "
    "LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 "
    "PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 "
    "YE30 ";

static unsigned length_of(const char *country)
{
    for (const char *at = lengths; *at; at += 5)
        if (at[0] == country[0] && at[1] == country[1])
            return (unsigned)((at[2] - '0') * 10 + at[3] - '0');
    return 0;
}

/* Letters and digits in upper case, without what stands between them; 0 for anything else or too much. */
static int squeeze(const char *text, char is[IBAN_MOST + 1])
{
    size_t n = 0;
    for (; *text; text++) {
        char c = *text >= 'a' && *text <= 'z' ? (char)(*text - 'a' + 'A') : *text;
        if (strchr(" -.", c))
            continue;
        if (!strchr(LETTERS DIGITS, c) || n == IBAN_MOST)
            return 0;
        is[n++] = c;
    }
    is[n] = '\0';
    return 1;
}

/* The remainder of all letters (A is 10) and digits by 97, beginning behind the first four. */
static unsigned rest_of(const char *iban, size_t n)
{
    unsigned rest = 0;
    for (size_t i = 0; i < n; i++) {
        char c = iban[(i + 4) % n];
        rest = (c >= 'A' ? rest * 100 + (unsigned)(c - 'A' + 10) : rest * 10 + (unsigned)(c - '0')) % 97;
    }
    return rest;
}

static struct bank_fault iban(const char *country, const char *text)
{
    char is[IBAN_MOST + 1];
    if (!squeeze(text, is) || !is_all(is, 2, LETTERS) || !is_all(is + 2, 2, DIGITS) || strlen(is) < 5)
        return FAULT("iban_shape");
    struct bank_fault fault = { .country = { is[0], is[1], '\0' }, .want = length_of(is), .has = (unsigned)strlen(is) };
    unsigned said = (unsigned)(is[2] - '0') * 10 + (unsigned)(is[3] - '0');
    if (!fault.want)
        fault.key = "iban_unknown";
    else if (strcmp(fault.country, country) != 0)
        fault.key = "iban_other";
    else if (fault.has != fault.want)
        fault.key = "iban_length";
    else if (rest_of(is, fault.has) != 1 || said < 2 || said > 98)      /* 98 less a rest of 0 to 96 */
        fault.key = "iban_digits";
    return fault;
}

/* ---- accounts of one country ------------------------------------------------------------------------- */

/* Words of a text, without hyphens where told; how many there are, `most` + 1 for more or for one too long. */
static size_t words(const char *text, int has_hyphens, char word[][WORD_BYTES], size_t most)
{
    size_t n = 0;
    for (;;) {
        text += strspn(text, " /\t");
        size_t length = strcspn(text, " /\t"), k = 0;
        if (!length)
            return n;
        if (n == most || length >= WORD_BYTES)
            return most + 1;
        for (size_t i = 0; i < length; i++)
            if (text[i] != '-' || !has_hyphens)
                word[n][k++] = text[i];
        word[n++][k] = '\0';
        text += length;
    }
}

static int is_number(const char *text, size_t least, size_t most)
{
    size_t n = strlen(text);
    return n >= least && n <= most && is_all(text, n, DIGITS);
}

/*
 * Weights 3, 7, 1 give a sum that 10 divides; the first two digits are a Federal Reserve district, a thrift
 * (20 more), an electronic number (60 more), or 80.
 */
static int is_routing(const char *at)
{
    static const unsigned weight[] = { 3, 7, 1 };
    unsigned sum = 0, first = (unsigned)(at[0] - '0') * 10 + (unsigned)(at[1] - '0');
    for (size_t i = 0; i < 9; i++)
        sum += (unsigned)(at[i] - '0') * weight[i % 3];
    return sum % 10 == 0
           && ((first >= 1 && first <= 12) || (first >= 21 && first <= 32) || (first >= 61 && first <= 72) || first == 80);
}

static struct bank_fault us(const char *text)
{
    char word[2][WORD_BYTES];
    if (words(text, 1, word, 2) != 2 || !is_number(word[0], 9, 9) || !is_number(word[1], 4, 17))
        return FAULT("us_shape");
    return is_routing(word[0]) ? fine : FAULT("us_digits");
}

/* 12-34-56 12345678, 123456 12345678 or 12 34 56 12345678. */
static struct bank_fault uk(const char *text)
{
    char word[4][WORD_BYTES];
    size_t n = words(text, 1, word, 4);
    int is_sort = n == 2 ? is_number(word[0], 6, 6)
                  : n == 4 && is_number(word[0], 2, 2) && is_number(word[1], 2, 2) && is_number(word[2], 2, 2);
    return is_sort && is_number(word[n - 1], 8, 8) ? fine : FAULT("uk_shape");
}

/* Is it the word, which has no capital letters, in whatever letters? */
static int is_like(const char *text, const char *word)
{
    while (*text && (*text >= 'A' && *text <= 'Z' ? *text - 'A' + 'a' : *text) == *word)
        text++, word++;
    return !*text && !*word;
}

/* 1234-123 ordinary 1234567, or the two in front with a blank; a type also as its number in transfer files. */
static struct bank_fault jp(const char *text)
{
    static const char *const types[] = { "ordinary", "1", "普通", "current", "2", "当座", "savings", "4", "貯蓄" };
    char word[4][WORD_BYTES];
    size_t n = words(text, 0, word, 4);
    int is_type = 0, is_branch = n == 3 ? strlen(word[0]) == 8 && is_all(word[0], 4, DIGITS) && word[0][4] == '-'
                                          && is_number(word[0] + 5, 3, 3)
                                 : n == 4 && is_number(word[0], 4, 4) && is_number(word[1], 3, 3);
    for (size_t i = 0; is_branch && i < sizeof types / sizeof *types; i++)
        is_type |= is_like(word[n - 2], types[i]);
    return is_type && is_number(word[n - 1], 7, 7) ? fine : FAULT("jp_shape");
}

struct bank_fault bank_check(const char *kind, const char *country, const char *text)
{
    if (strcmp(kind, "iban") == 0)
        return iban(country, text);
    return strcmp(kind, "us") == 0 ? us(text) : strcmp(kind, "uk") == 0 ? uk(text) : jp(text);
}
