-- The address under which a calendar program follows the deadlines that a person may read (product/deadlines).

-- deadline_feed: one address an account
-- deadline_feed.account: whose deadlines
-- deadline_feed.secret: hash of the word in the address; the word itself is nowhere
-- deadline_feed.created: moment at which the address was made
CREATE TABLE deadline_feed (
    account {integer} NOT NULL PRIMARY KEY,
    secret {blob} NOT NULL,
    created {integer} NOT NULL
) {strict};
CREATE INDEX deadline_feed_secret ON deadline_feed (secret);
