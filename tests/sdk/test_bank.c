/* SPDX-License-Identifier: Apache-2.0 */
/* test_bank.c: deposit methods and charge methods are checked as they say, and never hold a whole card number. */
#include "command.h"

#include "base/log.h"
#include "data/vault.h"

#include "../../plugins/settings/deposit/check.c"

struct bank {
    struct shop shop;
    struct plugins *plugins;
    struct vault *vault;
};

static void open_bank(struct bank *b, const char *name)
{
    char own[4000], ini[200], key[200], id[200];
    const char *build = getenv("BUILD");
    struct shop *s = &b->shop;
    shop_open(s, name);
    snprintf(ini, sizeof ini, "%s", scratch_path("plugins.ini"));
    snprintf(key, sizeof key, "%s", scratch_path("shop.key"));
    snprintf(id, sizeof id, "%s", scratch_path("key-id"));
    snprintf(own, sizeof own, "%s/plugins", build ? build : "build");
    FILE *f = fopen(ini, "w");
    assert_non_null(f);
    fputs("[deposit]\nfile = settings/deposit/deposit.so\n[charge]\nfile = settings/charge/charge.so\n", f);
    assert_int_equal(fclose(f), 0);
    const struct plugins_setup setup = { .config = ini, .own_folder = own, .texts = s->texts };
    assert_well(plugins_load(&b->plugins, &setup, &s->err), &s->err);
    for (size_t i = 0; i < plugins_count(b->plugins); i++)
        if (plugins_at(b->plugins, i)->why)
            fail_msg("%s", plugins_at(b->plugins, i)->why);
    s->setup.plugins = b->plugins;
    s->setup.desk = desk_new(b->plugins, s->policies);
    s->setup.vault = b->vault = vault_new(key, id);
    does(s, "1", "case.add", "subject=One", "case=1", "market=DE");    /* so that the account has a market */
}

static void bank_shut(struct bank *b)
{
    desk_free(b->shop.setup.desk);
    shop_close(&b->shop);
    plugins_free(b->plugins);
    vault_free(b->vault);
}

/* ---- numbers ----------------------------------------------------------------------------------- */

/* The IBANs are the examples of SWIFT's registry; the routing numbers are those of Federal Reserve banks. */
static const struct { const char *kind, *country, *number, *key; } numbers[] = {
    { "iban", "DE", "DE89 3704 0044 0532 0130 00", NULL },
    { "iban", "DE", "de89-3704-0044-0532-0130-00", NULL },
    { "iban", "GB", "GB29 NWBK 6016 1331 9268 19", NULL },
    { "iban", "FR", "FR14 2004 1010 0505 0001 3M02 606", NULL },
    { "iban", "NO", "NO93 8601 1117 947", NULL },
    { "iban", "MT", "MT84 MALT 0110 0001 2345 MTLC AST0 01S", NULL },
    { "iban", "PL", "PL61 1090 1014 0000 0712 1981 2874", NULL },
    { "iban", "DE", "DE89 3704 0044 0532 0130 01", "iban_digits" },
    { "iban", "DE", "DE98 3704 0044 0532 0130 00", "iban_digits" },
    { "iban", "DE", "DE89 3704 0044 0532 0130 0", "iban_length" },
    { "iban", "DE", "DE89 3704 0044 0532 0130 000", "iban_length" },
    { "iban", "AT", "DE89 3704 0044 0532 0130 00", "iban_other" },
    { "iban", "US", "US89 3704 0044 0532 0130 00", "iban_unknown" },
    { "iban", "DE", "37040044 0532013000", "iban_shape" },
    { "iban", "DE", "DE89 3704 0044 0532 0130 0\xC3\x98", "iban_shape" },
    { "iban", "DE", "DE", "iban_shape" },
    { "iban", "DE", "", "iban_shape" },
    { "iban", "DE", "DE89 3704 0044 0532 0130 0000 0000 0000 0000 0000", "iban_shape" },
    { "us", "", "021001208 1234567890", NULL },
    { "us", "", "0910-0008-0 1234", NULL },
    { "us", "", "021001208/12345678901234567", NULL },
    { "us", "", "021001209 1234567890", "us_digits" },
    { "us", "", "991000080 1234567890", "us_digits" },
    { "us", "", "021001208", "us_shape" },
    { "us", "", "021001208 123", "us_shape" },
    { "us", "", "021001208 123456789012345678", "us_shape" },
    { "us", "", "02100120 1234567890", "us_shape" },
    { "us", "", "021001208 1234 5678", "us_shape" },
    { "uk", "", "12-34-56 12345678", NULL },
    { "uk", "", "123456 12345678", NULL },
    { "uk", "", "12 34 56 12345678", NULL },
    { "uk", "", "12-34-5 12345678", "uk_shape" },
    { "uk", "", "12-34-56 1234567", "uk_shape" },
    { "uk", "", "1234 56 12345678", "uk_shape" },
    { "uk", "", "12-34-56", "uk_shape" },
    { "jp", "", "1234-123 ordinary 1234567", NULL },
    { "jp", "", "1234 123 2 1234567", NULL },
    { "jp", "", "1234-123 普通 0034567", NULL },
    { "jp", "", "1234-123 Savings 1234567", NULL },
    { "jp", "", "1234-123 3 1234567", "jp_shape" },
    { "jp", "", "1234-123 ordinary 123456", "jp_shape" },
    { "jp", "", "123-1234 ordinary 1234567", "jp_shape" },
    { "jp", "", "1234-123 1234567", "jp_shape" },
    { "jp", "", "1234123 ordinary 1234567", "jp_shape" },
};

