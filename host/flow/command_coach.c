/* SPDX-License-Identifier: Apache-2.0 */
/*
 * command_coach.c: what somebody makes of a suggestion, and a run of the coach when somebody asks for it.
 *
 * in:     number of the suggestion, a reason, an instant
 * out:    its state; the coach brings it back by itself when its facts change
 * knows:  the table suggestion, coach
 */
#include "coach.h"
#include "command_in.h"
#include "data/mask.h"

static const struct souk_field suggestion_fields[] = {
    FIELD(COUNT, "suggestion", NEEDED),
};

static const struct souk_field dismiss_fields[] = {
    FIELD(COUNT, "suggestion", NEEDED),
    FIELD(LINE, "why", NEEDED, MOST(LINE_LETTERS)),
};

static const struct souk_field snooze_fields[] = {
    FIELD(COUNT, "suggestion", NEEDED),
    FIELD(INSTANT, "until", NEEDED),
};

static const char sql_suggestion_get[] =
    "SELECT state FROM suggestion"
    " WHERE no = :no";

static const char sql_suggestion_put[] =
    "UPDATE suggestion"
    " SET state = :state, why = :why, until_s = :until_s, acted_s = :acted_s"
    " WHERE no = :no";

/* The state may be the same as before: a reason or an instant is then replaced. */
static int suggestion_put(struct doing *d, const struct souk_args *args, const char *state, struct err *err)
{
    int64_t no = arg_int(args, "suggestion", 0);
    struct stmt *get = stmt_of(d->db, sql_suggestion_get, err), *put = stmt_of(d->db, sql_suggestion_put, err);
    if (!get || !put)
        return -err->code;
    bind_int(get, 1, no);
    int rc = stmt_step(d->db, get, err);
    stmt_reset(get);
    if (rc == 0)
        rc = doing_refuse(d, "suggestion", err, ERR_ABSENT, "There is no suggestion %lld.", (long long)no);
    if (rc < 0)
        return rc;
    bind_text(put, 1, state);
    bind_text(put, 2, mask_text(d->a, arg_text(args, "why"), NULL));
    if (arg_is_told(args, "until"))
        bind_int(put, 3, arg_int(args, "until", 0));
    else
        bind_null(put, 3);
    bind_int(put, 4, d->now_s);
    bind_int(put, 5, no);
    rc = stmt_run(d->db, put, err);
    d->ref = arena_printf(d->a, "suggestion:%lld", (long long)no);
    d->to.touched |= TOUCHED_SUGGESTIONS;
    return rc < 0 ? rc : 0;
}

static int run_done(struct doing *d, const struct souk_args *args, struct err *err)
{
    say(d, "done.suggestion.done");
    return suggestion_put(d, args, "done", err);
}

static int run_dismiss(struct doing *d, const struct souk_args *args, struct err *err)
{
    say(d, "done.suggestion.dismiss");
    return suggestion_put(d, args, "dismissed", err);
}

static int run_snooze(struct doing *d, const struct souk_args *args, struct err *err)
{
    int64_t until_s = arg_int(args, "until", 0);
    if (until_s <= d->now_s)
        return doing_refuse(d, "until", err, ERR_INPUT, "A suggestion can be put off until later, not until earlier.");
    say(d, "done.suggestion.snooze", { "until", souk_instant(until_s) });
    return suggestion_put(d, args, "snoozed", err);
}

static int run_reopen(struct doing *d, const struct souk_args *args, struct err *err)
{
    say(d, "done.suggestion.reopen");
    return suggestion_put(d, args, "open", err);
}

/* All rules, also those for which nothing has changed: who asks wants to know that they ran. */
static int run_coach(struct doing *d, const struct souk_args *args, struct err *err)
{
    const struct coach_setup setup = {
        .scripts = d->setup->scripts, .policies = d->setup->policies, .now_s = d->now_s, .is_all = true,
    };
    struct coach_seen *seen;
    struct coach_result result;
    (void)args;
    if (!setup.scripts)
        return err_set(err, ERR_CONF, "There is no folder of rules here, so the coach cannot run.");
    if (coach_look(d->a, d->db, &setup, &seen, err) < 0 || coach_put(d->a, d->db, seen, &result, err) < 0)
        return -err->code;
    say(d, "done.coach.run", { "rules", souk_count((int64_t)result.n) }, { "open", souk_count(result.open) },
        { "fresh", souk_count(result.fresh + result.back) });
    if (result.failed)
        say(d, "done.coach.failed", { "n", souk_count((int64_t)result.failed) });
    return 0;
}

const struct command_info coach_commands[] = {
    COMMAND_BARE("coach.run", RIGHT_EDIT, run_coach),
    COMMAND("suggestion.done", RIGHT_EDIT, suggestion_fields, run_done),
    COMMAND("suggestion.dismiss", RIGHT_EDIT, dismiss_fields, run_dismiss),
    COMMAND("suggestion.snooze", RIGHT_EDIT, snooze_fields, run_snooze),
    COMMAND("suggestion.reopen", RIGHT_EDIT, suggestion_fields, run_reopen),
    { .name = NULL },
};
