/* store.c: a list written as an edition.
 *
 * The codes go in under a new edition number, in batches; one short transaction then shows it in place of the former reading of the same
 * version, whose rows are removed last. What a crash leaves is removed by the next storing. */
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/time.h"
#include "platform/db/db.h"
#include "platform/text/text.h"
#include "platform/vocabulary/list.h"

enum { BATCH = 1000, FOLDED_LIMIT = 16 * 1024 };

struct storing {
    struct db *db;
    const struct list *list;
    int64_t edition;
    size_t first, end; /* the present batch of rows or links */
    struct arena *scratch;
    int64_t found; /* an edition to remove; 0: none */
};

static struct db_value known(int64_t value)
{
    return value == INT64_MIN || value == INT64_MAX ? db_null() : db_integer(value);
}

static enum status begin_edition(struct db_handle *handle, void *context, struct error *error)
{
    const struct storing *storing = context;
    const struct list *list = storing->list;
    const enum status status = db_run(
        handle,
        "INSERT INTO vocabulary_scheme (scheme, title_fr, title_en) VALUES ($1, $2, $3) ON CONFLICT (scheme) DO UPDATE "
        "SET title_fr = excluded.title_fr, title_en = excluded.title_en",
        DB_BIND(db_text(list->scheme), db_text(list->title_fr), db_text(list->title_en)), NULL, error);
    if (status) return status;
    return db_run(handle,
                  "INSERT INTO vocabulary_version (edition, scheme, version, ready, valid_from, valid_until, codes, "
                  "fingerprint, loaded, source, "
                  "licence) VALUES ($1, $2, $3, 0, $4, $5, $6, $7, $8, $9, $10)",
                  DB_BIND(db_integer(storing->edition), db_text(list->scheme), db_text(list->version),
                          db_integer(list->from), known(list->until), db_integer((int64_t)list->row_count),
                          db_text(list->fingerprint), db_integer(time_now()), db_text(list->source),
                          db_text(list->licence)),
                  NULL, error);
}

static const char *folded(struct arena *arena, const struct list_row *row)
{
    struct buffer *out = buffer_new(arena, FOLDED_LIMIT);
    buffer_text(out, text_fold(arena, row->label_fr));
    if (row->label_en) buffer_print(out, "\n%s", text_fold(arena, row->label_en));
    buffer_print(out, "\n%s", text_fold(arena, row->code));
    return buffer_data(out);
}

static enum status insert_row(struct db_handle *handle, const struct storing *storing, size_t index,
                              struct error *error)
{
    const struct list_row *row = &storing->list->rows[index];
    return db_run(handle,
                  "INSERT INTO vocabulary_code (edition, position, code, level, parent, other_parent, label_fr, "
                  "label_en, folded, population, latitude, "
                  "longitude, approximate, retired, replaced_by, valid_from, valid_until) "
                  "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
                  DB_BIND(db_integer(storing->edition), db_integer((int64_t)index + 1), db_text(row->code),
                          db_text(row->level), db_text(row->parent), db_text(row->other_parent), db_text(row->label_fr),
                          db_text(row->label_en), db_text(folded(storing->scratch, row)), known(row->population),
                          known(row->latitude), known(row->longitude), db_integer(row->approximate),
                          db_integer(row->retired), db_text(row->replaced_by), known(row->from), known(row->until)),
                  NULL, error);
}

static enum status insert_text(struct db_handle *handle, const struct storing *storing, size_t index, int64_t *rank,
                               const char *purpose, const char *language, const char *content, struct error *error)
{
    return db_run(handle,
                  "INSERT INTO vocabulary_text (edition, position, rank, code, purpose, language, content) VALUES ($1, "
                  "$2, $3, $4, $5, $6, $7)",
                  DB_BIND(db_integer(storing->edition), db_integer((int64_t)index + 1), db_integer(++*rank),
                          db_text(storing->list->rows[index].code), db_text(purpose), db_text(language),
                          db_text(content)),
                  NULL, error);
}

