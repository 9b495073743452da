/* refresh.c: what the tables of rights should hold, against what they hold. */
#include <stdlib.h>

#include "base/arena.h"
#include "base/log.h"
#include "platform/rights/rights_private.h"

/* A change of one of the two tables. bits: -1 for a row that goes. */
typedef enum status change_row(struct db_handle *write, int64_t account, int64_t key, int64_t bits,
                               struct error *error);

static enum status change_relation(struct db_handle *write, int64_t account, int64_t key, int64_t bits,
                                   struct error *error)
{
    if (bits < 0)
        return db_run(write, "DELETE FROM account_relation WHERE account = $1 AND organisation = $2",
                      DB_BIND(db_integer(account), db_integer(key)), NULL, error);
    return db_run(write,
                  "INSERT INTO account_relation (account, organisation, bits) VALUES ($1, $2, $3) "
                  "ON CONFLICT (account, organisation) DO UPDATE SET bits = excluded.bits",
                  DB_BIND(db_integer(account), db_integer(key), db_integer(bits)), NULL, error);
}

static enum status change_token(struct db_handle *write, int64_t account, int64_t key, int64_t bits,
                                struct error *error)
{
    if (bits < 0)
        return db_run(write, "DELETE FROM account_token WHERE account = $1 AND token = $2",
                      DB_BIND(db_integer(account), db_integer(key)), NULL, error);
    return db_run(write, "INSERT INTO account_token (account, token) VALUES ($1, $2)",
                  DB_BIND(db_integer(account), db_integer(key)), NULL, error);
}

static int compare_entries(const void *a, const void *b)
{
    const int64_t left = ((const struct rights_entry *)a)->key, right = ((const struct rights_entry *)b)->key;
    return (left > right) - (left < right);
}

/* Sorts; of entries with one key, the bits are joined. */
static void sort_and_join(struct rights_list *list)
{
    size_t kept = 0;
    if (list->count) qsort(list->entries, list->count, sizeof *list->entries, compare_entries);
    for (size_t i = 0; i < list->count; i++) {
        if (kept && list->entries[kept - 1].key == list->entries[i].key)
            list->entries[kept - 1].bits |= list->entries[i].bits;
        else
            list->entries[kept++] = list->entries[i];
    }
    list->count = kept;
}

/* Both lists are sorted by key: one walk finds what goes, what comes and what differs. */
static enum status apply_differences(struct db_handle *write, int64_t account, const struct rights_list *held,
                                     const struct rights_list *wanted, change_row *change, bool *changed,
                                     struct error *error)
{
    enum status status = STATUS_OK;
    for (size_t h = 0, w = 0; status == STATUS_OK && (h < held->count || w < wanted->count);) {
        const struct rights_entry *old = h < held->count ? &held->entries[h] : NULL;
        const struct rights_entry *new = w < wanted->count ? &wanted->entries[w] : NULL;
        const bool goes = old && (!new || old->key < new->key), comes = new && (!old || new->key < old->key);
        if (goes || comes || (old && new && old->bits != new->bits)) {
            *changed = true;
            status =
                goes ? change(write, account, old->key, -1, error) : change(write, account, new->key, new->bits, error);
        }
        h += !comes;
        w += !goes;
    }
    return status;
}

/* Tokens follow from relations and circles: one's own organisations' private records, and the circles' records. */
static void compute_tokens(struct arena *arena, int64_t account, const struct rights_list *relations,
                           const struct rights_list *circles, struct rights_list *tokens)
{
    rights_list_add(arena, tokens, READER_PUBLIC, 0);
    if (account) rights_list_add(arena, tokens, READER_NETWORK, 0);
    for (size_t i = 0; i < relations->count; i++) {
        if (!((rights)relations->entries[i].bits & OWNER)) continue;
        rights_list_add(arena, tokens, reader_token(AUDIENCE_PRIVATE, relations->entries[i].key), 0);
        rights_list_add(arena, tokens, reader_token(AUDIENCE_CIRCLE, relations->entries[i].key), 0);
    }
    for (size_t i = 0; i < circles->count; i++)
        rights_list_add(arena, tokens, reader_token(AUDIENCE_CIRCLE, circles->entries[i].key), 0);
    sort_and_join(tokens);
}

/* For whom: an account, or a limited API token of it. */
struct subject {
    int64_t number, account;
    rights scopes;
};

/* Leaves what follows from a role within the scopes; OWNER goes with the role that brings it. */
static void keep_scopes(struct rights_list *list, rights scopes)
{
    size_t kept = 0;
    if (scopes == ~(rights)0) return;
    for (size_t i = 0; i < list->count; i++)
        if ((rights)list->entries[i].bits & scopes & ~(rights)OWNER) list->entries[kept++] = list->entries[i];
    list->count = kept;
}

static enum status compute(struct db_handle *handle, struct arena *arena, const struct rights_model *model,
                           const struct subject *subject, int64_t day, struct rights_list *relations,
                           struct rights_list *tokens, struct error *error)
{
    struct rights_list circles = {0};
    enum status status = STATUS_OK;
    if (subject->account) {
        status = rights_list_read(handle, arena, model->relations,
                                  DB_BIND(db_integer(subject->account), db_integer(day)), relations, error);
        if (status == STATUS_OK)
            status = rights_list_read(handle, arena, model->circles,
                                      DB_BIND(db_integer(subject->account), db_integer(day)), &circles, error);
    }
    keep_scopes(relations, subject->scopes);
    keep_scopes(&circles, subject->scopes);
    sort_and_join(relations);
    compute_tokens(arena, subject->account, relations, &circles, tokens);
    return status;
}

