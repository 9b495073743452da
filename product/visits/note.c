/* note.c: what was noted at a visit, kept once. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "product/kinds/need.h"
#include "product/visits/visits.h"

enum { SIREN_DIGITS = 9, INPUTS_MOST = 24 };

/* "Mécanique du Nord (012345678)": the SIREN at its end tells it from others of its name. */
static enum status find_company(struct record_context *context, const char *typed, int64_t *id, struct error *error)
{
    const size_t length = typed ? strlen(typed) : 0;
    const char *words = typed ? typed : "";
    if (length > SIREN_DIGITS + 2 && typed[length - 1] == ')' && typed[length - SIREN_DIGITS - 2] == '(')
        words = arena_copy_bytes(context->arena, typed + length - SIREN_DIGITS - 1, SIREN_DIGITS);
    const enum status status = record_resolve(context, &organisation_kind, words, id, error);
    if (!status) return status;
    return error_field(error, STATUS_INPUT, "company",
                       length ? N_("No company is known by this name: choose one of the list, or give its SIREN.")
                              : N_("Say which company you visited."));
}

struct keeping {
    const struct note *note;
    struct faults *faults;
};

static bool is_blank(const char *text) { return !text || !*text; }

static void add_faults(struct faults *all, const struct faults *found, size_t number)
{
    for (size_t i = 0; i < found->count; i++) {
        struct error fault = found->items[i];
        snprintf(fault.field, sizeof fault.field, "need%zu.%.40s", number, found->items[i].field);
        faults_add(all, &fault);
    }
}

static enum status keep_need(struct record_context *context, const struct visit *visit, const struct note_need *noted,
                             size_t number, struct faults *all, struct error *error)
{
    struct faults faults = {.count = 0};
    struct need *need = record_new(context, &need_kind);
    const char *company = arena_print(context->arena, "%lld", (long long)visit->company.id);
    const struct input items[] = {{"company", company},
                                  {"title", noted->title ? noted->title : ""},
                                  {"type", noted->type ? noted->type : ""},
                                  {"description", noted->description ? noted->description : ""}};
    record_apply(context, &need_kind, need, &(struct inputs){items, sizeof items / sizeof *items}, &faults);
    need->visit.id = visit->head.id;
    enum status status = record_save(context, &need_kind, need, &faults, error);
    add_faults(all, &faults, number);
    if (status == STATUS_DENIED) {
        const char *field = arena_print(context->arena, "need%zu.title", number);
        status = error_field(error, STATUS_INPUT, field,
                             N_("You may file needs for members of your cluster only: write this one in the notes."));
    }
    return status;
}

static enum status keep_needs(struct record_context *context, const void *record, void *data, struct error *error)
{
    const struct keeping *keeping = data;
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < NOTE_NEEDS; i++) {
        const struct note_need *need = &keeping->note->needs[i];
        if (is_blank(need->title) && is_blank(need->description)) continue;
        status = keep_need(context, record, need, i + 1, keeping->faults, error);
    }
    return status;
}

static const char *state_of(struct record_context *context, int64_t id)
{
    void *record = NULL;
    return id && record_load(context, &visit_kind, id, &record, NULL) == STATUS_OK
               ? ((const struct record *)record)->state
               : "";
}

enum status note_keep(struct record_context *context, const struct note *note, struct record_change *change,
                      struct error *error)
{
    struct input items[INPUTS_MOST];
    struct inputs inputs = {items, 0};
    struct keeping keeping = {note, change->faults};
    int64_t company = 0;
    if (!note->visit) {
        const enum status status = find_company(context, note->company, &company, error);
        if (status) return status;
        items[inputs.count++] = (struct input){"company", arena_print(context->arena, "%lld", (long long)company)};
        items[inputs.count++] =
            (struct input){"cluster", arena_print(context->arena, "%lld", (long long)note->cluster)};
    }
    for (size_t i = 0; i < note->inputs.count && inputs.count < INPUTS_MOST; i++)
        items[inputs.count++] = note->inputs.items[i];
    struct record_change own = {
        .id = note->visit,
        .version = note->version,
        .inputs = &inputs,
        .faults = change->faults,
        .once = note->once,
        .also = keep_needs,
        .data = &keeping,
        .state = strcmp(state_of(context, note->visit), "held") == 0 ? NULL : "held",
    };
    const enum status status = record_write(context, &visit_kind, &own, error);
    change->record = own.record;
    change->again = own.again;
    return status;
}
