/* membership.h: which organisation is a member of which cluster, from when until when. */
#ifndef PRODUCT_KINDS_MEMBERSHIP_H
#define PRODUCT_KINDS_MEMBERSHIP_H

#include "platform/record/kind.h"

struct membership {
    struct record head;
    struct text title;
    struct reference organisation, cluster;
    struct choice role;
    struct date starts, ends;
};

extern const struct kind membership_kind;

#endif
