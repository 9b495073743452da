/* upkeep.h: what the program does by itself, and all types of work that it does in the background. */
#ifndef PRODUCT_UPKEEP_H
#define PRODUCT_UPKEEP_H

#include "platform/job/job.h"

/* Tables of types; ended by NULL. A room that has work for the background adds its table in upkeep.c. */
extern const struct job_type *const product_jobs[];

/* Short work now and then, in each server. */
extern const struct job_timer upkeep_timers[];

#endif
