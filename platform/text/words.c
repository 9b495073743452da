#include <libstemmer.h>
#include <pthread.h>
#include <string.h>

#include "base/arena.h"
#include "base/fatal.h"
#include "base/map.h"
#include "platform/text/text.h"

/* Up to FEW_WORDS a look through those that are there costs less than a table. */
enum { FEW_WORDS = 16 };

static pthread_once_t stemmer_once = PTHREAD_ONCE_INIT;
static pthread_key_t stemmer_key;

static void delete_stemmer(void *stemmer) { sb_stemmer_delete(stemmer); }

static void make_key(void) { ENSURE(pthread_key_create(&stemmer_key, delete_stemmer) == 0); }

static struct sb_stemmer *thread_stemmer(void)
{
    pthread_once(&stemmer_once, make_key);
    struct sb_stemmer *stemmer = pthread_getspecific(stemmer_key);
    if (stemmer) return stemmer;
    stemmer = sb_stemmer_new("french", "UTF_8");
    if (!stemmer || pthread_setspecific(stemmer_key, stemmer) != 0) fatal_memory(sizeof stemmer);
    return stemmer;
}

/* Without its accent « formée » would not meet « formé »: the stemmer knows the ending "ée", not "ee". */
static size_t plain_ending(const char *word, size_t length)
{
    if (length > 4 && memcmp(word + length - 3, "ees", 3) == 0) return length - 2;
    if (length > 3 && memcmp(word + length - 2, "ee", 2) == 0) return length - 1;
    return length;
}

static const char *stem(struct arena *arena, struct sb_stemmer *stemmer, const char *word, size_t length)
{
    const sb_symbol *stemmed = sb_stemmer_stem(stemmer, (const sb_symbol *)word, (int)plain_ending(word, length));
    if (!stemmed) fatal_memory(length);
    return arena_copy_bytes(arena, (const char *)stemmed, (size_t)sb_stemmer_length(stemmer));
}

const char *text_stem(struct arena *arena, const char *word)
{
    return stem(arena, thread_stemmer(), word, strlen(word));
}

static size_t most_words(const char *folded)
{
    size_t count = 1;
    for (; *folded && count < TEXT_WORDS_MOST; folded++) count += *folded == ' ';
    return count;
}

static bool is_letter(const char *word, size_t length)
{
    size_t characters = 0;
    for (size_t i = 0; i < length; i++) characters += ((unsigned char)word[i] & 0xc0) != 0x80;
    return characters < 2;
}

struct distinct {
    struct arena *arena;
    struct text_words words;
    struct map *seen; /* NULL while they are few */
};

static bool is_seen(const struct distinct *distinct, const char *word)
{
    if (distinct->seen) return map_get(distinct->seen, word) != NULL;
    for (size_t i = 0; i < distinct->words.count; i++)
        if (strcmp(distinct->words.items[i], word) == 0) return true;
    return false;
}

static void keep_word(struct distinct *distinct, const char *word)
{
    if (is_seen(distinct, word)) return;
    distinct->words.items[distinct->words.count++] = word;
    if (distinct->seen) map_put(distinct->seen, word, distinct);
    if (distinct->seen || distinct->words.count <= FEW_WORDS) return;
    distinct->seen = map_new(distinct->arena);
    for (size_t i = 0; i < distinct->words.count; i++) map_put(distinct->seen, distinct->words.items[i], distinct);
}

const char *text_next_word(const char **folded, size_t *length)
{
    while (**folded) {
        const char *word = *folded;
        *length = strcspn(word, " ");
        *folded += *length;
        *folded += **folded == ' ';
        if (*length <= TEXT_WORD_MOST && !is_letter(word, *length)) return word;
    }
    return NULL;
}

/* The distinct words of a folded text, in their order; stemmed when there is a stemmer. */
static struct text_words distinct_words(struct arena *arena, const char *folded, struct sb_stemmer *stemmer)
{
    struct distinct distinct = {.arena = arena, .words.items = ARENA_ARRAY(arena, most_words(folded), const char *)};
    size_t length = 0;
    for (const char *word = text_next_word(&folded, &length); word && distinct.words.count < TEXT_WORDS_MOST;
         word = text_next_word(&folded, &length))
        keep_word(&distinct, stemmer ? stem(arena, stemmer, word, length) : arena_copy_bytes(arena, word, length));
    return distinct.words;
}

struct text_words text_stems(struct arena *arena, const char *text)
{
    return distinct_words(arena, text_fold(arena, text), thread_stemmer());
}

struct text_words text_words(struct arena *arena, const char *text)
{
    return distinct_words(arena, text_fold(arena, text), NULL);
}
