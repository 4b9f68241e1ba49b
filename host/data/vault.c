/* SPDX-License-Identifier: Apache-2.0 */
/*
 * vault.c: seals secrets.
 *
 * in:     secrets with their contexts
 * out:    records: version and algorithm (1 byte), key id (8), nonce (24), ciphertext with its tag (16)
 * knows:  libsodium, the key file
 *
 * XChaCha20-Poly1305: a random nonce is long enough for it, and what stands before the ciphertext, and the
 * context, are authenticated as additional data, so a record moved to another row does not open there.
 *
 * Each process holds a shared lock on the key file from the first use on; whoever changes the key wants it
 * alone.  Locks are on the file, not its name: who waited looks again whether the name still means it.
 */
#include "vault.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"

enum {
    KEY_BYTES = crypto_aead_xchacha20poly1305_ietf_KEYBYTES,
    NONCE_BYTES = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG_BYTES = crypto_aead_xchacha20poly1305_ietf_ABYTES,
    ID_BYTES = 8, ID_HEX = 2 * ID_BYTES,
    ALGORITHM = 1,
    HEAD_BYTES = 1 + ID_BYTES + NONCE_BYTES,
    LOCK_TRIES = 20, LOCK_WAIT_US = 50000
};
_Static_assert(KEY_BYTES == 32 && HEAD_BYTES + TAG_BYTES == VAULT_ADDS, "the record as vault.h tells of it");

struct key {
    unsigned char *at;                                  /* KEY_BYTES that are not swapped out; NULL: there is none */
    unsigned char id[ID_BYTES];
};

struct vault {
    char *key_path, *new_path, *id_path;
    pthread_mutex_t mutex;                              /* around what follows */
    int fd;                                             /* of the key file, locked; -1: not loaded */
    bool is_rotating;
    struct key now, next;                               /* next: of a change that is not at its end */
};

struct vault *vault_new(const char *key_path, const char *id_path)
{
    struct vault *v = base_alloc(sizeof *v);
    size_t n = strlen(key_path) + sizeof ".new";
    v->key_path = base_text(key_path);
    v->new_path = base_alloc(n);
    snprintf(v->new_path, n, "%s.new", key_path);
    v->id_path = base_text(id_path);
    v->fd = -1;
    pthread_mutex_init(&v->mutex, NULL);
    return v;
}

static void key_drop(struct key *k)
{
    sodium_free(k->at);                                 /* which wipes it */
    *k = (struct key){ 0 };
}

static void unload(struct vault *v)
{
    key_drop(&v->now);
    key_drop(&v->next);
    if (v->fd >= 0)
        close(v->fd);
    v->fd = -1;
    v->is_rotating = false;
}

void vault_free(struct vault *v)
{
    if (!v)
        return;
    unload(v);
    pthread_mutex_destroy(&v->mutex);
    free(v->key_path);
    free(v->new_path);
    free(v->id_path);
    free(v);
}

const char *vault_key_path(const struct vault *v)
{
    return v->key_path;
}

/* ---- files ----------------------------------------------------------------------------------- */

static int fail_file(const char *path, const char *doing, struct err *err)
{
    return errno == ENOSPC ? err_set(err, ERR_FULL, "Disk full: %s cannot be written.", path)
                           : err_set(err, ERR_IO, "The key file %s cannot be %s: %s. Mend that, or name another place"
                                     " as key_file under [host] in plugins.ini.", path, doing, strerror(errno));
}

