/* life.c: the steps of a record's life, and its end. */
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/record/files.h"
#include "platform/record/store_private.h"
#include "platform/text/text.h"

struct state_work {
    struct record_context *context;
    const struct kind *kind;
    int64_t id, version;
    const char *state, *reason;
};

static bool word_in(const char *list, const char *word)
{
    const size_t length = strlen(word);
    for (; list && *list; list += strcspn(list, ";"), list += *list == ';')
        if (strcspn(list, ";") == length && strncmp(list, word, length) == 0) return true;
    return false;
}

static enum status check_state(const struct record_context *context, const struct kind *kind, const struct record *head,
                               const struct state *next, const char *reason, struct error *error)
{
    const struct state *now = kind_state(kind, head->state);
    const bool by_program = next && now && (next->automatic || now->automatic);
    if (!next || !now || !word_in(now->next, next->name) || (by_program && !context->program))
        return error_field(error, STATUS_INPUT, "state", N_("This step is not possible from where the record is."));
    if (!context->viewer->may_write || !(next->change & record_held(context, head) & context->viewer->scopes))
        return error_set(error, STATUS_DENIED, N_("You may not take this step."));
    if (next->reason && (!reason || !*reason))
        return error_field(error, STATUS_INPUT, "reason", N_("Say why, in a few words."));
    if (reason && text_length(reason) > 500)
        return error_field(error, STATUS_LIMIT, "reason", N_("The text is too long: {1} characters at most."), "500");
    return STATUS_OK;
}

size_t record_next_states(const struct record_context *context, const struct kind *kind, const struct record *record,
                          const struct state **states, size_t most)
{
    size_t count = 0;
    for (const struct state *state = kind->states; state && state->name && count < most; state++)
        if (check_state(context, kind, record, state, "-", NULL) == STATUS_OK) states[count++] = state;
    return count;
}

enum status change_state(struct record_context *context, const struct kind *kind, int64_t id, int64_t version,
                         const char *state, const char *given, struct error *error)
{
    const char *reason = given ? text_clean(context->arena, given, strlen(given)) : NULL;
    void *before = NULL;
    enum status status = load_for_write(context, kind, id, version, &before, error);
    if (status) return status;
    const struct state *next = kind_state(kind, state);
    status = check_state(context, kind, before, next, reason, error);
    if (status) return status;
    void *record = arena_copy_bytes(context->arena, before, kind->size);
    struct record *head = record;
    head->state = next->name;
    head->reason = reason && *reason ? reason : NULL;
    head->updated = time_now();
    head->state_day = time_day(head->updated);
    status = capacity_check(context, kind, record, before, error);
    return status ? status : write_record(context, kind, &(struct save){record, before, "state", head->reason}, error);
}

static enum status state_in(struct db_handle *handle, void *data, struct error *error)
{
    const struct state_work *work = data;
    struct record_context context = *work->context;
    context.handle = handle;
    return change_state(&context, work->kind, work->id, work->version, work->state, work->reason, error);
}

enum status record_change_state(struct record_context *context, const struct kind *kind, int64_t id, int64_t version,
                                const char *state, const char *reason, struct error *error)
{
    struct state_work work = {context, kind, id, version, state, reason};
    return db_transaction(context->records->db, state_in, &work, error);
}

enum status erase_record(struct record_context *context, const struct kind *kind, const void *before,
                         const char *reason, struct error *error)
{
    const struct record *head = before;
    enum status status = history_erase(context, kind, head->id, error);
    if (!status) status = once_forget(context->handle, head->id, error);
    return status ? status : write_record(context, kind, &(struct save){NULL, before, "erased", reason}, error);
}

struct erase_work {
    struct record_context *context;
    const struct kind *kind;
    int64_t id, version;
    const char *reason;
};

static enum status erase_in(struct db_handle *handle, void *data, struct error *error)
{
    const struct erase_work *work = data;
    struct record_context context = *work->context;
    void *before = NULL;
    context.handle = handle;
    const enum status status = load_for_write(&context, work->kind, work->id, work->version, &before, error);
    if (status) return status;
    if (!context.viewer->may_write || !(work->kind->erase & record_held(&context, before) & context.viewer->scopes))
        return error_set(error, STATUS_DENIED, N_("You may not erase this."));
    enum status done = check_law(&context, work->kind, before, error);
    if (!done) done = erase_dependents(&context, work->kind, work->id, work->reason, error);
    if (!done) done = erase_record(&context, work->kind, before, work->reason, error);
    return done ? done : traces_ask(&context, work->kind, error);
}

enum status record_erase(struct record_context *context, const struct kind *kind, int64_t id, int64_t version,
                         const char *reason, struct error *error)
{
    struct erase_work work = {context, kind, id, version, reason};
    const enum status status = db_transaction(context->records->db, erase_in, &work, error);
    if (!status) record_files_sweep(context, kind);
    return status;
}
