/* SPDX-License-Identifier: Apache-2.0 */
/*
 * parse.c: a mail's bytes to its parts, through GMime.
 *
 * in:     a mail as it stands, perhaps cut
 * out:    who, when, what about, and its text; of attachments their names
 * knows:  GMime and GLib; nothing of marketplaces
 *
 * Plain text goes before HTML.  What a mail says of its charset is believed only while its bytes agree.
 * Depth and number of parts are limited, so a mail made of mails costs no more than a letter.
 */
#include "mail.h"

#include <gmime/gmime.h>
#include <string.h>

enum { DEPTH_MOST = 20, PARTS_MOST = 200 };

/* Of a mail, until mail_end. */
struct reading {
    struct mail *mail;
    GStringChunk *texts;                                /* holds what the mail points to */
    GMimeMessage *message;
    GString *body;
    int parts;
    gboolean is_read;
};

static const char *keep(struct reading *r, const char *text)
{
    return text && *text ? g_string_chunk_insert(r->texts, text) : "";
}

/* Valid UTF-8 without controls, of any text. */
static const char *keep_clean(struct reading *r, const char *text)
{
    if (!text)
        return "";
    char *valid = g_utf8_make_valid(text, -1);
    for (char *at = valid; *at; at++)
        if ((unsigned char)*at < 0x20)
            *at = ' ';
    const char *kept = keep(r, g_strstrip(valid));
    g_free(valid);
    return kept;
}

static const char *keep_lower(struct reading *r, const char *text)
{
    char *valid = g_utf8_make_valid(text ? text : "", -1), *lower = g_ascii_strdown(valid, -1);
    const char *kept = keep(r, lower);
    g_free(lower);
    g_free(valid);
    return kept;
}

/* ---- text ------------------------------------------------------------------------------------- */

static char *converted(const GByteArray *bytes, const char *charset)
{
    char *text = NULL;
    if (charset && g_ascii_strcasecmp(charset, "us-ascii") != 0 && g_ascii_strcasecmp(charset, "utf-8") != 0)
        text = g_convert((const char *)bytes->data, (gssize)bytes->len, "UTF-8", charset, NULL, NULL, NULL);
    if (!text && g_utf8_validate((const char *)bytes->data, (gssize)bytes->len, NULL))
        text = g_strndup((const char *)bytes->data, bytes->len);
    if (!text)
        text = g_convert_with_fallback((const char *)bytes->data, (gssize)bytes->len, "UTF-8", "windows-1252", "?",
                                       NULL, NULL, NULL);
    return text ? text : g_utf8_make_valid((const char *)bytes->data, (gssize)bytes->len);
}

/* A part's text as UTF-8, without NUL bytes. */
static char *text_of(GMimePart *part)
{
    GMimeDataWrapper *content = g_mime_part_get_content(part);
    if (!content)
        return NULL;
    GMimeStream *stream = g_mime_stream_mem_new();
    GByteArray *bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
    g_mime_data_wrapper_write_to_stream(content, stream);
    for (guint i = 0; i < bytes->len; i++)
        if (!bytes->data[i])
            bytes->data[i] = ' ';
    g_byte_array_append(bytes, (const guint8 *)"", 1);
    g_byte_array_set_size(bytes, bytes->len - 1);
    char *text = converted(bytes, g_mime_object_get_content_type_parameter(GMIME_OBJECT(part), "charset"));
    g_object_unref(stream);
    return text;
}

static void put_text(struct reading *r, GMimePart *part, gboolean is_html)
{
    char *text = text_of(part);
    if (!text)
        return;
    if (r->body->len)
        g_string_append(r->body, "\n\n");
    if (is_html) {
        struct text plain = { 0 };
        text_of_html(&plain, text, (uint32_t)strlen(text));
        g_string_append_len(r->body, plain.at, (gssize)plain.n);
        text_free(&plain);
    } else {
        g_string_append(r->body, text);
    }
    g_free(text);
}

static void put_attachment(struct reading *r, GMimeObject *part)
{
    struct mail *m = r->mail;
    const char *name = GMIME_IS_PART(part) ? g_mime_part_get_filename(GMIME_PART(part)) : NULL;
    GMimeContentType *type = g_mime_object_get_content_type(part);
    char *mime = g_mime_content_type_get_mime_type(type);
    if (m->n_attachments < ATTACHMENTS_MOST)
        m->attachment[m->n_attachments++] = keep_clean(r, name ? name : mime);
    g_free(mime);
}

/* ---- a report of a delivery --------------------------------------------------------------------- */

