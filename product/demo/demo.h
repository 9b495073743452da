/* demo.h: a demonstration network: plausible, deterministic, and plainly marked as invented.
 *
 * Names are made of syllables and end in « (fictif) »; SIRENs begin with 0, as none of the register does, with a right check digit. Places are
 * real communes, drawn by population; sectors and sizes have realistic shares. Same options, same network (numbers and moments apart). */
#ifndef PRODUCT_DEMO_DEMO_H
#define PRODUCT_DEMO_DEMO_H

#include <stdint.h>

#include "base/error.h"

struct records;

struct demo_options {
    int64_t companies; /* up to 1,000,000; at least 55 clusters and 120 other bodies come with them */
    int64_t needs;     /* up to 1,000,000 */
    uint64_t seed;
};

/* Called now and then with what is being made and how much of it is done. */
typedef void demo_progress(void *context, const char *what, int64_t done, int64_t total);

/* Fills an empty database. STATUS_CONFLICT when it holds organisations already. */
enum status demo_fill(const struct records *records, const struct demo_options *options, demo_progress *progress,
                      void *context, struct error *error);

#endif
