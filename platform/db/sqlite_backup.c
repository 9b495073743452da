/* sqlite_backup.c: a copy of an SQLite file as of one moment, made while others write. */
#include <sqlite3.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "platform/db/db_private.h"

enum { PAGES = 1000 }; /* a stride */

struct backup {
    const char *path;
    sqlite3 *source, *copy;
    db_backup_progress *progress;
    void *context;
};

static enum status fault(const struct backup *backup, int code, struct error *error)
{
    if ((code & 0xff) == SQLITE_FULL)
        return error_set(error, STATUS_FAULT, N_("There is no room for {1}: the disk is full."), backup->path);
    return error_set(error, STATUS_FAULT, N_("The copy {1} could not be written: {2}."), backup->path,
                     sqlite3_errstr(code));
}

/* The file is made here, so that only its owner can read it. It has no journal: until it is whole it is thrown away. */
static enum status open_copy(struct backup *backup, struct error *error)
{
    const int file = open(backup->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0) return error_set(error, STATUS_INPUT, N_("{1} cannot be made: {2}."), backup->path, strerror(errno));
    close(file);
    int code = sqlite3_open_v2(backup->path, &backup->copy,
                               SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_exec(backup->copy, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF", NULL, NULL, NULL);
    return code == SQLITE_OK ? STATUS_OK : fault(backup, code, error);
}

/* The reading that was begun before holds one moment for all strides: writers go on, and nothing begins again. */
static enum status copy_pages(struct backup *backup, struct error *error)
{
    sqlite3_backup *pages = sqlite3_backup_init(backup->copy, "main", backup->source, "main");
    if (!pages) return fault(backup, sqlite3_extended_errcode(backup->copy), error);
    int code = SQLITE_OK;
    while (code == SQLITE_OK) {
        code = sqlite3_backup_step(pages, PAGES);
        const int64_t total = sqlite3_backup_pagecount(pages);
        if (backup->progress) backup->progress(backup->context, total - sqlite3_backup_remaining(pages), total);
    }
    sqlite3_backup_finish(pages);
    return code == SQLITE_DONE ? STATUS_OK : fault(backup, code, error);
}

enum status db_sqlite_backup(void *connection, const char *path, db_backup_progress *progress, void *context,
                             struct error *error)
{
    struct backup backup = {path, connection, NULL, progress, context};
    enum status status = open_copy(&backup, error);
    const bool made = status == STATUS_OK || backup.copy;
    if (!status) {
        const int code = sqlite3_exec(backup.source, "BEGIN; SELECT COUNT(*) FROM sqlite_schema", NULL, NULL, NULL);
        status = code == SQLITE_OK ? copy_pages(&backup, error) : fault(&backup, code, error);
        sqlite3_exec(backup.source, "ROLLBACK", NULL, NULL, NULL);
    }
    if (sqlite3_close(backup.copy) != SQLITE_OK && !status) status = fault(&backup, SQLITE_IOERR, error);
    if (!status) status = db_sync(path, error);
    if (status && made) unlink(path);
    return status;
}
