/* import_file.c: the file of an import, kept in the database, so that a restart and other servers find it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/file/file.h"
#include "platform/record/import_private.h"

enum { FILES_A_TIME = 100 };

/* ---- in ---- */

static enum status hold_file(struct db_handle *write, void *data, struct error *error)
{
    const struct import *import = data;
    const enum status status =
        file_hold(write, import->file, import->account, "record_import", import->id, "file", error);
    return status ? status
                  : db_run(write, "UPDATE record_import SET path = NULL, file = $1 WHERE id = $2",
                           DB_BIND(db_integer(import->file), db_integer(import->id)), NULL, error);
}

enum status import_take_file(struct record_context *context, struct import *import, const struct file_given *given,
                             struct error *error)
{
    const enum status status =
        file_store(context->records->db, context->arena, given, import->home, import->account, 0, &import->file, error);
    return status ? status : db_transaction(context->records->db, hold_file, import, error);
}

/* ---- out ---- */

static void remove_copy(void *path) { unlink(path); }

enum status import_copy_file(struct record_context *context, struct import *import, struct error *error)
{
    struct file_kept *file = NULL;
    const char *folder = getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp";
    char *name = arena_print(context->arena, "%s/maillage-import-XXXXXX", folder);
    if (!import->file || file_load(context->handle, context->arena, import->file, &file, NULL))
        return error_set(error, STATUS_MISSING, N_("This file is no longer kept. Please bring it again."));
    const int descriptor = mkstemp(name);
    if (descriptor < 0) return error_set(error, STATUS_FAULT, N_("The file could not be kept: {1}."), strerror(errno));
    arena_defer(context->arena, remove_copy, name);
    const enum status status = file_copy(context->handle, file, descriptor, error);
    if (close(descriptor) != 0 && !status)
        return error_set(error, STATUS_FAULT, N_("The file could not be kept: {1}."), strerror(errno));
    import->path = name;
    return status;
}

/* ---- away ---- */

struct old_files {
    int64_t imports[FILES_A_TIME], files[FILES_A_TIME];
    size_t count;
};

static enum status find_old(struct db *db, int64_t before, struct old_files *old, struct error *error)
{
    struct db_handle *read = NULL;
    enum status status = db_read(db, &read, error);
    if (status) return status;
    struct db_rows *rows = db_query(
        read, "SELECT id, file FROM record_import WHERE file IS NOT NULL AND created < $1 ORDER BY created LIMIT $2",
        DB_BIND(db_integer(before), db_integer(FILES_A_TIME)));
    for (old->count = 0; old->count < FILES_A_TIME && db_next(rows); old->count++) {
        old->imports[old->count] = db_get_integer(rows, 0);
        old->files[old->count] = db_get_integer(rows, 1);
    }
    status = db_end(&rows, error);
    db_release(&read);
    return status;
}

static enum status let_go(struct db_handle *write, void *data, struct error *error)
{
    const struct old_files *old = data;
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < old->count; i++) {
        status = file_let_go(write, old->files[i], error);
        if (!status)
            status = db_run(write, "UPDATE record_import SET file = NULL WHERE id = $1",
                            DB_BIND(db_integer(old->imports[i])), NULL, error);
    }
    return status;
}

enum status import_sweep(struct db *db, int64_t days, struct error *error)
{
    struct old_files old = {.count = FILES_A_TIME};
    const int64_t before = time_now() - days * (int64_t)MS_PER_DAY;
    enum status status = STATUS_OK;
    while (!status && old.count == FILES_A_TIME) {
        status = find_old(db, before, &old, error);
        if (!status && old.count) status = db_transaction(db, let_go, &old, error);
    }
    return status;
}
