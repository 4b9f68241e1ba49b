/* SPDX-License-Identifier: Apache-2.0 */
/*
 * throttle.c: how often something may be guessed.
 *
 * in:     attempts
 * out:    rows of throttle
 * knows:  db
 */
#include "throttle.h"

#include <arpa/inet.h>
#include <string.h>

enum { FREE = 5, MOST_S = 900, FORGOTTEN_S = 86400, NET_FAILURES = 30, NET_S = 600 };

char *throttle_net(struct arena *a, const char *address)
{
    unsigned char at[16];
    char text[INET6_ADDRSTRLEN];
    static const unsigned char mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF };
    if (inet_pton(AF_INET6, address, at) == 1) {
        if (memcmp(at, mapped, sizeof mapped) == 0)
            return arena_printf(a, "net:%d.%d.%d.0/24", at[12], at[13], at[14]);
        memset(at + 8, 0, 8);
        return arena_printf(a, "net:%s/64", inet_ntop(AF_INET6, at, text, sizeof text));
    }
    if (inet_pton(AF_INET, address, at) == 1)
        return arena_printf(a, "net:%d.%d.%d.0/24", at[0], at[1], at[2]);
    return arena_printf(a, "net:%.80s", address);
}

static const char sql_get[] =
    "SELECT failures, since_s, until_s FROM throttle"
    " WHERE key = :key";

static const char sql_put[] =
    "INSERT INTO throttle (key, failures, since_s, until_s)"
    " VALUES (:key, :failures, :since_s, :until_s)"
    " ON CONFLICT (key) DO UPDATE"
    " SET failures = excluded.failures, since_s = excluded.since_s, until_s = excluded.until_s";

static const char sql_old[] =
    "DELETE FROM throttle"
    " WHERE until_s < :old_s AND since_s < :old_s";

struct tries {
    int64_t failures, since_s, until_s;
};

static struct tries one_more(enum throttle_rule rule, struct tries t, int64_t now_s)
{
    bool is_over = rule == THROTTLE_NET ? now_s - t.since_s >= NET_S : now_s - t.until_s >= FORGOTTEN_S;
    if (!t.failures || is_over || now_s < t.since_s - NET_S)            /* or the clock was set back */
        t = (struct tries){ 0, now_s, now_s };
    t.failures++;
    if (rule == THROTTLE_NET)
        t.until_s = t.failures >= NET_FAILURES ? t.since_s + NET_S : now_s;
    else if (t.failures >= FREE)
        t.until_s = now_s + (t.failures - FREE < 10 ? INT64_C(1) << (t.failures - FREE) : MOST_S);
    if (t.until_s > now_s + MOST_S)
        t.until_s = now_s + MOST_S;
    return t;
}

static int put(struct db *souk, const char *key, struct tries t, int64_t now_s, struct err *err)
{
    struct stmt *s = stmt_of(souk, sql_put, err), *old = stmt_of(souk, sql_old, err);
    if (!s || !old)
        return -err->code;
    bind_text(s, 1, key);
    bind_int(s, 2, t.failures);
    bind_int(s, 3, t.since_s);
    bind_int(s, 4, t.until_s);
    int rc = stmt_run(souk, s, err);
    bind_int(old, 1, now_s - FORGOTTEN_S);
    if (rc >= 0)
        rc = stmt_run(souk, old, err);
    return rc < 0 ? rc : 0;
}

int throttle_take(struct db *souk, enum throttle_rule rule, const char *key, int64_t now_s, int64_t *retry_s,
                  struct err *err)
{
    struct tries t = { 0 };
    *retry_s = 0;
    int rc = db_begin(souk, err);
    if (rc < 0)
        return rc;
    struct stmt *get = stmt_of(souk, sql_get, err);
    rc = get ? 0 : -err->code;
    if (get) {
        bind_text(get, 1, key);
        rc = stmt_step(souk, get, err);
    }
    if (rc > 0) {
        t = (struct tries){ stmt_int(get, 0), stmt_int(get, 1), stmt_int(get, 2) };
        stmt_reset(get);
    }
    int64_t wait_s = t.until_s - now_s;
    if (rc >= 0 && wait_s > 0 && wait_s <= MOST_S) {    /* longer: the clock was set back */
        *retry_s = wait_s;
        rc = err_set(err, ERR_BUSY, "Too many tries. Try again in %lld seconds.", (long long)wait_s);
    } else if (rc >= 0) {
        rc = put(souk, key, one_more(rule, t, now_s), now_s, err);
    }
    return db_end(souk, rc, err);
}

static const char sql_drop[] =
    "DELETE FROM throttle"
    " WHERE key = :key";

static const char sql_less[] =
    "UPDATE throttle SET failures = failures - 1"
    " WHERE key = :key AND failures > 0";

int throttle_good(struct db *souk, enum throttle_rule rule, const char *key, struct err *err)
{
    int rc = db_begin(souk, err);
    if (rc < 0)
        return rc;
    struct stmt *s = stmt_of(souk, rule == THROTTLE_NET ? sql_less : sql_drop, err);
    rc = s ? 0 : -err->code;
    if (s) {
        bind_text(s, 1, key);
        rc = stmt_run(souk, s, err);
    }
    return db_end(souk, rc < 0 ? rc : 0, err);
}
