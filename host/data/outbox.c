/* SPDX-License-Identifier: Apache-2.0 */
/*
 * outbox.c: what is to go out.  See outbox.h.
 *
 * in:     letters that are queued, and what became of them
 * out:    rows of outbox
 * knows:  db, letters as they are stored
 */
#include "outbox.h"

#include "touched.h"

static const char sql_outbox_add[] =
    "INSERT INTO outbox (at_s, kind, recipient, subject, body, state, ref, letter_no)"
    " VALUES (:at_s, 'mail', :recipient, :subject, :body, 'queued', :ref, :letter_no)";

int outbox_put(struct record_to *to, const struct outbox_row *row, struct err *err)
{
    struct stmt *add = stmt_of(to->db, sql_outbox_add, err);
    if (!add)
        return -err->code;
    bind_int(add, 1, row->at_s);
    bind_text(add, 2, row->recipient);
    bind_text(add, 3, row->letter->subject);
    bind_text(add, 4, row->letter->body);
    bind_text(add, 5, row->ref);
    bind_int(add, 6, row->letter->no);
    int rc = stmt_run(to->db, add, err);
    to->touched |= TOUCHED_OUTBOX;
    return rc < 0 ? rc : 1;
}

static const char sql_outbox_state[] =
    "UPDATE outbox"
    " SET state = :state"
    " WHERE letter_no = :letter_no AND state = 'queued'";

int outbox_state_put(struct record_to *to, int64_t letter_no, enum outbox_state state, struct err *err)
{
    static const char *const words[] = {
        [OUTBOX_QUEUED] = "queued", [OUTBOX_SENT] = "sent", [OUTBOX_CANCELLED] = "cancelled",
    };
    struct stmt *put = stmt_of(to->db, sql_outbox_state, err);
    if (!put)
        return -err->code;
    bind_text(put, 1, words[state]);
    bind_int(put, 2, letter_no);
    int rc = stmt_run(to->db, put, err);
    if (rc == 0)
        return err_set(err, ERR_ABSENT, "Letter %lld does not wait in the outbox.", (long long)letter_no);
    to->touched |= TOUCHED_OUTBOX;
    return rc < 0 ? rc : 1;
}
