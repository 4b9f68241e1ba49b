/* SPDX-License-Identifier: Apache-2.0 */
/*
 * policy.c: souk policy list, souk policy show, souk policy check.
 */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/value.h"
#include "base/zone.h"
#include "cli.h"
#include "data/market.h"
#include "data/policy_check.h"
#include "face/face.h"

enum { VALUE_WIDTH = 40 };

static void put_json(json_t *json)
{
    struct buf out = { 0 };
    json_write(&out, json);
    puts(buf_str(&out));
    buf_free(&out);
}

static const char *day_text(struct cli *c, int32_t day)
{
    struct buf text = { 0 };
    buf_day(&text, day);
    const char *kept = arena_text(c->arena, buf_str(&text));
    buf_free(&text);
    return kept;
}

static json_t *line_json(struct cli *c, const struct market *m, const struct policy_line *l)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:o, s:s, s:s, s:s, s:s, s:i}", "market", m->code, "policy", l->key,
                     "value", l->text, "since", day_text(c, l->since), "until",
                     l->until == INT32_MAX ? json_null() : json_string(day_text(c, l->until)), "source", l->source,
                     "checked", day_text(c, l->checked), "about", l->about, "file", l->file, "line", l->line);
}

/* -m, or all; the sentence when there is no such market. */
static int markets_of(const struct cli *c, const struct market **first, const struct market **last, struct err *err)
{
    *first = markets;
    for (*last = markets; (*last)[1].id; ++*last)
        ;
    if (!c->market)
        return 0;
    *first = *last = market_find(c->market);
    if (*first)
        return 0;
    const char *near = market_like(c->market);
    return err_set(err, ERR_INPUT, "There is no marketplace '%.40s'%s%s%s", c->market, *near ? "; did you mean " : ".", near,
                   *near ? "?" : "");
}

static int nothing_found(const struct cli *c, const char *what)
{
    const char *near = policy_key_like(what);
    fprintf(stderr, "souk: No policy file says anything about '%s'%s%s%s\n", what, near ? "; did you mean " : ".",
            near ? near : "", near ? "?" : "");
    if (c->as_json)
        puts("{\"policies\":[]}");
    return EXIT_NOT_FOUND;
}

/* ---- list --------------------------------------------------------------------------------------------- */

static void put_line(struct cli *c, const struct market *m, const struct policy_line *l)
{
    const char *since = day_text(c, l->since);
    bool is_long = strlen(l->text) > VALUE_WIDTH;
    printf("%-3s %-28s %.*s%s%*s since %s\n", m->code, l->key, is_long ? VALUE_WIDTH - 3 : VALUE_WIDTH, l->text,
           is_long ? "..." : "", is_long ? 0 : VALUE_WIDTH - (int)strlen(l->text), "", since);
}

static int list(struct cli *c, const char *what)
{
    struct err err = { 0 };
    const struct market *first, *last;
    json_t *all = json_array();
    size_t lines = 0;
    int rc = markets_of(c, &first, &last, &err);
    for (const struct market *m = first; rc == 0 && m <= last; m++) {
        const struct zone *zone = zone_get(m->zone, &err);
        struct policy_line *l;
        size_t n;
        rc = zone ? policy_list(c->policies, c->arena, m->code, what, zone_day(zone, clock_now()), &l, &n, &err) : -err.code;
        if (rc == -ERR_ABSENT && !c->market) {          /* `policy check` tells of missing files */
            err_clear(&err);
            rc = 0;
        }
        for (size_t i = 0; rc == 0 && i < n; i++) {
            lines++;
            if (c->as_json)
                json_array_append_new(all, line_json(c, m, &l[i]));
            else
                put_line(c, m, &l[i]);
        }
    }
    if (rc == 0 && lines && c->as_json)
        put_json(json_pack("{s:O}", "policies", all));
    json_decref(all);
    if (rc < 0)
        return cli_failed(c, &err);
    return lines ? EXIT_OK : nothing_found(c, what ? what : "anything");
}

/* ---- show --------------------------------------------------------------------------------------------- */

static void put_wrapped(struct buf *out, const char *text)
{
    size_t width = cli_width() - 4, used = 0;
    buf_text(out, "    ");
    while (*text) {
        size_t n = strcspn(text, " ");
        if (used && used + 1 + n > width) {
            buf_text(out, "\n    ");
            used = 0;
        } else if (used) {
            buf_char(out, ' ');
            used++;
        }
        buf_put(out, text, n);
        used += n;
        text += n + strspn(text + n, " ");
    }
    buf_char(out, '\n');
}

/* All sections of a market, newest first; the file's lines only where one market is shown. */
static const char *sections_text(struct cli *c, const struct policy_line *l, size_t n, bool with_place)
{
    struct buf out = { 0 };
    for (size_t i = n; i-- > 0;) {
        put_wrapped(&out, arena_printf(c->arena, "%s, from %s %s", l[i].text, day_text(c, l[i].since),
                                       l[i].until == INT32_MAX ? "on" : arena_printf(c->arena, "to %s",
                                                                                    day_text(c, l[i].until))));
        put_wrapped(&out, l[i].about);
        put_wrapped(&out, arena_printf(c->arena, "%s, looked at on %s", l[i].source, day_text(c, l[i].checked)));
        if (with_place)
            put_wrapped(&out, arena_printf(c->arena, "%s:%d", l[i].file, l[i].line));
    }
    const char *text = arena_text(c->arena, buf_str(&out));
    buf_free(&out);
    return text;
}

