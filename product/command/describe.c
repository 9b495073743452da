/* describe.c: `maillage config` and `maillage routes`: what may be set, and which addresses are served. */
#include <stdio.h>

#include "base/arena.h"
#include "base/config.h"
#include "platform/http/http.h"
#include "platform/record/record.h"
#include "product/command/commands.h"
#include "product/command/settings.h"
#include "product/kinds/kinds.h"
#include "product/pages/pages.h"

static int run_config(int argc, char **argv)
{
    static const struct option_row none[] = {{.target = NULL}};
    struct settings settings;
    struct option_row rows[SETTINGS_ROWS];
    const int code = options_start(&describe_commands[0], argc, argv, none);
    if (code >= 0) return code;
    settings_table(&settings, rows);
    printf("# Settings of Maillage: maillage serve --config FILE. Take away the # of what you change.\n"
           "# Words on the command line win over this file. See docs/operations.md.\n");
    config_print(stdout, rows);
    return 0;
}

static void print_route(const struct http_route *route)
{
    static const char *const methods[HTTP_METHODS] = {"GET", "POST", "PUT", "PATCH", "DELETE"};
    static const char *const types[] = {"", "page", "api", "asset"};
    static const char *const accesses[] = {"", "public", "account", "rights"};
    printf("%s\t%s\t%s\t%s\n", methods[route->method], route->path, types[route->type], accesses[route->access]);
}

static int run_routes(int argc, char **argv)
{
    static const struct option_row none[] = {{.target = NULL}};
    const int code = options_start(&describe_commands[1], argc, argv, none);
    if (code >= 0) return code;
    kinds_set(product_kinds);
    struct arena *arena = arena_new();
    for (const struct http_route *const *table = product_tables(arena); *table; table++)
        for (const struct http_route *route = *table; route->handler; route++) print_route(route);
    arena_free(&arena);
    return 0;
}

const struct command describe_commands[] = {
    {"config", "Prints the file of settings, commented out.", run_config},
    {"routes", "Prints the addresses that are served: method, path, type, access.", run_routes},
    {NULL, NULL, NULL},
};
