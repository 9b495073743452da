/* rgaa.h: the grid of the RGAA 4.1 (106 criteria in 13 themes), in our words: what was looked at, and how. None is claimed to be met: that takes an audit. */
#ifndef PRODUCT_PAGES_RGAA_H
#define PRODUCT_PAGES_RGAA_H

#include <stddef.h>

#include "base/error.h"

enum rgaa_state {
    RGAA_SEEN, /* a program checks it, or part of it, on each page; no person has */
    RGAA_OPEN, /* nobody has looked yet */
    RGAA_NONE, /* the site has nothing of the kind */
    RGAA_STATES
};
struct rgaa_criterion {
    enum rgaa_state state;
    const char *text; /* N_("...") */
};
struct rgaa_theme {
    const char *title;
    const struct rgaa_criterion *criteria; /* numbered from 1 */
    size_t count;
};
enum { RGAA_THEMES = 13 };
extern const struct rgaa_theme rgaa_themes[RGAA_THEMES];

#endif
