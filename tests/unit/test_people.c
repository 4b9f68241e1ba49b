/* SPDX-License-Identifier: Apache-2.0 */
/* People and rights: every role against every kind of object, grants, tokens' limits; the last owner; the log. */
#include "data.h"

#include "data/account.h"
#include "data/audit.h"
#include "data/authz.h"
#include "data/people.h"

static const struct deed local = { "local", "cli", 1795428000 };

/* ---- authz --------------------------------------------------------------------------------------- */

static void roles_and_objects(void **state)
{
    static const struct grant grants[] = {
        { "widget:*", MAY_VIEW }, { "widget:sales", MAY_NONE }, { "widget:cases", MAY_EDIT },
        { "settings:*", MAY_EDIT }, { "settings:tax", MAY_VIEW }, { "page:imports", MAY_EDIT },
    };
    /* the highest right of viewer, staff without and with these grants, admin, owner; - none */
    static const struct { const char *object, *most; } cases[] = {
        { "widget:orders", "v-vao" },       { "widget:sales", "v--ao" },        { "widget:cases", "v-eao" },
        { "page:home", "vvvao" },           { "page:help", "vvvao" },           { "page:imports", "v-eao" },
        { "page:audit", "---ao" },          { "page:people", "---ao" },         { "settings:business", "v-eao" },
        { "settings:deposit", "---ao" },    { "settings:tax", "--vao" },        { "command:case.reply", "v--ao" },
        { "nonsense", "-----" },            { "widget:", "-----" },             { "widget:a b", "-----" },
        { "", "-----" },                    { "widgets:sales", "-----" },
    };
    struct who who[] = {
        who_of("v", ROLE_VIEWER), who_of("s", ROLE_STAFF), who_of("g", ROLE_STAFF), who_of("a", ROLE_ADMIN),
        who_of("o", ROLE_OWNER),
    };
    struct who nobody = who_of("-", 0);
    (void)state;
    who[2].grant = grants;
    who[2].n_grants = COUNT_OF(grants);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char most[COUNT_OF(who) + 1] = "";
        for (size_t k = 0; k < COUNT_OF(who); k++) {
            most[k] = '-';
            for (enum right r = RIGHT_VIEW; r <= RIGHT_OWNER; r++)
                if (authz(&who[k], r, cases[i].object))
                    most[k] = right_word(r)[0];
        }
        if (strcmp(most, cases[i].most) != 0)
            fail_msg("%s: %s", cases[i].object, most);
        for (enum right r = 0; r <= RIGHT_OWNER + 1; r++)
            assert_false(authz(&nobody, r, cases[i].object));
    }
    assert_false(authz(&who[4], 0, "widget:sales"));                    /* a right that was not chosen */
    assert_false(authz(&who[4], RIGHT_OWNER + 1, "widget:sales"));
    struct who me = who_local();
    assert_true(authz(&me, RIGHT_OWNER, "settings:deposit"));
}

static void a_token_narrows(void **state)
{
    static const struct grant scope[] = { { "widget:sales", 0 }, { "settings:*", 0 } };
    struct who who = who_of("o", ROLE_OWNER);
    (void)state;
    who.at_most = RIGHT_VIEW;
    assert_true(authz(&who, RIGHT_VIEW, "widget:orders"));
    assert_false(authz(&who, RIGHT_EDIT, "widget:orders"));
    who.scope = scope;
    who.n_scopes = COUNT_OF(scope);
    assert_true(authz(&who, RIGHT_VIEW, "widget:sales"));
    assert_true(authz(&who, RIGHT_VIEW, "settings:business"));
    assert_false(authz(&who, RIGHT_VIEW, "widget:orders"));
    assert_false(authz(&who, RIGHT_VIEW, "page:home"));
    who.role = ROLE_STAFF;                                              /* never more than its user */
    who.at_most = RIGHT_EDIT;
    assert_false(authz(&who, RIGHT_VIEW, "widget:sales"));
}

