/* rights.c: the viewer, and the questions asked of it. */
#include "platform/rights/rights.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/fatal.h"
#include "platform/db/db.h"
#include "platform/rights/rights_private.h"

enum { FIRST_CAPACITY = 16 };

static const int64_t public_tokens[] = {READER_PUBLIC};

int64_t reader_token(enum audience audience, int64_t owner)
{
    switch (audience) {
    case AUDIENCE_PRIVATE: return owner;
    case AUDIENCE_CIRCLE: return -owner;
    case AUDIENCE_NETWORK: return READER_NETWORK;
    case AUDIENCE_PUBLIC: return READER_PUBLIC;
    }
    fatal("there is no audience %d", (int)audience);
}

const struct viewer *viewer_public(void)
{
    static const struct viewer viewer = {
        .roles = ANYONE, .scopes = ~(rights)0, .tokens = public_tokens, .token_count = 1, .tokens_version = 1};
    return &viewer;
}

const struct viewer *viewer_program(void)
{
    static const struct viewer viewer = {.roles = ~(rights)0,
                                         .everywhere = ~(rights)0,
                                         .scopes = ~(rights)0,
                                         .may_write = true,
                                         .tokens = public_tokens,
                                         .token_count = 1,
                                         .tokens_version = 1};
    return &viewer;
}

void rights_list_add(struct arena *arena, struct rights_list *list, int64_t key, int64_t bits)
{
    if (list->count == list->capacity) {
        list->capacity = list->capacity ? list->capacity * 2 : FIRST_CAPACITY;
        struct rights_entry *larger = ARENA_ARRAY(arena, list->capacity, struct rights_entry);
        if (list->count) memcpy(larger, list->entries, list->count * sizeof *larger);
        list->entries = larger;
    }
    list->entries[list->count++] = (struct rights_entry){key, bits};
}

enum status rights_list_read(struct db_handle *handle, struct arena *arena, const char *sql,
                             const struct db_value *values, size_t count, struct rights_list *list, struct error *error)
{
    struct db_rows *rows = db_query(handle, sql, values, count);
    while (db_next(rows))
        rights_list_add(arena, list, db_get_integer(rows, 0), db_columns(rows) > 1 ? db_get_integer(rows, 1) : 0);
    return db_end(&rows, error);
}

enum status rights_read(struct db_handle *handle, struct arena *arena, int64_t account, struct rights_list *relations,
                        struct rights_list *tokens, struct error *error)
{
    const enum status status = rights_list_read(
        handle, arena, "SELECT organisation, bits FROM account_relation WHERE account = $1 ORDER BY organisation",
        DB_BIND(db_integer(account)), relations, error);
    return status ? status
                  : rights_list_read(handle, arena, "SELECT token FROM account_token WHERE account = $1 ORDER BY token",
                                     DB_BIND(db_integer(account)), tokens, error);
}

static const struct relation *relations_of(struct arena *arena, const struct rights_list *list)
{
    struct relation *relations = ARENA_ARRAY(arena, list->count, struct relation);
    for (size_t i = 0; i < list->count; i++)
        relations[i] = (struct relation){list->entries[i].key, (rights)list->entries[i].bits};
    return relations;
}

/* An account whose tokens were never computed reads what is public. */
static const int64_t *tokens_of(struct arena *arena, struct rights_list *list)
{
    if (!list->count) rights_list_add(arena, list, READER_PUBLIC, 0);
    int64_t *tokens = ARENA_ARRAY(arena, list->count, int64_t);
    for (size_t i = 0; i < list->count; i++) tokens[i] = list->entries[i].key;
    return tokens;
}

static enum status load(struct db_handle *read, struct arena *arena, int64_t account, struct rights_loaded *loaded,
                        struct error *error)
{
    struct rights_list relations = {0}, tokens = {0};
    const enum status status = rights_read(read, arena, account, &relations, &tokens, error);
    if (status) return status;
    loaded->relations = relations_of(arena, &relations);
    loaded->relation_count = relations.count;
    loaded->tokens = tokens_of(arena, &tokens);
    loaded->token_count = tokens.count;
    return STATUS_OK;
}

