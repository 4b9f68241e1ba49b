/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kept.c: views of widgets.  A kept view is served again while nothing it was made from has changed: the areas
 * of records that its plugin reads, policies, days, options; and at most for a minute, since figures such as
 * "late" move with the clock.
 */
#include "visit.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "data/touched.h"
#include "plug/ask.h"

enum { KEPT = 256, KEPT_S = 60 };

struct kept {                                           /* a view, by the hash of all it depends on */
    unsigned char key[32];
    int64_t until_s;
    struct buf bytes;
};

void kept_free(struct worker *w)
{
    for (size_t i = 0; w->kept && i < KEPT; i++)
        buf_free(&w->kept[i].bytes);
    free(w->kept);
}

static void hash_text(crypto_generichash_state *h, const char *text)
{
    crypto_generichash_update(h, (const unsigned char *)text, strlen(text) + 1);
}

static void hash_int(crypto_generichash_state *h, int64_t n)
{
    crypto_generichash_update(h, (const unsigned char *)&n, sizeof n);
}

unsigned kept_reads(const struct plugin *p)
{
    return touched_of_views(p->entry->reads ? p->entry->reads : "");
}

const char *kept_areas(struct visit *v, const struct plugin *p)
{
    unsigned areas = kept_reads(p);
    struct buf names = { 0 };
    for (int i = 0; i < TOUCHED_AREAS; i++)
        if (areas >> i & 1)
            buf_printf(&names, "%s%s", names.len ? " " : "", touched_name(i));
    const char *text = arena_text(v->a, buf_str(&names));
    buf_free(&names);
    return text;
}

static int key_of(struct visit *v, const struct plugin *p, const struct souk_widget *widget,
                  const struct souk_ask *ask, unsigned char key[32], struct err *err)
{
    crypto_generichash_state h;
    struct buf word = { 0 };
    const int64_t *area;
    if (visit_areas(v, &area, err) < 0)
        return -err->code;
    crypto_generichash_init(&h, NULL, 0, 32);
    hash_text(&h, v->account);
    hash_text(&h, widget->id);
    hash_text(&h, p->version);
    hash_int(&h, ask->face);
    hash_int(&h, touched_sum(area, kept_reads(p)));
    hash_int(&h, policies_version(v->w->site->policies));
    for (uint32_t i = 0; i < ask->n_markets; i++) {
        const struct souk_market_now *m = souk_market_at(ask, i);
        hash_text(&h, m->id);
        hash_int(&h, m->today);
        hash_int(&h, m->from);
        hash_int(&h, m->to);
        hash_int(&h, m->data_until_s);
    }
    for (uint32_t i = 0; i < ask->options.n; i++) {
        value_as_text(&word, &ask->options.at[i].value);
        hash_text(&h, buf_str(&word));
        buf_clear(&word);
    }
    buf_free(&word);
    crypto_generichash_final(&h, key, 32);
    return 0;
}

int kept_ask(struct visit *v, const struct souk_widget *widget, uint32_t shape, struct souk_ask *ask, struct err *err)
{
    struct ask_setup setup = { v->db, widget, v->now_s, shape, visit_arg, v };
    return ask_make(v->a, &setup, ask, err);
}

int kept_view(struct visit *v, const struct plugin *p, const struct souk_widget *widget, const struct souk_ask *ask,
              const struct view_element **e, size_t *n, struct err *err)
{
    unsigned char key[32];
    if (!v->w->kept)
        v->w->kept = base_alloc(KEPT * sizeof *v->w->kept);
    if (key_of(v, p, widget, ask, key, err) < 0)
        return -err->code;
    struct kept *kept = &v->w->kept[key[0] % KEPT];
    if (memcmp(kept->key, key, sizeof key) != 0 || v->now_s >= kept->until_s) {
        struct view view = { 0 };
        struct render_setup setup = { v->db, p, widget, ask, &v->face.reader };
        log_debug("page", "%s: the view of %s is made", v->account, widget->id);
        int rc = desk_render(v->w->desk, v->a, &setup, &view, err);
        if (rc < 0) {
            view_clear(&view);
            return rc;
        }
        int64_t until_s = v->now_s + KEPT_S, midnight = ask_midnight(ask);
        if (midnight < until_s)
            until_s = midnight;
        if (view.until_s && view.until_s < until_s)
            until_s = view.until_s;
        buf_free(&kept->bytes);
        kept->bytes = view.bytes;
        view.bytes = (struct buf){ 0 };
        view_clear(&view);
        memcpy(kept->key, key, sizeof key);
        kept->until_s = until_s;
    }
    return view_read(v->a, buf_str(&kept->bytes), kept->bytes.len, e, n, err);
}

/* Which report would bring what a plugin reads, by the areas of its views. */
static const struct { unsigned area; const char *format; } brings[] = {
    { TOUCHED_ORDERS, "amazon.orders" },            { TOUCHED_MONEY, "amazon.settlement-v2" },
    { TOUCHED_LISTINGS, "amazon.listings" },        { TOUCHED_STOCK, "amazon.stock" },
    { TOUCHED_LETTERS, "amazon.mail" },                    { TOUCHED_CASES, "amazon.mail" },
    { TOUCHED_CLAIMS, "amazon.mail" },                     { TOUCHED_FEEDBACK, "amazon.feedback" },
    { TOUCHED_HEALTH, "amazon.health" },            { TOUCHED_NOTICES, "amazon.notifications" },
    { TOUCHED_RETURNS, "amazon.returns" },          { TOUCHED_PROMOTIONS, "amazon.promotions" },
    { TOUCHED_TRAFFIC, "amazon.traffic" },
};

/* Of the areas that nothing has come into yet. */
static void put_brings(struct visit *v, struct buf *text, const struct plugin *p)
{
    struct err ignored = { 0 };
    const int64_t *area;
    if (visit_areas(v, &area, &ignored) < 0)
        return;
    for (size_t i = 0; i < COUNT_OF(brings); i++)
        if ((kept_reads(p) & brings[i].area) && !touched_sum(area, brings[i].area)) {
            buf_char(text, ' ');
            say_fills(text, &v->face, brings[i].format);
            return;
        }
}

void kept_failed(struct visit *v, const struct plugin *p, const struct err *why)
{
    struct buf text = { 0 };
    if (why->code == ERR_ABSENT) {
        say(&text, &v->face, "card.no_data");
        put_brings(v, &text, p);
    } else {
        say(&text, &v->face, why->code == ERR_TIME ? "card.slow" : "card.failed", { "why", why->text, 0 });
    }
    html_notice(&v->reply->body, why->code == ERR_ABSENT ? SOUK_PLAIN : SOUK_BAD, buf_str(&text));
    buf_free(&text);
}
