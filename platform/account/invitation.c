/* invitation.c: people invited to hold a role, by a link. What is said of an address is the same whether it has an account or not. */
#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/time.h"
#include "platform/account/account_private.h"

enum {
    INVITATION_MS = (int64_t)ACCOUNT_INVITATION_DAYS * MS_PER_DAY,
    INVITATIONS_MOST = 50,
    AUTHOR_BURST = 30,
    AUTHOR_MS = 2 * 60 * MS_PER_SECOND,
    ADDRESS_BURST = 3,
    ADDRESS_MS = 20 * 60 * MS_PER_SECOND,
};

enum status account_invite_count(struct db *db, struct arena *arena, int64_t author, const char *email,
                                 struct error *error)
{
    int64_t retry_after = 0;
    const char *key = account_email_key(arena, email);
    const char *number = arena_print(arena, "%lld", (long long)author);
    const struct account_guard guards[] = {
        {.place = account_attempt_key("invites", number, ""), .burst = AUTHOR_BURST, .every_ms = AUTHOR_MS},
        {.place = account_attempt_key("invited", key ? key : "", ""), .burst = ADDRESS_BURST, .every_ms = ADDRESS_MS}};
    enum status status = account_guard_enter(db, &guards[0], &retry_after, error);
    if (status == STATUS_OK) status = account_guard_enter(db, &guards[1], &retry_after, error);
    if (status != STATUS_LIMIT) return status;
    const char *minutes = arena_print(arena, "%lld", (long long)(retry_after + 59) / 60);
    return error_set(error, status, N_("Many invitations left already: the next one may leave in {1} minutes."),
                     minutes);
}

/* A new one takes the place of the one before, whose link then opens nothing. */
static enum status make_room(struct db_handle *write, const struct account_invitation *wanted, const char *key,
                             struct error *error)
{
    int64_t open = 0;
    enum status status =
        db_run(write, "DELETE FROM account_invitation WHERE organisation = $1 AND email_key = $2 AND role = $3",
               DB_BIND(db_integer(wanted->organisation), db_text(key), db_text(wanted->role)), NULL, error);
    if (status == STATUS_OK)
        status =
            db_one_integer(write, "SELECT COUNT(*) FROM account_invitation WHERE organisation = $1 AND expires > $2",
                           DB_BIND(db_integer(wanted->organisation), db_integer(time_now())), &open, error);
    if (status || open < INVITATIONS_MOST) return status;
    return error_set(error, STATUS_LIMIT, N_("Many invitations wait for an answer here: withdraw some first."));
}

enum status account_invite(struct db_handle *write, struct arena *arena, const struct account_invitation *wanted,
                           const char **word, struct error *error)
{
    unsigned char hash[ACCOUNT_HASH];
    const int64_t now = time_now();
    const char *email = NULL, *key = NULL;
    const struct account_role role = {
        .organisation = wanted->organisation, .role = wanted->role, .from = time_today(), .until = wanted->until};
    *word = account_token_draw(arena, "");
    account_token_hash(*word, hash);
    enum status status = account_email_clean(arena, wanted->email, &email, &key, error);
    if (status == STATUS_OK) status = account_role_check(&role, error);
    if (status == STATUS_OK) status = make_room(write, wanted, key, error);
    if (status) return status;
    status = db_run(write,
                    "INSERT INTO account_invitation (id, hash, email, email_key, organisation, role, valid_until, "
                    "author, created, expires) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                    DB_BIND(db_integer(db_new_id()), db_blob(hash, sizeof hash), db_text(email), db_text(key),
                            db_integer(wanted->organisation), db_text(wanted->role), account_or_null(wanted->until),
                            db_integer(wanted->author), db_integer(now), db_integer(now + INVITATION_MS)),
                    NULL, error);
    const struct account_deed deed = {wanted->author, wanted->author, "invited", wanted->organisation, wanted->role};
    return status ? status : account_event_write(write, &deed, error);
}

#define INVITATION_COLUMNS "id, email, organisation, role, valid_until, author, created, expires"

static void read_invitation(struct db_rows *rows, struct arena *arena, struct account_invitation *invitation)
{
    *invitation = (struct account_invitation){
        .id = db_get_integer(rows, 0),
        .email = arena_copy(arena, db_get_text(rows, 1)),
        .organisation = db_get_integer(rows, 2),
        .role = arena_copy(arena, db_get_text(rows, 3)),
        .until = db_is_null(rows, 4) ? ACCOUNT_NO_END : db_get_integer(rows, 4),
        .author = db_get_integer(rows, 5),
        .created = db_get_integer(rows, 6),
        .expires = db_get_integer(rows, 7),
    };
}

