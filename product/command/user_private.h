/* user_private.h: what the `user` commands share. */
#ifndef PRODUCT_COMMAND_USER_PRIVATE_H
#define PRODUCT_COMMAND_USER_PRIVATE_H

#include "base/options.h"
#include "platform/account/account.h"
#include "platform/db/db.h"

/* A command on its way: the database, the account that --email names, and memory. */
struct user_run {
    struct arena *arena;
    struct db *db;
    struct account account;
};

#define USER_DEFAULT_DB "var/maillage.db"
#define USER_DB_ROW(target) \
    { \
        "db", "ADDRESS", "file, or postgresql://... (" USER_DEFAULT_DB ")", OPTION_TEXT, false, &(target) \
    }
#define USER_EMAIL_ROW(target) \
    { \
        "email", "ADDRESS", "e-mail address of the account", OPTION_TEXT, true, &(target) \
    }

/* Opens the database (creating a file only when told), brings its schema up to date and, when email is not NULL, finds the account. user_end closes all, says what went
 * wrong and gives the exit code. */
enum status user_begin(struct user_run *run, const char *address, bool create, const char *email, struct error *error);
int user_end(struct user_run *run, enum status status, const struct error *error);

/* One line: of the file, of standard input for "-", or typed without echo when file is NULL and a person is there. In the arena. */
enum status user_read_password(struct arena *arena, const char *file, const char **password, struct error *error);

/* The row of that name in account_commands. */
const struct command *user_command(const char *name);

int user_role_run(int argc, char **argv);
int user_token_run(int argc, char **argv);
int user_sessions_run(int argc, char **argv);
int user_rename_run(int argc, char **argv);
int user_link_run(int argc, char **argv);
int user_factor_run(int argc, char **argv);
int user_log_run(int argc, char **argv);

#endif
