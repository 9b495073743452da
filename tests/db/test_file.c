/* Files in the database: types by content, names, limits, room, holding and letting go, crashes, and that nothing is left of what was erased. */
#include "tests/db/database.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <zip.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/file/file.h"

enum { HOME = 7000001, OTHER = 7000002, ACCOUNT = 11, MIB = 1024 * 1024 };

static struct error error;
static struct db *db;
static struct arena *arena;

static void begin(void)
{
    size_t count = 0;
    const struct migration *own = schema_migrations(&count);
    arena = arena_new();
    db = database_begin(NULL);
    check_ok(db_migrate(db, own, count, NULL, &error), &error);
}

static void end(void)
{
    arena_free(&arena);
    database_end(&db);
}

static struct file_given given(const char *name, const void *bytes, size_t length)
{
    return (struct file_given){name, bytes, length};
}

/* Bytes that no two places share: a wrong piece or offset shows. */
static char *numbered(size_t length)
{
    char *bytes = arena_alloc(arena, length + 16);
    for (size_t i = 0; i < length; i += 8) snprintf(bytes + i, 16, "%08zx", i);
    return bytes;
}

static int64_t store(const struct file_given *file, int64_t home)
{
    int64_t id = 0;
    check_ok(file_store(db, arena, file, home, ACCOUNT, 0, &id, &error), &error);
    assert_true(id > 0);
    return id;
}

static enum status load(int64_t id, struct file_kept **file)
{
    struct db_handle *read = NULL;
    check_ok(db_read(db, &read, &error), &error);
    const enum status status = file_load(read, arena, id, file, &error);
    db_release(&read);
    return status;
}

static int64_t count(const char *table)
{
    return database_integer(db, arena_print(arena, "SELECT COUNT(*) FROM %s", table));
}

static int64_t bytes_of(int64_t home)
{
    return database_integer(
        db,
        arena_print(arena, "SELECT COALESCE(MAX(bytes), 0) FROM record_file_total WHERE home = %lld", (long long)home));
}

static enum status hold(struct db_handle *write, void *context, struct error *failure)
{
    const int64_t *what = context;
    return file_hold(write, what[0], what[1], "need", what[2], "document", failure);
}

static enum status hold_as(int64_t id, int64_t account, int64_t record)
{
    int64_t what[] = {id, account, record};
    return db_transaction(db, hold, what, &error);
}

static enum status drop(struct db_handle *write, void *context, struct error *failure)
{
    return file_let_go(write, *(int64_t *)context, failure);
}

static void let_go(int64_t id) { check_ok(db_transaction(db, drop, &id, &error), &error); }

/* Reads the file back through a reader, by blocks of `room`. */
static void check_content(const struct file_kept *file, const char *bytes, size_t length, size_t room)
{
    struct db_handle *read = NULL;
    char *block = malloc(room);
    size_t at = 0;
    check_ok(db_read(db, &read, &error), &error);
    struct file_reader *reader = file_reader_new(arena, read, file);
    for (int64_t got; (got = file_read(reader, block, room)) != 0; at += (size_t)got) {
        assert_true(got > 0 && (size_t)got <= room && at + (size_t)got <= length);
        assert_memory_equal(block, bytes + at, (size_t)got);
    }
    assert_int_equal(at, length);
    free(block);
    db_release(&read);
}

static void test_sizes(void **state)
{
    static const size_t lengths[] = {1,
                                     FILE_PIECE - 1,
                                     FILE_PIECE,
                                     FILE_PIECE + 1,
                                     FILE_PIECE * 8 - 1,
                                     FILE_PIECE * 8,
                                     FILE_PIECE * 8 + 1,
                                     FILE_PIECE * 16,
                                     3 * MIB + 17};
    (void)state;
    begin();
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        struct file_kept *file = NULL;
        const char *bytes = numbered(lengths[i]);
        const struct file_given one = given("a.txt", bytes, lengths[i]);
        check_ok(load(store(&one, HOME), &file), &error);
        assert_int_equal(file->size, lengths[i]);
        check_content(file, bytes, lengths[i], FILE_PIECE);
        check_content(file, bytes, lengths[i], 30011 + i);
        assert_null(file->holder);
    }
    end();
}

