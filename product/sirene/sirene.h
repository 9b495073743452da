/* sirene.h: Insee's register of companies and establishments, into the organisations of the network.
 *
 * The monthly stock files (StockEtablissement, StockUniteLegale) and the API 3.11 give the same lines; each company (SIREN) becomes or brings up to
 * date one organisation. Read by the names of their columns. What Insee withholds ("[ND]") is taken for absent when it is read, and so never kept;
 * names of natural persons are not read at all. See docs/open-data.md. */
#ifndef PRODUCT_SIRENE_H
#define PRODUCT_SIRENE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "platform/job/job.h"

struct arena;
struct records;

/* ---- which lines ---- */

struct sirene_filter;

/* "naf=C,naf=62.01Z,place=R32,place=59350,active,employer": within naf and within place any of the codes, with what stands beneath them; the rest
 * together. "" or NULL: every line. STATUS_INPUT for a word or code that is none. The filter lives in the arena, for one thread. */
enum status sirene_filter_read(struct arena *arena, const struct records *records, const char *text,
                               struct sirene_filter **filter, struct error *error);

/* ---- reading ---- */

enum sirene_establishment_column {
    E_SIREN,
    E_SIRET,
    E_DIFFUSION,
    E_TREATED,
    E_SEAT,
    E_COMMUNE,
    E_BEGAN,
    E_STATE,
    E_SIGN,
    E_USUAL,
    E_NAF,
    E_EMPLOYER,
    E_NAF25,
    E_COLUMNS
};
enum sirene_unit_column { U_SIREN, U_DIFFUSION, U_NAME, U_USUAL, U_LEGAL, U_BAND, U_STATE, U_BEGAN, U_COLUMNS };

/* What was read, by company. */
struct sirene_gathering;

struct sirene_count {
    int64_t lines, kept;          /* of establishments: read, and of those the filter's or of companies that are here */
    int64_t companies;            /* to which they belong */
    int64_t added, changed, same; /* organisations */
    int64_t closed;               /* of the changed: marked closed */
    int64_t unnamed;              /* companies without a name that may be shown: not added */
    int64_t withheld;             /* organisations that only this import had named, now withheld: erased */
    int64_t refused, faulty;      /* organisations that the program may not read; lines that cannot be right */
};

/* Remembers which companies are here, so that their lines are kept whatever the filter. In the arena. */
enum status sirene_begin(struct arena *arena, const struct records *records, struct sirene_filter *filter,
                         struct sirene_gathering **gathering, struct error *error);
/* One line of each file; an absent column is NULL or "". O(1). */
void sirene_take_establishment(struct sirene_gathering *gathering, const char *const values[E_COLUMNS]);
void sirene_take_unit(struct sirene_gathering *gathering, const char *const values[U_COLUMNS]);
/* Whole files, CSV or a zip archive that holds one. About 3 us a line that is left out. */
enum status sirene_read_establishments(struct sirene_gathering *gathering, const char *path, struct error *error);
enum status sirene_read_units(struct sirene_gathering *gathering, const char *path, struct error *error);

/* Adds and brings up to date the organisations, in transactions of some hundred; then forgets what was gathered. Run again it changes
 * nothing. *count: what it did, and what was read before. */
enum status sirene_store(struct sirene_gathering *gathering, struct sirene_count *count, struct error *error);

/* ---- the API ---- */

struct sirene_settings {
    const char *address; /* "https://api.insee.fr/api-sirene/3.11" */
    const char *key;     /* NULL: increments are off */
    const char *filter;
    bool private;    /* for trials: http and private addresses */
    int64_t wait_ms; /* longest wait that a 429 may ask for before the job gives up until later; 0: 90 s */
};

/* Fetches the establishments that Insee treated since the last time (the first time: since `days` ago), page after page, and stores them. Where it is
 * stands in the table sirene_increment. STATUS_BUSY: to be tried later. */
enum status sirene_increment(struct job *job, const struct records *records, const struct sirene_settings *settings,
                             struct sirene_count *count, struct error *error);

extern const struct job_type sirene_jobs[];

#endif
