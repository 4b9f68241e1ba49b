/* SPDX-License-Identifier: Apache-2.0 */
/*
 * source.c: see source.h.
 *
 * zlib reads plain files through the same calls, so there is one way for both.  A spooled copy has
 * no name in the folder any more while it is read: nothing is left behind, however the program ends.
 */
#include "source.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
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

/* A file of the spool without a name. */
static int spool_new(struct arena *a, const struct folder *folder, const char **path, struct err *err)
{
    *path = folder_spool(folder, a);
    int fd = open(*path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return io_error(err, "Cannot copy into the spool:", *path);
    unlink(*path);
    return fd;
}

/* Copies `from` into the spool; returns the copy, read from its start. */
static int spool(const struct source *s, struct arena *a, const struct folder *folder, int from,
                 struct err *err)
{
    const char *path;
    char *block = arena_alloc(a, COPY_BYTES);
    int fd = spool_new(a, folder, &path, err);
    if (fd < 0)
        return fd;
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

/* ---- a Maildir ------------------------------------------------------------------------------- */

static bool is_folder(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

bool source_is_maildir(const char *path)
{
    struct arena *a = arena_new("path", 512);
    bool is_it = is_folder(path) && is_folder(arena_printf(a, "%s/cur", path))
              && is_folder(arena_printf(a, "%s/new", path));
    arena_free(a);
    return is_it;
}

struct mails {
    const char **path;
    size_t n, cap;
};

static int by_path(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int list_mails(struct source *s, struct arena *a, const char *folder, struct mails *m, struct err *err)
{
    struct stat about;
    DIR *dir = opendir(folder);
    if (!dir)
        return io_error(err, "Cannot read", folder);
    for (struct dirent *e; (e = readdir(dir)); ) {
        const char *path = arena_printf(a, "%s/%s", folder, e->d_name);
        if (e->d_name[0] == '.' || stat(path, &about) < 0 || !S_ISREG(about.st_mode))
            continue;
        if (m->n == m->cap) {
            m->cap = m->cap ? 2 * m->cap : 64;
            m->path = base_grow(m->path, m->cap * sizeof *m->path);
        }
        m->path[m->n++] = path;
        if (about.st_mtime > s->told_s)
            s->told_s = about.st_mtime;
    }
    closedir(dir);
    return 0;
}

/* One mail behind the line that begins it in a mailbox; lines that look like it get a > before it. */
static void copy_mail(FILE *in, FILE *out)
{
    static const char begin[] = "From ";
    size_t matched = 0;
    bool at_line = true;
    int last = '\n';
    fputs("From maildir Thu Jan  1 00:00:00 1970\n", out);
    for (int c; (c = getc_unlocked(in)) != EOF; last = c) {
        if (at_line && c == begin[matched]) {
            if (!begin[++matched]) {
                fprintf(out, ">%s", begin);
                at_line = false;
                matched = 0;
            }
            continue;
        }
        fwrite(begin, 1, matched, out);
        at_line = c == '\n' || (at_line && !matched && c == '>');
        matched = 0;
        putc_unlocked(c, out);
    }
    fwrite(begin, 1, matched, out);
    fputs(last == '\n' ? "\n" : "\n\n", out);
}

/* All mails as a mailbox in the spool: they may be moved about while they are read. */
static int spool_mails(struct source *s, struct arena *a, const struct folder *folder, const char *path,
                       struct err *err)
{
    struct mails m = { 0 };
    const char *to;
    FILE *out = NULL;
    int fd = -1;
    if (list_mails(s, a, arena_printf(a, "%s/cur", path), &m, err) < 0
        || list_mails(s, a, arena_printf(a, "%s/new", path), &m, err) < 0
        || (fd = spool_new(a, folder, &to, err)) < 0)
        goto out;
    if (m.n)
        qsort(m.path, m.n, sizeof *m.path, by_path);
    out = fdopen(dup(fd), "w");
    if (!out)
        io_error(err, "Cannot copy into the spool:", to);
    for (size_t i = 0; i < m.n && !err->code && stopped(s, err) == 0; i++) {
        FILE *in = fopen(m.path[i], "r");
        if (!in && errno == ENOENT)
            continue;                                   /* moved or deleted meanwhile */
        if (!in || (copy_mail(in, out), ferror(in)))
            io_error(err, "Cannot read", m.path[i]);
        else if (ferror(out))
            io_error(err, "Cannot copy into the spool:", to);
        if (in)
            fclose(in);
    }
    if (out && fclose(out) != 0)
        io_error(err, "Cannot copy into the spool:", to);
    if (!err->code && lseek(fd, 0, SEEK_SET) < 0)
        io_error(err, "Cannot copy into the spool:", to);
    if (err->code)
        close(fd);
out:
    base_free(m.path);
    return err->code ? -err->code : fd;
}

/* The file as a descriptor that can be read twice. */
static int descriptor(struct source *s, struct arena *a, const struct folder *folder, const char *path,
                      struct err *err)
{
    if (strcmp(path, "-") == 0) {
        s->name = s->name ? s->name : "standard input";
        s->told_s = clock_now();
        return spool(s, a, folder, STDIN_FILENO, err);
    }
    size_t n = strlen(path);
    while (n > 1 && path[n - 1] == '/')
        n--;
    char *whole = arena_textn(a, path, n), *slash = strrchr(whole, '/');
    if (!s->name)
        s->name = slash && slash[1] ? slash + 1 : whole;
    struct stat about;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &about) < 0) {
        if (errno == ENOENT)
            err_set(err, ERR_INPUT, "There is no file %s.", path);
        else
            io_error(err, "Cannot read", path);
    } else if (source_is_maildir(path)) {
        close(fd);
        return spool_mails(s, a, folder, path, err);
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

int source_open(struct source **out, struct arena *a, const struct folder *folder, const char *path, const char *name,
                const volatile bool *stop, struct err *err)
{
    struct source *s = arena_zero(a, sizeof *s);
    s->stop = stop;
    s->name = name ? arena_text(a, name) : NULL;
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
                       "%s is cut short: its gzip data ends in the middle. Download it again." :
                       "%s is damaged: its gzip data does not fit together. Download it again.",
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
