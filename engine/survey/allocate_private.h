/* allocate_private.h: checks that both allocations share. */
#ifndef ENGINE_SURVEY_ALLOCATE_PRIVATE_H
#define ENGINE_SURVEY_ALLOCATE_PRIVATE_H

#include "engine/survey/allocate.h"

int64_t allocate_least(const struct allocate_strata *strata, size_t h);
int64_t allocate_most(const struct allocate_strata *strata, size_t h);
enum status allocate_check(struct arena *arena, const struct allocate_strata *strata, struct error *error);

#endif
