/* vocabulary.h: code lists with versions and hierarchies (territories, sectors, sizes, skills ...).
 *
 * A scheme ("territory", "naf", "size", "size_lme", "csf", "trl", "skill", "need_type" ...) has dated versions; a code has a label in each
 * language, a parent, a level, and perhaps a population and coordinates. Retired codes stay readable: records keep the code that
 * they were filed under. The lists are read once into memory shared by the threads (about 100,000 codes: keep them compact, they
 * count in the 100 MB of the process) or mapped from a file built at set-up, and found in O(1). */
#ifndef PLATFORM_VOCABULARY_H
#define PLATFORM_VOCABULARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "platform/language/language.h"

struct arena;
struct db;
struct vocabulary; /* all schemes of one database */

struct vocabulary_code {
    const char *code;      /* "59350", "C10.11Z" */
    const char *scheme;    /* which scheme */
    const char *label_fr, *label_en; /* en may be the French one */
    const char *parent;    /* code of the parent in the same scheme; NULL: a root */
    const char *level;     /* "region", "departement", "epci", "commune"; "section", "division" ... */
    int depth;             /* 0: root */
    const char *version;   /* of the list: "2008", "2025" */
    int64_t from, until;   /* days in force; ABSENT-like INT64_MIN / INT64_MAX when open */
    int64_t population;    /* INT64_MIN when unknown */
    int64_t latitude, longitude; /* millionths of a degree; INT64_MIN when unknown */
    bool approximate;      /* a centre stands for the exact place */
    bool retired;
    const char *replaced_by; /* code, or NULL */
};

enum status vocabulary_load(struct db *db, struct vocabulary **vocabulary, struct error *error);
void vocabulary_free(struct vocabulary **vocabulary);

/* One code, in the current version unless it exists only in an older one; NULL when unknown. O(1). */
const struct vocabulary_code *vocabulary_find(const struct vocabulary *vocabulary, const char *scheme, const char *code);
/* Its label; the code itself when unknown. */
const char *vocabulary_label(const struct vocabulary *vocabulary, enum language language, const char *scheme, const char *code);
/* The code and its ancestors, nearest first: at most `most`; returns how many. Territories have two chains of parents
 * (commune -> EPCI, commune -> département -> région): all are given. */
size_t vocabulary_ancestors(const struct vocabulary *vocabulary, const char *scheme, const char *code, const struct vocabulary_code **out,
                            size_t most);
/* Codes of a level (NULL: all), of a parent (NULL: any), in order of code. Result in the arena. */
size_t vocabulary_list(const struct vocabulary *vocabulary, struct arena *arena, const char *scheme, const char *level, const char *parent,
                       const struct vocabulary_code ***out);
/* For pickers: codes whose folded label or code has the folded query's words as prefixes; best first (exact, then population, then
 * label). At most `most`. */
size_t vocabulary_search(const struct vocabulary *vocabulary, struct arena *arena, enum language language, const char *scheme, const char *level,
                         const char *query, const struct vocabulary_code **out, size_t most);
/* From a free text, the codes it speaks of (labels and synonyms), best first: for proposing codes of a need. */
size_t vocabulary_suggest(const struct vocabulary *vocabulary, struct arena *arena, const char *scheme, const char *text,
                          const struct vocabulary_code **out, size_t most);

#endif
