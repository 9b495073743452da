/* type_private.h: the types, one constant each, gathered by type.c. */
#ifndef PLATFORM_RECORD_TYPE_PRIVATE_H
#define PLATFORM_RECORD_TYPE_PRIVATE_H

#include "platform/record/keys_private.h"
#include "platform/record/type.h"

extern const struct type type_text, type_markdown, type_link, type_email, type_telephone, type_siren, type_siret,
    type_choice, type_code, type_codes, type_integer, type_decimal, type_money, type_date, type_period, type_moment,
    type_yesno, type_reference, type_references, type_file, type_place;

/* Shared by the types whose member is one text. */
const char *print_text(struct arena *arena, const struct field *field, const void *member);
const char *show_text(struct record_context *context, const struct field *field, const void *member);
void clear_text(void *member);
void bind_text(const void *member, struct db_value *values);
void load_text(struct arena *arena, const struct db_rows *rows, size_t column, void *member);

/* What OpenAPI says of them: openapi_types.c. */
void schema_text(struct buffer *out, const struct field *field);
void schema_siren(struct buffer *out, const struct field *field);
void schema_siret(struct buffer *out, const struct field *field);
void schema_choice(struct buffer *out, const struct field *field);
void schema_integer(struct buffer *out, const struct field *field);
void schema_period(struct buffer *out, const struct field *field);
void schema_place(struct buffer *out, const struct field *field);
void schema_file(struct buffer *out, const struct field *field);
void schema_code(struct buffer *out, const struct field *field);
void schema_codes(struct buffer *out, const struct field *field);
void schema_reference(struct buffer *out, const struct field *field);
void schema_references(struct buffer *out, const struct field *field);

/* For the types whose JSON is not their text. */
void json_list(struct buffer *out, struct arena *arena, const struct field *field, const void *member);
void json_yesno(struct buffer *out, struct arena *arena, const struct field *field, const void *member);
void json_period(struct buffer *out, struct arena *arena, const struct field *field, const void *member);
void json_place(struct buffer *out, struct arena *arena, const struct field *field, const void *member);

#define LIST_TYPE(name_, parse_, show_, ...) \
    { \
        .name = (name_), .suffixes = {""}, .words = {"{text}"}, .size = sizeof(char *), .column_count = 1, \
        .json_type = "array", .parse = (parse_), .print = print_text, .show = (show_), .json = json_list, \
        .clear = clear_text, .bind = bind_text, .load = load_text, __VA_ARGS__ \
    }
#define TEXT_TYPE(name_, format_, parse_, show_, ...) \
    { \
        .name = (name_), .suffixes = {""}, .words = {"{text}"}, .size = sizeof(char *), .column_count = 1, \
        .json_type = "string", .json_format = (format_), .parse = (parse_), .print = print_text, .show = (show_), \
        .clear = clear_text, .bind = bind_text, .load = load_text, __VA_ARGS__ \
    }

#endif
