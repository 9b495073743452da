/* test_query.c: lists, counts, pages, exports and pickers of random records, for random accounts, against a plain reading of every record;
 * before and after the index is merged, after changes and erasures. time limit: 300 s */
#include "tests/record/plain.h"

#include <math.h>
#include <string.h>

#include <jansson.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/time.h"
#include "platform/account/account.h"
#include "platform/index/index.h"
#include "platform/record/export.h"
#include "platform/record/type.h"
#include "platform/record/store_private.h"

enum {
    COMPANIES = 6,
    CLUSTERS = 2,
    STRANGERS = 30,
    ORGANISATIONS = COMPANIES + CLUSTERS + 1 + STRANGERS,
    NEEDS_AT_FIRST = 60,
    NEEDS_MOST = 90,
    PEOPLE = 8,
    QUERIES = 14,
    EXPORTS = 2,
    PAGE_MOST = 20,
    SEED = 20261123
};

static const char *const communes[] = {"59350", "62041", "93066"};
static const int64_t centres[][2] = {{50630000, 3057000}, {50289000, 2780000}, {48936000, 2357000}};

struct play {
    struct world world;
    int64_t organisations[ORGANISATIONS], needs[NEEDS_MOST], people[PEOPLE], owners[NEEDS_MOST];
    int64_t members[COMPANIES]; /* an account of each company */
    size_t need_count;
};

