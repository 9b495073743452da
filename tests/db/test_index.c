/* test_index.c: the index against a plain model, on both engines. time limit: 300 s */
#include "tests/db/database.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/fatal.h"
#include "platform/index/index.h"

enum { KEYS = 40, SLOTS = 110000 };

static struct db *db;

static const char *schema(void)
{
    static char text[8192];
    FILE *file = fopen("sql/0004-index.sql", "rb");
    if (!file) fatal("run from the root of the project");
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    return text;
}

/* Arenas that hold views, and so handles: a test that fails leaves them to tear_down, for the database waits for lent handles. */
enum { ARENAS = 16 };
static struct arena *arenas[ARENAS];

static struct arena *begin_arena(void)
{
    for (int i = 0; i < ARENAS; i++)
        if (!arenas[i]) return arenas[i] = arena_new();
    fatal("too many arenas");
}

static void end_arena(struct arena **ended)
{
    for (int i = 0; i < ARENAS; i++)
        if (arenas[i] == *ended) arenas[i] = NULL;
    arena_free(ended);
}

static int set_up(void **state)
{
    (void)state;
    struct error error;
    db = database_begin(&(struct db_options){.readers = 8});
    const struct migration migrations[] = {{4, "index", schema()}};
    check_ok(db_migrate(db, migrations, 1, NULL, &error), &error);
    check_ok(
        database_run(db, "CREATE TABLE truth (slot INTEGER PRIMARY KEY, state INTEGER NOT NULL)", DB_BIND_NONE, &error),
        &error);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    for (int i = 0; i < ARENAS; i++) arena_free(&arenas[i]);
    database_end(&db);
    return 0;
}

static int64_t key_of(int number) { return number ? index_key_number("key", number) : INDEX_ALL; }

/* ---- the model: which of the keys each slot has ---- */

static unsigned char model[SLOTS][KEYS];
static int64_t next_slot, slot_end; /* the first given last, and the end of all that were given */
static uint32_t seed;

static uint32_t draw(uint32_t below)
{
    seed ^= seed << 13;
    seed ^= seed >> 17;
    seed ^= seed << 5;
    return seed % below;
}

struct change {
    int64_t slot;
    int64_t lost[KEYS], gained[KEYS];
    size_t lost_count, gained_count;
};

static enum status run_change(struct db_handle *write, void *context, struct error *error)
{
    const struct change *change = context;
    return index_change(write, "need", change->slot, change->lost, change->lost_count, change->gained,
                        change->gained_count, error);
}

static void write_change(const struct change *change)
{
    struct error error;
    struct change copy = *change;
    check_ok(db_transaction(db, run_change, &copy, &error), &error);
}

static void change_record(int64_t slot, bool erase)
{
    struct change change = {.slot = slot};
    for (int k = 0; k < KEYS; k++) {
        const bool wanted = !erase && (k == 0 || (uint32_t)k % (1 + draw(7)) == 0);
        if (wanted && !model[slot][k]) change.gained[change.gained_count++] = key_of(k);
        if (!wanted && model[slot][k]) change.lost[change.lost_count++] = key_of(k);
        model[slot][k] = wanted;
    }
    write_change(&change);
}

static enum status take_slots(struct db_handle *write, void *context, struct error *error)
{
    return index_slots(write, "need", *(const int64_t *)context, &next_slot, error);
}

static int64_t new_slots(int64_t count)
{
    struct error error;
    check_ok(db_transaction(db, take_slots, &count, &error), &error);
    slot_end = next_slot + count;
    return next_slot;
}

static enum status run_bulk(struct db_handle *write, void *context, struct error *error)
{
    return index_bulk_write(context, write, error);
}

static void add_bulk(int64_t count, bool heavy)
{
    struct error error;
    struct arena *own = begin_arena();
    struct index_bulk *bulk = index_bulk_new(own, "need");
    const int64_t first = new_slots(count);
    assert_true(first + count < SLOTS);
    for (int64_t slot = first; slot < first + count; slot++) {
        int64_t keys[KEYS];
        size_t key_count = 0;
        model[slot][0] = 1;
        for (int k = 1; k < KEYS; k++) {
            if (!heavy && draw(8)) continue;
            model[slot][k] = 1;
            keys[key_count++] = key_of(k);
        }
        index_bulk_add(bulk, slot, keys, key_count);
    }
    check_ok(db_transaction(db, run_bulk, bulk, &error), &error);
    end_arena(&own);
}

