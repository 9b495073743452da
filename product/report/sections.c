/* sections.c: what the report of a year lists. */
#include <string.h>

#include "product/kinds/event.h"
#include "product/kinds/need.h"
#include "product/kinds/organisation.h"
#include "product/kinds/practice.h"
#include "product/kinds/visit.h"
#include "product/report/report.h"

#define READABLE(alias) alias ".reader IN (SELECT token FROM account_token WHERE account = $4)"
#define COLUMNS(...) \
    (const struct report_column[]) \
    { \
        __VA_ARGS__, { NULL } \
    }

const struct report_section report_sections[REPORT_SECTIONS] = {
    {.name = "members",
     .title = N_("Members"),
     .one = N_("{1} member in the year"),
     .many = N_("{1} members in the year"),
     .kind = &organisation_kind,
     .sql = "SELECT o.id, o.name, o.siret, o.siren, o.type, o.size, o.sector, o.place, o.departement, o.region, "
            "MIN(m.starts), MIN(m.starts), CASE WHEN COUNT(m.ends) = COUNT(*) THEN MAX(m.ends) END FROM membership m "
            "JOIN organisation o ON o.id = m.organisation WHERE "
            "m.cluster = $1 AND m.state = 'open' AND (m.ends IS NULL OR m.ends >= $2) AND m.starts <= $3 AND " READABLE(
                "o") " GROUP BY o.id, o.name, o.name_key, o.siret, o.siren, o.type, o.size, o.sector, o.place, "
                     "o.departement, o.region ORDER BY o.name_key, o.id",
     .columns = COLUMNS({"name", "name"}, {"siret", "siret"}, {"siren", "siren"}, {"type", "type", .counted = true},
                        {"size", "size", .counted = true}, {"sector", "sector"}, {"place", "place"},
                        {"departement", "departement"}, {"region", "region", .counted = true},
                        {"since", NULL, N_("Member since"), REPORT_DAY},
                        {"joined", NULL, N_("Joined in the year"), REPORT_IN_YEAR, true},
                        {"left", NULL, N_("Left in the year"), REPORT_IN_YEAR, true})},
    {.name = "visits",
     .title = N_("Visits"),
     .one = N_("{1} visit held"),
     .many = N_("{1} visits held"),
     .kind = &visit_kind,
     .sql = "SELECT v.id, v.day, o.name, v.sector, v.size, v.departement, v.region, (SELECT COUNT(*) FROM need n WHERE "
            "n.visit = v.id), a.name FROM visit v JOIN organisation o ON o.id = v.company LEFT JOIN organisation a ON "
            "a.id = v.authority WHERE v.owner = $1 AND v.state = 'held' AND v.day >= $2 AND v.day <= $3 AND " READABLE(
                "v") " ORDER BY v.day, v.id",
     .columns = COLUMNS({"day", "day"}, {"company", "company"}, {"sector", "sector"}, {"size", "size", .counted = true},
                        {"departement", "departement", .counted = true}, {"region", "region"},
                        {"needs", NULL, N_("Needs noted"), REPORT_NUMBER},
                        {"authority", NULL, N_("Authority that is told"), REPORT_TEXT})},
    {.name = "needs",
     .title = N_("Needs"),
     .one = N_("{1} need filed by members"),
     .many = N_("{1} needs filed by members"),
     .kind = &need_kind,
     .sql = "SELECT DISTINCT n.id, n.filed, o.name, n.title, n.type, n.sector, n.size, n.region, n.state, n.state_day "
            "FROM membership m JOIN need n ON n.owner = m.organisation JOIN organisation o ON o.id = n.owner WHERE "
            "m.cluster = $1 AND m.state = 'open' AND n.filed >= $2 AND n.filed <= $3 AND m.starts <= n.filed AND "
            "(m.ends IS NULL OR m.ends >= n.filed) AND " READABLE("n") " ORDER BY n.filed, n.id",
     .columns =
         COLUMNS({"filed", "filed"}, {"company", "company"}, {"title", "title"}, {"type", "type", .counted = true},
                 {"sector", "sector"}, {"size", "size", .counted = true}, {"region", "region"},
                 {"state", "state", .counted = true}, {"state_day", NULL, N_("Since"), REPORT_DAY})},
    {.name = "events",
     .title = N_("Events"),
     .one = N_("{1} event"),
     .many = N_("{1} events"),
     .kind = &event_kind,
     .sql = "SELECT e.id, e.starts / 86400000, e.title, e.type, e.state, (SELECT COUNT(*) FROM registration r WHERE "
            "r.event = e.id AND r.state <> 'cancelled'), (SELECT COUNT(*) FROM registration r WHERE r.event = e.id AND "
            "r.state = 'present') FROM event e WHERE e.owner = $1 AND e.starts / 86400000 >= $2 AND e.starts / "
            "86400000 <= $3 AND " READABLE("e") " ORDER BY e.starts, e.id",
     .columns = COLUMNS({"starts", NULL, N_("Day"), REPORT_DAY}, {"title", "title"}, {"type", "type", .counted = true},
                        {"state", "state", .counted = true}, {"registered", NULL, N_("Registrations"), REPORT_NUMBER},
                        {"came", NULL, N_("Who came"), REPORT_NUMBER})},
    {.name = "practices",
     .title = N_("Good practices"),
     .one = N_("{1} good practice shared"),
     .many = N_("{1} good practices shared"),
     .kind = &practice_kind,
     .sql = "SELECT p.id, p.created / 86400000, p.title, o.name, p.sector, p.region, (SELECT COUNT(*) FROM adoption a "
            "WHERE a.practice = p.id) FROM practice p JOIN organisation o ON o.id = p.owner WHERE (p.owner = $1 OR "
            "p.owner IN (SELECT organisation FROM membership WHERE cluster = $1 AND state = 'open')) AND p.created / "
            "86400000 >= $2 AND p.created / 86400000 <= $3 AND " READABLE("p") " ORDER BY p.created, p.id",
     .columns =
         COLUMNS({"created", NULL, N_("Shared on"), REPORT_DAY}, {"title", "title"}, {"organisation", "organisation"},
                 {"sector", "sector"}, {"region", "region"}, {"adoptions", NULL, N_("Times taken up"), REPORT_NUMBER})},
};

const struct report_section *report_find(const char *name)
{
    for (size_t i = 0; i < REPORT_SECTIONS; i++)
        if (strcmp(report_sections[i].name, name) == 0) return &report_sections[i];
    return NULL;
}
