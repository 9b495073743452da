/* derive.c: fields that fill themselves, as their rows say (kind.h: enum derivation). */
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/fatal.h"
#include "base/time.h"
#include "platform/record/store_private.h"
#include "platform/record/type.h"
#include "platform/vocabulary/vocabulary.h"

enum { ANCESTORS = 8, SUGGESTED = 3, COMPOSED_LIMIT = 4096 };

/* One record being filled; what its references point to is loaded once. */
struct filling {
    struct record_context *context;
    const struct kind *kind;
    void *record;
    const struct field *link;
    const void *linked;
};

typedef enum status filler(struct filling *filling, const struct field *field, struct error *error);

/* The field before the point of "company.sector"; *rest: what follows it. */
static const struct field *source_field(const struct kind *kind, const char *source, const char **rest)
{
    const size_t length = strcspn(source, ".");
    *rest = source[length] ? source + length + 1 : NULL;
    for (const struct field *field = kind->fields; field->name; field++)
        if (strlen(field->name) == length && memcmp(field->name, source, length) == 0) return field;
    return NULL;
}

static enum status load_linked(struct filling *filling, const struct field *link, struct error *error)
{
    void *linked = NULL;
    const int64_t id = ((const struct reference *)field_value(link, filling->record))->id;
    if (filling->link == link) return STATUS_OK;
    if (id) {
        const enum status status = record_load(filling->context, kind_find(link->reference.to), id, &linked, error);
        if (status) return status;
    }
    filling->link = link;
    filling->linked = linked;
    return STATUS_OK;
}

static enum status fill_taken(struct filling *filling, const struct field *field, struct error *error)
{
    const char *name = NULL;
    const struct field *link = source_field(filling->kind, field->source, &name);
    const enum status status = load_linked(filling, link, error);
    if (status || !filling->linked) return status;
    const struct field *taken = kind_field(kind_find(link->reference.to), name);
    memcpy(field_member(field, filling->record), field_value(taken, filling->linked), field_size(field));
    return STATUS_OK;
}

static enum status fill_ancestor(struct filling *filling, const struct field *field, struct error *error)
{
    const struct vocabulary_code *ancestors[ANCESTORS];
    const char *level = NULL, *code = NULL;
    const struct field *from = source_field(filling->kind, field->source, &level);
    struct code *filled = field_member(field, filling->record);
    (void)error;
    memcpy(&code, field_value(from, filling->record), sizeof code); /* a place begins with its commune's code */
    filled->value = NULL;
    if (!code) return STATUS_OK;
    const size_t count =
        vocabulary_ancestors(filling->context->records->vocabulary, field->code.scheme, code, ancestors, ANCESTORS);
    for (size_t i = 0; i < count; i++)
        if (strcmp(ancestors[i]->level, level) == 0) filled->value = ancestors[i]->code;
    return STATUS_OK;
}

/* The texts of the fields "title;description", one after the other. */
static const char *source_words(const struct filling *filling, const char *source)
{
    struct arena *arena = filling->context->arena;
    const char *words = "";
    for (const char *at = source; *at;) {
        const size_t length = strcspn(at, ";");
        const struct field *field = kind_field(filling->kind, arena_copy_bytes(arena, at, length));
        const char *text = field_text(filling->context, field, filling->record);
        if (text) words = arena_print(arena, "%s %s", words, text);
        at += length + (at[length] == ';');
    }
    return words;
}

static enum status fill_suggested(struct filling *filling, const struct field *field, struct error *error)
{
    const struct vocabulary_code *found[SUGGESTED];
    struct codes *filled = field_member(field, filling->record);
    (void)error;
    const size_t count = vocabulary_suggest(filling->context->records->vocabulary, filling->context->arena,
                                            field->code.scheme, source_words(filling, field->source), found, SUGGESTED);
    for (size_t i = 0; i < count; i++)
        filled->value =
            arena_print(filling->context->arena, "%s%s%s", i ? filled->value : "", i ? ";" : "", found[i]->code);
    return STATUS_OK;
}

static void compose_field(const struct filling *filling, const char *name, size_t length, struct buffer *out)
{
    const struct field *field = kind_field(filling->kind, arena_copy_bytes(filling->context->arena, name, length));
    ENSURE(field);
    const char *shown = field_show(filling->context, field, filling->record);
    if (!shown) shown = field_text(filling->context, field, filling->record);
    buffer_print(out, "%s", shown ? shown : "");
}

