/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page.h: what is at which address.
 *
 *   /                                      the account's home page, or the list of accounts
 *   /sign-in, /sign-out, /you              the way in and out; oneself
 *   /setup/<secret>, /invite/, /reset/     what works once: the first owner, an invitation, a new password
 *   /a/<account>/                          home page: the widgets as cards
 *   /a/<account>/layout[.json]             its cards to be arranged; the layout as a file
 *   /a/<account>/w/<widget>                one widget, large
 *   /a/<account>/q/<plugin>/<query>[.csv]  a declared query: what "Why?" opens
 *   /a/<account>/imports                   files brought in; /<no> one of them, /<no>/rejects its rejected rows
 *   /a/<account>/import                    takes files (POST)
 *   /a/<account>/do/<command>              a form's command (POST)
 *   /a/<account>/settings                  the settings modules; /<module>, /<module>/<record> their forms
 *   /a/<account>/settings/faq, /links      questions with answers, related links
 *   /a/<account>/settings/data             the data as a whole; /export: all of it as a zip
 *   /a/<account>/settings/preferences      language, zone, numbers, start page
 *   /a/<account>/events                    what happens, for open pages (server-sent events)
 *   /api/v1/a/<account>/widgets            the widgets as JSON; /<id> one of them; /<id>.csv
 *   /api/v1/a/<account>/q/<plugin>/<query>
 *   /api/v1/a/<account>/imports            the list; takes files (POST); /<no> one of them
 *   /api/v1/a/<account>/commands           what there is to do; /<name> does it (POST)
 *   /api/v1/a/<account>/faq, /links        the same as JSON
 *   /api/v1/a/<account>/layout             places of the cards
 *   /api/v1/a/<account>/jobs               what is at work; /<no> one of them
 *   /assets/<name>, /favicon.svg, /healthz, /readyz
 *
 * knows:  face, plug, account.  The HTTP library is behind web/http.
 */
#ifndef SOUK_PAGE_H
#define SOUK_PAGE_H

#include "data/account.h"
#include "data/authz.h"
#include "plug/sdk.h"
#include "web/http.h"

struct jobs;
struct scripts;

struct site {                                           /* shared by all threads, read only */
    const char *folder;                                 /* data folder */
    const struct folder *spool;                         /* the same, held for writing: uploads go to its spool/ */
    const struct plugins *plugins;
    struct policies *policies;
    struct scripts *scripts;                            /* rules of the coach */
    struct jobs *jobs;                                  /* who writes */
    const struct catalogue *texts;
    const char *language;                               /* unless the reader chooses another */
    const char *content;                                /* folder of help articles */
    const char *site_content;                           /* the site's own, beside them; "" none */
    bool is_local;                                      /* nobody beyond this machine comes here */
    bool is_open;                                       /* whoever comes may do everything, while there are no users */
};

struct visit;

struct route {
    const char *method;                                 /* "GET", which answers HEAD too */
    const char *pattern;                                /* "/a/{account}/w/{widget}" */
    const char *name;                                   /* what rights and tests call it by */
    int (*answer)(struct visit *v, struct err *err);
    unsigned takes;                                     /* of "POST": bits of enum http_takes */
    enum right right;                                   /* what authz is asked; 0: it is open to everybody */
    const char *object;                                 /* "widget:{widget}"; "" for whoever is signed in; "plugin:{plugin}"
                                                           is any of that plugin's widgets and settings; NULL: open */
};

const struct route *page_route(size_t i);               /* the table's i-th row; NULL after the last */

int page_setup(struct err *err);                        /* once, before the first answer: assets and their names */

void *page_worker_new(void *site);
void page_worker_free(void *worker);
unsigned page_takes(void *site, const struct http_request *ask);
const char *page_spool(void *site, void *worker, struct arena *a);
void page_answer(void *site, void *worker, const struct http_request *ask, struct http_reply *reply);
void page_refused(void *site, void *worker, const struct http_request *ask, int status, const char *why,
                  struct http_reply *reply);

#endif
