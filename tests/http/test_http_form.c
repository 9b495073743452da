/* Bodies: forms, files, chunks, limits, and who is let in before a body is kept. */
#include "tests/http/site.h"

#include <dirent.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buffer.h"

static struct site site;

static int begin(void **state)
{
    (void)state;
    site_begin(&site, NULL);
    return 0;
}

static int end(void **state)
{
    (void)state;
    site_end(&site);
    return 0;
}

#define TOKEN "X-CSRF-Token: csrf-of-edith\r\n" EDITH
#define MULTIPART "Content-Type: multipart/form-data; boundary=XX\r\n" TOKEN

static struct reply post(const char *path, const char *headers, const void *body, size_t length)
{
    return client_post(site.arena, site.port, path, headers, body, length);
}

static void forms_are_decoded(void **state)
{
    (void)state;
    static const char form[] = "nom=%C3%89lectre+%26+fils&nom=b&texte=a%0D%0Ab";
    const struct reply reply = post(
        "/fr/echo", "Content-Type: application/x-www-form-urlencoded; charset=UTF-8\r\n" TOKEN, form, sizeof form - 1);
    assert_int_equal(reply.status, 200);
    assert_non_null(strstr(reply.body, "form nom=Électre & fils\nform nom=b\nform texte=a\nb\n"));
    assert_int_equal(post("/fr/echo", "Content-Type: application/x-www-form-urlencoded\r\n" TOKEN, "a=%00", 5).status,
                     400);
    assert_int_equal(post("/fr/echo", "Content-Type: application/x-www-form-urlencoded\r\n" TOKEN, "a=\xff", 3).status,
                     400);
    assert_int_equal(post("/fr/echo", TOKEN, "", 0).status, 200);
}

static void other_bodies_come_as_they_are(void **state)
{
    (void)state;
    const struct reply reply = post("/api/v1/echo", "Content-Type: text/csv\r\n", "a;b\r\n\0\xff", 7);
    const char *at = strstr(reply.body, "body text/csv 7 ");
    assert_non_null(at);
    assert_memory_equal(at + 16, "a;b\r\n\0\xff", 7);
    assert_int_equal(post("/api/v1/echo", "Content-Encoding: gzip\r\n", "x", 1).status, 415);
}

static uint32_t sum_of(const char *bytes, size_t length)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < length; i++) sum = sum * 31 + (unsigned char)bytes[i];
    return sum;
}

/* A multipart body with one text and one file of length bytes that are not text. */
static struct buffer *upload(size_t length, char **file)
{
    struct buffer *body = buffer_new(site.arena, 64 << 20);
    *file = arena_alloc(site.arena, length);
    for (size_t i = 0; i < length; i++) (*file)[i] = (char)(i * 7 + (i >> 9));
    buffer_text(body, "--XX\r\nContent-Disposition: form-data; name=\"titre\"\r\n\r\nÉté\r\n--XX\r\n"
                      "Content-Disposition: form-data; name=\"fichier\"; filename=\"../plan.pdf\"\r\nContent-Type: "
                      "application/pdf\r\n\r\n");
    buffer_add(body, *file, length);
    buffer_text(body, "\r\n--XX--\r\n");
    return body;
}

/* In memory, in a file, and where the file's end meets a page's. */
static void files_arrive_whole(void **state)
{
    (void)state;
    char *file;
    const size_t around = buffer_length(upload(0, &file));
    const size_t sizes[] = {0, 1, 100, 1048576 - around, 1048576, 1048577, 2 * 1048576 - around, 5000000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        const struct buffer *body = upload(sizes[i], &file);
        const struct reply reply = post("/fr/echo", MULTIPART, buffer_data(body), buffer_length(body));
        assert_int_equal(reply.status, 200);
        assert_non_null(strstr(reply.body, "form titre=Été\n"));
        assert_non_null(strstr(reply.body, arena_print(site.arena, "file fichier=plan.pdf application/pdf %zu %u\n",
                                                       sizes[i], sum_of(file, sizes[i]))));
    }
}