/* The value of a field that stands in a text: "Final-Recipient: rfc822; x@example.org". */
static const char *field_in(struct reading *r, const char *text, const char *field)
{
    size_t n = strlen(field);
    for (const char *at = text; at; at = strchr(at, '\n')) {
        at += *at == '\n';
        if (g_ascii_strncasecmp(at, field, n) != 0)
            continue;
        char *value = g_strndup(at + n, strcspn(at + n, "\r\n"));
        const char *kept = keep_clean(r, value);
        g_free(value);
        return kept;
    }
    return "";
}

static void read_report(struct reading *r, GMimeObject *part)
{
    struct mail *m = r->mail;
    if (g_mime_content_type_is_type(g_mime_object_get_content_type(part), "message", "delivery-status")
        && GMIME_IS_PART(part)) {
        char *text = text_of(GMIME_PART(part));
        if (text) {
            const char *to = field_in(r, text, "Final-Recipient:");
            const char *address = strchr(to, ';');
            m->failed_to = keep_lower(r, address ? address + 1 + strspn(address + 1, " ") : to);
            m->failed_why = field_in(r, text, "Status:");
            if (g_ascii_strcasecmp(field_in(r, text, "Action:"), "failed") != 0)
                m->failed_why = "";
        }
        g_free(text);
    } else if (GMIME_IS_MESSAGE_PART(part)) {
        GMimeMessage *inner = g_mime_message_part_get_message(GMIME_MESSAGE_PART(part));
        if (inner)
            m->failed_subject = keep_clean(r, g_mime_message_get_subject(inner));
    } else if (GMIME_IS_PART(part)
               && g_mime_content_type_is_type(g_mime_object_get_content_type(part), "text", "rfc822-headers")) {
        char *text = text_of(GMIME_PART(part));
        char *subject = g_mime_utils_header_decode_text(NULL, field_in(r, text ? text : "", "Subject:"));
        m->failed_subject = keep_clean(r, subject);
        g_free(subject);
        g_free(text);
    }
}

/* ---- parts ------------------------------------------------------------------------------------- */

static gboolean is_type(GMimeObject *part, const char *type, const char *subtype)
{
    return g_mime_content_type_is_type(g_mime_object_get_content_type(part), type, subtype);
}

static gboolean is_attached(GMimeObject *part)
{
    const char *disposition = g_mime_object_get_disposition(part);
    return disposition && g_ascii_strcasecmp(disposition, "attachment") == 0;
}

/* Is there plain text in it that is not attached? */
static gboolean has_plain(GMimeObject *part, int depth)
{
    if (GMIME_IS_MULTIPART(part) && depth < DEPTH_MOST) {
        int n = g_mime_multipart_get_count(GMIME_MULTIPART(part));
        for (int i = 0; i < n && i < PARTS_MOST; i++)
            if (has_plain(g_mime_multipart_get_part(GMIME_MULTIPART(part), i), depth + 1))
                return TRUE;
        return FALSE;
    }
    return GMIME_IS_PART(part) && is_type(part, "text", "plain") && !is_attached(part);
}

static void read_part(struct reading *r, GMimeObject *part, int depth);

/* Several ways to say the same: the plain one, else the last, which is the richest. */
static void read_alternatives(struct reading *r, GMimeMultipart *parts, int depth)
{
    int n = g_mime_multipart_get_count(parts);
    for (int i = 0; i < n && i < PARTS_MOST; i++) {
        GMimeObject *part = g_mime_multipart_get_part(parts, i);
        if (has_plain(part, depth)) {
            read_part(r, part, depth);
            return;
        }
    }
    if (n)
        read_part(r, g_mime_multipart_get_part(parts, n - 1), depth);
}

static void read_part(struct reading *r, GMimeObject *part, int depth)
{
    if (!part || depth > DEPTH_MOST || r->parts++ > PARTS_MOST)
        return;
    if (r->mail->is_report)
        read_report(r, part);
    if (GMIME_IS_MULTIPART(part)) {
        int n = g_mime_multipart_get_count(GMIME_MULTIPART(part));
        if (is_type(part, "multipart", "alternative")) {
            read_alternatives(r, GMIME_MULTIPART(part), depth + 1);
            return;
        }
        for (int i = 0; i < n; i++)
            read_part(r, g_mime_multipart_get_part(GMIME_MULTIPART(part), i), depth + 1);
    } else if (!GMIME_IS_PART(part) || is_attached(part) || !is_type(part, "text", "*")) {
        put_attachment(r, part);
    } else if (is_type(part, "text", "html")) {
        put_text(r, GMIME_PART(part), TRUE);
    } else if (is_type(part, "text", "plain")) {
        put_text(r, GMIME_PART(part), FALSE);
    } else {
        put_attachment(r, part);
    }
}

