/* Published counts: on small random networks every table of whole companies that agrees with what is published is enumerated, for each
 * onlooker and each insider, independently of the engine: no small cell may be bounded. Without the secondary cells, some are. */
#include "tests/check.h"

#include <string.h>

#include "engine/counts/counts.h"
#include "engine/survey/random.h"

enum { PLACES = 3, REGIONS = 2, LEFT = 2, RIGHT = 2, LEAVES = PLACES * LEFT * RIGHT, UNITS = 11, VIEWS = 3, FLOOR = 3 };
enum { AREAS = 1 + REGIONS + PLACES, TARGETS = AREAS * (1 + LEFT + RIGHT), NETWORKS = 100, SUMS_MOST = TARGETS };

static const int32_t region[PLACES] = {0, 0, 1};

struct network {
    struct arena *arena;
    int32_t place[UNITS], left[UNITS], right[UNITS];
    uint8_t unseen[UNITS * (VIEWS - 1)];
    struct counts_input input;
    struct counts_result result;
};

static int32_t draw(uint64_t *random, int32_t below) { return (int32_t)random_below(random, (uint64_t)below); }

static void network_begin(struct network *network, uint64_t seed)
{
    uint64_t random = seed;
    struct error error = {0};
    *network = (struct network){.arena = arena_new()};
    const size_t units = 5 + (size_t)draw(&random, UNITS - 4);
    for (size_t i = 0; i < units; i++) {
        network->place[i] = draw(&random, 3) ? draw(&random, 2) : draw(&random, PLACES);
        network->left[i] = draw(&random, 3) ? 0 : 1;
        network->right[i] = draw(&random, RIGHT);
        const int32_t share = draw(&random, 4);
        for (int32_t view = 0; view < VIEWS - 1; view++) network->unseen[i * (VIEWS - 1) + (size_t)view] = share > view;
    }
    network->input = (struct counts_input){.units = units,
                                           .place = network->place,
                                           .places = PLACES,
                                           .regions = REGIONS,
                                           .region = region,
                                           .families = 2,
                                           .category = {network->left, network->right},
                                           .categories = {LEFT, RIGHT},
                                           .onlookers = seed % 3 ? VIEWS - 1 : 0,
                                           .unseen = network->unseen,
                                           .floor = FLOOR};
    assert_int_equal(counts_protect(network->arena, &network->input, &network->result, &error), STATUS_OK);
}

/* ---- cells as sets of leaves: a leaf is (place, left, right) ---- */

static bool in_area(size_t area, size_t place)
{
    if (area == 0) return true;
    return area <= REGIONS ? (size_t)region[place] == area - 1 : place == area - 1 - REGIONS;
}

static bool member[TARGETS][LEAVES];

/* Target: area, then 0 all, 1.. left, 1 + LEFT.. right. */
static bool in_target(size_t target, size_t leaf)
{
    const size_t area = target / (1 + LEFT + RIGHT), what = target % (1 + LEFT + RIGHT);
    if (!in_area(area, leaf / (LEFT * RIGHT))) return false;
    if (what == 0) return true;
    return what <= LEFT ? leaf / RIGHT % LEFT == what - 1 : leaf % RIGHT == what - 1 - LEFT;
}

static bool is_open(const struct counts_result *result, size_t target)
{
    const size_t area = target / (1 + LEFT + RIGHT), what = target % (1 + LEFT + RIGHT);
    if (what == 0) return result->open[area];
    return what <= LEFT ? result->family[0].open[area * LEFT + what - 1]
                        : result->family[1].open[area * RIGHT + what - 1 - LEFT];
}

static int32_t count_of(const struct counts_result *result, size_t target)
{
    const size_t area = target / (1 + LEFT + RIGHT), what = target % (1 + LEFT + RIGHT);
    if (what == 0) return result->count[area];
    return what <= LEFT ? result->family[0].count[area * LEFT + what - 1]
                        : result->family[1].count[area * RIGHT + what - 1 - LEFT];
}

/* ---- the attack: all tables of unseen companies that agree with what is published ---- */

