/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_jobs.c: files imported one after the other by the thread of jobs, the writer shared with others,
 * and a good end whatever is at work.
 */
#include "data.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>

#include "base/zone.h"
#include "data/touched.h"
#include "flow/demo.h"
#include "flow/jobs.h"

#define FILES "tests/import/files/"

static struct plugins *plugins;
static struct arena *arena;

static int set_up(void **state)
{
    char own[256];
    struct err err = { 0 };
    const char *build = getenv("BUILD");
    snprintf(own, sizeof own, "%s/plugins", build ? build : "build");
    const struct plugins_setup setup = { .config = "plugins.ini", .own_folder = own };
    if (scratch_make(state) < 0 || plugins_load(&plugins, &setup, &err) < 0) {
        print_error("%s\n", err.text);
        return -1;
    }
    arena = arena_new("test", 4096);
    return 0;
}

static int tear_down(void **state)
{
    arena_free(arena);
    plugins_free(plugins);
    return scratch_remove(state);
}

/* ---- a shop with jobs, and what was told ---------------------------------------------------------- */

struct shop {
    struct folder *folder;
    struct jobs *jobs;
    pthread_mutex_t lock;
    pthread_cond_t told;
    struct buf moves;                                   /* "1 waits|..." */
    unsigned areas;
    int ended;
    bool stops_at_progress, holds;
    bool is_held;
};

static int64_t first_no;

static void on_changed(void *ctx, const char *account, unsigned areas)
{
    struct shop *s = ctx;
    assert_string_equal(account, "shop");
    pthread_mutex_lock(&s->lock);
    s->areas |= areas;
    pthread_mutex_unlock(&s->lock);
}

static void on_moved(void *ctx, const struct job *job)
{
    struct shop *s = ctx;
    if (s->stops_at_progress && job->state == JOB_RUNS && job->done)
        jobs_stop(s->jobs);
    pthread_mutex_lock(&s->lock);
    if (job->state != JOB_RUNS || !job->done)
        buf_printf(&s->moves, "%lld %s %s\n", (long long)(job->no - first_no), job->kind == JOB_COACH ? "coach" : job->name,
                   job_state_word(job->state));
    s->ended += job->state == JOB_DONE || job->state == JOB_FAILED;
    pthread_cond_broadcast(&s->told);
    pthread_mutex_unlock(&s->lock);
}

/* A coach that keeps the writer until it is let go. */
static int on_coach(void *ctx, struct jobs *jobs, const char *account, const volatile bool *stop, struct err *err)
{
    struct shop *s = ctx;
    struct db *db;
    int rc = s->holds ? jobs_take(jobs, account, 10000, &db, err) : 0;
    if (rc < 0 || !s->holds)
        return rc;
    pthread_mutex_lock(&s->lock);
    s->is_held = true;
    pthread_cond_broadcast(&s->told);
    while (s->holds && !*stop)
        pthread_cond_wait(&s->told, &s->lock);
    s->is_held = false;
    pthread_mutex_unlock(&s->lock);
    jobs_give(jobs, account);
    return 0;
}

static void shop_open(struct shop *s, const char *name)
{
    struct err err = { 0 };
    *s = (struct shop){ 0 };
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->told, NULL);
    assert_well(folder_open(&s->folder, scratch_path(name), DB_WRITE, &err), &err);
    if (!account_exists(s->folder, "shop"))
        assert_well(account_create(s->folder, "shop", &err), &err);
    const struct jobs_setup setup = {
        .folder = s->folder, .plugins = plugins, .coach = on_coach, .changed = on_changed, .moved = on_moved, .ctx = s,
    };
    assert_well(jobs_start(&s->jobs, &setup, &err), &err);
}

static void shop_close(struct shop *s)
{
    jobs_free(s->jobs);
    folder_close(s->folder);
    buf_free(&s->moves);
}

static void wait_for(struct shop *s, int ended)
{
    pthread_mutex_lock(&s->lock);
    while (s->ended < ended)
        pthread_cond_wait(&s->told, &s->lock);
    pthread_mutex_unlock(&s->lock);
}

