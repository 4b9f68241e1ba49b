/* SPDX-License-Identifier: Apache-2.0 */
/*
 * souk/types.h: the flat values that every interface speaks.
 *
 * A plugin and the host exchange values, texts and tables of values: nothing else.  All of them
 * could be written down as a message, so the same plugin runs inside the host or in a process of its
 * own, and cannot tell the difference.
 *
 * Ownership   What you are given lives until your call returns; what you give is copied before the
 *             function you gave it to returns.  There is no free function in this SDK.
 * Text        UTF-8, zero-terminated, never NULL unless a contract says so.
 * Money       int64 minor units with its ISO 4217 currency (12.34 EUR is 1234 and "EUR"; JPY has no
 *             minor digits).  There are no floating point numbers anywhere.
 * Days        int32 number of days since 1970-01-01, counted in a market's own time zone.
 * Instants    int64 seconds since 1970-01-01T00:00:00Z.
 * Growing     Structs that start with `size` grow at their end; the ones without it are frozen.
 */
#ifndef SOUK_TYPES_H
#define SOUK_TYPES_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- what a function of yours may return ------------------------------------------------------ */

enum souk_error {                       /* 0 or more is well */
    SOUK_ENOTYET   = -1,                /* no data yet; the host says which file would bring it */
    SOUK_EDENIED   = -2,                /* this reader may not see it */
    SOUK_EINPUT    = -3,                /* what was given is wrong */
    SOUK_ETIME     = -4,                /* over its time budget */
    SOUK_ESDK      = -5,                /* a contract of this SDK was broken; the log names it */
    SOUK_EHOST     = -6,                /* the host failed: disk, database */
    SOUK_EABSENT   = -7                 /* no such query, key, policy or record */
};

/* ---- values ---------------------------------------------------------------------------------- */

enum souk_type {
    SOUK_NONE = 0,                      /* not known; never shown as 0 */
    SOUK_TEXT,                          /* text: data, shown as it stands */
    SOUK_KEY,                           /* text: a message key, worded by the host */
    SOUK_BOOL,                          /* num: 0 or 1 */
    SOUK_COUNT,                         /* num */
    SOUK_DECIMAL,                       /* num * 10^-den; never money */
    SOUK_MONEY,                         /* num minor units of currency */
    SOUK_AVERAGE,                       /* num minor units of currency, divided by den; den 0: not available */
    SOUK_RATE,                          /* num of den, shown as a percentage; den 0: not available */
    SOUK_BP,                            /* num basis points: a change or a limit */
    SOUK_DAY,                           /* num: day number */
    SOUK_INSTANT,                       /* num: UTC seconds; text: the zone it is shown in, "" for the reader's */
    SOUK_SECONDS,                       /* num: a duration */
    SOUK_MARKET,                        /* text: marketplace id such as A1PA6795UKMFR9 */
    SOUK_CURRENCY,                      /* text: ISO 4217 code */
    SOUK_COUNTRY,                       /* text: ISO 3166-1 code */
    SOUK_ZONE,                          /* text: IANA zone name */
    SOUK_REF,                           /* text: "kind:id" ("order:303-1", "sku:A-1"): the host makes the link, to
                                           the widget that shows the kind; plain text where none does */
    SOUK_TAIL,                          /* text: last characters of what is kept sealed */
    /* since 0.2 */
    SOUK_BYTES,                         /* text, but any bytes: a mail as it stands; only in rows of an import */
    /* since 0.3 */
    SOUK_REGION,                        /* text: ISO 3166-2 code such as DE-BY */
    SOUK_LANGUAGE                       /* text: BCP 47 tag such as pt-BR */
};

struct souk_str {                       /* text with its length; may hold NUL bytes; at[len] is 0 */
    const char *at;
    uint32_t len, reserved;
};

struct souk_value {
    uint32_t type;                      /* enum souk_type */
    char currency[4];                   /* zero-terminated; "" unless money or average */
    int64_t num, den;
    struct souk_str text;
};

