/* SPDX-License-Identifier: Apache-2.0 */
/*
 * html_field.c: the controls of fields of which the world has a form; see html_in.h.
 *
 * What has many choices is a list to choose from, with names in the reader's language.  A region is a line with
 * proposals: its country may be another when the form is sent.
 */
#include "html_in.h"

#include <stdio.h>
#include <string.h>

#include "base/check_bank.h"
#include "base/check_contact.h"
#include "base/place.h"
#include "plug/field.h"

void html_attribute(struct buf *out, const char *value)
{
    html_mark(out, "=\"");
    html_text(out, value);
    html_mark(out, "\"");
}

void html_common(struct buf *out, const struct html_input *in)
{
    html_mark(out, " name");
    html_attribute(out, in->field->name);
    if (in->id) {
        html_mark(out, " id");
        html_attribute(out, in->id);
    }
    if (in->described_by && *in->described_by) {
        html_mark(out, " aria-describedby");
        html_attribute(out, in->described_by);
    }
    if (in->is_bad)
        html_mark(out, " aria-invalid=\"true\"");
    if (in->field->flags & SOUK_FIELD_NEEDED)
        html_mark(out, " required");
}

void html_option(struct buf *out, const char *value, const char *now)
{
    html_mark(out, "<option value");
    html_attribute(out, value);
    if (text_is(value, now))
        html_mark(out, " selected");
    html_mark(out, ">");
}

void html_other(struct buf *out, const char *now)
{
    html_option(out, now, now);
    html_text(out, *now ? now : "–");
    html_mark(out, "</option>");
}

/* ---- one control ----------------------------------------------------------------------------------- */

static void put_places(struct buf *out, const struct face *f, const struct html_input *in, enum place_kind kind)
{
    struct arena *tmp = arena_new("places", 1 << 15);
    size_t n;
    bool is_there = false;
    const struct place *list = place_list(tmp, kind, &f->reader, &n);
    html_mark(out, "<select");
    html_common(out, in);
    if (kind == PLACE_COUNTRY)
        html_mark(out, " autocomplete=\"country\"");
    html_mark(out, ">");
    for (size_t i = 0; i < n; i++)
        is_there |= text_is(list[i].code, in->text);
    if (!is_there)
        html_other(out, in->text);
    if (*in->text && !(in->field->flags & SOUK_FIELD_NEEDED)) {
        html_option(out, "", in->text);
        html_mark(out, "–</option>");
    }
    for (size_t i = 0; i < n; i++) {
        html_option(out, list[i].code, in->text);
        html_text(out, list[i].name);
        if (kind == PLACE_CURRENCY) {
            html_mark(out, " (");
            html_text(out, list[i].code);
            html_mark(out, ")");
        }
        html_mark(out, "</option>");
    }
    html_mark(out, "</select>");
    arena_free(tmp);
}

static void put_value(struct buf *out, const char *text)
{
    html_mark(out, " value");
    html_attribute(out, text);
    html_mark(out, ">");
}

static void put_region(struct buf *out, const struct html_input *in)
{
    const struct region *is = place_region(in->text);
    size_t n = 0;
    const char *country = in->country && *in->country ? in->country : is ? is->code : "";
    char list[200], two[3] = "";
    memcpy(two, country, strnlen(country, 2));
    const struct region *all = place_regions(two, &n);
    snprintf(list, sizeof list, "%s-list", in->id ? in->id : in->field->name);
    html_mark(out, "<input");
    html_common(out, in);
    html_mark(out, " type=\"text\" autocomplete=\"address-level1\"");
    if (n) {
        html_mark(out, " list");
        html_attribute(out, list);
    }
    put_value(out, is && place_region_find(two, is->name) == is ? is->name : in->text);
    if (!n)
        return;
    html_mark(out, "<datalist id");
    html_attribute(out, list);
    html_mark(out, ">");
    for (size_t i = 0; i < n; i++) {                    /* where two have one name, the code tells them apart */
        html_mark(out, "<option value");
        html_attribute(out, place_region_find(two, all[i].name) ? all[i].name : all[i].code);
        html_mark(out, ">");
        html_text(out, all[i].name);
        html_mark(out, "</option>");
    }
    html_mark(out, "</datalist>");
}

