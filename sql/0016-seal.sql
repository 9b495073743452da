-- The chain over the lines of history (platform/record/seal.h).

-- record_seal: a seal over lines of history that follow each other; never changed
-- record_seal.number: 1, 2, 3 ...
-- record_seal.first: number of the first line of record_history that it covers
-- record_seal.last: number of the last line
-- record_seal.lines: how many lines
-- record_seal.moment: when it was made
-- record_seal.previous: digest of the seal before; zeros for the first
-- record_seal.digest: BLAKE2b of the digest before, the lines without what can be erased, the number and the count
-- record_seal.public_key: Ed25519 key that verifies the signature
-- record_seal.signature: of number, first, last, lines, moment and digest
CREATE TABLE record_seal (
    number {integer} NOT NULL PRIMARY KEY,
    first {integer} NOT NULL,
    last {integer} NOT NULL,
    lines {integer} NOT NULL,
    moment {integer} NOT NULL,
    previous {blob} NOT NULL,
    digest {blob} NOT NULL,
    public_key {blob} NOT NULL,
    signature {blob} NOT NULL
) {strict};
