/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_check.c: numbers of accounts and tax offices, addresses, postcodes: good ones get their one form, others a
 * sentence.  Numbers are invented, or
 * examples of the standards; their check digits are right, or wrong on purpose.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/check_bank.h"
#include "base/check_contact.h"
#include "base/check_tax.h"

/* ---- tax --------------------------------------------------------------------------------------- */

static const struct { const char *country, *kind, *text, *is; } taxes[] = {
    { "AT", "vat", "ATU12345675", "ATU12345675" }, { "AT", "vat", "u 1234 5675", "ATU12345675" },
    { "BE", "vat", "BE 0123.456.749", "BE0123456749" }, { "BG", "vat", "123456786", "BG123456786" },
    { "BG", "vat", "1234567892", "BG1234567892" }, { "CY", "vat", "cy00532445o", "CY00532445O" },
    { "CZ", "vat", "CZ12345679", "CZ12345679" }, { "CZ", "vat", "600101123", "CZ600101123" },
    { "DE", "vat", "DE 123 456 788", "DE123456788" }, { "DE", "", "123456788", "DE123456788" },
    { "DK", "vat", "12 34 56 74", "DK12345674" }, { "EE", "vat", "123456780", "EE123456780" },
    { "GR", "vat", "EL123456783", "EL123456783" }, { "GR", "vat", "GR 123456783", "EL123456783" },
    { "EL", "vat", "123456783", "EL123456783" },
    { "ES", "vat", "A12345674", "ESA12345674" }, { "ES", "vat", "12345678-Z", "ES12345678Z" },
    { "ES", "vat", "X1234567L", "ESX1234567L" }, { "ES", "vat", "P1234567D", "ESP1234567D" },
    { "FI", "vat", "1234567-1", "FI12345671" }, { "FR", "vat", "FR 11 123 456 782", "FR11123456782" },
    { "HR", "vat", "12345678903", "HR12345678903" }, { "HU", "vat", "12345676", "HU12345676" },
    { "IE", "vat", "1234567T", "IE1234567T" }, { "IE", "vat", "1234567FA", "IE1234567FA" },
    { "IT", "vat", "12345670017", "IT12345670017" }, { "LT", "vat", "123456715", "LT123456715" },
    { "LU", "vat", "123456 13", "LU12345613" }, { "LV", "vat", "41234567891", "LV41234567891" },
    { "MT", "vat", "1234 5634", "MT12345634" }, { "NL", "vat", "1234.56.782.B.01", "NL123456782B01" },
    { "PL", "vat", "123-456-78-83", "PL1234567883" }, { "PT", "vat", "123 456 789", "PT123456789" },
    { "RO", "vat", "RO1234567897", "RO1234567897" }, { "RO", "vat", "19", "RO19" },
    { "SE", "vat", "123456-7897 01", "SE123456789701" }, { "SI", "vat", "12345679", "SI12345679" },
    { "SK", "vat", "1234567895", "SK1234567895" }, { "GB", "vat", "GB 123 4567 82", "GB123456782" },
    { "GB", "vat", "123456782001", "GB123456782001" }, { "GB", "vat", "XI 123456782", "XI123456782" },
    { "GB", "vat", "GBGD123", "GBGD123" }, { "GB", "vat", "HA500", "GBHA500" }, { "XI", "vat", "123456782", "XI123456782" },
    { "CH", "vat", "CHE-123.456.788 MWST", "CHE123456788" }, { "CH", "", "che 123456788 tva", "CHE123456788" },
    { "NO", "vat", "123 456 785 mva", "123456785MVA" }, { "NO", "vat", "123456785", "123456785MVA" },
    { "NO", "company", "123456785", "123456785" },
    { "US", "company", "12-3456789", "123456789" }, { "US", "", "12-3456789", "123456789" },
    { "US", "vat", "12-3456789", "123456789" },
    { "JP", "vat", "T7-1234-5678-9012", "T7123456789012" }, { "JP", "company", "7123456789012", "7123456789012" },
    { "JP", "", "T7123456789012", "T7123456789012" }, { "JP", "", "7123456789012", "7123456789012" },
    { "AU", "company", "12 325 678 901", "12325678901" }, { "CA", "company", "123456782", "123456782" },
    { "CA", "", "123456782 RT0001", "123456782RT0001" }, { "CA", "company", "123456782RC0001", "123456782RC0001" },
    { "IN", "vat", "27abcde1234f1z0", "27ABCDE1234F1Z0" }, { "MX", "company", "ABC-010203-AB1", "ABC010203AB1" },
    { "MX", "company", "ñ&C010203AB1", "Ñ&C010203AB1" }, { "MX", "company", "ABCD010203AB1", "ABCD010203AB1" },
    { "BR", "company", "12.345.678/0001-95", "12345678000195" }, { "BR", "company", "12.ABC.345/01DE-35", "12ABC34501DE35" },
    { "TR", "company", "1234567890", "1234567890" }, { "AE", "vat", "100 1234 5678 9012", "100123456789012" },
    { "SA", "vat", "312345678901233", "312345678901233" }, { "SG", "vat", "M1-2345678-X", "M12345678X" },
    { "SG", "vat", "201234567A", "201234567A" }, { "EG", "vat", "123-456-789", "123456789" },
    { "ZA", "vat", "4123456789", "4123456789" }, { "IS", "vat", "12345", "12345" },
    { "", "vat", "DE123456788", "DE123456788" }, { "", "", "CHE123456788", "CHE123456788" }, { "", "", "EL123456783", "EL123456783" },
};

