/* sirene_private.h: what was read, on its way into the organisations. */
#ifndef PRODUCT_SIRENE_PRIVATE_H
#define PRODUCT_SIRENE_PRIVATE_H

#include "base/map.h"
#include "platform/record/record.h"
#include "product/sirene/sirene.h"

#define SIRENE_WITHHELD "[ND]"

/* A company: the establishment that stands for it, and what its own line says. */
struct sirene_company {
    int64_t number; /* its SIREN as a number */
    struct sirene_company *next;
    const char *name;                   /* sign or usual name of the establishment; NULL */
    const char *unit_name;              /* of the company; NULL */
    int64_t began, treated, unit_began; /* days; ABSENT */
    char siret[15], commune[6], naf[8], naf25[8], unit_band[3], legal[5];
    int rank;            /* of that establishment */
    bool present_seen;   /* the establishment that the organisation names was among the lines */
    bool closed, partly; /* partly: some of it is withheld */
    bool has_unit, unit_closed;
};

struct sirene_gathering {
    struct arena *arena;
    const struct records *records;
    struct sirene_filter *filter;
    struct map *here;      /* SIREN of organisations that are here -> their SIRET, or "" */
    struct map *companies; /* those gathered */
    struct sirene_company *first, **last;
    struct sirene_count count;
};

bool sirene_filter_takes(struct sirene_filter *filter, const char *const values[E_COLUMNS]);

/* "C", "62.01Z" of a file as the list of codes has it; the commune of an arrondissement of Paris, Lyon or Marseille. */
const char *sirene_commune(const char *code);

/* The text, or NULL when it is absent or withheld. */
const char *sirene_text(const char *value);
/* The day of "2026-11-25" or of a moment that begins so; ABSENT. */
int64_t sirene_day(const char *value);

#endif
