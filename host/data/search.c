/* SPDX-License-Identifier: Apache-2.0 */
/*
 * search.c: full text over listings, letters, cases, claims, notices and promotions; orders by their number.
 *
 * in:     words as somebody typed them
 * out:    references to records that hold all of them, with the place where they do
 * knows:  db, how the rows of the full-text index are numbered.  The tables are kept by the store.
 *
 * The full-text tables are made of trigrams: words of three characters or more are found anywhere.  Shorter ones
 * cannot be looked up.  In the other kinds of records they are looked for in what the longer words have found,
 * or, when there are none, in the newest records; beside longer words, short ones of Latin letters are left out
 * ("of", "is"), but not those of other scripts, where two characters are a word.
 *
 * Rows of the index are read from the newest on, and no more of them than are asked for: an answer does not wait
 * for all letters that hold a common word.
 */
#include "search.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "text_index.h"

enum {
    TRIGRAM = 3, HITS_MAX = 100, WORDS_MAX = 16,
    SCAN_MAX = 1000,                                    /* newest records of a kind that are read for short words alone */
    SIFT_MAX = 2000,                                    /* hits of the longer words that are sifted by short ones */
    SIFT_LISTINGS = 10000,
    SCAN_TITLES = 5000,                                 /* newest products, whose titles are short */
    CANDIDATES = 4,                                     /* so many times what is asked for, to choose from */
    NOTE_BEFORE = 40, NOTE_BYTES = 160
};

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
    struct word shorts[WORDS_MAX], longs[WORDS_MAX];
    size_t n_shorts, n_long;                            /* n_long may be more than longs hold */
    struct search_hit *hit;
    size_t n, first, limit;                             /* hits of the kind at hand begin with the first */
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
            if (q->n_long < WORDS_MAX)
                q->longs[q->n_long] = (struct word){ at, n };
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

static bool is_latin(const struct word *w)
{
    for (size_t i = 0; i < w->n; i++)
        if ((unsigned char)w->at[i] >= 0x80)
            return false;
    return true;
}

/* Where a word stands, Latin letters in any case; NULL: nowhere. */
static const char *word_in(const char *text, const struct word *w)
{
    int upper = toupper((unsigned char)*w->at), lower = tolower((unsigned char)*w->at);
    const char set[] = { (char)lower, (char)upper, '\0' };
    for (const char *at = text; (at = strpbrk(at, set)); at++)
        if (begins(at, w))
            return at;
    return NULL;
}

/* ---- hits ------------------------------------------------------------------------------------ */

static bool is_full(const struct search *q)
{
    return q->n - q->first >= q->limit;
}

