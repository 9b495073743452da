/* catalogue_private.h: what the writers of the catalogue share. */
#ifndef PLATFORM_CATALOGUE_PRIVATE_H
#define PLATFORM_CATALOGUE_PRIVATE_H

#include "base/map.h"
#include "platform/catalogue/catalogue.h"
#include "platform/rdf/rdf.h"

struct description {
    struct arena *arena;
    struct rdf *rdf;
    const struct catalogue *catalogue;
    struct map *typed; /* what was said to be of a class already */
    const char *self;  /* address of the catalogue */
};

#define EU_TABLE "http://publications.europa.eu/resource/authority/"

/* A term of one of the EU's tables, said to be of that class: EU_TABLE "frequency/" "QUARTERLY". */
void describe_term(struct description *description, const char *subject, const char *predicate, const char *table,
                   const char *term, const char *class);
/* A resource of the given class that is linked to. */
void describe_link(struct description *description, const char *subject, const char *predicate, const char *address,
                   const char *class);
void describe_words(struct description *description, const char *subject, const char *predicate,
                    const struct catalogue_words *words);
/* The territory that the data are about. */
void describe_place(struct description *description, const char *subject);
/* When it was changed last, unless that is not known (INT64_MIN). */
void describe_changed(struct description *description, const char *subject, int64_t moment);
const char *publisher_address(const struct description *description);
const char *contact_address(const struct description *description);
const char *service_address(const struct description *description);
const char *dataset_address(const struct description *description, const struct catalogue_dataset *dataset);

void describe_dataset(struct description *description, const struct catalogue_dataset *dataset);

#endif
