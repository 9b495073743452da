/* test_saved.c: the searches that people keep: whose they are, what is new in them, with whose rights; their end with the account. */
#include "tests/record/world.h"

#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/saved/saved.h"
#include "product/application.h"

static struct world world;
static struct error error;
static int64_t company, member, stranger;

static void begin(void)
{
    world = world_begin();
    company = world_organisation(&world, "Une", "company", "59350");
    const int64_t other = world_organisation(&world, "Deux", "company", "59350");
    member = world_account(&world, "m@exemple.fr", "member", company);
    stranger = world_account(&world, "s@exemple.fr", "member", other);
}

static enum status keep(int64_t account, const char *name, const char *query)
{
    const struct saved_search search = {.kind = &need_kind, .name = name, .query = query};
    return saved_keep(world.db, account, &search, &error);
}

static size_t list(int64_t account, struct saved_search **searches)
{
    size_t count = 0;
    struct record_context context = world_as(&world, account);
    check_ok(saved_list(context.handle, world.arena, account, searches, &count, &error), &error);
    db_release(&world.handle);
    return count;
}

static int64_t news(int64_t account, const struct saved_search *search, int64_t since, size_t most,
                    struct saved_news *found)
{
    struct record_context context = world_as(&world, account);
    context.arena = world.arena;
    check_ok(saved_find_news(&context, search, since, most, found, &error), &error);
    db_release(&world.handle);
    return found->count;
}

static void test_kept_by_one_person(void **state)
{
    struct saved_search *searches = NULL;
    (void)state;
    begin();
    check_ok(keep(member, "Soudeurs", "q=soudeur"), &error);
    check_ok(keep(member, "Tous", ""), &error);
    check_ok(keep(member, "Soudeurs du Nord", "q=soudeur"), &error);
    assert_int_equal(list(member, &searches), 2);
    assert_string_equal(searches[0].name, "Soudeurs du Nord");
    assert_true(searches[0].kind == &need_kind);
    assert_int_equal(list(stranger, &searches), 0);
    list(member, &searches);
    assert_int_equal(saved_end(world.db, stranger, searches[0].id, &error), STATUS_MISSING);
    assert_int_equal(saved_see(world.db, stranger, searches[0].id, time_now(), &error), STATUS_MISSING);
    check_ok(saved_end(world.db, member, searches[0].id, &error), &error);
    assert_int_equal(list(member, &searches), 1);
    world_end(&world);
}

static void test_limits(void **state)
{
    (void)state;
    begin();
    assert_int_equal(keep(member, "", "q=a"), STATUS_INPUT);
    assert_int_equal(keep(member, NULL, "q=a"), STATUS_INPUT);
    char *longer = arena_alloc(world.arena, SAVED_QUERY_MOST + 2);
    memset(longer, 'a', SAVED_QUERY_MOST + 1);
    longer[SAVED_QUERY_MOST + 1] = '\0';
    assert_int_equal(keep(member, "Longue", longer), STATUS_LIMIT);
    for (int i = 0; i < SAVED_MOST; i++) check_ok(keep(member, "Une", arena_print(world.arena, "q=mot%d", i)), &error);
    assert_int_equal(keep(member, "De trop", "q=autre"), STATUS_LIMIT);
    check_ok(keep(member, "Le même", "q=mot1"), &error);
    check_ok(keep(stranger, "La sienne", "q=autre"), &error);
    world_end(&world);
}

static void test_what_is_new_and_may_be_read(void **state)
{
    struct saved_search *searches = NULL;
    struct saved_news found;
    (void)state;
    begin();
    world_need(&world, member, "Un soudeur avant", company, AUDIENCE_NETWORK);
    usleep(2000);
    check_ok(keep(member, "Soudeurs", "sort=name&q=soudeur"), &error);
    check_ok(keep(stranger, "Soudeurs", "q=soudeur"), &error);
    usleep(2000);
    list(member, &searches);
    const struct saved_search *mine = searches;
    assert_int_equal(news(member, mine, mine->seen, 5, &found), 0);
    world_need(&world, member, "Un soudeur ensuite", company, AUDIENCE_NETWORK);
    world_need(&world, member, "Un tourneur", company, AUDIENCE_NETWORK);
    const int64_t own = world_need(&world, member, "Deux soudeurs, sans bruit", company, AUDIENCE_PRIVATE);
    assert_int_equal(news(member, mine, mine->seen, 1, &found), 2);
    assert_int_equal(found.record_count, 1);
    assert_true(((const struct record *)found.records[0])->id == own);
    assert_int_equal(news(member, mine, 0, 5, &found), 3);
    list(stranger, &searches);
    assert_int_equal(news(stranger, searches, searches->seen, 5, &found), 1);
    assert_string_equal(((const struct need *)found.records[0])->title.value, "Un soudeur ensuite");
    check_ok(saved_see(world.db, stranger, searches->id, time_now() + 1, &error), &error);
    list(stranger, &searches);
    assert_int_equal(news(stranger, searches, searches->seen, 5, &found), 0);
    world_end(&world);
}

static void test_many_are_not_counted_to_the_end(void **state)
{
    struct saved_news found;
    (void)state;
    begin();
    for (int i = 0; i < SAVED_COUNTED + 5; i++) world_need(&world, member, "Un soudeur", company, AUDIENCE_NETWORK);
    const struct saved_search all = {.kind = &need_kind, .query = ""};
    assert_int_equal(news(member, &all, 0, 3, &found), SAVED_COUNTED);
    assert_int_equal(found.record_count, 3);
    world_end(&world);
}

static void test_gone_with_the_account(void **state)
{
    struct saved_search *searches = NULL;
    (void)state;
    begin();
    check_ok(keep(member, "Soudeurs", "q=soudeur"), &error);
    check_ok(keep(stranger, "Soudeurs", "q=soudeur"), &error);
    check_ok(person_erase(world.db, 0, member, &error), &error);
    assert_int_equal(list(member, &searches), 0);
    assert_int_equal(list(stranger, &searches), 1);
    world_end(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kept_by_one_person),          cmocka_unit_test(test_limits),
        cmocka_unit_test(test_what_is_new_and_may_be_read), cmocka_unit_test(test_many_are_not_counted_to_the_end),
        cmocka_unit_test(test_gone_with_the_account),
    };
    return database_run_group(tests);
}
