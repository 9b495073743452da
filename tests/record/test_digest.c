/* test_digest.c: what waits for whom and since when, each thing told once; nothing that one may not read. */
#include "tests/record/world.h"

#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/saved/saved.h"
#include "product/digest/digest.h"

static struct world world;
static struct error error;
static int64_t company, cluster, member, officer, manager, stranger, now;

static void begin(void)
{
    world = world_begin();
    company = world_organisation(&world, "Une", "company", "59350");
    cluster = world_organisation(&world, "Pôle", "cluster", "59350");
    const int64_t other = world_organisation(&world, "Deux", "company", "59350");
    world_member(&world, company, cluster, time_today() - 100, ABSENT);
    member = world_account(&world, "m@exemple.fr", "member", company);
    officer = world_account(&world, "o@exemple.fr", "officer", cluster);
    manager = world_account(&world, "d@exemple.fr", "manager", cluster);
    stranger = world_account(&world, "s@exemple.fr", "member", other);
    now = time_now();
}

/* A need in that state, on which nothing happened for so many days and an hour. */
static void silent_need(const char *title, enum audience audience, const char *state, int64_t days)
{
    const int64_t id = world_need(&world, member, title, company, audience);
    check_ok(database_run(world.db, "UPDATE need SET state = $1, updated = $2 WHERE id = $3",
                          DB_BIND(db_text(state), db_integer(now - days * MS_PER_DAY - 3600000), db_integer(id)),
                          &error),
             &error);
}

static struct digest gather(int64_t account, int64_t days, bool standing)
{
    struct digest digest;
    struct record_context context = world_as(&world, account);
    context.arena = world.arena;
    const struct digest_span span = {.since = now - days * MS_PER_DAY, .until = now, .standing = standing};
    check_ok(digest_gather(&context, &span, &digest, &error), &error);
    db_release(&world.handle);
    return digest;
}

static int64_t total(int64_t account, int64_t days, bool standing)
{
    const struct digest digest = gather(account, days, standing);
    int64_t sum = 0;
    for (size_t i = 0; i < digest.count; i++) sum += digest.sections[i].total;
    return sum;
}

static void test_the_silent_side_then_the_cluster(void **state)
{
    (void)state;
    begin();
    silent_need("Ouvert depuis peu", AUDIENCE_NETWORK, "open", 6);
    assert_int_equal(total(officer, 7, true), 0);
    silent_need("Ouvert depuis huit jours", AUDIENCE_NETWORK, "open", 8);
    assert_int_equal(total(officer, 7, true), 1);
    assert_int_equal(total(manager, 7, true), 0);
    silent_need("Ouvert depuis longtemps", AUDIENCE_NETWORK, "open", 22);
    assert_int_equal(total(manager, 7, true), 1);
    silent_need("Pris en charge", AUDIENCE_NETWORK, "taken_up", 15);
    assert_int_equal(total(officer, 7, true), 3);
    assert_int_equal(total(member, 7, true), 0);
    silent_need("Pris en charge il y a longtemps", AUDIENCE_NETWORK, "taken_up", 30);
    assert_int_equal(total(member, 7, true), 1);
    assert_int_equal(total(manager, 7, true), 2);
    assert_int_equal(total(stranger, 7, true), 0);
    const struct digest digest = gather(member, 7, true);
    assert_string_equal(digest.sections[0].lines[0].title, "Pris en charge il y a longtemps");
    world_end(&world);
}

static void test_each_thing_once(void **state)
{
    (void)state;
    begin();
    silent_need("Ouvert depuis huit jours", AUDIENCE_NETWORK, "open", 8);
    assert_int_equal(total(officer, 7, false), 1);
    assert_int_equal(total(officer, 2, false), 1);
    assert_int_equal(total(officer, 1, false), 0);
    now += 7 * MS_PER_DAY;
    assert_int_equal(total(officer, 7, false), 0);
    now += 7 * MS_PER_DAY;
    assert_int_equal(total(manager, 7, false), 1);
    world_end(&world);
}

static void test_not_what_one_may_not_read(void **state)
{
    (void)state;
    begin();
    silent_need("Sans bruit", AUDIENCE_PRIVATE, "taken_up", 30);
    assert_int_equal(total(member, 7, true), 1);
    assert_int_equal(total(officer, 7, true), 0);
    assert_int_equal(total(manager, 7, true), 0);
    world_end(&world);
}

static void test_what_became_of_ones_needs(void **state)
{
    (void)state;
    begin();
    const int64_t id = world_need(&world, member, "Un tour", company, AUDIENCE_NETWORK);
    struct record_context context = world_as(&world, officer);
    now = time_now() + 1000;
    assert_int_equal(total(member, 7, false), 0);
    context = world_as(&world, officer);
    check_ok(record_change_state(&context, &need_kind, id, 0, "taken_up", NULL, &error), &error);
    db_release(&world.handle);
    now = time_now() + 1000;
    const struct digest digest = gather(member, 7, false);
    assert_int_equal(digest.count, 1);
    assert_string_equal(digest.sections[0].lines[0].title, "Un tour");
    assert_string_equal(digest.sections[0].lines[0].note, "Pris en charge");
    assert_int_equal(total(stranger, 7, false), 0);
    now += 8 * MS_PER_DAY;
    assert_int_equal(total(member, 7, false), 0);
    world_end(&world);
}

static void test_kept_lists(void **state)
{
    (void)state;
    begin();
    const struct saved_search search = {.kind = &need_kind, .name = "Soudeurs", .query = "q=soudeur"};
    check_ok(saved_keep(world.db, stranger, &search, &error), &error);
    check_ok(database_run(world.db, "UPDATE saved_search SET seen = seen - 10 * 86400000", DB_BIND_NONE, &error),
             &error);
    world_need(&world, member, "Deux soudeurs", company, AUDIENCE_NETWORK);
    world_need(&world, member, "Un soudeur, sans bruit", company, AUDIENCE_PRIVATE);
    now = time_now() + 1000;
    assert_int_equal(total(stranger, 7, false), 1);
    now += 8 * MS_PER_DAY;
    assert_int_equal(total(stranger, 7, false), 0);
    assert_int_equal(total(stranger, 7, true), 1);
    world_end(&world);
}

static void test_wishes(void **state)
{
    struct digest_wish wish;
    (void)state;
    begin();
    struct record_context context = world_program(&world);
    check_ok(digest_wish_load(context.handle, member, &wish, &error), &error);
    assert_int_equal(wish.period, DIGEST_WEEK);
    assert_int_equal(digest_wish_keep(world.db, member, 3, &error), STATUS_INPUT);
    check_ok(digest_wish_keep(world.db, member, DIGEST_NEVER, &error), &error);
    context = world_program(&world);
    check_ok(digest_wish_load(context.handle, member, &wish, &error), &error);
    assert_int_equal(wish.period, DIGEST_NEVER);
    db_release(&world.handle);
    world_end(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_silent_side_then_the_cluster),
        cmocka_unit_test(test_each_thing_once),
        cmocka_unit_test(test_not_what_one_may_not_read),
        cmocka_unit_test(test_what_became_of_ones_needs),
        cmocka_unit_test(test_kept_lists),
        cmocka_unit_test(test_wishes),
    };
    return database_run_group(tests);
}
