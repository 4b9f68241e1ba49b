/* SPDX-License-Identifier: Apache-2.0 */
/*
 * db.c: connections to database files.
 *
 * in:     SQL of the host (constants), migrations, and SELECTs of others
 * out:    rows; sentences for what goes wrong with files and disks
 * knows:  SQLite, the embedded schema.  Has never heard of orders or money.
 *
 * The writer syncs fully: what was committed survives a power cut.  One large transaction per import
 * is cheaper than many small ones, so the write-ahead log may grow with it and is cut back later.
 */
#include "db.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/embed.h"
#include "base/zone.h"
#include "db_in.h"
#include "lint.h"

enum {
    APPLICATION_ID = 0x536F756B,                        /* "Souk", in the header of each file */
    HEAP_BYTES = 256 << 20,                             /* of all connections together */
    BUSY_MS = 5000,
    BUDGET_STEPS = 1000                                 /* of SQLite's machine between looks at the clock */
};

/* ---- what goes wrong ------------------------------------------------------------------------- */

int path_refused(const char *path, struct err *err)
{
    char where[400], owner[64] = "nobody known";
    int cause = errno;
    struct stat st;
    snprintf(where, sizeof where, "%s", path);
    while (stat(where, &st) != 0) {                     /* what is not there belongs to its folder's owner */
        char *slash = strrchr(where, '/');
        if (!slash || slash == where)
            break;
        *slash = '\0';
    }
    if (stat(where, &st) == 0) {
        char buffer[1024];
        struct passwd entry, *found = NULL;
        if (getpwuid_r(st.st_uid, &entry, buffer, sizeof buffer, &found) == 0 && found)
            snprintf(owner, sizeof owner, "%s", found->pw_name);
        else
            snprintf(owner, sizeof owner, "user %ld", (long)st.st_uid);
    }
    return err_set(err, ERR_IO, "%s cannot be written%s%s; it belongs to %s. Let the user that runs souk"
                   " write there, or choose another folder with --data.", path, cause ? ": " : "",
                   cause ? strerror(cause) : "", owner);
}

static bool is_writable(const char *path)
{
    return faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) == 0;
}

/* The write-ahead log and its index lie beside the file: reading, too, needs a folder to write in. */
static int fail_access(const struct db *db, int cause, struct err *err)
{
    char folder[400];
    snprintf(folder, sizeof folder, "%s", db->path);
    char *slash = strrchr(folder, '/');
    if (slash)
        slash[slash == folder] = '\0';                  /* "/" stays */
    else
        snprintf(folder, sizeof folder, ".");
    bool is_file = db->use == DB_WRITE && !is_writable(db->path);
    bool is_folder = !is_file && !is_writable(folder);
    errno = is_file || is_folder ? errno : cause;
    return path_refused(is_folder ? folder : db->path, err);
}

int db_failed(struct db *db, int rc, struct err *err)
{
    int system = sqlite3_system_errno(db->handle);
    bool is_io = (rc & 0xFF) == SQLITE_IOERR || (rc & 0xFF) == SQLITE_CANTOPEN;
    if ((rc & 0xFF) == SQLITE_FULL || (is_io && (system == ENOSPC || system == EDQUOT)))
        return err_set(err, ERR_FULL, "Disk full: nothing was saved in %s. Make room on the disk and try"
                       " again.", db->path);
    switch (rc & 0xFF) {
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
        return fail_access(db, system, err);
    case SQLITE_IOERR:
        return err_set(err, ERR_IO, "%s cannot be read or written: %s (%d). Nothing was saved; look at the"
                       " disk.", db->path, system ? strerror(system) : "the disk fails", rc);
    case SQLITE_NOTADB:
        return err_set(err, ERR_CORRUPT, "%s is not a database of Souk. Put it elsewhere, or bring back a"
                       " backup.", db->path);
    case SQLITE_CORRUPT:
        return err_set(err, ERR_CORRUPT, "%s is damaged (%s). Bring back a backup; nothing was written.",
                       db->path, sqlite3_errmsg(db->handle));
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return err_set(err, ERR_BUSY, "%s is in use by another program. Try again in a moment.", db->path);
    case SQLITE_INTERRUPT:
        return err_set(err, ERR_TIME, "The query took longer than %u ms and was stopped.", db->budget_ms);
    case SQLITE_NOMEM:
        return err_set(err, ERR_DENIED, "The query needs more memory than all queries together may use"
                       " (%d MiB).", HEAP_BYTES >> 20);
    case SQLITE_TOOBIG:
        return err_set(err, ERR_INPUT, "A text is longer than 16 MB; nothing was saved.");
    default:
        return err_set(err, ERR_BUG, "%s: %s.", db->path, sqlite3_errmsg(db->handle));
    }
}

