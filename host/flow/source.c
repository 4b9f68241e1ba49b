/* SPDX-License-Identifier: Apache-2.0 */
/*
 * source.c: see source.h.
 *
 * zlib reads plain files through the same calls, so there is one way for both.  A spooled copy has
 * no name in the folder any more while it is read: nothing is left behind, however the program ends.
 */
#include "source.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/zone.h"

enum { COPY_BYTES = 1 << 16, ZLIB_BYTES = 1 << 18 };

struct source {
    const char *name;
    int64_t told_s, bytes;
    gzFile file;
    const volatile bool *stop;
    bool is_hashing;
    crypto_generichash_state *hash;
};

/* libsodium wants its state at a multiple of 64 bytes. */
static crypto_generichash_state *hash_new(struct arena *a)
{
    char *at = arena_alloc(a, sizeof(crypto_generichash_state) + 63);
    return (void *)(at + (64 - (uintptr_t)at % 64) % 64);
}

static void source_close(void *what)
{
    struct source *s = what;
    gzclose(s->file);
}

static int io_error(struct err *err, const char *what, const char *name)
{
    enum err_code code = errno == ENOSPC || errno == EDQUOT ? ERR_FULL : ERR_IO;
    return err_set(err, code, "%s %s: %s.", what, name, strerror(errno));
}

static int stopped(const struct source *s, struct err *err)
{
    if (!s->stop || !*s->stop)
        return 0;
    return err_set(err, ERR_TIME, "Reading %s was stopped; nothing was imported.", s->name);
}

static int write_all(int fd, const char *at, size_t n)
{
    while (n) {
        ssize_t done = write(fd, at, n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return -1;
        at += done;
        n -= (size_t)done;
    }
    return 0;
}

/* Copies `from` into a file of the spool without a name; returns it, read from its start. */
static int spool(const struct source *s, struct arena *a, const struct folder *folder, int from,
                 struct err *err)
{
    const char *path = folder_spool(folder, a);
    char *block = arena_alloc(a, COPY_BYTES);
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return io_error(err, "Cannot copy into the spool:", path);
    unlink(path);
    for (;;) {
        ssize_t n = read(from, block, COPY_BYTES);
        if (stopped(s, err) < 0)
            break;
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            io_error(err, "Cannot read", s->name);
            break;
        }
        if (n == 0 && lseek(fd, 0, SEEK_SET) == 0)
            return fd;
        if (n == 0 || write_all(fd, block, (size_t)n) < 0) {
            io_error(err, "Cannot copy into the spool:", path);
            break;
        }
    }
    close(fd);
    return -err->code;
}

/* The file as a descriptor that can be read twice. */
static int descriptor(struct source *s, struct arena *a, const struct folder *folder, const char *path,
                      struct err *err)
{
    if (strcmp(path, "-") == 0) {
        s->name = "standard input";
        s->told_s = clock_now();
        return spool(s, a, folder, STDIN_FILENO, err);
    }
    const char *slash = strrchr(path, '/');
    s->name = arena_text(a, slash ? slash + 1 : path);
    struct stat about;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &about) < 0) {
        if (errno == ENOENT)
            err_set(err, ERR_INPUT, "There is no file %s.", path);
        else
            io_error(err, "Cannot read", path);
    } else if (S_ISDIR(about.st_mode)) {
        err_set(err, ERR_INPUT, "%s is a folder, not a report file.", path);
    } else if (S_ISREG(about.st_mode)) {
        s->told_s = about.st_mtime;
        return fd;
    } else {
        s->told_s = clock_now();
        int copy = spool(s, a, folder, fd, err);
        close(fd);
        return copy;
    }
    if (fd >= 0)
        close(fd);
    return -err->code;
}

int source_open(struct source **out, struct arena *a, const struct folder *folder, const char *path,
                const volatile bool *stop, struct err *err)
{
    struct source *s = arena_zero(a, sizeof *s);
    s->stop = stop;
    int fd = descriptor(s, a, folder, path, err);
    if (fd < 0)
        return fd;
    s->file = gzdopen(fd, "rb");
    if (!s->file) {
        close(fd);
        return err_set(err, ERR_IO, "Cannot read %s: zlib refuses it.", s->name);
    }
    gzbuffer(s->file, ZLIB_BYTES);
    arena_at_end(a, source_close, s);
    s->hash = hash_new(a);
    *out = s;
    return 0;
}

void source_unstoppable(struct source *s)
{
    s->stop = NULL;
}

const char *source_name(const struct source *s)
{
    return s->name;
}

int64_t source_told_s(const struct source *s)
{
    return s->told_s;
}

int64_t source_bytes(const struct source *s)
{
    return s->bytes;
}

int source_rewind(struct source *s, bool is_hashing, struct err *err)
{
    s->bytes = 0;
    s->is_hashing = is_hashing;
    if (is_hashing)
        crypto_generichash_init(s->hash, NULL, 0, SOURCE_HASH_BYTES);
    if (gzrewind(s->file) < 0)
        return io_error(err, "Cannot read again from the start of", s->name);
    return 0;
}

int64_t source_read(struct source *s, void *at, size_t n, struct err *err)
{
    if (stopped(s, err) < 0)
        return -err->code;
    int got = gzread(s->file, at, (unsigned)n);
    int why = Z_OK;
    if (got <= 0)
        gzerror(s->file, &why);
    if (why == Z_ERRNO)
        return io_error(err, "Cannot read", s->name);
    if (why != Z_OK && why != Z_STREAM_END)             /* Z_BUF_ERROR: it ends in the middle */
        return err_set(err, ERR_INPUT, why == Z_BUF_ERROR ?
                       "%s is cut short: its gzip data ends in the middle.  Download it again." :
                       "%s is damaged: its gzip data does not fit together.  Download it again.",
                       s->name);
    s->bytes += got;
    if (s->is_hashing)
        crypto_generichash_update(s->hash, at, (unsigned long long)got);
    return got;
}

void source_hash(struct source *s, unsigned char hash[SOURCE_HASH_BYTES])
{
    crypto_generichash_final(s->hash, hash, SOURCE_HASH_BYTES);
}
