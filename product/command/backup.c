/* backup.c: `maillage backup`, a checked copy of an SQLite database that is in use, and `maillage restore`, which brings one back, or does after another
 * tool brought one back what must be done. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/options.h"
#include "base/time.h"
#include "platform/account/account.h"
#include "platform/db/db.h"
#include "platform/db/migrate.h"
#include "platform/record/check.h"
#include "product/application.h"
#include "product/command/commands.h"

enum { EXIT_FOUND = 2, SHOWN = 20, COPY_BYTES = 1 << 20 };

struct wishes {
    const char *db, *file; /* what is used, and the copy or what is restored */
    const char *erased;
    bool replace, quick, even_so, quiet;
    struct arena *arena;
};

/* ---- names ---- */

static const char *path_of(const char *address) { return strncmp(address, "sqlite:", 7) == 0 ? address + 7 : address; }

static bool on_server(const char *address) { return strstr(address, "://") != NULL; }

/* What is not whole yet has a name of its own in the same folder, with the number of its process. */
static const char *unfinished(struct arena *arena, const char *path)
{
    return arena_print(arena, "%s.unfinished-%ld", path, (long)getpid());
}

static void remove_with(struct arena *arena, const char *path, const char *ending)
{
    unlink(arena_print(arena, "%s%s", path, ending));
}

/* What the checks of an unfinished file left beside it. */
static void remove_beside(struct arena *arena, const char *path)
{
    remove_with(arena, path, "-turn");
    remove_with(arena, path, "-wal");
    remove_with(arena, path, "-shm");
}

/* Those that a crash left: their process is no more. */
static void remove_abandoned(struct arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *start = arena_print(arena, "%s.unfinished-", slash ? slash + 1 : path);
    const char *folder = slash ? arena_copy_bytes(arena, path, (size_t)(slash - path) + 1) : "./";
    DIR *entries = opendir(folder);
    for (const struct dirent *entry = NULL; entries && (entry = readdir(entries));) {
        if (strncmp(entry->d_name, start, strlen(start)) != 0) continue;
        const long process = strtol(entry->d_name + strlen(start), NULL, 10);
        if (process > 0 && process != getpid() && kill((pid_t)process, 0) && errno == ESRCH)
            unlink(arena_print(arena, "%s%s", folder, entry->d_name));
    }
    if (entries) closedir(entries);
}

/* ---- checking ---- */

struct telling {
    bool quiet;
    int64_t told;
};

static void tell(void *context, const char *sentence)
{
    struct telling *telling = context;
    if (telling->told++ < SHOWN) fprintf(stderr, "%s\n", sentence);
}

/* Whether all is as it should be; a schema of another time is checked by its engine alone. */
static enum status check_whole(struct application *application, bool *whole, struct error *error)
{
    struct telling telling = {.told = 0};
    struct check_totals totals = {.findings = 0};
    const struct check_wishes wishes = {.day = time_today(), .say = tell, .context = &telling};
    const enum status status = record_check(&application->records, &wishes, &totals, error);
    *whole = !totals.findings;
    if (!status)
        printf("Checked: %lld records, %lld lines of history, %lld seals, %lld things to put right.\n",
               (long long)totals.records, (long long)totals.lines, (long long)totals.seals, (long long)totals.findings);
    return status;
}

static enum status check_engine(const char *path, bool *whole, struct error *error)
{
    struct db *db = NULL;
    enum status status = db_open(path, &(struct db_options){.readers = 1}, &db, error);
    if (!status) status = db_check(db, whole, error);
    db_close(&db);
    if (!status) printf("Checked by the database engine: %s.\n", *whole ? "whole" : "damaged");
    return status;
}

static enum status check_copy(const struct wishes *wishes, const char *path, bool *whole, struct error *error)
{
    struct application *application = NULL;
    if (wishes->quick) return check_engine(path, whole, error);
    enum status status = application_open_as_is(path, &application, error);
    if (status == STATUS_CONFLICT) {
        application_close(&application);
        return check_engine(path, whole, error);
    }
    if (!status) status = check_whole(application, whole, error);
    application_close(&application);
    return status;
}

/* ---- backup ---- */

static void show_progress(void *context, int64_t done, int64_t total)
{
    const struct wishes *wishes = context;
    if (!wishes->quiet && total) fprintf(stderr, "\r%3d %%%s", (int)(100 * done / total), done == total ? "\r" : "");
}

static enum status copy_database(const struct wishes *wishes, const char *path, struct error *error)
{
    struct db *db = NULL;
    enum status status = db_open(wishes->db, &(struct db_options){.readers = 1}, &db, error);
    if (!status) status = db_backup(db, path, show_progress, (void *)(uintptr_t)wishes, error);
    db_close(&db);
    return status;
}

