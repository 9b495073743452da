/* key.h: keys kept in files of their own, and texts that are closed with them.
 *
 * A key file holds the key in hexadecimal on one line, mode 0600. It stands outside the database: who has a copy of the database
 * alone can neither sign nor read what is closed. */
#ifndef PLATFORM_KEY_H
#define PLATFORM_KEY_H

#include <stddef.h>

#include "base/error.h"

struct arena;

enum { KEY_BYTES = 32, KEY_MOST = 64 };

/* Fills a key that is made. */
typedef void key_draw(unsigned char *key);

/* The key of `size` bytes (KEY_MOST at most) from its file. When there is none, one is drawn and written: of several processes that do so at
 * once, all get the same. draw NULL: random bytes. STATUS_INPUT with the file's name when it cannot be read or written, or holds something else. */
enum status key_file(const char *path, unsigned char *key, size_t size, key_draw *draw, struct error *error);

/* The text closed for a purpose (XSalsa20-Poly1305 under a key of its own for each purpose), in base64url; and back: NULL when it was not closed with
 * this key for this purpose, or was changed. Results in the arena. O(length). */
const char *key_wrap(struct arena *arena, const unsigned char key[KEY_BYTES], const char *purpose, const char *text);
const char *key_unwrap(struct arena *arena, const unsigned char key[KEY_BYTES], const char *purpose,
                       const char *wrapped);

#endif
