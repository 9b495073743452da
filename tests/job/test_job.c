/* test_job.c: the queue: each job is run once, by whom its lease says, in the name of who asked, and goes on where it was. */
#include "tests/db/database.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/log.h"
#include "base/time.h"
#include "platform/account/account.h"
#include "platform/file/file.h"
#include "platform/job/job.h"
#include "tests/db/explain.h"

enum { CLERK = RIGHT_ROLE, MANY = 120, STEPS = 50 };

static const struct right_name names[] = {
    {CLERK, "clerk", "Clerk"}, {ADMINISTRATOR, "administrator", "Administrator"}, {NOBODY, NULL, NULL}};
static const struct rights_model model = {
    .names = names,
    .relations = "SELECT organisation, CASE role WHEN 'administrator' THEN 8 ELSE 260 END AS bits FROM account_role "
                 "WHERE account = $1 AND valid_from <= $2",
    .circles = "SELECT organisation FROM account_role WHERE account = $1 AND valid_from <= $2",
};
static const struct account_policy quick = {.model = &model, .hash_operations = 1, .hash_memory = 8192};

static struct error error;
static struct db *db;
static struct arena *arena;

/* What the functions below did. */
static struct {
    atomic_int runs, gate, steps;
    _Atomic int64_t last_done;
    rights held;
    int64_t account, organisation;
    char said[64];
} seen;

static enum status note(struct db_handle *write, void *context, struct error *failure)
{
    struct job *job = context;
    const enum status status = db_run(write, "INSERT INTO noted (job, line) VALUES ($1, $2)",
                                      DB_BIND(db_integer(job->id), db_integer(job->done)), NULL, failure);
    return status ? status : job_step(job, write, job->done + 1, STEPS, failure);
}

static enum status run_once(struct job *job, struct error *failure)
{
    seen.runs++;
    return db_transaction(job->db, note, job, failure);
}

/* Notes one line after the other, and goes on where it was. */
static enum status run_lines(struct job *job, struct error *failure)
{
    seen.runs++;
    seen.last_done = job->done;
    while (job->done < STEPS) {
        const enum status status = db_transaction(job->db, note, job, failure);
        if (status) return status;
        seen.steps++;
        if (job_should_stop(job)) return job_halt(job);
        if (seen.gate) usleep(2000);
    }
    return STATUS_OK;
}

/* Waits for its end to be asked, asking itself now and then. */
static enum status run_until_told(struct job *job, struct error *failure)
{
    (void)failure;
    seen.runs++;
    for (int64_t i = 0; job_progress(job, i, 0); i++) usleep(2000);
    return job_halt(job);
}

/* As a step that takes long: it says nothing while it works. */
static enum status run_in_silence(struct job *job, struct error *failure)
{
    (void)job, (void)failure;
    seen.runs++;
    while (seen.gate) usleep(2000);
    return STATUS_OK;
}

static enum status run_badly(struct job *job, struct error *failure)
{
    (void)job;
    seen.runs++;
    return error_set(failure, STATUS_BUSY, N_("The database is busy. Please try again in a moment."));
}

static enum status run_wrongly(struct job *job, struct error *failure)
{
    (void)job;
    seen.runs++;
    return error_set(failure, STATUS_INPUT, "Line {1} is wrong.", "12");
}

static enum status run_with_rights(struct job *job, struct error *failure)
{
    (void)failure;
    seen.runs++;
    seen.account = job->viewer->account;
    seen.organisation = job->viewer->organisation;
    seen.held = viewer_rights(job->viewer, 5000001);
    snprintf(seen.said, sizeof seen.said, "%s %s", job->argument, language_code(job->language));
    job_say(job, "{1} of {2}", "3", "4");
    job_set_result(job, "/there/1");
    return STATUS_OK;
}

static enum status run_file(struct job *job, struct error *failure)
{
    FILE *made = tmpfile();
    assert_non_null(made);
    fputs("it was made", made);
    fflush(made);
    const enum status status = job_store_file(job, fileno(made), "made.txt", failure);
    fclose(made);
    return status;
}

