/* demo.c: `maillage demo`: fills an empty database with an invented network, and one account per role. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/options.h"
#include "base/time.h"
#include "platform/db/db.h"
#include "platform/index/index.h"
#include "product/application.h"
#include "product/command/commands.h"
#include "product/demo/demo.h"
#include "product/demo/people.h"

static void say_progress(void *context, const char *what, int64_t done, int64_t total)
{
    (void)context;
    if (isatty(STDOUT_FILENO)) printf("\r  %-14s %3lld %%", what, (long long)(100 * done / (total ? total : 1)));
    if (done >= total) printf("%s  %-14s %lld\n", isatty(STDOUT_FILENO) ? "\r\x1b[K" : "", what, (long long)total);
    fflush(stdout);
}

static enum status is_empty(const struct application *application, bool *empty, struct error *error)
{
    struct db_handle *handle = NULL;
    int64_t id = 0;
    enum status status = db_read(application->records.db, &handle, error);
    if (!status) status = db_one_integer(handle, "SELECT id FROM organisation LIMIT 1", DB_BIND_NONE, &id, error);
    db_release(&handle);
    *empty = status == STATUS_MISSING;
    return status == STATUS_MISSING ? STATUS_OK : status;
}

static enum status fill(struct application *application, const struct demo_options *options, struct error *error)
{
    int64_t left = 1, before = 0;
    printf("* Making the demonstration network (invented companies, real places)\n");
    enum status status = demo_fill(&application->records, options, say_progress, NULL, error);
    if (!status) status = demo_people(&application->records, error);
    while (!status && left > 0 && left != before) {
        before = left;
        status = index_merge(application->records.db, 100000, &left, error);
    }
    return status;
}

static int run_demo(int argc, char **argv)
{
    const char *address = "var/maillage.db";
    bool if_empty = false, empty = false;
    struct demo_options options = {.companies = 3000, .needs = 3000};
    int64_t seed = 2025;
    const struct option_row rows[] = {
        {"db", "ADDRESS", "file, or postgresql://... (var/maillage.db)", OPTION_TEXT, false, &address},
        {"companies", "N", "how many companies (3000; up to 1000000)", OPTION_NUMBER, false, &options.companies},
        {"needs", "M", "how many needs (3000; up to 1000000)", OPTION_NUMBER, false, &options.needs},
        {"seed", "S", "same seed, same network (2025)", OPTION_NUMBER, false, &seed},
        {"if-empty", NULL, "does nothing when the database holds organisations", OPTION_FLAG, false, &if_empty},
        {.target = NULL},
    };
    struct application *application = NULL;
    struct error error = {0};
    const int code = options_start(&demo_commands[0], argc, argv, rows);
    if (code >= 0) return code;
    options.seed = (uint64_t)seed;
    enum status status = application_open(address, true, &application, &error);
    if (!status) status = is_empty(application, &empty, &error);
    if (!status && (empty || !if_empty)) status = fill(application, &options, &error);
    if (!status) demo_say_people();
    application_close(&application);
    return options_end(status, &error);
}

const struct command demo_commands[] = {
    {"demo", "Fills an empty database with an invented network.", run_demo},
    {NULL, NULL, NULL},
};
