/* reference.c: the code lists, loaded from build/reference and from official files. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/options.h"
#include "base/time.h"
#include "platform/db/db.h"
#include "platform/db/migrate.h"
#include "platform/vocabulary/list.h"
#include "platform/vocabulary/vocabulary.h"
#include "product/command/commands.h"

static int run(int argc, char **argv);

const struct command reference_commands[] = {
    {"reference", "Loads the code lists: territories, activities, sizes, skills ...", run},
    {0},
};

struct wishes {
    const char *db, *directory, *scheme, *file, *version, *from, *sheet;
    bool list;
};

/* One line that is written over; nothing when the output is not a terminal. */
static void report(void *context, const char *scheme, size_t done, size_t total)
{
    (void)context;
    if (isatty(STDOUT_FILENO))
        printf("\r  %-20s %3zu %%\x1b[K%s", scheme, 100 * done / total, done == total ? "\r\x1b[K" : "");
    fflush(stdout);
}

static void say_loaded(const struct list *list)
{
    printf("  %-20s %-10s %6zu codes\n", list->scheme, list->version, list->row_count);
}

static enum status store(struct db *db, const struct list *list, bool *changed, struct error *error)
{
    const struct list_progress progress = {.report = report};
    const enum status status = list_store(db, list, &progress, changed, error);
    if (status == STATUS_OK && *changed) say_loaded(list);
    return status;
}

static bool is_list(const char *path)
{
    char head[9] = "";
    FILE *file = fopen(path, "rb");
    const bool read = file && fread(head, 1, 8, file) == 8;
    if (file) fclose(file);
    return read && strcmp(head, "# scheme") == 0;
}

/* The lists that set-up writes know towns only; the postal file may have been imported since. */
static enum status keep_places(struct db *db, struct list *list, struct error *error)
{
    struct vocabulary *present = NULL;
    if (strcmp(list->scheme, "territory") != 0) return STATUS_OK;
    const enum status status = vocabulary_load(db, &present, error);
    if (status) return status;
    list_keep_places(present, list);
    vocabulary_free(&present);
    return STATUS_OK;
}

static enum status load_file(struct db *db, const char *path, struct error *error)
{
    struct arena *arena = arena_new();
    struct list list;
    bool stored = false, changed = false;
    enum status status = list_peek(arena, path, &list, error);
    if (status == STATUS_OK) status = list_is_stored(db, &list, &stored, error);
    if (status == STATUS_OK && !stored) status = list_read(arena, path, &list, error);
    if (status == STATUS_OK && !stored) status = keep_places(db, &list, error);
    if (status == STATUS_OK && !stored) status = store(db, &list, &changed, error);
    arena_free(&arena);
    return status;
}

static int is_csv(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');
    return dot && strcmp(dot, ".csv") == 0;
}

static enum status load_directory(struct db *db, const char *directory, struct error *error)
{
    struct dirent **entries = NULL;
    const int count = scandir(directory, &entries, is_csv, alphasort);
    enum status status = STATUS_OK;
    if (count <= 0)
        status =
            error_set(error, STATUS_INPUT,
                      N_("There is no list in {1}: run tools/setup, or name the directory (--directory)."), directory);
    for (int i = 0; i < count; i++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", directory, entries[i]->d_name);
        if (status == STATUS_OK && is_list(path)) status = load_file(db, path, error);
        free(entries[i]);
    }
    free(entries);
    return status;
}

static enum status import_list(struct db *db, const struct vocabulary *present, const struct wishes *wishes,
                               struct error *error)
{
    struct list_request request = {
        .scheme = wishes->scheme, .version = wishes->version, .from = INT64_MIN, .sheet = wishes->sheet};
    if (wishes->from && !day_parse(wishes->from, &request.from))
        return error_field(error, STATUS_INPUT, "from", N_("“{1}” is not a date such as 2027-01-01."), wishes->from);
    struct arena *arena = arena_new();
    struct list list;
    bool changed = false;
    enum status status = is_list(wishes->file)
                             ? list_read(arena, wishes->file, &list, error)
                             : list_read_official(arena, present, wishes->file, &request, &list, error);
    if (status == STATUS_OK) status = store(db, &list, &changed, error);
    if (status == STATUS_OK && !changed)
        printf("  %s %s was loaded from this file before.\n", list.scheme, list.version);
    arena_free(&arena);
    return status;
}

