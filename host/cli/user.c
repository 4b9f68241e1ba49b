/* SPDX-License-Identifier: Apache-2.0 */
/*
 * user.c: souk user, souk token, souk audit, souk setup-link: people at the command line.
 *
 * They work while souk serves: souk.db takes several writers, and rights are read anew for each request.
 * Passwords come from a prompt without echo or from standard input, never as arguments.
 */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/value.h"
#include "base/zone.h"
#include "cli.h"
#include "data/audit.h"
#include "data/factor.h"
#include "data/invite.h"
#include "data/password.h"
#include "data/session.h"
#include "data/token.h"
#include "flow/json.h"

enum { LINE_BYTES = 1024, DAYS = 90 };

struct desk_of_people {
    struct cli *c;
    struct db *souk;
    struct deed by;
};

/* An older or missing folder is brought up to date by whoever may write; that must be nobody else at this moment. */
static int open_people(struct cli *c, struct desk_of_people *d, struct err *err)
{
    struct err ignored = { 0 };
    *d = (struct desk_of_people){ c, NULL, { "local", "cli", clock_now() } };
    if (cli_plugins(c, err) < 0)
        return -err->code;
    int rc = cli_folder(c, DB_READ, &ignored);
    if (rc < 0)
        rc = cli_folder(c, DB_WRITE, err);
    return rc < 0 ? rc : folder_souk(c->folder, &d->souk, err);
}

static int done(struct desk_of_people *d, const struct err *err)
{
    db_close(d->souk);
    return err->code ? cli_failed(d->c, err) : EXIT_OK;
}

static int find(struct desk_of_people *d, const char *typed, struct person *p, struct err *err)
{
    const char *email;
    int rc = people_email(d->c->arena, typed, &email, err);
    return rc < 0 ? rc : people_find(d->souk, d->c->arena, email, p, err);
}

/* The account chosen by -a, SOUK_ACCOUNT, or the only one. */
static int account(struct cli *c, const char **name, struct err *err)
{
    struct db *db = NULL;
    int rc = cli_account(c, DB_READ, name, &db, err);
    db_close(db);
    return rc;
}

/* ---- output ----------------------------------------------------------------------------------------- */

static void put_text(const char *name, const char *text, bool is_first)
{
    struct buf out = { 0 };
    json_text(&out, text, strlen(text));
    printf("%s\"%s\":%s", is_first ? "{" : ",", name, buf_str(&out));
    buf_free(&out);
}

static void put_instant(char text[32], int64_t at_s)
{
    struct buf out = { 0 };
    if (at_s)
        buf_instant(&out, at_s);
    snprintf(text, 32, "%s", at_s ? buf_str(&out) : "-");
    buf_free(&out);
}

/* With --json a list is one object. */
static void begin_list(const struct cli *c, const char *name)
{
    if (c->as_json)
        printf("{\"%s\":[", name);
}

static void end_list(const struct cli *c)
{
    if (c->as_json)
        puts("]}");
}

/* What is told this once: a path or a token. */
static void put_secret(const struct cli *c, const char *name, const char *before, const char *secret)
{
    if (c->as_json)
        printf("{\"%s\":\"%s%s\"}\n", name, before, secret);
    else
        printf("%s%s\n", before, secret);
}

/* ---- passwords -------------------------------------------------------------------------------------- */

static int read_line(struct cli *c, const char **line, struct err *err)
{
    char text[LINE_BYTES];
    if (!fgets(text, sizeof text, stdin))
        return err_set(err, ERR_INPUT, "The standard input ended before the password.");
    size_t n = strcspn(text, "\r\n");
    *line = vault_keep(c->arena, text, n);
    sodium_memzero(text, sizeof text);
    return 0;
}

