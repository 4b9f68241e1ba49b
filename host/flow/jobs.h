/* SPDX-License-Identifier: Apache-2.0 */
/*
 * jobs.h: who writes while `souk serve` runs: one writer per account, and one thread for what takes long.
 *
 * in:     imports of uploaded files, runs of the coach; commands, which borrow the writer for a moment
 * out:    records; the state of each job; a call whenever an account's records have changed
 * knows:  import, account, touched.  Has never heard of pages.
 *
 * Jobs run one at a time, in their order.  What waits lives in memory: when the program ends it is gone,
 * and so is a job at work, of which nothing is kept.  Any thread may call.
 */
#ifndef SOUK_JOBS_H
#define SOUK_JOBS_H

#include "import.h"

struct jobs;
struct job;

struct jobs_setup {
    struct folder *folder;                              /* open for writing */
    const struct plugins *plugins;
    struct policies *policies;
    /*
     * A run of the coach; it borrows the writer as a command does, and gives up when *stop becomes
     * true.  NULL: there is none.
     */
    int (*coach)(void *ctx, struct jobs *jobs, const char *account, const volatile bool *stop, struct err *err);
    /* Some areas of an account's records changed (bits of enum touched_area); a job went on. */
    void (*changed)(void *ctx, const char *account, unsigned areas);
    void (*moved)(void *ctx, const struct job *job);
    void *ctx;
};

int jobs_start(struct jobs **out, const struct jobs_setup *setup, struct err *err);
/* Nobody gets the writer from here on; the job at work gives up, what waits is dropped.  Returns at once. */
void jobs_stop(struct jobs *j);
void jobs_free(struct jobs *j);                         /* after jobs_stop, when nobody calls any more */

/* ---- the writer ---------------------------------------------------------------------------------- */

/*
 * The account's writer, for this thread alone until it is given back; in no transaction.
 * errors: ERR_ABSENT no such account; ERR_BUSY after wait_ms, or at once when a long import is at work.
 */
int jobs_take(struct jobs *j, const char *account, unsigned wait_ms, struct db **db, struct err *err);
void jobs_give(struct jobs *j, const char *account);

/* ---- jobs ---------------------------------------------------------------------------------------- */

enum job_kind { JOB_IMPORT = 1, JOB_COACH };
enum job_state { JOB_WAITS = 1, JOB_RUNS, JOB_DONE, JOB_FAILED };

const char *job_state_word(enum job_state state);       /* "waits", "runs", "done", "failed" */

struct job {                                            /* as it was when it was asked for */
    int64_t no;                                         /* in no other run of the program the same */
    enum job_kind kind;
    enum job_state state;
    const char *account, *name;                         /* name: of the file, "" for the coach */
    int64_t at_s;                                       /* when it was put in */
    int64_t done, all;                                  /* bytes of the file; all 0: not known yet */
    struct import_result result;                        /* of an import that is done */
    struct err why;                                     /* of one that failed: a sentence */
};

struct job_file {
    const char *path;                                   /* in the spool; the job removes it */
    const char *name;                                   /* a label */
    const char *market;                                 /* id; NULL or "": found out */
    int64_t as_of_s;                                    /* when it was written; 0: now */
    const char *source;                                 /* page, api */
};

enum { JOBS_WAITING = 1000, JOBS_KEPT = 200 };          /* at most; of those that ended, for who asks later */

/* errors: ERR_BUSY too many wait, or the program is about to end (then the file is left to the caller). */
int jobs_import(struct jobs *j, const char *account, const struct job_file *file, int64_t *no, struct err *err);
/* One that waits already is enough. */
int jobs_coach(struct jobs *j, const char *account, struct err *err);

/* {"job": 7, "kind", "name", "state", "done", "all"}, with "result" or "error" and "text" when it has ended. */
struct json_t *job_json(const struct job *job);

bool jobs_get(struct jobs *j, struct arena *a, const char *account, int64_t no, struct job *job);
/* Newest first, at most `most`; returns how many. */
size_t jobs_list(struct jobs *j, struct arena *a, const char *account, struct job *job, size_t most);

#endif
