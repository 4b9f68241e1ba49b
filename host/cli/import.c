/* SPDX-License-Identifier: Apache-2.0 */
/*
 * import.c: souk import, imports, rejects.
 */
#include <dirent.h>
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/zone.h"
#include "cli.h"
#include "data/market.h"
#include "face/face.h"
#include "flow/import.h"
#include "flow/reject.h"
#include "flow/source.h"

/* ---- progress: only where somebody watches -------------------------------------------------------- */

struct bar {
    const char *name;
    int64_t last_ms;
    bool is_on;
};

static void draw(void *ctx, int64_t done, int64_t all)
{
    struct bar *bar = ctx;
    char cells[25];
    if (!bar->is_on || clock_ms() - bar->last_ms < 100)
        return;
    bar->last_ms = clock_ms();
    size_t full = all > 0 ? (size_t)(done * 24 / all) : 0;
    for (size_t i = 0; i < 24; i++)
        cells[i] = i < full ? '=' : ' ';
    cells[24] = '\0';
    fprintf(stderr, "\r\033[K%.40s [%s] %d %%", bar->name, cells, all > 0 ? (int)(done * 100 / all) : 0);
}

static void erase(const struct bar *bar)
{
    if (bar->is_on && bar->last_ms)
        fputs("\r\033[K", stderr);
}

/* ---- files of folders ------------------------------------------------------------------------------- */

struct list {
    struct import_one *at;
    size_t n, cap;
};

static void add(struct list *l, const char *path, const char *market)
{
    if (l->n == l->cap) {
        l->cap = l->cap ? l->cap * 2 : 16;
        l->at = base_grow(l->at, l->cap * sizeof *l->at);
    }
    l->at[l->n++] = (struct import_one){ path, market };
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct import_one *)a)->path, ((const struct import_one *)b)->path);
}

/* Orders and listings name products and markets, so nothing hangs on the order; names make it steady. */
static int add_path(struct cli *c, struct list *l, const char *path, const char *market, struct err *err)
{
    struct stat is;
    if (text_is(path, "-")) {
        add(l, path, market);
        return 0;
    }
    if (stat(path, &is) < 0)
        return err_set(err, errno == ENOENT ? ERR_ABSENT : ERR_IO, "%s cannot be opened: %s.", path, strerror(errno));
    if (!S_ISDIR(is.st_mode) || source_is_maildir(path)) {
        add(l, path, market);
        return 0;
    }
    DIR *dir = opendir(path);
    if (!dir)
        return err_set(err, ERR_IO, "%s cannot be opened: %s.", path, strerror(errno));
    size_t first = l->n;
    for (struct dirent *e; (e = readdir(dir)); ) {
        char *in = arena_printf(c->arena, "%s/%s", path, e->d_name);
        if (e->d_name[0] != '.' && stat(in, &is) == 0 && S_ISREG(is.st_mode))
            add(l, in, market);
    }
    closedir(dir);
    qsort(l->at + first, l->n - first, sizeof *l->at, by_path);
    if (l->n == first)
        return err_set(err, ERR_INPUT, "There is no file in %s.", path);
    return 0;
}

/* ---- results ------------------------------------------------------------------------------------------ */

static void money(struct buf *out, int64_t minor, const char *currency)
{
    int digits = currency_digits(currency);
    buf_minor(out, minor, digits < 0 ? 0 : digits);
    buf_char(out, ' ');
    buf_text(out, currency);
}

static void tell(const struct import_result *r)
{
    fprintf(stderr, "%s: %s, %lld %s: %lld accepted, %lld unchanged, %lld rejected.\n", r->name, r->title,
            (long long)r->rows, r->rows == 1 ? "row" : "rows", (long long)r->accepted, (long long)r->unchanged, (long long)r->rejected);
    if (r->rejected)
        fprintf(stderr, "  The rejected rows and why: souk rejects %lld\n", (long long)r->no);
    if (r->undo == UNDO_TOO_LARGE)
        fputs("  This import is too large to be taken back.\n", stderr);
    for (size_t i = 0; i < r->n_checks; i++) {
        const struct store_check *k = &r->checks[i];
        struct buf sum = { 0 }, missing = { 0 };
        money(&sum, k->sum_minor, k->currency);
        money(&missing, k->total_minor - k->sum_minor, k->currency);
        if (k->total_minor == k->sum_minor)
            fprintf(stderr, "  Settlement %s sums to the cent: %s.\n", k->settlement_id, buf_str(&sum));
        else
            fprintf(stderr, "  Settlement %s does not sum: %s missing; its lines add up to %s.\n", k->settlement_id,
                    buf_str(&missing), buf_str(&sum));
        buf_free(&sum);
        buf_free(&missing);
    }
}