struct attack {
    const uint8_t *open; /* by target */
    int32_t truth[LEAVES], world[LEAVES];
    size_t sums;
    size_t sum[SUMS_MOST];                                         /* open targets */
    int32_t rest[TARGETS];                                         /* of each open target, what is not placed yet */
    size_t last[TARGETS];                                          /* its last leaf */
    int32_t least[LEAVES + 1][TARGETS], most[LEAVES + 1][TARGETS]; /* by insider's leaf; the last: nobody */
    int64_t worlds;
};

static void note_world(struct attack *attack)
{
    int32_t value[TARGETS] = {0};
    for (size_t target = 0; target < TARGETS; target++)
        for (size_t leaf = 0; leaf < LEAVES; leaf++)
            if (member[target][leaf]) value[target] += attack->world[leaf];
    attack->worlds++;
    for (size_t who = 0; who <= LEAVES; who++) {
        if (who < LEAVES && (!attack->truth[who] || !attack->world[who])) continue;
        for (size_t target = 0; target < TARGETS; target++) {
            if (value[target] < attack->least[who][target]) attack->least[who][target] = value[target];
            if (value[target] > attack->most[who][target]) attack->most[who][target] = value[target];
        }
    }
}

static void place_leaf(struct attack *attack, size_t leaf)
{
    int32_t low = 0, high = UNITS;
    if (leaf == LEAVES) {
        note_world(attack);
        return;
    }
    for (size_t k = 0; k < attack->sums; k++) {
        const size_t target = attack->sum[k];
        if (!member[target][leaf]) continue;
        if (attack->rest[target] < high) high = attack->rest[target];
        if (attack->last[target] == leaf && attack->rest[target] > low) low = attack->rest[target];
    }
    for (int32_t value = low; value <= high; value++) {
        attack->world[leaf] = value;
        for (size_t k = 0; k < attack->sums; k++)
            if (member[attack->sum[k]][leaf]) attack->rest[attack->sum[k]] -= value;
        place_leaf(attack, leaf + 1);
        for (size_t k = 0; k < attack->sums; k++)
            if (member[attack->sum[k]][leaf]) attack->rest[attack->sum[k]] += value;
    }
}

static void attack_begin(struct attack *attack, const struct network *network, const uint8_t *open, size_t view)
{
    *attack = (struct attack){.open = open};
    for (size_t i = 0; i < network->input.units; i++) {
        if (network->result.left_out[i] || (view && !network->unseen[i * (VIEWS - 1) + view - 1])) continue;
        attack->truth[((size_t)network->place[i] * LEFT + (size_t)network->left[i]) * RIGHT +
                      (size_t)network->right[i]]++;
    }
    for (size_t target = 0; target < TARGETS; target++) {
        for (size_t who = 0; who <= LEAVES; who++) attack->least[who][target] = INT32_MAX;
        if (open[target]) attack->sum[attack->sums++] = target;
        for (size_t leaf = 0; leaf < LEAVES; leaf++) {
            if (!in_target(target, leaf)) continue;
            attack->rest[target] += attack->truth[leaf];
            attack->last[target] = leaf;
        }
    }
}

/* How many small cells someone can bound. */
static size_t leaks(const struct network *network, const uint8_t *open, size_t view)
{
    static struct attack attack;
    size_t found = 0;
    if (!open[0]) return 0; /* nothing is published */
    attack_begin(&attack, network, open, view);
    place_leaf(&attack, 0);
    assert_true(attack.worlds > 0);
    for (size_t target = 0; target < TARGETS; target++) {
        int32_t truth = 0;
        for (size_t leaf = 0; leaf < LEAVES; leaf++) truth += in_target(target, leaf) ? attack.truth[leaf] : 0;
        if (truth < 1 || truth >= FLOOR) continue;
        found += attack.least[LEAVES][target] > 0 || attack.most[LEAVES][target] < FLOOR;
        for (size_t who = 0; who < LEAVES; who++)
            if (attack.truth[who] && !in_target(target, who))
                found += attack.least[who][target] > 0 || attack.most[who][target] < FLOOR - 1;
    }
    return found;
}

static size_t leaks_of_all(const struct network *network, const uint8_t *open)
{
    size_t found = 0;
    for (size_t view = 0; view <= network->input.onlookers; view++) found += leaks(network, open, view);
    return found;
}

