#include "product/demo/demo.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/db/db.h"
#include "platform/index/index.h"
#include "platform/vocabulary/vocabulary.h"
#include "product/demo/demo_private.h"
#include "product/kinds/adoption.h"
#include "product/kinds/booking.h"
#include "product/kinds/equipment.h"
#include "product/kinds/event.h"
#include "product/kinds/membership.h"
#include "product/kinds/need.h"
#include "product/kinds/organisation.h"
#include "product/kinds/practice.h"
#include "product/kinds/registration.h"
#include "product/kinds/visit.h"

enum { BATCH = 500, SMALL_COMMUNE = 150 };

struct batch {
    struct demo *demo;
    demo_item *item;
    int64_t first, count;
    struct random random;
    int64_t siren;
    size_t made, planned, equipment, practices;
};

/* A transaction may run twice: what was drawn for it begins again. */
static enum status make_batch(struct db_handle *handle, void *data, struct error *error)
{
    struct batch *batch = data;
    struct demo *demo = batch->demo;
    enum status status = STATUS_OK;
    demo->random = batch->random;
    demo->next_siren = batch->siren;
    demo->organisation_count = batch->made;
    demo->planned_count = batch->planned;
    demo->equipment_count = batch->equipment;
    demo->practice_count = batch->practices;
    demo->context.handle = handle;
    record_batch_begin(demo->batch, &demo->context);
    for (int64_t i = 0; !status && i < batch->count; i++) status = batch->item(demo, batch->first + i, error);
    return status ? status : record_batch_write(demo->batch, error);
}

enum status demo_batches(struct demo *demo, const char *what, const struct kind *kind, int64_t count, demo_item *item,
                         struct error *error)
{
    enum status status = STATUS_OK;
    demo->batch = record_batch_new(demo->arena, kind);
    for (int64_t done = 0; !status && done < count; done += BATCH) {
        struct batch batch = {demo,
                              item,
                              done,
                              count - done < BATCH ? count - done : BATCH,
                              demo->random,
                              demo->next_siren,
                              demo->organisation_count,
                              demo->planned_count,
                              demo->equipment_count,
                              demo->practice_count};
        status = db_transaction(demo->context.records->db, make_batch, &batch, error);
        if (!status) status = record_batch_done(demo->batch, error);
        arena_reset(demo->context.arena);
        if (demo->progress) demo->progress(demo->progress_context, what, done + batch.count, count);
    }
    return record_batch_end(demo->batch, status, error);
}

/* Communes that are in force and have a place, by population. */
static enum status gather_communes(struct demo *demo, struct error *error)
{
    const size_t count =
        vocabulary_list(demo->context.records->vocabulary, demo->arena, "territory", "commune", NULL, &demo->communes);
    int64_t *weights = ARENA_ARRAY(demo->arena, count + 1, int64_t);
    if (!count)
        return error_set(error, STATUS_INPUT,
                         "The code lists are not in this database: load them first (maillage reference).");
    for (size_t i = 0; i < count; i++) {
        const struct vocabulary_code *commune = demo->communes[i];
        const int64_t people = commune->population == INT64_MIN ? SMALL_COMMUNE : commune->population;
        weights[i] = commune->retired || commune->latitude == INT64_MIN ? 0 : people;
    }
    demo->commune_count = count;
    demo->commune_draw = draw_new(demo->arena, weights, count);
    return STATUS_OK;
}

static void weigh_sectors(struct demo *demo)
{
    int64_t *weights = ARENA_ARRAY(demo->arena, demo_sector_count, int64_t);
    for (size_t i = 0; i < demo_sector_count; i++) weights[i] = demo_sectors[i].weight;
    demo->sector_draw = draw_new(demo->arena, weights, demo_sector_count);
}

static enum status check_empty(struct demo *demo, struct error *error)
{
    struct db_handle *handle = NULL;
    int64_t count = 0;
    enum status status = db_read(demo->context.records->db, &handle, error);
    if (status) return status;
    status = db_one_integer(handle, "SELECT COUNT(*) FROM (SELECT id FROM organisation LIMIT 1) AS found", DB_BIND_NONE,
                            &count, error);
    db_release(&handle);
    if (!status && count)
        return error_set(error, STATUS_CONFLICT,
                         "The database holds organisations already: the demonstration fills an empty one.");
    return status;
}

