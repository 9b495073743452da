/* rdf_private.h: a graph as its writers see it. */
#ifndef PLATFORM_RDF_PRIVATE_H
#define PLATFORM_RDF_PRIVATE_H

#include "platform/rdf/rdf.h"

struct map;

struct rdf_statement {
    const char *predicate; /* "dct:title" */
    bool is_link;          /* object is an address; else a text */
    const char *object;
    const char *language, *type; /* of a text: "fr", or "xsd:date"; NULL: neither */
    struct rdf_statement *next;
};

struct rdf_resource {
    const char *address;
    struct rdf_statement *first, **last;
    struct rdf_resource *next;
};

struct rdf {
    struct arena *arena;
    const struct rdf_prefix *prefixes;
    struct map *by_address;
    struct rdf_resource *first, **last;
};

/* "http://purl.org/dc/terms/title". In the arena. */
const char *rdf_expand(const struct rdf *rdf, const char *name);

void rdf_write_turtle(const struct rdf *rdf, struct buffer *out);
void rdf_write_jsonld(const struct rdf *rdf, struct buffer *out);
void rdf_write_xml(const struct rdf *rdf, struct buffer *out);

#endif