enum status account_invitation_find(struct db_handle *read, struct arena *arena, const char *word,
                                    struct account_invitation *invitation, struct error *error)
{
    unsigned char hash[ACCOUNT_HASH];
    account_token_hash(word, hash);
    struct db_rows *rows =
        db_query(read, "SELECT " INVITATION_COLUMNS " FROM account_invitation WHERE hash = $1 AND expires > $2",
                 DB_BIND(db_blob(hash, sizeof hash), db_integer(time_now())));
    const bool found = db_next(rows);
    if (found) read_invitation(rows, arena, invitation);
    const enum status status = db_end(&rows, error);
    if (status || found) return status;
    return error_set(error, STATUS_MISSING,
                     N_("This invitation was answered or withdrawn, or has expired: ask for another from who invited "
                        "you."));
}

enum status account_invitations_at(struct db_handle *read, struct arena *arena, int64_t organisation,
                                   struct account_invitation_list *list, struct error *error)
{
    struct account_invitation *items = ARENA_ARRAY(arena, INVITATIONS_MOST, struct account_invitation);
    *list = (struct account_invitation_list){items, 0};
    struct db_rows *rows = db_query(read,
                                    "SELECT " INVITATION_COLUMNS
                                    " FROM account_invitation WHERE organisation = $1 AND expires > $2 ORDER BY id "
                                    "LIMIT 50",
                                    DB_BIND(db_integer(organisation), db_integer(time_now())));
    while (list->count < INVITATIONS_MOST && db_next(rows)) read_invitation(rows, arena, &items[list->count++]);
    return db_end(&rows, error);
}

/* Ends it, whoever does so; STATUS_MISSING when somebody was first. */
static enum status end_invitation(struct db_handle *write, const struct account_invitation *invitation, int64_t author,
                                  const char *action, struct error *error)
{
    int64_t changed = 0;
    enum status status = db_run(write, "DELETE FROM account_invitation WHERE id = $1",
                                DB_BIND(db_integer(invitation->id)), &changed, error);
    if (status == STATUS_OK && !changed)
        return error_set(error, STATUS_MISSING, N_("This invitation was answered or withdrawn already."));
    if (status || !action) return status;
    const struct account_deed deed = {author, author ? author : invitation->author, action, invitation->organisation,
                                      invitation->role};
    return account_event_write(write, &deed, error);
}

struct answer {
    const struct account_invitation *invitation;
    int64_t account;
};

static enum status withdraw(struct db_handle *write, void *context, struct error *error)
{
    const struct answer *answer = context;
    return end_invitation(write, answer->invitation, answer->account, "uninvited", error);
}

enum status account_invitation_end(struct db *db, int64_t author, const struct account_invitation *invitation,
                                   struct error *error)
{
    struct answer answer = {invitation, author};
    return db_transaction(db, withdraw, &answer, error);
}

enum status account_invitation_accept_in(struct db_handle *write, const struct account_invitation *invitation,
                                         int64_t account, struct error *error)
{
    const struct account_role role = {.account = account,
                                      .organisation = invitation->organisation,
                                      .role = invitation->role,
                                      .from = time_today(),
                                      .until = invitation->until,
                                      .author = invitation->author};
    const enum status status = end_invitation(write, invitation, 0, NULL, error);
    return status ? status : account_role_give_in(write, &role, NULL, error);
}

/* The account is that of the address, whatever address it had when the page was shown. */
static enum status accept(struct db_handle *write, void *context, struct error *error)
{
    const struct answer *answer = context;
    int64_t same = 0;
    const enum status status = db_one_integer(
        write,
        "SELECT EXISTS (SELECT 1 FROM account_invitation i JOIN account a ON a.email_key = i.email_key "
        "WHERE i.id = $1 AND a.id = $2 AND a.disabled IS NULL AND i.expires > $3)",
        DB_BIND(db_integer(answer->invitation->id), db_integer(answer->account), db_integer(time_now())), &same, error);
    if (status) return status;
    if (!same) return error_set(error, STATUS_DENIED, N_("This invitation was written to another address."));
    return account_invitation_accept_in(write, answer->invitation, answer->account, error);
}

enum status account_invitation_accept(struct db *db, const struct account_invitation *invitation, int64_t account,
                                      struct error *error)
{
    struct answer answer = {invitation, account};
    const enum status status = db_transaction(db, accept, &answer, error);
    if (status == STATUS_OK) log_line(LOG_NOTE, "account", "invitation_accepted account=%lld", (long long)account);
    return status;
}
