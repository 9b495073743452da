/* The views of the templates that test the compiler. */
#ifndef TESTS_GOLDEN_TEMPLATES_GOLDEN_H
#define TESTS_GOLDEN_TEMPLATES_GOLDEN_H

#include "platform/html/html.h"

struct golden_inner {
    const char *name;
};

struct golden_row {
    const char *name;
    const char *const *entries;
    size_t entry_count;
};

struct golden_view {
    const char *name, *label, *address, *path, *text;
    int64_t count, day, moment;
    size_t size;
    bool flag;
    struct markup body;
    const struct golden_row *rows;
    size_t row_count;
    struct golden_inner inside;
    const struct golden_inner *other;
};

#endif
