/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page_people.c: the users of an account and their rights: who there is, one of them with what was granted, invitations.
 *
 * All that is done here is one address with the name of the deed; each is proven anew (fresh.c) and noted in the program's
 * log.  An administrator lets in and governs staff, viewers and other administrators; owners are for owners.  What concerns
 * a person as a whole (whether they may sign in, a new password, sessions) is for who governs them in every account.
 */
#include "visit.h"

#include <string.h>

#include "base/zone.h"
#include "data/invite.h"
#include "data/session.h"
#include "flow/command.h"

enum { ALL_FIELDS = 400 };

/* ---- who may govern whom ---------------------------------------------------------------------------- */

static bool may_give(const struct visit *v, enum role role)
{
    return v->who.role == ROLE_OWNER || (v->who.role == ROLE_ADMIN && role != ROLE_OWNER);
}

/* In this account: its owner, or an administrator where they are none. */
static int role_here(struct visit *v, int64_t person, enum role *role, struct err *err)
{
    const struct person_role *list;
    size_t n;
    *role = 0;
    if (people_roles(v->w->souk, v->a, person, &list, &n, err) < 0)
        return -err->code;
    for (size_t i = 0; i < n; i++)
        if (text_is(list[i].account, v->account))
            *role = list[i].role;
    return 0;
}

/* In each account that they have a role in; the command line governs everybody. */
static int governs_all(struct visit *v, int64_t person, bool *may, struct err *err)
{
    const struct person_role *list;
    size_t n;
    *may = true;
    if (people_roles(v->w->souk, v->a, person, &list, &n, err) < 0)
        return -err->code;
    for (size_t i = 0; v->who.user && i < n; i++) {
        struct who there;
        if (people_who(v->w->souk, v->a, v->who.user, list[i].account, &there, err) < 0)
            return -err->code;
        *may &= there.role == ROLE_OWNER || (there.role == ROLE_ADMIN && list[i].role != ROLE_OWNER);
    }
    return 0;
}

/* ---- words --------------------------------------------------------------------------------------------- */

static const char *role_title(struct visit *v, enum role role)
{
    return role ? visit_say(v, arena_printf(v->a, "role.%s", role_word(role))) : visit_say(v, "people.no_role");
}

static const char *page_of(struct visit *v, const char *more)
{
    return arena_printf(v->a, "/a/%s/settings/people%s", v->account, more);
}

/* ---- forms ---------------------------------------------------------------------------------------------- */

static void form_begin(struct visit *v, const char *deed, const char *person, const char *title)
{
    struct buf *out = &v->reply->body;
    way_form(v, page_of(v, ""), visit_say(v, title));
    html_form_hidden(out, "deed", deed);
    if (person)
        html_form_hidden(out, "person", person);
}

static void put_button(struct visit *v, const char *deed, const char *person, const char *key)
{
    form_begin(v, deed, person, key);
    html_post_end(&v->reply->body, visit_say(v, key));
}

static void put_roles(struct visit *v, enum role now, bool with_none)
{
    struct souk_choice *choice = arena_zero(v->a, 5 * sizeof *choice);
    uint32_t n = 0;
    for (enum role role = ROLE_VIEWER; role <= ROLE_OWNER; role++)
        if (may_give(v, role))
            choice[n++] = (struct souk_choice){ role_word(role), arena_printf(v->a, "role.%s", role_word(role)) };
    if (with_none)
        choice[n++] = (struct souk_choice){ "none", "people.no_role" };
    way_choice(v, "role", "people.role", choice, n, now ? role_word(now) : "staff");
}

static void put_invite(struct visit *v)
{
    struct buf *out = &v->reply->body;
    html_list_title(out, visit_say(v, "people.invite"));
    html_paragraph(out, visit_say(v, "people.invite_about"));
    form_begin(v, "invite", NULL, "people.invite");
    html_post_field(out, &(const struct html_post_field){ .name = "email", .title = visit_say(v, "sign.email"), .type = "email", .complete = "off" });
    put_roles(v, ROLE_STAFF, false);
    html_post_end(out, visit_say(v, "people.invite_button"));
}

