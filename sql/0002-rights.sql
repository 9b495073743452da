-- Who may read what, computed from roles, memberships, mandates and territories by rights_refresh; never written otherwise.

-- account_relation: what an account is to an organisation, as of the last computation
-- account_relation.account: number of the account
-- account_relation.organisation: number of the organisation
-- account_relation.bits: sum of rights bits (platform/rights/rights.h and the product's roles)
CREATE TABLE account_relation (
    account {integer} NOT NULL,
    organisation {integer} NOT NULL,
    bits {integer} NOT NULL,
    PRIMARY KEY (account, organisation)
) {compact};

-- account_token: the reader tokens that an account holds: it may read the records whose reader is among them
-- account_token.account: number of the account; 0 is the public
-- account_token.token: 1 public, 2 network, an organisation's number (its private records), minus that number (its circle's)
CREATE TABLE account_token (
    account {integer} NOT NULL,
    token {integer} NOT NULL,
    PRIMARY KEY (account, token)
) {compact};
INSERT INTO account_token (account, token) VALUES (0, 1);

-- account_token_version: changes whenever the relations or tokens of an account do
-- account_token_version.account: number of the account
-- account_token_version.version: how many times they changed
CREATE TABLE account_token_version (
    account {integer} NOT NULL PRIMARY KEY,
    version {integer} NOT NULL
) {strict};
INSERT INTO account_token_version (account, version) VALUES (0, 1);
