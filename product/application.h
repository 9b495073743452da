/* application.h: what the running program holds, and how commands open it. */
#ifndef PRODUCT_APPLICATION_H
#define PRODUCT_APPLICATION_H

#include "platform/catalogue/catalogue.h"
#include "platform/job/job.h"
#include "platform/mail/mail.h"
#include "platform/record/erased.h"
#include "platform/record/record.h"
#include "product/handover/handover.h"
#include "product/sirene/sirene.h"

struct db;

struct application {
    struct records records; /* first: the record room is given the application as its records */
    const char *tiles;      /* address of map tiles, or NULL */
    struct mail_settings mail;
    const char *origin;                       /* address under which people know the site, for letters; or NULL */
    struct catalogue_publication publication; /* what the catalogue of open data says of this site */
    struct sirene_settings sirene;            /* without a key: no increments */
    struct handover_services services;        /* to which needs are handed over; none unless the settings name them */
};

/* Opens the database (creating a file that is not there), brings its schema up to date, declares the kinds, reads the code lists and opens
 * the index. *application is the caller's, ended by application_close. */
enum status application_open(const char *address, bool create, struct application **application, struct error *error);
/* What accounts obey on this site, before threads start. key_file: NULL: beside an SQLite file, else var/account-key. strict: administrators need
 * two-step sign-in. application_open does so without either. */
void application_set_accounts(const struct db *db, const char *key_file, bool strict);
void application_close(struct application **application);

/* The database as it is, for checking: nothing is migrated, and there is no index. STATUS_CONFLICT: its schema is not this program's. *application is the
 * caller's in any case. */
enum status application_open_as_is(const char *address, struct application **application, struct error *error);

/* Where the list of what was erased is kept: beside an SQLite file, else var/erased. In the arena. */
const char *application_erased_list(struct arena *arena, const char *address);

/* Erases again what that list names (platform/record/erased.h), accounts too. */
enum status application_erase_again(struct application *application, const char *list, erased_say *say,
                                    struct erased_totals *totals, struct error *error);

/* Erases an account, and what other rooms keep about it, in a transaction of its own: letters, jobs and their files. author: who does it; 0: the command
 * line. STATUS_CONFLICT for the last administrator, unless author is 0. */
enum status person_erase(struct db *db, int64_t author, int64_t account, struct error *error);

/* The job that writes the database anew in the night after an erasure. */
extern const struct job_type erasure_jobs[];

/* Where the key that seals the history is kept unless said otherwise: beside an SQLite file, else var/seal-key. In the arena. */
const char *application_seal_key(struct arena *arena, const struct db *db);

#endif
