/* SPDX-License-Identifier: Apache-2.0 */
/*
 * body.c: forms and documents are gathered and read at the end, files are written as they come; see body.h.
 */
#include "web/body.h"

#include "base/log.h"
#include "web/multipart.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { LABEL_BYTES = 200 };

struct body {
    struct body_setup setup;
    struct arena *arena;
    struct multipart *parts;
    struct pairs fields;
    struct body_file *file;
    size_t n_files, room;
    struct buf held;                                    /* the document, the form, the value of a field */
    size_t held_before;                                 /* bytes of fields that are complete */
    const char *field;                                  /* of the part that is coming */
    bool is_file, is_blank;                             /* a file field in which nothing was chosen */
    int fd;                                             /* of the last file; -1: closed */
};

/* ---- files ----------------------------------------------------------------------------------- */

/* Is it a character that changes how a line reads: a control, or one that turns its direction? */
static size_t unprintable(const unsigned char *at)
{
    if (at[0] < 0x20 || at[0] == 0x7F)
        return 1;
    if (at[0] == 0xC2 && at[1] >= 0x80 && at[1] < 0xA0)
        return 2;
    bool is_mark = at[0] == 0xE2 && at[1] == 0x80 && (at[2] == 0x8E || at[2] == 0x8F || (at[2] >= 0xA8 && at[2] <= 0xAE));
    return is_mark || (at[0] == 0xE2 && at[1] == 0x81 && at[2] >= 0xA6 && at[2] <= 0xA9) ? 3 : 0;
}

/* What stands behind the last slash of either kind, fit to be shown. */
static const char *label_of(struct arena *a, const char *name)
{
    for (const char *at = name; *at; at++)
        if (*at == '/' || *at == '\\')
            name = at + 1;
    char *label = arena_text(a, name), *to = label;
    bool is_utf8 = utf8_is_valid(label, strlen(label));
    for (const char *at = label; *at && to - label < LABEL_BYTES;) {
        size_t n = unprintable((const unsigned char *)at);
        bool is_odd = n || (!is_utf8 && (unsigned char)*at >= 0x80);
        *to++ = is_odd ? '_' : *at;
        at += n ? n : 1;
    }
    while (to > label && to - label >= LABEL_BYTES - 3 && !utf8_is_valid(label, (size_t)(to - label)))
        to--;                                           /* cut within a character */
    *to = '\0';
    return *label ? label : "unnamed";
}

static int write_failed(int error, const char *path, struct err *err)
{
    if (error == ENOSPC || error == EDQUOT || error == EFBIG)
        return err_set(err, ERR_FULL, "Disk full: nothing was saved; free some space, then send it again.");
    log_fault("http", "%s cannot be written: %s", path, strerror(error));
    return err_set(err, ERR_IO, "The upload cannot be written; the log says why.");
}

static void file_begin(struct body *b, const char *field, const char *name)
{
    if (b->n_files == b->room) {
        size_t room = b->room ? 2 * b->room : 4;
        struct body_file *more = arena_zero(b->arena, room * sizeof *more);
        if (b->n_files)
            memcpy(more, b->file, b->n_files * sizeof *more);
        b->file = more;
        b->room = room;
    }
    b->file[b->n_files++] = (struct body_file){ .field = field, .label = label_of(b->arena, name) };
}

static int file_open(struct body *b, struct err *err)
{
    struct body_file *f = &b->file[b->n_files - 1];
    const char *path = b->setup.spool(b->setup.ctx, b->arena);
    b->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (b->fd < 0)
        return write_failed(errno, path, err);
    f->path = path;
    return 0;
}

static int file_add(struct body *b, const char *at, size_t n, struct err *err)
{
    struct body_file *f = &b->file[b->n_files - 1];
    if (!f->path && file_open(b, err) < 0)
        return -err->code;
    while (n) {
        ssize_t written = write(b->fd, at, n);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return write_failed(errno, f->path, err);
        f->bytes += written;
        at += written;
        n -= (size_t)written;
    }
    return 0;
}

static int file_end(struct body *b, struct err *err)
{
    struct body_file *f = &b->file[b->n_files - 1];
    if (!f->path && file_open(b, err) < 0)              /* an empty one */
        return -err->code;
    int rc = close(b->fd);
    b->fd = -1;
    return rc < 0 ? write_failed(errno, f->path, err) : 0;
}

/* ---- parts of a form ------------------------------------------------------------------------- */

