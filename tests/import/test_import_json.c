/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_import_json.c: JSON documents as rows: what the host reads of them, what it refuses and in which
 * words, and that what was rejected comes out as a document that can be mended.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "flow/json_number.h"
#include "imports.h"

static int load_plugins(void **state)
{
    (void)state;
    return plugins_open(NULL, 0, "json_formats");
}

#define LISTINGS \
    "SELECT group_concat(sku || ' ' || coalesce(price || currency, '-') || ' ' || coalesce(quantity, '-') || ' '" \
    " || item_condition || ' ' || coalesce(title, '-') || ' ' || coalesce(listing_id, '-') || ' '" \
    " || coalesce(extra, '-'), char(10))" \
    " FROM (SELECT * FROM v1_listings JOIN (SELECT sku_no, extra FROM listing) ON 1" \
    " JOIN sku s ON s.no = sku_no AND s.sku = v1_listings.sku ORDER BY v1_listings.sku)"

struct document {
    const char *name, *text;
    int accepted, rejected;
    const char *listings, *rejects;
};

static void check_documents(struct shop *s, const struct document *d, size_t n)
{
    for (; n--; d++) {
        assert_int_equal(db_exec(s->db, "DELETE FROM listing; DELETE FROM sku; DELETE FROM listing_on",
                                 &s->err), 0);
        if (import_to(s, write_text(s, "document.json", d->text, strlen(d->text)), NULL) < 0)
            fail_msg("%s: %s", d->name, s->err.text);
        const char *listings = answer(s, LISTINGS), *rejects = answer(s, REJECTS);
        if (s->result.accepted != d->accepted || s->result.rejected != d->rejected
            || strcmp(listings, d->listings ? d->listings : "NULL") != 0
            || strcmp(rejects, d->rejects ? d->rejects : "NULL") != 0)
            fail_msg("%s: %d accepted, %d rejected\n%s\n%s", d->name, (int)s->result.accepted,
                     (int)s->result.rejected, listings, rejects);
    }
}

/* ---- what is read ---------------------------------------------------------------------------- */

#define OFFERS(records) "{\"about\": {\"kind\": \"OFFERS\"}, \"market\": \"DE\", \"offers\": [" records "]}"

