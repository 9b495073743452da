/* open.h: what is open to all: the datasets of the catalogue, gathered from the tables of the kinds, the frozen figures and the code lists. */
#ifndef PRODUCT_OPEN_H
#define PRODUCT_OPEN_H

#include "base/error.h"
#include "platform/catalogue/catalogue.h"

struct arena;
struct db_handle;
struct records;
struct vocabulary_edition;

/* Every list that anyone may read, with what is public in it now; the needs of the whole network in figures, once a quarter is frozen; the code lists in
 * force. origin: address of the site. In the arena. A few statements a list. */
enum status open_datasets(const struct records *records, struct db_handle *read, struct arena *arena,
                          const char *origin, struct catalogue_dataset **datasets, size_t *count, struct error *error);

#define OPEN_CODES_PATH "/api/v1/codes"

/* What the API's description says of them. */
extern const char codes_api_paths[];

/* Whether a code list is one that anyone may have: it says its licence, and is in force. */
bool open_list(const struct vocabulary_edition *edition);

#endif