/* ---- whose text is this ---------------------------------------------------------------------- */

/* What PostgreSQL has by the same name and meaning, and cannot run for long inside one call. */
static const char functions[] =
    "count sum min max abs coalesce nullif lower upper length substr replace trim ltrim rtrim like"
    " row_number rank dense_rank ntile lag lead first_value last_value nth_value";

static void add_word(struct buf *list, const char *word)
{
    if (!lint_names(buf_str(list), word)) {
        buf_text(list, word);
        buf_char(list, ' ');
    }
}

static bool may_read(struct guard *g, const char *table, const char *column, const char *schema,
                     const char *via)
{
    if (lint_may_read(g->reads, table))
        return true;
    if (via && lint_may_read(g->reads, via)) {          /* no other thing can bear a view's name: see lint.c */
        add_word(&g->reached, table);
        return true;
    }
    /* What is left of a flattened count(*): a table reached above, or a common table expression. */
    return !*column && !schema &&
           (lint_names(buf_str(&g->reached), table) || lint_names(buf_str(&g->with), table));
}

static int on_access(void *who, int what, const char *first, const char *second, const char *schema,
                     const char *via)
{
    struct guard *g = who;
    if (!g->is_on || what == SQLITE_SELECT || what == SQLITE_RECURSIVE)
        return SQLITE_OK;
    if (what == SQLITE_FUNCTION && lint_names(functions, second))
        return SQLITE_OK;
    if (what == SQLITE_READ && may_read(g, first, second, schema, via))
        return SQLITE_OK;
    if (what == SQLITE_FUNCTION && !g->was_refused)
        buf_text(&g->function, second);
    g->was_refused = true;
    return SQLITE_DENY;
}

static int on_progress(void *who)
{
    const struct db *db = who;
    return watch_ms(&db->budget_watch) >= (int64_t)db->budget_ms;
}

void db_budget(struct db *db, unsigned ms)
{
    db->budget_ms = ms;
    db->budget_watch = watch_start();
    sqlite3_progress_handler(db->handle, ms ? BUDGET_STEPS : 0, ms ? on_progress : NULL, db);
}

/* ---- opening and closing --------------------------------------------------------------------- */

static void harden(sqlite3 *handle)
{
    static const struct { int option, on; } options[] = {
        { SQLITE_DBCONFIG_DEFENSIVE, 1 },       { SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 },
        { SQLITE_DBCONFIG_DQS_DML, 0 },         { SQLITE_DBCONFIG_DQS_DDL, 0 },
        { SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0 },
        { SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 0 },
    };
    static const struct { int limit, value; } limits[] = {
        { SQLITE_LIMIT_LENGTH, 16 << 20 },      { SQLITE_LIMIT_SQL_LENGTH, LINT_SQL_BYTES },
        { SQLITE_LIMIT_COLUMN, 200 },           { SQLITE_LIMIT_EXPR_DEPTH, 50 },
        { SQLITE_LIMIT_COMPOUND_SELECT, 10 },   { SQLITE_LIMIT_VDBE_OP, 250000 },
        { SQLITE_LIMIT_ATTACHED, 0 },           { SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 50 },
        { SQLITE_LIMIT_VARIABLE_NUMBER, 500 },  { SQLITE_LIMIT_TRIGGER_DEPTH, 5 },
    };
    for (size_t i = 0; i < COUNT_OF(options); i++)
        sqlite3_db_config(handle, options[i].option, options[i].on, NULL);
    for (size_t i = 0; i < COUNT_OF(limits); i++)
        sqlite3_limit(handle, limits[i].limit, limits[i].value);
    sqlite3_busy_timeout(handle, BUSY_MS);
}

