/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text.c: texts made plain.
 *
 * in:     HTML, and plain text as people and their programs send it
 * out:    plain text that reads well, with what is quoted marked off
 * knows:  nothing of mails
 *
 * HTML is read as a stream: a tag ends a line, a word or nothing, and what stands in scripts, styles and
 * heads is passed over.  A page that is wrong is read to its end all the same.
 */
#include "mail.h"

#include <stdlib.h>
#include <string.h>

/* ---- growing text ------------------------------------------------------------------------------ */

void text_put(struct text *t, const char *at, uint32_t n)
{
    if (t->n + n + 1 > t->room) {
        t->room = (t->n + n + 1) * 2;
        t->at = realloc(t->at, t->room);
        if (!t->at)
            abort();
    }
    if (n)
        memcpy(t->at + t->n, at, n);
    t->n += n;
    t->at[t->n] = '\0';
}

void text_add(struct text *t, const char *text)
{
    text_put(t, text, (uint32_t)strlen(text));
}

void text_free(struct text *t)
{
    free(t->at);
    *t = (struct text){ 0 };
}

static char low(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

/* Does at[0..n) begin so, ASCII case apart?  `with` is in lower case. */
static int begins(const char *at, size_t n, const char *with)
{
    for (; *with; with++, at++, n--)
        if (!n || low(*at) != *with)
            return 0;
    return 1;
}

/* ---- entities ---------------------------------------------------------------------------------- */

static const struct {
    char name[8];
    uint16_t code;
} entities[] = {
    { "amp", '&' }, { "lt", '<' }, { "gt", '>' }, { "quot", '"' }, { "apos", '\'' }, { "nbsp", 0xA0 },
    { "iexcl", 0xA1 }, { "cent", 0xA2 }, { "pound", 0xA3 }, { "yen", 0xA5 }, { "sect", 0xA7 }, { "copy", 0xA9 },
    { "laquo", 0xAB }, { "reg", 0xAE }, { "deg", 0xB0 }, { "middot", 0xB7 }, { "raquo", 0xBB }, { "iquest", 0xBF },
    { "Agrave", 0xC0 }, { "Aacute", 0xC1 }, { "Acirc", 0xC2 }, { "Atilde", 0xC3 }, { "Auml", 0xC4 },
    { "Aring", 0xC5 }, { "AElig", 0xC6 }, { "Ccedil", 0xC7 }, { "Egrave", 0xC8 }, { "Eacute", 0xC9 },
    { "Ecirc", 0xCA }, { "Euml", 0xCB }, { "Igrave", 0xCC }, { "Iacute", 0xCD }, { "Icirc", 0xCE },
    { "Iuml", 0xCF }, { "Ntilde", 0xD1 }, { "Ograve", 0xD2 }, { "Oacute", 0xD3 }, { "Ocirc", 0xD4 },
    { "Otilde", 0xD5 }, { "Ouml", 0xD6 }, { "times", 0xD7 }, { "Oslash", 0xD8 }, { "Ugrave", 0xD9 },
    { "Uacute", 0xDA }, { "Ucirc", 0xDB }, { "Uuml", 0xDC }, { "szlig", 0xDF }, { "agrave", 0xE0 },
    { "aacute", 0xE1 }, { "acirc", 0xE2 }, { "atilde", 0xE3 }, { "auml", 0xE4 }, { "aring", 0xE5 },
    { "aelig", 0xE6 }, { "ccedil", 0xE7 }, { "egrave", 0xE8 }, { "eacute", 0xE9 }, { "ecirc", 0xEA },
    { "euml", 0xEB }, { "igrave", 0xEC }, { "iacute", 0xED }, { "icirc", 0xEE }, { "iuml", 0xEF },
    { "ntilde", 0xF1 }, { "ograve", 0xF2 }, { "oacute", 0xF3 }, { "ocirc", 0xF4 }, { "otilde", 0xF5 },
    { "ouml", 0xF6 }, { "oslash", 0xF8 }, { "ugrave", 0xF9 }, { "uacute", 0xFA }, { "ucirc", 0xFB },
    { "uuml", 0xFC }, { "ndash", 0x2013 }, { "mdash", 0x2014 }, { "lsquo", 0x2018 }, { "rsquo", 0x2019 },
    { "sbquo", 0x201A }, { "ldquo", 0x201C }, { "rdquo", 0x201D }, { "bdquo", 0x201E }, { "bull", 0x2022 },
    { "hellip", 0x2026 }, { "euro", 0x20AC }, { "trade", 0x2122 }, { "rarr", 0x2192 }, { "zwnj", 0x200C },
};

static void put_code(struct text *out, uint32_t code)
{
    char utf8[4];
    if (code == 0xA0 || code == 0x200B || code == 0x200C || code == 0x200D || code == 0xFEFF || code == 0xAD) {
        if (code == 0xA0)
            text_put(out, " ", 1);
        return;
    }
    if (code < 0x20 || (code >= 0x7F && code < 0xA0) || (code >= 0xD800 && code < 0xE000) || code > 0x10FFFF)
        code = code == '\n' || code == '\t' ? ' ' : 0xFFFD;
    if (code < 0x80) {
        utf8[0] = (char)code;
        text_put(out, utf8, 1);
    } else if (code < 0x800) {
        utf8[0] = (char)(0xC0 | code >> 6);
        utf8[1] = (char)(0x80 | (code & 0x3F));
        text_put(out, utf8, 2);
    } else if (code < 0x10000) {
        utf8[0] = (char)(0xE0 | code >> 12);
        utf8[1] = (char)(0x80 | (code >> 6 & 0x3F));
        utf8[2] = (char)(0x80 | (code & 0x3F));
        text_put(out, utf8, 3);
    } else {
        utf8[0] = (char)(0xF0 | code >> 18);
        utf8[1] = (char)(0x80 | (code >> 12 & 0x3F));
        utf8[2] = (char)(0x80 | (code >> 6 & 0x3F));
        utf8[3] = (char)(0x80 | (code & 0x3F));
        text_put(out, utf8, 4);
    }
}

/* "&#8364;", "&#x20ac;", "&euro;"; gives how many bytes it has, 0: it is none. */
static size_t put_entity(struct text *out, const char *at, size_t n)
{
    size_t i = 1;
    if (n > 3 && at[1] == '#') {
        uint32_t code = 0;
        int is_hex = low(at[2]) == 'x', digits = 0;
        for (i = is_hex ? 3 : 2; i < n && digits < 8; i++, digits++) {
            char c = low(at[i]);
            int digit = c >= '0' && c <= '9' ? c - '0' : is_hex && c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
            if (digit < 0)
                break;
            code = code * (is_hex ? 16 : 10) + (uint32_t)digit;
        }
        if (!digits)
            return 0;
        put_code(out, code);
        return i + (i < n && at[i] == ';');
    }
    while (i < n && i < 10 && ((at[i] >= 'a' && at[i] <= 'z') || (at[i] >= 'A' && at[i] <= 'Z')))
        i++;
    for (size_t e = 0; e < sizeof entities / sizeof *entities; e++) {
        if (strlen(entities[e].name) == i - 1 && memcmp(entities[e].name, at + 1, i - 1) == 0) {
            put_code(out, entities[e].code);
            return i + (i < n && at[i] == ';');
        }
    }
    return 0;
}

/* ---- tags --------------------------------------------------------------------------------------- */

enum { NAME_BYTES = 12 };

struct tag {
    char name[NAME_BYTES];                              /* lower case; cut */
    int is_end, is_hidden, is_empty;
    size_t n;                                           /* bytes of all of it */
};

static int is_one_of(const char *name, const char *words)
{
    size_t n = strlen(name);
    for (const char *at = words; (at = strstr(at, name)) != NULL; at++)
        if (n && (at == words || at[-1] == ' ') && (at[n] == ' ' || !at[n]))
            return 1;
    return 0;
}

/* Between < and >, with quotes minded; 0: no tag begins here. */
static int read_tag(const char *at, size_t n, struct tag *tag)
{
    size_t i = 1, length = 0;
    char quote = 0;
    *tag = (struct tag){ .n = n };
    if (i < n && at[i] == '/') {
        tag->is_end = 1;
        i++;
    }
    if (i >= n || !((at[i] >= 'a' && at[i] <= 'z') || (at[i] >= 'A' && at[i] <= 'Z') || at[i] == '!' || at[i] == '?'))
        return 0;
    for (; i < n && at[i] > ' ' && at[i] != '>' && at[i] != '/'; i++)
        if (length < NAME_BYTES - 1)
            tag->name[length++] = low(at[i]);
    for (; i < n; i++) {
        if (quote) {
            quote = at[i] == quote ? 0 : quote;
        } else if (at[i] == '"' || at[i] == '\'') {
            quote = at[i];
        } else if (at[i] == '>') {
            tag->is_empty = at[i - 1] == '/';
            tag->n = i + 1;
            break;
        }
        if (begins(at + i, n - i, "display:none") || begins(at + i, n - i, "display: none"))
            tag->is_hidden = 1;
    }
    return 1;
}

/* Behind the end tag of a script or style: what is in them is no HTML. */
static size_t pass_raw(const char *at, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (at[i] == '<' && i + 1 < n && at[i + 1] == '/' && begins(at + i + 2, n - i - 2, name)) {
            const char *end = memchr(at + i, '>', n - i);
            return end ? (size_t)(end + 1 - at) : n;
        }
    return n;
}

/* Over all that stands in an element, to behind its end tag; elements of the same name may be in it. */
static size_t pass_element(const char *at, size_t n, const char *name)
{
    size_t i = 0;
    int depth = 1;
    struct tag tag;
    if (is_one_of(name, "script style"))
        return pass_raw(at, n, name);
    while (i < n) {
        const char *next = memchr(at + i, '<', n - i);
        if (!next)
            return n;
        i = (size_t)(next - at);
        if (!read_tag(at + i, n - i, &tag)) {
            i++;
            continue;
        }
        if (strcmp(tag.name, name) == 0 && !tag.is_empty)
            depth += tag.is_end ? -1 : 1;
        i += tag.n;
        if (!depth)
            return i;
    }
    return n;
}

static size_t pass_comment(const char *at, size_t n)
{
    for (size_t i = 4; i + 3 <= n; i++)
        if (memcmp(at + i, "-->", 3) == 0)
            return i + 3;
    return n;
}

static void end_line(struct text *out, int lines)
{
    uint32_t n = out->n;
    while (n && out->at[n - 1] == ' ')
        n--;
    out->n = n;
    for (; n && lines && out->at[n - 1] == '\n'; n--)
        lines--;
    while (out->n && lines-- > 0)
        text_put(out, "\n", 1);
}

static size_t put_tag(struct text *out, const char *at, size_t n, const struct tag *tag)
{
    static const char blocks[] = "p div h1 h2 h3 h4 h5 h6 ul ol table blockquote pre hr section article header footer";
    size_t done = tag->n;
    if (is_one_of(tag->name, "script style head title") || (tag->is_hidden && !is_one_of(tag->name, "br img hr input"))) {
        if (!tag->is_end && !tag->is_empty)
            done += pass_element(at + done, n - done, tag->name);
    } else if (strcmp(tag->name, "br") == 0) {
        text_put(out, "\n", 1);
    } else if (is_one_of(tag->name, "p blockquote table h1 h2 h3")) {
        end_line(out, 2);
    } else if (is_one_of(tag->name, blocks) || is_one_of(tag->name, "tr li")) {
        end_line(out, 1);
        if (strcmp(tag->name, "li") == 0 && !tag->is_end)
            text_add(out, "- ");
    } else if (is_one_of(tag->name, "td th") && out->n && !strchr(" \n", out->at[out->n - 1])) {
        text_put(out, " ", 1);
    }
    return done;
}

void text_of_html(struct text *out, const char *at, uint32_t length)
{
    size_t n = length, i = 0, done;
    struct tag tag;
    while (i < n) {
        char c = at[i];
        if (c == '<' && n - i >= 4 && memcmp(at + i, "<!--", 4) == 0) {
            i += pass_comment(at + i, n - i);
        } else if (c == '<' && read_tag(at + i, n - i, &tag)) {
            i += put_tag(out, at + i, n - i, &tag);
        } else if (c == '&' && (done = put_entity(out, at + i, n - i)) > 0) {
            i += done;
        } else if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
            if (out->n && !strchr(" \n", out->at[out->n - 1]))
                text_put(out, " ", 1);
            i++;
        } else {
            size_t run = 1;
            while (i + run < n && !strchr("<& \t\r\n", at[i + run]))
                run++;
            text_put(out, at + i, (uint32_t)run);
            i += run;
        }
    }
    if (!out->at)
        text_put(out, "", 0);
}

