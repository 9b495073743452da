/* handover.h: a need handed over to another service, and what that service made of it. */
#ifndef PRODUCT_KINDS_HANDOVER_H
#define PRODUCT_KINDS_HANDOVER_H

#include "platform/record/kind.h"

struct handover {
    struct record head;
    struct text title;
    struct reference need;
    struct text service;
    struct code subject;
    struct codes answered_yes;
    struct text answers;
    struct text message;
    struct yesno with_contact;
    struct text contact;
    struct email email;
    struct telephone telephone;
    struct text company;
    struct siret siret;
    struct text number;
    struct date sent;
    struct text answer;
};

extern const struct kind handover_kind;

/* The list of services, their subjects and the questions on each: levels "service", "subject", "question" ("ce", "ce.103", "ce.103.93"). */
#define HANDOVER_SCHEME "handover"
/* The type of job that sends one; its argument is the record's number. */
#define HANDOVER_JOB "handover"

#endif
