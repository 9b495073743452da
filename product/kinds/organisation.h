/* organisation.h: who is in the network: companies, clusters, laboratories, training bodies, collectivités, funders. */
#ifndef PRODUCT_KINDS_ORGANISATION_H
#define PRODUCT_KINDS_ORGANISATION_H

#include "platform/record/kind.h"

struct organisation {
    struct record head;
    struct text name;
    struct code type;
    struct siren siren;
    struct siret siret;
    struct text activity;
    struct code sector;
    struct code size;
    struct integer headcount;
    struct place place;
    struct codes strategic_sectors, offers;
    struct link website;
    struct text contact;
    struct email email;
    struct telephone telephone;
    struct code departement, region;
    struct text naf_2025;
    struct date closed, treated;
    struct yesno invented;
};

extern const struct kind organisation_kind;

#endif