static void tax_numbers_get_their_form(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < COUNT_OF(taxes); i++) {
        char is[CHECK_BYTES];
        struct err err = { 0 };
        if (check_tax(taxes[i].country, taxes[i].kind, taxes[i].text, is, &err) < 0)
            fail_msg("%s %s: %s", taxes[i].country, taxes[i].text, err.text);
        if (!text_is(is, taxes[i].is))
            fail_msg("%s %s became %s", taxes[i].country, taxes[i].text, is);
    }
}

/* The digits behind a prefix are changed one by one: no change may pass.  Only countries whose algorithm promises that. */
static void one_wrong_digit_is_noticed(void **unused)
{
    (void)unused;
    static const char *const promise[][2] = {
        { "AT", "ATU12345675" }, { "BE", "BE0123456749" }, { "DE", "DE123456788" }, { "DK", "DK12345674" }, { "EE", "EE123456780" },
        { "ES", "ES12345678Z" }, { "ES", "ESA12345674" }, { "FI", "FI12345671" }, { "FR", "FR11123456782" }, { "HR", "HR12345678903" },
        { "HU", "HU12345676" }, { "IE", "IE1234567T" }, { "IT", "IT12345670017" }, { "LU", "LU12345613" }, { "MT", "MT12345634" },
        { "PL", "PL1234567883" }, { "SE", "SE123456789701" }, { "SI", "SI12345679" }, { "SK", "SK1234567895" },
        { "CH", "CHE123456788" }, { "NO", "123456785" }, { "AU", "12325678901" }, { "CA", "123456782" },
        { "IN", "27ABCDE1234F1Z0" }, { "TR", "1234567890" },
    };
    for (size_t i = 0; i < COUNT_OF(promise); i++) {
        char text[CHECK_BYTES], is[CHECK_BYTES];
        struct err first = { 0 };
        snprintf(text, sizeof text, "%s", promise[i][1]);
        if (check_tax(promise[i][0], "", text, is, &first) < 0)
            fail_msg("%s: %s", text, first.text);
        for (char *c = text; *c; c++)
            for (char other = '0', was = *c; was >= '0' && was <= '9' && other <= '9'; other++) {
                struct err err = { 0 };
                *c = other;
                if (other != was && check_tax(promise[i][0], "", text, is, &err) == 0)
                    fail_msg("%s passes, and so does %s", promise[i][1], text);
                *c = was;
            }
    }
}

