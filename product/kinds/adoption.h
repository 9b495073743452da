/* adoption.h: a good practice taken up by another organisation: how far it is, and the result that it measured there. */
#ifndef PRODUCT_KINDS_ADOPTION_H
#define PRODUCT_KINDS_ADOPTION_H

#include "platform/record/kind.h"

struct adoption {
    struct record head;
    struct text title;
    struct reference practice, organisation, holder;
    struct text adaptation;
    struct date start;
    struct money cost;
    struct text measure, unit;
    struct choice sought;
    struct decimal before, after;
    struct date measured;
    struct text result;
    struct text figures;
    struct choice effect;
    struct decimal change;
    struct text lesson;
    struct link evidence;
    struct place place;
    struct code sector, size, departement, region;
};

extern const struct kind adoption_kind;

#endif