/* ---- the mail ----------------------------------------------------------------------------------- */

static struct address address_of(struct reading *r, InternetAddress *address)
{
    struct address to = { "", "" };
    if (!address)
        return to;
    to.name = keep_clean(r, internet_address_get_name(address));
    if (INTERNET_ADDRESS_IS_MAILBOX(address))
        to.at = keep_lower(r, internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(address)));
    return to;
}

static struct address first_of(struct reading *r, InternetAddressList *list)
{
    int n = list ? internet_address_list_length(list) : 0;
    return address_of(r, n > 0 ? internet_address_list_get_address(list, 0) : NULL);
}

static void add_to(struct reading *r, InternetAddressList *list)
{
    int n = list ? internet_address_list_length(list) : 0;
    for (int i = 0; i < n && r->mail->n_to < ADDRESSES_MOST; i++)
        r->mail->to[r->mail->n_to++] = address_of(r, internet_address_list_get_address(list, i));
}

static int64_t time_of(GMimeMessage *message)
{
    GDateTime *date = g_mime_message_get_date(message);
    return date ? g_date_time_to_unix(date) : 0;
}

/* "auto-generated", "bulk": nobody sat down and wrote it. */
static int is_automatic(GMimeMessage *message)
{
    const char *automatic = g_mime_object_get_header(GMIME_OBJECT(message), "Auto-Submitted");
    const char *precedence = g_mime_object_get_header(GMIME_OBJECT(message), "Precedence");
    return (automatic && g_ascii_strncasecmp(automatic, "no", 2) != 0)
        || (precedence && g_ascii_strcasecmp(precedence, "auto_reply") == 0)
        || g_mime_object_get_header(GMIME_OBJECT(message), "X-Autoreply");
}

static const char *id_of(struct reading *r, const char *at, uint32_t n)
{
    const char *id = g_mime_message_get_message_id(r->message);
    const char *kept = keep_clean(r, id);
    if (*kept)
        return kept;
    char *sum = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)at, n);
    kept = keep(r, sum);
    g_free(sum);
    return kept;
}

/* What was read of its text: tidy, and no longer than TEXT_MOST. */
static const char *text_kept(struct reading *r)
{
    struct text t = { 0 };
    char *valid = g_utf8_make_valid(r->body->str, (gssize)r->body->len);
    size_t n = strlen(valid);
    text_put(&t, valid, (uint32_t)n);
    g_free(valid);
    text_tidy(&t);
    if (t.n > TEXT_MOST) {
        for (t.n = TEXT_MOST; t.n && ((unsigned char)t.at[t.n] & 0xC0) == 0x80;)
            t.n--;
        t.at[t.n] = '\0';
    }
    const char *kept = keep(r, t.at);
    text_free(&t);
    return kept;
}

void parse_begin(void)
{
    g_mime_init();
}

int mail_begin(struct mail *m, const char *at, uint32_t n)
{
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer(at, n);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
    *m = (struct mail){ .id = "", .subject = "", .text = "", .failed_to = "", .failed_why = "", .failed_subject = "" };
    g_object_unref(parser);
    g_object_unref(stream);
    if (!message)
        return 0;
    struct reading *r = g_new0(struct reading, 1);
    *r = (struct reading){ .mail = m, .message = message };
    r->texts = g_string_chunk_new(4096);
    m->own = r;
    m->from = first_of(r, g_mime_message_get_from(message));
    m->reply_to = first_of(r, g_mime_message_get_reply_to(message));
    add_to(r, g_mime_message_get_to(message));
    add_to(r, g_mime_message_get_cc(message));
    m->subject = keep_clean(r, g_mime_message_get_subject(message));
    m->at_s = time_of(message);
    m->is_automatic = is_automatic(message);
    m->id = id_of(r, at, n);
    GMimeObject *top = g_mime_message_get_mime_part(message);
    m->is_report = top && is_type(top, "multipart", "report");
    return m->from.at[0] || m->at_s || m->n_to;
}

void mail_read(struct mail *m)
{
    struct reading *r = m->own;
    if (r->is_read)
        return;
    r->is_read = TRUE;
    r->body = g_string_new("");
    read_part(r, g_mime_message_get_mime_part(r->message), 0);
    m->text = text_kept(r);
    g_string_free(r->body, TRUE);
    r->body = NULL;
}

void mail_end(struct mail *m)
{
    struct reading *r = m->own;
    if (!r)
        return;
    g_object_unref(r->message);
    g_string_chunk_free(r->texts);
    g_free(r);
    m->own = NULL;
}
