/* authenticate.c: who a request comes from; and when sessions and tokens were last used, noted in memory and written together. */
#include <pthread.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/account/account_private.h"

enum { SEEN_EVERY_MS = 5 * 60 * MS_PER_SECOND, SEEN_MOST = 1024, DAYS_KEPT = 365 };

/* A session (or token) seen again after some minutes. When the list is full, the next request notes it again. */
static struct {
    pthread_mutex_t lock;
    struct seen {
        int64_t id, moment;
        bool token;
    } list[SEEN_MOST];
    size_t count;
} seen = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void note_seen(int64_t id, bool token, int64_t last, int64_t now)
{
    if (now - last < SEEN_EVERY_MS) return;
    pthread_mutex_lock(&seen.lock);
    size_t at = 0;
    while (at < seen.count && (seen.list[at].id != id || seen.list[at].token != token)) at++;
    if (at < SEEN_MOST) seen.list[at] = (struct seen){id, now, token};
    if (at == seen.count && at < SEEN_MOST) seen.count++;
    pthread_mutex_unlock(&seen.lock);
}

/* What a session or token stands for. */
struct bearer {
    int64_t id, account, organisation, last;
    const char *name;
    bool found, may_write, on_pages; /* on_pages: the organisation's name is shown */
    bool factor;                     /* the account has a second factor in force */
    rights scopes;
};

#define HAS_FACTOR "EXISTS (SELECT 1 FROM account_factor f WHERE f.account = a.id AND f.confirmed IS NOT NULL)"

static enum status find_session(struct db_handle *read, struct arena *arena, const char *session, struct bearer *bearer,
                                struct error *error)
{
    unsigned char hash[ACCOUNT_HASH];
    const int64_t now = time_now();
    account_token_hash(session, hash);
    struct db_rows *rows =
        db_query(read,
                 "SELECT s.id, s.account, s.organisation, s.last_seen, a.name, " HAS_FACTOR " FROM account_session s "
                 "JOIN account a ON a.id = s.account "
                 "WHERE s.hash = $1 AND s.expires > $2 AND s.last_seen > $3 AND a.disabled IS NULL",
                 DB_BIND(db_blob(hash, sizeof hash), db_integer(now), db_integer(now - account_policy()->idle_ms)));
    if (db_next(rows))
        *bearer = (struct bearer){.found = true,
                                  .id = db_get_integer(rows, 0),
                                  .account = db_get_integer(rows, 1),
                                  .organisation = db_get_integer(rows, 2),
                                  .last = db_get_integer(rows, 3),
                                  .name = arena_copy(arena, db_get_text(rows, 4)),
                                  .factor = db_get_integer(rows, 5),
                                  .may_write = true,
                                  .on_pages = true,
                                  .scopes = ~(rights)0};
    return db_end(&rows, error);
}

static enum status find_token(struct db_handle *read, struct arena *arena, const char *token, struct bearer *bearer,
                              struct error *error)
{
    unsigned char hash[ACCOUNT_HASH];
    account_token_hash(token, hash);
    struct db_rows *rows = db_query(read,
                                    "SELECT t.id, t.account, t.last_used, t.may_write, t.scopes, a.name, " HAS_FACTOR
                                    " FROM account_api_token t "
                                    "JOIN account a ON a.id = t.account "
                                    "WHERE t.hash = $1 AND t.expires > $2 AND t.revoked IS NULL AND a.disabled IS NULL",
                                    DB_BIND(db_blob(hash, sizeof hash), db_integer(time_now())));
    if (db_next(rows))
        *bearer = (struct bearer){.found = true,
                                  .id = db_get_integer(rows, 0),
                                  .account = db_get_integer(rows, 1),
                                  .last = db_get_integer(rows, 2),
                                  .may_write = db_get_integer(rows, 3),
                                  .scopes = (rights)db_get_integer(rows, 4),
                                  .name = arena_copy(arena, db_get_text(rows, 5)),
                                  .factor = db_get_integer(rows, 6)};
    return db_end(&rows, error);
}

