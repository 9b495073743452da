/* test_visibility.c: who sees what, told from roles and memberships by a plain reference in this file, against every way to a record: by its number,
 * its history, its file, lists and counts, pickers, exports. Random organisations, memberships, accounts and records. time limit: 300 s */
#include "tests/record/every.h"

#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/time.h"
#include "platform/file/file.h"
#include "platform/record/export.h"
#include "platform/record/files.h"
#include "platform/record/query.h"
#include "platform/record/web_private.h"

enum { COMPANIES = 7, CLUSTERS = 3, PEOPLE = 14, RECORDS = 40, SEED = 20261125 };

struct person {
    int64_t account;
    const char *role; /* NULL: none */
    int at;           /* company, or COMPANIES + cluster */
};

struct play {
    struct world world;
    int64_t organisations[COMPANIES + CLUSTERS], filers[COMPANIES];
    bool in[COMPANIES][CLUSTERS]; /* memberships of today */
    struct person people[PEOPLE];
    int64_t records[RECORDS], files[RECORDS];
    int owner[RECORDS], helper[RECORDS]; /* helper: the organisation on the other side; -1: none */
    enum audience audience[RECORDS];
};

/* ---- the reference ---- */

static bool holds(const struct person *person, int organisation)
{
    return person->role && strcmp(person->role, "administrator") != 0 && person->at == organisation;
}

static bool is_officer_of(const struct play *play, const struct person *person, int company)
{
    return person->role && strcmp(person->role, "officer") == 0 && person->at >= COMPANIES &&
           play->in[company][person->at - COMPANIES];
}

static bool share_a_cluster(const struct play *play, int a, int b)
{
    for (int k = 0; k < CLUSTERS; k++)
        if (play->in[a][k] && play->in[b][k]) return true;
    return false;
}

static bool should_see(const struct play *play, const struct person *person, int i)
{
    const int owner = play->owner[i];
    if (play->helper[i] >= 0 && holds(person, play->helper[i])) return true;
    switch (play->audience[i]) {
    case AUDIENCE_PUBLIC: return true;
    case AUDIENCE_NETWORK: return person->account != 0;
    case AUDIENCE_PRIVATE: return holds(person, owner);
    case AUDIENCE_CIRCLE:
        if (holds(person, owner) || is_officer_of(play, person, owner)) return true;
        return person->role && strcmp(person->role, "member") == 0 && person->at < COMPANIES &&
               share_a_cluster(play, person->at, owner);
    }
    return false;
}

/* ---- the world ---- */

static int64_t attach(struct play *play, int64_t account, int64_t record)
{
    static const struct file_given given = {"a.pdf", "%PDF-1.7\n", 9};
    struct error error = {0};
    struct faults faults;
    int64_t id = 0;
    struct record_context context = world_as(&play->world, account);
    check_ok(record_bring_file(&context, &every_kind, record, kind_field(&every_kind, "sheet"), &given, &id, &error),
             &error);
    const struct input inputs[] = {{"sheet", arena_print(play->world.arena, "%lld", (long long)id)}, {NULL, NULL}};
    check_ok(every_change(&play->world, account, record, inputs, &faults, &error), &error);
    return id;
}

static void make_records(struct play *play)
{
    static const char *const words[] = {[AUDIENCE_PRIVATE] = "private",
                                        [AUDIENCE_CIRCLE] = "circle",
                                        [AUDIENCE_NETWORK] = "network",
                                        [AUDIENCE_PUBLIC] = "public"};
    for (int i = 0; i < RECORDS; i++) {
        const int owner = play->owner[i] = rand() % COMPANIES;
        play->helper[i] = rand() % 3 ? -1 : rand() % (COMPANIES + CLUSTERS);
        const char *helper = play->helper[i] < 0 ? ""
                                                 : arena_print(play->world.arena, "%lld",
                                                               (long long)play->organisations[play->helper[i]]);
        play->audience[i] = (enum audience)(AUDIENCE_PRIVATE + rand() % 4);
        const struct input texts[] = {{"title", arena_print(play->world.arena, "Fiche %d", i)},
                                      {"audience", words[play->audience[i]]},
                                      {"colour", rand() % 2 ? "red" : "blue"},
                                      {"contact", "Ada Contact"},
                                      {"helper", helper},
                                      {NULL, NULL}};
        play->records[i] = every_file(&play->world, play->filers[owner], play->organisations[owner], texts, NULL);
        play->files[i] = attach(play, play->filers[owner], play->records[i]);
    }
}

