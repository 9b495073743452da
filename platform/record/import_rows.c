/* import_rows.c: from the rows of a file to records, as they would be written. */
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "platform/index/index.h"
#include "platform/record/import_private.h"
#include "platform/record/type.h"
#include "platform/text/text.h"

struct import_rows *import_rows_new(struct arena *arena, size_t room)
{
    struct import_rows *rows = ARENA_NEW(arena, struct import_rows);
    *rows = (struct import_rows){ARENA_ARRAY(arena, room, struct import_row), 0, room};
    return rows;
}

void import_keep_row(struct arena *arena, const struct import *import, struct import_rows *rows,
                     const char *const *cells, int64_t line)
{
    const char **copy = ARENA_ARRAY(arena, import->column_count, const char *);
    for (size_t i = 0; i < import->column_count; i++) copy[i] = import->fields[i] ? arena_copy(arena, cells[i]) : "";
    rows->items[rows->count++] = (struct import_row){.line = line, .cells = copy};
}

static void gather_inputs(struct arena *arena, const struct import *import, const char *const *cells,
                          struct inputs *inputs)
{
    struct input *items = ARENA_ARRAY(arena, import->column_count, struct input);
    *inputs = (struct inputs){items, 0};
    for (size_t i = 0; i < import->column_count; i++)
        if (import->fields[i]) items[inputs->count++] = (struct input){import->fields[i]->name, cells[i]};
}

/* A record with those unique values of the row that can be read. */
static const void *read_probe(struct record_context *context, const struct import *import, const char *const *cells)
{
    void *probe = record_new(context, import->kind);
    for (size_t i = 0; i < import->column_count; i++) {
        const struct field *field = import->fields[i];
        if (!field || !field->unique || !*cells[i]) continue;
        const char *text = text_clean(context->arena, cells[i], strlen(cells[i]));
        if (text && *text && field_type(field)->parse(context, field, text, field_member(field, probe), NULL))
            field_type(field)->clear(field_member(field, probe));
    }
    return probe;
}

/* Whether a row's values can be read without the database: references and files are looked up there. */
static bool stands_alone(const struct import *import)
{
    for (size_t i = 0; i < import->column_count; i++) {
        const struct field *field = import->fields[i];
        if (!field) continue;
        if (field->type == FIELD_REFERENCE || field->type == FIELD_REFERENCES || field->type == FIELD_FILE)
            return false;
    }
    return true;
}

void import_draft_row(struct record_context *context, const struct import *import, struct import_row *row)
{
    struct inputs inputs;
    struct faults faults;
    row->probe = read_probe(context, import, row->cells);
    if (!stands_alone(import)) return;
    faults.count = 0;
    gather_inputs(context->arena, import, row->cells, &inputs);
    void *draft = record_new(context, import->kind);
    record_apply(context, import->kind, draft, &inputs, &faults);
    row->draft = draft;
    if (faults.count)
        row->draft_faults =
            (const struct faults *)arena_copy_bytes(context->arena, (const char *)&faults, sizeof faults);
}

enum status import_look_up(struct record_context *context, struct record_batch *batch, const struct import *import,
                           struct import_rows *rows, struct error *error)
{
    const void **probes = ARENA_ARRAY(context->arena, rows->count, const void *);
    for (size_t i = 0; i < rows->count; i++) {
        struct import_row *row = &rows->items[i];
        if (!row->probe) row->probe = read_probe(context, import, row->cells);
        probes[i] = row->probe;
    }
    return uniques_look_up(context, batch_uniques(batch), probes, rows->count, error);
}

/* Two rows of one file that name the same record: the second is refused, for nobody can tell which is right. */
static enum status check_twice(struct record_context *context, const struct import *import, const void *probe,
                               int64_t line, struct error *error)
{
    for (const struct field *field = import->kind->fields; field->name; field++) {
        const char *text = field->unique ? field_text(context, field, probe) : NULL;
        if (!text) continue;
        const int64_t key = index_key(field->name, text);
        const int64_t first = (int64_t)(intptr_t)map_get_number(import->seen, key);
        if (first && first != line)
            return error_field(error, STATUS_CONFLICT, field->name, N_("Line {1} of the file already has {2}."),
                               arena_print(context->arena, "%lld", (long long)first), text);
        if (!first) map_put_number(import->seen, key, (void *)(intptr_t)line);
    }
    return STATUS_OK;
}

void import_see_row(struct record_context *context, const struct import *import, const char *const *cells, int64_t line)
{
    check_twice(context, import, read_probe(context, import, cells), line, NULL);
}

/* The record that a unique value of the row already names, if any. */
static int64_t find_existing(struct record_context *context, const struct record_batch *batch,
                             const struct import *import, const void *probe)
{
    int64_t id = 0;
    for (const struct field *field = import->kind->fields; field->name && !id; field++)
        if (field->unique) id = uniques_holder(context, batch_uniques(batch), field, probe);
    return id;
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

static bool refers_to_itself(const struct kind *kind)
{
    for (const struct field *field = kind->fields; field->name; field++)
        if ((field->type == FIELD_REFERENCE || field->type == FIELD_REFERENCES) &&
            strcmp(field->reference.to, kind->name) == 0)
            return true;
    return false;
}

/* The record as the row would have it. */
static void read_record(struct record_context *context, const struct import *import, struct import_row *row,
                        struct faults *faults)
{
    struct inputs inputs;
    const struct kind *kind = import->kind;
    faults->count = 0;
    row->record = record_new(context, kind);
    if (!row->before && row->draft) {
        memcpy(row->record, row->draft, kind->size);
        if (row->draft_faults) *faults = *row->draft_faults;
        return;
    }
    gather_inputs(context->arena, import, row->cells, &inputs);
    if (row->before) memcpy(row->record, row->before, kind->size);
    if (row->before) leave_unreadable(context, kind, row->before, &inputs);
    record_apply(context, kind, row->record, &inputs, faults);
}

/* Gives the record its values and adds it to the batch, unless it is the same as before. */
static enum status take_row(struct record_context *context, struct record_batch *batch, const struct import *import,
                            struct import_row *row, struct error *error)
{
    struct faults faults;
    read_record(context, import, row, &faults);
    row->outcome = row->before ? OUTCOME_CHANGED : OUTCOME_ADDED;
    if (row->before && !faults.count && same_record(context, import->kind, row->before, row->record)) {
        row->outcome = OUTCOME_SAME;
        return STATUS_OK;
    }
    const enum status status = record_batch_add(batch, row->record, row->before, &faults, error);
    if (status && faults.count) *error = faults.items[0];
    return status;
}

enum status import_read_row(struct record_context *context, struct record_batch *batch, const struct import *import,
                            struct import_row *row, struct error *error)
{
    struct error fault = {0};
    const int64_t id = find_existing(context, batch, import, row->probe);
    row->before = NULL;
    row->waits = id && batch_holds(batch, id);
    enum status status = check_twice(context, import, row->probe, row->line, &fault);
    if (!status && row->waits) return STATUS_OK;
    if (!status && id) status = load_for_write(context, import->kind, id, 0, &row->before, &fault);
    if (!status) status = take_row(context, batch, import, row, &fault);
    if (!status) return STATUS_OK;
    if (!is_of_row(status)) {
        *error = fault;
        return status;
    }
    row->outcome = OUTCOME_REFUSED;
    row->fault = (const struct error *)arena_copy_bytes(context->arena, (const char *)&fault, sizeof fault);
    row->waits = batch_count(batch) && refers_to_itself(import->kind);
    return STATUS_OK;
}
