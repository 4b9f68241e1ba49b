/* SPDX-License-Identifier: Apache-2.0 */
/*
 * souk/command.h: changing.  Since 0.2.
 *
 * Every change is a command with a name: "case.reply", "promotion.activate".  The host has its own, which
 * `souk do` lists with their fields; a plugin composes further ones out of these.  It plans, before
 * anything is written: it reads, and says which commands shall run with what.  The host then runs all of
 * them in one transaction or none, audits each, and answers the same key with the same answer.
 *
 *     static int close_old(void *self, struct souk_call *call, const struct souk_ask *ask,
 *                          const struct souk_args *args)
 *     {
 *         ...
 *         for (uint32_t i = 0; i < rows.n_rows; i++)
 *             souk_plan(call, "case.state", { "case", *souk_cell(&rows, i, 0) },
 *                       { "state", souk_text("closed") });
 *         return 0;
 *     }
 *
 * A form names a command by souk_form() of souk/view.h; the same command is reached by the API and by
 * `souk do`.
 */
#ifndef SOUK_COMMAND_H
#define SOUK_COMMAND_H

#include <souk/field.h>
#include <souk/log.h>
#include <souk/query.h>
#include <souk/widget.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SOUK_COMMAND "souk.command/1"
#define SOUK_PLAN "souk.plan/1"

enum souk_right {                                       /* what a person must be allowed */
    SOUK_MAY_VIEW = 1, SOUK_MAY_EDIT,
    /* since 0.3; these two are of settings modules */
    SOUK_MAY_ADMINISTER, SOUK_MAY_OWN
};

struct souk_plan_host {
    uint32_t size, reserved;
    /*
     * One command more, after those that were added before.
     * in:     command: of the host and in .commands of the plugin; args: its arguments by name
     * errors: SOUK_EABSENT no such command, SOUK_EINPUT arguments that are not its, SOUK_ESDK; then
     *         nothing of the plan is run, whatever plan() returns
     * thread: page
     */
    int (*add)(struct souk_call *call, const char *command, const struct souk_args *args);
};

struct souk_command {
    uint32_t size, right;                               /* enum souk_right */
    const char *id;                                     /* "cases.close_old": lower case, digits, _ and one dot or more */
    const char *title;                                  /* message key: what it does, as a heading */
    const char *about;                                  /* message key: what happens, in a sentence; or NULL */
    struct souk_list fields;                            /* of struct souk_field: its arguments */
    /*
     * Say what shall run.
     *
     * in:     ask: now and all markets of the account; args: as declared and checked; an argument that
     *         was not given and has no fallback is left out
     * out:    souk_plan() for each command, in order; none is "nothing to do"
     * errors: any negative code refuses the command, with the sentence given to souk_fault()
     * thread: page
     * time:   2 s
     */
    int (*plan)(void *self, struct souk_call *call, const struct souk_ask *ask, const struct souk_args *args);
    /* since 0.3 */
    uint32_t is_timed, reserved;                        /* 1: `souk serve` runs it, too, when it begins and every quarter of an
                                                           hour, via "rule", without arguments; a plan of nothing leaves
                                                           no trace */
};

/* souk_plan(call, "case.state", { "case", souk_text(id) }, { "state", souk_text("closed") }) */
#define souk_plan(call, command_id, ...) \
    ((call)->plan->add((call), (command_id), &(const struct souk_args)SOUK_ARGS(__VA_ARGS__)))

/* An argument's value; NULL where it was not given. */
static inline const struct souk_value *souk_given(const struct souk_args *args, const char *name)
{
    for (uint32_t i = 0; i < args->n; i++)
        if (souk_is_same(args->at[i].name, name))
            return &args->at[i].value;
    return NULL;
}

/* Its text; "" where it was not given. */
static inline const char *souk_given_text(const struct souk_args *args, const char *name)
{
    const struct souk_value *v = souk_given(args, name);
    return v ? v->text.at : "";
}

#ifdef __cplusplus
}
#endif
#endif
