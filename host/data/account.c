/* SPDX-License-Identifier: Apache-2.0 */
/*
 * account.c: the data folder: its lock, the accounts in it, their databases.
 *
 * in:     a path, names of accounts
 * out:    open databases, brought to this program's schema
 * knows:  db, and how files are locked and made.  Has never heard of what an account holds.
 *
 * The lock is an open-file-description lock: it goes with the process, however that ends, and closing
 * another descriptor of the same file does not drop it.  Readers need none.
 */
#include "account.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/zone.h"
#include "roll.h"
#include "people_in.h"
#include "vault.h"

enum { NAME_BYTES = 40 };

struct folder {
    char *path;
    enum db_use use;
    int lock_fd;                                        /* -1: not held */
    pthread_mutex_t mutex;                              /* around souk */
    struct db *souk;
    struct vault *vault;
};

static char *path_in(const struct folder *f, struct arena *a, const char *name)
{
    return arena_printf(a, "%s/%s", f->path, name);
}

/* ---- the folder ------------------------------------------------------------------------------ */

/* Makes the folder and those above it that are missing. */
static int make_folder(const char *path, struct err *err)
{
    char part[1024];
    int n = snprintf(part, sizeof part, "%s", path);
    if (n <= 0 || (size_t)n >= sizeof part)
        return err_set(err, ERR_INPUT, "The path of a data folder has 1 to %zu bytes.", sizeof part - 1);
    for (char *at = part + 1; ; at++) {
        char end = *at;
        if (end != '/' && end != '\0')
            continue;
        *at = '\0';
        if (mkdir(part, 0700) != 0 && errno != EEXIST)
            return errno == ENOSPC ? err_set(err, ERR_FULL, "Disk full: the folder %s cannot be made.", part)
                                   : path_refused(part, err);
        if (!end)
            break;
        *at = end;
    }
    struct stat st;
    if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode))
        return err_set(err, ERR_IO, "%s is not a folder. Choose another one with --data.", path);
    return 0;
}

static int spool_empty(const char *path, struct err *err)
{
    DIR *dir = opendir(path);
    if (!dir)
        return path_refused(path, err);
    for (const struct dirent *entry; (entry = readdir(dir));)
        if (entry->d_name[0] != '.')
            unlinkat(dirfd(dir), entry->d_name, 0);
    closedir(dir);
    return 0;
}

static int lock_take(struct folder *f, const char *path, struct err *err)
{
    char pid[32] = "";
    f->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (f->lock_fd < 0)
        return errno == ENOSPC ? err_set(err, ERR_FULL, "Disk full: %s cannot be made.", path)
                               : path_refused(errno == EACCES ? f->path : path, err);
    struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
    if (fcntl(f->lock_fd, F_OFD_SETLK, &whole) != 0) {
        ssize_t n = pread(f->lock_fd, pid, sizeof pid - 1, 0);
        pid[strcspn(pid, "\n")] = '\0';
        return err_set(err, ERR_BUSY, "The data folder %s is in use by souk (pid %s). Stop that one first, or"
                       " choose another folder with --data.", f->path, n > 0 ? pid : "unknown");
    }
    int n = snprintf(pid, sizeof pid, "%ld\n", (long)getpid());
    if (ftruncate(f->lock_fd, 0) != 0 || pwrite(f->lock_fd, pid, (size_t)n, 0) != n)
        return err_set(err, errno == ENOSPC ? ERR_FULL : ERR_IO, "%s cannot be written: %s.", path,
                       strerror(errno));
    return 0;
}

/* Beside the folder, so that whoever copies the folder does not copy the key. */
static struct vault *vault_beside(const struct folder *f, struct arena *tmp, const char *key_file)
{
    char *real = realpath(f->path, NULL);               /* a link may stand for it, and "." has no name */
    struct vault *v = vault_new(key_file ? key_file : arena_printf(tmp, "%s.key", real ? real : f->path),
                                path_in(f, tmp, "key-id"));
    free(real);
    return v;
}

static int open_for_writing(struct folder *f, struct arena *tmp, struct err *err)
{
    const char *spool = path_in(f, tmp, "spool");
    int rc = make_folder(f->path, err);
    if (rc == 0)
        rc = lock_take(f, path_in(f, tmp, "lock"), err);
    if (rc == 0)
        rc = make_folder(path_in(f, tmp, "accounts"), err);
    if (rc == 0)
        rc = make_folder(spool, err);
    if (rc == 0)
        rc = spool_empty(spool, err);
    return rc;
}

