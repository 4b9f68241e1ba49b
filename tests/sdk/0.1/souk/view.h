/* SPDX-License-Identifier: Apache-2.0 */
/*
 * souk/view.h: what a widget shows.
 *
 * A widget builds a document out of elements; the host draws it as a web page, JSON, CSV and text
 * for the terminal.  So a plugin writes no markup, every chart is also a table, and every figure can
 * be asked "Why?".
 *
 *     souk_stat(call, .label = SOUK_MSG("units_today"), .value = souk_count(units),
 *               .why = SOUK_WHY(.rows = "lines", .args = SOUK_ARGS({ "day", souk_day(today) })));
 *
 * Faults      The builders return nothing.  The first mistake (a figure without its why, a section
 *             that is not ended, a text that is not UTF-8) is kept and fails the whole call at its
 *             end with a sentence that names the element, so no return value needs to be checked.
 * Limits      10,000 elements, 4 MiB for a view, 1 MiB for a text, 200 columns, 8 groups in each other.
 * thread      page, for all functions here.
 */
#ifndef SOUK_VIEW_H
#define SOUK_VIEW_H

#include <souk/query.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SOUK_VIEW "souk.view/1"

enum souk_tone { SOUK_PLAIN = 0, SOUK_GOOD, SOUK_WATCH, SOUK_BAD, SOUK_INFO };

/*
 * Where a figure comes from.  At least one of rows, formula, policy, origin is given.
 */
struct souk_why {
    uint32_t size, reserved;
    const char *rows;                                   /* declared query that lists what was counted, or NULL */
    struct souk_args args;
    struct souk_msg formula;                            /* in words, with the numbers put in */
    const char *policy;                                 /* policy key, or NULL; shown with value, source and date */
    const char *market;                                 /* whose policy */
    int32_t policy_day, reserved2;
    struct souk_msg origin;                             /* not computed here: "from Amazon's report of {day}" */
};
#define SOUK_WHY(...) (&(const struct souk_why){ .size = sizeof(struct souk_why), __VA_ARGS__ })

/* Where a link leads; exactly one of the first three is given. */
struct souk_to {
    uint32_t size, reserved;
    const char *query;                                  /* a declared query of this plugin, with args */
    const char *widget;                                 /* a widget's own page: "sales" */
    const char *url;                                    /* https only; the page says that it leaves the site */
    struct souk_args args;
};
#define SOUK_TO(...) (&(const struct souk_to){ .size = sizeof(struct souk_to), __VA_ARGS__ })

/* A figure. */
struct souk_stat {
    uint32_t size, tone;                                /* enum souk_tone */
    struct souk_msg label;
    struct souk_value value;                            /* SOUK_NONE: "not known" */
    struct souk_value before;                           /* to compare with: the host computes and words the change */
    struct souk_msg before_label;                       /* "than the 7 days before" */
    uint32_t up_is;                                     /* tone of a rise: SOUK_GOOD, SOUK_BAD or SOUK_PLAIN */
    uint32_t is_estimate;                               /* 1: shown as an estimate, in words */
    struct souk_msg note;                               /* small print beneath */
    const struct souk_why *why;                         /* needed */
    const struct souk_to *to;                           /* the value itself is a link; or NULL */
};

struct souk_table {
    uint32_t size, flags;
    struct souk_msg title;
    struct souk_rows rows;
    const struct souk_why *why;                         /* needed */
    const struct souk_to *more;                         /* all rows; or NULL */
};

enum souk_chart_kind { SOUK_LINE = 1, SOUK_BARS, SOUK_STACKED };

/* First column: the x axis (day or text).  The others: series; all money in one currency. */
struct souk_chart {
    uint32_t size, kind;
    struct souk_msg title;
    struct souk_rows rows;
    const struct souk_why *why;                         /* needed */
    uint32_t partial_rows, reserved;                    /* so many rows at the end are not final yet */
};

struct souk_alert {
    uint32_t size, tone;
    struct souk_msg text;
    const struct souk_why *why;                         /* or NULL */
    const struct souk_to *to;                           /* or NULL */
};

/* Label and value pairs: small facts that are no headline. */
struct souk_fact {
    uint32_t size, tone;
    struct souk_msg label;
    struct souk_value value;
    const struct souk_why *why;                         /* needed for a figure: count, money, average, rate */
    const struct souk_to *to;                           /* or NULL */
};

struct souk_text_element {
    uint32_t size, reserved;
    struct souk_msg text;
    const struct souk_to *to;                           /* the text is a link; or NULL */
};

/* Nothing to show, and what would change that. */
struct souk_empty {
    uint32_t size, reserved;
    struct souk_msg text;
    const char *fills;                                  /* id of the import format that would fill it, or NULL */
};

struct souk_view_host {
    uint32_t size, reserved;
    /* These three open a group that end() closes.  columns: its sections stand side by side. */
    void (*section)(struct souk_call *call, const struct souk_msg *title);
    void (*columns)(struct souk_call *call);
    void (*fold)(struct souk_call *call, const struct souk_msg *title);    /* closed at first */
    void (*end)(struct souk_call *call);
    void (*stat)(struct souk_call *call, const struct souk_stat *stat);
    void (*fact)(struct souk_call *call, const struct souk_fact *fact);
    void (*table)(struct souk_call *call, const struct souk_table *table);
    void (*chart)(struct souk_call *call, const struct souk_chart *chart);
    void (*alert)(struct souk_call *call, const struct souk_alert *alert);
    void (*text)(struct souk_call *call, const struct souk_text_element *text);
    void (*empty)(struct souk_call *call, const struct souk_empty *empty);
    /* The view may be kept and shown again until this instant, as long as the data stays the same. */
    void (*until)(struct souk_call *call, int64_t instant_s);
};

/* Elements with named members: souk_text_line(call, .text = SOUK_MSG("hello")) */
#define SOUK_ELEMENT(call, function, type, ...) \
    ((call)->view->function((call), &(const struct type){ .size = sizeof(struct type), __VA_ARGS__ }))
#define souk_stat(call, ...)      SOUK_ELEMENT(call, stat, souk_stat, __VA_ARGS__)
#define souk_fact(call, ...)      SOUK_ELEMENT(call, fact, souk_fact, __VA_ARGS__)
#define souk_table(call, ...)     SOUK_ELEMENT(call, table, souk_table, __VA_ARGS__)
#define souk_chart(call, ...)     SOUK_ELEMENT(call, chart, souk_chart, __VA_ARGS__)
#define souk_alert(call, ...)     SOUK_ELEMENT(call, alert, souk_alert, __VA_ARGS__)
#define souk_text_line(call, ...) SOUK_ELEMENT(call, text, souk_text_element, __VA_ARGS__)
#define souk_empty(call, ...)     SOUK_ELEMENT(call, empty, souk_empty, __VA_ARGS__)
/* souk_section(call, "title") or souk_section(call, "of_market", { "market", souk_market(id) }) */
#define souk_section(call, ...)   ((call)->view->section((call), &(const struct souk_msg)SOUK_MSG(__VA_ARGS__)))
#define souk_fold(call, ...)      ((call)->view->fold((call), &(const struct souk_msg)SOUK_MSG(__VA_ARGS__)))
#define souk_columns(call)        ((call)->view->columns((call)))
#define souk_end(call)            ((call)->view->end((call)))
#define souk_until(call, instant) ((call)->view->until((call), (instant)))

#ifdef __cplusplus
}
#endif
#endif