struct souk_arg {                       /* {name} in a message, :name in a query */
    const char *name;
    struct souk_value value;
};

struct souk_args {
    const struct souk_arg *at;
    uint32_t n, reserved;
};

struct souk_msg {                       /* a text in the reader's language; key "" or NULL: none */
    const char *key;
    struct souk_args args;
};

/*
 * A table of values: the result of a query, a table on a page, a batch of an import.
 *
 * columns names and types them in order, "name:type" with a space between: "day:day units:count
 * sales:money".  The types are the names of enum souk_type in lower case.  A column's title is the
 * message key "column.<name>", looked up in the plugin's texts and then in the host's.
 * After the type may follow +hidden (not shown), +total (summed below the table) and, in a declared
 * query, /other: money takes its currency from the column `other` of type currency or market, and is
 * SOUK_NONE where that one tells none.  A column of a declared query is one SQL value: no decimal,
 * average or rate.
 */
struct souk_rows {
    const char *columns;
    const struct souk_value *cell;      /* row after row, n_rows * n_columns */
    uint32_t n_columns, n_rows;
    uint32_t is_cut, reserved;          /* 1: a row limit ended it */
};

/* Lists in declarations: where, how many, and how long one was when the plugin was built. */
struct souk_list {
    const void *at;
    uint32_t n, size;
};
#define SOUK_LIST(array) { (array), (uint32_t)(sizeof(array) / sizeof *(array)), (uint32_t)sizeof *(array) }

/* ---- making values ----------------------------------------------------------------------------- */

static inline uint32_t souk_length(const char *s)
{
    uint32_t n = 0;
    while (s[n])
        n++;
    return n;
}

static inline int souk_is_same(const char *a, const char *b)
{
    while (*a && *a == *b)
        a++, b++;
    return *a == *b;
}

static inline struct souk_value souk_number(uint32_t type, int64_t num, int64_t den)
{
    struct souk_value v = { type, { 0, 0, 0, 0 }, num, den, { "", 0, 0 } };
    return v;
}

static inline struct souk_value souk_word(uint32_t type, const char *s)
{
    struct souk_value v = { type, { 0, 0, 0, 0 }, 0, 0, { s, souk_length(s), 0 } };
    return v;
}

static inline struct souk_value souk_amount(uint32_t type, int64_t minor, int64_t den, const char *currency)
{
    struct souk_value v = souk_number(type, minor, den);
    for (int i = 0; i < 3 && currency[i]; i++)
        v.currency[i] = currency[i];
    return v;
}

static inline struct souk_value souk_none(void)             { return souk_number(SOUK_NONE, 0, 0); }
static inline struct souk_value souk_count(int64_t n)       { return souk_number(SOUK_COUNT, n, 0); }
static inline struct souk_value souk_bp(int64_t bp)         { return souk_number(SOUK_BP, bp, 0); }
static inline struct souk_value souk_day(int32_t day)       { return souk_number(SOUK_DAY, day, 0); }
static inline struct souk_value souk_instant(int64_t s)     { return souk_number(SOUK_INSTANT, s, 0); }
static inline struct souk_value souk_rate(int64_t num, int64_t den) { return souk_number(SOUK_RATE, num, den); }
static inline struct souk_value souk_text(const char *s)    { return souk_word(SOUK_TEXT, s); }
static inline struct souk_value souk_key(const char *s)     { return souk_word(SOUK_KEY, s); }
static inline struct souk_value souk_market(const char *id) { return souk_word(SOUK_MARKET, id); }
static inline struct souk_value souk_ref(const char *ref)   { return souk_word(SOUK_REF, ref); }
static inline struct souk_value souk_bool(int is_true)      { return souk_number(SOUK_BOOL, is_true != 0, 0); }
static inline struct souk_value souk_money(int64_t minor, const char *currency)
{ return souk_amount(SOUK_MONEY, minor, 0, currency); }
static inline struct souk_value souk_average(int64_t minor, int64_t den, const char *currency)
{ return souk_amount(SOUK_AVERAGE, minor, den, currency); }

