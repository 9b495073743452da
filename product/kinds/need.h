/* need.h: what a company lacks, and what came of it. */
#ifndef PRODUCT_KINDS_NEED_H
#define PRODUCT_KINDS_NEED_H

#include "platform/record/kind.h"

struct need {
    struct record head;
    struct text title;
    struct reference company;
    struct code type;
    struct text description;
    struct codes skills;
    struct integer headcount;
    struct date start;
    struct place place;
    struct file document;
    struct text contact;
    struct email email;
    struct telephone telephone;
    struct code sector, size, departement, region;
    struct date filed;
    struct reference visit;
};

extern const struct kind need_kind;

#endif
