/* SPDX-License-Identifier: Apache-2.0 */
/* test_search.c: every kind of record is found by its words, once, with the place where they stand. */
#include "data.h"

#include "data/claim.h"
#include "data/letter.h"
#include "data/notice.h"
#include "data/promo.h"
#include "data/search.h"

static const struct import plain = { 0 };

/* "kind ref title: note" of each hit. */
static const char *found(struct db *db, const char *kind, const char *words, uint32_t limit, bool with_notes)
{
    static struct buf out;
    struct arena *a = arena_new("found", 4096);
    struct search_hit *hit;
    struct err err = { 0 };
    size_t n;
    buf_clear(&out);
    assert_well(search_find(db, a, kind, words, limit, &hit, &n, &err), &err);
    for (size_t i = 0; i < n; i++) {
        assert_true(utf8_is_valid(hit[i].note, strlen(hit[i].note)));
        if (with_notes)
            buf_printf(&out, "%s%s|%s", i ? "\n" : "", hit[i].ref, hit[i].note);
        else
            buf_printf(&out, "%s%s", i ? " " : "", hit[i].ref);
    }
    arena_free(a);
    return buf_str(&out);
}

static struct db *shop(const char *name)
{
    struct db *db = account_new(name);
    struct err err = { 0 };
    struct record_to to = { .db = db };
    import_rows(db, &plain, "order_line", "line:count order:text market:market purchased:instant sku:text asin:text title:text",
        "1|303-1|DE|2026-10-01T10:00:00Z|MUG-1|B01|Blue mug\n2|303-2|DE|2026-10-01T10:00:00Z|CUP-1|B02|\u9752\u3044\u30AB\u30C3\u30D7");
    import_rows(db, &plain, "letter", "line:count letter_id:text of:text of_id:text order:text at:instant side:text sender:text subject:text"
        " body:text kind:text",
        "1|<a>|thread|t-1|303-1|2026-10-01T10:00:00Z|in|Anna|Broken mug|The handle came off.|\n"
        "2|<b>|thread|t-1|303-1|2026-10-02T10:00:00Z|out|Shop|Re: your letter|We send a new mug.|\n"
        "3|<c>|case|77||2026-10-03T10:00:00Z|out||Lost mug|Twelve units of a mug are missing.|\n"
        "4|<d>|case|77||2026-10-04T10:00:00Z|in|||The mug was found.|\n"
        "5|<e>|claim|A-9|303-1|2026-10-05T10:00:00Z|in|||The buyer says the mug was broken.|a_to_z\n"
        "6|<f>|thread|t-2|303-2|2026-10-06T10:00:00Z|in|\u7530\u4E2D|\u914D\u9001|\u30AB\u30C3\u30D7\u306F\u3044\u3064\u5C4A\u304D\u307E\u3059\u304B|");
    import_rows(db, &plain, "notice", "line:count notice_id:text at:instant class:text kind:text severity:text subject:text after:text",
        "1|n-1|2026-10-01T10:00:00Z|listing|LISTINGS_ITEM_ISSUES_CHANGE|watch|MUG-1|The picture of the mug is missing");
    assert_int_equal(promotion_put(&to, &(struct promotion_row){ .promotion_id = "P-1", .kind = "coupon", .name = "Mug week", .status = "x",
                                                                 .discount = "10 %" }, NULL, &err), 1);
    return db;
}