static const struct document documents[] = {
    { "a record", OFFERS("{\"sku\": \"A\", \"price\": {\"amount\": 12.3}, \"units\": 4}"), 1, 0,
      "A 1230EUR 4 first - - -", NULL },
    { "nothing in it", OFFERS(""), 0, 0, NULL, NULL },
    { "several", OFFERS("{\"sku\":\"A\"},\n {\"sku\":\"B\"} ,{\"sku\":\"C\"}"), 3, 0,
      "A - - first - - -\nB - - first - - -\nC - - first - - -", NULL },
    { "any case", "{\"Kind\":\"OFFERS\",\"OFFERS\":[{\"SKU\":\"A\",\"Units\":7}],\"Market\":\"JP\"}", 1, 0,
      "A - 7 first - - -", NULL },
    { "what is around comes later",
      "{\"offers\":[{\"sku\":\"A\",\"price\":5}],\"kind\":\"OFFERS\",\"market\":\"JP\"}", 1, 0,
      "A 5JPY - first - - -", NULL },
    { "alternatives of a name", OFFERS("{\"sellerSku\":\"A\",\"price\":\"1,234.50\"}"), 1, 0,
      "A 123450EUR - first - - -", NULL },
    { "an empty one goes on to the next", OFFERS("{\"sku\":null,\"sellerSku\":\"A\"}"), 1, 0,
      "A - - first - - -", NULL },
    { "texts are trimmed", OFFERS("{\"sku\":\"  A \",\"units\":\" 3\"}"), 1, 0, "A - 3 first - - -", NULL },
    { "escapes", OFFERS("{\"sku\":\"A\",\"tags\":\"\\u00e9 \\\"x\\\" \\ud83d\\ude00 ] } ,\"}"), 1, 0,
      "A - - first é \"x\" 😀 ] } , - -", NULL },
    { "all of an array", OFFERS("{\"sku\":\"A\",\"tags\":[\"x\",2,true]}"), 1, 0,
      "A - - first x, 2, true - -", NULL },
    { "what nobody knows is kept",
      OFFERS("{\"sku\":\"A\",\"price\":{\"amount\":1,\"tax\":0.10},\"new\":{\"a\":[1,null,\"b\"],\"e\":{}},"
             "\"secret\":\"s\",\"inner\":[]}"), 1, 0,
      "A 100EUR - first - - {\"price\":{\"tax\":0.1},\"new\":{\"a\":[1,\"b\"]}}", NULL },
    { "records in records", OFFERS("{\"sku\":\"A\",\"inner\":[{\"sku\":\"B\"},{\"sku\":\"C\",\"price\":2}]}"), 3, 0,
      "A - - first - - -\nB - - second - - -\nC 200EUR - second - - -", NULL },
    { "each member",
      "{\"kind\":\"OFFERS\",\"groups\":[{\"market\":\"JP\",\"red\":{\"sku\":\"A\",\"price\":9},\"n\":1,"
      "\"blue\":{\"sku\":\"B\"}}]}", 2, 0, "A 9JPY - third - red -\nB - - third - blue -", NULL },
    { "in an envelope",
      "{\"kind\":\"OFFERS\",\"parcels\":[{\"Body\":\"{\\\"sku\\\":\\\"A\\\",\\\"units\\\":2}\"}]}", 1, 0,
      "A - 2 third - - -", NULL },
    { "a byte order mark", "\xEF\xBB\xBF" OFFERS("{\"sku\":\"A\"}"), 1, 0, "A - - first - - -", NULL },
    { "an instant without seconds", OFFERS("{\"sku\":\"A\",\"opened\":\"2020-10-21T00:00Z\"}"), 1, 0,
      "A - - first - - -", NULL },
    { "one document", "{\"lineKind\":1,\"sku\":\"A\",\"market\":\"US\",\"price\":3}", 1, 0,
      "A 300USD - second - - {\"lineKind\":1}", NULL },
    { "an array of them", "[{\"lineKind\":1,\"sku\":\"A\"},{\"sku\":\"B\"}]", 2, 0,
      "A - - first - - {\"lineKind\":1}\nB - - first - - -", NULL },
    { "one a line", "{\"lineKind\":1,\"sku\":\"A\"}\n{\"sku\":\"B\"}{\"sku\":\"C\"}\n\n[{\"sku\":\"D\"}]\n", 4, 0,
      "A - - second - - {\"lineKind\":1}\nB - - second - - -\nC - - second - - -\nD - - first - - -", NULL },
};

static void test_documents(void **state)
{
    check_documents(*state, documents, COUNT_OF(documents));
}

/* A document in one piece: what stands beside a record tells of it, and of several dates the latest. */
static void test_documents_in_one_piece(void **state)
{
    static const char text[] =
        "{\"states\": [{\"sku\": \"S\"}],\n"
        " \"items\": [{\"red\": {\"sku\": \"R\", \"opened\": \"2026-03-01T00:00Z\"}, \"n\": \"x\","
        " \"blue\": {\"sku\": \"B\"}},\n"
        " {\"green\": {\"sku\": \"G\", \"opened\": \"2026-11-05T00:00Z\", \"units\": \"none\"}},\n"
        " {\"grey\": {\"sku\": \"Y\", \"opened\": \"2026-10-05T00:00Z\"}}]}";
    struct shop *s = *state;
    struct buf out = { 0 };
    import_well(s, write_text(s, "whole.json", text, strlen(text)), NULL, 4, 0, 1);
    expect(s, "SELECT group_concat(sku || ' ' || strftime('%m-%d', opened, 'unixepoch'))"
              " FROM (SELECT * FROM v1_listings ORDER BY sku)", "B 11-05,R 03-01,S 11-05,Y 10-05");
    expect(s, REJECTS, "4 units  cell.count");
    assert_int_equal(import_rejects(s->db, s->result.no, &out, &s->err), 0);
    assert_string_equal(out.at, arena_printf(s->arena, "%s\n", text));
    buf_free(&out);
}

/* ---- what is rejected ------------------------------------------------------------------------ */

