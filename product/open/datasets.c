#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/db/db.h"
#include "platform/record/export.h"
#include "platform/record/query.h"
#include "platform/vocabulary/vocabulary.h"
#include "product/figures/figures.h"
#include "product/open/open.h"

enum { FORMATS = 4 };

static const char *const words[FORMATS] = {"csv", "xlsx", "json", "geojson"};

struct gathering {
    const struct records *records;
    struct db_handle *read;
    struct arena *arena;
    const char *origin;
    struct catalogue_dataset *datasets;
    size_t count;
};

static const char *address(const struct gathering *gathering, const char *path)
{
    return arena_print(gathering->arena, "%s%s", gathering->origin, path);
}

static void add_file(const struct gathering *gathering, struct catalogue_file *files, struct catalogue_dataset *dataset,
                     const char *format, const char *before)
{
    files[dataset->file_count++] =
        (struct catalogue_file){.format = format,
                                .language = "fr",
                                .url = arena_print(gathering->arena, "%s%s%s", gathering->origin, before, format)};
}

/* ---- lists of records ---- */

static bool is_open(const struct kind *kind)
{
    return (kind->read & ANYONE) && !(kind->fixed_audience && kind->audience != AUDIENCE_PUBLIC);
}

/* How many are public, since when, and when one of them was changed last. */
static enum status measure(struct gathering *gathering, const struct kind *kind, struct catalogue_dataset *dataset,
                           struct error *error)
{
    struct record_context context = {.records = gathering->records,
                                     .arena = gathering->arena,
                                     .viewer = viewer_public(),
                                     .handle = gathering->read,
                                     .origin = "catalogue"};
    const struct record_query query = {.sort = SORT_OLD, .page = 1, .page_size = 1};
    const char *sql =
        arena_print(gathering->arena, "SELECT MAX(updated) FROM %s WHERE reader = $1 HAVING COUNT(*) > 0", kind->name);
    struct record_found found;
    void **oldest = NULL;
    size_t count = 0;
    enum status status = record_find(&context, kind, &query, &found, error);
    if (!status) status = record_found_page(&context, &query, &found, &oldest, &count, error);
    if (status) return status;
    dataset->rows = found.total;
    if (!count) return STATUS_OK;
    dataset->begins = time_day(((const struct record *)oldest[0])->created);
    return db_one_integer(gathering->read, sql, DB_BIND(db_integer(READER_PUBLIC)), &dataset->modified, error);
}

static void offer_files(struct gathering *gathering, const struct kind *kind, struct catalogue_dataset *dataset)
{
    struct catalogue_file *files = ARENA_ARRAY(gathering->arena, FORMATS, struct catalogue_file);
    const char *before = arena_print(gathering->arena, "/fr%s/export?format=", kind->path);
    for (size_t i = 0; i < FORMATS; i++) {
        const bool placed = strcmp(words[i], "geojson") != 0 || kind->place;
        const bool small = strcmp(words[i], "xlsx") != 0 || dataset->rows <= EXPORT_BOOK_ROWS;
        if (placed && small) add_file(gathering, files, dataset, words[i], before);
    }
    dataset->files = files;
}

static enum status add_kind(struct gathering *gathering, const struct kind *kind, struct error *error)
{
    struct catalogue_dataset *dataset = &gathering->datasets[gathering->count];
    if (!is_open(kind)) return STATUS_OK;
    *dataset = (struct catalogue_dataset){
        .key = kind->name,
        .title = catalogue_say(kind->plural),
        .description = catalogue_say(kind->summary ? kind->summary : kind->plural),
        .keywords = catalogue_say(kind->keywords ? kind->keywords : kind->plural),
        .themes = kind->themes ? kind->themes : "ECON",
        .frequency = "UPDATE_CONT",
        .page = arena_print(gathering->arena, "%s/fr%s", gathering->origin, kind->path),
        .modified = INT64_MIN,
        .begins = INT64_MIN,
        .ends = INT64_MIN,
        .api = arena_print(gathering->arena, "/api/v1/%s", kind->name),
    };
    const enum status status = measure(gathering, kind, dataset, error);
    if (status) return status;
    offer_files(gathering, kind, dataset);
    gathering->count++;
    return STATUS_OK;
}

