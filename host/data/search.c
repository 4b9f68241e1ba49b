/* SPDX-License-Identifier: Apache-2.0 */
/*
 * search.c: full text over listings, and orders by the beginning of their number.
 *
 * knows:  db.  The full-text table is kept by the store.
 */
#include "search.h"

#include <string.h>

#include "base/value.h"

enum { TRIGRAM = 3, MOST = 100 };

static const char sql_text[] =
    "SELECT k.sku, coalesce(k.title, '')"
    " FROM listing_text t JOIN sku k ON k.no = t.rowid"
    " WHERE listing_text MATCH :words"
    " ORDER BY k.sku"
    " LIMIT :most";

/* Words under three characters make no trigram. */
static const char sql_prefix[] =
    "SELECT k.sku, coalesce(k.title, '')"
    " FROM sku k"
    " WHERE k.sku >= :from AND k.sku < :to"
    " ORDER BY k.sku"
    " LIMIT :most";

static const char sql_orders[] =
    "SELECT o.order_id, s.name"
    " FROM orders o JOIN status s ON s.no = o.status_no"
    " WHERE o.order_id >= :from AND o.order_id < :to"
    " ORDER BY o.order_id"
    " LIMIT :most";

/* Each word as a quoted phrase, so that nothing in it is syntax; all of them must be there. */
static bool phrases(struct buf *out, const char *words)
{
    bool all_long = true;
    for (const char *at = words; *at; ) {
        size_t n = strcspn(at, " \t\r\n"), characters = 0;
        for (size_t i = 0; i < n; i++)
            characters += ((unsigned char)at[i] & 0xC0) != 0x80;
        if (n) {
            all_long &= characters >= TRIGRAM;
            buf_text(out, out->len ? " \"" : "\"");
            for (size_t i = 0; i < n; i++) {
                if (at[i] == '"')
                    buf_char(out, '"');
                buf_char(out, at[i]);
            }
            buf_char(out, '"');
        }
        at += n;
        at += strspn(at, " \t\r\n");
    }
    return all_long && out->len;
}

int search_find(struct db *db, struct arena *a, const char *kind, const char *words, uint32_t limit,
                struct search_hit **hits, size_t *n, struct err *err)
{
    bool is_listing = text_is(kind, "listing");
    struct buf match = { 0 };
    int rc = 0;
    *n = 0;
    *hits = NULL;
    if (!is_listing && !text_is(kind, "order"))
        return err_set(err, ERR_INPUT, "Nothing of the kind '%.40s' can be searched; there are listing and order.", kind);
    words += strspn(words, " \t\r\n");
    if (!*words)
        return 0;
    if (!limit || limit > MOST)
        limit = MOST;
    bool by_text = is_listing && phrases(&match, words);
    struct stmt *s = stmt_of(db, by_text ? sql_text : is_listing ? sql_prefix : sql_orders, err);
    struct search_hit *hit = arena_alloc(a, limit * sizeof *hit);
    if (s) {
        int at = 1;
        if (by_text) {
            bind_text(s, at++, buf_str(&match));
        } else {
            bind_text(s, at++, words);
            bind_text(s, at++, arena_printf(a, "%s\xF4\x8F\xBF\xBF", words));   /* sorts behind all that begins so */
        }
        bind_int(s, at, limit);
        while ((rc = stmt_step(db, s, err)) > 0)
            hit[(*n)++] = (struct search_hit){
                arena_text(a, kind), arena_printf(a, "%s:%s", is_listing ? "sku" : "order", stmt_text(s, 0)),
                arena_text(a, stmt_text(s, 1)),
            };
    }
    buf_free(&match);
    *hits = hit;
    return s ? rc : -err->code;
}