/* ---- all of them ------------------------------------------------------------------------------------------- */

static int put_people(struct visit *v, struct err *err)
{
    const struct person *list;
    struct buf *out = &v->reply->body;
    size_t n;
    if (people_list(v->w->souk, v->a, v->account, &list, &n, err) < 0)
        return -err->code;
    html_found_begin(out, visit_say(v, "people.users"));
    for (size_t i = 0; i < n; i++) {
        const struct person *p = &list[i];
        enum role role;
        struct buf note = { 0 };
        if (role_here(v, p->no, &role, err) < 0)
            return -err->code;
        buf_printf(&note, "%s – ", role_title(v, role));
        if (p->is_disabled)
            buf_printf(&note, "%s – ", visit_say(v, "people.disabled"));
        buf_printf(&note, "%s – ", visit_say(v, p->has_factor ? "people.with_factor" : "people.without_factor"));
        say(&note, &v->face, "people.seen", { "when", way_when(v, p->signed_in_s), 0 });
        html_found(out, arena_printf(v->a, "%s (%s)", p->name, p->email),
                   visit_link(v, page_of(v, arena_printf(v->a, "/%lld", (long long)p->no)), v->face.keep, NULL, NULL), buf_str(&note), "");
        buf_free(&note);
    }
    html_found_end(out, NULL, NULL);
    return 0;
}

static int put_invitations(struct visit *v, struct err *err)
{
    const struct invite *list;
    struct buf *out = &v->reply->body;
    size_t n;
    if (invite_list(v->w->souk, v->a, v->account, v->now_s, &list, &n, err) < 0)
        return -err->code;
    if (n)
        html_list_title(out, visit_say(v, "people.invitations"));
    for (size_t i = 0; i < n; i++) {
        struct buf words = { 0 };
        say(&words, &v->face, "people.invitation", { "email", list[i].email, 0 }, { "role", role_title(v, list[i].role), 0 },
            { "by", list[i].made_by, 0 }, { "ends", way_when(v, list[i].ends_s), 0 });
        html_paragraph(out, buf_str(&words));
        buf_free(&words);
        put_button(v, "uninvite", arena_printf(v->a, "%lld", (long long)list[i].no), "people.uninvite");
    }
    return 0;
}

static int done(struct visit *v, bool is_one, int status)
{
    html_links_begin(&v->reply->body, visit_say(v, "links.label"));
    if (is_one)
        html_link(&v->reply->body, visit_say(v, "people.title"), visit_link(v, page_of(v, ""), v->face.keep, NULL, NULL), false);
    html_link(&v->reply->body, visit_say(v, "settings.help"), visit_link(v, arena_printf(v->a, "/a/%s/help/people", v->account), v->face.keep, NULL, NULL), false);
    html_link(&v->reply->body, visit_say(v, "settings.all"), visit_link(v, arena_printf(v->a, "/a/%s/settings", v->account), v->face.keep, NULL, NULL), false);
    html_links_end(&v->reply->body);
    return way_done(v, status);
}

static int all(struct visit *v, const char *wrong, const char *said, int status, struct err *err)
{
    way_begin(v, visit_say(v, "people.title"), wrong, said);
    html_paragraph(&v->reply->body, visit_say(v, "people.about"));
    if (put_people(v, err) < 0 || put_invitations(v, err) < 0)
        return -err->code;
    put_invite(v);
    return done(v, false, status);
}

/* ---- one of them --------------------------------------------------------------------------------------------- */

struct granting {
    struct visit *v;
    const struct grant *is;
    size_t n;
};

static const char *granted(const struct granting *g, const char *object)
{
    for (size_t i = 0; i < g->n; i++)
        if (text_is(g->is[i].object, object))
            return may_word(g->is[i].may);
    return "unsaid";
}

