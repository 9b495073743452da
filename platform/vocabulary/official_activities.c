/* official_activities.c: an edition of the NAF as codes and labels, the sections among them. */
#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "platform/text/text.h"
#include "platform/vocabulary/official_private.h"

const char *official_naf_code(struct arena *arena, const char *cell)
{
    const size_t prefix = strncasecmp(cell, "section ", 8) == 0 ? 8 : 0;
    char *code = arena_copy(arena, cell + prefix);
    const size_t length = strlen(code);
    if (length == 1 && isalpha((unsigned char)*code)) {
        *code = (char)toupper((unsigned char)*code);
        return code;
    }
    const size_t figures = strspn(code, "0123456789");
    if (figures < 2) return NULL;
    if (figures > 2) code = arena_print(arena, "%.2s.%s", code, code + 2);
    const size_t rest = strspn(code + 2, ".0123456789");
    const char *letter = code + 2 + rest;
    return rest <= 3 && (!*letter || (isalpha((unsigned char)*letter) && !letter[1])) ? code : NULL;
}

static const char *level_of(const char *code)
{
    static const char *const levels[] = {NULL, "section", "division", NULL, "group", "class", "subclass"};
    const size_t length = strlen(code);
    return length < sizeof levels / sizeof *levels ? levels[length] : NULL;
}

/* The longest beginning of the code that the list has; the section for a division. */
static const char *parent_of(struct arena *arena, const struct map *codes, const char *code, const char *section)
{
    for (size_t length = strlen(code) - 1; length >= 2; length--) {
        const char *shorter = arena_copy_bytes(arena, code, length);
        if (map_get(codes, shorter)) return shorter;
    }
    return strlen(code) > 1 ? section : NULL;
}

enum status official_activities(struct arena *arena, struct official *file, const struct vocabulary *present,
                                struct list *list, struct error *error)
{
    (void)present;
    size_t room = 0;
    int code = -1, label = -1;
    const char *section = NULL;
    struct map *codes = map_new(arena);
    enum status status =
        official_need(arena, file, "code|code naf|code naf 2025|naf 2025|naf25|code_naf|codenaf|poste", &code, error);
    if (status == STATUS_OK)
        status = official_need(
            arena, file,
            "libelle|intitule|label|libelle naf|libelle naf 2025|intitules|intitule naf 2025|lib_naf|libellé", &label,
            error);
    while (status == STATUS_OK && official_next(file)) {
        const char *clean = official_naf_code(arena, file->cells[code]);
        if (!clean || !level_of(clean)) continue; /* title lines and notes */
        if (strlen(clean) == 1) section = clean;
        struct list_row *row = official_add(arena, list, &room);
        row->code = clean;
        row->level = level_of(clean);
        row->label_fr = text_clean(arena, file->cells[label], strlen(file->cells[label]));
        row->parent = parent_of(arena, codes, clean, section);
        row->line = file->line;
        if (!map_get(codes, clean)) map_put(codes, clean, arena_copy(arena, clean));
    }
    if (status == STATUS_OK && !list->row_count)
        return error_set(error, STATUS_INPUT, N_("The file {1} holds no code of activity."), file->path);
    return status;
}
