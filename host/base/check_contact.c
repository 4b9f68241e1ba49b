/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check_contact.c: e-mail, telephone, web, postcode.  See check_contact.h.
 */
#include "check_contact.h"

#include <string.h>

#define DIGITS "0123456789"

#define wrong(err, ...) err_set((err), ERR_INPUT, __VA_ARGS__)

/* ---- e-mail ------------------------------------------------------------------------------------ */

static bool is_alnum(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;
}

/* Words with a point between, of letters, digits and what stands in `also`. */
static bool are_words(const char *at, size_t n, const char *also)
{
    bool in_word = false;
    for (size_t i = 0; i < n; i++) {
        if (at[i] == '.') {
            if (!in_word)
                return false;
            in_word = false;
        } else if (is_alnum(at[i]) || strchr(also, at[i])) {
            in_word = true;
        } else {
            return false;
        }
    }
    return in_word;
}

/* Labels of 1 to 63 that neither begin nor end with a hyphen, two at least, the last of them no number. */
static bool is_domain(const char *at, size_t n)
{
    size_t labels = 0, from = 0;
    if (n > 253 || !are_words(at, n, "-"))
        return false;
    for (size_t i = 0; i <= n; i++) {
        if (i < n && at[i] != '.')
            continue;
        if (i - from > 63 || at[from] == '-' || at[i - 1] == '-')
            return false;
        labels++;
        if (i == n && (i - from < 2 || strspn(at + from, DIGITS) >= i - from))
            return false;
        from = i + 1;
    }
    return labels >= 2;
}

static void lower(char *at, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (at[i] >= 'A' && at[i] <= 'Z')
            at[i] += 'a' - 'A';
}

int check_email(struct arena *a, const char *text, const char **is, struct err *err)
{
    const char *at = strchr(text, '@');
    size_t n = strlen(text), name = at ? (size_t)(at - text) : 0;
    if (!at || !name || strchr(at + 1, '@') || strpbrk(text, " \t,;<>"))
        return wrong(err, "An e-mail address has one @ and no spaces: write it like name@example.com.");
    if (n > 254 || name > 64)
        return wrong(err, "An e-mail address has at most 64 bytes before the @ and 254 in all; this one is longer.");
    if (!are_words(text, name, "!#$%&'*+-/=?^_`{|}~"))
        return wrong(err, "What stands before the @ of this e-mail address has a character or point where none can be: write"
                     " it like name@example.com.");
    if (!is_domain(at + 1, n - name - 1))
        return wrong(err, "What stands behind the @ of an e-mail address is a domain such as example.com; this is none.");
    char *copy = arena_text(a, text);
    lower(copy + name, n - name);
    *is = copy;
    return 0;
}

/* ---- telephone ---------------------------------------------------------------------------------- */

/* Country codes that are given out: the annex to ITU Operational Bulletin 1117, "List of ITU-T E.164 assigned country
   codes".  A code of one or two digits stands for all that begin with it. */
static const char calling_codes[] =
    "1 20 211 212 213 216 218 220 221 222 223 224 225 226 227 228 229 230 231 232 233 234 235 236 237 238 239 240 241 242"
    " 243 244 245 246 247 248 249 250 251 252 253 254 255 256 257 258 260 261 262 263 264 265 266 267 268 269 27 290 291"
    " 297 298 299 30 31 32 33 34 350 351 352 353 354 355 356 357 358 359 36 370 371 372 373 374 375 376 377 378 379 380"
    " 381 382 383 385 386 387 389 39 40 41 420 421 423 43 44 45 46 47 48 49 500 501 502 503 504 505 506 507 508 509 51 52"
    " 53 54 55 56 57 58 590 591 592 593 594 595 596 597 598 599 60 61 62 63 64 65 66 670 672 673 674 675 676 677 678 679"
    " 680 681 682 683 685 686 687 688 689 690 691 692 7 800 808 81 82 84 850 852 853 855 856 86 870 878 880 881 882 883 886"
    " 888 90 91 92 93 94 95 960 961 962 963 964 965 966 967 968 970 971 972 973 974 975 976 977 979 98 992 993 994 995 996"
    " 998 ";

/* Digits of the country code in front; 0: none is given out. */
static size_t calling_code(const char *digits)
{
    for (const char *at = calling_codes; *at; at += strspn(at, " ")) {
        size_t n = strcspn(at, " ");
        if (strncmp(digits, at, n) == 0)
            return n;
        at += n;
    }
    return 0;
}

