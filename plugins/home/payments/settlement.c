/* SPDX-License-Identifier: Apache-2.0 */
/*
 * settlement.c: one settlement: its cycle, whether it sums, what it is made of, its lines.
 */
#include "payments.h"

enum { LINES_SHOWN = 100 };

static void head(struct souk_call *call, const struct souk_value *cycle, struct souk_args args)
{
    static const struct { const char *label; int column; } facts[] = {
        { "column.market", MARKET }, { "column.started", STARTED }, { "column.ended", ENDED }, { "deposited", DEPOSITED },
    };
    for (uint32_t i = 0; i < sizeof facts / sizeof *facts; i++)
        if (cycle[facts[i].column].type != SOUK_NONE)
            souk_fact(call, .label = { facts[i].label, { 0, 0, 0 } }, .value = cycle[facts[i].column]);
    souk_fact(call, .label = SOUK_MSG("account"),
              .value = cycle[TAIL].type == SOUK_NONE ? souk_key("account_unknown") : cycle[TAIL]);
    souk_fact(call, .label = SOUK_MSG("column.lines"), .value = cycle[LINES], .to = SOUK_TO(.query = "ledger", .args = args),
              .why = SOUK_WHY(.rows = "ledger", .args = args, .formula = SOUK_MSG("ledger_about")));
}

/* The payments report lists the same rows; the reserve and the transfer are not in it. */
static int payments(struct souk_call *call, struct souk_args args)
{
    struct souk_rows rows;
    int rc = souk_query_args(call, &rows, "payments_of", args);
    if (rc == 0 && rows.n_rows)
        souk_table(call, .title = SOUK_MSG("payments_of"), .rows = rows,
                   .why = SOUK_WHY(.rows = "payments_of", .args = args, .formula = SOUK_MSG("payments_of_about")));
    return rc;
}

/* The settlements of the same marketplace and currency before and after this one. */
static int neighbours(struct souk_call *call, const struct souk_value *cycle)
{
    struct souk_rows rows;
    struct souk_value market = cycle[MARKET].type == SOUK_NONE ? souk_market("") : cycle[MARKET];
    int rc = souk_query(call, &rows, "neighbours", { "market", market }, { "currency", cycle[CURRENCY] });
    for (uint32_t r = 0; rc == 0 && r < rows.n_rows; r++)
        if (same(souk_cell(&rows, r, 0), &cycle[SETTLEMENT])) {
            const struct souk_value *older = r + 1 < rows.n_rows ? souk_cell(&rows, r + 1, 0) : NULL,
                                    *newer = r > 0 ? souk_cell(&rows, r - 1, 0) : NULL;
#define TO(id) SOUK_TO(.widget = "payments", .args = SOUK_ARGS({ "settlement", *(id) }))
            if (older || newer)
                souk_pager(call, .before = older ? TO(older) : NULL, .next = newer ? TO(newer) : NULL);
#undef TO
        }
    return rc;
}

int settlement_render(struct souk_call *call, const struct souk_value *id)
{
    struct souk_args args = SOUK_ARGS({ "settlement_id", *id });
    struct souk_rows rows, totals, lines;
    int rc = souk_query_args(call, &rows, "one", args);
    if (rc == 0)
        rc = souk_query_args(call, &totals, "totals", args);
    if (rc == 0)
        rc = souk_query(call, &lines, "first_lines", { "settlement_id", *id }, { "limit", souk_count(LINES_SHOWN) });
    if (rc < 0)
        return rc;
    souk_section(call, "one", { "settlement", *id });
    if (!rows.n_rows) {
        souk_text_line(call, .text = SOUK_MSG("one_unknown"));
        rc = payments(call, args);
        souk_end(call);
        return rc;
    }
    const struct souk_value *cycle = souk_cell(&rows, 0, 0);
    souk_stat(call, .label = SOUK_MSG(cycle[TOTAL].type != SOUK_NONE && cycle[TOTAL].num < 0 ? "owed" : "transferred"),
              .value = cycle[TOTAL].type == SOUK_NONE ? cycle[LINE_SUM] : cycle[TOTAL],
              .is_estimate = cycle[TOTAL].type == SOUK_NONE,
              .why = SOUK_WHY(.rows = "totals", .args = args, .formula = SOUK_MSG("recent_why", { "settlement", *id })));
    sum_check(call, cycle);
    head(call, cycle, args);
    souk_table(call, .title = SOUK_MSG("totals"), .rows = totals,
               .why = SOUK_WHY(.rows = "totals", .args = args, .formula = SOUK_MSG("totals_about")));
    rc = payments(call, args);
    if (rc == 0 && lines.n_rows)
        souk_table(call, .title = SOUK_MSG("ledger"), .rows = lines,
                   .more = cycle[LINES].num > LINES_SHOWN ? SOUK_TO(.query = "ledger", .args = args) : NULL,
                   .why = SOUK_WHY(.rows = "ledger", .args = args, .formula = SOUK_MSG("ledger_about")));
    if (rc == 0)
        rc = neighbours(call, cycle);
    souk_end(call);
    return rc;
}