/* ---- published figures ---- */

static enum status add_figures(struct gathering *gathering, struct error *error)
{
    struct figures_release *releases = NULL;
    struct catalogue_file *files = ARENA_ARRAY(gathering->arena, FORMATS, struct catalogue_file);
    struct catalogue_dataset *dataset = &gathering->datasets[gathering->count];
    size_t count = 0;
    const enum status status = figures_releases(gathering->read, gathering->arena, &releases, &count, error);
    if (status || !count) return status == STATUS_MISSING ? STATUS_OK : status;
    *dataset = (struct catalogue_dataset){
        .key = "figures-need",
        .title = catalogue_say(N_("Needs of the whole network")),
        .description =
            catalogue_say(N_("Companies that said a need, by quarter, territory, kind of need and sector; no "
                             "figure under 3.")),
        .keywords = catalogue_say(N_("needs;companies;statistics;territories")),
        .themes = "ECON;REGI",
        .frequency = "QUARTERLY",
        .page = address(gathering, "/fr/understand/figures"),
        .version = figures_quarter_name(gathering->arena, releases[0].quarter),
        .modified = releases[0].frozen,
        .begins = figures_quarter_start(releases[count - 1].quarter),
        .ends = figures_quarter_start(releases[0].quarter + 1) - 1,
        .rows = INT64_MIN,
        .api = "/api/v1/figures/needs",
        .files = files,
    };
    for (size_t i = 0; i < FORMATS; i++)
        add_file(gathering, files, dataset, words[i], "/fr/understand/figures/export?format=");
    gathering->count++;
    return STATUS_OK;
}

/* ---- code lists ---- */

bool open_list(const struct vocabulary_edition *edition)
{
    return edition->current && edition->licence && *edition->licence && edition->codes > 0;
}

static void add_list(struct gathering *gathering, const struct vocabulary_edition *edition)
{
    struct catalogue_file *files = ARENA_ARRAY(gathering->arena, FORMATS, struct catalogue_file);
    struct catalogue_dataset *dataset = &gathering->datasets[gathering->count++];
    *dataset = (struct catalogue_dataset){
        .key = arena_print(gathering->arena, "codes-%s", edition->scheme),
        .title = {{[LANGUAGE_FRENCH] = edition->title_fr, [LANGUAGE_ENGLISH] = edition->title_en}},
        .description = catalogue_say(N_("A list of codes that the records of this site use, with its labels and its "
                                        "hierarchy.")),
        .keywords = catalogue_say(N_("code list;nomenclature;reference data")),
        .themes = "GOVE",
        .frequency = "IRREG",
        .page = address(gathering, "/fr/sources"),
        .version = edition->version,
        .source = edition->source,
        .rights = edition->licence,
        .licence = catalogue_licence(edition->licence),
        .modified = INT64_MIN,
        .begins = edition->from,
        .ends = edition->until == INT64_MAX ? INT64_MIN : edition->until,
        .rows = edition->codes,
        .files = files,
    };
    const char *before = arena_print(gathering->arena, OPEN_CODES_PATH "/%s/", edition->scheme);
    for (size_t i = 0; i < FORMATS - 1; i++) add_file(gathering, files, dataset, words[i], before);
}

enum status open_datasets(const struct records *records, struct db_handle *read, struct arena *arena,
                          const char *origin, struct catalogue_dataset **datasets, size_t *count, struct error *error)
{
    struct gathering gathering = {.records = records, .read = read, .arena = arena, .origin = origin};
    const struct vocabulary_edition *editions = NULL;
    const size_t lists = vocabulary_editions(records->vocabulary, &editions);
    enum status status = STATUS_OK;
    size_t kinds = 0;
    while (kinds_all()[kinds]) kinds++;
    gathering.datasets = ARENA_ARRAY(arena, kinds + lists + 1, struct catalogue_dataset);
    for (size_t i = 0; !status && i < kinds; i++) status = add_kind(&gathering, kinds_all()[i], error);
    if (!status) status = add_figures(&gathering, error);
    for (size_t i = 0; !status && i < lists; i++)
        if (open_list(&editions[i])) add_list(&gathering, &editions[i]);
    *datasets = gathering.datasets;
    *count = gathering.count;
    return status;
}
