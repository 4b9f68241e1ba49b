/* SPDX-License-Identifier: Apache-2.0 */
/*
 * term.c: a view on a terminal: aligned, at most as wide as the terminal, without escape codes when
 * there is no colour to be had.
 */
#include "face.h"

#include <string.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

static const char sgr_bold[] = "\033[1m", sgr_dim[] = "\033[2m", sgr_end[] = "\033[0m";
static const char *const sgr_tone[] = { "", "\033[32m", "\033[33m", "\033[31m", "\033[36m" };
/* A word beside the colour: colour never speaks alone. */
static const char *const tone_sign[] = { "", "+ ", "! ", "!! ", "i " };

unsigned term_columns(const char *text)
{
    int32_t i = 0, n = (int32_t)strlen(text);
    unsigned columns = 0;
    while (i < n) {
        UChar32 c;
        U8_NEXT(text, i, n, c);
        int width = u_getIntPropertyValue(c < 0 ? 0xFFFD : c, UCHAR_EAST_ASIAN_WIDTH);
        int type = u_charType(c < 0 ? 0xFFFD : c);
        if (type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK || type == U_FORMAT_CHAR)
            continue;
        columns += width == U_EA_WIDE || width == U_EA_FULLWIDTH ? 2 : 1;
    }
    return columns;
}

static void pad(struct buf *out, unsigned n)
{
    while (n--)
        buf_char(out, ' ');
}

/* At most `width` columns of a text; what is cut ends in an ellipsis.  Control characters are dots. */
static void put_cut(struct buf *out, const char *text, unsigned width)
{
    bool fits = term_columns(text) <= width;
    int32_t i = 0, n = (int32_t)strlen(text);
    unsigned used = 0;
    while (i < n) {
        int32_t before = i;
        UChar32 c;
        char one[5] = { 0 };
        U8_NEXT(text, i, n, c);
        memcpy(one, text + before, (size_t)(i - before < 4 ? i - before : 4));
        unsigned w = term_columns(one);
        if (!fits && used + w > width - 1) {
            buf_text(out, "…");
            return;
        }
        if (c >= 0 && (c < 0x20 || c == 0x7F))
            buf_char(out, '.');
        else
            buf_text(out, one);
        used += w;
    }
}

static void line(struct buf *out, unsigned indent, const char *text)
{
    pad(out, indent);
    buf_text(out, text);
    buf_char(out, '\n');
}

static void in_tone(struct buf *out, const struct term *t, uint32_t tone, const char *text)
{
    bool coloured = t->has_colour && tone && tone < COUNT_OF(sgr_tone);
    if (coloured)
        buf_text(out, sgr_tone[tone]);
    if (tone < COUNT_OF(tone_sign))
        buf_text(out, tone_sign[tone]);
    buf_text(out, text);
    if (coloured)
        buf_text(out, sgr_end);
}

static bool is_figure(uint32_t type)
{
    return type == SOUK_COUNT || type == SOUK_MONEY || type == SOUK_RATE || type == SOUK_AVERAGE || type == SOUK_DAY;
}

void term_rows(struct buf *out, const struct face *f, const struct term *t, const struct souk_rows *rows,
               const struct column *column, size_t n_columns)
{
    enum { MOST = 40 };
    unsigned width[MOST] = { 0 }, all = 0;
    struct buf word = { 0 };
    if (n_columns > MOST)
        n_columns = MOST;
    for (size_t c = 0; c < n_columns; c++) {
        if (column[c].is_hidden)
            continue;
        buf_clear(&word);
        say_column(&word, f, column[c].name);
        width[c] = term_columns(buf_str(&word));
        for (uint32_t r = 0; r < rows->n_rows; r++) {
            buf_clear(&word);
            say_value(&word, f, souk_cell(rows, r, (uint32_t)c));
            unsigned w = term_columns(buf_str(&word));
            if (w > width[c])
                width[c] = w;
        }
        all += width[c] + 2;
    }
    while (all > t->width + 2) {                        /* the widest column of words gives way, never a figure */
        size_t widest = n_columns;
        for (size_t c = 0; c < n_columns; c++)
            if (!column[c].is_hidden && !is_figure(column[c].type) && (widest == n_columns || width[c] > width[widest]))
                widest = c;
        if (widest == n_columns || width[widest] <= 8)
            break;
        width[widest]--;
        all--;
    }
    for (uint32_t r = 0; r <= rows->n_rows; r++) {      /* row 0 is the header */
        bool is_first = true;
        if (r == 0 && t->has_colour)
            buf_text(out, sgr_bold);
        for (size_t c = 0; c < n_columns; c++) {
            if (column[c].is_hidden)
                continue;
            buf_clear(&word);
            if (r == 0)
                say_column(&word, f, column[c].name);
            else
                say_value(&word, f, souk_cell(rows, r - 1, (uint32_t)c));
            if (!is_first)
                pad(out, 2);
            is_first = false;
            unsigned w = term_columns(buf_str(&word)), room = width[c] > w ? width[c] - w : 0;
            bool right = is_figure(column[c].type);
            if (right)
                pad(out, room);
            put_cut(out, buf_str(&word), width[c]);
            if (!right && c + 1 < n_columns)
                pad(out, room);
        }
        if (r == 0 && t->has_colour)
            buf_text(out, sgr_end);
        buf_char(out, '\n');
    }
    if (rows->is_cut) {
        buf_clear(&word);
        say(&word, f, "rows.cut", { "n", NULL, rows->n_rows });
        line(out, 0, buf_str(&word));
    }
    buf_free(&word);
}

static void axis(struct buf *out, const struct face *f, const struct souk_value *v)
{
    if (v->type == SOUK_DAY)
        text_day_short(out, &f->reader, (int32_t)v->num);
    else
        say_value(out, f, v);
}

