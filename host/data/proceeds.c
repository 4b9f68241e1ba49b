/* SPDX-License-Identifier: Apache-2.0 */
/*
 * proceeds.c: what a line of the ledger is a part of.
 *
 * in:     type, kind and detail of a line
 * out:    its part
 * knows:  the words of settlement reports, V2 and (as the importer maps them) V1
 */
#include "proceeds.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/base.h"

static const char *const names[] = { "", "sales", "tax", "promotions", "refunds", "fees", "reserve", "other" };

const char *proceeds_name(enum proceeds part)
{
    return names[part];
}

static bool starts(const char *text, const char *word)
{
    return strncasecmp(text, word, strlen(word)) == 0;
}

static bool holds(const char *text, const char *word)
{
    return strcasestr(text, word) != NULL;
}

/* In V1 the type says what V2 says in the detail. */
static bool is_reserve(const char *word)
{
    static const char *const words[] = {
        "Current Reserve", "Previous Reserve", "Payable to Amazon", "Successful charge", "Transfer of funds",
        "Transfer",
    };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (starts(word, words[i]))
            return true;
    return false;
}

static bool is_fee(const char *type, const char *kind, const char *detail)
{
    if (holds(kind, "Fee") || holds(type, "Fee") || holds(kind, "Advertising"))
        return true;
    if (starts(kind, "ItemPrice") || starts(kind, "Promotion"))
        return false;
    return holds(detail, "Fee") || starts(detail, "RemovalComplete") || starts(detail, "DisposalComplete");
}

static bool is_paid_back(const char *type)
{
    return starts(type, "Refund") || starts(type, "A-to-z") || starts(type, "Chargeback");
}

enum proceeds proceeds_of(const char *type, const char *kind, const char *detail)
{
    if (is_reserve(type) || is_reserve(detail))
        return PROCEEDS_RESERVE;
    if (is_fee(type, kind, detail))
        return PROCEEDS_FEES;
    if (starts(kind, "Promotion"))
        return PROCEEDS_PROMOTIONS;
    if (starts(kind, "ItemWithheldTax") || (starts(kind, "ItemPrice") && holds(detail, "Tax")))
        return PROCEEDS_TAX;
    if (is_paid_back(type))
        return PROCEEDS_REFUNDS;
    return starts(type, "Order") && starts(kind, "ItemPrice") ? PROCEEDS_SALES : PROCEEDS_OTHER;
}