static void wrong_tax_numbers_are_told(void **unused)
{
    (void)unused;
    static const struct { const char *country, *kind, *text, *says; } cases[] = {
        { "DE", "vat", "DE12345678", "A VAT number of DE is written like DE123456788." },
        { "DE", "vat", "FR123456788", "A VAT number of DE is written like DE123456788." },
        { "DE", "vat", "123456789", "No VAT number of DE has these digits: compare them with the certificate, one by one; it is"
          " written like DE123456788." },
        { "DE", "vat", "DE 123 456 78\xC3\x9F", "is written like" }, { "DE", "vat", "", "is written like" },
        { "AT", "vat", "12345675", "is written like ATU12345675." }, { "BE", "vat", "2123456749", "has these digits" },
        { "BG", "vat", "123456787", "has these digits" }, { "BG", "vat", "1234567891", "has these digits" },
        { "CY", "vat", "00532445P", "has these digits" }, { "CY", "vat", "12000000A", "has these digits" },
        { "CZ", "vat", "12345678", "has these digits" }, { "CZ", "vat", "601301123", "has these digits" },
        { "CZ", "vat", "7103192746", "has these digits" }, { "EL", "vat", "123456784", "has these digits" },
        { "ES", "vat", "12345678A", "has these digits" }, { "ES", "vat", "P12345674", "has these digits" },
        { "FR", "vat", "FR00123456782", "has these digits" }, { "IE", "vat", "1234567A", "has these digits" },
        { "IT", "vat", "00000000000", "has these digits" }, { "LT", "vat", "123456725", "has these digits" },
        { "LV", "vat", "41234567892", "has these digits" }, { "NL", "vat", "123456783B01", "has these digits" },
        { "PT", "vat", "123456780", "has these digits" }, { "RO", "vat", "18", "has these digits" },
        { "GB", "vat", "123456783", "has these digits" }, { "GB", "vat", "GD500", "has these digits" },
        { "GB", "vat", "HB600", "has these digits" },
        { "NO", "vat", "123456786", "has these digits" }, { "US", "company", "00-1234567", "No EIN of US has these digits" },
        { "US", "company", "1234567890", "An EIN of US is written like 12-3456789." },
        { "JP", "vat", "7123456789012", "An invoice number of JP is written like T7123456789012." },
        { "JP", "company", "8123456789012", "has these digits" }, { "AU", "company", "12345678901", "No ABN of AU" },
        { "CA", "vat", "123456782", "A GST/HST number of CA is written like 123456782 RT0001." },
        { "IN", "vat", "27ABCDE1234F1Z1", "No GSTIN of IN" }, { "IN", "vat", "77ABCDE1234F1Z0", "No GSTIN of IN" },
        { "MX", "company", "ABC011303AB1", "An RFC of MX is written like ABC010203AB1." }, { "MX", "company", "AB010203AB1", "An RFC" },
        { "BR", "company", "12345678000194", "No CNPJ of BR" }, { "BR", "company", "00000000000000", "No CNPJ of BR" },
        { "TR", "company", "1234567891", "has these digits" }, { "AE", "vat", "200123456789012", "A TRN of AE is written like" },
        { "SA", "vat", "312345678901234", "is written like" }, { "SG", "vat", "12", "is written like" },
        { "IS", "vat", "1", "A tax number has 4 to 20 letters and digits" }, { "", "", "12?", "A tax number has" },
        { "DE", "vat", "1234567890123456789012345678901234567890123456789012345678901234567890", "is written like" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char is[CHECK_BYTES];
        struct err err = { 0 };
        int rc = check_tax(cases[i].country, cases[i].kind, cases[i].text, is, &err);
        if (rc != -ERR_INPUT || !strstr(err.text, cases[i].says))
            fail_msg("%s %s: %d %s", cases[i].country, cases[i].text, rc, rc ? err.text : is);
    }
    assert_string_equal(check_tax_like("DE", "vat"), "DE123456788");
    assert_string_equal(check_tax_like("IS", "vat"), "");
}

/* ---- banks -------------------------------------------------------------------------------------- */

typedef int bank_check(const char *text, char is[CHECK_BYTES], struct err *err);

static const struct { bank_check *check; const char *text, *is, *says; } banks[] = {
    { check_iban, "DE68 2105 0170 0012 3456 78", "DE68210501700012345678", NULL },
    { check_iban, "de68-2105-0170-0012-3456-78", "DE68210501700012345678", NULL },
    { check_iban, "GB33BUKB20201555555555", "GB33BUKB20201555555555", NULL },
    { check_iban, "NO8330001234567", "NO8330001234567", NULL },
    { check_iban, "MT31MALT01100000000000000000123", "MT31MALT01100000000000000000123", NULL },
    { check_iban, "DE69210501700012345678", NULL, "The check digits of this IBAN do not fit" },
    { check_iban, "DE6821050170001234567", NULL, "An IBAN of DE has 22 letters and digits, this one has 21." },
    { check_iban, "US6821050170001234567", NULL, "No IBAN begins with US" },
    { check_iban, "12345678", NULL, "An IBAN is two letters of a country" }, { check_iban, "", NULL, "An IBAN is two letters" },
    { check_iban, "DE68 2105 0170 0012 3456 78 DE68 2105 0170 0012 3456 78 DE68 2105 0170 0012 3456 78", NULL, "An IBAN is" },
    { check_iban, "DE\xC3\x9C", NULL, "An IBAN is" },
    { check_bic, "markdeff", "MARKDEFF", NULL }, { check_bic, "MARK DE FF XXX", "MARKDEFFXXX", NULL },
    { check_bic, "ABCDXKPR", "ABCDXKPR", NULL },
    { check_bic, "MARKDEFFX", NULL, "A BIC has 8 or 11 letters and digits" }, { check_bic, "MARKZZFF", NULL, "ZZ is none" },
    { check_bic, "MARK12FF", NULL, "A BIC has 8 or 11" },
    { check_bank_us, "123456780 1234567890", "123456780 1234567890", NULL },
    { check_bank_us, "123456780/12345-67890", "123456780 1234567890", NULL },
    { check_bank_us, "123456781 1234567890", NULL, "The check digit of this routing number does not fit" },
    { check_bank_us, "000000000 1234567890", NULL, "The check digit" }, { check_bank_us, "123456780 123", NULL, "4 to 17 digits" },
    { check_bank_us, "123456780", NULL, "A bank account of the United States is" },
    { check_bank_us, "123456780 1 2", NULL, "A bank account of the United States is" },
    { check_bank_uk, "12-34-56 12345678", "123456 12345678", NULL }, { check_bank_uk, "123456 12345678", "123456 12345678", NULL },
    { check_bank_uk, "12 34 56 12345678", "123456 12345678", NULL },
    { check_bank_uk, "12-34-56 1234567", NULL, "with zeros in front of a shorter one" },
    { check_bank_uk, "1234 56 12345678", NULL, "A bank account of the United Kingdom" },
    { check_bank_uk, "12345678", NULL, "A bank account of the United Kingdom" },
    { check_bank_jp, "1234-123 ordinary 1234567", "1234-123 ordinary 1234567", NULL },
    { check_bank_jp, "1234 123 2 4567", "1234-123 current 0004567", NULL },
    { check_bank_jp, "1234-123 \xE6\x99\xAE\xE9\x80\x9A 1234567", "1234-123 ordinary 1234567", NULL },
    { check_bank_jp, "1234-123 gold 1234567", NULL, "A bank account of Japan" },
    { check_bank_jp, "1234-123 ordinary 12345678", NULL, "at most 7 digits" },
    { check_card_tail, "1234", "1234", NULL }, { check_card_tail, "**** 1234", "1234", NULL },
    { check_card_tail, "4111 1111 1111 1111", NULL, "Write only the last four digits of the card" },
    { check_card_tail, "12a4", NULL, "These are not the last four digits" }, { check_card_tail, "123", NULL, "These are not" },
};

static void bank_numbers_get_their_form(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < COUNT_OF(banks); i++) {
        char is[CHECK_BYTES];
        struct err err = { 0 };
        int rc = banks[i].check(banks[i].text, is, &err);
        if (banks[i].is ? rc < 0 || !text_is(is, banks[i].is) : rc != -ERR_INPUT || !strstr(err.text, banks[i].says))
            fail_msg("%s: %d %s", banks[i].text, rc, rc ? err.text : is);
    }
}

