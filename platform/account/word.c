/* word.c: what an address in a letter says of whom it was sent to, closed with the server's key. */
#include <sodium.h>

#include "platform/account/account_private.h"
#include "platform/key/key.h"

enum status account_word_close(struct arena *arena, const char *purpose, const char *text, const char **word,
                               struct error *error)
{
    unsigned char key[KEY_BYTES];
    const enum status status = account_key(key, error);
    if (status) return status;
    *word = key_wrap(arena, key, purpose, text);
    sodium_memzero(key, sizeof key);
    return STATUS_OK;
}

enum status account_word_open(struct arena *arena, const char *purpose, const char *word, const char **text,
                              struct error *error)
{
    unsigned char key[KEY_BYTES];
    const enum status status = account_key(key, error);
    if (status) return status;
    *text = word ? key_unwrap(arena, key, purpose, word) : NULL;
    sodium_memzero(key, sizeof key);
    return *text ? STATUS_OK : error_set(error, STATUS_MISSING, N_("This page does not exist, or you may not see it."));
}
