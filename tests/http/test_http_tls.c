/* TLS by the server itself, with a certificate made for the test. */
#include "tests/http/site.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"

static char certificate_path[64] = "/tmp/maillage-certificate-XXXXXX", key_path[64] = "/tmp/maillage-key-XXXXXX";

static void write_file(char *path, const gnutls_datum_t *pem)
{
    const int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(write(file, pem->data, pem->size), pem->size);
    close(file);
}

/* A self-signed certificate for localhost. */
static void make_certificate(void)
{
    gnutls_x509_privkey_t key;
    gnutls_x509_crt_t certificate;
    gnutls_datum_t pem = {0};
    gnutls_x509_privkey_init(&key);
    assert_int_equal(
        gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0), 0);
    gnutls_x509_crt_init(&certificate);
    gnutls_x509_crt_set_version(certificate, 3);
    gnutls_x509_crt_set_serial(certificate, "\x01", 1);
    gnutls_x509_crt_set_activation_time(certificate, time(NULL) - 60);
    gnutls_x509_crt_set_expiration_time(certificate, time(NULL) + 3600);
    gnutls_x509_crt_set_dn(certificate, "CN=localhost", NULL);
    gnutls_x509_crt_set_subject_alt_name(certificate, GNUTLS_SAN_DNSNAME, "localhost", 9, GNUTLS_FSAN_SET);
    gnutls_x509_crt_set_key(certificate, key);
    assert_int_equal(gnutls_x509_crt_sign2(certificate, certificate, key, GNUTLS_DIG_SHA256, 0), 0);
    gnutls_x509_crt_export2(certificate, GNUTLS_X509_FMT_PEM, &pem);
    write_file(certificate_path, &pem);
    gnutls_free(pem.data);
    gnutls_x509_privkey_export2(key, GNUTLS_X509_FMT_PEM, &pem);
    write_file(key_path, &pem);
    gnutls_free(pem.data);
    gnutls_x509_crt_deinit(certificate);
    gnutls_x509_privkey_deinit(key);
}

/* What a TLS client of these priorities gets in reply, into text; false when no session comes about. */
static bool ask(int port, const char *priorities, const char *request, char *text, size_t size)
{
    gnutls_session_t session;
    gnutls_certificate_credentials_t credentials;
    size_t length = 0;
    const int socket = client_open(port);
    gnutls_certificate_allocate_credentials(&credentials);
    gnutls_certificate_set_x509_trust_file(credentials, certificate_path, GNUTLS_X509_FMT_PEM);
    gnutls_init(&session, GNUTLS_CLIENT);
    gnutls_priority_set_direct(session, priorities, NULL);
    gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, credentials);
    gnutls_session_set_verify_cert(session, "localhost", 0);
    gnutls_transport_set_int(session, socket);
    const bool agreed = gnutls_handshake(session) == 0;
    if (agreed) {
        gnutls_record_send(session, request, strlen(request));
        ssize_t got;
        while (length < size - 1 && (got = gnutls_record_recv(session, text + length, size - 1 - length)) > 0)
            length += (size_t)got;
    }
    text[length] = '\0';
    gnutls_deinit(session);
    gnutls_certificate_free_credentials(credentials);
    close(socket);
    return agreed;
}

static void pages_are_served_over_tls(void **state)
{
    (void)state;
    struct site site;
    char text[8192];
    struct http_options options = site_options();
    make_certificate();
    options.certificate = certificate_path;
    options.key = key_path;
    site_begin(&site, &options);
    const char *request =
        "GET /fr/mine HTTP/1.1\r\nHost: localhost\r\nCookie: __Host-session=anna\r\nConnection: close\r\n\r\n";
    assert_true(ask(site.port, "NORMAL:-VERS-ALL:+VERS-TLS1.3", request, text, sizeof text));
    assert_non_null(strstr(text, "HTTP/1.1 200"));
    assert_non_null(strstr(text, "Strict-Transport-Security: max-age=31536000"));
    assert_non_null(strstr(text, "<p>home fr -</p>"));
    assert_true(ask(site.port, "NORMAL:-VERS-ALL:+VERS-TLS1.2", request, text, sizeof text));
    assert_non_null(strstr(text, "HTTP/1.1 200"));
    assert_false(ask(site.port, "NORMAL:-VERS-ALL:+VERS-TLS1.1", request, text, sizeof text));
    /* A stream, through a worker. */
    request = "GET /fr/lines?lines=200 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    assert_true(ask(site.port, "NORMAL", request, text, sizeof text));
    assert_non_null(strstr(text, "line 000000199"));
    /* Without TLS, nothing is said. */
    assert_int_equal(client_get(site.arena, site.port, "/fr/", "").status, 0);
    site_end(&site);
    unlink(certificate_path);
    unlink(key_path);
}

static void a_key_that_is_none_does_not_start(void **state)
{
    (void)state;
    struct http_server *server = NULL;
    struct error error;
    const struct http_route *const tables[] = {site_routes, NULL};
    struct http_options options = site_options();
    options.certificate = options.key = "meson.build";
    assert_int_equal(http_start(&options, tables, NULL, NULL, &server, &error), STATUS_INPUT);
    options.key = NULL;
    assert_int_equal(http_start(&options, tables, NULL, NULL, &server, &error), STATUS_INPUT);
    assert_null(server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(pages_are_served_over_tls),
                                       cmocka_unit_test(a_key_that_is_none_does_not_start)};
    return run_group(tests);
}
