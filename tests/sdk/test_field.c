/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_field.c: what people type becomes a value of the field's type, or one sentence that names the field.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "plug/address.h"
#include "plug/field.h"

#define DE "A1PA6795UKMFR9"
#define FIELD(kind, ...) { .size = sizeof(struct souk_field), .type = SOUK_FIELD_##kind, .name = "f", .title = "f", __VA_ARGS__ }

static const struct souk_choice states[] = { { "open", "open" }, { "closed", "closed" } };
static const struct souk_field line = FIELD(LINE, .max = 0), few = FIELD(LINE, .min = 2, .max = 4),
    needed = FIELD(LINE, .flags = SOUK_FIELD_NEEDED), area = FIELD(AREA, .max = 0), count = FIELD(COUNT, .min = 1, .max = 9),
    any_count = FIELD(COUNT, .max = 0), tick = FIELD(BOOL, .max = 0), day = FIELD(DAY, .min = 20000, .max = 21000),
    state = FIELD(ONE_OF, .choices = SOUK_LIST(states)), money = FIELD(MONEY, .max = 0),
    fee = FIELD(MONEY, .min = 1, .max = 100000), held = FIELD(MONEY, .fallback = { SOUK_MONEY, "JPY", 5, 0, { "", 0, 0 } }),
    percent = FIELD(PERCENT, .max = 0), share = FIELD(PERCENT, .min = 0, .max = 10000), when = FIELD(INSTANT, .max = 0),
    market = FIELD(MARKET, .max = 0), weight = FIELD(DECIMAL, .digits = 3, .min = 1, .max = 30000), whole = FIELD(DECIMAL, .max = 0),
    share2 = FIELD(DECIMAL, .digits = 2), colours = FIELD(SOME_OF, .choices = SOUK_LIST(states)), month = FIELD(MONTH, .max = 0),
    period = FIELD(PERIOD, .max = 0), hour = FIELD(TIME, .max = 0), early = FIELD(TIME, .max = 12 * 3600), days = FIELD(WEEKDAYS, .max = 0),
    email = FIELD(EMAIL, .max = 0), phone = FIELD(PHONE, .max = 0), url = FIELD(URL, .max = 0), country = FIELD(COUNTRY, .max = 0),
    region = FIELD(REGION, .country_of = "country"), postcode = FIELD(POSTCODE, .country_of = "country"),
    currency = FIELD(CURRENCY, .max = 0), language = FIELD(LANGUAGE, .max = 0), zone = FIELD(ZONE, .max = 0), sku = FIELD(SKU, .max = 0),
    selection = FIELD(SELECTION, .max = 0), iban = FIELD(IBAN, .max = 0), bic = FIELD(BIC, .max = 0), us = FIELD(BANK_US, .max = 0),
    uk = FIELD(BANK_UK, .max = 0), jp = FIELD(BANK_JP, .max = 0), vat = FIELD(TAX_ID, .kind = "vat"), tail = FIELD(CARD_TAIL, .max = 0),
    hidden = FIELD(HIDDEN, .max = 0);

/* What a value is, in one text: its type and itself. */
static void say_value(struct buf *out, const struct souk_value *v)
{
    if (v->type == SOUK_NONE) {
        buf_text(out, "none");
        return;
    }
    if (v->type == SOUK_BP)
        buf_printf(out, "%lld bp", (long long)v->num);
    else if (v->type == SOUK_MARKET)
        buf_text(out, v->text.at);
    else if (v->type == SOUK_SECONDS)
        buf_printf(out, "%lld s", (long long)v->num);
    else
        value_as_text(out, v);
}

