#include "base/arena.h"

#include <pthread.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fatal.h"

#if defined(__SANITIZE_ADDRESS__)
#define ONE_MALLOC_EACH 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ONE_MALLOC_EACH 1
#endif
#endif
#ifndef ONE_MALLOC_EACH
#define ONE_MALLOC_EACH 0
#endif

enum { FIRST_CHUNK = 8 * 1024, LARGEST_CHUNK = 1024 * 1024, SPARE_MOST = 64 * 1024, USUAL_TEXT = 256 };

struct chunk {
    struct chunk *next;
    size_t size;
    size_t used;
    alignas(max_align_t) unsigned char bytes[];
};

struct deferred {
    struct deferred *next;
    void (*function)(void *);
    void *context;
};

struct arena {
    struct chunk *chunks;
    struct deferred *deferred;
    size_t used;
};

struct arena *arena_new(void)
{
    struct arena *arena = calloc(1, sizeof *arena);
    if (!arena) fatal_memory(sizeof *arena);
    return arena;
}

static void run_deferred(struct arena *arena)
{
    while (arena->deferred) {
        struct deferred *next = arena->deferred;
        arena->deferred = next->next;
        next->function(next->context);
    }
}

static void free_chunks(struct chunk *chunk)
{
    while (chunk) {
        struct chunk *next = chunk->next;
        free(chunk);
        chunk = next;
    }
}

static void make_clean(struct chunk *chunk)
{
    memset(chunk->bytes, 0, chunk->used);
    chunk->used = 0;
}

/* A thread keeps one clean chunk for its next arena: a request's memory is neither asked for nor cleared as a whole again and again. */
static pthread_key_t spare_key;
static pthread_once_t spare_once = PTHREAD_ONCE_INIT;
static void make_key(void)
{
    if (pthread_key_create(&spare_key, free) != 0) fatal_memory(sizeof spare_key);
}

static bool keep_spare(struct chunk *chunk)
{
    if (ONE_MALLOC_EACH || chunk->size > SPARE_MOST) return false;
    pthread_once(&spare_once, make_key);
    if (pthread_getspecific(spare_key)) return false;
    make_clean(chunk);
    chunk->next = NULL;
    return pthread_setspecific(spare_key, chunk) == 0;
}

static struct chunk *take_spare(size_t size)
{
    if (ONE_MALLOC_EACH) return NULL;
    pthread_once(&spare_once, make_key);
    struct chunk *spare = pthread_getspecific(spare_key);
    if (!spare || spare->size < size) return NULL;
    pthread_setspecific(spare_key, NULL);
    return spare;
}

void arena_free(struct arena **arena)
{
    if (!*arena) return;
    run_deferred(*arena);
    struct chunk *newest = (*arena)->chunks;
    if (newest) {
        free_chunks(newest->next);
        if (!keep_spare(newest)) free(newest);
    }
    free(*arena);
    *arena = NULL;
}

/* The newest chunk is the largest: it is kept, so that a loop over batches settles on one chunk. */
void arena_reset(struct arena *arena)
{
    run_deferred(arena);
    arena->used = 0;
    if (!arena->chunks) return;
    free_chunks(arena->chunks->next);
    arena->chunks->next = NULL;
    if (ONE_MALLOC_EACH) {
        free_chunks(arena->chunks);
        arena->chunks = NULL;
        return;
    }
    make_clean(arena->chunks);
}

static struct chunk *add_chunk(struct arena *arena, size_t size)
{
    struct chunk *chunk = arena->chunks ? NULL : take_spare(size);
    if (!chunk) {
        chunk = calloc(1, sizeof *chunk + size);
        if (!chunk) fatal_memory(size);
        chunk->size = size;
    }
    chunk->next = arena->chunks;
    arena->chunks = chunk;
    return chunk;
}

static size_t chunk_size(const struct arena *arena, size_t wanted)
{
    if (ONE_MALLOC_EACH) return wanted;
    size_t size = arena->chunks ? arena->chunks->size * 2 : FIRST_CHUNK;
    if (size > LARGEST_CHUNK) size = LARGEST_CHUNK;
    return size < wanted ? wanted : size;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    const size_t unit = alignof(max_align_t);
    if (size > SIZE_MAX / 2) fatal_memory(size);
    const size_t wanted = ONE_MALLOC_EACH ? size : (size + unit - 1) / unit * unit;
    struct chunk *chunk = arena->chunks;
    if (!chunk || chunk->size - chunk->used < wanted) chunk = add_chunk(arena, chunk_size(arena, wanted));
    void *memory = chunk->bytes + chunk->used;
    chunk->used += wanted;
    arena->used += wanted;
    if (ONE_MALLOC_EACH) chunk->used = chunk->size;
    return memory;
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size) fatal_memory(SIZE_MAX);
    return arena_alloc(arena, count * size);
}

char *arena_copy_bytes(struct arena *arena, const char *bytes, size_t length)
{
    char *copy = arena_alloc(arena, length + 1);
    if (length) memcpy(copy, bytes, length);
    return copy;
}

char *arena_copy(struct arena *arena, const char *text)
{
    return text ? arena_copy_bytes(arena, text, strlen(text)) : NULL;
}

char *arena_vprint(struct arena *arena, const char *format, va_list arguments)
{
    char first[USUAL_TEXT]; /* most texts fit, and are formatted once */
    va_list again;
    va_copy(again, arguments);
    const int length = vsnprintf(first, sizeof first, format, arguments);
    if (length < 0) fatal("a text could not be formatted: %s", format);
    char *text = arena_alloc(arena, (size_t)length + 1);
    if ((size_t)length < sizeof first)
        memcpy(text, first, (size_t)length);
    else
        vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}

char *arena_print(struct arena *arena, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = arena_vprint(arena, format, arguments);
    va_end(arguments);
    return text;
}

void arena_defer(struct arena *arena, void (*function)(void *), void *context)
{
    struct deferred *entry = ARENA_NEW(arena, struct deferred);
    entry->function = function;
    entry->context = context;
    entry->next = arena->deferred;
    arena->deferred = entry;
}

size_t arena_used(const struct arena *arena) { return arena->used; }
