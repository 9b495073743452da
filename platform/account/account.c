/* account.c: making, finding and disabling accounts. */
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/time.h"
#include "platform/account/account_private.h"
#include "platform/text/text.h"

enum { LONGEST_EMAIL = 254, LONGEST_NAME = 120 };

const char *account_email_key(struct arena *arena, const char *email)
{
    const char *clean = text_clean(arena, email, strlen(email));
    utf8proc_uint8_t *folded = clean ? utf8proc_NFKC_Casefold((const utf8proc_uint8_t *)clean) : NULL;
    const char *key = folded ? arena_copy(arena, (const char *)folded) : NULL;
    free(folded);
    return key;
}

static bool email_is_valid(const char *email)
{
    const char *at = strchr(email, '@'), *point = at ? strrchr(at, '.') : NULL;
    if (strlen(email) > LONGEST_EMAIL || !at || at == email || strchr(at + 1, '@')) return false;
    if (!point || point == at + 1 || !point[1]) return false;
    return strpbrk(email, " \t\n<>,;:\"()[]\\") == NULL;
}

/* What is asked for, cleaned. */
struct creation {
    struct account_new account;
    const char *key, *hash;
    int64_t id;
};

enum status account_email_clean(struct arena *arena, const char *email, const char **clean, const char **key,
                                struct error *error)
{
    *clean = email ? text_clean(arena, email, strlen(email)) : NULL;
    *key = *clean && email_is_valid(*clean) ? account_email_key(arena, *clean) : NULL;
    return *key ? STATUS_OK : error_field(error, STATUS_INPUT, "email", N_("This is not an e-mail address."));
}

static enum status clean_name(struct arena *arena, const char *name, const char **clean, struct error *error)
{
    *clean = name ? text_clean(arena, name, strlen(name)) : NULL;
    if (!*clean || !**clean || text_length(*clean) > LONGEST_NAME || strchr(*clean, '\n'))
        return error_field(error, STATUS_INPUT, "name", N_("A name has between 1 and 120 characters, on one line."));
    return STATUS_OK;
}

static enum status insert_account(struct db_handle *write, void *context, struct error *error)
{
    struct creation *creation = context;
    const struct account_new *account = &creation->account;
    const int64_t now = time_now();
    creation->id = db_new_id();
    const enum status status =
        db_run(write,
               "INSERT INTO account (id, email, email_key, name, language, password, password_changed, demonstration, "
               "created) "
               "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
               DB_BIND(db_integer(creation->id), db_text(account->email), db_text(creation->key),
                       db_text(account->name), db_text(language_code(account->language)), db_text(creation->hash),
                       account_or_null(creation->hash ? now : 0), db_integer(account->demonstration), db_integer(now)),
               NULL, error);
    if (status == STATUS_CONFLICT)
        return error_field(error, status, "email", N_("This e-mail address has an account already."));
    if (status) return status;
    const struct account_deed deed = {.author = account->author, .account = creation->id, .action = "created"};
    const enum status written = account_event_write(write, &deed, error);
    if (written || !account_policy()->model) return written;
    return account->invitation ? account_invitation_accept_in(write, account->invitation, creation->id, error)
                               : rights_refresh(write, account_policy()->model, creation->id, time_today(), error);
}

static enum status create(struct db *db, struct arena *arena, const struct account_new *account, int64_t *id,
                          struct error *error)
{
    struct creation creation = {.account = *account};
    enum status status = account_email_clean(arena, account->email, &creation.account.email, &creation.key, error);
    if (status == STATUS_OK) status = clean_name(arena, account->name, &creation.account.name, error);
    if (status == STATUS_OK && account->password)
        status = account_password_check(account->password, account->email, account->name, error);
    if (status == STATUS_OK && account->password)
        status = account_password_hash(arena, account->password, &creation.hash, error);
    if (status == STATUS_OK) status = db_transaction(db, insert_account, &creation, error);
    if (status) return status;
    log_line(LOG_NOTE, "account", "created=%lld", (long long)creation.id);
    *id = creation.id;
    return STATUS_OK;
}

enum status account_create(struct db *db, const struct account_new *account, int64_t *id, struct error *error)
{
    struct arena *arena = arena_new();
    const enum status status = create(db, arena, account, id, error);
    arena_free(&arena);
    return status;
}

