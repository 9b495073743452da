/* import.c: recognising columns, the dry run, the remarks. */
#include "platform/record/import.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/map.h"
#include "base/time.h"
#include "platform/index/index.h"
#include "platform/record/import_private.h"
#include "platform/record/type.h"
#include "platform/sheet/sheet.h"
#include "platform/text/text.h"

enum { REMARKS_MOST = 10000, REMARK_BATCH = 200, ROWS_BETWEEN_NEWS = 500 };

static const struct field audience_column = {.name = "audience", .label = N_("Who sees it")};

static bool is_called(struct arena *arena, const struct field *field, const char *folded)
{
    const char *french = language_text(LANGUAGE_FRENCH, field->label);
    return strcmp(folded, text_fold(arena, field->name)) == 0 || strcmp(folded, text_fold(arena, field->label)) == 0 ||
           strcmp(folded, text_fold(arena, french)) == 0;
}

/* "Column = field" lines: the field named for this column, or NULL. */
static const char *mapped_name(struct arena *arena, const char *mapping, const char *column)
{
    char *lines = arena_copy(arena, mapping ? mapping : ""), *next = NULL;
    for (char *line = strtok_r(lines, "\n", &next); line; line = strtok_r(NULL, "\n", &next)) {
        char *equals = strchr(line, '=');
        if (!equals) continue;
        *equals = '\0';
        if (strcmp(text_fold(arena, line), text_fold(arena, column)) == 0)
            return text_clean(arena, equals + 1, strlen(equals + 1));
    }
    return NULL;
}

static const struct field *recognise(struct arena *arena, const struct kind *kind, const char *mapping,
                                     const char *column)
{
    const char *mapped = mapped_name(arena, mapping, column);
    const char *folded = text_fold(arena, mapped ? mapped : column);
    if (is_called(arena, &audience_column, folded)) return &audience_column;
    for (const struct field *field = kind->fields; field->name; field++)
        if (!field->computed && is_called(arena, field, folded)) return field;
    return NULL;
}

static enum status recognise_columns(struct record_context *context, struct import *import, const char *mapping,
                                     struct error *error)
{
    size_t found = 0;
    import->seen = map_new(context->arena);
    import->fields = ARENA_ARRAY(context->arena, import->column_count, const struct field *);
    for (size_t i = 0; i < import->column_count; i++) {
        import->fields[i] = recognise(context->arena, import->kind, mapping, import->columns[i]);
        for (size_t j = 0; j < i; j++)
            if (import->fields[i] && import->fields[j] == import->fields[i])
                return error_set(error, STATUS_INPUT,
                                 N_("The columns “{1}” and “{2}” are the same field: rename or remove one."),
                                 import->columns[j], import->columns[i]);
        found += import->fields[i] != NULL;
    }
    return found ? STATUS_OK
                 : error_set(
                       error, STATUS_INPUT,
                       N_("No column of this file was recognised: its first line must hold the names of the fields."));
}

static enum status open_sheet(struct record_context *context, struct import *import, struct sheet_reader **reader,
                              struct error *error)
{
    const char *const *names = NULL;
    const enum status status = sheet_open(import->path, NULL, &sheet_usual_limits, reader, error);
    if (status) return status;
    import->column_count = sheet_columns(*reader, &names);
    const char **columns = ARENA_ARRAY(context->arena, import->column_count + 1, const char *);
    for (size_t i = 0; i < import->column_count; i++) columns[i] = arena_copy(context->arena, names[i]);
    import->columns = columns;
    import->format = arena_copy(context->arena, sheet_format(*reader));
    return STATUS_OK;
}

static enum status insert_import(struct db_handle *handle, void *data, struct error *error)
{
    const struct {
        const struct import *import;
        const char *mapping;
    } *work = data;
    const struct import *import = work->import;
    return db_run(handle,
                  "INSERT INTO record_import (id, home, account, kind, name, path, mapping, created, stage, lines, "
                  "done, added, changed, same, refused) "
                  "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'read', 0, 0, 0, 0, 0, 0)",
                  DB_BIND(db_integer(import->id), db_integer(import->home), db_integer(import->account),
                          db_text(import->kind->name), db_text(import->name), db_text(import->path),
                          db_text(work->mapping ? work->mapping : ""), db_integer(import->created)),
                  NULL, error);
}

