/* SPDX-License-Identifier: Apache-2.0 */
/*
 * html_form.c: input fields; forms that read (options in the address) and forms that run a command.
 *
 * A form works without scripts: what it will run stands in it, sealed, and what was typed comes back
 * with a sentence beside the field that was refused.
 */
#include "html_in.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "data/market.h"
#include "plug/field.h"

/* ---- fields -------------------------------------------------------------------------------------- */

static void put_choices(struct buf *out, const struct face *f, const struct html_input *in)
{
    const struct souk_field *field = in->field;
    bool is_there = false;
    html_mark(out, "<select");
    html_common(out, in);
    html_mark(out, ">");
    for (uint32_t i = 0; i < field->choices.n; i++)
        is_there |= text_is(((const struct souk_choice *)field->choices.at)[i].value, in->text);
    if (!is_there)
        html_other(out, in->text);
    for (uint32_t i = 0; i < field->choices.n; i++) {
        const struct souk_choice *c = &((const struct souk_choice *)field->choices.at)[i];
        html_option(out, c->value, in->text);
        html_key(out, f, c->title);
        html_mark(out, "</option>");
    }
    html_mark(out, "</select>");
}

static void put_markets(struct buf *out, const struct face *f, const struct html_input *in)
{
    const struct market *now = market_find(in->text);
    html_mark(out, "<select");
    html_common(out, in);
    html_mark(out, ">");
    if (!now)
        html_other(out, in->text);
    for (const struct market *m = markets; m->id; m++) {
        bool is_ours = !f->markets || m == now;
        for (size_t i = 0; i < f->n_markets && !is_ours; i++)
            is_ours = text_is(f->markets[i], m->id);
        if (!is_ours)
            continue;
        html_option(out, m->code, now ? now->code : "");
        html_text(out, m->name);
        html_mark(out, "</option>");
    }
    html_mark(out, "</select>");
}

/* A choice of the two, for a form whose address must say which. */
static void put_yes_no(struct buf *out, const struct face *f, const struct html_input *in)
{
    html_mark(out, "<select");
    html_common(out, in);
    html_mark(out, ">");
    html_option(out, "yes", in->text);
    html_say(out, f, "value.yes");
    html_mark(out, "</option>");
    html_option(out, "no", in->text);
    html_say(out, f, "value.no");
    html_mark(out, "</option></select>");
}

static void put_area(struct buf *out, const struct html_input *in)
{
    html_mark(out, "<textarea rows=\"6\"");
    html_common(out, in);
    html_mark(out, ">\n");                              /* a first line end is not part of the text */
    html_text(out, in->text);
    html_mark(out, "</textarea>");
}

static void put_bound(struct buf *out, const char *name, const struct souk_field *field, int64_t bound)
{
    struct buf text = { 0 };
    const struct souk_value v = souk_number(field_gives(field->type), bound, 0);
    value_as_text(&text, &v);
    buf_char(out, ' ');
    buf_text(out, name);
    html_attribute(out, buf_str(&text));
    buf_free(&text);
}

static void put_line(struct buf *out, const struct html_input *in)
{
    const struct souk_field *field = in->field;
    bool is_bound = field->min || field->max;
    html_mark(out, "<input");
    html_common(out, in);
    if (field->flags & SOUK_FIELD_SECRET)
        html_mark(out, " autocomplete=\"off\" spellcheck=\"false\"");
    switch (field->type) {
    case SOUK_FIELD_COUNT:   html_mark(out, " type=\"number\" step=\"1\""); break;
    case SOUK_FIELD_DAY:     html_mark(out, " type=\"date\""); break;
    case SOUK_FIELD_INSTANT: html_mark(out, " type=\"datetime-local\""); break;
    case SOUK_FIELD_MONEY: case SOUK_FIELD_PERCENT: case SOUK_FIELD_DECIMAL:
        html_mark(out, " type=\"text\" inputmode=\"decimal\" size=\"12\"");
        break;
    default:                 html_mark(out, " type=\"text\"");
    }
    if (is_bound && (field->type == SOUK_FIELD_COUNT || field->type == SOUK_FIELD_DAY)) {
        put_bound(out, "min", field, field->min);
        put_bound(out, "max", field, field->max);
    }
    html_mark(out, " value");
    html_attribute(out, in->text);
    html_mark(out, ">");
}

