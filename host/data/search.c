/* SPDX-License-Identifier: Apache-2.0 */
/*
 * search.c: full text over listings, letters and cases; orders by the beginning of their number.
 *
 * in:     words as somebody typed them
 * out:    references to records that hold all of them
 * knows:  db.  The full-text tables are kept by the store.
 *
 * The full-text tables are made of trigrams: words of three characters or more are found anywhere.  Shorter
 * ones are compared with the beginning of SKU and ASIN, and left out for records of other kinds.
 */
#include "search.h"

#include <string.h>
#include <strings.h>

#include "text_index.h"

enum { TRIGRAM = 3, HITS_MAX = 100, WORDS_MAX = 16 };

struct search;

struct kind {
    const char *name, *ref;                             /* "listing" and "sku:" */
    int (*find)(struct search *q, const struct buf *match);
};

struct word {
    const char *at;
    size_t n;
};

struct search {
    struct db *db;
    struct arena *a;
    struct err *err;
    const struct kind *kind;
    const char *words;                                  /* as they were typed */
    struct word shorts[WORDS_MAX];
    size_t n_shorts, n_long;
    struct search_hit *hit;
    size_t n, limit;
};

/* ---- words ----------------------------------------------------------------------------------- */

static size_t characters(const char *at, size_t n)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += ((unsigned char)at[i] & 0xC0) != 0x80;
    return count;
}

/* As a quoted phrase, so that nothing in it is syntax. */
static void add_phrase(struct buf *match, const char *at, size_t n)
{
    buf_text(match, match->len ? " \"" : "\"");
    for (size_t i = 0; i < n; i++) {
        if (at[i] == '"')
            buf_char(match, '"');
        buf_char(match, at[i]);
    }
    buf_char(match, '"');
}

static void read_words(struct search *q, struct buf *match, const char *words)
{
    static const char blanks[] = " \t\r\n";
    for (const char *at = words + strspn(words, blanks); *at;) {
        size_t n = strcspn(at, blanks);
        if (characters(at, n) >= TRIGRAM) {
            add_phrase(match, at, n);
            q->n_long++;
        } else if (q->n_shorts < WORDS_MAX) {
            q->shorts[q->n_shorts++] = (struct word){ at, n };
        }
        at += n + strspn(at + n, blanks);
    }
}

static bool begins(const char *text, const struct word *w)
{
    return strncasecmp(text, w->at, w->n) == 0;
}

/* ---- hits ------------------------------------------------------------------------------------ */

/* Adds rows (name, title, ASIN) that hold the short words from `first` on and do not begin with `other`. */
static int add_hits(struct search *q, struct stmt *s, size_t first, const struct word *other)
{
    int rc = 0;
    while (q->n < q->limit && (rc = stmt_step(q->db, s, q->err)) > 0) {
        const char *name = stmt_text(s, 0), *asin = stmt_text(s, 2);
        bool has_all = !other || !begins(name, other);
        for (size_t i = first; i < q->n_shorts && has_all; i++)
            has_all = begins(name, &q->shorts[i]) || begins(asin, &q->shorts[i]);
        if (has_all)
            q->hit[q->n++] = (struct search_hit){
                q->kind->name, arena_printf(q->a, "%s%s", q->kind->ref, name), arena_text(q->a, stmt_text(s, 1)),
            };
    }
    stmt_reset(s);
    return rc < 0 ? rc : 0;
}

/* `sql` has a range: from the word up to what sorts behind all that begins with it. */
static int add_range(struct search *q, const char *sql, const struct word *w, size_t first,
                     const struct word *other)
{
    struct stmt *s = stmt_of(q->db, sql, q->err);
    if (!s)
        return -q->err->code;
    bind_textn(s, 1, w->at, w->n);
    bind_text(s, 2, arena_printf(q->a, "%.*s\U0010FFFF", (int)w->n, w->at));
    return add_hits(q, s, first, other);
}

static const char sql_by_text[] =
    "SELECT k.sku, k.title, k.asin"
    " FROM listing_text t JOIN sku k ON k.no = t.rowid"
    " WHERE listing_text MATCH :words"
    " ORDER BY t.rowid";

static const char sql_by_sku[] =
    "SELECT sku, title, asin FROM sku"
    " WHERE sku COLLATE NOCASE >= :from AND sku COLLATE NOCASE < :to"
    " ORDER BY sku COLLATE NOCASE";

