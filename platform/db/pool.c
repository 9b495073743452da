/* pool.c: handles lent and given back. Who asks first is served first. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/arena.h"
#include "base/fatal.h"
#include "platform/db/db_private.h"

static void wait_until(struct timespec *until, int64_t wait_ms)
{
    clock_gettime(CLOCK_MONOTONIC, until);
    until->tv_sec += wait_ms / 1000;
    until->tv_nsec += wait_ms % 1000 * 1000000;
    if (until->tv_nsec >= 1000000000) {
        until->tv_sec++;
        until->tv_nsec -= 1000000000;
    }
}

static void leave_queue(struct db_pool *pool, struct db_waiter *waiter)
{
    struct db_waiter **link = &pool->first;
    while (*link != waiter) link = &(*link)->next;
    *link = waiter->next;
    if (pool->last == &waiter->next) pool->last = link;
}

/* Stands in the queue until a slot is granted; false when that takes too long. The database is locked. */
static bool queue_for_slot(struct db *db, struct db_pool *pool)
{
    struct db_waiter waiter = {.has_slot = false};
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&waiter.granted, &monotonic);
    pthread_condattr_destroy(&monotonic);
    *pool->last = &waiter;
    pool->last = &waiter.next;
    struct timespec until;
    wait_until(&until, db->options.wait_ms);
    int result = 0;
    while (!waiter.has_slot && result != ETIMEDOUT) result = pthread_cond_timedwait(&waiter.granted, &db->lock, &until);
    if (!waiter.has_slot) leave_queue(pool, &waiter);
    pthread_cond_destroy(&waiter.granted);
    return waiter.has_slot;
}

static bool take_slot(struct db *db, struct db_pool *pool)
{
    if (pool->first || pool->free == 0) return queue_for_slot(db, pool);
    pool->free--;
    return true;
}

/* The slot goes to who has waited longest. The database is locked. */
static void return_slot(struct db *db, struct db_pool *pool)
{
    struct db_waiter *waiter = pool->first;
    if (waiter) {
        leave_queue(pool, waiter);
        waiter->has_slot = true;
        pthread_cond_signal(&waiter->granted);
    } else {
        pool->free++;
        pthread_cond_broadcast(&db->returned);
    }
}

static void free_spare(struct db_handle *handle)
{
    free(handle->spare);
    handle->spare = NULL;
}

static void close_handle(struct db_handle *handle)
{
    db_statements_end(handle);
    free_spare(handle);
    handle->db->driver->disconnect(handle->connection);
    free(handle);
}

static enum status open_handle(struct db *db, struct db_pool *pool, struct db_handle **handle, struct error *error)
{
    void *connection = NULL;
    const enum status status = db->driver->connect(db, pool->writes, &connection, error);
    if (status) return status;
    *handle = calloc(1, sizeof **handle);
    if (!*handle) fatal_memory(sizeof **handle);
    (*handle)->db = db;
    (*handle)->pool = pool;
    (*handle)->connection = connection;
    return STATUS_OK;
}

static struct db_handle *take_idle(struct db *db, struct db_pool *pool)
{
    pthread_mutex_lock(&db->lock);
    struct db_handle *handle = pool->idle;
    if (handle) pool->idle = handle->next;
    pthread_mutex_unlock(&db->lock);
    return handle;
}

enum status db_pool_lend(struct db *db, struct db_pool *pool, struct db_handle **handle, struct error *error)
{
    pthread_mutex_lock(&db->lock);
    const bool has_slot = take_slot(db, pool);
    pthread_mutex_unlock(&db->lock);
    if (!has_slot) return error_set(error, STATUS_BUSY, N_("The database is busy. Please try again in a moment."));
    while ((*handle = take_idle(db, pool))) {
        if (db->driver->alive((*handle)->connection)) return STATUS_OK;
        close_handle(*handle);
    }
    const enum status status = open_handle(db, pool, handle, error);
    if (status) {
        pthread_mutex_lock(&db->lock);
        return_slot(db, pool);
        pthread_mutex_unlock(&db->lock);
    }
    return status;
}

enum status db_read(struct db *db, struct db_handle **handle, struct error *error)
{
    return db_pool_lend(db, &db->readers, handle, error);
}

void db_release(struct db_handle **handle)
{
    if (!*handle) return;
    struct db_handle *lent = *handle;
    struct db *db = lent->db;
    struct db_pool *pool = lent->pool;
    *handle = NULL;
    db_snapshot_end(lent);
    const bool usable = !lent->lost && !db->driver->in_transaction(lent->connection);
    if (!usable) close_handle(lent);
    pthread_mutex_lock(&db->lock);
    if (usable) {
        lent->next = pool->idle;
        pool->idle = lent;
    }
    return_slot(db, pool);
    pthread_mutex_unlock(&db->lock);
}

static void release_deferred(void *context)
{
    struct db_handle *handle = context;
    db_release(&handle);
}

enum status db_read_in(struct db *db, struct arena *arena, struct db_handle **handle, struct error *error)
{
    const enum status status = db_read(db, handle, error);
    if (status == STATUS_OK) arena_defer(arena, release_deferred, *handle);
    return status;
}

static void open_pool(struct db_pool *pool, bool writes, size_t slots)
{
    *pool = (struct db_pool){.writes = writes, .slots = slots, .free = slots};
    pool->last = &pool->first;
}

void db_pools_open(struct db *db)
{
    const size_t readers = db->options.readers;
    pthread_mutex_init(&db->lock, NULL);
    pthread_cond_init(&db->returned, NULL);
    open_pool(&db->readers, false, readers);
    open_pool(&db->writers, true, db->driver->writers ? db->driver->writers : readers);
}

static void close_pool(struct db *db, struct db_pool *pool)
{
    pthread_mutex_lock(&db->lock);
    while (pool->free < pool->slots) pthread_cond_wait(&db->returned, &db->lock);
    pthread_mutex_unlock(&db->lock);
    while (pool->idle) {
        struct db_handle *handle = pool->idle;
        pool->idle = handle->next;
        close_handle(handle);
    }
}

/* Readers first: on SQLite the last connection to close folds the WAL into the file. */
void db_pools_close(struct db *db)
{
    close_pool(db, &db->readers);
    close_pool(db, &db->writers);
    pthread_cond_destroy(&db->returned);
    pthread_mutex_destroy(&db->lock);
}