static void make_people(struct play *play)
{
    static const char *const roles[] = {"member", "member", "officer", "officer", "administrator", "funder", NULL};
    for (int p = 1; p < PEOPLE; p++) {
        struct person *person = &play->people[p];
        person->role = roles[rand() % 7];
        person->at = person->role && strcmp(person->role, "officer") == 0 ? COMPANIES + rand() % CLUSTERS
                                                                          : rand() % (COMPANIES + CLUSTERS);
        person->account = world_account(&play->world, arena_print(play->world.arena, "p%d@exemple.fr", p), person->role,
                                        play->organisations[person->at]);
    }
}

static struct play play_begin(void)
{
    struct play play = {.world = every_begin()};
    srand(SEED);
    for (int i = 0; i < COMPANIES + CLUSTERS; i++)
        play.organisations[i] = world_organisation(&play.world, arena_print(play.world.arena, "Organisation %d", i),
                                                   i < COMPANIES ? "company" : "cluster", "59350");
    for (int c = 0; c < COMPANIES; c++)
        for (int k = 0; k < CLUSTERS; k++) {
            const int when = rand() % 3; /* never, today, until yesterday */
            play.in[c][k] = when == 1;
            if (when)
                world_member(&play.world, play.organisations[c], play.organisations[COMPANIES + k], time_today() - 9,
                             when == 1 ? ABSENT : time_today() - 1);
        }
    for (int c = 0; c < COMPANIES; c++)
        play.filers[c] = world_account(&play.world, arena_print(play.world.arena, "f%d@exemple.fr", c), "member",
                                       play.organisations[c]);
    make_people(&play);
    make_records(&play);
    return play;
}

/* ---- each way to a record ---- */

static bool by_number(struct record_context *context, const struct play *play, int i)
{
    void *record = NULL;
    return record_load(context, &every_kind, play->records[i], &record, NULL) == STATUS_OK;
}

static bool by_history(struct record_context *context, const struct play *play, int i)
{
    const struct history_line *lines = NULL;
    size_t count = 0;
    return record_history(context, &every_kind, play->records[i], &lines, &count, NULL) == STATUS_OK && count == 2;
}

static bool by_file(struct record_context *context, const struct play *play, int i)
{
    struct error error;
    struct http_response response = {.status = 0};
    struct http_request *request = every_request(context);
    request->words[0] = arena_print(context->arena, "%lld", (long long)play->files[i]);
    return record_file_get(request, &response, &error) == STATUS_OK;
}

static bool by_api(struct record_context *context, const struct play *play, int i)
{
    struct error error;
    struct http_response response = {.status = 0};
    struct http_request *request = every_request(context);
    for (const struct http_route *route = record_api_routes; route->handler; route++) {
        if (route->method != HTTP_GET || strcmp(route->path, "/api/v1/{kind}/{id}") != 0) continue;
        request->words[0] = "every";
        request->words[1] = arena_print(context->arena, "%lld", (long long)play->records[i]);
        return route->handler(request, &response, &error) == STATUS_OK;
    }
    fail_msg("there is no such route");
    return false;
}

static bool by_picker(struct record_context *context, const struct play *play, int i)
{
    struct record_match matches[8];
    const size_t count = record_suggest(context, &every_kind, arena_print(context->arena, "Fiche %d", i), matches, 8);
    for (size_t m = 0; m < count; m++)
        if (matches[m].id == play->records[i]) return true;
    return false;
}

static bool by_name(struct record_context *context, const struct play *play, int i)
{
    int64_t id = 0;
    const char *number = arena_print(context->arena, "%lld", (long long)play->records[i]);
    return record_resolve(context, &every_kind, number, &id, NULL) == STATUS_OK &&
           *record_name(context, &every_kind, id);
}

