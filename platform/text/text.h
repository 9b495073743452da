/* text.h: how texts are compared, sorted and searched: the same in C for both engines.
 * Folding: NFKD, accents and case removed, œ -> oe, æ -> ae, ß -> ss, apostrophes and hyphens split words. Stemming: Snowball French. */
#ifndef PLATFORM_TEXT_H
#define PLATFORM_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* Whether the bytes are valid UTF-8 without NUL. */
bool text_valid(const char *bytes, size_t length);
/* NFC, control characters other than tab and line feed removed, ends trimmed. Result in the arena; NULL if it is not valid UTF-8. */
const char *text_clean(struct arena *arena, const char *bytes, size_t length);
/* Characters (grapheme clusters are not counted: code points). */
size_t text_length(const char *text);
/* "Énergie de l’Œuvre" -> "energie de l oeuvre": key for sorting, prefixes and equality. */
const char *text_fold(struct arena *arena, const char *text);

struct text_words {
    const char **items;
    size_t count;
};
/* The distinct stemmed words of a text, for the index; words of one letter and beyond 64 bytes left out; at most 4,000. */
struct text_words text_stems(struct arena *arena, const char *text);
/* The next word of a folded text that is one of those: not ended by a NUL, at most TEXT_WORD_MOST bytes. Moves *folded behind it; NULL at the end. */
enum { TEXT_WORDS_MOST = 4000, TEXT_WORD_MOST = 64 };
const char *text_next_word(const char **folded, size_t *length);
/* The stem of one folded word. */
const char *text_stem(struct arena *arena, const char *word);
/* The distinct folded, unstemmed words. */
struct text_words text_words(struct arena *arena, const char *text);
/* A thread's stemmer is created at first use and kept. */

#endif