static const struct job_type types[] = {
    {.name = "file", .title = "File", .run = run_file},
    {.name = "once", .title = "Once", .run = run_once},
    {.name = "lines", .title = "Lines", .run = run_lines, .resumable = true, .retries = 1},
    {.name = "until_told", .title = "Until told", .run = run_until_told},
    {.name = "silence", .title = "Silence", .run = run_in_silence},
    {.name = "badly", .title = "Badly", .run = run_badly, .retries = 2},
    {.name = "wrongly", .title = "Wrongly", .run = run_wrongly, .retries = 5},
    {.name = "rights", .title = "Rights", .run = run_with_rights},
    {.name = NULL},
};
static const struct job_type regular[] = {
    {.name = "nightly", .title = "Nightly", .run = run_once, .daily = true, .minute = 120},
    {.name = NULL},
};
static const struct job_type *const tables[] = {types, NULL}, *const scheduled[] = {types, regular, NULL};

static const struct migration more[] = {
    {9999, "9999-test.sql",
     "CREATE TABLE noted (job {integer} NOT NULL, line {integer} NOT NULL, PRIMARY KEY (job, line)) {strict};\n"}};

static void begin(void)
{
    size_t count = 0;
    const struct migration *own = schema_migrations(&count);
    memset(&seen, 0, sizeof seen);
    account_configure(&quick);
    job_declare(tables);
    log_set_level(LOG_FAULT);
    arena = arena_new();
    db = database_begin(&(struct db_options){.readers = 12});
    check_ok(db_migrate(db, own, count, NULL, &error), &error);
    check_ok(db_migrate(db, more, 1, NULL, &error), &error);
}

static void end(void)
{
    arena_free(&arena);
    database_end(&db);
}

static int64_t put(const char *type, const struct job_request *given)
{
    struct job_request request = given ? *given : (struct job_request){0};
    int64_t id = 0;
    request.type = type;
    if (!request.viewer) request.viewer = viewer_program();
    check_ok(job_start(db, &request, &id, &error), &error);
    return id;
}

static struct job_state look(int64_t id)
{
    struct job_state state;
    struct db_handle *read = NULL;
    check_ok(db_read(db, &read, &error), &error);
    check_ok(job_load(read, arena, viewer_program(), id, &state, &error), &error);
    db_release(&read);
    return state;
}

static void wait_for(int64_t id, const char *wanted)
{
    const int64_t until = time_ticks() + 20000;
    while (strcmp(look(id).state, wanted) != 0) {
        if (time_ticks() > until) fail_msg("the job is %s, not %s", look(id).state, wanted);
        usleep(3000);
    }
}

static void wait_for_runs(int runs)
{
    const int64_t until = time_ticks() + 20000;
    while (seen.runs < runs && time_ticks() < until) usleep(1000);
    assert_true(seen.runs >= runs);
}

static struct job_workers *start_workers(size_t count, int64_t lease_ms)
{
    struct job_workers *workers = NULL;
    const struct job_options options = {
        .db = db, .workers = count, .lease_ms = lease_ms, .poll_ms = 20, .backoff_ms = 10};
    check_ok(job_workers_start(&options, &workers, &error), &error);
    return workers;
}

static bool run_next(int64_t lease_ms)
{
    bool ran = false;
    const struct job_options options = {.db = db, .lease_ms = lease_ms, .backoff_ms = 10};
    check_ok(job_run_next(&options, &ran, &error), &error);
    return ran;
}

/* ---- taking ---- */

static void test_each_job_is_run_once_by_many_workers(void **state)
{
    (void)state;
    begin();
    for (int i = 0; i < MANY; i++) put("once", NULL);
    struct job_workers *first = start_workers(3, 0), *second = start_workers(3, 0);
    const int64_t until = time_ticks() + 30000;
    while (database_integer(db, "SELECT COUNT(*) FROM job WHERE state = 'done'") < MANY && time_ticks() < until)
        usleep(5000);
    job_workers_stop(&first);
    job_workers_stop(&second);
    assert_int_equal(database_integer(db, "SELECT COUNT(*) FROM job WHERE state = 'done'"), MANY);
    assert_int_equal(seen.runs, MANY);
    assert_int_equal(database_integer(db, "SELECT COUNT(*) FROM noted"), MANY);
    assert_int_equal(database_integer(db, "SELECT COUNT(*) FROM job WHERE attempts <> 1 OR due IS NOT NULL"), 0);
    end();
}

