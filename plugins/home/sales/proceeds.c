/* SPDX-License-Identifier: Apache-2.0 */
/*
 * proceeds.c: what is left of the sales after fees, from the ledger of closed settlements.
 *
 * The ledger knows when a line was booked, not when its order was placed: an order of the last day of a month
 * is mostly booked in the next one.  Reserves only move money from one cycle to the next and are no proceeds.
 * Lines that name no marketplace (subscription, storage, advertising) stand apart.
 */
#include "sales.h"

/* Columns of "proceeds". */
enum { P_DAY, P_PART, P_OWN, P_LINES, P_AMOUNT };

static const char *const parts[] = { "sales", "tax", "promotions", "refunds", "fees", "other" };
enum { PARTS = sizeof parts / sizeof *parts };

struct proceeds {
    int64_t lines[PARTS], minor[PARTS];
    int64_t net, account_lines, account;                /* account: of no marketplace */
    int32_t last;                                       /* the newest day that is booked */
};

static void proceeds_add(struct proceeds *p, const struct souk_rows *rows, uint32_t r)
{
    const struct souk_value *part = souk_cell(rows, r, P_PART);
    int64_t minor = souk_num(rows, r, P_AMOUNT, 0), lines = souk_num(rows, r, P_LINES, 0);
    if (!souk_num(rows, r, P_OWN, 0)) {
        p->account_lines += lines;
        p->account += minor;
        return;
    }
    p->last = (int32_t)souk_num(rows, r, P_DAY, 0);
    p->net += minor;
    for (int i = 0; i < PARTS; i++)
        if (souk_is(part, parts[i])) {
            p->lines[i] += lines;
            p->minor[i] += minor;
        }
}

static void by_day(struct souk_call *call, const struct souk_market_now *m, const struct souk_rows *rows, const struct souk_why *why)
{
    struct souk_value cell[DAYS_MOST * 2];
    uint32_t n = 0;
    for (uint32_t r = 0; r < rows->n_rows; r++) {
        if (!souk_num(rows, r, P_OWN, 0))
            continue;
        if (!n || cell[n * 2 - 2].num != souk_num(rows, r, P_DAY, 0)) {
            if (n == DAYS_MOST)
                break;
            cell[n * 2] = *souk_cell(rows, r, P_DAY);
            cell[n * 2 + 1] = souk_money(0, m->currency);
            n++;
        }
        cell[n * 2 - 1].num += souk_num(rows, r, P_AMOUNT, 0);
    }
    if (n > 1)
        souk_chart(call, .kind = SOUK_BARS, .title = SOUK_MSG("proceeds_chart"), .rows = { "day:day net:money", cell, 2, n, 0, 0 }, .why = why);
}

int proceeds_render(struct souk_call *call, const struct souk_market_now *m)
{
    const struct souk_args args = SOUK_ARGS({ "market", souk_market(m->id) }, { "currency", souk_word(SOUK_CURRENCY, m->currency) },
                                            { "from", souk_day(m->from) }, { "to", souk_day(m->to) });
    struct souk_value cell[PARTS * 3];
    struct proceeds p = { 0 };
    struct souk_rows rows;
    int rc = souk_query_args(call, &rows, "proceeds", args);
    if (rc < 0)
        return rc;
    souk_section(call, "proceeds");
    souk_text_line(call, .text = SOUK_MSG("proceeds_about", { "from", souk_day(m->from) }, { "to", souk_day(m->to) }));
    if (!rows.n_rows) {
        souk_empty(call, .text = SOUK_MSG("no_proceeds"), .fills = "amazon.settlement-v2");
        souk_end(call);
        return 0;
    }
    for (uint32_t r = 0; r < rows.n_rows; r++)
        proceeds_add(&p, &rows, r);
    for (int i = 0; i < PARTS; i++) {
        cell[i * 3] = souk_key((const char *[]){ "part_sales", "part_tax", "part_promotions", "part_refunds", "part_fees",
                                                 "part_other" }[i]);
        cell[i * 3 + 1] = souk_count(p.lines[i]);
        cell[i * 3 + 2] = souk_money(p.minor[i], m->currency);
    }
#define MONEY(i) souk_money(p.minor[i], m->currency)
    const struct souk_why *why = SOUK_WHY(.rows = "proceeds", .args = args,
        .formula = { "proceeds_why", SOUK_ARGS({ "sales", MONEY(0) }, { "tax", MONEY(1) }, { "promotions", MONEY(2) }, { "refunds", MONEY(3) },
                                               { "fees", MONEY(4) }, { "other", MONEY(5) }, { "net", souk_money(p.net, m->currency) }) });
#undef MONEY
    souk_stat(call, .label = SOUK_MSG("net"), .value = souk_money(p.net, m->currency), .why = why,
              .note = SOUK_MSG("proceeds_until", { "day", p.last ? souk_day(p.last) : souk_none() }),
              .to = SOUK_TO(.query = "proceeds", .args = args));
    if (p.account_lines)
        souk_stat(call, .label = SOUK_MSG("account_wide"), .value = souk_money(p.account, m->currency),
                  .note = SOUK_MSG("account_note"), .to = SOUK_TO(.query = "proceeds", .args = args),
                  .why = SOUK_WHY(.rows = "proceeds", .args = args, .formula = SOUK_MSG("account_why", { "lines", souk_count(p.account_lines) })));
    souk_table(call, .title = SOUK_MSG("proceeds_parts"), .rows = { "part:key lines:count+total amount:money+total", cell, 3, PARTS, 0, 0 },
               .more = SOUK_TO(.query = "proceeds", .args = args), .why = why);
    by_day(call, m, &rows, why);
    souk_end(call);
    return 0;
}
