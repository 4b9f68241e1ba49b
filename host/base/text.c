/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text.c: message catalogues and the reader's formats.
 *
 * in:     keys and patterns; numbers, money, days and instants as value.h has them
 * out:    UTF-8 for people
 * knows:  ICU.  Has never heard of pages or plugins.
 *
 * Numbers go to ICU as decimal text, never through a double.  A formatter takes long to make and a
 * microsecond to use, so each thread keeps its own; they end with the thread.
 *
 * Plain English is read in many countries: its days stand before their months and its clock has 24
 * hours.  Who prefers it otherwise says so: en-US.
 */
#include "text.h"

#include "message.h"

#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/ucurr.h>
#include <unicode/udat.h>
#include <unicode/udatpg.h>
#include <unicode/uloc.h>
#include <unicode/unumberformatter.h>
#include <unicode/ures.h>
#include <unicode/ustring.h>

/* ---- catalogues ----------------------------------------------------------------------------- */

struct entry {
    const char *key, *pattern;
};

struct bundle {
    const char *language;                               /* "en_XA" */
    struct entry *entry;                                /* sorted by key */
    size_t n;
};

struct catalogue {
    struct arena *memory;
    struct bundle *bundle;
    size_t n;
};

static int by_key(const void *a, const void *b)
{
    return strcmp(((const struct entry *)a)->key, ((const struct entry *)b)->key);
}

static char *text_of_utf16(struct arena *a, const UChar *at, int32_t n)
{
    char *text = arena_alloc(a, (size_t)n * 3 + 1);
    UErrorCode status = U_ZERO_ERROR;
    u_strToUTF8WithSub(text, n * 3 + 1, NULL, at, n, 0xFFFD, NULL, &status);
    return text;
}

static void bundle_read(struct bundle *b, struct arena *a, UResourceBundle *res, UErrorCode *status)
{
    b->entry = arena_alloc(a, (size_t)ures_getSize(res) * sizeof *b->entry);
    while (ures_hasNext(res) && U_SUCCESS(*status)) {
        const char *key;
        int32_t n;
        const UChar *pattern = ures_getNextString(res, &n, &key, status);
        if (U_FAILURE(*status))
            break;
        b->entry[b->n++] = (struct entry){ arena_text(a, key), text_of_utf16(a, pattern, n) };
    }
    qsort(b->entry, b->n, sizeof *b->entry, by_key);
}

/* Reads <folder>/<language>.res. */
static int bundle_add(struct catalogue *c, const char *folder, const char *language,
                      struct err *err)
{
    c->bundle = base_grow(c->bundle, (c->n + 1) * sizeof *c->bundle);
    struct bundle *b = &c->bundle[c->n++];
    *b = (struct bundle){ .language = language };
    UErrorCode status = U_ZERO_ERROR;
    UResourceBundle *res = ures_openDirect(folder, language, &status);
    if (U_SUCCESS(status))
        bundle_read(b, c->memory, res, &status);
    ures_close(res);
    if (U_FAILURE(status))
        return err_set(err, ERR_CORRUPT,
                       "The texts in %s/%s.res cannot be read (%s); make them again with genrb.",
                       folder, language, u_errorName(status));
    return 0;
}

int catalogue_open(struct catalogue **out, const char *folder, struct err *err)
{
    struct catalogue *c = base_alloc(sizeof *c);
    c->memory = arena_new("catalogue", 4096);
    int rc = 0;
    char *path = realpath(folder, NULL);                /* ICU looks elsewhere for relative names */
    DIR *dir = path ? opendir(path) : NULL;
    if (!dir && errno != ENOENT)
        rc = err_set(err, ERR_IO, "The texts in %s cannot be read: %s.", folder, strerror(errno));
    const struct dirent *file;
    while (dir && rc == 0 && (file = readdir(dir)))
        if (text_ends(file->d_name, ".res")) {
            size_t n = strlen(file->d_name) - strlen(".res");
            rc = bundle_add(c, path, arena_textn(c->memory, file->d_name, n), err);
        }
    if (dir)
        closedir(dir);
    free(path);
    if (rc < 0) {
        catalogue_free(c);
        c = NULL;
    }
    *out = c;
    return rc;
}

void catalogue_free(struct catalogue *c)
{
    if (!c)
        return;
    free(c->bundle);
    arena_free(c->memory);
    free(c);
}

static bool is_separator(char c)
{
    return c == '-' || c == '_';
}

