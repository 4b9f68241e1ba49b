/* SPDX-License-Identifier: Apache-2.0 */
/* The ways in: passwords and guessing, sessions by two clocks, links that work once, second factor, tokens. */
#include "data.h"

#include <liboath/oath.h>
#include <pthread.h>
#include <sodium.h>

#include "base/zone.h"
#include "data/account.h"
#include "data/audit.h"
#include "data/factor.h"
#include "data/invite.h"
#include "data/password.h"
#include "data/rotate.h"
#include "data/session.h"
#include "data/throttle.h"
#include "data/token.h"

enum { NOW = 1795428000 };

static const struct deed local = { "local", "cli", NOW };
static const char good[] = "correct horse battery staple nine", other[] = "seven brown kettles on the moon";

struct house {
    struct folder *folder;
    struct db *souk;
    struct vault *vault;
    struct arena *a;
    struct err err;
    int64_t anna;
};

static void house_open(struct house *h, const char *name)
{
    *h = (struct house){ .a = arena_new("house", 4096) };
    assert_well(folder_open(&h->folder, scratch_path(name), DB_WRITE, &h->err), &h->err);
    assert_well(account_create(h->folder, "shop", &h->err), &h->err);
    assert_well(folder_souk(h->folder, &h->souk, &h->err), &h->err);
    h->vault = folder_vault(h->folder);
}

static void with_anna(struct house *h, const char *name)
{
    house_open(h, name);
    assert_well(people_add(h->souk, "anna@example.com", "Anna", "", &local, &h->anna, &h->err), &h->err);
    assert_well(people_set_role(h->souk, h->anna, "shop", ROLE_OWNER, &local, &h->err), &h->err);
}

static void house_close(struct house *h)
{
    err_clear(&h->err);
    assert_well(audit_verify(h->souk, 0, &h->err), &h->err);
    db_close(h->souk);
    folder_close(h->folder);
    arena_free(h->a);
}

static void refused(struct house *h, int rc, enum err_code code, const char *says)
{
    assert_int_equal(rc, -(int)code);
    if (!strstr(h->err.text, says))
        fail_msg("%s", h->err.text);
    err_clear(&h->err);
}

/* ---- passwords ------------------------------------------------------------------------------------- */

static void which_passwords_are_good_enough(void **state)
{
    static const char *const words[] = { "anna.mueller@kettleworks.example", "kettleworks", NULL };
    static const struct { const char *password; bool is_good; } cases[] = {
        { good, true }, { other, true }, { "xK9$mQ2!vLp7", true }, { "\xC3\xB6lbohrloch dampfer sieben zart", true },
        { "", false }, { "short1!", false }, { "elevenchars", false }, { "password1234", false },
        { "123456789012", false }, { "qwertyuiop12", false }, { "aaaaaaaaaaaaaaaa", false }, { "iloveyou2020", false },
        { "kettleworks1", false }, { "annamueller1", false }, { "P@ssw0rd1234", false }, { "qwerty123456", false },
        { "bad utf-8 \xFF in it here", false },
    };
    char most[PASSWORD_MOST + 2];
    struct err err = { 0 };
    enum strength s;
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        err_clear(&err);
        if ((password_check(cases[i].password, words, &s, &err) == 0) != cases[i].is_good)
            fail_msg("%s: %s", cases[i].password, err.text);
        assert_int_equal(s == STRENGTH_WEAK, !cases[i].is_good);
    }
    for (size_t i = 0; i < sizeof most; i++)
        most[i] = (char)('!' + (i * 37) % 90);
    most[PASSWORD_MOST + 1] = '\0';
    err_clear(&err);
    assert_int_equal(password_check(most, NULL, NULL, &err), -ERR_INPUT);
    most[PASSWORD_MOST] = '\0';
    err_clear(&err);
    assert_well(password_check(most, NULL, &s, &err), &err);
    assert_int_equal(s, STRENGTH_STRONG);
}

static int try(struct house *h, const char *email, const char *password, const char *address, int64_t now_s,
               int64_t *user, int64_t *retry_s)
{
    const struct password_try t = { email, password, address, "page", now_s };
    err_clear(&h->err);
    return password_try(h->souk, h->vault, &t, user, retry_s, &h->err);
}

