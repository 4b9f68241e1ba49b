/* SPDX-License-Identifier: Apache-2.0 */
/*
 * jobs.c: who writes while `souk serve` runs.
 *
 * in:     files in the spool, names of accounts
 * out:    records, states of jobs
 * knows:  import, account, touched.  Has never heard of pages.
 *
 * One lock guards the lists; the writers themselves are used outside it, by whoever has taken them.
 * What changed is found by comparing the numbers of the areas before and after somebody had the writer,
 * so nobody needs to tell.
 */
#include "jobs.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/zone.h"
#include "data/touched.h"

enum { MOVED_MS = 250, LONG_MS = 5000 };

struct writer {
    struct writer *next;
    char *account;
    struct db *db;
    bool is_taken;
    int64_t version[TOUCHED_AREAS];                     /* when it was last given back */
};

struct entry {
    struct entry *next;                                 /* the one put in after it */
    struct arena *memory;                               /* its texts */
    struct job job;
    const char *path, *market, *source;
    int64_t began_ms, moved_ms;
};

struct jobs {
    struct jobs_setup setup;
    pthread_mutex_t lock;
    pthread_cond_t woken;                               /* something came or went: look again */
    pthread_t thread;
    volatile bool stop;
    struct writer *writers;
    struct entry *first, *last;                         /* of all that are known */
    size_t n_waiting, n_ended;
    int64_t last_no;
    struct entry *at_work;
};

const char *job_state_word(enum job_state state)
{
    static const char *const words[] = {
        [JOB_WAITS] = "waits", [JOB_RUNS] = "runs", [JOB_DONE] = "done", [JOB_FAILED] = "failed",
    };
    return words[state];
}

/* ---- the writer ------------------------------------------------------------------------------ */

static struct writer *writer_of(struct jobs *j, const char *account, struct err *err)
{
    struct writer *w = j->writers;
    struct db *db;
    while (w && !text_is(w->account, account))
        w = w->next;
    if (w)
        return w;
    if (account_open(j->setup.folder, account, DB_WRITE, &db, err) < 0)
        return NULL;
    w = base_alloc(sizeof *w);
    w->account = base_text(account);
    w->db = db;
    touched_read(db, w->version, err);
    w->next = j->writers;
    return j->writers = w;
}

/* How long the import at work will go on, judged by how far it is; 0 while that says nothing. */
static int64_t ends_in_ms(const struct jobs *j)
{
    const struct entry *e = j->at_work;
    int64_t past = e ? clock_ms() - e->began_ms : 0;
    if (!e || e->job.done * 100 < e->job.all || e->job.done <= 0)       /* the first per cent */
        return 0;
    return past * (e->job.all - e->job.done) / e->job.done;
}

static int busy(const struct jobs *j, const char *account, struct err *err)
{
    const struct entry *e = j->at_work;
    if (j->stop)
        return err_set(err, ERR_BUSY, "Souk is about to stop; nothing was changed. Try again when it runs again.");
    if (e && e->job.kind == JOB_IMPORT && text_is(e->job.account, account))
        return err_set(err, ERR_BUSY, "An import is running (%.100s); nothing was changed. Try again when it is done.",
                       e->job.name);
    return err_set(err, ERR_BUSY, "Somebody else is changing %s; nothing was changed. Try again in a moment.", account);
}

static void deadline(struct timespec *at, unsigned wait_ms)
{
    clock_gettime(CLOCK_MONOTONIC, at);
    at->tv_sec += wait_ms / 1000;
    at->tv_nsec += (long)(wait_ms % 1000) * 1000000;
    if (at->tv_nsec >= 1000000000) {
        at->tv_sec++;
        at->tv_nsec -= 1000000000;
    }
}