/* ---- tidying ------------------------------------------------------------------------------------ */

void text_tidy(struct text *t)
{
    uint32_t to = 0;
    int newlines = 2;                                   /* at the beginning there are no empty lines */
    if (!t->at)
        text_put(t, "", 0);
    for (uint32_t i = 0; i < t->n; i++) {
        char c = t->at[i];
        if (c == '\r') {
            if (i + 1 < t->n && t->at[i + 1] == '\n')
                continue;
            c = '\n';
        }
        if (c == '\n') {
            while (to && (t->at[to - 1] == ' ' || t->at[to - 1] == '\t'))
                to--;
            if (newlines++ >= 2)
                continue;
        } else if ((unsigned char)c < 0x20 && c != '\t') {
            continue;
        } else {
            newlines = 0;
        }
        t->at[to++] = c;
    }
    while (to && strchr(" \t\n", t->at[to - 1]))
        to--;
    t->n = to;
    t->at[to] = '\0';
}

/* ---- what is quoted ------------------------------------------------------------------------------ */

struct line {
    const char *at;
    size_t n;
};

static struct line line_at(const char *at)
{
    return (struct line){ at, strcspn(at, "\n") };
}

static const char *next_line(struct line l)
{
    return l.at[l.n] ? l.at + l.n + 1 : NULL;
}