static struct index_view *open_view(struct index *index, struct db *from, struct arena *own)
{
    struct error error;
    struct db_handle *handle = NULL;
    struct index_view *view = NULL;
    check_ok(db_read_in(from, own, &handle, &error), &error);
    check_ok(index_view_open(index, handle, own, "need", &view, &error), &error);
    return view;
}

static void compare_set(const struct index_set *set, int k)
{
    int64_t count = 0;
    for (int64_t slot = 0; slot < slot_end; slot++) {
        count += model[slot][k];
        if (index_has(set, slot) != model[slot][k]) fail_msg("slot %d, key %d: %d", (int)slot, k, index_has(set, slot));
    }
    assert_int_equal(index_count(set), count);
}

static void count_one(struct index_view *view, const struct index_set *set, const int64_t *keys, size_t count,
                      int64_t *counts)
{
    index_counts(view, &(struct index_counting){set, keys, count, counts}, 1);
}

/* Of one set by some keys and by all, and of another set between them. */
static void compare_counts(struct index_view *view, int of)
{
    enum { FEW = 3 };
    int64_t keys[KEYS], counts[KEYS], few[FEW], others[KEYS], expected[KEYS] = {0}, expected_others[KEYS] = {0};
    const int other = (int)draw(KEYS);
    for (int k = 0; k < KEYS; k++) keys[k] = key_of(k);
    const struct index_set *set = index_get(view, key_of(of));
    const struct index_counting countings[] = {
        {set, keys, FEW, few}, {index_get(view, key_of(other)), keys, KEYS, others}, {set, keys, KEYS, counts}};
    index_counts(view, countings, 3);
    for (int64_t slot = 0; slot < slot_end; slot++)
        for (int k = 0; k < KEYS; k++) expected_others[k] += model[slot][other] && model[slot][k];
    for (int64_t slot = 0; slot < slot_end; slot++)
        for (int k = 0; k < KEYS; k++) expected[k] += model[slot][of] && model[slot][k];
    for (int k = 0; k < KEYS; k++) assert_int_equal(counts[k], expected[k]);
    for (int k = 0; k < KEYS; k++) assert_int_equal(others[k], expected_others[k]);
    for (int k = 0; k < FEW; k++) assert_int_equal(few[k], expected[k]);
}

static void compare_all(struct index *index, struct db *from)
{
    struct error error;
    struct arena *own = begin_arena();
    struct index_view *view = open_view(index, from, own);
    for (int k = 0; k < KEYS; k++)
        if (k < 3 || draw(4) == 0) compare_set(index_get(view, key_of(k)), k);
    compare_counts(view, (int)draw(KEYS));
    check_ok(index_view_status(view, &error), &error);
    end_arena(&own);
}

static void test_random_operations(void **state)
{
    (void)state;
    struct error error;
    struct db *other_db = NULL;
    memset(model, 0, sizeof model);
    seed = 12345;
    check_ok(db_open(database_address(), &(struct db_options){.readers = 2}, &other_db, &error), &error);
    struct index *index = index_open(db, 0), *other = index_open(other_db, 200000);
    (void)new_slots(30000);
    for (int step = 0; step < 400; step++) {
        const uint32_t what = draw(20);
        int64_t left = 0;
        if (what < 8)
            change_record(new_slots(1), false);
        else if (what < 14)
            change_record(draw((uint32_t)slot_end), what == 8);
        else if (what < 16)
            add_bulk(1 + draw(200), false);
        else if (what == 16 && step % 3 == 0)
            (void)new_slots(1 + draw(5000));
        else if (what >= 17)
            check_ok(index_merge(draw(2) ? db : other_db, 1 + draw(60), &left, &error), &error);
        if (step == 100 || step == 300) add_bulk(12000, true); /* straight into the blocks */
        if (draw(6) == 0) compare_all(index, db);
        if (draw(6) == 0) compare_all(other, other_db);
    }
    int64_t left = 1;
    while (left) {
        check_ok(index_merge(db, 50, &left, &error), &error);
        compare_all(other, other_db);
    }
    compare_all(index, db);
    struct index *fresh = index_open(db, 0);
    for (int i = 0; i < 6; i++) compare_all(fresh, db);
    assert_true(index_memory(other) <= 200000);
    index_close(&fresh);
    index_close(&other);
    index_close(&index);
    db_close(&other_db);
}

