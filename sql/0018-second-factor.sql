-- A second proof at sign-in: one-time codes (RFC 6238) and recovery codes (platform/account). account_event.action may now be factor_set, factor_ended, factor_codes and recovery_used as well.

-- account_factor: the secret that an account shares with its owner's telephone
-- account_factor.account: whose; one secret an account
-- account_factor.secret: closed with the server's key of accounts (platform/key)
-- account_factor.confirmed: since when a code is asked at sign-in; NULL: not yet, the person has not typed the first code
-- account_factor.last_step: half-minute since 1970 of the last code that was used: neither it nor an earlier one serves again
-- account_factor.created: when it was drawn
CREATE TABLE account_factor (
    account {integer} NOT NULL PRIMARY KEY REFERENCES account (id),
    secret {text} NOT NULL,
    confirmed {integer},
    last_step {integer} NOT NULL,
    created {integer} NOT NULL
) {strict};

-- account_recovery: codes for who lost the telephone; each goes when it is used
-- account_recovery.account: whose
-- account_recovery.hash: BLAKE2b of the code
CREATE TABLE account_recovery (
    account {integer} NOT NULL REFERENCES account (id),
    hash {blob} NOT NULL,
    PRIMARY KEY (account, hash)
) {compact};