static void right_and_wrong(void **state)
{
    struct house h;
    int64_t user, retry;
    char wrong[sizeof h.err.text];
    (void)state;
    with_anna(&h, "password");
    assert_int_equal(try(&h, "anna@example.com", good, "", NOW, &user, &retry), -ERR_DENIED);      /* none yet */
    assert_well(password_set(h.souk, h.vault, h.anna, good, 0, &local, (err_clear(&h.err), &h.err)), &h.err);
    assert_int_equal(try(&h, " Anna@Example.com", good, "192.0.2.1", NOW, &user, &retry), 0);
    assert_int_equal(user, h.anna);
    assert_int_equal(try(&h, "anna@example.com", other, "192.0.2.1", NOW, &user, &retry), -ERR_DENIED);
    assert_int_equal(user, 0);
    snprintf(wrong, sizeof wrong, "%s", h.err.text);
    assert_int_equal(try(&h, "nobody@example.com", good, "192.0.2.1", NOW, &user, &retry), -ERR_DENIED);
    assert_string_equal(h.err.text, wrong);
    assert_int_equal(try(&h, "not an e-mail", good, "192.0.2.1", NOW, &user, &retry), -ERR_DENIED);
    assert_string_equal(h.err.text, wrong);
    /* Neither passwords nor their hashes stand in the database. */
    assert_string_equal(answer(h.souk, "SELECT count(*) FROM person WHERE instr(password_sealed, 'argon2') > 0"), "0\n");
    assert_string_equal(answer(h.souk, "SELECT count(*) FROM audit WHERE args LIKE '%horse%'"), "0\n");
    house_close(&h);
}

static void older_hashes_are_made_anew(void **state)
{
    struct house h;
    int64_t user, retry;
    char weak[crypto_pwhash_STRBYTES];
    const void *sealed;
    const char *hash;
    size_t n, n_hash;
    (void)state;
    with_anna(&h, "rehash");
    assert_int_equal(crypto_pwhash_str(weak, good, strlen(good), 1, 8 << 20), 0);
    assert_well(vault_seal(h.vault, h.a, "user:1:password", weak, strlen(weak), &sealed, &n, &h.err), &h.err);
    struct stmt *s = stmt_of(h.souk, "UPDATE person SET password_sealed = :sealed", &h.err);
    bind_blob(s, 1, sealed, n);
    assert_well(stmt_run(h.souk, s, &h.err), &h.err);
    assert_int_equal(try(&h, "anna@example.com", good, "", NOW, &user, &retry), 0);
    s = stmt_of(h.souk, "SELECT password_sealed FROM person", &h.err);
    assert_int_equal(stmt_step(h.souk, s, &h.err), 1);
    sealed = stmt_blob(s, 0, &n);
    assert_well(vault_unseal(h.vault, h.a, "user:1:password", sealed, n, &hash, &n_hash, &h.err), &h.err);
    stmt_reset(s);
    assert_non_null(strstr(hash, "$argon2id$v=19$m=65536,t=3,p=1$"));
    assert_int_equal(try(&h, "anna@example.com", good, "", NOW, &user, &retry), 0);
    house_close(&h);
}

