/* store.c: companies into organisations. What Sirene decides follows it: head office, activity, state, date of closing. What people know better is only
 * filled where it is empty: name, place, size, type. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/db/db.h"
#include "platform/vocabulary/vocabulary.h"
#include "product/kinds/organisation.h"
#include "product/sirene/sirene_private.h"

enum { CHUNK = 200, LOOKED_UP = 50, SIREN_BYTES = 10 };

struct chunk {
    struct sirene_gathering *gathering;
    struct record_context context;
    struct record_batch *batch;
    struct sirene_company *const *companies;
    size_t count;
    struct map *ids;     /* of organisations that are here, by SIREN */
    struct map *records; /* those that may be read, by SIREN */
    struct sirene_count did;
    const struct organisation *withdrawn[CHUNK]; /* to be erased once the chunk is written */
    size_t withdrawn_count;
};

static const char *siren_text(struct arena *arena, int64_t number)
{
    return arena_print(arena, "%09lld", (long long)number);
}

/* ---- what is here ---- */

static enum status look_up(struct chunk *chunk, size_t from, struct error *error)
{
    struct arena *arena = chunk->context.arena;
    struct db_value sirens[LOOKED_UP];
    int64_t ids[LOOKED_UP];
    void *records[LOOKED_UP];
    size_t found = 0, loaded = 0;
    for (size_t i = 0; i < LOOKED_UP; i++)
        sirens[i] = db_text(from + i < chunk->count ? siren_text(arena, chunk->companies[from + i]->number) : "");
    char sql[512] = "SELECT id, siren FROM organisation WHERE siren IN ($1";
    for (int i = 2; i <= LOOKED_UP; i++) snprintf(sql + strlen(sql), sizeof sql - strlen(sql), ", $%d", i);
    strcat(sql, ")");
    struct db_rows *rows = db_query(chunk->context.handle, sql, sirens, LOOKED_UP);
    while (db_next(rows)) {
        ids[found] = db_get_integer(rows, 0);
        map_put_number(chunk->ids, strtoll(db_get_text(rows, 1), NULL, 10), chunk);
        found++;
    }
    enum status status = db_end(&rows, error);
    if (!status) status = record_load_many(&chunk->context, &organisation_kind, ids, found, records, &loaded, error);
    for (size_t i = 0; !status && i < loaded; i++) {
        const struct organisation *organisation = records[i];
        map_put_number(chunk->records, strtoll(organisation->siren.value, NULL, 10), records[i]);
    }
    return status;
}

/* ---- from a company to an organisation ---- */

/* Sizes are those of companies: known when the company's own line was read. NN: no employee known. */
static const char *size_of(const struct sirene_company *company)
{
    const long band = strtol(company->unit_band, NULL, 10);
    if (!company->has_unit || strspn(company->unit_band, "0123456789") != 2) return NULL;
    return band < 11 ? "micro" : band < 21 ? "small" : band < 32 ? "medium" : "large";
}

/* By the first figures of its legal category. */
static const char *type_of(const struct sirene_company *company)
{
    static const char *const types[][2] = {{"71", "state"},
                                           {"72", "local_authority"},
                                           {"73", "local_authority"},
                                           {"84", "federation"},
                                           {"92", "association"}};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strncmp(company->legal, types[i][0], 2) == 0) return types[i][1];
    return "company";
}

static const char *name_of(const struct sirene_company *company)
{
    return company->unit_name ? company->unit_name : company->name;
}

static void set_place(const struct chunk *chunk, const struct sirene_company *company, struct place *place)
{
    const struct vocabulary_code *commune =
        vocabulary_find(chunk->context.records->vocabulary, "territory", sirene_commune(company->commune));
    if (commune) *place = (struct place){commune->code, commune->latitude, commune->longitude, 1};
}

static bool differ(const char *a, const char *b) { return a && b ? strcmp(a, b) != 0 : a != b; }

static void set_text(struct arena *arena, const char **value, const char *text, bool *changed)
{
    if (!differ(*value, text)) return;
    *value = arena_copy(arena, text);
    *changed = true;
}

static void set_day(int64_t *value, int64_t day, bool *changed)
{
    *changed |= *value != day;
    *value = day;
}

static void fill(struct arena *arena, const char **value, const char *text, bool *changed)
{
    if (!*value && text) set_text(arena, value, text, changed);
}

