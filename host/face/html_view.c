/* SPDX-License-Identifier: Apache-2.0 */
/*
 * html_view.c: the elements of a view as HTML.
 */
#include "html_in.h"

#include <string.h>

/* ---- values and links ---------------------------------------------------------------------------- */

/* A reference is a link to what shows it, unless it stands in a link already. */
static void put_value(struct buf *out, const struct face *f, const struct souk_value *v, bool in_link)
{
    struct buf word = { 0 }, link = { 0 };
    bool is_link = v->type == SOUK_REF && !in_link && link_ref(&link, f, v->text.at, v->text.len);
    if (is_link) {
        html_mark(out, "<a class=\"ref\" href=\"");
        html_word(out, &link);
        html_mark(out, "\">");
    }
    if (v->type == SOUK_INSTANT) {
        html_mark(out, "<time datetime=\"");
        plain_value(out, v);
        html_mark(out, "\">");
    }
    say_value(&word, f, v);
    html_word(out, &word);
    if (v->type == SOUK_INSTANT)
        html_mark(out, "</time>");
    if (is_link)
        html_mark(out, "</a>");
    buf_free(&word);
    buf_free(&link);
}

/* Opens a link; false, and nothing put, where there is none or it leads to what is not there. */
static bool open_to(struct buf *out, const struct face *f, const struct souk_to *to)
{
    struct buf link = { 0 };
    bool is_there = to && link_to(&link, f, to);
    if (is_there) {
        html_mark(out, "<a href=\"");
        html_text(out, buf_str(&link));
        if (to->url)
            html_mark(out, "\" rel=\"noopener noreferrer external");
        html_mark(out, "\">");
    }
    buf_free(&link);
    return is_there;
}

static void close_to(struct buf *out, const struct face *f, const struct souk_to *to, bool is_open)
{
    if (!is_open)
        return;
    if (to->url) {
        html_mark(out, " <span class=\"leaves\">(");
        html_say(out, f, "link.leaves");
        html_mark(out, ")</span>");
    }
    html_mark(out, "</a>");
}

/* "Why?" leads to the rows behind a figure, or to its widget's page; link_why says which figure it is. */
static void put_why(struct buf *out, const struct face *f, const struct souk_why *why, const struct souk_msg *label)
{
    struct buf link = { 0 };
    if (!why)
        return;
    link_why(&link, f, why);
    html_mark(out, " <a class=\"why\" href=\"");
    html_text(out, buf_str(&link));
    html_mark(out, "\">");
    html_say(out, f, "why");
    html_mark(out, "<span class=\"aside\"> ");
    html_msg(out, f, label);
    html_mark(out, "</span></a>");
    buf_free(&link);
}

/* ---- figures ------------------------------------------------------------------------------------- */

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
        html_word(out, &word);
        html_mark(out, "</b> ");
    } else {
        html_mark(out, "\">");
    }
    html_msg(out, f, &s->before_label);
    if (!is_change) {
        html_mark(out, ": ");
        put_value(out, f, &s->before, false);
    }
    html_mark(out, "</dd>");
    buf_free(&word);
}

static void put_note(struct buf *out, const struct face *f, const struct souk_msg *note)
{
    if (!html_has(note))
        return;
    html_mark(out, "<dd class=\"note\">");
    html_msg(out, f, note);
    html_mark(out, "</dd>");
}

static void put_stat(struct buf *out, const struct face *f, const struct souk_stat *s)
{
    html_mark(out, "<div class=\"stat ");
    buf_text(out, html_tone(s->tone));
    html_mark(out, "\"><dt>");
    html_msg(out, f, &s->label);
    html_tone_word(out, f, s->tone);
    put_why(out, f, s->why, &s->label);
    html_mark(out, "</dt><dd class=\"value\">");
    bool is_open = open_to(out, f, s->to);
    put_value(out, f, &s->value, is_open);
    close_to(out, f, s->to, is_open);
    if (s->is_estimate) {
        html_mark(out, " <span class=\"estimate\">");
        html_say(out, f, "stat.estimate");
        html_mark(out, "</span>");
    }
    html_mark(out, "</dd>");
    if (s->before.type != SOUK_NONE)
        put_change(out, f, s);
    put_note(out, f, &s->note);
    html_mark(out, "</div>");
}