enum status import_begin(struct record_context *context, const struct kind *kind, const char *path, const char *name,
                         const char *mapping, struct import **result, struct error *error)
{
    struct sheet_reader *reader = NULL;
    struct import *import = ARENA_NEW(context->arena, struct import);
    *import = (struct import){.id = db_new_id(),
                              .home = context->viewer->organisation,
                              .account = context->viewer->account,
                              .kind = kind,
                              .name = name,
                              .path = path,
                              .stage = "read",
                              .created = time_now()};
    if (!record_may_create(context, kind))
        return error_set(error, STATUS_DENIED, N_("You may not write this: ask the organisation that owns it."));
    enum status status = open_sheet(context, import, &reader, error);
    sheet_close(&reader);
    if (!status) status = recognise_columns(context, import, mapping, error);
    struct {
        const struct import *import;
        const char *mapping;
    } work = {import, mapping};
    if (!status) status = db_transaction(context->records->db, insert_import, &work, error);
    *result = import;
    return status;
}

enum status import_load(struct record_context *context, int64_t id, struct import **result, struct error *error)
{
    struct import *import = ARENA_NEW(context->arena, struct import);
    const char *mapping = "";
    struct db_rows *rows = db_query(context->handle,
                                    "SELECT id, home, account, kind, name, path, mapping, created, stage, lines, done, "
                                    "added, changed, same, refused "
                                    "FROM record_import WHERE id = $1 AND account = $2",
                                    DB_BIND(db_integer(id), db_integer(context->viewer->account)));
    if (db_next(rows)) {
        *import = (struct import){.id = db_get_integer(rows, 0),
                                  .home = db_get_integer(rows, 1),
                                  .account = db_get_integer(rows, 2),
                                  .kind = kind_find(db_get_text(rows, 3)),
                                  .name = arena_copy(context->arena, db_get_text(rows, 4)),
                                  .path = arena_copy(context->arena, db_get_text(rows, 5)),
                                  .created = db_get_integer(rows, 7),
                                  .stage = arena_copy(context->arena, db_get_text(rows, 8)),
                                  .lines = db_get_integer(rows, 9),
                                  .done = db_get_integer(rows, 10),
                                  .added = db_get_integer(rows, 11),
                                  .changed = db_get_integer(rows, 12),
                                  .same = db_get_integer(rows, 13),
                                  .refused = db_get_integer(rows, 14)};
        mapping = arena_copy(context->arena, db_get_text(rows, 6));
    }
    enum status status = db_end(&rows, error);
    if (!status && !import->kind)
        status = error_set(error, STATUS_MISSING, N_("This page does not exist, or you may not see it."));
    struct sheet_reader *reader = NULL;
    if (!status && import->path) status = open_sheet(context, import, &reader, error);
    sheet_close(&reader);
    if (!status && import->path) status = recognise_columns(context, import, mapping, error);
    *result = import;
    return status;
}

static void gather_inputs(struct arena *arena, const struct import *import, const char *const *cells,
                          struct inputs *inputs)
{
    struct input *items = ARENA_ARRAY(arena, import->column_count, struct input);
    *inputs = (struct inputs){items, 0};
    for (size_t i = 0; i < import->column_count; i++)
        if (import->fields[i]) items[inputs->count++] = (struct input){import->fields[i]->name, cells[i]};
}

/* The value of a unique field of the row, when it can be read. */
static bool unique_value(struct record_context *context, const struct import *import, const struct field *field,
                         const struct inputs *inputs, void *probe)
{
    const char *given = field->unique ? input_text(inputs, field->name) : NULL;
    const char *text = given ? text_clean(context->arena, given, strlen(given)) : NULL;
    (void)import;
    return text && *text &&
           field_type(field)->parse(context, field, text, field_member(field, probe), NULL) == STATUS_OK;
}

/* Two rows of one file that name the same record: the second is refused, for nobody can tell which is right. */
static enum status check_twice(struct record_context *context, const struct import *import, const struct inputs *inputs,
                               int64_t line, struct error *error)
{
    for (const struct field *field = import->kind->fields; field->name; field++) {
        void *probe = record_new(context, import->kind);
        if (!unique_value(context, import, field, inputs, probe)) continue;
        const char *text = field_text(context, field, probe);
        const int64_t key = index_key(field->name, text);
        const int64_t first = (int64_t)(intptr_t)map_get_number(import->seen, key);
        if (first && first != line)
            return error_field(error, STATUS_CONFLICT, field->name, N_("Line {1} of the file already has {2}."),
                               arena_print(context->arena, "%lld", (long long)first), text);
        map_put_number(import->seen, key, (void *)(intptr_t)line);
    }
    return STATUS_OK;
}

