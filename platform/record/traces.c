#include "platform/record/traces.h"

#include <string.h>

#include "base/arena.h"
#include "platform/file/file.h"
#include "platform/index/index.h"
#include "platform/record/keys_private.h"
#include "platform/record/store_private.h"
#include "platform/text/text.h"

enum { IMPORTS_AT_ONCE = 100, WORDS_AT_ONCE = 500 };

#define TRACES_JOB "erasure_finish"

/* ---- imports ---- */

struct old_imports {
    const struct kind *kind;
    int64_t ids[IMPORTS_AT_ONCE], files[IMPORTS_AT_ONCE];
    size_t count;
};

static enum status find_imports(struct db *db, struct old_imports *old, struct error *error)
{
    struct db_handle *read = NULL;
    enum status status = db_read(db, &read, error);
    if (status) return status;
    struct db_rows *rows =
        db_query(read,
                 "SELECT id, file FROM record_import WHERE file IS NOT NULL AND kind = $1 AND stage IN ('done', "
                 "'undone', 'failed') ORDER BY id LIMIT $2",
                 DB_BIND(db_text(old->kind->name), db_integer(IMPORTS_AT_ONCE)));
    for (old->count = 0; old->count < IMPORTS_AT_ONCE && db_next(rows); old->count++) {
        old->ids[old->count] = db_get_integer(rows, 0);
        old->files[old->count] = db_get_integer(rows, 1);
    }
    status = db_end(&rows, error);
    db_release(&read);
    return status;
}

/* What was refused is told with the words of the file. */
static enum status empty_imports(struct db_handle *write, void *data, struct error *error)
{
    const struct old_imports *old = data;
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < old->count; i++) {
        status = file_let_go(write, old->files[i], error);
        if (!status)
            status = db_run(write, "UPDATE record_import SET file = NULL WHERE id = $1",
                            DB_BIND(db_integer(old->ids[i])), NULL, error);
        if (!status)
            status = db_run(write, "DELETE FROM record_import_line WHERE import = $1 AND outcome = 'refused'",
                            DB_BIND(db_integer(old->ids[i])), NULL, error);
    }
    return status;
}

static enum status remove_imports(struct db *db, const struct kind *kind, int64_t *removed, struct error *error)
{
    struct old_imports old = {.kind = kind, .count = IMPORTS_AT_ONCE};
    enum status status = STATUS_OK;
    while (!status && old.count == IMPORTS_AT_ONCE) {
        status = find_imports(db, &old, error);
        if (!status && old.count) status = db_transaction(db, empty_imports, &old, error);
        *removed += (int64_t)old.count;
    }
    return status;
}

/* ---- words ---- */

struct rare_words {
    const struct records *records;
    const struct kind *kind;
    struct arena *arena;
    const char *after, *last; /* where this turn begins and ends: a transaction may run twice */
    size_t read, dropped;
};

static bool is_used(struct arena *arena, struct index_view *view, const char *word)
{
    const char *stem = text_stem(arena, word);
    for (size_t i = 0; i < WORD_CLASSES; i++)
        if (index_count(index_get(view, index_key(word_fields[i], stem)))) return true;
    return false;
}

/* Seen within the transaction: what others write comes before or after. */
static enum status drop_words(struct db_handle *write, void *data, struct error *error)
{
    struct rare_words *words = data;
    struct index_view *view = NULL;
    struct index_term *terms = ARENA_ARRAY(words->arena, WORDS_AT_ONCE, struct index_term);
    words->read = words->dropped = 0;
    enum status status = index_view_open(words->records->index, write, words->arena, words->kind->name, &view, error);
    if (!status) status = index_rare_terms(view, RECORD_WORDS, words->after, terms, WORDS_AT_ONCE, &words->read, error);
    for (size_t i = 0; !status && i < words->read; i++) {
        if (is_used(words->arena, view, terms[i].text)) continue;
        status = index_view_status(view, error);
        if (!status) status = index_drop_term(write, words->kind->name, RECORD_WORDS, terms[i].text, error);
        words->dropped++;
    }
    if (words->read) words->last = terms[words->read - 1].text;
    return status;
}

static enum status remove_words(const struct records *records, const struct kind *kind, int64_t *removed,
                                struct error *error)
{
    struct arena *arena = arena_new();
    struct rare_words words = {.records = records, .kind = kind, .last = "", .read = WORDS_AT_ONCE};
    enum status status = STATUS_OK;
    while (!status && words.read == WORDS_AT_ONCE) {
        struct arena *turn = arena_new();
        words.arena = turn;
        words.after = arena_copy(turn, words.last);
        arena_free(&arena);
        arena = turn;
        status = db_transaction(records->db, drop_words, &words, error);
        *removed += (int64_t)words.dropped;
    }
    arena_free(&arena);
    return status;
}

/* ---- all ---- */

static enum status remove_of_kind(const struct records *records, const struct kind *kind,
                                  struct traces_removed *removed, struct error *error)
{
    struct arena *arena = arena_new();
    const char *argument = arena_print(arena, "\"kind\":\"%s\"", kind->name);
    enum status status = remove_imports(records->db, kind, &removed->imports, error);
    if (!status) status = job_forget(records->db, "record_export", argument, &removed->exports, error);
    if (!status) status = remove_words(records, kind, &removed->words, error);
    arena_free(&arena);
    return status;
}

enum status record_traces_remove(const struct records *records, const struct kind *kind, struct traces_removed *removed,
                                 struct error *error)
{
    int64_t left = 0, files = 0;
    enum status status = index_merge(records->db, INT64_MAX, &left, error);
    if (!status) status = remove_of_kind(records, kind, removed, error);
    for (const struct kind *const *other = kinds_all(); !status && *other; other++)
        if (hanging_field(*other, kind)) status = remove_of_kind(records, *other, removed, error);
    if (!status) status = file_sweep(records->db, 0, &files, error);
    removed->files += files;
    return status ? status : db_checkpoint(records->db, error);
}

static enum status finish(struct job *job, struct error *error)
{
    const struct records *records = job->application;
    const struct kind *kind = kind_find(job->argument);
    struct traces_removed removed = {0};
    if (!kind) return error_set(error, STATUS_MISSING, N_("This page does not exist, or you may not see it."));
    const enum status status = record_traces_remove(records, kind, &removed, error);
    if (status) return status;
    job_say(job, N_("Removed: files of {1} imports and of {2} lists made earlier, {3} attached files, {4} words."),
            language_number(job->arena, job->language, removed.imports, 0),
            language_number(job->arena, job->language, removed.exports, 0),
            language_number(job->arena, job->language, removed.files, 0),
            language_number(job->arena, job->language, removed.words, 0));
    return STATUS_OK;
}

const struct job_type traces_jobs[] = {
    {.name = TRACES_JOB, .title = N_("Removal of the traces of what was erased"), .run = finish, .retries = 8},
    {.name = NULL},
};

enum status traces_ask(struct record_context *context, const struct kind *kind, struct error *error)
{
    int64_t job = 0;
    const struct job_request request = {.type = TRACES_JOB,
                                        .viewer = context->viewer->account ? context->viewer : viewer_program(),
                                        .language = context->language,
                                        .subject = language_text(context->language, kind->plural),
                                        .argument = kind->name,
                                        .priority = JOB_FIRST};
    return job_enqueue(context->handle, &request, &job, error);
}
