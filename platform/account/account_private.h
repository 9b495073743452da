/* account_private.h: what the files of the account room share. */
#ifndef PLATFORM_ACCOUNT_PRIVATE_H
#define PLATFORM_ACCOUNT_PRIVATE_H

#include "platform/account/account.h"
#include "platform/db/db.h"

/* The policy with its zeros filled in; libsodium is ready once it has been asked for. */
const struct account_policy *account_policy(void);

/* The server's key of accounts. STATUS_INPUT when the policy names no file, or it cannot be read. Read each time: a few microseconds. */
enum status account_key(unsigned char *key, struct error *error);

/* --- secret.c --- */

enum { ACCOUNT_HASH = 32, ACCOUNT_TOKEN_TEXT = 43, ACCOUNT_NETWORK = 64, ACCOUNT_DEVICE = 64 };

/* 256 random bits in base64url, after the prefix ("" for none). In the arena. */
const char *account_token_draw(struct arena *arena, const char *prefix);
void account_token_hash(const char *token, unsigned char hash[ACCOUNT_HASH]);

/* HMAC-SHA512-256 of the session's token over a fixed word, base64url. In the arena; NULL when it is no token of ours. */
const char *account_csrf(struct arena *arena, const char *session);

/* "192.0.2.0/24", "2001:db8:1::/48", "127.0.0.1", or "" when it is no address. */
void account_network(const char *peer, char network[ACCOUNT_NETWORK]);
/* "Firefox, Linux" from a User-Agent header (may be NULL). */
void account_device_words(const char *agent, char words[ACCOUNT_DEVICE]);

/* --- account.c --- */

/* The folded form by which an address is found, in the arena; NULL when it is not valid UTF-8. */
const char *account_email_key(struct arena *arena, const char *email);

/* The address as it is kept, and its folded form. STATUS_INPUT, field email. */
enum status account_email_clean(struct arena *arena, const char *email, const char **clean, const char **key,
                                struct error *error);

/* What signing in needs of an account; id 0 when there is none. */
struct account_secret {
    int64_t id;
    const char *email, *name, *password; /* password: hash, or NULL */
    bool disabled, factor;               /* factor: a second one is in force */
};
enum status account_secret_load(struct db_handle *read, struct arena *arena, const char *email_key, int64_t id,
                                struct account_secret *secret, struct error *error);

/* The same on a handle of its own, by number. STATUS_MISSING when there is none. */
enum status account_secret_find(struct db *db, struct arena *arena, int64_t id, struct account_secret *secret,
                                struct error *error);

/* --- code.c --- */

enum { ACCOUNT_STEP_MS = 30000, ACCOUNT_CODE_DIGITS = 6 };

/* The code (RFC 6238 with SHA-1) of a half-minute; `code` holds 9 bytes. */
void account_code_at(const unsigned char *secret, size_t length, int64_t step, int digits, char *code);
/* The half-minute of which it is the code: this one, the one before or after; 0: of none. In constant time. */
int64_t account_code_step(const unsigned char *secret, size_t length, int64_t now, const char *code);
const char *account_base32(struct arena *arena, const unsigned char *bytes, size_t length);
/* As people type it, without spaces and hyphens, in capitals. */
const char *account_code_clean(struct arena *arena, const char *typed);

/* --- factor.c --- */

/* A code that was found right, to be used up within the transaction of what it allows. */
struct account_proof {
    int64_t account, step; /* step 0: a recovery code */
    unsigned char recovery[ACCOUNT_HASH];
};
enum status account_proof_judge(struct db *db, struct arena *arena, int64_t account, const char *code,
                                struct account_proof *proof, struct error *error);
enum status account_proof_use(struct db_handle *write, const struct account_proof *proof, struct error *error);

/* --- event.c --- */

/* One line of what is done to an account, within the transaction that does it. */
struct account_deed {
    int64_t author, account;
    const char *action;
    int64_t organisation;
    const char *detail;
};
enum status account_event_write(struct db_handle *write, const struct account_deed *deed, struct error *error);

/* --- password.c --- */

/* The argon2id hash as text, in the arena. About 100 ms and the policy's memory; two at a time in the process, others wait up to five
 * seconds (STATUS_BUSY). */
enum status account_password_hash(struct arena *arena, const char *password, const char **hash, struct error *error);

