/* SPDX-License-Identifier: Apache-2.0 */
/*
 * html.c: a view, and the page around it, as HTML.
 *
 * Literals and data take different doors: html_mark() takes string literals only, everything else is
 * escaped.  There is no inline script or style, so the Content-Security-Policy allows none.
 */
#include "html.h"

#include <stdio.h>
#include <string.h>

#define html_mark(out, literal) buf_put((out), "" literal "", sizeof(literal) - 1)

void html_text(struct buf *out, const char *text)
{
    const char *from = text;
    for (const char *c = text; ; c++) {
        const char *instead = NULL;
        switch (*c) {
        case '\0': break;
        case '<': instead = "&lt;"; break;
        case '>': instead = "&gt;"; break;
        case '&': instead = "&amp;"; break;
        case '"': instead = "&quot;"; break;
        case '\'': instead = "&#39;"; break;
        default:
            if ((unsigned char)*c >= 0x20 || *c == '\n' || *c == '\t')
                continue;
            instead = " ";
        }
        if (c > from)
            buf_put(out, from, (size_t)(c - from));
        if (!*c)
            return;
        buf_text(out, instead);
        from = c + 1;
    }
}

/* Escapes what a function of say.c wrote into `word`, and empties it. */
static void flush_word(struct buf *out, struct buf *word)
{
    html_text(out, buf_str(word));
    buf_clear(word);
}

static void put_say(struct buf *out, const struct face *f, const char *key)
{
    struct buf word = { 0 };
    say(&word, f, key);
    flush_word(out, &word);
    buf_free(&word);
}

static void put_msg(struct buf *out, const struct face *f, const struct souk_msg *msg)
{
    struct buf word = { 0 };
    say_msg(&word, f, msg);
    flush_word(out, &word);
    buf_free(&word);
}

static void put_value(struct buf *out, const struct face *f, const struct souk_value *v)
{
    struct buf word = { 0 };
    if (v->type == SOUK_INSTANT) {
        html_mark(out, "<time datetime=\"");
        plain_value(out, v);
        html_mark(out, "\">");
    }
    say_value(&word, f, v);
    flush_word(out, &word);
    if (v->type == SOUK_INSTANT)
        html_mark(out, "</time>");
    buf_free(&word);
}

static bool has_text(const struct souk_msg *msg)
{
    return msg->key && *msg->key;
}

static const char *tone_class(uint32_t tone)
{
    static const char *const classes[] = { "", "good", "watch", "bad", "info" };
    return tone < COUNT_OF(classes) ? classes[tone] : "";
}

/* ---- links -------------------------------------------------------------------------------------- */

static void open_to(struct buf *out, const struct face *f, const struct souk_to *to)
{
    struct buf link = { 0 };
    if (to->query)
        link_query(&link, f, to->query, &to->args);
    else if (to->widget)
        link_widget(&link, f, to->widget);
    else
        buf_text(&link, to->url);
    html_mark(out, "<a href=\"");
    html_text(out, buf_str(&link));
    if (to->url)
        html_mark(out, "\" rel=\"noopener noreferrer external");
    html_mark(out, "\">");
    buf_free(&link);
}

static void close_to(struct buf *out, const struct face *f, const struct souk_to *to)
{
    if (to->url) {
        html_mark(out, " <span class=\"leaves\">(");
        put_say(out, f, "link.leaves");
        html_mark(out, ")</span>");
    }
    html_mark(out, "</a>");
}

/* "Why?" leads to the rows behind a figure, or to its widget's page; link_why says which figure it is. */
static void put_why(struct buf *out, const struct face *f, const struct souk_why *why, const struct souk_msg *label)
{
    struct buf link = { 0 };
    link_why(&link, f, why);
    html_mark(out, "<a class=\"why\" href=\"");
    html_text(out, buf_str(&link));
    html_mark(out, "\">");
    put_say(out, f, "why");
    html_mark(out, "<span class=\"aside\"> ");
    put_msg(out, f, label);
    html_mark(out, "</span></a>");
    buf_free(&link);
}

