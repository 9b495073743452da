#include "product/kinds/membership.h"

#include <stddef.h>

#include "product/roles.h"

static const struct option roles[] = {
    {"member", N_("Member")},
    {"board", N_("Member of the board")},
    {"partner", N_("Partner")},
    {NULL, NULL},
};

#define FIELD(type_, member_, ...) type_(membership, member_, __VA_ARGS__)
static const struct field fields[] = {
    FIELD(TEXT, title, DERIVED(COMPOSED, "{organisation} – {cluster}"), .label = N_("Membership"), .max = 400,
          .list = true),
    FIELD(REFERENCE, organisation, .label = N_("Organisation"), .to = "organisation", .required = true, .fixed = true,
          .facet = true, .list = true),
    FIELD(REFERENCE, cluster, .label = N_("Cluster"), .to = "organisation", .required = true, .fixed = true,
          .facet = true, .list = true),
    FIELD(CHOICE, role, .label = N_("Role"), .options = roles, .required = true, .facet = true),
    FIELD(DATE, starts, .label = N_("Since"), .required = true, .list = true),
    FIELD(DATE, ends, .label = N_("Until"), .list = true),
    FIELDS_END,
};

const struct kind membership_kind = {
    .name = "membership",
    .title = N_("Membership"),
    .plural = N_("Memberships"),
    .path = "/memberships",
    .summary = N_("Who is a member of which cluster."),
    .themes = "ECON",
    .keywords = N_("clusters;members;innovation"),
    .filing = N_("Add a membership"),
    .size = sizeof(struct membership),
    .fields = fields,
    .name_field = "title",
    .owner_field = "cluster",
    .reference = true,
    .place = "organisation.place",
    .create = OFFICER | ADMINISTRATOR,
    .read = ANYONE,
    .write = OFFICER | ADMINISTRATOR,
    .erase = OFFICER | ADMINISTRATOR,
    .audience = AUDIENCE_PUBLIC,
    .after_save = roles_follow_membership,
};