static int held_add(struct body *b, const char *at, size_t n, struct err *err)
{
    if (b->held_before + b->held.len + n > BODY_HELD)
        return err_set(err, ERR_DENIED, "The fields of the form are larger than 1 MiB together.");
    buf_put(&b->held, at, n);
    return 0;
}

static int part_begin(void *body, const char *name, const char *file, struct err *err)
{
    struct body *b = body;
    b->is_file = file != NULL;
    b->is_blank = file && !*file;
    b->field = arena_text(b->arena, name);
    b->held_before += strlen(name);
    buf_clear(&b->held);
    if (file && b->n_files == BODY_FILES)
        return err_set(err, ERR_DENIED, "There are more than %d files; send them in several requests.", BODY_FILES);
    if (file)
        file_begin(b, b->field, file);
    return held_add(b, "", 0, err);
}

static int part_bytes(void *body, const char *at, size_t n, struct err *err)
{
    struct body *b = body;
    return b->is_file ? file_add(b, at, n, err) : held_add(b, at, n, err);
}

static int part_end(void *body, struct err *err)
{
    struct body *b = body;
    if (b->is_blank && !b->file[b->n_files - 1].path) {
        b->n_files--;
        return 0;
    }
    if (b->is_file)
        return file_end(b, err);
    const char *value = arena_textn(b->arena, buf_str(&b->held), b->held.len);
    bool is_text = strlen(value) == b->held.len && utf8_is_valid(value, b->held.len);
    b->held_before += b->held.len;
    return form_add(&b->fields, b->arena, (struct pair){ b->field, is_text ? value : NULL }, "field", BODY_FIELDS, err);
}

/* ---- bodies ---------------------------------------------------------------------------------- */

int body_new(struct body **out, const struct body_setup *setup, struct err *err)
{
    struct body *b = base_alloc(sizeof *b);
    struct multipart_sink sink = { b, part_begin, part_bytes, part_end };
    int rc = 0;
    b->setup = *setup;
    b->arena = arena_new("body", 1 << 10);
    b->fd = -1;
    if (setup->kind == BODY_PARTS) {
        b->parts = arena_alloc(b->arena, sizeof *b->parts);
        rc = multipart_begin(b->parts, setup->type, &sink, err);
    } else if (setup->kind == BODY_FILE) {
        file_begin(b, "", setup->file_name);
    }
    b->setup.type = b->setup.file_name = NULL;          /* were the caller's */
    if (rc < 0) {
        body_free(b);
        b = NULL;
    }
    *out = b;
    return rc;
}

int body_add(struct body *b, const char *at, size_t n, struct err *err)
{
    switch (b->setup.kind) {
    case BODY_PARTS:
        return multipart_add(b->parts, at, n, err);
    case BODY_FILE:
        return file_add(b, at, n, err);
    case BODY_FORM:
    case BODY_JSON:
        break;
    }
    return held_add(b, at, n, err);
}

int body_end(struct body *b, struct err *err)
{
    const char *text = buf_str(&b->held);
    size_t n = b->held.len;
    switch (b->setup.kind) {
    case BODY_PARTS:
        return multipart_end(b->parts, err);
    case BODY_FILE:
        return file_end(b, err);
    case BODY_FORM:
        return form_read(&b->fields, b->arena, text, n, "field", BODY_FIELDS, err);
    case BODY_JSON:
        break;
    }
    if (memchr(text, '\0', n) || !utf8_is_valid(text, n))
        return err_set(err, ERR_INPUT, "The JSON document is not valid UTF-8.");
    return 0;
}

void body_free(struct body *b)
{
    if (!b)
        return;
    if (b->fd >= 0)
        close(b->fd);
    for (size_t i = 0; i < b->n_files; i++)
        if (b->file[i].path && !b->file[i].is_taken && unlink(b->file[i].path) < 0)
            log_warn("http", "%s cannot be removed: %s", b->file[i].path, strerror(errno));
    buf_free(&b->held);
    arena_free(b->arena);
    base_free(b);
}

const struct pairs *body_fields(const struct body *b)
{
    return &b->fields;
}

const char *body_text(const struct body *b, size_t *n)
{
    *n = b->held.len;
    return b->setup.kind == BODY_JSON ? buf_str(&b->held) : NULL;
}

struct body_file *body_file(struct body *b, size_t i)
{
    return i < b->n_files ? &b->file[i] : NULL;
}