/* ---- elements ----------------------------------------------------------------------------------- */

static void put_change(struct buf *out, const struct face *f, const struct souk_stat *s)
{
    struct buf word = { 0 };
    int64_t bp;
    bool is_change = say_change(&s->value, &s->before, &bp);
    html_mark(out, "<dd class=\"change ");
    if (is_change) {
        if (bp && s->up_is == SOUK_GOOD)
            buf_text(out, bp > 0 ? "good" : "bad");
        if (bp && s->up_is == SOUK_BAD)
            buf_text(out, bp > 0 ? "bad" : "good");
        html_mark(out, "\"><b>");
        buf_text(out, bp > 0 ? "▲ " : bp < 0 ? "▼ " : "");
        text_bp(&word, &f->reader, bp, true);
        flush_word(out, &word);
        html_mark(out, "</b> ");
    } else {
        html_mark(out, "\">");
    }
    put_msg(out, f, &s->before_label);
    if (!is_change) {
        html_mark(out, ": ");
        put_value(out, f, &s->before);
    }
    html_mark(out, "</dd>");
    buf_free(&word);
}

static void put_stat(struct buf *out, const struct face *f, const struct souk_stat *s)
{
    html_mark(out, "<div class=\"stat ");
    buf_text(out, tone_class(s->tone));
    html_mark(out, "\"><dt>");
    put_msg(out, f, &s->label);
    if (s->why) {
        html_mark(out, " ");
        put_why(out, f, s->why, &s->label);
    }
    html_mark(out, "</dt><dd class=\"value\">");
    if (s->to)
        open_to(out, f, s->to);
    put_value(out, f, &s->value);
    if (s->to)
        close_to(out, f, s->to);
    if (s->is_estimate) {
        html_mark(out, " <span class=\"estimate\">");
        put_say(out, f, "stat.estimate");
        html_mark(out, "</span>");
    }
    html_mark(out, "</dd>");
    if (s->before.type != SOUK_NONE)
        put_change(out, f, s);
    if (has_text(&s->note)) {
        html_mark(out, "<dd class=\"note\">");
        put_msg(out, f, &s->note);
        html_mark(out, "</dd>");
    }
    html_mark(out, "</div>");
}

static void put_fact(struct buf *out, const struct face *f, const struct souk_fact *e)
{
    html_mark(out, "<div class=\"fact ");
    buf_text(out, tone_class(e->tone));
    html_mark(out, "\"><dt>");
    put_msg(out, f, &e->label);
    html_mark(out, "</dt><dd>");
    if (e->to)
        open_to(out, f, e->to);
    put_value(out, f, &e->value);
    if (e->to)
        close_to(out, f, e->to);
    if (e->why) {
        html_mark(out, " ");
        put_why(out, f, e->why, &e->label);
    }
    html_mark(out, "</dd></div>");
}

static bool is_right(uint32_t type)
{
    return type == SOUK_COUNT || type == SOUK_MONEY || type == SOUK_AVERAGE || type == SOUK_RATE ||
           type == SOUK_DECIMAL || type == SOUK_BP || type == SOUK_SECONDS;
}

/* Numbers of orders, SKUs and the like are not broken at their hyphens. */
static bool is_id(const char *column)
{
    return text_ends(column, "_id") || text_is(column, "sku") || text_is(column, "asin");
}

/* Totals of a column, where it asks for them and all its money is of one currency. */
static bool total_of(const struct souk_rows *rows, uint32_t column, struct souk_value *total)
{
    bool any = false;
    for (uint32_t r = 0; r < rows->n_rows; r++) {
        const struct souk_value *v = souk_cell(rows, r, column);
        if (v->type == SOUK_NONE)
            continue;
        if (!any)
            *total = souk_number(v->type, 0, 0), memcpy(total->currency, v->currency, 4);
        any = true;
        if (v->type != total->type || !text_is(v->currency, total->currency) ||
            __builtin_add_overflow(total->num, v->num, &total->num))
            return false;
    }
    return any;
}

