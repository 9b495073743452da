/* account.h: people's accounts: who they are, how they prove it, where they hold roles, and from which browsers and programs they act.
 *
 * Passwords are hashed with argon2id, never inside a transaction. Tokens (sessions, devices, API) are 256 random bits of which only
 * the BLAKE2b hash is kept. Nothing here tells whether an e-mail address has an account, neither by words nor by time. Results are in
 * the given arena. Functions that take a struct db write in a transaction of their own; all may be called by any thread. */
#ifndef PLATFORM_ACCOUNT_H
#define PLATFORM_ACCOUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "platform/language/language.h"
#include "platform/rights/rights.h"

struct arena;
struct db;
struct db_handle;

/* What a program decides. Zero stands for what is in parentheses. */
struct account_policy {
    const struct rights_model *model; /* its roles (NULL: no role can be given) */
    const char *organisation_name;    /* query: the name of organisation $1 (none is shown) */
    int64_t idle_ms;                  /* a session unused for so long ends (8 hours) */
    int64_t absolute_ms;              /* a session ends after so long (7 days) */
    uint64_t hash_operations;         /* argon2id's time (6: some 100 ms in all) */
    size_t hash_memory;               /* argon2id's memory in bytes (32 MiB) */
    const char *key_file; /* of the key under which second factors are kept; made at first use (none: no factor) */
    rights factor_for;    /* bits held everywhere that count only with a second factor (none) */
};

/* Set once, before threads start. The model's queries must outlive the program; the name of the file is copied. */
void account_configure(const struct account_policy *policy);

/* --- Accounts --- */

struct account {
    int64_t id;
    const char *email;
    const char *name;
    enum language language;
    bool has_password;
    bool demonstration;
    int64_t disabled; /* since when; 0: it is not */
    int64_t created;
};

struct account_list {
    const struct account *items;
    size_t count;
};

struct account_new {
    const char *email;
    const char *name;
    enum language language;
    const char *password; /* NULL: none yet */
    bool demonstration;
    int64_t author;                              /* account that makes it; 0: the command line */
    const struct account_invitation *invitation; /* that its person accepts with it; NULL: none */
};

/* STATUS_INPUT with the field at fault (email, name, password); STATUS_CONFLICT when the e-mail address is taken. For administrators
 * and the command line: it tells that an account exists. */
enum status account_create(struct db *db, const struct account_new *account, int64_t *id, struct error *error);

/* STATUS_MISSING when there is none. */
enum status account_load(struct db_handle *read, struct arena *arena, int64_t id, struct account *account,
                         struct error *error);
enum status account_find(struct db_handle *read, struct arena *arena, const char *email, struct account *account,
                         struct error *error);

/* By e-mail address: at most `most` accounts after that one (NULL: from the first). */
enum status account_page(struct db_handle *read, struct arena *arena, const char *after_email, size_t most,
                         struct account_list *list, struct error *error);

/* Those whose name or address holds each of the words, letters folded; by e-mail address, after that one. Reads accounts 500 at a time until
 * `most` are found: O(accounts) at worst. */
enum status account_search(struct db_handle *read, struct arena *arena, const char *words, const char *after_email,
                           size_t most, struct account_list *list, struct error *error);

/* In what follows, author is the account that does it (0: the command line); a line of account_events says so. */

enum status account_rename(struct db *db, int64_t author, int64_t id, const char *name, enum language language,
                           struct error *error);

/* A disabled account is signed out everywhere, and its tokens are refused for as long as it is. */
enum status account_disable(struct db *db, int64_t author, int64_t id, bool disabled, struct error *error);

/* Erases it in the caller's transaction: name, address, password, two-step sign-in, sessions, devices, tokens, links,
 * roles, what its tokens were called. Its number stays in
 * histories, where nothing names it any more, with a line of account_events. STATUS_MISSING. What other rooms keep about it is theirs to erase. */
enum status account_erase(struct db_handle *write, int64_t author, int64_t id, struct error *error);

