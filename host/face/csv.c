/* SPDX-License-Identifier: Apache-2.0 */
/*
 * csv.c: rows for spreadsheets.
 *
 * A text that a spreadsheet would take for a formula gets a leading apostrophe, which our own import takes away
 * again (text_is_formula in base/base.h); numbers are written as checked numbers, so that -12.30 stays one.
 */
#include "face.h"

#include <string.h>

void csv_cell(struct buf *out, const char *text, size_t n)
{
    bool quote = memchr(text, '"', n) || memchr(text, ',', n) || memchr(text, '\n', n) || memchr(text, '\r', n);
    if (quote)
        buf_char(out, '"');
    if (text_is_formula(text, n))
        buf_char(out, '\'');
    for (size_t i = 0; i < n; i++) {
        if (text[i] == '"')
            buf_char(out, '"');
        buf_char(out, text[i]);
    }
    if (quote)
        buf_char(out, '"');
}

static void value_cell(struct buf *out, const struct face *f, const struct souk_value *v)
{
    struct buf word = { 0 };
    if (value_is_number(v) || v->type == SOUK_DAY || v->type == SOUK_INSTANT || v->type == SOUK_BOOL) {
        plain_value(out, v);
    } else if (v->type == SOUK_TEXT) {                  /* data as it is */
        csv_cell(out, v->text.at, v->text.len);
    } else if (v->type != SOUK_NONE) {
        say_value(&word, f, v);
        csv_cell(out, buf_str(&word), word.len);
    }
    buf_free(&word);
}

static void msg_cell(struct buf *out, const struct face *f, const struct souk_msg *msg)
{
    struct buf word = { 0 };
    say_msg(&word, f, msg);
    csv_cell(out, buf_str(&word), word.len);
    buf_free(&word);
}

static bool has_currency(const struct souk_rows *rows, size_t column)
{
    for (uint32_t r = 0; r < rows->n_rows; r++)
        if (souk_cell(rows, r, (uint32_t)column)->currency[0])
            return true;
    return false;
}

void csv_rows(struct buf *out, const struct face *f, const struct souk_rows *rows, const struct column *column,
              size_t n_columns)
{
    bool *with_currency = base_alloc(n_columns ? n_columns : 1);
    for (size_t c = 0; c < n_columns; c++) {
        with_currency[c] = has_currency(rows, c);
        if (c)
            buf_char(out, ',');
        csv_cell(out, column[c].name, strlen(column[c].name));
        if (with_currency[c]) {
            buf_text(out, ",");
            buf_text(out, column[c].name);
            buf_text(out, "_currency");
        }
    }
    buf_text(out, "\r\n");
    for (uint32_t r = 0; r < rows->n_rows; r++) {
        for (size_t c = 0; c < n_columns; c++) {
            const struct souk_value *v = souk_cell(rows, r, (uint32_t)c);
            if (c)
                buf_char(out, ',');
            value_cell(out, f, v);
            if (with_currency[c]) {
                buf_char(out, ',');
                buf_text(out, v->currency);
            }
        }
        buf_text(out, "\r\n");
    }
    base_free(with_currency);
}

/* One line of the long form: section,item,field,value,unit. */
static void long_line(struct buf *out, const struct face *f, const char *section, const struct souk_msg *item,
                      const char *row, const char *field, const struct souk_value *v)
{
    csv_cell(out, section, strlen(section));
    buf_char(out, ',');
    if (row)
        csv_cell(out, row, strlen(row));
    else
        msg_cell(out, f, item);
    buf_char(out, ',');
    csv_cell(out, field, strlen(field));
    buf_char(out, ',');
    value_cell(out, f, v);
    buf_char(out, ',');
    buf_text(out, plain_unit(v));
    buf_text(out, "\r\n");
}

