/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_sdk_layout.c: where every member of every struct of the SDK lies,
 and what every enumerator is,
 * compared with what was recorded in tests/sdk/layout.txt.  A plugin that was built yesterday relies
 * on it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <ctype.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <souk/command.h>
#include <souk/cursor.h>
#include <souk/import.h>
#include <souk/search.h>
#include <souk/settings.h>
#include <souk/widget.h>

#include "base/base.h"

#define RECORD "tests/sdk/layout.txt"

/* ---- what there is ------------------------------------------------------------------------------ */

struct part {
    const char *of, *member;                            /* member NULL: the struct itself */
    size_t at, bytes;
};

#define M1(of, m) { #of, #m, offsetof(struct of, m), sizeof(((struct of *)0)->m) }
#define M2(of, m, ...) M1(of, m), M1(of, __VA_ARGS__)
#define M3(of, m, ...) M1(of, m), M2(of, __VA_ARGS__)
#define M4(of, m, ...) M1(of, m), M3(of, __VA_ARGS__)
#define M5(of, m, ...) M1(of, m), M4(of, __VA_ARGS__)
#define M6(of, m, ...) M1(of, m), M5(of, __VA_ARGS__)
#define M7(of, m, ...) M1(of, m), M6(of, __VA_ARGS__)
#define M8(of, m, ...) M1(of, m), M7(of, __VA_ARGS__)
#define M9(of, m, ...) M1(of, m), M8(of, __VA_ARGS__)
#define M10(of, m, ...) M1(of, m), M9(of, __VA_ARGS__)
#define M11(of, m, ...) M1(of, m), M10(of, __VA_ARGS__)
#define M12(of, m, ...) M1(of, m), M11(of, __VA_ARGS__)
#define M13(of, m, ...) M1(of, m), M12(of, __VA_ARGS__)
#define M14(of, m, ...) M1(of, m), M13(of, __VA_ARGS__)
#define M15(of, m, ...) M1(of, m), M14(of, __VA_ARGS__)
#define M16(of, m, ...) M1(of, m), M15(of, __VA_ARGS__)
#define M17(of, m, ...) M1(of, m), M16(of, __VA_ARGS__)
#define M18(of, m, ...) M1(of, m), M17(of, __VA_ARGS__)
#define M19(of, m, ...) M1(of, m), M18(of, __VA_ARGS__)
#define M20(of, m, ...) M1(of, m), M19(of, __VA_ARGS__)
#define M21(of, m, ...) M1(of, m), M20(of, __VA_ARGS__)
#define M22(of, m, ...) M1(of, m), M21(of, __VA_ARGS__)
#define PICK(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, pick, ...) pick
#define STRUCT(of, ...) { #of, NULL, 0, sizeof(struct of) }, \
    PICK(__VA_ARGS__, M22, M21, M20, M19, M18, M17, M16, M15, M14, M13, M12, M11, M10, M9, M8, M7, M6, M5, M4, M3, M2, M1, 0)(of, __VA_ARGS__)

