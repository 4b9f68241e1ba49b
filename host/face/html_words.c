/* SPDX-License-Identifier: Apache-2.0 */
/*
 * html_words.c: what people wrote: letters as they stand, articles in Markdown.
 */
#include "html_in.h"

#include <cmark.h>
#include <string.h>

/* ---- letters ------------------------------------------------------------------------------------- */

enum { FOLD_LINES = 14, FOLD_BYTES = 1500 };            /* a longer letter shows so much of itself */

/* An empty line begins a paragraph, any other a line. */
static void put_lines(struct buf *out, const char *at, size_t n)
{
    const char *end = at + n;
    bool is_open = false;
    struct buf line = { 0 };
    while (at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t length = (size_t)((stop ? stop : end) - at);
        bool is_blank = strspn(at, " \t") >= length;
        if (is_blank && is_open) {
            html_mark(out, "</p>");
            is_open = false;
        } else if (!is_blank) {
            if (is_open)
                html_mark(out, "<br>");
            else
                html_mark(out, "<p dir=\"auto\">");
            is_open = true;
            buf_put(&line, at, length);
            html_word(out, &line);
        }
        at += length + 1;
    }
    if (is_open)
        html_mark(out, "</p>");
    buf_free(&line);
}

/* Where a long letter is cut: after a whole line, or after a word of a line that has no end; n: nowhere. */
static size_t fold_at(const char *at, size_t n, int64_t *lines_after)
{
    int lines = 0;
    size_t cut = 0;
    *lines_after = 0;
    for (size_t i = 0; i < n && !cut; i++) {
        if (at[i] == '\n' && (++lines == FOLD_LINES || i > FOLD_BYTES))
            cut = i + 1;
        if (i > FOLD_BYTES * 2 && at[i] == ' ')
            cut = i + 1;
    }
    if (!cut || n - cut < FOLD_BYTES / 10)              /* a few words more are not worth a click */
        return n;
    for (size_t i = cut; i < n; i++)
        *lines_after += at[i] == '\n';
    *lines_after += at[n - 1] != '\n';
    return cut;
}

static void put_body(struct buf *out, const struct face *f, const struct souk_str *body)
{
    struct buf text = { 0 }, word = { 0 };
    int64_t after;
    say_data(&text, body->at, body->len);
    size_t cut = fold_at(buf_str(&text), text.len, &after);
    html_mark(out, "<div class=\"body\">");
    put_lines(out, buf_str(&text), cut);
    if (cut < text.len) {
        html_mark(out, "<details class=\"rest\"><summary>");
        say(&word, f, "letter.rest", { "n", NULL, after });
        html_word(out, &word);
        html_mark(out, "</summary>");
        put_lines(out, buf_str(&text) + cut, text.len - cut);
        html_mark(out, "</details>");
    }
    html_mark(out, "</div>");
    buf_free(&text);
    buf_free(&word);
}

void html_letter(struct buf *out, const struct face *f, const struct souk_letter *letter)
{
    static const char *const sides[] = { "", "in", "out", "memo" };
    static const char *const keys[] = { "", "letter.in", "letter.out", "letter.aside" };
    struct buf word = { 0 };
    html_mark(out, "<li class=\"letter ");
    buf_text(out, sides[letter->side]);
    html_mark(out, "\"><p class=\"head\"><span class=\"aside\">");
    html_say(out, f, keys[letter->side]);
    html_mark(out, ": </span><b dir=\"auto\">");
    html_msg(out, f, &letter->from);
    html_mark(out, "</b> ");
    if (html_has(&letter->state)) {
        say_msg(&word, f, &letter->state);
        html_badge(out, f, SOUK_PLAIN, buf_str(&word));
        buf_clear(&word);
        html_mark(out, " ");
    }
    html_mark(out, "<time datetime=\"");
    plain_value(out, &letter->at);
    html_mark(out, "\">");
    say_value(&word, f, &letter->at);
    html_word(out, &word);
    html_mark(out, "</time></p>");
    if (letter->subject.len) {
        html_mark(out, "<p class=\"subject\" dir=\"auto\">");
        say_data(&word, letter->subject.at, letter->subject.len);
        html_word(out, &word);
        html_mark(out, "</p>");
    }
    put_body(out, f, &letter->body);
    html_mark(out, "</li>");
    buf_free(&word);
}

/* ---- articles ------------------------------------------------------------------------------------ */