static int sync_folder_of(const char *path)
{
    char folder[4096];
    snprintf(folder, sizeof folder, "%s", path);
    char *slash = strrchr(folder, '/');
    if (slash)
        slash[slash == folder] = '\0';
    int fd = open(slash ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int rc = fd < 0 ? -1 : fsync(fd);
    if (fd >= 0)
        close(fd);
    return rc;
}

/* A whole file or none, under a name that is new (0) or that it takes over. */
static int file_put(const char *path, const void *at, size_t n, mode_t mode, bool takes_over, struct err *err)
{
    char part[4096];
    unsigned char random[8];
    char word[2 * sizeof random + 1];
    randombytes_buf(random, sizeof random);
    sodium_bin2hex(word, sizeof word, random, sizeof random);
    if ((size_t)snprintf(part, sizeof part, "%s.%s", path, word) >= sizeof part)
        return err_set(err, ERR_INPUT, "The path %.200s... is too long.", path);
    int fd = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (fd < 0)
        return fail_file(path, "made", err);
    bool is_good = write(fd, at, n) == (ssize_t)n && fsync(fd) == 0;
    is_good &= close(fd) == 0;
    if (is_good)
        is_good = (takes_over ? rename(part, path) : link(part, path)) == 0;
    int rc = is_good || (!takes_over && errno == EEXIST) ? 0 : fail_file(path, "written", err);
    if (!takes_over || rc < 0)
        unlink(part);
    if (rc == 0 && sync_folder_of(path) != 0)
        rc = fail_file(path, "written", err);
    return rc;
}

static void key_name(struct key *k)
{
    static const unsigned char what[] = "souk: which key is it";
    crypto_generichash(k->id, sizeof k->id, what, sizeof what - 1, k->at, KEY_BYTES);
}

/* Reads a key from its open file. */
static int key_read(struct key *k, int fd, const char *path, struct err *err)
{
    struct stat st;
    unsigned char more;
    if (fstat(fd, &st) != 0)
        return fail_file(path, "read", err);
    if (st.st_mode & 077)
        return err_set(err, ERR_CONF, "The key file %s may be read by others (mode %04o). Make it yours alone:"
                       " chmod 400 %s", path, (unsigned)(st.st_mode & 07777), path);
    if (st.st_size != KEY_BYTES)
        return err_set(err, ERR_CONF, "The key file %s has %lld bytes instead of %d: it is not a key of Souk, or was"
                       " cut off. Bring back the copy that you keep of it.", path, (long long)st.st_size, KEY_BYTES);
    k->at = sodium_malloc(KEY_BYTES);
    if (!k->at)
        return err_set(err, ERR_IO, "There is no memory that can be locked for the key.");
    if (pread(fd, k->at, KEY_BYTES, 0) != KEY_BYTES || pread(fd, &more, 1, KEY_BYTES) != 0) {
        key_drop(k);
        return fail_file(path, "read", err);
    }
    key_name(k);
    sodium_mprotect_readonly(k->at);
    return 0;
}

static int key_make(const char *path, struct err *err)
{
    unsigned char bytes[KEY_BYTES];
    randombytes_buf(bytes, sizeof bytes);
    int rc = file_put(path, bytes, sizeof bytes, 0400, false, err);
    sodium_memzero(bytes, sizeof bytes);
    return rc;
}

/* ---- which key the folder wants --------------------------------------------------------------- */

/* The ids in the folder's file, a line each; "" when there is none. */
static int ids_read(const struct vault *v, char ids[2 * (ID_HEX + 1) + 1], struct err *err)
{
    ids[0] = '\0';
    int fd = open(v->id_path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT ? 0 : err_set(err, ERR_IO, "%s cannot be read: %s.", v->id_path, strerror(errno));
    ssize_t n = read(fd, ids, 2 * (ID_HEX + 1));
    ids[n > 0 ? n : 0] = '\0';
    close(fd);
    return 0;
}

static void id_hex(const struct key *k, char hex[ID_HEX + 1])
{
    sodium_bin2hex(hex, ID_HEX + 1, k->id, ID_BYTES);
}

static int ids_put(const struct vault *v, const struct key *one, const struct key *other, struct err *err)
{
    char hex[2][ID_HEX + 1] = { "", "" }, text[2 * (ID_HEX + 1) + 1];
    id_hex(one, hex[0]);
    if (other)
        id_hex(other, hex[1]);
    int n = snprintf(text, sizeof text, "%s\n%s%s", hex[0], hex[1], other ? "\n" : "");
    return file_put(v->id_path, text, (size_t)n, 0600, true, err);
}

static bool ids_name(const char *ids, const struct key *k)
{
    char hex[ID_HEX + 1];
    id_hex(k, hex);
    return strstr(ids, hex) != NULL;
}

/* ---- loading ---------------------------------------------------------------------------------- */

/* Opens the key file and takes the lock on it: LOCK_SH or LOCK_EX.  -1 with errno, ENOENT: no file. */
static int open_locked(const char *path, int lock)
{
    for (int tries = 0; ; tries++) {
        struct stat named, opened;
        int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        if (fd < 0)
            return -1;
        if (flock(fd, lock | LOCK_NB) == 0 && fstat(fd, &opened) == 0 && stat(path, &named) == 0 &&
            opened.st_ino == named.st_ino && opened.st_dev == named.st_dev)
            return fd;
        int cause = errno;
        close(fd);
        if (tries == LOCK_TRIES) {
            errno = cause == EWOULDBLOCK ? EWOULDBLOCK : EAGAIN;
            return -1;
        }
        usleep(LOCK_WAIT_US);
    }
}

static int fail_lock(const struct vault *v, struct err *err)
{
    return errno == EWOULDBLOCK || errno == EAGAIN
        ? err_set(err, ERR_BUSY, "The key %s is in use by another souk: it is being changed, or somebody works with it."
                  " Stop that one, or try again in a moment.", v->key_path)
        : fail_file(v->key_path, "read", err);
}

static int read_next(struct vault *v, struct err *err)
{
    int fd = open(v->new_path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return errno == ENOENT ? 0 : fail_file(v->new_path, "read", err);
    int rc = key_read(&v->next, fd, v->new_path, err);
    close(fd);
    return rc;
}

static int check_ids(struct vault *v, struct err *err)
{
    char ids[2 * (ID_HEX + 1) + 1];
    int rc = ids_read(v, ids, err);
    if (rc < 0)
        return rc;
    if (!*ids)
        return ids_put(v, &v->now, NULL, err);
    return ids_name(ids, &v->now) ? 0
        : err_set(err, ERR_DENIED, "The key file %s is not the one that sealed the secrets of this data folder. Bring back"
                  " the one with the id %.*s, or name its place as key_file under [host] in plugins.ini.", v->key_path,
                  (int)strcspn(ids, "\n"), ids);
}

/* With the mutex held.  `makes`: a key is made when the folder never had one. */
static int load(struct vault *v, int lock, bool makes, struct err *err)
{
    char ids[2 * (ID_HEX + 1) + 1];
    if (v->fd >= 0)
        return 0;
    if (sodium_init() < 0)
        return err_set(err, ERR_BUG, "libsodium does not start.");
    v->fd = open_locked(v->key_path, lock);
    if (v->fd < 0 && errno == ENOENT) {
        int rc = ids_read(v, ids, err);
        if (rc < 0)
            return rc;
        if (*ids || !makes)
            return err_set(err, ERR_ABSENT, "The key file %s is missing; secrets are sealed with it. Bring back the copy that"
                           " you keep of it, or name its place as key_file under [host] in plugins.ini.", v->key_path);
        rc = key_make(v->key_path, err);
        if (rc < 0)
            return rc;
        log_note("vault", "made the key file %s: keep a copy of it, apart from the backups", v->key_path);
        v->fd = open_locked(v->key_path, lock);
    }
    if (v->fd < 0)
        return fail_lock(v, err);
    int rc = key_read(&v->now, v->fd, v->key_path, err);
    if (rc == 0)
        rc = check_ids(v, err);
    if (rc == 0)
        rc = read_next(v, err);
    if (rc < 0)
        unload(v);
    return rc;
}

static int ready(struct vault *v, bool makes, struct err *err)
{
    pthread_mutex_lock(&v->mutex);
    int rc = load(v, LOCK_SH, makes, err);
    pthread_mutex_unlock(&v->mutex);
    return rc;
}

/* ---- records ---------------------------------------------------------------------------------- */

static const struct key *key_current(const struct vault *v)
{
    return v->is_rotating ? &v->next : &v->now;
}

/* What is authenticated beside the secret: the head of the record without its nonce, and the context. */
static unsigned char *additional(struct arena *a, const unsigned char *head, const char *context, size_t *n)
{
    size_t len = strlen(context);
    unsigned char *at = arena_alloc(a, 1 + ID_BYTES + len);
    memcpy(at, head, 1 + ID_BYTES);
    memcpy(at + 1 + ID_BYTES, context, len);
    *n = 1 + ID_BYTES + len;
    return at;
}

int vault_seal(struct vault *v, struct arena *a, const char *context, const void *secret, size_t n,
               const void **sealed, size_t *n_sealed, struct err *err)
{
    int rc = ready(v, true, err);
    if (rc < 0)
        return rc;
    const struct key *k = key_current(v);
    unsigned char *record = arena_alloc(a, HEAD_BYTES + n + TAG_BYTES);
    unsigned char *nonce = record + 1 + ID_BYTES;
    size_t n_more;
    record[0] = ALGORITHM;
    memcpy(record + 1, k->id, ID_BYTES);
    randombytes_buf(nonce, NONCE_BYTES);
    const unsigned char *more = additional(a, record, context, &n_more);
    crypto_aead_xchacha20poly1305_ietf_encrypt(record + HEAD_BYTES, NULL, secret, n, more, n_more, NULL, nonce, k->at);
    *sealed = record;
    *n_sealed = HEAD_BYTES + n + TAG_BYTES;
    return 0;
}

struct wiped {
    unsigned char *at;
    size_t n;
};

static void wipe(void *what)
{
    const struct wiped *w = what;
    sodium_memzero(w->at, w->n);
}

/* n bytes and a zero behind them, wiped with the arena. */
static unsigned char *secret_alloc(struct arena *a, size_t n)
{
    struct wiped *w = arena_alloc(a, sizeof *w);
    *w = (struct wiped){ arena_zero(a, n + 1), n };
    arena_at_end(a, wipe, w);
    return w->at;
}

char *vault_keep(struct arena *a, const char *secret, size_t n)
{
    return memcpy(secret_alloc(a, n), secret, n);
}

int vault_unseal(struct vault *v, struct arena *a, const char *context, const void *sealed, size_t n,
                 const char **secret, size_t *n_secret, struct err *err)
{
    const unsigned char *record = sealed;
    int rc = ready(v, false, err);
    if (rc < 0)
        return rc;
    if (n < VAULT_ADDS || record[0] != ALGORITHM)
        return err_set(err, ERR_CORRUPT, "The sealed secret %s is damaged, or was sealed by a newer souk. Bring back a"
                       " backup, or enter it again.", context);
    const struct key *k = memcmp(record + 1, v->now.id, ID_BYTES) == 0 ? &v->now :
                          v->next.at && memcmp(record + 1, v->next.id, ID_BYTES) == 0 ? &v->next : NULL;
    if (!k)
        return err_set(err, ERR_DENIED, "The secret %s was sealed with another key than %s. Bring back the key that belongs"
                       " to this database, or enter it again.", context, v->key_path);
    size_t n_more, len = n - VAULT_ADDS;
    const unsigned char *more = additional(a, record, context, &n_more);
    unsigned char *out = secret_alloc(a, len);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(out, NULL, NULL, record + HEAD_BYTES, len + TAG_BYTES, more, n_more,
                                                   record + 1 + ID_BYTES, k->at) != 0)
        return err_set(err, ERR_CORRUPT, "The sealed secret %s was changed, or belongs to another record. Bring back a"
                       " backup, or enter it again.", context);
    *secret = (const char *)out;
    *n_secret = len;
    return 0;
}

bool vault_is_current(struct vault *v, const void *sealed, size_t n)
{
    const unsigned char *record = sealed;
    return n >= VAULT_ADDS && record[0] == ALGORITHM && memcmp(record + 1, key_current(v)->id, ID_BYTES) == 0;
}

/* ---- changing the key ------------------------------------------------------------------------- */

/* Alone with the key: a shared lock of our own is given back first. */
static int load_alone(struct vault *v, struct err *err)
{
    unload(v);
    return load(v, LOCK_EX, true, err);
}

int vault_rotate_begin(struct vault *v, struct err *err)
{
    pthread_mutex_lock(&v->mutex);
    int rc = load_alone(v, err);
    if (rc == 0 && !v->next.at)
        rc = key_make(v->new_path, err);
    if (rc == 0 && !v->next.at)
        rc = read_next(v, err);
    if (rc == 0)
        rc = ids_put(v, &v->now, &v->next, err);        /* whichever of them is found at the name later */
    v->is_rotating = rc == 0;
    pthread_mutex_unlock(&v->mutex);
    return rc;
}

int vault_rotate_end(struct vault *v, struct err *err)
{
    pthread_mutex_lock(&v->mutex);
    int rc = 0;
    if (!v->is_rotating)
        rc = err_set(err, ERR_BUG, "The key is not being changed.");
    else if (rename(v->new_path, v->key_path) != 0 || sync_folder_of(v->key_path) != 0)
        rc = fail_file(v->key_path, "replaced", err);
    if (rc == 0)
        rc = ids_put(v, &v->next, NULL, err);
    unload(v);
    pthread_mutex_unlock(&v->mutex);
    return rc;
}
