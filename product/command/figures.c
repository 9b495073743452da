/* figures.c: `maillage figures`: freezes the figures of the quarters that are over. */
#include <stdio.h>

#include "base/arena.h"
#include "base/time.h"
#include "product/application.h"
#include "product/command/commands.h"
#include "product/figures/figures.h"

static void say_release(void *context, const struct figures_release *release)
{
    const double share =
        release->cells ? 100.0 * (double)(release->small + release->secondary) / (double)release->cells : 0;
    (void)context;
    printf(
        "  %lld-T%lld  %6lld needs of %6lld companies; of %5lld figures, %5lld small and %4lld beside them are hidden "
        "(%.0f %%); %lld companies left out\n",
        (long long)(release->quarter / 4), (long long)(release->quarter % 4 + 1), (long long)release->needs,
        (long long)release->companies, (long long)release->cells, (long long)release->small,
        (long long)release->secondary, share, (long long)release->left_out);
    fflush(stdout);
}

static int run(int argc, char **argv)
{
    const char *address = "var/maillage.db";
    bool quiet = false;
    const struct option_row rows[] = {
        {"db", "ADDRESS", "file, or postgresql://... (var/maillage.db)", OPTION_TEXT, false, &address},
        {"quiet", NULL, "says nothing of what it froze", OPTION_FLAG, false, &quiet},
        {.target = NULL},
    };
    struct application *application = NULL;
    struct error error = {0};
    const int code = options_start(&figures_commands[0], argc, argv, rows);
    if (code >= 0) return code;
    enum status status = application_open(address, false, &application, &error);
    if (!status) status = figures_freeze(&application->records, time_today(), quiet ? NULL : say_release, NULL, &error);
    application_close(&application);
    return options_end(status, &error);
}

const struct command figures_commands[] = {
    {"figures", "Freezes the published figures of the quarters that are over.", run},
    {NULL, NULL, NULL},
};
