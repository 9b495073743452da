/* territory.h: from a commune to the territories in which figures are told. */
#ifndef PRODUCT_TERRITORY_H
#define PRODUCT_TERRITORY_H

#include "platform/record/record.h"

/* Sets the département and the région of a place; absent when the place is. O(depth of the territory). */
void territory_of_place(struct record_context *context, const struct place *place, struct code *departement,
                        struct code *region);

#endif