static void test_priority_then_order_then_delay(void **state)
{
    (void)state;
    begin();
    const int64_t last = put("once", &(struct job_request){.priority = JOB_LAST});
    const int64_t usual = put("once", &(struct job_request){.priority = JOB_USUAL});
    const int64_t first = put("once", &(struct job_request){.priority = JOB_FIRST});
    const int64_t late = put("once", &(struct job_request){.priority = JOB_FIRST, .delay_ms = 3600000});
    const int64_t expected[] = {first, usual, last};
    for (size_t i = 0; i < 3; i++) {
        assert_true(run_next(0));
        assert_string_equal(look(expected[i]).state, "done");
        if (i < 2) assert_string_equal(look(expected[i + 1]).state, "waiting");
    }
    assert_false(run_next(0));
    assert_string_equal(look(late).state, "waiting");
    end();
}

static void test_one_of_a_key_at_a_time(void **state)
{
    (void)state;
    begin();
    const struct job_request request = {.unique = "import 12"};
    const int64_t first = put("once", &request), again = put("once", &request);
    assert_int_equal(first, again);
    assert_true(run_next(0));
    const int64_t next = put("wrongly", &request);
    assert_int_not_equal(first, next);
    assert_true(run_next(0));
    const int64_t other = put("once", &request);
    assert_int_not_equal(other, next);
    assert_int_equal(job_retry(db, viewer_program(), next, &error), STATUS_CONFLICT);
    check_ok(job_cancel(db, viewer_program(), other, &error), &error);
    check_ok(job_retry(db, viewer_program(), next, &error), &error);
    assert_int_equal(put("once", &request), next);
    end();
}

static void test_short_work_does_not_wait_behind_long_work(void **state)
{
    (void)state;
    begin();
    seen.gate = 1;
    const int64_t longest = put("silence", &(struct job_request){.priority = JOB_USUAL});
    struct job_workers *workers = start_workers(1, 0);
    wait_for(longest, "running");
    const int64_t usual = put("once", &(struct job_request){.priority = JOB_USUAL});
    wait_for(put("once", &(struct job_request){.priority = JOB_FIRST}), "done");
    assert_string_equal(look(usual).state, "waiting");
    seen.gate = 0;
    wait_for(usual, "done");
    job_workers_stop(&workers);
    end();
}

/* ---- leases ---- */

static void test_a_lease_that_ended_is_taken_and_its_loser_writes_no_more(void **state)
{
    (void)state;
    begin();
    seen.gate = 1;
    const int64_t id = put("lines", NULL);
    struct job_workers *workers = start_workers(1, 600000);
    while (seen.steps < 5) usleep(1000);
    /* As if the first server had been frozen for longer than its lease: another takes the job and ends it. */
    do check_ok(database_run(db, "UPDATE job SET due = 0 WHERE id = $1", DB_BIND(db_integer(id)), &error), &error);
    while (!run_next(600000));
    assert_true(seen.runs >= 2); /* on a busy machine it may change hands once more */
    assert_string_equal(look(id).state, "done");
    job_workers_stop(&workers);
    assert_string_equal(look(id).state, "done");
    assert_int_equal(database_integer(db, "SELECT COUNT(*) FROM noted"), STEPS);
    end();
}

static void test_a_long_step_keeps_its_lease(void **state)
{
    (void)state;
    begin();
    seen.gate = 1;
    const int64_t id = put("silence", NULL);
    struct job_workers *first = start_workers(1, 300), *second = start_workers(1, 300);
    wait_for_runs(1);
    usleep(1200000);
    assert_int_equal(seen.runs, 1);
    assert_string_equal(look(id).state, "running");
    seen.gate = 0;
    wait_for(id, "done");
    job_workers_stop(&first);
    job_workers_stop(&second);
    assert_int_equal(seen.runs, 1);
    end();
}