static void typed_texts_become_values(void **unused)
{
    (void)unused;
    static const struct { const struct souk_field *field; const char *text, *zone, *currency, *is; } cases[] = {
        { &line, "A mug", NULL, NULL, "A mug" },
        { &line, " spaces stay ", NULL, NULL, " spaces stay " },
        { &line, "", NULL, NULL, "none" },
        { &line, "  ", NULL, NULL, "none" },
        { &few, "Gr\xC3\xBC\xC3\x9F", NULL, NULL, "Gr\xC3\xBC\xC3\x9F" },          /* four letters, six bytes */
        { &area, "one\r\ntwo\r\n", NULL, NULL, "one\ntwo\n" },
        { &count, "7", NULL, NULL, "7" }, { &count, " 7 ", NULL, NULL, "7" }, { &any_count, "-12", NULL, NULL, "-12" },
        { &count, "", NULL, NULL, "none" },
        { &tick, "yes", NULL, NULL, "yes" }, { &tick, "no", NULL, NULL, "no" },
        { &day, "2026-11-01", NULL, NULL, "2026-11-01" },
        { &state, "closed", NULL, NULL, "closed" }, { &state, "", NULL, NULL, "none" },
        { &money, "12.34 EUR", NULL, NULL, "12.34 EUR" }, { &money, "eur 12,34", NULL, NULL, "12.34 EUR" },
        { &money, "1,234.50 USD", NULL, NULL, "1234.50 USD" }, { &money, "1.234,50", NULL, "EUR", "1234.50 EUR" },
        { &money, "1,234,567", NULL, "EUR", "1234567.00 EUR" }, { &money, "1 234", NULL, "EUR", "1234.00 EUR" },
        { &money, "1234", NULL, "JPY", "1234 JPY" }, { &money, "1.5", NULL, "KWD", "1.500 KWD" },
        { &money, "-3", NULL, "EUR", "-3.00 EUR" }, { &held, "70", NULL, NULL, "70 JPY" },
        { &money, "0.10EUR", NULL, "EUR", "0.10 EUR" },
        { &percent, "2.5", NULL, NULL, "250 bp" }, { &percent, "2,5 %", NULL, NULL, "250 bp" },
        { &percent, "0.01%", NULL, NULL, "1 bp" }, { &percent, "-4", NULL, NULL, "-400 bp" },
        { &when, "2026-11-01T12:00:00Z", "Europe/Berlin", NULL, "2026-11-01T12:00:00Z" },
        { &when, "2026-11-01T12:00", "Europe/Berlin", NULL, "2026-11-01T11:00:00Z" },
        { &when, "2026-07-01 12:00:30", "Europe/Berlin", NULL, "2026-07-01T10:00:30Z" },
        { &when, "2026-11-01T12:00", NULL, NULL, "2026-11-01T12:00:00Z" },
        { &when, "2026-03-29T02:30", "Europe/Berlin", NULL, "2026-03-29T01:30:00Z" },     /* a time that the clocks skip */
        { &when, "2026-10-25T02:30", "Europe/Berlin", NULL, "2026-10-25T00:30:00Z" },     /* one that comes twice */
        { &market, "DE", NULL, NULL, DE }, { &market, "amazon.de", NULL, NULL, DE }, { &market, DE, NULL, NULL, DE },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct arena *a = arena_new("test", 4096);
        const struct field_place where = { .zone = cases[i].zone, .currency = cases[i].currency };
        struct souk_value v;
        struct err err = { 0 };
        struct buf is = { 0 };
        if (field_read(a, cases[i].field, cases[i].text, &where, &v, &err) < 0)
            fail_msg("\"%s\": %s", cases[i].text, err.text);
        say_value(&is, &v);
        if (!text_is(buf_str(&is), cases[i].is))
            fail_msg("\"%s\" became %s", cases[i].text, buf_str(&is));
        if (v.type)
            assert_int_equal(v.type, field_gives(cases[i].field->type));
        buf_free(&is);
        arena_free(a);
    }
}

static char long_line[5000];