static void put_fact(struct buf *out, const struct face *f, const struct souk_fact *e)
{
    html_mark(out, "<div class=\"fact ");
    buf_text(out, html_tone(e->tone));
    html_mark(out, "\"><dt>");
    html_msg(out, f, &e->label);
    html_tone_word(out, f, e->tone);
    html_mark(out, "</dt><dd>");
    bool is_open = open_to(out, f, e->to);
    put_value(out, f, &e->value, is_open);
    close_to(out, f, e->to, is_open);
    put_why(out, f, e->why, &e->label);
    html_mark(out, "</dd></div>");
}

/* How much of the whole, in thousandths that are drawn: never more than all of it. */
static int64_t thousandths(const struct souk_value *v, const struct souk_value *of)
{
    double part = (double)v->num / (v->den > 0 && v->type == SOUK_AVERAGE ? (double)v->den : 1);
    double whole = (double)of->num / (of->den > 0 && of->type == SOUK_AVERAGE ? (double)of->den : 1);
    if (v->type == SOUK_NONE || part <= 0)
        return 0;
    return part >= whole ? 1000 : (int64_t)(part / whole * 1000);
}

static void put_progress(struct buf *out, const struct face *f, const struct souk_progress *p)
{
    html_mark(out, "<dl class=\"progress ");
    buf_text(out, html_tone(p->tone));
    html_mark(out, "\"><dt>");
    html_msg(out, f, &p->label);
    html_tone_word(out, f, p->tone);
    put_why(out, f, p->why, &p->label);
    html_mark(out, "</dt><dd class=\"value\">");
    bool is_open = open_to(out, f, p->to);
    put_value(out, f, &p->value, is_open);
    close_to(out, f, p->to, is_open);
    html_mark(out, " <span class=\"of\">");
    struct buf whole = { 0 }, word = { 0 };
    say_value(&whole, f, &p->of);
    say(&word, f, "progress.of", { "whole", buf_str(&whole), 0 });
    html_word(out, &word);
    html_mark(out, "</span></dd><dd class=\"bar\"><svg viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\""
                   " aria-hidden=\"true\" focusable=\"false\"><rect class=\"all\" width=\"1000\" height=\"10\"/>"
                   "<rect class=\"part\" width=\"");
    buf_int(out, thousandths(&p->value, &p->of));
    html_mark(out, "\" height=\"10\"/></svg></dd>");
    put_note(out, f, &p->note);
    html_mark(out, "</dl>");
    buf_free(&whole);
    buf_free(&word);
}

/* ---- tables and charts --------------------------------------------------------------------------- */

static bool is_right(uint32_t type)
{
    return type == SOUK_COUNT || type == SOUK_MONEY || type == SOUK_AVERAGE || type == SOUK_RATE ||
           type == SOUK_DECIMAL || type == SOUK_BP || type == SOUK_SECONDS;
}

