/* SPDX-License-Identifier: Apache-2.0 */
/*
 * command_claim.c: A-to-z claims, chargebacks and SAFE-T claims.
 *
 * in:     a claim by its number, texts, an outcome
 * out:    claims and their letters; deadlines follow from the policies, see data/claim
 * knows:  claim, letter, policy
 *
 * Like cases, claims are answered on the marketplace's page, and here is the record of it.
 * action --respond--> review; --accept--> closed, granted; closed and granted, or appeal --appeal--> review.
 */
#include "command_in.h"

#include <string.h>

#include "base/zone.h"
#include "data/claim.h"
#include "data/policy.h"

static const struct souk_choice kinds[] = {
    { "a_to_z", "claim.kind.a_to_z" }, { "chargeback", "claim.kind.chargeback" }, { "safe_t", "claim.kind.safe_t" },
};

static const struct souk_choice outcomes[] = {
    { "granted", "claim.outcome.granted" }, { "denied", "claim.outcome.denied" },
    { "withdrawn", "claim.outcome.withdrawn" }, { "reimbursed", "claim.outcome.reimbursed" },
};

static const struct souk_field add_fields[] = {
    FIELD(ONE_OF, "kind", NEEDED, CHOICES(kinds)),
    FIELD(LINE, "claim", OPTIONAL, MOST(KEY_LETTERS), .about = "field.claim.number"),
    FIELD(LINE, "order", OPTIONAL, MOST(KEY_LETTERS)),
    FIELD(MARKET, "market", OPTIONAL),
    FIELD(MONEY, "amount", OPTIONAL, .currency_of = "market"),
    FIELD(INSTANT, "opened", OPTIONAL, .zone_of = "market"),
    FIELD(INSTANT, "due", OPTIONAL, .zone_of = "market", .about = "field.due.about"),
    FIELD(LINE, "reason", OPTIONAL, MOST(LINE_LETTERS)),
    FIELD(BOOL, "counts", OPTIONAL, .fallback = SOUK_NUMBER(SOUK_BOOL, 1), .about = "field.counts.about"),
};

static const struct souk_field answer_fields[] = {
    FIELD(LINE, "claim", NEEDED, MOST(KEY_LETTERS)),
    FIELD(AREA, "body", NEEDED, MOST(BODY_LETTERS)),
    FIELD(COUNT, "letter", OPTIONAL, .about = "field.letter.draft"),
};

static const struct souk_field accept_fields[] = {
    FIELD(LINE, "claim", NEEDED, MOST(KEY_LETTERS)),
    FIELD(AREA, "body", OPTIONAL, MOST(BODY_LETTERS)),
};

static const struct souk_field note_fields[] = {
    FIELD(LINE, "claim", NEEDED, MOST(KEY_LETTERS)),
    FIELD(AREA, "body", NEEDED, MOST(BODY_LETTERS)),
};

static const struct souk_field close_fields[] = {
    FIELD(LINE, "claim", NEEDED, MOST(KEY_LETTERS)),
    FIELD(ONE_OF, "outcome", NEEDED, CHOICES(outcomes)),
    FIELD(BOOL, "may_appeal", OPTIONAL, .fallback = SOUK_NUMBER(SOUK_BOOL, 0), .about = "field.may_appeal.about"),
};

static const struct souk_field counts_fields[] = {
    FIELD(LINE, "claim", NEEDED, MOST(KEY_LETTERS)),
    FIELD(BOOL, "counts", NEEDED, .about = "field.counts.about"),
};

static int claim_find(struct doing *d, const struct souk_args *args, struct claim *c, struct err *err)
{
    int rc = claim_get(d->db, d->a, arg_text(args, "claim"), c, err);
    if (rc == -ERR_ABSENT)
        d->field = "claim";
    if (rc == 0)
        d->ref = letter_ref(d, LETTER_OF_CLAIM, c->claim_id);
    return rc;
}

/* Until when something is to be done, and where that comes from. */
static void say_due(struct doing *d, const struct claim *c)
{
    struct souk_value due = souk_instant(c->due_s);
    if (c->market)
        due.text = (struct souk_str){ c->market->zone, (uint32_t)strlen(c->market->zone), 0 };
    if (!c->due_s)
        say(d, "done.claim.no_due");
    else if (*c->due_rule)
        say(d, "done.claim.due_rule", { "due", due }, { "rule", souk_text(c->due_rule) });
    else
        say(d, "done.claim.due", { "due", due });
}

