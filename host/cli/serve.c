/* SPDX-License-Identifier: Apache-2.0 */
/*
 * serve.c: souk serve: holds the data folder, listens, stops in good order.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "base/log.h"
#include "base/zone.h"
#include "cli.h"
#include "data/audit.h"
#include "data/invite.h"
#include "data/people.h"
#include "data/erase.h"
#include "data/store.h"
#include "flow/coach.h"
#include "flow/command.h"
#include "web/live.h"
#include "web/net.h"
#include "web/page.h"
#include "web/tls.h"

enum { SEALS = 10000, MOST_UPLOAD_MB = 1 << 20 };       /* SEALS of the ledger are checked at start */
enum { COACH_EVERY_S = 900, COACH_WAIT_MS = 60000, RETAIN_WAIT_MS = 1000 };

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

/* ---- what goes on by itself --------------------------------------------------------------------------- */

struct serving {
    struct cli *c;
    struct live *live;
    struct jobs *jobs;
};

/* Facts and rules are looked at through a reader; the writer is borrowed for what is written down of it. */
static int on_coach(void *ctx, struct jobs *jobs, const char *account, const volatile bool *stop, struct err *err)
{
    const struct cli *c = ((struct serving *)ctx)->c;
    const struct coach_setup setup = {
        .scripts = c->scripts, .policies = c->policies, .now_s = clock_now(), .stop = stop,
    };
    struct arena *a = arena_new("coach", 65536);
    struct coach_seen *seen = NULL;
    struct coach_result result;
    struct db *db;
    int rc = account_open(c->folder, account, DB_READ, &db, err);
    if (rc == 0) {
        rc = db_begin(db, err);
        if (rc == 0)
            rc = db_end(db, coach_look(a, db, &setup, &seen, err), err);
        db_close(db);
    }
    while (rc == 0 && (rc = jobs_take(jobs, account, COACH_WAIT_MS, &db, err)) == -ERR_BUSY && !*stop) {
        err_clear(err);
        rc = 0;
    }
    if (rc == 0) {
        rc = db_begin(db, err);
        if (rc == 0)
            rc = db_end(db, coach_put(a, db, seen, &result, err), err);
        jobs_give(jobs, account);
    }
    arena_free(a);
    return rc;
}

/* Whatever changed the records, the rules look at them again. */
static void on_changed(void *ctx, const char *account, unsigned areas)
{
    struct serving *s = ctx;
    struct err ignored = { 0 };
    live_changed(s->live, account, areas);
    if (areas & coach_areas())
        jobs_coach(s->jobs, account, &ignored);
}

static void on_moved(void *ctx, const struct job *job)
{
    live_moved(((struct serving *)ctx)->live, job);
}

/* At the start, since rules may be others than before; and then and when, since some of them look at the time. */
static void coach_all(struct serving *s)
{
    struct arena *a = arena_new("accounts", 1024);
    struct err ignored = { 0 };
    const char *const *name;
    size_t n;
    if (account_names(s->c->folder, a, &name, &n, &ignored) == 0)
        for (size_t i = 0; i < n; i++)
            jobs_coach(s->jobs, name[i], &ignored);
    arena_free(a);
}

/* Erases what is older than the account wants to keep it: a command like others, whose key is the day. */
static int retain(struct serving *s, struct arena *a, const char *account, struct err *err)
{
    struct retention kind[ERASE_KINDS];
    struct command_result result;
    struct db *db;
    int64_t now_s = clock_now();
    bool any = false;
    if (jobs_take(s->jobs, account, RETAIN_WAIT_MS, &db, err) < 0)
        return -err->code;
    int rc = retention_read(db, now_s, kind, err);
    for (size_t k = 0; k < COUNT_OF(kind); k++)
        any |= kind[k].rows > 0;
    const struct command_setup setup = {
        .db = db, .who = who_local(), .via = "job", .key = arena_printf(a, "retention-%lld", (long long)(now_s / 86400)),
        .now_s = now_s, .reader = { .language = cli_language(s->c), .zone = "UTC" }, .texts = s->c->texts,
        .policies = s->c->policies,
    };
    if (rc == 0 && any)
        rc = command_run(a, &setup, "retention.run", NULL, 0, &result, err);
    jobs_give(s->jobs, account);
    return rc;
}