/* A number of a card that was refused is not left in the memory of the caller. */
static void a_card_number_goes_no_further(void **unused)
{
    (void)unused;
    char is[CHECK_BYTES];
    struct err err = { 0 };
    memset(is, 'x', sizeof is);
    assert_int_equal(check_card_tail("4111111111111111", is, &err), -ERR_INPUT);
    assert_null(memchr(is, '4', sizeof is));
    assert_null(strstr(err.text, "4111"));
}

static void one_wrong_digit_of_an_account_is_noticed(void **unused)
{
    (void)unused;
    static const struct { bank_check *check; const char *text; size_t n; } promise[] = {
        { check_iban, "DE68210501700012345678", 22 }, { check_iban, "NO8330001234567", 15 },
        { check_bank_us, "123456780 1234567890", 9 },
    };
    for (size_t i = 0; i < COUNT_OF(promise); i++)
        for (size_t at = 0; at < promise[i].n; at++)
            for (char other = '0'; other <= '9'; other++) {
                char text[CHECK_BYTES], is[CHECK_BYTES];
                struct err err = { 0 };
                snprintf(text, sizeof text, "%s", promise[i].text);
                if (text[at] < '0' || text[at] > '9' || text[at] == other)
                    continue;
                text[at] = other;
                if (promise[i].check(text, is, &err) == 0)
                    fail_msg("%s passes, and so does %s", promise[i].text, text);
            }
}

