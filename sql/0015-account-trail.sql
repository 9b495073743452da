-- What was done to accounts, and links by which a password is chosen (platform/account).

-- account_event: one line for each change of an account, in the transaction of the change; kept for a year
-- account_event.id: number of the line
-- account_event.moment: when
-- account_event.account: to which account; numbers only, names are in account
-- account_event.author: account that did it; 0 for the command line
-- account_event.action: created, renamed, disabled, enabled, password, link, role_given, role_ended, session_ended, signed_out, token_made, token_revoked
-- account_event.organisation: of a role: where; 0 otherwise
-- account_event.detail: name of the role or of the token; NULL otherwise
CREATE TABLE account_event (
    id {integer} NOT NULL PRIMARY KEY,
    moment {integer} NOT NULL,
    account {integer} NOT NULL,
    author {integer} NOT NULL,
    action {text} NOT NULL,
    organisation {integer} NOT NULL,
    detail {text}
) {strict};
CREATE INDEX account_event_account ON account_event (account, id);
CREATE INDEX account_event_moment ON account_event (moment);

-- account_link: a link, handed over once, by which a person chooses the password of an account
-- account_link.id: number of the link
-- account_link.account: whose password; one link an account
-- account_link.hash: BLAKE2b of the word in the link
-- account_link.author: account that made it; 0 for the command line
-- account_link.created: when it was made
-- account_link.expires: until when it may be used
CREATE TABLE account_link (
    id {integer} NOT NULL PRIMARY KEY,
    account {integer} NOT NULL UNIQUE REFERENCES account (id),
    hash {blob} NOT NULL UNIQUE,
    author {integer} NOT NULL,
    created {integer} NOT NULL,
    expires {integer} NOT NULL
) {strict};
CREATE INDEX account_link_expires ON account_link (expires);