/* A backup over the database that it is of would be the end of both. */
static enum status refuse_place(const struct wishes *wishes, struct error *error)
{
    struct stat used, place;
    if (stat(wishes->file, &place)) return STATUS_OK;
    if (!stat(path_of(wishes->db), &used) && used.st_ino == place.st_ino && used.st_dev == place.st_dev)
        return error_set(error, STATUS_INPUT, "{1} is the database itself: give the backup another name.",
                         wishes->file);
    if (!S_ISREG(place.st_mode))
        return error_set(error, STATUS_INPUT, "{1} is no file: name the file to write.", wishes->file);
    if (access(arena_print(wishes->arena, "%s-wal", wishes->file), F_OK) == 0)
        return error_set(error, STATUS_INPUT, "{1} is a database in use: give the backup another name.", wishes->file);
    if (wishes->replace) return STATUS_OK;
    return error_set(error, STATUS_INPUT, "{1} exists already: give another name, or --replace.", wishes->file);
}

static enum status report_backup(const struct wishes *wishes, int64_t started, struct error *error)
{
    struct stat made;
    char moment[32];
    if (stat(wishes->file, &made)) return error_set(error, STATUS_FAULT, "{1} is gone.", wishes->file);
    time_format(started, moment);
    printf("%s: %lld bytes, the database as it was just after %s. It is as secret as the database; the key of the "
           "seals is not in it.\n",
           wishes->file, (long long)made.st_size, moment);
    return STATUS_OK;
}

static enum status back_up(const struct wishes *wishes, struct error *error)
{
    const char *made = unfinished(wishes->arena, wishes->file);
    const int64_t started = time_now();
    bool whole = false;
    enum status status = refuse_place(wishes, error);
    if (status) return status;
    remove_abandoned(wishes->arena, wishes->file);
    status = copy_database(wishes, made, error);
    if (!status) status = check_copy(wishes, made, &whole, error);
    if (!status && !whole && !wishes->even_so)
        status = error_set(error, STATUS_INPUT,
                           "The copy is not as it should be, and was not kept: look at the database with `maillage "
                           "check`; --even-so keeps the copy.");
    if (!status) status = db_put_in_place(made, wishes->file, wishes->replace, error);
    remove_beside(wishes->arena, made);
    if (status) unlink(made);
    return status ? status : report_backup(wishes, started, error);
}

static int run_backup(int argc, char **argv)
{
    struct wishes wishes = {.db = "var/maillage.db", .arena = arena_new()};
    const struct option_row rows[] = {
        {"db", "FILE", "the SQLite database, which may be in use (var/maillage.db)", OPTION_TEXT, false, &wishes.db},
        {"to", "FILE", "the copy to make", OPTION_TEXT, true, &wishes.file},
        {"replace", NULL, "a copy of that name makes way, once the new one is checked", OPTION_FLAG, false,
         &wishes.replace},
        {"quick", NULL, "the copy is checked by the database engine alone", OPTION_FLAG, false, &wishes.quick},
        {"even-so", NULL, "keeps a copy of a database that is not as it should be", OPTION_FLAG, false,
         &wishes.even_so},
        {.target = NULL},
    };
    struct error error = {0};
    int code = options_start(&backup_commands[0], argc, argv, rows);
    wishes.quiet = !isatty(STDERR_FILENO);
    if (code < 0) code = options_end(back_up(&wishes, &error), &error);
    arena_free(&wishes.arena);
    return code;
}

/* ---- restore ---- */

/* A log of another database beside the new file would be folded into it. */
static enum status refuse_target(const struct wishes *wishes, struct error *error)
{
    static const char *const endings[] = {"", "-wal", "-shm", "-journal"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        const char *path = arena_print(wishes->arena, "%s%s", path_of(wishes->db), endings[i]);
        if (access(path, F_OK) == 0)
            return error_set(error, STATUS_INPUT,
                             "{1} exists: nothing is restored over a database. Stop the server and move it away, with "
                             "its -wal and -shm.",
                             path);
    }
    if (access(arena_print(wishes->arena, "%s-wal", wishes->file), F_OK) == 0)
        return error_set(error, STATUS_INPUT, "{1} is a database in use, no backup: make one with `maillage backup`.",
                         wishes->file);
    return STATUS_OK;
}

static enum status copy_bytes(int from, int to, const char *path, struct error *error)
{
    ssize_t copied = 1;
    while (copied > 0) copied = sendfile(to, from, NULL, COPY_BYTES);
    return copied == 0 ? STATUS_OK
                       : error_set(error, STATUS_FAULT, "{1} cannot be written: {2}.", path, strerror(errno));
}

