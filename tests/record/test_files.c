/* test_files.c: files that records hold: who may bring, hold and read them, what becomes of them when they are replaced or the record is erased,
 * and what remains of a form that could not be saved. */
#include "tests/record/every.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/time.h"
#include "platform/file/file.h"
#include "platform/record/files.h"
#include "platform/record/form.h"
#include "platform/record/web_private.h"

enum { LONG = 200000 };

struct play {
    struct world world;
    int64_t company, member, colleague, stranger, record;
};

static struct play play_begin(void)
{
    struct play play = {.world = every_begin()};
    play.company = world_organisation(&play.world, "Une", "company", "59350");
    const int64_t other = world_organisation(&play.world, "Autre", "company", "62041");
    play.member = world_account(&play.world, "une@exemple.fr", "member", play.company);
    play.colleague = world_account(&play.world, "deux@exemple.fr", "member", play.company);
    play.stranger = world_account(&play.world, "autre@exemple.fr", "member", other);
    play.record = every_file(&play.world, play.member, play.company, every_first, NULL);
    return play;
}

static const struct field *field(const char *name) { return kind_field(&every_kind, name); }

/* A PDF of that length, its name and mark within. */
static struct file_given pdf(struct arena *arena, const char *mark, size_t length)
{
    char *bytes = arena_alloc(arena, length + 1);
    for (size_t at = 0; at < length; at += strlen(mark)) strncpy(bytes + at, mark, length - at);
    memcpy(bytes, "%PDF-1.7 ", 9);
    return (struct file_given){arena_print(arena, "%s.pdf", mark), bytes, length};
}

static enum status bring(struct play *play, int64_t account, int64_t record, const char *name,
                         const struct file_given *given, int64_t *id, struct error *error)
{
    struct record_context context = world_as(&play->world, account);
    return record_bring_file(&context, &every_kind, record, field(name), given, id, error);
}

static enum status set(struct play *play, int64_t account, const char *name, int64_t file, struct faults *faults,
                       struct error *error)
{
    const struct input inputs[] = {{name, file ? arena_print(play->world.arena, "%lld", (long long)file) : ""},
                                   {NULL, NULL}};
    return every_change(&play->world, account, play->record, inputs, faults, error);
}

/* Brings a file and has the record hold it. */
static int64_t attach(struct play *play, const char *name, const struct file_given *given)
{
    int64_t id = 0;
    struct error error = {0};
    struct faults faults;
    check_ok(bring(play, play->member, play->record, name, given, &id, &error), &error);
    check_ok(set(play, play->member, name, id, &faults, &error), faults.count ? &faults.items[0] : &error);
    return id;
}

/* What a download gives the account: the content in *bytes, or the status of the refusal. */
static enum status download(struct play *play, int64_t account, int64_t id, struct http_response *response,
                            const struct buffer **bytes)
{
    struct error error = {0};
    struct record_context context = world_as(&play->world, account);
    struct http_request *request = every_request(&context);
    struct buffer *out = buffer_new(context.arena, 4000000);
    char *block = arena_alloc(context.arena, FILE_PIECE);
    request->words[0] = arena_print(context.arena, "%lld", (long long)id);
    *response = (struct http_response){.status = 0};
    const enum status status = record_file_get(request, response, &error);
    *bytes = out;
    if (status) return status;
    for (int64_t got; (got = response->produce(response->produce_context, block, FILE_PIECE)) != 0;) {
        assert_true(got > 0);
        buffer_add(out, block, (size_t)got);
    }
    return STATUS_OK;
}

static void check_denied(struct play *play, int64_t account, int64_t id)
{
    struct http_response response;
    const struct buffer *bytes = NULL;
    assert_int_equal(download(play, account, id, &response, &bytes), STATUS_MISSING);
}

static void check_given(struct play *play, int64_t account, int64_t id, const struct file_given *given)
{
    struct http_response response;
    const struct buffer *bytes = NULL;
    assert_int_equal(download(play, account, id, &response, &bytes), STATUS_OK);
    assert_int_equal(buffer_length(bytes), given->length);
    assert_memory_equal(buffer_data(bytes), given->bytes, given->length);
    assert_string_equal(response.filename, given->name);
    assert_string_equal(response.media_type, "application/pdf");
    assert_int_equal(strlen(response.etag), 64);
}