static const char sql_reader[] =
    "PRAGMA cell_size_check = ON;"
    "PRAGMA mmap_size = 0;"
    "PRAGMA cache_size = -16384;";                      /* KiB */

static const char sql_writer[] =
    "PRAGMA cell_size_check = ON;"
    "PRAGMA mmap_size = 0;"
    "PRAGMA page_size = 8192;"                          /* of a new file */
    "PRAGMA journal_mode = WAL;"
    "PRAGMA synchronous = FULL;"
    "PRAGMA secure_delete = OFF;"
    "PRAGMA cache_size = -49152;"
    "PRAGMA journal_size_limit = 67108864;";

/* With the right mode from the first moment on.  One that is there is not opened: closing it again
 * would drop the locks of this process's other connections. */
static int file_new(const char *path, struct err *err)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return errno == EEXIST ? err_set(err, ERR_BUSY, "%s is there already.", path) :
               errno == ENOSPC ? err_set(err, ERR_FULL, "Disk full: %s cannot be made.", path) :
                                 path_refused(path, err);
    close(fd);
    return 0;
}

static int64_t pragma_int(struct db *db, const char *sql, struct err *err)
{
    int64_t n = -1;
    struct stmt *s = stmt_of(db, sql, err);
    if (s && stmt_step(db, s, err) > 0) {
        n = stmt_int(s, 0);
        stmt_reset(s);
    }
    return n;
}

