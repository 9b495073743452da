/* uniques.c: which records have which values of unique fields. */
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/map.h"
#include "platform/record/store_private.h"
#include "platform/record/type.h"

enum { TEXT_LIMIT = 8192 };

/* What is known of one unique field. */
struct unique_field {
    const struct field *field;
    struct map *holders; /* int64_t by the text of the value; 0: no record */
};
struct uniques {
    struct arena *arena;
    const struct kind *kind;
    struct unique_field *fields;
    size_t count;
};

struct uniques *uniques_new(struct arena *arena, const struct kind *kind)
{
    struct uniques *uniques = ARENA_NEW(arena, struct uniques);
    size_t count = 0;
    for (const struct field *field = kind->fields; field->name; field++) count += field->unique;
    *uniques = (struct uniques){.arena = arena, .kind = kind, .fields = ARENA_ARRAY(arena, count, struct unique_field)};
    for (const struct field *field = kind->fields; field->name; field++)
        if (field->unique) uniques->fields[uniques->count++] = (struct unique_field){field, map_new(arena)};
    return uniques;
}

static void set_holder(const struct uniques *uniques, const struct unique_field *unique, const char *text, int64_t id)
{
    int64_t *holder = map_get(unique->holders, text);
    if (!holder) {
        holder = ARENA_NEW(uniques->arena, int64_t);
        map_put(unique->holders, text, holder);
    }
    *holder = id;
}

/* One value is asked for by itself, more by fifty: two texts for each field. */
static const char *look_up_text(struct record_context *context, const struct uniques *uniques,
                                const struct field *field, size_t count)
{
    struct buffer *sql = buffer_new(context->arena, TEXT_LIMIT);
    buffer_print(sql, "SELECT r.id, r.%s FROM %s r WHERE r.%s IN ($1", field->name, uniques->kind->name, field->name);
    for (size_t i = 2; i <= count; i++) buffer_print(sql, ", $%zu", i);
    buffer_print(sql, ") AND r.%s IS NOT NULL", field->name);
    return buffer_data(sql);
}

/* The value in the second column as the field's text. */
static const char *row_text(struct record_context *context, const struct field *field, const struct db_rows *rows,
                            void *scratch)
{
    field_type(field)->load(context->arena, rows, 1, field_member(field, scratch));
    return field_text(context, field, scratch);
}

static enum status ask(struct record_context *context, const struct uniques *uniques, const struct unique_field *unique,
                       const struct db_value *values, size_t count, struct error *error)
{
    const size_t asked = count > 1 ? SQL_BATCH : 1;
    struct db_value padded[SQL_BATCH];
    void *scratch = arena_alloc(context->arena, uniques->kind->size);
    for (size_t i = 0; i < asked; i++) padded[i] = values[i < count ? i : count - 1];
    struct db_rows *rows =
        db_query(context->handle, look_up_text(context, uniques, unique->field, asked), padded, asked);
    while (db_next(rows))
        set_holder(uniques, unique, row_text(context, unique->field, rows, scratch), db_get_integer(rows, 0));
    return db_end(&rows, error);
}

static enum status look_up_field(struct record_context *context, const struct uniques *uniques,
                                 const struct unique_field *unique, const void *const *records, size_t count,
                                 struct error *error)
{
    struct db_value values[SQL_BATCH];
    size_t waiting = 0;
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < count; i++) {
        struct db_value bound[TYPE_COLUMNS];
        const char *text = records[i] ? field_text(context, unique->field, records[i]) : NULL;
        if (!text || map_get(unique->holders, text)) continue;
        set_holder(uniques, unique, text, 0);
        field_type(unique->field)->bind(field_value(unique->field, records[i]), bound);
        values[waiting++] = bound[0];
        if (waiting == SQL_BATCH) status = ask(context, uniques, unique, values, waiting, error);
        waiting %= SQL_BATCH;
    }
    if (!status && waiting) status = ask(context, uniques, unique, values, waiting, error);
    return status;
}

enum status uniques_look_up(struct record_context *context, struct uniques *uniques, const void *const *records,
                            size_t count, struct error *error)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < uniques->count; i++)
        status = look_up_field(context, uniques, &uniques->fields[i], records, count, error);
    return status;
}

int64_t uniques_holder(struct record_context *context, const struct uniques *uniques, const struct field *field,
                       const void *record)
{
    const char *text = field_text(context, field, record);
    for (size_t i = 0; text && i < uniques->count; i++) {
        const int64_t *holder = uniques->fields[i].field == field ? map_get(uniques->fields[i].holders, text) : NULL;
        if (holder) return *holder;
    }
    return 0;
}

void uniques_take(struct record_context *context, struct uniques *uniques, const void *record, const void *before)
{
    for (size_t i = 0; i < uniques->count; i++) {
        const struct unique_field *unique = &uniques->fields[i];
        const char *old = before ? field_text(context, unique->field, before) : NULL;
        const char *new = field_text(context, unique->field, record);
        if (old) set_holder(uniques, unique, old, 0);
        if (new) set_holder(uniques, unique, new, head_in(record)->id);
    }
}