/* Whether an account of the demonstration exists: the server then serves the loopback only. */
enum status account_demonstration_exists(struct db_handle *read, bool *exists, struct error *error);

/* A text closed with the accounts' key for a purpose, for an address in a letter that acts for its reader without signing in: only for what harms nobody when
 * the letter is passed on. It does not age. And back: STATUS_MISSING when it was not closed so. STATUS_INPUT: there is no key. */
enum status account_word_close(struct arena *arena, const char *purpose, const char *text, const char **word,
                               struct error *error);
enum status account_word_open(struct arena *arena, const char *purpose, const char *word, const char **text,
                              struct error *error);

/* --- Passwords --- */

/* Whether a password may be chosen: 12 characters or more, none of the commonest, not made of the person's name or address. No rule on
 * kinds of characters. email and name may be NULL. */
enum status account_password_check(const char *password, const char *email, const char *name, struct error *error);

/* Sets it without the old one, and ends all sessions and devices. For administrators, the command line and links sent by mail. */
enum status account_password_set(struct db *db, int64_t author, int64_t id, const char *password, struct error *error);

/* A link by which the person chooses the password: *word goes into the address, is shown once, and opens once, within ACCOUNT_LINK_HOURS. A new one
 * ends the one before. STATUS_DENIED when the account is disabled. Who has the word can become the account: only an administrator, or who
 * just made the account, may be given it. */
enum { ACCOUNT_LINK_HOURS = 72 };
enum status account_link_create(struct db *db, struct arena *arena, int64_t author, int64_t account, const char **word,
                                struct error *error);
/* The same within the caller's transaction, which may keep a letter with it. The arena outlives it. */
enum status account_link_create_in(struct db_handle *write, struct arena *arena, int64_t author, int64_t account,
                                   const char **word, struct error *error);
/* Whose password the link chooses. STATUS_MISSING when it was used, has expired or never was, in the same words. Changes nothing. */
enum status account_link_find(struct db_handle *read, struct arena *arena, const char *word, struct account *account,
                              struct error *error);
/* Sets the password and ends the link with all sessions and devices; opens no session. */
enum status account_link_use(struct db *db, const char *word, const char *password, struct error *error);

/* For who forgot it. Counts the asking for an address, whether it has an account or not: STATUS_LIMIT beyond three, then one each 20 minutes (30
 * from a network, then one a minute). *closed: the address for later work, unreadable to who sees the queue. And whose it is: STATUS_MISSING. */
enum status account_forgotten_count(struct db *db, struct arena *arena, const char *email, const char *peer,
                                    const char **closed, struct error *error);
enum status account_forgotten_find(struct db_handle *read, struct arena *arena, const char *closed,
                                   struct account *account, struct error *error);

/* Sets it when the old one is right, and ends all sessions but the given one (the token in its cookie). Failures are counted and delay as
 * at the door: STATUS_LIMIT. */
enum status account_password_change(struct db *db, int64_t id, const char *old_password, const char *new_password,
                                    const char *session, struct error *error);

/* --- Second factor --- */

/* One-time codes of six digits every half-minute (RFC 6238, SHA-1), each good once, and recovery codes, each good once. The secret is kept closed
 * (platform/key) under the policy's key file. Failures are counted and delay as at the door. */
enum { ACCOUNT_RECOVERY_CODES = 10 };

struct account_factor {
    int64_t since;      /* it is asked at sign-in since then; 0: it is not */
    const char *secret; /* in base 32, while it waits for its first code; else NULL */
    int64_t recovery;   /* recovery codes left */
};

/* Shown once. */
struct account_recovery {
    const char *items[ACCOUNT_RECOVERY_CODES];
};

/* What a person is asked before the factor changes: the password (when there is one; NULL: not asked, on the command line) and a code. session: of
 * the request; NULL: none. */
struct account_asked {
    const char *password, *code, *session;
};

enum status account_factor_load(struct db_handle *read, struct arena *arena, int64_t account,
                                struct account_factor *factor, struct error *error);
