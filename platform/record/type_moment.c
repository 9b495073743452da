/* type_moment.c: a day with its hour: given and shown by the clocks of Paris, kept in UTC. */
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/record/type_private.h"

static enum status wrong_moment(const struct field *field, const char *text, struct error *error)
{
    return error_field(error, STATUS_INPUT, field->name,
                       N_("“{1}” is not a day with its hour: write it as 22/11/2026 14:30."), text);
}

static enum status parse_moment(struct record_context *context, const struct field *field, const char *text,
                                void *member, struct error *error)
{
    int64_t local = 0, ahead = 0, moment = 0;
    (void)context;
    if (!time_parse_local(text, &local, &ahead)) return wrong_moment(field, text, error);
    if (ahead != INT64_MIN)
        moment = local - ahead;
    else if (!language_paris_moment(local, &moment))
        return error_field(error, STATUS_INPUT, field->name,
                           N_("This hour does not exist: clocks go forward on that night."));
    if (field->date.past && moment > time_now())
        return error_field(error, STATUS_INPUT, field->name, N_("The date must not be in the future."));
    if (field->date.future && moment < time_now())
        return error_field(error, STATUS_INPUT, field->name, N_("The date must not be in the past."));
    ((struct moment *)member)->at = moment;
    return STATUS_OK;
}

/* As RFC 3339 writes it, with what Paris is ahead of UTC on that day. */
static const char *print_moment(struct arena *arena, const struct field *field, const void *member)
{
    const int64_t moment = ((const struct moment *)member)->at;
    char text[40];
    (void)field;
    if (moment == ABSENT) return NULL;
    time_format_ahead(moment, language_paris_offset(moment), text);
    return arena_copy(arena, text);
}

static const char *show_moment(struct record_context *context, const struct field *field, const void *member)
{
    const int64_t moment = ((const struct moment *)member)->at;
    (void)field;
    return moment == ABSENT ? NULL : language_moment(context->arena, context->language, moment);
}

const char *moment_typed(struct arena *arena, const void *member)
{
    const char *text = print_moment(arena, NULL, member);
    return text ? arena_copy_bytes(arena, text, strlen("2026-11-22T14:30")) : NULL;
}

static void clear_moment(void *member) { ((struct moment *)member)->at = ABSENT; }

static void bind_moment(const void *member, struct db_value *values)
{
    const int64_t moment = ((const struct moment *)member)->at;
    *values = moment == ABSENT ? db_null() : db_integer(moment);
}

static void load_moment(struct arena *arena, const struct db_rows *rows, size_t column, void *member)
{
    (void)arena;
    ((struct moment *)member)->at = db_is_null(rows, column) ? ABSENT : db_get_integer(rows, column);
}

const struct type type_moment = {.name = "moment",
                                 .suffixes = {""},
                                 .words = {"{integer}"},
                                 .size = sizeof(struct moment),
                                 .column_count = 1,
                                 .json_type = "string",
                                 .json_format = "date-time",
                                 .parse = parse_moment,
                                 .print = print_moment,
                                 .show = show_moment,
                                 .keys = keys_of_moment,
                                 .clear = clear_moment,
                                 .bind = bind_moment,
                                 .load = load_moment};