/* What a browser is told of a line: its keyboard, what it may fill in. */
static bool put_kind(struct buf *out, const struct souk_field *field)
{
    switch (field->type) {
    case SOUK_FIELD_MONTH:    html_mark(out, " type=\"month\""); break;
    case SOUK_FIELD_TIME:     html_mark(out, " type=\"time\""); break;
    case SOUK_FIELD_EMAIL:    html_mark(out, " type=\"email\" autocomplete=\"email\""); break;
    case SOUK_FIELD_PHONE:    html_mark(out, " type=\"tel\" autocomplete=\"tel\""); break;
    case SOUK_FIELD_URL:      html_mark(out, " type=\"url\" autocomplete=\"url\""); break;
    case SOUK_FIELD_POSTCODE: html_mark(out, " type=\"text\" autocomplete=\"postal-code\" spellcheck=\"false\""); break;
    case SOUK_FIELD_CARD_TAIL:
        html_mark(out, " type=\"text\" inputmode=\"numeric\" autocomplete=\"off\" size=\"4\"");
        break;
    case SOUK_FIELD_BANK_US: case SOUK_FIELD_BANK_UK:
        html_mark(out, " type=\"text\" inputmode=\"numeric\" autocomplete=\"off\"");
        break;
    case SOUK_FIELD_IBAN: case SOUK_FIELD_BIC: case SOUK_FIELD_TAX_ID:
        html_mark(out, " type=\"text\" autocapitalize=\"characters\" autocomplete=\"off\" spellcheck=\"false\"");
        break;
    case SOUK_FIELD_BANK_JP: case SOUK_FIELD_SKU:
        html_mark(out, " type=\"text\" autocomplete=\"off\" spellcheck=\"false\"");
        break;
    case SOUK_FIELD_SOME_OF: case SOUK_FIELD_WEEKDAYS: case SOUK_FIELD_PERIOD:      /* where a set cannot stand */
        html_mark(out, " type=\"text\" autocomplete=\"off\"");
        break;
    default:
        return false;
    }
    return true;
}

static void put_line(struct buf *out, const struct html_input *in)
{
    struct buf words = { 0 };
    if (in->field->type == SOUK_FIELD_IBAN && !in->is_bad)             /* what was refused stands as it was typed */
        buf_iban(&words, in->text);
    else if (in->field->type == SOUK_FIELD_PHONE && !in->is_bad)
        buf_phone(&words, in->text);
    else
        buf_text(&words, in->text);
    put_value(out, buf_str(&words));
    buf_free(&words);
}

bool html_field_known(struct buf *out, const struct face *f, const struct html_input *in)
{
    switch (in->field->type) {
    case SOUK_FIELD_COUNTRY:  put_places(out, f, in, PLACE_COUNTRY); return true;
    case SOUK_FIELD_CURRENCY: put_places(out, f, in, PLACE_CURRENCY); return true;
    case SOUK_FIELD_LANGUAGE: put_places(out, f, in, PLACE_LANGUAGE); return true;
    case SOUK_FIELD_ZONE:     put_places(out, f, in, PLACE_ZONE); return true;
    case SOUK_FIELD_REGION:   put_region(out, in); return true;
    case SOUK_FIELD_SELECTION:
        html_mark(out, "<textarea rows=\"4\" spellcheck=\"false\"");
        html_common(out, in);
        html_mark(out, ">\n");
        html_text(out, in->text);
        html_mark(out, "</textarea>");
        return true;
    default:
        break;
    }
    struct buf kind = { 0 };
    bool is_known = put_kind(&kind, in->field);
    if (is_known) {
        html_mark(out, "<input");
        html_common(out, in);
        buf_text(out, buf_str(&kind));
        put_line(out, in);
    }
    buf_free(&kind);
    return is_known;
}

