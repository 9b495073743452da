/* sqlite_log.c: SQLite writes each page of its log (WAL) by two calls, its header and its content. This layer under it gathers what follows
 * on and writes 64 KB at once. What was gathered reaches the file before anybody may count on it: before the log is synced (each commit is, with
 * synchronous = FULL), read here, measured, cut or closed, and before the index that tells other processes of a commit is published. */
#include <sqlite3.h>

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/fatal.h"
#include "platform/db/sqlite_private.h"

enum { GATHERED_MOST = 65536 };

/* A file of this layer; the file of the system's own layer follows it in memory. */
struct log_file {
    sqlite3_file base;
    struct log_file *log; /* of a database's file: its log, while that is open */
    struct log_file *of;  /* of a log: the database's file */
    sqlite3_int64 start;  /* where in the file the gathered bytes belong */
    int gathered;
    char *buffer; /* of a log; NULL before its first write */
};

static sqlite3_vfs *below;

static sqlite3_file *real(sqlite3_file *file) { return (sqlite3_file *)((struct log_file *)file + 1); }

static int write_gathered(struct log_file *log)
{
    if (!log || !log->gathered) return SQLITE_OK;
    const int length = log->gathered;
    log->gathered = 0;
    sqlite3_file *file = real(&log->base);
    return file->pMethods->xWrite(file, log->buffer, length, log->start);
}

static int write_log(sqlite3_file *file, const void *bytes, int length, sqlite3_int64 offset)
{
    struct log_file *log = (struct log_file *)file;
    const bool follows = log->gathered && offset == log->start + log->gathered;
    if (!follows || log->gathered + length > GATHERED_MOST) {
        const int code = write_gathered(log);
        if (code != SQLITE_OK) return code;
    }
    if (length > GATHERED_MOST) return real(file)->pMethods->xWrite(real(file), bytes, length, offset);
    if (!log->buffer) log->buffer = malloc(GATHERED_MOST);
    if (!log->buffer) return SQLITE_IOERR_NOMEM;
    if (!log->gathered) log->start = offset;
    memcpy(log->buffer + log->gathered, bytes, (size_t)length);
    log->gathered += length;
    return SQLITE_OK;
}

static int write_other(sqlite3_file *file, const void *bytes, int length, sqlite3_int64 offset)
{
    return real(file)->pMethods->xWrite(real(file), bytes, length, offset);
}

static int read_file(sqlite3_file *file, void *bytes, int length, sqlite3_int64 offset)
{
    const int code = write_gathered((struct log_file *)file);
    return code != SQLITE_OK ? code : real(file)->pMethods->xRead(real(file), bytes, length, offset);
}

static int truncate_file(sqlite3_file *file, sqlite3_int64 size)
{
    const int code = write_gathered((struct log_file *)file);
    return code != SQLITE_OK ? code : real(file)->pMethods->xTruncate(real(file), size);
}

static int sync_file(sqlite3_file *file, int flags)
{
    const int code = write_gathered((struct log_file *)file);
    return code != SQLITE_OK ? code : real(file)->pMethods->xSync(real(file), flags);
}

static int measure_file(sqlite3_file *file, sqlite3_int64 *size)
{
    const int code = write_gathered((struct log_file *)file);
    return code != SQLITE_OK ? code : real(file)->pMethods->xFileSize(real(file), size);
}

static int close_file(sqlite3_file *file)
{
    struct log_file *log = (struct log_file *)file;
    const int written = write_gathered(log);
    if (log->of) log->of->log = NULL;
    free(log->buffer);
    const int code = real(file)->pMethods->xClose(real(file));
    return written != SQLITE_OK ? written : code;
}

static int lock_file(sqlite3_file *file, int level) { return real(file)->pMethods->xLock(real(file), level); }
static int unlock_file(sqlite3_file *file, int level) { return real(file)->pMethods->xUnlock(real(file), level); }
static int check_lock(sqlite3_file *file, int *held)
{
    return real(file)->pMethods->xCheckReservedLock(real(file), held);
}
static int control_file(sqlite3_file *file, int operation, void *argument)
{
    return real(file)->pMethods->xFileControl(real(file), operation, argument);
}
static int sector_size(sqlite3_file *file) { return real(file)->pMethods->xSectorSize(real(file)); }
static int characteristics(sqlite3_file *file) { return real(file)->pMethods->xDeviceCharacteristics(real(file)); }
static int map_shared(sqlite3_file *file, int region, int size, int extend, void volatile **memory)
{
    return real(file)->pMethods->xShmMap(real(file), region, size, extend, memory);
}
static int lock_shared(sqlite3_file *file, int offset, int count, int flags)
{
    return real(file)->pMethods->xShmLock(real(file), offset, count, flags);
}
static int unmap_shared(sqlite3_file *file, int remove) { return real(file)->pMethods->xShmUnmap(real(file), remove); }
static int fetch_mapped(sqlite3_file *file, sqlite3_int64 offset, int length, void **memory)
{
    return real(file)->pMethods->xFetch(real(file), offset, length, memory);
}
static int unfetch_mapped(sqlite3_file *file, sqlite3_int64 offset, void *memory)
{
    return real(file)->pMethods->xUnfetch(real(file), offset, memory);
}

/* SQLite passes here before it publishes a commit: of a log that is not synced at each, nothing is left behind either. */
static void pass_barrier(sqlite3_file *file)
{
    struct log_file *log = ((struct log_file *)file)->log;
    if (write_gathered(log) != SQLITE_OK) fatal("The log of the database could not be written.");
    real(file)->pMethods->xShmBarrier(real(file));
}

#define METHODS(write) \
    { \
        3, close_file, read_file, write, truncate_file, sync_file, measure_file, lock_file, unlock_file, check_lock, \
            control_file, sector_size, characteristics, map_shared, lock_shared, pass_barrier, unmap_shared, \
            fetch_mapped, unfetch_mapped \
    }
static const sqlite3_io_methods log_methods = METHODS(write_log), other_methods = METHODS(write_other);

static int open_below(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *given)
{
    (void)vfs;
    struct log_file *opened = (struct log_file *)file;
    memset(opened, 0, sizeof *opened);
    const int code = below->xOpen(below, name, real(file), flags, given);
    if (code != SQLITE_OK) return code; /* without methods SQLite does not close it */
    const bool log = flags & SQLITE_OPEN_WAL;
    file->pMethods = log ? &log_methods : &other_methods;
    if (log) {
        opened->of = (struct log_file *)sqlite3_database_file_object(name);
        opened->of->log = opened;
    }
    return SQLITE_OK;
}

/* All but the opening of files is the system's own. */
static sqlite3_vfs layer;
static pthread_once_t layer_once = PTHREAD_ONCE_INIT;

static void add_layer(void)
{
    below = sqlite3_vfs_find(NULL);
    layer = *below;
    layer.zName = "maillage-log";
    layer.szOsFile = (int)sizeof(struct log_file) + below->szOsFile;
    layer.xOpen = open_below;
    layer.pNext = NULL;
    if (sqlite3_vfs_register(&layer, 0) != SQLITE_OK) fatal_memory(sizeof layer);
}

const char *db_sqlite_layer(void)
{
    pthread_once(&layer_once, add_layer);
    return layer.zName;
}
