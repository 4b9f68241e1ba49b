/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mail_rows.c: see mail_rows.h.
 *
 * A mail begins in a mailbox with a line "From sender Thu Jan  1 00:00:00 2026" behind an empty one; a
 * line of a mail that looks like it has a > before it, which is taken away.  A line is looked at by its
 * beginning, so its length does not matter.
 */
#include "mail_rows.h"

#include <string.h>
#include <strings.h>

#include "reject.h"

enum {
    BUFFER_BYTES = 1 << 16,
    LOOKED_BYTES = 512                                  /* of a line, to say what it is */
};

struct mail_rows {
    struct shape shape;
    struct arena *arena;
    struct source *source;

    char buffer[BUFFER_BYTES];
    size_t start, end;                                  /* what was read and not given out yet */
    bool is_end;
    bool is_mailbox;                                    /* else the file is one mail */
    bool at_line;                                       /* a line begins at start */
    bool after_empty;                                   /* behind an empty one, or at the start of the file */
    bool has_more;                                      /* the line at hand begins the next mail */

    struct buf mail;                                    /* at hand: no more than MAIL_MOST */
    int64_t mail_bytes, ordinal, bytes;
};

static struct mail_rows *mail_of(struct shape *s)
{
    return (struct mail_rows *)s;                       /* its first member */
}

/* ---- what a line is --------------------------------------------------------------------------- */

static bool is_word_of(const char *at, const char *words)
{
    for (; *words; words += 3)
        if (strncasecmp(at, words, 3) == 0)
            return true;
    return false;
}

/* "From somebody Thu Jan  1 ...": a weekday and a month follow somewhere behind the sender. */
static bool is_from_line(const char *at, size_t n)
{
    if (n < 5 || memcmp(at, "From ", 5) != 0)
        return false;
    const char *end = at + n;
    for (at += 4; end - at >= 9; at++)
        if (at[0] == ' ' && at[4] == ' ' && at[8] == ' ' && is_word_of(at + 1, "MonTueWedThuFriSatSun")
            && is_word_of(at + 5, "JanFebMarAprMayJunJulAugSepOctNovDec"))
            return true;
    return false;
}

/* Is it the name of a field that begins every mail? */
static bool is_known_field(const char *at, size_t n)
{
    static const char *const fields[] = {
        "From:", "To:", "Date:", "Subject:", "Message-ID:", "MIME-Version:", "Received:", "Return-Path:",
        "Delivered-To:", "Content-Type:", "Reply-To:",
    };
    for (size_t i = 0; i < COUNT_OF(fields); i++)
        if (n >= strlen(fields[i]) && strncasecmp(at, fields[i], strlen(fields[i])) == 0)
            return true;
    return false;
}

/* A field, or a line that goes on with the one before. */
static bool is_header_line(const char *at, size_t n)
{
    size_t i = 0;
    if (n && (*at == ' ' || *at == '\t'))
        return true;
    while (i < n && at[i] > ' ' && at[i] <= '~' && at[i] != ':')
        i++;
    return i && i < n && at[i] == ':';
}

bool begins_mail(const char *at, size_t n)
{
    const char *end = at + n;
    int known = 0;
    bool is_first = true;
    while (at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t length = (size_t)((stop ? stop : end) - at);
        if (length && at[length - 1] == '\r')
            length--;
        if (is_first && is_from_line(at, length))
            known++;
        else if (!length || !is_header_line(at, length))
            break;
        else
            known += is_known_field(at, length);
        is_first = false;
        at = stop ? stop + 1 : end;
    }
    return known >= 2;
}

/* ---- mails ----------------------------------------------------------------------------------- */

static int more(struct mail_rows *r, struct err *err)
{
    memmove(r->buffer, r->buffer + r->start, r->end - r->start);
    r->end -= r->start;
    r->start = 0;
    int64_t n = source_read(r->source, r->buffer + r->end, BUFFER_BYTES - r->end, err);
    if (n < 0)
        return (int)n;
    r->end += (size_t)n;
    r->is_end = n == 0;
    return 0;
}

static void put(struct mail_rows *r, size_t n)
{
    size_t room = MAIL_MOST - r->mail.len;
    buf_put(&r->mail, r->buffer + r->start, n < room ? n : room);
    r->mail_bytes += (int64_t)n;
    r->start += n;
    r->bytes += (int64_t)n;
}

static void pass(struct mail_rows *r, size_t n)
{
    r->start += n;
    r->bytes += (int64_t)n;
}

/* One line of a mailbox, or a piece of a long one; false: it begins the next mail. */
static bool put_line(struct mail_rows *r)
{
    const char *at = r->buffer + r->start, *stop = memchr(at, '\n', r->end - r->start);
    size_t n = stop ? (size_t)(stop + 1 - at) : r->end - r->start;
    if (r->is_mailbox && r->at_line) {
        size_t quotes = 0, length = stop ? n - 1 : n;
        if (r->after_empty && is_from_line(at, length))
            return false;
        while (quotes < length && at[quotes] == '>')
            quotes++;
        if (quotes && length - quotes >= 5 && memcmp(at + quotes, "From ", 5) == 0) {
            pass(r, 1);
            n--;
        }
        r->after_empty = length == 0 || (length == 1 && *at == '\r');
    }
    r->at_line = stop != NULL;
    put(r, n);
    return true;
}

/* Is so much of the line there that one can say what it is? */
static bool is_enough(const struct mail_rows *r)
{
    size_t n = r->end - r->start;
    return r->is_end || n >= LOOKED_BYTES || memchr(r->buffer + r->start, '\n', n);
}