static void test_algebra(void **state)
{
    (void)state;
    struct error error;
    memset(model, 0, sizeof model);
    seed = 99;
    for (int i = 0; i < 300; i++) {
        const int64_t slot = new_slots(i % 50 ? 1 : 1500);
        if (slot < SLOTS) change_record(slot, false);
    }
    struct index *index = index_open(db, 0);
    struct arena *own = begin_arena();
    struct index_view *view = open_view(index, db, own);
    const struct index_set *a = index_get(view, key_of(6)), *b = index_get(view, key_of(4));
    const int64_t both_keys[] = {key_of(6), key_of(4), index_key("nothing", "here")};
    const struct index_set *any = index_any(view, both_keys, 3), *both = index_and(view, a, b),
                           *only = index_without(view, a, b);
    for (int64_t slot = 0; slot < slot_end; slot++) {
        assert_int_equal(index_has(any, slot), model[slot][6] || model[slot][4]);
        assert_int_equal(index_has(both, slot), model[slot][6] && model[slot][4]);
        assert_int_equal(index_has(only, slot), model[slot][6] && !model[slot][4]);
    }
    assert_int_equal(index_and_count(a, b), index_count(both));
    assert_int_equal(index_count(index_or(view, a, b)), index_count(any));
    assert_int_equal(index_count(index_any(view, both_keys, 0)), 0);
    assert_false(index_has(a, -1));
    int64_t *all = ARENA_ARRAY(own, 2000, int64_t), part[7];
    const size_t count = index_slots_of(any, true, 0, all, 2000);
    assert_int_equal(count, index_count(any));
    for (size_t i = 1; i < count; i++) assert_true(all[i] < all[i - 1]);
    for (int64_t skip = 0; skip < (int64_t)count + 3; skip += 5) {
        const size_t got = index_slots_of(any, true, skip, part, 7);
        assert_int_equal(got, skip >= (int64_t)count ? 0 : (int64_t)count - skip < 7 ? (int64_t)count - skip : 7);
        assert_memory_equal(part, all + skip, got * sizeof *part);
        const size_t up = index_slots_of(any, false, skip, part, 7);
        for (size_t i = 0; i < up; i++) assert_int_equal(part[i], all[count - 1 - (size_t)skip - i]);
    }
    assert_int_equal(index_count(index_of_slots(view, all, count)), (int64_t)count);
    assert_int_equal(index_count(index_get(view, index_key("key", "none"))), 0);
    check_ok(index_view_status(view, &error), &error);
    end_arena(&own);
    index_close(&index);
}

/* A writer's own view sees what its transaction did, and nobody else does. */
static enum status change_and_look(struct db_handle *write, void *context, struct error *error)
{
    struct index *index = context;
    struct arena *own = begin_arena();
    struct index_view *view = NULL;
    const int64_t key = key_of(1);
    enum status status = index_change(write, "need", 5, NULL, 0, &key, 1, error);
    if (status == STATUS_OK) status = index_view_open(index, write, own, "need", &view, error);
    if (status == STATUS_OK) {
        assert_int_equal(index_count(index_get(view, key)), 1);
        struct arena *reader = begin_arena();
        assert_int_equal(index_count(index_get(open_view(index, db, reader), key)), 0);
        end_arena(&reader);
    }
    end_arena(&own);
    return status ? status : error_set(error, STATUS_NONE, N_("undone"));
}

static void test_writer_sees_its_own(void **state)
{
    (void)state;
    struct error error;
    struct index *index = index_open(db, 0);
    assert_int_equal(db_transaction(db, change_and_look, index, &error), STATUS_NONE);
    struct arena *own = begin_arena();
    assert_int_equal(index_count(index_get(open_view(index, db, own), key_of(1))), 0);
    end_arena(&own);
    index_close(&index);
}

