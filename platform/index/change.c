#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/fatal.h"
#include "platform/index/index_private.h"

enum { BATCH_TERMS = 16, LONGEST_KIND = 40, SLOT_TRIES = 8, SQL_LIMIT = 8192 };

enum status index_change(struct db_handle *write, const char *kind, int64_t slot, const int64_t *lost,
                         size_t lost_count, const int64_t *gained, size_t gained_count, struct error *error)
{
    ENSURE(slot >= 0 && slot <= UINT32_MAX);
    if (lost_count + gained_count == 0) return STATUS_OK;
    struct block_bytes line = line_encode(slot, lost, lost_count, gained, gained_count);
    const enum status status = log_write(write, index_kind(kind), &line, (int64_t)(lost_count + gained_count), error);
    free(line.bytes);
    return status;
}

/* ---- slots ---- */

static enum status slots_counted(struct db_handle *write, const char *kind, int64_t count, int64_t *first,
                                 struct error *error)
{
    int64_t next = 0;
    const enum status status =
        db_one_integer(write,
                       "INSERT INTO index_state (kind, next_slot, through, folded, direct) VALUES ($1, $2, 0, 0, 0) "
                       "ON CONFLICT (kind) DO UPDATE SET next_slot = index_state.next_slot + excluded.next_slot "
                       "RETURNING next_slot",
                       DB_BIND(db_integer(index_kind(kind)), db_integer(count)), &next, error);
    *first = next - count;
    return status;
}

/* Two that make it at once: one of them runs again. */
static enum status make_sequence(struct db_handle *write, const char *sequence, struct error *error)
{
    char sql[160];
    snprintf(sql, sizeof sql, "CREATE SEQUENCE IF NOT EXISTS %s MINVALUE 0 START 0", sequence);
    const enum status status = db_run(write, sql, DB_BIND_NONE, NULL, error);
    return status == STATUS_CONFLICT ? STATUS_BUSY : status;
}

static enum status draw(struct db_handle *write, const char *sequence, int64_t count, int64_t *first, int64_t *last,
                        bool *missing, struct error *error)
{
    struct db_rows *rows = db_query(write,
                                    "SELECT MIN(s.v), MAX(s.v) FROM (SELECT nextval(to_regclass($1)) AS v "
                                    "FROM generate_series(1, CAST($2 AS BIGINT))) s",
                                    DB_BIND(db_text(sequence), db_integer(count)));
    if (db_next(rows)) {
        *missing = db_is_null(rows, 0);
        *first = db_get_integer(rows, 0);
        *last = db_get_integer(rows, 1);
    }
    return db_end(&rows, error);
}

/* On PostgreSQL a row that counts would make all writers but one run again; a sequence does not. Numbers drawn in vain are lost, which
 * harms nobody. When another writer drew in between, the run has a hole and another one is drawn. */
static enum status slots_drawn(struct db_handle *write, const char *kind, int64_t count, int64_t *first,
                               struct error *error)
{
    char sequence[80];
    if (strlen(kind) > LONGEST_KIND || strspn(kind, "abcdefghijklmnopqrstuvwxyz_0123456789") != strlen(kind))
        return error_set(error, STATUS_FAULT, N_("{1} cannot be the name of a kind."), kind);
    snprintf(sequence, sizeof sequence, "index_slot_%s", kind);
    for (int i = 0; i < SLOT_TRIES; i++) {
        int64_t last = 0;
        bool missing = false;
        enum status status = draw(write, sequence, count, first, &last, &missing, error);
        if (status == STATUS_OK && missing) status = make_sequence(write, sequence, error);
        if (status) return status;
        if (!missing && last - *first + 1 == count) return STATUS_OK;
    }
    return error_set(error, STATUS_BUSY, N_("The database is busy. Please try again in a moment."));
}