static enum status fill_composed(struct filling *filling, const struct field *field, struct error *error)
{
    struct buffer *out = buffer_new(filling->context->arena, COMPOSED_LIMIT);
    (void)error;
    for (const char *at = field->source; *at;) {
        const size_t length = *at == '{' ? strcspn(at, "}") : 0;
        if (length)
            compose_field(filling, at + 1, length - 1, out);
        else
            buffer_char(out, *at);
        at += length + 1;
    }
    ((struct text *)field_member(field, filling->record))->value = buffer_data(out);
    return STATUS_OK;
}

static enum status fill_filing_day(struct filling *filling, const struct field *field, struct error *error)
{
    (void)error;
    ((struct date *)field_member(field, filling->record))->day = time_day(record_now(filling->context));
    return STATUS_OK;
}

/* once: a computed field of this derivation is filled when the record is filed and stays. */
static const struct derivation_row {
    filler *fill;
    bool once;
} rows[] = {
    [DERIVE_TAKEN] = {fill_taken, true},           [DERIVE_ANCESTOR] = {fill_ancestor, false},
    [DERIVE_SUGGESTED] = {fill_suggested, true},   [DERIVE_COMPOSED] = {fill_composed, false},
    [DERIVE_FILING_DAY] = {fill_filing_day, true},
};

/* A field that people may give is filled when they left it empty; codes proposed from words, only when the record is filed. */
static bool is_due(const struct filling *filling, const struct field *field, bool filed)
{
    if (field->derivation == DERIVE_NOTHING) return false;
    if (field->computed) return !filed || !rows[field->derivation].once;
    if (filed && field->derivation == DERIVE_SUGGESTED) return false;
    return field_text(filling->context, field, filling->record) == NULL;
}

enum status derive_fields(struct record_context *context, const struct kind *kind, void *record, bool filed,
                          struct error *error)
{
    struct filling filling = {.context = context, .kind = kind, .record = record};
    enum status status = STATUS_OK;
    for (const struct field *field = kind->fields; !status && field->name; field++)
        if (is_due(&filling, field, filed)) status = rows[field->derivation].fill(&filling, field, error);
    return status;
}

void derive_from_codes(struct record_context *context, const struct kind *kind, void *record)
{
    struct filling filling = {.context = context, .kind = kind, .record = record};
    for (const struct field *field = kind->fields; field->name; field++)
        if (field->computed && field->derivation == DERIVE_ANCESTOR) fill_ancestor(&filling, field, NULL);
}

static bool is_taken_right(const struct kind *kind, const struct field *field)
{
    const char *name = NULL;
    const struct field *link = source_field(kind, field->source, &name);
    if (!link || link->type != FIELD_REFERENCE || !name) return false;
    const struct kind *target = kind_find(link->reference.to);
    const struct field *taken = target ? kind_field(target, name) : NULL;
    return taken && taken->type == field->type;
}

static bool is_ancestor_right(const struct kind *kind, const struct field *field)
{
    const char *level = NULL;
    const struct field *from = source_field(kind, field->source, &level);
    return from && level && field->type == FIELD_CODE && (from->type == FIELD_PLACE || from->type == FIELD_CODE);
}

static bool are_fields(const struct kind *kind, const char *list)
{
    const char *rest = NULL;
    for (const char *at = list; at;) {
        char name[64] = "";
        const size_t length = strcspn(at, ";");
        if (length >= sizeof name) return false;
        memcpy(name, at, length);
        if (!source_field(kind, name, &rest) || rest) return false;
        at = at[length] ? at + length + 1 : NULL;
    }
    return true;
}

void derive_check(const struct kind *kind)
{
    for (const struct field *field = kind->fields; field->name; field++) {
        if (field->derivation == DERIVE_TAKEN) ENSURE(is_taken_right(kind, field));
        if (field->derivation == DERIVE_ANCESTOR) ENSURE(is_ancestor_right(kind, field));
        if (field->derivation == DERIVE_SUGGESTED)
            ENSURE(field->type == FIELD_CODES && are_fields(kind, field->source));
        if (field->derivation == DERIVE_COMPOSED) ENSURE(field->type == FIELD_TEXT);
        if (field->derivation == DERIVE_FILING_DAY) ENSURE(field->type == FIELD_DATE);
    }
}