/* Eight heights, one for each row of the second column; the first and last x beside it. */
static void spark(struct buf *out, const struct face *f, unsigned indent, const struct souk_rows *rows)
{
    static const char *const bar[] = { "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };
    int64_t most = 1;
    if (!rows->n_rows)
        return;
    for (uint32_t r = 0; r < rows->n_rows; r++)
        if (souk_num(rows, r, 1, 0) > most)
            most = souk_num(rows, r, 1, 0);
    pad(out, indent);
    for (uint32_t r = 0; r < rows->n_rows; r++) {
        int64_t n = souk_num(rows, r, 1, 0);
        buf_text(out, bar[n <= 0 ? 0 : (int)((__int128_t)n * 7 / most)]);
    }
    buf_text(out, "  ");
    axis(out, f, souk_cell(rows, 0, 0));
    buf_text(out, " – ");
    axis(out, f, souk_cell(rows, rows->n_rows - 1, 0));
    buf_char(out, '\n');
}

static void stat(struct buf *out, const struct face *f, const struct term *t, unsigned indent,
                 const struct souk_stat *s)
{
    struct buf label = { 0 }, value = { 0 };
    int64_t bp;
    say_msg(&label, f, &s->label);
    say_value(&value, f, &s->value);
    pad(out, indent);
    buf_text(out, buf_str(&label));
    unsigned w = term_columns(buf_str(&label));
    pad(out, w < 28 ? 28 - w : 1);
    w = term_columns(buf_str(&value));
    pad(out, w < 14 ? 14 - w : 0);
    in_tone(out, t, s->tone, buf_str(&value));
    if (s->is_estimate) {
        buf_text(out, " (");
        say(out, f, "stat.estimate");
        buf_char(out, ')');
    }
    if (s->before.type != SOUK_NONE) {
        buf_text(out, "  ");
        if (say_change(&s->value, &s->before, &bp)) {
            text_bp(out, &f->reader, bp, true);
            buf_char(out, ' ');
            say_msg(out, f, &s->before_label);
        } else {
            say_msg(out, f, &s->before_label);
            buf_text(out, ": ");
            say_value(out, f, &s->before);
        }
    }
    buf_char(out, '\n');
    if (s->note.key && *s->note.key) {
        buf_clear(&label);
        say_msg(&label, f, &s->note);
        if (t->has_colour)
            buf_text(out, sgr_dim);
        line(out, indent + 2, buf_str(&label));
        if (t->has_colour)
            buf_text(out, sgr_end);
    }
    buf_free(&label);
    buf_free(&value);
}

void term_view(struct buf *out, const struct face *f, const struct term *t, const struct view_element *e, size_t n)
{
    struct buf text = { 0 };
    unsigned depth = 0;
    for (size_t i = 0; i < n; i++) {
        unsigned indent = depth * 2;
        buf_clear(&text);
        switch (e[i].kind) {
        case VIEW_ITEM:
            say_msg(&text, f, &e[i].item.title);
            pad(out, indent);
            in_tone(out, t, e[i].item.tone, buf_str(&text));
            buf_char(out, '\n');
            depth++;
            break;
        case VIEW_LETTER:
            say_msg(&text, f, &e[i].letter.from);
            line(out, indent, buf_str(&text));
            break;
        case VIEW_PROGRESS:
            say_msg(&text, f, &e[i].progress.label);
            line(out, indent, buf_str(&text));
            break;
        case VIEW_FORM: case VIEW_ARTICLE: case VIEW_PAGER:
            break;
        case VIEW_SECTION: case VIEW_FOLD: case VIEW_ITEMS: case VIEW_THREAD:
            say_msg(&text, f, &e[i].title);
            if (t->has_colour)
                buf_text(out, sgr_bold);
            line(out, indent, buf_str(&text));
            if (t->has_colour)
                buf_text(out, sgr_end);
            depth++;
            break;
        case VIEW_COLUMNS:
            depth++;
            break;
        case VIEW_END:
            depth--;
            break;
        case VIEW_STAT:
            stat(out, f, t, indent, &e[i].stat);
            break;
        case VIEW_FACT:
            say_msg(&text, f, &e[i].fact.label);
            pad(out, indent);
            buf_text(out, buf_str(&text));
            buf_text(out, ": ");
            buf_clear(&text);
            say_value(&text, f, &e[i].fact.value);
            in_tone(out, t, e[i].fact.tone, buf_str(&text));
            buf_char(out, '\n');
            break;
        case VIEW_TABLE:
            say_msg(&text, f, &e[i].table.title);
            if (text.len)
                line(out, indent, buf_str(&text));
            term_rows(out, f, t, &e[i].table.rows, e[i].column, e[i].n_columns);
            break;
        case VIEW_CHART:
            say_msg(&text, f, &e[i].chart.title);
            line(out, indent, buf_str(&text));
            spark(out, f, indent, &e[i].chart.rows);
            break;
        case VIEW_ALERT:
            say_msg(&text, f, &e[i].alert.text);
            pad(out, indent);
            in_tone(out, t, e[i].alert.tone, buf_str(&text));
            buf_char(out, '\n');
            break;
        case VIEW_TEXT:
            say_msg(&text, f, &e[i].text.text);
            line(out, indent, buf_str(&text));
            break;
        case VIEW_EMPTY:
            say_msg(&text, f, &e[i].empty.text);
            if (e[i].empty.fills) {
                buf_char(&text, ' ');
                say_fills(&text, f, e[i].empty.fills);
            }
            line(out, indent, buf_str(&text));
            break;
        }
    }
    buf_free(&text);
}