static void words(void **state)
{
    (void)state;
    for (enum right r = RIGHT_VIEW; r <= RIGHT_OWNER; r++)
        assert_int_equal(right_named(right_word(r)), r);
    for (enum role r = ROLE_VIEWER; r <= ROLE_OWNER; r++)
        assert_int_equal(role_named(role_word(r)), r);
    for (enum may m = MAY_NONE; m <= MAY_EDIT; m++)
        assert_int_equal(may_named(may_word(m)), m);
    assert_int_equal(role_named("root"), 0);
    assert_int_equal(role_named(""), 0);
    assert_string_equal(role_word(9), "");
}

/* ---- people -------------------------------------------------------------------------------------- */

struct house {
    struct folder *folder;
    struct db *souk;
    struct arena *a;
    struct err err;
};

static void house_open(struct house *h, const char *name)
{
    *h = (struct house){ .a = arena_new("house", 4096) };
    assert_well(folder_open(&h->folder, scratch_path(name), DB_WRITE, &h->err), &h->err);
    assert_well(account_create(h->folder, "shop", &h->err), &h->err);
    assert_well(account_create(h->folder, "other", &h->err), &h->err);
    assert_well(folder_souk(h->folder, &h->souk, &h->err), &h->err);
}

static void house_close(struct house *h)
{
    err_clear(&h->err);
    assert_well(audit_verify(h->souk, 0, &h->err), &h->err);
    db_close(h->souk);
    folder_close(h->folder);
    arena_free(h->a);
}

static int64_t add(struct house *h, const char *email)
{
    int64_t no = 0;
    assert_well(people_add(h->souk, email, "Some Body", "", &local, &no, &h->err), &h->err);
    return no;
}

/* What it takes to count as an owner who can sign in. */
static void has_password(struct house *h, int64_t no)
{
    char sql[100];
    snprintf(sql, sizeof sql, "UPDATE person SET password_sealed = x'00' WHERE no = %lld", (long long)no);
    run_sql(h->souk, sql);
}

static void refused(struct house *h, int rc, enum err_code code, const char *says)
{
    assert_int_equal(rc, -(int)code);
    if (!strstr(h->err.text, says))
        fail_msg("%s", h->err.text);
    err_clear(&h->err);
}

static void emails(void **state)
{
    static const struct { const char *typed, *kept; } cases[] = {
        { "anna@example.com", "anna@example.com" }, { "  Anna@Example.COM \n", "anna@example.com" },
        { "a@b", "a@b" }, { "j\xC3\xB6rg@example.de", "j\xC3\xB6rg@example.de" },
        { "", NULL }, { "anna", NULL }, { "@b.de", NULL }, { "a@", NULL }, { "a@@b", NULL }, { "a b@c.de", NULL },
        { "a@b\nc", NULL }, { "<a@b.de>", NULL }, { "a@b.", NULL }, { "a@.b", NULL }, { "a\xFF@b.de", NULL },
    };
    struct arena *a = arena_new("test", 1024);
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct err err = { 0 };
        const char *email;
        int rc = people_email(a, cases[i].typed, &email, &err);
        assert_int_equal(rc, cases[i].kept ? 0 : -ERR_INPUT);
        if (cases[i].kept)
            assert_string_equal(email, cases[i].kept);
    }
    arena_free(a);
}

