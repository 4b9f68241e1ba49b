/* SPDX-License-Identifier: Apache-2.0 */
/*
 * command_notice.c: notices that somebody types in, and what becomes of all of them.
 *
 * in:     the text of a policy or holiday update, a warning; numbers of notices
 * out:    notices, read and done
 * knows:  notice
 */
#include "command_in.h"

#include <string.h>

#include "data/notice.h"

static const struct souk_choice classes[] = {
    { "policy", "notice.class.policy" }, { "infringement", "notice.class.infringement" },
    { "metric", "notice.class.metric" }, { "account", "notice.class.account" },
    { "listing", "notice.class.listing" }, { "pricing", "notice.class.pricing" }, { "fee", "notice.class.fee" },
    { "payment", "notice.class.payment" }, { "holiday", "notice.class.holiday" }, { "mail", "notice.class.mail" },
    { "import", "notice.class.import" },
};

static const struct souk_choice severities[] = {
    { "info", "notice.severity.info" }, { "watch", "notice.severity.watch" }, { "bad", "notice.severity.bad" },
};

static const struct souk_field add_fields[] = {
    FIELD(ONE_OF, "class", NEEDED, CHOICES(classes)),
    FIELD(LINE, "subject", NEEDED, MOST(LINE_LETTERS)),
    FIELD(ONE_OF, "severity", OPTIONAL, CHOICES(severities), .fallback = SOUK_WORD(SOUK_TEXT, "info")),
    FIELD(MARKET, "market", OPTIONAL),
    FIELD(AREA, "text", OPTIONAL, MOST(BODY_LETTERS)),
    FIELD(LINE, "ref", OPTIONAL, MOST(KEY_LETTERS), .about = "field.ref.about"),
    FIELD(INSTANT, "deadline", OPTIONAL, .zone_of = "market"),
    FIELD(MONEY, "amount", OPTIONAL, .currency_of = "market"),
};

static const struct souk_field notice_fields[] = {
    FIELD(COUNT, "notice", NEEDED),
};

static const struct souk_field all_fields[] = {
    FIELD(ONE_OF, "class", OPTIONAL, CHOICES(classes)),
    FIELD(ONE_OF, "severity", OPTIONAL, CHOICES(severities)),
};

static int run_add(struct doing *d, const struct souk_args *args, struct err *err)
{
    const struct souk_value *amount = souk_given(args, "amount");
    const char *ref;
    int64_t no;
    if (ref_arg(d, args, "ref", &ref, err) < 0)
        return -err->code;
    struct notice_row row = {
        .at_s = d->now_s, .class = arg_text(args, "class"), .kind = "typed",
        .severity = arg_text(args, "severity"), .market = market_by_id(arg_text(args, "market")),
        .subject = arg_text(args, "subject"), .before = "", .after = arg_text(args, "text"), .ref = ref,
        .deadline_s = arg_int(args, "deadline", 0), .source = "typed",
    };
    if (arg_is_told(args, "amount")) {
        row.amount.minor = amount->num;
        memcpy(row.amount.currency, amount->currency, sizeof row.amount.currency);
    }
    int rc = notice_put(&d->to, &row, &no, err);
    if (rc < 0)
        return rc;
    d->ref = arena_printf(d->a, "notice:%lld", (long long)no);
    say(d, "done.notice.add");
    return 0;
}

static int notice_change(struct doing *d, const struct souk_args *args,
                         int (*put)(struct record_to *to, int64_t no, int64_t at_s, struct err *err), int64_t at_s,
                         struct err *err)
{
    int64_t no = arg_int(args, "notice", 0);
    int rc = put(&d->to, no, at_s, err);
    if (rc == -ERR_ABSENT)
        d->field = "notice";
    d->ref = arena_printf(d->a, "notice:%lld", (long long)no);
    return rc < 0 ? rc : 0;
}

static int run_read(struct doing *d, const struct souk_args *args, struct err *err)
{
    say(d, "done.notice.read");
    return notice_change(d, args, notice_read, d->now_s, err);
}

static int run_done(struct doing *d, const struct souk_args *args, struct err *err)
{
    say(d, "done.notice.done");
    return notice_change(d, args, notice_done, d->now_s, err);
}

/* Open again; that it was read stays true. */
static int run_undo(struct doing *d, const struct souk_args *args, struct err *err)
{
    say(d, "done.notice.undo");
    return notice_change(d, args, notice_done, 0, err);
}

static const char sql_open[] =
    "SELECT no FROM notice"
    " WHERE done_s IS NULL AND (:class = '' OR class = :class) AND (:severity = '' OR severity = :severity)"
    " ORDER BY no";

static int run_done_all(struct doing *d, const struct souk_args *args, struct err *err)
{
    struct stmt *list = stmt_of(d->db, sql_open, err);
    int64_t *no = NULL;
    size_t n = 0, room = 0;
    if (!list)
        return -err->code;
    bind_text(list, 1, arg_text(args, "class"));
    bind_text(list, 2, arg_text(args, "severity"));
    int rc;
    while ((rc = stmt_step(d->db, list, err)) > 0) {    /* all of them first: the writes change what is walked over */
        if (n == room)
            no = base_grow(no, (room = room ? room * 2 : 64) * sizeof *no);
        no[n++] = stmt_int(list, 0);
    }
    for (size_t i = 0; i < n && rc >= 0; i++)
        rc = notice_done(&d->to, no[i], d->now_s, err);
    base_free(no);
    say(d, "done.notice.done_all", { "n", souk_count((int64_t)n) });
    return rc < 0 ? rc : 0;
}

const struct command_info notice_commands[] = {
    COMMAND("notice.add", RIGHT_EDIT, add_fields, run_add),
    COMMAND("notice.read", RIGHT_EDIT, notice_fields, run_read),
    COMMAND("notice.done", RIGHT_EDIT, notice_fields, run_done),
    COMMAND("notice.undo", RIGHT_EDIT, notice_fields, run_undo),
    COMMAND("notice.done_all", RIGHT_EDIT, all_fields, run_done_all),
    { .name = NULL },
};