static void put_grant(const struct granting *g, const char *object, const char *title, bool is_command)
{
    static const struct souk_choice looks[] = {
        { "unsaid", "people.unsaid" }, { "none", "people.may_none" }, { "view", "people.may_view" }, { "edit", "people.may_edit" },
    }, runs[] = { { "unsaid", "people.unsaid" }, { "none", "people.may_none" }, { "edit", "people.may_run" } };
    const char *name = arena_printf(g->v->a, "may.%s", object);
    if (is_command)
        way_choice(g->v, name, title, runs, COUNT_OF(runs), granted(g, object));
    else
        way_choice(g->v, name, title, looks, COUNT_OF(looks), granted(g, object));
}

static void put_widgets(const struct granting *g)
{
    struct visit *v = g->v;
    const struct plugins *all = v->w->site->plugins;
    html_fold_begin(&v->reply->body, visit_say(v, "people.widgets"), true);
    put_grant(g, "widget:*", "people.all_widgets", false);
    for (size_t i = 0; i < plugins_count(all); i++)
        for (size_t k = 0; k < plugins_at(all, i)->n_widgets; k++) {
            const struct souk_widget *w = plugins_at(all, i)->widgets[k];
            put_grant(g, arena_printf(v->a, "widget:%s", w->id), visit_plugin_say(v, plugins_at(all, i), w->title), false);
        }
    put_grant(g, "page:imports", "ribbon.imports", false);
    html_fold_end(&v->reply->body);
}

static void put_settings(const struct granting *g)
{
    struct visit *v = g->v;
    const struct settings_info **list;
    const struct plugin **of;
    size_t n = settings_modules(v, &list, &of);
    html_fold_begin(&v->reply->body, visit_say(v, "people.settings"), true);
    for (size_t i = 0; i < n; i++)
        put_grant(g, arena_printf(v->a, "settings:%s", list[i]->settings->id), visit_plugin_say(v, of[i], list[i]->settings->title), false);
    html_fold_end(&v->reply->body);
}

/* Those that change something; what is for administrators and owners cannot be granted. */
static void put_commands(const struct granting *g)
{
    struct visit *v = g->v;
    const struct command_info *list;
    size_t n;
    command_list(v->a, v->w->site->plugins, &list, &n);
    html_fold_begin(&v->reply->body, visit_say(v, "people.commands"), false);
    html_paragraph(&v->reply->body, visit_say(v, "people.commands_about"));
    for (size_t i = 0; i < n; i++)
        if (list[i].right == RIGHT_EDIT && !list[i].settings)
            put_grant(g, arena_printf(v->a, "command:%s", list[i].name),
                      list[i].plugin ? visit_plugin_say(v, list[i].plugin, list[i].title) : list[i].title, true);
    html_fold_end(&v->reply->body);
}

static int put_grants(struct visit *v, int64_t person, const char *no, struct err *err)
{
    struct granting g = { .v = v };
    if (people_grants(v->w->souk, v->a, person, v->account, &g.is, &g.n, err) < 0)
        return -err->code;
    html_list_title(&v->reply->body, visit_say(v, "people.grants"));
    html_paragraph(&v->reply->body, visit_say(v, "people.grants_about"));
    form_begin(v, "grant", no, "people.grants");
    put_widgets(&g);
    put_settings(&g);
    put_commands(&g);
    html_post_end(&v->reply->body, visit_say(v, "settings.save"));
    return 0;
}