static int rewind_mails(struct mail_rows *r, bool is_hashing, struct err *err)
{
    int rc = source_rewind(r->source, is_hashing, err);
    r->start = r->end = 0;
    r->bytes = r->ordinal = 0;
    r->is_end = r->has_more = false;
    while (rc == 0 && !is_enough(r))
        rc = more(r, err);
    const char *stop = memchr(r->buffer, '\n', r->end);
    r->is_mailbox = is_from_line(r->buffer, stop ? (size_t)(stop - r->buffer) : r->end);
    r->has_more = r->end > 0;
    return rc;
}

/* The empty line at the end of a mail is the mailbox's. */
static void drop_last_line(struct mail_rows *r)
{
    bool is_whole = r->mail.len == (size_t)r->mail_bytes;
    size_t n = r->mail.len > 1 && r->mail.at[r->mail.len - 2] == '\r' ? 2 : 1;
    if (!r->is_mailbox || !r->after_empty || !is_whole)
        return;
    r->mail.len -= n;
    r->mail_bytes -= (int64_t)n;
}

/* 1: a mail is at hand, 0: the end. */
static int next_mail(struct mail_rows *r, struct err *err)
{
    bool is_in_mail = !r->is_mailbox;
    if (!r->has_more)
        return 0;
    buf_clear(&r->mail);
    r->mail_bytes = 0;
    r->at_line = true;
    r->after_empty = false;
    r->has_more = false;
    for (;;) {
        while (!is_enough(r) || (r->start == r->end && !r->is_end))
            if (more(r, err) < 0)
                return -err->code;
        if (r->start == r->end)
            break;
        if (!is_in_mail) {                              /* over the line that begins it */
            const char *at = r->buffer + r->start, *stop = memchr(at, '\n', r->end - r->start);
            pass(r, stop ? (size_t)(stop + 1 - at) : r->end - r->start);
            is_in_mail = stop != NULL;
        } else if (!put_line(r)) {
            r->has_more = true;
            break;
        }
    }
    drop_last_line(r);
    r->ordinal++;
    return 1;
}

/* ---- the shape ------------------------------------------------------------------------------- */

static int fill(void *ctx, struct filling *to, int64_t *bytes, struct err *err)
{
    struct mail_rows *r = ctx;
    int rc = 1;
    for (size_t done = 0; filling_room(to) && done < BATCH_BYTES; done += r->mail.len) {
        rc = next_mail(r, err);
        if (rc <= 0)
            break;
        struct souk_value *cell = filling_cells(to);
        const char *at = arena_textn(filling_arena(to), buf_str(&r->mail), r->mail.len);
        cell[0] = souk_count(r->ordinal);
        cell[1] = souk_number(SOUK_BYTES, 0, 0);
        cell[1].text = (struct souk_str){ at, (uint32_t)r->mail.len, 0 };
        cell[2] = souk_count(r->mail_bytes);
        filling_add(to, r->ordinal, at, r->mail.len);
    }
    *bytes = r->bytes;
    return rc;
}

static int look_through(struct shape *s, struct evidence *e, struct charset_tally *tally, struct err *err)
{
    struct mail_rows *r = mail_of(s);
    (void)e, (void)tally;
    int rc = source_rewind(r->source, false, err);
    for (r->bytes = 0; rc == 0; r->bytes += (int64_t)r->end) {
        r->start = r->end = 0;
        rc = more(r, err);
        if (r->is_end)
            break;
    }
    return rc;
}

static int start(struct shape *s, const struct style *style, struct decoder *decoder, struct batches **batches,
                 struct err *err)
{
    struct mail_rows *r = mail_of(s);
    (void)style, (void)decoder;
    if (rewind_mails(r, true, err) < 0)
        return -err->code;
    return batches_start(batches, r->arena, "line:count message:bytes size:count", 3, fill, r, err);
}

static int64_t bytes(const struct shape *s)
{
    return ((const struct mail_rows *)s)->bytes;
}

static const char *field_name(const struct shape *s, const char *column)
{
    (void)s;
    return column;
}

static void head(const struct shape *s, struct buf *out)
{
    (void)s;
    reject_head(out, REJECTS_MAILS);
}

static void mail_rows_free(void *what)
{
    struct mail_rows *r = what;
    buf_free(&r->mail);
}

int mail_rows_open(struct shape **out, struct arena *a, const struct plugins *plugins, struct source *source,
                   struct err *err)
{
    struct mail_rows *r = arena_zero(a, sizeof *r);
    r->shape = (struct shape){
        .charset = "MIME", .has_own_charset = true, .look_through = look_through, .start = start,
        .bytes = bytes, .field_name = field_name, .head = head,
    };
    r->arena = a;
    r->source = source;
    arena_at_end(a, mail_rows_free, r);
    for (size_t p = 0; p < plugins_count(plugins) && !r->shape.format; p++) {
        const struct plugin *plugin = plugins_at(plugins, p);
        for (size_t f = 0; f < plugin->n_imports && !r->shape.format; f++) {
            if (plugin->imports[f]->shape != SOUK_MAIL)
                continue;
            r->shape.plugin = plugin;
            r->shape.format = plugin->imports[f];
        }
    }
    if (!r->shape.format)
        return err_set(err, ERR_INPUT, "%s is a mail, and no plugin that reads mails is loaded. `souk plugin"
                       " doctor` says why.", source_name(source));
    *out = &r->shape;
    return 0;
}
