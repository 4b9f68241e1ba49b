/* SPDX-License-Identifier: Apache-2.0 */
/* test_csv.c: what we write as CSV no spreadsheet runs, and we read it as it was. */
#include "data.h"

#include "face/face.h"
#include "flow/split.h"

static const char *const starts[] = {
    "=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠", "'=", "''+", "'－", "='",
};
static const char *const rests[] = {
    "", "1+1", "cmd|' /C calc'!A0", "HYPERLINK(\"https://x.example\",\"a\")", "2", "SUM(A1:A9)", " text, with a comma", "a\nb", "\"\"",
    "IMPORTXML(CONCAT(\"\"), \"//a\")", "'", "日本", "0,5", "-2+3", "@x",
};

static bool is_run(const char *cell)
{
    static const char *const first[] = { "=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠" };
    for (size_t i = 0; i < COUNT_OF(first); i++)
        if (text_starts(cell, first[i]))
            return true;
    return false;
}

static void formulas_go_and_come_back(void **state)
{
    (void)state;
    size_t n_cases = 0;
    for (size_t i = 0; i < COUNT_OF(starts); i++)
        for (size_t k = 0; k < COUNT_OF(rests); k++, n_cases++) {
            struct buf text = { 0 }, line = { 0 };
            struct field field[FIELDS_MOST];
            bool is_broken;
            buf_printf(&text, "%s%s", starts[i], rests[k]);
            buf_text(&line, "before,");
            csv_cell(&line, buf_str(&text), text.len);
            buf_text(&line, ",after");
            /* as others read it: RFC 4180 alone */
            const char *cell = buf_str(&line) + strlen("before,");
            assert_false(is_run(*cell == '"' ? cell + 1 : cell));
            assert_int_equal(split_fields(line.at, line.len, ',', field, &is_broken), 3);
            assert_false(is_broken);
            assert_int_equal(field[1].n, text.len);
            assert_memory_equal(field[1].at, buf_str(&text), text.len);
            buf_free(&text);
            buf_free(&line);
        }
    assert_true(n_cases >= 200);
}

static void other_texts_stay(void **state)
{
    (void)state;
    static const char *const texts[] = { "", "'", "''", "'quoted'", "o'clock", "a=b", "5", "'5", "text", "\xff\xfe" };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct buf line = { 0 };
        struct field field[FIELDS_MOST];
        bool is_broken;
        csv_cell(&line, texts[i], strlen(texts[i]));
        assert_string_equal(buf_str(&line), texts[i]);
        buf_text(&line, ",x");
        assert_int_equal(split_fields(line.at, line.len, ',', field, &is_broken), 2);
        assert_int_equal(field[0].n, strlen(texts[i]));
        assert_memory_equal(field[0].at, texts[i], field[0].n);
        buf_free(&line);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formulas_go_and_come_back),
        cmocka_unit_test(other_texts_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