static void what_is_wrong_is_said(void **unused)
{
    (void)unused;
    memset(long_line, 'x', sizeof long_line - 1);
    const struct { const struct souk_field *field; const char *text, *currency, *says; } cases[] = {
        { &needed, "", NULL, "The field \"f\": it is needed and cannot be left empty." },
        { &needed, " \t", NULL, "it is needed" },
        { &line, "a\nb", NULL, "it must stand on one line." },
        { &line, "a\xFF", NULL, "it is not UTF-8." },
        { &line, long_line, NULL, "it has 4999 bytes; at most 4096 are kept." },
        { &few, "x", NULL, "it has 1 letters; 2 to 4 are asked for." }, { &few, "xxxxx", NULL, "it has 5 letters" },
        { &count, "1.5", NULL, "\"1.5\" is no whole number." }, { &count, "10", NULL, "10 is not between 1 and 9." },
        { &count, "0", NULL, "0 is not between 1 and 9." },
        { &tick, "maybe", NULL, "\"maybe\" must be yes or no." },
        { &day, "1.11.2026", NULL, "is no day: write it like 2026-11-23." },
        { &day, "2020-01-01", NULL, "2020-01-01 is not between 2024-10-04 and 2027-07-01." },
        { &state, "Open", NULL, "'Open' cannot be chosen; there are open, closed." },
        { &money, "12.34", NULL, "\"12.34\" names no currency: write it like 12.34 EUR." },
        { &money, "12.3456", "EUR", "\"12.3456\" is no amount in EUR: write it like 12.34." },
        { &money, "12.345", "EUR", "\"12.345\" could have thousands or decimals: write no mark between thousands." },
        { &money, "-1,234", "JPY", "could have thousands or decimals" },
        { &money, "1.5", "JPY", "is no amount in JPY: write it like 1234." },
        { &money, "1.230", "EUR", "\"1.230\" could be 1.23 or 1230.00: write one of these." },
        { &money, "1,234", "KWD", "\"1,234\" could be 1234.000 or 1.234: write one of these." },
        { &money, "12 USD", "EUR", "\"12 USD\" is in USD, but it must be in EUR." },
        { &money, "12 XQX", NULL, "\"XQX\" is no currency" }, { &money, "free", "EUR", "\"FRE\" is no currency" },
        { &money, "12 34", "EUR", "is no amount" }, { &money, "EUR", "EUR", "is no amount in EUR" },
        { &fee, "0", "EUR", "0.00 EUR is not between 0.01 EUR and 1000.00 EUR." },
        { &percent, "2.5555", NULL, "no percentage of at most two decimals: write it like 2.5." },
        { &percent, "many", NULL, "no percentage" },
        { &percent, "2.500", NULL, "\"2.500\" could be 2.50 or 2500.00: write one of these." },
        { &percent, "1,234", NULL, "could have thousands or decimals" }, { &share, "101", NULL, "101.00 is not between 0.00 and 100.00." },
        { &when, "tomorrow", NULL, "\"tomorrow\" is no time: write it like 2026-11-23 07:15." },
        { &when, "2026-11-01", NULL, "is no time" }, { &when, "2026-02-30T10:00", NULL, "is no time" },
        { &when, "2026-11-01T24:00", NULL, "is no time" }, { &when, "2026-11-01T10:00:00:00", NULL, "is no time" },
        { &when, "2026-11-01T1", NULL, "is no time" }, { &when, "2026-11-01T10:", NULL, "is no time" },
        { &market, "FRA", NULL, "\"FRA\" is no market that Souk knows" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct arena *a = arena_new("test", 4096);
        const struct field_place where = { .currency = cases[i].currency };
        struct souk_value v;
        struct err err = { 0 };
        int rc = field_read(a, cases[i].field, cases[i].text, &where, &v, &err);
        if (rc != -ERR_INPUT || !strstr(err.text, cases[i].says) || !text_starts(err.text, "The field \"f\": "))
            fail_msg("\"%.40s\": %d %s", cases[i].text, rc, err.text);
        arena_free(a);
    }
}

/* ---- several ------------------------------------------------------------------------------------ */

static const struct souk_field form[] = {
    { .size = sizeof *form, .type = SOUK_FIELD_MONEY, .name = "amount", .title = "t", .currency_of = "market" },
    { .size = sizeof *form, .type = SOUK_FIELD_MARKET, .name = "market", .title = "t", .flags = SOUK_FIELD_NEEDED },
    { .size = sizeof *form, .type = SOUK_FIELD_INSTANT, .name = "starts", .title = "t", .zone_of = "market" },
    { .size = sizeof *form, .type = SOUK_FIELD_COUNT, .name = "units", .title = "t", .fallback = SOUK_NUMBER(SOUK_COUNT, 4) },
};
static const struct souk_list fields = SOUK_LIST(form);

struct sent {
    const char *name, *text;
};

static const char *text_of(void *ctx, const char *name)
{
    for (const struct sent *s = ctx; s->name; s++)
        if (text_is(s->name, name))
            return s->text;
    return NULL;
}

static int read_all(struct arena *a, struct sent *sent, const struct souk_args *fixed, struct souk_args *args,
                    const struct souk_field **at, struct err *err)
{
    const struct field_source from = { text_of, sent, fixed, "Asia/Tokyo" };
    return fields_read(a, &fields, &from, args, at, err);
}

static void fields_know_their_neighbours(void **unused)
{
    (void)unused;
    struct arena *a = arena_new("test", 4096);
    struct souk_args args;
    struct err err = { 0 };
    const struct souk_field *at;
    struct sent full[] = { { "amount", "9,99" }, { "market", "DE" }, { "starts", "2026-11-01T12:00" }, { "units", "" }, { NULL, NULL } };
    assert_int_equal(read_all(a, full, NULL, &args, &at, &err), 0);
    assert_null(at);
    assert_int_equal(args.n, 4);
    assert_string_equal(args.at[0].name, "amount");
    assert_int_equal(args.at[0].value.num, 999);
    assert_string_equal(args.at[0].value.currency, "EUR");      /* of a market that stands behind it */
    assert_int_equal(args.at[2].value.num, 1793530800);         /* noon in Berlin, not in Tokyo */
    assert_int_equal(args.at[3].value.type, SOUK_NONE);         /* emptied is not the same as not sent */

    struct sent less[] = { { "market", "JP" }, { "starts", "2026-11-01T12:00" }, { NULL, NULL } };
    assert_int_equal(read_all(a, less, NULL, &args, &at, &err), 0);
    assert_int_equal(args.n, 3);                                /* an amount was not sent and has no fallback */
    assert_string_equal(args.at[0].name, "market");
    assert_int_equal(args.at[2].value.num, 4);

    struct sent none[] = { { "units", "3" }, { NULL, NULL } };
    assert_int_equal(read_all(a, none, NULL, &args, &at, &err), -ERR_INPUT);
    assert_string_equal(err.text, "The field \"market\": it is needed and cannot be left empty.");
    assert_ptr_equal(at, &form[1]);

    err_clear(&err);
    struct sent wrong[] = { { "market", "Mars" }, { "amount", "1" }, { NULL, NULL } };
    assert_int_equal(read_all(a, wrong, NULL, &args, &at, &err), -ERR_INPUT);
    assert_string_equal(at->name, "amount");                    /* nobody tells its currency */
    arena_free(a);
}

/* A market that the form fixes tells the currency as one that was chosen. */
static void fixed_arguments_are_neighbours(void **unused)
{
    (void)unused;
    struct arena *a = arena_new("test", 4096);
    struct souk_args args;
    struct err err = { 0 };
    const struct souk_arg arg = { "market", souk_market("A1VC38T7YXB528") };
    const struct souk_args fixed = { &arg, 1, 0 };
    const struct souk_list one = { form, 1, sizeof *form };
    struct sent sent[] = { { "amount", "500" }, { NULL, NULL } };
    const struct field_source from = { text_of, sent, &fixed, NULL };
    assert_int_equal(fields_read(a, &one, &from, &args, NULL, &err), 0);
    assert_int_equal(args.n, 1);
    assert_string_equal(args.at[0].value.currency, "JPY");
    arena_free(a);
}

static void values_go_into_fields_and_back(void **unused)
{
    (void)unused;
    const struct { const struct souk_field *field; struct souk_value v; const char *zone, *is; } cases[] = {
        { &form[0], souk_money(-999, "EUR"), NULL, "-9.99" },   /* its currency stands elsewhere */
        { &money, souk_money(999, "JPY"), NULL, "999 JPY" }, { &money, souk_money(1500, "KWD"), NULL, "1.5 KWD" },
        { &money, souk_money(1234, "KWD"), NULL, "1.2340 KWD" }, { &money, souk_money(12000, "KWD"), NULL, "12 KWD" },
        { &percent, souk_bp(1550), NULL, "15.50" },
        { &when, souk_instant(1793534400), "America/Los_Angeles", "2026-11-01T04:00" },
        { &when, souk_instant(-1), NULL, "1969-12-31T23:59" },
        { &tick, souk_bool(1), NULL, "yes" }, { &market, souk_market(DE), NULL, "DE" },
        { &line, souk_text("a \"b\""), NULL, "a \"b\"" }, { &line, souk_none(), NULL, "" },
        { &day, souk_day(20758), NULL, "2026-11-01" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct arena *a = arena_new("test", 4096);
        struct buf text = { 0 }, again = { 0 };
        struct souk_value v;
        struct err err = { 0 };
        const struct field_place where = { .zone = cases[i].zone, .currency = cases[i].v.currency };
        field_as_text(&text, cases[i].field, &cases[i].v, cases[i].zone);
        assert_string_equal(buf_str(&text), cases[i].is);
        assert_int_equal(field_read(a, cases[i].field, buf_str(&text), &where, &v, &err), 0);
        field_as_text(&again, cases[i].field, &v, cases[i].zone);
        assert_string_equal(buf_str(&again), cases[i].is);
        buf_free(&text);
        buf_free(&again);
        arena_free(a);
    }
}

/* Types of which the world has a form: in, out; and what is wrong. */
static const struct { const struct souk_field *field; const char *text, *country, *is, *says; } known[] = {
    { &weight, "12.5", NULL, "12.500", NULL }, { &weight, "0,001", NULL, NULL, "\"0,001\" could be" }, { &weight, "12.3450", NULL, "12.345", NULL }, { &whole, "7", NULL, "7", NULL },
    { &weight, "12.3456", NULL, NULL, "is no number of at most 3 decimals: write it like 12.5." },
    { &weight, "12,345", NULL, NULL, "\"12,345\" could be 12345.000 or 12.345: write one of these." },
    { &weight, "0", NULL, NULL, "0 is not between 0.0010 and 30." }, { &whole, "7.5", NULL, NULL, "is no whole number" },
    { &share2, "1,234", NULL, NULL, "could have thousands or decimals" },
    { &colours, "closed open", NULL, "open closed", NULL }, { &colours, "closed, closed", NULL, "closed", NULL },
    { &colours, "closed red", NULL, NULL, "'red' cannot be chosen; there are open, closed." },
    { &month, "2026-11", NULL, "2026-11-01", NULL }, { &month, "2026-13", NULL, NULL, "is no month: write it like 2026-11." },
    { &month, "11/2026", NULL, NULL, "is no month" }, { &month, "2026-11-01", NULL, NULL, "is no month" },
    { &period, "2026-11-01/2026-11-30", NULL, "2026-11-01/2026-11-30", NULL },
    { &period, "2026-11-01 2026-11-01", NULL, "2026-11-01/2026-11-01", NULL },
    { &period, "2026-11-01", NULL, NULL, "is no period: write its first and last day like 2026-11-01/2026-11-30." },
    { &period, "2026-11-30/2026-11-01", NULL, NULL, "the period ends before it begins" },
    { &period, "2026-11-01/2026-11-31", NULL, NULL, "is no period" },
    { &hour, "07:15", NULL, "26100 s", NULL }, { &hour, "7:15", NULL, "26100 s", NULL }, { &hour, "23:59:59", NULL, "86399 s", NULL },
    { &hour, "00:00", NULL, "0 s", NULL }, { &hour, "24:00", NULL, NULL, "is no time of day: write it like 07:15." },
    { &hour, "12:60", NULL, NULL, "is no time of day" }, { &hour, "7 am", NULL, NULL, "is no time of day" },
    { &hour, "12:00:60", NULL, NULL, "is no time of day" }, { &early, "13:00", NULL, NULL, "13:00 is not between 00:00 and 12:00." },
    { &days, "fri,Mon  tuesday", NULL, "mon tue fri", NULL }, { &days, "mon-fri", NULL, "mon tue wed thu fri", NULL },
    { &days, "someday", NULL, NULL, "\"someday\" is no weekday: write them like mon tue fri, or mon-fri." },
    { &days, "fri-mon", NULL, NULL, "is no weekday" }, { &days, "mon-", NULL, NULL, "is no weekday" },
    { &email, " Ann@Example.com ", NULL, "Ann@example.com", NULL }, { &email, "nobody", NULL, NULL, "An e-mail address has one @" },
    { &phone, "+49 (0)30 901820", NULL, "+4930901820", NULL }, { &phone, "030 901820", NULL, NULL, "begins with + and the code" },
    { &url, "https://example.com", NULL, "https://example.com", NULL }, { &url, "javascript:x", NULL, NULL, "begins with https://" },
    { &country, "de", NULL, "DE", NULL }, { &country, "uk", NULL, "GB", NULL },
    { &country, "Germany", NULL, NULL, "\"Germany\" is no country: write its two letters, like DE." },
    { &region, "bayern", "DE", "DE-BY", NULL }, { &region, "by", "DE", "DE-BY", NULL }, { &region, "DE-BY", NULL, "DE-BY", NULL },
    { &region, "us-ca", NULL, "US-CA", NULL },
    { &region, "Bavaria", "DE", NULL, "\"Bavaria\" is no state or province of DE: write its name or code, like Brandenburg or DE-BB." },
    { &region, "US-CA", "DE", NULL, "is no state or province of DE" }, { &region, "Bayern", NULL, NULL, "without its country" },
    { &region, "x", "VA", NULL, "VA has no states or provinces that Souk knows: leave it empty." },
    { &postcode, "sw1a2aa", "GB", "SW1A 2AA", NULL }, { &postcode, "12 34", NULL, "12 34", NULL },
    { &postcode, "1234", "DE", NULL, "A postcode of DE is written like 10115." },
    { &currency, "eur", NULL, "EUR", NULL }, { &currency, "DEM", NULL, NULL, "is no currency: write its three letters, like EUR." },
    { &language, "PT-br", NULL, "pt-BR", NULL }, { &language, "german", NULL, NULL, "is no language: write its code, like en or pt-BR." },
    { &zone, "Europe/Berlin", NULL, "Europe/Berlin", NULL }, { &zone, "UTC", NULL, "UTC", NULL },
    { &zone, "Berlin", NULL, NULL, "is no time zone: write its name, like Europe/Berlin." }, { &zone, "GMT+1", NULL, NULL, "is no time zone" },
    { &zone, "Mars/Olympus", NULL, NULL, "is no time zone" },
    { &sku, " MUG 1, red ", NULL, "MUG 1, red", NULL }, { &sku, "a\tb", NULL, NULL, "a SKU has no tabs" },
    { &sku, "12345678901234567890123456789012345678901", NULL, NULL, "a SKU has at most 40 letters" },
    { &selection, "MUG-*\r\n\r\n CUP 1 \nMUG-*", NULL, "MUG-*\nCUP 1", NULL }, { &selection, "A\n*", NULL, "*", NULL },
    { &selection, "All", NULL, "*", NULL }, { &selection, "A\nB\tC", NULL, NULL, "line 2: a SKU has no tabs" },
    { &iban, "de68 2105 0170 0012 3456 78", NULL, "DE68210501700012345678", NULL }, { &iban, "DE69", NULL, NULL, "An IBAN is" },
    { &bic, "abcddeff", NULL, "ABCDDEFF", NULL }, { &bic, "ABC", NULL, NULL, "A BIC has" },
    { &us, "123456780 1234", NULL, "123456780 1234", NULL }, { &us, "1", NULL, NULL, "United States" },
    { &uk, "12-34-56 12345678", NULL, "123456 12345678", NULL }, { &uk, "1", NULL, NULL, "United Kingdom" },
    { &jp, "1234-123 current 1", NULL, "1234-123 current 0000001", NULL }, { &jp, "1", NULL, NULL, "of Japan" },
    { &vat, "123 456 788", "DE", "DE123456788", NULL }, { &vat, "DE123456788", NULL, "DE123456788", NULL },
    { &vat, "123456789", "DE", NULL, "No VAT number of DE has these digits" },
    { &tail, "1234", NULL, "1234", NULL }, { &tail, "4111111111111111", NULL, NULL, "Write only the last four digits" },
    { &hidden, " a ", NULL, " a ", NULL },
};

static void known_forms_are_read(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        struct arena *a = arena_new("test", 4096);
        const struct field_place where = { .country = known[i].country };
        struct souk_value v;
        struct err err = { 0 };
        struct buf is = { 0 }, typed = { 0 };
        int rc = field_read(a, known[i].field, known[i].text, &where, &v, &err);
        if (rc < 0 ? !known[i].says || !strstr(err.text, known[i].says) : !known[i].is)
            fail_msg("\"%s\": %d %s", known[i].text, rc, err.text);
        if (rc == 0) {
            assert_int_equal(v.type, field_gives(known[i].field->type));
            say_value(&is, &v);
            if (!text_is(buf_str(&is), known[i].is))
                fail_msg("\"%s\" became %s", known[i].text, buf_str(&is));
            field_as_text(&typed, known[i].field, &v, NULL);             /* and is the same when it is sent again */
            struct souk_value again;
            if (field_read(a, known[i].field, buf_str(&typed), &where, &again, &err) < 0)
                fail_msg("\"%s\" again: %s", buf_str(&typed), err.text);
            else if (again.type)
                assert_true(again.num == v.num && text_is(again.text.at, v.text.at));
        }
        buf_free(&is);
        buf_free(&typed);
        arena_free(a);
    }
}

/* Examples are what the field itself takes; only a region's and a tax number's are of one country. */
static void examples_are_good(void **unused)
{
    (void)unused;
    const struct souk_field *const all[] = { &month, &period, &hour, &days, &email, &phone, &url, &country, &region, &currency,
        &language, &zone, &selection, &iban, &bic, &us, &uk, &jp, &vat, &tail };
    struct arena *a = arena_new("test", 4096);
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        const struct field_place where = { .country = "DE" };
        struct souk_value v;
        struct err err = { 0 };
        assert_true(*field_like(all[i]));
        if (field_read(a, all[i], field_like(all[i]), &where, &v, &err) < 0)
            fail_msg("%s: %s", field_word(all[i]->type), err.text);
    }
    for (uint32_t type = 1; type <= SOUK_FIELD_HIDDEN; type++)
        assert_true(*field_word(type) && field_gives(type));
    assert_int_equal(field_gives(SOUK_FIELD_HIDDEN + 1), 0);
    assert_string_equal(field_word(SOUK_FIELD_HIDDEN + 1), "");
    arena_free(a);
}

