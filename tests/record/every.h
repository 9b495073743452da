/* every.h: a kind with a field of every type, for tests only. */
#ifndef TESTS_RECORD_EVERY_H
#define TESTS_RECORD_EVERY_H

#include "platform/http/http.h"
#include "platform/record/record.h"
#include "tests/record/world.h"

struct every {
    struct record head;
    struct text title, words;
    struct markdown story;
    struct link page;
    struct email mail;
    struct telephone phone;
    struct siren siren;
    struct siret siret;
    struct choice colour;
    struct code sector;
    struct codes skills;
    struct integer amount;
    struct decimal rate;
    struct money price;
    struct date day;
    struct period span;
    struct moment hour;
    struct yesno open;
    struct reference company, helper;
    struct references others;
    struct place place;
    struct text contact;
    struct file sheet, secret;
};

extern const struct kind every_kind;

/* The kinds of the product and this one. */
extern const struct kind *const every_kinds[];

/* A world that has it. */
struct world every_begin(void);

/* Texts of its fields as people write them, two sets that differ in each; ended by {NULL, NULL}. Not of files and references. */
extern const struct input every_first[], every_second[];

/* A record filed by the account with these texts and more (may be NULL), for the company. */
int64_t every_file(struct world *world, int64_t account, int64_t company, const struct input *texts,
                   const struct input *more);

/* The record as the account sees it; NULL when it does not. */
const struct every *every_seen(struct world *world, int64_t account, int64_t id);

/* Changes these fields; the account sees the present version. */
enum status every_change(struct world *world, int64_t account, int64_t id, const struct input *texts,
                         struct faults *faults, struct error *error);

/* A request by the context's viewer, for handlers that are called without a server. In the arena; may be changed. */
struct http_request *every_request(const struct record_context *context);

#endif