/* Numbers of orders, SKUs and the like are not broken at their hyphens. */
static bool is_id(const struct column *column)
{
    return column->type == SOUK_REF || text_ends(column->name, "_id") || text_is(column->name, "sku") ||
           text_is(column->name, "asin");
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

/* The size of a number among others of its kind; only shades are made of it. */
static double size_of(const struct souk_value *v)
{
    bool is_quotient = v->type == SOUK_AVERAGE || v->type == SOUK_RATE;
    if (v->type == SOUK_NONE || v->num <= 0 || (is_quotient && !v->den))
        return 0;
    return is_quotient ? (double)v->num / (double)v->den : (double)v->num;
}

enum { SHADES = 5 };

/* 1 to 5, a fifth of the largest each; 0 for nothing. */
static int shade_of(const struct souk_value *v, double most)
{
    double size = size_of(v);
    if (size <= 0 || most <= 0)
        return 0;
    int shade = 1 + (int)(size / most * SHADES);
    return shade > SHADES ? SHADES : shade;
}

struct drawn {                                          /* how a table is drawn */
    bool with_raw;                                      /* for the chart that is drawn from it */
    double most;                                        /* of a heat: the largest of all; 0: no heat */
};

/* Shares are drawn in percent, whatever they are counted in. */
static bool is_share(const struct souk_value *v)
{
    return v->type == SOUK_RATE || v->type == SOUK_BP;
}

/* What a chart is drawn from: a plain number; nothing where there is none. */
static void put_drawn(struct buf *out, const struct souk_value *v)
{
    struct buf word = { 0 };
    int64_t bp = v->num;
    if (!is_share(v))
        plain_value(&word, v);
    else if (v->type == SOUK_BP || rate_bp(v->num, v->den, &bp))
        buf_minor(&word, bp, 2);
    html_word(out, &word);
    buf_free(&word);
}

static void put_cell(struct buf *out, const struct face *f, const struct column *column, const struct souk_value *v,
                     const struct drawn *as, bool is_first)
{
    static const char *const words[] = { NULL, "heat.1", "heat.2", "heat.3", "heat.4", "heat.5" };
    int shade = as->most > 0 && !is_first ? shade_of(v, as->most) : 0;
    bool is_head = as->most > 0 && is_first;
    if (is_head)
        html_mark(out, "<th scope=\"row\"");
    else
        html_mark(out, "<td");
    if (is_right(column->type)) {
        html_mark(out, " class=\"right");
        if (shade) {
            html_mark(out, " heat");
            buf_int(out, shade);
        }
        html_mark(out, "\"");
    } else if (is_id(column)) {
        html_mark(out, " class=\"id\"");
    }
    if (as->with_raw) {
        html_mark(out, " data-v=\"");
        put_drawn(out, v);
        html_mark(out, "\"");
    }
    html_mark(out, ">");
    put_value(out, f, v, false);
    if (shade) {
        html_mark(out, "<span class=\"aside\"> (");
        html_say(out, f, words[shade]);
        html_mark(out, ")</span>");
    }
    if (is_head)
        html_mark(out, "</th>");
    else
        html_mark(out, "</td>");
}

static void put_totals(struct buf *out, const struct face *f, const struct souk_rows *rows,
                       const struct column *column, size_t n_columns)
{
    bool is_first = true;
    html_mark(out, "<tfoot><tr>");
    for (size_t c = 0; c < n_columns; c++) {
        struct souk_value total;
        if (column[c].is_hidden)
            continue;
        if (is_first) {
            html_mark(out, "<th scope=\"row\">");
            html_say(out, f, "table.total");
            html_mark(out, "</th>");
            is_first = false;
            continue;
        }
        html_mark(out, "<td class=\"right\">");
        if (column[c].has_total && total_of(rows, (uint32_t)c, &total))
            put_value(out, f, &total, false);
        html_mark(out, "</td>");
    }
    html_mark(out, "</tr></tfoot>");
}

static void put_table(struct buf *out, const struct face *f, const struct souk_rows *rows,
                      const struct column *column, size_t n_columns, const struct drawn *as)
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
        html_word(out, &word);
        html_mark(out, "</th>");
    }
    html_mark(out, "</tr></thead><tbody>");
    for (uint32_t r = 0; r < rows->n_rows; r++) {
        bool is_first = true;
        html_mark(out, "<tr>");
        for (size_t c = 0; c < n_columns; c++) {
            if (column[c].is_hidden)
                continue;
            put_cell(out, f, &column[c], souk_cell(rows, r, (uint32_t)c), as, is_first);
            is_first = false;
        }
        html_mark(out, "</tr>");
    }
    html_mark(out, "</tbody>");
    if (has_total && !rows->is_cut)
        put_totals(out, f, rows, column, n_columns);
    html_mark(out, "</table>");
    buf_free(&word);
}

void html_rows(struct buf *out, const struct face *f, const char *caption, const struct souk_rows *rows,
               const struct column *column, size_t n_columns)
{
    static const struct drawn plain = { false, 0 };
    html_mark(out, "<div class=\"table\" tabindex=\"0\" role=\"group\" aria-label=\"");
    html_text(out, caption);
    html_mark(out, "\">");
    put_table(out, f, rows, column, n_columns, &plain);
    html_mark(out, "</div>");
}

