#include "product/territory.h"

#include <string.h>

#include "platform/vocabulary/vocabulary.h"

enum { ANCESTORS = 8 };

void territory_of_place(struct record_context *context, const struct place *place, struct code *departement,
                        struct code *region)
{
    const struct vocabulary_code *ancestors[ANCESTORS];
    departement->value = NULL;
    region->value = NULL;
    if (!place->commune) return;
    const size_t count =
        vocabulary_ancestors(context->records->vocabulary, "territory", place->commune, ancestors, ANCESTORS);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(ancestors[i]->level, "departement") == 0) departement->value = ancestors[i]->code;
        if (strcmp(ancestors[i]->level, "region") == 0) region->value = ancestors[i]->code;
    }
}