static const struct document broken[] = {
    { "no number", OFFERS("{\"sku\":\"A\",\"units\":\"many\"},{\"sku\":\"B\"}"), 1, 1, "B - - first - - -",
      "1 units  cell.count" },
    { "half a unit", OFFERS("{\"sku\":\"A\",\"units\":1.5}"), 0, 1, NULL, "1 units  cell.count" },
    { "too many decimals", OFFERS("{\"sku\":\"A\",\"price\":1.005}"), 0, 1, NULL, "1 price  cell.digits" },
    { "needed", OFFERS("{\"sku\":\"A\"},{\"units\":1}"), 1, 1, "A - - first - - -", "2 sku  cell.needed" },
    { "an object for a text", OFFERS("{\"sku\":{\"a\":1}}"), 0, 1, NULL, "1 sku  cell.many" },
    { "an array for a number", OFFERS("{\"sku\":\"A\",\"units\":[1]}"), 0, 1, NULL, "1 units  cell.many" },
    { "a text for a truth", OFFERS("{\"sku\":\"A\",\"isOpen\":\"perhaps\"}"), 0, 1, NULL, "1 isOpen  cell.bool" },
    { "no object", OFFERS("{\"sku\":\"A\"}, 7, \"x\", null, [1]"), 1, 4, "A - - first - - -",
      "2   record.no_object, 3   record.no_object, 4   record.no_object, 5   record.no_object" },
    { "a name twice", OFFERS("{\"sku\":\"A\",\"sku\":\"B\"},{\"sku\":\"C\"}"), 1, 1, "C - - first - - -",
      "1   record.json" },
    { "no comma", OFFERS("{\"sku\":\"A\" \"units\":1},{\"sku\":\"C\"}"), 1, 1, "C - - first - - -",
      "1   record.json" },
    { "two in one place", OFFERS("{\"sku\":\"A\"} {\"sku\":\"B\"}"), 0, 1, NULL, "1   record.json" },
    { "no UTF-8", OFFERS("{\"sku\":\"A\",\"tags\":\"K\xFC" "che\"},{\"sku\":\"B\"}"), 1, 1, "B - - first - - -",
      "1   record.utf8" },
    { "a NUL by escape", OFFERS("{\"sku\":\"A\\u0000\"}"), 0, 1, NULL, "1   record.json" },
    { "half a surrogate", OFFERS("{\"sku\":\"A\\ud83d\"}"), 0, 1, NULL, "1   record.json" },
    { "a huge number", OFFERS("{\"sku\":\"A\",\"units\":1e400}"), 0, 1, NULL, "1   record.number" },
    { "a long number", OFFERS("{\"sku\":\"A\",\"units\":11111111111111111111111111111111111111111}"), 0, 1, NULL,
      "1   record.number" },
    { "a whole number over 64 bits", OFFERS("{\"sku\":\"A\",\"units\":9223372036854775808}"), 0, 1, NULL,
      "1   record.json" },
    { "a number that no double is", OFFERS("{\"sku\":\"A\",\"price\":9007199254740993.55}"), 0, 1, NULL,
      "1   record.number" },
    { "the plugin's own reason", OFFERS("{\"sku\":\"A\",\"rate\":1.3}"), 0, 1, NULL, "1 rate json_formats unlucky" },
    { "an envelope of nothing", "{\"kind\":\"OFFERS\",\"parcels\":[{\"Body\":\"x\"},{\"Body\":5},{}]}", 0, 2, NULL,
      "1   record.no_object, 2   record.no_object" },
    { "a line of nothing", "{\"lineKind\":1,\"sku\":\"A\"}\noops\n{\"sku\":\"B\"}", 2, 1,
      "A - - second - - {\"lineKind\":1}\nB - - second - - -", "2   record.json" },
};

static void test_broken_records(void **state)
{
    check_documents(*state, broken, COUNT_OF(broken));
}

static const struct {
    const char *name, *text, *says;
} refused[] = {
    { "empty.json", "", "is empty" },
    { "cut.json", OFFERS("{\"sku\":\"A\"}") "[", "is cut short" },
    { "cut-text.json", "{\"kind\":\"OFFERS\",\"offers\":[{\"sku\":\"A", "is cut short" },
    { "cross.json", "{\"kind\":\"OFFERS\",\"offers\":[{\"sku\":\"A\"]}", "closes an object with ]" },
    { "many.json", OFFERS("{\"sku\":\"A\"}") "}", "never opened" },
    { "twice.json", "{\"kind\":\"OFFERS\",\"kind\":\"OFFERS\",\"offers\":[]}", "duplicate object key" },
    { "other.json", "{\"kind\":\"PARCELS\",\"offers\":[]}", "it has \"kind\", \"offers\"" },
    { "array.json", "[1, 2]", "it has no members" },
    { "odd.json", "{\"kind\":\"OFFERS\", x}", "no JSON document" },
};