static bool is_language(const char *have, const char *want, size_t n)
{
    size_t i = 0;
    while (i < n && have[i] &&
           (have[i] == want[i] || (is_separator(have[i]) && is_separator(want[i]))))
        i++;
    return i == n && !have[i];
}

static const char *pattern_find(const struct catalogue *c, const char *language, size_t n,
                                const char *key)
{
    const struct entry wanted = { .key = key };
    for (size_t i = 0; i < c->n; i++) {
        const struct bundle *b = &c->bundle[i];
        if (is_language(b->language, language, n)) {
            const struct entry *found = bsearch(&wanted, b->entry, b->n, sizeof wanted, by_key);
            return found ? found->pattern : NULL;
        }
    }
    return NULL;
}

/* Of de-Latn-AT also de-Latn and de are tried. */
const char *catalogue_find(const struct catalogue *c, const char *language, const char *key)
{
    for (size_t n = strlen(language); n;) {
        const char *pattern = pattern_find(c, language, n, key);
        if (pattern)
            return pattern;
        while (n && !is_separator(language[--n]))
            ;
    }
    return pattern_find(c, "en", 2, key);
}

/* ---- formatters of this thread -------------------------------------------------------------- */

enum { NAME_BYTES = 48, KEPT = 64 };

struct format {
    char language[NAME_BYTES], skeleton[NAME_BYTES];
    char zone[NAME_BYTES];                              /* "": numbers, else days and instants */
    void *made;                                         /* UNumberFormatter or UDateFormat */
};

struct formats {
    struct format kept[KEPT];
    size_t n;                                           /* made so far; the oldest makes room */
    UFormattedNumber *number;
};

static pthread_key_t formats_key;
static _Thread_local struct formats *formats;

static void format_clear(struct format *f)
{
    if (f->zone[0])
        udat_close(f->made);
    else
        unumf_close(f->made);
}

static void formats_free(void *at)
{
    struct formats *all = at;
    for (size_t i = 0; i < all->n && i < KEPT; i++)
        format_clear(&all->kept[i]);
    unumf_closeResult(all->number);
    free(all);
}

static void formats_key_make(void)
{
    pthread_key_create(&formats_key, formats_free);
}

static void formats_begin(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, formats_key_make);
    UErrorCode status = U_ZERO_ERROR;
    formats = base_alloc(sizeof *formats);
    formats->number = unumf_openResult(&status);
    pthread_setspecific(formats_key, formats);
}

static const char *language_of(const struct reader *who)
{
    return who->language && strlen(who->language) < NAME_BYTES ? who->language : "en";
}

/* The pseudo-locale's formats are those of English. */
static const char *locale_of(const char *language, char room[NAME_BYTES])
{
    UErrorCode status = U_ZERO_ERROR;
    int32_t n = uloc_forLanguageTag(language, room, NAME_BYTES, NULL, &status);
    return U_SUCCESS(status) && n && !text_is(room, "en_XA") ? room : "en";
}

static UNumberFormatter *number_format_make(const char *locale, const char *skeleton)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar words[NAME_BYTES];
    u_strFromUTF8(words, NAME_BYTES, NULL, skeleton, -1, &status);
    UNumberFormatter *f = unumf_openForSkeletonAndLocale(words, -1, locale, &status);
    if (U_SUCCESS(status))
        return f;
    unumf_close(f);
    return NULL;
}

static UDateFormat *date_format_make(const char *locale, const char *skeleton, const char *zone)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar words[NAME_BYTES], pattern[128], zone_id[NAME_BYTES];
    u_strFromUTF8(words, NAME_BYTES, NULL, skeleton, -1, &status);
    u_strFromUTF8(zone_id, NAME_BYTES, NULL, zone, -1, &status);
    UDateTimePatternGenerator *patterns = udatpg_open(locale, &status);
    int32_t n = udatpg_getBestPattern(patterns, words, -1, pattern, COUNT_OF(pattern), &status);
    udatpg_close(patterns);
    UDateFormat *f = udat_open(UDAT_PATTERN, UDAT_PATTERN, locale, zone_id, -1, pattern, n,
                               &status);
    if (U_SUCCESS(status))
        return f;
    udat_close(f);
    return NULL;
}

static bool has_digit_on(const UDateFormat *f, int32_t day)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar text[NAME_BYTES];
    int32_t n = udat_format(f, day * 86400e3, text, COUNT_OF(text), NULL, &status);
    for (int32_t i = 0; i < n && i < NAME_BYTES; i++)
        if (u_isdigit(text[i]))
            return true;
    return false;
}