/* Draws a secret, which is not asked yet. STATUS_CONFLICT when one is in force. */
enum status account_factor_begin(struct db *db, int64_t account, struct error *error);
/* In force from now on. STATUS_INPUT with the field (password, code); STATUS_LIMIT. */
enum status account_factor_confirm(struct db *db, struct arena *arena, int64_t account,
                                   const struct account_asked *asked, const struct account_recovery **codes,
                                   struct error *error);
/* Other recovery codes in place of those there are. */
enum status account_factor_renew(struct db *db, struct arena *arena, int64_t account, const struct account_asked *asked,
                                 const struct account_recovery **codes, struct error *error);
/* Taken off: by the person, who proves it; by an administrator or the command line. STATUS_MISSING. */
enum status account_factor_leave(struct db *db, int64_t account, const struct account_asked *asked,
                                 struct error *error);
enum status account_factor_end(struct db *db, int64_t author, int64_t account, struct error *error);

/* Whether the account holds what the policy gives with a second factor only, and has none. */
enum status account_factor_lacks(struct db_handle *read, struct arena *arena, int64_t account, bool *lacks,
                                 struct error *error);

/* "otpauth://totp/..." that telephones read, most often from a QR code. In the arena. */
const char *account_factor_address(struct arena *arena, const char *site, const char *email, const char *secret);

/* --- Signing in --- */

struct account_attempt {
    const char *email, *password;
    const char *device; /* the device's cookie; NULL: none */
    const char *agent;  /* User-Agent header; may be NULL */
    const char *peer;   /* address of the client, as text */
};

struct account_opened {
    int64_t account;
    const char *session; /* for the session cookie; NULL when a code is asked */
    const char *device;  /* for the device cookie, which should live for DEVICE_DAYS */
    const char
        *ticket; /* the second step is to give it back with the code; good for ACCOUNT_TICKET_MINUTES; else NULL */
    int64_t retry_after; /* seconds, with STATUS_LIMIT */
};

enum { ACCOUNT_DEVICE_DAYS = 180, ACCOUNT_TICKET_MINUTES = 10 };

/* STATUS_DENIED with one sentence whatever is wrong (no such account, wrong password, disabled). After 4 failures in a row for the same
 * address and network, each further one must wait, from one second doubling to 15 minutes, and after 100 from one network, whatever the
 * addresses, one a minute (STATUS_LIMIT), whether the account exists or not. Others cannot lock a person out: other networks have other counts,
 * and a known device has its own. With a second factor, opened->ticket is set and no session is opened. */
enum status account_sign_in(struct db *db, struct arena *arena, const struct account_attempt *attempt,
                            struct account_opened *opened, struct error *error);

/* The second step: the ticket of the first, and a code of the telephone or a recovery code. attempt: device, agent and peer. STATUS_INPUT when the code is not
 * right: it is asked again; STATUS_DENIED when the ticket is no longer good: sign in again. Per account, besides the delays above, 50
 * failures and then one each half-hour, known devices left out: who fails so often knows the password. */
enum status account_sign_in_code(struct db *db, struct arena *arena, const struct account_attempt *attempt,
                                 const char *ticket, const char *code, struct account_opened *opened,
                                 struct error *error);

/* Opens a session for someone who proved otherwise who they are (OpenID); a second factor is asked as after a password. STATUS_DENIED when the
 * account is disabled. */
enum status account_session_open(struct db *db, struct arena *arena, int64_t account,
                                 const struct account_attempt *from, struct account_opened *opened,
                                 struct error *error);

/* --- Sessions --- */

struct account_session {
    int64_t id;
    const char *device;  /* "Firefox, Linux" */
    const char *address; /* network: "192.0.2.0/24" */
    int64_t created, last_seen;
    bool current;
};

struct account_session_list {
    const struct account_session *items;
    size_t count;
};

