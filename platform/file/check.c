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

enum status file_check_kept(struct arena *arena, enum language language, const struct file_kept *file,
                            const struct file_limits *limits, struct error *error)
{
    const char *type = file->media_type;
    if (!file->size) return error_set(error, STATUS_INPUT, N_("The file “{1}” is empty."), file->name);
    if (limits->largest && file->size > limits->largest)
        return error_set(error, STATUS_LIMIT, N_("The file “{1}” is too large: {2}, and {3} at most are taken."),
                         file->name, language_bytes(arena, language, file->size),
                         language_bytes(arena, language, limits->largest));
    if (!limits->media_types || list_has_word(limits->media_types, type, strlen(type))) return STATUS_OK;
    return error_set(error, STATUS_INPUT,
                     N_("The file “{1}” is not taken: by its content it is: {2}. What is taken: {3}."), file->name,
                     file_type_name(language, type), file_type_names(arena, language, limits->media_types));
}

enum status file_check(struct arena *arena, enum language language, const struct file_given *given,
                       const struct file_limits *limits, struct error *error)
{
    const struct file_kept file = {.name = file_clean_name(arena, given->name, unknown_type),
                                   .media_type = file_media_type(given),
                                   .size = (int64_t)given->length};
    return file_check_kept(arena, language, &file, limits, error);
}
