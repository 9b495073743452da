/* booking.h: a request to use somebody's equipment: seen by who asks and by whose it is, who answers. */
#ifndef PRODUCT_KINDS_BOOKING_H
#define PRODUCT_KINDS_BOOKING_H

#include "platform/record/kind.h"

struct booking {
    struct record head;
    struct text title;
    struct reference equipment, organisation, provider;
    struct moment starts, ends;
    struct text purpose;
    struct text person;
    struct email email;
    struct telephone telephone;
    struct text answer;
};

extern const struct kind booking_kind;

#endif