/* The record that a unique field of the row already names, if any. */
static enum status find_existing(struct record_context *context, const struct import *import,
                                 const struct inputs *inputs, int64_t *id, struct error *error)
{
    *id = 0;
    for (const struct field *field = import->kind->fields; field->name && !*id; field++) {
        void *probe = record_new(context, import->kind);
        struct db_value value[TYPE_COLUMNS];
        if (!unique_value(context, import, field, inputs, probe)) continue;
        field_type(field)->bind(field_value(field, probe), value);
        const char *sql =
            arena_print(context->arena, "SELECT id FROM %s WHERE %s = $1", import->kind->name, field->name);
        const enum status status = db_one_integer(context->handle, sql, DB_BIND(value[0]), id, error);
        if (status && status != STATUS_MISSING) return status;
    }
    return STATUS_OK;
}

void import_see_row(struct record_context *context, const struct import *import, const char *const *cells, int64_t line)
{
    struct inputs inputs;
    gather_inputs(context->arena, import, cells, &inputs);
    check_twice(context, import, &inputs, line, NULL);
}

static bool same_record(struct record_context *context, const struct kind *kind, const void *a, const void *b)
{
    for (const struct field *field = kind->fields; field->name; field++) {
        const char *x = field_text(context, field, a), *y = field_text(context, field, b);
        if (x && y ? strcmp(x, y) != 0 : x != y) return false;
    }
    return head_in(a)->audience == head_in(b)->audience;
}

/* A field that one may write and not read was empty in any file that one got from here: an empty cell leaves it as it is. */
static void leave_unreadable(struct record_context *context, const struct kind *kind, const void *before,
                             struct inputs *inputs)
{
    struct input *items = ARENA_ARRAY(context->arena, inputs->count + 1, struct input);
    const rights held = record_held(context, before);
    size_t kept = 0;
    for (size_t i = 0; i < inputs->count; i++) {
        const struct input *input = &inputs->items[i];
        const struct field *field = kind_field(kind, input->field);
        if (*input->text || !field || field_readable(kind, field, held)) items[kept++] = *input;
    }
    *inputs = (struct inputs){items, kept};
}

static bool is_of_row(enum status status)
{
    return status != STATUS_OK && status != STATUS_BUSY && status != STATUS_FAULT;
}

enum status import_read_row(struct record_context *context, const struct import *import, const char *const *cells,
                            struct import_row *row, struct error *error)
{
    struct inputs inputs;
    int64_t id = 0;
    gather_inputs(context->arena, import, cells, &inputs);
    row->faults.count = 0;
    row->before = NULL;
    enum status status = find_existing(context, import, &inputs, &id, error);
    if (!status) status = check_twice(context, import, &inputs, row->line, &row->error);
    if (!status && id) status = load_for_write(context, import->kind, id, 0, &row->before, &row->error);
    row->record = record_new(context, import->kind);
    if (row->before) memcpy(row->record, row->before, import->kind->size);
    if (row->before) leave_unreadable(context, import->kind, row->before, &inputs);
    if (!status) record_apply(context, import->kind, row->record, &inputs, &row->faults);
    if (!status && row->before && !row->faults.count && same_record(context, import->kind, row->before, row->record)) {
        row->outcome = OUTCOME_SAME;
        return STATUS_OK;
    }
    if (!status) status = prepare_record(context, import->kind, row->record, row->before, &row->faults, &row->error);
    row->outcome = status ? OUTCOME_REFUSED : row->before ? OUTCOME_CHANGED : OUTCOME_ADDED;
    if (is_of_row(status)) return STATUS_OK;
    if (status && error) *error = row->error;
    return status;
}

void import_count(struct import *import, enum outcome outcome)
{
    int64_t *const counts[] = {&import->added, &import->changed, &import->same, &import->refused};
    ++*counts[outcome];
}

enum status import_keep(struct db_handle *handle, const struct import *import, struct error *error)
{
    return db_run(handle,
                  "UPDATE record_import SET (stage, lines, done, added, changed, same, refused) = ($1, $2, $3, $4, $5, "
                  "$6, $7) WHERE id = $8",
                  DB_BIND(db_text(import->stage), db_integer(import->lines), db_integer(import->done),
                          db_integer(import->added), db_integer(import->changed), db_integer(import->same),
                          db_integer(import->refused), db_integer(import->id)),
                  NULL, error);
}

