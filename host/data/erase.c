/* SPDX-License-Identifier: Apache-2.0 */
/*
 * erase.c: what is known of people goes.
 *
 * in:     an order, an address, or a number of days
 * out:    rows without names and letters; retention
 * knows:  which columns tell of people, text_index, touched.  Has never heard of who asks and why.
 */
#include "erase.h"

#include <stdio.h>
#include <string.h>

#include "text_index.h"
#include "touched.h"

enum { TALKS_MOST = 1000 };

int64_t erased_all(const struct erased *e)
{
    return e->talks + e->letters + e->queued + e->feedback + e->orders + e->notices + e->claims + e->rejects + e->suggestions;
}

/* Freed cells and pages are overwritten from here on, or no longer. */
static int overwrite(struct db *db, bool is_on, struct err *err)
{
    return db_exec(db, is_on ? "PRAGMA secure_delete = ON;" : "PRAGMA secure_delete = OFF;", err);
}

/* One number as the answer of a query with at most one text and two numbers, in the order of its parameters. */
struct with {
    const char *text;
    int64_t a, b;
};

static void bind_with(struct stmt *s, const struct with *with)
{
    int at;
    if ((at = bind_index(s, ":text")))
        bind_text(s, at, with->text);
    if ((at = bind_index(s, ":a")))
        bind_int(s, at, with->a);
    if ((at = bind_index(s, ":b")))
        bind_int(s, at, with->b);
}

/* Adds the rows that were changed, or that `count` finds when it is dry. */
static int wipe(struct record_to *to, bool dry, const char *count, const char *sql, struct with with, int64_t *n,
                struct err *err)
{
    struct stmt *s = stmt_of(to->db, dry ? count : sql, err);
    if (!s)
        return -err->code;
    bind_with(s, &with);
    int rc = dry ? stmt_step(to->db, s, err) : stmt_run(to->db, s, err);
    if (rc > 0 && n)
        *n += dry ? stmt_int(s, 0) : rc;
    if (rc > 0 && dry)
        stmt_reset(s);
    return rc < 0 ? rc : 0;
}

/* The same rows are counted and changed: one WHERE for both. */
#define WIPE(to, dry, table, set, where, with, n, err) \
    wipe((to), (dry), "SELECT count(*) FROM " table " WHERE " where, "UPDATE " table " SET " set " WHERE " where, (with), (n), (err))
#define DROP(to, dry, table, where, with, n, err) \
    wipe((to), (dry), "SELECT count(*) FROM " table " WHERE " where, "DELETE FROM " table " WHERE " where, (with), (n), (err))

/* ---- letters -------------------------------------------------------------------------------------------- */

#define HAS_WORDS "(sender <> '' OR subject <> '' OR body <> '')"

static int drop_texts(struct record_to *to, const char *sql, struct with with, struct err *err)
{
    struct stmt *s = stmt_of(to->db, sql, err);
    if (!s)
        return -err->code;
    bind_with(s, &with);
    int rc = stmt_run(to->db, s, err);
    return rc < 0 ? rc : 0;
}

/* Rows of the index by kind and number: see text_index.h. */
#define INDEX_ROW "CAST(:b AS INTEGER) * 1099511627776 + no"

static const char sql_thread_texts[] =
    "DELETE FROM record_text"
    " WHERE rowid IN (SELECT " INDEX_ROW " FROM letter WHERE of = 'thread' AND of_no = :a)";

