/* official_areas.c: zonings given as the area of each commune. */
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "platform/text/text.h"
#include "platform/vocabulary/official_private.h"
#include "platform/vocabulary/vocabulary.h"

static const struct {
    const char *scheme, *commune, *area, *label;
} zonings[] = {
    {"employment_area", "CODGEO|code_commune|insee_com", "ZE2020|code_ze2020|ZE2010|code_zone_emploi",
     "LIBZE2020|lib_ze2020|LIBZE2010|libelle_zone_emploi"},
    {"labour_basin", "CODE_COMMUNE_INSEE|code_commune|CODGEO",
     "BE25|BE24|BE23|BE22|BE21|BE20|BE19|code_bassin_emploi|code_bassin_BMO",
     "NOMBE25|NOMBE24|NOMBE23|NOMBE22|NOMBE21|NOMBE20|NOMBE19|lib_bassin_emploi|lib_bassin_BMO"},
    {"industry_territory", "insee_com|code_insee|code_commune|CODGEO|insee_commune", "id_ti|code_ti|id_territoire",
     "lib_ti|nom_ti|libelle_ti|territoire_d_industrie"},
};

/* Spreadsheets drop the zero of "01001". */
static const char *commune_code(struct arena *arena, const char *cell)
{
    return strlen(cell) == 4 && strspn(cell, "0123456789") == 4 ? arena_print(arena, "0%s", cell)
                                                                : arena_copy(arena, cell);
}

static const char *add_area(struct arena *arena, const struct official *file, struct list *list, size_t *room,
                            struct map *known, const char *code, int label)
{
    char *kept = arena_copy(arena, code);
    struct list_row *row = official_add(arena, list, room);
    row->code = kept;
    row->label_fr = text_clean(arena, file->cells[label], strlen(file->cells[label]));
    row->level = "area";
    row->line = file->line;
    map_put(known, code, kept);
    return kept;
}

enum status official_areas(struct arena *arena, struct official *file, const struct vocabulary *present,
                           struct list *list, struct error *error)
{
    size_t zoning = 0, rows = 0, links = 0;
    int commune = -1, area = -1, label = -1;
    while (strcmp(zonings[zoning].scheme, list->scheme) != 0) zoning++;
    enum status status = official_need(arena, file, zonings[zoning].commune, &commune, error);
    if (status == STATUS_OK) status = official_need(arena, file, zonings[zoning].area, &area, error);
    if (status == STATUS_OK) status = official_need(arena, file, zonings[zoning].label, &label, error);
    struct map *known = map_new(arena);
    while (status == STATUS_OK && official_next(file)) {
        const char *code = file->cells[area], *place = commune_code(arena, file->cells[commune]);
        if (!*code || !vocabulary_find(present, "territory", place))
            continue; /* a note under the table, or a commune of another year */
        const char *kept = map_get(known, code);
        if (!kept) kept = add_area(arena, file, list, &rows, known, code, label);
        official_link(arena, list, &links, kept, "territory", place);
    }
    if (status == STATUS_OK && !list->row_count)
        return error_set(error, STATUS_INPUT, N_("The file {1} holds no commune that is known here."), file->path);
    return status;
}
