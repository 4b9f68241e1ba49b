/* SPDX-License-Identifier: Apache-2.0 */
/*
 * months.c: the last whole months of the ledger, added up by what its lines are a part of, for the accountant.
 *
 * All parts together are what the closed settlements say, to the cent; the money that only moves between two cycles (the
 * reserve) is no part of a month.  The days behind a month, and all days of a year, are declared queries with a CSV.
 */
#include "tax.h"

enum { MONTHS = 6, YEAR_DAYS = 365, COLUMNS = 10, LINES = 60 };
enum { MONTH, MARKET, CURRENCY, FIRST_PART };           /* columns of the table; the sum is the last of them */

static const char *const parts[] = { "sales", "tax", "promotions", "refunds", "fees", "other" };

struct line {
    struct souk_value cell[COLUMNS];
};

static int is_line(const struct line *l, const struct souk_value *market, const struct souk_value *currency)
{
    return l->cell[MARKET].type == market->type && souk_is(&l->cell[MARKET], market->text.at) && souk_is(&l->cell[CURRENCY], currency->text.at);
}

static unsigned part_of(const struct souk_value *part)
{
    unsigned i = 0;
    while (i + 1 < sizeof parts / sizeof *parts && !souk_is(part, parts[i]))
        i++;
    return i;                                           /* what a later Souk may call otherwise is "other" */
}

/* Rows come in the order of currency and market, so a line is the last one or a new one. */
static uint32_t add_up(struct line *line, const struct souk_rows *rows, int32_t month)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < rows->n_rows; i++) {
        const struct souk_value *row = souk_cell(rows, i, 0);
        if (!n || !is_line(&line[n - 1], &row[0], &row[1])) {
            if (n == LINES)
                break;
            struct line *l = &line[n++];
            l->cell[MONTH] = souk_day(month);
            l->cell[MARKET] = row[0];
            l->cell[CURRENCY] = row[1];
            for (unsigned c = FIRST_PART; c < COLUMNS; c++)
                l->cell[c] = souk_money(0, row[1].text.at);
        }
        line[n - 1].cell[FIRST_PART + part_of(&row[2])].num += row[4].num;
        line[n - 1].cell[COLUMNS - 1].num += row[4].num;
    }
    return n;
}

int months_put(struct souk_call *call, const struct souk_ask *ask)
{
    struct line line[LINES];
    const int32_t today = tax_today(ask);
    int32_t next = souk_month_start(today);
    int any = 0;
    souk_fold(call, "months");
    for (int i = 0; i < MONTHS; i++) {
        const int32_t first = souk_month_start(next - 1), last = next - 1;
        const struct souk_args args = SOUK_ARGS({ "from", souk_day(first) }, { "to", souk_day(last) });
        struct souk_rows rows;
        int rc = souk_query_args(call, &rows, "month_parts", args);
        if (rc < 0)
            return rc;
        const uint32_t n = add_up(line, &rows, first);
        if (n)
            souk_table(call, .title = SOUK_MSG("month_of", { "month", souk_day(first) }),
                       .rows = { "month:day+hidden market:market currency:currency+hidden sales:money tax:money promotions:money"
                                 " refunds:money fees:money other:money sum:money", line[0].cell, COLUMNS, n, 0, 0 },
                       .why = SOUK_WHY(.rows = "month_parts", .args = args, .formula = SOUK_MSG("months_why")));
        any |= n > 0;
        next = first;
    }
    if (!any)
        souk_text_line(call, .text = SOUK_MSG("months_none"));
    else
        souk_text_line(call, .text = SOUK_MSG("months_days"),
                       .to = SOUK_TO(.query = "ledger_days", .args = SOUK_ARGS({ "from", souk_day(today - YEAR_DAYS) }, { "to", souk_day(today) })));
    souk_end(call);
    return 0;
}
