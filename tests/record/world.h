/* world.h: a database with the schema, small code lists and a few organisations, for tests of records. */
#ifndef TESTS_RECORD_WORLD_H
#define TESTS_RECORD_WORLD_H

#include "tests/db/database.h"

#include "platform/record/record.h"
#include "product/kinds/membership.h"
#include "product/kinds/need.h"
#include "product/kinds/organisation.h"

struct world {
    struct db *db;
    struct records records;
    struct arena *arena;
    struct db_handle *handle; /* of the last context */
};

/* Opens a fresh database on the present engine; ended by world_end. */
struct world world_begin(void);
void world_end(struct world *world);

/* A context of the program, or of an account, on a read handle that sees the present: it ends that of the context before. */
struct record_context world_program(struct world *world);
struct record_context world_as(struct world *world, int64_t account);

/* Makes an organisation of a type in a commune; gives its id. */
int64_t world_organisation(struct world *world, const char *name, const char *type, const char *commune);
void world_member(struct world *world, int64_t organisation, int64_t cluster, int64_t from, int64_t until);
/* Makes an account with a role at an organisation (role NULL: none). */
int64_t world_account(struct world *world, const char *email, const char *role, int64_t organisation);
/* Files a record of the kind with these texts (ended by {NULL, NULL}), on behalf of the account; 0: of the program. */
int64_t world_file(struct world *world, int64_t account, const struct kind *kind, const struct input *texts);
int64_t world_need(struct world *world, int64_t account, const char *title, int64_t company, enum audience audience);

#endif