static int ask(struct cli *c, const char *what, const char **line, struct err *err)
{
    struct termios was, quiet;
    bool is_terminal = tcgetattr(STDIN_FILENO, &was) == 0;
    if (!is_terminal)
        return err_set(err, ERR_INPUT, "A password is asked for on a terminal; elsewhere use --password-stdin.");
    quiet = was;
    quiet.c_lflag &= ~(tcflag_t)ECHO;
    fprintf(stderr, "%s: ", what);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    int rc = read_line(c, line, err);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &was);
    fputc('\n', stderr);
    return rc;
}

static int read_password(struct cli *c, const char *const *words, const char **password, struct err *err)
{
    const char *again;
    if (c->password_stdin) {
        if (read_line(c, password, err) < 0)
            return -err->code;
    } else {
        if (ask(c, "Password", password, err) < 0 || ask(c, "Once more", &again, err) < 0)
            return -err->code;
        if (!text_is(*password, again))
            return err_set(err, ERR_INPUT, "The two passwords are not the same.");
    }
    return password_check(*password, words, NULL, err);
}

/* ---- souk user --------------------------------------------------------------------------------------- */

static int user_list(struct desk_of_people *d, struct err *err)
{
    struct cli *c = d->c;
    const struct person *list;
    size_t n;
    int rc = people_list(d->souk, c->arena, c->account, &list, &n, err);
    if (rc == 0)
        begin_list(c, "users");
    for (size_t i = 0; i < n && rc == 0; i++) {
        const struct person_role *roles;
        size_t n_roles;
        char seen[32];
        rc = people_roles(d->souk, c->arena, list[i].no, &roles, &n_roles, err);
        put_instant(seen, list[i].signed_in_s);
        if (c->as_json) {
            fputs(i ? "," : "", stdout);
            put_text("email", list[i].email, true);
            put_text("name", list[i].name, false);
            printf(",\"disabled\":%s,\"second_factor\":%s,\"roles\":[", list[i].is_disabled ? "true" : "false",
                   list[i].has_factor ? "true" : "false");
            for (size_t k = 0; k < n_roles; k++)
                printf("%s{\"account\":\"%s\",\"role\":\"%s\"}", k ? "," : "", roles[k].account, role_word(roles[k].role));
            fputs("]}", stdout);
            continue;
        }
        printf("%-32s %-9s %-20s", list[i].email, list[i].is_disabled ? "disabled" :
               list[i].has_factor ? "2 factors" : list[i].has_password ? "password" : "invited", seen);
        for (size_t k = 0; k < n_roles; k++)
            printf(" %s:%s", roles[k].account, role_word(roles[k].role));
        putchar('\n');
    }
    if (rc == 0)
        end_list(c);
    if (rc == 0 && !n)
        fputs("There are no users yet. `souk setup-link` prints the address where the first one is set up.\n", stderr);
    return rc;
}

static int role_of(const struct cli *c, enum role *role, struct err *err)
{
    *role = role_named(c->role);
    return !c->role || *role || text_is(c->role, "none") ? 0
        : err_set(err, ERR_INPUT, "There is no role '%.40s': owner, admin, staff, viewer or none.", c->role);
}

static int user_add(struct desk_of_people *d, const char *typed, struct err *err)
{
    struct cli *c = d->c;
    const char *email, *in = NULL, *password;
    enum role role;
    int64_t no;
    if (people_email(c->arena, typed, &email, err) < 0 || role_of(c, &role, err) < 0 ||
        (role && account(c, &in, err) < 0))
        return -err->code;
    const char *name = c->name ? c->name : arena_textn(c->arena, email, strcspn(email, "@"));
    const char *const words[] = { email, name, in ? in : "", "souk", NULL };
    if (read_password(c, words, &password, err) < 0 ||
        people_add(d->souk, email, name, "", &d->by, &no, err) < 0 ||
        password_set(d->souk, folder_vault(c->folder), no, password, 0, &d->by, err) < 0 ||
        (role && people_set_role(d->souk, no, in, role, &d->by, err) < 0))
        return -err->code;
    fprintf(stderr, role ? "%s can sign in, as %s of %s.\n" : "%s can sign in, and has no role yet: souk user role.\n",
            email, role_word(role), in);
    return 0;
}