static void persons_come_and_are_listed(void **state)
{
    struct house h;
    struct person p;
    const struct person *list;
    int64_t n, no;
    size_t many;
    (void)state;
    house_open(&h, "listed");
    assert_well(people_count(h.souk, &n, &h.err), &h.err);
    assert_int_equal(n, 0);
    int64_t anna = add(&h, "anna@example.com");
    for (int i = 0; i < 9; i++) {
        char email[40];
        snprintf(email, sizeof email, "b%d@example.com", i);
        add(&h, email);
    }
    refused(&h, people_add(h.souk, "anna@example.com", "x", "", &local, &no, &h.err), ERR_BUSY, "already");
    refused(&h, people_add(h.souk, "c@example.com", "a\nb", "", &local, &no, &h.err), ERR_INPUT, "one line");
    assert_well(people_list(h.souk, h.a, NULL, &list, &many, &h.err), &h.err);
    assert_int_equal(many, 10);
    assert_string_equal(list[9].email, "b8@example.com");
    assert_well(people_rename(h.souk, anna, "Anna \"A\" M\xC3\xBCller", "en", &local, &h.err), &h.err);
    assert_well(people_find(h.souk, h.a, "anna@example.com", &p, &h.err), &h.err);
    assert_int_equal(p.no, anna);
    assert_string_equal(p.name, "Anna \"A\" M\xC3\xBCller");
    assert_false(p.has_password || p.has_factor || p.is_disabled);
    refused(&h, people_find(h.souk, h.a, "nobody@example.com", &p, &h.err), ERR_ABSENT, "no user nobody@example.com");
    refused(&h, people_rename(h.souk, 99, "x", "", &local, &h.err), ERR_ABSENT, "number 99");
    assert_string_equal(answer(h.souk, "SELECT actor, via, command, ref, args, result FROM audit WHERE no IN (1, 11)"),
        "local|cli|user.add|user:1|{\"email\":\"anna@example.com\",\"name\":\"Some Body\"}|ok\n"
        "local|cli|user.rename|user:1|{\"name\":\"Anna \\\"A\\\" M\xC3\xBCller\",\"language\":\"en\"}|ok\n");
    assert_well(people_set_role(h.souk, anna, "shop", ROLE_VIEWER, &local, &h.err), &h.err);
    assert_well(people_list(h.souk, h.a, "shop", &list, &many, &h.err), &h.err);
    assert_int_equal(many, 1);
    house_close(&h);
}

static void roles_count_at_once(void **state)
{
    struct house h;
    struct who who;
    const struct person_role *roles;
    size_t n;
    (void)state;
    house_open(&h, "roles");
    int64_t anna = add(&h, "anna@example.com");
    assert_well(people_who(h.souk, h.a, anna, "shop", &who, &h.err), &h.err);
    assert_int_equal(who.role, 0);
    assert_string_equal(who.name, "anna@example.com");
    refused(&h, people_grant(h.souk, anna, "shop", "widget:sales", MAY_VIEW, &local, &h.err), ERR_INPUT, "Only staff");
    assert_well(people_set_role(h.souk, anna, "shop", ROLE_STAFF, &local, &h.err), &h.err);
    assert_well(people_grant(h.souk, anna, "shop", "widget:sales", MAY_VIEW, &local, &h.err), &h.err);
    assert_well(people_grant(h.souk, anna, "shop", "widget:sales", MAY_EDIT, &local, &h.err), &h.err);
    assert_well(people_who(h.souk, h.a, anna, "shop", &who, &h.err), &h.err);
    assert_true(authz(&who, RIGHT_EDIT, "widget:sales"));
    assert_false(authz(&who, RIGHT_VIEW, "widget:orders"));
    assert_well(people_who(h.souk, h.a, anna, "other", &who, &h.err), &h.err);  /* an account of somebody else */
    assert_false(authz(&who, RIGHT_VIEW, "widget:sales"));
    assert_well(people_who(h.souk, h.a, anna, NULL, &who, &h.err), &h.err);
    assert_false(authz(&who, RIGHT_VIEW, "page:home"));
    refused(&h, people_grant(h.souk, anna, "shop", "sales", MAY_VIEW, &local, &h.err), ERR_INPUT, "can be granted");
    refused(&h, people_set_role(h.souk, anna, "nowhere", ROLE_STAFF, &local, &h.err), ERR_ABSENT, "nowhere");
    refused(&h, people_set_role(h.souk, 99, "shop", ROLE_STAFF, &local, &h.err), ERR_ABSENT, "99");

    assert_well(people_grant(h.souk, anna, "shop", "widget:sales", 0, &local, &h.err), &h.err);
    assert_well(people_who(h.souk, h.a, anna, "shop", &who, &h.err), &h.err);
    assert_false(authz(&who, RIGHT_VIEW, "widget:sales"));
    assert_well(people_grant(h.souk, anna, "shop", "widget:*", MAY_VIEW, &local, &h.err), &h.err);
    assert_well(people_set_role(h.souk, anna, "shop", ROLE_VIEWER, &local, &h.err), &h.err);
    assert_well(people_set_role(h.souk, anna, "shop", ROLE_STAFF, &local, &h.err), &h.err);
    assert_well(people_who(h.souk, h.a, anna, "shop", &who, &h.err), &h.err);
    assert_int_equal(who.n_grants, 0);                                  /* old grants do not come back */
    assert_well(people_set_role(h.souk, anna, "other", ROLE_ADMIN, &local, &h.err), &h.err);
    assert_well(people_roles(h.souk, h.a, anna, &roles, &n, &h.err), &h.err);
    assert_int_equal(n, 2);
    assert_string_equal(roles[0].account, "other");
    assert_int_equal(roles[1].role, ROLE_STAFF);
    house_close(&h);
}

