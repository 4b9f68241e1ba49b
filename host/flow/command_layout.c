/* SPDX-License-Identifier: Apache-2.0 */
/*
 * command_layout.c: what belongs to the page and to no record: the places of its cards, the secret address of the
 * calendar.
 *
 * in:     a widget and where it is to stand
 * out:    layout, secret_link
 * knows:  layout, cards, link
 *
 * Everybody may arrange their own page, so the right to view is enough.  Left and right are by what is seen:
 * a hidden card between two others is stepped over.
 */
#include "command_in.h"

#include <string.h>

#include "data/layout.h"
#include "data/link.h"
#include "plug/cards.h"

static const struct souk_choice steps[] = {
    { "first", "layout.first" }, { "left", "layout.left" }, { "right", "layout.right" }, { "last", "layout.last" },
};

static const struct souk_field place_fields[] = {
    FIELD(LINE, "widget", NEEDED, MOST(KEY_LETTERS)),
    FIELD(COUNT, "place", NEEDED, .min = 1, MOST(LAYOUT_MOST)),
};

static const struct souk_field move_fields[] = {
    FIELD(LINE, "widget", NEEDED, MOST(KEY_LETTERS)),
    FIELD(ONE_OF, "by", OPTIONAL, CHOICES(steps)),
    FIELD(LINE, "before", OPTIONAL, MOST(KEY_LETTERS)),
};

static const struct souk_field width_fields[] = {
    FIELD(LINE, "widget", NEEDED, MOST(KEY_LETTERS)),
    FIELD(COUNT, "width", NEEDED, .min = 1, MOST(3)),
};

static const struct souk_field widget_fields[] = {
    FIELD(LINE, "widget", NEEDED, MOST(KEY_LETTERS)),
};

static const struct souk_field import_fields[] = {
    FIELD(AREA, "layout", NEEDED, MOST(BODY_LETTERS), .about = "field.layout.about"),
};

/* ---- the list, and steps in it ----------------------------------------------------------------- */

struct page {
    struct layout_place *place;
    size_t n;
};

static int page_read(struct doing *d, struct page *p, struct err *err)
{
    struct layout_place *own;
    size_t n;
    cards_own(d->a, d->setup->plugins, &own, &n);
    d->ref = arena_printf(d->a, "layout:%s", d->setup->who.name);
    return layout_read(d->db, d->a, d->setup->who.name, own, n, &p->place, &p->n, err);
}

static int page_write(struct doing *d, const struct page *p, struct err *err)
{
    return layout_write(&d->to, d->setup->who.name, p->place, p->n, err);
}

static int widget_find(struct doing *d, const struct page *p, const char *field, const char *widget, size_t *at,
                       struct err *err)
{
    const char *near = NULL;
    for (*at = 0; *at < p->n; ++*at) {
        if (text_is(p->place[*at].widget, widget))
            return 0;
        near = text_nearer(widget, near, p->place[*at].widget);
    }
    return near ? doing_refuse(d, field, err, ERR_ABSENT, "There is no widget '%.60s'. Did you mean '%s'?", widget, near)
                : doing_refuse(d, field, err, ERR_ABSENT, "There is no widget '%.60s'; `souk show` lists them.", widget);
}

static bool is_seen(const struct layout_place *p)
{
    return !p->is_hidden && !p->is_gone;
}

/* Takes one out and puts it in before the one that stands at `to`. */
static void shift(struct page *p, size_t from, size_t to)
{
    struct layout_place moved = p->place[from];
    size_t at = to > from ? to - 1 : to;
    if (at > from)
        memmove(&p->place[from], &p->place[from + 1], (at - from) * sizeof moved);
    else
        memmove(&p->place[at + 1], &p->place[at], (from - at) * sizeof moved);
    p->place[at] = moved;
}

/* Where a step leads: an index to stand before. */
static size_t step_to(const struct page *p, size_t at, const char *by)
{
    size_t to = at;
    if (text_is(by, "first"))
        return 0;
    if (text_is(by, "last"))
        return p->n;
    if (text_is(by, "left")) {
        while (to > 0 && !is_seen(&p->place[to - 1]))
            to--;
        return to > 0 ? to - 1 : at;
    }
    for (to = at + 1; to < p->n && !is_seen(&p->place[to]); )
        to++;
    return to < p->n ? to + 1 : at;
}