static enum status raise_version(struct db_handle *write, int64_t account, struct error *error)
{
    return db_run(write,
                  "INSERT INTO account_token_version (account, version) VALUES ($1, 1) "
                  "ON CONFLICT (account) DO UPDATE SET version = account_token_version.version + 1",
                  DB_BIND(db_integer(account)), NULL, error);
}

static enum status refresh(struct db_handle *write, struct arena *arena, const struct rights_model *model,
                           const struct subject *subject, int64_t day, struct error *error)
{
    const int64_t account = subject->number;
    struct rights_list relations = {0}, tokens = {0}, held_relations = {0}, held_tokens = {0};
    bool changed = false;
    enum status status = compute(write, arena, model, subject, day, &relations, &tokens, error);
    if (status == STATUS_OK) status = rights_read(write, arena, account, &held_relations, &held_tokens, error);
    if (status == STATUS_OK)
        status = apply_differences(write, account, &held_relations, &relations, change_relation, &changed, error);
    if (status == STATUS_OK)
        status = apply_differences(write, account, &held_tokens, &tokens, change_token, &changed, error);
    return status || !changed ? status : raise_version(write, account, error);
}

/* API tokens in use that have less than their account: number and scopes. */
static enum status list_limited(struct db_handle *write, struct arena *arena, int64_t account, struct rights_list *list,
                                struct error *error)
{
    return rights_list_read(write, arena,
                            "SELECT id, scopes FROM account_api_token WHERE account = $1 AND revoked IS NULL "
                            "AND scopes <> 4294967295 ORDER BY id",
                            DB_BIND(db_integer(account)), list, error);
}

enum status rights_refresh(struct db_handle *write, const struct rights_model *model, int64_t account, int64_t day,
                           struct error *error)
{
    struct arena *arena = arena_new();
    struct rights_list limited = {0};
    enum status status = refresh(write, arena, model, &(struct subject){account, account, ~(rights)0}, day, error);
    if (status == STATUS_OK && account) status = list_limited(write, arena, account, &limited, error);
    for (size_t i = 0; status == STATUS_OK && i < limited.count; i++) {
        const struct subject token = {limited.entries[i].key, account, (rights)limited.entries[i].bits};
        status = refresh(write, arena, model, &token, day, error);
    }
    arena_free(&arena);
    return status;
}

static bool same_list(const struct rights_list *a, const struct rights_list *b)
{
    if (a->count != b->count) return false;
    for (size_t i = 0; i < a->count; i++)
        if (a->entries[i].key != b->entries[i].key || a->entries[i].bits != b->entries[i].bits) return false;
    return true;
}

static enum status subject_differs(struct db_handle *read, struct arena *arena, const struct rights_model *model,
                                   const struct subject *subject, int64_t day, bool *differ, struct error *error)
{
    struct rights_list relations = {0}, tokens = {0}, held_relations = {0}, held_tokens = {0};
    enum status status = compute(read, arena, model, subject, day, &relations, &tokens, error);
    if (status == STATUS_OK) status = rights_read(read, arena, subject->number, &held_relations, &held_tokens, error);
    *differ |= !same_list(&relations, &held_relations) || !same_list(&tokens, &held_tokens);
    return status;
}

enum status rights_differ(struct db_handle *read, const struct rights_model *model, int64_t account, int64_t day,
                          bool *differ, struct error *error)
{
    struct arena *arena = arena_new();
    struct rights_list limited = {0};
    *differ = false;
    enum status status =
        subject_differs(read, arena, model, &(struct subject){account, account, ~(rights)0}, day, differ, error);
    if (status == STATUS_OK && account) status = list_limited(read, arena, account, &limited, error);
    for (size_t i = 0; status == STATUS_OK && i < limited.count; i++) {
        const struct subject token = {limited.entries[i].key, account, (rights)limited.entries[i].bits};
        status = subject_differs(read, arena, model, &token, day, differ, error);
    }
    arena_free(&arena);
    return status;
}

enum status rights_forget(struct db_handle *write, int64_t number, struct error *error)
{
    enum status status =
        db_run(write, "DELETE FROM account_token WHERE account = $1", DB_BIND(db_integer(number)), NULL, error);
    if (status == STATUS_OK)
        status =
            db_run(write, "DELETE FROM account_relation WHERE account = $1", DB_BIND(db_integer(number)), NULL, error);
    return status;
}

struct one_refresh {
    const struct rights_model *model;
    int64_t account, day;
};

static enum status refresh_one(struct db_handle *write, void *context, struct error *error)
{
    const struct one_refresh *one = context;
    return rights_refresh(write, one->model, one->account, one->day, error);
}

static enum status list_accounts(struct db *db, struct arena *arena, struct rights_list *accounts, struct error *error)
{
    struct db_handle *read = NULL;
    rights_list_add(arena, accounts, 0, 0);
    enum status status = db_read(db, &read, error);
    if (status) return status;
    status = rights_list_read(read, arena, "SELECT id FROM account WHERE disabled IS NULL ORDER BY id", DB_BIND_NONE,
                              accounts, error);
    db_release(&read);
    return status;
}

enum status rights_refresh_all(struct db *db, const struct rights_model *model, int64_t day, struct error *error)
{
    struct arena *arena = arena_new();
    struct rights_list accounts = {0};
    enum status last = list_accounts(db, arena, &accounts, error);
    for (size_t i = 0; i < accounts.count; i++) {
        struct one_refresh one = {model, accounts.entries[i].key, day};
        const enum status status = db_transaction(db, refresh_one, &one, error);
        if (status) log_line(LOG_WARNING, "rights", "account=%lld status=%d", (long long)one.account, (int)status);
        if (status) last = status;
    }
    arena_free(&arena);
    return last;
}
