#include <sodium.h>
#include <string.h>

#include "platform/index/index_private.h"

/* The keys are on disk: the hash (SipHash-2-4) and its key never change. */
static const unsigned char hash_key[crypto_shorthash_KEYBYTES] = "maillage index 1";

enum { LONGEST_FIELD = 96, LONGEST_TEXT = 512, KIND_BITS = 48 };

static uint64_t hash(const void *bytes, size_t length)
{
    uint64_t value;
    unsigned char out[crypto_shorthash_BYTES];
    crypto_shorthash(out, bytes, length, hash_key);
    memcpy(&value, out, sizeof value);
    return value;
}

/* The field's hash is the first word of what is hashed, so that no field and value run into each other. */
static int64_t hash_pair(const char *field, const void *value, size_t length)
{
    unsigned char text[sizeof(uint64_t) + LONGEST_TEXT];
    const uint64_t first = hash(field, strlen(field));
    memcpy(text, &first, sizeof first);
    if (length > LONGEST_TEXT) {
        const uint64_t short_form[2] = {hash(value, length), length};
        memcpy(text + sizeof first, short_form, sizeof short_form);
        length = sizeof short_form;
    } else {
        memcpy(text + sizeof first, value, length);
    }
    return (int64_t)(hash(text, sizeof first + length) >> 1);
}

int64_t index_key(const char *field, const char *value) { return hash_pair(field, value, strlen(value)); }

int64_t index_key_number(const char *field, int64_t value)
{
    unsigned char text[1 + sizeof value] = {0}; /* no text begins with a NUL */
    memcpy(text + 1, &value, sizeof value);
    return hash_pair(field, text, sizeof text);
}

int64_t index_kind(const char *kind) { return (int64_t)(hash(kind, strlen(kind)) >> (64 - KIND_BITS)); }

/* The finaliser of MurmurHash3: keys are hashes, but INDEX_ALL is not. */
uint64_t key_scatter(int64_t key)
{
    uint64_t value = (uint64_t)key;
    value = (value ^ (value >> 33)) * 0xff51afd7ed558ccdU;
    return value ^ (value >> 33);
}
