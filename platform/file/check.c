/* check.c: whether a file would be taken, and why not. */
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "platform/file/file.h"
#include "platform/file/type_private.h"

enum { NAMES_LIMIT = 2000 };

const char *file_type_names(struct arena *arena, enum language language, const char *media_types)
{
    struct buffer *out = buffer_new(arena, NAMES_LIMIT);
    char *list = arena_copy(arena, media_types), *next = NULL;
    for (char *word = strtok_r(list, ";", &next); word; word = strtok_r(NULL, ";", &next))
        buffer_print(out, "%s%s", buffer_length(out) ? ", " : "", file_type_name(language, word));
    return buffer_data(out);
}

enum status file_check(struct arena *arena, enum language language, const struct file_given *given,
                       const struct file_limits *limits, struct error *error)
{
    const char *media_type = file_media_type(given), *name = file_clean_name(arena, given->name, unknown_type);
    if (!given->length) return error_set(error, STATUS_INPUT, N_("The file “{1}” is empty."), name);
    if (limits->largest && (uint64_t)given->length > (uint64_t)limits->largest)
        return error_set(error, STATUS_LIMIT, N_("The file “{1}” is too large: {2}, and {3} at most are taken."), name,
                         language_bytes(arena, language, (int64_t)given->length),
                         language_bytes(arena, language, limits->largest));
    if (!limits->media_types || list_has_word(limits->media_types, media_type, strlen(media_type))) return STATUS_OK;
    return error_set(error, STATUS_INPUT,
                     N_("The file “{1}” is not taken: by its content it is: {2}. What is taken: {3}."), name,
                     file_type_name(language, media_type), file_type_names(arena, language, limits->media_types));
}
