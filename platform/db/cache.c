/* cache.c: the prepared statements of one handle, kept by their text; the one used longest ago makes way. */
#include <stdlib.h>
#include <string.h>

#include "base/fatal.h"
#include "platform/db/db_private.h"

static struct {
    pthread_mutex_t lock;
    void (*function)(const char *sql, void *context);
    void *context;
} observer = {.lock = PTHREAD_MUTEX_INITIALIZER};

void db_observe(void (*function)(const char *sql, void *context), void *context)
{
    pthread_mutex_lock(&observer.lock);
    observer.function = function;
    observer.context = context;
    pthread_mutex_unlock(&observer.lock);
}

static void tell_observer(const char *sql)
{
    pthread_mutex_lock(&observer.lock);
    if (observer.function) observer.function(sql, observer.context);
    pthread_mutex_unlock(&observer.lock);
}

/* As FNV-1a, by words of 64 bits. Texts are the program's own, so nobody can build collisions. */
static uint64_t hash_text(const char *text)
{
    uint64_t hash = 14695981039346656037u, word = 0;
    size_t left = strlen(text);
    for (; left >= sizeof word; left -= sizeof word, text += sizeof word) {
        memcpy(&word, text, sizeof word);
        hash = (hash ^ word) * 1099511628211u;
        hash ^= hash >> 32;
    }
    word = 0;
    memcpy(&word, text, left);
    return (hash ^ word) * 1099511628211u;
}

static struct db_statement **bucket_of(struct db_handle *handle, uint64_t hash)
{
    return &handle->buckets[hash % STATEMENT_BUCKETS];
}

static void unlink_use(struct db_handle *handle, struct db_statement *statement)
{
    *(statement->newer ? &statement->newer->older : &handle->newest) = statement->older;
    *(statement->older ? &statement->older->newer : &handle->oldest) = statement->newer;
}

static void link_newest(struct db_handle *handle, struct db_statement *statement)
{
    statement->newer = NULL;
    statement->older = handle->newest;
    *(handle->newest ? &handle->newest->newer : &handle->oldest) = statement;
    handle->newest = statement;
}

static void drop(struct db_handle *handle, struct db_statement *statement, bool closing)
{
    struct db_statement **link = bucket_of(handle, statement->hash);
    while (*link != statement) link = &(*link)->chain;
    *link = statement->chain;
    unlink_use(handle, statement);
    handle->kept--;
    handle->db->driver->finalize(statement->statement, closing);
    free(statement->sql);
    free(statement);
}

void db_statements_end(struct db_handle *handle)
{
    while (handle->newest) drop(handle, handle->newest, true);
}

static void drop_oldest(struct db_handle *handle)
{
    struct db_statement *oldest = handle->oldest;
    while (oldest && oldest->busy) oldest = oldest->newer;
    if (oldest) drop(handle, oldest, false);
}

static struct db_statement *find_free(struct db_handle *handle, const char *sql, uint64_t hash)
{
    struct db_statement *found = *bucket_of(handle, hash);
    while (found && (found->busy || found->hash != hash || strcmp(found->sql, sql) != 0)) found = found->chain;
    return found;
}

static struct db_statement *keep(struct db_handle *handle, const char *sql, uint64_t hash, void *prepared)
{
    struct db_statement *statement = calloc(1, sizeof *statement);
    if (!statement) fatal_memory(sizeof *statement);
    statement->sql = db_copy(sql);
    statement->hash = hash;
    statement->statement = prepared;
    statement->chain = *bucket_of(handle, hash);
    *bucket_of(handle, hash) = statement;
    link_newest(handle, statement);
    handle->kept++;
    return statement;
}

enum status db_statement_take(struct db_handle *handle, const char *sql, struct db_statement **statement,
                              struct error *error)
{
    const uint64_t hash = hash_text(sql);
    struct db_statement *found = find_free(handle, sql, hash);
    if (found) {
        unlink_use(handle, found);
        link_newest(handle, found);
    } else {
        if (handle->kept >= STATEMENTS_KEPT) drop_oldest(handle);
        void *prepared = NULL;
        const enum status status = handle->db->driver->prepare(handle->connection, sql, &prepared, error);
        if (status) return status;
        tell_observer(sql);
        found = keep(handle, sql, hash, prepared);
    }
    found->busy = true;
    *statement = found;
    return STATUS_OK;
}

void db_statement_done(struct db_handle *handle, struct db_statement *statement)
{
    handle->db->driver->reset(statement->statement);
    statement->busy = false;
}