static void numbers_are_shown_in_groups(void **unused)
{
    (void)unused;
    struct buf out = { 0 };
    buf_iban(&out, "NO8330001234567");
    buf_char(&out, '|');
    buf_phone(&out, "+4930901820");
    buf_char(&out, '|');
    buf_phone(&out, "+12025550123");
    buf_char(&out, '|');
    buf_phone(&out, "what was kept before");
    assert_string_equal(buf_str(&out), "NO83 3000 1234 567|+49 309 018 20|+1 202 555 0123|what was kept before");
    buf_free(&out);
}

/* ---- contacts ------------------------------------------------------------------------------------ */

typedef int contact_check(struct arena *a, const char *text, const char **is, struct err *err);

static const struct { contact_check *check; const char *text, *is, *says; } contacts[] = {
    { check_email, "Ann.Other+shop@Example.COM", "Ann.Other+shop@example.com", NULL },
    { check_email, "j\xC3\xBCrgen@b\xC3\xBC" "cher.example", "j\xC3\xBCrgen@b\xC3\xBC" "cher.example", NULL },
    { check_email, "o'brien@mail.example.co.uk", "o'brien@mail.example.co.uk", NULL },
    { check_email, "nobody", NULL, "An e-mail address has one @ and no spaces: write it like name@example.com." },
    { check_email, "a@b@example.com", NULL, "has one @" }, { check_email, "a b@example.com", NULL, "no spaces" },
    { check_email, "a@example.com, b@example.com", NULL, "has one @" }, { check_email, "@example.com", NULL, "has one @" },
    { check_email, ".a@example.com", NULL, "What stands before the @" }, { check_email, "a..b@example.com", NULL, "before the @" },
    { check_email, "a.@example.com", NULL, "before the @" }, { check_email, "a@example", NULL, "What stands behind the @" },
    { check_email, "a@-example.com", NULL, "behind the @" }, { check_email, "a@example.com.", NULL, "behind the @" },
    { check_email, "a@1.2.3.4", NULL, "behind the @" }, { check_email, "a@example.c", NULL, "behind the @" },
    { check_email, "a@", NULL, "behind the @" },
    { check_email, "12345678901234567890123456789012345678901234567890123456789012345@example.com", NULL, "at most 64 bytes" },
    { check_phone, "+44 20 7946 0018", "+442079460018", NULL }, { check_phone, "0049 (0)30 / 90 18-20", "+4930901820", NULL },
    { check_phone, "+1 (202) 555-0123", "+12025550123", NULL },
    { check_phone, "030 901820", NULL, "A telephone number begins with + and the code of its country" },
    { check_phone, "+44 20 CALL", NULL, "and nothing else" }, { check_phone, "+999 123 4567", NULL, "No country has the code" },
    { check_phone, "+49 30", NULL, "has 7 to 15 digits with the code of its country, this one has 4" },
    { check_phone, "+4930901820901820901820", NULL, "this one has 22" }, { check_phone, "+", NULL, "No country" },
    { check_url, "HTTPS://Shop.Example.COM/A?b=C#d", "https://shop.example.com/A?b=C#d", NULL },
    { check_url, "http://localhost:8420/", "http://localhost:8420/", NULL },
    { check_url, "mailto:Ann@Example.com?subject=Hi", "mailto:Ann@example.com?subject=Hi", NULL },
    { check_url, "www.example.com", NULL, "A web address begins with https://, http:// or mailto:" },
    { check_url, "javascript:alert(1)", NULL, "begins with https://" }, { check_url, "data:text/html,x", NULL, "begins with" },
    { check_url, "https://ann:secret@example.com/", NULL, "with a name or password in it is not kept" },
    { check_url, "https://", NULL, "behind the //" }, { check_url, "https://example", NULL, "behind the //" },
    { check_url, "https://example.com:x/", NULL, "behind the //" }, { check_url, "https://example.com:/", NULL, "behind the //" },
    { check_url, "https://exa mple.com", NULL, "no spaces" }, { check_url, "https://example.com/\"", NULL, "quotes" },
    { check_url, "mailto:nobody", NULL, "one @" },
};