/* Those still valid, last used first. session: the token of the present one, or NULL. */
enum status account_sessions(struct db_handle *read, struct arena *arena, int64_t account, const char *session,
                             struct account_session_list *list, struct error *error);

/* Ends the session of that token; fine when there is none. */
enum status account_sign_out(struct db *db, const char *session, struct error *error);

/* Ends one of the account's sessions (STATUS_MISSING), or all but the one of that token (NULL: all). */
enum status account_session_end(struct db *db, int64_t author, int64_t account, int64_t id, struct error *error);
enum status account_sessions_end(struct db *db, int64_t author, int64_t account, const char *except,
                                 struct error *error);

/* The organisation for which the person acts from now on in this session: STATUS_DENIED unless they are related to it. */
enum status account_act_for(struct db *db, const char *session, int64_t organisation, struct error *error);

/* --- API tokens --- */

struct account_api_token {
    int64_t id;
    const char *name;
    bool may_write;
    rights scopes;
    int64_t created, expires;
    int64_t last_used; /* 0: never */
    int64_t revoked;   /* 0: it is not */
};

struct account_api_token_list {
    const struct account_api_token *items;
    size_t count;
};

/* All that the account may, now and later. */
#define ACCOUNT_ALL_SCOPES (~(rights)0)

/* *token ("mlg_...") is shown to the person once. expires: a moment, at most two years ahead. scopes: role bits to which it is limited, for
 * reading as for writing (OWNER for what the roles own); it never gives more than its account has. */
enum status account_api_token_create(struct db *db, struct arena *arena, int64_t author, int64_t account,
                                     const struct account_api_token *wanted, const char **token, struct error *error);
enum status account_api_tokens(struct db_handle *read, struct arena *arena, int64_t account,
                               struct account_api_token_list *list, struct error *error);
enum status account_api_token_revoke(struct db *db, int64_t author, int64_t account, int64_t id, struct error *error);

/* --- Roles --- */

enum { ACCOUNT_NO_END = 0 };

struct account_role {
    int64_t id;
    int64_t account;
    int64_t organisation; /* 0: the whole site */
    const char *role;     /* name in the model */
    int64_t from, until;  /* days; until ACCOUNT_NO_END: none is known */
    int64_t author;
};

struct account_role_list {
    const struct account_role *items;
    size_t count;
};

/* Gives a role (its id and created are made here) and recomputes the account's rights. STATUS_CONFLICT when it is held already. */
enum status account_role_give(struct db *db, const struct account_role *role, int64_t *id, struct error *error);
/* The same within the caller's transaction. */
enum status account_role_give_in(struct db_handle *write, const struct account_role *role, int64_t *id,
                                 struct error *error);

/* Ends a role of the account on that day (its last), and recomputes. STATUS_MISSING. */
enum status account_role_end(struct db *db, int64_t author, int64_t account, int64_t id, int64_t last_day,
                             struct error *error);

/* Whether it is in force on that day. */
bool account_role_holds(const struct account_role *role, int64_t day);

/* How many accounts, disabled ones and that one left out, hold the role for the whole site today. */
enum status account_role_others(struct db_handle *read, const char *role, int64_t account, int64_t *count,
                                struct error *error);

/* Past, present and future ones, in the order given; those at an organisation. */
enum status account_roles(struct db_handle *read, struct arena *arena, int64_t account, struct account_role_list *list,
                          struct error *error);
enum status account_roles_at(struct db_handle *read, struct arena *arena, int64_t organisation,
                             struct account_role_list *list, struct error *error);

/* The name of an organisation, "" when it has none; in the arena. */
enum status account_organisation_name(struct db_handle *read, struct arena *arena, int64_t organisation,
                                      const char **name, struct error *error);

/* --- Invitations --- */

/* To hold a role, by a link that works once, within ACCOUNT_INVITATION_DAYS. Neither who invites nor who sees the list learns whether the address has
 * an account; who has the link does. Who may give which role is the caller's to know, when it is made and again when it is accepted. */
enum { ACCOUNT_INVITATION_DAYS = 14 };

