/* mail.c: `maillage mail`: whether letters leave with the present settings. */
#include <stdio.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/db/db.h"
#include "product/command/commands.h"
#include "product/command/settings.h"

static enum status send_trial(const struct settings *settings, const char *to, struct error *error)
{
    const struct mail mail = {.id = db_new_id(),
                              .moment = time_now(),
                              .to = to,
                              .subject = "Essai d’envoi – Test letter",
                              .text = "Bonjour,\n\nce message montre que Maillage peut écrire depuis ce serveur.\n\n"
                                      "This letter shows that Maillage can write from this server.\n"};
    return mail_send(&settings->mail, &mail, error);
}

static int run_mail(int argc, char **argv)
{
    struct arena *arena = arena_new();
    struct settings settings;
    struct error error = {0};
    const char *to = NULL;
    const struct option_row own = {"to", "ADDRESS", "to whom", OPTION_TEXT, true, &to, NULL};
    int code = settings_start(arena, &mail_commands[0], argc, argv, &own, &settings);
    if (code < 0) {
        const enum status status = send_trial(&settings, to, &error);
        if (!status) printf("Sent to %s.\n", to);
        code = options_end(status, &error);
    }
    arena_free(&arena);
    return code;
}

const struct command mail_commands[] = {
    {"mail", "Sends a letter for trial, with the settings of serve.", run_mail},
    {NULL, NULL, NULL},
};