static void test_kinds(void **state)
{
    (void)state;
    struct db *db = shop("kinds.db");
    static const struct { const char *kind, *words, *refs; } cases[] = {
        { "all", "mug", "sku:MUG-1 letter:1 letter:2 case:77 claim:A-9 notice:1 promotion:P-1" },
        { "all", "303-1", "order:303-1 letter:2 letter:1 claim:A-9" },
        { "all", "MUG week", "promotion:P-1" },
        { "all", "nothing like it", "" },
        { "all", "", "" },
        { "all", "  ", "" },
        { "all", "\u30AB\u30C3", "sku:CUP-1 letter:6" },
        { "all", "\u7530\u4E2D", "letter:6" },
        { "all", "%_'\"*()-", "" },
        { "all", "title : mug", "" },
        { "all", "mug NEAR(missing)", "" },
        { "letter", "mug", "letter:1 letter:2" },                               /* what bears the word in its title goes first */
        { "letter", "mug anna", "letter:1" },
        { "letter", "HANDLE", "letter:1" },
        { "letter", "mug is of", "letter:1 letter:2" },                         /* short words beside longer ones are left out */
        { "letter", "ANNA xq", "letter:1" },
        { "letter", "xq", "" },
        { "case", "mug", "case:77" },                                           /* once, though three rows speak of it */
        { "case", "missing", "case:77" },
        { "case", "buyer", "" },
        { "case", "77", "case:77" },
        { "claim", "A-9", "claim:A-9" },
        { "claim", "a_to_z", "claim:A-9" },
        { "claim", "buyer says", "claim:A-9" },
        { "notice", "issues", "notice:1" },
        { "notice", "picture", "notice:1" },
        { "promotion", "coupon", "promotion:P-1" },
        { "promotion", "mug", "promotion:P-1" },
        { "promotion", "10", "promotion:P-1" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        if (strcmp(found(db, cases[i].kind, cases[i].words, 50, false), cases[i].refs) != 0)
            print_error("%s %s\n", cases[i].kind, cases[i].words);
        assert_string_equal(found(db, cases[i].kind, cases[i].words, 50, false), cases[i].refs);
    }
    assert_string_equal(found(db, "all", "mug", 1, false), "sku:MUG-1 letter:1 case:77 claim:A-9 notice:1 promotion:P-1");
    db_close(db);
}

static void test_notes(void **state)
{
    (void)state;
    struct db *db = shop("notes.db");
    assert_string_equal(found(db, "all", "mug", 50, true),
        "sku:MUG-1|B01\n"
        "letter:1|The handle came off. Anna 303-1\n"
        "letter:2|We send a new mug. Shop 303-1\n"
        "case:77|77\n"
        "claim:A-9|The buyer says the mug was broken. 303-1\n"
        "notice:1|The picture of the mug is missing LISTINGS_ITEM_ISSUES_CHANGE\n"
        "promotion:P-1|P-1 coupon 10 %");
    struct buf body = { 0 }, row = { 0 };
    for (int i = 0; i < 30; i++)
        buf_text(&body, "\u00E4\u00F6\u00FC ");
    buf_text(&body, "here is the teapot");
    for (int i = 0; i < 30; i++)
        buf_text(&body, "  \u00E4\u00F6\u00FC");
    buf_printf(&row, "1|<long>|thread|t|2026-10-01T10:00:00Z|in|%s", buf_str(&body));
    import_rows(db, &plain, "letter", "line:count letter_id:text of:text of_id:text at:instant side:text body:text", buf_str(&row));
    assert_string_equal(found(db, "letter", "TEAPOT", 1, true),
        "letter:7|\u2026\u00E4\u00F6\u00FC \u00E4\u00F6\u00FC \u00E4\u00F6\u00FC here is the teapot \u00E4\u00F6\u00FC \u00E4\u00F6\u00FC \u00E4\u00F6\u00FC"
        " \u00E4\u00F6\u00FC \u00E4\u00F6\u00FC \u00E4\u00F6\u00FC \u00E4\u00F6\u00FC \u00E4\u00F6\u00FC \u00E4\u00F6\u00FC \u00E4\u00F6\u00FC"
        " \u00E4\u00F6\u00FC \u00E4\u00F6\u00FC \u00E4\u00F6\u00FC \u00E4\u00F6\u00FC \u00E4\u00F6\u00FC \u00E4\u00F6\u00FC \u00E4\u00F6\u00FC\u2026");
    buf_free(&body);
    buf_free(&row);
    db_close(db);
}

/* What was changed is found by its new words only, what was taken away no more. */
static void test_changes(void **state)
{
    (void)state;
    struct db *db = shop("changes.db");
    struct err err = { 0 };
    struct record_to to = { .db = db };
    int64_t no;
    assert_int_equal(letter_put(&to, &(struct letter_row){ .of = LETTER_OF_THREAD, .of_id = "t-1", .at_s = 1, .side = LETTER_OUT,
                                .state = LETTER_DRAFT, .body = "saucer" }, &no, &err), 1);
    assert_string_equal(found(db, "letter", "saucer", 5, false), "letter:7");
    assert_int_equal(letter_text_put(&to, no, NULL, "kettle", 0, &err), 1);
    assert_string_equal(found(db, "letter", "saucer", 5, false), "");
    assert_string_equal(found(db, "letter", "kettle", 5, false), "letter:7");
    assert_int_equal(letter_drop(&to, no, &err), 1);
    assert_string_equal(found(db, "letter", "kettle", 5, false), "");
    assert_int_equal(case_put(&to, &(struct case_row){ .case_id = "77", .subject = "Stolen plate", .changed_s = 1799999999 }, NULL, &err), 1);
    assert_string_equal(found(db, "case", "plate", 5, false), "case:77");
    assert_int_equal(claim_put(&to, &(struct claim_row){ .claim_id = "A-9", .reason = "dented", .changed_s = 1799999999 }, NULL, &err), 1);
    assert_string_equal(found(db, "claim", "dented", 5, false), "claim:A-9");
    assert_int_equal(promotion_put(&to, &(struct promotion_row){ .promotion_id = "P-1", .name = "Plate week" }, NULL, &err), 1);
    assert_string_equal(found(db, "promotion", "mug", 5, false), "");
    assert_string_equal(found(db, "promotion", "plate", 5, false), "promotion:P-1");
    assert_string_equal(answer(db, "SELECT count(*) FROM record_text"), "10\n");
    db_close(db);
}

/* Many hits: no more than asked for, no more than 100 in all. */
static void test_limits(void **state)
{
    (void)state;
    struct db *db = account_new("limits.db");
    struct buf file = { 0 };
    for (int i = 1; i <= 3000; i++)
        buf_printf(&file, "%d|<%d>|thread|t-%d|2026-10-01T10:00:00Z|in|a teapot of %s\n", i, i, i % 50, i == 7 ? "\u8336" : "tin");
    import_rows(db, &plain, "letter", "line:count letter_id:text of:text of_id:text at:instant side:text body:text", buf_str(&file));
    static const struct { const char *kind, *words; uint32_t limit; int n; } cases[] = {
        { "letter", "teapot", 5, 5 }, { "letter", "teapot", 1000, 100 }, { "letter", "teapot", 0, 0 }, { "all", "teapot", 1000, 14 },
        { "letter", "of", 1000, 100 },
        { "letter", "teapot \u8336", 5, 0 },            /* among the oldest of 3,000: not sifted that far */
        { "letter", "\u8336", 5, 0 },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *refs = found(db, cases[i].kind, cases[i].words, cases[i].limit, false);
        int n = *refs != '\0';
        for (; *refs; refs++)
            n += *refs == ' ';
        assert_int_equal(n, cases[i].n);
    }
    assert_string_equal(found(db, "letter", "teapot", 2, false), "letter:3000 letter:2999");
    buf_free(&file);
    db_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_notes),
        cmocka_unit_test(test_changes),
        cmocka_unit_test(test_limits),
    };
    return cmocka_run_group_tests_name("search", tests, scratch_make, scratch_remove);
}