static int one(struct visit *v, int64_t person, const char *wrong, const char *said, int status, struct err *err)
{
    const struct clocks now = { v->now_s, clock_ms() };
    const char *no = arena_printf(v->a, "%lld", (long long)person);
    const struct session *session;
    struct buf *out = &v->reply->body;
    struct person p;
    enum role role;
    bool all_of;
    size_t n;
    if (people_get(v->w->souk, v->a, person, &p, err) < 0 || role_here(v, person, &role, err) < 0 || governs_all(v, person, &all_of, err) < 0
        || session_list(v->w->souk, v->a, person, now, &session, &n, err) < 0)
        return -err->code;
    if (!role)
        return err_set(err, ERR_ABSENT, "There is no such user in this account.");
    way_begin(v, p.name, wrong, said);
    html_facts_begin(out);
    html_fact(out, visit_say(v, "sign.email"), p.email, NULL);
    html_fact(out, visit_say(v, "people.role"), role_title(v, role), NULL);
    html_fact(out, visit_say(v, "factor.title"), visit_say(v, p.has_factor ? "you.factor_on" : "you.factor_off"), NULL);
    html_fact(out, visit_say(v, "people.signed_in"), way_when(v, p.signed_in_s), NULL);
    html_fact(out, visit_say(v, "people.sessions"), arena_printf(v->a, "%zu", n), NULL);
    if (p.is_disabled)
        html_fact(out, visit_say(v, "people.state"), visit_say(v, "people.disabled"), NULL);
    html_facts_end(out);
    if (may_give(v, role)) {
        form_begin(v, "role", no, "people.role");
        put_roles(v, role, true);
        html_post_end(out, visit_say(v, "people.set_role"));
    } else {
        html_paragraph(out, visit_say(v, "people.of_owners"));
    }
    if (role == ROLE_STAFF && put_grants(v, person, no, err) < 0)
        return -err->code;
    if (all_of && person != v->who.user) {
        html_list_title(out, visit_say(v, "people.whole"));
        if (n)
            put_button(v, "sessions", no, "people.end_sessions");
        put_button(v, "reset", no, "people.reset");
        put_button(v, p.is_disabled ? "enable" : "disable", no, p.is_disabled ? "people.enable" : "people.disable");
    }
    return done(v, true, status);
}

int page_people(struct visit *v, struct err *err)
{
    const char *person = visit_part(v, "person");
    int64_t no;
    if (!*person)
        return all(v, NULL, NULL, 200, err);
    if (!text_int(person, &no))
        return err_set(err, ERR_ABSENT, "There is no such user in this account.");
    return one(v, no, NULL, NULL, 200, err);
}

/* ---- deeds -------------------------------------------------------------------------------------------------------- */

struct deed_of {                                        /* what a form asks for */
    struct visit *v;
    struct deed by;
    int64_t person;                                     /* or the number of an invitation */
    const char *link;                                   /* out: an address that works once */
};

/* The whole address, as this reader reaches Souk. */
static const char *whole(struct visit *v, const char *kind, const char *secret)
{
    const char *host = http_header(v->ask, "Host");
    return arena_printf(v->a, "%s://%s/%s/%s", http_is_secure(v->ask) ? "https" : "http", host ? host : "", kind, secret);
}

static int do_invite(struct deed_of *d, struct err *err)
{
    struct visit *v = d->v;
    enum role role = role_named(way_field(v, "role"));
    const char *email, *secret;
    if (!role || !may_give(v, role))
        return err_set(err, ERR_DENIED, "Only an owner lets in owners.");
    if (people_email(v->a, way_field(v, "email"), &email, err) < 0
        || invite_join(v->w->souk, v->a, email, v->account, role, &d->by, &secret, err) < 0)
        return -err->code;
    d->link = whole(v, "invite", secret);
    return 0;
}

static int do_uninvite(struct deed_of *d, struct err *err)
{
    return invite_end(d->v->w->souk, d->v->account, d->person, &d->by, err);
}

static int do_role(struct deed_of *d, struct err *err)
{
    struct visit *v = d->v;
    enum role is, role = role_named(way_field(v, "role"));
    if (role_here(v, d->person, &is, err) < 0)
        return -err->code;
    if (!role && !text_is(way_field(v, "role"), "none"))
        return err_set(err, ERR_INPUT, "'%.20s' is no role.", way_field(v, "role"));
    if (!is)
        return err_set(err, ERR_ABSENT, "There is no such user in this account.");
    if (!may_give(v, is) || !may_give(v, role))
        return err_set(err, ERR_DENIED, "Only an owner makes owners, or changes what they may.");
    return people_set_role(v->w->souk, d->person, v->account, role, &d->by, err);
}