static int wipe_talk(struct record_to *to, int64_t no, struct erased *e, struct err *err)
{
    const struct with talk = { .a = no, .b = TEXT_LETTER };
    int rc = WIPE(to, false, "outbox",
                  "recipient = '', subject = '', body = '', state = CASE state WHEN 'queued' THEN 'cancelled' ELSE state END",
                  "letter_no IN (SELECT no FROM letter WHERE of = 'thread' AND of_no = :a) AND (recipient <> '' OR body <> '')",
                  talk, &e->queued, err);
    if (rc == 0)
        rc = drop_texts(to, sql_thread_texts, talk, err);
    if (rc == 0)
        rc = WIPE(to, false, "letter", "sender = '', subject = '', body = '', masked = 0",
                  "of = 'thread' AND of_no = :a AND " HAS_WORDS, talk, &e->letters, err);
    if (rc == 0)
        rc = DROP(to, false, "suggestion_fact",
                  "suggestion_no IN (SELECT no FROM suggestion WHERE ref = (SELECT 'thread:' || thread_id FROM thread WHERE no = :a))",
                  talk, NULL, err);
    if (rc == 0)
        rc = DROP(to, false, "suggestion", "ref = (SELECT 'thread:' || thread_id FROM thread WHERE no = :a)", talk,
                  &e->suggestions, err);
    if (rc == 0)
        rc = WIPE(to, false, "event", "ref = 'thread:erased-' || :a", "ref = (SELECT 'thread:' || thread_id FROM thread WHERE no = :a)",
                  talk, NULL, err);
    if (rc == 0)
        rc = WIPE(to, false, "outbox", "ref = 'thread:erased-' || :a", "ref = (SELECT 'thread:' || thread_id FROM thread WHERE no = :a)",
                  talk, NULL, err);
    if (rc == 0)
        rc = WIPE(to, false, "thread", "thread_id = 'erased-' || :a, subject = '', buyer = '', reply_to = ''",
                  "no = :a AND (subject <> '' OR buyer <> '' OR reply_to <> '')", talk, &e->talks, err);
    return rc;
}

/* ---- one buyer ------------------------------------------------------------------------------------------------ */

struct talks {
    int64_t no[TALKS_MOST];
    const char *order[TALKS_MOST], *buyer[TALKS_MOST], *reply_to[TALKS_MOST];
    size_t n;
};

/* One relay address is one buyer's: what is written from it, whatever the order. */
static const char sql_talks[] =
    "SELECT no, coalesce(order_id, ''), buyer, reply_to FROM thread"
    " WHERE order_id = :order"
    "    OR (:mail <> '' AND (lower(reply_to) = lower(:mail) OR lower(thread_id) = lower(:mail)"
    "                         OR substr(lower(thread_id), 1, length(:mail) + 1) = lower(:mail) || ' '))"
    " LIMIT :most";

static int find_talks(struct db *db, struct arena *a, const char *order, const char *mail, struct talks *t, struct err *err)
{
    struct stmt *s = stmt_of(db, sql_talks, err);
    if (!s)
        return -err->code;
    bind_text(s, 1, *order ? order : NULL);
    bind_text(s, 2, mail);
    bind_int(s, 3, TALKS_MOST);
    int rc;
    while ((rc = stmt_step(db, s, err)) > 0) {
        size_t i = 0;
        while (i < t->n && t->no[i] != stmt_int(s, 0))
            i++;
        if (i < t->n || t->n == TALKS_MOST)
            continue;
        t->no[i] = stmt_int(s, 0);
        t->order[i] = arena_text(a, stmt_text(s, 1));
        t->buyer[i] = arena_text(a, stmt_text(s, 2));
        t->reply_to[i] = arena_text(a, stmt_text(s, 3));
        t->n++;
    }
    return rc;
}

static const char sql_claim_texts[] =
    "DELETE FROM record_text"
    " WHERE rowid IN (SELECT " INDEX_ROW " FROM letter"
    "                  WHERE of = 'claim' AND of_no IN (SELECT no FROM claim WHERE order_id = :text))";

static const char sql_notice_texts[] =
    "DELETE FROM record_text"
    " WHERE rowid IN (SELECT " INDEX_ROW " FROM notice WHERE ref = 'order:' || :text)";

