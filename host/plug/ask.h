/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ask.h: what a widget is asked: markets, days, the chosen period and options, from an address or a
 * command line.
 *
 * market=DE       one market of the account, by code, name or id; without it: all
 * period=30d      the last 7, 15, 30 or 90 days, today included; or 2026-10-01..2026-10-31
 * and the widget's own options by name
 */
#ifndef SOUK_ASK_H
#define SOUK_ASK_H

#include <souk/widget.h>

#include "data/db.h"

struct ask_setup {
    struct db *db;
    const struct souk_widget *widget;
    int64_t now_s;
    uint32_t face;                                      /* SOUK_CARD or SOUK_PAGE */
    const char *(*text_of)(void *ctx, const char *name);       /* NULL: not chosen */
    void *ctx;
};

#define ASK_PERIOD "30d"                                /* when none is chosen */
extern const char *const ask_periods[];                 /* "7d" ...; ends with NULL */

/* ERR_INPUT: a market the account does not have, a period or option that makes no sense: one sentence. */
int ask_make(struct arena *a, const struct ask_setup *setup, struct souk_ask *ask, struct err *err);

/* Now and all markets of the account, no options: what commands and settings modules are asked with. */
int ask_all(struct arena *a, struct db *db, int64_t now_s, struct souk_ask *ask, struct err *err);

/* Ids of the account's markets, in the order of the table in market.c. */
int ask_markets(struct arena *a, struct db *db, const char *const **ids, size_t *n, struct err *err);

/* When "today" next changes in one of the markets asked for. */
int64_t ask_midnight(const struct souk_ask *ask);

#endif
