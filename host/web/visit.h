/* SPDX-License-Identifier: Apache-2.0 */
/*
 * visit.h: one request while it is answered, and what the files of pages share.
 *
 *   page.c         the table of routes; where a request goes
 *   visit.c        worker (a thread's databases, plugins, kept views), visit, links, frame, refusals
 *   ribbon.c       what stands at the top: badges, help, search, the Settings menu
 *   kept.c         the view of a widget and its markup, kept while nothing they were made from has changed
 *   why.c          "Why?": what explains a figure
 *   page_home.c    the home page, and how it is arranged; the list of accounts
 *   page_widget.c  one widget, large
 *   page_query.c   a declared query: page, CSV, JSON
 *   page_import.c  files brought in, jobs, the list of imports with undo and rejected rows
 *   page_outgoing.c  changes of listings that are to go out, and the files they are handed in with
 *   page_help.c    help, the rules of the marketplaces, the plugins
 *   page_faq.c     questions with answers and related links; what other pages show of them
 *   page_data.c    the data as a whole: export, a buyer erased, retention
 *   page_preferences.c  language, zone, numbers, start page
 *   page_search.c  the search box: page, answers while typing, API
 *   page_due.c     deadlines: page, API, the calendar behind a secret address
 *   page_do.c      commands: by forms and by the API
 *   who.c          who asks, and whether they may
 *   fresh.c        "is it still you?", before what is grave
 *   way.c          what pages share whose forms run no command: the five below
 *   page_sign.c    sign-in, set-up, invitations
 *   page_you.c     oneself: roles, password, sessions
 *   page_factor.c  one's second factor
 *   page_token.c   one's tokens of the API
 *   page_people.c  the users of an account and their rights
 *   page_log.c     who did what: page, JSON, CSV
 *   page_settings.c  the settings modules: form, records, history
 *   live.c         events for open pages
 *   api.c          the rest of /api/v1, /healthz, /readyz
 */
#ifndef SOUK_VISIT_H
#define SOUK_VISIT_H

#include "data/authz.h"
#include "data/people.h"
#include "face/html.h"
#include "form.h"
#include "page.h"
#include "plug/cards.h"

/* ---- visit.c ------------------------------------------------------------------------------------ */

struct opened;                                          /* an account's database, open for reading */
struct kept;
struct counted;
struct shelf;

struct worker {                                         /* one thread's */
    const struct site *site;
    struct folder *folder;
    struct desk *desk;
    struct opened *opened;
    struct db *souk;                                    /* people; opened at the first request */
    struct kept *kept;
    uint64_t kept_looks;                                /* at the kept views, so far */
    struct counted *counted;
    struct shelf *shelf;                                /* of the account, language and policies below */
    const char *shelf_account;
    char *shelf_language;
    int64_t shelf_policies;
    int32_t shelf_day;
    int64_t shelf_content;                              /* number of the area of what the account has written */
};

enum { VISIT_PARTS = 4 };                               /* {names} in a route's pattern, at most */

struct visit {
    struct worker *w;
    const struct http_request *ask;
    struct http_reply *reply;
    const char *method, *path;                          /* of the page: of ask, unless visit_turn led elsewhere */
    const struct pairs *args;                           /* of the address; NULL: those of ask */
    struct arena *a;
    struct db *db;
    struct opened *opened;                              /* where db is from */
    const char *account;
    const struct souk_widget *widget;                   /* whose own page this is; NULL: none's */
    int64_t now_s;
    struct who who;                                     /* who asks; role 0 and user 0: nobody who is known */
    const char *session;                                /* the id of the cookie; "" without one */
    const char *renewed;                                /* the id that took its place during this visit; or NULL */
    int64_t session_no, proven_age_s;                   /* since the password was last given */
    struct face face;
    struct html_page page;
    const char *const *scripts;                         /* of this page alone, by name; NULL: none; ends with NULL */
    const char *said;                                   /* by the command that led here; or NULL, see do_said */
    const char *start;                                  /* page that the reader begins with; "": home */
    bool is_api;
    bool must_set_up;                                   /* a second factor, before anything else */
    struct { const char *name, *value; } part[VISIT_PARTS];
};

