/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mail.h: what the files of this plugin share: a mail that was read, texts made plain, and words.
 */
#ifndef AMAZON_MAIL_H
#define AMAZON_MAIL_H

#include <souk/import.h>

/* ---- parse.c: a mail's bytes to its parts; the only file that sees GMime ------------------------ */

enum { TEXT_MOST = 1 << 16, ADDRESSES_MOST = 32, ATTACHMENTS_MOST = 20 };

struct address {
    const char *name;                                   /* display name; "" */
    const char *at;                                     /* "x@example.org", lower case; "" */
};

struct mail {                                           /* texts are UTF-8 and never NULL */
    const char *id;                                     /* Message-ID, or made of the mail's bytes */
    struct address from, reply_to;
    struct address to[ADDRESSES_MOST];                  /* and cc */
    int n_to;
    const char *subject;
    int64_t at_s;                                       /* 0: it has no date */
    const char *text;                                   /* as somebody would read it, at most TEXT_MOST bytes */
    const char *attachment[ATTACHMENTS_MOST];           /* names alone */
    int n_attachments;
    int is_automatic;                                   /* no person wrote it */
    int is_report;                                      /* multipart/report: of a delivery */
    const char *failed_to, *failed_why, *failed_subject;        /* of a report; "" */
    void *own;
};

void parse_begin(void);                                 /* once, before anything else here */
/* Who, when and what about.  0: it is no mail.  Everything ends with mail_end, whatever it gave. */
int mail_begin(struct mail *m, const char *at, uint32_t n);
/* Its text, its attachments, and what it reports of a delivery: for mails that somebody wants. */
void mail_read(struct mail *m);
void mail_end(struct mail *m);

/* ---- text.c: pure functions on UTF-8 ------------------------------------------------------------ */

/* A text that grows; the caller frees .at with text_free. */
struct text {
    char *at;
    uint32_t n, room;
};
void text_put(struct text *t, const char *at, uint32_t n);
void text_add(struct text *t, const char *text);
void text_free(struct text *t);

/* HTML as plain text: no scripts, no styles, nothing fetched; paragraphs and cells stay apart. */
void text_of_html(struct text *out, const char *at, uint32_t n);
/* Line ends are \n, controls are gone, no more than one empty line in a row, ends trimmed. */
void text_tidy(struct text *t);
/*
 * What somebody wrote, and below a line of its own what they quote: the letter they answer, or what the
 * marketplace writes around it.
 */
void text_mark_quoted(struct text *out, const char *text);
#define QUOTED_BELOW "\n\n――――――――――――――――――――\n"

/* ---- words.c: languages -------------------------------------------------------------------------- */

/* A copy for finding words in: no case, straight quotes, single spaces; at most n bytes of it. */
void words_fold(struct text *out, const char *text, uint32_t n);

enum meaning {
    SAYS_A_TO_Z = 1, SAYS_CHARGEBACK, SAYS_SAFE_T,
    SAYS_GRANTED, SAYS_DENIED, SAYS_WITHDRAWN, SAYS_MAY_APPEAL, SAYS_UNDER_REVIEW,
    SAYS_CASE_CLOSED, SAYS_CASE_ATTENTION, SAYS_CASE_RECEIVED
};
/* Does a folded text say so, in any of the languages? */
int words_say(const char *folded, enum meaning what);

struct notice_words {
    const char *class, *kind, *severity;
};
/* What kind of notice a folded subject is; NULL: none that is known. */
const struct notice_words *words_notice(const char *folded);

/* Marketplace of an address at a relay domain, "marketplace.amazon.de"; NULL: it is none. */
const char *words_relay(const char *address);
/* Is the address one of the marketplace itself; *market: which one, "" where that is not certain. */
int words_is_amazon(const char *address, const char **market);
/* Does the marketplace write to buyers, not to sellers, from it? */
int words_is_for_buyers(const char *address);

enum { ORDER_BYTES = 20, CASE_BYTES = 24 };
/* "303-1234567-1234567" somewhere in a text. */
int words_order(const char *text, char order[ORDER_BYTES]);
/* "[CASE 1234567890]" and what other languages have for it, in a folded text. */
int words_case(const char *folded, char number[CASE_BYTES]);
/* "closes automatically in 5 days", in a folded text: 5; 0: it says no such thing. */
int words_closes_in(const char *folded);

#endif