/* Why a row was refused: the first fault of a field, else what the whole was refused for. */
static const struct error *row_fault(const struct import_row *row)
{
    return row->faults.count ? &row->faults.items[0] : &row->error;
}

enum status import_add_remark(struct db_handle *handle, struct arena *arena, const struct import *import,
                              const struct import_row *row, struct error *error)
{
    const char *kept = language_keep(arena, row_fault(row));
    return db_run(
        handle,
        "INSERT INTO record_import_line (home, import, line, outcome, remark) VALUES ($1, $2, $3, 'refused', $4) "
        "ON CONFLICT (home, import, line) DO UPDATE SET remark = excluded.remark",
        DB_BIND(db_integer(import->home), db_integer(import->id), db_integer(row->line), db_text(kept)), NULL, error);
}

struct remarks_work {
    struct arena *arena;
    struct import *import;
    struct import_row *rows;
    size_t count;
    bool first;
};

static enum status write_remarks(struct db_handle *handle, void *data, struct error *error)
{
    const struct remarks_work *work = data;
    enum status status = STATUS_OK;
    if (work->first)
        status = db_run(handle, "DELETE FROM record_import_line WHERE home = $1 AND import = $2",
                        DB_BIND(db_integer(work->import->home), db_integer(work->import->id)), NULL, error);
    for (size_t i = 0; !status && i < work->count; i++)
        status = import_add_remark(handle, work->arena, work->import, &work->rows[i], error);
    return status ? status : import_keep(handle, work->import, error);
}

static enum status flush_remarks(struct record_context *context, struct remarks_work *work, struct error *error)
{
    const enum status status = db_transaction(context->records->db, write_remarks, work, error);
    work->count = 0;
    work->first = false;
    return status;
}

enum status import_check(struct record_context *context, struct import *import, import_progress *progress, void *data,
                         struct error *error)
{
    struct sheet_reader *reader = NULL;
    struct arena *batch = arena_new();
    struct record_context rows_context = *context;
    struct remarks_work work = {.arena = context->arena, .import = import, .first = true};
    const char *const *cells = NULL;
    int64_t line = 0;
    rows_context.arena = batch;
    work.rows = ARENA_ARRAY(context->arena, REMARK_BATCH, struct import_row);
    import->stage = "ready";
    import->seen = map_new(context->arena);
    import->lines = import->done = import->added = import->changed = import->same = import->refused = 0;
    enum status status = sheet_open(import->path, NULL, &sheet_usual_limits, &reader, error);
    while (!status && sheet_next(reader, &cells, &line)) {
        struct import_row *row = &work.rows[work.count];
        row->line = line;
        status = import_read_row(&rows_context, import, cells, row, error);
        import->lines++;
        import_count(import, row->outcome);
        if (row->outcome == OUTCOME_REFUSED && import->refused <= REMARKS_MOST && ++work.count == REMARK_BATCH)
            status = flush_remarks(context, &work, error);
        if (import->lines % ROWS_BETWEEN_NEWS) continue;
        arena_reset(batch);
        if (progress && !progress(data, sheet_progress(reader))) break;
    }
    if (!status && reader) status = sheet_fault(reader, error);
    sheet_close(&reader);
    arena_free(&batch);
    return status ? status : flush_remarks(context, &work, error);
}

enum status import_remarks(struct record_context *context, const struct import *import, int64_t skip, size_t most,
                           struct import_remark **remarks, size_t *count, struct error *error)
{
    *remarks = ARENA_ARRAY(context->arena, most, struct import_remark);
    *count = 0;
    struct db_rows *rows = db_query(
        context->handle,
        "SELECT line, outcome, remark FROM record_import_line WHERE home = $1 AND import = $2 AND outcome = 'refused' "
        "ORDER BY line LIMIT $3 OFFSET $4",
        DB_BIND(db_integer(import->home), db_integer(import->id), db_integer((int64_t)most), db_integer(skip)));
    while (*count < most && db_next(rows)) {
        struct import_remark *remark = &(*remarks)[(*count)++];
        remark->line = db_get_integer(rows, 0);
        remark->outcome = arena_copy(context->arena, db_get_text(rows, 1));
        language_kept(context->arena, db_get_text(rows, 2), &remark->error);
    }
    return db_end(&rows, error);
}