/* A company ends with its own line; when only its establishments are known, with the last of them. */
static void set_state(struct chunk *chunk, const struct sirene_company *company, struct organisation *organisation,
                      bool *changed)
{
    const bool ended = company->unit_closed || (company->closed && !company->has_unit);
    const char *state = ended ? "closed" : "open";
    set_day(&organisation->closed.day,
            company->closed ? company->began
            : ended         ? company->unit_began
                            : ABSENT,
            changed);
    if (!differ(organisation->head.state, state)) return;
    organisation->head.state = state;
    organisation->head.reason = NULL;
    organisation->head.state_day = time_today();
    *changed = true;
    chunk->did.closed += ended;
}

/* Of the changes of a day, a line about another establishment does not make it ours, unless ours has closed. */
static bool is_about(const struct sirene_company *company, const struct organisation *organisation)
{
    const char *siret = organisation->siret.value;
    return !siret || strcmp(siret, company->siret) == 0 || company->present_seen ||
           strcmp(organisation->head.state, "closed") == 0;
}

/* Brings it to what Sirene says; whether anything differs from before. */
static bool bring_up(struct chunk *chunk, const struct sirene_company *company, struct organisation *organisation)
{
    struct arena *arena = chunk->context.arena;
    struct vocabulary *lists = chunk->context.records->vocabulary;
    bool changed = false;
    if (!is_about(company, organisation)) return false;
    const bool moved = organisation->siret.value && differ(organisation->siret.value, company->siret);
    set_text(arena, &organisation->siret.value, company->siret, &changed);
    if (*company->naf && vocabulary_find(lists, "naf", company->naf))
        set_text(arena, &organisation->sector.value, company->naf, &changed);
    if (*company->naf25) set_text(arena, &organisation->naf_2025.value, company->naf25, &changed);
    fill(arena, &organisation->name.value, name_of(company), &changed);
    fill(arena, &organisation->type.value, type_of(company), &changed);
    fill(arena, &organisation->size.value, size_of(company), &changed);
    if (!organisation->place.commune ||
        (moved && differ(organisation->place.commune, sirene_commune(company->commune)))) {
        set_place(chunk, company, &organisation->place);
        changed = true;
    }
    set_state(chunk, company, organisation, &changed);
    if (changed) organisation->treated.day = company->treated;
    return changed;
}

static enum status add(struct chunk *chunk, void *record, const void *before, int64_t *counted, struct error *error)
{
    struct faults faults = {.count = 0};
    const enum status status = record_batch_add(chunk->batch, record, before, &faults, error);
    if (status == STATUS_INPUT) chunk->did.faulty++;
    if (!status) ++*counted;
    return status == STATUS_INPUT ? STATUS_OK : status;
}

static enum status add_new(struct chunk *chunk, const struct sirene_company *company, struct error *error)
{
    if (company->closed || company->unit_closed) return STATUS_OK;
    if (!name_of(company)) {
        chunk->did.unnamed++;
        return STATUS_OK;
    }
    struct organisation *made = record_new(&chunk->context, &organisation_kind);
    made->siren.value = siren_text(chunk->context.arena, company->number);
    bring_up(chunk, company, made);
    return add(chunk, made, NULL, &chunk->did.added, error);
}

static enum status is_referred_to(struct chunk *chunk, int64_t id, bool *referred, struct error *error)
{
    enum status status = STATUS_OK;
    for (const struct kind *const *kind = kinds_all(); !status && !*referred && *kind; kind++)
        for (const struct field *field = (*kind)->fields; !status && field->name; field++) {
            if (field->type != FIELD_REFERENCE || strcmp(field->reference.to, organisation_kind.name) != 0) continue;
            int64_t one = 0;
            status = db_one_integer(chunk->context.handle,
                                    arena_print(chunk->context.arena, "SELECT id FROM %s WHERE %s = $1 LIMIT 1",
                                                (*kind)->name, field->name),
                                    DB_BIND(db_integer(id)), &one, error);
            *referred |= !status;
            if (status == STATUS_MISSING) status = STATUS_OK;
        }
    return status;
}

/* Whoever asked Insee not to be shown any more is not kept under a name that only Sirene gave. */
static enum status withdraw(struct chunk *chunk, const struct organisation *before, bool *gone, struct error *error)
{
    bool referred = false;
    *gone = false;
    if (before->head.author || before->treated.day == ABSENT) return STATUS_OK;
    const enum status status = is_referred_to(chunk, before->head.id, &referred, error);
    if (status || referred) return status;
    *gone = true;
    chunk->withdrawn[chunk->withdrawn_count++] = before;
    return STATUS_OK;
}

