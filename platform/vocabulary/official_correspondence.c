/* official_correspondence.c: which codes of a new nomenclature stand for which of the former: Insee's table of the NAF.
 *
 * Kept as a list of its own, "naf_correspondence": one row for each code that corresponds to another, linked to those that it
 * corresponds to, both ways. So vocabulary_links(naf, CODE, naf_correspondence) gives the codes of the other edition. */
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "platform/text/text.h"
#include "platform/vocabulary/official_private.h"
#include "platform/vocabulary/vocabulary.h"

struct pairing {
    struct arena *arena;
    struct list *list;
    struct map *codes; /* that have their row */
    struct map *pairs; /* "old new": a table gives a pair once for each product in it */
    size_t rows, links;
};

/* The code as the NAF writes it, and its row. */
static const char *add_side(struct pairing *pairing, const char *cell, const char *label, const char *level,
                            int64_t line)
{
    const char *code = official_naf_code(pairing->arena, cell);
    if (!code) return NULL;
    const char *there = map_get(pairing->codes, code);
    if (there) return there;
    struct list_row *row = official_add(pairing->arena, pairing->list, &pairing->rows);
    char *kept = arena_copy(pairing->arena, code);
    row->code = kept;
    row->label_fr = text_clean(pairing->arena, label, strlen(label));
    row->level = level;
    row->line = line;
    map_put(pairing->codes, kept, kept);
    return kept;
}

static void add_pair(struct pairing *pairing, const char *former, const char *present)
{
    const char *pair = arena_print(pairing->arena, "%s %s", former, present);
    if (map_get(pairing->pairs, pair)) return;
    map_put(pairing->pairs, pair, arena_copy(pairing->arena, pair));
    official_link(pairing->arena, pairing->list, &pairing->links, former, "naf", present);
    official_link(pairing->arena, pairing->list, &pairing->links, present, "naf", former);
}

enum status official_correspondence(struct arena *arena, struct official *file, const struct vocabulary *known,
                                    struct list *list, struct error *error)
{
    struct pairing pairing = {.arena = arena, .list = list, .codes = map_new(arena), .pairs = map_new(arena)};
    int former = -1, present = -1, former_label = -1, present_label = -1;
    (void)known;
    enum status status = official_need(arena, file, "NAFold-code*|code_naf_2008|naf08", &former, error);
    if (!status) status = official_need(arena, file, "NAFnew-code*|code_naf_2025|naf25", &present, error);
    if (!status) status = official_need(arena, file, "NAFold-intitulé*|libelle_naf_2008", &former_label, error);
    if (!status) status = official_need(arena, file, "NAFnew-intitulé*|libelle_naf_2025", &present_label, error);
    while (!status && official_next(file)) {
        const char *old = add_side(&pairing, file->cells[former], file->cells[former_label], "former", file->line);
        const char *new = add_side(&pairing, file->cells[present], file->cells[present_label], "present", file->line);
        if (old && new) add_pair(&pairing, old, new);
    }
    if (!status && !list->row_count)
        return error_set(error, STATUS_INPUT, N_("The file {1} holds no code of activity."), file->path);
    return status;
}
