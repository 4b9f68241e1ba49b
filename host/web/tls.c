/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tls.c: the certificate and key that the server shows.
 *
 * in:     two PEM files
 * out:    their text, checked against each other and the clock
 * knows:  GnuTLS
 */
#include "tls.h"

#include <errno.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/log.h"

enum { MOST_BYTES = 1 << 20, CHAIN = 16, SOON_S = 21 * 86400 };

const char tls_priorities[] = "SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-CIPHER-ALL:+AES-256-GCM:+AES-128-GCM:+CHACHA20-POLY1305";

static int read_file(struct arena *a, const char *what, const char *path, const char **text, struct err *err)
{
    FILE *f = fopen(path, "re");
    struct stat st;
    if (!f || fstat(fileno(f), &st) < 0) {
        err_set(err, ERR_CONF, "The %s %s cannot be read: %s. Mend tls_%s under [host] in plugins.ini.", what, path, strerror(errno),
                *what == 'k' ? "key" : "cert");
    } else if (st.st_size < 1 || st.st_size > MOST_BYTES) {
        err_set(err, ERR_CONF, "The %s %s is %s: give the PEM file.", what, path, st.st_size ? "larger than 1 MiB" : "empty");
    } else {
        char *at = arena_alloc(a, (size_t)st.st_size + 1);
        size_t n = fread(at, 1, (size_t)st.st_size, f);
        at[n] = '\0';
        *text = at;
    }
    if (!err->code && *what == 'k' && st.st_mode & (S_IRWXG | S_IRWXO))
        log_warn("tls", "the key %s can be read by others: chmod 600 would end that", path);
    if (f)
        fclose(f);
    return -err->code;
}

static gnutls_datum_t datum(const char *text)
{
    return (gnutls_datum_t){ (unsigned char *)(uintptr_t)text, (unsigned)strlen(text) };
}

/* The names that it is for; "" where it tells none. */
static const char *names_of(struct arena *a, gnutls_x509_crt_t cert)
{
    const char *names = "";
    for (unsigned i = 0; i < 20; i++) {
        char name[256];
        size_t n = sizeof name - 1;
        int type = gnutls_x509_crt_get_subject_alt_name(cert, i, name, &n, NULL);
        if (type < 0)
            break;
        name[n < sizeof name ? n : sizeof name - 1] = '\0';
        if (type == GNUTLS_SAN_DNSNAME)
            names = arena_printf(a, "%s%s%s", names, *names ? ", " : "", name);
    }
    return names;
}

static const char *day_words(struct arena *a, int64_t at_s)
{
    const time_t at = (time_t)at_s;
    struct tm tm;
    char day[40] = "";
    if (gmtime_r(&at, &tm))
        strftime(day, sizeof day, "%Y-%m-%d", &tm);
    return arena_text(a, day);
}

static int check(struct arena *a, const char *cert_file, const char *key_file, int64_t now_s, struct tls *t, struct err *err)
{
    const gnutls_datum_t cert = datum(t->cert), key = datum(t->key);
    gnutls_x509_crt_t chain[CHAIN];
    gnutls_certificate_credentials_t both = NULL;
    gnutls_x509_privkey_t private = NULL;
    unsigned n = CHAIN;
    int rc = gnutls_x509_crt_list_import(chain, &n, &cert, GNUTLS_X509_FMT_PEM, GNUTLS_X509_CRT_LIST_FAIL_IF_UNSORTED);
    if (rc < 0)
        return err_set(err, ERR_CONF, "The certificate %s is none that can be used (%s): it has to be PEM, the server's own first, then its"
                       " issuers.", cert_file, gnutls_strerror(rc));
    t->ends_s = (int64_t)gnutls_x509_crt_get_expiration_time(chain[0]);
    t->names = names_of(a, chain[0]);
    int64_t begins_s = (int64_t)gnutls_x509_crt_get_activation_time(chain[0]);
    for (unsigned i = 0; i < n; i++)
        gnutls_x509_crt_deinit(chain[i]);
    gnutls_x509_privkey_init(&private);
    rc = gnutls_x509_privkey_import2(private, &key, GNUTLS_X509_FMT_PEM, NULL, 0);
    gnutls_x509_privkey_deinit(private);
    if (rc < 0)
        return err_set(err, ERR_CONF, "The key %s is none that can be used (%s): it has to be PEM, without a passphrase.", key_file,
                       gnutls_strerror(rc));
    rc = gnutls_certificate_allocate_credentials(&both);
    if (rc >= 0)
        rc = gnutls_certificate_set_x509_key_mem(both, &cert, &key, GNUTLS_X509_FMT_PEM);
    gnutls_certificate_free_credentials(both);
    if (rc < 0)
        return err_set(err, ERR_CONF, "The key %s does not belong to the certificate %s (%s): give the pair that was made together.",
                       key_file, cert_file, gnutls_strerror(rc));
    if (t->ends_s <= now_s)
        return err_set(err, ERR_CONF, "The certificate %s was valid until %s: renew it.", cert_file, day_words(a, t->ends_s));
    if (begins_s > now_s)
        return err_set(err, ERR_CONF, "The certificate %s is valid from %s on only: is this machine's clock right?", cert_file,
                       day_words(a, begins_s));
    if (t->ends_s - now_s < SOON_S)
        log_warn("tls", "the certificate %s is valid until %s: renew it soon", cert_file, day_words(a, t->ends_s));
    return 0;
}

int tls_read(struct arena *a, const char *cert_file, const char *key_file, int64_t now_s, struct tls *out, struct err *err)
{
    *out = (struct tls){ .names = "" };
    if (read_file(a, "certificate", cert_file, &out->cert, err) < 0 || read_file(a, "key", key_file, &out->key, err) < 0)
        return -err->code;
    return check(a, cert_file, key_file, now_s, out, err);
}