/* The synonyms between the bars, one text each. */
static enum status insert_synonyms(struct db_handle *handle, const struct storing *storing, size_t index, int64_t *rank,
                                   const char *language, const char *synonyms, struct error *error)
{
    enum status status = STATUS_OK;
    for (const char *at = synonyms; at && *at && status == STATUS_OK;) {
        const size_t length = strcspn(at, "|");
        const char *one = text_clean(storing->scratch, at, length);
        if (one && *one) status = insert_text(handle, storing, index, rank, "synonym", language, one, error);
        at += length + (at[length] == '|');
    }
    return status;
}

static enum status insert_texts(struct db_handle *handle, const struct storing *storing, size_t index,
                                struct error *error)
{
    const struct list_row *row = &storing->list->rows[index];
    int64_t rank = 0;
    enum status status = insert_synonyms(handle, storing, index, &rank, "fr", row->synonyms_fr, error);
    if (status == STATUS_OK) status = insert_synonyms(handle, storing, index, &rank, "en", row->synonyms_en, error);
    if (status == STATUS_OK && row->note_fr)
        status = insert_text(handle, storing, index, &rank, "note", "fr", row->note_fr, error);
    if (status == STATUS_OK && row->note_en)
        status = insert_text(handle, storing, index, &rank, "note", "en", row->note_en, error);
    return status;
}

static enum status insert_rows(struct db_handle *handle, void *context, struct error *error)
{
    struct storing *storing = context;
    enum status status = STATUS_OK;
    for (size_t i = storing->first; i < storing->end && status == STATUS_OK; i++) {
        status = insert_row(handle, storing, i, error);
        if (status == STATUS_OK) status = insert_texts(handle, storing, i, error);
    }
    arena_reset(storing->scratch);
    return status;
}

static enum status insert_links(struct db_handle *handle, void *context, struct error *error)
{
    const struct storing *storing = context;
    enum status status = STATUS_OK;
    for (size_t i = storing->first; i < storing->end && status == STATUS_OK; i++) {
        const struct list_link *link = &storing->list->links[i];
        status = db_run(handle,
                        "INSERT INTO vocabulary_link (edition, position, code, other_scheme, other_code) VALUES ($1, "
                        "$2, $3, $4, $5)",
                        DB_BIND(db_integer(storing->edition), db_integer((int64_t)i + 1), db_text(link->code),
                                db_text(link->other_scheme), db_text(link->other_code)),
                        NULL, error);
    }
    return status;
}

static enum status run_batches(struct storing *storing, db_work *work, size_t count,
                               const struct list_progress *progress, struct error *error)
{
    enum status status = STATUS_OK;
    for (storing->first = 0; storing->first < count && status == STATUS_OK; storing->first = storing->end) {
        storing->end = storing->first + BATCH < count ? storing->first + BATCH : count;
        status = db_transaction(storing->db, work, storing, error);
        if (progress) progress->report(progress->context, storing->list->scheme, storing->end, count);
    }
    return status;
}

static enum status show_edition(struct db_handle *handle, void *context, struct error *error)
{
    const struct storing *storing = context;
    const enum status status =
        db_run(handle, "UPDATE vocabulary_version SET ready = 0 WHERE scheme = $1 AND version = $2 AND ready = 1",
               DB_BIND(db_text(storing->list->scheme), db_text(storing->list->version)), NULL, error);
    if (status) return status;
    return db_run(handle, "UPDATE vocabulary_version SET ready = 1 WHERE edition = $1",
                  DB_BIND(db_integer(storing->edition)), NULL, error);
}