static void put_input(struct buf *out, const struct face *f, const struct html_input *in)
{
    switch (in->field->type) {
    case SOUK_FIELD_ONE_OF: put_choices(out, f, in); break;
    case SOUK_FIELD_MARKET: put_markets(out, f, in); break;
    case SOUK_FIELD_BOOL:   put_yes_no(out, f, in); break;
    case SOUK_FIELD_AREA:   put_area(out, in); break;
    default:
        if (!html_field_known(out, f, in))
            put_line(out, in);
    }
}

/* What the field measures, behind its title: "EUR", "%", the zone in which a time is meant. */
static void put_unit(struct buf *out, const struct face *f, const struct souk_field *field)
{
    const char *unit = "";
    if (field->type == SOUK_FIELD_PERCENT)
        unit = "%";
    else if (field->type == SOUK_FIELD_MONEY && field->fallback.type == SOUK_MONEY && field->currency_of)
        unit = field->fallback.currency;
    else if (field->type == SOUK_FIELD_INSTANT && !field->zone_of)
        unit = f->reader.zone;
    if (!*unit)
        return;
    html_mark(out, " <span class=\"unit\">");
    html_text(out, unit);
    html_mark(out, "</span>");
}

void html_form_field(struct buf *out, const struct face *f, const struct souk_field *field, const struct souk_value *now)
{
    struct buf value = { 0 };
    field_as_text(&value, field, now, f->reader.zone);
    const struct html_input in = { .field = field, .text = buf_str(&value) };
    if (field->type == SOUK_FIELD_BOOL && !field->fallback.num) {      /* not in the address means no, so a tick will do */
        html_mark(out, "<label class=\"tick\"><input type=\"checkbox\" value=\"yes\"");
        html_common(out, &in);
        if (text_is(in.text, "yes"))
            html_mark(out, " checked");
        html_mark(out, "> <span>");
        html_key(out, f, field->title);
        html_mark(out, "</span></label>");
        buf_free(&value);
        return;
    }
    html_mark(out, "<label><span>");
    html_key(out, f, field->title);
    put_unit(out, f, field);
    html_mark(out, "</span> ");
    put_input(out, f, &in);
    html_mark(out, "</label>");
    buf_free(&value);
}

/* ---- forms that read ----------------------------------------------------------------------------- */

void html_form_begin(struct buf *out, const char *action, const char *label)
{
    html_mark(out, "<form class=\"options\" method=\"get\" action");
    html_attribute(out, action);
    html_mark(out, " aria-label");
    html_attribute(out, label);
    html_mark(out, ">");
}

void html_form_hidden(struct buf *out, const char *name, const char *value)
{
    html_mark(out, "<input type=\"hidden\" name");
    html_attribute(out, name);
    html_mark(out, " value");
    html_attribute(out, value);
    html_mark(out, ">");
}

void html_form_end(struct buf *out, const char *button)
{
    html_mark(out, "<button>");
    html_text(out, button);
    html_mark(out, "</button></form>");
}

/* ---- forms of the way in ------------------------------------------------------------------------- */

void html_post_begin(struct buf *out, const char *action, const char *label)
{
    html_mark(out, "<form class=\"act way\" method=\"post\" action");
    html_attribute(out, action);
    html_mark(out, " aria-label");
    html_attribute(out, label);
    html_mark(out, ">");
}

void html_post_field(struct buf *out, const struct html_post_field *f)
{
    html_mark(out, "<div class=\"field area\"><label for=\"way-");
    html_text(out, f->name);
    html_mark(out, "\">");
    html_text(out, f->title);
    html_mark(out, "</label><input required name");
    html_attribute(out, f->name);
    html_mark(out, " id=\"way-");
    html_text(out, f->name);
    html_mark(out, "\" type");
    html_attribute(out, f->type);
    html_mark(out, " autocomplete");
    html_attribute(out, f->complete);
    if (f->about) {
        html_mark(out, " aria-describedby=\"way-");
        html_text(out, f->name);
        html_mark(out, "-about\"");
    }
    if (f->value) {
        html_mark(out, " value");
        html_attribute(out, f->value);
    }
    html_mark(out, ">");
    if (f->about) {
        html_mark(out, "<p class=\"about\" id=\"way-");
        html_text(out, f->name);
        html_mark(out, "-about\">");
        html_text(out, f->about);
        html_mark(out, "</p>");
    }
    html_mark(out, "</div>");
}

