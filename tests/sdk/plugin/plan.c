/* SPDX-License-Identifier: Apache-2.0 */
/* Plans of commands, good ones and others. */
#include <souk/command.h>

static const struct souk_query queries[] = { {
    .size = sizeof(struct souk_query), .id = "old", .title = "old",
    .sql = "SELECT case_id FROM v1_cases WHERE state <> 'closed' AND changed < :before ORDER BY case_id",
    .params = "before:instant", .columns = "case_id:text",
} };

static const struct souk_field before[] = { {
    .size = sizeof(struct souk_field), .type = SOUK_FIELD_INSTANT, .name = "before", .title = "before",
} };

static int close_old(void *self, struct souk_call *call, const struct souk_ask *ask, const struct souk_args *args)
{
    struct souk_rows rows;
    const struct souk_value *than = souk_given(args, "before");
    (void)self;
    int rc = souk_query(call, &rows, "old", { "before", than ? *than : souk_instant(ask->now_s) });
    for (uint32_t i = 0; rc == 0 && i < rows.n_rows; i++)
        rc = souk_plan(call, "case.state", { "case", *souk_cell(&rows, i, 0) }, { "state", souk_text("closed") });
    return rc;
}

/* The second step cannot be done. */
static int half(void *self, struct souk_call *call, const struct souk_ask *ask, const struct souk_args *args)
{
    (void)self, (void)ask, (void)args;
    souk_plan(call, "case.state", { "case", souk_text("1") }, { "state", souk_text("closed") });
    souk_plan(call, "case.note", { "case", souk_text("nobody's") }, { "body", souk_text("x") });
    return 0;
}

/* What is refused stays refused, although this says that all is well. */
static int undeclared(void *self, struct souk_call *call, const struct souk_ask *ask, const struct souk_args *args)
{
    (void)self, (void)ask, (void)args;
    souk_plan(call, "case.state", { "case", souk_text("1") }, { "state", souk_text("closed") });
    souk_plan(call, "case.discard", { "case", souk_text("1") });
    return 0;
}

static int unknown_field(void *self, struct souk_call *call, const struct souk_ask *ask, const struct souk_args *args)
{
    (void)self, (void)ask, (void)args;
    souk_plan(call, "case.state", { "case", souk_text("1") }, { "stat", souk_text("closed") });
    return 0;
}

static int wrong_type(void *self, struct souk_call *call, const struct souk_ask *ask, const struct souk_args *args)
{
    (void)self, (void)ask, (void)args;
    souk_plan(call, "case.state", { "case", souk_count(1) }, { "state", souk_text("closed") });
    return 0;
}

static int wrong_choice(void *self, struct souk_call *call, const struct souk_ask *ask, const struct souk_args *args)
{
    (void)self, (void)ask, (void)args;
    souk_plan(call, "case.state", { "case", souk_text("1") }, { "state", souk_text("asleep") });
    return 0;
}

static int own(void *self, struct souk_call *call, const struct souk_ask *ask, const struct souk_args *args)
{
    (void)self, (void)ask, (void)args;
    souk_plan(call, "cases.close_old", { "before", souk_instant(ask->now_s) });
    return 0;
}

static int more_rights(void *self, struct souk_call *call, const struct souk_ask *ask, const struct souk_args *args)
{
    (void)self, (void)ask, (void)args;
    souk_plan(call, "case.state", { "case", souk_text("1") }, { "state", souk_text("closed") });
    return call->plan->add(call, "calendar.unlink", &(const struct souk_args){ NULL, 0, 0 });
}

static int endless(void *self, struct souk_call *call, const struct souk_ask *ask, const struct souk_args *args)
{
    (void)self, (void)ask, (void)args;
    for (int i = 0; i < 5000; i++)
        souk_plan(call, "case.state", { "case", souk_text("1") }, { "state", souk_text("closed") });
    return 0;
}

static int says_no(void *self, struct souk_call *call, const struct souk_ask *ask, const struct souk_args *args)
{
    (void)self, (void)ask, (void)args;
    souk_plan(call, "case.state", { "case", souk_text("1") }, { "state", souk_text("closed") });
    souk_fault(call, "not_today");
    return SOUK_EINPUT;
}

#define COMMAND(its_id, its_right, its_plan) \
    { .size = sizeof(struct souk_command), .right = its_right, .id = its_id, .title = "title", .plan = its_plan }

static const struct souk_command commands[] = {
    { .size = sizeof(struct souk_command), .right = SOUK_MAY_EDIT, .id = "cases.close_old", .title = "close_old",
      .about = "close_old.about", .fields = SOUK_LIST(before), .plan = close_old },
    COMMAND("cases.half", SOUK_MAY_EDIT, half),
    COMMAND("cases.undeclared", SOUK_MAY_EDIT, undeclared),
    COMMAND("cases.unknown_field", SOUK_MAY_EDIT, unknown_field),
    COMMAND("cases.wrong_type", SOUK_MAY_EDIT, wrong_type),
    COMMAND("cases.wrong_choice", SOUK_MAY_EDIT, wrong_choice),
    COMMAND("cases.own", SOUK_MAY_EDIT, own),
    COMMAND("cases.more_rights", SOUK_MAY_VIEW, more_rights),
    COMMAND("cases.endless", SOUK_MAY_EDIT, endless),
    COMMAND("cases.says_no", SOUK_MAY_EDIT, says_no),
};

static const struct souk_offer offers[] = {
    { SOUK_COMMAND, &commands[0] }, { SOUK_COMMAND, &commands[1] }, { SOUK_COMMAND, &commands[2] },
    { SOUK_COMMAND, &commands[3] }, { SOUK_COMMAND, &commands[4] }, { SOUK_COMMAND, &commands[5] },
    { SOUK_COMMAND, &commands[6] }, { SOUK_COMMAND, &commands[7] }, { SOUK_COMMAND, &commands[8] },
    { SOUK_COMMAND, &commands[9] },
};

SOUK_PLUGIN = {
    .size = sizeof(struct souk_plugin), .built = SOUK_SDK_NOW, .needs = SOUK_SDK(0, 2), .id = "test.plan",
    .version = "1.0.0", .title = "title", .reads = "v1_cases", .commands = "case.state case.note calendar.unlink",
    .offers = SOUK_LIST(offers), .queries = SOUK_LIST(queries),
};