static int user_role(struct desk_of_people *d, const char *typed, const char *word, struct err *err)
{
    struct person p;
    const char *in;
    d->c->role = word;
    enum role role;
    if (role_of(d->c, &role, err) < 0 || find(d, typed, &p, err) < 0 || account(d->c, &in, err) < 0)
        return -err->code;
    return people_set_role(d->souk, p.no, in, role, &d->by, err);
}

static int user_grant(struct desk_of_people *d, const char *typed, const char *object, const char *word, struct err *err)
{
    struct person p;
    const char *in;
    enum may may = may_named(word);
    if (!may && !text_is(word, "-"))
        return err_set(err, ERR_INPUT, "'%.40s' cannot be granted: none, view or edit; - takes a grant away.", word);
    if (find(d, typed, &p, err) < 0 || account(d->c, &in, err) < 0)
        return -err->code;
    return people_grant(d->souk, p.no, in, object, may, &d->by, err);
}

static int user_disable(struct desk_of_people *d, const char *typed, bool is_disabled, struct err *err)
{
    struct person p;
    int rc = find(d, typed, &p, err);
    return rc < 0 ? rc : people_disable(d->souk, p.no, is_disabled, &d->by, err);
}

/* A link, or at once with --password-stdin; the second factor goes with --second-factor. */
static int user_reset(struct desk_of_people *d, const char *typed, struct err *err)
{
    struct cli *c = d->c;
    struct person p;
    const char *secret, *password;
    int rc = find(d, typed, &p, err);
    if (rc == 0 && c->second_factor)
        rc = factor_drop(d->souk, p.no, &d->by, err);
    if (rc < 0)
        return rc;
    const char *const words[] = { p.email, p.name, "souk", NULL };
    if (c->password_stdin) {
        rc = read_password(c, words, &password, err);
        return rc < 0 ? rc : password_set(d->souk, folder_vault(c->folder), p.no, password, 0, &d->by, err);
    }
    rc = invite_reset(d->souk, c->arena, p.no, &d->by, &secret, err);
    if (rc < 0)
        return rc;
    put_secret(c, "reset", "/reset/", secret);
    fputs("With this address behind that of your Souk a new password is chosen, once, within 24 hours.\n", stderr);
    return 0;
}

static int user_sessions(struct desk_of_people *d, const char *typed, struct err *err)
{
    struct person p;
    const struct session *list = NULL;
    size_t n = 0;
    const struct clocks now = { clock_now(), clock_ms() };
    int rc = find(d, typed, &p, err);
    if (rc == 0)
        rc = session_list(d->souk, d->c->arena, p.no, now, &list, &n, err);
    if (rc == 0)
        begin_list(d->c, "sessions");
    for (size_t i = 0; i < n && rc == 0; i++) {
        char since[32], seen[32];
        put_instant(since, list[i].created_s);
        put_instant(seen, list[i].seen_s);
        if (d->c->as_json) {
            printf("%s{\"session\":%lld,\"since\":\"%s\",\"seen\":\"%s\"", i ? "," : "", (long long)list[i].no, since, seen);
            put_text("client", list[i].label, false);
            putchar('}');
        } else {
            printf("%-6lld %-20s %-20s %s\n", (long long)list[i].no, since, seen, list[i].label);
        }
    }
    if (rc == 0)
        end_list(d->c);
    return rc;
}

