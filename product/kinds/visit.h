/* visit.h: a company seen by an officer of its cluster: planned, then held, what came of it, and what is told to a public authority. */
#ifndef PRODUCT_KINDS_VISIT_H
#define PRODUCT_KINDS_VISIT_H

#include "platform/record/kind.h"

struct visit {
    struct record head;
    struct text title;
    struct reference company, cluster;
    struct date day;
    struct text officer, met, said, summary, next;
    struct date next_day;
    struct reference authority;
    struct choice letter;
    struct date lettered;
    struct place place;
    struct code sector, size, departement, region;
};

extern const struct kind visit_kind;

#endif
