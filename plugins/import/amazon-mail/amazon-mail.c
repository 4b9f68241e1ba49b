/* SPDX-License-Identifier: Apache-2.0 */
/*
 * amazon-mail.c: what a mailbox holds of the shop: letters of buyers and answers to them, A-to-z claims
 * and chargebacks, the talk with seller support, notices, and what could not be delivered.
 *
 * in:     mails as they stand
 * out:    records of kind letter, claim and notice; everything else is understood and left alone
 * knows:  parse.c, text.c, words.c
 *
 * A letter is a buyer's by the relay domain it comes from or goes to, and the marketplace's own by the
 * domain of its sender.  Of people nothing is kept but a display name, the relay address and what they
 * wrote.
 */
#include <string.h>

#include "mail.h"

enum { KEY_BYTES = 180, SUBJECT_FOLD = 1000, TEXT_FOLD = 1200, AFTER_BYTES = 400 };

/* A mail with what all kinds of it need. */
struct item {
    struct souk_call *call;
    int64_t line;
    struct mail *m;
    struct text subject;                                /* folded */
    char order[ORDER_BYTES];                            /* "" */
};

static struct souk_value text_or_none(const char *text)
{
    return *text ? souk_text(text) : souk_none();
}

static struct souk_value market_or_none(const char *id)
{
    return id && *id ? souk_market(id) : souk_none();
}

static void copy(char *to, size_t room, const char *from)
{
    size_t n = strlen(from);
    if (n >= room)
        for (n = room - 1; n && ((unsigned char)from[n] & 0xC0) == 0x80;)
            n--;
    memcpy(to, from, n);
    to[n] = '\0';
}

static int skip(struct item *i)
{
    souk_skip(i->call, i->line);
    return 0;
}

/* ---- letters ---------------------------------------------------------------------------------------- */

/* What somebody wrote, what they quote, and the names of what they attached. */
static void body_of(const struct mail *m, struct text *body)
{
    text_mark_quoted(body, m->text);
    for (int k = 0; k < m->n_attachments; k++) {
        text_add(body, k ? "\n" : body->n ? "\n\n" : "");
        text_add(body, "[");
        text_add(body, m->attachment[k]);
        text_add(body, "]");
    }
    if (!body->at)
        text_put(body, "", 0);
}

/* "Anna Muster - Amazon Marketplace" is Anna Muster. */
static void name_of(const char *name, char *to, size_t room)
{
    static const char *const ends[] = {
        " - Amazon Marketplace", " - amazon marketplace", " - Amazon マーケットプレイス", " (Amazon Marketplace)",
        " via Amazon", " - Amazon",
    };
    copy(to, room, name);
    for (size_t k = 0; k < sizeof ends / sizeof *ends; k++) {
        size_t n = strlen(to), end = strlen(ends[k]);
        if (n > end && strcmp(to + n - end, ends[k]) == 0)
            to[n - end] = '\0';
    }
}

/* Buyer and order: the relay address without what tells its letters apart ("abc+123@..." is abc@...). */
static void thread_of(const char *relay, const char *order, char to[KEY_BYTES])
{
    const char *at = strrchr(relay, '@');
    size_t name = strcspn(relay, "+@"), rest = strlen(at);
    if (name + rest + 1 + ORDER_BYTES >= KEY_BYTES)
        name = KEY_BYTES - 1 - ORDER_BYTES - rest;
    memcpy(to, relay, name);
    memcpy(to + name, at, rest + 1);
    if (*order) {
        strcat(to, " ");
        strcat(to, order);
    }
}

