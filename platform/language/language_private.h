/* What tools/compile-languages writes: every English sentence with its French, sorted by the bytes of the English. */
#ifndef PLATFORM_LANGUAGE_PRIVATE_H
#define PLATFORM_LANGUAGE_PRIVATE_H

#include <stddef.h>

struct sentence {
    const char *english;
    const char *french;
};

extern const struct sentence language_sentences[];
extern const size_t language_sentence_count;

#endif