static void put_table(struct buf *out, const struct face *f, const struct souk_rows *rows,
                      const struct column *column, size_t n_columns, bool with_raw)
{
    struct buf word = { 0 };
    bool has_total = false;
    html_mark(out, "<table><thead><tr>");
    for (size_t c = 0; c < n_columns; c++) {
        if (column[c].is_hidden)
            continue;
        has_total |= column[c].has_total;
        html_mark(out, "<th scope=\"col\"");
        if (is_right(column[c].type))
            html_mark(out, " class=\"right\"");
        html_mark(out, ">");
        say_column(&word, f, column[c].name);
        flush_word(out, &word);
        html_mark(out, "</th>");
    }
    html_mark(out, "</tr></thead><tbody>");
    for (uint32_t r = 0; r < rows->n_rows; r++) {
        html_mark(out, "<tr>");
        for (size_t c = 0; c < n_columns; c++) {
            const struct souk_value *v = souk_cell(rows, r, (uint32_t)c);
            if (column[c].is_hidden)
                continue;
            html_mark(out, "<td");
            if (is_right(column[c].type))
                html_mark(out, " class=\"right\"");
            else if (is_id(column[c].name))
                html_mark(out, " class=\"id\"");
            if (with_raw) {                             /* for the chart that is drawn from this table */
                html_mark(out, " data-v=\"");
                plain_value(&word, v);
                flush_word(out, &word);
                html_mark(out, "\"");
            }
            html_mark(out, ">");
            put_value(out, f, v);
            html_mark(out, "</td>");
        }
        html_mark(out, "</tr>");
    }
    html_mark(out, "</tbody>");
    if (has_total && !rows->is_cut) {
        bool is_first = true;
        html_mark(out, "<tfoot><tr>");
        for (size_t c = 0; c < n_columns; c++) {
            struct souk_value total;
            if (column[c].is_hidden)
                continue;
            if (is_first) {
                html_mark(out, "<th scope=\"row\">");
                put_say(out, f, "table.total");
                html_mark(out, "</th>");
                is_first = false;
                continue;
            }
            html_mark(out, "<td class=\"right\">");
            if (column[c].has_total && total_of(rows, (uint32_t)c, &total))
                put_value(out, f, &total);
            html_mark(out, "</td>");
        }
        html_mark(out, "</tr></tfoot>");
    }
    html_mark(out, "</table>");
    buf_free(&word);
}

void html_rows(struct buf *out, const struct face *f, const char *caption, const struct souk_rows *rows,
               const struct column *column, size_t n_columns)
{
    html_mark(out, "<div class=\"table\" tabindex=\"0\" role=\"group\" aria-label=\"");
    html_text(out, caption);
    html_mark(out, "\">");
    put_table(out, f, rows, column, n_columns, false);
    html_mark(out, "</div>");
}

static void put_table_element(struct buf *out, const struct face *f, const struct view_element *e)
{
    const struct souk_table *t = &e->table;
    html_mark(out, "<figure class=\"rows\"><figcaption>");
    put_msg(out, f, &t->title);
    html_mark(out, " ");
    put_why(out, f, t->why, &t->title);
    html_mark(out, "</figcaption><div class=\"table\" tabindex=\"0\" role=\"group\" aria-label=\"");
    put_msg(out, f, &t->title);
    html_mark(out, "\">");
    put_table(out, f, &t->rows, e->column, e->n_columns, false);
    html_mark(out, "</div>");
    if (t->more) {
        html_mark(out, "<p class=\"more\">");
        open_to(out, f, t->more);
        put_say(out, f, "table.more");
        close_to(out, f, t->more);
        html_mark(out, "</p>");
    }
    html_mark(out, "</figure>");
}

