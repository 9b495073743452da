#include "platform/record/retention.h"

#include <string.h>

#include "base/arena.h"
#include "base/fatal.h"
#include "base/time.h"
#include "platform/record/store_private.h"
#include "platform/record/traces.h"
#include "platform/record/type.h"

enum { MONTHS = 12, LONGEST_MONTH = 31, VALUES_MOST = 8, AT_ONCE = 100 };

/* ---- days ---- */

/* The day that many months after a day; the last of the month where it has no such day. */
static int64_t months_after(int64_t day, int months)
{
    struct civil date = day_to_civil(day);
    const int month = date.month - 1 + months;
    date.year += month / MONTHS;
    date.month = month % MONTHS + 1;
    while (!day_valid(date)) date.day--;
    return day_from_civil(date);
}

static int months_kept(const struct kind *kind)
{
    const struct retention *kept = &kind->retention;
    return kept->months > kept->law_months ? kept->months : kept->law_months;
}

int64_t retention_day(const struct kind *kind, int64_t ended) { return months_after(ended, months_kept(kind)); }

/* What ended then, or before, is past on that day. */
static int64_t last_end(const struct kind *kind, int64_t day)
{
    int64_t ended = day - (int64_t)months_kept(kind) * LONGEST_MONTH;
    while (retention_day(kind, ended + 1) <= day) ended++;
    return ended;
}

static int64_t dated(const struct kind *kind, const char *name, const void *record)
{
    const struct field *field = name ? kind_field(kind, name) : NULL;
    if (!field) return ABSENT;
    if (field->type == FIELD_DATE) return ((const struct date *)field_value(field, record))->day;
    const int64_t at = ((const struct moment *)field_value(field, record))->at;
    return at == ABSENT ? ABSENT : time_day(at);
}

/* ABSENT: it has not ended. */
static int64_t end_day(const struct kind *kind, const void *record, int64_t today)
{
    const struct record *head = record;
    const struct state *state = kind_state(kind, head->state);
    if (kind->starts) {
        const int64_t ends = dated(kind, kind->ends, record),
                      day = ends == ABSENT ? dated(kind, kind->starts, record) : ends;
        return day < today ? day : ABSENT;
    }
    if (!kind->states) return time_day(head->updated);
    return state && state->ended ? head->state_day : ABSENT;
}

/* ---- what the law keeps ---- */

bool record_kept_by_law(const struct kind *kind, const void *record, int64_t today, int64_t *until)
{
    *until = ABSENT;
    if (!kind->retention.law_months) return false;
    const int64_t ended = end_day(kind, record, today);
    if (ended == ABSENT) return true;
    *until = months_after(ended, kind->retention.law_months);
    return *until > today;
}

enum status check_law(struct record_context *context, const struct kind *kind, const void *record, struct error *error)
{
    int64_t until = ABSENT;
    if (!record_kept_by_law(kind, record, time_day(record_now(context)), &until)) return STATUS_OK;
    const char *law = language_text(context->language, kind->retention.law);
    if (until == ABSENT)
        return error_set(error, STATUS_CONFLICT, N_("The law keeps this as long as it has not ended: {1}"), law);
    return error_set(error, STATUS_CONFLICT, N_("The law keeps this until {1}: {2}"),
                     language_day(context->arena, context->language, until), law);
}

/* A field that is personal is held by something, and for something. */
void retention_check_kind(const struct kind *kind)
{
    const struct retention *kept = &kind->retention;
    size_t ended = 0;
    for (const struct state *state = kind->states; state && state->name; state++) ended += state->ended;
    ENSURE(ended < VALUES_MOST - 2 && !kept->law_months == !kept->law);
    ENSURE(!kind_has_people(kind) || kept->purpose);
    for (const struct field *field = kind->fields; field->name; field++)
        ENSURE(!field->is_personal || (field->type != FIELD_PLACE && field->type != FIELD_PERIOD));
}

/* ---- finding ---- */