int jobs_take(struct jobs *j, const char *account, unsigned wait_ms, struct db **db, struct err *err)
{
    struct timespec until;
    int rc = 0;
    deadline(&until, wait_ms);
    pthread_mutex_lock(&j->lock);
    struct writer *w = writer_of(j, account, err);
    while (w && rc == 0 && (w->is_taken || j->stop)) {
        bool is_long = j->at_work && text_is(j->at_work->job.account, account) && ends_in_ms(j) > LONG_MS;
        if (j->stop || is_long || pthread_cond_timedwait(&j->woken, &j->lock, &until) == ETIMEDOUT)
            rc = w->is_taken || j->stop ? busy(j, account, err) : 0;
    }
    if (w && rc == 0) {
        w->is_taken = true;
        *db = w->db;
    }
    pthread_mutex_unlock(&j->lock);
    return w ? rc : -err->code;
}

void jobs_give(struct jobs *j, const char *account)
{
    struct err err = { 0 };
    int64_t version[TOUCHED_AREAS];
    unsigned areas = 0;
    pthread_mutex_lock(&j->lock);
    struct writer *w = writer_of(j, account, &err);
    if (w && touched_read(w->db, version, &err) == 0) {
        for (int i = 0; i < TOUCHED_AREAS; i++)
            areas |= version[i] != w->version[i] ? 1u << i : 0;
        memcpy(w->version, version, sizeof version);
    }
    if (w)
        w->is_taken = false;
    pthread_cond_broadcast(&j->woken);
    pthread_mutex_unlock(&j->lock);
    if (areas && j->setup.changed)
        j->setup.changed(j->setup.ctx, account, areas);
}

/* ---- the list of jobs ------------------------------------------------------------------------ */

static void entry_free(struct entry *e)
{
    arena_free(e->memory);
    base_free(e);
}

/* Those that ended longest ago are forgotten. */
static void forget(struct jobs *j)
{
    struct entry **at = &j->first;
    while (*at && j->n_ended > JOBS_KEPT) {
        struct entry *e = *at;
        if (e->job.state == JOB_DONE || e->job.state == JOB_FAILED) {
            *at = e->next;                              /* never the last one: that was put in after it */
            j->n_ended--;
            entry_free(e);
        } else {
            at = &e->next;
        }
    }
}

static void copy(struct arena *a, struct job *to, const struct job *from)
{
    struct import_result *r = &to->result;
    *to = *from;
    to->account = arena_text(a, from->account);
    to->name = arena_text(a, from->name);
    if (from->state != JOB_DONE || from->kind != JOB_IMPORT)
        return;
    r->name = arena_text(a, r->name);
    r->format = arena_text(a, r->format);
    r->title = arena_text(a, r->title);
    r->charset = arena_text(a, r->charset);
    r->market = arena_text(a, r->market);
    struct store_check *check = arena_alloc(a, (r->n_checks + 1) * sizeof *check);
    for (size_t i = 0; i < r->n_checks; i++) {
        check[i] = r->checks[i];
        check[i].settlement_id = arena_text(a, check[i].settlement_id);
        check[i].currency = arena_text(a, check[i].currency);
    }
    r->checks = check;
}

static void tell(struct jobs *j, struct entry *e)
{
    struct arena *a = arena_new("job told", 512);
    struct job job;
    pthread_mutex_lock(&j->lock);
    copy(a, &job, &e->job);
    pthread_mutex_unlock(&j->lock);
    if (j->setup.moved)
        j->setup.moved(j->setup.ctx, &job);
    arena_free(a);
}

static int add(struct jobs *j, struct entry *e, int64_t *no, struct err *err)
{
    int rc = 0;
    pthread_mutex_lock(&j->lock);
    if (j->stop)
        rc = err_set(err, ERR_BUSY, "Souk is about to stop; nothing was imported. Try again when it runs again.");
    else if (j->n_waiting >= JOBS_WAITING)
        rc = err_set(err, ERR_BUSY, "%d files wait to be imported already. Try again when some of them are done.", JOBS_WAITING);
    if (rc == 0) {
        e->job.no = ++j->last_no;
        e->job.state = JOB_WAITS;
        e->job.at_s = clock_now();
        *(j->last ? &j->last->next : &j->first) = e;
        j->last = e;
        j->n_waiting++;
        if (no)
            *no = e->job.no;
        pthread_cond_broadcast(&j->woken);
    }
    pthread_mutex_unlock(&j->lock);
    if (rc < 0)
        entry_free(e);
    return rc;
}