static void guessing_gets_slower(void **state)
{
    static const int64_t waits[] = { 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900 };
    struct house h;
    int64_t now = NOW, retry;
    (void)state;
    house_open(&h, "throttle");
    for (size_t i = 0; i < COUNT_OF(waits); i++) {
        assert_well(throttle_take(h.souk, THROTTLE_PERSON, "who:a", now, &retry, &h.err), &h.err);
        if (waits[i]) {
            refused(&h, throttle_take(h.souk, THROTTLE_PERSON, "who:a", now, &retry, &h.err), ERR_BUSY, "Try again in");
            assert_int_equal(retry, waits[i]);
            refused(&h, throttle_take(h.souk, THROTTLE_PERSON, "who:a", now + waits[i] - 1, &retry, &h.err), ERR_BUSY, "");
        }
        assert_well(throttle_take(h.souk, THROTTLE_PERSON, "who:b", now, &retry, &h.err), &h.err);   /* others go on */
        assert_well(throttle_good(h.souk, THROTTLE_PERSON, "who:b", &h.err), &h.err);
        now += waits[i];
    }
    now += 86400;
    for (int i = 0; i < 5; i++)                                         /* forgotten after a day */
        assert_well(throttle_take(h.souk, THROTTLE_PERSON, "who:a", now, &retry, &h.err), &h.err);
    assert_int_equal(throttle_take(h.souk, THROTTLE_PERSON, "who:a", now, &retry, &h.err), -ERR_BUSY);
    err_clear(&h.err);
    /* The clock was set back by a year: nobody waits that long. */
    assert_well(throttle_take(h.souk, THROTTLE_PERSON, "who:a", now - 31536000, &retry, &h.err), &h.err);

    for (int i = 0; i < 30; i++)
        assert_well(throttle_take(h.souk, THROTTLE_NET, "net:x", NOW + i, &retry, &h.err), &h.err);
    refused(&h, throttle_take(h.souk, THROTTLE_NET, "net:x", NOW + 31, &retry, &h.err), ERR_BUSY, "Try again in 569");
    assert_well(throttle_take(h.souk, THROTTLE_NET, "net:x", NOW + 600, &retry, &h.err), &h.err);
    assert_string_equal(throttle_net(h.a, "192.0.2.77"), "net:192.0.2.0/24");
    assert_string_equal(throttle_net(h.a, "::ffff:192.0.2.77"), "net:192.0.2.0/24");
    assert_string_equal(throttle_net(h.a, "2001:db8:0:1:2:3:4:5"), "net:2001:db8:0:1::/64");
    house_close(&h);
}

/* Twenty at once: as many as may wait get their answer, nobody gets past the throttle. */
struct crowd {
    struct house *h;
    struct db *souk;
    int code;
};

static void *one_of_many(void *what)
{
    struct crowd *c = what;
    struct err err = { 0 };
    int64_t user, retry;
    const struct password_try t = { "anna@example.com", other, "192.0.2.9", "page", NOW };
    c->code = -password_try(c->souk, c->h->vault, &t, &user, &retry, &err);
    return NULL;
}

static void many_at_once_get_five_tries(void **state)
{
    struct house h;
    struct crowd crowd[20];
    pthread_t thread[COUNT_OF(crowd)];
    int denied = 0;
    (void)state;
    with_anna(&h, "crowd");
    assert_well(password_set(h.souk, h.vault, h.anna, good, 0, &local, &h.err), &h.err);
    for (size_t i = 0; i < COUNT_OF(crowd); i++) {
        crowd[i] = (struct crowd){ &h, NULL, 0 };
        assert_well(folder_souk(h.folder, &crowd[i].souk, &h.err), &h.err);
    }
    for (size_t i = 0; i < COUNT_OF(crowd); i++)
        assert_int_equal(pthread_create(&thread[i], NULL, one_of_many, &crowd[i]), 0);
    for (size_t i = 0; i < COUNT_OF(crowd); i++) {
        pthread_join(thread[i], NULL);
        db_close(crowd[i].souk);
        assert_true(crowd[i].code == ERR_DENIED || crowd[i].code == ERR_BUSY);
        denied += crowd[i].code == ERR_DENIED;
    }
    assert_int_equal(denied, 5);
    house_close(&h);
}

/* ---- sessions -------------------------------------------------------------------------------------- */