/* The digest of "abc", from RFC 7693's reference code with an output of 32 bytes (b2sum -l 256 gives the same). */
static void test_digest(void **state)
{
    (void)state;
    begin();
    struct file_kept *file = NULL;
    const struct file_given abc = given("abc.txt", "abc", 3);
    check_ok(load(store(&abc, HOME), &file), &error);
    assert_string_equal(file->digest, "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
    end();
}

/* An archive with the entries "name", their content being the second of each pair. */
static struct file_given archive(const char *name, const char *const *entries)
{
    zip_error_t fault;
    zip_error_init(&fault);
    zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, &fault);
    zip_source_keep(source);
    zip_t *zip = zip_open_from_source(source, ZIP_TRUNCATE, &fault);
    assert_non_null(zip);
    for (; *entries; entries += 2) {
        zip_source_t *entry = zip_source_buffer(zip, entries[1], strlen(entries[1]), 0);
        const zip_int64_t index = zip_file_add(zip, entries[0], entry, 0);
        assert_true(index >= 0);
        zip_set_file_compression(zip, (zip_uint64_t)index, ZIP_CM_STORE, 0);
    }
    assert_int_equal(zip_close(zip), 0);
    zip_stat_t about;
    zip_source_stat(source, &about);
    char *bytes = arena_alloc(arena, about.size);
    zip_source_open(source);
    assert_int_equal(zip_source_read(source, bytes, about.size), about.size);
    zip_source_close(source);
    zip_source_free(source);
    return given(name, bytes, about.size);
}

#define OFFICE "application/vnd.openxmlformats-officedocument."
#define OPEN "application/vnd.oasis.opendocument."

#define BYTES(text_) text_, sizeof(text_) - 1

static void test_types(void **state)
{
    static const struct {
        const char *name, *bytes;
        size_t length;
        const char *type;
    } cases[] = {
        {"a.pdf", BYTES("%PDF-1.7\n"), "application/pdf"},
        {"a.pdf", BYTES(" %PDF-1.7\n"), "text/plain"}, /* the signature stands at the very head */
        {"a.png", BYTES("\x89PNG\r\n\x1a\n\0\0\0\rIHDR...."), "image/png"},
        {"a.png", BYTES("\x89PNG\r\n\x1a\n"), "application/octet-stream"},
        {"a.jpg", BYTES("\xff\xd8\xff\xe0\0\x10JFIF"), "image/jpeg"},
        {"a.gif", BYTES("GIF89a\1\0\1\0"), "image/gif"},
        {"a.webp", BYTES("RIFF\4\0\0\0WEBPVP8 "), "image/webp"},
        {"a.wav", BYTES("RIFF\4\0\0\0WAVEfmt "), "application/octet-stream"},
        {"fiche.pdf", BYTES("MZ\x90\0\3\0\0\0"), "application/octet-stream"}, /* a program */
        {"fiche.pdf",
         "\x7f"
         "ELF\2\1\1\0",
         8, "application/octet-stream"},
        {"plan.png", BYTES("<!DOCTYPE html><script>alert(1)</script>"), "text/html"},
        {"plan.png", BYTES("bonjour <ScRiPt src=x>"), "text/html"},
        {"plan.png", BYTES("<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"x()\"/>"), "image/svg+xml"},
        {"plan.png", BYTES("\xef\xbb\xbf<?xml version=\"1.0\"?><svg/>"), "image/svg+xml"},
        {"a.xml", BYTES("<?xml version=\"1.0\"?><a/>"), "text/xml"},
        {"a.csv", BYTES("nom;pr\xc3\xa9nom\r\n"), "text/csv"},
        {"A.CSV", BYTES("a,b\n"), "text/csv"},
        {"a.txt", BYTES("a,b\n"), "text/plain"},
        {"sans", BYTES("a"), "text/plain"},
        {"a.csv", BYTES("nom;pr\xe9nom\r\n"), "application/octet-stream"}, /* Latin-1 */
        {"a.txt", BYTES("a\0b"), "application/octet-stream"},
        {"a.txt", BYTES("a\x1b[31m"), "application/octet-stream"},
        {"a.zip", BYTES("PK\3\4 and no archive"), "application/octet-stream"},
    };
    (void)state;
    begin();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct file_given one = given(cases[i].name, cases[i].bytes, cases[i].length);
        assert_string_equal(file_media_type(&one), cases[i].type);
    }
    end();
}