int folder_open(struct folder **out, const char *path, enum db_use use, struct err *err)
{
    struct arena *tmp = arena_new("folder", 1024);
    struct folder *f = base_alloc(sizeof *f);
    *out = NULL;
    f->path = base_text(path);
    for (size_t n = strlen(path); n > 1 && f->path[n - 1] == '/'; n--)
        f->path[n - 1] = '\0';
    f->use = use;
    f->lock_fd = -1;
    pthread_mutex_init(&f->mutex, NULL);
    const char *souk = path_in(f, tmp, "souk.db");
    int rc = 0;
    if (use == DB_WRITE)
        rc = open_for_writing(f, tmp, err);
    else if (access(souk, F_OK) != 0)
        rc = err_set(err, ERR_ABSENT, "There is no data folder %s yet. `souk account create NAME` makes it.",
                     f->path);
    if (rc == 0)
        rc = db_open(&f->souk, souk, use, err);
    if (rc == 0)
        rc = db_migrate(f->souk, "souk", NULL, err);
    if (rc == 0)
        f->vault = vault_beside(f, tmp, NULL);
    if (rc == 0)
        *out = f;
    else
        folder_close(f);
    arena_free(tmp);
    return rc;
}

void folder_close(struct folder *f)
{
    if (!f)
        return;
    db_close(f->souk);
    vault_free(f->vault);
    if (f->lock_fd >= 0)
        close(f->lock_fd);                              /* and with it the lock */
    pthread_mutex_destroy(&f->mutex);
    free(f->path);
    free(f);
}

const char *folder_path(const struct folder *f)
{
    return f->path;
}

char *folder_spool(const struct folder *f, struct arena *a)
{
    static atomic_uint spooled;                         /* the folder is this process's alone */
    return arena_printf(a, "%s/spool/%u", f->path, atomic_fetch_add(&spooled, 1));
}

void folder_key_file(struct folder *f, const char *path)
{
    if (!path || !*path)
        return;
    struct arena *tmp = arena_new("key file", 512);
    vault_free(f->vault);
    f->vault = vault_beside(f, tmp, path);
    arena_free(tmp);
}

struct vault *folder_vault(const struct folder *f)
{
    return f->vault;
}

int folder_souk(const struct folder *f, struct db **out, struct err *err)
{
    struct arena *tmp = arena_new("souk.db", 512);
    int rc = db_open(out, path_in(f, tmp, "souk.db"), DB_WRITE, err);
    if (rc == 0)
        rc = db_migrate(*out, "souk", NULL, err);
    if (rc < 0) {
        db_close(*out);
        *out = NULL;
    }
    arena_free(tmp);
    return rc;
}

/* ---- accounts -------------------------------------------------------------------------------- */

static bool is_name(const char *name)
{
    size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-");
    return n >= 1 && n <= NAME_BYTES && !name[n] && name[0] >= 'a' && name[0] <= 'z';
}

static char *account_path(const struct folder *f, struct arena *a, const char *name)
{
    return arena_printf(a, "%s/accounts/%s.db", f->path, name);
}

static const char sql_account_is[] =
    "SELECT 1 FROM account"
    " WHERE name = :name";

/* 1: yes, 0: no. */
static int account_is(struct folder *f, const char *name, struct err *err)
{
    pthread_mutex_lock(&f->mutex);
    struct stmt *s = stmt_of(f->souk, sql_account_is, err);
    int rc = s ? 0 : -err->code;
    if (s) {
        bind_text(s, 1, name);
        rc = stmt_step(f->souk, s, err);
        stmt_reset(s);
    }
    pthread_mutex_unlock(&f->mutex);
    return rc;
}

bool account_exists(struct folder *f, const char *name)
{
    struct err ignored = { 0 };
    return account_is(f, name, &ignored) > 0;
}

static const char sql_account_put[] =
    "INSERT INTO account (name, created_s)"
    " VALUES (:name, :created_s)";

/* Whoever owned all there was owns this one, too: the owner that was set up, or nobody yet. */
static const char sql_account_owners[] =
    "INSERT INTO person_role (person, account, role)"
    " SELECT p.no, :name, 'owner' FROM person p"
    " WHERE NOT p.is_disabled AND NOT EXISTS (SELECT 1 FROM account a WHERE a.name <> :name"
    "  AND NOT EXISTS (SELECT 1 FROM person_role r WHERE r.person = p.no AND r.account = a.name AND r.role = 'owner'))";

