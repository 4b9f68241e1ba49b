/* SPDX-License-Identifier: Apache-2.0 */
/*
 * serve.c: souk serve: holds the data folder, listens, stops in good order.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>

#include "base/log.h"
#include "cli.h"
#include "data/audit.h"
#include "data/store.h"
#include "web/live.h"
#include "web/page.h"

enum { SEALS = 10000, MOST_UPLOAD_MB = 1 << 20 };       /* SEALS of the ledger are checked at start */

/* "shop.example:8420 other.example" as a list. */
static const char *const *words(struct arena *a, const char *text)
{
    size_t n = 0;
    const char **list = arena_alloc(a, (strlen(text) / 2 + 2) * sizeof *list);
    char *save = NULL;
    for (char *word = strtok_r(arena_text(a, text), " ,", &save); word; word = strtok_r(NULL, " ,", &save))
        list[n++] = word;
    list[n] = NULL;
    return list;
}

int run_serve(struct cli *c)
{
    struct err err = { 0 };
    struct http *http = NULL;
    int64_t port, upload_mb;
    sigset_t stop;
    if (c->argc)
        return cli_usage("serve", "souk serve takes no '%s'.", c->argv[0]);
    /* Signals are waited for here; the threads that follow inherit the mask. */
    sigemptyset(&stop);
    sigaddset(&stop, SIGINT);
    sigaddset(&stop, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &stop, NULL);
    signal(SIGPIPE, SIG_IGN);
    prctl(PR_SET_DUMPABLE, 0);
    if (cli_plugins(c, &err) < 0 || cli_folder(c, DB_WRITE, &err) < 0 || page_setup(&err) < 0)
        return cli_failed(c, &err);
    /* Databases are brought to this program's schema before the first reader comes. */
    const char *const *names;
    size_t n;
    if (account_names(c->folder, c->arena, &names, &n, &err) < 0)
        return cli_failed(c, &err);
    for (size_t i = 0; i < n; i++) {
        struct db *db;
        if (account_open(c->folder, names[i], DB_WRITE, &db, &err) < 0)
            return cli_failed(c, &err);
        int rc = store_verify_ledger(db, SEALS, &err);
        if (rc == 0)
            rc = audit_verify(db, SEALS, &err);
        db_close(db);
        if (rc < 0)
            return cli_failed(c, &err);
    }
    port = plugins_host_int(c->plugins, "port");
    if (c->port && (!text_int(c->port, &port) || port < 0 || port > 65535))
        return cli_usage("serve", "'%s' is no port: 0 to 65535.", c->port);
    upload_mb = plugins_host_int(c->plugins, "upload_mb");
    if (upload_mb < 1 || upload_mb > MOST_UPLOAD_MB) {
        err_set(&err, ERR_CONF, "plugins.ini: upload_mb is %lld; it can be 1 to %d.", (long long)upload_mb, MOST_UPLOAD_MB);
        return cli_failed(c, &err);
    }
    struct live *live = live_new();
    struct jobs *jobs;
    const struct jobs_setup jobs_setup = {
        .folder = c->folder, .plugins = c->plugins, .policies = c->policies,
        .changed = live_changed, .moved = live_moved, .ctx = live,
    };
    if (jobs_start(&jobs, &jobs_setup, &err) < 0)
        return cli_failed(c, &err);
    struct site site = {
        .folder = folder_path(c->folder), .spool = c->folder, .plugins = c->plugins, .policies = c->policies,
        .jobs = jobs, .texts = c->texts, .language = cli_language(c),
        .content = c->content_folder,
    };
    struct http_setup setup = {
        .address = plugins_host_text(c->plugins, "address"), .port = (uint16_t)port,
        .threads = (unsigned)plugins_host_int(c->plugins, "threads"),
        .connections = 240,                             /* more would want more than two threads, see http.c */
        .hosts = words(c->arena, plugins_host_text(c->plugins, "hosts")),
        .ctx = &site, .worker_new = page_worker_new, .worker_free = page_worker_free, .answer = page_answer,
        .upload_bytes = upload_mb << 20, .takes = page_takes, .spool = page_spool, .refused = page_refused,
    };
    if (http_start(&http, &setup, &err) < 0) {
        jobs_free(jobs);
        live_free(live);
        return cli_failed(c, &err);
    }
    live_to(live, http);
    for (size_t i = 0; i < plugins_count(c->plugins); i++) {
        const struct plugin *p = plugins_at(c->plugins, i);
        if (p->state == PLUGIN_REFUSED)
            log_warn("load", "%s is refused: %s", p->name, p->why);
    }
    printf("Souk is at http://%s:%u/\n", setup.address, http_port(http));
    fflush(stdout);
    int got;
    sigwait(&stop, &got);
    log_note("serve", "stopping");
    jobs_stop(jobs);                                    /* the job at work gives up; nobody waits for the writer */
    live_to(live, NULL);
    http_stop(&http);
    jobs_free(jobs);
    live_free(live);
    return EXIT_OK;
}