/* The version is read first: what is read after it may be newer than it, never older, and is then not found again. A transaction that
 * writes may be undone, and its versions given again: nothing of it is kept. */
static enum status load_or_recall(struct db_handle *read, struct arena *arena, int64_t account, int64_t *version,
                                  struct rights_loaded *loaded, struct error *error)
{
    enum status status = db_one_integer(read, "SELECT version FROM account_token_version WHERE account = $1",
                                        DB_BIND(db_integer(account)), version, error);
    if (status == STATUS_MISSING) return load(read, arena, account, loaded, error);
    const uint64_t database = db_number(db_of(read));
    const bool kept = !db_writing(read);
    if (status || (kept && rights_cache_get(database, account, *version, arena, loaded))) return status;
    status = load(read, arena, account, loaded, error);
    if (status == STATUS_OK && kept) rights_cache_put(database, account, *version, loaded);
    return status;
}

enum status viewer_load(struct db_handle *read, struct arena *arena, int64_t account, struct viewer *viewer,
                        struct error *error)
{
    struct rights_loaded loaded = {0};
    int64_t version = 0;
    *viewer = *viewer_public();
    if (account == 0) return STATUS_OK;
    const enum status status = load_or_recall(read, arena, account, &version, &loaded, error);
    if (status) return status;
    *viewer = (struct viewer){.account = account,
                              .reads_as = account,
                              .roles = ANYONE | SIGNED_IN,
                              .scopes = ~(rights)0,
                              .may_write = true,
                              .relations = loaded.relations,
                              .relation_count = loaded.relation_count,
                              .tokens = loaded.tokens,
                              .token_count = loaded.token_count,
                              .tokens_version = version};
    for (size_t i = 0; i < loaded.relation_count; i++) viewer->roles |= loaded.relations[i].rights;
    viewer->everywhere = viewer->roles & ADMINISTRATOR;
    return STATUS_OK;
}

static int compare_relation(const void *key, const void *item)
{
    const int64_t wanted = *(const int64_t *)key, found = ((const struct relation *)item)->organisation;
    return (wanted > found) - (wanted < found);
}

static int compare_token(const void *key, const void *item)
{
    const int64_t wanted = *(const int64_t *)key, found = *(const int64_t *)item;
    return (wanted > found) - (wanted < found);
}

static rights related(const struct viewer *viewer, int64_t organisation)
{
    if (!viewer->relation_count) return NOBODY;
    const struct relation *relation =
        bsearch(&organisation, viewer->relations, viewer->relation_count, sizeof *viewer->relations, compare_relation);
    return relation ? relation->rights : NOBODY;
}

rights viewer_rights(const struct viewer *viewer, int64_t organisation)
{
    const rights held = viewer->everywhere | related(viewer, organisation);
    return ANYONE | (viewer->account ? SIGNED_IN : NOBODY) | (held & viewer->scopes);
}

rights viewer_rights_between(const struct viewer *viewer, int64_t owner, int64_t partner)
{
    const rights other = partner ? viewer_rights(viewer, partner) : NOBODY;
    return viewer_rights(viewer, owner) | (other & OWNER ? PARTNER : NOBODY);
}

bool viewer_reads(const struct viewer *viewer, int64_t reader)
{
    return bsearch(&reader, viewer->tokens, viewer->token_count, sizeof *viewer->tokens, compare_token) != NULL;
}

const char *rights_predicate(struct arena *arena, const char *column, int parameter)
{
    return arena_print(arena, "EXISTS (SELECT 1 FROM account_token held WHERE held.account = $%d AND held.token = %s)",
                       parameter, column);
}

rights rights_bit(const struct rights_model *model, const char *name)
{
    for (const struct right_name *row = model->names; row->bit; row++)
        if (strcmp(row->name, name) == 0) return row->bit;
    return NOBODY;
}

const char *rights_name(const struct rights_model *model, rights bit)
{
    for (const struct right_name *row = model->names; row->bit; row++)
        if (row->bit == bit) return row->name;
    return NULL;
}