static void numbers_are_checked(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(numbers); i++) {
        const struct bank_fault fault = bank_check(numbers[i].kind, numbers[i].country, numbers[i].number);
        if (!numbers[i].key != !fault.key || (fault.key && !text_is(fault.key, numbers[i].key)))
            fail_msg("%s: %s", numbers[i].number, fault.key ? fault.key : "well");
    }
}

/* Every digit of every good IBAN, and of every good routing number, replaced by every other digit. */
static void one_wrong_digit_is_found(void **state)
{
    size_t tried = 0;
    (void)state;
    for (size_t i = 0; i < COUNT_OF(numbers); i++) {
        bool is_iban = text_is(numbers[i].kind, "iban"), is_us = text_is(numbers[i].kind, "us");
        size_t digits = 0;
        char number[80];
        if (numbers[i].key || (!is_iban && !is_us))
            continue;
        snprintf(number, sizeof number, "%s", numbers[i].number);
        for (char *at = number; *at; at++) {
            char was = *at;
            if (was < '0' || was > '9' || (is_us && digits == 9))       /* an account has no check digit */
                continue;
            digits++;
            for (char other = '0'; other <= '9'; other++) {
                *at = other;
                if (other != was && !bank_check(numbers[i].kind, numbers[i].country, number).key)
                    fail_msg("%s was taken for %s", number, numbers[i].number);
                tried += other != was;
            }
            *at = was;
        }
        assert_null(bank_check(numbers[i].kind, numbers[i].country, number).key);
    }
    assert_true(tried > 1000);
}

/* ---- deposit methods ----------------------------------------------------------------------------- */

#define SAVE "settings.deposit.save"
#define IBAN "number=DE89 3704 0044 0532 0130 00"
#define NEW SAVE, "market=DE", "holder=Nord GmbH", "kind=iban", "country=DE"
#define NEW_US SAVE, "market=US", "holder=Nord Inc", "kind=us"
static const char sql_held[] = "SELECT record, number FROM v1_settings WHERE module = 'deposit' AND field = 'held_until' ORDER BY 1";

static void a_change_holds_transfers(void **state)
{
    (void)state;
    struct bank b;
    struct shop *s = &b.shop;
    char want[40];
    open_bank(&b, "hold.db");
    does(s, "Saved.", NEW, IBAN);
    snprintf(want, sizeof want, "1|%lld\n", (long long)(instant(AT) + 3 * 86400));
    assert_string_equal(answer(s->db, sql_held), want);
    assert_string_equal(answer(s->db, "SELECT text FROM v1_settings WHERE field = 'number'"), "000\n");
    s->setup.now_s += 3600;
    does(s, "kept like that already", SAVE, "record=1", "holder=Nord GmbH");
    assert_string_equal(answer(s->db, sql_held), want);
    does(s, "Saved.", SAVE, "record=1", "holder=Nord AG");
    snprintf(want, sizeof want, "1|%lld\n", (long long)(instant(AT) + 3600 + 3 * 86400));
    assert_string_equal(answer(s->db, sql_held), want);
    s->setup.now_s += 3600;
    does(s, "Taken back.", "settings.deposit.undo", "change=2");       /* a change, too */
    snprintf(want, sizeof want, "1|%lld\n", (long long)(instant(AT) + 7200 + 3 * 86400));
    assert_string_equal(answer(s->db, sql_held), want);
    is_refused(s, ERR_INPUT, "held_until", "set by Souk", SAVE, "record=1", "held_until=2026-01-01T00:00:00Z");
    bank_shut(&b);
}

