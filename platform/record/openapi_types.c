/* openapi_types.c: what the API's description says of a field beyond the type of its JSON. */
#include "base/buffer.h"
#include "platform/record/json.h"
#include "platform/record/type_private.h"

void schema_text(struct buffer *out, const struct field *field)
{
    if (field->text.max) buffer_print(out, ", \"maxLength\": %lld", (long long)field->text.max);
}

void schema_siren(struct buffer *out, const struct field *field)
{
    (void)field;
    buffer_text(out, ", \"pattern\": \"^[0-9]{9}$\"");
}

void schema_siret(struct buffer *out, const struct field *field)
{
    (void)field;
    buffer_text(out, ", \"pattern\": \"^[0-9]{14}$\"");
}

void schema_choice(struct buffer *out, const struct field *field)
{
    const char *separator = ", \"enum\": [";
    for (const struct option *option = field->choice.options; option->value; option++, separator = ", ") {
        buffer_text(out, separator);
        json_text(out, option->value);
    }
    buffer_char(out, ']');
}

void schema_integer(struct buffer *out, const struct field *field)
{
    if (field->number.min || field->number.max)
        buffer_print(out, ", \"minimum\": %lld, \"maximum\": %lld", (long long)field->number.min,
                     (long long)field->number.max);
}

void schema_period(struct buffer *out, const struct field *field)
{
    (void)field;
    buffer_text(out, ", \"properties\": {\"from\": {\"type\": [\"string\", \"null\"], \"format\": \"date\"}, "
                     "\"to\": {\"type\": [\"string\", \"null\"], \"format\": \"date\"}}");
}

void schema_place(struct buffer *out, const struct field *field)
{
    (void)field;
    buffer_text(out, ", \"properties\": {\"commune\": {\"type\": \"string\"}, \"latitude\": {\"type\": \"number\"}, "
                     "\"longitude\": {\"type\": \"number\"}, \"approximate\": {\"type\": \"boolean\"}}");
}

void schema_file(struct buffer *out, const struct field *field)
{
    (void)field;
    buffer_text(out, ", \"properties\": {\"id\": {\"type\": \"string\"}, \"name\": {\"type\": \"string\"}, "
                     "\"media_type\": {\"type\": \"string\"}, \"size\": {\"type\": \"integer\"}, \"digest\": "
                     "{\"type\": \"string\", \"pattern\": \"^[0-9a-f]{64}$\"}, \"address\": {\"type\": "
                     "\"string\", \"format\": \"uri-reference\"}}");
}

/* Where the codes are listed, and of which kind the records are: not of JSON Schema, hence the x. */
void schema_code(struct buffer *out, const struct field *field)
{
    buffer_print(out, ", \"x-codes\": \"/api/v1/codes/%s/json\"", field->code.scheme);
    if (field->code.level) buffer_print(out, ", \"x-level\": \"%s\"", field->code.level);
}

void schema_reference(struct buffer *out, const struct field *field)
{
    buffer_print(out, ", \"x-kind\": \"%s\"", field->reference.to);
}

void schema_codes(struct buffer *out, const struct field *field)
{
    buffer_text(out, ", \"items\": {\"type\": \"string\"}");
    schema_code(out, field);
    if (field->code.most) buffer_print(out, ", \"maxItems\": %lld", (long long)field->code.most);
}

void schema_references(struct buffer *out, const struct field *field)
{
    buffer_text(out, ", \"items\": {\"type\": \"string\"}");
    schema_reference(out, field);
}
