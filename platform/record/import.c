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

enum { REMARKS_MOST = 10000, CHECKED_ROWS = 500 };

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
        if (!field->computed && field->type != FIELD_FILE && is_called(arena, field, folded)) return field;
    return NULL;
}

static enum status recognise_columns(struct record_context *context, struct import *import, struct error *error)
{
    size_t found = 0;
    import->seen = map_new(context->arena);
    import->fields = ARENA_ARRAY(context->arena, import->column_count, const struct field *);
    for (size_t i = 0; i < import->column_count; i++) {
        import->fields[i] = recognise(context->arena, import->kind, import->mapping, import->columns[i]);
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

enum status import_open(struct record_context *context, struct import *import, struct error *error)
{
    struct sheet_reader *reader = NULL;
    enum status status = STATUS_OK;
    if (import->columns) return STATUS_OK;
    if (!import->path) status = import_copy_file(context, import, error);
    if (!status) status = open_sheet(context, import, &reader, error);
    sheet_close(&reader);
    return status ? status : recognise_columns(context, import, error);
}

static enum status insert_import(struct db_handle *handle, void *data, struct error *error)
{
    const struct import *import = data;
    return db_run(handle,
                  "INSERT INTO record_import (id, home, account, kind, name, path, mapping, created, stage, lines, "
                  "done, added, changed, same, refused) "
                  "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'read', 0, 0, 0, 0, 0, 0)",
                  DB_BIND(db_integer(import->id), db_integer(import->home), db_integer(import->account),
                          db_text(import->kind->name), db_text(import->name), db_text(import->path),
                          db_text(import->mapping ? import->mapping : ""), db_integer(import->created)),
                  NULL, error);
}

enum status import_begin(struct record_context *context, const struct kind *kind, const char *path, const char *name,
                         const char *mapping, struct import **result, struct error *error)
{
    struct import *import = ARENA_NEW(context->arena, struct import);
    *import = (struct import){.id = db_new_id(),
                              .home = context->viewer->organisation,
                              .account = context->viewer->account,
                              .kind = kind,
                              .name = name,
                              .path = path,
                              .mapping = mapping,
                              .stage = "read",
                              .created = time_now()};
    if (!record_may_create(context, kind))
        return error_set(error, STATUS_DENIED, N_("You may not write this: ask the organisation that owns it."));
    enum status status = import_open(context, import, error);
    if (!status) status = db_transaction(context->records->db, insert_import, import, error);
    *result = import;
    return status;
}

static void read_import(struct record_context *context, const struct db_rows *rows, struct import *import)
{
    struct arena *arena = context->arena;
    *import = (struct import){.id = db_get_integer(rows, 0),
                              .home = db_get_integer(rows, 1),
                              .account = db_get_integer(rows, 2),
                              .kind = kind_find(db_get_text(rows, 3)),
                              .name = arena_copy(arena, db_get_text(rows, 4)),
                              .path = arena_copy(arena, db_get_text(rows, 5)),
                              .mapping = arena_copy(arena, db_get_text(rows, 6)),
                              .created = db_get_integer(rows, 7),
                              .stage = arena_copy(arena, db_get_text(rows, 8)),
                              .lines = db_get_integer(rows, 9),
                              .done = db_get_integer(rows, 10),
                              .added = db_get_integer(rows, 11),
                              .changed = db_get_integer(rows, 12),
                              .same = db_get_integer(rows, 13),
                              .refused = db_get_integer(rows, 14),
                              .file = db_get_integer(rows, 15),
                              .job = db_get_integer(rows, 16)};
}

enum status import_load(struct record_context *context, int64_t id, struct import **result, struct error *error)
{
    struct import *import = ARENA_NEW(context->arena, struct import);
    struct db_rows *rows = db_query(context->handle,
                                    "SELECT id, home, account, kind, name, path, mapping, created, stage, lines, done, "
                                    "added, changed, same, refused, file, job "
                                    "FROM record_import WHERE id = $1 AND account = $2",
                                    DB_BIND(db_integer(id), db_integer(context->viewer->account)));
    if (db_next(rows)) read_import(context, rows, import);
    const enum status status = db_end(&rows, error);
    *result = import;
    if (status) return status;
    if (!import->kind) return error_set(error, STATUS_MISSING, N_("This page does not exist, or you may not see it."));
    return import->path ? import_open(context, import, error) : STATUS_OK;
}

void import_count(struct import *import, enum outcome outcome)
{
    int64_t *const counts[] = {&import->added, &import->changed, &import->same, &import->refused};
    ++*counts[outcome];
}

enum status import_tell(struct db_handle *handle, const struct import *import, int64_t done, int64_t total,
                        struct error *error)
{
    return import->watch ? import->watch->step(import->watch->data, handle, done, total, error) : STATUS_OK;
}

bool import_stops(const struct import *import) { return import->watch && import->watch->stops(import->watch->data); }

enum status import_keep(struct db_handle *handle, const struct import *import, struct error *error)
{
    const enum status status =
        db_run(handle,
               "UPDATE record_import SET (stage, lines, done, added, changed, same, refused) = ($1, $2, $3, $4, $5, "
               "$6, $7) WHERE id = $8",
               DB_BIND(db_text(import->stage), db_integer(import->lines), db_integer(import->done),
                       db_integer(import->added), db_integer(import->changed), db_integer(import->same),
                       db_integer(import->refused), db_integer(import->id)),
               NULL, error);
    const bool applies = strcmp(import->stage, "applying") == 0;
    return status ? status : import_tell(handle, import, applies ? import->done : INT64_MIN, import->lines, error);
}

enum status import_add_remark(struct db_handle *handle, struct arena *arena, const struct import *import,
                              const struct import_row *row, struct error *error)
{
    const char *kept = language_keep(arena, row->fault);
    return db_run(
        handle,
        "INSERT INTO record_import_line (home, import, line, outcome, remark) VALUES ($1, $2, $3, 'refused', $4) "
        "ON CONFLICT (home, import, line) DO UPDATE SET remark = excluded.remark",
        DB_BIND(db_integer(import->home), db_integer(import->id), db_integer(row->line), db_text(kept)), NULL, error);
}

struct remarks_work {
    struct record_context *context;
    struct import *import;
    struct import_rows *rows;
    bool first;
};

static enum status write_remarks(struct db_handle *handle, void *data, struct error *error)
{
    const struct remarks_work *work = data;
    const struct import *import = work->import;
    int64_t room = REMARKS_MOST - import->refused; /* what there are too many of is counted, not kept */
    enum status status = STATUS_OK;
    if (work->first)
        status = db_run(handle, "DELETE FROM record_import_line WHERE home = $1 AND import = $2",
                        DB_BIND(db_integer(import->home), db_integer(import->id)), NULL, error);
    for (size_t i = work->rows->count; i-- > 0;) room += work->rows->items[i].outcome == OUTCOME_REFUSED;
    for (size_t i = 0; !status && i < work->rows->count; i++) {
        const struct import_row *row = &work->rows->items[i];
        if (row->outcome == OUTCOME_REFUSED && room-- > 0)
            status = import_add_remark(handle, work->context->arena, import, row, error);
    }
    return status ? status : import_keep(handle, import, error);
}

/* Reads what the rows would do; keeps what is to be said of them. */
static enum status check_rows(struct record_context *context, struct import *import, struct record_batch *batch,
                              struct import_rows *rows, bool first, struct error *error)
{
    struct remarks_work work = {context, import, rows, first};
    bool refused = first;
    record_batch_begin(batch, context);
    enum status status = import_look_up(context, batch, import, rows, error);
    for (size_t i = 0; !status && i < rows->count; i++) {
        status = import_read_row(context, batch, import, &rows->items[i], error);
        import_count(import, rows->items[i].outcome);
        refused |= rows->items[i].outcome == OUTCOME_REFUSED;
    }
    import->lines += (int64_t)rows->count;
    if (!status && refused) status = db_transaction(context->records->db, write_remarks, &work, error);
    rows->count = 0;
    arena_reset(context->arena);
    return status;
}

static enum status check_all(struct record_context *context, struct import *import, struct sheet_reader *reader,
                             import_progress *progress, void *data, struct error *error)
{
    struct record_context rows_context = *context; /* its arena is of the batch */
    struct record_batch *batch = record_batch_new(context->arena, import->kind);
    struct import_rows *rows = import_rows_new(context->arena, CHECKED_ROWS);
    const char *const *cells = NULL;
    int64_t line = 0;
    bool first = true, stopped = false;
    enum status status = STATUS_OK;
    rows_context.arena = arena_new();
    while (!status && !stopped && sheet_next(reader, &cells, &line)) {
        import_keep_row(rows_context.arena, import, rows, cells, line);
        if (rows->count < CHECKED_ROWS) continue;
        status = check_rows(&rows_context, import, batch, rows, first, error);
        first = false;
        stopped = !status && progress && !progress(data, sheet_progress(reader));
    }
    if (!status) status = sheet_fault(reader, error);
    if (!stopped) import->stage = "ready";
    if (!status) status = check_rows(&rows_context, import, batch, rows, first, error);
    arena_free(&rows_context.arena);
    return status;
}

static enum status keep_checked(struct db_handle *handle, void *data, struct error *error)
{
    return import_keep(handle, data, error);
}

enum status import_check(struct record_context *context, struct import *import, import_progress *progress, void *data,
                         struct error *error)
{
    struct sheet_reader *reader = NULL;
    import->stage = "read";
    import->seen = map_new(context->arena);
    import->lines = import->done = import->added = import->changed = import->same = import->refused = 0;
    enum status status = import_open(context, import, error);
    if (!status) status = sheet_open(import->path, NULL, &sheet_usual_limits, &reader, error);
    if (!status) status = check_all(context, import, reader, progress, data, error);
    sheet_close(&reader);
    return status ? status : db_transaction(context->records->db, keep_checked, import, error);
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