static int wipe_order(struct record_to *to, const char *order, struct erased *e, struct err *err)
{
    const struct with with = { .text = order, .b = TEXT_CLAIM_LETTER };
    int rc = WIPE(to, false, "feedback", "comment = '', response = ''", "order_id = :text AND (comment <> '' OR response <> '')",
                  with, &e->feedback, err);
    if (rc == 0)
        rc = WIPE(to, false, "order_line", "extra = NULL",
                  "order_no = (SELECT no FROM orders WHERE order_id = :text) AND extra IS NOT NULL", with, NULL, err);
    if (rc == 0)
        rc = WIPE(to, false, "orders", "ship_region = NULL", "order_id = :text AND ship_region IS NOT NULL", with, &e->orders, err);
    if (rc == 0)
        rc = drop_texts(to, sql_claim_texts, with, err);
    if (rc == 0)
        rc = WIPE(to, false, "letter", "sender = '', subject = '', body = '', masked = 0",
                  "of = 'claim' AND of_no IN (SELECT no FROM claim WHERE order_id = :text) AND " HAS_WORDS, with, &e->claims, err);
    if (rc == 0)
        rc = drop_texts(to, sql_notice_texts, (struct with){ .text = order, .b = TEXT_NOTICE }, err);
    if (rc == 0)
        rc = WIPE(to, false, "notice", "subject = '', before = '', after = ''",
                  "ref = 'order:' || :text AND (subject <> '' OR before <> '' OR after <> '')", with, &e->notices, err);
    return rc;
}

/* Lines that were kept aside whole, and answers of commands, wherever these words stand in them. */
static int wipe_words(struct record_to *to, const char *words, struct erased *e, struct err *err)
{
    const struct with with = { .text = words };
    if (!*words)
        return 0;
    int rc = DROP(to, false, "reject", "instr(raw, CAST(:text AS BLOB)) > 0 OR instr(args, :text) > 0", with, &e->rejects, err);
    if (rc == 0)
        rc = DROP(to, false, "command_key", "instr(result, :text) > 0", with, NULL, err);
    return rc;
}

static bool has_order(struct db *db, const char *order, struct err *err)
{
    struct stmt *s = stmt_of(db, "SELECT 1 FROM orders WHERE order_id = :order"
                                 " UNION SELECT 1 FROM feedback WHERE order_id = :order", err);
    if (!s)
        return false;
    bind_text(s, 1, order);
    int rc = stmt_step(db, s, err);
    if (rc > 0)
        stmt_reset(s);
    return rc > 0;
}

int erase_buyer(struct record_to *to, const char *order_id, const char *mail, struct erased *e, struct err *err)
{
    struct arena *tmp = arena_new("erase", 1 << 14);
    struct talks *t = arena_zero(tmp, sizeof *t);
    struct err ignored = { 0 };
    int rc = overwrite(to->db, true, err);
    *e = (struct erased){ 0 };
    if (rc == 0)
        rc = find_talks(to->db, tmp, order_id, mail, t, err);
    for (size_t i = 0; i < t->n && rc == 0; i++)        /* one leads to others: grows while it is walked over */
        rc = find_talks(to->db, tmp, t->order[i], t->reply_to[i], t, err);
    if (rc == 0 && !t->n && (!*order_id || !has_order(to->db, order_id, err)))
        rc = err->code ? -err->code
             : err_set(err, ERR_ABSENT, *order_id ? "Nothing is known of an order %.60s." : "No talk with this address is known.",
                       order_id);
    if (rc == 0 && *order_id)
        rc = wipe_order(to, order_id, e, err);
    if (rc == 0)
        rc = wipe_words(to, order_id, e, err);
    if (rc == 0)
        rc = wipe_words(to, mail, e, err);
    for (size_t i = 0; i < t->n && rc == 0; i++) {
        rc = wipe_words(to, t->reply_to[i], e, err);
        if (rc == 0)
            rc = wipe_words(to, t->buyer[i], e, err);
        if (rc == 0 && *t->order[i] && !text_is(t->order[i], order_id))
            rc = wipe_order(to, t->order[i], e, err);
        if (rc == 0)
            rc = wipe_talk(to, t->no[i], e, err);
    }
    if (rc == 0)
        rc = DROP(to, false, "undo", ":a = :a", (struct with){ 0 }, NULL, err);
    if (rc == 0)
        to->touched |= TOUCHED_LETTERS | TOUCHED_FEEDBACK | TOUCHED_ORDERS | TOUCHED_CLAIMS | TOUCHED_NOTICES |
                       TOUCHED_IMPORTS | TOUCHED_OUTBOX | TOUCHED_SUGGESTIONS;
    overwrite(to->db, false, &ignored);
    arena_free(tmp);
    return rc;
}