/* A statement that is put together with its values. */
struct finding {
    struct arena *arena;
    const char *sql, *end; /* end: the column that says when it ended */
    bool is_moment;
    struct db_value values[VALUES_MOST];
    size_t count;
};

static int bind(struct finding *finding, struct db_value value)
{
    finding->values[finding->count++] = value;
    return (int)finding->count;
}

static const char *people_condition(struct arena *arena, const struct kind *kind)
{
    const char *text = "EXISTS (SELECT 1 FROM record_leaf l WHERE l.record = r.id AND l.salt IS NOT NULL)";
    for (const struct field *field = kind->fields; field->name; field++)
        if (field->is_personal)
            text = arena_print(arena, "%s OR (r.%s IS NOT NULL%s)", text, field->name,
                               stands_for_somebody(field) ? arena_print(arena, " AND r.%s <> '—'", field->name) : "");
    return text;
}

static void find_ended(struct finding *finding, const struct kind *kind)
{
    const char *list = "";
    if (kind->starts) {
        finding->is_moment = kind_field(kind, kind->starts)->type == FIELD_MOMENT;
        finding->end = kind->ends ? arena_print(finding->arena, "COALESCE(r.%s, r.%s)", kind->ends, kind->starts)
                                  : arena_print(finding->arena, "r.%s", kind->starts);
        return;
    }
    finding->is_moment = !kind->states;
    finding->end = kind->states ? "r.state_day" : "r.updated";
    for (const struct state *state = kind->states; state && state->name; state++)
        if (state->ended)
            list = arena_print(finding->arena, "%s%s$%d", list, *list ? ", " : "", bind(finding, db_text(state->name)));
    if (kind->states) finding->sql = arena_print(finding->arena, "r.state IN (%s) AND ", *list ? list : "NULL");
}

/* Records of the kind that ended on that day or before (ABSENT: whenever) and still hold what is to go. */
static struct finding find_past(struct arena *arena, const struct kind *kind, int64_t ended)
{
    struct finding finding = {.arena = arena, .sql = ""};
    find_ended(&finding, kind);
    const char *within = "";
    if (ended != ABSENT)
        within = arena_print(arena, finding.is_moment ? "%s < $%d AND " : "%s <= $%d AND ", finding.end,
                             bind(&finding, db_integer(finding.is_moment ? (ended + 1) * MS_PER_DAY : ended)));
    finding.sql =
        arena_print(arena, "FROM %s r WHERE %s%s%s IS NOT NULL%s", kind->name, finding.sql, within, finding.end,
                    kind->retention.whole ? "" : arena_print(arena, " AND (%s)", people_condition(arena, kind)));
    return finding;
}

enum status retention_next(struct record_context *context, const struct kind *kind, struct retention_due *due,
                           size_t most, size_t *count, struct error *error)
{
    *count = 0;
    if (!kind->retention.months) return STATUS_OK;
    struct finding finding = find_past(context->arena, kind, ABSENT);
    const int limit = bind(&finding, db_integer((int64_t)most));
    const char *sql =
        arena_print(context->arena, "SELECT r.id, %s %s ORDER BY 2, 1 LIMIT $%d", finding.end, finding.sql, limit);
    struct db_rows *rows = db_query(context->handle, sql, finding.values, finding.count);
    while (*count < most && db_next(rows)) {
        const int64_t end = db_get_integer(rows, 1);
        due[(*count)++] = (struct retention_due){db_get_integer(rows, 0),
                                                 retention_day(kind, finding.is_moment ? time_day(end) : end)};
    }
    return db_end(&rows, error);
}

enum status retention_count(struct record_context *context, const struct kind *kind, int64_t day, int64_t *count,
                            struct error *error)
{
    *count = 0;
    if (!kind->retention.months) return STATUS_OK;
    const struct finding finding = find_past(context->arena, kind, last_end(kind, day));
    return db_one_integer(context->handle, arena_print(context->arena, "SELECT COUNT(*) %s", finding.sql),
                          finding.values, finding.count, count, error);
}

