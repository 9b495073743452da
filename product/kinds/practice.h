/* practice.h: a good practice: what was done, where, at what cost, with which result, and what it takes to do it elsewhere. */
#ifndef PRODUCT_KINDS_PRACTICE_H
#define PRODUCT_KINDS_PRACTICE_H

#include "platform/record/kind.h"

struct practice {
    struct record head;
    struct text title;
    struct reference organisation;
    struct text context, means;
    struct money cost;
    struct text results, conditions;
    struct link evidence;
    struct text testimony;
    struct codes serves, strategic_sectors;
    struct date start;
    struct place place;
    struct code sector, size, departement, region;
};

extern const struct kind practice_kind;

#endif
