/* change.c: another password. */
#include <stdio.h>

#include "base/arena.h"
#include "base/log.h"
#include "platform/account/account_private.h"

static enum status replace(struct db_handle *write, void *context, struct error *error)
{
    const struct account_replacement *replacement = context;
    const struct account_deed deed = {replacement->author, replacement->id, "password", 0, NULL};
    enum status status = replacement->link ? account_link_end(write, replacement->link, error) : STATUS_OK;
    if (status == STATUS_OK) status = account_event_write(write, &deed, error);
    if (status == STATUS_OK) status = account_password_store(write, replacement->id, replacement->hash, error);
    if (status == STATUS_OK)
        status = account_sessions_delete(write, replacement->id, replacement->session, replacement->devices, error);
    if (status == STATUS_OK && replacement->forgiven)
        status = account_guard_forgive(write, replacement->forgiven, error);
    return status;
}

enum status account_password_replace(struct db *db, struct arena *arena, const struct account_secret *secret,
                                     const char *password, struct account_replacement *replacement, struct error *error)
{
    enum status status = account_password_check(password, secret->email, secret->name, error);
    if (status == STATUS_OK) status = account_password_hash(arena, password, &replacement->hash, error);
    if (status == STATUS_OK) status = db_transaction(db, replace, replacement, error);
    if (status == STATUS_OK) log_line(LOG_NOTE, "account", "password_set=%lld", (long long)replacement->id);
    return status;
}

enum status account_password_set(struct db *db, int64_t author, int64_t id, const char *password, struct error *error)
{
    struct arena *arena = arena_new();
    struct account_secret secret;
    struct account_replacement replacement = {.author = author, .id = id, .devices = true};
    enum status status = account_secret_find(db, arena, id, &secret, error);
    if (status == STATUS_OK) status = account_password_replace(db, arena, &secret, password, &replacement, error);
    arena_free(&arena);
    return status;
}

static enum status change_password(struct db *db, struct arena *arena, struct account_replacement *replacement,
                                   const char *old_password, const char *new_password, struct error *error)
{
    struct account_secret secret;
    int64_t retry_after = 0;
    bool right = false;
    enum status status = account_secret_find(db, arena, replacement->id, &secret, error);
    if (status == STATUS_OK) status = account_guard_enter(db, replacement->forgiven, &retry_after, error);
    if (status == STATUS_OK) status = account_password_verify(old_password, secret.password, &right, error);
    if (status) return status;
    if (!right) return error_field(error, STATUS_INPUT, "old_password", N_("This is not your present password."));
    return account_password_replace(db, arena, &secret, new_password, replacement, error);
}

enum status account_password_change(struct db *db, int64_t id, const char *old_password, const char *new_password,
                                    const char *session, struct error *error)
{
    struct arena *arena = arena_new();
    char number[24];
    snprintf(number, sizeof number, "%lld", (long long)id);
    const struct account_guard guard = {.own = account_attempt_key("change", number, session ? session : "")};
    struct account_replacement replacement = {.author = id, .id = id, .session = session, .forgiven = &guard};
    const enum status status = change_password(db, arena, &replacement, old_password, new_password, error);
    arena_free(&arena);
    return status;
}
