#include "platform/record/kind.h"

#include <string.h>

#include "base/fatal.h"
#include "platform/record/sql.h"
#include "platform/record/store_private.h"

static const struct kind *const *all_kinds;

/* The organisations' own ids are the tokens of who may read what is private to them. */
static void check_partner(const struct kind *kind)
{
    const struct field *field = kind->partner ? kind_field(kind, kind->partner) : NULL;
    if (!kind->partner) return;
    ENSURE(field && field->type == FIELD_REFERENCE && kind_find(field->reference.to)->is_organisation);
}

void kinds_set(const struct kind *const *kinds)
{
    all_kinds = kinds;
    kind_sql_build(kinds);
    for (const struct kind *const *kind = kinds; *kind; kind++) {
        derive_check(*kind);
        files_check_kind(*kind);
        check_partner(*kind);
        capacity_check_kind(*kind);
        retention_check_kind(*kind);
    }
}

const struct kind *const *kinds_all(void) { return all_kinds; }

const struct kind *kind_find(const char *name)
{
    for (const struct kind *const *kind = all_kinds; kind && *kind; kind++)
        if (strcmp((*kind)->name, name) == 0) return *kind;
    return NULL;
}

const struct field *kind_field(const struct kind *kind, const char *name)
{
    for (const struct field *field = kind->fields; field->name; field++)
        if (strcmp(field->name, name) == 0) return field;
    return NULL;
}

int64_t kind_partner(const struct kind *kind, const void *record)
{
    return kind->partner ? ((const struct reference *)field_value(kind_field(kind, kind->partner), record))->id : 0;
}

bool field_readable(const struct kind *kind, const struct field *field, rights held)
{
    (void)kind;
    return !field->read || (field->read & held) || (held & ADMINISTRATOR && !field->is_personal);
}

bool field_writable(const struct kind *kind, const struct field *field, rights held, bool filed)
{
    if (field->computed || (field->fixed && filed)) return false;
    const rights writers = field->write ? field->write : kind->write | (filed ? 0 : kind->create);
    return (writers & held) != 0;
}

bool kind_has_people(const struct kind *kind)
{
    for (const struct field *field = kind->fields; field->name; field++)
        if (field->is_personal) return true;
    return false;
}

bool field_open(const struct field *field) { return !field->read || (field->read & ANYONE); }