void html_post_end(struct buf *out, const char *button)
{
    html_mark(out, "<button>");
    html_text(out, button);
    html_mark(out, "</button></form>");
}

/* ---- forms that run a command -------------------------------------------------------------------- */

struct running {
    struct buf *out;
    const struct face *f;
    const struct souk_form *form;
    const struct form_sent *again;                      /* this form, as it was refused; or NULL */
    char id[80];                                        /* where the ids of its parts begin */
    struct buf fixed, ticks, sets, pairs;               /* names */
    struct buf seal, also_seal;
};

static const char *typed(const struct running *r, const char *name)
{
    for (size_t i = 0; r->again && i < r->again->n_args; i++)
        if (text_is(r->again->arg[i].name, name))
            return r->again->arg[i].value;
    return NULL;
}

static void put_tick(struct running *r, const struct souk_field *field, const struct html_input *in)
{
    struct buf *out = r->out;
    if (r->ticks.len)
        buf_char(&r->ticks, ' ');
    buf_text(&r->ticks, field->name);
    html_mark(out, "<label class=\"tick\"><input type=\"checkbox\" value=\"yes\"");
    const struct souk_field free = { .name = field->name };     /* "needed" would mean: it must be ticked */
    struct html_input plain = *in;
    plain.field = &free;
    html_common(out, &plain);
    if (text_is(in->text, "yes"))
        html_mark(out, " checked");
    html_mark(out, "> <span>");
    html_key(out, r->f, field->title);
    html_mark(out, "</span></label>");
}

static void put_labelled(struct running *r, const struct souk_field *field, const struct html_input *in)
{
    struct buf *out = r->out;
    html_mark(out, "<label for");
    html_attribute(out, in->id);
    html_mark(out, ">");
    html_key(out, r->f, field->title);
    put_unit(out, r->f, field);
    if (field->flags & SOUK_FIELD_NEEDED) {
        html_mark(out, " <span class=\"needed\">(");
        html_say(out, r->f, "form.needed");
        html_mark(out, ")</span>");
    }
    html_mark(out, "</label>");
    put_input(out, r->f, in);
}

/* How the rarer ones are written, where the plugin says nothing of its own beside them. */
static bool has_hint(const struct souk_field *field)
{
    return (field->type >= SOUK_FIELD_IBAN && field->type <= SOUK_FIELD_CARD_TAIL && field->type != SOUK_FIELD_TAX_ID)
           || field->type == SOUK_FIELD_PHONE || field->type == SOUK_FIELD_SELECTION;
}

static void put_hint(struct running *r, const struct souk_field *field)
{
    struct buf words = { 0 };
    if (field->type == SOUK_FIELD_SELECTION)
        say(&words, r->f, "form.selection");
    else if (field->type == SOUK_FIELD_CARD_TAIL)
        say(&words, r->f, "form.card_tail");
    else
        say(&words, r->f, "form.like", { "example", field_like(field), 0 });
    html_word(r->out, &words);
    buf_free(&words);
}

static void put_set(struct running *r, const struct html_input *in)
{
    struct buf *names = in->field->type == SOUK_FIELD_PERIOD ? &r->pairs : &r->sets;
    if (names->len)
        buf_char(names, ' ');
    buf_text(names, in->field->name);
    html_set(r->out, r->f, in);
}

