-- Which records of a kind have a given key: facets, filters, rights and search (platform/index).

-- index_posting: for a key, the slots of one block of 65,536 that have it
-- index_posting.kind: hash of the kind's name, 48 bits
-- index_posting.key: hash of a field and a value, 63 bits
-- index_posting.block: slots block * 65536 to block * 65536 + 65535
-- index_posting.bits: 'a' and 16-bit offsets in ascending order, or 'r' and a Roaring bitmap in its portable form
CREATE TABLE index_posting (
    kind {integer} NOT NULL,
    key {integer} NOT NULL,
    block {integer} NOT NULL,
    bits {blob} NOT NULL,
    PRIMARY KEY (kind, key, block)
) {compact};

-- index_log: changes that are not in the blocks yet, in the order of transactions
-- index_log.kind: hash of the kind's name
-- index_log.txn: SQLite: number of the line; PostgreSQL: number of the transaction
-- index_log.line: order within the transaction
-- index_log.members: how many (key, slot) pairs it changes
-- index_log.changes: keys lost and gained: see platform/index/line.c
CREATE TABLE index_log (
    kind {integer} NOT NULL,
    txn {integer} NOT NULL,
    line {integer} NOT NULL,
    members {integer} NOT NULL,
    changes {blob} NOT NULL,
    PRIMARY KEY (kind, txn, line)
) {compact};

-- index_term: the words that records of the kind have, for help in typing
-- index_term.kind: hash of the kind's name
-- index_term.field: which dictionary
-- index_term.term: the word, folded
-- index_term.key: the key whose records have it
-- index_term.n: about how many records have it
CREATE TABLE index_term (
    kind {integer} NOT NULL,
    field {text} NOT NULL,
    term {text} NOT NULL,
    key {integer} NOT NULL,
    n {integer} NOT NULL,
    PRIMARY KEY (kind, field, term)
) {compact};
CREATE INDEX index_term_key ON index_term (kind, key);

-- index_state: where each kind's index stands
-- index_state.kind: hash of the kind's name
-- index_state.next_slot: the first slot never given (SQLite; PostgreSQL uses a sequence)
-- index_state.through: lines of the log below this txn are in the blocks
-- index_state.folded: lines that have been folded into the blocks since the beginning
-- index_state.direct: times that blocks were written without the log
CREATE TABLE index_state (
    kind {integer} NOT NULL PRIMARY KEY,
    next_slot {integer} NOT NULL,
    through {integer} NOT NULL,
    folded {integer} NOT NULL,
    direct {integer} NOT NULL
) {compact};
