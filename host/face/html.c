/* SPDX-License-Identifier: Apache-2.0 */
/*
 * html.c: text made harmless, the page around, cards and small parts.
 */
#include "html_in.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

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
            instead = *c == '\r' && c[1] == '\n' ? "" : " ";
        }
        if (c > from)
            buf_put(out, from, (size_t)(c - from));
        if (!*c)
            return;
        buf_text(out, instead);
        from = c + 1;
    }
}

void html_word(struct buf *out, struct buf *word)
{
    html_text(out, buf_str(word));
    buf_clear(word);
}

void html_say(struct buf *out, const struct face *f, const char *key)
{
    struct buf word = { 0 };
    say(&word, f, key);
    html_word(out, &word);
    buf_free(&word);
}

void html_msg(struct buf *out, const struct face *f, const struct souk_msg *msg)
{
    struct buf word = { 0 };
    say_msg(&word, f, msg);
    html_word(out, &word);
    buf_free(&word);
}

void html_key(struct buf *out, const struct face *f, const char *key)
{
    html_msg(out, f, &(struct souk_msg){ key, { NULL, 0, 0 } });
}

bool html_has(const struct souk_msg *msg)
{
    return msg->key && *msg->key;
}

/* ---- tones -------------------------------------------------------------------------------------- */

static const char *const tones[] = { "", "good", "watch", "bad", "info" };

const char *html_tone(uint32_t tone)
{
    return tone < COUNT_OF(tones) ? tones[tone] : "";
}

void html_tone_word(struct buf *out, const struct face *f, uint32_t tone)
{
    static const char *const keys[] = { NULL, "tone.good", "tone.watch", "tone.bad", "tone.info" };
    if (tone == SOUK_PLAIN || tone >= COUNT_OF(keys))
        return;
    html_mark(out, "<span class=\"aside\"> (");
    html_say(out, f, keys[tone]);
    html_mark(out, ")</span>");
}

void html_badge(struct buf *out, const struct face *f, uint32_t tone, const char *text)
{
    html_mark(out, "<span class=\"badge ");
    buf_text(out, html_tone(tone));
    html_mark(out, "\">");
    html_text(out, text);
    html_tone_word(out, f, tone);
    html_mark(out, "</span>");
}

void html_heading(struct buf *out, unsigned level)
{
    html_mark(out, "<h");
    buf_int(out, level > 6 ? 6 : level);
    html_mark(out, ">");
}

void html_heading_end(struct buf *out, unsigned level)
{
    html_mark(out, "</h");
    buf_int(out, level > 6 ? 6 : level);
    html_mark(out, ">");
}

