/* SPDX-License-Identifier: Apache-2.0 */
/*
 * html_drop.c: where files are brought to a page.
 *
 * A plain form with a field for files: it works without scripts.  With them files can be dropped anywhere on the
 * page, and each tells below how far it is; see souk.js.
 */
#include "html_in.h"

#include "data/market.h"

static void put_markets(struct buf *out, const struct face *f)
{
    html_mark(out, "<label class=\"of\"><span>");
    html_say(out, f, "drop.market");
    html_mark(out, "</span> <select name=\"market\"><option value=\"\">");
    html_say(out, f, "drop.market_found");
    html_mark(out, "</option>");
    for (const struct market *m = markets; m->id; m++) {
        html_mark(out, "<option value=\"");
        html_text(out, m->code);
        html_mark(out, "\">");
        html_text(out, m->name);
        html_mark(out, "</option>");
    }
    html_mark(out, "</select></label>");
}

/* A text that live.js says. */
static void put_word(struct buf *out, const struct face *f, const char *name, const char *key)
{
    buf_char(out, ' ');
    buf_text(out, name);
    html_mark(out, "=\"");
    html_say(out, f, key);
    html_mark(out, "\"");
}

void html_drop(struct buf *out, const struct face *f)
{
    html_mark(out, "<form class=\"drop\" id=\"drop\" method=\"post\" enctype=\"multipart/form-data\" action=\"/a/");
    html_text(out, f->account);
    html_mark(out, "/import\"");
    put_word(out, f, "data-sends", "drop.sends");
    put_word(out, f, "data-waits", "job.waits");
    put_word(out, f, "data-runs", "drop.runs");
    put_word(out, f, "data-more", "drop.more");
    html_mark(out, "><label class=\"files\" for=\"drop-files\"><b>");
    html_say(out, f, "drop.title");
    html_mark(out, "</b> <span>");
    html_say(out, f, "drop.about");
    html_mark(out, "</span></label> <input type=\"file\" id=\"drop-files\" name=\"file\" multiple required>");
    put_markets(out, f);
    html_mark(out, "<button>");
    html_say(out, f, "drop.button");
    html_mark(out, "</button><ol class=\"brought\" aria-live=\"polite\"></ol></form>");
}