static int put_talk(struct item *i, const char *name, const char *relay, const char *market, int is_in)
{
    struct mail *m = i->m;
    struct text body = { 0 };
    char thread[KEY_BYTES], sender[200];
    mail_read(m);
    if (!*i->order)
        words_order(m->text, i->order);
    thread_of(relay, i->order, thread);
    name_of(name, sender, sizeof sender);
    body_of(m, &body);
    int rc = souk_put(i->call, "letter", "line:count letter_id:text of:text of_id:text market:market order:text"
                      " at:instant side:text sender:text reply_to:text subject:text body:text needs:bool",
                      souk_count(i->line), souk_text(m->id), souk_text("thread"), souk_text(thread),
                      market_or_none(market), text_or_none(i->order), souk_instant(m->at_s),
                      souk_text(is_in ? "in" : "out"), text_or_none(sender),
                      is_in ? souk_text(relay) : souk_none(), souk_text(m->subject), souk_text(body.at),
                      souk_number(SOUK_BOOL, is_in && !m->is_automatic, 0));
    text_free(&body);
    return rc;
}

/* ---- claims ----------------------------------------------------------------------------------------- */

/* Amounts are not read: a mail writes them in too many ways to be sure to the cent. */
static int put_claim(struct item *i, const char *kind, const char *market)
{
    struct mail *m = i->m;
    struct text said = { 0 }, body = { 0 };
    char claim[KEY_BYTES];
    int rc = 0;
    mail_read(m);
    text_put(&said, i->subject.at, i->subject.n);
    text_add(&said, " ");
    words_fold(&said, m->text, TEXT_FOLD);
    body_of(m, &body);
    const char *outcome = words_say(said.at, SAYS_WITHDRAWN) ? "withdrawn" : words_say(said.at, SAYS_DENIED) ? "denied"
                        : words_say(said.at, SAYS_GRANTED) ? "granted" : "";
    const char *state = strcmp(outcome, "granted") == 0 && words_say(said.at, SAYS_MAY_APPEAL) ? "appeal"
                      : *outcome ? "closed" : words_say(said.at, SAYS_UNDER_REVIEW) ? "review" : "action";
    copy(claim, sizeof claim - ORDER_BYTES, kind);
    strcat(claim, ":");
    strcat(claim, i->order);
    rc = souk_put(i->call, "claim", "line:count claim_id:text kind:text market:market order:text state:text"
                  " outcome:text opened:instant changed:instant",
                  souk_count(i->line), souk_text(claim), souk_text(kind), market_or_none(market), souk_text(i->order),
                  souk_text(state), text_or_none(outcome), souk_instant(m->at_s), souk_instant(m->at_s));
    if (rc >= 0)
        rc = souk_put(i->call, "letter", "line:count letter_id:text of:text of_id:text market:market order:text"
                      " at:instant side:text sender:text subject:text body:text kind:text",
                      souk_count(i->line), souk_text(m->id), souk_text("claim"), souk_text(claim),
                      market_or_none(market), souk_text(i->order), souk_instant(m->at_s), souk_text("in"),
                      text_or_none(m->from.name), souk_text(m->subject), souk_text(body.at), souk_text(kind));
    text_free(&said);
    text_free(&body);
    return rc;
}

/* ---- cases ------------------------------------------------------------------------------------------ */

/* Without "[CASE 123] " and "Re: " before it. */
static const char *subject_of_case(const char *subject)
{
    for (;;) {
        if (*subject == '[' && strchr(subject, ']'))
            subject = strchr(subject, ']') + 1;
        else if (strncmp(subject, "Re:", 3) == 0 || strncmp(subject, "RE:", 3) == 0 || strncmp(subject, "AW:", 3) == 0)
            subject += 3;
        else if (*subject != ' ')
            return subject;
        subject += strspn(subject, " ");
    }
}

