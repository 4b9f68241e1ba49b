/* SPDX-License-Identifier: Apache-2.0 */
/*
 * change.c: what a transaction changes, recorded so that it can be taken back.
 *
 * in:     changes of a connection; a changeset
 * out:    a changeset; its inverse in the tables
 * knows:  SQLite's sessions, how FTS5 keeps its texts.  Has never heard of imports.
 *
 * A full-text table keeps its texts in an ordinary one, <name>_content, which nobody but FTS5 may
 * write.  That one is recorded, and taking back puts the texts through FTS5 into <name> itself.
 */
#define SQLITE_ENABLE_SESSION 1
#define SQLITE_ENABLE_PREUPDATE_HOOK 1
#include <sqlite3.h>

#include "change.h"

#include <string.h>

#include "db_in.h"
#include "lint.h"

/* A library without sessions leaves these at NULL. */
#pragma weak sqlite3session_create
#pragma weak sqlite3session_attach
#pragma weak sqlite3session_memory_used
#pragma weak sqlite3session_changeset_strm
#pragma weak sqlite3session_delete
#pragma weak sqlite3changeset_start_v2_strm
#pragma weak sqlite3changeset_next
#pragma weak sqlite3changeset_op
#pragma weak sqlite3changeset_new
#pragma weak sqlite3changeset_old
#pragma weak sqlite3changeset_finalize
#pragma weak sqlite3changeset_apply_v2_strm

static const char content[] = "_content";

struct change {
    struct db *db;
    sqlite3_session *session;
};

bool change_is_known(void)
{
    return sqlite3session_create && sqlite3session_attach && sqlite3session_memory_used &&
           sqlite3session_changeset_strm && sqlite3session_delete && sqlite3changeset_start_v2_strm &&
           sqlite3changeset_next && sqlite3changeset_op && sqlite3changeset_new && sqlite3changeset_old &&
           sqlite3changeset_finalize && sqlite3changeset_apply_v2_strm;
}

/* ---- recording ------------------------------------------------------------------------------- */

static const char sql_tables[] =
    "SELECT name FROM pragma_table_list"
    " WHERE schema = 'main' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    " AND (type = 'table' OR (type = 'shadow' AND name LIKE '%\\_content' ESCAPE '\\'))";

int change_begin(struct change **out, struct db *db, const char *leave_out, struct err *err)
{
    *out = NULL;
    struct stmt *tables = stmt_of(db, sql_tables, err);
    if (!tables)
        return -err->code;
    struct change *c = base_alloc(sizeof *c);
    c->db = db;
    int rc = sqlite3session_create(db->handle, "main", &c->session);
    while (rc == SQLITE_OK && (rc = stmt_step(db, tables, err)) > 0)
        rc = lint_names(leave_out, stmt_text(tables, 0)) ? SQLITE_OK
                                                         : sqlite3session_attach(c->session, stmt_text(tables, 0));
    stmt_reset(tables);
    if (rc == SQLITE_OK) {
        *out = c;
        return 0;
    }
    change_end(c);
    return err->code ? -err->code : db_failed(db, rc, err);
}

void change_end(struct change *c)
{
    if (!c)
        return;
    if (c->session)
        sqlite3session_delete(c->session);
    base_free(c);
}

int64_t change_bytes(const struct change *c)
{
    return sqlite3session_memory_used(c->session);
}

struct sink {
    int (*put)(void *ctx, const void *at, size_t n);
    void *ctx;
    int rc;
};

static int on_output(void *ctx, const void *at, int n)
{
    struct sink *to = ctx;
    to->rc = to->put(to->ctx, at, (size_t)n);
    return to->rc < 0 ? SQLITE_ABORT : SQLITE_OK;
}

int change_write(struct change *c, int (*put)(void *ctx, const void *at, size_t n), void *ctx, struct err *err)
{
    struct sink to = { put, ctx, 0 };
    int rc = sqlite3session_changeset_strm(c->session, on_output, &to);
    if (to.rc < 0)
        return to.rc;
    return rc == SQLITE_OK ? 0 : db_failed(c->db, rc, err);
}

/* ---- reading a changeset --------------------------------------------------------------------- */

static int on_input(void *ctx, void *at, int *n)
{
    const struct change_source *from = ctx;
    int got = from->get(from->ctx, at, (size_t)*n);
    *n = got < 0 ? 0 : got;
    return got < 0 ? SQLITE_ABORT : SQLITE_OK;
}

static int rewound(const struct change_source *from)
{
    return from->get(from->ctx, NULL, 0);
}

static struct change_row row_at(sqlite3_changeset_iter *at)
{
    struct change_row row = { .handle = at };
    int op = 0, is_indirect;
    sqlite3changeset_op(at, &row.table, &row.n_columns, &op, &is_indirect);
    row.op = op == SQLITE_INSERT ? CHANGE_ADD : op == SQLITE_DELETE ? CHANGE_DROP : CHANGE_ALTER;
    return row;
}

static sqlite3_value *value_before(const struct change_row *row, int column)
{
    sqlite3_value *value = NULL;                        /* "before" of the inverse: as the recording left it */
    if (row->op != CHANGE_ADD)
        sqlite3changeset_old(row->handle, column, &value);
    else
        sqlite3changeset_new(row->handle, column, &value);
    return value;
}

const char *change_text(const struct change_row *row, int column)
{
    sqlite3_value *value = value_before(row, column);
    return value && sqlite3_value_type(value) != SQLITE_NULL ? (const char *)sqlite3_value_text(value) : NULL;
}

