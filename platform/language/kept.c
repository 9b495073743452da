/* kept.c: sentences as they are kept in the database: the English one and its arguments. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "platform/language/language.h"

/* An argument that was cut in the middle of a character loses what is left of it. */
static json_t *string_of(const char *text)
{
    size_t length = strlen(text);
    json_t *string = json_stringn(text, length);
    for (int tail = 0; !string && tail < 3 && length; tail++) string = json_stringn(text, --length);
    return string ? string : json_string("");
}

const char *language_keep(struct arena *arena, const struct error *error)
{
    json_t *kept =
        json_pack("{s:i, s:I, s:s, s:s, s:[]}", "status", (int)error->status, "line", (json_int_t)error->line, "field",
                  error->field, "message", error->message ? error->message : "", "arguments");
    json_t *arguments = json_object_get(kept, "arguments");
    size_t count = ERROR_ARGUMENTS;
    while (count && !*error->arguments[count - 1]) count--;
    for (size_t i = 0; i < count; i++) json_array_append_new(arguments, string_of(error->arguments[i]));
    char *text = json_dumps(kept, JSON_COMPACT);
    const char *copy = arena_copy(arena, text ? text : "{}");
    free(text);
    json_decref(kept);
    return copy;
}

static const char *text_of(const json_t *value)
{
    const char *text = json_string_value(value);
    return text ? text : "";
}

void language_kept(struct arena *arena, const char *text, struct error *error)
{
    json_t *kept = json_loads(text ? text : "{}", 0, NULL);
    const json_t *arguments = json_object_get(kept, "arguments");
    error_field(error, (enum status)json_integer_value(json_object_get(kept, "status")),
                text_of(json_object_get(kept, "field")), arena_copy(arena, text_of(json_object_get(kept, "message"))),
                text_of(json_array_get(arguments, 0)), text_of(json_array_get(arguments, 1)),
                text_of(json_array_get(arguments, 2)), text_of(json_array_get(arguments, 3)));
    error->line = json_integer_value(json_object_get(kept, "line"));
    json_decref(kept);
}
