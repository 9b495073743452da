/* request.h: a person asks to see, correct or erase what is held about them; who answers for the site has a month (GDPR, article 12). */
#ifndef PLATFORM_ACCOUNT_REQUEST_H
#define PLATFORM_ACCOUNT_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct arena;
struct db;
struct db_handle;

enum { ACCOUNT_REQUESTS_WAITING = 5, ACCOUNT_REQUEST_MOST = 2000, ACCOUNT_REQUEST_DAYS = 30 };

struct account_request {
    int64_t id, account;
    const char *name, *email; /* NULL: the account is gone */
    const char *wish;         /* "see", "correct", "erase" */
    const char *words;
    int64_t created, due;   /* moment, day */
    int64_t settled;        /* moment; 0: it waits */
    const char *outcome;    /* "done", "refused"; NULL: it waits */
    const char *answer;     /* NULL: none */
    const char *settled_by; /* NULL: nobody yet, or gone */
};

/* STATUS_INPUT: no such wish, no words or too many; STATUS_LIMIT: so many wait already. */
enum status account_request_file(struct db *db, int64_t account, const char *wish, const char *words,
                                 struct error *error);

/* Newest first; of one account, or those of all that wait, the first due first (account 0). */
enum status account_requests(struct db_handle *read, struct arena *arena, int64_t account, size_t most,
                             struct account_request *requests, size_t *count, struct error *error);
/* How many wait. */
enum status account_requests_waiting(struct db_handle *read, int64_t *count, struct error *error);

/* A refusal says why. STATUS_MISSING: none waits under that number; STATUS_INPUT. */
enum status account_request_settle(struct db *db, int64_t author, int64_t id, bool done, const char *answer,
                                   struct error *error);

/* Removes those answered before that moment. */
enum status account_requests_sweep(struct db *db, int64_t before, struct error *error);

#endif
