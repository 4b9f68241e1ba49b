/* SPDX-License-Identifier: Apache-2.0 */
/*
 * due.c: deadlines in words: a view, and a calendar.
 */
#include "due.h"

#include <stdio.h>
#include <string.h>
#include <sodium.h>

#include "base/zone.h"
#include "data/market.h"

enum group { OVER, TODAY, TOMORROW, WEEK, LATER, GROUPS };

static const char *const titles[GROUPS] = { "due.over", "due.today", "due.tomorrow", "due.week", "due.later" };

static enum group group_of(const struct face *f, const struct deadline *d, int64_t now_s)
{
    const struct market *m = market_by_id(d->market);
    struct err none = { 0 };
    const struct zone *zone = zone_get(m ? m->zone : f->reader.zone, &none);
    if (d->due_s <= now_s)
        return OVER;
    /* What ends with the day is due on that day: its last second counts. */
    int32_t days = zone ? zone_day(zone, d->due_s - 1) - zone_day(zone, now_s)
                        : (int32_t)((d->due_s - now_s) / 86400);
    return days < 1 ? TODAY : days < 2 ? TOMORROW : days < 7 ? WEEK : LATER;
}

size_t due_today(const struct face *f, const struct deadline *list, size_t n, int64_t now_s, size_t *over)
{
    size_t count = 0;
    *over = 0;
    for (size_t i = 0; i < n; i++) {
        enum group group = group_of(f, &list[i], now_s);
        count += group <= TODAY;
        *over += group == OVER;
    }
    return count;
}

/* ---- a view ------------------------------------------------------------------------------------------- */

static const char *title_key(const struct deadline *d, bool is_over)
{
    static const char *const keys[] = {
        [DEADLINE_CLAIM] = "due.claim", [DEADLINE_MESSAGE] = "due.message", [DEADLINE_SHIP] = "due.ship",
        [DEADLINE_CASE] = "due.case", [DEADLINE_NOTICE] = "due.notice", [DEADLINE_PROMOTION] = "due.promotion",
    };
    if (d->kind == DEADLINE_CLAIM && text_is(d->state, "appeal"))
        return "due.claim_appeal";
    return d->kind == DEADLINE_SHIP && is_over ? "due.ship_late" : keys[d->kind];
}

static void add_item(struct view *view, const struct deadline *d, enum group group)
{
    static const uint32_t tones[GROUPS] = { SOUK_BAD, SOUK_WATCH, SOUK_PLAIN, SOUK_PLAIN, SOUK_PLAIN };
    const struct souk_arg title[] = { { "subject", souk_text(d->subject) }, { "n", souk_count(d->count) } };
    const struct souk_arg where[] = { { "market", souk_market(d->market) } };
    const struct souk_arg rule[] = { { "rule", souk_text(d->rule) }, { "value", souk_text(d->rule_value) },
                                     { "source", souk_text(d->rule_source) } };
    const struct souk_arg orders[] = {
        { "state", souk_text("unshipped") }, { "fulfilment", souk_text("seller") }, { "sort", souk_text("oldest") },
        { "market", souk_market(d->market) },
    };
    const struct souk_to to = { .size = sizeof to, .ref = *d->ref ? d->ref : NULL, .widget = *d->ref ? NULL : "orders",
                                .args = { orders, *d->ref ? 0 : COUNT_OF(orders), 0 } };
    const struct market *m = market_by_id(d->market);
    struct souk_value due = souk_instant(d->due_s);
    if (m)
        due.text = (struct souk_str){ m->zone, souk_length(m->zone), 0 };
    const struct souk_item item = {
        .size = sizeof item, .tone = tones[group], .title = { title_key(d, group == OVER), { title, COUNT_OF(title), 0 } },
        .badge = { *d->market ? "due.where" : NULL, { where, COUNT_OF(where), 0 } },
        .note = { *d->rule_value ? "due.rule" : NULL, { rule, COUNT_OF(rule), 0 } },
        .due = due, .to = &to,
    };
    view_add(view, VIEW_ITEM, &wire_item, &item);
    view_add(view, VIEW_END, NULL, NULL);
}

void due_view(struct view *view, const struct face *f, const struct deadline *list, size_t n, enum deadline_kind kind,
              int64_t now_s)
{
    size_t shown = 0;
    for (enum group group = OVER; group < GROUPS; group++) {
        size_t in_group = 0;
        for (size_t i = 0; i < n; i++) {
            if ((kind && list[i].kind != kind) || group_of(f, &list[i], now_s) != group)
                continue;
            if (!in_group++)
                view_add(view, VIEW_ITEMS, &wire_msg, &(const struct souk_msg){ titles[group], { NULL, 0, 0 } });
            add_item(view, &list[i], group);
        }
        if (in_group)
            view_add(view, VIEW_END, NULL, NULL);
        shown += in_group;
    }
    const struct souk_empty empty = { .size = sizeof empty, .text = { "due.none", { NULL, 0, 0 } } };
    if (!shown)
        view_add(view, VIEW_EMPTY, &wire_empty, &empty);
}

