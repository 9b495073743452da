/* rights.h: who asks, and what they are to an organisation.
 *
 * A record has an owner (an organisation), an audience and one `reader` token computed from them when it is written. An account holds
 * tokens, as of today, in the table account_token. May read = the record's reader is among the account's tokens. Everything
 * finer (who may write, who may see a field) asks what the account is to the record's owner: a set of rights bits, kept beside the
 * tokens in account_relation. Both tables are computed by the product's queries (struct rights_model) from roles, memberships, mandates and
 * territories, and recomputed when these change and each night. */
#ifndef PLATFORM_RIGHTS_H
#define PLATFORM_RIGHTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct arena;
struct db;
struct db_handle;

/* Bits. The first ones mean the same everywhere; a program names its roles from RIGHT_ROLE on. */
typedef uint32_t rights;
enum {
    NOBODY = 0,
    ANYONE = 1u << 0,        /* with or without an account */
    SIGNED_IN = 1u << 1,     /* any account */
    OWNER = 1u << 2,         /* belongs to the record's owner, or holds its mandate */
    ADMINISTRATOR = 1u << 3, /* of the whole site */
    PARTNER = 1u << 4,       /* belongs to the organisation on the other side of the record (kind->partner) */
    RIGHT_ROLE = 1u << 8,
};

/* Who may read a record. Kept in the database by number. */
enum audience {
    AUDIENCE_PRIVATE = 1, /* the owner and who holds its mandate */
    AUDIENCE_CIRCLE,      /* and those of the circles that the owner is in (for Maillage: its clusters) */
    AUDIENCE_NETWORK,     /* any account */
    AUDIENCE_PUBLIC,      /* anyone */
};

/* Reader tokens: PUBLIC and NETWORK, the owner's id (private), minus the owner's id (circle). Ids are larger than a million. */
enum { READER_PUBLIC = 1, READER_NETWORK = 2 };
int64_t reader_token(enum audience audience, int64_t owner);

/* What one account is to one organisation. */
struct relation {
    int64_t organisation;
    rights rights; /* OWNER, role bits */
};

struct viewer {
    int64_t account; /* 0: the public */
    /* Under which number its reader tokens stand in account_token: the account, or a limited API token's own. */
    int64_t reads_as;
    const char *name;                 /* as shown in the page head; NULL for the public */
    int64_t organisation;             /* where they act now (home of what they file); 0: none */
    const char *organisation_name;    /* its name, for pages; NULL with a bearer token */
    rights roles;                     /* all bits held anywhere, with ANYONE and SIGNED_IN */
    rights everywhere;                /* bits held towards every organisation: ADMINISTRATOR for administrators */
    rights scopes;                    /* for a bearer token: bits it is limited to; ~0 otherwise */
    bool may_write;                   /* false for read-only tokens */
    const struct relation *relations; /* sorted by organisation */
    size_t relation_count;
    const int64_t *tokens; /* sorted; always READER_PUBLIC */
    size_t token_count;
    int64_t tokens_version; /* changes when the tokens do: key of what is kept per viewer */
};

/* The public: account 0. Static. */
const struct viewer *viewer_public(void);

/* The program itself (jobs, the command line of who runs the server): account 0, every right; reads only what is public. Static. */
const struct viewer *viewer_program(void);

/* Loads relations and tokens of an account into the arena; for the accounts seen last, from memory after one look at their version.
 * O(log n + tokens). */
enum status viewer_load(struct db_handle *read, struct arena *arena, int64_t account, struct viewer *viewer,
                        struct error *error);

/* What the viewer is to the organisation: ANYONE, SIGNED_IN, ADMINISTRATOR and the relation's bits, cut down to the scopes of a bearer
 * token. O(log relations). */
rights viewer_rights(const struct viewer *viewer, int64_t organisation);

/* Whether the viewer's tokens hold this reader token. O(log tokens). */
bool viewer_reads(const struct viewer *viewer, int64_t reader);

/* What the viewer is to a record of that owner and, when there is one (not 0), of that organisation on its other side. */
rights viewer_rights_between(const struct viewer *viewer, int64_t owner, int64_t partner);

/* The predicate, to be put into every read of records: "EXISTS (SELECT 1 FROM account_token held WHERE held.account = $n AND
 * held.token = <column>)", for administrators as for others. One look-up a record: IN would gather all tokens, which may be thousands, for
 * each statement, and lead SQLite to read all public records by their reader. Bind viewer->reads_as as that parameter. Result in the arena. */
const char *rights_predicate(struct arena *arena, const char *column, int parameter);

/* The part that a program brings. Each query gives the rows that the tables hold, for the account $1 as of the day $2:
 * relations: (organisation, bits); circles: (organisation, bits of the role by which) whose circle records the account may read. */
struct rights_model {
    const struct right_name {
        rights bit;
        const char *name;
        const char *label;
    } * names; /* roles; ended by bit 0 */
    const char *relations;
    const char *circles;
};

/* Recomputes account_relation and account_token of one account and of its limited API tokens, in a transaction of the caller. Only what differs is
 * written, and then the version of the tokens grows. O(n log n) in relations and tokens. A limited API token has what follows from those of
 * the account's roles that are among its scopes; a number of its own in both tables. */
enum status rights_refresh(struct db_handle *write, const struct rights_model *model, int64_t account, int64_t day,
                           struct error *error);

/* Whether what the tables hold for the account and its limited API tokens is what follows as of that day. account 0: the public. */
enum status rights_differ(struct db_handle *read, const struct rights_model *model, int64_t account, int64_t day,
                          bool *differ, struct error *error);

/* Removes what was computed for that number (an API token that was withdrawn). */
enum status rights_forget(struct db_handle *write, int64_t number, struct error *error);

/* rights_refresh for every account that is in force, each in a transaction of its own: for the nightly job, and after changes that touch many.
 * Goes on after one that fails, and gives the last failure. */
enum status rights_refresh_all(struct db *db, const struct rights_model *model, int64_t day, struct error *error);

/* The bit of a role's name, 0 when there is none; and back (NULL). */
rights rights_bit(const struct rights_model *model, const char *name);
const char *rights_name(const struct rights_model *model, rights bit);

#endif