/* The same as constants, for declarations: .fallback = SOUK_WORD(SOUK_TEXT, "all"), SOUK_NUMBER(SOUK_COUNT, 5) */
#define SOUK_NUMBER(type, num) { (type), { 0, 0, 0, 0 }, (num), 0, { "", 0, 0 } }
#define SOUK_WORD(type, literal) { (type), { 0, 0, 0, 0 }, 0, 0, { "" literal "", sizeof(literal) - 1, 0 } }

/* {"name", value}, ... as arguments: SOUK_ARGS({ "day", souk_day(today) }, { "sku", souk_text(sku) }) */
#define SOUK_ARGS(...) { (const struct souk_arg[]){ __VA_ARGS__ }, \
        (uint32_t)(sizeof((const struct souk_arg[]){ __VA_ARGS__ }) / sizeof(struct souk_arg)), 0 }

/* A message: SOUK_MSG("late") or SOUK_MSG("late_by", { "hours", souk_count(3) }). */
#define SOUK_MSG(...) SOUK_MSG_PICK(__VA_ARGS__, SOUK_MSG_ARGS, SOUK_MSG_ARGS, SOUK_MSG_ARGS, SOUK_MSG_ARGS, \
        SOUK_MSG_ARGS, SOUK_MSG_ARGS, SOUK_MSG_ARGS, SOUK_MSG_ARGS, SOUK_MSG_ARGS, SOUK_MSG_ARGS, \
        SOUK_MSG_ARGS, SOUK_MSG_ARGS, SOUK_MSG_PLAIN, 0)(__VA_ARGS__)
#define SOUK_MSG_PICK(a, b, c, d, e, f, g, h, i, j, k, l, m, pick, ...) pick
#define SOUK_MSG_PLAIN(text) { (text), { NULL, 0, 0 } }
#define SOUK_MSG_ARGS(text, ...) { (text), SOUK_ARGS(__VA_ARGS__) }

/* ---- reading tables ---------------------------------------------------------------------------- */

static inline const struct souk_value *souk_cell(const struct souk_rows *r, uint32_t row, uint32_t column)
{
    return &r->cell[(size_t)row * r->n_columns + column];
}

/* The number in a cell; `otherwise` where nothing is known. */
static inline int64_t souk_num(const struct souk_rows *r, uint32_t row, uint32_t column, int64_t otherwise)
{
    const struct souk_value *v = souk_cell(r, row, column);
    return v->type == SOUK_NONE ? otherwise : v->num;
}

/* The first day of the month that a day lies in: Gregorian, years begin in March, so that the leap day is the last. */
static inline int32_t souk_month_start(int32_t day)
{
    const int32_t since = day + 719468, era = (since >= 0 ? since : since - 146096) / 146097, of_era = since - era * 146097;
    const int32_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    const int32_t of_year = of_era - (365 * year + year / 4 - year / 100), month = (5 * of_year + 2) / 153;
    return day - (of_year - (153 * month + 2) / 5);
}

/* Is its text this word?  0 without a value. */
static inline int souk_is(const struct souk_value *v, const char *word)
{
    return v && souk_is_same(v->text.at, word);
}

/* "order" and "303-1" make "order:303-1", for SOUK_REF; the host shortens nothing, so an id that does not fit is cut. */
enum { SOUK_REF_MAX = 300 };
static inline const char *souk_ref_of(char room[SOUK_REF_MAX], const char *kind, const char *id)
{
    uint32_t n = 0;
    while (*kind && n < SOUK_REF_MAX - 2)
        room[n++] = *kind++;
    room[n++] = ':';
    while (*id && n < SOUK_REF_MAX - 1)
        room[n++] = *id++;
    room[n] = 0;
    return room;
}

#ifdef __cplusplus
}
#endif
#endif