/* The row as a server leaves it that was killed after 20 lines. */
static int64_t leave_running(void)
{
    const int64_t id = put("lines", &(struct job_request){.delay_ms = 3600000});
    check_ok(database_run(db,
                          "UPDATE job SET state = 'running', holder = 1, attempts = 1, done = 20, total = 50, due = $1 "
                          "WHERE id = $2",
                          DB_BIND(db_integer(time_now() + 3600000), db_integer(id)), &error),
             &error);
    for (int64_t line = 0; line < 20; line++)
        check_ok(database_run(db, "INSERT INTO noted (job, line) VALUES ($1, $2)",
                              DB_BIND(db_integer(id), db_integer(line)), &error),
                 &error);
    return id;
}

static void test_after_a_crash_it_goes_on_where_it_was(void **state)
{
    (void)state;
    begin();
    const int64_t id = leave_running();
    if (database_engine() == DB_POSTGRESQL) /* there only the lease tells that a server is gone */
        check_ok(database_run(db, "UPDATE job SET due = 0 WHERE id = $1", DB_BIND(db_integer(id)), &error), &error);
    struct job_workers *workers = start_workers(1, 0);
    wait_for(id, "done");
    job_workers_stop(&workers);
    assert_int_equal(seen.last_done, 20);
    assert_int_equal(database_integer(db, "SELECT COUNT(*) FROM noted"), STEPS);
    assert_int_equal(look(id).done, STEPS);
    end();
}

static void test_what_another_process_runs_is_left_alone(void **state)
{
    (void)state;
    begin();
    struct db *other = NULL;
    struct job_workers *theirs = start_workers(1, 0), *ours = NULL;
    const int64_t id = leave_running();
    check_ok(db_open(database_address(), NULL, &other, &error), &error);
    const struct job_options options = {.db = other, .poll_ms = 20};
    check_ok(job_workers_start(&options, &ours, &error), &error);
    usleep(300000);
    assert_int_equal(seen.runs, 0);
    assert_string_equal(look(id).state, "running");
    job_workers_stop(&ours);
    job_workers_stop(&theirs);
    db_close(&other);
    end();
}

static void test_work_that_kills_the_program_is_given_up(void **state)
{
    (void)state;
    begin();
    const int64_t id = put("once", NULL);
    check_ok(database_run(db, "UPDATE job SET state = 'running', holder = 1, attempts = 3, due = 0 WHERE id = $1",
                          DB_BIND(db_integer(id)), &error),
             &error);
    assert_true(run_next(0));
    const struct job_state job = look(id);
    assert_string_equal(job.state, "failed");
    assert_int_equal(seen.runs, 0);
    assert_non_null(strstr(job.error.message, "stopped several times"));
    end();
}

/* ---- ends ---- */

static void test_a_job_that_waits_or_runs_is_cancelled(void **state)
{
    (void)state;
    begin();
    const int64_t waits = put("once", NULL);
    check_ok(job_cancel(db, viewer_program(), waits, &error), &error);
    assert_string_equal(look(waits).state, "cancelled");
    assert_false(run_next(0));
    const int64_t id = put("until_told", NULL);
    struct job_workers *workers = start_workers(1, 0);
    wait_for(id, "running");
    wait_for_runs(1);
    const int64_t start = time_ticks();
    check_ok(job_cancel(db, viewer_program(), id, &error), &error);
    wait_for(id, "cancelled");
    assert_true(time_ticks() - start < 5000);
    job_workers_stop(&workers);
    check_ok(job_retry(db, viewer_program(), id, &error), &error);
    assert_string_equal(look(id).state, "waiting");
    end();
}