static void test_refused_documents(void **state)
{
    struct shop *s = *state;
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        const char *name = refused[i].name, *text = refused[i].text;
        assert_int_equal(import_to(s, write_text(s, name, text, strlen(text)), "US"), -ERR_INPUT);
        if (!strstr(s->err.text, refused[i].says) || !strstr(s->err.text, name))
            fail_msg("%s: %s", name, s->err.text);
    }
    expect(s, "SELECT (SELECT count(*) FROM import) + (SELECT count(*) FROM sku)", "0");
}

/* ---- depth and length ------------------------------------------------------------------------ */

static void put_times(struct buf *out, const char *text, int times)
{
    while (times--)
        buf_text(out, text);
}

static void test_deep_documents(void **state)
{
    struct shop *s = *state;
    static const struct { int deep; const char *rejects; } cases[] = {
        { 61, "NULL" }, { 62, "1   record.too_deep" }, { 100000, "1   record.too_deep" },
    };
    struct buf text = { 0 };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        buf_clear(&text);
        buf_text(&text, "{\"kind\":\"OFFERS\",\"offers\":[{\"sku\":\"A\",\"x\":");
        put_times(&text, "[", cases[i].deep);
        put_times(&text, "]", cases[i].deep);
        buf_text(&text, "},{\"sku\":\"B\"}]}");
        assert_int_equal(import_to(s, write_text(s, "deep.json", text.at, text.len), NULL), 0);
        expect(s, REJECTS, cases[i].rejects);
    }
    buf_clear(&text);
    buf_text(&text, "{\"kind\":\"OFFERS\",\"x\":");
    put_times(&text, "{\"y\":", 1000000);
    put_times(&text, "}", 1000001);
    assert_int_equal(import_to(s, write_text(s, "deep.json", text.at, text.len), NULL), -ERR_INPUT);
    assert_non_null(strstr(s->err.text, "nested more than 64 deep"));
    buf_free(&text);
}

static void test_long_documents(void **state)
{
    struct shop *s = *state;
    struct buf text = { 0 }, out = { 0 };
    buf_text(&text, "{\"kind\":\"OFFERS\",\"offers\":[{\"sku\":\"A\",\"x\":\"");
    put_times(&text, "long \\\\ \xE2\x82\xAC ", 200000);
    buf_text(&text, "\"}");
    for (int i = 0; i < 20000; i++)
        buf_printf(&text, ",\n  {\"sku\": \"S-%d\", \"market\": \"DE\", \"price\": %d.5}", i, i);
    buf_text(&text, "]}");
    import_well(s, write_text(s, "long.json", text.at, text.len), NULL, 20000, 0, 1);
    expect(s, REJECTS, "1   row.too_long");
    expect(s, "SELECT sum(price_minor) FROM listing", "20000000000");
    expect(s, "SELECT bytes FROM import", arena_printf(s->arena, "%zu", text.len));
    /* What is left of it is a text in the document of rejects, and so is no object the next time. */
    assert_int_equal(import_rejects(s->db, s->result.no, &out, &s->err), 0);
    import_well(s, write_text(s, "rejects.json", out.at, out.len), NULL, 0, 0, 1);
    expect(s, REJECTS, "1   record.no_object");

    buf_clear(&text);
    buf_text(&text, "{\"kind\":\"OFFERS\",\"x\":\"");
    put_times(&text, "long ", 300000);
    buf_text(&text, "\"}");
    assert_int_equal(import_to(s, write_text(s, "long.json", text.at, text.len), NULL), -ERR_INPUT);
    assert_non_null(strstr(s->err.text, "more than 1 MiB beside its records"));
    buf_free(&text);
    buf_free(&out);
}

/* All records of one element come in one batch, or in as few as they fit. */
static void test_many_records_in_one_element(void **state)
{
    struct shop *s = *state;
    struct buf text = { 0 };
    buf_text(&text, "{\"kind\":\"OFFERS\",\"market\":\"DE\",\"offers\":[");
    for (int i = 0; i < 3; i++) {
        buf_printf(&text, "%s{\"sku\":\"A-%d\",\"inner\":[", i ? "," : "", i);
        for (int k = 0; k < 700; k++)
            buf_printf(&text, "%s{\"sku\":\"B-%d-%d\",\"units\":%d}", k ? "," : "", i, k, k);
        buf_text(&text, "]}");
    }
    buf_text(&text, "]}");
    import_well(s, write_text(s, "inner.json", text.at, text.len), NULL, 2103, 0, 0);
    expect(s, "SELECT count(*), sum(quantity) FROM listing", "2103|733950");
    buf_free(&text);
}

