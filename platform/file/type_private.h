/* type_private.h: the media types that are told apart. */
#ifndef PLATFORM_FILE_TYPE_PRIVATE_H
#define PLATFORM_FILE_TYPE_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

struct media_type {
    const char *name;
    const char *label;
    const char *endings; /* of names: "jpg;jpeg", the first being the one that is added; NULL: any */
};

extern const char unknown_type[];

/* The type of that name, or the unknown one. */
const struct media_type *media_type_find(const char *name);

/* Whether a list "a;b;c" has the word, in capitals or not. */
bool list_has_word(const char *list, const char *word, size_t length);

#endif