static enum status check_options(const struct demo_options *options, struct error *error)
{
    if (options->companies < 1 || options->companies > 1000000)
        return error_field(error, STATUS_INPUT, "companies", "Give a number between 1 and 1000000.");
    if (options->needs < 0 || options->needs > 1000000)
        return error_field(error, STATUS_INPUT, "needs", "Give a number between 0 and 1000000.");
    return STATUS_OK;
}

/* As demo/people.c finds it. */
static enum status find_largest(struct demo *demo, struct error *error)
{
    struct db_handle *handle = NULL;
    enum status status = db_read(demo->context.records->db, &handle, error);
    if (status) return status;
    status = db_one_integer(handle,
                            "SELECT cluster FROM membership GROUP BY cluster ORDER BY COUNT(*) DESC, cluster LIMIT 1",
                            DB_BIND_NONE, &demo->largest, error);
    if (!status)
        status = db_one_integer(handle,
                                "SELECT organisation FROM membership WHERE cluster = $1 ORDER BY organisation LIMIT 1",
                                DB_BIND(db_integer(demo->largest)), &demo->member, error);
    struct db_rows *rows = db_query(
        handle,
        "SELECT o.id FROM membership m JOIN organisation o ON o.id = m.organisation JOIN organisation c ON c.id = "
        "m.cluster WHERE m.cluster = $1 ORDER BY ABS(o.place_latitude - c.place_latitude) + "
        "ABS(o.place_longitude - c.place_longitude), o.id LIMIT 64",
        DB_BIND(db_integer(demo->largest)));
    while (demo->member_count < DEMO_KEPT && db_next(rows))
        demo->members[demo->member_count++] = db_get_integer(rows, 0);
    const enum status read = db_end(&rows, status ? NULL : error);
    db_release(&handle);
    return status ? status : read;
}

/* What organisations show and open to each other. */
static enum status make_shared(struct demo *demo, struct error *error)
{
    enum status status = demo_batches(demo, "practices", &practice_kind, DEMO_PRACTICES, demo_make_practice, error);
    if (!status) status = demo_batches(demo, "events", &event_kind, DEMO_EVENTS, demo_make_event, error);
    if (!status) status = demo_batches(demo, "equipment", &equipment_kind, DEMO_EQUIPMENT, demo_make_equipment, error);
    if (!status)
        status =
            demo_batches(demo, "registrations", &registration_kind, DEMO_REGISTRATIONS, demo_make_registration, error);
    if (!status) status = demo_batches(demo, "bookings", &booking_kind, DEMO_BOOKINGS, demo_make_booking, error);
    if (!status) status = demo_batches(demo, "adoptions", &adoption_kind, DEMO_ADOPTIONS, demo_make_adoption, error);
    return status ? status : demo_batches(demo, "visits", &visit_kind, DEMO_VISITS, demo_make_visit, error);
}

enum status demo_fill(const struct records *records, const struct demo_options *options, demo_progress *progress,
                      void *context, struct error *error)
{
    struct arena *arena = arena_new();
    struct demo demo = {.options = options,
                        .arena = arena,
                        .random = {options->seed},
                        .progress = progress,
                        .progress_context = context};
    demo.context = (struct record_context){.records = records,
                                           .arena = arena_new(),
                                           .viewer = viewer_program(),
                                           .language = LANGUAGE_FRENCH,
                                           .origin = "demonstration"};
    demo.organisations = ARENA_ARRAY(arena, (size_t)options->companies + DEMO_BODIES, int64_t);
    enum status status = check_options(options, error);
    if (!status) status = check_empty(&demo, error);
    if (!status) status = gather_communes(&demo, error);
    if (!status) weigh_sectors(&demo);
    if (!status) status = demo_batches(&demo, "bodies", &organisation_kind, DEMO_BODIES, demo_make_body, error);
    if (!status)
        status = demo_batches(&demo, "companies", &organisation_kind, options->companies, demo_make_company, error);
    /* As in the network: some ten thousand members, however many companies are known. */
    const int64_t members = options->companies < 10500 ? options->companies : 10500;
    if (!status) status = demo_batches(&demo, "memberships", &membership_kind, members, demo_make_membership, error);
    if (!status) status = demo_batches(&demo, "needs", &need_kind, options->needs, demo_make_need, error);
    if (!status) status = find_largest(&demo, error);
    if (!status) status = make_shared(&demo, error);
    arena_free(&demo.context.arena);
    arena_free(&arena);
    return status;
}