static void test_archives(void **state)
{
    static const struct {
        const char *entries[8];
        const char *type;
    } cases[] = {
        {{"[Content_Types].xml", "<Types/>", "word/document.xml", "<w/>"}, OFFICE "wordprocessingml.document"},
        {{"[Content_Types].xml", "<Types/>", "xl/workbook.xml", "<x/>"}, OFFICE "spreadsheetml.sheet"},
        {{"[Content_Types].xml", "<Types/>", "ppt/presentation.xml", "<p/>"}, OFFICE "presentationml.presentation"},
        {{"word/document.xml", "<w/>"}, "application/zip"},
        {{"[Content_Types].xml", "<Types/>", "word/document.xml", "<w/>", "word/vbaProject.bin", "x"},
         "application/zip"},
        {{"mimetype", OPEN "text", "content.xml", "<o/>"}, OPEN "text"},
        {{"mimetype", OPEN "spreadsheet", "content.xml", "<o/>"}, OPEN "spreadsheet"},
        {{"mimetype", OPEN "text", "Basic/script-lc.xml", "<o/>"}, "application/zip"},
        {{"mimetype", "application/java-archive"}, "application/zip"},
        {{"prog.exe", "MZ"}, "application/zip"},
    };
    (void)state;
    begin();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct file_given one = archive("a.docx", cases[i].entries);
        assert_string_equal(file_media_type(&one), cases[i].type);
    }
    end();
}

static void test_names(void **state)
{
    static const struct {
        const char *given, *type, *name;
    } cases[] = {
        {"fiche.pdf", "application/pdf", "fiche.pdf"},
        {"FICHE.PDF", "application/pdf", "FICHE.PDF"},
        {"photo.jpeg", "image/jpeg", "photo.jpeg"},
        {"../../etc/passwd", "text/plain", "passwd.txt"},
        {"C:\\Users\\x\\plan.png", "image/png", "plan.png"},
        {"..", "application/pdf", "document.pdf"},
        {"", "image/png", "document.png"},
        {"/", "application/octet-stream", "document"},
        {".htaccess", "text/plain", "htaccess.txt"},
        {"virus.exe", "application/pdf", "virus.exe.pdf"},
        {"a\r\nSet-Cookie: b", "application/pdf", "a Set-Cookie_ b.pdf"},
        {"say \"hi\".pdf", "application/pdf", "say _hi_.pdf"},
        {"fdp\xe2\x80\xae"
         "exe.pdf",
         "application/pdf", "fdpexe.pdf"}, /* right-to-left override */
        {"a\xe2\x80\x8f\xe2\x80\x8b\xe2\x81\xa6"
         "b.pdf",
         "application/pdf", "ab.pdf"},
        {"e\xcc\x81nergie.pdf", "application/pdf", "\xc3\xa9nergie.pdf"}, /* NFC */
        {"\xff\xfe.pdf", "application/pdf", "document.pdf"},
        {"a.pdf. . ", "application/pdf", "a.pdf"},
        {"tableau.csv", "text/csv", "tableau.csv"},
        {"<b>|?*.pdf", "application/pdf", "_b____.pdf"},
    };
    (void)state;
    begin();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(file_clean_name(arena, cases[i].given, cases[i].type), cases[i].name);
    char longest[1000] = "";
    for (int i = 0; i < 300; i++) strcat(longest, "é");
    strcat(longest, ".pdf");
    const char *name = file_clean_name(arena, longest, "application/pdf");
    assert_true(strlen(name) < 120 * 2);
    assert_string_equal(name + strlen(name) - 6, "é.pdf");
    end();
}