static void a_country_stands_beside(void **unused)
{
    (void)unused;
    static const struct souk_field address[] = {
        { .size = sizeof *address, .type = SOUK_FIELD_POSTCODE, .name = "postcode", .title = "t", .country_of = "land" },
        { .size = sizeof *address, .type = SOUK_FIELD_REGION, .name = "region", .title = "t", .country_of = "land" },
        { .size = sizeof *address, .type = SOUK_FIELD_COUNTRY, .name = "land", .title = "t" },
        { .size = sizeof *address, .type = SOUK_FIELD_TAX_ID, .name = "vat", .title = "t", .country_of = "market" },
        { .size = sizeof *address, .type = SOUK_FIELD_MARKET, .name = "market", .title = "t" },
    };
    const struct souk_list list = SOUK_LIST(address);
    struct sent good[] = { { "postcode", "sw1a2aa" }, { "region", "London, City of" }, { "land", "gb" }, { "vat", "123456788" },
        { "market", "DE" }, { NULL, NULL } };
    struct sent bad[] = { { "postcode", "10115" }, { "land", "GB" }, { NULL, NULL } };
    const struct field_source from = { text_of, good, NULL, NULL }, from_bad = { text_of, bad, NULL, NULL };
    const struct souk_field *at;
    struct arena *a = arena_new("test", 4096);
    struct souk_args args;
    struct err err = { 0 };
    if (fields_read(a, &list, &from, &args, &at, &err) < 0)
        fail_msg("%s", err.text);
    assert_string_equal(args.at[0].value.text.at, "SW1A 2AA");
    assert_string_equal(args.at[1].value.text.at, "GB-LND");
    assert_string_equal(args.at[3].value.text.at, "DE123456788");
    assert_int_equal(fields_read(a, &list, &from_bad, &args, &at, &err), -ERR_INPUT);
    assert_string_equal(at->name, "postcode");
    assert_string_equal(err.text, "The field \"postcode\": A postcode of GB is written like SW1A 2AA.");
    arena_free(a);
}

static void a_period_is_two_days(void **unused)
{
    (void)unused;
    struct arena *a = arena_new("test", 4096);
    const struct souk_value v = souk_text(arena_text(a, "2024-02-29/2026-11-01")), none = souk_none(), text = souk_text(arena_text(a, "a"));
    int32_t from = 0, to = 0;
    assert_true(souk_period(&v, &from, &to));
    assert_int_equal(from, 19782);
    assert_int_equal(to, 20758);
    assert_false(souk_period(&none, &from, &to) || souk_period(&text, &from, &to));
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(typed_texts_become_values),
        cmocka_unit_test(what_is_wrong_is_said),
        cmocka_unit_test(fields_know_their_neighbours),
        cmocka_unit_test(fixed_arguments_are_neighbours),
        cmocka_unit_test(values_go_into_fields_and_back),
        cmocka_unit_test(known_forms_are_read),
        cmocka_unit_test(examples_are_good),
        cmocka_unit_test(a_country_stands_beside),
        cmocka_unit_test(a_period_is_two_days),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