/* What the other field of the form holds: the country of a region. */
static const char *country_now(struct running *r, const struct souk_field *field)
{
    const char *is = field->country_of ? typed(r, field->country_of) : NULL;
    for (uint32_t i = 0; field->country_of && !is && i < r->form->fields.n; i++)
        if (text_is(field_at(&r->form->fields, i)->name, field->country_of))
            is = field_at(&r->form->fields, i)->fallback.text.at;
    for (uint32_t i = 0; field->country_of && !is && i < r->form->args.n; i++)
        if (text_is(r->form->args.at[i].name, field->country_of))
            is = r->form->args.at[i].value.text.at;
    const struct market *m = is ? market_find(is) : NULL;
    return m && strlen(is) != 2 ? m->country : is;
}

/* Shown while another field holds one of these: souk.js hides it; without it, what is sent in vain is not kept. */
static void put_when(struct running *r, const struct souk_field *field)
{
    if (!field->when)
        return;
    html_mark(r->out, " data-when");
    html_attribute(r->out, field->when);
    if (field->when_is) {
        html_mark(r->out, " data-is");
        html_attribute(r->out, field->when_is);
    }
}

static void put_field(struct running *r, const struct souk_field *field)
{
    struct buf *out = r->out, value = { 0 };
    char id[160], about[180], fault[180], by[400];
    const char *is = field->flags & SOUK_FIELD_SECRET ? NULL : typed(r, field->name);   /* a secret is typed again */
    bool is_bad = r->again && r->again->fault && text_is(r->again->field, field->name);
    if (field->flags & SOUK_FIELD_QUIET || field->type == SOUK_FIELD_HIDDEN) {      /* as it is now, not as it was sent */
        field_as_text(&value, field, &field->fallback, r->f->reader.zone);
        html_form_hidden(out, field->name, buf_str(&value));
        buf_free(&value);
        return;
    }
    if (is)
        buf_text(&value, is);
    else
        field_as_text(&value, field, &field->fallback, r->f->reader.zone);
    bool has_about = field->about || has_hint(field);
    snprintf(id, sizeof id, "%s-%s", r->id, field->name);
    snprintf(about, sizeof about, "%s-about", id);
    snprintf(fault, sizeof fault, "%s-fault", id);
    snprintf(by, sizeof by, "%s%s%s", is_bad ? fault : "", is_bad && has_about ? " " : "", has_about ? about : "");
    const struct html_input in = { field, buf_str(&value), id, by, is_bad, country_now(r, field) };
    html_mark(out, "<div class=\"field");
    if (html_is_wide(field))
        html_mark(out, " area");
    if (is_bad)
        html_mark(out, " bad");
    html_mark(out, "\"");
    put_when(r, field);
    html_mark(out, ">");
    if (field->type == SOUK_FIELD_BOOL)
        put_tick(r, field, &in);
    else if (html_is_set(field))
        put_set(r, &in);
    else
        put_labelled(r, field, &in);
    if (is_bad) {
        html_mark(out, "<p class=\"fault\" id");
        html_attribute(out, fault);
        html_mark(out, ">");
        html_text(out, r->again->fault);
        html_mark(out, "</p>");
    }
    if (has_about) {
        html_mark(out, "<p class=\"about\" id");
        html_attribute(out, about);
        html_mark(out, ">");
        if (field->about)
            html_key(out, r->f, field->about);
        else
            put_hint(r, field);
        html_mark(out, "</p>");
    }
    html_mark(out, "</div>");
    buf_free(&value);
}

static bool is_again(const struct form_sent *sent, const char *command, const struct buf *seal)
{
    return sent && (sent->fault || sent->more) && command && text_is(sent->command, command) && text_is(sent->seal, buf_str(seal));
}

/* The fixed arguments and their seals; then `again` is known, too.  Where there are two commands, each button sends its
   own seal. */