struct account_invitation {
    int64_t id;
    const char *email;
    int64_t organisation;
    const char *role;
    int64_t until;  /* last day of the role, or ACCOUNT_NO_END */
    int64_t author; /* who invites */
    int64_t created, expires;
};

struct account_invitation_list {
    const struct account_invitation *items;
    size_t count;
};

/* Counts an invitation before it is made: STATUS_LIMIT beyond 30 of an author, then one each two minutes; 3 to an address, then one each 20 minutes. */
enum status account_invite_count(struct db *db, struct arena *arena, int64_t author, const char *email,
                                 struct error *error);
/* Keeps it within the caller's transaction, which may keep a letter with it (id, created and expires are made here), in place of the one there was for the same address,
 * organisation and role. *word goes into the link. STATUS_INPUT with the field (email, role, until); STATUS_LIMIT beyond 50 at an organisation. */
enum status account_invite(struct db_handle *write, struct arena *arena, const struct account_invitation *wanted,
                           const char **word, struct error *error);
/* By its word: STATUS_MISSING when it was answered, withdrawn, has expired or never was, in the same words. Changes nothing. */
enum status account_invitation_find(struct db_handle *read, struct arena *arena, const char *word,
                                    struct account_invitation *invitation, struct error *error);
/* Those that wait at an organisation, in the order made. */
enum status account_invitations_at(struct db_handle *read, struct arena *arena, int64_t organisation,
                                   struct account_invitation_list *list, struct error *error);
/* Withdrawn by the author, or declined by the person (author 0). STATUS_MISSING when it is no longer there. */
enum status account_invitation_end(struct db *db, int64_t author, const struct account_invitation *invitation,
                                   struct error *error);
/* Gives the role to the account, which must have the invitation's address (STATUS_DENIED), and ends it. */
enum status account_invitation_accept(struct db *db, const struct account_invitation *invitation, int64_t account,
                                      struct error *error);

/* --- What was done to accounts --- */

struct account_event {
    int64_t id, moment;
    int64_t account, author;                /* author 0: the command line */
    const char *account_name, *author_name; /* NULL: gone */
    const char *action;                     /* a word of sql/0015-account-trail.sql */
    int64_t organisation;
    const char *detail; /* the role, or what the token is called; NULL */
};

struct account_event_list {
    const struct account_event *items;
    size_t count;
};

/* Newest first, beneath that number (0: from the newest); of one account, or of all (0). */
enum status account_events(struct db_handle *read, struct arena *arena, int64_t account, int64_t before, size_t most,
                           struct account_event_list *list, struct error *error);

/* --- For the server --- */

/* Who a session token or bearer token is: http_authenticate of platform/http/http.h. An unknown, expired or revoked one, or one of a
 * disabled account, gives the public viewer. csrf: HMAC of the session's token; NULL for bearer tokens and the public. */
enum status account_authenticate(struct db_handle *read, struct arena *arena, const char *session, const char *bearer,
                                 const struct viewer **viewer, const char **csrf, struct error *error);

/* Who an account is now, for work done later in its name: never more than it may at this moment, nor than `scopes` and `may_write` allowed when it
 * asked. organisation: where it acted; their first one when they are no longer related to it. STATUS_DENIED when the account is gone or disabled. */
enum status account_viewer(struct db_handle *read, struct arena *arena, int64_t account, int64_t organisation,
                           rights scopes, bool may_write, const struct viewer **viewer, struct error *error);

/* Writes when sessions and tokens were last used, which account_authenticate, being on a read-only handle, only noted. Every minute. */
enum status account_write_seen(struct db *db, struct error *error);

/* After a backup was restored: sessions, known devices, links for choosing a password and invitations are gone, for they may have ended since it was made. */
enum status account_restored(struct db *db, struct error *error);

/* Removes what has expired: sessions, devices, attempts, links, invitations, tokens expired for a year, events of a year ago. Once a day. */
enum status account_sweep(struct db *db, struct error *error);

#endif
