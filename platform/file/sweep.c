/* sweep.c: the content of files that nobody sees any more leaves, in short transactions. */
#include "base/arena.h"
#include "platform/db/db.h"
#include "platform/file/file.h"
#include "platform/file/store_private.h"

enum { SWEPT_AT_ONCE = 50 };

struct leaving {
    int64_t id, home, size;
    int64_t moment; /* it leaves only if it was brought before, and is held by nothing */
    int64_t part;   /* the first piece of the next batch */
    int64_t changed;
};

/* Nobody may begin to hold it from here on. Changes nothing when somebody does already. */
static enum status close_file(struct db_handle *handle, void *context, struct error *error)
{
    struct leaving *file = context;
    return db_run(
        handle, "UPDATE record_file SET (stage, created) = ($1, 0) WHERE id = $2 AND holder IS NULL AND created < $3",
        DB_BIND(db_integer(FILE_LEAVING), db_integer(file->id), db_integer(file->moment)), &file->changed, error);
}

static enum status erase_pieces(struct db_handle *handle, void *context, struct error *error)
{
    const struct leaving *file = context;
    return db_run(handle, "DELETE FROM record_chunk WHERE home = $1 AND file = $2 AND part >= $3 AND part < $4",
                  DB_BIND(db_integer(file->home), db_integer(file->id), db_integer(file->part),
                          db_integer(file->part + FILE_BATCH)),
                  NULL, error);
}

/* The room is given back once, by whoever takes the row away. */
static enum status erase_row(struct db_handle *handle, void *context, struct error *error)
{
    struct leaving *file = context;
    const enum status status =
        db_run(handle, "DELETE FROM record_file WHERE id = $1", DB_BIND(db_integer(file->id)), &file->changed, error);
    return status || !file->changed ? status : file_take_room(handle, file->home, -file->size, error);
}

static enum status sweep_one(struct db *db, struct leaving *file, int64_t *removed, struct error *error)
{
    enum status status = db_transaction(db, close_file, file, error);
    if (status || !file->changed) return status;
    for (file->part = 0; !status && file->part * FILE_PIECE < file->size; file->part += FILE_BATCH)
        status = db_transaction(db, erase_pieces, file, error);
    if (!status) status = db_transaction(db, erase_row, file, error);
    if (!status && file->changed && removed) ++*removed;
    return status;
}

static enum status find_leaving(struct db *db, int64_t moment, struct leaving *files, size_t *count,
                                struct error *error)
{
    struct db_handle *handle = NULL;
    enum status status = db_read(db, &handle, error);
    *count = 0;
    if (status) return status;
    struct db_rows *rows = db_query(handle,
                                    "SELECT id, home, size FROM record_file WHERE holder IS NULL AND created < $1 "
                                    "ORDER BY created LIMIT 50",
                                    DB_BIND(db_integer(moment)));
    while (*count < SWEPT_AT_ONCE && db_next(rows))
        files[(*count)++] = (struct leaving){.id = db_get_integer(rows, 0),
                                             .home = db_get_integer(rows, 1),
                                             .size = db_get_integer(rows, 2),
                                             .moment = moment};
    status = db_end(&rows, error);
    db_release(&handle);
    return status;
}

enum status file_sweep(struct db *db, int64_t moment, int64_t *removed, struct error *error)
{
    struct leaving files[SWEPT_AT_ONCE];
    size_t count = 0;
    enum status status = STATUS_OK;
    if (removed) *removed = 0;
    if (moment < 1) moment = 1; /* those that were let go have moment 0 */
    do {
        status = find_leaving(db, moment, files, &count, error);
        for (size_t i = 0; !status && i < count; i++) status = sweep_one(db, &files[i], removed, error);
    } while (!status && count == SWEPT_AT_ONCE);
    return status;
}