static void sessions_end_by_either_clock(void **state)
{
    static const struct { const char *name; int64_t wall_s, steady_s; bool is_there; } cases[] = {
        { "at once", 0, 0, true },                  { "idle by both", 1800, 1800, false },
        { "just not", 1799, 1799, true },           { "idle by the wall", 1800, 10, false },
        { "idle by the steady", 10, 1800, false },  { "wall set back", -86400, 1800, false },
        { "wall set back, not idle", -86400, 100, true }, { "the machine was started anew", 100, -5000, true },
        { "started anew, idle", 1800, -5000, false },
    };
    struct house h;
    (void)state;
    with_anna(&h, "clocks");
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *id;
        struct session s;
        const struct clocks start = { NOW, 100000000 };
        const struct clocks then = { NOW + cases[i].wall_s, 100000000 + cases[i].steady_s * 1000 };
        assert_well(session_start(h.souk, h.a, h.anna, STAGE_WHOLE, "Firefox", start, &local, &id, &h.err), &h.err);
        int rc = session_find(h.souk, h.a, id, then, &s, &h.err);
        if (rc != (cases[i].is_there ? 0 : -ERR_ABSENT))
            fail_msg("%s", cases[i].name);
        err_clear(&h.err);
        if (!cases[i].is_there)                                         /* over is over */
            refused(&h, session_find(h.souk, h.a, id, start, &s, &h.err), ERR_ABSENT, "Sign in");
    }
    house_close(&h);
}

static void sessions_whole_life(void **state)
{
    struct house h;
    struct session s;
    const struct session *list;
    const char *id, *second, *renewed;
    size_t n;
    struct clocks now = { NOW, 5000 };
    (void)state;
    with_anna(&h, "sessions");
    assert_well(session_start(h.souk, h.a, h.anna, STAGE_SECOND, "Firefox", now, &local, &id, &h.err), &h.err);
    assert_int_equal(strlen(id), 43);
    assert_well(session_renew(h.souk, h.a, 1, STAGE_WHOLE, now, &local, &renewed, &h.err), &h.err);
    assert_string_not_equal(id, renewed);
    refused(&h, session_find(h.souk, h.a, id, now, &s, &h.err), ERR_ABSENT, "");
    for (int i = 0; i < 28; i++, now.wall_s += 1500, now.steady_ms += 1500000)      /* in use all the time: 12 hours */
        assert_well(session_find(h.souk, h.a, renewed, now, &s, &h.err), &h.err);
    assert_int_equal(s.stage, STAGE_WHOLE);
    assert_int_equal(s.proven_age_s, 27 * 1500);
    now.wall_s += 1200;
    refused(&h, session_find(h.souk, h.a, renewed, now, &s, &h.err), ERR_ABSENT, "");
    assert_string_equal(answer(h.souk, "SELECT count(*) FROM session"), "0\n");

    now = (struct clocks){ NOW, 5000 };
    assert_well(session_start(h.souk, h.a, h.anna, STAGE_WHOLE, "a", now, &local, &id, &h.err), &h.err);
    assert_well(session_start(h.souk, h.a, h.anna, STAGE_WHOLE, "b", now, &local, &second, &h.err), &h.err);
    assert_well(session_start(h.souk, h.a, h.anna, STAGE_SECOND, "c", now, &local, &renewed, &h.err), &h.err);
    assert_well(session_list(h.souk, h.a, h.anna, now, &list, &n, &h.err), &h.err);
    assert_int_equal(n, 3);
    assert_string_equal(list[0].label, "c");
    refused(&h, session_end(h.souk, h.anna + 1, list[0].no, &local, &h.err), ERR_ABSENT, "no such session");
    assert_well(session_end(h.souk, h.anna, list[0].no, &local, &h.err), &h.err);
    assert_int_equal(session_end_others(h.souk, h.anna, list[1].no, &local, &h.err), 1);
    assert_well(session_find(h.souk, h.a, second, now, &s, &h.err), &h.err);
    assert_well(password_set(h.souk, h.vault, h.anna, good, s.no, &local, &h.err), &h.err);
    assert_well(session_find(h.souk, h.a, second, now, &s, &h.err), &h.err);
    assert_well(password_set(h.souk, h.vault, h.anna, other, 0, &local, &h.err), &h.err);
    refused(&h, session_find(h.souk, h.a, second, now, &s, &h.err), ERR_ABSENT, "");
    refused(&h, session_find(h.souk, h.a, "", now, &s, &h.err), ERR_ABSENT, "");
    house_close(&h);
}

/* ---- links ------------------------------------------------------------------------------------------ */

