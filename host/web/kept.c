/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kept.c: views of widgets.  A kept view is served again while nothing it was made from has changed: the areas
 * of records that its plugin reads, policies, days, options; and at most for a minute, since figures such as
 * "late" move with the clock.  So is a card's markup, for those who read it in the same language, at the same
 * address and so on; what must be new each time in it, html_new_keys makes new.
 */
#include "visit.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "data/touched.h"
#include "plug/ask.h"

enum { KEPT = 256, SET = 8, KEPT_S = 60, MARKUP_BYTES = 128 << 10 };

struct kept {                                           /* a view, by the hash of all it depends on */
    unsigned char key[32];
    int64_t until_s;
    uint64_t used;                                      /* when last, in looks of this worker */
    struct buf bytes;
    unsigned char face[32];                             /* what its markup depends on as well */
    struct buf markup;                                  /* empty: not drawn yet, or too long */
};

void kept_free(struct worker *w)
{
    for (size_t i = 0; w->kept && i < KEPT; i++) {
        buf_free(&w->kept[i].bytes);
        buf_free(&w->kept[i].markup);
    }
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

/*
 * A key may stand at one of eight places, and pushes out the one that was not looked at for the longest time: the
 * cards of one page must not push out each other.
 */
static struct kept *place_of(struct worker *w, const unsigned char key[32])
{
    if (!w->kept)
        w->kept = base_alloc(KEPT * sizeof *w->kept);
    struct kept *set = &w->kept[key[0] % (KEPT / SET) * SET], *oldest = set;
    for (size_t i = 0; i < SET; i++) {
        if (set[i].until_s && memcmp(set[i].key, key, 32) == 0) {
            oldest = &set[i];
            break;
        }
        if (set[i].used < oldest->used)
            oldest = &set[i];
    }
    oldest->used = ++w->kept_looks;
    return oldest;
}

/* Where the view stands, as it is or made anew. */
static int kept_find(struct visit *v, const struct plugin *p, const struct souk_widget *widget, const struct souk_ask *ask,
                     struct kept **out, struct err *err)
{
    unsigned char key[32];
    if (key_of(v, p, widget, ask, key, err) < 0)
        return -err->code;
    struct kept *kept = *out = place_of(v->w, key);
    if (memcmp(kept->key, key, sizeof key) == 0 && v->now_s < kept->until_s)
        return 0;
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
    buf_free(&kept->markup);
    kept->bytes = view.bytes;
    view.bytes = (struct buf){ 0 };
    view_clear(&view);
    memcpy(kept->key, key, sizeof key);
    kept->until_s = until_s;
    return 0;
}

int kept_view(struct visit *v, const struct plugin *p, const struct souk_widget *widget, const struct souk_ask *ask,
              const struct view_element **e, size_t *n, struct err *err)
{
    struct kept *kept;
    if (kept_find(v, p, widget, ask, &kept, err) < 0)
        return -err->code;
    return view_read(v->a, buf_str(&kept->bytes), kept->bytes.len, e, n, err);
}

static void face_of(const struct face *f, unsigned char hash[32])
{
    crypto_generichash_state h;
    crypto_generichash_init(&h, NULL, 0, 32);
    hash_text(&h, f->reader.language);
    hash_text(&h, f->reader.zone);
    hash_text(&h, f->reader.numbers ? f->reader.numbers : "");
    hash_text(&h, f->keep);
    hash_text(&h, f->own ? f->own : "");
    hash_text(&h, f->here ? f->here : "");
    hash_int(&h, f->markets ? (int64_t)f->n_markets : -1);
    for (size_t i = 0; f->markets && i < f->n_markets; i++)
        hash_text(&h, f->markets[i]);
    crypto_generichash_final(&h, hash, 32);
}

int kept_put(struct visit *v, const struct plugin *p, const struct souk_widget *widget, const struct souk_ask *ask,
             const struct face *f, struct err *err)
{
    struct buf *out = &v->reply->body;
    const struct view_element *e;
    struct kept *kept;
    unsigned char face[32];
    size_t n, from = out->len;
    if (kept_find(v, p, widget, ask, &kept, err) < 0)
        return -err->code;
    face_of(f, face);
    if (kept->markup.len && !f->again && memcmp(kept->face, face, sizeof face) == 0) {
        buf_put(out, kept->markup.at, kept->markup.len);
        html_new_keys(out->at + from, kept->markup.len);
        return 0;
    }
    int rc = view_read(v->a, buf_str(&kept->bytes), kept->bytes.len, &e, &n, err);
    if (rc < 0)
        return rc;
    html_view(out, f, e, n);
    buf_free(&kept->markup);
    if (f->again || out->len - from > MARKUP_BYTES)     /* a refused form is shown once */
        return 0;
    buf_put(&kept->markup, out->at + from, out->len - from);
    memcpy(kept->face, face, sizeof face);
    return 0;
}

/* Which report would bring what a plugin reads, by the areas of its views. */
static const struct { unsigned area; const char *format; } brings[] = {
    { TOUCHED_ORDERS, "amazon.orders" },            { TOUCHED_MONEY, "amazon.settlement-v2" },
    { TOUCHED_LISTINGS, "amazon.listings" },        { TOUCHED_STOCK, "amazon.stock" },
    { TOUCHED_LETTERS, "amazon.mail" },             { TOUCHED_CASES, "amazon.mail" },
    { TOUCHED_CLAIMS, "amazon.mail" },              { TOUCHED_FEEDBACK, "amazon.feedback" },
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
