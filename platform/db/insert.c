/* insert.c: many rows in few statements: each spares the way to the server, or the start of a virtual machine. */
#include "base/arena.h"
#include "base/buffer.h"
#include "base/fatal.h"
#include "platform/db/db.h"

enum { ROWS_TOGETHER = 16, SQL_LIMIT = 256 * 1024 };

/* "... ($1, $2), ($3, $4) ..." */
static const char *insert_text(struct arena *arena, const char *into, const char *tail, size_t columns, size_t rows)
{
    struct buffer *sql = buffer_new(arena, SQL_LIMIT);
    buffer_print(sql, "INSERT INTO %s VALUES ", into);
    for (size_t i = 0; i < rows * columns; i++)
        buffer_print(sql, "%s$%zu%s", i % columns ? "" : i ? ", (" : "(", i + 1, (i + 1) % columns ? ", " : ")");
    buffer_print(sql, " %s", tail);
    ENSURE(!buffer_overflowed(sql));
    return buffer_data(sql);
}

enum status db_insert(struct db_handle *handle, const char *into, const char *tail, const struct db_value *values,
                      size_t columns, size_t rows, struct error *error)
{
    struct arena *arena = arena_new();
    const char *several = rows >= ROWS_TOGETHER ? insert_text(arena, into, tail, columns, ROWS_TOGETHER) : NULL;
    const char *one = rows % ROWS_TOGETHER ? insert_text(arena, into, tail, columns, 1) : NULL;
    enum status status = STATUS_OK;
    size_t at = 0;
    for (; !status && at + ROWS_TOGETHER <= rows; at += ROWS_TOGETHER)
        status = db_run(handle, several, values + at * columns, ROWS_TOGETHER * columns, NULL, error);
    for (; !status && at < rows; at++) status = db_run(handle, one, values + at * columns, columns, NULL, error);
    arena_free(&arena);
    return status;
}
