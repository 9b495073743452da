-- People's accounts (platform/account). Secrets are kept as hashes only.

-- account: a person who may sign in
-- account.id: number of the account
-- account.email: e-mail address, as the person writes it
-- account.email_key: the same folded: what makes it unique, and sorts
-- account.name: as shown to others
-- account.language: fr or en: the language of letters
-- account.password: argon2id hash with its salt and limits; NULL: cannot sign in by password
-- account.password_changed: when it was last set; NULL with it
-- account.disabled: since when the account may not be used; NULL: it may
-- account.demonstration: 1 for an invented person of the demonstration; the site is then not served to others
-- account.created: when it was made
CREATE TABLE account (
    id {integer} NOT NULL PRIMARY KEY,
    email {text} NOT NULL,
    email_key {text} NOT NULL UNIQUE,
    name {text} NOT NULL,
    language {text} NOT NULL,
    password {text},
    password_changed {integer},
    disabled {integer},
    demonstration {integer} NOT NULL,
    created {integer} NOT NULL
) {strict};
CREATE INDEX account_demonstration ON account (demonstration);

-- account_role: a role of an account at an organisation; ended by a day, never removed
-- account_role.id: number of the role
-- account_role.account: who holds it
-- account_role.organisation: where; 0 for a role of the whole site
-- account_role.role: its name, as the program knows it
-- account_role.valid_from: first day, in days since 1970
-- account_role.valid_until: last day; NULL: no end is known
-- account_role.author: account that gave it; 0 for the command line
-- account_role.created: when it was given
CREATE TABLE account_role (
    id {integer} NOT NULL PRIMARY KEY,
    account {integer} NOT NULL REFERENCES account (id),
    organisation {integer} NOT NULL,
    role {text} NOT NULL,
    valid_from {integer} NOT NULL,
    valid_until {integer},
    author {integer} NOT NULL,
    created {integer} NOT NULL
) {strict};
CREATE INDEX account_role_account ON account_role (account);
CREATE INDEX account_role_organisation ON account_role (organisation);

-- account_session: a browser that is signed in
-- account_session.id: number of the session
-- account_session.account: who signed in
-- account_session.hash: BLAKE2b of the token in the cookie
-- account_session.organisation: for which organisation the person acts now; NULL: not chosen
-- account_session.device: browser and system, in two words
-- account_session.address: network from which it was opened (/24 or /48), not the address
-- account_session.created: when it was opened
-- account_session.last_seen: when it was last used, to some minutes
-- account_session.expires: when it ends even if used
CREATE TABLE account_session (
    id {integer} NOT NULL PRIMARY KEY,
    account {integer} NOT NULL REFERENCES account (id),
    hash {blob} NOT NULL UNIQUE,
    organisation {integer},
    device {text} NOT NULL,
    address {text} NOT NULL,
    created {integer} NOT NULL,
    last_seen {integer} NOT NULL,
    expires {integer} NOT NULL
) {strict};
CREATE INDEX account_session_account ON account_session (account);
CREATE INDEX account_session_expires ON account_session (expires);
CREATE INDEX account_session_last_seen ON account_session (last_seen);

-- account_device: a browser from which the person signed in before: the failures of others do not delay it
-- account_device.id: number of the device
-- account_device.account: whose
-- account_device.hash: BLAKE2b of the token in its cookie
-- account_device.created: when it first signed in
-- account_device.last_used: when it last signed in
CREATE TABLE account_device (
    id {integer} NOT NULL PRIMARY KEY,
    account {integer} NOT NULL REFERENCES account (id),
    hash {blob} NOT NULL UNIQUE,
    created {integer} NOT NULL,
    last_used {integer} NOT NULL
) {strict};
CREATE INDEX account_device_account ON account_device (account);
CREATE INDEX account_device_last_used ON account_device (last_used);

-- account_attempt: passwords tried in vain, counted for an e-mail address and a network, or for a device
-- account_attempt.attempt_key: BLAKE2b of what is counted; holds no address that could be read back
-- account_attempt.failures: how many in a row
-- account_attempt.last: when the last one was
CREATE TABLE account_attempt (
    attempt_key {blob} NOT NULL PRIMARY KEY,
    failures {integer} NOT NULL,
    last {integer} NOT NULL
) {compact};
CREATE INDEX account_attempt_last ON account_attempt (last);

-- account_api_token: lets a program act for an account
-- account_api_token.id: number of the token
-- account_api_token.account: for whom it acts
-- account_api_token.hash: BLAKE2b of the token
-- account_api_token.name: what the person calls it
-- account_api_token.may_write: 1 when it may change things
-- account_api_token.scopes: sum of the rights bits to which it is limited
-- account_api_token.created: when it was made
-- account_api_token.expires: when it ends
-- account_api_token.last_used: when it was last used, to some minutes; NULL: never
-- account_api_token.revoked: when it was withdrawn; NULL: it was not
CREATE TABLE account_api_token (
    id {integer} NOT NULL PRIMARY KEY,
    account {integer} NOT NULL REFERENCES account (id),
    hash {blob} NOT NULL UNIQUE,
    name {text} NOT NULL,
    may_write {integer} NOT NULL,
    scopes {integer} NOT NULL,
    created {integer} NOT NULL,
    expires {integer} NOT NULL,
    last_used {integer},
    revoked {integer}
) {strict};
CREATE INDEX account_api_token_account ON account_api_token (account);
CREATE INDEX account_api_token_expires ON account_api_token (expires);