int db_open(struct db **out, const char *path, enum db_use use, struct err *err)
{
    *out = NULL;
    sqlite3_hard_heap_limit64(HEAP_BYTES);
    if (!text_is(path, ":memory:") && access(path, F_OK) != 0) {
        if (use == DB_READ)
            return errno == ENOENT ? err_set(err, ERR_ABSENT, "There is no database %s.", path)
                                   : path_refused(path, err);
        int rc = file_new(path, err);
        if (rc < 0)
            return rc;
    }
    struct db *db = base_alloc(sizeof *db);
    db->path = base_text(path);
    db->use = use;
    db->cache_cap = 64;
    db->cache = base_alloc(db->cache_cap * sizeof(struct stmt *));
    int flags = use == DB_WRITE ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
    int rc = sqlite3_open_v2(path, &db->handle, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
    if (rc == SQLITE_OK) {
        harden(db->handle);
        sqlite3_set_authorizer(db->handle, on_access, &db->guard);
        if (use == DB_WRITE && sqlite3_db_readonly(db->handle, "main"))
            rc = SQLITE_READONLY;                       /* SQLite opens what it may not write, for reading */
    }
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(db->handle, use == DB_WRITE ? sql_writer : sql_reader, NULL, NULL, NULL);
    if (rc != SQLITE_OK) {
        rc = db_failed(db, rc, err);
    } else if (pragma_int(db, "PRAGMA schema_version", err) < 0) {
        rc = -err->code;                                /* the first look into the file */
    } else {
        *out = db;
        return 0;
    }
    db_close(db);
    return rc;
}

void db_close(struct db *db)
{
    if (!db)
        return;
    for (size_t i = 0; i < db->cache_cap; i++)
        if (db->cache[i]) {
            db->cache[i]->sql = NULL;
            stmt_free(db->cache[i]);
        }
    free(db->cache);
    sqlite3_close_v2(db->handle);
    buf_free(&db->guard.with);
    buf_free(&db->guard.reached);
    buf_free(&db->guard.function);
    free(db->path);
    free(db);
}

const char *db_path(const struct db *db)
{
    return db->path;
}

/* ---- statements ------------------------------------------------------------------------------ */

static struct stmt *stmt_new(sqlite3_stmt *handle, const char *sql)
{
    struct stmt *s = base_alloc(sizeof *s);
    s->handle = handle;
    s->sql = sql;
    return s;
}

static struct stmt **cache_slot(struct db *db, const char *sql)
{
    uintptr_t h = (uintptr_t)sql;
    h ^= h >> 15;                                       /* constants lie close to each other */
    size_t i = (h * 0x9E3779B9u) & (db->cache_cap - 1);
    while (db->cache[i] && db->cache[i]->sql != sql)
        i = (i + 1) & (db->cache_cap - 1);
    return &db->cache[i];
}

static void cache_grow(struct db *db)
{
    struct stmt **old = db->cache;
    size_t n = db->cache_cap;
    db->cache_cap *= 2;
    db->cache = base_alloc(db->cache_cap * sizeof(struct stmt *));
    for (size_t i = 0; i < n; i++)
        if (old[i])
            *cache_slot(db, old[i]->sql) = old[i];
    free(old);
}

struct stmt *stmt_of(struct db *db, const char *sql, struct err *err)
{
    struct stmt **slot = cache_slot(db, sql);
    if (*slot)
        return *slot;
    sqlite3_stmt *handle;
    int rc = sqlite3_prepare_v3(db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &handle, NULL);
    if (rc != SQLITE_OK) {
        db_failed(db, rc, err);
        return NULL;
    }
    if (++db->cache_n * 2 > db->cache_cap) {
        cache_grow(db);
        slot = cache_slot(db, sql);
    }
    return *slot = stmt_new(handle, sql);
}

void stmt_free(struct stmt *s)
{
    if (!s)
        return;
    assert(!s->sql);                                    /* those of the cache end with the connection */
    sqlite3_finalize(s->handle);
    free(s);
}

static void bound(struct stmt *s, int rc)
{
    assert(rc != SQLITE_RANGE && rc != SQLITE_MISUSE);
    if (rc != SQLITE_OK && !s->bind_rc)
        s->bind_rc = rc;
}

void bind_int(struct stmt *s, int at, int64_t value)
{
    bound(s, sqlite3_bind_int64(s->handle, at, value));
}

void bind_text(struct stmt *s, int at, const char *text)
{
    bound(s, sqlite3_bind_text(s->handle, at, text, -1, SQLITE_STATIC));
}

void bind_textn(struct stmt *s, int at, const char *text, size_t n)
{
    bound(s, sqlite3_bind_text64(s->handle, at, text, n, SQLITE_STATIC, SQLITE_UTF8));
}

void bind_blob(struct stmt *s, int at, const void *bytes, size_t n)
{
    bound(s, sqlite3_bind_blob64(s->handle, at, n ? bytes : "", n, SQLITE_STATIC));
}

void bind_null(struct stmt *s, int at)
{
    bound(s, sqlite3_bind_null(s->handle, at));
}

int bind_index(const struct stmt *s, const char *name)
{
    return sqlite3_bind_parameter_index(s->handle, name);
}

int stmt_params(const struct stmt *s)
{
    return sqlite3_bind_parameter_count(s->handle);
}

const char *stmt_param_name(const struct stmt *s, int at)
{
    const char *name = sqlite3_bind_parameter_name(s->handle, at);
    return name ? name : "";
}

int stmt_step(struct db *db, struct stmt *s, struct err *err)
{
    int rc = s->bind_rc ? s->bind_rc : sqlite3_step(s->handle);
    if (rc == SQLITE_ROW)
        return 1;
    if (rc != SQLITE_DONE)
        rc = db_failed(db, rc, err);                         /* before the reset, which may change the message */
    stmt_reset(s);
    return rc == SQLITE_DONE ? 0 : rc;
}

int stmt_run(struct db *db, struct stmt *s, struct err *err)
{
    int rc;
    do
        rc = stmt_step(db, s, err);
    while (rc > 0);
    return rc < 0 ? rc : sqlite3_changes(db->handle);
}

void stmt_reset(struct stmt *s)
{
    sqlite3_reset(s->handle);
    s->bind_rc = SQLITE_OK;
}

int stmt_columns(const struct stmt *s)
{
    return sqlite3_column_count(s->handle);
}

const char *stmt_column_name(const struct stmt *s, int column)
{
    return sqlite3_column_name(s->handle, column);
}

bool stmt_is_null(const struct stmt *s, int column)
{
    return sqlite3_column_type(s->handle, column) == SQLITE_NULL;
}

int64_t stmt_int(const struct stmt *s, int column)
{
    return sqlite3_column_int64(s->handle, column);
}

const char *stmt_text(const struct stmt *s, int column)
{
    const unsigned char *text = sqlite3_column_text(s->handle, column);
    return text ? (const char *)text : "";
}

const void *stmt_blob(const struct stmt *s, int column, size_t *n)
{
    const void *bytes = sqlite3_column_blob(s->handle, column);
    *n = (size_t)sqlite3_column_bytes(s->handle, column);
    return bytes ? bytes : "";
}

int64_t db_last_row(const struct db *db)
{
    return sqlite3_last_insert_rowid(db->handle);
}

/* ---- transactions ---------------------------------------------------------------------------- */

int db_exec(struct db *db, const char *sql, struct err *err)
{
    int rc = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);
    return rc == SQLITE_OK ? 0 : db_failed(db, rc, err);
}