static void the_first_owner_is_set_up_once(void **state)
{
    struct house h;
    const char *old, *secret;
    struct invite i;
    struct who who;
    int64_t user, retry;
    struct deed later = local;
    const struct invite_answer anna = { "anna@example.com", "Anna", "", good };
    (void)state;
    house_open(&h, "setup");
    assert_well(invite_setup(h.souk, h.a, &local, &old, &h.err), &h.err);
    assert_well(invite_setup(h.souk, h.a, &local, &secret, &h.err), &h.err);
    refused(&h, invite_look(h.souk, h.a, old, NOW, &i, &h.err), ERR_ABSENT, "Ask for a new one");
    assert_well(invite_look(h.souk, h.a, secret, NOW + 1799, &i, &h.err), &h.err);
    assert_int_equal(i.purpose, INVITE_SETUP);
    later.now_s = NOW + 1800;
    refused(&h, invite_take(h.souk, h.vault, secret, &anna, &later, &user, &h.err), ERR_ABSENT, "too old");
    assert_well(invite_take(h.souk, h.vault, secret, &anna, &local, &user, &h.err), &h.err);
    refused(&h, invite_take(h.souk, h.vault, secret, &anna, &local, &user, &h.err), ERR_ABSENT, "used already");
    refused(&h, invite_setup(h.souk, h.a, &local, &secret, &h.err), ERR_DENIED, "set up already");
    assert_int_equal(try(&h, "anna@example.com", good, "", NOW, &user, &retry), 0);
    assert_well(people_who(h.souk, h.a, user, "shop", &who, &h.err), &h.err);
    assert_int_equal(who.role, ROLE_OWNER);
    house_close(&h);
}

static void invitations_and_resets(void **state)
{
    struct house h;
    const char *secret, *again;
    struct invite i;
    const struct invite *list;
    struct who who;
    struct session s;
    size_t n;
    int64_t berta, dora, user, retry;
    const struct invite_answer new = { NULL, "Berta", "", good }, known = { 0 }, reset = { .password = other };
    struct clocks now = { NOW, 5000 };
    (void)state;
    with_anna(&h, "invite");
    assert_well(account_create(h.folder, "second", &h.err), &h.err);
    assert_well(invite_join(h.souk, h.a, "berta@example.com", "shop", ROLE_STAFF, &local, &secret, &h.err), &h.err);
    assert_well(invite_list(h.souk, h.a, "shop", NOW, &list, &n, &h.err), &h.err);
    assert_int_equal(n, 1);
    assert_int_equal(list[0].role, ROLE_STAFF);
    assert_well(invite_take(h.souk, h.vault, secret, &new, &local, &berta, &h.err), &h.err);
    assert_well(people_who(h.souk, h.a, berta, "shop", &who, &h.err), &h.err);
    assert_int_equal(who.role, ROLE_STAFF);
    /* Somebody known keeps the password and gets the role. */
    assert_well(invite_join(h.souk, h.a, "berta@example.com", "second", ROLE_VIEWER, &local, &secret, &h.err), &h.err);
    assert_well(invite_look(h.souk, h.a, secret, NOW, &i, &h.err), &h.err);
    assert_true(i.is_known);
    assert_well(invite_take(h.souk, h.vault, secret, &known, &local, &user, &h.err), &h.err);
    assert_int_equal(user, berta);
    assert_int_equal(try(&h, "berta@example.com", good, "", NOW, &user, &retry), 0);

    /* Who is in is not invited, nor is their role changed by an invitation from before. */
    refused(&h, invite_join(h.souk, h.a, "berta@example.com", "shop", ROLE_OWNER, &local, &secret, &h.err), ERR_DENIED,
            "is a user of shop already");
    assert_well(invite_join(h.souk, h.a, "d@example.com", "shop", ROLE_VIEWER, &local, &secret, &h.err), &h.err);
    assert_well(invite_join(h.souk, h.a, "d@example.com", "shop", ROLE_OWNER, &local, &again, &h.err), &h.err);
    assert_well(invite_take(h.souk, h.vault, secret, &new, &local, &dora, &h.err), &h.err);
    refused(&h, invite_take(h.souk, h.vault, again, &known, &local, &user, &h.err), ERR_DENIED, "is a user of shop already");
    assert_well(people_who(h.souk, h.a, dora, "shop", &who, &h.err), &h.err);
    assert_int_equal(who.role, ROLE_VIEWER);

    assert_well(invite_join(h.souk, h.a, "c@example.com", "shop", ROLE_VIEWER, &local, &secret, &h.err), &h.err);
    assert_well(invite_list(h.souk, h.a, "shop", NOW, &list, &n, &h.err), &h.err);
    refused(&h, invite_end(h.souk, "second", list[0].no, &local, &h.err), ERR_ABSENT, "no such invitation");
    assert_well(invite_end(h.souk, "shop", list[0].no, &local, &h.err), &h.err);
    refused(&h, invite_look(h.souk, h.a, secret, NOW, &i, &h.err), ERR_ABSENT, "");

    assert_well(session_start(h.souk, h.a, berta, STAGE_WHOLE, "a", now, &local, &again, &h.err), &h.err);
    assert_well(invite_reset(h.souk, h.a, berta, &local, &secret, &h.err), &h.err);
    assert_int_equal(try(&h, "berta@example.com", good, "", NOW, &user, &retry), 0);       /* until it is used */
    assert_well(invite_take(h.souk, h.vault, secret, &reset, &local, &user, &h.err), &h.err);
    assert_int_equal(try(&h, "berta@example.com", good, "", NOW, &user, &retry), -ERR_DENIED);
    assert_int_equal(try(&h, "berta@example.com", other, "", NOW, &user, &retry), 0);
    refused(&h, session_find(h.souk, h.a, again, now, &s, &h.err), ERR_ABSENT, "");
    house_close(&h);
}

