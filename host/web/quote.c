/* SPDX-License-Identifier: Apache-2.0 */
/*
 * quote.c: figures of the policy files in articles.
 *
 * in:     a text with {{keys}}, policies, the account's markets
 * out:    the text with what those lines say, and the keys
 * knows:  policies, messages.  Has never heard of articles as files or rows.
 */
#include "quote.h"

#include <string.h>

#include "data/market.h"

enum { KEY_BYTES = 60, DIFFERENT = 32 };

static const char market_without_data[] = "US";

struct said {                                           /* one value, and the marketplaces that it is of */
    const char *text;
    struct buf markets;
};

static void put_message(struct buf *out, const struct quoting *by, const char *key, const struct text_arg *arg, size_t n)
{
    const struct reader who = { .language = by->language, .zone = "UTC" };
    const char *pattern = catalogue_find(by->texts, by->language, key);
    if (pattern)
        text_message(out, &who, pattern, arg, n);
    else
        buf_text(out, key);
}

/* Up to two days in hours, as such windows are spoken of. */
static void put_value(struct buf *out, const struct quoting *by, const struct policy_line *line)
{
    if (line->type == POLICY_TEXT) {                    /* a list of numbers */
        for (const char *at = line->text; *at; at++)
            buf_text(out, *at == ' ' ? ", " : (const char[]){ *at, '\0' });
        return;
    }
    if (line->type != POLICY_SECONDS) {
        buf_text(out, line->text);
        return;
    }
    bool in_days = line->number % 86400 == 0 && line->number > 2 * 86400;
    const struct text_arg n = { "n", NULL, in_days ? line->number / 86400 : line->number / 3600 };
    put_message(out, by, in_days ? "quote.days" : "quote.hours", &n, 1);
}

static void put_line(struct buf *out, const struct quoting *by, const char *key)
{
    struct arena *tmp = arena_new("quote", 4096);
    struct said said[DIFFERENT] = { { NULL, { 0 } } };
    size_t n = 0, n_markets = by->n_markets ? by->n_markets : 1;
    for (size_t i = 0; i < n_markets; i++) {
        const struct market *m = by->n_markets ? market_by_id(by->markets[i]) : market_find(market_without_data);
        struct policy_line line;
        struct err none = { 0 };
        struct buf word = { 0 };
        size_t k = 0;
        if (!m || policy_get(by->policies, tmp, m->code, key, by->day, &line, &none) < 0)
            continue;
        put_value(&word, by, &line);
        while (k < n && !text_is(said[k].text, buf_str(&word)))
            k++;
        if (k < DIFFERENT) {
            n += k == n;
            said[k].text = arena_text(tmp, buf_str(&word));
            buf_printf(&said[k].markets, "%s%s", said[k].markets.len ? ", " : "", m->name);
        }
        buf_free(&word);
    }
    if (!n)
        put_message(out, by, "quote.untold", NULL, 0);
    for (size_t k = 0; k < n; k++) {
        const struct text_arg arg[] = { { "value", said[k].text, 0 }, { "markets", buf_str(&said[k].markets), 0 } };
        if (k) {
            buf_char(out, ' ');
            put_message(out, by, "quote.or", NULL, 0);
            buf_char(out, ' ');
        }
        if (n == 1)
            buf_text(out, said[k].text);
        else
            put_message(out, by, "quote.of", arg, COUNT_OF(arg));
        buf_free(&said[k].markets);
    }
    if (n == 1)
        buf_free(&said[0].markets);
    arena_free(tmp);
}

static void note_key(struct buf *keys, const char *key)
{
    size_t n = strlen(key);
    const char *all = buf_str(keys);
    for (const char *at = all; (at = strstr(at, key)); at += n)
        if ((at == all || at[-1] == ' ') && (!at[n] || at[n] == ' '))
            return;
    if (keys->len)
        buf_char(keys, ' ');
    buf_text(keys, key);
}

void quote_lines(struct buf *out, struct buf *keys, const struct quoting *by, const char *text)
{
    for (const char *open; (open = strstr(text, "{{")); ) {
        char key[KEY_BYTES + 1];
        size_t n = strspn(open + 2, "abcdefghijklmnopqrstuvwxyz_.");
        bool is_key = n && n <= KEY_BYTES && text_starts(open + 2 + n, "}}");
        buf_put(out, text, (size_t)(open - text) + (is_key ? 0 : 2));
        text = open + 2;
        if (!is_key)
            continue;
        memcpy(key, open + 2, n);
        key[n] = '\0';
        put_line(out, by, key);
        note_key(keys, key);
        text += n + 2;
    }
    buf_text(out, text);
}
