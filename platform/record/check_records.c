/* check_records.c: each record against its kind. */
#include <string.h>

#include "base/arena.h"
#include "platform/record/check_private.h"
#include "platform/record/type.h"
#include "platform/text/text.h"
#include "platform/vocabulary/vocabulary.h"

enum status check_read(struct check *check, const struct kind *kind, const char *column, int64_t after, int64_t end,
                       struct checked *found, size_t most, size_t *count, struct error *error)
{
    struct record_context context = check_context(check);
    const char *sql =
        arena_print(check->batch, "SELECT %s FROM %s r WHERE r.%s > $1 AND r.%s < $2 ORDER BY r.%s LIMIT $3",
                    kind_sql(kind)->columns, kind->name, column, column, column);
    struct db_rows *rows =
        db_query(check->read, sql, DB_BIND(db_integer(after), db_integer(end), db_integer((int64_t)most)));
    for (*count = 0; *count < most && db_next(rows); ++*count)
        found[*count] = (struct checked){.record = row_record(&context, kind, rows),
                                         .reader = db_get_integer(rows, HEAD_READER),
                                         .name_key = arena_copy(check->batch, db_get_text(rows, HEAD_NAME_KEY))};
    return db_end(&rows, error);
}

/* ---- the head ---- */

static void check_head(struct check *check, const struct kind *kind, const struct checked *one)
{
    const struct record *head = one->record;
    const long long id = head->id;
    if (!has_audience(head)) {
        check_found(check, "%s %lld has an audience that does not exist (%d): restore it from a backup.", kind->name,
                    id, (int)head->audience);
        return;
    }
    if (one->reader != reader_token(head->audience, head->owner))
        check_found(check,
                    "%s %lld may be read by others than its audience says (reader %lld): save it again, or restore it.",
                    kind->name, id, (long long)one->reader);
    if (!kind_state(kind, head->state))
        check_found(check, "%s %lld is in the state “%s”, which does not exist: restore it from a backup.", kind->name,
                    id, head->state);
    if (kind->is_organisation && head->owner != head->id)
        check_found(check, "%s %lld is not its own owner: restore it from a backup.", kind->name, id);
    if (head->version < 1 || head->slot < 0)
        check_found(check, "%s %lld has no version or no slot: restore it from a backup.", kind->name, id);
    if (strcmp(one->name_key, text_fold(check->batch, record_title(kind, one->record))) != 0)
        check_found(check, "%s %lld is sorted under another name than its own: save it again.", kind->name, id);
}

/* ---- fields ---- */

/* Whether what is kept is what the field accepts: read again from its own text. Codes may be retired, dates may have passed, and what is pointed
 * to is looked at apart. */
static void check_value(struct check *check, const struct kind *kind, const struct field *field, const void *record)
{
    struct record_context context = check_context(check);
    const char *text = field_text(&context, field, record);
    struct error fault = {0};
    const bool apart = field->type == FIELD_CODE || field->type == FIELD_CODES || field->type == FIELD_REFERENCE ||
                       field->type == FIELD_REFERENCES || field->type == FIELD_FILE || field->type == FIELD_PLACE ||
                       field_is_dated(field) || field->type == FIELD_PERIOD;
    if (!text && field->required && !field->computed)
        check_found(check, "%s %lld lacks its field %s: fill it in, or restore it.", kind->name,
                    (long long)head_in(record)->id, field->name);
    if (!text || apart || field->computed) return;
    void *again = record_new(&context, kind);
    if (field_type(field)->parse(&context, field, text, field_member(field, again), &fault) == STATUS_OK) return;
    check_found(check, "%s %lld: the field %s holds “%.80s”, which it does not accept: correct it, or restore it.",
                kind->name, (long long)head_in(record)->id, field->name, text);
}

static void check_code(struct check *check, const struct kind *kind, const struct field *field, const void *record,
                       const char *scheme, const char *list)
{
    char *words = arena_copy(check->batch, list), *next = NULL;
    for (char *word = strtok_r(words, ";", &next); word; word = strtok_r(NULL, ";", &next))
        if (!vocabulary_find(check->records->vocabulary, scheme, word))
            check_found(check,
                        "%s %lld: the code “%.40s” of the field %s is in no edition of %s: load the list that has it.",
                        kind->name, (long long)head_in(record)->id, word, field->name, scheme);
}

