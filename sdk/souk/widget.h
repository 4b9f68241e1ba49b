/* SPDX-License-Identifier: Apache-2.0 */
/*
 * souk/widget.h: a card of the home page, which also has a page of its own.
 *
 * A widget has no clock and no time zone arithmetic: `ask` carries now and, for each market, which
 * day it is there, the chosen period in days and instants, and how fresh the data is.
 */
#ifndef SOUK_WIDGET_H
#define SOUK_WIDGET_H

#include <souk/field.h>
#include <souk/log.h>
#include <souk/view.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SOUK_WIDGET "souk.widget/1"

/* A market of the account.  "Today" is another day in each, so there is no single period. */
struct souk_market_now {
    uint32_t size, reserved;
    const char *id, *currency, *zone;                   /* "A1PA6795UKMFR9", "EUR", "Europe/Berlin" */
    int32_t today;                                      /* the day it is there now */
    int32_t from, to, reserved2;                        /* the chosen period, both days included */
    int64_t today_start_s;                              /* first instant of today */
    /*
     * The time of the last data point: the latest instant that any imported order names; 0: none.
     * data_elapsed_s is how much of today it covers: seconds from today_start_s to the smaller of
     * now and data_until_s, never below 0.  "Today so far" ends there, and so does every day that
     * today is compared with.
     */
    int64_t data_until_s, data_elapsed_s;
};

enum souk_face { SOUK_CARD = 1, SOUK_PAGE };

struct souk_ask {
    uint32_t size, face;                                /* SOUK_CARD: one card of many; SOUK_PAGE: alone, large */
    int64_t now_s;                                      /* the only clock there is */
    const struct souk_market_now *markets;              /* the chosen one, or all of the account */
    uint32_t n_markets, market_size;
    struct souk_args options;                           /* as declared, all given, defaults filled in */
};

/* The i-th market, whatever size it had when the host was built. */
static inline const struct souk_market_now *souk_market_at(const struct souk_ask *ask, uint32_t i)
{
    return (const struct souk_market_now *)(const void *)
        ((const char *)ask->markets + (size_t)i * ask->market_size);
}

/* A market by its id; NULL when it is none of those that are asked for. */
static inline const struct souk_market_now *souk_market_named(const struct souk_ask *ask, const char *id)
{
    for (uint32_t i = 0; i < ask->n_markets; i++)
        if (souk_is_same(souk_market_at(ask, i)->id, id))
            return souk_market_at(ask, i);
    return NULL;
}

/* An option's value; it is there because it was declared. */
static inline const struct souk_value *souk_option(const struct souk_ask *ask, const char *name)
{
    for (uint32_t i = 0; i < ask->options.n; i++)
        if (souk_is_same(ask->options.at[i].name, name))
            return &ask->options.at[i].value;
    return NULL;
}

struct souk_badge {                                     /* since 0.2 */
    uint32_t size, reserved;
    int64_t count, urgent;                              /* how many there are; and of them, how many cannot wait */
};

enum souk_ribbon {                                      /* since 0.2; where in the ribbon the badge stands with its link */
    SOUK_RIBBON_NONE = 0, SOUK_RIBBON_MESSAGES, SOUK_RIBBON_NOTICES, SOUK_RIBBON_DEADLINES
};

struct souk_widget {
    uint32_t size, area;                                /* area 1..11 of the home page; since 0.3 also 0: a page in
                                                           the menu, whose card is hidden until somebody shows it */
    const char *id;                                     /* "sales": stands in addresses, unique in the program */
    const char *title;                                  /* message key */
    uint32_t width, reserved;                           /* columns of the grid it would like: 1, 2 or 3 */
    struct souk_list options;                           /* of struct souk_field */
    /*
     * Build the view.
     *
     * in:     ask
     * out:    built through call->view; nothing built means "nothing to show"
     * errors: SOUK_ENOTYET no data yet; any negative code, with the sentence given to souk_fault()
     * thread: page
     * time:   300 ms of the processor, or four times that of waiting; then the page names the widget as too slow
     */
    int (*render)(void *self, struct souk_call *call, const struct souk_ask *ask);
    /* since 0.2 */
    /*
     * Kinds of references that its page shows, "thread letter", or NULL: a value "thread:T-1" anywhere
     * becomes a link to this page, and the page is asked with the option thread = "T-1".  Each kind is
     * an option of that name (line, fallback ""), which the host adds.
     */
    const char *shows;
    /*
     * A declared query whose one row is "count:count urgent:count", without parameters or with
     * now:instant; or NULL.  Drawn beside the card's title, and in the ribbon where .ribbon says so.
     */
    const char *badge;
    uint32_t ribbon, reserved2;                         /* enum souk_ribbon */
    /*
     * The same where one query cannot tell, such as a limit that differs by market; or NULL.  A widget
     * has .badge or .counts, not both.
     *
     * in:     ask: now, all markets of the account, options as nobody chose them
     * out:    badge, which is all 0 at first
     * errors: as of render
     * thread: page
     * time:   100 ms; it is asked on every page
     */
    int (*counts)(void *self, struct souk_call *call, const struct souk_ask *ask, struct souk_badge *badge);
};

#ifdef __cplusplus
}
#endif
#endif