static const struct part parts[] = {
    STRUCT(souk_str, at, len, reserved),
    STRUCT(souk_value, type, currency, num, den, text),
    STRUCT(souk_arg, name, value),
    STRUCT(souk_args, at, n, reserved),
    STRUCT(souk_msg, key, args),
    STRUCT(souk_rows, columns, cell, n_columns, n_rows, is_cut, reserved),
    STRUCT(souk_list, at, n, size),
    STRUCT(souk_call, size, reserved, host, view, query, import, store, log, get, plan, check),
    STRUCT(souk_host, size, sdk, host, config),
    STRUCT(souk_offer, id, table),
    STRUCT(souk_plugin, size, built, needs, reserved, id, version, title, wants, reads, config, offers,
           queries, open, close, commands),
    STRUCT(souk_choice, value, title),
    STRUCT(souk_field, size, type, name, title, fallback, min, max, choices, flags, reserved, about,
           currency_of, zone_of, when, when_is, choices_from, fields, country_of, kind, digits, reserved2),
    STRUCT(souk_import_column, name, names, type, flags, currency),
    STRUCT(souk_import_file, size, reserved, name, charset, market, currency),
    STRUCT(souk_import, size, shape, id, title, columns, preamble_lines, needs_market, rows,
           records, signs, by_position, reserved),
    STRUCT(souk_import_host, size, reserved, reject, skip),
    STRUCT(souk_log_host, size, reserved, line, fault),
    STRUCT(souk_query, size, max_rows, id, title, sql, params, columns, about),
    STRUCT(souk_run, size, reserved, id, args),
    STRUCT(souk_policy, size, since, value, source, checked, reserved),
    STRUCT(souk_query_host, size, reserved, run, policy, search, day_start, ship_by, local),
    STRUCT(souk_store_host, size, reserved, put, keep, kept),
    STRUCT(souk_why, size, reserved, rows, args, formula, policy, market, policy_day, reserved2,
           origin),
    STRUCT(souk_to, size, reserved, query, widget, url, args, ref),
    STRUCT(souk_stat, size, tone, label, value, before, before_label, up_is, is_estimate, note, why,
           to),
    STRUCT(souk_table, size, flags, title, rows, why, more),
    STRUCT(souk_chart, size, kind, title, rows, why, partial_rows, reserved),
    STRUCT(souk_alert, size, tone, text, why, to),
    STRUCT(souk_fact, size, tone, label, value, why, to),
    STRUCT(souk_text_element, size, reserved, text, to),
    STRUCT(souk_empty, size, reserved, text, fills),
    STRUCT(souk_item, size, tone, title, note, badge, due, value, why, to),
    STRUCT(souk_letter, size, side, from, at, state, subject, body),
    STRUCT(souk_form, size, tone, command, title, button, note, args, fields, is_folded, reserved, also,
           also_button),
    STRUCT(souk_progress, size, tone, label, value, of, note, why, to),
    STRUCT(souk_article, size, reserved, text),
    STRUCT(souk_pager, size, reserved, before, next),
    STRUCT(souk_view_host, size, reserved, section, columns, fold, end, stat, fact, table, chart, alert,
           text, empty, until, items, item, thread, letter, form, progress, article, pager),
    STRUCT(souk_market_now, size, reserved, id, currency, zone, today, from, to, reserved2,
           today_start_s, data_until_s, data_elapsed_s),
    STRUCT(souk_ask, size, face, now_s, markets, n_markets, market_size, options),
    STRUCT(souk_widget, size, area, id, title, width, reserved, options, render, shows, badge, ribbon,
           reserved2, counts),
    STRUCT(souk_badge, size, reserved, count, urgent),
    STRUCT(souk_plan_host, size, reserved, add),
    STRUCT(souk_command, size, right, id, title, about, fields, plan, is_timed, reserved),
    STRUCT(souk_search, size, reserved, id, title, query),
    STRUCT(souk_section, size, is_folded, first, title, about),
    STRUCT(souk_record, size, is_new, id, was, now, changed),
    STRUCT(souk_records, size, reserved, shown, list),
    STRUCT(souk_cursor, at, is_back, id),
    STRUCT(souk_check_host, size, reserved, wrong, doubt, set),
    STRUCT(souk_settings, size, order, id, title, about, help, view, edit, fields, sections, max_records, schema, summary,
           one_default, default_per, check, notes, migrate, banner, banner_text),
};