#define ACCOUNT_COLUMNS "id, email, name, language, password IS NOT NULL, demonstration, disabled, created"

static void read_account(struct db_rows *rows, struct arena *arena, struct account *account)
{
    *account = (struct account){
        .id = db_get_integer(rows, 0),
        .email = arena_copy(arena, db_get_text(rows, 1)),
        .name = arena_copy(arena, db_get_text(rows, 2)),
        .has_password = db_get_integer(rows, 4),
        .demonstration = db_get_integer(rows, 5),
        .disabled = db_get_integer(rows, 6),
        .created = db_get_integer(rows, 7),
    };
    language_find(db_get_text(rows, 3), &account->language);
}

static enum status read_one(struct db_rows *rows, struct arena *arena, struct account *account, struct error *error)
{
    const bool found = db_next(rows);
    if (found) read_account(rows, arena, account);
    const enum status status = db_end(&rows, error);
    if (status || found) return status;
    return error_set(error, STATUS_MISSING, N_("There is no such account."));
}

enum status account_load(struct db_handle *read, struct arena *arena, int64_t id, struct account *account,
                         struct error *error)
{
    return read_one(db_query(read, "SELECT " ACCOUNT_COLUMNS " FROM account WHERE id = $1", DB_BIND(db_integer(id))),
                    arena, account, error);
}

enum status account_find(struct db_handle *read, struct arena *arena, const char *email, struct account *account,
                         struct error *error)
{
    const char *key = account_email_key(arena, email);
    return read_one(db_query(read, "SELECT " ACCOUNT_COLUMNS " FROM account WHERE email_key = $1",
                             DB_BIND(db_text(key ? key : ""))),
                    arena, account, error);
}

enum status account_page(struct db_handle *read, struct arena *arena, const char *after_email, size_t most,
                         struct account_list *list, struct error *error)
{
    const char *after = after_email ? account_email_key(arena, after_email) : NULL;
    struct account *items = ARENA_ARRAY(arena, most, struct account);
    *list = (struct account_list){items, 0};
    struct db_rows *rows =
        db_query(read, "SELECT " ACCOUNT_COLUMNS " FROM account WHERE email_key > $1 ORDER BY email_key LIMIT $2",
                 DB_BIND(db_text(after ? after : ""), db_integer((int64_t)most)));
    while (list->count < most && db_next(rows)) read_account(rows, arena, &items[list->count++]);
    return db_end(&rows, error);
}

enum { SEARCHED_AT_A_TIME = 500 };

/* Whether each of the words, parted by spaces, is in the folded text. */
static bool holds_words(struct arena *arena, const char *text, const char *words)
{
    char *rest = arena_copy(arena, words), *word = NULL;
    while ((word = strtok_r(rest, " ", &rest)))
        if (!strstr(text, word)) return false;
    return true;
}

static bool is_called(struct arena *arena, const struct account *account, const char *words)
{
    const char *email = account_email_key(arena, account->email);
    return holds_words(arena, arena_print(arena, "%s %s", text_fold(arena, account->name), email ? email : ""), words);
}

enum status account_search(struct db_handle *read, struct arena *arena, const char *words, const char *after_email,
                           size_t most, struct account_list *list, struct error *error)
{
    const char *folded = text_fold(arena, words), *after = after_email;
    struct account *items = ARENA_ARRAY(arena, most + 1, struct account);
    struct account_list some = {.count = SEARCHED_AT_A_TIME};
    size_t count = 0;
    while (count < most && some.count == SEARCHED_AT_A_TIME) {
        const enum status status = account_page(read, arena, after, SEARCHED_AT_A_TIME, &some, error);
        if (status) return status;
        for (size_t i = 0; count < most && i < some.count; i++)
            if (is_called(arena, &some.items[i], folded)) items[count++] = some.items[i];
        if (some.count) after = some.items[some.count - 1].email;
    }
    *list = (struct account_list){items, count};
    return STATUS_OK;
}

#define SECRET_COLUMNS \
    "id, email, name, password, disabled, EXISTS (SELECT 1 FROM account_factor f WHERE f.account = account.id AND " \
    "f.confirmed IS NOT NULL)"

