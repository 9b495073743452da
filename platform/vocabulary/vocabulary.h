/* vocabulary.h: code lists with versions and hierarchies (territories, sectors, sizes, skills ...).
 *
 * A scheme ("territory", "naf", "size", "size_lme", "csf", "trl", "skill", "need_type" ...) has dated versions; a code has a label in each
 * language, a parent, a level, and perhaps a population and coordinates. Retired codes stay readable: records keep the code that
 * they were filed under. The lists are read once into memory shared by the threads, compact (about 200 bytes a code), never written to
 * afterwards, and found in O(1). What the functions return lives as long as the vocabulary, unless an arena is given.
 *
 * Codes of "territory": communes, départements and overseas collectivities by their INSEE code ("59350", "59", "987"), EPCI by their SIREN, régions
 * by R and their INSEE code ("R32"), since the bare number is also a département's. Of "naf": "C", "10", "10.1", "10.11", "10.11Z". */
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
    const char *code;                /* "59350", "10.11Z" */
    const char *scheme;              /* which scheme */
    const char *label_fr, *label_en; /* en may be the French one */
    const char *parent;              /* code of the parent in the same scheme; NULL: a root */
    const char *level;   /* "region", "departement", "epci", "commune"; "section", "division" ...; "" in flat lists */
    int depth;           /* 0: root */
    const char *version; /* of the list: "2008", "2025" */
    int64_t from, until; /* days in force; ABSENT-like INT64_MIN / INT64_MAX when open */
    int64_t population;  /* INT64_MIN when unknown */
    int64_t latitude, longitude; /* millionths of a degree; INT64_MIN when unknown */
    bool approximate;            /* a centre stands for the exact place */
    bool retired;                /* marked so in its list, or only in an edition that is no longer in force */
    const char *replaced_by;     /* code, or NULL */
};

/* One edition of a list. */
struct vocabulary_edition {
    const char *scheme, *version;
    const char *title_fr, *title_en; /* of the list */
    int64_t from, until;             /* days in force; INT64_MAX when open */
    int64_t codes;
    const char *source, *licence;
    int64_t edition; /* identifies this reading of the list: changes when it is read anew */
    bool current;    /* the one in force on the day of loading: the others' codes are found, not proposed */
};

/* Reads all lists. O(codes). The caller ends it with vocabulary_free, after all threads have left it. */
enum status vocabulary_load(struct db *db, struct vocabulary **vocabulary, struct error *error);
void vocabulary_free(struct vocabulary **vocabulary);

/* The index of records keeps the ancestors that codes had when it was written (table vocabulary_basis). When other editions have come into
 * force since, who keeps the index compares the lists as they were with those of now: see records_follow_vocabulary. */
/* moved: whether an edition in force is not the one by which the records were indexed (a list that was never noted does not count); noted:
 * whether all are noted. One query. */
enum status vocabulary_has_moved(struct db *db, const struct vocabulary *now, bool *moved, bool *noted,
                                 struct error *error);
/* As vocabulary_load, with the editions in force by which the records were indexed. */
enum status vocabulary_load_as_indexed(struct db *db, struct vocabulary **vocabulary, struct error *error);
/* The codes of the scheme that stand under other codes than before. Returns how many; in the arena. O(codes). */
size_t vocabulary_moved_codes(const struct vocabulary *before, const struct vocabulary *now, struct arena *arena,
                              const char *scheme, const char ***codes);
/* Notes that the records are indexed by these lists; what is kept of older readings goes at the next loading. */
enum status vocabulary_note_indexed(struct db *db, const struct vocabulary *now, struct error *error);

/* The editions, by scheme, the one in force first. */
size_t vocabulary_editions(const struct vocabulary *vocabulary, const struct vocabulary_edition **editions);

/* Whether an edition of that list is loaded. */
bool vocabulary_has(const struct vocabulary *vocabulary, const char *scheme);

/* One code, in the current version unless it exists only in another one (the newest); NULL when unknown. O(1). */
const struct vocabulary_code *vocabulary_find(const struct vocabulary *vocabulary, const char *scheme,
                                              const char *code);
/* The code as that version has it; NULL when that version lacks it or is not loaded. O(versions). The 32 newest are loaded. */
const struct vocabulary_code *vocabulary_find_version(const struct vocabulary *vocabulary, const char *scheme,
                                                      const char *version, const char *code);
/* Its label; the code itself when unknown. */
const char *vocabulary_label(const struct vocabulary *vocabulary, enum language language, const char *scheme,
                             const char *code);
/* What the code means, in a sentence or two; NULL when the list does not say. O(log notes). */
const char *vocabulary_note(const struct vocabulary *vocabulary, enum language language, const char *scheme,
                            const char *code);
/* The code and its ancestors, nearest first: at most `most`; returns how many. Territories have two chains of parents
 * (commune -> EPCI, commune -> département -> région): all are given. */
size_t vocabulary_ancestors(const struct vocabulary *vocabulary, const char *scheme, const char *code,
                            const struct vocabulary_code **out, size_t most);
/* Codes of a level (NULL: all), of a parent in either hierarchy (NULL: any), in the order of the list; of the current version, not retired. The
 * result is to be read only: of a whole level it is shared, O(levels); else in the arena, O(codes of the parent, or of the scheme). */
size_t vocabulary_list(const struct vocabulary *vocabulary, struct arena *arena, const char *scheme, const char *level,
                       const char *parent, const struct vocabulary_code ***out);
/* The codes of another list that this one is linked to (a commune's employment area): at most `most`. O(log links). */
size_t vocabulary_links(const struct vocabulary *vocabulary, const char *scheme, const char *code,
                        const char *other_scheme, const struct vocabulary_code **out, size_t most);
/* For pickers: current codes whose folded label (in either language) or code has the folded query's words as prefixes; best first
 * (exact, then whole words, then population, then the order of the list). An empty query gives none. At most `most`. O(codes that hold the rarest
 * word); the index is built at the first search. */
size_t vocabulary_search(const struct vocabulary *vocabulary, struct arena *arena, enum language language,
                         const char *scheme, const char *level, const char *query, const struct vocabulary_code **out,
                         size_t most);
/* From a free text, the codes it speaks of (labels and synonyms in both languages), best first: for proposing codes of a need. Words
 * are compared by their stems and weigh by their rarity in the list. Lists of more than 5,000 codes (territories) give none. */
size_t vocabulary_suggest(const struct vocabulary *vocabulary, struct arena *arena, const char *scheme,
                          const char *text, const struct vocabulary_code **out, size_t most);

#endif
