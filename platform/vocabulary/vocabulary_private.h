/* vocabulary_private.h: how the lists lie in memory.
 *
 * Codes stand by scheme, then version (the one in force first, the others from the newest), then position; everything else is arrays
 * of their indexes. What an edition has in common with one before it is not kept again. */
#ifndef PLATFORM_VOCABULARY_PRIVATE_H
#define PLATFORM_VOCABULARY_PRIVATE_H

#include <pthread.h>

#include "platform/vocabulary/vocabulary.h"

enum { NOWHERE = -1, MOST_EDITIONS = 32, MOST_LEVELS = 128 };
#define ALL_EDITIONS UINT32_MAX

/* The current codes of one scheme are first .. first + current - 1. */
struct scheme {
    const char *name;
    int32_t first;
    int32_t current;
    int32_t count;                       /* of all versions */
    struct suggester *_Atomic suggester; /* made at the first suggestion; NULL before */
};

/* A text of a code, sorted by code. */
struct attached {
    int32_t code;
    bool note; /* else a synonym */
    enum language language;
    const char *content;
};

struct link {
    int32_t from;
    int32_t to;
};

/* What is made at first use, by the thread that comes first. */
struct made_late {
    pthread_mutex_t lock; /* also guards the arena, once the vocabulary is loaded */
    struct word_index *_Atomic words;
};

/* The codes of one level that may be proposed, in the order of their list. */
struct level {
    const char *scheme, *name;
    const struct vocabulary_code **codes;
    size_t count;
};

struct vocabulary {
    struct arena *arena;
    struct vocabulary_code *codes;
    int32_t count;
    uint32_t
        *held_by;    /* a bit for each edition of the scheme that has the code just so: unchanged codes are kept once */
    int32_t *parent; /* index, or NOWHERE */
    int32_t *other_parent;
    const char **folded; /* label, English label, code: a line each */
    int32_t *slots;      /* hash table of indexes; a better version stands nearer */
    uint32_t slot_mask;
    int32_t *child_start; /* count + 1 */
    int32_t *children;    /* of either hierarchy */
    struct vocabulary_edition *editions;
    size_t edition_count;
    struct scheme *schemes;
    size_t scheme_count;
    struct attached *attached;
    size_t attached_count;
    struct link *links; /* sorted */
    size_t link_count;
    struct level *levels;
    size_t level_count;
    struct made_late *late;
};

int32_t vocabulary_index(const struct vocabulary *vocabulary, const char *scheme, const char *code);
/* The same in one of those editions: bit 0 is the scheme's first. */
int32_t vocabulary_index_in(const struct vocabulary *vocabulary, const char *scheme, uint32_t editions,
                            const char *code);
/* Enters code `index` in the hash table, behind those of the same name. */
void vocabulary_enter(struct vocabulary *vocabulary, int32_t index);
struct scheme *vocabulary_scheme(const struct vocabulary *vocabulary, const char *name);
/* level.c: whether the code may be proposed; groups the codes once they are read; the level, NULL when there is none, or there are too many. */
bool vocabulary_shown(const struct vocabulary *vocabulary, const struct scheme *scheme, int32_t index);
void vocabulary_group_levels(struct vocabulary *vocabulary);
const struct level *vocabulary_level(const struct vocabulary *vocabulary, const char *scheme, const char *name);
/* The first attached text of the code, and how many follow. */
const struct attached *vocabulary_attached(const struct vocabulary *vocabulary, int32_t code, size_t *count);

#endif
