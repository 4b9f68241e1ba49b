/* SPDX-License-Identifier: Apache-2.0 */
/*
 * zone.c: time zones and the clock.
 *
 * in:     names of zones, UTC instants, local days and times
 * out:    the other of the two
 * knows:  ICU's zones, asked once per zone; the system's clocks
 *
 * A zone is a sorted list of spans with one offset each.  The first begins before everything and
 * the last never ends, so what lies outside 1970 to 2100 gets the nearest offset known.
 */
#include "zone.h"

#include "log.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unicode/ucal.h>
#include <unicode/ustring.h>

struct span {
    int64_t from;                                       /* UTC seconds */
    int32_t offset_s;
};

struct zone {
    const struct zone *next;
    char *name;
    struct span *span;
    size_t n;
};

enum { DAY_S = 86400 };

static int64_t floor_day(int64_t seconds)
{
    return seconds / DAY_S - (seconds % DAY_S < 0);
}

/* ---- loading -------------------------------------------------------------------------------- */

static void span_add(struct zone *z, int64_t from, int32_t offset_s)
{
    if (z->n && z->span[z->n - 1].offset_s == offset_s)
        return;                                         /* only its name changed */
    if ((z->n & (z->n - 1)) == 0)                       /* room for a power of two */
        z->span = base_grow(z->span, (z->n ? z->n * 2 : 1) * sizeof *z->span);
    z->span[z->n++] = (struct span){ from, offset_s };
}

static int32_t icu_offset_s(UCalendar *calendar, UErrorCode *status)
{
    return (ucal_get(calendar, UCAL_ZONE_OFFSET, status) +
            ucal_get(calendar, UCAL_DST_OFFSET, status)) / 1000;
}

/* NULL for a name that ICU does not know: by itself it would take such a name for GMT. */
static UCalendar *calendar_open(const char *name)
{
    UChar id[64], canonical[128];
    UBool is_known = false;
    UErrorCode status = U_ZERO_ERROR;
    u_strFromUTF8(id, COUNT_OF(id), NULL, name, -1, &status);
    ucal_getCanonicalTimeZoneID(id, -1, canonical, COUNT_OF(canonical), &is_known, &status);
    if (U_FAILURE(status) || !is_known)
        return NULL;
    UCalendar *calendar = ucal_open(id, -1, "en", UCAL_GREGORIAN, &status);
    return U_FAILURE(status) ? NULL : calendar;
}

static struct zone *zone_load(const char *name, struct err *err)
{
    UCalendar *calendar = calendar_open(name);
    if (!calendar) {
        err_set(err, ERR_INPUT, "There is no time zone \"%s\"; names look like Europe/Berlin.",
                name);
        return NULL;
    }
    struct zone *z = base_alloc(sizeof *z);
    z->name = base_text(name);

    const UDate end = day_of(2101, 1, 1) * (UDate)DAY_S * 1000;
    UDate at = -(UDate)DAY_S * 1000;                    /* 1970 begins earlier east of Greenwich */
    UErrorCode status = U_ZERO_ERROR;
    ucal_setMillis(calendar, at, &status);
    span_add(z, INT64_MIN, icu_offset_s(calendar, &status));
    while (ucal_getTimeZoneTransitionDate(calendar, UCAL_TZ_TRANSITION_NEXT, &at, &status) &&
           at < end) {
        ucal_setMillis(calendar, at, &status);
        span_add(z, (int64_t)(at / 1000), icu_offset_s(calendar, &status));
    }
    ucal_close(calendar);
    return z;
}

const struct zone *zone_get(const char *name, struct err *err)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static const struct zone *all;

    pthread_mutex_lock(&lock);
    const struct zone *z = all;
    while (z && strcmp(z->name, name) != 0)
        z = z->next;
    if (!z) {
        struct zone *loaded = zone_load(name, err);
        if (loaded) {
            loaded->next = all;
            all = loaded;
        }
        z = loaded;
    }
    pthread_mutex_unlock(&lock);
    return z;
}

const char *zone_name(const struct zone *z)
{
    return z->name;
}

/* ---- asking --------------------------------------------------------------------------------- */

int32_t zone_offset_s(const struct zone *z, int64_t instant_s)
{
    const struct span *at = z->span;                    /* the last one that begins by then */
    for (size_t n = z->n; n > 1;) {
        size_t half = n / 2;
        at = at[half].from <= instant_s ? at + half : at;
        n -= half;
    }
    return at->offset_s;
}

