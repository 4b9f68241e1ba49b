/* SPDX-License-Identifier: Apache-2.0 */
/*
 * market.c: the marketplaces Souk knows.
 *
 * in:     an id, a code, a name, or something near one
 * out:    the market's constants
 * knows:  nothing but this table
 *
 * charset is what the marketplace's files were written in before UTF-8; decimal and date_order are
 * those of report files whose numbers and dates follow the account's locale.
 */
#include "market.h"

#include <string.h>
#include <strings.h>

const struct market markets[] = {
    /* id               code  name             currency zone             country charset  decimal date */
    { "ATVPDKIKX0DER",  "US", "Amazon.com",    "USD", "America/Los_Angeles", "US", "windows-1252", '.', 'm' },
    { "A2EUQ1WTGCTBG2", "CA", "Amazon.ca",     "CAD", "America/Los_Angeles", "CA", "windows-1252", '.', 'd' },
    { "A1AM78C64UM0Y8", "MX", "Amazon.com.mx", "MXN", "America/Los_Angeles", "MX", "windows-1252", '.', 'd' },
    { "A2Q3Y263D00KWC", "BR", "Amazon.com.br", "BRL", "America/Sao_Paulo",   "BR", "windows-1252", ',', 'd' },
    { "A1F83G8C2ARO7P", "UK", "Amazon.co.uk",  "GBP", "Europe/London",       "GB", "windows-1252", '.', 'd' },
    { "A1PA6795UKMFR9", "DE", "Amazon.de",     "EUR", "Europe/Berlin",       "DE", "windows-1252", ',', 'd' },
    { "A13V1IB3VIYZZH", "FR", "Amazon.fr",     "EUR", "Europe/Paris",        "FR", "windows-1252", ',', 'd' },
    { "APJ6JRA9NG5V4",  "IT", "Amazon.it",     "EUR", "Europe/Rome",         "IT", "windows-1252", ',', 'd' },
    { "A1RKKUPIHCS9HS", "ES", "Amazon.es",     "EUR", "Europe/Madrid",       "ES", "windows-1252", ',', 'd' },
    { "A1805IZSGTT6HS", "NL", "Amazon.nl",     "EUR", "Europe/Amsterdam",    "NL", "windows-1252", ',', 'd' },
    { "A2NODRKZP88ZB9", "SE", "Amazon.se",     "SEK", "Europe/Stockholm",    "SE", "windows-1252", ',', 'y' },
    { "A1C3SOZRARQ6R3", "PL", "Amazon.pl",     "PLN", "Europe/Warsaw",       "PL", "windows-1252", ',', 'd' },
    { "AMEN7PMS3EDWL",  "BE", "Amazon.com.be", "EUR", "Europe/Brussels",     "BE", "windows-1252", ',', 'd' },
    { "A33AVAJ2PDY3EV", "TR", "Amazon.com.tr", "TRY", "Europe/Istanbul",     "TR", "windows-1252", ',', 'd' },
    { "A2VIGQ35RCS4UG", "AE", "Amazon.ae",     "AED", "Asia/Dubai",          "AE", "windows-1252", '.', 'd' },
    { "A17E79C6D8DWNP", "SA", "Amazon.sa",     "SAR", "Asia/Riyadh",         "SA", "windows-1252", '.', 'd' },
    { "ARBP9OOSHTCHU",  "EG", "Amazon.eg",     "EGP", "Africa/Cairo",        "EG", "windows-1252", '.', 'd' },
    { "A21TJRUUN4KGV",  "IN", "Amazon.in",     "INR", "Asia/Kolkata",        "IN", "windows-1252", '.', 'd' },
    { "A1VC38T7YXB528", "JP", "Amazon.co.jp",  "JPY", "Asia/Tokyo",          "JP", "windows-31j",  '.', 'y' },
    { "A39IBJ37TRP1C6", "AU", "Amazon.com.au", "AUD", "Australia/Sydney",    "AU", "windows-1252", '.', 'd' },
    { "A19VAU5U5O7RUS", "SG", "Amazon.sg",     "SGD", "Asia/Singapore",      "SG", "windows-1252", '.', 'd' },
    { NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, 0 },
};

const struct market *market_by_id(const char *id)
{
    for (const struct market *m = markets; m->id; m++)
        if (strcmp(m->id, id) == 0)
            return m;
    return NULL;
}

const struct market *market_find(const char *word)
{
    for (const struct market *m = markets; m->id; m++)
        if (strcasecmp(m->id, word) == 0 || strcasecmp(m->code, word) == 0 ||
            strcasecmp(m->name, word) == 0 || strcasecmp(m->country, word) == 0)
            return m;
    return NULL;
}

/* Edits that turn one word into the other, ASCII case apart; stops counting at FAR. */
enum { FAR = 3, WORD_BYTES = 16 };

static unsigned distance(const char *a, const char *b)
{
    unsigned row[WORD_BYTES + 1];
    size_t n = strlen(b);
    if (strlen(a) > WORD_BYTES || n > WORD_BYTES)
        return FAR;
    for (unsigned i = 0; i <= n; i++)
        row[i] = i;
    for (; *a; a++) {
        unsigned corner = row[0]++;
        for (size_t i = 0; i < n; i++) {
            unsigned change = corner + (strncasecmp(a, &b[i], 1) != 0);
            unsigned more = (row[i] < row[i + 1] ? row[i] : row[i + 1]) + 1;
            corner = row[i + 1];
            row[i + 1] = change < more ? change : more;
        }
    }
    return row[n];
}

const char *market_like(const char *word)
{
    const char *best = "";
    unsigned least = strlen(word) > 2 ? FAR : 0;        /* two letters are near to too much */
    for (const struct market *m = markets; m->id; m++) {
        const char *names[] = { m->name, m->code, strchr(m->name, '.') + 1 };
        for (size_t i = 0; i < COUNT_OF(names); i++) {
            unsigned d = distance(word, names[i]);
            if (d < least && d < strlen(names[i])) {
                least = d;
                best = i == 1 ? m->code : m->name;
            }
        }
    }
    return best;
}