static void token_may_be_in_the_multipart_form(void **state)
{
    (void)state;
    static const char good[] =
        "--XX\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\ncsrf-of-edith\r\n--XX--\r\n";
    static const char bad[] = "--XX\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\ncsrf-of-anna\r\n--XX--\r\n";
    const char *headers = "Content-Type: multipart/form-data; boundary=XX\r\n" EDITH;
    assert_int_equal(post("/fr/echo", headers, good, sizeof good - 1).status, 200);
    assert_int_equal(post("/fr/echo", headers, bad, sizeof bad - 1).status, 403);
    assert_int_equal(post("/fr/echo", "Content-Type: multipart/form-data\r\n" TOKEN, good, sizeof good - 1).status,
                     400);
    assert_int_equal(post("/fr/echo", MULTIPART, good, sizeof good - 5).status, 400);
}

/* The body in chunks of the given size. */
static struct reply post_chunks(const char *path, const char *headers, const char *body, size_t length, size_t chunk)
{
    const int socket = client_open(site.port);
    client_print(socket, "POST %s HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n%s\r\n", path, headers);
    for (size_t at = 0; at < length; at += chunk) {
        const size_t size = length - at < chunk ? length - at : chunk;
        client_print(socket, "%zx;extension=1\r\n", size);
        client_send(socket, body + at, size);
        client_send(socket, "\r\n", 2);
    }
    client_print(socket, "0\r\nTrailer: x\r\n\r\n");
    const struct reply reply = client_read(site.arena, socket, false);
    close(socket);
    return reply;
}

static void chunks_are_put_together(void **state)
{
    (void)state;
    static const char form[] = "a=1&csrf=csrf-of-edith&b=deux";
    const char *headers = "Content-Type: application/x-www-form-urlencoded\r\n" EDITH;
    for (size_t chunk = 1; chunk < sizeof form; chunk += 5) {
        const struct reply reply = post_chunks("/fr/echo", headers, form, sizeof form - 1, chunk);
        assert_int_equal(reply.status, 200);
        assert_non_null(strstr(reply.body, "form a=1\nform csrf=csrf-of-edith\nform b=deux\n"));
    }
    char *file;
    const struct buffer *body = upload(3000000, &file);
    assert_int_equal(post_chunks("/fr/echo", MULTIPART, buffer_data(body), buffer_length(body), 77777).status, 200);
    static const char *const bad[] = {"zz\r\nabc\r\n0\r\n\r\n", "-1\r\n", "3\r\nabcd\r\n0\r\n\r\n",
                                      "fffffffffffffffff\r\n"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const int status =
            client_ask(site.arena, site.port,
                       "POST /fr/echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n" TOKEN "\r\n%s", bad[i])
                .status;
        assert_true(status == 400 || status == 413);
    }
}