/* ---- a calendar --------------------------------------------------------------------------------------- */

/* A content line, folded at 75 octets between characters; what is special in a text was escaped before. */
static void put_line(struct buf *out, const char *name, const char *text)
{
    size_t column = 0;
    for (const char *part = name; part; part = part == name ? text : NULL)
        for (const char *c = part; *c; c++) {
            bool begins = ((unsigned char)*c & 0xC0) != 0x80;
            size_t bytes = 1;
            while (begins && ((unsigned char)c[bytes] & 0xC0) == 0x80)
                bytes++;
            if (begins && column + bytes > 75) {
                buf_text(out, "\r\n ");
                column = 1;
            }
            buf_char(out, *c);
            column++;
        }
    buf_text(out, "\r\n");
}

static void put_text(struct buf *out, const char *name, const char *text)
{
    struct buf safe = { 0 };
    for (const char *c = text; *c; c++) {
        if (strchr("\\;,", *c))
            buf_char(&safe, '\\');
        if (*c == '\n')
            buf_text(&safe, "\\n");
        else if ((unsigned char)*c >= 0x20)
            buf_char(&safe, *c);
    }
    put_line(out, name, buf_str(&safe));
    buf_free(&safe);
}

/* 20261123T061500Z */
static void put_instant(struct buf *out, const char *name, int64_t instant_s)
{
    char text[32];
    int year;
    unsigned month, day;
    int64_t of_day = instant_s % 86400;
    day_parts((int32_t)(instant_s / 86400), &year, &month, &day);
    snprintf(text, sizeof text, "%04d%02u%02uT%02d%02d%02dZ", year, month, day, (int)(of_day / 3600),
             (int)(of_day / 60 % 60), (int)(of_day % 60));
    put_line(out, name, text);
}

static void put_event(struct buf *out, const struct face *f, const struct deadline *d, int64_t now_s)
{
    unsigned char hash[16];
    char uid[sizeof hash * 2 + 1 + 16];
    struct buf word = { 0 }, what = { 0 };
    const struct market *m = market_by_id(d->market);
    char key[40];
    /* The same deadline keeps its name from one reading to the next, also when its time moves. */
    buf_printf(&what, "%s %s %s %s", f->account, deadline_word(d->kind), d->market, d->ref);
    if (d->kind == DEADLINE_SHIP)
        buf_printf(&what, " %lld", (long long)d->due_s);
    crypto_generichash(hash, sizeof hash, (const unsigned char *)buf_str(&what), what.len, NULL, 0);
    sodium_bin2hex(uid, sizeof hash * 2 + 1, hash, sizeof hash);
    strcat(uid, "@souk");
    put_line(out, "BEGIN:", "VEVENT");
    put_line(out, "UID:", uid);
    put_instant(out, "DTSTAMP:", now_s);
    put_instant(out, "DTSTART:", d->due_s);
    put_instant(out, "DTEND:", d->due_s);
    snprintf(key, sizeof key, "due.calendar_%s", deadline_word(d->kind));
    say(&word, f, key, { "n", NULL, d->count }, { "market", m ? m->name : "", 0 },
        { "order", d->kind == DEADLINE_CLAIM ? d->subject : "", 0 });
    put_text(out, "SUMMARY:", buf_str(&word));
    if (*d->rule_value) {
        buf_clear(&word);
        say(&word, f, "due.rule", { "rule", d->rule, 0 }, { "value", d->rule_value, 0 }, { "source", d->rule_source, 0 });
        put_text(out, "DESCRIPTION:", buf_str(&word));
    }
    put_line(out, "TRANSP:", "TRANSPARENT");
    put_line(out, "BEGIN:", "VALARM");
    put_line(out, "ACTION:", "DISPLAY");
    put_line(out, "TRIGGER:", "-PT1H");
    buf_clear(&word);
    say(&word, f, key, { "n", NULL, d->count }, { "market", m ? m->name : "", 0 },
        { "order", d->kind == DEADLINE_CLAIM ? d->subject : "", 0 });
    put_text(out, "DESCRIPTION:", buf_str(&word));
    put_line(out, "END:", "VALARM");
    put_line(out, "END:", "VEVENT");
    buf_free(&word);
    buf_free(&what);
}

void due_calendar(struct buf *out, const struct face *f, const struct deadline *list, size_t n, int64_t now_s)
{
    struct buf name = { 0 };
    say(&name, f, "due.calendar_name", { "account", f->account, 0 });
    put_line(out, "BEGIN:", "VCALENDAR");
    put_line(out, "VERSION:", "2.0");
    put_line(out, "PRODID:", "-//Souk//Deadlines " SOUK_VERSION "//EN");
    put_line(out, "METHOD:", "PUBLISH");
    put_text(out, "X-WR-CALNAME:", buf_str(&name));
    put_line(out, "REFRESH-INTERVAL;VALUE=DURATION:", "PT15M");
    for (size_t i = 0; i < n; i++)
        if (list[i].due_s > now_s)
            put_event(out, f, &list[i], now_s);
    put_line(out, "END:", "VCALENDAR");
    buf_free(&name);
}
