/* buffer.h: bytes that grow up to a named limit.
 *
 * Once an append would pass the limit, the buffer keeps what it had, ignores what follows and says so:
 * the caller writes freely and checks once, with buffer_overflowed. */
#ifndef BASE_BUFFER_H
#define BASE_BUFFER_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct buffer;

/* A buffer whose storage ends with the arena. limit: most bytes that it may hold. */
struct buffer *buffer_new(struct arena *arena, size_t limit);

void buffer_add(struct buffer *buffer, const void *bytes, size_t length);
void buffer_text(struct buffer *buffer, const char *text);
void buffer_char(struct buffer *buffer, char character);
void buffer_integer(struct buffer *buffer, int64_t value);
/* scaled / 10^scale with scale digits after the point, "-3.50"; scale from 0 to 18. */
void buffer_decimal(struct buffer *buffer, int64_t scaled, int scale);
void buffer_print(struct buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The content, always ended by a NUL that the length does not count. Valid until the next append. */
const char *buffer_data(const struct buffer *buffer);
size_t buffer_length(const struct buffer *buffer);

/* True once something did not fit. */
bool buffer_overflowed(const struct buffer *buffer);

/* Cuts the content back to length bytes, which must not exceed the present length. */
void buffer_cut(struct buffer *buffer, size_t length);

#endif