/* Whether it is the password; takes as long when hash is NULL. */
enum status account_password_verify(const char *password, const char *hash, bool *right, struct error *error);

/* Whether the hash was made with other limits than today's. */
bool account_password_is_old(const char *hash);

/* Whether the password is among the commonest (common.c). folded: in lower case. */
bool account_password_is_common(const char *folded);

/* Sets the hash within a transaction of the caller. */
enum status account_password_store(struct db_handle *write, int64_t id, const char *hash, struct error *error);

/* --- attempt.c --- */

struct account_attempt_key {
    unsigned char bytes[ACCOUNT_HASH];
};

/* What failures are counted for: two texts and the sort of thing that they are. */
struct account_attempt_key account_attempt_key(const char *sort, const char *first, const char *second);

/* What an attempt is counted under. own: its failures in a row delay it (all zero: not counted). place, when there is one: what flows from a whole network, or to one account
 * from anywhere: at most `burst`, then one each `every_ms`. */
struct account_guard {
    struct account_attempt_key own, place;
    int64_t burst, every_ms; /* burst 0: no place */
};

/* Counts an attempt as failed before its outcome is known, so that a hundred at once count as a hundred. STATUS_LIMIT, with the seconds
 * to wait, when it comes too soon: then nothing is counted. */
enum status account_guard_enter(struct db *db, const struct account_guard *guard, int64_t *retry_after,
                                struct error *error);

/* Forgets the failures once an attempt succeeded, and gives back to the place what this one took. Within a transaction. */
enum status account_guard_forgive(struct db_handle *write, const struct account_guard *guard, struct error *error);

/* --- sign_in.c --- */

/* A sign-in on its way. */
struct account_entry {
    const struct account_attempt *attempt;
    struct account_secret secret;
    bool known_device;
    struct account_guard guard;
    const struct account_proof *proof; /* the second factor, proved; NULL: not yet */
    const char *session, *device;      /* tokens; device: a new one, or the known one */
    const char *new_hash;              /* when the limits of the old hash are no longer today's */
};
/* Whether the attempt comes from a device that the account used before. */
enum status account_entry_device(struct db_handle *read, struct account_entry *entry, struct error *error);
/* Opens the session, or gives a ticket when the account has a second factor that is not proved yet. */
enum status account_entry_open(struct db *db, struct arena *arena, struct account_entry *entry,
                               struct account_opened *opened, struct error *error);

/* --- ticket.c --- */

/* That the password (or an identity elsewhere) was proved, closed with the server's key. It ends with the password. */
enum status account_ticket_make(struct arena *arena, const struct account_secret *secret, const char **ticket,
                                struct error *error);

/* --- change.c --- */

/* A new password, and what happens with it, in one transaction. */
struct account_replacement {
    int64_t author, id;
    const char *hash, *session;           /* session: the token of the one that stays; NULL: none */
    bool devices;                         /* they end as well */
    const char *link;                     /* word of the link that is used up; NULL: none */
    const struct account_guard *forgiven; /* NULL: none */
};
enum status account_password_replace(struct db *db, struct arena *arena, const struct account_secret *secret,
                                     const char *password, struct account_replacement *replacement,
                                     struct error *error);

/* --- link.c --- */

/* Ends the link; STATUS_MISSING when it is no longer there. Within a transaction. */
enum status account_link_end(struct db_handle *write, const char *word, struct error *error);

/* --- invitation.c, role.c --- */

/* Ends the invitation and gives its role to the account, within a transaction. */
enum status account_invitation_accept_in(struct db_handle *write, const struct account_invitation *invitation,
                                         int64_t account, struct error *error);
/* Whether such a role can be given: STATUS_INPUT with the field. */
enum status account_role_check(const struct account_role *role, struct error *error);

/* --- session.c --- */

/* Within a transaction: a new session; all sessions (and devices) but the one of that token. */
enum status account_session_insert(struct db_handle *write, int64_t account, const char *token,
                                   const struct account_attempt *from, struct error *error);
enum status account_sessions_delete(struct db_handle *write, int64_t account, const char *except, bool devices,
                                    struct error *error);

/* --- common --- */

/* 64-bit integer from a column that may be NULL: 0 then. NULL for a 0: db_integer_or_null. */
struct db_value account_or_null(int64_t value);

#endif