int check_phone(struct arena *a, const char *text, const char **is, struct err *err)
{
    static const char like[] = "+44 20 7946 0018";
    const char *at = text + (*text == '+' ? 1 : text_starts(text, "00") ? 2 : 0);
    char *digits = arena_zero(a, strlen(text) + 2);
    size_t n = 0;
    if (at == text)
        return wrong(err, "A telephone number begins with + and the code of its country: write it like %s.", like);
    digits[n++] = '+';
    for (; *at; at++) {
        if (text_starts(at, "(0)"))                     /* only for calls from within the country */
            at += 2;
        else if (*at >= '0' && *at <= '9')
            digits[n++] = *at;
        else if (!strchr(" ()-./", *at))
            return wrong(err, "A telephone number has digits, spaces, brackets, points and hyphens, and nothing else: write it"
                         " like %s.", like);
    }
    if (!calling_code(digits + 1))
        return wrong(err, "No country has the code that this telephone number begins with: write it like %s.", like);
    if (n - 1 < 7 || n - 1 > 15)
        return wrong(err, "A telephone number has 7 to 15 digits with the code of its country, this one has %zu: write it"
                     " like %s.", n - 1, like);
    *is = digits;
    return 0;
}

/* The last group has two to four digits. */
void buf_phone(struct buf *out, const char *phone)
{
    size_t n = strlen(phone), code = *phone == '+' ? calling_code(phone + 1) : 0;
    if (!code) {
        buf_text(out, phone);
        return;
    }
    buf_put(out, phone, code + 1);
    for (size_t at = code + 1; at < n;) {
        size_t group = n - at <= 4 ? n - at : 3;
        buf_char(out, ' ');
        buf_put(out, phone + at, group);
        at += group;
    }
}

/* ---- web ------------------------------------------------------------------------------------------- */

int check_url(struct arena *a, const char *text, const char **is, struct err *err)
{
    static const char like[] = "https://www.example.com/shop";
    size_t n = strlen(text), scheme = strcspn(text, ":");
    if (n > 2000)
        return wrong(err, "A web address has at most 2000 bytes, this one has %zu.", n);
    for (const unsigned char *c = (const unsigned char *)text; *c; c++)
        if (*c <= ' ' || *c == 0x7F || strchr("\"<>\\^`{|}", *c))
            return wrong(err, "A web address has no spaces, quotes or brackets < > in it: write it like %s.", like);
    char *copy = arena_text(a, text);
    lower(copy, scheme);
    if (text_starts(copy, "mailto:")) {
        const char *address;
        size_t length = strcspn(copy + 7, "?");
        if (check_email(a, arena_textn(a, copy + 7, length), &address, err) < 0)
            return -ERR_INPUT;
        *is = arena_printf(a, "mailto:%s%s", address, copy + 7 + length);
        return 0;
    }
    const char *host = text_starts(copy, "https://") ? copy + 8 : text_starts(copy, "http://") ? copy + 7 : NULL;
    if (!host)
        return wrong(err, "A web address begins with https://, http:// or mailto: – write it like %s.", like);
    size_t length = strcspn(host, "/?#"), name = strcspn(host, ":/?#");
    if (memchr(host, '@', length))
        return wrong(err, "A web address with a name or password in it is not kept: leave out what stands before the @.");
    bool is_port = name == length || (length - name > 1 && length - name <= 6 && strspn(host + name + 1, DIGITS) == length - name - 1);
    bool is_local = name == 9 && strncasecmp(host, "localhost", 9) == 0;
    if (!is_port || !name || !(is_local || is_domain(host, name)))
        return wrong(err, "What stands behind the // of a web address is a domain such as www.example.com; this is none.");
    lower(copy + (host - copy), name);
    *is = copy;
    return 0;
}

/* ---- postcode ----------------------------------------------------------------------------------------- */

/* Of the marketplaces' countries and their neighbours: Universal Postal Union, "Postal addressing systems".  Shapes as
   of text_fits(). */