int run_user(struct cli *c)
{
    struct desk_of_people d;
    struct err err = { 0 };
    const char *what = c->argc ? c->argv[0] : "", *who = c->argc > 1 ? c->argv[1] : "";
    static const struct { const char *what; int n; } words[] = {
        { "list", 1 }, { "add", 2 }, { "role", 3 }, { "grant", 4 }, { "disable", 2 }, { "enable", 2 }, { "reset", 2 },
        { "sessions", 2 },
    };
    size_t w = 0;
    while (w < COUNT_OF(words) && !(text_is(words[w].what, what) && words[w].n == c->argc))
        w++;
    if (w == COUNT_OF(words))
        return cli_usage("user", "What is to be done: list, add EMAIL, role EMAIL ROLE, grant EMAIL OBJECT none|view|edit|-,"
                         " disable EMAIL, enable EMAIL, reset EMAIL, or sessions EMAIL?");
    if (open_people(c, &d, &err) < 0)
        return done(&d, &err);
    if (text_is(what, "list"))
        user_list(&d, &err);
    else if (text_is(what, "add"))
        user_add(&d, who, &err);
    else if (text_is(what, "role"))
        user_role(&d, who, c->argv[2], &err);
    else if (text_is(what, "grant"))
        user_grant(&d, who, c->argv[2], c->argv[3], &err);
    else if (text_is(what, "reset"))
        user_reset(&d, who, &err);
    else if (text_is(what, "sessions"))
        user_sessions(&d, who, &err);
    else
        user_disable(&d, who, text_is(what, "disable"), &err);
    return done(&d, &err);
}

/* ---- souk token --------------------------------------------------------------------------------------- */

static int put_tokens(struct desk_of_people *d, struct err *err)
{
    const struct token *list;
    size_t n;
    int rc = token_list(d->souk, d->c->arena, 0, &list, &n, err);
    if (rc == 0)
        begin_list(d->c, "tokens");
    for (size_t i = 0; i < n && rc == 0; i++) {
        struct person p;
        char ends[32], used[32];
        rc = people_get(d->souk, d->c->arena, list[i].user, &p, err);
        if (rc < 0)
            break;
        put_instant(ends, list[i].ends_s);
        put_instant(used, list[i].used_s);
        if (d->c->as_json) {
            printf("%s{\"token\":%lld", i ? "," : "", (long long)list[i].no);
            put_text("email", p.email, false);
            put_text("title", list[i].title, false);
            put_text("objects", list[i].objects, false);
            printf(",\"account\":\"%s\",\"right\":\"%s\",\"ends\":\"%s\",\"used\":\"%s\"}", list[i].account,
                   right_word(list[i].at_most), ends, used);
        } else {
            printf("%-5lld %-28s %-12s %-6s %-20s %-20s %s %s\n", (long long)list[i].no, p.email, list[i].account,
                   right_word(list[i].at_most), ends, used, list[i].title, list[i].objects);
        }
    }
    if (rc == 0)
        end_list(d->c);
    return rc;
}

static int token_add(struct desk_of_people *d, const char *typed, const char *title, struct err *err)
{
    struct cli *c = d->c;
    struct person p;
    const char *in, *secret;
    int64_t days = DAYS;
    struct buf objects = { 0 };
    enum right at_most = c->right ? right_named(c->right) : RIGHT_VIEW;
    if (!at_most)
        return err_set(err, ERR_INPUT, "There is no right '%.40s': view, edit, admin or owner.", c->right);
    if (c->days && (!text_int(c->days, &days) || days < 1 || days > TOKEN_DAYS_MOST))
        return err_set(err, ERR_INPUT, "'%.40s' is no number of days: 1 to %d.", c->days, TOKEN_DAYS_MOST);
    if (find(d, typed, &p, err) < 0 || account(c, &in, err) < 0)
        return -err->code;
    for (int i = 3; i < c->argc; i++)
        buf_printf(&objects, "%s%s", i > 3 ? " " : "", c->argv[i]);
    const struct token t = {
        .user = p.no, .title = title, .account = in, .at_most = at_most, .objects = buf_str(&objects),
        .ends_s = d->by.now_s + days * 86400,
    };
    int rc = token_make(d->souk, c->arena, &t, &d->by, &secret, err);
    buf_free(&objects);
    if (rc == 0) {
        put_secret(c, "token", "", secret);
        fprintf(stderr, "This is shown once. Send it as \"Authorization: Bearer ...\"; it ends after %lld days.\n", (long long)days);
    }
    return rc;
}

