#include "product/application.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/fatal.h"
#include "platform/account/account.h"
#include "platform/db/migrate.h"
#include "platform/index/index.h"
#include "platform/job/job.h"
#include "platform/vocabulary/vocabulary.h"
#include "product/kinds/kinds.h"
#include "product/roles.h"
#include "product/upkeep.h"

/* More than the server's threads and workers: a long export must not keep pages waiting. */
enum { READERS = 12 };

static enum status open_parts(struct application *application, const char *address, bool create, struct error *error)
{
    struct records *records = &application->records;
    size_t count = 0;
    const struct migration *migrations = schema_migrations(&count);
    enum status status =
        db_open(address, &(struct db_options){.create = create, .readers = READERS}, &records->db, error);
    if (!status) application_set_accounts(records->db, NULL, false);
    if (!status) status = db_migrate(records->db, migrations, count, NULL, error);
    if (!status) status = vocabulary_load(records->db, &records->vocabulary, error);
    if (status) return status;
    records->index = index_open(records->db, 0);
    return records_follow_vocabulary(records, NULL, error);
}

/* What the platform is told of the product, once. */
static struct application *begin(void)
{
    struct application *application = calloc(1, sizeof *application);
    if (!application) fatal_memory(sizeof *application);
    application->records.rights = &product_rights;
    kinds_set(product_kinds);
    job_declare(product_jobs);
    return application;
}

enum status application_open_as_is(const char *address, struct application **application, struct error *error)
{
    size_t count = 0;
    int version = 0;
    const struct migration *migrations = schema_migrations(&count);
    *application = begin();
    struct records *records = &(*application)->records;
    enum status status = db_open(address, &(struct db_options){.create = false}, &records->db, error);
    if (!status) status = db_version(records->db, &version, error);
    if (!status && version != migrations[count - 1].number)
        status =
            error_set(error, STATUS_CONFLICT,
                      "The database has another schema than this program: check it with the program that wrote it.");
    return status ? status : vocabulary_load(records->db, &records->vocabulary, error);
}

enum status application_open(const char *address, bool create, struct application **result, struct error *error)
{
    struct application *application = begin();
    const enum status status = open_parts(application, address, create, error);
    if (status) application_close(&application);
    *result = application;
    return status;
}

void application_close(struct application **application)
{
    if (!*application) return;
    struct records *records = &(*application)->records;
    if (records->index) index_close(&records->index);
    if (records->vocabulary) vocabulary_free(&records->vocabulary);
    if (records->db) db_close(&records->db);
    free(*application);
    *application = NULL;
}

/* A key's file stands beside an SQLite file, never in a database. */
static const char *beside(struct arena *arena, const struct db *db, const char *name)
{
    return db_engine(db) == DB_SQLITE ? arena_print(arena, "%s.%s", db_address(db), name)
                                      : arena_print(arena, "var/%s", name);
}

const char *application_seal_key(struct arena *arena, const struct db *db) { return beside(arena, db, "seal-key"); }

void application_set_accounts(const struct db *db, const char *key_file, bool strict)
{
    struct arena *arena = arena_new();
    const struct account_policy policy = {.model = &product_rights,
                                          .organisation_name = "SELECT name FROM organisation WHERE id = $1",
                                          .key_file = key_file ? key_file : beside(arena, db, "account-key"),
                                          .factor_for = strict ? ADMINISTRATOR : NOBODY};
    account_configure(&policy);
    arena_free(&arena);
}

const char *application_erased_list(struct arena *arena, const char *address)
{
    return strstr(address, "://") ? "var/erased" : arena_print(arena, "%s.erased", address);
}
