/* rdf.h: statements about resources, and the three forms in which harvesters read them: Turtle 1.1, JSON-LD 1.1, RDF/XML 1.1.
 *
 * Every resource has an address: there are no blank nodes, so that the three forms are one graph, statement by statement. Names are
 * written with a prefix of a table, "dct:title"; a prefix that is not in it ends the program. */
#ifndef PLATFORM_RDF_H
#define PLATFORM_RDF_H

#include <stdbool.h>

struct arena;
struct buffer;
struct rdf;

struct rdf_prefix {
    const char *prefix, *address; /* "dct", "http://purl.org/dc/terms/" */
};                                /* ended by {NULL, NULL}; "rdf" and "xsd" are among them */

enum rdf_form { RDF_TURTLE, RDF_JSONLD, RDF_XML, RDF_FORMS };

/* A graph without statements, in the arena. The prefixes are borrowed. */
struct rdf *rdf_new(struct arena *arena, const struct rdf_prefix *prefixes);

/* One statement each, about the resource at the address `subject`. An object that is NULL or "" says nothing. Characters that an address may not hold
 * are percent-encoded; those that XML cannot carry become spaces. What was said already is not said twice. O(statements of the resource). */
void rdf_type(struct rdf *rdf, const char *subject, const char *name);
void rdf_link(struct rdf *rdf, const char *subject, const char *predicate, const char *address);
void rdf_text(struct rdf *rdf, const char *subject, const char *predicate, const char *text, const char *language);
void rdf_typed(struct rdf *rdf, const char *subject, const char *predicate, const char *text, const char *type);

/* The graph, resources in the order in which they were first spoken of. Pure ASCII punctuation, UTF-8 texts. */
void rdf_write(const struct rdf *rdf, enum rdf_form form, struct buffer *out);

/* "text/turtle", "application/ld+json", "application/rdf+xml"; and "ttl", "jsonld", "rdf". */
const char *rdf_media_type(enum rdf_form form);
const char *rdf_extension(enum rdf_form form);
bool rdf_extension_find(const char *extension, enum rdf_form *form);

#endif