static const char *spool_copy(struct shop *s, const char *from)
{
    char *path = folder_spool(s->folder, arena), command[600];
    snprintf(command, sizeof command, "cp %s %s", from, path);
    assert_int_equal(system(command), 0);
    return path;
}

static int64_t put(struct shop *s, const char *from, const char *name)
{
    struct err err = { 0 };
    int64_t no;
    const struct job_file file = { .path = spool_copy(s, from), .name = name, .market = "DE", .source = "page" };
    assert_well(jobs_import(s->jobs, "shop", &file, &no, &err), &err);
    return no;
}

static void hold(struct shop *s)
{
    struct err err = { 0 };
    s->holds = true;
    assert_well(jobs_coach(s->jobs, "shop", &err), &err);
    pthread_mutex_lock(&s->lock);
    while (!s->is_held)
        pthread_cond_wait(&s->told, &s->lock);
    pthread_mutex_unlock(&s->lock);
}

static void let_go(struct shop *s)
{
    pthread_mutex_lock(&s->lock);
    s->holds = false;
    pthread_cond_broadcast(&s->told);
    pthread_mutex_unlock(&s->lock);
}

static const char *asked(struct shop *s, const char *sql)
{
    struct err err = { 0 };
    struct db *db;
    assert_well(jobs_take(s->jobs, "shop", 10000, &db, &err), &err);
    const char *text = answer(db, sql);
    jobs_give(s->jobs, "shop");
    return text;
}

/* ---- tests ------------------------------------------------------------------------------------------ */

static void test_imports(void **state)
{
    (void)state;
    struct shop s;
    struct job job, list[10];
    shop_open(&s, "imports");
    FILE *f = fopen(scratch_path("note"), "w");
    fputs("Dear all,\nthis is no report.\n", f);
    fclose(f);
    hold(&s);                                           /* until all wait */
    first_no = put(&s, FILES "orders.txt", "Orders of March.txt") - 1;
    int64_t second = put(&s, scratch_path("note"), "note.txt"), third = put(&s, FILES "stock.txt", "stock.txt");
    let_go(&s);
    wait_for(&s, 5);                                    /* the coach, three files, and the coach once for all of them */
    assert_true(jobs_get(s.jobs, arena, "shop", first_no + 1, &job));
    assert_int_equal(job.state, JOB_DONE);
    assert_string_equal(job.result.name, "Orders of March.txt");
    assert_string_equal(job.result.format, "amazon.orders");
    assert_true(job.result.accepted > 3 && job.done == job.all);
    assert_int_equal(job.result.undo, UNDO_KEPT);
    assert_true(jobs_get(s.jobs, arena, "shop", second, &job));
    assert_int_equal(job.state, JOB_FAILED);
    assert_int_equal(job.why.code, ERR_INPUT);
    assert_non_null(strstr(job.why.text, "note.txt"));
    assert_false(jobs_get(s.jobs, arena, "other", second, &job));
    assert_false(jobs_get(s.jobs, arena, "shop", 1, &job));
    assert_int_equal(jobs_list(s.jobs, arena, "shop", list, COUNT_OF(list)), 5);
    assert_true(list[0].no > list[4].no && list[3].no == first_no + 1);
    assert_int_equal(jobs_list(s.jobs, arena, "shop", list, 2), 2);
    assert_true(list[0].no == list[1].no + 1);
    assert_true(third > second);
    assert_non_null(strstr(buf_str(&s.moves), "1 Orders of March.txt runs\n1 Orders of March.txt done\n"));
    assert_non_null(strstr(buf_str(&s.moves), "2 note.txt runs\n2 note.txt failed\n"));
    assert_string_equal(asked(&s, "SELECT name, source FROM import ORDER BY no"), "Orders of March.txt|page\nstock.txt|page\n");
    assert_string_equal(asked(&s, "SELECT kind, subject, done_s FROM notice WHERE kind = 'import.failed'"), "import.failed|note.txt|-\n");
    put(&s, FILES "payments-de.csv", "note.txt");       /* now it is a report */
    wait_for(&s, 7);
    assert_string_equal(asked(&s, "SELECT done_s > 0 FROM notice WHERE kind = 'import.failed'"), "1\n");
    char command[300];
    snprintf(command, sizeof command, "test -z \"$(ls %s/spool)\"", folder_path(s.folder));
    assert_int_equal(system(command), 0);               /* nothing is left of the uploads */
    shop_close(&s);
}