static void put_framed(struct buf *out, const struct face *f, const struct souk_msg *title,
                       const struct souk_rows *rows, const struct view_element *e, const struct drawn *as)
{
    html_mark(out, "<div class=\"table\" tabindex=\"0\" role=\"group\" aria-label=\"");
    html_msg(out, f, title);
    html_mark(out, "\">");
    put_table(out, f, rows, e->column, e->n_columns, as);
    html_mark(out, "</div>");
}

static void put_caption(struct buf *out, const struct face *f, const struct souk_msg *title, const struct souk_why *why)
{
    html_mark(out, "<figcaption>");
    html_msg(out, f, title);
    put_why(out, f, why, title);
    html_mark(out, "</figcaption>");
}

static void put_table_element(struct buf *out, const struct face *f, const struct view_element *e)
{
    static const struct drawn plain = { false, 0 };
    const struct souk_table *t = &e->table;
    html_mark(out, "<figure class=\"rows\">");
    put_caption(out, f, &t->title, t->why);
    put_framed(out, f, &t->title, &t->rows, e, &plain);
    struct buf more = { 0 };
    bool is_open = open_to(&more, f, t->more);
    if (is_open) {
        html_mark(out, "<p class=\"more\">");
        buf_put(out, more.at, more.len);
        html_say(out, f, "table.more");
        close_to(out, f, t->more, true);
        html_mark(out, "</p>");
    }
    html_mark(out, "</figure>");
    buf_free(&more);
}

static void put_heat(struct buf *out, const struct face *f, const struct view_element *e)
{
    const struct souk_chart *c = &e->chart;
    struct drawn as = { false, 0 };
    for (uint32_t r = 0; r < c->rows.n_rows; r++)
        for (size_t k = 1; k < e->n_columns; k++)
            if (!e->column[k].is_hidden && size_of(souk_cell(&c->rows, r, (uint32_t)k)) > as.most)
                as.most = size_of(souk_cell(&c->rows, r, (uint32_t)k));
    html_mark(out, "<figure class=\"rows heat\">");
    put_caption(out, f, &c->title, c->why);
    put_framed(out, f, &c->title, &c->rows, e, &as);
    html_mark(out, "</figure>");
}

static void put_chart(struct buf *out, const struct face *f, const struct view_element *e)
{
    static const char *const kinds[] = { "", "line", "bars", "stacked" };
    static const struct drawn raw = { true, 0 };
    const struct souk_chart *c = &e->chart;
    if (c->kind == SOUK_HEAT) {
        put_heat(out, f, e);
        return;
    }
    html_mark(out, "<figure class=\"chart\" data-chart=\"");
    buf_text(out, kinds[c->kind]);
    if (c->rows.n_rows) {
        html_mark(out, "\" data-unit=\"");
        html_text(out, is_share(souk_cell(&c->rows, 0, 1)) ? "%" : plain_unit(souk_cell(&c->rows, 0, 1)));
    }
    html_mark(out, "\" data-partial=\"");
    buf_int(out, c->partial_rows);
    html_mark(out, "\">");
    put_caption(out, f, &c->title, c->why);
    html_mark(out, "<div class=\"canvas\" hidden><canvas role=\"img\" aria-label=\"");
    html_msg(out, f, &c->title);
    html_mark(out, "\"></canvas></div><details><summary>");
    html_say(out, f, "chart.table");
    html_mark(out, "</summary>");
    put_framed(out, f, &c->title, &c->rows, e, &raw);
    html_mark(out, "</details></figure>");
}

/* ---- words --------------------------------------------------------------------------------------- */

static void put_alert(struct buf *out, const struct face *f, const struct souk_alert *a)
{
    html_mark(out, "<p class=\"alert ");
    buf_text(out, html_tone(a->tone));
    html_mark(out, "\">");
    bool is_open = open_to(out, f, a->to);
    html_msg(out, f, &a->text);
    close_to(out, f, a->to, is_open);
    html_tone_word(out, f, a->tone);
    put_why(out, f, a->why, &a->text);
    html_mark(out, "</p>");
}

static void put_empty(struct buf *out, const struct face *f, const struct souk_empty *e)
{
    html_mark(out, "<p class=\"empty\">");
    html_msg(out, f, &e->text);
    if (e->fills) {
        struct buf word = { 0 };
        html_mark(out, " ");
        say_fills(&word, f, e->fills);
        html_word(out, &word);
        buf_free(&word);
    }
    html_mark(out, "</p>");
}

