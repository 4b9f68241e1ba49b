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

#include <souk/field.h>
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

/* Where a link leads; exactly one of query, widget, url and ref is given. */
struct souk_to {
    uint32_t size, reserved;
    const char *query;                                  /* a declared query of this plugin, with args */
    const char *widget;                                 /* a widget's own page, "sales"; args are options of it */
    const char *url;                                    /* https only; the page says that it leaves the site */
    struct souk_args args;
    /* since 0.2 */
    const char *ref;                                    /* "order:303-1": the widget that shows the kind; no link where
                                                           none does */
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

enum souk_chart_kind {
    SOUK_LINE = 1, SOUK_BARS, SOUK_STACKED,
    /* since 0.2 */
    SOUK_HEAT                                           /* a table whose cells are shaded by their size */
};

/*
 * First column: the x axis (day or text; of a heat, also a message key).  The others: series, of a
 * heat all of one type; all money in one currency.
 */
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

/* ---- since 0.2 ------------------------------------------------------------------------------- */

/*
 * One of a list of things to look at or to do, between souk_items() and its end.  It is a group: what
 * stands in it until its souk_end() belongs to it, such as facts, text and forms.
 */
struct souk_item {
    uint32_t size, tone;
    struct souk_msg title;                              /* needed */
    struct souk_msg note;                               /* small print */
    struct souk_msg badge;                              /* a word or two: its state */
    struct souk_value due;                              /* SOUK_INSTANT or SOUK_DAY until when; or SOUK_NONE */
    struct souk_value value;                            /* what it is about in a figure; or SOUK_NONE */
    const struct souk_why *why;                         /* needed for a value that is a figure */
    const struct souk_to *to;                           /* the title is a link; or NULL */
};

enum souk_side { SOUK_IN = 1, SOUK_OUT, SOUK_ASIDE };   /* to the seller, by the seller, a note to oneself */

/*
 * A letter, between souk_thread() and its end.  Subject and body are what outsiders wrote: shown as
 * text with its lines kept, long ones folded, characters that turn the direction of writing visible.
 */
struct souk_letter {
    uint32_t size, side;                                /* enum souk_side; needed */
    struct souk_msg from;                               /* needed: SOUK_MSG("from", { "name", souk_text(sender) }) */
    struct souk_value at;                               /* SOUK_INSTANT; needed */
    struct souk_msg state;                              /* "draft", "queued", "bounced": in words; or none */
    struct souk_str subject, body;                      /* body is needed, and may be "" */
};

/*
 * A button that runs a command, with fields for what is typed.  The host seals .args, so that nobody
 * can change them on the way, runs the command for whoever may, and shows the page again with what
 * was typed when it refuses.
 */
struct souk_form {
    uint32_t size, tone;                                /* SOUK_BAD: drawn as something not done lightly */
    const char *command;                                /* one of the plugin's own, or of its .commands */
    struct souk_msg title;                              /* of the form; none for a mere button */
    struct souk_msg button;                             /* needed: what pressing it does */
    struct souk_msg note;                               /* what else happens; or none */
    struct souk_args args;                              /* fixed arguments of the command */
    struct souk_list fields;                            /* of struct souk_field: further arguments, by name */
    uint32_t is_folded, reserved;                       /* 1: closed at first behind its title */
    const char *also;                                   /* another command that takes the same, or NULL */
    struct souk_msg also_button;                        /* needed beside .also: "Keep as draft" */
};

/* How much of a whole: a budget, a limit, a task. */
struct souk_progress {
    uint32_t size, tone;
    struct souk_msg label;
    struct souk_value value, of;                        /* numbers of one type and currency; value may be SOUK_NONE */
    struct souk_msg note;
    const struct souk_why *why;                         /* needed */
    const struct souk_to *to;                           /* or NULL */
};

/* A longer text in Markdown (CommonMark): help, a rule, a letter form.  Markup in it is shown as text. */
struct souk_article {
    uint32_t size, reserved;
    struct souk_str text;                               /* needed */
};

/* Where a long list goes on: at least one of the two is given. */
struct souk_pager {
    uint32_t size, reserved;
    const struct souk_to *before, *next;                /* or NULL */
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
    /* since 0.2; the first three open a group that end() closes */
    void (*items)(struct souk_call *call, const struct souk_msg *title);
    void (*item)(struct souk_call *call, const struct souk_item *item);
    void (*thread)(struct souk_call *call, const struct souk_msg *title);
    void (*letter)(struct souk_call *call, const struct souk_letter *letter);
    void (*form)(struct souk_call *call, const struct souk_form *form);
    void (*progress)(struct souk_call *call, const struct souk_progress *progress);
    void (*article)(struct souk_call *call, const struct souk_article *article);
    void (*pager)(struct souk_call *call, const struct souk_pager *pager);
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
#define souk_items(call, ...)     ((call)->view->items((call), &(const struct souk_msg)SOUK_MSG(__VA_ARGS__)))
#define souk_thread(call, ...)    ((call)->view->thread((call), &(const struct souk_msg)SOUK_MSG(__VA_ARGS__)))
#define souk_item(call, ...)      SOUK_ELEMENT(call, item, souk_item, __VA_ARGS__)
#define souk_letter(call, ...)    SOUK_ELEMENT(call, letter, souk_letter, __VA_ARGS__)
#define souk_form(call, ...)      SOUK_ELEMENT(call, form, souk_form, __VA_ARGS__)
#define souk_progress(call, ...)  SOUK_ELEMENT(call, progress, souk_progress, __VA_ARGS__)
#define souk_article(call, ...)   SOUK_ELEMENT(call, article, souk_article, __VA_ARGS__)
#define souk_pager(call, ...)     SOUK_ELEMENT(call, pager, souk_pager, __VA_ARGS__)
#define souk_columns(call)        ((call)->view->columns((call)))
#define souk_end(call)            ((call)->view->end((call)))
#define souk_until(call, instant) ((call)->view->until((call), (instant)))

#ifdef __cplusplus
}
#endif
#endif
