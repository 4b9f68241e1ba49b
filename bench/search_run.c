/* SPDX-License-Identifier: Apache-2.0 */
/*
 * search_run.c: full text while typing, over an account with a million orders and a hundred thousand letters.
 *
 * in:     a folder for the database, how many orders and letters
 * out:    for words of several kinds, typed letter by letter, how long the slowest and the middle answer took, in
 *         a database that was just opened (cold) and again (warm)
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "data/letter.h"
#include "data/notice.h"
#include "data/search.h"
#include "data/store.h"

static const char *const words[] = {
    "the", "order", "arrived", "broken", "refund", "please", "parcel", "mug", "where", "is", "my", "invoice", "return",
    "label", "wrong", "colour", "size", "missing", "gift", "card", "tracking", "number", "delivery", "yesterday",
    "thanks", "seller", "replacement", "damaged", "box", "handle", "blue", "green", "teapot", "address", "late",
};

static uint32_t next = 1;

static uint32_t pick(uint32_t n)
{
    next = next * 1664525u + 1013904223u;
    return (next >> 8) % n;
}

/* Processor time: the machine may have other work. */
static double ms_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void must(int rc, const struct err *err)
{
    if (rc >= 0)
        return;
    fprintf(stderr, "%s\n", err->text);
    exit(1);
}

enum { RARE = 8000 };

/* Three words in five are those above, the first ones most; the others are of 8,000 made-up ones, some rarer than others. */
static void sentence(struct buf *out, uint32_t n)
{
    static const char first[] = "bcdfghjklmnprstvwz", second[] = "aeiou";
    for (uint32_t i = 0; i < n; i++) {
        buf_text(out, i ? " " : "");
        if (pick(5) < 3) {
            uint32_t k = pick((uint32_t)COUNT_OF(words));
            buf_text(out, words[k * k / COUNT_OF(words)]);
            continue;
        }
        uint32_t k = pick(RARE), word = k * (k / 100 + 1) / (RARE / 100), syllables = 2 + word % 3;
        for (uint32_t h = word * 2654435761u; syllables--; h = h * 1664525u + 1013904223u) {
            buf_char(out, first[(h >> 8) % (sizeof first - 1)]);
            buf_char(out, second[(h >> 16) % (sizeof second - 1)]);
        }
    }
}

static void fill(struct db *db, int orders, int letters)
{
    struct err err = { 0 };
    struct buf sql = { 0 }, text = { 0 }, subject = { 0 };
    struct record_to to = { .db = db };
    struct stmt *filled = stmt_of(db, "SELECT 1 FROM orders", &err);
    must(filled ? 0 : -1, &err);
    int rc = stmt_step(db, filled, &err);
    stmt_reset(filled);
    if (rc != 0)
        return;
    must(db_begin(db, &err), &err);
    buf_printf(&sql, "INSERT INTO market (no, id) VALUES (1, 'A1PA6795UKMFR9');"
               "INSERT INTO status (no, name, state) VALUES (1, 'Shipped', 'shipped');"
               "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
               " INSERT INTO orders (no, order_id, updated_s, said, market_no, purchase_s, purchase_day, status_no, is_open, fulfilment,"
               " is_business) SELECT i, substr('30' || (i %% 7), 1, 3) || '-' || substr('0000000' || (i * 7919 %% 10000000), -7) || '-'"
               " || substr('0000000' || i, -7), 0, 0, 1, 1790000000, 20717, 1, 0, 'seller', 0 FROM n;", orders);
    must(db_exec(db, buf_str(&sql), &err), &err);
    buf_clear(&sql);
    buf_printf(&sql, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
               " INSERT INTO sku (no, sku, asin, title) SELECT i, 'SKU-' || i, 'B' || substr('000000000' || i, -9),"
               " 'Product ' || (i %% 97) || ' mug ' || (i %% 31) || ' blue teapot' FROM n;"
               "INSERT INTO listing_text (rowid, sku, asin, title) SELECT no, sku, asin, title FROM sku;", letters / 2);
    must(db_exec(db, buf_str(&sql), &err), &err);
    for (int i = 0; i < letters; i++) {
        char id[24], of[24];
        enum letter_of kind = i % 20 == 0 ? LETTER_OF_CASE : i % 50 == 1 ? LETTER_OF_CLAIM : LETTER_OF_THREAD;
        snprintf(id, sizeof id, "<%d@x>", i);
        snprintf(of, sizeof of, "%s-%u", letter_of_name(kind), pick((uint32_t)letters / 3 + 1));
        buf_clear(&text);
        buf_clear(&subject);
        sentence(&subject, 4);
        sentence(&text, 20 + pick(120));
        if (i % 1000 == 0)
            buf_text(&text, " zebra");
        struct letter_row row = { .letter_id = id, .of = kind, .of_id = of, .at_s = 1790000000 + i, .side = pick(3) ? LETTER_IN : LETTER_OUT,
                                  .subject = buf_str(&subject), .body = buf_str(&text), .sender = "Anna", .claim_kind = "a_to_z" };
        must(letter_put(&to, &row, NULL, &err), &err);
        if (i % 20 == 0) {
            struct notice_row notice = { .notice_id = id, .at_s = row.at_s, .class = "listing", .kind = "ISSUE", .severity = "info",
                                         .subject = buf_str(&subject), .after = "the picture is missing" };
            must(notice_put(&to, &notice, NULL, &err), &err);
        }
    }
    must(db_end(db, 0, &err), &err);
    buf_free(&sql);
    buf_free(&text);
    buf_free(&subject);
}