static int put_case(struct item *i, const char *number, const char *market, int is_in)
{
    struct mail *m = i->m;
    struct text said = { 0 }, body = { 0 };
    char ref[ORDER_BYTES + 8] = "";
    mail_read(m);
    text_put(&said, i->subject.at, i->subject.n);
    text_add(&said, " ");
    words_fold(&said, m->text, TEXT_FOLD);
    body_of(m, &body);
    const char *state = !is_in ? "open" : words_say(said.at, SAYS_CASE_CLOSED) ? "closed"
                      : words_say(said.at, SAYS_CASE_ATTENTION) ? "attention"
                      : words_say(said.at, SAYS_CASE_RECEIVED) ? "open" : "answered";
    int days = is_in && strcmp(state, "closed") != 0 ? words_closes_in(said.at) : 0;
    if (*i->order) {
        strcpy(ref, "order:");
        strcat(ref, i->order);
    }
    const char *subject = subject_of_case(m->subject);
    int rc = souk_put(i->call, "letter", "line:count letter_id:text of:text of_id:text market:market ref:text"
                      " at:instant side:text sender:text subject:text body:text state:text closes:instant",
                      souk_count(i->line), souk_text(m->id), souk_text("case"), souk_text(number),
                      market_or_none(market), text_or_none(ref), souk_instant(m->at_s),
                      souk_text(is_in ? "in" : "out"), text_or_none(is_in ? m->from.name : ""),
                      souk_text(*subject ? subject : m->subject), souk_text(body.at), souk_text(state),
                      days ? souk_instant(m->at_s + (int64_t)days * 86400) : souk_none());
    text_free(&said);
    text_free(&body);
    return rc;
}

/* ---- notices ---------------------------------------------------------------------------------------- */

static int put_notice(struct item *i, const struct notice_words *is, const char *market, const char *subject,
                      const char *after)
{
    struct mail *m = i->m;
    char id[KEY_BYTES] = "mail:", ref[ORDER_BYTES + 8] = "", short_after[AFTER_BYTES];
    copy(id + 5, sizeof id - 5, m->id);
    copy(short_after, sizeof short_after, after);
    if (*i->order) {
        strcpy(ref, "order:");
        strcat(ref, i->order);
    }
    return souk_put(i->call, "notice", "line:count notice_id:text at:instant class:text kind:text severity:text"
                    " market:market subject:text after:text ref:text source:text",
                    souk_count(i->line), souk_text(id), souk_instant(m->at_s), souk_text(is->class), souk_text(is->kind),
                    souk_text(is->severity), market_or_none(market), souk_text(*subject ? subject : is->kind),
                    text_or_none(short_after), text_or_none(ref), souk_text("mail"));
}

/* What the marketplace tells the seller by mail: its subject, and how it begins. */
static int put_told(struct item *i, const struct notice_words *is, const char *market)
{
    mail_read(i->m);
    return put_notice(i, is, market, i->m->subject, i->m->text);
}

/* A letter to a buyer or to the marketplace that did not arrive; bounces of other mail are nobody's business. */
static int put_bounce(struct item *i)
{
    static const struct notice_words bounced = { "mail", "mail.bounced", "bad" };
    struct mail *m = i->m;
    const char *market = "", *relay;
    mail_read(m);
    relay = words_relay(m->failed_to);
    if (!relay && !words_is_amazon(m->failed_to, &market) && !strstr(m->text, "@marketplace.amazon."))
        return skip(i);
    const char *subject = *m->failed_subject ? m->failed_subject : m->subject;
    if (!words_order(subject, i->order))
        words_order(m->text, i->order);
    return put_notice(i, &bounced, relay ? relay : market, subject, m->failed_why);
}

/* ---- which it is ------------------------------------------------------------------------------------ */

static int is_bounce(const struct mail *m)
{
    return m->is_report || strncmp(m->from.at, "mailer-daemon@", 14) == 0 || strncmp(m->from.at, "postmaster@", 11) == 0;
}

/* The kind of claim that a subject speaks of; NULL: of none. */
static const char *claim_kind(const struct item *i)
{
    return words_say(i->subject.at, SAYS_CHARGEBACK) ? "chargeback" : words_say(i->subject.at, SAYS_SAFE_T) ? "safe_t"
         : words_say(i->subject.at, SAYS_A_TO_Z) ? "a_to_z" : NULL;
}