static void put_chart(struct buf *out, const struct face *f, const struct view_element *e)
{
    static const char *const kinds[] = { "", "line", "bars", "stacked", "heat" };
    const struct souk_chart *c = &e->chart;
    html_mark(out, "<figure class=\"chart\" data-chart=\"");
    buf_text(out, kinds[c->kind]);
    if (c->rows.n_rows) {
        html_mark(out, "\" data-unit=\"");
        html_text(out, plain_unit(souk_cell(&c->rows, 0, 1)));
    }
    html_mark(out, "\" data-partial=\"");
    buf_int(out, c->partial_rows);
    html_mark(out, "\"><figcaption>");
    put_msg(out, f, &c->title);
    html_mark(out, " ");
    put_why(out, f, c->why, &c->title);
    html_mark(out, "</figcaption><div class=\"canvas\" hidden><canvas role=\"img\" aria-label=\"");
    put_msg(out, f, &c->title);
    html_mark(out, "\"></canvas></div><details><summary>");
    put_say(out, f, "chart.table");
    html_mark(out, "</summary><div class=\"table\" tabindex=\"0\" role=\"group\" aria-label=\"");
    put_msg(out, f, &c->title);
    html_mark(out, "\">");
    put_table(out, f, &c->rows, e->column, e->n_columns, true);
    html_mark(out, "</div></details></figure>");
}

static void put_alert(struct buf *out, const struct face *f, const struct souk_alert *a)
{
    html_mark(out, "<p class=\"alert ");
    buf_text(out, tone_class(a->tone));
    html_mark(out, "\">");
    if (a->to)
        open_to(out, f, a->to);
    put_msg(out, f, &a->text);
    if (a->to)
        close_to(out, f, a->to);
    if (a->why) {
        html_mark(out, " ");
        put_why(out, f, a->why, &a->text);
    }
    html_mark(out, "</p>");
}

static void put_empty(struct buf *out, const struct face *f, const struct souk_empty *e)
{
    html_mark(out, "<p class=\"empty\">");
    put_msg(out, f, &e->text);
    if (e->fills) {
        struct buf word = { 0 };
        html_mark(out, " ");
        say_fills(&word, f, e->fills);
        flush_word(out, &word);
        buf_free(&word);
    }
    html_mark(out, "</p>");
}

static void put_text(struct buf *out, const struct face *f, const struct souk_text_element *t)
{
    html_mark(out, "<p>");
    if (t->to)
        open_to(out, f, t->to);
    put_msg(out, f, &t->text);
    if (t->to)
        close_to(out, f, t->to);
    html_mark(out, "</p>");
}

/* Figures that follow each other share one list. */
static void switch_list(struct buf *out, enum view_kind *open, enum view_kind kind)
{
    if (*open == kind)
        return;
    if (*open)
        html_mark(out, "</dl>");
    if (kind == VIEW_STAT)
        html_mark(out, "<dl class=\"stats\">");
    if (kind == VIEW_FACT)
        html_mark(out, "<dl class=\"facts\">");
    *open = kind;
}

