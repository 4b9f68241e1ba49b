/* SPDX-License-Identifier: Apache-2.0 */
/*
 * command_data.c: what is known of people goes: one buyer, or what is older than a number of days.
 *
 * in:     an order or an address, and the number of records that shall go; days for each kind of record
 * out:    rows without names and letters, see data/erase.h
 * knows:  erase
 *
 * Nobody erases without having seen what will go: without the number of records the command is refused, with the
 * number and what they are.
 */
#include "command_in.h"

#include <string.h>

#include "data/erase.h"

enum { DAYS_MOST = 36500, DAYS_LEAST = 30 };

static const struct souk_choice kinds[] = {
    { "letters", "erase.letters" }, { "feedback", "erase.feedback" }, { "notices", "erase.notices" },
    { "rejects", "erase.rejects" }, { "orders", "erase.orders" },
};

static const struct souk_field buyer_fields[] = {
    FIELD(LINE, "order", OPTIONAL, MOST(KEY_LETTERS)),
    FIELD(LINE, "mail", .flags = SOUK_FIELD_PERSONAL, MOST(320), .about = "field.mail.about"),
    FIELD(COUNT, "records", OPTIONAL, MOST(COUNT_MOST), .about = "field.records.about"),
};

static const struct souk_field set_fields[] = {
    FIELD(ONE_OF, "kind", NEEDED, CHOICES(kinds)),
    FIELD(COUNT, "days", OPTIONAL, .min = DAYS_LEAST, MOST(DAYS_MOST), .about = "field.days.about"),
};

/* "2 talks, 5 letters ...": those there are. */
static void put_parts(struct buf *out, const struct erased *e)
{
    const struct { int64_t n; const char *one, *many; } part[] = {
        { e->talks, "talk", "talks" }, { e->letters, "letter", "letters" }, { e->queued, "mail in the outbox", "mails in the outbox" },
        { e->feedback, "feedback comment", "feedback comments" }, { e->orders, "order with its region", "orders with their regions" },
        { e->notices, "notification", "notifications" }, { e->claims, "letter of a claim", "letters of claims" },
        { e->rejects, "rejected row", "rejected rows" }, { e->suggestions, "suggestion", "suggestions" },
    };
    for (size_t i = 0; i < COUNT_OF(part); i++)
        if (part[i].n)
            buf_printf(out, "%s%lld %s", out->len ? ", " : "", (long long)part[i].n, part[i].n == 1 ? part[i].one : part[i].many);
}

static int refuse_unseen(struct doing *d, const struct erased *e, struct err *err)
{
    struct buf parts = { 0 };
    put_parts(&parts, e);
    int rc = erased_all(e)
        ? doing_refuse(d, "records", err, ERR_INPUT, "This would go: %s. Amounts, times and days stay. Nothing was erased yet: to do"
                       " it, give the number of records, %lld.", buf_str(&parts), (long long)erased_all(e))
        : doing_refuse(d, "order", err, ERR_ABSENT, "Nothing is left of this buyer that could be erased.");
    buf_free(&parts);
    return rc;
}

static int run_buyer(struct doing *d, const struct souk_args *args, struct err *err)
{
    const char *order = arg_text(args, "order"), *mail = arg_text(args, "mail");
    struct erased e;
    if (!*order == !*mail)
        return doing_refuse(d, "order", err, ERR_INPUT, "Say whose data goes: the number of an order, or the address that the"
                            " buyer wrote from.");
    int rc = erase_buyer(&d->to, order, mail, &e, err);
    if (rc < 0) {
        d->field = *order ? "order" : "mail";
        return rc;
    }
    if (!arg_is_told(args, "records") || arg_int(args, "records", 0) != erased_all(&e) || !erased_all(&e))
        return refuse_unseen(d, &e, err);               /* and all of it is rolled back */
    d->ref = *order ? arena_printf(d->a, "order:%s", order) : "";
    d->sweeps = true;
    say(d, "done.buyer.erase", { "n", souk_count(erased_all(&e)) });
    return erase_finish(&d->to, err);
}

static int run_set(struct doing *d, const struct souk_args *args, struct err *err)
{
    int64_t days = arg_int(args, "days", 0);
    if (days)
        say(d, "done.retention.set", { "n", souk_count(days) });
    else
        say(d, "done.retention.kept");
    return retention_put(&d->to, erase_named(arg_text(args, "kind")), days, err);
}

static int run_retention(struct doing *d, const struct souk_args *args, struct err *err)
{
    int64_t rows[ERASE_KINDS], all = 0;
    (void)args;
    int rc = retention_run(&d->to, d->now_s, rows, err);
    for (size_t k = 0; k < COUNT_OF(rows); k++)
        all += rows[k];
    d->sweeps = all > 0;
    say(d, "done.retention.run", { "n", souk_count(all) });
    return rc;
}

const struct command_info data_commands[] = {
    COMMAND("buyer.erase", RIGHT_ADMIN, buyer_fields, run_buyer),
    COMMAND("retention.set", RIGHT_ADMIN, set_fields, run_set),
    COMMAND_BARE("retention.run", RIGHT_ADMIN, run_retention),
    { .name = NULL },
};
