/* SPDX-License-Identifier: Apache-2.0 */
/*
 * coach.h: the selling coach: runs the rules over the facts of an account, and keeps what they suggest.
 *
 * What a rule says is kept under its key as one suggestion:
 *
 *     new                         open
 *     said again, same numbers    stays as it is: also done, dismissed, put off
 *     said again, other numbers   open again, whatever was made of it
 *     no longer said              leaves the list (is_said 0); what was made of it is kept
 *
 * So the numbers of a rule are what it rests on, and no clock: "waits since", not "waits for 3 hours".
 * A rule that fails leaves its suggestions as they were; its sentence is kept with the time of the run.
 */
#ifndef SOUK_COACH_H
#define SOUK_COACH_H

#include "data/db.h"
#include "data/policy.h"
#include "rules/script.h"

struct coach_setup {
    struct scripts *scripts;
    struct policies *policies;                          /* NULL: no limit is known */
    int64_t now_s;
    bool is_all;                                        /* also rules whose text and facts are those of their last run */
    const volatile bool *stop;                          /* NULL: nobody stops it */
};

struct coach_rule {
    const char *id, *title, *file;                      /* id: of a broken file, as it was when it was last well, or the file */
    const char *err;                                    /* "", or a sentence with file and line */
    bool did_run;                                       /* false: broken, or nothing has changed for it */
    size_t said;
    int64_t took_us;                                    /* processor time */
};

struct coach_result {
    const struct coach_rule *rule;                      /* all there are, in the order of their files */
    size_t n;
    size_t failed;                                      /* of these */
    int64_t fresh, back, gone;                          /* suggestions: new, open again, no longer said */
    int64_t open;                                       /* in all */
};

struct coach_seen;

/* Areas of data/touched whose changes may change what rules say. */
unsigned coach_areas(void);

/*
 * Reads the facts and runs the rules, in the caller's transaction; writes nothing, so a reader will do.  Lives in
 * the arena.  errors: of the database; ERR_CONF the rules cannot be read; ERR_TIME stopped.
 */
int coach_look(struct arena *a, struct db *db, const struct coach_setup *setup, struct coach_seen **seen, struct err *err);
/* Writes down what was said, in the caller's transaction; a later state of suggestions than that of the look is fine. */
int coach_put(struct arena *a, struct db *db, const struct coach_seen *seen, struct coach_result *result, struct err *err);
/* Both in one transaction of its own. */
int coach_run(struct arena *a, struct db *db, const struct coach_setup *setup, struct coach_result *result, struct err *err);

#endif