static void long_rows(struct buf *out, const struct face *f, const char *section, const struct souk_rows *rows,
                      const struct column *column, size_t n_columns)
{
    struct buf head = { 0 };
    for (uint32_t r = 0; r < rows->n_rows; r++) {
        buf_clear(&head);                               /* the first column names the row */
        if (souk_cell(rows, r, 0)->type == SOUK_KEY)
            say_value(&head, f, souk_cell(rows, r, 0));
        else
            plain_value(&head, souk_cell(rows, r, 0));
        for (size_t c = 1; c < n_columns; c++)
            if (!column[c].is_hidden)
                long_line(out, f, section, NULL, buf_str(&head), column[c].name, souk_cell(rows, r, (uint32_t)c));
    }
    buf_free(&head);
}

/* What an item says of itself; what stands in it follows in its section. */
static void item_lines(struct buf *out, const struct face *f, const char *section, const struct souk_item *item)
{
    struct buf word = { 0 };
    say_msg(&word, f, &item->badge);
    if (word.len || (item->due.type == SOUK_NONE && item->value.type == SOUK_NONE)) {
        const struct souk_value state = souk_text(buf_str(&word));
        long_line(out, f, section, &item->title, NULL, "state", &state);
    }
    if (item->due.type != SOUK_NONE)
        long_line(out, f, section, &item->title, NULL, "due", &item->due);
    if (item->value.type != SOUK_NONE)
        long_line(out, f, section, &item->title, NULL, "value", &item->value);
    buf_free(&word);
}

void csv_view(struct buf *out, const struct face *f, const struct view_element *e, size_t n)
{
    struct buf path[16] = { 0 }, section = { 0 };
    unsigned depth = 0;
    buf_text(out, "section,item,field,value,unit\r\n");
    for (size_t i = 0; i < n; i++) {
        buf_clear(&section);
        for (unsigned d = 0; d < depth && d < COUNT_OF(path); d++)
            if (path[d].len) {
                if (section.len)
                    buf_text(&section, " / ");
                buf_text(&section, buf_str(&path[d]));
            }
        const char *in = buf_str(&section);
        switch (e[i].kind) {
        case VIEW_SECTION: case VIEW_FOLD: case VIEW_COLUMNS: case VIEW_ITEMS: case VIEW_ITEM: case VIEW_THREAD:
            if (depth < COUNT_OF(path)) {
                buf_clear(&path[depth]);
                if (e[i].kind != VIEW_COLUMNS)
                    say_msg(&path[depth], f, e[i].kind == VIEW_ITEM ? &e[i].item.title : &e[i].title);
            }
            depth++;
            if (e[i].kind == VIEW_ITEM)
                item_lines(out, f, in, &e[i].item);
            break;
        case VIEW_END:
            depth--;
            break;
        case VIEW_STAT:
            long_line(out, f, in, &e[i].stat.label, NULL, "value", &e[i].stat.value);
            if (e[i].stat.before.type != SOUK_NONE)
                long_line(out, f, in, &e[i].stat.label, NULL, "before", &e[i].stat.before);
            break;
        case VIEW_FACT:
            long_line(out, f, in, &e[i].fact.label, NULL, "value", &e[i].fact.value);
            break;
        case VIEW_TABLE:
            long_rows(out, f, in, &e[i].table.rows, e[i].column, e[i].n_columns);
            break;
        case VIEW_CHART:
            long_rows(out, f, in, &e[i].chart.rows, e[i].column, e[i].n_columns);
            break;
        case VIEW_PROGRESS:
            long_line(out, f, in, &e[i].progress.label, NULL, "value", &e[i].progress.value);
            long_line(out, f, in, &e[i].progress.label, NULL, "of", &e[i].progress.of);
            break;
        case VIEW_ALERT: case VIEW_TEXT: case VIEW_EMPTY: case VIEW_LETTER: case VIEW_FORM: case VIEW_ARTICLE:
        case VIEW_PAGER:
            break;                                      /* words, not figures */
        }
    }
    for (size_t d = 0; d < COUNT_OF(path); d++)
        buf_free(&path[d]);
    buf_free(&section);
}