static void a_wrong_account_is_not_kept(void **state)
{
    (void)state;
    struct bank b;
    struct shop *s = &b.shop;
    open_bank(&b, "account.db");
    is_refused(s, ERR_INPUT, "number", "check digits of this IBAN", NEW, "number=DE89 3704 0044 0532 0130 01");
    assert_null(strstr(s->err.text, "3704"));
    is_refused(s, ERR_INPUT, "number", "has 22 letters and digits, this one has 21", NEW, "number=DE89 3704 0044 0532 0130 0");
    is_refused(s, ERR_INPUT, "country", "two capital letters", SAVE, "market=DE", "holder=N", "kind=iban", "country=de", IBAN);
    is_refused(s, ERR_INPUT, "country", "is needed", SAVE, "market=DE", "holder=N", "kind=iban", IBAN);
    is_refused(s, ERR_INPUT, "number", "is needed", NEW);
    does(s, "Saved.", NEW, IBAN);
    is_refused(s, ERR_INPUT, "number", "write the account number again", SAVE, "record=1", "country=FR");
    is_refused(s, ERR_INPUT, "number", "write the account number again", SAVE, "record=1", "kind=uk");
    does(s, "Saved.", SAVE, "record=1", "kind=uk", "number=12-34-56 12345678");
    does(s, "Taken back.", "settings.deposit.undo", "change=2");       /* the number comes back sealed, with its kind */
    assert_string_equal(answer(s->db, "SELECT text FROM v1_settings WHERE field IN ('kind', 'number') ORDER BY field"), "iban\n000\n");
    s->setup.who = who_may("Ann", RIGHT_ADMIN);
    assert_int_equal(doing(s, SAVE, "record=1", "holder=Ann", (const char *)NULL), -ERR_DENIED);
    bank_shut(&b);
}

static void two_in_the_united_states(void **state)
{
    (void)state;
    struct bank b;
    struct shop *s = &b.shop;
    open_bank(&b, "two.db");
    does(s, "Saved.", NEW_US, "number=021001208 1234567890");
    does(s, "Saved.", NEW_US, "number=021001208 1234567891");
    is_refused(s, ERR_INPUT, "market", "at most 2", NEW_US, "number=021001208 1234567892");
    does(s, "Saved.", SAVE, "record=2", "holder=Nord Corp");           /* it is one of the two */
    for (int i = 0; i < 3; i++)
        does(s, "Saved.", NEW, IBAN);
    is_refused(s, ERR_INPUT, "market", "at most 2", SAVE, "record=3", "market=US");
    assert_string_equal(answer(s->db, "SELECT record FROM v1_settings WHERE field = 'main' AND number = 1 ORDER BY 1"), "1\n3\n");
    does(s, "Removed.", "settings.deposit.remove", "record=2");
    does(s, "Saved.", NEW_US, "number=021001208 1234567892");
    bank_shut(&b);
}

/* ---- charge methods ------------------------------------------------------------------------------ */

#undef SAVE
#define SAVE "settings.charge.save"
#define CARD SAVE, "market=DE", "brand=visa"

