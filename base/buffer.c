#include "base/buffer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/fatal.h"
#include "base/number.h"

enum { FIRST_CAPACITY = 256 };

struct buffer {
    char *bytes;
    size_t length;
    size_t capacity; /* one more byte is always allocated, for the NUL */
    size_t limit;
    bool overflowed;
};

static void buffer_release(void *context)
{
    struct buffer *buffer = context;
    free(buffer->bytes);
}

struct buffer *buffer_new(struct arena *arena, size_t limit)
{
    struct buffer *buffer = ARENA_NEW(arena, struct buffer);
    buffer->limit = limit;
    arena_defer(arena, buffer_release, buffer);
    return buffer;
}

static void grow(struct buffer *buffer, size_t needed)
{
    size_t capacity = buffer->capacity ? buffer->capacity : FIRST_CAPACITY;
    while (capacity < needed) capacity *= 2;
    if (capacity > buffer->limit) capacity = buffer->limit;
    char *bytes = realloc(buffer->bytes, capacity + 1);
    if (!bytes) fatal_memory(capacity);
    buffer->bytes = bytes;
    buffer->capacity = capacity;
}

static bool reserve(struct buffer *buffer, size_t more)
{
    if (buffer->overflowed) return false;
    if (more > buffer->limit - buffer->length) {
        buffer->overflowed = true;
        return false;
    }
    if (!buffer->bytes || buffer->length + more > buffer->capacity) grow(buffer, buffer->length + more);
    return true;
}

void buffer_add(struct buffer *buffer, const void *bytes, size_t length)
{
    if (!length || !reserve(buffer, length)) return;
    memcpy(buffer->bytes + buffer->length, bytes, length);
    buffer->length += length;
    buffer->bytes[buffer->length] = '\0';
}

void buffer_text(struct buffer *buffer, const char *text) { buffer_add(buffer, text, strlen(text)); }

void buffer_char(struct buffer *buffer, char character) { buffer_add(buffer, &character, 1); }

void buffer_integer(struct buffer *buffer, int64_t value) { buffer_decimal(buffer, value, 0); }

void buffer_decimal(struct buffer *buffer, int64_t scaled, int scale)
{
    char text[NUMBER_TEXT];
    const size_t length = number_format(scaled, scale, text);
    buffer_add(buffer, text, length);
}

void buffer_print(struct buffer *buffer, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    const int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length > 0 && reserve(buffer, (size_t)length)) {
        vsnprintf(buffer->bytes + buffer->length, (size_t)length + 1, format, again);
        buffer->length += (size_t)length;
    }
    va_end(again);
}

const char *buffer_data(const struct buffer *buffer) { return buffer->bytes ? buffer->bytes : ""; }

size_t buffer_length(const struct buffer *buffer) { return buffer->length; }

bool buffer_overflowed(const struct buffer *buffer) { return buffer->overflowed; }

void buffer_cut(struct buffer *buffer, size_t length)
{
    ENSURE(length <= buffer->length);
    buffer->length = length;
    if (buffer->bytes) buffer->bytes[length] = '\0';
}
