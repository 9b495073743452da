/* event.c: what was done to accounts, by whom: one line a change. */
#include "base/arena.h"
#include "base/time.h"
#include "platform/account/account_private.h"

enum status account_event_write(struct db_handle *write, const struct account_deed *deed, struct error *error)
{
    return db_run(write,
                  "INSERT INTO account_event (id, moment, account, author, action, organisation, detail) "
                  "VALUES ($1, $2, $3, $4, $5, $6, $7)",
                  DB_BIND(db_integer(db_new_id()), db_integer(time_now()), db_integer(deed->account),
                          db_integer(deed->author), db_text(deed->action), db_integer(deed->organisation),
                          db_text(deed->detail)),
                  NULL, error);
}

#define EVENTS \
    "SELECT e.id, e.moment, e.account, e.author, w.name, b.name, e.action, e.organisation, e.detail " \
    "FROM account_event e LEFT JOIN account w ON w.id = e.account LEFT JOIN account b ON b.id = e.author "

static struct db_rows *query_events(struct db_handle *read, int64_t account, int64_t before, size_t most)
{
    const int64_t beneath = before ? before : INT64_MAX;
    if (account)
        return db_query(read, EVENTS "WHERE e.account = $1 AND e.id < $2 ORDER BY e.id DESC LIMIT $3",
                        DB_BIND(db_integer(account), db_integer(beneath), db_integer((int64_t)most)));
    return db_query(read, EVENTS "WHERE e.id < $1 ORDER BY e.id DESC LIMIT $2",
                    DB_BIND(db_integer(beneath), db_integer((int64_t)most)));
}

enum status account_events(struct db_handle *read, struct arena *arena, int64_t account, int64_t before, size_t most,
                           struct account_event_list *list, struct error *error)
{
    struct account_event *items = ARENA_ARRAY(arena, most + 1, struct account_event);
    *list = (struct account_event_list){items, 0};
    struct db_rows *rows = query_events(read, account, before, most);
    while (list->count < most && db_next(rows))
        items[list->count++] = (struct account_event){
            .id = db_get_integer(rows, 0),
            .moment = db_get_integer(rows, 1),
            .account = db_get_integer(rows, 2),
            .author = db_get_integer(rows, 3),
            .account_name = arena_copy(arena, db_get_text(rows, 4)),
            .author_name = arena_copy(arena, db_get_text(rows, 5)),
            .action = arena_copy(arena, db_get_text(rows, 6)),
            .organisation = db_get_integer(rows, 7),
            .detail = arena_copy(arena, db_get_text(rows, 8)),
        };
    return db_end(&rows, error);
}