int change_each(struct db *db, const struct change_source *from,
                int (*see)(void *ctx, const struct change_row *row), void *ctx, struct err *err)
{
    sqlite3_changeset_iter *at = NULL;
    struct change_source in = *from;
    int rc = rewound(from), seen = 0;
    if (rc < 0)
        return rc;
    rc = sqlite3changeset_start_v2_strm(&at, on_input, &in, SQLITE_CHANGESETSTART_INVERT);
    while (rc == SQLITE_OK && seen >= 0 && (rc = sqlite3changeset_next(at)) == SQLITE_ROW) {
        struct change_row row = row_at(at);
        seen = see(ctx, &row);
        rc = SQLITE_OK;
    }
    if (at)
        sqlite3changeset_finalize(at);
    if (seen < 0)
        return seen;
    return rc == SQLITE_DONE || rc == SQLITE_OK ? 0 : db_failed(db, rc, err);
}

/* ---- taking back ----------------------------------------------------------------------------- */

struct back {
    struct db *db;
    struct err *err;
    void (*clash)(void *ctx, const struct change_row *row);
    void *ctx;
    int n_clashes;
};

static int on_filter(void *ctx, const char *table)
{
    (void)ctx;
    return !text_ends(table, content);
}

static int on_clash(void *ctx, int what, sqlite3_changeset_iter *at)
{
    struct back *b = ctx;
    (void)what;
    struct change_row row = row_at(at);
    row.is_clash = true;
    b->n_clashes++;
    b->clash(b->ctx, &row);
    return SQLITE_CHANGESET_OMIT;                       /* go on, to name all of them */
}

/* One text of a full-text table; `name` is of its table. */
static int text_back(struct back *b, const struct change_row *row, const char *name)
{
    struct buf sql = { 0 }, columns = { 0 }, values = { 0 };
    sqlite3_stmt *list = NULL, *put = NULL;
    sqlite3_value *value;
    int rc;
    if (row->op == CHANGE_DROP) {
        buf_printf(&sql, "DELETE FROM \"%s\" WHERE rowid = ?1", name);
    } else {
        char *get = sqlite3_mprintf("SELECT name FROM pragma_table_info(%Q)", name);
        rc = sqlite3_prepare_v2(b->db->handle, get, -1, &list, NULL);
        sqlite3_free(get);
        for (int i = 1; rc == SQLITE_OK && i < row->n_columns && sqlite3_step(list) == SQLITE_ROW; i++) {
            const char *column = (const char *)sqlite3_column_text(list, 0);
            value = NULL;
            sqlite3changeset_new(row->handle, i, &value);
            if (!value)
                continue;
            if (row->op == CHANGE_ADD) {
                buf_printf(&columns, ", \"%s\"", column);
                buf_printf(&values, ", ?%d", i + 1);
            } else {
                buf_printf(&columns, "%s\"%s\" = ?%d", columns.len ? ", " : "", column, i + 1);
            }
        }
        sqlite3_finalize(list);
        if (row->op == CHANGE_ADD)
            buf_printf(&sql, "INSERT INTO \"%s\" (rowid%s) VALUES (?1%s)", name, buf_str(&columns), buf_str(&values));
        else if (columns.len)
            buf_printf(&sql, "UPDATE \"%s\" SET %s WHERE rowid = ?1", name, buf_str(&columns));
    }
    rc = sql.len ? sqlite3_prepare_v2(b->db->handle, buf_str(&sql), -1, &put, NULL) : SQLITE_OK;
    if (put) {
        sqlite3_bind_value(put, 1, value_before(row, 0));
        for (int i = 1; row->op != CHANGE_DROP && i < row->n_columns; i++) {
            value = NULL;
            sqlite3changeset_new(row->handle, i, &value);
            if (value)
                sqlite3_bind_value(put, i + 1, value);
        }
        rc = sqlite3_step(put);
        rc = rc == SQLITE_DONE ? SQLITE_OK : rc;
    }
    if (rc != SQLITE_OK)
        rc = db_failed(b->db, rc, b->err);
    sqlite3_finalize(put);
    buf_free(&sql);
    buf_free(&columns);
    buf_free(&values);
    return rc;
}

static int on_text(void *ctx, const struct change_row *row)
{
    struct back *b = ctx;
    char name[80];
    size_t n = strlen(row->table);
    if (!text_ends(row->table, content) || n - strlen(content) >= sizeof name)
        return 0;
    memcpy(name, row->table, n);
    name[n - strlen(content)] = '\0';
    return text_back(b, row, name);
}

int change_take_back(struct db *db, const struct change_source *from,
                     void (*clash)(void *ctx, const struct change_row *row), void *ctx, struct err *err)
{
    struct back b = { db, err, clash, ctx, 0 };
    struct change_source in = *from;
    int rc = rewound(from);
    if (rc < 0)
        return rc;
    if (!change_is_known())
        return err_set(err, ERR_DENIED, "This machine's SQLite was built without sessions: nothing can be taken back.");
    rc = sqlite3changeset_apply_v2_strm(db->handle, on_input, &in, on_filter, on_clash, &b, NULL, NULL,
                                        SQLITE_CHANGESETAPPLY_NOSAVEPOINT | SQLITE_CHANGESETAPPLY_INVERT);
    if (rc != SQLITE_OK)
        return db_failed(db, rc, err);
    rc = b.n_clashes ? 0 : change_each(db, from, on_text, &b, err);
    return rc < 0 ? rc : b.n_clashes;
}