/* What stood in the address at this {name} of the route's pattern; "" where it has none. */
const char *visit_part(const struct visit *v, const char *name);
/*
 * From here on the visit is one to another address of this site, read with GET: a form that was refused
 * is shown again on the page that it stands on.  visit_route answers.
 */
int visit_turn(struct visit *v, const char *address, struct err *err);
int visit_route(struct visit *v, struct err *err);
/* Of the query string; ctx is the visit.  Fits ask_setup and query_args. */
const char *visit_arg(void *ctx, const char *name);
const struct souk_field *visit_option(const struct souk_widget *widget, uint32_t i);
int visit_folder(struct visit *v, struct err *err);     /* opens v->w->folder */
int visit_account(struct visit *v, const char *account, struct err *err);   /* sets account and db */
/* Help, rules and names, in the reader's language; rules of the account's marketplaces. */
int visit_shelf(struct visit *v, const struct shelf **shelf, struct err *err);
/* Numbers of the areas of the account's records, see data/touched.h. */
int visit_areas(struct visit *v, const int64_t **version, struct err *err);

/* The part of the address that goes along in links to this page: market, period, language, a widget's options. */
const char *visit_keep(struct visit *v, const char *leave_out);
/* Of that, the options of the widget whose page this is. */
const char *visit_own(struct visit *v);
/* path?keep&name=value; name NULL: nothing more. */
char *visit_link(struct visit *v, const char *path, const char *keep, const char *name, const char *value);
char *visit_say(struct visit *v, const char *key);      /* a text of the host */
char *visit_plugin_say(struct visit *v, const struct plugin *p, const char *key);
const char *visit_here(struct visit *v);                /* the address as it was asked for */
struct face visit_face(struct visit *v, const struct plugin *p, const char *widget);

void visit_page(struct visit *v, const char *title);    /* fills v->page; then html_begin */
void visit_switches(struct visit *v);                   /* of market and period, into v->page */
void visit_done(struct visit *v, const char *type);     /* the body is whole: its type and ETag */
void visit_page_done(struct visit *v);
void visit_lead(struct visit *v, int status, const char *location);         /* elsewhere: 301, 303 */
void visit_refused(struct visit *v, int status, const char *why);           /* page or problem+json instead */
void visit_failed(struct visit *v, const struct err *err);                  /* the same, its status by the code */
int visit_status(int code);                             /* of HTTP, for an enum err_code */

/* ---- who.c --------------------------------------------------------------------------------------- */

enum { VISIT_LED = 1 };
int visit_souk(struct visit *v, struct err *err);       /* opens v->w->souk */
/* Fills who, by cookie or token; while there is no user, it is whoever is at this machine. */
int visit_who(struct visit *v, const char *account, struct err *err);
/*
 * Before what is grave: was the password given in the last ten minutes?  VISIT_LED: it is asked for, and what was sent
 * comes again with it.  Then the session has a new id.  visit_fresh_look: the same of a page that is only looked at.
 */
int visit_fresh(struct visit *v, struct err *err);
int visit_fresh_look(struct visit *v, struct err *err);
bool fresh_is_own(const char *name);                    /* is this field of a form fresh.c's? */
/* May they look at what the route shows?  VISIT_LED: they are led to the sign-in instead.  ERR_ABSENT, ERR_DENIED. */
int visit_may(struct visit *v, const struct route *route, struct err *err);
bool visit_sees(const struct visit *v, const char *kind, const char *id);      /* "widget", "sales" */
const unsigned char *visit_seal_key(struct visit *v, const char *session);
struct deed visit_deed(const struct visit *v);
/* What a form without a command carries, so that it is of this session: hex. */
const char *visit_form_seal(struct visit *v);
/* The cookie that brings a session, or (id "") ends it. */
const char *visit_cookie(struct visit *v, const char *id);
const char *visit_cookie_of(struct visit *v);           /* the id that the request brings; NULL: none */

/* ---- way.c --------------------------------------------------------------------------------------- */

