#include "platform/record/json.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/time.h"
#include "platform/record/type_private.h"

enum { MEMBERS_MOST = 200, TEXT_LIMIT = 64 * 1024 };

void json_text(struct buffer *out, const char *text)
{
    if (!text) {
        buffer_text(out, "null");
        return;
    }
    buffer_char(out, '"');
    for (const char *start = text;; text++) {
        const unsigned char c = (unsigned char)*text;
        if (c >= 0x20 && c != '"' && c != '\\') continue;
        buffer_add(out, start, (size_t)(text - start));
        start = text + 1;
        if (!c) break;
        if (c == '"' || c == '\\')
            buffer_print(out, "\\%c", c);
        else if (c == '\n')
            buffer_text(out, "\\n");
        else
            buffer_print(out, "\\u%04x", c);
    }
    buffer_char(out, '"');
}

void json_list(struct buffer *out, struct arena *arena, const struct field *field, const void *member)
{
    char *list = arena_copy(arena, ((const struct codes *)member)->value), *next = NULL;
    const char *separator = "[";
    (void)field;
    for (char *word = strtok_r(list, ";", &next); word; word = strtok_r(NULL, ";", &next), separator = ", ") {
        buffer_text(out, separator);
        json_text(out, word);
    }
    buffer_char(out, ']');
}

void json_yesno(struct buffer *out, struct arena *arena, const struct field *field, const void *member)
{
    (void)arena, (void)field;
    buffer_text(out, ((const struct yesno *)member)->value ? "true" : "false");
}

static void json_day(struct buffer *out, const char *name, struct date date)
{
    char text[16];
    if (date.day == ABSENT) {
        buffer_print(out, "\"%s\": null", name);
        return;
    }
    day_format(date.day, text);
    buffer_print(out, "\"%s\": \"%s\"", name, text);
}

void json_period(struct buffer *out, struct arena *arena, const struct field *field, const void *member)
{
    const struct period *period = member;
    (void)arena, (void)field;
    buffer_char(out, '{');
    json_day(out, "from", period->from);
    buffer_text(out, ", ");
    json_day(out, "to", period->to);
    buffer_char(out, '}');
}

void json_place(struct buffer *out, struct arena *arena, const struct field *field, const void *member)
{
    const struct place *place = member;
    (void)arena, (void)field;
    buffer_text(out, "{\"commune\": ");
    json_text(out, place->commune);
    if (place->latitude != ABSENT) {
        buffer_text(out, ", \"latitude\": ");
        buffer_decimal(out, place->latitude, DEGREE_DECIMALS);
        buffer_text(out, ", \"longitude\": ");
        buffer_decimal(out, place->longitude, DEGREE_DECIMALS);
        buffer_text(out, place->approximate == 1 ? ", \"approximate\": true" : ", \"approximate\": false");
    }
    buffer_char(out, '}');
}

static void json_field(struct buffer *out, struct record_context *context, const struct field *field,
                       const void *record)
{
    const struct type *type = field_type(field);
    const char *text = field_text(context, field, record);
    if (!text) return;
    buffer_text(out, ", \"");
    buffer_text(out, field->name);
    buffer_text(out, "\": ");
    if (type->json)
        type->json(out, context->arena, field, field_value(field, record));
    else if (strcmp(type->json_type, "string") == 0)
        json_text(out, text);
    else
        buffer_text(out, text);
}

static void head_integer(struct buffer *out, const char *before, int64_t value, const char *after)
{
    buffer_text(out, before);
    buffer_integer(out, value);
    buffer_text(out, after);
}

static void head_text(struct buffer *out, const char *before, const char *text)
{
    buffer_text(out, before);
    json_text(out, text);
}

static void json_head(struct buffer *out, const struct record *head)
{
    char created[32], updated[32], since[16];
    time_format(head->created, created);
    time_format(head->updated, updated);
    day_format(head->state_day, since);
    head_integer(out, "\"id\": \"", head->id, "\"");
    head_integer(out, ", \"version\": ", head->version, "");
    head_integer(out, ", \"owner\": \"", head->owner, "\"");
    head_text(out, ", \"created\": ", created);
    head_text(out, ", \"updated\": ", updated);
    head_text(out, ", \"audience\": ", audience_option(head->audience)->value);
    head_text(out, ", \"state\": ", head->state);
    head_text(out, ", \"since\": ", since);
    if (head->reason) head_text(out, ", \"reason\": ", head->reason);
}