static void test_limits(void **state)
{
    static const struct file_limits limits = {"application/pdf;image/png", 100};
    char bytes[101] = "%PDF-1.4";
    struct file_given one = given("a.pdf", bytes, 100);
    (void)state;
    begin();
    check_ok(file_check(arena, LANGUAGE_FRENCH, &one, &limits, &error), &error);
    one.length = 101;
    assert_int_equal(file_check(arena, LANGUAGE_ENGLISH, &one, &limits, &error), STATUS_LIMIT);
    assert_string_equal(language_error(arena, LANGUAGE_ENGLISH, &error),
                        arena_print(arena, "The file “a.pdf” is too large: %s, and %s at most are taken.",
                                    language_bytes(arena, LANGUAGE_ENGLISH, 101),
                                    language_bytes(arena, LANGUAGE_ENGLISH, 100)));
    one.length = 0;
    assert_int_equal(file_check(arena, LANGUAGE_ENGLISH, &one, &limits, &error), STATUS_INPUT);
    assert_string_equal(language_error(arena, LANGUAGE_ENGLISH, &error), "The file “a.pdf” is empty.");
    one = given("a.pdf", "<html>", 6);
    assert_int_equal(file_check(arena, LANGUAGE_ENGLISH, &one, &limits, &error), STATUS_INPUT);
    assert_string_equal(
        language_error(arena, LANGUAGE_ENGLISH, &error),
        "The file “a.pdf” is not taken: by its content it is: web page. What is taken: PDF, PNG image.");
    static const struct file_limits none = {NULL, 0};
    check_ok(file_check(arena, LANGUAGE_ENGLISH, &one, &none, &error), &error);
    end();
}

/* The room holds exactly what it holds; what leaves gives it back; another organisation has its own. */
static void test_room(void **state)
{
    int64_t id = 0;
    (void)state;
    begin();
    const struct file_given one = given("a.txt", numbered(1000), 1000), byte = given("b.txt", "b", 1);
    const int64_t first = store(&one, HOME);
    check_ok(file_store(db, arena, &one, HOME, ACCOUNT, 2000, &id, &error), &error);
    assert_int_equal(file_store(db, arena, &byte, HOME, ACCOUNT, 2000, &id, &error), STATUS_LIMIT);
    assert_int_equal(id, 0);
    assert_int_equal(count("record_file"), 2);
    assert_int_equal(bytes_of(HOME), 2000);
    check_ok(file_store(db, arena, &byte, OTHER, ACCOUNT, 2000, &id, &error), &error);
    let_go(first);
    check_ok(file_sweep(db, 0, NULL, &error), &error);
    assert_int_equal(bytes_of(HOME), 1000);
    check_ok(file_store(db, arena, &byte, HOME, ACCOUNT, 2000, &id, &error), &error);
    end();
}

static void test_holding(void **state)
{
    struct file_kept *file = NULL;
    (void)state;
    begin();
    const struct file_given one = given("a.txt", "abc", 3);
    const int64_t id = store(&one, HOME);
    assert_int_equal(hold_as(id, ACCOUNT + 1, 5), STATUS_CONFLICT); /* another account's */
    check_ok(hold_as(id, ACCOUNT, 5), &error);
    assert_int_equal(hold_as(id, ACCOUNT, 6), STATUS_CONFLICT);
    check_ok(load(id, &file), &error);
    assert_string_equal(file->holder, "need");
    assert_string_equal(file->field, "document");
    assert_int_equal(file->record, 5);
    let_go(id);
    assert_int_equal(load(id, &file), STATUS_MISSING);
    assert_int_equal(hold_as(id, ACCOUNT, 5), STATUS_CONFLICT);
    assert_int_equal(database_integer(db, "SELECT COUNT(*) FROM record_file WHERE name <> ''"), 0);
    end();
}

/* Only what was let go, or is old and held by nothing, leaves. */
static void test_sweep(void **state)
{
    struct file_kept *file = NULL;
    int64_t removed = 0;
    (void)state;
    begin();
    const struct file_given one = given("a.txt", numbered(2 * MIB), 2 * MIB);
    const int64_t held = store(&one, HOME), old = store(&one, HOME), fresh = store(&one, HOME),
                  gone = store(&one, HOME);
    check_ok(hold_as(held, ACCOUNT, 5), &error);
    check_ok(hold_as(gone, ACCOUNT, 6), &error);
    check_ok(database_run(db, "UPDATE record_file SET created = 1000 WHERE id = $1 OR id = $2",
                          DB_BIND(db_integer(held), db_integer(old)), &error),
             &error);
    let_go(gone);
    check_ok(file_sweep(db, time_now() - 86400000, &removed, &error), &error);
    assert_int_equal(removed, 2);
    check_ok(load(held, &file), &error);
    check_content(file, one.bytes, one.length, FILE_PIECE);
    check_ok(load(fresh, &file), &error);
    check_content(file, one.bytes, one.length, FILE_PIECE);
    assert_int_equal(load(old, &file), STATUS_MISSING);
    assert_int_equal(count("record_chunk"), 2 * 2 * MIB / FILE_PIECE);
    assert_int_equal(bytes_of(HOME), 4 * MIB);
    check_ok(file_sweep(db, time_now() - 86400000, &removed, &error), &error);
    assert_int_equal(removed, 0);
    end();
}