static void check_codes(struct check *check, const struct kind *kind, const struct field *field, const void *record)
{
    const void *value = field_value(field, record);
    const char *list = NULL, *scheme = "territory";
    if (field->type == FIELD_PLACE)
        list = ((const struct place *)value)->commune;
    else if (field->type == FIELD_CODE)
        list = ((const struct code *)value)->value;
    else if (field->type == FIELD_CODES)
        list = ((const struct codes *)value)->value;
    if (field->type != FIELD_PLACE) scheme = field->code.scheme;
    if (list) check_code(check, kind, field, record, scheme, list);
}

/* That what it points to exists, and that it belongs to whom its owner field says. */
static enum status check_link(struct check *check, const struct kind *kind, const struct field *field,
                              const void *record, struct error *error)
{
    const int64_t id = ((const struct reference *)field_value(field, record))->id;
    const struct record *head = record;
    int64_t owner = 0;
    if (!id) return STATUS_OK;
    const char *sql = arena_print(check->batch, "SELECT owner FROM %s WHERE id = $1", field->reference.to);
    const enum status status = db_one_integer(check->read, sql, DB_BIND(db_integer(id)), &owner, error);
    if (status == STATUS_MISSING)
        check_found(check,
                    "%s %lld: the field %s points to %s %lld, which is not there: choose another, or restore it.",
                    kind->name, (long long)head->id, field->name, field->reference.to, (long long)id);
    else if (!status && kind->owner_field && strcmp(kind->owner_field, field->name) == 0 && owner != head->owner)
        check_found(check,
                    "%s %lld belongs to organisation %lld, and its field %s says %lld: save it again, or restore it.",
                    kind->name, (long long)head->id, (long long)head->owner, field->name, (long long)owner);
    return status == STATUS_MISSING ? STATUS_OK : status;
}

static enum status check_fields(struct check *check, const struct kind *kind, const void *record, struct error *error)
{
    enum status status = STATUS_OK;
    for (const struct field *field = kind->fields; !status && field->name; field++) {
        check_value(check, kind, field, record);
        if (field->type == FIELD_CODE || field->type == FIELD_CODES || field->type == FIELD_PLACE)
            check_codes(check, kind, field, record);
        if (field->type == FIELD_REFERENCE) status = check_link(check, kind, field, record, error);
    }
    return status;
}

/* ---- a kind ---- */

struct record_keys check_keys(struct check *check, const struct kind *kind, const void *record)
{
    struct record_context context = check_context(check);
    struct place place;
    const bool placed = place_for_index(&context, kind, record, &place);
    return record_index_keys(check->batch, check->cache, check->records->vocabulary, kind, record,
                             placed ? &place : NULL);
}

static enum status check_batch(struct check *check, const struct kind *kind, const struct checked *found, size_t count,
                               struct index_sums *sums, struct error *error)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < count; i++) {
        const struct record *head = found[i].record;
        check_head(check, kind, &found[i]);
        status = check_fields(check, kind, found[i].record, error);
        if (status || !has_audience(head) || head->slot < 0) continue;
        const struct record_keys keys = check_keys(check, kind, found[i].record);
        index_sums_add(sums, head->slot, keys.items, keys.count);
    }
    check->totals->records += (int64_t)count;
    return status ? status : check_histories(check, kind, found, count, error);
}

enum status check_kind(struct check *check, const struct kind *kind, struct error *error)
{
    struct arena *arena = arena_new();
    struct index_sums *sums = index_sums_new(arena, check->secret);
    struct checked found[CHECK_BATCH];
    const int64_t before = check->totals->records;
    int64_t after = -1;
    size_t count = CHECK_BATCH;
    enum status status = STATUS_OK;
    check->cache = key_cache_new(arena);
    key_cache_begin(check->cache);
    while (!status && count == CHECK_BATCH) {
        status = check_read(check, kind, "id", after, INT64_MAX, found, CHECK_BATCH, &count, error);
        if (status || !count) break;
        after = head_in(found[count - 1].record)->id;
        status = check_batch(check, kind, found, count, sums, error);
        arena_reset(check->batch);
    }
    if (!status) status = check_index(check, kind, sums, error);
    if (!status) status = check_gone(check, kind, check->totals->records - before, error);
    arena_reset(check->batch);
    arena_free(&arena);
    return status;
}
