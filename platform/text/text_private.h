/* text_private.h: reading UTF-8 forgivingly, shared by the files of this room. */
#ifndef PLATFORM_TEXT_PRIVATE_H
#define PLATFORM_TEXT_PRIVATE_H

#include <stddef.h>
#include <stdint.h>

/* The next code point of `length` > 0 bytes and how many bytes it takes; -1 and 1 byte when they are not UTF-8. */
size_t text_next(const unsigned char *bytes, size_t length, int32_t *code);

#endif