int cli_import(struct cli *c, struct db *db, const struct import_one *file, size_t n, bool is_brief)
{
    int code = EXIT_OK;
    struct import_result all_of = { 0 };
    struct desk *desk = desk_new(c->plugins, c->policies);
    struct arena *a = arena_new("import", 65536);
    json_t *all = json_array();
    for (size_t i = 0; i < n && !cli_stop; i++) {
        struct err err = { 0 };
        struct import_result result = { 0 };
        const char *slash = strrchr(file[i].path, '/');
        struct bar bar = { slash ? slash + 1 : file[i].path, 0, isatty(STDERR_FILENO) && !c->as_json };
        struct import_setup setup = {
            .folder = c->folder, .db = db, .desk = desk, .plugins = c->plugins, .path = file[i].path,
            .market = file[i].market, .charset = c->charset, .progress = draw, .ctx = &bar, .stop = &cli_stop,
            .policies = c->policies,
        };
        int rc = import_file(a, &setup, &result, &err);
        erase(&bar);
        if (rc < 0) {
            struct cli plain = *c;
            plain.as_json = false;                      /* told within the one object below */
            int failed = cli_failed(&plain, &err);
            if (code == EXIT_OK || code == EXIT_PARTIAL)
                code = failed;
            json_array_append_new(all, json_pack("{s:s, s:s, s:s}", "name", bar.name, "error", err_word(err.code),
                                                 "text", err.text));
        } else {
            all_of.rows += result.rows;
            all_of.rejected += result.rejected;
            if (c->as_json)
                json_array_append_new(all, import_json(&result));
            else if (!is_brief)
                tell(&result);
            if (result.rejected && code == EXIT_OK)
                code = EXIT_PARTIAL;
        }
        arena_reset(a);
    }
    if (c->as_json) {
        struct buf out = { 0 };
        json_write(&out, json_pack("{s:O}", "imports", all));
        puts(buf_str(&out));
        buf_free(&out);
    }
    else if (is_brief)
        fprintf(stderr, "%zu files, %lld rows, of which %lld were rejected; `souk imports` lists them.\n", n,
                (long long)all_of.rows, (long long)all_of.rejected);
    json_decref(all);
    arena_free(a);
    desk_free(desk);
    if (cli_stop) {
        fputs("souk: stopped; the file at work was left out as a whole.\n", stderr);
        return EXIT_FAILED;
    }
    cli_coach(c, db);
    return code;
}

/* Who imports while souk serves can bring the files to the server. */
static void name_the_page(struct err *err)
{
    const struct err busy = *err;
    err_clear(err);
    err_set(err, ERR_BUSY, "%.400s While it serves, drop the files on its page, or POST them to /api/v1/a/ACCOUNT/imports.",
            busy.text);
}

int run_import(struct cli *c)
{
    struct err err = { 0 };
    struct list list = { 0 };
    const char *name, *market = NULL;
    struct db *db = NULL;
    int code;
    if (!c->argc)
        return cli_usage("import", "Which files? Name report files, folders, or - for standard input.");
    if (c->market) {
        const struct market *m = market_find(c->market);
        if (!m) {
            const char *near = market_like(c->market);
            err_set(&err, ERR_INPUT, "There is no market '%s'%s%s%s.", c->market, *near ? "; did you mean " : "", near,
                    *near ? "" : ": write US, DE, JP or another marketplace's code, name or id");
            return cli_failed(c, &err);
        }
        market = m->id;
    }
    cli_catch_stop();
    for (int i = 0; i < c->argc; i++)
        if (add_path(c, &list, c->argv[i], market, &err) < 0)
            break;
    if (err.code || cli_plugins(c, &err) < 0 || cli_account(c, DB_WRITE, &name, &db, &err) < 0) {
        if (err.code == ERR_BUSY)
            name_the_page(&err);
        code = cli_failed(c, &err);
    } else {
        code = cli_import(c, db, list.at, list.n, false);
    }
    db_close(db);
    free(list.at);
    return code;
}