struct worker {
    pthread_t thread;
    const struct file_given *file;
    int64_t id;
    enum status status;
    bool sweeps;
};

static void *work(void *context)
{
    struct worker *worker = context;
    struct error own;
    struct arena *memory = arena_new();
    worker->status = worker->sweeps ? file_sweep(db, time_now() - 86400000, NULL, &own)
                                    : file_store(db, memory, worker->file, HOME, ACCOUNT, 6 * MIB, &worker->id, &own);
    arena_free(&memory);
    return NULL;
}

/* Four at once where three have room; a sweep runs meanwhile. */
static void test_at_once(void **state)
{
    struct worker workers[5] = {{.sweeps = true}};
    int stored = 0, refused = 0;
    (void)state;
    begin();
    const struct file_given one = given("a.txt", numbered(2 * MIB), 2 * MIB);
    for (int i = 0; i < 5; i++) {
        if (i) workers[i] = (struct worker){.file = &one};
        assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
    }
    for (int i = 0; i < 5; i++) {
        struct file_kept *file = NULL;
        pthread_join(workers[i].thread, NULL);
        if (!i) continue;
        stored += workers[i].status == STATUS_OK;
        refused += workers[i].status == STATUS_LIMIT;
        if (workers[i].status) continue;
        check_ok(load(workers[i].id, &file), &error);
        check_content(file, one.bytes, one.length, FILE_PIECE);
    }
    assert_int_equal(stored, 3);
    assert_int_equal(refused, 1);
    assert_int_equal(bytes_of(HOME), 6 * MIB);
    end();
}

/* Two sweeps of the same files: each leaves once, its room is given back once. */
static void test_sweeps_at_once(void **state)
{
    struct worker workers[2] = {{.sweeps = true}, {.sweeps = true}};
    (void)state;
    begin();
    const struct file_given one = given("a.txt", numbered(MIB), MIB);
    for (int i = 0; i < 10; i++) let_go(store(&one, HOME));
    const int64_t kept = store(&one, HOME);
    for (int i = 0; i < 2; i++) assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
    for (int i = 0; i < 2; i++) {
        pthread_join(workers[i].thread, NULL);
        assert_int_equal(workers[i].status, STATUS_OK);
    }
    assert_int_equal(count("record_file"), 1);
    assert_int_equal(bytes_of(HOME), MIB);
    struct file_kept *file = NULL;
    check_ok(load(kept, &file), &error);
    end();
}

/* In a process of its own, killed while it writes. */
static pid_t store_elsewhere(const struct file_given *one)
{
    const pid_t child = fork();
    if (child) return child;
    struct db *own = NULL;
    struct error fault;
    struct arena *memory = arena_new();
    int64_t id = 0;
    if (db_open(database_address(), NULL, &own, &fault)) _exit(1);
    _exit(file_store(own, memory, one, HOME, ACCOUNT, 0, &id, &fault) ? 1 : 0);
}

static void test_killed(void **state)
{
    int result = 0;
    struct file_kept *file = NULL;
    (void)state;
    begin();
    const struct file_given one = given("a.txt", numbered(32 * MIB), 32 * MIB);
    const pid_t child = store_elsewhere(&one);
    while (count("record_chunk") == 0) usleep(1000);
    kill(child, SIGKILL);
    waitpid(child, &result, 0);
    assert_true(WIFSIGNALED(result));
    assert_true(count("record_chunk") < 32 * MIB / FILE_PIECE);
    const int64_t id = database_integer(db, "SELECT MAX(id) FROM record_file");
    assert_int_equal(load(id, &file), STATUS_MISSING);
    assert_int_equal(hold_as(id, ACCOUNT, 5), STATUS_CONFLICT);
    check_ok(file_sweep(db, time_now() + 1000, NULL, &error), &error);
    assert_int_equal(count("record_chunk"), 0);
    assert_int_equal(count("record_file"), 0);
    assert_int_equal(bytes_of(HOME), 0);
    end();
}