struct shown {                                          /* what a market says about the key */
    const struct market *market;
    const char *text;
};

/* Markets that say the same stand together. */
static void put_shown(const struct shown *s, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        size_t first = 0;
        while (!text_is(s[first].text, s[i].text))
            first++;
        if (first < i)
            continue;
        printf("\n%s", s[i].market->code);
        for (size_t k = i + 1; k < n; k++)
            if (text_is(s[k].text, s[i].text))
                printf(" %s", s[k].market->code);
        printf("\n%s", s[i].text);
    }
}

static int show(struct cli *c, const char *key)
{
    struct err err = { 0 };
    const struct market *first, *last;
    const struct policy_key *known = policy_key_find(key);
    struct shown shown[64];
    json_t *all = json_array();
    size_t n_shown = 0;
    int rc = markets_of(c, &first, &last, &err);
    for (const struct market *m = first; rc == 0 && m <= last && n_shown < COUNT_OF(shown); m++) {
        struct policy_line *l;
        size_t n;
        rc = policy_history(c->policies, c->arena, m->code, key, &l, &n, &err);
        if (rc == -ERR_ABSENT && !c->market) {
            err_clear(&err);
            rc = 0;
        }
        for (size_t i = 0; rc == 0 && i < n; i++)
            json_array_append_new(all, line_json(c, m, &l[i]));
        if (rc == 0 && n)
            shown[n_shown++] = (struct shown){ m, sections_text(c, l, n, first == last) };
    }
    if (rc == 0 && n_shown && c->as_json) {
        put_json(json_pack("{s:s, s:s, s:O}", "policy", key, "meaning", known ? known->meaning : "", "policies", all));
    } else if (rc == 0 && n_shown) {
        printf("%s%s%s\n", key, known ? ": " : "", known ? known->meaning : "");
        put_shown(shown, n_shown);
    }
    json_decref(all);
    if (rc < 0)
        return cli_failed(c, &err);
    return n_shown ? EXIT_OK : nothing_found(c, key);
}

/* ---- check -------------------------------------------------------------------------------------------- */

static int check(struct cli *c)
{
    enum { MORNING_S = 14 * 3600 };                     /* it is already tomorrow in the east */
    struct err err = { 0 };
    struct policy_finding *f;
    size_t n, warnings = 0;
    log_setup(LOG_LEVEL_FAULT, false);                  /* what is wrong in files stands in the findings */
    int32_t today = (int32_t)((clock_now() + MORNING_S) / 86400);
    if (policy_check(c->policies, c->arena, today, &f, &n, &err) < 0)
        return cli_failed(c, &err);
    json_t *all = json_array();
    for (size_t i = 0; i < n; i++) {
        const char *kind = f[i].is_warning ? "warning" : "fault";
        warnings += f[i].is_warning;
        if (c->as_json)
            json_array_append_new(all, json_pack("{s:s, s:s, s:i, s:s}", "kind", kind, "file", f[i].file, "line", f[i].line,
                                                 "text", f[i].text));
        else if (f[i].line)
            printf("%s:%d: %s: %s\n", f[i].file, f[i].line, kind, f[i].text);
        else
            printf("%s: %s: %s\n", f[i].file, kind, f[i].text);
    }
    if (c->as_json)
        put_json(json_pack("{s:i, s:i, s:O}", "faults", (int)(n - warnings), "warnings", (int)warnings, "findings", all));
    else
        fprintf(stderr, "%s: %zu fault%s, %zu warning%s\n", policies_folder(c->policies), n - warnings,
                n - warnings == 1 ? "" : "s", warnings, warnings == 1 ? "" : "s");
    json_decref(all);
    return n > warnings ? EXIT_CONFIG : EXIT_OK;
}

int run_policy(struct cli *c)
{
    struct err err = { 0 };
    const char *verb = c->argc ? c->argv[0] : "", *what = c->argc > 1 ? c->argv[1] : NULL;
    bool is_check = text_is(verb, "check"), is_show = text_is(verb, "show");
    if (!is_check && !is_show && !text_is(verb, "list"))
        return cli_usage("policy", "What is to be done: `policy list`, `policy show KEY` or `policy check`?");
    if (is_show && !what)
        return cli_usage("policy", "Which policy? `souk policy list -m DE` names them.");
    if (c->argc > 2)
        return cli_usage("policy", "One %s at a time, please.", is_check ? "folder" : "policy");
    if (is_check && c->market)
        return cli_usage("policy", "souk policy check looks at all marketplaces: leave --market out.");
    if (is_check && what ? policies_open(&c->policies, what, &err) < 0 : cli_plugins(c, &err) < 0)
        return cli_failed(c, &err);
    return is_check ? check(c) : is_show ? show(c, what) : list(c, what);
}
