/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page_data.c: the account's data as a whole: to take away, to erase a buyer, to erase what is old.
 */
#include "visit.h"

#include <string.h>

#include "data/erase.h"
#include "element.h"
#include "face/archive.h"
#include "flow/command.h"

static void put_text(struct elements *l, const char *key)
{
    element_add(l, VIEW_TEXT)->text = (struct souk_text_element){ .size = sizeof(struct souk_text_element), .text = { .key = key } };
}

/* The fields of a command but those that are fixed; a number that is there stands in its field. */
static struct souk_list fields_of(struct elements *l, const char *command, const char *leave_out, int64_t days)
{
    struct command_info info;
    struct err none = { 0 };
    if (command_find(NULL, command, &info, &none) < 0)
        return (struct souk_list){ 0 };
    struct souk_field *field = arena_zero(l->a, info.fields.n * sizeof *field);
    uint32_t n = 0;
    for (uint32_t i = 0; i < info.fields.n; i++) {
        const struct souk_field *f = (const void *)((const char *)info.fields.at + (size_t)i * info.fields.size);
        if (text_is(f->name, leave_out))
            continue;
        field[n] = *f;
        if (days && text_is(f->name, "days"))
            field[n].fallback = souk_count(days);
        n++;
    }
    return (struct souk_list){ field, n, sizeof *field };
}

static void put_kind(struct elements *l, enum erase_kind kind, const struct retention *r)
{
    const char *word = erase_word(kind);
    element_add(l, VIEW_ITEM)->item = (struct souk_item){
        .size = sizeof(struct souk_item), .title = element_msg(l->a, arena_printf(l->a, "erase.%s", word)),
        .badge = r->days ? element_msg(l->a, "erase.after", { "n", souk_count(r->days) }) : (struct souk_msg)SOUK_MSG("erase.kept"),
        .note = r->days ? element_msg(l->a, "erase.next", { "n", souk_count(r->rows) })
                        : element_msg(l->a, arena_printf(l->a, "erase.%s.about", word)),
    };
    element_button(l, &(const struct element_button){
        .command = "retention.set", .text = "faq.save", .title = "erase.change", .args = SOUK_ARGS({ "kind", souk_text(word) }),
        .fields = fields_of(l, "retention.set", "kind", r->days),
    });
    element_add(l, VIEW_END);
}

static void put_retention(struct elements *l, const struct retention kind[ERASE_KINDS])
{
    bool any = false;
    element_add(l, VIEW_ITEMS)->title = (struct souk_msg)SOUK_MSG("erase.retention");
    for (enum erase_kind k = ERASE_LETTERS; k < ERASE_KINDS; k++) {
        put_kind(l, k, &kind[k]);
        any |= kind[k].days > 0;
    }
    element_add(l, VIEW_END);
    put_text(l, any ? "erase.daily" : "erase.off");
    if (any)
        element_button(l, &(const struct element_button){
            .command = "retention.run", .text = "erase.run", .note = "erase.run_note", .tone = SOUK_BAD,
        });
}

int page_data(struct visit *v, struct err *err)
{
    struct retention kind[ERASE_KINDS];
    struct elements l = { .a = v->a };
    struct buf *out = &v->reply->body;
    if (retention_read(v->db, v->now_s, kind, err) < 0)
        return -err->code;
    element_add(&l, VIEW_SECTION)->title = (struct souk_msg)SOUK_MSG("erase.buyer");
    put_text(&l, "erase.buyer_about");
    element_button(&l, &(const struct element_button){
        .command = "buyer.erase", .text = "erase.buyer_button", .tone = SOUK_PLAIN, .title = "erase.buyer_title",
        .fields = fields_of(&l, "buyer.erase", "", 0),
    });
    element_add(&l, VIEW_END);
    put_retention(&l, kind);
    visit_page(v, visit_say(v, "data.title"));
    html_begin(out, &v->page);
    html_list_title(out, visit_say(v, "data.export"));
    html_paragraph(out, visit_say(v, "data.export_about"));
    html_links_begin(out, visit_say(v, "data.export"));
    html_link(out, visit_say(v, "data.export_link"), arena_printf(v->a, "/a/%s/settings/data/export", v->account), false);
    html_links_end(out);
    html_live_begin(out, "content letters feedback notices imports orders");
    html_view(out, &v->face, l.at, l.n);
    html_live_end(out);
    html_list_title(out, visit_say(v, "data.backup"));
    html_paragraph(out, visit_say(v, "data.backup_about"));
    visit_page_done(v);
    return 0;
}

int page_export(struct visit *v, struct err *err)
{
    const char *path = folder_spool(v->w->site->spool, v->a);
    struct buf day = { 0 };
    int rc = visit_fresh_look(v, err);                  /* all of it leaves the house */
    if (rc != 0)
        return rc < 0 ? rc : 0;
    if (archive_account(v->db, v->account, path, v->now_s, err) < 0)
        return -err->code;
    buf_day(&day, (int32_t)(v->now_s / 86400));
    v->reply->file = path;
    v->reply->file_name = arena_printf(v->a, "souk-%s-%s.zip", v->account, buf_str(&day));
    v->reply->type = "application/zip";
    buf_free(&day);
    return 0;
}