static const char *any(const char *const *words, size_t count) { return words[(size_t)rand() % count]; }
#define ANY(...) \
    any((const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

/* ---- random records ---- */

static const char *const vocabulary_words[] = {"Soudeurs",  "énergie", "pièces",  "forgées", "l’eau", "soudeuse",
                                               "RECYCLAGE", "bois",    "Usinage", "à",       "de",    "5 axes"};
/* All of them, and the labels of skills. */
static const char dictionary[] =
    "Soudeurs énergie pièces forgées l’eau soudeuse RECYCLAGE bois Usinage à de 5 axes Métal Soudage";

static const char *some_words(struct arena *arena, int most)
{
    const char *text = "";
    for (int i = 1 + rand() % most; i > 0; i--)
        text = arena_print(arena, "%s%s%s", text, *text ? " " : "",
                           any(vocabulary_words, sizeof vocabulary_words / sizeof *vocabulary_words));
    return text;
}

static struct place some_place(void)
{
    const int where = rand() % 3;
    if (rand() % 4 == 0) return (struct place){communes[where], ABSENT, ABSENT, ABSENT};
    return (struct place){communes[where], centres[where][0] + rand() % 400000 - 200000,
                          centres[where][1] + rand() % 600000 - 300000, 0};
}

/* Nine digits whose last makes the sum of Luhn right. */
static const char *some_siren(struct arena *arena, int number)
{
    for (int last = 0; last < 10; last++) {
        const char *siren = arena_print(arena, "%08d%d", 41000000 + number * 37, last);
        if (siren_valid(siren)) return siren;
    }
    return NULL;
}

struct saving {
    struct record_context context;
    const struct kind *kind;
    void *record;
    struct faults faults;
};

static enum status save_in(struct db_handle *handle, void *data, struct error *error)
{
    struct saving *saving = data;
    saving->context.handle = handle;
    saving->faults.count = 0;
    return record_save(&saving->context, saving->kind, saving->record, &saving->faults, error);
}

static int64_t save(struct play *play, const struct record_context *context, const struct kind *kind, void *record)
{
    struct error error = {0};
    struct saving saving = {.context = *context, .kind = kind, .record = record};
    const enum status status = db_transaction(play->world.db, save_in, &saving, &error);
    check_ok(status, saving.faults.count ? &saving.faults.items[0] : &error);
    return ((const struct record *)record)->id;
}

static int64_t make_organisation(struct play *play, int number)
{
    struct record_context context = world_program(&play->world);
    struct organisation *made = record_new(&context, &organisation_kind);
    const bool known = number < ORGANISATIONS - STRANGERS;
    made->name.value = some_words(context.arena, 3);
    made->type.value = number < COMPANIES              ? "company"
                       : number < COMPANIES + CLUSTERS ? "cluster"
                       : known                         ? "local_authority"
                                                       : ANY("company", "funder");
    made->siren.value = rand() % 2 ? some_siren(context.arena, number) : NULL;
    made->activity.value = rand() % 2 ? some_words(context.arena, 8) : NULL;
    made->sector.value = rand() % 5 ? ANY("25.62B", "62.01Z", "25") : NULL;
    made->size.value = rand() % 5 ? ANY("micro", "small") : NULL;
    made->strategic_sectors.value = rand() % 2 ? ANY("eau", "bois", "eau;bois") : NULL;
    made->place = some_place();
    made->contact.value = "Ada Contact";
    if (!known) made->head.audience = (enum audience)(AUDIENCE_PRIVATE + rand() % 4);
    return save(play, &context, &organisation_kind, made);
}

static void make_need(struct play *play)
{
    const int company = rand() % COMPANIES;
    struct record_context context = world_as(&play->world, play->members[company]);
    struct need *made = record_new(&context, &need_kind);
    context.now = (day_from_civil((struct civil){2024, 11, 20}) + rand() % 500) * MS_PER_DAY + 1000;
    made->title.value = some_words(context.arena, 4);
    made->company.id = play->organisations[company];
    made->type.value = ANY("people", "people.recruitment", "skills");
    made->description.value = rand() % 2 ? some_words(context.arena, 12) : NULL;
    made->skills.value = rand() % 2 ? ANY("metal", "metal.welding", "metal;metal.welding") : NULL;
    if (rand() % 3) made->place = some_place();
    made->contact.value = rand() % 3 ? "Bob Personne" : NULL;
    made->head.audience = (enum audience)(AUDIENCE_PRIVATE + rand() % 4);
    play->owners[play->need_count] = play->members[company];
    play->needs[play->need_count++] = save(play, &context, &need_kind, made);
}

static void make_people(struct play *play)
{
    struct world *world = &play->world;
    const int64_t *of = play->organisations;
    struct error error = {0};
    for (int c = 0; c < COMPANIES; c++)
        play->members[c] = world_account(world, arena_print(world->arena, "m%d@exemple.fr", c), "member", of[c]);
    play->people[0] = 0;
    play->people[1] = world_account(world, "aucun@exemple.fr", NULL, 0);
    play->people[2] = play->members[0];
    play->people[3] = play->members[1];
    play->people[4] = world_account(world, "pole@exemple.fr", "officer", of[COMPANIES]);
    play->people[5] = world_account(world, "region@exemple.fr", "region", of[COMPANIES + CLUSTERS]);
    play->people[6] = world_account(world, "admin@exemple.fr", "administrator", of[COMPANIES]);
    play->people[7] = world_account(world, "deux@exemple.fr", "member", of[2]);
    const struct account_role second = {
        .account = play->people[7], .organisation = of[COMPANIES + 1], .role = "officer", .from = time_today() - 5};
    check_ok(account_role_give(world->db, &second, NULL, &error), &error);
}

static struct play play_begin(void)
{
    struct play play = {.world = world_begin()};
    srand(SEED);
    for (int i = 0; i < ORGANISATIONS; i++) play.organisations[i] = make_organisation(&play, i);
    for (int c = 0; c < COMPANIES; c++)
        for (int k = 0; k < CLUSTERS; k++)
            if (rand() % 2)
                world_member(&play.world, play.organisations[c], play.organisations[COMPANIES + k], time_today() - 9,
                             ABSENT);
    make_people(&play);
    while (play.need_count < NEEDS_AT_FIRST) make_need(&play);
    return play;
}

/* ---- random queries ---- */

enum { PARAMETERS_MOST = 12 };
struct asking {
    struct input items[PARAMETERS_MOST];
    size_t count;
};

static void ask(struct asking *asking, const char *name, const char *value)
{
    if (asking->count < PARAMETERS_MOST) asking->items[asking->count++] = (struct input){name, value};
}

static void ask_of_needs(struct arena *arena, struct asking *asking)
{
    if (rand() % 4 == 0) ask(asking, "type", ANY("people", "people.recruitment", "skills"));
    if (rand() % 4 == 0) ask(asking, "skills", ANY("metal", "metal.welding", "nothing"));
    if (rand() % 5 == 0) ask(asking, "state", ANY("open", "closed", "served"));
    if (rand() % 6 == 0) ask(asking, "state", "closed");
    if (rand() % 5 == 0)
        ask(asking, "filed.from", arena_print(arena, "2025-%02d-%02d", 1 + rand() % 12, 1 + rand() % 28));
    if (rand() % 5 == 0) ask(asking, "filed.until", ANY("2024-12-31", "2025-02-28", "31/05/2025", "2026-04-30"));
    if (rand() % 9 == 0) ask(asking, "contact", "Bob Personne");
}

static void ask_of_organisations(struct asking *asking)
{
    if (rand() % 4 == 0) ask(asking, "type", ANY("company", "cluster", "funder"));
    if (rand() % 4 == 0) ask(asking, "type", "company");
    if (rand() % 4 == 0) ask(asking, "strategic_sectors", ANY("eau", "bois"));
}

static void make_query(struct play *play, struct record_context *context, const struct kind *kind,
                       struct record_query *query)
{
    struct asking asking = {.count = 0};
    struct error error = {0};
    const int where = rand() % 3;
    if (rand() % 3 == 0)
        ask(&asking, "q",
            rand() % 3 ? some_words(context->arena, 2)
                       : ANY("soud", "piece us", "energies", "usi", "zèbre", "bois so", "les"));
    if (kind == &need_kind)
        ask_of_needs(context->arena, &asking);
    else
        ask_of_organisations(&asking);
    if (rand() % 5 == 0) ask(&asking, "sector", ANY("C", "25", "25.62B", "62.01Z"));
    if (rand() % 5 == 0) ask(&asking, "size", ANY("micro", "small"));
    for (int i = rand() % 8; i > 5; i--) ask(&asking, "place", ANY("59350", "59", "62", "R32", "R11", "93066"));
    if (rand() % 8 == 0) ask(&asking, "audience", ANY("private", "circle", "network", "public"));
    if (rand() % 8 == 0)
        ask(&asking, "owner",
            arena_print(context->arena, "%lld", (long long)play->organisations[rand() % ORGANISATIONS]));
    if (rand() % 6 == 0)
        ask(&asking, "near",
            arena_print(context->arena, "%.4f,%.4f,%d", (double)centres[where][0] / 1e6,
                        (double)centres[where][1] / 1e6, 1 + rand() % 160));
    if (rand() % 6 == 0) {
        ask(&asking, "around", communes[where]);
        ask(&asking, "within", arena_print(context->arena, "%d", 1 + rand() % 160));
    }
    if (rand() % 2) ask(&asking, "sort", ANY("new", "old", "name", "relevance"));
    ask(&asking, "limit", arena_print(context->arena, "%d", 1 + rand() % PAGE_MOST));
    ask(&asking, "page", arena_print(context->arena, "%d", 1 + rand() % 3));
    const struct inputs inputs = {asking.items, asking.count};
    check_ok(record_query_read(context, kind, &inputs, query, &error), &error);
}

/* ---- comparisons ---- */

struct compared {
    struct record_context *context;
    const struct plain *plain;
    const struct record_query *query;
    struct record_found found;
    int64_t *ids; /* expected, in order */
    size_t count;
    const char *text; /* of the query, to be told */
};

static int64_t id_of(const void *record) { return ((const struct record *)record)->id; }

static void check_page(struct compared *compared)
{
    const struct record_query *query = compared->query;
    const size_t skip = (size_t)((query->page - 1) * query->page_size);
    const size_t rest = compared->count > skip ? compared->count - skip : 0, size = (size_t)query->page_size;
    struct error error = {0};
    void **records = NULL;
    size_t count = 0;
    check_ok(record_found_page(compared->context, query, &compared->found, &records, &count, &error), &error);
    if (count != (rest < size ? rest : size))
        fail_msg("%s: %zu records on the page of %zu in all", compared->text, count, compared->count);
    if (compared->found.ranked) return;
    for (size_t i = 0; i < count; i++)
        if (id_of(records[i]) != compared->ids[skip + i]) fail_msg("%s: another record at %zu", compared->text, i);
}

/* By relevance: the pages hold each record once, and ranks do not grow. */
static void check_ranks(struct compared *compared)
{
    struct record_query query = *compared->query;
    struct error error = {0};
    double last = INFINITY;
    size_t seen = 0;
    if (!compared->found.ranked) return;
    query.page = 1;
    for (size_t count = 1; count; query.page++) {
        void **records = NULL;
        check_ok(record_found_page(compared->context, &query, &compared->found, &records, &count, &error), &error);
        for (size_t i = 0; i < count; i++, seen++) {
            const size_t at = plain_index(compared->plain, id_of(records[i]));
            const double score = plain_score(compared->context, compared->plain, at, query.words);
            if (score > last + 1e-9) fail_msg("%s: rank %g after %g", compared->text, score, last);
            last = score;
            bool wanted = false;
            for (size_t j = 0; j < compared->count; j++) {
                wanted = wanted || compared->ids[j] == id_of(records[i]);
                if (compared->ids[j] == id_of(records[i])) compared->ids[j] = -compared->ids[j];
            }
            if (!wanted) fail_msg("%s: a record twice, or one that does not match", compared->text);
        }
    }
    assert_int_equal(seen, compared->count);
    for (size_t j = 0; j < compared->count; j++) compared->ids[j] = -compared->ids[j];
}

static void check_all_batches(struct compared *compared)
{
    struct record_query newest = *compared->query;
    struct error error = {0};
    int64_t at = INT64_MAX, *ids = ARENA_ARRAY(compared->context->arena, compared->plain->count + 1, int64_t);
    size_t seen = 0;
    newest.sort = SORT_NEW;
    const size_t expected = plain_find(compared->context, compared->plain, &newest, NULL, ids);
    for (size_t count = 1; count;) {
        void **records = NULL;
        check_ok(record_found_next(compared->context, &compared->found, &at, &records, &count, &error), &error);
        for (size_t i = 0; i < count; i++, seen++)
            if (seen >= expected || id_of(records[i]) != ids[seen])
                fail_msg("%s: another record in the batches at %zu", compared->text, seen);
    }
    assert_int_equal(seen, expected);
}

/* Values whose counts are compared, with the level at which they are counted. */
struct value {
    const char *name, *level, *value;
};
static const struct value values[] = {{"state", NULL, "open"},
                                      {"state", NULL, "closed"},
                                      {"state", NULL, "served"},
                                      {"state", NULL, "taken_up"},
                                      {"type", NULL, "people"},
                                      {"type", NULL, "people.recruitment"},
                                      {"type", NULL, "skills"},
                                      {"type", NULL, "company"},
                                      {"type", NULL, "cluster"},
                                      {"type", NULL, "local_authority"},
                                      {"type", NULL, "funder"},
                                      {"skills", NULL, "metal"},
                                      {"skills", NULL, "metal.welding"},
                                      {"strategic_sectors", NULL, "eau"},
                                      {"strategic_sectors", NULL, "bois"},
                                      {"sector", NULL, "C"},
                                      {"sector", NULL, "25"},
                                      {"sector", NULL, "25.62B"},
                                      {"sector", NULL, "62.01Z"},
                                      {"size", NULL, "micro"},
                                      {"size", NULL, "small"},
                                      {"place", "region", "R32"},
                                      {"place", "region", "R11"},
                                      {"place", "departement", "59"},
                                      {"place", "departement", "62"},
                                      {"place", "departement", "93"},
                                      {"place", "commune", "59350"},
                                      {"place", "commune", "62041"},
                                      {"place", "commune", "93066"}};
enum { VALUES = sizeof values / sizeof *values };

static bool is_counted(const struct kind *kind, const char *name)
{
    if (strcmp(name, "place") == 0 || (strcmp(name, "state") == 0 && kind->states)) return true;
    const struct field *field = kind_field(kind, name);
    return field && field->facet;
}

static int64_t count_shown(struct compared *compared, const struct value *value)
{
    struct record_count *counts = NULL;
    struct error error = {0};
    size_t count = 0;
    int64_t shown = 0, last = INT64_MAX;
    check_ok(record_counts(compared->context, compared->query, &compared->found, value->name, value->level, &counts,
                           &count, &error),
             &error);
    for (size_t i = 0; i < count; i++) {
        assert_true(counts[i].count <= last);
        last = counts[i].count;
        assert_int_equal(counts[i].chosen, record_query_has(compared->query, value->name, counts[i].value));
        if (strcmp(counts[i].value, value->value) == 0) shown = counts[i].count;
    }
    return shown;
}

static void check_value(struct compared *compared, const struct value *value)
{
    const int64_t here =
        plain_count(compared->context, compared->plain, compared->query, NULL, value->name, value->value);
    const int64_t facet =
        plain_count(compared->context, compared->plain, compared->query, value->name, value->name, value->value);
    const int64_t counted = record_count_value(&compared->found, value->name, value->value),
                  shown = count_shown(compared, value);
    if (counted != here)
        fail_msg("%s: %lld with %s=%s, not %lld", compared->text, (long long)counted, value->name, value->value,
                 (long long)here);
    if (shown != facet)
        fail_msg("%s: the facet says %lld for %s=%s, not %lld", compared->text, (long long)shown, value->name,
                 value->value, (long long)facet);
}

static void check_months(struct compared *compared)
{
    for (int month = 2024 * 12 + 10; month < 2026 * 12 + 5; month += 1 + rand() % 4) {
        int64_t expected = 0;
        for (size_t i = 0; i < compared->count; i++) {
            const struct need *need = compared->plain->records[plain_index(compared->plain, compared->ids[i])];
            const struct civil filed = day_to_civil(need->filed.day);
            expected += filed.year * 12 + filed.month - 1 == month;
        }
        assert_int_equal(record_count_month(&compared->found, "filed", month), expected);
    }
}

static void check_one_query(struct play *play, struct record_context *context, const struct plain *plain)
{
    struct record_query query;
    struct error error = {0};
    make_query(play, context, plain->kind, &query);
    struct compared compared = {.context = context,
                                .plain = plain,
                                .query = &query,
                                .ids = ARENA_ARRAY(context->arena, plain->count + 1, int64_t)};
    compared.text =
        arena_print(context->arena, "%s for account %lld: %s", plain->kind->name, (long long)context->viewer->account,
                    record_query_text(context->arena, &query, NULL, NULL));
    check_ok(record_find(context, plain->kind, &query, &compared.found, &error), &error);
    compared.count = plain_find(context, plain, &query, NULL, compared.ids);
    if (compared.found.total != (int64_t)compared.count)
        fail_msg("%s: %lld found, not %zu", compared.text, (long long)compared.found.total, compared.count);
    check_page(&compared);
    check_ranks(&compared);
    check_all_batches(&compared);
    for (size_t i = 0; i < VALUES; i++)
        if (is_counted(plain->kind, values[i].name)) check_value(&compared, &values[i]);
    if (plain->kind == &need_kind) check_months(&compared);
}

/* ---- exports ---- */

static enum status to_buffer(void *context, const char *bytes, size_t length, struct error *error)
{
    (void)error;
    buffer_add(context, bytes, length);
    return STATUS_OK;
}

static const char *export_text(struct compared *compared, enum export_format format)
{
    struct buffer *out = buffer_new(compared->context->arena, 4 << 20);
    struct error error = {0};
    check_ok(record_export_write(compared->context, &compared->found, format, NULL, "", to_buffer, out, &error),
             &error);
    return buffer_data(out);
}

static const char *contact_of(const struct plain *plain, const void *record)
{
    const struct field *field = kind_field(plain->kind, "contact");
    return ((const struct text *)field_value(field, record))->value;
}

/* The record of that id must be expected at that place, with the contact that the viewer may read or none. */
static void check_exported(struct compared *compared, size_t at, const char *id, const char *contact)
{
    assert_true(at < compared->count);
    assert_int_equal(strtoll(id, NULL, 10), compared->ids[at]);
    const char *expected =
        contact_of(compared->plain, compared->plain->records[plain_index(compared->plain, compared->ids[at])]);
    if (expected ? !contact || strcmp(contact, expected) != 0 : contact && *contact)
        fail_msg("%s: a contact is exported or missing", compared->text);
}

static void check_point(struct compared *compared, size_t at, const json_t *geometry)
{
    struct place place = {.latitude = ABSENT};
    record_place(compared->context, compared->plain->kind,
                 compared->plain->records[plain_index(compared->plain, compared->ids[at])], &place);
    const json_t *coordinates = json_object_get(geometry, "coordinates");
    assert_int_equal(json_is_null(geometry), place.latitude == ABSENT);
    if (place.latitude == ABSENT) return;
    assert_string_equal(json_string_value(json_object_get(geometry, "type")), "Point");
    assert_true(fabs(json_real_value(json_array_get(coordinates, 0)) * 1e6 - (double)place.longitude) < 0.6);
    assert_true(fabs(json_real_value(json_array_get(coordinates, 1)) * 1e6 - (double)place.latitude) < 0.6);
}

static void check_json(struct compared *compared, bool geo)
{
    json_error_t fault;
    size_t index = 0;
    json_t *root =
               json_loads(export_text(compared, geo ? EXPORT_GEOJSON : EXPORT_JSON), JSON_REJECT_DUPLICATES, &fault),
           *item = NULL;
    if (!root) fail_msg("%s: %s", compared->text, fault.text);
    json_array_foreach(json_object_get(root, geo ? "features" : "items"), index, item)
    {
        const json_t *record = geo ? json_object_get(item, "properties") : item;
        check_exported(compared, index, json_string_value(json_object_get(item, "id")),
                       json_string_value(json_object_get(record, "contact")));
        if (geo) check_point(compared, index, json_object_get(item, "geometry"));
    }
    assert_int_equal(index, compared->count);
    json_decref(root);
}

/* One line of a CSV (RFC 4180, semicolons) into cells, in place; gives the rest. */
static char *read_line(char *at, char **cells, size_t most, size_t *count)
{
    for (*count = 0; *count < most;) {
        const bool quoted = *at == '"';
        char *to = at += quoted;
        cells[(*count)++] = at;
        while (quoted ? at[0] != '"' || at[1] == '"' : *at && !strchr(";\r", *at)) {
            if (quoted && *at == '"') at++;
            *to++ = *at++;
        }
        if (quoted) at++;
        const char end = *at;
        *to = '\0';
        at += end != '\0';
        if (end != ';') return at + (end == '\r' && *at == '\n');
    }
    return at;
}

static void check_csv(struct compared *compared)
{
    char *cells[80], *at = arena_copy(compared->context->arena, export_text(compared, EXPORT_CSV));
    size_t count = 0, contact = 0, row = 0;
    const char *label = language_text(compared->context->language, kind_field(compared->plain->kind, "contact")->label);
    assert_true(strncmp(at, "\xEF\xBB\xBF", 3) == 0);
    at = read_line(at + 3, cells, 80, &count);
    while (contact < count && strcmp(cells[contact], label) != 0) contact++;
    assert_true(contact < count);
    while (*at) {
        at = read_line(at, cells, 80, &count);
        assert_true(contact < count);
        check_exported(compared, row++, cells[0], cells[contact]);
    }
    assert_int_equal(row, compared->count);
}

static void check_exports(struct play *play, struct record_context *context, const struct plain *plain)
{
    struct record_query query;
    struct error error = {0};
    make_query(play, context, plain->kind, &query);
    query.sort = SORT_NEW;
    struct compared compared = {.context = context,
                                .plain = plain,
                                .query = &query,
                                .ids = ARENA_ARRAY(context->arena, plain->count + 1, int64_t)};
    compared.text = arena_print(context->arena, "export for %lld of %s?%s", (long long)context->viewer->account,
                                plain->kind->name, record_query_text(context->arena, &query, NULL, NULL));
    check_ok(record_find(context, plain->kind, &query, &compared.found, &error), &error);
    compared.count = plain_find(context, plain, &query, NULL, compared.ids);
    check_csv(&compared);
    check_json(&compared, false);
    check_json(&compared, true);
}

/* ---- pickers and names ---- */

static size_t same_names(struct record_context *context, const struct plain *plain, const char *folded, bool prefix)
{
    size_t count = 0;
    for (size_t i = 0; i < plain->count; i++) {
        const char *name = text_fold(context->arena, record_title(plain->kind, plain->records[i]));
        count += prefix ? strncmp(name, folded, strlen(folded)) == 0 : strcmp(name, folded) == 0;
    }
    return count;
}

static void check_suggestions(struct record_context *context, const struct plain *plain, const char *words)
{
    struct record_match matches[PAGE_MOST];
    const char *folded = text_fold(context->arena, words);
    const size_t count = record_suggest(context, plain->kind, words, matches, PAGE_MOST),
                 all = same_names(context, plain, folded, true);
    const bool exact = same_names(context, plain, folded, false) == 1;
    if (count != (exact ? 1 : all < PAGE_MOST ? all : PAGE_MOST))
        fail_msg("%zu proposed for “%s”, %zu are there", count, words, all);
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(matches[i].name,
                            record_title(plain->kind, plain->records[plain_index(plain, matches[i].id)]));
        assert_int_equal(strncmp(text_fold(context->arena, matches[i].name), folded, strlen(folded)), 0);
    }
}

static void check_resolved(struct record_context *context, const struct plain *plain, const char *text, int64_t id,
                           bool seen)
{
    int64_t found = 0;
    const enum status status = record_resolve(context, plain->kind, text, &found, NULL);
    if ((status == STATUS_OK) != seen || (seen && found != id))
        fail_msg("“%s” is resolved: %d, seen: %d", text, status == STATUS_OK, seen);
}

/* All ways to ask for one record by itself, which may be erased. */
static void check_pickers(struct play *play, struct record_context *context, const struct plain *plain, int64_t id)
{
    struct record_context program = *context;
    void *raw = NULL, *loaded = NULL;
    (void)play;
    const bool there = load_raw(&program, plain->kind, id, &raw, NULL) == STATUS_OK;
    const bool seen = record_load(context, plain->kind, id, &loaded, NULL) == STATUS_OK;
    assert_true(there || !seen);
    assert_string_equal(record_name(context, plain->kind, id), seen ? record_title(plain->kind, loaded) : "");
    check_resolved(context, plain, arena_print(context->arena, "%lld", (long long)id), id, seen);
    if (!there) return;
    const char *title = record_title(plain->kind, raw), *folded = text_fold(context->arena, title);
    const size_t same = same_names(context, plain, folded, false);
    int64_t found = 0;
    assert_int_equal(record_resolve(context, plain->kind, title, &found, NULL), same == 0   ? STATUS_MISSING
                                                                                : same == 1 ? STATUS_OK
                                                                                            : STATUS_CONFLICT);
    check_suggestions(context, plain, title);
    check_suggestions(context, plain, arena_copy_bytes(context->arena, folded, 2));
    const struct field *siren = kind_field(plain->kind, "siren");
    if (siren && field_text(context, siren, raw))
        check_resolved(context, plain, field_text(context, siren, raw), id, seen);
}

/* ---- the whole, for each account ---- */

static void check_kind(struct play *play, struct record_context *context, const struct kind *kind, const int64_t *ids,
                       size_t count)
{
    struct plain plain = plain_load(context, kind, ids, count);
    plain.dictionary = dictionary;
    for (int i = 0; i < QUERIES; i++) check_one_query(play, context, &plain);
    for (int i = 0; i < EXPORTS; i++) check_exports(play, context, &plain);
    for (size_t i = 0; i < count; i += 3) check_pickers(play, context, &plain, ids[i]);
}

static void check_everybody(struct play *play)
{
    for (int i = 0; i < PEOPLE; i++) {
        struct record_context context = world_as(&play->world, play->people[i]);
        context.arena = arena_new();
        check_kind(play, &context, &need_kind, play->needs, play->need_count);
        check_kind(play, &context, &organisation_kind, play->organisations, ORGANISATIONS);
        arena_free(&context.arena);
    }
}

static void merge(struct play *play)
{
    struct error error = {0};
    int64_t left = 1;
    for (int i = 0; left && i < 20; i++) check_ok(index_merge(play->world.db, 100000, &left, &error), &error);
    assert_int_equal(left, 0);
}

static void change_need(struct play *play, size_t at)
{
    struct record_context context = world_as(&play->world, play->owners[at]);
    const struct input items[] = {{"title", some_words(context.arena, 4)},
                                  {"audience", ANY("private", "circle", "network", "public")},
                                  {"skills", ANY("", "metal", "metal.welding")},
                                  {"place", ANY("62041", "93066", "59350 50.6,3.1")}};
    const struct inputs inputs = {items, 1 + (size_t)rand() % 4};
    struct faults faults = {.count = 0};
    struct error error = {0};
    struct record_change change = {.id = play->needs[at], .version = 1, .inputs = &inputs, .faults = &faults};
    check_ok(record_write(&context, &need_kind, &change, &error), faults.count ? &faults.items[0] : &error);
    if (rand() % 2) return;
    check_ok(record_change_state(&context, &need_kind, change.id, 2, ANY("closed", "served"), "Autrement", &error),
             &error);
}

static void erase_need(struct play *play, size_t at)
{
    struct record_context context = world_as(&play->world, play->owners[at]);
    struct error error = {0};
    check_ok(record_erase(&context, &need_kind, play->needs[at], 0, NULL, &error), &error);
}

static void test_lists_agree_with_plain_reading(void **state)
{
    (void)state;
    struct play play = play_begin();
    check_everybody(&play);
    merge(&play);
    check_everybody(&play);
    for (size_t i = 0; i < NEEDS_AT_FIRST; i += 2) change_need(&play, i);
    for (size_t i = 0; i < NEEDS_AT_FIRST; i += 7) erase_need(&play, i);
    while (play.need_count < NEEDS_MOST) make_need(&play);
    check_everybody(&play);
    merge(&play);
    check_everybody(&play);
    world_end(&play.world);
}

static int64_t memberships_in(struct world *world, int64_t account, const char *code)
{
    struct record_context context = world_as(world, account);
    struct record_query query;
    struct record_found found;
    struct error error = {0};
    const struct input item = {"place", code};
    context.arena = arena_new();
    check_ok(record_query_read(&context, &membership_kind, &(struct inputs){&item, 1}, &query, &error), &error);
    check_ok(record_find(&context, &membership_kind, &query, &found, &error), &error);
    arena_free(&context.arena);
    return found.total;
}

static void move_organisation(struct world *world, int64_t account, int64_t id, const char *commune)
{
    struct record_context context = world_as(world, account);
    const struct input item = {"place", commune};
    struct faults faults = {.count = 0};
    struct error error = {0};
    struct record_change change = {.id = id, .version = 1, .inputs = &(struct inputs){&item, 1}, .faults = &faults};
    check_ok(record_write(&context, &organisation_kind, &change, &error), &error);
}

/* A membership is where its organisation is: when that one moves, or goes. */
static void test_places_follow_what_they_point_to(void **state)
{
    (void)state;
    struct world world = world_begin();
    struct error error = {0};
    const int64_t company = world_organisation(&world, "Une", "company", "59350"),
                  other = world_organisation(&world, "Autre", "company", "62041");
    const int64_t cluster = world_organisation(&world, "Pôle", "cluster", "93066"),
                  admin = world_account(&world, "a@exemple.fr", "administrator", cluster);
    world_member(&world, company, cluster, time_today() - 5, ABSENT);
    world_member(&world, other, cluster, time_today() - 5, ABSENT);
    assert_int_equal(memberships_in(&world, admin, "R32"), 2);
    move_organisation(&world, admin, company, "93066");
    assert_int_equal(memberships_in(&world, admin, "59"), 0);
    assert_int_equal(memberships_in(&world, admin, "R11"), 1);
    struct record_context context = world_as(&world, admin);
    check_ok(record_erase(&context, &organisation_kind, other, 1, NULL, &error), &error);
    assert_int_equal(memberships_in(&world, admin, "R32"), 0);
    assert_int_equal(memberships_in(&world, admin, "R11"), 1);
    world_end(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_lists_agree_with_plain_reading),
                                       cmocka_unit_test(test_places_follow_what_they_point_to)};
    return database_run_group(tests);
}
