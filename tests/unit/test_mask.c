/* SPDX-License-Identifier: Apache-2.0 */
/* test_mask.c: card numbers go, all other numbers stay. */
#include "data.h"

#include "data/mask.h"

static const char *masked(const char *text, int *n)
{
    static struct buf out;
    buf_clear(&out);
    *n = mask_cards(&out, text, strlen(text));
    return buf_str(&out);
}

#define GONE(tail) "[card number removed \u2026" tail "]"

/* Numbers that issuers give out for tests. */
static void test_cards(void **state)
{
    (void)state;
    static const struct { const char *in, *out; } cases[] = {
        { "4111111111111111", GONE("1111") },
        { "my card 4111 1111 1111 1111, thanks", "my card " GONE("1111") ", thanks" },
        { "4111-1111-1111-1111", GONE("1111") },
        { "4111 - 1111 - 1111 - 1111", GONE("1111") },
        { "4111\u00A01111\u20111111\u20131111", GONE("1111") },
        { "41 11111 111111 111", GONE("1111") },
        { "\uFF14\uFF11\uFF11\uFF11 1111 1111 1111", GONE("1111") },
        { "4222222222222", GONE("2222") },              /* 13 */
        { "4000 0000 0000 0000 006", GONE("0006") },    /* 19 */
        { "5555555555554444", GONE("4444") },
        { "2223 0031 2200 3222", GONE("3222") },
        { "3782 822463 10005", GONE("0005") },
        { "371449635398431", GONE("8431") },
        { "3056 930902 5904", GONE("5904") },
        { "36227206271667", GONE("1667") },
        { "6011111111111117", GONE("1117") },
        { "3530 1113 3330 0000", GONE("0000") },
        { "6200000000000005", GONE("0005") },
        { "6759649826438453", GONE("8453") },
        { "2200000000000053", GONE("0053") },
        { "Visa4111111111111111.", "Visa" GONE("1111") "." },
        { "(4111111111111111)", "(" GONE("1111") ")" },
        /* Beside other numbers. */
        { "4111 1111 1111 1111 09 27 123", GONE("1111") " 09 27 123" },
        { "12345 4111 1111 1111 1111", "12345 " GONE("1111") },
        { "1010 4111 1111 1111 1111", "1010 " GONE("1111") },
        { "2 4111111111111111", "2 " GONE("1111") },
        { "303-1234567-1234567 4111 1111 1111 1111", "303-1234567-1234567 " GONE("1111") },
        { "4111 1111 1111 1111 303-1234567-1234567", GONE("1111") " 303-1234567-1234567" },
        { "4111111111111111 5555555555554444", GONE("1111") " " GONE("4444") },
        { "9400 1118 9922 3397 8556 12 4111 1111 1111 1111", "9400 1118 9922 3397 8556 12 " GONE("1111") },
        { "4111\n1111 1111 1111 1111", "4111\n" "1111 1111 1111 1111" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int n;
        assert_string_equal(masked(cases[i].in, &n), cases[i].out);
        int gone = 0;
        for (const char *at = cases[i].out; (at = strstr(at, "removed")); at++)
            gone++;
        assert_int_equal(n, gone);
        int again;
        char *once = base_text(masked(cases[i].in, &n));
        assert_string_equal(masked(once, &again), once);
        assert_int_equal(again, 0);
        free(once);
    }
}

/* What looks like a card and is none. */
static void test_others(void **state)
{
    (void)state;
    static const char *const stays[] = {
        "", "no digits at all", "4111", "4111 1111 1111", "4111111111111112",
        "303-1234567-1234567", "Order 503-4567891-2345678 is late",
        "305-0000000-0000004",
        "503\u20111234567\u20111234567", "250-4111111-1111111",
        "113-0000021-0000021 113-0000022-0000022 113-0000023-0000023",
        "9400111899223397855612", "9400 1118 9922 3397 8556 12", "9205 5000 0000 0000 0000 00",
        "9405 5555 5555 5554 4440 00",                  /* a card begins inside of it */
        "7019 4111 1111 1111 1111",                     /* certified mail: 20 digits that hold a card's */
        "1Z4111111111111111", "1Z 4111 1111 1111 1111", "1z4111111111111111",
        "00340434161094015902", "0034 0434 1610 9401 5902", "JJD000390007700000000",
        "44111111111111111111111111111111",             /* 32 digits */
        "4006381333931", "4003994155486",               /* EAN-13 from 400 on */
        "4900000000001",                                /* JAN */
        "+49 176 4111 1111", "+4917641111111", "+44 20 7946 0958",
        "490154203237518",                              /* an IMEI, which passes the Luhn test */
        "356938035643809",
        "8944110068019812034",                          /* a SIM card */
        "9783161484100", "978-3-16-148410-0",
        "DE89 3704 0044 0532 0130 00", "2026-10-01 12:30 2026-10-02",
        "A1PA6795UKMFR9 B0ABCDEFGH X001ABC123",
    };
    for (size_t i = 0; i < COUNT_OF(stays); i++) {
        int n;
        assert_string_equal(masked(stays[i], &n), stays[i]);
        assert_int_equal(n, 0);
    }
}

static uint32_t random_next = 5;

static uint32_t pick(uint32_t n)
{
    random_next = random_next * 1664525u + 1013904223u;
    return (random_next >> 8) % n;
}

static char check_digit(const char *digits, size_t n)
{
    int sum = 0;
    for (size_t i = 0; i < n; i++) {
        int d = digits[n - 1 - i] - '0';
        if (i % 2 == 0)
            d = d > 4 ? 2 * d - 9 : 2 * d;
        sum += d;
    }
    return (char)('0' + (10 - sum % 10) % 10);
}

/* No card number in any grouping is left behind; all of the text around it is. */
static void test_any_card(void **state)
{
    (void)state;
    static const struct { const char *start; size_t n; } kinds[] = {
        { "4", 16 }, { "52", 16 }, { "2221", 16 }, { "34", 15 }, { "300", 14 }, { "6011", 16 }, { "3528", 16 },
        { "62", 19 }, { "5018", 16 }, { "6304", 19 },
    };
    for (int round = 0; round < 20000; round++) {
        size_t kind = pick(COUNT_OF(kinds)), n = kinds[kind].n, k = strlen(kinds[kind].start);
        char card[20], in[200] = "", out[200];
        memcpy(card, kinds[kind].start, k);
        for (; k < n - 1; k++)
            card[k] = (char)('0' + pick(10));
        card[k] = check_digit(card, k);
        card[n] = '\0';
        strcat(in, pick(2) ? "paid with " : "");
        snprintf(out, sizeof out, "%s[card number removed \u2026%s]", in, card + n - 4);
        size_t at = strlen(in), group = 0;
        char groups[40] = "";                           /* "4.4.4.4." */
        for (size_t i = 0; i < n; i++) {
            if (i && pick(4) == 0) {
                in[at++] = pick(2) ? ' ' : '-';
                snprintf(groups + strlen(groups), 4, "%zu.", group);
                group = 0;
            }
            group++;
            in[at++] = card[i];
        }
        snprintf(groups + strlen(groups), 4, "%zu.", group);
        in[at] = '\0';
        strcat(in, " today");
        strcat(out, " today");
        int found;
        if (strstr(groups, "3.7.7.") == groups || strstr(groups, ".3.7.7."))
            continue;                                   /* is an order's number, wherever its digits come from */
        assert_string_equal(masked(in, &found), out);
    }
}

/* Any bytes: nothing but runs of digits changes, and nothing is read beyond the end. */
static void test_any_text(void **state)
{
    (void)state;
    static const char bits[] = "0123456789  --4512\xC2\xA0\xE2\x80\x93\xEF\xBC\x91Z+x";
    for (int round = 0; round < 20000; round++) {
        size_t len = pick(120);
        char *in = base_alloc(len + 1);
        for (size_t i = 0; i < len; i++)
            in[i] = bits[pick(sizeof bits - 1)];
        char *exact = malloc(len ? len : 1);
        memcpy(exact, in, len);
        struct buf out = { 0 };
        int n = mask_cards(&out, exact, len);
        if (!n) {
            assert_int_equal(out.len, len);
            assert_memory_equal(buf_str(&out), in, len);
        }
        buf_free(&out);
        free(exact);
        free(in);
    }
    /* Very many groups: a card at a place where the run is cut is found all the same. */
    for (int before = 50; before < 80; before++) {
        struct buf in = { 0 }, out = { 0 };
        for (int i = 0; i < before; i++)
            buf_text(&in, "7 ");
        buf_text(&in, "4111 1111 1111 1111 8");
        assert_int_equal(mask_cards(&out, in.at, in.len), 1);
        assert_non_null(strstr(buf_str(&out), "7 " GONE("1111") " 8"));
        buf_free(&in);
        buf_free(&out);
    }
}

static void test_text(void **state)
{
    (void)state;
    struct arena *a = arena_new("mask", 512);
    static const char clean[] = "303-1234567-1234567";
    int n = 1;
    assert_null(mask_text(a, NULL, &n));
    assert_ptr_equal(mask_text(a, clean, &n), clean);
    assert_int_equal(n, 1);
    assert_string_equal(mask_text(a, "x 4111111111111111", &n), "x " GONE("1111"));
    assert_int_equal(n, 2);
    assert_string_equal(mask_text(a, "x 4111111111111111", NULL), "x " GONE("1111"));
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cards),
        cmocka_unit_test(test_others),
        cmocka_unit_test(test_any_card),
        cmocka_unit_test(test_any_text),
        cmocka_unit_test(test_text),
    };
    return cmocka_run_group_tests_name("mask", tests, scratch_make, scratch_remove);
}
