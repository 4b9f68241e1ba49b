/* SPDX-License-Identifier: Apache-2.0 */
/*
 * log.c: one line per happening on stderr.
 *
 * in:     a level, a room, a text
 * out:    one write(2) of at most 4 kB, which a pipe takes whole, so lines of threads and of
 *         processes never mix
 * knows:  stderr and the true time (SOUK_NOW does not stop the log's clock)
 *
 * Control characters (U+0000 to U+001F, U+007F to U+009F) are written as JSON would: nothing that
 * is logged can forge a line or reach the terminal.  What is not UTF-8 becomes U+FFFD.
 */
#include "log.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { LINE_BYTES = 4096, HEAD_BYTES = 256 };

static const char cut_mark[] = "...";

static struct {
    enum log_level least;
    bool as_json;
} setup = { .least = LOG_LEVEL_NOTE };

static const char *const level_word[] = {
    [LOG_LEVEL_DEBUG] = "debug", [LOG_LEVEL_NOTE] = "note",
    [LOG_LEVEL_WARN] = "warn",   [LOG_LEVEL_FAULT] = "fault",
};

struct line {
    char at[LINE_BYTES];
    size_t len, cap;                                    /* escaped text ends at cap */
};

void log_setup(enum log_level least, bool as_json)
{
    setup.least = least;
    setup.as_json = as_json;
}

static void put(struct line *line, const char *at, size_t n)
{
    memcpy(line->at + line->len, at, n);
    line->len += n;
}

static void put_text(struct line *line, const char *text)
{
    put(line, text, strlen(text));
}

/* Bytes of the UTF-8 character at `at`; 0 when it is not one. */
static size_t character(const char *at)
{
    unsigned char c = (unsigned char)*at;
    size_t n = c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
    return strnlen(at, n) == n && utf8_is_valid(at, n) ? n : 0;
}

/* How the character of n bytes is written: as it stands, or as an escape made in `made`. */
static const char *shown(const char *at, size_t *n, char made[8])
{
    unsigned char c = (unsigned char)at[0], second = *n == 2 ? (unsigned char)at[1] : 0;
    if (*n == 0)
        strcpy(made, "\uFFFD");
    else if (c == '\n')
        strcpy(made, "\\n");
    else if (c == '\t')
        strcpy(made, "\\t");
    else if (c < 0x20 || c == 0x7F || (c == 0xC2 && second < 0xA0))
        snprintf(made, 8, "\\u00%02x", second ? second : c);
    else if (setup.as_json && (c == '"' || c == '\\'))
        snprintf(made, 8, "\\%c", c);
    else
        return at;
    *n = strlen(made);
    return made;
}

static void put_escaped(struct line *line, const char *text)
{
    while (*text) {
        char made[8];
        size_t taken = character(text), n = taken;
        const char *as = shown(text, &n, made);
        if (n > line->cap - line->len) {
            put_text(line, cut_mark);
            return;
        }
        put(line, as, n);
        text += taken ? taken : 1;
    }
}

void log_line(enum log_level level, const char *room, const char *format, ...)
{
    if (level < setup.least)
        return;
    int kept_errno = errno;
    char at[32], text[LINE_BYTES];
    time_t now = time(NULL);
    struct tm utc;
    gmtime_r(&now, &utc);
    strftime(at, sizeof at, "%Y-%m-%dT%H:%M:%SZ", &utc);
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);

    const char *end = setup.as_json ? "\"}\n" : "\n";
    struct line line;
    line.len = 0;
    line.cap = HEAD_BYTES;
    put_text(&line, setup.as_json ? "{\"at\":\"" : "");
    put_text(&line, at);
    put_text(&line, setup.as_json ? "\",\"level\":\"" : " ");
    put_text(&line, level_word[level]);
    put_text(&line, setup.as_json ? "\",\"room\":\"" : " ");
    put_escaped(&line, room);
    put_text(&line, setup.as_json ? "\",\"text\":\"" : ": ");
    line.cap = sizeof line.at - (sizeof cut_mark - 1) - strlen(end);
    put_escaped(&line, text);
    put_text(&line, end);
    while (write(STDERR_FILENO, line.at, line.len) < 0 && errno == EINTR)
        ;
    errno = kept_errno;
}
