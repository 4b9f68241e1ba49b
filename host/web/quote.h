/* SPDX-License-Identifier: Apache-2.0 */
/*
 * quote.h: figures of the policy files in articles, so that a text stays true when a rule changes.
 *
 * {{late.limit}} in an article becomes what that line says on a day: "4 %", "48 hours"; where marketplaces differ, each
 * value with those it is of: "48 hours (Amazon.de, Amazon.fr) or 3 days (Amazon.com)".
 */
#ifndef SOUK_QUOTE_H
#define SOUK_QUOTE_H

#include "base/text.h"
#include "data/policy.h"

struct quoting {
    struct policies *policies;
    const struct catalogue *texts;
    const char *language;
    const char *const *markets;                         /* ids; without data of any, Amazon.com stands for all */
    size_t n_markets;
    int32_t day;
};

/* The text with its lines filled in; the keys it quotes, once each and with a space between. */
void quote_lines(struct buf *out, struct buf *keys, const struct quoting *by, const char *text);

#endif