/* Whatever differs from what was granted. */
static int do_grant(struct deed_of *d, struct err *err)
{
    struct visit *v = d->v;
    struct granting g = { .v = v };
    const char *name, *value;
    if (people_grants(v->w->souk, v->a, d->person, v->account, &g.is, &g.n, err) < 0)
        return -err->code;
    for (size_t i = 0; i < ALL_FIELDS && http_field_at(v->ask, i, &name, &value); i++) {
        if (!text_starts(name, "may.") || text_is(granted(&g, name + 4), value))
            continue;
        enum may may = text_is(value, "unsaid") ? 0 : may_named(value);
        if (!may && !text_is(value, "unsaid"))
            return err_set(err, ERR_INPUT, "'%.20s' cannot be granted.", value);
        if (people_grant(v->w->souk, d->person, v->account, name + 4, may, &d->by, err) < 0)
            return -err->code;
    }
    return 0;
}

static int do_sessions(struct deed_of *d, struct err *err)
{
    int rc = session_end_others(d->v->w->souk, d->person, 0, &d->by, err);
    return rc < 0 ? rc : 0;
}

static int do_reset(struct deed_of *d, struct err *err)
{
    const char *secret;
    int rc = invite_reset(d->v->w->souk, d->v->a, d->person, &d->by, &secret, err);
    if (rc == 0)
        d->link = whole(d->v, "reset", secret);
    return rc;
}

static int do_disable(struct deed_of *d, struct err *err)
{
    return people_disable(d->v->w->souk, d->person, true, &d->by, err);
}

static int do_enable(struct deed_of *d, struct err *err)
{
    return people_disable(d->v->w->souk, d->person, false, &d->by, err);
}

static const struct { const char *name, *said; int (*run)(struct deed_of *d, struct err *err); bool is_whole, is_of_all; } deeds[] = {
    { "invite", "people.invited", do_invite, false, true },
    { "uninvite", "people.uninvited", do_uninvite, false, true },
    { "role", "people.done_role", do_role, false, false },
    { "grant", "people.done_grant", do_grant, false, false },
    { "sessions", "people.done_sessions", do_sessions, true, false },
    { "reset", "people.done_reset", do_reset, true, false },
    { "disable", "people.done_disable", do_disable, true, false },
    { "enable", "people.done_enable", do_enable, true, false },
};

static int run(struct deed_of *d, size_t i, struct err *err)
{
    enum role role;
    bool may = true;
    if (!deeds[i].is_of_all && role_here(d->v, d->person, &role, err) < 0)
        return -err->code;
    if (!deeds[i].is_of_all && !role)
        return err_set(err, ERR_ABSENT, "There is no such user in this account.");
    if (deeds[i].is_whole && governs_all(d->v, d->person, &may, err) < 0)
        return -err->code;
    if (!may)
        return err_set(err, ERR_DENIED, "This concerns other accounts of theirs, too: it is for who owns all of them.");
    return deeds[i].run(d, err);
}

int page_people_do(struct visit *v, struct err *err)
{
    struct deed_of d = { .v = v, .by = visit_deed(v) };
    struct err why = { 0 };
    size_t i = 0;
    if (way_sealed(v, err) < 0)
        return -err->code;
    int rc = visit_fresh(v, err);
    if (rc != 0)
        return rc < 0 ? rc : 0;
    while (i < COUNT_OF(deeds) && !text_is(deeds[i].name, way_field(v, "deed")))
        i++;
    if (i == COUNT_OF(deeds) || (*way_field(v, "person") && !text_int(way_field(v, "person"), &d.person)))
        return err_set(err, ERR_INPUT, "The form asks for nothing that is known here: open its page again.");
    rc = run(&d, i, &why);
    if (rc < 0 && visit_status(why.code) >= 500)
        return err_set(err, (enum err_code)why.code, "%s", why.text);
    const char *wrong = rc < 0 ? why.text : NULL, *said = rc < 0 ? NULL : visit_say(v, deeds[i].said);
    int status = rc < 0 ? visit_status(why.code) : 200;
    if (d.link)
        said = arena_printf(v->a, "%s %s", said, d.link);
    enum role role = 0;
    if (!deeds[i].is_of_all && role_here(v, d.person, &role, err) < 0)
        return -err->code;
    return role ? one(v, d.person, wrong, said, status, err) : all(v, wrong, said, status, err);
}
