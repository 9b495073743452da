/* type.c: the declared types of jobs. */
#include <string.h>

#include "platform/job/job_private.h"

static const struct job_type *const no_tables[] = {NULL};
static const struct job_type *const *declared = no_tables;

void job_declare(const struct job_type *const *tables) { declared = tables; }

const struct job_type *const *job_tables(void) { return declared; }

const struct job_type *job_type_find(const char *name)
{
    for (const struct job_type *const *table = declared; *table; table++)
        for (const struct job_type *type = *table; type->name; type++)
            if (strcmp(type->name, name) == 0) return type;
    return NULL;
}