/* Whoever has the writer and changes something is told of, by area. */
static void test_changed(void **state)
{
    (void)state;
    struct shop s;
    struct db *db;
    struct err err = { 0 };
    shop_open(&s, "changed");
    assert_well(jobs_take(s.jobs, "shop", 1000, &db, &err), &err);
    jobs_give(s.jobs, "shop");
    assert_int_equal(s.areas, 0);
    assert_well(jobs_take(s.jobs, "shop", 1000, &db, &err), &err);
    assert_well(db_begin(db, &err), &err);
    assert_well(touch(db, TOUCHED_CASES | TOUCHED_AUDIT, &err), &err);
    assert_well(db_end(db, 0, &err), &err);
    jobs_give(s.jobs, "shop");
    assert_int_equal(s.areas, TOUCHED_CASES | TOUCHED_AUDIT);
    assert_int_equal(jobs_take(s.jobs, "nobody", 1000, &db, &err), -ERR_ABSENT);
    assert_int_equal(jobs_import(s.jobs, "nobody", &(struct job_file){ .path = "x", .name = "x", .source = "api" }, NULL, &err),
                     -ERR_ABSENT);
    shop_close(&s);
}

/* A report of stock speaks of the moment it was written, which an upload has to say. */
static void test_as_of(void **state)
{
    (void)state;
    struct shop s;
    struct err err = { 0 };
    int64_t no;
    shop_open(&s, "as-of");
    struct job_file file = { .path = spool_copy(&s, FILES "stock.txt"), .name = "stock.txt", .market = "DE", .source = "api" };
    assert_true(instant_parse("2026-02-03T04:05:06Z", &file.as_of_s));
    assert_well(jobs_import(s.jobs, "shop", &file, &no, &err), &err);
    wait_for(&s, 1);
    struct buf expected = { 0 };
    buf_printf(&expected, "%lld\n", (long long)file.as_of_s);
    assert_string_equal(asked(&s, "SELECT DISTINCT told_s FROM stock"), buf_str(&expected));
    buf_free(&expected);
    shop_close(&s);
}

static void test_busy(void **state)
{
    (void)state;
    struct shop s;
    struct db *db;
    struct err err = { 0 };
    shop_open(&s, "busy");
    hold(&s);
    int64_t then_ms = clock_ms();
    assert_int_equal(jobs_take(s.jobs, "shop", 60, &db, &err), -ERR_BUSY);
    assert_true(clock_ms() - then_ms >= 60);
    assert_non_null(strstr(err.text, "nothing was changed"));
    let_go(&s);
    err = (struct err){ 0 };
    assert_well(jobs_take(s.jobs, "shop", 10000, &db, &err), &err);
    jobs_give(s.jobs, "shop");
    /* Several runs of the coach that wait would all find the same. */
    hold(&s);
    for (int i = 0; i < 5; i++)
        assert_well(jobs_coach(s.jobs, "shop", &err), &err);
    struct job list[10];
    assert_int_equal(jobs_list(s.jobs, arena, "shop", list, COUNT_OF(list)), 3);
    /* Whoever waits when it stops hears so at once. */
    jobs_stop(s.jobs);
    assert_int_equal(jobs_take(s.jobs, "shop", 1000000, &db, &err), -ERR_BUSY);
    assert_non_null(strstr(err.text, "about to stop"));
    err = (struct err){ 0 };
    const struct job_file file = { .path = spool_copy(&s, FILES "stock.txt"), .name = "stock.txt", .source = "page" };
    assert_int_equal(jobs_import(s.jobs, "shop", &file, NULL, &err), -ERR_BUSY);
    assert_int_equal(access(file.path, F_OK), 0);       /* left to the caller */
    let_go(&s);
    shop_close(&s);
}