#define E(name) { #name, name }
static const struct { const char *name; int value; } enumerators[] = {
    E(SOUK_ENOTYET), E(SOUK_EDENIED), E(SOUK_EINPUT), E(SOUK_ETIME), E(SOUK_ESDK), E(SOUK_EHOST),
    E(SOUK_EABSENT),
    E(SOUK_NONE), E(SOUK_TEXT), E(SOUK_KEY), E(SOUK_BOOL), E(SOUK_COUNT), E(SOUK_DECIMAL),
    E(SOUK_MONEY), E(SOUK_AVERAGE),
    E(SOUK_RATE), E(SOUK_BP), E(SOUK_DAY), E(SOUK_INSTANT), E(SOUK_SECONDS), E(SOUK_MARKET),
    E(SOUK_CURRENCY),
    E(SOUK_COUNTRY), E(SOUK_ZONE), E(SOUK_REF), E(SOUK_TAIL),
    E(SOUK_BYTES), E(SOUK_REGION), E(SOUK_LANGUAGE),
    E(SOUK_FIELD_LINE), E(SOUK_FIELD_COUNT), E(SOUK_FIELD_BOOL), E(SOUK_FIELD_ONE_OF),
    E(SOUK_FIELD_DAY),
    E(SOUK_FIELD_AREA), E(SOUK_FIELD_MONEY), E(SOUK_FIELD_INSTANT), E(SOUK_FIELD_PERCENT),
    E(SOUK_FIELD_MARKET), E(SOUK_FIELD_RECORD), E(SOUK_FIELD_RECORDS),
    E(SOUK_FIELD_DECIMAL), E(SOUK_FIELD_SOME_OF), E(SOUK_FIELD_MONTH), E(SOUK_FIELD_PERIOD), E(SOUK_FIELD_TIME),
    E(SOUK_FIELD_WEEKDAYS), E(SOUK_FIELD_EMAIL), E(SOUK_FIELD_PHONE), E(SOUK_FIELD_URL), E(SOUK_FIELD_COUNTRY),
    E(SOUK_FIELD_REGION), E(SOUK_FIELD_POSTCODE), E(SOUK_FIELD_CURRENCY), E(SOUK_FIELD_LANGUAGE), E(SOUK_FIELD_ZONE),
    E(SOUK_FIELD_SKU), E(SOUK_FIELD_SELECTION), E(SOUK_FIELD_IBAN), E(SOUK_FIELD_BIC), E(SOUK_FIELD_BANK_US),
    E(SOUK_FIELD_BANK_UK), E(SOUK_FIELD_BANK_JP), E(SOUK_FIELD_TAX_ID), E(SOUK_FIELD_CARD_TAIL), E(SOUK_FIELD_HIDDEN),
    E(SOUK_FIELD_NEEDED), E(SOUK_FIELD_QUIET),
    E(SOUK_FIELD_SECRET), E(SOUK_FIELD_PER_MARKET), E(SOUK_FIELD_READ_ONLY), E(SOUK_FIELD_UNIQUE), E(SOUK_FIELD_PERSONAL),
    E(SOUK_TSV), E(SOUK_CSV), E(SOUK_JSON), E(SOUK_MAIL), E(SOUK_NEEDED), E(SOUK_HEADER), E(SOUK_CARRY),
    E(SOUK_DEBUG), E(SOUK_NOTE), E(SOUK_WARN), E(SOUK_FAULT),
    E(SOUK_PLAIN), E(SOUK_GOOD), E(SOUK_WATCH), E(SOUK_BAD), E(SOUK_INFO),
    E(SOUK_LINE), E(SOUK_BARS), E(SOUK_STACKED), E(SOUK_HEAT), E(SOUK_CARD), E(SOUK_PAGE),
    E(SOUK_IN), E(SOUK_OUT), E(SOUK_ASIDE),
    E(SOUK_RIBBON_NONE), E(SOUK_RIBBON_MESSAGES), E(SOUK_RIBBON_NOTICES), E(SOUK_RIBBON_DEADLINES),
    E(SOUK_MAY_VIEW), E(SOUK_MAY_EDIT), E(SOUK_MAY_ADMINISTER), E(SOUK_MAY_OWN),
};

/* ---- nothing is left out ------------------------------------------------------------------------ */

/* A header without its comments. */
static char *header_read(const char *path)
{
    struct buf text = { 0 };
    int c, before = 0;
    bool in_comment = false;
    FILE *f = fopen(path, "r");
    if (!f)
        fail_msg("%s cannot be read: the test is to run in the folder of the Makefile", path);
    while ((c = getc(f)) != EOF) {
        if (!in_comment && before == '/' && c == '*') {
            in_comment = true;
            text.at[text.len - 1] = ' ';
        } else if (in_comment && before == '*' && c == '/') {
            in_comment = false;
            c = ' ';
        } else if (!in_comment) {
            buf_char(&text, (char)c);
        }
        before = c;
    }
    fclose(f);
    return text.at;
}

static size_t word_length(const char *at)
{
    size_t n = 0;
    while (isalnum((unsigned char)at[n]) || at[n] == '_')
        n++;
    return n;
}

static bool is_listed(const char *at, size_t n, bool is_struct)
{
    for (size_t i = 0; is_struct && i < COUNT_OF(parts); i++)
        if (!parts[i].member && strlen(parts[i].of) == n && memcmp(parts[i].of, at, n) == 0)
            return true;
    for (size_t i = 0; !is_struct && i < COUNT_OF(enumerators); i++)
        if (strlen(enumerators[i].name) == n && memcmp(enumerators[i].name, at, n) == 0)
            return true;
    return false;
}

