/* read.c: the content of a file, a piece at a time. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"
#include "platform/db/db.h"
#include "platform/file/file.h"

struct file_reader {
    struct db_handle *handle;
    const struct file_kept *file;
    int64_t at; /* bytes given so far */
};

struct file_reader *file_reader_new(struct arena *arena, struct db_handle *handle, const struct file_kept *file)
{
    struct file_reader *reader = ARENA_NEW(arena, struct file_reader);
    *reader = (struct file_reader){handle, file, 0};
    return reader;
}

/* Copies what is left of the piece in which reading stands, as far as there is room; 0 when the piece is not there. */
static enum status read_piece(const struct file_reader *reader, char *bytes, size_t room, size_t *taken,
                              struct error *error)
{
    const size_t skip = (size_t)(reader->at % FILE_PIECE);
    size_t length = 0;
    struct db_rows *rows = db_query(
        reader->handle, "SELECT bytes FROM record_chunk WHERE home = $1 AND file = $2 AND part = $3",
        DB_BIND(db_integer(reader->file->home), db_integer(reader->file->id), db_integer(reader->at / FILE_PIECE)));
    *taken = 0;
    if (db_next(rows)) {
        const char *piece = db_get_blob(rows, 0, &length);
        if (length > skip) *taken = length - skip < room ? length - skip : room;
        if (*taken) memcpy(bytes, piece + skip, *taken);
    }
    return db_end(&rows, error);
}

static enum status read_next(struct file_reader *reader, char *bytes, size_t room, size_t *taken, struct error *error)
{
    *taken = 0;
    if (reader->at >= reader->file->size || !room) return STATUS_OK;
    const enum status status = read_piece(reader, bytes, room, taken, error);
    reader->at += (int64_t)*taken;
    return status || *taken ? status : error_set(error, STATUS_MISSING, N_("This file is no longer there."));
}

int64_t file_read(void *context, char *bytes, size_t room)
{
    struct file_reader *reader = context;
    struct error error;
    size_t taken = 0;
    if (read_next(reader, bytes, room, &taken, &error) == STATUS_OK) return (int64_t)taken;
    char text[512];
    error_describe(&error, text, sizeof text);
    log_line(LOG_WARNING, "file", "id=%lld at=%lld error=%s", (long long)reader->file->id, (long long)reader->at, text);
    return -1;
}

static enum status write_all(int descriptor, const char *bytes, size_t length, struct error *error)
{
    while (length) {
        const ssize_t written = write(descriptor, bytes, length);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return error_set(error, STATUS_FAULT, "A file could not be written: {1}.", strerror(errno));
        bytes += written;
        length -= (size_t)written;
    }
    return STATUS_OK;
}

enum status file_copy(struct db_handle *handle, const struct file_kept *file, int descriptor, struct error *error)
{
    struct arena *arena = arena_new();
    struct file_reader *reader = file_reader_new(arena, handle, file);
    char *piece = arena_alloc(arena, FILE_PIECE);
    size_t taken = 0;
    enum status status = STATUS_OK;
    do {
        status = read_next(reader, piece, FILE_PIECE, &taken, error);
        if (!status) status = write_all(descriptor, piece, taken, error);
    } while (!status && taken);
    arena_free(&arena);
    return status;
}