static int holds(struct line l, const char *word)
{
    size_t n = strlen(word);
    for (size_t i = 0; i + n <= l.n; i++)
        if (memcmp(l.at + i, word, n) == 0)
            return 1;
    return 0;
}

static int starts(struct line l, const char *word)
{
    return l.n >= strlen(word) && memcmp(l.at, word, strlen(word)) == 0;
}

static int is_blank(struct line l)
{
    for (size_t i = 0; i < l.n; i++)
        if (l.at[i] != ' ' && l.at[i] != '\t')
            return 0;
    return 1;
}

/* "-----Original Message-----" */
static int is_original(struct line l)
{
    static const char *const words[] = {
        "Original Message", "Original message", "Ursprüngliche Nachricht", "Originalnachricht", "Message d'origine",
        "Message original", "Messaggio originale", "Mensaje original", "Oorspronkelijk bericht",
        "Ursprungligt meddelande", "Wiadomość oryginalna", "Mensagem original", "Orijinal ileti", "元のメッセージ",
        "Forwarded message", "Weitergeleitete Nachricht",
    };
    if (!starts(l, "---") && !starts(l, "___"))
        return 0;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (holds(l, words[i]))
            return 1;
    return 0;
}

/* "On Monday, Anna wrote:", perhaps over two lines. */
static int is_wrote(struct line l)
{
    static const struct { const char *begin, *end; } words[] = {
        { "On ", "wrote:" }, { "Am ", "schrieb" }, { "Le ", "a écrit" }, { "Il ", "ha scritto" },
        { "El ", "escribió" }, { "Op ", "schreef" }, { "Den ", "skrev" }, { "W dniu ", "pisze" },
        { "W dniu ", "napisał" }, { "Em ", "escreveu" }, { "20", "wrote:" }, { "20", "のメール" }, { "20", ":" },
    };
    const char *second = next_line(l);
    struct line both = l, last = second ? line_at(second) : (struct line){ "", 0 };
    if (second)
        both.n = (size_t)(last.at + last.n - l.at);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (!starts(l, words[i].begin))
            continue;
        int is_date = words[i].begin[0] == '2';
        if (is_date && !(holds(l, "@") && l.n && l.at[l.n - 1] == ':'))
            continue;
        if (holds(l, words[i].end) || (!is_date && holds(both, words[i].end) && last.n && last.at[last.n - 1] == ':'))
            return 1;
    }
    return 0;
}