static bool file_holds(const char *path, const char *word)
{
    const int file = open(path, O_RDONLY);
    if (file < 0) return false;
    const off_t length = lseek(file, 0, SEEK_END);
    char *bytes = arena_alloc(arena, (size_t)length + 1);
    assert_int_equal(pread(file, bytes, (size_t)length, 0), length);
    close(file);
    return memmem(bytes, (size_t)length, word, strlen(word)) != NULL;
}

/* After the sweep and a checkpoint, neither the SQLite file nor its log holds a byte of what was erased; before, they do. */
static void test_nothing_left(void **state)
{
    static const char secret[] = "SECRET-THAT-MUST-NOT-STAY";
    (void)state;
    begin();
    if (database_engine() == DB_SQLITE) {
        char *bytes = arena_alloc(arena, MIB);
        for (size_t i = 0; i + sizeof secret < MIB; i += sizeof secret) memcpy(bytes + i, secret, sizeof secret);
        const struct file_given one = given("SECRET-NAME.bin", bytes, MIB);
        const char *path = database_address(), *log = arena_print(arena, "%s-wal", path);
        const int64_t id = store(&one, HOME);
        check_ok(db_checkpoint(db, &error), &error);
        assert_true(file_holds(path, secret) && file_holds(path, "SECRET-NAME"));
        let_go(id);
        check_ok(file_sweep(db, 0, NULL, &error), &error);
        check_ok(db_checkpoint(db, &error), &error);
        assert_false(file_holds(path, secret) || file_holds(log, secret));
        assert_false(file_holds(path, "SECRET-NAME") || file_holds(log, "SECRET-NAME"));
    }
    end();
}

/* Let go while it is read: the reading ends, and says so; what was not read is not given. */
static void test_gone_while_read(void **state)
{
    struct file_kept *file = NULL;
    struct db_handle *read = NULL;
    (void)state;
    begin();
    char *block = arena_alloc(arena, FILE_PIECE);
    const struct file_given one = given("a.txt", numbered(MIB), MIB);
    const int64_t id = store(&one, HOME);
    check_ok(load(id, &file), &error);
    check_ok(db_read(db, &read, &error), &error);
    struct file_reader *reader = file_reader_new(arena, read, file);
    assert_int_equal(file_read(reader, block, FILE_PIECE), FILE_PIECE);
    let_go(id);
    check_ok(file_sweep(db, 0, NULL, &error), &error);
    assert_int_equal(file_read(reader, block, FILE_PIECE), -1);
    db_release(&read);
    end();
}

static void test_copy(void **state)
{
    struct file_kept *file = NULL;
    struct db_handle *read = NULL;
    char path[] = "/tmp/test-file-XXXXXX";
    const int descriptor = mkstemp(path);
    (void)state;
    begin();
    const struct file_given one = given("a.txt", numbered(MIB + 5), MIB + 5);
    check_ok(load(store(&one, HOME), &file), &error);
    check_ok(db_read(db, &read, &error), &error);
    check_ok(file_copy(read, file, descriptor, &error), &error);
    db_release(&read);
    char *bytes = arena_alloc(arena, MIB + 5);
    assert_int_equal(pread(descriptor, bytes, MIB + 5, 0), MIB + 5);
    assert_memory_equal(bytes, one.bytes, MIB + 5);
    assert_int_equal(lseek(descriptor, 0, SEEK_END), MIB + 5);
    close(descriptor);
    unlink(path);
    end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sizes),        cmocka_unit_test(test_digest),          cmocka_unit_test(test_types),
        cmocka_unit_test(test_archives),     cmocka_unit_test(test_names),           cmocka_unit_test(test_limits),
        cmocka_unit_test(test_room),         cmocka_unit_test(test_holding),         cmocka_unit_test(test_sweep),
        cmocka_unit_test(test_at_once),      cmocka_unit_test(test_sweeps_at_once),  cmocka_unit_test(test_killed),
        cmocka_unit_test(test_nothing_left), cmocka_unit_test(test_gone_while_read), cmocka_unit_test(test_copy),
    };
    return database_run_group(tests);
}