static void test_what_may_pass_is_tried_again_later(void **state)
{
    (void)state;
    begin();
    const int64_t id = put("badly", NULL);
    assert_true(run_next(0));
    assert_string_equal(look(id).state, "waiting");
    assert_int_equal(look(id).attempts, 1);
    assert_true(look(id).due > time_now() - 1000);
    int64_t waited[2];
    for (int i = 0; i < 2; i++) {
        const int64_t start = time_ticks();
        while (!run_next(0)) usleep(500);
        waited[i] = time_ticks() - start;
    }
    assert_true(waited[0] >= 5 && waited[1] >= 15); /* 10, then 20 ms */
    const struct job_state job = look(id);
    assert_string_equal(job.state, "failed");
    assert_int_equal(seen.runs, 3);
    assert_string_equal(job.error.message, "The database is busy. Please try again in a moment.");
    end();
}

static void test_what_will_not_pass_fails_at_once_and_says_why(void **state)
{
    (void)state;
    begin();
    const int64_t id = put("wrongly", NULL);
    assert_true(run_next(0));
    assert_false(run_next(0));
    const struct job_state job = look(id);
    assert_string_equal(job.state, "failed");
    assert_string_equal(language_error(arena, LANGUAGE_ENGLISH, &job.error), "Line 12 is wrong.");
    end();
}

static void test_a_server_that_stops_gives_the_job_back(void **state)
{
    (void)state;
    begin();
    seen.gate = 1;
    const int64_t id = put("lines", NULL);
    struct job_workers *workers = start_workers(1, 0);
    while (seen.steps < 5) usleep(1000);
    const int64_t start = time_ticks();
    job_workers_stop(&workers);
    assert_true(time_ticks() - start < 3000);
    const struct job_state job = look(id);
    assert_string_equal(job.state, "waiting");
    assert_true(job.done >= 5 && job.done < STEPS);
    assert_true(job.due <= time_now() + 1000);
    workers = start_workers(1, 0);
    wait_for(id, "done");
    job_workers_stop(&workers);
    assert_int_equal(seen.last_done, job.done);
    assert_int_equal(database_integer(db, "SELECT COUNT(*) FROM noted"), STEPS);
    end();
}

static void test_progress_only_grows(void **state)
{
    (void)state;
    begin();
    seen.gate = 1;
    const int64_t id = put("lines", NULL);
    struct job_workers *workers = start_workers(1, 0);
    int64_t last = 0, different = 0;
    for (struct job_state job = look(id); !job_is_over(&job); job = look(id)) {
        assert_true(job.done >= last);
        different += job.done > last;
        last = job.done;
    }
    job_workers_stop(&workers);
    assert_true(different > 3);
    assert_int_equal(look(id).done, STEPS);
    end();
}

/* ---- whose ---- */

static int64_t make_account(const char *email, const char *role, int64_t organisation)
{
    int64_t account = 0;
    check_ok(account_create(db, &(struct account_new){.email = email, .name = email}, &account, &error), &error);
    const struct account_role given = {
        .account = account, .organisation = organisation, .role = role, .from = time_today() - 1};
    if (role) check_ok(account_role_give(db, &given, NULL, &error), &error);
    return account;
}

static const struct viewer *viewer_of(int64_t account)
{
    const struct viewer *viewer = NULL;
    struct db_handle *read = NULL;
    check_ok(db_read(db, &read, &error), &error);
    check_ok(account_viewer(read, arena, account, 0, ~(rights)0, true, &viewer, &error), &error);
    db_release(&read);
    return viewer;
}

