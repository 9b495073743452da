#include "platform/http/token_private.h"

#include <sodium.h>
#include <string.h>

#include "base/arena.h"

enum { RANDOM = 16, SIGNATURE = 16, TOKEN_MOST = 128, VARIANT = sodium_base64_VARIANT_URLSAFE_NO_PADDING };

static const char *encode(struct arena *arena, const unsigned char *bytes, size_t length)
{
    const size_t room = sodium_base64_encoded_len(length, VARIANT);
    return sodium_bin2base64(arena_alloc(arena, room), room, bytes, length, VARIANT);
}

/* Bytes decoded, or 0 when text is no base64url or too long. */
static size_t decode(const char *text, unsigned char *bytes, size_t room)
{
    size_t length = 0;
    const int refused = sodium_base642bin(bytes, room, text, strlen(text), NULL, &length, NULL, VARIANT);
    return refused ? 0 : length;
}

const char *http_token_random(struct arena *arena)
{
    unsigned char bytes[RANDOM];
    randombytes_buf(bytes, sizeof bytes);
    return encode(arena, bytes, sizeof bytes);
}

/* The purpose keeps a signature made for one use from serving another. */
static void sign(const unsigned char *secret, const char *purpose, const void *bytes, size_t length,
                 unsigned char signature[SIGNATURE])
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, secret, HTTP_SECRET, SIGNATURE);
    crypto_generichash_update(&state, (const unsigned char *)purpose, strlen(purpose) + 1);
    crypto_generichash_update(&state, bytes, length);
    crypto_generichash_final(&state, signature, SIGNATURE);
}

const char *http_token_visitor(struct arena *arena, const unsigned char *secret, const char *visit)
{
    unsigned char signature[SIGNATURE];
    sign(secret, "visitor", visit, strlen(visit), signature);
    return encode(arena, signature, sizeof signature);
}

const char *http_token_mask(struct arena *arena, const char *token)
{
    unsigned char bytes[2 * TOKEN_MOST];
    const size_t length = strlen(token);
    if (length > TOKEN_MOST) return token;
    randombytes_buf(bytes, length);
    for (size_t i = 0; i < length; i++) bytes[length + i] = bytes[i] ^ (unsigned char)token[i];
    return encode(arena, bytes, 2 * length);
}

static bool equal(const void *given, const char *token, size_t length)
{
    return strlen(token) == length && sodium_memcmp(given, token, length) == 0;
}

bool http_token_equal(const char *given, const char *token)
{
    unsigned char bytes[2 * TOKEN_MOST];
    if (!*token) return false;
    if (equal(given, token, strlen(given))) return true;
    const size_t length = decode(given, bytes, sizeof bytes) / 2;
    for (size_t i = 0; i < length; i++) bytes[i] ^= bytes[length + i];
    return length && equal(bytes, token, length);
}

/* Sealed: signature, moment (8 bytes, as this machine writes them: a flash message never leaves for another kind), text. */
const char *http_seal(struct arena *arena, const unsigned char *secret, const char *text, int64_t until)
{
    unsigned char bytes[SIGNATURE + sizeof until + SEALED_TEXT_MOST];
    const size_t length = strlen(text);
    if (length > SEALED_TEXT_MOST) return NULL;
    memcpy(bytes + SIGNATURE, &until, sizeof until);
    memcpy(bytes + SIGNATURE + sizeof until, text, length);
    sign(secret, "flash", bytes + SIGNATURE, sizeof until + length, bytes);
    return encode(arena, bytes, SIGNATURE + sizeof until + length);
}

const char *http_unseal(struct arena *arena, const unsigned char *secret, const char *sealed, int64_t now)
{
    unsigned char bytes[SIGNATURE + sizeof now + SEALED_TEXT_MOST], expected[SIGNATURE];
    int64_t until;
    const size_t length = decode(sealed, bytes, sizeof bytes);
    if (length < SIGNATURE + sizeof until) return NULL;
    sign(secret, "flash", bytes + SIGNATURE, length - SIGNATURE, expected);
    memcpy(&until, bytes + SIGNATURE, sizeof until);
    if (sodium_memcmp(bytes, expected, SIGNATURE) != 0 || until < now) return NULL;
    const size_t start = SIGNATURE + sizeof until;
    return arena_copy_bytes(arena, (const char *)bytes + start, length - start);
}
