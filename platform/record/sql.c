#include "platform/record/sql.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/fatal.h"
#include "platform/record/type.h"

enum { SQL_LIMIT = 256 * 1024 };

static struct arena *texts_arena;
static struct kind_sql *texts;
static const struct kind *const *built_kinds;

static const struct head_column_row {
    const char *name, *word, *sentence;
} head_columns[HEAD_COLUMNS] = {
    [HEAD_ID] = {"id", "{id}", "number of the record: milliseconds, node and counter"},
    [HEAD_HOME] = {"home", "{integer} NOT NULL",
                   "organisation under which it was filed; never changes; the key of distribution"},
    [HEAD_OWNER] = {"owner", "{integer} NOT NULL", "organisation whose record it is"},
    [HEAD_SLOT] = {"slot", "{integer} NOT NULL", "dense number within the kind, for indexes only"},
    [HEAD_VERSION] = {"version", "{integer} NOT NULL", "grows by one at each save"},
    [HEAD_CREATED] = {"created", "{integer} NOT NULL", "moment of filing"},
    [HEAD_UPDATED] = {"updated", "{integer} NOT NULL", "moment of the last save"},
    [HEAD_AUTHOR] = {"author", "{integer} NOT NULL", "account that filed it; 0 for the program"},
    [HEAD_AUDIENCE] = {"audience", "{integer} NOT NULL", "1 private, 2 circle, 3 network, 4 public"},
    [HEAD_READER] = {"reader", "{integer} NOT NULL",
                     "token that an account must hold to read it, from audience and owner"},
    [HEAD_STATE] = {"state", "{text} NOT NULL", "where it is in its life"},
    [HEAD_REASON] = {"reason", "{text}", "said with the last change of state"},
    [HEAD_STATE_DAY] = {"state_day", "{integer} NOT NULL", "day since which it is in that state"},
    [HEAD_NAME_KEY] = {"name_key", "{text} NOT NULL", "its name, folded, for sorting and prefixes"},
};

const char *head_column_name(enum head_column column) { return head_columns[column].name; }
const char *head_column_word(enum head_column column) { return head_columns[column].word; }
const char *head_column_sentence(enum head_column column) { return head_columns[column].sentence; }

typedef void column_visitor(struct buffer *out, const char *name, const char *suffix, size_t number);

/* Calls the visitor for each column of the kind's table, the head first. */
static size_t visit_columns(struct buffer *out, const struct kind *kind, column_visitor *visit)
{
    size_t number = 0;
    for (size_t i = 0; i < HEAD_COLUMNS; i++) visit(out, head_columns[i].name, "", number++);
    for (const struct field *field = kind->fields; field->name; field++)
        for (size_t i = 0; i < field_type(field)->column_count; i++)
            visit(out, field->name, field_type(field)->suffixes[i], number++);
    return number - HEAD_COLUMNS;
}

static void visit_select(struct buffer *out, const char *name, const char *suffix, size_t number)
{
    buffer_print(out, "%sr.%s%s", number ? ", " : "", name, suffix);
}

static void visit_name(struct buffer *out, const char *name, const char *suffix, size_t number)
{
    buffer_print(out, "%s%s%s", number ? ", " : "", name, suffix);
}

static bool is_settled(const char *name)
{
    static const enum head_column settled[] = {HEAD_ID, HEAD_HOME, HEAD_SLOT, HEAD_CREATED, HEAD_AUTHOR};
    for (size_t i = 0; i < sizeof settled / sizeof *settled; i++)
        if (strcmp(head_columns[settled[i]].name, name) == 0) return true;
    return false;
}

static void visit_changing(struct buffer *out, const char *name, const char *suffix, size_t number)
{
    (void)number;
    if (*suffix == '\0' && is_settled(name)) return;
    buffer_print(out, "%s%s%s", buffer_length(out) ? ", " : "", name, suffix);
}

static const char *columns_text(struct arena *arena, const struct kind *kind, column_visitor *visit)
{
    struct buffer *out = buffer_new(arena, SQL_LIMIT);
    visit_columns(out, kind, visit);
    return buffer_data(out);
}

static const char *update_text(struct arena *arena, const struct kind *kind, size_t field_columns)
{
    struct buffer *values = buffer_new(arena, SQL_LIMIT);
    const size_t changing = HEAD_COLUMNS - 5 + field_columns;
    for (size_t i = 1; i <= changing; i++) buffer_print(values, "%s$%zu", i > 1 ? ", " : "", i);
    return arena_print(arena, "UPDATE %s SET (%s) = (%s) WHERE id = $%zu AND version = $%zu", kind->name,
                       columns_text(arena, kind, visit_changing), buffer_data(values), changing + 1, changing + 2);
}

/* An IN of columns would make SQLite build a table for each record. */
const char *kind_predicate(struct arena *arena, const struct kind *kind, int parameter)
{
    const char *reader = rights_predicate(arena, "r.reader", parameter);
    if (!kind->partner) return reader;
    const char *partner = rights_predicate(arena, arena_print(arena, "r.%s", kind->partner), parameter);
    return arena_print(arena, "(%s OR %s)", reader, partner);
}

