/* level.c: the codes of each level of each list, that may be proposed: asked for with every count of a list, out of tens of thousands. */
#include <string.h>

#include "base/arena.h"
#include "platform/vocabulary/vocabulary_private.h"

bool vocabulary_shown(const struct vocabulary *vocabulary, const struct scheme *scheme, int32_t index)
{
    return index < scheme->first + scheme->current && !vocabulary->codes[index].retired;
}

static struct level *find(const struct vocabulary *vocabulary, const char *scheme, const char *name)
{
    for (size_t i = 0; i < vocabulary->level_count; i++) {
        struct level *level = &vocabulary->levels[i];
        if (strcmp(level->name, name) == 0 && strcmp(level->scheme, scheme) == 0) return level;
    }
    return NULL;
}

/* Codes of one level mostly stand together: the last level is tried first. */
static struct level *level_of(struct vocabulary *vocabulary, const struct vocabulary_code *code)
{
    struct level *last = vocabulary->level_count ? &vocabulary->levels[vocabulary->level_count - 1] : NULL;
    if (last && last->name == code->level && last->scheme == code->scheme) return last;
    struct level *found = find(vocabulary, code->scheme, code->level);
    if (found || vocabulary->level_count == MOST_LEVELS) return found;
    vocabulary->levels[vocabulary->level_count] = (struct level){.scheme = code->scheme, .name = code->level};
    return &vocabulary->levels[vocabulary->level_count++];
}

/* Calls for each code that may be proposed. */
static void each_shown(struct vocabulary *vocabulary, void (*use)(struct level *, const struct vocabulary_code *))
{
    for (size_t s = 0; s < vocabulary->scheme_count; s++) {
        const struct scheme *scheme = &vocabulary->schemes[s];
        for (int32_t i = scheme->first; i < scheme->first + scheme->current; i++) {
            struct level *level =
                vocabulary_shown(vocabulary, scheme, i) ? level_of(vocabulary, &vocabulary->codes[i]) : NULL;
            if (level) use(level, &vocabulary->codes[i]);
        }
    }
}

static void count_code(struct level *level, const struct vocabulary_code *code)
{
    (void)code;
    level->count++;
}

static void put_code(struct level *level, const struct vocabulary_code *code) { level->codes[level->count++] = code; }

void vocabulary_group_levels(struct vocabulary *vocabulary)
{
    vocabulary->levels = ARENA_ARRAY(vocabulary->arena, MOST_LEVELS, struct level);
    each_shown(vocabulary, count_code);
    for (size_t i = 0; i < vocabulary->level_count; i++) {
        struct level *level = &vocabulary->levels[i];
        level->codes = ARENA_ARRAY(vocabulary->arena, level->count, const struct vocabulary_code *);
        level->count = 0;
    }
    each_shown(vocabulary, put_code);
}

const struct level *vocabulary_level(const struct vocabulary *vocabulary, const char *scheme, const char *name)
{
    return vocabulary->level_count < MOST_LEVELS ? find(vocabulary, scheme, name) : NULL;
}