const char *way_field(struct visit *v, const char *name);               /* of the posted form; "" where it has none */
/* A page with what went wrong and what was done; either may be NULL.  Then its parts, then way_done. */
void way_begin(struct visit *v, const char *title, const char *wrong, const char *said);
int way_done(struct visit *v, int status);
void way_form(struct visit *v, const char *action, const char *label);  /* begins one of this session; html_post_end */
void way_choice(struct visit *v, const char *name, const char *title, const struct souk_choice *choice, uint32_t n, const char *now);
const char *way_when(struct visit *v, int64_t at_s);    /* in words; 0: never */
const char *way_back(const char *back);                 /* an address of this site to go back to; "/" for what is none */
int way_sealed(struct visit *v, struct err *err);       /* is the posted form one that was drawn for this session? */
int way_later(struct visit *v, int64_t retry_s);        /* too many tries: the status, and when the next one may come */

/* ---- ribbon.c ----------------------------------------------------------------------------------- */

void ribbon_free(struct worker *w);
/* What a widget's badge counts, asked once a minute while the data stays the same; both 0 when it fails. */
struct badge ribbon_badge(struct visit *v, const struct plugin *p, const struct souk_widget *widget);
const char *ribbon_urgent(struct visit *v, const struct souk_widget *widget, const struct badge *badge);    /* in words; or NULL */
bool route_is_open(const struct visit *v, const char *name);   /* may this reader go to the route of this name? */
void ribbon_put(struct visit *v);                       /* entries, menu and search into v->page */

/* ---- kept.c ------------------------------------------------------------------------------------- */

void kept_free(struct worker *w);
int kept_ask(struct visit *v, const struct souk_widget *widget, uint32_t shape, struct souk_ask *ask, struct err *err);
/* Elements of a widget's view, kept or rendered; they live as long as the visit. */
int kept_view(struct visit *v, const struct plugin *p, const struct souk_widget *widget, const struct souk_ask *ask,
              const struct view_element **e, size_t *n, struct err *err);
/* The same drawn into the reply; a card is drawn once for all who ask for it in the same way. */
int kept_put(struct visit *v, const struct plugin *p, const struct souk_widget *widget, const struct souk_ask *ask,
             const struct face *f, struct err *err);
unsigned kept_reads(const struct plugin *p);            /* areas that its views depend on */
const char *kept_areas(struct visit *v, const struct plugin *p);            /* their names, with a space between */
/* What stands in a card's place when there is no view. */
void kept_failed(struct visit *v, const struct plugin *p, const struct err *why);

/* ---- why.c -------------------------------------------------------------------------------------- */

/* The why that the address asks for among these elements; q NULL: one that leads to no rows.  Or NULL. */
const struct souk_why *why_asked(struct visit *v, const struct view_element *e, size_t n, const struct query_info *q);
void why_put(struct visit *v, const struct face *f, const struct souk_why *why);

/* ---- page_settings.c ---------------------------------------------------------------------------- */

/* All settings modules and their plugins, in the order of the menu; how many there are. */
bool settings_seen(const struct visit *v, const struct souk_settings *m);      /* may this reader see it? */
size_t settings_modules(struct visit *v, const struct settings_info ***list, const struct plugin ***of);
/* What a module of the plugin says on a page, "deposit" or "deposit/3", and the face that it is drawn with. */
int settings_notes(struct visit *v, const char *page, const struct plugin *of, struct face *f,
                   const struct view_element **e, size_t *n, struct err *err);

/* ---- page_do.c ---------------------------------------------------------------------------------- */

const char *do_said(struct visit *v);                   /* what the command before this page said; or NULL */

/* ---- page_faq.c --------------------------------------------------------------------------------- */

/* Questions about this object ("widget:orders") and links that belong to it; nothing when there are none. */
void questions_put(struct visit *v, const char *object);
struct shelf_text;
void quotes_put(struct visit *v, const struct shelf *shelf, const struct shelf_text *t);    /* between html_links_begin and end */

/* ---- page_preferences.c ------------------------------------------------------------------------- */

int preferences_apply(struct visit *v, struct err *err);        /* of the reader, to the face; the address goes before them */

