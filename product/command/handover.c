/* handover.c: `maillage handover`: what the services take requests on, fetched from them. */
#include <stdio.h>

#include "base/arena.h"
#include "platform/db/db.h"
#include "platform/db/migrate.h"
#include "product/command/commands.h"
#include "product/command/settings.h"
#include "product/handover/handover.h"

static enum status fetch(struct arena *arena, const struct settings *settings, struct error *error)
{
    struct db *db = NULL;
    struct handover_services services;
    size_t count = 0, subjects = 0;
    const struct migration *migrations = schema_migrations(&count);
    enum status status = handover_read_services(arena, &settings->handovers, settings->origin, &services, error);
    if (!status) status = db_open(settings->db, &(struct db_options){.create = true}, &db, error);
    if (!status) status = db_migrate(db, migrations, count, NULL, error);
    if (!status) status = handover_fetch_subjects(db, &services, &subjects, error);
    if (!status) printf("%zu subjects. A running server offers them at its next start.\n", subjects);
    db_close(&db);
    return status;
}

static int run(int argc, char **argv)
{
    struct arena *arena = arena_new();
    struct settings settings;
    struct error error = {0};
    int code = settings_start(arena, &handover_commands[0], argc, argv, NULL, &settings);
    if (code < 0) code = options_end(fetch(arena, &settings, &error), &error);
    arena_free(&arena);
    return code;
}

const struct command handover_commands[] = {
    {"handover", "Fetches the subjects of the services to which needs are handed over.", run},
    {0},
};
