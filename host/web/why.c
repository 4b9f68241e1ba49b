/* SPDX-License-Identifier: Apache-2.0 */
/*
 * why.c: "Why?": finds the figure that the address names among a view's elements, and explains it.
 */
#include "visit.h"

#include <stdio.h>

#include "data/market.h"

/* Has the address the arguments of this why?  NULL query: it leads to no rows, but perhaps to a market's policy. */
static bool is_asked(struct visit *v, const struct souk_why *why, const struct query_info *q)
{
    const char *of = visit_arg(v, "policy_of");
    if (!text_is(why_key(why), visit_arg(v, "why")))
        return false;
    if (!q)
        return !why->rows && text_is(why->market ? why->market : "", of ? of : "");
    bool is_it = text_is(why->rows, q->query->id) && why->args.n == q->n_params;
    struct buf word = { 0 };
    for (uint32_t i = 0; is_it && i < why->args.n; i++) {
        value_as_text(&word, &why->args.at[i].value);
        is_it = text_is(buf_str(&word), visit_arg(v, why->args.at[i].name));
        buf_clear(&word);
    }
    buf_free(&word);
    return is_it;
}

const struct souk_why *why_asked(struct visit *v, const struct view_element *e, size_t n, const struct query_info *q)
{
    for (size_t i = 0; i < n; i++)
        if (view_why(&e[i]) && is_asked(v, view_why(&e[i]), q))
            return view_why(&e[i]);
    return NULL;
}

void why_put(struct visit *v, const struct face *f, const struct souk_why *why)
{
    struct buf *out = &v->reply->body, word = { 0 };
    html_card_begin(out, "why", visit_say(v, "why.title"), NULL, 1);
    if (why->formula.key && *why->formula.key) {
        say_msg(&word, f, &why->formula);
        html_paragraph(out, buf_str(&word));
        buf_clear(&word);
    }
    if (why->origin.key && *why->origin.key) {
        say_msg(&word, f, &why->origin);
        html_paragraph(out, buf_str(&word));
        buf_clear(&word);
    }
    if (why->policy && why->market) {
        const struct market *m = market_by_id(why->market);
        struct policy_line line;
        struct err err = { 0 };
        if (m && policy_get(v->w->site->policies, v->a, m->code, why->policy, why->policy_day, &line, &err) == 0) {
            char where[160];
            html_facts_begin(out);
            snprintf(where, sizeof where, "%s = %s", why->policy, line.text);
            html_fact(out, visit_say(v, "why.policy"), where, NULL);
            html_fact(out, visit_say(v, "why.policy_about"), line.about, NULL);
            text_day(&word, &f->reader, line.since);
            html_fact(out, visit_say(v, "why.policy_since"), buf_str(&word), NULL);
            buf_clear(&word);
            html_fact(out, visit_say(v, "why.policy_source"), line.source,
                      text_starts(line.source, "https://") ? line.source : NULL);
            text_day(&word, &f->reader, line.checked);
            html_fact(out, visit_say(v, "why.policy_checked"), buf_str(&word), NULL);
            html_facts_end(out);
        } else {
            html_notice(out, SOUK_WATCH, err.text);
        }
    }
    html_card_end(out);
    buf_free(&word);
}