static int64_t count(struct play *play, const char *sql) { return database_integer(play->world.db, sql); }

static void test_whole_way(void **state)
{
    struct faults faults;
    struct error error = {0};
    int64_t id = 0;
    (void)state;
    struct play play = play_begin();
    const struct file_given given = pdf(play.world.arena, "fiche", LONG);
    check_ok(bring(&play, play.member, play.record, "sheet", &given, &id, &error), &error);
    check_denied(&play, play.member, id); /* nothing holds it yet */
    check_ok(set(&play, play.member, "sheet", id, &faults, &error), &error);
    check_given(&play, play.member, id, &given);
    check_given(&play, play.stranger, id, &given); /* the record is open to the network */
    check_denied(&play, 0, id);                    /* and not to the public */
    const struct every *seen = every_seen(&play.world, play.stranger, play.record);
    assert_string_equal(seen->sheet.name, "fiche.pdf");
    assert_int_equal(seen->sheet.size, LONG);
    /* Sent back as it is, nothing changes. */
    check_ok(set(&play, play.colleague, "sheet", id, &faults, &error), &error);
    check_given(&play, play.member, id, &given);
    /* Kept to itself, the record takes its file along. */
    const struct input narrow[] = {{"audience", "private"}, {NULL, NULL}};
    check_ok(every_change(&play.world, play.member, play.record, narrow, &faults, &error), &error);
    check_denied(&play, play.stranger, id);
    check_given(&play, play.colleague, id, &given);
    world_end(&play.world);
}

/* A personal file: its readers only, each reading noted once and nothing else with it. */
static void test_personal(void **state)
{
    (void)state;
    struct play play = play_begin();
    const struct file_given given = pdf(play.world.arena, "secret", 5000);
    const int64_t id = attach(&play, "secret", &given);
    assert_null(every_seen(&play.world, play.stranger, play.record)->secret.name);
    check_denied(&play, play.stranger, id);
    assert_int_equal(count(&play, "SELECT COUNT(*) FROM record_reading"), 0);
    check_given(&play, play.colleague, id, &given);
    assert_int_equal(count(&play, "SELECT COUNT(*) FROM record_reading"), 1);
    assert_int_equal(count(&play, "SELECT COUNT(*) FROM record_reading WHERE field = 'secret' AND origin = 'file'"), 1);
    assert_int_equal(
        count(&play, arena_print(play.world.arena, "SELECT account FROM record_reading WHERE record = %lld",
                                 (long long)play.record)),
        play.colleague);
    /* Its name is in no line of history that others read. */
    assert_int_equal(count(&play, "SELECT COUNT(*) FROM record_history WHERE changes LIKE '%secret%'"), 0);
    assert_int_equal(count(&play, "SELECT COUNT(*) FROM record_leaf WHERE after LIKE 'secret.pdf (BLAKE2b %'"), 1);
    world_end(&play.world);
}

static void test_who_may_bring(void **state)
{
    struct faults faults;
    struct error error = {0};
    int64_t mine = 0, id = 0;
    (void)state;
    struct play play = play_begin();
    const struct file_given given = pdf(play.world.arena, "a", 100);
    assert_int_equal(bring(&play, play.stranger, play.record, "sheet", &given, &id, &error), STATUS_DENIED);
    assert_int_equal(bring(&play, 0, play.record, "sheet", &given, &id, &error), STATUS_MISSING);
    assert_int_equal(bring(&play, 0, 0, "sheet", &given, &id, &error), STATUS_DENIED);
    assert_int_equal(count(&play, "SELECT COUNT(*) FROM record_file"), 0);
    /* What one brought, another cannot have held, nor learn the name of. */
    check_ok(bring(&play, play.member, play.record, "sheet", &given, &mine, &error), &error);
    assert_int_equal(set(&play, play.colleague, "sheet", mine, &faults, &error), STATUS_INPUT);
    assert_string_equal(faults.items[0].field, "sheet");
    assert_null(strstr(faults.items[0].arguments[0], "a.pdf"));
    /* A file of another record. */
    check_ok(set(&play, play.member, "sheet", mine, &faults, &error), &error);
    const int64_t first = play.record;
    play.record = every_file(&play.world, play.member, play.company, every_second, NULL);
    assert_int_equal(set(&play, play.member, "sheet", mine, &faults, &error), STATUS_INPUT);
    /* One of a type or size that this field does not take. */
    const struct file_given text = {"a.txt", "abc", 3};
    check_ok(bring(&play, play.member, play.record, "sheet", &text, &id, &error), &error);
    assert_int_equal(set(&play, play.member, "secret", id, &faults, &error), STATUS_INPUT);
    assert_string_equal(faults.items[0].field, "secret");
    assert_int_equal(every_seen(&play.world, play.member, first)->sheet.id, mine);
    world_end(&play.world);
}

