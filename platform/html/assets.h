/* assets.h: style sheet, script, fonts: files compiled into the program (assets/assets.txt) and served under names that hold the hash of
 * their content, so that browsers may keep them for ever. */
#ifndef PLATFORM_HTML_ASSETS_H
#define PLATFORM_HTML_ASSETS_H

#include <stdbool.h>

#include "base/error.h"
#include "platform/http/http.h"

/* "/assets/site-<hash>.css" for "site.css"; "" when there is no such file (npm was not run). Static. O(log n). */
const char *asset_url(const char *name);
bool asset_exists(const char *name);
/* Its content; "" when there is none. Static. */
const char *asset_text(const char *name, size_t *length);

/* Loads the administrator's theme: a style sheet served after the site's own, as the asset "theme.css". Once, before requests; NULL: none. */
enum status asset_load_theme(const char *style_sheet, struct error *error);

/* GET /assets/{name}. Ended by an empty row. */
extern const struct http_route asset_routes[];

#endif
