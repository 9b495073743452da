#include "product/kinds/kinds.h"

#include <stddef.h>

#include "product/kinds/handover.h"
#include "product/kinds/membership.h"
#include "product/kinds/need.h"
#include "product/kinds/organisation.h"
#include "product/kinds/practice.h"

const struct kind *const product_kinds[] = {
    &organisation_kind, &membership_kind, &need_kind, &handover_kind, &practice_kind, NULL,
};