static int run_constant(struct db *db, const char *sql, struct err *err)
{
    struct stmt *s = stmt_of(db, sql, err);
    int rc = s ? stmt_run(db, s, err) : -err->code;
    return rc < 0 ? rc : 0;
}

int db_begin(struct db *db, struct err *err)
{
    return run_constant(db, db->use == DB_WRITE ? "BEGIN IMMEDIATE" : "BEGIN", err);
}

int db_end(struct db *db, int rc, struct err *err)
{
    if (rc >= 0) {
        int ended = run_constant(db, "COMMIT", err);
        if (ended == 0)
            return rc;
        rc = ended;
    }
    struct err second = { 0 };                          /* the first one tells what happened */
    if (!sqlite3_get_autocommit(db->handle))            /* a full disk has rolled back already */
        run_constant(db, "ROLLBACK", &second);
    return rc;
}

int64_t db_data_version(struct db *db)
{
    struct err ignored = { 0 };                         /* -1 differs from what it was: look again */
    return pragma_int(db, "PRAGMA data_version", &ignored);
}

int db_check(struct db *db, struct err *err)
{
    struct stmt *s = stmt_of(db, "PRAGMA integrity_check(1)", err);
    int rc = s ? stmt_step(db, s, err) : -err->code;
    if (rc > 0) {
        if (text_is(stmt_text(s, 0), "ok"))
            rc = 0;
        else
            rc = err_set(err, ERR_CORRUPT, "%s is damaged: %s. Bring back a backup.", db->path,
                         stmt_text(s, 0));
        stmt_reset(s);
    }
    return rc;
}

/* ---- other people's SQL ---------------------------------------------------------------------- */

/* An expression with the name of a table would make the two alike to the authorizer. */
static const char sql_name_is_taken[] =
    "SELECT 1 FROM sqlite_schema"
    " WHERE name = :name COLLATE NOCASE";

static int check_with(struct db *db, struct err *err)
{
    struct stmt *taken = stmt_of(db, sql_name_is_taken, err);
    if (!taken)
        return -err->code;
    size_t n;
    for (const char *at = buf_str(&db->guard.with); *at; at += n + 1) {
        n = strcspn(at, " ");
        bind_textn(taken, 1, at, n);
        int rc = stmt_step(db, taken, err);
        stmt_reset(taken);
        if (rc < 0)
            return rc;
        if (rc > 0)
            return err_set(err, ERR_DENIED, "The common table expression \"%.*s\" needs another name.",
                           (int)n, at);
    }
    return 0;
}

static int refused(struct guard *g, struct err *err)
{
    if (g->function.len)
        return err_set(err, ERR_DENIED, "\"%s\" is not among the functions a query may call: %s.",
                       buf_str(&g->function), functions);
    return err_set(err, ERR_DENIED, "The query reads more than the views it may read: %s.",
                   text_is(g->reads, "*") ? "all that `souk schema` lists" : *g->reads ? g->reads : "none");
}