/* ---- rejects --------------------------------------------------------------------------------- */

static void test_rejects_are_a_document(void **state)
{
    static const char text[] =
        "{\"about\": {\"kind\": \"OFFERS\", \"seller\": 7},\n"
        " \"groups\": [{\"red\": {\"sku\": \"R\", \"units\": 2.5}, \"blue\": {\"sku\": \"U\", \"units\": 3.5}}],\n"
        " \"market\": \"JP\",\n"
        " \"offers\": [{\"sku\": \"A\"}, {\"sku\": \"B\", \"price\": 1.5}, {\"sku\": \"C\"}, {\"sku\": \"D\", \"units\": 0.5}],\n"
        " \"end\": [1, 2]}";
    struct shop *s = *state;
    struct buf out = { 0 };
    import_well(s, write_text(s, "some.json", text, strlen(text)), NULL, 2, 0, 4);
    expect(s, REJECTS, "1 units  cell.count, 2 units  cell.count, 4 price  cell.digits, 6 units  cell.count");
    expect(s, "SELECT args FROM reject WHERE line = 4", "{\"value\":\"1.5\"}");
    expect(s, "SELECT CAST(raw AS TEXT) FROM reject WHERE line = 4", "{\"sku\": \"B\", \"price\": 1.5}");
    assert_int_equal(import_rejects(s->db, s->result.no, &out, &s->err), 0);
    assert_string_equal(out.at,
        "{\"about\": {\"kind\": \"OFFERS\", \"seller\": 7}, \"groups\": [\n"
        "{\"red\": {\"sku\": \"R\", \"units\": 2.5}, \"blue\": {\"sku\": \"U\", \"units\": 3.5}}], \"market\": \"JP\","
        " \"offers\": [\n{\"sku\": \"B\", \"price\": 1.5},\n{\"sku\": \"D\", \"units\": 0.5}], \"end\": [1, 2]}\n");
    char *wrong;
    while ((wrong = strstr(out.at, ".5")) != NULL)
        memcpy(wrong, "  ", 2);
    import_well(s, write_text(s, "mended.json", out.at, strlen(out.at)), NULL, 4, 0, 0);
    expect(s, "SELECT group_concat(sku || coalesce(quantity, '')) FROM (SELECT * FROM v1_listings ORDER BY sku)",
           "A,B,C,D0,R2,U3");
    buf_free(&out);
}

static void test_rejects_of_lines(void **state)
{
    static const char text[] = "{\"lineKind\":1,\"sku\":\"A\"}\n{\"sku\":\"B\",\"units\":\"x\"}\n{\"sku\":\"C\",\n\"units\":\"y\"}";
    struct shop *s = *state;
    struct buf out = { 0 };
    import_well(s, write_text(s, "lines.json", text, strlen(text)), NULL, 1, 0, 2);
    assert_int_equal(import_rejects(s->db, s->result.no, &out, &s->err), 0);
    assert_string_equal(out.at, "{\"sku\":\"B\",\"units\":\"x\"}\n{\"sku\":\"C\",\n\"units\":\"y\"}\n");
    buf_free(&out);
}

static void test_rejects_of_one_document(void **state)
{
    static const char text[] = "{\"lineKind\": 1, \"units\": \"x\"}";
    struct shop *s = *state;
    struct buf out = { 0 };
    import_well(s, write_text(s, "one.json", text, strlen(text)), NULL, 0, 0, 1);
    assert_int_equal(import_rejects(s->db, s->result.no, &out, &s->err), 0);
    assert_string_equal(out.at, "{\"lineKind\": 1, \"units\": \"x\"}\n");
    buf_free(&out);
}

/* ---- numbers --------------------------------------------------------------------------------- */

