/* name.c: names of files as they may be shown, sent in a header and kept on any machine. */
#include <string.h>

#include <utf8proc.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "platform/file/file.h"
#include "platform/file/type_private.h"
#include "platform/text/text.h"

enum { NAME_MOST = 120, ENDING_MOST = 8, GIVEN_MOST = 4000 };

static const char *without_folders(const char *name)
{
    const char *last = name;
    for (const char *at = name; *at; at++)
        if (*at == '/' || *at == '\\') last = at + 1;
    return last;
}

/* Marks that turn the direction, join or hide: in a name they only mislead ("fdp.exe" shown as "exe.pdf"). */
static bool is_hidden(utf8proc_int32_t code)
{
    const utf8proc_category_t category = utf8proc_category(code);
    return category == UTF8PROC_CATEGORY_CF || category == UTF8PROC_CATEGORY_CC || category == UTF8PROC_CATEGORY_ZL ||
           category == UTF8PROC_CATEGORY_ZP || category == UTF8PROC_CATEGORY_CO;
}

/* Keeps what may stand in a name; what Windows refuses becomes '_', line breaks a space. */
static const char *keep_characters(struct arena *arena, const char *name)
{
    struct buffer *out = buffer_new(arena, GIVEN_MOST);
    const utf8proc_uint8_t *at = (const utf8proc_uint8_t *)name;
    while (*at) {
        utf8proc_int32_t code;
        const utf8proc_ssize_t taken = utf8proc_iterate(at, -1, &code);
        if (taken <= 0) break;
        if (code == '\t' || code == '\n')
            buffer_char(out, ' ');
        else if (code < 0x80 && strchr("<>:\"|?*", (int)code))
            buffer_char(out, '_');
        else if (!is_hidden(code))
            buffer_add(out, at, (size_t)taken);
        at += taken;
    }
    return buffer_data(out);
}

/* Dots and spaces at either end hide a file or its ending. */
static const char *trim(struct arena *arena, const char *name)
{
    name += strspn(name, ". ");
    size_t length = strlen(name);
    while (length && strchr(". ", name[length - 1])) length--;
    return arena_copy_bytes(arena, name, length);
}

/* The length of the name without its ending, when it has one. */
static size_t stem_length(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot && strlen(dot + 1) <= ENDING_MOST ? (size_t)(dot - name) : strlen(name);
}

/* The first characters, none cut in two. */
static const char *first_characters(struct arena *arena, const char *text, size_t length, size_t most)
{
    size_t at = 0;
    for (size_t count = 0; at < length; at++)
        if (((unsigned char)text[at] & 0xc0) != 0x80 && count++ == most) break;
    return arena_copy_bytes(arena, text, at);
}

const char *file_clean_name(struct arena *arena, const char *given, const char *media_type)
{
    const struct media_type *type = media_type_find(media_type);
    const char *base = without_folders(given);
    const char *clean = text_clean(arena, base, strlen(base));
    const char *name = trim(arena, keep_characters(arena, clean ? clean : ""));
    size_t length = stem_length(name);
    const char *ending = name[length] ? name + length + 1 : "";
    if (type->endings && !list_has_word(type->endings, ending, strlen(ending))) {
        ending = arena_copy_bytes(arena, type->endings, strcspn(type->endings, ";"));
        length = strlen(name);
    }
    const char *stem = length ? first_characters(arena, name, length, NAME_MOST - ENDING_MOST - 1) : "document";
    return *ending ? arena_print(arena, "%s.%s", stem, ending) : stem;
}
