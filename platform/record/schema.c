#include "platform/record/schema.h"

#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/map.h"
#include "platform/db/db.h"
#include "platform/record/sql.h"
#include "platform/record/type.h"

enum { MIGRATION_LIMIT = 1024 * 1024 };

/* The columns that the table has now, by name; empty when there is no such table. */
static enum status read_columns(struct db_handle *handle, struct arena *arena, const char *table, struct map **columns,
                                struct error *error)
{
    *columns = map_new(arena);
    struct db_rows *rows = db_query(handle, "SELECT name, type FROM pragma_table_info($1)", DB_BIND(db_text(table)));
    while (db_next(rows)) map_put(*columns, db_get_text(rows, 0), arena_copy(arena, db_get_text(rows, 1)));
    return db_end(&rows, error);
}

static enum status refuse_undeclared(struct db_handle *handle, struct arena *arena, const struct kind *kind,
                                     const struct map *declared, struct error *error)
{
    struct map *columns = NULL;
    const char *name = NULL;
    enum status status = read_columns(handle, arena, kind->name, &columns, error);
    struct db_rows *rows =
        status ? NULL : db_query(handle, "SELECT name FROM pragma_table_info($1)", DB_BIND(db_text(kind->name)));
    while (rows && !name && db_next(rows))
        if (!map_get(declared, db_get_text(rows, 0))) name = arena_copy(arena, db_get_text(rows, 0));
    if (rows) status = db_end(&rows, error);
    if (status || !name) return status;
    return error_set(error, STATUS_CONFLICT,
                     "The column {1}.{2} is no longer declared. Dropping loses data: write that migration by hand, or "
                     "declare the field again.",
                     kind->name, name);
}

static void declare(struct map *declared, const char *name) { map_put(declared, name, declared); }

static struct map *declared_columns(struct arena *arena, const struct kind *kind)
{
    struct map *declared = map_new(arena);
    for (int i = 0; i < HEAD_COLUMNS; i++) declare(declared, head_column_name((enum head_column)i));
    for (const struct field *field = kind->fields; field->name; field++)
        for (size_t i = 0; i < field_type(field)->column_count; i++)
            declare(declared, arena_print(arena, "%s%s", field->name, field_type(field)->suffixes[i]));
    return declared;
}

static void add_column(struct buffer *out, const struct kind *kind, const struct field *field, size_t part)
{
    const struct type *type = field_type(field);
    buffer_print(out, "-- %s.%s%s: %s (%s%s)\n", kind->name, field->name, type->suffixes[part], field->label,
                 type->name, field->is_personal ? ", personal" : "");
    buffer_print(out, "ALTER TABLE %s ADD COLUMN %s%s %s;\n", kind->name, field->name, type->suffixes[part],
                 type->words[part]);
    if (part == 0) kind_index_sql(out, kind, field);
}

static enum status compare_kind(struct db_handle *handle, struct arena *arena, const struct kind *kind,
                                struct buffer *out, struct error *error)
{
    struct map *columns = NULL;
    const enum status status = read_columns(handle, arena, kind->name, &columns, error);
    if (status) return status;
    if (map_size(columns) == 0) {
        buffer_print(out, "%s\n", kind_create_sql(arena, kind));
        return STATUS_OK;
    }
    for (const struct field *field = kind->fields; field->name; field++)
        for (size_t i = 0; i < field_type(field)->column_count; i++)
            if (!map_get(columns, arena_print(arena, "%s%s", field->name, field_type(field)->suffixes[i])))
                add_column(out, kind, field, i);
    return refuse_undeclared(handle, arena, kind, declared_columns(arena, kind), error);
}

enum status schema_difference(struct db *db, struct arena *arena, const struct kind *const *kinds, const char **sql,
                              struct error *error)
{
    struct db_handle *handle = NULL;
    struct buffer *out = buffer_new(arena, MIGRATION_LIMIT);
    enum status status = db_read(db, &handle, error);
    for (; !status && *kinds; kinds++) status = compare_kind(handle, arena, *kinds, out, error);
    db_release(&handle);
    *sql = buffer_length(out) ? buffer_data(out) : NULL;
    return status;
}
