/* migration.c: `maillage migration`: writes the next numbered SQL file from the field tables. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/options.h"
#include "platform/db/migrate.h"
#include "platform/record/kind.h"
#include "platform/record/schema.h"
#include "product/command/commands.h"
#include "product/kinds/kinds.h"

static enum status write_text(const char *path, const char *sql, struct error *error)
{
    FILE *file = fopen(path, "wx");
    if (!file) return error_set(error, STATUS_INPUT, "{1} cannot be written: {2}.", path, strerror(errno));
    fputs(sql, file);
    if (fclose(file) != 0) return error_set(error, STATUS_FAULT, "{1} cannot be written: {2}.", path, strerror(errno));
    printf("Written: %s. Build again to take it in.\n", path);
    return STATUS_OK;
}

static enum status compare(struct arena *arena, const char *folder, const char *name, const char *scratch,
                           struct error *error)
{
    struct db *db = NULL;
    const char *sql = NULL;
    size_t count = 0;
    const struct migration *migrations = schema_migrations(&count);
    enum status status = db_open(scratch, &(struct db_options){.create = true}, &db, error);
    if (!status) status = db_migrate(db, migrations, count, NULL, error);
    if (!status) status = schema_difference(db, arena, product_kinds, &sql, error);
    db_close(&db);
    if (status) return status;
    if (!sql)
        return puts("The migrations and the field tables agree: nothing to write.") < 0 ? STATUS_FAULT : STATUS_OK;
    const int number = count ? migrations[count - 1].number + 1 : 1;
    return write_text(arena_print(arena, "%s/%04d-%s.sql", folder, number, name), sql, error);
}

static int run_migration(int argc, char **argv)
{
    const char *folder = "sql", *name = "fields";
    const struct option_row rows[] = {
        {"directory", "DIR", "folder of the migrations (sql)", OPTION_TEXT, false, &folder},
        {"name", "NAME", "what the change is for, in the file's name", OPTION_TEXT, false, &name},
        {.target = NULL},
    };
    struct error error = {0};
    char scratch[] = "/tmp/maillage-migration-XXXXXX";
    const int code = options_start(&migration_commands[0], argc, argv, rows);
    if (code >= 0) return code;
    if (!mkdtemp(scratch))
        return options_end(error_set(&error, STATUS_FAULT, "No temporary folder can be made: {1}.", strerror(errno)),
                           &error);
    struct arena *arena = arena_new();
    const char *database = arena_print(arena, "%s/schema.db", scratch);
    kinds_set(product_kinds);
    const enum status status = compare(arena, folder, name, database, &error);
    const char *const endings[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        unlink(arena_print(arena, "%s%s", database, endings[i]));
    rmdir(scratch);
    arena_free(&arena);
    return options_end(status, &error);
}

const struct command migration_commands[] = {
    {"migration", "Writes the next numbered SQL file from the field tables.", run_migration},
    {NULL, NULL, NULL},
};
