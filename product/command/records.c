/* records.c: `maillage import` and `export`: records from the command line. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/options.h"
#include "base/time.h"
#include "platform/account/account.h"
#include "platform/db/db.h"
#include "platform/index/index.h"
#include "platform/record/export.h"
#include "platform/record/import.h"
#include "product/application.h"
#include "product/command/commands.h"

/* Who acts: the account of that e-mail address, or the program itself. */
static enum status act_as(struct record_context *context, const char *email, struct error *error)
{
    struct account account;
    struct viewer *viewer = ARENA_NEW(context->arena, struct viewer);
    context->viewer = viewer_program();
    if (!email) return STATUS_OK;
    viewer->scopes = ~(rights)0;
    viewer->may_write = true;
    enum status status = account_find(context->handle, context->arena, email, &account, error);
    if (!status) status = viewer_load(context->handle, context->arena, account.id, viewer, error);
    context->viewer = viewer;
    return status;
}

static enum status open_context(struct application *application, struct arena *arena, const char *email,
                                const char *origin, struct record_context *context, struct error *error)
{
    *context = (struct record_context){
        .records = &application->records, .arena = arena, .language = LANGUAGE_FRENCH, .origin = origin};
    const enum status status = db_read_in(application->records.db, arena, &context->handle, error);
    return status ? status : act_as(context, email, error);
}

static enum status find_kind(const char *name, const struct kind **kind, struct error *error)
{
    *kind = kind_find(name);
    return *kind ? STATUS_OK : error_set(error, STATUS_INPUT, "There is no kind of record called {1}.", name);
}

static bool say_share(void *context, double share)
{
    const char *what = context;
    if (isatty(STDERR_FILENO)) fprintf(stderr, "\r  %s %3.0f %%", what, share * 100);
    return true;
}

static void say_outcome(const struct import *import, const char *what)
{
    if (isatty(STDERR_FILENO)) fprintf(stderr, "\r\x1b[K");
    printf("%s: %lld added, %lld changed, %lld the same, %lld refused\n", what, (long long)import->added,
           (long long)import->changed, (long long)import->same, (long long)import->refused);
}

static enum status say_remarks(struct record_context *context, const struct import *import, struct error *error)
{
    struct import_remark *remarks = NULL;
    size_t count = 0;
    char text[1024];
    const enum status status = import_remarks(context, import, 0, 50, &remarks, &count, error);
    for (size_t i = 0; !status && i < count; i++) {
        error_describe(&remarks[i].error, text, sizeof text);
        printf("  line %lld: %s\n", (long long)remarks[i].line, text);
    }
    if (import->refused > (int64_t)count) printf("  and %lld more\n", (long long)import->refused - (int64_t)count);
    return status;
}

struct import_wishes {
    const char *db, *kind, *file, *as, *mapping;
    bool dry_run;
};

static enum status merge_all(struct db *db, struct error *error)
{
    int64_t left = 1, before = 0;
    enum status status = STATUS_OK;
    while (!status && left > 0 && left != before) {
        before = left;
        status = index_merge(db, 100000, &left, error);
    }
    return status;
}

static enum status do_import(struct application *application, const struct import_wishes *wishes, struct arena *arena,
                             struct error *error)
{
    struct record_context context;
    const struct kind *kind = NULL;
    struct import *import = NULL;
    enum status status = find_kind(wishes->kind, &kind, error);
    if (!status) status = open_context(application, arena, wishes->as, "command", &context, error);
    if (!status) status = import_begin(&context, kind, wishes->file, wishes->file, wishes->mapping, &import, error);
    if (!status && wishes->dry_run)
        status = import_check(&context, import, say_share, (void *)(uintptr_t) "checking", error);
    else if (!status)
        status = import_apply(&context, import, say_share, (void *)(uintptr_t) "importing", error);
    if (!status && !wishes->dry_run) status = merge_all(application->records.db, error);
    if (status) return status;
    say_outcome(import, wishes->dry_run ? "Would be" : "Done");
    struct record_context fresh;
    status = open_context(application, arena, wishes->as, "command", &fresh, error);
    return status ? status : say_remarks(&fresh, import, error);
}

static int run_import(int argc, char **argv)
{
    struct import_wishes wishes = {.db = "var/maillage.db"};
    const struct option_row rows[] = {
        {NULL, "KIND", "organisation, need ...", OPTION_TEXT, true, &wishes.kind},
        {NULL, "FILE", "CSV or XLSX", OPTION_TEXT, true, &wishes.file},
        {"db", "ADDRESS", "file, or postgresql://... (var/maillage.db)", OPTION_TEXT, false, &wishes.db},
        {"as", "EMAIL", "account in whose name (the program itself)", OPTION_TEXT, false, &wishes.as},
        {"mapping", "LINES", "columns under other names: \"Column=field\", a line each", OPTION_TEXT, false,
         &wishes.mapping},
        {"dry-run", NULL, "says what would happen and keeps nothing", OPTION_FLAG, false, &wishes.dry_run},
        {.target = NULL},
    };
    struct application *application = NULL;
    struct error error = {0};
    const int code = options_start(&record_commands[0], argc, argv, rows);
    if (code >= 0) return code;
    struct arena *arena = arena_new();
    enum status status = application_open(wishes.db, false, &application, &error);
    if (!status) status = do_import(application, &wishes, arena, &error);
    arena_free(&arena);
    application_close(&application);
    return options_end(status, &error);
}

