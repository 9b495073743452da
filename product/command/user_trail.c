/* user_trail.c: `maillage user rename`, `link` and `log`. */
#include <stdio.h>

#include "base/arena.h"
#include "base/time.h"
#include "product/command/user_private.h"

enum { LOG_LINES = 100, LOG_MOST = 100000 };

int user_rename_run(int argc, char **argv)
{
    const char *db = USER_DEFAULT_DB, *email = NULL, *name = NULL, *language = NULL;
    const struct option_row rows[] = {
        USER_DB_ROW(db),
        USER_EMAIL_ROW(email),
        {"name", "NAME", "as shown to others (as it is)", OPTION_TEXT, false, &name},
        {"language", "fr|en", "language of letters (as it is)", OPTION_TEXT, false, &language},
        {.target = NULL},
    };
    struct user_run run;
    struct error error = {0};
    const int code = options_start(user_command("user rename"), argc, argv, rows);
    if (code >= 0) return code;
    enum status status = user_begin(&run, db, false, email, &error);
    enum language chosen = run.account.language;
    if (status == STATUS_OK && language && !language_find(language, &chosen))
        status = error_field(&error, STATUS_INPUT, "language", "There is no language {1}.", language);
    if (status == STATUS_OK)
        status = account_rename(run.db, 0, run.account.id, name ? name : run.account.name, chosen, &error);
    return user_end(&run, status, &error);
}

int user_link_run(int argc, char **argv)
{
    const char *db = USER_DEFAULT_DB, *email = NULL, *origin = "http://127.0.0.1:8080", *word = NULL;
    const struct option_row rows[] = {
        USER_DB_ROW(db),
        USER_EMAIL_ROW(email),
        {"origin", "URL", "address under which people know the site (http://127.0.0.1:8080)", OPTION_TEXT, false,
         &origin},
        {.target = NULL},
    };
    struct user_run run;
    struct error error = {0};
    const int code = options_start(user_command("user link"), argc, argv, rows);
    if (code >= 0) return code;
    enum status status = user_begin(&run, db, false, email, &error);
    if (status == STATUS_OK) status = account_link_create(run.db, run.arena, 0, run.account.id, &word, &error);
    if (status == STATUS_OK) printf("%s/%s/welcome?key=%s\n", origin, language_code(run.account.language), word);
    return user_end(&run, status, &error);
}

static void print_events(const struct account_event_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct account_event *event = &list->items[i];
        char moment[32];
        time_format(event->moment, moment);
        printf("%s\t%lld\t%lld\t%s\t%lld\t%s\n", moment, (long long)event->author, (long long)event->account,
               event->action, (long long)event->organisation, event->detail ? event->detail : "");
    }
}

int user_log_run(int argc, char **argv)
{
    const char *db = USER_DEFAULT_DB, *email = NULL;
    int64_t most = LOG_LINES;
    const struct option_row rows[] = {
        USER_DB_ROW(db),
        {"email", "ADDRESS", "e-mail address of the account (all)", OPTION_TEXT, false, &email},
        {"lines", "N", "at most so many (100)", OPTION_NUMBER, false, &most},
        {.target = NULL},
    };
    struct user_run run;
    struct error error = {0};
    struct db_handle *read = NULL;
    struct account_event_list list = {0};
    const int code = options_start(user_command("user log"), argc, argv, rows);
    if (code >= 0) return code;
    enum status status = user_begin(&run, db, false, email, &error);
    if (status == STATUS_OK && (most < 1 || most > LOG_MOST))
        status = error_field(&error, STATUS_INPUT, "lines", "Between 1 and 100000 lines.");
    if (status == STATUS_OK) status = db_read(run.db, &read, &error);
    if (status == STATUS_OK) status = account_events(read, run.arena, run.account.id, 0, (size_t)most, &list, &error);
    db_release(&read);
    print_events(&list);
    return user_end(&run, status, &error);
}