static void the_last_owner_stays(void **state)
{
    struct house h;
    (void)state;
    house_open(&h, "owner");
    int64_t anna = add(&h, "anna@example.com"), berta = add(&h, "berta@example.com");
    has_password(&h, anna);
    assert_well(people_set_role(h.souk, anna, "shop", ROLE_OWNER, &local, &h.err), &h.err);
    refused(&h, people_set_role(h.souk, anna, "shop", ROLE_ADMIN, &local, &h.err), ERR_DENIED, "only owner of the account shop");
    refused(&h, people_set_role(h.souk, anna, "shop", 0, &local, &h.err), ERR_DENIED, "only owner");
    refused(&h, people_disable(h.souk, anna, true, &local, &h.err), ERR_DENIED, "only owner");
    assert_well(people_set_role(h.souk, berta, "shop", ROLE_OWNER, &local, &h.err), &h.err);
    refused(&h, people_disable(h.souk, anna, true, &local, &h.err), ERR_DENIED, "only owner");     /* berta cannot sign in */
    has_password(&h, berta);
    assert_well(people_disable(h.souk, anna, true, &local, &h.err), &h.err);
    refused(&h, people_set_role(h.souk, berta, "shop", 0, &local, &h.err), ERR_DENIED, "only owner");  /* anna is disabled */
    assert_well(people_disable(h.souk, anna, false, &local, &h.err), &h.err);
    assert_well(people_set_role(h.souk, berta, "shop", 0, &local, &h.err), &h.err);
    /* What was refused left nothing in the log. */
    assert_string_equal(answer(h.souk, "SELECT command, ref, args FROM audit WHERE no > 2"),
        "user.role|user:1|{\"account\":\"shop\",\"role\":\"owner\"}\n"
        "user.role|user:2|{\"account\":\"shop\",\"role\":\"owner\"}\n"
        "user.disable|user:1|{}\nuser.enable|user:1|{}\n"
        "user.role|user:2|{\"account\":\"shop\",\"role\":\"none\"}\n");
    house_close(&h);
}

static void who_is_disabled_loses_all(void **state)
{
    struct house h;
    struct who who;
    (void)state;
    house_open(&h, "disabled");
    int64_t anna = add(&h, "anna@example.com");
    assert_well(people_set_role(h.souk, anna, "shop", ROLE_VIEWER, &local, &h.err), &h.err);
    run_sql(h.souk, "INSERT INTO session (hash, person, stage, label, created_s, created_ms, seen_s, seen_ms, proven_s,"
                    " proven_ms) VALUES (x'01', 1, 'whole', '', 0, 0, 0, 0, 0, 0)");
    run_sql(h.souk, "INSERT INTO api_token (hash, person, title, account, at_most, objects, created_s, ends_s)"
                    " VALUES (x'02', 1, '', 'shop', 'view', '', 0, 0)");
    assert_well(people_disable(h.souk, anna, true, &local, &h.err), &h.err);
    assert_string_equal(answer(h.souk, "SELECT (SELECT count(*) FROM session), (SELECT count(*) FROM api_token)"), "0|0\n");
    refused(&h, people_who(h.souk, h.a, anna, "shop", &who, &h.err), ERR_DENIED, "is disabled");
    assert_int_equal(who.role, 0);
    assert_int_equal(people_disable(h.souk, 99, true, &local, &h.err), -ERR_ABSENT);
    house_close(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(roles_and_objects),
        cmocka_unit_test(a_token_narrows),
        cmocka_unit_test(words),
        cmocka_unit_test(emails),
        cmocka_unit_test(persons_come_and_are_listed),
        cmocka_unit_test(roles_count_at_once),
        cmocka_unit_test(the_last_owner_stays),
        cmocka_unit_test(who_is_disabled_loses_all),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