static int run_move(struct doing *d, const struct souk_args *args, struct err *err)
{
    struct page p;
    size_t at, to;
    bool is_step = arg_is_told(args, "by");
    if (is_step == arg_is_told(args, "before"))
        return doing_refuse(d, "by", err, ERR_INPUT, "Say where to: first, left, right, last, or before which widget.");
    int rc = page_read(d, &p, err);
    if (rc == 0)
        rc = widget_find(d, &p, "widget", arg_text(args, "widget"), &at, err);
    if (rc == 0 && !is_step)
        rc = widget_find(d, &p, "before", arg_text(args, "before"), &to, err);
    if (rc < 0)
        return rc;
    shift(&p, at, is_step ? step_to(&p, at, arg_text(args, "by")) : to);
    say(d, "done.layout.move");
    return page_write(d, &p, err);
}

/* The n-th of what is seen; behind all others when there are fewer. */
static int run_place(struct doing *d, const struct souk_args *args, struct err *err)
{
    struct page p;
    size_t at, to = 0;
    int64_t place = arg_int(args, "place", 1);
    int rc = page_read(d, &p, err);
    if (rc == 0)
        rc = widget_find(d, &p, "widget", arg_text(args, "widget"), &at, err);
    if (rc < 0)
        return rc;
    p.place[at].is_hidden = false;
    for (; to < p.n; to++)
        if (to != at && is_seen(&p.place[to]) && --place == 0)
            break;
    shift(&p, at, to);
    say(d, "done.layout.place");
    return page_write(d, &p, err);
}

static int run_width(struct doing *d, const struct souk_args *args, struct err *err)
{
    struct page p;
    size_t at;
    int rc = page_read(d, &p, err);
    if (rc == 0)
        rc = widget_find(d, &p, "widget", arg_text(args, "widget"), &at, err);
    if (rc < 0)
        return rc;
    p.place[at].width = (uint32_t)arg_int(args, "width", 1);
    say(d, "done.layout.width");
    return page_write(d, &p, err);
}

static int hide(struct doing *d, const struct souk_args *args, bool is_hidden, struct err *err)
{
    struct page p;
    size_t at;
    int rc = page_read(d, &p, err);
    if (rc == 0)
        rc = widget_find(d, &p, "widget", arg_text(args, "widget"), &at, err);
    if (rc < 0)
        return rc;
    p.place[at].is_hidden = is_hidden;
    say(d, is_hidden ? "done.layout.hide" : "done.layout.show");
    return page_write(d, &p, err);
}

static int run_hide(struct doing *d, const struct souk_args *args, struct err *err)
{
    return hide(d, args, true, err);
}

static int run_show(struct doing *d, const struct souk_args *args, struct err *err)
{
    return hide(d, args, false, err);
}

static int run_reset(struct doing *d, const struct souk_args *args, struct err *err)
{
    (void)args;
    d->ref = arena_printf(d->a, "layout:%s", d->setup->who.name);
    say(d, "done.layout.reset");
    return layout_write(&d->to, d->setup->who.name, NULL, 0, err);
}

static int run_import(struct doing *d, const struct souk_args *args, struct err *err)
{
    struct page p;
    d->ref = arena_printf(d->a, "layout:%s", d->setup->who.name);
    int rc = layout_of_json(d->a, arg_text(args, "layout"), &p.place, &p.n, err);
    if (rc < 0) {
        d->field = "layout";
        return rc;
    }
    say(d, "done.layout.import", { "n", souk_count((int64_t)p.n) });
    return page_write(d, &p, err);
}

/* ---- the calendar's address -------------------------------------------------------------------- */

static int run_link(struct doing *d, const struct souk_args *args, struct err *err)
{
    char word[LINK_WORD + 1];
    (void)args;
    int rc = link_make(d->db, "calendar", d->now_s, word, err);
    d->ref = "link:calendar";
    d->secret = arena_printf(d->a, "/calendar/%s.ics", word);
    say(d, "done.calendar.link");
    return rc;
}

static int run_unlink(struct doing *d, const struct souk_args *args, struct err *err)
{
    (void)args;
    int rc = link_drop(d->db, "calendar", err);
    d->ref = "link:calendar";
    say(d, rc > 0 ? "done.calendar.unlink" : "done.calendar.none");
    return rc < 0 ? rc : 0;
}

const struct command_info layout_commands[] = {
    COMMAND("layout.place", RIGHT_VIEW, place_fields, run_place),
    COMMAND("layout.move", RIGHT_VIEW, move_fields, run_move),
    COMMAND("layout.width", RIGHT_VIEW, width_fields, run_width),
    COMMAND("layout.hide", RIGHT_VIEW, widget_fields, run_hide),
    COMMAND("layout.show", RIGHT_VIEW, widget_fields, run_show),
    COMMAND_BARE("layout.reset", RIGHT_VIEW, run_reset),
    COMMAND("layout.import", RIGHT_VIEW, import_fields, run_import),
    COMMAND_BARE("calendar.link", RIGHT_ADMIN, run_link),
    COMMAND_BARE("calendar.unlink", RIGHT_ADMIN, run_unlink),
    { .name = NULL },
};
