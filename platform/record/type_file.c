/* type_file.c: attached files. The text of one is its name and digest, for the history and for comparisons; what is given is the number of a
 * file that was brought before. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "platform/file/file.h"
#include "platform/record/files.h"
#include "platform/record/json.h"
#include "platform/record/type_private.h"

static const struct file *as_file(const void *member) { return member; }

/* A file that others brought and nothing holds yet is nobody else's to see. One that is held is compared with the record's own when it is
 * saved (files.c). */
static enum status parse_file(struct record_context *context, const struct field *field, const char *text, void *member,
                              struct error *error)
{
    char *end = NULL;
    const int64_t id = strtoll(text, &end, 10);
    struct file_kept *kept = NULL;
    const enum status status =
        *end || id <= 0 ? STATUS_MISSING : file_load(context->handle, context->arena, id, &kept, error);
    if (status && status != STATUS_MISSING) return status;
    if (status || (!kept->holder && kept->account != context->viewer->account))
        return error_field(error, STATUS_INPUT, field->name, N_("“{1}” is not a file kept here."), text);
    *(struct file *)member = (struct file){kept->id, kept->size, kept->name, kept->media_type, kept->digest};
    return STATUS_OK;
}

static const char *print_file(struct arena *arena, const struct field *field, const void *member)
{
    const struct file *file = as_file(member);
    (void)field;
    return file->id ? arena_print(arena, "%s (BLAKE2b %s)", file->name, file->digest) : NULL;
}

static const char *show_file(struct record_context *context, const struct field *field, const void *member)
{
    const struct file *file = as_file(member);
    (void)field;
    return file->id ? arena_print(context->arena, "%s (%s)", file->name,
                                  language_bytes(context->arena, context->language, file->size))
                    : NULL;
}

static void json_file(struct buffer *out, struct arena *arena, const struct field *field, const void *member)
{
    const struct file *file = as_file(member);
    (void)arena, (void)field;
    buffer_print(out, "{\"id\": \"%lld\", \"name\": ", (long long)file->id);
    json_text(out, file->name);
    buffer_print(out, ", \"media_type\": \"%s\", \"size\": %lld, \"digest\": \"%s\", \"address\": \"%s/%lld\"}",
                 file->media_type, (long long)file->size, file->digest, FILE_ADDRESS, (long long)file->id);
}

static void clear_file(void *member) { *(struct file *)member = (struct file){.id = 0}; }

static void bind_file(const void *member, struct db_value *values)
{
    const struct file *file = as_file(member);
    values[0] = file->id ? db_integer(file->id) : db_null();
    values[1] = db_text(file->name);
    values[2] = db_text(file->media_type);
    values[3] = file->id ? db_integer(file->size) : db_null();
    values[4] = db_text(file->digest);
}

static void load_file(struct arena *arena, const struct db_rows *rows, size_t column, void *member)
{
    *(struct file *)member = (struct file){.id = db_get_integer(rows, column),
                                           .name = arena_copy(arena, db_get_text(rows, column + 1)),
                                           .media_type = arena_copy(arena, db_get_text(rows, column + 2)),
                                           .size = db_get_integer(rows, column + 3),
                                           .digest = arena_copy(arena, db_get_text(rows, column + 4))};
}

const struct type type_file = {.name = "file",
                               .suffixes = {"", "_name", "_type", "_size", "_digest"},
                               .words = {"{integer}", "{text}", "{text}", "{integer}", "{text}"},
                               .size = sizeof(struct file),
                               .column_count = 5,
                               .json_type = "object",
                               .json = json_file,
                               .parse = parse_file,
                               .print = print_file,
                               .show = show_file,
                               .schema = schema_file,
                               .clear = clear_file,
                               .bind = bind_file,
                               .load = load_file};