static enum status gather(void *data, const char *bytes, size_t length, struct error *error)
{
    (void)error;
    buffer_add(data, bytes, length);
    return STATUS_OK;
}

static void find(struct record_context *context, const char *name, const char *value, struct record_query *query,
                 struct record_found *found)
{
    struct error error = {0};
    const struct input one = {name, value};
    const struct inputs parameters = {&one, name ? 1 : 0};
    check_ok(record_query_read(context, &every_kind, &parameters, query, &error), &error);
    check_ok(record_find(context, &every_kind, query, found, &error), &error);
}

/* In a list of all, whole and as one page; in an export. */
static const char *exported(struct record_context *context, enum export_format format)
{
    struct error error = {0};
    struct record_query query;
    struct record_found found;
    struct buffer *out = buffer_new(context->arena, 4000000);
    find(context, NULL, NULL, &query, &found);
    check_ok(record_export_write(context, &found, format, NULL, NULL, gather, out, &error), &error);
    return buffer_data(out);
}

static bool holds_number(struct record_context *context, const char *text, int64_t id)
{
    return strstr(text, arena_print(context->arena, "%lld", (long long)id)) != NULL;
}

static void check_counts(struct record_context *context, const struct play *play, const struct person *person)
{
    struct record_query query;
    struct record_found found;
    int64_t all = 0;
    for (int i = 0; i < RECORDS; i++) all += should_see(play, person, i);
    find(context, NULL, NULL, &query, &found);
    assert_int_equal(found.total, all);
    assert_int_equal(record_count_value(&found, "colour", "red") + record_count_value(&found, "colour", "blue"), all);
    find(context, "q", "fiche", &query, &found);
    assert_int_equal(found.total, all);
}

static void check_person(struct play *play, const struct person *person)
{
    static const struct {
        const char *name;
        bool (*sees)(struct record_context *context, const struct play *play, int i);
    } ways[] = {{"number", by_number}, {"history", by_history}, {"file", by_file},
                {"api", by_api},       {"picker", by_picker},   {"name", by_name}};
    struct record_context context = world_as(&play->world, person->account);
    const char *files[4];
    for (int format = EXPORT_CSV; format <= EXPORT_GEOJSON; format++)
        files[format] = format == EXPORT_XLSX ? "" : exported(&context, (enum export_format)format);
    check_counts(&context, play, person);
    for (int i = 0; i < RECORDS; i++) {
        const bool should = should_see(play, person, i);
        for (size_t w = 0; w < sizeof ways / sizeof *ways; w++)
            if (ways[w].sees(&context, play, i) != should)
                fail_msg("%s at %d %s record %d (audience %d of %d) by its %s", person->role ? person->role : "nobody",
                         person->at, should ? "does not see" : "sees", i, play->audience[i], play->owner[i],
                         ways[w].name);
        for (int format = EXPORT_CSV; format <= EXPORT_GEOJSON; format++)
            if (format != EXPORT_XLSX && holds_number(&context, files[format], play->records[i]) != should)
                fail_msg("record %d in a file of format %d", i, format);
    }
    /* The personal field: only who belongs to the owner. */
    for (int i = 0; i < RECORDS; i++) {
        void *record = NULL;
        if (record_load(&context, &every_kind, play->records[i], &record, NULL)) continue;
        assert_int_equal(((const struct every *)record)->contact.value != NULL, holds(person, play->owner[i]));
    }
}

static void test_everybody(void **state)
{
    int64_t seen = 0, hidden = 0;
    (void)state;
    struct play play = play_begin();
    for (int p = 0; p < PEOPLE; p++) {
        check_person(&play, &play.people[p]);
        for (int i = 0; i < RECORDS; i++) *(should_see(&play, &play.people[p], i) ? &seen : &hidden) += 1;
    }
    assert_true(seen > 100 && hidden > 100); /* the draw is no trivial one */
    world_end(&play.world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_everybody)};
    return database_run_group(tests);
}
