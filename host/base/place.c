/* SPDX-License-Identifier: Apache-2.0 */
/*
 * place.c: countries, regions, currencies, languages, zones.  See place.h.
 */
#include "place.h"

#include <jansson.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/ucal.h>
#include <unicode/ucol.h>
#include <unicode/ucurr.h>
#include <unicode/uloc.h>
#include <unicode/ustring.h>

#define REGIONS_FILE "/usr/share/iso-codes/json/iso_3166-2.json"

enum { NAME_BYTES = 64, NAME_CHARS = 256, LIST_MAX = 1000 };

/* ---- what there is ---------------------------------------------------------------------------- */

static bool is_listed(const char *const *list, const char *code)
{
    for (; *list; list++)
        if (text_is(*list, code))
            return true;
    return false;
}

bool place_is_country(const char *code)
{
    return is_listed(uloc_getISOCountries(), code);
}

/* The languages of which ICU knows more than the name, without their countries. */
static bool is_language(const char *language)
{
    for (int32_t i = 0; i < uloc_countAvailable(); i++)
        if (text_is(uloc_getAvailable(i), language))
            return true;
    return false;
}

const char *place_language(struct arena *a, const char *tag)
{
    char locale[NAME_BYTES], language[NAME_BYTES], country[8], again[NAME_BYTES];
    UErrorCode status = U_ZERO_ERROR;
    int32_t used = 0;
    if (strlen(tag) >= NAME_BYTES)
        return NULL;
    uloc_forLanguageTag(tag, locale, NAME_BYTES, &used, &status);
    if (U_FAILURE(status) || used != (int32_t)strlen(tag) || strchr(locale, '@'))
        return NULL;
    uloc_getLanguage(locale, language, NAME_BYTES, &status);
    uloc_getCountry(locale, country, sizeof country, &status);
    uloc_toLanguageTag(locale, again, NAME_BYTES, true, &status);
    bool is_known = U_SUCCESS(status) && is_language(language) && (!*country || strlen(country) == 3 || place_is_country(country));
    return is_known ? arena_text(a, again) : NULL;
}

/* ---- regions ---------------------------------------------------------------------------------- */

static struct {
    struct arena *memory;                               /* for the life of the program */
    struct region *at;                                  /* sorted by code */
    size_t n;
} regions;

static int by_code(const void *a, const void *b)
{
    return strcmp(((const struct region *)a)->code, ((const struct region *)b)->code);
}

/* "Alacant*": the star leads to a footnote of the standard. */
static char *region_name(struct arena *a, const char *name)
{
    char *text = arena_text(a, name);
    size_t n = strlen(text);
    if (n && text[n - 1] == '*')
        text[n - 1] = '\0';
    return text;
}

static void regions_load(void)
{
    struct arena *a = regions.memory = arena_new("regions", 1 << 16);
    json_t *all = json_load_file(REGIONS_FILE, 0, NULL), *list = json_object_get(all, "3166-2"), *one;
    regions.at = arena_zero(a, (json_array_size(list) + 1) * sizeof *regions.at);
    size_t i;
    json_array_foreach(list, i, one) {
        const char *code = json_string_value(json_object_get(one, "code"));
        const char *name = json_string_value(json_object_get(one, "name"));
        if (code && name && strlen(code) > 3 && code[2] == '-')
            regions.at[regions.n++] = (struct region){ arena_text(a, code), region_name(a, name) };
    }
    qsort(regions.at, regions.n, sizeof *regions.at, by_code);
    json_decref(all);
}

static void regions_want(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, regions_load);
}

const struct region *place_regions(const char *country, size_t *n)
{
    regions_want();
    size_t from = 0, to;
    while (from < regions.n && strncmp(regions.at[from].code, country, 2) < 0)
        from++;
    for (to = from; to < regions.n && strncmp(regions.at[to].code, country, 2) == 0; to++)
        ;
    *n = strlen(country) == 2 ? to - from : 0;
    return regions.at + from;
}