/* One batch of each table; the edition's own row when nothing else is left of it. */
static enum status remove_batch(struct db_handle *handle, void *context, struct error *error)
{
    static const char *const statements[] = {
        "DELETE FROM vocabulary_code WHERE edition = $1 AND position <= "
        "(SELECT MIN(position) + 999 FROM vocabulary_code WHERE edition = $1)",
        "DELETE FROM vocabulary_text WHERE edition = $1 AND position <= "
        "(SELECT MIN(position) + 999 FROM vocabulary_text WHERE edition = $1)",
        "DELETE FROM vocabulary_link WHERE edition = $1 AND position <= "
        "(SELECT MIN(position) + 999 FROM vocabulary_link WHERE edition = $1)",
    };
    struct storing *storing = context;
    int64_t removed = 0;
    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++) {
        int64_t rows = 0;
        const enum status status = db_run(handle, statements[i], DB_BIND(db_integer(storing->found)), &rows, error);
        if (status) return status;
        removed += rows;
    }
    if (removed) return STATUS_OK;
    return db_run(handle, "DELETE FROM vocabulary_version WHERE edition = $1", DB_BIND(db_integer(storing->found)),
                  NULL, error);
}

/* An edition of the scheme that is neither shown nor being written; another process may be writing one for an hour at most. */
static enum status find_leftover(struct storing *storing, struct error *error)
{
    static const int64_t hour = 3600 * (int64_t)MS_PER_SECOND;
    struct db_handle *handle = NULL;
    storing->found = 0;
    enum status status = db_read(storing->db, &handle, error);
    if (status == STATUS_OK)
        status = db_one_integer(
            handle,
            "SELECT COALESCE(MAX(edition), 0) FROM vocabulary_version WHERE scheme = $1 AND ready = 0 AND edition <> "
            "$2 AND NOT EXISTS (SELECT 1 FROM vocabulary_basis WHERE vocabulary_basis.edition = "
            "vocabulary_version.edition) "
            "AND (loaded < $3 OR EXISTS (SELECT 1 FROM vocabulary_version later WHERE later.scheme = "
            "vocabulary_version.scheme "
            "AND later.version = vocabulary_version.version AND later.ready = 1 AND later.edition > "
            "vocabulary_version.edition))",
            DB_BIND(db_text(storing->list->scheme), db_integer(storing->edition), db_integer(time_now() - hour)),
            &storing->found, error);
    db_release(&handle);
    return status;
}

static enum status remove_leftovers(struct storing *storing, struct error *error)
{
    enum status status = find_leftover(storing, error);
    while (status == STATUS_OK && storing->found) {
        status = db_transaction(storing->db, remove_batch, storing, error);
        if (status == STATUS_OK) status = find_leftover(storing, error);
    }
    return status;
}

enum status list_is_stored(struct db *db, const struct list *list, bool *stored, struct error *error)
{
    struct db_handle *handle = NULL;
    int64_t count = 0;
    enum status status = db_read(db, &handle, error);
    if (status == STATUS_OK)
        status = db_one_integer(handle,
                                "SELECT COUNT(*) FROM vocabulary_version WHERE scheme = $1 AND version = $2 AND "
                                "fingerprint = $3 AND ready = 1",
                                DB_BIND(db_text(list->scheme), db_text(list->version), db_text(list->fingerprint)),
                                &count, error);
    db_release(&handle);
    *stored = count > 0;
    return status;
}

static enum status write_edition(struct storing *storing, const struct list_progress *progress, struct error *error)
{
    enum status status = db_transaction(storing->db, begin_edition, storing, error);
    if (status == STATUS_OK) status = run_batches(storing, insert_rows, storing->list->row_count, progress, error);
    if (status == STATUS_OK) status = run_batches(storing, insert_links, storing->list->link_count, NULL, error);
    if (status == STATUS_OK) status = db_transaction(storing->db, show_edition, storing, error);
    return status ? status : remove_leftovers(storing, error);
}

enum status list_store(struct db *db, const struct list *list, const struct list_progress *progress, bool *changed,
                       struct error *error)
{
    struct storing storing = {.db = db, .list = list, .edition = db_new_id(), .scratch = arena_new()};
    bool stored = false;
    enum status status = list_is_stored(db, list, &stored, error);
    if (status == STATUS_OK && !stored) status = write_edition(&storing, progress, error);
    if (changed) *changed = status == STATUS_OK && !stored;
    arena_free(&storing.scratch);
    return status;
}