static const struct { const char *country, *shapes, *like; } postcodes[] = {
    { "AD", "AD999", "AD500" }, { "AT", "9999", "1010" }, { "AU", "9999", "2000" }, { "BE", "9999", "1000" },
    { "BG", "9999", "1000" }, { "BR", "99999-999", "01310-100" }, { "CA", "A9A 9A9", "K1A 0B1" }, { "CH", "9999", "3000" },
    { "CN", "999999", "100000" }, { "CY", "9999", "1010" }, { "CZ", "999 99", "110 00" }, { "DE", "99999", "10115" },
    { "DK", "9999", "1050" }, { "EE", "99999", "10111" }, { "EG", "99999|9999999", "11511" }, { "ES", "99999", "28001" },
    { "FI", "99999", "00100" }, { "FR", "99999", "75001" },
    { "GB", "A9 9AA|A99 9AA|AA9 9AA|AA99 9AA|A9A 9AA|AA9A 9AA|GIR 0AA", "SW1A 2AA" },
    { "GG", "AA9 9AA|AA99 9AA", "GY1 1AA" }, { "GR", "999 99", "104 31" }, { "HR", "99999", "10000" },
    { "HU", "9999", "1051" }, { "IE", "A99 XXXX|A9A XXXX", "D02 AF30" }, { "IM", "AA9 9AA|AA99 9AA", "IM1 1AA" },
    { "IN", "999999", "110001" }, { "IS", "999", "101" }, { "IT", "99999", "00118" }, { "JE", "AA9 9AA|AA99 9AA", "JE2 3AB" },
    { "JP", "999-9999", "100-0001" }, { "KR", "99999", "03187" }, { "LI", "9999", "9490" }, { "LT", "LT-99999", "LT-01103" },
    { "LU", "9999", "1009" }, { "LV", "LV-9999", "LV-1010" }, { "MC", "99999", "98000" }, { "MT", "AAA 9999", "VLT 1117" },
    { "MX", "99999", "06000" }, { "MY", "99999", "50000" }, { "NL", "9999 AA", "1012 JS" }, { "NO", "9999", "0150" },
    { "NZ", "9999", "6011" }, { "PL", "99-999", "00-001" }, { "PT", "9999-999", "1100-148" }, { "RO", "999999", "010011" },
    { "SA", "99999|99999-9999", "11564" }, { "SE", "999 99", "111 20" }, { "SG", "999999", "018956" },
    { "SI", "9999", "1000" }, { "SK", "999 99", "811 01" }, { "SM", "99999", "47890" }, { "TR", "99999", "06100" },
    { "US", "99999|99999-9999", "20500" }, { "VA", "99999", "00120" }, { "ZA", "9999", "0001" },
};

/* The letters and digits, in the shape's own spaces and hyphens; NULL: they do not fit this one. */
static const char *in_shape(struct arena *a, const char *shape, size_t n, const char *bare)
{
    char *text = arena_alloc(a, n + 1), *one = arena_textn(a, shape, n);
    for (size_t i = 0; i < n; i++)
        text[i] = strchr(" -", shape[i]) ? shape[i] : *bare ? *bare++ : '?';
    text[n] = '\0';
    return !*bare && text_fits(text, one) ? text : NULL;
}

int check_postcode(struct arena *a, const char *country, const char *text, const char **is, struct err *err)
{
    char *bare = arena_zero(a, strlen(text) + 1);
    size_t n = 0;
    bool is_clean = true;
    for (const char *c = text; *c; c++) {
        if (!strchr(" -", *c))
            bare[n++] = *c >= 'a' && *c <= 'z' ? (char)(*c - 'a' + 'A') : *c;
        is_clean &= strchr(" -", *c) || (*c > 0 && is_alnum(*c));
    }
    for (size_t i = 0; i < COUNT_OF(postcodes); i++) {
        if (!text_is(postcodes[i].country, country))
            continue;
        if (text_starts(postcodes[i].shapes, country) && !text_starts(bare, country))      /* LV-, LT- may be left out */
            bare = arena_printf(a, "%s%s", country, bare);
        for (const char *at = postcodes[i].shapes; *at; at += *at == '|') {
            size_t length = strcspn(at, "|");
            if ((*is = in_shape(a, at, length, bare)))
                return 0;
            at += length;
        }
        return wrong(err, "A postcode of %s is written like %s.", country, postcodes[i].like);
    }
    if (!is_clean || !n || strlen(text) > 12)
        return wrong(err, "A postcode has at most 12 letters, digits, spaces and hyphens.");
    bare = arena_text(a, text);                         /* as it was spaced */
    for (char *c = bare; *c; c++)
        *c = *c >= 'a' && *c <= 'z' ? (char)(*c - 'a' + 'A') : *c;
    *is = bare;
    return 0;
}