void html_view(struct buf *out, const struct face *f, const struct view_element *e, size_t n)
{
    enum view_kind open = 0, group[64];
    unsigned depth = 0;
    for (size_t i = 0; i < n; i++) {
        enum view_kind kind = e[i].kind;
        switch_list(out, &open, kind == VIEW_STAT || kind == VIEW_FACT ? kind : 0);
        switch (kind) {
        case VIEW_SECTION:
            html_mark(out, "<section class=\"part\"><h3>");
            put_msg(out, f, &e[i].title);
            html_mark(out, "</h3>");
            group[depth++] = kind;                      /* view_read bounds the depth */
            break;
        case VIEW_FOLD:
            html_mark(out, "<details class=\"fold\"><summary>");
            put_msg(out, f, &e[i].title);
            html_mark(out, "</summary>");
            group[depth++] = kind;
            break;
        case VIEW_COLUMNS:
            html_mark(out, "<div class=\"columns\">");
            group[depth++] = kind;
            break;
        case VIEW_ITEMS:
        case VIEW_THREAD:
            html_mark(out, "<section class=\"part\"><h3>");
            put_msg(out, f, &e[i].title);
            html_mark(out, "</h3>");
            group[depth++] = kind;
            break;
        case VIEW_ITEM:
            html_mark(out, "<div class=\"item ");
            buf_text(out, tone_class(e[i].item.tone));
            html_mark(out, "\"><p>");
            put_msg(out, f, &e[i].item.title);
            html_mark(out, "</p>");
            group[depth++] = kind;
            break;
        case VIEW_END:
            switch (group[--depth]) {
            case VIEW_SECTION: case VIEW_ITEMS: case VIEW_THREAD: html_mark(out, "</section>"); break;
            case VIEW_FOLD:    html_mark(out, "</details>"); break;
            default:           html_mark(out, "</div>");
            }
            break;
        case VIEW_LETTER:
            html_mark(out, "<p class=\"letter\">");
            html_text(out, e[i].letter.body.at);
            html_mark(out, "</p>");
            break;
        case VIEW_ARTICLE:
            html_mark(out, "<p class=\"article\">");
            html_text(out, e[i].article.text.at);
            html_mark(out, "</p>");
            break;
        case VIEW_PROGRESS:
            html_mark(out, "<p class=\"progress\">");
            put_msg(out, f, &e[i].progress.label);
            html_mark(out, " ");
            put_value(out, f, &e[i].progress.value);
            html_mark(out, "</p>");
            break;
        case VIEW_FORM:
            break;
        case VIEW_PAGER:
            break;
        case VIEW_STAT:  put_stat(out, f, &e[i].stat); break;
        case VIEW_FACT:  put_fact(out, f, &e[i].fact); break;
        case VIEW_TABLE: put_table_element(out, f, &e[i]); break;
        case VIEW_CHART: put_chart(out, f, &e[i]); break;
        case VIEW_ALERT: put_alert(out, f, &e[i].alert); break;
        case VIEW_TEXT:  put_text(out, f, &e[i].text); break;
        case VIEW_EMPTY: put_empty(out, f, &e[i].empty); break;
        }
    }
    switch_list(out, &open, 0);
}

void html_notice(struct buf *out, uint32_t tone, const char *text)
{
    html_mark(out, "<p class=\"alert ");
    buf_text(out, tone_class(tone));
    html_mark(out, "\">");
    html_text(out, text);
    html_mark(out, "</p>");
}

/* ---- the page around ---------------------------------------------------------------------------- */

static void put_switch(struct buf *out, const struct face *f, const char *label_key,
                       const struct html_choice *choice, size_t n)
{
    if (!n)
        return;
    html_mark(out, "<nav class=\"switch\" aria-label=\"");
    put_say(out, f, label_key);
    html_mark(out, "\"><ul>");
    for (size_t i = 0; i < n; i++) {
        html_mark(out, "<li><a href=\"");
        html_text(out, choice[i].href);
        if (choice[i].is_chosen)
            html_mark(out, "\" aria-current=\"true");
        html_mark(out, "\">");
        html_text(out, choice[i].text);
        html_mark(out, "</a></li>");
    }
    html_mark(out, "</ul></nav>");
}