/* A view keeps to its moment while others write, merge and read. */
static void test_old_views(void **state)
{
    (void)state;
    struct error error;
    struct index *index = index_open(db, 0);
    struct arena *owns[6];
    struct index_view *views[6];
    const int64_t key = key_of(1);
    int64_t left, early[6], late[6], counted[6];
    for (int i = 0; i < 6; i++) {
        write_change(&(struct change){.slot = i, .gained = {key}, .gained_count = 1});
        owns[i] = begin_arena();
        views[i] = open_view(index, db, owns[i]);
        early[i] = i % 2 ? index_count(index_get(views[i], key)) : i + 1;
        if (i == 3) check_ok(index_merge(db, 100, &left, &error), &error);
    }
    for (int i = 5; i >= 0; i--) {
        late[i] = index_count(index_get(views[i], key));
        count_one(views[i], index_get(views[i], key), &key, 1, &counted[i]);
        check_ok(index_view_status(views[i], &error), &error);
        end_arena(&owns[i]);
    }
    index_close(&index);
    for (int i = 0; i < 6; i++) { /* a failure before would leave handles lent, and the database waiting for them */
        assert_int_equal(early[i], i + 1);
        assert_int_equal(late[i], i + 1);
        assert_int_equal(counted[i], i + 1);
    }
}

/* A column serves views that are older and newer than it, before and after a merge. */
static void test_columns_and_views(void **state)
{
    (void)state;
    struct error error;
    int64_t left, counts[3];
    const int64_t keys[] = {key_of(1), key_of(2), key_of(3)};
    struct index *index = index_open(db, 0);
    (void)new_slots(30000);
    for (int64_t i = 0; i < 30; i++)
        write_change(&(struct change){.slot = 29000 + i, .gained = {INDEX_ALL, keys[i % 3]}, .gained_count = 2});
    check_ok(index_merge(db, 10, &left, &error), &error);
    for (int round = 0; round < 8; round++) {
        struct arena *old_arena = begin_arena(), *new_arena = begin_arena();
        struct index_view *old_view = open_view(index, db, old_arena);
        write_change(&(struct change){
            .slot = 29000 + round * 3, .lost = {keys[0]}, .lost_count = 1, .gained = {keys[1]}, .gained_count = 1});
        struct index_view *new_view = open_view(index, db, new_arena);
        count_one(new_view, index_get(new_view, INDEX_ALL), keys, 3, counts);
        assert_true(counts[0] == 9 - round && counts[1] == 11 + round && counts[2] == 10);
        count_one(old_view, index_get(old_view, INDEX_ALL), keys, 3, counts);
        assert_true(counts[0] == 10 - round && counts[1] == 10 + round && counts[2] == 10);
        if (round % 3 == 2) check_ok(index_merge(db, 5, &left, &error), &error);
        end_arena(&new_arena);
        end_arena(&old_arena);
    }
    index_close(&index);
}

/* ---- many threads ---- */

enum { THREAD_RECORDS = 300, STATES = 5, WRITERS = 3, VIEWS = 3, ROUNDS = 120 };

static atomic_bool stop;
static atomic_int failures, views_made;

struct step {
    int64_t slot, state;
    useconds_t pause;
};

static enum status run_step(struct db_handle *write, void *context, struct error *error)
{
    const struct step *step = context;
    int64_t before = -1;
    enum status status = db_one_integer(write, "SELECT state FROM truth WHERE slot = $1",
                                        DB_BIND(db_integer(step->slot)), &before, error);
    if (status && status != STATUS_MISSING) return status;
    const int64_t lost[] = {index_key_number("state", before)},
                  gained[] = {index_key_number("state", step->state), INDEX_ALL};
    if (before == step->state) return STATUS_OK;
    status = index_change(write, "thing", step->slot, lost, before >= 0, gained, before >= 0 ? 1 : 2, error);
    if (status) return status;
    if (step->pause) usleep(step->pause); /* commits later than lines that were written after this one */
    return db_run(
        write,
        "INSERT INTO truth (slot, state) VALUES ($1, $2) ON CONFLICT (slot) DO UPDATE SET state = excluded.state",
        DB_BIND(db_integer(step->slot), db_integer(step->state)), NULL, error);
}

static void *write_steps(void *context)
{
    struct error error;
    unsigned own_seed = 77 + (unsigned)*(int *)context;
    for (int i = 0; i < ROUNDS; i++) {
        struct step step = {.slot = (int64_t)(rand_r(&own_seed) % THREAD_RECORDS) * 700,
                            .state = rand_r(&own_seed) % STATES};
        step.pause = i % 4 ? 0 : (useconds_t)(rand_r(&own_seed) % 5000);
        const enum status status = db_transaction(db, run_step, &step, &error);
        if (status && status != STATUS_BUSY) failures++;
    }
    return NULL;
}

