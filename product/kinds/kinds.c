#include "product/kinds/kinds.h"

#include <stddef.h>

#include "product/kinds/adoption.h"
#include "product/kinds/booking.h"
#include "product/kinds/equipment.h"
#include "product/kinds/event.h"
#include "product/kinds/handover.h"
#include "product/kinds/membership.h"
#include "product/kinds/need.h"
#include "product/kinds/organisation.h"
#include "product/kinds/practice.h"
#include "product/kinds/registration.h"
#include "product/kinds/visit.h"

const struct kind *const product_kinds[] = {
    &organisation_kind, &membership_kind,   &need_kind,      &handover_kind, &practice_kind, &adoption_kind,
    &event_kind,        &registration_kind, &equipment_kind, &booking_kind,  &visit_kind,    NULL,
};