/*
 * Short names of zones: ICU gives letters only to readers of a country where they are in use and
 * GMT+1 to all others.  Sellers know PST and CET, so the letters of those countries are taken
 * before an offset is.
 */
static UDateFormat *zone_format_make(const char *locale, const char *zone)
{
    const char *const locales[] = { locale, "en_US", "en_150", "en_IN", "en_AU", "en_GB", "ja" };
    for (size_t i = 0; i < COUNT_OF(locales); i++) {
        UDateFormat *f = date_format_make(locales[i], "z", zone);
        if (f && !has_digit_on(f, day_of(2025, 1, 1)) && !has_digit_on(f, day_of(2025, 7, 1)))
            return f;
        udat_close(f);
    }
    return date_format_make(locale, "z", zone);
}

static void *format_make(const struct format *f)
{
    char room[NAME_BYTES];
    const char *locale = locale_of(f->language, room);
    if (!f->zone[0])
        return number_format_make(locale, f->skeleton);
    if (text_is(locale, "en"))
        locale = "en_150";
    return text_is(f->skeleton, "z") ? zone_format_make(locale, f->zone)
                                     : date_format_make(locale, f->skeleton, f->zone);
}

/* A formatter for this thread; NULL when ICU cannot make it. */
static const void *format_for(const struct reader *who, const char *skeleton, const char *zone)
{
    if (!formats)
        formats_begin();
    const char *language = language_of(who);
    for (size_t i = 0; i < formats->n && i < KEPT; i++) {
        const struct format *f = &formats->kept[i];
        if (strcmp(f->skeleton, skeleton) == 0 && strcmp(f->zone, zone) == 0 &&
            strcmp(f->language, language) == 0)
            return f->made;
    }
    struct format wanted = { .made = NULL };
    strncpy(wanted.language, language, NAME_BYTES - 1);
    strncpy(wanted.skeleton, skeleton, NAME_BYTES - 1);
    strncpy(wanted.zone, zone, NAME_BYTES - 1);
    wanted.made = format_make(&wanted);
    struct format *place = &formats->kept[formats->n++ % KEPT];
    if (formats->n > KEPT)
        format_clear(place);
    *place = wanted;
    return wanted.made;
}

/* ---- numbers -------------------------------------------------------------------------------- */

static void put_utf16(struct buf *out, const UChar *at, int32_t n)
{
    char text[3 * 256];
    int32_t bytes = 0;
    UErrorCode status = U_ZERO_ERROR;
    u_strToUTF8(text, sizeof text, &bytes, at, n < 256 ? n : 256, &status);
    if (U_SUCCESS(status))
        buf_put(out, text, (size_t)bytes);
}

/* Puts a number in place of its plain digits behind out[start]; they stay when ICU cannot. */
static void number_shape(struct buf *out, size_t start, const struct reader *who,
                         const char *skeleton)
{
    UChar text[256];
    UErrorCode status = U_ZERO_ERROR;
    const struct reader written = { who->numbers ? who->numbers : who->language, NULL, NULL };
    const UNumberFormatter *f = format_for(&written, skeleton, "");
    unumf_formatDecimal(f, out->at + start, (int32_t)(out->len - start), formats->number, &status);
    int32_t n = unumf_resultToString(formats->number, text, COUNT_OF(text), &status);
    if (U_FAILURE(status))
        return;
    out->len = start;
    put_utf16(out, text, n);
}

void text_count(struct buf *out, const struct reader *who, int64_t n)
{
    text_decimal(out, who, n, 0);
}

void text_decimal(struct buf *out, const struct reader *who, int64_t num, int places)
{
    static const char zeros[] = ".000000000000000000";
    char skeleton[sizeof zeros];
    size_t start = out->len, n = places > 0 ? (size_t)places : 0;
    memcpy(skeleton, zeros, n + 1);
    skeleton[n + 1] = '\0';
    buf_minor(out, num, places);
    number_shape(out, start, who, skeleton);
}

void text_money(struct buf *out, const struct reader *who, int64_t minor, const char *currency)
{
    char skeleton[] = "currency/XXX";
    size_t start = out->len;
    int digits = currency_digits(currency);
    buf_minor(out, minor, digits);
    if (digits < 0) {
        buf_printf(out, " %s", currency);
        return;
    }
    memcpy(skeleton + strlen("currency/"), currency, 3);
    number_shape(out, start, who, skeleton);
}

