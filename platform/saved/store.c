/* store.c: the searches that people keep. */
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/db/db.h"
#include "platform/saved/saved.h"
#include "platform/text/text.h"

struct keeping {
    int64_t account;
    const struct saved_search *search;
};

static enum status rename_it(struct db_handle *write, const struct keeping *keeping, int64_t *changed,
                             struct error *error)
{
    const struct saved_search *search = keeping->search;
    return db_run(write, "UPDATE saved_search SET name = $1 WHERE account = $2 AND kind = $3 AND query = $4",
                  DB_BIND(db_text(search->name), db_integer(keeping->account), db_text(search->kind->name),
                          db_text(search->query)),
                  changed, error);
}

static enum status check_number(struct db_handle *write, int64_t account, struct error *error)
{
    int64_t count = 0;
    const enum status status = db_one_integer(write, "SELECT COUNT(*) FROM saved_search WHERE account = $1",
                                              DB_BIND(db_integer(account)), &count, error);
    if (status || count < SAVED_MOST) return status;
    return error_set(error, STATUS_LIMIT, N_("You keep 50 searches already: take one away first."));
}

static enum status keep_in(struct db_handle *write, void *data, struct error *error)
{
    const struct keeping *keeping = data;
    const struct saved_search *search = keeping->search;
    int64_t renamed = 0;
    enum status status = rename_it(write, keeping, &renamed, error);
    if (status || renamed) return status;
    status = check_number(write, keeping->account, error);
    if (status) return status;
    const int64_t now = time_now();
    return db_run(write,
                  "INSERT INTO saved_search (id, account, kind, query, name, created, seen) "
                  "VALUES ($1, $2, $3, $4, $5, $6, $7)",
                  DB_BIND(db_integer(db_new_id()), db_integer(keeping->account), db_text(search->kind->name),
                          db_text(search->query), db_text(search->name), db_integer(now), db_integer(now)),
                  NULL, error);
}

enum status saved_keep(struct db *db, int64_t account, const struct saved_search *search, struct error *error)
{
    struct keeping keeping = {account, search};
    if (!search->name || !*search->name)
        return error_field(error, STATUS_INPUT, "name", N_("Give this search a name."));
    if (strlen(search->query) > SAVED_QUERY_MOST || text_length(search->name) > SAVED_NAME_MOST)
        return error_field(error, STATUS_LIMIT, "name", N_("The text is too long: {1} characters at most."), "100");
    return db_transaction(db, keep_in, &keeping, error);
}

enum status saved_list(struct db_handle *read, struct arena *arena, int64_t account, struct saved_search **searches,
                       size_t *count, struct error *error)
{
    struct db_rows *rows =
        db_query(read, "SELECT id, kind, query, name, created, seen FROM saved_search WHERE account = $1 ORDER BY id",
                 DB_BIND(db_integer(account)));
    *searches = ARENA_ARRAY(arena, SAVED_MOST, struct saved_search);
    *count = 0;
    while (db_next(rows) && *count < SAVED_MOST) {
        const struct saved_search search = {.id = db_get_integer(rows, 0),
                                            .kind = kind_find(db_get_text(rows, 1)),
                                            .query = arena_copy(arena, db_get_text(rows, 2)),
                                            .name = arena_copy(arena, db_get_text(rows, 3)),
                                            .created = db_get_integer(rows, 4),
                                            .seen = db_get_integer(rows, 5)};
        if (search.kind) (*searches)[(*count)++] = search;
    }
    return db_end(&rows, error);
}

struct one_search {
    const char *sql;
    int64_t account, id, moment;
};

static enum status change_in(struct db_handle *write, void *data, struct error *error)
{
    const struct one_search *one = data;
    int64_t changed = 0;
    const enum status status =
        db_run(write, one->sql, DB_BIND(db_integer(one->moment), db_integer(one->account), db_integer(one->id)),
               &changed, error);
    if (status || changed) return status;
    return error_set(error, STATUS_MISSING, N_("This page does not exist, or you may not see it."));
}

enum status saved_see(struct db *db, int64_t account, int64_t id, int64_t moment, struct error *error)
{
    struct one_search one = {"UPDATE saved_search SET seen = $1 WHERE account = $2 AND id = $3", account, id, moment};
    return db_transaction(db, change_in, &one, error);
}

enum status saved_end(struct db *db, int64_t account, int64_t id, struct error *error)
{
    struct one_search one = {"DELETE FROM saved_search WHERE created <= $1 AND account = $2 AND id = $3", account, id,
                             INT64_MAX};
    return db_transaction(db, change_in, &one, error);
}

enum status saved_forget(struct db_handle *write, int64_t account, struct error *error)
{
    return db_run(write, "DELETE FROM saved_search WHERE account = $1", DB_BIND(db_integer(account)), NULL, error);
}
