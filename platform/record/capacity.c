/* capacity.c: places that are counted (kind.h: struct capacity). */
#include <string.h>

#include "base/arena.h"
#include "base/fatal.h"
#include "base/time.h"
#include "platform/record/store_private.h"

enum { TAKEN_STATES = 4 };

struct room {
    const struct kind *kind, *target;
    const struct field *in, *most;
    const char *taken[TAKEN_STATES]; /* the last one is repeated */
};

static struct room room_of(struct arena *arena, const struct kind *kind)
{
    const struct capacity *capacity = kind->capacity;
    struct room room = {.kind = kind, .in = kind_field(kind, capacity->in)};
    char *words = arena_copy(arena, capacity->taken), *next = NULL, *word = strtok_r(words, ";", &next);
    room.target = kind_find(room.in->reference.to);
    room.most = kind_field(room.target, capacity->most);
    for (size_t i = 0; i < TAKEN_STATES; i++) {
        room.taken[i] = word ? word : room.taken[i - 1];
        if (word) word = strtok_r(NULL, ";", &next);
    }
    return room;
}

static bool takes_place(const struct room *room, const void *record)
{
    for (size_t i = 0; record && i < TAKEN_STATES; i++)
        if (strcmp(head_in(record)->state, room->taken[i]) == 0) return true;
    return false;
}

static int64_t target_of(const struct room *room, const void *record)
{
    return ((const struct reference *)field_value(room->in, record))->id;
}

/* How many places are left; INT64_MAX without a limit. The row of what is pointed to is written first, so that of two that come at once on
 * PostgreSQL one is done again, and sees the other. */
static enum status count_left(struct record_context *context, const struct room *room, int64_t target, int64_t *left,
                              struct error *error)
{
    void *pointed = NULL;
    int64_t taken = 0;
    const char *touch =
        arena_print(context->arena, "UPDATE %s SET version = version WHERE id = $1", room->target->name);
    const char *count =
        arena_print(context->arena, "SELECT COUNT(*) FROM %s WHERE %s = $1 AND state IN ($2, $3, $4, $5)",
                    room->kind->name, room->in->name);
    enum status status = STATUS_OK;
    if (db_writing(context->handle)) status = db_run(context->handle, touch, DB_BIND(db_integer(target)), NULL, error);
    if (!status) status = load_raw(context, room->target, target, &pointed, error);
    if (!status)
        status = db_one_integer(context->handle, count,
                                DB_BIND(db_integer(target), db_text(room->taken[0]), db_text(room->taken[1]),
                                        db_text(room->taken[2]), db_text(room->taken[3])),
                                &taken, error);
    if (status) return status;
    const int64_t most = ((const struct integer *)field_value(room->most, pointed))->value;
    *left = most == ABSENT ? INT64_MAX : most - taken;
    return STATUS_OK;
}

enum status capacity_place(struct record_context *context, const struct kind *kind, void *record, struct error *error)
{
    if (!kind->capacity) return STATUS_OK;
    const struct room room = room_of(context->arena, kind);
    int64_t left = 0;
    const int64_t target = target_of(&room, record);
    if (!target || !takes_place(&room, record)) return STATUS_OK;
    const enum status status = count_left(context, &room, target, &left, error);
    if (!status && left <= 0) head_of(record)->state = kind->capacity->waiting;
    return status;
}

enum status capacity_check(struct record_context *context, const struct kind *kind, const void *record,
                           const void *before, struct error *error)
{
    if (!kind->capacity) return STATUS_OK;
    const struct room room = room_of(context->arena, kind);
    int64_t left = 0;
    if (!takes_place(&room, record) || takes_place(&room, before)) return STATUS_OK;
    const enum status status = count_left(context, &room, target_of(&room, record), &left, error);
    if (status || left > 0) return status;
    return error_field(error, STATUS_CONFLICT, "state", N_("There is no place left."));
}

/* The one that has waited longest gets the place, by the program. */
static enum status let_in(struct record_context *context, const struct room *room, int64_t id, struct error *error)
{
    void *before = NULL;
    struct record_context program = *context;
    program.viewer = viewer_program();
    const enum status status = load_raw(context, room->kind, id, &before, error);
    if (status) return status;
    void *record = arena_copy_bytes(context->arena, before, room->kind->size);
    head_of(record)->state = room->taken[0];
    head_of(record)->updated = record_now(context);
    head_of(record)->state_day = time_day(head_in(record)->updated);
    return write_record(&program, room->kind, &(struct save){record, before, "state", NULL}, error);
}

static enum status fill(struct record_context *context, const struct room *room, int64_t target, struct error *error)
{
    const char *sql = arena_print(context->arena, "SELECT id FROM %s WHERE %s = $1 AND state = $2 ORDER BY id LIMIT 1",
                                  room->kind->name, room->in->name);
    for (;;) {
        int64_t left = 0, id = 0;
        enum status status = count_left(context, room, target, &left, error);
        if (status || left <= 0) return status;
        status = db_one_integer(context->handle, sql,
                                DB_BIND(db_integer(target), db_text(room->kind->capacity->waiting)), &id, error);
        if (status == STATUS_MISSING) return STATUS_OK;
        if (!status) status = let_in(context, room, id, error);
        if (status) return status;
    }
}

/* More places in what others point to. */
static enum status widen(struct record_context *context, const struct kind *kind, const void *record,
                         const void *before, struct error *error)
{
    enum status status = STATUS_OK;
    for (const struct kind *const *other = kinds_all(); !status && record && before && *other; other++) {
        if (!(*other)->capacity) continue;
        const struct room room = room_of(context->arena, *other);
        if (room.target != kind) continue;
        const struct integer *now = field_value(room.most, record), *then = field_value(room.most, before);
        if (now->value != then->value) status = fill(context, &room, head_in(record)->id, error);
    }
    return status;
}

enum status capacity_follow(struct record_context *context, const struct kind *kind, const void *record,
                            const void *before, struct error *error)
{
    const enum status status = widen(context, kind, record, before, error);
    if (status || !kind->capacity || !before) return status;
    const struct room room = room_of(context->arena, kind);
    if (!takes_place(&room, before) || takes_place(&room, record)) return STATUS_OK;
    const enum status filled = fill(context, &room, target_of(&room, before), error);
    return filled == STATUS_MISSING ? STATUS_OK : filled; /* what it was a place of may be gone */
}

static bool has_states(const struct kind *kind, const char *list)
{
    size_t count = 0;
    for (const char *at = list; *at; at += strcspn(at, ";"), at += *at == ';', count++) {
        char word[64] = "";
        const size_t length = strcspn(at, ";");
        if (length >= sizeof word) return false;
        memcpy(word, at, length);
        if (!kind_state(kind, word)) return false;
    }
    return count > 0 && count <= TAKEN_STATES;
}

void capacity_check_kind(const struct kind *kind)
{
    const struct capacity *capacity = kind->capacity;
    if (!capacity) return;
    const struct field *in = kind_field(kind, capacity->in);
    ENSURE(in && in->type == FIELD_REFERENCE && in->required && in->fixed);
    const struct kind *target = kind_find(in->reference.to);
    const struct field *most = target ? kind_field(target, capacity->most) : NULL;
    ENSURE(most && most->type == FIELD_INTEGER);
    ENSURE(has_states(kind, capacity->taken) && kind_state(kind, capacity->waiting));
}