/* Who cannot have the writer now tries again with the next round. */
static void retain_all(struct serving *s)
{
    struct arena *a = arena_new("retention", 4096);
    struct err err = { 0 };
    const char *const *name;
    size_t n;
    if (account_names(s->c->folder, a, &name, &n, &err) == 0)
        for (size_t i = 0; i < n; i++) {
            err = (struct err){ 0 };
            if (retain(s, a, name[i], &err) < 0 && err.code != ERR_BUSY)
                log_warn("retention", "%s: %s", name[i], err.text);
        }
    arena_free(a);
}

/*
 * Runs a timed command of a plugin; who had nothing to do has written nothing.  A desk of its own, since the pages' are in
 * use, and one for each account, since it remembers the writer.
 */
static int timed(struct serving *s, struct arena *a, const char *account, const char *name, struct err *err)
{
    struct command_result result;
    struct db *db;
    if (jobs_take(s->jobs, account, RETAIN_WAIT_MS, &db, err) < 0)
        return -err->code;
    struct desk *desk = desk_new(s->c->plugins, s->c->policies);
    const struct command_setup setup = {
        .db = db, .who = who_local(), .via = "rule", .is_quiet = true, .now_s = clock_now(),
        .reader = { .language = cli_language(s->c), .zone = "UTC" }, .texts = s->c->texts, .plugins = s->c->plugins,
        .desk = desk, .policies = s->c->policies, .vault = folder_vault(s->c->folder),
    };
    int rc = command_run(a, &setup, name, NULL, 0, &result, err);
    if (rc == 0 && result.command[0])
        log_note("timed", "%s: %s: %s", account, name, result.text);
    desk_free(desk);
    jobs_give(s->jobs, account);
    return rc;
}

/* All timed commands in all accounts; one that is refused does not hold up the others. */
static void timed_all(struct serving *s)
{
    struct arena *a = arena_new("timed", 4096);
    struct err err = { 0 };
    const char *const *name;
    size_t n;
    if (account_names(s->c->folder, a, &name, &n, &err) < 0)
        n = 0;
    for (size_t p = 0; n && p < plugins_count(s->c->plugins); p++) {
        const struct plugin *plugin = plugins_at(s->c->plugins, p);
        for (size_t k = 0; k < plugin->n_commands; k++)
            for (size_t i = 0; plugin->commands[k]->is_timed && i < n; i++) {
                err = (struct err){ 0 };
                if (timed(s, a, name[i], plugin->commands[k]->id, &err) < 0 && err.code != ERR_BUSY)
                    log_warn("timed", "%s: %s: %s", name[i], plugin->commands[k]->id, err.text);
            }
    }
    arena_free(a);
}

static void wait_for_the_end(struct serving *s, const sigset_t *stop)
{
    const struct timespec wait = { .tv_sec = COACH_EVERY_S };
    retain_all(s);
    timed_all(s);
    while (sigtimedwait(stop, NULL, &wait) < 0)
        if (errno == EAGAIN) {
            coach_all(s);
            retain_all(s);
            timed_all(s);
        }
}

/* While there is no user: where the first owner is set up. */
static void set_up_link(struct cli *c, const char *address)
{
    const struct deed by = { "local", "cli", clock_now() };
    struct db *souk = NULL;
    struct err err = { 0 };
    const char *secret;
    int64_t n = 1;
    if (folder_souk(c->folder, &souk, &err) == 0 && people_count(souk, &n, &err) == 0 && n == 0
        && invite_setup(souk, c->arena, &by, &secret, &err) == 0)
        fprintf(stderr, "There are no users yet: %s.  Set up the owner, once and within 30 minutes, at\n    %ssetup/%s\n",
                c->no_sign_in ? "whoever sits at this machine may do everything" : "nobody gets in", address, secret);
    if (err.code)
        log_warn("serve", "no set-up link: %s", err.text);
    db_close(souk);
}

/* "https://shop.example:8420/": by its first name, where it listens on all addresses or encrypts. */
static const char *address_of(struct cli *c, const struct http_setup *s, unsigned port)
{
    struct in6_addr at;
    bool is_address = net_address(s->address, strlen(s->address), &at), is_named = s->hosts[0] && (s->tls_cert || net_is_any(&at));
    const char *name = is_named ? s->hosts[0] : s->address;
    bool has_port = is_named && strchr(name, ':');
    const char *host = is_address && !is_named && strchr(name, ':') ? arena_printf(c->arena, "[%s]", name) : name;
    return arena_printf(c->arena, has_port ? "%s://%s/" : "%s://%s:%u/", s->tls_cert ? "https" : "http", host, port);
}