/* A claim is known by its order: one that names none is told, but makes no claim. */
static int put_claim_or_told(struct item *i, const char *kind, const char *market)
{
    static const struct notice_words told = { "claim", "mail.claim", "watch" };
    if (!*i->order) {
        mail_read(i->m);
        words_order(i->m->text, i->order);
    }
    return *i->order ? put_claim(i, kind, market) : put_told(i, &told, market);
}

/* From the marketplace itself. */
static int put_amazons(struct item *i, const char *market)
{
    char number[CASE_BYTES];
    const char *claim = claim_kind(i);
    const struct notice_words *notice = words_notice(i->subject.at);
    if (words_is_for_buyers(i->m->from.at))
        return skip(i);
    if (words_case(i->subject.at, number))
        return put_case(i, number, market, 1);
    if (claim)
        return put_claim_or_told(i, claim, market);
    return notice ? put_told(i, notice, market) : skip(i);
}

static int put_mail(struct item *i)
{
    struct mail *m = i->m;
    const char *market = "", *relay = words_relay(m->from.at);
    char number[CASE_BYTES];
    if (is_bounce(m))
        return put_bounce(i);
    if (relay)
        return put_talk(i, m->from.name, words_relay(m->reply_to.at) ? m->reply_to.at : m->from.at, relay, 1);
    if (words_is_amazon(m->from.at, &market)) {
        relay = words_relay(m->reply_to.at);
        return relay ? put_talk(i, m->reply_to.name, m->reply_to.at, relay, 1) : put_amazons(i, market);
    }
    for (int k = 0; k < m->n_to; k++)
        if ((relay = words_relay(m->to[k].at)) != NULL)
            return put_talk(i, "", m->to[k].at, relay, 0);
    for (int k = 0; k < m->n_to; k++)
        if (words_is_amazon(m->to[k].at, &market) && words_case(i->subject.at, number))
            return put_case(i, number, market, 0);
    return skip(i);
}

/* Would it be kept if it had a date? */
static int is_of_the_shop(const struct mail *m)
{
    const char *market;
    int is_it = words_is_amazon(m->from.at, &market);
    for (int k = 0; k < m->n_to; k++)
        is_it |= words_relay(m->to[k].at) != NULL;
    return is_it;
}

static int put_row(struct souk_call *call, const struct souk_value *in)
{
    struct mail m;
    struct item i = { .call = call, .line = in[0].num, .m = &m };
    int rc = 0;
    if (!mail_begin(&m, in[1].text.at, in[1].text.len)) {
        souk_reject(call, i.line, "message", "no_mail");
    } else if (!m.at_s && is_of_the_shop(&m)) {
        souk_reject(call, i.line, "message", "no_date");
    } else if (!m.at_s) {
        souk_skip(call, i.line);
    } else {
        words_fold(&i.subject, m.subject, SUBJECT_FOLD);
        words_order(m.subject, i.order);
        rc = put_mail(&i);
    }
    text_free(&i.subject);
    mail_end(&m);
    return rc;
}

static int mail_rows(void *self, struct souk_call *call, const struct souk_import_file *file,
                     const struct souk_rows *rows)
{
    int rc = 0;
    (void)self, (void)file;
    for (uint32_t r = 0; rc >= 0 && r < rows->n_rows; r++)
        rc = put_row(call, souk_cell(rows, r, 0));
    return rc;
}

/* ---- the plugin ------------------------------------------------------------------------------------- */

static int mail_open(const struct souk_host *host, void **self)
{
    (void)host;
    *self = NULL;
    parse_begin();
    return 0;
}

static const struct souk_import mails = {
    .size = sizeof mails, .shape = SOUK_MAIL, .id = "amazon.mail", .title = "mails", .rows = mail_rows,
};

static const struct souk_offer offers[] = { { SOUK_IMPORT, &mails } };

SOUK_PLUGIN = {
    .size = sizeof(struct souk_plugin), .built = SOUK_SDK_NOW, .needs = SOUK_SDK(0, 2),
    .id = "org.souk.amazon-mail", .version = "0.1.0", .title = "title",
    .offers = SOUK_LIST(offers), .open = mail_open,
};