static void contacts_get_their_form(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < COUNT_OF(contacts); i++) {
        struct arena *a = arena_new("test", 4096);
        const char *is = "";
        struct err err = { 0 };
        int rc = contacts[i].check(a, contacts[i].text, &is, &err);
        if (contacts[i].is ? rc < 0 || !text_is(is, contacts[i].is) : rc != -ERR_INPUT || !strstr(err.text, contacts[i].says))
            fail_msg("%s: %d %s", contacts[i].text, rc, rc ? err.text : is);
        arena_free(a);
    }
}

static void postcodes_get_their_form(void **unused)
{
    (void)unused;
    static const struct { const char *country, *text, *is; } cases[] = {
        { "GB", "sw1a2aa", "SW1A 2AA" }, { "GB", "m1 1ae", "M1 1AE" }, { "GB", "gir 0aa", "GIR 0AA" }, { "DE", " 10115", "10115" },
        { "NL", "1012js", "1012 JS" }, { "US", "20500", "20500" }, { "US", "205000003", "20500-0003" }, { "JP", "1000001", "100-0001" },
        { "CA", "k1a-0b1", "K1A 0B1" }, { "PL", "00001", "00-001" }, { "LV", "1010", "LV-1010" }, { "LV", "lv1010", "LV-1010" },
        { "IE", "d02af30", "D02 AF30" }, { "IE", "d6wxh00", "D6W XH00" }, { "SE", "11120", "111 20" }, { "BR", "01310100", "01310-100" },
        { "XX", "ab 12-c", "AB 12-C" }, { "", "12345", "12345" },
        { "DE", "1011", NULL }, { "DE", "D-10115", NULL }, { "GB", "SW1A", NULL }, { "NL", "12345", NULL }, { "XX", "a_b", NULL },
        { "XX", "1234567890123", NULL }, { "", "-", NULL },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct arena *a = arena_new("test", 4096);
        const char *is = "";
        struct err err = { 0 };
        int rc = check_postcode(a, cases[i].country, cases[i].text, &is, &err);
        if (cases[i].is ? rc < 0 || !text_is(is, cases[i].is) : rc != -ERR_INPUT)
            fail_msg("%s %s: %d %s", cases[i].country, cases[i].text, rc, rc ? err.text : is);
        if (!cases[i].is && *cases[i].country && !text_is(cases[i].country, "XX"))
            assert_non_null(strstr(err.text, "is written like"));
        arena_free(a);
    }
}

/* Sentences go into logs and on pages that others see. */
static void no_sentence_repeats_what_was_written(void **unused)
{
    (void)unused;
    static bank_check *const bank[] = { check_iban, check_bic, check_bank_us, check_bank_uk, check_bank_jp, check_card_tail };
    static contact_check *const contact[] = { check_email, check_phone, check_url };
    static const char *const country[] = { "DE", "US", "JP", "MX", "AE", "IS", "" };
    static const char secret[] = "9075318642!";
    struct arena *a = arena_new("test", 4096);
    char is[CHECK_BYTES];
    const char *text;
    for (size_t i = 0; i < COUNT_OF(bank); i++) {
        struct err err = { 0 };
        assert_int_equal(bank[i](secret, is, &err), -ERR_INPUT);
        assert_null(strstr(err.text, "90753"));
    }
    for (size_t i = 0; i < COUNT_OF(contact); i++) {
        struct err err = { 0 };
        assert_int_equal(contact[i](a, secret, &text, &err), -ERR_INPUT);
        assert_null(strstr(err.text, "90753"));
    }
    for (size_t i = 0; i < COUNT_OF(country); i++) {
        struct err err = { 0 }, post = { 0 };
        assert_int_equal(check_tax(country[i], "", secret, is, &err), -ERR_INPUT);
        assert_null(strstr(err.text, "90753"));
        assert_int_equal(check_postcode(a, country[i], secret, &text, &post), -ERR_INPUT);
        assert_null(strstr(post.text, "90753"));
    }
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tax_numbers_get_their_form),
        cmocka_unit_test(one_wrong_digit_is_noticed),
        cmocka_unit_test(wrong_tax_numbers_are_told),
        cmocka_unit_test(bank_numbers_get_their_form),
        cmocka_unit_test(a_card_number_goes_no_further),
        cmocka_unit_test(one_wrong_digit_of_an_account_is_noticed),
        cmocka_unit_test(numbers_are_shown_in_groups),
        cmocka_unit_test(contacts_get_their_form),
        cmocka_unit_test(postcodes_get_their_form),
        cmocka_unit_test(no_sentence_repeats_what_was_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
