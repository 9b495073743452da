#include "platform/record/history_digest.h"

#include <sodium.h>
#include <string.h>

#include "base/arena.h"

static void hash_text(crypto_generichash_state *state, const char *text)
{
    /* The NUL is hashed too, and an absent text is another byte: no two lists of texts look alike. */
    if (text)
        crypto_generichash_update(state, (const unsigned char *)text, strlen(text) + 1);
    else
        crypto_generichash_update(state, (const unsigned char *)"\1", 1);
}

static void hash_number(crypto_generichash_state *state, int64_t number)
{
    unsigned char bytes[sizeof number];
    for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (unsigned char)((uint64_t)number >> (8 * i));
    crypto_generichash_update(state, bytes, sizeof bytes);
}

static void begin(crypto_generichash_state *state, const unsigned char salt[HISTORY_SALT],
                  const struct history_words *words)
{
    crypto_generichash_init(state, salt, HISTORY_SALT, HISTORY_DIGEST);
    hash_text(state, words->kind);
    hash_text(state, words->action);
    hash_number(state, words->record);
    hash_number(state, words->version);
    hash_number(state, words->account);
    hash_number(state, words->moment);
    hash_text(state, words->origin);
    hash_text(state, words->reason);
}

void history_leaf_digest(const unsigned char salt[HISTORY_SALT], const char *field, const char *before,
                         const char *after, unsigned char digest[HISTORY_DIGEST])
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, salt, HISTORY_SALT, HISTORY_DIGEST);
    hash_text(&state, field);
    hash_text(&state, before);
    hash_text(&state, after);
    crypto_generichash_final(&state, digest, HISTORY_DIGEST);
}

void history_change_digest(const unsigned char salt[HISTORY_SALT], const struct history_words *words,
                           const char *changes, const unsigned char *leaves, size_t leaf_count,
                           unsigned char digest[HISTORY_DIGEST])
{
    crypto_generichash_state state;
    begin(&state, salt, words);
    hash_text(&state, changes);
    if (leaf_count) crypto_generichash_update(&state, leaves, leaf_count * HISTORY_DIGEST);
    crypto_generichash_final(&state, digest, HISTORY_DIGEST);
}

void history_creation_digest(const unsigned char salt[HISTORY_SALT], const struct history_words *words,
                             const struct kind *kind, const struct history_content *content,
                             unsigned char digest[HISTORY_DIGEST])
{
    crypto_generichash_state state;
    begin(&state, salt, words);
    for (size_t i = 0; kind->fields[i].name; i++) {
        if (!content->texts[i]) continue;
        hash_text(&state, kind->fields[i].name);
        hash_text(&state, content->texts[i]);
    }
    hash_text(&state, content->state);
    hash_text(&state, content->audience);
    hash_number(&state, content->owner);
    crypto_generichash_final(&state, digest, HISTORY_DIGEST);
}

struct history_content history_content_of(struct record_context *context, const struct kind *kind, const void *record)
{
    const struct record *head = record;
    size_t count = 0;
    while (kind->fields[count].name) count++;
    struct history_content content = {.texts = ARENA_ARRAY(context->arena, count + 1, const char *),
                                      .state = head->state,
                                      .audience = audience_option(head->audience)->value,
                                      .owner = head->owner};
    for (size_t i = 0; i < count; i++) content.texts[i] = field_text(context, &kind->fields[i], record);
    return content;
}