static void put_text(struct buf *out, const struct face *f, const struct souk_text_element *t)
{
    html_mark(out, "<p>");
    bool is_open = open_to(out, f, t->to);
    html_msg(out, f, &t->text);
    close_to(out, f, t->to, is_open);
    html_mark(out, "</p>");
}

static void put_pager(struct buf *out, const struct face *f, const struct souk_pager *p)
{
    html_mark(out, "<nav class=\"pager\" aria-label=\"");
    html_say(out, f, "pager.label");
    html_mark(out, "\"><ul>");
    const struct { const struct souk_to *to; const char *key; } way[] = {
        { p->before, "pager.before" }, { p->next, "pager.next" },
    };
    for (size_t i = 0; i < COUNT_OF(way); i++) {
        struct buf link = { 0 };
        if (open_to(&link, f, way[i].to)) {
            html_mark(out, "<li>");
            buf_put(out, link.at, link.len);
            html_say(out, f, way[i].key);
            close_to(out, f, way[i].to, true);
            html_mark(out, "</li>");
        }
        buf_free(&link);
    }
    html_mark(out, "</ul></nav>");
}

/* ---- items --------------------------------------------------------------------------------------- */

static void put_item(struct buf *out, const struct face *f, const struct souk_item *item)
{
    struct buf word = { 0 };
    html_mark(out, "<li class=\"item ");
    buf_text(out, html_tone(item->tone));
    html_mark(out, "\"><div class=\"head\"><p class=\"title\">");
    bool is_open = open_to(out, f, item->to);
    html_msg(out, f, &item->title);
    close_to(out, f, item->to, is_open);
    html_mark(out, "</p>");
    if (html_has(&item->badge)) {
        say_msg(&word, f, &item->badge);
        html_badge(out, f, item->tone, buf_str(&word));
    } else if (item->tone != SOUK_PLAIN) {
        html_mark(out, "<span class=\"sign ");
        buf_text(out, html_tone(item->tone));
        html_mark(out, "\">");
        html_tone_word(out, f, item->tone);
        html_mark(out, "</span>");
    }
    html_mark(out, "</div>");
    if (item->value.type != SOUK_NONE || item->due.type != SOUK_NONE || item->why) {
        html_mark(out, "<p class=\"line\">");
        if (item->value.type != SOUK_NONE) {
            html_mark(out, "<b class=\"value\">");
            put_value(out, f, &item->value, false);
            html_mark(out, "</b>");
        }
        if (item->due.type != SOUK_NONE) {
            html_mark(out, " <span class=\"due\">");
            html_say(out, f, "item.due");
            html_mark(out, " ");
            put_value(out, f, &item->due, false);
            html_mark(out, "</span>");
        }
        put_why(out, f, item->why, &item->title);
        html_mark(out, "</p>");
    }
    if (html_has(&item->note)) {
        html_mark(out, "<p class=\"note\">");
        html_msg(out, f, &item->note);
        html_mark(out, "</p>");
    }
    buf_clear(&word);
    buf_free(&word);
}

/* ---- all of it ----------------------------------------------------------------------------------- */

enum { FIRST_LEVEL = 2 };                               /* of headings: the page's own is 1, a card's 2 */

struct drawing {
    struct buf *out;
    const struct face *f;
    enum view_kind run;                                 /* elements that follow each other share one list; 0: none open */
    enum view_kind group[VIEW_DEPTH];
    unsigned depth, level;
};

static void switch_run(struct drawing *d, enum view_kind kind)
{
    struct buf *out = d->out;
    if (d->run == kind)
        return;
    switch ((int)d->run) {
    case VIEW_STAT: case VIEW_FACT: html_mark(out, "</dl>"); break;
    case VIEW_LETTER: html_mark(out, "</ol>"); break;
    case VIEW_FORM: case VIEW_PROGRESS: html_mark(out, "</div>"); break;
    }
    switch ((int)kind) {
    case VIEW_STAT: html_mark(out, "<dl class=\"stats\">"); break;
    case VIEW_FACT: html_mark(out, "<dl class=\"facts\">"); break;
    case VIEW_LETTER: html_mark(out, "<ol class=\"letters\">"); break;
    case VIEW_FORM: html_mark(out, "<div class=\"forms\">"); break;
    case VIEW_PROGRESS: html_mark(out, "<div class=\"bars\">"); break;
    }
    d->run = kind;
}