static void *merge_steps(void *context)
{
    (void)context;
    struct error error;
    while (!stop) {
        int64_t left = 0;
        const enum status status = index_merge(db, 7, &left, &error);
        if (status && status != STATUS_BUSY) {
            char text[800];
            error_describe(&error, text, sizeof text);
            fprintf(stderr, "merge: %s\n", text);
            failures++;
        }
        usleep(3000);
    }
    return NULL;
}

/* The view and the table of the same snapshot agree on every record. */
static bool view_agrees(struct index *index, struct arena *own)
{
    struct error error;
    struct db_handle *handle = NULL;
    struct index_view *view = NULL;
    if (db_read_in(db, own, &handle, &error) || index_view_open(index, handle, own, "thing", &view, &error))
        return false;
    const struct index_set *states[STATES], *all = index_get(view, INDEX_ALL);
    for (int i = 0; i < STATES; i++) states[i] = index_get(view, index_key_number("state", i));
    int64_t rows_count = 0, members = 0;
    bool agrees = true;
    struct db_rows *rows = db_query(handle, "SELECT slot, state FROM truth", DB_BIND_NONE);
    while (db_next(rows)) {
        rows_count++;
        agrees &= index_has(states[db_get_integer(rows, 1)], db_get_integer(rows, 0)) &&
                  index_has(all, db_get_integer(rows, 0));
    }
    agrees &= db_end(&rows, &error) == STATUS_OK;
    for (int i = 0; i < STATES; i++) members += index_count(states[i]);
    return agrees && members == rows_count && index_count(all) == rows_count &&
           index_view_status(view, NULL) == STATUS_OK;
}

static void *read_steps(void *context)
{
    struct index *index = context;
    while (!stop) {
        struct arena *own = arena_new();
        if (!view_agrees(index, own)) failures++;
        views_made++;
        arena_free(&own);
    }
    return NULL;
}

static void test_threads(void **state)
{
    (void)state;
    pthread_t writers[WRITERS], readers[VIEWS], merger;
    int numbers[WRITERS];
    struct index *indexes[] = {index_open(db, 0), index_open(db, 20000)};
    stop = false;
    failures = 0;
    views_made = 0;
    for (int i = 0; i < WRITERS; i++) {
        numbers[i] = i;
        pthread_create(&writers[i], NULL, write_steps, &numbers[i]);
    }
    for (int i = 0; i < VIEWS; i++) pthread_create(&readers[i], NULL, read_steps, indexes[i % 2]);
    pthread_create(&merger, NULL, merge_steps, NULL);
    for (int i = 0; i < WRITERS; i++) pthread_join(writers[i], NULL);
    stop = true;
    for (int i = 0; i < VIEWS; i++) pthread_join(readers[i], NULL);
    pthread_join(merger, NULL);
    assert_int_equal(failures, 0);
    assert_true(views_made > 20);
    struct arena *own = begin_arena();
    assert_true(view_agrees(indexes[0], own));
    end_arena(&own);
    for (int i = 0; i < 2; i++) index_close(&indexes[i]);
}

/* ---- crashes ---- */

static void die_while_merging(void)
{
    struct error error;
    struct db *own = NULL;
    if (db_open(database_address(), NULL, &own, &error)) _exit(1);
    int64_t left = 1;
    while (left)
        if (index_merge(own, 1, &left, &error)) _exit(1);
    _exit(0);
}

static void test_killed_merges(void **state)
{
    (void)state;
    struct error error;
    int killed = 0;
    memset(model, 0, sizeof model);
    seed = 4242;
    struct index *index = index_open(db, 0);
    for (int round = 0; round < 12; round++) {
        for (int i = 0; i < 12; i++) change_record(new_slots(1), false);
        for (int i = 0; i < 5; i++) change_record(draw((uint32_t)slot_end), draw(3) == 0);
        add_bulk(300, false);
        const pid_t child = fork();
        if (child == 0) die_while_merging();
        usleep(1000 * (5 + draw(40)));
        kill(child, SIGKILL);
        int status = 0;
        waitpid(child, &status, 0);
        killed += WIFSIGNALED(status);
        compare_all(index, db);
    }
    int64_t left = 1;
    while (left) check_ok(index_merge(db, 1000, &left, &error), &error);
    compare_all(index, db);
    index_close(&index);
    assert_true(killed > 0);
}

