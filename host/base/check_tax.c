/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check_tax.c: tax numbers of sellers.  See check_tax.h.
 *
 * The shapes of the EU are those of the European Commission's VIES FAQ, "What is the format of a VAT number?"; most
 * check digits are those of its "VIES VAT number validation modules" paper (2009, algorithms per member state).
 * Other sources stand at each function.  An example in the table is invented and has right check digits.
 */
#include "check_tax.h"

#include <stdio.h>
#include <string.h>

#define wrong(err, ...) err_set((err), ERR_INPUT, __VA_ARGS__)

static unsigned digit(const char *at)
{
    return (unsigned)(*at - '0');
}

/* So many digits times their weights.  A weight above 9 is the character so far behind '0': ':' 10, ';' 11, '=' 13,
   '?' 15, 'A' 17, 'C' 19, 'E' 21. */
static unsigned weigh(const char *at, const char *weights)
{
    unsigned sum = 0;
    for (; *weights; at++, weights++)
        sum += digit(at) * digit(weights);
    return sum;
}

/* A number of n digits mod m. */
static unsigned rest(const char *at, size_t n, unsigned m)
{
    unsigned r = 0;
    while (n--)
        r = (r * 10 + digit(at++)) % m;
    return r;
}

/* The sum of Luhn (ISO/IEC 7812-1 annex B) over n digits, of which the last is the check digit. */
static unsigned luhn(const char *at, size_t n)
{
    unsigned sum = 0;
    for (size_t i = 0; i < n; i++) {
        unsigned d = digit(at + i) * ((n - i) % 2 ? 1 : 2);
        sum += d > 9 ? d - 9 : d;
    }
    return sum % 10;
}

/* ISO/IEC 7064 MOD 11,10 over n digits, of which the last is the check digit. */
static bool is_mod_11_10(const char *at, size_t n)
{
    unsigned product = 10;
    for (size_t i = 0; i + 1 < n; i++) {
        unsigned sum = (product + digit(at + i)) % 10;
        product = (sum ? sum : 10) * 2 % 11;
    }
    return (product + digit(at + n - 1)) % 10 == 1;
}

/* ---- the EU ------------------------------------------------------------------------------------- */

static bool fits_at(const char *s)                      /* U and 8 digits */
{
    unsigned sum = 4;
    for (size_t i = 1; i <= 7; i++) {
        unsigned d = digit(s + i) * (i % 2 ? 1 : 2);
        sum += d / 10 + d % 10;
    }
    return (10 - sum % 10) % 10 == digit(s + 8);
}

static bool fits_be(const char *s)
{
    return s[0] <= '1' && 97 - rest(s, 8, 97) == rest(s + 8, 2, 100);
}

static unsigned bg_nine(const char *s)
{
    unsigned r = weigh(s, "12345678") % 11;
    return r < 10 ? r : weigh(s, "3456789:") % 11 % 10;
}

static bool fits_bg(const char *s)                      /* a company; a person, a foreigner, others */
{
    if (strlen(s) == 9)
        return bg_nine(s) == digit(s + 8);
    unsigned last = digit(s + 9);
    return weigh(s, "2485:9736") % 11 % 10 == last || weigh(s, "ECA=;9731") % 10 == last
           || (11 - weigh(s, "432765432") % 11) % 11 == last;
}

static bool fits_cy(const char *s)
{
    static const uint8_t odd[] = { 1, 0, 5, 7, 9, 13, 15, 17, 19, 21 };
    unsigned sum = 0;
    for (size_t i = 0; i < 8; i++)
        sum += i % 2 ? digit(s + i) : odd[digit(s + i)];
    return strncmp(s, "12", 2) != 0 && (char)('A' + sum % 26) == s[8];
}