int db_guarded(struct db *db, const char *sql, const char *reads, struct stmt **out, struct err *err)
{
    struct guard *g = &db->guard;
    *out = NULL;
    g->was_refused = false;
    g->reads = reads;
    buf_clear(&g->with);
    buf_clear(&g->reached);
    buf_clear(&g->function);
    int rc = lint_select(sql, reads, &g->with, err);
    if (rc == 0)
        rc = check_with(db, err);
    if (rc < 0)
        return rc;

    sqlite3_stmt *handle = NULL;
    g->is_on = true;
    rc = sqlite3_prepare_v3(db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &handle, NULL);
    g->is_on = false;
    if (g->was_refused)                                 /* SQLite's own words would name the table */
        rc = refused(g, err);
    else if ((rc & 0xFF) == SQLITE_ERROR)
        rc = err_set(err, ERR_INPUT, "The query is not well-formed: %s.", sqlite3_errmsg(db->handle));
    else if (rc != SQLITE_OK)
        rc = db_failed(db, rc, err);
    else if (!sqlite3_stmt_readonly(handle))
        rc = err_set(err, ERR_DENIED, "A query only reads.");
    if (rc < 0)
        sqlite3_finalize(handle);
    else
        *out = stmt_new(handle, NULL);
    return rc;
}

/* ---- backup and schema ----------------------------------------------------------------------- */

int db_backup(struct db *db, const char *to, struct err *err)
{
    int rc = file_new(to, err);
    if (rc < 0)
        return rc;
    struct db copy = { .path = base_text(to) };
    rc = sqlite3_open_v2(to, &copy.handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
                         NULL);
    sqlite3_backup *backup = rc ? NULL : sqlite3_backup_init(copy.handle, "main", db->handle, "main");
    if (backup) {
        while ((rc = sqlite3_backup_step(backup, -1)) == SQLITE_BUSY || rc == SQLITE_LOCKED)
            sqlite3_sleep(20);
        rc = sqlite3_backup_finish(backup);
    } else if (!rc) {
        rc = sqlite3_extended_errcode(copy.handle);
    }
    rc = rc ? db_failed(&copy, rc, err) : 0;
    sqlite3_close(copy.handle);
    free(copy.path);
    if (rc < 0)
        unlink(to);
    return rc;
}

static const struct embed *schema_file(const char *family, int64_t number)
{
    char name[80];
    snprintf(name, sizeof name, "%s-%03d.sql", family, (int)number);
    for (const struct embed *f = schema_files; f->name; f++)
        if (text_is(f->name, number ? name : family))
            return f;
    return NULL;
}

static int backup_before(struct db *db, int64_t number, struct err *err)
{
    struct arena *tmp = arena_new("backup", 512);
    char *path = arena_printf(tmp, "%s.before-%03d", db->path, (int)number);
    char *fresh = arena_printf(tmp, "%s.new", path);
    unlink(fresh);                                      /* left by an attempt that was cut off */
    int rc = db_backup(db, fresh, err);
    if (rc == 0 && rename(fresh, path) != 0)
        rc = path_refused(path, err);
    arena_free(tmp);
    return rc;
}

static int migrate_one(struct db *db, const struct embed *file, int64_t number, struct err *err)
{
    char after[100];
    snprintf(after, sizeof after, "PRAGMA user_version = %d; PRAGMA application_id = %d", (int)number,
             APPLICATION_ID);
    int rc = db_begin(db, err);
    if (rc < 0)
        return rc;
    if (pragma_int(db, "PRAGMA user_version", err) >= number)       /* somebody else was faster */
        return db_end(db, 0, err);
    rc = db_exec(db, (const char *)file->at, err);
    if (rc == 0)
        rc = db_exec(db, after, err);
    return db_end(db, rc, err);
}