static enum status bring_present(struct chunk *chunk, const struct sirene_company *company, const void *before,
                                 struct error *error)
{
    const struct organisation *present = before;
    bool gone = false;
    if (present->treated.day != ABSENT && company->treated < present->treated.day) {
        chunk->did.same++;
        return STATUS_OK;
    }
    enum status status = company->partly && !name_of(company) ? withdraw(chunk, present, &gone, error) : STATUS_OK;
    if (status || gone) return status;
    struct organisation *after = (void *)arena_copy_bytes(chunk->context.arena, before, organisation_kind.size);
    if (!bring_up(chunk, company, after)) {
        chunk->did.same++;
        return STATUS_OK;
    }
    return add(chunk, after, before, &chunk->did.changed, error);
}

/* ---- chunks ---- */

static enum status write_chunk(struct db_handle *write, void *context, struct error *error)
{
    struct chunk *chunk = context;
    enum status status = STATUS_OK;
    chunk->context.handle = write;
    chunk->withdrawn_count = 0;
    chunk->did = (struct sirene_count){0};
    chunk->ids = map_new(chunk->context.arena);
    chunk->records = map_new(chunk->context.arena);
    record_batch_begin(chunk->batch, &chunk->context);
    for (size_t i = 0; !status && i < chunk->count; i += LOOKED_UP) status = look_up(chunk, i, error);
    for (size_t i = 0; !status && i < chunk->count; i++) {
        const struct sirene_company *company = chunk->companies[i];
        const void *before = map_get_number(chunk->records, company->number);
        if (!*company->siret) continue;
        if (before)
            status = bring_present(chunk, company, before, error);
        else if (map_get_number(chunk->ids, company->number))
            chunk->did.refused++;
        else
            status = add_new(chunk, company, error);
    }
    return status ? status : record_batch_write(chunk->batch, error);
}

static void add_up(struct sirene_count *total, const struct sirene_count *more)
{
    total->added += more->added;
    total->changed += more->changed;
    total->same += more->same;
    total->closed += more->closed;
    total->unnamed += more->unnamed;
    total->withheld += more->withheld;
    total->refused += more->refused;
    total->faulty += more->faulty;
}

static enum status erase_withdrawn(struct chunk *chunk, struct error *error)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < chunk->withdrawn_count; i++) {
        const struct record *head = &chunk->withdrawn[i]->head;
        status = record_erase(&chunk->context, &organisation_kind, head->id, head->version, NULL, error);
        chunk->did.withheld += !status;
    }
    return status;
}

static enum status store_all(struct sirene_gathering *gathering, struct chunk *chunk, struct error *error)
{
    struct sirene_company *companies[CHUNK], *next = gathering->first;
    enum status status = STATUS_OK;
    chunk->companies = companies;
    while (!status && next) {
        for (chunk->count = 0; chunk->count < CHUNK && next; next = next->next) companies[chunk->count++] = next;
        status = db_transaction(gathering->records->db, write_chunk, chunk, error);
        if (!status) status = record_batch_done(chunk->batch, error);
        if (!status) status = erase_withdrawn(chunk, error);
        add_up(&gathering->count, &chunk->did);
        arena_reset(chunk->context.arena);
    }
    return status;
}

enum status sirene_store(struct sirene_gathering *gathering, struct sirene_count *count, struct error *error)
{
    struct arena *arena = arena_new();
    struct chunk chunk = {.gathering = gathering,
                          .batch = record_batch_new(arena, &organisation_kind),
                          .context = {.records = gathering->records,
                                      .arena = arena_new(),
                                      .viewer = viewer_program(),
                                      .language = LANGUAGE_FRENCH,
                                      .origin = "sirene",
                                      .program = true}};
    const enum status status = record_batch_end(chunk.batch, store_all(gathering, &chunk, error), error);
    *count = gathering->count;
    gathering->first = NULL;
    gathering->last = &gathering->first;
    gathering->companies = map_new(gathering->arena);
    gathering->count = (struct sirene_count){0};
    arena_free(&chunk.context.arena);
    arena_free(&arena);
    return status;
}
