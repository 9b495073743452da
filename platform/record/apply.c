/* apply.c: from what was given to the fields of a record. */
#include <string.h>

#include "base/arena.h"
#include "platform/record/store_private.h"
#include "platform/record/type.h"
#include "platform/text/text.h"

static const struct option audiences[] = {
    [AUDIENCE_PRIVATE] = {"private", N_("Only us")},
    [AUDIENCE_CIRCLE] = {"circle", N_("Our clusters")},
    [AUDIENCE_NETWORK] = {"network", N_("The whole network")},
    [AUDIENCE_PUBLIC] = {"public", N_("Everybody")},
};

const struct option *audience_option(enum audience audience) { return &audiences[audience]; }

bool audience_find(const char *word, enum audience *audience)
{
    for (int i = AUDIENCE_PRIVATE; i <= AUDIENCE_PUBLIC; i++) {
        if (strcmp(audiences[i].value, word) != 0) continue;
        *audience = (enum audience)i;
        return true;
    }
    return false;
}

void faults_add(struct faults *faults, const struct error *error)
{
    if (faults->count < FAULTS_MOST) faults->items[faults->count++] = *error;
}

const char *input_text(const struct inputs *inputs, const char *field)
{
    for (size_t i = 0; i < inputs->count; i++)
        if (strcmp(inputs->items[i].field, field) == 0) return inputs->items[i].text;
    return NULL;
}

static enum status read_member(struct record_context *context, const struct field *field, const char *given,
                               void *member, struct error *error)
{
    const char *text = text_clean(context->arena, given, strlen(given));
    if (!text) return error_field(error, STATUS_INPUT, field->name, N_("The text is not valid UTF-8."));
    field_type(field)->clear(member);
    return *text ? field_type(field)->parse(context, field, text, member, error) : STATUS_OK;
}

static bool same_text(const char *a, const char *b) { return a && b ? strcmp(a, b) == 0 : a == b; }

/* What the form shows and may not be changed may be sent back unchanged. */
static bool is_unchanged(struct record_context *context, const struct field *field, const void *read,
                         const void *record)
{
    return same_text(field_type(field)->print(context->arena, field, read), field_text(context, field, record));
}

static void apply_field(struct record_context *context, const struct kind *kind, const struct field *field,
                        const char *given, void *record, struct faults *faults)
{
    struct error error;
    const struct record *head = record;
    const rights held = head->owner ? record_held(context, head) : context->viewer->roles;
    void *read = arena_alloc(context->arena, field_size(field));
    if (read_member(context, field, given, read, &error)) {
        faults_add(faults, &error);
    } else if (field_writable(kind, field, held, head->id != 0)) {
        memcpy(field_member(field, record), read, field_size(field));
    } else if (!is_unchanged(context, field, read, record)) {
        error_field(&error, STATUS_DENIED, field->name, N_("You may not change this."));
        faults_add(faults, &error);
    }
}

static void apply_audience(const struct kind *kind, const struct inputs *inputs, struct record *head,
                           struct faults *faults)
{
    struct error error;
    const char *word = input_text(inputs, "audience");
    if (!word || !*word || kind->fixed_audience) return;
    if (audience_find(word, &head->audience)) return;
    error_field(&error, STATUS_INPUT, "audience", N_("“{1}” is not one of the choices."), word);
    faults_add(faults, &error);
}

enum status record_apply(struct record_context *context, const struct kind *kind, void *record,
                         const struct inputs *inputs, struct faults *faults)
{
    const size_t before = faults->count;
    for (const struct field *field = kind->fields; field->name; field++) {
        const char *given = input_text(inputs, field->name);
        if (given) apply_field(context, kind, field, given, record, faults);
    }
    apply_audience(kind, inputs, head_of(record), faults);
    return faults->count > before ? STATUS_INPUT : STATUS_OK;
}
