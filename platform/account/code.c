/* code.c: one-time codes (RFC 4226 and 6238), and the alphabet in which secrets are typed (RFC 4648, base 32). */
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/fatal.h"
#include "platform/account/account_private.h"

enum { DIGITS_MOST = 8, BITS_OF_BYTE = 8, BITS_OF_LETTER = 5 };

void account_code_at(const unsigned char *secret, size_t length, int64_t step, int digits, char *code)
{
    unsigned char counter[8], digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    ENSURE(digits > 0 && digits <= DIGITS_MOST);
    for (size_t i = 0; i < sizeof counter; i++) counter[i] = (unsigned char)((uint64_t)step >> (56 - 8 * i));
    if (!HMAC(EVP_sha1(), secret, (int)length, counter, sizeof counter, digest, &size))
        fatal("HMAC cannot be computed");
    const unsigned char *at = digest + (digest[size - 1] & 0xf);
    const uint32_t number =
        (uint32_t)(at[0] & 0x7f) << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | (uint32_t)at[3];
    uint32_t modulus = 1;
    for (int i = 0; i < digits; i++) modulus *= 10;
    snprintf(code, DIGITS_MOST + 1, "%0*u", digits, number % modulus);
}

int64_t account_code_step(const unsigned char *secret, size_t length, int64_t now, const char *code)
{
    const int64_t step = now / ACCOUNT_STEP_MS;
    int64_t found = 0;
    char expected[DIGITS_MOST + 1];
    if (strlen(code) != ACCOUNT_CODE_DIGITS) return 0;
    for (int64_t i = step - 1; i <= step + 1; i++) {
        account_code_at(secret, length, i, ACCOUNT_CODE_DIGITS, expected);
        if (sodium_memcmp(expected, code, ACCOUNT_CODE_DIGITS) == 0) found = i;
    }
    return found;
}

const char *account_base32(struct arena *arena, const unsigned char *bytes, size_t length)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    char *text = arena_alloc(arena, length * BITS_OF_BYTE / BITS_OF_LETTER + 2), *end = text;
    uint32_t held = 0;
    unsigned bits = 0;
    for (size_t i = 0; i < length; i++) {
        held = held << BITS_OF_BYTE | bytes[i];
        for (bits += BITS_OF_BYTE; bits >= BITS_OF_LETTER; bits -= BITS_OF_LETTER)
            *end++ = letters[held >> (bits - BITS_OF_LETTER) & 31];
    }
    if (bits) *end = letters[held << (BITS_OF_LETTER - bits) & 31];
    return text;
}

const char *account_code_clean(struct arena *arena, const char *typed)
{
    char *clean = arena_copy(arena, typed), *end = clean;
    for (const char *at = typed; *at; at++) {
        if (*at == ' ' || *at == '-') continue;
        *end++ = *at >= 'a' && *at <= 'z' ? (char)(*at - 'a' + 'A') : *at;
    }
    *end = '\0';
    return clean;
}
