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

/* Lines as they are, and broken between words where they are wider than the terminal. */
static void wrapped(struct buf *out, const struct term *t, unsigned indent, const char *text)
{
    unsigned room = t->width > indent + 20 ? t->width - indent : 20;
    struct buf word = { 0 };
    while (*text) {
        size_t n = strcspn(text, "\n");
        const char *end = text + n;
        unsigned used = 0;
        pad(out, n ? indent : 0);
        while (text < end) {
            size_t gap = strspn(text, " \t"), length = strcspn(text + gap, " \t\n");
            buf_clear(&word);
            buf_put(&word, text + gap, length);
            unsigned wide = term_columns(buf_str(&word));
            if (used && used + gap + wide > room) {
                buf_char(out, '\n');
                pad(out, indent);
                used = 0;
            } else {
                pad(out, (unsigned)gap);
                used += (unsigned)gap;
            }
            buf_text(out, buf_str(&word));
            used += wide;
            text += gap + length;
        }
        buf_char(out, '\n');
        text += *text == '\n';
    }
    buf_free(&word);
}

static void small_print(struct buf *out, const struct face *f, const struct term *t, unsigned indent,
                        const struct souk_msg *msg)
{
    struct buf text = { 0 };
    if (!msg->key || !*msg->key)
        return;
    say_msg(&text, f, msg);
    if (t->has_colour)
        buf_text(out, sgr_dim);
    wrapped(out, t, indent, buf_str(&text));
    if (t->has_colour)
        buf_text(out, sgr_end);
    buf_free(&text);
}

static void item(struct buf *out, const struct face *f, const struct term *t, unsigned indent,
                 const struct souk_item *e)
{
    struct buf text = { 0 };
    say_msg(&text, f, &e->title);
    pad(out, indent);
    in_tone(out, t, e->tone, buf_str(&text));
    if (e->badge.key && *e->badge.key) {
        buf_text(out, "  [");
        say_msg(out, f, &e->badge);
        buf_char(out, ']');
    }
    if (e->value.type != SOUK_NONE) {
        buf_text(out, "  ");
        say_value(out, f, &e->value);
    }
    if (e->due.type != SOUK_NONE) {
        buf_text(out, "  ");
        say(out, f, "item.due");
        buf_char(out, ' ');
        say_value(out, f, &e->due);
    }
    buf_char(out, '\n');
    small_print(out, f, t, indent + 2, &e->note);
    buf_free(&text);
}

static void letter(struct buf *out, const struct face *f, const struct term *t, unsigned indent,
                   const struct souk_letter *e)
{
    static const char *const sides[] = { "", "letter.in", "letter.out", "letter.aside" };
    struct buf text = { 0 };
    pad(out, indent);
    if (t->has_colour)
        buf_text(out, sgr_bold);
    say(out, f, sides[e->side]);
    buf_char(out, ' ');
    say_msg(out, f, &e->from);
    if (t->has_colour)
        buf_text(out, sgr_end);
    buf_text(out, ", ");
    say_value(out, f, &e->at);
    if (e->state.key && *e->state.key) {
        buf_text(out, "  [");
        say_msg(out, f, &e->state);
        buf_char(out, ']');
    }
    buf_char(out, '\n');
    if (e->subject.len) {
        say_data(&text, e->subject.at, e->subject.len);
        wrapped(out, t, indent + 2, buf_str(&text));
        buf_clear(&text);
    }
    say_data(&text, e->body.at, e->body.len);
    wrapped(out, t, indent + 2, buf_str(&text));
    buf_free(&text);
}

static void progress(struct buf *out, const struct face *f, const struct term *t, unsigned indent,
                     const struct souk_progress *e)
{
    struct buf text = { 0 }, whole = { 0 };
    say_msg(&text, f, &e->label);
    pad(out, indent);
    buf_text(out, buf_str(&text));
    unsigned w = term_columns(buf_str(&text));
    pad(out, w < 28 ? 28 - w : 1);
    buf_clear(&text);
    say_value(&text, f, &e->value);
    buf_char(&text, ' ');
    say_value(&whole, f, &e->of);
    say(&text, f, "progress.of", { "whole", buf_str(&whole), 0 });
    in_tone(out, t, e->tone, buf_str(&text));
    buf_char(out, '\n');
    small_print(out, f, t, indent + 2, &e->note);
    buf_free(&text);
    buf_free(&whole);
}

/* A word of a command line, in quotes where the shell would take it apart. */
static void shell_word(struct buf *out, const char *word)
{
    bool is_plain = *word != '\0';
    for (const char *c = word; *c; c++)
        is_plain &= (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9')
                    || strchr("-_.:/@,", *c);
    if (!is_plain)
        buf_char(out, '\'');
    for (const char *c = word; *c; c++) {
        if (*c == '\'')
            buf_text(out, "'\\'");
        buf_char(out, *c);
    }
    if (!is_plain)
        buf_char(out, '\'');
}

static void form_line(struct buf *out, const struct face *f, const struct term *t, unsigned indent,
                      const struct souk_form *e, const char *command, const struct souk_msg *button)
{
    struct buf text = { 0 }, word = { 0 };
    say_msg(&text, f, button);
    buf_text(&text, ": souk do ");
    buf_text(&text, command);
    for (uint32_t i = 0; i < e->args.n; i++) {
        struct buf value = { 0 };
        value_as_text(&value, &e->args.at[i].value);
        buf_clear(&word);
        say_data(&word, buf_str(&value), value.len);
        buf_printf(&text, " %s=", e->args.at[i].name);
        shell_word(&text, buf_str(&word));
        buf_free(&value);
    }
    for (uint32_t i = 0; i < e->fields.n; i++) {
        const struct souk_field *field = &((const struct souk_field *)e->fields.at)[i];
        bool is_needed = field->flags & SOUK_FIELD_NEEDED;
        buf_printf(&text, is_needed ? " %s=…" : " [%s=…]", field->name);
    }
    wrapped(out, t, indent, buf_str(&text));
    buf_free(&text);
    buf_free(&word);
}

/* A terminal has no buttons: the line that does the same. */
static void form(struct buf *out, const struct face *f, const struct term *t, unsigned indent,
                 const struct souk_form *e)
{
    form_line(out, f, t, indent, e, e->command, &e->button);
    if (e->also)
        form_line(out, f, t, indent, e, e->also, &e->also_button);
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
            item(out, f, t, indent, &e[i].item);
            depth++;
            break;
        case VIEW_LETTER:
            letter(out, f, t, indent, &e[i].letter);
            break;
        case VIEW_PROGRESS:
            progress(out, f, t, indent, &e[i].progress);
            break;
        case VIEW_FORM:
            form(out, f, t, indent, &e[i].form);
            break;
        case VIEW_ARTICLE:
            say_data(&text, e[i].article.text.at, e[i].article.text.len);
            wrapped(out, t, indent, buf_str(&text));
            break;
        case VIEW_PAGER:                                /* what leads further is on the page, not here */
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
            if (e[i].chart.kind == SOUK_HEAT)
                term_rows(out, f, t, &e[i].chart.rows, e[i].column, e[i].n_columns);
            else
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
            line(out, indent, buf_str(&text));
            buf_clear(&text);
            if (e[i].empty.fills)
                say_fills(&text, f, e[i].empty.fills);
            if (text.len)
                line(out, indent, buf_str(&text));
            break;
        }
    }
    buf_free(&text);
}