static void bodies_have_limits(void **state)
{
    (void)state;
    char *large = arena_alloc(site.arena, 9000001);
    memset(large, 'a', 9000000);
    const char *form = "Content-Type: application/x-www-form-urlencoded\r\n" TOKEN;
    assert_int_equal(post("/fr/form", form, large, 65536).status, 303);
    assert_int_equal(post("/fr/form", form, large, 65537).status, 413);
    assert_int_equal(post("/fr/echo", form, large, 8 * 1024 * 1024).status, 200);
    assert_int_equal(post_chunks("/fr/form", form, large, 65536, 40000).status, 303);
    assert_int_equal(post_chunks("/fr/form", form, large, 65537, 40000).status, 413);
    assert_int_equal(post_chunks("/fr/form", form, large, 2000000, 40000).status, 413);
    /* The connection goes on after a refusal whose body was read to its end. */
    const int socket = client_open(site.port);
    client_print(socket, "POST /fr/form HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n" TOKEN "\r\n");
    client_send(socket, large, 100000);
    client_print(socket, "GET /fr/ HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_int_equal(client_read(site.arena, socket, false).status, 413);
    assert_int_equal(client_read(site.arena, socket, false).status, 200);
    close(socket);
}

/* A very large body, and one that the client asks about first, are refused before they are sent. */
static void large_bodies_are_refused_at_once(void **state)
{
    (void)state;
    struct reply reply = client_ask(
        site.arena, site.port, "POST /fr/form HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n" TOKEN "\r\n");
    assert_int_equal(reply.status, 413);
    reply = client_ask(site.arena, site.port,
                       "POST /fr/form HTTP/1.1\r\nHost: x\r\nContent-Length: 70000\r\nExpect: 100-continue\r\n" TOKEN
                       "\r\n");
    assert_int_equal(reply.status, 413);
    const int socket = client_open(site.port);
    client_print(socket,
                 "POST /fr/form HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n" TOKEN "\r\n");
    usleep(20000);
    client_print(socket, "a=1");
    assert_int_equal(client_read(site.arena, socket, false).status, 303);
    close(socket);
}

static size_t open_files(void)
{
    size_t count = 0;
    DIR *directory = opendir("/proc/self/fd");
    while (readdir(directory)) count++;
    closedir(directory);
    return count;
}

/* Rights are checked before the body: strangers fill neither memory nor disk. */
static void strangers_bodies_are_not_kept(void **state)
{
    (void)state;
    client_get(site.arena, site.port, "/fr/mine", ANNA);
    const size_t before = open_files();
    const struct reply reply =
        client_ask(site.arena, site.port,
                   "POST /fr/mine HTTP/1.1\r\nHost: x\r\nContent-Length: 900000\r\nExpect: 100-continue\r\n\r\n");
    assert_int_equal(reply.status, 403);
    char *large = arena_alloc(site.arena, 900000);
    memset(large, 'a', 900000);
    assert_int_equal(post("/fr/mine", "", large, 900000).status, 403);
    const char *anna = ANNA "X-CSRF-Token: csrf-of-anna\r\n";
    assert_int_equal(post("/fr/edit", anna, large, 60000).status, 403);
    assert_int_equal(post("/fr/edit", TOKEN "Content-Type: text/csv\r\n", large, 60000).status, 200);
    assert_int_equal(post("/fr/mine", TOKEN "Content-Type: text/csv\r\n", large, 900000).status, 200);
    usleep(50000);
    assert_true(open_files() <= before + 1);
}

/* A client that leaves in the middle of its upload leaves nothing behind, at the latest when the connection is idle for too long. */
static void broken_uploads_leave_nothing(void **state)
{
    (void)state;
    struct http_options options = site_options();
    options.idle_ms = 1000;
    site_end(&site);
    site_begin(&site, &options);
    char *part = arena_alloc(site.arena, 2000000);
    post("/fr/echo", TOKEN, part, 2000000);
    const size_t before = open_files();
    for (int i = 0; i < 20; i++) {
        const int socket = client_open(site.port);
        client_print(socket, "POST /fr/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 4000000\r\n" TOKEN "\r\n");
        client_send(socket, part, 2000000);
        close(socket);
    }
    /* Requests that come together may open some more handles of the database, which stay; twenty uploads would be seen. */
    const size_t most = before + 8;
    for (int i = 0; i < 1500 && open_files() > most; i++) usleep(20000);
    assert_true(open_files() <= most);
}

static void too_many_fields_are_refused(void **state)
{
    (void)state;
    struct buffer *form = buffer_new(site.arena, 1 << 20);
    for (int i = 0; i < 1001; i++) buffer_text(form, "a=1&");
    buffer_text(form, "b=1");
    assert_int_equal(post("/fr/echo", "Content-Type: application/x-www-form-urlencoded\r\n" TOKEN, buffer_data(form),
                          buffer_length(form))
                         .status,
                     413);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(forms_are_decoded),
        TEST(other_bodies_come_as_they_are),
        TEST(files_arrive_whole),
        TEST(token_may_be_in_the_multipart_form),
        TEST(chunks_are_put_together),
        TEST(bodies_have_limits),
        TEST(large_bodies_are_refused_at_once),
        TEST(strangers_bodies_are_not_kept),
        TEST(broken_uploads_leave_nothing),
        TEST(too_many_fields_are_refused),
    };
    return database_run_group(tests);
}