static struct entry *entry_new(enum job_kind kind, const char *account, const char *name)
{
    struct entry *e = base_alloc(sizeof *e);
    e->memory = arena_new("job", 512);
    e->job.kind = kind;
    e->job.account = arena_text(e->memory, account);
    e->job.name = arena_text(e->memory, name);
    return e;
}

int jobs_import(struct jobs *j, const char *account, const struct job_file *file, int64_t *no, struct err *err)
{
    struct stat st;
    if (!account_exists(j->setup.folder, account))
        return err_set(err, ERR_ABSENT, "There is no account %.60s.", account);
    if (file->as_of_s) {                                /* what a file says of a moment holds as of its time */
        const struct timespec times[2] = { { .tv_nsec = UTIME_OMIT }, { .tv_sec = file->as_of_s } };
        utimensat(AT_FDCWD, file->path, times, 0);
    }
    struct entry *e = entry_new(JOB_IMPORT, account, file->name);
    e->path = arena_text(e->memory, file->path);
    e->market = file->market && *file->market ? arena_text(e->memory, file->market) : NULL;
    e->source = arena_text(e->memory, file->source);
    if (stat(file->path, &st) == 0)
        e->job.all = st.st_size;
    return add(j, e, no, err);
}

int jobs_coach(struct jobs *j, const char *account, struct err *err)
{
    bool is_there = !j->setup.coach;
    pthread_mutex_lock(&j->lock);
    for (const struct entry *e = j->first; e && !is_there; e = e->next)
        is_there = e->job.kind == JOB_COACH && e->job.state == JOB_WAITS && text_is(e->job.account, account);
    pthread_mutex_unlock(&j->lock);
    return is_there ? 0 : add(j, entry_new(JOB_COACH, account, ""), NULL, err);
}

bool jobs_get(struct jobs *j, struct arena *a, const char *account, int64_t no, struct job *job)
{
    bool is_there = false;
    pthread_mutex_lock(&j->lock);
    for (const struct entry *e = j->first; e && !is_there; e = e->next)
        if (e->job.no == no && text_is(e->job.account, account)) {
            copy(a, job, &e->job);
            is_there = true;
        }
    pthread_mutex_unlock(&j->lock);
    return is_there;
}

size_t jobs_list(struct jobs *j, struct arena *a, const char *account, struct job *job, size_t most)
{
    size_t all = 0, n = 0, at = 0;
    pthread_mutex_lock(&j->lock);
    for (const struct entry *e = j->first; e; e = e->next)
        all += text_is(e->job.account, account);
    n = all < most ? all : most;
    for (const struct entry *e = j->first; e; e = e->next)
        if (text_is(e->job.account, account) && ++at > all - n)
            copy(a, &job[all - at], &e->job);
    pthread_mutex_unlock(&j->lock);
    return n;
}

/* ---- the thread ------------------------------------------------------------------------------ */

struct run {
    struct jobs *jobs;
    struct entry *entry;
};

static void on_progress(void *ctx, int64_t done, int64_t all)
{
    struct run *r = ctx;
    int64_t now_ms = clock_ms();
    pthread_mutex_lock(&r->jobs->lock);
    r->entry->job.done = done;
    r->entry->job.all = all;
    pthread_mutex_unlock(&r->jobs->lock);
    if (now_ms - r->entry->moved_ms < MOVED_MS)
        return;
    r->entry->moved_ms = now_ms;
    tell(r->jobs, r->entry);
}

/* The writer, however long it takes: a command has it for a moment only. */
static int take_patiently(struct jobs *j, const char *account, struct db **db, struct err *err)
{
    int rc;
    do {
        *err = (struct err){ 0 };
        rc = jobs_take(j, account, 60000, db, err);
    } while (rc == -ERR_BUSY && !j->stop);
    return rc;
}

