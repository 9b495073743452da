/* type.h: what the engine knows of each type of field. The engine loops over fields and asks this table; it has no switch on types. */
#ifndef PLATFORM_RECORD_TYPE_H
#define PLATFORM_RECORD_TYPE_H

#include "platform/db/db.h"
#include "platform/record/record.h"

struct buffer;
struct gathering;
struct word_gathering;

enum { TYPE_COLUMNS = 5 };

struct type {
    const char *name;                   /* "text", "siren": in the API and in docs */
    const char *suffixes[TYPE_COLUMNS]; /* of its columns: "" is the field's own name */
    const char *words[TYPE_COLUMNS];    /* DDL word of each: "TEXT", "{integer}" */
    size_t column_count;
    size_t size;                         /* of the member */
    const char *json_type, *json_format; /* of OpenAPI; json_type "string", "integer", "number" or "boolean" */
    /* Reads a text as people write it into the member; the text is clean and not empty. Fills error's field. */
    enum status (*parse)(struct record_context *context, const struct field *field, const char *text, void *member,
                         struct error *error);
    const char *(*print)(struct arena *arena, const struct field *field,
                         const void *member); /* canonical; NULL: absent */
    const char *(*show)(struct record_context *context, const struct field *field,
                        const void *member); /* NULL: absent */
    /* Writes the JSON value of a present member; NULL: the canonical text, bare for numbers, else as a string. */
    void (*json)(struct buffer *out, struct arena *arena, const struct field *field, const void *member);
    /* What else its OpenAPI schema says, ", \"pattern\": ..."; NULL: nothing. */
    void (*schema)(struct buffer *out, const struct field *field);
    /* Its keys as a facet, and its words when it is searched; NULL: it can be neither. */
    void (*keys)(struct gathering *gathering, const struct field *field, const void *member);
    void (*search)(struct word_gathering *words, const struct field *field, const void *member);
    void (*clear)(void *member);
    void (*bind)(const void *member, struct db_value *values);
    void (*load)(struct arena *arena, const struct db_rows *rows, size_t column, void *member);
};

const struct type *field_type(const struct field *field);
/* Bytes of the field's member. */
/* A moment as the browser's own field holds it, "2026-11-22T14:30"; NULL: absent. In the arena. */
const char *moment_typed(struct arena *arena, const void *member);

size_t field_size(const struct field *field);

/* Whether the check digits hold: Luhn, and La Poste's own rule for its establishments. */
bool siren_valid(const char *siren);
bool siret_valid(const char *siret);

/* Reads "1 234,5" or "1234.5" (spaces of any width, comma or point) into value * 10^scale; false when it is no such number, has
 * more digits after the point than scale, or more than 15 in all: what JSON and spreadsheets give back exactly. */
bool decimal_parse(const char *text, int scale, int64_t *scaled);
/* "1234.50" */
const char *decimal_print(struct arena *arena, int64_t scaled, int scale);

#endif
