/* store.c: bringing a file, and what holds it. */
#include <string.h>

#include <sodium.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/db/db.h"
#include "platform/file/file.h"
#include "platform/file/store_private.h"

struct storing {
    const struct file_given *given;
    struct file_kept file;
    unsigned char digest[FILE_DIGEST];
    int64_t room;
    size_t part; /* the first of the next batch */
};

enum status file_take_room(struct db_handle *handle, int64_t home, int64_t bytes, struct error *error)
{
    return db_run(handle,
                  "INSERT INTO record_file_total (home, bytes) VALUES ($1, $2) "
                  "ON CONFLICT (home) DO UPDATE SET bytes = record_file_total.bytes + excluded.bytes",
                  DB_BIND(db_integer(home), db_integer(bytes)), NULL, error);
}

static enum status check_room(struct db_handle *handle, const struct storing *storing, struct error *error)
{
    int64_t total = 0;
    const enum status status = db_one_integer(handle, "SELECT bytes FROM record_file_total WHERE home = $1",
                                              DB_BIND(db_integer(storing->file.home)), &total, error);
    if (status || !storing->room || total <= storing->room) return status;
    return error_set(error, STATUS_LIMIT,
                     N_("The files of your organisation take up all the room that they have: take some away first, or "
                        "ask an administrator for more."));
}

/* The row first: the room is taken before the bytes come, and what is left by a crash is found by it. */
static enum status announce(struct db_handle *handle, void *context, struct error *error)
{
    const struct storing *storing = context;
    const struct file_kept *file = &storing->file;
    enum status status = file_take_room(handle, file->home, file->size, error);
    if (!status) status = check_room(handle, storing, error);
    if (status) return status;
    return db_run(handle,
                  "INSERT INTO record_file (id, home, account, name, media_type, size, digest, created, stage) VALUES "
                  "($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                  DB_BIND(db_integer(file->id), db_integer(file->home), db_integer(file->account), db_text(file->name),
                          db_text(file->media_type), db_integer(file->size), db_blob(storing->digest, FILE_DIGEST),
                          db_integer(file->created), db_integer(FILE_COMING)),
                  NULL, error);
}

/* One batch of pieces, and after the last one the word that the file is whole. */
static enum status write_pieces(struct db_handle *handle, void *context, struct error *error)
{
    const struct storing *storing = context;
    enum status status = STATUS_OK;
    size_t part = storing->part, at = part * FILE_PIECE;
    for (; !status && part < storing->part + FILE_BATCH && at < storing->given->length; part++, at += FILE_PIECE) {
        const size_t left = storing->given->length - at;
        status = db_run(handle, "INSERT INTO record_chunk (home, file, part, bytes) VALUES ($1, $2, $3, $4)",
                        DB_BIND(db_integer(storing->file.home), db_integer(storing->file.id), db_integer((int64_t)part),
                                db_blob(storing->given->bytes + at, left < FILE_PIECE ? left : FILE_PIECE)),
                        NULL, error);
    }
    if (status || at < storing->given->length) return status;
    return db_run(handle, "UPDATE record_file SET stage = $1 WHERE id = $2",
                  DB_BIND(db_integer(FILE_WHOLE), db_integer(storing->file.id)), NULL, error);
}

enum status file_store(struct db *db, struct arena *arena, const struct file_given *given, int64_t home,
                       int64_t account, int64_t room, int64_t *id, struct error *error)
{
    const char *media_type = file_media_type(given);
    struct storing storing = {.given = given,
                              .room = room,
                              .file = {.id = db_new_id(),
                                       .home = home,
                                       .account = account,
                                       .size = (int64_t)given->length,
                                       .created = time_now(),
                                       .name = file_clean_name(arena, given->name, media_type),
                                       .media_type = media_type}};
    crypto_generichash(storing.digest, FILE_DIGEST, (const unsigned char *)given->bytes, given->length, NULL, 0);
    *id = 0;
    enum status status = db_transaction(db, announce, &storing, error);
    do {
        if (!status) status = db_transaction(db, write_pieces, &storing, error);
        storing.part += FILE_BATCH;
    } while (!status && storing.part * FILE_PIECE < given->length);
    if (!status) *id = storing.file.id;
    return status;
}

enum status file_load(struct db_handle *handle, struct arena *arena, int64_t id, struct file_kept **result,
                      struct error *error)
{
    struct file_kept *file = NULL;
    size_t length = 0;
    struct db_rows *rows = db_query(handle,
                                    "SELECT home, account, size, created, name, media_type, digest, holder, field, "
                                    "record FROM record_file WHERE id = $1 AND stage = $2",
                                    DB_BIND(db_integer(id), db_integer(FILE_WHOLE)));
    if (db_next(rows)) {
        char hex[FILE_DIGEST * 2 + 1] = "";
        const unsigned char *digest = db_get_blob(rows, 6, &length);
        if (length == FILE_DIGEST) sodium_bin2hex(hex, sizeof hex, digest, length);
        file = ARENA_NEW(arena, struct file_kept);
        *file = (struct file_kept){.id = id,
                                   .home = db_get_integer(rows, 0),
                                   .account = db_get_integer(rows, 1),
                                   .size = db_get_integer(rows, 2),
                                   .created = db_get_integer(rows, 3),
                                   .name = arena_copy(arena, db_get_text(rows, 4)),
                                   .media_type = arena_copy(arena, db_get_text(rows, 5)),
                                   .digest = arena_copy(arena, hex),
                                   .holder = arena_copy(arena, db_get_text(rows, 7)),
                                   .field = arena_copy(arena, db_get_text(rows, 8)),
                                   .record = db_get_integer(rows, 9)};
    }
    const enum status status = db_end(&rows, error);
    *result = file;
    return status || file ? status : error_set(error, STATUS_MISSING, N_("This file is no longer there."));
}

enum status file_hold(struct db_handle *write, int64_t id, int64_t account, const char *holder, int64_t record,
                      const char *field, struct error *error)
{
    int64_t changed = 0;
    const enum status status = db_run(write,
                                      "UPDATE record_file SET (holder, record, field) = ($1, $2, $3) "
                                      "WHERE id = $4 AND account = $5 AND stage = $6 AND holder IS NULL",
                                      DB_BIND(db_text(holder), db_integer(record), db_text(field), db_integer(id),
                                              db_integer(account), db_integer(FILE_WHOLE)),
                                      &changed, error);
    return status || changed
               ? status
               : error_field(error, STATUS_CONFLICT, field, N_("This file is no longer there: choose it once more."));
}

enum status file_let_go(struct db_handle *write, int64_t id, struct error *error)
{
    return db_run(write,
                  "UPDATE record_file SET (stage, holder, record, field, name, media_type, digest, created) = "
                  "($1, NULL, NULL, NULL, '', '', $2, 0) WHERE id = $3",
                  DB_BIND(db_integer(FILE_LEAVING), db_blob("", 0), db_integer(id)), NULL, error);
}