/* The index keeps what was taken out of it until its parts are merged. */
int erase_finish(struct record_to *to, struct err *err)
{
    struct err ignored = { 0 };
    int rc = overwrite(to->db, true, err);
    if (rc == 0)
        rc = db_exec(to->db, "INSERT INTO record_text (record_text) VALUES ('optimize');", err);
    overwrite(to->db, false, &ignored);
    return rc;
}

/* ---- retention ---------------------------------------------------------------------------------------------------- */

static const char *const words[ERASE_KINDS] = { "", "letters", "feedback", "notices", "rejects", "orders" };

const char *erase_word(enum erase_kind kind)
{
    return (size_t)kind < COUNT_OF(words) ? words[kind] : "";
}

enum erase_kind erase_named(const char *word)
{
    for (enum erase_kind kind = ERASE_LETTERS; kind < ERASE_KINDS; kind++)
        if (text_is(word, words[kind]))
            return kind;
    return 0;
}

/* Letters of buyers and answers to them.  One that waits for an answer is needed, and one in the outbox. */
#define OLD_LETTERS "of IN ('thread', 'claim') AND at_s < :a AND " HAS_WORDS \
    " AND state IN ('received', 'sent', 'bounced')" \
    " AND NOT (needs = 1 AND side = 'in' AND answered_s IS NULL)"

static const char sql_old_texts[] =
    "DELETE FROM record_text"
    " WHERE rowid IN (SELECT CASE of WHEN 'thread' THEN 1 ELSE 5 END * 1099511627776 + no FROM letter WHERE " OLD_LETTERS ")";

static int old_letters(struct record_to *to, bool dry, int64_t before_s, int64_t *n, struct err *err)
{
    const struct with with = { .a = before_s };
    _Static_assert(TEXT_LETTER == 1 && TEXT_CLAIM_LETTER == 5, "as in sql_old_texts");
    int rc = dry ? 0 : drop_texts(to, sql_old_texts, with, err);
    if (rc == 0)
        rc = WIPE(to, dry, "outbox", "recipient = '', subject = '', body = ''", "state <> 'queued' AND at_s < :a AND body <> ''",
                  with, NULL, err);
    if (rc == 0)
        rc = WIPE(to, dry, "letter", "sender = '', subject = '', body = '', masked = 0", OLD_LETTERS, with, n, err);
    if (rc == 0)                                        /* talks of which no word is left */
        rc = WIPE(to, dry, "thread", "thread_id = 'erased-' || no, subject = '', buyer = '', reply_to = ''",
                  "first_s < :a AND (buyer <> '' OR reply_to <> '' OR subject <> '')"
                  " AND NOT EXISTS (SELECT 1 FROM letter l WHERE l.of = 'thread' AND l.of_no = thread.no"
                  "                  AND (l.sender <> '' OR l.subject <> '' OR l.body <> ''))",
                  with, NULL, err);
    return rc;
}

static const char sql_old_notice_texts[] =
    "DELETE FROM record_text"
    " WHERE rowid IN (SELECT " INDEX_ROW " FROM notice WHERE done_s IS NOT NULL AND done_s < :a)";

static int old_rows(struct record_to *to, bool dry, enum erase_kind kind, int64_t before_s, int64_t *n, struct err *err)
{
    const struct with with = { .a = before_s, .b = kind == ERASE_NOTICES ? TEXT_NOTICE : before_s / 86400 };
    int rc;
    *n = 0;
    switch (kind) {
    case ERASE_LETTERS:
        return old_letters(to, dry, before_s, n, err);
    case ERASE_FEEDBACK:
        return WIPE(to, dry, "feedback", "comment = '', response = ''", "day < :b AND (comment <> '' OR response <> '')", with, n,
                    err);
    case ERASE_NOTICES:
        rc = dry ? 0 : drop_texts(to, sql_old_notice_texts, with, err);
        return rc < 0 ? rc : DROP(to, dry, "notice", "done_s IS NOT NULL AND done_s < :a", with, n, err);
    case ERASE_REJECTS:
        return DROP(to, dry, "reject", "import_no IN (SELECT no FROM import WHERE at_s < :a)", with, n, err);
    case ERASE_ORDERS:
        rc = WIPE(to, dry, "order_line", "extra = NULL",
                  "extra IS NOT NULL AND order_no IN (SELECT no FROM orders WHERE purchase_s < :a AND is_open = 0)", with, NULL, err);
        return rc < 0 ? rc : WIPE(to, dry, "orders", "ship_region = NULL",
                                  "ship_region IS NOT NULL AND purchase_s < :a AND is_open = 0", with, n, err);
    default:
        return 0;
    }
}