static void test_no_small_cell_can_be_bounded(void **state)
{
    size_t published = 0, secondary = 0, without = 0;
    (void)state;
    for (size_t target = 0; target < TARGETS; target++)
        for (size_t leaf = 0; leaf < LEAVES; leaf++) member[target][leaf] = in_target(target, leaf);
    for (uint64_t seed = 1; seed <= NETWORKS; seed++) {
        struct network network;
        uint8_t open[TARGETS], bare[TARGETS];
        network_begin(&network, seed);
        for (size_t target = 0; target < TARGETS; target++) {
            const int32_t count = count_of(&network.result, target);
            open[target] = is_open(&network.result, target);
            bare[target] = count >= FLOOR;
            assert_true(!open[target] || count >= FLOOR);
            published += open[target];
            secondary += bare[target] && !open[target];
        }
        const size_t found = leaks_of_all(&network, open);
        if (found) print_error("network %d: %d small cells can be bounded\n", (int)seed, (int)found);
        assert_int_equal(found, 0);
        without += leaks_of_all(&network, bare) > 0;
        arena_free(&network.arena);
    }
    print_message("# %d networks: %d cells published, %d hidden beside small ones; the floor alone betrays in %d\n",
                  NETWORKS, (int)published, (int)secondary, (int)without);
    assert_true(published > 2 * NETWORKS);
    assert_true(without > NETWORKS / 3); /* the attack can win */
}

static void test_a_large_one_keeps_most(void **state)
{
    enum { MANY = 600 };
    static int32_t place[MANY], kind[MANY];
    static int32_t regions[20];
    struct arena *arena = arena_new();
    uint64_t random = 7;
    struct counts_result result;
    struct error error = {0};
    (void)state;
    for (int32_t i = 0; i < 20; i++) regions[i] = i / 4;
    for (size_t i = 0; i < MANY; i++) {
        place[i] = draw(&random, 20);
        kind[i] = draw(&random, 3) ? draw(&random, 3) : draw(&random, 8);
    }
    const struct counts_input input = {.units = MANY,
                                       .place = place,
                                       .places = 20,
                                       .regions = 5,
                                       .region = regions,
                                       .families = 1,
                                       .category = {kind},
                                       .categories = {8},
                                       .floor = FLOOR};
    assert_int_equal(counts_protect(arena, &input, &result, &error), STATUS_OK);
    assert_int_equal(result.left_out_count, 0);
    assert_int_equal(result.count[0], MANY);
    for (size_t area = 0; area < result.areas; area++) assert_true(result.open[area]);
    for (size_t j = 0; j < 8; j++) assert_true(result.family[0].open[j]);
    assert_true(result.secondary * 4 < result.cells);
    arena_free(&arena);
}

static void test_the_few_are_left_out(void **state)
{
    const int32_t place[] = {0, 0, 0, 0, 1}, zero[] = {0, 0, 0, 0, 0}, regions[] = {0, 0};
    const uint8_t unseen[] = {0, 0, 0, 0, 1};
    struct arena *arena = arena_new();
    struct counts_result result;
    struct error error = {0};
    (void)state;
    struct counts_input input = {.units = 5,
                                 .place = place,
                                 .places = 2,
                                 .regions = 1,
                                 .region = regions,
                                 .families = 1,
                                 .category = {zero},
                                 .categories = {2},
                                 .onlookers = 1,
                                 .unseen = unseen,
                                 .floor = FLOOR};
    assert_int_equal(counts_protect(arena, &input, &result, &error), STATUS_OK);
    assert_int_equal(result.left_out_count, 1);
    assert_true(result.left_out[4]);
    assert_int_equal(result.count[0], 4);
    const int32_t wrong[] = {0, 0, 0, 0, 2};
    input.place = wrong;
    assert_int_equal(counts_protect(arena, &input, &result, &error), STATUS_INPUT);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_small_cell_can_be_bounded),
        cmocka_unit_test(test_a_large_one_keeps_most),
        cmocka_unit_test(test_the_few_are_left_out),
    };
    return run_group(tests);
}