static void everything_is_listed(void **state)
{
    (void)state;
    glob_t headers;
    unsigned structs = 0, words = 0;
    assert_int_equal(glob("sdk/souk/*.h", 0, NULL, &headers), 0);
    for (size_t i = 0; i < headers.gl_pathc; i++) {
        char *text = header_read(headers.gl_pathv[i]);
        for (const char *at = text; (at = strstr(at, "struct souk_")); at++) {
            const char *name = at + strlen("struct ");
            size_t n = word_length(name);
            if (strncmp(name + n, " {", 2) != 0)
                continue;
            structs++;
            if (!is_listed(name, n, true))
                fail_msg("%s: struct %.*s is not among the parts above", headers.gl_pathv[i], (int)n,
                         name);
        }
        for (const char *at = text; (at = strstr(at, "enum souk_")); at++) {
            const char *word = at + strlen("enum ");
            word += word_length(word);
            if (strncmp(word, " {", 2) != 0)
                continue;
            for (const char *end = strchr(word, '}'); word < end; word += strcspn(word, ",}")) {
                word += strspn(word, " {,\n");
                size_t n = word_length(word);
                if (!is_listed(word, n, false))
                    fail_msg("%s: %.*s is not among the enumerators above", headers.gl_pathv[i], (int)n,
                             word);
                words++;
            }
        }
        free(text);
    }
    globfree(&headers);
    assert_int_equal(words, COUNT_OF(enumerators));
    for (size_t i = 0; i < COUNT_OF(parts); i++)
        structs -= !parts[i].member;
    assert_int_equal(structs, 0);
}

/* Members lie side by side, without holes: so none is missing above, and none is padding. */
static void structs_have_no_holes(void **state)
{
    (void)state;
    size_t end = 0, bytes = 0;
    const char *of = "";
    for (size_t i = 0; i <= COUNT_OF(parts); i++) {
        if (i == COUNT_OF(parts) || !parts[i].member) {
            if (end != bytes)
                fail_msg("struct %s has %zu bytes, but its members end at %zu", of, bytes, end);
            if (i == COUNT_OF(parts))
                break;
            of = parts[i].of;
            bytes = parts[i].bytes;
            end = 0;
        } else {
            if (parts[i].at != end)
                fail_msg("struct %s has a hole before %s, or a member that is not named here", of,
                         parts[i].member);
            end += parts[i].bytes;
        }
    }
}

/* ---- as it was recorded ------------------------------------------------------------------------- */

static void layout_write(FILE *f)
{
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        if (parts[i].member)
            fprintf(f, "%s.%s at %zu, %zu bytes\n", parts[i].of, parts[i].member, parts[i].at,
                    parts[i].bytes);
        else
            fprintf(f, "struct %s, %zu bytes\n", parts[i].of, parts[i].bytes);
    }
    for (size_t i = 0; i < COUNT_OF(enumerators); i++)
        fprintf(f, "%s = %d\n", enumerators[i].name, enumerators[i].value);
}

static void layout_is_as_recorded(void **state)
{
    (void)state;
    if (sizeof(void *) != 8)
        skip();                                         /* recorded on 64 bits */
    if (text_is(getenv("SOUK_RECORD"), "1")) {
        FILE *f = fopen(RECORD, "w");
        assert_non_null(f);
        layout_write(f);
        assert_int_equal(fclose(f), 0);
    }
    FILE *now = tmpfile(), *then = fopen(RECORD, "r");
    assert_non_null(now);
    if (!then)
        fail_msg("%s cannot be read", RECORD);
    layout_write(now);
    rewind(now);
    char is[200], was[200];
    for (;;) {
        char *a = fgets(is, sizeof is, now), *b = fgets(was, sizeof was, then);
        if (!a && !b)
            break;
        if (!a || !b || strcmp(a, b) != 0)
            fail_msg("The layout of the SDK is no longer the recorded one:\n  is   %s  was  %s"
                     "  Plugins that are built rely on it: append members, change none.  If this is"
                     " meant, let sdk/CHANGES.md say what changed and why, and renew the record:"
                     " SOUK_RECORD=1 $BUILD/tests/test_sdk_layout",
                     a ? a : "(nothing)\n", b ? b : "(nothing)\n");
    }
    fclose(now);
    fclose(then);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_is_listed),
        cmocka_unit_test(structs_have_no_holes),
        cmocka_unit_test(layout_is_as_recorded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