/* ---- what was imported ----------------------------------------------------------------------------------- */

int run_imports(struct cli *c)
{
    static const char sql[] =
        "SELECT i.no, i.at_s, i.name, i.format, i.rows, i.accepted, i.unchanged, i.rejected"
        " FROM import i ORDER BY i.no DESC";
    struct err err = { 0 };
    const char *name;
    struct db *db = NULL;
    int rc;
    if (cli_account(c, DB_READ, &name, &db, &err) < 0)
        return cli_failed(c, &err);
    struct stmt *s = stmt_of(db, sql, &err);
    json_t *all = json_array();
    size_t n = 0;
    while (s && (rc = stmt_step(db, s, &err)) > 0) {
        struct buf at = { 0 };
        buf_instant(&at, stmt_int(s, 1));
        if (c->as_json) {
            json_array_append_new(all, json_pack("{s:I, s:s, s:s, s:s, s:I, s:I, s:I, s:I}", "import", (json_int_t)stmt_int(s, 0),
                "at", buf_str(&at), "name", stmt_text(s, 2), "format", stmt_text(s, 3), "rows", (json_int_t)stmt_int(s, 4),
                "accepted", (json_int_t)stmt_int(s, 5), "unchanged", (json_int_t)stmt_int(s, 6),
                "rejected", (json_int_t)stmt_int(s, 7)));
        } else {
            if (!n)
                printf("%6s  %-20s  %-24s  %8s  %8s  %9s  %8s  %s\n", "import", "at", "format", "rows", "accepted",
                       "unchanged", "rejected", "name");
            printf("%6lld  %-20s  %-24s  %8lld  %8lld  %9lld  %8lld  %s\n", (long long)stmt_int(s, 0), buf_str(&at),
                   stmt_text(s, 3), (long long)stmt_int(s, 4), (long long)stmt_int(s, 5), (long long)stmt_int(s, 6),
                   (long long)stmt_int(s, 7), stmt_text(s, 2));
        }
        n++;
        buf_free(&at);
    }
    if (c->as_json && !err.code) {
        struct buf out = { 0 };
        json_write(&out, json_pack("{s:O}", "imports", all));
        puts(buf_str(&out));
        buf_free(&out);
    }
    json_decref(all);
    db_close(db);
    if (err.code)
        return cli_failed(c, &err);
    if (!n && !c->as_json)
        fprintf(stderr, "Nothing was imported into %s yet: souk import -a %s FILE...\n", name, name);
    return EXIT_OK;
}

static void tell_reasons(struct cli *c, struct db *db, int64_t no, struct err *err)
{
    enum { AT_ONCE = 1000 };
    struct face f = { .plugins = c->plugins, .texts = c->texts, .reader = { .language = cli_language(c), .zone = "UTC" }, .account = "", .keep = "" };
    struct arena *a = arena_new("rejects", 65536);
    struct reject_row *row;
    int64_t line = 0;
    size_t n = 0;
    do {
        arena_reset(a);
        if (rejects_read(db, a, no, line, AT_ONCE, &row, &n, err) < 0)
            break;
        for (size_t i = 0; i < n; i++) {
            struct buf said = { 0 };
            line = row[i].line;
            f.plugin = plugins_named(c->plugins, row[i].plugin);
            say_msg(&said, &f, &row[i].why);
            fprintf(stderr, "%s %lld%s%s: %s\n", row[i].is_record ? "record" : "line", (long long)line,
                    *row[i].field ? ", " : "", row[i].field, buf_str(&said));
            buf_free(&said);
        }
    } while (n == AT_ONCE);
    arena_free(a);
}

int run_rejects(struct cli *c)
{
    struct err err = { 0 };
    const char *name;
    struct db *db = NULL;
    struct buf out = { 0 };
    int64_t no;
    if (c->argc != 1 || !text_int(c->argv[0], &no))
        return cli_usage("rejects", "Which import? Its number stands in `souk imports`.");
    if (cli_plugins(c, &err) < 0 || cli_account(c, DB_READ, &name, &db, &err) < 0 ||
        import_rejects(db, no, &out, &err) < 0) {
        db_close(db);
        return cli_failed(c, &err);
    }
    fwrite(buf_str(&out), 1, out.len, stdout);
    buf_free(&out);
    tell_reasons(c, db, no, &err);
    db_close(db);
    return err.code ? cli_failed(c, &err) : EXIT_OK;
}