/* ---- several controls, one value ------------------------------------------------------------------------ */

bool html_is_wide(const struct souk_field *field)
{
    switch (field->type) {
    case SOUK_FIELD_LINE: case SOUK_FIELD_AREA: case SOUK_FIELD_URL: case SOUK_FIELD_SELECTION: case SOUK_FIELD_IBAN:
        return true;
    default:
        return html_is_set(field);
    }
}

bool html_is_set(const struct souk_field *field)
{
    return field->type == SOUK_FIELD_SOME_OF || field->type == SOUK_FIELD_WEEKDAYS || field->type == SOUK_FIELD_PERIOD;
}

static bool has_word(const char *list, const char *word)
{
    for (const char *at = list; *at; at += strspn(at, " ,")) {
        size_t n = strcspn(at, " ,");
        if (n == strlen(word) && memcmp(at, word, n) == 0)
            return true;
        at += n;
    }
    return false;
}

static void put_part_name(struct buf *out, const struct html_input *in, const char *part)
{
    char name[200];
    snprintf(name, sizeof name, "%s:%s", in->field->name, part);
    html_mark(out, " name");
    html_attribute(out, name);
}

static void put_tick(struct buf *out, const struct face *f, const struct html_input *in, const char *word, const char *key,
                     unsigned weekday)
{
    html_mark(out, "<label class=\"tick\"><input type=\"checkbox\"");
    put_part_name(out, in, word);
    html_mark(out, " value");
    html_attribute(out, word);
    if (has_word(in->text, word))
        html_mark(out, " checked");
    html_mark(out, "> <span>");
    if (key) {
        html_key(out, f, key);
    } else {
        struct buf name = { 0 };
        text_weekday(&name, &f->reader, weekday);
        html_word(out, &name);
        buf_free(&name);
    }
    html_mark(out, "</span></label>");
}

/* A day of a period; `at` its place in the text. */
static void put_day(struct buf *out, const struct face *f, const struct html_input *in, const char *part, const char *day,
                    size_t n)
{
    struct buf text = { 0 };
    buf_put(&text, day, n);
    html_mark(out, "<label><span>");
    if (text_is(part, "1"))
        html_say(out, f, "form.first_day");
    else
        html_say(out, f, "form.last_day");
    html_mark(out, "</span> <input type=\"date\"");
    put_part_name(out, in, part);
    if (in->field->flags & SOUK_FIELD_NEEDED)
        html_mark(out, " required");
    put_value(out, buf_str(&text));
    html_mark(out, "</label>");
    buf_free(&text);
}

void html_set(struct buf *out, const struct face *f, const struct html_input *in)
{
    const struct souk_field *field = in->field;
    size_t first = strcspn(in->text, " /"), gap = strspn(in->text + first, " /");
    html_mark(out, "<fieldset class=\"set\"");
    if (in->described_by && *in->described_by) {
        html_mark(out, " aria-describedby");
        html_attribute(out, in->described_by);
    }
    html_mark(out, "><legend>");
    html_key(out, f, field->title);
    if (field->flags & SOUK_FIELD_NEEDED) {
        html_mark(out, " <span class=\"needed\">(");
        html_say(out, f, "form.needed");
        html_mark(out, ")</span>");
    }
    html_mark(out, "</legend>");
    if (field->type == SOUK_FIELD_PERIOD) {
        put_day(out, f, in, "1", in->text, first);
        put_day(out, f, in, "2", in->text + first + gap, strlen(in->text + first + gap));
    }
    for (unsigned i = 0; field->type == SOUK_FIELD_WEEKDAYS && i < 7; i++)
        put_tick(out, f, in, field_weekdays[i], NULL, i + 1);
    for (uint32_t i = 0; field->type == SOUK_FIELD_SOME_OF && i < field->choices.n; i++) {
        const struct souk_choice *c = &((const struct souk_choice *)field->choices.at)[i];
        put_tick(out, f, in, c->value, c->title, 0);
    }
    html_mark(out, "</fieldset>");
}