/* Markup in Markdown becomes the text that it is written with. */
static void make_text(cmark_node *node, cmark_node_type type)
{
    const char *written = cmark_node_get_literal(node);
    cmark_node *text = cmark_node_new(CMARK_NODE_TEXT), *block = text;
    cmark_node_set_literal(text, written ? written : "");
    if (type == CMARK_NODE_HTML_BLOCK) {
        block = cmark_node_new(CMARK_NODE_PARAGRAPH);
        cmark_node_append_child(block, text);
    }
    if (cmark_node_replace(node, block))
        cmark_node_free(node);
    else
        cmark_node_free(block);
}

static bool is_in_link(cmark_node *node)
{
    while ((node = cmark_node_parent(node)))
        if (cmark_node_get_type(node) == CMARK_NODE_LINK)
            return true;
    return false;
}

/* The words of a node, without what marks them up. */
static void put_words(struct buf *out, cmark_node *node)
{
    cmark_iter *walk = cmark_iter_new(node);
    while (cmark_iter_next(walk) != CMARK_EVENT_DONE) {
        const char *literal = cmark_node_get_literal(cmark_iter_get_node(walk));
        buf_text(out, literal ? literal : "");
    }
    cmark_iter_free(walk);
}

/* A link to another site says so to the browser and, by its looks, to the reader; where it came from is not told. */
static void mark_outside(cmark_node *node)
{
    const char *url = cmark_node_get_url(node);
    struct buf open = { 0 };
    if (!url || (!text_starts(url, "https://") && !text_starts(url, "http://")))
        return;
    cmark_node *outside = cmark_node_new(CMARK_NODE_CUSTOM_INLINE);
    html_mark(&open, "<a href=\"");
    html_text(&open, url);
    html_mark(&open, "\" rel=\"noopener noreferrer external\" class=\"outside\">");
    cmark_node_set_on_enter(outside, buf_str(&open));
    cmark_node_set_on_exit(outside, "</a>");
    for (cmark_node *child; (child = cmark_node_first_child(node));)
        cmark_node_append_child(outside, child);
    if (cmark_node_replace(node, outside))
        cmark_node_free(node);
    else
        cmark_node_free(outside);
    buf_free(&open);
}

/* A picture would be fetched from elsewhere: it becomes a link, called as it is described. */
static void make_link(cmark_node *node)
{
    struct buf words = { 0 };
    const char *url = cmark_node_get_url(node);
    cmark_node *text = cmark_node_new(CMARK_NODE_TEXT), *with = text;
    put_words(&words, node);
    cmark_node_set_literal(text, words.len ? buf_str(&words) : url ? url : "");
    if (!is_in_link(node)) {
        with = cmark_node_new(CMARK_NODE_LINK);
        cmark_node_set_url(with, url ? url : "");
        cmark_node_append_child(with, text);
    }
    if (cmark_node_replace(node, with)) {
        cmark_node_free(node);
        if (with != text)
            mark_outside(with);
    } else {
        cmark_node_free(with);
    }
    buf_free(&words);
}

static void tame(cmark_node *document, unsigned level)
{
    cmark_iter *walk = cmark_iter_new(document);
    cmark_event_type event;
    while ((event = cmark_iter_next(walk)) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(walk);
        cmark_node_type type = cmark_node_get_type(node);
        if (type == CMARK_NODE_HTML_BLOCK || type == CMARK_NODE_HTML_INLINE) {
            make_text(node, type);
        } else if (type == CMARK_NODE_IMAGE && event == CMARK_EVENT_EXIT) {
            make_link(node);
        } else if (type == CMARK_NODE_LINK && event == CMARK_EVENT_EXIT) {
            mark_outside(node);
        } else if (type == CMARK_NODE_HEADING && event == CMARK_EVENT_EXIT) {
            int is = cmark_node_get_heading_level(node) + (int)level - 1;
            cmark_node_set_heading_level(node, is > 6 ? 6 : is);
        }
    }
    cmark_iter_free(walk);
}

/* The one place where markup comes from elsewhere: cmark's, from a tree that holds no markup any more. */
void html_article(struct buf *out, const char *markdown, size_t n, unsigned level)
{
    struct buf text = { 0 };
    say_data(&text, markdown, n);
    cmark_node *document = cmark_parse_document(buf_str(&text), text.len, CMARK_OPT_DEFAULT);
    tame(document, level);
    char *html = cmark_render_html(document, CMARK_OPT_DEFAULT);       /* safe: no javascript: in links */
    html_mark(out, "<div class=\"article\">");
    buf_text(out, html);
    html_mark(out, "</div>");
    cmark_get_default_mem_allocator()->free(html);
    cmark_node_free(document);
    buf_free(&text);
}

void html_markdown(struct buf *out, const char *markdown, size_t n)
{
    html_article(out, markdown, n, 3);
}
