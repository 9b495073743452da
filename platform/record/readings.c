#include "platform/record/readings.h"

#include "base/arena.h"
#include "base/time.h"
#include "platform/db/db.h"

struct reading {
    struct reading *next;
    const struct kind *kind;
    const struct field *field;
    int64_t record;
};

struct readings {
    struct reading *first;
    struct arena *arena;
};

void readings_begin(struct record_context *context)
{
    if (context->readings) return;
    context->readings = ARENA_NEW(context->arena, struct readings);
    context->readings->arena = context->arena;
}

void readings_note(struct record_context *context, const struct kind *kind, int64_t record, const struct field *field)
{
    readings_begin(context);
    for (const struct reading *last = context->readings->first; last && last->record == record; last = last->next)
        if (last->field == field) return;
    struct reading *reading = ARENA_NEW(context->readings->arena, struct reading);
    *reading = (struct reading){context->readings->first, kind, field, record};
    context->readings->first = reading;
}

static enum status write_readings(struct db_handle *handle, void *data, struct error *error)
{
    const struct record_context *context = data;
    const int64_t now = time_now();
    enum status status = STATUS_OK;
    for (const struct reading *reading = context->readings->first; !status && reading; reading = reading->next)
        status = db_run(handle,
                        "INSERT INTO record_reading (id, moment, account, kind, record, field, origin) VALUES ($1, $2, "
                        "$3, $4, $5, $6, $7)",
                        DB_BIND(db_integer(db_new_id()), db_integer(now), db_integer(context->viewer->account),
                                db_text(reading->kind->name), db_integer(reading->record),
                                db_text(reading->field->name), db_text(context->origin)),
                        NULL, error);
    return status;
}

enum status readings_commit(struct record_context *context, struct error *error)
{
    if (!context->readings || !context->readings->first) return STATUS_OK;
    const enum status status = db_transaction(context->records->db, write_readings, context, error);
    if (!status) context->readings->first = NULL;
    return status;
}

enum { ID_BITS = 20 };

static enum status sweep_in(struct db_handle *write, void *data, struct error *error)
{
    const int64_t *before = data;
    return db_run(write, "DELETE FROM record_reading WHERE id < $1", DB_BIND(db_integer(*before << ID_BITS)), NULL,
                  error);
}

enum status readings_sweep(struct db *db, int64_t before, struct error *error)
{
    return db_transaction(db, sweep_in, &before, error);
}