static int run_add(struct doing *d, const struct souk_args *args, struct err *err)
{
    const char *kind = arg_text(args, "kind"), *order = arg_text(args, "order");
    const char *id = arg_is_told(args, "claim") ? arg_text(args, "claim") : arena_printf(d->a, "%s:%s", kind, order);
    int64_t opened_s = arg_int(args, "opened", d->now_s);
    const struct souk_value *amount = souk_given(args, "amount");
    struct claim c;
    int64_t no;
    if (!arg_is_told(args, "claim") && !*order)
        return doing_refuse(d, "order", err, ERR_INPUT, "Say which claim this is: by its number, or by its order.");
    if (claim_is_known(d->db, id))
        return doing_refuse(d, arg_is_told(args, "claim") ? "claim" : "order", err, ERR_INPUT,
                            "There is a claim %s already.", id);
    if (opened_s > d->now_s)
        return doing_refuse(d, "opened", err, ERR_INPUT, "A claim cannot have been made later than now.");
    struct claim_row row = {
        .claim_id = arg_is_told(args, "claim") ? id : NULL, .kind = kind, .order_id = *order ? order : NULL,
        .market = market_by_id(arg_text(args, "market")), .state = "action",
        .reason = arg_is_told(args, "reason") ? arg_text(args, "reason") : NULL, .opened_s = opened_s,
        .changed_s = opened_s, .due_s = arg_int(args, "due", 0), .counts = TOLD(arg_int(args, "counts", 1)),
        .source = d->source,
    };
    if (arg_is_told(args, "amount")) {
        row.amount.minor = amount->num;
        memcpy(row.amount.currency, amount->currency, sizeof row.amount.currency);
    }
    int rc = claim_put(&d->to, &row, &no, err);
    if (rc >= 0)
        rc = claim_get(d->db, d->a, id, &c, err);
    if (rc < 0)
        return rc;
    d->ref = letter_ref(d, LETTER_OF_CLAIM, c.claim_id);
    say(d, "done.claim.add", { "claim", souk_text(c.claim_id) });
    say_due(d, &c);
    return 0;
}

static struct answer claim_answer(const struct souk_args *args, const struct claim *c)
{
    return (struct answer){
        .of = LETTER_OF_CLAIM, .of_id = c->claim_id, .recipient = "", .subject = c->claim_id,
        .body = arg_text(args, "body"), .draft_no = arg_int(args, "letter", 0),
    };
}

static int state_put(struct doing *d, const struct claim *c, const char *state, const char *outcome, struct err *err)
{
    const struct claim_row row = {
        .claim_id = c->claim_id, .state = state, .outcome = outcome, .changed_s = d->now_s,
    };
    int rc = claim_put(&d->to, &row, NULL, err);
    return rc < 0 ? rc : 0;
}

static int run_respond(struct doing *d, const struct souk_args *args, struct err *err)
{
    struct claim c;
    int rc = claim_find(d, args, &c, err);
    if (rc < 0)
        return rc;
    if (!text_is(c.state, "action") && !text_is(c.state, "review"))
        return doing_refuse(d, "claim", err, ERR_DENIED, "Claim %s waits for no answer any more; it can be appealed"
                            " against with claim.appeal.", c.claim_id);
    const struct answer w = claim_answer(args, &c);
    say(d, "done.claim.respond");
    say(d, "done.by_hand");
    rc = answer_put(d, &w, err);
    return rc < 0 ? rc : state_put(d, &c, "review", NULL, err);
}

static int run_accept(struct doing *d, const struct souk_args *args, struct err *err)
{
    struct claim c;
    int rc = claim_find(d, args, &c, err);
    if (rc < 0)
        return rc;
    if (text_is(c.state, "closed"))
        return doing_refuse(d, "claim", err, ERR_DENIED, "Claim %s is closed already.", c.claim_id);
    const char *ref = d->ref;
    if (arg_is_told(args, "body"))
        rc = answer_note(d, LETTER_OF_CLAIM, c.claim_id, arg_text(args, "body"), err);
    d->ref = ref;
    say(d, "done.claim.accept");
    return rc < 0 ? rc : state_put(d, &c, "closed", "granted", err);
}

