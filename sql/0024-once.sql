-- What is sent again because its answer was lost is kept once (platform/record/once.h).

-- record_once: the keys under which things were sent, and what came of them
-- record_once.account: account that sent it
-- record_once.sent_key: key that the sender drew, the same at each try
-- record_once.digest: of what was sent, so that other words under the same key are seen
-- record_once.record: the record that came of it
-- record_once.moment: moment at which it was kept
CREATE TABLE record_once (
    account {integer} NOT NULL,
    sent_key {text} NOT NULL,
    digest {blob} NOT NULL,
    record {integer} NOT NULL,
    moment {integer} NOT NULL,
    PRIMARY KEY (account, sent_key)
) {strict};
CREATE INDEX record_once_record ON record_once (record);
CREATE INDEX record_once_moment ON record_once (moment);