static void test_it_has_the_rights_of_who_asked_as_they_are_now(void **state)
{
    (void)state;
    begin();
    const int64_t account = make_account("a@exemple.fr", "clerk", 5000001);
    const struct viewer *viewer = viewer_of(account);
    const struct job_request request = {.viewer = viewer, .argument = "x", .language = LANGUAGE_ENGLISH};
    const int64_t id = put("rights", &request);
    assert_true(run_next(0));
    assert_int_equal(seen.account, account);
    assert_int_equal(seen.organisation, 5000001);
    assert_true(seen.held & CLERK);
    assert_string_equal(seen.said, "x en");
    const struct job_state job = look(id);
    assert_string_equal(language_error(arena, LANGUAGE_ENGLISH, &job.message), "3 of 4");
    assert_string_equal(job.result, "/there/1");
    /* A token that may do less: its job may do less. */
    struct viewer token = *viewer;
    token.scopes = SIGNED_IN;
    put("rights", &(struct job_request){.viewer = &token, .argument = "x"});
    assert_true(run_next(0));
    assert_false(seen.held & CLERK);
    /* The role ends, the account is disabled, before it is run. */
    put("rights", &request);
    check_ok(database_run(db, "DELETE FROM account_relation WHERE account = $1", DB_BIND(db_integer(account)), &error),
             &error);
    check_ok(database_run(db, "UPDATE account_token_version SET version = version + 1 WHERE account = $1",
                          DB_BIND(db_integer(account)), &error),
             &error);
    assert_true(run_next(0));
    assert_false(seen.held & CLERK);
    const int runs = seen.runs;
    const int64_t late = put("rights", &request);
    check_ok(account_disable(db, 0, account, true, &error), &error);
    assert_true(run_next(0));
    assert_int_equal(seen.runs, runs);
    assert_string_equal(look(late).state, "failed");
    end();
}

static void test_others_neither_see_nor_steer_it(void **state)
{
    (void)state;
    begin();
    const struct viewer *mine = viewer_of(make_account("a@exemple.fr", "clerk", 5000001)),
                        *other = viewer_of(make_account("b@exemple.fr", "clerk", 5000001)),
                        *chief = viewer_of(make_account("c@exemple.fr", "administrator", 0));
    struct job_state job;
    struct job_list list;
    struct db_handle *read = NULL;
    const int64_t id = put("once", &(struct job_request){.viewer = mine});
    check_ok(db_read(db, &read, &error), &error);
    check_ok(job_load(read, arena, mine, id, &job, &error), &error);
    check_ok(job_load(read, arena, chief, id, &job, &error), &error);
    assert_int_equal(job_load(read, arena, other, id, &job, &error), STATUS_MISSING);
    assert_int_equal(job_load(read, arena, viewer_public(), id, &job, &error), STATUS_MISSING);
    check_ok(job_list_account(read, arena, mine->account, 0, 10, &list, &error), &error);
    assert_int_equal(list.count, 1);
    check_ok(job_list_account(read, arena, other->account, 0, 10, &list, &error), &error);
    assert_int_equal(list.count, 0);
    check_ok(job_list_state(read, arena, "waiting", 0, 10, &list, &error), &error);
    assert_int_equal(list.count, 1);
    db_release(&read);
    assert_int_equal(job_cancel(db, other, id, &error), STATUS_MISSING);
    int64_t refused = 0;
    assert_int_equal(job_start(db, &(struct job_request){.type = "once", .viewer = viewer_public()}, &refused, &error),
                     STATUS_DENIED);
    check_ok(job_cancel(db, chief, id, &error), &error);
    end();
}

/* ---- schedules, files ---- */

static void test_of_two_servers_one_does_what_is_due(void **state)
{
    (void)state;
    begin();
    job_declare(scheduled);
    struct job_workers *first = start_workers(1, 120), *second = start_workers(1, 120);
    wait_for_runs(1);
    usleep(300000);
    assert_int_equal(database_integer(db, "SELECT COUNT(*) FROM job WHERE type = 'nightly'"), 1);
    /* The moment has passed again. */
    check_ok(database_run(db, "UPDATE job_schedule SET due = 5", DB_BIND_NONE, &error), &error);
    wait_for_runs(2);
    usleep(300000);
    job_workers_stop(&first);
    job_workers_stop(&second);
    assert_int_equal(seen.runs, 2);
    assert_int_equal(database_integer(db, "SELECT COUNT(*) FROM job WHERE type = 'nightly'"), 2);
    const int64_t due = database_integer(db, "SELECT due FROM job_schedule");
    assert_int_equal(due % MS_PER_DAY, 120 * 60000);
    assert_true(due > time_now() - 60000 && due <= time_now() + MS_PER_DAY);
    end();
}

