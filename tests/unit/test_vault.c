/* SPDX-License-Identifier: Apache-2.0 */
/* The vault: what opens and what does not, its key file with all that can be wrong with it, changing the key. */
#include "data.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "data/rotate.h"
#include "data/vault.h"

static struct vault *vault_at(const char *key)
{
    char id[200];
    snprintf(id, sizeof id, "%s.id", scratch_path(key));
    return vault_new(scratch_path(key), id);
}

static void put(const char *name, const void *at, size_t n, mode_t mode)
{
    FILE *f;
    unlink(scratch_path(name));
    f = fopen(scratch_path(name), "w");
    assert_non_null(f);
    assert_int_equal(fwrite(at, 1, n, f), n);
    fclose(f);
    assert_int_equal(chmod(scratch_path(name), mode), 0);
}

struct sealed {
    const void *at;
    size_t n;
};

static struct sealed seal(struct vault *v, struct arena *a, const char *context, const char *secret)
{
    struct err err = { 0 };
    struct sealed s;
    assert_well(vault_seal(v, a, context, secret, strlen(secret), &s.at, &s.n, &err), &err);
    assert_int_equal(s.n, strlen(secret) + VAULT_ADDS);
    return s;
}

static int unseal_code(struct vault *v, const char *context, struct sealed s, const char *secret)
{
    struct arena *a = arena_new("test", 1024);
    struct err err = { 0 };
    const char *got;
    size_t n;
    int rc = vault_unseal(v, a, context, s.at, s.n, &got, &n, &err);
    if (rc == 0) {
        assert_int_equal(n, strlen(secret));
        assert_string_equal(got, secret);
    }
    arena_free(a);
    return -rc;
}

static void what_opens(void **state)
{
    struct arena *a = arena_new("test", 1024);
    struct vault *v = vault_at("opens.key");
    struct sealed s = seal(v, a, "user:7:totp", "JBSWY3DPEHPK3PXP"), again = seal(v, a, "user:7:totp", "JBSWY3DPEHPK3PXP");
    struct stat st;
    (void)state;
    assert_int_equal(unseal_code(v, "user:7:totp", s, "JBSWY3DPEHPK3PXP"), 0);
    assert_int_equal(unseal_code(v, "user:8:totp", s, ""), ERR_CORRUPT);
    assert_int_equal(unseal_code(v, "user:7:tot", s, ""), ERR_CORRUPT);
    assert_memory_not_equal(s.at, again.at, s.n);                       /* a nonce of its own */
    assert_null(memmem(s.at, s.n, "JBSWY3DP", 8));
    assert_int_equal(unseal_code(v, "", seal(v, a, "", ""), ""), 0);
    assert_int_equal(stat(scratch_path("opens.key"), &st), 0);
    assert_int_equal(st.st_mode & 07777, 0400);
    assert_int_equal(st.st_size, 32);

    unsigned char *changed = arena_alloc(a, s.n);
    for (size_t i = 0; i < s.n; i++) {                                  /* each bit matters, of the head too */
        memcpy(changed, s.at, s.n);
        changed[i] ^= 1;
        assert_int_not_equal(unseal_code(v, "user:7:totp", (struct sealed){ changed, s.n }, ""), 0);
    }
    for (size_t n = 0; n < s.n; n++)
        assert_int_equal(unseal_code(v, "user:7:totp", (struct sealed){ s.at, n }, ""), ERR_CORRUPT);
    vault_free(v);
    v = vault_at("opens.key");                                          /* as another process would */
    assert_int_equal(unseal_code(v, "user:7:totp", s, "JBSWY3DPEHPK3PXP"), 0);
    vault_free(v);
    arena_free(a);
}

static void secrets_are_wiped(void **state)
{
    struct arena *a = arena_new("test", 1024);
    (void)state;
    char *kept = vault_keep(a, "canary", 6);
    assert_string_equal(kept, "canary");
    arena_reset(a);                                                     /* the first block stays, emptied */
    assert_memory_not_equal(kept, "canary", 6);
    arena_free(a);
}