/* Adds rows (name, title, note) that hold the short words from `first` on and do not begin with `other`. */
static int add_hits(struct search *q, struct stmt *s, size_t first, const struct word *other)
{
    int rc = 0;
    while (!is_full(q) && (rc = stmt_step(q->db, s, q->err)) > 0) {
        const char *name = stmt_text(s, 0), *title = stmt_text(s, 1), *asin = stmt_text(s, 2);
        bool has_all = !other || !begins(name, other);
        for (size_t i = first; i < q->n_shorts && has_all; i++)
            has_all = begins(name, &q->shorts[i]) || begins(asin, &q->shorts[i]) ||
                      (!is_latin(&q->shorts[i]) && word_in(title, &q->shorts[i]));
        if (has_all)
            q->hit[q->n++] = (struct search_hit){
                q->kind->name, arena_printf(q->a, "%s%s", q->kind->ref, name), arena_text(q->a, title),
                arena_text(q->a, asin),
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
    " ORDER BY t.rowid LIMIT :limit";

static const char sql_by_sku[] =
    "SELECT sku, title, asin FROM sku"
    " WHERE sku COLLATE NOCASE >= :from AND sku COLLATE NOCASE < :to"
    " ORDER BY sku COLLATE NOCASE";

static const char sql_by_asin[] =
    "SELECT sku, title, asin FROM sku"
    " WHERE asin COLLATE NOCASE >= :from AND asin COLLATE NOCASE < :to"
    " ORDER BY asin COLLATE NOCASE, sku";

static const char sql_newest_skus[] =
    "SELECT sku, title, asin FROM sku"
    " ORDER BY no DESC LIMIT :limit";

static int find_listings(struct search *q, const struct buf *match)
{
    struct stmt *s = stmt_of(q->db, q->n_long ? sql_by_text : sql_newest_skus, q->err);
    if (!s)
        return -q->err->code;
    if (q->n_long) {
        bind_textn(s, 1, match->at, match->len);
        bind_int(s, 2, SIFT_LISTINGS);
        return add_hits(q, s, 0, NULL);
    }
    if (!q->n_shorts)
        return 0;
    if (!is_latin(&q->shorts[0])) {
        bind_int(s, 1, SCAN_TITLES);
        return add_hits(q, s, 0, NULL);
    }
    int rc = add_range(q, sql_by_sku, &q->shorts[0], 1, NULL);
    return rc < 0 ? rc : add_range(q, sql_by_asin, &q->shorts[0], 1, &q->shorts[0]);
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
    const size_t n_shorts = q->n_shorts;
    q->n_shorts = 0;                                    /* a number is one word */
    int rc = *at ? add_range(q, sql_orders, &(struct word){ at, strcspn(at, " \t\r\n") }, 0, NULL) : 0;
    q->n_shorts = n_shorts;
    return rc;
}

/* ---- records of the full-text index ---------------------------------------------------------- */

/* Around the first of the words that the body holds, on one line; its beginning when it holds none. */
static const char *note_of(struct search *q, const char *body)
{
    const char *hit = NULL, *from = body;
    for (size_t i = 0; i < q->n_long && i < WORDS_MAX && !hit; i++)
        hit = word_in(body, &q->longs[i]);
    for (size_t i = 0; i < q->n_shorts && !hit; i++)
        hit = word_in(body, &q->shorts[i]);
    if (hit && hit - body > NOTE_BEFORE) {
        from = hit - NOTE_BEFORE;
        while (from < hit && ((unsigned char)*from & 0xC0) == 0x80)
            from++;
        const char *blank = strpbrk(from, " \n\t");
        from = blank && blank < hit ? blank + strspn(blank, " \n\t") : from;
    }
    struct buf out = { 0 };
    buf_text(&out, from > body ? "\u2026" : "");
    for (; *from && out.len < NOTE_BYTES; from++)
        if ((unsigned char)*from > ' ')
            buf_char(&out, *from);
        else if (out.len && out.at[out.len - 1] != ' ')
            buf_char(&out, ' ');
    while (((unsigned char)*from & 0xC0) == 0x80)       /* the rest of a character */
        buf_char(&out, *from++);
    while (*from && (unsigned char)*from <= ' ')
        from++;
    while (out.len && out.at[out.len - 1] == ' ')
        out.at[--out.len] = '\0';
    buf_text(&out, *from ? "\u2026" : "");
    const char *note = arena_textn(q->a, buf_str(&out), out.len);
    buf_free(&out);
    return note;
}

/* By the number of the record, or of the letter of one: id and title. */
#define OF_LETTER(id, title, table, of) \
    "SELECT c." id ", c." title " FROM letter l JOIN " table " c ON c.no = l.of_no WHERE l.no = :no AND l.of = '" of "'"

static const struct {
    enum text_of of;
    const char *sql;
} records[] = {
    { TEXT_LETTER,       "SELECT no, subject FROM letter WHERE no = :no" },
    { TEXT_CASE,         "SELECT case_id, subject FROM cases WHERE no = :no" },
    { TEXT_CASE_LETTER,  OF_LETTER("case_id", "subject", "cases", "case") },
    { TEXT_CLAIM,        "SELECT claim_id, coalesce(order_id, claim_id) FROM claim WHERE no = :no" },
    { TEXT_CLAIM_LETTER, "SELECT c.claim_id, coalesce(c.order_id, c.claim_id)"
                         " FROM letter l JOIN claim c ON c.no = l.of_no WHERE l.no = :no AND l.of = 'claim'" },
    { TEXT_NOTICE,       "SELECT no, subject FROM notice WHERE no = :no" },
    { TEXT_PROMOTION,    "SELECT promotion_id, name FROM promotion WHERE no = :no" },
};

static bool is_hit(const struct search *q, const char *ref)
{
    for (size_t i = q->first; i < q->n; i++)
        if (strcmp(q->hit[i].ref, ref) == 0)
            return true;
    return false;
}

struct candidate {
    enum text_of of;
    int64_t no;
    bool in_title;                                      /* all of the longer words */
    const char *note;
};

/* Its record, once. */
static int add_record(struct search *q, const struct candidate *c)
{
    const char *sql = NULL;
    for (size_t i = 0; i < COUNT_OF(records); i++)
        if (records[i].of == c->of)
            sql = records[i].sql;
    struct stmt *s = stmt_of(q->db, sql, q->err);
    if (!s)
        return -q->err->code;
    bind_int(s, 1, c->no);
    int rc = stmt_step(q->db, s, q->err);
    if (rc > 0) {
        const char *ref = arena_printf(q->a, "%s%s", q->kind->ref, stmt_text(s, 0));
        if (!is_hit(q, ref))
            q->hit[q->n++] = (struct search_hit){
                q->kind->name, ref, arena_text(q->a, stmt_text(s, 1)), c->note,
            };
        stmt_reset(s);
    }
    return rc;
}

/* Short words that count: beside longer ones only those of other scripts. */
static bool has_shorts(const struct search *q, const char *title, const char *body)
{
    for (size_t i = 0; i < q->n_shorts; i++)
        if ((!q->n_long || !is_latin(&q->shorts[i])) && !word_in(title, &q->shorts[i]) &&
            !word_in(body, &q->shorts[i]))
            return false;
    return true;
}

static bool has_longs(const struct search *q, const char *title)
{
    for (size_t i = 0; i < q->n_long && i < WORDS_MAX; i++)
        if (!word_in(title, &q->longs[i]))
            return false;
    return q->n_long != 0;
}

static const char sql_found[] =
    "SELECT rowid, title, body FROM record_text"
    " WHERE record_text MATCH :words AND rowid >= :first AND rowid < :behind"
    " ORDER BY rowid DESC LIMIT :limit";

static const char sql_newest[] =
    "SELECT rowid, title, body FROM record_text"
    " WHERE rowid >= :first AND rowid < :behind"
    " ORDER BY rowid DESC LIMIT :limit";

/* The newest rows of one kind of text that hold the words; `words` is NULL when there are short ones only. */
static int find_range(struct search *q, const char *words, enum text_of of, struct candidate *c, size_t *n)
{
    struct stmt *s = stmt_of(q->db, words ? sql_found : sql_newest, q->err);
    if (!s)
        return -q->err->code;
    if (words)
        bind_text(s, 1, words);
    bind_int(s, bind_index(s, ":first"), text_row(of, 0));
    bind_int(s, bind_index(s, ":behind"), text_row(of + 1, 0));
    bind_int(s, bind_index(s, ":limit"), words ? SIFT_MAX : SCAN_MAX);
    size_t most = q->limit * CANDIDATES < HITS_MAX ? q->limit * CANDIDATES : HITS_MAX;
    int rc = 0;
    while (*n < most && (rc = stmt_step(q->db, s, q->err)) > 0) {
        const char *title = stmt_text(s, 1), *body = stmt_text(s, 2);
        if (has_shorts(q, title, body))
            c[(*n)++] = (struct candidate){
                of, stmt_int(s, 0) - text_row(of, 0), has_longs(q, title), note_of(q, body),
            };
    }
    stmt_reset(s);
    return rc < 0 ? rc : 0;
}

/* Of the newest, those whose title holds the words go first. */
static int add_range_of(struct search *q, const char *words, enum text_of of)
{
    struct candidate *c = arena_alloc(q->a, HITS_MAX * sizeof *c);
    size_t n = 0;
    int rc = find_range(q, words, of, c, &n);
    for (int in_title = 1; in_title >= 0; in_title--)
        for (size_t i = 0; i < n && rc >= 0 && !is_full(q); i++)
            if (c[i].in_title == in_title)
                rc = add_record(q, &c[i]);
    return rc < 0 ? rc : 0;
}

/* What the words name goes before what only speaks of them. */
static int find_records(struct search *q, const struct buf *match, enum text_of of, enum text_of letters)
{
    if (!q->n_long && !q->n_shorts)
        return 0;
    const char *words = q->n_long ? match->at : NULL;
    int rc = add_range_of(q, words, of);
    return rc < 0 || is_full(q) || letters == of ? rc : add_range_of(q, words, letters);
}

static int find_letters(struct search *q, const struct buf *match)
{
    return find_records(q, match, TEXT_LETTER, TEXT_LETTER);
}

static int find_cases(struct search *q, const struct buf *match)
{
    return find_records(q, match, TEXT_CASE, TEXT_CASE_LETTER);
}

static int find_claims(struct search *q, const struct buf *match)
{
    return find_records(q, match, TEXT_CLAIM, TEXT_CLAIM_LETTER);
}

static int find_notices(struct search *q, const struct buf *match)
{
    return find_records(q, match, TEXT_NOTICE, TEXT_NOTICE);
}

static int find_promotions(struct search *q, const struct buf *match)
{
    return find_records(q, match, TEXT_PROMOTION, TEXT_PROMOTION);
}

/* ---- kinds ----------------------------------------------------------------------------------- */

static const struct kind kinds[] = {                    /* in the order of "all" */
    { "order", "order:", find_orders },
    { "listing", "sku:", find_listings },
    { "letter", "letter:", find_letters },
    { "case", "case:", find_cases },
    { "claim", "claim:", find_claims },
    { "notice", "notice:", find_notices },
    { "promotion", "promotion:", find_promotions },
};

int search_find(struct db *db, struct arena *a, const char *kind, const char *words, uint32_t limit,
                struct search_hit **hits, size_t *n, struct err *err)
{
    bool is_all = text_is(kind, "all"), is_known = is_all;
    size_t most = is_all ? HITS_MAX / COUNT_OF(kinds) : HITS_MAX;
    struct search q = { .db = db, .a = a, .err = err, .words = words, .limit = limit < most ? limit : most };
    struct buf match = { 0 };
    int rc = 0;
    *n = 0;
    *hits = NULL;
    read_words(&q, &match, words);
    q.hit = arena_alloc(a, HITS_MAX * sizeof *q.hit);
    for (size_t i = 0; i < COUNT_OF(kinds) && rc >= 0; i++) {
        if (!is_all && !text_is(kind, kinds[i].name))
            continue;
        is_known = true;
        q.kind = &kinds[i];
        q.first = q.n;
        rc = q.kind->find(&q, &match);
    }
    buf_free(&match);
    if (!is_known)
        return err_set(err, ERR_INPUT, "\"%.40s\" is not a kind that can be searched; there are order, listing, letter,"
                       " case, claim, notice, promotion and all.", kind);
    *hits = q.hit;
    *n = q.n;
    return rc;
}