/* The chosen organisation if they are still related to it, else the first of their own. */
static int64_t choose_organisation(const struct viewer *viewer, int64_t chosen)
{
    int64_t first = 0;
    for (size_t i = 0; i < viewer->relation_count; i++) {
        const struct relation *relation = &viewer->relations[i];
        if (chosen && relation->organisation == chosen) return chosen;
        if (!first && relation->organisation && (relation->rights & OWNER)) first = relation->organisation;
    }
    return first;
}

static enum status name_organisation(struct db_handle *read, struct arena *arena, struct viewer *viewer,
                                     struct error *error)
{
    if (!viewer->organisation || !account_policy()->organisation_name) return STATUS_OK;
    return account_organisation_name(read, arena, viewer->organisation, &viewer->organisation_name, error);
}

/* What is held everywhere and counts with a second factor only. */
static void withhold(struct viewer *viewer, rights bits)
{
    viewer->everywhere &= ~bits;
    viewer->roles &= ~bits;
}

static enum status load_viewer(struct db_handle *read, struct arena *arena, const struct bearer *bearer,
                               const struct viewer **viewer, struct error *error)
{
    struct viewer *loaded = ARENA_NEW(arena, struct viewer);
    const bool limited = bearer->scopes != ACCOUNT_ALL_SCOPES;
    enum status status = viewer_load(read, arena, limited ? bearer->id : bearer->account, loaded, error);
    if (status) return status;
    loaded->account = bearer->account;
    loaded->name = bearer->name;
    loaded->scopes = bearer->scopes;
    loaded->may_write = bearer->may_write;
    loaded->roles &= bearer->scopes | ANYONE | SIGNED_IN;
    loaded->everywhere &= bearer->scopes;
    if (!bearer->factor) withhold(loaded, account_policy()->factor_for);
    loaded->organisation = choose_organisation(loaded, bearer->organisation);
    if (bearer->on_pages) status = name_organisation(read, arena, loaded, error);
    if (status == STATUS_OK) *viewer = loaded;
    return status;
}

enum status account_authenticate(struct db_handle *read, struct arena *arena, const char *session, const char *bearer,
                                 const struct viewer **viewer, const char **csrf, struct error *error)
{
    struct bearer found = {.found = false};
    enum status status = STATUS_OK;
    *viewer = viewer_public();
    *csrf = NULL;
    if (bearer)
        status = find_token(read, arena, bearer, &found, error);
    else if (session)
        status = find_session(read, arena, session, &found, error);
    if (status || !found.found) return status;
    note_seen(found.id, bearer != NULL, found.last, time_now());
    if (!bearer) *csrf = account_csrf(arena, session);
    return load_viewer(read, arena, &found, viewer, error);
}

/* The token in use that has these scopes: it reads for the work. Without one (withdrawn since), the work sees what the public sees. */
static enum status find_limited(struct db_handle *read, struct bearer *bearer, struct error *error)
{
    if (bearer->scopes == ACCOUNT_ALL_SCOPES) return STATUS_OK;
    const enum status status = db_one_integer(
        read,
        "SELECT id FROM account_api_token WHERE account = $1 AND scopes = $2 AND revoked IS NULL AND expires > $3 "
        "ORDER BY id DESC LIMIT 1",
        DB_BIND(db_integer(bearer->account), db_integer(bearer->scopes), db_integer(time_now())), &bearer->id, error);
    return status == STATUS_MISSING ? STATUS_OK : status;
}

static enum status has_factor(struct db_handle *read, int64_t account, bool *has, struct error *error)
{
    int64_t found = 0;
    const enum status status = db_one_integer(read, "SELECT " HAS_FACTOR " FROM account a WHERE a.id = $1",
                                              DB_BIND(db_integer(account)), &found, error);
    *has = found;
    return status;
}

enum status account_factor_lacks(struct db_handle *read, struct arena *arena, int64_t account, bool *lacks,
                                 struct error *error)
{
    struct viewer held;
    bool has = false;
    enum status status = viewer_load(read, arena, account, &held, error);
    if (!status) status = has_factor(read, account, &has, error);
    *lacks = !status && !has && (held.everywhere & account_policy()->factor_for);
    return status;
}