enum status account_secret_load(struct db_handle *read, struct arena *arena, const char *email_key, int64_t id,
                                struct account_secret *secret, struct error *error)
{
    struct db_rows *rows =
        email_key
            ? db_query(read, "SELECT " SECRET_COLUMNS " FROM account WHERE email_key = $1", DB_BIND(db_text(email_key)))
            : db_query(read, "SELECT " SECRET_COLUMNS " FROM account WHERE id = $1", DB_BIND(db_integer(id)));
    *secret = (struct account_secret){.id = 0};
    if (db_next(rows))
        *secret = (struct account_secret){
            .id = db_get_integer(rows, 0),
            .email = arena_copy(arena, db_get_text(rows, 1)),
            .name = arena_copy(arena, db_get_text(rows, 2)),
            .password = arena_copy(arena, db_get_text(rows, 3)),
            .disabled = !db_is_null(rows, 4),
            .factor = db_get_integer(rows, 5),
        };
    return db_end(&rows, error);
}

enum status account_secret_find(struct db *db, struct arena *arena, int64_t id, struct account_secret *secret,
                                struct error *error)
{
    struct db_handle *read = NULL;
    enum status status = db_read(db, &read, error);
    if (status) return status;
    status = account_secret_load(read, arena, NULL, id, secret, error);
    db_release(&read);
    if (status || secret->id) return status;
    return error_set(error, STATUS_MISSING, N_("There is no such account."));
}

struct change {
    int64_t author, id;
    const char *name, *language;
    bool disabled;
};

static enum status check_changed(int64_t changed, struct error *error)
{
    return changed ? STATUS_OK : error_set(error, STATUS_MISSING, N_("There is no such account."));
}

static enum status rename_account(struct db_handle *write, void *context, struct error *error)
{
    const struct change *change = context;
    int64_t changed = 0;
    const enum status status =
        db_run(write, "UPDATE account SET name = $1, language = $2 WHERE id = $3",
               DB_BIND(db_text(change->name), db_text(change->language), db_integer(change->id)), &changed, error);
    if (status || !changed) return status ? status : check_changed(changed, error);
    const struct account_deed deed = {.author = change->author, .account = change->id, .action = "renamed"};
    return account_event_write(write, &deed, error);
}

enum status account_rename(struct db *db, int64_t author, int64_t id, const char *name, enum language language,
                           struct error *error)
{
    struct arena *arena = arena_new();
    struct change change = {.author = author, .id = id, .language = language_code(language)};
    enum status status = clean_name(arena, name, &change.name, error);
    if (status == STATUS_OK) status = db_transaction(db, rename_account, &change, error);
    arena_free(&arena);
    return status;
}

static enum status disable(struct db_handle *write, void *context, struct error *error)
{
    const struct change *change = context;
    int64_t changed = 0;
    enum status status =
        db_run(write, "UPDATE account SET disabled = $1 WHERE id = $2",
               DB_BIND(account_or_null(change->disabled ? time_now() : 0), db_integer(change->id)), &changed, error);
    if (status == STATUS_OK) status = check_changed(changed, error);
    if (status == STATUS_OK && change->disabled) status = account_sessions_delete(write, change->id, NULL, true, error);
    const struct account_deed deed = {
        .author = change->author, .account = change->id, .action = change->disabled ? "disabled" : "enabled"};
    return status ? status : account_event_write(write, &deed, error);
}

enum status account_disable(struct db *db, int64_t author, int64_t id, bool disabled, struct error *error)
{
    struct change change = {.author = author, .id = id, .disabled = disabled};
    const enum status status = db_transaction(db, disable, &change, error);
    if (status == STATUS_OK) log_line(LOG_NOTE, "account", "%s=%lld", disabled ? "disabled" : "enabled", (long long)id);
    return status;
}

enum status account_demonstration_exists(struct db_handle *read, bool *exists, struct error *error)
{
    int64_t found = 0;
    const enum status status = db_one_integer(read, "SELECT EXISTS (SELECT 1 FROM account WHERE demonstration = 1)",
                                              DB_BIND_NONE, &found, error);
    *exists = found;
    return status;
}
