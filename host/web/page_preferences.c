/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page_preferences.c: how somebody wants to read, and how the account is read unless they say otherwise.
 */
#include "visit.h"

#include "data/preference.h"
#include "element.h"
#include "flow/command.h"

static void put_form(struct elements *l, const char *command, const char *title, const char *about,
                     const struct preferences *now)
{
    struct command_info info;
    struct err none = { 0 };
    if (command_find(NULL, command, &info, &none) < 0)
        return;
    struct souk_field *field = arena_zero(l->a, info.fields.n * sizeof *field);
    for (uint32_t i = 0; i < info.fields.n; i++) {
        field[i] = *(const struct souk_field *)(const void *)((const char *)info.fields.at + (size_t)i * info.fields.size);
        for (enum preference p = PREFER_LANGUAGE; p < PREFERENCES; p++)
            if (text_is(field[i].name, preference_word(p)) && *now->of[p])
                field[i].fallback = souk_text(now->of[p]);
    }
    element_add(l, VIEW_SECTION)->title = (struct souk_msg){ .key = title };
    element_add(l, VIEW_TEXT)->text = (struct souk_text_element){ .size = sizeof(struct souk_text_element), .text = { .key = about } };
    element_button(l, &(const struct element_button){
        .command = command, .text = "faq.save", .fields = { field, info.fields.n, sizeof *field },
    });
    element_add(l, VIEW_END);
}

int page_preferences(struct visit *v, struct err *err)
{
    struct preferences own, account;
    struct elements l = { .a = v->a };
    struct buf *out = &v->reply->body;
    if (preferences_read(v->db, v->a, v->who.name, true, &own, err) < 0 ||
        preferences_read(v->db, v->a, "", true, &account, err) < 0)
        return -err->code;
    put_form(&l, "preferences.set", "preferences.own", "preferences.own_about", &own);
    put_form(&l, "preferences.account", "preferences.account", "preferences.account_about", &account);
    visit_page(v, visit_say(v, "preferences.title"));
    html_begin(out, &v->page);
    html_view(out, &v->face, l.at, l.n);
    questions_put(v, "settings:preferences");
    visit_page_done(v);
    return 0;
}

int preferences_apply(struct visit *v, struct err *err)
{
    struct preferences p;
    if (preferences_read(v->db, v->a, v->who.name, false, &p, err) < 0)
        return -err->code;
    const char *market = visit_arg(v, "market");
    if (*p.of[PREFER_LANGUAGE] && !visit_arg(v, "lang"))
        v->face.reader.language = p.of[PREFER_LANGUAGE];
    if (*p.of[PREFER_ZONE] && !(market && *market))     /* one market chosen: its own time */
        v->face.reader.zone = p.of[PREFER_ZONE];
    if (*p.of[PREFER_NUMBERS]) {
        char *numbers = arena_text(v->a, p.of[PREFER_NUMBERS]);
        for (char *at = numbers; *at; at++)
            if (*at == '_')
                *at = '-';
        v->face.reader.numbers = numbers;
    }
    v->start = p.of[PREFER_START];
    return 0;
}