enum status account_viewer(struct db_handle *read, struct arena *arena, int64_t account, int64_t organisation,
                           rights scopes, bool may_write, const struct viewer **viewer, struct error *error)
{
    struct account found = {0};
    struct bearer bearer = {.account = account, .organisation = organisation, .scopes = scopes, .may_write = may_write};
    const enum status status = account_load(read, arena, account, &found, error);
    if (status == STATUS_MISSING || (!status && found.disabled))
        return error_set(error, STATUS_DENIED, N_("The account that asked for this may no longer be used."));
    bearer.name = found.name;
    enum status known = status ? status : find_limited(read, &bearer, error);
    if (!known) known = has_factor(read, account, &bearer.factor, error);
    return known ? known : load_viewer(read, arena, &bearer, viewer, error);
}

struct batch {
    struct seen list[SEEN_MOST];
    size_t count;
};

static enum status write_batch(struct db_handle *write, void *context, struct error *error)
{
    const struct batch *batch = context;
    enum status status = STATUS_OK;
    for (size_t i = 0; i < batch->count && status == STATUS_OK; i++)
        status = db_run(write,
                        batch->list[i].token ? "UPDATE account_api_token SET last_used = $1 WHERE id = $2"
                                             : "UPDATE account_session SET last_seen = $1 WHERE id = $2",
                        DB_BIND(db_integer(batch->list[i].moment), db_integer(batch->list[i].id)), NULL, error);
    return status;
}

enum status account_write_seen(struct db *db, struct error *error)
{
    struct arena *arena = arena_new();
    struct batch *batch = ARENA_NEW(arena, struct batch);
    pthread_mutex_lock(&seen.lock);
    batch->count = seen.count;
    for (size_t i = 0; i < seen.count; i++) batch->list[i] = seen.list[i];
    seen.count = 0;
    pthread_mutex_unlock(&seen.lock);
    const enum status status = batch->count ? db_transaction(db, write_batch, batch, error) : STATUS_OK;
    arena_free(&arena);
    return status;
}

/* What is kept for a year. */
static enum status sweep_kept(struct db_handle *write, int64_t before, struct error *error)
{
    enum status status = db_run(write,
                                "DELETE FROM account_token WHERE account IN "
                                "(SELECT id FROM account_api_token WHERE expires < $1)",
                                DB_BIND(db_integer(before)), NULL, error);
    if (status == STATUS_OK)
        status =
            db_run(write, "DELETE FROM account_api_token WHERE expires < $1", DB_BIND(db_integer(before)), NULL, error);
    if (status == STATUS_OK)
        status = db_run(write, "DELETE FROM account_event WHERE moment < $1", DB_BIND(db_integer(before)), NULL, error);
    return status;
}

static enum status sweep(struct db_handle *write, void *context, struct error *error)
{
    (void)context;
    const int64_t now = time_now();
    enum status status = db_run(write, "DELETE FROM account_session WHERE expires <= $1 OR last_seen <= $2",
                                DB_BIND(db_integer(now), db_integer(now - account_policy()->idle_ms)), NULL, error);
    if (status == STATUS_OK)
        status = db_run(write, "DELETE FROM account_device WHERE last_used < $1",
                        DB_BIND(db_integer(now - (int64_t)ACCOUNT_DEVICE_DAYS * MS_PER_DAY)), NULL, error);
    if (status == STATUS_OK)
        status = db_run(write, "DELETE FROM account_attempt WHERE last < $1", DB_BIND(db_integer(now - MS_PER_DAY)),
                        NULL, error);
    if (status == STATUS_OK)
        status = db_run(write, "DELETE FROM account_link WHERE expires <= $1", DB_BIND(db_integer(now)), NULL, error);
    if (status == STATUS_OK)
        status =
            db_run(write, "DELETE FROM account_invitation WHERE expires <= $1", DB_BIND(db_integer(now)), NULL, error);
    return status ? status : sweep_kept(write, now - (int64_t)DAYS_KEPT * MS_PER_DAY, error);
}

enum status account_sweep(struct db *db, struct error *error) { return db_transaction(db, sweep, NULL, error); }
