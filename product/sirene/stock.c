/* stock.c: the monthly files, read by the names of their columns. */
#include <string.h>

#include "base/arena.h"
#include "platform/csv/csv.h"
#include "product/sirene/sirene_private.h"

struct column {
    const char *name;
    bool optional; /* not in the files of all years */
};

static const struct column establishment_columns[E_COLUMNS] = {
    [E_SIREN] = {"siren"},
    [E_SIRET] = {"siret"},
    [E_DIFFUSION] = {"statutDiffusionEtablissement"},
    [E_TREATED] = {"dateDernierTraitementEtablissement"},
    [E_SEAT] = {"etablissementSiege"},
    [E_COMMUNE] = {"codeCommuneEtablissement"},
    [E_BEGAN] = {"dateDebut"},
    [E_STATE] = {"etatAdministratifEtablissement"},
    [E_SIGN] = {"enseigne1Etablissement"},
    [E_USUAL] = {"denominationUsuelleEtablissement"},
    [E_NAF] = {"activitePrincipaleEtablissement"},
    [E_EMPLOYER] = {"caractereEmployeurEtablissement"},
    [E_NAF25] = {"activitePrincipaleNAF25Etablissement", true},
};

static const struct column unit_columns[U_COLUMNS] = {
    [U_SIREN] = {"siren"},
    [U_DIFFUSION] = {"statutDiffusionUniteLegale"},
    [U_NAME] = {"denominationUniteLegale"},
    [U_USUAL] = {"denominationUsuelle1UniteLegale"},
    [U_LEGAL] = {"categorieJuridiqueUniteLegale"},
    [U_BAND] = {"trancheEffectifsUniteLegale"},
    [U_STATE] = {"etatAdministratifUniteLegale"},
    [U_BEGAN] = {"dateDebut"},
};

enum { COLUMNS_MOST = E_COLUMNS };
_Static_assert((int)U_COLUMNS <= (int)E_COLUMNS, "the larger table");

struct table {
    const struct column *columns;
    size_t count;
    size_t places[COLUMNS_MOST]; /* of each in the file; SIZE_MAX: it has none */
    void (*take)(struct sirene_gathering *gathering, const char *const *values);
};

static enum status find_columns(struct table *table, const struct csv_reader *reader, const struct csv_row *head,
                                struct error *error)
{
    for (size_t i = 0; i < table->count; i++) {
        table->places[i] = SIZE_MAX;
        for (size_t j = 0; j < head->count; j++)
            if (strcmp(head->cells[j].text, table->columns[i].name) == 0) table->places[i] = j;
        if (table->places[i] != SIZE_MAX || table->columns[i].optional) continue;
        error_set(error, STATUS_INPUT, N_("There is no column {1}: is this the stock file of Sirene?"),
                  table->columns[i].name);
        return csv_error_at(reader, 1, error);
    }
    return STATUS_OK;
}

static enum status read_table(struct sirene_gathering *gathering, const char *path, struct table *table,
                              struct error *error)
{
    struct arena *arena = arena_new();
    struct csv_reader *reader = NULL;
    const struct csv_row *row = NULL;
    const char *values[COLUMNS_MOST];
    enum status status = csv_open_packed(arena, path, NULL, &reader, error);
    if (!status) status = csv_next(reader, &row, error);
    if (!status && !row) status = error_set(error, STATUS_INPUT, N_("The file {1} is empty."), path);
    if (!status) status = find_columns(table, reader, row, error);
    while (!status && !(status = csv_next(reader, &row, error)) && row) {
        for (size_t i = 0; i < table->count; i++)
            values[i] = table->places[i] == SIZE_MAX ? NULL : row->cells[table->places[i]].text;
        table->take(gathering, values);
    }
    arena_free(&arena);
    return status;
}

enum status sirene_read_establishments(struct sirene_gathering *gathering, const char *path, struct error *error)
{
    struct table table = {.columns = establishment_columns, .count = E_COLUMNS, .take = sirene_take_establishment};
    return read_table(gathering, path, &table, error);
}

enum status sirene_read_units(struct sirene_gathering *gathering, const char *path, struct error *error)
{
    struct table table = {.columns = unit_columns, .count = U_COLUMNS, .take = sirene_take_unit};
    return read_table(gathering, path, &table, error);
}
