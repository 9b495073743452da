/* The log of the embedded engine: written in large pieces, copied into the file beside those who write, begun again when it is long. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/time.h"

#include "tests/db/database.h"

enum { PIECE = 1 << 20, WRITES = 450, MOST_LOG = 400 << 20 };

struct place {
    char folder[64], path[80], log[96];
    struct db *db, *other; /* two openings, as of two processes */
    struct error error;
};

static int set_up(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    strcpy(place->folder, "/tmp/maillage-log-XXXXXX");
    if (!place || !mkdtemp(place->folder)) return 1;
    snprintf(place->path, sizeof place->path, "%s/log.db", place->folder);
    snprintf(place->log, sizeof place->log, "%s-wal", place->path);
    const struct db_options options = {.create = true};
    check_ok(db_open(place->path, &options, &place->db, &place->error), &place->error);
    check_ok(db_open(place->path, &options, &place->other, &place->error), &place->error);
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    char command[128];
    db_close(&place->db);
    db_close(&place->other);
    snprintf(command, sizeof command, "rm -r %s", place->folder);
    const int code = system(command);
    free(place);
    return code;
}

static off_t size_of(const char *path)
{
    struct stat found;
    return stat(path, &found) ? 0 : found.st_size;
}

static int64_t ask(struct place *place, struct db *db, const char *sql)
{
    struct db_handle *handle = NULL;
    int64_t value = -1;
    check_ok(db_read(db, &handle, &place->error), &place->error);
    check_ok(db_one_integer(handle, sql, DB_BIND_NONE, &value, &place->error), &place->error);
    db_release(&handle);
    return value;
}

static enum status make_table(struct db_handle *handle, void *context, struct error *error)
{
    (void)context;
    const enum status status =
        db_run(handle, "CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER, b BLOB)", DB_BIND_NONE, NULL, error);
    return status ? status : db_run(handle, "INSERT INTO t (id, n, b) VALUES (1, 0, NULL)", DB_BIND_NONE, NULL, error);
}

struct piece {
    int64_t id, n;
    const char *bytes;
};

static enum status write_piece(struct db_handle *handle, void *context, struct error *error)
{
    const struct piece *piece = context;
    return db_run(
        handle,
        "INSERT INTO t (id, n, b) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET n = excluded.n, b = excluded.b",
        DB_BIND(db_integer(piece->id), db_integer(piece->n), db_blob(piece->bytes, PIECE)), NULL, error);
}

/* Each commit is seen at once by who reads the log through a file of its own. */
static void test_others_see_each_commit(void **state)
{
    struct place *place = *state;
    char *bytes = calloc(1, PIECE);
    check_ok(db_transaction(place->db, make_table, NULL, &place->error), &place->error);
    for (int64_t n = 1; n <= 40; n++) {
        struct piece piece = {1, n, bytes};
        check_ok(db_transaction(n % 2 ? place->db : place->other, write_piece, &piece, &place->error), &place->error);
        assert_int_equal(ask(place, n % 2 ? place->other : place->db, "SELECT n FROM t WHERE id = 1"), n);
    }
    free(bytes);
}

/* More than the writer keeps in memory: pages go to the log before the commit, and are read again from it. */
static enum status write_a_lot(struct db_handle *handle, void *context, struct error *error)
{
    int64_t sum = 0;
    enum status status = STATUS_OK;
    for (int64_t n = 1; !status && n <= 100; n++) {
        struct piece piece = {n, n, context};
        status = write_piece(handle, &piece, error);
    }
    if (!status) status = db_one_integer(handle, "SELECT SUM(n * LENGTH(b)) FROM t", DB_BIND_NONE, &sum, error);
    assert_int_equal(sum, 5050LL * PIECE);
    return status;
}

static void test_a_large_transaction_reads_its_own(void **state)
{
    struct place *place = *state;
    char *bytes = calloc(1, PIECE);
    check_ok(db_transaction(place->db, make_table, NULL, &place->error), &place->error);
    check_ok(db_transaction(place->db, write_a_lot, bytes, &place->error), &place->error);
    assert_int_equal(ask(place, place->other, "SELECT SUM(n * LENGTH(b)) FROM t"), 5050LL * PIECE);
    free(bytes);
}

/* One who writes without a pause, while another reads and writes now and then: the log begins again and again. */
static void test_the_log_stays_short(void **state)
{
    struct place *place = *state;
    char *bytes = calloc(1, PIECE);
    off_t longest = 0;
    check_ok(db_transaction(place->db, make_table, NULL, &place->error), &place->error);
    for (int64_t n = 1; n <= WRITES; n++) {
        struct piece piece = {1 + n % 4, n, bytes};
        check_ok(db_transaction(n % 50 ? place->db : place->other, write_piece, &piece, &place->error), &place->error);
        if (n % 10 == 0) assert_int_equal(ask(place, place->other, "SELECT MAX(n) FROM t"), n);
        if (size_of(place->log) > longest) longest = size_of(place->log);
    }
    assert_true(longest > 0 && longest < MOST_LOG);
    check_ok(db_checkpoint(place->db, &place->error), &place->error);
    assert_int_equal(size_of(place->log), 0);
    assert_int_equal(ask(place, place->other, "SELECT SUM(n) FROM t"), 4LL * WRITES - 6);
    free(bytes);
}

static void *checkpoint_beside(void *context)
{
    struct place *place = context;
    struct error error;
    return (void *)(intptr_t)db_checkpoint(place->db, &error);
}

/* Who reads one moment and then writes, as a page that notes what it showed, is in the way of the checkpoint, and not stopped by it. */
static void test_a_reader_writes_while_the_log_is_emptied(void **state)
{
    struct place *place = *state;
    struct db_handle *handle = NULL;
    struct arena *arena = arena_new();
    char *bytes = calloc(1, PIECE);
    struct piece piece = {1, 7, bytes};
    void *done = NULL;
    int64_t seen = 0;
    pthread_t thread;
    check_ok(db_transaction(place->db, make_table, NULL, &place->error), &place->error);
    check_ok(db_read(place->db, &handle, &place->error), &place->error);
    check_ok(db_snapshot(handle, arena, &place->error), &place->error);
    check_ok(db_one_integer(handle, "SELECT n FROM t", DB_BIND_NONE, &seen, &place->error), &place->error);
    check_ok(db_transaction(place->other, write_piece, &piece, &place->error), &place->error);
    assert_int_equal(pthread_create(&thread, NULL, checkpoint_beside, place), 0);
    nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
    const int64_t start = time_ticks();
    check_ok(db_transaction(place->db, write_piece, &piece, &place->error), &place->error);
    assert_true(time_ticks() - start < 2000);
    db_release(&handle);
    arena_free(&arena);
    pthread_join(thread, &done);
    assert_int_equal((intptr_t)done, STATUS_OK);
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_others_see_each_commit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_large_transaction_reads_its_own, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_the_log_stays_short, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_reader_writes_while_the_log_is_emptied, set_up, tear_down),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
