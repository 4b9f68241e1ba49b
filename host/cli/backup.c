/* SPDX-License-Identifier: Apache-2.0 */
/*
 * backup.c: souk backup, souk restore, souk data: all of it to another place, and back.
 *
 * A backup is a folder of databases, each copied in one snapshot while souk may go on writing, then opened and verified:
 * integrity, and the hash chains of ledger and audit log.  The key that seals secrets is not in it.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/zone.h"
#include "cli.h"
#include "data/audit.h"
#include "data/store.h"
#include "face/archive.h"

static int make_folder(const char *path, struct err *err)
{
    return mkdir(path, 0700) == 0 ? 0 : path_refused(path, err);
}

/* Opens as it is: a backup of another schema is told by who opens it for good. */
static int verify(const char *path, bool is_account, struct err *err)
{
    struct db *db;
    int rc = db_open(&db, path, DB_READ, err);
    if (rc < 0)
        return rc;
    rc = db_check(db, err);
    if (rc == 0 && is_account)
        rc = store_verify_ledger(db, 0, err);
    if (rc == 0)
        rc = audit_verify(db, 0, err);
    db_close(db);
    return rc;
}

static int copy(struct db *from, const char *to, bool is_account, struct err *err)
{
    int rc = db_backup(from, to, err);
    return rc < 0 ? rc : verify(to, is_account, err);
}

/* ---- backup ------------------------------------------------------------------------------------------------- */

static int backup(struct cli *c, const char *to, size_t *n, struct err *err)
{
    const char *const *names;
    struct db *db;
    if (cli_folder(c, DB_READ, err) < 0 || account_names(c->folder, c->arena, &names, n, err) < 0 ||
        make_folder(to, err) < 0 || make_folder(arena_printf(c->arena, "%s/accounts", to), err) < 0)
        return -err->code;
    int rc = folder_souk(c->folder, &db, err);
    if (rc == 0) {
        rc = copy(db, arena_printf(c->arena, "%s/souk.db", to), false, err);
        db_close(db);
    }
    for (size_t i = 0; i < *n && rc == 0; i++) {
        rc = account_open(c->folder, names[i], DB_READ, &db, err);
        if (rc < 0)
            break;
        rc = copy(db, arena_printf(c->arena, "%s/accounts/%s.db", to, names[i]), true, err);
        db_close(db);
    }
    return rc;
}

int run_backup(struct cli *c)
{
    struct err err = { 0 };
    size_t n;
    if (c->argc != 1)
        return cli_usage("backup", "Where to? Name a folder that is not there yet.");
    if (backup(c, c->argv[0], &n, &err) < 0)
        return cli_failed(c, &err);
    if (c->as_json)
        printf("{\"accounts\":%zu}\n", n);
    else
        fprintf(stderr, "%zu account%s copied and verified. The key that seals secrets is not in it: keep a copy of it elsewhere.\n",
                n, n == 1 ? " was" : "s were");
    return EXIT_OK;
}

/* ---- restore ------------------------------------------------------------------------------------------------- */

/* Names of the accounts in a backup, checked before anything is written. */
static int accounts_in(struct cli *c, const char *from, const char ***names, size_t *n, struct err *err)
{
    enum { MOST = 1000 };
    const char *folder = arena_printf(c->arena, "%s/accounts", from);
    DIR *dir = opendir(folder);
    *names = arena_zero(c->arena, MOST * sizeof **names);
    *n = 0;
    if (!dir)
        return err_set(err, ERR_ABSENT, "%s is no backup: it has no folder accounts (%s).", from, strerror(errno));
    for (const struct dirent *entry; (entry = readdir(dir)) && *n < MOST;) {
        size_t length = strlen(entry->d_name);
        if (length > 3 && text_is(entry->d_name + length - 3, ".db"))
            (*names)[(*n)++] = arena_textn(c->arena, entry->d_name, length - 3);
    }
    closedir(dir);
    int rc = verify(arena_printf(c->arena, "%s/souk.db", from), false, err);
    for (size_t i = 0; i < *n && rc == 0; i++)
        rc = verify(arena_printf(c->arena, "%s/%s.db", folder, (*names)[i]), true, err);
    return rc;
}

static int put_back(const char *from, const char *to, struct err *err)
{
    struct db *db;
    if (access(to, F_OK) == 0)
        return err_set(err, ERR_BUSY, "%s is there already: move it away first, a backup takes its place and joins nothing.", to);
    int rc = db_open(&db, from, DB_READ, err);
    if (rc < 0)
        return rc;
    rc = db_backup(db, to, err);
    db_close(db);
    return rc;
}

static int restore(struct cli *c, const char *from, size_t *n, struct err *err)
{
    const char **names, *to = c->data;
    if (accounts_in(c, from, &names, n, err) < 0)
        return -err->code;
    if (access(arena_printf(c->arena, "%s/accounts", to), F_OK) == 0)
        return err_set(err, ERR_BUSY, "The data folder %s holds accounts already: choose an empty one with --data.", to);
    if (access(to, F_OK) != 0 && make_folder(to, err) < 0)
        return -err->code;
    if (make_folder(arena_printf(c->arena, "%s/accounts", to), err) < 0)
        return -err->code;
    int rc = put_back(arena_printf(c->arena, "%s/souk.db", from), arena_printf(c->arena, "%s/souk.db", to), err);
    for (size_t i = 0; i < *n && rc == 0; i++)
        rc = put_back(arena_printf(c->arena, "%s/accounts/%s.db", from, names[i]),
                      arena_printf(c->arena, "%s/accounts/%s.db", to, names[i]), err);
    return rc;
}

int run_restore(struct cli *c)
{
    struct err err = { 0 };
    size_t n;
    if (c->argc != 1)
        return cli_usage("restore", "Which backup? Name its folder.");
    if (!c->data)
        return cli_usage("restore", "Where to? Name an empty data folder with --data.");
    if (restore(c, c->argv[0], &n, &err) < 0)
        return cli_failed(c, &err);
    if (c->as_json)
        printf("{\"accounts\":%zu}\n", n);
    else
        fprintf(stderr, "%zu account%s restored into %s. Put the key file beside it as %s.key, or name it as key_file.\n", n,
                n == 1 ? " was" : "s were", c->data, c->data);
    return EXIT_OK;
}

/* ---- export --------------------------------------------------------------------------------------------------- */

int run_data(struct cli *c)
{
    struct err err = { 0 };
    const char *name;
    struct db *db;
    if (c->argc != 2 || !text_is(c->argv[0], "export"))
        return cli_usage("data", "What is to be done: `data export FILE.zip`?");
    if (cli_account(c, DB_READ, &name, &db, &err) < 0)
        return cli_failed(c, &err);
    int rc = archive_account(db, name, c->argv[1], clock_now(), &err);
    db_close(db);
    if (rc < 0)
        return cli_failed(c, &err);
    fprintf(stderr, "All that is known of %s is in %s.\n", name, c->argv[1]);
    return EXIT_OK;
}