static enum status copy_backup(const char *file, const char *made, struct error *error)
{
    const int from = open(file, O_RDONLY | O_CLOEXEC);
    if (from < 0) return error_set(error, STATUS_INPUT, "{1} cannot be read: {2}.", file, strerror(errno));
    const int to = open(made, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    const enum status status = to < 0
                                   ? error_set(error, STATUS_INPUT, "{1} cannot be made: {2}.", made, strerror(errno))
                                   : copy_bytes(from, to, made, error);
    if (to >= 0) close(to);
    close(from);
    return status;
}

static void tell_kept(void *context, const char *kind, int64_t id, const struct error *why)
{
    char text[1024];
    (void)context;
    error_describe(why, text, sizeof text);
    fprintf(stderr, "%s %lld was erased after the backup and could not be erased again: %s\n", kind, (long long)id,
            text);
}

static enum status erase_again(const struct wishes *wishes, struct application *application, bool *whole,
                               struct error *error)
{
    struct erased_totals totals;
    const char *list = wishes->erased ? wishes->erased : application_erased_list(wishes->arena, path_of(wishes->db));
    if (!wishes->erased && access(list, F_OK)) {
        printf("No list of what was erased at %s: what was erased since the backup is back. Give the list with "
               "--erased.\n",
               list);
        return STATUS_OK;
    }
    const enum status status = application_erase_again(application, list, tell_kept, &totals, error);
    if (!status)
        printf("%lld of the %lld records that the list says are erased were in the backup, and are erased again.\n",
               (long long)totals.erased, (long long)totals.listed);
    *whole = *whole && !totals.kept;
    return status;
}

/* Brings the schema up to date, then does what a database that came back needs before it is used. */
static enum status settle(const struct wishes *wishes, const char *address, bool *whole, struct error *error)
{
    struct application *application = NULL;
    *whole = true;
    enum status status = application_open(address, false, &application, error);
    if (!status) status = account_restored(application->records.db, error);
    if (!status) status = erase_again(wishes, application, whole, error);
    if (!status) status = rights_refresh_all(application->records.db, application->records.rights, time_today(), error);
    bool checked = true;
    if (!status) status = check_whole(application, &checked, error);
    *whole = *whole && checked;
    application_close(&application);
    return status;
}

static enum status restore_file(const struct wishes *wishes, bool *whole, struct error *error)
{
    const char *target = path_of(wishes->db), *made = unfinished(wishes->arena, target);
    enum status status = refuse_target(wishes, error);
    if (status) return status;
    remove_abandoned(wishes->arena, target);
    status = copy_backup(wishes->file, made, error);
    if (!status) status = settle(wishes, made, whole, error);
    if (!status && (*whole || wishes->even_so)) status = db_put_in_place(made, target, false, error);
    remove_beside(wishes->arena, made);
    unlink(made);
    return status;
}

static enum status restore(const struct wishes *wishes, bool *whole, struct error *error)
{
    if (wishes->file && on_server(wishes->db))
        return error_set(error, STATUS_INPUT,
                         "A backup of PostgreSQL is brought back by its own tools; then type this command without "
                         "--from: see docs/backup.md.");
    if (!wishes->file && !on_server(wishes->db))
        return error_set(error, STATUS_INPUT, "Say which backup: --from FILE.");
    return wishes->file ? restore_file(wishes, whole, error) : settle(wishes, wishes->db, whole, error);
}

static int run_restore(int argc, char **argv)
{
    struct wishes wishes = {.db = "var/maillage.db", .arena = arena_new()};
    bool whole = true;
    const struct option_row rows[] = {
        {"db", "ADDRESS", "the file to make; or the PostgreSQL database that its own tools brought back", OPTION_TEXT,
         true, &wishes.db},
        {"from", "FILE", "the backup of an SQLite database", OPTION_TEXT, false, &wishes.file},
        {"erased", "FILE", "list of what was erased (beside the database; var/erased)", OPTION_TEXT, false,
         &wishes.erased},
        {"even-so", NULL, "puts in place what is not as it should be", OPTION_FLAG, false, &wishes.even_so},
        {.target = NULL},
    };
    struct error error = {0};
    int code = options_start(&backup_commands[1], argc, argv, rows);
    if (code < 0) {
        code = options_end(restore(&wishes, &whole, &error), &error);
        if (!code && whole)
            printf("Restored: sessions have ended; passwords, roles and tokens are those of the backup.\n");
        if (!code && !whole)
            fprintf(stderr,
                    wishes.even_so || !wishes.file
                        ? "Restored, and not all is as it should be.\n"
                        : "Not all is as it should be: nothing was put in place. --even-so does it all the same.\n");
        if (!whole) code = code ? code : EXIT_FOUND;
    }
    arena_free(&wishes.arena);
    return code;
}

const struct command backup_commands[] = {
    {"backup", "Copies an SQLite database that is in use, and checks the copy.", run_backup},
    {"restore", "Brings a backup back, erases again what was erased since, and checks it.", run_restore},
    {NULL, NULL, NULL},
};
