/* handover.h: handing needs over to other services, by the interface of Conseillers-Entreprises (API v1: pages, subjects, requests).
 *
 * A hand-over is a record (product/kinds/handover.h). Its owner or an officer checks what will leave and takes the step "About to be sent",
 * which puts a job into the queue; the job calls handover_deliver. Each request carries the same identifier at each try. A service that is not
 * said to know identifiers is never asked twice when the first asking may have arrived: the record then says "perhaps sent", and a person
 * asks. That interface gives no status back: what becomes of it is told by people, as steps of the record. */
#ifndef PRODUCT_HANDOVER_H
#define PRODUCT_HANDOVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/options.h"
#include "platform/job/job.h"

struct arena;
struct client_answer;
struct db;
struct handover;
struct record_context;
struct vocabulary;

/* One service, as the settings give it. */
struct handover_service {
    const char *key;     /* "ce": begins the codes of its subjects */
    const char *address; /* "https://conseillers-entreprises.service-public.gouv.fr" */
    const char *page;    /* number of the landing page that it gave us */
    const char *token;
    bool knows_repeats; /* the same identifier twice is one request there */
    bool private;       /* http and private addresses may be called: trials */
    int64_t total_ms;   /* 0: the client's usual limit */
};

struct handover_services {
    const struct handover_service *items;
    size_t count;
    const char *origin; /* address of this site, to which requests refer */
};

/* Reads lines "KEY ADDRESS PAGE TOKEN-FILE [knows-repeats] [private]", and the files of tokens. STATUS_INPUT says which line. */
enum status handover_read_services(struct arena *arena, const struct option_list *lines, const char *origin,
                                   struct handover_services *services, struct error *error);
/* The service of a subject's code "ce.103"; NULL when it is not set up any more. */
const struct handover_service *handover_find_service(const struct handover_services *services, const char *subject);

/* Asks each service for its subjects and questions, and stores them as the list "handover". *subjects: how many there are. STATUS_NONE when there are none. */
enum status handover_fetch_subjects(struct db *db, const struct handover_services *services, size_t *subjects,
                                    struct error *error);

/* Sends the hand-over and brings its record to the next state. STATUS_OK: nothing is left to do, whatever the service said. STATUS_BUSY: to be tried
 * again later. Called again after a crash, it does not send what may have arrived, unless the service knows repeats. */
enum status handover_deliver(struct record_context *context, const struct handover_services *services, int64_t id,
                             struct error *error);

/* Work for the background: sends one, and tries again with longer and longer waits. For the list of job types. */
extern const struct job_type handover_jobs[];

/* The body of the request, JSON. In the arena. */
const char *handover_request(struct record_context *context, const struct handover_services *services,
                             const struct handover *handover);
/* What a service's answer says of errors ("SIRET: must be ..."), one sentence; "" when it says nothing that can be read. In the arena. */
const char *handover_read_errors(struct arena *arena, const struct client_answer *answer);

#endif