static void test_the_old_goes_and_its_file_with_it(void **state)
{
    (void)state;
    begin();
    const int64_t done = put("file", NULL), waiting = put("until_told", NULL);
    struct file_kept *file = NULL;
    struct db_handle *read = NULL;
    assert_true(run_next(0));
    const struct job_state job = look(done);
    assert_string_equal(job.state, "done");
    check_ok(db_read(db, &read, &error), &error);
    check_ok(file_load(read, arena, job.file, &file, &error), &error);
    assert_string_equal(file->name, "made.txt");
    assert_int_equal(file->size, 11);
    assert_int_equal(file->record, done);
    check_ok(job_sweep(db, 1, &error), &error);
    assert_string_equal(look(done).state, "done");
    check_ok(job_sweep(db, -1, &error), &error);
    assert_string_equal(look(waiting).state, "waiting");
    assert_int_equal(database_integer(db, "SELECT COUNT(*) FROM job"), 1);
    db_release(&read);
    check_ok(db_read(db, &read, &error), &error);
    assert_int_equal(file_load(read, arena, job.file, &file, &error), STATUS_MISSING);
    db_release(&read);
    end();
}

static void test_no_statement_reads_a_table_whole(void **state)
{
    (void)state;
    static const char *const large[] = {"job", "account", NULL};
    const struct explain_rules rules = {large, NULL};
    struct job_list list;
    struct db_handle *read = NULL;
    begin();
    explain_begin();
    const int64_t id = put("wrongly", &(struct job_request){.unique = "k"});
    put("once", &(struct job_request){.unique = "k"});
    run_next(0);
    check_ok(job_retry(db, viewer_program(), id, &error), &error);
    check_ok(job_cancel(db, viewer_program(), id, &error), &error);
    put("lines", NULL);
    struct job_workers *workers = start_workers(1, 0);
    wait_for_runs(2);
    job_workers_stop(&workers);
    check_ok(db_read(db, &read, &error), &error);
    check_ok(job_list_account(read, arena, 5, 0, 10, &list, &error), &error);
    check_ok(job_list_state(read, arena, "done", 0, 10, &list, &error), &error);
    db_release(&read);
    check_ok(job_sweep(db, 1, &error), &error);
    assert_true(explain_count() > 12);
    assert_int_equal(explain_check(db, &rules), 0);
    explain_end();
    end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_job_is_run_once_by_many_workers),
        cmocka_unit_test(test_priority_then_order_then_delay),
        cmocka_unit_test(test_one_of_a_key_at_a_time),
        cmocka_unit_test(test_short_work_does_not_wait_behind_long_work),
        cmocka_unit_test(test_a_lease_that_ended_is_taken_and_its_loser_writes_no_more),
        cmocka_unit_test(test_a_long_step_keeps_its_lease),
        cmocka_unit_test(test_after_a_crash_it_goes_on_where_it_was),
        cmocka_unit_test(test_what_another_process_runs_is_left_alone),
        cmocka_unit_test(test_work_that_kills_the_program_is_given_up),
        cmocka_unit_test(test_a_job_that_waits_or_runs_is_cancelled),
        cmocka_unit_test(test_what_may_pass_is_tried_again_later),
        cmocka_unit_test(test_what_will_not_pass_fails_at_once_and_says_why),
        cmocka_unit_test(test_a_server_that_stops_gives_the_job_back),
        cmocka_unit_test(test_progress_only_grows),
        cmocka_unit_test(test_it_has_the_rights_of_who_asked_as_they_are_now),
        cmocka_unit_test(test_others_neither_see_nor_steer_it),
        cmocka_unit_test(test_of_two_servers_one_does_what_is_due),
        cmocka_unit_test(test_the_old_goes_and_its_file_with_it),
        cmocka_unit_test(test_no_statement_reads_a_table_whole),
    };
    return database_run_group(tests);
}
