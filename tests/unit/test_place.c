/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_place.c: countries, regions, currencies, languages, zones, and their names for a reader.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/place.h"

static const struct reader english = { .language = "en", .zone = "UTC" }, german = { .language = "de", .zone = "UTC" },
    pseudo = { .language = "en-XA", .zone = "UTC" };

static void codes_are_known(void **unused)
{
    (void)unused;
    struct arena *a = arena_new("test", 4096);
    assert_true(place_is_country("DE") && place_is_country("US"));
    assert_false(place_is_country("ZZ") || place_is_country("de") || place_is_country("") || place_is_country("UK"));
    assert_true(place_is_currency("EUR") && place_is_currency("JPY"));
    assert_false(place_is_currency("DEM") || place_is_currency("XQX") || place_is_currency("") || place_is_currency("eur"));
    assert_string_equal(place_language(a, "de"), "de");
    assert_string_equal(place_language(a, "PT-br"), "pt-BR");
    assert_string_equal(place_language(a, "zh-hant"), "zh-Hant");
    assert_string_equal(place_language(a, "es-419"), "es-419");
    assert_null(place_language(a, "xx"));
    assert_null(place_language(a, ""));
    assert_null(place_language(a, "de-ZZZ"));
    assert_null(place_language(a, "german"));
    assert_null(place_language(a, "de-DE-u-co-phonebk"));
    arena_free(a);
}

static void regions_are_found(void **unused)
{
    (void)unused;
    size_t n;
    const struct region *de = place_regions("DE", &n);
    assert_int_equal(n, 16);
    assert_string_equal(de[0].code, "DE-BB");
    assert_string_equal(place_region("DE-BY")->name, "Bayern");
    assert_string_equal(place_region("ES-A")->name, "Alacant");         /* without the star of its footnote */
    assert_null(place_region("DE-XX"));
    assert_null(place_region(""));
    place_regions("D", &n);
    assert_int_equal(n, 0);
    place_regions("ZZ", &n);
    assert_int_equal(n, 0);
    assert_string_equal(place_region_find("DE", "by")->code, "DE-BY");
    assert_string_equal(place_region_find("DE", "de-by")->code, "DE-BY");
    assert_string_equal(place_region_find("DE", "bayern")->code, "DE-BY");
    assert_string_equal(place_region_find("DE", "TH\xC3\x9CRINGEN")->code, "DE-TH");
    assert_string_equal(place_region_find("US", "california")->code, "US-CA");
    assert_null(place_region_find("DE", "California"));
    assert_null(place_region_find("DE", "US-CA"));
}

static void names_are_the_readers(void **unused)
{
    (void)unused;
    struct buf out = { 0 };
    text_currency_name(&out, &english, "EUR");
    buf_char(&out, '|');
    text_currency_name(&out, &german, "JPY");
    buf_char(&out, '|');
    text_currency_name(&out, &english, "?");
    buf_char(&out, '|');
    text_language_name(&out, &english, "pt-BR");
    buf_char(&out, '|');
    text_language_name(&out, &german, "en");
    buf_char(&out, '|');
    text_weekday(&out, &english, 1);
    buf_char(&out, '|');
    text_weekday(&out, &german, 7);
    buf_char(&out, '|');
    text_month(&out, &english, 20758);
    buf_char(&out, '|');
    text_time(&out, &german, 7 * 3600 + 15 * 60);
    assert_string_equal(buf_str(&out), "Euro|Japanischer Yen|?|Portuguese (Brazil)|Englisch|Monday|Sonntag|November 2026|07:15");
    buf_free(&out);
}

static size_t index_of(const struct place *list, size_t n, const char *code)
{
    for (size_t i = 0; i < n; i++)
        if (text_is(list[i].code, code))
            return i;
    fail_msg("%s is not in the list", code);
    return n;
}

static void lists_are_sorted_as_the_reader_sorts(void **unused)
{
    (void)unused;
    struct arena *a = arena_new("test", 1 << 16);
    size_t n, m;
    const struct place *in_english = place_list(a, PLACE_COUNTRY, &english, &n);
    const struct place *in_german = place_list(a, PLACE_COUNTRY, &german, &m);
    assert_int_equal(n, m);
    assert_true(n > 200);
    assert_string_equal(in_english[index_of(in_english, n, "AX")].name, "\xC3\x85land Islands");
    assert_true(index_of(in_english, n, "AX") < index_of(in_english, n, "AL"));         /* A with a ring is an A */
    assert_true(index_of(in_german, n, "AT") < index_of(in_german, n, "PK"));           /* and an O with dots an O */
    assert_string_equal(place_list(a, PLACE_COUNTRY, &pseudo, &m)[0].name, in_english[0].name);
    const struct place *list = place_list(a, PLACE_CURRENCY, &english, &n);
    assert_string_equal(list[index_of(list, n, "USD")].name, "US Dollar");
    list = place_list(a, PLACE_LANGUAGE, &english, &n);
    assert_string_equal(list[index_of(list, n, "de")].name, "German");
    list = place_list(a, PLACE_ZONE, &english, &n);
    assert_true(n > 300);
    index_of(list, n, "Europe/Berlin");
    index_of(list, n, "America/Los_Angeles");
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_are_known),
        cmocka_unit_test(regions_are_found),
        cmocka_unit_test(names_are_the_readers),
        cmocka_unit_test(lists_are_sorted_as_the_reader_sorts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
