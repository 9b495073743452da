-- The letter that brings together what waits for a person and what is new for them (product/digest).

-- digest_wish: how often a person wants it, and up to when they were told
-- digest_wish.account: whose; who has no line is told each week
-- digest_wish.period: days between two letters: 1 or 7; 0: none
-- digest_wish.told: moment up to which the last letter told; 0: none left yet
CREATE TABLE digest_wish (
    account {integer} NOT NULL PRIMARY KEY,
    period {integer} NOT NULL,
    told {integer} NOT NULL
) {strict};