static const char *batch_text(struct arena *arena, const struct kind *kind, const char *columns, const char *key)
{
    struct buffer *out = buffer_new(arena, SQL_LIMIT);
    buffer_print(out, "SELECT %s FROM %s r WHERE r.%s IN (", columns, kind->name, key);
    for (int i = 1; i <= SQL_BATCH; i++) buffer_print(out, "%s$%d", i > 1 ? ", " : "", i);
    buffer_print(out, ") AND %s", kind_predicate(arena, kind, SQL_BATCH + 1));
    return buffer_data(out);
}

static void build_one(struct arena *arena, const struct kind *kind, struct kind_sql *sql)
{
    const char *columns = columns_text(arena, kind, visit_select);
    const char *predicate = kind_predicate(arena, kind, 2);
    struct buffer *counted = buffer_new(arena, SQL_LIMIT);
    sql->field_columns = visit_columns(counted, kind, visit_name);
    sql->columns = columns;
    sql->by_id = arena_print(arena, "SELECT %s FROM %s r WHERE r.id = $1 AND %s", columns, kind->name, predicate);
    sql->raw = arena_print(arena, "SELECT %s FROM %s r WHERE r.id = $1", columns, kind->name);
    sql->name =
        arena_print(arena, "SELECT r.%s FROM %s r WHERE r.id = $1 AND %s", kind->name_field, kind->name, predicate);
    sql->by_slots = batch_text(arena, kind, columns, "slot");
    sql->by_ids = batch_text(arena, kind, columns, "id");
    sql->into = arena_print(arena, "%s (%s)", kind->name, columns_text(arena, kind, visit_name));
    sql->update = update_text(arena, kind, sql->field_columns);
    sql->erase = arena_print(arena, "DELETE FROM %s WHERE id = $1 AND version = $2", kind->name);
}

void kind_sql_free(void)
{
    arena_free(&texts_arena);
    texts = NULL;
}

void kind_sql_build(const struct kind *const *kinds)
{
    size_t count = 0;
    while (kinds[count]) count++;
    kind_sql_free();
    texts_arena = arena_new();
    texts = ARENA_ARRAY(texts_arena, count + 1, struct kind_sql);
    built_kinds = kinds;
    for (size_t i = 0; i < count; i++) build_one(texts_arena, kinds[i], &texts[i]);
}

const struct kind_sql *kind_sql(const struct kind *kind)
{
    for (size_t i = 0; built_kinds && built_kinds[i]; i++)
        if (built_kinds[i] == kind) return &texts[i];
    fatal("the kind %s is not declared", kind->name);
}

static void add_field_columns(struct buffer *out, struct buffer *sentences, const struct kind *kind)
{
    for (const struct field *field = kind->fields; field->name; field++) {
        const struct type *type = field_type(field);
        for (size_t i = 0; i < type->column_count; i++) {
            buffer_print(out, ",\n    %s%s %s", field->name, type->suffixes[i], type->words[i]);
            buffer_print(sentences, "-- %s.%s%s: %s (%s%s)\n", kind->name, field->name, type->suffixes[i], field->label,
                         type->name, field->is_personal ? ", personal" : "");
        }
    }
}

void kind_index_sql(struct buffer *out, const struct kind *kind, const struct field *field)
{
    if (field->unique)
        buffer_print(out, "CREATE UNIQUE INDEX %s_%s ON %s (%s%s) WHERE %s IS NOT NULL;\n", kind->name, field->name,
                     kind->name, field->name, kind->reference ? "" : "{spread}", field->name);
    else if (field->type == FIELD_REFERENCE)
        buffer_print(out, "CREATE INDEX %s_%s ON %s (%s) WHERE %s IS NOT NULL;\n", kind->name, field->name, kind->name,
                     field->name, field->name);
}

static void add_indexes(struct buffer *out, const struct kind *kind)
{
    buffer_print(out, "CREATE UNIQUE INDEX %s_slot ON %s (slot%s);\n", kind->name, kind->name,
                 kind->reference ? "" : "{spread}");
    buffer_print(out, "CREATE INDEX %s_reader ON %s (reader, updated);\n", kind->name, kind->name);
    buffer_print(out, "CREATE INDEX %s_owner ON %s (owner);\n", kind->name, kind->name);
    buffer_print(out, "CREATE INDEX %s_name ON %s (name_key, slot);\n", kind->name, kind->name);
    for (const struct field *field = kind->fields; field->name; field++) kind_index_sql(out, kind, field);
}

const char *kind_create_sql(struct arena *arena, const struct kind *kind)
{
    struct buffer *out = buffer_new(arena, SQL_LIMIT), *columns = buffer_new(arena, SQL_LIMIT);
    buffer_print(out, "-- %s: %s\n", kind->name, kind->plural);
    for (size_t i = 0; i < HEAD_COLUMNS; i++) {
        buffer_print(out, "-- %s.%s: %s\n", kind->name, head_columns[i].name, head_columns[i].sentence);
        if (i == HEAD_ID)
            buffer_text(columns, "    {id}");
        else
            buffer_print(columns, ",\n    %s %s", head_columns[i].name, head_columns[i].word);
    }
    add_field_columns(columns, out, kind);
    buffer_print(out, "CREATE TABLE %s (\n%s\n) {strict};\n{id_index %s};\n", kind->name, buffer_data(columns),
                 kind->name);
    add_indexes(out, kind);
    return buffer_data(out);
}
