/* equipment.h: what an organisation opens to others: a technology platform, a machine, a showcase; on which terms, at what price. */
#ifndef PRODUCT_KINDS_EQUIPMENT_H
#define PRODUCT_KINDS_EQUIPMENT_H

#include "platform/record/kind.h"

struct equipment {
    struct record head;
    struct text title;
    struct choice type;
    struct reference organisation;
    struct text description, access;
    struct money price;
    struct choice price_per;
    struct codes serves;
    struct place place;
    struct link link;
    struct text contact;
    struct email email;
    struct telephone telephone;
    struct codes strategic_sectors;
    struct code sector, departement, region;
};

extern const struct kind equipment_kind;

#endif
