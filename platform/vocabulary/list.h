/* list.h: a code list outside the database: read from a file, checked, stored as an edition.
 *
 * The project's own format (docs/reference-data.md): lines "# key: value" (scheme, version, from, until, title_fr, title_en, source,
 * licence), then a strict CSV whose columns are named after the members of struct list_row, in any order and most of them optional. Official
 * files of other people are read by vocabulary_read_official. */
#ifndef PLATFORM_VOCABULARY_LIST_H
#define PLATFORM_VOCABULARY_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct arena;
struct db;
struct vocabulary;

struct list_row {
    const char *code;                                        /* 1 to 64 bytes, no space within */
    const char *level, *parent, *other_parent, *replaced_by; /* NULL when absent */
    const char *label_fr;
    const char *label_en;                  /* NULL: the French one */
    const char *synonyms_fr, *synonyms_en; /* separated by '|' */
    const char *note_fr, *note_en;
    int64_t population;          /* INT64_MIN when unknown, as the next two */
    int64_t latitude, longitude; /* millionths of a degree */
    int64_t from, until;         /* days; INT64_MIN, INT64_MAX: those of the edition */
    bool approximate, retired;
    int64_t line; /* of the file */
};

/* A code of this list is linked to one of another list. */
struct list_link {
    const char *code, *other_scheme, *other_code;
};

struct list {
    const char *scheme, *version;
    const char *title_fr, *title_en, *source, *licence;
    int64_t from, until; /* days; INT64_MAX: open */
    struct list_row *rows;
    size_t row_count;
    struct list_link *links;
    size_t link_count;
    char fingerprint[65]; /* of the file, in hexadecimal */
};

/* Reads a file of the project's own format into the arena. */
enum status list_read(struct arena *arena, const char *path, struct list *list, struct error *error);
/* The same from memory; name stands for the file in messages. */
enum status list_read_bytes(struct arena *arena, const char *name, const char *bytes, size_t length, struct list *list,
                            struct error *error);

/* Only what the head of the file says, and the fingerprint: to see whether it need be read. */
enum status list_peek(struct arena *arena, const char *path, struct list *list, struct error *error);
/* Whether that edition is in the database with that fingerprint. */
enum status list_is_stored(struct db *db, const struct list *list, bool *stored, struct error *error);

/* Checks that codes are unique and well made, that parents exist and that no code is its own ancestor, and puts parents before their
 * children, otherwise keeping the order. STATUS_INPUT names the line. O(n log n). */
enum status list_arrange(struct arena *arena, const char *file, struct list *list, struct error *error);

/* Gives a list that comes from no file its fingerprint: of its codes, their parents and labels. */
void list_take_fingerprint(struct list *list);

/* Says how far: called some ten times a second at most. */
struct list_progress {
    void (*report)(void *context, const char *scheme, size_t done, size_t total);
    void *context;
};

/* Stores the list as that edition, in short transactions: readers see the former one until the new one is complete. *changed (may be NULL)
 * is false when list_is_stored. The list is arranged. progress may be NULL. Running programs see it at
 * their next vocabulary_load. */
enum status list_store(struct db *db, const struct list *list, const struct list_progress *progress, bool *changed,
                       struct error *error);

/* What is wanted of an official file. */
struct list_request {
    const char
        *scheme; /* "territory", "naf", "naf_correspondence", "employment_area", "labour_basin", "industry_territory" */
    const char *version; /* NULL: the year in the file's name */
    int64_t from;        /* INT64_MIN: 1 January of that year */
    const char *sheet;   /* of a workbook; NULL: the first */
};

/* Reads an official file (CSV of any delimiter and encoding, or XLSX), recognised by its columns:
 *   territory          Insee, communes of the official geographical code (TYPECOM, COM, DEP, LIBELLE, COMPARENT); EPCI, population, coordinates and the
 *                      levels above are taken over from the present vocabulary
 *   naf                a code and a label a row, sections included; parents follow from the codes
 *   naf_correspondence   Insee's table: a former code and a new one a row; gives the codes of both, each linked to those that it corresponds to
 *   employment_area, labour_basin, industry_territory   a commune, the area's code and its name a row: gives the areas, and links to them
 * present: what is loaded now. The list is arranged. */
enum status list_read_official(struct arena *arena, const struct vocabulary *present, const char *path,
                               const struct list_request *request, struct list *list, struct error *error);

/* Territories of the list that have no place, or an approximate one, take the exact place that the present edition gives the same code: what the
 * postal file brought is not lost with the next edition. */
void list_keep_places(const struct vocabulary *present, struct list *list);

/* Reads La Poste's "base officielle des codes postaux" (hexasmal) and gives the communes of the present edition of "territory" its coordinates in
 * place of approximate ones. *placed: how many codes, former communes and arrondissements among them; *left: how many communes in force have no exact
 * place even so. */
enum status list_place_communes(struct db *db, const struct vocabulary *present, const char *path, size_t *placed,
                                size_t *left, struct error *error);

#endif
