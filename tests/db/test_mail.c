/* test_mail.c: letters are composed, kept, sent to a real mail server, tried again and given up. */
#include <jansson.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/mail/mail.h"
#include "tests/db/database.h"

/* A mail server in a process of its own, and the folder of what it took. */
struct server {
    char folder[64], address[64], certificate[96], key[96];
    pid_t process;
    int letters;
};

static void run(const char *command) { assert_int_equal(system(command), 0); }

static void make_certificate(struct server *server)
{
    char command[512];
    snprintf(server->certificate, sizeof server->certificate, "%s/certificate.pem", server->folder);
    snprintf(server->key, sizeof server->key, "%s/key.pem", server->folder);
    snprintf(
        command, sizeof command,
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 "
        "-out %s -keyout %s 2>/dev/null",
        server->certificate, server->key);
    run(command);
}

/* The port that the server prints is read through a pipe. */
static void launch(struct server *server, bool with_tls)
{
    int ends[2];
    int port = 0;
    assert_int_equal(pipe(ends), 0);
    server->process = fork();
    if (server->process == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        if (with_tls)
            execl("tests/mail/server.py", "server.py", server->folder, "--tls", server->certificate, server->key,
                  "--user", "maillage", "un secret", (char *)NULL);
        else
            execl("tests/mail/server.py", "server.py", server->folder, (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    FILE *said = fdopen(ends[0], "r");
    assert_int_equal(fscanf(said, "%d", &port), 1);
    fclose(said);
    snprintf(server->address, sizeof server->address, "smtp://127.0.0.1:%d", port);
}

static struct server server_begin(bool with_tls)
{
    struct server server = {.folder = "/tmp/maillage-mail-XXXXXX"};
    assert_non_null(mkdtemp(server.folder));
    if (with_tls) make_certificate(&server);
    launch(&server, with_tls);
    return server;
}

static void server_end(struct server *server)
{
    char command[128];
    kill(server->process, SIGKILL);
    waitpid(server->process, NULL, 0);
    snprintf(command, sizeof command, "rm -rf %s", server->folder);
    run(command);
}

/* The next letter that the server took, as Python reads it; NULL: none. */
static json_t *server_letter(struct server *server)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%d.json", server->folder, server->letters);
    json_t *letter = json_load_file(path, 0, NULL);
    server->letters += letter != NULL;
    return letter;
}

static const char *part(const json_t *letter, const char *name)
{
    const char *text = json_string_value(json_object_get(letter, name));
    return text ? text : "";
}

static struct mail_settings settings_of(const struct server *server)
{
    return (struct mail_settings){.server = server->address,
                                  .from = "maillage@exemple.fr",
                                  .from_name = "Maillage, le réseau",
                                  .without_tls = true,
                                  .wait_ms = 5000};
}

static const char hard_text[] =
    "Bonjour Élise,\n\n.un point au début\nUne ligne très longue : « énergie », œuvre, 1 234 €, "
    "https://exemple.fr/a?b=c&d=e — et encore beaucoup de mots pour qu’elle dépasse de loin soixante-seize "
    "caractères.\nFrom là\nune fin avec une espace \nune tabulation\t\n=20 égal\n";
static const char hard_subject[] =
    "Votre besoin « Recruter deux soudeurs TIG pour la nouvelle ligne » a trouvé preneur à Saint-Étienne : à lire";

static void test_a_letter_arrives_as_it_was_written(void **state)
{
    (void)state;
    struct server server = server_begin(false);
    const struct mail_settings settings = settings_of(&server);
    struct error error = {0};
    const struct mail mail = {.id = 42,
                              .moment = 1764100000000,
                              .to = "elise@exemple.fr",
                              .subject = hard_subject,
                              .text = hard_text,
                              .unsubscribe = "https://exemple.fr/fr/letters/7"};
    check_ok(mail_send(&settings, &mail, &error), &error);
    json_t *letter = server_letter(&server);
    assert_non_null(letter);
    assert_string_equal(part(letter, "subject"), hard_subject);
    assert_string_equal(part(letter, "body"), hard_text);
    assert_string_equal(part(letter, "from"), "\"Maillage, le réseau\" <maillage@exemple.fr>");
    assert_string_equal(part(letter, "to"), "elise@exemple.fr");
    assert_string_equal(part(letter, "message-id"), "<42@exemple.fr>");
    assert_string_equal(part(letter, "date"), "Tue, 25 Nov 2025 19:46:40 +0000");
    assert_string_equal(part(letter, "list-unsubscribe"), "<https://exemple.fr/fr/letters/7>");
    assert_string_equal(part(letter, "mail_from"), "maillage@exemple.fr");
    assert_int_equal(json_array_size(json_object_get(letter, "defects")), 0);
    assert_int_equal(json_integer_value(json_object_get(letter, "bare")), 0);
    assert_true(json_integer_value(json_object_get(letter, "longest")) <= 78);
    json_decref(letter);
    server_end(&server);
}

static void test_no_header_can_be_added(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    const char *message = NULL;
    const struct mail_settings settings = {.from = "a@exemple.fr"};
    static const struct mail wrong[] = {
        {.to = "a@b.fr\r\nBcc: c@d.fr", .subject = "s", .text = "t"},
        {.to = "a@b.fr, c@d.fr", .subject = "s", .text = "t"},
        {.to = "a b@c.fr", .subject = "s", .text = "t"},
        {.to = "@b.fr", .subject = "s", .text = "t"},
        {.to = "a@", .subject = "s", .text = "t"},
        {.to = "a@b@c.fr", .subject = "s", .text = "t"},
        {.to = "<a@b.fr>", .subject = "s", .text = "t"},
        {.to = "a@b.fr", .subject = "s\nBcc: c@d.fr", .text = "t"},
        {.to = "a@b.fr", .subject = "", .text = "t"},
        {.to = "a@b.fr", .subject = "s\xff", .text = "t"},
        {.to = "a@b.fr", .subject = "s", .text = "t\xff"},
        {.to = "a@b.fr", .subject = "s", .text = "t", .unsubscribe = "https://x\r\nBcc: c@d.fr"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(mail_compose(arena, &settings, &wrong[i], &message, NULL), STATUS_INPUT);
    arena_free(&arena);
}

static void test_tls_and_a_password_are_used(void **state)
{
    (void)state;
    struct server server = server_begin(true);
    struct mail_settings settings = settings_of(&server);
    struct error error = {0};
    const struct mail mail = {.id = 1, .moment = time_now(), .to = "a@exemple.fr", .subject = "s", .text = "t\n"};
    settings.without_tls = false;
    settings.user = "maillage";
    settings.password = "un secret";
    assert_int_equal(mail_send(&settings, &mail, &error), STATUS_BUSY); /* a certificate that nobody vouches for */
    settings.authorities = server.certificate;
    check_ok(mail_send(&settings, &mail, &error), &error);
    settings.password = "un autre";
    assert_int_equal(mail_send(&settings, &mail, &error), STATUS_BUSY); /* our fault: the letter is not lost */
    json_t *letter = server_letter(&server);
    assert_true(json_is_true(json_object_get(letter, "tls")));
    json_decref(letter);
    assert_null(server_letter(&server));
    settings.without_tls = true; /* a server that asks for TLS gets nothing in the clear */
    assert_int_equal(mail_send(&settings, &mail, &error), STATUS_BUSY);
    server_end(&server);
}

static enum status queue_one(struct db_handle *write, void *context, struct error *error)
{
    const char *to = context;
    const struct mail mail = {.to = to, .subject = "Un besoin près de chez vous", .text = "Bonjour,\n"};
    return mail_queue(write, &mail, error);
}

static void queue(struct db *db, const char *to)
{
    struct error error = {0};
    char address[64];
    snprintf(address, sizeof address, "%s", to);
    check_ok(db_transaction(db, queue_one, address, &error), &error);
}

static struct db *begin(void)
{
    struct error error = {0};
    size_t count = 0;
    struct db *db = database_begin(NULL);
    const struct migration *migrations = schema_migrations(&count);
    check_ok(db_migrate(db, migrations, count, NULL, &error), &error);
    return db;
}

static struct mail_delivery deliver(struct db *db, const struct server *server)
{
    struct error error = {0};
    struct mail_delivery delivery = {0};
    const struct mail_settings settings = settings_of(server);
    check_ok(mail_deliver(db, &settings, 1000, &delivery, &error), &error);
    return delivery;
}

static void test_letters_that_wait_leave_once(void **state)
{
    (void)state;
    struct server server = server_begin(false);
    struct db *db = begin();
    char address[64];
    for (int i = 0; i < 60; i++) {
        snprintf(address, sizeof address, "a%d@exemple.fr", i);
        queue(db, address);
    }
    struct mail_delivery delivery = deliver(db, &server);
    assert_int_equal(delivery.sent, 60);
    assert_int_equal(deliver(db, &server).sent, 0);
    int letters = 0;
    for (json_t *letter; (letter = server_letter(&server)); json_decref(letter)) letters++;
    assert_int_equal(letters, 60);
    assert_int_equal(database_integer(db, "SELECT COUNT(*) FROM mail WHERE recipient IS NOT NULL OR body IS NOT NULL"),
                     0);
    assert_int_equal(database_integer(db, "SELECT COUNT(*) FROM mail WHERE settled IS NOT NULL AND fault IS NULL"), 60);
    database_end(&db);
    server_end(&server);
}

static void test_a_refusal_is_final_or_waits(void **state)
{
    (void)state;
    struct server server = server_begin(false);
    struct db *db = begin();
    struct error error = {0};
    queue(db, "no-body@exemple.fr");
    queue(db, "later-on@exemple.fr");
    queue(db, "cut-off@exemple.fr");
    struct mail_delivery delivery = deliver(db, &server);
    assert_int_equal(delivery.given_up, 1);
    assert_int_equal(delivery.postponed, 2);
    assert_int_equal(deliver(db, &server).postponed, 0); /* not due yet */
    const int64_t wait = database_integer(db, "SELECT MIN(due - written) FROM mail WHERE due IS NOT NULL");
    assert_true(wait >= 60000 && wait < 90000);
    for (int i = 1; i < MAIL_ATTEMPTS; i++) {
        check_ok(database_run(db, "UPDATE mail SET due = 1 WHERE due IS NOT NULL", DB_BIND_NONE, &error), &error);
        delivery = deliver(db, &server);
        assert_int_equal(delivery.postponed + delivery.given_up, 2);
    }
    assert_int_equal(delivery.given_up, 2);
    assert_int_equal(database_integer(db, "SELECT COUNT(*) FROM mail WHERE due IS NOT NULL OR body IS NOT NULL"), 0);
    assert_int_equal(database_integer(db, "SELECT COUNT(*) FROM mail WHERE fault IS NOT NULL"), 3);
    database_end(&db);
    server_end(&server);
}

static void test_letters_wait_while_there_is_no_server(void **state)
{
    (void)state;
    struct db *db = begin();
    struct error error = {0};
    struct mail_delivery delivery = {0};
    struct mail_settings settings = {.from = "maillage@exemple.fr", .without_tls = true, .wait_ms = 2000};
    queue(db, "a@exemple.fr");
    check_ok(mail_deliver(db, &settings, 100, &delivery, &error), &error);
    assert_int_equal(delivery.sent + delivery.postponed + delivery.given_up, 0);
    settings.server = "smtp://127.0.0.1:9"; /* nobody listens */
    check_ok(mail_deliver(db, &settings, 100, &delivery, &error), &error);
    assert_int_equal(delivery.postponed, 1);
    struct db_handle *read = NULL;
    int64_t count = 0, oldest = 0;
    check_ok(db_read(db, &read, &error), &error);
    check_ok(mail_waiting(read, &count, &oldest, &error), &error);
    db_release(&read);
    assert_int_equal(count, 1);
    assert_true(oldest > 0);
    database_end(&db);
}

struct rival {
    struct db *db;
    struct server *server;
    struct mail_delivery delivery;
};

static void *deliver_beside(void *context)
{
    struct rival *rival = context;
    const struct mail_settings settings = settings_of(rival->server);
    struct error error = {0};
    assert_int_equal(mail_deliver(rival->db, &settings, 1000, &rival->delivery, &error), STATUS_OK);
    return NULL;
}

static void test_two_processes_send_each_letter_once(void **state)
{
    (void)state;
    struct server server = server_begin(false);
    struct db *db = begin();
    for (int i = 0; i < 30; i++) queue(db, "a@exemple.fr");
    struct rival rivals[2] = {{db, &server, {0}}, {db, &server, {0}}};
    pthread_t threads[2];
    for (int i = 0; i < 2; i++) pthread_create(&threads[i], NULL, deliver_beside, &rivals[i]);
    for (int i = 0; i < 2; i++) pthread_join(threads[i], NULL);
    assert_int_equal(rivals[0].delivery.sent + rivals[1].delivery.sent, 30);
    int letters = 0;
    for (json_t *letter; (letter = server_letter(&server)); json_decref(letter)) letters++;
    assert_int_equal(letters, 30);
    database_end(&db);
    server_end(&server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_letter_arrives_as_it_was_written),
        cmocka_unit_test(test_no_header_can_be_added),
        cmocka_unit_test(test_tls_and_a_password_are_used),
        cmocka_unit_test(test_letters_that_wait_leave_once),
        cmocka_unit_test(test_a_refusal_is_final_or_waits),
        cmocka_unit_test(test_letters_wait_while_there_is_no_server),
        cmocka_unit_test(test_two_processes_send_each_letter_once),
    };
    return database_run_group(tests);
}
