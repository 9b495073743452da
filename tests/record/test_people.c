/* test_people.c: what records say of a person is found whatever the kind, erased by an administrator, and readings are told; requests have an answer. */
#include "tests/record/world.h"

#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/account/request.h"
#include "platform/record/people.h"
#include "platform/record/readings.h"
#include "product/application.h"
#include "product/kinds/kinds.h"
#include "product/kinds/need.h"

enum { MOST = 20 };

static struct world world;
static struct error error;
static int64_t company, other, member, stranger, administrator;

static void begin(void)
{
    world = world_begin();
    company = world_organisation(&world, "Une", "company", "59350");
    other = world_organisation(&world, "Deux", "company", "59350");
    member = world_account(&world, "m@exemple.fr", "member", company);
    stranger = world_account(&world, "s@exemple.fr", "member", other);
    administrator = world_account(&world, "a@exemple.fr", "administrator", 0);
}

static void end(void) { world_end(&world); }

static enum status change(int64_t account, int64_t id, const struct input *items, size_t count)
{
    struct record_context context = world_as(&world, account);
    struct faults faults = {.count = 0};
    struct need *need = NULL;
    const struct inputs inputs = {items, count};
    enum status status = record_load(&context, &need_kind, id, (void **)&need, &error);
    struct record_change wanted = {.id = id, .inputs = &inputs, .faults = &faults};
    if (!status) wanted.version = need->head.version;
    db_release(&world.handle);
    return status ? status : record_write(&context, &need_kind, &wanted, &error);
}

static int64_t named_need(const char *email)
{
    const struct input items[] = {{"contact", "Zoé Zénith"}, {"email", email}, {"telephone", "01 23 45 67 89"}};
    const int64_t id = world_need(&world, member, "Un tour", company, AUDIENCE_PRIVATE);
    check_ok(change(member, id, items, 3), &error);
    return id;
}

static size_t find(const struct people_sought *sought, struct people_found *found)
{
    size_t count = 0;
    struct record_context context = world_as(&world, stranger);
    check_ok(people_find(&context, sought, found, MOST, &count, &error), &error);
    db_release(&world.handle);
    return count;
}

static void test_found_by_what_is_personal(void **state)
{
    struct people_found found[MOST];
    size_t count = 0;
    (void)state;
    begin();
    const int64_t id = named_need("Zoe@Exemple.fr");
    named_need("else@exemple.fr");
    assert_int_equal(find(&(struct people_sought){.email = "zoe@exemple.FR"}, found), 1);
    assert_true(found[0].id == id && found[0].kind == &need_kind && !found[0].in_history);
    assert_int_equal(find(&(struct people_sought){.telephone = "+33 1 23 45 67 89"}, found), 2);
    assert_int_equal(find(&(struct people_sought){.name = "ZOé Zénith"}, found), 2);
    assert_int_equal(find(&(struct people_sought){.name = "Un tour"}, found), 0);
    assert_int_equal(find(&(struct people_sought){.email = "%"}, found), 0);
    struct record_context context = world_as(&world, stranger);
    assert_int_equal(people_find(&context, &(struct people_sought){.telephone = "12"}, found, MOST, &count, &error),
                     STATUS_INPUT);
    const struct input moved = {"email", "new@exemple.fr"};
    db_release(&world.handle);
    check_ok(change(member, id, &moved, 1), &error);
    assert_int_equal(find(&(struct people_sought){.email = "zoe@exemple.fr"}, found), 1);
    assert_true(found[0].in_history);
    end();
}

static void test_an_administrator_erases_without_reading(void **state)
{
    struct people_found found[MOST];
    (void)state;
    begin();
    const int64_t id = named_need("zoe@exemple.fr");
    struct record_context context = world_as(&world, administrator);
    struct need *need = NULL;
    if (record_load(&context, &need_kind, id, (void **)&need, &error) == STATUS_OK) assert_null(need->email.value);
    context = world_as(&world, member);
    db_release(&world.handle);
    assert_int_equal(people_forget(&context, &need_kind, id, &error), STATUS_DENIED);
    context = world_as(&world, administrator);
    db_release(&world.handle);
    check_ok(people_forget(&context, &need_kind, id, &error), &error);
    assert_int_equal(people_forget(&context, &need_kind, id, &error), STATUS_INPUT);
    assert_int_equal(find(&(struct people_sought){.email = "zoe@exemple.fr", .name = "Zoé Zénith"}, found), 0);
    const char *sql = arena_print(world.arena,
                                  "SELECT COUNT(*) FROM record_history WHERE record = %lld AND action = 'forgotten' "
                                  "AND account = %lld",
                                  (long long)id, (long long)administrator);
    assert_int_equal(database_integer(world.db, sql), 1);
    end();
}

