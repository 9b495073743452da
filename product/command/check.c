/* check.c: `maillage check`, whether a database holds what it says, and `maillage seal`, which seals its history. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/options.h"
#include "base/time.h"
#include "platform/record/check.h"
#include "platform/record/seal.h"
#include "product/application.h"
#include "product/command/commands.h"

enum { HEAD_BYTES = 2048, EXIT_FOUND = 2, EXIT_NO_ANSWER = 3, SETTLED_MS = 60000, SEALS_MOST = 1000000 };

/* ---- check ---- */

struct telling {
    int64_t most, told;
};

static void say(void *context, const char *sentence)
{
    struct telling *telling = context;
    if (telling->told++ < telling->most) printf("%s\n", sentence);
}

static void say_totals(const struct check_totals *totals, const struct telling *telling)
{
    if (telling->told > telling->most) printf("and %lld more.\n", (long long)(telling->told - telling->most));
    printf("%lld records, %lld lines of history (%lld erased), %lld seals (%lld lines not sealed yet), %lld accounts: ",
           (long long)totals->records, (long long)totals->lines, (long long)totals->erased, (long long)totals->seals,
           (long long)totals->unsealed, (long long)totals->accounts);
    if (totals->findings)
        printf("%lld things to put right", (long long)totals->findings);
    else
        printf("all is as it should be");
    if (totals->repaired) printf(", %lld records put right in the index", (long long)totals->repaired);
    printf(".\n");
}

static enum status read_head(struct arena *arena, const char *path, const char **text, struct error *error)
{
    char bytes[HEAD_BYTES] = "";
    FILE *file = fopen(path, "re");
    if (!file) return error_set(error, STATUS_INPUT, "{1} cannot be read: {2}.", path, strerror(errno));
    const size_t length = fread(bytes, 1, sizeof bytes - 1, file);
    fclose(file);
    *text = arena_copy_bytes(arena, bytes, length);
    return STATUS_OK;
}

static int run_check(int argc, char **argv)
{
    const char *db = "var/maillage.db", *head = NULL, *day = NULL;
    struct telling telling = {.most = 100};
    struct check_wishes wishes = {.day = time_today(), .say = say, .context = &telling};
    struct check_totals totals = {.findings = 0};
    const struct option_row rows[] = {
        {"db", "ADDRESS", "file, or postgresql://... (var/maillage.db): live, a backup or a replica", OPTION_TEXT,
         false, &db},
        {"head", "FILE", "a head that maillage seal wrote and that was kept elsewhere", OPTION_TEXT, false, &head},
        {"day", "DAY", "as of which day rights are compared (today): for a backup, its own", OPTION_TEXT, false, &day},
        {"most", "N", "sentences shown (100)", OPTION_NUMBER, false, &telling.most},
        {"repair-index", NULL, "puts the index right; while nobody writes", OPTION_FLAG, false, &wishes.repair_index},
        {.target = NULL},
    };
    struct error error = {0};
    struct application *application = NULL;
    const int code = options_start(&check_commands[0], argc, argv, rows);
    if (code >= 0) return code;
    struct arena *arena = arena_new();
    enum status status = STATUS_OK;
    if (day && !day_parse(day, &wishes.day))
        status = error_field(&error, STATUS_INPUT, "day", "{1} is not a day: write 2026-11-22.", day);
    if (!status && head) status = read_head(arena, head, &wishes.head, &error);
    if (!status) status = application_open_as_is(db, &application, &error);
    if (!status) status = record_check(&application->records, &wishes, &totals, &error);
    if (!status) say_totals(&totals, &telling);
    application_close(&application);
    arena_free(&arena);
    if (status) options_end(status, &error);
    return status ? EXIT_NO_ANSWER : totals.findings > totals.repaired ? EXIT_FOUND : 0;
}

/* ---- seal ---- */

static enum status write_head(struct db *db, struct arena *arena, const char *path, struct error *error)
{
    struct seal seal;
    struct db_handle *read = NULL;
    enum status status = db_read_in(db, arena, &read, error);
    if (!status) status = seal_last(read, &seal, error);
    if (status) return status;
    if (!seal.number)
        return error_set(error, STATUS_NONE, "There is no line of history older than a minute to seal yet.");
    FILE *file = path ? fopen(path, "we") : stdout;
    if (!file) return error_set(error, STATUS_INPUT, "{1} cannot be written: {2}.", path, strerror(errno));
    const bool written = fputs(seal_print(arena, &seal), file) >= 0 && fflush(file) == 0;
    if (path) fclose(file);
    return written ? STATUS_OK : error_set(error, STATUS_FAULT, "The head cannot be written.");
}

static int run_seal(int argc, char **argv)
{
    const char *db = "var/maillage.db", *head = NULL, *key = NULL;
    bool all = false;
    const struct option_row rows[] = {
        {"db", "ADDRESS", "file, or postgresql://... (var/maillage.db)", OPTION_TEXT, false, &db},
        {"head", "FILE", "where to write the head, to be kept elsewhere (standard output)", OPTION_TEXT, false, &head},
        {"key", "FILE", "signing key, made when it is not there (beside the database; var/seal-key)", OPTION_TEXT,
         false, &key},
        {"all", NULL, "also lines of the last minute: when nobody writes", OPTION_FLAG, false, &all},
        {.target = NULL},
    };
    struct application *application = NULL;
    struct error error = {0};
    unsigned char secret[SEAL_SECRET];
    int64_t made = 0;
    const int code = options_start(&check_commands[1], argc, argv, rows);
    if (code >= 0) return code;
    struct arena *arena = arena_new();
    enum status status = application_open(db, false, &application, &error);
    if (!status && !key) key = application_seal_key(arena, application->records.db);
    if (!status) status = seal_key(key, secret, &error);
    if (!status)
        status = history_seal(application->records.db, secret, time_now() + (all ? 1000 : -SETTLED_MS), SEALS_MOST,
                              &made, &error);
    if (!status) status = write_head(application->records.db, arena, head, &error);
    if (!status) fprintf(stderr, "%lld seals made\n", (long long)made);
    arena_free(&arena);
    application_close(&application);
    return options_end(status, &error);
}

const struct command check_commands[] = {
    {"check", "Checks a database: engine, records, index, history, seals, rights. 2: something is wrong.", run_check},
    {"seal", "Seals the history into a signed chain, and writes its head, to be kept elsewhere.", run_seal},
    {NULL, NULL, NULL},
};