static bool is_local(const char *address, bool has_proxy)
{
    struct in6_addr at;
    return !has_proxy && net_address(address, strlen(address), &at) && net_is_loopback(&at);
}

/* Without a sign-in: on this machine alone, and until there is somebody who could sign in. */
static int check_open(struct cli *c, const char *address, bool has_proxy, struct err *err)
{
    struct db *souk = NULL;
    int64_t n = 0;
    if (!c->no_sign_in)
        return 0;
    if (!is_local(address, has_proxy))
        return err_set(err, ERR_DENIED, "Refused to serve %s without a sign-in: that is for a loopback address, without a proxy.", address);
    int rc = folder_souk(c->folder, &souk, err);
    if (rc == 0)
        rc = people_count(souk, &n, err);
    db_close(souk);
    if (rc == 0 && n)
        rc = err_set(err, ERR_DENIED, "There are users, and they sign in: leave out --no-sign-in.");
    return rc;
}

/* Certificate and key, when both are given. */
static int read_tls(struct cli *c, struct tls *tls, struct err *err)
{
    const char *cert = plugins_host_text(c->plugins, "tls_cert"), *key = plugins_host_text(c->plugins, "tls_key");
    *tls = (struct tls){ 0 };
    if (!*cert && !*key)
        return 0;
    if (!*cert || !*key)
        return err_set(err, ERR_CONF, "plugins.ini: %s is given without %s: TLS needs both.", *cert ? "tls_cert" : "tls_key",
                       *cert ? "tls_key" : "tls_cert");
    return tls_read(c->arena, cert, key, clock_now(), tls, err);
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
    setrlimit(RLIMIT_CORE, &(const struct rlimit){ 0, 0 });             /* secrets are in memory: no core file has them */
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
    struct db *souk;
    if (folder_souk(c->folder, &souk, &err) < 0)
        return cli_failed(c, &err);
    int whole = audit_verify(souk, SEALS, &err);
    db_close(souk);
    if (whole < 0)
        return cli_failed(c, &err);
    port = plugins_host_int(c->plugins, "port");
    if (c->port && (!text_int(c->port, &port) || port < 0 || port > 65535))
        return cli_usage("serve", "'%s' is no port: 0 to 65535.", c->port);
    upload_mb = plugins_host_int(c->plugins, "upload_mb");
    if (upload_mb < 1 || upload_mb > MOST_UPLOAD_MB) {
        err_set(&err, ERR_CONF, "plugins.ini: upload_mb is %lld; it can be 1 to %d.", (long long)upload_mb, MOST_UPLOAD_MB);
        return cli_failed(c, &err);
    }
    struct tls tls;
    const char *address = plugins_host_text(c->plugins, "address");
    const char *const *proxies = words(c->arena, plugins_host_text(c->plugins, "trusted_proxy"));
    if (check_open(c, address, proxies[0], &err) < 0 || read_tls(c, &tls, &err) < 0)
        return cli_failed(c, &err);
    struct live *live = live_new();
    struct serving serving = { c, live, NULL };
    const struct jobs_setup jobs_setup = {
        .folder = c->folder, .plugins = c->plugins, .policies = c->policies,
        .coach = on_coach, .changed = on_changed, .moved = on_moved, .ctx = &serving,
    };
    if (jobs_start(&serving.jobs, &jobs_setup, &err) < 0)
        return cli_failed(c, &err);
    struct jobs *jobs = serving.jobs;
    struct site site = {
        .folder = folder_path(c->folder), .spool = c->folder, .plugins = c->plugins, .policies = c->policies,
        .scripts = c->scripts, .jobs = jobs, .texts = c->texts, .language = cli_language(c),
        .content = c->content_folder, .site_content = plugins_host_text(c->plugins, "site_content"),
        .is_local = is_local(address, proxies[0]), .is_open = c->no_sign_in,
    };
    struct http_setup setup = {
        .address = address, .port = (uint16_t)port, .tls_cert = tls.cert, .tls_key = tls.key, .proxies = proxies,
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
    const char *here = address_of(c, &setup, http_port(http));
    printf("Souk is at %s\n", here);
    fflush(stdout);
    set_up_link(c, here);
    coach_all(&serving);
    wait_for_the_end(&serving, &stop);
    log_note("serve", "stopping");
    jobs_stop(jobs);                                    /* the job at work gives up; nobody waits for the writer */
    live_to(live, NULL);
    http_stop(&http);
    jobs_free(jobs);
    live_free(live);
    return EXIT_OK;
}