void html_begin(struct buf *out, const struct html_page *page)
{
    const struct face *f = page->face;
    html_mark(out, "<!DOCTYPE html>\n<html lang=\"");
    html_text(out, f->reader.language);
    html_mark(out, "\"><head><meta charset=\"utf-8\">"
                   "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
                   "<meta name=\"color-scheme\" content=\"light dark\"><title>");
    if (*page->title) {
        html_text(out, page->title);
        html_mark(out, " · ");
    }
    if (*f->account) {
        html_text(out, f->account);
        html_mark(out, " · ");
    }
    put_say(out, f, "brand");
    html_mark(out, "</title><link rel=\"stylesheet\" href=\"");
    html_text(out, page->css);
    html_mark(out, "\"><link rel=\"icon\" type=\"image/svg+xml\" href=\"/favicon.svg\">");
    if (page->js) {
        html_mark(out, "<script defer src=\"");
        html_text(out, page->chart_js);
        html_mark(out, "\"></script><script defer src=\"");
        html_text(out, page->js);
        html_mark(out, "\"></script>");
    }
    html_mark(out, "</head><body><a class=\"skip\" href=\"#main\">");
    put_say(out, f, "page.skip");
    html_mark(out, "</a><header class=\"ribbon\"><a class=\"brand\" href=\"");
    html_text(out, page->home);
    html_mark(out, "\">");
    put_say(out, f, "brand");
    html_mark(out, "</a>");
    if (*f->account) {
        html_mark(out, "<span class=\"account\">");
        html_text(out, f->account);
        html_mark(out, "</span>");
    }
    put_switch(out, f, "ribbon.markets", page->markets, page->n_markets);
    put_switch(out, f, "ribbon.periods", page->periods, page->n_periods);
    html_mark(out, "</header><main id=\"main\">");
    if (page->is_home) {
        html_mark(out, "<h1 class=\"aside\">");
        put_say(out, f, "page.home");
        html_mark(out, "</h1>");
    } else {
        html_mark(out, "<h1>");
        html_text(out, page->title);
        html_mark(out, "</h1>");
    }
}

void html_end(struct buf *out, const struct html_page *page, int64_t now_s)
{
    struct buf word = { 0 };
    const struct face *f = page->face;
    html_mark(out, "</main><footer class=\"foot\"><p>");
    text_instant(&word, &f->reader, now_s, NULL);
    struct buf line = { 0 };
    say(&line, f, "page.as_of", { "when", buf_str(&word), 0 }, { "version", SOUK_VERSION, 0 });
    html_text(out, buf_str(&line));
    html_mark(out, "</p></footer></body></html>\n");
    buf_free(&word);
    buf_free(&line);
}

void html_paragraph(struct buf *out, const char *text)
{
    html_mark(out, "<p>");
    html_text(out, text);
    html_mark(out, "</p>");
}

void html_grid_begin(struct buf *out)
{
    html_mark(out, "<div class=\"grid\">");
}

void html_grid_end(struct buf *out)
{
    html_mark(out, "</div>");
}

void html_card_begin(struct buf *out, const char *id, const char *title, const char *href, unsigned width)
{
    html_mark(out, "<section class=\"card");
    if (width > 1)
        buf_text(out, width > 2 ? " wide3" : " wide2");
    html_mark(out, "\" id=\"");
    html_text(out, id);
    html_mark(out, "\" aria-labelledby=\"");
    html_text(out, id);
    html_mark(out, "-title\"><h2 id=\"");
    html_text(out, id);
    html_mark(out, "-title\">");
    if (href) {
        html_mark(out, "<a href=\"");
        html_text(out, href);
        html_mark(out, "\">");
    }
    html_text(out, title);
    if (href)
        html_mark(out, "</a>");
    html_mark(out, "</h2>");
}

void html_card_end(struct buf *out)
{
    html_mark(out, "</section>");
}

void html_facts_begin(struct buf *out)
{
    html_mark(out, "<dl class=\"facts\">");
}

void html_fact(struct buf *out, const char *label, const char *value, const char *href)
{
    html_mark(out, "<div class=\"fact\"><dt>");
    html_text(out, label);
    html_mark(out, "</dt><dd>");
    if (href) {
        html_mark(out, "<a href=\"");
        html_text(out, href);
        html_mark(out, "\" rel=\"noopener noreferrer external\">");
    }
    html_text(out, value);
    if (href)
        html_mark(out, "</a>");
    html_mark(out, "</dd></div>");
}

void html_facts_end(struct buf *out)
{
    html_mark(out, "</dl>");
}

