#include "platform/account/request.h"

#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/db/db.h"
#include "platform/text/text.h"

struct request_work {
    int64_t account, id;
    const char *wish, *words;
    bool done;
};

static enum status check_words(const char *words, const char *field, struct error *error)
{
    if (text_length(words) <= ACCOUNT_REQUEST_MOST) return STATUS_OK;
    return error_field(error, STATUS_LIMIT, field, N_("The text is too long: {1} characters at most."), "2000");
}

static enum status file_in(struct db_handle *write, void *data, struct error *error)
{
    const struct request_work *work = data;
    const int64_t now = time_now();
    int64_t waiting = 0;
    const enum status status =
        db_one_integer(write, "SELECT COUNT(*) FROM account_request WHERE account = $1 AND settled IS NULL",
                       DB_BIND(db_integer(work->account)), &waiting, error);
    if (status) return status;
    if (waiting >= ACCOUNT_REQUESTS_WAITING)
        return error_set(error, STATUS_LIMIT, N_("Several of your requests wait already: wait for their answers."));
    return db_run(
        write, "INSERT INTO account_request (id, account, wish, words, created, due) VALUES ($1, $2, $3, $4, $5, $6)",
        DB_BIND(db_integer(db_new_id()), db_integer(work->account), db_text(work->wish), db_text(work->words),
                db_integer(now), db_integer(time_day(now) + ACCOUNT_REQUEST_DAYS)),
        NULL, error);
}

enum status account_request_file(struct db *db, int64_t account, const char *wish, const char *words,
                                 struct error *error)
{
    struct request_work work = {.account = account, .wish = wish, .words = words};
    if (strcmp(wish, "see") != 0 && strcmp(wish, "correct") != 0 && strcmp(wish, "erase") != 0)
        return error_field(error, STATUS_INPUT, "wish", N_("Say what you ask for."));
    if (!*words) return error_field(error, STATUS_INPUT, "words", N_("Say in a few words which data it is about."));
    const enum status status = check_words(words, "words", error);
    return status ? status : db_transaction(db, file_in, &work, error);
}

#define REQUESTS \
    "SELECT q.id, q.account, a.name, a.email, q.wish, q.words, q.created, q.due, q.settled, q.outcome, q.answer, " \
    "b.name " \
    "FROM account_request q LEFT JOIN account a ON a.id = q.account LEFT JOIN account b ON b.id = q.author "

enum status account_requests(struct db_handle *read, struct arena *arena, int64_t account, size_t most,
                             struct account_request *requests, size_t *count, struct error *error)
{
    struct db_rows *rows = account ? db_query(read, REQUESTS "WHERE q.account = $1 ORDER BY q.created DESC LIMIT $2",
                                              DB_BIND(db_integer(account), db_integer((int64_t)most)))
                                   : db_query(read, REQUESTS "WHERE q.settled IS NULL ORDER BY q.due, q.id LIMIT $1",
                                              DB_BIND(db_integer((int64_t)most)));
    for (*count = 0; *count < most && db_next(rows); ++*count)
        requests[*count] = (struct account_request){
            .id = db_get_integer(rows, 0),
            .account = db_get_integer(rows, 1),
            .name = arena_copy(arena, db_get_text(rows, 2)),
            .email = arena_copy(arena, db_get_text(rows, 3)),
            .wish = arena_copy(arena, db_get_text(rows, 4)),
            .words = arena_copy(arena, db_get_text(rows, 5)),
            .created = db_get_integer(rows, 6),
            .due = db_get_integer(rows, 7),
            .settled = db_is_null(rows, 8) ? 0 : db_get_integer(rows, 8),
            .outcome = arena_copy(arena, db_get_text(rows, 9)),
            .answer = arena_copy(arena, db_get_text(rows, 10)),
            .settled_by = arena_copy(arena, db_get_text(rows, 11)),
        };
    return db_end(&rows, error);
}

enum status account_requests_waiting(struct db_handle *read, int64_t *count, struct error *error)
{
    return db_one_integer(read, "SELECT COUNT(*) FROM account_request WHERE settled IS NULL", DB_BIND_NONE, count,
                          error);
}

static enum status settle_in(struct db_handle *write, void *data, struct error *error)
{
    const struct request_work *work = data;
    int64_t changed = 0;
    const enum status status = db_run(
        write,
        "UPDATE account_request SET settled = $1, author = $2, outcome = $3, answer = $4 WHERE id = $5 AND settled "
        "IS NULL",
        DB_BIND(db_integer(time_now()), db_integer(work->account), db_text(work->done ? "done" : "refused"),
                db_text(*work->words ? work->words : NULL), db_integer(work->id)),
        &changed, error);
    if (status || changed) return status;
    return error_set(error, STATUS_MISSING, N_("This request does not wait any more."));
}

enum status account_request_settle(struct db *db, int64_t author, int64_t id, bool done, const char *answer,
                                   struct error *error)
{
    struct request_work work = {.account = author, .id = id, .words = answer, .done = done};
    if (!done && !*answer) return error_field(error, STATUS_INPUT, "answer", N_("Say why, in a few words."));
    const enum status status = check_words(answer, "answer", error);
    return status ? status : db_transaction(db, settle_in, &work, error);
}

static enum status sweep_in(struct db_handle *write, void *data, struct error *error)
{
    const int64_t *before = data;
    return db_run(write, "DELETE FROM account_request WHERE settled < $1", DB_BIND(db_integer(*before)), NULL, error);
}

enum status account_requests_sweep(struct db *db, int64_t before, struct error *error)
{
    return db_transaction(db, sweep_in, &before, error);
}