static void read_as(int64_t account, int64_t id)
{
    struct record_context context = world_as(&world, account);
    void *record = NULL;
    context.origin = "page";
    check_ok(record_load(&context, &need_kind, id, &record, &error), &error);
    check_ok(readings_commit(&context, &error), &error);
    db_release(&world.handle);
}

static void test_readings_are_told(void **state)
{
    struct people_reading readings[MOST];
    size_t count = 0;
    (void)state;
    begin();
    const int64_t id = named_need("zoe@exemple.fr");
    read_as(member, id);
    struct record_context context = world_as(&world, member);
    check_ok(people_readings(&context, &need_kind, id, readings, MOST, &count, &error), &error);
    assert_int_equal(count, 3);
    assert_true(readings[0].account == member && readings[0].account_name);
    check_ok(people_readings_of(&context, company, readings, MOST, &count, &error), &error);
    assert_int_equal(count, 3);
    check_ok(people_readings_of(&context, company, readings, 2, &count, &error), &error);
    assert_int_equal(count, 2);
    check_ok(people_readings_of(&context, other, readings, MOST, &count, &error), &error);
    assert_int_equal(count, 0);
    db_release(&world.handle);
    check_ok(readings_sweep(world.db, time_now() - MS_PER_DAY, &error), &error);
    assert_int_equal(database_integer(world.db, "SELECT COUNT(*) FROM record_reading"), 3);
    check_ok(readings_sweep(world.db, time_now() + MS_PER_DAY, &error), &error);
    assert_int_equal(database_integer(world.db, "SELECT COUNT(*) FROM record_reading"), 0);
    end();
}

static void test_requests_are_answered(void **state)
{
    struct account_request asked[MOST];
    size_t count = 0;
    struct db_handle *read = NULL;
    (void)state;
    begin();
    assert_int_equal(account_request_file(world.db, member, "steal", "a", &error), STATUS_INPUT);
    assert_int_equal(account_request_file(world.db, member, "see", "", &error), STATUS_INPUT);
    for (int i = 0; i < ACCOUNT_REQUESTS_WAITING; i++)
        check_ok(account_request_file(world.db, member, "erase", "tout", &error), &error);
    assert_int_equal(account_request_file(world.db, member, "see", "a", &error), STATUS_LIMIT);
    check_ok(account_request_file(world.db, stranger, "see", "b", &error), &error);
    check_ok(db_read(world.db, &read, &error), &error);
    check_ok(account_requests(read, world.arena, 0, MOST, asked, &count, &error), &error);
    assert_int_equal(count, ACCOUNT_REQUESTS_WAITING + 1);
    assert_int_equal(asked[0].due, time_today() + ACCOUNT_REQUEST_DAYS);
    db_release(&read);
    assert_int_equal(account_request_settle(world.db, administrator, asked[0].id, false, "", &error), STATUS_INPUT);
    check_ok(account_request_settle(world.db, administrator, asked[0].id, false, "La loi le garde.", &error), &error);
    assert_int_equal(account_request_settle(world.db, administrator, asked[0].id, true, "", &error), STATUS_MISSING);
    check_ok(db_read(world.db, &read, &error), &error);
    check_ok(account_requests(read, world.arena, member, MOST, asked, &count, &error), &error);
    assert_int_equal(count, ACCOUNT_REQUESTS_WAITING);
    size_t settled = 0;
    for (size_t i = 0; i < count; i++)
        if (asked[i].settled) {
            settled++;
            assert_string_equal(asked[i].outcome, "refused");
            assert_string_equal(asked[i].answer, "La loi le garde.");
        }
    assert_int_equal(settled, 1);
    db_release(&read);
    check_ok(account_requests_sweep(world.db, time_now() - MS_PER_DAY, &error), &error);
    assert_int_equal(database_integer(world.db, "SELECT COUNT(*) FROM account_request"), ACCOUNT_REQUESTS_WAITING + 1);
    check_ok(account_requests_sweep(world.db, time_now() + MS_PER_DAY, &error), &error);
    assert_int_equal(database_integer(world.db, "SELECT COUNT(*) FROM account_request"), ACCOUNT_REQUESTS_WAITING);
    check_ok(person_erase(world.db, 0, member, &error), &error);
    assert_int_equal(database_integer(world.db,
                                      "SELECT COUNT(*) FROM account_request WHERE wish = 'erase' AND (words IS "
                                      "NOT NULL OR answer IS NOT NULL)"),
                     0);
    end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_found_by_what_is_personal),
        cmocka_unit_test(test_an_administrator_erases_without_reading),
        cmocka_unit_test(test_readings_are_told),
        cmocka_unit_test(test_requests_are_answered),
    };
    return database_run_group(tests);
}