static void key_files(void **state)
{
    static const unsigned char bytes[40] = { 1, 2, 3 };
    static const struct {
        const char *name;
        size_t n;
        mode_t mode;
        int code;
        const char *says;
    } cases[] = {
        { "short", 31, 0400, ERR_CONF, "has 31 bytes instead of 32" },
        { "long", 33, 0400, ERR_CONF, "has 33 bytes instead of 32" },
        { "empty", 0, 0400, ERR_CONF, "has 0 bytes" },
        { "group", 32, 0440, ERR_CONF, "chmod 400" },
        { "world", 32, 0644, ERR_CONF, "may be read by others (mode 0644)" },
        { "good", 32, 0400, 0, "" },
        { "writable by its owner", 32, 0600, 0, "" },
    };
    struct arena *a = arena_new("test", 1024);
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct err err = { 0 };
        struct sealed s;
        put("case.key", bytes, cases[i].n, cases[i].mode);
        unlink(scratch_path("case.key.id"));
        struct vault *v = vault_at("case.key");
        assert_int_equal(vault_seal(v, a, "x", "y", 1, &s.at, &s.n, &err), -cases[i].code);
        if (!strstr(err.text, cases[i].says))
            fail_msg("%s: %s", cases[i].name, err.text);
        vault_free(v);
    }
    arena_free(a);
}

/* A folder that has had a key gets no second one by itself. */
static void missing_and_foreign(void **state)
{
    struct arena *a = arena_new("test", 1024);
    struct err err = { 0 };
    struct vault *v = vault_at("mine.key");
    struct sealed s = seal(v, a, "x", "secret"), more;
    unsigned char other[32];
    (void)state;
    vault_free(v);
    assert_int_equal(rename(scratch_path("mine.key"), scratch_path("away.key")), 0);
    v = vault_at("mine.key");
    assert_int_equal(unseal_code(v, "x", s, ""), ERR_ABSENT);
    assert_int_equal(vault_seal(v, a, "x", "y", 1, &more.at, &more.n, &err), -ERR_ABSENT);
    assert_non_null(strstr(err.text, "is missing"));
    assert_int_not_equal(access(scratch_path("mine.key"), F_OK), 0);

    randombytes_buf(other, sizeof other);
    put("mine.key", other, sizeof other, 0400);
    err_clear(&err);
    assert_int_equal(vault_seal(v, a, "x", "y", 1, &more.at, &more.n, &err), -ERR_DENIED);
    assert_non_null(strstr(err.text, "is not the one that sealed"));
    assert_int_equal(rename(scratch_path("away.key"), scratch_path("mine.key")), 0);
    assert_int_equal(unseal_code(v, "x", s, "secret"), 0);              /* without opening anything anew */
    vault_free(v);

    v = vault_at("other.key");                                          /* another folder's record */
    seal(v, a, "x", "makes its key");
    assert_int_equal(unseal_code(v, "x", s, ""), ERR_DENIED);
    vault_free(v);
    arena_free(a);
}

