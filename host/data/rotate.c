/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rotate.c: every sealed secret of a data folder gets a new key.
 *
 * in:     a folder that is held for writing
 * out:    the same secrets, sealed anew
 * knows:  which columns are sealed; vault, account, db
 */
#include "rotate.h"

#include <string.h>

#include "vault.h"

static const struct sealed_column columns[] = {
    { "souk", "person.password_sealed",
      "SELECT no, 'user:' || no || ':password', password_sealed FROM person",
      "UPDATE person SET password_sealed = :sealed WHERE no = :key" },
    { "souk", "second_factor.seed_sealed",
      "SELECT no, 'user:' || person || ':totp', seed_sealed FROM second_factor",
      "UPDATE second_factor SET seed_sealed = :sealed WHERE no = :key" },
    { "account", "settings_value.value_sealed",
      "SELECT v.no, 'settings:' || r.module || ':' || r.id || ':' || v.field || CASE WHEN v.part = '' THEN '' ELSE '.' || v.part END"
      " || CASE WHEN v.inner = '' THEN '' ELSE '.' || v.inner END, v.value_sealed"
      " FROM settings_value v JOIN settings_record r ON r.no = v.record_no",
      "UPDATE settings_value SET value_sealed = :sealed WHERE no = :key" },
    { "account", "settings_history.value_sealed",
      "SELECT v.no, 'settings:' || c.module || ':' || c.id || ':' || v.field || CASE WHEN v.part = '' THEN '' ELSE '.' || v.part END"
      " || CASE WHEN v.inner = '' THEN '' ELSE '.' || v.inner END, v.value_sealed"
      " FROM settings_history v JOIN settings_change c ON c.no = v.change_no",
      "UPDATE settings_history SET value_sealed = :sealed WHERE no = :key" },
    { NULL, NULL, NULL, NULL },
};

const struct sealed_column *rotate_columns(void)
{
    return columns;
}

/* ---- one column ------------------------------------------------------------------------------ */

struct sealed_row {
    struct sealed_row *next;
    int64_t key;
    const char *context;
    const void *sealed;
    size_t n;
};

/* Those that are not sealed with the key of now. */
static int rows_read(struct vault *v, struct db *db, struct arena *a, const struct sealed_column *c,
                     struct sealed_row **rows, struct err *err)
{
    struct stmt *list = stmt_of(db, c->list, err);
    int rc = list ? 0 : -err->code;
    *rows = NULL;
    while (list && (rc = stmt_step(db, list, err)) > 0) {
        size_t n;
        const void *sealed = stmt_blob(list, 2, &n);
        if (stmt_is_null(list, 2) || vault_is_current(v, sealed, n))
            continue;
        struct sealed_row *row = arena_alloc(a, sizeof *row);
        *row = (struct sealed_row){
            *rows, stmt_int(list, 0), arena_text(a, stmt_text(list, 1)), memcpy(arena_alloc(a, n + 1), sealed, n), n,
        };
        *rows = row;
    }
    return rc;
}

static int row_seal(struct vault *v, struct db *db, struct arena *a, const struct sealed_column *c,
                    const struct sealed_row *row, struct err *err)
{
    const char *secret;
    const void *sealed;
    size_t n_secret, n;
    struct stmt *put = stmt_of(db, c->put, err);
    if (!put)
        return -err->code;
    int rc = vault_unseal(v, a, row->context, row->sealed, row->n, &secret, &n_secret, err);
    if (rc == 0)
        rc = vault_seal(v, a, row->context, secret, n_secret, &sealed, &n, err);
    if (rc < 0)
        return rc;
    bind_blob(put, 1, sealed, n);
    bind_int(put, 2, row->key);
    rc = stmt_run(db, put, err);
    return rc < 0 ? rc : 0;
}

/* ---- one database, all of them ---------------------------------------------------------------- */

static int database(struct vault *v, struct db *db, const char *family, struct err *err)
{
    struct arena *a = arena_new("rotate", 16384);
    int n = 0, rc = db_begin(db, err);
    if (rc < 0)
        goto out;
    for (const struct sealed_column *c = columns; c->name && rc == 0; c++) {
        struct sealed_row *row;
        if (!text_is(c->family, family))
            continue;
        rc = rows_read(v, db, a, c, &row, err);
        for (; row && rc == 0; row = row->next, n++)
            rc = row_seal(v, db, a, c, row, err);
    }
    rc = db_end(db, rc, err);
out:
    arena_free(a);
    return rc < 0 ? rc : n;
}

int rotate_key(struct folder *f, const struct deed *by, struct err *err)
{
    struct arena *a = arena_new("rotate", 1024);
    struct vault *v = folder_vault(f);
    const char *const *names;
    size_t n = 0;
    int sealed = 0, rc = account_names(f, a, &names, &n, err);
    if (rc == 0)
        rc = vault_rotate_begin(v, err);
    struct db *db = NULL;
    if (rc == 0 && (rc = folder_souk(f, &db, err)) == 0) {
        rc = people_log(db, by, "vault.rotate", "", "{}", "ok", err);
        if (rc == 0)
            rc = database(v, db, "souk", err);
        db_close(db);
    }
    for (size_t i = 0; i < n && rc >= 0; i++) {
        sealed += rc;
        rc = account_open(f, names[i], DB_WRITE, &db, err);
        if (rc == 0)
            rc = database(v, db, "account", err);
        db_close(db);
    }
    sealed += rc > 0 ? rc : 0;
    if (rc >= 0)
        rc = vault_rotate_end(v, err);
    arena_free(a);
    return rc < 0 ? rc : sealed;
}