static void open_titled(struct drawing *d, const struct souk_msg *title)
{
    html_heading(d->out, d->level);
    html_msg(d->out, d->f, title);
    html_heading_end(d->out, d->level);
    d->level++;
}

static void open_group(struct drawing *d, const struct view_element *e)
{
    struct buf *out = d->out;
    switch ((int)e->kind) {
    case VIEW_SECTION:
        html_mark(out, "<section class=\"part\">");
        open_titled(d, &e->title);
        break;
    case VIEW_THREAD:
        html_mark(out, "<section class=\"part thread\">");
        open_titled(d, &e->title);
        break;
    case VIEW_ITEMS:
        html_mark(out, "<section class=\"part\">");
        open_titled(d, &e->title);
        html_mark(out, "<ul class=\"items\">");
        break;
    case VIEW_ITEM:
        put_item(out, d->f, &e->item);
        break;
    case VIEW_FOLD:
        html_mark(out, "<details class=\"fold\"><summary>");
        html_msg(out, d->f, &e->title);
        html_mark(out, "</summary>");
        break;
    default:
        html_mark(out, "<div class=\"columns\">");
    }
    d->group[d->depth++] = e->kind;                     /* view_read bounds the depth */
}

static void close_group(struct drawing *d)
{
    enum view_kind kind = d->group[--d->depth];
    switch ((int)kind) {
    case VIEW_SECTION: case VIEW_THREAD: html_mark(d->out, "</section>"); break;
    case VIEW_ITEMS:   html_mark(d->out, "</ul></section>"); break;
    case VIEW_ITEM:    html_mark(d->out, "</li>"); break;
    case VIEW_FOLD:    html_mark(d->out, "</details>"); break;
    default:           html_mark(d->out, "</div>");
    }
    if (kind == VIEW_SECTION || kind == VIEW_THREAD || kind == VIEW_ITEMS)
        d->level--;
}

void html_view(struct buf *out, const struct face *f, const struct view_element *e, size_t n)
{
    struct drawing d = { .out = out, .f = f, .level = FIRST_LEVEL + (f->widget != NULL) };
    for (size_t i = 0; i < n; i++) {
        enum view_kind kind = e[i].kind;
        bool runs = kind == VIEW_STAT || kind == VIEW_FACT || kind == VIEW_LETTER || kind == VIEW_FORM ||
                    kind == VIEW_PROGRESS;
        switch_run(&d, runs ? kind : 0);
        switch (kind) {
        case VIEW_SECTION: case VIEW_COLUMNS: case VIEW_FOLD: case VIEW_ITEMS: case VIEW_ITEM: case VIEW_THREAD:
            open_group(&d, &e[i]);
            break;
        case VIEW_END:      close_group(&d); break;
        case VIEW_STAT:     put_stat(out, f, &e[i].stat); break;
        case VIEW_FACT:     put_fact(out, f, &e[i].fact); break;
        case VIEW_TABLE:    put_table_element(out, f, &e[i]); break;
        case VIEW_CHART:    put_chart(out, f, &e[i]); break;
        case VIEW_ALERT:    put_alert(out, f, &e[i].alert); break;
        case VIEW_TEXT:     put_text(out, f, &e[i].text); break;
        case VIEW_EMPTY:    put_empty(out, f, &e[i].empty); break;
        case VIEW_LETTER:   html_letter(out, f, &e[i].letter); break;
        case VIEW_FORM:     html_form(out, f, &e[i].form, i, d.level); break;
        case VIEW_PROGRESS: put_progress(out, f, &e[i].progress); break;
        case VIEW_ARTICLE:  html_article(out, e[i].article.text.at, e[i].article.text.len, d.level); break;
        case VIEW_PAGER:    put_pager(out, f, &e[i].pager); break;
        }
    }
    switch_run(&d, 0);
}
