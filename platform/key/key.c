#include "platform/key/key.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/fatal.h"

enum { TEXT_MOST = 2 * KEY_MOST + 2, PATH_BYTES = 4096, WRAPPED_MOST = 4096 };

/* ---- files ---- */

static enum status cannot_write(const char *path, struct error *error)
{
    return error_set(error, STATUS_INPUT, N_("The key {1} cannot be written: {2}."), path, strerror(errno));
}

static bool write_text(int file, const char *text, size_t length)
{
    return write(file, text, length) == (ssize_t)length && fsync(file) == 0;
}

/* The folder of the key, for its owner only, when there is none. */
static void make_folder(const char *path)
{
    char folder[PATH_BYTES];
    const char *slash = strrchr(path, '/');
    if (!slash || slash == path || (size_t)(slash - path) >= sizeof folder) return;
    memcpy(folder, path, (size_t)(slash - path));
    folder[slash - path] = '\0';
    mkdir(folder, 0700);
}

/* Written aside and linked into place: nobody ever reads half a key, and of two that are made the first stays. */
static enum status make_file(const char *path, size_t size, key_draw *draw, struct error *error)
{
    unsigned char key[KEY_MOST];
    char text[TEXT_MOST], aside[PATH_BYTES];
    make_folder(path);
    if (snprintf(aside, sizeof aside, "%s.XXXXXX", path) >= (int)sizeof aside) errno = ENAMETOOLONG;
    const int file = strlen(path) + 7 < sizeof aside ? mkostemp(aside, O_CLOEXEC) : -1;
    if (file < 0) return cannot_write(path, error);
    draw ? draw(key) : randombytes_buf(key, size);
    sodium_bin2hex(text, sizeof text, key, size);
    text[2 * size] = '\n';
    const bool written = write_text(file, text, 2 * size + 1);
    const bool linked = written && (link(aside, path) == 0 || errno == EEXIST);
    const enum status status = linked ? STATUS_OK : cannot_write(path, error);
    close(file);
    unlink(aside);
    sodium_memzero(key, sizeof key);
    sodium_memzero(text, sizeof text);
    return status;
}

static enum status read_file(int file, const char *path, unsigned char *key, size_t size, struct error *error)
{
    char text[TEXT_MOST] = "";
    size_t length = 0;
    const ssize_t got = file < 0 ? -1 : read(file, text, 2 * size + 1);
    const bool whole = got >= (ssize_t)(2 * size) && (!text[2 * size] || text[2 * size] == '\n');
    const bool good = whole && sodium_hex2bin(key, size, text, 2 * size, NULL, &length, NULL) == 0 && length == size;
    sodium_memzero(text, sizeof text);
    return good ? STATUS_OK : error_set(error, STATUS_INPUT, N_("{1} is not a key that this program made."), path);
}

enum status key_file(const char *path, unsigned char *key, size_t size, key_draw *draw, struct error *error)
{
    ENSURE(size <= KEY_MOST);
    if (sodium_init() < 0) return error_set(error, STATUS_FAULT, N_("The key {1} cannot be read."), path);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0 && errno == ENOENT) {
        const enum status status = make_file(path, size, draw, error);
        if (status) return status;
        file = open(path, O_RDONLY | O_CLOEXEC);
    }
    const enum status status = read_file(file, path, key, size, error);
    if (file >= 0) close(file);
    return status;
}

/* ---- texts ---- */

/* One key for each purpose, so that what was closed for one cannot pass for another. */
static void derive(const unsigned char key[KEY_BYTES], const char *purpose, unsigned char own[KEY_BYTES])
{
    crypto_generichash(own, KEY_BYTES, (const unsigned char *)purpose, strlen(purpose), key, KEY_BYTES);
}

const char *key_wrap(struct arena *arena, const unsigned char key[KEY_BYTES], const char *purpose, const char *text)
{
    unsigned char own[crypto_secretbox_KEYBYTES];
    const size_t length = strlen(text), size = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + length;
    unsigned char *box = arena_alloc(arena, size);
    char *encoded = arena_alloc(arena, sodium_base64_ENCODED_LEN(size, sodium_base64_VARIANT_URLSAFE_NO_PADDING));
    derive(key, purpose, own);
    randombytes_buf(box, crypto_secretbox_NONCEBYTES);
    crypto_secretbox_easy(box + crypto_secretbox_NONCEBYTES, (const unsigned char *)text, length, box, own);
    sodium_memzero(own, sizeof own);
    return sodium_bin2base64(encoded, sodium_base64_ENCODED_LEN(size, sodium_base64_VARIANT_URLSAFE_NO_PADDING), box,
                             size, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

const char *key_unwrap(struct arena *arena, const unsigned char key[KEY_BYTES], const char *purpose,
                       const char *wrapped)
{
    enum { AROUND = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES };
    unsigned char own[crypto_secretbox_KEYBYTES], *box = arena_alloc(arena, WRAPPED_MOST);
    size_t size = 0;
    if (!wrapped || sodium_base642bin(box, WRAPPED_MOST, wrapped, strlen(wrapped), NULL, &size, NULL,
                                      sodium_base64_VARIANT_URLSAFE_NO_PADDING))
        return NULL;
    if (size < AROUND) return NULL;
    char *text = arena_alloc(arena, size - AROUND + 1);
    derive(key, purpose, own);
    const int failed = crypto_secretbox_open_easy((unsigned char *)text, box + crypto_secretbox_NONCEBYTES,
                                                  size - crypto_secretbox_NONCEBYTES, box, own);
    sodium_memzero(own, sizeof own);
    return failed ? NULL : text;
}
