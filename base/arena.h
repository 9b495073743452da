/* arena.h: memory that lives as long as one request, one job or one batch of rows.
 *
 * An arena hands out memory that is freed all at once. It never returns NULL: when the system has no
 * memory left, the process ends with a message (see fatal.h), so callers have no such branch. Under
 * AddressSanitizer each allocation is a malloc of its own, so that overruns are seen. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena;

/* A new, empty arena. The caller ends it with arena_free. */
struct arena *arena_new(void);

/* Runs the deferred functions, last first, frees all memory and sets *arena to NULL. */
void arena_free(struct arena **arena);

/* As arena_free, but the arena stays usable. For loops over many rows. */
void arena_reset(struct arena *arena);

/* size bytes, zeroed, aligned for any type. O(1) amortised. */
void *arena_alloc(struct arena *arena, size_t size);

/* count items of the given size, zeroed. Ends the process when the product overflows. */
void *arena_array(struct arena *arena, size_t count, size_t size);

/* Copies of text; a NULL text gives NULL. */
char *arena_copy(struct arena *arena, const char *text);
char *arena_copy_bytes(struct arena *arena, const char *bytes, size_t length);

/* As printf, into memory of the arena. */
char *arena_print(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprint(struct arena *arena, const char *format, va_list arguments) __attribute__((format(printf, 2, 0)));

/* Calls function(context) when the arena ends: closes files, statements and locks with it. */
void arena_defer(struct arena *arena, void (*function)(void *), void *context);

/* Bytes handed out since the arena began or was reset. */
size_t arena_used(const struct arena *arena);

#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, count, type) ((type *)arena_array((arena), (count), sizeof(type)))

#endif