void json_record(struct buffer *out, struct record_context *context, const struct kind *kind, const void *record)
{
    buffer_char(out, '{');
    json_head(out, record);
    for (const struct field *field = kind->fields; field->name; field++) json_field(out, context, field, record);
    buffer_char(out, '}');
}

void json_chosen(struct buffer *out, struct record_context *context, const void *record,
                 const struct field *const *fields, size_t count)
{
    buffer_char(out, '{');
    json_head(out, record);
    for (size_t i = 0; i < count; i++) json_field(out, context, fields[i], record);
    buffer_char(out, '}');
}

/* The text that stands for a JSON value; NULL when no field could read it. */
static const char *value_text(struct arena *arena, const json_t *value);

static const char *list_text(struct arena *arena, const json_t *list)
{
    struct buffer *out = buffer_new(arena, TEXT_LIMIT);
    size_t index = 0;
    json_t *item = NULL;
    json_array_foreach(list, index, item)
    {
        const char *text = json_is_array(item) || json_is_object(item) ? NULL : value_text(arena, item);
        if (!text) return NULL;
        buffer_print(out, "%s%s", index ? ";" : "", text);
    }
    return buffer_overflowed(out) ? NULL : buffer_data(out);
}

static const char *object_text(struct arena *arena, const json_t *object)
{
    const char *commune = json_string_value(json_object_get(object, "commune"));
    const json_t *latitude = json_object_get(object, "latitude"), *longitude = json_object_get(object, "longitude");
    const json_t *approximate = json_object_get(object, "approximate");
    if (commune && json_is_number(latitude) && json_is_number(longitude) && !json_is_true(approximate))
        return arena_print(arena, "%s %.6f,%.6f", commune, json_number_value(latitude), json_number_value(longitude));
    if (commune) return arena_copy(arena, commune);
    const char *id = json_string_value(json_object_get(object, "id"));
    if (id) return arena_copy(arena, id);
    const char *from = json_string_value(json_object_get(object, "from")),
               *to = json_string_value(json_object_get(object, "to"));
    return from || to ? arena_print(arena, "%s/%s", from ? from : "", to ? to : "") : NULL;
}

static const char *value_text(struct arena *arena, const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_STRING: return arena_copy(arena, json_string_value(value));
    case JSON_INTEGER: return arena_print(arena, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    case JSON_REAL: return arena_print(arena, "%.15g", json_real_value(value));
    case JSON_TRUE: return "1";
    case JSON_FALSE: return "0";
    case JSON_NULL: return "";
    case JSON_ARRAY: return list_text(arena, value);
    case JSON_OBJECT: return object_text(arena, value);
    }
    return NULL;
}

static void add_member(struct record_context *context, const struct kind *kind, const char *name, const json_t *value,
                       struct input *items, struct inputs *inputs, struct faults *faults)
{
    struct error error;
    const char *text = value_text(context->arena, value);
    const bool known = kind_field(kind, name) || strcmp(name, "audience") == 0 || strcmp(name, "state") == 0 ||
                       strcmp(name, "reason") == 0;
    if (known && text && inputs->count < MEMBERS_MOST) {
        items[inputs->count++] = (struct input){arena_copy(context->arena, name), text};
        return;
    }
    error_field(&error, STATUS_INPUT, name,
                known ? N_("This value is not of a form that can be read here.") : N_("There is no such field."));
    faults_add(faults, &error);
}

enum status json_inputs(struct record_context *context, const struct kind *kind, const char *body, size_t length,
                        struct inputs *inputs, int64_t *version, struct faults *faults, struct error *error)
{
    json_error_t fault;
    const char *name = NULL;
    json_t *value = NULL;
    struct input *items = ARENA_ARRAY(context->arena, MEMBERS_MOST, struct input);
    json_t *root = json_loadb(body ? body : "", length, JSON_REJECT_DUPLICATES, &fault);
    *inputs = (struct inputs){items, 0};
    *version = 0;
    if (!json_is_object(root)) {
        json_decref(root);
        error_set(error, STATUS_INPUT, N_("The body is not a JSON object: {1}"), root ? "" : fault.text);
        return error_at(error, "body", fault.line > 0 ? fault.line : 1, fault.column > 0 ? fault.column : 1);
    }
    json_object_foreach(root, name, value)
    {
        if (strcmp(name, "version") == 0)
            *version = json_integer_value(value);
        else
            add_member(context, kind, name, value, items, inputs, faults);
    }
    json_decref(root);
    return faults->count ? error_set(error, STATUS_INPUT, N_("Some fields need your attention.")) : STATUS_OK;
}