static int account_put(struct folder *f, struct arena *a, const char *name, struct err *err)
{
    pthread_mutex_lock(&f->mutex);
    struct stmt *s = stmt_of(f->souk, sql_account_put, err), *owners = stmt_of(f->souk, sql_account_owners, err);
    int rc = s && owners ? db_begin(f->souk, err) : -err->code;
    if (rc == 0) {
        bind_text(s, 1, name);
        bind_int(s, 2, clock_now());
        rc = stmt_run(f->souk, s, err);
        bind_text(owners, 1, name);
        if (rc >= 0)
            rc = stmt_run(f->souk, owners, err);
        if (rc > 0)
            rc = people_note(f->souk, &(const struct deed){ "local", "cli", clock_now() }, "account.create",
                             arena_printf(a, "account:%s", name), err, NULL);
        rc = db_end(f->souk, rc < 0 ? rc : 0, err);
    }
    pthread_mutex_unlock(&f->mutex);
    return rc;
}

/* The database comes first: what is cut off in between is completed by the next try. */
int account_create(struct folder *f, const char *name, struct err *err)
{
    if (!is_name(name))
        return err_set(err, ERR_INPUT, "\"%.60s\" cannot be the name of an account: 1 to %d lower-case letters,"
                       " digits and -, the first one a letter.", name, NAME_BYTES);
    int rc = account_is(f, name, err);
    if (rc < 0)
        return rc;
    if (rc > 0)
        return err_set(err, ERR_BUSY, "There is an account %s already.", name);
    struct arena *tmp = arena_new("account", 512);
    struct db *db = NULL;
    rc = db_open(&db, account_path(f, tmp, name), DB_WRITE, err);
    if (rc == 0)
        rc = db_migrate(db, "account", "views.sql", err);
    if (rc == 0)
        rc = account_put(f, tmp, name, err);
    db_close(db);
    arena_free(tmp);
    return rc;
}

static const char sql_account_names[] =
    "SELECT name FROM account"
    " ORDER BY name";

int account_names(struct folder *f, struct arena *a, const char *const **names, size_t *n, struct err *err)
{
    const char **list = NULL;
    size_t count = 0, room = 0;
    pthread_mutex_lock(&f->mutex);
    struct stmt *s = stmt_of(f->souk, sql_account_names, err);
    int rc = s ? 0 : -err->code;
    while (s && (rc = stmt_step(f->souk, s, err)) > 0) {
        if (count == room) {
            const char **more = arena_alloc(a, (room = room ? room * 2 : 8) * sizeof *more);
            if (count)
                memcpy(more, list, count * sizeof *more);
            list = more;
        }
        list[count++] = arena_text(a, stmt_text(s, 0));
    }
    pthread_mutex_unlock(&f->mutex);
    *names = list;
    *n = count;
    return rc;
}

static int no_account(struct folder *f, const char *name, struct err *err)
{
    struct arena *tmp = arena_new("names", 512);
    const char *const *names;
    size_t n;
    int rc = account_names(f, tmp, &names, &n, err);
    if (rc == 0 && n == 0)
        rc = err_set(err, ERR_ABSENT, "There is no account %.60s, nor any other. `souk account create"
                     " NAME` makes one.", name);
    if (rc == 0) {
        struct buf list = { 0 };
        for (size_t i = 0; i < n; i++)
            buf_printf(&list, "%s%s", i ? ", " : "", names[i]);
        rc = err_set(err, ERR_ABSENT, "There is no account %.60s; there is: %s.", name, buf_str(&list));
        buf_free(&list);
    }
    arena_free(tmp);
    return rc;
}

/* What an older souk did not count is counted once, by the first that may write. */
static int totals_ready(struct db *db, enum db_use use, struct err *err)
{
    int rc = roll_catch_up(db, use, err);
    if (rc > 0 && use == DB_READ)
        rc = err_set(err, ERR_CORRUPT, "%s was last written by an older souk. Run a command that writes, such as"
                     " `souk serve` or `souk import`, to bring it up to date.", db_path(db));
    return rc < 0 ? rc : 0;
}

int account_open(struct folder *f, const char *name, enum db_use use, struct db **out, struct err *err)
{
    *out = NULL;
    int rc = account_is(f, name, err);
    if (rc <= 0)
        return rc < 0 ? rc : no_account(f, name, err);
    struct arena *tmp = arena_new("account", 512);
    struct db *db = NULL;
    rc = db_open(&db, account_path(f, tmp, name), use, err);
    if (rc == 0)
        rc = db_migrate(db, "account", "views.sql", err);
    if (rc == 0)
        rc = totals_ready(db, use, err);
    if (rc == 0)
        *out = db;
    else
        db_close(db);
    arena_free(tmp);
    return rc;
}