void html_links_begin(struct buf *out, const char *label)
{
    html_mark(out, "<nav class=\"links\" aria-label=\"");
    html_text(out, label);
    html_mark(out, "\"><ul>");
}

void html_link(struct buf *out, const char *text, const char *href, bool is_chosen)
{
    html_mark(out, "<li><a href=\"");
    html_text(out, href);
    if (is_chosen)
        html_mark(out, "\" aria-current=\"true");
    html_mark(out, "\">");
    html_text(out, text);
    html_mark(out, "</a></li>");
}

void html_links_end(struct buf *out)
{
    html_mark(out, "</ul></nav>");
}

void html_form_begin(struct buf *out, const char *action, const char *label)
{
    html_mark(out, "<form class=\"options\" method=\"get\" action=\"");
    html_text(out, action);
    html_mark(out, "\" aria-label=\"");
    html_text(out, label);
    html_mark(out, "\">");
}

void html_form_hidden(struct buf *out, const char *name, const char *value)
{
    html_mark(out, "<input type=\"hidden\" name=\"");
    html_text(out, name);
    html_mark(out, "\" value=\"");
    html_text(out, value);
    html_mark(out, "\">");
}

void html_form_field(struct buf *out, const struct face *f, const struct souk_field *field, const struct souk_value *now)
{
    struct buf value = { 0 };
    value_as_text(&value, now);
    html_mark(out, "<label><span>");
    put_msg(out, f, &(struct souk_msg){ field->title, { NULL, 0, 0 } });
    html_mark(out, "</span> ");
    if (field->type == SOUK_FIELD_ONE_OF) {
        html_mark(out, "<select name=\"");
        html_text(out, field->name);
        html_mark(out, "\">");
        for (uint32_t i = 0; i < field->choices.n; i++) {
            const struct souk_choice *c = &((const struct souk_choice *)field->choices.at)[i];
            html_mark(out, "<option value=\"");
            html_text(out, c->value);
            html_mark(out, "\"");
            if (text_is(c->value, buf_str(&value)))
                html_mark(out, " selected");
            html_mark(out, ">");
            put_msg(out, f, &(struct souk_msg){ c->title, { NULL, 0, 0 } });
            html_mark(out, "</option>");
        }
        html_mark(out, "</select>");
    } else {
        html_mark(out, "<input name=\"");
        html_text(out, field->name);
        switch (field->type) {
        case SOUK_FIELD_COUNT: html_mark(out, "\" type=\"number"); break;
        case SOUK_FIELD_DAY:   html_mark(out, "\" type=\"date"); break;
        case SOUK_FIELD_BOOL:  html_mark(out, "\" type=\"checkbox"); break;
        default:               html_mark(out, "\" type=\"text");
        }
        if (field->type == SOUK_FIELD_COUNT && (field->min || field->max)) {
            html_mark(out, "\" min=\"");
            buf_int(out, field->min);
            html_mark(out, "\" max=\"");
            buf_int(out, field->max);
        }
        html_mark(out, "\" value=\"");
        html_text(out, field->type == SOUK_FIELD_BOOL ? "1" : buf_str(&value));
        html_mark(out, "\"");
        if (field->type == SOUK_FIELD_BOOL && now->num)
            html_mark(out, " checked");
        html_mark(out, ">");
    }
    html_mark(out, "</label>");
    buf_free(&value);
}

void html_form_end(struct buf *out, const char *button)
{
    html_mark(out, "<button>");
    html_text(out, button);
    html_mark(out, "</button></form>");
}

void html_error(struct buf *out, const struct html_page *page, int status, const char *title, const char *sentence)
{
    html_begin(out, page);
    html_mark(out, "<p class=\"alert bad\"><b>");
    buf_int(out, status);
    html_mark(out, "</b> ");
    html_text(out, title);
    html_mark(out, ". ");
    html_text(out, sentence);
    html_mark(out, "</p>");
}