enum status index_slots(struct db_handle *write, const char *kind, int64_t count, int64_t *first, struct error *error)
{
    ENSURE(count > 0);
    const enum status status = db_engine(db_of(write)) == DB_SQLITE ? slots_counted(write, kind, count, first, error)
                                                                    : slots_drawn(write, kind, count, first, error);
    if (status == STATUS_OK && *first + count - 1 > UINT32_MAX)
        return error_set(error, STATUS_LIMIT, N_("There are too many records of one kind."));
    return status;
}

/* ---- words ---- */

static const char *terms_text(struct arena *arena, size_t rows)
{
    struct buffer *sql = buffer_new(arena, SQL_LIMIT);
    buffer_text(sql, "INSERT INTO index_term (kind, field, term, key, n) VALUES ");
    for (size_t i = 0; i < rows; i++)
        buffer_print(sql, "%s($1, $2, $%zu, $%zu, 1)", i ? ", " : "", 2 * i + 3, 2 * i + 4);
    buffer_text(sql, " ON CONFLICT (kind, field, term) DO NOTHING");
    return buffer_data(sql);
}

/* Words that are missing are rare, so a batch is padded with its last word rather than prepared anew. */
enum status index_add_terms(struct db_handle *write, const char *kind, const char *field,
                            const struct index_term *terms, size_t count, struct error *error)
{
    struct arena *arena = arena_new();
    enum status status = STATUS_OK;
    for (size_t i = 0; i < count && status == STATUS_OK; i += BATCH_TERMS) {
        const size_t rows = count - i == 1 ? 1 : BATCH_TERMS;
        struct db_value values[2 * BATCH_TERMS + 2] = {db_integer(index_kind(kind)), db_text(field)};
        for (size_t j = 0; j < rows; j++) {
            const struct index_term *term = &terms[i + j < count ? i + j : count - 1];
            values[2 * j + 2] = db_text(term->text);
            values[2 * j + 3] = db_integer(term->key);
        }
        status = db_run(write, terms_text(arena, rows), values, 2 * rows + 2, NULL, error);
    }
    arena_free(&arena);
    return status;
}

enum status index_terms(struct index_view *view, const char *field, const char *prefix, struct index_term *terms,
                        size_t most, size_t *count, struct error *error)
{
    *count = 0;
    const char *end = arena_print(view->arena, "%s\xf4\x8f\xbf\xbf", prefix);
    struct db_rows *rows =
        db_query(view->handle,
                 "SELECT term, key FROM index_term WHERE kind = $1 AND field = $2 AND term >= $3 AND term <= $4 "
                 "ORDER BY n DESC, term LIMIT $5",
                 DB_BIND(db_integer(view->kind->kind), db_text(field), db_text(prefix), db_text(end),
                         db_integer((int64_t)most)));
    while (db_next(rows) && *count < most)
        terms[(*count)++] = (struct index_term){arena_copy(view->arena, db_get_text(rows, 0)), db_get_integer(rows, 1)};
    return db_end(&rows, error);
}

enum status index_rare_terms(struct index_view *view, const char *field, const char *after, struct index_term *terms,
                             size_t most, size_t *count, struct error *error)
{
    *count = 0;
    struct db_rows *rows =
        db_query(view->handle,
                 "SELECT term, key FROM index_term WHERE kind = $1 AND field = $2 AND term > $3 AND n <= 1 "
                 "ORDER BY term LIMIT $4",
                 DB_BIND(db_integer(view->kind->kind), db_text(field), db_text(after), db_integer((int64_t)most)));
    while (db_next(rows) && *count < most)
        terms[(*count)++] = (struct index_term){arena_copy(view->arena, db_get_text(rows, 0)), db_get_integer(rows, 1)};
    return db_end(&rows, error);
}

enum status index_drop_term(struct db_handle *write, const char *kind, const char *field, const char *term,
                            struct error *error)
{
    return db_run(write, "DELETE FROM index_term WHERE kind = $1 AND field = $2 AND term = $3",
                  DB_BIND(db_integer(index_kind(kind)), db_text(field), db_text(term)), NULL, error);
}