static bool cz_is_born(const char *s)                   /* year, month (50 more: a woman; 20 more: a second series), day */
{
    unsigned month = rest(s + 2, 2, 50), day = rest(s + 4, 2, 100);
    month -= month > 20 ? 20 : 0;
    return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

static bool fits_cz(const char *s)                      /* a company; a person, before 1954 and since */
{
    size_t n = strlen(s);
    if (n == 8)
        return s[0] != '9' && (11 - weigh(s, "8765432") % 11) % 10 == digit(s + 7);
    if (n == 9 && s[0] == '6' && (18 - (10 - weigh(s + 1, "8765432") % 11) % 11) % 10 == digit(s + 8))
        return true;                                    /* a person without a birth number */
    return cz_is_born(s) && (n == 9 || rest(s, 10, 11) == 0 || (rest(s, 9, 11) == 10 && s[9] == '0'));
}

static bool fits_de(const char *s)
{
    return s[0] != '0' && is_mod_11_10(s, 9);
}

static bool fits_dk(const char *s)
{
    return s[0] != '0' && weigh(s, "27654321") % 11 == 0;
}

static bool fits_ee(const char *s)
{
    return weigh(s, "371371371") % 10 == 0;
}

static bool fits_gr(const char *s)
{
    unsigned sum = 0;
    for (size_t i = 0; i < 8; i++)
        sum = (sum + digit(s + i)) * 2;
    return sum % 11 % 10 == digit(s + 8);
}

/* Persons: Real Decreto 1553/2005; entities: Orden EHA/451/2008. */
static bool fits_es(const char *s)
{
    static const char persons[] = "TRWAGMYFPDXBNJZSQVHLCKE", entities[] = "JABCDEFGHI";
    if (s[0] >= '0' && s[0] <= '9')
        return persons[rest(s, 8, 23)] == s[8];
    if (strchr("XYZ", s[0]))                            /* a digit: 0, 1, 2 */
        return persons[((unsigned)(s[0] - 'X') * 10000000 + rest(s + 1, 7, 10000000)) % 23] == s[8];
    if (strchr("KLM", s[0]))
        return persons[rest(s + 1, 7, 23)] == s[8];
    unsigned sum = 0;
    for (size_t i = 1; i < 8; i++) {
        unsigned d = digit(s + i) * (i % 2 ? 2 : 1);
        sum += d / 10 + d % 10;
    }
    unsigned check = (10 - sum % 10) % 10;
    bool is_digit = s[8] == (char)('0' + check), is_letter = s[8] == entities[check];
    if (strchr("ABEH", s[0]))
        return is_digit;
    if (strchr("NPQRSW", s[0]))
        return is_letter;
    return strchr("CDFGJUV", s[0]) && (is_digit || is_letter);
}

static bool fits_fi(const char *s)
{
    unsigned r = weigh(s, "79:5842") % 11;
    return r != 1 && (r ? 11 - r : 0) == digit(s + 7);
}

/* Two digits, or two of which one is a letter, then the SIREN with Luhn; Monaco's begin with 000 and have none. */
static bool fits_fr(const char *s)
{
    static const char all[] = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    const char *one = strchr(all, s[0]), *two = strchr(all, s[1]);
    if (!one || !two || (strncmp(s + 2, "000", 3) != 0 && luhn(s + 2, 9) != 0))
        return false;
    unsigned first = (unsigned)(one - all), second = (unsigned)(two - all);
    if (first < 10 && second < 10)
        return first * 10 + second == (12 + 3 * rest(s + 2, 9, 97)) % 97;
    unsigned key = first < 10 ? first * 24 + second - 10 : first * 34 + second - 100;
    return (rest(s + 2, 9, 11) + 1 + key / 11) % 11 == key % 11;
}

static bool fits_hr(const char *s)
{
    return is_mod_11_10(s, 11);
}

static bool fits_hu(const char *s)
{
    return weigh(s, "97319731") % 10 == 0;
}

/* 7 digits and a letter; since 2013 one more; before 1983 with a letter, + or * in the second place. */
static bool fits_ie(const char *s)
{
    static const char letters[] = "WABCDEFGHIJKLMNOPQRSTUV";
    unsigned sum;
    if (s[1] >= '0' && s[1] <= '9') {
        const char *more = s[8] ? strchr(letters, s[8]) : letters;
        if (!more || more - letters > 9)
            return false;
        sum = weigh(s, "8765432") + 9 * (unsigned)(more - letters);
    } else {
        sum = weigh(s + 2, "76543") + 2 * digit(s);
    }
    return letters[sum % 23] == s[7];
}

static bool fits_it(const char *s)                      /* three digits before the last are the tax office */
{
    unsigned office = rest(s + 7, 3, 1000);
    return strncmp(s, "0000000", 7) != 0 && luhn(s, 11) == 0
           && ((office >= 1 && office <= 100) || office == 120 || office == 121 || office == 888 || office == 999);
}

static bool fits_lt(const char *s)
{
    bool is_long = strlen(s) == 12;
    unsigned r = weigh(s, is_long ? "12345678912" : "12345678") % 11;
    if (r == 10)
        r = weigh(s, is_long ? "34567891234" : "34567891") % 11 % 10;
    return s[is_long ? 10 : 7] == '1' && r == digit(s + (is_long ? 11 : 8));
}

static bool fits_lu(const char *s)
{
    return rest(s, 6, 89) == rest(s + 6, 2, 100);
}

static bool fits_lv(const char *s)                      /* a company; a person */
{
    if (s[0] > '3')
        return weigh(s, "91483:25761") % 11 == 3;
    return (1 + weigh(s, ":584216379")) % 11 % 10 == digit(s + 10);
}

static bool fits_mt(const char *s)
{
    return s[0] != '0' && weigh(s, "346789:1") % 37 == 0;
}

/* Of a company: mod 11; of a sole trader, since 2020: ISO/IEC 7064 MOD 97-10 over the whole, NL 2321 and B 11. */
static bool fits_nl(const char *s)
{
    char all[CHECK_BYTES];
    int n = snprintf(all, sizeof all, "2321%.9s11%s", s, s + 10);
    return weigh(s, "98765432") % 11 == digit(s + 8) || rest(all, (size_t)n, 97) == 1;
}

static bool fits_pl(const char *s)
{
    return weigh(s, "657234567") % 11 == digit(s + 9);
}

static bool fits_pt(const char *s)
{
    return s[0] != '0' && (11 - weigh(s, "98765432") % 11) % 11 % 10 == digit(s + 8);
}

static bool fits_ro(const char *s)                      /* 2 to 10 digits, as if zeros stood in front */
{
    size_t n = strlen(s);
    return s[0] != '0' && weigh(s, &"753217532"[10 - n]) * 10 % 11 % 10 == digit(s + n - 1);
}

static bool fits_se(const char *s)
{
    return luhn(s, 10) == 0 && text_is(s + 10, "01");
}

static bool fits_si(const char *s)
{
    unsigned r = weigh(s, "8765432") % 11;
    return s[0] != '0' && r && (11 - r) % 10 == digit(s + 7);
}

static bool fits_sk(const char *s)
{
    return s[0] != '0' && strchr("234789", s[2]) && rest(s, 10, 11) == 0;
}

/* ---- beyond the EU ------------------------------------------------------------------------------ */

/* HMRC reference VATREG; the third sum is of numbers given since 2010.  GD and HA: government and health bodies. */
static bool fits_gb(const char *s)
{
    if (s[0] == 'G')
        return rest(s + 2, 3, 1000) < 500;
    if (s[0] == 'H' && s[1] == 'A')
        return rest(s + 2, 3, 1000) >= 500;
    unsigned r = (weigh(s, "8765432") + rest(s + 7, 2, 100)) % 97;
    return r == 0 || r == 42 || r == 55;
}

static bool is_mod_11(const char *s, const char *weights, unsigned check)
{
    return (11 - weigh(s, weights) % 11) % 11 == check;
}

static bool fits_ch(const char *s)                      /* UID register, eCH-0097: CHE and 9 digits */
{
    return is_mod_11(s + 3, "54327654", digit(s + 11));
}

static bool fits_no(const char *s)                      /* Brønnøysundregistrene: organisasjonsnummer */
{
    return is_mod_11(s, "32765432", digit(s + 8));
}

/* "How EINs are assigned and valid EIN prefixes", irs.gov.  An EIN has no check digit. */
static bool fits_us(const char *s)
{
    static const char none[] = "00 07 08 09 17 18 19 28 29 49 69 70 78 79 89 96 97 ";
    for (const char *at = none; *at; at += 3)
        if (strncmp(at, s, 2) == 0)
            return false;
    return true;
}

static bool fits_jp(const char *s)                      /* National Tax Agency: the check digit of a corporate number */
{
    unsigned sum = 0;
    s += *s == 'T';                                     /* of a qualified invoice issuer */
    for (size_t i = 1; i <= 12; i++)
        sum += digit(s + i) * (i % 2 ? 2 : 1);
    return 9 - sum % 9 == digit(s);
}

static bool fits_au(const char *s)                      /* Australian Business Register: ABN format */
{
    return s[0] != '0' && (weigh(s, ":13579;=?AC") - 10) % 89 == 0;
}

static bool fits_ca(const char *s)                      /* Canada Revenue Agency: business number */
{
    return luhn(s, 9) == 0;
}

/* Letters and digits in base 36, with the doubling of Luhn. */
static bool fits_in(const char *s)                      /* GST Network: state, PAN, entity, Z, check */
{
    unsigned sum = 0, state = rest(s, 2, 100);
    for (size_t i = 0; i < 15; i++) {
        unsigned d = s[i] >= 'A' ? (unsigned)(s[i] - 'A' + 10) : digit(s + i);
        d *= i % 2 ? 2 : 1;
        sum += d / 36 + d % 36;
    }
    return sum % 36 == 0 && s[12] != '0' && ((state >= 1 && state <= 38) || state == 97 || state == 99);
}

/* The first three or four letters may be & and Ñ; six digits are a day; the last is a digit or A.  It is a check
   digit, but the SAT itself has given many whose check digit is another, so it is not held against anybody. */
static bool fits_mx(const char *s)
{
    size_t letters = 0;
    while (letters <= 4 && ((*s >= 'A' && *s <= 'Z') || *s == '&' || text_starts(s, "Ñ"))) {
        s += text_starts(s, "Ñ") ? 2 : 1;
        letters++;
    }
    if (letters < 3 || letters > 4 || !text_fits(s, "999999XXX"))
        return false;
    unsigned month = rest(s + 2, 2, 100), day = rest(s + 4, 2, 100);
    return month >= 1 && month <= 12 && day >= 1 && day <= 31 && ((s[8] >= '0' && s[8] <= '9') || s[8] == 'A');
}

/* Receita Federal: IN RFB 2119/2022, with letters since IN RFB 2229/2024; a letter counts as its ASCII code less 48. */
static bool fits_br(const char *s)
{
    for (size_t n = 12; n <= 13; n++) {
        unsigned sum = 0;
        for (size_t i = 0; i < n; i++)
            sum += digit(s + i) * (unsigned)((n - 1 - i) % 8 + 2);
        unsigned r = sum % 11;
        if ((r < 2 ? 0 : 11 - r) != digit(s + n))
            return false;
    }
    return strspn(s, "0") != 14;
}

static bool fits_tr(const char *s)                      /* Gelir İdaresi Başkanlığı: vergi kimlik numarası */
{
    unsigned sum = 0;
    for (size_t i = 0; i < 9; i++) {
        unsigned d = (digit(s + i) + 9 - (unsigned)i) % 10, product = (d << (9 - i)) % 9;
        sum += d && !product ? 9 : product;
    }
    return (10 - sum % 10) % 10 == digit(s + 9);
}

/* ---- which country ------------------------------------------------------------------------------ */

struct tax {
    const char *country, *kind;
    const char *name;                                   /* in a sentence: "A VAT number of DE ..." */
    const char *prefix;                                 /* letters that may stand in front, and do in its one form */
    const char *suffix;                                 /* words that may stand behind; the first does in its one form
                                                           when `keeps` */
    bool keeps;
    const char *shapes;                                 /* as of text_fits(); "" when fits() looks at it */
    bool (*fits)(const char *s);                        /* NULL: there is no check digit, or none is published */
    const char *like;
};

#define VAT(country, shapes, fits, like) { country, "vat", "VAT number", country, "", false, shapes, fits, country like }
static const struct tax taxes[] = {
    VAT("AT", "U99999999", fits_at, "U12345675"), VAT("BE", "9999999999", fits_be, "0123456749"),
    VAT("BG", "999999999|9999999999", fits_bg, "123456786"), VAT("CY", "99999999A", fits_cy, "00532445O"),
    VAT("CZ", "99999999|999999999|9999999999", fits_cz, "12345679"), VAT("DE", "999999999", fits_de, "123456788"),
    VAT("DK", "99999999", fits_dk, "12345674"), VAT("EE", "999999999", fits_ee, "123456780"),
    { "GR", "vat", "VAT number", "EL", "", false, "999999999", fits_gr, "EL123456783" },
    VAT("ES", "X9999999X", fits_es, "A12345674"), VAT("FI", "99999999", fits_fi, "12345671"),
    VAT("FR", "XX999999999", fits_fr, "11123456782"), VAT("HR", "99999999999", fits_hr, "12345678903"),
    VAT("HU", "99999999", fits_hu, "12345676"),
    VAT("IE", "9999999A|9999999AA|9A99999A|9+99999A|9*99999A", fits_ie, "1234567T"),
    VAT("IT", "99999999999", fits_it, "12345670017"), VAT("LT", "999999999|999999999999", fits_lt, "123456715"),
    VAT("LU", "99999999", fits_lu, "12345613"), VAT("LV", "99999999999", fits_lv, "41234567891"),
    VAT("MT", "99999999", fits_mt, "12345634"), VAT("NL", "999999999B99", fits_nl, "123456782B01"),
    VAT("PL", "9999999999", fits_pl, "1234567883"), VAT("PT", "999999999", fits_pt, "123456789"),
    VAT("RO", "99|999|9999|99999|999999|9999999|99999999|999999999|9999999999", fits_ro, "1234567897"),
    VAT("SE", "999999999999", fits_se, "123456789701"), VAT("SI", "99999999", fits_si, "12345679"),
    VAT("SK", "9999999999", fits_sk, "1234567895"),
    VAT("XI", "999999999|999999999999|GD999|HA999", fits_gb, "123456782"),
    VAT("GB", "999999999|999999999999|GD999|HA999", fits_gb, "123456782"),
    { "CH", "vat", "UID number", "", "MWST TVA IVA TPV", false, "CHE999999999", fits_ch, "CHE123456788" },
    { "NO", "vat", "VAT number", "", "MVA", true, "999999999", fits_no, "123456785MVA" },
    { "NO", "company", "company number", "", "", false, "999999999", fits_no, "123456785" },
    { "US", "company", "EIN", "", "", false, "999999999", fits_us, "12-3456789" },
    { "JP", "vat", "invoice number", "", "", false, "T9999999999999", fits_jp, "T7123456789012" },
    { "JP", "company", "corporate number", "", "", false, "9999999999999", fits_jp, "7123456789012" },
    { "AU", "company", "ABN", "", "", false, "99999999999", fits_au, "12 325 678 901" },
    { "CA", "company", "business number", "", "", false, "999999999|999999999RC9999", fits_ca, "123456782" },
    { "CA", "vat", "GST/HST number", "", "", false, "999999999RT9999", fits_ca, "123456782 RT0001" },
    { "IN", "vat", "GSTIN", "", "", false, "99AAAAA9999AXZX", fits_in, "27ABCDE1234F1Z0" },
    { "MX", "company", "RFC", "", "", false, "", fits_mx, "ABC010203AB1" },
    { "BR", "company", "CNPJ", "", "", false, "XXXXXXXXXXXX99", fits_br, "12.345.678/0001-95" },
    { "TR", "company", "tax number (VKN)", "", "", false, "9999999999", fits_tr, "1234567890" },
    { "AE", "vat", "TRN", "", "", false, "100999999999999", NULL, "100123456789012" },
    { "SA", "vat", "VAT number", "", "", false, "399999999999993", NULL, "312345678901233" },
    { "SG", "vat", "GST registration number", "", "", false,
      "A9XXXXXXXX|A9XXXXXXX|99999999A|999999999A|A99AA9999A", NULL, "M12345678X" },
    { "EG", "vat", "tax registration number", "", "", false, "999999999", NULL, "123-456-789" },
    { "ZA", "vat", "VAT number", "", "", false, "4999999999", NULL, "4123456789" },
};

static const struct tax *tax_of(const char *country, const char *kind)
{
    const struct tax *any = NULL;
    if (text_is(country, "EL"))
        country = "GR";
    for (size_t i = 0; i < COUNT_OF(taxes); i++) {
        if (!text_is(taxes[i].country, country))
            continue;
        if (text_is(taxes[i].kind, kind))
            return &taxes[i];
        if (!any)
            any = &taxes[i];
    }
    return any;
}

const char *check_tax_like(const char *country, const char *kind)
{
    const struct tax *t = tax_of(country, kind);
    return t ? t->like : "";
}

/* Upper case, without spaces and marks.  False for what no number has, or too much of it. */
static bool squeeze(const char *text, char is[CHECK_BYTES])
{
    size_t n = 0;
    while (*text) {
        bool is_enye = text_starts(text, "ñ") || text_starts(text, "Ñ");
        char c = *text >= 'a' && *text <= 'z' ? (char)(*text - 'a' + 'A') : *text;
        bool is_kept = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr("&+*", c);
        if (n + 3 > CHECK_BYTES || !(is_enye || is_kept || strchr(" .-/", c)))
            return false;
        if (is_enye)
            n += (size_t)sprintf(is + n, "Ñ");
        else if (is_kept)
            is[n++] = c;
        text += is_enye ? 2 : 1;
    }
    is[n] = '\0';
    return true;
}

/* Takes what may stand in front and behind off. */
static char *bare(const struct tax *t, char *number)
{
    size_t n = strlen(number), prefix = strlen(t->prefix);
    if (prefix && strncmp(number, t->prefix, prefix) == 0)
        number += prefix, n -= prefix;
    else if (text_is(t->prefix, "EL") && text_starts(number, "GR"))
        number += 2, n -= 2;
    for (const char *at = t->suffix; *at; at += strspn(at, " ")) {
        size_t length = strcspn(at, " ");
        if (n > length && strncmp(number + n - length, at, length) == 0) {
            number[n - length] = '\0';
            break;
        }
        at += length;
    }
    return number;
}

/* One of the same country whose shape it has: a company number where a VAT number was asked for says so itself. */
static const struct tax *tax_fitting(const char *country, const char *kind, char *number, char **at)
{
    for (size_t i = 0; i < COUNT_OF(taxes) && (!kind || !*kind); i++) {
        if (!text_is(taxes[i].country, text_is(country, "EL") ? "GR" : country))
            continue;
        *at = bare(&taxes[i], number);
        if (text_fits(*at, taxes[i].shapes))
            return &taxes[i];
    }
    const struct tax *t = tax_of(country, kind);
    *at = t ? bare(t, number) : number;
    return t;
}

int check_tax(const char *country, const char *kind, const char *text, char is[CHECK_BYTES], struct err *err)
{
    char number[CHECK_BYTES] = "", first[3] = "", *at = number;
    bool is_clean = squeeze(text, number);
    snprintf(first, sizeof first, "%s", number);
    if (!*country)
        country = text_starts(number, "CHE") ? "CH" : first;
    else if (text_is(country, "GB") && text_is(first, "XI"))
        country = "XI";
    const struct tax *t = tax_fitting(country, kind, number, &at);
    if (!t) {
        size_t n = strlen(number);
        if (!is_clean || n < 4 || n > 20 || strpbrk(number, "&+*"))
            return wrong(err, "A tax number has 4 to 20 letters and digits: write it as it stands on its certificate.");
        snprintf(is, CHECK_BYTES, "%s", number);
        return 0;
    }
    const char *an = strchr("AEIi", t->name[0]) || text_is(t->name, "RFC") ? "An" : "A";
    if (!is_clean || (*t->shapes && !text_fits(at, t->shapes)) || (!*t->shapes && !t->fits(at)))
        return wrong(err, "%s %s of %s is written like %s.", an, t->name, t->country, t->like);
    if (t->fits && !t->fits(at))
        return wrong(err, "No %s of %s has these digits: compare them with the certificate, one by one; it is written like"
                     " %s.", t->name, t->country, t->like);
    snprintf(is, CHECK_BYTES, "%s%s%s", t->prefix, at, t->keeps ? t->suffix : "");
    return 0;
}