int run_token(struct cli *c)
{
    struct desk_of_people d;
    struct err err = { 0 };
    int64_t no = 0;
    const char *what = c->argc ? c->argv[0] : "";
    bool is_list = text_is(what, "list") && c->argc == 1, is_add = text_is(what, "add") && c->argc >= 3;
    bool is_end = text_is(what, "end") && c->argc == 2 && text_int(c->argv[1], &no);
    if (!is_list && !is_add && !is_end)
        return cli_usage("token", "What is to be done: list, add EMAIL TITLE [OBJECT]..., or end N?");
    if (open_people(c, &d, &err) < 0)
        return done(&d, &err);
    if (is_list)
        put_tokens(&d, &err);
    else if (is_add)
        token_add(&d, c->argv[1], c->argv[2], &err);
    else
        token_end(d.souk, 0, no, &d.by, &err);
    return done(&d, &err);
}

/* ---- souk audit --------------------------------------------------------------------------------------- */

static const char sql_audit[] =
    "SELECT no, at_s, actor, via, command, ref, result, args FROM audit"
    " ORDER BY no";

static int put_audit(struct cli *c, struct db *db, struct err *err)
{
    struct stmt *s = stmt_of(db, sql_audit, err);
    int rc = s ? 0 : -err->code;
    if (s)
        begin_list(c, "entries");
    for (size_t i = 0; s && (rc = stmt_step(db, s, err)) > 0; i++) {
        char at[32];
        put_instant(at, stmt_int(s, 1));
        if (c->as_json) {
            printf("%s{\"entry\":%lld,\"at\":\"%s\"", i ? "," : "", (long long)stmt_int(s, 0), at);
            put_text("actor", stmt_text(s, 2), false);
            put_text("via", stmt_text(s, 3), false);
            put_text("command", stmt_text(s, 4), false);
            put_text("ref", stmt_text(s, 5), false);
            put_text("result", stmt_text(s, 6), false);
            printf(",\"args\":%s}", stmt_text(s, 7));
        } else {
            printf("%-6lld %s %-28s %-5s %-24s %-16s %-8s %s\n", (long long)stmt_int(s, 0), at, stmt_text(s, 2),
                   stmt_text(s, 3), stmt_text(s, 4), stmt_text(s, 5), stmt_text(s, 6), stmt_text(s, 7));
        }
    }
    if (s && rc == 0)
        end_list(c);
    return rc;
}

int run_audit(struct cli *c)
{
    struct desk_of_people d;
    struct err err = { 0 };
    const char *what = c->argc ? c->argv[0] : "list", *name;
    struct db *of_account = NULL;
    if (c->argc > 1 || (!text_is(what, "list") && !text_is(what, "verify")))
        return cli_usage("audit", "What is to be done: list or verify?");
    if (open_people(c, &d, &err) < 0)
        return done(&d, &err);
    if (c->account && cli_account(c, DB_READ, &name, &of_account, &err) < 0)
        return done(&d, &err);
    struct db *db = of_account ? of_account : d.souk;
    int rc = text_is(what, "verify") ? audit_verify(db, 0, &err) : put_audit(c, db, &err);
    if (rc == 0 && text_is(what, "verify"))
        fprintf(stderr, "The log of %s is as it was written.\n", db_path(db));
    db_close(of_account);
    return done(&d, &err);
}

/* ---- souk setup-link ---------------------------------------------------------------------------------- */

int run_setup_link(struct cli *c)
{
    struct desk_of_people d;
    struct err err = { 0 };
    const char *secret;
    if (c->argc)
        return cli_usage("setup-link", "setup-link takes no arguments.");
    if (open_people(c, &d, &err) == 0 && invite_setup(d.souk, c->arena, &d.by, &secret, &err) == 0) {
        put_secret(c, "setup", "/setup/", secret);
        fputs("With this address behind that of your Souk its first owner is set up, once, within 30 minutes.\n", stderr);
    }
    return done(&d, &err);
}