static void changing_the_key(void **state)
{
    struct arena *a = arena_new("test", 1024);
    struct err err = { 0 };
    struct vault *v = vault_at("turn.key"), *other;
    struct sealed old = seal(v, a, "x", "secret"), new;
    (void)state;
    assert_well(vault_rotate_begin(v, &err), &err);
    assert_false(vault_is_current(v, old.at, old.n));
    assert_int_equal(unseal_code(v, "x", old, "secret"), 0);
    new = seal(v, a, "x", "secret");
    assert_true(vault_is_current(v, new.at, new.n));

    vault_free(v);                                                      /* cut short: both open */
    v = vault_at("turn.key");
    assert_int_equal(unseal_code(v, "x", old, "secret"), 0);
    assert_int_equal(unseal_code(v, "x", new, "secret"), 0);

    other = vault_at("turn.key");                                       /* somebody works with it */
    seal(other, a, "x", "y");
    assert_int_equal(vault_rotate_begin(v, &err), -ERR_BUSY);
    vault_free(other);
    err_clear(&err);
    assert_well(vault_rotate_begin(v, &err), &err);
    assert_true(vault_is_current(v, new.at, new.n));                    /* goes on with the same new key */
    other = vault_at("turn.key");
    assert_int_equal(unseal_code(other, "x", new, ""), ERR_BUSY);       /* and nobody comes in between */
    assert_well(vault_rotate_end(v, &err), &err);
    assert_int_equal(unseal_code(other, "x", new, "secret"), 0);
    assert_int_equal(unseal_code(v, "x", old, ""), ERR_DENIED);
    assert_int_equal(access(scratch_path("turn.key.new"), F_OK), -1);
    vault_free(other);
    vault_free(v);
    arena_free(a);
}

/* A column that is named as sealed and stands in no list would be lost with the next key. */
static void every_sealed_column_is_listed(void **state)
{
    static const char sql_columns[] =
        "SELECT t.name || '.' || c.name FROM sqlite_schema t, pragma_table_info(t.name) c"
        " WHERE t.type = 'table' AND c.name LIKE '%\\_sealed' ESCAPE '\\'";
    static const char *const families[] = { "souk", "account" };
    struct err err = { 0 };
    size_t listed = 0, found = 0;
    (void)state;
    for (size_t i = 0; i < COUNT_OF(families); i++) {
        struct db *db;
        assert_well(db_open(&db, ":memory:", DB_WRITE, &err), &err);
        assert_well(db_migrate(db, families[i], i ? "views.sql" : NULL, &err), &err);
        struct stmt *s = stmt_of(db, sql_columns, &err);
        assert_non_null(s);
        while (stmt_step(db, s, &err) > 0) {
            const struct sealed_column *c = rotate_columns();
            while (c->name && !(text_is(c->family, families[i]) && text_is(c->name, stmt_text(s, 0))))
                c++;
            if (!c->name)
                fail_msg("%s is in no list of rotate.c", stmt_text(s, 0));
            found++;
        }
        for (const struct sealed_column *c = rotate_columns(); c->name; c++)
            if (text_is(c->family, families[i])) {
                assert_non_null(stmt_of(db, c->list, &err));
                assert_non_null(stmt_of(db, c->put, &err));
                listed++;
            }
        db_close(db);
    }
    assert_int_equal(found, listed);
}

static void a_folder_has_its_key_beside_it(void **state)
{
    struct err err = { 0 };
    struct arena *a = arena_new("test", 1024);
    struct folder *f;
    char path[200], key[220];
    (void)state;
    snprintf(path, sizeof path, "%s", scratch_path("data"));
    snprintf(key, sizeof key, "%s.key", path);
    assert_well(folder_open(&f, path, DB_WRITE, &err), &err);
    assert_string_equal(vault_key_path(folder_vault(f)), key);
    assert_int_equal(access(key, F_OK), -1);                            /* on first need */
    seal(folder_vault(f), a, "x", "y");
    assert_int_equal(access(key, F_OK), 0);
    assert_int_equal(access(scratch_path("data/key-id"), F_OK), 0);
    assert_well(rotate_key(f, &(const struct deed){ "local", "cli", 1 }, &err), &err);
    folder_close(f);

    assert_well(folder_open(&f, path, DB_READ, &err), &err);
    folder_key_file(f, scratch_path("elsewhere"));
    assert_string_equal(vault_key_path(folder_vault(f)), scratch_path("elsewhere"));
    folder_close(f);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_opens),
        cmocka_unit_test(secrets_are_wiped),
        cmocka_unit_test(key_files),
        cmocka_unit_test(missing_and_foreign),
        cmocka_unit_test(changing_the_key),
        cmocka_unit_test(every_sealed_column_is_listed),
        cmocka_unit_test(a_folder_has_its_key_beside_it),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