static void *hammer(void *ctx)
{
    struct shop *s = ctx;
    for (int i = 0; i < 200; i++) {
        struct db *db;
        struct err err = { 0 };
        if (jobs_take(s->jobs, "shop", 60000, &db, &err) < 0)
            return s;                                   /* anything but NULL: it failed */
        int rc = db_begin(db, &err);
        if (rc == 0)
            rc = db_end(db, db_exec(db, "INSERT INTO kept (plugin, key, value)"
                                        " SELECT 'test', count(*) + 1, x'' FROM kept", &err), &err);
        jobs_give(s->jobs, "shop");
        if (rc < 0)
            return s;
    }
    return NULL;
}

static void test_many(void **state)
{
    (void)state;
    struct shop s;
    pthread_t thread[4];
    shop_open(&s, "many");
    put(&s, FILES "orders.txt", "orders.txt");
    for (size_t i = 0; i < COUNT_OF(thread); i++)
        assert_int_equal(pthread_create(&thread[i], NULL, hammer, &s), 0);
    for (size_t i = 0; i < COUNT_OF(thread); i++) {
        void *said;
        pthread_join(thread[i], &said);
        assert_null(said);
    }
    wait_for(&s, 2);
    assert_string_equal(asked(&s, "SELECT count(*), max(CAST(key AS INTEGER)) FROM kept"), "800|800\n");
    assert_string_equal(asked(&s, "SELECT count(*) FROM import"), "1\n");
    shop_close(&s);
}

/* Stopped in the middle: nothing of the file is kept, and what waited is gone with its files. */
static void test_stop(void **state)
{
    (void)state;
    struct shop s;
    struct demo_file *file;
    struct err err = { 0 };
    size_t n;
    assert_int_equal(mkdir(scratch_path("demo"), 0700), 0);
    const struct demo_setup demo = {
        .folder = scratch_path("demo"), .orders = 60000, .until_s = 1793534400, .seed = 7, .orders_only = true,
    };
    assert_well(demo_write(arena, &demo, &file, &n, &err), &err);
    shop_open(&s, "stop");
    s.stops_at_progress = true;
    first_no = put(&s, file[0].path, "large.txt") - 1;
    pthread_mutex_lock(&s.lock);
    while (!s.ended)
        pthread_cond_wait(&s.told, &s.lock);
    pthread_mutex_unlock(&s.lock);
    assert_non_null(strstr(buf_str(&s.moves), "1 large.txt failed"));
    struct job job;
    assert_true(jobs_get(s.jobs, arena, "shop", first_no + 1, &job));
    assert_string_equal(job.why.text, "The import of large.txt was stopped; nothing of it was kept.");
    shop_close(&s);
    shop_open(&s, "stop");
    assert_string_equal(asked(&s, "SELECT (SELECT count(*) FROM import), (SELECT count(*) FROM orders)"), "0|0\n");
    /* Dropped while they wait. */
    hold(&s);
    put(&s, FILES "stock.txt", "stock.txt");
    put(&s, FILES "orders.txt", "orders.txt");
    char command[300];
    snprintf(command, sizeof command, "test $(ls %s/spool | wc -l) = 2", folder_path(s.folder));
    assert_int_equal(system(command), 0);
    jobs_stop(s.jobs);
    let_go(&s);
    jobs_free(s.jobs);
    snprintf(command, sizeof command, "test -z \"$(ls %s/spool)\"", folder_path(s.folder));
    assert_int_equal(system(command), 0);
    folder_close(s.folder);
    buf_free(&s.moves);
}

static void test_forgets(void **state)
{
    (void)state;
    struct shop s;
    struct err err = { 0 };
    struct job list[JOBS_KEPT + 50];
    shop_open(&s, "forgets");
    for (int i = 1; i <= JOBS_KEPT + 20; i++) {
        assert_well(jobs_coach(s.jobs, "shop", &err), &err);
        wait_for(&s, i);
    }
    size_t n = jobs_list(s.jobs, arena, "shop", list, COUNT_OF(list));
    assert_in_range(n, JOBS_KEPT, JOBS_KEPT + 1);
    for (size_t i = 1; i < n; i++)
        assert_true(list[i].no == list[0].no - (int64_t)i);
    shop_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_imports),
        cmocka_unit_test(test_changed),
        cmocka_unit_test(test_as_of),
        cmocka_unit_test(test_busy),
        cmocka_unit_test(test_many),
        cmocka_unit_test(test_stop),
        cmocka_unit_test(test_forgets),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
