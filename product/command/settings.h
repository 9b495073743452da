/* settings.h: what may be set of the site that is served: one table for the command line, the file of settings and its commented default. */
#ifndef PRODUCT_COMMAND_SETTINGS_H
#define PRODUCT_COMMAND_SETTINGS_H

#include "base/options.h"
#include "platform/mail/mail.h"
#include "product/sirene/sirene.h"

struct arena;

struct settings {
    const char *config;
    const char *db, *db_file, *secret_file;
    const char *listen, *metrics, *certificate, *key, *origin;
    struct option_list proxies, handovers;
    const char *name, *contact, *director, *host, *protection, *theme, *header, *tiles, *tiles_credit, *outlines;
    const char *sirene_key_file;
    struct sirene_settings sirene;
    const char *publisher, *licence, *spatial;
    const char *mail_password_file, *account_key;
    struct mail_settings mail;
    int64_t requests, account_requests, guesses, connections, workers, idle;
    bool unlimited, quiet, strict;
    unsigned char secret[32]; /* of secret_file; all zero without one */
    const char *tiles_origin; /* of tiles; NULL without */
    const char *data_email;   /* the e-mail address that `contact` holds; NULL without */
};

enum { SETTINGS_ROWS = 52 };

/* The defaults, and the rows that read them. */
void settings_table(struct settings *settings, struct option_row rows[SETTINGS_ROWS]);

/* Reads the command line, and beneath it the file of settings that it names; then the files of secrets. What is kept lives in the arena.
 * own: an option of the command itself; NULL: none. Gives the exit code, or -1: go on (as options_start). */
int settings_start(struct arena *arena, const struct command *command, int argc, char **argv,
                   const struct option_row *own, struct settings *settings);

#endif