static enum status write_file(void *context, const char *bytes, size_t length, struct error *error)
{
    if (fwrite(bytes, 1, length, context) == length) return STATUS_OK;
    return error_set(error, STATUS_FAULT, "The file cannot be written: {1}.", strerror(errno));
}

struct export_wishes {
    const char *db, *kind, *out, *format, *as, *columns;
    struct option_list filters;
};

static enum status read_filters(struct arena *arena, const struct option_list *list, struct inputs *inputs,
                                struct error *error)
{
    struct input *items = ARENA_ARRAY(arena, list->count + 1, struct input);
    for (size_t i = 0; i < list->count; i++) {
        const char *equals = strchr(list->values[i], '=');
        if (!equals)
            return error_field(error, STATUS_INPUT, "filter", "Write NAME=VALUE, as in state=open: {1}.",
                               list->values[i]);
        items[i] =
            (struct input){arena_copy_bytes(arena, list->values[i], (size_t)(equals - list->values[i])), equals + 1};
    }
    *inputs = (struct inputs){items, list->count};
    return STATUS_OK;
}

static enum status do_export(struct application *application, const struct export_wishes *wishes, struct arena *arena,
                             FILE *out, struct error *error)
{
    struct record_context context;
    const struct kind *kind = NULL;
    struct record_query query;
    struct record_found found;
    struct inputs inputs;
    enum export_format format;
    if (!export_format_find(wishes->format, &format))
        return error_field(error, STATUS_INPUT, "format", "{1} is not csv, xlsx, json or geojson.", wishes->format);
    enum status status = find_kind(wishes->kind, &kind, error);
    if (!status) status = read_filters(arena, &wishes->filters, &inputs, error);
    if (!status) status = open_context(application, arena, wishes->as, "command", &context, error);
    if (!status) status = record_query_read(&context, kind, &inputs, &query, error);
    if (!status) status = record_find(&context, kind, &query, &found, error);
    return status ? status
                  : record_export_write(&context, &found, format, wishes->columns,
                                        record_query_text(arena, &query, NULL, NULL), write_file, out, error);
}

static int run_export(int argc, char **argv)
{
    struct export_wishes wishes = {.db = "var/maillage.db", .format = "csv"};
    const struct option_row rows[] = {
        {NULL, "KIND", "organisation, need ...", OPTION_TEXT, true, &wishes.kind},
        {"db", "ADDRESS", "file, or postgresql://... (var/maillage.db)", OPTION_TEXT, false, &wishes.db},
        {"out", "FILE", "where to write (standard output)", OPTION_TEXT, false, &wishes.out},
        {"format", "WORD", "csv, xlsx, json or geojson (csv)", OPTION_TEXT, false, &wishes.format},
        {"columns", "NAMES", "fields, separated by commas (all)", OPTION_TEXT, false, &wishes.columns},
        {"filter", "NAME=VALUE", "as in the address of the list; again for more", OPTION_LIST, false, &wishes.filters},
        {"as", "EMAIL", "account in whose name (what is public)", OPTION_TEXT, false, &wishes.as},
        {.target = NULL},
    };
    struct application *application = NULL;
    struct error error = {0};
    const int code = options_start(&record_commands[1], argc, argv, rows);
    if (code >= 0) return code;
    FILE *out = wishes.out ? fopen(wishes.out, "wb") : stdout;
    if (!out)
        return options_end(error_set(&error, STATUS_INPUT, "{1} cannot be written: {2}.", wishes.out, strerror(errno)),
                           &error);
    struct arena *arena = arena_new();
    enum status status = application_open(wishes.db, false, &application, &error);
    if (!status) status = do_export(application, &wishes, arena, out, &error);
    arena_free(&arena);
    application_close(&application);
    if (fclose(out) != 0 && !status)
        status = error_set(&error, STATUS_FAULT, "The file cannot be written: {1}.", strerror(errno));
    return options_end(status, &error);
}

const struct command record_commands[] = {
    {"import", "Imports records from a CSV or XLSX file.", run_import},
    {"export", "Exports records as CSV, XLSX, JSON or GeoJSON.", run_export},
    {NULL, NULL, NULL},
};