/* ---- slots ---- */

static atomic_uchar taken[4000];

struct reservation {
    int64_t count, first;
};

static enum status reserve(struct db_handle *write, void *context, struct error *error)
{
    struct reservation *reservation = context;
    return index_slots(write, "slotted", reservation->count, &reservation->first, error);
}

static void *take_many(void *context)
{
    (void)context;
    struct error error;
    for (int i = 0; i < 40; i++) {
        struct reservation reservation = {.count = i % 5 + 1};
        const enum status status = db_transaction(db, reserve, &reservation, &error);
        if (status) failures++;
        for (int64_t j = 0; !status && j < reservation.count; j++)
            if (atomic_fetch_add(&taken[reservation.first + j], 1)) failures++;
    }
    return NULL;
}

static void test_slots_are_distinct(void **state)
{
    (void)state;
    pthread_t threads[4];
    failures = 0;
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++) atomic_store(&taken[i], 0);
    for (int i = 0; i < 4; i++) pthread_create(&threads[i], NULL, take_many, NULL);
    for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
    assert_int_equal(failures, 0);
}

/* A record of a bulk may change in the same transaction, whether the bulk goes through the log or into the blocks. */
static void test_bulk_then_change(void **state)
{
    (void)state;
    struct error error;
    for (int heavy = 0; heavy < 2; heavy++) {
        struct index *index = index_open(db, 0);
        struct arena *own = begin_arena();
        struct index_bulk *bulk = index_bulk_new(own, "need");
        const int64_t count = heavy ? 250000 : 10, first = new_slots(count), one = key_of(1), two = key_of(2);
        for (int64_t i = 0; i < count; i++) index_bulk_add(bulk, first + i, &one, 1);
        index_bulk_change(bulk, first + 3, &one, 1, &two, 1);
        index_bulk_change(bulk, first + 3, &two, 1, &one, 1);
        index_bulk_change(bulk, first + 4, &one, 1, &two, 1);
        index_bulk_terms(bulk, "word", (struct index_term[]){{"alpha", one}, {"alpha", one}, {"beta", two}}, 3);
        check_ok(db_transaction(db, run_bulk, bulk, &error), &error);
        struct index_view *view = open_view(index, db, own);
        struct index_term terms[4];
        size_t found = 0;
        const int64_t ones = index_count(index_get(view, one)), twos = index_count(index_get(view, two));
        check_ok(index_terms(view, "word", "alp", terms, 4, &found, &error), &error);
        end_arena(&own);
        index_close(&index);
        assert_int_equal(ones, heavy ? count - 1 + 9 : 9);
        assert_int_equal(twos, 1 + heavy);
        assert_int_equal(found, 1);
    }
}

/* ---- words ---- */

static enum status add_words(struct db_handle *write, void *context, struct error *error)
{
    const char *const *words = context;
    struct index_term terms[40];
    int64_t keys[40];
    size_t count = 0;
    for (; words[count]; count++) {
        keys[count] = index_key("word", words[count]);
        terms[count] = (struct index_term){words[count], keys[count]};
    }
    static int64_t slot;
    enum status status = index_add_terms(write, "need", "word", terms, count, error);
    if (status == STATUS_OK) status = index_change(write, "need", slot++, NULL, 0, keys, count, error);
    return status;
}

static void add_record_of(const char *const *words)
{
    struct error error;
    const char *copy[40];
    size_t count = 0;
    while ((copy[count] = words[count])) count++;
    check_ok(db_transaction(db, add_words, copy, &error), &error);
}

/* Merges until nothing is left: a line stays while the server runs a transaction begun before it,
 * and other tests share the server. */
static enum status merge_all(int64_t lines, struct error *error)
{
    int64_t left = 1;
    enum status status = STATUS_OK;
    for (int tries = 0; !status && left > 0 && tries < 400; tries++) {
        status = index_merge(db, lines, &left, error);
        if (!status && left > 0) usleep(50000);
    }
    if (!status) assert_int_equal(left, 0);
    return status;
}