static const char sql_retention[] =
    "SELECT kind, days FROM retention";

static int read_days(struct db *db, struct retention kind[ERASE_KINDS], struct err *err)
{
    struct stmt *s = stmt_of(db, sql_retention, err);
    int rc;
    memset(kind, 0, ERASE_KINDS * sizeof *kind);
    if (!s)
        return -err->code;
    while ((rc = stmt_step(db, s, err)) > 0)
        kind[erase_named(stmt_text(s, 0))].days = stmt_int(s, 1);
    kind[0].days = 0;                                   /* of kinds that a newer souk knows */
    return rc;
}

int retention_read(struct db *db, int64_t now_s, struct retention kind[ERASE_KINDS], struct err *err)
{
    struct record_to to = { db, NULL, 0 };
    int rc = read_days(db, kind, err);
    for (enum erase_kind k = ERASE_LETTERS; k < ERASE_KINDS && rc == 0; k++)
        if (kind[k].days)
            rc = old_rows(&to, true, k, now_s - kind[k].days * 86400, &kind[k].rows, err);
    return rc;
}

static const char sql_retention_put[] =
    "INSERT INTO retention (kind, days)"
    " VALUES (:kind, :days)"
    " ON CONFLICT (kind) DO UPDATE"
    " SET days = excluded.days";

int retention_put(struct record_to *to, enum erase_kind kind, int64_t days, struct err *err)
{
    struct stmt *s = stmt_of(to->db, days ? sql_retention_put : "DELETE FROM retention WHERE kind = :kind", err);
    if (!s)
        return -err->code;
    bind_text(s, 1, erase_word(kind));
    if (days)
        bind_int(s, 2, days);
    int rc = stmt_run(to->db, s, err);
    to->touched |= TOUCHED_CONTENT;
    return rc < 0 ? rc : 0;
}

int retention_run(struct record_to *to, int64_t now_s, int64_t rows[ERASE_KINDS], struct err *err)
{
    static const unsigned areas[ERASE_KINDS] = {
        [ERASE_LETTERS] = TOUCHED_LETTERS | TOUCHED_CLAIMS | TOUCHED_OUTBOX, [ERASE_FEEDBACK] = TOUCHED_FEEDBACK,
        [ERASE_NOTICES] = TOUCHED_NOTICES, [ERASE_REJECTS] = TOUCHED_IMPORTS, [ERASE_ORDERS] = TOUCHED_ORDERS,
    };
    struct retention kind[ERASE_KINDS];
    struct err ignored = { 0 };
    int64_t all = 0;
    int rc = read_days(to->db, kind, err);
    memset(rows, 0, ERASE_KINDS * sizeof *rows);
    if (rc == 0)
        rc = overwrite(to->db, true, err);
    for (enum erase_kind k = ERASE_LETTERS; k < ERASE_KINDS && rc == 0; k++) {
        if (!kind[k].days)
            continue;
        rc = old_rows(to, false, k, now_s - kind[k].days * 86400, &rows[k], err);
        if (rows[k])
            to->touched |= areas[k];
        all += rows[k];
    }
    if (rc == 0 && all)                                 /* its changeset holds rows as they were */
        rc = DROP(to, false, "undo", ":a = :a", (struct with){ 0 }, NULL, err);
    overwrite(to->db, false, &ignored);
    return rc == 0 && all ? erase_finish(to, err) : rc;
}