/* ---- second factor ----------------------------------------------------------------------------------- */

static const char *code_at(const char *base32, int64_t at_s)
{
    static char out[4][7];
    static unsigned next;
    char *seed, *to = out[next++ % 4];
    size_t n;
    assert_int_equal(oath_base32_decode(base32, strlen(base32), &seed, &n), OATH_OK);
    assert_int_equal(n, 20);
    assert_int_equal(oath_totp_generate(seed, n, (time_t)at_s, 30, 0, 6, to), OATH_OK);
    free(seed);
    return to;
}

static int code(struct house *h, const char *typed, int64_t now_s, bool *was_recovery)
{
    const struct deed by = { "anna@example.com", "page", now_s };
    int64_t retry;
    err_clear(&h->err);
    return factor_try(h->souk, h->vault, h->anna, typed, &by, was_recovery, &retry, &h->err);
}

static void codes_work_once(void **state)
{
    struct house h;
    const char *uri, *seed, *again, *codes[FACTOR_CODES];
    struct person p;
    bool was_recovery;
    int64_t retry, n, at = NOW;
    (void)state;
    with_anna(&h, "factor");
    assert_int_equal(factor_is_needed(h.souk, h.anna, &h.err), 1);
    refused(&h, factor_confirm(h.souk, h.vault, h.a, h.anna, "123456", &local, codes, &retry, &h.err), ERR_ABSENT, "Begin");
    assert_well(factor_begin(h.souk, h.vault, h.a, h.anna, &local, &uri, &seed, &h.err), &h.err);
    assert_non_null(strstr(uri, "otpauth://totp/Souk:anna%40example.com?secret="));
    assert_well(factor_shown(h.souk, h.vault, h.a, h.anna, &uri, &again, &h.err), &h.err);
    assert_string_equal(seed, again);
    assert_int_equal(code(&h, code_at(seed, at), at, &was_recovery), -ERR_DENIED);         /* not in force yet */
    err_clear(&h.err);
    refused(&h, factor_confirm(h.souk, h.vault, h.a, h.anna, code_at(seed, at - 600), &local, codes, &retry, &h.err),
            ERR_INPUT, "code is wrong");
    assert_well(factor_confirm(h.souk, h.vault, h.a, h.anna, code_at(seed, at), &local, codes, &retry, &h.err), &h.err);
    assert_well(people_get(h.souk, h.a, h.anna, &p, &h.err), &h.err);
    assert_true(p.has_factor);
    assert_int_equal(code(&h, code_at(seed, at), at, &was_recovery), -ERR_DENIED);         /* that one was used */
    at += 60;
    assert_int_equal(code(&h, code_at(seed, at - 30), at, &was_recovery), 0);              /* a slow device */
    assert_int_equal(code(&h, code_at(seed, at + 30), at, &was_recovery), 0);              /* a fast one */
    assert_int_equal(code(&h, code_at(seed, at), at, &was_recovery), -ERR_DENIED);         /* older than the last */
    at += 300;
    assert_int_equal(code(&h, code_at(seed, at - 60), at, &was_recovery), -ERR_DENIED);
    assert_int_equal(code(&h, code_at(seed, at + 60), at, &was_recovery), -ERR_DENIED);
    assert_int_equal(code(&h, "", at, &was_recovery), -ERR_DENIED);
    char spaced[10];
    snprintf(spaced, sizeof spaced, "%.3s %.3s", code_at(seed, at), code_at(seed, at) + 3);
    assert_int_equal(code(&h, spaced, at, &was_recovery), 0);
    assert_false(was_recovery);

    char lower[24];
    snprintf(lower, sizeof lower, "%s", codes[3]);
    for (char *c = lower; *c; c++)
        *c = *c >= 'A' && *c <= 'Z' ? (char)(*c + 32) : *c;
    assert_int_equal(code(&h, lower, at, &was_recovery), 0);
    assert_true(was_recovery);
    assert_int_equal(code(&h, codes[3], at, &was_recovery), -ERR_DENIED);
    assert_well(factor_codes_left(h.souk, h.anna, &n, (err_clear(&h.err), &h.err)), &h.err);
    assert_int_equal(n, 9);
    for (int i = 0; i < 4; i++)                                         /* the fifth wrong one makes one wait */
        code(&h, "000000", at, &was_recovery);
    assert_int_equal(code(&h, codes[4], at, &was_recovery), -ERR_BUSY);
    assert_int_equal(code(&h, codes[4], at + 1, &was_recovery), 0);

    assert_well(rotate_key(h.folder, &local, &h.err), &h.err);                  /* a new key: the seed is the same */
    at += 60;
    assert_int_equal(code(&h, code_at(seed, at), at, &was_recovery), 0);
    const struct deed by = { "anna@example.com", "page", at };
    const char *fresh[FACTOR_CODES];
    assert_well(factor_new_codes(h.souk, h.a, h.anna, &by, fresh, &h.err), &h.err);
    assert_int_equal(code(&h, codes[5], at, &was_recovery), -ERR_DENIED);
    assert_int_equal(code(&h, fresh[5], at, &was_recovery), 0);
    assert_well(factor_drop(h.souk, h.anna, &by, &h.err), &h.err);
    assert_int_equal(code(&h, fresh[6], at, &was_recovery), -ERR_DENIED);
    house_close(&h);
}