static int by_size(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

/* Typed letter by letter; the number of hits at the end. */
static size_t type(struct db *db, const char *kind, const char *phrase, double *took, size_t *n)
{
    struct arena *a = arena_new("search", 65536);
    struct search_hit *hit;
    struct err err = { 0 };
    size_t hits = 0;
    char typed[100];
    for (size_t len = 1; len <= strlen(phrase); len++) {
        snprintf(typed, sizeof typed, "%.*s", (int)len, phrase);
        double before = ms_now();
        must(search_find(db, a, kind, typed, 8, &hit, &hits, &err), &err);
        took[(*n)++] = ms_now() - before;
        arena_reset(a);
    }
    arena_free(a);
    return hits;
}

static void line(const char *name, double *took, size_t n, size_t hits)
{
    qsort(took, n, sizeof *took, by_size);
    printf("%-60s %9.2f %9.2f %6zu\n", name, took[n / 2], took[n - 1], hits);
}

int main(int argc, char **argv)
{
    static const char *const phrases[] = {
        "the", "refund please", "broken handle", "zebra", "zebra teapot", "order late parcel invoice", "303-0007919", "SKU-4711",
        "B000004711", "case-77", "no such words anywhere", "mug is of", "e", "is", "\u8336", "order zebra", "orderless refundable parcels",
        "yesterday thanks replacement delivery seller invoice",
    };
    struct err err = { 0 };
    struct db *db;
    char path[400];
    int orders = argc > 2 ? atoi(argv[2]) : 1000000, letters = argc > 3 ? atoi(argv[3]) : 100000;
    if (argc < 2)
        return 2;
    snprintf(path, sizeof path, "%s/search.db", argv[1]);
    double before = ms_now();
    must(db_open(&db, path, DB_WRITE, &err), &err);
    must(db_migrate(db, "account", "views.sql", &err), &err);
    fill(db, orders, letters);                          /* an account that is there already is taken as it is */
    db_close(db);
    printf("%d orders, %d products, %d letters: made in %.0f s\n", orders, letters / 2, letters, (ms_now() - before) / 1e3);
    printf("%-60s %9s %9s %6s\n", "all kinds, typed letter by letter", "p50 ms", "max ms", "hits");
    static double took[4000], every[4000];
    size_t n_every = 0;
    for (int round = 0; round < 2; round++) {           /* the second time with the pages in the cache */
        must(db_open(&db, path, DB_READ, &err), &err);
        if (round)
            for (size_t i = 0, n = 0; i < COUNT_OF(phrases); i++, n = 0)
                type(db, "all", phrases[i], took, &n);
        for (size_t i = 0; i < COUNT_OF(phrases); i++) {
            char name[60];
            size_t n = 0, hits = type(db, "all", phrases[i], took, &n);
            memcpy(every + n_every, took, n * sizeof *took);
            n_every += n;
            snprintf(name, sizeof name, "%s%s", round ? "" : "cold: ", phrases[i]);
            line(name, took, n, hits);
        }
        line(round ? "all of them" : "cold: all of them", every, n_every, 0);
        n_every = 0;
        db_close(db);
    }
    return 0;
}
