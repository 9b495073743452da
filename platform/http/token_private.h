/* token_private.h: what is signed with the server's secret: CSRF tokens of visitors without a session, flash messages. */
#ifndef PLATFORM_HTTP_TOKEN_PRIVATE_H
#define PLATFORM_HTTP_TOKEN_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

enum { HTTP_SECRET = 32, SEALED_TEXT_MOST = 600 };

/* A new random text of 22 characters (128 bits, base64url). */
const char *http_token_random(struct arena *arena);

/* The token that goes with a visitor's cookie. */
const char *http_token_visitor(struct arena *arena, const unsigned char *secret, const char *visit);

/* The token under a mask drawn each time, so that the compressed length of pages betrays nothing of it (BREACH): base64url of
 * the mask, then of the token under it. */
const char *http_token_mask(struct arena *arena, const char *token);

/* Whether given is the token, masked or plain. The time does not depend on where they differ. */
bool http_token_equal(const char *given, const char *token);

/* A text with the moment until which it is valid and a signature, fit for a cookie; NULL when it is too long. */
const char *http_seal(struct arena *arena, const unsigned char *secret, const char *text, int64_t until);

/* The text back, or NULL: forged, damaged or out of date. */
const char *http_unseal(struct arena *arena, const unsigned char *secret, const char *sealed, int64_t now);

#endif
