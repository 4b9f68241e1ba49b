/* SPDX-License-Identifier: Apache-2.0 */
/*
 * forecast.c: the next transfer.
 *
 * When it comes follows from `settlement.days` of the market's policy file.  What it will be is an estimate
 * from closed cycles alone, in whole numbers:
 *
 *     balance so far, without what is deferred
 *   + net of the last closed cycles / their days * days left
 *   - what they held back at their end, on average
 *
 * The net of a cycle is what its lines add up to without the rows of the reserve, which only move money
 * from one cycle to the next.  Deferred rows are left out of the balance: when they become free they are
 * part of the daily net, as they were in the cycles before.  The lowest and the highest that is shown are
 * the same with the worst and with the best that one of the cycles brought a day, and held back.
 */
#include "payments.h"

enum { DAY_S = 86400, CYCLES_LEAST = 2 };

/* Columns of the query "nets". */
enum { NET_ENDED, NET_SETTLEMENT, NET_STARTED, NET_NET, NET_HELD };

struct past {                                           /* the last closed cycles */
    int64_t cycles, net, days, held;                    /* sums over them */
    int64_t low, high;                                  /* of what one of them would bring in the days left */
    int64_t least_held, most_held;
};

static int64_t days_of(int64_t from_s, int64_t to_s)
{
    int64_t days = rounded(to_s - from_s, DAY_S);
    return days < 0 ? 0 : days;
}

static void past_add(struct past *past, const struct souk_rows *rows, uint32_t r, int64_t days_left)
{
    int64_t days = days_of(souk_num(rows, r, NET_STARTED, 0), souk_num(rows, r, NET_ENDED, 0));
    int64_t net = souk_num(rows, r, NET_NET, 0), held = souk_num(rows, r, NET_HELD, 0);
    if (!days)
        return;
    int64_t brings = rounded(net * days_left, days);
    if (!past->cycles || brings < past->low)
        past->low = brings;
    if (!past->cycles || brings > past->high)
        past->high = brings;
    if (!past->cycles || held < past->least_held)
        past->least_held = held;
    if (!past->cycles || held > past->most_held)
        past->most_held = held;
    past->cycles++;
    past->net += net;
    past->days += days;
    past->held += held;
}

static int amount(struct souk_call *call, const struct purse *p, int64_t ends_s)
{
    const struct souk_args args = PURSE_ARGS(p);
    struct past past = { 0 };
    struct souk_rows rows;
    int64_t since_s = p->lines && p->last_s > p->cycle[ENDED].num ? p->last_s : p->cycle[ENDED].num;
    int64_t days_left = days_of(since_s, ends_s), so_far = p->open + p->held - p->deferred_open;
    int rc = souk_query_args(call, &rows, "nets", args);
    if (rc < 0)
        return rc;
    for (uint32_t r = 0; r < rows.n_rows; r++)
        past_add(&past, &rows, r, days_left);
    if (past.cycles < CYCLES_LEAST) {
        souk_stat(call, .label = SOUK_MSG("expected"), .value = souk_average(0, 0, p->currency.text.at),
                  .note = SOUK_MSG("expected_unknown", { "n", souk_count(past.cycles) }),
                  .why = SOUK_WHY(.rows = "nets", .args = args, .formula = SOUK_MSG("expected_unknown", { "n", souk_count(past.cycles) })));
        return 0;
    }
    int64_t brings = rounded(past.net * days_left, past.days), held = rounded(past.held, past.cycles);
    struct souk_value low = purse_money(p, so_far + past.low - past.most_held),
                      high = purse_money(p, so_far + past.high - past.least_held);
    souk_stat(call, .label = SOUK_MSG("expected"), .value = purse_money(p, so_far + brings - held), .is_estimate = 1,
              .note = SOUK_MSG("expected_range", { "low", low }, { "high", high }, { "n", souk_count(past.cycles) }),
              .to = SOUK_TO(.query = "nets", .args = args),
              .why = SOUK_WHY(.rows = "nets", .args = args,
                              .formula = { "expected_why", SOUK_ARGS({ "so_far", purse_money(p, so_far) },
                                  { "since", souk_instant(since_s) }, { "net", purse_money(p, past.net) },
                                  { "days", souk_count(past.days) }, { "n", souk_count(past.cycles) },
                                  { "left", souk_count(days_left) }, { "brings", purse_money(p, brings) },
                                  { "held", purse_money(p, held) }, { "result", purse_money(p, so_far + brings - held) },
                                  { "low", low }, { "high", high }) }));
    return 0;
}

int forecast_render(struct souk_call *call, const struct purse *p)
{
    struct souk_policy days, bank;
    struct souk_value ended = p->cycle[ENDED];
    if (!p->m || ended.type == SOUK_NONE)
        return 0;
    int rc = souk_policy(call, p->m->id, "settlement.days", p->m->today, &days);
    if (rc < 0)
        return rc == SOUK_EABSENT ? 0 : rc;
    struct souk_value next = ended;
    next.num += days.value.num * DAY_S;
    if (next.num <= p->ask->now_s) {
        souk_alert(call, .tone = SOUK_WATCH, .text = SOUK_MSG("stale", { "ended", ended }));
        return 0;
    }
    rc = amount(call, p, next.num);
    if (rc < 0)
        return rc;
    souk_fact(call, .label = SOUK_MSG("next_transfer"), .value = next,
              .why = SOUK_WHY(.formula = SOUK_MSG("next_why", { "days", days.value }, { "ended", ended }),
                              .policy = "settlement.days", .market = p->m->id, .policy_day = p->m->today));
    if (souk_policy(call, p->m->id, "transfer.bank_days", p->m->today, &bank) >= 0)
        souk_fact(call, .label = SOUK_MSG("bank_days"), .value = bank.value,
                  .why = SOUK_WHY(.formula = SOUK_MSG("bank_why", { "days", bank.value }),
                                  .policy = "transfer.bank_days", .market = p->m->id, .policy_day = p->m->today));
    return 0;
}
