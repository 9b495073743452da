/* merger.c: folding the log beside one that writes a great deal. */
#include "base/arena.h"
#include "base/worker.h"
#include "platform/index/index_private.h"

/* Readers keep the log in memory, and folding less at a time would write the blocks more often. */
enum { FULL_MEMBERS = 3000000, MOST_WAITING = 2 * FULL_MEMBERS };

struct index_merger {
    struct db *db;
    struct worker *worker;
    enum status status; /* of the last folding */
    struct error error;
};

struct index_merger *index_merger_new(struct arena *arena, struct db *db)
{
    struct index_merger *merger = ARENA_NEW(arena, struct index_merger);
    *merger = (struct index_merger){.db = db, .worker = worker_new(arena)};
    return merger;
}

static void fold(void *context)
{
    struct index_merger *merger = context;
    merger->status = index_merge_blocks(merger->db, &merger->error);
}

static enum status members_waiting(struct db *db, int64_t *members, struct error *error)
{
    struct db_handle *read = NULL;
    enum status status = db_read(db, &read, error);
    if (status) return status;
    status = db_one_integer(read, "SELECT CAST(COALESCE(SUM(members), 0) AS BIGINT) FROM index_log", DB_BIND_NONE,
                            members, error);
    db_release(&read);
    return status;
}

enum status index_merger_end(struct index_merger *merger, struct error *error)
{
    worker_wait(merger->worker);
    if (merger->status) *error = merger->error;
    return merger->status;
}

enum status index_merger_step(struct index_merger *merger, struct error *error)
{
    int64_t members = 0;
    enum status status = members_waiting(merger->db, &members, error);
    if (status || members < FULL_MEMBERS) return status;
    if (members < MOST_WAITING && worker_is_busy(merger->worker)) return STATUS_OK;
    status = index_merger_end(merger, error);
    if (!status) worker_begin(merger->worker, fold, merger);
    return status;
}