static void a_whole_card_number_is_refused(void **state)
{
    static const char *const whole[] = {
        "4111111111111111", "4111 1111 1111 1111", "4111-1111-1111-1111 12/28", "4111.1111.1111.1111", "378282246310005",
        "Ann 4111111111111111", "\uFF14\uFF11\uFF11\uFF11 1111 1111 1111",
    };
    static const char *const fields[] = { "last_four", "expires", "holder", "token" };
    struct bank b;
    struct shop *s = &b.shop;
    (void)state;
    open_bank(&b, "card.db");
    for (size_t i = 0; i < COUNT_OF(whole); i++)
        for (size_t k = 0; k < COUNT_OF(fields); k++) {
            char word[4][80];
            for (size_t f = 0; f < COUNT_OF(fields); f++)
                snprintf(word[f], sizeof word[f], "%s=%s", fields[f], f == k ? whole[i] : f == 0 ? "1111" : f == 1 ? "09/2028" : "Ann");
            is_refused(s, ERR_INPUT, fields[k], "whole number of a card", CARD, word[0], word[1], word[2], word[3]);
            assert_null(strstr(s->err.text, "111"));
        }
    is_refused(s, ERR_INPUT, "holder", "whole number", CARD, "last_four=1111", "expires=09/2028", "holder=4111111111111112");
    is_refused(s, ERR_INPUT, "brand", "", SAVE, "market=DE", "brand=4111111111111111", "last_four=1111", "expires=09/2028", "holder=A");
    assert_null(strstr(s->err.text, "4111111111111111"));               /* a sentence of the host quotes what it was given */
    is_refused(s, ERR_INPUT, "market", "", SAVE, "market=4111111111111111", "brand=visa", "last_four=1111", "expires=09/2028", "holder=A");
    assert_null(strstr(s->err.text, "4111111111111111"));
    does(s, "Saved.", CARD, "last_four=1111", "expires=09/2028", "holder=Ann", "token=tok_4111222233334444_aZ9");    /* no card's */
    does(s, "Saved.", CARD, "last_four=2222", "expires=09/2028", "holder=Ann", "token=card_12345678901234567890123");
    bank_shut(&b);
}

static const char sql_last_day[] = "SELECT number FROM v1_settings WHERE field = 'last_day'";

static void a_card_is_good_until_its_month_ends(void **state)
{
    static const struct { const char *expires; int year, month, day; } good[] = {
        { "expires=09/2028", 2028, 9, 30 }, { "expires=2/28", 2028, 2, 29 }, { "expires=2027-02", 2027, 2, 28 },
        { "expires=12 / 26", 2026, 12, 31 }, { "expires=1.2030", 2030, 1, 31 },
    };
    static const char *const bad[] = {
        "expires=13/2028", "expires=0/2028", "expires=092028", "expires=9/208", "expires=2028", "expires=9/2028/1",
        "expires=Sept 2028", "expires=2028-090", "expires=28-09", "expires=/", "expires=9/",
    };
    struct bank b;
    struct shop *s = &b.shop;
    char want[24], day[64];
    (void)state;
    open_bank(&b, "month.db");
    does(s, "Saved.", CARD, "last_four=1111", "expires=10/2031", "holder=Ann");
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        does(s, "Saved.", SAVE, "record=1", good[i].expires);
        snprintf(day, sizeof day, "%d-%02d-%02dT00:00:00Z", good[i].year, good[i].month, good[i].day);
        snprintf(want, sizeof want, "%lld\n", (long long)(instant(day) / 86400));
        assert_string_equal(answer(s->db, sql_last_day), want);
    }
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        is_refused(s, ERR_INPUT, "expires", "no month of expiry", SAVE, "record=1", bad[i]);
    is_refused(s, ERR_INPUT, "last_four", "four digits", SAVE, "record=1", "last_four=111");
    is_refused(s, ERR_INPUT, "last_four", "four digits", SAVE, "record=1", "last_four=11112");
    is_refused(s, ERR_INPUT, "last_four", "four digits", SAVE, "record=1", "last_four=11a1");
    is_refused(s, ERR_INPUT, "anyway", "is that meant?", SAVE, "record=1", "expires=10/2026");
    does(s, "Saved.", SAVE, "record=1", "expires=10/2026", "anyway=yes");
    does(s, "Saved.", SAVE, "record=1", "holder=Bo");                   /* not asked again */
    does(s, "Saved.", SAVE, "record=1", "expires=11/2026");             /* to the end of this month */
    bank_shut(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_checked),
        cmocka_unit_test(one_wrong_digit_is_found),
        cmocka_unit_test(a_change_holds_transfers),
        cmocka_unit_test(a_wrong_account_is_not_kept),
        cmocka_unit_test(two_in_the_united_states),
        cmocka_unit_test(a_whole_card_number_is_refused),
        cmocka_unit_test(a_card_is_good_until_its_month_ends),
    };
    log_setup(LOG_LEVEL_FAULT, false);
    int plain = cmocka_run_group_tests_name("bank", tests, scratch_make, scratch_remove);
    setenv("SOUK_WIRE", "1", 1);
    return plain + cmocka_run_group_tests_name("bank as bytes", tests, scratch_make, scratch_remove);
}