/* ---- answers, one per row of the table of routes ------------------------------------------------- */

int page_start(struct visit *v, struct err *err);
int page_home(struct visit *v, struct err *err);
int page_layout(struct visit *v, struct err *err);
int page_home_slash(struct visit *v, struct err *err);
int page_widget(struct visit *v, struct err *err);
int page_query(struct visit *v, struct err *err);
int page_query_csv(struct visit *v, struct err *err);
int page_search(struct visit *v, struct err *err);
int page_search_json(struct visit *v, struct err *err);
int page_help(struct visit *v, struct err *err);
int page_help_article(struct visit *v, struct err *err);
int page_help_faq(struct visit *v, struct err *err);
int page_help_widget(struct visit *v, struct err *err);
int page_faq(struct visit *v, struct err *err);
int page_links(struct visit *v, struct err *err);
int page_policies(struct visit *v, struct err *err);
int page_policy(struct visit *v, struct err *err);
int page_data(struct visit *v, struct err *err);
int page_export(struct visit *v, struct err *err);
int page_preferences(struct visit *v, struct err *err);
int page_plugins(struct visit *v, struct err *err);
int api_faq(struct visit *v, struct err *err);
int api_links(struct visit *v, struct err *err);
int api_search(struct visit *v, struct err *err);
int page_due(struct visit *v, struct err *err);
int page_calendar(struct visit *v, struct err *err);
int api_due(struct visit *v, struct err *err);
int page_sign_in(struct visit *v, struct err *err);
int page_sign_in_try(struct visit *v, struct err *err);
int page_sign_in_code(struct visit *v, struct err *err);
int page_sign_out(struct visit *v, struct err *err);
int page_link(struct visit *v, struct err *err);
int page_link_take(struct visit *v, struct err *err);
int page_log(struct visit *v, struct err *err);
int api_log(struct visit *v, struct err *err);
int api_log_csv(struct visit *v, struct err *err);
int page_tokens(struct visit *v, struct err *err);
int page_tokens_do(struct visit *v, struct err *err);
int page_people(struct visit *v, struct err *err);
int page_people_do(struct visit *v, struct err *err);
int page_factor(struct visit *v, struct err *err);
int page_factor_begin(struct visit *v, struct err *err);
int page_factor_confirm(struct visit *v, struct err *err);
int page_factor_codes(struct visit *v, struct err *err);
int page_factor_drop(struct visit *v, struct err *err);
int page_fresh(struct visit *v, struct err *err);
int page_you(struct visit *v, struct err *err);
int page_you_password(struct visit *v, struct err *err);
int page_you_session(struct visit *v, struct err *err);
int page_settings(struct visit *v, struct err *err);
int page_settings_all(struct visit *v, struct err *err);
int api_settings(struct visit *v, struct err *err);
int api_settings_csv(struct visit *v, struct err *err);
int api_settings_all(struct visit *v, struct err *err);
int page_imports(struct visit *v, struct err *err);
int page_import(struct visit *v, struct err *err);
int page_rejects(struct visit *v, struct err *err);
int page_bring(struct visit *v, struct err *err);
int page_outgoing(struct visit *v, struct err *err);
int page_outgoing_file(struct visit *v, struct err *err);
int page_do(struct visit *v, struct err *err);
int api_query(struct visit *v, struct err *err);
int api_command(struct visit *v, struct err *err);
int api_commands(struct visit *v, struct err *err);
int api_outgoing(struct visit *v, struct err *err);
int api_imports(struct visit *v, struct err *err);
int api_import(struct visit *v, struct err *err);
int api_bring(struct visit *v, struct err *err);
int api_jobs(struct visit *v, struct err *err);
int api_job(struct visit *v, struct err *err);
int api_widgets(struct visit *v, struct err *err);
int api_widget(struct visit *v, struct err *err);
int api_widget_csv(struct visit *v, struct err *err);
int api_layout(struct visit *v, struct err *err);
int api_alive(struct visit *v, struct err *err);
int api_ready(struct visit *v, struct err *err);

#endif