static int run_import(struct jobs *j, struct entry *e, struct import_result *result, struct err *err)
{
    struct run run = { j, e };
    struct db *db;
    int rc = take_patiently(j, e->job.account, &db, err);
    if (rc == 0) {
        struct desk *desk = desk_new(j->setup.plugins, j->setup.policies);
        const struct import_setup setup = {
            .folder = j->setup.folder, .db = db, .desk = desk, .plugins = j->setup.plugins, .policies = j->setup.policies,
            .path = e->path,
            .name = e->job.name, .market = e->market, .source = e->source, .progress = on_progress, .ctx = &run,
            .stop = &j->stop,
        };
        rc = import_file(e->memory, &setup, result, err);
        desk_free(desk);
        jobs_give(j, e->job.account);
    }
    unlink(e->path);
    return rc;
}

static void run(struct jobs *j, struct entry *e)
{
    struct import_result result = { 0 };
    struct err err = { 0 };
    tell(j, e);
    int rc = e->job.kind == JOB_IMPORT ? run_import(j, e, &result, &err)
                                       : j->setup.coach(j->setup.ctx, j, e->job.account, &j->stop, &err);
    if (rc < 0 && err.code != ERR_INPUT)
        log_warn("jobs", "%s: %s", e->job.account, err.text);
    pthread_mutex_lock(&j->lock);
    e->job.state = rc < 0 ? JOB_FAILED : JOB_DONE;
    e->job.result = result;
    e->job.why = err;
    if (rc == 0)
        e->job.done = e->job.all;
    j->at_work = NULL;
    j->n_ended++;
    pthread_mutex_unlock(&j->lock);
    tell(j, e);
    struct err ignored = { 0 };
    if (rc == 0 && e->job.kind == JOB_IMPORT)
        jobs_coach(j, e->job.account, &ignored);        /* the figures changed */
}

static void *work(void *ctx)
{
    struct jobs *j = ctx;
    pthread_mutex_lock(&j->lock);
    while (!j->stop) {
        struct entry *e = j->first;
        while (e && e->job.state != JOB_WAITS)
            e = e->next;
        if (!e) {
            pthread_cond_wait(&j->woken, &j->lock);
            continue;
        }
        e->job.state = JOB_RUNS;
        e->began_ms = clock_ms();
        j->n_waiting--;
        j->at_work = e;
        forget(j);
        pthread_mutex_unlock(&j->lock);
        run(j, e);
        pthread_mutex_lock(&j->lock);
    }
    pthread_mutex_unlock(&j->lock);
    return NULL;
}

/* ---- start and stop -------------------------------------------------------------------------- */

int jobs_start(struct jobs **out, const struct jobs_setup *setup, struct err *err)
{
    struct jobs *j = base_alloc(sizeof *j);
    pthread_condattr_t monotonic;
    *out = NULL;
    j->setup = *setup;
    j->last_no = clock_now();                           /* so that no number is met again after the next start */
    pthread_mutex_init(&j->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&j->woken, &monotonic);
    pthread_condattr_destroy(&monotonic);
    int failed = pthread_create(&j->thread, NULL, work, j);
    if (failed) {
        pthread_cond_destroy(&j->woken);
        pthread_mutex_destroy(&j->lock);
        base_free(j);
        return err_set(err, ERR_IO, "There is no thread for imports: %s.", strerror(failed));
    }
    *out = j;
    return 0;
}

void jobs_stop(struct jobs *j)
{
    pthread_mutex_lock(&j->lock);
    j->stop = true;
    pthread_cond_broadcast(&j->woken);
    pthread_mutex_unlock(&j->lock);
}

void jobs_free(struct jobs *j)
{
    if (!j)
        return;
    jobs_stop(j);
    pthread_join(j->thread, NULL);
    while (j->first) {
        struct entry *e = j->first;
        j->first = e->next;
        if (e->job.state == JOB_WAITS && e->path)
            unlink(e->path);
        entry_free(e);
    }
    while (j->writers) {
        struct writer *w = j->writers;
        j->writers = w->next;
        db_close(w->db);
        base_free(w->account);
        base_free(w);
    }
    pthread_cond_destroy(&j->woken);
    pthread_mutex_destroy(&j->lock);
    base_free(j);
}