static const char sql_by_asin[] =
    "SELECT sku, title, asin FROM sku"
    " WHERE asin COLLATE NOCASE >= :from AND asin COLLATE NOCASE < :to"
    " ORDER BY asin COLLATE NOCASE, sku";

static int find_listings(struct search *q, const struct buf *match)
{
    if (q->n_long) {
        struct stmt *s = stmt_of(q->db, sql_by_text, q->err);
        if (!s)
            return -q->err->code;
        bind_textn(s, 1, match->at, match->len);
        return add_hits(q, s, 0, NULL);
    }
    int rc = !q->n_shorts ? 0 : add_range(q, sql_by_sku, &q->shorts[0], 1, NULL);
    return rc < 0 || !q->n_shorts ? rc : add_range(q, sql_by_asin, &q->shorts[0], 1, &q->shorts[0]);
}

static const char sql_orders[] =
    "SELECT o.order_id, s.name, NULL"
    " FROM orders o JOIN status s ON s.no = o.status_no"
    " WHERE o.order_id >= :from AND o.order_id < :to"
    " ORDER BY o.order_id";

static int find_orders(struct search *q, const struct buf *match)
{
    (void)match;
    const char *at = q->words + strspn(q->words, " \t\r\n");
    q->n_shorts = 0;                                    /* a number is one word */
    return *at ? add_range(q, sql_orders, &(struct word){ at, strcspn(at, " \t\r\n") }, 0, NULL) : 0;
}

static const char sql_letters[] =
    "SELECT l.no, l.subject, ''"
    " FROM record_text t JOIN letter l ON l.no = t.rowid - :first"
    " WHERE record_text MATCH :words AND t.rowid >= :first AND t.rowid < :behind"
    " ORDER BY t.rowid DESC";

static const char sql_cases[] =
    "SELECT c.case_id, c.subject, ''"
    " FROM cases c"
    " WHERE c.no IN (SELECT CASE WHEN t.rowid >= :letters THEN l.of_no ELSE t.rowid - :first END"
    "                FROM record_text t LEFT JOIN letter l ON l.no = t.rowid - :letters"
    "                WHERE record_text MATCH :words AND t.rowid >= :first AND t.rowid < :behind)"
    " ORDER BY c.changed_s DESC, c.no DESC";

/* Rows of these kinds of text; `letters` is the first of them that holds letters, when the query asks. */
static int find_text(struct search *q, const char *sql, const struct buf *match, enum text_of first, enum text_of last)
{
    struct stmt *s = q->n_long ? stmt_of(q->db, sql, q->err) : NULL;
    if (!q->n_long || !s)
        return q->n_long ? -q->err->code : 0;
    bind_textn(s, bind_index(s, ":words"), match->at, match->len);
    bind_int(s, bind_index(s, ":first"), text_row(first, 0));
    bind_int(s, bind_index(s, ":behind"), text_row(last, 0) + text_row(1, 0));
    if (last != first)
        bind_int(s, bind_index(s, ":letters"), text_row(last, 0));
    q->n_shorts = 0;
    return add_hits(q, s, 0, NULL);
}

static int find_letters(struct search *q, const struct buf *match)
{
    return find_text(q, sql_letters, match, TEXT_LETTER, TEXT_LETTER);
}

static int find_cases(struct search *q, const struct buf *match)
{
    return find_text(q, sql_cases, match, TEXT_CASE, TEXT_CASE_LETTER);
}

static const struct kind kinds[] = {
    { "listing", "sku:", find_listings },
    { "order", "order:", find_orders },
    { "letter", "letter:", find_letters },
    { "case", "case:", find_cases },
};

int search_find(struct db *db, struct arena *a, const char *kind, const char *words, uint32_t limit,
                struct search_hit **hits, size_t *n, struct err *err)
{
    struct search q = { .db = db, .a = a, .err = err, .words = words, .limit = limit < HITS_MAX ? limit : HITS_MAX };
    struct buf match = { 0 };
    *n = 0;
    *hits = NULL;
    for (size_t i = 0; i < COUNT_OF(kinds) && !q.kind; i++)
        if (text_is(kind, kinds[i].name))
            q.kind = &kinds[i];
    if (!q.kind)
        return err_set(err, ERR_INPUT, "\"%.40s\" is not a kind that can be searched; there are listing, order, letter"
                       " and case.", kind);
    read_words(&q, &match, words);
    q.hit = arena_alloc(a, HITS_MAX * sizeof *q.hit);
    int rc = q.kind->find(&q, &match);
    buf_free(&match);
    *hits = q.hit;
    *n = q.n;
    return rc;
}