static const char sql_views_are_made[] =
    "SELECT 1 FROM made"
    " WHERE file = :file AND hash = :hash";

/* The views are as this program knows them: their file's hash stands in `made`. */
static int views_are_made(struct db *db, const struct embed *file, const unsigned char *hash, size_t n,
                          struct err *err)
{
    struct stmt *s = stmt_of(db, sql_views_are_made, err);
    if (!s)
        return -err->code;
    bind_text(s, 1, file->name);
    bind_blob(s, 2, hash, n);
    int rc = stmt_step(db, s, err);
    stmt_reset(s);
    return rc;
}

static int views_drop(struct db *db, struct err *err)
{
    struct buf sql = { 0 };
    struct stmt *s = stmt_of(db, "SELECT name FROM sqlite_schema WHERE type = 'view'", err);
    int rc = s ? 0 : -err->code;
    while (s && (rc = stmt_step(db, s, err)) > 0)
        buf_printf(&sql, "DROP VIEW \"%s\";", stmt_text(s, 0));
    if (rc == 0)
        rc = db_exec(db, buf_str(&sql), err);
    buf_free(&sql);
    return rc;
}

static const char sql_views_made[] =
    "INSERT INTO made (file, hash)"
    " VALUES (:file, :hash)"
    " ON CONFLICT (file) DO UPDATE"
    " SET hash = excluded.hash";

static int views_make(struct db *db, const struct embed *file, const unsigned char *hash, size_t n,
                      struct err *err)
{
    int rc = db_begin(db, err);
    if (rc < 0)
        return rc;
    rc = views_drop(db, err);
    if (rc == 0)
        rc = db_exec(db, (const char *)file->at, err);
    struct stmt *s = rc < 0 ? NULL : stmt_of(db, sql_views_made, err);
    if (s) {
        bind_text(s, 1, file->name);
        bind_blob(s, 2, hash, n);
        rc = stmt_run(db, s, err);
    }
    return db_end(db, s && rc >= 0 ? 0 : -err->code, err);
}

static int other_version(const struct db *db, struct err *err)
{
    return err_set(err, ERR_CORRUPT, "%s was last written by an older souk. Run a command that writes, such as"
                   " `souk serve` or `souk import`, to bring it up to date.", db->path);
}

static int migrate_views(struct db *db, const char *views, struct err *err)
{
    const struct embed *file = schema_file(views, 0);
    assert(file);
    unsigned char hash[crypto_generichash_BYTES];
    crypto_generichash(hash, sizeof hash, file->at, file->n, NULL, 0);
    int rc = views_are_made(db, file, hash, sizeof hash, err);
    if (rc != 0)
        return rc < 0 ? rc : 0;
    return db->use == DB_WRITE ? views_make(db, file, hash, sizeof hash, err) : other_version(db, err);
}

int db_migrate(struct db *db, const char *family, const char *views, struct err *err)
{
    int64_t version = pragma_int(db, "PRAGMA user_version", err);
    int64_t app = pragma_int(db, "PRAGMA application_id", err);
    int64_t tables = pragma_int(db, "SELECT count(*) FROM sqlite_schema", err);
    if (version < 0 || app < 0 || tables < 0)
        return -err->code;
    if (app != APPLICATION_ID && (version || tables))
        return err_set(err, ERR_CORRUPT, "%s is the database of another program. Put it elsewhere.", db->path);
    int64_t newest = 0;
    while (schema_file(family, newest + 1))
        newest++;
    if (version > newest)
        return err_set(err, ERR_CORRUPT, "%s was written by a newer souk (its schema is %d, this program knows"
                       " %d). Install the newer souk again.", db->path, (int)version, (int)newest);
    if (db->use == DB_READ && version < newest)
        return other_version(db, err);
    int rc = 0;
    if (version && version < newest)
        rc = backup_before(db, version + 1, err);
    for (int64_t n = version + 1; n <= newest && rc == 0; n++)
        rc = migrate_one(db, schema_file(family, n), n, err);
    if (rc == 0 && views)
        rc = migrate_views(db, views, err);
    return rc;
}
