/* erase.c: `maillage erase`: a record, what it says of people, an account, or all that a list says; and writing the database anew. */
#include <stdio.h>

#include "base/arena.h"
#include "base/options.h"
#include "platform/account/account.h"
#include "platform/db/db.h"
#include "platform/record/traces.h"
#include "product/application.h"
#include "product/command/commands.h"

struct wishes {
    const char *db, *kind, *email, *list;
    int64_t id;
    bool people, compact, whole;
};

static void tell_kept(void *context, const char *kind, int64_t id, const struct error *why)
{
    char text[1024];
    (void)context;
    error_describe(why, text, sizeof text);
    fprintf(stderr, "%s %lld could not be erased: %s\n", kind, (long long)id, text);
}

struct work {
    const struct records *records;
    struct record_erasing erasing;
};

static enum status erase_in(struct db_handle *write, void *data, struct error *error)
{
    const struct work *work = data;
    return record_erase_for(work->records, write, &work->erasing, error);
}

static enum status erase_one(const struct wishes *wishes, struct application *application, struct error *error)
{
    const struct kind *kind = kind_find(wishes->kind);
    struct traces_removed removed = {0};
    const struct work work = {&application->records, {kind, wishes->id, wishes->people, "command", NULL}};
    if (!kind) return error_field(error, STATUS_INPUT, "kind", "There is no kind {1}.", wishes->kind);
    if (!wishes->id) return error_field(error, STATUS_INPUT, "id", "Say which record: --id NUMBER.");
    enum status status = db_transaction(application->records.db, erase_in, (void *)(uintptr_t)&work, error);
    if (!status) status = record_traces_remove(&application->records, kind, &removed, error);
    if (!status)
        printf("%s %lld: %s\n", kind->name, (long long)wishes->id, wishes->people ? "people erased" : "erased");
    return status;
}

static enum status erase_account_of(const struct wishes *wishes, struct application *application, struct error *error)
{
    struct arena *arena = arena_new();
    struct db_handle *read = NULL;
    struct account account = {.id = 0};
    enum status status = db_read(application->records.db, &read, error);
    if (!status) status = account_find(read, arena, wishes->email, &account, error);
    db_release(&read);
    arena_free(&arena);
    if (!status) status = person_erase(application->records.db, 0, account.id, error);
    if (!status) printf("account %lld: erased\n", (long long)account.id);
    return status;
}

static enum status replay(const struct wishes *wishes, struct application *application, struct error *error)
{
    struct erased_totals totals = {0};
    const enum status status = application_erase_again(application, wishes->list, tell_kept, &totals, error);
    if (!status)
        printf("%lld listed, %lld erased again, %lld kept\n", (long long)totals.listed, (long long)totals.erased,
               (long long)totals.kept);
    return status ? status : totals.kept ? error_set(error, STATUS_CONFLICT, "Not all could be erased.") : STATUS_OK;
}

static enum status erase(const struct wishes *wishes, struct application *application, struct error *error)
{
    enum status status = STATUS_OK;
    if (wishes->kind) status = erase_one(wishes, application, error);
    if (!status && wishes->email) status = erase_account_of(wishes, application, error);
    if (!status && wishes->list) status = replay(wishes, application, error);
    if (!status && (wishes->compact || wishes->whole))
        status = db_compact(application->records.db, wishes->whole, error);
    return status;
}

static int run(int argc, char **argv)
{
    struct wishes wishes = {.db = "var/maillage.db"};
    const struct option_row rows[] = {
        {"db", "ADDRESS", "file, or postgresql://... (var/maillage.db)", OPTION_TEXT, false, &wishes.db},
        {"kind", "KIND", "erases a record of that kind: need, organisation ...", OPTION_TEXT, false, &wishes.kind},
        {"id", "NUMBER", "which record", OPTION_NUMBER, false, &wishes.id},
        {"people", NULL, "only what the record and its history say of people", OPTION_FLAG, false, &wishes.people},
        {"email", "ADDRESS", "erases the account of that address", OPTION_TEXT, false, &wishes.email},
        {"replay", "LIST", "erases again what that list says was erased", OPTION_TEXT, false, &wishes.list},
        {"compact", NULL, "then writes the database anew (on PostgreSQL: VACUUM)", OPTION_FLAG, false, &wishes.compact},
        {"whole", NULL, "the same; on PostgreSQL VACUUM FULL, which keeps others out meanwhile", OPTION_FLAG, false,
         &wishes.whole},
        {.target = NULL},
    };
    struct application *application = NULL;
    struct error error = {0};
    const int code = options_start(&erase_commands[0], argc, argv, rows);
    if (code >= 0) return code;
    enum status status = application_open(wishes.db, false, &application, &error);
    if (!status) status = erase(&wishes, application, &error);
    application_close(&application);
    return options_end(status, &error);
}

const struct command erase_commands[] = {
    {"erase", "Erases a record, what it says of people, or an account; or again what a list says was erased.", run},
    {NULL, NULL, NULL},
};
