/* event.h: what takes place: a meeting, a workshop, an exchange about a practice; who may come, and afterwards its minutes. */
#ifndef PRODUCT_KINDS_EVENT_H
#define PRODUCT_KINDS_EVENT_H

#include "platform/record/kind.h"

struct event {
    struct record head;
    struct text title;
    struct choice type;
    struct reference organiser;
    struct moment starts, ends;
    struct place place;
    struct text address;
    struct link online;
    struct markdown description;
    struct text for_whom;
    struct integer places;
    struct date register_until;
    struct link link;
    struct reference practice;
    struct codes strategic_sectors;
    struct markdown minutes;
    struct code departement, region;
};

extern const struct kind event_kind;

#endif