static int starts_one_of(struct line l, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (starts(l, words[i]))
            return 1;
    return 0;
}

/* The fields of the letter that is answered: "From: ...", and soon "Sent: ...". */
static int is_fields(struct line l)
{
    static const char *const from[] = {
        "From:", "Von:", "De :", "De:", "Da:", "Van:", "Från:", "Od:", "Kimden:", "差出人:", "送信者:", "*From:*",
    };
    static const char *const sent[] = {
        "Sent:", "Date:", "Gesendet:", "Datum:", "Envoyé", "Inviato:", "Data:", "Enviado", "Fecha:", "Verzonden:",
        "Skickat:", "Wysłano:", "Gönderme Tarihi:", "送信日時:", "日付:", "*Sent:*",
    };
    if (!starts_one_of(l, from, sizeof from / sizeof *from))
        return 0;
    const char *next = next_line(l);
    for (int i = 0; next && i < 3; i++) {
        struct line field = line_at(next);
        if (starts_one_of(field, sent, sizeof sent / sizeof *sent))
            return 1;
        next = next_line(field);
    }
    return 0;
}

/* Where nothing but quoted and empty lines follow; NULL: nowhere. */
static const char *quoted_tail(const char *text)
{
    const char *tail = NULL;
    for (const char *at = text; at; at = next_line(line_at(at))) {
        struct line l = line_at(at);
        if (!starts(l, ">") && !is_blank(l))
            tail = NULL;
        else if (!tail && starts(l, ">"))
            tail = at;
    }
    return tail;
}