/* ---- removing ---- */

struct removing {
    const struct records *records;
    struct record_erasing erasing;
};

static enum status remove_in(struct db_handle *write, void *data, struct error *error)
{
    const struct removing *removing = data;
    return record_erase_for(removing->records, write, &removing->erasing, error);
}

/* The numbers of those that are past, after that number. */
static enum status find_batch(const struct records *records, const struct kind *kind, int64_t now, int64_t after,
                              int64_t *ids, size_t *count, struct error *error)
{
    struct arena *arena = arena_new();
    struct db_handle *read = NULL;
    struct finding finding = find_past(arena, kind, last_end(kind, time_day(now)));
    const int from = bind(&finding, db_integer(after));
    const char *sql = arena_print(arena, "SELECT r.id %s AND r.id > $%d ORDER BY r.id LIMIT 100", finding.sql, from);
    *count = 0;
    enum status status = db_read(records->db, &read, error);
    if (!status) {
        struct db_rows *rows = db_query(read, sql, finding.values, finding.count);
        while (*count < AT_ONCE && db_next(rows)) ids[(*count)++] = db_get_integer(rows, 0);
        status = db_end(&rows, error);
        db_release(&read);
    }
    arena_free(&arena);
    return status;
}

static enum status remove_one(const struct records *records, const struct kind *kind, int64_t id, int64_t now,
                              struct retention_totals *totals, struct error *error)
{
    struct removing removing = {
        records, {.kind = kind, .id = id, .people = !kind->retention.whole, .origin = "retention", .now = now}};
    struct error own = {0};
    const enum status status = db_transaction(records->db, remove_in, &removing, &own);
    if (status == STATUS_MISSING) return STATUS_OK; /* gone meanwhile */
    if (status == STATUS_CONFLICT) return totals->kept++, STATUS_OK;
    if (status) return *error = own, status;
    ++*(kind->retention.whole ? &totals->erased : &totals->emptied);
    return STATUS_OK;
}

enum status retention_apply(const struct records *records, const struct kind *kind, int64_t now, const struct job *job,
                            struct retention_totals *totals, struct error *error)
{
    int64_t ids[AT_ONCE], after = 0;
    size_t count = AT_ONCE;
    const int64_t before = totals->emptied + totals->erased;
    struct traces_removed removed = {0};
    enum status status = STATUS_OK;
    if (!kind->retention.months) return STATUS_OK;
    while (!status && count == AT_ONCE && !(job && job_should_stop(job))) {
        status = find_batch(records, kind, now, after, ids, &count, error);
        for (size_t i = 0; !status && i < count && !(job && job_should_stop(job)); i++)
            status = remove_one(records, kind, after = ids[i], now, totals, error);
    }
    if (status || totals->emptied + totals->erased == before) return status;
    return record_traces_remove(records, kind, &removed, error);
}

static enum status apply_all(struct job *job, struct error *error)
{
    struct retention_totals totals = {0};
    enum status status = STATUS_OK;
    for (const struct kind *const *kind = kinds_all(); !status && *kind; kind++)
        status = retention_apply(job->application, *kind, time_now(), job, &totals, error);
    if (!status && job_should_stop(job)) return job_halt(job);
    job_say(
        job,
        N_("Periods that are over: personal details of {1} records emptied, {2} records erased, {3} kept by a law."),
        language_number(job->arena, job->language, totals.emptied, 0),
        language_number(job->arena, job->language, totals.erased, 0),
        language_number(job->arena, job->language, totals.kept, 0));
    return status;
}

const struct job_type retention_jobs[] = {
    {.name = "retention",
     .title = N_("Removal of what is past its period"),
     .run = apply_all,
     .retries = 5,
     .daily = true,
     .minute = 2 * 60 + 40,
     .priority = JOB_LAST},
    {.name = NULL},
};
