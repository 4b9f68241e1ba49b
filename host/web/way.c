/* SPDX-License-Identifier: Apache-2.0 */
/*
 * way.c: what pages share whose forms run no command: the way in, oneself, users, tokens.
 *
 * Such a page is nobody's to keep, since its forms are of one session; what is posted comes back to it with a sentence.
 */
#include "visit.h"

#include <string.h>

const char *way_field(struct visit *v, const char *name)
{
    const char *text = http_field(v->ask, name);
    return text ? text : "";
}

void way_begin(struct visit *v, const char *title, const char *wrong, const char *said)
{
    visit_page(v, title);
    html_begin(&v->reply->body, &v->page);
    if (wrong && *wrong)
        html_notice(&v->reply->body, SOUK_BAD, wrong);
    if (said)
        html_notice(&v->reply->body, SOUK_GOOD, said);
}

int way_done(struct visit *v, int status)
{
    visit_page_done(v);
    v->reply->etag = NULL;
    v->reply->status = status;
    return 0;
}

void way_form(struct visit *v, const char *action, const char *label)
{
    html_post_begin(&v->reply->body, action, label);
    html_form_hidden(&v->reply->body, "seal", visit_form_seal(v));
}

void way_choice(struct visit *v, const char *name, const char *title, const struct souk_choice *choice, uint32_t n, const char *now)
{
    const struct souk_field field = {
        .size = sizeof field, .type = SOUK_FIELD_ONE_OF, .name = name, .title = title, .choices = { choice, n, sizeof *choice },
    };
    const struct souk_value value = souk_text(now);
    html_form_field(&v->reply->body, &v->face, &field, &value);
}

const char *way_when(struct visit *v, int64_t at_s)
{
    struct buf when = { 0 };
    if (!at_s)
        return visit_say(v, "people.never");
    say_value(&when, &v->face, &(const struct souk_value){ .type = SOUK_INSTANT, .num = at_s, .text = { "", 0, 0 } });
    const char *text = arena_text(v->a, buf_str(&when));
    buf_free(&when);
    return text;
}

const char *way_back(const char *back)
{
    bool is_ours = back && back[0] == '/' && back[1] != '/' && strlen(back) < 2000 && !text_starts(back, "/sign-");
    for (const unsigned char *c = (const unsigned char *)back; is_ours && *c; c++)
        is_ours = *c > ' ' && *c != '\\' && *c < 0x7F;
    return is_ours ? back : "/";
}

int way_sealed(struct visit *v, struct err *err)
{
    return text_is(way_field(v, "seal"), visit_form_seal(v)) ? 0
           : err_set(err, ERR_DENIED, "This form is not one that Souk drew for this session: open its page again and send it from there.");
}

int way_later(struct visit *v, int64_t retry_s)
{
    v->reply->retry_s = retry_s > 0 ? (int)retry_s : 1;
    return 429;
}