static enum status import_places(struct db *db, const struct vocabulary *present, const char *file, struct error *error)
{
    size_t placed = 0, left = 0;
    const enum status status = list_place_communes(db, present, file, &placed, &left, error);
    if (status == STATUS_OK)
        printf("  %zu communes, former ones included, have their coordinates; of those in force %zu keep a centre or "
               "none.\n",
               placed, left);
    return status;
}

static enum status import_file(struct db *db, const struct wishes *wishes, struct error *error)
{
    struct vocabulary *present = NULL;
    enum status status = vocabulary_load(db, &present, error);
    if (status) return status;
    status = strcmp(wishes->scheme, "place") == 0 ? import_places(db, present, wishes->file, error)
                                                  : import_list(db, present, wishes, error);
    vocabulary_free(&present);
    return status;
}

static enum status print_lists(struct db *db, struct error *error)
{
    struct vocabulary *vocabulary = NULL;
    const struct vocabulary_edition *editions = NULL;
    const enum status status = vocabulary_load(db, &vocabulary, error);
    const size_t count = status ? 0 : vocabulary_editions(vocabulary, &editions);
    for (size_t i = 0; i < count; i++)
        printf("%-20s %-10s %s %6lld  %s\n", editions[i].scheme, editions[i].version,
               editions[i].current ? "in force" : "        ", (long long)editions[i].codes, editions[i].source);
    vocabulary_free(&vocabulary);
    return status;
}

static enum status migrate(struct db *db, struct error *error)
{
    size_t count = 0;
    const struct migration *migrations = schema_migrations(&count);
    return db_migrate(db, migrations, count, NULL, error);
}

static enum status fulfil(struct db *db, const struct wishes *wishes, struct error *error)
{
    if (wishes->list) return print_lists(db, error);
    const enum status status = migrate(db, error);
    if (status) return status;
    if (!wishes->scheme) return load_directory(db, wishes->directory, error);
    if (!wishes->file)
        return error_set(error, STATUS_INPUT, N_("Say which file to import: maillage reference --import SCHEME FILE."));
    return import_file(db, wishes, error);
}

static int run(int argc, char **argv)
{
    struct wishes wishes = {.directory = "build/reference"};
    const struct option_row rows[] = {
        {"db", "ADDRESS", "the database: a file or postgresql://...", OPTION_TEXT, true, &wishes.db},
        {"directory", "DIRECTORY", "the lists that set-up wrote (build/reference)", OPTION_TEXT, false,
         &wishes.directory},
        {"import", "SCHEME",
         "import an official file: territory, naf, naf_correspondence, employment_area, labour_basin, "
         "industry_territory, place",
         OPTION_TEXT, false, &wishes.scheme},
        {NULL, "FILE", "the file to import: CSV, XLSX or a list of this project", OPTION_TEXT, false, &wishes.file},
        {"version", "NAME", "its edition, when the file's name does not hold the year", OPTION_TEXT, false,
         &wishes.version},
        {"from", "DATE", "first day in force, when it is not 1 January of that year", OPTION_TEXT, false, &wishes.from},
        {"sheet", "NAME", "the sheet of a workbook", OPTION_TEXT, false, &wishes.sheet},
        {"list", NULL, "print the editions that are loaded", OPTION_FLAG, false, &wishes.list},
        {0},
    };
    const int end = options_start(reference_commands, argc, argv, rows);
    if (end >= 0) return end;
    struct db *db = NULL;
    struct error error = {0};
    enum status status = db_open(wishes.db, &(struct db_options){.create = true}, &db, &error);
    if (status == STATUS_OK) status = fulfil(db, &wishes, &error);
    db_close(&db);
    return options_end(status, &error);
}