const struct region *place_region(const char *code)
{
    regions_want();
    const struct region wanted = { code, "" };
    return bsearch(&wanted, regions.at, regions.n, sizeof *regions.at, by_code);
}

/* Without case, by ICU: "île" is "ÎLE". */
static bool is_same(const char *a, const char *b)
{
    UChar one[NAME_CHARS], two[NAME_CHARS];
    UErrorCode status = U_ZERO_ERROR;
    int32_t n, m;
    u_strFromUTF8(one, NAME_CHARS, &n, a, -1, &status);
    u_strFromUTF8(two, NAME_CHARS, &m, b, -1, &status);
    return U_SUCCESS(status) && u_strCaseCompare(one, n, two, m, U_FOLD_CASE_DEFAULT, &status) == 0 && U_SUCCESS(status);
}

const struct region *place_region_find(const char *country, const char *word)
{
    size_t n;
    const struct region *all = place_regions(country, &n), *found = NULL;
    for (size_t i = 0; i < n; i++)
        if (strcasecmp(all[i].code, word) == 0 || strcasecmp(all[i].code + 3, word) == 0)
            return &all[i];
    for (size_t i = 0; i < n; i++)
        if (is_same(all[i].name, word)) {
            if (found)
                return NULL;
            found = &all[i];
        }
    return found;
}

/* ---- names ------------------------------------------------------------------------------------ */

static const char *locale_of(const struct reader *who, char room[NAME_BYTES])
{
    UErrorCode status = U_ZERO_ERROR;
    int32_t n = uloc_forLanguageTag(who->language ? who->language : "en", room, NAME_BYTES, NULL, &status);
    return U_SUCCESS(status) && n && !text_is(room, "en_XA") ? room : "en";
}

static void put_utf16(struct buf *out, const UChar *at, int32_t n)
{
    char text[3 * NAME_CHARS];
    int32_t bytes = 0;
    UErrorCode status = U_ZERO_ERROR;
    u_strToUTF8(text, sizeof text, &bytes, at, n < NAME_CHARS ? n : NAME_CHARS, &status);
    if (U_SUCCESS(status))
        buf_put(out, text, (size_t)bytes);
}

void text_currency_name(struct buf *out, const struct reader *who, const char *code)
{
    char room[NAME_BYTES];
    UChar wide[4];
    UErrorCode status = U_ZERO_ERROR;
    int32_t n = 0;
    const UChar *name = NULL;
    if (strlen(code) == 3) {
        u_strFromUTF8(wide, COUNT_OF(wide), NULL, code, -1, &status);
        name = ucurr_getName(wide, locale_of(who, room), UCURR_LONG_NAME, NULL, &n, &status);
    }
    if (name && U_SUCCESS(status))
        put_utf16(out, name, n);
    else
        buf_text(out, code);
}

void text_language_name(struct buf *out, const struct reader *who, const char *tag)
{
    char room[NAME_BYTES], locale[NAME_BYTES];
    UChar name[NAME_CHARS];
    UErrorCode status = U_ZERO_ERROR;
    uloc_forLanguageTag(tag, locale, NAME_BYTES, NULL, &status);
    int32_t n = U_SUCCESS(status) ? uloc_getDisplayName(locale, locale_of(who, room), name, NAME_CHARS, &status) : 0;
    if (U_SUCCESS(status) && n)
        put_utf16(out, name, n);
    else
        buf_text(out, tag);
}

/* ---- lists ------------------------------------------------------------------------------------ */

struct codes {
    const char **at;
    size_t n;
};

static struct codes codes_of(struct arena *a, UEnumeration *all)
{
    struct codes list = { arena_zero(a, LIST_MAX * sizeof *list.at), 0 };
    UErrorCode status = U_ZERO_ERROR;
    const char *one;
    while (list.n < LIST_MAX && (one = uenum_next(all, NULL, &status)) && U_SUCCESS(status))
        list.at[list.n++] = arena_text(a, one);
    uenum_close(all);
    return list;
}