/* Where what is quoted begins; NULL: nowhere. */
static const char *quoted_from(const char *text)
{
    const char *tail = quoted_tail(text);
    int is_any = 0;
    for (const char *at = text; at; at = next_line(line_at(at))) {
        struct line l = line_at(at);
        if (is_any && (at == tail || is_original(l) || is_wrote(l) || is_fields(l)))
            return at;
        is_any |= !is_blank(l);
    }
    return NULL;
}

/* "------------- Begin message -------------": what the marketplace puts around a buyer's words. */
static int is_frame(struct line l, int is_end)
{
    static const char *const begin[] = {
        "Begin message", "Anfang der Nachricht", "Beginn der Nachricht", "Début du message", "Inizio messaggio",
        "Inizio del messaggio", "Inicio del mensaje", "Comienzo del mensaje", "Begin bericht", "Início da mensagem",
        "メッセージの始まり", "ここからメッセージ",
    };
    static const char *const end[] = {
        "End message", "Ende der Nachricht", "Fin du message", "Fine messaggio", "Fine del messaggio",
        "Fin del mensaje", "Einde bericht", "Fim da mensagem", "メッセージの終わり", "ここまでメッセージ",
    };
    size_t n = is_end ? sizeof end / sizeof *end : sizeof begin / sizeof *begin;
    if (!starts(l, "---"))
        return 0;
    for (size_t i = 0; i < n; i++)
        if (holds(l, is_end ? end[i] : begin[i]))
            return 1;
    return 0;
}

/* The line that frames the buyer's words; {NULL}: none. */
static struct line find_frame(const char *text, int is_end)
{
    for (const char *at = text; at; at = next_line(line_at(at)))
        if (is_frame(line_at(at), is_end))
            return line_at(at);
    return (struct line){ NULL, 0 };
}

static void put_trimmed(struct text *out, const char *at, size_t n)
{
    while (n && strchr(" \t\n", *at))
        at++, n--;
    while (n && strchr(" \t\n", at[n - 1]))
        n--;
    text_put(out, at, (uint32_t)n);
}

static void put_below(struct text *out, int *is_any, const char *at, size_t n)
{
    struct text part = { 0 };
    put_trimmed(&part, at, n);
    if (part.n) {
        text_add(out, *is_any ? "\n\n" : QUOTED_BELOW);
        text_put(out, part.at, part.n);
        *is_any = 1;
    }
    text_free(&part);
}

void text_mark_quoted(struct text *out, const char *text)
{
    struct line begin = find_frame(text, 0);
    struct line end = begin.at ? find_frame(begin.at + begin.n, 1) : begin;
    int is_any = 0;
    if (begin.at && end.at) {
        put_trimmed(out, begin.at + begin.n, (size_t)(end.at - begin.at) - begin.n);
        put_below(out, &is_any, text, (size_t)(begin.at - text));
        put_below(out, &is_any, end.at + end.n, strlen(end.at + end.n));
        return;
    }
    const char *from = quoted_from(text);
    put_trimmed(out, text, from ? (size_t)(from - text) : strlen(text));
    if (from)
        put_below(out, &is_any, from, strlen(from));
}
