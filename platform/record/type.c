#include "platform/record/type.h"

#include "platform/record/type_private.h"

static const struct type *const types[FIELD_TYPES] = {
    [FIELD_TEXT] = &type_text,
    [FIELD_MARKDOWN] = &type_markdown,
    [FIELD_LINK] = &type_link,
    [FIELD_EMAIL] = &type_email,
    [FIELD_TELEPHONE] = &type_telephone,
    [FIELD_SIREN] = &type_siren,
    [FIELD_SIRET] = &type_siret,
    [FIELD_CHOICE] = &type_choice,
    [FIELD_CODE] = &type_code,
    [FIELD_CODES] = &type_codes,
    [FIELD_INTEGER] = &type_integer,
    [FIELD_DECIMAL] = &type_decimal,
    [FIELD_MONEY] = &type_money,
    [FIELD_DATE] = &type_date,
    [FIELD_PERIOD] = &type_period,
    [FIELD_MOMENT] = &type_moment,
    [FIELD_YESNO] = &type_yesno,
    [FIELD_REFERENCE] = &type_reference,
    [FIELD_REFERENCES] = &type_references,
    [FIELD_FILE] = &type_file,
    [FIELD_PLACE] = &type_place,
};

const struct type *field_type(const struct field *field) { return types[field->type]; }

size_t field_size(const struct field *field) { return types[field->type]->size; }