static void test_terms(void **state)
{
    (void)state;
    struct error error;
    add_record_of((const char *[]){"soudeur", "soudure", "energie", NULL});
    add_record_of((const char *[]){"soudure", "solaire", NULL});
    add_record_of((const char *[]){"soudure", "souple", NULL});
    add_record_of((const char *[]){"souple", NULL});
    check_ok(merge_all(100, &error), &error);
    struct index *index = index_open(db, 0);
    struct arena *own = begin_arena();
    struct index_view *view = open_view(index, db, own);
    struct index_term terms[5];
    size_t count = 0;
    check_ok(index_terms(view, "word", "sou", terms, 5, &count, &error), &error);
    assert_int_equal(count, 3);
    assert_string_equal(terms[0].text, "soudure");
    assert_string_equal(terms[1].text, "souple");
    assert_string_equal(terms[2].text, "soudeur");
    assert_int_equal(index_count(index_get(view, terms[0].key)), 3);
    check_ok(index_terms(view, "word", "sou", terms, 2, &count, &error), &error);
    assert_int_equal(count, 2);
    check_ok(index_terms(view, "word", "x", terms, 5, &count, &error), &error);
    assert_int_equal(count, 0);
    end_arena(&own);
    index_close(&index);
}

/* ---- what is damaged is told ---- */

static void test_damage_is_told(void **state)
{
    (void)state;
    struct error error;
    static const char *const bits[] = {"", "x", "a1", "r123", "r:0000000000000000"};
    const int64_t key = key_of(1);
    write_change(&(struct change){.slot = 3, .gained = {key}, .gained_count = 1});
    check_ok(merge_all(10, &error), &error);
    for (size_t i = 0; i < sizeof bits / sizeof *bits; i++) {
        check_ok(
            database_run(db, "UPDATE index_posting SET bits = $1", DB_BIND(db_blob(bits[i], strlen(bits[i]))), &error),
            &error);
        struct index *index = index_open(db, 0);
        struct arena *own = begin_arena();
        struct index_view *view = open_view(index, db, own);
        index_get(view, key);
        assert_int_equal(index_view_status(view, &error), STATUS_FAULT);
        end_arena(&own);
        index_close(&index);
    }
    check_ok(database_run(db, "DELETE FROM index_posting", DB_BIND_NONE, &error), &error);
    write_change(&(struct change){.slot = 4, .gained = {key}, .gained_count = 1});
    check_ok(database_run(db, "UPDATE index_log SET changes = $1", DB_BIND(db_blob("b\1\1\1\2\2\2\2", 8)), &error),
             &error);
    assert_int_equal(merge_all(10, &error), STATUS_FAULT);
    struct index *index = index_open(db, 0);
    struct arena *own = begin_arena();
    struct db_handle *handle = NULL;
    struct index_view *view = NULL;
    check_ok(db_read_in(db, own, &handle, &error), &error);
    assert_int_equal(index_view_open(index, handle, own, "need", &view, &error), STATUS_FAULT);
    end_arena(&own);
    index_close(&index);
}

/* Lines of another server's life, restored here, are seen after a merge. */
static void test_restored_lines(void **state)
{
    (void)state;
    struct error error;
    const int64_t key = key_of(1);
    if (database_engine() == DB_SQLITE) return; /* its lines are numbered in the file itself */
    struct index *index = index_open(db, 0);
    write_change(&(struct change){.slot = 3, .gained = {key}, .gained_count = 1});
    write_change(&(struct change){.slot = 3, .lost = {key}, .lost_count = 1});
    write_change(&(struct change){.slot = 4, .gained = {key}, .gained_count = 1});
    check_ok(database_run(db, "UPDATE index_log SET txn = txn + 1000000000", DB_BIND_NONE, &error), &error);
    write_change(&(struct change){.slot = 5, .gained = {key}, .gained_count = 1});
    for (int i = 0; i < 3; i++) {
        check_ok(merge_all(1, &error), &error);
        struct arena *own = begin_arena();
        struct index_view *view = open_view(index, db, own);
        const struct index_set *set = index_get(view, key);
        assert_int_equal(index_count(set), 2);
        assert_true(index_has(set, 4) && index_has(set, 5));
        end_arena(&own);
    }
    index_close(&index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_random_operations, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_algebra, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_writer_sees_its_own, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_old_views, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_columns_and_views, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_threads, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_killed_merges, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_slots_are_distinct, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_bulk_then_change, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_terms, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_damage_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_restored_lines, set_up, tear_down),
    };
    return database_run_group(tests);
}