void text_rate(struct buf *out, const struct reader *who, int64_t num, int64_t den)
{
    int64_t bp;
    if (!rate_bp(num, den, &bp)) {
        buf_text(out, "N/A");
        return;
    }
    size_t start = out->len;
    buf_minor(out, bp, 2);
    number_shape(out, start, who, "percent .00");
}

void text_bp(struct buf *out, const struct reader *who, int64_t bp, bool with_sign)
{
    size_t start = out->len;
    buf_minor(out, bp, 2);
    number_shape(out, start, who, with_sign ? "percent .## sign-except-zero" : "percent .##");
}

/* The unit is a word, so it is of the language. */
static void put_unit(struct buf *out, const struct reader *who, int64_t n, const char *skeleton)
{
    const struct reader worded = { who->language, NULL, NULL };
    size_t start = out->len;
    buf_int(out, n);
    number_shape(out, start, &worded, skeleton);
}

/* The two largest units; seconds stand alone. */
void text_seconds(struct buf *out, const struct reader *who, int64_t seconds)
{
    static const struct {
        int64_t size;
        const char *skeleton;
    } unit[] = {
        { 86400, "unit/day unit-width-short" },   { 3600, "unit/hour unit-width-short" },
        { 60,    "unit/minute unit-width-short" }, { 1,   "unit/second unit-width-short" },
    };
    size_t i = 0, last = COUNT_OF(unit) - 1;
    while (i < last && seconds / unit[i].size == 0)
        i++;
    put_unit(out, who, seconds / unit[i].size, unit[i].skeleton);
    int64_t rest = i + 1 < last ? seconds % unit[i].size / unit[i + 1].size : 0;
    if (rest) {
        buf_char(out, ' ');
        put_unit(out, who, rest < 0 ? -rest : rest, unit[i + 1].skeleton);
    }
}

/* ---- days and instants ---------------------------------------------------------------------- */

static void put_date(struct buf *out, const struct reader *who, int64_t instant_s,
                     const char *skeleton, const char *zone)
{
    UChar text[256];
    UErrorCode status = U_ZERO_ERROR;
    const UDateFormat *f = format_for(who, skeleton, zone);
    int32_t n = 0;
    if (f)
        n = udat_format(f, (UDate)instant_s * 1000, text, COUNT_OF(text), NULL, &status);
    if (f && U_SUCCESS(status))
        put_utf16(out, text, n);
    else
        buf_instant(out, instant_s);
}

void text_day(struct buf *out, const struct reader *who, int32_t day)
{
    put_date(out, who, (int64_t)day * 86400, "yMMMd", "UTC");
}

void text_day_short(struct buf *out, const struct reader *who, int32_t day)
{
    put_date(out, who, (int64_t)day * 86400, "MMMd", "UTC");
}

void text_month(struct buf *out, const struct reader *who, int32_t day)
{
    put_date(out, who, (int64_t)day * 86400, "yMMMM", "UTC");
}

void text_weekday(struct buf *out, const struct reader *who, unsigned weekday)
{
    put_date(out, who, (3 + (int64_t)weekday) * 86400, "cccc", "UTC");     /* 1970-01-05 was a Monday */
}

void text_time(struct buf *out, const struct reader *who, int32_t second_of_day)
{
    put_date(out, who, second_of_day, "jm", "UTC");
}

void text_instant(struct buf *out, const struct reader *who, int64_t instant_s, const char *zone)
{
    const char *of = zone ? zone : who->zone;
    if (!of || strlen(of) >= NAME_BYTES || !*of)
        of = "UTC";
    put_date(out, who, instant_s, "yMMMdjm", of);
    buf_char(out, ' ');
    put_date(out, who, instant_s, "z", of);
}

/* ---- names and messages --------------------------------------------------------------------- */


void text_country_name(struct buf *out, const struct reader *who, const char *code)
{
    char room[NAME_BYTES], place[8] = "und_";
    UChar text[256];
    UErrorCode status = U_ZERO_ERROR;
    if (strlen(code) != 2) {
        buf_text(out, code);
        return;
    }
    memcpy(place + 4, code, 3);
    const char *locale = locale_of(language_of(who), room);
    int32_t n = uloc_getDisplayCountry(place, locale, text, COUNT_OF(text), &status);
    if (U_SUCCESS(status) && n)
        put_utf16(out, text, n);
    else
        buf_text(out, code);
}

void text_message(struct buf *out, const struct reader *who, const char *pattern,
                  const struct text_arg *args, size_t n_args)
{
    bool is_plain = !strpbrk(pattern, "{'");
    if (is_plain || !message_format(out, language_of(who), pattern, args, n_args))
        buf_text(out, pattern);
}
