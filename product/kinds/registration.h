/* registration.h: who comes to an event: seen by who registers and by who organises. */
#ifndef PRODUCT_KINDS_REGISTRATION_H
#define PRODUCT_KINDS_REGISTRATION_H

#include "platform/record/kind.h"

struct registration {
    struct record head;
    struct text title;
    struct reference event, organisation, organiser;
    struct moment starts;
    struct text person;
    struct email email;
    struct text remark;
};

extern const struct kind registration_kind;

#endif