/* Until when the marketplace takes an appeal; 0 where no rule says so. */
static int appeal_until(struct doing *d, const struct claim *c, int64_t *until_s, struct err *err)
{
    struct policy_line line;
    struct err absent = { 0 };
    *until_s = c->due_s;
    if (c->due_s || !c->market || !d->setup->policies || !text_is(c->kind, "a_to_z"))
        return 0;
    const struct zone *zone = zone_get(c->market->zone, err);
    if (!zone)
        return -err->code;
    if (policy_get(d->setup->policies, d->a, c->market->code, "claim.appeal_days", zone_day(zone, c->changed_s), &line,
                   &absent) == 0 && line.type == POLICY_COUNT)
        *until_s = c->changed_s + line.number * 86400;
    return 0;
}

static int run_appeal(struct doing *d, const struct souk_args *args, struct err *err)
{
    struct claim c;
    int64_t until_s = 0;
    int rc = claim_find(d, args, &c, err);
    if (rc < 0)
        return rc;
    bool is_lost = text_is(c.state, "closed") && text_is(c.outcome, "granted");
    if (!is_lost && !text_is(c.state, "appeal"))
        return doing_refuse(d, "claim", err, ERR_DENIED, "Claim %s was not decided against you (%s%s%s): there is"
                            " nothing to appeal against.", c.claim_id, c.state, *c.outcome ? ", " : "", c.outcome);
    rc = appeal_until(d, &c, &until_s, err);
    if (rc < 0)
        return rc;
    const struct answer w = claim_answer(args, &c);
    say(d, "done.claim.appeal");
    say(d, "done.by_hand");
    if (until_s && until_s < d->now_s)
        say(d, "done.claim.too_late", { "until", souk_instant(until_s) });
    rc = answer_put(d, &w, err);
    return rc < 0 ? rc : state_put(d, &c, "review", NULL, err);
}

static int run_note(struct doing *d, const struct souk_args *args, struct err *err)
{
    struct claim c;
    int rc = claim_find(d, args, &c, err);
    if (rc < 0)
        return rc;
    say(d, "done.note");
    return answer_note(d, LETTER_OF_CLAIM, c.claim_id, arg_text(args, "body"), err);
}

static int run_close(struct doing *d, const struct souk_args *args, struct err *err)
{
    struct claim c;
    bool may_appeal = arg_int(args, "may_appeal", 0);
    const char *outcome = arg_text(args, "outcome");
    int rc = claim_find(d, args, &c, err);
    if (rc < 0)
        return rc;
    if (may_appeal && !text_is(outcome, "granted"))
        return doing_refuse(d, "may_appeal", err, ERR_INPUT, "Only a claim that was granted can be appealed against.");
    rc = state_put(d, &c, may_appeal ? "appeal" : "closed", outcome, err);
    if (rc == 0)
        rc = claim_get(d->db, d->a, c.claim_id, &c, err);
    say(d, may_appeal ? "done.claim.may_appeal" : "done.claim.close");
    if (rc == 0 && may_appeal)
        say_due(d, &c);
    return rc;
}

static int run_counts(struct doing *d, const struct souk_args *args, struct err *err)
{
    struct claim c;
    int rc = claim_find(d, args, &c, err);
    if (rc < 0)
        return rc;
    bool counts = arg_int(args, "counts", 1);
    /* As of its last change: this is no news of the claim itself. */
    const struct claim_row row = { .claim_id = c.claim_id, .changed_s = c.changed_s, .counts = TOLD(counts) };
    say(d, counts ? "done.claim.counts" : "done.claim.counts_not");
    rc = claim_put(&d->to, &row, NULL, err);
    return rc < 0 ? rc : 0;
}

const struct command_info claim_commands[] = {
    COMMAND("claim.add", RIGHT_EDIT, add_fields, run_add),
    COMMAND("claim.respond", RIGHT_EDIT, answer_fields, run_respond),
    COMMAND("claim.accept", RIGHT_EDIT, accept_fields, run_accept),
    COMMAND("claim.appeal", RIGHT_EDIT, answer_fields, run_appeal),
    COMMAND("claim.note", RIGHT_EDIT, note_fields, run_note),
    COMMAND("claim.close", RIGHT_EDIT, close_fields, run_close),
    COMMAND("claim.counts", RIGHT_EDIT, counts_fields, run_counts),
    { .name = NULL },
};
