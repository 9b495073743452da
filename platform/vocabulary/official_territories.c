/* official_territories.c: Insee's communes of a year, with what it does not say taken over from the present edition. */
#include <string.h>

#include "base/arena.h"
#include "platform/text/text.h"
#include "platform/vocabulary/official_private.h"
#include "platform/vocabulary/vocabulary.h"

struct commune_columns {
    int type, code, departement, label, parent;
};

static enum status find_columns(struct arena *arena, const struct official *file, struct commune_columns *columns,
                                struct error *error)
{
    const struct {
        const char *name;
        int *column;
    } wanted[] = {{"TYPECOM", &columns->type},
                  {"COM", &columns->code},
                  {"DEP", &columns->departement},
                  {"LIBELLE", &columns->label},
                  {"COMPARENT", &columns->parent}};
    enum status status = STATUS_OK;
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted && status == STATUS_OK; i++)
        status = official_need(arena, file, wanted[i].name, wanted[i].column, error);
    return status;
}

static void take_over(struct list_row *row, const struct vocabulary_code *from)
{
    row->population = from->population;
    row->latitude = from->latitude;
    row->longitude = from->longitude;
    row->approximate = from->approximate;
}

static void copy_code(struct arena *arena, struct list *list, size_t *room, const struct vocabulary_code *code)
{
    struct list_row *row = official_add(arena, list, room);
    row->code = code->code;
    row->label_fr = code->label_fr;
    row->level = code->level;
    row->parent = code->parent;
    take_over(row, code);
}

/* Régions, départements, EPCI, and the overseas collectivities with their communes, which stand in another file. */
static void copy_upper_levels(struct arena *arena, const struct vocabulary *present, struct list *list, size_t *room)
{
    static const char *const levels[] = {"region", "departement", "epci", "collectivite"};
    const struct vocabulary_code **found = NULL, **communes = NULL;
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
        const size_t count = vocabulary_list(present, arena, "territory", levels[i], NULL, &found);
        for (size_t j = 0; j < count; j++) {
            copy_code(arena, list, room, found[j]);
            const size_t inside =
                i == 3 ? vocabulary_list(present, arena, "territory", "commune", found[j]->code, &communes) : 0;
            for (size_t k = 0; k < inside; k++) copy_code(arena, list, room, communes[k]);
        }
    }
}

/* The EPCI that the present edition gives the commune; NULL when there is none. */
static const char *epci_of(const struct vocabulary *present, const char *commune)
{
    const struct vocabulary_code *above[8];
    const size_t count = vocabulary_ancestors(present, "territory", commune, above, 8);
    for (size_t i = 0; i < count; i++)
        if (strcmp(above[i]->level, "epci") == 0) return above[i]->code;
    return NULL;
}

static const char *cell(struct arena *arena, const struct official *file, int column)
{
    const char *text = file->cells[column];
    return *text ? text_clean(arena, text, strlen(text)) : NULL;
}

/* COM: in force; ARM: arrondissement of a commune; COMA, COMD: parts of a commune that were communes. */
static void add_commune(struct arena *arena, const struct official *file, const struct commune_columns *columns,
                        const struct vocabulary *present, struct list *list, size_t *room)
{
    const char *type = file->cells[columns->type];
    const bool part = strcmp(type, "COM") != 0, arrondissement = strcmp(type, "ARM") == 0;
    if (part && strcmp(file->cells[columns->code], file->cells[columns->parent]) == 0)
        return; /* it has the code of the whole */
    struct list_row *row = official_add(arena, list, room);
    row->code = cell(arena, file, columns->code);
    row->label_fr = cell(arena, file, columns->label);
    row->line = file->line;
    row->level = arrondissement ? "arrondissement_municipal" : "commune";
    const struct vocabulary_code *known = row->code ? vocabulary_find(present, "territory", row->code) : NULL;
    if (known) take_over(row, known);
    if (arrondissement) {
        row->parent = cell(arena, file, columns->parent);
        return;
    }
    row->replaced_by = part ? cell(arena, file, columns->parent) : NULL;
    row->retired = part;
    const struct vocabulary_code *successor =
        part && row->replaced_by ? vocabulary_find(present, "territory", row->replaced_by) : NULL;
    row->parent = successor ? successor->parent : cell(arena, file, columns->departement);
    row->other_parent = epci_of(present, part && row->replaced_by ? row->replaced_by : row->code ? row->code : "");
}

enum status official_territories(struct arena *arena, struct official *file, const struct vocabulary *present,
                                 struct list *list, struct error *error)
{
    struct commune_columns columns;
    size_t room = 0;
    enum status status = find_columns(arena, file, &columns, error);
    if (status) return status;
    copy_upper_levels(arena, present, list, &room);
    if (!list->row_count)
        return error_set(error, STATUS_INPUT,
                         N_("Load the reference data first: régions and départements are taken over from it."));
    while (official_next(file)) add_commune(arena, file, &columns, present, list, &room);
    return STATUS_OK;
}