static void test_numbers(void **state)
{
    static const struct { double number; const char *text; } texts[] = {
        { 32917.01, "32917.01" }, { 0.1, "0.1" }, { 0.03203973037, "0.03203973037" }, { -0.75, "-0.75" },
        { 5.0, "5" }, { 0, "0" }, { -0.0, "0" }, { 1e-7, "0.0000001" }, { 1e21, "1000000000000000000000" },
        { 33.333333333333336, "33.333333333333336" }, { 9999999999999.99, "9999999999999.99" },
        { 1e300, "1.00000000000000e+300" },
    };
    static const struct { const char *text; bool is_exact; } exact[] = {
        { "0.1", true }, { "0.10", true }, { "32917.01", true }, { "33.333333333333336", true }, { "1e3", true },
        { "0.000", true }, { "-12.50E-1", true }, { "0.1000000000000000055511151231257827", false },
        { "9007199254740993.5", false }, { "123456789012345678.9", false },
        { "0.12345678901234567890123456789012345678901234567890", false },
    };
    struct buf out = { 0 };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        buf_clear(&out);
        json_number(&out, texts[i].number);
        assert_string_equal(out.at, texts[i].text);
    }
    for (size_t i = 0; i < COUNT_OF(exact); i++)
        if (json_number_is_exact(exact[i].text) != exact[i].is_exact)
            fail_msg("%s", exact[i].text);
    /* What has up to 15 digits always comes back as it was written. */
    uint32_t seed = 7;
    for (int i = 0; i < 20000; i++) {
        char text[40];
        seed = seed * 1664525 + 1013904223;
        int64_t minor = (int64_t)(seed >> 2) * (1 + (int64_t)(seed % 900000));
        snprintf(text, sizeof text, "%lld.%02d", (long long)(minor / 100), (int)(minor % 100) | 1);
        if (strlen(text) > 16)
            continue;
        buf_clear(&out);
        json_number(&out, strtod(text, NULL));
        if (text[strlen(text) - 1] != '0' && strcmp(out.at, text) != 0)
            fail_msg("%s became %s", text, out.at);
        assert_true(json_number_is_exact(text));
    }
    buf_free(&out);
}

/* ---- gzip, and again ------------------------------------------------------------------------- */

static void test_gzip_and_again(void **state)
{
    struct shop *s = *state;
    const char *path = write_text(s, "plain.json", documents[0].text, strlen(documents[0].text));
    char *command = arena_printf(s->arena, "gzip -c %s > %s/packed.json", path, work_path);
    assert_int_equal(system(command), 0);
    import_well(s, arena_printf(s->arena, "%s/packed.json", work_path), NULL, 1, 0, 0);
    import_well(s, path, NULL, 0, 1, 0);
    expect(s, "SELECT count(*), count(DISTINCT hash) FROM import", "2|1");
}

/* ---- mutations: every record ends somewhere -------------------------------------------------- */

static void test_mutated_documents(void **state)
{
    static const char bytes[] = "{}[]\",:\\ \n\0\xFF\xC3" "0-e.tnAu";
    struct shop *s = *state;
    uint32_t seed = 20261124;
    for (int round = 0; round < 600; round++) {
        char text[1024];
        const char *from = documents[(size_t)round % COUNT_OF(documents)].text;
        size_t n = strlen(from);
        memcpy(text, from, n);
        for (int i = 0; i <= round % 6; i++) {
            seed = seed * 1664525 + 1013904223;
            text[(seed >> 8) % n] = bytes[(seed >> 4) % (sizeof bytes - 1)];
        }
        int rc = import_to(s, write_text(s, "mutated.json", text, n), "DE");
        if (rc < 0 && rc != -ERR_INPUT)
            fail_msg("round %d: %s", round, s->err.text);
        if (rc >= 0) {
            struct buf out = { 0 };
            assert_int_equal(s->result.accepted + s->result.unchanged + s->result.rejected, s->result.rows);
            assert_int_equal(import_rejects(s->db, s->result.no, &out, &s->err), 0);
            buf_free(&out);
        }
    }
    assert_int_equal(db_check(s->db, &s->err), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_documents),
        TEST(test_documents_in_one_piece),
        TEST(test_broken_records),
        TEST(test_refused_documents),
        TEST(test_deep_documents),
        TEST(test_long_documents),
        TEST(test_many_records_in_one_element),
        TEST(test_rejects_are_a_document),
        TEST(test_rejects_of_lines),
        TEST(test_rejects_of_one_document),
        cmocka_unit_test(test_numbers),
        TEST(test_gzip_and_again),
        TEST(test_mutated_documents),
    };
    return cmocka_run_group_tests(tests, load_plugins, unload_plugins);
}