static void put_fixed(struct running *r)
{
    const struct souk_args *args = &r->form->args;
    struct form_pair pair[FORM_ARGS];
    struct buf text[FORM_ARGS] = { 0 };
    size_t n = args->n < COUNT_OF(pair) ? args->n : COUNT_OF(pair);
    for (size_t i = 0; i < n; i++) {
        value_as_text(&text[i], &args->at[i].value);
        pair[i] = (struct form_pair){ args->at[i].name, buf_str(&text[i]) };
        html_form_hidden(r->out, pair[i].name, pair[i].value);
        if (i)
            buf_char(&r->fixed, ' ');
        buf_text(&r->fixed, pair[i].name);
    }
    form_seal(&r->seal, r->f, r->form->command, pair, n);
    html_form_hidden(r->out, "_fixed", buf_str(&r->fixed));
    if (r->form->also)
        form_seal(&r->also_seal, r->f, r->form->also, pair, n);
    else
        html_form_hidden(r->out, "_seal", buf_str(&r->seal));
    if (is_again(r->f->again, r->form->command, &r->seal) || is_again(r->f->again, r->form->also, &r->also_seal))
        r->again = r->f->again;
    for (size_t i = 0; i < n; i++)
        buf_free(&text[i]);
}

enum { KEY_BYTES = 16 };

static void new_key(char hex[KEY_BYTES * 2 + 1])
{
    unsigned char some[KEY_BYTES];
    randombytes_buf(some, sizeof some);
    sodium_bin2hex(hex, KEY_BYTES * 2 + 1, some, sizeof some);
}

/* Data cannot look like this: its quotes are escaped. */
void html_new_keys(char *markup, size_t n)
{
    static const char before[] = "<input type=\"hidden\" name=\"_key\" value=\"";
    char hex[KEY_BYTES * 2 + 1], *end = markup + n;
    while ((markup = memmem(markup, (size_t)(end - markup), before, sizeof before - 1))) {
        markup += sizeof before - 1;
        new_key(hex);
        memcpy(markup, hex, sizeof hex - 1);
    }
}

static void put_key(struct running *r)
{
    char hex[KEY_BYTES * 2 + 1];
    new_key(hex);
    html_form_hidden(r->out, "_key", hex);
    html_form_hidden(r->out, "_back", r->f->here ? r->f->here : "/");
}

static void put_action(struct buf *out, const struct face *f, const char *name, const char *command)
{
    struct buf action = { 0 };
    buf_printf(&action, "/a/%s/do/%s", f->account, command);
    buf_char(out, ' ');
    buf_text(out, name);
    html_attribute(out, buf_str(&action));
    buf_free(&action);
}

/* What makes a button run one command of two: its seal goes along. */
static void put_seal(struct buf *out, const struct buf *seal)
{
    html_mark(out, " name=\"_seal\" value");
    html_attribute(out, buf_str(seal));
}

static void put_also(struct running *r)
{
    struct buf *out = r->out;
    html_mark(out, " <button class=\"also\"");
    put_action(out, r->f, "formaction", r->form->also);
    put_seal(out, &r->also_seal);
    html_mark(out, ">");
    html_msg(out, r->f, &r->form->also_button);
    html_mark(out, "</button>");
}

static void put_button(struct running *r, bool is_second)
{
    struct buf *out = r->out, word = { 0 }, label = { 0 };
    html_mark(out, "<button");
    if (r->form->tone == SOUK_BAD)
        html_mark(out, " class=\"danger\"");
    if (r->form->also)
        put_seal(out, &r->seal);
    html_mark(out, ">");
    say_msg(&label, r->f, &r->form->button);
    if (is_second)
        say(&word, r->f, "form.yes", { "button", buf_str(&label), 0 });
    else
        buf_text(&word, buf_str(&label));
    html_word(out, &word);
    html_mark(out, "</button>");
    if (r->form->also)
        put_also(r);
    buf_free(&word);
    buf_free(&label);
}

static void put_group_end(struct running *r, const struct form_group *g)
{
    html_mark(r->out, "</div>");
    if (g->more) {                                      /* sends all that was typed, and comes back with one row more */
        html_mark(r->out, "<button class=\"more\" name=\"_more\" formnovalidate value");
        html_attribute(r->out, g->more);
        html_mark(r->out, ">");
        html_text(r->out, g->more_text);
        html_mark(r->out, "</button>");
    }
    html_mark(r->out, "</fieldset>");
}

