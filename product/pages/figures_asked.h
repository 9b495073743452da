/* figures_asked.h: which published figures an address asks for, read and found; shared by the page, its files and the API. */
#ifndef PRODUCT_PAGES_FIGURES_ASKED_H
#define PRODUCT_PAGES_FIGURES_ASKED_H

#include "base/map.h"
#include "platform/vocabulary/vocabulary.h"
#include "product/figures/figures.h"
#include "product/pages/pages_private.h"

struct figures_asked {
    const struct http_request *request;
    struct record_context context;
    struct figures_release *releases;
    size_t release_count;
    const struct figures_release *release; /* of the quarter asked for; NULL: none is frozen yet */
    bool fine;                             /* by département */
    enum figures_family family;
    const char *code; /* "" for all */
    const char *area; /* of series and bars: FR by default */
};

/* Parameters: quarter (the newest), level (region, departement), kind or sector (never both) or `of` for either, area. No other is taken: there
 * is one cube. STATUS_INPUT with the parameter at fault; STATUS_MISSING for a quarter that is not published. */
enum status figures_ask(const struct http_request *request, struct figures_asked *asked, struct error *error);

/* The address of the page with one parameter changed (or none: name NULL). */
const char *figures_url(const struct figures_asked *asked, const char *path, const char *name, const char *value);
/* The list of needs that the reader may see behind a figure of that quarter. */
const char *figures_list_url(const struct figures_asked *asked, int64_t quarter, enum figures_family family,
                             const char *code, const char *area);

/* The territories of the level asked for. */
size_t figures_territories(const struct figures_asked *asked, const struct vocabulary_code ***territories);
const char *figures_area_label(const struct figures_asked *asked, const char *area);
const char *figures_code_label(const struct figures_asked *asked, enum figures_family family, const char *code);

/* Cells by area (by = 'a'), by code ('c') or by the name of their quarter ('q'). */
enum status figures_by(const struct figures_asked *asked, const struct figures_wish *wish, char by, struct map **cells,
                       struct error *error);
/* /api/v1/figures/needs in OpenAPI. */
extern const char figures_api_paths[];

/* Tenths of a company per 1,000 members; ABSENT where there is no rate. */
int64_t figures_rate(const struct figures_cell *cell);

#endif
