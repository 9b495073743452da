#include "product/demo/people.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/account/account.h"
#include "platform/db/db.h"
#include "platform/record/record.h"

static const char password[] = "demonstration-maillage";

/* role at the first organisation that the query finds. */
static const struct person {
    const char *email, *name, *role, *what, *at;
} people[] = {
    {"charge@maillage.example", "Camille Chargée (fictive)", "officer", "cluster officer",
     "SELECT cluster FROM membership GROUP BY cluster ORDER BY COUNT(*) DESC, cluster LIMIT 1"},
    {"entreprise@maillage.example", "Élie Entreprise (fictif)", "member", "member of a company",
     "SELECT organisation FROM membership WHERE cluster = (SELECT cluster FROM membership GROUP BY cluster ORDER BY "
     "COUNT(*) DESC, cluster LIMIT 1) "
     "ORDER BY organisation LIMIT 1"},
    {"dirigeante@maillage.example", "Diane Dirigeante (fictive)", "manager", "manager of that company",
     "SELECT organisation FROM membership WHERE cluster = (SELECT cluster FROM membership GROUP BY cluster ORDER BY "
     "COUNT(*) DESC, cluster LIMIT 1) "
     "ORDER BY organisation LIMIT 1"},
    {"region@maillage.example", "Rachel Région (fictive)", "region", "region officer",
     "SELECT id FROM organisation WHERE type = 'local_authority' AND region = (SELECT region FROM organisation WHERE "
     "type = 'cluster' "
     "GROUP BY region ORDER BY COUNT(*) DESC, region LIMIT 1) ORDER BY id LIMIT 1"},
    {"financeur@maillage.example", "Félix Financeur (fictif)", "funder", "funder",
     "SELECT id FROM organisation WHERE type = 'funder' ORDER BY id LIMIT 1"},
    {"evaluation@maillage.example", "Éva Évaluation (fictive)", "evaluator", "evaluator",
     "SELECT id FROM organisation WHERE type = 'laboratory' ORDER BY id LIMIT 1"},
    {"administration@maillage.example", "Adama Administration (fictif)", "administrator", "administrator", NULL},
};

enum { PEOPLE = sizeof people / sizeof *people };

static enum status find_place(struct db *db, const struct person *person, int64_t *organisation, struct error *error)
{
    struct db_handle *handle = NULL;
    *organisation = 0;
    if (!person->at) return STATUS_OK;
    enum status status = db_read(db, &handle, error);
    if (!status) status = db_one_integer(handle, person->at, DB_BIND_NONE, organisation, error);
    db_release(&handle);
    return status;
}

static enum status make_person(struct db *db, const struct person *person, struct error *error)
{
    int64_t account = 0, organisation = 0;
    const struct account_new made = {.email = person->email,
                                     .name = person->name,
                                     .language = LANGUAGE_FRENCH,
                                     .password = password,
                                     .demonstration = true};
    enum status status = find_place(db, person, &organisation, error);
    if (!status) status = account_create(db, &made, &account, error);
    const struct account_role role = {.account = account,
                                      .organisation = organisation,
                                      .role = person->role,
                                      .from = time_today() - 1,
                                      .until = ACCOUNT_NO_END};
    return status ? status : account_role_give(db, &role, NULL, error);
}

enum status demo_people(const struct records *records, struct error *error)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < PEOPLE; i++) status = make_person(records->db, &people[i], error);
    return status;
}

void demo_say_people(void)
{
    printf("\nAccounts of the demonstration (password: %s)\n", password);
    for (size_t i = 0; i < PEOPLE; i++) printf("  %-36s %s\n", people[i].email, people[i].what);
    printf("\n");
}