int32_t zone_day(const struct zone *z, int64_t instant_s)
{
    return (int32_t)floor_day(instant_s + zone_offset_s(z, instant_s));
}

/*
 * The first span that has not ended when its own clocks show `local_s`: where that time stands, or,
 * when the span begins later than that, the one behind the gap that swallowed it.
 */
static const struct span *span_of_local(const struct zone *z, int64_t local_s)
{
    size_t low = 0, high = z->n - 1;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (z->span[middle + 1].from + z->span[middle].offset_s > local_s)
            high = middle;
        else
            low = middle + 1;
    }
    return &z->span[low];
}

int64_t zone_day_start(const struct zone *z, int32_t day)
{
    int64_t local_s = (int64_t)day * DAY_S;
    const struct span *span = span_of_local(z, local_s);
    int64_t instant_s = local_s - span->offset_s;
    return instant_s < span->from ? span->from : instant_s;     /* midnight itself may be skipped */
}

int64_t zone_instant(const struct zone *z, int32_t day, int32_t second_of_day)
{
    int64_t local_s = (int64_t)day * DAY_S + second_of_day;
    const struct span *span = span_of_local(z, local_s);
    if (local_s - span->offset_s < span->from)          /* skipped: as if not changed yet */
        span--;
    return local_s - span->offset_s;
}

/* ---- letters -------------------------------------------------------------------------------- */

/*
 * What reports of the marketplaces write behind a time.  Where letters have several meanings, the
 * one of a marketplace's zone counts: CST is in America (not China), IST in India (not Israel or
 * Ireland), BST in Britain (not Bangladesh), AST in Arabia (not on the Atlantic).
 */
static const struct {
    char letters[5];
    short east_minutes;
} zone_letter[] = {
    { "UTC", 0 },       { "GMT", 0 },
    { "PST", -480 },    { "PDT", -420 },                /* America */
    { "MST", -420 },    { "MDT", -360 },
    { "CST", -360 },    { "CDT", -300 },
    { "EST", -300 },    { "EDT", -240 },
    { "BRT", -180 },    { "BRST", -120 },
    { "BST", 60 },                                      /* Europe and Africa */
    { "WET", 0 },       { "WEST", 60 },
    { "CET", 60 },      { "CEST", 120 },
    { "EET", 120 },     { "EEST", 180 },
    { "TRT", 180 },                                     /* Asia and Australia */
    { "AST", 180 },     { "GST", 240 },
    { "IST", 330 },     { "SGT", 480 },
    { "JST", 540 },
    { "AEST", 600 },    { "AEDT", 660 },
};

bool zone_letters(const char *at, size_t n, int32_t *offset_s)
{
    for (size_t i = 0; n < sizeof zone_letter->letters && i < COUNT_OF(zone_letter); i++) {
        const char *letters = zone_letter[i].letters;
        if (memcmp(letters, at, n) == 0 && letters[n] == '\0') {
            *offset_s = zone_letter[i].east_minutes * 60;
            return true;
        }
    }
    return false;
}

/* ---- the clock ------------------------------------------------------------------------------ */

int64_t clock_now(void)
{
    static atomic_flag was_told = ATOMIC_FLAG_INIT;
    const char *stopped = getenv("SOUK_NOW");
    int64_t now;
    if (stopped && instant_parse(stopped, &now))
        return now;
    if (stopped && !atomic_flag_test_and_set(&was_told))
        log_warn("clock", "SOUK_NOW is \"%s\", not an instant like 2026-11-23T06:15:00Z; "
                          "the clock runs on", stopped);
    return time(NULL);
}

static int64_t clock_of(clockid_t id)
{
    struct timespec t;
    clock_gettime(id, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t clock_ms(void)
{
    return clock_of(CLOCK_MONOTONIC);
}

struct watch watch_start(void)
{
    return (struct watch){ clock_ms(), clock_of(CLOCK_THREAD_CPUTIME_ID) };
}

int64_t watch_ms(const struct watch *w)
{
    int64_t waited = (clock_ms() - w->wall_ms) / 4, worked = clock_of(CLOCK_THREAD_CPUTIME_ID) - w->work_ms;
    return worked > waited ? worked : waited;
}
