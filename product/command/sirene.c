/* sirene.c: `maillage sirene`: Insee's stock files into the organisations. */
#include <stdio.h>

#include "base/arena.h"
#include "platform/index/index.h"
#include "product/application.h"
#include "product/command/commands.h"
#include "product/sirene/sirene.h"

enum { MERGE_LINES = 100000 };

struct wishes {
    const char *db, *establishments, *units, *filter;
};

static enum status merge(struct db *db, struct error *error)
{
    int64_t left = 1, before = 0;
    enum status status = STATUS_OK;
    while (!status && left > 0 && left != before) {
        before = left;
        status = index_merge(db, MERGE_LINES, &left, error);
    }
    return status;
}

static void print_count(const struct sirene_count *count)
{
    const struct {
        const char *label;
        int64_t value;
    } rows[] = {
        {"establishments read", count->lines},
        {"kept", count->kept},
        {"companies", count->companies},
        {"organisations added", count->added},
        {"changed", count->changed},
        {"of these, marked closed", count->closed},
        {"as they were", count->same},
        {"left out: no name that may be shown", count->unnamed},
        {"erased: withheld by Insee now", count->withheld},
        {"left as they are: not public", count->refused},
        {"lines or companies with a fault", count->faulty},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        printf("  %-40s %10lld\n", rows[i].label, (long long)rows[i].value);
}

static enum status import(struct arena *arena, struct application *application, const struct wishes *wishes,
                          struct error *error)
{
    const struct records *records = &application->records;
    struct sirene_filter *filter = NULL;
    struct sirene_gathering *gathering = NULL;
    struct sirene_count count;
    enum status status = sirene_filter_read(arena, records, wishes->filter, &filter, error);
    if (!status) status = sirene_begin(arena, records, filter, &gathering, error);
    if (!status) status = sirene_read_establishments(gathering, wishes->establishments, error);
    if (!status && wishes->units) status = sirene_read_units(gathering, wishes->units, error);
    if (!status) status = sirene_store(gathering, &count, error);
    if (!status) status = merge(records->db, error);
    if (!status) print_count(&count);
    return status;
}

static int run(int argc, char **argv)
{
    struct wishes wishes = {.filter = ""};
    const struct option_row rows[] = {
        {"db", "ADDRESS", "the database: a file or postgresql://...", OPTION_TEXT, true, &wishes.db, NULL},
        {"file", "FILE", "StockEtablissement_utf8.csv, or the zip archive that holds it", OPTION_TEXT, true,
         &wishes.establishments, NULL},
        {"legal", "FILE", "StockUniteLegale_utf8.csv or its archive: names, sizes and legal categories", OPTION_TEXT,
         false, &wishes.units, NULL},
        {"filter", "WORDS", "naf=C,naf=62.01Z,place=R32,place=59350,active,employer; else every line", OPTION_TEXT,
         false, &wishes.filter, NULL},
        {.target = NULL},
    };
    struct application *application = NULL;
    struct error error = {0};
    const int code = options_start(&sirene_commands[0], argc, argv, rows);
    if (code >= 0) return code;
    struct arena *arena = arena_new();
    enum status status = application_open(wishes.db, false, &application, &error);
    if (!status) status = import(arena, application, &wishes, &error);
    application_close(&application);
    arena_free(&arena);
    return options_end(status, &error);
}

const struct command sirene_commands[] = {
    {"sirene", "Brings Insee's stock files of companies into the organisations.", run},
    {NULL, NULL, NULL},
};