static void a_qr_code_has_its_corners(void **state)
{
    struct arena *a = arena_new("qr", 8192);
    struct err err = { 0 };
    const unsigned char *m;
    unsigned side;
    (void)state;
    assert_well(factor_qr(a, "otpauth://totp/Souk:anna%40example.com?secret=JBSWY3DPEHPK3PXP", &m, &side, &err), &err);
    assert_int_equal((side - 17) % 4, 0);
    for (unsigned i = 0; i < 7; i++) {                                  /* the edges of three finder patterns */
        assert_int_equal(m[i], 1);
        assert_int_equal(m[side - 1 - i], 1);
        assert_int_equal(m[(side - 1) * side + i], 1);
    }
    assert_int_equal(m[7], 0);
    char *much = arena_zero(a, 4000);
    memset(much, 'x', 3999);
    assert_int_equal(factor_qr(a, much, &m, &side, &err), -ERR_INPUT);
    arena_free(a);
}

/* ---- tokens ------------------------------------------------------------------------------------------ */

static void tokens_are_narrow_and_end(void **state)
{
    struct house h;
    struct who who;
    const char *secret, *ignored;
    const struct token *list;
    size_t n;
    struct token t = { .title = "stock robot", .account = "shop", .at_most = RIGHT_VIEW, .objects = "widget:sales page:*",
                       .ends_s = NOW + 86400 };
    (void)state;
    with_anna(&h, "tokens");
    t.user = h.anna;
    assert_well(token_make(h.souk, h.a, &t, &local, &secret, &h.err), &h.err);
    assert_int_equal(strncmp(secret, "souk_", 5), 0);
    assert_int_equal(strlen(secret), 48);
    assert_well(token_who(h.souk, h.a, secret, NOW, &who, &h.err), &h.err);
    assert_string_equal(who.account, "shop");
    assert_true(authz(&who, RIGHT_VIEW, "widget:sales"));
    assert_true(authz(&who, RIGHT_VIEW, "page:imports"));
    assert_false(authz(&who, RIGHT_VIEW, "widget:orders"));
    assert_false(authz(&who, RIGHT_EDIT, "widget:sales"));
    refused(&h, token_who(h.souk, h.a, secret, NOW + 86400, &who, &h.err), ERR_ABSENT, "has ended");
    refused(&h, token_who(h.souk, h.a, "souk_", NOW, &who, &h.err), ERR_ABSENT, "no such API token");
    assert_well(token_list(h.souk, h.a, h.anna, &list, &n, &h.err), &h.err);
    assert_int_equal(n, 1);
    assert_int_equal(list[0].used_s, NOW);
    refused(&h, token_end(h.souk, h.anna + 1, list[0].no, &local, &h.err), ERR_ABSENT, "no token");
    assert_well(token_end(h.souk, h.anna, list[0].no, &local, &h.err), &h.err);
    refused(&h, token_who(h.souk, h.a, secret, NOW, &who, &h.err), ERR_ABSENT, "");

    t.ends_s = NOW;
    refused(&h, token_make(h.souk, h.a, &t, &local, &ignored, &h.err), ERR_INPUT, "366 days");
    t.ends_s = NOW + 400 * INT64_C(86400);
    refused(&h, token_make(h.souk, h.a, &t, &local, &ignored, &h.err), ERR_INPUT, "366 days");
    t.ends_s = NOW + 10;
    t.objects = "sales";
    refused(&h, token_make(h.souk, h.a, &t, &local, &ignored, &h.err), ERR_INPUT, "none of them");
    t.objects = "";
    t.account = "nowhere";
    refused(&h, token_make(h.souk, h.a, &t, &local, &ignored, &h.err), ERR_DENIED, "no role");
    /* A token goes with the role, and is less when the role becomes less. */
    int64_t berta;
    t.account = "shop";
    t.at_most = RIGHT_EDIT;
    assert_well(people_add(h.souk, "b@example.com", "B", "", &local, &berta, &h.err), &h.err);
    assert_well(people_set_role(h.souk, berta, "shop", ROLE_ADMIN, &local, &h.err), &h.err);
    t.user = berta;
    assert_well(token_make(h.souk, h.a, &t, &local, &secret, &h.err), &h.err);
    assert_well(token_who(h.souk, h.a, secret, NOW, &who, &h.err), &h.err);
    assert_true(authz(&who, RIGHT_EDIT, "widget:sales"));
    assert_well(people_set_role(h.souk, berta, "shop", ROLE_VIEWER, &local, &h.err), &h.err);
    assert_well(token_who(h.souk, h.a, secret, NOW, &who, &h.err), &h.err);
    assert_false(authz(&who, RIGHT_EDIT, "widget:sales"));
    assert_well(people_set_role(h.souk, berta, "shop", 0, &local, &h.err), &h.err);
    refused(&h, token_who(h.souk, h.a, secret, NOW, &who, &h.err), ERR_ABSENT, "");
    house_close(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(which_passwords_are_good_enough),
        cmocka_unit_test(right_and_wrong),
        cmocka_unit_test(older_hashes_are_made_anew),
        cmocka_unit_test(guessing_gets_slower),
        cmocka_unit_test(many_at_once_get_five_tries),
        cmocka_unit_test(sessions_end_by_either_clock),
        cmocka_unit_test(sessions_whole_life),
        cmocka_unit_test(the_first_owner_is_set_up_once),
        cmocka_unit_test(invitations_and_resets),
        cmocka_unit_test(codes_work_once),
        cmocka_unit_test(a_qr_code_has_its_corners),
        cmocka_unit_test(tokens_are_narrow_and_end),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
