/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page_factor.c: the second factor of one's own: set up, new recovery codes, off.
 *
 * A seed is shown until a first code of the device proves that it is there; recovery codes are shown once.
 */
#include "visit.h"

#include <string.h>

#include "base/zone.h"
#include "data/factor.h"
#include "data/session.h"

static struct vault *vault(struct visit *v)
{
    return folder_vault(v->w->site->spool);
}

static void put_button(struct visit *v, const char *path, const char *key)
{
    way_form(v, path, visit_say(v, key));
    html_post_end(&v->reply->body, visit_say(v, key));
}

/* What the device has to learn: as a picture, and to be typed. */
static int put_seed(struct visit *v, struct err *err)
{
    const char *uri, *seed;
    const unsigned char *modules;
    struct buf *out = &v->reply->body;
    unsigned side;
    if (factor_shown(v->w->souk, vault(v), v->a, v->who.user, &uri, &seed, err) < 0 || factor_qr(v->a, uri, &modules, &side, err) < 0)
        return -err->code;
    html_paragraph(out, visit_say(v, "factor.scan"));
    html_qr(out, modules, side, visit_say(v, "factor.picture"));
    html_facts_begin(out);
    html_fact(out, visit_say(v, "factor.seed"), seed, NULL);
    html_facts_end(out);
    way_form(v, "/you/factor", visit_say(v, "factor.confirm"));
    html_post_field(out, &(const struct html_post_field){ .name = "code", .title = visit_say(v, "sign.code"), .type = "text", .complete = "one-time-code" });
    html_post_end(out, visit_say(v, "factor.confirm"));
    return 0;
}

static int put_state(struct visit *v, bool is_needed, struct err *err)
{
    struct buf *out = &v->reply->body, left = { 0 };
    int64_t n;
    if (factor_codes_left(v->w->souk, v->who.user, &n, err) < 0)
        return -err->code;
    html_paragraph(out, visit_say(v, "factor.on"));
    say(&left, &v->face, "factor.left", { "n", NULL, n });
    html_paragraph(out, buf_str(&left));
    buf_free(&left);
    put_button(v, "/you/factor/codes", "factor.new_codes");
    if (is_needed)
        html_paragraph(out, visit_say(v, "factor.needed"));
    else
        put_button(v, "/you/factor/drop", "factor.drop");
    return 0;
}

static int factor(struct visit *v, const char *wrong, int status, struct err *err)
{
    struct person p;
    const char *uri, *seed;
    struct err none = { 0 };
    if (people_get(v->w->souk, v->a, v->who.user, &p, err) < 0)
        return -err->code;
    int is_needed = v->w->site->is_local ? 0 : factor_is_needed(v->w->souk, v->who.user, err);
    if (is_needed < 0)
        return is_needed;
    bool is_begun = factor_shown(v->w->souk, vault(v), v->a, v->who.user, &uri, &seed, &none) == 0;
    way_begin(v, visit_say(v, "factor.title"), wrong, NULL);
    if (v->must_set_up)
        html_notice(&v->reply->body, SOUK_WATCH, visit_say(v, "factor.first"));
    html_paragraph(&v->reply->body, visit_say(v, "factor.about"));
    int rc = 0;
    if (is_begun)
        rc = put_seed(v, err);
    else if (p.has_factor)
        rc = put_state(v, is_needed, err);
    else
        put_button(v, "/you/factor/begin", "factor.begin");
    return rc < 0 ? rc : way_done(v, status);
}

int page_factor(struct visit *v, struct err *err)
{
    return factor(v, NULL, 200, err);
}

/* 1: it is theirs, and they have just proven who they are.  Who comes from the sign-in has. */
static int may_change(struct visit *v, struct err *err)
{
    if (way_sealed(v, err) < 0)
        return -err->code;
    int rc = v->must_set_up ? 0 : visit_fresh(v, err);
    return rc < 0 ? rc : rc == 0;
}

int page_factor_begin(struct visit *v, struct err *err)
{
    const struct deed by = visit_deed(v);
    const char *uri, *seed;
    int rc = may_change(v, err);
    if (rc <= 0)
        return rc;
    if (factor_begin(v->w->souk, vault(v), v->a, v->who.user, &by, &uri, &seed, err) < 0)
        return -err->code;
    visit_lead(v, 303, "/you/factor");
    return 0;
}

static int show_codes(struct visit *v, const char *const codes[FACTOR_CODES])
{
    struct buf *out = &v->reply->body;
    way_begin(v, visit_say(v, "factor.codes"), NULL, NULL);
    html_notice(out, SOUK_GOOD, visit_say(v, "factor.codes_about"));
    html_facts_begin(out);
    for (size_t i = 0; i < FACTOR_CODES; i++) {
        struct buf no = { 0 };
        say(&no, &v->face, "factor.code_no", { "n", NULL, (int64_t)i + 1 });
        html_fact(out, buf_str(&no), codes[i], NULL);
        buf_free(&no);
    }
    html_facts_end(out);
    html_links_begin(out, visit_say(v, "links.label"));
    html_link(out, visit_say(v, "factor.kept"), "/", false);
    html_links_end(out);
    return way_done(v, 200);
}

/* The first code; then whoever had to set it up first is in. */
int page_factor_confirm(struct visit *v, struct err *err)
{
    const struct clocks now = { v->now_s, clock_ms() };
    const struct deed by = visit_deed(v);
    const char *codes[FACTOR_CODES], *id;
    struct err why = { 0 };
    int64_t retry_s = 0;
    int rc = may_change(v, err);
    if (rc <= 0)
        return rc;
    rc = factor_confirm(v->w->souk, vault(v), v->a, v->who.user, way_field(v, "code"), &by, codes, &retry_s, &why);
    if (rc < 0 && rc != -ERR_BUSY && rc != -ERR_INPUT && rc != -ERR_ABSENT)
        return err_set(err, (enum err_code)why.code, "%s", why.text);
    if (rc < 0)
        return factor(v, why.text, rc == -ERR_BUSY ? way_later(v, retry_s) : 422, err);
    if (session_renew(v->w->souk, v->a, v->session_no, STAGE_WHOLE, now, &by, &id, err) < 0)
        return -err->code;
    v->reply->cookie = visit_cookie(v, id);
    return show_codes(v, codes);
}

int page_factor_codes(struct visit *v, struct err *err)
{
    const struct deed by = visit_deed(v);
    const char *codes[FACTOR_CODES];
    int rc = may_change(v, err);
    if (rc <= 0)
        return rc;
    if (factor_new_codes(v->w->souk, v->a, v->who.user, &by, codes, err) < 0)
        return -err->code;
    return show_codes(v, codes);
}

int page_factor_drop(struct visit *v, struct err *err)
{
    const struct deed by = visit_deed(v);
    int rc = may_change(v, err), is_needed = v->w->site->is_local ? 0 : factor_is_needed(v->w->souk, v->who.user, err);
    if (rc <= 0)
        return rc;
    if (is_needed < 0)
        return is_needed;
    if (is_needed)
        return err_set(err, ERR_DENIED, "Owners and administrators need a second factor when Souk is reached from other machines.");
    if (factor_drop(v->w->souk, v->who.user, &by, err) < 0)
        return -err->code;
    visit_lead(v, 303, "/you/factor");
    return 0;
}