void html_notice(struct buf *out, uint32_t tone, const char *text)
{
    html_mark(out, "<p class=\"alert ");
    buf_text(out, html_tone(tone));
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
    html_say(out, f, label_key);
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

static void put_logo(struct buf *out)
{
    html_mark(out, "<svg viewBox=\"0 0 32 32\" width=\"28\" height=\"28\" aria-hidden=\"true\" focusable=\"false\">"
                   "<path class=\"roof\" d=\"M5 13h22l-3-8H8z\"/><path class=\"wall\" d=\"M8 17v10h16V17\"/>"
                   "<path class=\"awning\" d=\"M5 13a3.7 3.7 0 0 0 7.3 0 3.7 3.7 0 0 0 7.4 0 3.7 3.7 0 0 0 7.3 0\"/></svg>");
}

/* A number, and in words what of it is urgent. */
static void put_count(struct buf *out, const struct face *f, int64_t count, const char *urgent)
{
    struct buf word = { 0 };
    if (!count)
        return;
    html_mark(out, " <span class=\"count");
    if (urgent)
        html_mark(out, " urgent");
    html_mark(out, "\">");
    text_count(&word, &f->reader, count);
    html_word(out, &word);
    if (urgent) {
        html_mark(out, " <span class=\"of\">");
        html_text(out, urgent);
        html_mark(out, "</span>");
    }
    html_mark(out, "</span>");
    buf_free(&word);
}

static void put_search(struct buf *out, const struct html_page *page)
{
    const struct face *f = page->face;
    html_mark(out, "<form class=\"search\" role=\"search\" method=\"get\" action=\"");
    html_text(out, page->search);
    html_mark(out, "\"><label class=\"aside\" for=\"q\">");
    html_say(out, f, "search.label");
    html_mark(out, "</label><input id=\"q\" name=\"q\" type=\"search\" autocomplete=\"off\" spellcheck=\"false\""
                   " maxlength=\"200\" placeholder=\"");
    html_say(out, f, "search.hint");
    html_mark(out, "\" value=\"");
    html_text(out, page->words ? page->words : "");
    html_mark(out, "\" data-none=\"");
    html_say(out, f, "search.none");
    html_mark(out, "\" data-found=\"");
    html_say(out, f, "search.found");
    html_mark(out, "\"><button>");
    html_say(out, f, "search.button");
    html_mark(out, "</button></form>");
}

static void put_entry(struct buf *out, const struct face *f, const struct html_entry *e)
{
    html_mark(out, "<li><a href=\"");
    html_text(out, e->href);
    if (e->is_here)
        html_mark(out, "\" aria-current=\"page");
    html_mark(out, "\">");
    html_text(out, e->text);
    put_count(out, f, e->count, e->urgent);
    html_mark(out, "</a></li>");
}

/*
 * The menu opens on hover and on focus by the style sheet alone; the script lets Enter, touch and Esc
 * open and close it, too.
 */
static void put_entries(struct buf *out, const struct html_page *page)
{
    const struct face *f = page->face;
    html_mark(out, "<nav class=\"entries\" data-areas=\"*\" aria-label=\"");
    html_say(out, f, "ribbon.label");
    html_mark(out, "\"><ul>");
    for (size_t i = 0; i < page->n_entries; i++)
        put_entry(out, f, &page->entries[i]);
    if (page->n_menu) {
        html_mark(out, "<li class=\"menu\"><button type=\"button\" aria-controls=\"menu\">");
        html_say(out, f, "ribbon.settings");
        html_mark(out, "</button><ul id=\"menu\">");
        for (size_t i = 0; i < page->n_menu; i++)
            put_entry(out, f, &page->menu[i]);
        html_mark(out, "</ul></li>");
    }
    if (page->person) {
        html_mark(out, "<li><a href=\"/you\">");
        html_text(out, page->person);
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
    html_say(out, f, "brand");
    html_mark(out, "</title><link rel=\"stylesheet\" href=\"");
    html_text(out, page->css);
    html_mark(out, "\"><link rel=\"icon\" type=\"image/svg+xml\" href=\"/favicon.svg\">");
    if (page->refresh_s) {
        html_mark(out, "<noscript><meta http-equiv=\"refresh\" content=\"");
        buf_int(out, page->refresh_s);
        html_mark(out, "\"></noscript>");
    }
    for (size_t i = 0; page->scripts && page->scripts[i]; i++) {
        html_mark(out, "<script defer src=\"");
        html_text(out, page->scripts[i]);
        html_mark(out, "\"></script>");
    }
    html_mark(out, "</head><body");
    if (page->events) {                                 /* live.js; it has no words of its own */
        html_mark(out, " data-events=\"");
        html_text(out, page->events);
        html_mark(out, "\" data-changed=\"");
        html_say(out, f, "live.changed");
        html_mark(out, "\" data-held=\"");
        html_say(out, f, "live.held");
        html_mark(out, "\" data-show=\"");
        html_say(out, f, "live.show");
        html_mark(out, "\" data-away=\"");
        html_say(out, f, "live.away");
        html_mark(out, "\"");
    }
    html_mark(out, "><a class=\"skip\" href=\"#main\">");
    html_say(out, f, "page.skip");
    html_mark(out, "</a><header class=\"ribbon\"><a class=\"brand\" href=\"");
    html_text(out, page->home);
    html_mark(out, "\">");
    put_logo(out);
    html_say(out, f, "brand");
    html_mark(out, "</a>");
    if (*f->account) {
        html_mark(out, "<span class=\"account\">");
        html_text(out, f->account);
        html_mark(out, "</span>");
    }
    if (page->search)
        put_search(out, page);
    if (page->n_entries || page->n_menu)
        put_entries(out, page);
    if (page->n_markets || page->n_periods) {
        html_mark(out, "<div class=\"switches\">");
        put_switch(out, f, "ribbon.markets", page->markets, page->n_markets);
        put_switch(out, f, "ribbon.periods", page->periods, page->n_periods);
        html_mark(out, "</div>");
    }
    html_mark(out, "</header>");
    for (size_t i = 0; i < page->n_banners; i++) {
        html_mark(out, "<p class=\"banner\"><a href");
        html_attribute(out, page->banner[i].href);
        html_mark(out, ">");
        html_text(out, page->banner[i].text);
        html_mark(out, "</a></p>");
    }
    html_mark(out, "<main id=\"main\">");
    if (page->is_home) {
        html_mark(out, "<h1 class=\"aside\">");
        html_say(out, f, "page.home");
        html_mark(out, "</h1>");
    } else {
        html_mark(out, "<h1>");
        html_text(out, page->title);
        html_mark(out, "</h1>");
    }
    if (page->refused) {
        html_mark(out, "<p class=\"alert bad\" role=\"alert\">");
        html_text(out, page->refused);
        html_mark(out, "</p>");
    }
    if (page->said) {
        html_mark(out, "<p class=\"alert good\" role=\"status\">");
        html_text(out, page->said);
        html_mark(out, "</p>");
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

void html_grid_arranged(struct buf *out, const char *move)
{
    html_mark(out, "<div class=\"grid arranged\" data-move=\"");
    html_text(out, move);
    html_mark(out, "\">");
}

void html_card(struct buf *out, const struct face *f, const struct html_card *card)
{
    html_mark(out, "<section class=\"card");
    if (card->width > 1)
        buf_text(out, card->width > 2 ? " wide3" : " wide2");
    html_mark(out, "\" id=\"");
    html_text(out, card->id);
    if (card->areas) {
        html_mark(out, "\" data-areas=\"");
        html_text(out, card->areas);
    }
    html_mark(out, "\" aria-labelledby=\"");
    html_text(out, card->id);
    html_mark(out, "-title\"><h2 id=\"");
    html_text(out, card->id);
    html_mark(out, "-title\">");
    if (card->href) {
        html_mark(out, "<a href=\"");
        html_text(out, card->href);
        html_mark(out, "\">");
    }
    html_text(out, card->title);
    if (card->href)
        html_mark(out, "</a>");
    put_count(out, f, card->count, card->urgent);
    html_mark(out, "</h2>");
}

void html_card_begin(struct buf *out, const char *id, const char *title, const char *href, unsigned width)
{
    html_card(out, NULL, &(const struct html_card){ .id = id, .title = title, .href = href, .width = width });
}

void html_tools_begin(struct buf *out, const char *label)
{
    html_mark(out, "<div class=\"tools\" role=\"group\" aria-label=\"");
    html_text(out, label);
    html_mark(out, "\">");
}

void html_tools_end(struct buf *out)
{
    html_mark(out, "</div>");
}

void html_card_end(struct buf *out)
{
    html_mark(out, "</section>");
}

void html_live_begin(struct buf *out, const char *areas)
{
    html_mark(out, "<div class=\"live\" data-areas=\"");
    html_text(out, areas);
    html_mark(out, "\">");
}

void html_live_end(struct buf *out)
{
    html_mark(out, "</div>");
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

static void html_textn(struct buf *out, const char *text, size_t n)
{
    struct buf part = { 0 };
    buf_put(&part, text, n);
    html_text(out, buf_str(&part));
    buf_free(&part);
}

/* Text with every word of `words` marked, Latin letters in any case. */
static void put_marked(struct buf *out, const char *text, const char *words)
{
    const char *from = text;
    for (const char *c = text; *c;) {
        size_t n = 0;
        for (const char *word = words + strspn(words, " \t"); *word && !n; word += strspn(word, " \t")) {
            size_t length = strcspn(word, " \t");
            if (strncasecmp(c, word, length) == 0)
                n = length;
            word += length;
        }
        if (!n) {
            c++;
            continue;
        }
        html_textn(out, from, (size_t)(c - from));
        html_mark(out, "<mark>");
        html_textn(out, c, n);
        html_mark(out, "</mark>");
        from = c += n;
    }
    html_text(out, from);
}

void html_list_title(struct buf *out, const char *title)
{
    html_mark(out, "<h2>");
    html_text(out, title);
    html_mark(out, "</h2>");
}

void html_fold_begin(struct buf *out, const char *title, bool is_open)
{
    html_mark(out, "<details class=\"part\"");
    if (is_open)
        html_mark(out, " open");
    html_mark(out, "><summary>");
    html_text(out, title);
    html_mark(out, "</summary>");
}

void html_fold_end(struct buf *out)
{
    html_mark(out, "</details>");
}

/* Runs of black as one stroke each; four modules of white around, as readers want. */
void html_qr(struct buf *out, const unsigned char *modules, unsigned side, const char *label)
{
    enum { QUIET = 4 };
    buf_printf(out, "<svg class=\"qr\" role=\"img\" viewBox=\"0 0 %u %u\" aria-label", side + 2 * QUIET, side + 2 * QUIET);
    html_attribute(out, label);
    html_mark(out, "><path d=\"");
    for (unsigned y = 0; y < side; y++)
        for (unsigned x = 0, n; x < side; x += n) {
            const unsigned char *at = modules + (size_t)y * side + x;
            for (n = 1; x + n < side && at[n] == at[0]; n++)
                ;
            if (*at)
                buf_printf(out, "M%u %uh%uv1h-%uz", x + QUIET, y + QUIET, n, n);
        }
    html_mark(out, "\"/></svg>");
}

void html_found_begin(struct buf *out, const char *title)
{
    html_mark(out, "<section class=\"found\"><h2>");
    html_text(out, title);
    html_mark(out, "</h2><ul>");
}

void html_found(struct buf *out, const char *title, const char *href, const char *note, const char *words)
{
    html_mark(out, "<li>");
    if (*href) {
        html_mark(out, "<a href=\"");
        html_text(out, href);
        html_mark(out, "\">");
    }
    put_marked(out, title, words);
    if (*href)
        html_mark(out, "</a>");
    if (*note) {
        html_mark(out, "<p>");
        put_marked(out, note, words);
        html_mark(out, "</p>");
    }
    html_mark(out, "</li>");
}

void html_found_end(struct buf *out, const char *more, const char *more_text)
{
    html_mark(out, "</ul>");
    if (more) {
        html_mark(out, "<p class=\"more\"><a href=\"");
        html_text(out, more);
        html_mark(out, "\">");
        html_text(out, more_text);
        html_mark(out, "</a></p>");
    }
    html_mark(out, "</section>");
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

void html_link_outside(struct buf *out, const struct face *f, const char *text, const char *href)
{
    struct buf word = { 0 };
    say(&word, f, "link.leaves");
    html_mark(out, "<li><a href=\"");
    html_text(out, href);
    html_mark(out, "\" rel=\"noopener noreferrer external\">");
    html_text(out, text);
    html_mark(out, " <span class=\"leaves\">(");
    html_text(out, buf_str(&word));
    html_mark(out, ")</span></a></li>");
    buf_free(&word);
}

void html_links_end(struct buf *out)
{
    html_mark(out, "</ul></nav>");
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