static void test_limits(void **state)
{
    struct error error = {0};
    int64_t id = 0;
    (void)state;
    struct play play = play_begin();
    struct file_given given = pdf(play.world.arena, "a", LONG + 1);
    assert_int_equal(bring(&play, play.member, play.record, "sheet", &given, &id, &error), STATUS_LIMIT);
    assert_string_equal(error.field, "sheet");
    given.length = LONG;
    check_ok(bring(&play, play.member, play.record, "sheet", &given, &id, &error), &error);
    given.length = 0;
    assert_int_equal(bring(&play, play.member, play.record, "sheet", &given, &id, &error), STATUS_INPUT);
    static const struct file_given wrong[] = {{"fiche.pdf", "MZ\x90\0\3", 5},
                                              {"fiche.pdf", "<!doctype html><p>", 18},
                                              {"fiche.pdf", "<svg onload=\"x\"/>", 17},
                                              {"a.png", "\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(bring(&play, play.member, play.record, "sheet", &wrong[i], &id, &error), STATUS_INPUT);
        assert_string_equal(error.field, "sheet");
    }
    assert_int_equal(count(&play, "SELECT COUNT(*) FROM record_file"), 1);
    /* The room of the organisation. */
    given.length = LONG;
    play.world.records.file_room = 2 * LONG - 1;
    assert_int_equal(bring(&play, play.member, play.record, "sheet", &given, &id, &error), STATUS_LIMIT);
    play.world.records.file_room = 2 * LONG;
    check_ok(bring(&play, play.member, play.record, "sheet", &given, &id, &error), &error);
    world_end(&play.world);
}

static bool database_holds(const char *word, struct arena *arena)
{
    const char *const paths[] = {database_address(), arena_print(arena, "%s-wal", database_address())};
    for (size_t i = 0; i < 2; i++) {
        const int file = open(paths[i], O_RDONLY);
        if (file < 0) continue;
        const off_t length = lseek(file, 0, SEEK_END);
        char *bytes = arena_alloc(arena, (size_t)length + 1);
        assert_int_equal(pread(file, bytes, (size_t)length, 0), length);
        close(file);
        if (memmem(bytes, (size_t)length, word, strlen(word))) return true;
    }
    return false;
}

/* Replaced, taken away, erased: the content leaves at once, name and digest with the record's erasure; nothing is left in the file. */
static void test_leaving(void **state)
{
    struct faults faults;
    struct error error = {0};
    (void)state;
    struct play play = play_begin();
    struct arena *arena = play.world.arena;
    const struct file_given one = pdf(arena, "PREMIERFICHIER", 150000), two = pdf(arena, "SECONDFICHIER", 90000);
    const int64_t first = attach(&play, "sheet", &one);
    const int64_t second = attach(&play, "sheet", &two);
    check_denied(&play, play.member, first);
    check_given(&play, play.member, second, &two);
    assert_int_equal(count(&play, "SELECT COUNT(*) FROM record_file"), 1);
    check_ok(set(&play, play.member, "sheet", 0, &faults, &error), &error);
    check_denied(&play, play.member, second);
    assert_int_equal(count(&play, "SELECT COUNT(*) FROM record_chunk"), 0);
    /* The history says what was there. */
    const struct history_line *lines = NULL;
    size_t line_count = 0;
    struct record_context context = world_as(&play.world, play.member);
    check_ok(record_history(&context, &every_kind, play.record, &lines, &line_count, &error), &error);
    assert_int_equal(line_count, 4);
    assert_true(strncmp(lines[0].changes[0].before, "SECONDFICHIER.pdf (BLAKE2b ", 27) == 0);
    assert_null(lines[0].changes[0].after);
    const int64_t third = attach(&play, "sheet", &one), secret = attach(&play, "secret", &two);
    context = world_as(&play.world, play.member);
    check_ok(record_erase(&context, &every_kind, play.record, 0, NULL, &error), &error);
    check_denied(&play, play.member, third);
    check_denied(&play, play.member, secret);
    assert_int_equal(count(&play, "SELECT COUNT(*) FROM record_file"), 0);
    assert_int_equal(count(&play, "SELECT COUNT(*) FROM record_chunk"), 0);
    assert_int_equal(count(&play, "SELECT COALESCE(SUM(bytes), 0) FROM record_file_total"), 0);
    if (database_engine() == DB_SQLITE) {
        db_release(&play.world.handle);
        check_ok(db_checkpoint(play.world.db, &error), &error);
        assert_false(database_holds("PREMIERFICHIER", arena));
        assert_false(database_holds("SECONDFICHIER", arena));
    }
    world_end(&play.world);
}

/* A form whose other answers are wrong keeps the file that came with it: sent again without the file, it is held. */
static void test_form_keeps(void **state)
{
    struct error error = {0};
    struct faults faults = {.count = 0};
    struct http_parameters given;
    (void)state;
    struct play play = play_begin();
    const struct file_given file = pdf(play.world.arena, "plan", 70000), bad = {"x.pdf", "MZ", 2};
    const struct http_parameter sent[] = {
        {.name = "amount", .value = "beaucoup"},
        {.name = "sheet", .value = file.bytes, .length = file.length, .filename = file.name},
        {.name = "secret", .value = bad.bytes, .length = bad.length, .filename = bad.name}};
    struct record_context context = world_as(&play.world, play.member);
    struct http_request *request = every_request(&context);
    request->form = (struct http_parameters){sent, 3};
    check_ok(record_form_files(&context, request, &every_kind, play.record, &given, &faults, &error), &error);
    assert_int_equal(faults.count, 1);
    assert_string_equal(faults.items[0].field, "secret");
    assert_non_null(http_value(&given, "sheet.kept"));
    assert_null(http_value(&given, "secret.kept"));
    context = world_as(&play.world, play.member);
    const void *record = every_seen(&play.world, play.member, play.record);
    context = world_as(&play.world, play.member);
    const struct form *form = record_form(&context, every_request(&context), &every_kind, record, &given, &faults);
    const struct widget *widget = NULL;
    for (size_t i = 0; i < form->groups[0].field_count; i++)
        if (strcmp(form->groups[0].fields[i].name, "sheet") == 0) widget = &form->groups[0].fields[i];
    assert_string_equal(widget->file_name, "plan.pdf");
    assert_int_equal(widget->file_size, 70000);
    assert_null(widget->file_url);
    assert_string_equal(widget->file_kept, http_value(&given, "sheet.kept"));
    const struct http_parameter again[] = {{.name = "amount", .value = "12"},
                                           {.name = "sheet.kept", .value = widget->file_kept}};
    const struct http_parameters second = {again, 2};
    const struct inputs inputs = record_form_inputs(every_request(&context), &every_kind, &second);
    struct record_change change = {.id = play.record, .inputs = &inputs, .faults = &faults};
    check_ok(record_write(&context, &every_kind, &change, &error), &error);
    check_given(&play, play.member, strtoll(widget->file_kept, NULL, 10), &file);
    /* Another person's form that names it shows nothing of it. */
    int64_t loose = 0;
    check_ok(bring(&play, play.member, play.record, "sheet", &file, &loose, &error), &error);
    const struct http_parameter stolen = {.name = "sheet.kept",
                                          .value = arena_print(play.world.arena, "%lld", (long long)loose)};
    const struct http_parameters theirs = {&stolen, 1};
    context = world_as(&play.world, play.colleague);
    struct every *blank = record_new(&context, &every_kind);
    form = record_form(&context, every_request(&context), &every_kind, blank, &theirs, NULL);
    for (size_t i = 0; i < form->groups[0].field_count; i++)
        if (form->groups[0].fields[i].type == WIDGET_FILE) assert_null(form->groups[0].fields[i].file_name);
    world_end(&play.world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole_way), cmocka_unit_test(test_personal), cmocka_unit_test(test_who_may_bring),
        cmocka_unit_test(test_limits),    cmocka_unit_test(test_leaving),  cmocka_unit_test(test_form_keeps),
    };
    return database_run_group(tests);
}
