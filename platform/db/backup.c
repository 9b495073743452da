/* backup.c: copies of a database that is in use, and files that are made durable under their name. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "platform/db/db_private.h"

enum status db_sync(const char *path, struct error *error)
{
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    const bool synced = file >= 0 && fsync(file) == 0;
    const int fault = errno;
    if (file >= 0) close(file);
    return synced ? STATUS_OK
                  : error_set(error, STATUS_FAULT, N_("{1} could not be written to the disk: {2}."), path,
                              strerror(fault));
}

static enum status sync_folder_of(const char *path, struct error *error)
{
    char *folder = db_copy(path);
    char *slash = strrchr(folder, '/');
    if (slash) slash[slash == folder] = '\0';
    const enum status status = db_sync(slash ? folder : ".", error);
    free(folder);
    return status;
}

enum status db_put_in_place(const char *made, const char *path, bool replace, struct error *error)
{
    enum status status = db_sync(made, error);
    if (status) return status;
    if (renameat2(AT_FDCWD, made, AT_FDCWD, path, replace ? 0 : RENAME_NOREPLACE))
        return error_set(error, STATUS_INPUT, N_("{1} cannot be made: {2}."), path, strerror(errno));
    return sync_folder_of(path, error);
}

enum status db_backup(struct db *db, const char *path, db_backup_progress *progress, void *context, struct error *error)
{
    struct db_handle *handle = NULL;
    if (!db->driver->backup)
        return error_set(error, STATUS_INPUT,
                         N_("PostgreSQL is backed up by its own tools, pg_dump or pgBackRest: see docs/backup.md."));
    enum status status = db_read(db, &handle, error);
    if (status) return status;
    status = db->driver->backup(handle->connection, path, progress, context, error);
    db_release(&handle);
    return status;
}

enum status db_check(struct db *db, bool *whole, struct error *error)
{
    struct db_handle *handle = NULL;
    *whole = true;
    if (db_engine(db) != DB_SQLITE) return STATUS_OK;
    enum status status = db_read(db, &handle, error);
    if (status) return status;
    struct db_rows *rows = db_query(handle, "PRAGMA integrity_check(1)", DB_BIND_NONE);
    if (db_next(rows)) *whole = strcmp(db_get_text(rows, 0), "ok") == 0;
    status = db_end(&rows, error);
    db_release(&handle);
    return status;
}
