/* official.c: lists as their publishers give them. */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/time.h"
#include "platform/sheet/sheet.h"
#include "platform/text/text.h"
#include "platform/vocabulary/list.h"
#include "platform/vocabulary/official_private.h"
#include "platform/vocabulary/vocabulary.h"

enum status official_open(struct official *file, const char *path, const char *sheet, struct error *error)
{
    *file = (struct official){.path = path};
    crypto_generichash_init(&file->hash, NULL, 0, crypto_generichash_BYTES);
    const enum status status = sheet_open(path, sheet, &sheet_usual_limits, &file->reader, error);
    if (status == STATUS_OK) file->column_count = sheet_columns(file->reader, &file->columns);
    return status;
}

static bool is_named(const char *name, const char *wanted, bool beginning)
{
    return beginning ? strncmp(name, wanted, strlen(wanted)) == 0 : strcmp(name, wanted) == 0;
}

/* Names compare folded, so that "Code Insee" is "code_insee". */
int official_column(struct arena *arena, const struct official *file, const char *names)
{
    for (const char *at = names; *at;) {
        const size_t length = strcspn(at, "|");
        const bool beginning = length && at[length - 1] == '*';
        const char *wanted = text_fold(arena, arena_copy_bytes(arena, at, length - beginning));
        for (size_t i = 0; i < file->column_count; i++)
            if (is_named(text_fold(arena, file->columns[i]), wanted, beginning)) return (int)i;
        at += length + (at[length] == '|');
    }
    return -1;
}

enum status official_need(struct arena *arena, const struct official *file, const char *names, int *column,
                          struct error *error)
{
    *column = official_column(arena, file, names);
    if (*column >= 0) return STATUS_OK;
    error_set(error, STATUS_INPUT, N_("The file has no column named like one of: {1}."), names);
    return error_at(error, file->path, 1, 0);
}

bool official_next(struct official *file)
{
    if (!sheet_next(file->reader, &file->cells, &file->line)) return false;
    for (size_t i = 0; i < file->column_count; i++)
        crypto_generichash_update(&file->hash, (const unsigned char *)file->cells[i], strlen(file->cells[i]) + 1);
    return true;
}

enum status official_close(struct official *file, enum status status, struct list *list, struct error *error)
{
    if (status == STATUS_OK && file->reader) status = sheet_fault(file->reader, error);
    sheet_close(&file->reader);
    if (!list) return status;
    unsigned char hash[crypto_generichash_BYTES];
    crypto_generichash_final(&file->hash, hash, sizeof hash);
    sodium_bin2hex(list->fingerprint, sizeof list->fingerprint, hash, sizeof hash);
    return status;
}

struct list_row *official_add(struct arena *arena, struct list *list, size_t *room)
{
    if (list->row_count == *room) {
        *room = *room ? 2 * *room : 1024;
        struct list_row *larger = ARENA_ARRAY(arena, *room, struct list_row);
        if (list->row_count) memcpy(larger, list->rows, list->row_count * sizeof *larger);
        list->rows = larger;
    }
    struct list_row *row = &list->rows[list->row_count++];
    *row = (struct list_row){
        .population = INT64_MIN, .latitude = INT64_MIN, .longitude = INT64_MIN, .from = INT64_MIN, .until = INT64_MAX};
    return row;
}

void official_link(struct arena *arena, struct list *list, size_t *room, const char *code, const char *other_scheme,
                   const char *other_code)
{
    if (list->link_count == *room) {
        *room = *room ? 2 * *room : 1024;
        struct list_link *larger = ARENA_ARRAY(arena, *room, struct list_link);
        if (list->link_count) memcpy(larger, list->links, list->link_count * sizeof *larger);
        list->links = larger;
    }
    list->links[list->link_count++] = (struct list_link){code, other_scheme, other_code};
}

/* The last four figures in a row of the file's name that make a year. */
static const char *year_in(struct arena *arena, const char *path)
{
    const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
    const char *found = NULL;
    for (const char *at = name; *at; at++)
        if (strspn(at, "0123456789") >= 4 && (strncmp(at, "19", 2) == 0 || strncmp(at, "20", 2) == 0)) found = at;
    return found ? arena_copy_bytes(arena, found, 4) : NULL;
}

static enum status date_list(struct arena *arena, const char *path, const struct list_request *request,
                             struct list *list, struct error *error)
{
    list->version = request->version ? request->version : year_in(arena, path);
    if (!list->version)
        return error_field(error, STATUS_INPUT, "version",
                           N_("The name of the file holds no year: say which edition it is (--version 2027)."));
    list->from = request->from;
    if (list->from == INT64_MIN) {
        const int year = atoi(list->version);
        if (year < 1900 || year > 2200)
            return error_field(error, STATUS_INPUT, "from",
                               N_("Say from which day this edition is in force (--from 2027-01-01)."));
        list->from = day_from_civil((struct civil){year, 1, 1});
    }
    return STATUS_OK;
}

static const struct official_kind {
    const char *scheme, *title_fr, *title_en, *source;
    official_read *read;
} kinds[] = {
    {"territory", "Territoires (code officiel géographique)", "Territories (official geographical code)",
     "Insee, code officiel géographique; EPCI, population and coordinates taken over from the edition before",
     official_territories},
    {"naf", "Activités (NAF)", "Activities (NAF)", "Insee, nomenclature d’activités française", official_activities},
    {"naf_correspondence", "Correspondance entre deux éditions de la NAF", "Correspondence of two editions of the NAF",
     "Insee, table de correspondance", official_correspondence},
    {"employment_area", "Zones d’emploi", "Employment areas", "Insee, zones d’emploi", official_areas},
    {"labour_basin", "Bassins d’emploi", "Labour basins", "France Travail, bassins d’emploi", official_areas},
    {"industry_territory", "Territoires d’industrie", "Industry territories", "ANCT, Territoires d’industrie",
     official_areas},
};

static const struct official_kind *find_kind(const char *scheme)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].scheme, scheme) == 0) return &kinds[i];
    return NULL;
}

enum status list_read_official(struct arena *arena, const struct vocabulary *present, const char *path,
                               const struct list_request *request, struct list *list, struct error *error)
{
    const struct official_kind *kind = find_kind(request->scheme);
    if (!kind)
        return error_field(
            error, STATUS_INPUT, "scheme", N_("There is no importer for the list “{1}”. Those that there are: {2}."),
            request->scheme,
            "territory, naf, naf_correspondence, employment_area, labour_basin, industry_territory, place");
    *list = (struct list){.scheme = kind->scheme,
                          .title_fr = kind->title_fr,
                          .title_en = kind->title_en,
                          .source = kind->source,
                          .licence = "Licence Ouverte 2.0",
                          .until = INT64_MAX};
    enum status status = date_list(arena, path, request, list, error);
    if (status) return status;
    struct official file = {0};
    status = official_open(&file, path, request->sheet, error);
    if (status == STATUS_OK) status = kind->read(arena, &file, present, list, error);
    status = official_close(&file, status, list, error);
    return status ? status : list_arrange(arena, path, list, error);
}
