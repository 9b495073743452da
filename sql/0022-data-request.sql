-- What people ask about the data held about them (platform/account).

-- account_request: a person asks to see, correct or erase what is held about them
-- account_request.id: number of the request
-- account_request.account: who asks
-- account_request.wish: see, correct or erase
-- account_request.words: what they say; NULL once their account is erased
-- account_request.created: when
-- account_request.due: last day for the answer, in days since 1970: a month after
-- account_request.settled: when it was answered; NULL: it waits
-- account_request.author: account that answered; NULL with settled
-- account_request.outcome: done or refused; NULL with settled
-- account_request.answer: what was answered; NULL with settled, or once the account is erased
CREATE TABLE account_request (
    id {integer} NOT NULL PRIMARY KEY,
    account {integer} NOT NULL,
    wish {text} NOT NULL,
    words {text},
    created {integer} NOT NULL,
    due {integer} NOT NULL,
    settled {integer},
    author {integer},
    outcome {text},
    answer {text}
) {strict};
CREATE INDEX account_request_account ON account_request (account, created);
CREATE INDEX account_request_due ON account_request (settled, due);