/* Where a group begins with this field, the one before it ends. */
static void put_group(struct running *r, const struct souk_field *field, const struct form_group **in_group)
{
    for (size_t i = 0; i < r->f->n_groups; i++) {
        const struct form_group *g = &r->f->groups[i];
        if (!text_is(g->first, field->name))
            continue;
        if (*in_group)
            put_group_end(r, *in_group);
        *in_group = *g->legend ? g : NULL;
        if (!*in_group)
            return;
        html_mark(r->out, "<fieldset");
        if (g->more && r->again && text_is(r->again->more, g->more))
            html_mark(r->out, " data-new");             /* souk.js puts the cursor there */
        html_mark(r->out, "><legend>");
        html_text(r->out, g->legend);
        html_mark(r->out, "</legend>");
        if (g->about) {
            html_mark(r->out, "<p class=\"about\">");
            html_text(r->out, g->about);
            html_mark(r->out, "</p>");
        }
        html_mark(r->out, "<div class=\"fields\">");
        return;
    }
}

static void put_inside(struct running *r, bool is_second)
{
    struct buf *out = r->out;
    const struct souk_list *fields = &r->form->fields;
    if (r->again && r->again->fault && !*r->again->field) {
        html_mark(out, "<p class=\"alert bad\" role=\"alert\">");
        html_text(out, r->again->fault);
        html_mark(out, "</p>");
    }
    for (size_t i = 0; i < r->f->n_groups; i++)
        if (r->f->groups[i].more) {                     /* what Enter presses is the first button: not one that adds a row */
            html_mark(out, "<button class=\"aside\" tabindex=\"-1\" aria-hidden=\"true\"></button>");
            break;
        }
    if (fields->n)
        html_mark(out, "<div class=\"fields\">");
    const struct form_group *in_group = NULL;
    for (uint32_t i = 0; i < fields->n; i++) {
        put_group(r, field_at(fields, i), &in_group);
        put_field(r, field_at(fields, i));
    }
    if (in_group)
        put_group_end(r, in_group);
    if (fields->n)
        html_mark(out, "</div>");
    if (r->ticks.len)
        html_form_hidden(out, "_ticks", buf_str(&r->ticks));
    if (r->sets.len)
        html_form_hidden(out, "_sets", buf_str(&r->sets));
    if (r->pairs.len)
        html_form_hidden(out, "_pairs", buf_str(&r->pairs));
    if (html_has(&r->form->note)) {
        html_mark(out, "<p class=\"note\">");
        html_msg(out, r->f, &r->form->note);
        html_mark(out, "</p>");
    }
    put_button(r, is_second);
}

/*
 * What is not done lightly asks twice: the first button opens the second.  That, and a folded form, is
 * a <details> in the form, so it works without scripts.
 */
void html_form(struct buf *out, const struct face *f, const struct souk_form *form, size_t no, unsigned level)
{
    struct running r = { .out = out, .f = f, .form = form };
    bool asks_twice = form->tone == SOUK_BAD && !html_has(&form->title);
    bool is_folded = form->is_folded || asks_twice, is_bare = !form->fields.n && !html_has(&form->title) && !is_folded;
    if (!f->seal_key)
        return;
    snprintf(r.id, sizeof r.id, "%.60s-%zu", f->widget ? f->widget : "page", no);
    html_mark(out, "<form class=\"act");
    if (is_bare)
        html_mark(out, " bare");
    html_mark(out, "\" method=\"post\" id");
    html_attribute(out, r.id);
    put_action(out, f, "action", form->command);
    html_mark(out, ">");
    put_fixed(&r);
    put_key(&r);
    if (is_folded) {
        html_mark(out, "<details");
        if (asks_twice)
            html_mark(out, " class=\"twice\"");
        if (r.again)
            html_mark(out, " open");
        html_mark(out, "><summary>");
        html_msg(out, f, asks_twice ? &form->button : &form->title);
        html_mark(out, "</summary>");
    } else if (html_has(&form->title)) {
        html_heading(out, level);
        html_msg(out, f, &form->title);
        html_heading_end(out, level);
    }
    put_inside(&r, asks_twice);
    if (is_folded)
        html_mark(out, "</details>");
    html_mark(out, "</form>");
    buf_free(&r.fixed);
    buf_free(&r.ticks);
    buf_free(&r.sets);
    buf_free(&r.pairs);
    buf_free(&r.seal);
    buf_free(&r.also_seal);
}