static UEnumeration *currencies(void)
{
    UErrorCode status = U_ZERO_ERROR;
    return ucurr_openISOCurrencies(UCURR_COMMON | UCURR_NON_DEPRECATED, &status);
}

bool place_is_currency(const char *code)
{
    UErrorCode status = U_ZERO_ERROR;
    UEnumeration *all = currencies();
    const char *one;
    bool is_one = false;
    while (!is_one && (one = uenum_next(all, NULL, &status)) && U_SUCCESS(status))
        is_one = text_is(one, code);
    uenum_close(all);
    return is_one;
}

static struct codes codes(struct arena *a, enum place_kind kind)
{
    UErrorCode status = U_ZERO_ERROR;
    struct codes list = { NULL, 0 };
    if (kind == PLACE_CURRENCY)
        return codes_of(a, currencies());
    if (kind == PLACE_ZONE)
        return codes_of(a, ucal_openTimeZoneIDEnumeration(UCAL_ZONE_TYPE_CANONICAL_LOCATION, NULL, NULL, &status));
    list.at = arena_zero(a, LIST_MAX * sizeof *list.at);
    if (kind == PLACE_COUNTRY)
        for (const char *const *one = uloc_getISOCountries(); *one && list.n < LIST_MAX; one++)
            list.at[list.n++] = *one;
    for (int32_t i = 0; kind == PLACE_LANGUAGE && i < uloc_countAvailable() && list.n < LIST_MAX; i++)
        if (!strchr(uloc_getAvailable(i), '_'))
            list.at[list.n++] = uloc_getAvailable(i);
    return list;
}

struct sorted {
    struct place place;
    char *key;                                          /* of the collator: compared as bytes */
};

static int by_key(const void *a, const void *b)
{
    return strcmp(((const struct sorted *)a)->key, ((const struct sorted *)b)->key);
}

static char *sort_key(struct arena *a, UCollator *by, const char *name)
{
    UChar wide[NAME_CHARS];
    uint8_t key[4 * NAME_CHARS] = "";
    UErrorCode status = U_ZERO_ERROR;
    int32_t n = 0;
    u_strFromUTF8(wide, NAME_CHARS, &n, name, -1, &status);
    if (!by || U_FAILURE(status) || ucol_getSortKey(by, wide, n, key, sizeof key) > (int32_t)sizeof key)
        return arena_text(a, name);
    return arena_text(a, (const char *)key);
}

static void put_name(struct buf *out, enum place_kind kind, const struct reader *who, const char *code)
{
    switch (kind) {
    case PLACE_COUNTRY:  text_country_name(out, who, code); break;
    case PLACE_CURRENCY: text_currency_name(out, who, code); break;
    case PLACE_LANGUAGE: text_language_name(out, who, code); break;
    case PLACE_ZONE:     buf_text(out, code); break;
    }
}

const struct place *place_list(struct arena *a, enum place_kind kind, const struct reader *who, size_t *n)
{
    char room[NAME_BYTES];
    UErrorCode status = U_ZERO_ERROR;
    UCollator *by = ucol_open(locale_of(who, room), &status);
    struct codes all = codes(a, kind);
    struct sorted *list = arena_zero(a, (all.n + 1) * sizeof *list);
    for (size_t i = 0; i < all.n; i++) {
        struct buf name = { 0 };
        put_name(&name, kind, who, all.at[i]);
        list[i].place = (struct place){ all.at[i], arena_text(a, buf_str(&name)) };
        list[i].key = sort_key(a, by, list[i].place.name);
        buf_free(&name);
    }
    ucol_close(by);
    qsort(list, all.n, sizeof *list, by_key);
    struct place *place = arena_zero(a, (all.n + 1) * sizeof *place);
    for (size_t i = 0; i < all.n; i++)
        place[i] = list[i].place;
    *n = all.n;
    return place;
}
